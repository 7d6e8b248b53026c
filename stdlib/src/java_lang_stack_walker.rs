//! The natives of `java.lang.StackWalker`: frames of the calling thread, handed out in batches.
//!
//! `callStackWalk` fills the first batch and then calls back into Java, which may ask for more while that call lasts. What
//! a walk has to remember is one number that Java keeps for it, the anchor: where the frame of `callStackWalk` lies in the
//! Java stack (it stays where it is as long as the walk lasts), and how many older frames have been looked at. Each batch
//! advances the number. A made-up anchor can at worst walk other frames of the same thread.
//!
//! A walk may be over the frozen frames of a continuation that is not running, which then ends at the continuation's
//! bottom; Java code goes on with the enclosing one. A virtual thread's walk ends where its carrier's frames begin, as all
//! walks do.
//!
//! Deliberately absent: the values of locals and operands, which `LiveStackFrame` offers inside the library: such frames
//! come without them; and scopes of continuations other than virtual threads' in a walk of what runs, which are accepted
//! and nothing is done with them.

use carafe_classloader::class::Method;
use carafe_gc::metaspace::{ClassId, Meta};
use carafe_vm::continuation::frozen;
use carafe_vm::env::{Env, JResult, Local, Throw, Value};
use carafe_vm::natives;
use carafe_vm::natives::NativeRow;
use carafe_vm::thread::walk;

use crate::java_lang_invoke::frame_flags;
use crate::java_lang_invoke::member::{method_of_resolved, resolved_name};

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![FACTORY, WALKER, FRAME]
}

natives! { static FACTORY for "java/lang/StackStreamFactory" {
    "checkStackWalkModes" "()Z" = check_stack_walk_modes(): isolate;
} }

natives! { static WALKER for "java/lang/StackStreamFactory$AbstractStackWalker" {
    "callStackWalk" "(IILjdk/internal/vm/ContinuationScope;Ljdk/internal/vm/Continuation;II[Ljava/lang/Object;)Ljava/lang/Object;" =
        call_stack_walk(obj, int, int, obj, obj, int, int, obj): isolate;
    "fetchStackFrames" "(IJIII[Ljava/lang/Object;)I" =
        fetch_stack_frames(obj, int, long, int, int, int, obj): isolate;
    "setContinuation" "(J[Ljava/lang/Object;Ljdk/internal/vm/Continuation;)V" =
        set_continuation(obj, long, obj, obj): isolate;
} }

natives! { static FRAME for "java/lang/StackFrameInfo" {
    "expandStackFrameInfo" "()V" = expand_stack_frame_info(obj): isolate;
} }

/// Modes of a walk, as `StackStreamFactory` has them.
const CLASS_INFO_ONLY: i32 = 0x2;
const SHOW_HIDDEN_FRAMES: i32 = 0x20;

/// No frame lies as far below the top of its stack.
const FROZEN: u32 = 0x7fff_ffff;

/// A walk that Java code has not ended yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Anchor {
    /// Distance in words from the frame of `callStackWalk` up to the top of the stack; never 0. [`FROZEN`] if the walk is
    /// over the walker's continuation.
    height: u32,
    /// Frames older than it that are done with.
    passed: u32,
}

impl Anchor {
    /// Neither 0 nor -1, which mean other things to Java code: heights are positive and far below 2^31.
    fn to_java(self) -> i64 {
        i64::from(self.height) << 32 | i64::from(self.passed)
    }

    fn from_java(word: i64) -> Anchor {
        Anchor { height: (word >> 32) as u32, passed: word as u32 }
    }
}

/// The constants above are the library's.
fn check_stack_walk_modes(_: &mut Env<'_>) -> JResult<bool> {
    Ok(true)
}

fn call_stack_walk<'s>(
    env: &mut Env<'s>,
    this: Local<'s>,
    mode: i32,
    skip: i32,
    _scope: Local<'s>,
    continuation: Local<'s>,
    size: i32,
    start: i32,
    frames: Local<'s>,
) -> JResult<Local<'s>> {
    let Some(own) = walk::frames(env, 1).first().map(|frame| frame.fp) else {
        return Err(env.throw("java/lang/InternalError", "doStackWalk: no stack trace"));
    };
    let mut anchor = Anchor { height: height_of(env, own), passed: 0 };
    if env.is_null(continuation) {
        anchor.passed = walker_frames(env, anchor) + skip.max(0) as u32;
    } else {
        anchor = Anchor { height: FROZEN, passed: skip.max(0) as u32 };
    }
    let (filled, anchor) = fill(env, mode, anchor, continuation, size, start, frames)?;
    if filled < 1 && env.is_null(continuation) {
        return Err(env.throw("java/lang/InternalError", "stack walk: decode failed"));
    }
    let walker = env.wk().abstract_stack_walker.id;
    let Some(method) = env.find_method(walker, "doStackWalk", "(JIIII)Ljava/lang/Object;") else {
        return Err(env.throw("java/lang/NoSuchMethodError", "AbstractStackWalker.doStackWalk"));
    };
    let arguments = [
        Value::Ref(this),
        Value::Long(anchor.to_java()),
        Value::Int(skip),
        Value::Int(filled),
        Value::Int(start),
        Value::Int(start + filled),
    ];
    Ok(env.call(method, &arguments)?.local())
}

fn fetch_stack_frames<'s>(
    env: &mut Env<'s>,
    this: Local<'s>,
    mode: i32,
    anchor: i64,
    _last_count: i32,
    size: i32,
    start: i32,
    frames: Local<'s>,
) -> JResult<i32> {
    let at = continuation_field(env)?;
    let continuation = env.get_ref(this, at);
    let (filled, anchor) = fill(env, mode, Anchor::from_java(anchor), continuation, size, start, frames)?;
    env.set(this, env.wk().abstract_stack_walker.anchor, anchor.to_java());
    Ok(filled)
}

/// The walk goes on in an enclosing continuation, from its youngest frame on.
fn set_continuation<'s>(
    env: &mut Env<'s>,
    this: Local<'s>,
    _anchor: i64,
    _frames: Local<'s>,
    _continuation: Local<'s>,
) -> JResult<()> {
    let anchor = Anchor { height: FROZEN, passed: 0 };
    env.set(this, env.wk().abstract_stack_walker.anchor, anchor.to_java());
    Ok(())
}

fn continuation_field(env: &mut Env<'_>) -> JResult<u32> {
    let walker = env.wk().abstract_stack_walker.id;
    match env.field_offset(walker, "continuation", "Ljdk/internal/vm/Continuation;") {
        Some(at) => Ok(at),
        None => Err(env.throw("java/lang/InternalError", "a stack walker without continuation")),
    }
}

fn height_of(env: &Env<'_>, fp: *mut u64) -> u32 {
    let top = env.thread().stack.top();
    ((top as usize - fp as usize) / size_of::<u64>()) as u32
}

/// Calls `visit` for the frames older than that of `callStackWalk`, youngest first, until it returns false. Says whether
/// that frame is there at all.
fn each_older(env: &Env<'_>, anchor: Anchor, mut visit: impl FnMut(&Method, i32) -> bool) -> bool {
    let mut below = true;
    walk::each(env.thread(), |frame| {
        if below {
            let height = height_of(env, frame.fp);
            below = height != anchor.height;
            return height >= anchor.height;
        }
        visit(frame.method, frame.bci)
    });
    !below
}

/// How many frames of the walker itself lie above the frame that a walk begins with.
fn walker_frames(env: &Env<'_>, anchor: Anchor) -> u32 {
    let wk = env.wk();
    let mut count = 0;
    each_older(env, anchor, |method, _| {
        let class = method.class;
        let own = class == wk.stack_walker.id
            || class == wk.abstract_stack_walker.id
            || env.class(class).super_class == wk.abstract_stack_walker.id;
        count += u32::from(own);
        own
    });
    count
}

/// Fills the elements of the buffer from `start` to its `size`, as far as there are frames, and says how many; the anchor
/// comes back advanced.
fn fill(
    env: &mut Env<'_>,
    mode: i32,
    anchor: Anchor,
    continuation: Local<'_>,
    size: i32,
    start: i32,
    frames: Local<'_>,
) -> JResult<(i32, Anchor)> {
    if env.is_null(frames) {
        return Err(env.throw_npe());
    }
    let room = match (usize::try_from(size), usize::try_from(start)) {
        (Ok(size), Ok(start)) if size <= env.array_len(frames) => Some(start).zip(size.checked_sub(start)),
        _ => None,
    };
    let Some((start, limit)) = room else {
        return Err(env.throw_illegal_argument("not enough space in buffers"));
    };
    let (found, passed) = if anchor.height != FROZEN {
        collect(env, mode, anchor, limit)?
    } else if env.is_null(continuation) {
        return Err(env.throw("java/lang/InternalError", "doStackWalk: corrupted buffers"));
    } else {
        collect_frozen(env, mode, anchor, continuation, limit)
    };
    // Those of a continuation may go on and return meanwhile.
    found.iter().for_each(|(method, _)| walk::keep_class(env.vm(), env.thread(), env.vm().meta.get(*method)));
    for (index, (method, bci)) in found.iter().enumerate() {
        env.scope(|env| {
            let element = env.elem(frames, start + index);
            let method = env.vm().meta.get(*method);
            fill_frame(env, mode, element, method, *bci)
        })?;
    }
    Ok((found.len() as i32, Anchor { passed, ..anchor }))
}

/// A frame's method and bci.
type Found = (Meta<Method>, i32);

/// The next frames of a walk, and how many older frames it is done with then.
fn collect(env: &mut Env<'_>, mode: i32, anchor: Anchor, limit: usize) -> JResult<(Vec<Found>, u32)> {
    let meta = &env.vm().meta;
    let mut found = Vec::new();
    let mut passed = 0;
    let there = each_older(env, anchor, |method, bci| {
        if passed >= anchor.passed {
            if found.len() == limit {
                return false;
            }
            if mode & SHOW_HIDDEN_FRAMES != 0 || !method.is_hidden() {
                found.push((meta.meta_of(method), bci));
            }
        }
        passed += 1;
        true
    });
    if there {
        Ok((found, passed))
    } else {
        Err(env.throw("java/lang/InternalError", "doStackWalk: corrupted buffers"))
    }
}

/// As [`collect`], of a continuation that is not running.
fn collect_frozen(
    env: &mut Env<'_>,
    mode: i32,
    anchor: Anchor,
    continuation: Local<'_>,
    limit: usize,
) -> (Vec<Found>, u32) {
    let all = frozen::frames(env, continuation, usize::MAX);
    let mut found = Vec::new();
    let mut passed = anchor.passed;
    for (method, bci) in all.into_iter().skip(anchor.passed as usize) {
        if found.len() == limit {
            break;
        }
        if mode & SHOW_HIDDEN_FRAMES != 0 || !env.vm().meta.get(method).is_hidden() {
            found.push((method, bci));
        }
        passed += 1;
    }
    (found, passed)
}

/// Tells a ClassFrameInfo or StackFrameInfo of its frame.
fn fill_frame(env: &mut Env<'_>, mode: i32, element: Local<'_>, method: &Method, bci: i32) -> JResult<()> {
    let wk = env.wk();
    let at = &wk.class_frame_info;
    if !env.instance_of(element, at.id) {
        return Err(not_a_frame(env));
    }
    if mode & CLASS_INFO_ONLY != 0 {
        let mirror = env.mirror(method.class);
        env.set_ref(element, at.class_or_member_name, mirror);
    } else {
        if !env.instance_of(element, wk.stack_frame_info.id) {
            return Err(not_a_frame(env));
        }
        let resolved = resolved_name(env, method)?;
        env.set_ref(element, at.class_or_member_name, resolved);
        // Java code knows native methods by their flags, and wants a bci that is not negative.
        env.set(element, wk.stack_frame_info.bci, bci.max(0));
    }
    let flags = env.get::<i32>(element, at.flags) | frame_flags(method);
    env.set(element, at.flags, flags);
    Ok(())
}

fn not_a_frame(env: &mut Env<'_>) -> Throw {
    env.throw("java/lang/InternalError", "doStackWalk: corrupted buffers")
}

/// Name and descriptor of a frame's method, which Java code asks for only sometimes.
fn expand_stack_frame_info<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<()> {
    let wk = env.wk();
    let member = env.get_ref(this, wk.class_frame_info.class_or_member_name);
    let Some(method) = method_of_resolved(env, member) else { return Err(not_a_frame(env)) };
    debug_assert_ne!(method.class, ClassId::NONE, "walks never show frames that the VM made");
    let name = env.intern_symbol(method.name)?;
    env.set_ref(this, wk.stack_frame_info.name, name);
    let type_ = env.string_of_symbol(method.descriptor)?;
    env.set_ref(this, wk.stack_frame_info.type_, type_);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Anchor;

    #[test]
    fn anchors_survive_java() {
        for anchor in [Anchor { height: 1, passed: 0 }, Anchor { height: 0x7fff_ffff, passed: u32::MAX }] {
            assert_eq!(Anchor::from_java(anchor.to_java()), anchor);
            assert!(![0, -1].contains(&anchor.to_java()));
        }
    }
}
