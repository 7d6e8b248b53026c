//! Sockets: who may be talked to and listened for, and every system call on them.
//!
//! Making a socket reaches nobody and is not asked for, except that one for datagrams needs any grant for the network at all.
//! Connecting, sending to an address and joining a group are
//! connections to it; binding is listening; a name is looked up only if it may be. A socket that is connected or bound is
//! a capability like every open file. Invariant: no socket made here ever waits in the kernel (see
//! [`Handle::patient`]), so every wait can be woken.
//!
//! An address is judged by its own text, and by the names under which this gate has found it: what Java code says that
//! an address is called counts for nothing.
//!
//! Deliberately not here: raw sockets, and thereby ICMP.

pub mod interfaces;
pub mod names;
pub mod socket;

use std::net::{IpAddr, SocketAddr};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::io::{Errno, retry_on_intr};
use rustix::net::{self, AddressFamily, SendFlags, SocketAddrUnix, SocketFlags, SocketType};

use super::fs::{At, Links};
use super::handles::Handle;
use super::{Denied, Failure, Gate, Kind, Outcome, Request};

/// How far a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connected {
    Now,
    /// The socket gets ready for writing when it is connected or has failed.
    Later,
}

const FLAGS: SocketFlags = SocketFlags::CLOEXEC.union(SocketFlags::NONBLOCK);

impl Gate {
    pub fn socket(&self, family: AddressFamily, kind: SocketType) -> Outcome<Handle> {
        // By those anybody could be sent something without a connection, so they are nothing that is harmless by itself.
        if kind == SocketType::DGRAM && family != AddressFamily::UNIX && !self.talks() {
            let (resource, flag) = ("a datagram socket".to_owned(), "--allow-net".to_owned());
            return Err(self.refuse(Kind::Net, Denied { resource, flag }).into());
        }
        Ok(Handle::patient(net::socket_with(family, kind, FLAGS, None)?))
    }

    /// Whether the program has anything to do with the network. To others the machine's network is the same everywhere.
    fn talks(&self) -> bool {
        super::needs::talks(&self.grants)
    }

    /// Whether the system has the family at all. IPv6 counts if some interface has an address of it. Those who talk to nobody
    /// are told the same everywhere: that there is one, so that they meet the refusal of what they try with it.
    pub fn has_family(&self, family: AddressFamily) -> bool {
        let made = || net::socket_with(family, SocketType::STREAM, FLAGS, None).is_ok();
        match family {
            AddressFamily::INET6 => !self.talks() || made() && interfaces::any_ipv6(),
            _ => made(),
        }
    }

    /// The ports that the kernel gives to sockets that ask for none, if it tells, and the program may use any.
    pub fn given_ports(&self) -> Option<(u16, u16)> {
        if !self.talks() {
            return None;
        }
        let text = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").ok()?;
        let mut numbers = text.split_whitespace().map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    }

    /// Begins a connection, or fixes whom a datagram socket talks to.
    pub fn connect(&self, socket: &Handle, to: SocketAddr) -> Outcome<Connected> {
        self.ask_connect(to)?;
        begun(retry_on_intr(|| net::connect(socket, &to)))
    }

    /// One datagram.
    pub fn send_to(&self, socket: &Handle, bytes: &[u8], to: SocketAddr) -> Outcome<usize> {
        self.ask_connect(to)?;
        Ok(retry_on_intr(|| net::sendto(socket, bytes, SendFlags::NOSIGNAL, &to))?)
    }

    /// Whether a group may be joined: that tells routers, and receives what members send.
    pub fn join(&self, group: IpAddr) -> Result<(), Denied> {
        self.ask_connect(SocketAddr::new(group, 0))
    }

    pub fn bind(&self, socket: &Handle, at: SocketAddr) -> Outcome<()> {
        self.ask_listen(at)?;
        // The broadcast address of the loopback network is not one to listen at.
        if matches!(at, SocketAddr::V4(v4) if v4.ip().octets()[0] == 127 && v4.ip().octets()[3] == 255) {
            return Err(Errno::ADDRNOTAVAIL.into());
        }
        net::bind(socket, &at)?;
        if at.port() == 0 {
            self.port_was_given(socket);
        }
        Ok(())
    }

    fn port_was_given(&self, socket: &Handle) {
        if let Some(lesson) = self.overseer.as_ref().and_then(|overseer| overseer.lesson())
            && let Ok(Some(at)) = socket.local_address()
        {
            lesson.given_port(at.port());
        }
    }

    /// Takes connections from now on. What is bound was asked for then; what is not is bound by the kernel now.
    pub fn listen(&self, socket: &Handle, backlog: i32) -> Outcome<()> {
        if let Some(at) = socket.local_address()?
            && at.port() == 0
        {
            self.ask_listen(at)?;
            net::listen(socket, backlog)?;
            self.port_was_given(socket);
            return Ok(());
        }
        Ok(net::listen(socket, backlog)?)
    }

    /// Begins a connection to a socket in the file system: it is both read and written.
    pub fn connect_unix(&self, socket: &Handle, path: &Path) -> Outcome<Connected> {
        let at = At::new(path.as_os_str().as_bytes());
        self.readable(at, Links::Follow)?;
        let reached = self.writable(at, Links::Follow)?;
        let address = SocketAddrUnix::new(reached.whole_path())?;
        begun(retry_on_intr(|| net::connect(socket, &address)))
    }

    /// Makes a socket in the file system.
    pub fn bind_unix(&self, socket: &Handle, path: &Path) -> Outcome<()> {
        let place = self.writable(At::new(path.as_os_str().as_bytes()), Links::Keep)?;
        let address = SocketAddrUnix::new(place.whole_path())?;
        Ok(net::bind(socket, &address)?)
    }

    /// Whether an address may be connected to, sent to or joined.
    pub fn ask_connect(&self, to: SocketAddr) -> Result<(), Denied> {
        let (ip, port) = (to.ip().to_canonical(), to.port());
        let granted = self.grants.covers_address(ip, port, |is| self.names.any(ip, is));
        if granted && self.overseer.is_none() {
            return Ok(());
        }
        // Whoever asked by name reads of the name that was found last, or of the one that is denied.
        let mut known = vec![ip.to_string()];
        known.extend(self.names.of(ip).into_iter().map(String::from));
        let denied = known.iter().find(|host| self.grants.denies_peer(host, port));
        let host = denied.or(known.last()).map_or("", String::as_str);
        self.settle(&Request::NetConnect { host, port }, granted)
    }

    fn ask_listen(&self, at: SocketAddr) -> Result<(), Denied> {
        let host = at.ip().to_canonical().to_string();
        self.check(Request::NetListen { host: &host, port: at.port() })
    }
}

fn begun(result: Result<(), Errno>) -> Outcome<Connected> {
    match result {
        Ok(()) => Ok(Connected::Now),
        Err(Errno::INPROGRESS) => Ok(Connected::Later),
        Err(errno) => Err(Failure::Os(errno)),
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::gate::{Grant, Grants};

    const LOOPBACK: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

    fn refusal<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
        match outcome {
            Err(Failure::Denied(denied)) => denied.to_string(),
            other => panic!("not refused: {other:?}"),
        }
    }

    #[test]
    fn without_grants_nobody_is_reached() {
        let gate = Gate::new(Grants::nothing());
        let stream = gate.socket(AddressFamily::INET, SocketType::STREAM).unwrap();
        let to = SocketAddr::new(LOOPBACK.ip(), 9);
        let text = "connecting to \"127.0.0.1:9\" is not granted (--allow-net=127.0.0.1:9)";
        assert_eq!(refusal(gate.connect(&stream, to)), text);
        let text = "listening on \"127.0.0.1:0\" is not granted (--allow-listen=127.0.0.1:0)";
        assert_eq!(refusal(gate.bind(&stream, LOOPBACK)), text);
        assert!(refusal(gate.listen(&stream, 5)).starts_with("listening on \"0.0.0.0:0\""));
        let datagrams = refusal(gate.socket(AddressFamily::INET, SocketType::DGRAM).map(|_| ()));
        assert_eq!(datagrams, "a datagram socket is not granted (--allow-net)");
        let listens = Gate::new(Grants { listen: Grant::Everything, ..Grants::nothing() });
        let datagrams = listens.socket(AddressFamily::INET, SocketType::DGRAM).unwrap();
        assert!(refusal(listens.send_to(&datagrams, b"x", to)).contains("127.0.0.1:9"));
        assert!(gate.join("224.0.0.1".parse().unwrap()).is_err());
        let unix = gate.socket(AddressFamily::UNIX, SocketType::STREAM).unwrap();
        assert!(refusal(gate.connect_unix(&unix, Path::new("/run/x"))).contains("read access to \"/run/x\""));
        assert!(refusal(gate.bind_unix(&unix, Path::new("/run/x"))).contains("write access to \"/run/x\""));
    }

    #[test]
    fn an_address_in_disguise_is_judged_by_what_it_is() {
        let gate = Gate::new(Grants::nothing());
        let stream = gate.socket(AddressFamily::INET6, SocketType::STREAM).unwrap();
        let to: SocketAddr = "[::ffff:10.0.0.1]:80".parse().unwrap();
        assert!(refusal(gate.connect(&stream, to)).contains("\"10.0.0.1:80\""));
    }

    #[test]
    fn to_listen_is_not_to_connect() {
        let gate = Gate::new(Grants { listen: Grant::Everything, ..Grants::nothing() });
        let stream = gate.socket(AddressFamily::INET, SocketType::STREAM).unwrap();
        gate.bind(&stream, LOOPBACK).unwrap();
        gate.listen(&stream, 5).unwrap();
        let at = stream.local_address().unwrap().unwrap();
        let client = gate.socket(AddressFamily::INET, SocketType::STREAM).unwrap();
        assert!(refusal(gate.connect(&client, at)).contains("--allow-net=127.0.0.1:"));
    }

    #[test]
    fn a_connection_carries_bytes_both_ways() {
        let gate = Gate::new(Grants::everything());
        let server = gate.socket(AddressFamily::INET, SocketType::STREAM).unwrap();
        gate.bind(&server, LOOPBACK).unwrap();
        gate.listen(&server, 5).unwrap();
        assert_eq!(server.accept().err(), Some(Errno::AGAIN));
        let client = gate.socket(AddressFamily::INET, SocketType::STREAM).unwrap();
        let at = server.local_address().unwrap().unwrap();
        gate.connect(&client, at).unwrap();
        server.wait(rustix::event::PollFlags::IN, None).unwrap();
        let (accepted, from) = server.accept().unwrap();
        assert_eq!(from.ip(), client.local_address().unwrap());
        assert_eq!(accepted.receive(9), Err(Errno::AGAIN));
        assert_eq!(client.send(b"there"), Ok(5));
        accepted.wait(rustix::event::PollFlags::IN, None).unwrap();
        assert_eq!(accepted.receive(9), Ok(b"there".to_vec()));
    }
}
