//! Interned names: every class, member and descriptor name is one `Symbol`, equal exactly when the bytes are.
//!
//! The bytes (modified UTF-8, as in class files) live in metaspace, so a symbol can be stored there and read by
//! anything that has the base; the hash index over them lives outside and can be rebuilt from the bytes.
//! Symbols are never freed before their isolate: they are charged to metaspace, whose limit bounds a flood.

use std::hash::{BuildHasher, Hash};
use std::sync::atomic::AtomicU32;

use carafe_gc::metaspace::{Arena, Meta, MetaSlice, Metaspace, MetaspaceFull, Plain};
use hashbrown::{DefaultHashBuilder, HashTable};
use parking_lot::RwLock;

/// An interned byte string: the metaspace offset of its [`SymbolRecord`]; 0 is "no symbol".
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Symbol(u32);

// SAFETY: a transparent u32; every bit pattern, zero included, is a valid value.
unsafe impl Plain for Symbol {}

impl Symbol {
    pub const NONE: Symbol = Symbol(0);

    pub fn raw(self) -> u32 {
        self.0
    }

    pub fn from_raw(raw: u32) -> Symbol {
        Symbol(raw)
    }

    pub fn is_none(self) -> bool {
        self.0 == 0
    }
}

/// What stands in metaspace for a symbol.
#[repr(C)]
#[derive(Clone, Copy)]
struct SymbolRecord {
    bytes: MetaSlice<u8>,
}

// SAFETY: repr(C), made of plain offsets, and never changed after it is written.
unsafe impl Plain for SymbolRecord {}

/// The table of all symbols of one isolate.
pub struct SymbolTable {
    arena: Arena,
    index: RwLock<HashTable<Symbol>>,
    hasher: DefaultHashBuilder,
    count: AtomicU32,
}

impl SymbolTable {
    pub fn new(arena: Arena) -> SymbolTable {
        SymbolTable {
            arena,
            index: RwLock::new(HashTable::with_capacity(16 * 1024)),
            hasher: DefaultHashBuilder::default(),
            count: AtomicU32::new(0),
        }
    }

    /// The symbol of `bytes`, made if it does not exist yet.
    pub fn intern(&self, meta: &Metaspace, bytes: &[u8]) -> Result<Symbol, MetaspaceFull> {
        let hash = self.hash(bytes);
        if let Some(found) = self.index.read().find(hash, |s| self.text(meta, *s) == bytes) {
            return Ok(*found);
        }
        let mut index = self.index.write();
        if let Some(found) = index.find(hash, |s| self.text(meta, *s) == bytes) {
            return Ok(*found);
        }
        let stored = self.arena.alloc_bytes(bytes)?;
        let record = self.arena.alloc(SymbolRecord { bytes: stored })?;
        let symbol = Symbol(record.raw());
        index.insert_unique(hash, symbol, |s| self.hash(self.text(meta, *s)));
        self.count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Ok(symbol)
    }

    /// The symbol of `bytes` if some class or call has named it before.
    pub fn lookup(&self, meta: &Metaspace, bytes: &[u8]) -> Option<Symbol> {
        self.index.read().find(self.hash(bytes), |s| self.text(meta, *s) == bytes).copied()
    }

    pub fn len(&self) -> usize {
        self.count.load(std::sync::atomic::Ordering::Relaxed) as usize
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn hash(&self, bytes: &[u8]) -> u64 {
        let mut state = self.hasher.build_hasher();
        bytes.hash(&mut state);
        std::hash::Hasher::finish(&state)
    }

    fn text<'m>(&self, meta: &'m Metaspace, symbol: Symbol) -> &'m [u8] {
        symbol_bytes(meta, symbol)
    }
}

/// The bytes of a symbol; empty for [`Symbol::NONE`].
pub fn symbol_bytes(meta: &Metaspace, symbol: Symbol) -> &[u8] {
    if symbol.is_none() {
        return &[];
    }
    let record = meta.get(Meta::<SymbolRecord>::from_raw(symbol.0));
    meta.slice(record.bytes)
}
