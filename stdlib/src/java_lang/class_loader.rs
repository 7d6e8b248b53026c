//! `java.lang.ClassLoader`: classes out of bytes, and what a loader has already.
//!
//! Bytes are copied out of the heap before they are looked at, so nobody can change them between check and use. A class
//! of a loader other than the boot loader is handed to the loader's `addClass`, which keeps it alive as long as the
//! loader.

use std::sync::atomic::Ordering;

use carafe_classloader::class::LoaderId;
use carafe_classloader::link::{DefineRequest, HiddenRequest};
use carafe_gc::metaspace::ClassId;
use carafe_vm::env::{Env, JResult, Local, Throw, Value};
use carafe_vm::linkage::{self, Host};
use carafe_vm::natives;
use carafe_vm::unload;

use super::class::{find_boot, is_loadable_name, slashed, symbol, too_long};
use crate::noop::nothing;

natives! { pub(crate) static CLASS_LOADER for "java/lang/ClassLoader" {
    "registerNatives" "()V" = nothing(): isolate;
    "defineClass0" "(Ljava/lang/ClassLoader;Ljava/lang/Class;Ljava/lang/String;[BIILjava/security/ProtectionDomain;ZILjava/lang/Object;)Ljava/lang/Class;" =
        define_for_lookup(obj, obj, obj, obj, int, int, obj, bool, int, obj): isolate;
    "defineClass1" "(Ljava/lang/ClassLoader;Ljava/lang/String;[BIILjava/security/ProtectionDomain;Ljava/lang/String;)Ljava/lang/Class;" =
        define_from_array(obj, obj, obj, int, int, obj, obj): isolate;
    "defineClass2" "(Ljava/lang/ClassLoader;Ljava/lang/String;Ljava/nio/ByteBuffer;IILjava/security/ProtectionDomain;Ljava/lang/String;)Ljava/lang/Class;" =
        define_from_buffer(obj, obj, obj, int, int, obj, obj): isolate;
    "findBootstrapClass" "(Ljava/lang/String;)Ljava/lang/Class;" = find_bootstrap_class(obj): isolate;
    "findLoadedClass0" "(Ljava/lang/String;)Ljava/lang/Class;" = find_loaded_class(obj, obj): isolate;
    "retrieveDirectives" "()Ljava/lang/AssertionStatusDirectives;" = retrieve_directives(): isolate;
} }

/// Where the bytes of a class file are: the object, first index, and how many.
pub(crate) enum Bytes<'s> {
    Array(Local<'s>, i32, i32),
    /// A direct `ByteBuffer`.
    Buffer(Local<'s>, i32, i32),
}

impl Bytes<'_> {
    fn copy(&self, env: &mut Env<'_>) -> JResult<Vec<u8>> {
        let (object, start, len) = match *self {
            Bytes::Array(object, start, len) | Bytes::Buffer(object, start, len) => (object, start, len),
        };
        if env.is_null(object) {
            return Err(env.throw_npe());
        }
        let room = match self {
            Bytes::Array(..) => env.array_len(object),
            Bytes::Buffer(..) => {
                usize::try_from(env.get::<i32>(object, env.wk().buffer.capacity)).unwrap_or(0)
            }
        };
        let Ok(len) = usize::try_from(len) else {
            return Err(env.throw_no_message("java/lang/ArrayIndexOutOfBoundsException"));
        };
        let Some(start) =
            usize::try_from(start).ok().filter(|at| at.checked_add(len).is_some_and(|end| end <= room))
        else {
            let end = i64::from(start) + len as i64;
            let message = format!("Array region {start}..{end} out of bounds for length {room}");
            return Err(env.throw("java/lang/ArrayIndexOutOfBoundsException", &message));
        };
        let mut bytes = Vec::new();
        if bytes.try_reserve_exact(len).is_err() {
            return Err(env.throw("java/lang/OutOfMemoryError", "class file"));
        }
        bytes.resize(len, 0);
        match self {
            Bytes::Array(..) => {
                env.read_bytes(object, start, &mut bytes);
            }
            Bytes::Buffer(..) => {
                let address = env.get::<i64>(object, env.wk().buffer.address);
                env.raw_read(Local::NULL, address.wrapping_add(start as i64), &mut bytes);
            }
        }
        Ok(bytes)
    }
}

fn define_from_array<'s>(
    env: &mut Env<'s>,
    loader: Local<'s>,
    name: Local<'s>,
    bytes: Local<'s>,
    start: i32,
    len: i32,
    protection_domain: Local<'s>,
    source: Local<'s>,
) -> JResult<Local<'s>> {
    define_named(env, loader, name, Bytes::Array(bytes, start, len), protection_domain, source)
}

fn define_from_buffer<'s>(
    env: &mut Env<'s>,
    loader: Local<'s>,
    name: Local<'s>,
    buffer: Local<'s>,
    start: i32,
    len: i32,
    protection_domain: Local<'s>,
    source: Local<'s>,
) -> JResult<Local<'s>> {
    define_named(env, loader, name, Bytes::Buffer(buffer, start, len), protection_domain, source)
}

/// An ordinary class. `name` is dotted or null, `source` the place it came from or null.
pub(crate) fn define_named<'s>(
    env: &mut Env<'s>,
    loader: Local<'s>,
    name: Local<'s>,
    bytes: Bytes<'s>,
    protection_domain: Local<'s>,
    source: Local<'s>,
) -> JResult<Local<'s>> {
    let bytes = bytes.copy(env)?;
    let name = if env.is_null(name) { None } else { Some(internal_name(env, name)?) };
    let name = match name {
        Some(name) => Some(symbol(env, &name)?),
        None => None,
    };
    let source = if env.is_null(source) { None } else { Some(env.string(source)) };
    unload::before_definition(env);
    let loader = registered(env, loader)?;
    // Any loader can name such a source; the platform loader's word is taken for it, because no program can make that
    // loader define a class.
    let from_image = env.vm().universe.is_platform_loader(loader)
        && source.as_deref().is_some_and(|source| source.starts_with("jrt:/"));
    let request =
        DefineRequest { name, source: source.as_deref(), from_image, ..DefineRequest::new(loader, &bytes) };
    let (_, mirror) = define(env, &request, protection_domain, Local::NULL)?;
    Ok(mirror)
}

/// The number of a loader; collects if metaspace has no room for one more.
fn registered(env: &mut Env<'_>, loader: Local<'_>) -> JResult<LoaderId> {
    let id = unload::with_room(env, |env| {
        let id = env.vm().loader_of_object(env, loader);
        env.vm().universe.loader_exists(id)?;
        Ok(id)
    });
    id.map_err(|error| linkage::raise(env, error))
}

/// The internal form of a class name that Java code passed.
fn internal_name(env: &mut Env<'_>, name: Local<'_>) -> JResult<Vec<u8>> {
    let dotted = env.string_mutf8(name);
    let internal: Vec<u8> = dotted.into_iter().map(|b| if b == b'.' { b'/' } else { b }).collect();
    match too_long(&internal) {
        Some(message) => Err(env.throw("java/lang/NoClassDefFoundError", &message)),
        None => Ok(internal),
    }
}

/// Creates the class, completes its mirror and tells its loader.
fn define<'s>(
    env: &mut Env<'s>,
    request: &DefineRequest<'_>,
    protection_domain: Local<'_>,
    class_data: Local<'_>,
) -> JResult<(ClassId, Local<'s>)> {
    let universe = &env.vm().universe;
    let defined = unload::with_room(env, |env| universe.define(&mut Host { env }, *request));
    let class = defined.map_err(|error| linkage::raise(env, error))?;
    // No safepoint lies between: nothing else keeps a new hidden class.
    let mirror = env.mirror(class);
    env.scope(|env| {
        let mirror = env.local(env.raw(mirror));
        let nest_host = ClassId(env.class(class).nest_host.load(Ordering::Acquire));
        if request.hidden.is_some() && !nest_host.is_none() {
            unload::keep_for_class(env, class, nest_host)?;
        }
        env.set_ref(mirror, env.wk().class.protection_domain, protection_domain);
        env.set_ref(mirror, env.wk().class.class_data, class_data);
        // Nobody finds a hidden class by its loader, so the loader need not know it.
        if request.loader.is_boot() || request.hidden.is_some() {
            return Ok(());
        }
        let loader = env.vm().loader_object(request.loader);
        let loader = env.local(loader);
        let class_loader = env.wk().class_loader.id;
        if let Some(add) = env.find_method(class_loader, "addClass", "(Ljava/lang/Class;)V") {
            env.call(add, &[Value::Ref(loader), Value::Ref(mirror)])?;
        }
        Ok(())
    })?;
    Ok((class, mirror))
}

/// Flags of `Lookup.defineClass` and `defineHiddenClass`.
mod flag {
    pub(super) const NESTMATE: i32 = 1;
    pub(super) const HIDDEN: i32 = 2;
    pub(super) const STRONG: i32 = 4;
    pub(super) const VM_ANNOTATIONS: i32 = 8;
}

/// Why an ordinary class may not be defined with these flags.
fn refuse_ordinary(flags: i32, has_class_data: bool) -> Option<String> {
    if has_class_data {
        return Some("classData is only applicable for hidden classes".to_owned());
    }
    if flags & flag::NESTMATE != 0 {
        return Some("dynamic nestmate is only applicable for hidden classes".to_owned());
    }
    if flags & flag::STRONG == 0 {
        return Some("an ordinary class must be strongly referenced by its defining loader".to_owned());
    }
    if flags & flag::VM_ANNOTATIONS != 0 {
        return Some("vm annotations only allowed for hidden classes".to_owned());
    }
    (flags != flag::STRONG).then(|| format!("invalid flag {flags:#x}"))
}

fn define_for_lookup<'s>(
    env: &mut Env<'s>,
    loader: Local<'s>,
    lookup: Local<'s>,
    name: Local<'s>,
    bytes: Local<'s>,
    start: i32,
    len: i32,
    protection_domain: Local<'s>,
    initialize: bool,
    flags: i32,
    class_data: Local<'s>,
) -> JResult<Local<'s>> {
    if env.is_null(lookup) {
        return Err(env.throw_illegal_argument("Lookup class is null"));
    }
    let hidden = flags & flag::HIDDEN != 0;
    if !hidden && let Some(why) = refuse_ordinary(flags, !env.is_null(class_data)) {
        return Err(env.throw_illegal_argument(&why));
    }
    let bytes = Bytes::Array(bytes, start, len).copy(env)?;
    let host = env.class_of_mirror(lookup);
    let name = match env.is_null(name) {
        true => None,
        false => {
            let name = internal_name(env, name)?;
            Some(symbol(env, &name)?)
        }
    };
    unload::before_definition(env);
    let loader = registered(env, loader)?;
    let request = DefineRequest {
        name,
        source: Some("__JVM_LookupDefineClass__"),
        hidden: hidden.then_some(HiddenRequest {
            host,
            nestmate: flags & flag::NESTMATE != 0,
            strong: flags & flag::STRONG != 0,
            vm_annotations: flags & flag::VM_ANNOTATIONS != 0,
        }),
        ..DefineRequest::new(loader, &bytes)
    };
    let (class, mirror) = define(env, &request, protection_domain, class_data)?;
    // A hidden class that joins no nest may stand in any package: the library puts proxies into modules of their own.
    let joins = !hidden || flags & flag::NESTMATE != 0;
    if joins && env.class(class).package != env.class(host).package {
        return Err(env.throw_illegal_argument("Lookup class and defined class are in different packages"));
    }
    if initialize {
        env.initialize(class)?;
    } else {
        linkage::link(env, class)?;
    }
    Ok(mirror)
}

fn find_bootstrap_class<'s>(env: &mut Env<'s>, name: Local<'s>) -> JResult<Local<'s>> {
    let Some(name) = loadable(env, name) else { return Ok(Local::NULL) };
    let name = symbol(env, &name)?;
    match find_boot(env, name)? {
        Some(class) => Ok(env.mirror(class)),
        None => Ok(Local::NULL),
    }
}

fn find_loaded_class<'s>(env: &mut Env<'s>, this: Local<'s>, name: Local<'s>) -> JResult<Local<'s>> {
    let Some(name) = loadable(env, name) else { return Ok(Local::NULL) };
    let universe = &env.vm().universe;
    // A name that is no symbol yet was never loaded.
    let Some(name) = universe.symbols.lookup(&env.vm().meta, &name) else { return Ok(Local::NULL) };
    let loader: LoaderId = env.vm().loader_of_object(env, this);
    match universe.find_loaded(loader, name) {
        Some(class) => Ok(env.mirror(class)),
        None => Ok(Local::NULL),
    }
}

/// The internal form of a dotted class name; `None` for null and for what cannot be a class's name.
fn loadable(env: &Env<'_>, name: Local<'_>) -> Option<Vec<u8>> {
    if env.is_null(name) {
        return None;
    }
    slashed(&env.string_mutf8(name)).filter(|n| is_loadable_name(n) && n.first() != Some(&b'['))
}

/// The command line's assertion options, for loaders that have options of their own.
fn retrieve_directives<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let at = env.wk().assertion_directives;
    env.initialize(at.id)?;
    let directives = env.alloc(at.id)?;
    let options = &env.vm().config.assertions;
    for (list, names_at, enabled_at) in [
        (&options.classes, at.classes, at.class_enabled),
        (&options.packages, at.packages, at.package_enabled),
    ] {
        let (names, enabled) = directive_arrays(env, list)?;
        env.set_ref(directives, names_at, names);
        env.set_ref(directives, enabled_at, enabled);
    }
    env.set(directives, at.deflt, options.default);
    Ok(directives)
}

/// String[] and boolean[]; the last of several options for one name counts, for Java code too. The unnamed package is null.
fn directive_arrays<'s>(env: &mut Env<'s>, list: &[(String, bool)]) -> JResult<(Local<'s>, Local<'s>)> {
    let names = env.new_ref_array(env.wk().string.id, list.len())?;
    let enabled = env.new_array(carafe_classloader::basic::BasicType::Boolean, list.len())?;
    for (index, (name, on)) in list.iter().enumerate() {
        env.scope(|env| {
            if !name.is_empty() {
                let name = env.new_string(name)?;
                env.set_elem(names, index, name);
            }
            env.write_array(enabled, index, &[*on]);
            Ok::<(), Throw>(())
        })?;
    }
    Ok((names, enabled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_classes_have_one_legal_flag() {
        let why = |flags, data| refuse_ordinary(flags, data).unwrap_or_default();
        assert_eq!(why(flag::STRONG, false), "");
        assert_eq!(why(flag::STRONG, true), "classData is only applicable for hidden classes");
        assert_eq!(
            why(flag::STRONG | flag::NESTMATE, false),
            "dynamic nestmate is only applicable for hidden classes"
        );
        assert_eq!(why(0, false), "an ordinary class must be strongly referenced by its defining loader");
        assert_eq!(
            why(flag::STRONG | flag::VM_ANNOTATIONS, false),
            "vm annotations only allowed for hidden classes"
        );
        assert_eq!(why(flag::STRONG | 0x40, false), "invalid flag 0x44");
    }
}
