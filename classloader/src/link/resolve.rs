//! Resolution of field and method references (JVMS 5.4.3.2 to 5.4.3.4) on classes that are loaded.
//!
//! Invariants: a look-up visits every superclass and superinterface once; the result depends on nothing but the classes
//! involved, so it may be cached. With `ClassId::NONE` as the referring class neither access nor constraints are checked:
//! the VM's own look-ups and trusted method handles.
//!
//! Deliberately absent: whether the member fits the instruction (see `messages`), selection at run time (`select`), and
//! what a call of a signature polymorphic method means.

use std::convert::Infallible;

use carafe_gc::metaspace::{ClassId, MetaSlice};
use hashbrown::HashSet;

use super::defaults::{Selection, candidates, select};
use super::{LinkError, LinkErrorKind, LinkHost};
use crate::bytecode::InvokeKind;
use crate::class::{Field, Method};
use crate::symbols::Symbol;
use crate::universe::Universe;

impl Universe {
    /// The field that a reference in `from` to `target` names.
    pub fn resolve_field<H: LinkHost>(
        &self,
        host: &mut H,
        from: ClassId,
        target: ClassId,
        name: Symbol,
        descriptor: Symbol,
    ) -> Result<&Field, H::Error> {
        let Some(field) = self.find_field(target, name, descriptor) else {
            let field_type = crate::names::external_type(self.text(descriptor));
            let (class, name) = (self.external_name(target), self.str(name));
            let message = format!("Class {class} does not have member field '{field_type} {name}'");
            return Err(LinkError::new(LinkErrorKind::NoSuchFieldError, message).into());
        };
        if !from.is_none() {
            self.check_field_access(host, from, target, field)?;
            self.constrain_field(host, from, field)?;
        }
        Ok(field)
    }

    /// The field that `class` declares or inherits.
    pub fn find_field(&self, class: ClassId, name: Symbol, descriptor: Symbol) -> Option<&Field> {
        let mut seen: HashSet<ClassId> = HashSet::new();
        let mut at = class;
        while !at.is_none() {
            let record = self.class(at);
            let declared = record.find_declared_field(&self.meta, name, descriptor);
            if let Some(field) =
                declared.or_else(|| self.interface_field(record.interfaces, name, descriptor, &mut seen))
            {
                return Some(field);
            }
            at = record.super_class;
        }
        None
    }

    /// Looks through interfaces and their superinterfaces, depth first.
    fn interface_field(
        &self,
        interfaces: MetaSlice<ClassId>,
        name: Symbol,
        descriptor: Symbol,
        seen: &mut HashSet<ClassId>,
    ) -> Option<&Field> {
        let mut todo: Vec<ClassId> = self.meta.slice(interfaces).iter().rev().copied().collect();
        while let Some(interface) = todo.pop() {
            if !seen.insert(interface) {
                continue;
            }
            let record = self.class(interface);
            if let Some(field) = record.find_declared_field(&self.meta, name, descriptor) {
                return Some(field);
            }
            todo.extend(self.meta.slice(record.interfaces).iter().rev());
        }
        None
    }

    /// Says what is wrong with the kind of an instruction's method reference in the words that fit the instruction: those that
    /// take references to classes and to interfaces complain of the reference, the others of the class (JVMS 5.4.3.3).
    pub fn check_reference(
        &self,
        kind: InvokeKind,
        target: ClassId,
        name: Symbol,
        descriptor: Symbol,
        interface_ref: bool,
    ) -> Result<(), LinkError> {
        let is_interface = self.class(target).is_interface();
        if is_interface == interface_ref || !matches!(kind, InvokeKind::Static | InvokeKind::Special) {
            return Ok(());
        }
        Err(self.wrong_kind_of_reference(target, name, descriptor))
    }

    /// The method that a Methodref or, with `interface_ref`, an InterfaceMethodref in `from` to `target` names. A
    /// signature polymorphic method is found under its name whatever the descriptor.
    pub fn resolve_method<H: LinkHost>(
        &self,
        host: &mut H,
        from: ClassId,
        target: ClassId,
        name: Symbol,
        descriptor: Symbol,
        interface_ref: bool,
    ) -> Result<&Method, H::Error> {
        let is_interface = self.class(target).is_interface();
        if is_interface != interface_ref {
            let class = self.external_name(target);
            let message = match is_interface {
                true => format!("Found interface {class}, but class was expected"),
                false => format!("Found class {class}, but interface was expected"),
            };
            return Err(LinkError::incompatible(message).into());
        }
        let Some(method) = self.find_method(target, name, descriptor) else {
            let method = self.external_member_of(target, name, descriptor);
            return Err(LinkError::new(LinkErrorKind::NoSuchMethodError, format!("'{method}'")).into());
        };
        if !from.is_none() {
            self.check_method_access(host, from, target, method, descriptor)?;
            if !method.is_polymorphic() {
                self.constrain_method(host, from, target, method)?;
            }
        }
        Ok(method)
    }

    /// The method that a reference to `class` finds, class or interface.
    pub fn find_method(&self, class: ClassId, name: Symbol, descriptor: Symbol) -> Option<&Method> {
        let record = self.class(class);
        if record.is_interface() {
            let declared = record.find_declared(&self.meta, name, descriptor);
            let of_object = || {
                let method = self.class(self.object_class()).find_declared(&self.meta, name, descriptor)?;
                (method.is_public() && !method.is_static()).then_some(method)
            };
            return declared.or_else(of_object).or_else(|| self.find_inherited(class, name, descriptor));
        }
        if let Some(method) = self.find_polymorphic(class, name) {
            return Some(method);
        }
        self.find_method_in_hierarchy(class, name, descriptor)
            .or_else(|| self.find_inherited(class, name, descriptor))
    }

    /// The method that `class` or a superclass of it declares, whatever its flags.
    pub fn find_method_in_hierarchy(
        &self,
        class: ClassId,
        name: Symbol,
        descriptor: Symbol,
    ) -> Option<&Method> {
        let mut at = class;
        while !at.is_none() {
            let record = self.class(at);
            if let Some(method) = record.find_declared(&self.meta, name, descriptor) {
                return Some(method);
            }
            at = record.super_class;
        }
        None
    }

    /// The signature polymorphic method of this name that MethodHandle or VarHandle itself declares.
    pub fn find_polymorphic(&self, class: ClassId, name: Symbol) -> Option<&Method> {
        let record = self.class(class);
        let holder = record.name == self.well.method_handle || record.name == self.well.var_handle;
        if !holder || !record.loader.is_boot() {
            return None;
        }
        self.meta.slice(record.methods).iter().find(|m| m.is_polymorphic() && m.name == name)
    }

    /// What superinterfaces give: the maximally-specific method with a body if there is only one, else any.
    fn find_inherited(&self, class: ClassId, name: Symbol, descriptor: Symbol) -> Option<&Method> {
        let interfaces = self.meta.slice(self.class(class).all_interfaces);
        let candidates = candidates(&self.meta, interfaces, (name, descriptor));
        let Ok(selection) = select(&self.meta, &candidates, |_| Ok::<(), Infallible>(()));
        match selection {
            Selection::Nothing => None,
            Selection::Default(method) | Selection::Abstract(method) | Selection::Conflict(method) => {
                Some(self.meta.get(method))
            }
        }
    }

    /// Where an injected field of a boot class lies.
    pub fn injected_offset(&self, class: ClassId, name: &str) -> Option<u32> {
        let fields = self.meta.slice(self.class(class).fields).iter();
        let mut injected = fields.filter(|field| field.is_injected());
        injected.find(|field| self.text(field.name) == name.as_bytes()).map(|field| field.offset)
    }
}
