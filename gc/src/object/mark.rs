//! The bits of the mark word, and the identity hash that lives there.
//!
//! Invariant: outside a collection the mark word changes only by compare-and-swap, so that locking and hashing by
//! different threads never lose each other's bits.
//!
//! Deliberately absent: locking itself (lock stacks and monitors belong to the virtual machine).

use super::access::{cas_u32, load_u32};
use super::{MARK_OFFSET, ObjRef};

pub const LOCK_MASK: u32 = 0b11;
pub const LOCK_NONE: u32 = 0;
pub const LOCK_FAST: u32 = 1;
pub const LOCK_INFLATED: u32 = 2;

pub const AGE_SHIFT: u32 = 2;
pub const AGE_MASK: u32 = 0b1111 << AGE_SHIFT;

pub const FORWARDED: u32 = 1 << 6;

pub const HASH_SHIFT: u32 = 7;
pub const HASH_BITS: u32 = 25;
/// The hash's place in the mark word.
pub const HASH_MASK: u32 = !0 << HASH_SHIFT;

#[inline(always)]
pub const fn hash_of_mark(mark: u32) -> u32 {
    mark >> HASH_SHIFT
}

/// The mark of an object one collection older.
#[inline(always)]
pub const fn aged(mark: u32) -> u32 {
    if mark & AGE_MASK == AGE_MASK { mark } else { mark + (1 << AGE_SHIFT) }
}

/// The object's mark word.
///
/// # Safety
/// `obj` is a current reference to an object of the cage at `base`.
#[inline(always)]
pub unsafe fn load_mark(base: *mut u8, obj: ObjRef) -> u32 {
    // SAFETY: the mark word of the caller's object.
    unsafe { load_u32(base, obj, MARK_OFFSET) }
}

/// Replaces the mark word if it still is `current`; `Err` carries what it was instead.
///
/// # Safety
/// As for [`load_mark`].
#[inline(always)]
pub unsafe fn cas_mark(base: *mut u8, obj: ObjRef, current: u32, new: u32) -> Result<u32, u32> {
    // SAFETY: the mark word of the caller's object.
    unsafe { cas_u32(base, obj, MARK_OFFSET, current, new) }
}

/// The object's identity hash, 1 to 2^25 - 1. `candidate` becomes it if there is none yet: pass a fresh random number.
///
/// # Safety
/// As for [`load_mark`].
pub unsafe fn identity_hash(base: *mut u8, obj: ObjRef, candidate: u32) -> u32 {
    let hash = match candidate >> HASH_SHIFT {
        0 => 1,
        hash => hash,
    };
    // SAFETY: the caller's object.
    let mut mark = unsafe { load_mark(base, obj) };
    loop {
        if hash_of_mark(mark) != 0 {
            return hash_of_mark(mark);
        }
        // SAFETY: the caller's object.
        match unsafe { cas_mark(base, obj, mark, mark | hash << HASH_SHIFT) } {
            Ok(_) => return hash,
            Err(now) => mark = now,
        }
    }
}

const _: () = {
    assert!(LOCK_MASK | AGE_MASK | FORWARDED | HASH_MASK == !0);
    assert!(LOCK_MASK & AGE_MASK == 0 && AGE_MASK & FORWARDED == 0 && FORWARDED & HASH_MASK == 0);
    assert!(HASH_SHIFT + HASH_BITS == 32);
};
