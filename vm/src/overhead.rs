//! When a program does hardly anything but collect garbage: OutOfMemoryError "GC overhead limit exceeded".
//!
//! A full collection is *fruitless* if, since the full one before, 98 % of the time went to collecting, and less than 2 % of
//! the heap is free after it. After twenty in a row the limit is reached: the next allocation that had to collect fails, after one
//! more collection that spares no soft reference. Without the limit such a program would go on for hours, a few objects
//! at a time. Young collections only count as time: in a heap that fills up they come one after the other and free
//! little, and what that leads to is a full one.
//!
//! Deliberately absent: the heap that is simply full, which `alloc` finds out by itself.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

const TIME_PERCENT: u32 = 98;
const FREE_PERCENT: u64 = 2;
/// A heap that simply fills up has some ten such at its end, each of which frees about half of what the last one freed.
const FRUITLESS_MAX: u32 = 20;

#[derive(Debug, Default)]
pub struct Overhead {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    last_end: Option<Instant>,
    /// Of the program and of collections, since the last full one.
    program: Duration,
    collecting: Duration,
    fruitless: u32,
}

/// Whether so little is free that collecting has not helped.
pub fn is_full(used_bytes: u64, max_bytes: u64) -> bool {
    max_bytes.saturating_sub(used_bytes) < max_bytes / 100 * FREE_PERCENT
}

impl State {
    fn note(&mut self, program: Duration, collecting: Duration) {
        self.program = self.program.saturating_add(program);
        self.collecting += collecting;
    }

    /// The last collection was a full one.
    fn note_full(&mut self, full: bool) {
        let (program, collecting) = (std::mem::take(&mut self.program), std::mem::take(&mut self.collecting));
        let busy = collecting * 100 >= program.saturating_add(collecting) * TIME_PERCENT;
        self.fruitless = if busy && full { self.fruitless + 1 } else { 0 };
    }
}

impl Overhead {
    /// A collection has taken from `start` to `end`. `left` is what the heap holds after it, and could at most, if it was a
    /// full one.
    pub fn note(&self, start: Instant, end: Instant, left: Option<(u64, u64)>) {
        let mut state = self.state.lock();
        let program =
            state.last_end.map_or(Duration::MAX / 1000, |last| start.saturating_duration_since(last));
        state.note(program, end.saturating_duration_since(start));
        state.last_end = Some(end);
        if let Some((used, max)) = left {
            state.note_full(is_full(used, max));
        }
    }

    pub fn is_reached(&self) -> bool {
        self.state.lock().fruitless >= FRUITLESS_MAX
    }

    pub fn reset(&self) {
        self.state.lock().fruitless = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX: usize = FRUITLESS_MAX as usize;

    fn after(collections: &[(u64, u64, bool)]) -> bool {
        let mut state = State::default();
        for &(program, collecting, full) in collections {
            // As a young collection and a full one, which share the time.
            state.note(Duration::from_millis(program), Duration::from_millis(collecting / 2));
            state.note(Duration::ZERO, Duration::from_millis(collecting - collecting / 2));
            state.note_full(full);
        }
        state.fruitless >= FRUITLESS_MAX
    }

    #[test]
    fn enough_fruitless_collections_in_a_row_reach_the_limit() {
        assert!(after(&[(2, 98, true); MAX]));
        assert!(!after(&[(2, 98, true); MAX - 1]));
        assert!(!after(&[(3, 97, true); 2 * MAX]), "the program runs three percent of the time");
        assert!(!after(&[(0, 98, false); 2 * MAX]), "there is room");
        let mut interrupted = [(1, 99, true); 2 * MAX - 1];
        interrupted[MAX - 1].2 = false;
        assert!(!after(&interrupted));
        interrupted[MAX - 1] = (50, 50, true);
        assert!(!after(&interrupted));
    }

    #[test]
    fn a_heap_is_full_when_less_than_a_fiftieth_is_free() {
        assert!(is_full(981, 1000) && !is_full(980, 1000) && !is_full(0, 1000) && is_full(1001, 1000));
    }

    #[test]
    fn the_first_collection_is_never_fruitless() {
        let overhead = Overhead::default();
        let now = Instant::now();
        overhead.note(now, now + Duration::from_secs(10), Some((1000, 1000)));
        assert_eq!(overhead.state.lock().fruitless, 0);
        (0..FRUITLESS_MAX).for_each(|n| {
            let start = now + Duration::from_secs(10 * u64::from(n + 1));
            overhead.note(start, start + Duration::from_secs(10), Some((1000, 1000)));
        });
        assert!(overhead.is_reached());
        overhead.reset();
        assert!(!overhead.is_reached());
    }

    #[test]
    fn young_collections_alone_never_reach_the_limit() {
        let overhead = Overhead::default();
        let now = Instant::now();
        (0..100).for_each(|n| {
            let start = now + Duration::from_secs(10 * n);
            overhead.note(start, start + Duration::from_secs(10), None);
        });
        assert!(!overhead.is_reached());
    }
}
