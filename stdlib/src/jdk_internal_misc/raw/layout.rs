//! Where fields and elements lie, and what Unsafe does with classes.
//!
//! An offset of a static field counts from its class's `java.lang.Class` object, which is also its base.

use carafe_classloader::class::Field;
use carafe_gc::object;
use carafe_vm::env::{Env, JResult, Local, Throw};
use carafe_vm::natives;

use crate::State;
use crate::errors;
use crate::java_lang::class_loader::{Bytes, define_named};
use crate::noop::nothing;

natives! { pub(super) static LAYOUT for "jdk/internal/misc/Unsafe" {
    "registerNatives" "()V" = nothing(): isolate;
    "objectFieldOffset0" "(Ljava/lang/reflect/Field;)J" = object_field_offset(obj, obj): isolate;
    "objectFieldOffset1" "(Ljava/lang/Class;Ljava/lang/String;)J" =
        object_field_offset_by_name(obj, obj, obj): isolate;
    "staticFieldOffset0" "(Ljava/lang/reflect/Field;)J" = static_field_offset(obj, obj): isolate;
    "staticFieldBase0" "(Ljava/lang/reflect/Field;)Ljava/lang/Object;" = static_field_base(obj, obj): isolate;
    "arrayBaseOffset0" "(Ljava/lang/Class;)I" = array_base_offset(obj, obj): isolate;
    "arrayIndexScale0" "(Ljava/lang/Class;)I" = array_index_scale(obj, obj): isolate;
    "shouldBeInitialized0" "(Ljava/lang/Class;)Z" = should_be_initialized(obj, obj): isolate;
    "ensureClassInitialized0" "(Ljava/lang/Class;)V" = ensure_class_initialized(obj, obj): isolate;
    "allocateInstance" "(Ljava/lang/Class;)Ljava/lang/Object;" = allocate_instance(obj, obj): isolate;
    "defineClass0" "(Ljava/lang/String;[BIILjava/lang/ClassLoader;Ljava/security/ProtectionDomain;)Ljava/lang/Class;" =
        define_class(obj, obj, obj, int, int, obj, obj): isolate;
    "throwException" "(Ljava/lang/Throwable;)V" = throw_exception(obj, obj): isolate;
    "getLoadAverage0" "([DI)I" = get_load_average(obj, obj, int): sys "loadavg";
} }

/// The field that a java.lang.reflect.Field stands for.
fn reflected_field<'s>(env: &mut Env<'s>, field: Local<'s>) -> JResult<&'s Field> {
    if env.is_null(field) {
        return Err(env.throw_npe());
    }
    let mirror = env.get_ref(field, env.wk().field.clazz);
    let slot = env.get::<i32>(field, env.wk().field.slot);
    let class = env.class_arg(mirror)?;
    let fields = env.vm().meta.slice(env.class(class).fields);
    match usize::try_from(slot).ok().and_then(|slot| fields.get(slot)) {
        Some(field) => Ok(field),
        None => Err(env.throw("java/lang/InternalError", "a Field without a field")),
    }
}

fn object_field_offset<'s>(env: &mut Env<'s>, _: Local<'s>, field: Local<'s>) -> JResult<i64> {
    let field = reflected_field(env, field)?;
    if field.is_static() {
        return Err(env.throw_no_message("java/lang/IllegalArgumentException"));
    }
    Ok(i64::from(field.offset))
}

fn object_field_offset_by_name<'s>(
    env: &mut Env<'s>,
    _: Local<'s>,
    class: Local<'s>,
    name: Local<'s>,
) -> JResult<i64> {
    let class = env.class_arg(class)?;
    if env.is_null(name) {
        return Err(env.throw_npe());
    }
    let name = env.string_mutf8(name);
    let meta = &env.vm().meta;
    let symbol = env.vm().universe.symbols.lookup(meta, &name);
    let fields = meta.slice(env.class(class).fields);
    match symbol.and_then(|symbol| fields.iter().find(|f| f.name == symbol)) {
        Some(field) => Ok(i64::from(field.offset)),
        None => Err(env.throw_no_message("java/lang/InternalError")),
    }
}

fn static_field_offset<'s>(env: &mut Env<'s>, _: Local<'s>, field: Local<'s>) -> JResult<i64> {
    let field = reflected_field(env, field)?;
    if !field.is_static() {
        return Err(env.throw_no_message("java/lang/IllegalArgumentException"));
    }
    Ok(i64::from(field.offset))
}

fn static_field_base<'s>(env: &mut Env<'s>, _: Local<'s>, field: Local<'s>) -> JResult<Local<'s>> {
    let field = reflected_field(env, field)?;
    if !field.is_static() {
        return Err(env.throw_no_message("java/lang/IllegalArgumentException"));
    }
    Ok(env.mirror(field.class))
}

/// log2 of the element size of an array class.
fn element_shift<'s>(env: &mut Env<'s>, class: Local<'s>) -> JResult<u8> {
    let class = env.class_arg(class)?;
    if !env.class(class).is_array() {
        return Err(env.throw("java/lang/InternalError", "not an array class"));
    }
    Ok(env.class(class).layout.elem_shift)
}

fn array_base_offset<'s>(env: &mut Env<'s>, _: Local<'s>, class: Local<'s>) -> JResult<i32> {
    Ok(object::array_data_offset(element_shift(env, class)?) as i32)
}

fn array_index_scale<'s>(env: &mut Env<'s>, _: Local<'s>, class: Local<'s>) -> JResult<i32> {
    Ok(1 << element_shift(env, class)?)
}

fn should_be_initialized<'s>(env: &mut Env<'s>, _: Local<'s>, class: Local<'s>) -> JResult<bool> {
    let class = env.class_arg(class)?;
    let class = env.class(class);
    Ok(class.is_plain() && !class.is_initialized())
}

fn ensure_class_initialized<'s>(env: &mut Env<'s>, _: Local<'s>, class: Local<'s>) -> JResult<()> {
    let class = env.class_arg(class)?;
    if env.class(class).is_plain() { env.initialize(class) } else { Ok(()) }
}

/// An object whose constructor nobody ran.
fn allocate_instance<'s>(env: &mut Env<'s>, _: Local<'s>, class: Local<'s>) -> JResult<Local<'s>> {
    let id = env.class_arg(class)?;
    let class = env.class(id);
    let special = id == env.wk().class.id;
    if !class.is_plain() || class.is_interface() || class.is_abstract() || special {
        return Err(not_instantiable(env, class));
    }
    env.initialize(id)?;
    env.alloc(id)
}

fn not_instantiable(env: &mut Env<'_>, class: &carafe_classloader::class::Class) -> Throw {
    let name = env.vm().universe.external_name(class.id);
    env.throw("java/lang/InstantiationException", &name)
}

fn define_class<'s>(
    env: &mut Env<'s>,
    _: Local<'s>,
    name: Local<'s>,
    bytes: Local<'s>,
    start: i32,
    len: i32,
    loader: Local<'s>,
    protection_domain: Local<'s>,
) -> JResult<Local<'s>> {
    define_named(env, loader, name, Bytes::Array(bytes, start, len), protection_domain, Local::NULL)
}

fn throw_exception<'s>(env: &mut Env<'s>, _: Local<'s>, throwable: Local<'s>) -> JResult<()> {
    if env.is_null(throwable) {
        return Err(env.throw_npe());
    }
    Err(env.throw_local(throwable))
}

/// Fills in up to three figures and says how many.
fn get_load_average<'s>(env: &mut Env<'s>, _: Local<'s>, averages: Local<'s>, wanted: i32) -> JResult<i32> {
    if env.is_null(averages) {
        return Err(env.throw_npe());
    }
    let figures = State::of(env).gate.load_averages().map_err(|e| errors::io(env, &e))?;
    let count = usize::try_from(wanted).unwrap_or(0).min(figures.len()).min(env.array_len(averages));
    env.write_array(averages, 0, figures.get(..count).unwrap_or_default());
    Ok(count as i32)
}
