//! Metaspace: the trusted 2 GiB below the cage's base that hold what the virtual machine itself believes about
//! classes: the table of class records, and arenas with everything that records point to.
//!
//! ```text
//! | class records, 512 bytes each, up to 2^19 (256 MiB) | arena chunks ..................... | base
//! ^ meta_base = offset 0 = record of ClassId 0, always zero
//! ```
//!
//! Invariants: Java code cannot write here; every page is accessible and zero until used, so a masked class index
//! always selects some record; nothing here is a pointer. Allocation fails with [`MetaspaceFull`] at a limit per
//! isolate, it never aborts.
//!
//! Deliberately absent: what a class record holds after its [`Layout`](crate::object::Layout).

mod arena;
mod chunks;
mod meta;

use std::slice;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

pub use arena::{Arena, ArenaKind};
use chunks::{Chunks, PAGE};
pub use meta::{AtomicMeta, Meta, MetaSlice, Plain};

use crate::cage::{CARD_TABLE_BYTES, Cage, META_RESERVE, release_pages};

/// Bytes of one class record; a power of two, so that a class word selects a record by shift and mask.
pub const CLASS_RECORD_BYTES: usize = 512;
/// Records in the table; a power of two.
pub const MAX_CLASSES: u32 = 1 << 19;
/// Bytes of the class table.
pub const CLASS_TABLE_BYTES: u32 = MAX_CLASSES * CLASS_RECORD_BYTES as u32;

/// The isolate's metaspace limit is reached. The virtual machine turns it into `OutOfMemoryError: Metaspace`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("metaspace is full")]
pub struct MetaspaceFull;

/// A class of this isolate: index into the class table, and the class word of its instances' headers. 0 is none.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ClassId(pub u32);

impl ClassId {
    pub const NONE: ClassId = ClassId(0);

    #[inline(always)]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    #[inline(always)]
    pub const fn raw(self) -> u32 {
        self.0
    }

    #[inline(always)]
    pub const fn from_raw(raw: u32) -> ClassId {
        ClassId(raw)
    }

    /// Byte offset of the record from the metaspace base; masked, so that a forged id selects some record.
    #[inline(always)]
    pub const fn record_offset(self) -> u32 {
        (self.0 & (MAX_CLASSES - 1)) * CLASS_RECORD_BYTES as u32
    }
}

impl std::fmt::Debug for ClassId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "class#{}", self.0)
    }
}

// SAFETY: a transparent u32, masked on use.
unsafe impl Plain for ClassId {}

/// The isolate's metaspace; clones share it.
#[derive(Debug, Clone)]
pub struct Metaspace {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    base: *mut u8,
    cage: Cage,
    max_bytes: u64,
    /// Pages charged by arenas, class records handed out, and what is charged from outside.
    used_bytes: AtomicU64,
    chunks: Mutex<Chunks>,
    classes: Mutex<ClassTable>,
}

#[derive(Debug)]
struct ClassTable {
    next: u32,
    free: Vec<u32>,
}

// SAFETY: the base pointer never changes; memory behind it is written only at places that an arena or the class table
// handed to one caller, and after publication through atomics (the contract of `Plain`).
unsafe impl Send for Shared {}
// SAFETY: see Send.
unsafe impl Sync for Shared {}

/// Memory outside metaspace that counts against its limit until this is dropped.
#[derive(Debug)]
pub struct Charge {
    space: Arc<Shared>,
    bytes: u64,
}

impl Charge {
    /// What is charged so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Charges more, or nothing if that would exceed the limit.
    pub fn grow(&mut self, bytes: u64) -> Result<(), MetaspaceFull> {
        self.space.charge(bytes)?;
        self.bytes += bytes;
        Ok(())
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.space.used_bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl Metaspace {
    /// The metaspace of `cage`; there must be only one. `max_bytes` limits class records plus touched arena pages.
    pub fn new(cage: &Cage, max_bytes: u64) -> Metaspace {
        let shared = Shared {
            base: cage.meta_base(),
            cage: cage.clone(),
            max_bytes,
            used_bytes: AtomicU64::new(0),
            chunks: Mutex::new(Chunks::new(CLASS_TABLE_BYTES..(META_RESERVE - CARD_TABLE_BYTES) as u32)),
            classes: Mutex::new(ClassTable { next: 1, free: Vec::new() }),
        };
        Metaspace { shared: Arc::new(shared) }
    }

    #[inline(always)]
    pub fn base(&self) -> *mut u8 {
        self.shared.base
    }

    #[inline(always)]
    pub fn get<T: Plain>(&self, meta: Meta<T>) -> &T {
        debug_assert!(!meta.is_null(), "the null Meta names nothing");
        // SAFETY: in metaspace and aligned by construction of Meta (`bend` again, for one read from a wild place);
        // mapped for the life of the cage; any bit pattern is a valid T, and published values change only through
        // atomics (Plain). A T across the end of metaspace meets the inaccessible 64 KiB, never other memory.
        unsafe { &*self.shared.at::<T>(meta::bend::<T>(meta.raw())) }
    }

    #[inline(always)]
    pub fn slice<T: Plain>(&self, slice: MetaSlice<T>) -> &[T] {
        let offset = meta::bend::<T>(slice.offset());
        let bytes = slice.len() as u64 * size_of::<T>() as u64;
        assert!(u64::from(offset) + bytes <= META_RESERVE, "a slice lies in metaspace");
        // SAFETY: as for `get`, with the end checked above.
        unsafe { slice::from_raw_parts(self.shared.at::<T>(offset), slice.len()) }
    }

    /// The offset of a value that lies in this metaspace.
    #[inline(always)]
    pub fn meta_of<T: Plain>(&self, value: &T) -> Meta<T> {
        let offset = (&raw const *value as u64).wrapping_sub(self.shared.base as u64);
        debug_assert!(offset != 0 && offset < META_RESERVE, "the value lies in this metaspace");
        Meta::from_raw(offset as u32)
    }

    pub fn new_arena(&self, kind: ArenaKind) -> Arena {
        Arena::new(self.shared.clone(), kind)
    }

    /// Frees all that was allocated in `arena`. Other handles on it stay valid but allocate no more.
    ///
    /// # Safety
    /// Nobody holds a reference to, or will look through a `Meta` into, anything the arena handed out.
    pub unsafe fn free_arena(&self, arena: Arena) {
        assert!(Arc::ptr_eq(&arena.space, &self.shared), "an arena is freed by its own metaspace");
        let mut bump = arena.state.lock();
        if std::mem::replace(&mut bump.freed, true) {
            return;
        }
        for (start, bytes) in bump.chunks.drain(..) {
            // SAFETY: a run that only this arena handed out from, in the writable metaspace mapping; nobody looks into
            // it any more (the caller's promise).
            unsafe { release_pages(self.shared.at::<u8>(start), u64::from(bytes)) };
            self.shared.chunks.lock().give(start, bytes);
        }
        self.shared.used_bytes.fetch_sub(bump.charged_bytes, Ordering::Relaxed);
        bump.charged_bytes = 0;
    }

    /// A class record of zeroes that is nobody else's.
    pub fn new_class_id(&self) -> Result<ClassId, MetaspaceFull> {
        let mut classes = self.shared.classes.lock();
        if let Some(id) = classes.free.last().copied() {
            self.shared.charge(CLASS_RECORD_BYTES as u64)?;
            classes.free.pop();
            return Ok(ClassId(id));
        }
        if classes.next >= MAX_CLASSES {
            return Err(MetaspaceFull);
        }
        self.shared.charge(CLASS_RECORD_BYTES as u64)?;
        let id = classes.next;
        classes.next += 1;
        Ok(ClassId(id))
    }

    /// Zeroes a class's record and gives its id to a later class.
    ///
    /// # Safety
    /// The class is unloaded: no object, record, frame or code names it, and it was not freed before.
    pub unsafe fn free_class_id(&self, id: ClassId) {
        let mut classes = self.shared.classes.lock();
        assert!(id.0 != 0 && id.0 < classes.next, "only a class id that was handed out is freed");
        debug_assert!(!classes.free.contains(&id.0), "a class id is freed once");
        // SAFETY: a record inside the table, which nobody looks at any more (the caller's promise).
        unsafe { self.class_ptr(id).write_bytes(0, CLASS_RECORD_BYTES) };
        self.shared.used_bytes.fetch_sub(CLASS_RECORD_BYTES as u64, Ordering::Relaxed);
        classes.free.push(id.0);
    }

    /// Where the class's record lies; its first field is the [`Layout`](crate::object::Layout).
    #[inline(always)]
    pub fn class_ptr(&self, id: ClassId) -> *mut u8 {
        self.shared.at::<u8>(id.record_offset())
    }

    /// Room under the limit for memory that is not in metaspace; none yet.
    pub fn new_charge(&self) -> Charge {
        Charge { space: self.shared.clone(), bytes: 0 }
    }

    /// One more than the highest class id ever handed out: the bound for a walk over all classes (records of freed ids
    /// are zero).
    pub fn class_id_bound(&self) -> u32 {
        self.shared.classes.lock().next
    }

    pub fn used_bytes(&self) -> u64 {
        self.shared.used_bytes.load(Ordering::Relaxed)
    }

    pub fn max_bytes(&self) -> u64 {
        self.shared.max_bytes
    }

    /// The cage this metaspace is a part of.
    pub fn cage(&self) -> &Cage {
        &self.shared.cage
    }
}

impl Shared {
    #[inline(always)]
    fn at<T>(&self, offset: u32) -> *mut T {
        self.base.wrapping_add(offset as usize).cast()
    }

    fn charge(&self, bytes: u64) -> Result<(), MetaspaceFull> {
        let fits = |used: u64| used.checked_add(bytes).filter(|&sum| sum <= self.max_bytes);
        match self.used_bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits) {
            Ok(_) => Ok(()),
            Err(_) => Err(MetaspaceFull),
        }
    }

    fn take_chunk(&self, bytes: u32) -> Result<u32, MetaspaceFull> {
        debug_assert!(bytes.is_multiple_of(PAGE));
        self.chunks.lock().take(bytes).ok_or(MetaspaceFull)
    }
}

#[cfg(test)]
mod tests;
