//! Allocation past the inline fast path: refills of thread-local buffers, large objects, and what to do when there is no
//! room.
//!
//! Invariants: memory is taken under the heap's lock and zeroed outside it, when it belongs to one caller already; a
//! request is told `OutOfMemory` only after a collection that it waited for itself.
//!
//! Deliberately absent: headers (the caller writes them), and stopping the world.

use std::sync::atomic::Ordering;

use super::space::Taken;
use super::tlab::Refused;
use super::{AllocFailure, Heap, State, Tlab};
use crate::cage::REACH;
use crate::object::align_object;

impl Heap {
    /// Zero memory for an object of `bytes`, when the buffer has no room: refills the buffer, or goes past it for a
    /// large object. Not a safepoint: whether and when to collect is the caller's decision.
    pub fn alloc_slow(&self, tlab: &mut Tlab, bytes: usize) -> Result<*mut u8, AllocFailure> {
        let bytes = checked_size(bytes)?;
        let mut state = self.state.lock();
        if state.stress.is_due() {
            return Err(AllocFailure::NeedCollection);
        }
        let limit = state.limit_for(tlab, bytes as u64);
        match self.take(&mut state, tlab, bytes, limit) {
            Some(taken) => {
                drop(state);
                tlab.refused = None;
                Ok(self.hand_out(taken))
            }
            None => Err(state.refuse(tlab, bytes as u64)),
        }
    }

    /// As [`Heap::alloc_slow`], but passes the soft limit rather than ask for a collection: for callers that hold bare
    /// references, and for the memory of the error itself. Fails only at the hard limit.
    pub fn alloc_without_collection(&self, tlab: &mut Tlab, bytes: usize) -> Result<*mut u8, AllocFailure> {
        if let Some(at) = tlab.alloc(bytes) {
            return Ok(at);
        }
        let bytes = checked_size(bytes)?;
        let mut state = self.state.lock();
        let limit = state.policy.max_bytes;
        let taken = self.take(&mut state, tlab, bytes, limit).ok_or(AllocFailure::OutOfMemory)?;
        drop(state);
        Ok(self.hand_out(taken))
    }

    /// Gives up what is left of a buffer and leaves a filler there. Every buffer is retired before a collection, and
    /// when its thread ends.
    pub fn retire(&self, tlab: &mut Tlab) {
        let mut state = self.state.lock();
        self.retire_in(&mut state, tlab);
    }

    fn retire_in(&self, state: &mut State, tlab: &mut Tlab) {
        let unused = tlab.end - tlab.top;
        if unused != 0 {
            let base = self.cage.base() as u64;
            let rest = tlab.top.wrapping_sub(base)..tlab.end.wrapping_sub(base);
            assert!(
                state.spaces[state.live].holds(&rest) && rest.start.is_multiple_of(8),
                "a buffer lies in the live space: it was not retired before a collection"
            );
            // SAFETY: the unused rest of a buffer of the live space (checked), which its owner gives up here.
            unsafe { self.cage.base().add(rest.start as usize).cast::<u64>().write(unused) };
            self.figures.allocated_bytes.fetch_sub(unused, Ordering::Relaxed);
        }
        tlab.clear();
    }

    /// Takes memory for one object below `limit`, refilling the buffer on the way if the object is small.
    fn take(&self, state: &mut State, tlab: &mut Tlab, bytes: usize, limit: u64) -> Option<Taken> {
        let room = limit.saturating_sub(state.spaces[state.live].used());
        let bytes = bytes as u64;
        if bytes > room {
            return None;
        }
        let buffered = !self.is_stressed() && !tlab.is_large(bytes as usize);
        if buffered {
            self.retire_in(state, tlab);
        }
        let size = if buffered { room.min(tlab.next_bytes() as u64) & !7 } else { bytes };
        let space = &mut state.spaces[state.live];
        let taken = space.take(size.max(bytes));
        self.figures.used_bytes.store(space.used(), Ordering::Relaxed);
        self.figures.allocated_bytes.fetch_add(size.max(bytes), Ordering::Relaxed);
        if buffered {
            let start = self.cage.base() as u64 + taken.offset;
            tlab.set(start, size.max(bytes));
            tlab.top = start + bytes;
        }
        Some(taken)
    }

    fn hand_out(&self, taken: Taken) -> *mut u8 {
        let at = self.cage.base().wrapping_add(taken.offset as usize);
        // SAFETY: memory of the live space that `Space::take` gave to this call alone.
        unsafe { at.write_bytes(0, taken.dirty_bytes as usize) };
        at
    }
}

impl State {
    /// How full the space may get for this request. One that waited for a collection passes the soft limit, or other
    /// threads could take what was freed for it for ever.
    fn limit_for(&self, tlab: &Tlab, bytes: u64) -> u64 {
        match tlab.refused {
            Some(refused) if refused.bytes == bytes && refused.collections < self.collections => {
                self.policy.max_bytes
            }
            _ => self.policy.limit_bytes,
        }
    }

    /// Records a request that did not fit, and says what the caller can do about it. Memory is out when this very
    /// request has seen a collection that spared no soft reference, and still does not fit. If other threads took what
    /// was freed it tries again, a few times.
    fn refuse(&mut self, tlab: &mut Tlab, bytes: u64) -> AllocFailure {
        const MOST_TRIES: u32 = 4;
        let refused = tlab.refused.take().filter(|refused| refused.bytes == bytes);
        let mut refused = refused.unwrap_or(Refused { bytes, collections: self.collections, tries: 0 });
        if bytes > self.policy.max_bytes {
            return AllocFailure::OutOfMemory;
        }
        if self.exhausted && refused.collections < self.collections {
            refused.tries += 1;
            let taken_since = self.spaces[self.live].used().saturating_sub(self.live_bytes);
            if taken_since <= self.policy.max_bytes / 64 || refused.tries >= MOST_TRIES {
                return AllocFailure::OutOfMemory;
            }
            refused.collections = self.collections;
        }
        tlab.refused = Some(refused);
        self.wanted_bytes = self.wanted_bytes.saturating_add(bytes);
        self.wanted_most = self.wanted_most.max(bytes);
        AllocFailure::NeedCollection
    }
}

/// Sizes no heap can hold are out of memory, whatever is free.
fn checked_size(bytes: usize) -> Result<usize, AllocFailure> {
    if bytes as u64 > REACH { Err(AllocFailure::OutOfMemory) } else { Ok(align_object(bytes)) }
}
