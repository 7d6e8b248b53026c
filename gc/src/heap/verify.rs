//! The heap verifier: walks the live space and checks what every other module believes about it.
//!
//! Rules, quoted in the panic that reports a breach (a bug in carafe, never the guest's doing):
//! * *walkable*: objects, fillers and zero words follow each other without a gap up to the top of the space;
//! * *known class*: an object's class word is in the class table and its layout's kind is valid;
//! * *in bounds*: no object passes the top of the space;
//! * *whole mark*: no object is forwarded outside a collection;
//! * *slot*: a reference slot holds null or the start of an object in the live space;
//! * *root*: so does every root.
//!
//! Not checked: that a slot's object has the slot's static type.

use std::ops::Range;

use super::evacuate::Shapes;
use super::references::ReferenceOffsets;
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

/// The starts of all objects in the live space, one bit per 8 bytes.
pub(super) struct Verifier {
    shapes: Shapes,
    offsets: Option<ReferenceOffsets>,
    range: Range<u64>,
    starts: Vec<u64>,
    when: &'static str,
}

impl Verifier {
    /// Checks the whole space.
    ///
    /// # Safety
    /// The world is stopped, all buffers are retired, and `range` is the live space up to its top.
    pub(super) unsafe fn check(
        shapes: Shapes,
        offsets: Option<ReferenceOffsets>,
        range: Range<u64>,
        when: &'static str,
    ) -> Verifier {
        let bits = ((range.end - range.start) / OBJECT_ALIGN as u64) as usize;
        let mut verifier =
            Verifier { shapes, offsets, range: range.clone(), starts: vec![0; bits.div_ceil(64)], when };
        // SAFETY: walkable by the caller's promise; the closure only sets bits.
        unsafe { walk(shapes, range.clone(), |obj, _, _| verifier.set(obj)) };
        // SAFETY: as above; the closure only reads slots.
        unsafe { walk(shapes, range, |obj, class, _| verifier.check_slots(obj, class)) };
        verifier
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
        let at = obj.ptr(self.shapes.base);
        // SAFETY: the walk has checked class and size of this object.
        let layout = unsafe { layout_of(self.shapes.meta_base, class) };
        // SAFETY: slots of that object; the closure only reads.
        unsafe {
            self.shapes.for_slots(at, layout, |slot| self.check_slot(obj, layout, slot));
        }
        if layout.ref_kind != ref_kind::NONE {
            let fields =
                self.offsets.expect("heap verifier: Reference objects exist before their offsets are set");
            for offset in [fields.referent, fields.discovered] {
                self.check_slot(obj, layout, at.wrapping_add(offset as usize).cast());
            }
        }
    }

    fn check_slot(&self, obj: ObjRef, layout: &Layout, slot: *mut u32) {
        // SAFETY: a slot of an object that the walk has found to be whole.
        let value = unsafe { slot.read() };
        assert!(
            value == 0 || self.is_start(value),
            "heap verifier: slot: {obj:?} {layout:?} holds {:#x} at +{}, which starts no object ({})",
            ObjRef(value).offset(),
            slot as u64 - obj.ptr(self.shapes.base) as u64,
            self.when
        );
    }

    fn set(&mut self, obj: ObjRef) {
        let bit = (obj.offset() - self.range.start) / OBJECT_ALIGN as u64;
        self.starts[(bit / 64) as usize] |= 1 << (bit % 64);
    }

    fn is_start(&self, obj: u32) -> bool {
        let offset = ObjRef(obj).offset();
        if !self.range.contains(&offset) {
            return false;
        }
        let bit = (offset - self.range.start) / OBJECT_ALIGN as u64;
        self.starts[(bit / 64) as usize] & 1 << (bit % 64) != 0
    }
}
