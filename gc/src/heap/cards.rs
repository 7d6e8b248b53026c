//! Cards: where in the old part of the heap references were stored, and where objects begin there.
//!
//! Tables with a byte for each 512 bytes of heap. The *card table* lies in the cage, below the base, where the store
//! barrier finds it. The others lie outside:
//!
//! * the *crossing map* says for each card where the object starts that lies across the card's first byte, so that a walk
//!   can begin there: up to 63, so many words before; from 64 on, look so many cards (as a power of two) further down;
//! * *changed* cards had stores while the old space was being marked, and are looked at again by the marking;
//! * *remembered* cards have references to regions that are to be evacuated: a bit for each group of such regions.
//!
//! Invariants: a card of an old region that has a slot which refers to a young object is dirty whenever the program runs;
//! the crossing map is right for every card of an old region below its top. Cards of young regions mean nothing.

use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use rustix::mm::{MapFlags, ProtFlags};

use super::changes::make_dirty;
use crate::cage::{CARD_SHIFT, Cage};
use crate::object::OBJECT_ALIGN;

pub(super) const CARD_BYTES: u64 = 1 << CARD_SHIFT;
const CLEAN: u8 = 0;
const WORDS_PER_CARD: u64 = CARD_BYTES / OBJECT_ALIGN as u64;
/// From here on an entry of the crossing map counts cards.
const FAR: u8 = 64;

/// Zeroed memory of its own mapping, which costs what is touched of it.
#[derive(Debug)]
pub(super) struct Table {
    start: *mut u8,
    bytes: usize,
}

// SAFETY: an address and a length that never change; accesses are their users' business.
unsafe impl Send for Table {}
// SAFETY: as above.
unsafe impl Sync for Table {}

impl Table {
    pub(super) fn new(bytes: usize) -> rustix::io::Result<Table> {
        let bytes = bytes.max(1);
        // SAFETY: a fresh anonymous mapping at an address of the kernel's choice replaces nothing.
        let start = unsafe {
            rustix::mm::mmap_anonymous(
                ptr::null_mut(),
                bytes,
                ProtFlags::READ | ProtFlags::WRITE,
                MapFlags::PRIVATE | MapFlags::NORESERVE,
            )
        }?;
        Ok(Table { start: start.cast(), bytes })
    }

    pub(super) fn start(&self) -> *mut u8 {
        self.start
    }

    /// Makes it zero again and hands its pages back.
    ///
    /// # Safety
    /// Nobody looks at it meanwhile.
    pub(super) unsafe fn clear(&self) {
        // SAFETY: the table's own mapping, whose contents nobody needs (the caller's promise).
        unsafe { crate::cage::release_pages(self.start, self.bytes as u64) };
    }

    /// The byte at a place inside the table.
    #[inline(always)]
    pub(super) fn byte(&self, at: u64) -> &AtomicU8 {
        debug_assert!((at as usize) < self.bytes);
        // SAFETY: callers stay inside the table, which lives as long as `self`; all accesses are atomic.
        unsafe { AtomicU8::from_ptr(self.start.add(at as usize)) }
    }
}

impl Table {
    /// The first place in `[first, end)`, inside the table, whose byte is not 0.
    #[inline]
    pub(super) fn next_nonzero(&self, first: u64, end: u64) -> Option<u64> {
        debug_assert!(end as usize <= self.bytes);
        // SAFETY: callers stay inside the table, which begins with a page.
        unsafe { next_nonzero(self.start, first, end) }
    }
}

/// # Safety
/// `start`, aligned to 8, has more than `end` bytes.
#[inline]
unsafe fn next_nonzero(start: *mut u8, first: u64, end: u64) -> Option<u64> {
    // SAFETY: the caller's table; others may write it meanwhile.
    let is_set = |at: u64| unsafe { AtomicU8::from_ptr(start.add(at as usize)) }.load(Ordering::Relaxed) != 0;
    let mut at = first;
    while at < end && !at.is_multiple_of(8) {
        if is_set(at) {
            return Some(at);
        }
        at += 1;
    }
    while at + 8 <= end {
        // SAFETY: as above, eight bytes at a multiple of eight.
        let eight = unsafe { AtomicU64::from_ptr(start.add(at as usize).cast()) }.load(Ordering::Relaxed);
        if eight != 0 {
            return Some(at + u64::from(eight.trailing_zeros() / 8));
        }
        at += 8;
    }
    (at..end).find(|&at| is_set(at))
}

impl Drop for Table {
    fn drop(&mut self) {
        // SAFETY: mapped by `new`, and its only owner goes.
        let unmapped = unsafe { rustix::mm::munmap(self.start.cast::<c_void>(), self.bytes) };
        debug_assert!(unmapped.is_ok());
    }
}

#[derive(Debug)]
pub(super) struct Cards {
    dirty: *mut u8,
    crossing: Table,
    pub(super) changed: Table,
    pub(super) remembered: Table,
}

// SAFETY: the card table lives as long as the cage, which the heap holds; all accesses are atomic, or the world's stopped.
unsafe impl Send for Cards {}
// SAFETY: as above.
unsafe impl Sync for Cards {}

impl Cards {
    pub(super) fn new(cage: &Cage) -> rustix::io::Result<Cards> {
        let cards = cage.heap_range().end.div_ceil(CARD_BYTES) as usize;
        let table = || Table::new(cards + 1);
        Ok(Cards { dirty: cage.cards(), crossing: table()?, changed: table()?, remembered: table()? })
    }

    #[inline(always)]
    pub(super) fn card(&self, number: u64) -> &AtomicU8 {
        // SAFETY: the table has a card for each offset in the reach.
        unsafe { AtomicU8::from_ptr(self.dirty.add(number as usize)) }
    }

    #[inline(always)]
    pub(super) fn is_dirty(&self, number: u64) -> bool {
        self.card(number).load(Ordering::Relaxed) != CLEAN
    }

    #[inline(always)]
    pub(super) fn set_dirty(&self, offset: u64) {
        make_dirty(self.card(offset >> CARD_SHIFT));
    }

    /// Makes all cards of `[start, end)`, whole cards, clean.
    ///
    /// # Safety
    /// No program thread stores there meanwhile.
    pub(super) unsafe fn clean(&self, start: u64, end: u64) {
        let first = (start >> CARD_SHIFT) as usize;
        let count = end.div_ceil(CARD_BYTES) as usize - first;
        // SAFETY: cards of the reach; nobody else writes them (the caller's promise).
        unsafe { self.dirty.add(first).write_bytes(CLEAN, count) };
    }

    /// Notes that the marking has to look at all cards of `[start, end)` again.
    pub(super) fn note_changed(&self, start: u64, end: u64) {
        (start / CARD_BYTES..end.div_ceil(CARD_BYTES))
            .for_each(|card| self.changed.byte(card).store(1, Ordering::Relaxed));
    }

    /// The first dirty card in `[first, end)`.
    #[inline]
    pub(super) fn next_dirty(&self, first: u64, end: u64) -> Option<u64> {
        // SAFETY: cards of the reach; the table begins with a page.
        unsafe { next_nonzero(self.dirty, first, end) }
    }

    #[inline(always)]
    fn entry(&self, card: u64) -> *mut u8 {
        self.crossing.start().wrapping_add(card as usize)
    }

    /// Remembers that an object or filler lies at `[start, end)` of an old region.
    #[inline(always)]
    pub(super) fn record(&self, start: u64, end: u64) {
        let first = start.div_ceil(CARD_BYTES);
        let last = (end - 1) >> CARD_SHIFT;
        if first > last {
            return;
        }
        // SAFETY: entries of cards of the heap area; the range belongs to the caller alone.
        unsafe { self.entry(first).write(((first * CARD_BYTES - start) / OBJECT_ALIGN as u64) as u8) };
        for card in first + 1..=last {
            // SAFETY: as above.
            unsafe { self.entry(card).write(FAR + (card - first).ilog2() as u8) };
        }
    }

    /// The start of the object that lies across, or at, the card's first byte.
    #[inline]
    pub(super) fn covering(&self, mut card: u64) -> u64 {
        loop {
            // SAFETY: an entry of a card of the heap area.
            let entry = unsafe { self.entry(card).read() };
            if entry < FAR {
                return card * CARD_BYTES - u64::from(entry) * OBJECT_ALIGN as u64;
            }
            card -= 1 << (entry - FAR);
        }
    }
}

const _: () = assert!(WORDS_PER_CARD as u8 == FAR);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cage::CageConfig;

    #[test]
    fn every_card_finds_the_object_across_its_first_byte() {
        let cage = Cage::reserve(&CageConfig { heap_bytes: 4 << 20 }).unwrap();
        let cards = Cards::new(&cage).unwrap();
        let start = 1 << 20;
        let sizes = [16, 24, 504, 512, 520, 8, 8, 4096, 100_000, 1024, 40];
        let mut objects = Vec::new();
        let mut at = start;
        for round in 0..50 {
            let size = sizes[round * 7 % sizes.len()];
            cards.record(at, at + size);
            objects.push(at..at + size);
            at += size;
        }
        for card in start / CARD_BYTES..at.div_ceil(CARD_BYTES) {
            let object = objects.iter().find(|object| object.contains(&(card * CARD_BYTES))).unwrap();
            assert_eq!(cards.covering(card), object.start, "card {card}");
        }
    }

    #[test]
    fn dirty_cards_are_found_one_by_one() {
        let cage = Cage::reserve(&CageConfig { heap_bytes: 4 << 20 }).unwrap();
        let cards = Cards::new(&cage).unwrap();
        let dirty = [2050_u64, 2051, 2063, 2064, 2300];
        dirty.iter().for_each(|card| cards.set_dirty(card * CARD_BYTES + 17));
        let mut found = Vec::new();
        let mut at = 2048;
        while let Some(card) = cards.next_dirty(at, 2301) {
            found.push(card);
            at = card + 1;
        }
        assert_eq!(found, dirty);
        assert_eq!(cards.next_dirty(2052, 2063), None);
        // SAFETY: nobody stores in this test.
        unsafe { cards.clean(2063 * CARD_BYTES, 2065 * CARD_BYTES) };
        assert_eq!(cards.next_dirty(2052, 4000), Some(2300));
    }
}
