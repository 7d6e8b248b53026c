//! sun.nio.ch.Net: making, binding, connecting and polling sockets of the internet.
//!
//! Java code asks again whatever could not be done at once, so nothing here waits but `accept` of a socket in blocking
//! mode and the polls, and those where they can be woken.

use std::time::Duration;

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::event::PollFlags;
use rustix::io::Errno;
use rustix::net::{AddressFamily, Shutdown, SocketType};

use super::interrupts::Woken;
use super::native_thread::token;
use super::{descriptor_of, handle_of, outcome, patiently, status};
use crate::errors;
use crate::gate::Failure;
use crate::gate::handles::Handle;
use crate::gate::net::Connected;
use crate::gate::net::socket::{Address, IPV6_MULTICAST_ALL};
use crate::java_net::{address, is_ipv6_supported};
use crate::noop::nothing;
use crate::state::State;

natives! { pub(super) static NET for "sun/nio/ch/Net" {
    "initIDs" "()V" = nothing(): isolate;
    "isIPv6Available0" "()Z" = is_ipv6_supported(): net, listen, dns, sys "interfaces";
    "isReusePortAvailable0" "()Z" = yes(): isolate;
    "isExclusiveBindAvailable" "()I" = no_exclusive_bind(): isolate;
    "shouldShutdownWriteBeforeClose0" "()Z" = no(): isolate;
    "shouldSetBothIPv4AndIPv6Options0" "()Z" = yes(): isolate;
    "canIPv6SocketJoinIPv4Group0" "()Z" = yes(): isolate;
    "canJoin6WithIPv4Group0" "()Z" = no(): isolate;
    "canUseIPv6OptionsWithIPv4LocalAddress0" "()Z" = yes(): isolate;
    "socket0" "(ZZZZ)I" = socket0(bool, bool, bool, bool): net, listen, dns, sys "interfaces";
    "bind0" "(Ljava/io/FileDescriptor;ZZLjava/net/InetAddress;I)V" = bind0(obj, bool, bool, obj, int): opened, listen;
    "listen" "(Ljava/io/FileDescriptor;I)V" = listen(obj, int): opened, listen;
    "connect0" "(ZLjava/io/FileDescriptor;Ljava/net/InetAddress;I)I" = connect0(bool, obj, obj, int): opened, net;
    "accept" "(Ljava/io/FileDescriptor;Ljava/io/FileDescriptor;[Ljava/net/InetSocketAddress;)I" =
        accept(obj, obj, obj): opened;
    "shutdown" "(Ljava/io/FileDescriptor;I)V" = shutdown(obj, int): opened;
    "localPort" "(Ljava/io/FileDescriptor;)I" = local_port(obj): opened;
    "localInetAddress" "(Ljava/io/FileDescriptor;)Ljava/net/InetAddress;" = local_inet_address(obj): opened;
    "remotePort" "(Ljava/io/FileDescriptor;)I" = remote_port(obj): opened;
    "remoteInetAddress" "(Ljava/io/FileDescriptor;)Ljava/net/InetAddress;" = remote_inet_address(obj): opened;
    "poll" "(Ljava/io/FileDescriptor;IJ)I" = poll(obj, int, long): opened;
    "pollConnect" "(Ljava/io/FileDescriptor;J)Z" = poll_connect(obj, long): opened;
    "available" "(Ljava/io/FileDescriptor;)I" = available(obj): opened;
    "sendOOB" "(Ljava/io/FileDescriptor;B)I" = send_oob(obj, byte): opened;
    "discardOOB" "(Ljava/io/FileDescriptor;)Z" = discard_oob(obj): isolate;
    "pollinValue" "()S" = pollin_value(): isolate;
    "polloutValue" "()S" = pollout_value(): isolate;
    "pollerrValue" "()S" = pollerr_value(): isolate;
    "pollhupValue" "()S" = pollhup_value(): isolate;
    "pollnvalValue" "()S" = pollnval_value(): isolate;
    "pollconnValue" "()S" = pollout_value(): isolate;
} }

// ---- facts -----------------------------------------------------------------------------------------------------------

fn yes(_: &mut Env<'_>) -> JResult<bool> {
    Ok(true)
}

fn no(_: &mut Env<'_>) -> JResult<bool> {
    Ok(false)
}

/// -1: there is no such thing here.
fn no_exclusive_bind(_: &mut Env<'_>) -> JResult<i32> {
    Ok(-1)
}

fn pollin_value(_: &mut Env<'_>) -> JResult<i16> {
    Ok(PollFlags::IN.bits() as i16)
}

/// A socket that connects gets writable.
fn pollout_value(_: &mut Env<'_>) -> JResult<i16> {
    Ok(PollFlags::OUT.bits() as i16)
}

fn pollerr_value(_: &mut Env<'_>) -> JResult<i16> {
    Ok(PollFlags::ERR.bits() as i16)
}

fn pollhup_value(_: &mut Env<'_>) -> JResult<i16> {
    Ok(PollFlags::HUP.bits() as i16)
}

fn pollnval_value(_: &mut Env<'_>) -> JResult<i16> {
    Ok(PollFlags::NVAL.bits() as i16)
}

// ---- making and naming -----------------------------------------------------------------------------------------------

/// Gives a new handle its number.
pub(super) fn insert(env: &mut Env<'_>, handle: Handle) -> JResult<i32> {
    State::of(env).handles.insert(handle).map_err(|e| errors::socket_errno(env, e))
}

/// The library asks for IPv6 only after `isIPv6Available0` has said that there is such a thing.
fn socket0(env: &mut Env<'_>, ipv6: bool, stream: bool, reuse: bool, _fast: bool) -> JResult<i32> {
    let gate = &State::of(env).gate;
    let made = env.blocking(|| -> Result<Handle, Failure> {
        let family = if ipv6 { AddressFamily::INET6 } else { AddressFamily::INET };
        let socket = gate.socket(family, if stream { SocketType::STREAM } else { SocketType::DGRAM })?;
        if ipv6 {
            socket.take_ipv4_too()?;
        }
        if reuse {
            socket.reuse_address()?;
        }
        if !stream {
            // Only what the socket itself has joined, and one hop far: what Java promises.
            let options = if ipv6 {
                [
                    (libc::IPPROTO_IP, libc::IP_MULTICAST_ALL, 0),
                    (libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_HOPS, 1),
                    (libc::IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0),
                ]
            } else {
                let all = (libc::IPPROTO_IP, libc::IP_MULTICAST_ALL, 0);
                [all; 3]
            };
            for (level, name, value) in options {
                match socket.set_option(level, name, &[value]) {
                    Ok(()) | Err(Errno::NOPROTOOPT) => {}
                    Err(errno) => return Err(errno.into()),
                }
            }
        }
        Ok(socket)
    });
    let socket = made.map_err(|e| errors::socket(env, &e))?;
    insert(env, socket)
}

/// An address object and a port as the socket's family has them.
fn socket_address(
    env: &mut Env<'_>,
    address: Local<'_>,
    port: i32,
    ipv6: bool,
) -> JResult<core::net::SocketAddr> {
    let inet = address::read(env, address)?;
    match inet.with_port(port as u16, ipv6) {
        Some(address) => Ok(address),
        None => Err(env.throw("java/net/SocketException", "Protocol family unavailable")),
    }
}

fn bind0(
    env: &mut Env<'_>,
    descriptor: Local<'_>,
    prefer_ipv6: bool,
    _exclusive: bool,
    address: Local<'_>,
    port: i32,
) -> JResult<()> {
    let at = socket_address(env, address, port, prefer_ipv6)?;
    let handle = handle_of(env, descriptor)?;
    let gate = &State::of(env).gate;
    env.blocking(|| gate.bind(&handle, at)).map_err(|e| errors::socket(env, &e))
}

fn listen(env: &mut Env<'_>, descriptor: Local<'_>, backlog: i32) -> JResult<()> {
    let handle = handle_of(env, descriptor)?;
    let gate = &State::of(env).gate;
    env.blocking(|| gate.listen(&handle, backlog)).map_err(|e| errors::socket(env, &e))
}

/// What a connection that was begun is to Java: 1 or a status.
pub(super) fn connected(env: &mut Env<'_>, begun: Result<Connected, Failure>) -> JResult<i32> {
    match begun {
        Ok(Connected::Now) => Ok(1),
        Ok(Connected::Later) => Ok(status::UNAVAILABLE as i32),
        Err(failure) => Err(errors::socket(env, &failure)),
    }
}

fn connect0(
    env: &mut Env<'_>,
    prefer_ipv6: bool,
    descriptor: Local<'_>,
    address: Local<'_>,
    port: i32,
) -> JResult<i32> {
    let to = socket_address(env, address, port, prefer_ipv6)?;
    let handle = handle_of(env, descriptor)?;
    let gate = &State::of(env).gate;
    let begun = env.blocking(|| gate.connect(&handle, to));
    connected(env, begun)
}

/// Takes the next connection in, waiting for it in blocking mode, and stores its number in a new descriptor: where it
/// comes from, for the array of names, or a status below zero.
pub(super) fn accept_next(
    env: &mut Env<'_>,
    descriptor: Local<'_>,
    new_descriptor: Local<'_>,
    names: Local<'_>,
) -> JResult<Result<Address, i32>> {
    if env.is_null(new_descriptor) || env.is_null(names) {
        return Err(env.throw_npe());
    }
    match patiently(env, descriptor, PollFlags::IN, Handle::accept)? {
        Ok((handle, from)) => {
            let number = insert(env, handle)?;
            env.set(new_descriptor, env.wk().file_descriptor.fd, number);
            Ok(Ok(from))
        }
        Err(errno) => Ok(Err(outcome(env, Err(errno))? as i32)),
    }
}

fn accept<'s>(
    env: &mut Env<'s>,
    descriptor: Local<'s>,
    new_descriptor: Local<'s>,
    addresses: Local<'s>,
) -> JResult<i32> {
    let from = match accept_next(env, descriptor, new_descriptor, addresses)? {
        Ok(from) => from,
        Err(status) => return Ok(status),
    };
    if let Address::Ip(from) = from {
        let from = address::new_socket_address(env, from)?;
        env.set_elem(addresses, 0, from);
    }
    Ok(1)
}

fn shutdown(env: &mut Env<'_>, descriptor: Local<'_>, how: i32) -> JResult<()> {
    let how = match how {
        0 => Shutdown::Read,
        1 => Shutdown::Write,
        _ => Shutdown::Both,
    };
    let handle = handle_of(env, descriptor)?;
    match env.blocking(|| handle.shutdown(how)) {
        Ok(()) | Err(Errno::NOTCONN) => Ok(()),
        Err(errno) => Err(errors::socket_errno(env, errno)),
    }
}

fn name(env: &mut Env<'_>, descriptor: Local<'_>, remote: bool) -> JResult<core::net::SocketAddr> {
    let handle = handle_of(env, descriptor)?;
    let found = if remote { handle.peer() } else { handle.name() };
    match found.map(Address::ip) {
        Ok(Some(address)) => Ok(address),
        Ok(None) => Err(errors::socket_errno(env, Errno::NOTCONN)),
        Err(errno) => Err(errors::socket_errno(env, errno)),
    }
}

fn local_port(env: &mut Env<'_>, descriptor: Local<'_>) -> JResult<i32> {
    Ok(i32::from(name(env, descriptor, false)?.port()))
}

fn local_inet_address<'s>(env: &mut Env<'s>, descriptor: Local<'s>) -> JResult<Local<'s>> {
    let address = name(env, descriptor, false)?;
    address::new(env, Local::NULL, address.ip(), address::scope_of(address))
}

fn remote_port(env: &mut Env<'_>, descriptor: Local<'_>) -> JResult<i32> {
    Ok(i32::from(name(env, descriptor, true)?.port()))
}

fn remote_inet_address<'s>(env: &mut Env<'s>, descriptor: Local<'s>) -> JResult<Local<'s>> {
    let address = name(env, descriptor, true)?;
    address::new(env, Local::NULL, address.ip(), address::scope_of(address))
}

// ---- polling ---------------------------------------------------------------------------------------------------------

/// Java's timeouts: milliseconds, or -1 for no end.
pub(super) fn timeout_of(millis: i64) -> Option<Duration> {
    u64::try_from(millis).ok().map(Duration::from_millis)
}

/// The events that come within the time; none if it passes or the wait is ended.
fn poll_for(
    env: &mut Env<'_>,
    descriptor: Local<'_>,
    events: PollFlags,
    millis: i64,
) -> JResult<Result<PollFlags, Errno>> {
    let (number, handle) = descriptor_of(env, descriptor)?;
    let (state, thread) = (State::of(env), token(env));
    Ok(env.blocking(|| {
        let now = handle.poll_events(events, Some(Duration::ZERO))?;
        if !now.is_empty() || millis == 0 {
            return Ok(now);
        }
        let still = || state.handles.names(number, &handle);
        let waited = Some((&*handle, events));
        match state.interrupts.wait_while(thread, waited, timeout_of(millis), still)? {
            Woken::Ready => handle.poll_events(events, Some(Duration::ZERO)),
            Woken::TimedOut | Woken::Interrupted => Ok(PollFlags::empty()),
        }
    }))
}

fn poll(env: &mut Env<'_>, descriptor: Local<'_>, events: i32, millis: i64) -> JResult<i32> {
    let events = PollFlags::from_bits_retain(events as u16);
    match poll_for(env, descriptor, events, millis)? {
        Ok(events) => Ok(i32::from(events.bits())),
        Err(errno) => Err(errors::socket_errno(env, errno)),
    }
}

/// Whether a connection that was begun is there; an error of it is thrown.
fn poll_connect(env: &mut Env<'_>, descriptor: Local<'_>, millis: i64) -> JResult<bool> {
    let events = match poll_for(env, descriptor, PollFlags::OUT, millis)? {
        Ok(events) if events.is_empty() => return Ok(false),
        Ok(events) => events,
        Err(errno) => return Err(errors::io_errno(env, errno)),
    };
    match handle_of(env, descriptor)?.connection_result() {
        Ok(()) if events.contains(PollFlags::HUP) => Err(errors::socket_errno(env, Errno::NOTCONN)),
        Ok(()) => Ok(true),
        Err(errno) => Err(errors::socket_errno(env, errno)),
    }
}

fn available(env: &mut Env<'_>, descriptor: Local<'_>) -> JResult<i32> {
    let handle = handle_of(env, descriptor)?;
    match handle.available() {
        Ok(count) => Ok(i32::try_from(count).unwrap_or(i32::MAX)),
        Err(errno) => Err(errors::socket_errno(env, errno)),
    }
}

fn send_oob(env: &mut Env<'_>, descriptor: Local<'_>, byte: i8) -> JResult<i32> {
    match patiently(env, descriptor, PollFlags::OUT, |h| h.send_urgent(byte as u8))? {
        Ok(count) => Ok(count as i32),
        Err(errno) => outcome(env, Err(errno)).map(|n| n as i32),
    }
}

/// Exists for another operating system.
fn discard_oob(_: &mut Env<'_>, _: Local<'_>) -> JResult<bool> {
    Ok(false)
}
