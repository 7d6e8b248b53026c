//! What one collection does: which kind, in which order, and what follows from it.
//!
//! A young collection evacuates the young regions, and with them a group of old ones if a cycle has found any (see
//! `cycle`); it also begins cycles and ends their marking. A full one marks and compacts everything; it comes when a young
//! one has not made room for what was asked, and when somebody asks for it.

use std::ops::Range;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::compact::compact;
use super::cycle::{Cycle, Phase, scan_changed};
use super::evacuate::{Evacuated, Plan, evacuate, old_rows};
use super::mark::{Marker, Work};
use super::policy::Collected;
use super::references::{Discovery, SoftPolicy, Tracer};
use super::regions::flag::{CANDIDATE, COLLECTED, LARGE, OLD, REACHED, REST, YOUNG};
use super::regions::{LARGE_BYTES, REGION_BYTES, start_of};
use super::roots::RootSet;
use super::verify::{self, Liveness, Verifier};
use super::{GcCause, GcKind, GcReport, Heap, ObjRef, Occupancy, State};
use crate::object::mark::{AGE_MASK, AGE_SHIFT, load_mark};

/// From so many bytes of survivors last time on, several threads are worth their start.
const PARALLEL_BYTES: u64 = 1 << 20;
/// As many as a byte has bits.
const MOST_GROUPS: usize = 8;

#[derive(Default)]
struct Outcome {
    soft_kept: u64,
    enqueued: u64,
    promoted: u64,
    /// Until all roots and cards had been looked at.
    looking: Duration,
}

impl Heap {
    /// Frees what is not reachable, and moves what is.
    ///
    /// # Safety
    /// No other thread runs Java code or touches the heap until this returns; every buffer has been retired; and
    /// `roots` reports every reference that will be used again.
    pub unsafe fn collect(&self, roots: &mut dyn RootSet, cause: GcCause) -> GcReport {
        let begin = Instant::now();
        let mut cycle = self.background.pause();
        let mut state = self.state.lock();
        let before = state.occupancy();
        let used = before.young + before.old;
        self.verify(&state, &cycle, roots, "before a collection");
        if std::mem::take(&mut cycle.filled) {
            roots.forget_unloaded();
        }

        let mut kind = state.kind_for(cause);
        let mut outcome = Outcome::default();
        if kind == GcKind::Young && !state.has_room_for_copies(0) {
            kind = GcKind::Full;
        }
        if kind == GcKind::Young {
            // SAFETY: the caller's promise.
            (kind, outcome) = unsafe { self.young(&mut state, &mut cycle, roots, cause) };
            if state.is_short() {
                kind = GcKind::Full;
            }
        }
        state.exhausted = false;
        let mut soft_cleared_all = false;
        if kind == GcKind::Full {
            soft_cleared_all = cause == GcCause::LowMemory;
            // SAFETY: the caller's promise.
            let full = unsafe { self.full(&mut state, &mut cycle, roots, soft_cleared_all) };
            outcome.enqueued += full.enqueued;
            let mut kept = full.soft_kept;
            if state.is_short() && kept > 0 {
                // SAFETY: the caller's promise holds still.
                outcome.enqueued += unsafe { self.full(&mut state, &mut cycle, roots, true) }.enqueued;
                (soft_cleared_all, kept) = (true, 0);
            }
            state.exhausted = soft_cleared_all || kept == 0;
        }

        let live = state.used_bytes;
        let end = Instant::now();
        let (pause, since_last) = (end - begin, begin.saturating_duration_since(state.last_end));
        let busy = match cycle.phase {
            Phase::Mark | Phase::Marked => true,
            Phase::Idle => state.policy.is_old_full(state.regions.used(OLD)),
            Phase::Rebuild | Phase::Ready => false,
        };
        let (wanted, looking) = (state.wanted_bytes, outcome.looking);
        state.policy.collected(&Collected { kind, live, wanted, pause, looking, since_last, busy });
        state.stress.collected();
        state.collections += 1;
        (state.wanted_bytes, state.wanted_most, state.live_bytes, state.last_end) = (0, 0, live, end);
        // What is free and was used counts too: together with an eden of regions that were not, it must not add up to
        // more than objects may take.
        let (most, eden) = (state.most_bytes(), state.policy.eden_limit());
        let most_free = most.saturating_sub(state.used_bytes + eden);
        let keep_bytes = state.policy.retain_bytes(cause != GcCause::Allocation).min(most_free);
        if matches!(kind, GcKind::Full | GcKind::Remark | GcKind::Mixed)
            || state.policy.is_quiet()
            || state.regions.touched() + eden > most
        {
            state.regions.uncommit(keep_bytes);
        }

        self.verify(&state, &cycle, roots, "after a collection");
        self.has_pending.store(!state.pending.is_null(), Ordering::Release);
        self.figures.collections.store(state.collections, Ordering::Relaxed);
        self.figures.collection_nanos.fetch_add(pause.as_nanos() as u64, Ordering::Relaxed);
        if kind == GcKind::Full {
            self.figures.full_collections.fetch_add(1, Ordering::Relaxed);
            self.figures.full_collection_nanos.fetch_add(pause.as_nanos() as u64, Ordering::Relaxed);
        }
        self.publish_figures(&state);
        let (after, limit_bytes) = (state.occupancy(), state.policy.limit_bytes());
        drop(state);
        self.background.go_on(cycle);
        GcReport {
            cause,
            kind,
            before,
            after,
            live_bytes: live,
            freed_bytes: used.saturating_sub(live),
            promoted_bytes: outcome.promoted,
            limit_bytes,
            enqueued: outcome.enqueued,
            soft_cleared_all,
            pause,
        }
    }

    /// Evacuates the young regions, and does what the cycle is due for.
    ///
    /// # Safety
    /// As for `collect`.
    unsafe fn young(
        &self,
        state: &mut State,
        cycle: &mut Cycle,
        roots: &mut dyn RootSet,
        cause: GcCause,
    ) -> (GcKind, Outcome) {
        let group =
            if state.has_room_for_copies(state.policy.group_bytes()) { cycle.take_group() } else { None };
        let mixed = group.is_some();
        // SAFETY: the caller's promise.
        let mut outcome = unsafe { self.evacuate(state, cycle, group, roots) };
        let kind = match cycle.phase {
            Phase::Idle if cause == GcCause::Metadata || self.begins_cycle(state) => {
                // SAFETY: the caller's promise; the young regions hold survivors only.
                unsafe { self.begin_cycle(state, cycle, roots) };
                GcKind::Begin
            }
            Phase::Mark if !(state.policy.is_ending() && state.policy.ends_marking(false)) => {
                cycle.look_again(old_rows(&state.regions, 0));
                GcKind::Young
            }
            Phase::Marked if !state.policy.ends_marking(true) => {
                // What this pause has promoted and made changed is looked at beside the program once more, and little
                // will have come to it when the next one ends the marking.
                cycle.look_once_more(old_rows(&state.regions, 0));
                GcKind::Young
            }
            Phase::Mark | Phase::Marked => {
                // SAFETY: as above.
                outcome.enqueued += unsafe { self.remark(state, cycle, roots) };
                GcKind::Remark
            }
            Phase::Ready if cycle.groups.is_empty() => {
                // SAFETY: the world is stopped.
                unsafe { self.end_cycle(state, cycle) };
                if mixed { GcKind::Mixed } else { GcKind::Young }
            }
            _ if mixed => GcKind::Mixed,
            _ => GcKind::Young,
        };
        (kind, outcome)
    }

    fn begins_cycle(&self, state: &State) -> bool {
        self.is_stressed() || state.policy.is_busy() && state.policy.is_old_full(state.regions.used(OLD))
    }

    /// # Safety
    /// As for `collect`.
    unsafe fn evacuate(
        &self,
        state: &mut State,
        cycle: &Cycle,
        group: Option<(u8, Vec<usize>)>,
        roots: &mut dyn RootSet,
    ) -> Outcome {
        // Survivors are copied before what they leave is free: together with what lies about unused that must not be more
        // than objects may take.
        let most = state.most_bytes();
        let moved = state.moved_at_most();
        if state.regions.touched() + moved > most {
            state.regions.uncommit(most.saturating_sub(state.used_bytes + moved));
        }
        let crew = state.policy.survivors_last >= PARALLEL_BYTES || state.stress.wants_crew();
        let (bit, old_regions) = group.unwrap_or_default();
        for region in old_regions {
            state.regions.flags.set(region, OLD | CANDIDATE | COLLECTED);
        }
        let tables = &*self.tables;
        let marking = matches!(cycle.phase, Phase::Mark | Phase::Marked);
        let plan = Plan {
            shapes: self.shapes(state),
            tables,
            live: &tables.bits[cycle.live],
            marking: marking.then(|| &tables.bits[cycle.next()]),
            group: bit,
            tenure: state.policy.tenure,
            workers: if crew { state.workers } else { 1 },
            all: self.is_stressed(),
        };
        let discovery = Discovery::new(state.reference_offsets, state.soft_policy(), state.pending);
        let new_bytes = state.young_bytes;
        let State { regions, old, .. } = &mut *state;
        // SAFETY: the caller's promise.
        let evacuated = unsafe { evacuate(plan, regions, old, &self.crew, roots, discovery) };
        // SAFETY: every reference into the evacuated regions was updated or is dead.
        unsafe { self.leave_evacuated(state, &plan) };
        let Evacuated { ages, promoted, soft_kept, enqueued, pending, looking, helpers } = evacuated;
        self.figures.helper_nanos.fetch_add(helpers.as_nanos() as u64, Ordering::Relaxed);
        state.pending = ObjRef(pending);
        state.policy.survived(&ages, promoted, new_bytes);
        Outcome { soft_kept, enqueued, promoted, looking }
    }

    /// Frees the regions that were evacuated, and large objects that were not reached.
    ///
    /// # Safety
    /// As for `collect`; nothing that lives is left in those regions.
    unsafe fn leave_evacuated(&self, state: &mut State, plan: &Plan<'_>) {
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
            let obj = ObjRef::from_offset(start_of(region));
            // SAFETY: a large object that lives.
            let mark = unsafe { load_mark(self.cage.base(), obj) };
            if (mark & AGE_MASK) >> AGE_SHIFT > plan.tenure.min(14) {
                state.regions.promote_large(region);
                if let Some(bits) = plan.marking {
                    bits.set(obj.raw());
                    let row = state.regions.row_of(region);
                    self.tables.cards.note_changed(row.start, row.end);
                }
            }
        }
        state.regions.collect_young_next();
        self.recount(state);
    }

    fn recount(&self, state: &mut State) {
        state.eden = None;
        state.young_bytes = 0;
        state.used_bytes = state.regions.used(YOUNG | OLD);
    }

    /// Marks what roots and young objects refer to in the old space; the rest is the cycle's.
    ///
    /// # Safety
    /// As for `collect`; no dead object lies in a young region.
    unsafe fn begin_cycle(&self, state: &State, cycle: &mut Cycle, roots: &mut dyn RootSet) {
        let shapes = self.shapes(state);
        let discovery = Discovery::new(state.reference_offsets, state.soft_policy(), ObjRef::NULL);
        let regions = state.regions.touched_range().end;
        let work = Work::counting(regions);
        let tables = cycle.tables.clone();
        let bits = &tables.bits[cycle.next()];
        let mut marker = Marker::of_old(shapes, &tables, bits, discovery, work, true);
        // SAFETY: the caller's promise.
        unsafe { self.mark_from_roots(state, &mut marker, roots) };
        let Marker { work, discovery, .. } = marker;
        cycle.begin(shapes, discovery, work, old_rows(&state.regions, 0), regions);
    }

    /// # Safety
    /// As for `begin_cycle`.
    unsafe fn mark_from_roots(&self, state: &State, marker: &mut Marker<'_>, roots: &mut dyn RootSet) {
        marker.mark(state.pending.raw());
        roots.visit_marking(&mut |slot| marker.mark(*slot));
        for row in state.walkable(YOUNG) {
            // SAFETY: rows of objects and fillers.
            unsafe { verify::walk(marker.shapes, row, |obj, _, _| marker.scan_young(obj)) };
        }
    }

    /// Ends the marking: what is not marked now is dead. How many References were enqueued.
    ///
    /// # Safety
    /// As for `begin_cycle`.
    unsafe fn remark(&self, state: &mut State, cycle: &mut Cycle, roots: &mut dyn RootSet) -> u64 {
        let shapes = self.shapes(state);
        let mut discovery = match cycle.take_discovery() {
            Some(discovery) => discovery,
            None => Discovery::new(state.reference_offsets, state.soft_policy(), ObjRef::NULL),
        };
        discovery.pending = state.pending.raw();
        let tables = cycle.tables.clone();
        let bits = &tables.bits[cycle.next()];
        let work = std::mem::take(&mut cycle.work);
        let mut marker = Marker::of_old(shapes, &tables, bits, discovery, work, false);
        // SAFETY: the world is stopped; References are decided about when all that is strongly reachable is marked.
        unsafe {
            for row in old_rows(&state.regions, 0) {
                scan_changed(&tables, &mut marker, &row);
            }
            self.mark_from_roots(state, &mut marker, roots);
            marker.drain();
            marker.decide_found();
            marker.drain();
            marker.process_references();
        }
        roots.visit_weak(&mut |obj| if obj.is_null() { None } else { marker.place(obj.raw()).map(ObjRef) });
        cycle.fill = roots.unload(&mut |obj| marker.place(obj.raw()).is_some());
        let Marker { work, discovery, .. } = marker;
        let enqueued = discovery.enqueued;
        state.pending = ObjRef(discovery.pending);
        cycle.work = work;
        cycle.keep_discovery(discovery.like());
        // SAFETY: the dead are known.
        unsafe { self.free_dead(state, cycle) };
        enqueued
    }

    /// Frees old regions without living objects, and picks those that are to be evacuated.
    ///
    /// # Safety
    /// As for `collect`; the marking is complete.
    unsafe fn free_dead(&self, state: &mut State, cycle: &mut Cycle) {
        let poison = self.is_stressed();
        let bits = &self.tables.bits[cycle.next()];
        let large: Vec<usize> = state.regions.with(OLD, REST).collect();
        let mut candidates = Vec::new();
        for region in large {
            let start = start_of(region);
            if state.regions.flags.get(region) & LARGE != 0 {
                if !bits.is_set(ObjRef::from_offset(start).raw()) {
                    // SAFETY: a dead object.
                    unsafe { state.regions.release(region, poison) };
                }
                continue;
            }
            let top = state.regions.get(region).top;
            state.regions.get_mut(region).known_to = top;
            if state.old == Some(region) || !cycle.is_eligible(region, top) {
                continue;
            }
            match cycle.live_bytes(region) {
                // SAFETY: nothing in it lives.
                0 => unsafe { state.regions.release(region, poison) },
                live => candidates.push((live, region, top - start)),
            }
        }
        candidates.sort_unstable();
        let most_live = |used: u64| if poison { used } else { state.policy.evacuates_up_to(used) };
        candidates.retain(|&(live, _, used)| live <= most_live(used));
        let group_bytes = state.policy.group_bytes();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut room = 0;
        for (live, region, _) in candidates {
            if groups.is_empty() || live > room {
                if groups.len() == MOST_GROUPS {
                    break;
                }
                groups.push(Vec::new());
                room = group_bytes;
            }
            room = room.saturating_sub(live);
            state.regions.flags.set(region, OLD | CANDIDATE);
            self.tables.groups.set(region, 1 << (groups.len() - 1));
            if let Some(group) = groups.last_mut() {
                group.push(region);
            }
        }
        cycle.groups = groups;
        cycle.known(old_rows(&state.regions, 0), state.touched_end());
        self.recount(state);
        state.policy.old_known(state.regions.used(OLD));
    }

    /// Forgets a cycle, whatever it has come to.
    ///
    /// # Safety
    /// The world is stopped.
    unsafe fn end_cycle(&self, state: &mut State, cycle: &mut Cycle) {
        let candidates: Vec<usize> = state.regions.with(CANDIDATE, 0).collect();
        candidates.into_iter().for_each(|region| state.regions.flags.set(region, OLD));
        // SAFETY: the caller's promise.
        unsafe { cycle.end(state.touched_end()) };
    }

    /// Marks and compacts everything.
    ///
    /// # Safety
    /// As for `collect`.
    unsafe fn full(
        &self,
        state: &mut State,
        cycle: &mut Cycle,
        roots: &mut dyn RootSet,
        clear_all_soft: bool,
    ) -> Outcome {
        // SAFETY: the world is stopped. All that lives is found anew, so marks from before are worth nothing.
        unsafe {
            self.end_cycle(state, cycle);
            self.tables.bits[cycle.live].clear(state.touched_end());
        }
        let shapes = self.shapes(state);
        let soft = if clear_all_soft { SoftPolicy::ClearAll } else { state.soft_policy() };
        let discovery = Discovery::new(state.reference_offsets, soft, state.pending);
        let poison = self.is_stressed();
        let State { regions, places, .. } = &mut *state;
        // SAFETY: the caller's promise.
        let done = unsafe { compact(shapes, regions, &self.tables, places, roots, discovery, poison) };
        state.pending = ObjRef(done.pending);
        state.old = done.last;
        self.recount(state);
        state.policy.old_known(state.used_bytes);
        Outcome { soft_kept: done.soft_kept, enqueued: done.enqueued, ..Outcome::default() }
    }

    fn verify(&self, state: &State, cycle: &Cycle, roots: &mut dyn RootSet, when: &'static str) {
        if self.verify_every == 0 || !state.collections.is_multiple_of(u64::from(self.verify_every)) {
            return;
        }
        let live = Liveness { regions: &state.regions, bits: &self.tables.bits[cycle.live] };
        let remembered = cycle.phase == Phase::Ready;
        // SAFETY: called from `collect`, where the world is stopped and buffers are retired.
        let verifier = unsafe {
            Verifier::check(
                self.shapes(state),
                state.reference_offsets,
                live,
                &self.tables,
                remembered,
                state.walkable(YOUNG | OLD),
                state.touched_end(),
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
            GcCause::Allocation | GcCause::Metadata => GcKind::Young,
        }
    }

    fn occupancy(&self) -> Occupancy {
        Occupancy { young: self.regions.used(YOUNG), old: self.regions.used(OLD) }
    }

    /// What an evacuation of the young regions would copy if all of it lived.
    fn moved_at_most(&self) -> u64 {
        self.regions.used_by_small(YOUNG)
    }

    /// Whether what an evacuation may copy, with so many bytes of the old space, has room beside what there is. A little
    /// too much, of which not all will live, is better than to compact everything: a heap that is nearly full would do nothing
    /// else.
    fn has_room_for_copies(&self, old_bytes: u64) -> bool {
        let most = self.most_bytes();
        self.used_bytes + self.moved_at_most() + old_bytes <= most + most / 16
    }

    /// Whether the requests that wait do not fit, or next to nothing else would.
    fn is_short(&self) -> bool {
        let room = self.most_bytes().saturating_sub(self.used_bytes);
        let count = self.wanted_most.div_ceil(REGION_BYTES).max(1) as usize;
        let has_row = self.wanted_most <= LARGE_BYTES || self.regions.has_row(self.wanted_most);
        let fits = has_row && self.regions.can_spare(count);
        !fits || room < self.wanted_most.max(self.policy.least_room())
    }

    fn touched_end(&self) -> u64 {
        start_of(self.regions.touched_range().end)
    }

    /// The parts of the heap that are rows of objects and fillers, of regions with one of these flags.
    pub(super) fn walkable(&self, bits: u8) -> Vec<Range<u64>> {
        let rows = self.regions.with(bits, LARGE);
        let rows = rows.map(|region| start_of(region)..self.regions.get(region).top);
        let large = self.regions.with(LARGE, REST).filter(|&head| self.regions.flags.get(head) & bits != 0);
        rows.chain(large.map(|head| self.regions.row_of(head))).collect()
    }
}
