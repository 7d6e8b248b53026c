//! sun.nio.ch.DatagramChannelImpl: datagrams from and to anybody. Addresses lie in raw memory, in the kernel's form.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use rustix::event::PollFlags;
use rustix::io::Errno;

use super::socket_dispatcher::unreachable;
use super::{handle_of, patiently, status};
use crate::errors;
use crate::gate::Failure;
use crate::gate::net::socket::{Address, DATAGRAM_MAX, decode, encode};
use crate::memory::Region;
use crate::state::State;

natives! { pub(super) static DATAGRAM_CHANNEL for "sun/nio/ch/DatagramChannelImpl" {
    "disconnect0" "(Ljava/io/FileDescriptor;Z)V" = disconnect0(obj, bool): opened;
    "receive0" "(Ljava/io/FileDescriptor;JIJZ)I" = receive0(obj, long, int, long, bool): opened;
    "send0" "(Ljava/io/FileDescriptor;JIJI)I" = send0(obj, long, int, long, int): opened, net;
} }

/// Room for the longest address.
const ADDRESS_BYTES: i64 = 28;

fn disconnect0(env: &mut Env<'_>, descriptor: Local<'_>, _ipv6: bool) -> JResult<()> {
    let handle = handle_of(env, descriptor)?;
    match env.blocking(|| handle.disconnect()) {
        Ok(()) | Err(Errno::AFNOSUPPORT) => Ok(()),
        Err(errno) => Err(errors::socket_errno(env, errno)),
    }
}

fn receive0(
    env: &mut Env<'_>,
    descriptor: Local<'_>,
    address: i64,
    length: i32,
    sender: i64,
    connected: bool,
) -> JResult<i32> {
    let region = Region::raw(env, address, i64::from(length))?;
    let sender = Region::raw(env, sender, ADDRESS_BYTES)?;
    let limit = region.len().min(DATAGRAM_MAX);
    loop {
        let (bytes, from) = match patiently(env, descriptor, PollFlags::IN, |h| h.receive_from(limit))? {
            Ok(received) => received,
            Err(Errno::AGAIN) => return Ok(status::UNAVAILABLE as i32),
            Err(Errno::INTR) => return Ok(status::INTERRUPTED as i32),
            Err(Errno::CONNREFUSED) if connected => return Err(unreachable(env)),
            // Somebody to whom something was sent earlier is not there.
            Err(Errno::CONNREFUSED) => {
                env.poll()?;
                continue;
            }
            Err(errno) => return Err(errors::socket_errno(env, errno)),
        };
        region.write(env, 0, &bytes);
        if let Address::Ip(from) = from {
            sender.write(env, 0, &encode(from));
        }
        return Ok(bytes.len() as i32);
    }
}

fn send0(
    env: &mut Env<'_>,
    descriptor: Local<'_>,
    address: i64,
    length: i32,
    target: i64,
    target_length: i32,
) -> JResult<i32> {
    let region = Region::raw(env, address, i64::from(length.min(DATAGRAM_MAX as i32)))?;
    let target = Region::raw(env, target, i64::from(target_length).clamp(0, ADDRESS_BYTES))?;
    let mut to = [0; ADDRESS_BYTES as usize];
    target.read(env, 0, &mut to[..target.len()]);
    let Some(to) = decode(&to[..target.len()]) else {
        return Err(errors::socket_errno(env, Errno::AFNOSUPPORT));
    };
    let bytes = region.piece(env, 0);
    let gate = &State::of(env).gate;
    let mut denied = None;
    let sent = patiently(env, descriptor, PollFlags::OUT, |h| match gate.send_to(h, &bytes, to) {
        Ok(count) => Ok(count),
        Err(Failure::Os(errno)) => Err(errno),
        Err(Failure::Denied(why)) => {
            denied = Some(why);
            Err(Errno::ACCESS)
        }
    })?;
    if let Some(denied) = denied {
        return Err(errors::denied(env, &denied));
    }
    match sent {
        Ok(count) => Ok(count as i32),
        Err(Errno::AGAIN) => Ok(status::UNAVAILABLE as i32),
        Err(Errno::INTR) => Ok(status::INTERRUPTED as i32),
        Err(Errno::CONNREFUSED) => Err(unreachable(env)),
        Err(errno) => Err(errors::socket_errno(env, errno)),
    }
}
