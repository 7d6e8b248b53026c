//! `jdk.internal.misc`: the library's doors into the VM.

mod raw;
mod scoped;
mod signal;
mod vm;

use carafe_vm::natives::NativeRow;

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    let mut tables = raw::tables();
    tables.extend([scoped::SCOPED_MEMORY_ACCESS, signal::SIGNAL, vm::CDS, vm::PREVIEW_FEATURES, vm::VM]);
    tables
}
