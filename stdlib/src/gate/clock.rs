//! The two clocks that Java reads: real, in steps, or (the one on the wall) standing still.
//!
//! Every other figure by which a program could tell the time passes through `elapsed`.
//!
//! The clock that never goes back always advances, because the library's timed waits end by it.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::grants::Clock;
use super::{Gate, Outcome, Request};

impl Gate {
    /// Wall-clock time since the epoch (zero if the machine believes to live before it).
    pub fn wall_clock(&self) -> Outcome<Duration> {
        self.check(Request::Clock)?;
        let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(match self.grants.clock {
            Clock::Real | Clock::Denied => now(),
            Clock::Fixed(millis) => Duration::from_millis(millis),
            Clock::Coarse(step) => Duration::from_millis(in_steps(now().as_millis() as u64, step)),
        })
    }

    /// A clock that never goes back, in nanoseconds from an arbitrary origin.
    pub fn monotonic_nanos(&self) -> Outcome<i64> {
        self.check(Request::Clock)?;
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
        let nanos = now.tv_sec.wrapping_mul(1_000_000_000).wrapping_add(now.tv_nsec);
        Ok(match self.grants.clock {
            Clock::Real | Clock::Fixed(_) | Clock::Denied => nanos,
            Clock::Coarse(step) => in_steps(nanos as u64, step.saturating_mul(1_000_000)) as i64,
        })
    }

    /// A time that has passed, or that a thread has run, as the program may see it: who reads such times has a clock.
    pub fn elapsed(&self, time: Duration) -> Outcome<Duration> {
        self.check(Request::Clock)?;
        Ok(self.in_clock_steps(time))
    }

    /// In the steps that the program's clocks go in.
    pub(super) fn in_clock_steps(&self, time: Duration) -> Duration {
        match self.grants.clock {
            Clock::Real | Clock::Fixed(_) | Clock::Denied => time,
            Clock::Coarse(step) => Duration::from_millis(in_steps(time.as_millis() as u64, step)),
        }
    }

    /// The instant that many nanoseconds from now, for waits with a deadline; `None` if that is beyond all time.
    pub fn deadline(&self, nanos: u64) -> Option<Instant> {
        let now = Instant::now();
        now.checked_add(Duration::from_nanos(nanos))
    }
}

fn in_steps(time: u64, step: u64) -> u64 {
    time - time % step.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Grants;

    #[test]
    fn clocks_stand_still_or_advance_in_steps() {
        let gate = |clock| Gate::new(Grants { clock, ..Grants::nothing() });
        assert_eq!(gate(Clock::Fixed(86_400_000)).wall_clock(), Ok(Duration::from_secs(86_400)));
        let coarse = gate(Clock::Coarse(1000));
        assert_eq!(coarse.wall_clock().unwrap().subsec_nanos(), 0);
        assert_eq!(coarse.monotonic_nanos().unwrap() % 1_000_000_000, 0);
        assert_eq!(coarse.elapsed(Duration::from_millis(2999)), Ok(Duration::from_secs(2)));
        assert!(gate(Clock::Denied).elapsed(Duration::ZERO).is_err());
        assert!(gate(Clock::Denied).wall_clock().is_err());
        let real = gate(Clock::Real).wall_clock().unwrap();
        assert!(real.as_secs() > 1_700_000_000);
    }
}
