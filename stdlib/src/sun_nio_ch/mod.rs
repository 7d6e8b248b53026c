//! Natives of sun.nio.ch: channels on files, sockets and pipes, selectors, and how threads that wait in them are woken.

mod datagram;
mod epoll;
mod file_dispatcher;
mod inherited;
mod interrupts;
mod io_util;
mod lock;
mod map;
mod native_address;
mod native_thread;
mod net;
mod options;
mod socket_dispatcher;
mod transfer;
mod unix;

use std::sync::Arc;

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives::NativeRow;
use rustix::event::PollFlags;
use rustix::io::Errno;

use crate::errors;
use crate::gate::handles::Handle;
use crate::state::State;

pub(crate) use interrupts::{Interrupts, Woken};
pub(crate) use native_thread::token;

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![
        datagram::DATAGRAM_CHANNEL,
        epoll::EPOLL,
        epoll::EVENT_FD,
        epoll::POLL_SELECTOR,
        file_dispatcher::UNIX_FILE_DISPATCHER,
        inherited::INHERITED_CHANNEL,
        io_util::FILE_KEY,
        io_util::IO_UTIL,
        lock::LOCKS,
        map::MAPPINGS,
        native_address::NATIVE_SOCKET_ADDRESS,
        native_thread::NATIVE_THREAD,
        net::NET,
        options::OPTIONS,
        socket_dispatcher::DATAGRAM_DISPATCHER,
        socket_dispatcher::SOCKET_DISPATCHER,
        transfer::FILE_DISPATCHER,
        unix::ASYNCHRONOUS_SOCKET,
        unix::UNIX_DISPATCHER,
        unix::UNIX_DOMAIN_SOCKETS,
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

/// The number in a java.io.FileDescriptor, and the handle behind it.
fn descriptor_of(env: &mut Env<'_>, descriptor: Local<'_>) -> JResult<(i32, Arc<Handle>)> {
    let number = number_of(env, descriptor)?;
    match State::of(env).handles.get(number) {
        Ok(handle) => Ok((number, handle)),
        Err(errno) => Err(errors::io_errno(env, errno)),
    }
}

/// Runs an operation on an open file, outside the heap; in blocking mode it waits until the operation can be done, or
/// until the wait is ended (EINTR).
fn patiently<T>(
    env: &mut Env<'_>,
    descriptor: Local<'_>,
    events: PollFlags,
    work: impl FnMut(&Handle) -> Result<T, Errno>,
) -> JResult<Result<T, Errno>> {
    let (number, handle) = descriptor_of(env, descriptor)?;
    let (state, thread) = (State::of(env), token(env));
    let named = (&state.handles, number);
    Ok(env.blocking(|| state.interrupts.patiently(thread, named, &handle, events, work)))
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
