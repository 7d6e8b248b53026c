//! The instruction set: one table of opcodes and what reads code by it.
//!
//! [`opcodes`] holds the table, [`decode`](mod@decode) turns bytes into the canonical operations of [`ops`]
//! and [`switch`], [`flow`] finds the instructions and basic blocks of a whole method and proves that its
//! code is well formed, [`refmap`] tells which slots of a frame hold references, and [`disasm`] prints.
//!
//! Deliberately absent: types beyond what the opcode itself tells. Verification is elsewhere and builds on
//! this.

#![forbid(unsafe_code)]

pub mod bits;
pub mod decode;
pub mod disasm;
pub mod flow;
pub mod opcodes;
pub mod ops;
pub mod refmap;
pub mod switch;

pub use bits::Bits;
pub use decode::{DecodeError, decode, instructions, raw_len};
pub use flow::{Flow, FlowError, Handler};
pub use opcodes::{Format, Opcode, StackItem};
pub use ops::{
    BinaryOp, CompareOp, Cond, Const, CpIndex, ElemKind, Equality, Instr, InvokeKind, Kind, Op, PrimKind,
    ShiftOp, StackOp,
};
pub use switch::{LookupSwitch, TableSwitch, padding_is_zero};
