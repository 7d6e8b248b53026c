//! Class files: reading them without copying, checking their format, and looking at their parts again later.
//!
//! [`read`] makes a [`ClassFile`] out of bytes; with [`ReadOptions::check`] it applies the format checks of
//! chapter 4 of the specification on the way, whose rules stand in [`check`]. [`attributes`] re-reads what
//! the reader only located, [`descriptor`] and [`mutf8`] know the two little languages inside a class file.
//!
//! Deliberately absent: whatever needs a second class (superclass is final, interface is none) and whatever
//! looks inside a code array: that is linking's and the verifier's.

#![forbid(unsafe_code)]

pub mod access;
pub mod attributes;
pub mod check;
pub mod descriptor;
pub mod error;
pub mod mutf8;
pub mod pool;
pub mod read;
mod shapes;
pub mod stack_map;

pub use attributes::{Attribute, AttributeTable, Raw};
pub use descriptor::{FieldType, MethodDescriptor};
pub use error::{ClassFileError, ErrorKind};
pub use pool::{Constant, ConstantPool, MemberRef};
pub use read::{ClassAttributes, ClassFile, Code, FieldInfo, MethodInfo, ReadOptions};

pub use crate::bytecode::Handler;
