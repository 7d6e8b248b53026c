//! Methods that wait to be compiled, and the thread that compiles them while the program runs on.
//!
//! The thread belongs to its isolate: it is made when the first method becomes hot, its processor time is the isolate's, and it
//! ends with it. It is no Java thread and is never stopped; what it reads is metadata, which changes only by single words.
//! What could pull metadata away from under it, the unloading of classes, takes the lock under which it compiles, and it gives
//! that up within some hundred instructions ([`Code::is_cancelled`]).
//!
//! Invariant: a request is taken off the queue and compiled under one holding of that lock, so a class that is unloaded is either
//! still in the queue, from which it is removed, or not being compiled.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use carafe_classloader::class::Method;
use carafe_gc::metaspace::Meta;
use parking_lot::{Condvar, Mutex, MutexGuard};

use super::{Code, Outcome, compile_with};
use crate::isolate::Isolate;

/// So many of those that wait longest are looked at for the hottest.
const LOOK_AHEAD: usize = 64;
const STACK_BYTES: usize = 1 << 20;

#[derive(Clone, Copy)]
pub(super) struct Request {
    pub(super) method: u32,
    pub(super) why: &'static str,
    /// How often it had been called, and its loops run, when it was asked for.
    seen: u32,
    pub(super) since: Instant,
}

#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    /// The kernel's number of the thread; 0 if there is none.
    thread: AtomicU32,
    /// Processor time of the thread that has ended.
    past_nanos: AtomicU64,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Request>,
    members: HashSet<u32>,
    has_thread: bool,
}

fn heat(method: &Method) -> u32 {
    let (calls, loops) = (method.calls.load(Ordering::Relaxed), method.loops.load(Ordering::Relaxed));
    calls.saturating_add(loops / 10)
}

impl Queue {
    /// Asks for a method; nothing happens if it waits already.
    pub(super) fn ask(&self, vm: &Isolate, method: &Method, why: &'static str) {
        let raw = vm.meta.meta_of(method).raw();
        let mut state = self.state.lock();
        if vm.is_halting() || !state.members.insert(raw) {
            return;
        }
        state.waiting.push_back(Request { method: raw, why, seen: heat(method), since: Instant::now() });
        if !state.has_thread {
            let of_thread = vm.arc();
            let thread = std::thread::Builder::new().name("carafe compiler".into()).stack_size(STACK_BYTES);
            // Without a thread methods stay interpreted; the next that becomes hot tries again.
            state.has_thread = thread.spawn(move || work(&of_thread)).is_ok();
            if !state.has_thread {
                state.waiting.clear();
                state.members.clear();
            }
        }
        drop(state);
        self.changed.notify_one();
    }

    /// The hottest of those that wait: what has been called most since it was asked for.
    fn take(&self, vm: &Isolate) -> Option<Request> {
        let mut state = self.state.lock();
        let gain = |request: &Request| {
            let method: &Method = vm.meta.get(Meta::from_raw(request.method));
            heat(method).wrapping_sub(request.seen)
        };
        let looked_at = state.waiting.iter().take(LOOK_AHEAD).enumerate();
        // The first among equals.
        let (at, _) = looked_at.max_by_key(|(at, request)| (gain(request), std::cmp::Reverse(*at)))?;
        let request = state.waiting.remove(at)?;
        state.members.remove(&request.method);
        Some(request)
    }

    /// Puts back what could not be finished.
    fn put_back(&self, request: Request) {
        let mut state = self.state.lock();
        if state.members.insert(request.method) {
            state.waiting.push_front(request);
        }
    }

    /// Classes are unloaded. The caller holds the books.
    pub(super) fn forget(&self, is_dead: impl Fn(u32) -> bool) {
        let mut state = self.state.lock();
        let State { waiting, members, .. } = &mut *state;
        waiting.retain(|request| {
            let dies = is_dead(request.method);
            if dies {
                members.remove(&request.method);
            }
            !dies
        });
    }

    /// The isolate ends.
    pub(super) fn wake(&self) {
        let _state = self.state.lock();
        self.changed.notify_all();
    }

    /// Waits until the thread has ended, which it does once the isolate halts. False if it takes longer.
    pub(super) fn wait_until_ended(&self, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        let mut state = self.state.lock();
        while state.has_thread {
            if self.changed.wait_until(&mut state, until).timed_out() {
                return !state.has_thread;
            }
        }
        true
    }

    pub(super) fn cpu_time(&self, of_thread: fn(u32) -> Option<Duration>) -> Duration {
        let past = Duration::from_nanos(self.past_nanos.load(Ordering::Relaxed));
        match self.thread.load(Ordering::Relaxed) {
            0 => past,
            thread => past + of_thread(thread).unwrap_or_default(),
        }
    }

    fn wait_for_work(&self, vm: &Isolate) -> bool {
        let mut state = self.state.lock();
        while !vm.is_halting() && state.waiting.is_empty() {
            self.changed.wait(&mut state);
        }
        !vm.is_halting()
    }
}

/// What the thread does.
fn work(vm: &Arc<Isolate>) {
    let Some(code) = &vm.code else { return };
    let me = rustix::thread::gettid().as_raw_nonzero().get() as u32;
    code.queue.thread.store(me, Ordering::Relaxed);
    // A bug in the compiler must not leave the isolate with one that hangs.
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        while code.queue.wait_for_work(vm) {
            compile_next(vm, code);
        }
    }));
    let taken = (vm.natives.outside.thread_cpu)(me).unwrap_or_default();
    code.queue.past_nanos.store(taken.as_nanos() as u64, Ordering::Relaxed);
    code.queue.thread.store(0, Ordering::Relaxed);
    if let Err(panic) = outcome {
        let text = crate::panics::text_of(&*panic);
        vm.console_error(&format!("carafe: the compiler has panicked: {text}\n"));
        vm.end_with(crate::limits::End::Panic(text));
    }
    let mut state = code.queue.state.lock();
    state.has_thread = false;
    code.queue.changed.notify_all();
}

fn compile_next(vm: &Isolate, code: &Code) {
    let mut books = code.books.lock();
    if code.waiting.load(Ordering::SeqCst) == 0 {
        let Some(request) = code.queue.take(vm) else { return };
        let method: &Method = vm.meta.get(Meta::from_raw(request.method));
        match compile_with(vm, code, &mut books, method, &request) {
            Outcome::Cancelled => code.queue.put_back(request),
            Outcome::Compiled | Outcome::Declined => {}
        }
    }
    // Somebody may be waiting to unload classes, in a stopped world.
    MutexGuard::unlock_fair(books);
}

impl Request {
    /// One that does not wait.
    pub(super) fn now(method: u32, why: &'static str) -> Request {
        Request { method, why, seen: 0, since: Instant::now() }
    }
}
