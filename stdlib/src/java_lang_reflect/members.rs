//! What `Executable` and `Field` read of the class file only when somebody asks.

use carafe_classloader::class::pool::tag;
use carafe_classloader::classfile::attributes::{MethodParameter, method_parameters};
use carafe_gc::metaspace::{ClassId, MetaSlice};
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;

use super::slots;

natives! { pub(super) static EXECUTABLE for "java/lang/reflect/Executable" {
    "getParameters0" "()[Ljava/lang/reflect/Parameter;" = get_parameters(obj): isolate;
    "getTypeAnnotationBytes0" "()[B" = get_executable_type_annotations(obj): isolate;
} }

natives! { pub(super) static FIELD for "java/lang/reflect/Field" {
    "getTypeAnnotationBytes0" "()[B" = get_field_type_annotations(obj): isolate;
} }

/// Parameter[] of what the MethodParameters attribute says; null without one. Java code checks the number of them.
fn get_parameters<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let Some(method) = slots::executable(env, this) else { return Ok(Local::NULL) };
    let vm = env.vm();
    let Some(raw) = vm.attribute(method.class, method.attributes, "MethodParameters") else {
        return Ok(Local::NULL);
    };
    let parameters: Vec<MethodParameter> = method_parameters(&raw).collect();
    let pool = vm.meta.get(env.class(method.class).pool);
    if parameters.iter().any(|p| p.name != 0 && pool.tag(&vm.meta, p.name) != tag::UTF8) {
        return Err(env.throw_illegal_argument("Wrong type at constant pool index"));
    }
    let at = &env.wk().parameter;
    env.initialize(at.id)?;
    let array = env.new_ref_array(at.id, parameters.len())?;
    for (index, parameter) in parameters.into_iter().enumerate() {
        env.scope(|env| {
            let object = env.alloc(at.id)?;
            env.set_elem(array, index, object);
            if parameter.name != 0 {
                let name = env.new_string_mutf8(pool.utf8(&vm.meta, parameter.name))?;
                let name = env.intern(name)?;
                env.set_ref(object, at.name, name);
            }
            env.set(object, at.modifiers, i32::from(parameter.access));
            env.set_ref(object, at.executable, this);
            env.set(object, at.index, index as i32);
            Ok(())
        })?;
    }
    Ok(array)
}

fn get_executable_type_annotations<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    match slots::executable(env, this) {
        Some(method) => type_annotations(env, method.class, method.attributes),
        None => Ok(Local::NULL),
    }
}

fn get_field_type_annotations<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    match slots::field(env, this) {
        Some(field) => type_annotations(env, field.class, field.attributes),
        None => Ok(Local::NULL),
    }
}

/// The body of RuntimeVisibleTypeAnnotations as a byte[]; null if there is none.
fn type_annotations<'s>(env: &mut Env<'s>, class: ClassId, table: MetaSlice<u8>) -> JResult<Local<'s>> {
    let vm = env.vm();
    match vm.attribute(class, table, "RuntimeVisibleTypeAnnotations") {
        Some(raw) => env.new_byte_array(raw.bytes),
        None => Ok(Local::NULL),
    }
}
