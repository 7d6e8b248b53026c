//! Where the two machines agree, where not, and which disagreements are explained.
//!
//! Invariant: an explanation names what both machines say, so that it cannot cover a disagreement of another kind.
//! Deliberately not here: explanations themselves; those are in `explained.txt`, with the paragraphs of the specification.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::fs;
use std::path::PathBuf;

use crate::judge::Verdict;
use crate::seeds::Seeds;

/// A mutant and what was said of it.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) number: u64,
    pub(crate) seed: usize,
    pub(crate) steps: Vec<u64>,
    pub(crate) java: Verdict,
    pub(crate) carafe: Verdict,
    /// Whether some of its steps alone have both machines report the error that java, and that carafe, reports for all.
    pub(crate) found_first: (bool, bool),
}

/// In what two verdicts differ, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Difference {
    Acceptance,
    Error,
    /// What the reader of class files says, or what reflection says of an accepted class.
    Message,
    /// What the verifier says, of the same method. Machines may verify methods in any order.
    Detail,
}

impl Case {
    pub(crate) fn difference(&self) -> Option<Difference> {
        let (java, carafe) = (&self.java, &self.carafe);
        if java.accepted() != carafe.accepted() {
            Some(Difference::Acceptance)
        } else if java.error != carafe.error {
            Some(Difference::Error)
        } else if java.message == carafe.message || (method(java).is_some() && method(java) != method(carafe))
        {
            None
        } else if java.stage == "link" && carafe.stage == "link" {
            Some(Difference::Detail)
        } else {
            Some(Difference::Message)
        }
    }

    /// Whether nothing needs an explanation.
    pub(crate) fn agreed(&self) -> bool {
        self.difference().is_none_or(|found| found == Difference::Detail)
    }

    /// Whether the machines found different defects first, each of which both know of, where the order is free.
    fn differs_by_order(&self) -> bool {
        let linking = |verdict: &Verdict| matches!(verdict.stage.as_str(), "link" | "accept");
        linking(&self.java) && linking(&self.carafe) && self.found_first == (true, true)
    }
}

fn first_line(verdict: &Verdict) -> &str {
    verdict.message.split("\\n").next().unwrap_or_default()
}

/// Which method the verifier complains of.
fn method(verdict: &Verdict) -> Option<&str> {
    if verdict.message.starts_with("(class: ") {
        return verdict.message.rsplit_once(") ").map(|(method, _)| method);
    }
    let (_, place) = verdict.message.split_once("Location:\\n    ")?;
    place.split(" @").next()
}

/// How often what happened.
#[derive(Default)]
pub(crate) struct Tally {
    mutants: usize,
    pub(crate) accepted_by_java: usize,
    same_acceptance: usize,
    same_error: usize,
    same_message: usize,
    pub(crate) carafe_died: usize,
    java_died: usize,
    errors: BTreeMap<String, usize>,
}

impl Tally {
    pub(crate) fn add(&mut self, case: &Case) {
        let difference = case.difference();
        self.mutants += 1;
        self.accepted_by_java += usize::from(case.java.accepted());
        self.same_acceptance += usize::from(difference != Some(Difference::Acceptance));
        self.same_error += usize::from(difference.is_none_or(|found| found > Difference::Error));
        self.same_message += usize::from(difference.is_none());
        self.carafe_died += usize::from(case.carafe.died());
        self.java_died += usize::from(case.java.died());
        let what = if case.java.accepted() { "accepted" } else { case.java.error.as_str() };
        *self.errors.entry(what.to_owned()).or_default() += 1;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |part: usize| 100.0 * part as f64 / self.mutants.max(1) as f64;
        for (what, count) in [
            ("agree on acceptance", self.same_acceptance),
            ("and on the error's class", self.same_error),
            ("and on what is said of the same method", self.same_message),
        ] {
            writeln!(f, "  {what}: {count}, {:.3} %", percent(count))?;
        }
        writeln!(f, "  crashes and hangs: carafe {}, reference {}", self.carafe_died, self.java_died)?;
        let errors: Vec<String> =
            self.errors.iter().map(|(error, count)| format!("{count} {error}")).collect();
        write!(f, "  the reference says: {}", errors.join(", "))
    }
}

/// The explained kinds of disagreement.
pub(crate) struct Explained(Vec<Explanation>);

/// Parts of what the two machines say, both with their stage and error, and why.
struct Explanation {
    java: String,
    carafe: String,
    /// The version of class files to which it applies.
    version: Option<u16>,
    why: String,
}

impl Explained {
    /// Reads entries of lines that start with `version:` (if it matters), `java:`, `carafe:` and `because:`; all others are
    /// comments.
    pub(crate) fn read(file: PathBuf) -> Explained {
        let text = fs::read_to_string(file).unwrap();
        let mut found = Vec::new();
        let (mut java, mut carafe, mut version) = (None, None, None);
        for line in text.lines() {
            if let Some(part) = line.strip_prefix("java: ") {
                java = Some(part.to_owned());
            } else if let Some(part) = line.strip_prefix("carafe: ") {
                carafe = Some(part.to_owned());
            } else if let Some(part) = line.strip_prefix("version: ") {
                version = Some(part.parse().expect(line));
            } else if let Some(why) = line.strip_prefix("because: ") {
                let (java, carafe) = (java.take().expect(line), carafe.take().expect(line));
                assert!(why.contains("JVMS"), "no paragraph is named: {why}");
                found.push(Explanation { java, carafe, version: version.take(), why: why.to_owned() });
            }
        }
        Explained(found)
    }

    /// Why the machines differ about a case, whose class file is of this version.
    fn why(&self, case: &Case, version: u16) -> Option<&str> {
        if case.differs_by_order() {
            return Some(
                "JVMS 4.10: methods are verified in no particular order, and several have defects each of which alone has both machines agree",
            );
        }
        let (java, carafe) = (case.java.to_string(), case.carafe.to_string());
        let fits = |entry: &&Explanation| {
            let version = entry.version.is_none_or(|wanted| wanted == version);
            version && java.contains(&entry.java) && carafe.contains(&entry.carafe)
        };
        self.0.iter().find(fits).map(|entry| entry.why.as_str())
    }
}

pub(crate) struct Report {
    pub(crate) text: String,
    pub(crate) unexplained: usize,
}

/// What the machines disagree about, by kind, the gravest and then the most frequent first, with an example of each.
pub(crate) fn report(cases: &[Case], explained: &Explained, seeds: &Seeds) -> Report {
    let mut kinds: BTreeMap<(Difference, String), Vec<&Case>> = BTreeMap::new();
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unexplained = 0;
    for case in cases {
        let Some(difference) = case.difference() else { continue };
        let bytes = seeds.bytes(case).bytes;
        let version = bytes.get(6..8).map_or(0, |pair| u16::from(pair[0]) << 8 | u16::from(pair[1]));
        match explained.why(case, version) {
            Some(why) => *reasons.entry(why).or_default() += 1,
            None => {
                unexplained += usize::from(difference != Difference::Detail);
                kinds.entry((difference, kind(case))).or_default().push(case);
            }
        }
    }
    let mut text = String::new();
    for (why, count) in reasons {
        writeln!(text, "{count} explained: {why}").unwrap();
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|((difference, _), cases)| (*difference, std::cmp::Reverse(cases.len())));
    for ((difference, _), cases) in kinds {
        let Some(first) = cases.iter().min_by_key(|case| case.steps.len()) else { continue };
        let name = seeds.name(first.seed);
        writeln!(text, "{difference:?}: {} times, as 0x{:x} of {name}", cases.len(), first.number).unwrap();
        for line in seeds.bytes(first).story {
            writeln!(text, "    {line}").unwrap();
        }
        let (java, carafe) = (first.java.to_string(), first.carafe.to_string());
        let same = java.bytes().zip(carafe.bytes()).take_while(|(java, carafe)| java == carafe).count();
        // What reflection says is long: only from where it differs, and a little before.
        let from = if first.java.accepted() && first.carafe.accepted() { same.saturating_sub(40) } else { 0 };
        let from = |text: String| String::from_utf8_lossy(&text.as_bytes()[from..]).into_owned();
        writeln!(text, "  java:   {}\n  carafe: {}", from(java), from(carafe)).unwrap();
    }
    Report { text, unexplained }
}

/// The verdicts without numbers and names, which differ from case to case.
fn kind(case: &Case) -> String {
    let general = |verdict: &Verdict| {
        // What the old verifier says starts with the place, in parentheses that may contain others.
        let line = first_line(verdict);
        let line =
            if line.starts_with("(class: ") { line.rsplit(") ").next().unwrap_or_default() } else { line };
        // And here the message is a name.
        let line = if verdict.error.ends_with("NoClassDefFoundError") { "" } else { line };
        let words = line
            .split(' ')
            .filter(|word| !word.contains(|c: char| c.is_ascii_digit() || "/.$'\"(".contains(c)));
        let words: Vec<&str> = words.collect();
        format!("{} {}", verdict.error, words.join(" "))
    };
    if case.java.accepted() && case.carafe.accepted() {
        return "reflection".into();
    }
    format!("{} | {}", general(&case.java), general(&case.carafe))
}
