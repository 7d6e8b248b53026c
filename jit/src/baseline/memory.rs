//! Fields, static fields and array elements.
//!
//! Operands stay where they are until the checks have been made, because what fails one is executed again from the start.

use std::mem::offset_of;

use carafe_classloader::bytecode::{ElemKind, Instr, Kind};
use carafe_classloader::class::Class as ClassRecord;
use carafe_gc::cage::{CARD_SHIFT, CARD_TABLE_BYTES};
use carafe_gc::metaspace::{CLASS_RECORD_BYTES, MAX_CLASSES};
use carafe_gc::object::{self, ARRAY_LENGTH_OFFSET, CLASS_OFFSET};

use super::blocks::Class;
use super::state::Slot;
use super::{Compiler, Late};
use crate::Rq;
use crate::env::{CompileEnv, FieldInfo, Resolved};
use crate::masm::stubs::meta;
use crate::masm::{Alu, Flag, FloatWidth, Label, Operand, Place, SCRATCH, Shift, Width};

const WORD: i32 = CLASS_OFFSET as i32;

impl<E: CompileEnv + ?Sized> Compiler<'_, E> {
    /// The place of a field of a class's record.
    pub(super) fn class_field(class: u32, field: usize) -> Place {
        Self::meta((class & (MAX_CLASSES - 1)) * CLASS_RECORD_BYTES as u32 + field as u32)
    }

    /// Makes of a class word the place of its record, for [`Self::record_field`].
    pub(super) fn record(&mut self, class: Rq) {
        self.masm.alu(Alu::And, class, Operand::Imm((MAX_CLASSES - 1) as i32), false);
        self.masm.shift_by(Shift::Left, class, CLASS_RECORD_BYTES.trailing_zeros() as u8, false);
    }

    pub(super) fn record_field(record: Rq, field: usize) -> Place {
        Place::Offset(record, meta(field as u32))
    }

    pub(super) fn class_word(&mut self, to: Rq, object: Rq) {
        self.masm.load(to, Place::Object(object, WORD), Width::W32);
    }

    /// Leaves the instruction to the interpreter if a reference is null.
    pub(super) fn null_check(&mut self, object: Rq) {
        let exit = self.exit();
        self.masm.test(object, object, false);
        self.masm.jump_if(Flag::Equal, exit);
    }

    pub(super) fn load_constant(&mut self, instr: &Instr<'_>) {
        let resolved = self.env.resolved(instr.bci);
        match resolved {
            Resolved::Bits(bits) => {
                let two = matches!(instr.op, carafe_classloader::bytecode::Op::Ldc2(_));
                self.push(Slot::Constant(bits), if two { 2 } else { 1 });
            }
            Resolved::Object(index) => {
                let to = self.temp();
                self.load_resolved(to, index);
                self.push_narrow(to);
            }
            Resolved::Mirror(class) => {
                let to = self.temp();
                self.masm.load(to, Self::class_field(class, offset_of!(ClassRecord, mirror)), Width::W32);
                self.push_narrow(to);
            }
            Resolved::Interpreter
            | Resolved::Field(_)
            | Resolved::Static(..)
            | Resolved::Class(_)
            | Resolved::Array(..) => self.step(instr),
        }
    }

    /// Loads an element of the class's resolved objects.
    pub(super) fn load_resolved(&mut self, to: Rq, index: u32) {
        let array = Self::class_field(self.method.class, offset_of!(ClassRecord, resolved));
        self.masm.load(to, array, Width::W32);
        self.masm.load(to, Place::Object(to, Self::array_data(2) + 4 * index as i32), Width::W32);
    }

    pub(super) fn get_field(&mut self, instr: &Instr<'_>) {
        let Resolved::Field(field) = self.env.resolved(instr.bci) else { return self.step(instr) };
        let object = self.reg(self.slots.len() - 1, Class::Narrow);
        self.null_check(object);
        self.load_value(field, Place::Object(object, field.offset as i32), 1);
    }

    pub(super) fn get_static(&mut self, instr: &Instr<'_>) {
        let Resolved::Static(class, field) = self.env.resolved(instr.bci) else { return self.step(instr) };
        self.masm.load(SCRATCH, Self::class_field(class, offset_of!(ClassRecord, mirror)), Width::W32);
        self.load_value(field, Place::Object(SCRATCH, field.offset as i32), 0);
    }

    /// Pops and pushes what a place holds.
    fn load_value(&mut self, field: FieldInfo, place: Place, pops: usize) {
        match field.kind {
            Kind::Float | Kind::Double => {
                let width = super::control::float_width(field.kind);
                let to = self.float_temp();
                self.masm.float_load(to, place, width);
                self.pop(pops);
                self.push_float(to, width);
            }
            Kind::Int | Kind::Ref | Kind::Long => {
                let to = self.temp();
                self.masm.load(to, place, field.width);
                self.pop(pops);
                if field.kind == Kind::Long { self.push_wide(to) } else { self.push_narrow(to) }
            }
        }
    }

    pub(super) fn put_field(&mut self, instr: &Instr<'_>) {
        let Resolved::Field(field) = self.env.resolved(instr.bci) else { return self.step(instr) };
        let value = self.slots.len() - field.kind.slots() as usize;
        let object = self.reg(value - 1, Class::Narrow);
        self.null_check(object);
        self.store_value(field, object, value);
        self.pop(1 + field.kind.slots() as usize);
    }

    pub(super) fn put_static(&mut self, instr: &Instr<'_>) {
        let Resolved::Static(class, field) = self.env.resolved(instr.bci) else { return self.step(instr) };
        let value = self.slots.len() - field.kind.slots() as usize;
        let mirror = self.temp();
        self.masm.load(mirror, Self::class_field(class, offset_of!(ClassRecord, mirror)), Width::W32);
        self.store_value(field, mirror, value);
        self.pop(field.kind.slots() as usize);
    }

    fn store_value(&mut self, field: FieldInfo, object: Rq, index: usize) {
        let place = Place::Object(object, field.offset as i32);
        match field.kind {
            Kind::Float | Kind::Double => {
                let width = super::control::float_width(field.kind);
                let value = self.float_reg(index, width);
                self.masm.float_store(place, value, width);
            }
            Kind::Int | Kind::Ref | Kind::Long => {
                let class = if field.kind == Kind::Long { Class::Wide } else { Class::Narrow };
                let value = if field.is_boolean {
                    let value = self.take(index, class);
                    self.masm.alu(Alu::And, value, Operand::Imm(1), false);
                    value
                } else {
                    self.reg(index, class)
                };
                self.masm.store(place, value, field.width);
                if field.kind == Kind::Ref {
                    self.masm.lea(SCRATCH, place);
                    self.barrier();
                }
            }
        }
        if field.is_volatile {
            self.masm.fence();
        }
    }

    /// The collector's barrier after a store to the address in the scratch register: `ref_barrier` of the object model. The
    /// sum of a reference, an index and a displacement stays within the cage's reach, so nothing has to be masked.
    pub(super) fn barrier(&mut self) {
        self.masm.alu(Alu::Sub, SCRATCH, Operand::Reg(crate::masm::BASE), true);
        self.masm.shift_by(Shift::UnsignedRight, SCRATCH, CARD_SHIFT as u8, true);
        let card = Place::Offset(SCRATCH, -(CARD_TABLE_BYTES as i32));
        self.masm.store_constant(card, i32::from(object::CARD_DIRTY), Width::U8);
    }

    /// Checks array and index, `index` being the operand of the latter.
    fn element(&mut self, index: usize) -> (Rq, Rq) {
        let array = self.reg(index - 1, Class::Narrow);
        let at = self.reg(index, Class::Narrow);
        let exit = self.exit();
        self.masm.test(array, array, false);
        self.masm.jump_if(Flag::Equal, exit);
        let length = Operand::Place(Place::Object(array, ARRAY_LENGTH_OFFSET as i32));
        self.masm.alu(Alu::Cmp, at, length, false);
        self.masm.jump_if(Flag::AboveOrEqual, exit);
        (array, at)
    }

    pub(super) fn array_load(&mut self, kind: ElemKind) {
        let index = self.slots.len() - 1;
        let (array, at) = self.element(index);
        let shift = shift_of(kind);
        self.masm.lea(SCRATCH, Place::Object(array, 0));
        let place = Place::Element(SCRATCH, at, shift, Self::array_data(shift));
        let field = FieldInfo {
            offset: 0,
            kind: kind.kind(),
            width: width_of(kind),
            is_boolean: false,
            is_volatile: false,
        };
        self.load_value(field, place, 2);
    }

    pub(super) fn array_store(&mut self, kind: ElemKind) {
        let slots = kind.kind().slots() as usize;
        let value = self.slots.len() - slots;
        let (array, at) = self.element(value - 1);
        let shift = shift_of(kind);
        let place = Place::Element(SCRATCH, at, shift, Self::array_data(shift));
        match kind {
            ElemKind::Float | ElemKind::Double => {
                let width = if kind == ElemKind::Double { FloatWidth::F64 } else { FloatWidth::F32 };
                let from = self.float_reg(value, width);
                self.masm.lea(SCRATCH, Place::Object(array, 0));
                self.masm.float_store(place, from, width);
            }
            ElemKind::Byte => {
                let from = self.take(value, Class::Narrow);
                let plain = self.masm.label();
                self.masm.load(SCRATCH, Place::Object(array, WORD), Width::W32);
                let boolean = Operand::Place(Place::Thread(self.layout.boolean_array));
                self.masm.alu(Alu::Cmp, SCRATCH, boolean, false);
                self.masm.jump_if(Flag::NotEqual, plain);
                self.masm.alu(Alu::And, from, Operand::Imm(1), false);
                self.masm.bind(plain);
                self.masm.lea(SCRATCH, Place::Object(array, 0));
                self.masm.store(place, from, Width::U8);
            }
            ElemKind::Ref => {
                let from = self.reg(value, Class::Narrow);
                let done = self.masm.label();
                if self.slots[value] != Slot::Constant(0) {
                    // What the checks have loaded is known to the slow path too.
                    let temps = (self.temp(), self.temp());
                    let at_check = self.state();
                    let slow = self.masm.label();
                    self.check_element(array, from, temps, slow);
                    let mut after = self.state();
                    after.slots.truncate(value - 2);
                    self.late.push(Late::Step {
                        label: slow,
                        back: done,
                        bci: self.bci,
                        next: self.next,
                        before: at_check,
                        after,
                    });
                }
                self.masm.lea(SCRATCH, Place::Object(array, 0));
                self.masm.store(place, from, Width::W32);
                self.masm.lea(SCRATCH, place);
                self.barrier();
                self.masm.bind(done);
            }
            ElemKind::Int | ElemKind::Long | ElemKind::Char | ElemKind::Short => {
                let class = if kind == ElemKind::Long { Class::Wide } else { Class::Narrow };
                let from = self.reg(value, class);
                self.masm.lea(SCRATCH, Place::Object(array, 0));
                self.masm.store(place, from, width_of(kind));
            }
        }
        self.pop(2 + slots);
    }

    /// Goes to `slow` unless a value is surely null or of a type that fits an array's elements.
    fn check_element(&mut self, array: Rq, value: Rq, (actual, wanted): (Rq, Rq), slow: Label) {
        let fits = self.masm.label();
        self.masm.test(value, value, false);
        self.masm.jump_if(Flag::Equal, fits);
        self.class_word(wanted, array);
        self.record(wanted);
        self.masm.load(wanted, Self::record_field(wanted, offset_of!(ClassRecord, component)), Width::W32);
        self.class_word(actual, value);
        self.masm.alu(Alu::Cmp, actual, Operand::Reg(wanted), false);
        self.masm.jump_if(Flag::Equal, fits);
        self.record(actual);
        self.masm.alu(
            Alu::Cmp,
            wanted,
            Operand::Place(Self::record_field(actual, offset_of!(ClassRecord, secondary_cache))),
            false,
        );
        self.masm.jump_if(Flag::Equal, fits);
        // Object stands first in every display, and most arrays are of Objects.
        self.masm.alu(
            Alu::Cmp,
            wanted,
            Operand::Place(Self::record_field(actual, offset_of!(ClassRecord, display))),
            false,
        );
        self.masm.jump_if(Flag::NotEqual, slow);
        self.masm.bind(fits);
    }

    pub(super) fn array_length(&mut self) {
        let array = self.reg(self.slots.len() - 1, Class::Narrow);
        self.null_check(array);
        let to = self.temp();
        self.masm.load(to, Place::Object(array, ARRAY_LENGTH_OFFSET as i32), Width::W32);
        self.pop(1);
        self.push_narrow(to);
    }
}

fn shift_of(kind: ElemKind) -> u8 {
    match kind {
        ElemKind::Byte => 0,
        ElemKind::Char | ElemKind::Short => 1,
        ElemKind::Int | ElemKind::Float | ElemKind::Ref => 2,
        ElemKind::Long | ElemKind::Double => 3,
    }
}

fn width_of(kind: ElemKind) -> Width {
    match kind {
        ElemKind::Byte => Width::I8,
        ElemKind::Char => Width::U16,
        ElemKind::Short => Width::I16,
        ElemKind::Int | ElemKind::Float | ElemKind::Ref => Width::W32,
        ElemKind::Long | ElemKind::Double => Width::W64,
    }
}
