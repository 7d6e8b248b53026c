//! The instruction set: one table of opcodes and what reads code by it.
//!
//! [`opcodes`] holds the table, [`decode`](mod@decode) turns bytes into canonical operations, [`flow`] finds
//! the instructions and basic blocks of a whole method and proves that its code is well formed, [`refmap`]
//! tells which slots of a frame hold references, and [`disasm`] prints.
//!
//! Deliberately absent: types beyond what the opcode itself tells. Verification is elsewhere and builds on
//! this.

pub mod bits;
pub mod decode;
pub mod disasm;
pub mod flow;
pub mod opcodes;
pub mod refmap;

pub use decode::{
    BinaryOp, CompareOp, Cond, Const, CpIndex, DecodeError, ElemKind, Equality, Instr, InvokeKind, Kind,
    LookupSwitch, Op, PrimKind, ShiftOp, StackOp, TableSwitch, decode, instructions,
};
pub use flow::{Flow, FlowError, Handler};
pub use opcodes::{Format, Opcode, StackItem};
