//! `java.lang.Throwable`'s trace, its elements, and the text of a NullPointerException.
//!
//! What a Throwable remembers is [`carafe_vm::exceptions::backtrace`]'s business; here it becomes StackTraceElements when
//! Java code asks. Elements get their class object as well: Java works out from it how to print loader and module, and
//! then forgets it.

use std::sync::atomic::Ordering;

use carafe_classloader::class::Method;
use carafe_gc::metaspace::Meta;
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::exceptions::{backtrace, npe};
use carafe_vm::natives;

natives! { pub(crate) static THROWABLE for "java/lang/Throwable" {
    "fillInStackTrace" "(I)Ljava/lang/Throwable;" = fill_in_stack_trace(obj, int): isolate;
} }

natives! { pub(crate) static STACK_TRACE_ELEMENT for "java/lang/StackTraceElement" {
    "initStackTraceElements" "([Ljava/lang/StackTraceElement;Ljava/lang/Object;I)V" =
        init_stack_trace_elements(obj, obj, int): isolate;
    "initStackTraceElement" "(Ljava/lang/StackTraceElement;Ljava/lang/StackFrameInfo;)V" =
        init_stack_trace_element(obj, obj): isolate;
} }

natives! { pub(crate) static NULL_POINTER_EXCEPTION for "java/lang/NullPointerException" {
    "getExtendedNPEMessage" "()Ljava/lang/String;" = get_extended_npe_message(obj): isolate;
} }

fn fill_in_stack_trace<'s>(env: &mut Env<'s>, this: Local<'s>, _dummy: i32) -> JResult<Local<'s>> {
    backtrace::fill_in(env, this)?;
    Ok(this)
}

fn init_stack_trace_elements<'s>(
    env: &mut Env<'s>,
    elements: Local<'s>,
    trace: Local<'s>,
    depth: i32,
) -> JResult<()> {
    if env.is_null(elements) || env.is_null(trace) {
        return Err(env.throw_npe());
    }
    let frames = backtrace::elements(env, trace);
    // Whoever wrote `depth` into a Throwable may have written any number.
    if usize::try_from(depth).ok() != Some(env.array_len(elements)) || frames.len() != env.array_len(elements)
    {
        return Err(env.throw_no_message("java/lang/IndexOutOfBoundsException"));
    }
    for (index, (method, bci)) in frames.into_iter().enumerate() {
        env.scope(|env| {
            let element = env.elem(elements, index);
            if env.is_null(element) {
                return Err(env.throw_npe());
            }
            fill_in(env, element, method, bci)
        })?;
    }
    Ok(())
}

fn init_stack_trace_element<'s>(env: &mut Env<'s>, element: Local<'s>, frame: Local<'s>) -> JResult<()> {
    if env.is_null(element) || env.is_null(frame) {
        return Err(env.throw_npe());
    }
    let member = env.get_ref(frame, env.wk().class_frame_info.class_or_member_name);
    if !env.instance_of(member, env.wk().resolved_method_name.id) {
        return Err(env.throw("java/lang/InternalError", "a stack frame without a method"));
    }
    let target = Meta::<Method>::from_raw(env.get(member, env.wk().resolved_method_name.vmtarget));
    let method = env.vm().meta.get(target);
    let bci = env.get::<i32>(frame, env.wk().stack_frame_info.bci);
    fill_in(env, element, method, bci)
}

/// A new StackTraceElement[] of some frames, youngest first.
pub(crate) fn elements_array<'s>(env: &mut Env<'s>, frames: &[(&'s Method, i32)]) -> JResult<Local<'s>> {
    let class = env.wk().stack_trace_element.id;
    env.initialize(class)?;
    let array = env.new_ref_array(class, frames.len())?;
    for (index, (method, bci)) in frames.iter().enumerate() {
        env.scope(|env| {
            let element = env.alloc(class)?;
            fill_in(env, element, method, *bci)?;
            env.set_elem(array, index, element);
            Ok(())
        })?;
    }
    Ok(array)
}

fn fill_in(env: &mut Env<'_>, element: Local<'_>, method: &Method, bci: i32) -> JResult<()> {
    let fields = env.wk().stack_trace_element;
    let class = env.class(method.class);
    let mirror = env.mirror(method.class);
    env.set_ref(element, fields.declaring_class_object, mirror);

    let name = env.vm().universe.external_name_mutf8(class.id);
    let name = env.new_string_mutf8(&name)?;
    let name = env.intern(name)?;
    env.set_ref(element, fields.declaring_class, name);

    let loader = env.get_ref(mirror, env.wk().class.class_loader);
    if !env.is_null(loader) {
        let loader_name = env.get_ref(loader, env.wk().class_loader.name);
        env.set_ref(element, fields.class_loader_name, loader_name);
    }

    let module = env.get_ref(mirror, env.wk().class.module);
    if !env.is_null(module) {
        let module_name = env.get_ref(module, env.wk().module.name);
        env.set_ref(element, fields.module_name, module_name);
        let descriptor = env.get_ref(module, env.wk().module.descriptor);
        if !env.is_null(descriptor) {
            let version = module_version(env, descriptor);
            env.set_ref(element, fields.module_version, version);
        }
    }

    let method_name = env.intern_symbol(method.name)?;
    env.set_ref(element, fields.method_name, method_name);
    if let Some(file) = backtrace::source_file(env.vm(), class) {
        let file = env.new_string_mutf8(file)?;
        let file = env.intern(file)?;
        env.set_ref(element, fields.file_name, file);
    }
    env.set(element, fields.line_number, line(env, method, bci));
    std::sync::atomic::fence(Ordering::Release);
    Ok(())
}

/// The text of a module's version, null if it has none. One that does not parse is kept as it was written.
fn module_version<'s>(env: &mut Env<'s>, descriptor: Local<'s>) -> Local<'s> {
    let version = env.get_ref(descriptor, env.wk().module_descriptor.version);
    if env.is_null(version) {
        env.get_ref(descriptor, env.wk().module_descriptor.raw_version)
    } else {
        env.get_ref(version, env.wk().module_version.version)
    }
}

/// As StackTraceElement has it: -2 in a native method, -1 unknown.
fn line(env: &Env<'_>, method: &Method, bci: i32) -> i32 {
    if method.is_native() { -2 } else { backtrace::line_number(env.vm(), method, bci) }
}

/// Says what was null, when the exception came out of an instruction and not out of somebody's `new`.
fn get_extended_npe_message<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let trace = env.get_ref(this, env.wk().throwable.backtrace);
    let Some((method, bci)) = backtrace::top(env, trace) else { return Ok(Local::NULL) };
    if method.is_native() || bci < 0 {
        return Ok(Local::NULL);
    }
    match npe::message(env, method, bci) {
        Some(text) => env.new_string(&text),
        None => Ok(Local::NULL),
    }
}
