//! `jdk.internal.reflect`: what core reflection asks of the VM.
//!
//! | what | file |
//! |---|---|
//! | callers, access flags, nests | `reflection` |
//! | calling a method or constructor without method handles | `accessors` |
//! | the constant pool as Java code sees it | `constant_pool` |

mod accessors;
mod constant_pool;
mod reflection;

use carafe_vm::natives::NativeRow;

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![reflection::REFLECTION, accessors::METHOD, accessors::CONSTRUCTOR, constant_pool::CONSTANT_POOL]
}
