//! One frame, slot by slot, and what each instruction does to it.
//!
//! Invariant: locals keep their number; the stack is never deeper than the method's maximum.

use super::{CallShape, ConstantShapes, Shape};
use crate::bytecode::ops::{ElemKind, Instr, InvokeKind, Kind, Op};

/// What a slot holds while a block is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    NotRef,
    Ref,
    /// The `bci` behind a `jsr`.
    Return(u32),
}

/// The slots of a frame while a block is simulated: locals, then the operand stack as far as it is filled.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) slots: Vec<Slot>,
    pub(super) locals: usize,
    pub(super) stack_max: usize,
    /// Whether a local changed since this was last reset.
    pub(super) locals_changed: bool,
}

impl Frame {
    pub(super) fn new(locals: usize, stack_max: usize) -> Frame {
        Frame { slots: vec![Slot::NotRef; locals], locals, stack_max, locals_changed: false }
    }

    /// The frame of a handler: the locals and the exception.
    pub(super) fn caught(&self) -> Option<Frame> {
        let mut caught = Frame::new(self.locals, self.stack_max);
        caught.slots.copy_from_slice(self.slots.get(..self.locals)?);
        caught.push(Slot::Ref)?;
        Some(caught)
    }

    pub(super) fn addresses(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.slots.iter().enumerate().filter_map(|(index, slot)| match slot {
            Slot::Return(value) => Some((index as u32, *value)),
            Slot::Ref | Slot::NotRef => None,
        })
    }

    /// A bit per slot that holds a reference.
    pub(super) fn words(&self, count: usize) -> impl Iterator<Item = u64> + '_ {
        (0..count).map(|at| {
            let slots = self.slots.get(at * 64..).unwrap_or_default();
            slots.iter().take(64).rev().fold(0, |word, slot| word << 1 | u64::from(*slot == Slot::Ref))
        })
    }

    /// What two frames have in common, if they are of one shape.
    pub(super) fn intersect(mut self, other: Frame) -> Option<Frame> {
        if self.slots.len() != other.slots.len() {
            return None;
        }
        for (slot, other) in self.slots.iter_mut().zip(other.slots) {
            if *slot != other {
                *slot = Slot::NotRef;
            }
        }
        Some(self)
    }

    /// The address in a local, which is forgotten wherever it stands.
    pub(super) fn forget_address(&mut self, local: usize) -> Option<u32> {
        let Some(Slot::Return(target)) = self.slots.get(..self.locals)?.get(local).copied() else {
            return None;
        };
        self.slots
            .iter_mut()
            .filter(|slot| **slot == Slot::Return(target))
            .for_each(|slot| *slot = Slot::NotRef);
        Some(target)
    }

    fn push(&mut self, slot: Slot) -> Option<()> {
        if self.slots.len() >= self.locals + self.stack_max {
            return None;
        }
        self.slots.push(slot);
        Some(())
    }

    fn push_shape(&mut self, shape: Shape) -> Option<()> {
        match shape {
            Shape::Ref => self.push(Slot::Ref),
            Shape::One => self.push(Slot::NotRef),
            Shape::Two => self.push(Slot::NotRef).and_then(|()| self.push(Slot::NotRef)),
        }
    }

    fn pop(&mut self, count: usize) -> Option<()> {
        let left = self.slots.len().checked_sub(count)?;
        if left < self.locals {
            return None;
        }
        self.slots.truncate(left);
        Some(())
    }

    fn pop_kind(&mut self, kind: Kind) -> Option<()> {
        self.pop(kind.slots() as usize)
    }

    fn set_local(&mut self, local: usize, slot: Slot) -> Option<()> {
        let place = self.slots.get_mut(..self.locals)?.get_mut(local)?;
        self.locals_changed |= *place != slot;
        *place = slot;
        Some(())
    }

    /// Puts a value into a local. The other half of a pair that this breaks needs no care: neither half is a
    /// reference.
    pub(super) fn store(&mut self, local: usize, kind: Kind) -> Option<()> {
        match kind {
            Kind::Ref => self.set_local(local, Slot::Ref),
            Kind::Int | Kind::Float => self.set_local(local, Slot::NotRef),
            Kind::Long | Kind::Double => {
                self.set_local(local, Slot::NotRef)?;
                self.set_local(local + 1, Slot::NotRef)
            }
        }
    }

    /// Executes an instruction, but for where it goes. `None` if the frame does not allow it.
    pub(super) fn execute(&mut self, instr: &Instr<'_>, constants: &impl ConstantShapes) -> Option<()> {
        match instr.op {
            Op::Nop | Op::Goto(_) | Op::Ret(_) | Op::Iinc { .. } => Some(()),
            Op::Const(constant) => self.push_shape(constant.kind().into()),
            Op::Ldc(index) => self.push_shape(constants.constant(index)?),
            Op::Ldc2(_) => self.push_shape(Shape::Two),
            Op::Load(kind, local) => match self.slots.get(..self.locals)?.get(usize::from(local))? {
                // Loading what is not surely a reference would be unverified; the collector must not believe
                // it.
                slot if kind == Kind::Ref => self.push(*slot),
                _ => self.push_shape(kind.into()),
            },
            Op::Store(kind, local) => {
                let top = *self.slots.get(self.locals..)?.last()?;
                self.pop_kind(kind)?;
                if kind == Kind::Ref {
                    return self.set_local(usize::from(local), top);
                }
                self.store(usize::from(local), kind)
            }
            Op::ArrayLoad(element) => {
                self.pop(2)?;
                self.push_shape(element.kind().into())
            }
            Op::ArrayStore(element) => self.pop(2 + ElemKind::kind(element).slots() as usize),
            Op::Stack(op) => {
                let (count, order) = op.shuffle();
                let base = self.slots.len().checked_sub(count).filter(|&base| base >= self.locals)?;
                let mut popped = [Slot::NotRef; 4];
                popped.get_mut(..count)?.copy_from_slice(self.slots.get(base..)?);
                self.slots.truncate(base);
                order.iter().try_for_each(|&index| self.push(*popped.get(usize::from(index))?))
            }
            Op::Binary(_, kind) => {
                self.pop(kind.slots() as usize * 2)?;
                self.push_shape(kind.into())
            }
            Op::Neg(kind) => {
                self.pop_kind(kind)?;
                self.push_shape(kind.into())
            }
            Op::Shift(_, kind) => {
                self.pop(kind.slots() as usize + 1)?;
                self.push_shape(kind.into())
            }
            Op::Convert(from, to) => {
                self.pop_kind(from)?;
                self.push_shape(to.kind().into())
            }
            Op::Compare(op) => {
                self.pop(op.kind().slots() as usize * 2)?;
                self.push_shape(Shape::One)
            }
            Op::If(..) | Op::IfNull(..) | Op::TableSwitch(_) | Op::LookupSwitch(_) => self.pop(1),
            Op::IfICmp(..) | Op::IfACmp(..) => self.pop(2),
            Op::Jsr(_) => self.push(Slot::Return(instr.next())),
            Op::Return(kind) => kind.map_or(Some(()), |kind| self.pop_kind(kind)),
            Op::GetStatic(index) => self.push_shape(constants.field(index)?),
            Op::PutStatic(index) => self.pop_shape(constants.field(index)?),
            Op::GetField(index) => {
                self.pop(1)?;
                self.push_shape(constants.field(index)?)
            }
            Op::PutField(index) => {
                self.pop_shape(constants.field(index)?)?;
                self.pop(1)
            }
            Op::Invoke { kind, pool, .. } => {
                self.call(constants.call(pool)?, if kind == InvokeKind::Static { 0 } else { 1 })
            }
            Op::InvokeDynamic(index) => self.call(constants.call(index)?, 0),
            Op::New(_) => self.push(Slot::Ref),
            Op::NewArray(_) | Op::ANewArray(_) | Op::CheckCast(_) => {
                self.pop(1)?;
                self.push(Slot::Ref)
            }
            Op::MultiANewArray(_, dimensions) => {
                self.pop(usize::from(dimensions))?;
                self.push(Slot::Ref)
            }
            Op::ArrayLength | Op::InstanceOf(_) => {
                self.pop(1)?;
                self.push(Slot::NotRef)
            }
            Op::Throw | Op::MonitorEnter | Op::MonitorExit => self.pop(1),
        }
    }

    fn pop_shape(&mut self, shape: Shape) -> Option<()> {
        self.pop(if shape == Shape::Two { 2 } else { 1 })
    }

    fn call(&mut self, shape: CallShape, receiver: usize) -> Option<()> {
        self.pop(shape.argument_slots as usize + receiver)?;
        shape.result.map_or(Some(()), |result| self.push_shape(result))
    }
}
