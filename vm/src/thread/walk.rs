//! Walking the frames of a stopped thread (or one's own), for traces and for the collector.

use carafe_classloader::bytecode::refmap::{FrameSlot, RefMap};
use std::sync::atomic::Ordering;

use carafe_classloader::class::{LoaderId, Method};
use carafe_gc::metaspace::ClassId;
use carafe_gc::object::ObjRef;

use super::Thread;
use super::frames::{Frame, flag};
use crate::env::Env;
use crate::interpreter::translate;
use crate::isolate::Isolate;
use crate::linkage::handles::split_descriptor;
use crate::linkage::stubs;

/// A Java frame as traces show it.
#[derive(Clone, Copy)]
pub struct FrameInfo<'s> {
    pub method: &'s Method,
    /// -1 for native methods.
    pub bci: i32,
    pub native: bool,
    /// Where the frame lies; identifies it while it lives.
    pub fp: *mut u64,
}

/// Calls `visit` for each Java frame of what runs, youngest first, until it returns false. VM-made frames are left out; a
/// virtual thread's frames end where its carrier's begin.
pub fn each<'s>(thread: &'s Thread, visit: impl FnMut(FrameInfo<'s>) -> bool) {
    walk(thread, thread.top.fp, thread.top.pc, true, visit);
}

/// As [`each`], for the platform thread alone, without the virtual thread that it may be running.
pub fn each_of_carrier<'s>(thread: &'s Thread, visit: impl FnMut(FrameInfo<'s>) -> bool) {
    match thread.continuations.iter().find(|mounted| mounted.is_virtual) {
        None => each(thread, visit),
        Some(mounted) => {
            // SAFETY: the entry frame of a mounted continuation is in the thread's chain.
            let entry = unsafe { Frame::new(mounted.entry) };
            walk(thread, entry.caller_fp(), caller_pc(entry), false, visit);
        }
    }
}

fn walk<'s>(
    thread: &'s Thread,
    mut fp: *mut u64,
    mut pc: *const u64,
    ends_with_virtual: bool,
    mut visit: impl FnMut(FrameInfo<'s>) -> bool,
) {
    let vm: &Isolate = thread.vm();
    while !fp.is_null() {
        // SAFETY: fp comes from the chain of a thread that stands still: our own, or one stopped at a safepoint.
        let frame = unsafe { Frame::new(fp) };
        let method = vm.meta.get(frame.method());
        let entry = thread.continuations.iter().find(|mounted| mounted.entry == fp);
        if entry.is_some_and(|mounted| mounted.is_virtual && ends_with_virtual) {
            return;
        }
        if method.class != ClassId::NONE && entry.is_none() {
            let native = method.is_native();
            let bci = if native { -1 } else { translate::bci_of(&vm.meta, method, pc) };
            if !visit(FrameInfo { method, bci, native, fp }) {
                return;
            }
        }
        pc = caller_pc(frame);
        fp = frame.caller_fp();
    }
}

/// The instruction that a frame's caller is at.
fn caller_pc(frame: Frame) -> *const u64 {
    if frame.has(flag::REEXECUTE) { frame.return_pc() } else { frame.return_pc().wrapping_sub(1) }
}

/// The youngest `limit` Java frames of the calling thread.
pub fn frames<'s>(env: &Env<'s>, limit: usize) -> Vec<FrameInfo<'s>> {
    let mut out = Vec::new();
    let vm: &'s Isolate = env.vm();
    each(env.thread(), |f| {
        // The method lives as long as its frame, which is the caller's own.
        let method: &'s Method = vm.meta.get(vm.meta.meta_of(f.method));
        out.push(FrameInfo { method, bci: f.bci, native: f.native, fp: f.fp });
        out.len() < limit
    });
    out
}

/// Keeps the class of a method alive as long as the thread's scope: for who looks at frames of others, which may return.
/// The class is alive now.
pub fn keep_class(vm: &Isolate, thread: &Thread, method: &Method) {
    let class = vm.universe.class(method.class);
    if class.is_unloadable() {
        thread.handles.push(ObjRef::from_raw(class.mirror.load(Ordering::Acquire)));
    }
}

impl FrameInfo<'_> {
    /// Local variable `n` as a reference; the caller knows that it holds one at the frame's current instruction.
    pub fn local_ref(&self, n: usize) -> carafe_gc::object::ObjRef {
        if n >= self.method.max_locals as usize {
            return carafe_gc::object::ObjRef::NULL;
        }
        // SAFETY: the frame was found by a walk of a stack that has not moved on since; the index is checked above.
        unsafe {
            let lp = Frame::new(self.fp).locals(self.method.max_locals as usize);
            carafe_gc::object::ObjRef::from_raw(*lp.sub(n) as u32)
        }
    }
}

/// Local variable `n` of a frame as a reference slot: for natives that look for a certain method's frame (scoped values).
///
/// # Safety
/// The frame is live, of an interpreted method with more than `n` locals.
pub unsafe fn local_slot(vm: &Isolate, fp: *mut u64, n: usize) -> *mut u64 {
    // SAFETY: the caller's promise.
    unsafe {
        let frame = Frame::new(fp);
        frame.locals(vm.meta.get(frame.method()).max_locals as usize).sub(n)
    }
}

/// Reports every reference in the thread's Java stack, each with its frame's place among those that [`each`] shows.
pub fn visit_roots(vm: &Isolate, thread: &mut Thread, v: &mut dyn FnMut(Option<u32>, &mut u32)) {
    let mut java_frames = 0;
    let mut fp = thread.top.fp;
    let mut pc = thread.top.pc;
    let mut sp = thread.top.sp;
    while !fp.is_null() {
        // SAFETY: the thread is stopped; frames and their slots are laid out as `frames` says, and reference maps come
        // from verified code, so a slot they name holds a reference.
        unsafe {
            let frame = Frame::new(fp);
            let method = vm.meta.get(frame.method());
            let live = fp.offset_from(sp).max(0) as usize;
            let shown = (method.class != ClassId::NONE).then_some(java_frames);
            each_reference(vm, frame, method, pc, live, &mut |at: *mut u64| {
                let mut raw = *at as u32;
                if raw != 0 {
                    v(shown, &mut raw);
                    *at = raw as u64;
                }
            });
            java_frames += u32::from(shown.is_some());
            sp = frame.locals(method.max_locals as usize).add(1);
            pc = caller_pc(frame);
            fp = frame.caller_fp();
        }
    }
}

/// What a frame names without a reference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Named {
    Class(ClassId),
    Loader(LoaderId),
}

/// Calls `v` with the classes and loaders that the thread's frames name, other than by reference: whose methods they run,
/// and what stubs are about. The thread stands still.
pub fn visit_named(vm: &Isolate, thread: &Thread, v: &mut dyn FnMut(Named)) {
    let mut fp = thread.top.fp;
    while !fp.is_null() {
        // SAFETY: the thread is stopped; frames are laid out as `frames` and `stubs` say.
        unsafe {
            let frame = Frame::new(fp);
            let method = vm.meta.get(frame.method());
            if method.class != ClassId::NONE {
                v(Named::Class(method.class));
            } else {
                stubs::visit_named(vm, frame, v);
            }
            fp = frame.caller_fp();
        }
    }
    thread.loading.iter().for_each(|(loader, _)| v(Named::Loader(*loader)));
}

/// Calls `slot` with every slot of a frame that holds a (zero-extended) reference.
///
/// # Safety
/// As in `visit_roots`: the frame's thread stands still with the frame at `pc`, and `live` operands lie below its header.
pub unsafe fn each_reference(
    vm: &Isolate,
    frame: Frame,
    method: &Method,
    pc: *const u64,
    live: usize,
    slot: &mut dyn FnMut(*mut u64),
) {
    // SAFETY: offsets stay within the frame: locals by max_locals, operands by `live`.
    unsafe {
        let lp = frame.locals(method.max_locals as usize);
        if method.class == ClassId::NONE {
            if frame.method() == vm.stubs.upcall {
                let mask = *lp.sub(stubs::REF_MASK) as u32;
                (0..stubs::MAX_ARGS).filter(|i| mask & (1 << i) != 0).for_each(|i| slot(lp.sub(i)));
                slot(lp.sub(stubs::EXTRA));
                slot(lp.sub(stubs::EXTRA2));
                // While the target has not been entered there are no operands; afterwards at most its result.
                let target = vm
                    .meta
                    .get(carafe_gc::metaspace::Meta::<Method>::from_raw(*lp.sub(stubs::TARGET) as u32));
                let returns_ref = carafe_classloader::basic::BasicType::from_u8(target.result)
                    .is_some_and(carafe_classloader::basic::BasicType::is_reference);
                if live == 1 && returns_ref {
                    slot(frame.fp().sub(1));
                }
            }
            return;
        }
        if method.is_synchronized() {
            slot(lp.sub(method.max_locals as usize - 1));
        }
        if method.is_native() {
            let mut at = 0;
            if !method.is_static() {
                slot(lp);
                at = 1;
            }
            if let Some(parts) = split_descriptor(vm.universe.text(method.descriptor)) {
                for p in parts.parameters {
                    match p.first() {
                        Some(b'L' | b'[') => {
                            slot(lp.sub(at));
                            at += 1;
                        }
                        Some(b'J' | b'D') => at += 2,
                        Some(_) | None => at += 1,
                    }
                }
            }
            return;
        }
        let bci = translate::bci_of(&vm.meta, method, pc);
        if bci < 0 {
            return;
        }
        let return_value = |place: FrameSlot| {
            let word = match place {
                FrameSlot::Local(n) => *lp.sub(n as usize),
                FrameSlot::Stack(n) if (n as usize) < live => *frame.fp().sub(1 + n as usize),
                FrameSlot::Stack(_) => return None,
            };
            (word >> 48 == 0xfffa).then_some(word as u16)
        };
        vm.refmaps.with(vm, method, bci as u16, &return_value, |map: &RefMap| {
            map.locals.iter().for_each(|n| slot(lp.sub(n)));
            map.stack.iter().filter(|n| *n < live).for_each(|n| slot(frame.fp().sub(1 + n)));
        });
    }
}
