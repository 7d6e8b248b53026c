//! Arenas: bump allocation of metadata that lives and dies together (a class loader's, a hidden class's).
//!
//! Invariants: what an arena returns is in metaspace, aligned, disjoint from all other allocations and never moves;
//! pages are charged to the metaspace limit before they are touched. An arena that was freed refuses to allocate, so
//! a clone of its handle that is still around does no harm.
//!
//! Deliberately absent: freeing single values. Constant data and data that changes belong in different arenas (their
//! pages are shared or private when an image is mapped copy-on-write); that choice is the caller's.

use std::sync::Arc;

use parking_lot::Mutex;

use super::chunks::PAGE;
use super::{Meta, MetaSlice, MetaspaceFull, Plain, Shared};
use crate::cage::META_RESERVE;

/// What an arena is for, which says how much address space it takes at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArenaKind {
    /// The boot loader's: thousands of classes.
    Boot,
    /// Another class loader's.
    Loader,
    /// One hidden class's.
    Hidden,
}

impl ArenaKind {
    fn first_chunk_bytes(self) -> u32 {
        match self {
            ArenaKind::Boot => 1 << 20,
            ArenaKind::Loader => 64 << 10,
            ArenaKind::Hidden => 8 << 10,
        }
    }
}

const MAX_CHUNK_BYTES: u32 = 1 << 20;
const MAX_ALIGN: usize = 64;

/// A handle on an arena; clones share it.
#[derive(Debug, Clone)]
pub struct Arena {
    pub(super) space: Arc<Shared>,
    pub(super) state: Arc<Mutex<Bump>>,
}

#[derive(Debug)]
pub(super) struct Bump {
    top: u32,
    end: u32,
    /// First byte of the current chunk that is not charged yet; a page multiple.
    charged_to: u32,
    next_chunk_bytes: u32,
    pub(super) chunks: Vec<(u32, u32)>,
    pub(super) charged_bytes: u64,
    pub(super) freed: bool,
}

impl Arena {
    pub(super) fn new(space: Arc<Shared>, kind: ArenaKind) -> Arena {
        let bump = Bump {
            top: 0,
            end: 0,
            charged_to: 0,
            next_chunk_bytes: kind.first_chunk_bytes(),
            chunks: Vec::new(),
            charged_bytes: 0,
            freed: false,
        };
        Arena { space, state: Arc::new(Mutex::new(bump)) }
    }

    pub fn alloc<T: Plain>(&self, value: T) -> Result<Meta<T>, MetaspaceFull> {
        let offset = self.reserve(size_of::<T>() as u64, align_of::<T>())?;
        // SAFETY: `reserve` handed out this place to this call alone, sized and aligned for T.
        unsafe { self.space.at::<T>(offset).write(value) };
        Ok(Meta::from_raw(offset))
    }

    /// A copy of `values`.
    pub fn alloc_slice<T: Plain + Copy>(&self, values: &[T]) -> Result<MetaSlice<T>, MetaspaceFull> {
        if values.is_empty() {
            return Ok(MetaSlice::EMPTY);
        }
        let offset = self.reserve(size_of_val(values) as u64, align_of::<T>())?;
        // SAFETY: a fresh place of `values.len()` elements, which the source cannot overlap.
        unsafe { self.space.at::<T>(offset).copy_from_nonoverlapping(values.as_ptr(), values.len()) };
        Ok(MetaSlice::new(offset, values.len() as u32))
    }

    /// `len` values, made in order. `make` runs without the arena's lock: it may allocate here too.
    pub fn alloc_slice_with<T: Plain>(
        &self,
        len: usize,
        mut make: impl FnMut(usize) -> T,
    ) -> Result<MetaSlice<T>, MetaspaceFull> {
        if len == 0 {
            return Ok(MetaSlice::EMPTY);
        }
        let bytes = (len as u64).checked_mul(size_of::<T>() as u64).ok_or(MetaspaceFull)?;
        let offset = self.reserve(bytes, align_of::<T>())?;
        for index in 0..len {
            let value = make(index);
            // SAFETY: element `index` of a fresh place for `len` elements.
            unsafe { self.space.at::<T>(offset).add(index).write(value) };
        }
        Ok(MetaSlice::new(offset, len as u32))
    }

    /// `len` values, all zero.
    pub fn alloc_slice_zeroed<T: Plain>(&self, len: usize) -> Result<MetaSlice<T>, MetaspaceFull> {
        if len == 0 {
            return Ok(MetaSlice::EMPTY);
        }
        let bytes = (len as u64).checked_mul(size_of::<T>() as u64).ok_or(MetaspaceFull)?;
        Ok(MetaSlice::new(self.reserve(bytes, align_of::<T>())?, len as u32))
    }

    pub fn alloc_bytes(&self, bytes: &[u8]) -> Result<MetaSlice<u8>, MetaspaceFull> {
        self.alloc_slice(bytes)
    }

    /// Where this arena's allocations lie: start and end in metaspace.
    pub fn places(&self) -> Vec<(u32, u32)> {
        self.state.lock().chunks.iter().map(|&(start, bytes)| (start, start + bytes)).collect()
    }

    /// Bytes of pages that this arena has touched, as charged to the limit.
    pub fn used_bytes(&self) -> u64 {
        self.state.lock().charged_bytes
    }

    /// A zeroed place; at least one byte, so that no two values share an offset.
    fn reserve(&self, bytes: u64, align: usize) -> Result<u32, MetaspaceFull> {
        const { assert!(META_RESERVE <= 1 << 31, "offsets plus sizes fit u32") };
        assert!(align <= MAX_ALIGN, "Plain promises an alignment of at most {MAX_ALIGN}");
        if bytes > META_RESERVE {
            return Err(MetaspaceFull);
        }
        let bytes = (bytes as u32).max(1);
        let mut bump = self.state.lock();
        if bump.freed {
            return Err(MetaspaceFull);
        }
        let mut start = bump.top.next_multiple_of(align as u32);
        if bump.end == 0 || u64::from(start) + u64::from(bytes) > u64::from(bump.end) {
            self.next_chunk(&mut bump, bytes)?;
            start = bump.top;
        }
        let top = start + bytes;
        if top > bump.charged_to {
            let pages = (top - bump.charged_to).next_multiple_of(PAGE);
            self.space.charge(u64::from(pages))?;
            bump.charged_to += pages;
            bump.charged_bytes += u64::from(pages);
        }
        bump.top = top;
        Ok(start)
    }

    /// Moves on to a chunk with room for `bytes`. What was left of the old one stays untouched, hence uncharged.
    fn next_chunk(&self, bump: &mut Bump, bytes: u32) -> Result<(), MetaspaceFull> {
        let want = bump.next_chunk_bytes.max(bytes.next_multiple_of(PAGE));
        let start = self.space.take_chunk(want)?;
        bump.chunks.push((start, want));
        (bump.top, bump.end, bump.charged_to) = (start, start + want, start);
        bump.next_chunk_bytes = (bump.next_chunk_bytes * 2).min(MAX_CHUNK_BYTES);
        Ok(())
    }
}
