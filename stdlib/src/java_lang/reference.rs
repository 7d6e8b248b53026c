//! `java.lang.ref`: what the Reference Handler thread asks for, and the accesses to a referent that the collector must see.
//!
//! The collector links the references it cleared through `discovered`; the list hangs in the VM until the handler
//! takes it. Phantom referents need no rule of their own: nothing here hands one out.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;

use crate::noop::nothing_of;

natives! { pub(crate) static REFERENCE for "java/lang/ref/Reference" {
    "getAndClearReferencePendingList" "()Ljava/lang/ref/Reference;" = take_pending_list(): isolate;
    "hasReferencePendingList" "()Z" = has_pending_list(): isolate;
    "waitForReferencePendingList" "()V" = wait_for_pending_list(): isolate;
    "refersTo0" "(Ljava/lang/Object;)Z" = refers_to(obj, obj): isolate;
    "clear0" "()V" = clear(obj): isolate;
} }

natives! { pub(crate) static PHANTOM_REFERENCE for "java/lang/ref/PhantomReference" {
    "refersTo0" "(Ljava/lang/Object;)Z" = refers_to(obj, obj): isolate;
    "clear0" "()V" = clear(obj): isolate;
} }

natives! { pub(crate) static FINALIZER for "java/lang/ref/Finalizer" {
    "isFinalizationEnabled" "()Z" = is_finalization_enabled(): isolate;
    "reportComplete" "(Ljava/lang/Object;)V" = nothing_of(obj): isolate;
} }

fn take_pending_list<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    Ok(carafe_vm::references::take_pending(env))
}

fn has_pending_list(env: &mut Env<'_>) -> JResult<bool> {
    Ok(carafe_vm::references::has_pending(env))
}

fn wait_for_pending_list(env: &mut Env<'_>) -> JResult<()> {
    carafe_vm::references::wait_pending(env)
}

fn refers_to<'s>(env: &mut Env<'s>, this: Local<'s>, object: Local<'s>) -> JResult<bool> {
    let referent = env.get_ref(this, env.wk().reference.referent);
    Ok(env.same(referent, object))
}

fn clear<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<()> {
    env.set_ref(this, env.wk().reference.referent, Local::NULL);
    Ok(())
}

fn is_finalization_enabled(_: &mut Env<'_>) -> JResult<bool> {
    Ok(true)
}
