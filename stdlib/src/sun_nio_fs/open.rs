//! UnixNativeDispatcher: opening, descriptors and what is done with them.

use carafe_vm::env::{Env, JResult};
use carafe_vm::natives;
use rustix::fs::{Mode, OFlags};

use super::{AT_FDCWD, handle, on_changed, on_handle, path};
use crate::gate::fs::At;
use crate::gate::handles::Handle;
use crate::memory::{PIECE_BYTES, Region};
use crate::state::State;
use crate::{errors, opening};

natives! { pub(super) static DESCRIPTORS for "sun/nio/fs/UnixNativeDispatcher" {
    "init" "()I" = init(): isolate;
    "fchmodatNoFollowSupported0" "()Z" = fchmodat_no_follow_supported0(): isolate;
    "open0" "(JII)I" = open0(long, int, int): read, write;
    "openat0" "(IJII)I" = openat0(int, long, int, int): opened, read, write;
    "dup" "(I)I" = dup(int): opened;
    "close0" "(I)V" = close0(int): opened;
    "read0" "(IJI)I" = read0(int, long, int): opened;
    "write0" "(IJI)I" = write0(int, long, int): opened;
    "fgetxattr0" "(IJJI)I" = fgetxattr0(int, long, long, int): opened;
    "fsetxattr0" "(IJJI)V" = fsetxattr0(int, long, long, int): opened, write;
    "fremovexattr0" "(IJ)V" = fremovexattr0(int, long): opened, write;
    "flistxattr" "(IJI)I" = flistxattr(int, long, int): opened;
} }

/// What `init` says this system can do, as the Java class numbers it.
mod capability {
    pub(super) const OPENAT: i32 = 1 << 1;
    pub(super) const XATTR: i32 = 1 << 3;
    pub(super) const BIRTH_TIME: i32 = 1 << 16;
}

fn init(_: &mut Env<'_>) -> JResult<i32> {
    Ok(capability::OPENAT | capability::XATTR | capability::BIRTH_TIME)
}

/// The kernel's fchmodat takes no flags (fchmodat2 is newer than what we require).
fn fchmodat_no_follow_supported0(_: &mut Env<'_>) -> JResult<bool> {
    Ok(false)
}

fn open0(env: &mut Env<'_>, address: i64, flags: i32, mode: i32) -> JResult<i32> {
    let (flags, mode) = (OFlags::from_bits_retain(flags as u32), Mode::from_raw_mode(mode as u32));
    let path = path(env, address)?;
    let opened = opening::patiently(env, |gate| gate.open(At::new(&path), flags, mode))?;
    let handle = opened.map_err(|e| errors::unix(env, &e))?;
    insert(env, handle)
}

fn openat0(env: &mut Env<'_>, directory: i32, address: i64, flags: i32, mode: i32) -> JResult<i32> {
    if directory == AT_FDCWD {
        return open0(env, address, flags, mode);
    }
    let (flags, mode) = (OFlags::from_bits_retain(flags as u32), Mode::from_raw_mode(mode as u32));
    let (path, directory) = (path(env, address)?, handle(env, directory)?);
    let opened = opening::patiently(env, |gate| gate.open(At::within(&directory, &path), flags, mode))?;
    let handle = opened.map_err(|e| errors::unix(env, &e))?;
    insert(env, handle)
}

pub(super) fn insert(env: &mut Env<'_>, handle: Handle) -> JResult<i32> {
    State::of(env).handles.insert(handle).map_err(|e| errors::unix_errno(env, e))
}

fn dup(env: &mut Env<'_>, number: i32) -> JResult<i32> {
    let copy = on_handle(env, number, Handle::duplicate)?;
    insert(env, copy)
}

fn close0(env: &mut Env<'_>, number: i32) -> JResult<()> {
    let state = State::of(env);
    env.blocking(|| state.handles.close(number)).map_err(|e| errors::unix_errno(env, e))
}

fn read0(env: &mut Env<'_>, number: i32, address: i64, length: i32) -> JResult<i32> {
    let region = Region::raw(env, address, i64::from(length))?;
    let got = on_handle(env, number, |h| h.read_some(region.len().min(PIECE_BYTES)))?;
    region.write(env, 0, &got);
    Ok(got.len() as i32)
}

fn write0(env: &mut Env<'_>, number: i32, address: i64, length: i32) -> JResult<i32> {
    let region = Region::raw(env, address, i64::from(length))?;
    let piece = region.piece(env, 0);
    let written = on_handle(env, number, |h| h.write(&piece))?;
    Ok(written as i32)
}

// ---- extended attributes ---------------------------------------------------------------------------------------------

/// The kernel's limit for one attribute and for a list of names.
const XATTR_MAX: usize = 64 << 10;

/// A length of 0 asks for the size only.
fn fgetxattr0(env: &mut Env<'_>, number: i32, name: i64, value: i64, length: i32) -> JResult<i32> {
    let name = path(env, name)?;
    let region = Region::raw(env, value, i64::from(length))?;
    let mut bytes = vec![0; region.len().min(XATTR_MAX)];
    let size = on_handle(env, number, |h| h.get_xattr(&name, &mut bytes))?;
    if let Some(got) = bytes.get(..size) {
        region.write(env, 0, got);
    }
    Ok(size as i32)
}

fn fsetxattr0(env: &mut Env<'_>, number: i32, name: i64, value: i64, length: i32) -> JResult<()> {
    let name = path(env, name)?;
    // One piece is more than the kernel takes, so that what is too long stays too long.
    let bytes = Region::raw(env, value, i64::from(length))?.piece(env, 0);
    on_changed(env, number, |h| h.set_xattr(&name, &bytes))
}

fn fremovexattr0(env: &mut Env<'_>, number: i32, name: i64) -> JResult<()> {
    let name = path(env, name)?;
    on_changed(env, number, |h| h.remove_xattr(&name))
}

fn flistxattr(env: &mut Env<'_>, number: i32, list: i64, length: i32) -> JResult<i32> {
    let file = handle(env, number)?;
    let region = Region::raw(env, list, i64::from(length))?;
    let mut bytes = vec![0; region.len().min(XATTR_MAX)];
    let size = env.blocking(|| file.list_xattrs(&mut bytes)).map_err(|e| errors::unix_errno(env, e))?;
    if let Some(got) = bytes.get(..size) {
        region.write(env, 0, got);
    }
    Ok(size as i32)
}
