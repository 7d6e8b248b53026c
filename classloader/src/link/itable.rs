//! The plan of a class's itable: for every superinterface, which method a call through it reaches (JVMS 5.4.6).
//!
//! Invariant: for each superinterface with selectable methods there is one entry, and its methods stand in the order of
//! their `itable_index`. Slots hold what selection finds, errors included: an abstract method stands for
//! AbstractMethodError, a method made by the VM for the error that it names.
//!
//! Deliberately absent: private interface methods, which are called direct, and Object's methods, which stay vtable calls.

use carafe_gc::metaspace::{ClassId, Meta};
use hashbrown::HashMap;

use super::defaults::is_inheritable;
use super::vtable::{Index, Made, MadeKind, Shape, Slot, VtablePlan, comes_from_interface, interface_slot};
use crate::class::method::MethodFlags;
use crate::class::{Access, Method, class};

/// The planned itable.
pub(super) enum ItablePlan {
    /// That of the superclass.
    Shared,
    Own {
        /// Interface, and where its methods begin.
        entries: Vec<(ClassId, u32)>,
        methods: Vec<Slot>,
    },
}

/// Plans the itable of a class that is not an interface; may add to the methods to be made.
pub(super) fn plan(shape: &Shape<'_>, index: &mut Index<'_>, vtable: &mut VtablePlan) -> ItablePlan {
    if shape.all_interfaces.len() == shape.inherited_interfaces && !overrides_interface_method(shape, index) {
        return ItablePlan::Shared;
    }
    let meta = shape.meta;
    let mut parent: HashMap<ClassId, usize> = HashMap::new();
    if !shape.super_class.is_none() {
        let entries = meta.slice(class(meta, shape.super_class).itable);
        parent.extend(entries.iter().map(|e| (e.interface, e.start as usize)));
    }
    let mut made: HashMap<Made, usize> = vtable.made.iter().enumerate().map(|(i, &m)| (m, i)).collect();
    let (mut entries, mut methods) = (Vec::new(), Vec::new());
    for &interface in shape.all_interfaces {
        let start = methods.len();
        let inherited = parent.get(&interface).copied();
        for method in meta.slice(class(meta, interface).methods) {
            if method.itable_index < 0 {
                continue;
            }
            let slot = select(shape, index, vtable, &mut made, method, inherited);
            methods.push(slot);
        }
        if methods.len() > start {
            entries.push((interface, start as u32));
        }
    }
    ItablePlan::Own { entries, methods }
}

/// Whether a declared method changes what the inherited itable says.
fn overrides_interface_method(shape: &Shape<'_>, index: &Index<'_>) -> bool {
    let meta = shape.meta;
    index.has_own()
        && shape.all_interfaces.iter().any(|&interface| {
            let methods = meta.slice(class(meta, interface).methods);
            methods.iter().any(|m| is_inheritable(m) && index.own((m.name, m.descriptor)).is_some())
        })
}

fn select(
    shape: &Shape<'_>,
    index: &mut Index<'_>,
    vtable: &mut VtablePlan,
    made: &mut HashMap<Made, usize>,
    method: &Method,
    inherited_start: Option<usize>,
) -> Slot {
    let meta = shape.meta;
    let key = (method.name, method.descriptor);
    let mut not_public = || {
        let wanted = Made { key, kind: MadeKind::NotPublic };
        Slot::Made(*made.entry(wanted).or_insert_with(|| {
            vtable.made.push(wanted);
            vtable.made.len() - 1
        }))
    };
    if let Some(own) = index.own(key) {
        let public = shape.own.get(own).is_some_and(|m| m.access.contains(Access::PUBLIC));
        return if public { Slot::Own(own) } else { not_public() };
    }
    if let Some(start) = inherited_start {
        let table = meta.slice(class(meta, shape.super_class).itable_methods);
        if let Some(&entry) = table.get(start + method.itable_index as usize)
            && stays(shape, entry)
        {
            return Slot::Existing(entry);
        }
    } else if let Some(declared) = index.in_superclasses(key) {
        return if meta.get(declared).is_public() { Slot::Existing(declared) } else { not_public() };
    }
    // No class declares it: what the vtable chose.
    interface_slot(shape, index, vtable, key)
        .and_then(|slot| vtable.slots.get(slot).copied())
        .unwrap_or(Slot::Existing(meta.meta_of(method)))
}

/// Whether an inherited entry does not depend on which interfaces there are.
fn stays(shape: &Shape<'_>, entry: Meta<Method>) -> bool {
    let method = shape.meta.get(entry);
    if method.flags.contains(MethodFlags::VM_MADE) {
        return method.vm_data == MadeKind::NotPublic as u32;
    }
    !comes_from_interface(shape.meta, method)
}
