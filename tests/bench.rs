//! `carafe bench` as users call it: what it reports, what it writes, how it refuses.
//!
//! Everything is short: figures are looked at for being there, not for what they are.

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(300);

struct Lab {
    jdk: PathBuf,
    folder: PathBuf,
}

impl Lab {
    fn new(test: &str) -> Lab {
        let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench").join(test);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let mut javac = common::command(jdk.join("bin/javac"), &jdk);
        javac.arg("-d").arg(&folder).arg(root().join("tests/bench/Work.java"));
        assert_eq!(common::run(&mut javac, LIMIT).unwrap().exit, "0");
        Lab { jdk, folder }
    }

    /// Output, complaints, exit code.
    fn bench(&self, line: &str) -> (String, String, String) {
        let mut command = common::command(env!("CARGO_BIN_EXE_carafe"), &self.jdk);
        command.current_dir(&self.folder).arg("bench").args(line.split_whitespace());
        let outcome = common::run(&mut command, LIMIT).unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (text(outcome.stdout), text(outcome.stderr), outcome.exit)
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn methods_are_measured_in_all_machines() {
    let lab = Lab::new("methods");
    let line = "--against java:int --runs 1 --iterations 12 --json r.json --plot p.svg -cp . Work";
    let (out, err, exit) = lab.bench(line);
    assert_eq!((exit.as_str(), err.as_str()), ("0", ""), "{out}");
    for text in [
        "Work.benchmark\n",
        "Work.annotated\n",
        "carafe interp",
        "carafe baseline",
        "java -Xint",
        "Geometric mean",
    ] {
        assert!(out.contains(text), "{text}: {out}");
    }
    let json = fs::read_to_string(lab.folder.join("r.json")).unwrap();
    assert_eq!(json.matches("\"machine\": ").count(), 6);
    let samples = json.lines().find(|line| line.contains("sample_seconds_per_call")).unwrap();
    assert_eq!(samples.matches(", ").count(), 11, "twelve samples: {samples}");
    assert_eq!(json.matches("\"collections\": null").count(), 0, "{json}");
    let svg = fs::read_to_string(lab.folder.join("p.svg")).unwrap();
    assert_eq!(svg.matches("<polyline").count(), 6);
}

#[test]
fn programs_are_measured_and_their_output_compared() {
    let lab = Lab::new("programs");
    let (out, err, exit) =
        lab.bench("--program --tiers interp --against java --runs 2 --plot p.html -cp . Work hello");
    assert_eq!((exit.as_str(), err.as_str()), ("0", ""), "{out}");
    assert!(
        out.contains("a whole run") && out.contains("carafe interp") && !out.contains("the same"),
        "{out}"
    );
    let html = fs::read_to_string(lab.folder.join("p.html")).unwrap();
    assert!(html.starts_with("<!doctype html>") && html.matches("<circle").count() == 4, "{html}");
}

#[test]
fn what_fails_is_told() {
    let lab = Lab::new("failures");
    let (out, _, exit) = lab.bench("--program --tiers interp --runs 1 -cp . Work a b");
    assert!(exit == "1" && out.contains("carafe interp: ended with exit code 3"), "{exit}: {out}");
    let (out, _, exit) = lab.bench("--tiers interp --runs 1 --iterations 1 --method nothing -cp . Work");
    assert!(exit == "2" && out.is_empty());
    let (_, err, exit) = lab.bench("--tiers interp -cp . Nowhere");
    assert!(
        exit == "2" && err.contains("cannot load Nowhere") && err.contains("ClassNotFoundException"),
        "{err}"
    );
    let (_, err, exit) = lab.bench("--tiers interp --plot nowhere/p.svg -cp . Work");
    assert!(exit == "2" && err.contains("cannot write nowhere/p.svg"), "{err}");
    let (_, err, exit) = lab.bench("--tier interp Work");
    assert!(exit == "2" && err.contains("unknown option --tier"), "{err}");
    let (out, _, exit) = lab.bench("--help");
    assert!(exit == "0" && out.starts_with("Usage: carafe bench"));
}

/// The class in the command is what the compiler makes of the source beside it.
#[test]
fn the_harness_is_its_source() {
    let lab = Lab::new("harness");
    let source = root().join("src/cli/bench/CarafeBench.java");
    let mut javac = common::command(lab.jdk.join("bin/javac"), &lab.jdk);
    javac.args(["-g:none", "-XDstringConcat=inline", "--release", "17", "-d"]).arg(&lab.folder).arg(&source);
    let outcome = common::run(&mut javac, LIMIT).unwrap();
    assert_eq!(outcome.exit, "0", "{}", String::from_utf8_lossy(&outcome.stderr));
    let fresh = fs::read(lab.folder.join("CarafeBench.class")).unwrap();
    assert!(fresh == fs::read(source.with_extension("bin")).unwrap(), "compile CarafeBench.java anew");
}
