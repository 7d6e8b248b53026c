//! Branches, switches and returns.
//!
//! A branch ends a block: what is left of the operands goes to memory first, then come the comparison and the jump, between
//! which nothing changes flags. Backward branches need no poll here: the blocks that they lead to have one.

use carafe_classloader::bytecode::{CompareOp, Cond, Equality, Kind};

use super::blocks::Class;
use super::picture::Picture;
use super::{Compiler, RETURN_CODE, Table};
use crate::env::CompileEnv;
use crate::masm::{Alu, Flag, FloatWidth, Label, Operand, Place, SCRATCH, Width};
use crate::{Rq, Rx};

/// From this many cases on a dense switch jumps by a table.
const TABLE_MIN: usize = 6;

pub(super) fn condition(equality: Equality) -> Cond {
    match equality {
        Equality::Eq => Cond::Eq,
        Equality::Ne => Cond::Ne,
    }
}

/// A subroutine's return address as it lies in a slot, marked for reference maps.
pub(super) fn return_address(bci: u32) -> u64 {
    0xfffa_0000_0000_0000 | u64::from(bci)
}

fn flag(cond: Cond) -> Flag {
    match cond {
        Cond::Eq => Flag::Equal,
        Cond::Ne => Flag::NotEqual,
        Cond::Lt => Flag::Less,
        Cond::Ge => Flag::GreaterOrEqual,
        Cond::Gt => Flag::Greater,
        Cond::Le => Flag::LessOrEqual,
    }
}

impl<E: CompileEnv + ?Sized> Compiler<'_, E> {
    /// Puts what lies below the last `operands` slots into memory and loads what successors expect. Changes no register
    /// that an operand is in.
    fn settle(&mut self, operands: usize) {
        let rest = self.slots.split_off(self.slots.len() - operands);
        self.flush();
        self.slots.extend(rest);
        let live = self.blocks.live_out(self.block);
        self.load_pins(live);
    }

    pub(super) fn goto(&mut self, target: u32) {
        self.end_block();
        self.jump(target);
    }

    /// Jumps, unless the target comes next anyway.
    fn jump(&mut self, target: u32) {
        let block = self.block_at(target);
        let is_next = block == self.block + 1;
        // A block that nothing leads to is not emitted; the target of a jump always is.
        if !is_next {
            self.masm.jump(self.labels[block]);
        }
    }

    pub(super) fn branch_on_zero(&mut self, cond: Cond, target: u32) {
        let index = self.slots.len() - 1;
        let value = self.reg(index, Class::Narrow);
        self.settle(1);
        self.masm.test(value, value, false);
        self.masm.jump_if(flag(cond), self.label_at(target));
    }

    pub(super) fn branch_on_compare(&mut self, cond: Cond, target: u32) {
        let index = self.slots.len() - 2;
        let x = self.reg(index, Class::Narrow);
        let y = self.operand(index + 1, Class::Narrow);
        self.settle(2);
        self.masm.alu(Alu::Cmp, x, y, false);
        self.masm.jump_if(flag(cond), self.label_at(target));
    }

    /// `lcmp` and its like with the branch on its result.
    pub(super) fn compare_and_branch(&mut self, op: CompareOp, cond: Cond, target: u32) {
        let slots = op.kind().slots() as usize;
        let (y, x) = (self.slots.len() - slots, self.slots.len() - 2 * slots);
        let label = self.label_at(target);
        if op == CompareOp::Long {
            let a = self.reg(x, Class::Wide);
            let b = self.operand(y, Class::Wide);
            self.settle(4);
            self.masm.alu(Alu::Cmp, a, b, true);
            self.masm.jump_if(flag(cond), label);
            return;
        }
        let width = float_width(op.kind());
        let (a, b) = (self.float_reg(x, width), self.float_reg(y, width));
        self.settle(2 * slots);
        let less = matches!(op, CompareOp::FloatLess | CompareOp::DoubleLess);
        // Unordered counts as less or as greater; with the operands in the right order that is what "below" says.
        let (left, right, jump) = match (cond, less) {
            (Cond::Eq, _) => {
                let skip = self.masm.label();
                self.masm.float_compare(a, b, width);
                self.masm.jump_if(Flag::Parity, skip);
                self.masm.jump_if(Flag::Equal, label);
                self.masm.bind(skip);
                return;
            }
            (Cond::Ne, _) => {
                self.masm.float_compare(a, b, width);
                self.masm.jump_if(Flag::Parity, label);
                self.masm.jump_if(Flag::NotEqual, label);
                return;
            }
            (Cond::Gt, true) => (a, b, Flag::Above),
            (Cond::Ge, true) => (a, b, Flag::AboveOrEqual),
            (Cond::Lt, true) => (a, b, Flag::Below),
            (Cond::Le, true) => (a, b, Flag::BelowOrEqual),
            (Cond::Gt, false) => (b, a, Flag::Below),
            (Cond::Ge, false) => (b, a, Flag::BelowOrEqual),
            (Cond::Lt, false) => (b, a, Flag::Above),
            (Cond::Le, false) => (b, a, Flag::AboveOrEqual),
        };
        self.masm.float_compare(left, right, width);
        self.masm.jump_if(jump, label);
    }

    /// `lcmp` and its like when the result is wanted as a number.
    pub(super) fn compare(&mut self, op: CompareOp) {
        let slots = op.kind().slots() as usize;
        let (y, x) = (self.slots.len() - slots, self.slots.len() - 2 * slots);
        let (greater, less) = (self.temp(), self.temp());
        if op == CompareOp::Long {
            let a = self.reg(x, Class::Wide);
            let b = self.operand(y, Class::Wide);
            self.masm.alu(Alu::Cmp, a, b, true);
            self.masm.set_if(Flag::Greater, greater);
            self.masm.set_if(Flag::Less, less);
            self.masm.alu(Alu::Sub, greater, Operand::Reg(less), false);
        } else {
            let width = float_width(op.kind());
            let (a, b) = (self.float_reg(x, width), self.float_reg(y, width));
            if matches!(op, CompareOp::FloatLess | CompareOp::DoubleLess) {
                self.masm.float_compare(a, b, width);
                self.masm.set_if(Flag::Above, greater);
                self.masm.set_if(Flag::Below, less);
            } else {
                self.masm.float_compare(b, a, width);
                self.masm.set_if(Flag::Below, greater);
                self.masm.set_if(Flag::Above, less);
            }
            self.masm.alu(Alu::Sub, greater, Operand::Reg(less), false);
        }
        self.pop(2 * slots);
        self.push_narrow(greater);
    }

    pub(super) fn switch(&mut self, pairs: &[(i32, u32)], default: u32) {
        let index = self.slots.len() - 1;
        let key = self.reg(index, Class::Narrow);
        let scratch = self.temp();
        self.settle(1);
        self.pop(1);
        self.slots = Picture::in_memory(self.slots.len());
        let dense = match (pairs.first(), pairs.last()) {
            (Some(first), Some(last)) => {
                let span = i64::from(last.0) - i64::from(first.0) + 1;
                pairs.len() >= TABLE_MIN && span <= 4 * pairs.len() as i64
            }
            (None, _) | (_, None) => false,
        };
        if dense {
            self.table_switch(key, scratch, pairs, default);
        } else {
            self.search(key, pairs, default);
        }
    }

    fn table_switch(&mut self, key: Rq, scratch: Rq, pairs: &[(i32, u32)], default: u32) {
        let low = pairs[0].0;
        let span = (i64::from(pairs[pairs.len() - 1].0) - i64::from(low) + 1) as usize;
        let mut targets = vec![default; span];
        for (value, target) in pairs {
            targets[(i64::from(*value) - i64::from(low)) as usize] = *target;
        }
        let default = self.label_at(default);
        self.masm.mov(scratch, key, false);
        if low != 0 {
            self.masm.alu(Alu::Sub, scratch, Operand::Imm(low), false);
        }
        self.masm.alu(Alu::Cmp, scratch, Operand::Imm(span as i32), false);
        self.masm.jump_if(Flag::AboveOrEqual, default);
        let label = self.masm.label();
        self.masm.address_of(SCRATCH, label);
        self.masm.load_table_entry(scratch, SCRATCH, scratch);
        self.masm.alu(Alu::Add, scratch, Operand::Reg(SCRATCH), true);
        self.masm.jump_register(scratch);
        self.tables.push(Table { label, targets });
    }

    /// Binary search over rising keys.
    fn search(&mut self, key: Rq, pairs: &[(i32, u32)], default: u32) {
        // Each entry is a range that is still to be searched, and the label under which it is.
        let mut work: Vec<(usize, usize, Option<Label>)> = vec![(0, pairs.len(), None)];
        while let Some((from, to, label)) = work.pop() {
            if let Some(label) = label {
                self.masm.bind(label);
            }
            if to - from <= 3 {
                for (value, target) in &pairs[from..to] {
                    let target = self.label_at(*target);
                    self.masm.alu(Alu::Cmp, key, Operand::Imm(*value), false);
                    self.masm.jump_if(Flag::Equal, target);
                }
                self.masm.jump(self.label_at(default));
                continue;
            }
            let middle = (from + to) / 2;
            let upper = self.masm.label();
            self.masm.alu(Alu::Cmp, key, Operand::Imm(pairs[middle].0), false);
            self.masm.jump_if(Flag::GreaterOrEqual, upper);
            work.push((middle, to, Some(upper)));
            work.push((from, middle, None));
        }
    }

    pub(super) fn return_(&mut self, kind: Option<Kind>) {
        if self.method.may_hold_locks || self.method.special_return {
            return self.leave();
        }
        if let Some(kind) = kind {
            let index = self.slots.len() - kind.slots() as usize;
            match kind {
                Kind::Float | Kind::Double => {
                    let value = self.float_reg(index, float_width(kind));
                    self.masm.float_move(Rx::XMM0, value);
                }
                Kind::Int | Kind::Ref | Kind::Long => {
                    let class = self.class_of(kind);
                    let value = self.reg(index, class);
                    self.masm.mov(Rq::RAX, value, kind == Kind::Long);
                    if let Some(width) = self.method.narrow_result {
                        self.masm.narrow(Rq::RAX, Rq::RAX, width);
                    }
                    if self.method.masks_result {
                        self.masm.alu(Alu::And, Rq::RAX, Operand::Imm(1), false);
                    }
                }
            }
        }
        self.masm.mov(Rq::RCX, Rq::RBP, true);
        self.masm.push_place(Place::Frame(RETURN_CODE));
        self.masm.load(Rq::RBP, Place::Frame(0), Width::W64);
        self.masm.return_to_caller();
    }
}

pub(super) fn float_width(kind: Kind) -> FloatWidth {
    if kind == Kind::Double { FloatWidth::F64 } else { FloatWidth::F32 }
}
