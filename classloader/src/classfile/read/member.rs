//! Reading fields and methods.

use std::collections::HashSet;

use super::Reader;
use super::code::Code;
use crate::classfile::access;
use crate::classfile::attributes::AttributeTable;
use crate::classfile::error::{ClassFileError, Result};
use crate::classfile::mutf8;
use crate::classfile::pool::Constant;

/// Slots that the arguments of a method may take, the receiver among them.
const ARGUMENT_SLOTS_MAX: u32 = 255;

/// A field as its class file declares it.
#[derive(Clone, Debug)]
pub struct FieldInfo<'a> {
    /// Flags with meaning only; `SYNTHETIC` is also set by the attribute of that name.
    pub access: u16,
    pub name_index: u16,
    pub descriptor_index: u16,
    pub name: &'a [u8],
    pub descriptor: &'a [u8],
    /// Index of the initial value of a static field.
    pub constant_value: Option<u16>,
    /// Index of the generic signature.
    pub signature: Option<u16>,
    /// All attributes, to be looked at again.
    pub attributes: AttributeTable<'a>,
}

/// A method as its class file declares it.
#[derive(Clone, Debug)]
pub struct MethodInfo<'a> {
    /// Flags with meaning only; `SYNTHETIC` is also set by the attribute of that name. A class initializer
    /// keeps `STATIC` (and `STRICT`) alone.
    pub access: u16,
    pub name_index: u16,
    pub descriptor_index: u16,
    pub name: &'a [u8],
    pub descriptor: &'a [u8],
    /// `None` for native and abstract methods.
    pub code: Option<Code<'a>>,
    /// Indices of the classes that it declares to throw.
    pub exceptions: Vec<u16>,
    /// Index of the generic signature.
    pub signature: Option<u16>,
    /// All attributes, to be looked at again.
    pub attributes: AttributeTable<'a>,
}

/// Attributes that may stand only once, as bits.
mod once {
    pub(super) const VISIBLE: u16 = 1;
    pub(super) const INVISIBLE: u16 = 2;
    pub(super) const VISIBLE_TYPE: u16 = 4;
    pub(super) const INVISIBLE_TYPE: u16 = 8;
    pub(super) const VISIBLE_PARAMETER: u16 = 16;
    pub(super) const INVISIBLE_PARAMETER: u16 = 32;
    pub(super) const DEFAULT: u16 = 64;
    pub(super) const PARAMETERS: u16 = 128;
    pub(super) const EXCEPTIONS: u16 = 256;
}

/// The annotation attributes that fields, methods, classes and record components share.
pub(super) fn annotation_bit(name: &[u8]) -> Option<u16> {
    Some(match name {
        b"RuntimeVisibleAnnotations" => once::VISIBLE,
        b"RuntimeInvisibleAnnotations" => once::INVISIBLE,
        b"RuntimeVisibleTypeAnnotations" => once::VISIBLE_TYPE,
        b"RuntimeInvisibleTypeAnnotations" => once::INVISIBLE_TYPE,
        _ => return None,
    })
}

/// Those that only methods have.
fn method_annotation_bit(name: &[u8]) -> Option<u16> {
    Some(match name {
        b"RuntimeVisibleParameterAnnotations" => once::VISIBLE_PARAMETER,
        b"RuntimeInvisibleParameterAnnotations" => once::INVISIBLE_PARAMETER,
        b"AnnotationDefault" => once::DEFAULT,
        _ => return annotation_bit(name),
    })
}

impl<'a> Reader<'a> {
    pub(super) fn fields(&mut self) -> Result<Vec<FieldInfo<'a>>> {
        let count = usize::from(self.u16()?);
        let mut fields = Vec::with_capacity(count.min((self.bytes.len() - self.at) / 8 + 1));
        for _ in 0..count {
            fields.push(self.field()?);
        }
        self.no_duplicates("field", fields.iter().map(|field| (field.name_index, field.descriptor_index)))?;
        Ok(fields)
    }

    fn field(&mut self) -> Result<FieldInfo<'a>> {
        self.need(8)?;
        let flags = self.u16()? & access::OF_FIELD;
        if self.check {
            self.rules.field_access(flags, self.access & access::INTERFACE != 0)?;
        }
        let name_index = self.u16()?;
        let name = self.utf8(name_index, "Invalid constant pool index", "for field name")?;
        self.judge_field_name(name_index, name)?;
        let descriptor_index = self.u16()?;
        let descriptor = self.utf8(descriptor_index, "Invalid constant pool index", "for field signature")?;
        self.judge_field_descriptor(descriptor_index, name, descriptor)?;
        let start = self.at;
        let mut field = FieldInfo {
            access: flags,
            name_index,
            descriptor_index,
            name,
            descriptor,
            constant_value: None,
            signature: None,
            attributes: self.table_from(start),
        };
        let mut seen = 0;
        for _ in 0..self.u16()? {
            self.field_attribute(&mut field, &mut seen)?;
        }
        field.attributes = self.table_from(start);
        Ok(field)
    }

    fn field_attribute(&mut self, field: &mut FieldInfo<'a>, seen: &mut u16) -> Result<()> {
        let (name, len) = self.attribute("Invalid field attribute index")?;
        match name {
            b"ConstantValue" if field.access & access::STATIC != 0 => {
                let again = field.constant_value.is_some();
                self.require(!again, format_args!("Duplicate ConstantValue attribute"))?;
                self.require(len == 2, format_args!("Invalid ConstantValue field attribute length {len}"))?;
                let value = self.u16()?;
                if self.check {
                    self.constant_value(value, field.descriptor)?;
                }
                field.constant_value = Some(value);
            }
            b"Synthetic" => {
                self.empty(name, "field", len)?;
                field.access |= access::SYNTHETIC;
            }
            b"Deprecated" => self.empty(name, "field", len)?,
            b"Signature" if self.rules.major >= 49 => {
                let again = field.signature.is_some();
                self.require(!again, format_args!("Multiple Signature attributes for field"))?;
                self.require(len == 2, format_args!("Wrong size {len} for field's Signature attribute"))?;
                field.signature = Some(self.member_signature()?);
            }
            _ => match annotation_bit(name) {
                Some(bit) if self.rules.major >= 49 => self.only_once(seen, bit, name, " for field", len)?,
                _ => self.take(len as usize).map(drop)?,
            },
        }
        Ok(())
    }

    /// Whether a static field of this type may have that constant as its initial value.
    fn constant_value(&self, value: u16, descriptor: &[u8]) -> Result<()> {
        let constant = self.pool.get(value);
        let known = value > 0 && usize::from(value) < self.pool.len();
        self.require(known, format_args!("Bad initial value index {value} in ConstantValue attribute"))?;
        let fits = match descriptor.first() {
            Some(b'J') => matches!(constant, Constant::Long(_)),
            Some(b'F') => matches!(constant, Constant::Float(_)),
            Some(b'D') => matches!(constant, Constant::Double(_)),
            Some(b'B' | b'C' | b'I' | b'S' | b'Z') => matches!(constant, Constant::Integer(_)),
            Some(b'L') => {
                let fits = descriptor == b"Ljava/lang/String;" && matches!(constant, Constant::String { .. });
                return self.require(fits, format_args!("Bad string initial value"));
            }
            _ => return Err(self.defect(format_args!("Unable to set initial value {value}"))),
        };
        self.require(fits, format_args!("Inconsistent constant value type"))
    }

    pub(super) fn methods(&mut self) -> Result<Vec<MethodInfo<'a>>> {
        let count = usize::from(self.u16()?);
        let mut methods = Vec::with_capacity(count.min((self.bytes.len() - self.at) / 8 + 1));
        for _ in 0..count {
            methods.push(self.method()?);
        }
        self.no_duplicates(
            "method",
            methods.iter().map(|method| (method.name_index, method.descriptor_index)),
        )?;
        Ok(methods)
    }

    fn method(&mut self) -> Result<MethodInfo<'a>> {
        self.need(8)?;
        let flags = self.u16()?;
        let name_index = self.u16()?;
        let name = self.utf8(name_index, "Illegal constant pool index", "for method name")?;
        self.judge_method_name(name_index, name)?;
        let descriptor_index = self.u16()?;
        let descriptor =
            self.utf8(descriptor_index, "Illegal constant pool index", "for method signature")?;
        let flags = self.method_flags(flags, name)?;
        let slots = self.judge_method_descriptor(descriptor_index, name, descriptor)?
            + u32::from(flags & access::STATIC == 0);
        self.demand(slots <= ARGUMENT_SLOTS_MAX, format_args!("Too many arguments in method signature"))?;

        let start = self.at;
        let mut method = MethodInfo {
            access: flags & access::OF_METHOD,
            name_index,
            descriptor_index,
            name,
            descriptor,
            code: None,
            exceptions: Vec::new(),
            signature: None,
            attributes: self.table_from(start),
        };
        let mut seen = 0;
        for _ in 0..self.u16()? {
            self.method_attribute(&mut method, &mut seen, slots)?;
        }
        method.attributes = self.table_from(start);
        let has_code = method.code.is_some() || method.access & (access::NATIVE | access::ABSTRACT) != 0;
        self.demand(
            has_code,
            format_args!("Absent Code attribute in method that is not native or abstract"),
        )?;
        Ok(method)
    }

    /// Judges a method's flags and answers those that count.
    fn method_flags(&self, flags: u16, name: &[u8]) -> Result<u16> {
        let in_interface = self.access & access::INTERFACE != 0;
        if name == b"<clinit>" {
            // The other flags of a class initializer are without meaning, and before version 51 so was this
            // one.
            if self.rules.major < 51 {
                return Ok(access::STATIC);
            }
            if flags & access::STATIC == 0 {
                return Err(ClassFileError::in_class_file(
                    format_args!("Method <clinit> is not static"),
                    self.rules.class,
                ));
            }
            let strict = if self.rules.major <= 60 { access::STRICT } else { 0 };
            return Ok(flags & (access::STATIC | strict));
        }
        if self.check {
            self.rules.method_access(flags, in_interface, name)?;
        }
        if in_interface && name == b"<init>" {
            let class = self.class();
            return Err(ClassFileError::format(format!(
                "Interface cannot have a method named <init>, class file {class}"
            )));
        }
        Ok(flags)
    }

    fn method_attribute(&mut self, method: &mut MethodInfo<'a>, seen: &mut u16, slots: u32) -> Result<()> {
        let (name, len) = self.attribute("Invalid method attribute name index")?;
        match name {
            b"Code" => {
                let bodiless = method.access & (access::NATIVE | access::ABSTRACT) != 0;
                self.demand(!bodiless, format_args!("Code attribute in native or abstract methods"))?;
                self.require(method.code.is_none(), format_args!("Multiple Code attributes"))?;
                method.code = Some(self.code(len, slots)?);
            }
            b"Exceptions" => {
                let again = *seen & once::EXCEPTIONS != 0;
                self.require(!again, format_args!("Multiple Exceptions attributes"))?;
                *seen |= once::EXCEPTIONS;
                method.exceptions = self.exceptions(len)?;
            }
            b"MethodParameters" => {
                let again = *seen & once::PARAMETERS != 0;
                self.require(!again, format_args!("Multiple MethodParameters attributes"))?;
                *seen |= once::PARAMETERS;
                let count = u32::from(self.u8()?);
                if len != count * 4 + 1 {
                    return Err(ClassFileError::format(format!(
                        "Invalid MethodParameters method attribute length {len} in class file"
                    )));
                }
                self.take(count as usize * 4)?;
            }
            b"Synthetic" => {
                self.empty(name, "method", len)?;
                method.access |= access::SYNTHETIC;
            }
            b"Deprecated" => self.empty(name, "method", len)?,
            b"Signature" if self.rules.major >= 49 => {
                let again = method.signature.is_some();
                self.require(!again, format_args!("Multiple Signature attributes for method"))?;
                self.require(len == 2, format_args!("Invalid Signature attribute length {len}"))?;
                method.signature = Some(self.member_signature()?);
            }
            _ => match method_annotation_bit(name) {
                Some(bit) if self.rules.major >= 49 => self.only_once(seen, bit, name, " for method", len)?,
                _ => self.take(len as usize).map(drop)?,
            },
        }
        Ok(())
    }

    fn exceptions(&mut self, len: u32) -> Result<Vec<u16>> {
        let count = usize::from(self.u16()?);
        self.need(count * 2)?;
        let mut exceptions = Vec::with_capacity(count);
        for _ in 0..count {
            let class = self.u16()?;
            let fine = self.pool.class_name(class).is_some();
            self.require(fine, format_args!("Exception name has bad type at constant pool {class}"))?;
            exceptions.push(class);
        }
        let wrong = len as usize != 2 + count * 2;
        self.demand(!wrong, format_args!("Exceptions attribute has wrong length"))?;
        Ok(exceptions)
    }

    /// A `Utf8` entry, or the defect that `what` and `of` frame the index with.
    pub(super) fn utf8(&self, index: u16, what: &str, of: &str) -> Result<&'a [u8]> {
        self.pool.utf8(index).ok_or_else(|| self.defect(format_args!("{what} {index} {of}")))
    }

    /// The name and length of the attribute that starts here.
    pub(super) fn attribute(&mut self, bad_name: &str) -> Result<(&'a [u8], u32)> {
        self.need(6)?;
        let (index, len) = (self.u16()?, self.u32()?);
        let name = self.pool.utf8(index);
        Ok((name.ok_or_else(|| self.defect(format_args!("{bad_name} {index}")))?, len))
    }

    /// `Synthetic` and `Deprecated` have no contents.
    pub(super) fn empty(&self, name: &[u8], of: &str, len: u32) -> Result<()> {
        let name = if len == 0 { return Ok(()) } else { mutf8::to_string(name) };
        Err(self.defect(format_args!("Invalid {name} {of} attribute length {len}")))
    }

    /// Skips an attribute that may stand once.
    pub(super) fn only_once(
        &mut self,
        seen: &mut u16,
        bit: u16,
        name: &[u8],
        of: &str,
        len: u32,
    ) -> Result<()> {
        if *seen & bit != 0 {
            let name = mutf8::to_string(name);
            return Err(self.defect(format_args!("Multiple {name} attributes{of}")));
        }
        *seen |= bit;
        self.take(len as usize).map(drop)
    }

    fn member_signature(&mut self) -> Result<u16> {
        let index = self.u16()?;
        let fine = self.pool.utf8(index).is_some();
        self.require(fine, format_args!("Invalid Signature attribute at constant pool index {index}"))?;
        Ok(index)
    }

    fn no_duplicates(
        &mut self,
        what: &str,
        members: impl ExactSizeIterator<Item = (u16, u16)>,
    ) -> Result<()> {
        if !self.check || members.len() < 2 {
            return Ok(());
        }
        let mut seen = HashSet::with_capacity(members.len());
        for (name, descriptor) in members {
            if !seen.insert((self.same(name), self.same(descriptor))) {
                let text = |index| mutf8::to_string(self.pool.utf8(index).unwrap_or_default());
                let (name, descriptor) = (text(name), text(descriptor).replace('/', "."));
                return Err(self.defect(format_args!(
                    "Duplicate {what} name \"{name}\" with signature \"{descriptor}\""
                )));
            }
        }
        Ok(())
    }
}
