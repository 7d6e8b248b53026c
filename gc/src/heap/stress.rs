//! Collection stress: ask for a collection at every N-th allocation.
//!
//! Stress begins when [`Stress::begin`] is called, so that start-up, the same for all programs, need not be stressed by all.
//!
//! Invariant: while stress is on, thread-local buffers stay empty, so every allocation is counted; and the allocation
//! right after a collection is never refused by stress, so that "collect, then try again" ends.

#[derive(Debug)]
pub(super) struct Stress {
    stride: Option<u32>,
    begun: bool,
    since_last: u32,
    /// A collection has just happened: let the allocation that asked for it through.
    forgiven: bool,
    collections: u32,
}

/// Under stress every so manieth collection is a full one, so that what is old moves too.
const FULL_EVERY: u32 = 64;
/// And every so manieth is done by all workers, however little there is to do.
const CREW_EVERY: u32 = 15;

impl Stress {
    pub(super) fn new(stride: Option<u32>) -> Stress {
        Stress {
            stride: stride.map(|n| n.max(1)),
            begun: false,
            since_last: 0,
            forgiven: false,
            collections: 0,
        }
    }

    /// From now on allocations count. False if there is no stride: stress never happens.
    pub(super) fn begin(&mut self) -> bool {
        self.begun = self.stride.is_some();
        self.begun
    }

    /// Counts an allocation; true if a collection is due before it.
    pub(super) fn is_due(&mut self) -> bool {
        let Some(stride) = self.stride.filter(|_| self.begun) else { return false };
        if std::mem::take(&mut self.forgiven) {
            return false;
        }
        self.since_last += 1;
        let due = self.since_last >= stride;
        if due {
            self.since_last = 0;
        }
        due
    }

    pub(super) fn collected(&mut self) {
        self.forgiven = true;
        self.collections = self.collections.wrapping_add(1);
    }

    pub(super) fn wants_crew(&self) -> bool {
        self.begun && self.collections.is_multiple_of(CREW_EVERY)
    }

    pub(super) fn wants_full(&self) -> bool {
        self.begun && self.collections.is_multiple_of(FULL_EVERY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_nth_allocation_collects_and_then_succeeds() {
        let mut stress = Stress::new(Some(3));
        assert!((0..10).all(|_| !stress.is_due()), "stress has not begun");
        assert!(stress.begin());
        let mut collections = 0;
        for _ in 0..30 {
            while stress.is_due() {
                collections += 1;
                stress.collected();
            }
        }
        assert_eq!(collections, 10);
    }

    #[test]
    fn stride_zero_means_every_allocation() {
        let mut stress = Stress::new(Some(0));
        assert!(stress.begin());
        assert!(stress.is_due());
        stress.collected();
        assert!(!stress.is_due());
        assert!(stress.is_due());
    }

    #[test]
    fn without_a_stride_stress_never_begins() {
        let mut stress = Stress::new(None);
        assert!(!stress.begin());
        assert!(!stress.is_due());
    }
}
