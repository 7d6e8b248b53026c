//! The cycle by which the old space is freed while the program runs.
//!
//! ```text
//! Idle -> Mark -> Marked -> Rebuild -> Ready -> Idle
//! ```
//!
//! * A young collection begins a cycle when the old space has grown past its limit: roots and young objects mark what
//!   they refer to in the old space.
//! * *Mark*: a thread marks on from there beside the program. What the program stores meanwhile dirties cards; each young
//!   collection notes those as *changed*, and the thread looks at their marked objects again. (Marking by what has changed,
//!   rather than by what was there at the start, needs no second barrier, and no barrier for `Reference.get`.)
//! * *Marked*: hardly anything has changed since. The next young collection looks at the rest, at roots and young objects
//!   again, and decides about References. Now the dead are known: whole dead regions are free at once, the emptiest of the
//!   others become *candidates*, in groups.
//! * *Rebuild*: the thread looks through all live old objects for references to candidates and remembers their cards. If
//!   the marking has found dead classes it also makes fillers of the dead between them: a walk over the heap then meets no
//!   object whose class is no more, and the records of those classes are given back at the next collection.
//! * *Ready*: each young collection evacuates one group as well, until there is none.
//!
//! Invariants: the thread runs only while it holds the lock on the [`Cycle`], a collection holds it from start to end; a
//! region given out since the cycle began is no candidate; promoted objects are marked from the start.
//!
//! Deliberately absent: what a collection does in its pause (`collect`), and when a cycle begins (`policy`).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::JoinHandle;

use parking_lot::{Condvar, Mutex, MutexGuard};

use super::cards::CARD_BYTES;
use super::changes::take_changed;
use super::evacuate::{Row, write_filler};
use super::mark::{Marker, Work};
use super::references::Discovery;
use super::regions::flag::CANDIDATE;
use super::regions::{REF_REGION_SHIFT, start_of};
use super::shapes::Shapes;
use super::tables::Tables;
use crate::object::layout::layout_of;
use crate::object::{CLASS_OFFSET, ObjRef, REF_SHIFT, ref_kind};

/// Work between two looks at whether a collection waits: some tens of microseconds.
const STEP: usize = 256;
/// So many changed cards can wait for the pause.
const FEW_CARDS: usize = 64;
const MOST_PASSES: u32 = 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Idle,
    Mark,
    Marked,
    Rebuild,
    Ready,
}

pub(super) struct Cycle {
    pub(super) tables: Arc<Tables>,
    pub(super) phase: Phase,
    /// Which of the two sets of bits tells who lives; the other is being made, or clear.
    pub(super) live: usize,
    shapes: Option<Shapes>,
    discovery: Option<Discovery>,
    pub(super) work: Work,
    /// The old space, as it was after the last collection.
    rows: Vec<Row>,
    /// By region: where it was filled to when the cycle began; 0 if it was not old.
    pub(super) begun_to: Vec<u64>,
    row: usize,
    passes: u32,
    cards_in_pass: usize,
    /// No region from here on had ever been taken when the marking ended.
    area_end: u64,
    /// The other bits have been cleared.
    cleared: bool,
    /// Regions of each group that is not evacuated yet.
    pub(super) groups: Vec<Vec<usize>>,
    /// Objects of unloaded classes may lie among the dead, which are to be made fillers.
    pub(super) fill: bool,
    /// That has been done, and nobody was told yet.
    pub(super) filled: bool,
}

impl Cycle {
    fn new(tables: Arc<Tables>) -> Cycle {
        Cycle {
            tables,
            phase: Phase::Idle,
            live: 0,
            shapes: None,
            discovery: None,
            work: Work::default(),
            rows: Vec::new(),
            begun_to: Vec::new(),
            row: 0,
            passes: 0,
            cards_in_pass: 0,
            area_end: 0,
            cleared: true,
            groups: Vec::new(),
            fill: false,
            filled: false,
        }
    }

    /// There is something to do beside the program.
    pub(super) fn has_work(&self) -> bool {
        matches!(self.phase, Phase::Mark | Phase::Rebuild)
    }

    /// The bits that are being made.
    pub(super) fn next(&self) -> usize {
        1 - self.live
    }

    /// A collection has begun the marking and put the first work on the list.
    pub(super) fn begin(
        &mut self,
        shapes: Shapes,
        discovery: Discovery,
        work: Work,
        rows: Vec<Row>,
        regions: usize,
    ) {
        debug_assert!(self.phase == Phase::Idle && self.cleared);
        (self.shapes, self.discovery, self.work) = (Some(shapes), Some(discovery), work);
        self.begun_to = vec![0; regions];
        for row in &rows {
            self.begun_to[(row.start >> super::regions::REGION_SHIFT) as usize] = row.top;
        }
        self.passes = 0;
        self.begin_pass(rows);
        self.phase = Phase::Mark;
    }

    /// After each collection of a cycle: the old space may have grown. A pass goes on where it was, or pauses that come one
    /// after the other would have it begin anew for ever; what has changed behind it is the next pass's.
    pub(super) fn look_again(&mut self, rows: Vec<Row>) {
        let at = self.rows.get(self.row).map_or(u64::MAX, |row| row.start);
        self.row = rows.partition_point(|row| row.start < at);
        self.rows = rows;
    }

    fn begin_pass(&mut self, rows: Vec<Row>) {
        self.rows = rows;
        (self.row, self.cards_in_pass) = (0, 0);
    }

    /// The marking was at its end, and gets one more pass over what has changed since.
    pub(super) fn look_once_more(&mut self, rows: Vec<Row>) {
        self.begin_pass(rows);
        self.passes = MOST_PASSES - 1;
        self.phase = Phase::Mark;
    }

    /// The bits that were made are those that count.
    pub(super) fn known(&mut self, rows: Vec<Row>, area_end: u64) {
        self.area_end = area_end;
        self.live = 1 - self.live;
        (self.rows, self.row, self.cleared) = (rows, 0, false);
        self.phase = Phase::Rebuild;
    }

    /// Gives the cycle up, or ends it; candidates are candidates no more (their flags are the caller's business).
    ///
    /// # Safety
    /// The world is stopped.
    pub(super) unsafe fn end(&mut self, area_end: u64) {
        if !self.cleared || self.phase == Phase::Mark || self.phase == Phase::Marked {
            // SAFETY: nobody marks: the caller holds the cycle.
            unsafe { self.tables.bits[self.next()].clear(area_end) };
            self.cleared = true;
        }
        if self.phase != Phase::Idle {
            // SAFETY: as above.
            unsafe {
                self.tables.cards.changed.clear();
                self.tables.cards.remembered.clear();
            }
        }
        self.work = Work::default();
        (self.rows, self.begun_to, self.groups) = (Vec::new(), Vec::new(), Vec::new());
        // Given up before its end only by a full collection, which leaves no dead.
        self.fill = false;
        self.phase = Phase::Idle;
    }

    /// Does a bit of what is to do.
    ///
    /// # Safety
    /// No collection runs.
    pub(super) unsafe fn step(&mut self, budget: usize) {
        // SAFETY: the caller's promise: old objects stay where they are.
        unsafe {
            match self.phase {
                Phase::Mark => self.mark_step(budget),
                Phase::Rebuild => self.rebuild_step(budget),
                Phase::Idle | Phase::Marked | Phase::Ready => {}
            }
        }
    }

    /// # Safety
    /// As for `step`.
    unsafe fn mark_step(&mut self, budget: usize) {
        let (Some(shapes), Some(discovery)) = (self.shapes, self.discovery.take()) else { return };
        let tables = self.tables.clone();
        let bits = &tables.bits[self.next()];
        let work = std::mem::take(&mut self.work);
        let mut marker = Marker::of_old(shapes, &tables, bits, discovery, work, true);
        // SAFETY: the caller's promise.
        if !unsafe { marker.step(budget) } {
            // SAFETY: as above.
            unsafe { self.look_at_changes(&mut marker, budget) };
            if marker.work.is_done() && self.row == self.rows.len() {
                self.passes += 1;
                if self.cards_in_pass <= FEW_CARDS || self.passes == MOST_PASSES {
                    self.phase = Phase::Marked;
                }
                (self.row, self.cards_in_pass) = (0, 0);
            }
        }
        (self.work, self.discovery) = (marker.work, Some(marker.discovery));
    }

    /// Looks at the changed cards of some rows.
    ///
    /// # Safety
    /// As for `step`.
    unsafe fn look_at_changes(&mut self, marker: &mut Marker<'_>, budget: usize) {
        let end = (self.row + budget.div_ceil(8)).min(self.rows.len());
        while self.row < end {
            let row = self.rows[self.row];
            self.row += 1;
            // SAFETY: the caller's promise.
            self.cards_in_pass += unsafe { scan_changed(&self.tables, marker, &row) };
            if !marker.work.is_done() {
                return;
            }
        }
    }

    /// # Safety
    /// As for `step`.
    unsafe fn rebuild_step(&mut self, budget: usize) {
        if !self.cleared {
            // SAFETY: nobody looks at the bits of the marking before the last.
            unsafe { self.tables.bits[self.next()].clear(self.area_end) };
            self.cleared = true;
            if self.groups.is_empty() && !self.fill {
                self.phase = Phase::Ready;
            }
            return;
        }
        let Some(shapes) = self.shapes else { return };
        for _ in 0..budget.div_ceil(256) {
            let Some(row) = self.rows.get(self.row).copied() else {
                self.phase = Phase::Ready;
                self.filled |= std::mem::take(&mut self.fill);
                return;
            };
            // SAFETY: the caller's promise.
            unsafe {
                if self.fill {
                    self.fill_row(shapes, row);
                }
                if !self.groups.is_empty() {
                    self.remember_row(shapes, row);
                }
            }
            self.row += 1;
        }
    }

    /// Makes fillers of what the marking has found dead in a row.
    ///
    /// # Safety
    /// As for `step`.
    unsafe fn fill_row(&self, shapes: Shapes, row: Row) {
        let bits = &self.tables.bits[self.live];
        let end = row.top.min(row.known_to);
        let mut dead = row.start;
        // A large object lives, or its regions would be free.
        while row.large == 0 && dead < end {
            let next = bits.next((dead >> REF_SHIFT) as u32, (end >> REF_SHIFT) as u32).map(ObjRef);
            let to = next.map_or(end, ObjRef::offset);
            if to > dead {
                // SAFETY: from the end of an object to the start of the next one, or to the end of what is known: nobody
                // refers to what lies between, and collections, which walk over it, do not run.
                unsafe { write_filler(shapes.base, dead, to - dead) };
                self.tables.cards.record(dead, to);
            }
            let Some(obj) = next else { return };
            let at = obj.ptr(shapes.base);
            // SAFETY: a live object.
            unsafe {
                let layout = layout_of(shapes.meta_base, at.add(CLASS_OFFSET).cast::<u32>().read());
                dead = to + shapes.object_bytes(at, layout) as u64;
            }
        }
    }

    /// Remembers the cards of a row with slots that refer to candidates.
    ///
    /// # Safety
    /// As for `step`.
    unsafe fn remember_row(&self, shapes: Shapes, row: Row) {
        let bits = &self.tables.bits[self.live];
        if row.large != 0 {
            let (low, high) =
                (shapes.base.wrapping_add(row.start as usize), shapes.base.wrapping_add(row.top as usize));
            // SAFETY: a large object that lives; slots of its share in this row.
            unsafe { self.remember_object(shapes, ObjRef::from_offset(row.large), low, high) };
            return;
        }
        let end = (row.top.min(row.known_to) >> REF_SHIFT) as u32;
        let mut at = (row.start >> REF_SHIFT) as u32;
        while let Some(obj) = bits.next(at, end) {
            let obj = ObjRef(obj);
            let from = obj.ptr(shapes.base);
            // SAFETY: a live object of an old region; it lies in its region.
            unsafe {
                self.remember_object(shapes, obj, from, from.wrapping_add(1 << super::regions::REGION_SHIFT))
            };
            at = obj.raw() + 1;
        }
    }

    /// # Safety
    /// A live old object.
    unsafe fn remember_object(&self, shapes: Shapes, obj: ObjRef, low: *mut u8, high: *mut u8) {
        let tables = &self.tables;
        let remember = |slot: *mut u32, counted_at: *mut u32| {
            // SAFETY: a slot of the object.
            let value = unsafe { std::sync::atomic::AtomicU32::from_ptr(slot) }.load(Ordering::Relaxed);
            if value != 0 {
                let flags = tables.flags.of(value);
                if flags & CANDIDATE != 0 {
                    tables.remember(counted_at as u64 - shapes.base as u64, value, flags);
                }
            }
        };
        let at = obj.ptr(shapes.base);
        // SAFETY: the caller's object and its slots.
        unsafe {
            let layout = layout_of(shapes.meta_base, at.add(CLASS_OFFSET).cast::<u32>().read());
            shapes.for_slots_in(at, layout, low, high, |slot| remember(slot, slot));
            if let (true, Some(fields)) = (
                layout.ref_kind != ref_kind::NONE,
                self.discovery.as_ref().and_then(Discovery::special_fields),
            ) {
                let referent = at.add(fields[0] as usize).cast();
                fields.iter().for_each(|&offset| remember(at.add(offset as usize).cast(), referent));
            }
        }
    }

    /// The group that the next evacuation takes along: its bit, and its regions. None before all is remembered.
    pub(super) fn take_group(&mut self) -> Option<(u8, Vec<usize>)> {
        if self.phase != Phase::Ready {
            return None;
        }
        let regions = self.groups.pop()?;
        Some((1 << self.groups.len(), regions))
    }

    /// Whether a region took part in the marking from the start and has not changed since.
    pub(super) fn is_eligible(&self, region: usize, top: u64) -> bool {
        self.begun_to.get(region).is_some_and(|&to| to == top && to > start_of(region))
    }

    /// Bytes of marked objects in a region.
    pub(super) fn live_bytes(&self, region: usize) -> u64 {
        self.work.live.get(region).copied().unwrap_or(0)
    }

    pub(super) fn take_discovery(&mut self) -> Option<Discovery> {
        self.discovery.take()
    }

    pub(super) fn keep_discovery(&mut self, discovery: Discovery) {
        self.discovery = Some(discovery);
    }
}

/// Looks at the changed cards of a row, and makes them unchanged; how many there were.
///
/// # Safety
/// As for `Cycle::step`.
pub(super) unsafe fn scan_changed(tables: &Tables, marker: &mut Marker<'_>, row: &Row) -> usize {
    let mut count = 0;
    let (mut next, end) = (row.start / CARD_BYTES, row.top.div_ceil(CARD_BYTES));
    while let Some(card) = tables.cards.changed.next_nonzero(next, end) {
        next = card + 1;
        if take_changed(tables.cards.changed.byte(card)) {
            count += 1;
            // SAFETY: a card of the row.
            unsafe { marker.scan_card(row, card) };
        }
    }
    count
}

const _: () = assert!(REF_REGION_SHIFT > 6, "a region's bits are whole words");

/// The cycle and the thread that works on it.
pub(super) struct Background {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// No thread: collections do the work, a step each. So tests run the same every time.
    inline: AtomicBool,
}

struct Shared {
    cycle: Mutex<Cycle>,
    /// A collection wants the cycle, or has it.
    paused: AtomicBool,
    wake: Condvar,
    closed: AtomicBool,
    /// The thread's number in the kernel; 0 before it runs.
    number: AtomicU32,
}

impl Background {
    pub(super) fn new(tables: Arc<Tables>, inline: bool) -> Background {
        let shared = Shared {
            cycle: Mutex::new(Cycle::new(tables)),
            paused: AtomicBool::new(false),
            wake: Condvar::new(),
            closed: AtomicBool::new(false),
            number: AtomicU32::new(0),
        };
        Background { shared: Arc::new(shared), thread: Mutex::new(None), inline: AtomicBool::new(inline) }
    }

    /// The cycle, for a collection; the thread stands still until `go_on`.
    pub(super) fn pause(&self) -> MutexGuard<'_, Cycle> {
        self.shared.paused.store(true, Ordering::SeqCst);
        self.shared.cycle.lock()
    }

    pub(super) fn work_inline(&self) {
        self.inline.store(true, Ordering::Relaxed);
    }

    /// Ends a collection's hold on the cycle.
    pub(super) fn go_on(&self, mut cycle: MutexGuard<'_, Cycle>) {
        if cycle.has_work() && (self.inline.load(Ordering::Relaxed) || !self.ensure_thread()) {
            // SAFETY: the collection that calls this is over but for this.
            unsafe { cycle.step(STEP * 8) };
        }
        self.shared.paused.store(false, Ordering::SeqCst);
        drop(cycle);
        self.shared.wake.notify_one();
    }

    pub(super) fn thread_number(&self) -> u32 {
        self.shared.number.load(Ordering::Relaxed)
    }

    /// Starts the thread; false if the kernel has none for us.
    fn ensure_thread(&self) -> bool {
        let mut thread = self.thread.lock();
        if thread.is_none() {
            let shared = self.shared.clone();
            *thread =
                std::thread::Builder::new().name("carafe mark".into()).spawn(move || shared.work()).ok();
        }
        thread.is_some()
    }
}

impl Shared {
    fn work(&self) {
        let number = rustix::thread::gettid().as_raw_nonzero().get() as u32;
        self.number.store(number, Ordering::Relaxed);
        let mut cycle = self.cycle.lock();
        loop {
            if self.closed.load(Ordering::SeqCst) {
                return;
            }
            if self.paused.load(Ordering::SeqCst) || !cycle.has_work() {
                self.wake.wait(&mut cycle);
                continue;
            }
            // SAFETY: collections hold the cycle's lock, so none runs.
            unsafe { cycle.step(STEP) };
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.get_mut().take() {
            {
                let _cycle = self.shared.cycle.lock();
                self.shared.wake.notify_all();
            }
            // A panic there has been reported already, and the heap goes anyway.
            let _ = thread.join();
        }
    }
}

impl std::fmt::Debug for Background {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Background")
    }
}
