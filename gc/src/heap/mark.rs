//! Marking: finds everything that is reachable, without moving it.
//!
//! One bit per 8 bytes of heap area says that an object starts there and lives. The work list is a stack of references; an
//! array's slots are looked at a few hundred at a time, so that a wide array does not fill it. The stack has a limit: past
//! it an object is marked, but its region is noted, and the marked objects of noted regions are scanned again later.
//!
//! A [`Marker`] works in a stopped world on everything, or on the old space alone: then what is young is passed over, and
//! the program may run (see `cycle`), which is why slots are read as atomics and References are only collected.
//!
//! A class that may be unloaded is found alive through its instances (`Marker::meet_class`), through what refers to its
//! mirror, or through a root; what it holds is then found through its mirror. So this knows nothing of loaders.
//!
//! Invariant: after [`Marker::drain`], every object that a marked object refers to (weakly held referents, and where the
//! program runs what it stores meanwhile, excepted) is marked.
//!
//! Deliberately absent: what is done about the dead (`compact`, `cycle`).

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::cards::{CARD_BYTES, Table};
use super::evacuate::Row;
use super::references::{Discovery, Tracer};
use super::regions::flag::{OLD, REST, YOUNG};
use super::regions::{REF_REGION_SHIFT, REGION_BYTES, start_of};
use super::shapes::Shapes;
use super::tables::Tables;
use crate::metaspace::ClassId;
use crate::object::layout::{CLASS_MIRROR_OFFSET, layout_of};
use crate::object::{
    ARRAY_DATA_OFFSET, ARRAY_LENGTH_OFFSET, CLASS_OFFSET, HEADER_BYTES, Layout, LayoutKind, OBJECT_ALIGN,
    ObjRef, REF_SHIFT, ref_kind,
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
    fn atomic(&self, obj: u32) -> &AtomicU64 {
        // SAFETY: references are bounded by the area that the table covers: callers have looked their regions up.
        unsafe { AtomicU64::from_ptr(self.word(obj)) }
    }

    #[inline(always)]
    pub(super) fn is_set(&self, obj: u32) -> bool {
        self.atomic(obj).load(Ordering::Relaxed) & 1 << (obj & 63) != 0
    }

    /// Sets a bit, and says whether it was clear. Only one thread sets bits this way, and no other does meanwhile.
    #[inline(always)]
    pub(super) fn set(&self, obj: u32) -> bool {
        let bit = 1 << (obj & 63);
        let word = self.atomic(obj);
        let before = word.load(Ordering::Relaxed);
        word.store(before | bit, Ordering::Relaxed);
        before & bit == 0
    }

    /// Sets a bit while others do.
    pub(super) fn set_shared(&self, obj: u32) {
        self.atomic(obj).fetch_or(1 << (obj & 63), Ordering::Relaxed);
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
    ///
    /// # Safety
    /// Nobody looks at them meanwhile.
    pub(super) unsafe fn clear(&self, end: u64) {
        const CHEAP_BYTES: u64 = 1 << 20;
        let bytes = end.div_ceil(OBJECT_ALIGN as u64 * 64) * 8;
        // SAFETY: the first bytes of the table, which is as long as the heap area asks; the caller keeps others out.
        unsafe {
            if bytes > CHEAP_BYTES {
                self.table.clear();
            } else {
                self.table.start().write_bytes(0, bytes as usize);
            }
        }
    }
}

/// Slots of an array that are looked at in one go.
const SLICE: u32 = 512;
/// This part of what the stack may have are References that wait: each takes half as much as an entry.
const MOST_FOUND_PART: usize = 4;

/// What is left to scan; kept between the steps of a marking that goes on while the program runs.
#[derive(Debug, Default)]
pub(super) struct Work {
    /// A reference, and in the upper half the first slot of an array that is not done.
    stack: Vec<u64>,
    /// Regions with marked objects that found no room on the stack.
    noted: Vec<usize>,
    /// References whose referents wait for the end of the marking.
    found: Vec<u32>,
    /// Regions of such References that found no room there, in order.
    found_in: Vec<usize>,
    /// Bytes of marked objects by region; empty if nobody wants to know.
    pub(super) live: Vec<u64>,
}

impl Work {
    /// Counts what lives in each of so many regions.
    pub(super) fn counting(regions: usize) -> Work {
        Work { live: vec![0; regions], ..Work::default() }
    }

    pub(super) fn is_done(&self) -> bool {
        self.stack.is_empty() && self.noted.is_empty()
    }
}

pub(super) struct Marker<'h> {
    pub(super) shapes: Shapes,
    tables: &'h Tables,
    bits: &'h Bits,
    /// Flags of regions whose objects are marked; others are passed over.
    kinds: u8,
    /// The program runs.
    concurrent: bool,
    limit: usize,
    pub(super) work: Work,
    pub(super) discovery: Discovery,
}

impl<'h> Marker<'h> {
    /// Marks everything, in a stopped world.
    pub(super) fn of_all(
        shapes: Shapes,
        tables: &'h Tables,
        bits: &'h Bits,
        discovery: Discovery,
    ) -> Marker<'h> {
        let limit = tables.stack_limit();
        let work = Work::default();
        Marker { shapes, tables, bits, kinds: YOUNG | OLD, concurrent: false, limit, work, discovery }
    }

    /// Marks the old space, going on with `work`.
    pub(super) fn of_old(
        shapes: Shapes,
        tables: &'h Tables,
        bits: &'h Bits,
        discovery: Discovery,
        work: Work,
        concurrent: bool,
    ) -> Marker<'h> {
        let limit = tables.stack_limit();
        Marker { shapes, tables, bits, kinds: OLD, concurrent, limit, work, discovery }
    }

    /// Marks what a slot refers to.
    #[inline]
    pub(super) fn mark(&mut self, obj: u32) {
        if obj == 0 {
            return;
        }
        let flags = self.tables.flags.of(obj);
        if flags & self.kinds == 0 || flags & REST != 0 {
            if flags & (YOUNG | OLD) == 0 || flags & REST != 0 {
                panic!("heap corruption: a slot holds {:#x}, where no object lies", ObjRef(obj).offset());
            }
            return;
        }
        if self.bits.set(obj) {
            self.push(u64::from(obj));
        }
    }

    /// # Safety
    /// A slot of an object.
    #[inline(always)]
    unsafe fn mark_slot(&mut self, slot: *mut u32) {
        // SAFETY: the caller's slot.
        self.mark(unsafe { AtomicU32::from_ptr(slot) }.load(Ordering::Relaxed));
    }

    #[inline]
    fn push(&mut self, entry: u64) {
        let stack = &mut self.work.stack;
        if stack.len() == stack.capacity() && !self.grow() {
            self.note(entry as u32);
            return;
        }
        self.work.stack.push(entry);
    }

    #[cold]
    fn grow(&mut self) -> bool {
        let stack = &mut self.work.stack;
        let more = stack.capacity().max(1024);
        stack.capacity() + more <= self.limit && stack.try_reserve_exact(more).is_ok()
    }

    #[cold]
    fn note(&mut self, obj: u32) {
        note_in(&mut self.work.noted, obj);
    }

    /// # Safety
    /// The entry names a whole object.
    unsafe fn scan(&mut self, entry: u64) {
        let obj = ObjRef(entry as u32);
        let at = obj.ptr(self.shapes.base);
        let shapes = self.shapes;
        let first = (entry >> 32) as u32;
        // SAFETY: the caller's object and its slots.
        unsafe {
            let class = at.add(CLASS_OFFSET).cast::<u32>().read();
            let layout = layout_of(shapes.meta_base, class);
            if first == 0 {
                self.meet_class(class, layout);
            }
            if first == 0
                && let Some(live) = self.work.live.get_mut((obj.raw() >> REF_REGION_SHIFT) as usize)
            {
                *live += shapes.object_bytes(at, layout) as u64;
            }
            if layout.kind == LayoutKind::RefArray {
                let len = at.add(ARRAY_LENGTH_OFFSET).cast::<u32>().read();
                let end = len.min(first.saturating_add(SLICE));
                if end < len {
                    self.push(u64::from(end) << 32 | u64::from(obj.raw()));
                }
                let data = at.add(ARRAY_DATA_OFFSET).cast::<u32>();
                (first..end).for_each(|i| self.mark_slot(data.add(i as usize)));
                return;
            }
            shapes.for_slots(at, layout, |slot| self.mark_slot(slot));
            self.meet_reference(obj, layout);
        }
    }

    /// An instance keeps its class alive: marks the mirror, if that is not a root anyway.
    ///
    /// # Safety
    /// A class with this layout.
    #[inline(always)]
    unsafe fn meet_class(&mut self, class: u32, layout: &Layout) {
        if layout.unloadable != 0 {
            // SAFETY: the caller's class.
            unsafe { self.mark_mirror(class) };
        }
    }

    /// # Safety
    /// A class that may be unloaded.
    #[cold]
    #[inline(never)]
    unsafe fn mark_mirror(&mut self, class: u32) {
        let record = ClassId(class).record_offset() as usize;
        // SAFETY: the slot of a record in the class table; it is changed only in stopped worlds, and once when the class is
        // made.
        unsafe { self.mark_slot(self.shapes.meta_base.add(record + CLASS_MIRROR_OFFSET).cast()) };
    }

    /// The slots of a Reference that layouts do not name.
    ///
    /// # Safety
    /// A whole object with this layout.
    #[inline(always)]
    unsafe fn meet_reference(&mut self, obj: ObjRef, layout: &Layout) {
        if layout.ref_kind == ref_kind::NONE {
            return;
        }
        // SAFETY: the caller's Reference.
        unsafe {
            if self.concurrent { self.keep_for_later(obj) } else { self.scan_reference(obj, layout.ref_kind) }
        }
    }

    /// While the program runs nothing is decided about a referent.
    ///
    /// # Safety
    /// `obj` is a Reference.
    #[cold]
    unsafe fn keep_for_later(&mut self, obj: ObjRef) {
        let fields = self.discovery.offsets();
        // SAFETY: a slot of the Reference.
        unsafe { self.mark_slot(self.field(obj, fields.discovered)) };
        let found = &mut self.work.found;
        let most = self.limit / MOST_FOUND_PART;
        if found.len() < found.capacity()
            || found.len() < most
                && found.try_reserve_exact(found.len().clamp(256, most - found.len())).is_ok()
        {
            found.push(obj.raw());
        } else {
            note_in(&mut self.work.found_in, obj.raw());
        }
    }

    /// Looks at the References that were kept for later, in a stopped world.
    ///
    /// # Safety
    /// As for `drain`.
    pub(super) unsafe fn decide_found(&mut self) {
        let regions = std::mem::take(&mut self.work.found_in);
        // Each once: one that is on a list already would count as on the program's.
        let mut found = std::mem::take(&mut self.work.found);
        found.sort_unstable();
        found.dedup();
        found.retain(|obj| regions.binary_search(&((obj >> REF_REGION_SHIFT) as usize)).is_err());
        // SAFETY: marked References, which have not moved; and marked objects of old regions.
        unsafe {
            found.into_iter().for_each(|obj| self.decide(obj));
            for region in regions {
                let (first, end) = region_refs(region);
                let mut at = first;
                while let Some(obj) = self.bits.next(at, end) {
                    self.decide(obj);
                    at = obj + 1;
                }
            }
        }
    }

    /// Looks at a marked object, if it is a Reference.
    ///
    /// # Safety
    /// A whole object.
    unsafe fn decide(&mut self, obj: u32) {
        let at = ObjRef(obj).ptr(self.shapes.base);
        // SAFETY: the caller's object.
        unsafe {
            let layout = layout_of(self.shapes.meta_base, at.add(CLASS_OFFSET).cast::<u32>().read());
            if layout.ref_kind != ref_kind::NONE {
                self.scan_reference(ObjRef(obj), layout.ref_kind);
            }
        }
    }

    /// Scans up to so many entries of the work list; true if there is more.
    ///
    /// # Safety
    /// Old objects stay where they are meanwhile.
    pub(super) unsafe fn step(&mut self, budget: usize) -> bool {
        for _ in 0..budget {
            match self.work.stack.pop() {
                // SAFETY: what was marked is a whole object.
                Some(entry) => unsafe { self.scan(entry) },
                None => {
                    let Some(region) = self.work.noted.pop() else { return false };
                    // SAFETY: as above.
                    unsafe { self.scan_region(region) };
                }
            }
        }
        !self.work.is_done()
    }

    /// Scans the marked objects of a region again.
    ///
    /// # Safety
    /// As for `step`.
    unsafe fn scan_region(&mut self, region: usize) {
        let (first, end) = region_refs(region);
        let mut at = first;
        while let Some(obj) = self.bits.next(at, end) {
            // SAFETY: a marked object; scanning it twice does no harm.
            unsafe { self.scan(u64::from(obj)) };
            at = obj + 1;
        }
    }

    /// Scans the slots of marked objects that lie on a card.
    ///
    /// # Safety
    /// As for `step`; the card lies in the row.
    pub(super) unsafe fn scan_card(&mut self, row: &Row, card: u64) {
        let shapes = self.shapes;
        let (low, high) = (card * CARD_BYTES, (card * CARD_BYTES + CARD_BYTES).min(row.top));
        let mut offset = if row.large != 0 { row.large } else { self.tables.cards.covering(card) };
        while offset < high {
            let obj = ObjRef::from_offset(offset);
            let at = obj.ptr(shapes.base);
            // SAFETY: an object or a filler lies here; slots of a whole object.
            unsafe {
                let header = AtomicU64::from_ptr(at.cast()).load(Ordering::Relaxed);
                if header >> 32 == 0 {
                    offset += (header & u64::from(u32::MAX)).max(HEADER_BYTES as u64);
                    continue;
                }
                let layout = layout_of(shapes.meta_base, (header >> 32) as u32);
                if self.bits.is_set(obj.raw()) {
                    let (low_at, high_at) = (shapes.base.add(low as usize), shapes.base.add(high as usize));
                    self.meet_class((header >> 32) as u32, layout);
                    shapes.for_slots_in(at, layout, low_at, high_at, |slot| self.mark_slot(slot));
                    self.meet_reference(obj, layout);
                }
                offset += shapes.object_bytes(at, layout) as u64;
            }
        }
    }

    /// Marks what a young object refers to.
    ///
    /// # Safety
    /// A whole object of a stopped world.
    pub(super) unsafe fn scan_young(&mut self, obj: ObjRef) {
        let at = obj.ptr(self.shapes.base);
        let shapes = self.shapes;
        // SAFETY: the caller's object.
        unsafe {
            let class = at.add(CLASS_OFFSET).cast::<u32>().read();
            let layout = layout_of(shapes.meta_base, class);
            self.meet_class(class, layout);
            shapes.for_slots(at, layout, |slot| self.mark_slot(slot));
            // At the begin nothing is decided, and a young Reference moves before it will be: it is met again then.
            if !self.concurrent {
                self.meet_reference(obj, layout);
            }
        }
    }
}

/// The references that lie in a region.
fn region_refs(region: usize) -> (u32, u32) {
    let first = (start_of(region) >> REF_SHIFT) as u32;
    (first, first + (REGION_BYTES >> REF_SHIFT) as u32)
}

/// Puts an object's region into an ordered list.
#[cold]
fn note_in(regions: &mut Vec<usize>, obj: u32) {
    let region = (obj >> REF_REGION_SHIFT) as usize;
    if let Err(at) = regions.binary_search(&region) {
        regions.insert(at, region);
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
        let flags = self.tables.flags.of(obj);
        // What is not marked here lives as far as this marking knows.
        let known = flags & self.kinds != 0;
        (if known { self.bits.is_set(obj) } else { flags & (YOUNG | OLD) != 0 }).then_some(obj)
    }

    unsafe fn keep(&mut self, obj: u32) -> u32 {
        self.mark(obj);
        obj
    }

    unsafe fn drain(&mut self) {
        // SAFETY: the caller's promise.
        while unsafe { self.step(usize::MAX) } {}
    }

    /// As for an evacuation: a link from an old Reference to a young one is looked for on the referent's card.
    unsafe fn wrote(&mut self, holder: ObjRef, value: u32) {
        let flags = &self.tables.flags;
        if value != 0 && flags.of(holder.raw()) & OLD != 0 && flags.of(value) & YOUNG != 0 {
            let referent = u64::from(self.discovery.offsets().referent);
            self.tables.cards.set_dirty(holder.offset() + referent);
        }
    }
}
