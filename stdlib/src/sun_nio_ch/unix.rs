//! sun.nio.ch.UnixDomainSockets, UnixDispatcher and UnixAsynchronousSocketChannelImpl: sockets in the file system, and
//! closing what other threads may still use.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::event::PollFlags;
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketType};

use super::interrupts::Woken;
use super::native_thread::token;
use super::net::{accept_next, connected, insert};
use super::{handle_of, number_of, status};
use crate::errors;
use crate::gate::Failure;
use crate::gate::handles::Handle;
use crate::gate::net::socket::Address;
use crate::noop::nothing;
use crate::state::State;

natives! { pub(super) static UNIX_DOMAIN_SOCKETS for "sun/nio/ch/UnixDomainSockets" {
    "init" "()Z" = init(): isolate;
    "socket0" "()I" = socket0(): isolate;
    "bind0" "(Ljava/io/FileDescriptor;[B)V" = bind0(obj, obj): opened, write;
    "connect0" "(Ljava/io/FileDescriptor;[B)I" = connect0(obj, obj): opened, read, write;
    "accept0" "(Ljava/io/FileDescriptor;Ljava/io/FileDescriptor;[Ljava/lang/Object;)I" =
        accept0(obj, obj, obj): opened;
    "localAddress0" "(Ljava/io/FileDescriptor;)[B" = local_address0(obj): opened;
} }

natives! { pub(super) static UNIX_DISPATCHER for "sun/nio/ch/UnixDispatcher" {
    "init" "()V" = nothing(): isolate;
    "preClose0" "(Ljava/io/FileDescriptor;)V" = pre_close0(obj): opened;
    "close0" "(Ljava/io/FileDescriptor;)V" = close0(obj): opened;
} }

natives! { pub(super) static ASYNCHRONOUS_SOCKET for "sun/nio/ch/UnixAsynchronousSocketChannelImpl" {
    "checkConnect" "(I)V" = check_connect(int): opened;
} }

fn init(env: &mut Env<'_>) -> JResult<bool> {
    Ok(State::of(env).gate.has_family(AddressFamily::UNIX))
}

fn socket0(env: &mut Env<'_>) -> JResult<i32> {
    let made = State::of(env).gate.socket(AddressFamily::UNIX, SocketType::STREAM);
    let socket = made.map_err(|e| errors::socket(env, &e))?;
    insert(env, socket)
}

/// The path in a byte array, if a socket can have it.
fn path_of(env: &mut Env<'_>, path: Local<'_>) -> JResult<Vec<u8>> {
    /// Room in the kernel's struct, with a final zero.
    const PATH_MAX: usize = 107;
    if env.is_null(path) {
        return Err(env.throw_npe());
    }
    if env.array_len(path) > PATH_MAX {
        return Err(env.throw("java/net/SocketException", "Unix domain path too long"));
    }
    Ok(env.bytes(path))
}

fn bind0(env: &mut Env<'_>, descriptor: Local<'_>, path: Local<'_>) -> JResult<()> {
    let path = path_of(env, path)?;
    let handle = handle_of(env, descriptor)?;
    let gate = &State::of(env).gate;
    let bound = env.blocking(|| gate.bind_unix(&handle, Path::new(OsStr::from_bytes(&path))));
    bound.map_err(|e| errors::socket(env, &e))
}

/// A server with as many connections waiting as it wants does not get ready in any way that could be waited for, so in
/// blocking mode it is tried again and again.
fn connect0(env: &mut Env<'_>, descriptor: Local<'_>, path: Local<'_>) -> JResult<i32> {
    const PAUSE: Duration = Duration::from_millis(5);
    let path = path_of(env, path)?;
    let handle = handle_of(env, descriptor)?;
    let (gate, thread) = (&State::of(env).gate, token(env));
    let interrupts = &State::of(env).interrupts;
    loop {
        let begun = env.blocking(|| gate.connect_unix(&handle, Path::new(OsStr::from_bytes(&path))));
        match begun {
            Err(Failure::Os(Errno::AGAIN)) if handle.is_blocking().unwrap_or(false) => {
                match env.blocking(|| interrupts.wait_while(thread, None, Some(PAUSE), || true)) {
                    Ok(Woken::Interrupted) => return Ok(status::INTERRUPTED as i32),
                    Ok(Woken::Ready | Woken::TimedOut) => env.poll()?,
                    Err(errno) => return Err(errors::io_errno(env, errno)),
                }
            }
            Err(Failure::Os(Errno::AGAIN)) => return Ok(status::UNAVAILABLE as i32),
            begun => return connected(env, begun),
        }
    }
}

fn accept0<'s>(
    env: &mut Env<'s>,
    descriptor: Local<'s>,
    new_descriptor: Local<'s>,
    paths: Local<'s>,
) -> JResult<i32> {
    let from = match accept_next(env, descriptor, new_descriptor, paths)? {
        Ok(from) => from,
        Err(status) => return Ok(status),
    };
    let path = new_path(env, from)?;
    env.set_elem(paths, 0, path);
    Ok(1)
}

fn new_path<'s>(env: &mut Env<'s>, address: Address) -> JResult<Local<'s>> {
    match address {
        Address::Unix(path) => env.new_byte_array(&path),
        Address::Ip(_) | Address::Unknown => env.new_byte_array(&[]),
    }
}

fn local_address0<'s>(env: &mut Env<'s>, descriptor: Local<'s>) -> JResult<Local<'s>> {
    let handle = handle_of(env, descriptor)?;
    match handle.name() {
        Ok(address) => new_path(env, address),
        Err(errno) => Err(errors::socket_errno(env, errno)),
    }
}

// ---- closing ---------------------------------------------------------------------------------------------------------

/// Puts a socket at its end in the place of an open one, which closes when nobody is inside an operation on it. The
/// number stays taken until `close0`, so nobody who still has it meets another file.
fn pre_close0(env: &mut Env<'_>, descriptor: Local<'_>) -> JResult<()> {
    let number = number_of(env, descriptor)?;
    if number < 0 {
        return Ok(());
    }
    let state = State::of(env);
    let replaced = env.blocking(|| {
        let end = match state.closed_socket.get() {
            Some(end) => Arc::clone(end),
            None => {
                let (end, _) = Handle::connected_pair()?;
                Arc::clone(state.closed_socket.get_or_init(|| Arc::new(end)))
            }
        };
        state.handles.replace_shared(number, end).map(drop)
    });
    replaced.map_err(|e| errors::io_errno(env, e))
}

fn close0(env: &mut Env<'_>, descriptor: Local<'_>) -> JResult<()> {
    let number = number_of(env, descriptor)?;
    if number < 0 {
        return Ok(());
    }
    let handles = &State::of(env).handles;
    env.blocking(|| handles.close(number)).map_err(|e| errors::io_errno(env, e))
}

/// Throws what a connection has failed of.
fn check_connect(env: &mut Env<'_>, number: i32) -> JResult<()> {
    let handles = &State::of(env).handles;
    let result = env.blocking(|| {
        let handle = handles.get(number)?;
        handle.poll_events(PollFlags::OUT, Some(Duration::ZERO))?;
        handle.connection_result()
    });
    result.map_err(|e| errors::socket_errno(env, e))
}
