//! Access control (JVMS 5.4.4): which classes and members a class may refer to.
//!
//! Invariants: a run-time package is a package name and a loader; an array is as accessible as its element type; before
//! java.base is defined there are no module boundaries.
//!
//! Deliberately absent: reflection's checks, which the library makes, and `setAccessible`.

use carafe_gc::metaspace::ClassId;

use super::{Describe, LinkError, LinkHost};
use crate::class::{Access, Field, Method, is_subtype};
use crate::symbols::Symbol;
use crate::universe::Universe;

/// Whether one class may refer to another, and if not, why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ClassAccess {
    Allowed,
    /// Not public and in another run-time package.
    NotVisible,
    /// The module does not read the other's.
    NotReadable,
    /// The other module does not export the package.
    NotExported,
}

impl Universe {
    /// Whether two classes are in the same run-time package.
    pub fn same_package(&self, a: ClassId, b: ClassId) -> bool {
        let (a, b) = (self.class(a), self.class(b));
        a.loader == b.loader && a.package == b.package
    }

    /// Whether `from` may refer to class `to`.
    pub fn class_access(&self, from: ClassId, to: ClassId) -> ClassAccess {
        let to = self.element_class(to);
        let (current, other) = (self.class(from), self.class(to));
        if from == to || other.is_primitive() || self.same_package(from, to) {
            return ClassAccess::Allowed;
        }
        if !other.access.contains(Access::PUBLIC) {
            return ClassAccess::NotVisible;
        }
        if !self.modules.is_java_base_defined() {
            return ClassAccess::Allowed;
        }
        let (reader, exporter) = (self.module_of(current), self.module_of(other));
        if !self.modules.can_read(reader, exporter) {
            return ClassAccess::NotReadable;
        }
        if !self.modules.is_exported(exporter, other.package, reader) {
            return ClassAccess::NotExported;
        }
        ClassAccess::Allowed
    }

    /// IllegalAccessError unless `from` may refer to class `to`.
    pub fn check_class_access(
        &self,
        describe: &dyn Describe,
        from: ClassId,
        to: ClassId,
    ) -> Result<(), LinkError> {
        match self.class_access(from, to) {
            ClassAccess::Allowed => Ok(()),
            ClassAccess::NotVisible => {
                let to = self.element_class(to);
                Err(LinkError::illegal_access(format!(
                    "failed to access class {} from class {} ({})",
                    self.external_name(to),
                    self.external_name(from),
                    self.in_homes(describe, to, from),
                )))
            }
            refusal => {
                let to = self.element_class(to);
                Err(LinkError::illegal_access(self.boundary_message(describe, from, to, refusal)))
            }
        }
    }

    /// Why a module boundary keeps `from` away from `to`.
    pub(super) fn boundary_message(
        &self,
        describe: &dyn Describe,
        from: ClassId,
        to: ClassId,
        refusal: ClassAccess,
    ) -> String {
        let module = |class: ClassId| {
            let id = self.module_of(self.class(class));
            match describe.module_name(id) {
                Some(name) => (format!("module {name}"), true),
                None => (format!("unnamed module @0x{:x}", describe.module_hash(id)), false),
            }
        };
        let ((reader, _), (exporter, _)) = (module(from), module(to));
        let because = if refusal == ClassAccess::NotReadable {
            format!("{reader} does not read {exporter}")
        } else {
            let package = self.str(self.class(to).package).replace('/', ".");
            format!("{exporter} does not export {package} to {reader}")
        };
        format!(
            "class {} (in {reader}) cannot access class {} (in {exporter}) because {because}",
            self.external_name(from),
            self.external_name(to),
        )
    }

    /// Whether `from` may use a member with these flags that `holder` declares and that was found through `target`. Asks
    /// for nest hosts only where a private member of another class is at stake.
    pub fn member_access<H: LinkHost>(
        &self,
        host: &mut H,
        from: ClassId,
        target: ClassId,
        holder: ClassId,
        access: Access,
    ) -> Result<bool, H::Error> {
        if access.contains(Access::PUBLIC) || from == holder {
            return Ok(true);
        }
        if access.contains(Access::PRIVATE) {
            return self.are_nestmates(host, from, holder);
        }
        if self.same_package(from, holder) {
            return Ok(true);
        }
        if !access.contains(Access::PROTECTED) || !is_subtype(&self.meta, from, holder) {
            return Ok(false);
        }
        // The receiver must be of the class's own kind, as far as the reference tells; the verifier sees the rest.
        Ok(access.contains(Access::STATIC)
            || is_subtype(&self.meta, target, from)
            || is_subtype(&self.meta, from, target))
    }

    /// IllegalAccessError unless `from` may use a method that was found through `target` under this descriptor, which is
    /// the method's own unless it is signature polymorphic.
    pub fn check_method_access<H: LinkHost>(
        &self,
        host: &mut H,
        from: ClassId,
        target: ClassId,
        method: &Method,
        descriptor: Symbol,
    ) -> Result<(), H::Error> {
        if self.class(target).is_array() && method.name == self.well.clone {
            // Arrays have a public `clone`, though it is Object's.
            return Ok(());
        }
        if self.member_access(host, from, target, method.class, method.access)? {
            return Ok(());
        }
        let nests = self.nests_of_private(host, from, method.class, method.access)?;
        let flag = |flag: Access, text| if method.access.contains(flag) { text } else { "" };
        Err(LinkError::illegal_access(format!(
            "class {} tried to access {}{}{}method '{}' ({}){nests}",
            self.external_name(from),
            flag(Access::ABSTRACT, "abstract "),
            flag(Access::PROTECTED, "protected "),
            flag(Access::PRIVATE, "private "),
            self.external_member_of(method.class, method.name, descriptor),
            self.in_homes(host, from, method.class),
        ))
        .into())
    }

    /// For the message about a private member: claims to be in a nest that do not hold.
    fn nests_of_private<H: LinkHost>(
        &self,
        host: &mut H,
        from: ClassId,
        holder: ClassId,
        access: Access,
    ) -> Result<String, H::Error> {
        if !access.contains(Access::PRIVATE) {
            return Ok(String::new());
        }
        let errors = [self.nest_claim_error(host, from)?, self.nest_claim_error(host, holder)?];
        let errors: Vec<String> = errors.into_iter().flatten().collect();
        Ok(if errors.is_empty() { String::new() } else { format!(", ({})", errors.join(", ")) })
    }

    /// IllegalAccessError unless `from` may use a field that was found through `target`.
    pub fn check_field_access<H: LinkHost>(
        &self,
        host: &mut H,
        from: ClassId,
        target: ClassId,
        field: &Field,
    ) -> Result<(), H::Error> {
        if self.member_access(host, from, target, field.class, field.access)? {
            return Ok(());
        }
        let nests = self.nests_of_private(host, from, field.class, field.access)?;
        let flag = |flag: Access, text| if field.access.contains(flag) { text } else { "" };
        Err(LinkError::illegal_access(format!(
            "class {} tried to access {}{}field {} ({}){nests}",
            self.external_name(from),
            flag(Access::PROTECTED, "protected "),
            flag(Access::PRIVATE, "private "),
            self.external_field(field),
            self.in_homes(host, from, field.class),
        ))
        .into())
    }
}
