//! Which record a method id names.
//!
//! Invariant: reading takes no lock. The table grows by chunks that never move, and an entry is written before the
//! class that owns the method can be found. Ids of unloaded classes are handed out again in rows of the same length.
//!
//! Deliberately absent: entry points of machine code, which other tables keep by the same id.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use carafe_gc::metaspace::{Meta, MetaspaceFull};
use hashbrown::HashMap;
use parking_lot::Mutex;

use crate::class::{Method, MethodId};

const CHUNK_SHIFT: u32 = 14;
const CHUNK: u32 = 1 << CHUNK_SHIFT;
const MAX_CHUNKS: usize = 1 << 10;

pub(super) struct MethodTable {
    chunks: Box<[OnceLock<Box<[AtomicU32]>>]>,
    rows: Mutex<Rows>,
}

struct Rows {
    next: u32,
    /// First ids of free rows, by length.
    free: HashMap<u32, Vec<u32>>,
}

impl MethodTable {
    pub(super) fn new() -> MethodTable {
        MethodTable {
            chunks: (0..MAX_CHUNKS).map(|_| OnceLock::new()).collect(),
            rows: Mutex::new(Rows { next: 1, free: HashMap::new() }),
        }
    }

    /// `count` ids in a row; the first is returned.
    pub(super) fn reserve(&self, count: u32) -> Result<u32, MetaspaceFull> {
        if count == 0 {
            return Ok(0);
        }
        let mut rows = self.rows.lock();
        if let Some(first) = rows.free.get_mut(&count).and_then(Vec::pop) {
            return Ok(first);
        }
        let first = rows.next;
        let end = first.checked_add(count).filter(|&end| end <= CHUNK * MAX_CHUNKS as u32);
        let end = end.ok_or(MetaspaceFull)?;
        for chunk in first >> CHUNK_SHIFT..=(end - 1) >> CHUNK_SHIFT {
            if let Some(slot) = self.chunks.get(chunk as usize) {
                slot.get_or_init(|| (0..CHUNK).map(|_| AtomicU32::new(0)).collect());
            }
        }
        rows.next = end;
        Ok(first)
    }

    pub(super) fn release(&self, first: u32, count: u32) {
        if count == 0 {
            return;
        }
        for id in first..first + count {
            self.set(MethodId(id), Meta::NULL);
        }
        self.rows.lock().free.entry(count).or_default().push(first);
    }

    pub(super) fn set(&self, id: MethodId, method: Meta<Method>) {
        if let Some(slot) = self.slot(id) {
            slot.store(method.raw(), Ordering::Release);
        }
    }

    /// The method's record; null for an id that names none.
    #[inline]
    pub(super) fn get(&self, id: MethodId) -> Meta<Method> {
        Meta::from_raw(self.slot(id).map_or(0, |slot| slot.load(Ordering::Acquire)))
    }

    #[inline]
    fn slot(&self, id: MethodId) -> Option<&AtomicU32> {
        self.chunks.get((id.0 >> CHUNK_SHIFT) as usize)?.get()?.get((id.0 & (CHUNK - 1)) as usize)
    }

    /// One more than the highest id ever handed out.
    pub(super) fn bound(&self) -> u32 {
        self.rows.lock().next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_cross_chunks_and_come_back() {
        let table = MethodTable::new();
        assert_eq!(table.get(MethodId(0)), Meta::NULL);
        assert_eq!(table.reserve(0), Ok(0));
        let first = table.reserve(CHUNK - 2).unwrap();
        assert_eq!(first, 1);
        let row = table.reserve(5).unwrap();
        for i in 0..5 {
            table.set(MethodId(row + i), Meta::from_raw(64 * (i + 1)));
        }
        assert_eq!(table.get(MethodId(row + 4)), Meta::from_raw(320));
        table.release(row, 5);
        assert_eq!(table.get(MethodId(row + 4)), Meta::NULL);
        assert_ne!(table.reserve(4), Ok(row));
        assert_eq!(table.reserve(5), Ok(row));
        assert_eq!(table.get(MethodId(u32::MAX)), Meta::NULL);
    }
}
