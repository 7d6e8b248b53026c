//! The object model: reference, header, array header, and the layout descriptor the collector reads.
//!
//! ```text
//! +0  mark   u32   bits 0-1 lock state, 2-5 age, 6 forwarded, 7-31 identity hash
//! +4  class  u32   ClassId (index into the class table)
//! +8  fields of an instance, or the length u32 of an array
//! +12 array elements of up to 4 bytes; elements of 8 bytes start at +16
//! ```
//!
//! Invariants: objects start at multiples of 8 and take a multiple of 8 bytes; reference slots are 4 bytes, aligned to
//! 4; a class word of 0 outside a running collection marks a *filler* (see below), never an object.
//!
//! The mark word, low bits first:
//! * lock: 0 unlocked, 1 fast-locked (the owner's lock stack names the object), 2 inflated (a side table has it);
//! * age: collections survived, up to 15; only the collector writes it;
//! * forwarded: set only while the world is stopped in a collection: the object has moved, and its class word holds
//!   the [`ObjRef`] of the copy;
//! * hash: 25 bits, 0 for "not computed yet". It stays in place whatever the lock state is.
//!
//! A filler keeps the space walkable where a thread-local buffer was given up: class word 0, mark word its length in
//! bytes (a multiple of 8, at least 8).
//!
//! Deliberately absent: fields, vtables and all else a class knows. This module knows shapes.

pub mod access;
pub mod layout;
pub mod mark;

pub use access::*;
pub use layout::{Layout, LayoutKind, RefRun, ref_kind};

use crate::metaspace::{ClassId, Plain};

pub const MARK_OFFSET: usize = 0;
pub const CLASS_OFFSET: usize = 4;
/// Where the fields of an instance start.
pub const HEADER_BYTES: usize = 8;
pub const ARRAY_LENGTH_OFFSET: usize = 8;
/// Where the elements of an array start, if they take 1, 2 or 4 bytes.
pub const ARRAY_DATA_OFFSET: usize = 12;
/// Where the elements of an array start, if they take 8 bytes.
pub const ARRAY_DATA_OFFSET_WIDE: usize = 16;
pub const OBJECT_ALIGN: usize = 8;
/// A reference is an offset in units of `1 << REF_SHIFT` bytes.
pub const REF_SHIFT: u32 = 3;
/// Bytes and log2 bytes of a reference slot.
pub const REF_BYTES: usize = 4;
pub const REF_BYTES_SHIFT: u8 = 2;

/// A reference to an object, or null: its offset from the cage's base in 8-byte units.
///
/// It is only a number: it goes stale at the next collection. What must survive one lives in a handle
/// ([`Local`](crate::refs::Local), [`Global`](crate::refs::Global)) or in a slot that a root visitor reports.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ObjRef(pub u32);

impl ObjRef {
    pub const NULL: ObjRef = ObjRef(0);

    #[inline(always)]
    pub const fn from_raw(raw: u32) -> ObjRef {
        ObjRef(raw)
    }

    #[inline(always)]
    pub const fn raw(self) -> u32 {
        self.0
    }

    #[inline(always)]
    pub const fn is_null(self) -> bool {
        self.0 == 0
    }

    /// Byte offset from the base.
    #[inline(always)]
    pub const fn offset(self) -> u64 {
        (self.0 as u64) << REF_SHIFT
    }

    /// The reference to the object at a byte offset from the base.
    #[inline(always)]
    pub const fn from_offset(offset: u64) -> ObjRef {
        debug_assert!(offset.is_multiple_of(OBJECT_ALIGN as u64) && offset >> REF_SHIFT <= u32::MAX as u64);
        ObjRef((offset >> REF_SHIFT) as u32)
    }

    /// The reference to the object at an address, as allocation returns it.
    #[inline(always)]
    pub fn from_ptr(base: *mut u8, at: *mut u8) -> ObjRef {
        ObjRef::from_offset((at as u64).wrapping_sub(base as u64))
    }

    /// The object's address. For null, the base, which is inaccessible.
    #[inline(always)]
    pub fn ptr(self, base: *mut u8) -> *mut u8 {
        base.wrapping_add(self.offset() as usize)
    }
}

impl std::fmt::Debug for ObjRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_null() { f.write_str("null") } else { write!(f, "obj@{:#x}", self.offset()) }
    }
}

// SAFETY: a transparent u32; dereferencing one is unsafe by itself. (Metaspace holds almost none: only image roots.)
unsafe impl Plain for ObjRef {}

/// Where element 0 of an array lies, for elements of `1 << elem_shift` bytes.
#[inline(always)]
pub const fn array_data_offset(elem_shift: u8) -> usize {
    if elem_shift >= 3 { ARRAY_DATA_OFFSET_WIDE } else { ARRAY_DATA_OFFSET }
}

/// Bytes of an array object.
#[inline(always)]
pub const fn array_bytes(elem_shift: u8, len: u32) -> usize {
    align_object(array_data_offset(elem_shift) + ((len as usize) << elem_shift))
}

#[inline(always)]
pub const fn align_object(bytes: usize) -> usize {
    (bytes + OBJECT_ALIGN - 1) & !(OBJECT_ALIGN - 1)
}

/// Writes the header of a new instance into zeroed memory.
///
/// # Safety
/// `at` is memory that `Heap::alloc_slow` or `Tlab::alloc` returned for this object, not yet published.
#[inline(always)]
pub unsafe fn init_instance(at: *mut u8, class: ClassId) {
    // SAFETY: at least a header's worth of memory of our own, 8-aligned.
    unsafe { at.cast::<u64>().write(u64::from(class.0) << 32) }
}

/// Writes the header and the length of a new array into zeroed memory.
///
/// # Safety
/// As for [`init_instance`], with memory for [`array_bytes`].
#[inline(always)]
pub unsafe fn init_array(at: *mut u8, class: ClassId, len: u32) {
    // SAFETY: an array takes at least 16 bytes, all our own.
    unsafe {
        init_instance(at, class);
        at.add(ARRAY_LENGTH_OFFSET).cast::<u32>().write(len);
    }
}

#[cfg(test)]
mod tests;
