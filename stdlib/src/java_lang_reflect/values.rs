//! Primitive values as reflection handles them: taken out of boxes and arrays, widened, put into arrays.
//!
//! Bits are as on the operand stack: what fits an int is an int in the low half, sign-extended or zero-extended as its
//! type asks; floats are their bit patterns.

use carafe_classloader::basic::BasicType;
use carafe_vm::env::{Env, Local};

/// A value of type `from` as one of type `to`, if a widening (or identity) conversion leads there (JLS 5.1.2).
pub(crate) fn widen(from: BasicType, bits: u64, to: BasicType) -> Option<u64> {
    use BasicType as B;
    if from == to && from.is_primitive() {
        return Some(bits);
    }
    let int = bits as u32 as i32;
    Some(match (from, to) {
        (B::Byte, B::Short) | (B::Byte | B::Char | B::Short, B::Int) => bits,
        (B::Byte | B::Char | B::Short | B::Int, B::Long) => i64::from(int) as u64,
        (B::Byte | B::Char | B::Short | B::Int, B::Float) => float(int as f32),
        (B::Byte | B::Char | B::Short | B::Int, B::Double) => f64::from(int).to_bits(),
        (B::Long, B::Float) => float(bits as i64 as f32),
        (B::Long, B::Double) => (bits as i64 as f64).to_bits(),
        (B::Float, B::Double) => f64::from(f32::from_bits(bits as u32)).to_bits(),
        _ => return None,
    })
}

fn float(value: f32) -> u64 {
    u64::from(value.to_bits())
}

/// Element `index` of an array of primitives; `None` if there is no such element.
pub(crate) fn read_element(env: &Env<'_>, array: Local<'_>, kind: BasicType, index: usize) -> Option<u64> {
    fn one<T: carafe_vm::env::Scalar>(env: &Env<'_>, array: Local<'_>, index: usize) -> Option<T> {
        let mut out = [T::default()];
        env.read_array(array, index, &mut out).then_some(out[0])
    }
    Some(match kind {
        BasicType::Boolean => u64::from(one::<u8>(env, array, index)?),
        BasicType::Byte => one::<i8>(env, array, index)? as i32 as u32 as u64,
        BasicType::Char => u64::from(one::<u16>(env, array, index)?),
        BasicType::Short => one::<i16>(env, array, index)? as i32 as u32 as u64,
        BasicType::Int | BasicType::Float => u64::from(one::<u32>(env, array, index)?),
        BasicType::Long | BasicType::Double => one::<u64>(env, array, index)?,
        BasicType::Object | BasicType::Array | BasicType::Void => return None,
    })
}

/// Stores into an array of primitives; false if there is no such element.
pub(crate) fn write_element(env: &Env<'_>, array: Local<'_>, kind: BasicType, index: usize, bits: u64) -> bool {
    match kind {
        BasicType::Boolean => env.write_array(array, index, &[bits as u8 & 1]),
        BasicType::Byte => env.write_array(array, index, &[bits as u8]),
        BasicType::Char | BasicType::Short => env.write_array(array, index, &[bits as u16]),
        BasicType::Int | BasicType::Float => env.write_array(array, index, &[bits as u32]),
        BasicType::Long | BasicType::Double => env.write_array(array, index, &[bits]),
        BasicType::Object | BasicType::Array | BasicType::Void => false,
    }
}

#[cfg(test)]
mod tests {
    use super::widen;
    use carafe_classloader::basic::BasicType::{self, *};

    #[test]
    fn only_widening_conversions_exist() {
        let all = BasicType::PRIMITIVES;
        let allowed: [(BasicType, &[BasicType]); 8] = [
            (Boolean, &[Boolean]),
            (Byte, &[Byte, Short, Int, Long, Float, Double]),
            (Short, &[Short, Int, Long, Float, Double]),
            (Char, &[Char, Int, Long, Float, Double]),
            (Int, &[Int, Long, Float, Double]),
            (Long, &[Long, Float, Double]),
            (Float, &[Float, Double]),
            (Double, &[Double]),
        ];
        for (from, targets) in allowed {
            for to in all {
                assert_eq!(widen(from, 1, to).is_some(), targets.contains(&to), "{from:?} to {to:?}");
            }
        }
        assert_eq!(widen(Object, 1, Object), None);
    }

    #[test]
    fn values_survive() {
        let minus_three = (-3i32) as u32 as u64;
        assert_eq!(widen(Byte, minus_three, Long), Some(-3i64 as u64));
        assert_eq!(widen(Short, minus_three, Double), Some((-3.0f64).to_bits()));
        assert_eq!(widen(Char, 0xffff, Int), Some(0xffff));
        assert_eq!(widen(Int, 16_777_217, Float), Some(u64::from(16_777_216f32.to_bits())));
        assert_eq!(widen(Long, i64::MIN as u64, Float), Some(u64::from((i64::MIN as f32).to_bits())));
        assert_eq!(widen(Float, u64::from(1.5f32.to_bits()), Double), Some(1.5f64.to_bits()));
    }
}
