//! Between the kernel's addresses and java.net's objects.
//!
//! An IPv4 address in IPv6 form becomes an Inet4Address, as everywhere in the library.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};

use carafe_vm::env::{Env, JResult, Local, Value};

use crate::state::State;

/// java.net.InetAddress.IPv4.
const FAMILY_V4: i32 = 1;

/// What an InetAddress object says, with the scope of an IPv6 address (0: none).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Inet {
    pub(crate) ip: IpAddr,
    pub(crate) scope: u32,
}

/// Reads an InetAddress. Null is a NullPointerException.
pub(crate) fn read(env: &mut Env<'_>, address: Local<'_>) -> JResult<Inet> {
    if env.is_null(address) {
        return Err(env.throw_npe());
    }
    let [holder] = State::of(env).fields.inet_address.get(env)?;
    let holder = env.get_ref(address, holder);
    let [number, family] = State::of(env).fields.inet_address_holder.get(env)?;
    if env.is_null(holder) {
        return Err(env.throw_npe());
    }
    if env.get::<i32>(holder, family) == FAMILY_V4 {
        let ip = Ipv4Addr::from(env.get::<i32>(holder, number) as u32);
        return Ok(Inet { ip: ip.into(), scope: 0 });
    }
    let class = env.boot_class("java/net/Inet6Address")?;
    if !env.instance_of(address, class) {
        return Err(env.throw_illegal_argument("unknown kind of address"));
    }
    let [holder6] = State::of(env).fields.inet6_address.get(env)?;
    let holder6 = env.get_ref(address, holder6);
    let fields = State::of(env).fields.inet6_address_holder.get(env)?;
    let [bytes_at, scope_at, ..] = fields;
    let mut bytes = [0; 16];
    if env.is_null(holder6) {
        return Err(env.throw_npe());
    }
    let array = env.get_ref(holder6, bytes_at);
    if env.is_null(array) || env.array_len(array) != bytes.len() {
        return Err(env.throw_illegal_argument("unknown kind of address"));
    }
    env.read_bytes(array, 0, &mut bytes);
    Ok(Inet { ip: Ipv6Addr::from(bytes).into(), scope: env.get::<i32>(holder6, scope_at) as u32 })
}

/// Reads an address from bytes as InetAddress.getAddress gives them.
pub(crate) fn of_bytes(env: &mut Env<'_>, array: Local<'_>) -> JResult<IpAddr> {
    if env.is_null(array) {
        return Err(env.throw_npe());
    }
    let bytes = if env.array_len(array) <= 16 { env.bytes(array) } else { Vec::new() };
    if let Ok(v4) = <[u8; 4]>::try_from(&bytes[..]) {
        return Ok(v4.into());
    }
    match <[u8; 16]>::try_from(&bytes[..]) {
        Ok(v6) => Ok(v6.into()),
        Err(_) => Err(env.throw_illegal_argument("unknown kind of address")),
    }
}

impl Inet {
    /// With a port, in the family of a socket: IPv6 sockets take IPv4 addresses in IPv6 form. None if it cannot be said
    /// in that family.
    pub(crate) fn with_port(self, port: u16, ipv6: bool) -> Option<SocketAddr> {
        let ip = match (self.ip, ipv6) {
            (IpAddr::V4(ip), false) => return Some(SocketAddr::new(ip.into(), port)),
            (IpAddr::V6(_), false) => return None,
            // Any address of the one family is any of the other.
            (IpAddr::V4(Ipv4Addr::UNSPECIFIED), true) => Ipv6Addr::UNSPECIFIED,
            (IpAddr::V4(ip), true) => ip.to_ipv6_mapped(),
            (IpAddr::V6(ip), true) => ip,
        };
        Some(SocketAddrV6::new(ip, port, 0, self.scope).into())
    }
}

/// The scope of an address that came from the kernel.
pub(crate) fn scope_of(address: SocketAddr) -> u32 {
    match address {
        SocketAddr::V4(_) => 0,
        SocketAddr::V6(v6) => v6.scope_id(),
    }
}

/// A new InetAddress, with a host's name or null.
pub(crate) fn new<'s>(env: &mut Env<'s>, host: Local<'s>, ip: IpAddr, scope: u32) -> JResult<Local<'s>> {
    env.scope_ref(|env| {
        let host = env.local(env.raw(host));
        match ip.to_canonical() {
            IpAddr::V4(ip) => {
                let class = env.boot_class("java/net/Inet4Address")?;
                let number = Value::Int(u32::from(ip) as i32);
                env.new_object(class, "(Ljava/lang/String;I)V", &[Value::Ref(host), number])
            }
            IpAddr::V6(ip) => {
                let class = env.boot_class("java/net/Inet6Address")?;
                let bytes = env.new_byte_array(&ip.octets())?;
                let (host, bytes) = (Value::Ref(host), Value::Ref(bytes));
                match scope {
                    0 => env.new_object(class, "(Ljava/lang/String;[B)V", &[host, bytes]),
                    _ => {
                        let scope = Value::Int(scope as i32);
                        env.new_object(class, "(Ljava/lang/String;[BI)V", &[host, bytes, scope])
                    }
                }
            }
        }
    })
}

/// A new InetSocketAddress.
pub(crate) fn new_socket_address<'s>(env: &mut Env<'s>, address: SocketAddr) -> JResult<Local<'s>> {
    env.scope_ref(|env| {
        let inet = new(env, Local::NULL, address.ip(), scope_of(address))?;
        let class = env.boot_class("java/net/InetSocketAddress")?;
        let arguments = [Value::Ref(inet), Value::Int(i32::from(address.port()))];
        env.new_object(class, "(Ljava/net/InetAddress;I)V", &arguments)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_take_the_form_of_the_socket() {
        let inet = |text: &str, scope| Inet { ip: text.parse().unwrap(), scope };
        let say = |inet: Inet, ipv6| inet.with_port(80, ipv6).map(|a| a.to_string());
        assert_eq!(say(inet("10.0.0.1", 0), false).unwrap(), "10.0.0.1:80");
        assert_eq!(say(inet("10.0.0.1", 0), true).unwrap(), "[::ffff:10.0.0.1]:80");
        assert_eq!(say(inet("0.0.0.0", 0), true).unwrap(), "[::]:80");
        assert_eq!(say(inet("fe80::1", 3), true).unwrap(), "[fe80::1%3]:80");
        assert_eq!(say(inet("::1", 0), false), None);
    }
}
