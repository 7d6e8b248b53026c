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

use std::sync::atomic::Ordering;
use std::time::Duration;

use carafe_classloader::class::Method;
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::thread::{self, poll};
use carafe_vm::{monitor, natives};

use super::stack_trace;
use crate::noop::{nothing, nothing_of};

natives! { pub(crate) static THREAD for "java/lang/Thread" {
    "registerNatives" "()V" = nothing();
    "currentThread" "()Ljava/lang/Thread;" = current_thread();
    "currentCarrierThread" "()Ljava/lang/Thread;" = current_carrier_thread();
    "setCurrentThread" "(Ljava/lang/Thread;)V" = set_current_thread(obj, obj);
    "start0" "()V" = start0(obj);
    "yield0" "()V" = yield0();
    "sleepNanos0" "(J)V" = sleep_nanos0(long);
    "interrupt0" "()V" = interrupt0(obj);
    "clearInterruptEvent" "()V" = clear_interrupt_event();
    "holdsLock" "(Ljava/lang/Object;)Z" = holds_lock(obj);
    "setPriority0" "(I)V" = set_priority0(obj, int);
    "setNativeName" "(Ljava/lang/String;)V" = set_native_name(obj, obj);
    "getNextThreadIdOffset" "()J" = get_next_thread_id_offset();
    "getThreads" "()[Ljava/lang/Thread;" = get_threads();
    "getStackTrace0" "()Ljava/lang/Object;" = get_stack_trace0(obj);
    "dumpThreads" "([Ljava/lang/Thread;)[[Ljava/lang/StackTraceElement;" = dump_threads(obj);
    "findScopedValueBindings" "()Ljava/lang/Object;" = find_scoped_value_bindings();
    "scopedValueCache" "()[Ljava/lang/Object;" = scoped_value_cache();
    "setScopedValueCache" "([Ljava/lang/Object;)V" = set_scoped_value_cache(obj);
    "ensureMaterializedForStackWalk" "(Ljava/lang/Object;)V" = nothing_of(obj);
} }

/// Values of `Thread$FieldHolder.threadStatus` (bits as JVMTI lays them out).
pub(crate) mod status {
    pub(crate) const RUNNABLE: i32 = 5;
    pub(crate) const SLEEPING: i32 = 225;
    pub(crate) const PARKED: i32 = 657;
    pub(crate) const PARKED_TIMED: i32 = 673;
}

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
    thread::start::start(env, this)
}

fn yield0(env: &mut Env<'_>) -> JResult<()> {
    env.blocking(std::thread::yield_now);
    env.poll()
}

fn sleep_nanos0(env: &mut Env<'_>, nanos: i64) -> JResult<()> {
    let Ok(nanos) = u64::try_from(nanos) else {
        return Err(env.throw_illegal_argument("nanosecond timeout value out of range"));
    };
    if take_interrupt(env) {
        return Err(env.throw("java/lang/InterruptedException", "sleep interrupted"));
    }
    if nanos == 0 {
        return yield0(env);
    }
    let control = env.thread().control.clone();
    let woken = || {
        control.interrupted.load(Ordering::SeqCst) || control.poll.load(Ordering::SeqCst) & poll::TERMINATE != 0
    };
    let slept = with_status(env, status::SLEEPING, |env| {
        env.blocking(|| control.parker.sleep(Duration::from_nanos(nanos), woken))
    });
    env.poll()?;
    if !slept && take_interrupt(env) {
        return Err(env.throw("java/lang/InterruptedException", "sleep interrupted"));
    }
    Ok(())
}

/// Whether the current thread is interrupted; clears the status.
pub(crate) fn take_interrupt(env: &mut Env<'_>) -> bool {
    let was = is_interrupted(env);
    if was {
        let (carrier, offset) = (carrier(env), env.wk().thread.interrupted);
        env.set(carrier, offset, false);
        env.thread().control.interrupted.store(false, Ordering::SeqCst);
    }
    was
}

/// Whether the current (platform) thread is interrupted.
pub(crate) fn is_interrupted(env: &mut Env<'_>) -> bool {
    let (carrier, offset) = (carrier(env), env.wk().thread.interrupted);
    !env.is_null(carrier) && env.get::<bool>(carrier, offset)
}

fn carrier<'s>(env: &mut Env<'s>) -> Local<'s> {
    let raw = env.thread().carrier;
    env.local(raw)
}

/// Runs `work` while Java code sees the current thread in another state.
pub(crate) fn with_status<R>(env: &mut Env<'_>, status: i32, work: impl FnOnce(&mut Env<'_>) -> R) -> R {
    set_status(env, status);
    let result = work(env);
    set_status(env, status::RUNNABLE);
    result
}

fn set_status(env: &mut Env<'_>, status: i32) {
    env.scope(|env| {
        let carrier = carrier(env);
        if env.is_null(carrier) {
            return;
        }
        let holder = env.get_ref(carrier, env.wk().thread.holder);
        if !env.is_null(holder) {
            env.set(holder, env.wk().field_holder.thread_status, status);
        }
    });
}

fn interrupt0<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<()> {
    if let Some(control) = control_of(env, this) {
        control.interrupted.store(true, Ordering::SeqCst);
        // A thread that has looked at its status and not yet parked finds the permit.
        control.parker.unpark();
        control.parker.wake();
    }
    Ok(())
}

/// The control block of a live java.lang.Thread.
pub(crate) fn control_of(
    env: &Env<'_>,
    thread: Local<'_>,
) -> Option<std::sync::Arc<carafe_vm::thread::ThreadControl>> {
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

/// The address of the counter of thread identifiers, from which Java code draws with `Unsafe.getAndAddLong`. The library
/// asks once, so the cell is made here and lives as long as the isolate. The first numbers are spoken for: the main thread
/// has 3, and HotSpot's own threads those up to 11.
fn get_next_thread_id_offset(env: &mut Env<'_>) -> JResult<i64> {
    const FIRST_THREAD_ID: i64 = 12;
    let Some(address) = env.vm().off_heap.allocate(size_of::<i64>() as u64) else {
        return Err(env.throw("java/lang/OutOfMemoryError", "off-heap memory"));
    };
    env.raw_set(Local::NULL, address as i64, FIRST_THREAD_ID);
    Ok(address as i64)
}

fn get_threads<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let threads = thread::start::all_threads(env);
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

/// The visible frames of a live thread, youngest first; `None` for one that has not started or has ended.
fn frames_of<'s>(env: &mut Env<'s>, thread: Local<'_>) -> Option<Vec<(&'s Method, i32)>> {
    const DEPTH_MAX: usize = 1024;
    let id = vm_id(env, thread)?;
    let frames = thread::walk::frames_of(env, id, DEPTH_MAX)?;
    Some(frames.into_iter().filter(|(method, _)| !method.is_hidden()).collect())
}

/// The innermost scoped-value bindings: local 1 of the youngest `runWith` of the three classes that establish them.
fn find_scoped_value_bindings<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    const ESTABLISH: [&str; 3] =
        ["java/lang/Thread", "java/lang/VirtualThread", "java/lang/ScopedValue$Carrier"];
    for frame in thread::walk::frames(env, usize::MAX) {
        let universe = &env.vm().universe;
        let method = frame.method;
        if method.is_native() || universe.text(method.name) != b"runWith" || method.max_locals < 2 {
            continue;
        }
        let class = env.class(method.class);
        let name = universe.text(class.name);
        if class.loader.is_boot() && ESTABLISH.iter().any(|c| c.as_bytes() == name) {
            let raw = frame.local_ref(1);
            return Ok(env.local(raw));
        }
    }
    Ok(Local::NULL)
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
