//! The heap area as a row of regions of 256 KiB: who each belongs to, how full it is, and which are free.
//!
//! ```text
//! Free -> Eden -> Free                     objects that survive leave
//! Free -> Survivor -> Free                 objects that survived, but not often enough
//! Free -> Old -> Free                      what was promoted or compacted
//! Free -> Large (Rest)* -> Free            one object that takes more than half a region, and never moves
//! ```
//!
//! Invariants: a region's number is its offset from the cage's base in regions, so the null guard lies in region 0, which
//! belongs to nobody; objects lie in `[start, top)`; bytes from `dirty_to` on are zero. The table of flags covers the
//! whole reach of a reference, so that looking up any 32-bit value is a plain load.
//!
//! Deliberately absent: how much may be taken (see `policy` and `allocate`), and what lies in a region.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::cage::{Cage, REACH};
use crate::object::REF_SHIFT;

pub(super) const REGION_SHIFT: u32 = 18;
pub(super) const REGION_BYTES: u64 = 1 << REGION_SHIFT;
/// From a reference to its region's number.
pub(super) const REF_REGION_SHIFT: u32 = REGION_SHIFT - REF_SHIFT;
/// Objects of more bytes have regions of their own.
pub(super) const LARGE_BYTES: u64 = REGION_BYTES / 2;

/// What stale memory is filled with under collection stress: as a reference it names a place far outside any heap that
/// stress runs use, as a class word a class that does not exist.
pub(super) const POISON: u8 = 0xDB;

/// Bits of a region's flags; none for a free region.
pub(super) mod flag {
    /// Its objects have not been promoted.
    pub(crate) const YOUNG: u8 = 1;
    /// Its objects have been promoted: stores into them are looked for on cards.
    pub(crate) const OLD: u8 = 2;
    /// The next evacuation looks which of its objects live.
    pub(crate) const COLLECTED: u8 = 4;
    /// One object, which stays where it is, begins here.
    pub(crate) const LARGE: u8 = 8;
    /// Goes on the large object of a region before.
    pub(crate) const REST: u8 = 16;
    /// A large object that the running evacuation has met.
    pub(crate) const REACHED: u8 = 32;
    /// Is to be evacuated soon: references to it from old regions are remembered.
    pub(crate) const CANDIDATE: u8 = 64;
}
use flag::{COLLECTED, LARGE, OLD, REST, YOUNG};

/// Flags by region number, for the whole reach.
#[derive(Debug)]
pub(super) struct Flags(Box<[AtomicU8]>);

impl Flags {
    pub(super) fn new() -> Flags {
        let bytes = vec![0_u8; (REACH >> REGION_SHIFT) as usize].into_boxed_slice();
        let raw = Box::into_raw(bytes) as *mut [AtomicU8];
        // SAFETY: an AtomicU8 has the size, alignment and values of a u8; the box changes its owner only.
        Flags(unsafe { Box::from_raw(raw) })
    }

    /// The flags of the region that a reference names.
    #[inline(always)]
    pub(super) fn of(&self, obj: u32) -> u8 {
        self.0[(obj >> REF_REGION_SHIFT) as usize].load(Ordering::Relaxed)
    }

    #[inline(always)]
    pub(super) fn get(&self, region: usize) -> u8 {
        self.0[region].load(Ordering::Relaxed)
    }

    pub(super) fn set(&self, region: usize, flags: u8) {
        self.0[region].store(flags, Ordering::Relaxed);
    }

    /// The flags of region 0, those of the others behind it.
    pub(super) fn table(&self) -> *const AtomicU8 {
        self.0.as_ptr()
    }
}

const _: () = assert!((u32::MAX >> REF_REGION_SHIFT) as u64 == (REACH >> REGION_SHIFT) - 1);

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Region {
    /// Where the next object goes, as an offset from the base.
    pub(super) top: u64,
    /// Memory below may be nonzero, from an earlier life of the region.
    pub(super) dirty_to: u64,
    /// Of an old region: below, the mark bits of the last marking say which objects live; from here on all do.
    pub(super) known_to: u64,
    /// The region where the large object begins that lies here.
    pub(super) head: u32,
}

pub(super) struct Regions {
    cage: Cage,
    pub(super) flags: Arc<Flags>,
    /// By region number, up to `untouched`; those before `usable.start` are nobody's.
    table: Vec<Region>,
    usable: Range<usize>,
    free: usize,
    /// What small objects of one region take at most, but for its first.
    fill_bytes: u64,
    /// Young regions whose objects an evacuation would move.
    young: usize,
    /// No region below is free.
    lowest_free: usize,
    /// No region from here on has ever been taken.
    untouched: usize,
}

pub(super) fn start_of(region: usize) -> u64 {
    (region as u64) << REGION_SHIFT
}

impl Regions {
    pub(super) fn new(cage: &Cage, flags: Arc<Flags>) -> Regions {
        let area = cage.heap_range();
        let usable = area.start.div_ceil(REGION_BYTES) as usize..(area.end >> REGION_SHIFT) as usize;
        Regions {
            cage: cage.clone(),
            flags,
            table: vec![Region::default(); usable.start],
            free: usable.len(),
            fill_bytes: REGION_BYTES,
            young: 0,
            lowest_free: usable.start,
            untouched: usable.start,
            usable,
        }
    }

    /// Regions up to this one are known from now on.
    fn reach(&mut self, end: usize) {
        for number in self.untouched..end {
            let start = start_of(number);
            self.table.push(Region { top: start, dirty_to: start, known_to: start, head: 0 });
        }
        self.untouched = self.untouched.max(end);
    }

    pub(super) fn usable(&self) -> Range<usize> {
        self.usable.clone()
    }

    pub(super) fn get(&self, region: usize) -> &Region {
        &self.table[region]
    }

    pub(super) fn get_mut(&mut self, region: usize) -> &mut Region {
        &mut self.table[region]
    }

    /// All regions that were ever taken: what a pass over the heap has to look at.
    pub(super) fn touched_range(&self) -> Range<usize> {
        self.usable.start..self.untouched
    }

    /// The numbers of all regions that have one of these bits and none of the others.
    pub(super) fn with(&self, bits: u8, without: u8) -> impl Iterator<Item = usize> + '_ {
        self.touched_range().filter(move |&region| {
            let flags = self.flags.get(region);
            flags & bits != 0 && flags & without == 0
        })
    }

    /// Whether so many regions can be given to new objects, and there are enough left for what an evacuation moves. Twice
    /// as many as are young now: where an object does not fit, up to half a region stays empty.
    pub(super) fn can_spare(&self, count: usize) -> bool {
        const MOVED_OLD_REGIONS: usize = 48;
        self.free >= count + 2 * (self.young + count) + MOVED_OLD_REGIONS
    }

    /// A free region, the lowest: those have been used before, and cost no page faults.
    pub(super) fn take(&mut self, flags: u8) -> Option<usize> {
        let region = (self.lowest_free..self.usable.end).find(|&region| self.flags.get(region) == 0)?;
        self.lowest_free = region + 1;
        self.reach(region + 1);
        self.free -= 1;
        self.young += usize::from(flags & YOUNG != 0);
        self.flags.set(region, flags);
        Some(region)
    }

    /// Free regions in a row for a large object, the lowest that there are.
    pub(super) fn take_row(&mut self, bytes: u64, flags: u8) -> Option<usize> {
        let count = bytes.div_ceil(REGION_BYTES) as usize;
        let mut row = 0;
        for last in self.lowest_free..self.usable.end {
            row = if self.flags.get(last) == 0 { row + 1 } else { 0 };
            if row == count {
                let region = last + 1 - count;
                self.reach(last + 1);
                self.flags.set(region, flags | LARGE);
                (region + 1..region + count).for_each(|rest| self.flags.set(rest, flags | LARGE | REST));
                for part in region..region + count {
                    self.table[part].head = region as u32;
                    self.table[part].top = (start_of(region) + bytes).min(start_of(part + 1));
                }
                self.free -= count;
                return Some(region);
            }
        }
        None
    }

    /// Whether there are free regions in a row for a large object.
    pub(super) fn has_row(&self, bytes: u64) -> bool {
        let count = bytes.div_ceil(REGION_BYTES) as usize;
        let mut row = 0;
        (self.lowest_free..self.usable.end).any(|region| {
            row = if self.flags.get(region) == 0 { row + 1 } else { 0 };
            row >= count
        })
    }

    /// Gives memory of a region out; the caller has checked that it fits. Tells how much of it is not zero.
    pub(super) fn bump(&mut self, region: usize, bytes: u64) -> (u64, u64) {
        let it = &mut self.table[region];
        let offset = it.top;
        it.top += bytes;
        debug_assert!(it.top <= start_of(region + 1));
        (offset, it.dirty_to.clamp(offset, it.top) - offset)
    }

    /// Regions count as full early: small heaps then have many borders.
    pub(super) fn fill_to(&mut self, bytes: u64) {
        self.fill_bytes = bytes.min(REGION_BYTES);
    }

    /// How much fits into a region for somebody who wants `bytes`, at most half a region.
    pub(super) fn room(&self, region: usize, bytes: u64) -> u64 {
        let used = self.table[region].top - start_of(region);
        let fill = if used == 0 { self.fill_bytes.max(bytes) } else { self.fill_bytes };
        fill.saturating_sub(used)
    }

    /// Frees a region, or the row that a large object took.
    ///
    /// # Safety
    /// Nobody uses what lies there any more.
    pub(super) unsafe fn release(&mut self, region: usize, poison: bool) {
        let flags = self.flags.get(region);
        let large = flags & LARGE != 0;
        self.young -= usize::from(flags & (YOUNG | LARGE) == YOUNG);
        let mut at = region;
        loop {
            let start = start_of(at);
            let it = &mut self.table[at];
            if poison {
                // SAFETY: used memory of this region, which nobody needs any more (the caller's promise).
                unsafe {
                    self.cage.base().add(start as usize).write_bytes(POISON, (it.top - start) as usize)
                };
            }
            it.dirty_to = it.dirty_to.max(it.top);
            (it.top, it.known_to) = (start, start);
            self.flags.set(at, 0);
            self.free += 1;
            self.lowest_free = self.lowest_free.min(at);
            at += 1;
            if !large || at >= self.usable.end || self.flags.get(at) & REST == 0 {
                return;
            }
        }
    }

    /// Hands the pages of free regions back to the kernel, but for those that were used before up to so many bytes.
    pub(super) fn uncommit(&mut self, keep_bytes: u64) {
        let mut kept = 0;
        let mut row: Option<Range<u64>> = None;
        for region in self.touched_range() {
            let start = start_of(region);
            let dirty = self.table[region].dirty_to - start;
            if self.flags.get(region) != 0 || dirty == 0 {
                continue;
            }
            if kept + dirty <= keep_bytes {
                kept += dirty;
                continue;
            }
            self.table[region].dirty_to = start;
            row = match row {
                Some(row) if row.end == start => Some(row.start..start + REGION_BYTES),
                other => {
                    self.give_back(other);
                    Some(start..start + REGION_BYTES)
                }
            };
        }
        self.give_back(row);
    }

    fn give_back(&self, row: Option<Range<u64>>) {
        if let Some(row) = row {
            // SAFETY: whole regions that are free.
            unsafe { self.cage.release(row.start, row.end - row.start) };
        }
    }

    /// After an evacuation: all that is young is looked at by the next.
    pub(super) fn collect_young_next(&mut self) {
        for region in self.with(YOUNG, 0).collect::<Vec<_>>() {
            self.flags.set(region, self.flags.get(region) | COLLECTED);
        }
    }

    /// The bytes of `[start, top)` of all regions with one of these bits.
    pub(super) fn used(&self, bits: u8) -> u64 {
        self.with(bits, 0).map(|region| self.table[region].top - start_of(region)).sum()
    }

    /// As `used`, without large objects.
    pub(super) fn used_by_small(&self, bits: u8) -> u64 {
        self.with(bits, LARGE).map(|region| self.table[region].top - start_of(region)).sum()
    }

    /// Bytes whose pages may be resident.
    pub(super) fn touched(&self) -> u64 {
        self.touched_range()
            .map(|region| self.table[region].dirty_to.max(self.table[region].top) - start_of(region))
            .sum()
    }

    /// What lies in a region of small objects is old from now on.
    pub(super) fn make_old(&mut self, region: usize) {
        self.young -= usize::from(self.flags.get(region) & YOUNG != 0);
        self.flags.set(region, OLD);
    }

    /// Promotes a large object where it is.
    pub(super) fn promote_large(&self, head: usize) {
        self.each_of_row(head, |region, flags| self.flags.set(region, flags & !(YOUNG | COLLECTED) | OLD));
    }

    /// Where a large object lies.
    pub(super) fn row_of(&self, head: usize) -> Range<u64> {
        let mut end = start_of(head);
        self.each_of_row(head, |region, _| end = self.table[region].top);
        start_of(head)..end
    }

    /// All regions of a large object.
    pub(super) fn each_of_row(&self, head: usize, mut visit: impl FnMut(usize, u8)) {
        let mut region = head;
        loop {
            visit(region, self.flags.get(region));
            region += 1;
            if region >= self.usable.end || self.flags.get(region) & REST == 0 {
                return;
            }
        }
    }
}

impl std::fmt::Debug for Regions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} regions, {} free", self.usable.len(), self.free)
    }
}
