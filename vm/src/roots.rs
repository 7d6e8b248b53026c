//! What keeps objects alive from outside the heap.
//!
//! Everything in the VM that holds a reference across a possible collection is reported here: Java stacks (by reference
//! maps), handles, globals, the fields of threads, class mirrors and resolved constants, loaders and modules, and weakly
//! the string and monitor tables.

use std::sync::atomic::{AtomicU32, Ordering};

use carafe_classloader::class::{LoaderId, ModuleId};
use carafe_gc::heap::RootSet;
use carafe_gc::object::ObjRef;

use crate::isolate::Isolate;
use crate::thread::walk::Named;
use crate::thread::{Thread, walk};
use crate::unload;

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

/// What holds a reference. Threads are numbered by their place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Mirror,
    Resolved,
    Loader,
    Module,
    /// With its place among the globals.
    Global(u32),
    ThreadObject(u32),
    /// An object that a thread has locked or waits for.
    Monitor,
    /// A handle or a field of a thread.
    Handle(u32),
    /// Thread, and place of the frame among the thread's Java frames, youngest first; `None` in one that the VM made.
    Frame(u32, Option<u32>),
}

/// Which roots.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// All slots outside the heap.
    All,
    /// Those from which marking begins: what is there only for classes that may be unloaded is left out, because it is to
    /// be found through their loaders and mirrors (see `unload`); and the mirrors of classes and the loaders that frames
    /// name are added, in copies.
    Marking,
}

/// Visits strong roots; the world is stopped.
pub fn visit_by_kind(vm: &Isolate, scope: Scope, v: &mut dyn FnMut(Kind, &mut u32)) {
    let all = scope == Scope::All;
    for id in vm.universe.classes() {
        let class = vm.universe.class(id);
        if !all && class.is_unloadable() {
            continue;
        }
        visit_atomic(&class.mirror, &mut |slot| v(Kind::Mirror, slot));
        visit_atomic(&class.resolved, &mut |slot| v(Kind::Resolved, slot));
    }
    for (slot, number) in vm.loader_objects.lock().iter_mut().zip(0..) {
        if all || vm.universe.is_permanent_loader(LoaderId(number)) {
            visit_ref(slot, &mut |slot| v(Kind::Loader, slot));
        }
    }
    for (slot, number) in vm.module_objects.lock().iter_mut().zip(0..) {
        if all || vm.universe.is_permanent_loader(vm.universe.modules.loader(ModuleId(number))) {
            visit_ref(slot, &mut |slot| v(Kind::Module, slot));
        }
    }
    let mut global = 0;
    vm.globals.visit(&mut |slot| {
        v(Kind::Global(global), slot);
        global += 1;
    });
    vm.unblocker.visit(&mut |slot| v(Kind::Monitor, slot));
    vm.monitors.visit(&mut |slot| v(Kind::Monitor, slot));
    for (number, entry) in vm.threads.lock().iter().enumerate() {
        let number = number as u32;
        let thread: *mut Thread = entry.thread;
        // SAFETY: the world is stopped, and a thread stays in the list as long as it lives.
        let thread = unsafe { &mut *thread };
        visit_ref(&mut thread.exception, &mut |slot| v(Kind::Handle(number), slot));
        visit_ref(&mut thread.carrier, &mut |slot| v(Kind::ThreadObject(number), slot));
        visit_ref(&mut thread.current, &mut |slot| v(Kind::Handle(number), slot));
        visit_ref(&mut thread.scoped_cache, &mut |slot| v(Kind::Handle(number), slot));
        visit_ref(&mut thread.waiting.object, &mut |slot| v(Kind::Monitor, slot));
        for slot in &mut thread.locks {
            visit_ref(slot, &mut |slot| v(Kind::Monitor, slot));
        }
        for held in &mut thread.held {
            visit_ref(&mut held.object, &mut |slot| v(Kind::Monitor, slot));
        }
        for outer in &mut thread.continuations {
            let held = outer.held.iter_mut().map(|held| &mut held.object);
            outer
                .locks
                .iter_mut()
                .chain(held)
                .for_each(|object| visit_ref(object, &mut |slot| v(Kind::Monitor, slot)));
        }
        thread.handles.visit(&mut |slot| v(Kind::Handle(number), slot));
        walk::visit_roots(vm, thread, &mut |frame, slot| v(Kind::Frame(number, frame), slot));
        if !all {
            walk::visit_named(vm, thread, &mut |named| {
                let mut raw = match named {
                    Named::Class(class) => vm.universe.class(class).mirror.load(Ordering::Acquire),
                    Named::Loader(loader) => vm.loader_object(loader).raw(),
                };
                if raw != 0 {
                    v(Kind::Handle(number), &mut raw);
                }
            });
        }
    }
}

impl RootSet for Roots<'_> {
    fn visit_strong(&mut self, v: &mut dyn FnMut(&mut u32)) {
        visit_by_kind(self.vm, Scope::All, &mut |_, slot| v(slot));
    }

    fn visit_marking(&mut self, v: &mut dyn FnMut(&mut u32)) {
        visit_by_kind(self.vm, Scope::Marking, &mut |_, slot| v(slot));
    }

    fn unload(&mut self, lives: &mut dyn FnMut(ObjRef) -> bool) -> bool {
        unload::unlink(self.vm, lives)
    }

    fn forget_unloaded(&mut self) {
        self.vm.unloading.free_records(self.vm);
    }

    fn visit_weak(&mut self, place: &mut dyn FnMut(ObjRef) -> Option<ObjRef>) {
        self.vm.strings.visit_weak(place);
        self.vm.monitors.visit_weak(place);
    }
}
