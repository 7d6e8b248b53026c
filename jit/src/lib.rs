//! From bytecode to machine code.
//!
//! [`baseline`] compiles a method in one pass; [`code`] keeps published code, [`masm`] is the one folder in which machine
//! instructions are written, [`env`](mod@env) the only door to the virtual machine, [`anchor`] what code and machine share in a
//! thread.
//!
//! Deliberately absent: the virtual machine. A compiler asks what it must know through a trait and can be tested on
//! bytecode alone; it never sees an isolate, a thread or an object.

pub mod anchor;
pub mod baseline;
pub mod code;
pub mod env;
pub mod masm;

pub use dynasmrt::x64::{Rq, Rx};
