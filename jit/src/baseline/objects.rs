//! Allocation and type checks.
//!
//! The common case stands in line. Everything else is the same instruction, executed by the interpreter out of line; registers
//! are loaded again behind it, because objects may have moved.

use std::mem::offset_of;

use carafe_classloader::bytecode::Instr;
use carafe_classloader::class::Class as ClassRecord;
use carafe_gc::object::{ARRAY_LENGTH_OFFSET, CLASS_OFFSET, MARK_OFFSET};

use super::blocks::Class;
use super::{Compiler, Late, State};
use crate::Rq;
use crate::env::{ClassInfo, CompileEnv, Resolved};
use crate::masm::{Alu, BASE, Flag, Label, Operand, Place, SCRATCH, Shift, Width};

/// Longer arrays are allocated out of line.
const ARRAY_MAX: i32 = 0x1_0000;

impl<E: CompileEnv + ?Sized> Compiler<'_, E> {
    fn slow_step(&mut self, label: Label, back: Label, before: State) {
        let after = self.state();
        self.late.push(Late::Step { label, back, bci: self.bci, next: self.next, before, after });
    }

    pub(super) fn new_instance(&mut self, instr: &Instr<'_>) {
        let Resolved::Class(class) = self.env.resolved(instr.bci) else { return self.step(instr) };
        let (slow, back) = (self.masm.label(), self.masm.label());
        let object = self.temp();
        let before = self.state();
        self.masm.load(object, Place::Thread(self.layout.tlab_top), Width::W64);
        self.masm.lea(SCRATCH, Place::At(object, class.instance_bytes as i32));
        self.bump(slow);
        self.header(object, class.id);
        self.make_reference(object);
        self.masm.bind(back);
        self.push_narrow(object);
        self.slow_step(slow, back, before);
    }

    /// Takes memory up to the address in the scratch register.
    fn bump(&mut self, slow: Label) {
        let end = Operand::Place(Place::Thread(self.layout.tlab_end));
        self.masm.alu(Alu::Cmp, SCRATCH, end, true);
        self.masm.jump_if(Flag::Above, slow);
        self.masm.store(Place::Thread(self.layout.tlab_top), SCRATCH, Width::W64);
    }

    fn header(&mut self, address: Rq, class: u32) {
        self.masm.store_constant(Place::At(address, MARK_OFFSET as i32), 0, Width::W32);
        self.masm.store_constant(Place::At(address, CLASS_OFFSET as i32), class as i32, Width::W32);
    }

    fn make_reference(&mut self, address: Rq) {
        self.masm.alu(Alu::Sub, address, Operand::Reg(BASE), true);
        self.masm.shift_by(Shift::UnsignedRight, address, 3, true);
    }

    pub(super) fn new_array(&mut self, instr: &Instr<'_>) {
        let Resolved::Array(class, shift) = self.env.resolved(instr.bci) else { return self.step(instr) };
        let (slow, back) = (self.masm.label(), self.masm.label());
        let length = self.reg(self.slots.len() - 1, Class::Narrow);
        let object = self.temp();
        let before = self.state();
        self.masm.alu(Alu::Cmp, length, Operand::Imm(ARRAY_MAX), false);
        self.masm.jump_if(Flag::AboveOrEqual, slow);
        self.masm.mov(SCRATCH, length, false);
        if shift != 0 {
            self.masm.shift_by(Shift::Left, SCRATCH, shift, false);
        }
        self.masm.alu(Alu::Add, SCRATCH, Operand::Imm(Self::array_data(shift) + 7), false);
        self.masm.alu(Alu::And, SCRATCH, Operand::Imm(-8), false);
        self.masm.load(object, Place::Thread(self.layout.tlab_top), Width::W64);
        self.masm.alu(Alu::Add, SCRATCH, Operand::Reg(object), true);
        self.bump(slow);
        self.header(object, class);
        self.masm.store(Place::At(object, ARRAY_LENGTH_OFFSET as i32), length, Width::W32);
        self.make_reference(object);
        self.masm.bind(back);
        self.pop(1);
        self.push_narrow(object);
        self.slow_step(slow, back, before);
    }

    /// Jumps to `yes` if the class word in `actual` is a subclass for certain; `actual` becomes the record's place.
    fn subtype(&mut self, actual: Rq, class: ClassInfo, yes: Label) {
        let id = class.id as i32;
        self.masm.alu(Alu::Cmp, actual, Operand::Imm(id), false);
        self.masm.jump_if(Flag::Equal, yes);
        self.record(actual);
        if let Some(depth) = class.display {
            let place = offset_of!(ClassRecord, display) + 4 * usize::from(depth);
            self.masm.compare_memory(Self::record_field(actual, place), id);
            self.masm.jump_if(Flag::Equal, yes);
        } else {
            let place = offset_of!(ClassRecord, secondary_cache);
            self.masm.compare_memory(Self::record_field(actual, place), id);
            self.masm.jump_if(Flag::Equal, yes);
        }
    }

    pub(super) fn check_cast(&mut self, instr: &Instr<'_>) {
        let Resolved::Class(class) = self.env.resolved(instr.bci) else { return self.step(instr) };
        let (slow, back) = (self.masm.label(), self.masm.label());
        let object = self.reg(self.slots.len() - 1, Class::Narrow);
        let actual = self.temp();
        let before = self.state();
        self.masm.test(object, object, false);
        self.masm.jump_if(Flag::Equal, back);
        self.class_word(actual, object);
        self.subtype(actual, class, back);
        self.masm.jump(slow);
        self.masm.bind(back);
        self.slow_step(slow, back, before);
    }

    pub(super) fn instance_of(&mut self, instr: &Instr<'_>) {
        let Resolved::Class(class) = self.env.resolved(instr.bci) else { return self.step(instr) };
        let (slow, back) = (self.masm.label(), self.masm.label());
        let (yes, no) = (self.masm.label(), self.masm.label());
        let object = self.reg(self.slots.len() - 1, Class::Narrow);
        let (actual, result) = (self.temp(), self.temp());
        let before = self.state();
        self.masm.test(object, object, false);
        self.masm.jump_if(Flag::Equal, no);
        self.class_word(actual, object);
        self.subtype(actual, class, yes);
        if class.display.is_none() {
            self.masm.jump(slow);
        }
        self.masm.bind(no);
        self.masm.constant(result, 0);
        self.masm.jump(back);
        self.masm.bind(yes);
        self.masm.constant(result, 1);
        self.masm.bind(back);
        self.pop(1);
        self.push_narrow(result);
        self.slow_step(slow, back, before);
    }
}
