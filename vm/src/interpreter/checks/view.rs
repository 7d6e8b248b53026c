//! The operand stack in mid-instruction: what has been taken off it, and what put on it since.

use super::{At, MOST, Pending, Seen, Tag};

pub(super) struct View {
    sp: *mut u64,
    pops: usize,
    /// Tags of the slots taken off the real stack, the top's in the lowest byte, as far as they fit.
    popped: u64,
    /// Tags of the slots put on it, the top's in the lowest byte.
    pushes: u64,
    values: [u32; MOST],
    count: usize,
    growth: usize,
}

impl View {
    pub(super) fn new(sp: *mut u64) -> View {
        View { sp, pops: 0, popped: 0, pushes: 0, values: [0; MOST], count: 0, growth: 0 }
    }

    pub(super) fn pending(&self, pc: *const u64, call: bool) -> Pending {
        Pending { pc, sp: self.sp, pops: self.pops, pushes: self.pushes, count: self.count, call }
    }

    pub(super) fn note(&self, seen: &mut Seen) {
        seen.popped = self.pops as u8;
        seen.pops = self.popped;
        seen.pushed = self.count as u8;
        seen.pushes = self.pushes;
        seen.growth = self.growth as u8;
    }

    /// Takes one slot.
    pub(super) fn pop_slot(&mut self, at: &mut At<'_>) -> (Tag, u32) {
        if self.count > 0 {
            self.count -= 1;
            let tag = Tag::ALL[(self.pushes & 7) as usize];
            self.pushes >>= 8;
            return (tag, self.values[self.count]);
        }
        // SAFETY: below the frame's header lie its operands.
        let slot = unsafe { self.sp.add(self.pops) };
        if slot >= at.frame.fp {
            at.fail("it takes more than there is on the operand stack");
        }
        let tag = at.checks.tag(slot);
        if self.pops < 8 {
            self.popped |= (tag as u64) << (8 * self.pops);
        }
        self.pops += 1;
        // SAFETY: an operand of the frame, as just checked.
        (tag, unsafe { *slot as u32 })
    }

    /// Takes a value of the kind. For references, gives it.
    pub(super) fn pop(&mut self, at: &mut At<'_>, tag: Tag) -> u32 {
        let (found, value) = self.pop_slot(at);
        if tag.slots() == 2 {
            let (below, _) = self.pop_slot(at);
            if found != Tag::Half || below != tag {
                at.fail(&format!("an operand should be {tag:?} and is {below:?}, {found:?}"));
            }
        } else if found != tag {
            at.fail(&format!("an operand should be {tag:?} and is {found:?}"));
        }
        value
    }

    pub(super) fn push_slot(&mut self, at: &mut At<'_>, tag: Tag, value: u32) {
        self.pushes = self.pushes << 8 | tag as u64;
        self.values[self.count] = value;
        self.count += 1;
        let depth = (at.frame.fp as usize - self.sp as usize) / 8 + self.count - self.pops;
        let most = at.frame.facts.max_stack;
        if depth > most {
            at.fail(&format!("it makes {depth} operands, and max_stack is {most}"));
        }
        self.growth = self.growth.max(self.count.saturating_sub(self.pops));
    }

    pub(super) fn push(&mut self, at: &mut At<'_>, tag: Tag, value: u32) {
        self.push_slot(at, tag, value);
        if tag.slots() == 2 {
            self.push_slot(at, Tag::Half, 0);
        }
    }

    /// A native's result, which goes beyond its max_stack of 0.
    pub(super) fn push_result(&mut self, tag: Tag) {
        if tag != Tag::Nothing {
            self.count = tag.slots();
            self.pushes = if self.count == 2 { (tag as u64) << 8 | Tag::Half as u64 } else { tag as u64 };
        }
    }
}
