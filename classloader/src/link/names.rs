//! The constant pool of a class file as symbols and as the run-time constant pool's words.
//!
//! Invariant: every string is interned at most once per class, and only if it is a name or descriptor; other strings stay
//! bytes of the class file. Deliberately absent: resolution.

use std::sync::atomic::AtomicU64;

use carafe_gc::metaspace::{Meta, MetaSlice};

use super::LinkError;
use super::build::Builder;
use super::vtable::OwnMethod;
use crate::class::pool::{tag, utf8_word};
use crate::class::{Access, Class, Pool};
use crate::classfile::{ClassFile, Constant};
use crate::symbols::Symbol;
use crate::universe::Universe;

/// The symbols of a class file's strings, each interned when first asked for.
pub(super) struct Names<'a> {
    universe: &'a Universe,
    file: &'a ClassFile<'a>,
    known: Vec<Symbol>,
}

impl<'a> Names<'a> {
    pub(super) fn new(universe: &'a Universe, file: &'a ClassFile<'a>) -> Names<'a> {
        Names { universe, file, known: vec![Symbol::NONE; file.pool.len()] }
    }

    pub(super) fn utf8(&mut self, index: u16) -> Result<Symbol, LinkError> {
        let Some(slot) = self.known.get_mut(usize::from(index)) else { return Ok(Symbol::NONE) };
        if slot.is_none() {
            *slot = self.universe.intern(self.file.pool.utf8(index).unwrap_or_default())?;
        }
        Ok(*slot)
    }

    pub(super) fn class(&mut self, index: u16) -> Result<Symbol, LinkError> {
        match self.file.pool.get(index) {
            Constant::Class { name } => self.utf8(name),
            _ => Ok(Symbol::NONE),
        }
    }

    pub(super) fn own_methods(&mut self) -> Result<Vec<OwnMethod>, LinkError> {
        let file = self.file;
        let mut own = Vec::with_capacity(file.methods.len());
        for method in &file.methods {
            own.push(OwnMethod {
                name: self.utf8(method.name_index)?,
                descriptor: self.utf8(method.descriptor_index)?,
                access: Access::from_bits_retain(method.access),
                special: method.name.first() == Some(&b'<'),
            });
        }
        Ok(own)
    }
}

impl Builder<'_> {
    pub(super) fn pool(&self, record: &Class, names: &mut Names<'_>) -> Result<Meta<Pool>, LinkError> {
        let count = self.file.pool.len();
        let (mut tags, mut words) = (vec![0_u8; count], vec![0_u64; count]);
        for (index, constant) in self.file.pool.iter() {
            let at = usize::from(index.0);
            let word = self.pool_word(constant, names)?;
            if let (Some(tag), Some(slot)) = (tags.get_mut(at), words.get_mut(at)) {
                *tag = constant.tag();
                *slot = word;
            }
        }
        if let Some(own) = words.get_mut(usize::from(record.this_index)) {
            // A hidden class finds itself under its own entry only.
            *own = u64::from(record.name.raw());
        }
        let resolved = |index: usize| {
            let own = index == usize::from(record.this_index);
            AtomicU64::new(match tags.get(index) {
                Some(&tag::CLASS) if own => u64::from(record.id.0),
                Some(&tag::UTF8) => names.known.get(index).map_or(0, |name| u64::from(name.raw())),
                _ => 0,
            })
        };
        let bootstrap = self.file.attributes.table.find(&self.file.pool, "BootstrapMethods");
        let pool = Pool {
            class: record.id,
            bytes: self.bytes,
            tags: self.arenas.constant.alloc_slice(&tags)?,
            raw: self.arenas.constant.alloc_slice(&words)?,
            resolved: self.arenas.changing.alloc_slice_with(count, resolved)?,
            bootstrap: bootstrap.map_or(MetaSlice::EMPTY, |info| self.part(info.bytes)),
        };
        Ok(self.arenas.constant.alloc(pool)?)
    }

    /// The raw word of an entry, as `class::pool` describes it.
    fn pool_word(&self, constant: Constant<'_>, names: &mut Names<'_>) -> Result<u64, LinkError> {
        let pair = |low: u16, high: u16| u64::from(low) | u64::from(high) << 16;
        let symbol = |symbol: Symbol| u64::from(symbol.raw());
        Ok(match constant {
            Constant::Unusable => 0,
            Constant::Utf8(text) => {
                let part = self.part(text);
                utf8_word(part.offset().wrapping_sub(self.bytes.offset()), part.len() as u32)
            }
            Constant::Integer(value) => u64::from(value as u32),
            Constant::Float(bits) => u64::from(bits),
            Constant::Long(value) => value as u64,
            Constant::Double(bits) => bits,
            Constant::Class { name } | Constant::Module { name } | Constant::Package { name } => {
                symbol(names.utf8(name)?)
            }
            Constant::String { utf8 } => u64::from(utf8),
            Constant::FieldRef { class, name_and_type }
            | Constant::MethodRef { class, name_and_type }
            | Constant::InterfaceMethodRef { class, name_and_type } => pair(class, name_and_type),
            Constant::NameAndType { name, descriptor } => {
                symbol(names.utf8(name)?) | symbol(names.utf8(descriptor)?) << 32
            }
            Constant::MethodHandle { kind, reference } => pair(u16::from(kind), reference),
            Constant::MethodType { descriptor } => symbol(names.utf8(descriptor)?),
            Constant::Dynamic { bootstrap, name_and_type }
            | Constant::InvokeDynamic { bootstrap, name_and_type } => pair(bootstrap, name_and_type),
        })
    }
}
