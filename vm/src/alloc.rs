//! Allocation on behalf of a thread: the fast path, the collector when it is needed, and OutOfMemoryError.

use std::sync::atomic::Ordering;
use std::time::Instant;

use carafe_gc::heap::{AllocFailure, GcCause, GcKind};
use carafe_gc::metaspace::ClassId;
use carafe_gc::object::{self, ObjRef};

use crate::compiled;
use crate::env::{Env, JResult, Local, Throw};
use crate::exceptions;
use crate::overhead;
use crate::roots::Roots;
use crate::thread::{Thread, safepoint};

/// Array lengths from here on are refused whatever the heap's size, as HotSpot refuses them.
pub const MAX_ARRAY_LENGTH: usize = i32::MAX as usize - 2;

/// A zeroed instance of a class with instances (not an array, not java.lang.Class).
pub fn instance(env: &mut Env<'_>, class: ClassId) -> JResult<ObjRef> {
    let bytes = env.class(class).layout.instance_bytes as usize;
    let at = bytes_of(env, bytes)?;
    // SAFETY: `at` is fresh zeroed memory of the instance's size.
    unsafe { object::init_instance(at, class) };
    Ok(ObjRef::from_ptr(env.base(), at))
}

/// A zeroed array of the given array class.
pub fn array(env: &mut Env<'_>, class: ClassId, len: usize) -> JResult<ObjRef> {
    if len > MAX_ARRAY_LENGTH {
        return Err(exceptions::throw_out_of_memory(env, "Requested array size exceeds VM limit"));
    }
    let bytes = object::array_bytes(env.class(class).layout.elem_shift, len as u32);
    let at = bytes_of(env, bytes)?;
    // SAFETY: `at` is fresh zeroed memory of the array's size.
    unsafe { object::init_array(at, class, len as u32) };
    Ok(ObjRef::from_ptr(env.base(), at))
}

/// The mirror of a class: an instance of java.lang.Class with room for the class's static fields.
pub fn mirror(env: &mut Env<'_>, class_class: ClassId, bytes: usize) -> JResult<ObjRef> {
    let at = bytes_of(env, bytes)?;
    // SAFETY: `at` is fresh zeroed memory of the mirror's size.
    unsafe { object::init_instance(at, class_class) };
    Ok(ObjRef::from_ptr(env.base(), at))
}

/// Nested arrays for multianewarray: `class` is the outermost array class, lengths are not negative.
pub fn multi_array<'s>(env: &mut Env<'s>, class: ClassId, lengths: &[i32]) -> JResult<Local<'s>> {
    let Some((len, inner)) = lengths.split_first() else { return Ok(Local::NULL) };
    let array = env.new_array_of_class(class, *len as usize)?;
    if !inner.is_empty() {
        let component = env.class(class).component;
        for i in 0..*len as usize {
            env.scope(|env| -> JResult<()> {
                let element = multi_array(env, component, inner)?;
                env.set_elem(array, i, element);
                Ok(())
            })?;
        }
    }
    Ok(array)
}

/// Zeroed memory for one object of `bytes` (rounded up to the object alignment by the heap).
fn bytes_of(env: &mut Env<'_>, bytes: usize) -> JResult<*mut u8> {
    let bytes = object::align_object(bytes);
    if let Some(at) = env.thread_mut().tlab.alloc(bytes) {
        return Ok(at);
    }
    slow(env, bytes)
}

#[cold]
fn slow(env: &mut Env<'_>, bytes: usize) -> JResult<*mut u8> {
    let vm = env.vm();
    loop {
        match vm.heap.alloc_slow(&mut env.thread_mut().tlab, bytes) {
            Ok(at) => {
                let thread = env.thread_mut();
                thread.tlab.count(at, bytes);
                thread.control.allocated.store(thread.tlab.retired_bytes(), Ordering::Relaxed);
                return Ok(at);
            }
            Err(AllocFailure::NeedCollection) => {
                if !vm.is_collectable() {
                    // During the first steps of start-up there are references that no root knows yet.
                    match vm.heap.alloc_without_collection(&mut env.thread_mut().tlab, bytes) {
                        Ok(at) => return Ok(at),
                        Err(_) => return Err(Throw),
                    }
                }
                env.poll_between()?;
                collect(env, GcCause::Allocation);
                if vm.config.overhead_limit && vm.overhead.is_reached() && !spare_soft_references(env) {
                    // A later request of the same size has not seen a collection yet.
                    env.thread_mut().tlab.forget_refusal();
                    return Err(exceptions::throw_out_of_memory(env, "GC overhead limit exceeded"));
                }
            }
            Err(AllocFailure::OutOfMemory) => {
                return Err(exceptions::throw_out_of_memory(env, "Java heap space"));
            }
        }
    }
}

/// The last try before the overhead limit: all soft references go first. Whether that has freed anything worth while.
#[cold]
fn spare_soft_references(env: &mut Env<'_>) -> bool {
    collect(env, GcCause::LowMemory);
    let vm = env.vm();
    let helped = !overhead::is_full(vm.heap.used_bytes(), vm.heap.max_bytes());
    vm.overhead.reset();
    helped
}

/// Stops the world and collects.
pub fn collect(env: &mut Env<'_>, cause: GcCause) {
    let before = env.vm().heap.collections();
    let report = safepoint::stop_the_world_for("CarafeCollect", env.thread_mut(), |thread| {
        let vm = thread.vm();
        // Another thread may have collected while this one waited for the world.
        if vm.heap.collections() != before && !vm.heap.is_stressed() {
            match cause {
                GcCause::Allocation => return None,
                GcCause::Metadata if !vm.unloading.is_due(vm) => return None,
                GcCause::Metadata | GcCause::Explicit | GcCause::LowMemory => {}
            }
        }
        for entry in vm.threads.lock().iter() {
            let other: *mut Thread = entry.thread;
            // SAFETY: the world is stopped: no thread of the list touches its buffer.
            unsafe { vm.heap.retire(&mut (*other).tlab) };
        }
        // SAFETY: the world is stopped.
        unsafe { crate::monitor::deflate_idle(vm) };
        vm.heap.set_soft_clock(vm.clock_ms());
        let mut roots = Roots::new(vm);
        let started = Instant::now();
        // SAFETY: the world is stopped, all buffers are retired, and Roots reports what the VM holds (see there).
        let report = unsafe { vm.heap.collect(&mut roots, cause) };
        if !vm.heap.is_stressed() {
            let left = (report.kind == GcKind::Full).then(|| (vm.heap.used_bytes(), vm.heap.max_bytes()));
            vm.overhead.note(started, Instant::now(), left);
        }
        crate::log::gc::collected(vm, &report);
        vm.after_collection();
        compiled::books::sweep(vm);
        Some(report)
    });
    if let Some(report) = report {
        let vm = env.vm();
        vm.strings.shrink(vm);
        vm.unloading.free(vm);
        vm.unloading.collected(vm, &report);
    }
}
