//! Nests: which classes share their private members (JVMS 5.4.4).
//!
//! Invariant: every class has one nest host, found when first asked for and never changed. A claim that does not hold
//! (the host is missing, elsewhere, or does not list the class) is no error: the class is then its own host.

use std::sync::atomic::Ordering;

use carafe_gc::metaspace::{ClassId, MetaSlice};

use super::LinkHost;
use crate::class::{Class, Pool};
use crate::classfile::attributes::{self, AttributeTable, Raw};
use crate::symbols::Symbol;
use crate::universe::Universe;

/// The class-file version in which the attributes of nests began to mean something.
const NESTS_SINCE: u16 = 55;

impl Universe {
    /// The nest host of a class; may load it.
    pub fn nest_host<H: LinkHost>(&self, host: &mut H, class: ClassId) -> Result<ClassId, H::Error> {
        let record = self.class(class);
        let known = record.nest_host.load(Ordering::Acquire);
        if known != 0 {
            return Ok(ClassId(known));
        }
        let found = match self.claimed_host(record) {
            None => class,
            Some(name) => match host.load_class(record.loader, name) {
                Ok(claimed) if self.lists_member(claimed, class) => claimed,
                Ok(_) => class,
                Err(error) => {
                    host.absorb(error)?;
                    class
                }
            },
        };
        // Another thread may have found it meanwhile, and finds the same but for a failure that has gone: first wins.
        match record.nest_host.compare_exchange(0, found.0, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => Ok(found),
            Err(earlier) => Ok(ClassId(earlier)),
        }
    }

    /// Why a class is not in the nest that it claims to be in; `None` if it is, or claims none. May load the host.
    pub(super) fn nest_claim_error<H: LinkHost>(
        &self,
        host: &mut H,
        class: ClassId,
    ) -> Result<Option<String>, H::Error> {
        let record = self.class(class);
        let Some(name) = self.claimed_host(record) else { return Ok(None) };
        let claimed = match host.load_class(record.loader, name) {
            Ok(claimed) => claimed,
            Err(error) => {
                let why = host.absorb(error)?;
                let (class, name) = (self.external_name(class), self.str(name));
                return Ok(Some(format!("Nest host resolution of {class} with host {name} failed: {why}")));
            }
        };
        if self.lists_member(claimed, class) {
            return Ok(None);
        }
        let why = match self.same_package(claimed, class) {
            true => "current type is not listed as a nest member",
            false => "types are in different packages",
        };
        Ok(Some(format!(
            "Type {} (loader: {}) is not a nest member of type {} (loader: {}): {why}",
            self.external_name(class),
            host.loader_name(record.loader),
            self.external_name(claimed),
            host.loader_name(self.class(claimed).loader),
        )))
    }

    /// Whether two classes are in the same nest; may load their hosts.
    pub fn are_nestmates<H: LinkHost>(&self, host: &mut H, a: ClassId, b: ClassId) -> Result<bool, H::Error> {
        if a == b {
            return Ok(true);
        }
        if !self.same_package(a, b) {
            return Ok(false);
        }
        Ok(self.nest_host(host, a)? == self.nest_host(host, b)?)
    }

    /// The names that a nest host lists as its members, in order; empty for a class that hosts nobody.
    pub fn nest_members(&self, class: ClassId) -> Vec<Symbol> {
        let record = self.class(class);
        if record.major < NESTS_SINCE {
            return Vec::new();
        }
        let Some(members) = self.class_attribute(record, "NestMembers") else { return Vec::new() };
        let pool = self.meta.get(record.pool);
        attributes::class_list(&members).map(|index| pool.class_name(&self.meta, index)).collect()
    }

    fn claimed_host(&self, class: &Class) -> Option<Symbol> {
        if class.is_hidden() || class.major < NESTS_SINCE {
            return None;
        }
        let attribute = self.class_attribute(class, "NestHost")?;
        let name = self.meta.get(class.pool).class_name(&self.meta, attributes::single_index(&attribute)?);
        (!name.is_none() && self.text(name).first() != Some(&b'[')).then_some(name)
    }

    fn lists_member(&self, host: ClassId, class: ClassId) -> bool {
        let record = self.class(host);
        let name = self.class(class).name;
        if !self.same_package(host, class) || record.is_hidden() || record.major < NESTS_SINCE {
            return false;
        }
        let Some(members) = self.class_attribute(record, "NestMembers") else { return false };
        let pool = self.meta.get(record.pool);
        attributes::class_list(&members).any(|index| pool.class_name(&self.meta, index) == name)
    }

    /// The contents of a class-level attribute; `None` for arrays and primitives too.
    pub fn class_attribute(&self, class: &Class, name: &str) -> Option<Raw<'_>> {
        self.attribute(class, class.attributes, name)
    }

    /// The contents of an attribute in one of the tables of a class, its methods or its fields, if the class's version
    /// knows it.
    pub fn attribute(&self, class: &Class, table: MetaSlice<u8>, name: &str) -> Option<Raw<'_>> {
        if class.pool.is_null() || table.is_empty() || class.major < attributes::since(name) {
            return None;
        }
        let pool: &Pool = self.meta.get(class.pool);
        let table = AttributeTable::at(self.meta.slice(table), 0);
        table.find_by(|index| pool.utf8(&self.meta, index) == name.as_bytes())
    }
}
