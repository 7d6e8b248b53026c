//! Plain and volatile loads and stores.
//!
//! Plain ones work at any alignment. A volatile one at an address that its width does not divide (which the library
//! never asks for) is a plain access between full fences: x86 has nothing better short of a bus lock.

use std::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, AtomicU64, Ordering, fence};

use carafe_gc::object;
use carafe_vm::env::{Env, JResult, Local, Scalar};
use carafe_vm::natives;

use super::reference_slot;

natives! { pub(super) static ACCESS for "jdk/internal/misc/Unsafe" {
    "getBoolean" "(Ljava/lang/Object;J)Z" = get_boolean(obj, obj, long): isolate;
    "getByte" "(Ljava/lang/Object;J)B" = get_byte(obj, obj, long): isolate;
    "getShort" "(Ljava/lang/Object;J)S" = get_short(obj, obj, long): isolate;
    "getChar" "(Ljava/lang/Object;J)C" = get_char(obj, obj, long): isolate;
    "getInt" "(Ljava/lang/Object;J)I" = get_int(obj, obj, long): isolate;
    "getLong" "(Ljava/lang/Object;J)J" = get_long(obj, obj, long): isolate;
    "getFloat" "(Ljava/lang/Object;J)F" = get_float(obj, obj, long): isolate;
    "getDouble" "(Ljava/lang/Object;J)D" = get_double(obj, obj, long): isolate;
    "getReference" "(Ljava/lang/Object;J)Ljava/lang/Object;" = get_reference(obj, obj, long): isolate;
    "putBoolean" "(Ljava/lang/Object;JZ)V" = put_boolean(obj, obj, long, bool): isolate;
    "putByte" "(Ljava/lang/Object;JB)V" = put_byte(obj, obj, long, byte): isolate;
    "putShort" "(Ljava/lang/Object;JS)V" = put_short(obj, obj, long, short): isolate;
    "putChar" "(Ljava/lang/Object;JC)V" = put_char(obj, obj, long, char): isolate;
    "putInt" "(Ljava/lang/Object;JI)V" = put_int(obj, obj, long, int): isolate;
    "putLong" "(Ljava/lang/Object;JJ)V" = put_long(obj, obj, long, long): isolate;
    "putFloat" "(Ljava/lang/Object;JF)V" = put_float(obj, obj, long, float): isolate;
    "putDouble" "(Ljava/lang/Object;JD)V" = put_double(obj, obj, long, double): isolate;
    "putReference" "(Ljava/lang/Object;JLjava/lang/Object;)V" = put_reference(obj, obj, long, obj): isolate;
    "getBooleanVolatile" "(Ljava/lang/Object;J)Z" = get_boolean_volatile(obj, obj, long): isolate;
    "getByteVolatile" "(Ljava/lang/Object;J)B" = get_byte_volatile(obj, obj, long): isolate;
    "getShortVolatile" "(Ljava/lang/Object;J)S" = get_short_volatile(obj, obj, long): isolate;
    "getCharVolatile" "(Ljava/lang/Object;J)C" = get_char_volatile(obj, obj, long): isolate;
    "getIntVolatile" "(Ljava/lang/Object;J)I" = get_int_volatile(obj, obj, long): isolate;
    "getLongVolatile" "(Ljava/lang/Object;J)J" = get_long_volatile(obj, obj, long): isolate;
    "getFloatVolatile" "(Ljava/lang/Object;J)F" = get_float_volatile(obj, obj, long): isolate;
    "getDoubleVolatile" "(Ljava/lang/Object;J)D" = get_double_volatile(obj, obj, long): isolate;
    "getReferenceVolatile" "(Ljava/lang/Object;J)Ljava/lang/Object;" =
        get_reference_volatile(obj, obj, long): isolate;
    "putBooleanVolatile" "(Ljava/lang/Object;JZ)V" = put_boolean_volatile(obj, obj, long, bool): isolate;
    "putByteVolatile" "(Ljava/lang/Object;JB)V" = put_byte_volatile(obj, obj, long, byte): isolate;
    "putShortVolatile" "(Ljava/lang/Object;JS)V" = put_short_volatile(obj, obj, long, short): isolate;
    "putCharVolatile" "(Ljava/lang/Object;JC)V" = put_char_volatile(obj, obj, long, char): isolate;
    "putIntVolatile" "(Ljava/lang/Object;JI)V" = put_int_volatile(obj, obj, long, int): isolate;
    "putLongVolatile" "(Ljava/lang/Object;JJ)V" = put_long_volatile(obj, obj, long, long): isolate;
    "putFloatVolatile" "(Ljava/lang/Object;JF)V" = put_float_volatile(obj, obj, long, float): isolate;
    "putDoubleVolatile" "(Ljava/lang/Object;JD)V" = put_double_volatile(obj, obj, long, double): isolate;
    "putReferenceVolatile" "(Ljava/lang/Object;JLjava/lang/Object;)V" =
        put_reference_volatile(obj, obj, long, obj): isolate;
} }

// A table row names a function, so every type has its own four; booleans are read with more care below.
macro_rules! put_of {
    ($($put:ident $put_volatile:ident $t:ty;)*) => { $(
        fn $put<'s>(env: &mut Env<'s>, _: Local<'s>, object: Local<'s>, offset: i64, value: $t) -> JResult<()> {
            env.check_raw(object, offset, <$t as Scalar>::SIZE as u64)?;
            env.raw_set(object, offset, value);
            Ok(())
        }

        fn $put_volatile<'s>(
            env: &mut Env<'s>,
            _: Local<'s>,
            object: Local<'s>,
            offset: i64,
            value: $t,
        ) -> JResult<()> {
            env.check_raw(object, offset, <$t as Scalar>::SIZE as u64)?;
            store_volatile(env, object, offset, value);
            Ok(())
        }
    )* };
}

macro_rules! get_of {
    ($($get:ident $get_volatile:ident $t:ty;)*) => { $(
        fn $get<'s>(env: &mut Env<'s>, _: Local<'s>, object: Local<'s>, offset: i64) -> JResult<$t> {
            env.check_raw(object, offset, <$t as Scalar>::SIZE as u64)?;
            Ok(env.raw_get(object, offset))
        }

        fn $get_volatile<'s>(env: &mut Env<'s>, _: Local<'s>, object: Local<'s>, offset: i64) -> JResult<$t> {
            env.check_raw(object, offset, <$t as Scalar>::SIZE as u64)?;
            Ok(<$t as Scalar>::from_bits(load_volatile(env, object, offset, <$t as Scalar>::SIZE)))
        }
    )* };
}

put_of! {
    put_boolean put_boolean_volatile bool;
    put_byte put_byte_volatile i8;
    put_short put_short_volatile i16;
    put_char put_char_volatile u16;
    put_int put_int_volatile i32;
    put_long put_long_volatile i64;
    put_float put_float_volatile f32;
    put_double put_double_volatile f64;
}

get_of! {
    get_byte get_byte_volatile i8;
    get_short get_short_volatile i16;
    get_char get_char_volatile u16;
    get_int get_int_volatile i32;
    get_long get_long_volatile i64;
    get_float get_float_volatile f32;
    get_double get_double_volatile f64;
}

/// Any byte may be there, and all but zero are true.
fn get_boolean<'s>(env: &mut Env<'s>, _: Local<'s>, object: Local<'s>, offset: i64) -> JResult<bool> {
    env.check_raw(object, offset, 1)?;
    Ok(env.raw_get::<u8>(object, offset) != 0)
}

fn get_boolean_volatile<'s>(
    env: &mut Env<'s>,
    _: Local<'s>,
    object: Local<'s>,
    offset: i64,
) -> JResult<bool> {
    env.check_raw(object, offset, 1)?;
    Ok(load_volatile(env, object, offset, 1) != 0)
}

fn load_volatile(env: &Env<'_>, object: Local<'_>, offset: i64, size: usize) -> u64 {
    let at = env.raw_address(object, offset);
    if !(at as usize).is_multiple_of(size) {
        fence(Ordering::SeqCst);
        let value = match size {
            2 => u64::from(env.raw_get::<u16>(object, offset)),
            4 => u64::from(env.raw_get::<u32>(object, offset)),
            _ => env.raw_get::<u64>(object, offset),
        };
        fence(Ordering::SeqCst);
        return value;
    }
    // SAFETY: raw_address stays inside the cage, plain memory that everybody reads and writes by atomics, and the
    // address was found to be aligned.
    unsafe {
        match size {
            1 => u64::from(AtomicU8::from_ptr(at).load(Ordering::SeqCst)),
            2 => u64::from(AtomicU16::from_ptr(at.cast()).load(Ordering::SeqCst)),
            4 => u64::from(AtomicU32::from_ptr(at.cast()).load(Ordering::SeqCst)),
            _ => AtomicU64::from_ptr(at.cast()).load(Ordering::SeqCst),
        }
    }
}

fn store_volatile<T: Scalar>(env: &Env<'_>, object: Local<'_>, offset: i64, value: T) {
    let at = env.raw_address(object, offset);
    if !(at as usize).is_multiple_of(T::SIZE) {
        fence(Ordering::SeqCst);
        env.raw_set(object, offset, value);
        fence(Ordering::SeqCst);
        return;
    }
    let bits = value.to_bits();
    // SAFETY: as in `load_volatile`.
    unsafe {
        match T::SIZE {
            1 => AtomicU8::from_ptr(at).store(bits as u8, Ordering::SeqCst),
            2 => AtomicU16::from_ptr(at.cast()).store(bits as u16, Ordering::SeqCst),
            4 => AtomicU32::from_ptr(at.cast()).store(bits as u32, Ordering::SeqCst),
            _ => AtomicU64::from_ptr(at.cast()).store(bits, Ordering::SeqCst),
        }
    }
}

fn get_reference<'s>(env: &mut Env<'s>, _: Local<'s>, object: Local<'s>, offset: i64) -> JResult<Local<'s>> {
    let slot = reference_slot(env, object, offset)?;
    // SAFETY: an aligned slot inside the cage; that it holds a reference is the library's promise to Unsafe.
    let value = unsafe { object::load_ref(env.base(), env.raw(object), slot) };
    Ok(env.local(value))
}

fn get_reference_volatile<'s>(
    env: &mut Env<'s>,
    _: Local<'s>,
    object: Local<'s>,
    offset: i64,
) -> JResult<Local<'s>> {
    let slot = reference_slot(env, object, offset)?;
    // SAFETY: as in `get_reference`.
    let value = unsafe { object::load_ref_volatile(env.base(), env.raw(object), slot) };
    Ok(env.local(value))
}

fn put_reference<'s>(
    env: &mut Env<'s>,
    _: Local<'s>,
    object: Local<'s>,
    offset: i64,
    value: Local<'s>,
) -> JResult<()> {
    let slot = reference_slot(env, object, offset)?;
    // SAFETY: as in `get_reference`; the value is a live object.
    unsafe { object::store_ref(env.base(), env.raw(object), slot, env.raw(value)) }
    Ok(())
}

fn put_reference_volatile<'s>(
    env: &mut Env<'s>,
    _: Local<'s>,
    object: Local<'s>,
    offset: i64,
    value: Local<'s>,
) -> JResult<()> {
    let slot = reference_slot(env, object, offset)?;
    // SAFETY: as in `put_reference`.
    unsafe { object::store_ref_volatile(env.base(), env.raw(object), slot, env.raw(value)) }
    Ok(())
}
