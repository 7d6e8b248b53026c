//! Network interfaces of the machine: names, addresses and how they work.
//!
//! They tell one machine from another, so they are system information that must be granted; whoever may not see them sees
//! a machine without any. They come in the order in which the JDK lists them.

use std::ffi::CStr;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::fd::{AsFd, AsRawFd};

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketType, netdevice};

use super::socket::last_error;
use crate::gate::handles::Handle;
use crate::gate::{Failure, Gate, Outcome, Request};

/// One interface, or one name under which some of its addresses stand (`eth0:1`).
#[derive(Clone, Debug, Default)]
pub struct Interface {
    pub name: String,
    pub index: u32,
    pub addresses: Vec<Assigned>,
    pub children: Vec<Interface>,
}

/// An address that an interface has.
#[derive(Clone, Debug)]
pub struct Assigned {
    pub ip: IpAddr,
    pub broadcast: Option<Ipv4Addr>,
    pub prefix_length: i16,
}

/// How an interface works, as the kernel's flags say.
#[derive(Clone, Copy, Debug)]
pub struct Flags(i32);

impl Flags {
    pub fn is_up(self) -> bool {
        const UP: i32 = libc::IFF_UP | libc::IFF_RUNNING;
        self.0 & UP == UP
    }

    pub fn is_loopback(self) -> bool {
        self.0 & libc::IFF_LOOPBACK != 0
    }

    pub fn is_point_to_point(self) -> bool {
        self.0 & libc::IFF_POINTOPOINT != 0
    }

    pub fn has_multicast(self) -> bool {
        self.0 & libc::IFF_MULTICAST != 0
    }
}

/// Bytes of an Ethernet address.
pub type Hardware = [u8; 6];

impl Gate {
    /// All interfaces with addresses.
    pub fn interfaces(&self) -> Outcome<Vec<Interface>> {
        if !self.knows("interfaces") {
            return Ok(Vec::new());
        }
        let socket = self.socket(AddressFamily::INET, SocketType::DGRAM)?;
        let mut list: Vec<Interface> = Vec::new();
        for (name, assigned) in assigned_v4()? {
            add(&socket, &mut list, &name, assigned);
        }
        for (name, assigned) in assigned_v6() {
            add(&socket, &mut list, &name, assigned);
        }
        Ok(list)
    }

    pub fn interface_flags(&self, name: &str) -> Outcome<Flags> {
        let mut request = self.interface_request(name)?;
        self.interface_call(libc::SIOCGIFFLAGS, &mut request)?;
        // SAFETY: the call has filled in the flags; all members of the union are plain data.
        Ok(Flags(i32::from(unsafe { request.ifr_ifru.ifru_flags })))
    }

    pub fn interface_mtu(&self, name: &str) -> Outcome<i32> {
        let mut request = self.interface_request(name)?;
        self.interface_call(libc::SIOCGIFMTU, &mut request)?;
        // SAFETY: the call has filled in the size; all members of the union are plain data.
        Ok(unsafe { request.ifr_ifru.ifru_mtu })
    }

    /// None if there is none (an address of zeros is none).
    pub fn interface_hardware(&self, name: &str) -> Outcome<Option<Hardware>> {
        let mut request = self.interface_request(name)?;
        self.interface_call(libc::SIOCGIFHWADDR, &mut request)?;
        // SAFETY: the call has filled in the address; all members of the union are plain data.
        let data = unsafe { request.ifr_ifru.ifru_hwaddr.sa_data };
        let mut bytes = Hardware::default();
        for (byte, c) in bytes.iter_mut().zip(data) {
            *byte = c as u8;
        }
        Ok((bytes != Hardware::default()).then_some(bytes))
    }

    fn interface_request(&self, name: &str) -> Outcome<libc::ifreq> {
        self.check(Request::Sys("interfaces"))?;
        // SAFETY: the struct is integers and a pointer, for which zero is a value.
        let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
        if name.len() >= request.ifr_name.len() {
            return Err(Failure::Os(Errno::NODEV));
        }
        for (to, from) in request.ifr_name.iter_mut().zip(name.bytes()) {
            *to = from as libc::c_char;
        }
        Ok(request)
    }

    fn interface_call(&self, what: libc::Ioctl, request: &mut libc::ifreq) -> Outcome<()> {
        let socket = self.socket(AddressFamily::INET, SocketType::DGRAM)?;
        // SAFETY: these calls read the name in the struct and write to its union; the socket is open until after.
        let result = unsafe { libc::ioctl(socket.as_fd().as_raw_fd(), what, &raw mut *request) };
        if result == 0 { Ok(()) } else { Err(last_error().into()) }
    }
}

/// New interfaces go to the front, new addresses too: so do the JDK's.
fn add(socket: &Handle, list: &mut Vec<Interface>, label: &str, assigned: Assigned) {
    let name = label.split(':').next().unwrap_or(label);
    let at = match list.iter().position(|i| i.name == name) {
        Some(at) => at,
        None => {
            let index = netdevice::name_to_index(socket, name).unwrap_or(0);
            list.insert(0, Interface { name: name.to_owned(), index, ..Interface::default() });
            0
        }
    };
    let interface = &mut list[at];
    interface.addresses.insert(0, assigned.clone());
    if label != name {
        let index = interface.index;
        match interface.children.iter_mut().find(|c| c.name == label) {
            Some(child) => child.addresses.insert(0, assigned),
            None => interface.children.insert(
                0,
                Interface { name: label.to_owned(), index, addresses: vec![assigned], children: Vec::new() },
            ),
        }
    }
}

fn assigned_v4() -> Result<Vec<(String, Assigned)>, Errno> {
    let mut list = std::ptr::null_mut();
    // SAFETY: the list is written to a local of ours.
    if unsafe { libc::getifaddrs(&raw mut list) } != 0 {
        return Err(last_error());
    }
    let mut found = Vec::new();
    let mut at: *mut libc::ifaddrs = list;
    while !at.is_null() {
        // SAFETY: `at` is an entry of the list that getifaddrs made, which is not freed yet; its name ends in zero.
        let (entry, name) = unsafe { (&*at, CStr::from_ptr((*at).ifa_name)) };
        if let Some(ip) = ipv4_at(entry.ifa_addr) {
            let mask = ipv4_at(entry.ifa_netmask).unwrap_or(Ipv4Addr::BROADCAST);
            let flags = entry.ifa_flags as i32;
            let broadcast = if flags & libc::IFF_BROADCAST != 0 { ipv4_at(entry.ifa_ifu) } else { None };
            let prefix_length = u32::from(mask).leading_ones() as i16;
            let assigned = Assigned { ip: ip.into(), broadcast, prefix_length };
            found.push((name.to_string_lossy().into_owned(), assigned));
        }
        at = entry.ifa_next;
    }
    // SAFETY: the list came from getifaddrs, and nothing of it is used after this.
    unsafe { libc::freeifaddrs(list) };
    Ok(found)
}

/// The IPv4 address in a socket address of the list of getifaddrs.
fn ipv4_at(address: *const libc::sockaddr) -> Option<Ipv4Addr> {
    if address.is_null() {
        return None;
    }
    // SAFETY: the callers pass pointers of a list of getifaddrs that is not freed yet; the family says what is there.
    unsafe {
        if i32::from((*address).sa_family) != libc::AF_INET {
            return None;
        }
        Some(Ipv4Addr::from(u32::from_be((*address.cast::<libc::sockaddr_in>()).sin_addr.s_addr)))
    }
}

fn assigned_v6() -> Vec<(String, Assigned)> {
    let table = std::fs::read_to_string("/proc/net/if_inet6").unwrap_or_default();
    table.lines().filter_map(parse_v6).collect()
}

/// Lines of `ADDRESS INDEX PREFIX SCOPE FLAGS NAME`, numbers in hexadecimal.
fn parse_v6(line: &str) -> Option<(String, Assigned)> {
    let mut words = line.split_whitespace();
    let ip = Ipv6Addr::from(u128::from_str_radix(words.next()?, 16).ok()?);
    let prefix_length = i16::from_str_radix(words.nth(1)?, 16).ok()?;
    let name = words.nth(2)?.to_owned();
    Some((name, Assigned { ip: ip.into(), broadcast: None, prefix_length }))
}

pub(super) fn any_ipv6() -> bool {
    !assigned_v6().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Grants;

    #[test]
    fn the_loopback_interface_is_found_and_hidden() {
        let gate = Gate::new(Grants::everything());
        let list = gate.interfaces().unwrap();
        let lo = list.iter().find(|i| i.name == "lo").unwrap();
        assert!(lo.addresses.iter().any(|a| a.ip == IpAddr::V4(Ipv4Addr::LOCALHOST) && a.prefix_length == 8));
        assert!(gate.interface_flags("lo").unwrap().is_loopback());
        assert!(gate.interface_mtu("lo").unwrap() > 1000);
        assert_eq!(gate.interface_hardware("lo").unwrap(), None);
        assert!(gate.interface_flags("a-name-that-is-too-long").is_err());
        let gate = Gate::new(Grants::nothing());
        assert!(gate.interfaces().unwrap().is_empty());
        assert!(gate.interface_flags("lo").is_err());
    }

    #[test]
    fn the_kernels_table_of_ipv6_is_read() {
        let (name, assigned) = parse_v6("fe8000000000000000fc00fffe000001 04 40 20 80     eth0").unwrap();
        assert_eq!((name.as_str(), assigned.prefix_length), ("eth0", 64));
        assert_eq!(assigned.ip.to_string(), "fe80::fc:ff:fe00:1");
        assert!(parse_v6("nothing of the kind").is_none());
    }
}
