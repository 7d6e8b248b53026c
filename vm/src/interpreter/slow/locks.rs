//! Monitors of instructions and of synchronized methods.
//!
//! The object that a synchronized method has locked is kept in a hidden last local, so that unwinding unlocks what was
//! locked even if the code has overwritten its receiver.

use carafe_gc::object::ObjRef;

use super::{Flow, advance, method_of, null_pointer, plain};
use crate::env::Env;
use crate::monitor;
use crate::thread::Thread;
use crate::thread::frames::Frame;

/// # Safety
/// CONTRACT.
pub unsafe fn monitor_enter(t: *mut Thread) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let object = ObjRef::from_raw(*(*t).top.sp as u32);
        if object.is_null() {
            null_pointer(t);
            return Flow::Throw;
        }
        plain(t, |env| {
            let object = env.local(object);
            monitor::enter(env, object)?;
            (*t).top.sp = (*t).top.sp.add(1);
            advance(t, 1);
            Ok(())
        })
    }
}

/// # Safety
/// CONTRACT.
pub unsafe fn monitor_exit(t: *mut Thread) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let object = ObjRef::from_raw(*(*t).top.sp as u32);
        if object.is_null() {
            null_pointer(t);
            return Flow::Throw;
        }
        plain(t, |env| {
            let object = env.local(object);
            monitor::exit(env, object)?;
            (*t).top.sp = (*t).top.sp.add(1);
            advance(t, 1);
            Ok(())
        })
    }
}

/// `EnterSync`: locks what a synchronized method locks and keeps it in the hidden last local.
///
/// # Safety
/// CONTRACT.
pub unsafe fn lock_frame(t: *mut Thread) -> Flow {
    // SAFETY: CONTRACT; a synchronized method has one local more than its code knows.
    unsafe {
        let (_, method) = method_of(t);
        let lp = Frame::new((*t).top.fp).locals(method.max_locals as usize);
        let slot = lp.sub(method.max_locals as usize - 1);
        *slot = 0;
        plain(t, |env| {
            let object = if method.is_static() {
                env.mirror(method.class)
            } else {
                env.local(ObjRef::from_raw(*lp as u32))
            };
            monitor::enter(env, object)?;
            *slot = env.raw(object).raw() as u64;
            advance(t, 1);
            Ok(())
        })
    }
}

/// A synchronized method returns: unlock. False with an exception pending if it does not hold the lock any more.
///
/// # Safety
/// CONTRACT.
pub unsafe fn unlock_frame(t: *mut Thread) -> bool {
    // SAFETY: CONTRACT.
    unsafe {
        let (_, method) = method_of(t);
        let lp = Frame::new((*t).top.fp).locals(method.max_locals as usize);
        let slot = lp.sub(method.max_locals as usize - 1);
        let object = ObjRef::from_raw(*slot as u32);
        *slot = 0;
        Env::with(t, |env| {
            let object = env.local(object);
            monitor::exit(env, object)
        })
        .is_ok()
    }
}
