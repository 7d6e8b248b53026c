//! `java.lang.reflect`: arrays of any type, and what the class file says of members beyond the reflected objects' fields.
//!
//! | what | file |
//! |---|---|
//! | `Array` | `array` |
//! | parameters and type annotations of members | `members` |
//! | from a reflected object to the member's metadata | `slots` |
//! | primitive values: boxed, widened, in array elements | `values` |
//!
//! The Field, Method and Constructor objects themselves are made by `java_lang::class::members`.

mod array;
mod members;
pub(crate) mod slots;
pub(crate) mod values;

use carafe_vm::natives::NativeRow;

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![array::ARRAY, members::EXECUTABLE, members::FIELD]
}
