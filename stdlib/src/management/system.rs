//! `com.sun.management.internal.OperatingSystemImpl`: the process and the machine under it.
//!
//! Loads are shares of the processors' time since the question was last asked; the first answer is since the beginning.

use std::time::Duration;

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use parking_lot::Mutex;

use crate::State;
use crate::errors;
use crate::gate::{MachineTicks, Outcome};
use crate::noop::nothing;

natives! { pub(super) static OPERATING_SYSTEM for "com/sun/management/internal/OperatingSystemImpl" {
    "initialize0" "()V" = nothing(): isolate;
    "getCommittedVirtualMemorySize0" "()J" = get_committed_virtual_memory_size(obj): sys "process";
    "getTotalMemorySize0" "()J" = get_total_memory_size(obj): sys "memory";
    "getFreeMemorySize0" "()J" = get_free_memory_size(obj): sys "memory";
    "getTotalSwapSpaceSize0" "()J" = get_total_swap_space_size(obj): sys "memory";
    "getFreeSwapSpaceSize0" "()J" = get_free_swap_space_size(obj): sys "memory";
    "getOpenFileDescriptorCount0" "()J" = get_open_file_descriptor_count(obj): sys "process";
    "getMaxFileDescriptorCount0" "()J" = get_max_file_descriptor_count(obj): sys "process";
    "getProcessCpuTime0" "()J" = get_process_cpu_time(obj): sys "process";
    "getProcessCpuLoad0" "()D" = get_process_cpu_load(obj): sys "process", sys "processors";
    "getCpuLoad0" "()D" = get_cpu_load(obj): sys "cpu";
    "getHostConfiguredCpuCount0" "()I" = get_host_cpu_count(obj): sys "processors";
    "getHostOnlineCpuCount0" "()I" = get_host_cpu_count(obj): sys "processors";
    "getHostTotalCpuTicks0" "()J" = get_host_total_cpu_ticks(obj): sys "cpu";
} }

/// What was seen when the loads were last asked for.
#[derive(Default)]
pub(crate) struct Loads {
    machine: Mutex<MachineTicks>,
    /// The isolate's uptime and the process's processor time.
    process: Mutex<(Duration, Duration)>,
}

fn figure<'s, T>(env: &mut Env<'s>, outcome: Outcome<T>) -> JResult<T> {
    outcome.map_err(|e| errors::io(env, &e))
}

fn get_committed_virtual_memory_size<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    let outcome = State::of(env).gate.process_virtual_bytes();
    Ok(figure(env, outcome)? as i64)
}

fn get_total_memory_size<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    Ok(State::of(env).gate.physical_memory_bytes() as i64)
}

fn get_free_memory_size<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    let outcome = State::of(env).gate.free_memory_bytes();
    Ok(figure(env, outcome)? as i64)
}

fn get_total_swap_space_size<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    let outcome = State::of(env).gate.swap_bytes();
    Ok(figure(env, outcome)?.0 as i64)
}

fn get_free_swap_space_size<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    let outcome = State::of(env).gate.swap_bytes();
    Ok(figure(env, outcome)?.1 as i64)
}

fn get_open_file_descriptor_count<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    let outcome = State::of(env).gate.descriptor_counts();
    Ok(figure(env, outcome)?.0 as i64)
}

fn get_max_file_descriptor_count<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    let outcome = State::of(env).gate.descriptor_counts();
    Ok(figure(env, outcome)?.1 as i64)
}

fn get_process_cpu_time<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    let outcome = State::of(env).gate.process_cpu_time();
    Ok(figure(env, outcome)?.as_nanos() as i64)
}

fn get_process_cpu_load<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<f64> {
    let state = State::of(env);
    let spent = figure(env, state.gate.process_cpu_time())?;
    let now = env.vm().uptime();
    let (before, spent_before) = std::mem::replace(&mut *state.loads.process.lock(), (now, spent));
    let processors = state.gate.processors() as f64;
    let elapsed = now.saturating_sub(before).as_secs_f64() * processors;
    Ok(if elapsed > 0.0 {
        (spent.saturating_sub(spent_before).as_secs_f64() / elapsed).min(1.0)
    } else {
        0.0
    })
}

fn get_cpu_load<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<f64> {
    let state = State::of(env);
    let now = figure(env, state.gate.machine_ticks())?;
    let before = std::mem::replace(&mut *state.loads.machine.lock(), now);
    let (busy, total) = (now.busy.saturating_sub(before.busy), now.total.saturating_sub(before.total));
    Ok(if total > 0 { (busy as f64 / total as f64).min(1.0) } else { 0.0 })
}

fn get_host_cpu_count<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i32> {
    Ok(i32::try_from(State::of(env).gate.processors()).unwrap_or(i32::MAX))
}

fn get_host_total_cpu_ticks<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    let outcome = State::of(env).gate.machine_ticks();
    Ok(figure(env, outcome)?.total as i64)
}
