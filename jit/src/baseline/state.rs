//! The compile-time picture of a frame between two instructions: where each operand is, and which pins are loaded.
//!
//! Invariants:
//! * *locals*: every local's slot in memory is current (stores write through), so only operands ever have to be flushed;
//! * *narrow*: a register that holds an int or a reference has zeros in its upper half, because it may become an index;
//! * a temporary register belongs to the operands that name it; `locked` ones belong to the instruction being compiled.

use carafe_gc::object;

use super::blocks::{Class, PinRegister};
use super::picture::Picture;
use super::{Compiler, FRAME_WORDS};
use crate::env::CompileEnv;
use crate::masm::{FloatOperand, FloatWidth, Operand, Place, SCRATCH, Width};
use crate::{Rq, Rx};

/// Where the value of one operand slot is. A long or double has its value in the first of two slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// In its place in memory.
    Memory,
    /// The second of two slots.
    Half,
    /// A constant, as it lies in a slot.
    Constant(u64),
    /// A temporary; `true` if it may have bits in its upper half.
    General(Rq, bool),
    Float(Rx),
    /// What the local holds, as long as nobody stores to it.
    Local(u16, Class),
}

const TEMPS: [Rq; 5] = [Rq::RAX, Rq::RCX, Rq::RDX, Rq::RSI, Rq::RDI];
const FLOAT_TEMPS: [Rx; 8] = [Rx::XMM0, Rx::XMM1, Rx::XMM2, Rx::XMM3, Rx::XMM4, Rx::XMM5, Rx::XMM6, Rx::XMM7];

/// Which registers the instruction being compiled uses.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Locked {
    general: u32,
    float: u32,
}

pub(super) fn slot_place(index: usize) -> Place {
    Place::Frame(-8 * (index as i32 + 1))
}

impl<E: CompileEnv + ?Sized> Compiler<'_, E> {
    pub(super) fn local_place(&self, local: u16) -> Place {
        Place::Frame(8 * (FRAME_WORDS + i32::from(self.method.max_locals) - 1 - i32::from(local)))
    }

    pub(super) fn lock(&mut self, register: Rq) {
        self.locked.general |= 1 << register as u32;
    }

    fn lock_float(&mut self, register: Rx) {
        self.locked.float |= 1 << register as u32;
    }

    pub(super) fn unlock_all(&mut self) {
        self.locked = Locked::default();
    }

    fn is_used(&self, register: Rq) -> bool {
        self.slots.iter().any(|slot| matches!(slot, Slot::General(r, _) if *r == register))
    }

    /// A temporary that nobody uses, locked.
    pub(super) fn temp(&mut self) -> Rq {
        let is_free = |this: &Self, r: Rq| this.locked.general & 1 << r as u32 == 0;
        let found = TEMPS.into_iter().find(|r| is_free(self, *r) && !self.is_used(*r));
        let register = match found {
            Some(register) => register,
            None => {
                // The deepest operand is needed last.
                let victim = self.slots.iter().find_map(|slot| match slot {
                    Slot::General(r, _) if is_free(self, *r) => Some(*r),
                    _ => None,
                });
                let Some(victim) = victim else {
                    unreachable!("an instruction locks fewer registers than there are")
                };
                self.evict(victim);
                victim
            }
        };
        self.lock(register);
        register
    }

    pub(super) fn float_temp(&mut self) -> Rx {
        let is_free = |this: &Self, r: Rx| this.locked.float & 1 << r as u32 == 0;
        let used = |this: &Self, r: Rx| this.slots.iter().any(|s| *s == Slot::Float(r));
        let found = FLOAT_TEMPS.into_iter().find(|r| is_free(self, *r) && !used(self, *r));
        let register = match found {
            Some(register) => register,
            None => {
                let victim = self.slots.iter().find_map(|slot| match slot {
                    Slot::Float(r) if is_free(self, *r) => Some(*r),
                    _ => None,
                });
                let Some(victim) = victim else {
                    unreachable!("an instruction locks fewer registers than there are")
                };
                for index in self.slots.places() {
                    if self.slots[index] == Slot::Float(victim) {
                        self.masm.float_store(slot_place(index), victim, FloatWidth::F64);
                        self.slots[index] = Slot::Memory;
                    }
                }
                victim
            }
        };
        self.lock_float(register);
        register
    }

    /// Makes a temporary free: operands in it go to memory.
    pub(super) fn evict(&mut self, register: Rq) {
        for index in self.slots.places() {
            if matches!(self.slots[index], Slot::General(r, _) if r == register) {
                self.masm.store(slot_place(index), register, Width::W64);
                self.slots[index] = Slot::Memory;
            }
        }
    }

    /// The register of a local, loaded if need be.
    pub(super) fn pinned(&mut self, local: u16, class: Class) -> Option<PinRegister> {
        let pin = self.blocks.pin_of(local, class)?;
        if self.valid & 1 << pin == 0 {
            self.load_pin(pin);
        }
        Some(self.blocks.pins[pin].register)
    }

    pub(super) fn load_pin(&mut self, pin: usize) {
        let what = self.blocks.pins[pin];
        let place = self.local_place(what.local);
        match what.register {
            PinRegister::General(r) => self.masm.load(r, place, width_of(what.class)),
            PinRegister::Float(r) => self.masm.float_load(r, place, FloatWidth::F64),
        }
        self.valid |= 1 << pin;
    }

    pub(super) fn load_pins(&mut self, pins: u16) {
        for pin in 0..self.blocks.pins.len() {
            if pins & !self.valid & 1 << pin != 0 {
                self.load_pin(pin);
            }
        }
    }

    /// A register that holds the value of operand `index`. It is not to be written.
    pub(super) fn reg(&mut self, index: usize, class: Class) -> Rq {
        let register = match self.slots[index] {
            Slot::General(r, upper) => {
                if upper && class == Class::Narrow {
                    self.masm.mov(r, r, false);
                    for slot in self.slots.iter_mut() {
                        if *slot == Slot::General(r, true) {
                            *slot = Slot::General(r, false);
                        }
                    }
                }
                r
            }
            Slot::Local(local, local_class) if local_class == class => match self.pinned(local, class) {
                Some(PinRegister::General(r)) => return r,
                Some(PinRegister::Float(_)) | None => self.load_operand(index, class),
            },
            Slot::Memory | Slot::Half | Slot::Constant(_) | Slot::Float(_) | Slot::Local(..) => {
                self.load_operand(index, class)
            }
        };
        self.lock(register);
        register
    }

    fn load_operand(&mut self, index: usize, class: Class) -> Rq {
        let to = self.temp();
        self.copy_to(index, class, to);
        self.slots[index] = Slot::General(to, class == Class::Wide);
        to
    }

    /// Copies the value of an operand into a register.
    pub(super) fn copy_to(&mut self, index: usize, class: Class, to: Rq) {
        match self.slots[index] {
            Slot::Memory | Slot::Half => self.masm.load(to, slot_place(index), width_of(class)),
            Slot::Constant(bits) if class == Class::Narrow => self.masm.constant(to, bits as u32 as i64),
            Slot::Constant(bits) => self.masm.constant(to, bits as i64),
            Slot::General(r, _) => self.masm.mov(to, r, class == Class::Wide),
            Slot::Float(r) => self.masm.float_to_bits(to, r, class == Class::Wide),
            Slot::Local(local, local_class) => {
                let pinned = if local_class == class { self.pinned(local, class) } else { None };
                match pinned {
                    Some(PinRegister::General(r)) => self.masm.mov(to, r, class == Class::Wide),
                    Some(PinRegister::Float(_)) | None => {
                        let place = self.local_place(local);
                        self.masm.load(to, place, width_of(class));
                    }
                }
            }
        }
    }

    /// A temporary of the caller's own with the value of operand `index`, which is then used up.
    pub(super) fn take(&mut self, index: usize, class: Class) -> Rq {
        if let Slot::General(r, _) = self.slots[index] {
            let shared =
                self.slots.iter().filter(|s| matches!(s, Slot::General(o, _) if *o == r)).count() > 1;
            if !shared {
                let r = self.reg(index, class);
                self.slots[index] = Slot::Half;
                return r;
            }
        }
        let to = self.temp();
        self.copy_to(index, class, to);
        to
    }

    /// As [`Self::take`], into a certain register, out of which other operands go to memory.
    pub(super) fn take_in(&mut self, index: usize, class: Class, to: Rq) {
        match self.slots[index] {
            Slot::General(r, upper) if r == to => {
                self.slots[index] = Slot::Half;
                self.evict(to);
                if upper && class == Class::Narrow {
                    self.masm.mov(to, to, false);
                }
            }
            _ => {
                self.evict(to);
                self.copy_to(index, class, to);
                self.slots[index] = Slot::Half;
            }
        }
        self.lock(to);
    }

    /// Operand `index` as an instruction takes it, without loading it if that can be helped.
    pub(super) fn operand(&mut self, index: usize, class: Class) -> Operand {
        let wide = class == Class::Wide;
        match self.slots[index] {
            Slot::Memory => Operand::Place(slot_place(index)),
            Slot::Constant(bits) if !wide => Operand::Imm(bits as u32 as i32),
            Slot::Constant(bits) => match i32::try_from(bits as i64) {
                Ok(value) => Operand::Imm(value),
                Err(_) => Operand::Reg(self.reg(index, class)),
            },
            Slot::Local(local, local_class) if local_class == class => match self.pinned(local, class) {
                Some(PinRegister::General(r)) => Operand::Reg(r),
                Some(PinRegister::Float(_)) | None => Operand::Place(self.local_place(local)),
            },
            Slot::Half | Slot::General(..) | Slot::Float(_) | Slot::Local(..) => {
                Operand::Reg(self.reg(index, class))
            }
        }
    }

    /// A register that holds a floating-point operand. It is not to be written.
    pub(super) fn float_reg(&mut self, index: usize, width: FloatWidth) -> Rx {
        match self.slots[index] {
            Slot::Float(r) => {
                self.lock_float(r);
                return r;
            }
            Slot::Local(local, Class::Float) => {
                if let Some(PinRegister::Float(r)) = self.pinned(local, Class::Float) {
                    return r;
                }
            }
            Slot::Memory | Slot::Half | Slot::Constant(_) | Slot::General(..) | Slot::Local(..) => {}
        }
        let to = self.float_temp();
        self.copy_float(index, width, to);
        self.slots[index] = Slot::Float(to);
        to
    }

    fn copy_float(&mut self, index: usize, width: FloatWidth, to: Rx) {
        match self.slots[index] {
            Slot::Memory | Slot::Half => self.masm.float_load(to, slot_place(index), width),
            Slot::Constant(0) => self.masm.float_zero(to),
            Slot::Constant(bits) => {
                self.masm.constant(SCRATCH, bits as i64);
                self.masm.bits_to_float(to, SCRATCH, true);
            }
            Slot::General(r, _) => self.masm.bits_to_float(to, r, width == FloatWidth::F64),
            Slot::Float(r) => self.masm.float_move(to, r),
            Slot::Local(local, class) => {
                let pinned = if class == Class::Float { self.pinned(local, class) } else { None };
                match pinned {
                    Some(PinRegister::Float(r)) => self.masm.float_move(to, r),
                    Some(PinRegister::General(_)) | None => {
                        let place = self.local_place(local);
                        self.masm.float_load(to, place, width);
                    }
                }
            }
        }
    }

    /// A temporary of the caller's own with a floating-point operand, which is then used up.
    pub(super) fn float_take(&mut self, index: usize, width: FloatWidth) -> Rx {
        if let Slot::Float(r) = self.slots[index]
            && self.slots.iter().filter(|slot| **slot == Slot::Float(r)).count() == 1
        {
            self.lock_float(r);
            self.slots[index] = Slot::Half;
            return r;
        }
        let to = self.float_temp();
        self.copy_float(index, width, to);
        to
    }

    pub(super) fn float_operand(&mut self, index: usize, width: FloatWidth) -> FloatOperand {
        match self.slots[index] {
            Slot::Memory => FloatOperand::Place(slot_place(index)),
            Slot::Local(local, Class::Float) if self.blocks.pin_of(local, Class::Float).is_none() => {
                FloatOperand::Place(self.local_place(local))
            }
            Slot::Half | Slot::Constant(_) | Slot::General(..) | Slot::Float(_) | Slot::Local(..) => {
                FloatOperand::Reg(self.float_reg(index, width))
            }
        }
    }

    pub(super) fn pop(&mut self, slots: usize) {
        self.slots.truncate(self.slots.len() - slots);
    }

    pub(super) fn push(&mut self, slot: Slot, slots: u32) {
        self.slots.push(slot);
        if slots == 2 {
            self.slots.push(Slot::Half);
        }
    }

    pub(super) fn push_narrow(&mut self, register: Rq) {
        self.push(Slot::General(register, false), 1);
    }

    pub(super) fn push_wide(&mut self, register: Rq) {
        self.push(Slot::General(register, true), 2);
    }

    pub(super) fn push_float(&mut self, register: Rx, width: FloatWidth) {
        self.push(Slot::Float(register), if width == FloatWidth::F64 { 2 } else { 1 });
    }

    /// Writes operands to their places in memory, without a change of the picture.
    pub(super) fn emit_flush(&mut self, slots: &Picture, valid: u16) {
        for (index, slot) in slots.indexed() {
            let place = slot_place(index);
            match *slot {
                Slot::Memory | Slot::Half => {}
                Slot::Constant(bits) => match i32::try_from(bits as i64) {
                    Ok(value) => self.masm.store_constant(place, value, Width::W64),
                    Err(_) => {
                        self.masm.constant(SCRATCH, bits as i64);
                        self.masm.store(place, SCRATCH, Width::W64);
                    }
                },
                Slot::General(r, _) => self.masm.store(place, r, Width::W64),
                Slot::Float(r) => self.masm.float_store(place, r, FloatWidth::F64),
                Slot::Local(local, class) => {
                    let pin = self.blocks.pin_of(local, class).filter(|pin| valid & 1 << pin != 0);
                    match pin.map(|pin| self.blocks.pins[pin].register) {
                        Some(PinRegister::General(r)) => self.masm.store(place, r, Width::W64),
                        Some(PinRegister::Float(r)) => self.masm.float_store(place, r, FloatWidth::F64),
                        None => {
                            let from = self.local_place(local);
                            self.masm.load(SCRATCH, from, Width::W64);
                            self.masm.store(place, SCRATCH, Width::W64);
                        }
                    }
                }
            }
        }
    }

    /// All operands to memory.
    pub(super) fn flush(&mut self) {
        let slots = std::mem::take(&mut self.slots);
        self.emit_flush(&slots, self.valid);
        self.slots = Picture::in_memory(slots.len());
    }

    /// Gives operands that stand for a local's value registers of their own, before the local changes.
    pub(super) fn detach(&mut self, local: u16) {
        for index in self.slots.places() {
            if let Slot::Local(of, class) = self.slots[index]
                && of == local
            {
                match class {
                    Class::Narrow | Class::Wide => {
                        let to = self.temp();
                        self.copy_to(index, class, to);
                        self.slots[index] = Slot::General(to, class == Class::Wide);
                    }
                    Class::Float => {
                        let to = self.float_temp();
                        self.copy_float(index, FloatWidth::F64, to);
                        self.slots[index] = Slot::Float(to);
                    }
                }
                // The operand owns it now, not the instruction.
                self.unlock_all();
            }
        }
    }

    /// Stores operand `index` in a local: in memory, and in its register if it has one.
    pub(super) fn store_local(&mut self, local: u16, class: Class, index: usize) {
        let place = self.local_place(local);
        let pin = self.blocks.pins.iter().position(|pin| pin.local == local);
        let own = pin.filter(|pin| self.blocks.pins[*pin].class == class);
        if let Some(other) = pin {
            // The register does not hold what the local does, unless it is written below.
            self.valid &= !(1 << other);
        }
        match own.map(|pin| self.blocks.pins[pin].register) {
            Some(PinRegister::General(r)) => {
                self.copy_to(index, class, r);
                self.masm.store(place, r, Width::W64);
            }
            Some(PinRegister::Float(r)) => {
                self.copy_float(index, FloatWidth::F64, r);
                self.masm.float_store(place, r, FloatWidth::F64);
            }
            None => match self.slots[index] {
                Slot::Constant(bits) if i32::try_from(bits as i64).is_ok() => {
                    self.masm.store_constant(place, bits as i32, Width::W64);
                }
                Slot::Float(r) => self.masm.float_store(place, r, FloatWidth::F64),
                Slot::Memory | Slot::Half | Slot::Constant(_) | Slot::General(..) | Slot::Local(..) => {
                    let wide = if class == Class::Narrow { Class::Narrow } else { Class::Wide };
                    let r = self.reg(index, wide);
                    self.masm.store(place, r, Width::W64);
                }
            },
        }
        if let Some(own) = own {
            self.valid |= 1 << own;
        }
    }

    /// The offset of an array's first element.
    pub(super) fn array_data(shift: u8) -> i32 {
        object::array_data_offset(shift) as i32
    }
}

pub(super) fn width_of(class: Class) -> Width {
    match class {
        Class::Narrow => Width::W32,
        Class::Wide | Class::Float => Width::W64,
    }
}
