//! A set of small numbers, one bit each: instruction starts, block starts, slots that hold references.
//!
//! Invariant: bits at and beyond `len` are never set; asking for one answers that it is not in the set.

/// A set of numbers below a fixed limit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// An empty set of numbers below `len`.
    pub fn new(len: usize) -> Bits {
        Bits { words: vec![0; len.div_ceil(64)], len }
    }

    /// The limit below which its numbers lie.
    pub fn limit(&self) -> usize {
        self.len
    }

    #[inline]
    pub fn contains(&self, index: usize) -> bool {
        self.words.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 != 0)
    }

    /// Adds a number; answers whether it was absent. One that is not below the limit is not added.
    #[inline]
    pub fn insert(&mut self, index: usize) -> bool {
        match self.words.get_mut(index / 64) {
            Some(word) if index < self.len => {
                let absent = *word >> (index % 64) & 1 == 0;
                *word |= 1 << (index % 64);
                absent
            }
            _ => false,
        }
    }

    /// The numbers in rising order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        self.words.iter().enumerate().flat_map(|(at, &word)| {
            let mut word = word;
            std::iter::from_fn(move || {
                let bit = word.trailing_zeros() as usize;
                word &= word.checked_sub(1)?;
                Some(at * 64 + bit)
            })
        })
    }

    /// The highest number in the set that is not above `index`.
    pub fn last_up_to(&self, index: usize) -> Option<usize> {
        let index = index.min(self.len.checked_sub(1)?);
        let mut at = index / 64;
        let mut word = self.words.get(at)? & (!0 >> (63 - index % 64));
        loop {
            if word != 0 {
                return Some(at * 64 + 63 - word.leading_zeros() as usize);
            }
            at = at.checked_sub(1)?;
            word = *self.words.get(at)?;
        }
    }

    /// The lowest number in the set that is above `index`.
    pub fn first_after(&self, index: usize) -> Option<usize> {
        let from = index.checked_add(1)?;
        let mut at = from / 64;
        let mut word = self.words.get(at)? & (!0 << (from % 64));
        loop {
            if word != 0 {
                return Some(at * 64 + word.trailing_zeros() as usize);
            }
            at += 1;
            word = *self.words.get(at)?;
        }
    }

    /// The lowest number in the set that `other` lacks.
    pub fn first_not_in(&self, other: &Bits) -> Option<usize> {
        self.iter().find(|&index| !other.contains(index))
    }

    /// How many numbers there are.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_and_order() {
        let mut bits = Bits::new(200);
        for index in [0, 63, 64, 130, 199] {
            assert!(bits.insert(index));
            assert!(!bits.insert(index));
        }
        assert!(!bits.insert(200) && !bits.contains(200) && !bits.contains(1000));
        assert_eq!(bits.iter().collect::<Vec<_>>(), [0, 63, 64, 130, 199]);
        assert_eq!([0, 62, 63, 129, 198, 500].map(|i| bits.last_up_to(i).unwrap()), [0, 0, 63, 64, 130, 199]);
        assert_eq!([0, 63, 64, 198].map(|i| bits.first_after(i).unwrap()), [63, 64, 130, 199]);
        assert_eq!((bits.first_after(199), bits.first_after(usize::MAX)), (None, None));
        assert_eq!(Bits::new(0).last_up_to(3), None);
        assert_eq!(bits.count(), 5);
    }
}
