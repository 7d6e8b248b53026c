//! Natives of java.net: which families there are, name lookup, reachability, network interfaces.
//!
//! A program that may not look at the machine's interfaces or name sees a machine without interfaces that is called
//! localhost: so the library's own uses of both (random seeds, the local address) need no grant.

pub(crate) mod address;
mod interfaces;
mod lookup;

use carafe_vm::env::{Env, JResult};
use carafe_vm::natives;
use carafe_vm::natives::NativeRow;
use rustix::net::AddressFamily;

use crate::noop::nothing;
use crate::state::State;

natives! { static INET_ADDRESS for "java/net/InetAddress" {
    "init" "()V" = nothing(): isolate;
    "isIPv4Available" "()Z" = is_ipv4_available(): isolate;
    "isIPv6Supported" "()Z" = is_ipv6_supported(): net, listen, dns, sys "interfaces";
} }

natives! { static INET4_ADDRESS for "java/net/Inet4Address" {
    "init" "()V" = nothing(): isolate;
} }

natives! { static INET6_ADDRESS for "java/net/Inet6Address" {
    "init" "()V" = nothing(): isolate;
} }

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![
        INET_ADDRESS,
        INET4_ADDRESS,
        INET6_ADDRESS,
        interfaces::NETWORK_INTERFACE,
        lookup::INET4_ADDRESS_IMPL,
        lookup::INET6_ADDRESS_IMPL,
    ]
}

fn is_ipv4_available(env: &mut Env<'_>) -> JResult<bool> {
    Ok(State::of(env).gate.has_family(AddressFamily::INET))
}

pub(crate) fn is_ipv6_supported(env: &mut Env<'_>) -> JResult<bool> {
    Ok(State::of(env).gate.has_family(AddressFamily::INET6))
}
