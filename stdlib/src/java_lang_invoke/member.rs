//! `java.lang.invoke.MemberName` objects: filled in from methods and fields, and read back.
//!
//! A MemberName that stands for a method holds a ResolvedMethodName, whose `vmtarget` is the method's record in metaspace
//! and whose `vmholder` keeps its class alive. `vmindex` is the vtable or itable index of a call that dispatches, negative
//! for one that does not, and the offset of a field. The interpreter dispatches by `vmtarget`; `vmindex` is for Java code
//! and for compilers.

use carafe_classloader::class::{Access, Class, ClassFlags, Field, Method};
use carafe_gc::metaspace::{ClassId, Meta};
use carafe_vm::env::{Env, JResult, Local};

use super::flags::{self, RefKind};

/// `vmindex` of a method that is called direct.
pub(super) const NO_INDEX: i32 = -2;

/// How a method is reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Call {
    Direct,
    /// By vtable index.
    Virtual(u32),
    /// By itable index.
    Interface(u32),
}

/// A method with the way to it: all that a MemberName says of a method.
#[derive(Clone, Copy)]
pub(super) struct Linked<'s> {
    /// What `vmtarget` names; calls that dispatch select from it.
    pub target: &'s Method,
    /// Whose flags the MemberName shows: the target, but for methods of Object that an interface declares again.
    pub declared: &'s Method,
    /// MemberName.clazz.
    pub class: ClassId,
    pub call: Call,
}

impl<'s> Linked<'s> {
    pub(super) fn direct(method: &'s Method) -> Linked<'s> {
        Linked { target: method, declared: method, class: method.class, call: Call::Direct }
    }

    fn ref_kind(&self) -> RefKind {
        match self.call {
            Call::Direct if self.declared.is_static() => RefKind::InvokeStatic,
            Call::Direct => RefKind::InvokeSpecial,
            Call::Virtual(_) => RefKind::InvokeVirtual,
            Call::Interface(_) => RefKind::InvokeInterface,
        }
    }

    fn index(&self) -> i32 {
        match self.call {
            Call::Direct => NO_INDEX,
            Call::Virtual(index) | Call::Interface(index) => index as i32,
        }
    }
}

/// Whether every call of the method runs the method itself.
fn is_statically_bound(env: &Env<'_>, method: &Method) -> bool {
    let holder = env.class(method.class);
    method.is_static()
        || method.is_private()
        || method.is_init()
        || method.is_final()
        || (holder.access.contains(Access::FINAL) && !holder.is_interface())
}

/// The way to an instance method found through class `through`.
pub(super) fn link_virtual<'s>(env: &Env<'s>, through: ClassId, method: &'s Method) -> Linked<'s> {
    if is_statically_bound(env, method) {
        return Linked::direct(method);
    }
    let from_interface = env.class(method.class).is_interface();
    match env.vm().universe.vtable_slot(through, method) {
        // A vtable index means nothing for an interface: the member counts as one of the class it was found through.
        Some(slot) => Linked {
            target: method,
            declared: method,
            class: if from_interface { through } else { method.class },
            call: Call::Virtual(slot),
        },
        None => Linked::direct(method),
    }
}

/// The way to an instance method found through an interface.
pub(super) fn link_interface<'s>(env: &Env<'s>, method: &'s Method) -> Linked<'s> {
    if !env.class(method.class).is_interface() {
        // One of Object's.
        return link_virtual(env, method.class, method);
    }
    if is_statically_bound(env, method) {
        return Linked::direct(method);
    }
    // A method of Object that an interface declares again is every object's, and is called as Object's.
    if let Some((of_object, slot)) = same_in_object(env, method) {
        return Linked {
            target: of_object,
            declared: method,
            class: of_object.class,
            call: Call::Virtual(slot),
        };
    }
    match u32::try_from(method.itable_index) {
        Ok(index) => {
            Linked { target: method, declared: method, class: method.class, call: Call::Interface(index) }
        }
        Err(_) => Linked::direct(method),
    }
}

fn same_in_object<'s>(env: &Env<'s>, method: &Method) -> Option<(&'s Method, u32)> {
    let meta = &env.vm().meta;
    let object = env.class(env.wk().object.id);
    let same = object.find_declared(meta, method.name, method.descriptor)?;
    let slot = u32::try_from(same.vtable_index).ok()?;
    same.is_public().then_some((same, slot))
}

/// The way to a method that reflection has found: through the class that declares it.
pub(super) fn link_declared<'s>(env: &Env<'s>, method: &'s Method) -> Linked<'s> {
    if env.class(method.class).is_interface() {
        link_interface(env, method)
    } else {
        link_virtual(env, method.class, method)
    }
}

/// Makes a MemberName stand for a method.
pub(super) fn fill_method(env: &mut Env<'_>, member: Local<'_>, linked: &Linked<'_>) -> JResult<()> {
    let flags = flags::method_flags(linked.declared, linked.ref_kind());
    fill(env, member, linked, flags)
}

/// Makes a MemberName stand for a method that the VM executes itself.
pub(super) fn fill_intrinsic(env: &mut Env<'_>, member: Local<'_>, method: &Method) -> JResult<()> {
    let linked = Linked::direct(method);
    fill(env, member, &linked, flags::intrinsic_flags(method.is_static()))
}

fn fill(env: &mut Env<'_>, member: Local<'_>, linked: &Linked<'_>, flags: i32) -> JResult<()> {
    env.scope(|env| {
        let resolved = resolved_name(env, linked.target)?;
        let at = &env.wk().member_name;
        let mirror = env.mirror(linked.class);
        env.set(member, at.flags, flags);
        env.set_ref(member, at.method, resolved);
        env.set(member, at.vmindex, linked.index());
        env.set_ref(member, at.clazz, mirror);
        Ok(())
    })
}

/// A new ResolvedMethodName.
pub(crate) fn resolved_name<'s>(env: &mut Env<'s>, method: &Method) -> JResult<Local<'s>> {
    let at = &env.wk().resolved_method_name;
    env.initialize(at.id)?;
    let resolved = env.alloc(at.id)?;
    let holder = env.mirror(method.class);
    env.set_ref(resolved, at.vmholder, holder);
    env.set::<u32>(resolved, at.vmtarget, env.vm().meta.meta_of(method).raw());
    Ok(resolved)
}

/// The method of a ResolvedMethodName; `None` for other objects, null and one that has none yet.
pub(crate) fn method_of_resolved<'s>(env: &Env<'s>, resolved: Local<'_>) -> Option<&'s Method> {
    let at = &env.wk().resolved_method_name;
    if !env.instance_of(resolved, at.id) {
        return None;
    }
    let target = Meta::<Method>::from_raw(env.get::<u32>(resolved, at.vmtarget));
    (!target.is_null()).then(|| env.vm().meta.get(target))
}

/// The method of a resolved MemberName that stands for one.
pub(super) fn method_of_member<'s>(env: &mut Env<'s>, member: Local<'_>) -> Option<&'s Method> {
    let resolved = env.get_ref(member, env.wk().member_name.method);
    method_of_resolved(env, resolved)
}

/// Makes a MemberName stand for a field.
pub(super) fn fill_field(env: &mut Env<'_>, member: Local<'_>, field: &Field, setter: bool) {
    let class = env.class(field.class);
    let flags = flags::field_flags(field.access, is_trusted_final(class, field), setter);
    env.scope(|env| {
        let at = &env.wk().member_name;
        let mirror = env.mirror(field.class);
        env.set(member, at.flags, flags);
        env.set_ref(member, at.method, Local::NULL);
        env.set(member, at.vmindex, field.offset as i32);
        env.set_ref(member, at.clazz, mirror);
    });
}

/// A final field whose value never changes once it is set, not even through reflection.
fn is_trusted_final(class: &Class, field: &Field) -> bool {
    field.is_final()
        && (field.is_static() || class.flags.intersects(ClassFlags::HIDDEN | ClassFlags::RECORD))
}
