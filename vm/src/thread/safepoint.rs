//! Stopping the world of one isolate, and how its threads enter and leave native state.
//!
//! The protocol stands in `stopping`; here are whose turn it is, the polls that make running threads look, the delays that
//! tests may ask for, and the books.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::delays::{Delays, hold};
use super::stopping::Stopping;
use super::{Thread, poll, state};
use crate::isolate::Isolate;
use crate::log::{Level, TagSet};

/// How often the stopper looks before it sleeps if all that it waits for can run at once: some tens of microseconds.
const SPINS: u32 = 1000;

pub struct Safepoint {
    stopping: Stopping,
    /// Held by whoever stops the world, for as long as it is stopped.
    world: Mutex<()>,
    times: Mutex<Times>,
    processors: usize,
    pub delays: Option<Delays>,
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
    pub fn new(delays: Option<u64>) -> Safepoint {
        Safepoint {
            stopping: Stopping::default(),
            world: Mutex::default(),
            times: Mutex::default(),
            processors: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            delays: delays.map(Delays::new),
        }
    }

    pub fn times(&self) -> Times {
        *self.times.lock()
    }

    pub fn processors(&self) -> usize {
        self.processors
    }
}

/// Gives up the right to touch the heap: from here on the thread counts as stopped.
pub fn enter_native(thread: &Thread) {
    leave_running(thread, state::NATIVE);
}

/// The thread has ended, and will not run again.
pub fn end(thread: &Thread) {
    leave_running(thread, state::DEAD);
}

fn leave_running(thread: &Thread, to: u32) {
    let safepoint = &thread.vm().safepoint;
    hold(&safepoint.delays);
    safepoint.stopping.leave(&thread.control.state, to);
    hold(&safepoint.delays);
}

/// Takes the right back, waiting while the world is stopped.
pub fn leave_native(thread: &Thread) {
    let safepoint = &thread.vm().safepoint;
    hold(&safepoint.delays);
    while !safepoint.stopping.try_enter(&thread.control.state) {
        safepoint.stopping.wait_for_release();
        hold(&safepoint.delays);
    }
}

/// What a poll does when its word is not zero: waits out a stopped world. Says whether the thread must end.
pub fn poll_slow(thread: &Thread) -> bool {
    let bits = thread.control.poll.load(std::sync::atomic::Ordering::Acquire);
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
            leave_native(thread);
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
    hold(&safepoint.delays);
    safepoint.stopping.request();
    hold(&safepoint.delays);
    let mut running = 0;
    // New threads come in NATIVE and find the request, so the list may grow afterwards.
    for entry in vm.threads.lock().iter() {
        entry.control.raise(poll::SAFEPOINT);
        hold(&safepoint.delays);
        running +=
            usize::from(Some(entry.control.id) != except && safepoint.stopping.ask(&entry.control.state));
    }
    // With more threads than processors, this one's is needed by one of those that it waits for.
    let spins = if running < safepoint.processors { SPINS } else { 0 };
    safepoint.stopping.wait_for_all(spins);
    running
}

fn resume(vm: &Isolate) {
    hold(&vm.safepoint.delays);
    for entry in vm.threads.lock().iter() {
        entry.control.lower(poll::SAFEPOINT);
    }
    hold(&vm.safepoint.delays);
    vm.safepoint.stopping.release(vm.safepoint.processors as u32);
}
