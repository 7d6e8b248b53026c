//! The shape of a whole method body: where instructions and basic blocks start.
//!
//! Invariant: a [`Flow`] exists only for well-formed code: instructions follow each other without a gap to
//! the end of the array, every branch and switch target and every handler starts an instruction, and so do
//! both ends of every handler's range (the end may also be the end of the code). Passes that hold one may
//! index by `bci` without doubt.
//!
//! A basic block here starts at a target, at a handler or behind an instruction that branches or ends; calls
//! and other instructions that may throw do not end one.
//!
//! Deliberately absent: types and stack depths (the verifier's), and whether control could run off the end of
//! the code, which depends on what is reachable; [`Flow::last_falls_through`] gives the fact it needs.

use super::bits::Bits;
use super::decode::{DecodeError, decode, instructions};
use super::ops::{Instr, Op};

/// The longest code array that a class file may have.
pub const CODE_BYTES_MAX: usize = 65535;

/// An entry of an exception table: `handler` covers `start..end`. A catch type of 0 catches everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    pub start: u16,
    pub end: u16,
    pub handler: u16,
    pub catch_type: u16,
}

impl Handler {
    /// Whether an exception at `bci` may come here.
    #[inline]
    pub fn covers(&self, bci: u32) -> bool {
        (u32::from(self.start)..u32::from(self.end)).contains(&bci)
    }
}

/// Why code is not well formed, and at which instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlowError {
    #[error("a method has {0} bytes of code")]
    Length(usize),
    #[error("at {bci}: {error}")]
    Decode { bci: u32, error: DecodeError },
    #[error("at {bci}: target {target} is no instruction")]
    Target { bci: u32, target: u32 },
    #[error("exception table entry {0} has a range that is none or does not begin and end at instructions")]
    HandlerRange(usize),
    #[error("exception table entry {0} has a handler that is no instruction")]
    HandlerTarget(usize),
}

/// Where the instructions and basic blocks of a well-formed method body start.
#[derive(Clone, Debug)]
pub struct Flow {
    instructions: Bits,
    blocks: Bits,
    last_falls_through: bool,
    has_jsr: bool,
}

impl Flow {
    /// Looks at all of `code` and its exception table.
    pub fn new(code: &[u8], handlers: &[Handler]) -> Result<Flow, FlowError> {
        if code.is_empty() || code.len() > CODE_BYTES_MAX {
            return Err(FlowError::Length(code.len()));
        }
        let mut flow = Flow {
            instructions: Bits::new(code.len()),
            blocks: Bits::new(code.len()),
            last_falls_through: false,
            has_jsr: false,
        };
        let mut targets = Bits::new(code.len());
        flow.blocks.insert(0);
        for instr in instructions(code) {
            let instr = instr.map_err(|(bci, error)| FlowError::Decode { bci, error })?;
            flow.instruction(&instr, &mut targets)?;
        }
        if let Some(target) = targets.first_not_in(&flow.instructions) {
            return Err(branch_to(code, target as u32));
        }
        for target in targets.iter() {
            flow.blocks.insert(target);
        }
        for (index, handler) in handlers.iter().enumerate() {
            flow.handler(index, handler, code.len())?;
        }
        Ok(flow)
    }

    fn instruction(&mut self, instr: &Instr<'_>, targets: &mut Bits) -> Result<(), FlowError> {
        self.instructions.insert(instr.bci as usize);
        let mut outside = None;
        instr.op.for_each_target(|target| {
            if target as usize >= targets.limit() {
                outside = outside.or(Some(target));
            } else {
                targets.insert(target as usize);
            }
        });
        if let Some(target) = outside {
            return Err(FlowError::Target { bci: instr.bci, target });
        }
        let (branches, ends) = (instr.opcode.branches(), instr.opcode.ends());
        if branches || ends {
            self.blocks.insert(instr.next() as usize);
        }
        self.has_jsr |= matches!(instr.op, Op::Jsr(_) | Op::Ret(_));
        self.last_falls_through = !ends;
        Ok(())
    }

    fn handler(&mut self, index: usize, handler: &Handler, len: usize) -> Result<(), FlowError> {
        let (start, end) = (usize::from(handler.start), usize::from(handler.end));
        let ends_well = end == len || self.instructions.contains(end);
        if start >= end || !self.instructions.contains(start) || !ends_well {
            return Err(FlowError::HandlerRange(index));
        }
        if !self.instructions.contains(usize::from(handler.handler)) {
            return Err(FlowError::HandlerTarget(index));
        }
        self.blocks.insert(usize::from(handler.handler));
        Ok(())
    }

    /// Whether an instruction starts at `bci`.
    #[inline]
    pub fn is_instruction(&self, bci: u32) -> bool {
        self.instructions.contains(bci as usize)
    }

    /// Whether a basic block starts at `bci`.
    #[inline]
    pub fn is_block(&self, bci: u32) -> bool {
        self.blocks.contains(bci as usize)
    }

    /// The starts of all instructions in order.
    pub fn instruction_starts(&self) -> impl Iterator<Item = u32> + '_ {
        self.instructions.iter().map(|bci| bci as u32)
    }

    /// The starts of all basic blocks in order.
    pub fn block_starts(&self) -> impl Iterator<Item = u32> + '_ {
        self.blocks.iter().map(|bci| bci as u32)
    }

    /// How many instructions there are.
    pub fn instruction_count(&self) -> usize {
        self.instructions.count()
    }

    /// How many basic blocks there are.
    pub fn block_count(&self) -> usize {
        self.blocks.count()
    }

    /// The start of the basic block that `bci` lies in.
    pub fn block_of(&self, bci: u32) -> u32 {
        self.blocks.last_up_to(bci as usize).unwrap_or(0) as u32
    }

    /// The end of the basic block that `bci` lies in: the next one's start or the end of the code.
    pub fn block_end(&self, bci: u32) -> u32 {
        self.blocks.first_after(bci as usize).unwrap_or(self.blocks.limit()) as u32
    }

    /// Whether control would run off the end of the code if it reached the last instruction.
    pub fn last_falls_through(&self) -> bool {
        self.last_falls_through
    }

    /// Whether there are subroutines, that is `jsr` or `ret`.
    pub fn has_subroutines(&self) -> bool {
        self.has_jsr
    }
}

/// The error for the first branch to `wrong`, which is inside an instruction.
fn branch_to(code: &[u8], wrong: u32) -> FlowError {
    let mut bci = 0;
    while let Ok(instr) = decode(code, bci as usize) {
        let mut found = false;
        instr.op.for_each_target(|target| found |= target == wrong);
        if found {
            break;
        }
        bci = instr.next();
    }
    FlowError::Target { bci, target: wrong }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handler(start: u16, end: u16, handler: u16) -> Handler {
        Handler { start, end, handler, catch_type: 0 }
    }

    #[test]
    fn blocks_start_at_targets_handlers_and_after_ends() {
        // 0 iload_0; 1 ifeq 8; 4 iconst_0; 5 goto 9; 8 iconst_1; 9 ireturn; 10 athrow
        let code = [0x1a, 0x99, 0, 7, 0x03, 0xa7, 0, 4, 0x04, 0xac, 0xbf];
        let flow = Flow::new(&code, &[handler(0, 10, 10)]).unwrap();
        assert_eq!(flow.instruction_starts().collect::<Vec<_>>(), [0, 1, 4, 5, 8, 9, 10]);
        assert_eq!(flow.block_starts().collect::<Vec<_>>(), [0, 4, 8, 9, 10]);
        assert_eq!((flow.block_of(5), flow.block_end(5), flow.block_end(10)), (4, 8, 11));
        assert!(!flow.last_falls_through() && !flow.has_subroutines());
    }

    #[test]
    fn malformed_code_is_refused() {
        let check = |code: &[u8], handlers: &[Handler], expected: FlowError| {
            assert_eq!(Flow::new(code, handlers).err(), Some(expected));
        };
        check(&[], &[], FlowError::Length(0));
        check(&[0xa7, 0, 2], &[], FlowError::Target { bci: 0, target: 2 });
        check(&[0xa7, 0, 3], &[], FlowError::Target { bci: 0, target: 3 });
        check(&[0, 0xa7, 0xff, 0xfe], &[], FlowError::Target { bci: 1, target: u32::MAX });
        check(&[0x10], &[], FlowError::Decode { bci: 0, error: DecodeError::Truncated });
        let code = [0x10, 0, 0xac];
        check(&code, &[handler(0, 2, 2), handler(0, 1, 2)], FlowError::HandlerRange(1));
        check(&code, &[handler(1, 2, 2)], FlowError::HandlerRange(0));
        check(&code, &[handler(2, 2, 2)], FlowError::HandlerRange(0));
        check(&code, &[handler(0, 4, 2)], FlowError::HandlerRange(0));
        check(&code, &[handler(0, 3, 1)], FlowError::HandlerTarget(0));
        assert!(Flow::new(&code, &[handler(0, 3, 0)]).is_ok());
    }
}
