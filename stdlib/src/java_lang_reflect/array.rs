//! `java.lang.reflect.Array`: creation of arrays and access to their elements, whatever their type.
//!
//! The order of the checks is observable and is the reference machine's: null, not an array, (for a primitive accessor)
//! not primitive, index, type. Indexes out of range give an exception without a message.

use carafe_classloader::basic::BasicType;
use carafe_vm::alloc;
use carafe_vm::env::{Env, JResult, Local, Throw};
use carafe_vm::linkage::handles::{box_value, unbox};
use carafe_vm::{linkage, natives};

use super::values::{read_element, widen, write_element};

natives! { pub(super) static ARRAY for "java/lang/reflect/Array" {
    "getLength" "(Ljava/lang/Object;)I" = get_length(obj): isolate;
    "get" "(Ljava/lang/Object;I)Ljava/lang/Object;" = get(obj, int): isolate;
    "getBoolean" "(Ljava/lang/Object;I)Z" = get_boolean(obj, int): isolate;
    "getByte" "(Ljava/lang/Object;I)B" = get_byte(obj, int): isolate;
    "getChar" "(Ljava/lang/Object;I)C" = get_char(obj, int): isolate;
    "getShort" "(Ljava/lang/Object;I)S" = get_short(obj, int): isolate;
    "getInt" "(Ljava/lang/Object;I)I" = get_int(obj, int): isolate;
    "getLong" "(Ljava/lang/Object;I)J" = get_long(obj, int): isolate;
    "getFloat" "(Ljava/lang/Object;I)F" = get_float(obj, int): isolate;
    "getDouble" "(Ljava/lang/Object;I)D" = get_double(obj, int): isolate;
    "set" "(Ljava/lang/Object;ILjava/lang/Object;)V" = set(obj, int, obj): isolate;
    "setBoolean" "(Ljava/lang/Object;IZ)V" = set_boolean(obj, int, bool): isolate;
    "setByte" "(Ljava/lang/Object;IB)V" = set_byte(obj, int, byte): isolate;
    "setChar" "(Ljava/lang/Object;IC)V" = set_char(obj, int, char): isolate;
    "setShort" "(Ljava/lang/Object;IS)V" = set_short(obj, int, short): isolate;
    "setInt" "(Ljava/lang/Object;II)V" = set_int(obj, int, int): isolate;
    "setLong" "(Ljava/lang/Object;IJ)V" = set_long(obj, int, long): isolate;
    "setFloat" "(Ljava/lang/Object;IF)V" = set_float(obj, int, float): isolate;
    "setDouble" "(Ljava/lang/Object;ID)V" = set_double(obj, int, double): isolate;
    "newArray" "(Ljava/lang/Class;I)Ljava/lang/Object;" = new_array(obj, int): isolate;
    "multiNewArray" "(Ljava/lang/Class;[I)Ljava/lang/Object;" = multi_new_array(obj, obj): isolate;
} }

/// How many dimensions an array type may have.
const MAX_DIMENSIONS: usize = 255;

const MISMATCH: &str = "argument type mismatch";

fn illegal(env: &mut Env<'_>) -> Throw {
    env.throw_no_message("java/lang/IllegalArgumentException")
}

fn mismatch(env: &mut Env<'_>) -> Throw {
    env.throw_illegal_argument(MISMATCH)
}

fn out_of_bounds(env: &mut Env<'_>) -> Throw {
    env.throw_no_message("java/lang/ArrayIndexOutOfBoundsException")
}

/// The element type of an array: a primitive type, or Object for any reference.
fn element_kind(env: &mut Env<'_>, array: Local<'_>) -> JResult<BasicType> {
    if env.is_null(array) {
        return Err(env.throw_npe());
    }
    let class = env.class_of(array);
    if !class.is_array() {
        return Err(env.throw_illegal_argument("Argument is not an array"));
    }
    let component = env.class(class.component);
    let kind = if component.is_primitive() { BasicType::from_u8(component.basic) } else { None };
    Ok(kind.unwrap_or(BasicType::Object))
}

fn primitive_kind(env: &mut Env<'_>, array: Local<'_>) -> JResult<BasicType> {
    let kind = element_kind(env, array)?;
    if kind == BasicType::Object {
        return Err(env.throw_illegal_argument("Argument is not an array of primitive type"));
    }
    Ok(kind)
}

/// An index within the array.
fn checked_index(env: &mut Env<'_>, array: Local<'_>, index: i32) -> JResult<usize> {
    match usize::try_from(index) {
        Ok(index) if index < env.array_len(array) => Ok(index),
        _ => Err(out_of_bounds(env)),
    }
}

fn get_length<'s>(env: &mut Env<'s>, array: Local<'s>) -> JResult<i32> {
    element_kind(env, array)?;
    Ok(env.array_len(array) as i32)
}

fn get<'s>(env: &mut Env<'s>, array: Local<'s>, index: i32) -> JResult<Local<'s>> {
    let kind = element_kind(env, array)?;
    let index = checked_index(env, array, index)?;
    match read_element(env, array, kind, index) {
        Some(bits) => box_value(env, kind, bits),
        None => Ok(env.elem(array, index)),
    }
}

/// An element as a value of type `wanted`.
fn get_as(env: &mut Env<'_>, array: Local<'_>, index: i32, wanted: BasicType) -> JResult<u64> {
    let kind = primitive_kind(env, array)?;
    let index = checked_index(env, array, index)?;
    let Some(bits) = read_element(env, array, kind, index) else { return Err(out_of_bounds(env)) };
    widen(kind, bits, wanted).ok_or_else(|| mismatch(env))
}

/// Stores a value of type `given` as an element.
fn set_as(env: &mut Env<'_>, array: Local<'_>, index: i32, given: BasicType, bits: u64) -> JResult<()> {
    let kind = primitive_kind(env, array)?;
    store(env, array, kind, index, Some((given, bits)))
}

fn store(
    env: &mut Env<'_>,
    array: Local<'_>,
    kind: BasicType,
    index: i32,
    value: Option<(BasicType, u64)>,
) -> JResult<()> {
    let index = checked_index(env, array, index)?;
    match value.and_then(|(given, bits)| widen(given, bits, kind)) {
        Some(bits) => {
            write_element(env, array, kind, index, bits);
            Ok(())
        }
        None => Err(mismatch(env)),
    }
}

fn set<'s>(env: &mut Env<'s>, array: Local<'s>, index: i32, value: Local<'s>) -> JResult<()> {
    let kind = element_kind(env, array)?;
    if kind != BasicType::Object {
        if env.is_null(value) {
            return Err(illegal(env));
        }
        let value = unbox(env, value);
        return store(env, array, kind, index, value);
    }
    let index = checked_index(env, array, index)?;
    let component = env.class_of(array).component;
    if !env.is_null(value) && !env.instance_of(value, component) {
        return Err(env.throw_illegal_argument("array element type mismatch"));
    }
    env.set_elem(array, index, value);
    Ok(())
}

fn get_boolean<'s>(env: &mut Env<'s>, array: Local<'s>, index: i32) -> JResult<bool> {
    Ok(get_as(env, array, index, BasicType::Boolean)? != 0)
}

fn get_byte<'s>(env: &mut Env<'s>, array: Local<'s>, index: i32) -> JResult<i8> {
    Ok(get_as(env, array, index, BasicType::Byte)? as i8)
}

fn get_char<'s>(env: &mut Env<'s>, array: Local<'s>, index: i32) -> JResult<u16> {
    Ok(get_as(env, array, index, BasicType::Char)? as u16)
}

fn get_short<'s>(env: &mut Env<'s>, array: Local<'s>, index: i32) -> JResult<i16> {
    Ok(get_as(env, array, index, BasicType::Short)? as i16)
}

fn get_int<'s>(env: &mut Env<'s>, array: Local<'s>, index: i32) -> JResult<i32> {
    Ok(get_as(env, array, index, BasicType::Int)? as i32)
}

fn get_long<'s>(env: &mut Env<'s>, array: Local<'s>, index: i32) -> JResult<i64> {
    Ok(get_as(env, array, index, BasicType::Long)? as i64)
}

fn get_float<'s>(env: &mut Env<'s>, array: Local<'s>, index: i32) -> JResult<f32> {
    Ok(f32::from_bits(get_as(env, array, index, BasicType::Float)? as u32))
}

fn get_double<'s>(env: &mut Env<'s>, array: Local<'s>, index: i32) -> JResult<f64> {
    Ok(f64::from_bits(get_as(env, array, index, BasicType::Double)?))
}

/// The bits of a value that fits an int.
fn int_bits(value: i32) -> u64 {
    u64::from(value as u32)
}

fn set_boolean<'s>(env: &mut Env<'s>, array: Local<'s>, index: i32, value: bool) -> JResult<()> {
    set_as(env, array, index, BasicType::Boolean, u64::from(value))
}

fn set_byte<'s>(env: &mut Env<'s>, array: Local<'s>, index: i32, value: i8) -> JResult<()> {
    set_as(env, array, index, BasicType::Byte, int_bits(value.into()))
}

fn set_char<'s>(env: &mut Env<'s>, array: Local<'s>, index: i32, value: u16) -> JResult<()> {
    set_as(env, array, index, BasicType::Char, u64::from(value))
}

fn set_short<'s>(env: &mut Env<'s>, array: Local<'s>, index: i32, value: i16) -> JResult<()> {
    set_as(env, array, index, BasicType::Short, int_bits(value.into()))
}

fn set_int<'s>(env: &mut Env<'s>, array: Local<'s>, index: i32, value: i32) -> JResult<()> {
    set_as(env, array, index, BasicType::Int, int_bits(value))
}

fn set_long<'s>(env: &mut Env<'s>, array: Local<'s>, index: i32, value: i64) -> JResult<()> {
    set_as(env, array, index, BasicType::Long, value as u64)
}

fn set_float<'s>(env: &mut Env<'s>, array: Local<'s>, index: i32, value: f32) -> JResult<()> {
    set_as(env, array, index, BasicType::Float, u64::from(value.to_bits()))
}

fn set_double<'s>(env: &mut Env<'s>, array: Local<'s>, index: i32, value: f64) -> JResult<()> {
    set_as(env, array, index, BasicType::Double, value.to_bits())
}

fn negative_size(env: &mut Env<'_>, length: i32) -> Throw {
    env.throw("java/lang/NegativeArraySizeException", &length.to_string())
}

fn new_array<'s>(env: &mut Env<'s>, component: Local<'s>, length: i32) -> JResult<Local<'s>> {
    let component = env.class_arg(component)?;
    let Ok(length_checked) = usize::try_from(length) else { return Err(negative_size(env, length)) };
    let array_class = array_class(env, component, 1)?;
    env.new_array_of_class(array_class, length_checked)
}

fn multi_new_array<'s>(env: &mut Env<'s>, component: Local<'s>, dimensions: Local<'s>) -> JResult<Local<'s>> {
    let component = env.class_arg(component)?;
    if env.is_null(dimensions) {
        return Err(env.throw_npe());
    }
    let count = env.array_len(dimensions);
    if count == 0 || count > MAX_DIMENSIONS {
        return Err(illegal(env));
    }
    // A copy: another thread may change the array between the check and the use.
    let mut lengths = vec![0i32; count];
    env.read_array(dimensions, 0, &mut lengths);
    if let Some(negative) = lengths.iter().find(|length| **length < 0) {
        return Err(negative_size(env, *negative));
    }
    let array_class = array_class(env, component, count)?;
    alloc::multi_array(env, array_class, &lengths)
}

/// The array class with `count` more dimensions than the component class, which may be an array class itself.
fn array_class(
    env: &mut Env<'_>,
    component: carafe_gc::metaspace::ClassId,
    count: usize,
) -> JResult<carafe_gc::metaspace::ClassId> {
    let record = env.class(component);
    let void = env.vm().universe.primitive(BasicType::Void);
    if component == void || usize::from(record.dims) + count > MAX_DIMENSIONS {
        return Err(illegal(env));
    }
    let mut class = component;
    for _ in 0..count {
        class = linkage::array_of(env, class)?;
    }
    Ok(class)
}
