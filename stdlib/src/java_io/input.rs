//! java.io.FileInputStream.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::fs::{FileType, OFlags, SeekFrom};

use super::{handle_of, nothing, open, read_into, read_one};
use crate::errors;
use crate::memory::Region;
use crate::state::State;

natives! { pub(super) static FILE_INPUT_STREAM for "java/io/FileInputStream" {
    "initIDs" "()V" = nothing(): isolate;
    "open0" "(Ljava/lang/String;)V" = open0(obj, obj): read;
    "read0" "()I" = read0(obj): opened, random;
    "readBytes" "([BII)I" = read_bytes(obj, obj, int, int): opened, random;
    "length0" "()J" = length0(obj): opened;
    "position0" "()J" = position0(obj): opened;
    "skip0" "(J)J" = skip0(obj, long): opened;
    "available0" "()I" = available0(obj): opened;
    "isRegularFile0" "(Ljava/io/FileDescriptor;)Z" = is_regular_file0(obj, obj): opened;
} }

fn open0(env: &mut Env<'_>, this: Local<'_>, path: Local<'_>) -> JResult<()> {
    open(env, this, &State::of(env).fields.file_input_stream, path, OFlags::RDONLY)
}

fn read0(env: &mut Env<'_>, this: Local<'_>) -> JResult<i32> {
    let handle = handle_of(env, this, &State::of(env).fields.file_input_stream)?;
    read_one(env, &handle)
}

fn read_bytes(
    env: &mut Env<'_>,
    this: Local<'_>,
    array: Local<'_>,
    offset: i32,
    length: i32,
) -> JResult<i32> {
    let region = Region::array(env, array, offset, length)?;
    if region.len() == 0 {
        return Ok(0);
    }
    let handle = handle_of(env, this, &State::of(env).fields.file_input_stream)?;
    read_into(env, &handle, region)
}

fn length0(env: &mut Env<'_>, this: Local<'_>) -> JResult<i64> {
    let handle = handle_of(env, this, &State::of(env).fields.file_input_stream)?;
    let size = env.blocking(|| handle.size()).map_err(|e| errors::io_errno(env, e))?;
    Ok(size as i64)
}

fn position0(env: &mut Env<'_>, this: Local<'_>) -> JResult<i64> {
    let handle = handle_of(env, this, &State::of(env).fields.file_input_stream)?;
    let position = handle.position().map_err(|e| errors::io_errno(env, e))?;
    Ok(position as i64)
}

/// Moves by `count`, backward too, and past the end if so asked.
fn skip0(env: &mut Env<'_>, this: Local<'_>, count: i64) -> JResult<i64> {
    let handle = handle_of(env, this, &State::of(env).fields.file_input_stream)?;
    let moved = handle.position().and_then(|from| Ok((from, handle.seek(SeekFrom::Current(count))?)));
    let (from, to) = moved.map_err(|e| errors::io_errno(env, e))?;
    Ok(to as i64 - from as i64)
}

fn available0(env: &mut Env<'_>, this: Local<'_>) -> JResult<i32> {
    let handle = handle_of(env, this, &State::of(env).fields.file_input_stream)?;
    let count = handle.available().map_err(|e| errors::io_errno(env, e))?;
    Ok(i32::try_from(count).unwrap_or(i32::MAX))
}

fn is_regular_file0(env: &mut Env<'_>, _this: Local<'_>, descriptor: Local<'_>) -> JResult<bool> {
    if env.is_null(descriptor) {
        return Err(env.throw_npe());
    }
    let number: i32 = env.get(descriptor, env.wk().file_descriptor.fd);
    let handle = State::of(env).handles.get(number).map_err(|e| errors::io_errno(env, e))?;
    Ok(handle.kind() == FileType::RegularFile)
}
