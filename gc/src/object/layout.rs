//! The layout descriptor at the head of every class record: all that the collector knows about a class.
//!
//! Invariant: a layout is complete before the first object of its class is allocated, and never changes afterwards;
//! for a mirror, the hidden class-id field is written before the next safepoint, because the object's size follows
//! from it.
//!
//! `java.lang.Class` objects (*mirrors*) carry the static fields of the class that they mirror behind their own
//! instance fields. So a mirror has the instance part of `Class`'s layout, and the size and static reference runs that
//! the layout of the *mirrored* class tells (`mirror_bytes`, `static_runs`). The mirror of a primitive type mirrors
//! class 0 and is just an instance.
//!
//! A class that may be unloaded lives as long as its mirror, and its instances keep the mirror alive without naming it in a
//! slot: marking finds it through the record ([`Layout::unloadable`], [`CLASS_MIRROR_OFFSET`]).
//!
//! `java.lang.ref.Reference` objects leave `referent` and `discovered` out of `ref_runs` and say their strength in
//! `ref_kind`.

use crate::metaspace::{CLASS_RECORD_BYTES, ClassId, MAX_CLASSES, MetaSlice, Plain};

/// How an object of the class is built.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct LayoutKind(pub u8);

#[allow(non_upper_case_globals, reason = "they read as variants; an enum would not be Plain")]
impl LayoutKind {
    /// An unused class record: no object has it.
    pub const None: LayoutKind = LayoutKind(0);
    pub const Instance: LayoutKind = LayoutKind(1);
    pub const RefArray: LayoutKind = LayoutKind(2);
    pub const PrimArray: LayoutKind = LayoutKind(3);
    /// `java.lang.Class` itself.
    pub const Mirror: LayoutKind = LayoutKind(4);
}

// SAFETY: a transparent u8; an unknown kind is a panic in the collector, not a bad value.
unsafe impl Plain for LayoutKind {}

/// Values of [`Layout::ref_kind`].
pub mod ref_kind {
    pub const NONE: u8 = 0;
    pub const SOFT: u8 = 1;
    pub const WEAK: u8 = 2;
    pub const FINAL: u8 = 3;
    pub const PHANTOM: u8 = 4;
}

/// A run of reference slots: byte offset from the object's start, and how many slots of 4 bytes.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct RefRun {
    pub offset: u32,
    pub count: u32,
}

// SAFETY: two u32.
unsafe impl Plain for RefRun {}

/// Where in a class's record the reference to its mirror lies: right behind the layout. For classes that may be unloaded the
/// collector reads it; whoever owns the records reports it as a root.
pub const CLASS_MIRROR_OFFSET: usize = size_of::<Layout>();

/// The first field of every class record.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Layout {
    pub kind: LayoutKind,
    /// Arrays: log2 of the element's bytes.
    pub elem_shift: u8,
    /// See [`ref_kind`].
    pub ref_kind: u8,
    /// 1: the class may be unloaded, so whoever marks an instance marks the class's mirror too.
    pub unloadable: u8,
    /// Instances and mirrors: bytes with header, a multiple of 8.
    pub instance_bytes: u32,
    /// Instances and mirrors: slots of the instance part, inherited ones included.
    pub ref_runs: MetaSlice<RefRun>,
    /// Bytes of the whole mirror *of this class*, a multiple of 8; 0 if it has no static fields.
    pub mirror_bytes: u32,
    pub reserved2: u32,
    /// Slots of this class's static fields in its mirror.
    pub static_runs: MetaSlice<RefRun>,
}

// SAFETY: plain values in a repr(C) struct without padding (asserted below).
unsafe impl Plain for Layout {}

const _: () = assert!(size_of::<Layout>() == 32 && align_of::<Layout>() == 4);

impl Layout {
    pub const fn instance(instance_bytes: u32, ref_runs: MetaSlice<RefRun>) -> Layout {
        let mut layout = Layout::NONE;
        layout.kind = LayoutKind::Instance;
        layout.instance_bytes = instance_bytes;
        layout.ref_runs = ref_runs;
        layout
    }

    pub const fn ref_array() -> Layout {
        let mut layout = Layout::NONE;
        layout.kind = LayoutKind::RefArray;
        layout.elem_shift = super::REF_BYTES_SHIFT;
        layout
    }

    pub const fn prim_array(elem_shift: u8) -> Layout {
        let mut layout = Layout::NONE;
        layout.kind = LayoutKind::PrimArray;
        layout.elem_shift = elem_shift;
        layout
    }

    pub const NONE: Layout = Layout {
        kind: LayoutKind::None,
        elem_shift: 0,
        ref_kind: ref_kind::NONE,
        unloadable: 0,
        instance_bytes: 0,
        ref_runs: MetaSlice::EMPTY,
        mirror_bytes: 0,
        reserved2: 0,
        static_runs: MetaSlice::EMPTY,
    };

    pub const fn is_array(&self) -> bool {
        matches!(self.kind, LayoutKind::RefArray | LayoutKind::PrimArray)
    }

    /// Bytes of the mirror of the class that `self` is the layout of, given the layout of `java.lang.Class`.
    pub const fn mirror_size(&self, class_layout: &Layout) -> u32 {
        if self.mirror_bytes > class_layout.instance_bytes {
            self.mirror_bytes
        } else {
            class_layout.instance_bytes
        }
    }
}

/// The layout in the record of `class`, given the metaspace base.
///
/// # Safety
/// `meta_base` is the metaspace base of a live cage.
#[inline(always)]
pub(crate) unsafe fn layout_of<'a>(meta_base: *const u8, class: u32) -> &'a Layout {
    let record = (class & (MAX_CLASSES - 1)) as usize * CLASS_RECORD_BYTES;
    debug_assert!(record == ClassId(class).record_offset() as usize);
    // SAFETY: the masked index selects a record inside the always mapped class table; any bits are a valid Layout, and
    // published layouts do not change.
    unsafe { &*meta_base.add(record).cast::<Layout>() }
}
