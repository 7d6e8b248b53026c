//! What keeps objects alive from outside the heap.
//!
//! Everything in the VM that holds a reference across a possible collection is reported here: Java stacks (by reference
//! maps), handles, globals, the fields of threads, class mirrors and resolved constants, loaders and modules, and weakly
//! the string and monitor tables.

use std::sync::atomic::{AtomicU32, Ordering};

use carafe_gc::heap::RootSet;
use carafe_gc::object::ObjRef;

use crate::isolate::Isolate;
use crate::thread::{Thread, walk};

pub struct Roots<'v> {
    vm: &'v Isolate,
}

impl<'v> Roots<'v> {
    /// The world must be stopped for as long as the value is used.
    pub fn new(vm: &'v Isolate) -> Roots<'v> {
        Roots { vm }
    }
}

fn visit_atomic(slot: &AtomicU32, v: &mut dyn FnMut(&mut u32)) {
    let mut raw = slot.load(Ordering::Relaxed);
    if raw != 0 {
        v(&mut raw);
        slot.store(raw, Ordering::Relaxed);
    }
}

fn visit_ref(slot: &mut ObjRef, v: &mut dyn FnMut(&mut u32)) {
    let mut raw = slot.raw();
    if raw != 0 {
        v(&mut raw);
        *slot = ObjRef::from_raw(raw);
    }
}

impl RootSet for Roots<'_> {
    fn visit_strong(&mut self, v: &mut dyn FnMut(&mut u32)) {
        let vm = self.vm;
        for id in vm.universe.classes() {
            let class = vm.universe.class(id);
            visit_atomic(&class.mirror, v);
            visit_atomic(&class.resolved, v);
        }
        for slot in vm.loader_objects.lock().iter_mut() {
            visit_ref(slot, v);
        }
        for slot in vm.module_objects.lock().iter_mut() {
            visit_ref(slot, v);
        }
        vm.globals.visit(v);
        vm.unblocker.visit(v);
        vm.monitors.visit(v);
        for entry in vm.threads.lock().iter() {
            let thread: *mut Thread = entry.thread;
            // SAFETY: the world is stopped, and a thread stays in the list as long as it lives.
            let thread = unsafe { &mut *thread };
            visit_ref(&mut thread.exception, v);
            visit_ref(&mut thread.carrier, v);
            visit_ref(&mut thread.current, v);
            visit_ref(&mut thread.scoped_cache, v);
            for slot in &mut thread.locks {
                visit_ref(slot, v);
            }
            for held in &mut thread.held {
                visit_ref(&mut held.object, v);
            }
            for outer in &mut thread.continuations {
                outer.locks.iter_mut().for_each(|slot| visit_ref(slot, v));
                outer.held.iter_mut().for_each(|held| visit_ref(&mut held.object, v));
            }
            thread.handles.visit(v);
            walk::visit_roots(vm, thread, v);
        }
    }

    fn visit_weak(&mut self, place: &mut dyn FnMut(ObjRef) -> Option<ObjRef>) {
        self.vm.strings.visit_weak(place);
        self.vm.monitors.visit_weak(place);
    }
}
