//! Stopping the world of one isolate, and the protocol by which its threads enter and leave native state.
//!
//! The stopper raises `requested` and every thread's poll bit, then waits until no other thread is RUNNING. A thread
//! that wants to run again stores RUNNING first and looks at `requested` afterwards; the stopper stores `requested`
//! first and looks at the states afterwards. All four accesses are sequentially consistent, so one of the two sees the
//! other, and no thread runs in a stopped world.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use super::list::Entry;
use super::{Thread, poll, state};
use crate::isolate::Isolate;
use crate::log::{Level, TagSet};

#[derive(Default)]
pub struct Safepoint {
    requested: AtomicBool,
    /// Held by whoever stops the world, for as long as it is stopped.
    world: Mutex<()>,
    /// Pairs with both conditions below.
    gate: Mutex<()>,
    resumed: Condvar,
    arrived: Condvar,
    times: Mutex<Times>,
}

/// How often the world was stopped, and how long that took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    pub count: u64,
    /// From the request until no thread ran any more.
    pub reaching: Duration,
    /// From the request until threads could run again.
    pub total: Duration,
    /// When the last stop ended, since the isolate's start.
    last: Duration,
}

impl Safepoint {
    pub fn is_requested(&self) -> bool {
        self.requested.load(Ordering::SeqCst)
    }

    pub fn times(&self) -> Times {
        *self.times.lock()
    }
}

/// Gives up the right to touch the heap: from here on the thread counts as stopped.
pub fn enter_native(thread: &Thread) {
    thread.control.state.store(state::NATIVE, Ordering::SeqCst);
    let safepoint = &thread.vm().safepoint;
    if safepoint.is_requested() {
        let _gate = safepoint.gate.lock();
        safepoint.arrived.notify_all();
    }
}

/// Takes the right back, waiting while the world is stopped.
pub fn leave_native(thread: &Thread) {
    let safepoint = &thread.vm().safepoint;
    loop {
        thread.control.state.store(state::RUNNING, Ordering::SeqCst);
        if !safepoint.is_requested() {
            return;
        }
        thread.control.state.store(state::NATIVE, Ordering::SeqCst);
        let mut gate = safepoint.gate.lock();
        safepoint.arrived.notify_all();
        while safepoint.is_requested() {
            safepoint.resumed.wait(&mut gate);
        }
    }
}

/// What a poll does when its word is not zero: waits out a stopped world. Says whether the thread must end.
pub fn poll_slow(thread: &Thread) -> bool {
    let bits = thread.control.poll.load(Ordering::Acquire);
    if bits & poll::SAFEPOINT != 0 {
        enter_native(thread);
        leave_native(thread);
    }
    bits & poll::TERMINATE != 0
}

/// Runs `work` while every other thread of the isolate is stopped. The calling thread must be RUNNING and have its
/// state (top frame, handles) in order, because it may first have to wait for another thread's stop. The operation's name
/// is for the log.
pub fn stop_the_world_for<R>(operation: &str, thread: &mut Thread, work: impl FnOnce(&mut Thread) -> R) -> R {
    let vm: *const Isolate = thread.vm;
    // SAFETY: the isolate outlives its threads (see Thread::vm).
    let vm = unsafe { &*vm };
    let _world = match vm.safepoint.world.try_lock() {
        Some(guard) => guard,
        None => {
            enter_native(thread);
            let guard = vm.safepoint.world.lock();
            // Nobody else can have the world stopped now, so this does not wait.
            thread.control.state.store(state::RUNNING, Ordering::SeqCst);
            guard
        }
    };
    let watch = Stopwatch::start(vm);
    let running = stop_others(vm, Some(thread.id()));
    let reached = watch.now();
    let result = work(thread);
    let leaving = watch.now();
    resume(vm);
    watch.stop(operation, reached, leaving, running);
    result
}

/// The times of one stop.
struct Stopwatch<'v> {
    vm: &'v Isolate,
    start: Instant,
}

impl<'v> Stopwatch<'v> {
    fn start(vm: &'v Isolate) -> Stopwatch<'v> {
        Stopwatch { vm, start: Instant::now() }
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// The world runs again: counts the stop and logs it. Called under the world's lock, so that lines come in order.
    fn stop(&self, operation: &str, reached: Duration, leaving: Duration, running: usize) {
        let (vm, total) = (self.vm, self.now());
        let since_last = {
            let mut times = vm.safepoint.times.lock();
            let began = self.start.saturating_duration_since(vm.started());
            let since_last = began.saturating_sub(times.last);
            times.count += 1;
            times.reaching += reached;
            times.total += total;
            times.last = began + total;
            since_last
        };
        vm.log(TagSet::Safepoint, Level::Info, || {
            format!(
                "Safepoint \"{operation}\", Time since last: {} ns, Reaching safepoint: {} ns, At safepoint: {} ns, \
                 Leaving safepoint: {} ns, Total: {} ns, Threads: {running} runnable, {} total",
                since_last.as_nanos(),
                reached.as_nanos(),
                leaving.saturating_sub(reached).as_nanos(),
                total.saturating_sub(leaving).as_nanos(),
                total.as_nanos(),
                vm.threads.len()
            )
        });
    }
}

/// As [`stop_the_world_for`], for a caller that is not a thread of the isolate.
pub fn stop_from_outside<R>(vm: &Isolate, work: impl FnOnce() -> R) -> R {
    let _world = vm.safepoint.world.lock();
    stop_others(vm, None);
    let result = work();
    resume(vm);
    result
}

/// Answers how many threads ran when they were asked to stop.
fn stop_others(vm: &Isolate, except: Option<u32>) -> usize {
    let safepoint = &vm.safepoint;
    safepoint.requested.store(true, Ordering::SeqCst);
    for entry in vm.threads.lock().iter() {
        entry.control.raise(poll::SAFEPOINT);
    }
    let mut gate = safepoint.gate.lock();
    let mut at_first = None;
    loop {
        // New threads come in NATIVE and find `requested` set, so the list may grow while we look.
        let runs = |e: &&Entry| {
            Some(e.control.id) != except && e.control.state.load(Ordering::SeqCst) == state::RUNNING
        };
        let running = vm.threads.lock().iter().filter(runs).count();
        let at_first = *at_first.get_or_insert(running);
        if running == 0 {
            return at_first;
        }
        safepoint.arrived.wait_for(&mut gate, std::time::Duration::from_millis(1));
    }
}

fn resume(vm: &Isolate) {
    for entry in vm.threads.lock().iter() {
        entry.control.lower(poll::SAFEPOINT);
    }
    let _gate = vm.safepoint.gate.lock();
    vm.safepoint.requested.store(false, Ordering::SeqCst);
    vm.safepoint.resumed.notify_all();
}
