//! `java.lang.VirtualThread`, as far as it is reached while virtual threads are bound to platform threads.
//!
//! The library asks `ContinuationSupport` first, is told no, and then makes bound threads; this class's own scheduler
//! never runs. Its initializer may still run when somebody names the class. The events are for tools that this VM has
//! none of. Missing on purpose: `takeVirtualThreadListToUnblock`, which only the unblocker of unmounted threads calls.

use carafe_vm::natives;

use crate::noop::nothing;

natives! { pub(crate) static VIRTUAL_THREAD for "java/lang/VirtualThread" {
    "registerNatives" "()V" = nothing();
} }
