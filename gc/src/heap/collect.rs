//! What one collection does: which kind, in which order, and what follows from it.
//!
//! A young collection evacuates the young regions. A full one marks and compacts everything; it comes when the old space
//! has grown past its limit, when a young one has not made room for what was asked, and when somebody asks for it.

use std::sync::atomic::Ordering;
use std::time::Instant;

use super::compact::compact;
use super::evacuate::{Evacuated, evacuate};
use super::references::{Discovery, SoftPolicy};
use super::regions::flag::{COLLECTED, LARGE, OLD, REACHED, REST, YOUNG};
use super::regions::start_of;
use super::roots::RootSet;
use super::verify::Verifier;
use super::{GcCause, GcKind, GcReport, Heap, ObjRef, State};
use crate::object::mark::{AGE_MASK, AGE_SHIFT, load_mark};

/// From so many bytes of survivors last time on, several threads are worth their start.
const PARALLEL_BYTES: u64 = 1 << 20;

#[derive(Default)]
struct Outcome {
    soft_kept: u64,
    enqueued: u64,
    promoted: u64,
}

impl Heap {
    /// Frees what is not reachable, and moves what is.
    ///
    /// # Safety
    /// No other thread runs Java code or touches the heap until this returns; every buffer has been retired; and
    /// `roots` reports every reference that will be used again.
    pub unsafe fn collect(&self, roots: &mut dyn RootSet, cause: GcCause) -> GcReport {
        let begin = Instant::now();
        let mut state = self.state.lock();
        let used = state.used_bytes;
        self.verify(&state, roots, "before a collection");

        let mut kind = state.kind_for(cause);
        let mut outcome = Outcome::default();
        if kind == GcKind::Young {
            // SAFETY: the caller's promise.
            outcome = unsafe { self.young(&mut state, roots) };
            if state.is_short() {
                kind = GcKind::Full;
            }
        }
        state.exhausted = false;
        let mut soft_cleared_all = false;
        if kind == GcKind::Full {
            soft_cleared_all = cause == GcCause::LowMemory;
            // SAFETY: the caller's promise.
            let full = unsafe { self.full(&mut state, roots, soft_cleared_all) };
            outcome.enqueued += full.enqueued;
            let mut kept = full.soft_kept;
            if state.is_short() && kept > 0 {
                // SAFETY: the caller's promise holds still.
                outcome.enqueued += unsafe { self.full(&mut state, roots, true) }.enqueued;
                (soft_cleared_all, kept) = (true, 0);
            }
            state.exhausted = soft_cleared_all || kept == 0;
        }

        let live = state.used_bytes;
        let end = Instant::now();
        let (pause, since_last) = (end - begin, begin.saturating_duration_since(state.last_end));
        let wanted = state.wanted_bytes;
        state.policy.collected(kind, live, wanted, outcome.promoted, pause, since_last);
        state.stress.collected();
        state.collections += 1;
        (state.wanted_bytes, state.wanted_most, state.live_bytes, state.last_end) = (0, 0, live, end);
        let keep_bytes = state.policy.retain_bytes(cause != GcCause::Allocation);
        if kind == GcKind::Full || state.policy.is_quiet() {
            state.regions.uncommit(keep_bytes);
        }

        self.verify(&state, roots, "after a collection");
        self.has_pending.store(!state.pending.is_null(), Ordering::Release);
        self.figures.collections.store(state.collections, Ordering::Relaxed);
        self.figures.collection_nanos.fetch_add(pause.as_nanos() as u64, Ordering::Relaxed);
        self.publish_figures(&state);
        GcReport {
            cause,
            kind,
            used_bytes: used,
            live_bytes: live,
            freed_bytes: used.saturating_sub(live),
            promoted_bytes: outcome.promoted,
            limit_bytes: state.policy.limit_bytes(),
            enqueued: outcome.enqueued,
            soft_cleared_all,
            pause,
        }
    }

    /// Evacuates the young regions.
    ///
    /// # Safety
    /// As for `collect`.
    unsafe fn young(&self, state: &mut State, roots: &mut dyn RootSet) -> Outcome {
        let shapes = self.shapes(state);
        let discovery = Discovery::new(state.reference_offsets, state.soft_policy(), state.pending);
        let tenure = state.policy.tenure;
        let crew = state.policy.survivors_last >= PARALLEL_BYTES || state.stress.wants_crew();
        let workers = if crew { state.workers } else { 1 };
        let State { regions, old, .. } = &mut *state;
        // SAFETY: the caller's promise.
        let evacuated = unsafe {
            evacuate(shapes, regions, &self.cards, old, roots, discovery, tenure, workers)
        };
        // SAFETY: every reference into the evacuated regions was updated or is dead.
        unsafe { self.leave_evacuated(state, tenure) };
        let Evacuated { ages, promoted, soft_kept, enqueued, pending } = evacuated;
        state.pending = ObjRef(pending);
        state.policy.survived(&ages, promoted);
        Outcome { soft_kept, enqueued, promoted }
    }

    /// Frees the regions that were evacuated, and large objects that were not reached.
    ///
    /// # Safety
    /// As for `collect`; nothing that lives is left in those regions.
    unsafe fn leave_evacuated(&self, state: &mut State, tenure: u32) {
        let poison = self.is_stressed();
        let collected: Vec<usize> = state.regions.with(COLLECTED, REST).collect();
        for region in collected {
            let flags = state.regions.flags.get(region);
            if flags & (LARGE | REACHED) != LARGE | REACHED {
                // SAFETY: the caller's promise.
                unsafe { state.regions.release(region, poison) };
                continue;
            }
            state.regions.flags.set(region, flags & !REACHED);
            // SAFETY: a large object that lives.
            let mark = unsafe { load_mark(self.cage.base(), ObjRef::from_offset(start_of(region))) };
            if (mark & AGE_MASK) >> AGE_SHIFT > tenure.min(14) {
                state.regions.promote_large(region);
            }
        }
        state.regions.collect_young_next();
        state.eden = None;
        state.young_bytes = 0;
        state.used_bytes = state.regions.used(YOUNG | OLD);
    }

    /// Marks and compacts everything.
    ///
    /// # Safety
    /// As for `collect`.
    unsafe fn full(&self, state: &mut State, roots: &mut dyn RootSet, clear_all_soft: bool) -> Outcome {
        let shapes = self.shapes(state);
        let soft = if clear_all_soft { SoftPolicy::ClearAll } else { state.soft_policy() };
        let discovery = Discovery::new(state.reference_offsets, soft, state.pending);
        let poison = self.is_stressed();
        let State { regions, bits, places, .. } = &mut *state;
        // SAFETY: the caller's promise.
        let done = unsafe { compact(shapes, regions, &self.cards, bits, places, roots, discovery, poison) };
        state.pending = ObjRef(done.pending);
        state.old = done.last;
        state.eden = None;
        state.young_bytes = 0;
        state.used_bytes = state.regions.used(YOUNG | OLD);
        Outcome { soft_kept: done.soft_kept, enqueued: done.enqueued, promoted: 0 }
    }

    fn verify(&self, state: &State, roots: &mut dyn RootSet, when: &'static str) {
        if !self.verify {
            return;
        }
        // SAFETY: called from `collect`, where the world is stopped and buffers are retired.
        let verifier = unsafe {
            Verifier::check(
                self.shapes(state),
                state.reference_offsets,
                &state.regions,
                &self.cards,
                state.walkable(),
                start_of(state.regions.touched_range().end),
                when,
            )
        };
        let check = |root: u32| {
            if root != 0 {
                verifier.check_root(root);
            }
        };
        check(state.pending.0);
        roots.visit_strong(&mut |slot| check(*slot));
    }
}

impl State {
    fn kind_for(&mut self, cause: GcCause) -> GcKind {
        match cause {
            GcCause::Explicit | GcCause::LowMemory => GcKind::Full,
            // What is old moves too under stress, only not every time.
            GcCause::Allocation if self.stress.wants_full() => GcKind::Full,
            GcCause::Allocation if self.policy.is_old_full(self.regions.used(OLD)) => GcKind::Full,
            GcCause::Allocation => GcKind::Young,
        }
    }

    /// Whether the requests that wait do not fit, or next to nothing else would.
    fn is_short(&self) -> bool {
        let room = self.policy.max_bytes.saturating_sub(self.used_bytes);
        room < self.wanted_most.max(self.policy.least_room())
    }
}
