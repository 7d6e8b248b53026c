//! A declared field.

use carafe_gc::metaspace::{ClassId, MetaSlice, Plain};

use super::Access;
use crate::symbols::Symbol;

bitflags::bitflags! {
    #[repr(transparent)]
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct FieldFlags: u16 {
        /// Added by the VM, invisible to Java code.
        const INJECTED = 1;
        /// `@Stable`, honoured where VM annotations are.
        const STABLE = 2;
    }
}

// SAFETY: transparent u16, every bit pattern is kept.
unsafe impl Plain for FieldFlags {}

/// A field, static or not. `offset` counts bytes from the start of the object that holds it: the instance, or the
/// class's mirror for statics.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Field {
    pub class: ClassId,
    pub name: Symbol,
    pub descriptor: Symbol,
    pub offset: u32,
    pub access: Access,
    pub flags: FieldFlags,
    /// `BasicType` as u8.
    pub basic: u8,
    pub _pad: u8,
    /// Constant-pool index of the ConstantValue, 0 if none.
    pub constant: u16,
    pub signature: u16,
    pub index: u16,
    /// Attribute table, raw: u2 count, then the entries.
    pub attributes: MetaSlice<u8>,
}

// SAFETY: repr(C) of plain integers and offsets.
unsafe impl Plain for Field {}

impl Field {
    pub fn is_static(&self) -> bool {
        self.access.contains(Access::STATIC)
    }

    pub fn is_volatile(&self) -> bool {
        self.access.contains(Access::VOLATILE)
    }

    pub fn is_final(&self) -> bool {
        self.access.contains(Access::FINAL)
    }

    pub fn is_injected(&self) -> bool {
        self.flags.contains(FieldFlags::INJECTED)
    }
}
