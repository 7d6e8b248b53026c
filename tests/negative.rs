//! Hostile class files, each a few lines of casm (tests/casm/mod.rs) in tests/negative, with the verdict of the reference JVM
//! beside it: which error at definition or at linking, with its message, or that the class is accepted.
//!
//! Invariants: a verdict is never written by hand (tests/tools/negative.sh takes it from the reference); every rule of
//! tests/negative/rules.txt is broken by some case; one process of carafe sees all cases, so that none may harm the next.
//! Deliberately not here: running the classes, and mutants of real classes.
//!
//! Environment: CARAFE_NEGATIVE=record writes the reference's verdicts into the files, =compare checks that they still hold;
//! CARAFE_CASES=a,b compares cases whose topic/name contains
//! a or b; CARAFE_BIN names another binary.

#[path = "casm/mod.rs"]
mod casm;
#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use carafe_classloader::bytecode::Opcode;
use casm::Case;

const LIMIT: Duration = Duration::from_secs(120);
const REFUSED_MIN: usize = 250;
const ACCEPTED_MIN: usize = 60;

#[test]
fn cases_are_well_formed_and_break_every_rule() {
    let rules = rules();
    let mut complaints = Vec::new();
    let mut broken = BTreeSet::new();
    let (mut refused, mut accepted) = (0, 0);
    for (topic, case) in suite().iter().flat_map(|file| file.cases.iter().map(|case| (&file.topic, case))) {
        let good = case.expected.lines().next() == Some("accepted");
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
fn every_opcode_is_in_a_class_that_is_refused_and_in_one_that_is_accepted() {
    let mut seen = BTreeSet::new();
    for file in suite() {
        let text = fs::read_to_string(&file.path).unwrap();
        for case in text.split("\ncase ") {
            let code = case.lines().skip(1).filter(|line| !line.starts_with(['|', '=', '#']));
            let accepted = case.contains("\n= accepted");
            seen.extend(code.flat_map(str::split_whitespace).map(|word| (word.to_string(), accepted)));
        }
    }
    let missing = Opcode::all().flat_map(|opcode| [(opcode, true), (opcode, false)]);
    let missing =
        missing.filter(|(opcode, accepted)| !seen.contains(&(opcode.mnemonic().to_string(), *accepted)));
    let missing: Vec<_> =
        missing.map(|(opcode, accepted)| format!("{opcode}, accepted: {accepted}")).collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn the_assembler_refuses_what_it_cannot_read() {
    let head = "case a [rule] text\n";
    let assemble = |body: &str| casm::assemble(&format!("{head}{body}")).map(|cases| cases.len());
    assert_eq!(assemble("code ()V\n  goto L\n  L: return"), Ok(1));
    let wrong = [
        "",
        "code ()V\n  nap",
        "code ()V\n  goto L",
        "code ()V\n  L: nop\n  L: nop",
        "code ()V\n  nop 1",
        "code ()V\n  iload",
        "code ()V\n  iload x",
        "code ()V\n  ldc 5",
        "code ()V\n  bytes abc",
        "code ()V\n  frame odd\n  return",
        "code ()V\n  lookupswitch 1 @0 2 default @0",
        "nop",
        "field shiny x I",
        "class public",
        "class C D",
        "pool int:1\npool int:1",
        "pool method:C.m",
        "pool utf8:\\q",
        "pool utf8:{a*b}",
        "class C\npatch 9999 00",
    ];
    for body in wrong {
        assert!(assemble(body).is_err(), "{body}");
    }
    assert!(casm::assemble("case a text").is_err() && casm::assemble("= accepted").is_err());
}

#[test]
fn verdicts_are_those_of_the_reference() {
    let court = Court::open("negative");
    let compared = match std::env::var("CARAFE_NEGATIVE").unwrap_or_default().as_str() {
        "" => compare(&court.files, &court.judge(&court.binary, &["-A"], &[]), false),
        mode @ ("record" | "compare") => {
            let java = court.jdk.join("bin/java");
            let verdicts = court.judge(&java, &["-Xverify:all", "-Xshare:auto"], &[]);
            match mode {
                "record" => return court.files.iter().for_each(|file| file.record(&verdicts)),
                _ => compare(&court.files, &verdicts, true),
            }
        }
        _ => panic!("CARAFE_NEGATIVE is record or compare"),
    };
    assert!(compared > 0, "no case is chosen");
}

/// Hidden classes that fare otherwise than the same class with a name, on the reference too unless it says so.
const OTHERWISE_IF_HIDDEN: &[(&str, &str, &str)] = &[
    ("fields/getfield_result", "NoClassDefFoundError", "its own name in a descriptor means another class"),
    ("fields/getfield_overflow", "NoClassDefFoundError", "the same"),
    ("fields/getfield_twin", "NoClassDefFoundError", "the same"),
    ("fields/putfield_interface_value", "NoClassDefFoundError", "the same"),
    ("fields/protected_own_class_field", "NoClassDefFoundError", "the same"),
    ("format/this_name_other", "accepted", "no name is asked for"),
    ("format/name_with_slash", "IllegalArgumentException", "the lookup checks the package first"),
    ("format/package_java", "IllegalArgumentException", "the same"),
    ("format/flags_module", "IllegalArgumentException", "the lookup checks the flag first"),
    ("format/flags_module_others", "IllegalArgumentException", "the same"),
    (
        "format/super_self",
        "NoClassDefFoundError",
        "nobody has that name; ClassCircularityError on the reference",
    ),
    ("format/interface_self", "NoClassDefFoundError", "the same"),
];

#[test]
fn hidden_classes_get_the_same_verdicts() {
    let court = Court::open("negative-hidden");
    let verdicts = court.judge(&court.binary, &["-A"], &["hidden"]);
    let mut complaints = Vec::new();
    for (name, case) in court.files.iter().flat_map(CaseFile::named) {
        if case.classes.len() > 1 {
            continue;
        }
        let error = |verdict: &str| {
            let mut words = verdict.split([' ', '\n']);
            let word = words.find(|word| !["define", "link"].contains(word)).unwrap_or_default();
            word.trim_end_matches(':').trim_start_matches("java.lang.").to_string()
        };
        let other = OTHERWISE_IF_HIDDEN.iter().find(|(other, _, _)| *other == name);
        let named = || error(case.deviates.as_deref().unwrap_or(&case.expected));
        let expected = other.map_or_else(named, |(_, expected, _)| expected.to_string());
        let got = error(verdicts.get(&name).map_or("no verdict", String::as_str));
        if got != expected {
            complaints.push(format!("{name}: {got}, expected {expected}"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// All cases on disk, the compiled judge, and who may be asked.
struct Court {
    files: Vec<CaseFile>,
    jdk: PathBuf,
    binary: PathBuf,
    work: PathBuf,
    cases: PathBuf,
}

impl Court {
    fn open(folder_name: &str) -> Court {
        let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
        let binary =
            std::env::var_os("CARAFE_BIN").map_or(env!("CARGO_BIN_EXE_carafe").into(), PathBuf::from);
        let work = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder_name);
        let files = suite();
        let cases = write_classes(&files, &work);
        let mut javac = common::command(jdk.join("bin/javac"), &jdk);
        javac.args(["-nowarn", "-d"]).arg(&work).arg(folder().join("Judge.java"));
        let outcome = common::run(&mut javac, LIMIT).unwrap();
        assert_eq!(outcome.exit, "0", "{}", String::from_utf8_lossy(&outcome.stderr));
        Court { files, jdk, binary, work, cases }
    }

    /// What the judge says of each case, running on the VM given.
    fn judge(&self, program: &Path, options: &[&str], arguments: &[&str]) -> HashMap<String, String> {
        let mut command = common::command(program, &self.jdk);
        common::as_java(&mut command);
        command.args(options).arg("-cp").arg(&self.work).arg("Judge").arg(&self.cases).args(arguments);
        let outcome = common::run(&mut command, LIMIT).unwrap();
        let said = String::from_utf8_lossy(&outcome.stdout);
        let last = said.lines().last().unwrap_or("nothing");
        let stderr = String::from_utf8_lossy(&outcome.stderr);
        assert_eq!(outcome.exit, "0", "after {last}\n{stderr}");
        println!("{}: {:.1} s", program.display(), outcome.elapsed.as_secs_f64());
        let cases = said.split("== ").filter_map(|case| case.split_once('\n'));
        cases.map(|(name, verdict)| (name.to_string(), comparable(verdict))).collect()
    }
}

/// A verdict without what differs from run to run (hash codes of the loader and its module), without blanks at the ends of
/// lines, and without the names of the reference's own opcodes, which are nobody's business.
fn comparable(verdict: &str) -> String {
    let mut lines = Vec::new();
    for line in verdict.trim_end().lines() {
        let mut line = line.trim_end().replacen(" java.lang.", " ", if lines.is_empty() { 1 } else { 0 });
        for before in ["'case' @", "unnamed module @"] {
            let parts: Vec<&str> = line.split(before).collect();
            let parts: Vec<&str> = std::iter::once(parts[0])
                .chain(
                    parts[1..]
                        .iter()
                        .map(|part| part.trim_start_matches(|c: char| c.is_ascii_hexdigit() || c == 'x')),
                )
                .collect();
            line = parts.join(before);
        }
        if let Some((place, opcode)) = line.rsplit_once(": ")
            && place.starts_with("    ")
            && (opcode.starts_with("fast_") || opcode.starts_with("nofast_"))
        {
            line = format!("{place}: <illegal>");
        }
        lines.push(line);
    }
    lines.join("\n")
}

fn compare(files: &[CaseFile], verdicts: &HashMap<String, String>, of_reference: bool) -> usize {
    let wanted = std::env::var("CARAFE_CASES").unwrap_or_default();
    let mut complaints = Vec::new();
    let (mut compared, mut other_words) = (0, 0);
    for (name, case) in files.iter().flat_map(CaseFile::named) {
        let own = case.deviates.as_deref().filter(|_| !of_reference);
        let expected = own.unwrap_or(&case.expected);
        if !wanted.split(',').any(|part| name.contains(part)) {
            continue;
        }
        compared += 1;
        let mut got = verdicts.get(&name).map_or("no verdict", String::as_str);
        if own.is_some() {
            got = got.lines().next().unwrap_or_default();
        }
        if got != expected {
            let same_error = got.split(':').next() == expected.split(':').next();
            other_words += usize::from(same_error);
            let words = if same_error { " (only the words differ)" } else { "" };
            complaints.push(format!("{name}{words}\n  expected: {expected}\n  got:      {got}"));
        }
    }
    let differ = complaints.len();
    println!("{compared} verdicts compared, {differ} differ, {other_words} of them in words only");
    assert!(complaints.is_empty(), "{differ} of {compared}:\n{}", complaints.join("\n"));
    compared
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

/// Writes the cases to the file that the judge reads, and each class to a file of its own for whoever wants to look.
fn write_classes(files: &[CaseFile], work: &Path) -> PathBuf {
    let text = |text: &str| [&(text.len() as u16).to_be_bytes()[..], text.as_bytes()].concat();
    let count: usize = files.iter().map(|file| file.cases.len()).sum();
    let mut all = (count as u32).to_be_bytes().to_vec();
    for file in files {
        let folder = work.join("classes").join(&file.topic);
        fs::create_dir_all(&folder).unwrap();
        for case in &file.cases {
            all.extend(text(&format!("{}/{}", file.topic, case.name)));
            all.extend(text(case.defined_as.as_deref().unwrap_or("-")));
            all.extend((case.classes.len() as u32).to_be_bytes());
            for (number, class) in case.classes.iter().enumerate() {
                all.push(u8::from(class.in_parent));
                all.extend(text(&class.name));
                all.extend((class.bytes.len() as u32).to_be_bytes());
                all.extend(&class.bytes);
                fs::write(folder.join(format!("{}.{number}.class", case.name)), &class.bytes).unwrap();
            }
            all.push(u8::from(case.loops));
        }
    }
    let path = work.join("cases");
    fs::write(&path, all).unwrap();
    path
}

impl CaseFile {
    /// The cases with their full names.
    fn named(&self) -> impl Iterator<Item = (String, &Case)> {
        self.cases.iter().map(|case| (format!("{}/{}", self.topic, case.name), case))
    }

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
