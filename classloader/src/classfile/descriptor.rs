//! Field and method descriptors: reading them, the slots that they take, and how messages print them.
//!
//! Invariant: parsing follows the grammar of JVMS 4.3 but does not judge the class names inside (that depends
//! on the class file's version and is [`check`](super::check)'s matter); it is total, so a descriptor that
//! breaks the grammar is `None`, whatever its bytes.
//!
//! Deliberately absent: generic signatures, which only Java code interprets.

use super::mutf8;
use crate::bytecode::{Kind, PrimKind};

/// The type that a field descriptor describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldType<'a> {
    Primitive(PrimKind),
    /// The class's name in internal form, `java/lang/String`.
    Class(&'a [u8]),
    /// The whole descriptor, which is also the array class's name, `[Ljava/lang/String;`.
    Array(&'a [u8]),
}

impl<'a> FieldType<'a> {
    /// The type that all of `descriptor` describes.
    pub fn parse(descriptor: &'a [u8]) -> Option<FieldType<'a>> {
        match take(descriptor)? {
            (field_type, []) => Some(field_type),
            _ => None,
        }
    }

    /// The type that a class constant's name stands for: a descriptor if it is an array's, else a class.
    pub fn of_class_name(name: &'a [u8]) -> FieldType<'a> {
        if name.first() == Some(&b'[') { FieldType::Array(name) } else { FieldType::Class(name) }
    }

    /// The computational type of a value.
    pub fn kind(self) -> Kind {
        match self {
            FieldType::Primitive(prim) => prim.kind(),
            FieldType::Class(_) | FieldType::Array(_) => Kind::Ref,
        }
    }

    /// Slots that a value takes in local variables.
    pub fn slots(self) -> u32 {
        self.kind().slots()
    }

    /// Dimensions of the array, 0 for what is none.
    pub fn dimensions(self) -> usize {
        match self {
            FieldType::Primitive(_) | FieldType::Class(_) => 0,
            FieldType::Array(descriptor) => descriptor.iter().take_while(|&&byte| byte == b'[').count(),
        }
    }

    /// The type of the array's elements, one dimension less.
    pub fn component(self) -> Option<FieldType<'a>> {
        match self {
            FieldType::Primitive(_) | FieldType::Class(_) => None,
            FieldType::Array(descriptor) => FieldType::parse(descriptor.get(1..)?),
        }
    }

    /// As Java source would write it: `int`, `java.lang.String[]`.
    pub fn external_name(self) -> String {
        match self {
            FieldType::Primitive(prim) => prim.name().to_owned(),
            FieldType::Class(name) => external_class_name(name),
            FieldType::Array(descriptor) => {
                let dimensions = self.dimensions();
                let element = descriptor.get(dimensions..).and_then(FieldType::parse);
                let mut name = element.map_or_else(|| mutf8::to_string(descriptor), FieldType::external_name);
                name.push_str(&"[]".repeat(dimensions));
                name
            }
        }
    }
}

/// A parsed method descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MethodDescriptor<'a> {
    parameters: &'a [u8],
    /// The type of the result, `None` for `void`.
    pub result: Option<FieldType<'a>>,
}

impl<'a> MethodDescriptor<'a> {
    /// The types that all of `descriptor` describes.
    pub fn parse(descriptor: &'a [u8]) -> Option<MethodDescriptor<'a>> {
        let inside = descriptor.strip_prefix(b"(")?;
        let mut rest = inside;
        while rest.first()? != &b')' {
            rest = take(rest)?.1;
        }
        let parameters = inside.get(..inside.len() - rest.len())?;
        let result = match rest.get(1..)? {
            b"V" => None,
            result => Some(FieldType::parse(result)?),
        };
        Some(MethodDescriptor { parameters, result })
    }

    /// The parameters' types in order.
    pub fn parameters(&self) -> impl Iterator<Item = FieldType<'a>> + Clone + use<'a> {
        let mut rest = self.parameters;
        std::iter::from_fn(move || {
            let (field_type, tail) = take(rest)?;
            rest = tail;
            Some(field_type)
        })
    }

    /// Slots that the arguments take, the receiver not counted.
    pub fn argument_slots(&self) -> u32 {
        self.parameters().map(FieldType::slots).sum()
    }

    /// The computational type of the result, `None` for `void`.
    pub fn result_kind(&self) -> Option<Kind> {
        self.result.map(FieldType::kind)
    }

    /// The parameters as messages list them: `int, java.lang.String[]`.
    pub fn external_parameters(&self) -> String {
        let names: Vec<_> = self.parameters().map(FieldType::external_name).collect();
        names.join(", ")
    }

    /// The result as messages name it.
    pub fn external_result(&self) -> String {
        self.result.map_or_else(|| "void".to_owned(), FieldType::external_name)
    }
}

/// `java.lang.Object` from `java/lang/Object`. Array names are left as descriptors, dotted.
pub fn external_class_name(internal: &[u8]) -> String {
    mutf8::to_string(internal).replace('/', ".")
}

/// A method as messages name it: `void java.lang.Thread.join(long, int)`.
pub fn external_method(class: &[u8], name: &[u8], descriptor: &[u8]) -> String {
    let (class, name) = (external_class_name(class), mutf8::to_string(name));
    match MethodDescriptor::parse(descriptor) {
        Some(parsed) => {
            format!("{} {class}.{name}({})", parsed.external_result(), parsed.external_parameters())
        }
        None => format!("{class}.{name}{}", mutf8::to_string(descriptor)),
    }
}

/// The type that `descriptor` starts with, and what follows it.
fn take(descriptor: &[u8]) -> Option<(FieldType<'_>, &[u8])> {
    let dimensions = descriptor.iter().take_while(|&&byte| byte == b'[').count();
    let (&tag, after) = descriptor.get(dimensions..)?.split_first()?;
    let prim = |prim| (FieldType::Primitive(prim), after);
    let (element, rest) = match tag {
        b'B' => prim(PrimKind::Byte),
        b'C' => prim(PrimKind::Char),
        b'D' => prim(PrimKind::Double),
        b'F' => prim(PrimKind::Float),
        b'I' => prim(PrimKind::Int),
        b'J' => prim(PrimKind::Long),
        b'S' => prim(PrimKind::Short),
        b'Z' => prim(PrimKind::Boolean),
        b'L' => {
            let end = after.iter().position(|&byte| byte == b';')?;
            (FieldType::Class(after.get(..end)?), after.get(end + 1..)?)
        }
        _ => return None,
    };
    match dimensions {
        0 => Some((element, rest)),
        1..=255 => Some((FieldType::Array(descriptor.get(..descriptor.len() - rest.len())?), rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        let check = |descriptor: &str, name: &str, slots: u32| {
            let parsed = FieldType::parse(descriptor.as_bytes()).unwrap();
            assert_eq!((parsed.external_name().as_str(), parsed.slots()), (name, slots));
        };
        check("I", "int", 1);
        check("J", "long", 2);
        check("[D", "double[]", 1);
        check("Ljava/lang/String;", "java.lang.String", 1);
        check("[[Ljava/util/Map$Entry;", "java.util.Map$Entry[][]", 1);
        for bad in ["", "V", "X", "II", "L", "Lx", "[", "[V", "Lx;I"] {
            assert_eq!(FieldType::parse(bad.as_bytes()), None, "{bad}");
        }
        let deep = |dimensions: usize| format!("{}I", "[".repeat(dimensions));
        assert!(FieldType::parse(deep(255).as_bytes()).is_some());
        assert!(FieldType::parse(deep(256).as_bytes()).is_none());
        assert_eq!(FieldType::parse(b"[[I").unwrap().component(), FieldType::parse(b"[I"));
        assert_eq!(FieldType::parse(b"[I").unwrap().component(), Some(FieldType::Primitive(PrimKind::Int)));
    }

    #[test]
    fn methods() {
        let parsed = MethodDescriptor::parse(b"(IJ[Ljava/lang/String;DLx;)V").unwrap();
        assert_eq!(parsed.argument_slots(), 7);
        assert_eq!(parsed.result, None);
        assert_eq!(parsed.external_parameters(), "int, long, java.lang.String[], double, x");
        let parsed = MethodDescriptor::parse(b"()[J").unwrap();
        assert_eq!((parsed.argument_slots(), parsed.result_kind()), (0, Some(Kind::Ref)));
        for bad in ["", "(", ")", "()", "I", "(V)V", "()VV", "(I", "()L", "(Lx)V", "()[V"] {
            assert_eq!(MethodDescriptor::parse(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(
            external_method(b"java/lang/Thread", b"join", b"(JI)V"),
            "void java.lang.Thread.join(long, int)"
        );
    }
}
