//! Virtual threads that wait for monitors while no thread runs them: their states, and the way back to their scheduler.
//!
//! A monitor that becomes free picks the virtual thread that has waited longest (`monitor`), which goes through the
//! isolate's [`Unblocker`] to a Java thread that submits it to its scheduler. What Java code and the VM write of a
//! VirtualThread, and in which order, is told by the state diagram in its source.

use std::collections::VecDeque;

use carafe_gc::object::{self, ObjRef};
use parking_lot::{Condvar, Mutex};

use crate::env::{Env, JResult, Local};

/// Values of VirtualThread.state that the VM reads or writes.
pub mod state {
    pub const BLOCKING: u32 = 12;
    pub const BLOCKED: u32 = 13;
    pub const WAITING: u32 = 15;
    pub const WAIT: u32 = 16;
    pub const TIMED_WAITING: u32 = 17;
    pub const TIMED_WAIT: u32 = 18;
}

/// Virtual threads that may try again to enter their monitor, until the library's unblocker thread takes them.
#[derive(Default)]
pub struct Unblocker {
    /// Roots.
    ready: Mutex<VecDeque<ObjRef>>,
    changed: Condvar,
}

impl Unblocker {
    /// The reference is current; the caller reaches no safepoint while it holds what protects it.
    pub fn add(&self, thread: ObjRef) {
        let mut ready = self.ready.lock();
        ready.push_back(thread);
        if ready.len() == 1 {
            self.changed.notify_one();
        }
    }

    /// The isolate ends.
    pub fn wake(&self) {
        let _ready = self.ready.lock();
        self.changed.notify_all();
    }

    pub fn visit(&self, v: &mut dyn FnMut(&mut u32)) {
        for thread in self.ready.lock().iter_mut() {
            visit(thread, v);
        }
    }
}

/// Reports a root.
pub fn visit(slot: &mut ObjRef, v: &mut dyn FnMut(&mut u32)) {
    let mut raw = slot.raw();
    if raw != 0 {
        v(&mut raw);
        *slot = ObjRef::from_raw(raw);
    }
}

/// VirtualThread.takeVirtualThreadListToUnblock: waits for virtual threads and links them, longest waiting first.
pub fn take_list<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let vm = env.vm();
    loop {
        env.blocking(|| {
            let mut ready = vm.unblocker.ready.lock();
            while ready.is_empty() && !vm.is_halting() {
                vm.unblocker.changed.wait(&mut ready);
            }
        });
        env.poll()?;
        let at = &env.wk().virtual_thread;
        let base = env.base();
        let (mut first, mut last) = (ObjRef::NULL, ObjRef::NULL);
        {
            let mut ready = vm.unblocker.ready.lock();
            while let Some(thread) = ready.pop_front() {
                // SAFETY: what is listed are live VirtualThreads (a root), and nothing here reaches a safepoint. One that
                // is on a list already will be unblocked by that.
                unsafe {
                    if object::load_u8(base, thread, at.on_waiting_list as usize) != 0 {
                        continue;
                    }
                    object::store_u8(base, thread, at.on_waiting_list as usize, 1);
                    object::store_ref(base, thread, at.next as usize, ObjRef::NULL);
                    if last.is_null() {
                        first = thread;
                    } else {
                        object::store_ref(base, last, at.next as usize, thread);
                    }
                    last = thread;
                }
            }
        }
        if !first.is_null() {
            return Ok(env.local(first));
        }
    }
}

/// Sets the state of the virtual thread that runs on this thread.
pub fn set_state(env: &Env<'_>, new: u32) {
    let at = env.wk().virtual_thread.state as usize;
    // SAFETY: the caller knows that a virtual thread runs, so the current thread is a live VirtualThread.
    unsafe { object::store_u32_volatile(env.base(), env.thread().current, at, new) }
}

/// The virtual thread that runs here is about to wait in Object.wait, 0 milliseconds meaning without limit.
pub fn begin_wait(env: &Env<'_>, millis: i64) {
    let at = &env.wk().virtual_thread;
    let (base, thread) = (env.base(), env.thread().current);
    // SAFETY: as in `set_state`.
    unsafe {
        object::store_u8_volatile(base, thread, at.notified as usize, 0);
        object::store_u64(base, thread, at.timeout as usize, millis as u64);
    }
    set_state(env, if millis == 0 { state::WAITING } else { state::TIMED_WAITING });
}

/// A virtual thread in Object.wait has been notified: it wants the monitor now. If it is still on its way to wait, or has
/// been woken by something else, it finds out by itself.
///
/// # Safety
/// `thread` is a live VirtualThread, and no safepoint lies between that and the call.
pub unsafe fn notified(env: &Env<'_>, thread: ObjRef) {
    let at = &env.wk().virtual_thread;
    let base = env.base();
    // SAFETY: the caller's promise.
    unsafe {
        object::store_u8_volatile(base, thread, at.notified as usize, 1);
        for waiting in [state::WAIT, state::TIMED_WAIT] {
            if object::cas_u32(base, thread, at.state as usize, waiting, state::BLOCKED).is_ok() {
                return;
            }
        }
    }
}
