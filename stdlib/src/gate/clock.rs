//! The two clocks that Java reads.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::{Gate, Outcome, Request};

impl Gate {
    /// Wall-clock time since the epoch (zero if the machine believes to live before it).
    pub fn wall_clock(&self) -> Outcome<Duration> {
        self.check(Request::Clock)?;
        let now = SystemTime::now();
        Ok(now.duration_since(UNIX_EPOCH).unwrap_or_default())
    }

    /// A clock that never goes back, in nanoseconds from an arbitrary origin.
    pub fn monotonic_nanos(&self) -> Outcome<i64> {
        self.check(Request::Clock)?;
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
        Ok(now.tv_sec.wrapping_mul(1_000_000_000).wrapping_add(now.tv_nsec))
    }

    /// The instant that many nanoseconds from now, for waits with a deadline; `None` if that is beyond all time.
    pub fn deadline(&self, nanos: u64) -> Option<Instant> {
        let now = Instant::now();
        now.checked_add(Duration::from_nanos(nanos))
    }
}
