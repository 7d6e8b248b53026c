//! When to collect: the soft limit of the live space.
//!
//! The soft limit starts small, so that a small program stays small, and is set again after each collection to a
//! multiple of what survived. The multiple follows the price: while collections take more than a tenth of the time it
//! grows, while they take next to nothing it shrinks. The hard limit (`max_bytes`, -Xmx) bounds it.
//!
//! Deliberately absent: pause budgets; a semispace collection takes what its survivors take.

use std::time::Duration;

/// What a small heap may grow by between two collections, however little survives.
const MIN_STEP_BYTES: u64 = 16 << 20;
const MIN_GROWTH: f64 = 2.0;
const MAX_GROWTH: f64 = 16.0;
/// The first part of an emptied space stays resident, up to this.
const MAX_RETAIN_BYTES: u64 = 16 << 20;

#[derive(Debug)]
pub(super) struct Policy {
    pub(super) initial_bytes: u64,
    pub(super) max_bytes: u64,
    /// Collect when the live space would pass this.
    pub(super) limit_bytes: u64,
    growth: f64,
}

impl Policy {
    pub(super) fn new(initial_bytes: u64, max_bytes: u64) -> Policy {
        let initial_bytes = initial_bytes.min(max_bytes);
        Policy { initial_bytes, max_bytes, limit_bytes: initial_bytes, growth: 2.5 }
    }

    /// Sets the soft limit after a collection left `live` bytes, with `wanted` bytes of requests waiting.
    pub(super) fn collected(&mut self, live: u64, wanted: u64, pause: Duration, since_last: Duration) {
        let share = pause.as_secs_f64() / (pause + since_last).as_secs_f64().max(1e-9);
        if share > 0.10 {
            self.growth = (self.growth * 1.5).min(MAX_GROWTH);
        } else if share < 0.02 {
            self.growth = (self.growth * 0.9).max(MIN_GROWTH);
        }
        let scaled = (live as f64 * self.growth) as u64;
        // A heap that has outgrown its initial size gets room to breathe; one that has not keeps its size.
        let stepped = if live * 2 > self.initial_bytes { live + MIN_STEP_BYTES } else { 0 };
        let needed = live.saturating_add(wanted);
        self.limit_bytes = self.initial_bytes.max(scaled).max(stepped).max(needed).min(self.max_bytes);
    }

    /// What an emptied space keeps resident. A program that allocates in a small heap would otherwise spend most of its
    /// time in page faults (3.5 times slower, measured); one that asks for a collection wants to see memory go.
    pub(super) fn retain_bytes(&self, live: u64, asked_for: bool) -> u64 {
        let useful = if asked_for { live } else { live.max(self.limit_bytes) };
        useful.min(MAX_RETAIN_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    #[test]
    fn the_limit_stays_between_initial_and_max_and_holds_what_waits() {
        let mut policy = Policy::new(8 * MIB, 100 * MIB);
        let (short, long) = (Duration::from_millis(1), Duration::from_millis(25));
        policy.collected(MIB, 0, short, long);
        assert_eq!(policy.limit_bytes, 8 * MIB);
        policy.collected(20 * MIB, 0, short, long);
        assert!(policy.limit_bytes >= 36 * MIB);
        policy.collected(MIB, 50 * MIB, short, long);
        assert!(policy.limit_bytes >= 51 * MIB);
        policy.collected(90 * MIB, 50 * MIB, short, long);
        assert_eq!(policy.limit_bytes, 100 * MIB);
    }

    #[test]
    fn costly_collections_come_less_often() {
        let mut policy = Policy::new(MIB, 1000 * MIB);
        policy.collected(20 * MIB, 0, Duration::from_millis(5), Duration::from_millis(5));
        let first = policy.limit_bytes;
        policy.collected(20 * MIB, 0, Duration::from_millis(5), Duration::from_millis(5));
        assert!(policy.limit_bytes > first);
    }
}
