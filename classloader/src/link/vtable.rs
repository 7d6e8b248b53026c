//! The plan of a class's vtable: which of its methods, inherited methods and interface methods stand in which slot.
//!
//! A slot is one row of methods that override each other (JVMS 5.4.5); a subclass keeps its parent's slots and adds to
//! them. A package-private method starts a slot of its own in every run-time package. Methods that a class only inherits
//! from interfaces (abstract ones too) get slots as well, so that `invokevirtual` needs no second kind of dispatch; such a
//! slot is chosen anew in every subclass that brings further interfaces.
//!
//! Invariants: a slot's name and descriptor never change along a superclass chain. A key has at most one slot whose entry
//! comes from an interface, and only while no class in the chain declares an overriding method.
//!
//! Deliberately absent: records. This is a plan in terms of indices, made before anything is allocated in metaspace, so a
//! class that is refused costs none.

use carafe_gc::metaspace::{ClassId, Meta, Metaspace};
use hashbrown::{HashMap, HashSet};

use super::LinkHost;
use super::budget::Budget;
use super::defaults::{InterfaceMethods, Key, Selection, is_inheritable};
use crate::class::method::{MethodFlags, NO_VTABLE};
use crate::class::{Access, LoaderId, Method, class};
use crate::symbols::Symbol;

/// A method that the class file declares, as far as selection looks at it.
#[derive(Clone, Copy, Debug)]
pub(super) struct OwnMethod {
    pub name: Symbol,
    pub descriptor: Symbol,
    pub access: Access,
    /// `<init>` or `<clinit>`.
    pub special: bool,
}

impl OwnMethod {
    pub(super) fn key(&self) -> Key {
        (self.name, self.descriptor)
    }

    /// Whether it can override, and be overridden: neither private nor static nor an initializer.
    pub(super) fn is_virtual(&self) -> bool {
        !self.special && !self.access.intersects(Access::STATIC | Access::PRIVATE)
    }
}

/// The class under construction as selection sees it.
pub(super) struct Shape<'a> {
    pub meta: &'a Metaspace,
    pub loader: LoaderId,
    pub package: Symbol,
    pub super_class: ClassId,
    pub own: &'a [OwnMethod],
    /// All superinterfaces; those of the superclass come first.
    pub all_interfaces: &'a [ClassId],
    /// How many of them the superclass has too.
    pub inherited_interfaces: usize,
}

/// What stands in a table slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Slot {
    Existing(Meta<Method>),
    /// Index among the declared methods.
    Own(usize),
    /// Index among the methods that the VM makes.
    Made(usize),
}

/// Why a method that throws stands in a slot (`Method::vm_data`).
#[repr(u32)]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MadeKind {
    /// Several superinterfaces give bodies: IncompatibleClassChangeError.
    Conflict = 1,
    /// An interface method is implemented by a method that is not public: IllegalAccessError.
    NotPublic = 2,
}

/// A method to be made.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Made {
    pub key: Key,
    pub kind: MadeKind,
}

/// Own methods that override, and what the superclass chain declares, by key.
pub(super) struct Index<'a> {
    shape: &'a Shape<'a>,
    own: HashMap<Key, usize>,
    /// Heads of chains of the parent's slots with the same key, linked by `next`.
    heads: HashMap<Key, usize>,
    next: Vec<usize>,
}

const END: usize = usize::MAX;

impl<'a> Index<'a> {
    pub(super) fn new<H: LinkHost>(
        shape: &'a Shape<'a>,
        budget: &mut Budget<'_, H>,
    ) -> Result<Index<'a>, H::Error> {
        budget.spend(shape.own.len())?;
        let own = shape.own.iter().enumerate().filter(|(_, m)| m.is_virtual());
        let own: HashMap<Key, usize> = own.map(|(index, m)| (m.key(), index)).collect();
        let (mut heads, mut next) = (HashMap::new(), Vec::new());
        if !own.is_empty() || shape.all_interfaces.len() > shape.inherited_interfaces {
            let parent = parent_vtable(shape);
            budget.spend(parent.len())?;
            next.resize(parent.len(), END);
            for (slot, &method) in parent.iter().enumerate() {
                let method = shape.meta.get(method);
                if let Some(earlier) = heads.insert((method.name, method.descriptor), slot) {
                    next[slot] = earlier;
                }
            }
        }
        Ok(Index { shape, own, heads, next })
    }

    /// The overriding method that the class itself declares.
    pub(super) fn own(&self, key: Key) -> Option<usize> {
        self.own.get(&key).copied()
    }

    pub(super) fn has_own(&self) -> bool {
        !self.own.is_empty()
    }

    /// The parent's slots with this key.
    fn slots(&self, key: Key) -> impl Iterator<Item = usize> + '_ {
        let mut at = self.heads.get(&key).copied().unwrap_or(END);
        std::iter::from_fn(move || {
            let slot = at;
            at = self.next.get(slot).copied()?;
            Some(slot)
        })
    }

    /// The parent's slot for a key whose entry comes from an interface.
    fn inherited_slot<H: LinkHost>(
        &self,
        key: Key,
        budget: &mut Budget<'_, H>,
    ) -> Result<Option<usize>, H::Error> {
        for slot in self.slots(key) {
            budget.spend(1)?;
            if is_from_interface(self.shape, slot) {
                return Ok(Some(slot));
            }
        }
        Ok(None)
    }

    /// The nearest overriding method that a superclass declares.
    pub(super) fn in_superclasses<H: LinkHost>(
        &self,
        key: Key,
        budget: &mut Budget<'_, H>,
    ) -> Result<Option<Meta<Method>>, H::Error> {
        let meta = self.shape.meta;
        let mut at = self.shape.super_class;
        while !at.is_none() {
            budget.spend(1)?;
            let record = class(meta, at);
            let declared = record.find_declared(meta, key.0, key.1);
            if let Some(method) = declared.filter(|method| is_inheritable(method)) {
                return Ok(Some(meta.meta_of(method)));
            }
            at = record.super_class;
        }
        Ok(None)
    }
}

/// The planned vtable.
pub(super) struct VtablePlan {
    pub slots: Vec<Slot>,
    /// `Method::vtable_index` of each declared method.
    pub own_index: Vec<i32>,
    pub made: Vec<Made>,
    /// Slots whose entry comes from an interface, where this class chose it.
    pub from_interface: HashMap<Key, usize>,
}

/// Plans the vtable of a class that is not an interface.
pub(super) fn plan<H: LinkHost>(
    shape: &Shape<'_>,
    index: &Index<'_>,
    budget: &mut Budget<'_, H>,
) -> Result<VtablePlan, H::Error> {
    let parent = parent_vtable(shape);
    budget.spend(parent.len())?;
    let mut plan = VtablePlan {
        slots: parent.iter().map(|&m| Slot::Existing(m)).collect(),
        own_index: vec![NO_VTABLE; shape.own.len()],
        made: Vec::new(),
        from_interface: HashMap::new(),
    };
    for (number, method) in shape.own.iter().enumerate().filter(|(_, m)| m.is_virtual()) {
        place_own(shape, index, &mut plan, number, method, budget)?;
    }
    let (_, new_interfaces) = shape.all_interfaces.split_at(shape.inherited_interfaces);
    if !new_interfaces.is_empty() {
        place_inherited(shape, index, &mut plan, new_interfaces, budget)?;
    }
    Ok(plan)
}

fn place_own<H: LinkHost>(
    shape: &Shape<'_>,
    index: &Index<'_>,
    plan: &mut VtablePlan,
    number: usize,
    method: &OwnMethod,
    budget: &mut Budget<'_, H>,
) -> Result<(), H::Error> {
    let parent = parent_vtable(shape);
    let mut overrides = false;
    for slot in index.slots(method.key()) {
        budget.spend(1)?;
        let Some(&current) = parent.get(slot) else { continue };
        if can_override(shape, shape.meta.get(current)) {
            overrides = true;
            plan.slots[slot] = Slot::Own(number);
            plan.own_index[number] = slot as i32;
        } else if overrides_above(shape, slot, budget)? {
            // It overrides a method further up in this slot, but not the one that resolution finds from here.
            plan.slots[slot] = Slot::Own(number);
        }
    }
    if !overrides && !method.access.contains(Access::FINAL) {
        plan.own_index[number] = plan.slots.len() as i32;
        plan.slots.push(Slot::Own(number));
    }
    Ok(())
}

/// Gives slots to what the new interfaces bring and no class declares.
fn place_inherited<H: LinkHost>(
    shape: &Shape<'_>,
    index: &Index<'_>,
    plan: &mut VtablePlan,
    new_interfaces: &[ClassId],
    budget: &mut Budget<'_, H>,
) -> Result<(), H::Error> {
    let meta = shape.meta;
    let methods = InterfaceMethods::new(meta, shape.all_interfaces, budget)?;
    let mut seen: HashSet<Key> = HashSet::new();
    for &interface in new_interfaces {
        for method in meta.slice(class(meta, interface).methods).iter().filter(|m| is_inheritable(m)) {
            let key = (method.name, method.descriptor);
            let declared = !seen.insert(key) || index.own(key).is_some();
            if declared || index.in_superclasses(key, budget)?.is_some() {
                continue;
            }
            let inherited = index.inherited_slot(key, budget)?;
            let entry = match methods.select(meta, key, budget)? {
                Selection::Nothing => continue,
                Selection::Default(chosen) | Selection::Abstract(chosen) => Slot::Existing(chosen),
                Selection::Conflict(_) => {
                    plan.made.push(Made { key, kind: MadeKind::Conflict });
                    Slot::Made(plan.made.len() - 1)
                }
            };
            let slot = match inherited {
                Some(slot) => {
                    plan.slots[slot] = entry;
                    slot
                }
                None => {
                    plan.slots.push(entry);
                    plan.slots.len() - 1
                }
            };
            plan.from_interface.insert(key, slot);
        }
    }
    Ok(())
}

/// The parent's slot for a key that no class declares; what this class chose itself stands in the plan.
pub(super) fn interface_slot<H: LinkHost>(
    index: &Index<'_>,
    plan: &VtablePlan,
    key: Key,
    budget: &mut Budget<'_, H>,
) -> Result<Option<usize>, H::Error> {
    match plan.from_interface.get(&key) {
        Some(&chosen) => Ok(Some(chosen)),
        None => index.inherited_slot(key, budget),
    }
}

fn parent_vtable<'a>(shape: &Shape<'a>) -> &'a [Meta<Method>] {
    if shape.super_class.is_none() {
        return &[];
    }
    shape.meta.slice(class(shape.meta, shape.super_class).vtable)
}

fn is_from_interface(shape: &Shape<'_>, slot: usize) -> bool {
    parent_vtable(shape)
        .get(slot)
        .is_some_and(|&method| comes_from_interface(shape.meta, shape.meta.get(method)))
}

/// Whether a table entry was inherited from an interface rather than declared by a class.
pub(super) fn comes_from_interface(meta: &Metaspace, method: &Method) -> bool {
    method.flags.contains(MethodFlags::VM_MADE) || class(meta, method.class).is_interface()
}

/// Whether a method of the class overrides `current` directly (JVMS 5.4.5).
fn can_override(shape: &Shape<'_>, current: &Method) -> bool {
    if current.access.intersects(Access::PUBLIC | Access::PROTECTED) {
        return true;
    }
    let holder = class(shape.meta, current.class);
    holder.loader == shape.loader && holder.package == shape.package
}

/// Whether a method of the class overrides one that stood in the slot in some superclass, though not the latest.
fn overrides_above<H: LinkHost>(
    shape: &Shape<'_>,
    slot: usize,
    budget: &mut Budget<'_, H>,
) -> Result<bool, H::Error> {
    let meta = shape.meta;
    let mut at = class(meta, shape.super_class).super_class;
    while !at.is_none() {
        let record = class(meta, at);
        budget.spend(1)?;
        let Some(&method) = meta.slice(record.vtable).get(slot) else { return Ok(false) };
        if can_override(shape, meta.get(method)) {
            return Ok(true);
        }
        at = record.super_class;
    }
    Ok(false)
}

/// The final method of a superclass that the class overrides against the rules (JVMS 4.10), if there is one.
pub(super) fn overridden_final<'a, H: LinkHost>(
    shape: &Shape<'a>,
    index: &Index<'_>,
    budget: &mut Budget<'_, H>,
) -> Result<Option<&'a Method>, H::Error> {
    if !index.has_own() {
        return Ok(None);
    }
    let meta = shape.meta;
    let is_overridden = |m: &&Method| m.is_final() && is_inheritable(m) && can_override(shape, m);
    let finals = |id: ClassId| if id.is_none() { id } else { class(meta, id).finals };
    let mut at = finals(shape.super_class);
    while !at.is_none() {
        let record = class(meta, at);
        let declared = meta.slice(record.methods);
        // Whichever is less work: to look for each of the class's methods there, or for each of those here.
        budget.spend(1 + declared.len().min(shape.own.len()))?;
        let overridden = if shape.own.len() < declared.len() {
            let own = shape.own.iter().filter(|m| m.is_virtual());
            let mut same = own.filter_map(|m| record.find_declared(meta, m.name, m.descriptor));
            same.find(is_overridden)
        } else {
            let mut same = declared.iter().filter(|m| index.own((m.name, m.descriptor)).is_some());
            same.find(is_overridden)
        };
        if overridden.is_some() {
            return Ok(overridden);
        }
        at = finals(record.super_class);
    }
    Ok(None)
}
