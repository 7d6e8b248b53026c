//! Field instructions before they are resolved: they become quick forms with the offset in place.
//!
//! An instruction on a static field is quickened only where no later execution needs an initialization check. The
//! thread that is initializing the class executes it here meanwhile, without quickening.

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::{Field, Method};
use carafe_gc::object::ObjRef;

use super::{Flow, advance, linked, method_of, rewrite, settled};
use crate::env::Env;
use crate::exceptions;
use crate::interpreter::quick::{Quick, a_of, encode};
use crate::linkage::{Linked, Stop, fields, loading};
use crate::thread::Thread;

fn get_op(field: &Field, statics: bool) -> Quick {
    use Quick::*;
    let row = match BasicType::from_u8(field.basic) {
        Some(BasicType::Boolean) => [GetU8, SGetU8],
        Some(BasicType::Byte) => [GetI8, SGetI8],
        Some(BasicType::Char) => [GetU16, SGetU16],
        Some(BasicType::Short) => [GetI16, SGetI16],
        Some(BasicType::Long | BasicType::Double) => [Get64, SGet64],
        Some(BasicType::Int | BasicType::Float | BasicType::Object | BasicType::Array | BasicType::Void)
        | None => [Get32, SGet32],
    };
    row[usize::from(statics)]
}

fn put_op(field: &Field, statics: bool) -> Quick {
    use Quick::*;
    let row = match BasicType::from_u8(field.basic) {
        Some(BasicType::Boolean) => [PutBool, PutBoolV, SPutBool, SPutBoolV],
        Some(BasicType::Byte) => [Put8, Put8V, SPut8, SPut8V],
        Some(BasicType::Char | BasicType::Short) => [Put16, Put16V, SPut16, SPut16V],
        Some(BasicType::Long | BasicType::Double) => [Put64, Put64V, SPut64, SPut64V],
        Some(BasicType::Object | BasicType::Array) => [PutRef, PutRefV, SPutRef, SPutRefV],
        Some(BasicType::Int | BasicType::Float | BasicType::Void) | None => [Put32, Put32V, SPut32, SPut32V],
    };
    row[usize::from(statics) * 2 + usize::from(field.is_volatile())]
}

/// Resolves the field of an instruction and checks that it is static or not, as the instruction asks.
fn field_for<'s>(env: &mut Env<'s>, method: &Method, index: u16, want_static: bool) -> Linked<&'s Field> {
    let field = fields::try_field(env, method.class, index)?;
    if field.is_static() != want_static {
        let name = env.vm().universe.external_field(field);
        let kind = if want_static { "static" } else { "non-static" };
        env.throw("java/lang/IncompatibleClassChangeError", &format!("Expected {kind} field {name}"));
        return Err(Stop::Throw);
    }
    Ok(field)
}

fn check_final(env: &mut Env<'_>, method: &Method, field: &Field) -> Linked<()> {
    env.vm().universe.check_final_write(method, field).map_err(|e| {
        exceptions::throw_link_error(env, e);
        Stop::Throw
    })
}

/// # Safety
/// CONTRACT.
pub unsafe fn get_field(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let (_, method) = method_of(t);
        linked(t, |env| {
            let field = field_for(env, method, a_of(w), false)?;
            rewrite(t, &[encode(get_op(field, false), 0, field.offset)]);
            Ok(())
        })
    }
}

/// # Safety
/// CONTRACT.
pub unsafe fn put_field(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let (_, method) = method_of(t);
        linked(t, |env| {
            let field = field_for(env, method, a_of(w), false)?;
            check_final(env, method, field)?;
            rewrite(t, &[encode(put_op(field, false), 0, field.offset)]);
            Ok(())
        })
    }
}

/// # Safety
/// CONTRACT.
pub unsafe fn get_static(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let (_, method) = method_of(t);
        linked(t, |env| {
            let field = field_for(env, method, a_of(w), true)?;
            loading::need_ready(env, field.class)?;
            let data = field.class.raw() as u64 | (field.offset as u64) << 32;
            if settled(env, method, field.class) {
                rewrite(t, &[encode(get_op(field, true), 0, 0), data]);
                return Ok(());
            }
            // This thread is initializing the class: do it here, without quickening.
            let mirror = env.mirror(field.class);
            let kind = BasicType::from_u8(field.basic).unwrap_or(BasicType::Int);
            let bits = match kind {
                BasicType::Boolean => env.get::<u8>(mirror, field.offset) as u64,
                BasicType::Byte => env.get::<i8>(mirror, field.offset) as i32 as u32 as u64,
                BasicType::Char => env.get::<u16>(mirror, field.offset) as u64,
                BasicType::Short => env.get::<i16>(mirror, field.offset) as i32 as u32 as u64,
                BasicType::Long | BasicType::Double => env.get::<u64>(mirror, field.offset),
                BasicType::Int
                | BasicType::Float
                | BasicType::Object
                | BasicType::Array
                | BasicType::Void => env.get::<u32>(mirror, field.offset) as u64,
            };
            let slots = kind.slots();
            (*t).top.sp = (*t).top.sp.sub(slots);
            *(*t).top.sp.add(slots - 1) = bits;
            advance(t, 2);
            Ok(())
        })
    }
}

/// # Safety
/// CONTRACT.
pub unsafe fn put_static(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let (_, method) = method_of(t);
        linked(t, |env| {
            let field = field_for(env, method, a_of(w), true)?;
            check_final(env, method, field)?;
            loading::need_ready(env, field.class)?;
            let data = field.class.raw() as u64 | (field.offset as u64) << 32;
            if settled(env, method, field.class) {
                rewrite(t, &[encode(put_op(field, true), 0, 0), data]);
                return Ok(());
            }
            let mirror = env.mirror(field.class);
            let kind = BasicType::from_u8(field.basic).unwrap_or(BasicType::Int);
            let slots = kind.slots();
            let bits = *(*t).top.sp.add(slots - 1);
            match kind {
                BasicType::Boolean => env.set::<u8>(mirror, field.offset, bits as u8 & 1),
                BasicType::Byte => env.set::<u8>(mirror, field.offset, bits as u8),
                BasicType::Char | BasicType::Short => env.set::<u16>(mirror, field.offset, bits as u16),
                BasicType::Long | BasicType::Double => env.set::<u64>(mirror, field.offset, bits),
                BasicType::Object | BasicType::Array => {
                    let value = env.local(ObjRef::from_raw(bits as u32));
                    env.set_ref(mirror, field.offset, value);
                }
                BasicType::Int | BasicType::Float | BasicType::Void => {
                    env.set::<u32>(mirror, field.offset, bits as u32);
                }
            }
            (*t).top.sp = (*t).top.sp.add(slots);
            advance(t, 2);
            Ok(())
        })
    }
}
