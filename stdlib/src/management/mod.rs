//! `sun.management` and `com.sun.management.internal`: what programs can learn about the machine they run on.
//!
//! Figures come from the VM (`figures`, `dump::threads`, `thread::safepoint`), those of the process and its host from the gate.
//! What is not measured says so where the library asks: there are no times of contention, no bytes by thread and no
//! thresholds of pools. Natives that the library calls only after such an answer are missing rows.

mod commands;
mod diagnostic;
mod memory;
mod notify;
mod snapshot;
mod system;
mod threads;
mod vm;

use carafe_vm::natives::NativeRow;

pub(crate) use memory::MemoryBeans;
pub(crate) use notify::Notifications;
pub(crate) use system::Loads;
pub(crate) use vm::StartTime;

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![
        commands::DIAGNOSTIC_COMMAND,
        diagnostic::FLAG,
        diagnostic::HOTSPOT_DIAGNOSTIC,
        memory::GARBAGE_COLLECTOR,
        notify::GARBAGE_COLLECTOR_EXT,
        memory::GC_INFO_BUILDER,
        memory::MEMORY,
        memory::MEMORY_MANAGER,
        memory::MEMORY_POOL,
        snapshot::THREAD_SNAPSHOT,
        system::OPERATING_SYSTEM,
        threads::THREAD,
        vm::CLASS_LOADING,
        vm::VM_MANAGEMENT,
    ]
}
