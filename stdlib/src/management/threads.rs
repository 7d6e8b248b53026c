//! `sun.management.ThreadImpl`: what threads do, hold, wait for and cost.
//!
//! Virtual threads are not among the threads that this bean knows.

use std::time::Duration;

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::Method;
use carafe_vm::dump::threads::{FRAMES_MAX, ThreadFacts, Wanted, deadlocks, gather};
use carafe_vm::env::{Env, JResult, Local, Value};
use carafe_vm::natives;

use crate::State;
use crate::errors;
use crate::java_lang::stack_trace;
use crate::noop::nothing_of_bool;

natives! { pub(super) static THREAD for "sun/management/ThreadImpl" {
    "getThreads" "()[Ljava/lang/Thread;" = get_threads(): isolate;
    "getThreadInfo1" "([JI[Ljava/lang/management/ThreadInfo;)V" = get_thread_info(obj, int, obj): isolate;
    "dumpThreads0" "([JZZI)[Ljava/lang/management/ThreadInfo;" = dump_threads(obj, bool, bool, int): isolate;
    "getThreadTotalCpuTime0" "(J)J" = get_thread_total_cpu_time(long): clock;
    "getThreadTotalCpuTime1" "([J[J)V" = get_thread_total_cpu_times(obj, obj): clock;
    "getThreadUserCpuTime0" "(J)J" = get_thread_user_cpu_time(long): clock;
    "getThreadUserCpuTime1" "([J[J)V" = get_thread_user_cpu_times(obj, obj): clock;
    "getThreadAllocatedMemory0" "(J)J" = get_thread_allocated_memory(long): isolate;
    "getThreadAllocatedMemory1" "([J[J)V" = get_thread_allocated_memories(obj, obj): isolate;
    "getTotalThreadAllocatedMemory" "()J" = get_total_thread_allocated_memory(): isolate;
    "setThreadAllocatedMemoryEnabled0" "(Z)V" = nothing_of_bool(bool): isolate;
    "setThreadCpuTimeEnabled0" "(Z)V" = nothing_of_bool(bool): isolate;
    "findMonitorDeadlockedThreads0" "()[Ljava/lang/Thread;" = find_monitor_deadlocked_threads(): isolate;
    "findDeadlockedThreads0" "()[Ljava/lang/Thread;" = find_deadlocked_threads(): isolate;
    "resetPeakThreadCount0" "()V" = reset_peak_thread_count(): isolate;
} }

/// Facts of one thread with handles in place of references.
pub(super) struct Shown<'s> {
    pub(super) thread: Local<'s>,
    pub(super) tid: i64,
    pub(super) status: i32,
    pub(super) blocker: Local<'s>,
    pub(super) owner: Local<'s>,
    pub(super) blocked: i64,
    pub(super) waited: i64,
    pub(super) frames: Vec<(&'s Method, i32)>,
    /// With the depth of the frame that took it.
    pub(super) locks: Vec<(Local<'s>, i32)>,
    pub(super) synchronizers: Vec<Local<'s>>,
}

/// Makes handles of all that facts refer to. Nothing here allocates in the heap. A program whose threads hold more locks than
/// this is shown the first ones only.
pub(super) fn show<'s>(env: &mut Env<'s>, facts: Vec<ThreadFacts<'s>>) -> Vec<Shown<'s>> {
    const LOCKS_MAX: usize = 1 << 19;
    let mut locks_left = LOCKS_MAX;
    let objects: Vec<(u32, Local<'s>)> =
        facts.iter().map(|facts| (facts.control.id, env.local(facts.object))).collect();
    let mut shown = Vec::with_capacity(facts.len());
    for (facts, (_, thread)) in facts.into_iter().zip(&objects) {
        let mut locks = Vec::new();
        for (depth, frame) in facts.frames.iter().enumerate() {
            for thing in frame.locks.iter().take(locks_left) {
                locks.push((env.local(thing.object), depth as i32));
            }
            locks_left = locks_left.saturating_sub(frame.locks.len());
        }
        let owner = objects.iter().find(|(id, _)| facts.blocked_by != 0 && *id == facts.blocked_by);
        let blocker = facts.blocker.thing();
        shown.push(Shown {
            thread: *thread,
            tid: facts.tid,
            status: facts.status,
            blocker: blocker.map_or(Local::NULL, |thing| env.local(thing.object)),
            owner: owner.map_or(Local::NULL, |(_, owner)| *owner),
            blocked: facts.control.blocked_count.load(std::sync::atomic::Ordering::Relaxed) as i64,
            waited: facts.control.waited_count.load(std::sync::atomic::Ordering::Relaxed) as i64,
            frames: facts.frames.iter().map(|frame| (frame.method, frame.bci)).collect(),
            locks,
            synchronizers: facts.synchronizers.iter().map(|thing| env.local(thing.object)).collect(),
        });
    }
    shown
}

fn platform_threads<'s>(env: &mut Env<'s>, wanted: Wanted) -> Vec<ThreadFacts<'s>> {
    gather(env, wanted).into_iter().filter(|facts| !facts.is_virtual).collect()
}

const NAMES_ONLY: Wanted = Wanted { frames: 0, locks: false, synchronizers: false };

fn thread_array<'s>(env: &mut Env<'s>, threads: &[Local<'s>]) -> JResult<Local<'s>> {
    let array = env.new_ref_array(env.wk().thread.id, threads.len())?;
    for (index, thread) in threads.iter().enumerate() {
        env.set_elem(array, index, *thread);
    }
    Ok(array)
}

fn get_threads<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let facts = platform_threads(env, NAMES_ONLY);
    let threads: Vec<Local<'s>> = show(env, facts).into_iter().map(|shown| shown.thread).collect();
    thread_array(env, &threads)
}

// ---- ThreadInfo --------------------------------------------------------------------------------------------------------------

/// The identifiers in a long[]; the library has checked them.
fn read_ids(env: &mut Env<'_>, ids: Local<'_>) -> JResult<Vec<i64>> {
    if env.is_null(ids) {
        return Err(env.throw_npe());
    }
    let mut out = vec![0i64; env.array_len(ids)];
    env.read_array(ids, 0, &mut out);
    Ok(out)
}

fn frames_wanted(depth: i32) -> usize {
    usize::try_from(depth).unwrap_or(FRAMES_MAX).min(FRAMES_MAX)
}

/// Without locks. A depth of -1 is the whole stack; of 0, no stack.
fn get_thread_info<'s>(env: &mut Env<'s>, ids: Local<'s>, depth: i32, result: Local<'s>) -> JResult<()> {
    let ids = read_ids(env, ids)?;
    if env.is_null(result) {
        return Err(env.throw_npe());
    }
    let facts = platform_threads(env, Wanted { frames: frames_wanted(depth), ..NAMES_ONLY });
    let shown = show(env, facts);
    for (index, id) in ids.iter().enumerate() {
        if let Some(shown) = shown.iter().find(|shown| shown.tid == *id) {
            env.scope(|env| -> JResult<()> {
                let info = thread_info(env, shown, None)?;
                env.set_elem(result, index, info);
                Ok(())
            })?;
        }
    }
    Ok(())
}

fn dump_threads<'s>(
    env: &mut Env<'s>,
    ids: Local<'s>,
    monitors: bool,
    synchronizers: bool,
    depth: i32,
) -> JResult<Local<'s>> {
    let ids = if env.is_null(ids) { None } else { Some(read_ids(env, ids)?) };
    let facts =
        platform_threads(env, Wanted { frames: frames_wanted(depth), locks: monitors, synchronizers });
    let shown = show(env, facts);
    let ids = ids.unwrap_or_else(|| shown.iter().map(|shown| shown.tid).collect());
    let class = env.boot_class("java/lang/management/ThreadInfo")?;
    let infos = env.new_ref_array(class, ids.len())?;
    for (index, id) in ids.iter().enumerate() {
        if let Some(shown) = shown.iter().find(|shown| shown.tid == *id) {
            env.scope(|env| -> JResult<()> {
                let info = thread_info(env, shown, Some((monitors, synchronizers)))?;
                env.set_elem(infos, index, info);
                Ok(())
            })?;
        }
    }
    Ok(infos)
}

/// A new ThreadInfo; with `locks` (monitors, synchronizers) those that were asked for.
fn thread_info<'s>(env: &mut Env<'s>, shown: &Shown<'_>, locks: Option<(bool, bool)>) -> JResult<Local<'s>> {
    const NOT_MEASURED: i64 = -1;
    let class = env.boot_class("java/lang/management/ThreadInfo")?;
    // The same references as handles of this scope.
    let [thread, blocker, owner] = [shown.thread, shown.blocker, shown.owner].map(|local| env.raw(local));
    let [thread, blocker, owner] = [thread, blocker, owner].map(|raw| env.local(raw));
    let frames: Vec<(&Method, i32)> =
        shown.frames.iter().map(|(method, bci)| (method_of(env, method), *bci)).collect();
    let trace = stack_trace::elements_array(env, &frames)?;
    let mut arguments = vec![
        Value::Ref(thread),
        Value::Int(shown.status),
        Value::Ref(blocker),
        Value::Ref(owner),
        Value::Long(shown.blocked),
        Value::Long(NOT_MEASURED),
        Value::Long(shown.waited),
        Value::Long(NOT_MEASURED),
        Value::Ref(trace),
    ];
    let start = "(Ljava/lang/Thread;ILjava/lang/Object;Ljava/lang/Thread;JJJJ[Ljava/lang/StackTraceElement;";
    let Some((monitors, synchronizers)) = locks else {
        return env.new_object(class, &format!("{start})V"), &arguments);
    };
    let objects: Vec<Local<'_>> =
        shown.locks.iter().map(|(object, _)| *object).filter(|_| monitors).collect();
    let depths: Vec<i32> = shown.locks.iter().map(|(_, depth)| *depth).filter(|_| monitors).collect();
    let owned: Vec<Local<'_>> = shown.synchronizers.iter().copied().filter(|_| synchronizers).collect();
    let (objects, owned) = (object_array(env, &objects)?, object_array(env, &owned)?);
    let depths_array = env.new_array(BasicType::Int, depths.len())?;
    env.write_array(depths_array, 0, &depths);
    arguments.extend([Value::Ref(objects), Value::Ref(depths_array), Value::Ref(owned)]);
    env.new_object(class, &format!("{start}[Ljava/lang/Object;[I[Ljava/lang/Object;)V"), &arguments)
}

/// The record that a reference names, for as long as the isolate lives.
fn method_of<'s>(env: &Env<'s>, method: &Method) -> &'s Method {
    let meta = &env.vm().meta;
    meta.get(meta.meta_of(method))
}

pub(super) fn object_array<'s>(env: &mut Env<'s>, objects: &[Local<'_>]) -> JResult<Local<'s>> {
    let array = env.new_ref_array(env.wk().object.id, objects.len())?;
    for (index, object) in objects.iter().enumerate() {
        env.set_elem(array, index, *object);
    }
    Ok(array)
}

// ---- processor time ------------------------------------------------------------------------------------------------------------

/// The kernel's number of a thread by its Java identifier; 0 is the current thread.
fn os_tids(env: &mut Env<'_>) -> Vec<(i64, u32)> {
    let tid = |facts: &ThreadFacts<'_>| facts.control.os_tid.load(std::sync::atomic::Ordering::Relaxed);
    let mut tids: Vec<(i64, u32)> =
        platform_threads(env, NAMES_ONLY).iter().map(|facts| (facts.tid, tid(facts))).collect();
    tids.push((0, env.thread().control.os_tid.load(std::sync::atomic::Ordering::Relaxed)));
    tids
}

/// Processor time is a clock for whoever keeps a processor busy.
fn times(env: &mut Env<'_>, ids: &[i64], user: bool) -> JResult<Vec<i64>> {
    let tids = os_tids(env);
    let gate = &State::of(env).gate;
    let time = |tid: u32| -> Option<Duration> {
        if user { gate.thread_user_time(tid) } else { gate.thread_cpu_time(tid) }
    };
    let of = |id: &i64| tids.iter().find(|(known, _)| known == id).and_then(|(_, tid)| time(*tid));
    let mut times = Vec::with_capacity(ids.len());
    for id in ids {
        let time = gate.elapsed(of(id).unwrap_or_default()).map_err(|e| errors::io(env, &e))?;
        times.push(if of(id).is_some() { time.as_nanos() as i64 } else { -1 });
    }
    Ok(times)
}

fn get_thread_total_cpu_time(env: &mut Env<'_>, id: i64) -> JResult<i64> {
    Ok(times(env, &[id], false)?.first().copied().unwrap_or(-1))
}

fn get_thread_user_cpu_time(env: &mut Env<'_>, id: i64) -> JResult<i64> {
    Ok(times(env, &[id], true)?.first().copied().unwrap_or(-1))
}

fn fill_times<'s>(env: &mut Env<'s>, ids: Local<'s>, result: Local<'s>, user: bool) -> JResult<()> {
    let ids = read_ids(env, ids)?;
    if env.is_null(result) {
        return Err(env.throw_npe());
    }
    let times = times(env, &ids, user)?;
    env.write_array(result, 0, &times);
    Ok(())
}

fn get_thread_total_cpu_times<'s>(env: &mut Env<'s>, ids: Local<'s>, result: Local<'s>) -> JResult<()> {
    fill_times(env, ids, result, false)
}

fn get_thread_user_cpu_times<'s>(env: &mut Env<'s>, ids: Local<'s>, result: Local<'s>) -> JResult<()> {
    fill_times(env, ids, result, true)
}

// ---- allocation ------------------------------------------------------------------------------------------------------------------

/// Bytes by thread identifier, -1 for those that are not alive; of other threads without what lies in the buffer that
/// they allocate from. The identifier 0 is the calling thread.
fn allocated(env: &mut Env<'_>, ids: &[i64]) -> Vec<i64> {
    let own = env.thread().tlab.allocated_bytes() as i64;
    if let [0] = ids {
        return vec![own];
    }
    let me = env.thread().id();
    let facts = platform_threads(env, NAMES_ONLY);
    let bytes_of = |id: &i64| {
        let control = &facts.iter().find(|facts| facts.tid == *id)?.control;
        let others = control.allocated.load(std::sync::atomic::Ordering::Relaxed) as i64;
        Some(if control.id == me { own } else { others })
    };
    ids.iter().map(|id| bytes_of(id).unwrap_or(-1)).collect()
}

fn get_thread_allocated_memory(env: &mut Env<'_>, id: i64) -> JResult<i64> {
    Ok(allocated(env, &[id])[0])
}

fn get_thread_allocated_memories<'s>(env: &mut Env<'s>, ids: Local<'s>, result: Local<'s>) -> JResult<()> {
    let ids = read_ids(env, ids)?;
    if env.is_null(result) {
        return Err(env.throw_npe());
    }
    let bytes = allocated(env, &ids);
    env.write_array(result, 0, &bytes);
    Ok(())
}

/// Of all threads, those that have ended as well.
fn get_total_thread_allocated_memory(env: &mut Env<'_>) -> JResult<i64> {
    Ok(env.vm().heap.allocated_bytes_total() as i64)
}

// ---- deadlocks -------------------------------------------------------------------------------------------------------------------

fn find_monitor_deadlocked_threads<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    deadlocked(env, false)
}

fn find_deadlocked_threads<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    deadlocked(env, true)
}

/// The threads of all cycles; null if there are none.
fn deadlocked<'s>(env: &mut Env<'s>, synchronizers: bool) -> JResult<Local<'s>> {
    let facts = platform_threads(env, NAMES_ONLY);
    let members: Vec<usize> = deadlocks(&facts, synchronizers).into_iter().flatten().collect();
    if members.is_empty() {
        return Ok(Local::NULL);
    }
    let threads: Vec<Local<'s>> = members.into_iter().map(|at| env.local(facts[at].object)).collect();
    thread_array(env, &threads)
}

fn reset_peak_thread_count(env: &mut Env<'_>) -> JResult<()> {
    env.vm().threads.reset_peak();
    Ok(())
}
