//! Resolution of constant-pool entries: classes, strings, method types and handles, dynamic constants.
//!
//! A resolved object lives in its class's array of resolved objects; the pool keeps its index. What failed once fails the
//! same way again: the pool keeps the number of a remembered error.

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::pool::{MemberRef, RESOLUTION_FAILED, tag};
use carafe_classloader::link::LinkError;
use carafe_classloader::symbols::Symbol;
use carafe_gc::metaspace::{Arena, ClassId, Meta, MetaSlice, Plain};
use carafe_gc::object::ObjRef;

use super::stubs::{Arg, MAX_ARGS, Purpose, Upcall};
use super::{Linked, Need, Stop, loading};
use crate::env::{Env, JResult, Local, Throw};
use crate::isolate::Isolate;
use crate::{exceptions, strings};

/// How deep dynamic constants may need each other before it counts as endless.
const MAX_DEPTH: usize = 64;

/// A failure that resolution repeats: the class of the error and its message, and those of its cause. It lies in
/// metaspace, so that a program pays for the messages that it makes the VM remember.
#[repr(C)]
#[derive(Clone, Copy)]
struct ResolutionError {
    error: InWords,
    /// Of class `NONE` if there is no cause.
    cause: InWords,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct InWords {
    class: ClassId,
    has_message: u32,
    message: MetaSlice<u8>,
}

// SAFETY: repr(C) of offsets, ids and a plain integer, without padding.
unsafe impl Plain for ResolutionError {}

impl InWords {
    const NOTHING: InWords = InWords { class: ClassId::NONE, has_message: 0, message: MetaSlice::EMPTY };

    fn message(self, vm: &Isolate) -> Option<String> {
        (self.has_message != 0).then(|| String::from_utf8_lossy(vm.meta.slice(self.message)).into_owned())
    }
}

/// The class at a Class entry, if it is resolved.
pub fn resolved_class(vm: &Isolate, from: ClassId, index: u16) -> Option<ClassId> {
    let record = vm.universe.class(from);
    if index == record.this_index {
        return Some(from);
    }
    let value = vm.meta.get(record.pool).resolved(&vm.meta, index);
    (value != 0 && value & RESOLUTION_FAILED == 0).then(|| ClassId::from_raw(value as u32))
}

/// Resolves a Class entry (JVMS 5.4.3.1).
pub fn try_class(env: &mut Env<'_>, from: ClassId, index: u16) -> Linked<ClassId> {
    let vm = env.vm();
    if let Some(class) = resolved_class(vm, from, index) {
        return Ok(class);
    }
    let pool = vm.meta.get(vm.universe.class(from).pool);
    check_failed(env, pool.resolved(&vm.meta, index))?;
    let name = pool.class_name(&vm.meta, index);
    let class = match loading::try_load(env, vm.universe.class(from).loader, name) {
        Ok(class) => class,
        Err(Stop::Throw) => {
            remember_failure(env, from, index);
            return Err(Stop::Throw);
        }
        Err(Stop::Need(need)) => return Err(Stop::Need(need.on_behalf_of(from, index))),
    };
    if let Err(e) = vm.universe.check_class_access(&super::Names { env }, from, class) {
        exceptions::throw_link_error(env, e);
        remember_failure(env, from, index);
        return Err(Stop::Throw);
    }
    pool.resolve(&vm.meta, index, class.raw() as u64);
    Ok(class)
}

/// Throws the remembered error if a resolved word is one.
pub fn check_failed(env: &mut Env<'_>, resolved: u64) -> Linked<()> {
    if resolved & RESOLUTION_FAILED == 0 {
        return Ok(());
    }
    let vm = env.vm();
    let failure = *vm.meta.get(Meta::<ResolutionError>::from_raw(resolved as u32));
    let cause = if failure.cause.class == ClassId::NONE {
        Local::NULL
    } else {
        exceptions::throw_new(env, failure.cause.class, failure.cause.message(vm).as_deref(), Local::NULL);
        env.take_exception()
    };
    exceptions::throw_new(env, failure.error.class, failure.error.message(vm).as_deref(), cause);
    Err(Stop::Throw)
}

fn in_words(env: &mut Env<'_>, arena: &Arena, throwable: Local<'_>) -> Result<InWords, LinkError> {
    let message = env.get_ref(throwable, env.wk().throwable.detail_message);
    let class = env.class_id_of(throwable);
    if env.is_null(message) {
        return Ok(InWords { class, ..InWords::NOTHING });
    }
    let text = env.string(message);
    Ok(InWords { class, has_message: 1, message: arena.alloc_bytes(text.as_bytes())? })
}

/// Remembers the pending exception, if it is a LinkageError, as the outcome of resolving an entry. If there is no room to
/// remember it, OutOfMemoryError takes its place.
pub fn remember_failure(env: &mut Env<'_>, from: ClassId, index: u16) {
    if env.is_terminating() {
        return;
    }
    let exception = env.take_exception();
    if env.instance_of(exception, env.wk().linkage_error.id) {
        let vm = env.vm();
        match keep_failure(env, from, index, exception) {
            Ok(kept) => {
                let word = RESOLUTION_FAILED | u64::from(kept.raw());
                vm.meta.get(vm.universe.class(from).pool).resolve(&vm.meta, index, word);
            }
            Err(full) => {
                exceptions::throw_link_error(env, full);
                return;
            }
        }
    }
    env.throw_local(exception);
}

fn keep_failure(
    env: &mut Env<'_>,
    from: ClassId,
    index: u16,
    exception: Local<'_>,
) -> Result<Meta<ResolutionError>, LinkError> {
    let vm = env.vm();
    let arena = vm.universe.arena_of(from)?;
    let cause = env.get_ref(exception, env.wk().throwable.cause);
    // As the reference machine has it, a call site's error has its cause only once.
    let call_site = vm.meta.get(vm.universe.class(from).pool).tag(&vm.meta, index) == tag::INVOKE_DYNAMIC;
    let has_cause = !call_site && !env.is_null(cause) && !env.same(cause, exception);
    let cause = if has_cause { in_words(env, &arena, cause)? } else { InWords::NOTHING };
    let error = in_words(env, &arena, exception)?;
    Ok(arena.alloc(ResolutionError { error, cause })?)
}

/// An upcall that was to resolve (class, index) threw: exceptions become BootstrapMethodError, and the outcome is kept.
pub fn linkage_failed(env: &mut Env<'_>, class: ClassId, index: u16) {
    let exception = env.take_exception();
    let exception = if env.instance_of(exception, env.wk().error.id) {
        exception
    } else {
        let wrapper = env.wk().bootstrap_method_error.id;
        exceptions::throw_new(env, wrapper, None, exception);
        env.take_exception()
    };
    env.throw_local(exception);
    remember_failure(env, class, index);
}

/// Keeps an object as the resolution of (class, index). The first one wins; its index in the resolved array is returned.
pub fn keep(env: &mut Env<'_>, class: ClassId, index: u16, value: Local<'_>) -> JResult<u32> {
    let vm = env.vm();
    let pool = vm.meta.get(vm.universe.class(class).pool);
    let known = pool.resolved(&vm.meta, index);
    if known != 0 && known & RESOLUTION_FAILED == 0 {
        return Ok(known as u32 - 1);
    }
    let at = super::keep_resolved(env, class, value)?;
    let winner = pool.resolve(&vm.meta, index, at as u64 + 1);
    Ok(winner as u32 - 1)
}

/// The interned String of a String entry.
pub fn string<'s>(env: &mut Env<'s>, class: ClassId, index: u16) -> JResult<Local<'s>> {
    let vm = env.vm();
    let pool = vm.meta.get(vm.universe.class(class).pool);
    let known = pool.resolved(&vm.meta, index);
    if known != 0 {
        return Ok(super::resolved_object(env, class, known as u32 - 1));
    }
    let utf8 = pool.raw(&vm.meta, index) as u16;
    let text = pool.utf8(&vm.meta, utf8);
    let string = strings::intern_mutf8(env, text)?;
    keep(env, class, index, string)?;
    Ok(string)
}

/// Resolves a loadable entry that is an object, and gives its index among the resolved objects.
pub fn try_object(env: &mut Env<'_>, class: ClassId, index: u16) -> Linked<u32> {
    try_object_at(env, class, index, 0)
}

fn try_object_at(env: &mut Env<'_>, class: ClassId, index: u16, depth: usize) -> Linked<u32> {
    let vm = env.vm();
    let pool = vm.meta.get(vm.universe.class(class).pool);
    let known = pool.resolved(&vm.meta, index);
    check_failed(env, known)?;
    if known != 0 {
        return Ok(known as u32 - 1);
    }
    if depth > MAX_DEPTH {
        exceptions::throw_stack_overflow(env);
        return Err(Stop::Throw);
    }
    match pool.tag(&vm.meta, index) {
        tag::STRING => {
            string(env, class, index)?;
            Ok(pool.resolved(&vm.meta, index) as u32 - 1)
        }
        tag::METHOD_TYPE => {
            let descriptor = Symbol::from_raw(pool.raw(&vm.meta, index) as u32);
            let result = try_method_type(env, class, descriptor);
            let mt = failing(env, class, index, result)?;
            Ok(keep(env, class, index, mt)?)
        }
        tag::METHOD_HANDLE => {
            let result = try_method_handle(env, class, index);
            failing(env, class, index, result).map(|never| match never {})
        }
        tag::DYNAMIC => {
            let result = try_dynamic(env, class, index, depth);
            failing(env, class, index, result).map(|never| match never {})
        }
        _ => {
            env.throw("java/lang/ClassFormatError", "constant cannot be loaded");
            Err(Stop::Throw)
        }
    }
}

/// Remembers a failure of resolving an entry.
pub fn failing<T>(env: &mut Env<'_>, class: ClassId, index: u16, result: Linked<T>) -> Linked<T> {
    match result {
        Ok(value) => Ok(value),
        Err(Stop::Throw) => {
            remember_failure(env, class, index);
            Err(Stop::Throw)
        }
        Err(Stop::Need(need)) => Err(Stop::Need(need.on_behalf_of(class, index))),
    }
}

/// A method descriptor as a java.lang.invoke.MethodType, seen from a class.
pub fn try_method_type<'s>(env: &mut Env<'s>, class: ClassId, descriptor: Symbol) -> Linked<Local<'s>> {
    let vm = env.vm();
    let known = vm.method_types.lock().get(&(class, descriptor)).copied();
    if let Some(at) = known {
        return Ok(super::resolved_object(env, class, at));
    }
    let text = vm.universe.text(descriptor);
    let Some(parts) = super::handles::split_descriptor(text) else {
        env.throw("java/lang/ClassFormatError", "malformed method descriptor");
        return Err(Stop::Throw);
    };
    let mut classes = Vec::with_capacity(parts.parameters.len());
    for p in &parts.parameters {
        classes.push(loading::try_class_from_descriptor(env, class, p)?);
    }
    let result = loading::try_class_from_descriptor(env, class, parts.result)?;
    let array = env.new_ref_array(env.wk().class.id, classes.len())?;
    for (i, c) in classes.iter().enumerate() {
        let mirror = env.mirror(*c);
        env.set_elem(array, i, mirror);
    }
    let rtype = env.mirror(result);
    let find = vm.well_known_methods().find_method_handle_type;
    let call = upcall(
        env,
        find,
        &[Value::Ref(rtype), Value::Ref(array)],
        Purpose::MethodType,
        class,
        descriptor.raw() as u64,
    );
    Err(Stop::Need(Need::Upcall(call)))
}

/// An argument of an upcall while it is put together.
#[derive(Clone, Copy)]
pub enum Value<'s> {
    Int(i32),
    Ref(Local<'s>),
}

/// Puts an upcall together. Its references are current until the next allocation: it must be pushed at once.
pub fn upcall(
    env: &Env<'_>,
    target: &carafe_classloader::class::Method,
    args: &[Value<'_>],
    purpose: Purpose,
    class: ClassId,
    data: u64,
) -> Upcall {
    let mut raw = [Arg::Int(0); MAX_ARGS];
    for (slot, arg) in raw.iter_mut().zip(args) {
        *slot = match arg {
            Value::Int(v) => Arg::Int(*v),
            Value::Ref(r) => Arg::Ref(env.raw(*r)),
        };
    }
    let meta = &env.vm().meta;
    Upcall {
        target: meta.meta_of(target),
        args: raw,
        count: args.len(),
        purpose,
        class,
        index: 0,
        data,
        data2: 0,
        extra: ObjRef::NULL,
    }
}

/// The upcall of a method type has come back.
pub fn keep_method_type(
    env: &mut Env<'_>,
    class: ClassId,
    descriptor: Symbol,
    value: Local<'_>,
) -> JResult<()> {
    const ENTRY_BYTES: usize = 32;
    super::charge(env, class, ENTRY_BYTES)?;
    let at = super::keep_resolved(env, class, value)?;
    env.vm().method_types.lock().entry((class, descriptor)).or_insert(at);
    Ok(())
}

/// Asks the library for a MethodHandle constant; the result is kept by the stub.
fn try_method_handle(env: &mut Env<'_>, class: ClassId, index: u16) -> Linked<std::convert::Infallible> {
    let vm = env.vm();
    let pool = vm.meta.get(vm.universe.class(class).pool);
    let raw = pool.raw(&vm.meta, index);
    let kind = (raw & 0xffff) as i32;
    let member = pool.member(&vm.meta, (raw >> 16) as u16);
    let declaring = try_class(env, class, member.class_index)?;
    check_constraints(env, class, declaring, &member, kind <= 4)?;
    let type_ = if kind <= 4 {
        let c = loading::try_class_from_descriptor(env, class, vm.universe.text(member.descriptor))?;
        env.mirror(c)
    } else {
        try_method_type(env, class, member.descriptor)?
    };
    let name = env.intern_symbol(member.name)?;
    let caller = env.mirror(class);
    let declaring = env.mirror(declaring);
    let call = upcall(
        env,
        vm.well_known_methods().link_method_handle_constant,
        &[Value::Ref(caller), Value::Int(kind), Value::Ref(declaring), Value::Ref(name), Value::Ref(type_)],
        Purpose::Constant,
        class,
        index as u64,
    );
    Err(Stop::Need(Need::Upcall(call)))
}

/// The class of a handle and the class of its member must mean the same by the types of the member, as for an instruction.
fn check_constraints(
    env: &mut Env<'_>,
    from: ClassId,
    declaring: ClassId,
    member: &MemberRef,
    is_field: bool,
) -> Linked<()> {
    let universe = &env.vm().universe;
    let names = super::Names { env };
    let checked = if is_field {
        let field = universe.find_field(declaring, member.name, member.descriptor);
        field.map_or(Ok(()), |field| universe.constrain_field(&names, from, field))
    } else {
        let method = universe.find_method(declaring, member.name, member.descriptor);
        let method = method.filter(|method| !method.is_polymorphic());
        method.map_or(Ok(()), |method| universe.constrain_method(&names, from, declaring, method))
    };
    checked.map_err(|error| {
        exceptions::throw_link_error(env, error);
        Stop::Throw
    })
}

/// What a bootstrap method call needs: the handle, and its static arguments as the library wants them.
pub struct Bootstrap<'s> {
    pub handle: Local<'s>,
    pub arguments: Local<'s>,
}

/// Resolves a row of the BootstrapMethods attribute.
pub fn try_bootstrap<'s>(env: &mut Env<'s>, class: ClassId, row: u16, depth: usize) -> Linked<Bootstrap<'s>> {
    let vm = env.vm();
    let pool = vm.meta.get(vm.universe.class(class).pool);
    let Some((handle, args)) = bootstrap_row(vm.meta.slice(pool.bootstrap), row) else {
        env.throw("java/lang/ClassFormatError", "no such bootstrap method");
        return Err(Stop::Throw);
    };
    let at = try_object_at(env, class, handle, depth + 1)?;
    let handle = super::resolved_object(env, class, at);
    let mut values = Vec::with_capacity(args.len());
    for arg in args {
        values.push(try_argument(env, class, arg, depth + 1)?);
    }
    // The library takes no argument as null, one as itself unless it is an array, several as an Object[].
    let arguments = match values.as_slice() {
        [] => Local::NULL,
        [one] if env.is_null(*one) || !env.class_of(*one).is_array() => *one,
        many => {
            let array = env.new_ref_array(env.wk().object.id, many.len())?;
            for (i, v) in many.iter().enumerate() {
                env.set_elem(array, i, *v);
            }
            array
        }
    };
    Ok(Bootstrap { handle, arguments })
}

/// Row `n` of a BootstrapMethods attribute body: the handle's index and the arguments'.
fn bootstrap_row(body: &[u8], n: u16) -> Option<(u16, Vec<u16>)> {
    let u2 = |at: usize| Some(u16::from_be_bytes([*body.get(at)?, *body.get(at + 1)?]));
    if n >= u2(0)? {
        return None;
    }
    let mut at = 2;
    for _ in 0..n {
        at += 4 + 2 * u2(at + 2)? as usize;
    }
    let count = u2(at + 2)? as usize;
    let args = (0..count).map(|i| u2(at + 4 + 2 * i)).collect::<Option<Vec<u16>>>()?;
    Some((u2(at)?, args))
}

/// A static argument as an object; primitives are boxed.
fn try_argument<'s>(env: &mut Env<'s>, class: ClassId, index: u16, depth: usize) -> Linked<Local<'s>> {
    let vm = env.vm();
    let pool = vm.meta.get(vm.universe.class(class).pool);
    let raw = pool.raw(&vm.meta, index);
    let boxed = match pool.tag(&vm.meta, index) {
        tag::INTEGER => Some(BasicType::Int),
        tag::FLOAT => Some(BasicType::Float),
        tag::LONG => Some(BasicType::Long),
        tag::DOUBLE => Some(BasicType::Double),
        _ => None,
    };
    if let Some(kind) = boxed {
        return Ok(super::handles::box_value(env, kind, raw)?);
    }
    if pool.tag(&vm.meta, index) == tag::CLASS {
        let c = try_class(env, class, index)?;
        return Ok(env.mirror(c));
    }
    let at = try_object_at(env, class, index, depth)?;
    Ok(super::resolved_object(env, class, at))
}

/// Asks the library for a dynamic constant.
fn try_dynamic(
    env: &mut Env<'_>,
    class: ClassId,
    index: u16,
    depth: usize,
) -> Linked<std::convert::Infallible> {
    let vm = env.vm();
    let pool = vm.meta.get(vm.universe.class(class).pool);
    let (row, name, descriptor) = pool.dynamic(&vm.meta, index);
    let bootstrap = try_bootstrap(env, class, row, depth)?;
    let type_ = loading::try_class_from_descriptor(env, class, vm.universe.text(descriptor))?;
    let type_ = env.mirror(type_);
    let name = env.intern_symbol(name)?;
    let caller = env.mirror(class);
    let call = upcall(
        env,
        vm.well_known_methods().link_dynamic_constant,
        &[
            Value::Ref(caller),
            Value::Ref(bootstrap.handle),
            Value::Ref(name),
            Value::Ref(type_),
            Value::Ref(bootstrap.arguments),
        ],
        Purpose::Constant,
        class,
        index as u64,
    );
    Err(Stop::Need(Need::Upcall(call)))
}

/// Used by natives: a Class entry, resolved to the end.
pub fn class(env: &mut Env<'_>, from: ClassId, index: u16) -> JResult<ClassId> {
    super::finish(env, |env| try_class(env, from, index))
}

/// Used by natives: an object entry, resolved to the end.
pub fn object<'s>(env: &mut Env<'s>, class: ClassId, index: u16) -> Result<Local<'s>, Throw> {
    let at = super::finish(env, |env| try_object(env, class, index))?;
    Ok(super::resolved_object(env, class, at))
}
