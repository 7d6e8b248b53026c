//! Reflective calls that do not go through method handles: before these are up, for members that they cannot express,
//! and when a property asks for it.
//!
//! Java code has checked access and, for most callers, the receiver; everything is checked again here, because a wrong
//! argument would otherwise be read as another type. What the called method throws comes out wrapped; what the call itself
//! gets wrong does not.

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::{Access, Method};
use carafe_vm::env::{Env, JResult, Local, Throw, Value};
use carafe_vm::linkage::handles::{box_value, split_descriptor, unbox};
use carafe_vm::{linkage, natives};

use crate::java_lang_reflect::slots;
use crate::java_lang_reflect::values::widen;

natives! { pub(super) static METHOD for "jdk/internal/reflect/DirectMethodHandleAccessor$NativeAccessor" {
    "invoke0" "(Ljava/lang/reflect/Method;Ljava/lang/Object;[Ljava/lang/Object;)Ljava/lang/Object;" =
        invoke(obj, obj, obj): isolate;
} }

natives! { pub(super) static CONSTRUCTOR for "jdk/internal/reflect/DirectConstructorHandleAccessor$NativeAccessor" {
    "newInstance0" "(Ljava/lang/reflect/Constructor;[Ljava/lang/Object;)Ljava/lang/Object;" =
        new_instance(obj, obj): isolate;
} }

const MISMATCH: &str = "argument type mismatch";

fn not_a_member(env: &mut Env<'_>) -> Throw {
    env.throw("java/lang/InternalError", "reflected object without a member")
}

fn invoke<'s>(
    env: &mut Env<'s>,
    reflected: Local<'s>,
    receiver: Local<'s>,
    arguments: Local<'s>,
) -> JResult<Local<'s>> {
    if env.is_null(reflected) {
        return Err(env.throw_npe());
    }
    let Some(method) = slots::executable(env, reflected) else { return Err(not_a_member(env)) };
    if method.is_static() {
        env.initialize(method.class)?;
        let types = env.get_ref(reflected, env.wk().method.parameter_types);
        let values = values(env, method, types, Local::NULL, arguments)?;
        return call(env, method, &values);
    }
    if env.is_null(receiver) {
        return Err(env.throw_npe());
    }
    if !env.instance_of(receiver, method.class) {
        return Err(env.throw_illegal_argument("object is not an instance of declaring class"));
    }
    let class = env.class_id_of(receiver);
    let selected = match linkage::select(env, class, method) {
        _ if method.is_private() => method,
        Ok(selected) => selected,
        Err(Throw) => return Err(wrap_exception(env)),
    };
    let types = env.get_ref(reflected, env.wk().method.parameter_types);
    let values = values(env, method, types, receiver, arguments)?;
    call(env, selected, &values)
}

fn new_instance<'s>(env: &mut Env<'s>, reflected: Local<'s>, arguments: Local<'s>) -> JResult<Local<'s>> {
    if env.is_null(reflected) {
        return Err(env.throw_npe());
    }
    let Some(method) = slots::executable(env, reflected) else { return Err(not_a_member(env)) };
    env.initialize(method.class)?;
    let class = env.class(method.class);
    if class.access.intersects(Access::ABSTRACT | Access::INTERFACE) || class.id == env.wk().class.id {
        let name = env.vm().universe.external_name(class.id);
        return Err(env.throw("java/lang/InstantiationException", &name));
    }
    let object = env.alloc(class.id)?;
    let types = env.get_ref(reflected, env.wk().constructor.parameter_types);
    let values = values(env, method, types, object, arguments)?;
    call(env, method, &values)?;
    Ok(object)
}

/// The arguments as the method takes them, the receiver first unless the method is static.
fn values<'s>(
    env: &mut Env<'s>,
    method: &Method,
    types: Local<'s>,
    receiver: Local<'s>,
    arguments: Local<'s>,
) -> JResult<Vec<Value<'s>>> {
    let descriptor = env.vm().universe.text(method.descriptor);
    let Some(parts) = split_descriptor(descriptor) else { return Err(not_a_member(env)) };
    let given = if env.is_null(arguments) { 0 } else { env.array_len(arguments) };
    if given != parts.parameters.len() || env.is_null(types) || env.array_len(types) != given {
        return Err(env.throw_illegal_argument("wrong number of arguments"));
    }
    let mut values = Vec::with_capacity(given + 1);
    if !method.is_static() {
        values.push(Value::Ref(receiver));
    }
    for (index, parameter) in parts.parameters.iter().enumerate() {
        let argument = env.elem(arguments, index);
        let kind =
            parameter.first().and_then(|c| BasicType::from_descriptor(*c)).unwrap_or(BasicType::Object);
        let value = if kind.is_primitive() {
            primitive(env, argument, kind)?
        } else {
            let type_ = env.elem(types, index);
            let class = env.class_arg(type_)?;
            if !env.is_null(argument) && !env.instance_of(argument, class) {
                return Err(env.throw_illegal_argument(MISMATCH));
            }
            Value::Ref(argument)
        };
        values.push(value);
    }
    Ok(values)
}

/// A boxed argument, widened to the parameter's type.
fn primitive<'s>(env: &mut Env<'s>, argument: Local<'_>, kind: BasicType) -> JResult<Value<'s>> {
    if env.is_null(argument) {
        return Err(env.throw_no_message("java/lang/IllegalArgumentException"));
    }
    let bits = unbox(env, argument).and_then(|(given, bits)| widen(given, bits, kind));
    let Some(bits) = bits else { return Err(env.throw_illegal_argument(MISMATCH)) };
    Ok(match kind {
        BasicType::Long => Value::Long(bits as i64),
        BasicType::Double => Value::Double(f64::from_bits(bits)),
        BasicType::Float => Value::Float(f32::from_bits(bits as u32)),
        BasicType::Boolean | BasicType::Char | BasicType::Byte | BasicType::Short | BasicType::Int => {
            Value::Int(bits as u32 as i32)
        }
        BasicType::Object | BasicType::Array | BasicType::Void => Value::Void,
    })
}

/// Calls, and gives the result as an object: boxed if it is primitive, null for void.
fn call<'s>(env: &mut Env<'s>, method: &Method, values: &[Value<'_>]) -> JResult<Local<'s>> {
    let result = match env.call(method, values) {
        Ok(result) => result,
        Err(Throw) => return Err(wrap_exception(env)),
    };
    let kind = BasicType::from_u8(method.result).unwrap_or(BasicType::Void);
    let bits = match result {
        Value::Void => return Ok(Local::NULL),
        Value::Ref(object) => return Ok(object),
        Value::Int(value) => u64::from(value as u32),
        Value::Long(value) => value as u64,
        Value::Float(value) => u64::from(value.to_bits()),
        Value::Double(value) => value.to_bits(),
    };
    box_value(env, kind, bits)
}

/// Puts the pending exception into an InvocationTargetException.
fn wrap_exception(env: &mut Env<'_>) -> Throw {
    if env.is_terminating() {
        return Throw;
    }
    let made = env.scope_ref(|env| {
        let target = env.take_exception();
        let class = env.boot_class("java/lang/reflect/InvocationTargetException")?;
        env.new_object(class, "(Ljava/lang/Throwable;)V", &[Value::Ref(target)])
    });
    match made {
        Ok(exception) => env.throw_local(exception),
        Err(Throw) => Throw,
    }
}
