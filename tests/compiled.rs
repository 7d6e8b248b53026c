//! What compiled code takes and gives back: room, replaced code, code of unloaded classes, time; and that none of it can be
//! written where it can be executed.
//!
//! Invariant: what a program prints does not depend on any of this. Deliberately not here: that templates are right (the golden
//! suite, and jit's own tests).

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;
#[allow(dead_code, reason = "each test uses a part of what all share")]
#[path = "common/lab.rs"]
mod lab;

use std::time::{Duration, Instant};

use lab::Lab;

const GUEST: &str = include_str!("compiled/Guest.java");

fn lab(test: &str) -> Lab {
    Lab::new("compiled", test, &[("Guest.java", GUEST)])
}

/// The log's lines of a run, and what the program itself printed.
fn logged(lab: &Lab, options: &[&str], args: &[&str]) -> (Vec<String>, String) {
    let log = lab.path("jit.log");
    let flag = format!("-Xlog:jit*:file={log}");
    let write = format!("--allow-write={}", lab.path(""));
    let asked = ["-XX:TieredStopAtLevel=1", flag.as_str(), write.as_str()];
    let options: Vec<&str> = asked.into_iter().chain(options.iter().copied()).collect();
    let out = lab.run(&options, args);
    let lines = std::fs::read_to_string(&log).unwrap().lines().map(str::to_owned).collect();
    (lines, out)
}

fn count(lines: &[String], part: &str) -> usize {
    lines.iter().filter(|line| line.contains(part)).count()
}

#[test]
fn hot_methods_are_compiled_beside_the_program_or_by_it() {
    let lab = lab("hot");
    for mode in ["-Xmixed", "-Xbatch", "-Xcomp"] {
        let (lines, out) = logged(&lab, &[mode], &["work", "30"]);
        assert_eq!(out, "30: 1918680\n", "{mode}");
        assert!(count(&lines, " Guest.hash(") > 0, "{mode}: {lines:?}");
    }
    for mode in ["-Xint", "-XX:TieredStopAtLevel=0", "-XX:CompileThresholdScaling=1000000"] {
        let (lines, out) = logged(&lab, &[mode], &["work", "30"]);
        assert_eq!(out, "30: 1918680\n", "{mode}");
        assert_eq!(count(&lines, "bytes of code"), 0, "{mode}");
    }
}

#[test]
fn methods_are_chosen_by_name() {
    let lab = lab("chosen");
    let of = |option: &str| {
        let (lines, _) = logged(&lab, &["-Xbatch", option], &["work", "30"]);
        (count(&lines, " Guest.hash("), count(&lines, " Guest.mix("), count(&lines, "java.lang."))
    };
    let (hash, mix, others) = of("-XX:CompileCommand=compileonly,Guest::hash");
    assert!(hash > 0 && mix == 0 && others == 0, "{hash} {mix} {others}");
    let (hash, mix, others) = of("-XX:CompileCommand=exclude,Guest.hash");
    assert!(hash == 0 && mix > 0 && others > 0, "{hash} {mix} {others}");
    let (hash, mix, others) = of("-XX:CompileOnly=Guest");
    assert!(hash > 0 && mix > 0 && others == 0, "{hash} {mix} {others}");
}

#[test]
fn a_program_whose_code_does_not_fit_goes_on() {
    let lab = lab("room");
    let all = lab.run(&[], &["wide", "300"]);
    for mode in ["-Xbatch", "-Xmixed"] {
        let options = [mode, "-XX:CompileThreshold=20", "--max-code=192k"];
        let (lines, out) = logged(&lab, &options, &["wide", "300"]);
        assert_eq!(out, all, "{mode}");
        if mode == "-Xmixed" {
            // How much is compiled beside a program is a matter of time.
            continue;
        }
        assert!(count(&lines, "Full: ") > 0, "{mode}");
        assert!(
            lines.iter().any(|line| line.contains("given up") && !line.contains(" 0 methods given up")),
            "{mode}"
        );
    }
    let (lines, out) = logged(&lab, &["--max-code=1k"], &["wide", "300"]);
    assert_eq!((out, count(&lines, "All is interpreted")), (all, 1));
}

#[test]
fn code_of_unloaded_classes_is_freed() {
    let lab = lab("unloaded");
    let read = format!("--allow-read={}", lab.classes.display());
    let (lines, out) = logged(&lab, &[&read, "-Xbatch", "-XX:CompileThreshold=20"], &["loaders", "12"]);
    assert_eq!(out, "12 loaders\n");
    assert!(count(&lines, "Unloaded: ") > 0, "{lines:?}");
    // A thread compiles while classes go.
    let options = ["-XX:TieredStopAtLevel=1", &read, "-XX:CompileThreshold=20", "-XX:GCStressStride=997"];
    assert_eq!(lab.run(&options, &["loaders", "12"]), "12 loaders\n");
}

#[test]
fn no_mapping_of_a_running_program_is_writable_and_executable() {
    let lab = lab("maps");
    let out = lab.run(&["-Xcomp", "-A"], &["maps"]);
    let rights: Vec<&str> = out.lines().collect();
    assert!(rights.contains(&"r-xs") && rights.contains(&"rw-s"), "{out}");
    assert!(rights.iter().all(|rights| !rights.contains("wx")), "{out}");
}

/// The huge method is compiled over and over, because the cache is too small for it; the end comes in time all the same.
#[test]
fn a_program_ends_in_time_while_it_is_compiled() {
    let lab = lab("ends");
    for mode in ["-Xmixed", "-Xcomp"] {
        let start = Instant::now();
        let options = [mode, "--max-time=3s", "-XX:CompileThreshold=5"];
        let (exit, _, err) = lab.all(&options, &["forever"]);
        assert_eq!(exit, "122", "{mode}: {err}");
        assert!(start.elapsed() < Duration::from_secs(60), "{mode}");
    }
}
