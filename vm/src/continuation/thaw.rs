//! Thawing: puts the frames of a continuation back on a stack, all at once.
//!
//! Invariant: nothing is changed before the frames are known to fit and their description to be the VM's own, so a
//! StackOverflowError leaves the continuation as it was.

use carafe_classloader::class::Method;
use carafe_gc::metaspace::Meta;
use carafe_gc::object::{self, ObjRef};

use super::freeze::leave_pc;
use super::frozen::{self, Head, Reader, Resume};
use crate::env::{Env, JResult, Local, Throw};
use crate::exceptions;
use crate::interpreter::watch;
use crate::isolate::Isolate;
use crate::thread::frames::{CALLER_FP, CALLER_LP, Frame, HEADER_WORDS, METHOD, RETURN_PC};
use crate::thread::{Held, Thread, Top};

/// Puts the frames of the continuation that the entry frame names above it.
///
/// # Safety
/// The thread is the caller's own; `entry` is its youngest frame, of `enterSpecial`.
pub unsafe fn thaw(t: *mut Thread, entry: *mut u64, is_virtual: bool) -> JResult<()> {
    // SAFETY: the caller's promise.
    unsafe {
        Env::with(t, |env| {
            let Some(mounted) = (*t).innermost() else { return Err(corrupted(env)) };
            let continuation = mounted.object(env.vm());
            let continuation = env.local(continuation);
            let wk = env.wk();
            let chunk = env.get_ref(continuation, wk.continuation.tail);
            if env.is_null(chunk)
                || env.get::<i32>(chunk, wk.stack_chunk.sp) == env.get(chunk, wk.stack_chunk.bottom)
            {
                return Err(corrupted(env));
            }
            let refs = env.get_ref(chunk, wk.stack_chunk.frozen);
            if env.class_id_of(refs) != env.vm().object_array_class() {
                return Err(corrupted(env));
            }
            let description = env.elem(refs, 0);
            let mut scratch = std::mem::take(&mut (*t).scratch);
            scratch.clear();
            let result = match frozen::open(env, description, &mut scratch.bytes) {
                Some((head, frames)) => {
                    place(env, entry, is_virtual, (chunk, refs), &head, frames, &mut scratch.tags)
                }
                None => Err(corrupted(env)),
            };
            scratch.shrink();
            (*t).scratch = scratch;
            result
        })
    }
}

#[cold]
fn corrupted(env: &mut Env<'_>) -> Throw {
    env.throw("java/lang/InternalError", "the frames of a continuation are not what was kept")
}

/// # Safety
/// As for `thaw`.
unsafe fn place(
    env: &mut Env<'_>,
    entry: *mut u64,
    is_virtual: bool,
    (chunk, refs): (Local<'_>, Local<'_>),
    head: &Head,
    mut frames: Reader<'_>,
    tags: &mut Vec<u8>,
) -> JResult<()> {
    let t = env.thread_ptr();
    let vm = env.vm();
    let references = 1 + head.locks as usize + head.held.len() + head.slots as usize;
    if references > env.array_len(refs) || (!is_virtual && head.locks as usize + head.held.len() > 0) {
        return Err(corrupted(env));
    }
    // SAFETY: the caller's promise; the description is sealed, so it is of frames that fitted together, and the space
    // that they take is checked against the stack's limit before the first word is written.
    unsafe {
        let limit = (*t).stack_limit;
        let youngest = frames.peek().map(|raw| vm.meta.get(Meta::<Method>::from_raw(raw as u32)));
        let above = youngest.map_or(0, |method| method.max_stack as usize) + 2;
        let room = (entry as usize).saturating_sub(limit as usize) / size_of::<u64>();
        if room < head.words as usize + above {
            return Err(exceptions::throw_stack_overflow(env));
        }
        let mut taken = Taken { base: env.base(), array: env.raw(refs), next: 1 };
        for _ in 0..head.locks {
            let object = taken.next();
            (*t).locks.push(object);
        }
        for distance in &head.held {
            let object = taken.next();
            (*t).held.push(Held { frame: entry.sub(*distance as usize), object });
        }
        let low = entry.sub(head.words as usize);
        let placed = place_frames(vm, head, &mut frames, (entry, low), &mut taken, tags);
        let Some(mut top) = placed else {
            (*t).locks.clear();
            (*t).held.clear();
            return Err(corrupted(env));
        };
        taken.clear_rest();
        env.set::<i32>(chunk, env.wk().stack_chunk.sp, head.words as i32);
        env.set::<i32>(chunk, env.wk().stack_chunk.bottom, head.words as i32);
        match head.resume {
            Resume::Yielded => {
                top.sp = top.sp.sub(1);
                *top.sp = 0;
            }
            Resume::Again | Resume::Waiting(_) => (*t).resumed = Some(head.resume),
        }
        (*t).top = top;
        if head.tagged {
            watch::thawed(t, entry, low, tags, head.resume == Resume::Yielded);
        }
        Ok(())
    }
}

/// The references, in their order.
struct Taken {
    base: *mut u8,
    array: ObjRef,
    next: usize,
}

impl Taken {
    /// The next one; its place becomes null, so that it is not kept alive for longer than the frame does.
    ///
    /// # Safety
    /// The array has so many elements, and nothing has been allocated since it was looked at.
    unsafe fn next(&mut self) -> ObjRef {
        let at = object::array_data_offset(2) + 4 * self.next;
        self.next += 1;
        // SAFETY: the caller's promise.
        unsafe {
            let object = object::load_ref(self.base, self.array, at);
            if !object.is_null() {
                object::store_ref(self.base, self.array, at, ObjRef::NULL);
            }
            object
        }
    }

    /// # Safety
    /// As for `next`.
    unsafe fn clear_rest(&mut self) {
        // SAFETY: the caller's promise; the index stays below the length.
        unsafe {
            while self.next < object::array_length(self.base, self.array) as usize && !self.next().is_null() {
            }
        }
    }
}

/// Writes the frames from the lowest slot upward and gives the youngest one's state; `None` if they do not fit together.
///
/// # Safety
/// As for `thaw`; there is room between `low` and the entry for as many words as the head says.
unsafe fn place_frames(
    vm: &Isolate,
    head: &Head,
    frames: &mut Reader<'_>,
    (entry, low): (*mut u64, *mut u64),
    taken: &mut Taken,
    tags: &mut Vec<u8>,
) -> Option<Top> {
    // SAFETY: the caller's promise; each frame is checked to end below the entry.
    unsafe {
        let mut at = low;
        let mut top = Top::EMPTY;
        let mut younger: *mut u64 = std::ptr::null_mut();
        let references = 1 + head.locks as usize + head.held.len() + head.slots as usize;
        for _ in 0..head.frames {
            let (raw, pc_index, live) =
                (frames.number()? as u32, frames.number()?, frames.number()? as usize);
            let method = vm.meta.get(Meta::<Method>::from_raw(raw));
            let count = live + method.max_locals as usize;
            let bits = frames.bytes(count.div_ceil(8))?;
            if (entry.offset_from(at) as usize) < count + HEADER_WORDS {
                return None;
            }
            let fp = at.add(live);
            for index in 0..count {
                let slot = at.add(if index < live { index } else { index + HEADER_WORDS });
                *slot = if bits[index / 8] & 1 << (index % 8) == 0 {
                    frames.number()?
                } else if taken.next < references {
                    taken.next().raw() as u64
                } else {
                    return None;
                };
            }
            if head.tagged {
                let own = frames.bytes(count)?;
                tags.extend_from_slice(&own[..live]);
                tags.extend_from_slice(&[0; HEADER_WORDS]);
                tags.extend_from_slice(&own[live..]);
            }
            let lp = fp.add(HEADER_WORDS + method.max_locals as usize).sub(1);
            let pc = vm.meta.base().add(method.quick_code() as usize).cast::<u64>().add(pc_index as usize);
            *fp.add(METHOD) = raw as u64;
            if younger.is_null() {
                top = Top { fp, sp: at, pc };
            } else {
                link(younger, fp, pc, lp);
            }
            younger = fp;
            at = lp.add(1);
        }
        if at != entry || younger.is_null() {
            return None;
        }
        let outer = Frame::new(entry);
        let lp = outer.locals(vm.meta.get(outer.method()).max_locals as usize);
        link(younger, entry, leave_pc(vm, entry), lp);
        Some(top)
    }
}

/// Completes a frame's header with its caller's frame, the instruction that the caller goes on at, and its locals.
///
/// # Safety
/// `frame` is a frame's header.
unsafe fn link(frame: *mut u64, caller: *mut u64, return_pc: *const u64, caller_lp: *mut u64) {
    // SAFETY: the caller's promise.
    unsafe {
        *frame.add(CALLER_FP) = caller as u64;
        *frame.add(RETURN_PC) = return_pc as u64;
        *frame.add(CALLER_LP) = caller_lp as u64;
    }
}
