//! `Unsafe.park` and `unpark`: one permit per thread, under every lock of `java.util.concurrent`.
//!
//! A park may end for no reason; callers look at their condition again. So whatever should end a park (interrupts, the
//! isolate's end) needs no more than a wake-up.

use std::sync::atomic::Ordering;
use std::time::Instant;

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use carafe_vm::thread::poll;
use carafe_vm::thread::start::{self, status};

use crate::State;
use crate::errors;
use crate::java_lang::thread::{control_of, is_interrupted};

natives! { pub(super) static PARK for "jdk/internal/misc/Unsafe" {
    "park" "(ZJ)V" = park(obj, bool, long): isolate;
    "unpark" "(Ljava/lang/Object;)V" = unpark(obj, obj): isolate;
} }

/// When a park ends by itself.
#[derive(Debug, PartialEq, Eq)]
enum Wait {
    /// The time has passed already: only a permit is taken.
    Not,
    Nanos(u64),
    ForEver,
}

impl Wait {
    /// `time` is nanoseconds, 0 meaning for ever; or milliseconds since the epoch, of which `now` is the present.
    fn new(absolute: bool, time: i64, now_millis: u64) -> Wait {
        let Ok(time) = u64::try_from(time) else { return Wait::Not };
        match (absolute, time) {
            (false, 0) => Wait::ForEver,
            (false, nanos) => Wait::Nanos(nanos),
            (true, deadline) => match deadline.saturating_sub(now_millis) {
                0 => Wait::Not,
                millis => Wait::Nanos(millis.saturating_mul(1_000_000)),
            },
        }
    }
}

fn park<'s>(env: &mut Env<'s>, _: Local<'s>, absolute: bool, time: i64) -> JResult<()> {
    let now = if absolute {
        match State::of(env).gate.wall_clock() {
            Ok(now) => now.as_millis() as u64,
            Err(e) => return Err(errors::io(env, &e)),
        }
    } else {
        0
    };
    let wait = Wait::new(absolute, time, now);
    let stop = wait == Wait::Not || is_interrupted(env);
    let deadline: Option<Instant> = match wait {
        Wait::Not | Wait::ForEver => None,
        // A deadline beyond all time is none.
        Wait::Nanos(nanos) => State::of(env).gate.deadline(nanos),
    };
    let shown = if deadline.is_some() { status::TIMED_PARKED } else { status::PARKED };
    let control = env.thread().control.clone();
    let give_up = || {
        stop || control.interrupted.load(Ordering::SeqCst)
            || control.poll.load(Ordering::SeqCst) & poll::TERMINATE != 0
    };
    let status = start::set_status(env, shown);
    env.blocking(|| control.parker.park(deadline, give_up));
    start::restore_status(env, status);
    env.poll()
}

fn unpark<'s>(env: &mut Env<'s>, _: Local<'s>, thread: Local<'s>) -> JResult<()> {
    if !env.instance_of(thread, env.wk().thread.id) {
        return Ok(());
    }
    if let Some(control) = control_of(env, thread) {
        control.parker.unpark();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Wait;

    #[test]
    fn times() {
        assert_eq!(Wait::new(false, 0, 0), Wait::ForEver);
        assert_eq!(Wait::new(false, 7, 0), Wait::Nanos(7));
        assert_eq!(Wait::new(false, -1, 0), Wait::Not);
        assert_eq!(Wait::new(true, 0, 5), Wait::Not);
        assert_eq!(Wait::new(true, 5, 5), Wait::Not);
        assert_eq!(Wait::new(true, 6, 5), Wait::Nanos(1_000_000));
        assert_eq!(Wait::new(true, i64::MAX, 5), Wait::Nanos(u64::MAX));
    }
}
