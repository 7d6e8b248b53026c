//! `jdk.internal.vm`, `jdk.internal.platform`, `jdk.internal.foreign.abi` and `jdk.internal.perf`: optional abilities of
//! a VM, which answer for themselves whether they are there.
//!
//! Not there yet: calls into native code, vector registers, containers' resource figures. The natives behind those answers are missing.

use carafe_vm::continuation;
use carafe_vm::env::{Env, JResult, Local, Value};
use carafe_vm::natives;
use carafe_vm::natives::NativeRow;

use crate::State;
use crate::errors;
use crate::noop::nothing;

natives! { static CONTINUATION for "jdk/internal/vm/Continuation" {
    "registerNatives" "()V" = nothing(): isolate;
    "pin" "()V" = pin(): isolate;
    "unpin" "()V" = unpin(): isolate;
    "isPinned0" "(Ljdk/internal/vm/ContinuationScope;)I" = is_pinned0(obj): isolate;
} }

natives! { static CONTINUATION_SUPPORT for "jdk/internal/vm/ContinuationSupport" {
    "isSupported0" "()Z" = has_continuations(): isolate;
} }

natives! { static FOREIGN_LINKER_SUPPORT for "jdk/internal/vm/ForeignLinkerSupport" {
    "isSupported0" "()Z" = no(): isolate;
} }

natives! { static NATIVE_ENTRY_POINT for "jdk/internal/foreign/abi/NativeEntryPoint" {
    "registerNatives" "()V" = nothing(): isolate;
} }

natives! { static UPCALL_LINKER for "jdk/internal/foreign/abi/UpcallLinker" {
    "registerNatives" "()V" = nothing(): isolate;
} }

natives! { static UPCALL_STUBS for "jdk/internal/foreign/abi/UpcallStubs" {
    "registerNatives" "()V" = nothing(): isolate;
} }

natives! { static CGROUP_METRICS for "jdk/internal/platform/CgroupMetrics" {
    "isUseContainerSupport" "()Z" = no(): isolate;
    "isContainerized0" "()Z" = no(): isolate;
} }

natives! { static VECTOR_SUPPORT for "jdk/internal/vm/vector/VectorSupport" {
    "registerNatives" "()I" = no_vectors(): isolate;
    "getMaxLaneCount" "(Ljava/lang/Class;)I" = get_max_lane_count(obj): isolate;
    "getCPUFeatures" "()Ljava/lang/String;" = get_cpu_features(): isolate;
} }

natives! { static VM_SUPPORT for "jdk/internal/vm/VMSupport" {
    "getVMTemporaryDirectory" "()Ljava/lang/String;" = get_vm_temporary_directory(): isolate;
} }

natives! { static PERF for "jdk/internal/perf/Perf" {
    "registerNatives" "()V" = nothing(): isolate;
    "createLong" "(Ljava/lang/String;IIJ)Ljava/nio/ByteBuffer;" = create_long(obj, obj, int, int, long): isolate;
    "highResCounter" "()J" = high_res_counter(obj): clock;
    "highResFrequency" "()J" = high_res_frequency(obj): isolate;
} }

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![
        CGROUP_METRICS,
        CONTINUATION,
        CONTINUATION_SUPPORT,
        FOREIGN_LINKER_SUPPORT,
        NATIVE_ENTRY_POINT,
        PERF,
        UPCALL_LINKER,
        UPCALL_STUBS,
        VECTOR_SUPPORT,
        VM_SUPPORT,
    ]
}

/// `enterSpecial` and `doYield` are instructions of the interpreter and have no rows.
fn has_continuations(env: &mut Env<'_>) -> JResult<bool> {
    Ok(env.vm().config.continuations)
}

fn pin(env: &mut Env<'_>) -> JResult<()> {
    continuation::pin(env)
}

fn unpin(env: &mut Env<'_>) -> JResult<()> {
    continuation::unpin(env)
}

fn is_pinned0<'s>(env: &mut Env<'s>, _scope: Local<'s>) -> JResult<i32> {
    Ok(continuation::is_pinned(env))
}

fn no(_: &mut Env<'_>) -> JResult<bool> {
    Ok(false)
}

fn no_vectors(_: &mut Env<'_>) -> JResult<i32> {
    Ok(0)
}

/// -1: no compiler uses vector registers. The vector library then works lane by lane.
fn get_max_lane_count<'s>(_: &mut Env<'s>, _element: Local<'s>) -> JResult<i32> {
    Ok(-1)
}

fn get_cpu_features<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    env.new_string("")
}

fn get_vm_temporary_directory<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let directory = State::of(env).gate.temporary_directory().to_string_lossy();
    env.new_string(&directory)
}

/// A counter that nobody outside reads: eight bytes of memory, which live as long as the isolate.
fn create_long<'s>(
    env: &mut Env<'s>,
    _: Local<'s>,
    name: Local<'s>,
    _variability: i32,
    _units: i32,
    value: i64,
) -> JResult<Local<'s>> {
    const BYTES: i64 = 8;
    if env.is_null(name) {
        return Err(env.throw_npe());
    }
    let Ok(address) = env.vm().off_heap.alloc_zeroed(BYTES as u64) else {
        return Err(env.throw("java/lang/OutOfMemoryError", "performance counter"));
    };
    env.raw_set(Local::NULL, address as i64, value);
    let buffer = env.boot_class("java/nio/DirectByteBuffer")?;
    env.new_object(buffer, "(JJ)V", &[Value::Long(address as i64), Value::Long(BYTES)])
}

fn high_res_counter<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    match State::of(env).gate.monotonic_nanos() {
        Ok(now) => Ok(now),
        Err(e) => Err(errors::io(env, &e)),
    }
}

fn high_res_frequency<'s>(_: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    Ok(1_000_000_000)
}
