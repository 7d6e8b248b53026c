//! Class files in, linked classes out: reads, checks and links, and never executes.
//!
//! Deliberately absent: the heap, threads, exceptions as Java sees them. What must run Java code to go on (a user
//! class loader's `loadClass`) is asked of the host through a trait.

pub mod basic;
pub mod class;
pub mod symbols;
