//! Natives of java.io: streams on descriptors, and the file system as `java.io.File` sees it.
//!
//! Paths cross as UTF-8 in both directions, whatever the locale says: a name that is not UTF-8 is shown with
//! replacement characters and cannot be opened by that spelling.

mod canonical;
mod console;
mod file_descriptor;
mod input;
mod object_stream;
mod output;
mod random_access;
mod unix_file_system;

use std::sync::Arc;

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives::NativeRow;
use rustix::event::PollFlags;
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use crate::fields::Fields;
use crate::gate::fs::At;
use crate::gate::handles::Handle;
use crate::memory::{PIECE_BYTES, Region};
use crate::state::State;
use crate::sun_nio_ch::{Woken, token};
use crate::{errors, opening};

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![
        console::CONSOLE,
        file_descriptor::FILE_DESCRIPTOR,
        file_descriptor::FILE_CLEANABLE,
        input::FILE_INPUT_STREAM,
        object_stream::OBJECT_STREAM_CLASS,
        output::FILE_OUTPUT_STREAM,
        random_access::RANDOM_ACCESS_FILE,
        unix_file_system::UNIX_FILE_SYSTEM,
    ]
}

/// A native that has nothing to do here (see the crate's notes on `initIDs`).
fn nothing(_: &mut Env<'_>) -> JResult<()> {
    Ok(())
}

/// The descriptor number in a stream object; -1 if it is closed.
fn number_of(env: &mut Env<'_>, stream: Local<'_>, fields: &Fields<1>) -> JResult<i32> {
    let [fd] = fields.get(env)?;
    let descriptor = env.get_ref(stream, fd);
    if env.is_null(descriptor) {
        return Ok(-1);
    }
    Ok(env.get(descriptor, env.wk().file_descriptor.fd))
}

/// The open file of a stream object: IOException if it is closed.
fn handle_of(env: &mut Env<'_>, stream: Local<'_>, fields: &Fields<1>) -> JResult<Arc<Handle>> {
    let number = number_of(env, stream, fields)?;
    if number == -1 {
        return Err(env.throw("java/io/IOException", "Stream Closed"));
    }
    State::of(env).handles.get(number).map_err(|e| errors::io_errno(env, e))
}

/// Opens `path` for a stream object and stores the number in its descriptor.
fn open(
    env: &mut Env<'_>,
    stream: Local<'_>,
    fields: &Fields<1>,
    path: Local<'_>,
    flags: OFlags,
) -> JResult<()> {
    if env.is_null(path) {
        return Err(env.throw_npe());
    }
    let name = path_bytes(&env.string(path));
    let state = State::of(env);
    let opened = opening::patiently(env, |gate| {
        let handle = gate.open_stream(At::new(&name), flags, Mode::from_raw_mode(0o666))?;
        Ok(state.handles.insert(handle)?)
    })?;
    let number = opened.map_err(|e| errors::file_not_found(env, path, &e))?;
    let [fd] = fields.get(env)?;
    let descriptor = env.get_ref(stream, fd);
    if !env.is_null(descriptor) {
        let wk = env.wk().file_descriptor;
        env.set(descriptor, wk.fd, number);
        env.set(descriptor, wk.append, flags.contains(OFlags::APPEND));
    }
    Ok(())
}

/// The kernel refuses to open a file under a name with slashes behind it, which Java allows.
fn path_bytes(path: &str) -> Vec<u8> {
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() && !path.is_empty() { b"/".to_vec() } else { trimmed.as_bytes().to_vec() }
}

/// One read of at most `limit` bytes. What may have to wait does so where the end of the isolate wakes it.
fn read_ready(env: &mut Env<'_>, handle: &Handle, limit: usize) -> JResult<Vec<u8>> {
    let gate = &State::of(env).gate;
    if handle.asks() {
        let got = env.blocking(|| gate.read_random(limit));
        return got.map_err(|failure| errors::io(env, &failure));
    }
    let (interrupts, thread) = (&State::of(env).interrupts, token(env));
    loop {
        let got = env.blocking(|| match interrupts.wait(thread, Some((handle, PollFlags::IN)), None)? {
            Woken::Ready | Woken::TimedOut => handle.read_now(limit),
            Woken::Interrupted => Err(Errno::INTR),
        });
        match got {
            Ok(got) => return Ok(got),
            // Another thread was faster, if it is AGAIN; a file that never waits is Java's to ask again.
            Err(Errno::INTR) => env.poll()?,
            Err(Errno::AGAIN) if handle.is_blocking().unwrap_or(false) => env.poll()?,
            Err(errno) => return Err(errors::io_errno(env, errno)),
        }
    }
}

/// One byte, or -1 at the end.
fn read_one(env: &mut Env<'_>, handle: &Handle) -> JResult<i32> {
    let got = read_ready(env, handle, 1)?;
    Ok(got.first().map_or(-1, |b| i32::from(*b)))
}

/// One read into part of a byte array: how many bytes came, or -1 at the end.
fn read_into(env: &mut Env<'_>, handle: &Handle, region: Region<'_>) -> JResult<i32> {
    let limit = region.len().min(PIECE_BYTES);
    let got = read_ready(env, handle, limit)?;
    region.write(env, 0, &got);
    Ok(if got.is_empty() { -1 } else { got.len() as i32 })
}

/// Writes all of a region, a piece at a time.
fn write_from(env: &mut Env<'_>, handle: &Handle, region: Region<'_>) -> JResult<()> {
    let mut done = 0;
    while done < region.len() {
        let piece = region.piece(env, done);
        write_all(env, handle, &piece)?;
        done += piece.len();
    }
    Ok(())
}

/// Writes everything. What has to wait does so where the end of the isolate wakes it.
fn write_all(env: &mut Env<'_>, handle: &Handle, mut bytes: &[u8]) -> JResult<()> {
    let (interrupts, thread) = (&State::of(env).interrupts, token(env));
    while !bytes.is_empty() {
        let written = env.blocking(|| match handle.write_now(bytes) {
            // Also if somebody else set the stream to non-blocking: Java's streams wait.
            Err(Errno::AGAIN) => {
                interrupts.wait_while(thread, Some((handle, PollFlags::OUT)), None, || true).map(|_| 0)
            }
            written => written,
        });
        match written {
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            Err(errno) => {
                // If the isolate ends because of this very write, no handler is to see an exception.
                env.poll()?;
                return Err(errors::io_errno(env, errno));
            }
        }
        env.poll()?;
    }
    Ok(())
}
