//! java.io.FileDescriptor and its cleaner.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::fs::OFlags;
use rustix::io::Errno;

use super::nothing;
use crate::errors;
use crate::state::State;

natives! { pub(super) static FILE_DESCRIPTOR for "java/io/FileDescriptor" {
    "initIDs" "()V" = nothing(): isolate;
    "getHandle" "(I)J" = get_handle(int): isolate;
    "getAppend" "(I)Z" = get_append(int): opened;
    "close0" "()V" = close0(obj): opened;
    "sync0" "()V" = sync0(obj): opened;
} }

natives! { pub(super) static FILE_CLEANABLE for "java/io/FileCleanable" {
    "cleanupClose0" "(IJ)V" = cleanup_close0(int, long): opened;
} }

/// The handle of another operating system's kind, which here there is none of.
fn get_handle(_: &mut Env<'_>, _number: i32) -> JResult<i64> {
    Ok(-1)
}

fn get_append(env: &mut Env<'_>, number: i32) -> JResult<bool> {
    let handle = State::of(env).handles.get(number);
    Ok(handle.and_then(|h| h.flags()).is_ok_and(|flags| flags.contains(OFlags::APPEND)))
}

/// Marks the descriptor closed before it closes the file, so that nobody closes a number twice.
fn close0(env: &mut Env<'_>, this: Local<'_>) -> JResult<()> {
    let field = env.wk().file_descriptor.fd;
    let number: i32 = env.get(this, field);
    if number == -1 {
        return Ok(());
    }
    env.set(this, field, -1_i32);
    close(env, number)
}

fn cleanup_close0(env: &mut Env<'_>, number: i32, _handle: i64) -> JResult<()> {
    if number == -1 { Ok(()) } else { close(env, number) }
}

fn close(env: &mut Env<'_>, number: i32) -> JResult<()> {
    let state = State::of(env);
    env.blocking(|| state.handles.close(number)).map_err(|e| errors::io_errno(env, e))
}

fn sync0(env: &mut Env<'_>, this: Local<'_>) -> JResult<()> {
    let number: i32 = env.get(this, env.wk().file_descriptor.fd);
    let state = State::of(env);
    let synced: Result<(), Errno> = env.blocking(|| state.handles.get(number)?.sync(true));
    synced.map_err(|_| env.throw("java/io/SyncFailedException", "sync failed"))
}
