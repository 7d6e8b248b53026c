//! Object locks, wait and notify: what the instructions and natives do, and the table of monitors.
//!
//! How header bits, lock stacks and monitors work together stands in `monitor/protocol.rs`. The table is weak: entries go with
//! their objects. And it is swept: a monitor that nobody had to wait for between two sweeps, and that nobody uses, is
//! deflated (`deflate_idle`) before each collection and whenever the table has doubled since the last sweep. So its size
//! follows the number of objects that are contended now, not of those that ever were.
//!
//! A virtual thread that has to wait leaves its carrier, if it can: it stands in the monitor's list `blocked` (or, in
//! Object.wait, among the waiters), and its frames are frozen so that the instruction is executed again. Whoever leaves the
//! monitor sends the first of the list to try again, and nobody else before that one has tried (`successor`). So while
//! anybody is blocked the monitor has an owner or a successor, and no wake-up is lost. A virtual thread may also come back
//! for another reason (a timeout, an interrupt, an old permit to unblock); it takes itself off the lists then.
//!
//! Lock order: the table's mutex, then a monitor's.

pub mod protocol;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use carafe_gc::object::mark::{LOCK_FAST, LOCK_INFLATED, LOCK_MASK, LOCK_NONE, cas_mark, load_mark};
use carafe_gc::object::{self, ObjRef};
use hashbrown::HashMap;
use parking_lot::{Mutex, MutexGuard};

use crate::continuation::blocking::{self, state as virtual_state};
use crate::continuation::can_unmount;
use crate::continuation::freeze::{self, Prepared};
use crate::continuation::frozen::{Phase, Resume, Waiting};
use crate::env::{Env, JResult, Local, Throw};
use crate::exceptions;
use crate::isolate::Isolate;
use crate::thread::delays::hold;
use crate::thread::list::Entry;
use crate::thread::{Thread, safepoint, state as thread_state, waiting_for};
use protocol::{ANONYMOUS, Header, Party};

pub type Monitor = protocol::Monitor<Queues>;
type State = protocol::State<Queues>;

/// Fewer monitors are not worth stopping the world for.
const SWEEP_MIN: usize = 1024;
/// With more threads than this nobody looks for an owner in their list while it spins.
const THREADS_SEARCHED_MAX: usize = 64;

#[derive(Default)]
pub struct Queues {
    /// Waiters in order of arrival.
    waiters: VecDeque<Waiter>,
    next_ticket: u64,
    /// Unmounted virtual threads that want to enter, those that have waited longest first. Roots.
    blocked: VecDeque<ObjRef>,
    /// One that was blocked, has been told to try again, and has not tried yet. A root.
    successor: ObjRef,
}

impl protocol::Queues for Queues {
    fn is_empty(&self) -> bool {
        self.waiters.is_empty() && self.blocked.is_empty() && self.successor.is_null()
    }
}

struct Waiter {
    ticket: u64,
    notified: bool,
    /// An unmounted virtual thread, which stands in the list until it is notified; null for others. A root.
    thread: ObjRef,
}

impl Queues {
    /// If the thread was the successor, it is it no longer; says so. Whoever was told to try has tried now.
    fn has_come(&mut self, thread: &Thread) -> bool {
        let is_successor = !self.successor.is_null() && self.successor == thread.current;
        if is_successor {
            self.successor = ObjRef::NULL;
        }
        is_successor
    }

    /// As [`Queues::has_come`], for a virtual thread that stood among the blocked: it does not any more.
    fn has_come_back(&mut self, thread: &Thread) {
        if !self.has_come(thread) {
            self.blocked.retain(|other| *other != thread.current);
        }
    }

    /// The monitor is free: the virtual thread that has waited longest may try, unless one has been told to already.
    fn send_next(&mut self, vm: &Isolate) {
        if self.successor.is_null()
            && let Some(next) = self.blocked.pop_front()
        {
            self.successor = next;
            vm.unblocker.add(next);
        }
    }
}

/// The inflated monitors of an isolate by object.
pub struct MonitorTable {
    monitors: Mutex<HashMap<u32, Arc<Monitor>>>,
    /// When there are so many, it is time to sweep. A copy of what the mutex guards.
    sweep_at: AtomicUsize,
    count: AtomicUsize,
}

impl Default for MonitorTable {
    fn default() -> MonitorTable {
        MonitorTable {
            monitors: Mutex::default(),
            sweep_at: AtomicUsize::new(SWEEP_MIN),
            count: AtomicUsize::new(0),
        }
    }
}

/// An object's header, for the protocol. Whoever makes one has a current reference, and drops it before the next safepoint.
struct Word {
    base: *mut u8,
    raw: ObjRef,
}

impl Header for Word {
    fn load(&self) -> u32 {
        // SAFETY: the reference is current (see there).
        unsafe { load_mark(self.base, self.raw) }
    }

    fn replace(&self, old: u32, new: u32) -> bool {
        // SAFETY: as above.
        unsafe { cas_mark(self.base, self.raw, old, new) }.is_ok()
    }
}

/// A thread and an object that it locks or unlocks now.
struct Locker<'t> {
    thread: &'t mut Thread,
    word: Word,
}

impl<'t> Locker<'t> {
    /// The reference must be current, and the value is gone before the thread's next safepoint.
    fn new(thread: &'t mut Thread, raw: ObjRef) -> Locker<'t> {
        let base = thread.base;
        Locker { thread, word: Word { base, raw } }
    }
}

impl Header for Locker<'_> {
    fn load(&self) -> u32 {
        self.word.load()
    }

    fn replace(&self, old: u32, new: u32) -> bool {
        hold(&self.thread.vm().safepoint.delays);
        self.word.replace(old, new)
    }
}

impl Party for Locker<'_> {
    type Queues = Queues;

    fn me(&self) -> u64 {
        self.thread.lock_owner
    }

    fn depth(&self) -> usize {
        self.thread.locks.len()
    }

    fn nested(&self) -> u32 {
        self.thread.locks.iter().filter(|o| **o == self.word.raw).count() as u32
    }

    fn push(&mut self) {
        self.thread.locks.push(self.word.raw);
    }

    fn pop(&mut self) -> bool {
        let at = self.thread.locks.iter().rposition(|o| *o == self.word.raw);
        at.is_some_and(|at| {
            self.thread.locks.remove(at);
            true
        })
    }

    fn forget_all(&mut self) -> u32 {
        let before = self.thread.locks.len();
        self.thread.locks.retain(|o| *o != self.word.raw);
        (before - self.thread.locks.len()) as u32
    }

    fn inflating<R>(&mut self, work: impl FnOnce(&Self, &Monitor) -> R) -> R {
        let vm = self.thread.vm;
        // SAFETY: the isolate outlives its threads (see Thread::vm).
        let table = unsafe { &(*vm).monitors };
        let mut monitors = table.monitors.lock();
        let monitor = monitors.entry(self.word.raw.raw()).or_default().clone();
        table.count.store(monitors.len(), Ordering::Relaxed);
        work(self, &monitor)
    }

    fn monitor<R>(&mut self, work: impl FnOnce(&mut Self, &Monitor) -> R) -> R {
        let monitor = take_monitor(self.thread, self.word.raw);
        let result = work(self, &monitor);
        self.thread.monitor = Some((self.word.raw, monitor));
        result
    }
}

/// The monitor of an inflated object: the one that the thread used last, or from the table. Whoever is done with it and has
/// reached no safepoint puts it into `Thread::monitor`.
fn take_monitor(thread: &mut Thread, raw: ObjRef) -> Arc<Monitor> {
    match thread.monitor.take() {
        Some((of, monitor)) if of == raw => monitor,
        _ => thread.vm().monitors.get(raw),
    }
}

impl MonitorTable {
    /// Reports the virtual threads that stand in lists.
    pub fn visit(&self, v: &mut dyn FnMut(&mut u32)) {
        for monitor in self.monitors.lock().values() {
            let queues = &mut monitor.lock().queues;
            blocking::visit(&mut queues.successor, v);
            queues.blocked.iter_mut().for_each(|thread| blocking::visit(thread, v));
            queues.waiters.iter_mut().for_each(|waiter| blocking::visit(&mut waiter.thread, v));
        }
    }

    /// An inflated object has an entry as long as the world is not stopped.
    fn get(&self, object: ObjRef) -> Arc<Monitor> {
        self.monitors.lock().entry(object.raw()).or_default().clone()
    }

    /// After a collection: entries follow their objects or go with them. A monitor in use has its object on some stack.
    pub fn visit_weak(&self, place: &mut dyn FnMut(ObjRef) -> Option<ObjRef>) {
        let mut monitors = self.monitors.lock();
        if monitors.is_empty() {
            return;
        }
        let old = std::mem::take(&mut *monitors);
        for (raw, monitor) in old {
            if let Some(new) = place(ObjRef::from_raw(raw)) {
                monitors.insert(new.raw(), monitor);
            }
        }
        self.resized(&monitors);
    }

    fn resized(&self, monitors: &HashMap<u32, Arc<Monitor>>) {
        self.count.store(monitors.len(), Ordering::Relaxed);
        self.sweep_at.store((monitors.len() * 2).max(SWEEP_MIN), Ordering::Relaxed);
    }

    /// Wakes everybody who waits for anything: the isolate ends.
    pub fn wake_all(&self) {
        self.monitors.lock().values().for_each(|monitor| monitor.wake_all());
    }

    /// Wakes waiting threads, so that one that was interrupted notices.
    pub fn wake_waiters(&self) {
        for monitor in self.monitors.lock().values() {
            let _state = monitor.lock();
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

/// Deflates what is idle, and forgets the monitors that threads used last, which name objects by their places.
///
/// # Safety
/// The world is stopped.
pub unsafe fn deflate_idle(vm: &Isolate) {
    for entry in vm.threads.lock().iter() {
        // SAFETY: the world is stopped, and a thread stays in the list as long as it lives.
        unsafe { (*entry.thread).monitor = None };
    }
    let base = vm.cage.base();
    let mut monitors = vm.monitors.monitors.lock();
    // Entries name current objects: each collection sees to that.
    monitors.retain(|raw, monitor| !protocol::deflate(&Word { base, raw: ObjRef::from_raw(*raw) }, monitor));
    if monitors.capacity() > 4 * monitors.len().max(SWEEP_MIN) {
        monitors.shrink_to_fit();
    }
    vm.monitors.resized(&monitors);
}

/// Stops the world to sweep the table if it has grown. A safepoint.
#[cold]
fn sweep(env: &mut Env<'_>) {
    safepoint::stop_the_world_for("DeflateMonitors", env.thread_mut(), |thread| {
        // SAFETY: stopped right now.
        unsafe { deflate_idle(thread.vm()) }
    });
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
    let raw = env.raw(object);
    if protocol::enter_fast(&mut Locker::new(env.thread_mut(), raw)) {
        return Ok(Entered::Locked);
    }
    let table = &env.vm().monitors;
    if table.count.load(Ordering::Relaxed) >= table.sweep_at.load(Ordering::Relaxed) {
        sweep(env);
        // It may have been deflated; the table is small now, or else the limit is high.
        return enter_how(env, object, may_unmount);
    }
    enter_monitor(env, object, may_unmount)
}

fn enter_monitor(env: &mut Env<'_>, object: Local<'_>, may_unmount: bool) -> JResult<Entered> {
    let raw = env.raw(object);
    let again = env.thread_mut().resumed.take_if(|resumed| *resumed == Resume::Again).is_some();
    let monitor = take_monitor(env.thread_mut(), raw);
    if attempt(env, &monitor, raw, again) {
        env.thread_mut().monitor = Some((raw, monitor));
        return Ok(Entered::Locked);
    }
    if env.vm().safepoint.processors() > 1 && spin(env, &monitor) {
        return given_up_alive(env, object).map(|()| Entered::Locked);
    }
    if may_unmount && let Some(prepared) = prepare(env, Resume::Again) {
        let raw = env.raw(object);
        let mut state = monitor.lock();
        state.queues.has_come(env.thread());
        if monitor.attempt(&mut state, &mut Locker::new(env.thread_mut(), raw)) {
            drop(state);
            freeze::abandon(env, prepared);
            return Ok(Entered::Locked);
        }
        block_unmounted(env, state, prepared);
        return Ok(Entered::Unmounted);
    }
    block(env, object, &monitor, 0)?;
    given_up_alive(env, object).map(|()| Entered::Locked)
}

/// A monitor that was waited for has come. If the isolate halts, its owner may have given it up because of that, in the
/// middle of what it protects: then the thread gives it up as well, and ends.
fn given_up_alive(env: &mut Env<'_>, object: Local<'_>) -> JResult<()> {
    if !env.vm().is_halting() {
        return Ok(());
    }
    let raw = env.raw(object);
    release(env.thread_mut(), raw);
    env.thread_mut().terminating = true;
    Err(Throw)
}

fn attempt(env: &mut Env<'_>, monitor: &Monitor, raw: ObjRef, again: bool) -> bool {
    let mut state = monitor.lock();
    if again {
        state.queues.has_come_back(env.thread());
    }
    state.queues.has_come(env.thread());
    monitor.attempt(&mut state, &mut Locker::new(env.thread_mut(), raw))
}

/// Waits for a monitor on the processor for a moment, as a stopped thread; not if its owner waits for something itself.
fn spin(env: &mut Env<'_>, monitor: &Monitor) -> bool {
    let me = env.thread().lock_owner;
    let vm = env.vm();
    env.blocking(|| {
        let searchable = vm.threads.len() <= THREADS_SEARCHED_MAX;
        let mut known = None;
        monitor.spin(me, |owner| {
            if !searchable {
                return true;
            }
            if known.as_ref().is_none_or(|(id, _)| *id != owner) {
                // Virtual threads and owners that nobody knows yet are not in the list.
                known = Some((owner, u32::try_from(owner).ok().and_then(|id| vm.threads.find(id))));
            }
            let control = known.as_ref().and_then(|(_, control)| control.as_ref());
            control.is_none_or(|control| {
                let now = control.state.load(Ordering::Relaxed);
                now == thread_state::RUNNING || now == thread_state::AWAITED
            })
        })
    })
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
    state.queues.blocked.push_back(env.thread().current);
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
    hold(&vm.safepoint.delays);
    let got = monitor.block(&mut monitor.lock(), me, recursions, || vm.is_halting());
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
    if release(env.thread_mut(), raw) { Ok(()) } else { Err(not_owner(env)) }
}

/// Unlocks for a frame that ends; false if the lock is not held (any more).
///
/// # Safety
/// The thread is the caller's own and `object` is live.
pub unsafe fn unlock_for_unwind(t: *mut Thread, object: ObjRef) -> bool {
    // SAFETY: the caller's promise.
    release(unsafe { &mut *t }, object)
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

fn release(thread: &mut Thread, raw: ObjRef) -> bool {
    protocol::release(&mut Locker::new(thread, raw), |locker, state| {
        state.queues.send_next(locker.thread.vm())
    })
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
        _ => Locker::new(env.thread_mut(), raw).monitor(|locker, monitor| {
            let mut state = monitor.lock();
            monitor.claim(&mut state, locker);
            state.owner() == locker.me()
        }),
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
        match vm.monitors.get(object).lock().owner() {
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
    let mut locker = Locker::new(env.thread_mut(), raw);
    protocol::inflate(&mut locker);
    let monitor = take_monitor(locker.thread, raw);
    monitor.claim(&mut monitor.lock(), &mut locker);
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
        let mut state = monitor.lock();
        let recursions = state.recursions;
        let ticket = state.queues.next_ticket;
        state.queues.next_ticket += 1;
        state.queues.waiters.push_back(Waiter { ticket, notified: false, thread: ObjRef::NULL });
        monitor.leave(&mut state);
        state.queues.send_next(vm);
        let mut was_interrupted = false;
        loop {
            if state.queues.waiters.iter().any(|w| w.ticket == ticket && w.notified) {
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
        if let Some(at) = state.queues.waiters.iter().position(|w| w.ticket == ticket)
            && let Some(own) = state.queues.waiters.remove(at)
        {
            was_interrupted &= !own.notified;
        }
        // Take the lock back, whatever ended the wait.
        env.thread().waiting.what.store(waiting_for::ENTRY_AFTER_WAIT, Ordering::Relaxed);
        let halted = !monitor.block(&mut state, me, recursions, || vm.is_halting());
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
    let recursions = monitor.lock().recursions;
    let waiting = Waiting { recursions, phase: Phase::Asleep };
    let Some(prepared) = prepare(env, Resume::Waiting(waiting)) else { return Ok(None) };
    blocking::begin_wait(env, millis);
    {
        let mut state = monitor.lock();
        let queues = &mut state.queues;
        let waiter = Waiter { ticket: queues.next_ticket, notified: false, thread: env.thread().current };
        queues.next_ticket += 1;
        queues.waiters.push_back(waiter);
        monitor.leave(&mut state);
        state.queues.send_next(env.vm());
    }
    // SAFETY: it was prepared for this thread, whose own lists of locks have not changed since.
    unsafe { freeze::commit(env, prepared) };
    Ok(Some(Entered::Unmounted))
}

/// A virtual thread in Object.wait has come back, for whatever reason: it needs the monitor.
fn go_on_waiting(env: &mut Env<'_>, object: Local<'_>, waiting: Waiting) -> JResult<Entered> {
    let monitor = env.vm().monitors.get(env.raw(object));
    let (was_notified, mut locked) = {
        let mut state = monitor.lock();
        let current = env.thread().current;
        let queues = &mut state.queues;
        let place = queues.waiters.iter().position(|waiter| waiter.thread == current);
        let was_notified = match (waiting.phase, place) {
            (Phase::Asleep, Some(at)) => {
                queues.waiters.remove(at);
                false
            }
            // Notified: it stands among the blocked, if it is not the successor.
            (Phase::Asleep, None) | (Phase::Notified, _) => true,
            (Phase::Ended, _) => false,
        };
        queues.has_come_back(env.thread());
        (was_notified, monitor.take(&mut state, env.thread().lock_owner, waiting.recursions))
    };
    if !locked {
        let phase = if was_notified { Phase::Notified } else { Phase::Ended };
        match prepare(env, Resume::Waiting(Waiting { phase, ..waiting })) {
            Some(prepared) => {
                let mut state = monitor.lock();
                locked = monitor.take(&mut state, env.thread().lock_owner, waiting.recursions);
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
    let mut state = monitor.lock();
    let queues = &mut state.queues;
    let mut at = 0;
    while let Some(waiter) = queues.waiters.get_mut(at) {
        let (thread, was_notified) = (waiter.thread, waiter.notified);
        if thread.is_null() {
            waiter.notified = true;
            at += 1;
        } else {
            queues.waiters.remove(at);
            queues.blocked.push_back(thread);
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
