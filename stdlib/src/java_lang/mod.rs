//! `java.lang` and `java.lang.ref`: the classes that the language itself leans on.

mod arraycopy;
mod assertions;
pub(crate) mod class;
pub(crate) mod class_loader;
mod float;
pub(crate) mod module;
mod object;
mod reference;
mod runtime;
pub(crate) mod stack_trace;
mod system;
pub(crate) mod thread;
mod virtual_thread;

use carafe_vm::natives::NativeRow;

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    let mut tables = class::tables();
    tables.extend([
        class_loader::CLASS_LOADER,
        float::DOUBLE,
        float::FLOAT,
        module::MODULE,
        object::OBJECT,
        reference::FINALIZER,
        reference::PHANTOM_REFERENCE,
        reference::REFERENCE,
        runtime::RUNTIME,
        runtime::SHUTDOWN,
        runtime::STRING,
        stack_trace::NULL_POINTER_EXCEPTION,
        stack_trace::STACK_TRACE_ELEMENT,
        stack_trace::THROWABLE,
        system::SYSTEM,
        thread::THREAD,
        virtual_thread::VIRTUAL_THREAD,
    ]);
    tables
}
