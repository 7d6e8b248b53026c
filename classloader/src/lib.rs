//! Class files in, linked classes out: reads, checks and links, and never executes.
//!
//! [`bytecode`] is the instruction set, [`classfile`] reads and checks class files, [`source`] finds them, [`class`] is
//! what a loaded class is in metaspace, [`link`] makes it, [`universe`] knows all of an isolate's classes, [`modules`] its
//! module boundaries, [`offline`] loads and links without any of Java's own loaders.
//!
//! Deliberately absent: the heap, threads, exceptions as Java sees them. What must run Java code to go on (a user
//! class loader's `loadClass`) is asked of the host through a trait.

pub mod basic;
pub mod bytecode;
pub mod class;
pub mod classfile;
pub mod link;
pub mod modules;
pub mod names;
pub mod offline;
pub mod source;
pub mod symbols;
pub mod universe;
pub mod verify;
