//! How large eden is, who is promoted, and when the old space is collected.
//!
//! Eden starts small, so that a small program stays small. After each young collection it is set again: it grows while
//! collections take more of the time than they should and the pause is within its budget, and shrinks when a pause is
//! over it. Half of eden has to do while a marking goes on or is about to begin: its pauses have more to do.
//! The old space may grow by half of what was left of it before it is marked again. The hard limit
//! (`max_bytes`, -Xmx) bounds the sum.
//!
//! Survivors are promoted at the age from which on they would take more than their share of eden; at once when most of
//! what is allocated survives.

use std::time::Duration;

use super::GcKind;

/// No eden is larger: what more it saved in collections it would cost in caches and resident memory.
pub(super) const MAX_EDEN_BYTES: u64 = 128 << 20;
const MAX_FIRST_EDEN_BYTES: u64 = 16 << 20;
/// Not even for the sake of short pauses is eden made smaller.
const LEAST_EDEN_BYTES: u64 = 2 << 20;
/// What a young pause should take at most, if nobody says otherwise.
pub(super) const PAUSE_BUDGET: Duration = Duration::from_millis(5);
/// What the old space may grow by between two markings, however little there is.
const MIN_OLD_STEP_BYTES: u64 = 16 << 20;
/// What one evacuation moves within the old space at most.
const GROUP_BYTES: u64 = 3 << 20;
/// The last free bytes are given out whole: collections that each leave a part of them would come one after the other.
const LAST_BYTES: u64 = 1 << 20;
/// So many pauses with a small eden wait for what has changed to be looked at beside the program.
const MOST_SMALL_EDENS: u8 = 4;
/// Free memory that stays resident though nobody needs it at once.
const SPARE_BYTES: u64 = 2 << 20;

/// What the policy wants to know of a collection.
pub(super) struct Collected {
    pub(super) kind: GcKind,
    pub(super) live: u64,
    /// Bytes of requests that wait.
    pub(super) wanted: u64,
    pub(super) pause: Duration,
    /// The part of the pause that looked for references into eden.
    pub(super) looking: Duration,
    /// The time before it, from the end of the collection before.
    pub(super) since_last: Duration,
    /// The next pause has more to do than to evacuate.
    pub(super) busy: bool,
}

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
    /// The next pause has more to do than to evacuate.
    busy: bool,
    /// The marking ends soon: in so many pauses at the latest.
    ending: u8,
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
            busy: false,
            ending: 0,
        }
    }

    /// What an evacuation copied: by age, and into the old space; and the bytes that were new.
    pub(super) fn survived(&mut self, ages: &[u64; 16], promoted: u64, new_bytes: u64) {
        let share = (self.eden_bytes / 8).max(256 << 10);
        let mut sum = 0;
        let kept = ages.iter().position(|bytes| {
            sum += bytes;
            sum > share
        });
        // Those that will be older than the age where the share is full go.
        let by_age = kept.map_or(6, |age| age.max(1) as u32).min(6);
        let new_survivors = if self.tenure == 0 { promoted } else { ages[1] };
        self.tenure = if new_survivors > share && new_survivors > new_bytes / 2 { 0 } else { by_age };
        self.survivors_last = ages.iter().sum::<u64>() + promoted;
    }

    /// Sets the limits after a collection.
    pub(super) fn collected(&mut self, done: &Collected) {
        let Collected { kind, live, wanted, pause, since_last, .. } = *done;
        let share = pause.as_secs_f64() / (pause + since_last).as_secs_f64().max(1e-9);
        let room = self.room_beside(live);
        let first = match self.given_eden_bytes {
            0 => self.initial_bytes.min(MAX_FIRST_EDEN_BYTES),
            given => given,
        };
        if self.given_eden_bytes != 0 {
            self.eden_bytes = self.given_eden_bytes;
        } else if kind != GcKind::Full {
            self.resize_eden(done, share, first);
        }
        let last = self.max_bytes.saturating_sub(live).min(LAST_BYTES);
        let most = (room / 2).max(last).min(MAX_EDEN_BYTES);
        self.eden_bytes = self.eden_bytes.max(LEAST_EDEN_BYTES.min(first)).max(wanted).min(most.max(wanted));
        self.quiet = share < 0.002;
        self.live_bytes = live;
        self.busy = done.busy;
        // A full collection ends a cycle.
        if kind == GcKind::Full {
            self.ending = 0;
        }
    }

    /// After an evacuation that took such a share of the time. What it finds in cards and roots hardly depends on eden;
    /// what it moves is in proportion to it.
    fn resize_eden(&mut self, done: &Collected, share: f64, first: u64) {
        let moving = done.pause.saturating_sub(done.looking);
        let budget = self.pause_budget - done.looking.min(self.pause_budget / 2);
        if moving > budget {
            let factor = (budget.as_secs_f64() / moving.as_secs_f64()).max(0.5);
            self.eden_bytes = ((self.eden_bytes as f64 * factor) as u64).max(LEAST_EDEN_BYTES);
        } else if self.eden_limit() < self.eden_bytes {
            // It was not full: that the pause was short says nothing.
        } else if share > 0.03 && moving < budget / 2 {
            self.eden_bytes = self.eden_bytes * 3 / 2;
        } else if share < 0.002 && self.eden_bytes > first {
            self.eden_bytes = (self.eden_bytes * 15 / 16).max(first);
        }
    }

    /// What to use of the heap beside so many bytes: as long as there is enough, a sixth of it stays unused, so that
    /// what is resident is not always all that is allowed.
    fn room_beside(&self, bytes: u64) -> u64 {
        let all = self.max_bytes.saturating_sub(bytes);
        all.saturating_sub(self.max_bytes / 6).max(all / 2)
    }

    /// The old space takes so much, and what of it is dead is known or gone.
    pub(super) fn old_known(&mut self, old_bytes: u64) {
        let room = self.room_beside(old_bytes);
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

    /// The pause that comes was told to have more to do.
    pub(super) fn is_busy(&self) -> bool {
        self.busy
    }

    /// When less than this is free, a young collection was not enough.
    pub(super) fn least_room(&self) -> u64 {
        (self.max_bytes / 64).min(1 << 20)
    }

    /// Whether the pause that goes on is to end the marking, which has come to its end (`marked`) or nearly (it goes on
    /// since the last answer was no). The first that finds it so leaves it to one with a small eden.
    pub(super) fn ends_marking(&mut self, marked: bool) -> bool {
        self.ending = match self.ending {
            0 if marked => MOST_SMALL_EDENS,
            _ if marked => 0,
            soon => soon - 1,
        };
        self.ending == 0
    }

    /// The marking has come to its end before, and looks once more at what has changed.
    pub(super) fn is_ending(&self) -> bool {
        self.ending > 0
    }

    /// What new objects may take until the next collection.
    pub(super) fn eden_limit(&self) -> u64 {
        match () {
            _ if self.given_eden_bytes != 0 || self.eden_bytes <= LAST_BYTES => self.eden_bytes,
            _ if self.ending > 0 => self.eden_bytes / 4,
            _ if self.busy => self.eden_bytes / 2,
            _ => self.eden_bytes,
        }
    }

    /// What objects may take until the next collection.
    pub(super) fn limit_bytes(&self) -> u64 {
        (self.live_bytes + self.eden_limit()).max(self.initial_bytes).min(self.max_bytes)
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
        looked(policy, live, wanted, 0, pause, since);
    }

    fn looked(policy: &mut Policy, live: u64, wanted: u64, looking: u64, pause: u64, since: u64) {
        let (looking, pause, since_last) =
            (Duration::from_millis(looking), Duration::from_millis(pause), Duration::from_millis(since));
        let kind = GcKind::Young;
        policy.collected(&Collected { kind, live, wanted, pause, looking, since_last, busy: false });
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
        (0..20).for_each(|_| young(&mut policy, 20 * MIB, 0, 2, 10));
        (0..1000).for_each(|_| young(&mut policy, 20 * MIB, 0, 1, 5000));
        assert_eq!(policy.eden_bytes, 4 * MIB);
    }

    #[test]
    fn a_smaller_eden_is_no_answer_to_many_cards() {
        let mut policy = Policy::new(4 * MIB, 1000 * MIB, 0, PAUSE_BUDGET);
        looked(&mut policy, 20 * MIB, 0, 11, 12, 50);
        assert_eq!(policy.eden_bytes, 6 * MIB);
        looked(&mut policy, 20 * MIB, 0, 11, 21, 50);
        assert!(policy.eden_bytes < 6 * MIB);
    }

    #[test]
    fn markings_end_in_a_pause_with_a_small_eden() {
        let mut policy = Policy::new(8 * MIB, 1000 * MIB, 0, PAUSE_BUDGET);
        assert_eq!((policy.eden_limit(), policy.ends_marking(true)), (8 * MIB, false));
        assert_eq!(policy.eden_limit(), 2 * MIB);
        young(&mut policy, 20 * MIB, 0, 1, 2);
        assert_eq!(policy.eden_bytes, 8 * MIB, "nothing is learned from an eden that was not full");
        assert_eq!((policy.ends_marking(true), policy.eden_limit()), (true, 8 * MIB));
        // A marking that gets no time is ended by a pause.
        let ends = [true, false, false, false, false].map(|marked| policy.ends_marking(marked));
        assert_eq!(ends, [false, false, false, false, true]);
        assert!(!policy.ends_marking(true));
        policy.collected(&Collected {
            kind: GcKind::Full,
            live: MIB,
            wanted: 0,
            pause: Duration::from_millis(1),
            looking: Duration::ZERO,
            since_last: Duration::from_millis(9),
            busy: false,
        });
        assert_eq!(policy.eden_limit(), 8 * MIB, "a full collection ends the cycle");
    }

    #[test]
    fn not_all_that_is_allowed_is_used_while_there_is_enough() {
        let mut policy = Policy::new(8 * MIB, 72 * MIB, 0, PAUSE_BUDGET);
        policy.old_known(30 * MIB);
        assert!(policy.is_old_full(41 * MIB), "30 and a third of the 30 that are to be used");
        (0..20).for_each(|_| young(&mut policy, 30 * MIB, 0, 1, 2));
        assert!(policy.limit_bytes() <= 45 * MIB);
        young(&mut policy, 68 * MIB, 0, 1, 2);
        assert!(policy.limit_bytes() > 68 * MIB);
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
        policy.survived(&ages, 0, 16 * MIB);
        assert_eq!(policy.tenure, 1);
        ages[1] = 1000;
        policy.survived(&ages, 0, 16 * MIB);
        assert_eq!(policy.tenure, 6);
    }

    #[test]
    fn nobody_waits_for_promotion_while_nearly_all_survive() {
        let mut policy = Policy::new(8 * MIB, 1000 * MIB, 0, PAUSE_BUDGET);
        let mut ages = [0; 16];
        ages[1] = 7 * MIB;
        policy.survived(&ages, 0, 8 * MIB);
        assert_eq!(policy.tenure, 0);
        policy.survived(&[0; 16], 7 * MIB, 8 * MIB);
        assert_eq!(policy.tenure, 0);
        policy.survived(&[0; 16], 2 * MIB, 8 * MIB);
        assert!(policy.tenure > 0);
    }
}
