//! Constants, arithmetic, conversions, and the operand stack's own instructions.

use carafe_classloader::bytecode::{BinaryOp, Const, Instr, Kind, PrimKind, ShiftOp, StackOp};

use super::Compiler;
use super::blocks::{Class, PinRegister};
use super::control::float_width;
use super::state::{Slot, slot_place};
use crate::Rq;
use crate::env::CompileEnv;
use crate::masm::{Alu, Flag, FloatOp, FloatWidth, Operand, SCRATCH, Shift, Width};

impl<E: CompileEnv + ?Sized> Compiler<'_, E> {
    pub(super) fn constant(&mut self, value: Const) {
        let bits = match value {
            Const::Null => 0,
            Const::Int(v) => u64::from(v as u32),
            Const::Long(v) => v as u64,
            Const::Float(v) => u64::from(v.to_bits()),
            Const::Double(v) => v.to_bits(),
        };
        self.push(Slot::Constant(bits), value.kind().slots());
    }

    pub(super) fn shuffle(&mut self, op: StackOp) {
        let (pops, picks) = op.shuffle();
        let from = self.slots.len() - pops;
        // A value in memory has to move if its place does.
        if !picks.is_empty() {
            for index in from..self.slots.len() {
                if self.slots[index] == Slot::Memory {
                    let to = self.temp();
                    self.masm.load(to, slot_place(index), Width::W64);
                    self.slots[index] = Slot::General(to, true);
                }
            }
        }
        let popped = self.slots.split_off(from);
        self.slots.extend(picks.iter().map(|pick| popped[usize::from(*pick)]));
    }

    pub(super) fn increment(&mut self, local: u16, delta: i32) {
        self.detach(local);
        let place = self.local_place(local);
        let pinned = self.pinned(local, Class::Narrow);
        if let Some(other) = self.blocks.pins.iter().position(|pin| pin.local == local)
            && self.blocks.pins[other].class != Class::Narrow
        {
            self.valid &= !(1 << other);
        }
        let register = match pinned {
            Some(PinRegister::General(r)) => r,
            Some(PinRegister::Float(_)) | None => {
                self.masm.load(SCRATCH, place, Width::W32);
                SCRATCH
            }
        };
        self.masm.alu(Alu::Add, register, Operand::Imm(delta), false);
        self.masm.store(place, register, Width::W64);
    }

    pub(super) fn binary(&mut self, op: BinaryOp, kind: Kind, instr: &Instr<'_>) {
        match kind {
            Kind::Int | Kind::Long => match op {
                BinaryOp::Div | BinaryOp::Rem => self.divide(op == BinaryOp::Rem, kind == Kind::Long),
                BinaryOp::Add
                | BinaryOp::Sub
                | BinaryOp::Mul
                | BinaryOp::And
                | BinaryOp::Or
                | BinaryOp::Xor => self.integer(op, kind == Kind::Long),
            },
            Kind::Float | Kind::Double => {
                let op = match op {
                    BinaryOp::Add => FloatOp::Add,
                    BinaryOp::Sub => FloatOp::Sub,
                    BinaryOp::Mul => FloatOp::Mul,
                    BinaryOp::Div => FloatOp::Div,
                    BinaryOp::Rem | BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => {
                        return self.step(instr);
                    }
                };
                let (width, slots) = (float_width(kind), kind.slots() as usize);
                let (y, x) = (self.slots.len() - slots, self.slots.len() - 2 * slots);
                let operand = self.float_operand(y, width);
                let result = self.float_take(x, width);
                self.masm.float(op, result, operand, width);
                self.pop(2 * slots);
                self.push_float(result, width);
            }
            Kind::Ref => self.step(instr),
        }
    }

    fn integer(&mut self, op: BinaryOp, wide: bool) {
        let (class, slots) = if wide { (Class::Wide, 2) } else { (Class::Narrow, 1) };
        let (y, x) = (self.slots.len() - slots, self.slots.len() - 2 * slots);
        let alu = match op {
            BinaryOp::Add => Some(Alu::Add),
            BinaryOp::Sub => Some(Alu::Sub),
            BinaryOp::And => Some(Alu::And),
            BinaryOp::Or => Some(Alu::Or),
            BinaryOp::Xor => Some(Alu::Xor),
            BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => None,
        };
        // The side that has a temporary of its own becomes the result if the order does not matter.
        let swaps = op != BinaryOp::Sub
            && matches!(self.slots[y], Slot::General(..))
            && !matches!(self.slots[x], Slot::General(..));
        let (x, y) = if swaps { (y, x) } else { (x, y) };
        let operand = self.operand(y, class);
        let result = self.take(x, class);
        match alu {
            Some(alu) => self.masm.alu(alu, result, operand, wide),
            None => self.masm.multiply(result, operand, wide),
        }
        self.pop(2 * slots);
        if wide { self.push_wide(result) } else { self.push_narrow(result) }
    }

    fn divide(&mut self, remainder: bool, wide: bool) {
        let (class, slots) = if wide { (Class::Wide, 2) } else { (Class::Narrow, 1) };
        let (y, x) = (self.slots.len() - slots, self.slots.len() - 2 * slots);
        let known = match self.slots[y] {
            Slot::Constant(bits) if wide => Some(bits as i64),
            Slot::Constant(bits) => Some(i64::from(bits as u32 as i32)),
            _ => None,
        };
        let divisor = self.reg(y, class);
        if known.is_none_or(|value| value == 0) {
            let exit = self.exit();
            self.masm.test(divisor, divisor, wide);
            self.masm.jump_if(Flag::Equal, exit);
        }
        self.masm.mov(SCRATCH, divisor, wide);
        self.slots[y] = Slot::Half;
        self.take_in(x, class, Rq::RAX);
        self.evict(Rq::RDX);
        self.lock(Rq::RDX);
        let result = if remainder { Rq::RDX } else { Rq::RAX };
        if known.is_none_or(|value| value == -1) {
            // The smallest integer by -1 would trap.
            let (special, done) = (self.masm.label(), self.masm.label());
            self.masm.alu(Alu::Cmp, SCRATCH, Operand::Imm(-1), wide);
            self.masm.jump_if(Flag::Equal, special);
            self.masm.divide(SCRATCH, wide);
            self.masm.jump(done);
            self.masm.bind(special);
            if remainder {
                self.masm.constant(Rq::RDX, 0)
            } else {
                self.masm.negate(Rq::RAX, wide)
            }
            self.masm.bind(done);
        } else {
            self.masm.divide(SCRATCH, wide);
        }
        self.pop(2 * slots);
        if wide { self.push_wide(result) } else { self.push_narrow(result) }
    }

    pub(super) fn shift(&mut self, op: ShiftOp, kind: Kind) {
        let wide = kind == Kind::Long;
        let (class, slots) = if wide { (Class::Wide, 2) } else { (Class::Narrow, 1) };
        let op = match op {
            ShiftOp::Left => Shift::Left,
            ShiftOp::Right => Shift::Right,
            ShiftOp::UnsignedRight => Shift::UnsignedRight,
        };
        let (distance, value) = (self.slots.len() - 1, self.slots.len() - 1 - slots);
        let result = if let Slot::Constant(bits) = self.slots[distance] {
            let result = self.take(value, class);
            let mask = if wide { 63 } else { 31 };
            self.masm.shift_by(op, result, bits as u8 & mask, wide);
            result
        } else {
            self.take_in(distance, Class::Narrow, Rq::RCX);
            let result = self.take(value, class);
            self.masm.shift_by_cl(op, result, wide);
            result
        };
        self.pop(1 + slots);
        if wide { self.push_wide(result) } else { self.push_narrow(result) }
    }

    pub(super) fn negate(&mut self, kind: Kind) {
        let index = self.slots.len() - kind.slots() as usize;
        match kind {
            Kind::Int | Kind::Long => {
                let class = self.class_of(kind);
                let result = self.take(index, class);
                self.masm.negate(result, kind == Kind::Long);
                self.pop(kind.slots() as usize);
                if kind == Kind::Long { self.push_wide(result) } else { self.push_narrow(result) }
            }
            Kind::Float | Kind::Double | Kind::Ref => {
                let width = float_width(kind);
                let wide = width == FloatWidth::F64;
                let value = self.float_reg(index, width);
                let (bits, result) = (self.temp(), self.float_temp());
                self.masm.float_to_bits(bits, value, wide);
                self.masm.constant(SCRATCH, if wide { i64::MIN } else { 0x8000_0000 });
                self.masm.alu(Alu::Xor, bits, Operand::Reg(SCRATCH), wide);
                self.masm.bits_to_float(result, bits, wide);
                self.pop(kind.slots() as usize);
                self.push_float(result, width);
            }
        }
    }

    pub(super) fn convert(&mut self, from: Kind, to: PrimKind) {
        let slots = from.slots() as usize;
        let index = self.slots.len() - slots;
        match (from, to) {
            (Kind::Int, PrimKind::Long) => {
                let value = self.reg(index, Class::Narrow);
                let result = self.temp();
                self.masm.sign_extend_int(result, value);
                self.pop(slots);
                self.push_wide(result);
            }
            (Kind::Int, PrimKind::Byte | PrimKind::Char | PrimKind::Short | PrimKind::Boolean) => {
                let value = self.reg(index, Class::Narrow);
                let result = self.temp();
                let width = match to {
                    PrimKind::Byte => Width::I8,
                    PrimKind::Char => Width::U16,
                    _ => Width::I16,
                };
                self.masm.narrow(result, value, width);
                self.pop(slots);
                self.push_narrow(result);
            }
            (Kind::Long, PrimKind::Int) => {
                let result = self.take(index, Class::Wide);
                self.masm.mov(result, result, false);
                self.pop(slots);
                self.push_narrow(result);
            }
            (Kind::Int | Kind::Long, PrimKind::Float | PrimKind::Double) => {
                let wide = from == Kind::Long;
                let value = self.reg(index, if wide { Class::Wide } else { Class::Narrow });
                let result = self.float_temp();
                let width = float_width(to.kind());
                self.masm.int_to_float(result, value, wide, width);
                self.pop(slots);
                self.push_float(result, width);
            }
            (Kind::Float, PrimKind::Double) | (Kind::Double, PrimKind::Float) => {
                let value = self.float_reg(index, float_width(from));
                let result = self.float_temp();
                // Only a part of the register is written: it must not wait for what was there.
                self.masm.float_zero(result);
                self.masm.float_resize(result, value, float_width(from));
                self.pop(slots);
                self.push_float(result, float_width(to.kind()));
            }
            (Kind::Float | Kind::Double, PrimKind::Int | PrimKind::Long) => {
                self.truncate(index, from, to == PrimKind::Long);
            }
            // Conversions that no opcode is for.
            (Kind::Int | Kind::Long | Kind::Float | Kind::Double | Kind::Ref, _) => {
                self.masm.trap();
                self.pop(slots);
                self.push(Slot::Constant(0), to.kind().slots());
            }
        }
    }

    /// To an integer: towards zero, NaN is 0, and what does not fit the nearest that does.
    fn truncate(&mut self, index: usize, from: Kind, wide: bool) {
        let width = float_width(from);
        let value = self.float_reg(index, width);
        let (result, zero) = (self.temp(), self.float_temp());
        let (done, unordered) = (self.masm.label(), self.masm.label());
        self.masm.float_to_int(result, value, wide, width);
        self.masm.constant(SCRATCH, if wide { i64::MIN } else { 0x8000_0000 });
        self.masm.alu(Alu::Cmp, result, Operand::Reg(SCRATCH), wide);
        self.masm.jump_if(Flag::NotEqual, done);
        self.masm.float_zero(zero);
        self.masm.float_compare(value, zero, width);
        self.masm.jump_if(Flag::Parity, unordered);
        self.masm.jump_if(Flag::Below, done);
        self.masm.constant(result, if wide { i64::MAX } else { 0x7fff_ffff });
        self.masm.jump(done);
        self.masm.bind(unordered);
        self.masm.constant(result, 0);
        self.masm.bind(done);
        self.pop(from.slots() as usize);
        if wide { self.push_wide(result) } else { self.push_narrow(result) }
    }
}
