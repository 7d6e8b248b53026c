//! A parsed constant pool as the bytecode passes want to see it: shapes of what entries name, and entries as
//! text.

use std::fmt;

use super::descriptor::{FieldType, MethodDescriptor};
use super::mutf8;
use super::pool::{Constant, ConstantPool};
use crate::bytecode::CpIndex;
use crate::bytecode::disasm::ConstantPrinter;
use crate::bytecode::refmap::{CallShape, ConstantShapes, Shape};

impl ConstantShapes for ConstantPool<'_> {
    fn field(&self, index: CpIndex) -> Option<Shape> {
        let member = self.member(index.0)?;
        Some(FieldType::parse(member.descriptor)?.kind().into())
    }

    fn call(&self, index: CpIndex) -> Option<CallShape> {
        let (_, descriptor) = self.name_and_type_of(index.0)?;
        let descriptor = MethodDescriptor::parse(descriptor)?;
        let result = descriptor.result_kind().map(Shape::from);
        Some(CallShape { argument_slots: descriptor.argument_slots(), result })
    }

    fn constant(&self, index: CpIndex) -> Option<Shape> {
        Some(match self.get(index.0) {
            Constant::Integer(_) | Constant::Float(_) => Shape::One,
            Constant::Class { .. }
            | Constant::String { .. }
            | Constant::MethodHandle { .. }
            | Constant::MethodType { .. } => Shape::Ref,
            Constant::Long(_) | Constant::Double(_) => Shape::Two,
            Constant::Dynamic { name_and_type, .. } => {
                let (_, descriptor) = self.name_and_type(name_and_type)?;
                FieldType::parse(descriptor)?.kind().into()
            }
            Constant::Unusable
            | Constant::Utf8(_)
            | Constant::FieldRef { .. }
            | Constant::MethodRef { .. }
            | Constant::InterfaceMethodRef { .. }
            | Constant::NameAndType { .. }
            | Constant::InvokeDynamic { .. }
            | Constant::Module { .. }
            | Constant::Package { .. } => return None,
        })
    }
}

impl ConstantPrinter for ConstantPool<'_> {
    fn print(&self, index: CpIndex, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |bytes: Option<&[u8]>| bytes.map_or_else(|| "?".to_owned(), mutf8::to_string);
        match self.get(index.0) {
            Constant::Unusable => f.write_str("?"),
            Constant::Utf8(bytes) => f.write_str(&mutf8::to_string(bytes)),
            Constant::Integer(value) => write!(f, "int {value}"),
            Constant::Float(bits) => write!(f, "float {:?}", f32::from_bits(bits)),
            Constant::Long(value) => write!(f, "long {value}"),
            Constant::Double(bits) => write!(f, "double {:?}", f64::from_bits(bits)),
            Constant::Class { name } => write!(f, "class {}", text(self.utf8(name))),
            Constant::String { utf8 } => write!(f, "String {:?}", text(self.utf8(utf8))),
            Constant::FieldRef { .. } | Constant::MethodRef { .. } | Constant::InterfaceMethodRef { .. } => {
                match self.member(index.0) {
                    Some(member) => write!(
                        f,
                        "{}.{}:{}",
                        mutf8::to_string(member.class),
                        mutf8::to_string(member.name),
                        mutf8::to_string(member.descriptor)
                    ),
                    None => f.write_str("?"),
                }
            }
            Constant::NameAndType { name, descriptor } => {
                write!(f, "{}:{}", text(self.utf8(name)), text(self.utf8(descriptor)))
            }
            Constant::MethodHandle { kind, reference } => {
                write!(f, "MethodHandle {kind} ")?;
                // A handle names a member, so this goes one level deep; should it name another handle, it
                // stops.
                match self.get(reference) {
                    Constant::MethodHandle { .. } => f.write_str("?"),
                    _ => self.print(CpIndex(reference), f),
                }
            }
            Constant::MethodType { descriptor } => write!(f, "MethodType {}", text(self.utf8(descriptor))),
            Constant::Dynamic { bootstrap, name_and_type }
            | Constant::InvokeDynamic { bootstrap, name_and_type } => {
                let (name, descriptor) = self.name_and_type(name_and_type).unwrap_or_default();
                write!(f, "#{bootstrap}:{}:{}", mutf8::to_string(name), mutf8::to_string(descriptor))
            }
            Constant::Module { name } => write!(f, "module {}", text(self.utf8(name))),
            Constant::Package { name } => write!(f, "package {}", text(self.utf8(name))),
        }
    }
}
