//! sun.nio.ch.IOUtil and FileKey: descriptors, pipes, limits.

use std::sync::Arc;

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::io::Errno;

use super::{handle_of, nothing, number_of, on_handle, outcome, status};
use crate::errors;
use crate::gate::handles::{Handle, OPEN_FILES_MAX};
use crate::state::State;

natives! { pub(super) static IO_UTIL for "sun/nio/ch/IOUtil" {
    "initIDs" "()V" = nothing(): isolate;
    "fdVal" "(Ljava/io/FileDescriptor;)I" = fd_val(obj): isolate;
    "setfdVal" "(Ljava/io/FileDescriptor;I)V" = setfd_val(obj, int): isolate;
    "configureBlocking" "(Ljava/io/FileDescriptor;Z)V" = configure_blocking(obj, bool): opened;
    "makePipe" "(Z)J" = make_pipe(bool): isolate;
    "write1" "(IB)I" = write1(int, byte): opened;
    "drain" "(I)Z" = drain(int): opened;
    "drain1" "(I)I" = drain1(int): opened;
    "fdLimit" "()I" = fd_limit(): isolate;
    "iovMax" "()I" = iov_max(): isolate;
    "writevMax" "()J" = writev_max(): isolate;
    "randomBytes" "([B)Z" = random_bytes(obj): isolate;
} }

natives! { pub(super) static FILE_KEY for "sun/nio/ch/FileKey" {
    "init" "(Ljava/io/FileDescriptor;[J)V" = file_key(obj, obj): opened;
} }

fn fd_val(env: &mut Env<'_>, descriptor: Local<'_>) -> JResult<i32> {
    number_of(env, descriptor)
}

fn setfd_val(env: &mut Env<'_>, descriptor: Local<'_>, number: i32) -> JResult<()> {
    number_of(env, descriptor)?;
    env.set(descriptor, env.wk().file_descriptor.fd, number);
    Ok(())
}

fn configure_blocking(env: &mut Env<'_>, descriptor: Local<'_>, blocking: bool) -> JResult<()> {
    on_handle(env, descriptor, |h| h.set_blocking(blocking))
}

/// The reading end in the high half of the result, the writing end in the low half.
fn make_pipe(env: &mut Env<'_>, blocking: bool) -> JResult<i64> {
    let handles = &State::of(env).handles;
    let made = Handle::pipe().and_then(|(reader, writer)| {
        if !blocking {
            reader.set_blocking(false)?;
            writer.set_blocking(false)?;
        }
        let reader = handles.insert(reader)?;
        match handles.insert(writer) {
            Ok(writer) => Ok((reader, writer)),
            Err(errno) => {
                handles.close(reader)?;
                Err(errno)
            }
        }
    });
    let (reader, writer) = made.map_err(|e| errors::io_errno(env, e))?;
    Ok(i64::from(reader) << 32 | i64::from(writer))
}

fn handle_number(env: &mut Env<'_>, number: i32) -> JResult<Arc<Handle>> {
    State::of(env).handles.get(number).map_err(|e| errors::io_errno(env, e))
}

fn write1(env: &mut Env<'_>, number: i32, byte: i8) -> JResult<i32> {
    let handle = handle_number(env, number)?;
    let written = env.blocking(|| handle.write(&[byte as u8]));
    outcome(env, written).map(|n| n as i32)
}

/// Reads everything there is; whether there was something.
fn drain(env: &mut Env<'_>, number: i32) -> JResult<bool> {
    let handle = handle_number(env, number)?;
    let drained = env.blocking(|| {
        let mut any = false;
        loop {
            match handle.read_some(128) {
                Ok(got) => {
                    any |= !got.is_empty();
                    if got.len() < 128 {
                        return Ok(any);
                    }
                }
                Err(Errno::AGAIN) => return Ok(any),
                Err(errno) => return Err(errno),
            }
        }
    });
    drained.map_err(|e| errors::io_errno(env, e))
}

/// Reads one byte at most: how many came.
fn drain1(env: &mut Env<'_>, number: i32) -> JResult<i32> {
    let handle = handle_number(env, number)?;
    match env.blocking(|| handle.read_some(1)) {
        Ok(got) => Ok(got.len() as i32),
        Err(Errno::AGAIN) => Ok(0),
        Err(Errno::INTR) => Ok(status::INTERRUPTED as i32),
        Err(errno) => Err(errors::io_errno(env, errno)),
    }
}

fn fd_limit(_: &mut Env<'_>) -> JResult<i32> {
    Ok(OPEN_FILES_MAX as i32)
}

/// Buffers in one gathering write; the system's own limit.
fn iov_max(_: &mut Env<'_>) -> JResult<i32> {
    Ok(1024)
}

/// Bytes in one gathering write: no limit.
fn writev_max(_: &mut Env<'_>) -> JResult<i64> {
    Ok(i64::MAX)
}

/// Exists for another operating system.
fn random_bytes(env: &mut Env<'_>, _: Local<'_>) -> JResult<bool> {
    Err(env.throw_no_message("java/lang/UnsupportedOperationException"))
}

/// Device and inode: what makes two descriptors the same file.
fn file_key(env: &mut Env<'_>, descriptor: Local<'_>, out: Local<'_>) -> JResult<()> {
    let handle = handle_of(env, descriptor)?;
    let attributes = handle.attributes().map_err(|e| errors::io_errno(env, e))?;
    if env.is_null(out) {
        return Err(env.throw_npe());
    }
    if env.write_array(out, 0, &[attributes.device as i64, attributes.inode as i64]) {
        Ok(())
    } else {
        Err(env.throw_no_message("java/lang/ArrayIndexOutOfBoundsException"))
    }
}
