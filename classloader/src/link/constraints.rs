//! Loader constraints (JVMS 5.3.4): a type name in a descriptor must mean the same class to the two loaders that meet.
//!
//! Invariants: for each name the loaders of a constraint are disjoint from those of every other constraint of that name,
//! and if the constraint knows its class, no loader of it binds the name to another one. When both loaders have bound the
//! name already, equality settles the matter for ever and nothing is recorded.
//!
//! Deliberately absent: dictionaries (they are looked at through the universe, under this module's lock) and arrays, whose
//! constraint is that of their element type.

use carafe_gc::metaspace::ClassId;
use hashbrown::HashMap;
use parking_lot::{Mutex, MutexGuard};

use super::{Describe, LinkError};
use crate::class::{Field, LoaderId, Method};
use crate::classfile::descriptor::{FieldType, MethodDescriptor};
use crate::symbols::Symbol;
use crate::universe::{ClassSet, Universe};

/// About what a constraint takes on the Rust heap, charged to metaspace.
const CONSTRAINT_BYTES: usize = 96;

/// All constraints of an isolate.
#[derive(Default)]
pub(crate) struct Constraints {
    table: Mutex<Table>,
}

#[derive(Default)]
pub(crate) struct Table {
    /// The constraint that a loader's name is in, by its number.
    of: HashMap<(Symbol, LoaderId), usize>,
    /// Constraints that were joined with others stay, empty.
    constraints: Vec<Constraint>,
}

struct Constraint {
    loaders: Vec<LoaderId>,
    /// `NONE` while no loader has bound the name.
    class: ClassId,
}

impl Constraints {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock()
    }

    /// Forgets dead loaders and classes. What remains between fewer than two loaders says nothing any more.
    pub(crate) fn purge(&self, is_dead: impl Fn(LoaderId) -> bool, dead: &ClassSet) {
        self.table.lock().purge(is_dead, |class| dead.contains(class));
    }
}

impl Table {
    fn find(&mut self, name: Symbol, loader: LoaderId) -> Option<(usize, &mut Constraint)> {
        let number = *self.of.get(&(name, loader))?;
        Some((number, self.constraints.get_mut(number)?))
    }

    /// Notes that `loader` is about to bind `name` to `class`; the class that it should be instead is the error.
    pub(crate) fn check(&mut self, loader: LoaderId, name: Symbol, class: ClassId) -> Result<(), ClassId> {
        let Some((_, constraint)) = self.find(name, loader) else { return Ok(()) };
        if constraint.class.is_none() {
            constraint.class = class;
        }
        if constraint.class == class { Ok(()) } else { Err(constraint.class) }
    }

    /// Whether the loaders must agree already.
    fn knows(&self, name: Symbol, [a, b]: [LoaderId; 2]) -> bool {
        let a = self.of.get(&(name, a));
        a.is_some() && a == self.of.get(&(name, b))
    }

    /// Adds that two loaders must agree; `bound` are the classes that they have bound. False if they do not.
    fn add(&mut self, name: Symbol, loaders: [LoaderId; 2], bound: [Option<ClassId>; 2]) -> bool {
        let mut side = |which: usize| {
            let (number, known) = match self.find(name, loaders[which]) {
                Some((number, constraint)) => (Some(number), constraint.class),
                None => (None, ClassId::NONE),
            };
            (number, bound[which].unwrap_or(known))
        };
        let ((x, a), (y, b)) = (side(0), side(1));
        if !a.is_none() && !b.is_none() && a != b {
            return false;
        }
        let class = if a.is_none() { b } else { a };
        let into = match (x, y) {
            (Some(x), Some(y)) if x != y => self.join(name, x, y),
            (Some(number), _) | (None, Some(number)) => number,
            (None, None) => {
                self.constraints.push(Constraint { loaders: Vec::new(), class });
                self.constraints.len() - 1
            }
        };
        for (loader, known) in [(loaders[0], x), (loaders[1], y)] {
            if known.is_none() {
                self.enter(name, loader, into);
            }
        }
        if let Some(constraint) = self.constraints.get_mut(into) {
            constraint.class = class;
        }
        true
    }

    fn purge(&mut self, is_dead: impl Fn(LoaderId) -> bool, is_dead_class: impl Fn(ClassId) -> bool) {
        let old = std::mem::take(self);
        let mut names: HashMap<usize, Symbol> = HashMap::new();
        for ((name, _), number) in old.of {
            names.insert(number, name);
        }
        for (number, mut constraint) in old.constraints.into_iter().enumerate() {
            constraint.loaders.retain(|&loader| !is_dead(loader));
            let Some(&name) = names.get(&number).filter(|_| constraint.loaders.len() > 1) else { continue };
            if is_dead_class(constraint.class) {
                constraint.class = ClassId::NONE;
            }
            for &loader in &constraint.loaders {
                self.of.insert((name, loader), self.constraints.len());
            }
            self.constraints.push(constraint);
        }
    }

    fn enter(&mut self, name: Symbol, loader: LoaderId, number: usize) {
        self.of.insert((name, loader), number);
        if let Some(constraint) = self.constraints.get_mut(number) {
            constraint.loaders.push(loader);
        }
    }

    /// Joins two constraints of a name into the larger one: so a loader moves only as often as its constraint doubles.
    fn join(&mut self, name: Symbol, x: usize, y: usize) -> usize {
        let len = |number: usize| self.constraints.get(number).map_or(0, |c| c.loaders.len());
        let (large, small) = if len(x) < len(y) { (y, x) } else { (x, y) };
        let moved = self.constraints.get_mut(small).map(|c| std::mem::take(&mut c.loaders));
        for loader in moved.into_iter().flatten() {
            self.enter(name, loader, large);
        }
        large
    }
}

impl Universe {
    /// Requires that two loaders mean the same class by `name`; false if they do not.
    fn constrain(&self, name: Symbol, loaders: [LoaderId; 2]) -> Result<bool, LinkError> {
        let mut table = self.constraints.lock();
        let bound = loaders.map(|loader| self.find_loaded(loader, name));
        if let [Some(a), Some(b)] = bound {
            return Ok(a == b);
        }
        if !table.knows(name, loaders) {
            // It goes with either; a permanent loader would keep what it was charged.
            let payer = loaders.into_iter().find(|&loader| !self.is_permanent_loader(loader));
            self.known_loader(payer.unwrap_or(loaders[0]))?.charge(CONSTRAINT_BYTES)?;
        }
        Ok(table.add(name, loaders, bound))
    }

    /// Requires that two loaders agree on every class that a field or method descriptor names. Answers the name on which
    /// they differ.
    pub(crate) fn constrain_descriptor(
        &self,
        descriptor: Symbol,
        a: LoaderId,
        b: LoaderId,
    ) -> Result<Option<Symbol>, LinkError> {
        if a == b {
            return Ok(None);
        }
        let text = self.text(descriptor);
        let agree = |field_type: FieldType<'_>| -> Result<Option<Symbol>, LinkError> {
            let Some(name) = element_class_name(field_type) else { return Ok(None) };
            let name = self.intern(name)?;
            if self.constrain(name, [a, b])? {
                return Ok(None);
            }
            match field_type {
                FieldType::Array(array) => Ok(Some(self.intern(array)?)),
                FieldType::Class(_) | FieldType::Primitive(_) => Ok(Some(name)),
            }
        };
        if let Some(method) = MethodDescriptor::parse(text) {
            for field_type in method.parameters().chain(method.result) {
                if let Some(failed) = agree(field_type)? {
                    return Ok(Some(failed));
                }
            }
            return Ok(None);
        }
        FieldType::parse(text).map_or(Ok(None), agree)
    }

    pub(crate) fn duplicate_definition(
        &self,
        describe: &dyn Describe,
        loader: LoaderId,
        class: ClassId,
    ) -> LinkError {
        let record = self.class(class);
        LinkError::linkage(format!(
            "loader {} attempted duplicate {} definition for {}. ({})",
            describe.loader_name(loader),
            self.external_kind(record),
            self.external_name(class),
            self.in_home(describe, class, true),
        ))
    }

    /// `loader` wants to bind a class's name to `class`, but a constraint says it is `previous`.
    pub(crate) fn constraint_violation(
        &self,
        describe: &dyn Describe,
        loader: LoaderId,
        class: ClassId,
        previous: ClassId,
    ) -> LinkError {
        let record = self.class(class);
        let mut message = format!(
            "loader constraint violation: loader {} wants to load {} {}.",
            describe.loader_name(loader),
            self.external_kind(record),
            self.external_name(class),
        );
        let before = self.class(previous);
        if before.loader != loader {
            message.push_str(&format!(
                " A different {} with the same name was previously loaded by {}. ({})",
                self.external_kind(before),
                describe.loader_name(before.loader),
                self.in_home(describe, previous, true),
            ));
        } else {
            message.push_str(&format!(" ({})", self.in_home(describe, class, true)));
        }
        LinkError::linkage(message)
    }

    /// Checks a method reference of `from` that was resolved to `method` through class `target`.
    pub fn constrain_method(
        &self,
        describe: &dyn Describe,
        from: ClassId,
        target: ClassId,
        method: &Method,
    ) -> Result<(), LinkError> {
        let (current, holder) = (self.class(from), self.class(method.class));
        let Some(failed) = self.constrain_descriptor(method.descriptor, current.loader, holder.loader)?
        else {
            return Ok(());
        };
        let what = if self.class(target).is_interface() { "interface method" } else { "method" };
        Err(LinkError::linkage(format!(
            "loader constraint violation: when resolving {what} '{}' the class loader {} of the current class, {}, and \
             the class loader {} for the method's defining class, {}, have different Class objects for the type {} used \
             in the signature ({}; {})",
            self.external_member_of(target, method.name, method.descriptor),
            describe.loader_name(current.loader),
            self.str(current.name),
            describe.loader_name(holder.loader),
            self.str(holder.name),
            self.str(failed),
            self.in_home(describe, from, true),
            self.in_home(describe, method.class, true),
        )))
    }

    /// Checks a field reference of `from` that was resolved to `field`.
    pub fn constrain_field(
        &self,
        describe: &dyn Describe,
        from: ClassId,
        field: &Field,
    ) -> Result<(), LinkError> {
        let (current, holder) = (self.class(from), self.class(field.class));
        let Some(failed) = self.constrain_descriptor(field.descriptor, current.loader, holder.loader)? else {
            return Ok(());
        };
        Err(LinkError::linkage(format!(
            "loader constraint violation: when resolving field \"{}\" of type {}, the class loader {} of the current \
             class, {}, and the class loader {} for the field's defining {}, {}, have different Class objects for type \
             {} ({}; {})",
            self.str(field.name),
            self.str(failed),
            describe.loader_name(current.loader),
            self.external_name(from),
            describe.loader_name(holder.loader),
            self.external_kind(holder),
            self.external_name(field.class),
            self.str(failed),
            self.in_home(describe, from, true),
            self.in_home(describe, field.class, true),
        )))
    }
}

/// The plain class that a type consists of, if it does.
fn element_class_name(field_type: FieldType<'_>) -> Option<&[u8]> {
    match field_type {
        FieldType::Primitive(_) => None,
        FieldType::Class(name) => Some(name),
        FieldType::Array(descriptor) => match FieldType::parse(descriptor.get(field_type.dimensions()..)?)? {
            FieldType::Class(name) => Some(name),
            FieldType::Primitive(_) | FieldType::Array(_) => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: LoaderId = LoaderId(1);
    const B: LoaderId = LoaderId(2);
    const C: LoaderId = LoaderId(3);
    const X: ClassId = ClassId(100);
    const Y: ClassId = ClassId(101);

    #[test]
    fn constraints_are_transitive() {
        let name = Symbol::from_raw(8);
        let mut table = Table::default();
        assert!(table.add(name, [A, B], [None, None]));
        assert!(table.add(name, [B, C], [None, None]));
        assert_eq!(table.check(C, name, X), Ok(()));
        assert_eq!(table.check(A, name, Y), Err(X));
        assert_eq!(table.check(A, name, X), Ok(()));
        assert_eq!(table.check(A, Symbol::from_raw(16), Y), Ok(()), "another name");
    }

    #[test]
    fn the_dead_are_forgotten() {
        let name = Symbol::from_raw(8);
        let mut table = Table::default();
        assert!(table.add(name, [A, B], [Some(X), None]));
        assert!(table.add(name, [B, C], [None, None]));
        assert!(table.add(Symbol::from_raw(16), [A, B], [Some(Y), None]));
        table.purge(|loader| loader == A, |class| class == X);
        assert_eq!(table.constraints.len(), 1, "between fewer than two loaders there is nothing to agree on");
        assert_eq!(table.check(A, name, Y), Ok(()), "another loader may have the number now");
        assert_eq!(table.check(B, name, Y), Ok(()), "the class is forgotten");
        assert_eq!(table.check(C, name, X), Err(Y), "the constraint is not");
    }

    #[test]
    fn groups_with_different_classes_cannot_meet() {
        let name = Symbol::from_raw(8);
        let mut table = Table::default();
        assert!(table.add(name, [A, B], [Some(X), None]));
        assert!(!table.add(name, [B, C], [None, Some(Y)]));
        assert_eq!(table.check(C, name, Y), Ok(()), "a refused constraint is not recorded");
        assert!(table.add(name, [C, LoaderId(4)], [Some(Y), None]));
        assert!(!table.add(name, [A, LoaderId(4)], [None, None]));
    }
}
