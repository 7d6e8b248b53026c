//! `ldc`: a class constant becomes its quick form with the class, any other constant its place among the class's
//! resolved objects. Dynamic constants of primitive type are unboxed each time they are loaded.

use carafe_classloader::class::pool::tag;

use super::{Flow, advance, linked, method_of, rewrite};
use crate::interpreter::quick::{Quick, a_of, encode};
use crate::linkage::{Stop, constants, handles, resolved_object};
use crate::thread::Thread;

/// # Safety
/// CONTRACT.
pub unsafe fn ldc(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let (vm, method) = method_of(t);
        let index = a_of(w);
        linked(t, |env| {
            let pool = (*vm).meta.get(env.class(method.class).pool);
            if pool.tag(&(*vm).meta, index) == tag::CLASS {
                let class = constants::try_class(env, method.class, index)?;
                rewrite(t, &[encode(Quick::LdcClass, 0, class.raw())]);
            } else {
                let at = constants::try_object(env, method.class, index)?;
                rewrite(t, &[encode(Quick::LdcRef, 0, at)]);
            }
            Ok(())
        })
    }
}

/// # Safety
/// CONTRACT.
pub unsafe fn ldc_dynamic(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let (_, method) = method_of(t);
        linked(t, |env| {
            let at = constants::try_object(env, method.class, a_of(w))?;
            let boxed = resolved_object(env, method.class, at);
            let Some((kind, bits)) = handles::unbox(env, boxed) else {
                env.throw("java/lang/InternalError", "a dynamic constant of primitive type without a value");
                return Err(Stop::Throw);
            };
            let slots = kind.slots();
            (*t).top.sp = (*t).top.sp.sub(slots);
            *(*t).top.sp.add(slots - 1) = bits;
            advance(t, 1);
            Ok(())
        })
    }
}
