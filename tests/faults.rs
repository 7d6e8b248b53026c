//! Part D of the attacks beyond odd surroundings: system calls that fail, faults that are not the machine's, clocks that jump,
//! memory that ends anywhere, and inputs that are damaged or change while they are used.
//!
//! Attacks are numbered as in tests/ATTACKS.md. Invariant of all: the process ends by itself, with a Java exception or one line
//! that says why, never by a signal or a panic of the host's. Deliberately not here: streams and signals (tests/attacks_d.rs).

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;
#[allow(dead_code, reason = "each test uses a part of what all share")]
#[path = "common/lab.rs"]
mod lab;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::{FileExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lab::{Lab, outcome};

const SOURCES: &[(&str, &str)] = &[("Guest.java", include_str!("faults/Guest.java"))];

fn lab(test: &str) -> Lab {
    Lab::new("faults", test, SOURCES)
}

/// Nothing that only a broken host would say, and an end by the program's or the launcher's own hand.
fn assert_clean(what: &str, (exit, out, err): &(String, String, String)) {
    assert!(exit.parse::<u8>().is_ok(), "{what}: ended by {exit}: {out}{err}");
    for word in ["panicked", "RUST_BACKTRACE", "assertion", "internal error", "fatal runtime error"] {
        assert!(!err.contains(word) && !out.contains(word), "{what}: {out}{err}");
    }
}

// ---------------------------------------------------------------------------------------------------------- system calls

/// Whether calls can be made to fail here.
fn can_inject() -> bool {
    let tried = Command::new("strace").args(["-f", "-e", "inject=getppid:error=EIO", "true"]).output();
    let works = tried.is_ok_and(|output| output.status.success());
    if !works {
        eprintln!("strace is not installed, or may not trace: no calls are made to fail");
    }
    works
}

/// Calls with the errors that they may return. Those of the first table fail on the program's own files alone, those of the
/// second are not made while the machine starts.
const ON_FILES: &[(&str, &str)] = &[
    ("openat,openat2", "EINTR"),
    ("openat,openat2", "EMFILE"),
    ("openat,openat2", "ESTALE"),
    ("read,pread64,preadv2,readv", "EINTR"),
    ("read,pread64,preadv2,readv", "EIO"),
    ("write,pwrite64,pwritev2,writev", "EINTR"),
    ("write,pwrite64,pwritev2,writev", "ENOSPC"),
    ("fstat,newfstatat,statx,stat,lstat", "EIO"),
    ("lseek", "EINVAL"),
    ("mmap", "ENOMEM"),
    ("msync", "EIO"),
    ("ftruncate", "ENOSPC"),
    ("fsync,fdatasync", "EIO"),
    ("fcntl", "ENOLCK"),
    ("rename,renameat,renameat2", "EROFS"),
    ("unlink,unlinkat", "EROFS"),
    ("mkdir,mkdirat", "ENOSPC"),
    ("getdents64", "EIO"),
];
const ANYWHERE: &[(&str, &str)] = &[
    ("socket", "EMFILE"),
    ("bind", "EACCES"),
    ("listen", "EADDRINUSE"),
    ("accept,accept4", "EINTR"),
    ("accept,accept4", "ECONNABORTED"),
    ("connect", "ENETUNREACH"),
    ("epoll_create1", "EMFILE"),
    ("epoll_ctl", "ENOMEM"),
    ("pipe2", "ENFILE"),
    ("waitid", "EINTR"),
];

/// D1.1: each fails once, and is either done again or a Java exception; the next attempt works.
#[test]
fn calls_that_fail_once_are_java_exceptions() {
    if !can_inject() {
        return;
    }
    let lab = lab("calls");
    let all = ON_FILES.iter().map(|row| (row, true)).chain(ANYWHERE.iter().map(|row| (row, false)));
    let mut failures = 0;
    for ((calls, error), on_files) in all {
        let folder = lab.folder.join("work");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        let path = folder.display().to_string();
        let mut strace = common::command("strace", &lab.jdk);
        strace.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={calls}")]);
        strace.args(["-e", &format!("inject={calls}:error={error}:when=1")]);
        if on_files {
            for name in ["", "/file", "/other", "/third", "/sub"] {
                strace.args(["-P", &format!("{path}{name}")]);
            }
        }
        let inner = lab.command(&["-A"], &["calls", &path]);
        strace.current_dir(&lab.folder).arg(inner.get_program()).args(inner.get_args());
        let what = format!("{calls} {error}");
        let ended = outcome(&mut strace);
        assert_clean(&what, &ended);
        let (exit, out, err) = ended;
        assert_eq!((exit.as_str(), err.as_str()), ("0", ""), "{what}: {out}");
        assert!(out.ends_with("end\n") && !out.contains("never"), "{what}: {out}");
        for line in out.lines().filter(|line| !line.ends_with(": ok") && *line != "end") {
            let exceptions = ["java.io.", "java.nio.file.", "java.net.", "java.lang.OutOfMemoryError"];
            let (_, class) = line.split_once(": ").unwrap();
            assert!(exceptions.iter().any(|prefix| class.starts_with(prefix)), "{what}: {line}");
            assert_ne!(*error, "EINTR", "{what}: what was interrupted is done again: {line}");
            failures += 1;
        }
    }
    assert!(failures >= 15, "calls did fail: {failures}");
}

/// D2.12 and D1.7: memory that the system refuses at any point of the start is one line, or is done without.
#[test]
fn memory_that_is_refused_at_the_start_is_said() {
    if !can_inject() {
        return;
    }
    let lab = lab("refused");
    for (call, first, after) in
        // The cage is the first that is so large; what comes before is the system's loader and the runtime of Rust.
        [("mmap", " 53", 9), ("mprotect", " 2147483648", 3), ("madvise", "", 3)]
    {
        let record = lab.path("record");
        let trace = |nth: Option<usize>| {
            let mut strace = common::command("strace", &lab.jdk);
            strace.args(["-f", "-qq", "-o", &record, "-e", &format!("trace={call}")]);
            if let Some(nth) = nth {
                strace.args(["-e", &format!("inject={call}:error=ENOMEM:when={nth}")]);
            }
            let inner = lab.command(&["-A"], &["work"]);
            outcome(strace.current_dir(&lab.folder).arg(inner.get_program()).args(inner.get_args()))
        };
        assert_eq!(trace(None).1, "24561\n", "{call}");
        let calls = fs::read_to_string(&record).unwrap();
        let is_first = |line: &str| {
            let length = line.split(',').nth(1).unwrap_or_default();
            length.starts_with(first) && (call != "mmap" || length.len() > 10)
        };
        let start = calls.lines().position(is_first).expect("the cage is made") + 1;
        for nth in start..start + after {
            let what = format!("{call} {nth}");
            let ended = trace(Some(nth));
            assert_clean(&what, &ended);
            let (exit, out, err) = &ended;
            let works = exit == "0" && out == "24561\n";
            let says =
                exit == "1" && out.is_empty() && err.starts_with("carafe: ") && err.lines().count() == 1;
            assert!(works || says, "{what}: {ended:?}");
        }
    }
}

// ---------------------------------------------------------------------------------------------------------------- clocks

/// A library that comes before the system's own and makes the wall clock jump a day to and fro at every look, or stand.
const JUMPING: &str = r#"
    #define _GNU_SOURCE
    #include <stdlib.h>
    #include <sys/syscall.h>
    #include <time.h>
    #include <unistd.h>
    int clock_gettime(clockid_t clock, struct timespec *now) {
        /* of the process */ static _Atomic unsigned looks;
        int result = syscall(SYS_clock_gettime, clock, now);
        if (clock == CLOCK_REALTIME) {
            if (getenv("STANDS")) now->tv_sec = 1700000000, now->tv_nsec = 0;
            else now->tv_sec += (looks++ % 3 - 1) * 86400;
        }
        return result;
    }
"#;

/// D1.8: whatever the clock on the wall does, waits take their time and limits are met.
#[test]
fn clocks_that_jump_or_stand_change_no_wait() {
    let lab = lab("clocks");
    let source = lab.write("jumping.c", JUMPING);
    let library = lab.path("jumping.so");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o", &library, &source]).status();
    if !built.is_ok_and(|status| status.success()) {
        eprintln!("there is no C compiler: the clock cannot be made to jump");
        return;
    }
    for stands in [false, true] {
        let with = |command: &mut Command| {
            command.env("LD_PRELOAD", &library);
            if stands {
                command.env("STANDS", "1");
            }
        };
        let mut command = lab.command(&["-A"], &["clocks"]);
        with(&mut command);
        let (exit, out, err) = outcome(&mut command);
        assert_eq!((exit.as_str(), err.as_str()), ("0", ""), "{out}");
        let mut lines = out.lines();
        assert_eq!(lines.next(), Some(format!("wall clock jumps {}", !stands).as_str()), "{out}");
        let rest: Vec<&str> = lines.collect();
        assert!(rest.len() == 10 && rest[..9].iter().all(|line| line.ends_with(": in time")), "{out}");
        assert_eq!(rest[9], "end");
        for (limit, what, least) in [
            ("--max-time=1s", "sleep", 900),
            ("--max-time=1s", "spin", 900),
            ("--max-cpu=500ms", "spin", 400),
        ] {
            let mut command = lab.command(&[limit], &[what]);
            with(&mut command);
            let begin = Instant::now();
            let (exit, out, err) = outcome(&mut command);
            assert!(exit != "0" && err.contains("(--max-"), "{limit}: {out}{err}");
            let took = begin.elapsed();
            assert!(
                took >= Duration::from_millis(least) && took < Duration::from_secs(60),
                "{limit}: {took:?}"
            );
        }
    }
}

/// D1.8: a process that is stopped and goes on has used no processor meanwhile, and sleeps to the end.
#[test]
fn a_process_that_is_stopped_goes_on() {
    let lab = lab("stopped");
    for options in [&["-A", "--max-cpu=60s"][..], &["--max-cpu=60s"]] {
        let mut child =
            lab.command(options, &["sleep"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        for _ in 0..3 {
            for signal in ["-STOP", "-CONT"] {
                let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
                assert!(sent.success());
                std::thread::sleep(Duration::from_millis(200));
            }
        }
        let mut rest = String::new();
        out.read_to_string(&mut rest).unwrap();
        assert_eq!((rest.as_str(), child.wait().unwrap().code()), ("slept true\n", Some(0)), "{options:?}");
    }
}

// ---------------------------------------------------------------------------------------------------------------- memory

/// D2.10: memory ends at every point of a program's life in turn: an error of Java's or one line, and with enough it runs.
#[test]
fn memory_may_end_anywhere() {
    let lab = lab("anywhere");
    for (option, sizes, enough) in [
        ("-Xmx", &["1m", "2m", "3m", "4m", "5m", "6m", "8m", "12m"][..], "32m"),
        ("--max-metaspace=", &["100k", "1m", "2m", "4m", "6m", "8m", "10m", "12m", "14m", "16m"], "256m"),
        ("-Xss", &["16k", "64k", "100k", "144k", "200k", "300k"], "2m"),
        ("-XX:MaxDirectMemorySize=", &["1", "1k", "16k", "1m"], "64m"),
        ("--max-threads=", &["1", "2", "3", "4", "6", "8"], "64"),
        ("--max-files=", &["1", "4", "8", "16"], "512"),
    ] {
        let run = |size: &str, mode: &str| lab.all(&["-A", mode, &format!("{option}{size}")], &["work"]);
        for size in sizes {
            let ended = run(size, "-Xint");
            let (exit, out, err) = &ended;
            let what = format!("{option}{size}");
            assert_clean(&what, &ended);
            assert!(exit != "0" || out == "24561\n", "{what}: {out}{err}");
            // What a JVM says while it starts goes where output goes.
            assert!(exit == "0" || !err.is_empty() || !out.is_empty(), "{what}: it says why");
        }
        let (exit, out, err) = run(enough, "-Xint");
        assert_eq!((exit.as_str(), out.as_str()), ("0", "24561\n"), "{option}{enough}: {err}");
    }
}

/// D2.11: out of memory within what copes with being out of memory.
#[test]
fn errors_within_errors_leave_a_machine_that_works() {
    let lab = lab("hungry");
    for mode in [&["-Xint"][..], &["-Xcomp"], &["-XX:+VerifyHeap"]] {
        let (exit, out, err) = lab.all(&[&["-A", "-Xmx24m"], mode].concat(), &["hungry"]);
        assert_eq!(exit, "0", "{mode:?} {out}{err}");
        assert!(out.ends_with("end 24561\n"), "{mode:?} {out}{err}");
        let mut errors = 0;
        for line in out.lines().filter(|line| line.contains(": ")) {
            let (name, how) = line.split_once(": ").unwrap();
            if let Some(name) = name.strip_suffix(" then") {
                let expected = match name {
                    "exception" => "java.lang.IllegalStateException",
                    // There is nothing to add to any more.
                    "error in handler" | "error in finally" => "java.lang.NullPointerException",
                    // An initializer fails for good.
                    "initializer" | "class" => "java.lang.NoClassDefFoundError",
                    "lambda" | "proxy" | "record" | "string" => "java.lang.BootstrapMethodError",
                    _ => "nothing",
                };
                assert_eq!(how, expected, "{mode:?} {out}");
            } else {
                let foreseen = ["ok", "java.lang.OutOfMemoryError", "java.lang.IllegalStateException"];
                let wrapped = ["java.lang.BootstrapMethodError", "java.lang.NoClassDefFoundError"];
                assert!(foreseen.contains(&how) || wrapped.contains(&how), "{mode:?} {line}");
                errors += usize::from(how.ends_with("OutOfMemoryError"));
            }
        }
        assert!(errors >= 10, "memory was out: {out}");
    }
}

// ---------------------------------------------------------------------------------------------------------------- inputs

/// A JDK that is this one but for one file, which is not there yet.
fn jdk_without(lab: &Lab, name: &str, without: &str) -> PathBuf {
    fn link(from: &Path, to: &Path, without: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
            let (source, target) = (entry.path(), to.join(entry.file_name()));
            if source == without {
                continue;
            }
            if without.starts_with(&source) {
                link(&source, &target, without);
            } else {
                symlink(&source, &target).unwrap();
            }
        }
    }
    let home = lab.folder.join(name);
    link(&lab.jdk, &home, &lab.jdk.join(without));
    home
}

fn run_with(lab: &Lab, home: &Path, args: &[&str]) -> (String, String, String) {
    // Most files of it are links, which walls would not follow.
    let mut command = lab.command(&["-A"], args);
    outcome(command.env("JAVA_HOME", home))
}

/// D3.13: an image that is missing, empty, cut, of another version or damaged in its tables.
#[test]
fn a_damaged_image_is_refused_in_one_line() {
    let lab = lab("image");
    let home = jdk_without(&lab, "jdk", "lib/modules");
    let image = home.join("lib/modules");
    let refused = |what: &str| {
        let ended = run_with(&lab, &home, &["work"]);
        assert_clean(what, &ended);
        let (exit, out, err) = ended;
        assert_eq!((exit.as_str(), out.as_str(), err.lines().count()), ("1", "", 1), "{what}: {err}");
    };
    // That is no JDK, and another one is looked for.
    let ended = run_with(&lab, &home, &["work"]);
    assert_clean("missing", &ended);
    assert!(ended.1 == "24561\n" || ended.0 == "1" && ended.2.lines().count() == 1, "{ended:?}");
    let original = File::open(lab.jdk.join("lib/modules")).unwrap();
    let length = original.metadata().unwrap().len();
    fs::create_dir(&image).unwrap();
    assert_clean("a folder", &run_with(&lab, &home, &["work"]));
    fs::remove_dir(&image).unwrap();
    let mut start = vec![0; 1 << 20];
    original.read_exact_at(&mut start, 0).unwrap();
    for cut in [0, 1, 4, 27, 28, 4095, 4096, 8192, 65536, 1 << 20] {
        fs::write(&image, &start[..cut]).unwrap();
        refused(&format!("cut at {cut}"));
    }
    fs::copy(lab.jdk.join("lib/modules"), &image).unwrap();
    let file = File::options().write(true).read(true).open(&image).unwrap();
    file.set_len(length / 2).unwrap();
    let ended = run_with(&lab, &home, &["work"]);
    assert_clean("half", &ended);
    assert!(ended.0 == "1" || ended.1 == "24561\n", "{ended:?}");
    fs::copy(lab.jdk.join("lib/modules"), &image).unwrap();
    let file = File::options().write(true).read(true).open(&image).unwrap();
    // Magic number, versions, lengths of tables: each bit of some bytes.
    for (at, value) in [(0, 0), (3, 0xff), (4, 9), (6, 9), (16, 0xff), (19, 0x7f), (23, 0x7f), (27, 0x7f)] {
        let mut before = [0];
        file.read_exact_at(&mut before, at).unwrap();
        file.write_all_at(&[value], at).unwrap();
        refused(&format!("byte {at} is {value}"));
        file.write_all_at(&before, at).unwrap();
    }
    // The tables themselves: something is not found, or is what it is not.
    for at in (28..2_000_000).step_by(131_101) {
        let mut before = [0; 64];
        file.read_exact_at(&mut before, at).unwrap();
        file.write_all_at(&before.map(|byte| byte ^ 0x55), at).unwrap();
        let ended = run_with(&lab, &home, &["work"]);
        assert_clean(&format!("damage at {at}"), &ended);
        file.write_all_at(&before, at).unwrap();
    }
    assert_eq!(run_with(&lab, &home, &["work"]).1, "24561\n");
    // And while a program runs: whoever needs more of it is told.
    let mut child = lab
        .command(&["-A"], &["load"])
        .env("JAVA_HOME", &home)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    out.read_line(&mut text).unwrap();
    assert_eq!(text, "ready\n");
    file.set_len(4096).unwrap();
    child.stdin.take().unwrap().write_all(b"x").unwrap();
    out.read_to_string(&mut text).unwrap();
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    let code = child.wait().unwrap().code().map_or("a signal".to_owned(), |code| code.to_string());
    assert_clean("cut while it runs", &(code, text, err));
}

/// D3.13: files beside the image.
#[test]
fn damaged_files_of_the_library_are_exceptions() {
    let lab = lab("beside");
    for name in ["lib/tzdb.dat", "conf/security/java.security", "release"] {
        let home = jdk_without(&lab, &name.replace('/', "-"), name);
        let file = home.join(name);
        let original = fs::read(lab.jdk.join(name)).unwrap();
        let half = original.len() / 2;
        let flipped: Vec<u8> = original.iter().map(|byte| byte ^ 1).collect();
        for (what, bytes) in [
            ("missing", None),
            ("empty", Some(&[][..])),
            ("half", Some(&original[..half])),
            ("flipped", Some(&flipped)),
            ("whole", Some(&original)),
        ] {
            if let Some(bytes) = bytes {
                fs::write(&file, bytes).unwrap();
            }
            let ended = run_with(&lab, &home, &["work"]);
            assert_clean(&format!("{name} {what}"), &ended);
            assert!(
                ended.0 == "0" && ended.1 == "24561\n" || !ended.2.is_empty(),
                "{name} {what}: {ended:?}"
            );
        }
        assert_eq!(run_with(&lab, &home, &["work"]).1, "24561\n", "{name}");
    }
    // A release of another version is another JDK.
    let home = jdk_without(&lab, "other", "release");
    let text = fs::read_to_string(lab.jdk.join("release")).unwrap();
    fs::write(home.join("release"), text.replace("\"25", "\"24")).unwrap();
    let ended = run_with(&lab, &home, &["work"]);
    assert_clean("another version", &ended);
}

/// D3.14: a jar that is cut, or replaced, while it is open: on the class path, where the library reads it, and on the boot
/// path, where the machine does.
#[test]
fn a_jar_that_changes_while_it_is_open_is_an_exception() {
    let lab = lab("jar");
    let jar = lab.path("guest.jar");
    let make = || {
        let mut tool = common::command(lab.jdk.join("bin/jar"), &lab.jdk);
        // Stored, and far more than what is read ahead.
        lab.write("filler", &"0123456789abcdef".repeat(100_000));
        tool.current_dir(&lab.folder).args(["cf0", "guest.jar", "filler", "-C"]).arg(&lab.classes).arg(".");
        assert_eq!(outcome(&mut tool).0, "0");
    };
    let boot = format!("-Xbootclasspath/a:{jar}");
    for options in [&["-cp", jar.as_str()][..], &[&boot, "-cp", "."]] {
        for change in ["cut", "emptied", "overwritten", "replaced", "gone"] {
            let _ = fs::remove_file(&jar);
            make();
            let mut command = common::command(env!("CARGO_BIN_EXE_carafe"), &lab.jdk);
            command
                .current_dir(&lab.folder)
                .arg("-XX:-CheckInterpreter")
                .args(options)
                .args(["Guest", "load"]);
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = command.spawn().unwrap();
            let mut out = BufReader::new(child.stdout.take().unwrap());
            let mut text = String::new();
            out.read_line(&mut text).unwrap();
            assert_eq!(text, "ready\n", "{options:?}");
            let length = fs::metadata(&jar).unwrap().len();
            let file = File::options().write(true).open(&jar).unwrap();
            match change {
                "cut" => file.set_len(length / 3).unwrap(),
                "emptied" => file.set_len(0).unwrap(),
                "overwritten" => file.write_all_at(&vec![0x5a; length as usize], 0).unwrap(),
                "replaced" => {
                    fs::write(lab.path("other.jar"), "no jar at all").unwrap();
                    fs::rename(lab.path("other.jar"), &jar).unwrap();
                }
                _ => fs::remove_file(&jar).unwrap(),
            }
            child.stdin.take().unwrap().write_all(b"x").unwrap();
            out.read_to_string(&mut text).unwrap();
            let mut err = String::new();
            child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
            let code = child.wait().unwrap().code().map_or("a signal".to_owned(), |code| code.to_string());
            assert_clean(change, &(code.clone(), text.clone(), err.clone()));
            if text.ends_with("ready\n") || !text.ends_with("end\n") {
                // The machine's own reading met the end of the file, and the thread is told of it a little later.
                assert!(
                    code == "1" && err.contains("java.lang.InternalError"),
                    "{options:?} {change}: {text}{err}"
                );
                continue;
            }
            assert_eq!(code, "0", "{options:?} {change}: {text}{err}");
            // What is the image's is there in any case; what was the jar's is what it was, or is not.
            assert!(text.contains("java.util.concurrent.Phaser: ok\n"), "{change}: {text}");
            let first = text.lines().find(|line| line.starts_with("Guest$First: ")).unwrap();
            let unchanged = matches!(change, "replaced" | "gone");
            assert_eq!(first == "Guest$First: ok", unchanged, "{options:?} {change}: {text}");
        }
    }
}
