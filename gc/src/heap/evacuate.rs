//! Evacuation: moves what is reachable out of the regions that are collected, and says what of them is left.
//!
//! The roots are those of the virtual machine and the dirty cards of the old regions. Young objects go to survivor regions,
//! or to old ones once they are old enough; old ones to old ones. Large objects stay and are told apart by a flag.
//!
//! Work is in *buffers* of copies: each worker fills one for survivors and one for the promoted, scans them from the
//! bottom while it fills them at the top (so no stack is needed, however deep the graph), and lays full ones that are not
//! scanned to their ends on a heap of *gray* ranges, from which idle workers take.
//!
//! Invariants while an [`Evacuation`] lives (the world is stopped):
//! * an object of a collected region is either whole, or *forwarded*: its mark says so, its class word holds the copy;
//!   with several workers the header word changes by one compare-and-swap, and who loses takes its copy back;
//! * a copy below its buffer's `scan` holds no reference to a collected region; what refers from old to young has its
//!   card dirty;
//! * regions given out during an evacuation are not collected by it.
//!
//! Deliberately absent: when to collect, which roots, which regions (`collect`), and java.lang.ref (`references`).

use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use super::cards::{CARD_BYTES, Cards};
use super::changes::make_clean;
use super::crew::Crew;
use super::mark::Bits;
use super::references::{Discovery, Tracer};
use super::regions::flag::{CANDIDATE, COLLECTED, LARGE, OLD, REACHED, REST, YOUNG};
use super::regions::{LARGE_BYTES, REF_REGION_SHIFT, Regions, start_of};
use super::roots::RootSet;
use super::shapes::Shapes;
use super::tables::Tables;
use crate::object::layout::layout_of;
use crate::object::mark::{AGE_MASK, AGE_SHIFT, FORWARDED, aged};
use crate::object::{CLASS_OFFSET, HEADER_BYTES, MARK_OFFSET, ObjRef, ref_kind};

/// What a worker takes from a region at a time.
const BUFFER_BYTES: u64 = 32 << 10;
/// References that a worker has seen and not followed: their headers are on the way from memory meanwhile.
const AHEAD: usize = 16;
/// Fewer bytes of copies are not worth another worker's trouble: a list that is copied would go from one to the other with
/// each buffer.
const SHARED_BYTES: u64 = 4 << 10;
/// Larger copies are no part of a buffer.
const BUFFERED_BYTES: u64 = BUFFER_BYTES / 4;

/// A part of the old space: a region, or its share of a large object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) start: u64,
    pub(super) top: u64,
    /// See `Region::known_to`.
    pub(super) known_to: u64,
    /// The large object that lies there; 0 where the crossing map says what does.
    pub(super) large: u64,
}

/// What one evacuation is about.
#[derive(Clone, Copy)]
pub(super) struct Plan<'h> {
    pub(super) shapes: Shapes,
    pub(super) tables: &'h Tables,
    /// Marks of the last marking of the old space.
    pub(super) live: &'h Bits,
    /// Marks of the one that goes on: what is promoted is marked, and what has changed is noted.
    pub(super) marking: Option<&'h Bits>,
    /// The group of old regions that are evacuated too; 0 for none. Remembered cards say who refers to them.
    pub(super) group: u8,
    /// Objects that have survived so often are promoted.
    pub(super) tenure: u32,
    pub(super) workers: usize,
    /// All of them take part from the beginning.
    pub(super) all: bool,
}

/// Copies that nobody has scanned yet.
#[derive(Clone, Copy)]
struct Gray {
    start: u64,
    end: u64,
    old: bool,
}

/// Where copies go; under one lock.
struct Targets<'h> {
    regions: &'h mut Regions,
    survivor: Option<usize>,
    old: Option<usize>,
    plan: Plan<'h>,
}

struct Pool {
    gray: Vec<Gray>,
    /// Those that take part, and those of them that wait for work.
    workers: usize,
    idle: usize,
}

/// What is the same for all workers of one evacuation.
pub(super) struct Evacuation<'h> {
    plan: Plan<'h>,
    flags: *const AtomicU8,
    cards: &'h Cards,
    targets: Mutex<Targets<'h>>,
    rows: Vec<Row>,
    next_row: AtomicUsize,
    pool: Mutex<Pool>,
    changed: Condvar,
    gray_count: AtomicUsize,
    done: AtomicBool,
    promoted: AtomicU64,
    helpers_nanos: AtomicU64,
}

// SAFETY: the raw pointers name the flags and the cage, which outlive the evacuation; shared state is atomic or locked.
unsafe impl Sync for Evacuation<'_> {}

/// What an evacuation found out, besides the places of things.
#[derive(Debug, Default, Clone)]
pub(super) struct Evacuated {
    /// Bytes of survivors by the number of collections that they have survived now.
    pub(super) ages: [u64; 16],
    pub(super) promoted: u64,
    pub(super) soft_kept: u64,
    pub(super) enqueued: u64,
    pub(super) pending: u32,
    /// Until all roots and cards had been looked at.
    pub(super) looking: Duration,
    /// Processor time of the workers beside the calling thread.
    pub(super) helpers: Duration,
}

/// Runs an evacuation of all regions with the flag COLLECTED, and frees them.
///
/// # Safety
/// The world is stopped, buffers are retired, and `roots` reports every reference that will be used again.
pub(super) unsafe fn evacuate<'h>(
    plan: Plan<'h>,
    regions: &'h mut Regions,
    old_region: &mut Option<usize>,
    crew: &Crew,
    roots: &mut dyn RootSet,
    discovery: Discovery,
) -> Evacuated {
    let cards = &plan.tables.cards;
    align_to_card(plan.shapes, regions, cards, *old_region);
    // What is collected is no root: its own referrers are found by other means.
    let rows = old_rows(regions, COLLECTED);
    let targets = Targets { regions, survivor: None, old: *old_region, plan };
    let shared = Evacuation {
        plan,
        flags: plan.tables.flags.table(),
        cards,
        targets: Mutex::new(targets),
        rows,
        next_row: AtomicUsize::new(0),
        pool: Mutex::new(Pool { gray: Vec::new(), workers: 1, idle: 0 }),
        changed: Condvar::new(),
        gray_count: AtomicUsize::new(0),
        done: AtomicBool::new(false),
        promoted: AtomicU64::new(0),
        helpers_nanos: AtomicU64::new(0),
    };
    // SAFETY: the caller's promise.
    let outcome = unsafe { shared.run(crew, roots, discovery) };
    *old_region = shared.targets.into_inner().old;
    outcome
}

/// Starts the rest of the region where promotion goes on at a card of its own: its cards are cleaned and dirtied by
/// different workers otherwise.
fn align_to_card(shapes: Shapes, regions: &mut Regions, cards: &Cards, old: Option<usize>) {
    if let Some(region) = old {
        let top = regions.get(region).top;
        let bytes = top.next_multiple_of(CARD_BYTES) - top;
        if bytes != 0 {
            regions.bump(region, bytes);
            // SAFETY: memory just taken from a region that nobody else allocates in.
            unsafe { write_filler(shapes.base, top, bytes) };
            cards.record(top, top + bytes);
        }
    }
}

/// All of the old space, but for regions with one of these flags.
pub(super) fn old_rows(regions: &Regions, without: u8) -> Vec<Row> {
    let row = |region: usize| {
        let it = regions.get(region);
        // A dead large object is freed as soon as that is known.
        let (large, known_to) = if regions.flags.get(region) & LARGE != 0 {
            (start_of(it.head as usize), 0)
        } else {
            (0, it.known_to)
        };
        Row { start: start_of(region), top: it.top, known_to, large }
    };
    regions.with(OLD, without).map(row).collect()
}

/// # Safety
/// `bytes` (a multiple of 8) at `offset` belong to the caller, who needs them no more.
pub(super) unsafe fn write_filler(base: *mut u8, offset: u64, bytes: u64) {
    // SAFETY: the caller's memory, at least 8 bytes of it.
    unsafe { base.add(offset as usize).cast::<u64>().write(bytes) };
}

/// Processor time that the calling thread has taken.
fn thread_nanos() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

impl<'h> Evacuation<'h> {
    /// # Safety
    /// As for `evacuate`.
    unsafe fn run(&self, crew: &Crew, roots: &mut dyn RootSet, discovery: Discovery) -> Evacuated {
        let begin = Instant::now();
        let mut looking = Duration::ZERO;
        let mut first = Worker::new(self, discovery);
        let found = Mutex::new((1..self.plan.workers).map(|_| first.discovery.like()).collect::<Vec<_>>());
        let results = Mutex::new(Vec::new());
        let help = || {
            let Some(discovery) = self.join(&found) else { return };
            let _fail = FailOnPanic(self);
            let before = thread_nanos();
            let mut worker = Worker::new(self, discovery);
            // SAFETY: `evacuate`'s caller keeps the world stopped until all workers have left.
            unsafe {
                worker.look();
                worker.work();
            }
            worker.finish();
            self.helpers_nanos.fetch_add(thread_nanos().saturating_sub(before), Ordering::Relaxed);
            results.lock().push(worker.result());
        };
        crew.run(self.plan.workers - 1, self.plan.all, &help, || {
            let _fail = FailOnPanic(self);
            let mut pending = first.discovery.pending;
            // SAFETY: the world is stopped, so slots and objects are whole and ours.
            unsafe {
                first.forward_slot(&raw mut pending);
                first.discovery.pending = pending;
                roots.visit_strong(&mut |slot| first.forward_slot(slot));
                first.look();
                looking = begin.elapsed();
                first.work();
            }
        });
        let others = results.into_inner();
        for (ages, lists, soft_kept) in others {
            first.ages.iter_mut().zip(ages).for_each(|(sum, bytes)| *sum += bytes);
            first.discovery.join(lists, soft_kept);
        }
        first.alone = true;
        // SAFETY: all that is strongly reachable has been scanned, and only this worker is left.
        unsafe { first.process_references() };
        roots.visit_weak(&mut |obj| {
            if obj.is_null() { None } else { first.place(obj.raw()).map(ObjRef) }
        });
        first.finish();
        Evacuated {
            ages: first.ages,
            promoted: self.promoted.load(Ordering::Relaxed),
            soft_kept: first.discovery.soft_kept,
            enqueued: first.discovery.enqueued,
            pending: first.discovery.pending,
            looking,
            helpers: Duration::from_nanos(self.helpers_nanos.load(Ordering::Relaxed)),
        }
    }

    /// Another worker begins, unless all is done; with something of its own to keep References in.
    fn join(&self, found: &Mutex<Vec<Discovery>>) -> Option<Discovery> {
        let mut pool = self.pool.lock();
        if self.done.load(Ordering::Relaxed) {
            return None;
        }
        let discovery = found.lock().pop()?;
        pool.workers += 1;
        Some(discovery)
    }

    /// Lets nobody wait for more.
    fn finish(&self) {
        self.done.store(true, Ordering::Relaxed);
        self.changed.notify_all();
    }

    #[inline(always)]
    fn flags_of(&self, obj: u32) -> u8 {
        // SAFETY: the table of flags covers every reference, and lives as long as the heap.
        unsafe { (*self.flags.add((obj >> REF_REGION_SHIFT) as usize)).load(Ordering::Relaxed) }
    }

    fn push_gray(&self, gray: Gray) {
        if gray.start < gray.end {
            self.pool.lock().gray.push(gray);
            self.gray_count.fetch_add(1, Ordering::Relaxed);
            self.changed.notify_one();
        }
    }

    fn try_gray(&self) -> Option<Gray> {
        if self.gray_count.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let gray = self.pool.lock().gray.pop()?;
        self.gray_count.fetch_sub(1, Ordering::Relaxed);
        Some(gray)
    }

    /// Waits for work; none when all workers wait.
    fn wait_for_gray(&self) -> Option<Gray> {
        let mut pool = self.pool.lock();
        pool.idle += 1;
        loop {
            if let Some(gray) = pool.gray.pop() {
                self.gray_count.fetch_sub(1, Ordering::Relaxed);
                pool.idle -= 1;
                return Some(gray);
            }
            if pool.idle == pool.workers || self.done.load(Ordering::Relaxed) {
                self.finish();
                return None;
            }
            self.changed.wait(&mut pool);
        }
    }

    /// Memory of a survivor or old region: `bytes`, or up to `most` if there are.
    fn take(&self, old: bool, bytes: u64, most: u64) -> (u64, u64) {
        let mut targets = self.targets.lock();
        let targets = &mut *targets;
        let current = if old { &mut targets.old } else { &mut targets.survivor };
        let room =
            |regions: &Regions, region: Option<usize>| region.map_or(0, |region| regions.room(region, bytes));
        if room(targets.regions, *current) < bytes {
            let flags = if old { OLD } else { YOUNG };
            // The heap area has room for all that one evacuation can move (see `HeapConfig::cage_bytes`).
            let region = targets.regions.take(flags).expect("heap area: survivors outgrow the reserve");
            if old {
                let start = start_of(region);
                // SAFETY: cards of a region that was free: nobody stores there.
                unsafe { targets.plan.tables.cards.clean(start, start_of(region + 1)) };
            }
            *current = Some(region);
        }
        let region = current.expect("there is one now");
        let size = targets.regions.room(region, bytes).clamp(bytes, most);
        let (offset, _) = targets.regions.bump(region, size);
        if old && targets.plan.marking.is_some() {
            // What is promoted is marked already, but what it refers to is not.
            targets.plan.tables.cards.note_changed(offset, offset + size);
        }
        (offset, size)
    }
}

/// Whoever waits for a worker that panics would wait for ever.
struct FailOnPanic<'e, 'h>(&'e Evacuation<'h>);

impl Drop for FailOnPanic<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _pool = self.0.pool.lock();
            self.0.finish();
        }
    }
}

/// A stretch of a target region that one worker fills and scans.
#[derive(Clone, Copy, Default)]
struct Buffer {
    scan: u64,
    top: u64,
    end: u64,
}

struct Worker<'e, 'h> {
    shared: &'e Evacuation<'h>,
    shapes: Shapes,
    /// Survivors and promoted, by `old as usize`.
    buffers: [Buffer; 2],
    /// Small ranges of copies that nobody has scanned yet.
    own: Vec<Gray>,
    discovery: Discovery,
    ages: [u64; 16],
    promoted: u64,
    /// Slots to be forwarded, as a ring; the lowest bit tells those of old objects.
    ahead: [usize; AHEAD],
    ahead_at: usize,
    /// No other worker is left: work that is not here does not exist.
    alone: bool,
}

impl<'e, 'h> Worker<'e, 'h> {
    fn new(shared: &'e Evacuation<'h>, discovery: Discovery) -> Worker<'e, 'h> {
        Worker {
            shared,
            shapes: shared.plan.shapes,
            buffers: [Buffer::default(); 2],
            own: Vec::new(),
            discovery,
            ages: [0; 16],
            promoted: 0,
            ahead: [0; AHEAD],
            ahead_at: 0,
            alone: false,
        }
    }

    fn result(self) -> ([u64; 16], [u32; 5], u64) {
        (self.ages, self.discovery.heads(), self.discovery.soft_kept)
    }

    /// Scans cards of the old space, until there are no more for any worker.
    ///
    /// # Safety
    /// The world is stopped.
    unsafe fn look(&mut self) {
        loop {
            let next = self.shared.next_row.fetch_add(1, Ordering::Relaxed);
            let Some(row) = self.shared.rows.get(next).copied() else { break };
            // SAFETY: a part of the old space; whole objects cover it.
            unsafe { self.scan_cards(row) };
        }
    }

    /// Scans copies, until there is nothing left for any worker.
    ///
    /// # Safety
    /// The world is stopped.
    unsafe fn work(&mut self) {
        loop {
            // SAFETY: copies are whole.
            unsafe { self.scan_copies() };
            match self.shared.wait_for_gray() {
                // SAFETY: as above.
                Some(gray) => unsafe { self.scan_gray(gray) },
                None => return,
            }
        }
    }

    /// Scans until this worker has no copies left and none lie about.
    ///
    /// # Safety
    /// All slots of all copies hold null or references to objects.
    unsafe fn scan_copies(&mut self) {
        loop {
            let mut idle = true;
            for old in [false, true] {
                while self.buffers[old as usize].scan < self.buffers[old as usize].top {
                    idle = false;
                    let at = self.buffers[old as usize].scan;
                    // SAFETY: a copy, whole by construction.
                    unsafe {
                        let bytes = self.bytes_at(at);
                        // First: scanning may replace the buffer.
                        self.buffers[old as usize].scan = at + bytes;
                        self.scan_object(at, old);
                    }
                }
            }
            // SAFETY: slots of copies and of old objects.
            if idle && !unsafe { self.catch_up() } {
                match self.own.pop().or_else(|| self.shared.try_gray()) {
                    // SAFETY: as above.
                    Some(gray) => unsafe { self.scan_gray(gray) },
                    None => return,
                }
            }
        }
    }

    /// # Safety
    /// As for `scan_copies`.
    unsafe fn scan_gray(&mut self, gray: Gray) {
        let mut at = gray.start;
        while at < gray.end {
            // SAFETY: gray ranges are rows of whole copies.
            unsafe {
                let bytes = self.bytes_at(at);
                self.scan_object(at, gray.old);
                at += bytes;
            }
        }
    }

    #[inline(always)]
    fn at(&self, offset: u64) -> *mut u8 {
        self.shapes.base.wrapping_add(offset as usize)
    }

    /// # Safety
    /// A whole object lies at `offset`.
    #[inline(always)]
    unsafe fn layout_at<'a>(&self, offset: u64) -> &'a crate::object::Layout {
        // SAFETY: its class word selects its layout.
        unsafe { layout_of(self.shapes.meta_base, self.at(offset).add(CLASS_OFFSET).cast::<u32>().read()) }
    }

    /// # Safety
    /// As for `layout_at`.
    #[inline(always)]
    unsafe fn bytes_at(&self, offset: u64) -> u64 {
        // SAFETY: the caller's object.
        unsafe { self.shapes.object_bytes(self.at(offset), self.layout_at(offset)) as u64 }
    }

    /// # Safety
    /// A whole object lies at `offset`, and is scanned by nobody else.
    #[inline(always)]
    unsafe fn scan_object(&mut self, offset: u64, old: bool) {
        let shapes = self.shapes;
        // SAFETY: the caller's object and its own slots.
        unsafe {
            let layout = self.layout_at(offset);
            if old {
                shapes.for_slots(self.at(offset), layout, |slot| self.see_slot::<true>(slot));
            } else {
                shapes.for_slots(self.at(offset), layout, |slot| self.see_slot::<false>(slot));
            }
            if layout.ref_kind != ref_kind::NONE {
                self.scan_reference(ObjRef::from_offset(offset), layout.ref_kind);
            }
        }
    }

    /// # Safety
    /// The row is walkable, and the world is stopped.
    unsafe fn scan_cards(&mut self, row: Row) {
        let cards = self.shared.cards;
        let Plan { marking, group, .. } = self.shared.plan;
        let end = row.top.div_ceil(CARD_BYTES);
        let mut next = row.start / CARD_BYTES;
        while let Some(card) = cards.next_dirty(next, end) {
            next = card + 1;
            make_clean(cards.card(card), marking.is_some().then(|| cards.changed.byte(card)));
            // SAFETY: a card of the row.
            unsafe { self.scan_card(row, card) };
        }
        if group != 0 {
            next = row.start / CARD_BYTES;
            while let Some(card) = cards.remembered.next_nonzero(next, end) {
                next = card + 1;
                if cards.remembered.byte(card).load(Ordering::Relaxed) & group != 0 {
                    // SAFETY: a card of the row; scanning it twice does no harm.
                    unsafe { self.scan_card(row, card) };
                }
            }
        }
    }

    /// # Safety
    /// As for `scan_cards`.
    unsafe fn scan_card(&mut self, row: Row, card: u64) {
        let (low, high) = (card * CARD_BYTES, (card * CARD_BYTES + CARD_BYTES).min(row.top));
        let mut at = if row.large != 0 { row.large } else { self.shared.cards.covering(card) };
        while at < high {
            // SAFETY: from one object or filler to the next.
            at += unsafe { self.scan_card_part(&row, at, low, high) };
        }
    }

    /// Scans the slots in `[low, high)` of what lies at `at`, and tells its size.
    ///
    /// # Safety
    /// An object or a filler of an old region lies there.
    unsafe fn scan_card_part(&mut self, row: &Row, offset: u64, low: u64, high: u64) -> u64 {
        // SAFETY: the header of an object or a filler.
        let header = unsafe { self.at(offset).cast::<u64>().read() };
        if header >> 32 == 0 {
            return (header & u64::from(u32::MAX)).max(HEADER_BYTES as u64);
        }
        let shapes = self.shapes;
        let obj = ObjRef::from_offset(offset);
        // SAFETY: a whole object: its class word is not 0, and old objects that are not collected do not move.
        unsafe {
            let layout = self.layout_at(offset);
            // The dead may refer to what is no more.
            if offset >= row.known_to || self.shared.plan.live.is_set(obj.raw()) {
                let (low_at, high_at) = (self.at(low), self.at(high));
                shapes.for_slots_in(self.at(offset), layout, low_at, high_at, |slot| {
                    self.see_slot::<true>(slot)
                });
                if layout.ref_kind != ref_kind::NONE {
                    // A Reference's own slots count as lying where the referent does (see `Tracer::wrote`).
                    let referent = offset + u64::from(self.discovery.offsets().referent);
                    if (low..high).contains(&referent) {
                        self.scan_reference(obj, layout.ref_kind);
                    }
                }
            }
            shapes.object_bytes(self.at(offset), layout) as u64
        }
    }

    /// Points a slot to its object's copy, making the copy if there is none yet.
    ///
    /// # Safety
    /// The slot holds null or a reference to an object.
    #[inline(always)]
    unsafe fn forward_slot(&mut self, slot: *mut u32) {
        // SAFETY: the caller's slot and reference.
        unsafe {
            let old = slot.read();
            if old != 0 {
                let new = self.forward(old);
                if new != old {
                    slot.write(new);
                }
            }
        }
    }

    /// Forwards a slot of an object, at once or soon: what it refers to is not in any cache yet, mostly.
    ///
    /// # Safety
    /// As for `forward_slot`; the slot stays where it is.
    #[inline(always)]
    unsafe fn see_slot<const OLD_HOLDER: bool>(&mut self, slot: *mut u32) {
        // SAFETY: the caller's slot.
        let value = unsafe { slot.read() };
        if value == 0 {
            return;
        }
        let flags = self.shared.flags_of(value);
        if flags & (COLLECTED | LARGE) == COLLECTED {
            prefetch(ObjRef(value).ptr(self.shapes.base));
            let at = self.ahead_at % AHEAD;
            self.ahead_at += 1;
            let due = std::mem::replace(&mut self.ahead[at], slot as usize | usize::from(OLD_HOLDER));
            if due != 0 {
                // SAFETY: seen earlier, under the same promise.
                unsafe { self.forward_seen(due) };
            }
            return;
        }
        self.stays(value, flags);
        if OLD_HOLDER && flags & (YOUNG | CANDIDATE) != 0 {
            self.shared.plan.tables.remember(slot as u64 - self.shapes.base as u64, value, flags);
        }
    }

    /// # Safety
    /// An entry of `ahead`.
    #[inline(always)]
    unsafe fn forward_seen(&mut self, seen: usize) {
        let slot = (seen & !1) as *mut u32;
        // SAFETY: `see_slot`'s caller's slot.
        unsafe {
            self.forward_slot(slot);
            if seen & 1 != 0 {
                self.remember(slot);
            }
        }
    }

    /// Forwards what was seen and has waited; whether there was anything.
    ///
    /// # Safety
    /// The world is stopped.
    unsafe fn catch_up(&mut self) -> bool {
        if self.ahead_at == 0 {
            return false;
        }
        self.ahead_at = 0;
        for seen in std::mem::take(&mut self.ahead).into_iter().filter(|&seen| seen != 0) {
            // SAFETY: an entry.
            unsafe { self.forward_seen(seen) };
        }
        true
    }

    /// Sees to it that an old object's slot is found again: by its dirty card if it refers to a young object, by the
    /// remembered one if to an old object that is to move later.
    ///
    /// # Safety
    /// A slot of the heap.
    #[inline(always)]
    unsafe fn remember(&mut self, slot: *mut u32) {
        // SAFETY: the caller's slot.
        let new = unsafe { slot.read() };
        if new != 0 {
            let flags = self.shared.flags_of(new);
            if flags & (YOUNG | CANDIDATE) != 0 {
                self.shared.plan.tables.remember(slot as u64 - self.shapes.base as u64, new, flags);
            }
        }
    }

    /// The place of a non-null object after the evacuation.
    ///
    /// # Safety
    /// `old` refers to an object.
    #[inline(always)]
    unsafe fn forward(&mut self, old: u32) -> u32 {
        let flags = self.shared.flags_of(old);
        if flags & (COLLECTED | LARGE) != COLLECTED {
            return self.stays(old, flags);
        }
        let at = ObjRef(old).ptr(self.shapes.base);
        // SAFETY: the header of an object of a collected region.
        let header = unsafe { AtomicU64::from_ptr(at.cast()) }.load(Ordering::Acquire);
        if header as u32 & FORWARDED != 0 {
            return (header >> 32) as u32;
        }
        // SAFETY: a whole object.
        unsafe { self.copy(at, header, flags) }
    }

    /// What is not collected stays, and so do large objects.
    #[inline]
    fn stays(&mut self, obj: u32, flags: u8) -> u32 {
        if flags & (COLLECTED | LARGE) == COLLECTED | LARGE {
            self.reach_large(obj, flags);
        } else if flags & (YOUNG | OLD) == 0 {
            corrupted(obj);
        }
        obj
    }

    /// A large object is reached: it gets older, and is scanned once.
    fn reach_large(&mut self, obj: u32, flags: u8) {
        let offset = ObjRef(obj).offset();
        let region = (obj >> REF_REGION_SHIFT) as usize;
        if flags & REST != 0 || offset != start_of(region) {
            corrupted(obj);
        }
        // SAFETY: the flags of a region of this heap; the table outlives the evacuation.
        let claimed = unsafe { &*self.shared.flags.add(region) }.fetch_or(REACHED, Ordering::Relaxed);
        if claimed & REACHED != 0 {
            return;
        }
        // SAFETY: the mark word of a large object, changed by the one who has claimed it.
        let age = unsafe {
            let mark = self.at(offset).add(MARK_OFFSET).cast::<u32>();
            let before = mark.read();
            mark.write(aged(before));
            (before & AGE_MASK) >> AGE_SHIFT
        };
        // SAFETY: a whole object.
        let bytes = unsafe { self.bytes_at(offset) };
        self.shared.push_gray(Gray {
            start: offset,
            end: offset + bytes,
            old: age >= self.shared.plan.tenure,
        });
    }

    /// # Safety
    /// `at` is a whole object of a collected region, and this was its header.
    unsafe fn copy(&mut self, at: *mut u8, header: u64, flags: u8) -> u32 {
        let mark = header as u32;
        // SAFETY: the metaspace of a live cage.
        let layout = unsafe { layout_of(self.shapes.meta_base, (header >> 32) as u32) };
        // SAFETY: a whole object; forwarding it meanwhile changes only its header.
        let bytes = unsafe { self.shapes.object_bytes(at, layout) } as u64;
        assert!(bytes <= LARGE_BYTES, "heap corruption: an object of {bytes} bytes among small ones");
        let age = (mark & AGE_MASK) >> AGE_SHIFT;
        let old = flags & OLD != 0 || age >= self.shared.plan.tenure;
        let buffer = &mut self.buffers[old as usize];
        let buffered = bytes <= buffer.end - buffer.top;
        let offset = if buffered {
            let offset = buffer.top;
            buffer.top += bytes;
            offset
        } else if bytes > BUFFERED_BYTES {
            self.shared.take(old, bytes, bytes).0
        } else {
            self.new_buffer(old, bytes)
        };
        let copy = ObjRef::from_offset(offset).raw();
        let to = self.at(offset);
        let forwarded = u64::from(copy) << 32 | u64::from(mark | FORWARDED);
        // SAFETY: as many free bytes of a target region; then the header word of the old object.
        unsafe {
            copy_words(at.add(HEADER_BYTES), to.add(HEADER_BYTES), bytes as usize - HEADER_BYTES);
            to.cast::<u64>().write(header & !u64::from(u32::MAX) | u64::from(aged(mark)));
            let word = AtomicU64::from_ptr(at.cast());
            if self.shared.plan.workers == 1 {
                word.store(forwarded, Ordering::Relaxed);
            } else if let Err(now) =
                word.compare_exchange(header, forwarded, Ordering::AcqRel, Ordering::Acquire)
            {
                self.take_back(old, offset, bytes);
                return (now >> 32) as u32;
            }
        }
        if old {
            self.shared.cards.record(offset, offset + bytes);
            if let Some(bits) = self.shared.plan.marking {
                bits.set_shared(copy);
            }
            self.promoted += bytes;
        } else {
            self.ages[(age + 1).min(15) as usize] += bytes;
        }
        if !buffered && bytes > BUFFERED_BYTES {
            self.shared.push_gray(Gray { start: offset, end: offset + bytes, old });
        }
        copy
    }

    /// Another worker was faster: nobody knows this copy.
    ///
    /// # Safety
    /// The memory was given to `copy` just now.
    unsafe fn take_back(&mut self, old: bool, offset: u64, bytes: u64) {
        let buffer = &mut self.buffers[old as usize];
        if buffer.top == offset + bytes {
            buffer.top = offset;
            return;
        }
        // SAFETY: the caller's memory.
        unsafe { write_filler(self.shapes.base, offset, bytes) };
        if old {
            self.shared.cards.record(offset, offset + bytes);
        }
    }

    /// Memory from a fresh buffer; what is not scanned of the one before becomes gray.
    #[cold]
    fn new_buffer(&mut self, old: bool, bytes: u64) -> u64 {
        self.close(old);
        let (offset, size) = self.shared.take(old, bytes, BUFFER_BYTES);
        self.buffers[old as usize] = Buffer { scan: offset, top: offset + bytes, end: offset + size };
        offset
    }

    /// Gives a buffer up: a filler takes its rest.
    fn close(&mut self, old: bool) {
        let Buffer { scan, top, end } = std::mem::take(&mut self.buffers[old as usize]);
        if top < end {
            // SAFETY: the rest of this worker's buffer.
            unsafe { write_filler(self.shapes.base, top, end - top) };
            if old {
                self.shared.cards.record(top, end);
            }
        }
        if top - scan >= SHARED_BYTES {
            self.shared.push_gray(Gray { start: scan, end: top, old });
        } else if scan < top {
            self.own.push(Gray { start: scan, end: top, old });
        }
    }

    fn finish(&mut self) {
        debug_assert!(self.ahead == [0; AHEAD]);
        self.close(false);
        self.close(true);
        debug_assert!(self.own.is_empty());
        self.shared.promoted.fetch_add(std::mem::take(&mut self.promoted), Ordering::Relaxed);
    }
}

#[cold]
#[inline(never)]
fn corrupted(obj: u32) -> ! {
    panic!("heap corruption: a slot holds {:#x}, where no object lies", ObjRef(obj).offset());
}

impl Tracer for Worker<'_, '_> {
    fn base(&self) -> *mut u8 {
        self.shapes.base
    }

    fn discovery(&mut self) -> &mut Discovery {
        &mut self.discovery
    }

    fn place(&self, obj: u32) -> Option<u32> {
        let flags = self.shared.flags_of(obj);
        if flags & COLLECTED == 0 {
            return Some(obj);
        }
        if flags & LARGE != 0 {
            return (flags & REACHED != 0).then_some(obj);
        }
        // SAFETY: the header of an object of a collected region.
        let header =
            unsafe { AtomicU64::from_ptr(ObjRef(obj).ptr(self.shapes.base).cast()) }.load(Ordering::Acquire);
        (header as u32 & FORWARDED != 0).then_some((header >> 32) as u32)
    }

    unsafe fn keep(&mut self, obj: u32) -> u32 {
        // SAFETY: the caller's object.
        unsafe { self.forward(obj) }
    }

    unsafe fn drain(&mut self) {
        debug_assert!(self.alone);
        // SAFETY: the caller's promise; nobody else is at work.
        unsafe { self.scan_copies() }
    }

    /// Slots of a Reference that `for_slots` does not name count as lying on the card of its referent.
    unsafe fn wrote(&mut self, holder: ObjRef, value: u32) {
        if value != 0 && self.shared.flags_of(holder.raw()) & OLD != 0 {
            let flags = self.shared.flags_of(value);
            if flags & (YOUNG | CANDIDATE) != 0 {
                let referent = u64::from(self.discovery.offsets().referent);
                self.shared.plan.tables.remember(holder.offset() + referent, value, flags);
            }
        }
    }
}

#[inline(always)]
fn prefetch(at: *const u8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint, whatever the address.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(at.cast());
    }
}

/// Most objects are a few words, where a call to memcpy costs more than the copy.
///
/// # Safety
/// Two disjoint ranges of `bytes`, a multiple of 8, both aligned to 8.
#[inline(always)]
pub(super) unsafe fn copy_words(from: *const u8, to: *mut u8, bytes: usize) {
    if bytes <= 64 {
        let (from, to) = (from.cast::<u64>(), to.cast::<u64>());
        for i in 0..bytes / 8 {
            // SAFETY: word `i` of the caller's ranges.
            unsafe { to.add(i).write(from.add(i).read()) };
        }
    } else {
        // SAFETY: the caller's ranges.
        unsafe { ptr::copy_nonoverlapping(from, to, bytes) };
    }
}
