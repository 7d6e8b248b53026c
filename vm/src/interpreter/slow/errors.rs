//! Exceptions that the machine itself throws in the middle of an instruction.
//!
//! Each leaves its exception pending; the pc stays at the instruction, which is what the tables, the line number and
//! the helpful NullPointerException text are looked up by. What needs a resolved name to say (a cast, an array store, a
//! missing interface) stands beside the instruction that throws it.

use carafe_classloader::class::method::MethodFlags;
use carafe_gc::object::ObjRef;

use super::{Flow, method_of};
use crate::env::{Env, Local};
use crate::exceptions;
use crate::thread::Thread;
use crate::thread::frames::Frame;

/// # Safety
/// CONTRACT.
#[cold]
pub unsafe fn null_pointer(t: *mut Thread) {
    // SAFETY: CONTRACT.
    unsafe {
        Env::with(t, |env| env.throw_npe());
    }
}

/// # Safety
/// CONTRACT.
#[cold]
pub unsafe fn array_index(t: *mut Thread, index: i32, length: u32) {
    // SAFETY: CONTRACT.
    unsafe {
        Env::with(t, |env| {
            let class = env.wk().array_index_exception.id;
            let text = format!("Index {index} out of bounds for length {length}");
            exceptions::throw_new(env, class, Some(&text), Local::NULL)
        });
    }
}

/// # Safety
/// CONTRACT.
#[cold]
pub unsafe fn divide_by_zero(t: *mut Thread) {
    // SAFETY: CONTRACT.
    unsafe {
        Env::with(t, |env| {
            let class = env.wk().arithmetic_exception.id;
            exceptions::throw_new(env, class, Some("/ by zero"), Local::NULL)
        });
    }
}

/// # Safety
/// CONTRACT.
#[cold]
pub unsafe fn stack_overflow(t: *mut Thread) {
    // SAFETY: CONTRACT.
    unsafe {
        Env::with(t, exceptions::throw_stack_overflow);
    }
}

/// # Safety
/// CONTRACT.
#[cold]
pub unsafe fn bad_member(t: *mut Thread) {
    // SAFETY: CONTRACT.
    unsafe {
        Env::with(t, |env| env.throw("java/lang/InternalError", "a MemberName that does not fit the call"));
    }
}

/// # Safety
/// CONTRACT.
#[cold]
pub unsafe fn bad_code(t: *mut Thread) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        Env::with(t, |env| env.throw("java/lang/VerifyError", "malformed code was reached"));
    }
    Flow::Throw
}

/// A method without a body was reached: abstract, native without implementation, or a linkage conflict.
///
/// # Safety
/// CONTRACT.
#[cold]
pub unsafe fn unrunnable(t: *mut Thread) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let (vm, method) = method_of(t);
        // The frame that cannot run is the caller's call: it does not show in the trace.
        let receiver = if method.is_static() {
            ObjRef::NULL
        } else {
            ObjRef::from_raw(*Frame::new((*t).top.fp).locals(method.max_locals as usize) as u32)
        };
        Env::with(t, |env| {
            let receiver = env.local(receiver);
            let error = if method.flags.contains(MethodFlags::VM_MADE) {
                (*vm).universe.made_error(method)
            } else if method.is_native() {
                (*vm).universe.unbound_native(method)
            } else {
                (*vm).universe.abstract_error(env.class_id_of(receiver), method, method)
            };
            exceptions::throw_link_error(env, error)
        });
    }
    Flow::Throw
}
