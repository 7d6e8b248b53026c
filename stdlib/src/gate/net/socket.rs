//! Operations on sockets that are open already. Holding a handle is the right to use it, so nothing here asks the grants.
//!
//! Options are numbers of the kernel, of which Java code may name those in [`OPTIONS`] and no others.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::fd::{AsFd, AsRawFd};
use std::time::Duration;

use rustix::buffer::spare_capacity;
use rustix::event::{PollFd, PollFlags, epoll, poll};
use rustix::fs::FileType;
use rustix::io::{Errno, retry_on_intr};
use rustix::net::{
    self, AddressFamily, RecvFlags, SendFlags, Shutdown, SocketAddrAny, SocketAddrUnix, SocketFlags,
};

use crate::gate::file::timespec;
use crate::gate::handles::Handle;

type Result<T> = std::result::Result<T, Errno>;

/// The largest datagram that is sent or received.
pub const DATAGRAM_MAX: usize = 1 << 16;

/// An address that a socket has or another end has.
#[derive(Clone, Debug)]
pub enum Address {
    Ip(SocketAddr),
    /// A path; empty for a socket without a name.
    Unix(Vec<u8>),
    Unknown,
}

impl Address {
    pub fn ip(self) -> Option<SocketAddr> {
        match self {
            Address::Ip(address) => Some(address),
            Address::Unix(_) | Address::Unknown => None,
        }
    }
}

fn address_of(any: Option<SocketAddrAny>) -> Address {
    let Some(any) = any else { return Address::Unknown };
    match any.address_family() {
        AddressFamily::INET | AddressFamily::INET6 => {
            SocketAddr::try_from(any).map_or(Address::Unknown, Address::Ip)
        }
        AddressFamily::UNIX => match SocketAddrUnix::try_from(any) {
            Ok(unix) => Address::Unix(unix.path_bytes().unwrap_or_default().to_vec()),
            Err(_) => Address::Unknown,
        },
        _ => Address::Unknown,
    }
}

/// (level, name) of the options that Java code may set and read as numbers.
const OPTIONS: &[(i32, i32)] = &[
    (libc::SOL_SOCKET, libc::SO_BROADCAST),
    (libc::SOL_SOCKET, libc::SO_KEEPALIVE),
    (libc::SOL_SOCKET, libc::SO_LINGER),
    (libc::SOL_SOCKET, libc::SO_SNDBUF),
    (libc::SOL_SOCKET, libc::SO_RCVBUF),
    (libc::SOL_SOCKET, libc::SO_REUSEADDR),
    (libc::SOL_SOCKET, libc::SO_REUSEPORT),
    (libc::SOL_SOCKET, libc::SO_OOBINLINE),
    (libc::SOL_SOCKET, libc::SO_INCOMING_NAPI_ID),
    (libc::IPPROTO_TCP, libc::TCP_NODELAY),
    (libc::IPPROTO_TCP, libc::TCP_KEEPIDLE),
    (libc::IPPROTO_TCP, libc::TCP_KEEPINTVL),
    (libc::IPPROTO_TCP, libc::TCP_KEEPCNT),
    (libc::IPPROTO_TCP, libc::TCP_QUICKACK),
    (libc::IPPROTO_IP, libc::IP_TOS),
    (libc::IPPROTO_IP, libc::IP_MULTICAST_IF),
    (libc::IPPROTO_IP, libc::IP_MULTICAST_TTL),
    (libc::IPPROTO_IP, libc::IP_MULTICAST_LOOP),
    (libc::IPPROTO_IP, libc::IP_MULTICAST_ALL),
    (libc::IPPROTO_IP, libc::IP_MTU_DISCOVER),
    (libc::IPPROTO_IPV6, libc::IPV6_TCLASS),
    (libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_IF),
    (libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_HOPS),
    (libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_LOOP),
    (libc::IPPROTO_IPV6, IPV6_MULTICAST_ALL),
    (libc::IPPROTO_IPV6, libc::IPV6_MTU_DISCOVER),
];

/// linux/in6.h; not in the libc crate.
pub const IPV6_MULTICAST_ALL: i32 = 29;

/// What a membership is: a group, perhaps what one sender sends to it, on one interface.
#[derive(Clone, Copy, Debug)]
pub enum Membership {
    V4 { group: Ipv4Addr, interface: Ipv4Addr, source: Option<Ipv4Addr> },
    V6 { group: std::net::Ipv6Addr, interface: u32, source: Option<std::net::Ipv6Addr> },
}

impl Membership {
    pub fn group(&self) -> IpAddr {
        match *self {
            Membership::V4 { group, .. } => group.into(),
            Membership::V6 { group, .. } => group.into(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Join,
    Leave,
    Block,
    Unblock,
}

impl Handle {
    /// The next connection that waits, and who it is from.
    pub fn accept(&self) -> Result<(Handle, Address)> {
        loop {
            match net::acceptfrom_with(self, SocketFlags::CLOEXEC | SocketFlags::NONBLOCK) {
                Ok((fd, from)) => return Ok((Handle::patient(fd), address_of(from))),
                // Who called has hung up; a signal came.
                Err(Errno::CONNABORTED | Errno::INTR) => {}
                Err(errno) => return Err(errno),
            }
        }
    }

    /// What is there, at most `limit` bytes; nothing means the end of a stream.
    pub fn receive(&self, limit: usize) -> Result<Vec<u8>> {
        if self.kind() != FileType::Socket {
            return self.read_some(limit);
        }
        let mut bytes = Vec::with_capacity(limit);
        retry_on_intr(|| net::recv(self, spare_capacity(&mut bytes), RecvFlags::DONTWAIT))?;
        Ok(bytes)
    }

    /// One datagram, at most `limit` bytes of it, and who sent it.
    pub fn receive_from(&self, limit: usize) -> Result<(Vec<u8>, Address)> {
        let mut bytes = Vec::with_capacity(limit.min(DATAGRAM_MAX));
        let (_, _, from) =
            retry_on_intr(|| net::recvfrom(self, spare_capacity(&mut bytes), RecvFlags::DONTWAIT))?;
        Ok((bytes, address_of(from)))
    }

    /// As much as there is room for.
    pub fn send(&self, bytes: &[u8]) -> Result<usize> {
        if self.kind() != FileType::Socket {
            return self.write(bytes);
        }
        retry_on_intr(|| net::send(self, bytes, SendFlags::DONTWAIT | SendFlags::NOSIGNAL))
    }

    /// One byte out of the order of the others.
    pub fn send_urgent(&self, byte: u8) -> Result<usize> {
        retry_on_intr(|| net::send(self, &[byte], SendFlags::OOB | SendFlags::DONTWAIT | SendFlags::NOSIGNAL))
    }

    pub fn shutdown(&self, how: Shutdown) -> Result<()> {
        net::shutdown(self, how)
    }

    /// A datagram socket talks to anybody again.
    pub fn disconnect(&self) -> Result<()> {
        net::connect_unspec(self)
    }

    pub fn name(&self) -> Result<Address> {
        net::getsockname(self).map(|any| address_of(Some(any)))
    }

    pub fn peer(&self) -> Result<Address> {
        net::getpeername(self).map(address_of)
    }

    /// None for a socket that is not of the internet.
    pub fn local_address(&self) -> Result<Option<SocketAddr>> {
        self.name().map(Address::ip)
    }

    /// What became of a connection that was begun: the error is taken from the socket.
    pub fn connection_result(&self) -> Result<()> {
        net::sockopt::socket_error(self)?
    }

    /// The events that there are now or come in time; none if the time is over.
    pub fn poll_events(&self, events: PollFlags, timeout: Option<Duration>) -> Result<PollFlags> {
        let timeout = timeout.map(timespec);
        let mut fds = [PollFd::new(self, events)];
        retry_on_intr(|| poll(&mut fds, timeout.as_ref()))?;
        Ok(fds[0].revents())
    }

    pub fn socket_type(&self) -> Result<net::SocketType> {
        net::sockopt::socket_type(self)
    }

    /// User and group of the process at the other end of a socket in the file system.
    pub fn peer_credentials(&self) -> Result<(u32, u32)> {
        let credentials = net::sockopt::socket_peercred(self)?;
        Ok((credentials.uid.as_raw(), credentials.gid.as_raw()))
    }

    /// A socket for IPv6 talks IPv4 too.
    pub fn take_ipv4_too(&self) -> Result<()> {
        net::sockopt::set_ipv6_v6only(self, false)
    }

    /// An address that connections of the past still hold can be bound.
    pub fn reuse_address(&self) -> Result<()> {
        net::sockopt::set_socket_reuseaddr(self, true)
    }

    // ---- options -----------------------------------------------------------------------------------------------------

    pub fn set_option(&self, level: i32, name: i32, value: &[i32]) -> Result<()> {
        if !OPTIONS.contains(&(level, name)) {
            return Err(Errno::NOPROTOOPT);
        }
        let bytes: Vec<u8> = value.iter().flat_map(|n| n.to_ne_bytes()).collect();
        self.set_raw(level, name, &bytes)
    }

    /// The numbers that an option consists of; how many is the length of `out`.
    pub fn option<const N: usize>(&self, level: i32, name: i32) -> Result<[i32; N]> {
        if !OPTIONS.contains(&(level, name)) {
            return Err(Errno::NOPROTOOPT);
        }
        let mut out = [0_i32; N];
        let mut length = size_of_val(&out) as libc::socklen_t;
        // SAFETY: the kernel writes at most `length` bytes to `out`, which has as many; the descriptor is open as long
        // as `self`.
        let result = unsafe {
            let fd = self.as_fd().as_raw_fd();
            libc::getsockopt(fd, level, name, out.as_mut_ptr().cast(), &raw mut length)
        };
        // An option of one byte fills the low one.
        if result == 0 { Ok(out.map(i32::from_le)) } else { Err(last_error()) }
    }

    pub fn change_membership(&self, change: Change, membership: Membership) -> Result<()> {
        match membership {
            Membership::V4 { group, interface, source: None } => {
                let name = match change {
                    Change::Join => libc::IP_ADD_MEMBERSHIP,
                    Change::Leave => libc::IP_DROP_MEMBERSHIP,
                    Change::Block | Change::Unblock => return Err(Errno::INVAL),
                };
                self.set_raw(libc::IPPROTO_IP, name, &[group.octets(), interface.octets()].concat())
            }
            Membership::V4 { group, interface, source: Some(source) } => {
                let name = match change {
                    Change::Join => libc::IP_ADD_SOURCE_MEMBERSHIP,
                    Change::Leave => libc::IP_DROP_SOURCE_MEMBERSHIP,
                    Change::Block => libc::IP_BLOCK_SOURCE,
                    Change::Unblock => libc::IP_UNBLOCK_SOURCE,
                };
                let request = [group.octets(), interface.octets(), source.octets()].concat();
                self.set_raw(libc::IPPROTO_IP, name, &request)
            }
            Membership::V6 { group, interface, source: None } => {
                let name = match change {
                    Change::Join => libc::IPV6_ADD_MEMBERSHIP,
                    Change::Leave => libc::IPV6_DROP_MEMBERSHIP,
                    Change::Block | Change::Unblock => return Err(Errno::INVAL),
                };
                let mut request = group.octets().to_vec();
                request.extend(interface.to_ne_bytes());
                self.set_raw(libc::IPPROTO_IPV6, name, &request)
            }
            Membership::V6 { group, interface, source: Some(source) } => {
                // linux/in.h: MCAST_BLOCK_SOURCE and its neighbours.
                let name = match change {
                    Change::Block => 43,
                    Change::Unblock => 44,
                    Change::Join => 46,
                    Change::Leave => 47,
                };
                // struct group_source_req: an index, and two addresses in fields for the largest ones there are.
                const STORAGE_BYTES: usize = 128;
                let mut request = vec![0; 8 + 2 * STORAGE_BYTES];
                request[..4].copy_from_slice(&interface.to_ne_bytes());
                for (at, ip) in [(8, group), (8 + STORAGE_BYTES, source)] {
                    let address = encode(SocketAddr::new(ip.into(), 0));
                    request[at..at + address.len()].copy_from_slice(&address);
                }
                self.set_raw(libc::IPPROTO_IPV6, name, &request)
            }
        }
    }

    fn set_raw(&self, level: i32, name: i32, value: &[u8]) -> Result<()> {
        // SAFETY: the kernel reads `value.len()` bytes there; the descriptor is open as long as `self`.
        let result = unsafe {
            let fd = self.as_fd().as_raw_fd();
            libc::setsockopt(fd, level, name, value.as_ptr().cast(), value.len() as libc::socklen_t)
        };
        if result == 0 { Ok(()) } else { Err(last_error()) }
    }

    // ---- readiness of many -------------------------------------------------------------------------------------------

    pub fn epoll() -> Result<Handle> {
        Ok(Handle::new(epoll::create(epoll::CreateFlags::CLOEXEC)?, None))
    }

    /// Watches `target` for events, which will carry `data`.
    pub fn epoll_add(&self, target: &Handle, data: u64, events: u32) -> Result<()> {
        epoll::add(self, target, epoll::EventData::new_u64(data), epoll::EventFlags::from_bits_retain(events))
    }

    pub fn epoll_modify(&self, target: &Handle, data: u64, events: u32) -> Result<()> {
        epoll::modify(
            self,
            target,
            epoll::EventData::new_u64(data),
            epoll::EventFlags::from_bits_retain(events),
        )
    }

    pub fn epoll_delete(&self, target: &Handle) -> Result<()> {
        epoll::delete(self, target)
    }

    /// The events that there are now, at most `limit`: flags and data of each.
    pub fn epoll_take(&self, limit: usize) -> Result<Vec<(u32, u64)>> {
        let mut events = Vec::with_capacity(limit);
        let now = timespec(Duration::ZERO);
        retry_on_intr(|| epoll::wait(self, spare_capacity(&mut events), Some(&now)))?;
        Ok(events.iter().map(|e| ({ e.flags }.bits(), { e.data }.u64())).collect())
    }
}

/// Waits until one of several is ready or the event is: what each is ready for.
pub fn poll_many(
    handles: &[(&Handle, PollFlags)],
    event: Option<&Handle>,
    timeout: Option<Duration>,
) -> Result<Vec<PollFlags>> {
    let timeout = timeout.map(timespec);
    let mut fds: Vec<PollFd<'_>> =
        handles.iter().map(|(handle, events)| PollFd::new(*handle, *events)).collect();
    if let Some(event) = event {
        fds.push(PollFd::new(event, PollFlags::IN));
    }
    retry_on_intr(|| poll(&mut fds, timeout.as_ref()))?;
    Ok(fds.iter().take(handles.len()).map(PollFd::revents).collect())
}

/// An address as the kernel has it in memory (struct sockaddr_in, sockaddr_in6), which Java code reads and writes.
pub fn encode(address: SocketAddr) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(28);
    match address {
        SocketAddr::V4(v4) => {
            bytes.extend((libc::AF_INET as u16).to_ne_bytes());
            bytes.extend(v4.port().to_be_bytes());
            bytes.extend(v4.ip().octets());
            bytes.extend([0; 8]);
        }
        SocketAddr::V6(v6) => {
            bytes.extend((libc::AF_INET6 as u16).to_ne_bytes());
            bytes.extend(v6.port().to_be_bytes());
            bytes.extend(v6.flowinfo().to_ne_bytes());
            bytes.extend(v6.ip().octets());
            bytes.extend(v6.scope_id().to_ne_bytes());
        }
    }
    bytes
}

/// The reverse; None for another family, or too few bytes.
pub fn decode(bytes: &[u8]) -> Option<SocketAddr> {
    let family = u16::from_ne_bytes(*bytes.first_chunk()?);
    let port = u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?);
    match i32::from(family) {
        libc::AF_INET => {
            let ip: [u8; 4] = *bytes.get(4..)?.first_chunk()?;
            Some(SocketAddr::new(ip.into(), port))
        }
        libc::AF_INET6 => {
            let flow = u32::from_ne_bytes(*bytes.get(4..)?.first_chunk()?);
            let ip: [u8; 16] = *bytes.get(8..)?.first_chunk()?;
            let scope = u32::from_ne_bytes(*bytes.get(24..)?.first_chunk()?);
            Some(std::net::SocketAddrV6::new(ip.into(), port, flow, scope).into())
        }
        _ => None,
    }
}

pub(super) fn last_error() -> Errno {
    Errno::from_raw_os_error(std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_survive_the_kernels_form() {
        for text in ["127.0.0.1:80", "[::1]:8080", "[fe80::1%7]:1"] {
            let address: SocketAddr = text.parse().unwrap();
            assert_eq!(decode(&encode(address)), Some(address));
        }
        assert_eq!(decode(&[0; 28]), None);
        assert_eq!(decode(&encode("[::1]:1".parse().unwrap())[..27]), None);
        assert_eq!(decode(&[]), None);
    }

    #[test]
    fn only_listed_options_reach_the_kernel() {
        let (a, _b) = Handle::connected_pair().unwrap();
        assert_eq!(a.set_option(libc::SOL_SOCKET, libc::SO_ATTACH_FILTER, &[0]), Err(Errno::NOPROTOOPT));
        assert_eq!(a.option::<1>(libc::SOL_SOCKET, libc::SO_PEERCRED), Err(Errno::NOPROTOOPT));
        a.set_option(libc::SOL_SOCKET, libc::SO_KEEPALIVE, &[1]).unwrap();
        assert_eq!(a.option(libc::SOL_SOCKET, libc::SO_KEEPALIVE), Ok([1]));
    }
}
