//! Marking: finds everything that is reachable, without moving it.
//!
//! One bit per 8 bytes of heap area says that an object starts there and lives. The work list is a stack of references; an
//! array's slots are looked at a few hundred at a time, so that a wide array does not fill it. The stack has a limit: past
//! it an object is marked, but its region is noted, and the marked objects of noted regions are scanned again later.
//!
//! Invariant: after [`Marker::drain`], every object that a marked object refers to (weakly held referents excepted) is
//! marked.
//!
//! Deliberately absent: what is done about the dead (`compact`).

use super::cards::Table;
use super::references::{Discovery, Tracer};
use super::regions::flag::REST;
use super::regions::{REF_REGION_SHIFT, REGION_BYTES, Regions, start_of};
use super::shapes::Shapes;
use crate::object::layout::layout_of;
use crate::object::{
    ARRAY_DATA_OFFSET, ARRAY_LENGTH_OFFSET, CLASS_OFFSET, LayoutKind, OBJECT_ALIGN, ObjRef, REF_SHIFT, ref_kind,
};

/// Bits of the heap area by reference.
#[derive(Debug)]
pub(super) struct Bits {
    table: Table,
}

impl Bits {
    pub(super) fn new(area_end: u64) -> rustix::io::Result<Bits> {
        Ok(Bits { table: Table::new((area_end.div_ceil(OBJECT_ALIGN as u64 * 64) * 8) as usize)? })
    }

    /// The word with the bit of a reference.
    #[inline(always)]
    pub(super) fn word(&self, obj: u32) -> *mut u64 {
        self.table.start().cast::<u64>().wrapping_add((obj >> 6) as usize)
    }

    #[inline(always)]
    pub(super) fn is_set(&self, obj: u32) -> bool {
        // SAFETY: references are bounded by the area that the table covers: callers have looked their regions up.
        unsafe { self.word(obj).read() & 1 << (obj & 63) != 0 }
    }

    /// Sets a bit, and says whether it was clear.
    #[inline(always)]
    pub(super) fn set(&self, obj: u32) -> bool {
        let bit = 1 << (obj & 63);
        // SAFETY: as for `is_set`; the world is stopped and one thread marks.
        unsafe {
            let word = self.word(obj);
            let before = word.read();
            word.write(before | bit);
            before & bit == 0
        }
    }

    /// Sets the bits of `[first, end)`.
    pub(super) fn set_row(&self, first: u32, end: u32) {
        let (mut at, last) = (first, end);
        while at < last {
            let count = (64 - (at & 63)).min(last - at);
            let bits = if count == 64 { u64::MAX } else { ((1_u64 << count) - 1) << (at & 63) };
            // SAFETY: as for `set`.
            unsafe { *self.word(at) |= bits };
            at += count;
        }
    }

    /// The first set bit in `[from, end)`.
    #[inline]
    pub(super) fn next(&self, from: u32, end: u32) -> Option<u32> {
        if from >= end {
            return None;
        }
        let mut at = from & !63;
        // SAFETY: as for `is_set`.
        let mut word = unsafe { self.word(from).read() } & (u64::MAX << (from & 63));
        loop {
            if word != 0 {
                let found = at + word.trailing_zeros();
                return (found < end).then_some(found);
            }
            at += 64;
            if at >= end {
                return None;
            }
            // SAFETY: as for `is_set`.
            word = unsafe { self.word(at).read() };
        }
    }

    /// Clears the bits of the heap area up to `end`.
    pub(super) fn clear(&mut self, end: u64) {
        const CHEAP_BYTES: u64 = 1 << 20;
        let bytes = end.div_ceil(OBJECT_ALIGN as u64 * 64) * 8;
        if bytes > CHEAP_BYTES {
            self.table.clear();
        } else {
            // SAFETY: the first bytes of the table, which is as long as the heap area asks; `&mut self` keeps others out.
            unsafe { self.table.start().write_bytes(0, bytes as usize) };
        }
    }
}

/// Slots of an array that are looked at in one go.
const SLICE: u32 = 512;

pub(super) struct Marker<'h> {
    pub(super) shapes: Shapes,
    regions: &'h Regions,
    bits: &'h Bits,
    /// A reference, and in the upper half the first slot of an array that is not done.
    stack: Vec<u64>,
    limit: usize,
    /// Regions with marked objects that found no room on the stack.
    noted: Vec<usize>,
    pub(super) discovery: Discovery,
}

impl<'h> Marker<'h> {
    pub(super) fn new(
        shapes: Shapes,
        regions: &'h Regions,
        bits: &'h Bits,
        discovery: Discovery,
        limit: usize,
    ) -> Marker<'h> {
        Marker { shapes, regions, bits, stack: Vec::new(), limit, noted: Vec::new(), discovery }
    }

    /// Marks what a root slot refers to.
    #[inline]
    pub(super) fn mark(&mut self, obj: u32) {
        if obj == 0 {
            return;
        }
        let flags = self.regions.flags.of(obj);
        if flags == 0 || flags & REST != 0 {
            panic!("heap corruption: a slot holds {:#x}, where no object lies", ObjRef(obj).offset());
        }
        if self.bits.set(obj) {
            self.push(u64::from(obj));
        }
    }

    #[inline]
    fn push(&mut self, entry: u64) {
        if self.stack.len() == self.stack.capacity() && !self.grow() {
            self.note(entry as u32);
            return;
        }
        self.stack.push(entry);
    }

    #[cold]
    fn grow(&mut self) -> bool {
        let more = self.stack.capacity().max(1024);
        self.stack.capacity() + more <= self.limit && self.stack.try_reserve_exact(more).is_ok()
    }

    #[cold]
    fn note(&mut self, obj: u32) {
        let region = (obj >> REF_REGION_SHIFT) as usize;
        if let Err(at) = self.noted.binary_search(&region) {
            self.noted.insert(at, region);
        }
    }

    /// # Safety
    /// The entry names a whole object.
    unsafe fn scan(&mut self, entry: u64) {
        let obj = ObjRef(entry as u32);
        let at = obj.ptr(self.shapes.base);
        let shapes = self.shapes;
        // SAFETY: the caller's object and its slots.
        unsafe {
            let layout = layout_of(shapes.meta_base, at.add(CLASS_OFFSET).cast::<u32>().read());
            if layout.kind == LayoutKind::RefArray {
                let first = (entry >> 32) as u32;
                let len = at.add(ARRAY_LENGTH_OFFSET).cast::<u32>().read();
                let end = len.min(first.saturating_add(SLICE));
                if end < len {
                    self.push(u64::from(end) << 32 | u64::from(obj.raw()));
                }
                let data = at.add(ARRAY_DATA_OFFSET).cast::<u32>();
                (first..end).for_each(|i| self.mark(data.add(i as usize).read()));
                return;
            }
            shapes.for_slots(at, layout, |slot| self.mark(slot.read()));
            if layout.ref_kind != ref_kind::NONE {
                self.scan_reference(obj, layout.ref_kind);
            }
        }
    }

    /// # Safety
    /// The world is stopped.
    unsafe fn empty_stack(&mut self) {
        while let Some(entry) = self.stack.pop() {
            // SAFETY: what was marked is a whole object.
            unsafe { self.scan(entry) };
        }
    }
}

impl Tracer for Marker<'_> {
    fn base(&self) -> *mut u8 {
        self.shapes.base
    }

    fn discovery(&mut self) -> &mut Discovery {
        &mut self.discovery
    }

    fn place(&self, obj: u32) -> Option<u32> {
        let flags = self.regions.flags.of(obj);
        (flags != 0 && self.bits.is_set(obj)).then_some(obj)
    }

    unsafe fn keep(&mut self, obj: u32) -> u32 {
        self.mark(obj);
        obj
    }

    unsafe fn drain(&mut self) {
        // SAFETY: the caller's promise.
        unsafe { self.empty_stack() };
        while let Some(region) = self.noted.pop() {
            let first = (start_of(region) >> REF_SHIFT) as u32;
            let end = first + (REGION_BYTES >> REF_SHIFT) as u32;
            let mut at = first;
            while let Some(obj) = self.bits.next(at, end) {
                // SAFETY: a marked object; scanning it twice does no harm.
                unsafe {
                    self.scan(u64::from(obj));
                    self.empty_stack();
                }
                at = obj + 1;
            }
        }
    }

    unsafe fn wrote(&mut self, _: ObjRef, _: u32) {}
}
