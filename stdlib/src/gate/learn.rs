//! What a run needed: the smallest policy with which it would have gone the same way.
//!
//! A run that learns is granted everything, and what it asks for is kept here, unless a program without grants has it too.
//! What is exact stays exact: paths, hosts with their ports, names. Three things cannot be, and are said more broadly: a
//! connection to a port that the program itself was given by the system (another one in the next run), all variables when the
//! program asked for all, and a folder, which stands for what is in it.
//!
//! Facts about the machine that have a neutral answer are not needed in this sense: a program without the grant is not refused.
//! They stand in the policy as a remark. Where the program found its files or hosts by such a fact (the user's home, the
//! host's name), the fact is needed.
//!
//! Invariant: no value is in the policy that another one of it covers.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;

use super::Request;
use super::audit::escape_into;
use super::grants::{Grants, Kind};
use super::oversight::Verdict;
use super::paths::{Paths, Use, never_by_list};

/// Values that are kept of each kind.
const VALUES_MAX: usize = 10_000;

/// What one run asked for.
pub struct Lesson {
    /// What every program may reach.
    own: Paths,
    /// The user's home, the host's name, and where the program was started.
    home: Option<PathBuf>,
    host: String,
    directory: PathBuf,
    needs: Mutex<Needs>,
}

#[derive(Default)]
struct Needs {
    read: BTreeSet<PathBuf>,
    write: BTreeSet<PathBuf>,
    net: BTreeSet<(String, u16)>,
    listen: BTreeSet<(String, u16)>,
    dns: BTreeSet<String>,
    env: BTreeSet<String>,
    all_env: bool,
    sys: BTreeSet<String>,
    run: BTreeSet<String>,
    signal: BTreeSet<String>,
    whole: BTreeSet<Kind>,
    /// Facts that the program was told and would have had a neutral answer for.
    told: BTreeSet<String>,
    /// Ports that the system chose for the program.
    given_ports: BTreeSet<u16>,
    /// Something was not kept, or cannot be said in a policy.
    incomplete: bool,
}

impl Lesson {
    /// For a program that consists of `own` files.
    pub fn new(own: Vec<PathBuf>) -> Lesson {
        let everything = super::Gate::new(Grants::everything());
        Lesson {
            own: Paths::new(&Grants::program(own)),
            home: everything.current_user().map(|user| user.home.into()),
            host: everything.host_name(),
            directory: everything.working_directory(),
            needs: Mutex::default(),
        }
    }

    pub(super) fn take_in(&self, request: &Request<'_>, verdict: Verdict) {
        if verdict != Verdict::Granted {
            return;
        }
        let mut needs = self.needs.lock();
        let needs = &mut *needs;
        let full = match request {
            Request::ReadPath(path) => {
                !self.own.reaches(Use::Read, path) && !keep(&mut needs.read, path.to_path_buf())
            }
            Request::WritePath(path) => !keep(&mut needs.write, path.to_path_buf()),
            Request::NetConnect { host, port } => !keep(&mut needs.net, ((*host).to_owned(), *port)),
            Request::NetListen { host, port } => !keep(&mut needs.listen, ((*host).to_owned(), *port)),
            Request::Resolve(host) => !keep(&mut needs.dns, (*host).to_owned()),
            Request::Sys(kind) => !keep(&mut needs.sys, (*kind).to_owned()),
            Request::Signal(name) => !keep(&mut needs.signal, (*name).to_owned()),
            Request::Run { program, arguments } => {
                let exact =
                    arguments.iter().all(|word| !word.is_empty() && !word.contains(char::is_whitespace));
                let mut text = program.display().to_string();
                if exact {
                    arguments.iter().for_each(|word| text.extend([" ", word.as_str()]));
                }
                text.contains(char::is_whitespace) && !exact || !keep(&mut needs.run, text)
            }
            Request::Env(name) => !keep(&mut needs.env, (*name).to_owned()),
            // Every program has one.
            Request::Clock => false,
            Request::NativeCode | Request::Random | Request::Terminal => {
                !keep(&mut needs.whole, request.kind())
            }
        };
        needs.incomplete |= full;
    }

    /// The program was told a fact that has a neutral answer for others. Of its copy of the environment it counts what it
    /// looks at.
    pub(super) fn told(&self, request: &Request<'_>) {
        if let Request::Sys(kind) = request {
            keep(&mut self.needs.lock().told, (*kind).to_owned());
        }
    }

    /// The program looked at a variable that is set, or at all of them.
    pub(super) fn variable(&self, name: Option<&str>) {
        let mut needs = self.needs.lock();
        match name {
            Some(name) if !keep(&mut needs.env, name.to_owned()) => needs.incomplete = true,
            Some(_) => {}
            None => needs.all_env = true,
        }
    }

    /// The system chose a port for the program to listen at.
    pub(super) fn given_port(&self, port: u16) {
        keep(&mut self.needs.lock().given_ports, port);
    }

    /// The policy file.
    pub fn policy(&self) -> String {
        let needs = self.needs.lock();
        let mut out = String::from("# What a run needed, as carafe --learn has seen it.\n");
        if needs.incomplete {
            out.push_str("# It needed more than can be said here.\n");
        }
        if !needs.told.is_empty() {
            let told: Vec<&str> = needs.told.iter().map(String::as_str).collect();
            // Kinds are words of ours.
            let _ = writeln!(
                out,
                "# Without a grant it is told what is the same everywhere of: {}.",
                told.join(", ")
            );
        }
        out.push_str("\n[allow]\n");
        let mut whole = needs.whole.clone();
        if needs.all_env {
            whole.insert(Kind::Env);
        }
        for (kind, name) in Kind::ALL {
            if whole.contains(&kind) {
                let _ = writeln!(out, "{name} = true");
                continue;
            }
            let values = self.values(&needs, kind);
            if values.is_empty() {
                continue;
            }
            let _ = writeln!(out, "{name} = [");
            for value in values {
                out.push_str("    \"");
                escape_into(&mut out, &value);
                out.push_str("\",\n");
            }
            out.push_str("]\n");
        }
        out
    }

    fn values(&self, needs: &Needs, kind: Kind) -> BTreeSet<String> {
        match kind {
            Kind::Read => uncovered(&needs.read),
            Kind::Write => uncovered(&needs.write),
            Kind::Net => {
                let by_system = |host: &str, port| needs.given_ports.contains(&port) && is_loopback(host);
                let of = |(host, port): &(String, u16)| match by_system(host, *port) {
                    true => host.clone(),
                    false => Request::NetConnect { host, port: *port }.resource(),
                };
                let values: BTreeSet<String> = needs.net.iter().map(of).collect();
                // A host at all ports covers it at one.
                let covered = |value: &&String| {
                    needs.net.iter().any(|peer| {
                        **value == Request::NetConnect { host: &peer.0, port: peer.1 }.resource()
                            && values.contains(&peer.0)
                    })
                };
                values.iter().filter(|value| !covered(value)).cloned().collect()
            }
            Kind::Listen => {
                let of = |(host, port): &(String, u16)| Request::NetListen { host, port: *port }.resource();
                needs.listen.iter().map(of).collect()
            }
            Kind::Dns => {
                // Who may connect to a host by name may look it up.
                let connected =
                    |name: &str| needs.net.iter().any(|(host, _)| host.eq_ignore_ascii_case(name));
                needs.dns.iter().filter(|name| !connected(name)).cloned().collect()
            }
            Kind::Env => needs.env.clone(),
            Kind::Sys => {
                let mut kinds = needs.sys.clone();
                if self.used_home(needs) {
                    kinds.insert("user".to_owned());
                }
                let host = |name: &&String| name.eq_ignore_ascii_case(&self.host) && !is_loopback(name);
                let named =
                    needs.dns.iter().chain(needs.net.iter().map(|(name, _)| name)).any(|name| host(&name));
                if named && needs.told.contains("hostname") {
                    kinds.insert("hostname".to_owned());
                }
                kinds
            }
            Kind::Run => needs.run.clone(),
            Kind::Signal => needs.signal.clone(),
            Kind::Ffi | Kind::Terminal | Kind::Clock | Kind::Random => BTreeSet::new(),
        }
    }

    /// Whether a path was used that the program can only have got from where its user lives.
    fn used_home(&self, needs: &Needs) -> bool {
        let Some(home) = self.home.as_deref().filter(|home| *home != Path::new("/")) else { return false };
        needs
            .read
            .iter()
            .chain(&needs.write)
            .any(|path| path.starts_with(home) && !path.starts_with(&self.directory))
    }
}

/// False if there is no room for another one.
fn keep<T: Ord>(values: &mut BTreeSet<T>, value: T) -> bool {
    if values.len() >= VALUES_MAX && !values.contains(&value) {
        return false;
    }
    values.insert(value);
    true
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The paths that lie in no other one of them, also after all links.
fn uncovered(paths: &BTreeSet<PathBuf>) -> BTreeSet<String> {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let covers = |folder: &Path, path: &Path| {
        folder != path
            && path.starts_with(folder)
            && real(path).starts_with(real(folder))
            && (!never_by_list(path) || never_by_list(folder))
    };
    let ancestors =
        |path: &Path| path.ancestors().skip(1).any(|above| paths.contains(above) && covers(above, path));
    paths.iter().filter(|path| !ancestors(path)).map(|path| path.display().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lesson() -> Lesson {
        Lesson {
            own: Paths::new(&Grants::program(vec!["/usr".into()])),
            home: Some("/here/me".into()),
            host: "machine".into(),
            directory: "/here/me/project".into(),
            needs: Mutex::default(),
        }
    }

    fn policy(requests: &[Request<'_>]) -> String {
        let lesson = lesson();
        requests.iter().for_each(|request| lesson.take_in(request, Verdict::Granted));
        lesson.told(&Request::Sys("hostname"));
        let text = lesson.policy();
        text.split_once("[allow]\n").unwrap().1.to_owned()
    }

    #[test]
    fn what_covers_another_stands_alone() {
        let read = |path| Request::ReadPath(Path::new(path));
        assert_eq!(
            policy(&[
                read("/a/b"),
                read("/a"),
                read("/ab"),
                read("/usr/bin/x"),
                read("/"),
                read("/proc/1/x")
            ]),
            "read = [\n    \"/\",\n    \"/proc/1/x\",\n]\n"
        );
        assert_eq!(policy(&[read("/a/b"), read("/ab")]), "read = [\n    \"/a/b\",\n    \"/ab\",\n]\n");
        let write = Request::WritePath(Path::new("/a\"\n"));
        assert_eq!(
            policy(&[write, Request::Random]),
            "write = [\n    \"/a\\\"\\u000a\",\n]\nrandom = true\n"
        );
        assert_eq!(policy(&[Request::Clock]), "");
    }

    #[test]
    fn hosts_are_looked_up_by_whom_they_are_connected_to() {
        let to = |host, port| Request::NetConnect { host, port };
        assert_eq!(
            policy(&[
                Request::Resolve("example.org"),
                Request::Resolve("other"),
                to("example.org", 80),
                to("::1", 8)
            ]),
            "net = [\n    \"[::1]:8\",\n    \"example.org:80\",\n]\ndns = [\n    \"other\",\n]\n"
        );
        let lesson = lesson();
        lesson.given_port(4000);
        for request in [to("127.0.0.1", 4000), to("127.0.0.1", 80), to("example.org", 4000)] {
            lesson.take_in(&request, Verdict::Granted);
        }
        let text = lesson.policy();
        assert!(text.ends_with("net = [\n    \"127.0.0.1\",\n    \"example.org:4000\",\n]\n"), "{text}");
    }

    #[test]
    fn facts_that_led_to_files_are_needed() {
        let read = |path| Request::ReadPath(Path::new(path));
        let sys = "sys = [\n    \"user\",\n]\n";
        assert!(policy(&[read("/here/me/.config")]).contains(sys));
        assert!(!policy(&[read("/here/me/project/x")]).contains(sys));
        let host = "sys = [\n    \"hostname\",\n]\n";
        assert!(policy(&[Request::Resolve("machine")]).contains(host));
        assert!(policy(&[Request::Sys("loadavg")]).contains("loadavg"));
    }

    #[test]
    fn a_program_that_asks_without_end_fills_no_memory() {
        let lesson = lesson();
        for port in 0..20_000 {
            lesson.take_in(&Request::NetConnect { host: "h", port }, Verdict::Granted);
        }
        let text = lesson.policy();
        assert!(text.contains("more than can be said") && text.lines().count() < VALUES_MAX + 10);
    }
}
