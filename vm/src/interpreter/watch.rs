//! What happens at every instruction of a watched thread: it is counted against the limit of `-XX:MaxSteps`, and in builds
//! with debug assertions checked (see `checks`).
//!
//! The loop exists twice, with and without the call of [`step`]; the dispatcher picks one by whether the thread has a
//! [`Watch`]. So the ordinary loop pays nothing.
//!
//! Invariant: a thread that is watched is watched from its first frame on, so the checks have seen all its frames come.

#[cfg(debug_assertions)]
use super::checks::{Checks, Place};
use crate::isolate::Isolate;
use crate::thread::Thread;
use crate::thread::frames::Frame;
use crate::thread::stack::JavaStack;

/// Exit status of an isolate in which a thread has executed as many instructions as it may.
pub const STEPS_STATUS: i32 = 125;

/// What a watched thread carries.
pub struct Watch {
    /// Instructions that the thread may still execute. Start-up is not limited.
    left: u64,
    #[cfg(debug_assertions)]
    checks: Option<Checks>,
}

/// Where the interpreter stands, as its registers say.
#[derive(Clone, Copy)]
pub struct Registers {
    pub word: u64,
    pub pc: *const u64,
    pub sp: *mut u64,
    pub fp: *mut u64,
    pub lp: *mut u64,
}

impl Watch {
    /// The watch of a new thread, if its isolate asks for one.
    pub fn new(vm: &Isolate, stack: &JavaStack) -> Option<Box<Watch>> {
        let limit = vm.config.steps_max;
        let left = if vm.is_booted() { limit.unwrap_or(u64::MAX) } else { u64::MAX };
        #[cfg(debug_assertions)]
        let watch = Watch { left, checks: vm.config.checks.then(|| Checks::new(vm, stack)) };
        #[cfg(debug_assertions)]
        let wanted = limit.is_some() || watch.checks.is_some();
        #[cfg(not(debug_assertions))]
        let (watch, wanted, _) = (Watch { left }, limit.is_some(), stack);
        wanted.then(|| Box::new(watch))
    }

    /// Start-up is over: from here on the thread's instructions count.
    pub fn begin_counting(&mut self, vm: &Isolate) {
        self.left = vm.config.steps_max.unwrap_or(u64::MAX);
    }
}

/// The instruction at the pc is about to be executed. True if it must not be: a single instruction was asked for, and is done.
///
/// # Safety
/// The thread is the caller's own and has a watch; the registers describe its youngest frame (the loop's FRAME).
pub unsafe fn step(t: *mut Thread, at: Registers) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        if let Some((fp, pc)) = (*t).single {
            // Rewritten in place, it is executed again.
            return (at.fp, at.pc) != (fp, pc);
        }
        let Some(watch) = (*t).watch.as_deref_mut() else { return false };
        watch.left -= 1;
        if watch.left == 0 {
            out_of_steps(t, at);
        }
        #[cfg(debug_assertions)]
        if let Some(checks) = (*t).watch.as_deref_mut().and_then(|watch| watch.checks.as_mut()) {
            checks.before(t, at);
        }
        #[cfg(not(debug_assertions))]
        let _ = at;
        false
    }
}

/// The isolate ends: this thread at its next poll, like all others.
///
/// # Safety
/// As for [`step`].
#[cold]
unsafe fn out_of_steps(t: *mut Thread, at: Registers) {
    // SAFETY: the caller's promise; the isolate outlives its threads.
    unsafe {
        if let Some(watch) = (*t).watch.as_deref_mut() {
            watch.left = u64::MAX;
        }
        let vm = &*(*t).vm;
        let method = vm.universe.external_method(vm.meta.get(Frame::new(at.fp).method()));
        vm.console_error(&format!(
            "carafe: a thread has executed as many instructions as -XX:MaxSteps allows, in {method}\n"
        ));
        vm.request_halt(STEPS_STATUS);
    }
}

/// An exception has been caught, or its handler's type has to be loaded first: frames may be gone.
///
/// # Safety
/// As for [`step`], with the state in `thread.top`.
pub unsafe fn caught(t: *mut Thread) {
    #[cfg(debug_assertions)]
    // SAFETY: the caller's promise.
    unsafe {
        if let Some(checks) = (*t).watch.as_deref_mut().and_then(|watch| watch.checks.as_mut()) {
            checks.caught(t);
        }
    }
    #[cfg(not(debug_assertions))]
    let _ = t;
}

/// Runs a nested dispatcher: what is known of the frames below it waits until it is back.
///
/// # Safety
/// As for [`step`], with the state in `thread.top`: the youngest frame is the first that `run` will execute.
pub unsafe fn nested<R>(t: *mut Thread, run: impl FnOnce() -> R) -> R {
    #[cfg(debug_assertions)]
    // SAFETY: the caller's promise.
    unsafe {
        let outer = match (*t).watch.as_deref_mut().and_then(|watch| watch.checks.as_mut()) {
            Some(checks) => checks.entered(t),
            None => Place::default(),
        };
        let result = run();
        if let Some(checks) = (*t).watch.as_deref_mut().and_then(|watch| watch.checks.as_mut()) {
            checks.restore(outer);
        }
        result
    }
    #[cfg(not(debug_assertions))]
    {
        let _ = t;
        run()
    }
}

/// Whether frozen frames are to remember the tags of their slots.
///
/// # Safety
/// As for [`step`].
pub unsafe fn has_tags(t: *mut Thread) -> bool {
    #[cfg(debug_assertions)]
    // SAFETY: the caller's promise.
    unsafe {
        (*t).watch.as_deref().is_some_and(|watch| watch.checks.is_some())
    }
    #[cfg(not(debug_assertions))]
    {
        let _ = t;
        false
    }
}

/// The tag of a slot, to be given back when its frame is thawed.
///
/// # Safety
/// As for [`step`]; the slot lies in the thread's stack.
pub unsafe fn tag(t: *mut Thread, slot: *mut u64) -> u8 {
    #[cfg(debug_assertions)]
    // SAFETY: the caller's promise.
    unsafe {
        (*t).watch.as_deref().and_then(|watch| watch.checks.as_ref()).map_or(0, |checks| checks.tag_at(slot))
    }
    #[cfg(not(debug_assertions))]
    {
        let _ = (t, slot);
        0
    }
}

/// A continuation's frames have left the stack, down to its entry.
///
/// # Safety
/// As for [`step`], with the state in `thread.top`.
pub unsafe fn frozen(t: *mut Thread) {
    #[cfg(debug_assertions)]
    // SAFETY: the caller's promise.
    unsafe {
        let entry = (*t).top.fp;
        if let Some(checks) = (*t).watch.as_deref_mut().and_then(|watch| watch.checks.as_mut()) {
            checks.frozen(entry);
        }
    }
    #[cfg(not(debug_assertions))]
    let _ = t;
}

/// A continuation's frames have come above its entry; `tags` are those of all slots from `low` on. If it had yielded, its
/// result has been pushed.
///
/// # Safety
/// As for [`step`], with the state in `thread.top`.
pub unsafe fn thawed(t: *mut Thread, entry: *mut u64, low: *mut u64, tags: &[u8], yielded: bool) {
    #[cfg(debug_assertions)]
    // SAFETY: the caller's promise.
    unsafe {
        if let Some(checks) = (*t).watch.as_deref_mut().and_then(|watch| watch.checks.as_mut()) {
            checks.thawed(t, entry, low, tags, yielded);
        }
    }
    #[cfg(not(debug_assertions))]
    let _ = (t, entry, low, tags, yielded);
}
