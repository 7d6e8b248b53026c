//! Attacks C1, C4, C16: all memory that a program causes counts, and ends in Java's errors.
//!
//! Each form of `Memory.java` takes what it can in a process of its own. What the process had resident at most is compared
//! with a process that does nothing, under the same limits, and that with the limits. A table of all figures is printed.
//! Deliberately not here: time (`tests/attacks_c.rs`), and hostile classes (`tests/hostile.rs`).

#[path = "common/classes.rs"]
mod classes;
#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

const MIB: f64 = (1 << 20) as f64;

/// How a program ended, and the most that was resident.
struct Taken {
    error: String,
    peak: f64,
}

fn run(classes: &Path, options: &[&str], form: &str, rounds: u32) -> Taken {
    let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
    let mut command = common::command(env!("CARGO_BIN_EXE_carafe"), &jdk);
    command.args(["-XX:-CheckInterpreter", "--max-time=400s"]).args(options);
    command.arg("-cp").arg(classes).arg("Memory").args([form, &rounds.to_string()]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    assert!(!line.is_empty() && kib.is_some(), "{form}: {error}");
    Taken { error: line.trim_end().to_owned(), peak: kib.unwrap() * 1024.0 }
}

/// What limits a form, and how its error begins.
enum Until {
    Heap,
    /// Heap or metaspace, whichever is full first.
    Metadata,
    /// Memory beside the heap, which may take as much as the heap.
    OffHeap,
    Refused,
    Stack,
    /// Of which each may take a quarter of a mebibyte while it does nothing.
    Threads,
}

const FORMS: &[(&str, Until)] = &[
    ("arrays", Until::Heap),
    ("large arrays", Until::Heap),
    ("doubling", Until::Heap),
    ("huge array", Until::Refused),
    ("many references", Until::Refused),
    ("two dimensions", Until::Heap),
    ("tiny objects", Until::Heap),
    ("linked", Until::Heap),
    ("strings", Until::Heap),
    ("intern", Until::Heap),
    ("weak references", Until::Heap),
    ("soft references", Until::Heap),
    ("cleaners", Until::Heap),
    ("resurrecting", Until::Heap),
    ("hashes", Until::Heap),
    ("thread locals", Until::Heap),
    ("exceptions", Until::Heap),
    ("locals", Until::Heap),
    ("hash flood", Until::Heap),
    ("direct", Until::OffHeap),
    ("small direct", Until::OffHeap),
    ("deflaters", Until::OffHeap),
    ("inflaters", Until::OffHeap),
    ("method types", Until::Heap),
    ("proxies", Until::Metadata),
    ("loaders", Until::Metadata),
    ("array classes", Until::Metadata),
    ("big integer", Until::Heap),
    ("recursion", Until::Stack),
    ("threads", Until::Threads),
];

#[test]
fn what_is_taken_is_counted() {
    let classes =
        classes::compile("attacks-memory", &[("Memory.java", include_str!("attacks_c/Memory.java"))], &[]);
    let (heap, metaspace, stack) = (64.0 * MIB, 32.0 * MIB, 8.0 * MIB);
    let options = ["--max-heap=64m", "--max-metaspace=32m", "--max-stack=8m", "--max-threads=100"];
    let base = run(&classes, &options, "nothing", 1).peak;
    println!("{:<18} {:>10} {:>10}  error", "form", "growth", "of limit");
    println!("{:<18} {:>6.1} MiB", "(nothing)", base / MIB);
    let named = std::env::var("CARAFE_FORMS").ok();
    let chosen = |form: &str| named.as_ref().is_none_or(|named| named.split(',').any(|name| name == form));
    let mut failures = Vec::new();
    for (form, until) in FORMS.iter().filter(|(form, _)| chosen(form)) {
        let rounds = if matches!(until, Until::Heap) { 2 } else { 1 };
        let taken = run(&classes, &options, form, rounds);
        let growth = (taken.peak - base).max(0.0);
        let (limit, begins) = match until {
            Until::Heap => (heap, "java.lang.OutOfMemoryError: "),
            Until::Metadata => (heap + metaspace, "java.lang.OutOfMemoryError: "),
            Until::OffHeap => (heap + heap, "java.lang.OutOfMemoryError: "),
            Until::Refused => (heap, "java.lang.OutOfMemoryError: "),
            Until::Threads => {
                (100.0 * MIB / 4.0, "java.lang.OutOfMemoryError: unable to create native thread")
            }
            Until::Stack => (stack, "java.lang.StackOverflowError"),
        };
        println!("{form:<18} {:>6.1} MiB {:>8.1} %  {}", growth / MIB, growth / limit * 100.0, taken.error);
        if !taken.error.starts_with(begins) {
            failures.push(format!("{form}: {}", taken.error));
        }
        // Half a mebibyte is what two runs of the same program differ by.
        if growth > limit * 1.02 + MIB / 2.0 {
            failures.push(format!("{form}: {:.1} MiB of {:.1}", growth / MIB, limit / MIB));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}
