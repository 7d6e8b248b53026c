//! Page runs of the off-heap area: the allocator under slabs, large blocks and file mappings.
//!
//! Invariants: runs that are handed out never overlap; free runs are merged with their neighbours, so two free runs
//! never touch; no clean free run ends at the frontier. A *clean* free run reads as zero.
//!
//! Deliberately absent: the memory itself. Callers release pages and say whether a run they give back is clean.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A row of pages; numbers are page numbers from the cage's base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) first: u32,
    pub(super) pages: u32,
    /// Whether all of it reads as zero.
    pub(super) clean: bool,
}

#[derive(Debug)]
pub(super) struct Runs {
    /// Never handed out, or given back, from here to the end. Clean.
    frontier: u32,
    end: u32,
    by_place: BTreeMap<u32, (u32, bool)>,
    /// (pages, first), for the best fit.
    by_size: BTreeSet<(u32, u32)>,
}

impl Runs {
    pub(super) fn new(pages: Range<u32>) -> Runs {
        Runs { frontier: pages.start, end: pages.end, by_place: BTreeMap::new(), by_size: BTreeSet::new() }
    }

    /// A run of `pages` that starts at a multiple of `align` pages (a power of two).
    pub(super) fn take(&mut self, pages: u32, align: u32) -> Option<Run> {
        debug_assert!(pages > 0 && align.is_power_of_two());
        let fit = self.by_size.range((pages, 0)..).copied().find(|&(size, first)| {
            u64::from(first).next_multiple_of(align.into()) + u64::from(pages)
                <= u64::from(first) + u64::from(size)
        });
        if let Some((size, first)) = fit {
            let clean = self.remove(first, size);
            let start = first.next_multiple_of(align);
            self.insert(first, start - first, clean);
            self.insert(start + pages, first + size - start - pages, clean);
            return Some(Run { first: start, pages, clean });
        }
        let start = u64::from(self.frontier).next_multiple_of(align.into());
        if start + u64::from(pages) > u64::from(self.end) {
            return None;
        }
        let start = start as u32;
        let before = self.frontier;
        self.frontier = start + pages;
        if start > before {
            self.give(Run { first: before, pages: start - before, clean: true });
        }
        Some(Run { first: start, pages, clean: true })
    }

    /// Takes a run back, merged with its free neighbours. Returns the merged run, so that the caller may clean it as a
    /// whole and say so with [`Runs::cleaned`].
    pub(super) fn give(&mut self, run: Run) -> Run {
        let Run { mut first, mut pages, mut clean } = run;
        if let Some((&before, &(size, was_clean))) = self.by_place.range(..first).next_back()
            && before + size == first
        {
            self.remove(before, size);
            (first, pages, clean) = (before, pages + size, clean && was_clean);
        }
        if let Some(&(size, was_clean)) = self.by_place.get(&(first + pages)) {
            self.remove(first + pages, size);
            (pages, clean) = (pages + size, clean && was_clean);
        }
        self.insert(first, pages, clean);
        Run { first, pages, clean }
    }

    /// The caller has released the pages of a free run that [`Runs::give`] returned.
    pub(super) fn cleaned(&mut self, run: Run) {
        self.remove(run.first, run.pages);
        if run.first + run.pages == self.frontier {
            self.frontier = run.first;
        } else {
            self.insert(run.first, run.pages, true);
        }
    }

    fn insert(&mut self, first: u32, pages: u32, clean: bool) {
        if pages > 0 {
            self.by_place.insert(first, (pages, clean));
            self.by_size.insert((pages, first));
        }
    }

    fn remove(&mut self, first: u32, pages: u32) -> bool {
        let was = self.by_place.remove(&first);
        let sized = self.by_size.remove(&(pages, first));
        debug_assert!(sized && was.is_some_and(|(size, _)| size == pages), "both books name the same runs");
        was.is_some_and(|(_, clean)| clean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merged_run_is_clean_only_if_all_of_it_is() {
        for (first_clean, second_clean) in [(false, true), (true, false), (false, false), (true, true)] {
            for second_goes_first in [false, true] {
                let mut runs = Runs::new(1..100);
                let first = Run { clean: first_clean, ..runs.take(3, 1).unwrap() };
                let second = Run { clean: second_clean, ..runs.take(4, 1).unwrap() };
                runs.take(1, 1).unwrap();
                let (a, b) = if second_goes_first { (second, first) } else { (first, second) };
                runs.give(a);
                let merged = runs.give(b);
                assert_eq!(merged, Run { first: 1, pages: 7, clean: first_clean && second_clean });
                assert_eq!(runs.take(7, 1), Some(merged));
            }
        }
    }

    #[test]
    fn the_best_fit_wins_and_the_rest_stays_free() {
        let mut runs = Runs::new(0..100);
        let sizes = [8, 1, 3, 1, 5, 1];
        let taken = sizes.map(|pages| runs.take(pages, 1).unwrap());
        for i in [0, 2, 4] {
            runs.give(taken[i]);
        }
        assert_eq!(runs.take(2, 1).unwrap().first, taken[2].first);
        assert_eq!(runs.take(1, 1).unwrap().first, taken[2].first + 2);
        assert_eq!(runs.take(6, 1).unwrap().first, taken[0].first);
        assert_eq!(runs.take(5, 1).unwrap().first, taken[4].first);
        assert_eq!(runs.take(82, 1), None);
        assert_eq!(runs.take(81, 1).unwrap().first, 19);
    }

    #[test]
    fn alignment_gaps_stay_usable() {
        let mut runs = Runs::new(3..200);
        assert_eq!(runs.take(16, 16).unwrap().first, 16);
        assert_eq!(runs.take(13, 1).unwrap().first, 3);
        assert_eq!(runs.take(64, 64).unwrap().first, 64);
        let gap = runs.take(32, 1).unwrap();
        assert_eq!((gap.first, gap.clean), (32, true));
    }
}
