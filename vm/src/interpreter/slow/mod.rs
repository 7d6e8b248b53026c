//! What the interpreter's loop does not do itself: resolution, allocation that needs the collector, locks, natives,
//! and everything that throws.
//!
//! A slow path finds the interpreter's state in `thread.top`, with the pc at the instruction itself. It ends with
//! [`Flow::Next`] after moving the pc on (or leaving it where it is, to execute the instruction again, which may by then
//! be another one), or with [`Flow::Throw`] and an exception pending.
//!
//! All functions share one safety contract, CONTRACT: the thread is the caller's own and RUNNING, and `top` describes its
//! youngest frame as `run`'s invariant FRAME says.

mod calls;
mod constants;
mod errors;
mod fields;
mod locks;
mod objects;
mod stubs;

use std::sync::atomic::{AtomicU64, Ordering};

use carafe_classloader::class::Method;
use carafe_gc::metaspace::ClassId;

use super::{fuse, translate};
use crate::env::{Env, JResult, Throw};
use crate::isolate::Isolate;
use crate::linkage::{self, Linked, Stop};
use crate::thread::frames::Frame;
use crate::thread::poll::FAULT;
use crate::thread::{Thread, safepoint};

pub use calls::*;
pub use constants::*;
pub use errors::*;
pub use fields::*;
pub use locks::*;
pub use objects::*;
pub use stubs::*;

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
            Err(Stop::Need(need)) => linkage::stubs::push_need(t, need),
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

// ---- polls, preparation, subroutines -----------------------------------------------------------------------------------

/// Whether an instruction of `method` may be quickened to use `class` without an initialization check: always once the
/// class is initialized, and within its own initializer, which only the initializing thread runs.
fn settled(env: &Env<'_>, method: &Method, class: ClassId) -> bool {
    env.class(class).is_initialized() || (method.is_clinit() && method.class == class)
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
        if (*t).poll_word().load(Ordering::Relaxed) & FAULT != 0 {
            let Throw = Env::with(t, |env| env.throw_fault());
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
                if back && (*t).poll_word().load(Ordering::Relaxed) != 0 { poll(t) } else { Flow::Next }
            }
            None => bad_code(t),
        }
    }
}
