//! `jdk.internal.vm.ThreadSnapshot`: one thread at one moment, for the library's own thread dumps.

use carafe_vm::dump::threads::{Blocker, FRAMES_MAX, Wanted, gather};
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;

use super::threads::show;
use crate::State;
use crate::java_lang::stack_trace;

natives! { pub(super) static THREAD_SNAPSHOT for "jdk/internal/vm/ThreadSnapshot" {
    "create" "(Ljava/lang/Thread;)Ljdk/internal/vm/ThreadSnapshot;" = create(obj): isolate;
} }

/// Places in the library's enum of what a thread waits for.
const PARK_BLOCKER: i32 = 0;
const WAITING_TO_LOCK: i32 = 1;
const WAITING_ON: i32 = 2;

/// Null for a thread that is not alive.
fn create<'s>(env: &mut Env<'s>, thread: Local<'s>) -> JResult<Local<'s>> {
    if env.is_null(thread) {
        return Err(env.throw_npe());
    }
    // Offsets first: from `gather` to `show` nothing may collect.
    let state = State::of(env);
    let [name, status, trace, locks, blocker_type, blocker_object] = state.fields.thread_snapshot.get(env)?;
    let [depth, object] = state.fields.thread_lock.get(env)?;
    let mut facts = gather(env, Wanted { frames: FRAMES_MAX, locks: true, synchronizers: false });
    let raw = env.raw(thread);
    facts.retain(|facts| facts.object == raw);
    let kind = match facts.first().map(|facts| facts.blocker) {
        None => return Ok(Local::NULL),
        Some(Blocker::Nothing | Blocker::Parked(_)) => PARK_BLOCKER,
        Some(Blocker::Entry(_) | Blocker::EntryAfterWait(_)) => WAITING_TO_LOCK,
        Some(Blocker::Notification(_)) => WAITING_ON,
    };
    let Some(shown) = show(env, facts).pop() else { return Ok(Local::NULL) };

    let class = env.boot_class("jdk/internal/vm/ThreadSnapshot")?;
    let snapshot = env.alloc(class)?;
    let thread_name = env.get_ref(shown.thread, env.wk().thread.name);
    env.set_ref(snapshot, name, thread_name);
    env.set::<i32>(snapshot, status, shown.status);
    let elements = stack_trace::elements_array(env, &shown.frames)?;
    env.set_ref(snapshot, trace, elements);
    env.set::<i32>(snapshot, blocker_type, kind);
    env.set_ref(snapshot, blocker_object, shown.blocker);

    let lock_class = env.boot_class("jdk/internal/vm/ThreadSnapshot$ThreadLock")?;
    env.initialize(lock_class)?;
    let array = env.new_ref_array(lock_class, shown.locks.len())?;
    for (index, (held, at)) in shown.locks.iter().enumerate() {
        env.scope(|env| -> JResult<()> {
            // Its type is 0: a lock that is held.
            let lock = env.alloc(lock_class)?;
            env.set::<i32>(lock, depth, *at);
            env.set_ref(lock, object, *held);
            env.set_elem(array, index, lock);
            Ok(())
        })?;
    }
    env.set_ref(snapshot, locks, array);
    Ok(snapshot)
}
