//! `java.lang.Runtime`, `java.lang.Shutdown` and the one native of `java.lang.String`: the isolate's size and its end.

use carafe_gc::heap::GcCause;
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::{alloc, natives};

use crate::State;
use crate::noop::nothing;

natives! { pub(crate) static RUNTIME for "java/lang/Runtime" {
    "availableProcessors" "()I" = available_processors(obj): sys "processors";
    "freeMemory" "()J" = free_memory(obj): isolate;
    "totalMemory" "()J" = total_memory(obj): isolate;
    "maxMemory" "()J" = max_memory(obj): isolate;
    "gc" "()V" = gc(obj): isolate;
} }

natives! { pub(crate) static SHUTDOWN for "java/lang/Shutdown" {
    "beforeHalt" "()V" = nothing(): isolate;
    "halt0" "(I)V" = halt0(int): isolate;
} }

natives! { pub(crate) static STRING for "java/lang/String" {
    "intern" "()Ljava/lang/String;" = intern(obj): isolate;
} }

fn available_processors<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i32> {
    Ok(i32::try_from(State::of(env).gate.processors()).unwrap_or(i32::MAX))
}

fn free_memory<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    let heap = &env.vm().heap;
    Ok(heap.committed_bytes().saturating_sub(heap.used_bytes()) as i64)
}

fn total_memory<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    Ok(env.vm().heap.committed_bytes() as i64)
}

fn max_memory<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<i64> {
    Ok(env.vm().heap.max_bytes() as i64)
}

fn gc<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<()> {
    if env.vm().config.explicit_gc {
        alloc::collect(env, GcCause::Explicit);
    }
    Ok(())
}

fn halt0(env: &mut Env<'_>, status: i32) -> JResult<()> {
    Err(env.halt(status))
}

fn intern<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    env.intern(this)
}
