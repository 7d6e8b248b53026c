//! Classes by name, primitive types by keyword, and whether a class has its assertions on.

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::LoaderId;
use carafe_classloader::classfile::mutf8;
use carafe_classloader::symbols::Symbol;
use carafe_gc::metaspace::ClassId;
use carafe_vm::env::{Env, JResult, Local, Throw};
use carafe_vm::linkage::{self, Host};
use carafe_vm::{exceptions, natives};

use super::{class_of, primitive_by_name};
use crate::java_lang::assertions;

natives! { pub(super) static LOOKUP for "java/lang/Class" {
    "forName0" "(Ljava/lang/String;ZLjava/lang/ClassLoader;Ljava/lang/Class;)Ljava/lang/Class;" =
        for_name(obj, bool, obj, obj): isolate;
    "getPrimitiveClass" "(Ljava/lang/String;)Ljava/lang/Class;" = get_primitive_class(obj): isolate;
    "desiredAssertionStatus0" "(Ljava/lang/Class;)Z" = desired_assertion_status(obj): isolate;
} }

fn for_name<'s>(
    env: &mut Env<'s>,
    name: Local<'s>,
    initialize: bool,
    loader: Local<'s>,
    _caller: Local<'s>,
) -> JResult<Local<'s>> {
    if env.is_null(name) {
        return Err(env.throw_npe());
    }
    let text = env.string_mutf8(name);
    let Some(internal) = slashed(&text) else { return Err(not_found(env, name)) };
    if let Some(message) = too_long(&internal) {
        return Err(env.throw("java/lang/ClassNotFoundException", &message));
    }
    if !is_loadable_name(&internal) {
        // HotSpot has translated the name by now, and says so.
        let name = mutf8::to_string(&internal);
        return Err(env.throw("java/lang/ClassNotFoundException", &name));
    }
    let loader = env.vm().loader_of_object(env, loader);
    let class = load(env, loader, &internal)?;
    if initialize && env.class(class).is_plain() {
        env.initialize(class)?;
    }
    Ok(env.mirror(class))
}

/// Loads as `linkage::load` does, but what cannot be found is a ClassNotFoundException, the loader's own if it threw one.
fn load(env: &mut Env<'_>, loader: LoaderId, internal: &[u8]) -> JResult<ClassId> {
    let dimensions = internal.iter().take_while(|&&b| b == b'[').count();
    let element = internal.get(dimensions..).unwrap_or_default();
    let mut class = match element {
        [tag] if dimensions > 0 => match BasicType::from_descriptor(*tag) {
            Some(basic) => env.vm().universe.primitive(basic),
            None => return Err(class_not_found(env, internal)),
        },
        [b'L', name @ .., b';'] if dimensions > 0 => load_plain(env, loader, name)?,
        name => load_plain(env, loader, name)?,
    };
    for _ in 0..dimensions {
        class = linkage::array_of(env, class)?;
    }
    Ok(class)
}

fn load_plain(env: &mut Env<'_>, loader: LoaderId, name: &[u8]) -> JResult<ClassId> {
    let symbol = symbol(env, name)?;
    if let Some(class) = env.vm().universe.find_loaded(loader, symbol) {
        return Ok(class);
    }
    if !loader.is_boot() {
        return linkage::loader_load_class(env, loader, symbol);
    }
    match find_boot(env, symbol)? {
        Some(class) => Ok(class),
        None => Err(class_not_found(env, name)),
    }
}

/// A class of the boot loader, `None` if it has none of that name.
pub(crate) fn find_boot(env: &mut Env<'_>, name: Symbol) -> JResult<Option<ClassId>> {
    let universe = &env.vm().universe;
    universe.load_boot(&mut Host { env }, name).map_err(|error| linkage::raise(env, error))
}

pub(crate) fn symbol(env: &mut Env<'_>, name: &[u8]) -> JResult<Symbol> {
    match env.vm().universe.symbols.intern(&env.vm().meta, name) {
        Ok(symbol) => Ok(symbol),
        Err(full) => Err(exceptions::throw_link_error(env, full.into())),
    }
}

fn class_not_found(env: &mut Env<'_>, internal: &[u8]) -> Throw {
    let name = mutf8::to_string(internal).replace('/', ".");
    env.throw("java/lang/ClassNotFoundException", &name)
}

fn not_found(env: &mut Env<'_>, name: Local<'_>) -> Throw {
    let name = env.string(name);
    env.throw("java/lang/ClassNotFoundException", &name)
}

/// The internal form of a dotted name, `None` if it has slashes already.
pub(crate) fn slashed(name: &[u8]) -> Option<Vec<u8>> {
    if name.contains(&b'/') {
        return None;
    }
    Some(name.iter().map(|&b| if b == b'.' { b'/' } else { b }).collect())
}

/// Bytes of the longest name that a class can have.
const NAME_BYTES_MAX: usize = u16::MAX as usize;

/// What to say of a name that is too long for a class; it shows only both ends of it.
pub(crate) fn too_long(internal: &[u8]) -> Option<String> {
    const SHOWN: usize = 128;
    if internal.len() <= NAME_BYTES_MAX {
        return None;
    }
    let (head, rest) = internal.split_at_checked(SHOWN)?;
    let (middle, tail) = rest.split_at_checked(rest.len().checked_sub(SHOWN)?)?;
    Some(format!(
        "Class name exceeds maximum length of {NAME_BYTES_MAX}: {} ... ({} characters omitted) ... {}",
        mutf8::to_string(head),
        middle.len(),
        mutf8::to_string(tail)
    ))
}

/// Whether an internal name can be a class's or an array's at all: what cannot is never shown to a loader.
pub(crate) fn is_loadable_name(name: &[u8]) -> bool {
    const DIMENSIONS_MAX: usize = 255;
    if name.is_empty() || name.len() > NAME_BYTES_MAX {
        return false;
    }
    let dimensions = name.iter().take_while(|&&b| b == b'[').count();
    let Some(element) = name.get(dimensions..) else { return false };
    match (dimensions, element) {
        (0, plain) => is_class_name(plain),
        (1..=DIMENSIONS_MAX, [b'L', class @ .., b';']) => is_class_name(class),
        (1..=DIMENSIONS_MAX, [tag]) => {
            BasicType::from_descriptor(*tag).is_some_and(|basic| basic.is_primitive())
        }
        _ => false,
    }
}

fn is_class_name(name: &[u8]) -> bool {
    let mut parts = name.split(|&b| b == b'/');
    parts.all(|part| !part.is_empty() && !part.iter().any(|b| matches!(b, b';' | b'[')))
}

fn get_primitive_class<'s>(env: &mut Env<'s>, name: Local<'s>) -> JResult<Local<'s>> {
    if env.is_null(name) {
        return Err(env.throw_npe());
    }
    match primitive_by_name(&env.string(name)) {
        Some(basic) => Ok(env.mirror(env.vm().universe.primitive(basic))),
        None => Err(not_found(env, name)),
    }
}

fn desired_assertion_status<'s>(env: &mut Env<'s>, class: Local<'s>) -> JResult<bool> {
    env.class_arg(class)?;
    let class = class_of(env, class);
    let name = env.vm().universe.external_name(class.id);
    Ok(assertions::enabled(&env.vm().config.assertions, &name, class.loader.is_boot()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(dotted: &str) -> bool {
        slashed(dotted.as_bytes()).is_some_and(|n| is_loadable_name(&n))
    }

    #[test]
    fn names_that_a_loader_may_see() {
        for good in ["A", "a.b.C", "[I", "[[Z", "[La.B;", "[[[Lx;", "int", "a b", "-", "x.<y>"] {
            assert!(check(good), "{good}");
        }
    }

    #[test]
    fn names_that_no_class_file_can_hold() {
        assert_eq!(too_long(&[b'x'; 65535]), None);
        let x = "x".repeat(128);
        let expected =
            format!("Class name exceeds maximum length of 65535: {x} ... (65280 characters omitted) ... {x}");
        assert_eq!(too_long(&[b'x'; 65536]), Some(expected));
    }

    #[test]
    fn names_that_name_nothing() {
        let deep = format!("{}I", "[".repeat(256));
        for bad in [
            "",
            "a/B",
            "[",
            "[V",
            "[Q",
            "[La.B",
            "[I;",
            "A;",
            "a..B",
            ".A",
            "A.",
            "La.B;",
            "[L;",
            deep.as_str(),
        ] {
            assert!(!check(bad), "{bad}");
        }
        assert!(check(&deep[1..]));
    }
}
