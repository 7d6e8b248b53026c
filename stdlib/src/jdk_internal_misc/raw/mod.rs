//! `jdk.internal.misc.Unsafe`: memory without checks, as the library's own code wants it.
//!
//! | natives | file |
//! |---|---|
//! | plain and volatile access to fields, elements and raw memory | `access` |
//! | compare-and-swap, fences | `atomic` |
//! | off-heap blocks, bulk copies | `memory` |
//! | offsets, bases, classes, parking | `layout`, `park` |
//!
//! Invariant: whatever (object, offset) Java passes, the address lies inside the cage ([`Env::raw_address`] masks it):
//! what is not mapped there faults and ends the isolate, never the host. Untrusted code cannot name this class at
//! all; the mask is the second wall. References are never read from raw memory, only from objects, so that the
//! collector sees none that the heap did not hold.

mod access;
mod atomic;
mod layout;
mod memory;
mod park;

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives::NativeRow;

pub(super) fn tables() -> Vec<&'static [NativeRow]> {
    vec![access::ACCESS, atomic::ATOMIC, layout::LAYOUT, memory::MEMORY, park::PARK]
}

/// The slot of a reference that Java names by object and offset, as an offset from the object's start. No object is
/// NullPointerException.
fn reference_slot<'s>(env: &mut Env<'s>, object: Local<'s>, offset: i64) -> JResult<usize> {
    if env.is_null(object) {
        return Err(env.throw_npe());
    }
    if offset & 3 != 0 {
        return Err(env.throw("java/lang/InternalError", "misaligned reference"));
    }
    let start = env.raw(object).offset();
    let slot = start.wrapping_add(offset as u64) & carafe_gc::RAW_MASK;
    // Wraps for a negative offset; whoever adds it to the start wraps back.
    Ok(slot.wrapping_sub(start) as usize)
}
