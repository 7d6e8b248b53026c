//! How large eden is, who is promoted, and when the old space is collected.
//!
//! Eden starts small, so that a small program stays small. After each young collection it is set again: it grows while
//! collections take more of the time than they should and the pause is within its budget, and shrinks when a pause is
//! over it. The old space may grow by half of what was left of it before it is marked again. The hard limit
//! (`max_bytes`, -Xmx) bounds the sum.
//!
//! Survivors are promoted at the age from which on they would take more than their share of eden.

use std::time::Duration;

use super::GcKind;

/// No eden is larger: what more it saved in collections it would cost in caches and resident memory.
pub(super) const MAX_EDEN_BYTES: u64 = 128 << 20;
const MAX_FIRST_EDEN_BYTES: u64 = 16 << 20;
/// Not even for the sake of short pauses is eden made smaller.
const LEAST_EDEN_BYTES: u64 = 2 << 20;
/// What a young pause should take at most, if nobody says otherwise.
pub(super) const PAUSE_BUDGET: Duration = Duration::from_millis(6);
/// What the old space may grow by between two markings, however little there is.
const MIN_OLD_STEP_BYTES: u64 = 16 << 20;
/// What one evacuation moves within the old space at most.
const GROUP_BYTES: u64 = 3 << 20;
/// Free memory that stays resident though nobody needs it at once.
const SPARE_BYTES: u64 = 2 << 20;

#[derive(Debug)]
pub(super) struct Policy {
    initial_bytes: u64,
    pub(super) max_bytes: u64,
    /// Collect when new objects would take more than this.
    pub(super) eden_bytes: u64,
    /// A cycle begins when the old space takes more than this.
    old_limit_bytes: u64,
    /// Objects that have survived so many collections are promoted by the next.
    pub(super) tenure: u32,
    /// Bytes that the last evacuation copied.
    pub(super) survivors_last: u64,
    live_bytes: u64,
    quiet: bool,
    /// Eden's size, if it is given; else 0.
    given_eden_bytes: u64,
    pause_budget: Duration,
}

impl Policy {
    pub(super) fn new(
        initial_bytes: u64,
        max_bytes: u64,
        given_eden_bytes: u64,
        pause_budget: Duration,
    ) -> Policy {
        let initial_bytes = initial_bytes.min(max_bytes);
        let first =
            if given_eden_bytes != 0 { given_eden_bytes } else { initial_bytes.min(MAX_FIRST_EDEN_BYTES) };
        Policy {
            initial_bytes,
            max_bytes,
            given_eden_bytes,
            pause_budget,
            eden_bytes: first,
            old_limit_bytes: (max_bytes / 2).min(initial_bytes.max(MIN_OLD_STEP_BYTES)),
            tenure: 3,
            survivors_last: 0,
            live_bytes: 0,
            quiet: false,
        }
    }

    /// What an evacuation copied: by age, and into the old space.
    pub(super) fn survived(&mut self, ages: &[u64; 16], promoted: u64) {
        let share = (self.eden_bytes / 8).max(256 << 10);
        let mut sum = 0;
        let kept = ages.iter().position(|bytes| {
            sum += bytes;
            sum > share
        });
        // Those that will be older than the age where the share is full go.
        self.tenure = kept.map_or(6, |age| age.max(1) as u32).min(6);
        self.survivors_last = ages.iter().sum::<u64>() + promoted;
    }

    /// Sets the limits after a collection left `live` bytes, with `wanted` bytes of requests waiting.
    pub(super) fn collected(
        &mut self,
        kind: GcKind,
        live: u64,
        wanted: u64,
        pause: Duration,
        since_last: Duration,
    ) {
        let share = pause.as_secs_f64() / (pause + since_last).as_secs_f64().max(1e-9);
        if kind != GcKind::Full {
            self.resize_eden(pause, share);
        }
        let room = self.max_bytes.saturating_sub(live);
        if self.given_eden_bytes != 0 {
            self.eden_bytes = self.given_eden_bytes;
        }
        let first = match self.given_eden_bytes {
            0 => self.initial_bytes.min(MAX_FIRST_EDEN_BYTES),
            given => given,
        };
        let least = if pause > self.pause_budget { LEAST_EDEN_BYTES.min(first) } else { first };
        let most = (room / 2).max(room.min(1 << 20)).min(MAX_EDEN_BYTES);
        self.eden_bytes = self.eden_bytes.max(least).max(wanted).min(most.max(wanted));
        self.quiet = share < 0.002;
        self.live_bytes = live;
    }

    /// After an evacuation that took so long, and such a share of the time.
    fn resize_eden(&mut self, pause: Duration, share: f64) {
        if pause > self.pause_budget {
            // What survives is in proportion to what was allocated, and the pause to what survives.
            let factor = (self.pause_budget.as_secs_f64() / pause.as_secs_f64()).max(0.5);
            self.eden_bytes = ((self.eden_bytes as f64 * factor) as u64).max(LEAST_EDEN_BYTES);
        } else if share > 0.03 && pause < self.pause_budget / 2 {
            self.eden_bytes = self.eden_bytes * 3 / 2;
        } else if share < 0.002 {
            self.eden_bytes = self.eden_bytes * 15 / 16;
        }
    }

    /// The old space takes so much, and what of it is dead is known or gone.
    pub(super) fn old_known(&mut self, old_bytes: u64) {
        let room = self.max_bytes.saturating_sub(old_bytes);
        let step = (old_bytes / 2).max(MIN_OLD_STEP_BYTES).max(self.initial_bytes / 2);
        // The marking takes its time, while the program goes on to allocate.
        self.old_limit_bytes = old_bytes + step.min(room / 3);
    }

    /// A region that is used so far is worth evacuating if no more than this lives there.
    pub(super) fn evacuates_up_to(&self, used_bytes: u64) -> u64 {
        used_bytes / 2
    }

    /// What lives in a group of regions that are evacuated together.
    pub(super) fn group_bytes(&self) -> u64 {
        GROUP_BYTES
    }

    pub(super) fn is_old_full(&self, old_bytes: u64) -> bool {
        old_bytes > self.old_limit_bytes
    }

    /// When less than this is free, a young collection was not enough.
    pub(super) fn least_room(&self) -> u64 {
        (self.max_bytes / 64).min(1 << 20)
    }

    /// What objects may take until the next collection.
    pub(super) fn limit_bytes(&self) -> u64 {
        (self.live_bytes + self.eden_bytes).max(self.initial_bytes).min(self.max_bytes)
    }

    /// Collections are rare: memory may go back.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// How much free memory stays resident: what eden needs soon, or next to nothing for a program that asks for a
    /// collection and wants to see memory go.
    pub(super) fn retain_bytes(&self, asked_for: bool) -> u64 {
        if asked_for { 0 } else { self.eden_bytes + SPARE_BYTES }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    fn young(policy: &mut Policy, live: u64, wanted: u64, pause: u64, since: u64) {
        let millis = Duration::from_millis;
        policy.collected(GcKind::Young, live, wanted, millis(pause), millis(since));
    }

    #[test]
    fn eden_stays_within_what_is_free_and_holds_what_waits() {
        let mut policy = Policy::new(8 * MIB, 100 * MIB, 0, PAUSE_BUDGET);
        young(&mut policy, MIB, 0, 1, 25);
        assert!(policy.eden_bytes >= 8 * MIB);
        young(&mut policy, MIB, 50 * MIB, 1, 25);
        assert!(policy.eden_bytes >= 50 * MIB);
        young(&mut policy, 90 * MIB, 0, 1, 25);
        assert!(policy.eden_bytes <= 5 * MIB && policy.limit_bytes() <= 100 * MIB);
    }

    #[test]
    fn costly_collections_come_less_often_and_long_pauses_get_shorter() {
        let mut policy = Policy::new(4 * MIB, 1000 * MIB, 0, PAUSE_BUDGET);
        young(&mut policy, 20 * MIB, 0, 2, 10);
        assert_eq!(policy.eden_bytes, 6 * MIB);
        young(&mut policy, 20 * MIB, 0, 2, 10);
        assert_eq!(policy.eden_bytes, 9 * MIB);
        young(&mut policy, 20 * MIB, 0, 20, 100);
        assert!(policy.eden_bytes < 9 * MIB);
        (0..1000).for_each(|_| young(&mut policy, 20 * MIB, 0, 1, 5000));
        assert_eq!(policy.eden_bytes, 4 * MIB);
    }

    #[test]
    fn the_old_space_may_grow_by_half() {
        let mut policy = Policy::new(8 * MIB, 1000 * MIB, 0, PAUSE_BUDGET);
        policy.old_known(100 * MIB);
        assert!(!policy.is_old_full(149 * MIB) && policy.is_old_full(151 * MIB));
        policy.old_known(900 * MIB);
        assert!(policy.is_old_full(940 * MIB), "some room is left for what is allocated meanwhile");
    }

    #[test]
    fn many_survivors_are_promoted_early() {
        let mut policy = Policy::new(8 * MIB, 1000 * MIB, 0, PAUSE_BUDGET);
        let mut ages = [0; 16];
        ages[1] = 4 * MIB;
        policy.survived(&ages, 0);
        assert_eq!(policy.tenure, 1);
        ages[1] = 1000;
        policy.survived(&ages, 0);
        assert_eq!(policy.tenure, 6);
    }
}
