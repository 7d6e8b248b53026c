//! Raw loads and stores of object memory, by (base, reference, byte offset).
//!
//! Other threads write the heap at any time, so nothing here forms a plain reference into it: single values go through
//! atomics (relaxed unless named otherwise), bulk copies through raw pointers. Every store of a reference goes through
//! one of `store_ref`, `store_ref_volatile`, `store_ref_release`, `cas_ref`, `swap_ref`, `copy_refs`, `fill_refs`:
//! each calls [`ref_barrier`], the one definition of the store barrier. Every load of a reference goes through
//! `load_ref` or its siblings, for the load barrier of a collector that moves objects while the program runs.
//!
//! # Safety
//! All functions here share one contract: `base` is the base of a live cage, and `obj` (a current reference, not
//! null) plus `off` names a field, element or header word of that width inside the object, aligned to the width unless
//! the name says `unaligned`. `NULL` with a raw offset is allowed for off-heap memory (`Unsafe` passes it).
//!
//! Deliberately absent: null and bounds checks; the interpreter and the natives make them.

use std::arch::asm;
use std::ptr;
use std::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, AtomicU64, Ordering};

use super::{ARRAY_LENGTH_OFFSET, CLASS_OFFSET, ObjRef};
use crate::cage::{CARD_SHIFT, CARD_TABLE_BYTES, RAW_MASK};
use crate::metaspace::ClassId;

/// The address of a field, element or header word.
///
/// # Safety
/// The contract of the module.
#[inline(always)]
pub unsafe fn slot_ptr(base: *mut u8, obj: ObjRef, off: usize) -> *mut u8 {
    base.wrapping_add(obj.offset() as usize + off)
}

macro_rules! accesses {
    ($($ty:ty, $atomic:ty: $load:ident $store:ident $load_acquire:ident $store_release:ident $load_volatile:ident
        $store_volatile:ident $cas:ident $swap:ident $add:ident;)*) => { $(
        /// # Safety
        /// The contract of the module.
        #[inline(always)]
        pub unsafe fn $load(base: *mut u8, obj: ObjRef, off: usize) -> $ty {
            // SAFETY: an aligned slot of this width in a live object (the module's contract).
            unsafe { <$atomic>::from_ptr(slot_ptr(base, obj, off).cast()).load(Ordering::Relaxed) }
        }

        /// # Safety
        /// The contract of the module.
        #[inline(always)]
        pub unsafe fn $store(base: *mut u8, obj: ObjRef, off: usize, value: $ty) {
            // SAFETY: an aligned slot of this width in a live object (the module's contract).
            unsafe { <$atomic>::from_ptr(slot_ptr(base, obj, off).cast()).store(value, Ordering::Relaxed) }
        }

        /// # Safety
        /// The contract of the module.
        #[inline(always)]
        pub unsafe fn $load_acquire(base: *mut u8, obj: ObjRef, off: usize) -> $ty {
            // SAFETY: an aligned slot of this width in a live object (the module's contract).
            unsafe { <$atomic>::from_ptr(slot_ptr(base, obj, off).cast()).load(Ordering::Acquire) }
        }

        /// # Safety
        /// The contract of the module.
        #[inline(always)]
        pub unsafe fn $store_release(base: *mut u8, obj: ObjRef, off: usize, value: $ty) {
            // SAFETY: an aligned slot of this width in a live object (the module's contract).
            unsafe { <$atomic>::from_ptr(slot_ptr(base, obj, off).cast()).store(value, Ordering::Release) }
        }

        /// With the order of a Java volatile.
        ///
        /// # Safety
        /// The contract of the module.
        #[inline(always)]
        pub unsafe fn $load_volatile(base: *mut u8, obj: ObjRef, off: usize) -> $ty {
            // SAFETY: an aligned slot of this width in a live object (the module's contract).
            unsafe { <$atomic>::from_ptr(slot_ptr(base, obj, off).cast()).load(Ordering::SeqCst) }
        }

        /// With the order of a Java volatile.
        ///
        /// # Safety
        /// The contract of the module.
        #[inline(always)]
        pub unsafe fn $store_volatile(base: *mut u8, obj: ObjRef, off: usize, value: $ty) {
            // SAFETY: an aligned slot of this width in a live object (the module's contract).
            unsafe { <$atomic>::from_ptr(slot_ptr(base, obj, off).cast()).store(value, Ordering::SeqCst) }
        }

        /// Compare and swap; `Err` carries what was there instead.
        ///
        /// # Safety
        /// The contract of the module.
        #[inline(always)]
        pub unsafe fn $cas(base: *mut u8, obj: ObjRef, off: usize, current: $ty, new: $ty) -> Result<$ty, $ty> {
            // SAFETY: an aligned slot of this width in a live object (the module's contract).
            let slot = unsafe { <$atomic>::from_ptr(slot_ptr(base, obj, off).cast()) };
            slot.compare_exchange(current, new, Ordering::SeqCst, Ordering::SeqCst)
        }

        /// # Safety
        /// The contract of the module.
        #[inline(always)]
        pub unsafe fn $swap(base: *mut u8, obj: ObjRef, off: usize, value: $ty) -> $ty {
            // SAFETY: an aligned slot of this width in a live object (the module's contract).
            unsafe { <$atomic>::from_ptr(slot_ptr(base, obj, off).cast()).swap(value, Ordering::SeqCst) }
        }

        /// Adds with wrap-around and returns what was there before.
        ///
        /// # Safety
        /// The contract of the module.
        #[inline(always)]
        pub unsafe fn $add(base: *mut u8, obj: ObjRef, off: usize, value: $ty) -> $ty {
            // SAFETY: an aligned slot of this width in a live object (the module's contract).
            unsafe { <$atomic>::from_ptr(slot_ptr(base, obj, off).cast()).fetch_add(value, Ordering::SeqCst) }
        }
    )* };
}

accesses! {
    u8, AtomicU8: load_u8 store_u8 load_u8_acquire store_u8_release load_u8_volatile store_u8_volatile
        cas_u8 swap_u8 add_u8;
    u16, AtomicU16: load_u16 store_u16 load_u16_acquire store_u16_release load_u16_volatile store_u16_volatile
        cas_u16 swap_u16 add_u16;
    u32, AtomicU32: load_u32 store_u32 load_u32_acquire store_u32_release load_u32_volatile store_u32_volatile
        cas_u32 swap_u32 add_u32;
    u64, AtomicU64: load_u64 store_u64 load_u64_acquire store_u64_release load_u64_volatile store_u64_volatile
        cas_u64 swap_u64 add_u64;
}

// Byte-array views read longs at any alignment, while other threads write. Rust has no racy unaligned access, x86 has:
// the instruction itself says what is meant.
macro_rules! unaligned {
    ($($ty:ty, $form:literal: $load:ident $store:ident;)*) => { $(
        /// At any alignment.
        ///
        /// # Safety
        /// The contract of the module, but for alignment.
        #[inline(always)]
        pub unsafe fn $load(base: *mut u8, obj: ObjRef, off: usize) -> $ty {
            let value: $ty;
            // SAFETY: reads the bytes of one slot in a live object (the module's contract) and nothing else.
            unsafe {
                asm!(concat!("mov {v", $form, "}, [{p}]"), v = out(reg) value, p = in(reg) slot_ptr(base, obj, off),
                    options(nostack, preserves_flags, readonly));
            }
            value
        }

        /// At any alignment.
        ///
        /// # Safety
        /// The contract of the module, but for alignment.
        #[inline(always)]
        pub unsafe fn $store(base: *mut u8, obj: ObjRef, off: usize, value: $ty) {
            // SAFETY: writes the bytes of one slot in a live object (the module's contract) and nothing else.
            unsafe {
                asm!(concat!("mov [{p}], {v", $form, "}"), v = in(reg) value, p = in(reg) slot_ptr(base, obj, off),
                    options(nostack, preserves_flags));
            }
        }
    )* };
}

unaligned! {
    u16, ":x": load_u16_unaligned store_u16_unaligned;
    u32, ":e": load_u32_unaligned store_u32_unaligned;
    u64, ":r": load_u64_unaligned store_u64_unaligned;
}

/// The class of an object.
///
/// # Safety
/// The contract of the module.
#[inline(always)]
pub unsafe fn class_of(base: *mut u8, obj: ObjRef) -> ClassId {
    // SAFETY: the class word of a live object.
    ClassId(unsafe { load_u32(base, obj, CLASS_OFFSET) })
}

/// The length of an array.
///
/// # Safety
/// The contract of the module; the object is an array.
#[inline(always)]
pub unsafe fn array_length(base: *mut u8, obj: ObjRef) -> u32 {
    // SAFETY: the length word of a live array.
    unsafe { load_u32(base, obj, ARRAY_LENGTH_OFFSET) }
}

/// What a card says when a reference was stored in its part of the heap since the collector last looked.
pub const CARD_DIRTY: u8 = 1;

/// The barrier: comes after every store of a reference, and tells the collector where to look. It takes no notice of what
/// is stored or where, because three instructions without a branch cost less than any question (so compiled code has
/// them too). After the store, so that whoever sees the card clean once it is dirty sees the new reference as well.
#[inline(always)]
pub fn ref_barrier(base: *mut u8, obj: ObjRef, off: usize) {
    let card = ((obj.offset() as usize).wrapping_add(off) & RAW_MASK as usize) >> CARD_SHIFT;
    let at = base.wrapping_sub(CARD_TABLE_BYTES as usize).wrapping_add(card);
    // SAFETY: a byte of the card table, which is mapped as long as the cage: the place is masked to the reach.
    unsafe { AtomicU8::from_ptr(at) }.store(CARD_DIRTY, Ordering::Release);
}

/// As [`ref_barrier`], for a row of slots.
pub fn ref_barrier_row(base: *mut u8, obj: ObjRef, off: usize, count: usize) {
    if count != 0 {
        let card = 1 << CARD_SHIFT;
        let last = off + (count - 1) * super::REF_BYTES;
        (off..last).step_by(card).for_each(|at| ref_barrier(base, obj, at));
        ref_barrier(base, obj, last);
    }
}

/// # Safety
/// The contract of the module; the slot holds a reference.
#[inline(always)]
pub unsafe fn load_ref(base: *mut u8, obj: ObjRef, off: usize) -> ObjRef {
    // SAFETY: a reference slot of a live object.
    ObjRef(unsafe { load_u32(base, obj, off) })
}

/// # Safety
/// The contract of the module; the slot holds a reference, and `new` is current or null.
#[inline(always)]
pub unsafe fn store_ref(base: *mut u8, obj: ObjRef, off: usize, new: ObjRef) {
    // SAFETY: a reference slot of a live object.
    unsafe { store_u32(base, obj, off, new.0) }
    ref_barrier(base, obj, off);
}

/// # Safety
/// As for [`load_ref`].
#[inline(always)]
pub unsafe fn load_ref_acquire(base: *mut u8, obj: ObjRef, off: usize) -> ObjRef {
    // SAFETY: a reference slot of a live object.
    ObjRef(unsafe { load_u32_acquire(base, obj, off) })
}

/// # Safety
/// As for [`store_ref`].
#[inline(always)]
pub unsafe fn store_ref_release(base: *mut u8, obj: ObjRef, off: usize, new: ObjRef) {
    // SAFETY: a reference slot of a live object.
    unsafe { store_u32_release(base, obj, off, new.0) }
    ref_barrier(base, obj, off);
}

/// # Safety
/// As for [`load_ref`].
#[inline(always)]
pub unsafe fn load_ref_volatile(base: *mut u8, obj: ObjRef, off: usize) -> ObjRef {
    // SAFETY: a reference slot of a live object.
    ObjRef(unsafe { load_u32_volatile(base, obj, off) })
}

/// # Safety
/// As for [`store_ref`].
#[inline(always)]
pub unsafe fn store_ref_volatile(base: *mut u8, obj: ObjRef, off: usize, new: ObjRef) {
    // SAFETY: a reference slot of a live object.
    unsafe { store_u32_volatile(base, obj, off, new.0) }
    ref_barrier(base, obj, off);
}

/// Compare and swap; `Err` carries what was there instead.
///
/// # Safety
/// As for [`store_ref`].
#[inline(always)]
pub unsafe fn cas_ref(
    base: *mut u8,
    obj: ObjRef,
    off: usize,
    current: ObjRef,
    new: ObjRef,
) -> Result<ObjRef, ObjRef> {
    // SAFETY: a reference slot of a live object.
    match unsafe { cas_u32(base, obj, off, current.0, new.0) } {
        Ok(was) => {
            ref_barrier(base, obj, off);
            Ok(ObjRef(was))
        }
        Err(was) => Err(ObjRef(was)),
    }
}

/// # Safety
/// As for [`store_ref`].
#[inline(always)]
pub unsafe fn swap_ref(base: *mut u8, obj: ObjRef, off: usize, new: ObjRef) -> ObjRef {
    // SAFETY: a reference slot of a live object.
    let was = ObjRef(unsafe { swap_u32(base, obj, off, new.0) });
    ref_barrier(base, obj, off);
    was
}

/// Copies `count` references between two arrays (or within one, overlap allowed); offsets name the first slots. No
/// reader ever sees a torn reference.
///
/// # Safety
/// As for [`store_ref`], for every slot of both ranges.
pub unsafe fn copy_refs(
    base: *mut u8,
    from: ObjRef,
    from_off: usize,
    to: ObjRef,
    to_off: usize,
    count: usize,
) {
    // SAFETY: reference slots, so 4-aligned (the caller's contract).
    unsafe { copy_elements(base, from, from_off, to, to_off, count, super::REF_BYTES_SHIFT) }
    ref_barrier_row(base, to, to_off, count);
}

/// Stores `value` in `count` reference slots in a row.
///
/// # Safety
/// As for [`store_ref`], for every slot.
pub unsafe fn fill_refs(base: *mut u8, obj: ObjRef, off: usize, value: ObjRef, count: usize) {
    for i in 0..count {
        // SAFETY: one of the caller's slots.
        unsafe { store_ref(base, obj, off + i * super::REF_BYTES, value) }
    }
}

/// Copies `count` elements of `1 << shift` bytes, as `System.arraycopy` on primitives does: overlap allowed, and no
/// other thread sees a torn element.
///
/// # Safety
/// The contract of the module, for every element of both ranges.
pub unsafe fn copy_elements(
    base: *mut u8,
    from: ObjRef,
    from_off: usize,
    to: ObjRef,
    to_off: usize,
    count: usize,
    shift: u8,
) {
    // SAFETY: forming the addresses of the caller's ranges.
    let (src, dst) = unsafe { (slot_ptr(base, from, from_off), slot_ptr(base, to, to_off)) };
    // SAFETY: two ranges of `count` aligned elements of live objects (the caller's contract).
    unsafe {
        match shift {
            0 => ptr::copy(src, dst, count),
            1 => copy_untorn::<u16>(src.cast(), dst.cast(), count),
            2 => copy_untorn::<u32>(src.cast(), dst.cast(), count),
            _ => copy_untorn::<u64>(src.cast(), dst.cast(), count),
        }
    }
}

/// memmove by whole elements. Long copies use the system's memmove, which moves aligned vectors and so tears nothing
/// that is aligned to its size; the first and last elements, where it may overlap two moves, see each byte written
/// with one value only. Short ones, where it may fall back to bytes, are done here.
///
/// # Safety
/// Both ranges hold `count` aligned elements.
unsafe fn copy_untorn<T>(src: *const T, dst: *mut T, count: usize) {
    const SHORT: usize = 8;
    if count > SHORT {
        // SAFETY: the caller's ranges.
        unsafe { ptr::copy(src, dst, count) }
    } else if (dst as usize) <= src as usize {
        for i in 0..count {
            // SAFETY: element i of the caller's ranges.
            unsafe { dst.add(i).write_volatile(src.add(i).read_volatile()) }
        }
    } else {
        for i in (0..count).rev() {
            // SAFETY: element i of the caller's ranges.
            unsafe { dst.add(i).write_volatile(src.add(i).read_volatile()) }
        }
    }
}
