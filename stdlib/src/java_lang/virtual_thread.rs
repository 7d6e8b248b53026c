//! `java.lang.VirtualThread`, as far as it is reached while virtual threads are bound to platform threads.
//!
//! The library asks `ContinuationSupport` first, is told no, and then makes bound threads; this class's own scheduler
//! never runs. Its initializer does run when somebody names the class (a stack walk in a virtual thread does), and starts a
//! thread that waits for virtual threads to unblock: there are none, so it waits until the isolate ends. The events are
//! for tools that this VM has none of.

use std::sync::atomic::Ordering;
use std::time::Duration;

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use carafe_vm::thread::poll;

use crate::noop::nothing;

natives! { pub(crate) static VIRTUAL_THREAD for "java/lang/VirtualThread" {
    "registerNatives" "()V" = nothing();
    "takeVirtualThreadListToUnblock" "()Ljava/lang/VirtualThread;" = take_virtual_thread_list_to_unblock();
} }

/// Monitors block the platform thread that a virtual thread is bound to, so no list ever comes to be.
fn take_virtual_thread_list_to_unblock<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let control = env.thread().control.clone();
    let ends = || control.poll.load(Ordering::SeqCst) & poll::TERMINATE != 0;
    loop {
        env.blocking(|| control.parker.sleep(Duration::MAX, ends));
        env.poll()?;
    }
}
