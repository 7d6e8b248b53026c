//! Instructions that stand only in stubs (see `linkage::stubs` and `linkage::init`), and the return that registers a
//! finalizer by pushing one.

use carafe_gc::metaspace::ClassId;
use carafe_gc::object::ObjRef;

use super::{Flow, method_of};
use crate::env::{Env, Throw};
use crate::linkage::{constants, init, stubs};
use crate::thread::Thread;
use crate::thread::frames::Frame;

/// Object.<init> of an object with a finalizer is about to return.
///
/// # Safety
/// CONTRACT.
pub unsafe fn register_finalizer(t: *mut Thread) -> Flow {
    // SAFETY: CONTRACT; local 0 is the receiver. The return pc stays: the stub comes back to an ordinary return.
    unsafe {
        let (vm, method) = method_of(t);
        let lp = Frame::new((*t).top.fp).locals(method.max_locals as usize);
        let this = ObjRef::from_raw(*lp as u32);
        let Some(register) = (*vm).well_known_methods_if_ready().map(|m| m.finalizer_register) else {
            (*t).top.pc = (*vm).plain_return_pc();
            return Flow::Next;
        };
        let call = Env::with(t, |env| {
            let this = env.local(this);
            constants::upcall(
                env,
                register,
                &[constants::Value::Ref(this)],
                stubs::Purpose::Effect,
                ClassId::NONE,
                0,
            )
        });
        (*t).top.pc = (*vm).plain_return_pc();
        match stubs::push_upcall(t, &call) {
            Ok(()) => Flow::Next,
            Err(Throw) => Flow::Throw,
        }
    }
}

/// # Safety
/// CONTRACT.
pub unsafe fn stub_call(t: *mut Thread) -> Flow {
    // SAFETY: CONTRACT: StubCall stands only in upcall stubs.
    unsafe { stubs::call(t) }
}

/// # Safety
/// CONTRACT.
pub unsafe fn stub_done(t: *mut Thread) -> Flow {
    // SAFETY: CONTRACT: StubDone stands only in upcall stubs.
    unsafe { stubs::done(t) }
}

/// # Safety
/// CONTRACT.
pub unsafe fn init_begin(t: *mut Thread) -> Flow {
    // SAFETY: CONTRACT: this stands only in init stubs, as the next three.
    unsafe { init::begin(t) }
}

/// # Safety
/// CONTRACT.
pub unsafe fn init_supers(t: *mut Thread) -> Flow {
    // SAFETY: CONTRACT.
    unsafe { init::supers(t) }
}

/// # Safety
/// CONTRACT.
pub unsafe fn init_clinit(t: *mut Thread) -> Flow {
    // SAFETY: CONTRACT.
    unsafe { init::clinit(t) }
}

/// # Safety
/// CONTRACT.
pub unsafe fn init_done(t: *mut Thread) -> Flow {
    // SAFETY: CONTRACT.
    unsafe { init::done(t) }
}
