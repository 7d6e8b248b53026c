//! The life of a thread: attaching the first one, starting Java threads, and ending them.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use carafe_gc::heap::Tlab;
use carafe_gc::object::{self, ObjRef};
use carafe_gc::offheap::faults;
use carafe_gc::refs::HandleStack;
use carafe_jit::anchor::Anchor;

use super::list::Entry;
use super::park::Parker;
use super::stack::JavaStack;
use super::{HandleOffsets, Thread, ThreadControl, Top, Waiting, poll, safepoint, state};
use crate::continuation::frozen::Scratch;
use crate::env::{Env, JResult, Local, Value};
use crate::interpreter::watch::Watch;
use crate::isolate::Isolate;

/// Values of Thread.holder.threadStatus that the VM sets (JVMTI's bits, as the library decodes them).
pub mod status {
    pub const RUNNABLE: i32 = 5;
    pub const TERMINATED: i32 = 2;
    pub const SLEEPING: i32 = 225;
    pub const WAITING: i32 = 401;
    pub const TIMED_WAITING: i32 = 417;
    pub const PARKED: i32 = 657;
    pub const TIMED_PARKED: i32 = 673;
    pub const BLOCKED: i32 = 1025;
}

/// Native stack of a Java thread: natives and nested dispatchers run on it, Java frames do not.
const NATIVE_STACK_BYTES: usize = 4 << 20;
/// Left for a native that runs at the limit.
const NATIVE_RESERVE_BYTES: usize = 256 << 10;

/// Makes the Thread of the calling OS thread and registers it, in NATIVE state.
pub fn attach(vm: &Arc<Isolate>, stack_bytes: usize, daemon: bool) -> std::io::Result<Box<Thread>> {
    let thread = make(vm, stack_bytes)?;
    let thread = register(vm, thread, daemon, native_stack_limit(NATIVE_STACK_BYTES), kernel_number())?;
    hear_of_faults(Some(&thread.control));
    Ok(thread)
}

/// Has the calling OS thread told when what it has touched of a mapped file is not there; with none, no longer.
fn hear_of_faults(control: Option<&Arc<ThreadControl>>) {
    /// # Safety
    /// `control` is the `ThreadControl` of the calling thread.
    unsafe fn raise(control: *const ()) {
        // SAFETY: the caller's promise. Two atomic stores.
        unsafe { (*control.cast::<ThreadControl>()).raise(poll::FAULT) }
    }
    // SAFETY: `detach` ends this before the thread's hold on its control goes.
    unsafe { faults::tell_me(control.map(|control| (raise as faults::Tell, Arc::as_ptr(control).cast()))) }
}

fn make(vm: &Arc<Isolate>, stack_bytes: usize) -> std::io::Result<Box<Thread>> {
    let stack = JavaStack::new(stack_bytes)?;
    let id = vm.threads.next_id();
    let control = Arc::new(ThreadControl {
        poll: AtomicU32::new(0),
        entry_limit: AtomicUsize::new(stack.limit() as usize),
        stack_limit: stack.limit() as usize,
        state: AtomicU32::new(state::NATIVE),
        id,
        parker: Parker::default(),
        os_tid: AtomicU32::new(0),
        started: Instant::now(),
        blocked_count: AtomicU64::new(0),
        waited_count: AtomicU64::new(0),
        allocated: AtomicU64::new(0),
        interrupted: std::sync::atomic::AtomicBool::new(false),
    });
    let watch = Watch::new(vm, &stack);
    let anchor = vm.code.as_ref().map_or(Anchor::EMPTY, |code| code.anchor(&control));
    Ok(Box::new(Thread {
        base: vm.cage.base(),
        tlab: Tlab::default(),
        stack_limit: stack.limit(),
        top: Top { fp: std::ptr::null_mut(), sp: stack.top(), pc: std::ptr::null() },
        exception: ObjRef::NULL,
        terminating: false,
        carrier: ObjRef::NULL,
        current: ObjRef::NULL,
        scoped_cache: ObjRef::NULL,
        handles: HandleStack::new(),
        locks: Vec::new(),
        monitor: None,
        held: Vec::new(),
        lock_owner: id as u64,
        continuations: Vec::new(),
        resumed: None,
        scratch: Scratch::default(),
        loading: Vec::new(),
        control,
        vm: Arc::as_ptr(vm),
        stack,
        nesting: 0,
        native_limit: 0,
        waiting: Waiting { object: ObjRef::NULL, what: AtomicU32::new(0) },
        park_seed: Cell::new(id.wrapping_mul(0x9e37_79b9) | 1),
        boolean_array: 0,
        handle_offsets: HandleOffsets::default(),
        watch,
        anchor,
        single: None,
    }))
}

fn register(
    vm: &Isolate,
    mut thread: Box<Thread>,
    daemon: bool,
    limit: usize,
    os_tid: u32,
) -> std::io::Result<Box<Thread>> {
    thread.native_limit = limit;
    vm.set_thread_constants(&mut thread);
    thread.control.os_tid.store(os_tid, Ordering::Relaxed);
    let entry = Entry { thread: &raw mut *thread, control: thread.control.clone(), daemon };
    // A thread that comes while the isolate is being ended must see it at its first poll.
    vm.threads.add(entry);
    if vm.is_halting() {
        let _list = vm.threads.lock();
        thread.control.raise(poll::TERMINATE);
    }
    Ok(thread)
}

/// The kernel's number of the calling thread.
pub(super) fn kernel_number() -> u32 {
    rustix::thread::gettid().as_raw_nonzero().get() as u32
}

fn native_stack_limit(bytes: usize) -> usize {
    let here = 0u8;
    (&raw const here as usize).saturating_sub(bytes - NATIVE_RESERVE_BYTES)
}

/// Takes a thread out of the isolate. It must be in NATIVE state.
pub fn detach(vm: &Isolate, mut thread: Box<Thread>) {
    safepoint::leave_native(&thread);
    vm.heap.retire(&mut thread.tlab);
    hear_of_faults(None);
    // Removed while still RUNNING: a collector that stops the world in between waits for us.
    let id = thread.id();
    let cpu = (vm.natives.outside.thread_cpu)(thread.control.os_tid.load(Ordering::Relaxed));
    safepoint::end(&thread);
    vm.threads.remove_after(id, cpu.unwrap_or_default());
    drop(thread);
}

/// The native stack that `main`-like threads need; the embedding API spawns them with it.
pub fn native_stack_bytes() -> usize {
    NATIVE_STACK_BYTES + NATIVE_RESERVE_BYTES
}

/// What a thread does that does not run `Thread.run`.
pub type Body = Box<dyn for<'x> FnOnce(&mut Env<'x>) -> JResult<()> + Send>;

/// Thread.start0: makes the OS thread that runs `thread.run()`.
pub fn start(env: &mut Env<'_>, thread: Local<'_>) -> JResult<()> {
    start_with(env, thread, None)
}

/// Starts a daemon thread of the VM's own in the library's system group.
pub fn start_system(env: &mut Env<'_>, name: &str, priority: i32, body: Body) -> JResult<()> {
    let wk = env.wk();
    let main = current_object(env);
    let holder = env.get_ref(main, wk.thread.holder);
    let mut group = env.get_ref(holder, wk.field_holder.group);
    if let Some(parent) = env.field_offset(wk.thread_group.id, "parent", "Ljava/lang/ThreadGroup;") {
        loop {
            let above = env.get_ref(group, parent);
            if env.is_null(above) {
                break;
            }
            group = above;
        }
    }
    let name = env.new_string(name)?;
    let arguments = [Value::Ref(group), Value::Ref(name)];
    let descriptor = "(Ljava/lang/ThreadGroup;Ljava/lang/String;)V";
    let thread = env.new_object(wk.thread.id, descriptor, &arguments)?;
    let holder = env.get_ref(thread, wk.thread.holder);
    env.set::<bool>(holder, wk.field_holder.daemon, true);
    env.set::<i32>(holder, wk.field_holder.priority, priority);
    start_with(env, thread, Some(body))
}

fn start_with(env: &mut Env<'_>, thread: Local<'_>, body: Option<Body>) -> JResult<()> {
    let wk = env.wk();
    if env.get::<i64>(thread, wk.thread.eetop) != 0 {
        return Err(env.throw_no_message("java/lang/IllegalThreadStateException"));
    }
    let vm = env.vm().arc();
    let holder = env.get_ref(thread, wk.thread.holder);
    let (daemon, wanted) = if env.is_null(holder) {
        (true, 0)
    } else {
        (
            env.get::<bool>(holder, wk.field_holder.daemon),
            env.get::<i64>(holder, wk.field_holder.stack_size).clamp(0, super::stack::MAX_BYTES as i64)
                as usize,
        )
    };
    let stack_bytes = if wanted == 0 { vm.config.stack_bytes } else { wanted };
    let too_many = |env: &mut Env<'_>| {
        let text =
            "unable to create native thread: possibly out of memory or process/resource limits reached";
        crate::exceptions::throw_out_of_memory(env, text)
    };
    if vm.threads.len() >= vm.config.threads_max {
        return Err(too_many(env));
    }
    let Ok(made) = make(&vm, stack_bytes) else { return Err(too_many(env)) };
    let id = made.id();
    let object = env.global(thread)?;
    env.set::<i64>(thread, wk.thread.eetop, id as i64);
    if !env.is_null(holder) {
        env.set::<i32>(holder, wk.field_holder.thread_status, status::RUNNABLE);
    }
    let name = env.get_ref(thread, wk.thread.name);
    let name = env.string(name);
    // Registered before it runs, so that whoever waits for threads to end sees it.
    let Ok(made) = register(&vm, made, daemon, 0, 0) else { return Err(too_many(env)) };
    let carried = Carried(made);
    let vm_of_thread = vm.clone();
    let spawned = std::thread::Builder::new()
        .name(name.chars().filter(|c| *c != '\0').take(15).collect())
        .stack_size(native_stack_bytes())
        .spawn(move || {
            let carried = carried;
            let Carried(mut made) = carried;
            made.native_limit = native_stack_limit(NATIVE_STACK_BYTES);
            made.control.os_tid.store(kernel_number(), Ordering::Relaxed);
            hear_of_faults(Some(&made.control));
            run(&vm_of_thread, made, object, body);
        });
    if spawned.is_err() {
        vm.threads.remove(id);
        env.set::<i64>(thread, wk.thread.eetop, 0);
        if !env.is_null(holder) {
            env.set::<i32>(holder, wk.field_holder.thread_status, 0);
        }
        return Err(too_many(env));
    }
    Ok(())
}

/// A Thread on its way to the OS thread that will own it.
struct Carried(Box<Thread>);

// SAFETY: the value is handed over whole before the new thread begins; its raw pointers name the isolate and the stack it owns.
unsafe impl Send for Carried {}

/// Body of a Java thread.
fn run(vm: &Arc<Isolate>, mut thread: Box<Thread>, object: crate::env::Global, body: Option<Body>) {
    safepoint::leave_native(&thread);
    let t: *mut Thread = &raw mut *thread;
    // SAFETY: this OS thread owns the Thread, which is RUNNING with an empty Java stack.
    unsafe {
        Env::with(t, |env| {
            let this = env.local_of(&object);
            let raw = env.raw(this);
            env.thread_mut().carrier = raw;
            env.thread_mut().current = raw;
            drop(object);
            let outcome = crate::panics::guard(env, |env| match body {
                Some(body) => body(env),
                None => {
                    let run = env.vm().well_known_methods().thread_run;
                    env.call_virtual(run, &[Value::Ref(this)]).map(|_| ())
                }
            });
            finish(env, outcome);
        });
    }
    safepoint::enter_native(&thread);
    detach(vm, thread);
}

/// The end of a Java thread: the uncaught exception, Thread.exit, and everybody who joins.
pub fn finish(env: &mut Env<'_>, outcome: JResult<()>) {
    let this = current_object(env);
    if outcome.is_err() && !env.is_terminating() {
        let exception = env.take_exception();
        dispatch_uncaught(env, this, exception);
    }
    let wk = env.wk();
    if !env.is_terminating() {
        let exit = env.vm().well_known_methods().thread_exit;
        if env.call(exit, &[Value::Ref(this)]).is_err() {
            env.take_exception();
        }
    }
    // From here on the thread is not alive; whoever joins is notified. None of this runs Java code.
    let holder = env.get_ref(this, wk.thread.holder);
    if !env.is_null(holder) {
        env.set::<i32>(holder, wk.field_holder.thread_status, status::TERMINATED);
    }
    env.thread_mut().terminating = false;
    if crate::monitor::enter(env, this).is_ok() {
        env.set::<i64>(this, wk.thread.eetop, 0);
        let _ = crate::monitor::notify_all(env, this);
        let _ = crate::monitor::exit(env, this);
    } else {
        env.set::<i64>(this, wk.thread.eetop, 0);
    }
}

/// Thread.dispatchUncaughtException, with what HotSpot prints when the handler throws itself.
pub fn dispatch_uncaught<'s>(env: &mut Env<'s>, thread: Local<'s>, exception: Local<'s>) {
    let dispatch = env.vm().well_known_methods().dispatch_uncaught;
    if env.call(dispatch, &[Value::Ref(thread), Value::Ref(exception)]).is_err() && !env.is_terminating() {
        let second = env.take_exception();
        let class = env.vm().universe.external_name(env.class_id_of(second));
        let name = env.get_ref(thread, env.wk().thread.name);
        let name = env.string(name);
        env.vm().console_error(&format!(
            "\nException: {class} thrown from the UncaughtExceptionHandler in thread \"{name}\"\n"
        ));
    }
}

/// The java.lang.Thread objects of all live platform threads.
pub fn all_threads<'s>(env: &mut Env<'s>) -> Vec<Local<'s>> {
    let me: *const Thread = env.thread_ptr();
    // A thread's object is set before it runs Java code and never changes; the list is locked while they are read, so
    // none of them ends meanwhile. Collections cannot happen: this thread is RUNNING.
    let raw: Vec<ObjRef> = env
        .vm()
        .threads
        .lock()
        .iter()
        .map(|e| {
            if std::ptr::eq(e.thread, me) {
                return env.thread().carrier;
            }
            // SAFETY: entries are live while the list is locked; `carrier` is a word that is read whole.
            unsafe { (*e.thread).carrier }
        })
        .filter(|o| !o.is_null())
        .collect();
    raw.into_iter().map(|o| env.local(o)).collect()
}

/// The java.lang.Thread of the calling thread; null before it has one.
pub fn current_object<'s>(env: &mut Env<'s>) -> Local<'s> {
    let raw = env.thread().current;
    env.local(raw)
}

/// Sets threadStatus of the current Java thread and gives the old one; for states in which it blocks.
pub fn set_status(env: &mut Env<'_>, new: i32) -> i32 {
    let Some(wk) = env.vm().wk_if_ready() else { return new };
    let (base, current) = (env.base(), env.thread().carrier);
    if current.is_null() {
        return new;
    }
    let control = &env.thread().control;
    match new {
        status::RUNNABLE | status::TERMINATED => {}
        status::BLOCKED => {
            control.blocked_count.fetch_add(1, Ordering::Relaxed);
        }
        _ => {
            control.waited_count.fetch_add(1, Ordering::Relaxed);
        }
    }
    // SAFETY: the thread's own object and its holder are live; no safepoint lies between the loads.
    unsafe {
        let holder = object::load_ref(base, current, wk.thread.holder as usize);
        if holder.is_null() {
            return new;
        }
        let at = wk.field_holder.thread_status as usize;
        let old = object::load_u32(base, holder, at) as i32;
        object::store_u32(base, holder, at, new as u32);
        old
    }
}

/// Sets the status that `set_status` has replaced.
pub fn restore_status(env: &mut Env<'_>, old: i32) {
    set_status(env, old);
}

/// Tells whether the thread has been interrupted, for loops that wait without touching the heap.
pub struct InterruptFlag {
    control: Arc<ThreadControl>,
}

impl InterruptFlag {
    pub fn is_set(&self) -> bool {
        self.control.interrupted.load(Ordering::Acquire)
    }
}

pub fn interrupt_flag(env: &Env<'_>) -> InterruptFlag {
    InterruptFlag { control: env.thread().control.clone() }
}

/// Reads and clears the interrupt of the calling thread, in the VM and in its Thread object.
pub fn take_interrupt(env: &mut Env<'_>) -> bool {
    let was = env.thread().control.interrupted.swap(false, Ordering::AcqRel);
    let this = current_object(env);
    if env.is_null(this) {
        return was;
    }
    let offset = env.wk().thread.interrupted;
    let flagged = env.get::<bool>(this, offset);
    if flagged {
        env.set::<bool>(this, offset, false);
    }
    was || flagged
}

/// Thread.interrupt0: the library has set the field; wake the thread wherever it waits.
pub fn interrupt(vm: &Isolate, id: u32) {
    if let Some(control) = vm.threads.find(id) {
        control.interrupted.store(true, Ordering::Release);
        control.parker.wake();
        vm.monitors.wake_waiters();
    }
}

/// The isolate ends: every thread is told, wherever it is.
pub fn terminate_all(vm: &Isolate) {
    {
        let threads = vm.threads.lock();
        threads.iter().for_each(|entry| entry.control.raise(poll::TERMINATE));
        vm.all_are_told();
        threads.iter().for_each(|entry| entry.control.parker.wake());
    }
    vm.monitors.wake_all();
    vm.unblocker.wake();
    vm.init_done.notify_all();
    vm.pending_references.notify_all();
    vm.signals.notify_all();
    vm.collections.notify_all();
    (vm.natives.outside.end_waits)(vm);
}
