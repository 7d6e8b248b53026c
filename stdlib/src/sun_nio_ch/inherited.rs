//! sun.nio.ch.InheritedChannel: a socket that the process was started with as its standard input.

use core::net::SocketAddr;
use std::sync::Arc;

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::fs::{Mode, OFlags};
use rustix::net::SocketType;

use crate::gate::fs::At;
use crate::gate::net::socket::Address;
use crate::java_net::address;
use crate::noop::nothing;
use crate::state::State;
use crate::{errors, opening};

natives! { pub(super) static INHERITED_CHANNEL for "sun/nio/ch/InheritedChannel" {
    "initIDs" "()V" = nothing(): isolate;
    "dup" "(I)I" = dup(int): opened;
    "dup2" "(II)V" = dup2(int, int): opened;
    "open0" "(Ljava/lang/String;I)I" = open0(obj, int): read, write;
    "close0" "(I)V" = close0(int): opened;
    "soType0" "(I)I" = so_type0(int): opened;
    "addressFamily" "(I)I" = address_family(int): opened;
    "inetPeerAddress0" "(I)Ljava/net/InetAddress;" = inet_peer_address0(int): opened;
    "unixPeerAddress0" "(I)[B" = unix_peer_address0(int): opened;
    "peerPort0" "(I)I" = peer_port0(int): opened;
    "isConnected" "(I)Z" = is_connected(int): opened;
} }

fn dup(env: &mut Env<'_>, number: i32) -> JResult<i32> {
    let handles = &State::of(env).handles;
    let made = handles.get(number).and_then(|h| h.duplicate()).and_then(|copy| handles.insert(copy));
    made.map_err(|e| errors::io_errno(env, e))
}

fn dup2(env: &mut Env<'_>, from: i32, to: i32) -> JResult<()> {
    let handles = &State::of(env).handles;
    let replaced = handles.get(from).and_then(|h| handles.replace_shared(to, Arc::clone(&h)).map(drop));
    replaced.map_err(|e| errors::io_errno(env, e))
}

fn open0(env: &mut Env<'_>, path: Local<'_>, how: i32) -> JResult<i32> {
    let flags = match how {
        0 => OFlags::RDONLY,
        1 => OFlags::WRONLY,
        _ => OFlags::RDWR,
    };
    if env.is_null(path) {
        return Err(env.throw_npe());
    }
    let path = env.string(path);
    let state = State::of(env);
    let opened = opening::patiently(env, |gate| {
        let handle = gate.open_stream(At::new(path.as_bytes()), flags, Mode::empty())?;
        Ok(state.handles.insert(handle)?)
    })?;
    opened.map_err(|e| errors::io(env, &e))
}

fn close0(env: &mut Env<'_>, number: i32) -> JResult<()> {
    let handles = &State::of(env).handles;
    env.blocking(|| handles.close(number)).map_err(|e| errors::io_errno(env, e))
}

/// -1 for what is not a socket, 1 for a stream, 2 for datagrams.
fn so_type0(env: &mut Env<'_>, number: i32) -> JResult<i32> {
    let kind = State::of(env).handles.get(number).and_then(|h| h.socket_type());
    Ok(match kind {
        Ok(SocketType::STREAM) => 1,
        Ok(SocketType::DGRAM) => 2,
        Ok(_) => 0,
        Err(_) => -1,
    })
}

/// 1, 2, 3 for IPv4, IPv6, the file system; -1 for others.
fn address_family(env: &mut Env<'_>, number: i32) -> JResult<i32> {
    let name = State::of(env).handles.get(number).and_then(|h| h.name());
    Ok(match name {
        Ok(Address::Ip(SocketAddr::V4(_))) => 1,
        Ok(Address::Ip(SocketAddr::V6(_))) => 2,
        Ok(Address::Unix(_)) => 3,
        Ok(Address::Unknown) | Err(_) => -1,
    })
}

fn peer(env: &Env<'_>, number: i32) -> Option<Address> {
    State::of(env).handles.get(number).and_then(|h| h.peer()).ok()
}

fn inet_peer_address0<'s>(env: &mut Env<'s>, number: i32) -> JResult<Local<'s>> {
    match peer(env, number).and_then(Address::ip) {
        Some(peer) => address::new(env, Local::NULL, peer.ip(), address::scope_of(peer)),
        None => Ok(Local::NULL),
    }
}

fn peer_port0(env: &mut Env<'_>, number: i32) -> JResult<i32> {
    Ok(peer(env, number).and_then(Address::ip).map_or(-1, |peer| i32::from(peer.port())))
}

fn unix_peer_address0<'s>(env: &mut Env<'s>, number: i32) -> JResult<Local<'s>> {
    match peer(env, number) {
        Some(Address::Unix(path)) => env.new_byte_array(&path),
        // The other end has no name.
        Some(Address::Unknown) => env.new_byte_array(&[]),
        Some(Address::Ip(_)) | None => Ok(Local::NULL),
    }
}

fn is_connected(env: &mut Env<'_>, number: i32) -> JResult<bool> {
    Ok(peer(env, number).is_some())
}
