//! Natives of sun.nio.fs: the file system as `java.nio.file` sees it.
//!
//! The Java classes call the system's functions nearly one to one, with paths as C strings in raw memory and errors as
//! `UnixException(errno)`. Descriptors are numbers of the isolate's handle table; directory and text streams are numbers
//! of the tables in [`OpenLists`].

mod copy;
mod entries;
mod links;
mod linux;
mod open;
mod stat;
mod users;
mod watch;

pub(crate) use copy::cannot as cannot_copy;

use std::sync::Arc;

use carafe_vm::env::{Env, JResult};
use carafe_vm::natives::NativeRow;
use parking_lot::Mutex;
use rustix::io::Errno;

use crate::errors;
use crate::gate::fs::{At, Listing};
use crate::gate::handles::Handle;
use crate::gate::{Gate, Outcome};
use crate::memory::c_string;
use crate::slab::Slab;
use crate::state::State;

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![
        copy::UNIX_FILE_SYSTEM,
        entries::DIRECTORIES,
        linux::LINUX_NATIVE_DISPATCHER,
        linux::TEXT_STREAMS,
        links::NAMES,
        open::DESCRIPTORS,
        stat::ATTRIBUTES,
        users::USERS,
        watch::LINUX_WATCH_SERVICE,
    ]
}

/// Directory and text streams that Java code holds by number.
pub(crate) struct OpenLists {
    directories: Slab<Mutex<Listing>>,
    texts: Slab<Mutex<linux::Text>>,
}

const OPEN_LISTS_MAX: usize = 1 << 14;

impl OpenLists {
    pub(crate) fn new() -> OpenLists {
        OpenLists { directories: Slab::new(OPEN_LISTS_MAX), texts: Slab::new(64) }
    }
}

/// A C string longer than this is no path; the kernel refuses much shorter ones.
const PATH_LIMIT: usize = 1 << 16;
/// "The current directory" where a directory's descriptor is asked for.
const AT_FDCWD: i32 = -100;

fn path(env: &mut Env<'_>, address: i64) -> JResult<Vec<u8>> {
    c_string(env, address, PATH_LIMIT)
}

/// Runs an operation on the path at an address, outside the heap; a failure is a UnixException.
fn on_path<T>(env: &mut Env<'_>, address: i64, work: impl FnOnce(&Gate, At<'_>) -> Outcome<T>) -> JResult<T> {
    let path = path(env, address)?;
    let gate = &State::of(env).gate;
    env.blocking(|| work(gate, At::new(&path))).map_err(|e| errors::unix(env, &e))
}

/// As `on_path`, relative to an open directory.
fn on_path_at<T>(
    env: &mut Env<'_>,
    directory: i32,
    address: i64,
    work: impl FnOnce(&Gate, At<'_>) -> Outcome<T>,
) -> JResult<T> {
    if directory == AT_FDCWD {
        return on_path(env, address, work);
    }
    let path = path(env, address)?;
    let directory = handle(env, directory)?;
    let gate = &State::of(env).gate;
    env.blocking(|| work(gate, At::within(&directory, &path))).map_err(|e| errors::unix(env, &e))
}

fn handle(env: &mut Env<'_>, number: i32) -> JResult<Arc<Handle>> {
    State::of(env).handles.get(number).map_err(|e| errors::unix_errno(env, e))
}

/// Runs an operation on an open file, outside the heap; a failure is a UnixException.
fn on_handle<T>(
    env: &mut Env<'_>,
    number: i32,
    work: impl FnOnce(&Handle) -> Result<T, Errno>,
) -> JResult<T> {
    let handle = handle(env, number)?;
    env.blocking(|| work(&handle)).map_err(|e| errors::unix_errno(env, e))
}

/// As `on_handle`, for what changes the file beside its contents.
fn on_changed(
    env: &mut Env<'_>,
    number: i32,
    work: impl FnOnce(&Handle) -> Result<(), Errno>,
) -> JResult<()> {
    let handle = handle(env, number)?;
    let gate = &State::of(env).gate;
    let changed = env.blocking(|| {
        gate.may_change(&handle)?;
        Ok(work(&handle)?)
    });
    changed.map_err(|e| errors::unix(env, &e))
}
