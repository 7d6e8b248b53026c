//! The kinds of value that the VM tells apart, numbered as the `newarray` instruction numbers them (JVMS 6.5).

/// A primitive type, a reference (object or array), or void.
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BasicType {
    Boolean = 4,
    Char = 5,
    Float = 6,
    Double = 7,
    Byte = 8,
    Short = 9,
    Int = 10,
    Long = 11,
    Object = 12,
    Array = 13,
    Void = 14,
}

impl BasicType {
    /// The eight primitive value types, in number order.
    pub const PRIMITIVES: [BasicType; 8] = [
        BasicType::Boolean,
        BasicType::Char,
        BasicType::Float,
        BasicType::Double,
        BasicType::Byte,
        BasicType::Short,
        BasicType::Int,
        BasicType::Long,
    ];

    pub fn from_u8(n: u8) -> Option<BasicType> {
        Some(match n {
            4 => BasicType::Boolean,
            5 => BasicType::Char,
            6 => BasicType::Float,
            7 => BasicType::Double,
            8 => BasicType::Byte,
            9 => BasicType::Short,
            10 => BasicType::Int,
            11 => BasicType::Long,
            12 => BasicType::Object,
            13 => BasicType::Array,
            14 => BasicType::Void,
            _ => return None,
        })
    }

    /// From the first character of a descriptor.
    pub fn from_descriptor(c: u8) -> Option<BasicType> {
        Some(match c {
            b'Z' => BasicType::Boolean,
            b'C' => BasicType::Char,
            b'F' => BasicType::Float,
            b'D' => BasicType::Double,
            b'B' => BasicType::Byte,
            b'S' => BasicType::Short,
            b'I' => BasicType::Int,
            b'J' => BasicType::Long,
            b'L' => BasicType::Object,
            b'[' => BasicType::Array,
            b'V' => BasicType::Void,
            _ => return None,
        })
    }

    pub fn descriptor(self) -> u8 {
        match self {
            BasicType::Boolean => b'Z',
            BasicType::Char => b'C',
            BasicType::Float => b'F',
            BasicType::Double => b'D',
            BasicType::Byte => b'B',
            BasicType::Short => b'S',
            BasicType::Int => b'I',
            BasicType::Long => b'J',
            BasicType::Object => b'L',
            BasicType::Array => b'[',
            BasicType::Void => b'V',
        }
    }

    /// The name in source code; "object" and "array" for references.
    pub fn name(self) -> &'static str {
        match self {
            BasicType::Boolean => "boolean",
            BasicType::Char => "char",
            BasicType::Float => "float",
            BasicType::Double => "double",
            BasicType::Byte => "byte",
            BasicType::Short => "short",
            BasicType::Int => "int",
            BasicType::Long => "long",
            BasicType::Object => "object",
            BasicType::Array => "array",
            BasicType::Void => "void",
        }
    }

    /// Operand-stack and local-variable slots (JVMS 2.6.1).
    pub fn slots(self) -> usize {
        match self {
            BasicType::Long | BasicType::Double => 2,
            BasicType::Void => 0,
            _ => 1,
        }
    }

    /// log2 of the bytes of a field or array element.
    pub fn size_shift(self) -> u8 {
        match self {
            BasicType::Boolean | BasicType::Byte => 0,
            BasicType::Char | BasicType::Short => 1,
            BasicType::Int | BasicType::Float | BasicType::Object | BasicType::Array => 2,
            BasicType::Long | BasicType::Double => 3,
            BasicType::Void => 0,
        }
    }

    pub fn is_reference(self) -> bool {
        matches!(self, BasicType::Object | BasicType::Array)
    }

    pub fn is_primitive(self) -> bool {
        !self.is_reference() && self != BasicType::Void
    }
}
