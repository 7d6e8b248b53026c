//! The state before an instruction as type inference has it: locals, operand stack, active subroutines.
//!
//! Invariants: a long or double on the stack is always whole, its second half above its first; in the locals one half may
//! have been overwritten, and reading looks at both. Locals beyond the end of the list were never stored to, or different
//! things on different paths. Deliberately absent: which class a reference must be of, and joining.

use std::borrow::Cow;

use super::subroutines::Chain;
use crate::bytecode::{Kind, StackItem, StackOp};
use crate::verify::types::VType;

/// Why an instruction cannot be executed in a frame; the method's name goes before it.
pub(super) struct Reason(pub(super) Cow<'static, str>);

impl From<&'static str> for Reason {
    fn from(text: &'static str) -> Reason {
        Reason(text.into())
    }
}

impl From<String> for Reason {
    fn from(text: String) -> Reason {
        Reason(text.into())
    }
}

const EMPTY: &str = "Unable to pop operand off an empty stack";
const NO_REFERENCE: &str = "Expecting to find object/array on stack";

#[derive(Clone, Default, PartialEq)]
pub(super) struct Frame {
    pub(super) locals: Vec<VType>,
    pub(super) stack: Vec<VType>,
    pub(super) stack_max: usize,
    /// The subroutines being executed.
    pub(super) chain: Chain,
    /// For each local, how many subroutines of the chain, the outermost first, it was stored to in. What is stored to in an
    /// inner one is so in the outer ones too. Zero beyond the end.
    pub(super) levels: Vec<u16>,
    /// Whether another constructor was called on `this` on every path.
    pub(super) constructed: bool,
}

impl Frame {
    /// What it takes in memory and to look at.
    pub(super) fn slots(&self) -> usize {
        self.locals.len() + self.stack.len() + self.levels.len() / 2
    }

    fn pop(&mut self) -> Result<VType, Reason> {
        Ok(self.stack.pop().ok_or(EMPTY)?)
    }

    /// Pops a value of one slot that must be `expected`.
    fn pop_one(&mut self, expected: VType, otherwise: &'static str) -> Result<(), Reason> {
        if self.pop()? == expected { Ok(()) } else { Err(otherwise.into()) }
    }

    fn pop_two(&mut self, first: VType, otherwise: &'static str) -> Result<(), Reason> {
        let whole = Some(self.pop()?) == first.second() && self.pop()? == first;
        if whole { Ok(()) } else { Err(otherwise.into()) }
    }

    pub(super) fn pop_int(&mut self) -> Result<(), Reason> {
        self.pop_one(VType::INT, "Expecting to find integer on stack")
    }

    /// Pops an initialized object, an array or null.
    pub(super) fn pop_reference(&mut self) -> Result<VType, Reason> {
        let top = self.pop()?;
        if top.is_reference() { Ok(top) } else { Err(NO_REFERENCE.into()) }
    }

    /// Pops anything of one slot, for an instruction that says itself what is wrong with it.
    pub(super) fn pop_any(&mut self) -> Result<VType, Reason> {
        self.pop()
    }

    /// Pops a reference, initialized or not.
    pub(super) fn pop_object_of_any_state(&mut self) -> Result<VType, Reason> {
        let top = self.pop()?;
        if top.is_reference() || top.is_uninitialized() { Ok(top) } else { Err(NO_REFERENCE.into()) }
    }

    /// Pops a value of this kind; answers what the reference is.
    pub(super) fn pop_kind(&mut self, kind: Kind) -> Result<VType, Reason> {
        let of_kind = VType::of_kind(kind);
        match kind {
            Kind::Int => self.pop_int()?,
            Kind::Float => self.pop_one(of_kind, "Expecting to find float on stack")?,
            Kind::Long => self.pop_two(of_kind, "Expecting to find long on stack")?,
            Kind::Double => self.pop_two(of_kind, "Expecting to find double on stack")?,
            Kind::Ref => return self.pop_reference(),
        }
        Ok(of_kind)
    }

    /// Pops what a row of the opcode table says, where no operand has a say in it.
    pub(super) fn pop_item(&mut self, item: StackItem) -> Result<(), Reason> {
        match item {
            StackItem::Int => self.pop_int(),
            StackItem::Long | StackItem::Constant2 => self.pop_kind(Kind::Long).map(drop),
            StackItem::Float => self.pop_kind(Kind::Float).map(drop),
            StackItem::Double => self.pop_kind(Kind::Double).map(drop),
            StackItem::Ref => self.pop_reference().map(drop),
            StackItem::ReturnAddress
            | StackItem::RefOrReturn
            | StackItem::Slot
            | StackItem::Field
            | StackItem::Args
            | StackItem::Result
            | StackItem::Dims
            | StackItem::Constant1 => self.pop().map(drop),
        }
    }

    /// Pushes what a row of the opcode table says, where no operand has a say in it.
    pub(super) fn push_item(&mut self, item: StackItem) -> Result<(), Reason> {
        match item {
            StackItem::Int => self.push(VType::INT),
            StackItem::Long => self.push(VType::LONG),
            StackItem::Float => self.push(VType::FLOAT),
            StackItem::Double => self.push(VType::DOUBLE),
            StackItem::Ref
            | StackItem::ReturnAddress
            | StackItem::RefOrReturn
            | StackItem::Slot
            | StackItem::Field
            | StackItem::Args
            | StackItem::Result
            | StackItem::Dims
            | StackItem::Constant1
            | StackItem::Constant2 => self.push(VType::TOP),
        }
    }

    /// Pushes a value, both halves of a long or double.
    pub(super) fn push(&mut self, value: VType) -> Result<(), Reason> {
        self.stack.push(value);
        self.stack.extend(value.second());
        self.check_depth()
    }

    fn check_depth(&self) -> Result<(), Reason> {
        if self.stack.len() > self.stack_max { Err("Stack size too large".into()) } else { Ok(()) }
    }

    /// Moves slots as `dup` and its siblings do. They move halves, but may not leave any without the other.
    pub(super) fn shuffle(&mut self, op: StackOp) -> Result<(), Reason> {
        let (popped, pushed) = op.shuffle();
        let below = self.stack.len().checked_sub(popped).ok_or(EMPTY)?;
        let mut taken = [VType::TOP; 4];
        for (slot, value) in taken.iter_mut().zip(self.stack.drain(below..)) {
            *slot = value;
        }
        let values = pushed.iter().filter_map(|&index| taken.get(usize::from(index)).copied());
        self.stack.extend(values);
        let mut first = below.checked_sub(1).and_then(|index| self.stack.get(index).copied());
        for &slot in self.stack.get(below..).unwrap_or_default() {
            let expected = first.and_then(VType::second);
            if expected.is_some_and(|second| second != slot) || slot.is_second() && expected.is_none() {
                return Err("Attempt to split long or double on the stack".into());
            }
            first = Some(slot);
        }
        if first.is_some_and(VType::is_two_slots) {
            return Err("Attempt to split long or double on the stack".into());
        }
        self.check_depth()
    }

    /// The value of a local of this kind.
    pub(super) fn load(&self, kind: Kind, local: u16) -> Result<VType, Reason> {
        let index = usize::from(local);
        if let Some(second) = VType::of_kind(kind).second() {
            let next = index + 1;
            let (Some(&low), Some(&high)) = (self.locals.get(index), self.locals.get(next)) else {
                return Err(format!("Accessing value from uninitialized register pair {index}/{next}").into());
            };
            if low != VType::of_kind(kind) || high != second {
                return Err(format!("Register pair {index}/{next} contains wrong type").into());
            }
            return Ok(low);
        }
        let value = self.local(local)?;
        let fits = match kind {
            Kind::Ref => value.is_reference() || value.is_uninitialized(),
            Kind::Int | Kind::Float | Kind::Long | Kind::Double => value == VType::of_kind(kind),
        };
        match fits {
            true => Ok(value),
            false if value.address().is_some() => {
                Err(format!("Cannot load return address from register {index}").into())
            }
            false => Err(wrong_type(local)),
        }
    }

    /// The subroutine to whose caller the address in a local leads.
    pub(super) fn return_address(&self, local: u16) -> Result<u16, Reason> {
        self.local(local)?.address().ok_or_else(|| wrong_type(local))
    }

    fn local(&self, local: u16) -> Result<VType, Reason> {
        let never = || Reason::from(format!("Accessing value from uninitialized register {local}"));
        self.locals.get(usize::from(local)).copied().ok_or_else(never)
    }

    /// Stores a value, both halves of a long or double.
    pub(super) fn store(&mut self, local: u16, value: VType) {
        let index = usize::from(local);
        self.set(index, value);
        if let Some(second) = value.second() {
            self.set(index + 1, second);
        }
    }

    fn set(&mut self, index: usize, value: VType) {
        if self.locals.len() <= index {
            self.locals.resize(index + 1, VType::TOP);
        }
        if let Some(slot) = self.locals.get_mut(index) {
            *slot = value;
        }
        self.mark(index);
    }

    /// Notes that a local was stored to in all subroutines being executed.
    fn mark(&mut self, index: usize) {
        let depth = self.chain.depth();
        if depth == 0 {
            return;
        }
        if self.levels.len() <= index {
            self.levels.resize(index + 1, 0);
        }
        if let Some(level) = self.levels.get_mut(index) {
            *level = depth;
        }
    }

    /// In how many subroutines of the chain a local was stored to.
    pub(super) fn level(&self, index: usize) -> u16 {
        self.levels.get(index).copied().unwrap_or(0)
    }

    /// Makes every copy of an uninitialized object an initialized one, or unusable.
    pub(super) fn replace(&mut self, object: VType, by: VType) {
        for slot in self.stack.iter_mut().filter(|slot| **slot == object) {
            *slot = by;
        }
        for index in 0..self.locals.len() {
            if self.locals.get(index) == Some(&object) {
                self.set(index, by);
            }
        }
    }

    /// Objects that `new` made do not go uninitialized into a subroutine or out of it.
    pub(super) fn drop_uninitialized(&mut self) {
        for slot in self.stack.iter_mut().chain(&mut self.locals) {
            if slot.uninit_bci().is_some() {
                *slot = VType::TOP;
            }
        }
    }
}

fn wrong_type(local: u16) -> Reason {
    format!("Register {local} contains wrong type").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const I: VType = VType::INT;
    const J: VType = VType::LONG;
    const K: VType = VType::LONG_2ND;

    fn shuffled(stack: &[VType], op: StackOp) -> Result<Vec<VType>, String> {
        let mut frame = Frame { stack: stack.to_vec(), stack_max: 8, ..Frame::default() };
        match frame.shuffle(op) {
            Ok(()) => Ok(frame.stack),
            Err(Reason(text)) => Err(text.into_owned()),
        }
    }

    #[test]
    fn slots_move_but_pairs_stay_whole() {
        assert_eq!(shuffled(&[J, K, I], StackOp::DupX2), Ok(vec![I, J, K, I]));
        assert_eq!(shuffled(&[I, J, K], StackOp::Dup2X1), Ok(vec![J, K, I, J, K]));
        assert_eq!(shuffled(&[J, K, J, K], StackOp::Dup2X2), Ok(vec![J, K, J, K, J, K]));
        let split = Err("Attempt to split long or double on the stack".to_owned());
        for (stack, op) in [
            (&[J, K][..], StackOp::Pop),
            (&[J, K, I], StackOp::Pop2),
            (&[J, K], StackOp::Dup),
            (&[J, K, I], StackOp::DupX1),
            (&[I, J, K], StackOp::DupX1),
            (&[J, K, I], StackOp::Swap),
            (&[J, K, I, I], StackOp::Dup2X1),
            (&[I, J, K, I], StackOp::Dup2X2),
        ] {
            assert_eq!(shuffled(stack, op), split, "{stack:?} {op:?}");
        }
        assert_eq!(shuffled(&[I], StackOp::Dup2), Err(EMPTY.to_owned()));
        assert_eq!(shuffled(&[I; 8], StackOp::Dup), Err("Stack size too large".to_owned()));
    }

    #[test]
    fn locals_that_were_never_set_are_told_from_wrong_ones() {
        let mut frame = Frame::default();
        frame.store(1, J);
        frame.store(2, I);
        let complaint = |kind, local| {
            frame.load(kind, local).map_or_else(|Reason(text)| text.into_owned(), |_| "".into())
        };
        assert_eq!(complaint(Kind::Int, 2), "");
        assert_eq!(complaint(Kind::Int, 0), "Register 0 contains wrong type");
        assert_eq!(complaint(Kind::Ref, 3), "Accessing value from uninitialized register 3");
        assert_eq!(complaint(Kind::Long, 1), "Register pair 1/2 contains wrong type");
        assert_eq!(complaint(Kind::Double, 2), "Accessing value from uninitialized register pair 2/3");
    }
}
