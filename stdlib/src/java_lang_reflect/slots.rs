//! From a reflected object to the member that it stands for: `clazz` and `slot`, its place among the class's members.
//!
//! Java code cannot reach `slot` by ordinary means, but nothing here relies on that: a slot that names no member gives
//! `None`.

use carafe_classloader::class::{Field, Method};
use carafe_vm::env::{Env, Local};

/// The method of a java.lang.reflect.Method or Constructor.
pub(crate) fn executable<'s>(env: &mut Env<'s>, reflected: Local<'_>) -> Option<&'s Method> {
    let wk = env.wk();
    let (clazz, slot) = if env.instance_of(reflected, wk.method.id) {
        (wk.method.clazz, wk.method.slot)
    } else if env.instance_of(reflected, wk.constructor.id) {
        (wk.constructor.clazz, wk.constructor.slot)
    } else {
        return None;
    };
    let (class, slot) = class_and_slot(env, reflected, clazz, slot)?;
    env.vm().meta.slice(class.methods).get(slot)
}

/// The field of a java.lang.reflect.Field.
pub(crate) fn field<'s>(env: &mut Env<'s>, reflected: Local<'_>) -> Option<&'s Field> {
    let at = &env.wk().field;
    if !env.instance_of(reflected, at.id) {
        return None;
    }
    let (class, slot) = class_and_slot(env, reflected, at.clazz, at.slot)?;
    env.vm().meta.slice(class.fields).get(slot)
}

fn class_and_slot<'s>(
    env: &mut Env<'s>,
    reflected: Local<'_>,
    clazz: u32,
    slot: u32,
) -> Option<(&'s carafe_classloader::class::Class, usize)> {
    let mirror = env.get_ref(reflected, clazz);
    if env.is_null(mirror) {
        return None;
    }
    let slot = usize::try_from(env.get::<i32>(reflected, slot)).ok()?;
    Some((env.class(env.class_of_mirror(mirror)), slot))
}
