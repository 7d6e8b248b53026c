//! Calls.
//!
//! Arguments lie where the callee expects its first locals: on the caller's operand stack. So a call flushes, tells the callee
//! which method it is, where its arguments are and where an interpreted callee would return, and calls. Behind it nothing
//! is left in registers but the result.

use std::mem::offset_of;

use carafe_classloader::bytecode::{Instr, Kind};
use carafe_classloader::class::method::MethodFlags;
use carafe_classloader::class::{Class as ClassRecord, ClassFlags, Method};

use super::blocks::{Class, PinRegister};
use super::control::float_width;
use super::state::slot_place;
use super::{Compiler, Late};
use crate::anchor::{Anchor, Helper, Stub};
use crate::env::{CallInfo, CompileEnv, Inline, Target};
use crate::masm::stubs::meta;
use crate::masm::{
    Alu, Flag, FloatOp, FloatOperand, FloatWidth, Label, Operand, Place, SCRATCH, Shift, Width,
};
use crate::{Rq, Rx};

const ENTRY: u32 = offset_of!(Method, entry) as u32;

impl<E: CompileEnv + ?Sized> Compiler<'_, E> {
    pub(super) fn call(&mut self, instr: &Instr<'_>) {
        let call = self.env.call(instr.bci);
        let arguments = usize::from(call.arg_slots);
        match call.target {
            Target::Interpreter => self.step_call(instr, call),
            Target::Direct { method, has_receiver } => {
                self.check_receiver(has_receiver, arguments);
                self.flush();
                self.emit_call(method, instr.bci, self.slots.len());
                self.after_call(call);
            }
            Target::Empty => {
                self.check_receiver(true, arguments);
                self.pop(arguments);
            }
            Target::ObjectInit => {
                let object = self.receiver(arguments);
                let class = self.temp();
                let exit = self.exit();
                self.masm.test(object, object, false);
                self.masm.jump_if(Flag::Equal, exit);
                self.class_word(class, object);
                self.record(class);
                let flags = Self::record_field(class, offset_of!(ClassRecord, flags));
                self.masm.test_memory(flags, ClassFlags::FINALIZABLE.bits() as i32);
                self.masm.jump_if(Flag::NotEqual, exit);
                self.pop(1);
            }
            Target::Intrinsic { row, method, has_receiver, inline } => {
                if let Some(inline) = inline
                    && self.inline(inline)
                {
                    return;
                }
                self.check_receiver(has_receiver, arguments);
                self.intrinsic(row, method, call);
            }
            Target::Virtual { index } => {
                let object = self.receiver(arguments);
                self.null_check(object);
                self.flush();
                self.class_word(Rq::RAX, object);
                self.record(Rq::RAX);
                let table = Self::record_field(Rq::RAX, offset_of!(ClassRecord, vtable));
                self.masm.load(Rq::RAX, table, Width::W32);
                self.masm.load(Rq::RDI, Place::Offset(Rq::RAX, meta(4 * index)), Width::W32);
                self.emit_call_of(instr.bci, self.slots.len());
                self.after_call(call);
            }
            Target::Interface { cache } => {
                let object = self.receiver(arguments);
                self.null_check(object);
                self.flush();
                let (label, back) = (self.masm.label(), self.masm.label());
                self.masm.load(Rq::RDX, Place::Object(object, 4), Width::W32);
                self.masm.load(Rq::RDI, Self::meta(cache), Width::W64);
                self.masm.alu(Alu::Cmp, Rq::RDI, Operand::Reg(Rq::RDX), false);
                self.masm.jump_if(Flag::NotEqual, label);
                self.masm.shift_by(Shift::UnsignedRight, Rq::RDI, 32, true);
                self.masm.bind(back);
                let operands = self.slots.len();
                self.late.push(Late::Select { label, back, bci: instr.bci, cache, class: Rq::RDX, operands });
                self.emit_call_of(instr.bci, operands);
                self.after_call(call);
            }
            Target::Adapter { method, appendix, has_receiver } => {
                self.check_receiver(has_receiver, arguments);
                self.flush();
                let mut operands = self.slots.len();
                if let Some(index) = appendix {
                    self.load_resolved(Rq::RAX, index);
                    self.masm.store(slot_place(operands), Rq::RAX, Width::W64);
                    operands += 1;
                }
                self.emit_call(method, instr.bci, operands);
                self.after_call(call);
            }
            Target::InvokeBasic => {
                let handle = self.receiver(arguments);
                let to = self.temp();
                let exit = self.exit();
                self.masm.test(handle, handle, false);
                self.masm.jump_if(Flag::Equal, exit);
                let layout = self.layout;
                let mut from = handle;
                for offset in [layout.form, layout.vmentry, layout.member_method, layout.vmtarget] {
                    self.masm.load(to, Place::Object(from, offset), Width::W32);
                    self.masm.test(to, to, false);
                    self.masm.jump_if(Flag::Equal, exit);
                    from = to;
                }
                let flags = meta(offset_of!(Method, flags) as u32);
                self.masm.test_memory(Place::Offset(to, flags), MethodFlags::POLYMORPHIC.bits() as i32);
                self.masm.jump_if(Flag::NotEqual, exit);
                self.flush();
                self.masm.mov(Rq::RDI, to, false);
                self.emit_call_of(instr.bci, self.slots.len());
                self.after_call(call);
            }
            Target::Link { has_receiver } => {
                let member = self.reg(self.slots.len() - 1, Class::Narrow);
                let to = self.temp();
                let exit = self.exit();
                self.masm.test(member, member, false);
                self.masm.jump_if(Flag::Equal, exit);
                let layout = self.layout;
                let mut from = member;
                for offset in [layout.member_method, layout.vmtarget] {
                    self.masm.load(to, Place::Object(from, offset), Width::W32);
                    self.masm.test(to, to, false);
                    self.masm.jump_if(Flag::Equal, exit);
                    from = to;
                }
                let slots = meta(offset_of!(Method, arg_slots) as u32);
                self.masm.load(SCRATCH, Place::Offset(to, slots), Width::U16);
                self.masm.alu(Alu::Cmp, SCRATCH, Operand::Imm(arguments as i32 - 1), false);
                self.masm.jump_if(Flag::NotEqual, exit);
                if has_receiver {
                    let index = self.slots.len() - arguments;
                    // As it is now: an exit after this knows nothing of registers that are loaded here.
                    self.masm_test_operand(index, exit);
                }
                self.flush();
                self.masm.mov(Rq::RDI, to, false);
                self.emit_call_of(instr.bci, self.slots.len() - 1);
                self.after_call(call);
            }
        }
    }

    /// Jumps to `null` if an operand is null, without a change of where it is.
    fn masm_test_operand(&mut self, index: usize, null: Label) {
        self.copy_to(index, Class::Narrow, SCRATCH);
        self.masm.test(SCRATCH, SCRATCH, false);
        self.masm.jump_if(Flag::Equal, null);
    }

    fn receiver(&mut self, arguments: usize) -> Rq {
        self.reg(self.slots.len() - arguments, Class::Narrow)
    }

    fn check_receiver(&mut self, has_receiver: bool, arguments: usize) {
        if has_receiver {
            let object = self.receiver(arguments);
            self.null_check(object);
        }
    }

    /// A call that the interpreter makes; if it enters a method, that one returns to the code behind.
    fn step_call(&mut self, instr: &Instr<'_>, call: CallInfo) {
        self.step(instr);
        let slots = call.result.map_or(0, |kind| kind.slots() as usize);
        let index = self.slots.len() - slots;
        // The method that was entered is interpreted or returns by way of the interpreter: the result is in memory.
        let back = self.masm.label();
        self.masm.bind(back);
        self.late.push(Late::Resume { bci: instr.bci, back, result: None, index });
    }

    /// Calls a method whose arguments are the youngest of `operands` operands in memory.
    pub(super) fn emit_call(&mut self, method: u32, bci: u32, operands: usize) {
        self.masm.constant(Rq::RDI, i64::from(method));
        self.masm.load(Rq::RAX, Self::meta(method + ENTRY), Width::W32);
        self.emit_enter(bci, operands);
    }

    /// As [`Self::emit_call`], of the method in rdi.
    pub(super) fn emit_call_of(&mut self, bci: u32, operands: usize) {
        self.masm.load(Rq::RAX, Place::Offset(Rq::RDI, meta(ENTRY)), Width::W32);
        self.emit_enter(bci, operands);
    }

    fn emit_enter(&mut self, bci: u32, operands: usize) {
        let base = self.anchor(Anchor::CODE_BASE);
        self.masm.alu(Alu::Add, Rq::RAX, Operand::Place(Place::Thread(base)), true);
        self.masm.lea(Rq::RSI, Place::Frame(-8 * operands as i32));
        self.masm.lea(Rq::RDX, Self::meta(self.env.resume_pc(bci)));
        self.masm.call(Rq::RAX);
        self.valid = 0;
    }

    /// The picture behind a call.
    fn after_call(&mut self, call: CallInfo) {
        let bci = self.bci;
        self.pop(usize::from(call.arg_slots));
        let back = self.masm.label();
        self.masm.bind(back);
        let index = self.slots.len();
        self.push_result(call.result);
        self.late.push(Late::Resume { bci, back, result: call.result, index });
    }

    fn push_result(&mut self, result: Option<Kind>) {
        match result {
            None => {}
            Some(Kind::Int | Kind::Ref) => self.push_narrow(Rq::RAX),
            Some(Kind::Long) => self.push_wide(Rq::RAX),
            Some(kind @ (Kind::Float | Kind::Double)) => self.push_float(Rx::XMM0, float_width(kind)),
        }
    }

    /// Calls an intrinsic's function, and if that declines the method.
    fn intrinsic(&mut self, row: u16, method: u32, call: CallInfo) {
        self.flush();
        let operands = self.slots.len();
        self.masm.constant(Rq::RDI, i64::from(row));
        self.masm.constant(Rq::RSI, 8 * operands as i64);
        let stub = self.anchor(Anchor::stub(Stub::Intrinsic));
        self.masm.call_thread(stub);
        // Rust keeps some registers, and an intrinsic moves nothing.
        let kept = [Rq::RBX, Rq::R12, Rq::R13];
        for pin in 0..self.blocks.pins.len() {
            let keeps =
                matches!(self.blocks.pins[pin].register, PinRegister::General(r) if kept.contains(&r));
            if !keeps {
                self.valid &= !(1 << pin);
            }
        }
        let (label, back) = (self.masm.label(), self.masm.label());
        let reload = self.valid;
        // Whether it has not declined.
        self.masm.test(Rq::RDX, Rq::RDX, false);
        self.masm.jump_if(Flag::Equal, label);
        self.late.push(Late::Call { label, back, method, bci: self.bci, operands, reload });
        self.masm.bind(back);
        self.pop(usize::from(call.arg_slots));
        let index = self.slots.len();
        self.push_result(call.result);
        // An interpreted callee returns here with no pin loaded.
        let resumed = self.masm.label();
        let over = self.masm.label();
        if reload != 0 {
            self.masm.jump(over);
            self.masm.bind(resumed);
            self.reload(reload);
            self.masm.bind(over);
        } else {
            self.masm.bind(resumed);
        }
        self.late.push(Late::Resume { bci: self.bci, back: resumed, result: call.result, index });
    }

    /// The target of an interface call by the interface's table; behind it the method is in rdi.
    pub(super) fn emit_select(
        &mut self,
        label: Label,
        back: Label,
        bci: u32,
        (cache, class): (u32, Rq),
        operands: usize,
    ) {
        self.masm.bind(label);
        self.masm.mov(Rq::RSI, class, false);
        self.masm.constant(Rq::RDX, i64::from(cache));
        self.masm.mov(Rq::RDI, crate::masm::THREAD, true);
        let helper = self.anchor(Anchor::helper(Helper::Select));
        self.masm.call_thread(helper);
        self.masm.mov(Rq::RDI, Rq::RAX, false);
        self.masm.test(Rq::RAX, Rq::RAX, false);
        self.masm.jump_if(Flag::NotEqual, back);
        self.emit_exit(self.env.pc(bci), operands);
    }

    /// Intrinsics that are a few instructions. False if this one is not, at this place.
    fn inline(&mut self, inline: Inline) -> bool {
        let top = self.slots.len();
        match inline {
            Inline::Sqrt => {
                let operand = self.float_operand(top - 2, FloatWidth::F64);
                let result = self.float_temp();
                if let FloatOperand::Place(_) = operand {
                    self.masm.float_zero(result);
                }
                self.masm.float(FloatOp::Sqrt, result, operand, FloatWidth::F64);
                self.pop(2);
                self.push_float(result, FloatWidth::F64);
            }
            Inline::AbsInt => {
                let value = self.take(top - 1, Class::Narrow);
                let done = self.masm.label();
                self.masm.test(value, value, false);
                self.masm.jump_if(Flag::GreaterOrEqual, done);
                self.masm.negate(value, false);
                self.masm.bind(done);
                self.pop(1);
                self.push_narrow(value);
            }
            Inline::AbsDouble => {
                let value = self.float_reg(top - 2, FloatWidth::F64);
                let (bits, result) = (self.temp(), self.float_temp());
                self.masm.float_to_bits(bits, value, true);
                self.masm.shift_by(Shift::Left, bits, 1, true);
                self.masm.shift_by(Shift::UnsignedRight, bits, 1, true);
                self.masm.bits_to_float(result, bits, true);
                self.pop(2);
                self.push_float(result, FloatWidth::F64);
            }
            Inline::MaxInt | Inline::MinInt => {
                let y = self.reg(top - 1, Class::Narrow);
                let result = self.take(top - 2, Class::Narrow);
                let done = self.masm.label();
                let keeps = if inline == Inline::MaxInt { Flag::GreaterOrEqual } else { Flag::LessOrEqual };
                self.masm.alu(Alu::Cmp, result, Operand::Reg(y), false);
                self.masm.jump_if(keeps, done);
                self.masm.mov(result, y, false);
                self.masm.bind(done);
                self.pop(2);
                self.push_narrow(result);
            }
            // The bits stay the same, so the operand is the result.
            Inline::Bits => {}
            Inline::CurrentThread => {
                let to = self.temp();
                self.masm.load(to, Place::Thread(self.layout.current_thread), Width::W32);
                self.push_narrow(to);
            }
            Inline::CheckIndex => {
                let index = self.reg(top - 3, Class::Narrow);
                let length = self.reg(top - 2, Class::Narrow);
                let exit = self.exit();
                self.masm.test(length, length, false);
                self.masm.jump_if(Flag::Less, exit);
                self.masm.alu(Alu::Cmp, index, Operand::Reg(length), false);
                self.masm.jump_if(Flag::AboveOrEqual, exit);
                self.pop(2);
            }
            Inline::GetClass => {
                let object = self.reg(top - 1, Class::Narrow);
                self.null_check(object);
                let to = self.temp();
                let exit = self.exit();
                self.class_word(to, object);
                self.record(to);
                self.masm.load(to, Self::record_field(to, offset_of!(ClassRecord, mirror)), Width::W32);
                // Classes get theirs in the middle of start-up.
                self.masm.test(to, to, false);
                self.masm.jump_if(Flag::Equal, exit);
                self.pop(1);
                self.push_narrow(to);
            }
        }
        true
    }
}
