//! Ways out that no single grant is about, found by reading the gate as an attacker would: the kernel's own files behind
//! grants without exceptions, permissions that outlive the run, folders that are moved while they are open, descriptors that
//! whoever started the process left open; and that refusals without a request of their own are in the record.
//!
//! Attacks are numbered as in tests/ATTACKS.md. Deliberately not here: what one grant opens and shuts (tests/grants.rs).

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;
#[allow(dead_code, reason = "each test uses a part of what all share")]
#[path = "common/lab.rs"]
mod lab;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};

use lab::{Lab, outcome};

fn lab(test: &str) -> Lab {
    Lab::new("ways_out", test, &[("Guest.java", include_str!("ways_out/Guest.java"))])
}

/// B23: everything may be read and written, but there is no grant for native code: then the process's memory is no file.
#[test]
fn the_kernels_files_do_not_go_with_everything() {
    let lab = lab("doors");
    let plain = lab.write("plain", "x");
    symlink("/proc/self/mem", lab.folder.join("link")).unwrap();
    symlink("/proc/self", lab.folder.join("self")).unwrap();
    let link = lab.path("link");
    let through = lab.path("self/mem");
    let root = format!("/proc/self/root{plain}");
    let doors = [
        "/proc/self/mem",
        "/proc/self/maps",
        "/proc/self/environ",
        "/proc/thread-self/mem",
        "/proc/self/fd/0",
        "/proc/self/task/../mem",
        "/dev/fd/0",
        "/dev/mem",
        "/dev/shm/x",
        "/sys/kernel/notes",
        &link,
        &through,
        &root,
    ];
    for options in [
        &["-A", "--deny-ffi"][..],
        &["-A", "--deny-ffi", "--deny-run"],
        &["--allow-read", "--allow-write"],
        &["--allow-read=/", "--allow-write=/"],
    ] {
        let out = lab.run(options, &[&["doors"][..], &doors].concat());
        assert_eq!(out.lines().count(), 5 * doors.len(), "{out}");
        for line in out.lines() {
            // One that is not there at all may be said not to be there.
            let nothing = line.contains("No such file") || line.contains("NoSuchFile");
            assert!(
                line.contains("SecurityException ") && line.contains("is not granted") || nothing,
                "{options:?} {line}"
            );
        }
        let out = lab.run(options, &["doors", &plain]);
        assert!(out.starts_with(&format!("read {plain}: gave 120\nchannel {plain}: gave 1\nwrite")), "{out}");
        assert!(!out.contains("Exception"), "{out}");
    }
    // Whoever may do anything may do that.
    assert!(lab.run(&["-A"], &["doors", "/proc/self/maps"]).starts_with("read /proc/self/maps: gave "));
}

/// B24: a file that lends its owner's rights to whoever runs it is none that a folder's grant makes.
#[test]
fn no_program_that_borrows_rights_is_left_behind() {
    let lab = lab("borrow");
    let given = lab.write("given", "x");
    let folder = lab.folder.display().to_string();
    let grants = [format!("--allow-read={folder}"), format!("--allow-write={folder}")];
    fs::set_permissions(&given, fs::Permissions::from_mode(0o6755)).unwrap();
    let out = lab.run(&[&grants[0], &grants[1]], &["borrow", &folder]);
    let lines: Vec<&str> = out.lines().collect();
    for line in &lines[..3] {
        assert!(
            line.starts_with("mode: FileSystemException ") && line.ends_with("Operation not permitted"),
            "{out}"
        );
    }
    assert!(out.contains("plain: gave ") && out.contains("\nfile 750"), "{out}");
    for name in ["file", "copy"] {
        let mode = fs::metadata(lab.path(name)).map_or(0, |found| found.permissions().mode());
        assert_eq!(mode & 0o6000, 0, "{name} {mode:o}: {out}");
    }
    let out = lab.run(&["-A"], &["borrow", &folder]);
    assert_eq!(out.matches("mode: gave ").count(), 3, "{out}");
}

/// B22: what counts is where an open folder is, not where it was.
#[test]
fn a_folder_that_is_moved_away_takes_its_grant_along() {
    let lab = lab("moved");
    for name in ["in/sub/kept", "in/sub/inner/file", "in/kept", "out/kept"] {
        lab.write(name, "text");
    }
    let grants = ["read", "write"].map(|kind| format!("--allow-{kind}={}", lab.path("in")));
    let sub = lab.path("in/sub");
    let mut child = lab
        .command(&[&grants[0], &grants[1]], &["moved", &sub])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    out.read_line(&mut text).unwrap();
    out.read_line(&mut text).unwrap();
    assert_eq!(text, "before: gave 4\nready\n");
    fs::rename(&sub, lab.path("out/sub")).unwrap();
    child.stdin.take().unwrap().write_all(b"x").unwrap();
    text.clear();
    out.read_to_string(&mut text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines.len(), lines[0]), (7, "open: gave 4"), "{text}");
    for line in &lines[1..] {
        assert!(line.contains("SecurityException ") && line.contains(" is not granted "), "{text}");
    }
    assert_eq!(fs::read_to_string(lab.path("out/sub/kept")).unwrap(), "text");
    assert!(!lab.folder.join("out/sub/new").exists() && !lab.folder.join("out/sub/taken").exists());
}

/// B28: what whoever started the process left open goes neither to the program nor to those that it runs.
#[test]
fn descriptors_left_open_are_nobodys() {
    let lab = lab("left");
    let secret = lab.write("secret", "the secret");
    for options in ["-A", "--allow-run", "--allow-run=/bin/sh"] {
        let run = |what: &str| {
            let mut shell = common::command("bash", &lab.jdk);
            let command = lab.command(&[options], &[]);
            let words: Vec<String> =
                command.get_args().map(|word| word.to_string_lossy().into_owned()).collect();
            let carafe = env!("CARGO_BIN_EXE_carafe");
            let script = format!("exec 9<{secret} 17<{secret}; exec {carafe} {} {what}", words.join(" "));
            outcome(shell.current_dir(&lab.folder).args(["-c", &script]))
        };
        let (exit, out, err) =
            run("run /bin/sh -c 'cat <&9 || cat /proc/self/fd/17; ls /proc/self/fd | wc -l'");
        assert_eq!((exit.as_str(), err.as_str()), ("0", ""), "{options}");
        assert!(!out.contains("the secret") && out.starts_with("run: gave "), "{options}: {out}");
        // Its own three, and the listing itself.
        assert!(out.ends_with("4 0\n"), "{options}: {out}");
    }
    let (_, out, _) = {
        let mut shell = common::command("bash", &lab.jdk);
        let words = lab.command(&["--allow-read"], &["doors", "/proc/self/fd/9", "/dev/fd/9"]);
        let words: Vec<String> = words.get_args().map(|word| word.to_string_lossy().into_owned()).collect();
        let script = format!("exec 9<{secret}; exec {} {}", env!("CARGO_BIN_EXE_carafe"), words.join(" "));
        outcome(shell.current_dir(&lab.folder).args(["-c", &script]))
    };
    assert_eq!(out.matches("SecurityException").count(), 10, "{out}");
}

/// B26: IPv6 within the kernel's walls, as without them: with the grant it works, and without it the refusal says so.
#[test]
#[allow(clippy::disallowed_methods, reason = "the test is what the program talks to")]
fn the_newer_protocol_is_granted_and_refused_like_the_older() {
    let Ok(server) = TcpListener::bind("[::1]:0") else {
        eprintln!("this machine has no IPv6");
        return;
    };
    let lab = lab("six");
    let port = server.local_addr().unwrap().port().to_string();
    let refused = lab.run(&[], &["six", &port]);
    assert_eq!(refused.lines().count(), 4, "{refused}");
    for line in refused.lines() {
        assert!(line.contains("SecurityException ") && line.contains(" is not granted (--allow-"), "{line}");
    }
    let expected = "stream: gave 6\nchannel: gave true\ndatagram: gave 7\n";
    for options in
        [&["-A"][..], &["--allow-net=[::1]", "--allow-listen=[::1]"], &["--allow-net", "--allow-listen"]]
    {
        let serving = std::thread::scope(|scope| {
            scope.spawn(|| server.accept().unwrap().0.write_all(b"\x08").unwrap());
            lab.run(options, &["six", &port])
        });
        assert_eq!(serving, format!("{expected}outside: gave 8\n"), "{options:?}");
    }
}

/// Oracle 8 of the catalogue: refusals that no flag's request stands for are in the record too.
#[test]
fn every_refusal_is_in_the_record() {
    let lab = lab("record");
    let mut victim = Command::new("sleep").arg("100").spawn().unwrap();
    let id = victim.id().to_string();
    let record = lab.path("audit");
    let options = ["--allow-sys=process", "--allow-run=/bin/true", &format!("--audit={record}")];
    let out = lab.run(&options, &["end", &id]);
    let refusals = out.lines().filter(|line| line.contains("SecurityException ")).count();
    assert_eq!((refusals, out.lines().count()), (4, 4), "{out}");
    assert!(victim.try_wait().unwrap().is_none(), "it lives");
    victim.kill().unwrap();
    victim.wait().unwrap();
    let record = fs::read_to_string(record).unwrap();
    let denied = |what: &str| {
        record.lines().filter(|line| line.contains(what) && line.contains("\"decision\":\"denied\"")).count()
    };
    assert_eq!(denied(&format!("ending process {id}")), 2, "{record}");
    assert_eq!(denied("setting environment variable \\\"LD_PRELOAD\\\""), 1, "{record}");
    assert_eq!(denied("a datagram socket"), 1, "{record}");
}
