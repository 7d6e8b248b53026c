//! Class initialization (JVMS 5.5), as a stub that runs between Java frames.
//!
//! The stub's instructions are the procedure's steps: `InitBegin` takes the right to initialize (or waits, or is done),
//! `InitSupers` pushes a stub for the next superclass or superinterface that has to come first and is executed again after
//! it, `InitClinit` enters `<clinit>`, `InitDone` publishes. An exception that reaches the stub's frame makes the class
//! erroneous.
//!
//! Local 0 of the frame is the class, local 1 is 1 once this frame owns the initialization.

use std::sync::atomic::Ordering;

use carafe_classloader::class::{Class, ClassFlags, ClassState};
use carafe_gc::metaspace::ClassId;

use super::{Need, loading, stubs};
use crate::dispatch;
use crate::env::{Env, JResult, Local, Throw};
use crate::exceptions;
use crate::interpreter::slow::Flow;
use crate::isolate::Isolate;
use crate::thread::frames::Frame;
use crate::thread::{Thread, safepoint};

/// Initializes a class from native code.
pub fn initialize(env: &mut Env<'_>, class: ClassId) -> JResult<()> {
    super::finish(env, |env| loading::need_ready(env, class))
}

/// # Safety
/// The youngest frame is an init stub.
unsafe fn class_of_frame(t: *mut Thread) -> (ClassId, *mut u64) {
    // SAFETY: the caller's promise: an init stub has two locals.
    unsafe {
        let lp = Frame::new((*t).top.fp).locals(2);
        (ClassId::from_raw(*lp as u32), lp)
    }
}

/// # Safety
/// The youngest frame is an init stub; its words are laid out as `Stubs::new` emits them.
unsafe fn skip(t: *mut Thread, words: usize) -> Flow {
    // SAFETY: the caller's promise.
    unsafe { (*t).top.pc = (*t).top.pc.add(words) };
    Flow::Next
}

/// # Safety
/// The youngest frame is an init stub.
pub unsafe fn begin(t: *mut Thread) -> Flow {
    // SAFETY: the caller's promise.
    unsafe {
        let (class, lp) = class_of_frame(t);
        let vm: &Isolate = &*(*t).vm;
        if Env::with(t, |env| super::link(env, class)).is_err() {
            return Flow::Throw;
        }
        let record = vm.universe.class(class);
        let me = (*t).id();
        loop {
            let mut guard = vm.init_lock.lock();
            match record.state() {
                ClassState::Initialized => return skip(t, 4),
                ClassState::Erroneous => {
                    drop(guard);
                    Env::with(t, |env| exceptions::throw_not_initializable(env, class));
                    return Flow::Throw;
                }
                ClassState::BeingInitialized if record.init_thread.load(Ordering::Acquire) == me => {
                    return skip(t, 4);
                }
                ClassState::BeingInitialized => {
                    // Somebody else's initialization: wait for it as a stopped thread. The isolate may end meanwhile.
                    safepoint::enter_native(&*t);
                    vm.init_done.wait_for(&mut guard, std::time::Duration::from_millis(50));
                    drop(guard);
                    safepoint::leave_native(&*t);
                    if vm.is_halting() {
                        (*t).terminating = true;
                        return Flow::Throw;
                    }
                }
                ClassState::Empty | ClassState::Loaded | ClassState::Linked => {
                    record.init_thread.store(me, Ordering::Release);
                    record.set_state(ClassState::BeingInitialized);
                    drop(guard);
                    *lp.sub(1) = 1;
                    if let Err(Throw) = Env::with(t, |env| set_constants(env, record)) {
                        return Flow::Throw;
                    }
                    if vm.config.verbose_init {
                        eprintln!("[init] {}", vm.universe.str(record.name));
                    }
                    return skip(t, 1);
                }
            }
        }
    }
}

/// Stores the ConstantValue attributes of static fields (JVMS 5.5 step 6).
fn set_constants(env: &mut Env<'_>, record: &Class) -> JResult<()> {
    let vm = env.vm();
    if record.fields.is_empty() {
        return Ok(());
    }
    let pool = vm.meta.get(record.pool);
    for field in vm.meta.slice(record.fields).iter().filter(|f| f.is_static() && f.constant != 0) {
        env.scope(|env| -> JResult<()> {
            use carafe_classloader::basic::BasicType as B;
            let raw = pool.raw(&vm.meta, field.constant);
            let basic = B::from_u8(field.basic);
            if matches!(basic, Some(B::Object)) {
                let string = super::constants::string(env, record.id, field.constant)?;
                let mirror = env.mirror(record.id);
                env.set_ref(mirror, field.offset, string);
                return Ok(());
            }
            let mirror = env.mirror(record.id);
            match basic {
                Some(B::Boolean | B::Byte) => env.set::<u8>(mirror, field.offset, raw as u8),
                Some(B::Char | B::Short) => env.set::<u16>(mirror, field.offset, raw as u16),
                Some(B::Int | B::Float) => env.set::<u32>(mirror, field.offset, raw as u32),
                Some(B::Long | B::Double) => env.set::<u64>(mirror, field.offset, raw),
                Some(B::Object | B::Array | B::Void) | None => {}
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// # Safety
/// The youngest frame is an init stub that owns the initialization.
pub unsafe fn supers(t: *mut Thread) -> Flow {
    // SAFETY: the caller's promise.
    unsafe {
        let (class, _) = class_of_frame(t);
        let vm: &Isolate = &*(*t).vm;
        match next_super(vm, (*t).id(), class) {
            Some(above) => stubs::push_need(t, Need::Init(above)),
            None => skip(t, 1),
        }
    }
}

/// What has to be initialized before `class`: its superclass, then superinterfaces with default methods, in order.
fn next_super(vm: &Isolate, me: u32, class: ClassId) -> Option<ClassId> {
    let record = vm.universe.class(class);
    if record.is_interface() {
        return None;
    }
    let open = |c: ClassId| {
        let r = vm.universe.class(c);
        let mine = r.state() == ClassState::BeingInitialized && r.init_thread.load(Ordering::Acquire) == me;
        !r.is_initialized() && !mine
    };
    if record.super_class != ClassId::NONE && open(record.super_class) {
        return Some(record.super_class);
    }
    fn in_interfaces(vm: &Isolate, class: &Class, open: &impl Fn(ClassId) -> bool) -> Option<ClassId> {
        for i in vm.meta.slice(class.interfaces) {
            let r = vm.universe.class(*i);
            if !r.flags.contains(ClassFlags::HAS_DEFAULTS_ABOVE)
                && !r.flags.contains(ClassFlags::HAS_DEFAULTS)
            {
                continue;
            }
            if let Some(found) = in_interfaces(vm, r, open) {
                return Some(found);
            }
            if r.flags.contains(ClassFlags::HAS_DEFAULTS) && open(*i) {
                return Some(*i);
            }
        }
        None
    }
    in_interfaces(vm, record, &open)
}

/// # Safety
/// The youngest frame is an init stub that owns the initialization.
pub unsafe fn clinit(t: *mut Thread) -> Flow {
    // SAFETY: the caller's promise.
    unsafe {
        let (class, _) = class_of_frame(t);
        let vm: &Isolate = &*(*t).vm;
        let record = vm.universe.class(class);
        if record.clinit.is_null() {
            return skip(t, 1);
        }
        let method = vm.meta.get(record.clinit);
        if let Err(flow) = dispatch::prepare(t, method) {
            return flow;
        }
        let after = (*t).top.pc.add(1);
        dispatch::push_frame(t, method, after, 0)
    }
}

/// # Safety
/// The youngest frame is an init stub whose `<clinit>` has returned.
pub unsafe fn done(t: *mut Thread) -> Flow {
    // SAFETY: the caller's promise.
    unsafe {
        let (class, lp) = class_of_frame(t);
        finish(&*(*t).vm, class, ClassState::Initialized);
        *lp.sub(1) = 0;
        skip(t, 1)
    }
}

fn finish(vm: &Isolate, class: ClassId, state: ClassState) {
    let _guard = vm.init_lock.lock();
    vm.universe.class(class).set_state(state);
    vm.init_done.notify_all();
}

/// An exception left `<clinit>` (or a superclass's initialization): the class is erroneous from now on, and what is
/// thrown is an Error.
pub fn failed(env: &mut Env<'_>, class: ClassId, began: bool) {
    if !began {
        return;
    }
    let vm = env.vm();
    let original = env.take_exception();
    remember(env, class, original);
    let error_class = env.wk().error.id;
    let thrown = if env.instance_of(original, error_class) {
        original
    } else {
        let wrapper = env.wk().exception_in_initializer.id;
        exceptions::throw_new(env, wrapper, None, original);
        env.take_exception()
    };
    finish(vm, class, ClassState::Erroneous);
    env.throw_local(thrown);
}

/// Keeps what later uses of the class report as their cause.
fn remember(env: &mut Env<'_>, class: ClassId, thrown: Local<'_>) {
    // Making the record may fail for want of memory; then later errors simply have no cause.
    const ENTRY_BYTES: usize = 128;
    let cause = env.scope_ref(|env| {
        super::charge(env, class, ENTRY_BYTES)?;
        exceptions::initializer_cause(env, thrown)
    });
    match cause {
        Ok(cause) => match super::keep_resolved(env, class, cause) {
            Ok(at) => env.class(class).init_error.store(at + 1, Ordering::Release),
            Err(Throw) => {
                env.take_exception();
            }
        },
        Err(Throw) => {
            env.take_exception();
        }
    }
}
