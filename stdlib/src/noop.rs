//! Native methods of the library that have nothing to do here.
//!
//! `registerNatives` binds a class's natives in HotSpot: here the tables are known from the start. `initIDs` looks up
//! the fields that C code needs: here [`carafe_vm::wellknown`] has them. Several others tell HotSpot's tools about an
//! event that no tool of this VM listens to. All of them are complete as they stand; a native that *should* do something
//! and does not yet is left out of the tables instead, so that calling it is an UnsatisfiedLinkError.

use carafe_vm::env::{Env, JResult, Local};

pub(crate) fn nothing(_: &mut Env<'_>) -> JResult<()> {
    Ok(())
}

/// For static methods with one object.
pub(crate) fn nothing_of(_: &mut Env<'_>, _: Local<'_>) -> JResult<()> {
    Ok(())
}

/// For static methods with one flag.
pub(crate) fn nothing_of_bool(_: &mut Env<'_>, _: bool) -> JResult<()> {
    Ok(())
}
