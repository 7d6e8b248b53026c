//! Natives of java.net that programs reach without using the network: what the classes ask when they are initialized,
//! and the search for network interfaces by which the library stirs its random seed.
//!
//! Deliberately not here yet: sockets and name lookup. Until then a program sees a machine with IPv4 and no interfaces.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use carafe_vm::natives::NativeRow;

natives! { static INET_ADDRESS for "java/net/InetAddress" {
    "init" "()V" = init();
    "isIPv4Available" "()Z" = is_ipv4_available();
    "isIPv6Supported" "()Z" = is_ipv6_supported();
} }

natives! { static INET4_ADDRESS for "java/net/Inet4Address" {
    "init" "()V" = init();
} }

natives! { static INET6_ADDRESS for "java/net/Inet6Address" {
    "init" "()V" = init();
} }

natives! { static INET4_ADDRESS_IMPL for "java/net/Inet4AddressImpl" {
    "getLocalHostName" "()Ljava/lang/String;" = get_local_host_name(obj);
} }

natives! { static NETWORK_INTERFACE for "java/net/NetworkInterface" {
    "init" "()V" = init();
    "getAll" "()[Ljava/net/NetworkInterface;" = get_all();
} }

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![INET_ADDRESS, INET4_ADDRESS, INET4_ADDRESS_IMPL, INET6_ADDRESS, NETWORK_INTERFACE]
}

fn init(_: &mut Env<'_>) -> JResult<()> {
    Ok(())
}

fn is_ipv4_available(_: &mut Env<'_>) -> JResult<bool> {
    Ok(true)
}

fn is_ipv6_supported(_: &mut Env<'_>) -> JResult<bool> {
    Ok(false)
}

/// Without a network a machine has one host, itself, and its name is what the library needs no look-up for.
fn get_local_host_name<'s>(env: &mut Env<'s>, _: Local<'s>) -> JResult<Local<'s>> {
    env.new_string("localhost")
}

/// Null is "none".
fn get_all<'s>(_: &mut Env<'s>) -> JResult<Local<'s>> {
    Ok(Local::NULL)
}
