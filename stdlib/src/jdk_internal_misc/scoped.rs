//! `jdk.internal.misc.ScopedMemoryAccess`: closing a memory session that other threads may be reading.
//!
//! Java code has marked the session closed already. A thread that looked before that may still be between its look and
//! its access, inside a method annotated `@Scoped` that holds the session in a local variable. `closeScope0` returns
//! only when no thread is: it stops the world, looks at everybody's frames, and if somebody is inside lets the world go
//! on a little and looks again. Those methods are short and never block, so this ends; the access that was under way
//! counts as made before the close. So `error`, which HotSpot throws into such a thread, is not needed.

use carafe_classloader::class::method::MethodFlags;
use carafe_gc::object::ObjRef;
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use carafe_vm::thread::{Thread, safepoint, walk};

use crate::noop::nothing;

natives! { pub(super) static SCOPED_MEMORY_ACCESS for "jdk/internal/misc/ScopedMemoryAccess" {
    "registerNatives" "()V" = nothing(): isolate;
    "closeScope0" "(Ljdk/internal/foreign/MemorySessionImpl;Ljdk/internal/misc/ScopedMemoryAccess$ScopedAccessError;)V" =
        close_scope(obj, obj, obj): isolate;
} }

fn close_scope<'s>(env: &mut Env<'s>, _: Local<'s>, session: Local<'s>, _error: Local<'s>) -> JResult<()> {
    if env.is_null(session) {
        return Err(env.throw_npe());
    }
    loop {
        let busy = env.scope(|env| {
            // The reference is read inside the stopped world: waiting for it may have moved the session.
            let handle = env.global(session)?;
            Ok(safepoint::stop_the_world_for("CloseScopedMemory", env.thread_mut(), |me| {
                let session = handle.get();
                let threads = me.vm().threads.lock();
                let mut others = threads.iter().filter(|e| e.control.id != me.id());
                // SAFETY: the world is stopped, and an entry's thread lives as long as it is listed.
                others.any(|e| is_inside(unsafe { &*e.thread }, session))
            }))
        })?;
        if !busy {
            return Ok(());
        }
        env.blocking(std::thread::yield_now);
        env.poll()?;
    }
}

/// Whether a stopped thread is in the middle of an access that the session guards. Only its youngest frames can be: a
/// scoped method calls nothing but accessors and natives.
fn is_inside(thread: &Thread, session: ObjRef) -> bool {
    const FRAMES_MAX: usize = 16;
    let vm = thread.vm();
    let (mut seen, mut inside) = (0, false);
    walk::each(thread, |frame| {
        seen += 1;
        if !frame.native && frame.method.flags.contains(MethodFlags::SCOPED) {
            let holds = |n| {
                // SAFETY: a stopped thread's interpreted frame has this many locals.
                let slot = unsafe { *walk::local_slot(vm, frame.fp, n) };
                // A number that happens to look like the session only costs another round.
                slot as u32 == session.raw()
            };
            inside |= (0..usize::from(frame.method.max_locals)).any(holds);
        }
        !inside && seen < FRAMES_MAX
    });
    inside
}
