//! Instances, arrays and type checks: allocation that the loop's fast path could not do, classes not yet resolved, and
//! casts and stores that the quick checks could not decide.

use carafe_classloader::class::is_subtype as class_is_subtype;
use carafe_gc::metaspace::ClassId;
use carafe_gc::object::{self, ObjRef};

use super::{Flow, advance, linked, method_of, plain, rewrite, settled};
use crate::env::{Env, JResult, Local, Throw};
use crate::interpreter::quick::{Quick, a_of, b_of, encode};
use crate::linkage::{Names, Stop, constants, loading};
use crate::thread::Thread;
use crate::{alloc, exceptions};

/// # Safety
/// CONTRACT.
pub unsafe fn new_instance(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        plain(t, |env| {
            let object = alloc::instance(env, ClassId::from_raw(b_of(w)))?;
            (*t).top.sp = (*t).top.sp.sub(1);
            *(*t).top.sp = object.raw() as u64;
            advance(t, 1);
            Ok(())
        })
    }
}

/// # Safety
/// CONTRACT.
pub unsafe fn new_unresolved(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let (_, method) = method_of(t);
        linked(t, |env| {
            let class = constants::try_class(env, method.class, a_of(w))?;
            let record = env.class(class);
            if record.is_abstract() || record.is_interface() || !record.is_plain() {
                let name = env.vm().universe.external_name(class);
                env.throw("java/lang/InstantiationError", &name);
                return Err(Stop::Throw);
            }
            if class == env.wk().class.id {
                env.throw("java/lang/IllegalAccessError", "java.lang.Class");
                return Err(Stop::Throw);
            }
            loading::need_ready(env, class)?;
            if settled(env, method, class) {
                rewrite(t, &[encode(Quick::New, 0, class.raw())]);
                return Ok(());
            }
            let object = alloc::instance(env, class)?;
            (*t).top.sp = (*t).top.sp.sub(1);
            *(*t).top.sp = object.raw() as u64;
            advance(t, 1);
            Ok(())
        })
    }
}

/// # Safety
/// CONTRACT.
pub unsafe fn new_array(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        plain(t, |env| {
            let length = *(*t).top.sp as u32 as i32;
            check_length(env, length)?;
            let array = alloc::array(env, ClassId::from_raw(b_of(w)), length as usize)?;
            *(*t).top.sp = array.raw() as u64;
            advance(t, 1);
            Ok(())
        })
    }
}

fn check_length(env: &mut Env<'_>, length: i32) -> JResult<()> {
    if length >= 0 {
        return Ok(());
    }
    let class = env.wk().negative_array_size.id;
    Err(exceptions::throw_new(env, class, Some(&length.to_string()), Local::NULL))
}

/// # Safety
/// CONTRACT.
pub unsafe fn anew_array(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let (_, method) = method_of(t);
        linked(t, |env| {
            let component = constants::try_class(env, method.class, a_of(w))?;
            let class = loading::array_of(env, component)?;
            rewrite(t, &[encode(Quick::NewArray, 0, class.raw())]);
            Ok(())
        })
    }
}

/// # Safety
/// CONTRACT.
pub unsafe fn multi_new_array_unresolved(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let (_, method) = method_of(t);
        linked(t, |env| {
            let class = constants::try_class(env, method.class, a_of(w))?;
            let word = encode(Quick::MultiNewArray, b_of(w) as u16, class.raw());
            rewrite(t, &[word]);
            Ok(())
        })
    }
}

/// # Safety
/// CONTRACT.
pub unsafe fn multi_new_array(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        plain(t, |env| {
            let dims = a_of(w) as usize;
            let sp = (*t).top.sp;
            let lengths: Vec<i32> = (0..dims).map(|i| *sp.add(dims - 1 - i) as u32 as i32).collect();
            for length in &lengths {
                check_length(env, *length)?;
            }
            let array = alloc::multi_array(env, ClassId::from_raw(b_of(w)), &lengths)?;
            (*t).top.sp = sp.add(dims - 1);
            *(*t).top.sp = env.raw(array).raw() as u64;
            advance(t, 1);
            Ok(())
        })
    }
}

/// # Safety
/// CONTRACT; both are class words of live objects or class ids.
pub unsafe fn is_subtype(t: *mut Thread, sub: u32, sup: u32) -> bool {
    // SAFETY: CONTRACT.
    let meta = unsafe { &(*(*t).vm).meta };
    class_is_subtype(meta, ClassId::from_raw(sub), ClassId::from_raw(sup))
}

/// # Safety
/// CONTRACT; both are live.
pub unsafe fn array_store_fits(t: *mut Thread, array: ObjRef, value: ObjRef) -> bool {
    // SAFETY: CONTRACT.
    unsafe {
        let vm = &*(*t).vm;
        let component = vm.universe.class(object::class_of((*t).base, array)).component;
        let actual = object::class_of((*t).base, value);
        if class_is_subtype(&vm.meta, actual, component) {
            return true;
        }
        Env::with(t, |env| {
            let class = env.wk().array_store_exception.id;
            let name = env.vm().universe.external_name(actual);
            exceptions::throw_new(env, class, Some(&name), Local::NULL)
        });
        false
    }
}

/// # Safety
/// CONTRACT.
pub unsafe fn check_cast(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let actual = object::class_of((*t).base, ObjRef::from_raw(*(*t).top.sp as u32));
        let wanted = ClassId::from_raw(b_of(w));
        if is_subtype(t, actual.raw(), wanted.raw()) {
            advance(t, 1);
            return Flow::Next;
        }
        Env::with(t, |env| throw_class_cast(env, actual, wanted));
        Flow::Throw
    }
}

pub fn throw_class_cast(env: &mut Env<'_>, actual: ClassId, wanted: ClassId) -> Throw {
    let universe = &env.vm().universe;
    let homes = universe.in_homes(&Names { env }, actual, wanted);
    let text = format!(
        "class {} cannot be cast to class {} ({homes})",
        universe.external_name(actual),
        universe.external_name(wanted)
    );
    let class = env.wk().class_cast_exception.id;
    exceptions::throw_new(env, class, Some(&text), Local::NULL)
}

/// # Safety
/// CONTRACT.
pub unsafe fn check_cast_unresolved(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        if *(*t).top.sp as u32 == 0 {
            // Null needs no class.
            advance(t, 1);
            return Flow::Next;
        }
        let (_, method) = method_of(t);
        linked(t, |env| {
            let class = constants::try_class(env, method.class, a_of(w))?;
            rewrite(t, &[encode(Quick::CheckCast, 0, class.raw())]);
            Ok(())
        })
    }
}

/// # Safety
/// CONTRACT.
pub unsafe fn instance_of_unresolved(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        if *(*t).top.sp as u32 == 0 {
            advance(t, 1);
            return Flow::Next;
        }
        let (_, method) = method_of(t);
        linked(t, |env| {
            let class = constants::try_class(env, method.class, a_of(w))?;
            rewrite(t, &[encode(Quick::InstanceOf, 0, class.raw())]);
            Ok(())
        })
    }
}
