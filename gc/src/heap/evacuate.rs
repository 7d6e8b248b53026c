//! Evacuation: copies what is reachable into the other space, breadth first, without recursion.
//!
//! Invariants while an [`Evacuator`] lives (the world is stopped):
//! * an object of the old space is either whole, or *forwarded*: its mark says so, its class word holds the copy;
//! * copies below `scan` hold only references to copies (or null); copies between `scan` and `top` still hold old
//!   ones. The space itself is the work list, so a list of a million nodes needs no stack;
//! * copying never grows an object, so the survivors of a full space fit the other one.
//!
//! Deliberately absent: when to collect, which roots, and java.lang.ref (see `references`).

use std::ptr;

use super::references::Discovery;
use crate::object::layout::layout_of;
use crate::object::mark::{FORWARDED, aged};
use crate::object::{
    ARRAY_DATA_OFFSET, ARRAY_LENGTH_OFFSET, CLASS_OFFSET, Layout, LayoutKind, MARK_OFFSET, ObjRef, REF_SHIFT,
    RefRun, array_bytes, ref_kind,
};

/// How to find an object's size and slots.
#[derive(Clone, Copy)]
pub(super) struct Shapes {
    pub(super) base: *mut u8,
    pub(super) meta_base: *mut u8,
    /// Byte offset of the hidden class-id field of a mirror, 0 until known.
    pub(super) mirror_class_offset: u32,
}

impl Shapes {
    /// The layout of the class that a mirror at `at` mirrors; none for a primitive type's.
    ///
    /// # Safety
    /// `at` is an object of layout kind `Mirror`.
    #[inline]
    pub(super) unsafe fn mirrored<'a>(&self, at: *const u8) -> Option<&'a Layout> {
        assert!(self.mirror_class_offset != 0, "mirrors exist before their class-id offset is set");
        // SAFETY: the field lies in the instance part of every mirror.
        let class = unsafe { at.add(self.mirror_class_offset as usize).cast::<u32>().read() };
        // SAFETY: the metaspace of a live cage.
        (class != 0).then(|| unsafe { layout_of(self.meta_base, class) })
    }

    /// Bytes of the object at `at`, whose class has this layout.
    ///
    /// # Safety
    /// `at` is a whole object with that layout.
    #[inline(always)]
    pub(super) unsafe fn object_bytes(&self, at: *const u8, layout: &Layout) -> usize {
        match layout.kind {
            LayoutKind::Instance => layout.instance_bytes as usize,
            LayoutKind::RefArray | LayoutKind::PrimArray => {
                // SAFETY: arrays have a length word.
                let len = unsafe { at.add(ARRAY_LENGTH_OFFSET).cast::<u32>().read() };
                array_bytes(layout.elem_shift, len)
            }
            LayoutKind::Mirror => {
                // SAFETY: a mirror, by its layout.
                let mirrored = unsafe { self.mirrored(at) };
                mirrored.map_or(layout.instance_bytes, |m| m.mirror_size(layout)) as usize
            }
            _ => unknown_layout(at, layout),
        }
    }

    /// Calls `visit` with the address of every reference slot, but for `referent` and `discovered`.
    ///
    /// # Safety
    /// `at` is a whole object with that layout; `visit` gets valid slots and must not move the object.
    #[inline(always)]
    pub(super) unsafe fn for_slots(&self, at: *mut u8, layout: &Layout, mut visit: impl FnMut(*mut u32)) {
        match layout.kind {
            LayoutKind::Instance => {
                // SAFETY: the layout's runs lie in the object.
                unsafe { self.for_runs(at, layout.ref_runs, &mut visit) }
            }
            LayoutKind::RefArray => {
                // SAFETY: `len` slots follow the array header.
                unsafe {
                    let len = at.add(ARRAY_LENGTH_OFFSET).cast::<u32>().read() as usize;
                    let data = at.add(ARRAY_DATA_OFFSET).cast::<u32>();
                    (0..len).for_each(|i| visit(data.add(i)));
                }
            }
            LayoutKind::PrimArray => {}
            LayoutKind::Mirror => {
                // SAFETY: runs of the instance part and of the mirrored class's statics lie in the mirror.
                unsafe {
                    self.for_runs(at, layout.ref_runs, &mut visit);
                    if let Some(mirrored) = self.mirrored(at) {
                        self.for_runs(at, mirrored.static_runs, &mut visit);
                    }
                }
            }
            _ => unknown_layout(at, layout),
        }
    }

    /// # Safety
    /// The runs are of the object at `at`.
    #[inline(always)]
    unsafe fn for_runs(
        &self,
        at: *mut u8,
        runs: crate::metaspace::MetaSlice<RefRun>,
        visit: &mut impl FnMut(*mut u32),
    ) {
        // SAFETY: layouts hold slices that lie in metaspace.
        let first = unsafe { self.meta_base.add(runs.offset() as usize) }.cast::<RefRun>();
        for i in 0..runs.len() {
            // SAFETY: run `i` of the slice, and slots that it names in the object.
            unsafe {
                let run = &*first.add(i);
                let slots = at.add(run.offset as usize).cast::<u32>();
                (0..run.count as usize).for_each(|i| visit(slots.add(i)));
            }
        }
    }
}

#[cold]
#[inline(never)]
fn unknown_layout(at: *const u8, layout: &Layout) -> ! {
    // SAFETY: any place in the live space is readable.
    let header = unsafe { at.cast::<u64>().read() };
    panic!("heap corruption: no such layout {layout:?} for the object at {at:p} with header {header:#x}");
}

pub(super) struct Evacuator {
    pub(super) shapes: Shapes,
    /// The old space in reference units: first, and how many.
    from_first: u32,
    from_count: u32,
    to_start: u64,
    to_end: u64,
    /// Byte offsets from the base.
    scan: u64,
    top: u64,
    pub(super) discovery: Discovery,
}

impl Evacuator {
    /// `from` and `to` are byte offsets; `to` is empty and as large as `from`.
    pub(super) fn new(
        shapes: Shapes,
        from: std::ops::Range<u64>,
        to: std::ops::Range<u64>,
        discovery: Discovery,
    ) -> Evacuator {
        Evacuator {
            shapes,
            from_first: (from.start >> REF_SHIFT) as u32,
            from_count: ((from.end - from.start) >> REF_SHIFT) as u32,
            to_start: to.start,
            to_end: to.end,
            scan: to.start,
            top: to.start,
            discovery,
        }
    }

    /// Where the copies end.
    pub(super) fn top(&self) -> u64 {
        self.top
    }

    #[inline(always)]
    pub(super) fn ptr(&self, obj: u32) -> *mut u8 {
        ObjRef(obj).ptr(self.shapes.base)
    }

    /// Points a slot to its object's copy, making the copy if there is none yet.
    ///
    /// # Safety
    /// The slot holds null or a reference to an object of either space.
    #[inline(always)]
    pub(super) unsafe fn forward_slot(&mut self, slot: *mut u32) {
        // SAFETY: the caller's slot and reference.
        unsafe {
            let old = slot.read();
            if old != 0 {
                slot.write(self.forward(old));
            }
        }
    }

    /// The copy of a non-null object.
    ///
    /// # Safety
    /// `old` refers to an object of either space.
    #[inline(always)]
    pub(super) unsafe fn forward(&mut self, old: u32) -> u32 {
        if old.wrapping_sub(self.from_first) >= self.from_count {
            return self.already_moved(old);
        }
        let at = self.ptr(old);
        // SAFETY: the header of an object of the old space.
        let header = unsafe { at.cast::<u64>().read() };
        if header as u32 & FORWARDED != 0 {
            return (header >> 32) as u32;
        }
        // SAFETY: a whole object: it is not forwarded.
        unsafe { self.copy(at, header) }
    }

    /// A slot seen twice holds the copy already; anything else is a stale or wild reference.
    #[inline]
    fn already_moved(&self, obj: u32) -> u32 {
        let offset = ObjRef(obj).offset();
        assert!(
            (self.to_start..self.top).contains(&offset),
            "heap corruption: a slot holds {offset:#x}, which is in neither space"
        );
        obj
    }

    /// The copy of an object if it has one: it is reachable as far as is known.
    #[inline(always)]
    pub(super) fn survivor(&self, obj: u32) -> Option<u32> {
        if obj.wrapping_sub(self.from_first) >= self.from_count {
            return Some(self.already_moved(obj));
        }
        // SAFETY: the header of an object of the old space.
        let header = unsafe { self.ptr(obj).cast::<u64>().read() };
        (header as u32 & FORWARDED != 0).then_some((header >> 32) as u32)
    }

    /// # Safety
    /// `at` is a whole object of the old space with this header.
    unsafe fn copy(&mut self, at: *mut u8, header: u64) -> u32 {
        // SAFETY: the metaspace of a live cage.
        let layout = unsafe { layout_of(self.shapes.meta_base, (header >> 32) as u32) };
        // SAFETY: a whole object, by the caller.
        let bytes = unsafe { self.shapes.object_bytes(at, layout) };
        let offset = self.top;
        assert!(bytes as u64 <= self.to_end - offset, "heap corruption: survivors outgrow the space");
        let copy = ObjRef::from_offset(offset);
        let to = copy.ptr(self.shapes.base);
        // SAFETY: the object's bytes, into as many free bytes of the new space (checked above); then the mark words of
        // the copy and of the old object.
        unsafe {
            copy_object(at, to, bytes);
            to.add(MARK_OFFSET).cast::<u32>().write(aged(header as u32));
            at.add(MARK_OFFSET).cast::<u32>().write(header as u32 | FORWARDED);
            at.add(CLASS_OFFSET).cast::<u32>().write(copy.raw());
        }
        self.top = offset + bytes as u64;
        copy.raw()
    }

    /// Scans copies until none holds an old reference.
    ///
    /// # Safety
    /// All slots of all copies hold null or references to objects of either space.
    pub(super) unsafe fn drain(&mut self) {
        while self.scan < self.top {
            let obj = ObjRef::from_offset(self.scan);
            // SAFETY: a copy, whole by construction.
            let bytes = unsafe { self.scan_copy(obj) };
            self.scan += bytes as u64;
        }
    }

    /// # Safety
    /// As for `drain`; `obj` is a copy.
    #[inline(always)]
    unsafe fn scan_copy(&mut self, obj: ObjRef) -> usize {
        let at = obj.ptr(self.shapes.base);
        let shapes = self.shapes;
        // SAFETY: a copy is whole, so its class word selects its layout, and its slots are its own.
        unsafe {
            let layout = layout_of(shapes.meta_base, at.add(CLASS_OFFSET).cast::<u32>().read());
            let bytes = shapes.object_bytes(at, layout);
            shapes.for_slots(at, layout, |slot| self.forward_slot(slot));
            if layout.ref_kind != ref_kind::NONE {
                self.scan_reference(obj, layout.ref_kind);
            }
            bytes
        }
    }
}

/// Most objects are a few words, where a call to memcpy costs more than the copy.
///
/// # Safety
/// Two disjoint ranges of `bytes`, a multiple of 8, both aligned to 8.
#[inline(always)]
unsafe fn copy_object(from: *const u8, to: *mut u8, bytes: usize) {
    if bytes <= 64 {
        let (from, to) = (from.cast::<u64>(), to.cast::<u64>());
        for i in 0..bytes / 8 {
            // SAFETY: word `i` of the caller's ranges.
            unsafe { to.add(i).write(from.add(i).read()) };
        }
    } else {
        // SAFETY: the caller's ranges.
        unsafe { ptr::copy_nonoverlapping(from, to, bytes) };
    }
}
