//! Every class of some forty big Debian packages is accepted by `carafe verify`: compilers' output of twenty years, by javac,
//! ecj, scalac, groovyc and others. Runs under `./test --real` only, because it downloads the packages.
//!
//! Each jar is verified alone, with all others to help out. Classes whose dependencies are not among them are counted, not
//! judged. Deliberately not here: the JDK's own classes (tests/cli_tools.rs verifies a module, benches/README.md all).

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(300);
/// Fewer would mean that the packages are not what they were.
const ACCEPTED_MIN: usize = 50_000;

/// The regular files below a folder that are jars; what Debian links to them is left out.
fn jars(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() {
            jars(&path, found);
        } else if kind.is_file() && path.extension().is_some_and(|extension| extension == "jar") {
            found.push(path);
        }
    }
}

/// The number in front of some words of a summary.
fn number(summary: &str, words: &str) -> usize {
    let before = summary.split(words).next().unwrap_or_default();
    let digits = before.rsplit(' ').next().unwrap_or_default();
    digits.parse().unwrap_or_else(|_| panic!("no number in front of {words:?}: {summary}"))
}

#[test]
fn no_class_of_a_debian_package_is_refused() {
    if std::env::var_os("CARAFE_REAL").is_none() {
        println!("left out: ./test --real runs it");
        return;
    }
    let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("debian-jars");
    let unpacked = Command::new(root.join("tests/tools/debian-jars.sh")).arg(&folder).status().unwrap();
    assert!(unpacked.success());
    let mut all = Vec::new();
    jars(&folder.join("files"), &mut all);
    all.sort();
    let path: Vec<String> = all.iter().map(|jar| jar.display().to_string()).collect();
    let (mut accepted, mut missing, mut refusals) = (0, 0, Vec::new());
    for jar in &all {
        let mut command = common::command(env!("CARGO_BIN_EXE_carafe"), &jdk);
        command.args(["verify", "--ignore-missing", "-cp", &path.join(":")]).arg(jar);
        let outcome = common::run(&mut command, LIMIT).unwrap();
        let (out, err) = (String::from_utf8_lossy(&outcome.stdout), String::from_utf8_lossy(&outcome.stderr));
        // Jars with documents only are among them.
        if err.contains("there are no classes") {
            continue;
        }
        let summary = out.lines().last().unwrap_or_default();
        accepted += number(summary, " accepted");
        missing += number(summary, " with missing dependencies");
        if outcome.exit != "0" {
            let lines = out.lines().filter(|line| !line.contains("java.lang.NoClassDefFoundError: "));
            refusals.push(format!(
                "{}: exit {}\n{err}{}",
                jar.display(),
                outcome.exit,
                lines.collect::<Vec<_>>().join("\n")
            ));
        }
    }
    println!("{} jars: {accepted} classes accepted, {missing} with missing dependencies", all.len());
    assert!(refusals.is_empty(), "{}", refusals.join("\n\n"));
    assert!(accepted >= ACCEPTED_MIN, "only {accepted} classes");
}
