//! Functions that compiled code calls.
//!
//! Their stubs have put the frame's state into `thread.top`, where they need it. A panic does not get past them: it ends the
//! isolate, and the thread unwinds.

use std::sync::atomic::{AtomicU64, Ordering};

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::Method;
use carafe_gc::cage::META_RESERVE;
use carafe_gc::metaspace::{CLASS_RECORD_BYTES, MAX_CLASSES, Meta};
use carafe_jit::anchor::{Exit, HELPERS};

use super::{count_unresolved, method_at, push, stress, to_interpreter};
use crate::env::{Env, Throw};
use crate::interpreter::intrinsics;
use crate::interpreter::quick::Quick;
use crate::interpreter::run;
use crate::interpreter::slow::{self, Flow};
use crate::panics;
use crate::thread::frames::{CALLER_FP, CALLER_LP, HEADER_WORDS, METHOD, RETURN_PC};
use crate::thread::{Thread, Top};

/// The functions in the order of `anchor::Helper`.
pub(super) fn table() -> [*const u8; HELPERS] {
    [step as *const u8, poll as *const u8, intrinsic as *const u8, native as *const u8, select as *const u8]
}

/// Runs a helper's body; a panic in it becomes the end of the isolate.
///
/// # Safety
/// The thread is the caller's own.
unsafe fn guarded(t: *mut Thread, body: impl FnOnce() -> Exit) -> u32 {
    // SAFETY: the caller's promise.
    let exit = unsafe { Env::with(t, |env| panics::guard(env, |_| Ok(body())).unwrap_or(Exit::Throw)) };
    exit as u32
}

/// Executes the instruction at `top.pc` for compiled code, which goes on if that leads to `next` in the same frame. The lowest
/// bit of `next` says that the code knows nothing of the instruction.
unsafe extern "sysv64" fn step(t: *mut Thread, next: u64) -> u32 {
    // SAFETY: stubs call this on their own thread, with `top` in order, and code leaves its frame to the interpreter meanwhile
    // (COMPILED).
    unsafe {
        guarded(t, || {
            let next_pc = (next & !1) as *const u64;
            let (fp, pc) = ((*t).top.fp, (*t).top.pc);
            let code = *fp.add(CALLER_LP);
            to_interpreter(t, fp);
            if next & 1 != 0 {
                let (vm, method) = method_at((*t).vm, fp);
                count_unresolved(vm, method);
            }
            let outer = (*t).single.replace((fp, pc));
            let outcome = run::run::<true>(t);
            (*t).single = outer;
            if let Err(Throw) = outcome {
                return Exit::Throw;
            }
            let top = (*t).top;
            if top.fp == fp && leads_to(top.pc, next_pc) {
                let vm = &*(*t).vm;
                // Its own word is the interpreter's meanwhile, so callers are told apart as they are.
                if vm.code.as_ref().is_some_and(stress::leaves) {
                    return Exit::Stepped;
                }
                *fp.add(CALLER_LP) = code;
                return Exit::None;
            }
            return_here(t, fp, next_pc);
            Exit::Stepped
        })
    }
}

/// Whether an instruction is the one that code means: a loop's word may stand in front of it.
///
/// # Safety
/// `pc` is in quick code.
unsafe fn leads_to(pc: *const u64, next: *const u64) -> bool {
    // SAFETY: the caller's promise: the code of a method does not end behind a loop's word.
    unsafe {
        let is_loop = |at: *const u64| {
            let word = (*at.cast::<AtomicU64>()).load(Ordering::Relaxed);
            Quick::from_word(word) == Quick::Loop
        };
        pc == next || (is_loop(pc) && pc.add(1) == next)
    }
}

/// If the instruction has entered a method, lets that one return to the code behind the call.
///
/// # Safety
/// As for `step`; `fp` was the youngest frame.
unsafe fn return_here(t: *mut Thread, fp: *mut u64, next: *const u64) {
    // SAFETY: the caller's promise.
    unsafe {
        let callee = (*t).top.fp;
        if callee >= fp || *callee.add(CALLER_FP) as *mut u64 != fp {
            return;
        }
        let back = *callee.add(RETURN_PC) as *const u64;
        if *callee.add(METHOD) >> 32 != 0 || !leads_to(back, next) {
            return;
        }
        let (vm, method) = method_at((*t).vm, fp);
        if let Some(resume) = super::env::resume_of(vm, method, back.sub(1)) {
            *callee.add(RETURN_PC) = resume as u64;
        }
    }
}

/// A loop has found the poll word set.
unsafe extern "sysv64" fn poll(t: *mut Thread) -> u32 {
    // SAFETY: as for `step`.
    unsafe {
        guarded(t, || match slow::poll(t) {
            Flow::Next => {
                let vm = &*(*t).vm;
                match vm.code.as_ref().is_some_and(|code| stress::deoptimize(t, code)) {
                    true => Exit::Interpret,
                    false => Exit::None,
                }
            }
            Flow::Throw => Exit::Throw,
        })
    }
}

/// A result in rax, and in rdx whether it counts.
#[repr(C)]
struct Answer {
    bits: u64,
    counts: u64,
}

unsafe extern "sysv64" fn intrinsic(t: *mut Thread, sp: *const u64, row: u32) -> Answer {
    // SAFETY: stubs call this on their own thread; the arguments are those of the row's method, which code has checked.
    // Leaf functions do not panic: they compute, and read and write single words.
    match unsafe { (intrinsics::ROWS[row as usize].leaf)(t, sp) } {
        Some(bits) => Answer { bits, counts: 1 },
        None => Answer { bits: 0, counts: 0 },
    }
}

/// Calls a native method from the frame in `top.fp`.
unsafe extern "sysv64" fn native(t: *mut Thread, method: u32, sp: *mut u64, return_pc: *const u64) -> u32 {
    // SAFETY: as for `step`; the arguments are the youngest operands.
    unsafe {
        guarded(t, || {
            let vm = &*(*t).vm;
            let caller = (*t).top.fp;
            let m = vm.meta.get(Meta::<Method>::from_raw(method));
            let fp = sp.add(m.arg_slots as usize).sub(m.max_locals as usize + HEADER_WORDS);
            let end = fp.sub(m.max_stack as usize + 2);
            if (end as usize) < (*t).entry_limit().load(Ordering::Relaxed) {
                (*t).anchor.mail = [u64::from(method), sp as u64, return_pc as u64, 0];
                return Exit::Call;
            }
            push(t, u64::from(method), fp, (caller, return_pc));
            let pc = vm.meta.base().add(m.quick_code() as usize).cast::<u64>();
            (*t).top = Top { fp, sp: fp, pc };
            match slow::native(t, *pc) {
                Flow::Next => {
                    let result = BasicType::from_u8(m.result).unwrap_or(BasicType::Void);
                    let bits = match result.slots() {
                        0 => 0,
                        1 => u64::from(*(*t).top.sp as u32),
                        _ => *(*t).top.sp.add(1),
                    };
                    (*t).anchor.mail[3] = bits;
                    Exit::None
                }
                Flow::Throw => Exit::Throw,
            }
        })
    }
}

/// The target of an interface call whose receiver is not of the cached class; 0 if there is none.
unsafe extern "sysv64" fn select(t: *mut Thread, class: u32, cache: u32) -> u32 {
    // SAFETY: the class word is a receiver's, and `cache` the place of an interface call's data words.
    unsafe {
        let meta_base = (*t).base.sub(META_RESERVE as usize);
        let cache = meta_base.add(cache as usize).cast::<AtomicU64>();
        let record = meta_base.add((class & (MAX_CLASSES - 1)) as usize * CLASS_RECORD_BYTES);
        let data = (*cache.add(1)).load(Ordering::Relaxed);
        let target = slow::itable_find(record.cast(), meta_base, data);
        if target != 0 {
            (*cache).store(u64::from(class) | u64::from(target) << 32, Ordering::Relaxed);
        }
        target
    }
}
