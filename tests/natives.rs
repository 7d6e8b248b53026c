//! Native methods that reach outside, each without the grant and with it, as the marks of their rows say.
//!
//! The programs in tests/natives/ call natives by name, past the library's own code, so that what is refused is refused by the
//! native itself. They run once for each set of grants. Held together by the table of natives: for each mark that takes a
//! grant there has to be a call that was refused (or answered with what is the same everywhere) without that grant, and one that
//! worked with nothing else; for what works on things that are open, calls with numbers that nobody gave to the program. The
//! audit records of all runs have to agree with the marks: a native that asks the gate for more than its row says fails the test.
//!
//! Deliberately not here: which grants open what (tests/grants.rs), and natives that touch nothing but their isolate.

#![allow(clippy::disallowed_methods, reason = "a test is the world outside, and may listen there")]

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;
#[path = "common/lab.rs"]
#[allow(dead_code, reason = "each test uses a part of what all share")]
mod lab;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek};
use std::net::TcpListener;
use std::os::fd::{AsFd, IntoRawFd, OwnedFd};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::thread;

use carafe_vm::natives::reach::Reach;
use lab::Lab;

const SOURCES: &[(&str, &str)] = &[
    ("Natives.java", include_str!("natives/Natives.java")),
    ("FileCases.java", include_str!("natives/FileCases.java")),
    ("SocketCases.java", include_str!("natives/SocketCases.java")),
    ("MachineCases.java", include_str!("natives/MachineCases.java")),
    ("Forged.java", include_str!("natives/Forged.java")),
];

/// Packages that the programs reach into.
const OPENED: &[&str] = &[
    "java.base/java.io",
    "java.base/java.lang",
    "java.base/java.net",
    "java.base/java.nio",
    "java.base/java.util",
    "java.base/jdk.internal.io",
    "java.base/jdk.internal.loader",
    "java.base/jdk.internal.misc",
    "java.base/jdk.internal.perf",
    "java.base/jdk.internal.util",
    "java.base/sun.net",
    "java.base/sun.net.dns",
    "java.base/sun.nio.ch",
    "java.base/sun.nio.fs",
    "java.management/sun.management",
    "java.prefs/java.util.prefs",
    "jdk.management/com.sun.management.internal",
    "jdk.net/jdk.net",
];

/// The sets of grants that cases are about. A case whose set is missing here is a mark without its case.
const SETS: &[&str] = &[
    "",
    "read",
    "write",
    "read+write",
    "random",
    "net",
    "listen",
    "listen+net",
    "dns",
    "env",
    "run",
    "read+run",
    "env+run",
    "run-all",
    "ffi",
    "signal",
    "terminal",
    "coarse",
    "sys.cpu",
    "sys.directory",
    "sys.hostname",
    "sys.interfaces",
    "sys.loadavg",
    "sys.locale",
    "sys.memory",
    "sys.os",
    "sys.pid",
    "sys.process",
    "sys.process+sys.processors",
    "sys.process+sys.user",
    "sys.pid+sys.process+sys.user",
    "sys.processors",
    "sys.timezone",
    "sys.user",
];

/// What depends on there being a grant for the network at all, whether processes of others are ended, and where the program is
/// told to stand (once, when the machine is made): decided without a request that a record would show. Native, and how its marks
/// begin.
const UNRECORDED: &[(&str, &str)] = &[
    ("java/lang/ProcessHandleImpl.destroy0", "run"),
    ("java/net/InetAddress.isIPv6Supported", ""),
    ("jdk/internal/util/SystemProps$Raw.platformProperties", "sys=directory"),
    ("sun/net/PortConfig.getLower0", ""),
    ("sun/net/PortConfig.getUpper0", ""),
    ("sun/nio/ch/Net.isIPv6Available0", ""),
    ("sun/nio/ch/Net.socket0", ""),
    ("sun/nio/fs/UnixNativeDispatcher.getcwd", "sys=directory"),
];

/// The flag of a grant that a set names.
fn flag(grant: &str, folder: &str) -> String {
    match grant {
        "read" | "write" => format!("--allow-{grant}={folder}"),
        "net" => "--allow-net=127.0.0.0/8,224.1.2.3,ff01::/16".to_owned(),
        "listen" => "--allow-listen=127.0.0.1,0.0.0.0".to_owned(),
        "dns" => "--allow-dns=localhost,127.0.0.1".to_owned(),
        "env" => "--allow-env=CARAFE_NATIVES".to_owned(),
        "run" => "--allow-run=/bin/cat,/bin/echo,/bin/pwd,/usr/bin/env".to_owned(),
        "run-all" => "--allow-run".to_owned(),
        "signal" => "--allow-signal=WINCH".to_owned(),
        "coarse" => "--allow-clock=coarse:3600000".to_owned(),
        "ffi" | "random" | "terminal" => format!("--allow-{grant}"),
        system => format!("--allow-sys={}", system.strip_prefix("sys.").unwrap()),
    }
}

/// A grant of a set as a mark says it.
fn mark(grant: &str) -> String {
    match grant {
        "run-all" => "run".to_owned(),
        system if system.starts_with("sys.") => system.replacen('.', "=", 1),
        other => other.to_owned(),
    }
}

/// The marks of all natives, by class and name; overloads share them.
fn marks() -> BTreeMap<String, BTreeSet<Reach>> {
    let mut marks: BTreeMap<String, BTreeSet<Reach>> = BTreeMap::new();
    for row in carafe::natives().unwrap().rows() {
        marks.entry(format!("{}.{}", row.class, row.name)).or_default().extend(row.reach);
    }
    marks
}

// ------------------------------------------------------------------------------------------------ the world around a run

/// What all runs share of the world: somebody to talk to, processes of others.
struct World {
    server: TcpListener,
    stranger: Mutex<Child>,
    facts: Vec<(&'static str, String)>,
}

impl World {
    fn new() -> World {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let stranger = sleeper();
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let uname = rustix::system::uname();
        let text = |text: &std::ffi::CStr| text.to_string_lossy().into_owned();
        let user = rustix::process::getuid().as_raw();
        let passwords = read("/etc/passwd");
        let mut users = passwords.lines().map(|line| line.split(':').collect::<Vec<_>>());
        let name = users.find(|fields| fields[2] == user.to_string()).map_or("?", |fields| fields[0]);
        let memory = rustix::system::sysinfo();
        let has_zones = Path::new("/usr/share/zoneinfo/Asia/Tokyo").exists();
        let facts = vec![
            ("port", server.local_addr().unwrap().port().to_string()),
            ("ipv6", (!read("/proc/net/if_inet6").is_empty()).to_string()),
            ("loopback", read("/sys/class/net/lo/ifindex").trim().to_owned()),
            ("host", text(uname.nodename())),
            ("release", text(uname.release())),
            ("processors", thread::available_parallelism().unwrap().to_string()),
            ("memory", (memory.totalram as u64 * u64::from(memory.mem_unit)).to_string()),
            ("offset", if has_zones { "GMT+09:00" } else { "GMT" }.to_owned()),
            ("user", user.to_string()),
            ("getuid", user.to_string()),
            ("geteuid", rustix::process::geteuid().as_raw().to_string()),
            ("getgid", rustix::process::getgid().as_raw().to_string()),
            ("getegid", rustix::process::getegid().as_raw().to_string()),
            ("name", name.to_owned()),
            ("stranger", stranger.id().to_string()),
            ("parent", std::process::id().to_string()),
        ];
        World { server, stranger: Mutex::new(stranger), facts }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let stranger = self.stranger.get_mut().unwrap();
        stranger.kill().unwrap();
        stranger.wait().unwrap();
    }
}

fn sleeper() -> Child {
    Command::new("sleep").arg("600").spawn().unwrap()
}

/// The folder of one run: files, folders and links that each belong to one case.
fn furnish(folder: &Path) {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).unwrap();
    let file = |name: &str, text: &str| {
        fs::write(folder.join(name), text).unwrap();
        fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o644)).unwrap();
    };
    (0..60).for_each(|n| file(&format!("f{n}"), "content"));
    for n in 0..20 {
        fs::create_dir(folder.join(format!("d{n}"))).unwrap();
        file(&format!("d{n}/inner"), "content");
        symlink("target", folder.join(format!("l{n}"))).unwrap();
    }
    fs::create_dir(folder.join("empty")).unwrap();
    fs::create_dir(folder.join("many")).unwrap();
    (0..1000).for_each(|n| drop(File::create(folder.join(format!("many/n{n}"))).unwrap()));
    file("target", "content");
    file("mounts", "one /a\\040b ext4 rw 0 0\n");
    file("attributed", "");
    let flags = rustix::fs::XattrFlags::empty();
    rustix::fs::setxattr(folder.join("attributed"), "user.given", b"x", flags).unwrap();
}

/// All that is in a folder, with what a program could have changed.
fn snapshot(folder: &Path) -> BTreeMap<String, (u32, i64, u64)> {
    let mut all = BTreeMap::new();
    let mut left = vec![folder.to_path_buf()];
    while let Some(path) = left.pop() {
        let metadata = fs::symlink_metadata(&path).unwrap();
        if metadata.is_dir() {
            left.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
        all.insert(path.display().to_string(), (metadata.mode(), metadata.mtime_nsec(), metadata.len()));
    }
    all
}

/// Checks what a program says to have done.
fn has_effect(what: &[&str]) -> bool {
    let metadata = |path: &str| fs::symlink_metadata(path);
    match *what {
        ["content", path, text] => fs::read_to_string(path).is_ok_and(|found| found == text),
        ["begins", path, text] => fs::read(path).is_ok_and(|found| found.starts_with(text.as_bytes())),
        ["gone", path] => metadata(path).is_err(),
        ["folder", path] => metadata(path).is_ok_and(|m| m.is_dir()),
        ["pipe", path] => metadata(path).is_ok_and(|m| m.file_type().is_fifo()),
        ["socket", path] => metadata(path).is_ok_and(|m| m.file_type().is_socket()),
        ["link", path, target] => fs::read_link(path).is_ok_and(|found| found == Path::new(target)),
        ["mode", path, mode] => metadata(path).is_ok_and(|m| format!("{:o}", m.mode() & 0o7777) == mode),
        ["modified", path, second] => metadata(path).is_ok_and(|m| m.mtime().to_string() == second),
        _ => false,
    }
}

// ------------------------------------------------------------------------------------------------------------------ runs

/// What the runs have shown.
#[derive(Default)]
struct Findings {
    /// Native and mark.
    refused: BTreeSet<(String, String)>,
    works: BTreeSet<(String, String)>,
    used: BTreeSet<String>,
    forged: BTreeSet<String>,
    wild: BTreeSet<String>,
    /// Native, kind of grant and resource; and whether it was granted.
    asked: BTreeSet<(String, String, String, bool)>,
    wrong: Vec<String>,
}

/// A terminal, which the master holds.
fn terminal() -> (OwnedFd, OwnedFd) {
    use rustix::fs::{Mode, OFlags};
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let end = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty()).unwrap();
    (master, end)
}

/// Runs the program with a set of grants in a folder of its own.
fn run(lab: &Lab, world: &World, how: &str, set: &str, facts: &[(&str, String)]) -> Findings {
    let name = if set.is_empty() { "none" } else { set };
    let folder = lab.folder.join(format!("{how}-{name}"));
    furnish(&folder);
    let _server = UnixListener::bind(folder.join("server")).unwrap();
    let before = snapshot(&folder);
    let path = folder.display().to_string();
    let record = lab.folder.join(format!("{how}-{name}.jsonl"));
    let _ = fs::remove_file(&record);
    let grants: Vec<&str> = set.split('+').filter(|grant| !grant.is_empty()).collect();
    let mut options: Vec<String> = grants.iter().map(|grant| flag(grant, &path)).collect();
    options.extend(OPENED.iter().map(|package| format!("--add-opens={package}=ALL-UNNAMED")));
    options.extend([
        format!("--audit={}", record.display()),
        "--max-time=120".to_owned(),
        "-Xmx64m".to_owned(),
    ]);
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let mut args = vec![how, set, &path];
    for (name, value) in world.facts.iter().map(|(n, v)| (n, v)).chain(facts.iter().map(|(n, v)| (n, v))) {
        args.extend([name, value.as_str()]);
    }
    let mut victim = sleeper();
    let id = victim.id().to_string();
    args.extend(["victim", &id]);
    let mut command = lab.command(&options, &args);
    command.current_dir(&folder).envs([
        ("TZ", "Asia/Tokyo"),
        ("LC_ALL", "ja_JP.UTF-8"),
        ("CARAFE_NATIVES", "x"),
    ]);
    let (_master, end) = terminal();
    let input = if grants.contains(&"terminal") { Stdio::from(end) } else { Stdio::null() };
    let output = command.stdin(input).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    let mut findings = Findings::default();
    let place = format!("with [{set}]");
    if !output.status.success() || !err.is_empty() || !out.ends_with("end\n") {
        findings.wrong.push(format!("{place}: {}: {err}{out}", output.status));
    }
    for line in out.lines() {
        let parts: Vec<&str> = line.split('\t').collect();
        let pair = |native: &str, grant: &str| (native.to_owned(), mark(grant));
        match parts[..] {
            ["refused", native, grant, message] => {
                let flags = refusal_flags(grant);
                if !flags.iter().any(|flag| message.contains(" not granted (") && message.contains(flag)) {
                    findings.wrong.push(format!("{place}: {native} is refused by \"{message}\""));
                }
                findings.refused.insert(pair(native, grant));
            }
            ["neutral", native, grant, _] => drop(findings.refused.insert(pair(native, grant))),
            ["works", native, grant] => drop(findings.works.insert(pair(native, grant))),
            ["used", native] => drop(findings.used.insert(native.to_owned())),
            ["forged", native] => drop(findings.forged.insert(native.to_owned())),
            ["wild", native] => drop(findings.wild.insert(native.to_owned())),
            ["effect", "ended"] => {
                let status = victim.wait().unwrap();
                assert!(std::os::unix::process::ExitStatusExt::signal(&status) == Some(9), "{status}");
            }
            ["effect", ref what @ ..] if has_effect(what) => {}
            ["end"] => {}
            _ => findings.wrong.push(format!("{place}: {line}")),
        }
    }
    victim.kill().ok();
    victim.wait().unwrap();
    if !grants.contains(&"write") && snapshot(&folder) != before {
        findings.wrong.push(format!("{place}: something has changed in {path}"));
    }
    read_record(&fs::read_to_string(&record).unwrap(), &mut findings);
    findings
}

/// How the flags begin that a refusal for want of this grant may name.
fn refusal_flags(grant: &str) -> Vec<String> {
    match grant.split_once('.') {
        Some(("sys", _)) if grant == "sys.interfaces" => {
            vec!["(--allow-sys=interfaces".into(), "(--allow-net".into()]
        }
        Some((_, kind)) => vec![format!("(--allow-sys={kind})")],
        // A datagram socket takes any grant of the network's.
        None if ["listen", "dns"].contains(&grant) => {
            vec![format!("(--allow-{grant}"), "(--allow-net)".into()]
        }
        // Where two are missing, one of them is named.
        None if ["read", "write"].contains(&grant) => vec!["(--allow-read=".into(), "(--allow-write=".into()],
        None => vec![format!("(--allow-{}", mark(grant))],
    }
}

/// Takes in who asked for what.
fn read_record(record: &str, findings: &mut Findings) {
    for line in record.lines() {
        let field = |name: &str| {
            let value = line.split_once(&format!("\"{name}\":")).unwrap_or_else(|| panic!("{line}")).1;
            value.strip_prefix('"').map(|value| value[..value.find('"').unwrap()].to_owned())
        };
        let Some(native) = field("native") else { continue };
        let granted = field("decision").as_deref() == Some("granted");
        findings.asked.insert((native, field("kind").unwrap(), field("resource").unwrap(), granted));
    }
}

fn run_all(lab: &Lab, world: &World) -> Findings {
    let (all, left) = (Mutex::new(Findings::default()), Mutex::new(SETS.to_vec()));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(set) = { left.lock().unwrap().pop() } {
                    let found = run(lab, world, "judge", set, &[]);
                    let mut all = all.lock().unwrap();
                    all.refused.extend(found.refused);
                    all.works.extend(found.works);
                    all.used.extend(found.used);
                    all.asked.extend(found.asked);
                    all.wrong.extend(found.wrong);
                }
            });
        }
    });
    all.into_inner().unwrap()
}

// ----------------------------------------------------------------------------------------------------------------- tests

fn lab(test: &str) -> Lab {
    Lab::compiled("natives", test, SOURCES, &["--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED"])
}

#[test]
fn each_mark_is_earned_by_a_refusal_and_by_a_call_that_works() {
    let (lab, world, marks) = (lab("judge"), World::new(), marks());
    let mut found = run_all(&lab, &world);
    let mut wrong = std::mem::take(&mut found.wrong);
    for (native, reach) in &marks {
        for mark in reach.iter().filter(|mark| mark.grant().is_some()) {
            let key = (native.clone(), mark.to_string());
            if !found.refused.contains(&key) {
                wrong.push(format!("no case shows that {native} is refused without {mark}"));
            }
            if !found.works.contains(&key) {
                wrong.push(format!("no case shows that {native} works with {mark}"));
            }
            let (kind, which) = mark.grant().unwrap();
            let granted = |asked: &&(String, String, String, bool)| {
                asked.0 == *native && asked.1 == kind && which.is_none_or(|which| asked.2 == which) && asked.3
            };
            let unrecorded = |(name, mark): &(&str, &str)| name == native && key.1.starts_with(mark);
            if !UNRECORDED.iter().any(unrecorded) && !found.asked.iter().any(|asked| granted(&asked)) {
                wrong.push(format!("{native} never asks for {mark}"));
            }
        }
        if reach.contains(&Reach::Opened) && !found.used.contains(native) {
            wrong.push(format!("no case shows that {native} works on what is open"));
        }
    }
    wrong.extend(unmarked(&marks, &found));
    assert!(wrong.is_empty(), "{} complaints:\n{}", wrong.len(), wrong.join("\n"));
}

/// Requests that the marks of the native do not speak of.
fn unmarked(marks: &BTreeMap<String, BTreeSet<Reach>>, found: &Findings) -> Vec<String> {
    let fits = |mark: &Reach, kind: &str, resource: &str| {
        let of_device = *mark == Reach::Read && kind == "random";
        let same = |(known, which): (&str, Option<&str>)| {
            known == kind && which.is_none_or(|which| which == resource)
        };
        of_device || mark.grant().is_some_and(same)
    };
    let unknown = found.asked.iter().filter(|(native, kind, resource, _)| {
        !marks.get(native).is_some_and(|reach| reach.iter().any(|mark| fits(mark, kind, resource)))
    });
    unknown
        .map(|(native, kind, resource, _)| {
            format!("{native} asks for {kind} {resource} and is not marked so")
        })
        .collect()
}

/// Numbers of descriptors that the process has and the program was not given; addresses that are nobody's.
#[test]
fn nothing_is_reached_by_a_number_that_was_not_given() {
    const FROM: i32 = 100;
    let (lab, world, marks) = (lab("forge"), World::new(), marks());
    let path = lab.folder.join("foreign");
    fs::write(&path, "foreign").unwrap();
    let mut file = File::options().read(true).write(true).open(&path).unwrap();
    let (mut here, there) = UnixStream::pair().unwrap();
    // Inherited by every process that is started from here: they have numbers that no program uses by chance.
    let inherit = |fd: &dyn AsFd| {
        let copy = rustix::io::fcntl_dupfd_cloexec(fd.as_fd(), FROM).unwrap();
        rustix::io::fcntl_setfd(&copy, rustix::io::FdFlags::empty()).unwrap();
        copy.into_raw_fd()
    };
    let numbers = [inherit(&file), inherit(&there), inherit(&world.server)].map(|number| number.to_string());
    let before = fs::metadata(&path).unwrap();
    let found = run(&lab, &world, "forge", "", &[("numbers", numbers.join("+"))]);
    let mut wrong = found.wrong.clone();
    for (native, reach) in marks.iter().filter(|(_, reach)| reach.contains(&Reach::Opened)) {
        if !found.forged.contains(native) {
            wrong.push(format!("no case calls {native} ({reach:?}) with what was not given to it"));
        }
    }
    wrong.extend(unmarked(&marks, &found));
    assert!(wrong.is_empty(), "{} complaints:\n{}", wrong.len(), wrong.join("\n"));
    assert!(found.wild.len() >= 30, "{:?}", found.wild);
    let after = fs::metadata(&path).unwrap();
    let facts = |m: &fs::Metadata| {
        (m.mode(), m.len(), m.mtime(), m.mtime_nsec(), m.ctime(), m.ctime_nsec(), m.nlink())
    };
    assert_eq!(facts(&before), facts(&after));
    assert_eq!(
        (file.stream_position().unwrap(), fs::read_to_string(&path).unwrap().as_str()),
        (0, "foreign")
    );
    here.set_nonblocking(true).unwrap();
    assert_eq!(
        here.read(&mut [0]).unwrap_err().kind(),
        ErrorKind::WouldBlock,
        "nothing was written, and it is not closed"
    );
    world.server.set_nonblocking(true).unwrap();
    assert_eq!(world.server.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
    assert!(world.stranger.lock().unwrap().try_wait().unwrap().is_none(), "it lives");
}

/// Words of marks are words of grants.
#[test]
fn marks_name_kinds_of_grants() {
    for (native, reach) in marks() {
        for (kind, which) in reach.iter().filter_map(|mark| mark.grant()) {
            let kind = carafe::Kind::named(kind).unwrap_or_else(|| panic!("{native}: {kind}"));
            let known = carafe::Grants::nothing().allow(kind, which, Path::new("/"));
            assert!(known.is_ok(), "{native}: {known:?}");
        }
    }
}
