//! `sun.management.VMManagementImpl` and `ClassLoadingImpl`: the machine, its classes, its safepoints.

use std::sync::OnceLock;
use std::sync::atomic::Ordering;

use carafe_vm::boot::string_array;
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::log::{Level, TagSet};
use carafe_vm::natives;

use crate::State;
use crate::errors;

natives! { pub(super) static VM_MANAGEMENT for "sun/management/VMManagementImpl" {
    "getVersion0" "()Ljava/lang/String;" = get_version(): isolate;
    "initOptionalSupportFields" "()V" = init_optional_support_fields(): isolate;
    "isThreadContentionMonitoringEnabled" "()Z" = no(obj): isolate;
    "isThreadCpuTimeEnabled" "()Z" = yes(obj): isolate;
    "isThreadAllocatedMemoryEnabled" "()Z" = yes(obj): isolate;
    "getTotalClassCount" "()J" = get_total_class_count(obj): isolate;
    "getUnloadedClassCount" "()J" = get_unloaded_class_count(obj): isolate;
    "getVerboseClass" "()Z" = get_verbose_class(obj): isolate;
    "getVerboseGC" "()Z" = get_verbose_gc(obj): isolate;
    "getProcessId" "()I" = get_process_id(obj): sys "pid";
    "getVmArguments0" "()[Ljava/lang/String;" = get_vm_arguments(obj): isolate;
    "getStartupTime" "()J" = get_startup_time(obj): clock;
    "getUptime0" "()J" = get_uptime(obj): clock;
    "getAvailableProcessors" "()I" = get_available_processors(obj): sys "processors";
    "getTotalThreadCount" "()J" = get_total_thread_count(obj): isolate;
    "getLiveThreadCount" "()I" = get_live_thread_count(obj): isolate;
    "getPeakThreadCount" "()I" = get_peak_thread_count(obj): isolate;
    "getDaemonThreadCount" "()I" = get_daemon_thread_count(obj): isolate;
    "getSafepointCount" "()J" = get_safepoint_count(obj): isolate;
    "getTotalSafepointTime" "()J" = get_total_safepoint_time(obj): isolate;
    "getSafepointSyncTime" "()J" = get_safepoint_sync_time(obj): isolate;
    "getTotalApplicationNonStoppedTime" "()J" = get_non_stopped_time(obj): clock;
    "getLoadedClassSize" "()J" = get_loaded_class_size(obj): isolate;
    "getUnloadedClassSize" "()J" = none(obj): isolate;
    "getClassVerificationTime" "()J" = get_class_verification_time(obj): isolate;
} }

natives! { pub(super) static CLASS_LOADING for "sun/management/ClassLoadingImpl" {
    "setVerboseClass" "(Z)V" = set_verbose_class(bool): isolate;
} }

/// When the isolate was started, on the wall clock: worked out once, so that it stays.
pub(crate) type StartTime = OnceLock<i64>;

fn get_version<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    env.new_string("4.0")
}

fn init_optional_support_fields(env: &mut Env<'_>) -> JResult<()> {
    const SUPPORTED: [(&str, bool); 8] = [
        ("compTimeMonitoringSupport", false),
        ("threadContentionMonitoringSupport", false),
        ("currentThreadCpuTimeSupport", true),
        ("otherThreadCpuTimeSupport", true),
        ("objectMonitorUsageSupport", true),
        ("synchronizerUsageSupport", true),
        ("threadAllocatedMemorySupport", true),
        ("remoteDiagnosticCommandsSupport", true),
    ];
    let class = env.boot_class("sun/management/VMManagementImpl")?;
    let mirror = env.mirror(class);
    for (name, supported) in SUPPORTED {
        match env.field_offset(class, name, "Z") {
            Some(offset) => env.set::<bool>(mirror, offset, supported),
            None => return Err(env.throw("java/lang/InternalError", name)),
        }
    }
    Ok(())
}

fn no<'s>(_: &mut Env<'s>, _: Local<'s>) -> JResult<bool> {
    Ok(false)
}

fn yes<'s>(_: &mut Env<'s>, _: Local<'s>) -> JResult<bool> {
    Ok(true)
}

/// Bytes of class files that were unloaded: nobody counts them.
fn none<'s>(_: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    Ok(0)
}

fn get_total_class_count<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    let universe = &env.vm().universe;
    let there = universe.classes().filter(|id| universe.class(*id).is_plain()).count() as i64;
    Ok(there + env.vm().unloading.unloaded_classes() as i64)
}

fn get_unloaded_class_count<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    Ok(env.vm().unloading.unloaded_classes() as i64)
}

fn get_verbose_class<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<bool> {
    Ok(env.vm().log.is_on(TagSet::ClassLoad, Level::Info))
}

fn get_verbose_gc<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<bool> {
    Ok(env.vm().log.is_on(TagSet::Gc, Level::Info))
}

fn set_verbose_class(env: &mut Env<'_>, on: bool) -> JResult<()> {
    env.vm().log.set_verbose(TagSet::ClassLoad, on);
    Ok(())
}

fn get_process_id<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i32> {
    Ok(State::of(env).gate.process_id())
}

fn get_vm_arguments<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<Local<'s>> {
    string_array(env, &env.vm().config.arguments)
}

fn get_startup_time<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    let state = State::of(env);
    let times = state.gate.wall_clock().and_then(|now| Ok((now, state.gate.elapsed(env.vm().uptime())?)));
    let (now, uptime) = times.map_err(|e| errors::io(env, &e))?;
    Ok(*state.start_time.get_or_init(|| now.as_millis() as i64 - uptime.as_millis() as i64))
}

fn get_uptime<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    let uptime = State::of(env).gate.elapsed(env.vm().uptime());
    uptime.map(|time| time.as_millis() as i64).map_err(|e| errors::io(env, &e))
}

fn get_available_processors<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i32> {
    Ok(i32::try_from(State::of(env).gate.processors()).unwrap_or(i32::MAX))
}

fn get_total_thread_count<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    Ok(i64::from(env.vm().threads.total()))
}

fn get_live_thread_count<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i32> {
    Ok(env.vm().threads.len() as i32)
}

fn get_peak_thread_count<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i32> {
    Ok(env.vm().threads.peak() as i32)
}

fn get_daemon_thread_count<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i32> {
    Ok(env.vm().threads.lock().iter().filter(|entry| entry.daemon).count() as i32)
}

fn get_safepoint_count<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    Ok(env.vm().safepoint.times().count as i64)
}

fn get_total_safepoint_time<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    Ok(env.vm().safepoint.times().total.as_millis() as i64)
}

fn get_safepoint_sync_time<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    Ok(env.vm().safepoint.times().reaching.as_millis() as i64)
}

fn get_non_stopped_time<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    let stopped = env.vm().safepoint.times().total;
    let running = State::of(env).gate.elapsed(env.vm().uptime().saturating_sub(stopped));
    running.map(|time| time.as_millis() as i64).map_err(|e| errors::io(env, &e))
}

fn get_loaded_class_size<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    Ok(env.vm().meta.used_bytes() as i64)
}

fn get_class_verification_time<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    Ok((env.vm().verification_nanos.load(Ordering::Relaxed) / 1_000_000) as i64)
}
