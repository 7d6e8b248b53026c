//! All threads of an isolate, and the numbering of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::{Condvar, Mutex, MutexGuard};

use super::{Thread, ThreadControl};

/// A registered thread. The pointer is valid while the entry is in the list: a thread removes itself, under the lock,
/// before it is freed.
#[derive(Clone)]
pub struct Entry {
    pub thread: *mut Thread,
    pub control: Arc<ThreadControl>,
    pub daemon: bool,
}

// SAFETY: the pointer is only followed by the thread itself or by a collector that stopped it; the rest is Send.
unsafe impl Send for Entry {}

#[derive(Default)]
pub struct ThreadList {
    entries: Mutex<Vec<Entry>>,
    changed: Condvar,
    last_id: AtomicU32,
    /// The most threads that there were at a time.
    peak: AtomicUsize,
    /// Processor time of threads that have ended. Changes under the lock, together with the list.
    ended_nanos: AtomicU64,
}

impl ThreadList {
    pub fn next_id(&self) -> u32 {
        self.last_id.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub fn add(&self, entry: Entry) {
        let mut entries = self.entries.lock();
        entries.push(entry);
        self.peak.fetch_max(entries.len(), Ordering::Relaxed);
    }

    pub fn peak(&self) -> usize {
        self.peak.load(Ordering::Relaxed)
    }

    /// From now on, the peak is counted anew.
    pub fn reset_peak(&self) {
        let entries = self.entries.lock();
        self.peak.store(entries.len(), Ordering::Relaxed);
    }

    /// How many threads were ever made.
    pub fn total(&self) -> u32 {
        self.last_id.load(Ordering::Relaxed)
    }

    pub fn remove(&self, id: u32) {
        self.remove_after(id, Duration::ZERO);
    }

    /// Removes a thread that has taken so much processor time.
    pub fn remove_after(&self, id: u32, cpu: Duration) {
        let mut entries = self.entries.lock();
        entries.retain(|e| e.control.id != id);
        self.ended_nanos.fetch_add(cpu.as_nanos() as u64, Ordering::Relaxed);
        drop(entries);
        self.changed.notify_all();
    }

    /// Processor time of all threads that there are or were.
    pub fn cpu_time(&self, of_thread: fn(u32) -> Option<Duration>) -> Duration {
        let entries = self.entries.lock();
        let ended = Duration::from_nanos(self.ended_nanos.load(Ordering::Relaxed));
        let live = entries.iter().filter_map(|e| of_thread(e.control.os_tid.load(Ordering::Relaxed)));
        ended + live.sum::<Duration>()
    }

    pub fn set_daemon(&self, id: u32, daemon: bool) {
        for e in self.entries.lock().iter_mut().filter(|e| e.control.id == id) {
            e.daemon = daemon;
        }
        self.changed.notify_all();
    }

    pub fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock()
    }

    pub fn len(&self) -> usize {
        self.entries.lock().len()
    }

    /// Whether the calling thread is in the list.
    pub fn is_one_of_them(&self) -> bool {
        let me = super::start::kernel_number();
        self.entries.lock().iter().any(|e| e.control.os_tid.load(Ordering::Relaxed) == me)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn find(&self, id: u32) -> Option<Arc<ThreadControl>> {
        self.entries.lock().iter().find(|e| e.control.id == id).map(|e| e.control.clone())
    }

    /// Waits until `done` holds for the list.
    pub fn wait_until(&self, done: impl Fn(&[Entry]) -> bool) {
        let mut entries = self.entries.lock();
        while !done(&entries) {
            self.changed.wait(&mut entries);
        }
    }

    /// As `wait_until`, but gives up after `timeout`; says whether the condition came to hold.
    pub fn wait_until_for(&self, timeout: std::time::Duration, done: impl Fn(&[Entry]) -> bool) -> bool {
        let deadline = std::time::Instant::now() + timeout;
        let mut entries = self.entries.lock();
        while !done(&entries) {
            if self.changed.wait_until(&mut entries, deadline).timed_out() {
                return done(&entries);
            }
        }
        true
    }

    pub fn notify(&self) {
        self.changed.notify_all();
    }
}
