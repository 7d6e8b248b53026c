//! One semispace: a row of bytes filled from the bottom.
//!
//! Invariants: `start <= top <= end`; bytes from `max(top, dirty_to)` on are zero; `[start, top)` is walkable once all
//! thread-local buffers are retired. Addresses are byte offsets from the cage's base.

use crate::cage::{Cage, PAGE_BYTES};
use crate::object::OBJECT_ALIGN;

/// What stale memory is filled with under collection stress: as a reference it names a place far outside any heap that
/// stress runs use, as a class word a class that does not exist.
pub(super) const POISON: u8 = 0xDB;

#[derive(Debug)]
pub(super) struct Space {
    pub(super) start: u64,
    pub(super) top: u64,
    end: u64,
    /// Memory below may be nonzero, from an earlier life of the space.
    dirty_to: u64,
}

/// Memory taken from a space, and how much of its beginning is not zero yet.
pub(super) struct Taken {
    pub(super) offset: u64,
    pub(super) dirty_bytes: u64,
}

impl Space {
    pub(super) fn new(start: u64, end: u64) -> Space {
        debug_assert!(start.is_multiple_of(PAGE_BYTES) && end.is_multiple_of(PAGE_BYTES) && start < end);
        Space { start, top: start, end, dirty_to: start }
    }

    pub(super) fn used(&self) -> u64 {
        self.top - self.start
    }

    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// Bytes whose pages may be resident.
    pub(super) fn touched(&self) -> u64 {
        self.dirty_to.max(self.top) - self.start
    }

    pub(super) fn holds(&self, range: &std::ops::Range<u64>) -> bool {
        self.start <= range.start && range.start <= range.end && range.end <= self.top
    }

    /// The caller has checked that it fits.
    pub(super) fn take(&mut self, bytes: u64) -> Taken {
        assert!(bytes <= self.end - self.top && bytes.is_multiple_of(OBJECT_ALIGN as u64));
        let offset = self.top;
        self.top += bytes;
        let dirty_bytes = self.dirty_to.clamp(offset, self.top) - offset;
        Taken { offset, dirty_bytes }
    }

    /// After a collection copied survivors in, up to `top`.
    pub(super) fn filled_to(&mut self, top: u64) {
        assert!(self.start <= top && top <= self.end);
        self.top = top;
    }

    /// Empties the space after its survivors left; keeps `retain` bytes resident and returns the rest to the kernel.
    /// With `poison`, what stays is filled with a pattern that no live object has.
    ///
    /// # Safety
    /// The world is stopped and every reference into the space has been updated.
    pub(super) unsafe fn empty(&mut self, cage: &Cage, retain: u64, poison: bool) {
        // Whole pages: what lies above `top` on its page is this space's too.
        let dirty_to = self.dirty_to.max(self.top).next_multiple_of(PAGE_BYTES);
        let keep_to = dirty_to.min(self.start + retain.next_multiple_of(PAGE_BYTES));
        if poison {
            let stale = (self.top.min(keep_to) - self.start) as usize;
            // SAFETY: the beginning of this space, which nobody uses any more (the caller's promise).
            unsafe { cage.base().add(self.start as usize).write_bytes(POISON, stale) };
        }
        // SAFETY: the rest of this space, which nobody uses any more (the caller's promise).
        unsafe { cage.release(keep_to, dirty_to - keep_to) };
        self.dirty_to = keep_to;
        self.top = self.start;
    }
}
