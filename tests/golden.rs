//! The golden suite: every folder of tests/golden is a small Java program with the output and exit code that the reference
//! JVM gave it. This harness compiles the folders once, runs each with carafe, and compares all that a user would see.
//!
//! Invariants: an expected file is never written here (tests/tools/golden.sh takes them from the reference JVM); a program
//! is found by being a folder, so none can be forgotten; the classes of a program match its sources (digests, checked by
//! CompileAll.java); test functions take a file lock in turn, so that two never load the machine at once and time limits mean
//! the same in each. Deliberately not here: tests of single crates, real programs, the sandbox.
//!
//! A program's folder: Main.java and other sources, `expected.out`, and where needed `expected.err` (else stderr is
//! empty), `expected.code` (else 0), `options` (of the VM;
//! `-A` unless they grant something themselves), `args`, `javac.options` (each one per line), `resources/` (copied
//! beside the classes), `small` (a value for `-Dgolden.scale` under stress; the output must not depend on it), `info.txt`.
//!
//! Environment: CARAFE_GOLDEN=a,b runs programs whose name contains a or b; CARAFE_BIN names another binary;
//! CARAFE_OPTIONS adds VM options (to run all on one tier); CARAFE_GC_STRIDE sets the stress stride; CARAFE_LONG=1 adds a
//! collection at every single allocation and the repetitions, CARAFE_REPEAT=N those alone, N times; CARAFE_TIME_FACTOR
//! multiplies time limits.

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const WORKERS: usize = 2;
const PROGRAMS_MIN: usize = 160;
/// The checks of the interpreter, which make it several times slower, are on in the plain run.
const UNCHECKED: &str = "-XX:-CheckInterpreter";

#[test]
fn every_program_is_well_formed() {
    let known = [
        "expected.out",
        "expected.err",
        "expected.code",
        "options",
        "args",
        "javac.options",
        "small",
        "repeat",
        "info.txt",
        "resources",
    ];
    let mut complaints = Vec::new();
    let programs = programs_on_disk();
    for program in &programs {
        for needed in ["Main.java", "expected.out", "info.txt"] {
            if !program.dir.join(needed).is_file() {
                complaints.push(format!("{}: no {needed}", program.name));
            }
        }
        if read_lines(&program.dir.join("info.txt")).len() != 1 {
            complaints.push(format!("{}: info.txt is not one line", program.name));
        }
        for file in fs::read_dir(&program.dir).unwrap().map(|entry| entry.unwrap().file_name()) {
            let file = file.to_string_lossy().into_owned();
            let package = program.dir.join(&file).is_dir();
            if !known.contains(&file.as_str()) && !file.ends_with(".java") && !package {
                complaints.push(format!("{}: what is {file}?", program.name));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(programs.len() >= PROGRAMS_MIN, "only {} programs", programs.len());
}

#[test]
fn programs_print_what_the_reference_printed() {
    Mode { name: "plain", options: Vec::new(), small: false, repeat: None, limit: seconds(300) }.run_all();
}

#[test]
fn programs_survive_a_moving_collection_at_every_nth_allocation() {
    let stride = std::env::var("CARAFE_GC_STRIDE").unwrap_or_else(|_| "997".to_string());
    stressed("gc stress", &stride, seconds(180)).run_all();
    if long() {
        stressed("gc stress, denser", "97", seconds(600)).run_all();
    }
}

#[test]
fn programs_survive_a_small_eden_and_tiny_regions() {
    let mode = |name, eden: &str, verify_every: u32| {
        let verify = format!("-XX:VerifyHeapInterval={verify_every}");
        // With so small an eden a full heap means hardly anything but collections.
        let options = [eden, "-XX:GCStressRegionBytes=24k", "-XX:-UseGCOverheadLimit", &verify, UNCHECKED];
        let options = options.map(str::to_string).to_vec();
        Mode { name, options, small: true, repeat: None, limit: seconds(300) }
    };
    mode("small eden, tiny regions", "-Xmn768k", 200).run_all();
    if long() {
        mode("tiny eden, tiny regions", "-Xmn96k", 50).run_all();
    }
}

/// All methods compiled at their first call; and methods that become hot in the middle of what they do. Some programs of all
/// kinds, or with CARAFE_LONG=1 all, then also with a moving collection at every 97th allocation.
#[test]
fn programs_print_the_same_when_compiled() {
    let some = [
        "app_lisp",
        "bytecode_stack_forms",
        "bytecode_switches",
        "coll_spliterators",
        "exc_flow",
        "exc_overflow_handler",
        "exc_stack_trace",
        "lambda_kinds",
        "lang_main_args",
        "mh_lambda_meta",
        "strings_model_check",
        "thread_synchronizers",
        "vthread_monitors",
        "vthread_traces",
    ];
    let wanted = |program: &Program| long() || some.iter().any(|part| program.name.contains(part));
    let mode = |name, options: &[&str], small| {
        let options = options.iter().map(|option| (*option).to_string()).collect();
        Mode { name, options, small, repeat: None, limit: seconds(600) }
    };
    mode("all compiled", &["-Xcomp"], false).run_some(wanted);
    let hot = ["-XX:TieredStopAtLevel=1", "-Xbatch", "-XX:CompileThreshold=20"];
    mode("compiled when hot", &hot, false).run_some(wanted);
    mode("all compiled, deoptimized at random", &["-Xcomp", "-XX:StressDeopt=1"], false).run_some(wanted);
    if long() {
        mode("compiled beside the program", &["-XX:TieredStopAtLevel=1"], false).run_all();
        let stress = ["-Xcomp", "-XX:GCStressStride=97", "-XX:+VerifyHeap"];
        mode("all compiled, gc stress", &stress, true).run_all();
        let both = ["-Xcomp", "-XX:GCStressStride=97", "-XX:StressDeopt=2"];
        mode("all compiled, deoptimized at random, gc stress", &both, true).run_all();
    }
}

/// Threads are held up at random where the order of their steps matters: in the protocols of safepoints and monitors. The
/// programs about threads, every third of them unless CARAFE_LONG=1 asks for all, with several seeds.
#[test]
fn programs_survive_delays_at_safepoints() {
    let about_threads = ["thread_", "juc_", "vthread_", "monitor", "mgmt_threads", "init_threads"];
    let (seeds, stride): (&[u32], _) = if long() { (&[1, 2, 3], 1) } else { (&[1], 3) };
    for seed in seeds {
        let options = vec![format!("-XX:SafepointDelays={seed}"), UNCHECKED.to_string()];
        let mode =
            Mode { name: "delays at safepoints", options, small: true, repeat: None, limit: seconds(300) };
        let mut number = 0;
        mode.run_some(|program| {
            let is_about = about_threads.iter().any(|part| program.name.contains(part));
            number += usize::from(is_about);
            is_about && number.is_multiple_of(stride)
        });
    }
}

/// All is granted, but kind by kind: so the kernel's walls are up, and nothing that a program does may meet them. Those about
/// files, sockets, processes and threads, and every fifth of the others.
#[test]
fn programs_run_within_the_kernels_walls() {
    let kinds = "read write net listen dns env run sys ffi signal terminal random clock";
    let grants = kinds.split_whitespace().map(|kind| format!("--allow-{kind}"));
    // No list of folders has these in it.
    let named = ["--allow-read=/proc/self/status,/dev/null", "--allow-write=/dev/null"];
    let more = named.into_iter().chain(["--require-kernel-sandbox", UNCHECKED]);
    let options = grants.chain(more.map(str::to_string)).collect();
    let mode = Mode { name: "within walls", options, small: false, repeat: None, limit: seconds(300) };
    let mut number = 0;
    mode.run_some(|program| {
        number += 1;
        let reaches = [
            "io_",
            "net_",
            "proc_",
            "zip_",
            "mgmt_",
            "exc_",
            "crypto_",
            "vthread_e",
            "thread_s",
            "oom_native",
        ];
        // Under a list of folders a socket in the file system tells another name of itself (docs/limits.md).
        let tells_its_path = program.name == "net_unix";
        !tells_its_path && (reaches.iter().any(|part| program.name.contains(part)) || number % 5 == 0)
    });
}

/// Start-up is stressed by one program only: it is the same for all.
#[test]
fn start_up_survives_a_moving_collection_at_every_allocation() {
    let suite = Suite::open();
    let program = suite.programs.iter().find(|program| program.name == "lang_main_args");
    let Some(program) = program else { return eprintln!("not run: CARAFE_GOLDEN leaves its program out") };
    let options = ["-XX:GCStressStride=1", "-XX:+GCStressBoot", UNCHECKED].map(String::from).to_vec();
    let mode =
        Mode { name: "gc stress of start-up", options, small: true, repeat: None, limit: seconds(180) };
    let (_, differences) = mode.run_one(&suite, program);
    assert!(differences.is_empty(), "{differences}");
}

/// An hour of work: only with CARAFE_LONG=1. The heap verifier, which would double that, runs at longer strides.
#[test]
fn programs_survive_a_moving_collection_at_every_allocation() {
    if !long() {
        eprintln!("not run: takes an hour; set CARAFE_LONG=1");
        return;
    }
    let options = ["-XX:GCStressStride=1", UNCHECKED].map(String::from).to_vec();
    Mode { name: "gc at every allocation", options, small: true, repeat: None, limit: seconds(3600) }
        .run_all();
}

/// Races show themselves rarely: programs that look for them do so many times in one process. tests/stress.sh runs this with
/// the release build.
#[test]
fn programs_that_repeat_hold_many_times() {
    let wanted = std::env::var("CARAFE_REPEAT").ok();
    if wanted.is_none() && !long() {
        eprintln!("not run: takes long; set CARAFE_REPEAT=N or CARAFE_LONG=1");
        return;
    }
    let options = vec![UNCHECKED.to_string()];
    Mode { name: "repeated", options, small: false, repeat: Some(wanted), limit: seconds(3600) }.run_all();
}

/// The JDK's own compiler on carafe must write, byte for byte, the classes that it writes on the reference JVM.
#[test]
fn javac_on_carafe_writes_the_same_classes() {
    let suite = Suite::open();
    let work = suite.out.join("../golden-javac");
    let batches = javac_batches(&suite, &work).unwrap();
    let mut complaints = Vec::new();
    for Batch { name, options, sources } in batches {
        let compile = |vm: &str, program: &Path| {
            let out = work.join(&name).join(vm);
            recreate(&out).unwrap();
            let mut command = common::command(program, &suite.jdk);
            if vm == "carafe" {
                command.args(suite.options.iter()).args([UNCHECKED, "-A"]);
            }
            command.args(["-m", "jdk.compiler/com.sun.tools.javac.Main", "-d"]).arg(&out);
            command.args(["-nowarn", "-Xlint:none", "-proc:none"]).args(&options).args(&sources);
            let outcome = common::run(&mut command, seconds(900)).unwrap();
            ((outcome.exit, outcome.stdout, outcome.stderr), read_tree(&out).unwrap())
        };
        // At the same time: the two runs of a batch have nothing to do with each other.
        let (reference, ours) = std::thread::scope(|scope| {
            let reference = scope.spawn(|| compile("reference", &suite.jdk.join("bin/java")));
            let ours = compile("carafe", &suite.binary);
            (reference.join().unwrap(), ours)
        });
        let (said, trees) = ([reference.0, ours.0], [reference.1, ours.1]);
        assert!(
            said[0].0 == "0",
            "{name}: the reference compiler failed:\n{}",
            String::from_utf8_lossy(&said[0].2)
        );
        if said[0] != said[1] {
            let (exit, _, stderr) = &said[1];
            let first = String::from_utf8_lossy(stderr).lines().take(8).collect::<Vec<_>>().join("\n");
            complaints.push(format!("{name}: javac on carafe ended with {exit}:\n{first}"));
        }
        let files: BTreeSet<&String> = trees.iter().flat_map(|tree| tree.keys()).collect();
        let differing: Vec<_> =
            files.into_iter().filter(|file| trees[0].get(*file) != trees[1].get(*file)).collect();
        if !differing.is_empty() {
            let some = differing.iter().take(10).collect::<Vec<_>>();
            complaints.push(format!(
                "{name}: {} of {} files differ: {some:?}",
                differing.len(),
                trees[0].len()
            ));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// One folder of tests/golden.
struct Program {
    name: String,
    dir: PathBuf,
}

/// The compiled suite and what runs it. Holds the lock that keeps test functions apart.
struct Suite {
    jdk: PathBuf,
    binary: PathBuf,
    /// Extra VM options from the environment.
    options: Vec<String>,
    /// NAME/classes lies below.
    out: PathBuf,
    programs: Vec<Program>,
    _turn: File,
}

impl Suite {
    fn open() -> Suite {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        // The target folder may lie elsewhere; the binary is always in its profile's folder.
        let target = Path::new(env!("CARGO_BIN_EXE_carafe")).ancestors().nth(2).unwrap_or(manifest);
        let out = target.join("golden-classes");
        fs::create_dir_all(&out).unwrap();
        let turn = File::create(out.join("turn.lock")).unwrap();
        turn.lock().unwrap();
        let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
        let wanted = std::env::var("CARAFE_GOLDEN").unwrap_or_default();
        let programs: Vec<Program> = programs_on_disk()
            .into_iter()
            .filter(|program| wanted.split(',').any(|part| program.name.contains(part)))
            .collect();
        assert!(!programs.is_empty(), "no golden program matches CARAFE_GOLDEN={wanted}");
        compile(&jdk, manifest, &out);
        let binary = std::env::var_os("CARAFE_BIN")
            .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_carafe")), PathBuf::from);
        let options = std::env::var("CARAFE_OPTIONS").unwrap_or_default();
        let options = options.split_whitespace().map(str::to_string).collect();
        Suite { jdk, binary, options, out, programs, _turn: turn }
    }
}

/// One way to run every program.
struct Mode {
    name: &'static str,
    options: Vec<String>,
    /// Whether programs that have a `small` file run at that scale.
    small: bool,
    /// Only programs that can repeat themselves, as often as is said here or else in their file.
    repeat: Option<Option<String>>,
    limit: Duration,
}

fn long() -> bool {
    std::env::var_os("CARAFE_LONG").is_some_and(|value| value == "1")
}

fn stressed(name: &'static str, stride: &str, limit: Duration) -> Mode {
    let options =
        vec!["-XX:+VerifyHeap".to_string(), format!("-XX:GCStressStride={stride}"), UNCHECKED.to_string()];
    Mode { name, options, small: true, repeat: None, limit }
}

impl Mode {
    fn run_all(&self) {
        self.run_some(|_| true);
    }

    /// Runs the programs that are wanted; they come in the order of their names.
    fn run_some(&self, mut wanted: impl FnMut(&Program) -> bool) {
        let mut suite = Suite::open();
        suite.programs.retain(|program| wanted(program));
        if self.repeat.is_some() {
            suite.programs.retain(|program| program.dir.join("repeat").is_file());
        }
        // What took long last time goes first, so that the workers finish together.
        let record = suite.out.join("times.txt");
        let before = read_times(&record);
        suite.programs.sort_by_key(|program| std::cmp::Reverse(before.get(&program.name).copied()));
        let next = AtomicUsize::new(0);
        let failed: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());
        let times: Mutex<Vec<(Duration, String)>> = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..WORKERS {
                scope.spawn(|| {
                    while let Some(program) = suite.programs.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let (elapsed, differences) = self.run_one(&suite, program);
                        times.lock().unwrap().push((elapsed, program.name.clone()));
                        if !differences.is_empty() {
                            println!("--- {} ({})\n{differences}", program.name, self.name);
                            failed.lock().unwrap().insert(program.name.clone(), differences);
                        }
                    }
                });
            }
        });
        let mut times = times.into_inner().unwrap();
        times.sort_by(|a, b| b.cmp(a));
        if self.name == "plain" {
            let lines = times.iter().map(|(time, name)| format!("{} {name}\n", time.as_millis()));
            fs::write(record, lines.collect::<String>()).unwrap();
        }
        let slow: Vec<String> =
            times.iter().take(5).map(|(time, name)| format!("{name} {:.1} s", time.as_secs_f64())).collect();
        println!("{}: {} programs; slowest: {}", self.name, times.len(), slow.join(", "));
        let failed = failed.into_inner().unwrap();
        let names: Vec<&str> = failed.keys().map(String::as_str).collect();
        assert!(
            failed.is_empty(),
            "{}: {} of {} programs differ:\n{}",
            self.name,
            failed.len(),
            times.len(),
            names.join("\n")
        );
    }

    /// Returns the time taken and a description of every difference, empty if there is none.
    fn run_one(&self, suite: &Suite, program: &Program) -> (Duration, String) {
        let classes = suite.out.join(&program.name).join("classes");
        let mut command = common::command(&suite.binary, &suite.jdk);
        command.current_dir(&classes).args(&suite.options).args(&self.options);
        let own = read_lines(&program.dir.join("options"));
        let grants = ["--allow", "--deny", "--policy"];
        if !own.iter().chain(&self.options).any(|option| grants.iter().any(|word| option.starts_with(word))) {
            command.arg("-A");
        }
        command.args(own);
        if self.small {
            command
                .args(read_lines(&program.dir.join("small")).first().map(|n| format!("-Dgolden.scale={n}")));
        }
        if let Some(count) = &self.repeat {
            let own = read_lines(&program.dir.join("repeat")).first().cloned();
            command.args(count.clone().or(own).map(|n| format!("-Dgolden.repeat={n}")));
        }
        command.arg("-cp").arg(&classes).arg("Main").args(read_lines(&program.dir.join("args")));
        let outcome = match common::run(&mut command, self.limit) {
            Ok(outcome) => outcome,
            Err(error) => {
                return (Duration::ZERO, format!("cannot run {}: {error}\n", suite.binary.display()));
            }
        };
        let expected_code = read_lines(&program.dir.join("expected.code"));
        let expected_code = expected_code.first().map_or("0", String::as_str);
        let mut differences = String::new();
        if outcome.exit != expected_code {
            differences += &format!("exit: expected {expected_code}, got {}\n", outcome.exit);
        }
        for (stream, file, got) in
            [("stdout", "expected.out", &outcome.stdout), ("stderr", "expected.err", &outcome.stderr)]
        {
            let expected = fs::read(program.dir.join(file)).unwrap_or_default();
            differences += &first_difference(stream, &expected, got);
        }
        (outcome.elapsed, differences)
    }
}

/// Milliseconds by program, as a plain run left them.
fn read_times(record: &Path) -> BTreeMap<String, u64> {
    let text = fs::read_to_string(record).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.split_once(' '));
    lines.filter_map(|(time, name)| Some((name.to_string(), time.parse().ok()?))).collect()
}

/// The first differing lines of a stream, in words; empty if the bytes are equal.
fn first_difference(stream: &str, expected: &[u8], got: &[u8]) -> String {
    const SHOWN_LINES: usize = 4;
    if expected == got {
        return String::new();
    }
    let expected: Vec<&[u8]> = expected.split_inclusive(|&b| b == b'\n').collect();
    let got: Vec<&[u8]> = got.split_inclusive(|&b| b == b'\n').collect();
    let same = expected.iter().zip(&got).take_while(|(a, b)| a == b).count();
    let mut text = format!("{stream} differs from line {}:\n", same + 1);
    for (sign, lines) in [('-', &expected), ('+', &got)] {
        for line in lines.iter().skip(same).take(SHOWN_LINES) {
            text += &format!("  {sign} {}\n", line.trim_ascii_end().escape_ascii());
        }
        if lines.len() > same + SHOWN_LINES {
            text += &format!("  {sign} ... {} more lines\n", lines.len() - same - SHOWN_LINES);
        }
    }
    text
}

fn programs_on_disk() -> Vec<Program> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut programs: Vec<Program> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| Program { name: entry.file_name().to_string_lossy().into_owned(), dir: entry.path() })
        .collect();
    programs.sort_by(|a, b| a.name.cmp(&b.name));
    programs
}

/// Brings the classes up to date; quick when nothing changed, because CompileAll.java is not even started then.
fn compile(jdk: &Path, manifest: &Path, out: &Path) {
    let golden = manifest.join("tests/golden");
    let tool = manifest.join("tests/tools/CompileAll.java");
    let stamp = out.join("all.stamp");
    let now = newest_state(&golden, &tool, jdk).unwrap();
    if fs::read_to_string(&stamp).is_ok_and(|before| before == now) {
        return;
    }
    let mut command = common::command(jdk.join("bin/java"), jdk);
    let outcome = common::run(command.arg(tool).arg(golden).arg(out), seconds(600)).unwrap();
    assert!(
        outcome.exit == "0",
        "golden programs do not compile:\n{}{}",
        String::from_utf8_lossy(&outcome.stdout),
        String::from_utf8_lossy(&outcome.stderr)
    );
    fs::write(stamp, now).unwrap();
}

/// Names, sizes and times of all inputs of the compilation: if this text is the same, so are the classes.
fn newest_state(golden: &Path, tool: &Path, jdk: &Path) -> io::Result<String> {
    let mut text = format!("{} {:?}\n", jdk.display(), fs::metadata(tool)?.modified()?);
    let mut folders = vec![golden.to_path_buf()];
    let mut lines = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let (path, data) = {
                let entry = entry?;
                (entry.path(), entry.metadata()?)
            };
            if data.is_dir() {
                folders.push(path);
            } else if !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("expected.")) {
                lines.insert(format!("{} {} {:?}\n", path.display(), data.len(), data.modified()?));
            }
        }
    }
    text.extend(lines);
    Ok(text)
}

/// One run of javac.
struct Batch {
    name: String,
    options: Vec<String>,
    sources: Vec<PathBuf>,
}

/// The javac runs that together compile the whole suite. All programs call their class Main, so
/// that one run needs a package for each: copies of the sources get one, on their first line to keep line numbers. Programs
/// with packages, options or sources without a class declaration of their own cannot take part in that and get runs of
/// their own, of which the first few are taken.
fn javac_batches(suite: &Suite, work: &Path) -> io::Result<Vec<Batch>> {
    const SINGLE_RUNS_MAX: usize = 6;
    let copies = work.join("src");
    recreate(&copies)?;
    let mut all = Vec::new();
    let mut singles = Vec::new();
    for program in &suite.programs {
        let sources = read_sources(&program.dir)?;
        let options = read_lines(&program.dir.join("javac.options"));
        let plain = options.is_empty()
            && sources.iter().all(|(path, text)| {
                path.parent() == Some(program.dir.as_path())
                    && !text.lines().any(|line| line.starts_with("package "))
                    && text.lines().any(|line| {
                        ["class ", "interface ", "record ", "enum "].iter().any(|word| line.contains(word))
                            && !line.starts_with(' ')
                            && line.ends_with('{')
                    })
            });
        if !plain {
            let sources = sources.into_iter().map(|(path, _)| path).collect();
            singles.push(Batch { name: program.name.clone(), options, sources });
            continue;
        }
        for (path, text) in sources {
            let folder = copies.join(&program.name);
            fs::create_dir_all(&folder)?;
            let copy = folder.join(path.file_name().unwrap_or_default());
            fs::write(&copy, format!("package {}; {text}", program.name))?;
            all.push(copy);
        }
    }
    let mut batches = vec![Batch { name: "all".to_string(), options: Vec::new(), sources: all }];
    batches.retain(|batch| !batch.sources.is_empty());
    batches.extend(singles.into_iter().take(SINGLE_RUNS_MAX));
    Ok(batches)
}

/// The Java sources of a program outside its resources, in a fixed order.
fn read_sources(dir: &Path) -> io::Result<Vec<(PathBuf, String)>> {
    let mut sources = Vec::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() && path != dir.join("resources") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "java") {
                let text = fs::read_to_string(&path)?;
                sources.push((path, text));
            }
        }
    }
    sources.sort();
    Ok(sources)
}

/// Every file below `root` by its relative name.
fn read_tree(root: &Path) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
                files.insert(name, fs::read(&path)?);
            }
        }
    }
    Ok(files)
}

fn recreate(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::create_dir_all(folder)
}

/// The lines of a file that may be absent; empty lines do not count.
fn read_lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path)
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.is_empty())
        .map(str::to_string)
        .collect()
}

/// A time limit, stretched by CARAFE_TIME_FACTOR on slow machines.
fn seconds(n: u64) -> Duration {
    let factor = std::env::var("CARAFE_TIME_FACTOR").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    Duration::from_secs(n * factor)
}
