//! `MethodHandleNatives.resolve`: a symbolic MemberName becomes a resolved one.
//!
//! Resolution is that of the instruction which the reference kind names (JVMS 5.4.3, 5.4.4, 6.5), without initializing
//! classes and without loader constraints: the library itself checks that types mean the same for both sides. Access to
//! methods is checked for the given caller, none meaning trusted code; access to fields is the library's business.
//!
//! The answer may name another reference kind than the question: direct calls come back as invokeSpecial or invokeStatic,
//! an interface's methods that are Object's as invokeVirtual.

use carafe_classloader::class::Method;
use carafe_classloader::link::{LinkError, LinkErrorKind};
use carafe_classloader::names;
use carafe_classloader::symbols::Symbol;
use carafe_gc::metaspace::ClassId;
use carafe_vm::env::{Env, JResult, Local, Throw};
use carafe_vm::exceptions;
use carafe_vm::linkage::{self, methods};

use super::flags::{MemberKind, RefKind};
use super::member::{self, Linked};

/// The native. `mode` tells whether the caller is trusted, which a null caller says as well.
pub(super) fn resolve<'s>(
    env: &mut Env<'s>,
    name: Local<'s>,
    caller: Local<'s>,
    _mode: i32,
    speculative: bool,
) -> JResult<Local<'s>> {
    if env.is_null(name) {
        return Err(internal(env, "mname to resolve"));
    }
    let flags = env.get::<i32>(name, env.wk().member_name.flags);
    let found = env.scope(|env| {
        let from = if env.is_null(caller) { ClassId::NONE } else { env.class_of_mirror(caller) };
        try_resolve(env, name, flags, from)
    });
    match found {
        Ok(true) => Ok(name),
        Ok(false) if speculative => Ok(Local::NULL),
        Ok(false) => Err(nothing_found(env, flags)),
        Err(Throw) if speculative && !env.is_terminating() => {
            env.take_exception();
            Ok(Local::NULL)
        }
        Err(Throw) => Err(Throw),
    }
}

fn internal(env: &mut Env<'_>, message: &str) -> Throw {
    env.throw("java/lang/InternalError", message)
}

/// The question does not even name something that could exist.
fn nothing_found(env: &mut Env<'_>, flags: i32) -> Throw {
    if RefKind::of(flags).is_none() {
        return internal(env, "obsolete MemberName format");
    }
    match MemberKind::of(flags) {
        Some(MemberKind::Field) => env.throw("java/lang/NoSuchFieldError", "field resolution failed"),
        Some(MemberKind::Method | MemberKind::Constructor) => {
            env.throw("java/lang/NoSuchMethodError", "method resolution failed")
        }
        Some(MemberKind::Type) | None => env.throw("java/lang/LinkageError", "resolution failed"),
    }
}

/// A question taken apart.
struct Query {
    kind: MemberKind,
    ref_kind: RefKind,
    /// The class to look in: for arrays, Object.
    target: ClassId,
    /// The class that asks, NONE for trusted code.
    from: ClassId,
    name: Vec<u8>,
    descriptor: Vec<u8>,
}

/// Fills the MemberName in; false if there is nothing that it could mean.
fn try_resolve(env: &mut Env<'_>, name: Local<'_>, flags: i32, from: ClassId) -> JResult<bool> {
    if member::method_of_member(env, name).is_some() {
        return Ok(true);
    }
    let Some(query) = read_query(env, name, flags, from)? else { return Ok(false) };
    match query.kind {
        MemberKind::Field => {
            let field = find_field(env, &query)?;
            member::fill_field(env, name, field, query.ref_kind.is_setter());
            Ok(true)
        }
        MemberKind::Constructor if query.name != b"<init>" => Ok(false),
        MemberKind::Method | MemberKind::Constructor => {
            if let Some(intrinsic) = find_intrinsic(env, &query)? {
                member::fill_intrinsic(env, name, intrinsic)?;
                return Ok(true);
            }
            let linked = find_method(env, &query)?;
            member::fill_method(env, name, &linked)?;
            Ok(true)
        }
        MemberKind::Type => Err(internal(env, "unrecognized MemberName format")),
    }
}

fn read_query(env: &mut Env<'_>, name: Local<'_>, flags: i32, from: ClassId) -> JResult<Option<Query>> {
    let Some(ref_kind) = RefKind::of(flags) else { return Ok(None) };
    let at = &env.wk().member_name;
    let (clazz, text, type_) =
        (env.get_ref(name, at.clazz), env.get_ref(name, at.name), env.get_ref(name, at.type_));
    if env.is_null(clazz) || env.is_null(text) || env.is_null(type_) {
        return Err(env.throw_illegal_argument("nothing to resolve"));
    }
    let Some(kind) = MemberKind::of(flags) else {
        return Err(internal(env, "unrecognized MemberName format"));
    };
    let class = env.class(env.class_of_mirror(clazz));
    if class.is_primitive() {
        return Ok(None);
    }
    let target = if class.is_array() { env.wk().object.id } else { class.id };
    let text = env.string_mutf8(text);
    if text == b"<clinit>" {
        return Ok(None);
    }
    let descriptor = descriptor_of(env, type_)?;
    linkage::link(env, target)?;
    Ok(Some(Query { kind, ref_kind, target, from, name: text, descriptor }))
}

/// The descriptor that a MemberName's type stands for: a MethodType, a Class, or the text itself.
fn descriptor_of(env: &mut Env<'_>, type_: Local<'_>) -> JResult<Vec<u8>> {
    let wk = env.wk();
    let mut text = Vec::new();
    if env.instance_of(type_, wk.method_type.id) {
        let (ptypes, rtype) =
            (env.get_ref(type_, wk.method_type.ptypes), env.get_ref(type_, wk.method_type.rtype));
        if env.is_null(ptypes) || env.is_null(rtype) {
            return Err(env.throw_npe());
        }
        text.push(b'(');
        for index in 0..env.array_len(ptypes) {
            env.scope(|env| {
                let parameter = env.elem(ptypes, index);
                let class = env.class_arg(parameter)?;
                push_descriptor(env, class, &mut text);
                Ok(())
            })?;
        }
        text.push(b')');
        push_descriptor(env, env.class_of_mirror(rtype), &mut text);
    } else if env.instance_of(type_, wk.class.id) {
        push_descriptor(env, env.class_of_mirror(type_), &mut text);
    } else if env.instance_of(type_, wk.string.id) {
        text = env.string_mutf8(type_);
    } else {
        return Err(internal(env, "unrecognized type"));
    }
    Ok(text)
}

/// Appends the descriptor of a class.
fn push_descriptor(env: &Env<'_>, class: ClassId, text: &mut Vec<u8>) {
    let record = env.class(class);
    let name = env.vm().universe.text(record.name);
    if record.is_primitive() {
        use carafe_classloader::basic::BasicType;
        text.push(BasicType::from_u8(record.basic).map_or(b'V', BasicType::descriptor));
    } else if record.is_array() {
        text.extend_from_slice(name);
    } else {
        text.push(b'L');
        text.extend_from_slice(name);
        text.push(b';');
    }
}

/// Name and descriptor as symbols, unless no class has ever named them: then nothing can have them.
fn symbols(env: &Env<'_>, query: &Query) -> Option<(Symbol, Symbol)> {
    let (table, meta) = (&env.vm().universe.symbols, &env.vm().meta);
    Some((table.lookup(meta, &query.name)?, table.lookup(meta, &query.descriptor)?))
}

fn find_field<'s>(env: &mut Env<'s>, query: &Query) -> JResult<&'s carafe_classloader::class::Field> {
    let vm = env.vm();
    if let Some((name, descriptor)) = symbols(env, query)
        && let Some(field) = vm.universe.find_field(query.target, name, descriptor)
    {
        if query.from != ClassId::NONE {
            vm.universe
                .constrain_field(&linkage::Host { env }, query.from, field)
                .map_err(|error| exceptions::throw_link_error(env, error))?;
        }
        return Ok(field);
    }
    let (class, text) = (vm.universe.external_name(query.target), String::from_utf8_lossy(&query.name));
    let type_ = names::external_type(&query.descriptor);
    let message = format!("Class {class} does not have member field '{type_} {text}'");
    Err(env.throw("java/lang/NoSuchFieldError", &message))
}

/// invokeBasic and the linkTo methods exist for every type.
fn find_intrinsic<'s>(env: &mut Env<'s>, query: &Query) -> JResult<Option<&'s Method>> {
    let vm = env.vm();
    let wk = env.wk();
    let is_handle = query.target == wk.method_handle.id;
    if query.kind != MemberKind::Method || !(is_handle || query.target == wk.var_handle.id) {
        return Ok(None);
    }
    let name = vm.universe.symbols.lookup(&vm.meta, &query.name);
    let Some(method) = name.and_then(|name| vm.universe.find_polymorphic(query.target, name)) else {
        return Ok(None);
    };
    let linker = is_handle && methods::linker_op(env, method).is_some();
    let (wants_static, fits) = match query.ref_kind {
        RefKind::InvokeStatic => (true, method.is_static()),
        RefKind::InvokeVirtual | RefKind::InvokeSpecial => (false, !method.is_static()),
        RefKind::InvokeInterface
        | RefKind::NewInvokeSpecial
        | RefKind::GetField
        | RefKind::GetStatic
        | RefKind::PutField
        | RefKind::PutStatic => return Ok(None),
    };
    if !fits {
        let name = erased_name(env, query);
        let message = if wants_static {
            format!("Expected static method '{name}'")
        } else {
            format!("Expecting non-static method '{name}'")
        };
        return Err(env.throw("java/lang/IncompatibleClassChangeError", &message));
    }
    if !linker {
        // Only call sites have adapters for these; the library makes handles of them without asking.
        return Err(internal(env, "bad invokehandle"));
    }
    if query.from != ClassId::NONE && !vm.universe.same_package(query.from, method.class) {
        let (caller, name) = (vm.universe.external_name(query.from), erased_name(env, query));
        let homes = vm.universe.in_homes(&linkage::Host { env }, query.from, method.class);
        let message = format!("class {caller} tried to access method '{name}' ({homes})");
        return Err(env.throw("java/lang/IllegalAccessError", &message));
    }
    Ok(Some(method))
}

/// How messages spell a method that the VM executes itself: by the basic types of the call.
fn erased_name(env: &Env<'_>, query: &Query) -> String {
    let class = env.vm().universe.external_name(query.target);
    names::external_method(&class, &query.name, &erase(&query.descriptor, query.name.starts_with(b"linkTo")))
}

/// A method descriptor in basic types: references are Object, what fits an int is int. The last parameter may be kept.
fn erase(descriptor: &[u8], keep_last: bool) -> Vec<u8> {
    let Some(parts) = linkage::handles::split_descriptor(descriptor) else { return descriptor.to_vec() };
    let basic = |part: &[u8]| match part.first() {
        Some(b'L' | b'[') => b"Ljava/lang/Object;".to_vec(),
        Some(b'Z' | b'B' | b'C' | b'S') => b"I".to_vec(),
        Some(_) | None => part.to_vec(),
    };
    let mut text = b"(".to_vec();
    let last = parts.parameters.len().wrapping_sub(1);
    for (at, part) in parts.parameters.iter().enumerate() {
        if at == last && keep_last { text.extend_from_slice(part) } else { text.extend(basic(part)) }
    }
    text.push(b')');
    text.extend(basic(parts.result));
    text
}

fn find_method<'s>(env: &mut Env<'s>, query: &Query) -> JResult<Linked<'s>> {
    let universe = &env.vm().universe;
    let method = look_up(env, query)?;
    if query.from != ClassId::NONE {
        universe
            .check_method_access(
                &mut linkage::Host { env },
                query.from,
                query.target,
                method,
                method.descriptor,
            )
            .map_err(|error| linkage::raise(env, error))?;
        universe
            .constrain_method(&linkage::Host { env }, query.from, query.target, method)
            .map_err(|error| exceptions::throw_link_error(env, error))?;
    }
    let wrong = |env: &mut Env<'_>, error: LinkError| Err(exceptions::throw_link_error(env, error));
    match query.ref_kind {
        RefKind::InvokeStatic if !method.is_static() => wrong(env, universe.expected_static_method(method)),
        RefKind::InvokeStatic => Ok(Linked::direct(method)),
        RefKind::InvokeInterface if method.is_static() => {
            wrong(env, universe.expected_interface_instance_method(method))
        }
        RefKind::InvokeVirtual | RefKind::InvokeSpecial | RefKind::NewInvokeSpecial if method.is_static() => {
            wrong(env, universe.expected_instance_method(method))
        }
        RefKind::InvokeInterface => Ok(member::link_interface(env, method)),
        RefKind::InvokeVirtual => Ok(member::link_virtual(env, query.target, method)),
        RefKind::InvokeSpecial | RefKind::NewInvokeSpecial => special(env, query, method),
        RefKind::GetField | RefKind::GetStatic | RefKind::PutField | RefKind::PutStatic => {
            Err(internal(env, "unrecognized MemberName format"))
        }
    }
}

/// The method that a reference finds, access and kind aside.
fn look_up<'s>(env: &mut Env<'s>, query: &Query) -> JResult<&'s Method> {
    let vm = env.vm();
    let is_interface = env.class(query.target).is_interface();
    let asks_interface = match query.ref_kind {
        RefKind::InvokeInterface => true,
        RefKind::InvokeVirtual | RefKind::NewInvokeSpecial => false,
        // References of either kind will do.
        RefKind::InvokeStatic | RefKind::InvokeSpecial => is_interface,
        RefKind::GetField | RefKind::GetStatic | RefKind::PutField | RefKind::PutStatic => is_interface,
    };
    let Some((name, descriptor)) = symbols(env, query) else { return Err(no_such_method(env, query)) };
    let host = &mut linkage::Host { env };
    let found =
        vm.universe.resolve_method(host, ClassId::NONE, query.target, name, descriptor, asks_interface);
    let method = found.map_err(|error| linkage::raise(env, error))?;
    // Constructors are not inherited.
    if method.is_init() && method.class != query.target {
        return Err(no_such_method(env, query));
    }
    Ok(method)
}

fn no_such_method(env: &mut Env<'_>, query: &Query) -> Throw {
    let class = env.vm().universe.external_name(query.target);
    let message = format!("'{}'", names::external_method(&class, &query.name, &query.descriptor));
    exceptions::throw_link_error(env, LinkError { kind: LinkErrorKind::NoSuchMethodError, message })
}

/// What invokespecial in the asking class runs.
fn special<'s>(env: &mut Env<'s>, query: &Query, method: &'s Method) -> JResult<Linked<'s>> {
    let vm = env.vm();
    if env.class(query.target).is_interface() && query.from != ClassId::NONE && query.from != query.target {
        let above = vm.meta.slice(env.class(query.from).interfaces);
        if !above.contains(&query.target) {
            let message = format!(
                "Interface method reference: '{}', is not in a direct superinterface of {}",
                vm.universe.external_method(method),
                vm.universe.external_name(query.from),
            );
            return Err(env.throw("java/lang/IncompatibleClassChangeError", &message));
        }
    }
    match vm.universe.select_special(query.from, query.target, method) {
        Ok(selected) => Ok(Linked::direct(selected)),
        Err(error) if error.kind == LinkErrorKind::AbstractMethodError => {
            let message = format!("'{}'", vm.universe.external_method(method));
            Err(env.throw("java/lang/AbstractMethodError", &message))
        }
        Err(error) => Err(exceptions::throw_link_error(env, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::erase;

    #[test]
    fn erasure_keeps_basic_types() {
        let check = |from: &str, to: &str| assert_eq!(erase(from.as_bytes(), false), to.as_bytes());
        check("(Ljava/lang/String;)I", "(Ljava/lang/Object;)I");
        check("([IJDZ)[J", "(Ljava/lang/Object;JDI)Ljava/lang/Object;");
        check("()V", "()V");
        check("(CBSF)S", "(IIIF)I");
    }
}
