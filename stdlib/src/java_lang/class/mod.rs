//! `java.lang.Class`: what reflection asks of a class.
//!
//! | natives | file |
//! |---|---|
//! | kinds, names, supertypes, flags | here |
//! | finding classes by name, assertion status | `lookup` |
//! | fields, methods, constructors, record components | `members` |
//! | enclosing and inner classes, nests, sealing | `nesting` |
//! | attributes of the class file, raw | `attributes` |
//!
//! The fields of a mirror that Java reads by itself (loader, module, component type, modifiers) were written when the
//! mirror was made; nothing here touches them again, but for the cached name.

mod attributes;
mod lookup;
pub(crate) mod members;
mod nesting;

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::{Class, ClassFlags, is_subtype};
use carafe_gc::metaspace::ClassId;
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use carafe_vm::natives::NativeRow;

use crate::noop::nothing;

pub(crate) use lookup::{find_boot, is_loadable_name, slashed, symbol, too_long};

pub(super) fn tables() -> Vec<&'static [NativeRow]> {
    vec![CLASS, lookup::LOOKUP, members::MEMBERS, nesting::NESTING, attributes::ATTRIBUTES]
}

natives! { static CLASS for "java/lang/Class" {
    "registerNatives" "()V" = nothing(): isolate;
    "initClassName" "()Ljava/lang/String;" = init_class_name(obj): isolate;
    "isInstance" "(Ljava/lang/Object;)Z" = is_instance(obj, obj): isolate;
    "isAssignableFrom" "(Ljava/lang/Class;)Z" = is_assignable_from(obj, obj): isolate;
    "isHidden" "()Z" = is_hidden(obj): isolate;
    "isRecord0" "()Z" = is_record(obj): isolate;
    "getSuperclass" "()Ljava/lang/Class;" = get_superclass(obj): isolate;
    "getInterfaces0" "()[Ljava/lang/Class;" = get_interfaces(obj): isolate;
    "getClassAccessFlagsRaw0" "()I" = get_access_flags(obj): isolate;
    "getClassFileVersion0" "()I" = get_class_file_version(obj): isolate;
} }

/// The class of the receiver, which is never null.
fn class_of<'s>(env: &Env<'s>, this: Local<'_>) -> &'s Class {
    env.class(env.class_of_mirror(this))
}

/// The name that `getName` caches; interned.
fn init_class_name<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let text = env.vm().universe.external_name_mutf8(class_of(env, this).id);
    let name = env.new_string_mutf8(&text)?;
    let name = env.intern(name)?;
    env.set_ref(this, env.wk().class.name, name);
    Ok(name)
}

fn is_instance<'s>(env: &mut Env<'s>, this: Local<'s>, object: Local<'s>) -> JResult<bool> {
    // No object's class is a primitive one, nor a subtype of one.
    let class = env.class_of_mirror(this);
    Ok(env.instance_of(object, class))
}

fn is_assignable_from<'s>(env: &mut Env<'s>, this: Local<'s>, other: Local<'s>) -> JResult<bool> {
    let sub = env.class_arg(other)?;
    let sup = env.class_of_mirror(this);
    if sub == sup {
        return Ok(true);
    }
    if env.class(sub).is_primitive() || env.class(sup).is_primitive() {
        return Ok(false);
    }
    Ok(is_subtype(&env.vm().meta, sub, sup))
}

fn is_hidden<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<bool> {
    Ok(class_of(env, this).is_hidden())
}

fn is_record<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<bool> {
    Ok(class_of(env, this).flags.contains(ClassFlags::RECORD))
}

fn get_superclass<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let class = class_of(env, this);
    let superclass = if class.is_array() {
        env.wk().object.id
    } else if class.is_primitive() || class.is_interface() {
        ClassId::NONE
    } else {
        class.super_class
    };
    if superclass == ClassId::NONE { Ok(Local::NULL) } else { Ok(env.mirror(superclass)) }
}

fn get_interfaces<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let class = class_of(env, this);
    let interfaces = if class.is_array() {
        vec![env.wk().cloneable.id, env.wk().serializable.id]
    } else {
        env.vm().meta.slice(class.interfaces).to_vec()
    };
    mirrors(env, &interfaces)
}

/// A Class[] of some classes.
fn mirrors<'s>(env: &mut Env<'s>, classes: &[ClassId]) -> JResult<Local<'s>> {
    let array = env.new_ref_array(env.wk().class.id, classes.len())?;
    for (index, class) in classes.iter().enumerate() {
        env.scope(|env| {
            let mirror = env.mirror(*class);
            env.set_elem(array, index, mirror);
        });
    }
    Ok(array)
}

/// The flags as the class file has them; Java code asks for element types instead of arrays.
fn get_access_flags<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<i32> {
    Ok(i32::from(class_of(env, this).access.bits()))
}

fn get_class_file_version<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<i32> {
    const LATEST_MAJOR: i32 = 69;
    let class = class_of(env, this);
    if !class.is_plain() {
        return Ok(LATEST_MAJOR);
    }
    Ok(i32::from(class.minor) << 16 | i32::from(class.major))
}

/// The class of a primitive type (or void) by its keyword.
fn primitive_by_name(name: &str) -> Option<BasicType> {
    let mut all = BasicType::PRIMITIVES.into_iter().chain([BasicType::Void]);
    all.find(|basic| basic.name() == name)
}
