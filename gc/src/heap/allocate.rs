//! Allocation past the inline fast path: refills of thread-local buffers, large objects, and what to do when there is no
//! room.
//!
//! Invariants: memory is taken under the heap's lock and zeroed outside it, when it belongs to one caller already; a
//! request is told `OutOfMemory` only after a collection that it waited for itself.
//!
//! Deliberately absent: headers (the caller writes them), and stopping the world.

use std::sync::atomic::Ordering;

use super::evacuate::write_filler;
use super::regions::flag::{COLLECTED, YOUNG};
use super::regions::{LARGE_BYTES, REGION_BYTES, REGION_SHIFT, start_of};
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
        let taken = self.take(&mut state, tlab, bytes, u64::MAX).ok_or(AllocFailure::OutOfMemory)?;
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
                state.is_new_memory(&rest) && rest.start.is_multiple_of(8),
                "a buffer lies in eden: it was not retired before a collection"
            );
            // SAFETY: the unused rest of a buffer of an eden region (checked), which its owner gives up here.
            unsafe { write_filler(self.cage.base(), rest.start, unused) };
            self.figures.allocated_bytes.fetch_sub(unused, Ordering::Relaxed);
        }
        tlab.clear();
    }

    /// Takes memory for one object while new objects take less than `limit`, refilling the buffer on the way if the
    /// object is small.
    fn take(&self, state: &mut State, tlab: &mut Tlab, bytes: usize, limit: u64) -> Option<Taken> {
        let room = state.room(limit);
        let bytes = bytes as u64;
        if bytes > room {
            return None;
        }
        if bytes > LARGE_BYTES {
            return self.take_large(state, bytes);
        }
        let buffered = !self.is_stressed() && !tlab.is_large(bytes as usize);
        if buffered {
            self.retire_in(state, tlab);
        }
        let region = state.eden_region(bytes)?;
        let most = (tlab.next_bytes() as u64).min((state.policy.eden_bytes / 4).next_multiple_of(8));
        let size = if buffered { room.min(most) & !7 } else { bytes };
        let size = size.min(state.regions.room(region, bytes)).max(bytes);
        let (offset, dirty_bytes) = state.regions.bump(region, size);
        self.count(state, size);
        if buffered {
            let start = self.cage.base() as u64 + offset;
            tlab.set(start, size);
            tlab.top = start + bytes;
        }
        Some(Taken { offset, dirty_bytes })
    }

    /// Regions of its own for an object that stays where it is.
    fn take_large(&self, state: &mut State, bytes: u64) -> Option<Taken> {
        if !state.regions.can_spare(bytes.div_ceil(REGION_BYTES) as usize) {
            return None;
        }
        let head = state.regions.take_row(bytes, YOUNG | COLLECTED)?;
        // Rows are often made of regions that were never used, while others are free. Together they would be too much.
        let most = state.policy.max_bytes;
        let touched_at_most = self.figures.touched_bytes.load(Ordering::Relaxed) + state.young_bytes;
        if touched_at_most + bytes > most && state.regions.touched() + bytes > most {
            state.regions.uncommit(0);
        }
        let start = start_of(head);
        let mut dirty_to = start;
        state.regions.each_of_row(head, |region, _| {
            let dirty = state.regions.get(region).dirty_to;
            dirty_to = if dirty > start_of(region) { dirty } else { dirty_to };
        });
        self.count(state, bytes);
        Some(Taken { offset: start, dirty_bytes: dirty_to.min(start + bytes) - start })
    }

    fn count(&self, state: &mut State, bytes: u64) {
        state.used_bytes += bytes;
        state.young_bytes += bytes;
        self.figures.used_bytes.store(state.used_bytes, Ordering::Relaxed);
        self.figures.allocated_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    fn hand_out(&self, taken: Taken) -> *mut u8 {
        let at = self.cage.base().wrapping_add(taken.offset as usize);
        // SAFETY: memory of a young region that `take` gave to this call alone.
        unsafe { at.write_bytes(0, taken.dirty_bytes as usize) };
        at
    }
}

/// Memory taken from a region, and how much of its beginning is not zero yet.
struct Taken {
    offset: u64,
    dirty_bytes: u64,
}

impl State {
    /// What one request may take at most while new objects may take `limit`.
    fn room(&self, limit: u64) -> u64 {
        let hard = self.most_bytes().saturating_sub(self.used_bytes);
        limit.saturating_sub(self.young_bytes).min(hard)
    }

    /// The eden region with room for an object; a fresh one if that of now has none.
    fn eden_region(&mut self, bytes: u64) -> Option<usize> {
        match self.eden {
            Some(region) if self.regions.room(region, bytes) >= bytes => Some(region),
            _ => {
                self.eden =
                    if self.regions.can_spare(1) { self.regions.take(YOUNG | COLLECTED) } else { None };
                self.eden
            }
        }
    }

    /// Whether a range lies in memory that new objects got since the last collection.
    fn is_new_memory(&self, range: &std::ops::Range<u64>) -> bool {
        let region = (range.start >> REGION_SHIFT) as usize;
        range.start <= range.end
            && self.regions.usable().contains(&region)
            && self.regions.flags.get(region) == YOUNG | COLLECTED
            && range.end <= self.regions.get(region).top
    }

    /// How much new objects may take for this request. One that waited for a collection passes the soft limit, or other
    /// threads could take what was freed for it for ever.
    fn limit_for(&self, tlab: &Tlab, bytes: u64) -> u64 {
        match tlab.refused {
            Some(refused) if refused.bytes == bytes && refused.collections < self.collections => u64::MAX,
            _ => self.policy.eden_limit(),
        }
    }

    /// Records a request that did not fit, and says what the caller can do about it. Memory is out when this very
    /// request has seen a collection that spared no soft reference, and still does not fit. If other threads took what
    /// was freed it tries again, a few times.
    fn refuse(&mut self, tlab: &mut Tlab, bytes: u64) -> AllocFailure {
        const MOST_TRIES: u32 = 4;
        let refused = tlab.refused.take().filter(|refused| refused.bytes == bytes);
        let mut refused = refused.unwrap_or(Refused { bytes, collections: self.collections, tries: 0 });
        if bytes > self.most_bytes() {
            return AllocFailure::OutOfMemory;
        }
        if self.exhausted && refused.collections < self.collections {
            refused.tries += 1;
            let taken_since = self.used_bytes.saturating_sub(self.live_bytes);
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
