//! UnixNativeDispatcher: making, moving, linking and removing names.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::fs::{AtFlags, Mode};

use super::{AT_FDCWD, handle, on_path, on_path_at, path};
use crate::errors;
use crate::gate::fs::At;
use crate::gate::strerror;
use crate::state::State;

natives! { pub(super) static NAMES for "sun/nio/fs/UnixNativeDispatcher" {
    "getcwd" "()[B" = getcwd(): sys "directory";
    "link0" "(JJ)V" = link0(long, long): read, write;
    "symlink0" "(JJ)V" = symlink0(long, long): write;
    "readlink0" "(J)[B" = readlink0(long): read;
    "realpath0" "(J)[B" = realpath0(long): read;
    "unlink0" "(J)V" = unlink0(long): write;
    "unlinkat0" "(IJI)V" = unlinkat0(int, long, int): opened, write;
    "rename0" "(JJ)V" = rename0(long, long): write;
    "renameat0" "(IJIJ)V" = renameat0(int, long, int, long): opened, write;
    "mkdir0" "(JI)V" = mkdir0(long, int): write;
    "rmdir0" "(J)V" = rmdir0(long): write;
    "mknod0" "(JIJ)V" = mknod0(long, int, long): write;
    "strerror" "(I)[B" = strerror0(int): isolate;
} }

fn getcwd<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let directory = State::of(env).gate.working_directory();
    env.new_byte_array(directory.as_os_str().as_encoded_bytes())
}

fn link0(env: &mut Env<'_>, existing: i64, new: i64) -> JResult<()> {
    let existing = path(env, existing)?;
    on_path(env, new, |gate, at| gate.hard_link(At::new(&existing), at))
}

fn symlink0(env: &mut Env<'_>, target: i64, new: i64) -> JResult<()> {
    let target = path(env, target)?;
    on_path(env, new, |gate, at| gate.symbolic_link(&target, at))
}

fn readlink0<'s>(env: &mut Env<'s>, address: i64) -> JResult<Local<'s>> {
    let target = on_path(env, address, |gate, at| gate.link_target(at))?;
    env.new_byte_array(&target)
}

fn realpath0<'s>(env: &mut Env<'s>, address: i64) -> JResult<Local<'s>> {
    let real = on_path(env, address, |gate, at| gate.real_path(at))?;
    env.new_byte_array(&real)
}

fn unlink0(env: &mut Env<'_>, address: i64) -> JResult<()> {
    on_path(env, address, |gate, at| gate.unlink(at, AtFlags::empty()))
}

fn unlinkat0(env: &mut Env<'_>, directory: i32, address: i64, flags: i32) -> JResult<()> {
    let flags = AtFlags::from_bits_retain(flags as u32);
    on_path_at(env, directory, address, |gate, at| gate.unlink(at, flags))
}

fn rename0(env: &mut Env<'_>, from: i64, to: i64) -> JResult<()> {
    let from = path(env, from)?;
    on_path(env, to, |gate, to| gate.rename(At::new(&from), to))
}

fn renameat0(env: &mut Env<'_>, from_directory: i32, from: i64, to_directory: i32, to: i64) -> JResult<()> {
    let from = path(env, from)?;
    if from_directory == AT_FDCWD {
        return on_path_at(env, to_directory, to, |gate, to| gate.rename(At::new(&from), to));
    }
    let directory = handle(env, from_directory)?;
    on_path_at(env, to_directory, to, |gate, to| gate.rename(At::within(&directory, &from), to))
}

fn mkdir0(env: &mut Env<'_>, address: i64, mode: i32) -> JResult<()> {
    on_path(env, address, |gate, at| gate.make_directory(at, Mode::from_raw_mode(mode as u32)))
}

fn rmdir0(env: &mut Env<'_>, address: i64) -> JResult<()> {
    on_path(env, address, |gate, at| gate.unlink(at, AtFlags::REMOVEDIR))
}

fn mknod0(env: &mut Env<'_>, address: i64, mode: i32, device: i64) -> JResult<()> {
    on_path(env, address, |gate, at| gate.make_node(at, mode as u32, device as u64))
}

fn strerror0<'s>(env: &mut Env<'s>, errno: i32) -> JResult<Local<'s>> {
    let text = errors::errno_of(errno).map(|e| strerror(e).to_string());
    env.new_byte_array(text.unwrap_or_else(|| format!("Unknown error {errno}")).as_bytes())
}
