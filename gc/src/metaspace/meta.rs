//! Typed offsets into metaspace: [`Meta`], [`MetaSlice`], [`AtomicMeta`], and what may lie behind them ([`Plain`]).
//!
//! Invariant: a `Meta<T>` is below [`META_RESERVE`] and aligned for `T` by construction, and every bit pattern is a
//! valid `T: Plain`. So reading through any of them, even one from another isolate, stays inside metaspace and makes
//! no invalid value; it can only be the wrong answer.
//!
//! Deliberately absent: pointers. What lies in metaspace can be written to a file and mapped back elsewhere.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::atomic::*;

use crate::cage::META_RESERVE;

/// What may lie in metaspace.
///
/// # Safety
/// The type is `#[repr(C)]` (or `transparent`), smaller than 64 KiB, holds no pointer, reference, `Box`, file
/// descriptor or anything with a `Drop`; every bit pattern is a valid value (so no `bool`, no `enum`: use integers or
/// integer newtypes); its alignment is at most 64; and once published it changes only through atomics.
pub unsafe trait Plain: Sized {}

macro_rules! plain {
    ($($ty:ty),* $(,)?) => { $(
        // SAFETY: integers and atomic integers: no pointers, every bit pattern is valid.
        unsafe impl Plain for $ty {}
    )* };
}
plain!(u8, u16, u32, u64, i8, i16, i32, i64, usize, isize);
plain!(AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicUsize);

// SAFETY: an array of plain values has no bytes of its own.
unsafe impl<T: Plain, const N: usize> Plain for [T; N] {}
// SAFETY: a transparent u32, kept in range by construction; a wild bit pattern reads as a wrong offset, which
// `Metaspace::get` masks into range.
unsafe impl<T> Plain for Meta<T> {}
// SAFETY: two u32; see Meta. `Metaspace::slice` bounds both.
unsafe impl<T> Plain for MetaSlice<T> {}
// SAFETY: a transparent AtomicU32; see Meta.
unsafe impl<T> Plain for AtomicMeta<T> {}

/// Where a `T` lies in metaspace: byte offset from the metaspace base, 0 for none.
#[repr(transparent)]
pub struct Meta<T>(u32, PhantomData<fn() -> T>);

impl<T> Meta<T> {
    pub const NULL: Meta<T> = Meta(0, PhantomData);

    #[inline(always)]
    pub const fn is_null(self) -> bool {
        self.0 == 0
    }

    #[inline(always)]
    pub const fn raw(self) -> u32 {
        self.0
    }

    /// The inverse of [`Meta::raw`]. A number that never came from there is bent into range and aligned, and names
    /// whatever lies there.
    #[inline(always)]
    pub const fn from_raw(raw: u32) -> Meta<T> {
        Meta(bend::<T>(raw), PhantomData)
    }

    /// The same place seen as another type, for records that begin with a common header.
    #[inline(always)]
    pub const fn cast<U>(self) -> Meta<U> {
        Meta::from_raw(self.0)
    }
}

/// The in-range, aligned offset nearest to `raw`: the identity for every offset that an arena handed out.
#[inline(always)]
pub(super) const fn bend<T>(raw: u32) -> u32 {
    raw & (META_RESERVE - 1) as u32 & !(align_of::<T>() as u32 - 1)
}

// Written out, not derived: a derive would ask the same of T.
impl<T> Clone for Meta<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Meta<T> {}
impl<T> PartialEq for Meta<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Meta<T> {}
impl<T> PartialOrd for Meta<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Meta<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> Hash for Meta<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> Default for Meta<T> {
    fn default() -> Self {
        Meta::NULL
    }
}
impl<T> fmt::Debug for Meta<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "meta:{:#x}", self.0)
    }
}

/// Where a row of `T` lies in metaspace.
#[repr(C)]
pub struct MetaSlice<T> {
    offset: u32,
    len: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> MetaSlice<T> {
    pub const EMPTY: MetaSlice<T> = MetaSlice { offset: 0, len: 0, of: PhantomData };

    pub(super) const fn new(offset: u32, len: u32) -> MetaSlice<T> {
        MetaSlice { offset, len, of: PhantomData }
    }

    #[inline(always)]
    pub const fn len(self) -> usize {
        self.len as usize
    }

    #[inline(always)]
    pub const fn is_empty(self) -> bool {
        self.len == 0
    }

    /// Byte offset of element 0 from the metaspace base (0 if empty).
    #[inline(always)]
    pub const fn offset(self) -> u32 {
        self.offset
    }

    /// Where element `index` lies, or none past the end.
    #[inline(always)]
    pub const fn at(self, index: usize) -> Option<Meta<T>> {
        if index < self.len as usize {
            Some(Meta::from_raw(self.offset + (index * size_of::<T>()) as u32))
        } else {
            None
        }
    }

    /// The elements from `from` up to `to`, both bent into the slice.
    pub const fn sub(self, from: usize, to: usize) -> MetaSlice<T> {
        let to = if to < self.len as usize { to } else { self.len as usize };
        if from >= to {
            return MetaSlice::EMPTY;
        }
        MetaSlice::new(self.offset + (from * size_of::<T>()) as u32, (to - from) as u32)
    }
}

impl<T> Clone for MetaSlice<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for MetaSlice<T> {}
impl<T> PartialEq for MetaSlice<T> {
    fn eq(&self, other: &Self) -> bool {
        self.offset == other.offset && self.len == other.len
    }
}
impl<T> Eq for MetaSlice<T> {}
impl<T> Hash for MetaSlice<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.offset, self.len).hash(state);
    }
}
impl<T> Default for MetaSlice<T> {
    fn default() -> Self {
        MetaSlice::EMPTY
    }
}
impl<T> fmt::Debug for MetaSlice<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "meta:{:#x}[{}]", self.offset, self.len)
    }
}

/// A [`Meta`] that changes after publication: resolved entries, caches, links between records.
#[repr(transparent)]
pub struct AtomicMeta<T>(AtomicU32, PhantomData<fn() -> T>);

impl<T> AtomicMeta<T> {
    pub const fn new(meta: Meta<T>) -> AtomicMeta<T> {
        AtomicMeta(AtomicU32::new(meta.0), PhantomData)
    }

    #[inline(always)]
    pub fn load(&self, order: Ordering) -> Meta<T> {
        Meta::from_raw(self.0.load(order))
    }

    #[inline(always)]
    pub fn store(&self, meta: Meta<T>, order: Ordering) {
        self.0.store(meta.0, order);
    }

    #[inline(always)]
    pub fn swap(&self, meta: Meta<T>, order: Ordering) -> Meta<T> {
        Meta::from_raw(self.0.swap(meta.0, order))
    }

    /// `Err` carries what was there instead.
    pub fn compare_exchange(
        &self,
        current: Meta<T>,
        new: Meta<T>,
        success: Ordering,
        failure: Ordering,
    ) -> Result<Meta<T>, Meta<T>> {
        match self.0.compare_exchange(current.0, new.0, success, failure) {
            Ok(was) => Ok(Meta::from_raw(was)),
            Err(was) => Err(Meta::from_raw(was)),
        }
    }
}

impl<T> Default for AtomicMeta<T> {
    fn default() -> Self {
        AtomicMeta::new(Meta::NULL)
    }
}
impl<T> fmt::Debug for AtomicMeta<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.load(Ordering::Relaxed).fmt(f)
    }
}
