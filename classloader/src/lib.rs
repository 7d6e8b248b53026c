//! From the bytes of a class file to a verified, linked class.
//!
//! [`bytecode`] is the instruction set, [`classfile`] reads and checks class files, [`source`] finds them.

pub mod bytecode;
pub mod classfile;
pub mod source;
