//! java.lang.String objects made and read by the VM, and the table of interned ones.
//!
//! Invariant that the library leans on: a string whose characters all fit Latin-1 has coder 0. The table is weak: an
//! interned string that nobody refers to any more is forgotten at the next collection.

use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use carafe_classloader::classfile::mutf8;
use carafe_gc::heap::GcCause;
use carafe_gc::object::{self, ObjRef};
use carafe_gc::pages::Pages;
use hashbrown::{DefaultHashBuilder, HashTable};
use parking_lot::Mutex;

use crate::env::{Env, JResult, Local};
use crate::isolate::Isolate;
use crate::wellknown::WellKnown;

pub fn from_str<'s>(env: &mut Env<'s>, text: &str) -> JResult<Local<'s>> {
    if text.is_ascii() {
        return from_latin1(env, text.as_bytes());
    }
    let units: Vec<u16> = text.encode_utf16().collect();
    from_utf16(env, &units)
}

pub fn from_utf16<'s>(env: &mut Env<'s>, units: &[u16]) -> JResult<Local<'s>> {
    if units.iter().all(|u| *u < 0x100) {
        let bytes: Vec<u8> = units.iter().map(|u| *u as u8).collect();
        return from_latin1(env, &bytes);
    }
    let bytes: Vec<u8> = units.iter().flat_map(|u| u.to_le_bytes()).collect();
    make(env, &bytes, 1)
}

pub fn from_mutf8<'s>(env: &mut Env<'s>, bytes: &[u8]) -> JResult<Local<'s>> {
    if bytes.is_ascii() {
        return from_latin1(env, bytes);
    }
    let units = mutf8::to_utf16(bytes);
    from_utf16(env, &units)
}

fn from_latin1<'s>(env: &mut Env<'s>, bytes: &[u8]) -> JResult<Local<'s>> {
    make(env, bytes, 0)
}

fn make<'s>(env: &mut Env<'s>, value: &[u8], coder: u8) -> JResult<Local<'s>> {
    env.scope_ref(|env| {
        let array = env.new_byte_array(value)?;
        let f = &env.wk().string;
        let string = env.alloc(f.id)?;
        env.set_ref(string, f.value, array);
        env.set::<u8>(string, f.coder, coder);
        Ok(string)
    })
}

/// The UTF-16 units of a String; empty for null.
pub fn to_utf16(env: &Env<'_>, string: Local<'_>) -> Vec<u16> {
    if env.is_null(string) {
        return Vec::new();
    }
    units(env.base(), env.wk(), env.raw(string))
}

/// The UTF-16 units of a String that is alive without a handle; empty for null.
pub fn units_of(env: &Env<'_>, string: ObjRef) -> Vec<u16> {
    if string.is_null() { Vec::new() } else { units(env.base(), env.wk(), string) }
}

/// The first units of a String that is alive without a handle; empty for null.
pub fn units_at_most(vm: &Isolate, string: ObjRef, limit: usize) -> Vec<u16> {
    if string.is_null() { Vec::new() } else { units_up_to(vm.cage.base(), vm.wk(), string, limit) }
}

/// The UTF-16 units of a live String.
fn units(base: *mut u8, wk: &WellKnown, string: ObjRef) -> Vec<u16> {
    units_up_to(base, wk, string, usize::MAX)
}

fn units_up_to(base: *mut u8, wk: &WellKnown, string: ObjRef, limit: usize) -> Vec<u16> {
    let f = &wk.string;
    // SAFETY: `string` is a live String, whose value is a byte[] (or null while it is being constructed).
    unsafe {
        let value = object::load_ref(base, string, f.value as usize);
        if value.is_null() {
            return Vec::new();
        }
        let coder = object::load_u8(base, string, f.coder as usize);
        let len = object::array_length(base, value) as usize;
        let data = value.ptr(base).add(object::array_data_offset(0));
        let byte = |i: usize| *data.add(i);
        if coder == 0 {
            (0..len.min(limit)).map(|i| byte(i) as u16).collect()
        } else {
            (0..(len / 2).min(limit)).map(|i| u16::from_le_bytes([byte(2 * i), byte(2 * i + 1)])).collect()
        }
    }
}

/// Interned strings by content.
pub struct StringTable {
    table: Mutex<HashTable<(u64, u32), Pages>>,
    hasher: DefaultHashBuilder,
    /// Bytes of the table that the heap has been charged. Changes under the table's lock.
    charged: AtomicU64,
}

/// Bytes of a table with room for so many entries.
fn table_bytes(capacity: usize) -> u64 {
    // A table is never fuller than seven eighths; each place has a byte beside its entry.
    let places = capacity as u64 * 8 / 7;
    places * (size_of::<(u64, u32)>() as u64 + 1)
}

impl Default for StringTable {
    fn default() -> StringTable {
        let (hasher, charged) = Default::default();
        StringTable { table: Mutex::new(HashTable::new_in(Pages)), hasher, charged }
    }
}

impl StringTable {
    fn hash(&self, units: &[u16]) -> u64 {
        self.hasher.hash_one(units)
    }

    /// After a collection: entries follow their strings, or go with them.
    pub fn visit_weak(&self, place: &mut dyn FnMut(ObjRef) -> Option<ObjRef>) {
        self.table.lock().retain(|(_, raw)| match place(ObjRef::from_raw(*raw)) {
            Some(new) => {
                *raw = new.raw();
                true
            }
            None => false,
        });
    }

    /// Gives back room that nobody needs, once interned strings have died.
    pub fn shrink(&self, vm: &Isolate) {
        let mut table = self.table.lock();
        if table.capacity() > 1 << 16 && table.len() < table.capacity() / 4 {
            let len = table.len();
            table.shrink_to(len * 2, |(h, _)| *h);
            let bytes = table_bytes(table.capacity());
            let before = self.charged.swap(bytes, Ordering::Relaxed);
            vm.heap.uncharge(before.saturating_sub(bytes));
        }
    }

    /// Makes room for one more entry, at the heap's expense. False if the heap has none.
    fn grow(&self, vm: &Isolate) -> bool {
        let mut table = self.table.lock();
        if table.len() < table.capacity() {
            return true;
        }
        let wanted = (table.capacity() * 2).max(1024);
        // Both are there while entries move from one to the other.
        let bytes = table_bytes(wanted);
        if !vm.heap.charge(bytes) {
            return false;
        }
        let additional = wanted - table.len();
        let grown = table.try_reserve(additional, |(h, _)| *h).is_ok();
        let gone = if grown { self.charged.swap(bytes, Ordering::Relaxed) } else { bytes };
        vm.heap.uncharge(gone);
        grown
    }

    pub fn len(&self) -> usize {
        self.table.lock().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// From so many UTF-16 units on a string is interned a piece at a time, so that it can be interrupted. No constant of a class
/// file is as long.
const LONG: usize = 1 << 17;
const PIECE: usize = 1 << 15;

/// Makes room for one more interned string; collects first if the heap is full, and fails if that does not help.
fn make_room(env: &mut Env<'_>) -> JResult<()> {
    let vm = env.vm();
    if vm.strings.grow(vm) {
        return Ok(());
    }
    if vm.is_collectable() {
        crate::alloc::collect(env, GcCause::LowMemory);
        if vm.strings.grow(vm) {
            return Ok(());
        }
    }
    Err(crate::exceptions::throw_out_of_memory(env, "Java heap space"))
}

/// String.intern.
pub fn intern<'s>(env: &mut Env<'s>, string: Local<'_>) -> JResult<Local<'s>> {
    make_room(env)?;
    if length(env, string) >= LONG {
        return intern_long(env, string);
    }
    let text = to_utf16(env, string);
    let table = &env.vm().strings;
    let hash = table.hash(&text);
    let raw = env.raw(string);
    let (base, wk) = (env.base(), env.wk());
    // Nothing below allocates on the heap, so references stay where they are while the table is locked.
    let found = {
        let mut entries = table.table.lock();
        match entries.find(hash, |(h, r)| *h == hash && units(base, wk, ObjRef::from_raw(*r)) == text) {
            Some((_, r)) => ObjRef::from_raw(*r),
            None => {
                entries.insert_unique(hash, (hash, raw.raw()), |(h, _)| *h);
                raw
            }
        }
    };
    Ok(env.local(found))
}

/// How many UTF-16 units a String has.
fn length(env: &mut Env<'_>, string: Local<'_>) -> usize {
    if env.is_null(string) {
        return 0;
    }
    let coder = env.get::<u8>(string, env.wk().string.coder);
    env.scope(|env| {
        let string = env.local(env.raw(string));
        let value = env.get_ref(string, env.wk().string.value);
        if env.is_null(value) { 0 } else { env.array_len(value) >> (coder & 1) }
    })
}

/// As [`intern`]. Strings with the same hash are compared outside the table's lock, because that takes time.
fn intern_long<'s>(env: &mut Env<'s>, string: Local<'_>) -> JResult<Local<'s>> {
    let table = &env.vm().strings;
    let mut hasher = table.hasher.build_hasher();
    let mut at = 0;
    loop {
        let piece = piece(env, string, at);
        if piece.is_empty() {
            break;
        }
        piece.hash(&mut hasher);
        at += piece.len();
        env.poll()?;
    }
    let hash = hasher.finish();
    for nth in 0.. {
        let raw = env.raw(string);
        let known = {
            let mut entries = table.table.lock();
            let known = entries.iter_hash(hash).filter(|(h, _)| *h == hash).nth(nth).map(|(_, r)| *r);
            if known.is_none() {
                entries.insert_unique(hash, (hash, raw.raw()), |(h, _)| *h);
            }
            known
        };
        let Some(known) = known else { break };
        let same = env.scope(|env| -> JResult<Option<ObjRef>> {
            let known = env.local(ObjRef::from_raw(known));
            let is_same = equal(env, string, known)?;
            Ok(is_same.then(|| env.raw(known)))
        })?;
        if let Some(raw) = same {
            return Ok(env.local(raw));
        }
    }
    Ok(env.local(env.raw(string)))
}

/// Whether two strings have the same characters; neither is null.
fn equal(env: &mut Env<'_>, a: Local<'_>, b: Local<'_>) -> JResult<bool> {
    let mut at = 0;
    loop {
        let (left, right) = (piece(env, a, at), piece(env, b, at));
        if left.is_empty() || left != right {
            return Ok(left == right);
        }
        at += left.len();
        env.poll()?;
    }
}

/// Units from `at` on, at most [`PIECE`]; none at the end.
fn piece(env: &mut Env<'_>, string: Local<'_>, at: usize) -> Vec<u16> {
    let latin = env.get::<u8>(string, env.wk().string.coder) == 0;
    let wanted = PIECE.min(length(env, string).saturating_sub(at));
    env.scope(|env| {
        let string = env.local(env.raw(string));
        let value = env.get_ref(string, env.wk().string.value);
        let mut bytes = vec![0; if latin { wanted } else { wanted * 2 }];
        env.read_bytes(value, if latin { at } else { at * 2 }, &mut bytes);
        if latin {
            bytes.into_iter().map(u16::from).collect()
        } else {
            bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect()
        }
    })
}

/// The interned string of modified UTF-8 text.
pub fn intern_mutf8<'s>(env: &mut Env<'s>, bytes: &[u8]) -> JResult<Local<'s>> {
    let text = mutf8::to_utf16(bytes);
    let table = &env.vm().strings;
    let hash = table.hash(&text);
    let (base, wk) = (env.base(), env.wk());
    let found = table
        .table
        .lock()
        .find(hash, |(h, r)| *h == hash && units(base, wk, ObjRef::from_raw(*r)) == text)
        .map(|(_, r)| ObjRef::from_raw(*r));
    if let Some(raw) = found {
        return Ok(env.local(raw));
    }
    env.scope_ref(|env| {
        let string = from_utf16(env, &text)?;
        intern(env, string)
    })
}
