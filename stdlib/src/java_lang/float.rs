//! `java.lang.Float` and `java.lang.Double`: the same bits, seen as another type.

use carafe_vm::env::{Env, JResult};
use carafe_vm::natives;

natives! { pub(crate) static FLOAT for "java/lang/Float" {
    "floatToRawIntBits" "(F)I" = float_to_raw_int_bits(float): isolate;
    "intBitsToFloat" "(I)F" = int_bits_to_float(int): isolate;
} }

natives! { pub(crate) static DOUBLE for "java/lang/Double" {
    "doubleToRawLongBits" "(D)J" = double_to_raw_long_bits(double): isolate;
    "longBitsToDouble" "(J)D" = long_bits_to_double(long): isolate;
} }

fn float_to_raw_int_bits(_: &mut Env<'_>, value: f32) -> JResult<i32> {
    Ok(value.to_bits() as i32)
}

fn int_bits_to_float(_: &mut Env<'_>, bits: i32) -> JResult<f32> {
    Ok(f32::from_bits(bits as u32))
}

fn double_to_raw_long_bits(_: &mut Env<'_>, value: f64) -> JResult<i64> {
    Ok(value.to_bits() as i64)
}

fn long_bits_to_double(_: &mut Env<'_>, bits: i64) -> JResult<f64> {
    Ok(f64::from_bits(bits as u64))
}
