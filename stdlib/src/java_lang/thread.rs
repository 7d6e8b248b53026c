//! `java.lang.Thread`: who runs, starting, sleeping, interrupting, and the stacks of threads.
//!
//! `Thread.eetop` is the VM's number of the thread, 0 before it starts and after it ends; a number is never reused, so a
//! stale one finds nobody. The interrupt status is the Java field `interrupted`; `ThreadControl::interrupted` is its twin
//! outside the heap, which a sleeping thread may look at. Java sets the field before it calls `interrupt0` and clears it
//! before `clearInterruptEvent`, and a thread that is about to sleep looks at the field first: so no interrupt is lost,
//! and one that comes too early only wakes somebody for nothing.
//!
//! Thread names and priorities are Java's affair: the system is not told (`setPriority0` and `setNativeName` are hints
//! by their contract).

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use carafe_classloader::class::Method;
use carafe_gc::object::ObjRef;
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::thread::start::{self, status};
use carafe_vm::thread::{Thread, ThreadControl, poll, safepoint, walk};
use carafe_vm::{monitor, natives};

use super::stack_trace;
use crate::noop::{nothing, nothing_of};

natives! { pub(crate) static THREAD for "java/lang/Thread" {
    "registerNatives" "()V" = nothing(): isolate;
    "currentThread" "()Ljava/lang/Thread;" = current_thread(): isolate;
    "currentCarrierThread" "()Ljava/lang/Thread;" = current_carrier_thread(): isolate;
    "setCurrentThread" "(Ljava/lang/Thread;)V" = set_current_thread(obj, obj): isolate;
    "start0" "()V" = start0(obj): isolate;
    "yield0" "()V" = yield0(): isolate;
    "sleepNanos0" "(J)V" = sleep_nanos0(long): isolate;
    "interrupt0" "()V" = interrupt0(obj): isolate;
    "clearInterruptEvent" "()V" = clear_interrupt_event(): isolate;
    "holdsLock" "(Ljava/lang/Object;)Z" = holds_lock(obj): isolate;
    "setPriority0" "(I)V" = set_priority0(obj, int): isolate;
    "setNativeName" "(Ljava/lang/String;)V" = set_native_name(obj, obj): isolate;
    "getNextThreadIdOffset" "()J" = get_next_thread_id_offset(): isolate;
    "getThreads" "()[Ljava/lang/Thread;" = get_threads(): isolate;
    "getStackTrace0" "()Ljava/lang/Object;" = get_stack_trace0(obj): isolate;
    "dumpThreads" "([Ljava/lang/Thread;)[[Ljava/lang/StackTraceElement;" = dump_threads(obj): isolate;
    "findScopedValueBindings" "()Ljava/lang/Object;" = find_scoped_value_bindings(): isolate;
    "scopedValueCache" "()[Ljava/lang/Object;" = scoped_value_cache(): isolate;
    "setScopedValueCache" "([Ljava/lang/Object;)V" = set_scoped_value_cache(obj): isolate;
    "ensureMaterializedForStackWalk" "(Ljava/lang/Object;)V" = nothing_of(obj): isolate;
} }

fn current_thread<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let raw = env.thread().current;
    Ok(env.local(raw))
}

fn current_carrier_thread<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let raw = env.thread().carrier;
    Ok(env.local(raw))
}

fn set_current_thread<'s>(env: &mut Env<'s>, _carrier: Local<'s>, thread: Local<'s>) -> JResult<()> {
    let raw = env.raw(thread);
    env.thread_mut().current = raw;
    Ok(())
}

fn start0<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<()> {
    start::start(env, this)
}

fn yield0(env: &mut Env<'_>) -> JResult<()> {
    env.blocking(std::thread::yield_now);
    env.poll()
}

fn sleep_nanos0(env: &mut Env<'_>, nanos: i64) -> JResult<()> {
    let Ok(nanos) = u64::try_from(nanos) else {
        return Err(env.throw_illegal_argument("nanosecond timeout value out of range"));
    };
    if start::take_interrupt(env) {
        return Err(env.throw("java/lang/InterruptedException", "sleep interrupted"));
    }
    if nanos == 0 {
        return yield0(env);
    }
    let control = env.thread().control.clone();
    let woken = || {
        control.interrupted.load(Ordering::SeqCst)
            || control.poll.load(Ordering::SeqCst) & poll::TERMINATE != 0
    };
    let status = start::set_status(env, status::SLEEPING);
    let slept = env.blocking(|| control.parker.sleep(Duration::from_nanos(nanos), woken));
    start::restore_status(env, status);
    env.poll()?;
    if !slept && start::take_interrupt(env) {
        return Err(env.throw("java/lang/InterruptedException", "sleep interrupted"));
    }
    Ok(())
}

fn interrupt0<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<()> {
    if let Some(id) = vm_id(env, this) {
        start::interrupt(env.vm(), id);
    }
    Ok(())
}

/// Whether the current thread is interrupted, as Java code sees it.
pub(crate) fn is_interrupted(env: &mut Env<'_>) -> bool {
    let (this, offset) = (start::current_object(env), env.wk().thread.interrupted);
    !env.is_null(this) && env.get::<bool>(this, offset)
}

/// The control block of a live java.lang.Thread.
pub(crate) fn control_of(env: &Env<'_>, thread: Local<'_>) -> Option<Arc<ThreadControl>> {
    env.vm().threads.find(vm_id(env, thread)?)
}

fn vm_id(env: &Env<'_>, thread: Local<'_>) -> Option<u32> {
    let id = env.get::<i64>(thread, env.wk().thread.eetop);
    u32::try_from(id).ok().filter(|id| *id != 0)
}

fn clear_interrupt_event(env: &mut Env<'_>) -> JResult<()> {
    env.thread().control.interrupted.store(false, Ordering::SeqCst);
    Ok(())
}

fn holds_lock<'s>(env: &mut Env<'s>, object: Local<'s>) -> JResult<bool> {
    if env.is_null(object) {
        return Err(env.throw_npe());
    }
    Ok(monitor::holds(env, object))
}

fn set_priority0<'s>(_: &mut Env<'s>, _: Local<'s>, _priority: i32) -> JResult<()> {
    Ok(())
}

fn set_native_name<'s>(env: &mut Env<'s>, _: Local<'s>, name: Local<'s>) -> JResult<()> {
    if env.is_null(name) { Err(env.throw_npe()) } else { Ok(()) }
}

/// The address of the counter of thread identifiers, from which Java code draws with `Unsafe.getAndAddLong`.
fn get_next_thread_id_offset(env: &mut Env<'_>) -> JResult<i64> {
    Ok(env.vm().next_tid as i64)
}

/// The threads that run Java code now.
fn get_threads<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let threads = safepoint::stop_the_world_for("ThreadDump", env.thread_mut(), |thread| {
        // SAFETY: the world is stopped, and an entry's thread lives as long as it is listed.
        thread.vm().threads.lock().iter().map(|e| unsafe { (*e.thread).carrier }).collect::<Vec<ObjRef>>()
    });
    // Nothing moves before these are locals.
    let threads: Vec<Local<'s>> =
        threads.into_iter().filter(|t| !t.is_null()).map(|t| env.local(t)).collect();
    let array = env.new_ref_array(env.wk().thread.id, threads.len())?;
    for (index, thread) in threads.into_iter().enumerate() {
        env.set_elem(array, index, thread);
    }
    Ok(array)
}

fn get_stack_trace0<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    match frames_of(env, this) {
        Some(frames) => stack_trace::elements_array(env, &frames),
        None => Ok(Local::NULL),
    }
}

fn dump_threads<'s>(env: &mut Env<'s>, threads: Local<'s>) -> JResult<Local<'s>> {
    if env.is_null(threads) {
        return Err(env.throw_npe());
    }
    let count = env.array_len(threads);
    if count == 0 {
        return Err(env.throw_no_message("java/lang/IllegalArgumentException"));
    }
    let component = carafe_vm::linkage::array_of(env, env.wk().stack_trace_element.id)?;
    let traces = env.new_ref_array(component, count)?;
    for index in 0..count {
        env.scope(|env| {
            let thread = env.elem(threads, index);
            if env.is_null(thread) {
                return Err(env.throw_npe());
            }
            if let Some(frames) = frames_of(env, thread) {
                let trace = stack_trace::elements_array(env, &frames)?;
                env.set_elem(traces, index, trace);
            }
            Ok(())
        })?;
    }
    Ok(traces)
}

/// The visible frames of a live thread, youngest first; `None` for one that has not started or has ended, and for a virtual
/// thread that no thread runs. A carrier's do not include those of the virtual thread that it runs.
fn frames_of<'s>(env: &mut Env<'s>, thread: Local<'_>) -> Option<Vec<(&'s Method, i32)>> {
    const DEPTH_MAX: usize = 1024;
    let is_virtual = env.instance_of(thread, env.wk().virtual_thread.id);
    let id = vm_id(env, thread);
    if id.is_none() && !is_virtual {
        return None;
    }
    let found = safepoint::stop_the_world_for("ThreadDump", env.thread_mut(), |me| {
        let vm = me.vm();
        let threads = vm.threads.lock();
        let wanted = thread.get(&me.handles);
        let mut frames = Vec::new();
        let visit = |frame: walk::FrameInfo<'_>| {
            if !frame.method.is_hidden() {
                frames.push((vm.meta.meta_of(frame.method), frame.bci));
            }
            frames.len() < DEPTH_MAX
        };
        // SAFETY: the world is stopped (or it is this very thread), and an entry's thread lives as long as it is listed.
        unsafe {
            if is_virtual {
                let runs = |t: &Thread| t.current == wanted && t.continuations.iter().any(|c| c.is_virtual);
                let entry = threads.iter().find(|e| runs(&*e.thread))?;
                walk::each(&*entry.thread, visit);
            } else {
                let entry = threads.iter().find(|e| Some(e.control.id) == id)?;
                walk::each_of_carrier(&*entry.thread, visit);
            }
        }
        // They are looked at when the thread runs again and may have returned from them.
        frames.iter().for_each(|(method, _)| walk::keep_class(vm, me, vm.meta.get(*method)));
        Some(frames)
    })?;
    let meta = &env.vm().meta;
    Some(found.into_iter().map(|(method, bci)| (meta.get(method), bci)).collect())
}

/// The innermost scoped-value bindings: local 1 of the youngest `runWith` of the three classes that establish them.
fn find_scoped_value_bindings<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    const ESTABLISH: [&[u8]; 3] =
        [b"java/lang/Thread", b"java/lang/VirtualThread", b"java/lang/ScopedValue$Carrier"];
    let vm = env.vm();
    let mut found = ObjRef::NULL;
    walk::each(env.thread(), |frame| {
        let method = frame.method;
        if method.is_native() || method.max_locals < 2 || vm.universe.text(method.name) != b"runWith" {
            return true;
        }
        let class = vm.universe.class(method.class);
        if !class.loader.is_boot() || !ESTABLISH.contains(&vm.universe.text(class.name)) {
            return true;
        }
        // SAFETY: a live interpreted frame with at least two locals; the second parameter of every `runWith` of these
        // classes is a reference, which `ensureMaterializedForStackWalk` keeps in its local.
        found = ObjRef::from_raw(unsafe { *walk::local_slot(vm, frame.fp, 1) } as u32);
        false
    });
    Ok(env.local(found))
}

fn scoped_value_cache<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let raw = env.thread().scoped_cache;
    Ok(env.local(raw))
}

fn set_scoped_value_cache<'s>(env: &mut Env<'s>, cache: Local<'s>) -> JResult<()> {
    let raw = env.raw(cache);
    env.thread_mut().scoped_cache = raw;
    Ok(())
}
