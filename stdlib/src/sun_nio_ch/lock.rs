//! sun.nio.ch.UnixFileDispatcherImpl: locks on ranges of files.

use std::time::Duration;

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::io::Errno;

use super::interrupts::Woken;
use super::native_thread::token;
use super::{handle_of, on_handle};
use crate::errors;
use crate::gate::file::{LockKind, LockRange};
use crate::state::State;

natives! { pub(super) static LOCKS for "sun/nio/ch/UnixFileDispatcherImpl" {
    "lock0" "(Ljava/io/FileDescriptor;ZJJZ)I" = lock0(obj, bool, long, long, bool): opened;
    "release0" "(Ljava/io/FileDescriptor;JJ)V" = release0(obj, long, long): opened;
} }

/// Answers of sun.nio.ch.FileDispatcher.
mod answer {
    pub(super) const NO_LOCK: i32 = -1;
    pub(super) const LOCKED: i32 = 0;
    pub(super) const INTERRUPTED: i32 = 2;
}

const FIRST_WAIT: Duration = Duration::from_millis(1);
const LONGEST_WAIT: Duration = Duration::from_millis(50);

/// The longest length there is means "to the end, wherever that will be".
fn range(start: i64, length: i64) -> LockRange {
    LockRange { start, length: if length == i64::MAX { 0 } else { length } }
}

/// The kernel's own wait for a lock ends only by signals, so this one asks again and again, and other threads can end it.
fn lock0(
    env: &mut Env<'_>,
    descriptor: Local<'_>,
    blocking: bool,
    start: i64,
    length: i64,
    shared: bool,
) -> JResult<i32> {
    let handle = handle_of(env, descriptor)?;
    let kind = if shared { LockKind::Shared } else { LockKind::Exclusive };
    let thread = token(env);
    let mut pause = FIRST_WAIT;
    loop {
        match env.blocking(|| handle.lock(range(start, length), kind)) {
            Ok(()) => return Ok(answer::LOCKED),
            Err(Errno::AGAIN) if !blocking => return Ok(answer::NO_LOCK),
            Err(Errno::AGAIN) => {}
            Err(Errno::INTR) => return Ok(answer::INTERRUPTED),
            Err(errno) => return Err(errors::io_errno(env, errno)),
        }
        let interrupts = &State::of(env).interrupts;
        match env.blocking(|| interrupts.wait(thread, None, Some(pause))) {
            Ok(Woken::Interrupted) => return Ok(answer::INTERRUPTED),
            Ok(Woken::Ready | Woken::TimedOut) => {}
            Err(errno) => return Err(errors::io_errno(env, errno)),
        }
        pause = (pause * 2).min(LONGEST_WAIT);
        env.poll()?;
    }
}

fn release0(env: &mut Env<'_>, descriptor: Local<'_>, start: i64, length: i64) -> JResult<()> {
    on_handle(env, descriptor, |h| h.lock(range(start, length), LockKind::Release))
}
