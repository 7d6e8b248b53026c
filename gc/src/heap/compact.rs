//! Full collection: marks everything that is reachable, slides it together, and promotes it all.
//!
//! Objects keep their order and move down, from region to region; only large ones stay. No memory is needed beside the
//! mark bits and a word per 512 bytes of heap (a *block*): once the bits of all the bytes of live objects are set, an
//! object's new place is that of its block plus the live bytes before it in the block, which a population count tells.
//!
//! Invariants: objects that start in one block stay together, so a block has one place; a place is never above the object
//! that comes to it, so sliding in order of address overwrites nothing that is still needed; headers move unchanged.
//!
//! Deliberately absent: when to do this (it is the last resort, and what `System.gc` asks for).

use super::cards::{Cards, Table};
use super::mark::{Bits, Marker};
use super::references::{Discovery, Tracer};
use super::regions::flag::{COLLECTED, LARGE, OLD, REST, YOUNG};
use super::regions::{REGION_SHIFT, Regions, start_of};
use super::roots::RootSet;
use super::shapes::Shapes;
use super::tables::Tables;
use crate::object::layout::layout_of;
use crate::object::{CLASS_OFFSET, OBJECT_ALIGN, ObjRef, REF_SHIFT, ref_kind};

const BLOCK_SHIFT: u32 = 6;

/// Where blocks go.
#[derive(Debug)]
pub(super) struct Places {
    table: Table,
}

impl Places {
    pub(super) fn new(area_end: u64) -> rustix::io::Result<Places> {
        let blocks = area_end >> (BLOCK_SHIFT + REF_SHIFT);
        Ok(Places { table: Table::new((blocks + 1) as usize * 4)? })
    }

    #[inline(always)]
    fn block(&self, obj: u32) -> *mut u32 {
        self.table.start().cast::<u32>().wrapping_add((obj >> BLOCK_SHIFT) as usize)
    }
}

pub(super) struct Compacted {
    pub(super) soft_kept: u64,
    pub(super) enqueued: u64,
    pub(super) pending: u32,
    /// The region where promotion goes on.
    pub(super) last: Option<usize>,
}

struct Compaction<'h> {
    shapes: Shapes,
    regions: &'h mut Regions,
    cards: &'h Cards,
    bits: &'h Bits,
    places: &'h Places,
    /// Regions whose objects move, by number.
    moving: Vec<usize>,
    /// How full the first of them are afterwards.
    tops: Vec<u64>,
}

/// # Safety
/// The world is stopped, buffers are retired, and `roots` reports every reference that will be used again.
pub(super) unsafe fn compact(
    shapes: Shapes,
    regions: &mut Regions,
    tables: &Tables,
    places: &Places,
    roots: &mut dyn RootSet,
    discovery: Discovery,
    poison: bool,
) -> Compacted {
    // Nothing is known about the living from before, and nothing will be.
    let (bits, cards) = (&tables.bits[0], &tables.cards);
    let mut marker = Marker::of_all(shapes, tables, bits, discovery);
    marker.mark(marker.discovery.pending);
    roots.visit_marking(&mut |slot| marker.mark(*slot));
    // SAFETY: the world is stopped.
    unsafe {
        marker.drain();
        marker.process_references();
    }
    roots.unload(&mut |obj| marker.place(obj.raw()).is_some());
    let fields = marker.discovery.special_fields();
    let Discovery { mut pending, soft_kept, enqueued, .. } = marker.discovery;

    let moving: Vec<usize> = regions.with(YOUNG | OLD, LARGE).collect();
    let mut compaction = Compaction { shapes, regions, cards, bits, places, moving, tops: Vec::new() };
    compaction.plan();
    // SAFETY: the world is stopped; marked objects are whole where they were.
    unsafe {
        roots.visit_strong(&mut |slot| compaction.update(slot));
        roots.visit_weak(&mut |obj| compaction.survivor(obj));
        compaction.update(&mut pending);
        compaction.update_objects(fields);
        compaction.slide();
        let last = compaction.settle(poison);
        let end = start_of(compaction.regions.touched_range().end);
        compaction.bits.clear(end);
        // What is left lives.
        roots.forget_unloaded();
        Compacted { soft_kept, enqueued, pending, last }
    }
}

impl Compaction<'_> {
    /// Calls `visit` with each marked object of a region that moves, and with its size in reference units.
    ///
    /// # Safety
    /// The objects are where they were marked, and `visit` leaves those above alone.
    unsafe fn for_marked(&mut self, region: usize, mut visit: impl FnMut(&mut Self, u32, u32)) {
        let first = (start_of(region) >> REF_SHIFT) as u32;
        let end = (self.regions.get(region).top >> REF_SHIFT) as u32;
        let mut at = first;
        while let Some(obj) = self.bits.next(at, end) {
            // SAFETY: a marked object that has not moved.
            let words = unsafe { self.words(obj) };
            assert!(words <= end - obj, "heap corruption: an object of {words} words passes its region");
            visit(self, obj, words);
            at = obj + words;
        }
    }

    /// # Safety
    /// A whole object.
    unsafe fn words(&self, obj: u32) -> u32 {
        let at = ObjRef(obj).ptr(self.shapes.base);
        // SAFETY: the caller's object.
        unsafe {
            let layout = layout_of(self.shapes.meta_base, at.add(CLASS_OFFSET).cast::<u32>().read());
            (self.shapes.object_bytes(at, layout) / OBJECT_ALIGN) as u32
        }
    }

    /// Gives every block with objects its place, and sets the bits of all their bytes.
    fn plan(&mut self) {
        let moving = std::mem::take(&mut self.moving);
        let mut target = 0;
        let mut top = moving.first().map_or(0, |&region| start_of(region));
        for &region in &moving {
            // The group of objects that start in one block: first, and its words.
            let mut group: Option<(u32, u32)> = None;
            let mut close = |this: &mut Self, group: Option<(u32, u32)>| {
                let Some((first, words)) = group else { return };
                let bytes = u64::from(words) << REF_SHIFT;
                if top + bytes > start_of(moving[target] + 1) {
                    this.tops.push(top);
                    target += 1;
                    top = start_of(moving[target]);
                }
                // Bits before the first object in its block are of one that starts in a block before.
                // SAFETY: a word of the bits, and a place of the table.
                unsafe {
                    let before = this.bits.word(first).read() & ((1 << (first & 63)) - 1);
                    let place = ((top >> REF_SHIFT) as u32).wrapping_sub(before.count_ones());
                    this.places.block(first).write(place);
                }
                top += bytes;
            };
            // SAFETY: nothing has moved.
            unsafe {
                self.for_marked(region, |this, obj, words| {
                    match &mut group {
                        Some((first, sum)) if *first >> BLOCK_SHIFT == obj >> BLOCK_SHIFT => *sum += words,
                        before => {
                            close(this, before.take());
                            *before = Some((obj, words));
                        }
                    }
                    this.bits.set_row(obj, obj + words);
                });
            }
            close(self, group);
        }
        self.tops.push(top);
        self.moving = moving;
    }

    /// The new place of a marked object.
    #[inline(always)]
    fn place(&self, obj: u32) -> u32 {
        if self.regions.flags.of(obj) & LARGE != 0 {
            return obj;
        }
        // SAFETY: the block of a marked object has a place.
        unsafe {
            let before = self.bits.word(obj).read() & ((1 << (obj & 63)) - 1);
            self.places.block(obj).read().wrapping_add(before.count_ones())
        }
    }

    #[inline(always)]
    fn update(&self, slot: &mut u32) {
        if *slot != 0 {
            *slot = self.place(*slot);
        }
    }

    fn survivor(&self, obj: ObjRef) -> Option<ObjRef> {
        let known = !obj.is_null() && self.regions.flags.of(obj.raw()) != 0;
        (known && self.bits.is_set(obj.raw())).then(|| ObjRef(self.place(obj.raw())))
    }

    /// Points all slots of all live objects to where their objects go.
    ///
    /// # Safety
    /// The world is stopped and nothing has moved yet.
    unsafe fn update_objects(&mut self, special: Option<[u32; 2]>) {
        let large: Vec<usize> = self.regions.with(LARGE, REST).collect();
        for region in large {
            let obj = (start_of(region) >> REF_SHIFT) as u32;
            if self.bits.is_set(obj) {
                // SAFETY: a large object that lives.
                unsafe { self.update_object(obj, special) };
            }
        }
        for region in self.moving.clone() {
            // SAFETY: nothing has moved.
            unsafe { self.for_marked(region, |this, obj, _| this.update_object(obj, special)) };
        }
    }

    /// # Safety
    /// A live object that has not moved.
    unsafe fn update_object(&self, obj: u32, special: Option<[u32; 2]>) {
        let at = ObjRef(obj).ptr(self.shapes.base);
        // SAFETY: the object's own slots; what they refer to lives.
        unsafe {
            let layout = layout_of(self.shapes.meta_base, at.add(CLASS_OFFSET).cast::<u32>().read());
            self.shapes.for_slots(at, layout, |slot| self.update(&mut *slot));
            if let (true, Some(special)) = (layout.ref_kind != ref_kind::NONE, special) {
                for offset in special {
                    self.update(&mut *at.add(offset as usize).cast::<u32>());
                }
            }
        }
    }

    /// # Safety
    /// All slots are updated.
    unsafe fn slide(&mut self) {
        for region in self.moving.clone() {
            // SAFETY: objects above `obj` have not moved; a place is not above its object.
            unsafe {
                self.for_marked(region, |this, obj, words| {
                    let to = this.place(obj);
                    let bytes = (words as usize) * OBJECT_ALIGN;
                    debug_assert!(to <= obj);
                    if to != obj {
                        let base = this.shapes.base;
                        std::ptr::copy(ObjRef(obj).ptr(base), ObjRef(to).ptr(base), bytes);
                    }
                    let offset = ObjRef(to).offset();
                    this.cards.record(offset, offset + bytes as u64);
                });
            }
        }
    }

    /// Makes regions what they are now: old or free. Gives the one that is not full.
    ///
    /// # Safety
    /// Everything that lives has moved.
    unsafe fn settle(&mut self, poison: bool) -> Option<usize> {
        let large: Vec<usize> = self.regions.with(LARGE, REST).collect();
        for region in large {
            if self.bits.is_set((start_of(region) >> REF_SHIFT) as u32) {
                self.regions.promote_large(region);
            } else {
                // SAFETY: the object is dead.
                unsafe { self.regions.release(region, poison) };
            }
        }
        let mut last = None;
        for (at, region) in self.moving.clone().into_iter().enumerate() {
            let (start, end) = (start_of(region), start_of(region + 1));
            match self.tops.get(at) {
                Some(&top) if top > start => {
                    let it = self.regions.get_mut(region);
                    it.dirty_to = it.dirty_to.max(it.top);
                    if poison && it.top > top {
                        let stale = (it.top - top) as usize;
                        // SAFETY: memory above what lives in this region.
                        unsafe {
                            let at = self.shapes.base.add(top as usize);
                            at.write_bytes(super::regions::POISON, stale);
                        }
                    }
                    (it.top, it.known_to) = (top, start);
                    self.regions.make_old(region);
                    last = Some(region);
                }
                // SAFETY: what lived here has moved down.
                _ => unsafe { self.regions.release(region, poison) },
            }
            // SAFETY: the world is stopped; nothing young is left for a card to tell of.
            unsafe { self.cards.clean(start, end) };
        }
        for region in self.regions.with(OLD, 0).filter(|&r| self.regions.flags.get(r) & LARGE != 0) {
            // SAFETY: as above.
            unsafe { self.cards.clean(start_of(region), start_of(region + 1)) };
        }
        debug_assert!(self.regions.with(COLLECTED, 0).next().is_none());
        last
    }
}

const _: () = assert!(REGION_SHIFT > BLOCK_SHIFT + REF_SHIFT);
