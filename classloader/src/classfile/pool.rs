//! The constant pool as the class file has it.
//!
//! Invariant: entries hold indices as written; one that came through a checked read refers to entries of the
//! right kind, but the accessors look again and answer `None` where that is not so, because unchecked pools
//! exist too.
//!
//! Deliberately absent: the run-time constant pool with its resolved entries, which belongs to linking.

use crate::bytecode::CpIndex;

/// The tags of JVMS table 4.4-A.
pub mod tag {
    pub const UTF8: u8 = 1;
    pub const INTEGER: u8 = 3;
    pub const FLOAT: u8 = 4;
    pub const LONG: u8 = 5;
    pub const DOUBLE: u8 = 6;
    pub const CLASS: u8 = 7;
    pub const STRING: u8 = 8;
    pub const FIELD_REF: u8 = 9;
    pub const METHOD_REF: u8 = 10;
    pub const INTERFACE_METHOD_REF: u8 = 11;
    pub const NAME_AND_TYPE: u8 = 12;
    pub const METHOD_HANDLE: u8 = 15;
    pub const METHOD_TYPE: u8 = 16;
    pub const DYNAMIC: u8 = 17;
    pub const INVOKE_DYNAMIC: u8 = 18;
    pub const MODULE: u8 = 19;
    pub const PACKAGE: u8 = 20;
}

/// The kinds of method handles of JVMS table 5.4.3.5-A.
pub mod reference_kind {
    pub const GET_FIELD: u8 = 1;
    pub const GET_STATIC: u8 = 2;
    pub const PUT_FIELD: u8 = 3;
    pub const PUT_STATIC: u8 = 4;
    pub const INVOKE_VIRTUAL: u8 = 5;
    pub const INVOKE_STATIC: u8 = 6;
    pub const INVOKE_SPECIAL: u8 = 7;
    pub const NEW_INVOKE_SPECIAL: u8 = 8;
    pub const INVOKE_INTERFACE: u8 = 9;
}

/// One entry. Fields are indices into the same pool unless their type says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constant<'a> {
    /// Index 0, and the index after a long or double.
    Unusable,
    /// Modified UTF-8.
    Utf8(&'a [u8]),
    Integer(i32),
    /// The bits of the `float`.
    Float(u32),
    Long(i64),
    /// The bits of the `double`.
    Double(u64),
    Class {
        name: u16,
    },
    String {
        utf8: u16,
    },
    FieldRef {
        class: u16,
        name_and_type: u16,
    },
    MethodRef {
        class: u16,
        name_and_type: u16,
    },
    InterfaceMethodRef {
        class: u16,
        name_and_type: u16,
    },
    NameAndType {
        name: u16,
        descriptor: u16,
    },
    MethodHandle {
        kind: u8,
        reference: u16,
    },
    MethodType {
        descriptor: u16,
    },
    /// `bootstrap` indexes the `BootstrapMethods` attribute.
    Dynamic {
        bootstrap: u16,
        name_and_type: u16,
    },
    /// `bootstrap` indexes the `BootstrapMethods` attribute.
    InvokeDynamic {
        bootstrap: u16,
        name_and_type: u16,
    },
    Module {
        name: u16,
    },
    Package {
        name: u16,
    },
}

impl Constant<'_> {
    /// The tag that the entry has in the class file, 0 for [`Constant::Unusable`].
    pub const fn tag(self) -> u8 {
        match self {
            Constant::Unusable => 0,
            Constant::Utf8(_) => tag::UTF8,
            Constant::Integer(_) => tag::INTEGER,
            Constant::Float(_) => tag::FLOAT,
            Constant::Long(_) => tag::LONG,
            Constant::Double(_) => tag::DOUBLE,
            Constant::Class { .. } => tag::CLASS,
            Constant::String { .. } => tag::STRING,
            Constant::FieldRef { .. } => tag::FIELD_REF,
            Constant::MethodRef { .. } => tag::METHOD_REF,
            Constant::InterfaceMethodRef { .. } => tag::INTERFACE_METHOD_REF,
            Constant::NameAndType { .. } => tag::NAME_AND_TYPE,
            Constant::MethodHandle { .. } => tag::METHOD_HANDLE,
            Constant::MethodType { .. } => tag::METHOD_TYPE,
            Constant::Dynamic { .. } => tag::DYNAMIC,
            Constant::InvokeDynamic { .. } => tag::INVOKE_DYNAMIC,
            Constant::Module { .. } => tag::MODULE,
            Constant::Package { .. } => tag::PACKAGE,
        }
    }

    /// Whether `ldc` or a bootstrap method's argument may name it (JVMS table 4.4-C).
    pub const fn is_loadable(self) -> bool {
        match self {
            Constant::Integer(_)
            | Constant::Float(_)
            | Constant::Long(_)
            | Constant::Double(_)
            | Constant::Class { .. }
            | Constant::String { .. }
            | Constant::MethodHandle { .. }
            | Constant::MethodType { .. }
            | Constant::Dynamic { .. } => true,
            Constant::Unusable
            | Constant::Utf8(_)
            | Constant::FieldRef { .. }
            | Constant::MethodRef { .. }
            | Constant::InterfaceMethodRef { .. }
            | Constant::NameAndType { .. }
            | Constant::InvokeDynamic { .. }
            | Constant::Module { .. }
            | Constant::Package { .. } => false,
        }
    }
}

/// A field or method that an entry names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberRef<'a> {
    /// The class's name, an array's descriptor included.
    pub class: &'a [u8],
    pub name: &'a [u8],
    pub descriptor: &'a [u8],
    /// Whether it is an `InterfaceMethodRef`.
    pub interface: bool,
}

/// All entries, index 0 included.
#[derive(Clone, Debug, Default)]
pub struct ConstantPool<'a> {
    pub(super) entries: Vec<Constant<'a>>,
}

impl<'a> ConstantPool<'a> {
    /// A pool of entries that nobody has looked at, index 0 included.
    pub fn unchecked(entries: Vec<Constant<'a>>) -> ConstantPool<'a> {
        ConstantPool { entries }
    }

    /// What the class file gives as `constant_pool_count`: one more than the highest index.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it lacks even index 0, which no pool that was read does.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry, [`Constant::Unusable`] for an index without one.
    #[inline]
    pub fn get(&self, index: u16) -> Constant<'a> {
        self.entries.get(usize::from(index)).copied().unwrap_or(Constant::Unusable)
    }

    /// Entries with their indices, unusable ones left out.
    pub fn iter(&self) -> impl Iterator<Item = (CpIndex, Constant<'a>)> {
        (0..=u16::MAX)
            .map(CpIndex)
            .zip(self.entries.iter().copied())
            .filter(|(_, constant)| *constant != Constant::Unusable)
    }

    /// The bytes of a `Utf8` entry.
    #[inline]
    pub fn utf8(&self, index: u16) -> Option<&'a [u8]> {
        match self.get(index) {
            Constant::Utf8(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The name of a `Class` entry.
    pub fn class_name(&self, index: u16) -> Option<&'a [u8]> {
        match self.get(index) {
            Constant::Class { name } => self.utf8(name),
            _ => None,
        }
    }

    /// The name of a `Module` entry.
    pub fn module_name(&self, index: u16) -> Option<&'a [u8]> {
        match self.get(index) {
            Constant::Module { name } => self.utf8(name),
            _ => None,
        }
    }

    /// The name of a `Package` entry, in internal form.
    pub fn package_name(&self, index: u16) -> Option<&'a [u8]> {
        match self.get(index) {
            Constant::Package { name } => self.utf8(name),
            _ => None,
        }
    }

    /// Name and descriptor of a `NameAndType` entry.
    pub fn name_and_type(&self, index: u16) -> Option<(&'a [u8], &'a [u8])> {
        match self.get(index) {
            Constant::NameAndType { name, descriptor } => Some((self.utf8(name)?, self.utf8(descriptor)?)),
            _ => None,
        }
    }

    /// The member that a `FieldRef`, `MethodRef` or `InterfaceMethodRef` entry names.
    pub fn member(&self, index: u16) -> Option<MemberRef<'a>> {
        let (class, name_and_type, interface) = match self.get(index) {
            Constant::FieldRef { class, name_and_type } | Constant::MethodRef { class, name_and_type } => {
                (class, name_and_type, false)
            }
            Constant::InterfaceMethodRef { class, name_and_type } => (class, name_and_type, true),
            _ => return None,
        };
        let (name, descriptor) = self.name_and_type(name_and_type)?;
        Some(MemberRef { class: self.class_name(class)?, name, descriptor, interface })
    }

    /// Name and descriptor of whatever entry has a `NameAndType`: members, dynamic constants and call sites.
    pub fn name_and_type_of(&self, index: u16) -> Option<(&'a [u8], &'a [u8])> {
        match self.get(index) {
            Constant::FieldRef { name_and_type, .. }
            | Constant::MethodRef { name_and_type, .. }
            | Constant::InterfaceMethodRef { name_and_type, .. }
            | Constant::Dynamic { name_and_type, .. }
            | Constant::InvokeDynamic { name_and_type, .. } => self.name_and_type(name_and_type),
            _ => None,
        }
    }
}
