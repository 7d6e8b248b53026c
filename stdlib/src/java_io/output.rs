//! java.io.FileOutputStream.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::fs::OFlags;

use super::{handle_of, nothing, open, write_all, write_from};
use crate::memory::Region;
use crate::state::State;

natives! { pub(super) static FILE_OUTPUT_STREAM for "java/io/FileOutputStream" {
    "initIDs" "()V" = nothing(): isolate;
    "open0" "(Ljava/lang/String;Z)V" = open0(obj, obj, bool): write;
    "write" "(IZ)V" = write(obj, int, bool): opened;
    "writeBytes" "([BIIZ)V" = write_bytes(obj, obj, int, int, bool): opened;
} }

fn open0(env: &mut Env<'_>, this: Local<'_>, path: Local<'_>, append: bool) -> JResult<()> {
    let mode = if append { OFlags::APPEND } else { OFlags::TRUNC };
    let flags = OFlags::WRONLY | OFlags::CREATE | mode;
    open(env, this, &State::of(env).fields.file_output_stream, path, flags)
}

/// The kernel knows which files it appends to, so `append` changes nothing here and below.
fn write(env: &mut Env<'_>, this: Local<'_>, byte: i32, _append: bool) -> JResult<()> {
    let handle = handle_of(env, this, &State::of(env).fields.file_output_stream)?;
    write_all(env, &handle, &[byte as u8])
}

fn write_bytes(
    env: &mut Env<'_>,
    this: Local<'_>,
    array: Local<'_>,
    offset: i32,
    length: i32,
    _append: bool,
) -> JResult<()> {
    let region = Region::array(env, array, offset, length)?;
    if region.len() == 0 {
        return Ok(());
    }
    let handle = handle_of(env, this, &State::of(env).fields.file_output_stream)?;
    write_from(env, &handle, region)
}
