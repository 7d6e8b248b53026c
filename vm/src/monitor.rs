//! Object locks: two header bits while nobody contends, a monitor in a side table afterwards; wait and notify.
//!
//! A fast-locked object has lock bits 1 and stands in its owner's lock stack, once per nesting. Contention, `wait` and deep
//! nesting inflate it: the bits become 2 and the table has a [`Monitor`] for it. Whoever inflates a lock that is held does
//! not know the owner; the monitor then belongs to "the thread that has it in its lock stack", which makes it its own at
//! the next operation (`claim`). Inflated locks stay inflated while the object lives and is used; the table is weak.
//!
//! Lock order: the table's mutex, then a monitor's.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use carafe_gc::object::mark::{LOCK_FAST, LOCK_INFLATED, LOCK_MASK, LOCK_NONE, cas_mark, load_mark};
use carafe_gc::object::{self, ObjRef};
use hashbrown::HashMap;
use parking_lot::{Condvar, Mutex};

use crate::env::{Env, JResult, Local, Throw};
use crate::exceptions;
use crate::isolate::Isolate;
use crate::thread::list::Entry;
use crate::thread::{Thread, safepoint, waiting_for};

/// Owner of a monitor that was inflated by somebody else while it was fast-locked.
const ANONYMOUS: u32 = u32::MAX;
/// Longer lock stacks inflate, so that the search for an object in it stays short.
const MAX_LOCK_STACK: usize = 64;

#[derive(Default)]
struct State {
    /// Thread id, 0 for none, or ANONYMOUS.
    owner: u32,
    recursions: u32,
    /// Waiters in order of arrival: (ticket, notified).
    waiters: Vec<(u64, bool)>,
    next_ticket: u64,
}

#[derive(Default)]
pub struct Monitor {
    state: Mutex<State>,
    /// Signalled when the owner leaves.
    free: Condvar,
    /// Signalled by notify, interrupt and termination.
    notified: Condvar,
}

/// The inflated monitors of an isolate by object.
#[derive(Default)]
pub struct MonitorTable {
    monitors: Mutex<HashMap<u32, Arc<Monitor>>>,
}

impl MonitorTable {
    fn get(&self, object: ObjRef) -> Arc<Monitor> {
        self.monitors.lock().entry(object.raw()).or_default().clone()
    }

    /// After a collection: entries follow their objects or go with them. A monitor in use has its object on some stack.
    pub fn visit_weak(&self, place: &mut dyn FnMut(ObjRef) -> Option<ObjRef>) {
        let mut monitors = self.monitors.lock();
        let old = std::mem::take(&mut *monitors);
        for (raw, monitor) in old {
            if let Some(new) = place(ObjRef::from_raw(raw)) {
                monitors.insert(new.raw(), monitor);
            }
        }
    }

    /// Wakes everybody who waits for anything: the isolate ends.
    pub fn wake_all(&self) {
        for monitor in self.monitors.lock().values() {
            let _state = monitor.state.lock();
            monitor.free.notify_all();
            monitor.notified.notify_all();
        }
    }

    /// Wakes waiting threads, so that one that was interrupted notices.
    pub fn wake_waiters(&self) {
        for monitor in self.monitors.lock().values() {
            let _state = monitor.state.lock();
            monitor.notified.notify_all();
        }
    }

    pub fn len(&self) -> usize {
        self.monitors.lock().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Locks an object, waiting for it if need be.
pub fn enter(env: &mut Env<'_>, object: Local<'_>) -> JResult<()> {
    let base = env.base();
    loop {
        let raw = env.raw(object);
        // SAFETY: the local names a live object.
        let mark = unsafe { load_mark(base, raw) };
        match mark & LOCK_MASK {
            LOCK_NONE if env.thread().locks.len() < MAX_LOCK_STACK => {
                // SAFETY: as above.
                if unsafe { cas_mark(base, raw, mark, mark & !LOCK_MASK | LOCK_FAST) }.is_ok() {
                    env.thread_mut().locks.push(raw);
                    return Ok(());
                }
            }
            LOCK_FAST if env.thread().locks.contains(&raw) && env.thread().locks.len() < MAX_LOCK_STACK => {
                env.thread_mut().locks.push(raw);
                return Ok(());
            }
            LOCK_NONE | LOCK_FAST => {
                inflate(env, raw);
            }
            _ => return enter_monitor(env, object),
        }
    }
}

/// Sets the inflated bits; the monitor begins unowned or anonymous, as the lock was.
fn inflate(env: &Env<'_>, raw: ObjRef) {
    let base = env.base();
    let mut table = env.vm().monitors.monitors.lock();
    loop {
        // SAFETY: the caller's reference is current and no safepoint lies between.
        let mark = unsafe { load_mark(base, raw) };
        let owner = match mark & LOCK_MASK {
            LOCK_NONE => 0,
            LOCK_FAST => ANONYMOUS,
            _ => return,
        };
        let monitor = table.entry(raw.raw()).or_default().clone();
        let mut state = monitor.state.lock();
        state.owner = owner;
        state.recursions = 0;
        // SAFETY: as above.
        if unsafe { cas_mark(base, raw, mark, mark & !LOCK_MASK | LOCK_INFLATED) }.is_ok() {
            return;
        }
        state.owner = 0;
    }
}

/// If the monitor is anonymous and this thread has the object in its lock stack, it becomes this thread's.
fn claim(thread: &mut Thread, state: &mut State, raw: ObjRef) {
    if state.owner != ANONYMOUS {
        return;
    }
    let before = thread.locks.len();
    thread.locks.retain(|o| *o != raw);
    let held = before - thread.locks.len();
    if held > 0 {
        state.owner = thread.id();
        state.recursions = held as u32 - 1;
    }
}

fn enter_monitor(env: &mut Env<'_>, object: Local<'_>) -> JResult<()> {
    let raw = env.raw(object);
    let monitor = env.vm().monitors.get(raw);
    let me = env.thread().id();
    {
        let mut state = monitor.state.lock();
        claim(env.thread_mut(), &mut state, raw);
        if state.owner == me {
            state.recursions += 1;
            return Ok(());
        }
        if state.owner == 0 {
            state.owner = me;
            return Ok(());
        }
    }
    let status = crate::thread::start::set_status(env, crate::thread::start::status::BLOCKED);
    begin_waiting(env, raw, waiting_for::ENTRY);
    // Wait as a stopped thread: from here on `raw` may be stale, the monitor is not.
    safepoint::enter_native(env.thread());
    let vm = env.vm();
    let got = {
        let mut state = monitor.state.lock();
        loop {
            if state.owner == 0 {
                state.owner = me;
                state.recursions = 0;
                break true;
            }
            if vm.is_halting() {
                break false;
            }
            monitor.free.wait(&mut state);
        }
    };
    safepoint::leave_native(env.thread());
    end_waiting(env);
    crate::thread::start::restore_status(env, status);
    if got {
        return Ok(());
    }
    env.thread_mut().terminating = true;
    Err(Throw)
}

/// Unlocks an object; IllegalMonitorStateException if this thread does not hold it.
pub fn exit(env: &mut Env<'_>, object: Local<'_>) -> JResult<()> {
    let raw = env.raw(object);
    let (thread, base) = (env.thread_ptr(), env.base());
    // SAFETY: the Env is this thread's token.
    if release(unsafe { &mut *thread }, base, raw) { Ok(()) } else { Err(not_owner(env)) }
}

/// Unlocks for a frame that ends; false if the lock is not held (any more).
///
/// # Safety
/// The thread is the caller's own and `object` is live.
pub unsafe fn unlock_for_unwind(t: *mut Thread, object: ObjRef) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        let base = (*t).base;
        release(&mut *t, base, object)
    }
}

/// Unlocks what `monitorenter` instructions of a frame that ends have left locked; whether there was anything.
///
/// # Safety
/// The thread is the caller's own.
pub unsafe fn unlock_held(t: *mut Thread, frame: *mut u64) -> bool {
    let mut any = false;
    // SAFETY: the caller's promise; the list's objects are roots, so they are live.
    unsafe {
        while let Some(held) = (*t).held.pop_if(|h| h.frame == frame) {
            any |= unlock_for_unwind(t, held.object);
        }
    }
    any
}

/// What a method gets that does not leave the monitors it entered, or leaves others.
#[cold]
pub fn not_structured(env: &mut Env<'_>) -> Throw {
    let class = env.wk().illegal_monitor_state.id;
    exceptions::throw_new(env, class, None, Local::NULL)
}

fn release(thread: &mut Thread, base: *mut u8, raw: ObjRef) -> bool {
    // SAFETY: the caller's reference is current; nothing here reaches a safepoint.
    let mut mark = unsafe { load_mark(base, raw) };
    if mark & LOCK_MASK == LOCK_FAST {
        let Some(at) = thread.locks.iter().rposition(|o| *o == raw) else { return false };
        thread.locks.remove(at);
        if thread.locks.contains(&raw) {
            return true;
        }
        loop {
            // SAFETY: as above.
            match unsafe { cas_mark(base, raw, mark, mark & !LOCK_MASK | LOCK_NONE) } {
                Ok(_) => return true,
                Err(now) if now & LOCK_MASK == LOCK_FAST => mark = now,
                // Somebody inflated it: the lock stack no longer shows that it is ours, so put that right first.
                Err(_) => {
                    thread.locks.push(raw);
                    break;
                }
            }
        }
    }
    if mark & LOCK_MASK == LOCK_NONE {
        return false;
    }
    let monitor = thread.vm().monitors.get(raw);
    let me = thread.id();
    let mut state = monitor.state.lock();
    claim(thread, &mut state, raw);
    if state.owner != me {
        return false;
    }
    if state.recursions > 0 {
        state.recursions -= 1;
    } else {
        state.owner = 0;
        monitor.free.notify_one();
    }
    true
}

#[cold]
fn not_owner(env: &mut Env<'_>) -> Throw {
    let class = env.wk().illegal_monitor_state.id;
    exceptions::throw_new(env, class, Some("current thread is not owner"), Local::NULL)
}

/// Whether the calling thread holds the object's lock.
pub fn holds(env: &mut Env<'_>, object: Local<'_>) -> bool {
    let raw = env.raw(object);
    // SAFETY: the local names a live object.
    let mark = unsafe { load_mark(env.base(), raw) };
    match mark & LOCK_MASK {
        LOCK_NONE => false,
        LOCK_FAST => env.thread().locks.contains(&raw),
        _ => {
            let monitor = env.vm().monitors.get(raw);
            let mut state = monitor.state.lock();
            claim(env.thread_mut(), &mut state, raw);
            state.owner == env.thread().id()
        }
    }
}

/// Shows others which monitor the thread is about to wait for.
fn begin_waiting(env: &mut Env<'_>, object: ObjRef, what: u32) {
    let waiting = &mut env.thread_mut().waiting;
    waiting.object = object;
    waiting.what.store(what, Ordering::Relaxed);
}

fn end_waiting(env: &mut Env<'_>) {
    env.thread_mut().waiting.object = ObjRef::NULL;
}

/// Number of the thread that holds an object's lock; 0 if none does. The world is stopped.
pub fn owner(vm: &Isolate, object: ObjRef) -> u32 {
    // SAFETY: the caller's reference is current.
    let mark = unsafe { load_mark(vm.cage.base(), object) };
    if mark & LOCK_MASK == LOCK_NONE {
        return 0;
    }
    if mark & LOCK_MASK == LOCK_INFLATED {
        match vm.monitors.get(object).state.lock().owner {
            ANONYMOUS => {}
            owner => return owner,
        }
    }
    // SAFETY: the world is stopped, and a thread stays in the list as long as it lives.
    let holds = |entry: &&Entry| unsafe { (*entry.thread).locks.contains(&object) };
    vm.threads.lock().iter().find(holds).map_or(0, |entry| entry.control.id)
}

/// The monitor of an object whose lock this thread holds.
fn owned(env: &mut Env<'_>, object: Local<'_>) -> JResult<Arc<Monitor>> {
    if !holds(env, object) {
        return Err(not_owner(env));
    }
    let raw = env.raw(object);
    inflate(env, raw);
    let monitor = env.vm().monitors.get(raw);
    {
        let mut state = monitor.state.lock();
        claim(env.thread_mut(), &mut state, raw);
    }
    Ok(monitor)
}

/// Object.wait; 0 waits without limit. InterruptedException when interrupted before or while waiting.
pub fn wait(env: &mut Env<'_>, object: Local<'_>, millis: i64) -> JResult<()> {
    let monitor = owned(env, object)?;
    let me = env.thread().id();
    if crate::thread::start::take_interrupt(env) {
        return Err(env.throw_no_message("java/lang/InterruptedException"));
    }
    use crate::thread::start::status;
    let old = crate::thread::start::set_status(
        env,
        if millis == 0 { status::WAITING } else { status::TIMED_WAITING },
    );
    let deadline =
        if millis == 0 { None } else { Instant::now().checked_add(Duration::from_millis(millis as u64)) };
    let interrupted = crate::thread::start::interrupt_flag(env);
    let raw = env.raw(object);
    begin_waiting(env, raw, waiting_for::NOTIFICATION);
    safepoint::enter_native(env.thread());
    let vm = env.vm();
    let (was_interrupted, halted) = {
        let mut state = monitor.state.lock();
        let recursions = std::mem::take(&mut state.recursions);
        state.owner = 0;
        let ticket = state.next_ticket;
        state.next_ticket += 1;
        state.waiters.push((ticket, false));
        monitor.free.notify_one();
        let mut was_interrupted = false;
        loop {
            if state.waiters.iter().any(|(t, notified)| *t == ticket && *notified) {
                break;
            }
            if interrupted.is_set() {
                was_interrupted = true;
                break;
            }
            if vm.is_halting() {
                break;
            }
            match deadline {
                None => monitor.notified.wait(&mut state),
                Some(at) => {
                    if monitor.notified.wait_until(&mut state, at).timed_out() {
                        break;
                    }
                }
            }
        }
        // An interrupted thread that was notified as well passes the notification as taken: it counts as notified.
        if let Some(at) = state.waiters.iter().position(|(t, _)| *t == ticket) {
            let (_, notified) = state.waiters.remove(at);
            was_interrupted &= !notified;
        }
        // Take the lock back, whatever ended the wait.
        env.thread().waiting.what.store(waiting_for::ENTRY_AFTER_WAIT, Ordering::Relaxed);
        let mut halted = false;
        while state.owner != 0 {
            if vm.is_halting() {
                halted = true;
                break;
            }
            monitor.free.wait(&mut state);
        }
        if !halted {
            state.owner = me;
            state.recursions = recursions;
        }
        (was_interrupted, halted || vm.is_halting())
    };
    safepoint::leave_native(env.thread());
    end_waiting(env);
    crate::thread::start::restore_status(env, old);
    if halted {
        env.thread_mut().terminating = true;
        return Err(Throw);
    }
    if was_interrupted {
        crate::thread::start::take_interrupt(env);
        return Err(env.throw_no_message("java/lang/InterruptedException"));
    }
    Ok(())
}

pub fn notify(env: &mut Env<'_>, object: Local<'_>) -> JResult<()> {
    notify_some(env, object, false)
}

pub fn notify_all(env: &mut Env<'_>, object: Local<'_>) -> JResult<()> {
    notify_some(env, object, true)
}

fn notify_some(env: &mut Env<'_>, object: Local<'_>, all: bool) -> JResult<()> {
    if !holds(env, object) {
        return Err(not_owner(env));
    }
    // Nobody waits on a lock that was never inflated.
    let raw = env.raw(object);
    // SAFETY: the local names a live object.
    if unsafe { load_mark(env.base(), raw) } & LOCK_MASK != LOCK_INFLATED {
        return Ok(());
    }
    let monitor = owned(env, object)?;
    let mut state = monitor.state.lock();
    for waiter in state.waiters.iter_mut().filter(|w| !w.1) {
        waiter.1 = true;
        if !all {
            break;
        }
    }
    monitor.notified.notify_all();
    Ok(())
}

/// System.identityHashCode of a non-null object.
pub fn identity_hash(env: &Env<'_>, object: Local<'_>) -> i32 {
    let raw = env.raw(object);
    identity_hash_of(env.thread(), raw)
}

pub fn identity_hash_of(thread: &Thread, raw: ObjRef) -> i32 {
    // A per-thread xorshift: hashes need to be spread, not secret.
    let mut x = thread.park_seed.get().max(1);
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    thread.park_seed.set(x);
    // SAFETY: the caller's reference is current.
    unsafe { object::mark::identity_hash(thread.base, raw, x) as i32 }
}
