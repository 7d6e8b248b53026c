//! Attributes of a class file, as reflection wants them: raw bodies that Java code parses with the constant pool.

use carafe_classloader::class::{Class, Pool};
use carafe_classloader::classfile::attributes::{Raw, single_index};
use carafe_gc::metaspace::{ClassId, MetaSlice};
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::{linkage, natives};

use super::class_of;

natives! { pub(super) static ATTRIBUTES for "java/lang/Class" {
    "getGenericSignature0" "()Ljava/lang/String;" = get_generic_signature(obj): isolate;
    "getRawAnnotations" "()[B" = get_raw_annotations(obj): isolate;
    "getRawTypeAnnotations" "()[B" = get_raw_type_annotations(obj): isolate;
    "getConstantPool" "()Ljdk/internal/reflect/ConstantPool;" = get_constant_pool(obj): isolate;
} }

/// The constant pool of a plain class.
pub(super) fn pool<'s>(env: &Env<'s>, class: &Class) -> &'s Pool {
    env.vm().meta.get(class.pool)
}

/// The class that a Class entry of the pool stands for, loaded if need be.
pub(super) fn resolve(env: &mut Env<'_>, class: ClassId, index: u16) -> JResult<ClassId> {
    linkage::finish(env, |env| linkage::constants::try_class(env, class, index))
}

/// The first attribute of that name in a table (of the class itself, a field, a method or its code).
pub(crate) fn find<'s>(env: &Env<'s>, class: &Class, table: MetaSlice<u8>, name: &str) -> Option<Raw<'s>> {
    env.vm().universe.attribute(class, table, name)
}

/// The body of an attribute as a new byte[], null if there is none.
pub(crate) fn body<'s>(
    env: &mut Env<'s>,
    class: &Class,
    table: MetaSlice<u8>,
    name: &str,
) -> JResult<Local<'s>> {
    match find(env, class, table, name) {
        Some(raw) => env.new_byte_array(raw.bytes),
        None => Ok(Local::NULL),
    }
}

/// The text of a Utf8 entry as a String; null for index 0.
pub(crate) fn utf8_string<'s>(env: &mut Env<'s>, class: &Class, index: u16) -> JResult<Local<'s>> {
    if index == 0 {
        return Ok(Local::NULL);
    }
    let text = pool(env, class).utf8(&env.vm().meta, index);
    env.new_string_mutf8(text)
}

fn get_generic_signature<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let class = class_of(env, this);
    let signature = find(env, class, class.attributes, "Signature");
    let index = signature.and_then(|raw| single_index(&raw)).unwrap_or(0);
    utf8_string(env, class, index)
}

fn get_raw_annotations<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let class = class_of(env, this);
    body(env, class, class.attributes, "RuntimeVisibleAnnotations")
}

fn get_raw_type_annotations<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let class = class_of(env, this);
    body(env, class, class.attributes, "RuntimeVisibleTypeAnnotations")
}

/// A view of the pool for Java code: it holds the class, which its natives get back.
fn get_constant_pool<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    if !class_of(env, this).is_plain() {
        return Ok(Local::NULL);
    }
    let class = env.wk().constant_pool.id;
    env.initialize(class)?;
    let view = env.alloc(class)?;
    env.set_ref(view, env.wk().constant_pool.constant_pool_oop, this);
    Ok(view)
}
