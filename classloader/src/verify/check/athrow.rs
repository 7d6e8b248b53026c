//! Whether all ways on from a handler end in `athrow` (JVMS 4.10.1.6, as the reference machine reads it): what covers the
//! call of another constructor must not let this one return.
//!
//! A walk over the code that can be reached from the handler, handlers of what it meets included. Code behind a switch
//! counts as reachable, as it does there.
//!
//! Deliberately absent: types. The walk happens before the code it sees is checked, so it believes nothing of it.

use hashbrown::HashMap;

use super::Checker;
use crate::bytecode::{Bits, Op, decode};
use crate::link::LinkHost;
use crate::verify::context::Outcome;

/// Handlers that were looked at before, and the answers.
pub(super) type Known = HashMap<u32, bool>;

impl<H: LinkHost> Checker<'_, '_, '_, H> {
    /// Whether nothing that can be reached from `start` returns or falls off the end.
    pub(super) fn ends_in_athrow(&mut self, start: u32) -> Outcome<bool, H> {
        if let Some(&known) = self.athrow.get(&start) {
            return Ok(known);
        }
        let answer = self.walk_to_ends(start)?;
        self.athrow.insert(start, answer);
        Ok(answer)
    }

    fn walk_to_ends(&mut self, start: u32) -> Outcome<bool, H> {
        let len = self.code.len();
        let (mut seen, mut todo) = (Bits::new(len), vec![start]);
        while let Some(bci) = todo.pop() {
            self.cx.spend(1)?;
            if bci as usize >= len {
                return Ok(false);
            }
            if !seen.insert(bci as usize) {
                continue;
            }
            for handler in self.handlers {
                self.cx.spend(1)?;
                if (u32::from(handler.start)..u32::from(handler.end)).contains(&bci) {
                    todo.push(u32::from(handler.handler));
                }
            }
            let Ok(instr) = decode(self.code, bci as usize) else {
                // The walk through the whole method will say what is wrong with it.
                continue;
            };
            instr.op.for_each_target(|target| todo.push(target));
            match instr.op {
                Op::Return(_) => return Ok(false),
                Op::Throw | Op::Goto(_) => {}
                _ => todo.push(instr.next()),
            }
        }
        Ok(true)
    }
}
