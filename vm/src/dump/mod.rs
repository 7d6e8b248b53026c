//! Looking at a running isolate from outside of Java: heap dumps, class histograms, thread dumps, deadlocks.
//!
//! Invariant: everything here reads the heap in a stopped world and changes nothing in it. What leaves the stopped world are
//! plain facts, or references that the caller turns into handles before it may collect.

pub mod histogram;
pub mod hprof;
pub mod print;
mod starts;
pub mod threads;

use carafe_gc::metaspace::ClassId;
use carafe_gc::object::{self, ObjRef};

use crate::isolate::Isolate;
use crate::thread::Thread;

/// The class that a class object stands for; `None` for other objects.
fn mirrored(vm: &Isolate, object: ObjRef, class: ClassId) -> Option<ClassId> {
    let fields = &vm.wk().class;
    if class != fields.id {
        return None;
    }
    // SAFETY: the caller's reference is current; a mirror has the hidden field.
    let mirrored = unsafe { object::load_u32(vm.cage.base(), object, fields.klass as usize) };
    Some(ClassId::from_raw(mirrored)).filter(|class| *class != ClassId::NONE)
}

/// Gives up every thread's allocation buffer, so that the heap can be walked. The world is stopped.
fn retire_buffers(vm: &Isolate) {
    for entry in vm.threads.lock().iter() {
        let thread: *mut Thread = entry.thread;
        // SAFETY: the world is stopped, so nobody uses the thread's buffer; entries of the list are live.
        unsafe { vm.heap.retire(&mut (*thread).tlab) };
    }
}
