//! jdk.net.LinuxSocketOptions: options that only this system has.

use std::sync::Arc;

use carafe_vm::env::{Env, JResult, Throw};
use carafe_vm::natives;
use carafe_vm::natives::NativeRow;
use rustix::io::Errno;

use crate::gate::handles::Handle;
use crate::gate::strerror;
use crate::state::State;

natives! { static LINUX_SOCKET_OPTIONS for "jdk/net/LinuxSocketOptions" {
    "keepAliveOptionsSupported0" "()Z" = yes(): isolate;
    "quickAckSupported0" "()Z" = yes(): isolate;
    "incomingNapiIdSupported0" "()Z" = yes(): isolate;
    "getTcpKeepAliveProbes0" "(I)I" = get_probes(int): opened;
    "setTcpKeepAliveProbes0" "(II)V" = set_probes(int, int): opened;
    "getTcpKeepAliveTime0" "(I)I" = get_time(int): opened;
    "setTcpKeepAliveTime0" "(II)V" = set_time(int, int): opened;
    "getTcpKeepAliveIntvl0" "(I)I" = get_interval(int): opened;
    "setTcpKeepAliveIntvl0" "(II)V" = set_interval(int, int): opened;
    "getQuickAck0" "(I)Z" = get_quick_ack(int): opened;
    "setQuickAck0" "(IZ)V" = set_quick_ack(int, bool): opened;
    "getIpDontFragment0" "(IZ)Z" = get_dont_fragment(int, bool): opened;
    "setIpDontFragment0" "(IZZ)V" = set_dont_fragment(int, bool, bool): opened;
    "getIncomingNapiId0" "(I)I" = get_napi_id(int): opened;
    "getSoPeerCred0" "(I)J" = get_peer_credentials(int): opened;
} }

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![LINUX_SOCKET_OPTIONS]
}

const PROBES: (i32, i32) = (libc::IPPROTO_TCP, libc::TCP_KEEPCNT);
const TIME: (i32, i32) = (libc::IPPROTO_TCP, libc::TCP_KEEPIDLE);
const INTERVAL: (i32, i32) = (libc::IPPROTO_TCP, libc::TCP_KEEPINTVL);
const QUICK_ACK: (i32, i32) = (libc::IPPROTO_TCP, libc::TCP_QUICKACK);
const NAPI_ID: (i32, i32) = (libc::SOL_SOCKET, libc::SO_INCOMING_NAPI_ID);
const DISCOVER_V4: (i32, i32) = (libc::IPPROTO_IP, libc::IP_MTU_DISCOVER);
const DISCOVER_V6: (i32, i32) = (libc::IPPROTO_IPV6, libc::IPV6_MTU_DISCOVER);

fn yes(_: &mut Env<'_>) -> JResult<bool> {
    Ok(true)
}

/// What JDK 25 throws for an error of an option, whatever the option was to do.
fn failed(env: &mut Env<'_>, doing: &str, errno: Errno) -> Throw {
    match errno {
        Errno::OPNOTSUPP | Errno::NOPROTOOPT => {
            env.throw("java/lang/UnsupportedOperationException", "unsupported socket option")
        }
        _ => {
            let text = strerror(errno).to_string();
            let text = if text.is_empty() { format!("{doing} option failed") } else { text };
            env.throw("java/net/SocketException", &text)
        }
    }
}

fn handle(env: &Env<'_>, number: i32) -> Result<Arc<Handle>, Errno> {
    State::of(env).handles.get(number)
}

fn get(env: &mut Env<'_>, number: i32, (level, name): (i32, i32)) -> JResult<i32> {
    match handle(env, number).and_then(|h| h.option(level, name)) {
        Ok([value]) => Ok(value),
        Err(errno) => Err(failed(env, "get", errno)),
    }
}

fn set(env: &mut Env<'_>, number: i32, (level, name): (i32, i32), value: i32) -> JResult<()> {
    let set = handle(env, number).and_then(|h| h.set_option(level, name, &[value]));
    set.map_err(|e| failed(env, "set", e))
}

fn get_probes(env: &mut Env<'_>, number: i32) -> JResult<i32> {
    get(env, number, PROBES)
}

fn set_probes(env: &mut Env<'_>, number: i32, value: i32) -> JResult<()> {
    set(env, number, PROBES, value)
}

fn get_time(env: &mut Env<'_>, number: i32) -> JResult<i32> {
    get(env, number, TIME)
}

fn set_time(env: &mut Env<'_>, number: i32, value: i32) -> JResult<()> {
    set(env, number, TIME, value)
}

fn get_interval(env: &mut Env<'_>, number: i32) -> JResult<i32> {
    get(env, number, INTERVAL)
}

fn set_interval(env: &mut Env<'_>, number: i32, value: i32) -> JResult<()> {
    set(env, number, INTERVAL, value)
}

fn get_quick_ack(env: &mut Env<'_>, number: i32) -> JResult<bool> {
    Ok(get(env, number, QUICK_ACK)? != 0)
}

fn set_quick_ack(env: &mut Env<'_>, number: i32, on: bool) -> JResult<()> {
    set(env, number, QUICK_ACK, i32::from(on))
}

fn get_napi_id(env: &mut Env<'_>, number: i32) -> JResult<i32> {
    get(env, number, NAPI_ID)
}

/// Not fragmenting is finding out how large packets may be.
fn get_dont_fragment(env: &mut Env<'_>, number: i32, _ipv6: bool) -> JResult<bool> {
    Ok(get(env, number, DISCOVER_V4)? == libc::IP_PMTUDISC_DO)
}

fn set_dont_fragment(env: &mut Env<'_>, number: i32, on: bool, ipv6: bool) -> JResult<()> {
    let value = if on { libc::IP_PMTUDISC_DO } else { libc::IP_PMTUDISC_DONT };
    set(env, number, DISCOVER_V4, value)?;
    if ipv6 { set(env, number, DISCOVER_V6, value) } else { Ok(()) }
}

/// User in the high half, group in the low.
fn get_peer_credentials(env: &mut Env<'_>, number: i32) -> JResult<i64> {
    match handle(env, number).and_then(|h| h.peer_credentials()) {
        // -1 says that there is nobody at the other end.
        Ok((u32::MAX, _)) => Err(env.throw("java/net/SocketException", "Please connect the socket first")),
        Ok((user, group)) => Ok(i64::from(user) << 32 | i64::from(group)),
        Err(errno) => Err(failed(env, "get SO_PEERCRED", errno)),
    }
}
