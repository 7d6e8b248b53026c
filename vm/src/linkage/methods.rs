//! Resolution of method references, and linkage of call sites that the library decides about.

use std::sync::atomic::{AtomicU64, Ordering};

use carafe_classloader::bytecode::InvokeKind;
use carafe_classloader::class::Method;
use carafe_classloader::class::pool::tag;
use carafe_classloader::link::{LinkError, LinkErrorKind};
use carafe_gc::metaspace::{ClassId, Meta};

use super::constants::{self, Value, upcall};
use super::stubs::Purpose;
use super::{Host, Linked, Need, Stop, raise};
use crate::env::{Env, JResult, Local};
use crate::exceptions;
use crate::interpreter::quick::{Quick, a_of, encode};

/// Marks the resolved word of a signature-polymorphic method that the library has linked: adapter in the low half,
/// 1 + appendix index in the high half below the mark.
pub const POLYMORPHIC: u64 = 1 << 62;

/// What a method reference stands for.
#[derive(Clone, Copy)]
pub enum Target<'s> {
    Method(&'s Method),
    /// A signature-polymorphic call that the library has linked; the pool entry has the adapter and the appendix.
    Adapter,
    /// invokeBasic and the linkTo methods, which the VM executes itself.
    Linker(&'s Method),
}

/// Resolves the Methodref or InterfaceMethodref of an instruction.
pub fn try_method<'s>(env: &mut Env<'s>, from: ClassId, index: u16, kind: InvokeKind) -> Linked<Target<'s>> {
    let vm = env.vm();
    let pool = vm.meta.get(vm.universe.class(from).pool);
    let known = pool.resolved(&vm.meta, index);
    constants::check_failed(env, known)?;
    if known != 0 {
        if known & POLYMORPHIC != 0 {
            return match kind {
                InvokeKind::Virtual => Ok(Target::Adapter),
                _ => no_such_method(env, from, index),
            };
        }
        return Ok(classify(env, vm.meta.get(Meta::<Method>::from_raw(known as u32))));
    }
    let member = pool.member(&vm.meta, index);
    let target = constants::try_class(env, from, member.class_index)?;
    let interface = member.tag == tag::INTERFACE_METHOD;
    let found = match vm.universe.check_reference(kind, target, member.name, member.descriptor, interface) {
        Ok(()) => {
            let host = &mut Host { env };
            vm.universe.resolve_method(host, from, target, member.name, member.descriptor, interface)
        }
        Err(error) => Err(error.into()),
    };
    let method = match found {
        Ok(m) => m,
        Err(e) => {
            raise(env, e);
            constants::remember_failure(env, from, index);
            return Err(Stop::Throw);
        }
    };
    if method.is_polymorphic() && !is_linker(env, method) {
        return match kind {
            InvokeKind::Virtual => link_with_library(env, from, index, method),
            _ => no_such_method(env, from, index),
        };
    }
    pool.resolve(&vm.meta, index, vm.meta.meta_of(method).raw() as u64);
    Ok(classify(env, method))
}

/// Only `invokevirtual` calls a method under a descriptor that is not its own. This says nothing about the entry, which
/// another instruction may use well.
fn no_such_method<'s>(env: &mut Env<'s>, from: ClassId, index: u16) -> Linked<Target<'s>> {
    let vm = env.vm();
    let member = vm.meta.get(vm.universe.class(from).pool).member(&vm.meta, index);
    let target = constants::try_class(env, from, member.class_index)?;
    let method = vm.universe.external_member_of(target, member.name, member.descriptor);
    let error = LinkError::new(LinkErrorKind::NoSuchMethodError, format!("'{method}'"));
    exceptions::throw_link_error(env, error);
    Err(Stop::Throw)
}

fn classify<'s>(env: &Env<'s>, method: &'s Method) -> Target<'s> {
    if method.is_polymorphic() && is_linker(env, method) {
        Target::Linker(method)
    } else {
        Target::Method(method)
    }
}

/// The quick operation of a method that only the VM can execute.
pub fn linker_op(env: &Env<'_>, method: &Method) -> Option<Quick> {
    match env.vm().universe.text(method.name) {
        b"invokeBasic" => Some(Quick::InvokeBasic),
        b"linkToStatic" => Some(Quick::LinkToStatic),
        b"linkToSpecial" => Some(Quick::LinkToSpecial),
        b"linkToVirtual" => Some(Quick::LinkToVirtual),
        b"linkToInterface" => Some(Quick::LinkToInterface),
        _ => None,
    }
}

fn is_linker(env: &Env<'_>, method: &Method) -> bool {
    method.class == env.wk().method_handle.id && linker_op(env, method).is_some()
}

/// Argument slots of a call by descriptor, without the receiver.
pub fn descriptor_slots(descriptor: &[u8]) -> usize {
    super::handles::split_descriptor(descriptor)
        .map_or(0, |d| d.parameters.iter().map(|p| if matches!(*p, b"J" | b"D") { 2 } else { 1 }).sum())
}

/// invokeExact, invoke and the VarHandle accessors: the library makes an adapter for the call's type.
fn link_with_library<'s>(
    env: &mut Env<'s>,
    from: ClassId,
    index: u16,
    method: &Method,
) -> Linked<Target<'s>> {
    let vm = env.vm();
    let pool = vm.meta.get(vm.universe.class(from).pool);
    let member = pool.member(&vm.meta, index);
    let type_ = constants::try_method_type(env, from, member.descriptor);
    let type_ = constants::failing(env, from, index, type_)?;
    let name = env.intern_symbol(member.name)?;
    let appendix = env.new_ref_array(env.wk().object.id, 1)?;
    let caller = env.mirror(from);
    let declaring = env.mirror(method.class);
    // 5 is REF_invokeVirtual.
    let mut call = upcall(
        env,
        vm.well_known_methods().link_method,
        &[
            Value::Ref(caller),
            Value::Int(5),
            Value::Ref(declaring),
            Value::Ref(name),
            Value::Ref(type_),
            Value::Ref(appendix),
        ],
        Purpose::PolymorphicCall,
        from,
        index as u64,
    );
    call.extra = env.raw(appendix);
    Err(Stop::Need(Need::Upcall(call)))
}

/// The library has linked a polymorphic call: keep adapter and appendix in the pool.
pub fn link_polymorphic(
    env: &mut Env<'_>,
    class: ClassId,
    index: u16,
    member: Local<'_>,
    appendix_box: Local<'_>,
) -> JResult<()> {
    let (adapter, appendix) = adapter(env, class, member, appendix_box)?;
    let vm = env.vm();
    let pool = vm.meta.get(vm.universe.class(class).pool);
    pool.resolve(&vm.meta, index, POLYMORPHIC | adapter.raw() as u64 | (appendix as u64) << 32);
    Ok(())
}

/// What the library answered: the adapter, and 1 + index of the kept appendix.
fn adapter(
    env: &mut Env<'_>,
    class: ClassId,
    member: Local<'_>,
    appendix_box: Local<'_>,
) -> JResult<(Meta<Method>, u32)> {
    let method = super::handles::member_target(env, member);
    let Some(method) = method else {
        return Err(env.throw("java/lang/LinkageError", "the linkage of a call site gave no method"));
    };
    // The instruction will name the adapter, which is often a hidden class's, and nothing else need refer to it.
    crate::unload::keep_for_class(env, class, env.vm().meta.get(method).class)?;
    let appendix = env.elem(appendix_box, 0);
    let index = if env.is_null(appendix) { 0 } else { super::keep_resolved(env, class, appendix)? + 1 };
    Ok((method, index))
}

/// Asks the library to link the invokedynamic instruction at the current pc.
pub fn try_call_site(env: &mut Env<'_>, class: ClassId, index: u16) -> Linked<std::convert::Infallible> {
    let vm = env.vm();
    let pool = vm.meta.get(vm.universe.class(class).pool);
    let (row, name, descriptor) = pool.dynamic(&vm.meta, index);
    let bootstrap = constants::try_bootstrap(env, class, row, 0)?;
    let type_ = constants::try_method_type(env, class, descriptor)?;
    let name = env.intern_symbol(name)?;
    let appendix = env.new_ref_array(env.wk().object.id, 1)?;
    let caller = env.mirror(class);
    let mut call = upcall(
        env,
        vm.well_known_methods().link_call_site,
        &[
            Value::Ref(caller),
            Value::Ref(bootstrap.handle),
            Value::Ref(name),
            Value::Ref(type_),
            Value::Ref(bootstrap.arguments),
            Value::Ref(appendix),
        ],
        Purpose::CallSite,
        class,
        index as u64,
    );
    call.extra = env.raw(appendix);
    Err(Stop::Need(Need::Upcall(call)))
}

/// The library has linked the call site at `site`: rewrite the instruction. The first thread to come wins.
pub fn link_call_site(
    env: &mut Env<'_>,
    class: ClassId,
    site: *const u64,
    member: Local<'_>,
    appendix_box: Local<'_>,
) -> JResult<()> {
    let (adapter, appendix) = adapter(env, class, member, appendix_box)?;
    let _linking = env.vm().link_lock.lock();
    // SAFETY: `site` is the return pc of the stub's frame: an InvokeDynamicUnresolved instruction of two words in quick code.
    unsafe {
        let words = site.cast::<AtomicU64>();
        let op = (*words).load(Ordering::Acquire);
        if Quick::from_word(op) == Quick::InvokeDynamicUnresolved {
            (*words.add(1)).store(adapter.raw() as u64, Ordering::Release);
            (*words).store(encode(Quick::InvokeHandle, a_of(op), appendix), Ordering::Release);
        }
    }
    Ok(())
}
