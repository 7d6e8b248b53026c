//! Freezing: takes the frames of the innermost continuation off the stack.
//!
//! In two steps, so that whoever freezes can decide in between: [`prepare`] finds out whether it can be done, describes
//! the frames and allocates, and changes nothing; [`commit`] can neither fail nor collect. A lock that a virtual thread
//! waits for is looked at again between the two.

use carafe_classloader::class::Method;
use carafe_gc::metaspace::ClassId;
use carafe_gc::object::{self, ObjRef};

use super::frozen::{self, Head, NUMBER_BYTES_MAX, PREFIX_BYTES, Resume, Scratch};
use super::pinned;
use crate::env::{Env, Local, Throw};
use crate::exceptions;
use crate::interpreter::{translate, watch};
use crate::isolate::Isolate;
use crate::thread::frames::{Frame, HEADER_WORDS};
use crate::thread::{Held, Thread, Top, walk};

/// Why nothing was frozen.
pub enum Refusal {
    /// One of [`pinned`].
    Pinned(i32),
    /// There is no memory; the OutOfMemoryError is pending.
    Throw,
}

impl From<Throw> for Refusal {
    fn from(_: Throw) -> Refusal {
        Refusal::Throw
    }
}

/// Frames that are described, and the arrays that will have them.
pub struct Prepared<'s> {
    continuation: Local<'s>,
    chunk: Local<'s>,
    refs: Local<'s>,
    bytes: Local<'s>,
    scratch: Scratch,
    /// Classes to be kept alive.
    classes: Vec<ClassId>,
    head_at: u32,
    words: u32,
    entry: *mut u64,
    /// Lowest slot of the frames.
    low: *mut u64,
    /// Their locks go with them.
    is_virtual: bool,
}

/// What a walk over the frames finds besides their description.
struct Walked {
    frames: u32,
    low: *mut u64,
    holds_monitor: bool,
}

/// Describes the frames of the innermost continuation.
pub fn prepare<'s>(env: &mut Env<'s>, resume: Resume) -> Result<Prepared<'s>, Refusal> {
    let t = env.thread_ptr();
    // SAFETY: the Env is this thread's token, with `top` in order; frames are those of the thread.
    unsafe {
        let Some(mounted) = (*t).innermost() else { return Err(Refusal::Pinned(pinned::NATIVE)) };
        if mounted.pins > 0 {
            return Err(Refusal::Pinned(pinned::CRITICAL_SECTION));
        }
        let (entry, is_virtual) = (mounted.entry, mounted.is_virtual);
        let continuation = mounted.object(env.vm());
        let continuation = env.local(continuation);
        let mut scratch = std::mem::take(&mut (*t).scratch);
        scratch.clear();
        let mut classes = Vec::new();
        let walked = match describe(t, entry, resume, &mut scratch, &mut classes) {
            Ok(walked) => walked,
            Err(Unfit::Pinned) => {
                (*t).scratch = scratch;
                return Err(Refusal::Pinned(pinned::NATIVE));
            }
            Err(Unfit::NoMemory) => {
                return Err(exceptions::throw_out_of_memory(env, "Java heap space").into());
            }
        };
        if !is_virtual && walked.holds_monitor {
            (*t).scratch = scratch;
            return Err(Refusal::Pinned(pinned::MONITOR));
        }
        let words = entry.offset_from(walked.low) as u32;
        let thread = &*t;
        let (locks, held): (usize, &[Held]) =
            if is_virtual { (thread.locks.len(), &thread.held) } else { (0, &[]) };
        let head = Head {
            resume,
            words,
            frames: walked.frames,
            slots: scratch.slots.len() as u32,
            locks: locks as u32,
            held: held.iter().map(|h| entry.offset_from(h.frame) as u32).collect(),
            tagged: watch::has_tags(t),
        };
        let head_at = scratch.bytes.len() as u32;
        if scratch.bytes.try_reserve((head.held.len() + 8) * NUMBER_BYTES_MAX).is_err() {
            return Err(exceptions::throw_out_of_memory(env, "Java heap space").into());
        }
        head.write(&mut scratch.bytes);
        let references = 1 + locks + head.held.len() + scratch.slots.len() + classes.len();
        let bytes = PREFIX_BYTES + scratch.bytes.len();
        let (chunk, refs, bytes) = match arrays(env, continuation, references, bytes) {
            Ok(arrays) => arrays,
            Err(Throw) => {
                (*t).scratch = scratch;
                return Err(Refusal::Throw);
            }
        };
        Ok(Prepared {
            continuation,
            chunk,
            refs,
            bytes,
            scratch,
            classes,
            head_at,
            words,
            entry,
            low: walked.low,
            is_virtual,
        })
    }
}

/// A prepared freeze does not happen.
pub fn abandon(env: &mut Env<'_>, prepared: Prepared<'_>) {
    env.thread_mut().scratch = prepared.scratch;
}

enum Unfit {
    Pinned,
    NoMemory,
}

/// Describes all frames between the youngest that is to be frozen and the entry.
///
/// # Safety
/// The thread is the caller's own, with `top` in order; `entry` is one of its frames.
unsafe fn describe(
    t: *mut Thread,
    entry: *mut u64,
    resume: Resume,
    scratch: &mut Scratch,
    classes: &mut Vec<ClassId>,
) -> Result<Walked, Unfit> {
    // SAFETY: the caller's promise; frames are laid out as `thread::frames` says.
    unsafe {
        let vm = &*(*t).vm;
        let (top, held) = ((*t).top, &(*t).held);
        // The instruction that a frame goes on at, and the one that it is at.
        let (mut fp, mut sp, mut pc, mut at) = (top.fp, top.sp, top.pc, top.pc);
        if resume == Resume::Yielded {
            let own = Frame::new(fp);
            sp = own.locals(vm.meta.get(own.method()).max_locals as usize).add(1);
            (fp, pc) = (own.caller_fp(), own.return_pc());
            at = pc.wrapping_sub(1);
        }
        let first = fp;
        let mut walked = Walked { frames: 0, low: sp, holds_monitor: false };
        while fp != entry {
            if fp.is_null() {
                return Err(Unfit::Pinned);
            }
            let frame = Frame::new(fp);
            let method = vm.meta.get(frame.method());
            // Frames that Rust code or a stub waits for, or that belong to a native.
            if frame.flags() != 0 || method.class == ClassId::NONE || (method.is_native() && fp != first) {
                return Err(Unfit::Pinned);
            }
            let lp = frame.locals(method.max_locals as usize);
            walked.frames += 1;
            walked.holds_monitor |= method.is_synchronized() && *lp.sub(method.max_locals as usize - 1) != 0
                || held.iter().any(|h| h.frame == fp);
            one_frame(t, frame, (pc, at), sp, walked.low, scratch)?;
            if vm.universe.class(method.class).is_unloadable() && !classes.contains(&method.class) {
                classes.push(method.class);
            }
            pc = frame.return_pc();
            at = pc.wrapping_sub(1);
            sp = lp.add(1);
            fp = frame.caller_fp();
        }
        Ok(walked)
    }
}

/// Describes one frame.
///
/// # Safety
/// As for `describe`; the frame's operands begin at `sp`.
unsafe fn one_frame(
    t: *mut Thread,
    frame: Frame,
    (pc, at): (*const u64, *const u64),
    sp: *mut u64,
    low: *mut u64,
    scratch: &mut Scratch,
) -> Result<(), Unfit> {
    // SAFETY: the caller's promise.
    unsafe {
        let vm: &Isolate = &*(*t).vm;
        let method = vm.meta.get(frame.method());
        let (fp, locals) = (frame.fp(), method.max_locals as usize);
        let live = fp.offset_from(sp).max(0) as usize;
        let count = live + locals;
        let first_local = fp.add(HEADER_WORDS);
        let Some(pc_index) = word_index(vm, method, pc) else { return Err(Unfit::Pinned) };
        let worst = (count + 3) * NUMBER_BYTES_MAX + count.div_ceil(8) + count;
        if scratch.bytes.try_reserve(worst).is_err() || scratch.slots.try_reserve(count).is_err() {
            return Err(Unfit::NoMemory);
        }
        let bits = &mut scratch.bits;
        bits.clear();
        bits.resize(count.div_ceil(8), 0);
        walk::each_reference(vm, frame, method, at, live, &mut |slot: *mut u64| {
            let index = if slot < fp {
                slot.offset_from(sp) as usize
            } else {
                live + slot.offset_from(first_local) as usize
            };
            if let Some(byte) = bits.get_mut(index / 8) {
                *byte |= 1 << (index % 8);
            }
        });
        let out = &mut scratch.bytes;
        frozen::put(out, frame.method().raw() as u64);
        frozen::put(out, pc_index as u64);
        frozen::put(out, live as u64);
        out.extend_from_slice(bits);
        let slot_at = |index: usize| if index < live { sp.add(index) } else { first_local.add(index - live) };
        for index in 0..count {
            let slot = slot_at(index);
            if bits[index / 8] & 1 << (index % 8) != 0 {
                scratch.slots.push(slot.offset_from(low) as u32);
            } else {
                frozen::put(out, *slot);
            }
        }
        if watch::has_tags(t) {
            out.extend((0..count).map(|index| watch::tag(t, slot_at(index))));
        }
        Ok(())
    }
}

/// The index of a word of a method's quick code.
fn word_index(vm: &Isolate, method: &Method, pc: *const u64) -> Option<usize> {
    let words = translate::quick_code(&vm.meta, method)?.words;
    let start = vm.meta.base() as usize + words.offset() as usize;
    let index = (pc as usize).wrapping_sub(start) / size_of::<u64>();
    (index < vm.meta.slice(words).len()).then_some(index)
}

/// The chunk of a continuation and arrays that are long enough: those of the last time, if they are not far too long.
fn arrays<'s>(
    env: &mut Env<'s>,
    continuation: Local<'s>,
    references: usize,
    bytes: usize,
) -> Result<(Local<'s>, Local<'s>, Local<'s>), Throw> {
    let wk = env.wk();
    let fits = |len: usize, wanted: usize| len >= wanted && len <= 4 * wanted + 64;
    let mut chunk = env.get_ref(continuation, wk.continuation.tail);
    let (mut refs, mut description) = (Local::NULL, Local::NULL);
    if env.is_null(chunk) {
        chunk = env.alloc(wk.stack_chunk.id)?;
    } else {
        refs = env.get_ref(chunk, wk.stack_chunk.frozen);
        if !env.is_null(refs) && env.class_id_of(refs) == env.vm().object_array_class() {
            description = env.elem(refs, 0);
            if !fits(env.array_len(refs), references) {
                refs = Local::NULL;
            }
        } else {
            refs = Local::NULL;
        }
    }
    let byte = carafe_classloader::basic::BasicType::Byte;
    if env.is_null(description)
        || env.class_id_of(description) != env.vm().primitive_array(byte)
        || !fits(env.array_len(description), bytes)
    {
        description = env.new_array(byte, bytes)?;
    }
    if env.is_null(refs) {
        refs = env.new_array_of_class(env.vm().object_array_class(), references)?;
    }
    Ok((chunk, refs, description))
}

/// Does it: the entry becomes the youngest frame, about to leave.
///
/// # Safety
/// `prepared` was made for this thread, and neither its frames nor its locks have changed since.
pub unsafe fn commit(env: &mut Env<'_>, prepared: Prepared<'_>) {
    let t = env.thread_ptr();
    let (vm, wk, base) = (env.vm(), env.wk(), env.base());
    let Prepared { continuation, chunk, refs, bytes, mut scratch, classes, entry, low, .. } = prepared;
    let prefix = frozen::prefix(&vm.seal, prepared.head_at, &scratch.bytes);
    let written = env.write_bytes(bytes, 0, &prefix) && env.write_bytes(bytes, PREFIX_BYTES, &scratch.bytes);
    debug_assert!(written, "the array was made for these bytes");
    // SAFETY: the caller's promise; the arrays were made long enough, nothing here reaches a safepoint, and the slots
    // that were noted hold references.
    unsafe {
        let array = env.raw(refs);
        let mut next = 1;
        let mut keep = |object: ObjRef| {
            object::store_ref(base, array, object::array_data_offset(2) + 4 * next, object);
            next += 1;
        };
        if prepared.is_virtual {
            let thread = &mut *t;
            thread.locks.drain(..).for_each(&mut keep);
            thread.held.drain(..).for_each(|held| keep(held.object));
        }
        scratch.slots.iter().for_each(|slot| keep(ObjRef::from_raw(*low.add(*slot as usize) as u32)));
        for class in classes {
            keep(ObjRef::from_raw(
                vm.universe.class(class).mirror.load(std::sync::atomic::Ordering::Acquire),
            ));
        }
        env.set_elem(refs, 0, bytes);
        env.set_ref(chunk, wk.stack_chunk.frozen, refs);
        let words = prepared.words as i32;
        env.set::<i32>(chunk, wk.stack_chunk.size, words);
        env.set::<i32>(chunk, wk.stack_chunk.sp, 0);
        env.set::<i32>(chunk, wk.stack_chunk.bottom, words);
        env.set_ref(continuation, wk.continuation.tail, chunk);
        scratch.shrink();
        (*t).scratch = scratch;
        (*t).top = Top { fp: entry, sp: entry, pc: leave_pc(vm, entry) };
        watch::frozen(t);
    }
}

/// The instruction behind `ContinuationEnter`.
///
/// # Safety
/// `entry` is an `enterSpecial` frame.
pub(super) unsafe fn leave_pc(vm: &Isolate, entry: *mut u64) -> *const u64 {
    // SAFETY: the caller's promise; the method runs, so it has quick code, of three words.
    unsafe {
        let method = vm.meta.get(Frame::new(entry).method());
        vm.meta.base().add(method.quick_code() as usize).cast::<u64>().add(1)
    }
}
