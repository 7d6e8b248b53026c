//! UnixNativeDispatcher: attributes, permissions, owners and times.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::fs::{Access, Gid, Mode, Uid};
use rustix::io::Errno;

use super::{on_changed, on_handle, on_path, on_path_at, path};
use crate::errors;
use crate::gate::Failure;
use crate::gate::fs::{At, Attributes, Links, Time};
use crate::state::State;

natives! { pub(super) static ATTRIBUTES for "sun/nio/fs/UnixNativeDispatcher" {
    "stat0" "(JLsun/nio/fs/UnixFileAttributes;)I" = stat0(long, obj): read;
    "lstat0" "(JLsun/nio/fs/UnixFileAttributes;)V" = lstat0(long, obj): read;
    "fstat0" "(ILsun/nio/fs/UnixFileAttributes;)V" = fstat0(int, obj): opened;
    "fstatat0" "(IJILsun/nio/fs/UnixFileAttributes;)V" = fstatat0(int, long, int, obj): opened, read;
    "statvfs0" "(JLsun/nio/fs/UnixFileStoreAttributes;)V" = statvfs0(long, obj): read;
    "access0" "(JI)I" = access0(long, int): read;
    "chmod0" "(JI)V" = chmod0(long, int): write;
    "fchmod0" "(II)V" = fchmod0(int, int): opened, write;
    "fchmodat0" "(IJII)V" = fchmodat0(int, long, int, int): opened, write;
    "chown0" "(JII)V" = chown0(long, int, int): write;
    "lchown0" "(JII)V" = lchown0(long, int, int): write;
    "fchown0" "(III)V" = fchown0(int, int, int): opened, write;
    "futimens0" "(IJJ)V" = futimens0(int, long, long): opened, write;
    "utimensat0" "(IJJJI)V" = utimensat0(int, long, long, long, int): opened, write;
} }

const AT_SYMLINK_NOFOLLOW: i32 = 0x100;

fn links(flags: i32) -> Links {
    if flags & AT_SYMLINK_NOFOLLOW != 0 { Links::Keep } else { Links::Follow }
}

/// Answers with the error number, 0 for success: files that are not there are no exception.
fn stat0(env: &mut Env<'_>, address: i64, out: Local<'_>) -> JResult<i32> {
    let path = path(env, address)?;
    let gate = &State::of(env).gate;
    match env.blocking(|| gate.attributes(At::new(&path), Links::Follow)) {
        Ok(attributes) => fill(env, out, &attributes).map(|()| 0),
        Err(Failure::Os(errno)) => Ok(errno.raw_os_error()),
        Err(denied @ Failure::Denied(_)) => Err(errors::unix(env, &denied)),
    }
}

fn lstat0(env: &mut Env<'_>, address: i64, out: Local<'_>) -> JResult<()> {
    let attributes = on_path(env, address, |gate, at| gate.attributes(at, Links::Keep))?;
    fill(env, out, &attributes)
}

fn fstat0(env: &mut Env<'_>, number: i32, out: Local<'_>) -> JResult<()> {
    let attributes = on_handle(env, number, |h| h.attributes())?;
    fill(env, out, &attributes)
}

fn fstatat0(env: &mut Env<'_>, directory: i32, address: i64, flags: i32, out: Local<'_>) -> JResult<()> {
    let attributes = on_path_at(env, directory, address, |gate, at| gate.attributes(at, links(flags)))?;
    fill(env, out, &attributes)
}

/// Stores attributes into a UnixFileAttributes, in the order of the field cache.
fn fill(env: &mut Env<'_>, out: Local<'_>, a: &Attributes) -> JResult<()> {
    if env.is_null(out) {
        return Err(env.throw_npe());
    }
    let [
        mode,
        inode,
        device,
        special,
        count,
        user,
        group,
        size,
        accessed,
        accessed_nanos,
        modified,
        modified_nanos,
        changed,
        changed_nanos,
        born,
        born_nanos,
        born_known,
    ] = State::of(env).fields.unix_file_attributes.get(env)?;
    env.set(out, mode, a.mode as i32);
    env.set(out, inode, a.inode as i64);
    env.set(out, device, a.device as i64);
    env.set(out, special, a.special_device as i64);
    env.set(out, count, a.links as i32);
    env.set(out, user, a.user as i32);
    env.set(out, group, a.group as i32);
    env.set(out, size, a.size as i64);
    let times = [
        (accessed, accessed_nanos, Some(a.accessed)),
        (modified, modified_nanos, Some(a.modified)),
        (changed, changed_nanos, Some(a.changed)),
        (born, born_nanos, a.born),
    ];
    for (seconds, nanos, time) in times {
        if let Some(time) = time {
            env.set(out, seconds, time.seconds);
            env.set(out, nanos, i64::from(time.nanos));
        }
    }
    env.set(out, born_known, a.born.is_some());
    Ok(())
}

fn statvfs0(env: &mut Env<'_>, address: i64, out: Local<'_>) -> JResult<()> {
    let volume = on_path(env, address, |gate, at| gate.volume(at))?;
    if env.is_null(out) {
        return Err(env.throw_npe());
    }
    let [block, total, free, usable] = State::of(env).fields.unix_file_store_attributes.get(env)?;
    env.set(out, block, volume.f_frsize as i64);
    env.set(out, total, volume.f_blocks as i64);
    env.set(out, free, volume.f_bfree as i64);
    env.set(out, usable, volume.f_bavail as i64);
    Ok(())
}

/// Answers with the error number, as `stat0`.
fn access0(env: &mut Env<'_>, address: i64, wanted: i32) -> JResult<i32> {
    let path = path(env, address)?;
    let gate = &State::of(env).gate;
    let access = Access::from_bits_retain(wanted as u32);
    match env.blocking(|| gate.may_access(At::new(&path), access)) {
        Ok(()) => Ok(0),
        Err(Failure::Os(errno)) => Ok(errno.raw_os_error()),
        Err(Failure::Denied(d)) => Err(errors::denied(env, &d)),
    }
}

fn chmod0(env: &mut Env<'_>, address: i64, mode: i32) -> JResult<()> {
    let mode = Mode::from_raw_mode(mode as u32);
    on_path(env, address, |gate, at| gate.set_permissions(at, mode, Links::Follow))
}

fn fchmod0(env: &mut Env<'_>, number: i32, mode: i32) -> JResult<()> {
    let (mode, gate) = (Mode::from_raw_mode(mode as u32), &State::of(env).gate);
    on_changed(env, number, |h| {
        gate.may_give(mode)?;
        h.set_permissions(mode)
    })
}

fn fchmodat0(env: &mut Env<'_>, directory: i32, address: i64, mode: i32, flags: i32) -> JResult<()> {
    let mode = Mode::from_raw_mode(mode as u32);
    on_path_at(env, directory, address, |gate, at| gate.set_permissions(at, mode, links(flags)))
}

/// -1 leaves the owner or group as it is.
fn owner(user: i32, group: i32) -> (Option<Uid>, Option<Gid>) {
    ((user != -1).then(|| Uid::from_raw(user as u32)), (group != -1).then(|| Gid::from_raw(group as u32)))
}

fn chown0(env: &mut Env<'_>, address: i64, user: i32, group: i32) -> JResult<()> {
    let (user, group) = owner(user, group);
    on_path(env, address, |gate, at| gate.set_owner(at, user, group, Links::Follow))
}

fn lchown0(env: &mut Env<'_>, address: i64, user: i32, group: i32) -> JResult<()> {
    let (user, group) = owner(user, group);
    on_path(env, address, |gate, at| gate.set_owner(at, user, group, Links::Keep))
}

fn fchown0(env: &mut Env<'_>, number: i32, user: i32, group: i32) -> JResult<()> {
    let (user, group) = owner(user, group);
    on_changed(env, number, |h| h.set_owner(user, group))
}

/// Times come as nanoseconds since the epoch. One before it with a part of a second is refused, as the C library's own
/// arithmetic has it; the Java side knows that and sets the epoch instead.
fn times(env: &mut Env<'_>, accessed: i64, modified: i64) -> JResult<[Time; 2]> {
    const SECOND: i64 = 1_000_000_000;
    let mut times = [Time { seconds: 0, nanos: 0 }; 2];
    for (time, given) in times.iter_mut().zip([accessed, modified]) {
        match u32::try_from(given % SECOND) {
            Ok(nanos) => *time = Time { seconds: given / SECOND, nanos },
            Err(_) => return Err(errors::unix_errno(env, Errno::INVAL)),
        }
    }
    Ok(times)
}

fn futimens0(env: &mut Env<'_>, number: i32, accessed: i64, modified: i64) -> JResult<()> {
    let [accessed, modified] = times(env, accessed, modified)?;
    on_changed(env, number, |h| h.set_times(accessed, modified))
}

fn utimensat0(
    env: &mut Env<'_>,
    directory: i32,
    address: i64,
    accessed: i64,
    modified: i64,
    flags: i32,
) -> JResult<()> {
    let [accessed, modified] = times(env, accessed, modified)?;
    on_path_at(env, directory, address, |gate, at| gate.set_times(at, accessed, modified, links(flags)))
}
