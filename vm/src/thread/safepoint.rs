//! Stopping the world of one isolate, and the protocol by which its threads enter and leave native state.
//!
//! The stopper raises `requested` and every thread's poll bit, then waits until no other thread is RUNNING. A thread
//! that wants to run again stores RUNNING first and looks at `requested` afterwards; the stopper stores `requested`
//! first and looks at the states afterwards. All four accesses are sequentially consistent, so one of the two sees the
//! other, and no thread runs in a stopped world.

use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::{Condvar, Mutex};

use super::{Thread, poll, state};
use crate::isolate::Isolate;

#[derive(Default)]
pub struct Safepoint {
    requested: AtomicBool,
    /// Held by whoever stops the world, for as long as it is stopped.
    world: Mutex<()>,
    /// Pairs with both conditions below.
    gate: Mutex<()>,
    resumed: Condvar,
    arrived: Condvar,
}

impl Safepoint {
    pub fn is_requested(&self) -> bool {
        self.requested.load(Ordering::SeqCst)
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
/// state (top frame, handles) in order, because it may first have to wait for another thread's stop.
pub fn stop_the_world<R>(thread: &mut Thread, work: impl FnOnce(&mut Thread) -> R) -> R {
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
    stop_others(vm, Some(thread.id()));
    let result = work(thread);
    resume(vm);
    result
}

/// As [`stop_the_world`], for a caller that is not a thread of the isolate.
pub fn stop_from_outside<R>(vm: &Isolate, work: impl FnOnce() -> R) -> R {
    let _world = vm.safepoint.world.lock();
    stop_others(vm, None);
    let result = work();
    resume(vm);
    result
}

fn stop_others(vm: &Isolate, except: Option<u32>) {
    let safepoint = &vm.safepoint;
    safepoint.requested.store(true, Ordering::SeqCst);
    for entry in vm.threads.lock().iter() {
        entry.control.raise(poll::SAFEPOINT);
    }
    let mut gate = safepoint.gate.lock();
    loop {
        // New threads come in NATIVE and find `requested` set, so the list may grow while we look.
        let running = vm.threads.lock().iter().any(|e| {
            Some(e.control.id) != except && e.control.state.load(Ordering::SeqCst) == state::RUNNING
        });
        if !running {
            return;
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
