//! UnixNativeDispatcher: reading directories.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use parking_lot::Mutex;
use rustix::io::Errno;

use super::{handle, on_path};
use crate::errors;
use crate::gate::fs::Listing;
use crate::state::State;

natives! { pub(super) static DIRECTORIES for "sun/nio/fs/UnixNativeDispatcher" {
    "opendir0" "(J)J" = opendir0(long): read;
    "fdopendir" "(I)J" = fdopendir(int): opened;
    "readdir0" "(J)[B" = readdir0(long): opened;
    "closedir" "(J)V" = closedir(long): opened;
} }

fn opendir0(env: &mut Env<'_>, address: i64) -> JResult<i64> {
    let listing = on_path(env, address, |gate, at| gate.list(at))?;
    insert(env, listing)
}

/// Takes the descriptor over: its number is free afterwards. If it is no directory, it stays as it is.
fn fdopendir(env: &mut Env<'_>, number: i32) -> JResult<i64> {
    let state = State::of(env);
    let directory = handle(env, number)?;
    let opened = env.blocking(|| {
        let listing = Listing::of_handle(directory.duplicate()?)?;
        state.handles.close(number)?;
        Ok(listing)
    });
    let listing = opened.map_err(|e: Errno| errors::unix_errno(env, e))?;
    insert(env, listing)
}

fn insert(env: &mut Env<'_>, listing: Listing) -> JResult<i64> {
    let inserted = State::of(env).lists.directories.insert(Mutex::new(listing));
    inserted.map_err(|_| errors::unix_errno(env, Errno::MFILE))
}

/// The next name; null at the end.
fn readdir0<'s>(env: &mut Env<'s>, stream: i64) -> JResult<Local<'s>> {
    let Some(listing) = State::of(env).lists.directories.get(stream) else {
        return Err(errors::unix_errno(env, Errno::BADF));
    };
    match env.blocking(|| listing.lock().next_name()) {
        Ok(Some(name)) => env.new_byte_array(&name),
        Ok(None) => Ok(Local::NULL),
        Err(errno) => Err(errors::unix_errno(env, errno)),
    }
}

fn closedir(env: &mut Env<'_>, stream: i64) -> JResult<()> {
    match State::of(env).lists.directories.remove(stream) {
        Some(_) => Ok(()),
        None => Err(errors::unix_errno(env, Errno::BADF)),
    }
}
