//! `java.lang.VirtualThread`: what its scheduler, written in Java, asks of the VM beyond continuations.
//!
//! Monitors and virtual threads are [`carafe_vm::monitor`]'s business. The other natives tell tools (JVMTI, Flight
//! Recorder) of events, and this VM has none of those.

use carafe_vm::continuation::blocking;
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;

use crate::noop::{nothing, nothing_of};

natives! { pub(crate) static VIRTUAL_THREAD for "java/lang/VirtualThread" {
    "registerNatives" "()V" = nothing(): isolate;
    "takeVirtualThreadListToUnblock" "()Ljava/lang/VirtualThread;" = take_virtual_thread_list_to_unblock(): isolate;
    "notifyJvmtiStart" "()V" = nothing_of(obj): isolate;
    "notifyJvmtiEnd" "()V" = nothing_of(obj): isolate;
    "notifyJvmtiMount" "(Z)V" = nothing_of_change(obj, bool): isolate;
    "notifyJvmtiUnmount" "(Z)V" = nothing_of_change(obj, bool): isolate;
    "notifyJvmtiDisableSuspend" "(Z)V" = nothing_of_suspension(bool): isolate;
    "postPinnedEvent" "(Ljava/lang/String;)V" = nothing_of(obj): isolate;
} }

fn take_virtual_thread_list_to_unblock<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    blocking::take_list(env)
}

fn nothing_of_change<'s>(_: &mut Env<'s>, _: Local<'s>, _hide: bool) -> JResult<()> {
    Ok(())
}

fn nothing_of_suspension(_: &mut Env<'_>, _disable: bool) -> JResult<()> {
    Ok(())
}
