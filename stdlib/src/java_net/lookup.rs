//! java.net.Inet4AddressImpl and Inet6AddressImpl: names of hosts, and whether a host answers.
//!
//! Deliberately not here: ICMP, which needs a raw socket. A host is reachable if it answers, or refuses, a connection to
//! the echo port, as in a JDK without privileges.

use core::net::{IpAddr, SocketAddr};
use std::time::Duration;

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::event::PollFlags;
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketType};

use super::address::{self, Inet};
use crate::errors;
use crate::gate::Failure;
use crate::gate::net::Connected;
use crate::gate::net::names::{Families, Lookup, NoAnswer};
use crate::state::State;
use crate::sun_nio_ch::{Woken, token};

natives! { pub(super) static INET4_ADDRESS_IMPL for "java/net/Inet4AddressImpl" {
    "getLocalHostName" "()Ljava/lang/String;" = get_local_host_name(obj): sys "hostname";
    "lookupAllHostAddr" "(Ljava/lang/String;)[Ljava/net/InetAddress;" = lookup_v4(obj, obj): dns;
    "getHostByAddr" "([B)Ljava/lang/String;" = get_host_by_addr(obj, obj): dns;
    "isReachable0" "([BI[BI)Z" = is_reachable_v4(obj, obj, int, obj, int): net, listen;
} }

natives! { pub(super) static INET6_ADDRESS_IMPL for "java/net/Inet6AddressImpl" {
    "getLocalHostName" "()Ljava/lang/String;" = get_local_host_name(obj): sys "hostname";
    "lookupAllHostAddr" "(Ljava/lang/String;I)[Ljava/net/InetAddress;" = lookup(obj, obj, int): dns;
    "getHostByAddr" "([B)Ljava/lang/String;" = get_host_by_addr(obj, obj): dns;
    "isReachable0" "([BII[BII)Z" = is_reachable_v6(obj, obj, int, int, obj, int, int): net, listen;
} }

const UNKNOWN_HOST: &str = "java/net/UnknownHostException";

/// Bits of java.net.spi.InetAddressResolver.LookupPolicy.
mod policy {
    pub(super) const IPV4: i32 = 1;
    pub(super) const IPV6: i32 = 2;
    pub(super) const IPV4_FIRST: i32 = 4;
    pub(super) const IPV6_FIRST: i32 = 8;
}

/// Whoever may not know what the machine is called learns a name that all have.
fn get_local_host_name<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<Local<'s>> {
    let name = State::of(env).gate.host_name();
    env.new_string(&name)
}

/// Waits for an answer where the wait can be ended.
fn await_answer<T>(env: &mut Env<'_>, lookup: Lookup<T>) -> JResult<Result<T, NoAnswer>> {
    let (interrupts, thread) = (&State::of(env).interrupts, token(env));
    if let Some(done) = lookup.done() {
        loop {
            let woken =
                env.blocking(|| interrupts.wait_while(thread, Some((done, PollFlags::IN)), None, || true));
            match woken {
                Ok(Woken::Interrupted | Woken::TimedOut) => env.poll()?,
                Ok(Woken::Ready) => break,
                Err(errno) => return Err(errors::io_errno(env, errno)),
            }
        }
    }
    Ok(lookup.take().unwrap_or_else(|| Err(NoAnswer("no answer".to_owned()))))
}

fn lookup_v4<'s>(env: &mut Env<'s>, this: Local<'s>, host: Local<'s>) -> JResult<Local<'s>> {
    lookup(env, this, host, policy::IPV4)
}

fn lookup<'s>(env: &mut Env<'s>, _: Local<'s>, host: Local<'s>, characteristics: i32) -> JResult<Local<'s>> {
    if env.is_null(host) {
        return Err(env.throw("java/lang/NullPointerException", "host argument is null"));
    }
    let families = match characteristics & (policy::IPV4 | policy::IPV6) {
        policy::IPV4 => Families::V4,
        policy::IPV6 => Families::V6,
        _ => Families::Both,
    };
    let name = env.string(host);
    let gate = &State::of(env).gate;
    let question = gate.look_up(&name, families).map_err(|e| errors::io(env, &e))?;
    let mut found = match await_answer(env, question)? {
        Ok(found) => found,
        Err(NoAnswer(why)) => return Err(env.throw(UNKNOWN_HOST, &format!("{name}: {why}"))),
    };
    gate.found(&name, &found);
    // Within a family they keep the resolver's order.
    if characteristics & policy::IPV4_FIRST != 0 {
        found.sort_by_key(SocketAddr::is_ipv6);
    } else if characteristics & policy::IPV6_FIRST != 0 {
        found.sort_by_key(SocketAddr::is_ipv4);
    }
    let class = env.boot_class("java/net/InetAddress")?;
    let array = env.new_ref_array(class, found.len())?;
    for (i, found) in found.into_iter().enumerate() {
        env.scope(|env| {
            let host = env.local(env.raw(host));
            let address = address::new(env, host, found.ip(), address::scope_of(found))?;
            env.set_elem(array, i, address);
            Ok(())
        })?;
    }
    Ok(array)
}

fn get_host_by_addr<'s>(env: &mut Env<'s>, _: Local<'s>, bytes: Local<'s>) -> JResult<Local<'s>> {
    let ip = address::of_bytes(env, bytes)?;
    let question = State::of(env).gate.look_up_address(ip).map_err(|e| errors::io(env, &e))?;
    match await_answer(env, question)? {
        Ok(name) => env.new_string(&name),
        Err(_) => Err(env.throw_no_message(UNKNOWN_HOST)),
    }
}

fn is_reachable_v4<'s>(
    env: &mut Env<'s>,
    this: Local<'s>,
    bytes: Local<'s>,
    timeout: i32,
    from: Local<'s>,
    ttl: i32,
) -> JResult<bool> {
    is_reachable_v6(env, this, bytes, 0, timeout, from, ttl, 0)
}

/// The time to live is what the kernel gives: without ICMP nobody tells that it was too short.
fn is_reachable_v6<'s>(
    env: &mut Env<'s>,
    _: Local<'s>,
    bytes: Local<'s>,
    scope: i32,
    timeout: i32,
    from: Local<'s>,
    _ttl: i32,
    from_scope: i32,
) -> JResult<bool> {
    const ECHO: u16 = 7;
    let inet = |ip, scope: i32| Inet { ip, scope: scope.max(0) as u32 };
    let to = inet(address::of_bytes(env, bytes)?, scope);
    let from = if env.is_null(from) { None } else { Some(inet(address::of_bytes(env, from)?, from_scope)) };
    let ipv6 = matches!(to.ip, IpAddr::V6(_));
    let family = if ipv6 { AddressFamily::INET6 } else { AddressFamily::INET };
    let timeout = Duration::from_millis(u64::try_from(timeout).unwrap_or(0));
    let (gate, thread) = (&State::of(env).gate, token(env));
    let interrupts = &State::of(env).interrupts;
    let answered = env.blocking(|| -> Result<bool, Failure> {
        let socket = gate.socket(family, SocketType::STREAM)?;
        if let Some(from) = from.and_then(|from| from.with_port(0, ipv6)) {
            gate.bind(&socket, from)?;
        }
        let Some(to) = to.with_port(ECHO, ipv6) else { return Ok(false) };
        if gate.connect(&socket, to)? == Connected::Later {
            let wait =
                interrupts.wait_while(thread, Some((&socket, PollFlags::OUT)), Some(timeout), || true)?;
            if wait != Woken::Ready {
                return Ok(false);
            }
            socket.connection_result()?;
        }
        Ok(true)
    });
    match answered {
        Ok(answered) => Ok(answered),
        Err(Failure::Os(Errno::CONNREFUSED)) => Ok(true),
        // Nobody is there, or no way leads there.
        Err(Failure::Os(
            Errno::NETUNREACH
            | Errno::AFNOSUPPORT
            | Errno::ADDRNOTAVAIL
            | Errno::TIMEDOUT
            | Errno::HOSTUNREACH
            | Errno::NETDOWN
            | Errno::PROTONOSUPPORT
            | Errno::INVAL,
        )) => Ok(false),
        Err(failure) => Err(errors::socket(env, &failure)),
    }
}
