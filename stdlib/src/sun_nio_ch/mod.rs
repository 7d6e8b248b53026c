//! Natives of sun.nio.ch that channels on files need, and the pieces of IOUtil that all channels share.
//!
//! Deliberately not here yet: sockets, selectors (Net, EPoll, SocketDispatcher, UnixDomainSockets).

mod file_dispatcher;
mod interrupts;
mod io_util;
mod lock;
mod map;
mod native_thread;
mod transfer;

use std::sync::Arc;

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives::NativeRow;
use rustix::io::Errno;

use crate::errors;
use crate::gate::handles::Handle;
use crate::state::State;

pub(crate) use interrupts::Interrupts;

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![
        file_dispatcher::UNIX_FILE_DISPATCHER,
        io_util::FILE_KEY,
        io_util::IO_UTIL,
        lock::LOCKS,
        map::MAPPINGS,
        native_thread::NATIVE_THREAD,
        transfer::FILE_DISPATCHER,
    ]
}

/// Results below zero, as sun.nio.ch.IOStatus numbers them.
pub(crate) mod status {
    pub(crate) const EOF: i64 = -1;
    pub(crate) const UNAVAILABLE: i64 = -2;
    pub(crate) const INTERRUPTED: i64 = -3;
    pub(crate) const UNSUPPORTED_CASE: i64 = -6;
}

fn nothing(_: &mut Env<'_>) -> JResult<()> {
    Ok(())
}

/// The number in a java.io.FileDescriptor.
fn number_of(env: &mut Env<'_>, descriptor: Local<'_>) -> JResult<i32> {
    if env.is_null(descriptor) {
        return Err(env.throw_npe());
    }
    Ok(env.get(descriptor, env.wk().file_descriptor.fd))
}

fn handle_of(env: &mut Env<'_>, descriptor: Local<'_>) -> JResult<Arc<Handle>> {
    let number = number_of(env, descriptor)?;
    State::of(env).handles.get(number).map_err(|e| errors::io_errno(env, e))
}

/// Runs an operation on an open file, outside the heap; a failure is an IOException.
fn on_handle<T>(
    env: &mut Env<'_>,
    descriptor: Local<'_>,
    work: impl FnOnce(&Handle) -> Result<T, Errno>,
) -> JResult<T> {
    let handle = handle_of(env, descriptor)?;
    env.blocking(|| work(&handle)).map_err(|e| errors::io_errno(env, e))
}

/// What a transfer's outcome is for Java: a count, a status, or an IOException.
fn outcome(env: &mut Env<'_>, result: Result<usize, Errno>) -> JResult<i64> {
    match result {
        Ok(count) => Ok(count as i64),
        Err(Errno::AGAIN) => Ok(status::UNAVAILABLE),
        Err(Errno::INTR) => Ok(status::INTERRUPTED),
        Err(errno) => Err(errors::io_errno(env, errno)),
    }
}
