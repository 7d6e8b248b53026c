//! What the files under test know as `crate::sync`, on loom's primitives, and how models are run.

#![allow(dead_code, unreachable_pub, unused_imports, reason = "each test uses the part that its files need")]

pub use loom::sync::Arc;
pub use loom::sync::atomic::{AtomicBool, AtomicU64};
pub use std::sync::atomic::Ordering;
pub use std::time::Duration;

use std::ops::{Deref, DerefMut};

/// Loom takes sequentially consistent accesses for weaker ones; with a fence on both sides of each they are what they say.
#[derive(Debug)]
pub struct AtomicU32(loom::sync::atomic::AtomicU32);

fn fence(order: Ordering) {
    if order == Ordering::SeqCst {
        loom::sync::atomic::fence(Ordering::SeqCst);
    }
}

impl Default for AtomicU32 {
    fn default() -> AtomicU32 {
        AtomicU32::new(0)
    }
}

impl AtomicU32 {
    pub fn new(value: u32) -> AtomicU32 {
        AtomicU32(loom::sync::atomic::AtomicU32::new(value))
    }

    pub fn load(&self, order: Ordering) -> u32 {
        fence(order);
        self.0.load(order)
    }

    pub fn store(&self, value: u32, order: Ordering) {
        self.0.store(value, order);
        fence(order);
    }

    pub fn add(&self, value: u32) -> u32 {
        fence(Ordering::SeqCst);
        let old = self.0.fetch_add(value, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        old
    }

    pub fn swap(&self, value: u32, order: Ordering) -> u32 {
        fence(order);
        let old = self.0.swap(value, order);
        fence(order);
        old
    }

    pub fn compare_exchange(&self, old: u32, new: u32, yes: Ordering, no: Ordering) -> Result<u32, u32> {
        fence(yes);
        let result = self.0.compare_exchange(old, new, yes, no);
        fence(yes);
        result
    }
}

/// With the interface of the lock that the machine uses: conditions take the guard by reference, and nobody poisons it.
#[derive(Debug)]
pub struct Mutex<T>(loom::sync::Mutex<T>);

impl<T: Default> Default for Mutex<T> {
    fn default() -> Mutex<T> {
        Mutex::new(T::default())
    }
}

pub struct MutexGuard<'m, T> {
    mutex: &'m Mutex<T>,
    /// None only while a condition has it.
    held: Option<loom::sync::MutexGuard<'m, T>>,
}

impl<T> Mutex<T> {
    pub fn new(value: T) -> Mutex<T> {
        Mutex(loom::sync::Mutex::new(value))
    }

    pub fn lock(&self) -> MutexGuard<'_, T> {
        MutexGuard { mutex: self, held: Some(self.0.lock().unwrap()) }
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.held.as_deref().unwrap()
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.held.as_deref_mut().unwrap()
    }
}

/// The time does not pass by itself: a wait until some instant may end at any moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant;

impl Instant {
    pub fn now() -> Instant {
        Instant
    }

    /// There is no instant so far away: whoever sleeps waits to be woken.
    pub fn checked_add(&self, _: Duration) -> Option<Instant> {
        None
    }
}

#[derive(Debug)]
pub struct Condvar(loom::sync::Condvar);

impl Default for Condvar {
    fn default() -> Condvar {
        Condvar(loom::sync::Condvar::new())
    }
}

pub struct TimedOut(bool);

impl TimedOut {
    pub fn timed_out(&self) -> bool {
        self.0
    }
}

impl Condvar {
    pub fn new() -> Condvar {
        Condvar::default()
    }

    pub fn wait<T>(&self, guard: &mut MutexGuard<'_, T>) {
        let held = guard.held.take().unwrap();
        guard.held = Some(self.0.wait(held).unwrap());
    }

    /// Ends as soon as the mutex can be had again: any number of steps of other threads may come before.
    pub fn wait_until<T>(&self, guard: &mut MutexGuard<'_, T>, _: Instant) -> TimedOut {
        guard.held = None;
        guard.held = Some(guard.mutex.0.lock().unwrap());
        TimedOut(true)
    }

    pub fn notify_one(&self) {
        self.0.notify_one();
    }

    pub fn notify_all(&self) {
        self.0.notify_all();
    }
}

/// A word that one can wait on, as the kernel promises it: comparing and falling asleep are one step.
#[derive(Debug, Default)]
pub struct WaitWord {
    value: AtomicU32,
    queue: Mutex<()>,
    changed: Condvar,
}

impl WaitWord {
    pub fn load(&self) -> u32 {
        self.value.load(Ordering::SeqCst)
    }

    pub fn store(&self, value: u32) {
        self.value.store(value, Ordering::SeqCst);
    }

    pub fn increase(&self) -> u32 {
        self.value.add(1)
    }

    pub fn decrease(&self) -> u32 {
        self.value.add(u32::MAX)
    }

    pub fn wait_while(&self, value: u32) {
        let mut queue = self.queue.lock();
        if self.load() == value {
            self.changed.wait(&mut queue);
        }
    }

    pub fn wake(&self, count: u32) {
        let _queue = self.queue.lock();
        (0..count).for_each(|_| self.changed.notify_one());
    }
}

/// Loops that wait are cut short here: each turn is a branch to look into.
pub const SPINS_FIRST: u32 = 1;
pub const SPINS_MIN: u32 = 1;
pub const SPINS_MAX: u32 = 1;

pub fn spin() {
    loom::thread::yield_now();
}

/// Runs a model through its interleavings.
pub fn explore(model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    let given = std::env::var("CARAFE_PREEMPTIONS").ok().and_then(|text| text.parse().ok());
    let long = std::env::var_os("CARAFE_LONG").is_some_and(|value| value == "1");
    builder.preemption_bound = Some(given.unwrap_or(if long { 5 } else { 3 }));
    builder.max_branches = 100_000;
    builder.check(model);
}
