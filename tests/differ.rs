//! Random programs (`carafe_mutator::programs`) run by every tier and by the reference machine: all must end with the same
//! values, exceptions, messages and line numbers.
//!
//! A process of each way of execution runs a batch of programs, many rounds of each, so that methods are first compiled with
//! nothing resolved, then again, entered in loops and left in the middle (`differ/Runner.java`). A program that differs is
//! made small by leaving out steps, then shown as `carafe dis` shows it.
//!
//! Invariant: a program is its number, in every run and on every computer. Environment: CARAFE_PROGRAMS says how many,
//! CARAFE_PROGRAM_FIRST from which number on, CARAFE_PROGRAM shows one number's outcome in all ways, CARAFE_BIN names
//! another binary; CARAFE_LONG=1 runs a hundred thousand. Deliberately not here: programs that do not verify.

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use carafe_mutator::programs::Program;

/// Programs of an ordinary run and of a long one.
const COUNT: (usize, usize) = (500, 100_000);
/// As many go through one process.
const BATCH: usize = 500;
const WORKERS: usize = 2;
const ROUNDS: &str = "24";
const CLASS: &str = "Prog";
/// As many differing programs are made small and shown.
const SHOWN: usize = 3;

/// Ways of execution, the first of which is right by definition.
struct Way {
    name: &'static str,
    options: &'static [&'static str],
}

const COMPILED: &str = "-XX:CompileOnly=Prog,Base.,Derived,Math.,Integer.,Long.,Arrays.";
const UNCHECKED: &str = "-XX:-CheckInterpreter";
const WAYS: [Way; 5] = [
    Way { name: "java", options: &["-XX:TieredStopAtLevel=1", "-Xshare:auto"] },
    Way { name: "interpreted", options: &["-Xint", UNCHECKED] },
    Way { name: "compiled", options: &["-Xcomp", COMPILED, UNCHECKED] },
    Way {
        name: "compiled when hot, moving collections",
        options: &[
            "-XX:TieredStopAtLevel=1",
            "-XX:CompileThreshold=4",
            "-XX:GCStressStride=61",
            COMPILED,
            UNCHECKED,
        ],
    },
    Way { name: "deoptimized at random", options: &["-Xcomp", "-XX:StressDeopt=5", COMPILED, UNCHECKED] },
];

struct Lab {
    jdk: PathBuf,
    carafe: PathBuf,
    folder: PathBuf,
}

impl Lab {
    fn new() -> Lab {
        let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
        let carafe =
            std::env::var_os("CARAFE_BIN").map_or(env!("CARGO_BIN_EXE_carafe").into(), PathBuf::from);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("differ");
        fs::create_dir_all(&folder).unwrap();
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differ");
        let mut javac = common::command(jdk.join("bin/javac"), &jdk);
        javac.args(["-nowarn", "-d"]).arg(&folder);
        javac.args(["Face", "Base", "Derived", "Runner"].map(|name| sources.join(format!("{name}.java"))));
        let outcome = common::run(&mut javac, std::time::Duration::from_secs(120)).unwrap();
        assert_eq!(outcome.exit, "0", "{}", String::from_utf8_lossy(&outcome.stderr));
        Lab { jdk, carafe, folder }
    }

    /// What a way of execution prints of some programs: a line for each that was run, or more if `in_full`.
    fn run(&self, way: &Way, programs: &[Program], in_full: bool) -> (Vec<String>, String) {
        let binary = if way.name == "java" { self.jdk.join("bin/java") } else { self.carafe.clone() };
        let mut command: Command = common::command(binary, &self.jdk);
        command.args(way.options).arg("-Xmx256m").arg("-cp").arg(&self.folder).args(["Runner", ROUNDS]);
        command.args(in_full.then_some("full"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut batch = (programs.len() as u32).to_be_bytes().to_vec();
        for program in programs {
            let bytes = program.write(CLASS).bytes;
            batch.extend((bytes.len() as u32).to_be_bytes());
            batch.extend(bytes);
        }
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let output = std::thread::scope(|scope| {
            // It fails if the machine ends first.
            scope.spawn(move || stdin.write_all(&batch));
            child.wait_with_output().unwrap()
        });
        let lines = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
        let complaints = String::from_utf8_lossy(&output.stderr);
        let end =
            if output.status.success() { String::new() } else { format!("{}\n{complaints}", output.status) };
        (lines, end)
    }

    /// For each program the outcome, or that the process ended in it.
    fn outcomes(&self, way: &Way, programs: &[Program]) -> Vec<String> {
        let mut outcomes = Vec::new();
        while outcomes.len() < programs.len() {
            let (lines, end) = self.run(way, &programs[outcomes.len()..], false);
            outcomes.extend(lines.iter().map(|line| line.split_once(' ').unwrap_or_default().1.to_owned()));
            if outcomes.len() < programs.len() {
                outcomes.push(format!("ended the process: {end}"));
            }
        }
        outcomes
    }

    /// Programs that end otherwise in some way than in the first one; the number is the way's.
    fn differing(&self, programs: &[Program]) -> Vec<(usize, Program, String)> {
        let expected = self.outcomes(&WAYS[0], programs);
        let mut differing: Vec<(usize, Program, String)> = Vec::new();
        for (n, way) in WAYS.iter().enumerate() {
            let outcomes = if n == 0 { expected.clone() } else { self.outcomes(way, programs) };
            for ((program, expected), outcome) in programs.iter().zip(&expected).zip(outcomes) {
                let refused = outcome.starts_with("refused");
                if (outcome != *expected || refused)
                    && !differing.iter().any(|(_, known, _)| known == program)
                {
                    differing.push((n, program.clone(), outcome));
                }
            }
        }
        differing
    }

    /// The program with as many steps left out as possible that it still differs in a way.
    fn minimize(&self, way: usize, program: &Program) -> Program {
        let steps = program.write(CLASS).steps;
        let mut least = program.clone();
        let mut size = steps.div_ceil(2);
        loop {
            let kept: Vec<usize> = (0..steps).filter(|step| !least.skipped.contains(step)).collect();
            let candidates: Vec<Program> = kept
                .chunks(size)
                .map(|chunk| {
                    let mut fewer = least.clone();
                    fewer.skipped.extend(chunk);
                    fewer
                })
                .collect();
            let expected = self.outcomes(&WAYS[0], &candidates);
            let outcomes = self.outcomes(&WAYS[way], &candidates);
            let still = expected.iter().zip(&outcomes).position(|(expected, outcome)| expected != outcome);
            match still {
                Some(n) => least = candidates[n].clone(),
                None if size == 1 => return least,
                None => size = size.div_ceil(2),
            }
        }
    }

    /// What each way makes of a program, and the program.
    fn show(&self, program: &Program, ways: &[usize]) -> String {
        let file = self.folder.join(format!("{CLASS}-{}.class", program.number));
        fs::write(&file, program.write(CLASS).bytes).unwrap();
        let full: Vec<(Vec<String>, String)> =
            ways.iter().map(|way| self.run(&WAYS[*way], std::slice::from_ref(program), true)).collect();
        let mut text = format!("program {} in {}\n", program.number, file.display());
        let lines = full.iter().map(|(lines, _)| lines.len()).max().unwrap_or(0);
        for line in 0..lines {
            let of = |n: usize| full[n].0.get(line).map_or("(nothing)", String::as_str);
            if (1..full.len()).any(|n| of(n) != of(0)) {
                for (n, way) in ways.iter().enumerate() {
                    text += &format!("{:>12.12} {}\n", WAYS[*way].name, of(n));
                }
                break;
            }
        }
        for (_, end) in &full {
            text += end.lines().take(8).collect::<Vec<_>>().join("\n").as_str();
        }
        let mut dis = common::command(&self.carafe, &self.jdk);
        let outcome = common::run(dis.arg("dis").arg(&file), std::time::Duration::from_secs(60)).unwrap();
        text + "\n" + &String::from_utf8_lossy(&outcome.stdout)
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

#[test]
fn random_programs_end_alike_in_all_tiers() {
    let lab = Lab::new();
    if let Some(number) = number("CARAFE_PROGRAM") {
        println!("{}", lab.show(&Program::new(number), &[0, 1, 2, 3, 4]));
        return;
    }
    let long = std::env::var_os("CARAFE_LONG").is_some();
    let count = number("CARAFE_PROGRAMS").map_or(if long { COUNT.1 } else { COUNT.0 }, |n| n as usize);
    let first = number("CARAFE_PROGRAM_FIRST").unwrap_or(1);
    let programs: Vec<Program> = (0..count as u64).map(|n| Program::new(first + n)).collect();
    let batches: Vec<&[Program]> = programs.chunks(BATCH.min(count.div_ceil(WORKERS))).collect();
    let (next, differing) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = lab.differing(batch);
                    differing.lock().unwrap().extend(found);
                }
            });
        }
    });
    let differing = differing.into_inner().unwrap();
    let mut report = String::new();
    for (way, program, outcome) in differing.iter().take(SHOWN) {
        let least = lab.minimize(*way, program);
        let first_line = outcome.lines().take(4).collect::<Vec<_>>().join("\n    ");
        report += &format!("{}: {first_line}\n{}\n", WAYS[*way].name, lab.show(&least, &[0, *way]));
    }
    let numbers: Vec<String> = differing
        .iter()
        .map(|(way, program, _)| format!("{} ({})", program.number, WAYS[*way].name))
        .collect();
    assert!(differing.is_empty(), "{} of {count} differ: {}\n{report}", differing.len(), numbers.join(", "));
}
