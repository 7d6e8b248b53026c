//! java.io.RandomAccessFile.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::fs::{OFlags, SeekFrom};

use super::{handle_of, nothing, open, read_into, read_one, write_all, write_from};
use crate::errors;
use crate::memory::Region;
use crate::state::State;

natives! { pub(super) static RANDOM_ACCESS_FILE for "java/io/RandomAccessFile" {
    "initIDs" "()V" = nothing(): isolate;
    "open0" "(Ljava/lang/String;I)V" = open0(obj, obj, int): read, write;
    "read0" "()I" = read0(obj): opened, random;
    "readBytes0" "([BII)I" = read_bytes0(obj, obj, int, int): opened, random;
    "write0" "(I)V" = write0(obj, int): opened;
    "writeBytes0" "([BII)V" = write_bytes0(obj, obj, int, int): opened;
    "getFilePointer" "()J" = get_file_pointer(obj): opened;
    "seek0" "(J)V" = seek0(obj, long): opened;
    "length0" "()J" = length0(obj): opened;
    "setLength0" "(J)V" = set_length0(obj, long): opened;
} }

/// The bits of `open0`'s mode, as the Java class numbers them.
mod mode {
    pub(super) const READ_WRITE: i32 = 2;
    pub(super) const SYNC: i32 = 4;
    pub(super) const DATA_SYNC: i32 = 8;
}

fn open0(env: &mut Env<'_>, this: Local<'_>, path: Local<'_>, mode: i32) -> JResult<()> {
    let mut flags = OFlags::RDONLY;
    if mode & mode::READ_WRITE != 0 {
        flags = OFlags::RDWR | OFlags::CREATE;
        flags.set(OFlags::SYNC, mode & mode::SYNC != 0);
        if mode & mode::DATA_SYNC != 0 {
            flags |= OFlags::DSYNC;
        }
    }
    open(env, this, &State::of(env).fields.random_access_file, path, flags)
}

fn read0(env: &mut Env<'_>, this: Local<'_>) -> JResult<i32> {
    let handle = handle_of(env, this, &State::of(env).fields.random_access_file)?;
    read_one(env, &handle)
}

fn read_bytes0(
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
    let handle = handle_of(env, this, &State::of(env).fields.random_access_file)?;
    read_into(env, &handle, region)
}

fn write0(env: &mut Env<'_>, this: Local<'_>, byte: i32) -> JResult<()> {
    let handle = handle_of(env, this, &State::of(env).fields.random_access_file)?;
    write_all(env, &handle, &[byte as u8])
}

fn write_bytes0(
    env: &mut Env<'_>,
    this: Local<'_>,
    array: Local<'_>,
    offset: i32,
    length: i32,
) -> JResult<()> {
    let region = Region::array(env, array, offset, length)?;
    if region.len() == 0 {
        return Ok(());
    }
    let handle = handle_of(env, this, &State::of(env).fields.random_access_file)?;
    write_from(env, &handle, region)
}

fn get_file_pointer(env: &mut Env<'_>, this: Local<'_>) -> JResult<i64> {
    let handle = handle_of(env, this, &State::of(env).fields.random_access_file)?;
    let position = handle.position().map_err(|e| errors::io_errno(env, e))?;
    Ok(position as i64)
}

fn seek0(env: &mut Env<'_>, this: Local<'_>, position: i64) -> JResult<()> {
    let handle = handle_of(env, this, &State::of(env).fields.random_access_file)?;
    let Ok(position) = u64::try_from(position) else {
        return Err(env.throw("java/io/IOException", "Negative seek offset"));
    };
    handle.seek(SeekFrom::Start(position)).map(drop).map_err(|e| errors::io_errno(env, e))
}

fn length0(env: &mut Env<'_>, this: Local<'_>) -> JResult<i64> {
    let handle = handle_of(env, this, &State::of(env).fields.random_access_file)?;
    let size = env.blocking(|| handle.size()).map_err(|e| errors::io_errno(env, e))?;
    Ok(size as i64)
}

/// Cuts or extends the file; a position beyond the new end moves to it.
fn set_length0(env: &mut Env<'_>, this: Local<'_>, length: i64) -> JResult<()> {
    let handle = handle_of(env, this, &State::of(env).fields.random_access_file)?;
    let done = env.blocking(|| {
        let length = u64::try_from(length).map_err(|_| rustix::io::Errno::INVAL)?;
        let position = handle.position()?;
        handle.set_size(length)?;
        if position > length {
            handle.seek(SeekFrom::Start(length))?;
        }
        Ok(())
    });
    done.map_err(|e| errors::io_errno(env, e))
}
