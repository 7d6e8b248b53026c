//! Numbered things that Java code holds by number: directory streams, compressors and the like.
//!
//! Numbers start at 1 (Java tests for 0) and are looked up, never followed: a forged or stale one finds nothing, or
//! another thing of the same kind in the same isolate. What is taken out while another thread uses it lives until that
//! use ends.

use std::sync::Arc;

use parking_lot::Mutex;

/// A growing table of `T`, with a limit on how many there are at once.
pub(crate) struct Slab<T> {
    inner: Mutex<Inner<T>>,
    limit: usize,
}

struct Inner<T> {
    slots: Vec<Option<Arc<T>>>,
    free: Vec<usize>,
}

/// As many things as the table allows are there already.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Full;

impl<T> Slab<T> {
    pub(crate) fn new(limit: usize) -> Slab<T> {
        Slab { inner: Mutex::new(Inner { slots: Vec::new(), free: Vec::new() }), limit }
    }

    pub(crate) fn insert(&self, value: T) -> Result<i64, Full> {
        let mut inner = self.inner.lock();
        if let Some(index) = inner.free.pop() {
            if let Some(slot) = inner.slots.get_mut(index) {
                *slot = Some(Arc::new(value));
            }
            return Ok(index as i64 + 1);
        }
        if inner.slots.len() >= self.limit {
            return Err(Full);
        }
        inner.slots.push(Some(Arc::new(value)));
        Ok(inner.slots.len() as i64)
    }

    pub(crate) fn get(&self, number: i64) -> Option<Arc<T>> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.inner.lock().slots.get(index)?.clone()
    }

    pub(crate) fn remove(&self, number: i64) -> Option<Arc<T>> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        let mut inner = self.inner.lock();
        let value = inner.slots.get_mut(index)?.take()?;
        inner.free.push(index);
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_after_removal_only() {
        let slab = Slab::new(2);
        assert_eq!(slab.insert('a'), Ok(1));
        assert_eq!(slab.insert('b'), Ok(2));
        assert_eq!(slab.insert('c'), Err(Full));
        assert_eq!(slab.remove(1).as_deref(), Some(&'a'));
        assert_eq!(slab.remove(1), None);
        assert_eq!(slab.get(1), None);
        assert_eq!(slab.insert('d'), Ok(1));
        assert_eq!(slab.get(0), None);
        assert_eq!(slab.get(-1), None);
        assert_eq!(slab.get(i64::MAX), None);
    }
}
