//! The heap: allocation, and a precise, moving, stop-the-world collection over two semispaces.
//!
//! A mutator allocates from its [`Tlab`]; when that is empty it calls [`Heap::alloc_slow`], which takes memory from the
//! live space or says why not. On `NeedCollection` the caller brings all threads to a safepoint, retires their buffers
//! and calls [`Heap::collect`], then tries again; `OutOfMemory` comes only after a collection that also cleared all
//! soft references.
//!
//! ```text
//! heap area:  | semispace 0 ............ | semispace 1 ............ |     one live, one empty
//! ```
//!
//! Invariants: objects exist only in the live space, below its top; memory handed out is zero; all state but the
//! contents of objects is under one lock, which `collect` holds from start to end (visitors must not call back).
//!
//! Deliberately absent: generations, regions, parallelism. Stopping the world and finding roots are the caller's.

mod allocate;
mod evacuate;
mod policy;
mod references;
mod roots;
mod space;
mod stress;
mod tlab;
mod verify;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::cage::{Cage, PAGE_BYTES};
use crate::metaspace::ClassId;
use crate::object::ObjRef;
use evacuate::{Evacuator, Shapes};
use policy::Policy;
pub use references::ReferenceOffsets;
use references::{Discovery, SoftPolicy};
pub use roots::RootSet;
use space::Space;
use stress::Stress;
pub use tlab::Tlab;
use verify::Verifier;

/// The soft limit that a heap starts with unless told otherwise.
pub const DEFAULT_INITIAL_BYTES: u64 = 8 << 20;

#[derive(Debug, Clone)]
pub struct HeapConfig {
    /// -Xmx: bytes that objects may take.
    pub max_bytes: u64,
    /// -Xms: the first collection comes no earlier than this. 0 for the default.
    pub initial_bytes: u64,
    /// Collect at every N-th allocation and poison what was left behind, from [`Heap::begin_stress`] on.
    pub stress_stride: Option<u32>,
    /// Check the whole heap before and after each collection.
    pub verify: bool,
}

impl HeapConfig {
    pub fn new(max_bytes: u64) -> HeapConfig {
        HeapConfig { max_bytes, initial_bytes: 0, stress_stride: None, verify: false }
    }

    /// What [`crate::cage::CageConfig::heap_bytes`] must be for this heap.
    pub fn cage_bytes(&self) -> u64 {
        2 * self.max_bytes.next_multiple_of(PAGE_BYTES)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum HeapError {
    #[error("a heap of {max_bytes} bytes needs {needed} bytes of heap area, the cage has {reserved}")]
    AreaTooSmall { max_bytes: u64, needed: u64, reserved: u64 },
}

/// Why an allocation did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AllocFailure {
    /// Stop the world, collect, try again.
    #[error("a collection is needed")]
    NeedCollection,
    /// `OutOfMemoryError: Java heap space`: collecting again would not help.
    #[error("the heap is full")]
    OutOfMemory,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GcCause {
    /// An allocation returned `NeedCollection`.
    Allocation,
    /// `System.gc()`.
    Explicit,
    /// Another part of the isolate is short of memory that dead objects hold (metaspace, off-heap): clears all soft
    /// references.
    LowMemory,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GcReport {
    pub cause: GcCause,
    pub live_bytes: u64,
    pub freed_bytes: u64,
    /// The soft limit from now on.
    pub limit_bytes: u64,
    /// References that went to the pending list: if not 0, wake the reference handler.
    pub enqueued: u64,
    pub soft_cleared_all: bool,
    pub pause: Duration,
}

/// The heap of one isolate.
#[derive(Debug)]
pub struct Heap {
    cage: Cage,
    verify: bool,
    /// A stride is set and [`Heap::begin_stress`] was called.
    stressed: AtomicBool,
    state: Mutex<State>,
    has_pending: AtomicBool,
    figures: Figures,
}

/// Copies of figures that are read without the lock.
#[derive(Debug, Default)]
struct Figures {
    used_bytes: AtomicU64,
    limit_bytes: AtomicU64,
    touched_bytes: AtomicU64,
    collections: AtomicU64,
    collection_nanos: AtomicU64,
    /// All that was ever taken from the spaces, less what buffers gave back.
    allocated_bytes: AtomicU64,
}

#[derive(Debug)]
struct State {
    spaces: [Space; 2],
    live: usize,
    policy: Policy,
    stress: Stress,
    pending: ObjRef,
    soft_clock_ms: i64,
    reference_offsets: Option<ReferenceOffsets>,
    mirror_class_offset: u32,
    /// Sum and maximum of the requests that were refused since the last collection.
    wanted_bytes: u64,
    wanted_most: u64,
    /// Survivors of the last collection.
    live_bytes: u64,
    /// The last collection cleared all soft references, or had none to clear.
    exhausted: bool,
    collections: u64,
    last_end: Instant,
}

impl Heap {
    /// The heap in the cage's heap area; there must be only one.
    pub fn new(cage: &Cage, config: HeapConfig) -> Result<Heap, HeapError> {
        let area = cage.heap_range();
        let half = ((area.end - area.start) / 2) & !(PAGE_BYTES - 1);
        let max_bytes = config.max_bytes.next_multiple_of(PAGE_BYTES);
        if max_bytes == 0 || max_bytes > half {
            return Err(HeapError::AreaTooSmall {
                max_bytes: config.max_bytes,
                needed: config.cage_bytes(),
                reserved: area.end - area.start,
            });
        }
        let initial = if config.initial_bytes == 0 { DEFAULT_INITIAL_BYTES } else { config.initial_bytes };
        let space = |at: u64| Space::new(at, at + max_bytes);
        let state = State {
            spaces: [space(area.start), space(area.start + half)],
            live: 0,
            policy: Policy::new(initial, max_bytes),
            stress: Stress::new(config.stress_stride),
            pending: ObjRef::NULL,
            soft_clock_ms: 0,
            reference_offsets: None,
            mirror_class_offset: 0,
            wanted_bytes: 0,
            wanted_most: 0,
            live_bytes: 0,
            exhausted: false,
            collections: 0,
            last_end: Instant::now(),
        };
        let heap = Heap {
            cage: cage.clone(),
            verify: config.verify,
            stressed: AtomicBool::new(false),
            state: Mutex::new(state),
            has_pending: AtomicBool::new(false),
            figures: Figures::default(),
        };
        heap.publish_figures(&heap.state.lock());
        Ok(heap)
    }

    // Collection.

    /// Moves everything that is reachable to the other space and frees the rest.
    ///
    /// # Safety
    /// No other thread runs Java code or touches the heap until this returns; every buffer has been retired; and
    /// `roots` reports every reference that will be used again.
    pub unsafe fn collect(&self, roots: &mut dyn RootSet, cause: GcCause) -> GcReport {
        let begin = Instant::now();
        let mut state = self.state.lock();
        let used = state.spaces[state.live].used();
        self.verify(&state, roots, "before a collection");

        let clear_all = cause == GcCause::LowMemory;
        // SAFETY: the caller's promise.
        let mut outcome = unsafe { self.cycle(&mut state, roots, cause, clear_all) };
        let mut soft_cleared_all = clear_all;
        let live_bytes = |state: &State| state.spaces[state.live].used();
        let is_short = |state: &State| live_bytes(state) + state.wanted_most > state.policy.max_bytes;
        if is_short(&state) && outcome.soft_kept > 0 {
            // SAFETY: the caller's promise holds still.
            let again = unsafe { self.cycle(&mut state, roots, cause, true) };
            outcome.enqueued += again.enqueued;
            soft_cleared_all = true;
        }
        state.exhausted = soft_cleared_all || outcome.soft_kept == 0;

        let live = live_bytes(&state);
        let end = Instant::now();
        let (pause, since_last) = (end - begin, begin.saturating_duration_since(state.last_end));
        let wanted = state.wanted_bytes;
        state.policy.collected(live, wanted, pause, since_last);
        state.stress.collected();
        state.collections += 1;
        (state.wanted_bytes, state.wanted_most, state.live_bytes, state.last_end) = (0, 0, live, end);

        self.verify(&state, roots, "after a collection");
        self.has_pending.store(!state.pending.is_null(), Ordering::Release);
        self.figures.collections.store(state.collections, Ordering::Relaxed);
        self.figures.collection_nanos.fetch_add(pause.as_nanos() as u64, Ordering::Relaxed);
        self.publish_figures(&state);
        GcReport {
            cause,
            live_bytes: live,
            freed_bytes: used.saturating_sub(live),
            limit_bytes: state.policy.limit_bytes,
            enqueued: outcome.enqueued,
            soft_cleared_all,
            pause,
        }
    }

    /// One evacuation, in the order that references ask for.
    ///
    /// # Safety
    /// As for `collect`.
    unsafe fn cycle(
        &self,
        state: &mut State,
        roots: &mut dyn RootSet,
        cause: GcCause,
        clear_all_soft: bool,
    ) -> Outcome {
        let (from, to) = (state.live, 1 - state.live);
        let soft = if clear_all_soft { SoftPolicy::ClearAll } else { state.soft_policy() };
        let discovery = Discovery::new(state.reference_offsets, soft);
        let from_range = state.spaces[from].start..state.spaces[from].top;
        let to_range = state.spaces[to].start..state.spaces[to].end();
        let mut evacuator = Evacuator::new(self.shapes(state), from_range, to_range, discovery);

        // SAFETY: the world is stopped, so slots and objects are whole and ours; roots report current references.
        unsafe {
            evacuator.forward_slot(&raw mut state.pending.0);
            evacuator.discovery.pending = state.pending.0;
            roots.visit_strong(&mut |slot| evacuator.forward_slot(slot));
            evacuator.drain();
            evacuator.process_references();
        }
        roots.visit_weak(&mut |obj| if obj.is_null() { None } else { evacuator.survivor(obj.0).map(ObjRef) });

        state.pending = ObjRef(evacuator.discovery.pending);
        state.spaces[to].filled_to(evacuator.top());
        let retain = state.policy.retain_bytes(state.spaces[to].used(), cause != GcCause::Allocation);
        // SAFETY: every reference into the old space was updated or is dead.
        unsafe { state.spaces[from].empty(&self.cage, retain, self.is_stressed()) };
        state.live = to;
        Outcome { soft_kept: evacuator.discovery.soft_kept, enqueued: evacuator.discovery.enqueued }
    }

    fn verify(&self, state: &State, roots: &mut dyn RootSet, when: &'static str) {
        if !self.verify {
            return;
        }
        let space = &state.spaces[state.live];
        let range = space.start..space.top;
        // SAFETY: called from `collect`, where the world is stopped and buffers are retired.
        let verifier = unsafe { Verifier::check(self.shapes(state), state.reference_offsets, range, when) };
        let check = |root: u32| {
            if root != 0 {
                verifier.check_root(root);
            }
        };
        check(state.pending.0);
        roots.visit_strong(&mut |slot| check(*slot));
    }

    fn shapes(&self, state: &State) -> Shapes {
        Shapes {
            base: self.cage.base(),
            meta_base: self.cage.meta_base(),
            mirror_class_offset: state.mirror_class_offset,
        }
    }

    /// Calls `visit` with every object, dead ones since the last collection included, and its size: for histograms and
    /// heap dumps.
    ///
    /// # Safety
    /// As for `collect`; `visit` must not call into the heap.
    pub unsafe fn for_each_object(&self, mut visit: impl FnMut(ObjRef, ClassId, u64)) {
        let state = self.state.lock();
        let space = &state.spaces[state.live];
        let range = space.start..space.top;
        // SAFETY: the caller stopped the world and retired the buffers, so the space is walkable.
        unsafe {
            verify::walk(self.shapes(&state), range, |obj, class, bytes| visit(obj, ClassId(class), bytes))
        };
    }

    // What the virtual machine tells once it has laid out the library's classes.

    /// Must be set before the first object of a layout with a `ref_kind` is allocated.
    pub fn set_reference_offsets(&self, offsets: ReferenceOffsets) {
        self.state.lock().reference_offsets = Some(offsets);
    }

    /// Must be set before the first mirror is allocated.
    pub fn set_mirror_class_offset(&self, offset: u32) {
        self.state.lock().mirror_class_offset = offset;
    }

    /// The time that soft references are measured against: the same value, in milliseconds, that the virtual machine
    /// writes to `SoftReference.clock` after each collection.
    pub fn set_soft_clock(&self, now_ms: i64) {
        self.state.lock().soft_clock_ms = now_ms;
    }

    // References.

    /// Detaches the list of cleared and finalizable references (linked through `discovered`) for the handler thread.
    pub fn take_pending(&self) -> ObjRef {
        let mut state = self.state.lock();
        self.has_pending.store(false, Ordering::Release);
        std::mem::take(&mut state.pending)
    }

    pub fn has_pending(&self) -> bool {
        self.has_pending.load(Ordering::Acquire)
    }

    // Figures.

    /// Bytes of the live space in use, buffers included.
    pub fn used_bytes(&self) -> u64 {
        self.figures.used_bytes.load(Ordering::Relaxed)
    }

    /// The soft limit: what objects may take before the next collection (`Runtime.totalMemory`).
    pub fn committed_bytes(&self) -> u64 {
        self.figures.limit_bytes.load(Ordering::Relaxed).max(self.used_bytes())
    }

    /// Bytes of heap area that may be resident, as of the last collection.
    pub fn touched_bytes(&self) -> u64 {
        self.figures.touched_bytes.load(Ordering::Relaxed)
    }

    pub fn max_bytes(&self) -> u64 {
        self.state.lock().policy.max_bytes
    }

    pub fn collections(&self) -> u64 {
        self.figures.collections.load(Ordering::Relaxed)
    }

    /// Time that all collections took together.
    pub fn collection_time(&self) -> Duration {
        Duration::from_nanos(self.figures.collection_nanos.load(Ordering::Relaxed))
    }

    /// All bytes ever allocated, current buffers counted whole.
    pub fn allocated_bytes_total(&self) -> u64 {
        self.figures.allocated_bytes.load(Ordering::Relaxed)
    }

    /// Whether every allocation is counted towards the stress stride.
    pub fn is_stressed(&self) -> bool {
        self.stressed.load(Ordering::Relaxed)
    }

    /// Starts collection stress, if the heap was made for it: a virtual machine calls this when its start-up is over, which
    /// stress would repeat at the same cost for every program. Buffers handed out before must be retired by a collection
    /// that follows; none is handed out after.
    pub fn begin_stress(&self) {
        let mut state = self.state.lock();
        if state.stress.begin() {
            self.stressed.store(true, Ordering::Relaxed);
        }
    }

    fn publish_figures(&self, state: &State) {
        let figures = &self.figures;
        figures.used_bytes.store(state.spaces[state.live].used(), Ordering::Relaxed);
        figures.limit_bytes.store(state.policy.limit_bytes, Ordering::Relaxed);
        let touched = state.spaces.iter().map(Space::touched).sum();
        figures.touched_bytes.store(touched, Ordering::Relaxed);
    }
}

struct Outcome {
    soft_kept: u64,
    enqueued: u64,
}

impl State {
    /// As HotSpot's default: a soft reference lives one second per MiB that is free below the hard limit.
    fn soft_policy(&self) -> SoftPolicy {
        let free_mib = self.policy.max_bytes.saturating_sub(self.live_bytes) >> 20;
        SoftPolicy::KeepRecent { clock_ms: self.soft_clock_ms, keep_ms: free_mib as i64 * 1000 }
    }
}

#[cfg(test)]
mod tests;
