//! What becomes of a collector's report: log lines, and the record that management beans read.
//!
//! A collector calls [`collected`] once for each collection, in the stopped world, and nothing else here.

use std::collections::VecDeque;
use std::time::Duration;

use carafe_gc::heap::{GcCause, GcKind, GcReport};
use parking_lot::{Condvar, Mutex};

use super::{Level, TagSet};
use crate::figures::{OLD, POOLS, Usage, YOUNG};
use crate::isolate::Isolate;

/// One collection, as it is remembered.
#[derive(Clone, Copy, Debug)]
pub struct Collection {
    /// Counted from 1.
    pub number: u64,
    /// Place among the collectors of the figures.
    pub collector: usize,
    pub cause: GcCause,
    /// What each pool used.
    pub before: [Usage; POOLS],
    pub after: [Usage; POOLS],
    /// Since the isolate's start.
    pub began: Duration,
    pub pause: Duration,
}

/// What has been seen of collections.
#[derive(Default)]
pub struct Collections {
    seen: Mutex<Seen>,
    changed: Condvar,
}

#[derive(Default)]
struct Seen {
    count: u64,
    /// The last of each collector.
    last: [Option<Collection>; 2],
    /// The most that was in use in each pool.
    peaks: [Usage; POOLS],
    /// Somebody wants to be told of each.
    kept: bool,
    waiting: VecDeque<Collection>,
}

impl Collections {
    /// The last collection of a collector.
    pub fn last(&self, collector: usize) -> Option<Collection> {
        self.seen.lock().last.get(collector).copied().flatten()
    }

    /// The last collection of any.
    pub fn latest(&self) -> Option<Collection> {
        self.seen.lock().last.into_iter().flatten().max_by_key(|collection| collection.number)
    }

    /// Peaks, with what is in use now.
    pub fn peaks(&self, now: [Usage; POOLS]) -> [Usage; POOLS] {
        let mut seen = self.seen.lock();
        for (peak, usage) in seen.peaks.iter_mut().zip(now) {
            *peak = peak.most(usage);
        }
        seen.peaks
    }

    pub fn reset_peak(&self, pool: usize, now: Usage) {
        if let Some(peak) = self.seen.lock().peaks.get_mut(pool) {
            *peak = now;
        }
    }

    /// Whether [`Collections::next`] has something to wait for.
    pub fn keep(&self, kept: bool) {
        let mut seen = self.seen.lock();
        seen.kept = kept;
        seen.waiting.clear();
    }

    /// The next collection that nobody was told of; `None` once `over` holds.
    pub fn next(&self, over: impl Fn() -> bool) -> Option<Collection> {
        let mut seen = self.seen.lock();
        loop {
            if over() {
                return None;
            }
            if let Some(collection) = seen.waiting.pop_front() {
                return Some(collection);
            }
            self.changed.wait(&mut seen);
        }
    }

    pub(crate) fn notify_all(&self) {
        let _seen = self.seen.lock();
        self.changed.notify_all();
    }
}

/// A collection has just ended.
pub fn collected(vm: &Isolate, report: &GcReport) {
    const WAITING_MAX: usize = 256;
    let after = vm.pool_usage();
    let mut before = after;
    for (pool, used) in [(YOUNG, report.before.young), (OLD, report.before.old)] {
        before[pool].used = used;
        before[pool].committed = before[pool].committed.max(used);
    }
    let mut seen = vm.collections.seen.lock();
    seen.count += 1;
    let collection = Collection {
        number: seen.count,
        collector: usize::from(report.kind == GcKind::Full),
        cause: report.cause,
        before,
        after,
        began: vm.uptime().saturating_sub(report.pause),
        pause: report.pause,
    };
    seen.last[collection.collector] = Some(collection);
    for (peak, usage) in seen.peaks.iter_mut().zip(before) {
        *peak = peak.most(usage);
    }
    if seen.kept {
        if seen.waiting.len() == WAITING_MAX {
            seen.waiting.pop_front();
        }
        seen.waiting.push_back(collection);
        vm.collections.changed.notify_all();
    }
    drop(seen);
    lines(vm, collection.number - 1, report);
}

fn lines(vm: &Isolate, number: u64, report: &GcReport) {
    let (before, after) = (report.before, report.after);
    vm.log(TagSet::Gc, Level::Info, || {
        format!(
            "GC({number}) Pause {} ({}) {}M->{}M({}M) {:.3}ms",
            kind(report.kind),
            cause(report.cause),
            (before.young + before.old) >> 20,
            report.live_bytes >> 20,
            report.limit_bytes >> 20,
            report.pause.as_secs_f64() * 1e3
        )
    });
    vm.log(TagSet::GcHeap, Level::Info, || {
        format!("GC({number}) carafe Young Space: {}K->{}K", before.young >> 10, after.young >> 10)
    });
    vm.log(TagSet::GcHeap, Level::Info, || {
        let promoted = report.promoted_bytes >> 10;
        format!(
            "GC({number}) carafe Old Space: {}K->{}K, promoted {promoted}K",
            before.old >> 10,
            after.old >> 10
        )
    });
    vm.log(TagSet::GcMetaspace, Level::Info, || {
        // What classes that were unloaded have taken is given back when the program runs again.
        let used = vm.meta.used_bytes();
        let left = used.saturating_sub(vm.unloading.garbage_bytes());
        format!("GC({number}) Metaspace: {}K->{}K({}K)", used >> 10, left >> 10, vm.meta.max_bytes() >> 10)
    });
    vm.log(TagSet::GcRef, Level::Debug, || {
        let soft = if report.soft_cleared_all { ", all soft references cleared" } else { "" };
        format!("GC({number}) {} references enqueued{soft}", report.enqueued)
    });
}

/// As the reference machine's G1 names pauses; the end of a marking is a young collection with it.
fn kind(kind: GcKind) -> &'static str {
    match kind {
        GcKind::Young => "Young (Normal)",
        GcKind::Begin => "Young (Concurrent Start)",
        GcKind::Remark => "Young (Remark)",
        GcKind::Mixed => "Young (Mixed)",
        GcKind::Full => "Full",
    }
}

/// As the reference machine names causes.
pub fn cause(cause: GcCause) -> &'static str {
    match cause {
        GcCause::Allocation => "Allocation Failure",
        GcCause::Explicit => "System.gc()",
        GcCause::Metadata => "Metadata GC Threshold",
        GcCause::LowMemory => "Metadata GC Clear Soft References",
    }
}
