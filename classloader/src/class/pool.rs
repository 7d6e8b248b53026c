//! The run-time constant pool: what the class file says, and what has been resolved so far.
//!
//! `raw` never changes. `resolved` has one word per entry, 0 until resolved; what the word means depends on the tag:
//!
//! | tag | raw | resolved |
//! |---|---|---|
//! | Utf8 | offset in the class file, length << 32 | Symbol, once interned |
//! | Integer, Float | the bits | - |
//! | Long, Double | the bits | - |
//! | Class | Symbol of the name | ClassId |
//! | String | index of the Utf8 | 1 + index in the class's array of resolved objects |
//! | Field/Method/InterfaceMethodref | class index, name-and-type index << 16 | `Meta<Field>` or `Meta<Method>` |
//! | NameAndType | Symbol of the name, Symbol of the descriptor << 32 | - |
//! | MethodHandle | kind, reference index << 16 | 1 + index of the resolved object |
//! | MethodType | Symbol of the descriptor | 1 + index of the resolved object |
//! | Dynamic, InvokeDynamic | bootstrap index, name-and-type index << 16 | Dynamic: 1 + index of the resolved object |
//!
//! Bit 63 of `resolved` marks a failed resolution; the low bits then number the error that must be thrown again.

use std::sync::atomic::{AtomicU64, Ordering};

use carafe_gc::metaspace::{ClassId, MetaSlice, Metaspace, Plain};

use crate::symbols::{Symbol, SymbolTable};

pub const RESOLUTION_FAILED: u64 = 1 << 63;

/// Constant-pool tags (JVMS 4.4).
pub mod tag {
    pub const UTF8: u8 = 1;
    pub const INTEGER: u8 = 3;
    pub const FLOAT: u8 = 4;
    pub const LONG: u8 = 5;
    pub const DOUBLE: u8 = 6;
    pub const CLASS: u8 = 7;
    pub const STRING: u8 = 8;
    pub const FIELD: u8 = 9;
    pub const METHOD: u8 = 10;
    pub const INTERFACE_METHOD: u8 = 11;
    pub const NAME_AND_TYPE: u8 = 12;
    pub const METHOD_HANDLE: u8 = 15;
    pub const METHOD_TYPE: u8 = 16;
    pub const DYNAMIC: u8 = 17;
    pub const INVOKE_DYNAMIC: u8 = 18;
    pub const MODULE: u8 = 19;
    pub const PACKAGE: u8 = 20;
}

#[repr(C)]
pub struct Pool {
    pub class: ClassId,
    /// The class file.
    pub bytes: MetaSlice<u8>,
    pub tags: MetaSlice<u8>,
    pub raw: MetaSlice<u64>,
    pub resolved: MetaSlice<AtomicU64>,
    /// Body of the BootstrapMethods attribute (u2 count, then the entries), empty if there is none.
    pub bootstrap: MetaSlice<u8>,
}

// SAFETY: repr(C) of ids and offsets.
unsafe impl Plain for Pool {}

/// A member reference taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberRef {
    pub tag: u8,
    pub class_index: u16,
    pub name: Symbol,
    pub descriptor: Symbol,
}

impl Pool {
    pub fn len(&self) -> usize {
        self.tags.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The tag at `index`; 0 where there is no entry.
    pub fn tag(&self, meta: &Metaspace, index: u16) -> u8 {
        meta.slice(self.tags).get(index as usize).copied().unwrap_or(0)
    }

    pub fn raw(&self, meta: &Metaspace, index: u16) -> u64 {
        meta.slice(self.raw).get(index as usize).copied().unwrap_or(0)
    }

    pub fn resolved_slot<'m>(&self, meta: &'m Metaspace, index: u16) -> Option<&'m AtomicU64> {
        meta.slice(self.resolved).get(index as usize)
    }

    pub fn resolved(&self, meta: &Metaspace, index: u16) -> u64 {
        self.resolved_slot(meta, index).map_or(0, |s| s.load(Ordering::Acquire))
    }

    /// Publishes a resolution; the first one to arrive wins, and the winner is returned.
    pub fn resolve(&self, meta: &Metaspace, index: u16, value: u64) -> u64 {
        match self.resolved_slot(meta, index) {
            Some(slot) => match slot.compare_exchange(0, value, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => value,
                Err(winner) => winner,
            },
            None => value,
        }
    }

    /// The bytes of a Utf8 entry.
    pub fn utf8<'m>(&self, meta: &'m Metaspace, index: u16) -> &'m [u8] {
        if self.tag(meta, index) != tag::UTF8 {
            return &[];
        }
        let raw = self.raw(meta, index);
        let (offset, len) = (raw as u32 as usize, (raw >> 32) as usize);
        meta.slice(self.bytes.sub(offset, offset + len))
    }

    /// The Utf8 entry as a symbol.
    pub fn symbol(
        &self,
        meta: &Metaspace,
        symbols: &SymbolTable,
        index: u16,
    ) -> Result<Symbol, carafe_gc::metaspace::MetaspaceFull> {
        let known = self.resolved(meta, index);
        if known != 0 {
            return Ok(Symbol::from_raw(known as u32));
        }
        let symbol = symbols.intern(meta, self.utf8(meta, index))?;
        self.resolve(meta, index, symbol.raw() as u64);
        Ok(symbol)
    }

    /// The name of a Class entry, in internal form.
    pub fn class_name(&self, meta: &Metaspace, index: u16) -> Symbol {
        if self.tag(meta, index) != tag::CLASS {
            return Symbol::NONE;
        }
        Symbol::from_raw(self.raw(meta, index) as u32)
    }

    pub fn name_and_type(&self, meta: &Metaspace, index: u16) -> (Symbol, Symbol) {
        let raw = self.raw(meta, index);
        (Symbol::from_raw(raw as u32), Symbol::from_raw((raw >> 32) as u32))
    }

    /// A Fieldref, Methodref or InterfaceMethodref.
    pub fn member(&self, meta: &Metaspace, index: u16) -> MemberRef {
        let raw = self.raw(meta, index);
        let (name, descriptor) = self.name_and_type(meta, (raw >> 16) as u16);
        MemberRef { tag: self.tag(meta, index), class_index: raw as u16, name, descriptor }
    }

    /// Bootstrap index, name and descriptor of a Dynamic or InvokeDynamic entry.
    pub fn dynamic(&self, meta: &Metaspace, index: u16) -> (u16, Symbol, Symbol) {
        let raw = self.raw(meta, index);
        let (name, descriptor) = self.name_and_type(meta, (raw >> 16) as u16);
        (raw as u16, name, descriptor)
    }
}

/// The raw word of a Utf8 entry.
pub fn utf8_word(offset: u32, len: u32) -> u64 {
    u64::from(offset) | u64::from(len) << 32
}
