//! What an isolate was granted, kind by kind.
//!
//! A kind is closed, open, or open by rules: what is allowed, and what is denied all the same. Rules are made from the
//! words of the command line and of policy files ([`Grants::allow`], [`Grants::deny`]), which are the only place where a
//! value's form is known. Whether a path lies beneath a granted one is more than text and is decided in `paths`.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use super::Request;

/// How much of one kind of resource is granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant<T> {
    Nothing,
    /// Without any exception: what a program under `java` may do.
    Everything,
    Rules(Rules<T>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules<T> {
    /// All that is not denied.
    pub all: bool,
    pub allow: Vec<T>,
    pub deny: Vec<T>,
}

impl<T> Default for Rules<T> {
    fn default() -> Rules<T> {
        Rules { all: false, allow: Vec::new(), deny: Vec::new() }
    }
}

/// The clock that a program reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    Denied,
    Real,
    /// Always this time of day, in milliseconds since the epoch. Time still passes for waits and for `nanoTime`.
    Fixed(u64),
    /// Both clocks advance in steps of so many milliseconds.
    Coarse(u64),
}

/// Where random bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Random {
    Denied,
    Real,
    /// The same bytes in every run. Not for secrets.
    Seeded(u64),
}

/// Names, one of them or all that begin alike (`JAVA_*`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    text: String,
    prefix: bool,
}

/// Hosts at a port, or at all ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    host: Host,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Host {
    Any,
    /// As it was looked up, in lower case; with `*.` before it, all names below it.
    Name(String),
    Network {
        address: u128,
        bits: u32,
    },
}

/// A program, with any arguments or with these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    pub path: PathBuf,
    pub arguments: Option<Vec<String>>,
}

/// The grants of one isolate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grants {
    /// Absolute paths.
    pub read: Grant<PathBuf>,
    pub write: Grant<PathBuf>,
    pub env: Grant<Name>,
    pub sys: Grant<Name>,
    pub run: Grant<Program>,
    pub net: Grant<Peer>,
    pub listen: Grant<Peer>,
    pub dns: Grant<Peer>,
    /// Native code and memory outside the cage.
    pub ffi: Grant<Name>,
    pub signal: Grant<Name>,
    pub terminal: Grant<Name>,
    pub clock: Clock,
    pub random: Random,
    /// What may be read although nobody asked for it: class path and JDK. Programs are not told that they stand
    /// anywhere because of it.
    pub own: Vec<PathBuf>,
}

/// The kinds of resources, as flags and policy files name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Read,
    Write,
    Net,
    Listen,
    Dns,
    Env,
    Run,
    Sys,
    Ffi,
    Signal,
    Terminal,
    Clock,
    Random,
}

/// The kinds of system information.
const SYSTEM_KINDS: [&str; 13] = [
    "cpu",
    "directory",
    "hostname",
    "interfaces",
    "loadavg",
    "locale",
    "memory",
    "os",
    "pid",
    "process",
    "processors",
    "timezone",
    "user",
];

impl Kind {
    pub const ALL: [(Kind, &'static str); 13] = [
        (Kind::Read, "read"),
        (Kind::Write, "write"),
        (Kind::Net, "net"),
        (Kind::Listen, "listen"),
        (Kind::Dns, "dns"),
        (Kind::Env, "env"),
        (Kind::Run, "run"),
        (Kind::Sys, "sys"),
        (Kind::Ffi, "ffi"),
        (Kind::Signal, "signal"),
        (Kind::Terminal, "terminal"),
        (Kind::Clock, "clock"),
        (Kind::Random, "random"),
    ];

    pub fn name(self) -> &'static str {
        Kind::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }
}

impl Grants {
    pub fn everything() -> Grants {
        Grants {
            read: Grant::Everything,
            write: Grant::Everything,
            env: Grant::Everything,
            sys: Grant::Everything,
            run: Grant::Everything,
            net: Grant::Everything,
            listen: Grant::Everything,
            dns: Grant::Everything,
            ffi: Grant::Everything,
            signal: Grant::Everything,
            terminal: Grant::Everything,
            clock: Clock::Real,
            random: Random::Real,
            own: Vec::new(),
        }
    }

    /// Not even a clock.
    pub fn nothing() -> Grants {
        Grants {
            read: Grant::Nothing,
            write: Grant::Nothing,
            env: Grant::Nothing,
            sys: Grant::Nothing,
            run: Grant::Nothing,
            net: Grant::Nothing,
            listen: Grant::Nothing,
            dns: Grant::Nothing,
            ffi: Grant::Nothing,
            signal: Grant::Nothing,
            terminal: Grant::Nothing,
            clock: Clock::Denied,
            random: Random::Denied,
            own: Vec::new(),
        }
    }

    /// What a program needs to run at all: the files it consists of, and a clock.
    pub fn program(own: Vec<PathBuf>) -> Grants {
        Grants { clock: Clock::Real, own, ..Grants::nothing() }
    }

    /// Allows one value, or without it the whole kind. Relative paths start from `base`.
    pub fn allow(&mut self, kind: Kind, value: Option<&str>, base: &Path) -> Result<(), String> {
        self.add(kind, value, base, true)
    }

    /// Denies one value whatever is allowed, or the whole kind as far as it is allowed by now.
    pub fn deny(&mut self, kind: Kind, value: Option<&str>, base: &Path) -> Result<(), String> {
        self.add(kind, value, base, false)
    }

    fn add(&mut self, kind: Kind, value: Option<&str>, base: &Path, allow: bool) -> Result<(), String> {
        if value == Some("") {
            return Err("a value must not be empty".into());
        }
        let path = |text: &str| Ok(base.join(text));
        match kind {
            Kind::Read => self.read.add(allow, value, path),
            Kind::Write => self.write.add(allow, value, path),
            Kind::Net => self.net.add(allow, value, Peer::parse),
            Kind::Listen => self.listen.add(allow, value, Peer::parse),
            Kind::Dns => self.dns.add(allow, value, Peer::parse_host),
            Kind::Env => self.env.add(allow, value, Name::parse),
            Kind::Run => {
                self.run.add(allow, value, |text| Program::parse(text).map(|program| program.based(base)))
            }
            Kind::Sys => self.sys.add(allow, value, |text| {
                if SYSTEM_KINDS.contains(&text) { Name::parse(text) } else { Err(unknown_system_kind(text)) }
            }),
            Kind::Signal => {
                self.signal.add(allow, value, |text| Name::parse(text.strip_prefix("SIG").unwrap_or(text)))
            }
            Kind::Ffi | Kind::Terminal if value.is_some() => {
                Err(format!("{} takes no values: it is granted as a whole", kind.name()))
            }
            Kind::Ffi => self.ffi.add(allow, None, Name::parse),
            Kind::Terminal => self.terminal.add(allow, None, Name::parse),
            Kind::Clock => {
                self.clock = clock(allow, value)?;
                Ok(())
            }
            Kind::Random => {
                self.random = random(allow, value)?;
                Ok(())
            }
        }
    }

    /// Whether the program may know the directory that it was started in: it was told of paths, which may be relative.
    pub fn tell_directory(&self) -> bool {
        let told = |grant: &Grant<PathBuf>| match grant {
            Grant::Nothing => false,
            Grant::Everything => true,
            Grant::Rules(rules) => rules.all || !rules.allow.is_empty(),
        };
        told(&self.read) || told(&self.write) || self.covers(&Request::Sys("directory"))
    }

    pub fn allows_native_code(&self) -> bool {
        self.covers(&Request::NativeCode)
    }

    /// Whether connections to a host are denied, whatever else is allowed.
    pub(super) fn denies_peer(&self, host: &str, port: u16) -> bool {
        self.net.shuts(|rule| rule.is(host, Some(port)))
    }

    /// Whether an address may be connected to: by its number, or by one of the names under which it was found, which `found`
    /// goes through. No text is made on the way.
    pub(super) fn covers_address(
        &self,
        ip: IpAddr,
        port: u16,
        found: impl Fn(&dyn Fn(&str) -> bool) -> bool,
    ) -> bool {
        let Grant::Rules(rules) = &self.net else { return self.net == Grant::Everything };
        let bits = bits_of(ip);
        let any = |rules: &[Peer]| {
            rules.iter().any(|rule| rule.is_address(bits, port))
                || rules.iter().any(Peer::is_name)
                    && found(&|name| rules.iter().any(|rule| rule.is_name() && rule.is(name, Some(port))))
        };
        (rules.all || any(&rules.allow)) && !any(&rules.deny)
    }

    /// Whether a request is denied by a rule of its own, and not only for want of a grant.
    pub(super) fn denies(&self, request: &Request<'_>) -> bool {
        match request {
            // Judged where paths are.
            Request::ReadPath(_) | Request::WritePath(_) => false,
            Request::Env(name) => self.env.shuts(|rule| rule.is(name)),
            Request::Sys(kind) => self.sys.shuts(|rule| rule.is(kind)),
            Request::Run { program, arguments } => self.run.shuts(|rule| rule.is(program, arguments)),
            Request::NetConnect { host, port } => self.net.shuts(|rule| rule.is(host, Some(*port))),
            Request::NetListen { host, port } => self.listen.shuts(|rule| rule.is(host, Some(*port))),
            Request::Resolve(host) => self.dns.shuts(|rule| rule.is(host, None)),
            Request::Signal(name) => self.signal.shuts(|rule| rule.is(name)),
            Request::NativeCode | Request::Clock | Request::Random | Request::Terminal => false,
        }
    }

    /// Whether a request is granted, as far as its own text says it. Paths are more than text: see `paths`.
    pub(super) fn covers(&self, request: &Request<'_>) -> bool {
        match request {
            Request::ReadPath(_) => self.read == Grant::Everything,
            Request::WritePath(_) => self.write == Grant::Everything,
            Request::Env(name) => self.env.has(|rule| rule.is(name)),
            Request::Sys(kind) => self.sys.has(|rule| rule.is(kind)),
            Request::Run { program, arguments } => self.run.has(|rule| rule.is(program, arguments)),
            Request::NetConnect { host, port } => self.net.has(|rule| rule.is(host, Some(*port))),
            Request::NetListen { host, port } => self.listen.has(|rule| rule.is(host, Some(*port))),
            // Who may talk to a host by name may find out where it is.
            Request::Resolve(host) => {
                self.dns.has(|rule| rule.is(host, None)) || self.net.names(|rule| rule.is(host, None))
            }
            Request::NativeCode => self.ffi.has(|_| true),
            Request::Clock => self.clock != Clock::Denied,
            Request::Random => self.random != Random::Denied,
            Request::Signal(name) => self.signal.has(|rule| rule.is(name)),
            Request::Terminal => self.terminal.has(|_| true),
        }
    }
}

impl<T> Grant<T> {
    fn add(
        &mut self,
        allow: bool,
        value: Option<&str>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<(), String> {
        let rule = value.map(parse).transpose()?;
        let mut rules = match std::mem::replace(self, Grant::Nothing) {
            Grant::Rules(rules) => rules,
            Grant::Nothing => Rules::default(),
            Grant::Everything if allow => {
                *self = Grant::Everything;
                return Ok(());
            }
            Grant::Everything => Rules { all: true, ..Rules::default() },
        };
        match (allow, rule) {
            (true, Some(rule)) => rules.allow.push(rule),
            (true, None) => rules.all = true,
            (false, Some(rule)) => rules.deny.push(rule),
            (false, None) => return Ok(()),
        }
        *self = Grant::Rules(rules);
        Ok(())
    }

    fn shuts(&self, is: impl Fn(&T) -> bool) -> bool {
        matches!(self, Grant::Rules(rules) if rules.deny.iter().any(is))
    }

    fn has(&self, is: impl Fn(&T) -> bool) -> bool {
        match self {
            Grant::Nothing => false,
            Grant::Everything => true,
            Grant::Rules(rules) => (rules.all || rules.allow.iter().any(&is)) && !rules.deny.iter().any(&is),
        }
    }
}

impl Grant<Peer> {
    /// As `has`, and the rule must be about a name: one about networks says nothing of names.
    fn names(&self, is: impl Fn(&Peer) -> bool) -> bool {
        let named = |peer: &Peer| !matches!(peer.host, Host::Network { .. }) && is(peer);
        self.has(named)
    }
}

impl Name {
    fn parse(text: &str) -> Result<Name, String> {
        let (text, prefix) = text.strip_suffix('*').map_or((text, false), |prefix| (prefix, true));
        Ok(Name { text: text.to_owned(), prefix })
    }

    fn is(&self, name: &str) -> bool {
        if self.prefix { name.starts_with(&self.text) } else { name == self.text }
    }
}

impl Peer {
    /// `host`, `host:port`, `*:port`, `*.example.org:443`, `10.0.0.0/8:80`, `[::1]:80`, `[fd00::/8]`.
    fn parse(text: &str) -> Result<Peer, String> {
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (host, rest) = rest.split_once(']').ok_or_else(|| format!("\"{text}\" has no ']'"))?;
                let port = rest.strip_prefix(':');
                if port.is_none() && !rest.is_empty() {
                    return Err(format!("\"{text}\": after ']' comes ':' and a port"));
                }
                (host, port)
            }
            // An IPv6 address without brackets has no port.
            None if text.matches(':').count() > 1 => (text, None),
            None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
        };
        let port = match port {
            None | Some("*") => None,
            Some(port) => Some(port.parse().map_err(|_| format!("\"{port}\" is no port"))?),
        };
        Ok(Peer { host: Host::parse(host)?, port })
    }

    fn parse_host(text: &str) -> Result<Peer, String> {
        Ok(Peer { host: Host::parse(text)?, port: None })
    }

    /// The port that the rule is about, if it is one.
    pub(super) fn port(&self) -> Option<u16> {
        self.port
    }

    fn is_name(&self) -> bool {
        matches!(self.host, Host::Name(_))
    }

    /// As `is`, for an address in the form that rules have it.
    fn is_address(&self, bits: u128, port: u16) -> bool {
        self.port.is_none_or(|own| own == port)
            && match &self.host {
                Host::Any => true,
                Host::Name(_) => false,
                Host::Network { address, bits: prefix } => {
                    (bits ^ address).checked_shr(128 - prefix).unwrap_or(0) == 0
                }
            }
    }

    /// Without a port, whether the rule is about the host at all.
    fn is(&self, host: &str, port: Option<u16>) -> bool {
        let at_port = match (self.port, port) {
            (Some(own), Some(asked)) => own == asked,
            (None, _) | (_, None) => true,
        };
        at_port
            && match &self.host {
                Host::Any => true,
                Host::Name(name) => match name.strip_prefix('*') {
                    Some(below) => host.len() > below.len() && ends_with_ignoring_case(host, below),
                    None => host.eq_ignore_ascii_case(name),
                },
                Host::Network { address, bits } => host
                    .parse::<IpAddr>()
                    .is_ok_and(|ip| (bits_of(ip) ^ address).checked_shr(128 - bits).unwrap_or(0) == 0),
            }
    }
}

fn ends_with_ignoring_case(text: &str, end: &str) -> bool {
    text.len()
        .checked_sub(end.len())
        .and_then(|at| text.get(at..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

impl Host {
    fn parse(text: &str) -> Result<Host, String> {
        if text == "*" {
            return Ok(Host::Any);
        }
        let (address, bits) =
            text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let Ok(address) = address.parse::<IpAddr>() else {
            if bits.is_some() || text.is_empty() || text.contains(|c: char| c.is_whitespace() || c == '/') {
                return Err(format!("\"{text}\" is no host, address or network"));
            }
            return Ok(Host::Name(text.to_ascii_lowercase()));
        };
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => width,
            Some(bits) => bits.parse::<u32>().ok().filter(|bits| *bits <= width).ok_or_else(|| {
                format!("\"{text}\": a network of {width} bits has a prefix of 0 to {width}")
            })?,
        };
        Ok(Host::Network { address: bits_of(address), bits: bits + 128 - width })
    }
}

/// IPv4 addresses as they are embedded in IPv6, so that an address has one form.
fn bits_of(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

impl Program {
    /// A path, and after blanks the arguments it must be given.
    fn parse(text: &str) -> Result<Program, String> {
        let mut words = text.split_whitespace();
        let path = words.next().ok_or("a program needs a name")?;
        let arguments: Vec<String> = words.map(str::to_owned).collect();
        Ok(Program { path: path.into(), arguments: (!arguments.is_empty()).then_some(arguments) })
    }

    fn is(&self, program: &Path, arguments: &[String]) -> bool {
        self.path == program && self.arguments.as_deref().is_none_or(|own| own == arguments)
    }
}

fn clock(allow: bool, value: Option<&str>) -> Result<Clock, String> {
    const FORMS: &str = "a clock is real, fixed:MILLISECONDS (since 1970) or coarse:MILLISECONDS";
    if !allow {
        return Err("a program has some clock: give it a fixed or a coarse one".into());
    }
    let number = |text: &str| text.parse::<u64>().map_err(|_| FORMS.to_owned());
    match value.map(|v| v.split_once(':').unwrap_or((v, ""))) {
        None | Some(("real", "")) => Ok(Clock::Real),
        Some(("fixed", at)) => Ok(Clock::Fixed(number(at)?)),
        Some(("coarse", step)) => Ok(Clock::Coarse(number(step)?.max(1))),
        Some(_) => Err(FORMS.into()),
    }
}

fn random(allow: bool, value: Option<&str>) -> Result<Random, String> {
    const FORMS: &str = "randomness is real or seeded:NUMBER";
    match (allow, value.map(|v| v.split_once(':').unwrap_or((v, "")))) {
        (false, None) => Ok(Random::Denied),
        (true, None | Some(("real", ""))) => Ok(Random::Real),
        (true, Some(("seeded", seed))) => Ok(Random::Seeded(seed.parse().map_err(|_| FORMS.to_owned())?)),
        _ => Err(FORMS.into()),
    }
}

fn unknown_system_kind(text: &str) -> String {
    format!("\"{text}\" is no kind of system information: there are {}", SYSTEM_KINDS.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grants(words: &[(bool, Kind, &str)]) -> Grants {
        let mut grants = Grants::nothing();
        for (allow, kind, value) in words {
            let value = (!value.is_empty()).then_some(*value);
            grants.add(*kind, value, Path::new("/base"), *allow).unwrap();
        }
        grants
    }

    fn connects(rule: &str, host: &str, port: u16) -> bool {
        grants(&[(true, Kind::Net, rule)]).covers(&Request::NetConnect { host, port })
    }

    #[test]
    fn peers_are_granted_by_name_address_network_and_port() {
        assert!(connects("example.org:80", "Example.ORG", 80));
        assert!(!connects("example.org:80", "example.org", 81));
        assert!(!connects("example.org", "www.example.org", 80));
        assert!(connects("*.example.org:443", "a.b.example.org", 443));
        assert!(!connects("*.example.org", "example.org", 443));
        assert!(!connects("*.example.org", "badexample.org", 443));
        assert!(connects("10.0.0.0/8:80", "10.200.3.4", 80));
        assert!(!connects("10.0.0.0/8:80", "11.0.0.1", 80));
        assert!(connects("10.0.0.1", "::ffff:10.0.0.1", 1));
        assert!(connects("0.0.0.0/0", "1.2.3.4", 1));
        assert!(!connects("0.0.0.0/0", "2001:db8::1", 1));
        assert!(connects("::/0", "2001:db8::1", 1));
        assert!(connects("[::1]:8080", "::1", 8080) && !connects("[::1]:8080", "::1", 80));
        assert!(connects("[fd00::/8]", "fd12::1", 9) && !connects("fd00::/8", "fe80::1", 9));
        assert!(connects("*:53", "9.9.9.9", 53) && !connects("*:53", "9.9.9.9", 54));
        for wrong in ["a:b", "a:70000", "10.0.0.0/33", "a/8", "[::1", "[::1]80", "a b"] {
            assert!(Peer::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn who_may_connect_by_name_may_look_the_name_up() {
        let of = |rule| grants(&[(true, Kind::Net, rule)]);
        assert!(of("example.org:80").covers(&Request::Resolve("example.org")));
        assert!(!of("example.org:80").covers(&Request::Resolve("example.com")));
        assert!(!of("10.0.0.0/8").covers(&Request::Resolve("10.0.0.1")));
        assert!(!of("10.0.0.0/8").covers(&Request::Resolve("leak.example.org")));
        assert!(grants(&[(true, Kind::Dns, "example.com")]).covers(&Request::Resolve("example.com")));
    }

    #[test]
    fn a_denial_wins_wherever_it_stands() {
        let allow = (true, Kind::Env, "JAVA_*");
        let deny = (false, Kind::Env, "JAVA_SECRET");
        for words in [[allow, deny], [deny, allow]] {
            let grants = grants(&words);
            assert!(grants.covers(&Request::Env("JAVA_HOME")));
            assert!(!grants.covers(&Request::Env("JAVA_SECRET")) && !grants.covers(&Request::Env("HOME")));
        }
        let all_but = grants(&[(true, Kind::Sys, ""), (false, Kind::Sys, "pid")]);
        assert!(all_but.covers(&Request::Sys("user")) && !all_but.covers(&Request::Sys("pid")));
        let mut everything = Grants::everything();
        everything.deny(Kind::Net, Some("10.0.0.0/8"), Path::new("/")).unwrap();
        assert!(everything.covers(&Request::NetConnect { host: "example.org", port: 1 }));
        assert!(!everything.covers(&Request::NetConnect { host: "10.1.1.1", port: 1 }));
        everything.deny(Kind::Net, None, Path::new("/")).unwrap();
        assert!(!everything.covers(&Request::NetConnect { host: "example.org", port: 1 }));
    }

    #[test]
    fn programs_run_with_fixed_or_free_arguments() {
        let grants = grants(&[(true, Kind::Run, "/bin/echo"), (true, Kind::Run, "/bin/ls -l /tmp")]);
        let runs = |program: &str, arguments: &[&str]| {
            let arguments: Vec<String> = arguments.iter().map(|a| (*a).to_owned()).collect();
            grants.covers(&Request::Run { program: Path::new(program), arguments: &arguments })
        };
        assert!(runs("/bin/echo", &[]) && runs("/bin/echo", &["x"]));
        assert!(runs("/bin/ls", &["-l", "/tmp"]) && !runs("/bin/ls", &["-l", "/"]) && !runs("/bin/ls", &[]));
        assert!(!runs("/bin/sh", &[]));
    }

    #[test]
    fn what_a_value_may_be_is_said() {
        let mut grants = Grants::nothing();
        let mut refuse = |kind, value| grants.add(kind, Some(value), Path::new("/"), true).unwrap_err();
        assert!(refuse(Kind::Sys, "everything").contains("timezone"));
        assert!(refuse(Kind::Clock, "fast").contains("coarse:MILLISECONDS"));
        assert!(refuse(Kind::Random, "seeded:x").contains("seeded:NUMBER"));
        assert!(refuse(Kind::Ffi, "libc").contains("as a whole"));
        assert_eq!(refuse(Kind::Read, ""), "a value must not be empty");
        assert!(grants.deny(Kind::Clock, None, Path::new("/")).is_err());
        for (kind, name) in Kind::ALL {
            assert_eq!(Kind::named(name), Some(kind));
        }
    }
}
