//! Which superinterface method a class inherits: the maximally-specific one (JVMS 5.4.3.3, 5.4.6).
//!
//! Invariant: the cost of a selection is the number of candidates plus the number of superinterfaces of the maximally
//! specific ones, whatever shape the hierarchy has; a ladder of diamonds costs no more than a list.
//!
//! Deliberately absent: methods of classes, which win over all of these before anybody asks here.

use carafe_gc::metaspace::{ClassId, Meta, Metaspace};
use hashbrown::HashSet;

use super::LinkHost;
use super::budget::Budget;
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

/// The inheritable methods of some interfaces by key, in the interfaces' order.
pub(super) struct InterfaceMethods {
    by_key: Vec<(Key, Meta<Method>)>,
}

impl InterfaceMethods {
    pub(super) fn new<H: LinkHost>(
        meta: &Metaspace,
        interfaces: &[ClassId],
        budget: &mut Budget<'_, H>,
    ) -> Result<InterfaceMethods, H::Error> {
        let mut by_key = Vec::new();
        for &interface in interfaces {
            let methods = meta.slice(class(meta, interface).methods);
            budget.spend(methods.len() + 1)?;
            let inheritable = methods.iter().filter(|method| is_inheritable(method));
            by_key.extend(inheritable.map(|method| ((method.name, method.descriptor), meta.meta_of(method))));
        }
        // The sort is stable, so methods of one key stay in the order of their interfaces.
        by_key.sort_by_key(|&(key, _)| key);
        Ok(InterfaceMethods { by_key })
    }

    pub(super) fn select<H: LinkHost>(
        &self,
        meta: &Metaspace,
        key: Key,
        budget: &mut Budget<'_, H>,
    ) -> Result<Selection, H::Error> {
        let start = self.by_key.partition_point(|&(other, _)| other < key);
        let from_here = self.by_key.get(start..).unwrap_or_default().iter();
        let candidates: Vec<_> = from_here.take_while(|(other, _)| *other == key).map(|&(_, m)| m).collect();
        select(meta, &candidates, |units| budget.spend(units))
    }
}

/// The candidates for one key among some interfaces, in their order.
pub(super) fn candidates(meta: &Metaspace, interfaces: &[ClassId], key: Key) -> Vec<Meta<Method>> {
    let declared = |&interface: &ClassId| class(meta, interface).find_declared(meta, key.0, key.1);
    let inheritable = interfaces.iter().filter_map(declared).filter(|method| is_inheritable(method));
    inheritable.map(|method| meta.meta_of(method)).collect()
}

/// Those candidates that no other candidate's interface extends. Every candidate stands behind those that it extends.
/// `spend` hears of the work before it is done.
pub(super) fn maximally_specific<E>(
    meta: &Metaspace,
    candidates: &[Meta<Method>],
    mut spend: impl FnMut(usize) -> Result<(), E>,
) -> Result<Vec<Meta<Method>>, E> {
    spend(candidates.len() + 1)?;
    if candidates.len() < 2 {
        return Ok(candidates.to_vec());
    }
    let mut extended: HashSet<ClassId> = HashSet::new();
    let mut maximal = Vec::new();
    for &candidate in candidates.iter().rev() {
        let interface = meta.get(candidate).class;
        if extended.contains(&interface) {
            // What it extends, the one that extends it has entered already.
            continue;
        }
        maximal.push(candidate);
        let above = meta.slice(class(meta, interface).all_interfaces);
        spend(above.len())?;
        extended.extend(above.iter().copied().filter(|&other| other != interface));
    }
    maximal.reverse();
    Ok(maximal)
}

pub(super) fn select<E>(
    meta: &Metaspace,
    candidates: &[Meta<Method>],
    spend: impl FnMut(usize) -> Result<(), E>,
) -> Result<Selection, E> {
    let maximal = maximally_specific(meta, candidates, spend)?;
    let mut with_body = maximal.iter().copied().filter(|&m| !meta.get(m).is_abstract());
    Ok(match (with_body.next(), with_body.next(), maximal.first()) {
        (Some(only), None, _) => Selection::Default(only),
        (Some(one), Some(_), _) => Selection::Conflict(one),
        (None, _, Some(&one)) => Selection::Abstract(one),
        (None, _, None) => Selection::Nothing,
    })
}
