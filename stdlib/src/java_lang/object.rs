//! `java.lang.Object`: identity, monitors and the shallow copy.
//!
//! `clone` copies raw words and then stores the references again through the barrier. Nothing between allocation and
//! the last store can reach a safepoint, so no collector sees a half-made copy.

use std::sync::atomic::{Ordering, fence};

use carafe_classloader::class::{Class, ClassFlags};
use carafe_gc::object::{self, LayoutKind};
use carafe_vm::env::{Env, JResult, Local, Value};
use carafe_vm::{monitor, natives};

natives! { pub(crate) static OBJECT for "java/lang/Object" {
    "getClass" "()Ljava/lang/Class;" = get_class(obj): isolate;
    "hashCode" "()I" = hash_code(obj): isolate;
    "clone" "()Ljava/lang/Object;" = clone(obj): isolate;
    "notify" "()V" = notify(obj): isolate;
    "notifyAll" "()V" = notify_all(obj): isolate;
    "wait0" "(J)V" = wait0(obj, long): isolate;
} }

pub(crate) fn get_class<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let class = env.class_id_of(this);
    Ok(env.mirror(class))
}

fn hash_code<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<i32> {
    Ok(monitor::identity_hash(env, this))
}

fn notify<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<()> {
    monitor::notify(env, this)
}

fn notify_all<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<()> {
    monitor::notify_all(env, this)
}

fn wait0<'s>(env: &mut Env<'s>, this: Local<'s>, millis: i64) -> JResult<()> {
    monitor::wait(env, this, millis)
}

fn clone<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let class = env.class_of(this);
    if class.is_array() {
        return clone_array(env, this, class);
    }
    if !class.flags.contains(ClassFlags::CLONEABLE) || class.layout.kind != LayoutKind::Instance {
        let name = env.vm().universe.external_name(class.id);
        return Err(env.throw("java/lang/CloneNotSupportedException", &name));
    }
    let copy = env.alloc(class.id)?;
    copy_fields(env, this, copy, class);
    if class.flags.contains(ClassFlags::FINALIZABLE) {
        let finalizer = env.wk().finalizer.id;
        env.call_static(finalizer, "register", "(Ljava/lang/Object;)V", &[Value::Ref(copy)])?;
    }
    Ok(copy)
}

fn clone_array<'s>(env: &mut Env<'s>, this: Local<'s>, class: &Class) -> JResult<Local<'s>> {
    let len = env.array_len(this);
    let copy = env.new_array_of_class(class.id, len)?;
    super::arraycopy::copy_same_kind(env, this, 0, copy, 0, len, class)?;
    Ok(copy)
}

fn copy_fields(env: &Env<'_>, from: Local<'_>, to: Local<'_>, class: &Class) {
    let (base, source, target) = (env.base(), env.raw(from), env.raw(to));
    for offset in (object::HEADER_BYTES..class.layout.instance_bytes as usize).step_by(8) {
        // SAFETY: both objects are live instances of `class`, whose size is a multiple of 8 and covers `offset`.
        unsafe { object::store_u64(base, target, offset, object::load_u64(base, source, offset)) }
    }
    for run in env.vm().meta.slice(class.layout.ref_runs) {
        let (offset, count) = (run.offset as usize, run.count as usize);
        // SAFETY: the layout's runs name reference slots of every instance of `class`.
        unsafe { object::copy_refs(base, source, offset, target, offset, count) }
    }
    // Final fields of the copy must be seen by whoever sees the copy.
    fence(Ordering::Release);
}
