//! Thread-local allocation buffers: the allocation fast path that the interpreter and compiled code inline.
//!
//! Invariants: `[top, end)` is zero memory of the live space that belongs to one thread; `top` is a multiple of 8. An
//! empty buffer (`top == end`) sends every allocation to `Heap::alloc_slow`, which is how collection stress sees them
//! all. Addresses in a buffer go stale at a collection, so the caller retires every buffer before it collects.
//!
//! Deliberately absent: refilling (see `Heap::alloc_slow`).

use crate::object::align_object;

const FIRST_BYTES: u32 = 8 << 10;
const MAX_BYTES: u32 = 64 << 10;

/// `top` and `end` come first and in this order: compiled code knows their offsets.
#[repr(C)]
#[derive(Debug)]
pub struct Tlab {
    /// Address of the next object.
    pub top: u64,
    /// Address of the first byte past the buffer.
    pub end: u64,
    /// Address where the buffer started.
    pub(super) start: u64,
    /// What to ask for next; a quarter of it is the most that one object takes from a buffer.
    next_bytes: u32,
    /// Bytes of objects in earlier buffers, and beside any.
    retired_bytes: u64,
    /// The request that was refused last and has not succeeded since.
    pub(super) refused: Option<Refused>,
}

/// What the heap must remember of a refused request, to tell the first try from the one after a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) bytes: u64,
    /// Collections up to the refusal.
    pub(super) collections: u64,
    pub(super) tries: u32,
}

impl Tlab {
    pub const fn new() -> Tlab {
        Tlab { top: 0, end: 0, start: 0, next_bytes: FIRST_BYTES, retired_bytes: 0, refused: None }
    }

    /// Nobody waits for the collection that a refused request has asked for.
    pub fn forget_refusal(&mut self) {
        self.refused = None;
    }

    /// Zero memory for an object of `bytes`, or none if the buffer has no room. Never a safepoint.
    #[inline(always)]
    pub fn alloc(&mut self, bytes: usize) -> Option<*mut u8> {
        let bytes = align_object(bytes) as u64;
        if bytes > self.end - self.top {
            return None;
        }
        let at = self.top;
        self.top = at + bytes;
        Some(at as *mut u8)
    }

    /// Counts an object that the heap has just given: those that lie in the buffer count when it is retired.
    pub fn count(&mut self, at: *mut u8, bytes: usize) {
        if !(self.start..self.end).contains(&(at as u64)) {
            self.retired_bytes += align_object(bytes) as u64;
        }
    }

    /// Bytes of all objects that were made with this buffer's owner asking, but for those in the buffer of now.
    pub fn retired_bytes(&self) -> u64 {
        self.retired_bytes
    }

    /// The same with those in the buffer of now.
    pub fn allocated_bytes(&self) -> u64 {
        self.retired_bytes + (self.top - self.start)
    }

    /// Whether an object of `bytes` is allocated past the buffer, in the space itself.
    pub(super) fn is_large(&self, bytes: usize) -> bool {
        bytes > self.next_bytes as usize / 4
    }

    pub(super) fn next_bytes(&self) -> usize {
        self.next_bytes as usize
    }

    pub(super) fn set(&mut self, start: u64, bytes: u64) {
        (self.start, self.top, self.end) = (start, start, start + bytes);
        self.next_bytes = (self.next_bytes * 2).min(MAX_BYTES);
    }

    pub(super) fn clear(&mut self) {
        self.retired_bytes += self.top - self.start;
        (self.start, self.top, self.end) = (0, 0, 0);
    }
}

impl Default for Tlab {
    fn default() -> Self {
        Tlab::new()
    }
}

const _: () = assert!(std::mem::offset_of!(Tlab, top) == 0 && std::mem::offset_of!(Tlab, end) == 8);
