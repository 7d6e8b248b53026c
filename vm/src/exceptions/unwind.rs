//! Finding the handler of a pending exception, frame by frame over the Java stack.

use carafe_classloader::class::method::MethodFlags;
use carafe_classloader::class::{Method, is_subtype};
use carafe_gc::metaspace::ClassId;
use carafe_gc::object::{self, ObjRef};

use crate::env::Env;
use crate::interpreter::translate;
use crate::linkage::stubs::{self, Purpose};
use crate::linkage::{Need, Stop, constants};
use crate::monitor;
use crate::thread::frames::{Frame, flag};
use crate::thread::{Thread, Top};

/// How unwinding ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unwound {
    /// `thread.top` is where execution goes on: a handler, or a stub that has to run before one can be chosen.
    Handler,
    /// The dispatcher's entry frame was reached; the exception is still pending.
    Exit,
}

enum Search {
    Found(u16),
    None,
    /// Another exception took the place of the first one.
    Replaced,
    /// A stub was pushed that loads the type of a handler.
    Suspended,
}

/// # Safety
/// The thread is the caller's own, has a pending exception (or is terminating), and `top` names the failing instruction.
#[cold]
#[inline(never)]
pub unsafe fn unwind(t: *mut Thread) -> Unwound {
    // SAFETY: the caller's promise; frames were laid out by the interpreter and the dispatcher.
    unsafe {
        let vm = &*(*t).vm;
        loop {
            debug_assert!((*t).terminating || !(*t).exception.is_null(), "unwinding needs an exception");
            let frame = Frame::new((*t).top.fp);
            if frame.has(flag::ENTRY) {
                (*t).top.sp = frame.fp();
                return Unwound::Exit;
            }
            let method = vm.meta.get(frame.method());
            if method.flags.contains(MethodFlags::VM_MADE) && method.class == ClassId::NONE {
                stubs::failed(t);
                stubs::pop_stub(t);
                continue;
            }
            if !(*t).terminating && !method.handlers.is_empty() {
                match search(t, method) {
                    Search::Found(bci) => {
                        if let Some(pc) = translate::pc_of(&vm.meta, method, bci) {
                            let sp = frame.fp().sub(1);
                            *sp = (*t).exception.raw() as u64;
                            (*t).exception = ObjRef::NULL;
                            (*t).top = Top { fp: frame.fp(), sp, pc };
                            return Unwound::Handler;
                        }
                    }
                    Search::Replaced => continue,
                    Search::Suspended => return Unwound::Handler,
                    Search::None => {}
                }
            }
            pop(t, frame, method);
        }
    }
}

/// Leaves a Java frame, unlocking what it holds. A frame that an exception leaves with a monitor still entered fails to
/// be structured (JVMS 2.11.10): the exception gives way to another.
///
/// # Safety
/// As for `unwind`; `frame` is the youngest frame and `method` its method.
unsafe fn pop(t: *mut Thread, frame: Frame, method: &Method) {
    // SAFETY: the caller's promise.
    unsafe {
        let lp = frame.locals(method.max_locals as usize);
        if method.is_synchronized() {
            let slot = lp.sub(method.max_locals as usize - 1);
            let locked = ObjRef::from_raw(*slot as u32);
            if !locked.is_null() {
                *slot = 0;
                monitor::unlock_for_unwind(t, locked);
            }
        }
        let pc = if frame.has(flag::REEXECUTE) { frame.return_pc() } else { frame.return_pc().sub(1) };
        let unstructured = monitor::unlock_held(t, frame.fp());
        (*t).top = Top { fp: frame.caller_fp(), sp: lp.add(1), pc };
        if unstructured && !(*t).terminating {
            Env::with(t, monitor::not_structured);
        }
    }
}

/// # Safety
/// As for `unwind`.
unsafe fn search(t: *mut Thread, method: &Method) -> Search {
    // SAFETY: the caller's promise.
    unsafe {
        let vm = &*(*t).vm;
        let bci = translate::bci_of(&vm.meta, method, (*t).top.pc);
        for handler in vm.meta.slice(method.handlers) {
            if bci < handler.start as i32 || bci >= handler.end as i32 {
                continue;
            }
            if handler.catch_type == 0 {
                return Search::Found(handler.handler);
            }
            let pending = (*t).exception;
            let known = constants::resolved_class(vm, method.class, handler.catch_type);
            let class = match known {
                Some(class) => class,
                None => match Env::with(t, |env| resolve_catch_type(env, method.class, handler.catch_type)) {
                    Catch::Class(class) => class,
                    Catch::Replaced => return Search::Replaced,
                    Catch::Suspended => return Search::Suspended,
                },
            };
            // Resolution may have moved the exception, which the thread's root followed.
            let exception = if known.is_some() { pending } else { (*t).exception };
            if is_subtype(&vm.meta, object::class_of((*t).base, exception), class) {
                return Search::Found(handler.handler);
            }
        }
        Search::None
    }
}

enum Catch {
    Class(ClassId),
    Replaced,
    Suspended,
}

fn resolve_catch_type(env: &mut Env<'_>, from: ClassId, index: u16) -> Catch {
    let exception = env.take_exception();
    match constants::try_class(env, from, index) {
        Ok(class) => {
            env.throw_local(exception);
            Catch::Class(class)
        }
        Err(Stop::Throw) => Catch::Replaced,
        Err(Stop::Need(need)) => {
            let Need::Load { loader, name } = need else { return Catch::Replaced };
            let raw = env.raw(exception);
            // SAFETY: the failing frame is the youngest, with `top.pc` at the instruction that will throw again.
            match unsafe { stubs::push_load(env, loader, name, Purpose::LoadCatchType, raw) } {
                Ok(()) => Catch::Suspended,
                Err(_) => Catch::Replaced,
            }
        }
    }
}
