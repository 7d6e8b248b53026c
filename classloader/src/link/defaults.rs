//! Which superinterface method a class inherits: the maximally-specific one (JVMS 5.4.3.3, 5.4.6).
//!
//! Invariant: the cost of a selection is the number of candidates plus the number of superinterfaces of those candidates,
//! whatever shape the hierarchy has; a ladder of diamonds costs no more than a list.
//!
//! Deliberately absent: methods of classes, which win over all of these before anybody asks here.

use carafe_gc::metaspace::{ClassId, Meta, Metaspace};
use hashbrown::{HashMap, HashSet};

use crate::class::{Access, Method, class};
use crate::symbols::Symbol;

/// Name and descriptor: what methods are selected by.
pub(super) type Key = (Symbol, Symbol);

/// What a class inherits for one key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Selection {
    /// No superinterface has such a method.
    Nothing,
    /// Exactly one maximally-specific method has a body.
    Default(Meta<Method>),
    /// All maximally-specific methods are abstract; one of them.
    Abstract(Meta<Method>),
    /// Several maximally-specific methods have bodies; one of them.
    Conflict(Meta<Method>),
}

/// Whether a subtype inherits the method from an interface.
pub(super) fn is_inheritable(method: &Method) -> bool {
    !method.access.intersects(Access::STATIC | Access::PRIVATE) && !method.is_init()
}

/// The inheritable methods of some interfaces by key, each list in the interfaces' order.
pub(super) struct InterfaceMethods {
    by_key: HashMap<Key, Vec<Meta<Method>>>,
}

impl InterfaceMethods {
    pub(super) fn new(meta: &Metaspace, interfaces: &[ClassId]) -> InterfaceMethods {
        let mut by_key: HashMap<Key, Vec<Meta<Method>>> = HashMap::new();
        for &interface in interfaces {
            for method in meta.slice(class(meta, interface).methods) {
                if is_inheritable(method) {
                    by_key.entry((method.name, method.descriptor)).or_default().push(meta.meta_of(method));
                }
            }
        }
        InterfaceMethods { by_key }
    }

    pub(super) fn select(&self, meta: &Metaspace, key: Key) -> Selection {
        self.by_key.get(&key).map_or(Selection::Nothing, |candidates| select(meta, candidates))
    }
}

/// The candidates for one key among some interfaces, in their order.
pub(super) fn candidates(meta: &Metaspace, interfaces: &[ClassId], key: Key) -> Vec<Meta<Method>> {
    let declared = |&interface: &ClassId| class(meta, interface).find_declared(meta, key.0, key.1);
    let inheritable = interfaces.iter().filter_map(declared).filter(|method| is_inheritable(method));
    inheritable.map(|method| meta.meta_of(method)).collect()
}

/// Those candidates that no other candidate's interface extends.
pub(super) fn maximally_specific(meta: &Metaspace, candidates: &[Meta<Method>]) -> Vec<Meta<Method>> {
    if candidates.len() < 2 {
        return candidates.to_vec();
    }
    let mut extended: HashSet<ClassId> = HashSet::new();
    for &candidate in candidates {
        let interface = meta.get(candidate).class;
        let above = meta.slice(class(meta, interface).all_interfaces);
        extended.extend(above.iter().copied().filter(|&other| other != interface));
    }
    candidates.iter().copied().filter(|&c| !extended.contains(&meta.get(c).class)).collect()
}

pub(super) fn select(meta: &Metaspace, candidates: &[Meta<Method>]) -> Selection {
    let maximal = maximally_specific(meta, candidates);
    let mut with_body = maximal.iter().copied().filter(|&m| !meta.get(m).is_abstract());
    match (with_body.next(), with_body.next(), maximal.first()) {
        (Some(only), None, _) => Selection::Default(only),
        (Some(one), Some(_), _) => Selection::Conflict(one),
        (None, _, Some(&one)) => Selection::Abstract(one),
        (None, _, None) => Selection::Nothing,
    }
}
