//! What a Throwable remembers of the stack: method and bci of each frame, packed into a long[].
//!
//! Names, lines and files are looked up only when somebody asks for the trace. Methods are named by metaspace offset. If
//! there are some of classes that may be unloaded, the trace is an Object[] of the long[] and their mirrors.

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::{Class, Method};
use carafe_classloader::classfile::attributes;
use carafe_gc::metaspace::{ClassId, Meta};

use crate::env::{Env, JResult, Local};
use crate::isolate::Isolate;
use crate::thread::walk;

/// Marks the first element of a trace whose youngest frame is hidden and therefore not in it.
const HIDDEN_TOP: i64 = 1 << 62;
/// Frames that a trace keeps at most.
pub const MAX_DEPTH: usize = 1024;

/// Throwable.fillInStackTrace: records the stack, without the frames that make the exception itself.
pub fn fill_in(env: &mut Env<'_>, throwable: Local<'_>) -> JResult<()> {
    let class = env.class_id_of(throwable);
    let vm = env.vm();
    let mut packed: Vec<i64> = Vec::with_capacity(64);
    let mut kept: Vec<ClassId> = Vec::new();
    let mut making = true;
    let mut hidden_top = 0;
    walk::each(env.thread(), |frame| {
        let method = frame.method;
        if making {
            // Skip fillInStackTrace itself and the constructors of the throwable's own class chain.
            let name = vm.universe.text(method.name);
            let own = carafe_classloader::class::is_subtype(&vm.meta, class, method.class);
            if own && (name == b"fillInStackTrace" || method.is_init()) {
                return true;
            }
            making = false;
        }
        if !method.is_hidden() {
            packed.push(pack(vm, method, frame.bci) | std::mem::take(&mut hidden_top));
            if vm.universe.class(method.class).is_unloadable() && !kept.contains(&method.class) {
                kept.push(method.class);
            }
        } else if packed.is_empty() {
            hidden_top = HIDDEN_TOP;
        }
        packed.len() < MAX_DEPTH
    });
    let array = env.new_array(BasicType::Long, packed.len())?;
    env.write_array(array, 0, &packed);
    let f = &env.wk().throwable;
    let trace = if kept.is_empty() { array } else { with_mirrors(env, array, &kept)? };
    env.set_ref(throwable, f.backtrace, trace);
    env.set::<i32>(throwable, f.depth, packed.len() as i32);
    Ok(())
}

/// The frames, whose classes are all on the stack still, and the mirrors that keep them.
fn with_mirrors<'s>(env: &mut Env<'s>, frames: Local<'s>, classes: &[ClassId]) -> JResult<Local<'s>> {
    let trace = env.new_array_of_class(env.vm().object_array_class(), classes.len() + 1)?;
    env.set_elem(trace, 0, frames);
    for (index, &class) in classes.iter().enumerate() {
        env.scope(|env| {
            let mirror = env.mirror(class);
            env.set_elem(trace, index + 1, mirror);
        });
    }
    Ok(trace)
}

/// The long[] of a trace.
fn frames_of<'s>(env: &mut Env<'s>, backtrace: Local<'_>) -> Local<'s> {
    if !env.is_null(backtrace) && env.class_id_of(backtrace) == env.vm().object_array_class() {
        return env.elem(backtrace, 0);
    }
    let raw = env.raw(backtrace);
    env.local(raw)
}

fn pack(vm: &Isolate, method: &Method, bci: i32) -> i64 {
    vm.meta.meta_of(method).raw() as i64 | (bci as i64 + 1) << 32
}

fn unpack(vm: &Isolate, packed: i64) -> (&Method, i32) {
    (vm.meta.get(Meta::<Method>::from_raw(packed as u32)), ((packed & !HIDDEN_TOP) >> 32) as i32 - 1)
}

/// The frame that was running when the trace was recorded; `None` if that one is hidden or the trace is empty.
pub fn top<'s>(env: &mut Env<'s>, backtrace: Local<'_>) -> Option<(&'s Method, i32)> {
    let backtrace = frames_of(env, backtrace);
    let mut packed = [0i64];
    let filled = !env.is_null(backtrace) && env.read_array(backtrace, 0, &mut packed);
    (filled && packed[0] & HIDDEN_TOP == 0).then(|| unpack(env.vm(), packed[0]))
}

/// The frames of a backtrace, youngest first.
pub fn elements<'s>(env: &mut Env<'s>, backtrace: Local<'_>) -> Vec<(&'s Method, i32)> {
    let backtrace = frames_of(env, backtrace);
    if env.is_null(backtrace) {
        return Vec::new();
    }
    let mut packed = vec![0i64; env.array_len(backtrace)];
    env.read_array(backtrace, 0, &mut packed);
    let vm = env.vm();
    packed.into_iter().map(|p| unpack(vm, p)).collect()
}

/// The source line of a bci; -1 unknown, -2 for native methods.
pub fn line_number(vm: &Isolate, method: &Method, bci: i32) -> i32 {
    if method.is_native() {
        return -2;
    }
    let Some(table) = vm.attribute(method.class, method.code_attributes, "LineNumberTable") else {
        return -1;
    };
    attributes::line_at(&table, bci.max(0) as u16).map_or(-1, i32::from)
}

/// The SourceFile of a class, in modified UTF-8.
pub fn source_file<'v>(vm: &'v Isolate, class: &Class) -> Option<&'v [u8]> {
    if class.source_file == 0 || class.pool.is_null() {
        return None;
    }
    Some(vm.meta.get(class.pool).utf8(&vm.meta, class.source_file))
}
