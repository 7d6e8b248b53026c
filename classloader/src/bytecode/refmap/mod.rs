//! Which slots of an interpreted frame hold references: what the collector asks about a method stopped at a
//! `bci`.
//!
//! A data-flow pass over the method with a lattice of two values: a slot holds a reference on every path, or
//! it does not. Where paths meet, a slot that only some of them filled with a reference counts as none;
//! verified code cannot read it there. The pass keeps one state per basic block; a query replays the block up
//! to its instruction.
//!
//! **With a StackMapTable** that the verifier has proven there is nothing to find out: its frames are the states, and
//! between two of them code is straight ([`RefMaps::from_stack_map`]).
//!
//! **Subroutines.** `ret` makes flow depend on data, and a local that a subroutine does not touch may hold a
//! reference for one caller and an `int` for the other. So return addresses are values here, and the states
//! of a block are kept apart by *which slots hold which return addresses*. A query of such a method says what
//! the frame's slots contain ([`RefMaps::at_with`]), which picks the state. After `ret` the address is
//! forgotten, as verified code may not use it again; that keeps the number of states down to the callers of
//! the subroutines active at a point.
//!
//! Invariants: a state only ever loses references, so the pass ends; its work and memory are bounded by
//! [`Limits`] besides. Verified code is assumed to get right answers, not to avoid panics: nothing here
//! panics or indexes without looking, whatever the bytes.
//!
//! Deliberately absent: types. `null`, uninitialized objects and initialized ones are all references to a
//! collector.

mod frame;
mod pass;
mod table;
#[cfg(test)]
mod tests;

use super::bits::Bits;
use super::decode::decode;
use super::flow::{Flow, FlowError, Handler};
use super::ops::{CpIndex, Instr, Kind};
use frame::{Frame, Slot};

/// What a value takes on the operand stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Ref,
    /// One slot that is no reference.
    One,
    /// Two slots.
    Two,
}

impl From<Kind> for Shape {
    fn from(kind: Kind) -> Shape {
        match kind {
            Kind::Ref => Shape::Ref,
            Kind::Int | Kind::Float => Shape::One,
            Kind::Long | Kind::Double => Shape::Two,
        }
    }
}

/// What an invocation takes and leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallShape {
    /// Slots of the arguments, the receiver not counted.
    pub argument_slots: u32,
    pub result: Option<Shape>,
}

/// What the pass must know about constants. `None` (an index of the wrong kind) ends it with an error.
///
/// A question is asked each time an instruction is simulated, so an answer should not take long.
pub trait ConstantShapes {
    /// The shape of the field that a `FieldRef` names.
    fn field(&self, index: CpIndex) -> Option<Shape>;
    /// The shape of the call that a method reference or an `InvokeDynamic` constant names.
    fn call(&self, index: CpIndex) -> Option<CallShape>;
    /// The shape of a constant of one slot: is it a reference?
    fn constant(&self, index: CpIndex) -> Option<Shape>;
}

impl<T: ConstantShapes> ConstantShapes for &T {
    fn field(&self, index: CpIndex) -> Option<Shape> {
        (**self).field(index)
    }

    fn call(&self, index: CpIndex) -> Option<CallShape> {
        (**self).call(index)
    }

    fn constant(&self, index: CpIndex) -> Option<Shape> {
        (**self).constant(index)
    }
}

/// A method's code and the shape of its frame.
#[derive(Clone, Copy, Debug)]
pub struct Body<'a> {
    pub code: &'a [u8],
    pub handlers: &'a [Handler],
    pub max_locals: u16,
    pub max_stack: u16,
}

/// Bounds on the pass, for code made to be expensive. Exceeding one is an error, never a wrong answer. They grow with the
/// code, because whoever loads a class has paid for its length and for nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Words of 64 slots in all states together.
    pub words: usize,
    /// Slots looked at.
    pub steps: u64,
}

impl Limits {
    /// The limits for so many bytes of code.
    pub fn of_code(bytes: usize) -> Limits {
        Limits { words: (1 << 18) + (bytes << 5), steps: (1 << 22) + ((bytes as u64) << 11) }
    }
}

/// Why there is no map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefMapError {
    #[error(transparent)]
    Flow(#[from] FlowError),
    /// Only code that was not verified does this.
    #[error("at {0}: the code does not fit its frame, or paths disagree about it")]
    Unverified(u32),
    #[error("the method's states exceed the limits set for them")]
    TooComplex,
    #[error("no path reaches {0}")]
    Unreachable(u32),
    #[error("what {0} holds depends on return addresses")]
    NeedsAddresses(u32),
}

/// The answer for one `bci`: the slots that hold references before its instruction executes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefMap {
    /// Local variables that hold references.
    pub locals: Bits,
    /// Operand stack slots that do, 0 the deepest.
    pub stack: Bits,
    /// Slots on the operand stack.
    pub depth: u32,
}

/// A slot of a frame, as [`RefMaps::at_with`] asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameSlot {
    Local(u16),
    /// 0 is the deepest.
    Stack(u16),
}

/// Which slots hold return addresses, sorted by slot; locals first, then the stack.
type Addresses = Box<[(u32, u32)]>;

/// A state of a block's start.
#[derive(Clone, Debug)]
struct State {
    bci: u32,
    addresses: u32,
    depth: u32,
    /// Waits in the work list.
    queued: bool,
}

/// The states of all blocks of a method, ready for questions.
#[derive(Debug)]
pub struct RefMaps<'a, C> {
    body: Body<'a>,
    constants: C,
    flow: Flow,
    addresses: Vec<Addresses>,
    /// Sorted by `bci` once the pass is through.
    states: Vec<State>,
    /// For each state in turn, a bit per slot: locals, then stack.
    words: Vec<u64>,
    words_per_state: usize,
    /// The states are the frames of a StackMapTable, which need not stand where blocks begin.
    from_table: bool,
}

impl<'a, C: ConstantShapes> RefMaps<'a, C> {
    /// Runs the pass. `arguments` are the kinds of the method's arguments, the receiver first if there is
    /// one.
    pub fn compute(
        body: Body<'a>,
        arguments: impl IntoIterator<Item = Kind>,
        constants: C,
        limits: Limits,
    ) -> Result<RefMaps<'a, C>, RefMapError> {
        let maps = pass::run(RefMaps::empty(body, constants)?, arguments, limits)?;
        Ok(maps.sorted())
    }

    /// Takes the states from the contents of a StackMapTable that was verified, or needs not to be. `arguments` are as
    /// for [`RefMaps::compute`].
    pub fn from_stack_map(
        body: Body<'a>,
        arguments: impl IntoIterator<Item = Kind>,
        constants: C,
        limits: Limits,
        table: &[u8],
    ) -> Result<RefMaps<'a, C>, RefMapError> {
        table::read(RefMaps::empty(body, constants)?, arguments, limits, table)
    }

    fn empty(body: Body<'a>, constants: C) -> Result<RefMaps<'a, C>, RefMapError> {
        let slots = usize::from(body.max_locals) + usize::from(body.max_stack);
        Ok(RefMaps {
            flow: Flow::new(body.code, body.handlers)?,
            body,
            constants,
            addresses: Vec::new(),
            states: Vec::new(),
            words: Vec::new(),
            words_per_state: slots.div_ceil(64),
            from_table: false,
        })
    }

    /// The map of `bci` in a method whose answer does not depend on return addresses; that is every one
    /// without subroutines.
    pub fn at(&self, bci: u32) -> Result<RefMap, RefMapError> {
        let states = self.states_of(bci)?;
        match states.len() {
            0 => Err(RefMapError::Unreachable(bci)),
            1 => Ok(self.map(&self.replay(states.start, bci)?)),
            _ => Err(RefMapError::NeedsAddresses(bci)),
        }
    }

    /// The map of `bci` in a frame. `address` tells the return address in a slot (the `bci` behind the `jsr`
    /// that made it); it is asked only about slots that might hold one, and what it tells of others does not
    /// matter.
    pub fn at_with(
        &self,
        bci: u32,
        mut address: impl FnMut(FrameSlot) -> u32,
    ) -> Result<RefMap, RefMapError> {
        let states = self.states_of(bci)?;
        if states.len() == 1 {
            return self.at(bci);
        }
        let mut result: Option<Frame> = None;
        for state in states {
            let frame = self.replay(state, bci)?;
            let matches = frame.addresses().all(|(slot, value)| address(self.frame_slot(slot)) == value);
            if matches {
                result = Some(match result {
                    None => frame,
                    // A slot that holds an address only by accident: what the candidates share is what code
                    // can use.
                    Some(other) => other.intersect(frame).ok_or(RefMapError::Unverified(bci))?,
                });
            }
        }
        result.map(|frame| self.map(&frame)).ok_or(RefMapError::Unreachable(bci))
    }

    /// The maps of all reachable instructions that `wanted` picks, in one walk over the code. In a method with
    /// subroutines an instruction comes once for each state; [`RefMaps::at_with`] is for those.
    pub fn for_each(&self, wanted: impl Fn(&Instr<'a>) -> bool, mut visit: impl FnMut(u32, RefMap)) {
        for (state, &State { bci, .. }) in self.states.iter().enumerate() {
            let end = self.state_end(state, bci);
            let mut frame = self.frame(state);
            let mut at = bci;
            while at < end {
                let Ok(instr) = self.decode(at) else { break };
                if wanted(&instr) {
                    visit(at, self.map(&frame));
                }
                if frame.execute(&instr, &self.constants).is_none() {
                    break;
                }
                at = instr.next();
            }
        }
    }

    /// Whether no path reaches the instruction at `bci`.
    pub fn is_unreachable(&self, bci: u32) -> bool {
        self.states_of(bci).is_ok_and(|states| states.is_empty())
    }

    /// What flow the method has.
    pub fn flow(&self) -> &Flow {
        &self.flow
    }

    fn frame_slot(&self, slot: u32) -> FrameSlot {
        let locals = u32::from(self.body.max_locals);
        match slot.checked_sub(locals) {
            None => FrameSlot::Local(slot as u16),
            Some(stack) => FrameSlot::Stack(stack as u16),
        }
    }

    /// Indices of the states of the block around `bci`.
    fn states_of(&self, bci: u32) -> Result<std::ops::Range<usize>, RefMapError> {
        if !self.flow.is_instruction(bci) {
            return Err(RefMapError::Unreachable(bci));
        }
        if self.from_table {
            let behind = self.states.partition_point(|state| state.bci <= bci);
            return Ok(behind.saturating_sub(1)..behind);
        }
        let block = self.flow.block_of(bci);
        let start = self.states.partition_point(|state| state.bci < block);
        let len = self.states.get(start..).unwrap_or_default().partition_point(|state| state.bci == block);
        Ok(start..start + len)
    }

    /// The end of the code that a state, which begins at `bci`, serves.
    fn state_end(&self, state: usize, bci: u32) -> u32 {
        if !self.from_table {
            return self.flow.block_end(bci);
        }
        self.states.get(state + 1).map_or(self.body.code.len() as u32, |next| next.bci)
    }

    /// The frame before `bci`, from the state of its block.
    fn replay(&self, state: usize, bci: u32) -> Result<Frame, RefMapError> {
        let mut frame = self.frame(state);
        let mut at = self.states.get(state).map_or(bci, |state| state.bci);
        while at < bci {
            let instr = self.decode(at)?;
            frame.execute(&instr, &self.constants).ok_or(RefMapError::Unverified(at))?;
            at = instr.next();
        }
        Ok(frame)
    }

    fn decode(&self, bci: u32) -> Result<Instr<'a>, RefMapError> {
        decode(self.body.code, bci as usize).map_err(|error| FlowError::Decode { bci, error }.into())
    }

    fn state_words(&self, state: usize) -> &[u64] {
        self.words
            .get(state * self.words_per_state..)
            .and_then(|rest| rest.get(..self.words_per_state))
            .unwrap_or(&[])
    }

    /// A state unpacked.
    fn frame(&self, state: usize) -> Frame {
        let (locals, stack_max) = (usize::from(self.body.max_locals), usize::from(self.body.max_stack));
        let Some(State { depth, addresses, .. }) = self.states.get(state) else {
            return Frame::new(locals, stack_max);
        };
        let words = self.state_words(state);
        let slot = |index: usize| match words.get(index / 64) {
            Some(word) if word >> (index % 64) & 1 != 0 => Slot::Ref,
            _ => Slot::NotRef,
        };
        let mut frame = Frame {
            slots: (0..locals + *depth as usize).map(slot).collect(),
            locals,
            stack_max,
            locals_changed: false,
        };
        for &(slot, value) in self.addresses.get(*addresses as usize).map(|set| &**set).unwrap_or_default() {
            if let Some(place) = frame.slots.get_mut(slot as usize) {
                *place = Slot::Return(value);
            }
        }
        frame
    }

    fn map(&self, frame: &Frame) -> RefMap {
        let (locals, stack) = frame.slots.split_at_checked(frame.locals).unwrap_or_default();
        let bits = |slots: &[Slot]| {
            let mut bits = Bits::new(slots.len());
            for (index, _) in slots.iter().enumerate().filter(|(_, slot)| **slot == Slot::Ref) {
                bits.insert(index);
            }
            bits
        };
        RefMap { locals: bits(locals), stack: bits(stack), depth: stack.len() as u32 }
    }

    /// The same with the states in order.
    fn sorted(mut self) -> RefMaps<'a, C> {
        let mut order: Vec<usize> = (0..self.states.len()).collect();
        order.sort_by_key(|&index| self.states.get(index).map(|state| state.bci));
        let words = order.iter().flat_map(|&index| self.state_words(index)).copied().collect();
        self.states = order.iter().filter_map(|&index| self.states.get(index).cloned()).collect();
        self.words = words;
        self
    }
}
