//! The natives of `MethodHandleNatives`: MemberNames from reflection, field offsets, call sites.

use std::sync::atomic::{Ordering, fence};

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::Field;
use carafe_vm::env::{Env, JResult, Local, Throw};
use carafe_vm::linkage::handles::box_value;
use carafe_vm::natives;

use super::flags::{MemberKind, RefKind};
use super::member;
use super::resolve::resolve;
use crate::java_lang_reflect::slots;
use crate::noop::nothing;

natives! { pub(super) static METHOD_HANDLE_NATIVES for "java/lang/invoke/MethodHandleNatives" {
    "registerNatives" "()V" = nothing(): isolate;
    "init" "(Ljava/lang/invoke/MemberName;Ljava/lang/Object;)V" = init(obj, obj): isolate;
    "expand" "(Ljava/lang/invoke/MemberName;)V" = expand(obj): isolate;
    "resolve" "(Ljava/lang/invoke/MemberName;Ljava/lang/Class;IZ)Ljava/lang/invoke/MemberName;" =
        resolve(obj, obj, int, bool): isolate;
    "objectFieldOffset" "(Ljava/lang/invoke/MemberName;)J" = object_field_offset(obj): isolate;
    "staticFieldOffset" "(Ljava/lang/invoke/MemberName;)J" = static_field_offset(obj): isolate;
    "staticFieldBase" "(Ljava/lang/invoke/MemberName;)Ljava/lang/Object;" = static_field_base(obj): isolate;
    "getMemberVMInfo" "(Ljava/lang/invoke/MemberName;)Ljava/lang/Object;" = get_member_vm_info(obj): isolate;
    "setCallSiteTargetNormal" "(Ljava/lang/invoke/CallSite;Ljava/lang/invoke/MethodHandle;)V" =
        set_call_site_target(obj, obj): isolate;
    "setCallSiteTargetVolatile" "(Ljava/lang/invoke/CallSite;Ljava/lang/invoke/MethodHandle;)V" =
        set_call_site_target_volatile(obj, obj): isolate;
    "getNamedCon" "(I[Ljava/lang/Object;)I" = get_named_con(int, obj): isolate;
} }

fn internal(env: &mut Env<'_>, message: &str) -> Throw {
    env.throw("java/lang/InternalError", message)
}

/// A MemberName for a reflected Field, Method or Constructor. Signature-polymorphic methods have no MemberName of their
/// own: the name is left as it is, and the library knows what to do.
fn init<'s>(env: &mut Env<'s>, name: Local<'s>, reflected: Local<'s>) -> JResult<()> {
    if env.is_null(name) {
        return Err(internal(env, "mname to init"));
    }
    if env.is_null(reflected) {
        return Err(internal(env, "target to init"));
    }
    let wk = env.wk();
    if let Some(field) = slots::field(env, reflected) {
        member::fill_field(env, name, field, false);
        let at = &wk.member_name;
        for (to, from) in [(at.name, wk.field.name), (at.type_, wk.field.type_)] {
            let known = env.get_ref(name, to);
            if env.is_null(known) {
                let value = env.get_ref(reflected, from);
                env.set_ref(name, to, value);
            }
        }
        return Ok(());
    }
    match slots::executable(env, reflected) {
        Some(method) if method.is_polymorphic() => Ok(()),
        Some(method) => {
            let linked = member::link_declared(env, method);
            member::fill_method(env, name, &linked)
        }
        None => Err(internal(env, "unrecognized type")),
    }
}

/// Gives a resolved MemberName the name and type that it was made without.
fn expand<'s>(env: &mut Env<'s>, name: Local<'s>) -> JResult<()> {
    if env.is_null(name) {
        return Err(internal(env, "mname to expand"));
    }
    let at = &env.wk().member_name;
    let (symbol, descriptor) = if let Some(method) = member::method_of_member(env, name) {
        let clazz = env.get_ref(name, at.clazz);
        if env.is_null(clazz) {
            let mirror = env.mirror(method.class);
            env.set_ref(name, at.clazz, mirror);
        }
        (method.name, method.descriptor)
    } else if let Some(field) = field_of_member(env, name) {
        (field.name, field.descriptor)
    } else {
        return Err(env.throw_illegal_argument("nothing to expand"));
    };
    let known = env.get_ref(name, at.name);
    if env.is_null(known) {
        let text = env.intern_symbol(symbol)?;
        env.set_ref(name, at.name, text);
    }
    let known = env.get_ref(name, at.type_);
    if env.is_null(known) {
        let text = env.string_of_symbol(descriptor)?;
        env.set_ref(name, at.type_, text);
    }
    Ok(())
}

/// The field that a resolved MemberName stands for, found by its offset.
fn field_of_member<'s>(env: &mut Env<'s>, name: Local<'_>) -> Option<&'s Field> {
    let at = &env.wk().member_name;
    let (flags, offset) = (env.get::<i32>(name, at.flags), env.get::<u32>(name, at.vmindex));
    if MemberKind::of(flags) != Some(MemberKind::Field) {
        return None;
    }
    let clazz = env.get_ref(name, at.clazz);
    if env.is_null(clazz) {
        return None;
    }
    let is_static = is_static(flags);
    let fields = env.vm().meta.slice(env.class(env.class_of_mirror(clazz)).fields);
    fields.iter().find(|f| f.is_static() == is_static && f.offset == offset)
}

fn is_static(flags: i32) -> bool {
    flags & 0x0008 != 0
}

/// Checks that a MemberName is a resolved field, static or not as wanted.
fn check_field(env: &mut Env<'_>, name: Local<'_>, wants_static: bool) -> JResult<()> {
    let at = &env.wk().member_name;
    let resolved = !env.is_null(name) && {
        let clazz = env.get_ref(name, at.clazz);
        !env.is_null(clazz)
    };
    if !resolved {
        return Err(internal(env, "mname not resolved"));
    }
    let flags = env.get::<i32>(name, at.flags);
    if MemberKind::of(flags) == Some(MemberKind::Field) && is_static(flags) == wants_static {
        return Ok(());
    }
    Err(internal(env, if wants_static { "static field required" } else { "non-static field required" }))
}

fn object_field_offset<'s>(env: &mut Env<'s>, name: Local<'s>) -> JResult<i64> {
    check_field(env, name, false)?;
    Ok(i64::from(env.get::<u32>(name, env.wk().member_name.vmindex)))
}

fn static_field_offset<'s>(env: &mut Env<'s>, name: Local<'s>) -> JResult<i64> {
    check_field(env, name, true)?;
    Ok(i64::from(env.get::<u32>(name, env.wk().member_name.vmindex)))
}

/// Static fields lie in the mirror.
fn static_field_base<'s>(env: &mut Env<'s>, name: Local<'s>) -> JResult<Local<'s>> {
    check_field(env, name, true)?;
    Ok(env.get_ref(name, env.wk().member_name.clazz))
}

/// For the library's assertions: `{Long vmindex, Class or MemberName}`.
fn get_member_vm_info<'s>(env: &mut Env<'s>, name: Local<'s>) -> JResult<Local<'s>> {
    if env.is_null(name) {
        return Ok(Local::NULL);
    }
    let wk = env.wk();
    let info = env.new_ref_array(wk.object.id, 2)?;
    let index = i64::from(env.get::<i32>(name, wk.member_name.vmindex));
    let boxed = box_value(env, BasicType::Long, index as u64)?;
    env.set_elem(info, 0, boxed);
    let flags = env.get::<i32>(name, wk.member_name.flags);
    let about_field = matches!(
        RefKind::of(flags),
        Some(RefKind::GetField | RefKind::GetStatic | RefKind::PutField | RefKind::PutStatic)
    );
    let target = if about_field { env.get_ref(name, wk.member_name.clazz) } else { name };
    env.set_elem(info, 1, target);
    Ok(info)
}

/// The interpreter asks a call site for its target at every call, so storing it is all.
fn set_call_site_target<'s>(env: &mut Env<'s>, site: Local<'s>, target: Local<'s>) -> JResult<()> {
    if env.is_null(site) {
        return Err(env.throw_npe());
    }
    env.set_ref(site, env.wk().call_site.target, target);
    Ok(())
}

fn set_call_site_target_volatile<'s>(env: &mut Env<'s>, site: Local<'s>, target: Local<'s>) -> JResult<()> {
    // Between the fences the store is as one of a volatile field.
    fence(Ordering::Release);
    set_call_site_target(env, site, target)?;
    fence(Ordering::SeqCst);
    Ok(())
}

/// For the library's assertions: it compares constants by name until a name comes back null, as the first does here,
/// because the VM's constants are the library's by construction (see `flags`).
fn get_named_con<'s>(_: &mut Env<'s>, _which: i32, _name: Local<'s>) -> JResult<i32> {
    Ok(0)
}
