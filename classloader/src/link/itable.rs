//! The plan of a class's itable: for every superinterface, which method a call through it reaches (JVMS 5.4.6).
//!
//! Invariant: for each superinterface with selectable methods there is one entry, and its methods stand in the order of
//! their `itable_index`. Slots hold what selection finds, errors included: an abstract method stands for
//! AbstractMethodError, a method made by the VM for the error that it names.
//!
//! Deliberately absent: private interface methods, which are called direct, and Object's methods, which stay vtable calls.

use carafe_gc::metaspace::{ClassId, Meta};
use hashbrown::HashMap;

use super::LinkHost;
use super::budget::Budget;
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
pub(super) fn plan<H: LinkHost>(
    shape: &Shape<'_>,
    index: &Index<'_>,
    vtable: &mut VtablePlan,
    budget: &mut Budget<'_, H>,
) -> Result<ItablePlan, H::Error> {
    let no_new = shape.all_interfaces.len() == shape.inherited_interfaces;
    if no_new && !overrides_interface_method(shape, index, budget)? {
        return Ok(ItablePlan::Shared);
    }
    let meta = shape.meta;
    let mut parent: HashMap<ClassId, usize> = HashMap::new();
    if !shape.super_class.is_none() {
        let entries = meta.slice(class(meta, shape.super_class).itable);
        budget.spend(entries.len())?;
        parent.extend(entries.iter().map(|e| (e.interface, e.start as usize)));
    }
    let mut made: HashMap<Made, usize> = vtable.made.iter().enumerate().map(|(i, &m)| (m, i)).collect();
    let (mut entries, mut methods) = (Vec::new(), Vec::new());
    for &interface in shape.all_interfaces {
        let start = methods.len();
        let inherited = parent.get(&interface).copied();
        let declared = meta.slice(class(meta, interface).methods);
        budget.spend(declared.len() + 1)?;
        for method in declared {
            if method.itable_index < 0 {
                continue;
            }
            let slot = select(shape, index, vtable, &mut made, method, inherited, budget)?;
            methods.push(slot);
        }
        if methods.len() > start {
            entries.push((interface, start as u32));
        }
    }
    Ok(ItablePlan::Own { entries, methods })
}

/// Whether a declared method changes what the inherited itable says.
fn overrides_interface_method<H: LinkHost>(
    shape: &Shape<'_>,
    index: &Index<'_>,
    budget: &mut Budget<'_, H>,
) -> Result<bool, H::Error> {
    if !index.has_own() {
        return Ok(false);
    }
    let meta = shape.meta;
    for &interface in shape.all_interfaces {
        let record = class(meta, interface);
        let declared = meta.slice(record.methods);
        // Whichever is less work: to look for each of the class's methods there, or for each of those here.
        budget.spend(1 + declared.len().min(shape.own.len()))?;
        let overridden = if shape.own.len() < declared.len() {
            let mut own = shape.own.iter().filter(|m| m.is_virtual());
            own.any(|m| record.find_declared(meta, m.name, m.descriptor).is_some_and(is_inheritable))
        } else {
            let own = |m: &Method| index.own((m.name, m.descriptor)).is_some();
            declared.iter().any(|m| is_inheritable(m) && own(m))
        };
        if overridden {
            return Ok(true);
        }
    }
    Ok(false)
}

fn select<H: LinkHost>(
    shape: &Shape<'_>,
    index: &Index<'_>,
    vtable: &mut VtablePlan,
    made: &mut HashMap<Made, usize>,
    method: &Method,
    inherited_start: Option<usize>,
    budget: &mut Budget<'_, H>,
) -> Result<Slot, H::Error> {
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
        return Ok(if public { Slot::Own(own) } else { not_public() });
    }
    if let Some(start) = inherited_start {
        let table = meta.slice(class(meta, shape.super_class).itable_methods);
        if let Some(&entry) = table.get(start + method.itable_index as usize)
            && stays(shape, entry)
        {
            return Ok(Slot::Existing(entry));
        }
    } else if let Some(declared) = index.in_superclasses(key, budget)? {
        return Ok(if meta.get(declared).is_public() { Slot::Existing(declared) } else { not_public() });
    }
    // No class declares it: what the vtable chose.
    let chosen = interface_slot(index, vtable, key, budget)?;
    let chosen = chosen.and_then(|slot| vtable.slots.get(slot).copied());
    Ok(chosen.unwrap_or(Slot::Existing(meta.meta_of(method))))
}

/// Whether an inherited entry does not depend on which interfaces there are.
fn stays(shape: &Shape<'_>, entry: Meta<Method>) -> bool {
    let method = shape.meta.get(entry);
    if method.flags.contains(MethodFlags::VM_MADE) {
        return method.vm_data == MadeKind::NotPublic as u32;
    }
    !comes_from_interface(shape.meta, method)
}
