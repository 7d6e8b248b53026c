//! Natives of sun.net: ports that the system gives out, the resolver's configuration, proxies of a desktop, SDP.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use carafe_vm::natives::NativeRow;

use crate::state::State;

natives! { static PORT_CONFIG for "sun/net/PortConfig" {
    "getLower0" "()I" = get_lower0(): net, listen, dns, sys "interfaces";
    "getUpper0" "()I" = get_upper0(): net, listen, dns, sys "interfaces";
} }

natives! { static RESOLVER_CONFIGURATION for "sun/net/dns/ResolverConfigurationImpl" {
    "fallbackDomain0" "()Ljava/lang/String;" = fallback_domain0(): sys "hostname";
} }

natives! { static DEFAULT_PROXY_SELECTOR for "sun/net/spi/DefaultProxySelector" {
    "init" "()Z" = init(): isolate;
    "getSystemProxies" "(Ljava/lang/String;Ljava/lang/String;)[Ljava/net/Proxy;" =
        get_system_proxies(obj, obj, obj): isolate;
} }

natives! { static SDP_SUPPORT for "sun/net/sdp/SdpSupport" {
    "create0" "()I" = create0(): isolate;
    "convert0" "(I)V" = convert0(int): isolate;
} }

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![DEFAULT_PROXY_SELECTOR, PORT_CONFIG, RESOLVER_CONFIGURATION, SDP_SUPPORT]
}

/// The ports that the kernel gives to sockets that ask for none; -1 if it does not say.
fn get_lower0(env: &mut Env<'_>) -> JResult<i32> {
    Ok(State::of(env).gate.given_ports().map_or(-1, |(lower, _)| i32::from(lower)))
}

fn get_upper0(env: &mut Env<'_>) -> JResult<i32> {
    Ok(State::of(env).gate.given_ports().map_or(-1, |(_, upper)| i32::from(upper)))
}

/// Null: the machine's name has no domain in it that would be searched.
fn fallback_domain0<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let name = State::of(env).gate.host_name();
    match name.split_once('.') {
        Some((_, domain)) if !domain.is_empty() => env.new_string(domain),
        Some(_) | None => Ok(Local::NULL),
    }
}

/// There is no desktop whose settings could name proxies.
fn init(_: &mut Env<'_>) -> JResult<bool> {
    Ok(false)
}

fn get_system_proxies<'s>(_: &mut Env<'s>, _: Local<'s>, _: Local<'s>, _: Local<'s>) -> JResult<Local<'s>> {
    Ok(Local::NULL)
}

/// The kernel has no sockets of this kind for IPv6, and the JDK says so in these words.
fn create0(env: &mut Env<'_>) -> JResult<i32> {
    Err(env.throw("java/io/IOException", "IPv6 not supported"))
}

fn convert0(env: &mut Env<'_>, _number: i32) -> JResult<()> {
    Err(env.throw("java/io/IOException", "IPv6 not supported"))
}
