//! Monitors of instructions and of synchronized methods.
//!
//! The object that a synchronized method has locked is kept in a hidden last local, so that unwinding unlocks what was
//! locked even if the code has overwritten its receiver.

use carafe_gc::object::ObjRef;

use super::{Flow, advance, method_of, null_pointer, plain};
use crate::env::Env;
use crate::monitor::{self, Entered};
use crate::thread::frames::Frame;
use crate::thread::{Held, Thread};

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
            if monitor::enter_or_unmount(env, object)? == Entered::Unmounted {
                return Ok(());
            }
            let object = env.raw(object);
            (*t).held.push(Held { frame: (*t).top.fp, object });
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
            if !forget_held(t, env.raw(object)) {
                return Err(monitor::not_structured(env));
            }
            monitor::exit(env, object)?;
            (*t).top.sp = (*t).top.sp.add(1);
            advance(t, 1);
            Ok(())
        })
    }
}

/// The youngest frame is about to unlock an object: false if it has not locked it itself.
///
/// # Safety
/// CONTRACT.
unsafe fn forget_held(t: *mut Thread, object: ObjRef) -> bool {
    // SAFETY: CONTRACT; a synchronized method has one local more than its code knows.
    unsafe {
        let fp = (*t).top.fp;
        let held = &mut (*t).held;
        let own = held.iter().rev().take_while(|h| h.frame == fp).position(|h| h.object == object);
        if let Some(back) = own {
            held.remove(held.len() - 1 - back);
            return true;
        }
        let (_, method) = method_of(t);
        if !method.is_synchronized() {
            return false;
        }
        let slot = Frame::new(fp).locals(method.max_locals as usize).sub(method.max_locals as usize - 1);
        let is_own = *slot as u32 == object.raw();
        if is_own {
            *slot = 0;
        }
        is_own
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
            if monitor::enter_or_unmount(env, object)? == Entered::Unmounted {
                return Ok(());
            }
            *slot = env.raw(object).raw() as u64;
            advance(t, 1);
            Ok(())
        })
    }
}

/// A method that locks returns. False with an exception pending if a synchronized method does not hold its lock any
/// more, or if the frame has left something else locked (JVMS 2.11.10), which is unlocked then.
///
/// # Safety
/// CONTRACT.
pub unsafe fn unlock_frame(t: *mut Thread) -> bool {
    // SAFETY: CONTRACT.
    unsafe {
        let (_, method) = method_of(t);
        let mut structured = true;
        if method.is_synchronized() {
            let lp = Frame::new((*t).top.fp).locals(method.max_locals as usize);
            let slot = lp.sub(method.max_locals as usize - 1);
            let object = ObjRef::from_raw(*slot as u32);
            *slot = 0;
            structured = !object.is_null() && monitor::unlock_for_unwind(t, object);
        }
        structured &= !monitor::unlock_held(t, (*t).top.fp);
        if !structured {
            Env::with(t, monitor::not_structured);
        }
        structured
    }
}
