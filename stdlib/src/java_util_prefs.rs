//! Natives of java.util.prefs: the lock file beside the files that preferences are kept in, and their permissions.
//!
//! A lock is an open file of the isolate's table: who closes the number gives the lock up. It never waits: the library asks
//! again. Deliberately not here: where preferences lie, which is the library's choice and takes a grant like all files.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use carafe_vm::natives::NativeRow;
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use crate::errors;
use crate::gate::file::{LockKind, LockRange};
use crate::gate::fs::{At, Links};
use crate::gate::{Failure, Outcome};
use crate::state::State;

natives! { static FILE_SYSTEM_PREFERENCES for "java/util/prefs/FileSystemPreferences" {
    "lockFile0" "(Ljava/lang/String;IZ)[I" = lock_file0(obj, int, bool): read, write;
    "unlockFile0" "(I)I" = unlock_file0(int): opened;
    "chmod" "(Ljava/lang/String;I)I" = chmod(obj, int): write;
} }

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![FILE_SYSTEM_PREFERENCES]
}

/// All of the file, however long it gets.
const WHOLE: LockRange = LockRange { start: 0, length: 0 };

fn path_of(env: &mut Env<'_>, path: Local<'_>) -> JResult<Vec<u8>> {
    if env.is_null(path) {
        return Err(env.throw_npe());
    }
    Ok(env.string(path).into_bytes())
}

/// What the system said of an attempt, as an error number; a refusal is an exception.
fn errno(env: &mut Env<'_>, failure: Failure) -> JResult<i32> {
    match failure {
        Failure::Os(errno) => Ok(errno.raw_os_error()),
        Failure::Denied(denied) => Err(errors::denied(env, &denied)),
    }
}

/// The number of the locked file, 0 if there is none, and the error number.
fn lock_file0<'s>(env: &mut Env<'s>, path: Local<'_>, permission: i32, shared: bool) -> JResult<Local<'s>> {
    let path = path_of(env, path)?;
    let (flags, kind) = match shared {
        true => (OFlags::RDONLY, LockKind::Shared),
        false => (OFlags::WRONLY | OFlags::CREATE, LockKind::Exclusive),
    };
    let state = State::of(env);
    let locked = env.blocking(|| -> Outcome<i32> {
        let file = state.gate.open_stream(At::new(&path), flags, Mode::from_raw_mode(permission as u32))?;
        file.lock(WHOLE, kind)?;
        Ok(state.handles.insert(file)?)
    });
    let answer = match locked {
        Ok(number) => [number, 0],
        Err(failure) => [0, errno(env, failure)?],
    };
    env.new_int_array(&answer)
}

/// 0, or the error number.
fn unlock_file0(env: &mut Env<'_>, number: i32) -> JResult<i32> {
    let state = State::of(env);
    let done = env.blocking(|| -> Result<(), Errno> {
        state.handles.get(number)?.lock(WHOLE, LockKind::Release)?;
        state.handles.close(number)
    });
    Ok(done.map_or_else(Errno::raw_os_error, |()| 0))
}

fn chmod(env: &mut Env<'_>, path: Local<'_>, permission: i32) -> JResult<i32> {
    let path = path_of(env, path)?;
    let gate = &State::of(env).gate;
    let mode = Mode::from_raw_mode(permission as u32);
    match env.blocking(|| gate.set_permissions(At::new(&path), mode, Links::Follow)) {
        Ok(()) => Ok(0),
        Err(failure) => errno(env, failure),
    }
}
