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
    chain: Option<HashMap<Key, Meta<Method>>>,
}

const END: usize = usize::MAX;

impl<'a> Index<'a> {
    pub(super) fn new(shape: &'a Shape<'a>) -> Index<'a> {
        let own = shape.own.iter().enumerate().filter(|(_, m)| m.is_virtual());
        let own: HashMap<Key, usize> = own.map(|(index, m)| (m.key(), index)).collect();
        let (mut heads, mut next) = (HashMap::new(), Vec::new());
        if !own.is_empty() || shape.all_interfaces.len() > shape.inherited_interfaces {
            let parent = parent_vtable(shape);
            next.resize(parent.len(), END);
            for (slot, &method) in parent.iter().enumerate() {
                let method = shape.meta.get(method);
                if let Some(earlier) = heads.insert((method.name, method.descriptor), slot) {
                    next[slot] = earlier;
                }
            }
        }
        Index { shape, own, heads, next, chain: None }
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

    /// The nearest overriding method that a superclass declares.
    pub(super) fn in_superclasses(&mut self, key: Key) -> Option<Meta<Method>> {
        let (meta, super_class) = (self.shape.meta, self.shape.super_class);
        let chain = self.chain.get_or_insert_with(|| {
            let mut chain = HashMap::new();
            let mut at = super_class;
            while !at.is_none() {
                let record = class(meta, at);
                for method in meta.slice(record.methods).iter().filter(|m| is_inheritable(m)) {
                    chain.entry((method.name, method.descriptor)).or_insert_with(|| meta.meta_of(method));
                }
                at = record.super_class;
            }
            chain
        });
        chain.get(&key).copied()
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
pub(super) fn plan(shape: &Shape<'_>, index: &mut Index<'_>) -> VtablePlan {
    let parent = parent_vtable(shape);
    let mut plan = VtablePlan {
        slots: parent.iter().map(|&m| Slot::Existing(m)).collect(),
        own_index: vec![NO_VTABLE; shape.own.len()],
        made: Vec::new(),
        from_interface: HashMap::new(),
    };
    for (number, method) in shape.own.iter().enumerate().filter(|(_, m)| m.is_virtual()) {
        place_own(shape, index, &mut plan, number, method);
    }
    let (_, new_interfaces) = shape.all_interfaces.split_at(shape.inherited_interfaces);
    if !new_interfaces.is_empty() {
        place_inherited(shape, index, &mut plan, new_interfaces);
    }
    plan
}

fn place_own(shape: &Shape<'_>, index: &Index<'_>, plan: &mut VtablePlan, number: usize, method: &OwnMethod) {
    let parent = parent_vtable(shape);
    let mut overrides = false;
    for slot in index.slots(method.key()) {
        let Some(&current) = parent.get(slot) else { continue };
        if can_override(shape, shape.meta.get(current)) {
            overrides = true;
            plan.slots[slot] = Slot::Own(number);
            plan.own_index[number] = slot as i32;
        } else if overrides_above(shape, slot) {
            // It overrides a method further up in this slot, but not the one that resolution finds from here.
            plan.slots[slot] = Slot::Own(number);
        }
    }
    if !overrides && !method.access.contains(Access::FINAL) {
        plan.own_index[number] = plan.slots.len() as i32;
        plan.slots.push(Slot::Own(number));
    }
}

/// Gives slots to what the new interfaces bring and no class declares.
fn place_inherited(
    shape: &Shape<'_>,
    index: &mut Index<'_>,
    plan: &mut VtablePlan,
    new_interfaces: &[ClassId],
) {
    let meta = shape.meta;
    let methods = InterfaceMethods::new(meta, shape.all_interfaces);
    let mut seen: HashSet<Key> = HashSet::new();
    for &interface in new_interfaces {
        for method in meta.slice(class(meta, interface).methods).iter().filter(|m| is_inheritable(m)) {
            let key = (method.name, method.descriptor);
            if !seen.insert(key) || index.own(key).is_some() || index.in_superclasses(key).is_some() {
                continue;
            }
            let inherited = index.slots(key).find(|&slot| is_from_interface(shape, slot));
            let entry = match methods.select(meta, key) {
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
}

/// The parent's slot for a key that no class declares; what this class chose itself stands in the plan.
pub(super) fn interface_slot(
    shape: &Shape<'_>,
    index: &Index<'_>,
    plan: &VtablePlan,
    key: Key,
) -> Option<usize> {
    let chosen = plan.from_interface.get(&key).copied();
    chosen.or_else(|| index.slots(key).find(|&slot| is_from_interface(shape, slot)))
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
fn overrides_above(shape: &Shape<'_>, slot: usize) -> bool {
    let meta = shape.meta;
    let mut at = class(meta, shape.super_class).super_class;
    while !at.is_none() {
        let record = class(meta, at);
        let Some(&method) = meta.slice(record.vtable).get(slot) else { return false };
        if can_override(shape, meta.get(method)) {
            return true;
        }
        at = record.super_class;
    }
    false
}

/// The final method of a superclass that the class overrides against the rules (JVMS 4.10), if there is one.
pub(super) fn overridden_final<'a>(shape: &Shape<'a>, index: &Index<'_>) -> Option<&'a Method> {
    if !index.has_own() {
        return None;
    }
    let meta = shape.meta;
    let mut at = shape.super_class;
    while !at.is_none() {
        let record = class(meta, at);
        let overridden = meta.slice(record.methods).iter().find(|m| {
            m.is_final()
                && is_inheritable(m)
                && index.own((m.name, m.descriptor)).is_some()
                && can_override(shape, m)
        });
        if overridden.is_some() {
            return overridden;
        }
        at = record.super_class;
    }
    None
}
