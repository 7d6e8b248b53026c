//! The handle stack of one thread, and [`Local`], an index into it.
//!
//! Invariants: slots never move (chunks double in size and are added, not grown), so the collector may update them
//! while a native holds indices; slot 0 is null for ever; slots at and above `len` are not roots.
//!
//! One thread pushes and truncates. Slots are atomics only so that a collector on another thread may update them while
//! this one stands at a safepoint. An index at or above `len` reads as whatever was there last: a wrong answer, not
//! memory unsafety by itself.
//!
//! Deliberately absent: scopes. The virtual machine opens one by noting `len` and closes it by `truncate`.

use std::marker::PhantomData;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::object::ObjRef;

const FIRST_CHUNK_SHIFT: u32 = 8;
const CHUNKS: usize = 13;
/// Handles that one thread can hold: beyond it, carafe itself leaks handles.
pub const MAX_HANDLES: u32 = ((1 << CHUNKS) - 1) << FIRST_CHUNK_SHIFT;

#[derive(Debug)]
pub struct HandleStack {
    len: AtomicU32,
    chunks: [OnceLock<Box<[AtomicU32]>>; CHUNKS],
}

impl HandleStack {
    pub fn new() -> HandleStack {
        let stack = HandleStack { len: AtomicU32::new(0), chunks: [const { OnceLock::new() }; CHUNKS] };
        stack.push(ObjRef::NULL);
        stack
    }

    /// Puts `obj` on top and returns its index.
    ///
    /// # Panics
    /// Past [`MAX_HANDLES`].
    #[inline]
    pub fn push(&self, obj: ObjRef) -> u32 {
        let index = self.len.load(Ordering::Relaxed);
        assert!(index < MAX_HANDLES, "handle leak: {MAX_HANDLES} handles on one thread");
        let (chunk, at) = place(index);
        let slots = self.chunks[chunk].get_or_init(|| new_chunk(chunk));
        slots[at].store(obj.raw(), Ordering::Relaxed);
        self.len.store(index + 1, Ordering::Relaxed);
        index
    }

    #[inline]
    pub fn get(&self, index: u32) -> ObjRef {
        ObjRef(self.slot(index).load(Ordering::Relaxed))
    }

    /// # Panics
    /// For index 0 with anything but null.
    #[inline]
    pub fn set(&self, index: u32, obj: ObjRef) {
        assert!(index != 0 || obj.is_null(), "handle 0 is null");
        self.slot(index).store(obj.raw(), Ordering::Relaxed);
    }

    /// Handles in use, the null one included: at least 1.
    #[inline]
    pub fn len(&self) -> u32 {
        self.len.load(Ordering::Relaxed)
    }

    /// Whether no handle but the null one is in use.
    pub fn is_empty(&self) -> bool {
        self.len() <= 1
    }

    /// Drops all handles from `len` on. The null handle stays.
    #[inline]
    pub fn truncate(&self, len: u32) {
        debug_assert!(len <= self.len(), "a scope closes below where it stands");
        self.len.store(len.max(1), Ordering::Relaxed);
    }

    /// Passes every slot in use to a root visitor; the world is stopped.
    pub fn visit(&self, v: &mut dyn FnMut(&mut u32)) {
        let mut left = self.len() as usize;
        for (chunk, slots) in self.chunks.iter().enumerate() {
            let Some(slots) = slots.get() else { break };
            for slot in &slots[..left.min(chunk_len(chunk))] {
                let mut obj = slot.load(Ordering::Relaxed);
                if obj != 0 {
                    v(&mut obj);
                    slot.store(obj, Ordering::Relaxed);
                }
            }
            left = left.saturating_sub(chunk_len(chunk));
        }
    }

    #[inline]
    fn slot(&self, index: u32) -> &AtomicU32 {
        let (chunk, at) = place(index);
        match self.chunks.get(chunk).and_then(OnceLock::get) {
            Some(slots) => &slots[at],
            None => panic!("handle {index} was never pushed"),
        }
    }
}

impl Default for HandleStack {
    fn default() -> Self {
        HandleStack::new()
    }
}

const fn chunk_len(chunk: usize) -> usize {
    1 << (FIRST_CHUNK_SHIFT as usize + chunk)
}

fn new_chunk(chunk: usize) -> Box<[AtomicU32]> {
    (0..chunk_len(chunk)).map(|_| AtomicU32::new(0)).collect()
}

/// Chunk `k` holds indices from `(2^k - 1) * 256` on.
#[inline]
const fn place(index: u32) -> (usize, usize) {
    let biased = index as u64 + (1 << FIRST_CHUNK_SHIFT);
    let chunk = biased.ilog2() - FIRST_CHUNK_SHIFT;
    (chunk as usize, (biased - (1 << (chunk + FIRST_CHUNK_SHIFT))) as usize)
}

/// A handle of the current thread, valid while the scope `'s` is open. Invariant in `'s`: a handle of one scope is never
/// taken for one of another.
#[repr(transparent)]
pub struct Local<'s> {
    index: u32,
    scope: PhantomData<fn(&'s ()) -> &'s ()>,
}

impl<'s> Local<'s> {
    /// The handle of null, on every thread.
    pub const NULL: Local<'s> = Local { index: 0, scope: PhantomData };

    /// The handle at `index` of the thread's [`HandleStack`]; the caller ties `'s` to the scope that pushed it.
    #[inline(always)]
    pub const fn from_index(index: u32) -> Local<'s> {
        Local { index, scope: PhantomData }
    }

    #[inline(always)]
    pub const fn index(self) -> u32 {
        self.index
    }

    /// What the handle refers to now. The answer goes stale at the next collection.
    #[inline(always)]
    pub fn get(self, stack: &HandleStack) -> ObjRef {
        stack.get(self.index)
    }
}

impl Clone for Local<'_> {
    fn clone(&self) -> Self {
        *self
    }
}
impl Copy for Local<'_> {}
impl std::fmt::Debug for Local<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "local#{}", self.index)
    }
}
