//! Damaged classes that the verifier accepts, executed: none of them may break the interpreter, whose checks are on in this
//! build. Each ends in a Java result, an error, or at a limit; a panic, a signal or a hang is a failure.
//!
//! Every constructor and method of each is called with simple arguments (`execute/Runner.java`) in a virtual machine of a
//! child process, which is this test's own program with the machine embedded: without any grant that could do harm, with
//! a small heap, small stacks, and so many instructions for each class. What a machine ends on, the next one skips.
//!
//! Invariant: the mutants of a run follow from its seed alone. How many are to be accepted, and which: `CARAFE_EXECUTED` and
//! `CARAFE_MUTANT_SEED`; `CARAFE_MUTANT` runs one and shows it. Deliberately not here: whether the verdict is right, which
//! tests/verify_diff.rs asks.

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;
#[allow(dead_code, reason = "the comparison of verdicts uses more of it")]
#[path = "verify_diff/compare.rs"]
mod compare;
#[allow(dead_code, reason = "the comparison of verdicts uses more of it")]
#[path = "verify_diff/judge.rs"]
mod judge;
#[allow(dead_code, reason = "the comparison of verdicts uses more of it")]
#[path = "verify_diff/seeds.rs"]
mod seeds;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use carafe::{Grants, Launch, Vm, VmConfig};
use carafe_mutator::Numbers;

use compare::Case;
use seeds::{Seeds, number_from};

/// Accepted mutants of an ordinary run and of a long one.
const COUNT: (usize, usize) = (500, 50_000);
/// As many go through one machine; what one of them breaks is then found again among few.
const BATCH: usize = 300;
const WORKERS: usize = 2;
/// Instructions for one class; most of them want a few thousand, and the library's linkage of a call site ten times that.
const STEPS: u64 = 3_000_000;
const HEAP_BYTES: u64 = 24 << 20;
/// A machine that says nothing for so long hangs: its limits should have ended it.
const PATIENCE: Duration = Duration::from_secs(60);

const CHILD: &str = "CARAFE_EXECUTE_CHILD";

/// The program of the child process; alone it does nothing.
#[test]
fn child() {
    let Some(skip) = std::env::var_os(CHILD) else { return };
    let home = PathBuf::from(std::env::var_os("JAVA_HOME").unwrap());
    let mut config = VmConfig::new(home);
    config.boot_append = vec![PathBuf::from(std::env::var_os("CARAFE_EXECUTE_CLASSES").unwrap())];
    // Reflection through method handles would generate code for each shape of a call, far longer than what is called.
    config.properties.push(("jdk.reflect.useNativeAccessorOnly".into(), "true".into()));
    config.heap_max = HEAP_BYTES;
    config.metaspace_max = 256 << 20;
    config.off_heap_max = 64 << 20;
    config.threads_max = 64;
    config.steps_max = Some(STEPS);
    assert!(config.checks, "this build has no checks of the interpreter");
    // The library looks at the class path when it starts, wherever classes come from.
    config.properties.push(("java.class.path".into(), config.boot_append[0].display().to_string()));
    let grants = Grants::program(vec![config.java_home.clone(), config.boot_append[0].clone()]);
    let vm = Vm::new(config, grants).unwrap();
    let status = vm.run(Launch::class("Runner", vec![skip.into_string().unwrap()])).unwrap();
    std::process::exit(status.0);
}

/// How a machine ended before its batch did.
enum End {
    /// On the class that was running, in a way that classes may end: at which limit.
    Limit(&'static str),
    /// In a way that nothing may end.
    Broken(String),
}

/// What has been counted.
#[derive(Default)]
struct Tally {
    refused: usize,
    accepted: usize,
    /// By outcome.
    outcomes: BTreeMap<String, usize>,
    returned: usize,
    threw: usize,
    broken: Vec<(Case, String)>,
}

struct Bench {
    jdk: PathBuf,
    folder: PathBuf,
    seeds: Seeds,
}

impl Bench {
    fn new() -> Bench {
        let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("execute");
        let seeds = Seeds::compile(&jdk, &folder);
        let classes = folder.join("runner");
        fs::create_dir_all(&classes).unwrap();
        let mut javac = common::command(jdk.join("bin/javac"), &jdk);
        javac.args(["-nowarn", "-Xlint:none", "-d"]).arg(&classes);
        javac.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/execute/Runner.java"));
        let outcome = common::run(&mut javac, Duration::from_secs(120)).unwrap();
        assert_eq!(outcome.exit, "0", "{}", String::from_utf8_lossy(&outcome.stderr));
        Bench { jdk, folder, seeds }
    }

    /// Runs all cases of a batch, each as often as it takes to get past it.
    fn run(&self, cases: &[Case], tally: &Mutex<Tally>) {
        let batch = self.seeds.batch(cases);
        let mut done = 0;
        while done < cases.len() {
            let end = self.go_on(&batch, &mut done, tally);
            let Some(end) = end else {
                assert!(done == cases.len(), "a machine ended its batch after {done} classes");
                break;
            };
            let mut tally = tally.lock().unwrap();
            tally.accepted += 1;
            match end {
                End::Limit(which) => *tally.outcomes.entry(format!("limit: {which}")).or_default() += 1,
                End::Broken(how) => {
                    *tally.outcomes.entry("broken".to_owned()).or_default() += 1;
                    let case = &cases[done];
                    let again = self.seeds.case(case.number, case.seed, case.steps.clone());
                    tally.broken.push((again, how));
                }
            }
            done += 1;
        }
    }

    /// Has one machine go on behind the first `done`; `None` if it came to the end.
    fn go_on(&self, batch: &[u8], done: &mut usize, tally: &Mutex<Tally>) -> Option<End> {
        let mut command = common::command(std::env::current_exe().unwrap(), &self.jdk);
        command.args(["--exact", "child", "--nocapture", "--test-threads=1"]);
        command.env(CHILD, done.to_string()).env("CARAFE_EXECUTE_CLASSES", self.folder.join("runner"));
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let mut stderr = child.stderr.take().unwrap();
        let (send, lines) = mpsc::channel();
        let complaints = thread::scope(|scope| {
            // It fails if the machine ends first.
            scope.spawn(move || stdin.write_all(batch));
            scope.spawn(move || {
                stdout.lines().map_while(Result::ok).try_for_each(|line| send.send(line)).is_ok()
            });
            let complaints = scope.spawn(move || {
                let mut bytes = Vec::new();
                let _ = stderr.read_to_end(&mut bytes);
                String::from_utf8_lossy(&bytes).into_owned()
            });
            loop {
                match lines.recv_timeout(PATIENCE) {
                    Ok(line) => tally.lock().unwrap().line(&line, done),
                    Err(RecvTimeoutError::Disconnected) => break,
                    Err(RecvTimeoutError::Timeout) => {
                        child.kill().unwrap();
                        break;
                    }
                }
            }
            complaints.join().unwrap()
        });
        let status = child.wait().unwrap();
        let suspicious = ["panicked", "internal error", "interpreter check failed"];
        let code = status.code();
        if suspicious.iter().any(|word| complaints.contains(word)) || code.is_none_or(|code| code > 128) {
            let telling: Vec<&str> =
                complaints.lines().filter(|line| !line.trim_start().starts_with("at ")).take(8).collect();
            return Some(End::Broken(format!("{status}: {}", telling.join("\n    "))));
        }
        match code {
            Some(0) => None,
            Some(carafe_vm::interpreter::watch::STEPS_STATUS) => Some(End::Limit("instructions")),
            Some(3) => Some(End::Limit("time")),
            Some(4) => Some(End::Limit("memory")),
            _ => Some(End::Broken(format!("{status}: {complaints}"))),
        }
    }

    /// The fewest of a case's steps that still break the machine.
    fn minimize(&self, case: &Case) -> Case {
        let mut least = self.seeds.case(case.number, case.seed, case.steps.clone());
        for subset in 1..(1usize << case.steps.len()) - 1 {
            let bits = case.steps.iter().enumerate().filter(|(bit, _)| subset >> bit & 1 == 1);
            let steps: Vec<u64> = bits.map(|(_, &step)| step).collect();
            let smaller = self.seeds.case(case.number, case.seed, steps);
            let tally = Mutex::new(Tally::default());
            self.run(std::slice::from_ref(&smaller), &tally);
            if smaller.steps.len() < least.steps.len() && !tally.into_inner().unwrap().broken.is_empty() {
                least = smaller;
            }
        }
        least
    }
}

impl Tally {
    /// A line of the runner; what the test harness says around it is passed over.
    fn line(&mut self, line: &str, done: &mut usize) {
        let mut parts = line.split('\t');
        // The harness writes the test's name without an end of line.
        let Some(number) = parts.next().and_then(|n| n.rsplit(' ').next()?.parse::<usize>().ok()) else {
            return;
        };
        let (Some(outcome), Some(returned), Some(threw)) = (parts.next(), parts.next(), parts.next()) else {
            return;
        };
        assert_eq!(number, *done, "out of step: {line}");
        *done += 1;
        if outcome == "refused" {
            self.refused += 1;
            return;
        }
        self.accepted += 1;
        *self.outcomes.entry(outcome.to_owned()).or_default() += 1;
        self.returned += returned.parse::<usize>().unwrap_or(0);
        self.threw += threw.parse::<usize>().unwrap_or(0);
    }
}

#[test]
fn accepted_mutants_cannot_break_the_interpreter() {
    let bench = Bench::new();
    let start = Instant::now();
    let tally = Mutex::new(Tally::default());
    if let Some(number) = number_from("CARAFE_MUTANT") {
        let case = bench.seeds.mutant(number);
        bench.run(std::slice::from_ref(&case), &tally);
        println!("{}", bench.show(&case, ""));
    } else {
        // The seeds first: their code must run.
        let originals: Vec<Case> =
            (0..bench.seeds.len()).map(|seed| bench.seeds.case(0, seed, vec![])).collect();
        bench.run(&originals, &tally);
        let seeds = tally.lock().unwrap().accepted;
        assert!(seeds > originals.len() / 2, "only {seeds} of {} seeds ran", originals.len());

        let long = std::env::var_os("CARAFE_LONG").is_some();
        let wanted =
            number_from("CARAFE_EXECUTED").map_or(if long { COUNT.1 } else { COUNT.0 }, |n| n as usize);
        let numbers = Mutex::new(Numbers::new(number_from("CARAFE_MUTANT_SEED").unwrap_or(1)));
        thread::scope(|scope| {
            for _ in 0..WORKERS {
                scope.spawn(|| {
                    while tally.lock().unwrap().accepted < seeds + wanted {
                        let mut numbers = numbers.lock().unwrap();
                        let cases: Vec<Case> =
                            (0..BATCH).map(|_| bench.seeds.mutant(numbers.draw())).collect();
                        drop(numbers);
                        bench.run(&cases, &tally);
                    }
                });
            }
        });
    }
    let tally = tally.into_inner().unwrap();
    let mut report = format!(
        "{} accepted classes of {} executed in {:.0} s: {:?}; {} calls returned, {} threw\n",
        tally.accepted,
        tally.accepted + tally.refused,
        start.elapsed().as_secs_f64(),
        tally.outcomes,
        tally.returned,
        tally.threw
    );
    // Many break for one reason: a few of them, made as small as can be, tell.
    for (at, (case, how)) in tally.broken.iter().enumerate() {
        let smaller = if at < 10 { Some(bench.minimize(case)) } else { None };
        report += &bench.show(smaller.as_ref().unwrap_or(case), how);
    }
    fs::write(bench.folder.join("report.txt"), &report).unwrap();
    println!("{report}");
    assert!(tally.broken.is_empty(), "{} classes broke the machine:\n{report}", tally.broken.len());
}

impl Bench {
    /// What was done to a class, and the class as a file.
    fn show(&self, case: &Case, how: &str) -> String {
        let file = self.folder.join(format!("{:016x}.class", case.number));
        let mutant = self.seeds.bytes(case);
        fs::write(&file, &mutant.bytes).unwrap();
        let mut text = format!(
            "CARAFE_MUTANT={:#x} {} of {}\n",
            case.number,
            file.display(),
            self.seeds.name(case.seed)
        );
        for line in mutant.story {
            let _ = writeln!(text, "  {line}");
        }
        if !how.is_empty() {
            let _ = writeln!(text, "  {how}");
        }
        text
    }
}
