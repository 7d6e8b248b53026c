//! java.net.NetworkInterface: what the machine is connected by.

use carafe_gc::metaspace::ClassId;
use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;

use super::address;
use crate::errors;
use crate::gate::net::interfaces::{Assigned, Flags, Interface};
use crate::noop::nothing;
use crate::state::State;

natives! { pub(super) static NETWORK_INTERFACE for "java/net/NetworkInterface" {
    "init" "()V" = nothing(): isolate;
    "getAll" "()[Ljava/net/NetworkInterface;" = get_all(): sys "interfaces";
    "getByName0" "(Ljava/lang/String;)Ljava/net/NetworkInterface;" = get_by_name(obj): sys "interfaces";
    "getByIndex0" "(I)Ljava/net/NetworkInterface;" = get_by_index(int): sys "interfaces";
    "getByInetAddress0" "(Ljava/net/InetAddress;)Ljava/net/NetworkInterface;" = get_by_address(obj): sys "interfaces";
    "boundInetAddress0" "(Ljava/net/InetAddress;)Z" = bound(obj): sys "interfaces";
    "isUp0" "(Ljava/lang/String;I)Z" = is_up(obj, int): sys "interfaces";
    "isLoopback0" "(Ljava/lang/String;I)Z" = is_loopback(obj, int): sys "interfaces";
    "isP2P0" "(Ljava/lang/String;I)Z" = is_p2p(obj, int): sys "interfaces";
    "supportsMulticast0" "(Ljava/lang/String;I)Z" = supports_multicast(obj, int): sys "interfaces";
    "getMacAddr0" "([BLjava/lang/String;I)[B" = get_mac_addr(obj, obj, int): sys "interfaces";
    "getMTU0" "(Ljava/lang/String;I)I" = get_mtu(obj, int): sys "interfaces";
} }

fn interfaces(env: &mut Env<'_>) -> JResult<Vec<Interface>> {
    let gate = &State::of(env).gate;
    env.blocking(|| gate.interfaces()).map_err(|e| errors::socket(env, &e))
}

/// Null is "none".
fn get_all<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let found = interfaces(env)?;
    if found.is_empty() {
        return Ok(Local::NULL);
    }
    new_array(env, &found, Local::NULL)
}

/// The interface that `wanted` picks; null if none.
fn first<'s>(env: &mut Env<'s>, wanted: impl Fn(&Interface) -> bool) -> JResult<Local<'s>> {
    let found = interfaces(env)?;
    match found.iter().find(|i| wanted(i)) {
        Some(interface) => new_interface(env, interface, Local::NULL),
        None => Ok(Local::NULL),
    }
}

fn get_by_name<'s>(env: &mut Env<'s>, name: Local<'s>) -> JResult<Local<'s>> {
    if env.is_null(name) {
        return Err(env.throw("java/lang/NullPointerException", "network interface name is NULL"));
    }
    let name = env.string(name);
    let found = interfaces(env)?;
    if let Some(child) = found.iter().flat_map(|i| &i.children).find(|c| c.name == name) {
        return new_interface(env, child, Local::NULL);
    }
    first(env, |i| i.name == name)
}

fn get_by_index<'s>(env: &mut Env<'s>, index: i32) -> JResult<Local<'s>> {
    let index = u32::try_from(index).unwrap_or(0);
    first(env, |i| index != 0 && i.index == index)
}

fn get_by_address<'s>(env: &mut Env<'s>, wanted: Local<'s>) -> JResult<Local<'s>> {
    let ip = address::read(env, wanted)?.ip;
    first(env, |i| i.addresses.iter().any(|a| a.ip == ip))
}

fn bound(env: &mut Env<'_>, wanted: Local<'_>) -> JResult<bool> {
    let ip = address::read(env, wanted)?.ip;
    Ok(interfaces(env)?.iter().any(|i| i.addresses.iter().any(|a| a.ip == ip)))
}

// ---- what one is like ------------------------------------------------------------------------------------------------

fn flags(env: &mut Env<'_>, name: Local<'_>) -> JResult<Flags> {
    let name = name_of(env, name)?;
    let gate = &State::of(env).gate;
    env.blocking(|| gate.interface_flags(&name)).map_err(|e| errors::socket(env, &e))
}

fn name_of(env: &mut Env<'_>, name: Local<'_>) -> JResult<String> {
    if env.is_null(name) {
        return Err(env.throw("java/lang/NullPointerException", "network interface name is NULL"));
    }
    Ok(env.string(name))
}

fn is_up(env: &mut Env<'_>, name: Local<'_>, _index: i32) -> JResult<bool> {
    Ok(flags(env, name)?.is_up())
}

fn is_loopback(env: &mut Env<'_>, name: Local<'_>, _index: i32) -> JResult<bool> {
    Ok(flags(env, name)?.is_loopback())
}

fn is_p2p(env: &mut Env<'_>, name: Local<'_>, _index: i32) -> JResult<bool> {
    Ok(flags(env, name)?.is_point_to_point())
}

fn supports_multicast(env: &mut Env<'_>, name: Local<'_>, _index: i32) -> JResult<bool> {
    Ok(flags(env, name)?.has_multicast())
}

fn get_mtu(env: &mut Env<'_>, name: Local<'_>, _index: i32) -> JResult<i32> {
    let name = name_of(env, name)?;
    let gate = &State::of(env).gate;
    env.blocking(|| gate.interface_mtu(&name)).map_err(|e| errors::socket(env, &e))
}

fn get_mac_addr<'s>(
    env: &mut Env<'s>,
    _address: Local<'s>,
    name: Local<'s>,
    _index: i32,
) -> JResult<Local<'s>> {
    let name = name_of(env, name)?;
    let gate = &State::of(env).gate;
    match env.blocking(|| gate.interface_hardware(&name)).map_err(|e| errors::socket(env, &e))? {
        Some(bytes) => env.new_byte_array(&bytes),
        None => Ok(Local::NULL),
    }
}

// ---- objects ---------------------------------------------------------------------------------------------------------

fn class(env: &mut Env<'_>, name: &str) -> JResult<ClassId> {
    let class = env.boot_class(name)?;
    env.initialize(class)?;
    Ok(class)
}

fn new_array<'s>(env: &mut Env<'s>, list: &[Interface], parent: Local<'s>) -> JResult<Local<'s>> {
    let class = class(env, "java/net/NetworkInterface")?;
    let array = env.new_ref_array(class, list.len())?;
    for (i, interface) in list.iter().enumerate() {
        env.scope(|env| {
            let parent = env.local(env.raw(parent));
            let object = new_interface(env, interface, parent)?;
            env.set_elem(array, i, object);
            Ok(())
        })?;
    }
    Ok(array)
}

/// A new object with its addresses and children. One with a parent is virtual.
fn new_interface<'s>(env: &mut Env<'s>, interface: &Interface, parent: Local<'s>) -> JResult<Local<'s>> {
    let class = class(env, "java/net/NetworkInterface")?;
    let object = env.alloc(class)?;
    let fields = State::of(env).fields.network_interface.get(env)?;
    let [name, display_name, index, addresses, bindings, children, parent_at, is_virtual] = fields;
    let text = env.new_string(&interface.name)?;
    env.set_ref(object, name, text);
    env.set_ref(object, display_name, text);
    env.set(object, index, interface.index as i32);
    if !env.is_null(parent) {
        env.set_ref(object, parent_at, parent);
        env.set(object, is_virtual, true);
    }
    let (address_class, binding_class) =
        (self::class(env, "java/net/InetAddress")?, self::class(env, "java/net/InterfaceAddress")?);
    let address_array = env.new_ref_array(address_class, interface.addresses.len())?;
    let binding_array = env.new_ref_array(binding_class, interface.addresses.len())?;
    for (i, assigned) in interface.addresses.iter().enumerate() {
        env.scope(|env| {
            let owner = env.local(env.raw(object));
            let address = new_address(env, assigned, interface.index, owner)?;
            env.set_elem(address_array, i, address);
            let binding = new_binding(env, assigned, address)?;
            env.set_elem(binding_array, i, binding);
            Ok(())
        })?;
    }
    env.set_ref(object, addresses, address_array);
    env.set_ref(object, bindings, binding_array);
    let list = new_array(env, &interface.children, object)?;
    env.set_ref(object, children, list);
    Ok(object)
}

/// IPv6 addresses of an interface name it as their scope.
fn new_address<'s>(
    env: &mut Env<'s>,
    assigned: &Assigned,
    index: u32,
    owner: Local<'s>,
) -> JResult<Local<'s>> {
    let address = address::new(env, Local::NULL, assigned.ip, 0)?;
    if assigned.ip.is_ipv6() {
        let [holder6] = State::of(env).fields.inet6_address.get(env)?;
        let fields = State::of(env).fields.inet6_address_holder.get(env)?;
        let [_, scope, scope_set, name, name_set] = fields;
        let holder = env.get_ref(address, holder6);
        env.set(holder, scope, index as i32);
        env.set(holder, scope_set, true);
        env.set_ref(holder, name, owner);
        env.set(holder, name_set, true);
    }
    Ok(address)
}

fn new_binding<'s>(env: &mut Env<'s>, assigned: &Assigned, address: Local<'s>) -> JResult<Local<'s>> {
    let class = class(env, "java/net/InterfaceAddress")?;
    let binding = env.alloc(class)?;
    let [address_at, broadcast_at, mask] = State::of(env).fields.interface_address.get(env)?;
    env.set_ref(binding, address_at, address);
    env.set(binding, mask, assigned.prefix_length);
    if let Some(broadcast) = assigned.broadcast {
        let broadcast = address::new(env, Local::NULL, broadcast.into(), 0)?;
        env.set_ref(binding, broadcast_at, broadcast);
    }
    Ok(binding)
}
