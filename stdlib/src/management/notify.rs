//! Telling programs about collections: a daemon thread that calls the listeners of a collector's bean.
//!
//! The thread starts with the first listener. Collections wait for it in a queue that keeps the latest; a program that does not
//! keep up misses some.

use std::sync::atomic::{AtomicBool, Ordering};

use carafe_classloader::class::Method;
use carafe_gc::metaspace::ClassId;
use carafe_vm::env::{Env, JResult, Local, Value};
use carafe_vm::log::gc::{Collection, cause};
use carafe_vm::natives;
use carafe_vm::thread::start;

use super::memory;
use crate::State;
use crate::errors;

natives! { pub(super) static GARBAGE_COLLECTOR_EXT for "com/sun/management/internal/GarbageCollectorExtImpl" {
    "setNotificationEnabled" "(Lcom/sun/management/GarbageCollectorMXBean;Z)V" =
        set_notification_enabled(obj, obj, bool): isolate;
} }

#[derive(Default)]
pub(crate) struct Notifications {
    runs: AtomicBool,
    /// By collector: whether somebody listens.
    wanted: [AtomicBool; 2],
}

fn set_notification_enabled<'s>(
    env: &mut Env<'s>,
    _: Local<'s>,
    collector: Local<'s>,
    enabled: bool,
) -> JResult<()> {
    let at = memory::collector_of(env, collector)?;
    let notifications = &State::of(env).notifications;
    notifications.wanted[at].store(enabled, Ordering::SeqCst);
    let any = notifications.wanted.iter().any(|wanted| wanted.load(Ordering::SeqCst));
    env.vm().collections.keep(any);
    if any && !notifications.runs.swap(true, Ordering::SeqCst) {
        const PRIORITY: i32 = 9;
        start::start_system(env, "Notification Thread", PRIORITY, Box::new(notify_all))?;
    }
    Ok(())
}

fn notify_all(env: &mut Env<'_>) -> JResult<()> {
    let vm = env.vm();
    while let Some(collection) = env.blocking(|| vm.collections.next(|| vm.is_halting())) {
        env.poll()?;
        if !State::of(env).notifications.wanted[collection.collector].load(Ordering::SeqCst) {
            continue;
        }
        if env.scope(|env| notify(env, &collection)).is_err() {
            if env.is_terminating() {
                break;
            }
            // A listener's failure is its own.
            env.take_exception();
        }
    }
    Ok(())
}

fn notify(env: &mut Env<'_>, collection: &Collection) -> JResult<()> {
    let bean = memory::collector_bean(env, collection.collector)?;
    let class = env.class_id_of(bean);
    let make = find(env, class, "getGcInfoBuilder", "()Lcom/sun/management/internal/GcInfoBuilder;")?;
    let builder = env.call(make, &[Value::Ref(bean)])?.local();
    let info = memory::gc_info(env, builder, collection)?;
    let now = State::of(env).gate.wall_clock().map_err(|e| errors::io(env, &e))?.as_millis() as i64;
    let name = env.new_string(env.vm().figures().collectors[collection.collector].name)?;
    let action = if collection.collector == 0 { "end of minor GC" } else { "end of major GC" };
    let action = env.new_string(action)?;
    let cause = env.new_string(cause(collection.cause))?;
    let descriptor = "(JLjava/lang/String;Ljava/lang/String;Ljava/lang/String;Lcom/sun/management/GcInfo;)V";
    let create = find(env, class, "createGCNotification", descriptor)?;
    let arguments = [
        Value::Ref(bean),
        Value::Long(now),
        Value::Ref(name),
        Value::Ref(action),
        Value::Ref(cause),
        Value::Ref(info),
    ];
    env.call(create, &arguments).map(|_| ())
}

fn find<'s>(env: &mut Env<'s>, class: ClassId, name: &str, descriptor: &str) -> JResult<&'s Method> {
    match env.find_method(class, name, descriptor) {
        Some(method) => Ok(method),
        None => Err(env.throw("java/lang/NoSuchMethodError", name)),
    }
}
