//! sun.nio.ch.Net: options of sockets and membership in groups.

use core::net::{Ipv4Addr, Ipv6Addr};

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::io::Errno;

use super::{handle_of, status};
use crate::errors;
use crate::gate::Failure;
use crate::gate::net::socket::{Change, Membership};
use crate::state::State;

natives! { pub(super) static OPTIONS for "sun/nio/ch/Net" {
    "getIntOption0" "(Ljava/io/FileDescriptor;ZII)I" = get_int_option0(obj, bool, int, int): opened;
    "setIntOption0" "(Ljava/io/FileDescriptor;ZIIIZ)V" = set_int_option0(obj, bool, int, int, int, bool): opened;
    "joinOrDrop4" "(ZLjava/io/FileDescriptor;III)I" = join_or_drop4(bool, obj, int, int, int): opened, net;
    "blockOrUnblock4" "(ZLjava/io/FileDescriptor;III)I" = block_or_unblock4(bool, obj, int, int, int): opened;
    "joinOrDrop6" "(ZLjava/io/FileDescriptor;[BI[B)I" = join_or_drop6(bool, obj, obj, int, obj): opened, net;
    "blockOrUnblock6" "(ZLjava/io/FileDescriptor;[BI[B)I" = block_or_unblock6(bool, obj, obj, int, obj): opened;
    "getInterface4" "(Ljava/io/FileDescriptor;)I" = get_interface4(obj): opened;
    "setInterface4" "(Ljava/io/FileDescriptor;I)V" = set_interface4(obj, int): opened;
    "getInterface6" "(Ljava/io/FileDescriptor;)I" = get_interface6(obj): opened;
    "setInterface6" "(Ljava/io/FileDescriptor;I)V" = set_interface6(obj, int): opened;
} }

const LINGER: (i32, i32) = (libc::SOL_SOCKET, libc::SO_LINGER);

fn is_buffer_size(option: (i32, i32)) -> bool {
    option == (libc::SOL_SOCKET, libc::SO_SNDBUF) || option == (libc::SOL_SOCKET, libc::SO_RCVBUF)
}

fn socket_exception(env: &mut Env<'_>, errno: Errno) -> carafe_vm::env::Throw {
    env.throw("java/net/SocketException", &crate::gate::strerror(errno).to_string())
}

fn get_int_option0(
    env: &mut Env<'_>,
    descriptor: Local<'_>,
    convert: bool,
    level: i32,
    name: i32,
) -> JResult<i32> {
    let handle = handle_of(env, descriptor)?;
    let value = if (level, name) == LINGER {
        handle.option::<2>(level, name).map(|[on, seconds]| if on != 0 { seconds } else { -1 })
    } else {
        handle.option::<1>(level, name).map(|[value]| value)
    };
    match value {
        // The kernel tells twice what it was asked for, to count its own bookkeeping.
        Ok(value) if convert && is_buffer_size((level, name)) => Ok(value / 2),
        Ok(value) => Ok(value),
        Err(errno) => Err(socket_exception(env, errno)),
    }
}

fn set_int_option0(
    env: &mut Env<'_>,
    descriptor: Local<'_>,
    convert: bool,
    level: i32,
    name: i32,
    value: i32,
    ipv6: bool,
) -> JResult<()> {
    /// Bits of the type of service that are not the explicit congestion notification's.
    const TOS_BITS: i32 = 0xfe;
    const RECEIVE_BUFFER_MIN: i32 = 1024;
    let handle = handle_of(env, descriptor)?;
    let value = match (level, name) {
        (libc::IPPROTO_IP, libc::IP_TOS) if convert => value & TOS_BITS,
        (libc::SOL_SOCKET, libc::SO_RCVBUF) if convert => value.max(RECEIVE_BUFFER_MIN),
        _ => value,
    };
    let set = if (level, name) == LINGER {
        handle.set_option(level, name, &[i32::from(value >= 0), value.max(0)])
    } else {
        handle.set_option(level, name, &[value])
    };
    if ipv6 && (level, name) == (libc::IPPROTO_IPV6, libc::IPV6_TCLASS) {
        // For what the socket sends in IPv4 form; a kernel without IPv4 has no use for it.
        handle.set_option(libc::IPPROTO_IP, libc::IP_TOS, &[value]).ok();
    }
    set.map_err(|e| socket_exception(env, e))
}

// ---- groups ----------------------------------------------------------------------------------------------------------

fn change(env: &mut Env<'_>, descriptor: Local<'_>, change: Change, membership: Membership) -> JResult<i32> {
    let handle = handle_of(env, descriptor)?;
    let gate = &State::of(env).gate;
    let changed = env.blocking(|| -> Result<(), Failure> {
        if change == Change::Join {
            gate.join(membership.group())?;
        }
        Ok(handle.change_membership(change, membership)?)
    });
    match changed {
        Ok(()) => Ok(0),
        Err(Failure::Os(Errno::NOPROTOOPT | Errno::OPNOTSUPP))
            if matches!(change, Change::Join | Change::Block) =>
        {
            Ok(status::UNAVAILABLE as i32)
        }
        Err(failure) => Err(errors::socket(env, &failure)),
    }
}

/// Numbers of addresses in the order of bytes that Java has; a source of 0 is none.
fn v4(group: i32, interface: i32, source: i32) -> Membership {
    let ip = |number: i32| Ipv4Addr::from(number as u32);
    Membership::V4 { group: ip(group), interface: ip(interface), source: (source != 0).then(|| ip(source)) }
}

fn v6(env: &mut Env<'_>, group: Local<'_>, interface: i32, source: Local<'_>) -> JResult<Membership> {
    let group = ipv6(env, group)?;
    let source = if env.is_null(source) { None } else { Some(ipv6(env, source)?) };
    Ok(Membership::V6 { group, interface: interface as u32, source })
}

fn ipv6(env: &mut Env<'_>, array: Local<'_>) -> JResult<Ipv6Addr> {
    let mut bytes = [0; 16];
    if env.is_null(array) || env.array_len(array) != bytes.len() {
        return Err(env.throw_illegal_argument("unknown kind of address"));
    }
    env.read_bytes(array, 0, &mut bytes);
    Ok(bytes.into())
}

fn join_or_drop4(
    env: &mut Env<'_>,
    join: bool,
    descriptor: Local<'_>,
    group: i32,
    interface: i32,
    source: i32,
) -> JResult<i32> {
    let how = if join { Change::Join } else { Change::Leave };
    change(env, descriptor, how, v4(group, interface, source))
}

fn block_or_unblock4(
    env: &mut Env<'_>,
    block: bool,
    descriptor: Local<'_>,
    group: i32,
    interface: i32,
    source: i32,
) -> JResult<i32> {
    let how = if block { Change::Block } else { Change::Unblock };
    change(env, descriptor, how, v4(group, interface, source))
}

fn join_or_drop6(
    env: &mut Env<'_>,
    join: bool,
    descriptor: Local<'_>,
    group: Local<'_>,
    interface: i32,
    source: Local<'_>,
) -> JResult<i32> {
    let membership = v6(env, group, interface, source)?;
    change(env, descriptor, if join { Change::Join } else { Change::Leave }, membership)
}

fn block_or_unblock6(
    env: &mut Env<'_>,
    block: bool,
    descriptor: Local<'_>,
    group: Local<'_>,
    interface: i32,
    source: Local<'_>,
) -> JResult<i32> {
    let membership = v6(env, group, interface, source)?;
    change(env, descriptor, if block { Change::Block } else { Change::Unblock }, membership)
}

// ---- the interface that groups are reached by ------------------------------------------------------------------------

const BY_ADDRESS: (i32, i32) = (libc::IPPROTO_IP, libc::IP_MULTICAST_IF);
const BY_INDEX: (i32, i32) = (libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_IF);

fn get(env: &mut Env<'_>, descriptor: Local<'_>, (level, name): (i32, i32)) -> JResult<i32> {
    let handle = handle_of(env, descriptor)?;
    match handle.option(level, name) {
        Ok([value]) => Ok(value),
        Err(errno) => Err(errors::socket_errno(env, errno)),
    }
}

fn set(env: &mut Env<'_>, descriptor: Local<'_>, (level, name): (i32, i32), value: i32) -> JResult<()> {
    let handle = handle_of(env, descriptor)?;
    handle.set_option(level, name, &[value]).map_err(|e| errors::socket_errno(env, e))
}

fn get_interface4(env: &mut Env<'_>, descriptor: Local<'_>) -> JResult<i32> {
    Ok(i32::from_be(get(env, descriptor, BY_ADDRESS)?))
}

fn set_interface4(env: &mut Env<'_>, descriptor: Local<'_>, address: i32) -> JResult<()> {
    set(env, descriptor, BY_ADDRESS, address.to_be())
}

fn get_interface6(env: &mut Env<'_>, descriptor: Local<'_>) -> JResult<i32> {
    get(env, descriptor, BY_INDEX)
}

fn set_interface6(env: &mut Env<'_>, descriptor: Local<'_>, index: i32) -> JResult<()> {
    set(env, descriptor, BY_INDEX, index)
}
