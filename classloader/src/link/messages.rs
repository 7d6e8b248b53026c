//! Errors of use: what the instruction at hand may not do with the member that it resolved (JVMS 6.5).
//!
//! Invariant: each function only words an error or finds nothing to say; resolution itself never calls these.

use carafe_gc::metaspace::ClassId;

use super::{LinkError, LinkErrorKind};
use crate::class::{Field, Method};
use crate::symbols::Symbol;
use crate::universe::Universe;

impl Universe {
    /// A field is static where it must not be, or the other way round: `expect_static` is what was expected.
    pub fn wrong_kind_of_field(&self, target: ClassId, field: &Field, expect_static: bool) -> LinkError {
        let kind = if expect_static { "static" } else { "non-static" };
        let (class, name) = (self.external_name(target), self.str(field.name));
        LinkError::incompatible(format!("Expected {kind} field {class}.{name}"))
    }

    /// `invokestatic` of an instance method.
    pub fn expected_static_method(&self, method: &Method) -> LinkError {
        LinkError::incompatible(format!("Expected static method '{}'", self.external_method(method)))
    }

    /// `invokevirtual` or `invokespecial` of a static method.
    pub fn expected_instance_method(&self, method: &Method) -> LinkError {
        LinkError::incompatible(format!("Expecting non-static method '{}'", self.external_method(method)))
    }

    /// `invokeinterface` of a static method.
    pub fn expected_interface_instance_method(&self, method: &Method) -> LinkError {
        LinkError::incompatible(format!(
            "Expected instance not static method '{}'",
            self.external_method(method)
        ))
    }

    /// `invokestatic` or `invokespecial` by a Methodref to an interface, or an InterfaceMethodref to a class.
    pub fn wrong_kind_of_reference(&self, target: ClassId, name: Symbol, descriptor: Symbol) -> LinkError {
        let wanted = if self.class(target).is_interface() { "InterfaceMethodref" } else { "Methodref" };
        let method = self.external_member_of(target, name, descriptor);
        LinkError::incompatible(format!("Method '{method}' must be {wanted} constant"))
    }

    /// `new` of an abstract class or interface.
    pub fn not_instantiable(&self, class: ClassId) -> LinkError {
        LinkError::new(LinkErrorKind::InstantiationError, self.external_name(class))
    }

    /// A native method that has no implementation.
    pub fn unbound_native(&self, method: &Method) -> LinkError {
        LinkError::new(LinkErrorKind::UnsatisfiedLinkError, format!("'{}'", self.external_method(method)))
    }

    /// Whether `method` may assign a final field (JVMS 6.5, putfield and putstatic): in the declaring class only and,
    /// from version 53 on, in its initializer only.
    pub fn check_final_write(&self, method: &Method, field: &Field) -> Result<(), LinkError> {
        if !field.is_final() {
            return Ok(());
        }
        let kind = if field.is_static() { "static" } else { "non-static" };
        let (class, name) = (self.external_name(field.class), self.str(field.name));
        if method.class != field.class {
            return Err(LinkError::illegal_access(format!(
                "Update to {kind} final field {class}.{name} attempted from a different class ({}) than the field's \
                 declaring class",
                self.external_name(method.class),
            )));
        }
        let initializes = if field.is_static() { method.is_clinit() } else { method.is_init() };
        if self.class(method.class).major >= 53 && !initializes {
            let initializer = if field.is_static() { "<clinit>" } else { "<init>" };
            return Err(LinkError::illegal_access(format!(
                "Update to {kind} final field {class}.{name} attempted from a different method ({}) than the initializer \
                 method {initializer} ",
                self.str(method.name),
            )));
        }
        Ok(())
    }
}
