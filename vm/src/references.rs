//! The hand-over of cleared and enqueued References from the collector to the library's Reference Handler thread.

use crate::env::{Env, JResult, Local, Throw};
use crate::thread::safepoint;

/// The list of pending References, linked through `discovered`; null if there is none.
pub fn take_pending<'s>(env: &mut Env<'s>) -> Local<'s> {
    let raw = env.vm().heap.take_pending();
    env.local(raw)
}

pub fn has_pending(env: &Env<'_>) -> bool {
    env.vm().heap.has_pending()
}

/// Waits until there is a pending Reference.
pub fn wait_pending(env: &mut Env<'_>) -> JResult<()> {
    let vm = env.vm();
    safepoint::enter_native(env.thread());
    vm.pending_references.wait_until(|| vm.is_halting() || vm.heap.has_pending());
    safepoint::leave_native(env.thread());
    if vm.is_halting() {
        env.thread_mut().terminating = true;
        return Err(Throw);
    }
    Ok(())
}
