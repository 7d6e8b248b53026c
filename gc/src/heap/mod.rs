//! The heap: allocation, and a precise, moving collection by generation.
//!
//! A mutator allocates from its [`Tlab`]; when that is empty it calls [`Heap::alloc_slow`], which takes memory from eden
//! regions or says why not. On `NeedCollection` the caller brings all threads to a safepoint, retires their buffers
//! and calls [`Heap::collect`], then tries again; `OutOfMemory` comes only after a collection that also cleared all
//! soft references.
//!
//! | file | what |
//! |---|---|
//! | `regions` | who owns which 256 KiB, what is free |
//! | `tables`, `cards` | what is known of places: flags, marks, where references were stored, where objects begin |
//! | `allocate`, `tlab` | memory for new objects |
//! | `policy` | how large eden is, when the old space is collected |
//! | `collect` | what one collection does |
//! | `evacuate` | moving what lives out of the young regions |
//! | `cycle`, `mark` | marking the old space while the program runs, and picking what to evacuate there |
//! | `compact` | marking everything and sliding it together |
//! | `references`, `roots`, `shapes` | java.lang.ref, what the caller reports, sizes and slots |
//! | `stress`, `verify` | collections at every N-th allocation, and a check of the whole heap |
//!
//! Invariants: objects exist only below the tops of regions that are not free; memory handed out is zero; all state but
//! the contents of objects is under one lock, which `collect` holds from start to end (visitors must not call back).
//!
//! Deliberately absent: stopping the world and finding roots are the caller's.

mod allocate;
mod cards;
mod changes;
mod collect;
mod compact;
mod crew;
mod cycle;
mod evacuate;
mod mark;
mod policy;
mod references;
mod regions;
mod roots;
mod shapes;
mod stress;
mod tables;
mod tlab;
mod verify;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::cage::{Cage, PAGE_BYTES};
use crate::metaspace::ClassId;
use crate::object::ObjRef;
use compact::Places;
use crew::Crew;
use cycle::Background;
use policy::Policy;
pub use references::ReferenceOffsets;
use references::SoftPolicy;
use regions::flag::{OLD, YOUNG};
use regions::{REGION_BYTES, Regions};
pub use roots::RootSet;
use shapes::Shapes;
use stress::Stress;
use tables::Tables;
pub use tlab::Tlab;
use verify::Liveness;

/// What objects may take before the first collection, unless told otherwise.
pub const DEFAULT_INITIAL_BYTES: u64 = 8 << 20;

#[derive(Debug, Clone)]
pub struct HeapConfig {
    /// -Xmx: bytes that objects may take.
    pub max_bytes: u64,
    /// -Xms: the first collection comes no earlier than this, but for what the policy thinks too much for eden. 0 for
    /// the default.
    pub initial_bytes: u64,
    /// Collect at every N-th allocation and poison what was left behind, from [`Heap::begin_stress`] on.
    pub stress_stride: Option<u32>,
    /// Regions of small objects count as full when these take so many bytes; 0 for all of a region.
    pub region_fill_bytes: u64,
    /// Check the whole heap before and after every so manieth collection; 0 for never.
    pub verify_every: u32,
    /// What new objects may take before a collection, whatever the policy would choose; 0 to let it.
    pub eden_bytes: u64,
    /// What a pause should take at most.
    pub pause_budget: Duration,
    /// Threads that evacuate together, at most.
    pub workers: usize,
    /// The old space is marked by a thread of its own; else by each collection a bit, as it is under stress.
    pub background: bool,
}

impl HeapConfig {
    pub fn new(max_bytes: u64) -> HeapConfig {
        HeapConfig {
            max_bytes,
            initial_bytes: 0,
            stress_stride: None,
            region_fill_bytes: 0,
            verify_every: 0,
            eden_bytes: 0,
            pause_budget: policy::PAUSE_BUDGET,
            workers: 1,
            background: true,
        }
    }

    /// What [`crate::cage::CageConfig::heap_bytes`] must be for this heap: room for what one evacuation moves beside what
    /// there is, and for large objects to find regions in a row.
    pub fn cage_bytes(&self) -> u64 {
        const MOST_FOR_ROWS: u64 = 8 << 30;
        let max = self.max_bytes.next_multiple_of(REGION_BYTES);
        let young = self.max_bytes.min(policy::MAX_EDEN_BYTES.max(self.eden_bytes) * 2);
        max + max.min(MOST_FOR_ROWS) + 2 * young + 96 * REGION_BYTES
    }
}

#[derive(Debug, thiserror::Error)]
pub enum HeapError {
    #[error("a heap of {max_bytes} bytes needs {needed} bytes of heap area, the cage has {reserved}")]
    AreaTooSmall { max_bytes: u64, needed: u64, reserved: u64 },
    #[error("the system refused address space for the heap's tables: {0}")]
    Tables(#[from] rustix::io::Errno),
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
    /// There is much class metadata: begins the marking that finds out which classes may go, or goes on with it.
    Metadata,
    /// Another part of the isolate is short of memory that dead objects hold (metaspace, off-heap): clears all soft
    /// references.
    LowMemory,
}

/// How much of the heap a collection looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GcKind {
    /// What was allocated since the last one, and young survivors.
    Young,
    /// As `Young`, and the marking of the old space begins.
    Begin,
    /// As `Young`, and the marking of the old space ends.
    Remark,
    /// As `Young`, and some old regions with few living objects.
    Mixed,
    /// Everything.
    Full,
}

/// What objects take, by generation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Occupancy {
    pub young: u64,
    pub old: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GcReport {
    pub cause: GcCause,
    pub kind: GcKind,
    pub before: Occupancy,
    /// After a full collection all of it is reachable.
    pub after: Occupancy,
    /// The sum of `after`.
    pub live_bytes: u64,
    pub freed_bytes: u64,
    pub promoted_bytes: u64,
    /// What objects may take until the next collection.
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
    verify_every: u32,
    /// A stride is set and [`Heap::begin_stress`] was called.
    stressed: AtomicBool,
    tables: Arc<Tables>,
    background: Background,
    crew: Crew,
    max_bytes: u64,
    /// What others than objects take of the heap's bytes. Changes without the lock: see [`Heap::charge`].
    charged: Arc<AtomicU64>,
    state: Mutex<State>,
    has_pending: AtomicBool,
    figures: Figures,
}

/// Copies of figures that are read without the lock.
#[derive(Debug, Default)]
struct Figures {
    used_bytes: AtomicU64,
    old_bytes: AtomicU64,
    limit_bytes: AtomicU64,
    touched_bytes: AtomicU64,
    collections: AtomicU64,
    full_collections: AtomicU64,
    collection_nanos: AtomicU64,
    full_collection_nanos: AtomicU64,
    /// Processor time of threads that helped to collect and have ended.
    helper_nanos: AtomicU64,
    /// All that was ever taken from regions, less what buffers gave back.
    allocated_bytes: AtomicU64,
}

#[derive(Debug)]
struct State {
    regions: Regions,
    places: Places,
    /// The eden region that buffers come from.
    eden: Option<usize>,
    /// The region that promotion fills.
    old: Option<usize>,
    /// What objects take: regions up to their tops.
    used_bytes: u64,
    charged: Arc<AtomicU64>,
    /// Taken by new objects since the last collection.
    young_bytes: u64,
    policy: Policy,
    stress: Stress,
    workers: usize,
    pending: ObjRef,
    soft_clock_ms: i64,
    reference_offsets: Option<ReferenceOffsets>,
    mirror_class_offset: u32,
    /// Sum and maximum of the requests that were refused since the last collection.
    wanted_bytes: u64,
    wanted_most: u64,
    /// What objects took after the last collection.
    live_bytes: u64,
    /// The last collection was a full one that cleared all soft references, or had none to clear.
    exhausted: bool,
    collections: u64,
    last_end: Instant,
}

impl Heap {
    /// The heap in the cage's heap area; there must be only one.
    pub fn new(cage: &Cage, config: HeapConfig) -> Result<Heap, HeapError> {
        let area = cage.heap_range();
        let max_bytes = config.max_bytes.next_multiple_of(PAGE_BYTES);
        if max_bytes == 0 || config.cage_bytes() > area.end - area.start {
            return Err(HeapError::AreaTooSmall {
                max_bytes: config.max_bytes,
                needed: config.cage_bytes(),
                reserved: area.end - area.start,
            });
        }
        let initial = if config.initial_bytes == 0 { DEFAULT_INITIAL_BYTES } else { config.initial_bytes };
        let tables = Arc::new(Tables::new(cage)?);
        let mut regions = Regions::new(cage, tables.flags.clone());
        if config.region_fill_bytes != 0 {
            regions.fill_to(config.region_fill_bytes);
        }
        let charged = Arc::new(AtomicU64::new(0));
        let state = State {
            charged: charged.clone(),
            regions,
            places: Places::new(area.end)?,
            eden: None,
            old: None,
            used_bytes: 0,
            young_bytes: 0,
            policy: Policy::new(initial, max_bytes, config.eden_bytes, config.pause_budget),
            stress: Stress::new(config.stress_stride),
            workers: config.workers.max(1),
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
            verify_every: config.verify_every,
            stressed: AtomicBool::new(false),
            background: Background::new(tables.clone(), !config.background),
            crew: Crew::default(),
            tables,
            max_bytes,
            charged,
            state: Mutex::new(state),
            has_pending: AtomicBool::new(false),
            figures: Figures::default(),
        };
        heap.publish_figures(&heap.state.lock());
        Ok(heap)
    }

    fn shapes(&self, state: &State) -> Shapes {
        Shapes {
            base: self.cage.base(),
            meta_base: self.cage.meta_base(),
            mirror_class_offset: state.mirror_class_offset,
        }
    }

    /// Calls `visit` with every object, dead ones that no collection has told from the living included, and its size: for histograms and
    /// heap dumps.
    ///
    /// # Safety
    /// As for `collect`; `visit` must not call into the heap.
    pub unsafe fn for_each_object(&self, mut visit: impl FnMut(ObjRef, ClassId, u64)) {
        let cycle = self.background.pause();
        let state = self.state.lock();
        let live = Liveness { regions: &state.regions, bits: &self.tables.bits[cycle.live] };
        for range in state.walkable(YOUNG | OLD) {
            // SAFETY: the caller stopped the world and retired the buffers, so the range is walkable.
            unsafe {
                verify::walk(self.shapes(&state), range, |obj, class, bytes| {
                    if !live.is_dead(obj) {
                        visit(obj, ClassId(class), bytes);
                    }
                });
            }
        }
        drop(state);
        self.background.go_on(cycle);
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

    // What others take.

    /// Takes bytes away from what objects may take, for memory that a program causes elsewhere: tables beside the heap. False
    /// if there is no room, now: a collection may make some. May be called from anywhere, also by those who report roots.
    pub fn charge(&self, bytes: u64) -> bool {
        let used = self.used_bytes();
        let take = |charged: u64| {
            let sum = charged.checked_add(bytes)?;
            (sum.checked_add(used)? <= self.max_bytes).then_some(sum)
        };
        let charged = self.charged.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok();
        // What is free but was used must not stay beside it. A collection that goes on looks to that itself.
        if charged
            && bytes >= REGION_BYTES
            && let Some(mut state) = self.state.try_lock()
            && state.regions.touched() > state.most_bytes()
        {
            state.regions.uncommit(0);
        }
        charged
    }

    /// Gives back what was charged.
    pub fn uncharge(&self, bytes: u64) {
        let before = self.charged.fetch_sub(bytes, Ordering::Relaxed);
        debug_assert!(before >= bytes, "what is given back was charged");
    }

    /// What others than objects take.
    pub fn charged_bytes(&self) -> u64 {
        self.charged.load(Ordering::Relaxed)
    }

    // Figures.

    /// Bytes that objects take, buffers included.
    pub fn used_bytes(&self) -> u64 {
        self.figures.used_bytes.load(Ordering::Relaxed)
    }

    /// What old objects take, as of the last collection.
    pub fn old_bytes(&self) -> u64 {
        self.figures.old_bytes.load(Ordering::Relaxed)
    }

    /// What objects may take before the next collection (`Runtime.totalMemory`).
    pub fn committed_bytes(&self) -> u64 {
        self.figures.limit_bytes.load(Ordering::Relaxed).max(self.used_bytes())
    }

    /// Bytes of heap area that may be resident, as of the last collection.
    pub fn touched_bytes(&self) -> u64 {
        self.figures.touched_bytes.load(Ordering::Relaxed)
    }

    pub fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    pub fn collections(&self) -> u64 {
        self.figures.collections.load(Ordering::Relaxed)
    }

    /// How many of them were full ones, and the time that those took.
    pub fn full_collections(&self) -> (u64, Duration) {
        let nanos = self.figures.full_collection_nanos.load(Ordering::Relaxed);
        (self.figures.full_collections.load(Ordering::Relaxed), Duration::from_nanos(nanos))
    }

    /// Time that all collections took together.
    pub fn collection_time(&self) -> Duration {
        Duration::from_nanos(self.figures.collection_nanos.load(Ordering::Relaxed))
    }

    /// Processor time of threads that helped to collect, but for the one that marks; and that one's number in the kernel,
    /// 0 if there is none.
    pub fn helpers(&self) -> (Duration, u32) {
        let nanos = self.figures.helper_nanos.load(Ordering::Relaxed);
        (Duration::from_nanos(nanos), self.background.thread_number())
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
            self.background.work_inline();
        }
    }

    fn publish_figures(&self, state: &State) {
        let figures = &self.figures;
        figures.used_bytes.store(state.used_bytes, Ordering::Relaxed);
        figures.old_bytes.store(state.regions.used(OLD), Ordering::Relaxed);
        figures.limit_bytes.store(state.policy.limit_bytes(), Ordering::Relaxed);
        figures.touched_bytes.store(state.regions.touched(), Ordering::Relaxed);
    }
}

impl State {
    /// What objects may take at most.
    fn most_bytes(&self) -> u64 {
        self.policy.max_bytes.saturating_sub(self.charged.load(Ordering::Relaxed))
    }

    /// As HotSpot's default: a soft reference lives one second per MiB that is free below the hard limit.
    fn soft_policy(&self) -> SoftPolicy {
        let free_mib = self.policy.max_bytes.saturating_sub(self.live_bytes) >> 20;
        SoftPolicy::KeepRecent { clock_ms: self.soft_clock_ms, keep_ms: free_mib as i64 * 1000 }
    }
}

#[cfg(test)]
mod tests;
