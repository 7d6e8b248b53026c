//! Limits: each runaway program ends at its limit, in the way that the limit says, and soon after it.
//!
//! Attacks are numbered as in tests/ATTACKS.md. How soon is measured from the limit on, with room for a busy machine.
//! Deliberately not here: several machines in one process (tests/isolates.rs).

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(300);
/// What a program may take beyond its limit, the process's own end included. On a quiet machine it is some 20 ms.
const OVERSHOOT: Duration = Duration::from_millis(1500);
const SOURCE: &str = include_str!("limits/Runaway.java");

struct Lab {
    jdk: PathBuf,
    root: PathBuf,
}

struct Ended {
    exit: String,
    out: String,
    err: String,
    elapsed: Duration,
}

impl Lab {
    fn new() -> Lab {
        let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("limits");
        fs::create_dir_all(&root).unwrap();
        let turn = File::create(root.join("turn.lock")).unwrap();
        turn.lock().unwrap();
        if fs::read_to_string(root.join("Runaway.java")).unwrap_or_default() != SOURCE {
            fs::write(root.join("Runaway.java"), SOURCE).unwrap();
            let mut javac = common::command(jdk.join("bin/javac"), &jdk);
            let outcome =
                common::run(javac.current_dir(&root).args(["-d", ".", "Runaway.java"]), LIMIT).unwrap();
            if outcome.exit != "0" {
                fs::remove_file(root.join("Runaway.java")).unwrap();
                panic!("{}", String::from_utf8_lossy(&outcome.stderr));
            }
        }
        Lab { jdk, root }
    }

    fn run(&self, options: &[&str], args: &[&str]) -> Ended {
        let mut command = common::command(env!("CARGO_BIN_EXE_carafe"), &self.jdk);
        command
            .arg("-XX:-CheckInterpreter")
            .args(options)
            .arg("-cp")
            .arg(&self.root)
            .arg("Runaway")
            .args(args);
        let outcome = common::run(&mut command, LIMIT).unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ended {
            exit: outcome.exit,
            out: text(outcome.stdout),
            err: text(outcome.stderr),
            elapsed: outcome.elapsed,
        }
    }
}

/// C7, C9, C10: nothing but the program's first line is written, and nothing of it runs on.
#[test]
fn runaways_end_in_time() {
    let lab = Lab::new();
    let limit = Duration::from_secs(3);
    for what in [
        "loop",
        "counted",
        "initializer",
        "comparator",
        "catch",
        "finally",
        "hook",
        "sleep",
        "park",
        "wait",
        "join",
        "threads",
        "virtual",
        "regex",
        "arrays",
        "digits",
        "allocate",
        "uncaught",
    ] {
        let ended = lab.run(&["--max-time=3s", "--max-heap=256m"], &[what]);
        let expected = "carafe: the program was ended: it ran for longer than 3s (--max-time)\n";
        assert_eq!((ended.exit.as_str(), ended.err.as_str()), ("122", expected), "{what}");
        // On a busy machine the time may be over before the program has begun.
        assert!(["began\n", ""].contains(&ended.out.as_str()), "{what}: {}", ended.out);
        let over = ended.elapsed.saturating_sub(limit);
        println!("{what}: {over:?} too late");
        assert!(over < OVERSHOOT, "{what} took {over:?} too long");
    }
}

#[test]
fn processor_time_counts_work_and_not_waiting() {
    let lab = Lab::new();
    let ended = lab.run(&["--max-cpu=2s"], &["threads"]);
    let expected = "carafe: the program was ended: it took more than 2s of processor time (--max-cpu)\n";
    assert_eq!((ended.exit.as_str(), ended.err.as_str()), ("121", expected));
    let ended = lab.run(&["--max-cpu=60s", "--max-time=3s"], &["sleep"]);
    assert_eq!(ended.exit, "122");
}

/// C18.
#[test]
fn output_ends_at_its_limit() {
    let lab = Lab::new();
    let ended = lab.run(&["--max-output=1000"], &["output"]);
    let expected = "carafe: the program was ended: it wrote more than 1000 bytes (--max-output)\n";
    assert_eq!((ended.exit.as_str(), ended.err.as_str()), ("123", expected));
    assert_eq!(ended.out.len(), 1000);
}

/// C1, C3, C14, C16, C18.
#[test]
fn what_java_has_an_error_for_is_that_error() {
    let lab = Lab::new();
    for (option, what, error) in [
        ("--max-heap=32m", "heap", "java.lang.OutOfMemoryError"),
        ("--max-metaspace=32m", "metaspace", "java.lang.OutOfMemoryError"),
        ("--max-stack=256k", "stack", "java.lang.StackOverflowError"),
        ("--max-threads=50", "platform threads", "java.lang.OutOfMemoryError"),
    ] {
        let ended = lab.run(&[option, "--max-time=100s"], &[what]);
        assert_eq!(
            (ended.exit.as_str(), ended.out.as_str()),
            ("0", &*format!("began\n{error}\n")),
            "{what}: {}",
            ended.err
        );
    }
    let file = lab.root.join("Runaway.java").display().to_string();
    let ended = lab.run(&["--max-files=40"], &["files", &file]);
    let count: usize = ended.out.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap();
    assert!((20..40).contains(&count), "{}", ended.out);
    assert!(ended.out.ends_with("(Too many open files)\n"), "{}", ended.out);
}

#[test]
fn what_a_limit_needs_is_said() {
    let lab = Lab::new();
    for (option, message) in [
        ("--max-time=soon", "Error: --max-time=soon: this needs a time, as in 500ms, 2s or 1m"),
        ("--max-files=x", "Error: --max-files=x: this needs a number"),
        ("--max-output=", "Error: --max-output= requires a size, as in 64m"),
    ] {
        let ended = lab.run(&[option], &["loop"]);
        assert_eq!((ended.exit.as_str(), ended.err.trim_end()), ("1", message));
    }
}
