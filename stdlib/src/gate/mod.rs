//! The only door between Java code and the operating system.
//!
//! A native method that reaches outside (files, environment, clock, randomness, terminal, users, processes) calls a
//! method of [`Gate`], which decides first and acts afterwards. Invariant: no other module of this crate calls such an
//! interface of the operating system (`clippy.toml` of the crate lists them and makes that an error), so the set of
//! checks below is the set of ways out.
//!
//! What an isolate has opened is a capability: calls on a [`handles::Handle`] are not checked again.
//!
//! What is granted stands in [`Grants`], how paths are resolved so that links lead nowhere else in `paths`, who hears of
//! decisions or is asked before a refusal in `oversight`.
//!
//! Deliberately not here: the kernel's own walls, which the root package builds of what `needs` says.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this is the gate that the lints send others to"
)]

mod audit;
mod beneath;
mod children;
mod clock;
mod env;
pub mod file;
pub mod fs;
mod grants;
pub mod handles;
mod launch;
mod learn;
pub mod locale;
pub mod mapping;
pub mod needs;
pub mod net;
pub mod outside;
mod oversight;
mod paths;
pub mod process;
mod programs;
mod prompt;
mod random;
pub mod signals;
mod starter;
mod system;
mod terminal;
mod time_zone;
mod users;
mod watch;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, Weak};

use carafe_vm::isolate::Isolate;
use oversight::{Overseer, Verdict};
use paths::{Paths, Use};
use rustix::io::Errno;

pub use audit::Audit;
pub use children::{Started, Stream};
pub use grants::{Clock, Grant, Grants, Kind, Name, Peer, Program, Random, Rules};
pub use learn::Lesson;
pub use oversight::Oversight;
pub use programs::Command;
pub use prompt::Prompt;
pub use starter::Starter;
pub use system::{MachineTicks, SystemName};
pub use users::User;

/// What a program may reach, and the operations that reach it.
pub struct Gate {
    grants: Grants,
    paths: Paths,
    /// What takes the place of the kernel's randomness.
    seeded: Option<Arc<random::Seeded>>,
    /// Where relative paths start: the process's directory when the isolate was made.
    directory: PathBuf,
    /// What the resolver has said.
    names: net::names::Names,
    children: children::Children,
    /// When the machine was started, in milliseconds since the epoch.
    boot: OnceLock<i64>,
    /// Whoever hears of decisions.
    overseer: Option<Box<Overseer>>,
}

/// Something outside that Java code asks for.
#[derive(Clone, Copy, Debug)]
pub enum Request<'a> {
    ReadPath(&'a Path),
    WritePath(&'a Path),
    /// An environment variable, by name.
    Env(&'a str),
    /// A fact about the machine or its users, by kind.
    Sys(&'a str),
    /// A program, as it was named, and what it is given.
    Run {
        program: &'a Path,
        arguments: &'a [String],
    },
    NetConnect {
        host: &'a str,
        port: u16,
    },
    NetListen {
        host: &'a str,
        port: u16,
    },
    /// The addresses of a host, or the name of an address.
    Resolve(&'a str),
    /// Libraries of machine code, calls into them, memory that is not Java's.
    NativeCode,
    Clock,
    Random,
    /// A signal, by name without SIG.
    Signal(&'a str),
    Terminal,
}

/// A refusal: says what was asked for and which flag would grant it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{resource} is not granted ({flag})")]
pub struct Denied {
    resource: String,
    flag: String,
}

impl Denied {
    /// The flag that would grant it.
    pub fn flag(&self) -> &str {
        &self.flag
    }
}

/// Why a call through the gate did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("{}", strerror(*.0))]
    Os(#[from] Errno),
}

impl Failure {
    /// The error number of a failed call; a refusal counts as EACCES where only a number fits.
    pub fn errno(&self) -> Errno {
        match self {
            Failure::Denied(_) => Errno::ACCESS,
            Failure::Os(errno) => *errno,
        }
    }
}

pub type Outcome<T> = Result<T, Failure>;

impl Gate {
    pub fn new(grants: Grants) -> Gate {
        Gate::overseen(grants, Oversight::default())
    }

    pub fn overseen(grants: Grants, oversight: Oversight) -> Gate {
        // A process whose directory is gone has no relative paths; "/" keeps the messages of refusals sensible. So does a
        // program that is not to know where it stands.
        let here = grants.tell_directory().then(|| std::env::current_dir().ok()).flatten();
        let directory = here.unwrap_or_else(|| PathBuf::from("/"));
        let grants = programs::with_places(grants);
        let paths = Paths::new(&grants);
        let seeded = match grants.random {
            Random::Seeded(seed) => Some(random::Seeded::new(seed)),
            Random::Real | Random::Denied => None,
        };
        let overseer = Overseer::new(oversight, &grants);
        Gate {
            grants,
            paths,
            seeded,
            directory,
            names: net::names::Names::default(),
            children: children::Children::default(),
            boot: OnceLock::new(),
            overseer,
        }
    }

    /// Tells whose decisions these are, for records.
    pub fn belongs_to(&self, isolate: Weak<Isolate>) {
        if let Some(overseer) = &self.overseer {
            overseer.oversees(isolate);
        }
    }

    /// The one decision: whether the isolate's grants cover the request.
    pub fn check(&self, request: Request<'_>) -> Result<(), Denied> {
        match &request {
            Request::ReadPath(path) => self.reaches(Use::Read, path),
            Request::WritePath(path) => self.reaches(Use::Write, path),
            _ => self.settle(&request, self.grants.covers(&request)),
        }
    }

    /// The last word on a request that is no path, after the grants were asked.
    fn settle(&self, request: &Request<'_>, granted: bool) -> Result<(), Denied> {
        match &self.overseer {
            None if granted => Ok(()),
            None => Err(request.denied()),
            Some(overseer) => overseer.settle(request, granted, self.grants.denies(request)),
        }
    }

    /// Refuses what the grants, asked one by one, would not have: the record says so.
    fn refuse(&self, kind: Kind, refusal: Denied) -> Denied {
        if let Some(overseer) = &self.overseer {
            overseer.record_other(kind, &refusal, Verdict::Denied);
        }
        refusal
    }

    /// Whether the program is told the truth about the machine; others get an answer that is the same everywhere.
    fn knows(&self, kind: &'static str) -> bool {
        self.tells(Request::Sys(kind))
    }

    /// As `check`, for what has a neutral answer for those who are not granted the true one.
    fn tells(&self, request: Request<'_>) -> bool {
        let granted = self.grants.covers(&request);
        if let Some(overseer) = &self.overseer {
            overseer.record_told(&request, granted);
        }
        granted
    }

    /// The absolute form of a path for decisions and messages. Purely textual: links are not followed.
    pub fn absolute(&self, path: &Path) -> PathBuf {
        if path.is_absolute() { path.to_path_buf() } else { self.directory.join(path) }
    }
}

impl Request<'_> {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Request::ReadPath(_) => Kind::Read,
            Request::WritePath(_) => Kind::Write,
            Request::Env(_) => Kind::Env,
            Request::Sys(_) => Kind::Sys,
            Request::Run { .. } => Kind::Run,
            Request::NetConnect { .. } => Kind::Net,
            Request::NetListen { .. } => Kind::Listen,
            Request::Resolve(_) => Kind::Dns,
            Request::NativeCode => Kind::Ffi,
            Request::Clock => Kind::Clock,
            Request::Random => Kind::Random,
            Request::Signal(_) => Kind::Signal,
            Request::Terminal => Kind::Terminal,
        }
    }

    /// What is asked for within its kind, as a value of flags and policies says it; empty if the kind has no values.
    pub(super) fn resource(&self) -> String {
        match self {
            Request::ReadPath(path) | Request::WritePath(path) | Request::Run { program: path, .. } => {
                path.display().to_string()
            }
            Request::NetConnect { host, port } | Request::NetListen { host, port } => {
                // An address with colons of its own stands in brackets when a port follows.
                if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
            }
            Request::Env(name) | Request::Sys(name) | Request::Signal(name) | Request::Resolve(name) => {
                (*name).to_owned()
            }
            Request::NativeCode | Request::Clock | Request::Random | Request::Terminal => String::new(),
        }
    }

    fn denied(&self) -> Denied {
        let value = self.resource();
        let resource = match self {
            Request::ReadPath(_) => format!("read access to \"{value}\""),
            Request::WritePath(_) => format!("write access to \"{value}\""),
            Request::Env(_) => format!("access to environment variable \"{value}\""),
            Request::Sys(_) => format!("access to system information \"{value}\""),
            Request::Run { .. } => format!("running \"{value}\""),
            Request::NetConnect { .. } => format!("connecting to \"{value}\""),
            Request::NetListen { .. } => format!("listening on \"{value}\""),
            Request::Resolve(_) => format!("looking up \"{value}\""),
            Request::NativeCode => "native code".to_owned(),
            Request::Clock => "reading the clock".to_owned(),
            Request::Random => "reading random bytes".to_owned(),
            Request::Signal(_) => format!("handling signal \"{value}\""),
            Request::Terminal => "changing the terminal".to_owned(),
        };
        let kind = self.kind().name();
        let flag =
            if value.is_empty() { format!("--allow-{kind}") } else { format!("--allow-{kind}={value}") };
        Denied { resource, flag }
    }
}

/// The system's text for an error number, as Java's messages carry it.
pub fn strerror(errno: Errno) -> impl fmt::Display {
    let full = std::io::Error::from_raw_os_error(errno.raw_os_error()).to_string();
    match full.rfind(" (os error") {
        Some(at) => full[..at].to_string(),
        None => full,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_resource_and_flag() {
        let gate = Gate::new(Grants::nothing());
        let text = |request| gate.check(request).unwrap_err().to_string();
        assert_eq!(
            text(Request::ReadPath(Path::new("/etc/passwd"))),
            "read access to \"/etc/passwd\" is not granted (--allow-read=/etc/passwd)"
        );
        assert_eq!(
            text(Request::Env("HOME")),
            "access to environment variable \"HOME\" is not granted (--allow-env=HOME)"
        );
        assert_eq!(
            text(Request::NetConnect { host: "example.org", port: 80 }),
            "connecting to \"example.org:80\" is not granted (--allow-net=example.org:80)"
        );
        assert_eq!(
            text(Request::NetListen { host: "::1", port: 80 }),
            "listening on \"[::1]:80\" is not granted (--allow-listen=[::1]:80)"
        );
    }

    #[test]
    fn one_kind_of_grant_does_not_open_another() {
        let gate = Gate::new(Grants { read: Grant::Everything, ..Grants::nothing() });
        let path = Path::new("/tmp/x");
        assert!(gate.check(Request::ReadPath(path)).is_ok());
        assert!(gate.check(Request::WritePath(path)).is_err());
        assert!(gate.check(Request::Clock).is_err());
    }

    #[test]
    fn error_texts_are_those_of_the_c_library() {
        assert_eq!(strerror(Errno::NOENT).to_string(), "No such file or directory");
        assert_eq!(strerror(Errno::ACCESS).to_string(), "Permission denied");
    }
}
