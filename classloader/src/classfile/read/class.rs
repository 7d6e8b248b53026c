//! Reading the attributes of the class itself.

use std::collections::HashMap;

use super::Reader;
use super::member::annotation_bit;
use crate::classfile::access;
use crate::classfile::attributes::{AttributeTable, InnerClass, Raw};
use crate::classfile::error::Result;
use crate::classfile::pool::Constant;

/// What a class says about itself beyond its members. Indices are into the pool.
#[derive(Clone, Debug)]
pub struct ClassAttributes<'a> {
    pub source_file: Option<u16>,
    pub source_debug_extension: Option<Raw<'a>>,
    /// Index of the generic signature.
    pub signature: Option<u16>,
    /// Entries of `InnerClasses`, unless a class is inside itself there; for
    /// [`crate::classfile::attributes::inner_classes`].
    pub inner_classes: Option<Raw<'a>>,
    /// Indices of the class and, if it is not 0, the name and type of the method around this class.
    pub enclosing_method: Option<(u16, u16)>,
    pub nest_host: Option<u16>,
    /// For [`crate::classfile::attributes::class_list`].
    pub nest_members: Option<Raw<'a>>,
    /// For [`crate::classfile::attributes::class_list`].
    pub permitted_subclasses: Option<Raw<'a>>,
    /// For [`crate::classfile::attributes::record_components`].
    pub record: Option<Raw<'a>>,
    /// Where each entry of `BootstrapMethods` starts in the file, for
    /// [`crate::classfile::attributes::BootstrapMethod::at`].
    pub bootstrap_methods: Vec<u32>,
    pub annotations: Option<Raw<'a>>,
    pub type_annotations: Option<Raw<'a>>,
    /// The contents of `Module`, which only a module has.
    pub module: Option<Raw<'a>>,
    /// All attributes, to be looked at again.
    pub table: AttributeTable<'a>,
}

/// Attributes that have been seen and that have no field that would tell.
#[derive(Default)]
struct Seen {
    annotations: u16,
    bootstrap_methods: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn class_attributes(&mut self) -> Result<ClassAttributes<'a>> {
        let start = self.at;
        let mut class = ClassAttributes {
            source_file: None,
            source_debug_extension: None,
            signature: None,
            inner_classes: None,
            enclosing_method: None,
            nest_host: None,
            nest_members: None,
            permitted_subclasses: None,
            record: None,
            bootstrap_methods: Vec::new(),
            annotations: None,
            type_annotations: None,
            module: None,
            table: self.table_from(start),
        };
        let mut seen = Seen::default();
        for _ in 0..self.u16()? {
            self.class_attribute(&mut class, &mut seen)?;
        }
        class.table = self.table_from(start);
        let end = self.at;
        if let Some(inner) = class.inner_classes {
            let counts = self.inner_classes(inner)?;
            class.inner_classes = class.inner_classes.filter(|_| counts);
        }
        if let Some(members) = class.nest_members {
            self.class_list(members, "Wrong NestMembers attribute length", "Nest member class_info_index")?;
        }
        if let Some(permitted) = class.permitted_subclasses {
            self.class_list(
                permitted,
                "Wrong PermittedSubclasses attribute length",
                "Permitted subclass class_info_index",
            )?;
        }
        if let Some(record) = class.record {
            self.record(record)?;
        }
        self.at = end;
        let missing = self.bootstraps_needed > 0 && !seen.bootstrap_methods;
        self.require(!missing, format_args!("Missing BootstrapMethods attribute"))?;
        Ok(class)
    }

    fn class_attribute(&mut self, class: &mut ClassAttributes<'a>, seen: &mut Seen) -> Result<()> {
        let (name, len) = self.attribute("Attribute name has bad constant pool index")?;
        let start = self.at;
        let since = |major: u16| self.rules.major >= major;
        match name {
            b"SourceFile" => {
                self.demand(len == 2, format_args!("Wrong SourceFile attribute length"))?;
                self.once(class.source_file.is_some(), "SourceFile")?;
                let index = self.u16()?;
                let fine = self.pool.utf8(index).is_some();
                self.require(
                    fine,
                    format_args!("Invalid SourceFile attribute at constant pool index {index}"),
                )?;
                class.source_file = Some(index);
            }
            b"SourceDebugExtension" => {
                self.once(class.source_debug_extension.is_some(), "SourceDebugExtension")?;
                class.source_debug_extension = Some(self.raw(len)?);
            }
            b"InnerClasses" => {
                self.once(class.inner_classes.is_some(), "InnerClasses")?;
                class.inner_classes = Some(self.raw(len)?);
            }
            b"Synthetic" => {
                self.empty(name, "classfile", len)?;
                self.access |= access::SYNTHETIC;
            }
            b"Deprecated" => self.empty(name, "classfile", len)?,
            b"Signature" if since(49) => {
                self.once(class.signature.is_some(), "Signature")?;
                self.require(len == 2, format_args!("Wrong Signature attribute length {len}"))?;
                let index = self.u16()?;
                let fine = self.pool.utf8(index).is_some();
                self.require(
                    fine,
                    format_args!("Invalid constant pool index {index} in Signature attribute"),
                )?;
                class.signature = Some(index);
            }
            b"EnclosingMethod" if since(49) => {
                self.once(class.enclosing_method.is_some(), "EnclosingMethod")?;
                class.enclosing_method = Some(self.enclosing_method(len)?);
            }
            b"BootstrapMethods" if since(51) => {
                self.once(seen.bootstrap_methods, "BootstrapMethods")?;
                seen.bootstrap_methods = true;
                class.bootstrap_methods = self.bootstrap_methods(len)?;
            }
            b"NestMembers" if since(55) => {
                self.once(class.nest_members.is_some(), "NestMembers")?;
                let host = class.nest_host.is_some();
                self.require(!host, format_args!("Conflicting NestHost and NestMembers attributes"))?;
                class.nest_members = Some(self.raw(len)?);
            }
            b"NestHost" if since(55) => {
                self.once(class.nest_host.is_some(), "NestHost")?;
                let members = class.nest_members.is_some();
                self.require(!members, format_args!("Conflicting NestMembers and NestHost attributes"))?;
                self.demand(len == 2, format_args!("Wrong NestHost attribute length"))?;
                let index = self.u16()?;
                self.class_index(index, "Nest-host class_info_index")?;
                class.nest_host = Some(index);
            }
            b"Record" if since(60) => {
                self.once(class.record.is_some(), "Record")?;
                class.record = Some(self.raw(len)?);
            }
            b"PermittedSubclasses" if since(61) => {
                self.once(class.permitted_subclasses.is_some(), "PermittedSubclasses")?;
                if self.access & access::FINAL != 0 {
                    let class = self.class();
                    return Err(crate::classfile::ClassFileError::format(format!(
                        "PermittedSubclasses attribute in final class file {class}"
                    )));
                }
                class.permitted_subclasses = Some(self.raw(len)?);
            }
            b"Module" if self.access & access::MODULE != 0 => class.module = Some(self.raw(len)?),
            _ => match annotation_bit(name) {
                Some(bit) if since(49) => self.only_once(&mut seen.annotations, bit, name, "", len)?,
                _ => self.take(len as usize).map(drop)?,
            },
        }
        // The two that reflection reads later.
        let kept = match name {
            b"RuntimeVisibleAnnotations" => &mut class.annotations,
            b"RuntimeVisibleTypeAnnotations" => &mut class.type_annotations,
            _ => return Ok(()),
        };
        *kept = Raw::at(self.bytes, start as u32, len);
        Ok(())
    }

    fn once(&self, again: bool, name: &str) -> Result<()> {
        self.require(!again, format_args!("Multiple {name} attributes"))
    }

    fn raw(&mut self, len: u32) -> Result<Raw<'a>> {
        let offset = self.at as u32;
        Ok(Raw { bytes: self.take(len as usize)?, offset })
    }

    fn class_index(&self, index: u16, what: &str) -> Result<()> {
        let fine = self.pool.class_name(index).is_some();
        self.require(fine, format_args!("{what} {index} has bad constant type"))
    }

    fn enclosing_method(&mut self, len: u32) -> Result<(u16, u16)> {
        self.require(len == 4, format_args!("Wrong EnclosingMethod attribute length {len}"))?;
        let (class, method) = (self.u16()?, self.u16()?);
        self.require(class != 0, format_args!("Invalid class index in EnclosingMethod attribute"))?;
        self.require(
            self.pool.class_name(class).is_some(),
            format_args!("Invalid or out-of-bounds class index in EnclosingMethod attribute"),
        )?;
        self.require(
            method == 0 || matches!(self.pool.get(method), Constant::NameAndType { .. }),
            format_args!("Invalid or out-of-bounds method index in EnclosingMethod attribute"),
        )?;
        Ok((class, method))
    }

    fn bootstrap_methods(&mut self, len: u32) -> Result<Vec<u32>> {
        let start = self.at;
        self.require(len >= 2, format_args!("Invalid BootstrapMethods attribute length {len}"))?;
        self.need(len as usize)?;
        let count = self.u16()?;
        let enough = self.bootstraps_needed <= u32::from(count);
        self.require(enough, format_args!("Short length on BootstrapMethods"))?;
        let mut offsets = Vec::with_capacity(usize::from(count).min(len as usize / 4));
        for _ in 0..count {
            self.need(4)?;
            offsets.push(self.at as u32);
            let (method, arguments) = (self.u16()?, self.u16()?);
            self.require(
                matches!(self.pool.get(method), Constant::MethodHandle { .. }),
                format_args!("bootstrap_method_index {method} has bad constant type"),
            )?;
            self.require(
                self.at - start + usize::from(arguments) * 2 <= len as usize,
                format_args!(
                    "Invalid BootstrapMethods num_bootstrap_methods or num_bootstrap_arguments value"
                ),
            )?;
            for _ in 0..arguments {
                let argument = self.u16()?;
                let fine = self.pool.get(argument).is_loadable();
                self.require(fine, format_args!("argument_index {argument} has bad constant type"))?;
            }
        }
        let wrong = self.at - start != len as usize;
        self.require(!wrong, format_args!("Bad length on BootstrapMethods"))?;
        Ok(offsets)
    }

    /// Answers whether the attribute counts: one in which a class is inside itself is ignored.
    fn inner_classes(&mut self, inner: Raw<'a>) -> Result<bool> {
        if !self.check {
            return Ok(true);
        }
        self.at = inner.offset as usize;
        let count = usize::from(self.u16()?);
        self.need(count * 8)?;
        let mut entries = Vec::with_capacity(count);
        for _ in 0..count {
            let entry =
                InnerClass { inner: self.u16()?, outer: self.u16()?, name: self.u16()?, access: self.u16()? };
            self.inner_class(&entry)?;
            entries.push(entry);
        }
        // Two constants may name one class.
        let named = |index: u16, reader: &mut Self| match reader.pool.get(index) {
            Constant::Class { name } => reader.same(name),
            _ => 0,
        };
        let by_name: Vec<(u16, u16)> =
            entries.iter().map(|entry| (named(entry.inner, self), named(entry.outer, self))).collect();
        let inside_itself = first_inside_itself(&by_name);
        // The reference machine looks for a duplicate of each entry in turn, up to the first that is inside
        // itself.
        let mut first = HashMap::with_capacity(count);
        for (index, entry) in entries.iter().enumerate() {
            let original = *first.entry(entry).or_insert(index);
            let counts = inside_itself.is_none_or(|limit| original < limit);
            self.require(
                original == index || !counts,
                format_args!("Duplicate entry in InnerClasses attribute"),
            )?;
        }
        let wrong = inner.bytes.len() != 2 + count * 8;
        self.require(!wrong || self.rules.major < 49, format_args!("Wrong InnerClasses attribute length"))?;
        Ok(inside_itself.is_none())
    }

    fn inner_class(&self, entry: &InnerClass) -> Result<()> {
        self.class_index(entry.inner, "inner_class_info_index")?;
        if entry.outer != 0 {
            self.class_index(entry.outer, "outer_class_info_index")?;
            let outer = self.pool.class_name(entry.outer).unwrap_or_default();
            self.require(outer.first() != Some(&b'['), format_args!("Outer class is an array class"))?;
        }
        let name = self.pool.utf8(entry.name);
        self.require(
            entry.name == 0 || name.is_some(),
            format_args!("inner_name_index {} has bad constant type", entry.name),
        )?;
        self.require(entry.inner != entry.outer, format_args!("Class is both outer and inner class"))?;
        // The reference machine names the class that is read, not the inner one, in both errors.
        let flags = self.meaningful(entry.access, access::OF_INNER_CLASS);
        if flags & access::MODULE != 0 {
            return Err(self.is_module());
        }
        self.rules.class_access(flags)
    }

    fn class_list(&mut self, list: Raw<'a>, wrong_length: &str, bad_index: &str) -> Result<()> {
        // The count is believed before the attribute's length is, as on the reference machine.
        self.at = list.offset as usize;
        let count = usize::from(self.u16()?);
        self.need(count * 2)?;
        for _ in 0..count {
            let index = self.u16()?;
            self.class_index(index, bad_index)?;
        }
        self.demand(list.bytes.len() == 2 + count * 2, format_args!("{wrong_length}"))
    }

    fn record(&mut self, record: Raw<'a>) -> Result<()> {
        self.at = record.offset as usize;
        for _ in 0..self.u16()? {
            self.need(6)?;
            let name_index = self.u16()?;
            let name =
                self.utf8(name_index, "Invalid constant pool index", "for name in Record attribute")?;
            self.judge_field_name(name_index, name)?;
            let index = self.u16()?;
            let text =
                self.utf8(index, "Invalid constant pool index", "for descriptor in Record attribute")?;
            self.judge_field_descriptor(index, name, text)?;
            let mut seen = 0;
            let mut signature = false;
            for _ in 0..self.u16()? {
                self.component_attribute(&mut seen, &mut signature)?;
            }
        }
        let wrong = self.at - record.offset as usize != record.bytes.len();
        self.demand(!wrong, format_args!("Record attribute has wrong length"))
    }

    fn component_attribute(&mut self, seen: &mut u16, signature: &mut bool) -> Result<()> {
        let (name, len) = self.attribute("Invalid Record attribute name index")?;
        if name == b"Signature" {
            self.require(!*signature, format_args!("Multiple Signature attributes for Record component"))?;
            self.require(
                len == 2,
                format_args!("Invalid Signature attribute length {len} in Record component"),
            )?;
            *signature = true;
            let index = self.u16()?;
            let fine = self.pool.utf8(index).is_some();
            return self
                .require(fine, format_args!("Invalid Signature attribute at constant pool index {index}"));
        }
        match annotation_bit(name) {
            Some(bit) => self.only_once(seen, bit, name, " for Record component", len),
            None => self.take(len as usize).map(drop),
        }
    }
}

/// The first entry (names of inner and outer class) from which the way outwards, entry by entry, ends in a circle.
fn first_inside_itself(entries: &[(u16, u16)]) -> Option<usize> {
    let mut by_inner = HashMap::with_capacity(entries.len());
    for (index, &(inner, _)) in entries.iter().enumerate() {
        by_inner.entry(inner).or_insert(index);
    }
    // For each entry, the walk that came by it. A walk that meets itself has found a circle; one that meets
    // an earlier walk goes the way that one went, which found none.
    let mut walks = vec![None; entries.len()];
    for start in 0..entries.len() {
        let mut at = Some(start);
        while let Some(index) = at {
            match walks.get_mut(index) {
                Some(walk @ None) => *walk = Some(start),
                Some(Some(walk)) if *walk == start => return Some(start),
                Some(Some(_)) | None => break,
            }
            let outer = entries.get(index).map_or(0, |&(_, outer)| outer);
            at = by_inner.get(&outer).copied().filter(|_| outer != 0);
        }
    }
    None
}
