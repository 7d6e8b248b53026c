//! Reflected members: `java.lang.reflect.Field`, `Method`, `Constructor` and `RecordComponent` objects.
//!
//! They are made here with their fields filled in directly; no constructor of theirs runs. `slot` is the position among
//! the class's fields or methods, by which other natives find the member again. The types that a descriptor names are
//! loaded by the class's own loader, so making one may run Java code and fail.

use carafe_classloader::class::method::MethodFlags;
use carafe_classloader::class::{Access, Class, ClassFlags, Field, Method};
use carafe_classloader::classfile::attributes::{class_list, record_components, single_index};
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::linkage::handles::split_descriptor;
use carafe_vm::{linkage, natives};

use super::attributes::{body, find, pool, resolve, utf8_string};
use super::{class_of, mirrors};

natives! { pub(super) static MEMBERS for "java/lang/Class" {
    "getDeclaredFields0" "(Z)[Ljava/lang/reflect/Field;" = get_declared_fields(obj, bool): isolate;
    "getDeclaredMethods0" "(Z)[Ljava/lang/reflect/Method;" = get_declared_methods(obj, bool): isolate;
    "getDeclaredConstructors0" "(Z)[Ljava/lang/reflect/Constructor;" = get_declared_constructors(obj, bool): isolate;
    "getRecordComponents0" "()[Ljava/lang/reflect/RecordComponent;" = get_record_components(obj): isolate;
} }

/// Access flags that mean something on a field, and on a method.
const FIELD_MODIFIERS: u16 = 0x50df;
const METHOD_MODIFIERS: u16 = 0x1dff;

fn get_declared_fields<'s>(env: &mut Env<'s>, this: Local<'s>, public_only: bool) -> JResult<Local<'s>> {
    let class = class_of(env, this);
    let chosen = if class.is_plain() {
        linkage::link(env, class.id)?;
        let fields = env.vm().meta.slice(class.fields).iter();
        fields.filter(|f| shown(f.access, public_only) && !f.is_injected()).collect()
    } else {
        Vec::new()
    };
    fill(env, env.wk().field.id, &chosen, field_object)
}

fn get_declared_methods<'s>(env: &mut Env<'s>, this: Local<'s>, public_only: bool) -> JResult<Local<'s>> {
    let chosen = methods(env, this, |m| !m.is_init() && !m.is_clinit() && shown(m.access, public_only))?;
    fill(env, env.wk().method.id, &chosen, method_object)
}

fn get_declared_constructors<'s>(
    env: &mut Env<'s>,
    this: Local<'s>,
    public_only: bool,
) -> JResult<Local<'s>> {
    let chosen = methods(env, this, |m| m.is_init() && shown(m.access, public_only))?;
    fill(env, env.wk().constructor.id, &chosen, constructor_object)
}

fn shown(access: Access, public_only: bool) -> bool {
    !public_only || access.contains(Access::PUBLIC)
}

/// The declared methods that the class file has (the VM may have added some) and `wanted` accepts.
fn methods<'s>(
    env: &mut Env<'s>,
    this: Local<'s>,
    wanted: impl Fn(&Method) -> bool,
) -> JResult<Vec<&'s Method>> {
    let class = class_of(env, this);
    if !class.is_plain() {
        return Ok(Vec::new());
    }
    linkage::link(env, class.id)?;
    let all = env.vm().meta.slice(class.methods).iter();
    Ok(all.filter(|m| !m.flags.contains(MethodFlags::VM_MADE) && wanted(m)).collect())
}

/// An array of what `make` makes of each item; each in a scope of its own.
fn fill<'s, T: Copy>(
    env: &mut Env<'s>,
    element: carafe_gc::metaspace::ClassId,
    items: &[T],
    mut make: impl for<'x> FnMut(&mut Env<'x>, T) -> JResult<Local<'x>>,
) -> JResult<Local<'s>> {
    env.initialize(element)?;
    let array = env.new_ref_array(element, items.len())?;
    for (index, item) in items.iter().enumerate() {
        env.scope(|env| {
            let object = make(env, *item)?;
            env.set_elem(array, index, object);
            Ok(())
        })?;
    }
    Ok(array)
}

/// A new java.lang.reflect.Field.
pub(crate) fn field_object<'s>(env: &mut Env<'s>, field: &Field) -> JResult<Local<'s>> {
    let class = env.class(field.class);
    let at = env.wk().field;
    let object = env.alloc(at.id)?;
    let mirror = env.mirror(field.class);
    env.set_ref(object, at.clazz, mirror);
    env.set(object, at.slot, i32::from(field.index));
    let name = env.intern_symbol(field.name)?;
    env.set_ref(object, at.name, name);
    let type_ = type_mirror(env, class, env.vm().universe.text(field.descriptor))?;
    env.set_ref(object, at.type_, type_);
    env.set(object, at.modifiers, i32::from(field.access.bits() & FIELD_MODIFIERS));
    env.set(object, at.trusted_final, is_trusted_final(class, field));
    let signature = utf8_string(env, class, field.signature)?;
    env.set_ref(object, at.signature, signature);
    let annotations = body(env, class, field.attributes, "RuntimeVisibleAnnotations")?;
    env.set_ref(object, at.annotations, annotations);
    Ok(object)
}

/// A final field that reflection never changes, not even after setAccessible.
fn is_trusted_final(class: &Class, field: &Field) -> bool {
    let trusted = class.flags.intersects(ClassFlags::HIDDEN | ClassFlags::RECORD);
    field.is_final() && (field.is_static() || trusted)
}

/// A new java.lang.reflect.Method.
pub(crate) fn method_object<'s>(env: &mut Env<'s>, method: &Method) -> JResult<Local<'s>> {
    let class = env.class(method.class);
    let at = env.wk().method;
    let object = env.alloc(at.id)?;
    let mirror = env.mirror(method.class);
    env.set_ref(object, at.clazz, mirror);
    env.set(object, at.slot, i32::from(method.index));
    let name = env.intern_symbol(method.name)?;
    env.set_ref(object, at.name, name);
    let (parameters, result) = signature_types(env, class, method)?;
    env.set_ref(object, at.return_type, result);
    env.set_ref(object, at.parameter_types, parameters);
    let exceptions = exception_types(env, class, method)?;
    env.set_ref(object, at.exception_types, exceptions);
    env.set(object, at.modifiers, i32::from(method.access.bits() & METHOD_MODIFIERS));
    let signature = utf8_string(env, class, method.signature)?;
    env.set_ref(object, at.signature, signature);
    for (offset, attribute) in [
        (at.annotations, "RuntimeVisibleAnnotations"),
        (at.parameter_annotations, "RuntimeVisibleParameterAnnotations"),
        (at.annotation_default, "AnnotationDefault"),
    ] {
        let bytes = body(env, class, method.attributes, attribute)?;
        env.set_ref(object, offset, bytes);
    }
    Ok(object)
}

/// A new java.lang.reflect.Constructor.
pub(crate) fn constructor_object<'s>(env: &mut Env<'s>, method: &Method) -> JResult<Local<'s>> {
    let class = env.class(method.class);
    let at = env.wk().constructor;
    let object = env.alloc(at.id)?;
    let mirror = env.mirror(method.class);
    env.set_ref(object, at.clazz, mirror);
    env.set(object, at.slot, i32::from(method.index));
    let (parameters, _) = signature_types(env, class, method)?;
    env.set_ref(object, at.parameter_types, parameters);
    let exceptions = exception_types(env, class, method)?;
    env.set_ref(object, at.exception_types, exceptions);
    env.set(object, at.modifiers, i32::from(method.access.bits() & METHOD_MODIFIERS));
    let signature = utf8_string(env, class, method.signature)?;
    env.set_ref(object, at.signature, signature);
    for (offset, attribute) in [
        (at.annotations, "RuntimeVisibleAnnotations"),
        (at.parameter_annotations, "RuntimeVisibleParameterAnnotations"),
    ] {
        let bytes = body(env, class, method.attributes, attribute)?;
        env.set_ref(object, offset, bytes);
    }
    Ok(object)
}

/// The class that a field descriptor (or `V`) names, as the class's loader knows it.
fn type_mirror<'s>(env: &mut Env<'s>, class: &Class, descriptor: &[u8]) -> JResult<Local<'s>> {
    let id = linkage::class_from_descriptor(env, class.id, descriptor)?;
    Ok(env.mirror(id))
}

/// Class[] of the parameters, and the class of the result.
fn signature_types<'s>(env: &mut Env<'s>, class: &Class, method: &Method) -> JResult<(Local<'s>, Local<'s>)> {
    let descriptor = env.vm().universe.text(method.descriptor);
    let Some(parts) = split_descriptor(descriptor) else {
        return Err(env.throw("java/lang/InternalError", "malformed method descriptor"));
    };
    let mut classes = Vec::with_capacity(parts.parameters.len());
    for parameter in parts.parameters {
        classes.push(linkage::class_from_descriptor(env, class.id, parameter)?);
    }
    let parameters = mirrors(env, &classes)?;
    let result = type_mirror(env, class, parts.result)?;
    Ok((parameters, result))
}

fn exception_types<'s>(env: &mut Env<'s>, class: &Class, method: &Method) -> JResult<Local<'s>> {
    let mut classes = Vec::new();
    if let Some(raw) = find(env, class, method.attributes, "Exceptions") {
        for index in class_list(&raw) {
            classes.push(resolve(env, class.id, index)?);
        }
    }
    mirrors(env, &classes)
}

fn get_record_components<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let class = class_of(env, this);
    let mut components = Vec::new();
    if let Some(raw) = find(env, class, class.attributes, "Record") {
        components.extend(record_components(&raw).map(|c| (c.name, c.descriptor, c.attributes)));
    }
    fill(env, env.wk().record_component.id, &components, |env, (name, descriptor, attributes)| {
        let meta = &env.vm().meta;
        let pool = pool(env, class);
        let find = |name: &str| attributes.find_by(|index| pool.utf8(meta, index) == name.as_bytes());
        let at = env.wk().record_component;
        let object = env.alloc(at.id)?;
        let mirror = env.mirror(class.id);
        env.set_ref(object, at.clazz, mirror);
        let name_symbol = pool.symbol(meta, &env.vm().universe.symbols, name);
        let name_symbol =
            name_symbol.map_err(|full| carafe_vm::exceptions::throw_link_error(env, full.into()))?;
        let text = env.intern_symbol(name_symbol)?;
        env.set_ref(object, at.name, text);
        let descriptor = pool.utf8(meta, descriptor);
        let type_ = type_mirror(env, class, descriptor)?;
        env.set_ref(object, at.type_, type_);
        let accessor = [b"()", descriptor].concat();
        let accessor = env.vm().universe.symbols.lookup(meta, &accessor);
        let accessor = accessor.and_then(|d| class.find_declared(meta, name_symbol, d));
        if let Some(method) = accessor.filter(|m| !m.is_static()) {
            let accessor = method_object(env, method)?;
            env.set_ref(object, at.accessor, accessor);
        }
        let signature = find("Signature").and_then(|raw| single_index(&raw)).unwrap_or(0);
        let signature = utf8_string(env, class, signature)?;
        env.set_ref(object, at.signature, signature);
        for (offset, attribute) in [
            (at.annotations, "RuntimeVisibleAnnotations"),
            (at.type_annotations, "RuntimeVisibleTypeAnnotations"),
        ] {
            if let Some(raw) = find(attribute) {
                let bytes = env.new_byte_array(raw.bytes)?;
                env.set_ref(object, offset, bytes);
            }
        }
        Ok(object)
    })
}
