//! Part D of the attacks, as far as the operating system goes: streams that nobody takes, signals, and machines that are
//! short of everything.
//!
//! Attacks are numbered as in tests/ATTACKS.md. Each program runs under three sets of grants: everything, the few that it
//! needs (so that the kernel's walls stand), and where that makes sense none. Deliberately not here: failing memory
//! (tests/refusals.rs), broken inputs, clocks that jump.

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;
#[allow(dead_code, reason = "each test uses a part of what all share")]
#[path = "common/lab.rs"]
mod lab;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(120);

struct Lab {
    jdk: PathBuf,
    classes: PathBuf,
    folder: PathBuf,
}

impl Lab {
    fn new(test: &str) -> Lab {
        let sources = [("Guest.java", include_str!("attacks_d/Guest.java"))];
        let lab::Lab { jdk, classes, folder, .. } = lab::Lab::new("attacks_d", test, &sources);
        Lab { jdk, classes, folder }
    }

    /// The program behind a script of the shell, where `$RUN` starts it: exit code, and both streams together.
    fn shell(&self, script: &str, options: &[&str]) -> (String, String) {
        let mut command = common::command("bash", &self.jdk);
        let run = format!(
            "{} -XX:-CheckInterpreter {} -cp {} Guest",
            env!("CARGO_BIN_EXE_carafe"),
            options.join(" "),
            self.classes.display()
        );
        command.current_dir(&self.folder).env("RUN", run).args(["-c", script]);
        let outcome = common::run(&mut command, LIMIT).unwrap();
        let text = [outcome.stdout, outcome.stderr].concat();
        (outcome.exit, String::from_utf8_lossy(&text).into_owned())
    }

    fn begin(&self, options: &[&str], args: &[&str]) -> (Child, BufReader<ChildStdout>) {
        let mut command = common::command(env!("CARGO_BIN_EXE_carafe"), &self.jdk);
        command.current_dir(&self.folder).arg("-XX:-CheckInterpreter").args(options);
        command.arg("-cp").arg(&self.classes).arg("Guest").args(args).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        (child, out)
    }
}

fn line(out: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    line
}

fn kill(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Waits for the end, and says how it came.
fn end(child: &mut Child) -> Option<i32> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code().or(status.signal().map(|signal| -signal));
        }
        assert!(start.elapsed() < LIMIT, "it does not end");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// D1.3, and D1.2 as far as output goes.
#[test]
fn output_that_nobody_takes_is_an_error_and_no_end() {
    let lab = Lab::new("output");
    for options in [&["-A"][..], &[]] {
        for (script, exit, text) in [
            ("$RUN print > /dev/full", "7", "error true\n"),
            ("$RUN both 2> /dev/full", "5", "out\n"),
            ("$RUN both > /dev/full", "4", "err\n"),
            ("$RUN throw 2> /dev/full", "1", ""),
            ("$RUN flood > /dev/full", "3", "ended true\n"),
            ("$RUN raw > /dev/full", "0", "refused No space left on device\n"),
            ("$RUN flood | head -c 10 > /dev/null; exit ${PIPESTATUS[0]}", "3", "ended true\n"),
            ("$RUN raw | head -c 10 > /dev/null; exit ${PIPESTATUS[0]}", "0", "refused Broken pipe\n"),
            // What is closed from the start is nowhere, and everything can be written there.
            ("$RUN both >&- 2>&-", "4", ""),
            ("$RUN throw 2>&-", "1", ""),
            ("$RUN print >&-", "0", "error false\n"),
            ("$RUN input <&-", "0", "read -1 0\n"),
            ("$RUN input < /", "0", "failed Is a directory\n"),
            // The size of files is limited: as a full disk.
            ("ulimit -f 8; $RUN raw > big; stat -c %s big", "0", "8192\nrefused File too large\n"),
        ] {
            assert_eq!(
                lab.shell(script, options),
                (exit.to_owned(), text.to_owned()),
                "{script} {options:?}"
            );
        }
    }
    // A pipe that is full and does not wait: all arrives once somebody reads.
    let (exit, text) = lab.shell(
        "python3 -c 'import os; os.set_blocking(1, False); os.execvp(\"bash\", [\"bash\", \"-c\", \"$RUN raw\"])' | (sleep 0.3; wc -c)",
        &[],
    );
    if !text.contains("python3: command not found") {
        assert_eq!((exit.as_str(), text.as_str()), ("0", "10000000\nwritten\n"));
    }
}

/// A shell starts what runs in its background so, and a program leaves it at that.
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap();
    u64::from_str_radix(mask.trim(), 16).unwrap() & 1 << (signal - 1) != 0
}

/// D1.4.
#[test]
fn signals_end_a_program_with_its_hooks() {
    let lab = Lab::new("signals");
    for options in [&["-A"][..], &[], &["--allow-run"]] {
        for (signal, code) in [("-TERM", 143), ("-INT", 130), ("-HUP", 129)] {
            if is_ignored(code - 128) {
                continue;
            }
            let (mut child, mut out) = lab.begin(options, &["wait"]);
            assert_eq!(line(&mut out), "ready\n");
            kill(&child, signal);
            assert_eq!(
                (line(&mut out).as_str(), end(&mut child)),
                ("hook\n", Some(code)),
                "{signal} {options:?}"
            );
        }
        // Not asked: the threads are listed, and it goes on.
        let (mut child, mut out) = lab.begin(options, &["wait"]);
        assert_eq!(line(&mut out), "ready\n");
        kill(&child, "-QUIT");
        let mut dump = line(&mut out);
        while !dump.contains("\"main\"") {
            let next = line(&mut out);
            assert!(!next.is_empty(), "no dump: {dump}");
            dump += &next;
        }
        assert!(child.try_wait().unwrap().is_none());
        kill(&child, "-USR1");
        assert_eq!(end(&mut child), Some(-10), "what nobody handles has its usual effect");
        let (mut child, _out) = lab.begin(&[options, &["-Xrs"]].concat(), &["wait"]);
        std::thread::sleep(Duration::from_millis(50));
        kill(&child, "-TERM");
        assert_eq!(end(&mut child), Some(-15), "-Xrs leaves signals alone");
    }
    // What was ignored from the start stays ignored.
    let (exit, text) =
        lab.shell("trap '' HUP; $RUN wait & sleep 2; kill -HUP $!; sleep 0.5; kill -TERM $!; wait $!", &[]);
    assert_eq!((exit.as_str(), text.as_str()), ("143", "ready\nhook\n"));
}

/// D1.6: whenever it is struck down, nothing that it leaves keeps the next one from running.
#[test]
fn whatever_strikes_a_program_down_the_next_one_runs() {
    let lab = Lab::new("struck");
    for round in 0..12 {
        let options = if round % 2 == 0 { &["--allow-run"][..] } else { &["-A"] };
        let (mut child, mut out) = lab.begin(options, &["wait"]);
        std::thread::sleep(Duration::from_millis(round * 23));
        child.kill().unwrap();
        assert_eq!(end(&mut child), Some(-9));
        let mut rest = String::new();
        // Also the process that starts programs is gone, or it would keep the stream open.
        out.read_to_string(&mut rest).unwrap();
        assert!(rest.is_empty() || rest == "ready\n", "{rest}");
    }
    assert_eq!(lab.shell("$RUN print > /dev/null", &[]), ("0".into(), "error false\n".into()));
}

/// D1.7.
#[test]
fn a_machine_that_is_short_of_things_is_no_end() {
    let lab = Lab::new("short");
    let grants = &["--allow-run", "--allow-read=/,/dev/null"][..];
    for options in [&["-A"][..], grants] {
        // Under walls some descriptors are held for the grants.
        let files = "/dev/null (Too many open files) true IOException FileSystemException\nagain 0\n";
        assert_eq!(lab.shell("ulimit -n 64; $RUN files", options), ("0".into(), files.into()), "{options:?}");
        for script in [
            "ulimit -n 24; $RUN threads",
            "ulimit -s 256; $RUN threads",
            "ulimit -s unlimited; $RUN threads",
            "ulimit -c 0; ulimit -l 0; $RUN threads",
            "taskset -c 0 $RUN threads",
            "nice -n 19 $RUN threads",
            "cd /; $RUN threads",
            "rmdir_me=$(mktemp -d); cd $rmdir_me; rmdir $rmdir_me; $RUN threads",
        ] {
            assert_eq!(
                lab.shell(script, options),
                ("0".into(), "threads 50\n".into()),
                "{script} {options:?}"
            );
        }
        for stack in ["256", "8192", "unlimited"] {
            let script = format!("ulimit -s {stack}; $RUN deep");
            assert_eq!(lab.shell(&script, options), ("0".into(), "deep true\n".into()));
        }
    }
    let (exit, text) = lab.shell("ulimit -v 500000; $RUN threads", &[]);
    assert_eq!(exit, "1");
    assert!(text.starts_with("carafe: cannot reserve memory: ") && text.lines().count() == 1, "{text}");
}

/// D1.7.
#[test]
fn odd_surroundings_are_taken_as_they_are() {
    let lab = Lab::new("odd");
    let machine = |variables: &str, options: &[&str]| {
        let (exit, text) =
            lab.shell(&format!("env -u HOME -u LC_ALL -u TZ {variables} $RUN machine"), options);
        assert_eq!(exit, "0", "{text}");
        text
    };
    // Without grants nothing of it is seen.
    for variables in
        ["", "HOME=/nowhere TZ=Nowhere/Land LC_ALL=xx_YY.FOO", "TZ=:: LANG=C LC_ALL=C", "LC_ALL=%s%n"]
    {
        assert_eq!(machine(variables, &[]), "/user UTC en UTF-8 UTF-8\n", "{variables}");
    }
    let home = machine("TZ=UTC", &["-A"]);
    let home = home.split(' ').next().unwrap();
    assert_eq!(
        machine("HOME=/nowhere TZ=Nowhere/Land LC_ALL=C.UTF-8", &["-A"]),
        format!("{home} GMT en UTF-8 UTF-8\n")
    );
    assert_eq!(
        machine("TZ=Asia/Tokyo", &["-A"]),
        format!("{home} Asia/Tokyo en_US ANSI_X3.4-1968 ANSI_X3.4-1968\n")
    );
    for (mask, file, folder) in [
        ("077", "rw-------", "rwx------"),
        ("0", "rw-rw-rw-", "rwxrwxrwx"),
        ("022", "rw-r--r--", "rwxr-xr-x"),
    ] {
        let place = lab.folder.join(mask);
        fs::create_dir(&place).unwrap();
        let folder_grants =
            [format!("--allow-read={}", place.display()), format!("--allow-write={}", place.display())];
        let options = [folder_grants[0].as_str(), &folder_grants[1], "--allow-random"];
        let (exit, text) = lab.shell(&format!("umask {mask}; $RUN create {}", place.display()), &options);
        // Temporary files are for their owner alone.
        assert_eq!((exit.as_str(), text), ("0", format!("{file}\n{folder}\n{file}\nrw-------\n")), "{mask}");
    }
    // Called by a name that is none, with no words at all, and with words that are no text.
    let mut command = Command::new(env!("CARGO_BIN_EXE_carafe"));
    command.env_clear().env("JAVA_HOME", &lab.jdk).arg0("");
    let outcome = common::run(&mut command, LIMIT).unwrap();
    assert_eq!(outcome.exit, "1");
    let (exit, text) = lab.shell("$RUN $'both\\xff'", &[]);
    assert_eq!(exit, "1");
    assert!(text.contains("IllegalArgumentException"), "{text}");
}
