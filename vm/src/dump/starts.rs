//! Where objects start, as a set: one bit per 8 bytes of the heap that is in use.
//!
//! A dump must not name an object that is not in it. A dead object that has not been swept yet may still refer to one that has.

use carafe_gc::object::{OBJECT_ALIGN, ObjRef};

/// Bits of one page of the set.
const PAGE_BITS: u64 = 1 << 18;

#[derive(Default)]
pub(super) struct Starts {
    pages: Vec<Option<Box<[u64]>>>,
}

impl Starts {
    /// False if there is no memory for it.
    pub(super) fn insert(&mut self, object: ObjRef) -> bool {
        let (page, bit) = place(object);
        if self.pages.len() <= page {
            if self.pages.try_reserve(page + 1 - self.pages.len()).is_err() {
                return false;
            }
            self.pages.resize_with(page + 1, || None);
        }
        let Some(slot) = self.pages.get_mut(page) else { return false };
        let words = match slot {
            Some(words) => words,
            None => {
                let mut words = Vec::new();
                if words.try_reserve_exact((PAGE_BITS / 64) as usize).is_err() {
                    return false;
                }
                words.resize((PAGE_BITS / 64) as usize, 0u64);
                slot.insert(words.into_boxed_slice())
            }
        };
        words[bit / 64] |= 1 << (bit % 64);
        true
    }

    pub(super) fn contains(&self, object: ObjRef) -> bool {
        let (page, bit) = place(object);
        match self.pages.get(page) {
            Some(Some(words)) => words[bit / 64] >> (bit % 64) & 1 == 1,
            Some(None) | None => false,
        }
    }
}

fn place(object: ObjRef) -> (usize, usize) {
    let bit = object.offset() / OBJECT_ALIGN as u64;
    ((bit / PAGE_BITS) as usize, (bit % PAGE_BITS) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found_and_its_neighbours_are_not() {
        let mut starts = Starts::default();
        let at = [2, 3, 5, 63, 64, PAGE_BITS as u32 - 1, PAGE_BITS as u32, 3 * PAGE_BITS as u32 + 7];
        for raw in at {
            assert!(!starts.contains(ObjRef::from_raw(raw)));
            assert!(starts.insert(ObjRef::from_raw(raw)));
        }
        for raw in 0..4 * PAGE_BITS as u32 {
            assert_eq!(starts.contains(ObjRef::from_raw(raw)), at.contains(&raw), "{raw}");
        }
    }
}
