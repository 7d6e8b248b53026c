//! Linking (JVMS 5.4): verification and the checks that need other classes, before a class may be initialized.
//!
//! Invariant: the supertypes of a linked class are linked. Linking is idempotent: two threads may do it at once, and a
//! failure leaves the class loaded, to fail the same way again.
//!
//! Deliberately absent: initialization and the resolution of constants, which happens when they are used.

use carafe_gc::metaspace::ClassId;
use hashbrown::HashSet;
use std::sync::atomic::Ordering;

use super::budget::Budget;
use super::vtable::comes_from_interface;
use super::{Describe, LinkError, LinkHost};
use crate::class::method::MethodFlags;
use crate::class::{Class, ClassState, LoaderId, Method};
use crate::symbols::Symbol;
use crate::universe::Universe;
use crate::verify;

impl Universe {
    /// Links a class and, before it, all its supertypes.
    pub fn link<H: LinkHost>(&self, host: &mut H, class: ClassId) -> Result<(), H::Error> {
        // A stack instead of recursion: superclass chains are as long as a program likes.
        let mut todo = vec![class];
        while let Some(&next) = todo.last() {
            let record = self.class(next);
            if record.state() >= ClassState::Linked {
                todo.pop();
                continue;
            }
            let before = todo.len();
            let supers = self.meta.slice(record.interfaces).iter().copied();
            let supers = supers.chain((!record.super_class.is_none()).then_some(record.super_class));
            todo.extend(supers.filter(|&id| self.class(id).state() < ClassState::Linked));
            if todo.len() > before {
                continue;
            }
            verify::before_linking(self, host, next)?;
            let mut budget = Budget::of_class_file(host, record.bytes.len());
            self.check_constraints(&mut budget, record)?;
            budget.finish()?;
            let (loaded, linked) = (ClassState::Loaded as u8, ClassState::Linked as u8);
            // Another thread may be past this point already.
            let _ = record.state.compare_exchange(loaded, linked, Ordering::AcqRel, Ordering::Acquire);
            todo.pop();
        }
        Ok(())
    }

    /// Overriding methods must mean the same types as what they override, across loaders.
    fn check_constraints<H: LinkHost>(
        &self,
        budget: &mut Budget<'_, H>,
        record: &Class,
    ) -> Result<(), H::Error> {
        if record.is_interface() || record.super_class.is_none() {
            return Ok(());
        }
        let (meta, parent) = (&self.meta, self.class(record.super_class));
        // Thousands of methods may share one long descriptor.
        let mut settled: HashSet<(Symbol, LoaderId, LoaderId)> = HashSet::new();
        let mut is_new = |descriptor: Symbol, a: ClassId, b: ClassId| {
            let (a, b) = (self.class(a).loader, self.class(b).loader);
            a != b && settled.insert((descriptor, a, b))
        };
        if record.loader != parent.loader {
            budget.spend(parent.vtable.len())?;
            let pairs = meta.slice(record.vtable).iter().zip(meta.slice(parent.vtable));
            for (&own, &above) in pairs.filter(|(own, above)| own != above) {
                let (own, above) = (meta.get(own), meta.get(above));
                if !own.flags.contains(MethodFlags::VM_MADE) && is_new(own.descriptor, own.class, above.class)
                {
                    budget.spend(self.text(own.descriptor).len())?;
                    self.check_override(budget.host(), record, own, above)?;
                }
            }
        }
        for entry in meta.slice(record.itable) {
            let interface = self.class(entry.interface);
            budget.spend(interface.methods.len() + 1)?;
            let methods = meta.slice(record.itable_methods).get(entry.start as usize..).unwrap_or_default();
            for method in meta.slice(interface.methods).iter().filter(|m| m.itable_index >= 0) {
                let Some(&selected) = methods.get(method.itable_index as usize) else { continue };
                let selected = meta.get(selected);
                if !comes_from_interface(meta, selected)
                    && is_new(method.descriptor, selected.class, method.class)
                {
                    budget.spend(self.text(method.descriptor).len())?;
                    self.check_implementation(budget.host(), record, method, selected)?;
                }
            }
        }
        Ok(())
    }

    fn check_override(
        &self,
        describe: &dyn Describe,
        record: &Class,
        own: &Method,
        above: &Method,
    ) -> Result<(), LinkError> {
        let (selected, overridden) = (self.class(own.class), self.class(above.class));
        let failed = self.constrain_descriptor(own.descriptor, selected.loader, overridden.loader)?;
        let Some(failed) = failed else { return Ok(()) };
        Err(LinkError::linkage(format!(
            "loader constraint violation for class {}: when selecting overriding method '{}' the class loader {} of the \
             selected method's type {}, and the class loader {} for its super type {} have different Class objects for \
             the type {} used in the signature ({}; {})",
            self.external_name(record.id),
            self.external_method(own),
            describe.loader_name(selected.loader),
            self.external_name(own.class),
            describe.loader_name(overridden.loader),
            self.external_name(above.class),
            self.str(failed),
            self.in_home(describe, own.class, true),
            self.in_home(describe, above.class, true),
        )))
    }

    fn check_implementation(
        &self,
        describe: &dyn Describe,
        record: &Class,
        method: &Method,
        selected: &Method,
    ) -> Result<(), LinkError> {
        let (interface, holder) = (self.class(method.class), self.class(selected.class));
        let failed = self.constrain_descriptor(method.descriptor, holder.loader, interface.loader)?;
        let Some(failed) = failed else { return Ok(()) };
        Err(LinkError::linkage(format!(
            "loader constraint violation in interface itable initialization for class {}: when selecting method '{}' the \
             class loader {} for super interface {}, and the class loader {} of the selected method's {}, {} have \
             different Class objects for the type {} used in the signature ({}; {})",
            self.external_name(record.id),
            self.external_method(method),
            describe.loader_name(interface.loader),
            self.external_name(method.class),
            describe.loader_name(holder.loader),
            self.external_kind(holder),
            self.external_name(selected.class),
            self.str(failed),
            self.in_home(describe, method.class, true),
            self.in_home(describe, record.id, true),
        )))
    }
}
