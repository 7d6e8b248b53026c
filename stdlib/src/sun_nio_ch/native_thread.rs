//! sun.nio.ch.NativeThread: how the library ends another thread's wait on a channel.

use carafe_vm::env::{Env, JResult};
use carafe_vm::natives;

use super::nothing;
use crate::state::State;

natives! { pub(super) static NATIVE_THREAD for "sun/nio/ch/NativeThread" {
    "init" "()V" = nothing(): isolate;
    "current0" "()J" = current0(): isolate;
    "signal0" "(J)V" = signal0(long): isolate;
    "supportPendingSignals0" "()Z" = support_pending_signals0(): isolate;
} }

/// A token for the calling thread: never 0, which would mean that nobody can be signalled.
pub(crate) fn token(env: &Env<'_>) -> i64 {
    i64::from(env.thread().id()) + 1
}

fn current0(env: &mut Env<'_>) -> JResult<i64> {
    Ok(token(env))
}

fn signal0(env: &mut Env<'_>, thread: i64) -> JResult<()> {
    State::of(env).interrupts.signal(thread);
    Ok(())
}

/// A signal to a thread that does not wait yet is lost.
fn support_pending_signals0(_: &mut Env<'_>) -> JResult<bool> {
    Ok(false)
}
