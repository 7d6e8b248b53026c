//! Frames of compiled code handed to the interpreter at random, where they may be: to find what the two see differently.
//!
//! With a seed in the configuration every poll of a loop takes the slow way, and some of the frames that wait on the stack go
//! on interpreted, as if what their code relies on had ceased to hold. So do some methods behind an instruction that the
//! interpreter executed for them. They are entered again at their next loop or call.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use carafe_jit::anchor::Stub;

use super::{Code, call_site, method_at, to_interpreter, translate};
use crate::interpreter::quick::{Quick, b_of};
use crate::thread::Thread;
use crate::thread::frames::{CALLER_FP, CALLER_LP, METHOD, RETURN_PC, flag};

/// As many callers are looked at.
const DEPTH: usize = 16;

/// Present if the configuration asks for it.
pub(super) struct Stress {
    state: AtomicU64,
    /// What polls look at in place of the thread's word: never zero.
    pub(super) always: Box<AtomicU32>,
}

impl Stress {
    pub(super) fn new(seed: u64) -> Stress {
        Stress { state: AtomicU64::new(seed), always: Box::new(AtomicU32::new(1)) }
    }

    /// splitmix64, shared by all threads: which frames they are depends on the threads' order, too.
    fn chance(&self, one_in: u64) -> bool {
        let mut z = self.state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)).is_multiple_of(one_in)
    }
}

/// Whether the youngest frame, which compiled code runs and `top` describes, is to go on interpreted. Some of its callers are
/// then interpreted when it returns to them.
///
/// # Safety
/// The thread is the caller's own; its frames are in order.
pub(super) unsafe fn deoptimize(t: *mut Thread, code: &Code) -> bool {
    let Some(stress) = &code.stress else { return false };
    // SAFETY: the caller's promise; dispatchers' frames bound the walk.
    unsafe {
        let mut callee = (*t).top.fp;
        for _ in 0..DEPTH {
            let flags = *callee.add(METHOD) & !0xffff_ffff;
            if flags & flag::ENTRY != 0 {
                break;
            }
            let caller = *callee.add(CALLER_FP) as *mut u64;
            if flags == 0 && stress.chance(4) {
                hand_over(t, code, callee, caller);
            }
            callee = caller;
        }
    }
    stress.chance(3)
}

/// Whether a frame goes on interpreted behind an instruction that the interpreter has executed for it.
pub(super) fn leaves(code: &Code) -> bool {
    code.stress.as_ref().is_some_and(|stress| stress.chance(4))
}

/// The caller of a frame goes on interpreted, if compiled code waits for the frame to return.
///
/// # Safety
/// As for [`deoptimize`]; both frames are on the stack, and no dispatcher is between them.
unsafe fn hand_over(t: *mut Thread, code: &Code, callee: *mut u64, caller: *mut u64) {
    // SAFETY: the caller's promise. Compiled code has left the address of a `Resume` word as the place to return to; what
    // stands there otherwise is no such word, or the caller is no compiled frame.
    unsafe {
        if caller.is_null() || *caller.add(METHOD) & !0xffff_ffff & !flag::REEXECUTE & !flag::ENTRY != 0 {
            return;
        }
        let return_pc = *callee.add(RETURN_PC) as *const u64;
        let (vm, method) = method_at((*t).vm, caller);
        let Some(quick) = translate::quick_code(&vm.meta, method) else { return };
        let words = vm.meta.slice(quick.words);
        let first = words.as_ptr().cast::<u64>().add(quick.own as usize);
        let end = words.as_ptr_range().end.cast::<u64>();
        if return_pc < first || return_pc >= end {
            return;
        }
        let word = (*return_pc.cast::<AtomicU64>()).load(Ordering::Acquire);
        let is_code = |frame: *mut u64| code.cache.contains(*frame.add(CALLER_LP) as *const u8);
        if Quick::from_word(word) != Quick::Resume || b_of(word) == 0 || !is_code(caller) {
            return;
        }
        let (_, next) = call_site((*t).vm, caller, return_pc);
        *callee.add(RETURN_PC) = next as u64;
        if is_code(callee) {
            *callee.add(CALLER_LP) = (*t).anchor.stubs[Stub::ReturnToInterpreter as usize] as u64;
        }
        to_interpreter(t, caller);
    }
}
