//! Calls before they are resolved, the lookups of interface and member calls, and the call of a native's function.
//!
//! A call becomes one quick form by what its resolved method needs: nothing to select (direct, empty, an intrinsic), a
//! vtable slot, an itable index, or the library's own linkage (see `linkage::methods`).

use std::sync::atomic::Ordering;

use carafe_classloader::basic::BasicType;
use carafe_classloader::bytecode::InvokeKind;
use carafe_classloader::class::method::MethodFlags;
use carafe_classloader::class::{Access, Class, ItableEntry, Method};
use carafe_gc::metaspace::{ClassId, Meta};
use carafe_gc::object::ObjRef;

use super::{Flow, advance, linked, method_of, poll, rewrite, settled, stack_overflow};
use crate::env::{Env, Throw};
use crate::exceptions;
use crate::interpreter::intrinsics;
use crate::interpreter::quick::{Quick, a_of, b_of, encode};
use crate::linkage::methods::{self, Target};
use crate::linkage::{Stop, constants, loading};
use crate::monitor::{self, Entered};
use crate::natives::Args;
use crate::thread::Thread;
use crate::thread::frames::Frame;

/// A method was not entered: its frame would end below the stack's limit, or the thread has to poll first and executes
/// the call again.
///
/// # Safety
/// CONTRACT; the operands are as before the call.
#[cold]
pub unsafe fn stopped_at_entry(t: *mut Thread, end: *mut u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        if end < (*t).stack_limit {
            stack_overflow(t);
            return Flow::Throw;
        }
        poll(t)
    }
}

/// The itable entry of `data` (interface, index) for a class; 0 if it does not implement the interface.
///
/// # Safety
/// `class` is a class record and `meta_base` the metaspace it lies in.
pub unsafe fn itable_find(class: *const Class, meta_base: *mut u8, data: u64) -> u32 {
    // SAFETY: the caller's promise: slices of a class record lie in metaspace and are as long as they say.
    unsafe {
        let table = &(*class).itable;
        let entries = meta_base.add(table.offset() as usize).cast::<ItableEntry>();
        for i in 0..table.len() {
            let entry = *entries.add(i);
            if entry.interface.raw() == data as u32 {
                let methods = meta_base.add((*class).itable_methods.offset() as usize).cast::<u32>();
                return *methods.add(entry.start as usize + (data >> 32) as usize);
            }
        }
        0
    }
}

/// The receiver of an interface call does not implement the interface.
///
/// # Safety
/// CONTRACT.
#[cold]
pub unsafe fn no_such_interface(t: *mut Thread, w: u64, interface: u64) {
    // SAFETY: CONTRACT.
    unsafe {
        wrong_receiver(t, w, ClassId::from_raw(interface as u32), |receiver, interface| {
            let text = format!("Class {receiver} does not implement the requested interface {interface}");
            ("java/lang/IncompatibleClassChangeError", text)
        });
    }
}

/// The receiver of an interface's own invokespecial does not implement it.
///
/// # Safety
/// CONTRACT.
#[cold]
pub unsafe fn receiver_of_other_class(t: *mut Thread, w: u64, own: u32) {
    // SAFETY: CONTRACT.
    unsafe {
        wrong_receiver(t, w, ClassId::from_raw(own), |receiver, own| {
            let text = format!(
                "Receiver class {receiver} must be the current class or a subtype of interface {own}"
            );
            ("java/lang/IllegalAccessError", text)
        });
    }
}

/// Throws what `error` makes of the names of the receiver's class and of the class that was asked for.
///
/// # Safety
/// CONTRACT.
unsafe fn wrong_receiver(
    t: *mut Thread,
    w: u64,
    wanted: ClassId,
    error: impl FnOnce(&str, &str) -> (&'static str, String),
) {
    // SAFETY: CONTRACT.
    unsafe {
        let this = ObjRef::from_raw(*(*t).top.sp.add(a_of(w) as usize - 1) as u32);
        Env::with(t, |env| {
            let this = env.local(this);
            let universe = &env.vm().universe;
            let receiver = universe.external_name(env.class_id_of(this));
            let (class, text) = error(&receiver, &universe.external_name(wanted));
            env.throw(class, &text);
        });
    }
}

/// linkToVirtual and linkToInterface: the receiver's method for a resolved member; 0 with an exception pending.
///
/// # Safety
/// CONTRACT; `target` is a method's offset.
pub unsafe fn select_member(t: *mut Thread, this: ObjRef, target: u32, interface: bool) -> u32 {
    // SAFETY: CONTRACT.
    unsafe {
        Env::with(t, |env| {
            let this = env.local(this);
            let method = env.vm().meta.get(Meta::<Method>::from_raw(target));
            let _ = interface;
            match crate::linkage::select(env, env.class_id_of(this), method) {
                Ok(m) => env.vm().meta.meta_of(m).raw(),
                Err(Throw) => 0,
            }
        })
    }
}

/// Quickens a call that has turned out to be linked by the library or to be one of the VM's own.
///
/// # Safety
/// CONTRACT.
unsafe fn special_target(env: &mut Env<'_>, t: *mut Thread, w: u64, target: Target<'_>) -> Option<()> {
    // SAFETY: CONTRACT.
    unsafe {
        match target {
            Target::Method(_) => None,
            Target::Adapter => {
                rewrite(t, &[encode(Quick::InvokePolymorphic, a_of(w), 0)]);
                Some(())
            }
            Target::Linker(method) => {
                let (vm, caller) = method_of(t);
                let pool = (*vm).meta.get((*vm).universe.class(caller.class).pool);
                let member = pool.member(&(*vm).meta, a_of(w));
                let slots = methods::descriptor_slots((*vm).universe.text(member.descriptor));
                let slots = slots + usize::from(!method.is_static());
                let op = methods::linker_op(env, method).unwrap_or(Quick::BadCode);
                rewrite(t, &[encode(op, slots as u16, 0)]);
                Some(())
            }
        }
    }
}

fn wrong_kind(env: &mut Env<'_>, method: &Method, text: &str) -> Stop {
    let name = env.vm().universe.external_method(method);
    env.throw("java/lang/IncompatibleClassChangeError", &format!("{text} method '{name}'"));
    Stop::Throw
}

/// The quick form of a call that needs no selection.
fn direct(env: &Env<'_>, method: &Method) -> u64 {
    let vm = env.vm();
    let raw = vm.meta.meta_of(method).raw();
    if method.is_init() && method.class == vm.object_class() {
        return encode(Quick::InvokeObjectInit, 1, raw);
    }
    if let Some(row) = intrinsics::find(vm, method) {
        return encode(Quick::Intrinsic, row, raw);
    }
    if method.flags.contains(MethodFlags::EMPTY) && !method.is_synchronized() {
        return encode(Quick::InvokeEmpty, method.arg_slots, raw);
    }
    encode(Quick::InvokeDirect, method.arg_slots, raw)
}

/// # Safety
/// CONTRACT.
pub unsafe fn invoke_virtual(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let (_, caller) = method_of(t);
        linked(t, |env| {
            let target = methods::try_method(env, caller.class, a_of(w), InvokeKind::Virtual)?;
            if special_target(env, t, w, target).is_some() {
                return Ok(());
            }
            let Target::Method(method) = target else { return Ok(()) };
            if method.is_static() {
                return Err(wrong_kind(env, method, "Expecting non-static"));
            }
            let pool = env.vm().meta.get(env.class(caller.class).pool);
            let named = pool.member(&env.vm().meta, a_of(w)).class_index;
            let named = constants::try_class(env, caller.class, named)?;
            let word = virtual_word(env, named, method).unwrap_or_else(|| direct(env, method));
            rewrite(t, &[word]);
            Ok(())
        })
    }
}

fn virtual_word(env: &Env<'_>, target: ClassId, method: &Method) -> Option<u64> {
    let holder_final = env.class(method.class).access.contains(Access::FINAL);
    if method.is_final() || method.is_private() || holder_final {
        return None;
    }
    let slot = env.vm().universe.vtable_slot(target, method)?;
    Some(encode(Quick::InvokeVirtual, method.arg_slots, slot))
}

/// # Safety
/// CONTRACT.
pub unsafe fn invoke_special(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let (_, caller) = method_of(t);
        linked(t, |env| {
            let target = methods::try_method(env, caller.class, a_of(w), InvokeKind::Special)?;
            let Target::Method(resolved) = target else {
                env.throw(
                    "java/lang/IncompatibleClassChangeError",
                    "invokespecial of a signature-polymorphic method",
                );
                return Err(Stop::Throw);
            };
            if resolved.is_static() {
                return Err(wrong_kind(env, resolved, "Expecting non-static"));
            }
            let pool = env.vm().meta.get(env.class(caller.class).pool);
            let named = pool.member(&env.vm().meta, a_of(w)).class_index;
            let named = constants::try_class(env, caller.class, named)?;
            let method = match env.vm().universe.select_special(caller.class, named, resolved) {
                Ok(m) => m,
                Err(e) => {
                    exceptions::throw_link_error(env, e);
                    return Err(Stop::Throw);
                }
            };
            let proved = method.is_init() || !env.class(caller.class).is_interface();
            let raw = env.vm().meta.meta_of(method).raw();
            let checked = encode(Quick::InvokeSpecialInInterface, method.arg_slots, raw);
            rewrite(t, &[if proved { direct(env, method) } else { checked }]);
            Ok(())
        })
    }
}

/// # Safety
/// CONTRACT.
pub unsafe fn invoke_static(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let (_, caller) = method_of(t);
        linked(t, |env| {
            let target = methods::try_method(env, caller.class, a_of(w), InvokeKind::Static)?;
            if special_target(env, t, w, target).is_some() {
                return Ok(());
            }
            let Target::Method(method) = target else { return Ok(()) };
            if !method.is_static() {
                return Err(wrong_kind(env, method, "Expected static"));
            }
            loading::need_ready(env, method.class)?;
            if settled(env, caller, method.class) {
                let raw = env.vm().meta.meta_of(method).raw();
                let word = match intrinsics::find(env.vm(), method) {
                    Some(row) => encode(Quick::Intrinsic, row, raw),
                    None => encode(Quick::InvokeStatic, method.arg_slots, raw),
                };
                rewrite(t, &[word]);
                return Ok(());
            }
            // This thread is initializing the class: call without quickening.
            if crate::dispatch::prepare(t, method).is_err() {
                return Err(Stop::Throw);
            }
            let after = (*t).top.pc.add(1);
            match crate::dispatch::push_frame(t, method, after, 0) {
                Flow::Next => Ok(()),
                Flow::Throw => Err(Stop::Throw),
            }
        })
    }
}

/// # Safety
/// CONTRACT.
pub unsafe fn invoke_interface(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let (_, caller) = method_of(t);
        linked(t, |env| {
            let Target::Method(method) =
                methods::try_method(env, caller.class, a_of(w), InvokeKind::Interface)?
            else {
                env.throw(
                    "java/lang/IncompatibleClassChangeError",
                    "invokeinterface of a signature-polymorphic method",
                );
                return Err(Stop::Throw);
            };
            if method.is_static() {
                return Err(wrong_kind(env, method, "Expecting non-static"));
            }
            let nop = encode(Quick::Nop, 0, 0);
            if !env.class(method.class).is_interface() {
                // A method of Object, called through an interface.
                let word = virtual_word(env, method.class, method).unwrap_or_else(|| direct(env, method));
                rewrite(t, &[word, nop, nop]);
            } else if method.is_private() || method.itable_index < 0 {
                let raw = env.vm().meta.meta_of(method).raw();
                rewrite(t, &[encode(Quick::InvokeInterfacePrivate, method.arg_slots, raw), nop, nop]);
            } else {
                let data = method.class.raw() as u64 | (method.itable_index as u64) << 32;
                let vm = env.vm();
                vm.unloading.note_site(((*t).top.pc as usize - vm.meta.base() as usize) as u32);
                rewrite(t, &[encode(Quick::InvokeInterface, method.arg_slots, 0), 0, data]);
            }
            Ok(())
        })
    }
}

/// # Safety
/// CONTRACT.
pub unsafe fn invoke_dynamic(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let (vm, caller) = method_of(t);
        linked(t, |env| {
            let index = a_of(w);
            let pool = (*vm).meta.get(env.class(caller.class).pool);
            constants::check_failed(env, pool.resolved(&(*vm).meta, index))?;
            match methods::try_call_site(env, caller.class, index) {
                Ok(never) => match never {},
                Err(Stop::Throw) => {
                    constants::remember_failure(env, caller.class, index);
                    Err(Stop::Throw)
                }
                Err(Stop::Need(need)) => Err(Stop::Need(need.on_behalf_of(caller.class, index))),
            }
        })
    }
}

/// Calls a native method's implementation with the frame's arguments and pushes its result.
///
/// # Safety
/// CONTRACT; the frame is a native method's.
pub unsafe fn native(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT; the arguments lie in the frame's locals, which the collector updates by the descriptor.
    unsafe {
        let (vm, method) = method_of(t);
        let row = (*vm).natives.row(b_of(w));
        let lp = Frame::new((*t).top.fp).locals(method.max_locals as usize);
        let result = Env::with(t, |env| (row.function)(env, Args::new(lp)));
        match result {
            Ok(bits) => {
                debug_assert!(
                    (*t).exception.is_null(),
                    "{}.{} returned with an exception pending",
                    row.class,
                    row.name
                );
                if (*t).terminating {
                    return Flow::Throw;
                }
                let slots = BasicType::from_u8(method.result).map_or(0, BasicType::slots);
                if slots > 0 {
                    (*t).top.sp = (*t).top.sp.sub(slots);
                    *(*t).top.sp.add(slots - 1) = bits;
                }
                advance(t, 1);
                if (*t).poll_word().load(Ordering::Relaxed) != 0 && method_has_plain_result(method) {
                    return poll(t);
                }
                Flow::Next
            }
            Err(Throw) => {
                debug_assert!(
                    (*t).terminating || !(*t).exception.is_null(),
                    "{}.{} failed without an exception",
                    row.class,
                    row.name
                );
                Flow::Throw
            }
        }
    }
}

/// Object.wait0: as [`native`], but a virtual thread is taken off its carrier.
///
/// # Safety
/// CONTRACT; the frame is that of Object.wait0.
pub unsafe fn native_wait(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: CONTRACT; the frame has the receiver and a long as locals.
    unsafe {
        if (*t).innermost().is_none() {
            return native(t, w);
        }
        let (_, method) = method_of(t);
        let lp = Frame::new((*t).top.fp).locals(method.max_locals as usize);
        let (object, millis) = (ObjRef::from_raw(*lp as u32), *lp.sub(1) as i64);
        let waited = Env::with(t, |env| {
            let object = env.local(object);
            monitor::wait_unmounted(env, object, millis)
        });
        match waited {
            Ok(None) => native(t, w),
            Ok(Some(Entered::Unmounted)) => Flow::Next,
            Ok(Some(Entered::Locked)) => {
                advance(t, 1);
                Flow::Next
            }
            Err(Throw) => Flow::Throw,
        }
    }
}

/// A native's result that is a reference lies where no reference map knows it; the next poll takes the stop.
fn method_has_plain_result(method: &Method) -> bool {
    !BasicType::from_u8(method.result).is_some_and(BasicType::is_reference)
}
