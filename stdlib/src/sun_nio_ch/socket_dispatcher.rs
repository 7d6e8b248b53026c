//! sun.nio.ch.SocketDispatcher and DatagramDispatcher: reading and writing what is connected.
//!
//! In blocking mode a stream's write is done when all is written, as the kernel would do it. The guest's memory is copied
//! through buffers of at most a piece.

use std::sync::Arc;

use carafe_vm::env::{Env, JResult, Local, Throw};
use carafe_vm::natives;
use rustix::event::PollFlags;
use rustix::io::Errno;

use super::file_dispatcher::{gather, regions, scatter};
use super::{handle_of, number_of, outcome, patiently, status};
use crate::errors;
use crate::gate::net::socket::DATAGRAM_MAX;
use crate::memory::{PIECE_BYTES, Region};
use crate::state::State;

natives! { pub(super) static SOCKET_DISPATCHER for "sun/nio/ch/SocketDispatcher" {
    "read0" "(Ljava/io/FileDescriptor;JI)I" = read0(obj, long, int): opened;
    "readv0" "(Ljava/io/FileDescriptor;JI)J" = readv0(obj, long, int): opened;
    "write0" "(Ljava/io/FileDescriptor;JI)I" = write0(obj, long, int): opened;
    "writev0" "(Ljava/io/FileDescriptor;JI)J" = writev0(obj, long, int): opened;
} }

natives! { pub(super) static DATAGRAM_DISPATCHER for "sun/nio/ch/DatagramDispatcher" {
    "read0" "(Ljava/io/FileDescriptor;JI)I" = read_datagram0(obj, long, int): opened;
    "readv0" "(Ljava/io/FileDescriptor;JI)J" = readv_datagram0(obj, long, int): opened;
    "write0" "(Ljava/io/FileDescriptor;JI)I" = write_datagram0(obj, long, int): opened;
    "writev0" "(Ljava/io/FileDescriptor;JI)J" = writev_datagram0(obj, long, int): opened;
    "dup0" "(Ljava/io/FileDescriptor;Ljava/io/FileDescriptor;)V" = dup0(obj, obj): opened;
} }

fn total(regions: &[Region<'_>]) -> usize {
    regions.iter().map(Region::len).sum()
}

// ---- streams ---------------------------------------------------------------------------------------------------------

fn read0(env: &mut Env<'_>, descriptor: Local<'_>, address: i64, length: i32) -> JResult<i32> {
    let region = Region::raw(env, address, i64::from(length))?;
    read_into(env, descriptor, &[region]).map(|n| n as i32)
}

fn readv0(env: &mut Env<'_>, descriptor: Local<'_>, vector: i64, count: i32) -> JResult<i64> {
    let regions = regions(env, vector, count)?;
    read_into(env, descriptor, &regions)
}

fn write0(env: &mut Env<'_>, descriptor: Local<'_>, address: i64, length: i32) -> JResult<i32> {
    let region = Region::raw(env, address, i64::from(length))?;
    write_from(env, descriptor, &[region]).map(|n| n as i32)
}

fn writev0(env: &mut Env<'_>, descriptor: Local<'_>, vector: i64, count: i32) -> JResult<i64> {
    let regions = regions(env, vector, count)?;
    write_from(env, descriptor, &regions)
}

fn read_into(env: &mut Env<'_>, descriptor: Local<'_>, regions: &[Region<'_>]) -> JResult<i64> {
    let limit = total(regions).min(PIECE_BYTES);
    match patiently(env, descriptor, PollFlags::IN, |h| h.receive(limit))? {
        Ok(bytes) if bytes.is_empty() && limit > 0 => Ok(status::EOF),
        Ok(bytes) => {
            scatter(env, regions, 0, &bytes);
            Ok(bytes.len() as i64)
        }
        Err(Errno::CONNRESET | Errno::PIPE) => {
            Err(env.throw("sun/net/ConnectionResetException", "Connection reset"))
        }
        Err(errno) => outcome(env, Err(errno)),
    }
}

fn write_from(env: &mut Env<'_>, descriptor: Local<'_>, regions: &[Region<'_>]) -> JResult<i64> {
    let total = total(regions);
    let mut done = 0;
    loop {
        let piece = gather(env, regions, done, (total - done).min(PIECE_BYTES));
        match patiently(env, descriptor, PollFlags::OUT, |h| h.send(&piece))? {
            Ok(count) => {
                done += count;
                let waits = handle_of(env, descriptor)?.is_blocking().unwrap_or(false);
                if done == total || (count < piece.len() && !waits) {
                    return Ok(done as i64);
                }
            }
            Err(_) if done > 0 => return Ok(done as i64),
            Err(errno) => return outcome(env, Err(errno)),
        }
        env.poll()?;
    }
}

// ---- datagrams -------------------------------------------------------------------------------------------------------

fn read_datagram0(env: &mut Env<'_>, descriptor: Local<'_>, address: i64, length: i32) -> JResult<i32> {
    let region = Region::raw(env, address, i64::from(length))?;
    receive(env, descriptor, &[region]).map(|n| n as i32)
}

fn readv_datagram0(env: &mut Env<'_>, descriptor: Local<'_>, vector: i64, count: i32) -> JResult<i64> {
    let regions = regions(env, vector, count)?;
    receive(env, descriptor, &regions)
}

fn write_datagram0(env: &mut Env<'_>, descriptor: Local<'_>, address: i64, length: i32) -> JResult<i32> {
    let region = Region::raw(env, address, i64::from(length.min(DATAGRAM_MAX as i32)))?;
    send(env, descriptor, &[region]).map(|n| n as i32)
}

fn writev_datagram0(env: &mut Env<'_>, descriptor: Local<'_>, vector: i64, count: i32) -> JResult<i64> {
    let regions = regions(env, vector, count)?;
    send(env, descriptor, &regions)
}

/// The kernel has heard that nobody is there.
pub(super) fn unreachable(env: &mut Env<'_>) -> Throw {
    env.throw_no_message("java/net/PortUnreachableException")
}

fn receive(env: &mut Env<'_>, descriptor: Local<'_>, regions: &[Region<'_>]) -> JResult<i64> {
    let limit = total(regions).min(DATAGRAM_MAX);
    match patiently(env, descriptor, PollFlags::IN, |h| h.receive(limit))? {
        Ok(bytes) if bytes.is_empty() => Ok(status::EOF),
        Ok(bytes) => {
            scatter(env, regions, 0, &bytes);
            Ok(bytes.len() as i64)
        }
        Err(Errno::CONNREFUSED) => Err(unreachable(env)),
        Err(errno) => outcome(env, Err(errno)),
    }
}

fn send(env: &mut Env<'_>, descriptor: Local<'_>, regions: &[Region<'_>]) -> JResult<i64> {
    // One too many for a datagram is enough for the kernel to say so.
    let bytes = gather(env, regions, 0, total(regions).min(DATAGRAM_MAX));
    match patiently(env, descriptor, PollFlags::OUT, |h| h.send(&bytes))? {
        Ok(count) => Ok(count as i64),
        Err(Errno::CONNREFUSED) => Err(unreachable(env)),
        Err(errno) => outcome(env, Err(errno)),
    }
}

/// The second descriptor's number names the first one's file from now on.
fn dup0(env: &mut Env<'_>, from: Local<'_>, to: Local<'_>) -> JResult<()> {
    let (handle, number) = (handle_of(env, from)?, number_of(env, to)?);
    let handles = &State::of(env).handles;
    let replaced = env.blocking(|| handles.replace_shared(number, Arc::clone(&handle)).map(drop));
    replaced.map_err(|e| errors::io_errno(env, e))
}
