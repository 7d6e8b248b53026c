//! Sizes and slots of objects, as all passes over the heap find them.
//!
//! Invariant: metaspace is trusted; an object whose layout has no known kind is a corruption of the heap, and a panic.

use crate::object::layout::layout_of;
use crate::object::{
    ARRAY_DATA_OFFSET, ARRAY_LENGTH_OFFSET, Layout, LayoutKind, REF_BYTES, RefRun, array_bytes,
};

/// How to find an object's size and slots.
#[derive(Clone, Copy)]
pub(super) struct Shapes {
    pub(super) base: *mut u8,
    pub(super) meta_base: *mut u8,
    /// Byte offset of the hidden class-id field of a mirror, 0 until known.
    pub(super) mirror_class_offset: u32,
}

// SAFETY: addresses of a cage, which outlives all that the heap's threads do; accesses are their users' business.
unsafe impl Send for Shapes {}

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

    /// As [`Shapes::for_slots`], for those slots that lie at addresses in `[low, high)`.
    ///
    /// # Safety
    /// As for `for_slots`.
    pub(super) unsafe fn for_slots_in(
        &self,
        at: *mut u8,
        layout: &Layout,
        low: *mut u8,
        high: *mut u8,
        mut visit: impl FnMut(*mut u32),
    ) {
        if layout.kind == LayoutKind::RefArray {
            // SAFETY: `len` slots follow the array header; only such are formed.
            unsafe {
                let len = at.add(ARRAY_LENGTH_OFFSET).cast::<u32>().read() as usize;
                let data = at.add(ARRAY_DATA_OFFSET);
                let first = (low as usize).saturating_sub(data as usize).div_ceil(REF_BYTES).min(len);
                let end = (high as usize).saturating_sub(data as usize).div_ceil(REF_BYTES).min(len);
                (first..end).for_each(|i| visit(data.cast::<u32>().add(i)));
            }
            return;
        }
        let within = |slot: *mut u32| (low..high).contains(&slot.cast::<u8>());
        // SAFETY: the caller's object.
        unsafe {
            self.for_slots(at, layout, |slot| {
                if within(slot) {
                    visit(slot)
                }
            })
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
