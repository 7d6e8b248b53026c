//! Reading the constant pool, and judging its entries' references to one another.

use super::Reader;
use crate::classfile::error::{ClassFileError, Result};
use crate::classfile::mutf8;
use crate::classfile::pool::{Constant, ConstantPool, reference_kind, tag};

/// The major versions that brought the younger kinds of constants.
const INVOKE_DYNAMIC_SINCE: u16 = 51;
const MODULES_SINCE: u16 = 53;
const DYNAMIC_SINCE: u16 = 55;

impl<'a> Reader<'a> {
    pub(super) fn constant_pool(&mut self) -> Result<()> {
        self.need(3)?;
        let count = self.u16()?;
        self.require(count >= 1, format_args!("Illegal constant pool size {count}"))?;
        // Every entry takes three bytes or more; do not believe a count that the file cannot hold.
        let mut entries = Vec::with_capacity(usize::from(count).min(self.bytes.len() / 3 + 2));
        entries.push(Constant::Unusable);
        while entries.len() < usize::from(count) {
            let constant = self.constant()?;
            entries.push(constant);
            if matches!(constant, Constant::Long(_) | Constant::Double(_)) {
                let index = entries.len() - 1;
                let room = entries.len() < usize::from(count);
                self.require(room, format_args!("Invalid constant pool entry {index}"))?;
                entries.push(Constant::Unusable);
            }
        }
        self.judged = if self.check { vec![0; entries.len()] } else { Vec::new() };
        self.pool = ConstantPool { entries };
        for index in 1..count {
            self.references(index)?;
        }
        if self.check {
            for index in 1..count {
                self.names(index)?;
            }
        }
        Ok(())
    }

    fn constant(&mut self) -> Result<Constant<'a>> {
        let tag = self.u8()?;
        let constant = match tag {
            tag::UTF8 => {
                let len = usize::from(self.u16()?);
                let bytes = self.take(len)?;
                self.need(1)?;
                let legal = !self.check || mutf8::is_legal(bytes, self.rules.major <= 47);
                self.require(legal, format_args!("Illegal UTF8 string in constant pool"))?;
                Constant::Utf8(bytes)
            }
            tag::INTEGER => Constant::Integer(self.u32()? as i32),
            tag::FLOAT => Constant::Float(self.u32()?),
            tag::LONG => Constant::Long(self.u64()? as i64),
            tag::DOUBLE => Constant::Double(self.u64()?),
            tag::CLASS => Constant::Class { name: self.u16()? },
            tag::STRING => Constant::String { utf8: self.u16()? },
            tag::FIELD_REF => Constant::FieldRef { class: self.u16()?, name_and_type: self.u16()? },
            tag::METHOD_REF => Constant::MethodRef { class: self.u16()?, name_and_type: self.u16()? },
            tag::INTERFACE_METHOD_REF => {
                Constant::InterfaceMethodRef { class: self.u16()?, name_and_type: self.u16()? }
            }
            tag::NAME_AND_TYPE => Constant::NameAndType { name: self.u16()?, descriptor: self.u16()? },
            tag::METHOD_HANDLE => {
                self.since(INVOKE_DYNAMIC_SINCE, tag)?;
                Constant::MethodHandle { kind: self.u8()?, reference: self.u16()? }
            }
            tag::METHOD_TYPE => {
                self.since(INVOKE_DYNAMIC_SINCE, tag)?;
                Constant::MethodType { descriptor: self.u16()? }
            }
            tag::DYNAMIC => {
                self.since(DYNAMIC_SINCE, tag)?;
                self.bootstrapped(|bootstrap, name_and_type| Constant::Dynamic { bootstrap, name_and_type })?
            }
            tag::INVOKE_DYNAMIC => {
                self.since(INVOKE_DYNAMIC_SINCE, tag)?;
                self.bootstrapped(|bootstrap, name_and_type| Constant::InvokeDynamic {
                    bootstrap,
                    name_and_type,
                })?
            }
            tag::MODULE | tag::PACKAGE if self.rules.major >= MODULES_SINCE => {
                // Only once the flags are known can this be judged: a class must not have it, a module may.
                self.module_constant = Some(tag);
                let name = self.u16()?;
                if tag == tag::MODULE { Constant::Module { name } } else { Constant::Package { name } }
            }
            _ => return Err(self.defect(format_args!("Unknown constant tag {tag}"))),
        };
        Ok(constant)
    }

    fn bootstrapped(&mut self, make: impl FnOnce(u16, u16) -> Constant<'a>) -> Result<Constant<'a>> {
        let (bootstrap, name_and_type) = (self.u16()?, self.u16()?);
        self.bootstraps_needed = self.bootstraps_needed.max(u32::from(bootstrap) + 1);
        Ok(make(bootstrap, name_and_type))
    }

    fn since(&self, major: u16, tag: u8) -> Result<()> {
        self.require(
            self.rules.major >= major,
            format_args!("Class file version does not support constant tag {tag}"),
        )
    }

    /// Whether what the entry refers to is of the right kind.
    fn references(&self, index: u16) -> Result<()> {
        let valid =
            |fine: bool, index: u16| self.require(fine, format_args!("Invalid constant pool index {index}"));
        let is_utf8 = |index| matches!(self.pool.get(index), Constant::Utf8(_));
        let is_class = |index| matches!(self.pool.get(index), Constant::Class { .. });
        let is_name_and_type = |index| matches!(self.pool.get(index), Constant::NameAndType { .. });
        match self.pool.get(index) {
            Constant::Unusable
            | Constant::Utf8(_)
            | Constant::Integer(_)
            | Constant::Float(_)
            | Constant::Long(_)
            | Constant::Double(_) => Ok(()),
            Constant::Class { name } => valid(is_utf8(name), name),
            Constant::String { utf8 } => valid(is_utf8(utf8), utf8),
            Constant::FieldRef { class, name_and_type }
            | Constant::MethodRef { class, name_and_type }
            | Constant::InterfaceMethodRef { class, name_and_type } => {
                valid(is_class(class), class)?;
                valid(is_name_and_type(name_and_type), name_and_type)
            }
            Constant::NameAndType { name, descriptor } => {
                valid(is_utf8(name), name)?;
                valid(is_utf8(descriptor), descriptor)
            }
            Constant::MethodHandle { kind, reference } => self.method_handle(index, kind, reference),
            Constant::MethodType { descriptor } => valid(is_utf8(descriptor), descriptor),
            Constant::Dynamic { name_and_type, .. } | Constant::InvokeDynamic { name_and_type, .. } => {
                valid(is_name_and_type(name_and_type), name_and_type)
            }
            Constant::Module { name } | Constant::Package { name } => valid(is_utf8(name), name),
        }
    }

    fn method_handle(&self, index: u16, kind: u8, reference: u16) -> Result<()> {
        let target = self.pool.get(reference);
        self.require(target != Constant::Unusable, format_args!("Invalid constant pool index {reference}"))?;
        let method = matches!(target, Constant::MethodRef { .. });
        let interface_method = matches!(target, Constant::InterfaceMethodRef { .. });
        let (fine, what) = match kind {
            reference_kind::GET_FIELD
            | reference_kind::GET_STATIC
            | reference_kind::PUT_FIELD
            | reference_kind::PUT_STATIC => (matches!(target, Constant::FieldRef { .. }), "a field"),
            reference_kind::INVOKE_VIRTUAL | reference_kind::NEW_INVOKE_SPECIAL => (method, "a method"),
            reference_kind::INVOKE_STATIC | reference_kind::INVOKE_SPECIAL => {
                (method || interface_method && self.rules.major >= 52, "a method")
            }
            reference_kind::INVOKE_INTERFACE => (interface_method, "an interface method"),
            _ => {
                return Err(
                    self.defect(format_args!("Bad method handle kind at constant pool index {index}"))
                );
            }
        };
        if fine {
            return Ok(());
        }
        let class = self.class();
        Err(ClassFileError::format(format!(
            "Invalid constant pool index {reference} in class file {class} (not {what})"
        )))
    }

    /// Whether the names and descriptors that the entry uses are legal. References have been judged before.
    fn names(&mut self, index: u16) -> Result<()> {
        match self.pool.get(index) {
            Constant::Unusable
            | Constant::Utf8(_)
            | Constant::Integer(_)
            | Constant::Float(_)
            | Constant::Long(_)
            | Constant::Double(_)
            | Constant::String { .. }
            | Constant::Module { .. }
            | Constant::Package { .. } => Ok(()),
            Constant::Class { name } => {
                let text = self.pool.utf8(name).unwrap_or_default();
                self.judge_class_name(name, text)
            }
            Constant::NameAndType { name, descriptor } => self.name_and_type(name, descriptor),
            Constant::FieldRef { name_and_type, .. } => {
                let (name, descriptor) = self.pool.name_and_type(name_and_type).unwrap_or_default();
                if is_method(descriptor) {
                    return Err(self.rules.illegal_descriptor("Field", name, descriptor));
                }
                Ok(())
            }
            Constant::Dynamic { name_and_type, .. } => {
                let (name, descriptor) = self.pool.name_and_type(name_and_type).unwrap_or_default();
                if is_method(descriptor) {
                    return Err(self.rules.illegal_descriptor("CONSTANT_Dynamic", name, descriptor));
                }
                Ok(())
            }
            Constant::MethodRef { name_and_type, .. } => self.method_ref(name_and_type, true),
            Constant::InterfaceMethodRef { name_and_type, .. }
            | Constant::InvokeDynamic { name_and_type, .. } => self.method_ref(name_and_type, false),
            Constant::MethodHandle { kind, reference } => self.method_handle_name(kind, reference),
            Constant::MethodType { descriptor } => {
                let text = self.pool.utf8(descriptor).unwrap_or_default();
                // A name that no rule cares about, which is what the message then shows.
                self.judge_method_descriptor(descriptor, b"type", text).map(drop)
            }
        }
    }

    fn name_and_type(&mut self, name: u16, descriptor: u16) -> Result<()> {
        let (name_text, text) =
            (self.pool.utf8(name).unwrap_or_default(), self.pool.utf8(descriptor).unwrap_or_default());
        for (index, bytes) in [(descriptor, text), (name, name_text)] {
            if bytes.is_empty() {
                let class = self.class();
                return Err(ClassFileError::format(format!(
                    "Illegal zero length constant pool entry at {index} in class {class}"
                )));
            }
        }
        if is_method(text) {
            self.judge_method_name(name, name_text)?;
            self.judge_method_descriptor(descriptor, name_text, text).map(drop)
        } else {
            self.judge_field_name(name, name_text)?;
            self.judge_field_descriptor(descriptor, name_text, text)
        }
    }

    fn method_ref(&self, name_and_type: u16, in_class: bool) -> Result<()> {
        let (name, descriptor) = self.pool.name_and_type(name_and_type).unwrap_or_default();
        if !is_method(descriptor) {
            return Err(self.rules.illegal_descriptor("Method", name, descriptor));
        }
        let special = name.first() == Some(&b'<') && name != b"<init>";
        let Constant::NameAndType { name, .. } = self.pool.get(name_and_type) else { return Ok(()) };
        self.require(!(in_class && special), format_args!("Bad method name at constant pool index {name}"))
    }

    fn method_handle_name(&self, kind: u8, reference: u16) -> Result<()> {
        let (Constant::MethodRef { name_and_type, .. } | Constant::InterfaceMethodRef { name_and_type, .. }) =
            self.pool.get(reference)
        else {
            return Ok(());
        };
        let Constant::NameAndType { name, .. } = self.pool.get(name_and_type) else { return Ok(()) };
        let is_constructor = self.pool.utf8(name) == Some(b"<init>");
        match kind {
            reference_kind::NEW_INVOKE_SPECIAL => self
                .require(is_constructor, format_args!("Bad constructor name at constant pool index {name}")),
            reference_kind::INVOKE_VIRTUAL
            | reference_kind::INVOKE_STATIC
            | reference_kind::INVOKE_SPECIAL => {
                self.require(!is_constructor, format_args!("Bad method name at constant pool index {name}"))
            }
            _ => Ok(()),
        }
    }
}

/// Whether a descriptor, legal or not, is meant as a method's.
fn is_method(descriptor: &[u8]) -> bool {
    descriptor.first() == Some(&b'(')
}
