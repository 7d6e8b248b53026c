//! Finding the handler of a pending exception, frame by frame over the Java stack.

use carafe_classloader::class::method::MethodFlags;
use carafe_classloader::class::{Method, is_subtype};
use carafe_gc::metaspace::ClassId;
use carafe_gc::object::{self, ObjRef};

use crate::compiled;
use crate::continuation;
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
    /// Another exception took the place of the first one: the type of the handler with this index cannot be resolved.
    Replaced(usize),
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
        if (*t).terminating {
            vm.wait_until_all_are_told();
        }
        // Handlers of the youngest frame before this one are out of the question.
        let mut first = 0;
        loop {
            debug_assert!((*t).terminating || !(*t).exception.is_null(), "unwinding needs an exception");
            let frame = Frame::new((*t).top.fp);
            if frame.has(flag::ENTRY) {
                (*t).top.sp = frame.fp();
                return Unwound::Exit;
            }
            let method = vm.meta.get(frame.method());
            if method.flags.contains(MethodFlags::VM_MADE) && method.class == ClassId::NONE {
                let of_handler = stubs::loads_catch_type(t);
                stubs::failed(t);
                stubs::pop_stub(t);
                if of_handler && !(*t).terminating {
                    first = skip_unresolved(t);
                }
                continue;
            }
            if !(*t).terminating && !method.handlers.is_empty() {
                match search(t, method, first) {
                    Search::Found(bci) => {
                        if let Some(pc) = translate::pc_of(&vm.meta, method, bci) {
                            let sp = frame.fp().sub(1);
                            *sp = (*t).exception.raw() as u64;
                            (*t).exception = ObjRef::NULL;
                            // Compiled code may have run the frame until now.
                            compiled::to_interpreter(t, frame.fp());
                            (*t).top = Top { fp: frame.fp(), sp, pc };
                            return Unwound::Handler;
                        }
                    }
                    Search::Replaced(index) => {
                        first = skip(t, frame, method, index);
                        continue;
                    }
                    Search::Suspended => return Unwound::Handler,
                    Search::None => {}
                }
            }
            pop(t, frame, method);
            first = 0;
        }
    }
}

/// The type of a handler could not be resolved, and the exception that says so is pending: it counts as thrown where the
/// handler begins, so that only what encloses the handler may catch it. Thrown at the old place it would need the same type
/// again, for ever if the stack is full. Returns the index of the first handler to consider now.
///
/// # Safety
/// As for `unwind`; `frame` is the youngest frame and `method` its method.
unsafe fn skip(t: *mut Thread, frame: Frame, method: &Method, index: usize) -> usize {
    // SAFETY: the caller's promise; a frame that has handlers has room for the exception on its operand stack.
    unsafe {
        let vm = &*(*t).vm;
        let handler = vm.meta.slice(method.handlers).get(index).map(|h| h.handler);
        if let Some(pc) = handler.and_then(|bci| translate::pc_of(&vm.meta, method, bci)) {
            let sp = frame.fp().sub(1);
            *sp = 0;
            (*t).top = Top { fp: frame.fp(), sp, pc };
        }
        index + 1
    }
}

/// [`skip`] after a stub failed to load the handler's type: the handler is the first one in question without a type.
///
/// # Safety
/// As for `unwind`; the youngest frame is the one that the handler belongs to.
unsafe fn skip_unresolved(t: *mut Thread) -> usize {
    // SAFETY: the caller's promise.
    unsafe {
        let vm = &*(*t).vm;
        let frame = Frame::new((*t).top.fp);
        let method = vm.meta.get(frame.method());
        let bci = translate::bci_of(&vm.meta, method, (*t).top.pc);
        let failed = vm.meta.slice(method.handlers).iter().position(|handler| {
            (handler.start as i32..handler.end as i32).contains(&bci)
                && handler.catch_type != 0
                && constants::resolved_class(vm, method.class, handler.catch_type).is_none()
        });
        match failed {
            Some(index) => skip(t, frame, method, index),
            // Another thread resolved it meanwhile.
            None => 0,
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
        if (*t).innermost().is_some_and(|mounted| mounted.entry == frame.fp()) {
            continuation::unmount(t, frame.fp());
        }
        (*t).top = Top { fp: frame.caller_fp(), sp: lp.add(1), pc };
        if unstructured && !(*t).terminating {
            Env::with(t, monitor::not_structured);
        }
    }
}

/// # Safety
/// As for `unwind`.
unsafe fn search(t: *mut Thread, method: &Method, first: usize) -> Search {
    // SAFETY: the caller's promise.
    unsafe {
        let vm = &*(*t).vm;
        let bci = translate::bci_of(&vm.meta, method, (*t).top.pc);
        for (index, handler) in vm.meta.slice(method.handlers).iter().enumerate().skip(first) {
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
                    Catch::Replaced => return Search::Replaced(index),
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
            let Need::Load { loader, name, wanted, entry } = need else { return Catch::Replaced };
            let raw = env.raw(exception);
            // SAFETY: the failing frame is the youngest, with `top.pc` at the instruction that will throw again.
            match unsafe { stubs::push_load(env, loader, (name, wanted), entry, Purpose::LoadCatchType, raw) }
            {
                Ok(()) => Catch::Suspended,
                Err(_) => Catch::Replaced,
            }
        }
    }
}
