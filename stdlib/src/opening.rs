//! Opening what may have to wait for somebody else: a pipe of the file system that is to be written to.
//!
//! Nobody says when the other end comes, so it is asked for again and again, at most some fifty times in a second. Invariant:
//! between the questions the thread waits where the end of the isolate wakes it, never in the kernel's open.

use std::time::Duration;

use carafe_vm::env::{Env, JResult};
use rustix::io::Errno;

use crate::gate::{Failure, Gate, Outcome};
use crate::state::State;
use crate::sun_nio_ch::token;

const PAUSE_MIN: Duration = Duration::from_millis(1);
const PAUSE_MAX: Duration = Duration::from_millis(20);

/// Repeats `open` until the other end is there, if it is for want of that that it fails.
pub(crate) fn patiently<T>(env: &mut Env<'_>, open: impl Fn(&Gate) -> Outcome<T>) -> JResult<Outcome<T>> {
    let state = State::of(env);
    let mut pause = PAUSE_MIN;
    loop {
        match env.blocking(|| open(&state.gate)) {
            Err(Failure::Os(Errno::AGAIN)) => {}
            opened => return Ok(opened),
        }
        let thread = token(env);
        // Whether the time was over or somebody wants this thread, the poll says.
        env.blocking(|| state.interrupts.wait_while(thread, None, Some(pause), || true)).ok();
        env.poll()?;
        pause = PAUSE_MAX.min(pause * 2);
    }
}
