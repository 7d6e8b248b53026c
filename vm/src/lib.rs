//! The virtual machine: isolates, threads, the interpreter, run-time linkage, exceptions.
//!
//! Deliberately absent: implementations of native methods and anything that touches the world outside; they register
//! themselves in a table (`natives`), and this crate never imports the crate that has them.

pub mod alloc;
pub mod boot;
pub mod compiled;
pub mod console;
pub mod continuation;
pub mod dispatch;
pub mod dump;
pub mod env;
pub mod exceptions;
pub mod figures;
pub mod interpreter;
pub mod isolate;
pub mod limits;
pub mod linkage;
pub mod log;
pub mod mirrors;
pub mod monitor;
pub mod natives;
pub mod outside;
pub mod overhead;
pub mod panics;
pub mod references;
pub mod refmaps;
pub mod roots;
pub mod signals;
pub mod strings;
pub mod sync;
pub mod thread;
pub mod unload;
pub mod wellknown;
