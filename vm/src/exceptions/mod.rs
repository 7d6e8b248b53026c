//! Throwing from the VM: exceptions made without running Java constructors, linkage errors, and what they carry.
//!
//! An exception that the VM throws is allocated, its Throwable fields are set as the constructors would set them, and its
//! backtrace is recorded; then it is pending in the thread.

pub mod backtrace;
pub mod npe;
pub mod unwind;

use std::sync::atomic::Ordering;

use carafe_classloader::link::LinkError;
use carafe_classloader::symbols::Symbol;
use carafe_gc::metaspace::ClassId;
use carafe_gc::object::ObjRef;

use crate::env::{Env, JResult, Local, Throw};
use crate::limits::LimitKind;

/// Makes a new exception of `class` pending. `cause` null means none (as `Throwable(String)` leaves it).
pub fn throw_new(env: &mut Env<'_>, class: ClassId, message: Option<&str>, cause: Local<'_>) -> Throw {
    match make(env, class, message, cause) {
        Ok(exception) => env.throw_local(exception),
        Err(Throw) => Throw,
    }
}

fn make<'s>(
    env: &mut Env<'s>,
    class: ClassId,
    message: Option<&str>,
    cause: Local<'_>,
) -> JResult<Local<'s>> {
    let outer_cause = env.raw(cause);
    env.scope_ref(|env| {
        let cause = env.local(outer_cause);
        // Classes of VM exceptions are initialized during start-up, so this runs Java code only for rare ones.
        env.initialize(class)?;
        let text = match message {
            Some(m) => env.new_string(m)?,
            None => Local::NULL,
        };
        let exception = env.alloc(class)?;
        let f = &env.wk().throwable;
        env.set_ref(exception, f.detail_message, text);
        // A Throwable whose cause is itself has none yet. With a cause and no message, the constructors differ by class:
        // Throwable(Throwable) takes the cause's text, but the linkage errors made here use (null, cause).
        env.set_ref(exception, f.cause, if env.is_null(cause) { exception } else { cause });
        let throwable = env.mirror(env.wk().throwable.id);
        let stack = env.get_ref(throwable, f.unassigned_stack);
        env.set_ref(exception, f.stack_trace, stack);
        let suppressed = env.get_ref(throwable, f.suppressed_sentinel);
        env.set_ref(exception, f.suppressed, suppressed);
        if class == env.wk().null_pointer_exception.id {
            env.set::<i32>(exception, env.wk().null_pointer_exception.message_state, 1);
        }
        backtrace::fill_in(env, exception)?;
        Ok(exception)
    })
}

/// Makes an exception of a boot class, given by internal name, pending.
pub fn throw_named(env: &mut Env<'_>, class: &str, message: Option<&str>) -> Throw {
    match env.boot_class(class) {
        Ok(id) => throw_new(env, id, message, Local::NULL),
        Err(Throw) => Throw,
    }
}

/// A linkage failure as the exception that Java sees.
pub fn throw_link_error(env: &mut Env<'_>, error: LinkError) -> Throw {
    throw_named(env, error.kind.class_name(), Some(&error.message))
}

/// NoClassDefFoundError for a class that the boot loader does not have, with the ClassNotFoundException as its cause.
pub fn throw_no_class_def(env: &mut Env<'_>, name: &str) -> Throw {
    let not_found = env.wk().class_not_found.id;
    throw_new(env, not_found, Some(&name.replace('/', ".")), Local::NULL);
    let cause = env.take_exception();
    if !env.instance_of(cause, not_found) {
        return env.throw_local(cause);
    }
    // ClassNotFoundException(String) passes a null cause on, so it has none and takes none.
    env.set_ref(cause, env.wk().throwable.cause, Local::NULL);
    let class = env.wk().no_class_def_found.id;
    throw_new(env, class, Some(name), cause)
}

/// A loader's ClassNotFoundException for `name` becomes a NoClassDefFoundError around it; anything else stays.
pub fn not_found_becomes_no_class_def(env: &mut Env<'_>, name: Symbol) {
    let pending = env.take_exception();
    if !env.instance_of(pending, env.wk().class_not_found.id) {
        env.throw_local(pending);
        return;
    }
    let text = env.vm().universe.str(name).into_owned();
    let class = env.wk().no_class_def_found.id;
    throw_new(env, class, Some(&text), pending);
}

/// Use of a class whose initialization has failed.
pub fn throw_not_initializable(env: &mut Env<'_>, class: ClassId) -> Throw {
    let name = env.vm().universe.external_name(class);
    let cause = match env.class(class).init_error.load(Ordering::Acquire) {
        0 => Local::NULL,
        at => crate::linkage::resolved_object(env, class, at - 1),
    };
    let error = env.wk().no_class_def_found.id;
    throw_new(env, error, Some(&format!("Could not initialize class {name}")), cause)
}

/// What later NoClassDefFoundErrors give as their cause: an ExceptionInInitializerError that tells of the original
/// exception in words and carries its stack trace.
pub fn initializer_cause<'s>(env: &mut Env<'s>, thrown: Local<'_>) -> JResult<Local<'s>> {
    let wk = env.wk();
    let wrapper = wk.exception_in_initializer.id;
    let original = env.local(env.raw(thrown));
    let name = env.vm().universe.external_name(env.class_id_of(original));
    let message = env.get_ref(original, wk.throwable.detail_message);
    let thread = env.vm().thread_name(env);
    let text = if env.is_null(message) {
        format!("Exception {name} [in thread \"{thread}\"]")
    } else {
        format!("Exception {name}: {} [in thread \"{thread}\"]", env.string(message))
    };
    let made = make(env, wrapper, Some(&text), Local::NULL)?;
    let trace = env.get_ref(original, wk.throwable.backtrace);
    env.set_ref(made, wk.throwable.backtrace, trace);
    let depth = env.get::<i32>(original, wk.throwable.depth);
    env.set::<i32>(made, wk.throwable.depth, depth);
    let none = Local::NULL;
    env.set_ref(made, wk.throwable.cause, none);
    Ok(made)
}

/// StackOverflowError. The frames that overflow are still there, so the backtrace is theirs.
pub fn throw_stack_overflow(env: &mut Env<'_>) -> Throw {
    env.vm().limits.note(LimitKind::Stack);
    let class = env.wk().stack_overflow.id;
    throw_new(env, class, None, Local::NULL)
}

pub fn throw_metaspace(env: &mut Env<'_>) -> Throw {
    throw_out_of_memory(env, "Metaspace")
}

/// OutOfMemoryError with a message; when there is no memory even for that, one that was made in advance.
pub fn throw_out_of_memory(env: &mut Env<'_>, message: &str) -> Throw {
    env.vm().limits.note(limit_of_message(message));
    let class = env.wk().out_of_memory.id;
    if !env.vm().enter_out_of_memory(env.thread().id()) {
        return throw_prepared(env);
    }
    crate::dump::hprof::on_out_of_memory(env, message);
    let made = make(env, class, Some(message), Local::NULL);
    env.vm().leave_out_of_memory(env.thread().id());
    match made {
        Ok(exception) => env.throw_local(exception),
        Err(Throw) => throw_prepared(env),
    }
}

/// Which limit an OutOfMemoryError speaks of.
pub fn limit_of_message(message: &str) -> LimitKind {
    if message.starts_with("unable to create native thread") {
        return LimitKind::Threads;
    }
    match message {
        "Metaspace" => LimitKind::Metaspace,
        _ if message.starts_with("Cannot reserve") || message.starts_with("Unable to allocate") => {
            LimitKind::OffHeap
        }
        _ => LimitKind::Heap,
    }
}

fn throw_prepared(env: &mut Env<'_>) -> Throw {
    let raw = match env.vm().prepared_out_of_memory() {
        Some(global) => global.get(),
        None => ObjRef::NULL,
    };
    let local = env.local(raw);
    env.throw_local(local)
}

/// Makes the exception that serves when there is no memory left to make one; once, during start-up.
pub fn prepare_out_of_memory<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let class = env.wk().out_of_memory.id;
    make(env, class, Some("Java heap space"), Local::NULL)
}
