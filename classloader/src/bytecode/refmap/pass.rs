//! The pass itself: block states, merged along edges until nothing changes.
//!
//! Invariant: a state that is not in the work list has been simulated since it last changed.

use hashbrown::HashMap;

use super::frame::Frame;
use super::{Addresses, ConstantShapes, Limits, RefMapError, RefMaps, State};
use crate::bytecode::ops::{Instr, Kind, Op};

/// Fills `maps` with the states of all blocks.
pub(super) fn run<'a, C: ConstantShapes>(
    maps: RefMaps<'a, C>,
    arguments: impl IntoIterator<Item = Kind>,
    limits: Limits,
) -> Result<RefMaps<'a, C>, RefMapError> {
    let mut pass = Pass {
        maps,
        by_key: HashMap::new(),
        by_addresses: HashMap::new(),
        work: Vec::new(),
        steps_left: limits.steps,
        words_max: limits.words,
    };
    pass.run(arguments)?;
    Ok(pass.maps)
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
        let addresses = self.intern(frame)?;
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

    /// The number of the frame's set of addresses. The sets take room like the words of states do: nested subroutines make
    /// them many and long.
    fn intern(&mut self, frame: &Frame) -> Result<u32, RefMapError> {
        let set: Addresses =
            if self.maps.flow.has_subroutines() { frame.addresses().collect() } else { Addresses::default() };
        let fresh = self.maps.addresses.len() as u32;
        match self.by_addresses.get(&set) {
            Some(&known) => Ok(known),
            None => {
                self.words_max = self.words_max.checked_sub(2 * set.len()).ok_or(RefMapError::TooComplex)?;
                self.maps.addresses.push(set.clone());
                self.by_addresses.insert(set, fresh);
                Ok(fresh)
            }
        }
    }

    fn spend(&mut self, steps: usize) -> Result<(), RefMapError> {
        self.steps_left = self.steps_left.checked_sub(steps as u64).ok_or(RefMapError::TooComplex)?;
        Ok(())
    }
}
