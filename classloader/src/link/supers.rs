//! The superclass and superinterfaces of a class under construction: loading them without running in circles, and
//! whether the class may extend them (JVMS 5.3.5 steps 3 and 4).
//!
//! Circularity is found on a graph of what is being loaded right now: while the superclass B of A is loaded, the edge
//! A to B stands in [`SuperLoads`]. A thread that would close a circle gets the error, also when its parts are run by
//! different threads that would otherwise wait for each other's locks in Java code for ever.
//!
//! Invariant: an edge stands exactly as long as its guard lives. Deliberately absent: waiting of any kind.

use std::thread::ThreadId;

use carafe_gc::metaspace::ClassId;
use hashbrown::{HashMap, HashSet};
use parking_lot::Mutex;

use super::access::ClassAccess;
use super::{Describe, LinkError, LinkErrorKind, LinkHost};
use crate::class::{Access, ClassFlags, LoaderId};
use crate::classfile::attributes;
use crate::symbols::Symbol;
use crate::universe::Universe;

/// A class that a loader is being asked for.
type Node = (LoaderId, Symbol);

/// Which classes wait for which of their superclasses and superinterfaces to be loaded.
#[derive(Default)]
pub(crate) struct SuperLoads {
    edges: Mutex<HashMap<Node, Vec<(ThreadId, Symbol)>>>,
}

impl SuperLoads {
    /// Enters that `class` waits for `above`; the name at which that closes a circle is the error.
    fn begin(&self, loader: LoaderId, class: Symbol, above: Symbol) -> Result<SuperLoad<'_>, Symbol> {
        let this_thread = std::thread::current().id();
        let mut edges = self.edges.lock();
        let begun = edges.get(&(loader, class)).into_iter().flatten();
        if begun.into_iter().any(|(thread, _)| *thread == this_thread) {
            // Further down its stack this very thread is defining the class: the circle goes through other loaders.
            return Err(class);
        }
        let (mut todo, mut seen) = (vec![above], HashSet::new());
        while let Some(name) = todo.pop() {
            if name == class {
                return Err(above);
            }
            if !seen.insert(name) {
                continue;
            }
            for &(thread, next) in edges.get(&(loader, name)).into_iter().flatten() {
                if name == above && thread == this_thread {
                    // This very thread is loading `above` further down its stack.
                    return Err(above);
                }
                todo.push(next);
            }
        }
        edges.entry((loader, class)).or_default().push((this_thread, above));
        Ok(SuperLoad { loads: self, node: (loader, class), edge: (this_thread, above) })
    }
}

/// An edge of [`SuperLoads`].
struct SuperLoad<'a> {
    loads: &'a SuperLoads,
    node: Node,
    edge: (ThreadId, Symbol),
}

impl Drop for SuperLoad<'_> {
    fn drop(&mut self) {
        let mut edges = self.loads.edges.lock();
        if let Some(list) = edges.get_mut(&self.node) {
            if let Some(at) = list.iter().rposition(|edge| *edge == self.edge) {
                list.swap_remove(at);
            }
            if list.is_empty() {
                edges.remove(&self.node);
            }
        }
    }
}

impl Universe {
    /// Loads a superclass or superinterface of the class `name`.
    pub(super) fn load_super<H: LinkHost>(
        &self,
        host: &mut H,
        loader: LoaderId,
        name: Symbol,
        above: Symbol,
    ) -> Result<ClassId, H::Error> {
        let _guard = self.supers.begin(loader, name, above).map_err(|at| {
            let message = self.str(at).into_owned();
            LinkError::new(LinkErrorKind::ClassCircularityError, message)
        })?;
        host.load_class(loader, above)
    }

    /// Whether a class may have this superclass. The class's record holds its name, access and home.
    pub(super) fn check_superclass(
        &self,
        describe: &dyn Describe,
        class: ClassId,
        super_class: ClassId,
    ) -> Result<(), LinkError> {
        let record = self.class(super_class);
        let names = || (self.external_name(class), self.external_name(super_class));
        if record.is_interface() {
            let (this, above) = names();
            return Err(LinkError::incompatible(format!(
                "class {this} has interface {above} as super class"
            )));
        }
        if record.access.contains(Access::FINAL) {
            let (this, above) = names();
            return Err(LinkError::incompatible(format!(
                "class {this} cannot inherit from final class {above}"
            )));
        }
        match self.class_access(class, super_class) {
            ClassAccess::Allowed => {}
            ClassAccess::NotVisible => {
                let (this, above) = names();
                let kind = if record.is_abstract() { "abstract " } else { "" };
                let homes = self.in_homes(describe, class, super_class);
                return Err(LinkError::illegal_access(format!(
                    "class {this} cannot access its {kind}superclass {above} ({homes})"
                )));
            }
            refusal => {
                let why = self.boundary_message(describe, class, super_class, refusal);
                return Err(LinkError::illegal_access(format!("superclass access check failed: {why}")));
            }
        }
        self.check_permitted(describe, class, super_class)
    }

    /// Whether a class may have this direct superinterface.
    pub(super) fn check_superinterface(
        &self,
        describe: &dyn Describe,
        class: ClassId,
        interface: ClassId,
    ) -> Result<(), LinkError> {
        let names = || (self.external_name(class), self.external_name(interface));
        if !self.class(interface).is_interface() {
            let (this, above) = names();
            let home = self.in_home(describe, interface, false);
            return Err(LinkError::incompatible(format!(
                "class {this} can not implement {above}, because it is not an interface ({home})"
            )));
        }
        match self.class_access(class, interface) {
            ClassAccess::Allowed => {}
            ClassAccess::NotVisible => {
                let (this, above) = names();
                let homes = self.in_homes(describe, class, interface);
                return Err(LinkError::illegal_access(format!(
                    "class {this} cannot access its superinterface {above} ({homes})"
                )));
            }
            refusal => {
                let why = self.boundary_message(describe, class, interface, refusal);
                return Err(LinkError::illegal_access(format!("superinterface check failed: {why}")));
            }
        }
        self.check_permitted(describe, class, interface)
    }

    /// How long [`Universe::check_permitted`] may look for a subclass, at most.
    pub(super) fn cost_of_permission(&self, above: ClassId) -> usize {
        // No entry and no attribute takes less than two bytes.
        if self.class(above).flags.contains(ClassFlags::SEALED) {
            self.class(above).attributes.len() / 2
        } else {
            0
        }
    }

    /// Whether a sealed class permits a subclass: same module, visible there, and listed by name.
    fn check_permitted(
        &self,
        describe: &dyn Describe,
        class: ClassId,
        sealed: ClassId,
    ) -> Result<(), LinkError> {
        let (sub, above) = (self.class(class), self.class(sealed));
        if !above.flags.contains(ClassFlags::SEALED) {
            return Ok(());
        }
        let Some(permitted) = self.class_attribute(above, "PermittedSubclasses") else { return Ok(()) };
        let pool = self.meta.get(above.pool);
        let listed =
            attributes::class_list(&permitted).any(|index| pool.class_name(&self.meta, index) == sub.name);
        let same_module = self.module_of(sub) == self.module_of(above);
        let in_sight = sub.access.contains(Access::PUBLIC) || self.same_package(class, sealed);
        if listed && same_module && in_sight {
            return Ok(());
        }
        let (this, sealed_name) = (self.external_name(class), self.external_name(sealed));
        let loader = |record: &crate::class::Class| describe.loader_name(record.loader);
        if !same_module {
            let module = |record| {
                let name = describe.module_name(self.module_of(record));
                name.unwrap_or_else(|| "unnamed module".to_owned())
            };
            return Err(LinkError::incompatible(format!(
                "Failed same module check: subclass {this} is in module '{}' with loader {}, and sealed class \
                 {sealed_name} is in module '{}' with loader {}",
                module(sub),
                loader(sub),
                module(above),
                loader(above),
            )));
        }
        if !in_sight {
            let package = |record: &crate::class::Class| match record.package.is_none() {
                true => "unnamed".to_owned(),
                false => self.str(record.package).replace('/', "."),
            };
            return Err(LinkError::incompatible(format!(
                "Failed same package check: non-public subclass {this} is in package '{}' with classloader {}, and \
                 sealed class {sealed_name} is in package '{}' with classloader {}",
                package(sub),
                loader(sub),
                package(above),
                loader(above),
            )));
        }
        Err(LinkError::incompatible(format!(
            "Failed listed permitted subclass check: class {this} is not a permitted subclass of {sealed_name}"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOADER: LoaderId = LoaderId(1);

    fn symbol(n: u32) -> Symbol {
        Symbol::from_raw(n * 8)
    }

    #[test]
    fn circles_are_found_and_forgotten() {
        let loads = SuperLoads::default();
        let (a, b, c) = (symbol(1), symbol(2), symbol(3));
        assert!(loads.begin(LOADER, a, a).is_err(), "its own superclass");
        {
            let _first = loads.begin(LOADER, a, b).unwrap();
            let _second = loads.begin(LOADER, b, c).unwrap();
            assert!(loads.begin(LOADER, c, a).is_err());
            assert!(loads.begin(LOADER, a, c).is_err(), "through another loader");
            assert!(loads.begin(LoaderId(2), c, a).is_ok(), "another loader's class of that name");
            assert!(loads.begin(LOADER, symbol(4), symbol(5)).is_ok());
        }
        assert!(loads.begin(LOADER, c, a).is_ok());
        assert!(loads.edges.lock().is_empty());
    }

    #[test]
    fn circles_across_threads_are_found_by_the_one_that_closes_them() {
        let loads = SuperLoads::default();
        let (a, b) = (symbol(1), symbol(2));
        let _mine = loads.begin(LOADER, a, b).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                assert!(loads.begin(LOADER, a, b).is_ok(), "the same work twice is no circle");
                assert!(loads.begin(LOADER, b, a).is_err());
            });
        });
    }
}
