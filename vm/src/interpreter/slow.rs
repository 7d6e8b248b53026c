//! What the interpreter's loop does not do itself: resolution, allocation that needs the collector, locks, natives,
//! and everything that throws.
//!
//! A slow path finds the interpreter's state in `thread.top`, with the pc at the instruction itself. It ends with
//! [`Flow::Next`] after moving the pc on (or leaving it where it is, to execute the instruction again, which may by then
//! be another one), or with [`Flow::Throw`] and an exception pending.
//!
//! All functions share one safety contract, CONTRACT: the thread is the caller's own and RUNNING, and `top` describes its
//! youngest frame as `run`'s invariant FRAME says.

use std::sync::atomic::{AtomicU64, Ordering};

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::method::MethodFlags;
use carafe_classloader::class::pool::tag;
use carafe_classloader::class::{Access, Class, Field, Method, is_subtype as class_is_subtype};
use carafe_gc::metaspace::{ClassId, Meta};
use carafe_gc::object::{self, ObjRef};

use super::quick::{Quick, a_of, b_of, encode};
use super::translate;
use super::{fuse, intrinsics};
use crate::env::{Env, JResult, Local, Throw};
use crate::isolate::Isolate;
use crate::linkage::methods::Target;
use crate::linkage::{Linked, Stop, constants, fields, init, loading, methods, stubs};
use crate::natives::Args;
use crate::thread::frames::Frame;
use crate::thread::{Thread, safepoint};
use crate::{alloc, exceptions, monitor};

/// What the loop does after a slow path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    Next,
    Throw,
}

/// Runs `f` with an Env and turns its outcome into a flow; a need pushes the stub that meets it.
///
/// # Safety
/// CONTRACT.
unsafe fn linked(t: *mut Thread, f: impl for<'x> FnOnce(&mut Env<'x>) -> Linked<()>) -> Flow {
    // SAFETY: CONTRACT. A need's references are pushed before anything else is allocated.
    unsafe {
        match Env::with(t, f) {
            Ok(()) => Flow::Next,
            Err(Stop::Throw) => Flow::Throw,
            Err(Stop::Need(need)) => stubs::push_need(t, need),
        }
    }
}

/// # Safety
/// CONTRACT.
unsafe fn plain(t: *mut Thread, f: impl for<'x> FnOnce(&mut Env<'x>) -> JResult<()>) -> Flow {
    // SAFETY: CONTRACT.
    match unsafe { Env::with(t, f) } {
        Ok(()) => Flow::Next,
        Err(Throw) => Flow::Throw,
    }
}

/// # Safety
/// CONTRACT.
unsafe fn method_of(t: *mut Thread) -> (*const Isolate, &'static Method) {
    // SAFETY: CONTRACT; metaspace lives as long as the isolate, which outlives every use within a slow path.
    unsafe {
        let vm = (*t).vm;
        let method = Frame::new((*t).top.fp).method();
        (vm, &*std::ptr::from_ref((*vm).meta.get(method)))
    }
}

/// Moves the pc on.
///
/// # Safety
/// CONTRACT.
unsafe fn advance(t: *mut Thread, words: usize) {
    // SAFETY: CONTRACT.
    unsafe { (*t).top.pc = (*t).top.pc.add(words) }
}

/// Rewrites the instruction at the pc: data words first, the op word last.
///
/// # Safety
/// CONTRACT; `words` is not longer than the instruction.
unsafe fn rewrite(t: *mut Thread, words: &[u64]) {
    // SAFETY: CONTRACT; quick code is made of atomics.
    unsafe {
        let at = (*t).top.pc.cast::<AtomicU64>();
        for (i, w) in words.iter().enumerate().skip(1) {
            (*at.add(i)).store(*w, Ordering::Release);
        }
        (*at).store(words[0], Ordering::Release);
        // A load in front may now fuse with what has been resolved.
        let (vm, method) = method_of(t);
        if let Some(code) = translate::quick_code(&(*vm).meta, method) {
            let all = (*vm).meta.slice(code.words);
            let index = at.offset_from(all.as_ptr()) as usize;
            if index > 0 && index < all.len() {
                let bcis = (*vm).meta.slice(code.bcis);
                // Only if the word in front is an instruction of its own, not the data of a longer one.
                let first = |i: usize| i == 0 || bcis[i - 1] != bcis[i];
                if first(index - 1) {
                    fuse::refuse_at(all, index - 1);
                }
            }
        }
    }
}

// ---- exceptions of the machine -----------------------------------------------------------------------------------------

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
        Env::with(t, |env| exceptions::throw_stack_overflow(env));
    }
}

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

// ---- polls, preparation, subroutines -----------------------------------------------------------------------------------

/// # Safety
/// CONTRACT.
pub unsafe fn poll(t: *mut Thread) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        if safepoint::poll_slow(&*t) {
            (*t).terminating = true;
            return Flow::Throw;
        }
    }
    Flow::Next
}

/// # Safety
/// CONTRACT; `method` names a method record.
pub unsafe fn prepare(t: *mut Thread, method: *const Method) -> Flow {
    // SAFETY: CONTRACT.
    match unsafe { crate::dispatch::prepare(t, &*method) } {
        Ok(()) => Flow::Next,
        Err(flow) => flow,
    }
}

/// A subroutine's return address as it lies in a slot: marked, so that a reference map can tell it from other values.
pub fn return_address(bci: u64) -> u64 {
    0xfffa_0000_0000_0000 | bci
}

/// # Safety
/// CONTRACT; `address` comes from a local that holds a return address (verified).
pub unsafe fn ret(t: *mut Thread, address: u64) -> Flow {
    // SAFETY: CONTRACT.
    unsafe {
        let (vm, method) = method_of(t);
        match translate::pc_of(&(*vm).meta, method, address as u16) {
            Some(pc) => {
                let back = pc <= (*t).top.pc;
                (*t).top.pc = pc;
                if back && (&(*t).control).poll.load(Ordering::Relaxed) != 0 { poll(t) } else { Flow::Next }
            }
            None => bad_code(t),
        }
    }
}

// ---- constants -----------------------------------------------------------------------------------------------------------

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
            let boxed = crate::linkage::resolved_object(env, method.class, at);
            let Some((kind, bits)) = crate::linkage::handles::unbox(env, boxed) else {
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

// ---- fields ----------------------------------------------------------------------------------------------------------------

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

/// Whether an instruction of `method` may be quickened to use `class` without an initialization check: always once the
/// class is initialized, and within its own initializer, which only the initializing thread runs.
fn settled(env: &Env<'_>, method: &Method, class: ClassId) -> bool {
    env.class(class).is_initialized() || (method.is_clinit() && method.class == class)
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

// ---- calls -------------------------------------------------------------------------------------------------------------------

/// The itable entry of `data` (interface, index) for a class; 0 if it does not implement the interface.
///
/// # Safety
/// `class` is a class record and `meta_base` the metaspace it lies in.
pub unsafe fn itable_find(class: *const Class, meta_base: *mut u8, data: u64) -> u32 {
    // SAFETY: the caller's promise: slices of a class record lie in metaspace and are as long as they say.
    unsafe {
        let table = &(*class).itable;
        let entries = meta_base.add(table.offset() as usize).cast::<carafe_classloader::class::ItableEntry>();
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

/// # Safety
/// CONTRACT.
#[cold]
pub unsafe fn no_such_interface(t: *mut Thread, w: u64, data: u64) {
    // SAFETY: CONTRACT.
    unsafe {
        let this = ObjRef::from_raw(*(*t).top.sp.add(a_of(w) as usize - 1) as u32);
        Env::with(t, |env| {
            let this = env.local(this);
            let universe = &env.vm().universe;
            let text = format!(
                "Class {} does not implement the requested interface {}",
                universe.external_name(env.class_id_of(this)),
                universe.external_name(ClassId::from_raw(data as u32))
            );
            env.throw("java/lang/IncompatibleClassChangeError", &text)
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
            let target = methods::try_method(env, caller.class, a_of(w))?;
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
            let target = methods::try_method(env, caller.class, a_of(w))?;
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
            rewrite(t, &[direct(env, method)]);
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
            let target = methods::try_method(env, caller.class, a_of(w))?;
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
            let Target::Method(method) = methods::try_method(env, caller.class, a_of(w))? else {
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
                rewrite(t, &[direct(env, method), nop, nop]);
            } else {
                let data = method.class.raw() as u64 | (method.itable_index as u64) << 32;
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
                Err(need) => Err(need),
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
                if (&(*t).control).poll.load(Ordering::Relaxed) != 0 && method_has_plain_result(method) {
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

/// A native's result that is a reference lies where no reference map knows it; the next poll takes the stop.
fn method_has_plain_result(method: &Method) -> bool {
    !BasicType::from_u8(method.result).is_some_and(BasicType::is_reference)
}

// ---- objects -----------------------------------------------------------------------------------------------------------------

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
    let homes = universe.in_homes(&crate::linkage::Names { env }, actual, wanted);
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

// ---- locks and finalizers --------------------------------------------------------------------------------------------------

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

// ---- stubs ---------------------------------------------------------------------------------------------------------------------

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
