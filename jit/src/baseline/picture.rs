//! The operand stack as the compiler pictures it, in work and memory that do not grow with its depth.
//!
//! Invariant: operands below `floor` are in their places in memory. So scanning, copying and emptying the picture cost what lies
//! above the floor, and [`Picture::is_crowded`] says when that is too much: a hostile method may push thousands of operands and
//! then do something that needs a copy of the picture at each of its instructions.

use std::ops::{Index, IndexMut, Range};

use super::state::Slot;

/// More operands than this above the floor are put into memory.
const CROWD: usize = 48;

#[derive(Debug, Clone, Default)]
pub(super) struct Picture {
    floor: usize,
    above: Vec<Slot>,
}

static IN_MEMORY: Slot = Slot::Memory;

impl Picture {
    /// `depth` operands, all in memory.
    pub(super) fn in_memory(depth: usize) -> Picture {
        Picture { floor: depth, above: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.floor + self.above.len()
    }

    pub(super) fn is_crowded(&self) -> bool {
        self.above.len() > CROWD
    }

    /// The operands that may be elsewhere than in memory.
    pub(super) fn places(&self) -> Range<usize> {
        self.floor..self.len()
    }

    /// Those operands' places and pictures.
    pub(super) fn indexed(&self) -> impl Iterator<Item = (usize, &Slot)> {
        self.places().zip(&self.above)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Slot> {
        self.above.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Slot> {
        self.above.iter_mut()
    }

    pub(super) fn push(&mut self, slot: Slot) {
        if slot == Slot::Memory && self.above.is_empty() {
            self.floor += 1;
        } else {
            self.above.push(slot);
        }
    }

    pub(super) fn extend(&mut self, slots: impl IntoIterator<Item = Slot>) {
        slots.into_iter().for_each(|slot| self.push(slot));
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.floor = self.floor.min(len);
        self.above.truncate(len - self.floor);
    }

    /// Takes the operands from `from` on off the stack.
    pub(super) fn split_off(&mut self, from: usize) -> Vec<Slot> {
        self.reach(from);
        self.above.split_off(from - self.floor)
    }

    /// Lowers the floor to an operand.
    fn reach(&mut self, index: usize) {
        if index < self.floor {
            self.above.splice(0..0, std::iter::repeat_n(Slot::Memory, self.floor - index));
            self.floor = index;
        }
    }
}

impl Index<usize> for Picture {
    type Output = Slot;

    fn index(&self, index: usize) -> &Slot {
        match index.checked_sub(self.floor) {
            None => &IN_MEMORY,
            Some(at) => &self.above[at],
        }
    }
}

impl IndexMut<usize> for Picture {
    fn index_mut(&mut self, index: usize) -> &mut Slot {
        self.reach(index);
        &mut self.above[index - self.floor]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_a_stack_whose_bottom_is_in_memory() {
        let mut picture = Picture::in_memory(1000);
        assert_eq!((picture.len(), picture.places()), (1000, 1000..1000));
        picture.push(Slot::Constant(7));
        assert_eq!(picture[1000], Slot::Constant(7));
        assert_eq!(picture[3], Slot::Memory);
        picture[998] = Slot::Constant(9);
        assert_eq!(picture.places(), 998..1001);
        assert_eq!((picture[998], picture[999]), (Slot::Constant(9), Slot::Memory));
        assert_eq!(picture.split_off(999), vec![Slot::Memory, Slot::Constant(7)]);
        picture.truncate(10);
        assert_eq!((picture.len(), picture.places()), (10, 10..10));
        picture.push(Slot::Memory);
        assert_eq!(picture.places(), 11..11);
    }

    #[test]
    fn many_operands_are_a_crowd() {
        let mut picture = Picture::default();
        (0..CROWD).for_each(|n| picture.push(Slot::Constant(n as u64)));
        assert!(!picture.is_crowded());
        picture.push(Slot::Half);
        assert!(picture.is_crowded());
    }
}
