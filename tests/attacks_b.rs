//! Part B of the attack catalogue: escapes tried by programs without grants, and the sweep over the whole of java.base.
//!
//! Numbers are those of tests/ATTACKS.md. Where the library is what stops an attack, the outcome is compared with HotSpot's,
//! line by line; where carafe must, the refusal is. Deliberately not here: files and values (tests/grants.rs), processes,
//! several isolates (tests/isolates.rs).

#![allow(clippy::disallowed_methods, reason = "a test is the world outside, and may listen there")]

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;
#[path = "common/lab.rs"]
#[allow(dead_code, reason = "each test uses a part of what all share")]
mod lab;

use std::fs;
use std::path::Path;
use std::process::Command;

use lab::{Lab, outcome};

// ------------------------------------------------------------------------------------------------------------- sweep

const SWEEP: &[(&str, &str)] = &[("Sweep.java", include_str!("attacks_b/Sweep.java"))];

/// Fixed files of the kernel that the machine itself reads, whatever a program asks for: ignored signals, processors of the
/// machine and of the control group, whether there is IPv6, times of threads and of the machine; and the sources of random
/// numbers, of which each read is decided.
const MACHINE: &[&str] = &[
    "/proc/self/",
    "/proc/stat",
    "/sys/fs/cgroup/",
    "/sys/devices/system/cpu/online",
    "/proc/net/if_inet6",
    "/dev/null",
    "/dev/random",
    "/dev/urandom",
];

/// What a line of strace shows that no program without grants may cause; `None` if it is fine.
fn forbidden<'l>(line: &'l str, allowed: &[String]) -> Option<&'l str> {
    let call = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let name = call.split('(').next().unwrap_or_default();
    if name.starts_with("<...")
        || name.starts_with("+++")
        || name.starts_with("---")
        || ["write", "pwritev2"].contains(&name)
    {
        return None;
    }
    if ["execve", "execveat", "kill", "tgkill", "ptrace", "connect", "bind", "listen"].contains(&name)
        || call.contains("sa_family=AF_INET")
    {
        return Some(call);
    }
    // The first path is one by itself, or relative to the directory that strace names in `<...>`.
    let path = call.split('"').nth(1)?;
    let whole = if path.starts_with('/') {
        path.to_owned()
    } else {
        let before = call.split('"').next().unwrap_or_default();
        let Some((_, rest)) = before.split_once('<') else { return Some(call) };
        format!("{}/{path}", rest.split('>').next().unwrap_or_default())
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    let whole = format!("/{}", parts.join("/"));
    let of_process = whole.strip_prefix("/proc/").and_then(|rest| rest.split_once('/'));
    let whole = match of_process {
        Some((id, rest)) if id.chars().all(|c| c.is_ascii_digit()) => format!("/proc/self/{rest}"),
        _ => whole,
    };
    let fine = |root: &str| {
        whole == root.trim_end_matches('/') || whole.starts_with(&format!("{}/", root.trim_end_matches('/')))
    };
    let looked_at = allowed.iter().any(|root| fine(root)) || MACHINE.iter().any(|root| fine(root));
    // Finding out where a link leads takes looking at the folders on the way.
    let roots = || allowed.iter().map(String::as_str).chain(MACHINE.iter().copied());
    let on_the_way = name == "readlink" && roots().any(|root| Path::new(root).starts_with(&whole));
    if looked_at || on_the_way { None } else { Some(call) }
}

#[test]
fn the_watch_sees_what_it_should() {
    let allowed = ["/jdk".to_owned()];
    for line in [
        "12 openat(AT_FDCWD</x>, \"/etc/passwd\", O_RDONLY) = 3</etc/passwd>",
        "12 openat(5</jdk>, \"../etc/passwd\", O_RDONLY <unfinished ...>",
        "12 openat2(5</>, \"etc\", {flags=O_PATH}, 24) = -1 ENOENT (No such file or directory)",
        "12 statx(AT_FDCWD</x>, \"y\", 0, STATX_ALL, {}) = 0",
        "12 connect(5<socket:[1]>, {sa_family=AF_UNIX}, 16) = 0",
        "12 sendto(5<socket:[1]>, \"a\", 1, 0, {sa_family=AF_INET}, 16) = 0",
        "12 execve(\"/bin/true\", [\"true\"], 0x0 /* 0 vars */) = 0",
        "12 readlink(\"/etc\", 0x0, 1023) = -1 EINVAL (Invalid argument)",
        "12 openat(AT_FDCWD</x>, \"/proc/1/environ\", O_RDONLY) = 3",
    ] {
        let of_others = line.contains("/proc/1/");
        assert!(forbidden(line, &allowed).is_some() != of_others, "{line}");
    }
    for line in [
        "12 openat(AT_FDCWD</x>, \"/jdk/lib/modules\", O_RDONLY) = 3</jdk/lib/modules>",
        "12 openat2(5</jdk>, \"lib\", {flags=O_PATH}, 24) = 3</jdk/lib>",
        "12 statx(5</jdk>, \"\", AT_EMPTY_PATH, STATX_ALL, {}) = 0",
        "12 readlink(\"/jdk/x\", 0x0, 1023) = -1 EINVAL (Invalid argument)",
        "12 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5<socket:[1]>",
        "12 <... openat resumed>) = 3</etc/passwd>",
        "12 write(1<pipe:[1]>, \"/etc/passwd\", 11) = 11",
    ] {
        assert_eq!(forbidden(line, &allowed), None, "{line}");
    }
}

/// Must-show 2: every public static method and constructor of java.base that takes simple arguments, and what follows.
#[test]
fn no_method_of_java_base_reaches_outside() {
    let lab = Lab::new("attacks_b", "sweep", SWEEP);
    let outside = lab.write("outside.txt", "secret");
    let rounds = if std::env::var_os("CARAFE_LONG").is_some() { "4" } else { "1" };
    let record = lab.path("strace.txt");
    let plain = lab.command(&[], &[&outside, rounds]);
    let mut command = common::command("strace", &lab.jdk);
    command.current_dir(&lab.folder).args(["-f", "-y", "-qq", "-s", "4096", "-o", &record]);
    command.args(["-e", "trace=%file,%network,execve,execveat,kill,tgkill,ptrace,write,pwritev2"]);
    command.arg(plain.get_program()).args(plain.get_args());
    let watched = Command::new("strace").arg("-V").output().is_ok();
    if !watched {
        eprintln!("strace is not installed: only what the sweep itself reports is judged");
        command = plain;
    }
    let (exit, out, err) = outcome(&mut command);
    assert_eq!((exit.as_str(), err.as_str()), ("0", ""), "{out}");
    let line = out.lines().find(|line| line.starts_with("called ")).unwrap();
    let figures: Vec<u32> = line.split(' ').filter_map(|word| word.parse().ok()).collect();
    assert!(figures[0] > 10_000 && figures[2] > 100, "{line}");
    assert!(!out.contains("secret") && !out.contains("error: "), "{out}");
    assert_eq!(fs::read_to_string(&outside).unwrap(), "secret");
    let names: Vec<String> = fs::read_dir(&lab.folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names.len(), 1 + usize::from(watched), "nothing came to be: {names:?}");
    if !watched {
        return;
    }
    let text = fs::read_to_string(&record).unwrap();
    let (_, after) = text.split_once("SWEEP BEGINS").expect("the program has begun");
    let mut allowed: Vec<String> = Vec::new();
    // Distributions keep the settings of a JDK elsewhere, and link to them.
    for place in [&lab.jdk, &lab.classes, &lab.jdk.join("lib/security/cacerts"), &lab.jdk.join("conf")] {
        for path in [Some(place.clone()), place.canonicalize().ok()].into_iter().flatten() {
            allowed.push(path.display().to_string());
        }
    }
    let out_of_place: Vec<&str> =
        after.lines().skip(1).filter_map(|line| forbidden(line, &allowed)).take(20).collect();
    assert!(out_of_place.is_empty(), "{out_of_place:#?}");
}

// --------------------------------------------------------------------------------------- what the library itself stops

const LIBRARY: &[(&str, &str)] = &[("Library.java", include_str!("attacks_b/Library.java"))];

/// B3, B7, B9 to B11, B15, B19, B38: raw types, lengths, reflection, modules, hidden classes, deserialisation.
#[test]
fn what_the_library_stops_it_stops_as_on_hotspot() {
    let lab = Lab::new("attacks_b", "library", LIBRARY);
    let mut java = common::command(lab.jdk.join("bin/java"), &lab.jdk);
    java.current_dir(&lab.folder).arg("-cp").arg(&lab.classes).arg("Library");
    let (_, expected, _) = outcome(&mut java);
    assert!(expected.lines().count() > 150, "{expected}");
    let found = lab.run(&[], &[]);
    for (found, expected) in found.lines().zip(expected.lines()) {
        assert_eq!(found, expected);
    }
    assert_eq!(found, expected);
}

// -------------------------------------------------------------------------------------------------------------- memory

const MEMORY: &[(&str, &str)] = &[("Memory.java", include_str!("attacks_b/Memory.java"))];

/// B4, B5, B6, B36: arrays that change under bulk operations, arenas that close under readers, buffers and their slices.
#[test]
fn memory_stays_whole() {
    let lab = Lab::new("attacks_b", "memory", MEMORY);
    assert_eq!(lab.run(&[], &["tear", "300"]), "nothing torn\n");
    assert_eq!(lab.run(&[], &["arena", "8"]), "closed under 128 readers\n");
    assert_eq!(lab.run(&[], &["buffers"]), "slices live, cleaned 1\n");
    assert_eq!(lab.run(&["-Xmx64m"], &["zero"]), "sum 0\n");
    // The same while everything moves.
    assert_eq!(lab.run(&["-XX:GCStressStride=97"], &["tear", "5"]), "nothing torn\n");
    assert_eq!(lab.run(&["-XX:GCStressStride=211"], &["arena", "1"]), "closed under 16 readers\n");
}

// ---------------------------------------------------------------------------------------------------------------- lures

const LURED: &[(&str, &str)] = &[("Lured.java", include_str!("attacks_b/Lured.java"))];

/// What comes to nothing without a refusal that the program sees: the answer is the same for everyone, or there is none.
const HARMLESS: &[&str] = &[
    "policy: gave 0",
    "compiler: gave nothing",
    "script: gave nothing",
    "delete on exit: gave nothing",
    "printing an error: gave nothing",
    "trust store: gave nothing",
    "time zone: gave nothing",
    "service: gave nothing",
    "reverse: gave nothing",
    "local host: gave nothing",
    "interfaces: java.net.SocketException: No network interfaces configured",
    "unix, abstract: java.nio.file.InvalidPathException: Nul character not allowed:",
    "library path: java.lang.IllegalCallerException: Illegal native access",
];

/// B16 to B18, B26: whoever in the library does it, now or later, on whatever thread.
#[test]
fn there_is_nobody_to_lure() {
    let lab = Lab::new("attacks_b", "lured", LURED);
    let outside = lab.write("outside/outside.xml", "<secret/>");
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port().to_string();
    let out = lab.run(&[], &[&outside, &port]);
    for line in out.lines() {
        let refused = line.contains(": refused ") && line.contains(" is not granted (--allow-");
        let harmless = HARMLESS.iter().any(|harmless| line.starts_with(harmless));
        assert!(refused || harmless, "{line}");
    }
    assert!(out.lines().count() > 80 && out.contains("shutdown hook: refused"), "{out}");
    assert!(!out.contains("the secret"), "{out}");
    server.set_nonblocking(true).unwrap();
    assert!(server.accept().is_err(), "nobody has come");
    assert_eq!(fs::read_dir(lab.folder.join("outside")).unwrap().count(), 1, "nothing came to be");
    assert_eq!(fs::read_to_string(&outside).unwrap(), "<secret/>");
    // The same attempts pass with the grant that they lack.
    let read = format!("--allow-read={}", lab.path("outside"));
    let (_, granted, _) = lab.all(&[&read], &[&outside, "0"]);
    for what in
        ["XInclude: gave <secret/>", "XSLT: gave true", "shutdown hook: gave", "scanner: gave <secret/>"]
    {
        assert!(granted.contains(what), "{what} in {granted}");
    }
}

// ---------------------------------------------------------------------------------------------- manifests, settings nearby

const OPENED: &[(&str, &str)] = &[("Opened.java", include_str!("attacks_b/Opened.java"))];

/// B12: what a jar says of itself opens nothing.
#[test]
fn a_manifest_opens_nothing() {
    let lab = Lab::new("attacks_b", "manifest", OPENED);
    let jar = |name: &str, manifest: &str| {
        lab.write("manifest", &format!("Main-Class: Opened\n{manifest}"));
        let mut jar = common::command(lab.jdk.join("bin/jar"), &lab.jdk);
        jar.current_dir(&lab.folder).args(["cfm", name, "manifest", "-C"]).arg(&lab.classes).arg(".");
        assert_eq!(outcome(&mut jar).0, "0");
    };
    jar(
        "opens.jar",
        "Add-Opens: java.base/java.lang\nAdd-Exports: java.base/jdk.internal.misc\nEnable-Native-Access: ALL-UNNAMED\n",
    );
    let run = |options: &[&str], jar: &str| {
        let mut command = common::command(env!("CARGO_BIN_EXE_carafe"), &lab.jdk);
        outcome(
            command.current_dir(&lab.folder).arg("-XX:-CheckInterpreter").args(options).args(["-jar", jar]),
        )
    };
    let closed = "opens: java.lang.reflect.InaccessibleObjectException\nexports: java.lang.IllegalAccessException\n\
                  reinterpret: java.lang.IllegalCallerException\n";
    let open = "opens: gave 1\nexports: gave true\nreinterpret: gave 8\n";
    assert_eq!(run(&[], "opens.jar"), ("0".into(), closed.into(), String::new()));
    assert_eq!(run(&["-A"], "opens.jar"), ("0".into(), open.into(), String::new()));
    let one = ["--add-opens=java.base/java.lang=ALL-UNNAMED"];
    assert!(run(&one, "opens.jar").1.starts_with("opens: gave 1\nexports: java.lang.IllegalAccess"));
    jar("agent.jar", "Launcher-Agent-Class: Opened\nAgent-Class: Opened\nCan-Redefine-Classes: true\n");
    let (_, out, err) = run(&[], "agent.jar");
    assert!(!out.contains("agent runs"), "{out}{err}");
}

/// B12, B25: files that lie where a program runs configure nothing, and neither do variables of the launcher's.
#[test]
fn what_lies_about_configures_nothing() {
    let lab = Lab::new("attacks_b", "settings", OPENED);
    let plain = lab.run(&[], &[]);
    let opens = "--add-opens=java.base/java.lang=ALL-UNNAMED\n-A\n";
    for (name, text) in [
        (".hotspotrc", "+PrintFlagsFinal\n"),
        ("JDK_JAVA_OPTIONS", opens),
        ("args", opens),
        ("jvm.cfg", "-server KNOWN\n"),
        ("java.security", "security.provider.1=Mine\n"),
        ("java.policy", "grant { permission java.security.AllPermission; };\n"),
        (".java.policy", "grant { permission java.security.AllPermission; };\n"),
        ("logging.properties", "handlers=java.util.logging.FileHandler\n"),
        ("carafe.toml", "all = true\n"),
        ("policy.toml", "all = true\n"),
        ("META-INF/MANIFEST.MF", "Add-Opens: java.base/java.lang\n"),
        ("lib/modules", "not an image"),
        ("java/lang/String.class", "not a class"),
    ] {
        lab.write(name, text);
    }
    assert_eq!(lab.run(&[], &[]), plain);
    let mut command = lab.command(&[], &[]);
    command.envs([
        ("_JAVA_OPTIONS", "-A"),
        ("JAVA_TOOL_OPTIONS", "--add-opens=java.base/java.lang=ALL-UNNAMED"),
    ]);
    command.env("CLASSPATH", &lab.folder);
    let (exit, out, err) = outcome(&mut command);
    assert!(
        exit == "0" && out == plain && err.contains("_JAVA_OPTIONS is not read without -A"),
        "grants do not come from variables: {out}{err}"
    );
}

/// B13: parts of the library that reach into the machine are not there, or refuse.
#[test]
fn doors_of_the_library_are_shut() {
    let lab = Lab::new("attacks_b", "doors", &[("Doors.java", include_str!("attacks_b/Doors.java"))]);
    let out = lab.run(&[], &[]);
    for line in out.lines() {
        let shut = [
            "ClassNotFound",
            "IllegalAccess",
            "NoClassDefFound",
            "refused ",
            "Unsupported",
            "UnsatisfiedLink",
            "IllegalCaller",
        ];
        assert!(shut.iter().any(|word| line.contains(word)), "{line}");
    }
    assert!(out.lines().count() >= 8, "{out}");
}
