//! Damaged class files by the thousand: the reference machine and carafe must give the same verdict on each, accept or the
//! same error, and neither crash nor hang.
//!
//! Invariants: the mutants of a run follow from its seed alone; what the two machines disagree about fails the test unless
//! `verify_diff/explained.txt` says by a paragraph of the specification why; a crash or hang of carafe always fails it. How
//! many and which: `CARAFE_MUTANTS` and `CARAFE_MUTANT_SEED`, or `scripts/verify-diff.sh`. Deliberately not here: running
//! the code of the damaged classes.

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;
#[path = "verify_diff/compare.rs"]
mod compare;
#[path = "verify_diff/judge.rs"]
mod judge;
#[path = "verify_diff/seeds.rs"]
mod seeds;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use carafe_mutator::Numbers;

use compare::{Case, Tally};
use judge::{Machine, Verdict};
use seeds::{Seeds, number_from};

/// As many as go through one process: carafe frees no loader yet.
const BATCH: usize = 4000;

/// Mutants of an ordinary run and of a long one.
const COUNT: (usize, usize) = (2_000, 100_000);

struct Bench {
    folder: PathBuf,
    seeds: Seeds,
    java: Machine,
    carafe: Machine,
}

impl Bench {
    fn new() -> Bench {
        let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("verify_diff");
        let seeds = Seeds::compile(&jdk, &folder);
        // Some damage crashes it; its reports shall not lie about in the working folder.
        let reports = format!("-XX:ErrorFile={}", folder.join("java-crash-%p.log").display());
        let java = Machine::new("java", jdk.join("bin/java"), &["-Xverify:all", &reports], &jdk, &folder);
        let binary = std::env::var_os("CARAFE_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_carafe").into());
        let carafe = Machine::new("carafe", binary.into(), &["-XX:-CheckInterpreter"], &jdk, &folder);
        Bench { folder, seeds, java, carafe }
    }

    /// Has both machines judge the cases and fills in their verdicts.
    fn judge(&self, cases: &mut [Case], reflect: bool) {
        for batch in cases.chunks_mut(BATCH) {
            let file = self.folder.join("batch");
            fs::write(&file, self.seeds.batch(batch)).unwrap();
            let (java, carafe) = std::thread::scope(|scope| {
                let java = scope.spawn(|| self.java.judge(&file, batch.len(), reflect));
                let carafe = self.carafe.judge(&file, batch.len(), reflect);
                (java.join().unwrap(), carafe)
            });
            for (case, (java, carafe)) in batch.iter_mut().zip(java.into_iter().zip(carafe)) {
                (case.java, case.carafe) = (java, carafe);
            }
        }
    }

    /// Finds for each case the fewest of its steps that still make the machines differ as much. If each of several defects
    /// alone has both agree, and they found different ones first, that is noted.
    fn minimize(&self, cases: &mut [Case]) {
        let mut candidates = Vec::new();
        for (owner, case) in cases.iter().enumerate() {
            let all = (1usize << case.steps.len()) - 1;
            for subset in 1..all {
                let bits = case.steps.iter().enumerate().filter(|(bit, _)| subset >> bit & 1 == 1);
                let steps: Vec<u64> = bits.map(|(_, &step)| step).collect();
                candidates.push((owner, self.seeds.case(case.number, case.seed, steps)));
            }
        }
        let (owners, mut smaller): (Vec<usize>, Vec<Case>) = candidates.into_iter().unzip();
        self.judge(&mut smaller, false);
        for (&owner, found) in owners.iter().zip(&smaller) {
            let case = &mut cases[owner];
            if found.difference() == case.difference() && found.steps.len() < case.steps.len() {
                *case = found.clone();
            }
        }
        for (&owner, found) in owners.iter().zip(&smaller) {
            let case = &mut cases[owner];
            if found.agreed() {
                case.found_first.0 |= found.java.error == case.java.error;
                case.found_first.1 |= found.carafe.error == case.carafe.error;
            }
        }
    }
}

#[test]
fn mutants_fare_as_on_the_reference() {
    let bench = Bench::new();
    if let Some(number) = number_from("CARAFE_MUTANT") {
        return show(&bench, number);
    }
    let long = std::env::var_os("CARAFE_LONG").is_some();
    let count =
        number_from("CARAFE_MUTANTS").map_or(if long { COUNT.1 } else { COUNT.0 }, |count| count as usize);
    let seed = number_from("CARAFE_MUTANT_SEED").unwrap_or(1);
    let start = Instant::now();

    // The seeds themselves come first: all of them must be accepted, or the mutants say little.
    let mut originals: Vec<Case> =
        (0..bench.seeds.len()).map(|seed| bench.seeds.case(0, seed, vec![])).collect();
    bench.judge(&mut originals, true);
    for case in &originals {
        assert!(case.java.accepted(), "{}: {}", bench.seeds.name(case.seed), case.java);
        assert!(case.java == case.carafe, "{}: {}\n{}", bench.seeds.name(case.seed), case.java, case.carafe);
    }

    let mut numbers = Numbers::new(seed);
    let mut tally = Tally::default();
    let mut disagreed = Vec::new();
    let mut left = count;
    while left > 0 {
        let batch = left.min(BATCH);
        left -= batch;
        let mut cases: Vec<Case> = (0..batch).map(|_| bench.seeds.mutant(numbers.draw())).collect();
        // What reflection says is compared in short runs only: it takes much longer than the verdict.
        bench.judge(&mut cases, count <= COUNT.0);
        for case in cases {
            tally.add(&case);
            if case.difference().is_some() {
                disagreed.push(case);
            }
        }
    }
    bench.minimize(&mut disagreed);
    let explained = compare::Explained::read(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verify_diff/explained.txt"),
    );
    let report = compare::report(&disagreed, &explained, &bench.seeds);
    fs::write(bench.folder.join("report.txt"), &report.text).unwrap();
    println!(
        "{count} mutants of {} seeds, seed {seed}, {:.0} s\n{tally}\n{}",
        bench.seeds.len(),
        start.elapsed().as_secs_f64(),
        report.text
    );
    assert_eq!(tally.carafe_died, 0, "carafe crashed or hung");
    assert_eq!(report.unexplained, 0, "disagreements without explanation");
    assert!(
        tally.accepted_by_java > count / 20 && tally.accepted_by_java < count,
        "the mutants are not a mixture"
    );
}

/// Shows one mutant and leaves it as a file.
fn show(bench: &Bench, number: u64) {
    let mut cases = vec![bench.seeds.mutant(number)];
    bench.judge(&mut cases, true);
    let case = &cases[0];
    // Outside of the folder that each run empties.
    let file = bench.folder.with_file_name(format!("mutant-{number:016x}.class"));
    fs::write(&file, &bench.seeds.bytes(case).bytes).unwrap();
    let mut text = String::new();
    writeln!(text, "{} of {}", file.display(), bench.seeds.name(case.seed)).unwrap();
    for line in bench.seeds.bytes(case).story {
        writeln!(text, "  {line}").unwrap();
    }
    let tell = |verdict: &Verdict| verdict.to_string().replace("\\n", "\n    ");
    println!("{text}  java:   {}\n  carafe: {}", tell(&case.java), tell(&case.carafe));
}
