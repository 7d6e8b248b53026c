//! The heap verifier: walks all regions and checks what every other module believes about it.
//!
//! Rules, quoted in the panic that reports a breach (a bug in carafe, never the guest's doing):
//! * *walkable*: objects, fillers and zero words follow each other without a gap up to the top of each region;
//! * *known class*: an object's class word is in the class table and its layout's kind is valid;
//! * *in bounds*: no object passes the top of its region;
//! * *whole mark*: no object is forwarded outside a collection;
//! * *slot*: a reference slot holds null or the start of an object;
//! * *root*: so does every root;
//! * *card*: an old object's slot that refers to a young one lies on a dirty card;
//! * *remembered*: an old object's slot that refers to a region to be evacuated lies on a remembered or dirty card;
//! * *crossing*: the crossing map names the object that lies across a card's first byte.
//!
//! Not checked: that a slot's object has the slot's static type.

use std::ops::Range;
use std::sync::atomic::Ordering;

use super::cards::CARD_BYTES;
use super::mark::Bits;
use super::references::ReferenceOffsets;
use super::regions::flag::{CANDIDATE, LARGE, OLD, YOUNG};
use super::regions::{REGION_SHIFT, Regions};
use super::shapes::Shapes;
use super::tables::Tables;
use crate::metaspace::MAX_CLASSES;
use crate::object::layout::layout_of;
use crate::object::mark::FORWARDED;
use crate::object::{Layout, LayoutKind, OBJECT_ALIGN, ObjRef, ref_kind};

/// What lies at a place of the walk.
pub(super) enum Step {
    Object(ObjRef, u32),
    Filler,
}

/// Walks `[start, top)`; `visit` sees every object with its class word and its size.
///
/// # Safety
/// The range is walkable, the world is stopped, and `visit` neither allocates nor moves objects.
pub(super) unsafe fn walk(shapes: Shapes, range: Range<u64>, mut visit: impl FnMut(ObjRef, u32, u64)) {
    let mut at = range.start;
    while at < range.end {
        // SAFETY: `at` is at an object, a filler or a zero word of a walkable range.
        let (step, bytes) = unsafe { step(shapes, at, range.end) };
        if let Step::Object(obj, class) = step {
            visit(obj, class, bytes);
        }
        at += bytes;
    }
}

/// # Safety
/// As for `walk`.
unsafe fn step(shapes: Shapes, offset: u64, top: u64) -> (Step, u64) {
    let obj = ObjRef::from_offset(offset);
    let at = obj.ptr(shapes.base);
    // SAFETY: a word of the walkable range.
    let header = unsafe { at.cast::<u64>().read() };
    let (mark, class) = (header as u32, (header >> 32) as u32);
    if class == 0 {
        // A zero word is memory whose owner has written no header: it gave up between allocation and first use.
        let bytes = u64::from(mark).max(OBJECT_ALIGN as u64);
        assert!(
            bytes.is_multiple_of(OBJECT_ALIGN as u64) && bytes <= top - offset,
            "heap verifier: walkable: filler of {bytes} bytes at {offset:#x}, top {top:#x}"
        );
        return (Step::Filler, bytes);
    }
    assert!(class < MAX_CLASSES, "heap verifier: known class: header {header:#x} at {offset:#x}");
    assert!(mark & FORWARDED == 0, "heap verifier: whole mark: header {header:#x} at {offset:#x}");
    // SAFETY: the metaspace of a live cage.
    let layout = unsafe { layout_of(shapes.meta_base, class) };
    assert!(
        matches!(
            layout.kind,
            LayoutKind::Instance | LayoutKind::RefArray | LayoutKind::PrimArray | LayoutKind::Mirror
        ),
        "heap verifier: known class: class {class} of {offset:#x} has {layout:?}"
    );
    // SAFETY: an object with this layout.
    let bytes = unsafe { shapes.object_bytes(at, layout) } as u64;
    assert!(
        bytes >= OBJECT_ALIGN as u64 && bytes.is_multiple_of(OBJECT_ALIGN as u64) && bytes <= top - offset,
        "heap verifier: in bounds: {bytes} bytes at {offset:#x}, class {class} {layout:?}, top {top:#x}"
    );
    (Step::Object(obj, class), bytes)
}

/// Which objects are known to be dead, though they lie there still: those of old regions that the last marking knows and
/// has not marked. Nothing that they hold is to be believed.
#[derive(Clone, Copy)]
pub(super) struct Liveness<'h> {
    pub(super) regions: &'h Regions,
    pub(super) bits: &'h Bits,
}

impl Liveness<'_> {
    pub(super) fn is_dead(&self, obj: ObjRef) -> bool {
        let region = self.regions.get((obj.offset() >> REGION_SHIFT) as usize);
        obj.offset() < region.known_to && !self.bits.is_set(obj.raw())
    }
}

/// The starts of all objects that are not known to be dead, one bit per 8 bytes.
pub(super) struct Verifier<'h> {
    shapes: Shapes,
    offsets: Option<ReferenceOffsets>,
    live: Liveness<'h>,
    tables: &'h Tables,
    /// All references to what is to be evacuated are remembered.
    remembered: bool,
    starts: Vec<u64>,
    when: &'static str,
}

impl<'h> Verifier<'h> {
    /// Checks the whole heap.
    ///
    /// # Safety
    /// The world is stopped, all buffers are retired, and `rows` are all parts of the heap with objects, below `end`.
    #[allow(clippy::too_many_arguments, reason = "all that it checks against")]
    pub(super) unsafe fn check(
        shapes: Shapes,
        offsets: Option<ReferenceOffsets>,
        live: Liveness<'h>,
        tables: &'h Tables,
        remembered: bool,
        rows: Vec<Range<u64>>,
        end: u64,
        when: &'static str,
    ) -> Verifier<'h> {
        let bits = (end / OBJECT_ALIGN as u64) as usize;
        let starts = vec![0; bits.div_ceil(64)];
        let mut verifier = Verifier { shapes, offsets, live, tables, remembered, starts, when };
        for row in &rows {
            // SAFETY: walkable by the caller's promise; the closure only sets bits.
            unsafe { walk(shapes, row.clone(), |obj, _, _| verifier.set(obj)) };
        }
        for row in rows {
            verifier.check_crossings(&row);
            // SAFETY: as above; the closure only reads slots.
            unsafe { walk(shapes, row, |obj, class, _| verifier.check_slots(obj, class)) };
        }
        verifier
    }

    /// The crossing map of an old region names the starts of objects or fillers.
    fn check_crossings(&self, row: &Range<u64>) {
        if self.tables.flags.of(ObjRef::from_offset(row.start).raw()) & (OLD | LARGE) != OLD {
            return;
        }
        let mut at = row.start;
        let mut card = row.start / CARD_BYTES;
        while at < row.end {
            // SAFETY: a walkable row of a stopped world.
            let (_, bytes) = unsafe { step(self.shapes, at, row.end) };
            while card * CARD_BYTES < at + bytes {
                let found = self.tables.cards.covering(card);
                assert!(
                    found == at,
                    "heap verifier: crossing: card {card} names {found:#x}, but {at:#x} lies there ({})",
                    self.when
                );
                card += 1;
            }
            at += bytes;
        }
    }

    pub(super) fn check_root(&self, root: u32) {
        assert!(
            self.is_start(root),
            "heap verifier: root: {:#x} starts no object ({})",
            ObjRef(root).offset(),
            self.when
        );
    }

    fn check_slots(&self, obj: ObjRef, class: u32) {
        if self.live.is_dead(obj) {
            return;
        }
        let at = obj.ptr(self.shapes.base);
        // SAFETY: the walk has checked class and size of this object.
        let layout = unsafe { layout_of(self.shapes.meta_base, class) };
        // SAFETY: slots of that object; the closure only reads.
        unsafe {
            self.shapes.for_slots(at, layout, |slot| self.check_slot(obj, layout, slot, slot));
        }
        if layout.ref_kind != ref_kind::NONE {
            let fields =
                self.offsets.expect("heap verifier: Reference objects exist before their offsets are set");
            // Their card is that of the referent.
            let referent = at.wrapping_add(fields.referent as usize).cast();
            for offset in [fields.referent, fields.discovered] {
                self.check_slot(obj, layout, at.wrapping_add(offset as usize).cast(), referent);
            }
        }
    }

    fn check_slot(&self, obj: ObjRef, layout: &Layout, slot: *mut u32, carded: *mut u32) {
        // SAFETY: a slot of an object that the walk has found to be whole.
        let value = unsafe { slot.read() };
        let offset = slot as u64 - obj.ptr(self.shapes.base) as u64;
        assert!(
            value == 0 || self.is_start(value),
            "heap verifier: slot: {obj:?} {layout:?} holds {:#x} at +{offset}, which starts no object ({})",
            ObjRef(value).offset(),
            self.when
        );
        let flags = &self.tables.flags;
        if value == 0 || flags.of(obj.raw()) & OLD == 0 {
            return;
        }
        let card = (carded as u64 - self.shapes.base as u64) / CARD_BYTES;
        let cards = &self.tables.cards;
        let target = ObjRef(value);
        assert!(
            flags.of(value) & YOUNG == 0 || cards.is_dirty(card),
            "heap verifier: card: old {obj:?} {layout:?} refers to young {target:?} at +{offset} from a clean card ({})",
            self.when
        );
        let group = self.tables.groups.of(value);
        let known =
            || cards.is_dirty(card) || cards.remembered.byte(card).load(Ordering::Relaxed) & group != 0;
        assert!(
            !self.remembered || flags.of(value) & CANDIDATE == 0 || known(),
            "heap verifier: remembered: nothing tells that old {obj:?} {layout:?} refers to {target:?} at +{offset}, \
             which is to be evacuated ({})",
            self.when
        );
    }

    fn set(&mut self, obj: ObjRef) {
        if self.live.is_dead(obj) {
            return;
        }
        self.starts[(obj.raw() / 64) as usize] |= 1 << (obj.raw() % 64);
    }

    fn is_start(&self, obj: u32) -> bool {
        self.starts.get((obj / 64) as usize).is_some_and(|word| word & 1 << (obj % 64) != 0)
    }
}
