//! Which slots of an interpreted frame hold references: what the collector asks about a method stopped at a
//! `bci`.
//!
//! A data-flow pass over the method with a lattice of two values: a slot holds a reference on every path, or
//! it does not. Where paths meet, a slot that only some of them filled with a reference counts as none;
//! verified code cannot read it there. The pass keeps one state per basic block; a query replays the block up
//! to its instruction.
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

use hashbrown::HashMap;

use super::bits::Bits;
use super::decode::{CpIndex, ElemKind, Instr, InvokeKind, Kind, Op, decode};
use super::flow::{Flow, FlowError, Handler};

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

/// Bounds on the pass, for code made to be expensive. Exceeding one is an error, never a wrong answer.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Words of 64 slots in all states together.
    pub words: usize,
    /// Slots looked at.
    pub steps: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { words: 1 << 21, steps: 1 << 28 }
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

/// What a slot holds while a block is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    NotRef,
    Ref,
    /// The `bci` behind a `jsr`.
    Return(u32),
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
        let flow = Flow::new(body.code, body.handlers)?;
        let slots = usize::from(body.max_locals) + usize::from(body.max_stack);
        let maps = RefMaps {
            body,
            constants,
            flow,
            addresses: Vec::new(),
            states: Vec::new(),
            words: Vec::new(),
            words_per_state: slots.div_ceil(64),
        };
        let mut pass = Pass {
            maps,
            by_key: HashMap::new(),
            by_addresses: HashMap::new(),
            work: Vec::new(),
            steps_left: limits.steps,
            words_max: limits.words,
        };
        pass.run(arguments)?;
        let Pass { maps, .. } = pass;
        Ok(maps.sorted())
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
        let block = self.flow.block_of(bci);
        let start = self.states.partition_point(|state| state.bci < block);
        let len = self.states.get(start..).unwrap_or_default().partition_point(|state| state.bci == block);
        Ok(start..start + len)
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

/// The running pass.
struct Pass<'a, C> {
    maps: RefMaps<'a, C>,
    /// States by block and addresses.
    by_key: HashMap<(u32, u32), usize>,
    by_addresses: HashMap<Addresses, u32>,
    work: Vec<usize>,
    steps_left: u64,
    words_max: usize,
}

impl<C: ConstantShapes> Pass<'_, C> {
    fn run(&mut self, arguments: impl IntoIterator<Item = Kind>) -> Result<(), RefMapError> {
        let mut entry =
            Frame::new(usize::from(self.maps.body.max_locals), usize::from(self.maps.body.max_stack));
        let mut local = 0;
        for kind in arguments {
            entry.store(local, kind).ok_or(RefMapError::Unverified(0))?;
            local += kind.slots() as usize;
        }
        self.merge(0, &entry, entry.slots.len())?;
        while let Some(state) = self.work.pop() {
            if let Some(state) = self.maps.states.get_mut(state) {
                state.queued = false;
            }
            self.block(state)?;
        }
        Ok(())
    }

    /// Simulates a block from its state and merges what comes out into its successors.
    fn block(&mut self, state: usize) -> Result<(), RefMapError> {
        let Some(&State { bci: start, .. }) = self.maps.states.get(state) else { return Ok(()) };
        let end = self.maps.flow.block_end(start);
        let mut frame = self.maps.frame(state);
        self.spend(frame.slots.len())?;
        // A handler sees the locals of every instruction that it covers. Instructions between two changes of
        // locals show it the same ones, so it is enough to look where something may differ.
        let mut show_all = true;
        let mut at = start;
        loop {
            let instr = self.maps.decode(at)?;
            self.spend(1)?;
            self.show_handlers(at, &frame, show_all)?;
            frame.locals_changed = false;
            frame.execute(&instr, &self.maps.constants).ok_or(RefMapError::Unverified(at))?;
            show_all = frame.locals_changed;
            if instr.next() >= end || instr.opcode.branches() || instr.opcode.ends() {
                return self.leave(&instr, frame);
            }
            at = instr.next();
        }
    }

    /// Merges the locals into the handlers that cover `bci`: all of them, or those whose range begins here.
    fn show_handlers(&mut self, bci: u32, frame: &Frame, all: bool) -> Result<(), RefMapError> {
        let handlers = self.maps.body.handlers;
        if handlers.is_empty() {
            return Ok(());
        }
        if all {
            self.spend(handlers.len())?;
        }
        for handler in handlers {
            let shown = if all { handler.covers(bci) } else { u32::from(handler.start) == bci };
            if shown {
                let caught = frame.caught().ok_or(RefMapError::Unverified(bci))?;
                self.merge(u32::from(handler.handler), &caught, caught.slots.len())?;
            }
        }
        Ok(())
    }

    /// Merges the frame after a block's last instruction into the blocks that may follow.
    fn leave(&mut self, instr: &Instr<'_>, mut frame: Frame) -> Result<(), RefMapError> {
        let cost = frame.slots.len();
        if let Op::Ret(local) = instr.op {
            // What it returned to is set below; no address there means unverified code, and no way on.
            let Some(target) = frame.forget_address(usize::from(local)) else {
                return Err(RefMapError::Unverified(instr.bci));
            };
            return self.merge(target, &frame, cost);
        }
        let mut targets = Vec::new();
        instr.op.for_each_target(|target| targets.push(target));
        targets.sort_unstable();
        targets.dedup();
        for target in targets {
            self.merge(target, &frame, cost)?;
        }
        if !instr.opcode.ends() && (instr.next() as usize) < self.maps.body.code.len() {
            self.merge(instr.next(), &frame, cost)?;
        }
        Ok(())
    }

    /// Merges a frame into the state at `bci` for its addresses, and queues that if it lost a reference or is
    /// new.
    fn merge(&mut self, bci: u32, frame: &Frame, cost: usize) -> Result<(), RefMapError> {
        self.spend(cost)?;
        if !self.maps.flow.is_block(bci) {
            return Err(RefMapError::Unverified(bci));
        }
        let addresses = self.intern(frame);
        let depth = (frame.slots.len() - frame.locals) as u32;
        let fresh = self.maps.states.len();
        let index = *self.by_key.entry((bci, addresses)).or_insert(fresh);
        if index == fresh {
            if self.maps.words.len() + self.maps.words_per_state > self.words_max {
                return Err(RefMapError::TooComplex);
            }
            self.maps.states.push(State { bci, addresses, depth, queued: true });
            self.maps.words.extend(frame.words(self.maps.words_per_state));
            self.work.push(index);
            return Ok(());
        }
        let per_state = self.maps.words_per_state;
        let Some(state) = self.maps.states.get_mut(index) else { return Ok(()) };
        if state.depth != depth {
            return Err(RefMapError::Unverified(bci));
        }
        let words = self.maps.words.get_mut(index * per_state..(index + 1) * per_state).unwrap_or_default();
        let mut lost = false;
        for (old, new) in words.iter_mut().zip(frame.words(per_state)) {
            lost |= *old & !new != 0;
            *old &= new;
        }
        if lost && !state.queued {
            state.queued = true;
            self.work.push(index);
        }
        Ok(())
    }

    /// The number of the frame's set of addresses.
    fn intern(&mut self, frame: &Frame) -> u32 {
        let set: Addresses =
            if self.maps.flow.has_subroutines() { frame.addresses().collect() } else { Addresses::default() };
        let fresh = self.maps.addresses.len() as u32;
        match self.by_addresses.get(&set) {
            Some(&known) => known,
            None => {
                self.maps.addresses.push(set.clone());
                self.by_addresses.insert(set, fresh);
                fresh
            }
        }
    }

    fn spend(&mut self, steps: usize) -> Result<(), RefMapError> {
        self.steps_left = self.steps_left.checked_sub(steps as u64).ok_or(RefMapError::TooComplex)?;
        Ok(())
    }
}

/// The slots of a frame while a block is simulated: locals, then the operand stack as far as it is filled.
#[derive(Clone, Debug)]
struct Frame {
    slots: Vec<Slot>,
    locals: usize,
    stack_max: usize,
    /// Whether a local changed since this was last reset.
    locals_changed: bool,
}

impl Frame {
    fn new(locals: usize, stack_max: usize) -> Frame {
        Frame { slots: vec![Slot::NotRef; locals], locals, stack_max, locals_changed: false }
    }

    /// The frame of a handler: the locals and the exception.
    fn caught(&self) -> Option<Frame> {
        let mut caught = Frame::new(self.locals, self.stack_max);
        caught.slots.copy_from_slice(self.slots.get(..self.locals)?);
        caught.push(Slot::Ref)?;
        Some(caught)
    }

    fn addresses(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.slots.iter().enumerate().filter_map(|(index, slot)| match slot {
            Slot::Return(value) => Some((index as u32, *value)),
            Slot::Ref | Slot::NotRef => None,
        })
    }

    /// A bit per slot that holds a reference.
    fn words(&self, count: usize) -> impl Iterator<Item = u64> + '_ {
        (0..count).map(|at| {
            let slots = self.slots.get(at * 64..).unwrap_or_default();
            slots.iter().take(64).rev().fold(0, |word, slot| word << 1 | u64::from(*slot == Slot::Ref))
        })
    }

    /// What two frames have in common, if they are of one shape.
    fn intersect(mut self, other: Frame) -> Option<Frame> {
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
    fn forget_address(&mut self, local: usize) -> Option<u32> {
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
    fn store(&mut self, local: usize, kind: Kind) -> Option<()> {
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
    fn execute(&mut self, instr: &Instr<'_>, constants: &impl ConstantShapes) -> Option<()> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Field and call 1: a reference, `(I)` to a reference; 2: two slots, `(J)` to nothing; others do not
    /// exist.
    struct Shapes;

    impl ConstantShapes for Shapes {
        fn field(&self, index: CpIndex) -> Option<Shape> {
            [None, Some(Shape::Ref), Some(Shape::Two)].get(usize::from(index.0)).copied().flatten()
        }

        fn call(&self, index: CpIndex) -> Option<CallShape> {
            match index.0 {
                1 => Some(CallShape { argument_slots: 1, result: Some(Shape::Ref) }),
                2 => Some(CallShape { argument_slots: 2, result: None }),
                _ => None,
            }
        }

        fn constant(&self, index: CpIndex) -> Option<Shape> {
            self.field(index)
        }
    }

    fn maps<'a>(
        code: &'a [u8],
        handlers: &'a [Handler],
        arguments: &[Kind],
    ) -> Result<RefMaps<'a, Shapes>, RefMapError> {
        let body = Body { code, handlers, max_locals: 6, max_stack: 4 };
        RefMaps::compute(body, arguments.iter().copied(), Shapes, Limits::default())
    }

    fn check(map: Result<RefMap, RefMapError>, locals: &[usize], stack: &[usize], depth: u32) {
        let map = map.unwrap();
        assert_eq!(map.locals.iter().collect::<Vec<_>>(), locals);
        assert_eq!(map.stack.iter().collect::<Vec<_>>(), stack);
        assert_eq!(map.depth, depth);
    }

    #[test]
    fn straight_code() {
        // 0 aload_0; 1 lload_1; 2 invokevirtual 2; 5 aload_0; 6 iconst_0; 7 invokevirtual 1; 10 dup; 11
        // astore_3; 12 areturn
        let code = [0x2a, 0x1f, 0xb6, 0, 2, 0x2a, 0x03, 0xb6, 0, 1, 0x59, 0x4e, 0xb0];
        let maps = maps(&code, &[], &[Kind::Ref, Kind::Long]).unwrap();
        check(maps.at(0), &[0], &[], 0);
        check(maps.at(2), &[0], &[0], 3);
        check(maps.at(7), &[0], &[0], 2);
        check(maps.at(11), &[0], &[0, 1], 2);
        check(maps.at(12), &[0, 3], &[0], 1);
        assert_eq!(maps.at(3), Err(RefMapError::Unreachable(3)));
        assert_eq!(maps.at(13), Err(RefMapError::Unreachable(13)));
    }

    #[test]
    fn where_paths_meet_only_common_references_count() {
        // 0 iload_0; 1 ifeq 10; 4 aconst_null; 5 astore_1; 6 aconst_null; 7 goto 13; 10 iconst_0; 11
        // istore_1; 12 aconst_null; 13 areturn; 14 nop; 15 areturn
        let code = [0x1a, 0x99, 0, 9, 0x01, 0x4c, 0x01, 0xa7, 0, 6, 0x03, 0x3c, 0x01, 0xb0, 0x00, 0xb0];
        let maps = maps(&code, &[], &[Kind::Int]).unwrap();
        check(maps.at(7), &[1], &[0], 1);
        check(maps.at(13), &[], &[0], 1);
        assert_eq!(maps.at(15), Err(RefMapError::Unreachable(15)));
        assert!(maps.is_unreachable(14) && !maps.is_unreachable(13));
    }

    #[test]
    fn a_handler_sees_the_locals_of_every_instruction_it_covers() {
        // 0 aload_0; 1 astore_1; 2 iconst_0; 3 istore_0; 4 aload_1; 5 areturn; 6 areturn
        let code = [0x2a, 0x4c, 0x03, 0x3b, 0x2b, 0xb0, 0xb0];
        let handler = |start, end| [Handler { start, end, handler: 6, catch_type: 0 }];
        let at_handler = |start, end| maps(&code, &handler(start, end), &[Kind::Ref]).unwrap().at(6);
        check(at_handler(0, 6), &[], &[0], 1);
        check(at_handler(0, 1), &[0], &[0], 1);
        check(at_handler(2, 3), &[0, 1], &[0], 1);
        check(at_handler(4, 5), &[1], &[0], 1);
        check(at_handler(2, 6), &[1], &[0], 1);
    }

    #[test]
    fn loops_reach_a_fixed_point() {
        // 0 aconst_null; 1 astore_1; 2 iload_0; 3 ifeq 2; 6 iconst_0; 7 istore_1; 8 goto 2
        let code = [0x01, 0x4c, 0x1a, 0x99, 0xff, 0xff, 0x03, 0x3c, 0xa7, 0xff, 0xfa];
        check(maps(&code, &[], &[Kind::Int]).unwrap().at(6), &[], &[], 0);
    }

    /// Local 1 holds a reference at the first call of the subroutine and an `int` at the second.
    ///
    /// 0 aconst_null; 1 astore_1; 2 jsr 10; 5 iconst_0; 6 istore_1; 7 jsr 10; 10 ...
    const SUBROUTINE: [u8; 17] =
        [0x01, 0x4c, 0xa8, 0, 9, 0x03, 0x3c, 0xa8, 0, 4, 0xb1, 0x4d, 0x01, 0x4e, 0x00, 0xa9, 0x02];

    #[test]
    fn a_subroutine_keeps_its_callers_apart() {
        let code = SUBROUTINE;
        let maps = maps(&code, &[], &[]).unwrap();
        check(maps.at(5), &[1, 3], &[], 0);
        check(maps.at(10), &[3], &[], 0);
        assert_eq!(maps.at(14), Err(RefMapError::NeedsAddresses(14)));
        let from =
            |value: u32| maps.at_with(14, move |slot| if slot == FrameSlot::Local(2) { value } else { 99 });
        check(from(5), &[1, 3], &[], 0);
        check(from(10), &[3], &[], 0);
        assert_eq!(from(7), Err(RefMapError::Unreachable(14)));
        // Before the address is stored, it lies on the stack.
        check(maps.at_with(11, |slot| if slot == FrameSlot::Stack(0) { 5 } else { 99 }), &[1], &[], 1);
    }

    #[test]
    fn unverified_code_is_an_error() {
        let check = |code: &[u8], bci: u32| {
            assert_eq!(maps(code, &[], &[]).err(), Some(RefMapError::Unverified(bci)), "{code:x?}");
        };
        check(&[0x57, 0xb1], 0);
        check(&[0xb4, 0, 9, 0xb1], 0);
        check(&[0x03, 0x03, 0x03, 0x03, 0x03, 0xb1], 4);
        check(&[0x03, 0xa7, 0xff, 0xff], 0);
        check(&[0xc4, 0x15, 1, 0, 0xb1], 0);
        check(&[0xa9, 0], 0);
        assert!(matches!(maps(&[0xa7, 0, 9], &[], &[]), Err(RefMapError::Flow(_))));
        let body = Body { code: &[0xb1], handlers: &[], max_locals: 1, max_stack: 0 };
        let two = RefMaps::compute(body, [Kind::Long], Shapes, Limits::default());
        assert_eq!(two.err(), Some(RefMapError::Unverified(0)));
    }

    #[test]
    fn limits_end_the_pass() {
        let body = Body { code: &SUBROUTINE, handlers: &[], max_locals: 6, max_stack: 4 };
        for limits in [Limits { steps: 20, ..Limits::default() }, Limits { words: 2, ..Limits::default() }] {
            assert_eq!(RefMaps::compute(body, [], Shapes, limits).err(), Some(RefMapError::TooComplex));
        }
    }
}
