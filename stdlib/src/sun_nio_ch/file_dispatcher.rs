//! sun.nio.ch.UnixFileDispatcherImpl: reading, writing and asking files through channels.
//!
//! The guest's memory is copied through buffers of at most a piece. A transfer larger than that is several calls of the
//! system as long as the file is one that does not wait (so that it looks like the single call it would be), and one
//! call, which may be short, for pipes and the like.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::event::PollFlags;
use rustix::fs::{FileType, OFlags, SeekFrom};
use rustix::io::Errno;

use super::interrupts::Woken;
use super::native_thread::token;
use super::{handle_of, on_handle, outcome, status};
use crate::errors;
use crate::gate::handles::Handle;
use crate::memory::{PIECE_BYTES, Region};
use crate::state::State;

natives! { pub(super) static UNIX_FILE_DISPATCHER for "sun/nio/ch/UnixFileDispatcherImpl" {
    "read0" "(Ljava/io/FileDescriptor;JI)I" = read0(obj, long, int): opened, random;
    "pread0" "(Ljava/io/FileDescriptor;JIJ)I" = pread0(obj, long, int, long): opened, random;
    "readv0" "(Ljava/io/FileDescriptor;JI)J" = readv0(obj, long, int): opened, random;
    "write0" "(Ljava/io/FileDescriptor;JI)I" = write0(obj, long, int): opened;
    "pwrite0" "(Ljava/io/FileDescriptor;JIJ)I" = pwrite0(obj, long, int, long): opened;
    "writev0" "(Ljava/io/FileDescriptor;JI)J" = writev0(obj, long, int): opened;
    "force0" "(Ljava/io/FileDescriptor;Z)I" = force0(obj, bool): opened;
    "seek0" "(Ljava/io/FileDescriptor;J)J" = seek0(obj, long): opened;
    "truncate0" "(Ljava/io/FileDescriptor;J)I" = truncate0(obj, long): opened;
    "size0" "(Ljava/io/FileDescriptor;)J" = size0(obj): opened;
    "available0" "(Ljava/io/FileDescriptor;)I" = available0(obj): opened;
    "isOther0" "(Ljava/io/FileDescriptor;)Z" = is_other0(obj): opened;
    "closeIntFD" "(I)V" = close_int_fd(int): opened;
    "setDirect0" "(Ljava/io/FileDescriptor;)I" = set_direct0(obj): opened;
} }

// ---- transfers -------------------------------------------------------------------------------------------------------

fn read0(env: &mut Env<'_>, descriptor: Local<'_>, address: i64, length: i32) -> JResult<i32> {
    let region = Region::raw(env, address, i64::from(length))?;
    read_into(env, descriptor, &[region], None).map(|n| n as i32)
}

fn pread0(
    env: &mut Env<'_>,
    descriptor: Local<'_>,
    address: i64,
    length: i32,
    position: i64,
) -> JResult<i32> {
    let region = Region::raw(env, address, i64::from(length))?;
    let position = position_of(env, position)?;
    read_into(env, descriptor, &[region], Some(position)).map(|n| n as i32)
}

fn readv0(env: &mut Env<'_>, descriptor: Local<'_>, vector: i64, count: i32) -> JResult<i64> {
    let regions = regions(env, vector, count)?;
    read_into(env, descriptor, &regions, None)
}

fn write0(env: &mut Env<'_>, descriptor: Local<'_>, address: i64, length: i32) -> JResult<i32> {
    let region = Region::raw(env, address, i64::from(length))?;
    write_from(env, descriptor, &[region], None).map(|n| n as i32)
}

fn pwrite0(
    env: &mut Env<'_>,
    descriptor: Local<'_>,
    address: i64,
    length: i32,
    position: i64,
) -> JResult<i32> {
    let region = Region::raw(env, address, i64::from(length))?;
    let position = position_of(env, position)?;
    write_from(env, descriptor, &[region], Some(position)).map(|n| n as i32)
}

fn writev0(env: &mut Env<'_>, descriptor: Local<'_>, vector: i64, count: i32) -> JResult<i64> {
    let regions = regions(env, vector, count)?;
    write_from(env, descriptor, &regions, None)
}

fn position_of(env: &mut Env<'_>, position: i64) -> JResult<u64> {
    u64::try_from(position).map_err(|_| errors::io_errno(env, Errno::INVAL))
}

/// The parts that an array of (address, length) pairs in raw memory names.
pub(super) fn regions<'s>(env: &mut Env<'s>, vector: i64, count: i32) -> JResult<Vec<Region<'s>>> {
    const PAIR_BYTES: usize = 16;
    let pairs = Region::raw(env, vector, i64::from(count) * PAIR_BYTES as i64)?;
    let mut regions = Vec::new();
    for at in (0..pairs.len().min(PIECE_BYTES)).step_by(PAIR_BYTES) {
        let mut words = [[0; 8]; 2];
        pairs.read(env, at, words.as_flattened_mut());
        let [address, length] = words.map(i64::from_ne_bytes);
        regions.push(Region::raw(env, address, length)?);
    }
    Ok(regions)
}

/// Reads into the regions in turn: how many bytes, or a status.
fn read_into(
    env: &mut Env<'_>,
    descriptor: Local<'_>,
    regions: &[Region<'_>],
    position: Option<u64>,
) -> JResult<i64> {
    let handle = handle_of(env, descriptor)?;
    let total: usize = regions.iter().map(Region::len).sum();
    let gate = &State::of(env).gate;
    if handle.asks() {
        let got = env.blocking(|| gate.read_random(total.min(PIECE_BYTES)));
        let got = got.map_err(|failure| errors::io(env, &failure))?;
        scatter(env, regions, 0, &got);
        return Ok(got.len() as i64);
    }
    let mut done = 0;
    loop {
        let wanted = (total - done).min(PIECE_BYTES);
        let interrupts = &State::of(env).interrupts;
        let thread = token(env);
        let got = env.blocking(|| {
            loop {
                if interrupts.wait(thread, Some((&handle, PollFlags::IN)), None)? == Woken::Interrupted {
                    return Err(Errno::INTR);
                }
                let got = match position {
                    Some(at) => handle.read_some_at(wanted, at + done as u64),
                    None => handle.read_now(wanted),
                };
                if got != Err(Errno::AGAIN) || !handle.is_blocking()? {
                    return got;
                }
            }
        });
        let got = match got {
            Ok(got) => got,
            Err(_) if done > 0 => return Ok(done as i64),
            Err(errno) => return outcome(env, Err(errno)),
        };
        scatter(env, regions, done, &got);
        done += got.len();
        if got.is_empty() || got.len() < wanted || done == total || handle.can_block() {
            // Nothing at the first try is the end, unless nothing was asked for.
            return Ok(if done == 0 && total > 0 { status::EOF } else { done as i64 });
        }
        env.poll()?;
    }
}

/// Writes the regions in turn: how many bytes, or a status.
fn write_from(
    env: &mut Env<'_>,
    descriptor: Local<'_>,
    regions: &[Region<'_>],
    position: Option<u64>,
) -> JResult<i64> {
    let handle = handle_of(env, descriptor)?;
    let total: usize = regions.iter().map(Region::len).sum();
    let mut done = 0;
    loop {
        let piece = gather(env, regions, done, (total - done).min(PIECE_BYTES));
        let interrupts = &State::of(env).interrupts;
        let thread = token(env);
        let written = env.blocking(|| {
            loop {
                if interrupts.wait(thread, Some((&handle, PollFlags::OUT)), None)? == Woken::Interrupted {
                    return Err(Errno::INTR);
                }
                let written = match position {
                    Some(at) => handle.write_at(&piece, at + done as u64),
                    None => handle.write_now(&piece),
                };
                // Another thread was faster.
                if written != Err(Errno::AGAIN) || !handle.is_blocking()? {
                    return written;
                }
            }
        });
        let count = match written {
            Ok(count) => count,
            Err(_) if done > 0 => return Ok(done as i64),
            Err(errno) => return outcome(env, Err(errno)),
        };
        done += count;
        if count < piece.len() || done == total || handle.can_block() {
            return Ok(done as i64);
        }
        env.poll()?;
    }
}

/// Copies `bytes` to the regions, taken as one row, from `at` on.
pub(super) fn scatter(env: &Env<'_>, regions: &[Region<'_>], at: usize, bytes: &[u8]) {
    let (mut skip, mut rest) = (at, bytes);
    for region in regions {
        let here = region.len().saturating_sub(skip).min(rest.len());
        let (now, later) = rest.split_at(here);
        region.write(env, skip.min(region.len()), now);
        skip = skip.saturating_sub(region.len());
        rest = later;
    }
}

/// Copies `count` bytes out of the regions, taken as one row, from `at` on.
pub(super) fn gather(env: &Env<'_>, regions: &[Region<'_>], at: usize, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    let (mut skip, mut rest) = (at, &mut bytes[..]);
    for region in regions {
        let here = region.len().saturating_sub(skip).min(rest.len());
        let (now, later) = rest.split_at_mut(here);
        region.read(env, skip.min(region.len()), now);
        skip = skip.saturating_sub(region.len());
        rest = later;
    }
    bytes
}

// ---- the rest --------------------------------------------------------------------------------------------------------

fn force0(env: &mut Env<'_>, descriptor: Local<'_>, metadata: bool) -> JResult<i32> {
    on_handle(env, descriptor, |h| h.sync(metadata))?;
    Ok(0)
}

/// Moves to an offset, or tells the position if it is negative.
fn seek0(env: &mut Env<'_>, descriptor: Local<'_>, offset: i64) -> JResult<i64> {
    let position = on_handle(env, descriptor, |h| match u64::try_from(offset) {
        Ok(offset) => h.seek(SeekFrom::Start(offset)),
        Err(_) => h.position(),
    })?;
    Ok(position as i64)
}

fn truncate0(env: &mut Env<'_>, descriptor: Local<'_>, size: i64) -> JResult<i32> {
    let size = position_of(env, size)?;
    on_handle(env, descriptor, |h| h.set_size(size))?;
    Ok(0)
}

fn size0(env: &mut Env<'_>, descriptor: Local<'_>) -> JResult<i64> {
    Ok(on_handle(env, descriptor, Handle::size)? as i64)
}

fn available0(env: &mut Env<'_>, descriptor: Local<'_>) -> JResult<i32> {
    let count = on_handle(env, descriptor, Handle::available)?;
    Ok(i32::try_from(count).unwrap_or(i32::MAX))
}

/// Whether it is neither file, directory nor link.
fn is_other0(env: &mut Env<'_>, descriptor: Local<'_>) -> JResult<bool> {
    let kind = handle_of(env, descriptor)?.kind();
    Ok(!matches!(kind, FileType::RegularFile | FileType::Directory | FileType::Symlink))
}

fn close_int_fd(env: &mut Env<'_>, number: i32) -> JResult<()> {
    let state = State::of(env);
    env.blocking(|| state.handles.close(number)).map_err(|e| errors::io_errno(env, e))
}

/// Goes around the kernel's cache from now on: the alignment that this asks for.
fn set_direct0(env: &mut Env<'_>, descriptor: Local<'_>) -> JResult<i32> {
    let block = on_handle(env, descriptor, |h| {
        h.set_flags(h.flags()? | OFlags::DIRECT)?;
        Ok(h.volume()?.f_frsize)
    })?;
    Ok(i32::try_from(block).unwrap_or(4096))
}
