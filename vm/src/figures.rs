//! How much memory an isolate uses and what its collectors have done: the one place that management beans, dumps and logs ask.
//!
//! The collector's own figures come in through [`Isolate::pool_usage`] and [`Isolate::figures`] alone. Collections of the
//! old space that go along with young ones (its marking and the evacuation of its regions) count as young; the old
//! collector's are the full ones.

use std::time::Duration;

use crate::isolate::Isolate;

pub const POOLS: usize = 3;
/// Places of the pools.
pub const YOUNG: usize = 0;
pub const OLD: usize = 1;
pub const METASPACE: usize = 2;

/// Bytes of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    pub used: u64,
    pub committed: u64,
}

impl Usage {
    /// The greater of both, figure by figure.
    pub fn most(self, other: Usage) -> Usage {
        Usage { used: self.used.max(other.used), committed: self.committed.max(other.committed) }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Pool {
    pub name: &'static str,
    pub is_heap: bool,
    pub used: u64,
    pub committed: u64,
    pub max: u64,
    pub peak: Usage,
}

#[derive(Clone, Copy, Debug)]
pub struct Collector {
    pub name: &'static str,
    pub collections: u64,
    pub time: Duration,
    /// Places of the pools that it collects.
    pub pools: &'static [usize],
}

#[derive(Clone, Copy, Debug)]
pub struct Figures {
    pub pools: [Pool; POOLS],
    /// Young, then old.
    pub collectors: [Collector; 2],
}

impl Isolate {
    /// What each pool uses now.
    pub fn pool_usage(&self) -> [Usage; POOLS] {
        let (used, committed, old) =
            (self.heap.used_bytes(), self.heap.committed_bytes(), self.heap.old_bytes());
        // Read one after the other while the program allocates: the parts never sum to less than nothing.
        let young = Usage { used: used.saturating_sub(old), committed: committed.saturating_sub(old) };
        let metaspace = self.meta.used_bytes();
        [young, Usage { used: old, committed: old }, Usage { used: metaspace, committed: metaspace }]
    }

    pub fn figures(&self) -> Figures {
        let usage = self.pool_usage();
        let peaks = self.collections.peaks(usage);
        let pool = |at: usize, name, max| Pool {
            name,
            is_heap: at != METASPACE,
            used: usage[at].used,
            committed: usage[at].committed,
            max,
            peak: peaks[at],
        };
        let (full, full_time) = self.heap.full_collections();
        Figures {
            pools: [
                pool(YOUNG, "carafe Young Space", self.heap.max_bytes()),
                pool(OLD, "carafe Old Space", self.heap.max_bytes()),
                pool(METASPACE, "Metaspace", self.meta.max_bytes()),
            ],
            collectors: [
                Collector {
                    name: "carafe Young",
                    collections: self.heap.collections().saturating_sub(full),
                    time: self.heap.collection_time().saturating_sub(full_time),
                    pools: &[YOUNG, OLD],
                },
                Collector { name: "carafe Old", collections: full, time: full_time, pools: &[YOUNG, OLD] },
            ],
        }
    }

    /// From now on, peaks are counted anew.
    pub fn reset_peak(&self, pool: usize) {
        if let Some(now) = self.pool_usage().get(pool) {
            self.collections.reset_peak(pool, *now);
        }
    }
}
