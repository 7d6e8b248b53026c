//! One-permit parking, as LockSupport asks for it, and the sleeping place of Thread.sleep.
//!
//! `models/tests/parking.rs` runs this file through its interleavings.

use crate::sync::{Condvar, Duration, Instant, Mutex};

#[derive(Default)]
struct State {
    permit: bool,
    /// Bumped by every interrupt and termination, so that a sleeper notices one that came before it slept.
    wakeups: u64,
}

/// Where a thread parks and sleeps. Spurious returns are allowed by both users.
#[derive(Default)]
pub struct Parker {
    state: Mutex<State>,
    changed: Condvar,
}

impl Parker {
    /// Waits for the permit, a wake-up or the deadline, and takes the permit. `None` waits for ever.
    pub fn park(&self, deadline: Option<Instant>, give_up: impl Fn() -> bool) {
        let mut state = self.state.lock();
        if state.permit {
            state.permit = false;
            return;
        }
        if give_up() {
            return;
        }
        let seen = state.wakeups;
        while !state.permit && state.wakeups == seen {
            match deadline {
                None => self.changed.wait(&mut state),
                Some(at) => {
                    if self.changed.wait_until(&mut state, at).timed_out() {
                        break;
                    }
                }
            }
        }
        state.permit = false;
    }

    pub fn unpark(&self) {
        let mut state = self.state.lock();
        state.permit = true;
        self.changed.notify_all();
    }

    /// Sleeps until the deadline unless `give_up` holds now or after a wake-up. Returns whether it slept to the end.
    pub fn sleep(&self, duration: Duration, give_up: impl Fn() -> bool) -> bool {
        let Some(deadline) = Instant::now().checked_add(duration) else {
            return self.sleep_until(None, give_up);
        };
        self.sleep_until(Some(deadline), give_up)
    }

    fn sleep_until(&self, deadline: Option<Instant>, give_up: impl Fn() -> bool) -> bool {
        let mut state = self.state.lock();
        loop {
            if give_up() {
                return false;
            }
            match deadline {
                None => self.changed.wait(&mut state),
                Some(at) => {
                    if Instant::now() >= at {
                        return true;
                    }
                    self.changed.wait_until(&mut state, at);
                }
            }
        }
    }

    /// Wakes a parked or sleeping thread without giving a permit (interrupt, termination).
    pub fn wake(&self) {
        let mut state = self.state.lock();
        state.wakeups += 1;
        self.changed.notify_all();
    }
}

impl std::fmt::Debug for Parker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Parker")
    }
}
