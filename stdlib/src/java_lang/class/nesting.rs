//! Which class stands inside which, nests, and permitted subclasses.
//!
//! Class files may lie about each other, so a relation counts only if both sides tell of it: inner and outer class
//! through InnerClasses (else IncompatibleClassChangeError), host and member through NestHost and NestMembers (else the
//! member is not one). What the files merely mention is loaded only after its name has matched.

use carafe_classloader::class::{Class, ClassFlags};
use carafe_classloader::classfile::attributes::{InnerClass, class_list, inner_classes};
use carafe_gc::metaspace::ClassId;
use carafe_vm::env::{Env, JResult, Local, Throw};
use carafe_vm::linkage::{self, Host};
use carafe_vm::natives;

use super::attributes::{find, pool, resolve, utf8_string};
use super::{class_of, mirrors};

natives! { pub(super) static NESTING for "java/lang/Class" {
    "getDeclaringClass0" "()Ljava/lang/Class;" = get_declaring_class(obj): isolate;
    "getDeclaredClasses0" "()[Ljava/lang/Class;" = get_declared_classes(obj): isolate;
    "getSimpleBinaryName0" "()Ljava/lang/String;" = get_simple_binary_name(obj): isolate;
    "getEnclosingMethod0" "()[Ljava/lang/Object;" = get_enclosing_method(obj): isolate;
    "getNestHost0" "()Ljava/lang/Class;" = get_nest_host(obj): isolate;
    "getNestMembers0" "()[Ljava/lang/Class;" = get_nest_members(obj): isolate;
    "getPermittedSubclasses0" "()[Ljava/lang/Class;" = get_permitted_subclasses(obj): isolate;
} }

fn nest_host(env: &mut Env<'_>, class: ClassId) -> JResult<ClassId> {
    let universe = &env.vm().universe;
    universe.nest_host(&mut Host { env }, class).map_err(|error| linkage::raise(env, error))
}

fn inner_entries(env: &Env<'_>, class: &Class) -> Vec<InnerClass> {
    let attribute = find(env, class, class.attributes, "InnerClasses");
    match attribute.filter(|_| class.flags.contains(ClassFlags::INNER_CLASSES)) {
        Some(raw) => inner_classes(&raw).collect(),
        None => Vec::new(),
    }
}

/// Whether the Class entry `index` of `class` names `named`.
fn names_class(env: &Env<'_>, class: &Class, index: u16, named: &Class) -> bool {
    index != 0 && pool(env, class).class_name(&env.vm().meta, index) == named.name
}

/// Whether entry `index` of `class` names `named` and also resolves to it.
fn is_class(env: &mut Env<'_>, class: &Class, index: u16, named: &Class) -> JResult<bool> {
    Ok(names_class(env, class, index, named) && resolve(env, class.id, index)? == named.id)
}

/// The entry of InnerClasses that is about the class itself.
fn own_entry(env: &mut Env<'_>, class: &Class) -> JResult<Option<InnerClass>> {
    for entry in inner_entries(env, class) {
        // A hidden class's file calls it by the name it was made from, which resolves to itself.
        if entry.inner == class.this_index || is_class(env, class, entry.inner, class)? {
            return Ok(Some(entry));
        }
    }
    Ok(None)
}

fn get_declaring_class<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let class = class_of(env, this);
    let Some(entry) = own_entry(env, class)? else { return Ok(Local::NULL) };
    if entry.outer == 0 {
        check_enclosing(env, class)?;
        return Ok(Local::NULL);
    }
    let outer = resolve(env, class.id, entry.outer)?;
    let outer = env.class(outer);
    if !outer.is_plain() {
        return Err(disagree(env, outer, class));
    }
    check_declares(env, outer, class)?;
    Ok(env.mirror(outer.id))
}

/// A local or anonymous class is no member, but the class that it says is around it must know it all the same.
fn check_enclosing(env: &mut Env<'_>, class: &Class) -> JResult<()> {
    let body = find(env, class, class.attributes, "EnclosingMethod");
    let Some(&[c0, c1, _, _]) = body.as_ref().and_then(|raw| raw.bytes.first_chunk()) else { return Ok(()) };
    let outer = resolve(env, class.id, u16::from_be_bytes([c0, c1]))?;
    let outer = env.class(outer);
    if outer.is_plain() {
        for entry in inner_entries(env, outer) {
            if entry.outer == 0 && is_class(env, outer, entry.inner, class)? {
                return Ok(());
            }
        }
    }
    Err(disagree(env, outer, class))
}

/// Fails unless `outer` tells that `inner` is a member of it.
fn check_declares(env: &mut Env<'_>, outer: &Class, inner: &Class) -> JResult<()> {
    for entry in inner_entries(env, outer) {
        let told = names_class(env, outer, entry.outer, outer) && names_class(env, outer, entry.inner, inner);
        if told && is_class(env, outer, entry.outer, outer)? && is_class(env, outer, entry.inner, inner)? {
            return Ok(());
        }
    }
    Err(disagree(env, outer, inner))
}

fn disagree(env: &mut Env<'_>, outer: &Class, inner: &Class) -> Throw {
    let (outer, inner) =
        (env.vm().universe.external_name(outer.id), env.vm().universe.external_name(inner.id));
    let message = format!("{outer} and {inner} disagree on InnerClasses attribute");
    env.throw("java/lang/IncompatibleClassChangeError", &message)
}

fn get_declared_classes<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let class = class_of(env, this);
    let mut found = Vec::new();
    for entry in inner_entries(env, class) {
        if entry.inner == 0 || !is_class(env, class, entry.outer, class)? {
            continue;
        }
        let inner = resolve(env, class.id, entry.inner)?;
        check_declares(env, class, env.class(inner))?;
        found.push(inner);
    }
    mirrors(env, &found)
}

/// The name in the source; null for top-level and anonymous classes.
fn get_simple_binary_name<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let class = class_of(env, this);
    match own_entry(env, class)? {
        Some(entry) => utf8_string(env, class, entry.name),
        None => Ok(Local::NULL),
    }
}

/// Object[3]: the class, and name and descriptor of the method if it stands in one.
fn get_enclosing_method<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let class = class_of(env, this);
    // As on the reference machine, it says nothing in a class that does not list itself among the inner classes.
    if !class.flags.contains(ClassFlags::INNER_CLASSES) {
        return Ok(Local::NULL);
    }
    let body = find(env, class, class.attributes, "EnclosingMethod");
    let Some(&[c0, c1, m0, m1]) = body.as_ref().and_then(|raw| raw.bytes.first_chunk()) else {
        return Ok(Local::NULL);
    };
    let (outer, method) = (u16::from_be_bytes([c0, c1]), u16::from_be_bytes([m0, m1]));
    if outer == 0 {
        return Ok(Local::NULL);
    }
    let found = env.new_ref_array(env.wk().object.id, 3)?;
    let outer = resolve(env, class.id, outer)?;
    let outer = env.mirror(outer);
    env.set_elem(found, 0, outer);
    if method != 0 {
        let (name, descriptor) = pool(env, class).name_and_type(&env.vm().meta, method);
        let name = env.string_of_symbol(name)?;
        env.set_elem(found, 1, name);
        let descriptor = env.string_of_symbol(descriptor)?;
        env.set_elem(found, 2, descriptor);
    }
    Ok(found)
}

fn get_nest_host<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let class = class_of(env, this);
    if !class.is_plain() {
        return Ok(this);
    }
    let host = nest_host(env, class.id)?;
    Ok(env.mirror(host))
}

/// The host first, then the members that name it as theirs.
fn get_nest_members<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let class = class_of(env, this);
    if !class.is_plain() {
        return mirrors(env, &[class.id]);
    }
    let host = nest_host(env, class.id)?;
    let mut members = vec![host];
    for member in listed_classes(env, env.class(host), "NestMembers")?.unwrap_or_default() {
        if env.class(member).is_plain() && nest_host(env, member)? == host {
            members.push(member);
        }
    }
    mirrors(env, &members)
}

/// Null if the class is not sealed.
fn get_permitted_subclasses<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let class = class_of(env, this);
    match listed_classes(env, class, "PermittedSubclasses")? {
        Some(classes) => {
            let plain: Vec<ClassId> = classes.into_iter().filter(|c| env.class(*c).is_plain()).collect();
            mirrors(env, &plain)
        }
        None => Ok(Local::NULL),
    }
}

/// The classes that an attribute lists; those that cannot be resolved are left out, unless the VM itself is in trouble.
fn listed_classes(env: &mut Env<'_>, class: &Class, attribute: &str) -> JResult<Option<Vec<ClassId>>> {
    let Some(raw) = find(env, class, class.attributes, attribute) else { return Ok(None) };
    let mut classes = Vec::new();
    for index in class_list(&raw) {
        match resolve(env, class.id, index) {
            Ok(found) => classes.push(found),
            Err(thrown) => forgive(env, thrown)?,
        }
    }
    Ok(Some(classes))
}

/// Drops the pending exception, but not one that says that the VM is at its limits or ends.
fn forgive(env: &mut Env<'_>, thrown: Throw) -> JResult<()> {
    if env.is_terminating() {
        return Err(thrown);
    }
    env.scope(|env| {
        let exception = env.take_exception();
        let vm_error = env.boot_class("java/lang/VirtualMachineError")?;
        if env.instance_of(exception, vm_error) { Err(env.throw_local(exception)) } else { Ok(()) }
    })
}
