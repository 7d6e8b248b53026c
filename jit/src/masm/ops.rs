//! The single instructions that a one-pass compiler needs, by name, width and place.
//!
//! A [`Place`] is an address in one of the few shapes that compiled code uses; each operation expands to all of them, so the
//! caller never picks an encoding. 32-bit operations leave zeros in the upper half of their register (*zero-extended*).
//!
//! Deliberately absent: sequences. What takes several instructions stands with its meaning, in the compiler or in `calls`.

use dynasmrt::x64::{Rq, Rx};
use dynasmrt::{DynasmApi, DynasmLabelApi};

use super::{FloatWidth, Label, Masm, Width};

/// An address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Relative to the frame's header (rbp): locals above, operands below.
    Frame(i32),
    Thread(i32),
    /// Relative to the base: metaspace (negative) and the page of null.
    Base(i32),
    /// Base plus a byte offset in a register.
    Offset(Rq, i32),
    /// Base plus a reference in a register.
    Object(Rq, i32),
    /// Relative to an address in a register.
    At(Rq, i32),
    /// An address and a scaled index: 0 is bytes, 3 is longs.
    Element(Rq, Rq, u8, i32),
}

macro_rules! with_place {
    ($ops:expr, $place:expr, [$($pre:tt)*], [$($post:tt)*]) => {
        match $place {
            Place::Frame(d) => match i8::try_from(d) {
                Ok(d) => emit!($ops ; $($pre)* [BYTE rbp + d] $($post)*),
                Err(_) => emit!($ops ; $($pre)* [DWORD rbp + d] $($post)*),
            },
            Place::Thread(d) => match i8::try_from(d) {
                Ok(d) => emit!($ops ; $($pre)* [BYTE thread + d] $($post)*),
                Err(_) => emit!($ops ; $($pre)* [DWORD thread + d] $($post)*),
            },
            Place::Base(d) => emit!($ops ; $($pre)* [DWORD base + d] $($post)*),
            Place::Offset(r, d) => emit!($ops ; $($pre)* [DWORD base + Rq(r) * 1 + d] $($post)*),
            Place::Object(r, d) => match i8::try_from(d) {
                Ok(d) => emit!($ops ; $($pre)* [BYTE base + Rq(r) * 8 + d] $($post)*),
                Err(_) => emit!($ops ; $($pre)* [DWORD base + Rq(r) * 8 + d] $($post)*),
            },
            Place::At(r, d) => emit!($ops ; $($pre)* [DWORD Rq(r) + d] $($post)*),
            Place::Element(b, i, 0, d) => emit!($ops ; $($pre)* [DWORD Rq(b) + Rq(i) * 1 + d] $($post)*),
            Place::Element(b, i, 1, d) => emit!($ops ; $($pre)* [DWORD Rq(b) + Rq(i) * 2 + d] $($post)*),
            Place::Element(b, i, 2, d) => emit!($ops ; $($pre)* [DWORD Rq(b) + Rq(i) * 4 + d] $($post)*),
            Place::Element(b, i, _, d) => emit!($ops ; $($pre)* [DWORD Rq(b) + Rq(i) * 8 + d] $($post)*),
        }
    };
}

/// Two-operand integer instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alu {
    Add,
    Sub,
    And,
    Or,
    Xor,
    Cmp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shift {
    Left,
    Right,
    UnsignedRight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FloatOp {
    Add,
    Sub,
    Mul,
    Div,
    Sqrt,
}

/// The second operand of an integer instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operand {
    Reg(Rq),
    /// Sign-extended for wide operations.
    Imm(i32),
    Place(Place),
}

/// The second operand of a floating-point instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FloatOperand {
    Reg(Rx),
    Place(Place),
}

/// Conditions of jumps, as the processor names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    Equal,
    NotEqual,
    Less,
    GreaterOrEqual,
    Greater,
    LessOrEqual,
    Below,
    AboveOrEqual,
    Above,
    BelowOrEqual,
    Parity,
    NoParity,
}

macro_rules! by_width {
    ($wide:expr, $narrow:expr, $w:expr) => {
        if $w { $wide } else { $narrow }
    };
}

impl Masm {
    pub fn mov(&mut self, to: Rq, from: Rq, wide: bool) {
        let o = &mut self.ops;
        if wide && to == from {
            return;
        }
        by_width!(emit!(o ; mov Rq(to), Rq(from)), emit!(o ; mov Rd(to), Rd(from)), wide);
    }

    pub fn load(&mut self, to: Rq, place: Place, width: Width) {
        let o = &mut self.ops;
        match width {
            Width::U8 => with_place!(o, place, [movzx Rd(to), BYTE], []),
            Width::I8 => with_place!(o, place, [movsx Rd(to), BYTE], []),
            Width::U16 => with_place!(o, place, [movzx Rd(to), WORD], []),
            Width::I16 => with_place!(o, place, [movsx Rd(to), WORD], []),
            Width::W32 => with_place!(o, place, [mov Rd(to), DWORD], []),
            Width::W64 => with_place!(o, place, [mov Rq(to), QWORD], []),
        }
    }

    pub fn store(&mut self, place: Place, from: Rq, width: Width) {
        let o = &mut self.ops;
        match width {
            Width::U8 | Width::I8 => with_place!(o, place, [mov BYTE], [, Rb(from)]),
            Width::U16 | Width::I16 => with_place!(o, place, [mov WORD], [, Rw(from)]),
            Width::W32 => with_place!(o, place, [mov DWORD], [, Rd(from)]),
            Width::W64 => with_place!(o, place, [mov QWORD], [, Rq(from)]),
        }
    }

    /// Stores a constant, sign-extended to the width.
    pub fn store_constant(&mut self, place: Place, value: i32, width: Width) {
        let o = &mut self.ops;
        match width {
            Width::U8 | Width::I8 => with_place!(o, place, [mov BYTE], [, value as i8]),
            Width::U16 | Width::I16 => with_place!(o, place, [mov WORD], [, value as i16]),
            Width::W32 => with_place!(o, place, [mov DWORD], [, value]),
            Width::W64 => with_place!(o, place, [mov QWORD], [, value]),
        }
    }

    pub fn lea(&mut self, to: Rq, place: Place) {
        let o = &mut self.ops;
        with_place!(o, place, [lea Rq(to),], []);
    }

    pub fn alu(&mut self, op: Alu, to: Rq, value: Operand, wide: bool) {
        let o = &mut self.ops;
        macro_rules! forms {
            ($name:ident) => {
                match value {
                    Operand::Reg(r) => {
                        by_width!(emit!(o ; $name Rq(to), Rq(r)), emit!(o ; $name Rd(to), Rd(r)), wide)
                    }
                    Operand::Imm(v) => match i8::try_from(v) {
                        Ok(v) => {
                            by_width!(emit!(o ; $name Rq(to), BYTE v), emit!(o ; $name Rd(to), BYTE v), wide)
                        }
                        Err(_) => {
                            by_width!(emit!(o ; $name Rq(to), DWORD v), emit!(o ; $name Rd(to), DWORD v), wide)
                        }
                    },
                    Operand::Place(p) => by_width!(
                        with_place!(o, p, [$name Rq(to), QWORD], []),
                        with_place!(o, p, [$name Rd(to), DWORD], []),
                        wide
                    ),
                }
            };
        }
        match op {
            Alu::Add => forms!(add),
            Alu::Sub => forms!(sub),
            Alu::And => forms!(and),
            Alu::Or => forms!(or),
            Alu::Xor => forms!(xor),
            // The assembler's table has no short immediate for it.
            Alu::Cmp => match value {
                Operand::Imm(v) => by_width!(emit!(o ; cmp Rq(to), v), emit!(o ; cmp Rd(to), v), wide),
                Operand::Reg(r) => {
                    by_width!(emit!(o ; cmp Rq(to), Rq(r)), emit!(o ; cmp Rd(to), Rd(r)), wide)
                }
                Operand::Place(p) => by_width!(
                    with_place!(o, p, [cmp Rq(to), QWORD], []),
                    with_place!(o, p, [cmp Rd(to), DWORD], []),
                    wide
                ),
            },
        }
    }

    /// Compares 32 bits in memory with a constant.
    pub fn compare_memory(&mut self, place: Place, value: i32) {
        let o = &mut self.ops;
        with_place!(o, place, [cmp DWORD], [, value]);
    }

    /// Tests bits of 32 in memory.
    pub fn test_memory(&mut self, place: Place, bits: i32) {
        let o = &mut self.ops;
        with_place!(o, place, [test DWORD], [, bits]);
    }

    pub fn multiply(&mut self, to: Rq, value: Operand, wide: bool) {
        let o = &mut self.ops;
        match value {
            Operand::Reg(r) => by_width!(emit!(o ; imul Rq(to), Rq(r)), emit!(o ; imul Rd(to), Rd(r)), wide),
            Operand::Imm(v) => {
                by_width!(emit!(o ; imul Rq(to), Rq(to), v), emit!(o ; imul Rd(to), Rd(to), v), wide)
            }
            Operand::Place(p) => by_width!(
                with_place!(o, p, [imul Rq(to), QWORD], []),
                with_place!(o, p, [imul Rd(to), DWORD], []),
                wide
            ),
        }
    }

    pub fn negate(&mut self, to: Rq, wide: bool) {
        let o = &mut self.ops;
        by_width!(emit!(o ; neg Rq(to)), emit!(o ; neg Rd(to)), wide);
    }

    pub fn test(&mut self, a: Rq, b: Rq, wide: bool) {
        let o = &mut self.ops;
        by_width!(emit!(o ; test Rq(a), Rq(b)), emit!(o ; test Rd(a), Rd(b)), wide);
    }

    /// Shifts by a constant, which Java and the processor both take modulo the width.
    pub fn shift_by(&mut self, op: Shift, to: Rq, distance: u8, wide: bool) {
        let o = &mut self.ops;
        let n = distance as i8;
        match op {
            Shift::Left => by_width!(emit!(o ; shl Rq(to), BYTE n), emit!(o ; shl Rd(to), BYTE n), wide),
            Shift::Right => by_width!(emit!(o ; sar Rq(to), BYTE n), emit!(o ; sar Rd(to), BYTE n), wide),
            Shift::UnsignedRight => {
                by_width!(emit!(o ; shr Rq(to), BYTE n), emit!(o ; shr Rd(to), BYTE n), wide)
            }
        }
    }

    /// Shifts by cl.
    pub fn shift_by_cl(&mut self, op: Shift, to: Rq, wide: bool) {
        let o = &mut self.ops;
        match op {
            Shift::Left => by_width!(emit!(o ; shl Rq(to), cl), emit!(o ; shl Rd(to), cl), wide),
            Shift::Right => by_width!(emit!(o ; sar Rq(to), cl), emit!(o ; sar Rd(to), cl), wide),
            Shift::UnsignedRight => by_width!(emit!(o ; shr Rq(to), cl), emit!(o ; shr Rd(to), cl), wide),
        }
    }

    /// Signed division of rax by a register: quotient in rax, remainder in rdx. The divisor is neither 0 nor, for the
    /// smallest dividend, -1.
    pub fn divide(&mut self, divisor: Rq, wide: bool) {
        let o = &mut self.ops;
        if wide {
            emit!(o ; cqo ; idiv Rq(divisor));
        } else {
            emit!(o ; cdq ; idiv Rd(divisor));
        }
    }

    pub fn sign_extend_int(&mut self, to: Rq, from: Rq) {
        emit!(self.ops ; movsxd Rq(to), Rd(from));
    }

    /// Widens the low byte or half of a register to 32 bits.
    pub fn narrow(&mut self, to: Rq, from: Rq, width: Width) {
        let o = &mut self.ops;
        match width {
            Width::U8 => emit!(o ; movzx Rd(to), Rb(from)),
            Width::I8 => emit!(o ; movsx Rd(to), Rb(from)),
            Width::U16 => emit!(o ; movzx Rd(to), Rw(from)),
            Width::I16 => emit!(o ; movsx Rd(to), Rw(from)),
            Width::W32 => emit!(o ; mov Rd(to), Rd(from)),
            Width::W64 => emit!(o ; mov Rq(to), Rq(from)),
        }
    }

    pub fn jump_if(&mut self, flag: Flag, to: Label) {
        let o = &mut self.ops;
        match flag {
            Flag::Equal => emit!(o ; je =>to.0),
            Flag::NotEqual => emit!(o ; jne =>to.0),
            Flag::Less => emit!(o ; jl =>to.0),
            Flag::GreaterOrEqual => emit!(o ; jge =>to.0),
            Flag::Greater => emit!(o ; jg =>to.0),
            Flag::LessOrEqual => emit!(o ; jle =>to.0),
            Flag::Below => emit!(o ; jb =>to.0),
            Flag::AboveOrEqual => emit!(o ; jae =>to.0),
            Flag::Above => emit!(o ; ja =>to.0),
            Flag::BelowOrEqual => emit!(o ; jbe =>to.0),
            Flag::Parity => emit!(o ; jp =>to.0),
            Flag::NoParity => emit!(o ; jnp =>to.0),
        }
    }

    /// Makes a register 1 or 0, by flags that are already set.
    pub fn set_if(&mut self, flag: Flag, to: Rq) {
        let o = &mut self.ops;
        match flag {
            Flag::Equal => emit!(o ; sete Rb(to)),
            Flag::NotEqual => emit!(o ; setne Rb(to)),
            Flag::Less => emit!(o ; setl Rb(to)),
            Flag::GreaterOrEqual => emit!(o ; setge Rb(to)),
            Flag::Greater => emit!(o ; setg Rb(to)),
            Flag::LessOrEqual => emit!(o ; setle Rb(to)),
            Flag::Below => emit!(o ; setb Rb(to)),
            Flag::AboveOrEqual => emit!(o ; setae Rb(to)),
            Flag::Above => emit!(o ; seta Rb(to)),
            Flag::BelowOrEqual => emit!(o ; setbe Rb(to)),
            Flag::Parity => emit!(o ; setp Rb(to)),
            Flag::NoParity => emit!(o ; setnp Rb(to)),
        }
        emit!(o ; movzx Rd(to), Rb(to));
    }

    // ---- floating point ------------------------------------------------------------------------------------------------

    pub fn float_move(&mut self, to: Rx, from: Rx) {
        if to != from {
            emit!(self.ops ; movaps Rx(to), Rx(from));
        }
    }

    /// Loads 4 or 8 bytes; the rest of the register becomes zero.
    pub fn float_load(&mut self, to: Rx, place: Place, width: FloatWidth) {
        let o = &mut self.ops;
        match width {
            FloatWidth::F32 => with_place!(o, place, [movss Rx(to), DWORD], []),
            FloatWidth::F64 => with_place!(o, place, [movsd Rx(to), QWORD], []),
        }
    }

    pub fn float_store(&mut self, place: Place, from: Rx, width: FloatWidth) {
        let o = &mut self.ops;
        match width {
            FloatWidth::F32 => with_place!(o, place, [movss DWORD], [, Rx(from)]),
            FloatWidth::F64 => with_place!(o, place, [movsd QWORD], [, Rx(from)]),
        }
    }

    pub fn float(&mut self, op: FloatOp, to: Rx, value: FloatOperand, width: FloatWidth) {
        let o = &mut self.ops;
        macro_rules! forms {
            ($single:ident, $double:ident) => {
                match (width, value) {
                    (FloatWidth::F32, FloatOperand::Reg(r)) => emit!(o ; $single Rx(to), Rx(r)),
                    (FloatWidth::F64, FloatOperand::Reg(r)) => emit!(o ; $double Rx(to), Rx(r)),
                    (FloatWidth::F32, FloatOperand::Place(p)) => {
                        with_place!(o, p, [$single Rx(to), DWORD], [])
                    }
                    (FloatWidth::F64, FloatOperand::Place(p)) => {
                        with_place!(o, p, [$double Rx(to), QWORD], [])
                    }
                }
            };
        }
        match op {
            FloatOp::Add => forms!(addss, addsd),
            FloatOp::Sub => forms!(subss, subsd),
            FloatOp::Mul => forms!(mulss, mulsd),
            FloatOp::Div => forms!(divss, divsd),
            FloatOp::Sqrt => forms!(sqrtss, sqrtsd),
        }
    }

    /// Compares: *below* is less, *parity* is unordered.
    pub fn float_compare(&mut self, a: Rx, b: Rx, width: FloatWidth) {
        let o = &mut self.ops;
        match width {
            FloatWidth::F32 => emit!(o ; ucomiss Rx(a), Rx(b)),
            FloatWidth::F64 => emit!(o ; ucomisd Rx(a), Rx(b)),
        }
    }

    pub fn float_zero(&mut self, to: Rx) {
        emit!(self.ops ; xorps Rx(to), Rx(to));
    }

    pub fn bits_to_float(&mut self, to: Rx, from: Rq, wide: bool) {
        let o = &mut self.ops;
        by_width!(emit!(o ; movq Rx(to), Rq(from)), emit!(o ; movd Rx(to), Rd(from)), wide);
    }

    pub fn float_to_bits(&mut self, to: Rq, from: Rx, wide: bool) {
        let o = &mut self.ops;
        by_width!(emit!(o ; movq Rq(to), Rx(from)), emit!(o ; movd Rd(to), Rx(from)), wide);
    }

    pub fn int_to_float(&mut self, to: Rx, from: Rq, wide: bool, width: FloatWidth) {
        let o = &mut self.ops;
        // The conversion writes only a part of the register: without this it waits for what was there before.
        emit!(o ; xorps Rx(to), Rx(to));
        match (wide, width) {
            (false, FloatWidth::F32) => emit!(o ; cvtsi2ss Rx(to), Rd(from)),
            (true, FloatWidth::F32) => emit!(o ; cvtsi2ss Rx(to), Rq(from)),
            (false, FloatWidth::F64) => emit!(o ; cvtsi2sd Rx(to), Rd(from)),
            (true, FloatWidth::F64) => emit!(o ; cvtsi2sd Rx(to), Rq(from)),
        }
    }

    /// Truncates; what does not fit gives the smallest integer.
    pub fn float_to_int(&mut self, to: Rq, from: Rx, wide: bool, width: FloatWidth) {
        let o = &mut self.ops;
        match (wide, width) {
            (false, FloatWidth::F32) => emit!(o ; cvttss2si Rd(to), Rx(from)),
            (true, FloatWidth::F32) => emit!(o ; cvttss2si Rq(to), Rx(from)),
            (false, FloatWidth::F64) => emit!(o ; cvttsd2si Rd(to), Rx(from)),
            (true, FloatWidth::F64) => emit!(o ; cvttsd2si Rq(to), Rx(from)),
        }
    }

    /// From `from`'s width to the other.
    pub fn float_resize(&mut self, to: Rx, from: Rx, width: FloatWidth) {
        let o = &mut self.ops;
        match width {
            FloatWidth::F32 => emit!(o ; cvtss2sd Rx(to), Rx(from)),
            FloatWidth::F64 => emit!(o ; cvtsd2ss Rx(to), Rx(from)),
        }
    }

    // ---- the rest --------------------------------------------------------------------------------------------------------

    /// Orders what comes before with what comes after, as a volatile store asks.
    pub fn fence(&mut self) {
        emit!(self.ops ; lock or DWORD [rsp - 8], 0);
    }

    pub fn trap(&mut self) {
        emit!(self.ops ; int3);
    }

    pub fn call(&mut self, target: Rq) {
        emit!(self.ops ; call Rq(target));
    }

    pub fn call_thread(&mut self, displacement: i32) {
        emit!(self.ops ; call QWORD [thread + displacement]);
    }

    pub fn jump_thread(&mut self, displacement: i32) {
        emit!(self.ops ; jmp QWORD [thread + displacement]);
    }

    /// The address of a place in the code.
    pub fn address_of(&mut self, to: Rq, label: Label) {
        emit!(self.ops ; lea Rq(to), [=>label.0]);
    }

    pub fn jump_register(&mut self, target: Rq) {
        emit!(self.ops ; jmp Rq(target));
    }

    /// `to = [table + index * 4]`, sign-extended.
    pub fn load_table_entry(&mut self, to: Rq, table: Rq, index: Rq) {
        emit!(self.ops ; movsxd Rq(to), DWORD [Rq(table) + Rq(index) * 4]);
    }

    /// Four bytes of data, to be patched.
    pub fn data(&mut self, bytes: usize) {
        for _ in 0..bytes {
            self.ops.push(0);
        }
    }

    pub fn push_place(&mut self, place: Place) {
        let o = &mut self.ops;
        with_place!(o, place, [push QWORD], []);
    }

    pub fn pop_place(&mut self, place: Place) {
        let o = &mut self.ops;
        with_place!(o, place, [pop QWORD], []);
    }
}
