//! What a set of grants needs of the kernel: by this the walls around a process are built.
//!
//! Besides what the grants name there is what the gate reads on its own account, to answer what was granted (tables of users,
//! the proc file system, what the resolver is configured by). Invariant: what is here is enough for everything that the gate
//! allows under these grants, and as little more as the kernel's rules can tell apart. They know files that exist and folders,
//! no exceptions, no names of hosts; so a wall may be wider than the grants, never narrower.

use std::path::{Path, PathBuf};

use super::grants::{Clock, Grant, Grants, Random};
use super::{Request, programs};

/// Files and folders, with all that is in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    All,
    Listed(Vec<PathBuf>),
}

/// TCP ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ports {
    All,
    Listed(Vec<u16>),
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    pub read: Reach,
    pub write: Reach,
    pub connect: Ports,
    pub bind: Ports,
    /// Sockets of the internet, by which something may leave or arrive.
    pub network: bool,
    /// Sockets in the file system.
    pub local_sockets: bool,
    /// Programs are started (by somebody else), waited for and ended.
    pub programs: bool,
    /// Any process may be sent signals.
    pub any_process: bool,
    /// Everything was granted: there is nothing to build.
    pub everything: bool,
}

const DNS_PORT: u16 = 53;

/// What the C library's resolver is configured by, and the modules that it may load for it.
const RESOLVER: [&str; 12] = [
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/nsswitch.conf",
    "/etc/gai.conf",
    "/etc/services",
    "/etc/ld.so.cache",
    "/run/systemd/resolve",
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
];

/// What kinds of system information are read from.
const SYSTEM: [(&str, &[&str]); 8] = [
    ("user", &["/etc/passwd", "/etc/group"]),
    ("timezone", &["/etc/localtime", "/usr/share/zoneinfo", "/etc/timezone"]),
    ("process", &["/proc", "/etc/passwd"]),
    ("cpu", &["/proc"]),
    ("memory", &["/proc", "/sys/fs/cgroup"]),
    ("processors", &["/proc", "/sys/fs/cgroup", "/sys/devices/system/cpu"]),
    ("interfaces", &["/proc", "/sys/class/net"]),
    ("locale", &["/usr/lib/locale"]),
];

impl Needs {
    pub fn of(grants: &Grants) -> Needs {
        let network = talks(grants);
        let (read, write) = (reach(&grants.read), reach(&grants.write));
        let local_sockets = network || write != Reach::Listed(Vec::new());
        let read = match read {
            Reach::All => Reach::All,
            Reach::Listed(granted) => {
                let own =
                    grants.own.iter().filter(|path| path.exists()).cloned().chain(on_own_account(grants));
                Reach::Listed(granted.into_iter().chain(own).collect())
            }
        };
        Needs {
            read,
            write,
            connect: connect_ports(grants),
            bind: ports(&grants.listen),
            network,
            local_sockets,
            programs: grants.run_programs(),
            any_process: programs::are_unlimited(grants),
            everything: Grants { own: Vec::new(), ..grants.clone() } == Grants::everything(),
        }
    }
}

/// Whether anything may leave by or arrive on the network.
pub(super) fn talks(grants: &Grants) -> bool {
    grants.net != Grant::Nothing
        || grants.listen != Grant::Nothing
        || grants.dns != Grant::Nothing
        || grants.covers(&Request::Sys("interfaces"))
}

fn reach(grant: &Grant<PathBuf>) -> Reach {
    match grant {
        Grant::Nothing => Reach::Listed(Vec::new()),
        Grant::Everything => Reach::All,
        Grant::Rules(rules) if rules.all => Reach::All,
        Grant::Rules(rules) => Reach::Listed(rules.allow.clone()),
    }
}

fn on_own_account(grants: &Grants) -> Vec<PathBuf> {
    let mut paths: Vec<&str> = Vec::new();
    for (kind, files) in SYSTEM {
        if grants.covers(&Request::Sys(kind)) {
            paths.extend(files);
        }
    }
    if grants.random == Random::Real {
        paths.extend(["/dev/random", "/dev/urandom"]);
    }
    if talks(grants) || programs::are_unlimited(grants) {
        // The table of IPv6 addresses, and which ports the kernel gives; whether a process is the one that is to be ended.
        paths.push("/proc");
    }
    if grants.dns != Grant::Nothing || grants.net != Grant::Nothing {
        paths.extend(RESOLVER);
    }
    if matches!(grants.clock, Clock::Real) {
        paths.push("/etc/localtime");
    }
    paths.into_iter().map(PathBuf::from).filter(|path| Path::exists(path)).collect()
}

fn ports(grant: &Grant<super::Peer>) -> Ports {
    match grant {
        Grant::Nothing => Ports::Listed(Vec::new()),
        Grant::Everything => Ports::All,
        Grant::Rules(rules) if rules.all => Ports::All,
        Grant::Rules(rules) => {
            rules.allow.iter().map(super::Peer::port).collect::<Option<_>>().map_or(Ports::All, Ports::Listed)
        }
    }
}

/// Whoever may look names up may have to ask by TCP, if an answer is long.
fn connect_ports(grants: &Grants) -> Ports {
    match ports(&grants.net) {
        Ports::All => Ports::All,
        Ports::Listed(mut ports) => {
            if grants.dns != Grant::Nothing || !ports.is_empty() {
                ports.push(DNS_PORT);
            }
            Ports::Listed(ports)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Kind;

    fn needs(words: &[(Kind, &str)]) -> Needs {
        let mut grants = Grants::program(vec!["/etc/passwd".into(), "/nowhere/own.jar".into()]);
        for (kind, value) in words {
            grants.allow(*kind, (!value.is_empty()).then_some(*value), Path::new("/base")).unwrap();
        }
        Needs::of(&grants)
    }

    #[test]
    fn a_program_without_grants_needs_its_own_files() {
        let none = needs(&[]);
        let Reach::Listed(read) = &none.read else { panic!() };
        assert!(read.contains(&"/etc/passwd".into()) && !read.contains(&"/nowhere/own.jar".into()));
        assert!(read.iter().all(|path| !path.starts_with("/proc")));
        assert_eq!(none.write, Reach::Listed(vec![]));
        assert_eq!((&none.connect, &none.bind), (&Ports::Listed(vec![]), &Ports::Listed(vec![])));
        assert!(!none.network && !none.local_sockets && !none.programs && !none.everything);
        assert!(Needs::of(&Grants::everything()).everything);
        let mut all_but = Grants::everything();
        all_but.deny(Kind::Write, None, Path::new("/")).unwrap();
        assert!(!Needs::of(&all_but).everything);
    }

    #[test]
    fn ports_are_those_of_the_rules() {
        let some = needs(&[(Kind::Net, "example.org:443"), (Kind::Listen, "127.0.0.1:8080")]);
        assert_eq!((some.connect, some.bind), (Ports::Listed(vec![443, 53]), Ports::Listed(vec![8080])));
        assert_eq!(needs(&[(Kind::Net, "example.org"), (Kind::Net, "a:1")]).connect, Ports::All);
        assert_eq!(needs(&[(Kind::Dns, "example.org")]).connect, Ports::Listed(vec![53]));
        assert!(needs(&[(Kind::Dns, "example.org")]).network);
    }
}
