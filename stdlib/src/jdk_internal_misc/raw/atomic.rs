//! Compare-and-swap and fences.
//!
//! The smaller widths and all the weak or half-ordered forms are Java code over these.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};

use carafe_gc::object::{self, ObjRef};
use carafe_vm::env::{Env, JResult, Local, Throw};
use carafe_vm::natives;

use super::reference_slot;

natives! { pub(super) static ATOMIC for "jdk/internal/misc/Unsafe" {
    "fullFence" "()V" = full_fence(obj): isolate;
    "compareAndSetInt" "(Ljava/lang/Object;JII)Z" = compare_and_set_int(obj, obj, long, int, int): isolate;
    "compareAndExchangeInt" "(Ljava/lang/Object;JII)I" = compare_and_exchange_int(obj, obj, long, int, int): isolate;
    "compareAndSetLong" "(Ljava/lang/Object;JJJ)Z" = compare_and_set_long(obj, obj, long, long, long): isolate;
    "compareAndExchangeLong" "(Ljava/lang/Object;JJJ)J" =
        compare_and_exchange_long(obj, obj, long, long, long): isolate;
    "compareAndSetReference" "(Ljava/lang/Object;JLjava/lang/Object;Ljava/lang/Object;)Z" =
        compare_and_set_reference(obj, obj, long, obj, obj): isolate;
    "compareAndExchangeReference" "(Ljava/lang/Object;JLjava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;" =
        compare_and_exchange_reference(obj, obj, long, obj, obj): isolate;
} }

fn full_fence<'s>(_: &mut Env<'s>, _: Local<'s>) -> JResult<()> {
    fence(Ordering::SeqCst);
    Ok(())
}

fn compare_and_exchange_int<'s>(
    env: &mut Env<'s>,
    _: Local<'s>,
    object: Local<'s>,
    offset: i64,
    expected: i32,
    new: i32,
) -> JResult<i32> {
    env.check_raw(object, offset, 8)?;
    let at = env.raw_address(object, offset);
    if !(at as usize).is_multiple_of(size_of::<u32>()) {
        return Err(misaligned(env));
    }
    // SAFETY: raw_address stays inside the cage, plain memory that everybody reads and writes by atomics, and the
    // address was found to be aligned.
    let cell = unsafe { AtomicU32::from_ptr(at.cast()) };
    let was = cell.compare_exchange(expected as u32, new as u32, Ordering::SeqCst, Ordering::SeqCst);
    Ok(was.unwrap_or_else(|was| was) as i32)
}

fn compare_and_set_int<'s>(
    env: &mut Env<'s>,
    this: Local<'s>,
    object: Local<'s>,
    offset: i64,
    expected: i32,
    new: i32,
) -> JResult<bool> {
    Ok(compare_and_exchange_int(env, this, object, offset, expected, new)? == expected)
}

fn compare_and_exchange_long<'s>(
    env: &mut Env<'s>,
    _: Local<'s>,
    object: Local<'s>,
    offset: i64,
    expected: i64,
    new: i64,
) -> JResult<i64> {
    env.check_raw(object, offset, 8)?;
    let at = env.raw_address(object, offset);
    if !(at as usize).is_multiple_of(size_of::<u64>()) {
        return Err(misaligned(env));
    }
    // SAFETY: as in `compare_and_exchange_int`.
    let cell = unsafe { AtomicU64::from_ptr(at.cast()) };
    let was = cell.compare_exchange(expected as u64, new as u64, Ordering::SeqCst, Ordering::SeqCst);
    Ok(was.unwrap_or_else(|was| was) as i64)
}

fn compare_and_set_long<'s>(
    env: &mut Env<'s>,
    this: Local<'s>,
    object: Local<'s>,
    offset: i64,
    expected: i64,
    new: i64,
) -> JResult<bool> {
    Ok(compare_and_exchange_long(env, this, object, offset, expected, new)? == expected)
}

fn misaligned(env: &mut Env<'_>) -> Throw {
    env.throw("java/lang/InternalError", "misaligned atomic access")
}

/// What was there before.
fn exchange_reference<'s>(
    env: &mut Env<'s>,
    object: Local<'s>,
    offset: i64,
    expected: Local<'s>,
    new: Local<'s>,
) -> JResult<ObjRef> {
    let slot = reference_slot(env, object, offset)?;
    let (base, object, expected, new) = (env.base(), env.raw(object), env.raw(expected), env.raw(new));
    // SAFETY: an aligned slot inside the cage; that it holds a reference is the library's promise to Unsafe.
    let was = unsafe { object::cas_ref(base, object, slot, expected, new) };
    Ok(was.unwrap_or_else(|was| was))
}

fn compare_and_set_reference<'s>(
    env: &mut Env<'s>,
    _: Local<'s>,
    object: Local<'s>,
    offset: i64,
    expected: Local<'s>,
    new: Local<'s>,
) -> JResult<bool> {
    let was = exchange_reference(env, object, offset, expected, new)?;
    Ok(was == env.raw(expected))
}

fn compare_and_exchange_reference<'s>(
    env: &mut Env<'s>,
    _: Local<'s>,
    object: Local<'s>,
    offset: i64,
    expected: Local<'s>,
    new: Local<'s>,
) -> JResult<Local<'s>> {
    let was = exchange_reference(env, object, offset, expected, new)?;
    Ok(env.local(was))
}
