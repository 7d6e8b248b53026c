//! Page runs of metaspace: which pages after the class table belong to some arena.
//!
//! Invariant: runs that are handed out never overlap, and a run is zero when it is handed out. Free runs are kept by
//! start and merged with their neighbours, so an arena that is freed as a whole leaves no crumbs.
//!
//! Deliberately absent: the limit. Arenas charge the pages that they touch (see `arena`), not the pages they hold.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::cage::PAGE_BYTES;

pub(super) const PAGE: u32 = PAGE_BYTES as u32;

#[derive(Debug)]
pub(super) struct Chunks {
    /// Never handed out from here to the end.
    frontier: u32,
    end: u32,
    /// Start to length, in bytes; both page multiples.
    free: BTreeMap<u32, u32>,
}

impl Chunks {
    pub(super) fn new(range: Range<u32>) -> Chunks {
        debug_assert!(range.start.is_multiple_of(PAGE) && range.end.is_multiple_of(PAGE));
        Chunks { frontier: range.start, end: range.end, free: BTreeMap::new() }
    }

    /// A run of `bytes` (a page multiple), or none if no such run is left.
    pub(super) fn take(&mut self, bytes: u32) -> Option<u32> {
        debug_assert!(bytes > 0 && bytes.is_multiple_of(PAGE));
        let fit = self.free.iter().find(|&(_, &len)| len >= bytes).map(|(&start, &len)| (start, len));
        if let Some((start, len)) = fit {
            self.free.remove(&start);
            if len > bytes {
                self.free.insert(start + bytes, len - bytes);
            }
            return Some(start);
        }
        let start = self.frontier;
        if bytes > self.end - start {
            return None;
        }
        self.frontier = start + bytes;
        Some(start)
    }

    /// Takes back a run whose pages were already released (they read as zero).
    pub(super) fn give(&mut self, start: u32, bytes: u32) {
        let (mut start, mut bytes) = (start, bytes);
        if let Some((&before, &len)) = self.free.range(..start).next_back() {
            debug_assert!(before + len <= start, "a run is freed once");
            if before + len == start {
                self.free.remove(&before);
                (start, bytes) = (before, bytes + len);
            }
        }
        if let Some(len) = self.free.remove(&(start + bytes)) {
            bytes += len;
        }
        if start + bytes == self.frontier {
            self.frontier = start;
        } else {
            self.free.insert(start, bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_merge_back_to_nothing_in_any_order() {
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]] {
            let mut chunks = Chunks::new(PAGE..PAGE * 100);
            let sizes = [1, 5, 2, 9];
            let starts = sizes.map(|pages| chunks.take(pages * PAGE).unwrap());
            for i in order {
                chunks.give(starts[i], sizes[i] * PAGE);
            }
            assert!(chunks.free.is_empty());
            assert_eq!(chunks.frontier, PAGE);
        }
    }

    #[test]
    fn a_hole_is_used_again_and_the_end_is_the_end() {
        let mut chunks = Chunks::new(0..PAGE * 4);
        let a = chunks.take(PAGE * 2).unwrap();
        let b = chunks.take(PAGE * 2).unwrap();
        assert_eq!(chunks.take(PAGE), None);
        chunks.give(a, PAGE * 2);
        assert_eq!(chunks.take(PAGE), Some(a));
        assert_eq!(chunks.take(PAGE * 2), None);
        assert_eq!(chunks.take(PAGE), Some(a + PAGE));
        chunks.give(b, PAGE * 2);
        assert_eq!(chunks.take(PAGE * 2), Some(b));
    }
}
