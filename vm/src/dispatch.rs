//! The dispatcher: the one place where Rust code enters Java code and gets back out of it.
//!
//! Java calls never nest dispatchers: interpreted code calls interpreted code by pushing frames. A dispatcher is nested
//! only when native code calls Java. Compiled code is entered by the interpreter's loop (see `compiled`), and comes back to it.

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::Method;
use carafe_gc::heap::GcCause;
use carafe_gc::metaspace::ClassId;
use carafe_gc::object::ObjRef;

use crate::env::{Env, JResult, Throw, Value};
use crate::interpreter::slow::Flow;
use crate::interpreter::{run, translate, watch};
use crate::linkage::Need;
use crate::linkage::stubs;
use crate::thread::frames::{self, Frame, HEADER_WORDS, flag};
use crate::thread::{Thread, Top};
use crate::{alloc, exceptions};

/// Calls a method from native code.
pub fn call<'s>(env: &mut Env<'s>, method: &Method, args: &[Value<'_>]) -> JResult<Value<'s>> {
    let t = env.thread_ptr();
    enter_allowed(env)?;
    // SAFETY: the Env proves that this is the thread's own OS thread in RUNNING state with `top` in order.
    unsafe {
        if prepare(t, method).is_err() {
            return Err(Throw);
        }
        let saved = (*t).top;
        push_entry(t)?;
        let mut top = (*t).top;
        let words = stubs::raw_args(env, args);
        if top.sp.sub(words.len() * 2 + method.max_locals as usize + 64) < (*t).stack_limit {
            (*t).top = saved;
            exceptions::throw_stack_overflow(env);
            return Err(Throw);
        }
        for (raw, slots) in words {
            match slots {
                0 => {}
                1 => {
                    top.sp = top.sp.sub(1);
                    *top.sp = raw;
                }
                _ => {
                    top.sp = top.sp.sub(2);
                    *top.sp.add(1) = raw;
                    *top.sp = 0;
                }
            }
        }
        (*t).top = top;
        if let Flow::Throw = push_frame(t, method, top.pc, 0) {
            (*t).top = saved;
            return Err(Throw);
        }
        let outcome = run_nested(t);
        let sp = (*t).top.sp;
        let result = outcome.map(|()| read_result(env, method, sp));
        (*t).top = saved;
        result
    }
}

/// Runs the stub that meets a need, to its end.
pub fn run_stub(env: &mut Env<'_>, need: Need) -> JResult<()> {
    let t = env.thread_ptr();
    // SAFETY: as in `call`.
    unsafe {
        let saved = (*t).top;
        // The references in an upcall are raw: nothing may be allocated before they are pushed, so the check for
        // native stack, which may throw, is only made when it fails.
        if !enough_native_stack(t) {
            exceptions::throw_stack_overflow(env);
            return Err(Throw);
        }
        push_entry(t)?;
        if let Flow::Throw = stubs::push_need(t, need) {
            (*t).top = saved;
            return Err(Throw);
        }
        let outcome = run_nested(t);
        (*t).top = saved;
        outcome
    }
}

/// # Safety
/// `top` is above an entry frame that this call owns.
unsafe fn run_nested(t: *mut Thread) -> Result<(), Throw> {
    // SAFETY: the caller's promise.
    unsafe {
        (*t).nesting += 1;
        let outcome = if (*t).watch.is_none() {
            run::run::<false>(t)
        } else {
            watch::nested(t, || run::run::<true>(t))
        };
        (*t).nesting -= 1;
        outcome
    }
}

/// Pushes the frame that ends a dispatcher.
///
/// # Safety
/// The thread is the caller's own and `top` is in order.
unsafe fn push_entry(t: *mut Thread) -> JResult<()> {
    // SAFETY: the caller's promise; the limit check keeps the frame inside the stack.
    unsafe {
        let vm = &*(*t).vm;
        let top = (*t).top;
        let fp = top.sp.sub(HEADER_WORDS);
        if fp.sub(16) < (*t).stack_limit {
            Env::with(t, exceptions::throw_stack_overflow);
            return Err(Throw);
        }
        *fp.add(frames::CALLER_FP) = top.fp as u64;
        *fp.add(frames::RETURN_PC) = top.pc as u64;
        *fp.add(frames::METHOD) = vm.stubs.entry.raw() as u64 | flag::ENTRY | flag::REEXECUTE;
        *fp.add(frames::CALLER_LP) = 0;
        let pc = vm.meta.base().add(vm.stubs.exit_pc as usize).cast::<u64>();
        (*t).top = Top { fp, sp: fp, pc };
        Ok(())
    }
}

/// Makes sure that a method has quick code.
///
/// # Safety
/// The thread is the caller's own and `top` is in order.
pub unsafe fn prepare(t: *mut Thread, method: &Method) -> Result<(), Flow> {
    if method.quick_code() != 0 {
        return Ok(());
    }
    // SAFETY: the caller's promise.
    unsafe {
        let vm = &*(*t).vm;
        if translate::prepare(vm, method).is_err() {
            let prepared = Env::with(t, |env| {
                if vm.is_collectable() {
                    // The method may be named by nothing but what the caller has looked up.
                    let _holder = (method.class != ClassId::NONE).then(|| env.mirror(method.class));
                    alloc::collect(env, GcCause::LowMemory);
                }
                translate::prepare(vm, method).map_err(|_| exceptions::throw_metaspace(env))
            });
            return prepared.map_err(|Throw| Flow::Throw);
        }
    }
    Ok(())
}

/// Enters a prepared method whose arguments are the youngest operands; it will return to `return_pc`.
///
/// # Safety
/// The thread is the caller's own, `top` is in order and the arguments fit the method.
pub unsafe fn push_frame(t: *mut Thread, method: &Method, return_pc: *const u64, flags: u64) -> Flow {
    // SAFETY: the caller's promise; the limit check keeps the frame inside the stack.
    unsafe {
        let vm = &*(*t).vm;
        let top = (*t).top;
        let fp = top.sp.add(method.arg_slots as usize).sub(method.max_locals as usize + HEADER_WORDS);
        if fp.sub(method.max_stack as usize + 2) < (*t).stack_limit {
            Env::with(t, exceptions::throw_stack_overflow);
            return Flow::Throw;
        }
        let caller = Frame::new(top.fp);
        let caller_lp = caller.locals(vm.meta.get(caller.method()).max_locals as usize);
        *fp.add(frames::CALLER_FP) = top.fp as u64;
        *fp.add(frames::RETURN_PC) = return_pc as u64;
        *fp.add(frames::METHOD) = vm.meta.meta_of(method).raw() as u64 | flags;
        *fp.add(frames::CALLER_LP) = caller_lp as u64;
        let pc = vm.meta.base().add(method.quick_code() as usize).cast::<u64>();
        (*t).top = Top { fp, sp: fp, pc };
        Flow::Next
    }
}

/// # Safety
/// `sp` is the entry frame's operand stack after `method` returned to it.
unsafe fn read_result<'s>(env: &mut Env<'s>, method: &Method, sp: *mut u64) -> Value<'s> {
    // SAFETY: the caller's promise.
    unsafe {
        match BasicType::from_u8(method.result).unwrap_or(BasicType::Void) {
            BasicType::Void => Value::Void,
            BasicType::Long => Value::Long(*sp.add(1) as i64),
            BasicType::Double => Value::Double(f64::from_bits(*sp.add(1))),
            BasicType::Float => Value::Float(f32::from_bits(*sp as u32)),
            BasicType::Object | BasicType::Array => Value::Ref(env.local(ObjRef::from_raw(*sp as u32))),
            BasicType::Boolean | BasicType::Char | BasicType::Byte | BasicType::Short | BasicType::Int => {
                Value::Int(*sp as u32 as i32)
            }
        }
    }
}

/// Fails with StackOverflowError when the native stack is nearly used up.
fn enter_allowed(env: &mut Env<'_>) -> JResult<()> {
    if env.is_terminating() {
        return Err(Throw);
    }
    if enough_native_stack(env.thread_ptr()) {
        return Ok(());
    }
    exceptions::throw_stack_overflow(env);
    Err(Throw)
}

fn enough_native_stack(t: *mut Thread) -> bool {
    let here = 0u8;
    // SAFETY: the limit is set once when the thread starts.
    (&raw const here as usize) > unsafe { (*t).native_limit }
}
