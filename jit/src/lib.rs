//! From bytecode to machine code: the compilers' common ground.
//!
//! [`code`] keeps published code, [`masm`] is the one folder in which machine instructions are written.
//!
//! Deliberately absent: the virtual machine. A compiler asks what it must know through a trait and can be tested on
//! bytecode alone; it never sees an isolate, a thread or an object.

pub mod code;
pub mod masm;
