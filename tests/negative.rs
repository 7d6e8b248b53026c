//! Hostile class files, each a few lines of casm (tests/casm/mod.rs) in tests/negative, with the verdict of the reference JVM
//! beside it: which error at definition or at linking, with its message, or that the class is accepted.
//!
//! Invariants: a verdict is never written by hand (tests/tools/negative.sh takes it from the reference); every rule of
//! tests/negative/rules.txt is broken by some case; one process of carafe sees all cases, so that none may harm the next.
//! Deliberately not here: running the classes, and mutants of real classes.
//!
//! Environment: CARAFE_NEGATIVE=record writes the reference's verdicts into the files, =compare checks that they still hold;
//! CARAFE_BIN names another binary.

#[path = "casm/mod.rs"]
mod casm;
#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use casm::Case;

const LIMIT: Duration = Duration::from_secs(120);
const REFUSED_MIN: usize = 250;
const ACCEPTED_MIN: usize = 60;

/// Whether carafe's verifier is there to be compared: until then what it would refuse is only tried, not compared.
const VERIFIER_IS_THERE: bool = false;

#[test]
fn cases_are_well_formed_and_break_every_rule() {
    let rules = rules();
    let mut complaints = Vec::new();
    let mut broken = BTreeSet::new();
    let (mut refused, mut accepted) = (0, 0);
    for (topic, case) in suite().iter().flat_map(|file| file.cases.iter().map(|case| (&file.topic, case))) {
        let good = case.expected == "accepted";
        *if good { &mut accepted } else { &mut refused } += 1;
        if case.expected.is_empty() {
            complaints.push(format!("{topic}/{}: no verdict; run tests/tools/negative.sh record", case.name));
        }
        for rule in &case.rules {
            if !rules.contains_key(rule) {
                complaints.push(format!("{topic}/{}: no rule {rule} in rules.txt", case.name));
            }
            if !good {
                broken.insert(rule.clone());
            }
        }
    }
    for rule in rules.keys().filter(|rule| !broken.contains(*rule)) {
        complaints.push(format!("rule {rule} is broken by no case"));
    }
    println!("{refused} classes are refused, {accepted} accepted, {} rules", rules.len());
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(refused >= REFUSED_MIN && accepted >= ACCEPTED_MIN, "{refused} refused, {accepted} accepted");
}

#[test]
fn verdicts_are_those_of_the_reference() {
    let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
    let work = Path::new(env!("CARGO_TARGET_TMPDIR")).join("negative");
    let files = suite();
    let index = write_classes(&files, &work);
    let mut javac = common::command(jdk.join("bin/javac"), &jdk);
    javac.args(["-nowarn", "-d"]).arg(&work).arg(folder().join("Judge.java"));
    let outcome = common::run(&mut javac, LIMIT).unwrap();
    assert_eq!(outcome.exit, "0", "{}", String::from_utf8_lossy(&outcome.stderr));
    let mode = std::env::var("CARAFE_NEGATIVE").unwrap_or_default();
    if !mode.is_empty() {
        let verdicts = judge(&jdk.join("bin/java"), &["-Xverify:all", "-Xshare:auto"], &jdk, &work, &index);
        return match mode.as_str() {
            "record" => files.iter().for_each(|file| file.record(&verdicts)),
            "compare" => compare(&files, &verdicts, true),
            _ => panic!("CARAFE_NEGATIVE is record or compare"),
        };
    }
    let binary = std::env::var_os("CARAFE_BIN").map_or(env!("CARGO_BIN_EXE_carafe").into(), PathBuf::from);
    compare(&files, &judge(&binary, &[], &jdk, &work, &index), false);
}

/// What the judge said of each case, running on the VM given.
fn judge(program: &Path, options: &[&str], jdk: &Path, work: &Path, index: &Path) -> HashMap<String, String> {
    let mut command = common::command(program, jdk);
    if options.is_empty() {
        command.arg("-A");
    }
    command.args(options).arg("-cp").arg(work).arg("Judge").arg(index);
    let outcome = common::run(&mut command, LIMIT).unwrap();
    let said = String::from_utf8_lossy(&outcome.stdout);
    let last = said.lines().last().unwrap_or("nothing");
    let stderr = String::from_utf8_lossy(&outcome.stderr);
    assert_eq!(outcome.exit, "0", "after {last}\n{stderr}");
    println!("{}: {:.1} s", program.display(), outcome.elapsed.as_secs_f64());
    let unescape = |text: &str| {
        let parts: Vec<String> = text.split("\\\\").map(|part| part.replace("\\n", "\n")).collect();
        parts.join("\\").lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    };
    said.lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, text)| (name.to_string(), unescape(text)))
        .collect()
}

fn compare(files: &[CaseFile], verdicts: &HashMap<String, String>, of_reference: bool) {
    let mut complaints = Vec::new();
    let mut compared = 0;
    for file in files {
        for case in &file.cases {
            let name = format!("{}/{}", file.topic, case.name);
            let expected = case.deviates.as_ref().filter(|_| !of_reference).unwrap_or(&case.expected);
            let Some(got) = verdicts.get(&name) else {
                complaints.push(format!("{name}: no verdict"));
                continue;
            };
            if !of_reference && !VERIFIER_IS_THERE && is_verifiers(expected) {
                continue;
            }
            compared += 1;
            if got != expected {
                complaints.push(format!("{name}\n  expected: {expected}\n  got:      {got}"));
            }
        }
    }
    println!("{compared} verdicts compared, {} differ", complaints.len());
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// Whether a verdict is one that only a verifier can give.
fn is_verifiers(verdict: &str) -> bool {
    let errors = ["link VerifyError", "link ClassFormatError", "link NoClassDefFoundError"];
    errors.iter().any(|error| verdict.starts_with(error))
}

struct CaseFile {
    path: PathBuf,
    topic: String,
    cases: Vec<Case>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/negative")
}

fn suite() -> Vec<CaseFile> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "casm"));
    paths.sort();
    let files: Vec<CaseFile> = paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let cases =
                casm::assemble(&text).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
            CaseFile { topic: path.file_stem().unwrap().to_string_lossy().into_owned(), path, cases }
        })
        .collect();
    for file in &files {
        let names: BTreeSet<&str> = file.cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names.len(), file.cases.len(), "{}: a name stands twice", file.topic);
    }
    files
}

/// The rules by name, with their paragraph and words.
fn rules() -> BTreeMap<String, String> {
    let text = fs::read_to_string(folder().join("rules.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| line.split_once(' ').expect("a rule has a name and a text"))
        .map(|(name, text)| (name.to_string(), text.trim().to_string()))
        .collect()
}

/// Writes every class to a file of its own and returns the list that the judge reads.
fn write_classes(files: &[CaseFile], work: &Path) -> PathBuf {
    let mut index = String::new();
    for file in files {
        let folder = work.join("classes").join(&file.topic);
        fs::create_dir_all(&folder).unwrap();
        for case in &file.cases {
            let name = case.defined_as.as_deref().unwrap_or("-");
            write!(index, "{}/{}\t{name}", file.topic, case.name).unwrap();
            for (number, class) in case.classes.iter().enumerate() {
                let path = folder.join(format!("{}.{number}.class", case.name));
                fs::write(&path, &class.bytes).unwrap();
                write!(index, "\t{}\t{}", class.name, path.display()).unwrap();
            }
            index.push('\n');
        }
    }
    let path = work.join("index.txt");
    fs::write(&path, index).unwrap();
    path
}

impl CaseFile {
    /// Writes the verdicts into the file, each at the end of its case.
    fn record(&self, verdicts: &HashMap<String, String>) {
        let text = fs::read_to_string(&self.path).unwrap();
        let mut lines: Vec<String> = Vec::new();
        // The verdict of the case being copied, and how many lines of the copy belong to its text.
        let mut open: Option<(String, usize)> = None;
        let close = |lines: &mut Vec<String>, open: Option<(String, usize)>| {
            if let Some((name, end)) = open {
                let verdict = &verdicts[&format!("{}/{name}", self.topic)];
                let mut verdict = verdict.lines();
                let first = format!("= {}", verdict.next().unwrap_or_default());
                lines.splice(end..end, std::iter::once(first).chain(verdict.map(|line| format!("|{line}"))));
            }
        };
        for line in text.lines() {
            if line.starts_with("= ") || line.starts_with('|') {
                continue;
            }
            if let Some(header) = line.strip_prefix("case ") {
                close(&mut lines, open.take());
                open = header.split_once(" [").map(|(name, _)| (name.trim().to_string(), 0));
            }
            lines.push(line.to_string());
            if let Some((_, end)) = &mut open
                && !line.trim().is_empty()
                && (!line.starts_with('#') || *end == 0 || *end + 1 == lines.len())
            {
                *end = lines.len();
            }
        }
        close(&mut lines, open);
        fs::write(&self.path, lines.join("\n") + "\n").unwrap();
    }
}
