//! A frame of the type checker: what locals and stack hold before an instruction.
//!
//! Locals behind the last one that was set are not stored: they hold nothing usable. So a method that declares 65,535 locals
//! costs no more than those it uses.
//!
//! Invariant: popped slots stay readable until something is pushed over them, so that a complaint can show the stack as the
//! instruction found it. Deliberately absent: assignability and complaints ([`check`](super::check)).

use super::types::VType;

/// Locals and stack before an instruction.
#[derive(Default)]
pub(super) struct Frame {
    pub bci: u32,
    /// `this` is not initialized yet.
    pub this_uninit: bool,
    pub locals: Vec<VType>,
    /// The filled slots and, behind them, popped ones.
    slots: Vec<VType>,
    depth: usize,
    /// Depth when the current instruction began.
    mark: usize,
    /// Counts changes of locals and the flag, for handlers that need no second look.
    pub version: u32,
}

impl Frame {
    /// An empty frame with these locals.
    pub(super) fn reset(&mut self, locals: &[VType], this_uninit: bool) {
        self.bci = 0;
        self.this_uninit = this_uninit;
        self.locals.clear();
        self.locals.extend_from_slice(locals);
        self.slots.clear();
        self.depth = 0;
        self.mark = 0;
        self.version = self.version.wrapping_add(1);
    }

    /// Becomes the frame that a stack map gives.
    pub(super) fn assume(&mut self, locals: &[VType], stack: &[VType], this_uninit: bool) {
        self.this_uninit = this_uninit;
        self.locals.clear();
        self.locals.extend_from_slice(locals);
        self.slots.clear();
        self.slots.extend_from_slice(stack);
        self.depth = stack.len();
        self.mark = self.depth;
        self.version = self.version.wrapping_add(1);
    }

    /// An instruction begins.
    #[inline]
    pub(super) fn begin(&mut self, bci: u32) {
        self.bci = bci;
        self.mark = self.depth;
    }

    #[inline]
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// What the stack holds now.
    #[inline]
    pub(super) fn stack(&self) -> &[VType] {
        self.slots.get(..self.depth).unwrap_or_default()
    }

    /// What it held when the instruction began, as far as nothing was pushed since.
    pub(super) fn stack_before(&self) -> Vec<VType> {
        (0..self.mark).map(|height| self.slot(height)).collect()
    }

    /// The slot at this height, popped or not.
    pub(super) fn slot(&self, height: usize) -> VType {
        self.slots.get(height).copied().unwrap_or(VType::TOP)
    }

    /// The top of the stack.
    #[inline]
    pub(super) fn top(&self) -> Option<VType> {
        self.stack().last().copied()
    }

    /// Forgets the top slot.
    #[inline]
    pub(super) fn drop_top(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// The caller has seen to it that the stack may grow.
    #[inline]
    pub(super) fn push(&mut self, slot: VType) {
        match self.slots.get_mut(self.depth) {
            Some(place) => *place = slot,
            None => self.slots.push(slot),
        }
        self.depth += 1;
    }

    /// What a local holds.
    #[inline]
    pub(super) fn local(&self, index: usize) -> VType {
        self.locals.get(index).copied().unwrap_or(VType::TOP)
    }

    /// Locals up to this index count as used, as messages show them.
    pub(super) fn reach(&mut self, index: usize) {
        if index >= self.locals.len() {
            self.locals.resize(index + 1, VType::TOP);
        }
    }

    /// Puts a value of one slot into a local; the caller has seen to it that the index is good. Half of a pair that this
    /// breaks becomes unusable.
    pub(super) fn set_local(&mut self, index: usize, slot: VType) {
        let old = self.local(index);
        if old == slot && index < self.locals.len() {
            return;
        }
        self.reach(index);
        if old.is_two_slots() {
            self.put(index + 1, VType::TOP);
        }
        if old.is_second() {
            self.put(index.wrapping_sub(1), VType::TOP);
        }
        self.put(index, slot);
        self.version = self.version.wrapping_add(1);
    }

    /// The same for a pair; `first` is its first half.
    pub(super) fn set_local_pair(&mut self, index: usize, first: VType, second: VType) {
        if self.local(index) == first && self.local(index + 1) == second {
            return;
        }
        self.reach(index + 1);
        if self.local(index + 1).is_two_slots() {
            self.put(index + 2, VType::TOP);
        }
        if self.local(index).is_second() {
            self.put(index.wrapping_sub(1), VType::TOP);
        }
        self.put(index, first);
        self.put(index + 1, second);
        self.version = self.version.wrapping_add(1);
    }

    fn put(&mut self, index: usize, slot: VType) {
        if let Some(place) = self.locals.get_mut(index) {
            *place = slot;
        }
    }

    /// Every copy of an object becomes something else: an initialized object, or nothing usable.
    pub(super) fn replace(&mut self, old: VType, new: VType) {
        let stack = self.slots.get_mut(..self.depth).unwrap_or_default();
        self.locals.iter_mut().chain(stack).filter(|slot| **slot == old).for_each(|slot| *slot = new);
        if old == VType::UNINIT_THIS {
            self.this_uninit = false;
        }
        self.version = self.version.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_broken_pairs_are_unusable() {
        let mut frame = Frame::default();
        frame.set_local_pair(1, VType::LONG, VType::LONG_2ND);
        frame.set_local(2, VType::INT);
        assert_eq!(frame.locals, [VType::TOP, VType::TOP, VType::INT]);
        frame.set_local_pair(1, VType::DOUBLE, VType::DOUBLE_2ND);
        frame.set_local_pair(2, VType::LONG, VType::LONG_2ND);
        assert_eq!(frame.locals, [VType::TOP, VType::TOP, VType::LONG, VType::LONG_2ND]);
        frame.set_local(2, VType::NULL);
        assert_eq!(frame.locals, [VType::TOP, VType::TOP, VType::NULL, VType::TOP]);
    }

    #[test]
    fn popped_slots_are_shown_until_something_is_pushed() {
        let mut frame = Frame::default();
        frame.push(VType::INT);
        frame.push(VType::NULL);
        frame.begin(3);
        frame.drop_top();
        frame.drop_top();
        assert_eq!((frame.stack(), frame.stack_before()), (&[][..], vec![VType::INT, VType::NULL]));
        frame.push(VType::FLOAT);
        assert_eq!(frame.stack_before(), [VType::FLOAT, VType::NULL]);
    }
}
