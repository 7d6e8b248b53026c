//! Object locks: two header bits while nobody contends, a monitor in a side table afterwards; wait and notify.
//!
//! A fast-locked object has lock bits 1 and stands in its owner's lock stack, once per nesting. Contention, `wait` and deep
//! nesting inflate it: the bits become 2 and the table has a [`Monitor`] for it. Whoever inflates a lock that is held does
//! not know the owner; the monitor then belongs to "the thread that has it in its lock stack", which makes it its own at
//! the next operation (`claim`). Inflated locks stay inflated while the object lives and is used; the table is weak.
//!
//! A virtual thread that has to wait leaves its carrier, if it can: it stands in the monitor's list `blocked` (or, in
//! Object.wait, among the waiters), and its frames are frozen so that the instruction is executed again. Whoever leaves the
//! monitor sends the first of the list to try again, and nobody else before that one has tried (`successor`). So while
//! anybody is blocked the monitor has an owner or a successor, and no wake-up is lost. A virtual thread may also come back
//! for another reason (a timeout, an interrupt, an old permit to unblock); it takes itself off the lists then.
//!
//! Lock order: the table's mutex, then a monitor's.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use carafe_gc::object::mark::{LOCK_FAST, LOCK_INFLATED, LOCK_MASK, LOCK_NONE, cas_mark, load_mark};
use carafe_gc::object::{self, ObjRef};
use hashbrown::HashMap;
use parking_lot::{Condvar, Mutex, MutexGuard};

use crate::continuation::blocking::{self, state as virtual_state};
use crate::continuation::can_unmount;
use crate::continuation::freeze::{self, Prepared};
use crate::continuation::frozen::{Phase, Resume, Waiting};
use crate::env::{Env, JResult, Local, Throw};
use crate::exceptions;
use crate::isolate::Isolate;
use crate::thread::list::Entry;
use crate::thread::{Thread, safepoint, waiting_for};

/// Owner of a monitor that was inflated by somebody else while it was fast-locked.
const ANONYMOUS: u64 = u64::MAX;
/// Longer lock stacks inflate, so that the search for an object in it stays short.
const MAX_LOCK_STACK: usize = 64;

#[derive(Default)]
struct State {
    /// A thread's `lock_owner`, 0 for none, or ANONYMOUS.
    owner: u64,
    recursions: u32,
    /// Waiters in order of arrival.
    waiters: VecDeque<Waiter>,
    next_ticket: u64,
    /// Unmounted virtual threads that want to enter, those that have waited longest first. Roots.
    blocked: VecDeque<ObjRef>,
    /// One that was blocked, has been told to try again, and has not tried yet. A root.
    successor: ObjRef,
}

struct Waiter {
    ticket: u64,
    notified: bool,
    /// An unmounted virtual thread, which stands in the list until it is notified; null for others. A root.
    thread: ObjRef,
}

impl State {
    /// The thread tries to enter: true if it has. Whoever was told to try has tried now.
    fn attempt(&mut self, thread: &mut Thread, raw: ObjRef) -> bool {
        self.has_come(thread);
        claim(thread, self, raw);
        if self.owner == thread.lock_owner {
            self.recursions += 1;
            return true;
        }
        if self.owner == 0 {
            self.owner = thread.lock_owner;
            self.recursions = 0;
            return true;
        }
        false
    }

    /// The thread tries to get back the monitor that it left to wait.
    fn retake(&mut self, thread: &Thread, recursions: u32) -> bool {
        let free = self.owner == 0;
        if free {
            self.owner = thread.lock_owner;
            self.recursions = recursions;
        }
        free
    }

    /// If the thread was the successor, it is it no longer; says so.
    fn has_come(&mut self, thread: &Thread) -> bool {
        let is_successor = !self.successor.is_null() && self.successor == thread.current;
        if is_successor {
            self.successor = ObjRef::NULL;
        }
        is_successor
    }

    /// As [`State::has_come`], for a virtual thread that stood among the blocked: it does not any more.
    fn has_come_back(&mut self, thread: &Thread) {
        if !self.has_come(thread) {
            self.blocked.retain(|other| *other != thread.current);
        }
    }
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

impl Monitor {
    /// The owner leaves.
    fn leave(&self, vm: &Isolate, state: &mut State) {
        state.owner = 0;
        state.recursions = 0;
        self.free.notify_one();
        if state.successor.is_null()
            && let Some(next) = state.blocked.pop_front()
        {
            state.successor = next;
            vm.unblocker.add(next);
        }
    }
}

impl MonitorTable {
    /// Reports the virtual threads that stand in lists.
    pub fn visit(&self, v: &mut dyn FnMut(&mut u32)) {
        for monitor in self.monitors.lock().values() {
            let mut state = monitor.state.lock();
            blocking::visit(&mut state.successor, v);
            state.blocked.iter_mut().for_each(|thread| blocking::visit(thread, v));
            state.waiters.iter_mut().for_each(|waiter| blocking::visit(&mut waiter.thread, v));
        }
    }

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

/// How an attempt to lock ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Entered {
    Locked,
    /// The virtual thread waits unmounted: its frames are gone, and the instruction will be executed again.
    Unmounted,
}

/// Locks an object, waiting for it if need be.
pub fn enter(env: &mut Env<'_>, object: Local<'_>) -> JResult<()> {
    enter_how(env, object, false).map(|_| ())
}

/// Locks an object for the instruction at hand; a virtual thread may be unmounted instead.
pub fn enter_or_unmount(env: &mut Env<'_>, object: Local<'_>) -> JResult<Entered> {
    enter_how(env, object, true)
}

fn enter_how(env: &mut Env<'_>, object: Local<'_>, may_unmount: bool) -> JResult<Entered> {
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
                    return Ok(Entered::Locked);
                }
            }
            LOCK_FAST if env.thread().locks.contains(&raw) && env.thread().locks.len() < MAX_LOCK_STACK => {
                env.thread_mut().locks.push(raw);
                return Ok(Entered::Locked);
            }
            LOCK_NONE | LOCK_FAST => {
                inflate(env, raw);
            }
            _ => return enter_monitor(env, object, may_unmount),
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
        state.owner = thread.lock_owner;
        state.recursions = held as u32 - 1;
    }
}

fn enter_monitor(env: &mut Env<'_>, object: Local<'_>, may_unmount: bool) -> JResult<Entered> {
    let raw = env.raw(object);
    let monitor = env.vm().monitors.get(raw);
    let again = env.thread_mut().resumed.take_if(|resumed| *resumed == Resume::Again).is_some();
    {
        let mut state = monitor.state.lock();
        if again {
            state.has_come_back(env.thread());
        }
        if state.attempt(env.thread_mut(), raw) {
            return Ok(Entered::Locked);
        }
    }
    if may_unmount && let Some(prepared) = prepare(env, Resume::Again) {
        let raw = env.raw(object);
        let mut state = monitor.state.lock();
        if state.attempt(env.thread_mut(), raw) {
            drop(state);
            freeze::abandon(env, prepared);
            return Ok(Entered::Locked);
        }
        block_unmounted(env, state, prepared);
        return Ok(Entered::Unmounted);
    }
    block(env, object, &monitor, 0)?;
    Ok(Entered::Locked)
}

/// Prepares to take the virtual thread off its carrier; `None` if it must wait on it: because it is pinned, or there is no
/// memory.
fn prepare<'s>(env: &mut Env<'s>, resume: Resume) -> Option<Prepared<'s>> {
    if !can_unmount(env.thread()) {
        return None;
    }
    match freeze::prepare(env, resume) {
        Ok(prepared) => Some(prepared),
        Err(freeze::Refusal::Pinned(_)) => None,
        Err(freeze::Refusal::Throw) => {
            env.take_exception();
            None
        }
    }
}

/// The virtual thread stands among the blocked from now on, and leaves its carrier.
fn block_unmounted(env: &mut Env<'_>, mut state: MutexGuard<'_, State>, prepared: Prepared<'_>) {
    blocking::set_state(env, virtual_state::BLOCKING);
    // Each entry belongs to an object of the heap, which is the limit of their number.
    state.blocked.push_back(env.thread().current);
    drop(state);
    // SAFETY: the caller has prepared it for this thread, and locked nothing since.
    unsafe { freeze::commit(env, prepared) }
}

/// Waits on the platform thread until the monitor is this thread's, entered `recursions` times more.
fn block(env: &mut Env<'_>, object: Local<'_>, monitor: &Monitor, recursions: u32) -> JResult<()> {
    let me = env.thread().lock_owner;
    let status = crate::thread::start::set_status(env, crate::thread::start::status::BLOCKED);
    let raw = env.raw(object);
    begin_waiting(env, raw, waiting_for::ENTRY);
    // Wait as a stopped thread: from here on raw references may be stale, the monitor is not.
    safepoint::enter_native(env.thread());
    let vm = env.vm();
    let got = {
        let mut state = monitor.state.lock();
        loop {
            if state.owner == 0 {
                state.owner = me;
                state.recursions = recursions;
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
    let me = thread.lock_owner;
    let mut state = monitor.state.lock();
    claim(thread, &mut state, raw);
    if state.owner != me {
        return false;
    }
    if state.recursions > 0 {
        state.recursions -= 1;
    } else {
        monitor.leave(thread.vm(), &mut state);
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
            state.owner == env.thread().lock_owner
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
            // A virtual thread that no thread runs has no number.
            owner => return thread_where(vm, |thread| thread.lock_owner == owner),
        }
    }
    thread_where(vm, |thread| thread.locks.contains(&object))
}

/// Number of the first thread that is so; 0 if none is. The world is stopped.
fn thread_where(vm: &Isolate, is_it: impl Fn(&Thread) -> bool) -> u32 {
    // SAFETY: the world is stopped, and a thread stays in the list as long as it lives.
    let found = |entry: &&Entry| is_it(unsafe { &*entry.thread });
    vm.threads.lock().iter().find(found).map_or(0, |entry| entry.control.id)
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
    let me = env.thread().lock_owner;
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
        let recursions = state.recursions;
        let ticket = state.next_ticket;
        state.next_ticket += 1;
        state.waiters.push_back(Waiter { ticket, notified: false, thread: ObjRef::NULL });
        monitor.leave(vm, &mut state);
        let mut was_interrupted = false;
        loop {
            if state.waiters.iter().any(|w| w.ticket == ticket && w.notified) {
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
        if let Some(at) = state.waiters.iter().position(|w| w.ticket == ticket)
            && let Some(own) = state.waiters.remove(at)
        {
            was_interrupted &= !own.notified;
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

/// Object.wait for a virtual thread, which leaves its carrier; the native is executed again when it comes back, as often as
/// it takes to get the monitor. `None` if it has to wait on its carrier.
pub fn wait_unmounted(env: &mut Env<'_>, object: Local<'_>, millis: i64) -> JResult<Option<Entered>> {
    if let Some(Resume::Waiting(waiting)) =
        env.thread_mut().resumed.take_if(|resumed| matches!(resumed, Resume::Waiting(_)))
    {
        return go_on_waiting(env, object, waiting).map(Some);
    }
    if !can_unmount(env.thread()) {
        return Ok(None);
    }
    let monitor = owned(env, object)?;
    if crate::thread::start::take_interrupt(env) {
        return Err(env.throw_no_message("java/lang/InterruptedException"));
    }
    let recursions = monitor.state.lock().recursions;
    let waiting = Waiting { recursions, phase: Phase::Asleep };
    let Some(prepared) = prepare(env, Resume::Waiting(waiting)) else { return Ok(None) };
    blocking::begin_wait(env, millis);
    {
        let mut state = monitor.state.lock();
        let waiter = Waiter { ticket: state.next_ticket, notified: false, thread: env.thread().current };
        state.next_ticket += 1;
        state.waiters.push_back(waiter);
        monitor.leave(env.vm(), &mut state);
    }
    // SAFETY: it was prepared for this thread, whose own lists of locks have not changed since.
    unsafe { freeze::commit(env, prepared) };
    Ok(Some(Entered::Unmounted))
}

/// A virtual thread in Object.wait has come back, for whatever reason: it needs the monitor.
fn go_on_waiting(env: &mut Env<'_>, object: Local<'_>, waiting: Waiting) -> JResult<Entered> {
    let monitor = env.vm().monitors.get(env.raw(object));
    let (was_notified, mut locked) = {
        let mut state = monitor.state.lock();
        let current = env.thread().current;
        let place = state.waiters.iter().position(|waiter| waiter.thread == current);
        let was_notified = match (waiting.phase, place) {
            (Phase::Asleep, Some(at)) => {
                state.waiters.remove(at);
                false
            }
            // Notified: it stands among the blocked, if it is not the successor.
            (Phase::Asleep, None) | (Phase::Notified, _) => true,
            (Phase::Ended, _) => false,
        };
        state.has_come_back(env.thread());
        (was_notified, state.retake(env.thread(), waiting.recursions))
    };
    if !locked {
        let phase = if was_notified { Phase::Notified } else { Phase::Ended };
        match prepare(env, Resume::Waiting(Waiting { phase, ..waiting })) {
            Some(prepared) => {
                let mut state = monitor.state.lock();
                locked = state.retake(env.thread(), waiting.recursions);
                if !locked {
                    block_unmounted(env, state, prepared);
                    return Ok(Entered::Unmounted);
                }
                drop(state);
                freeze::abandon(env, prepared);
            }
            None => block(env, object, &monitor, waiting.recursions)?,
        }
    }
    if !was_notified && crate::thread::start::take_interrupt(env) {
        return Err(env.throw_no_message("java/lang/InterruptedException"));
    }
    Ok(Entered::Locked)
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
    let mut at = 0;
    while let Some(waiter) = state.waiters.get_mut(at) {
        let (thread, was_notified) = (waiter.thread, waiter.notified);
        if thread.is_null() {
            waiter.notified = true;
            at += 1;
        } else {
            state.waiters.remove(at);
            state.blocked.push_back(thread);
            // SAFETY: what stands in the lists of a monitor are live VirtualThreads, and no safepoint lies between.
            unsafe { blocking::notified(env, thread) };
        }
        if !all && !was_notified {
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
