//! `carafe bench`: a program or its methods with each tier of carafe, and with java, side by side.
//!
//! Every measurement is a process of its own, in which a small class of carafe's (`bench/CarafeBench.java`) calls the program
//! and tells on a side channel what it saw. Machines take turns, and begin in another place each round, so that what changes
//! on the computer meanwhile meets all alike. Files: `options` the command line, `machines` what is run, `child` one
//! process, `stats` and `report` the figures, `plot` the chart.
//!
//! Deliberately absent: knowledge of any machine's inside. Compile times and code sizes are told by the machines.

mod child;
mod json;
mod machines;
mod options;
mod plot;
mod progress;
mod report;
mod stats;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use carafe::jdk::Search;

use child::Run;
use json::Json;
use machines::{Channels, HARNESS, HARNESS_NAME, Machine};
use options::{HELP, Options, Request};
use progress::Progress;
use report::{Row, Subject};

const METHOD_RUNS: u32 = 3;
const PROGRAM_RUNS: u32 = 5;
const METHOD_TIME: Duration = Duration::from_secs(5);
/// Runs of a program that are limited by time only.
const RUNS_MAX: u32 = 1000;

/// Runs the subcommand; `words` are those behind `bench`.
pub(super) fn run(words: &[OsString]) -> i32 {
    let options = match options::parse(words) {
        Ok(Request::Help) => {
            print!("{HELP}");
            return 0;
        }
        Ok(Request::Run(options)) => options,
        Err(message) => {
            eprintln!("carafe bench: {message}");
            return 2;
        }
    };
    match measure(&options, words) {
        Ok(true) => 0,
        Ok(false) => 1,
        Err(message) => {
            eprintln!("carafe bench: {message}");
            2
        }
    }
}

/// A folder for the processes' files, which goes when this goes.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Folder, String> {
        let base = std::env::temp_dir();
        let cannot = |error| format!("cannot write to {}: {error}", base.display());
        for n in 0..1000 {
            let path = base.join(format!("carafe-bench-{}-{n}", std::process::id()));
            match std::fs::create_dir(&path) {
                Ok(()) => {
                    std::fs::write(path.join(format!("{HARNESS_NAME}.class")), HARNESS).map_err(cannot)?;
                    return Ok(Folder(path));
                }
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(cannot(error)),
            }
        }
        Err(format!("no free name in {}", base.display()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// All of it; says whether all machines did what they were asked for.
fn measure(options: &Options, words: &[OsString]) -> Result<bool, String> {
    let jdk = Search::of_process().find().map_err(|error| error.to_string())?;
    let machines = Machine::all(options, &jdk.home)?;
    for file in [&options.json, &options.plot].into_iter().flatten() {
        // Before hours of measuring, not after.
        std::fs::File::create(file).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    }
    let folder = Folder::new()?;
    let at = Channels::new(&folder.0);
    let session = Session { options, home: &jdk.home, at: &at, machines: &machines };
    let methods = if options.whole { Vec::new() } else { session.methods()? };
    let progress = Progress::new(options.quiet);
    let subjects = match methods.is_empty() {
        true => vec![session.program(&progress)],
        false => session.each_method(&methods, &progress),
    };
    progress.clear();
    for subject in &subjects {
        println!("{}", subject.table());
    }
    if let Some(means) = report::means(&subjects) {
        println!("{means}");
    }
    write_files(options, words, &subjects)?;
    Ok(subjects.iter().all(|subject| subject.rows.iter().all(|row| row.error.is_none())))
}

fn write_files(options: &Options, words: &[OsString], subjects: &[Subject]) -> Result<(), String> {
    let command: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let command = format!("carafe bench {}", command.join(" "));
    let write = |file: &Path, text: String| {
        std::fs::write(file, text).map_err(|error| format!("cannot write {}: {error}", file.display()))
    };
    if let Some(file) = &options.json {
        let report = Json::Object(vec![
            ("command", Json::text(&command)),
            ("carafe", Json::text(env!("CARGO_PKG_VERSION"))),
            ("subjects", Json::List(subjects.iter().map(Subject::json).collect())),
        ]);
        write(file, format!("{report}\n"))?;
    }
    if let Some(file) = &options.plot {
        let is_page = file.extension().is_some_and(|extension| extension == "html");
        write(file, if is_page { plot::html(subjects, &command) } else { plot::svg(subjects) })?;
    }
    Ok(())
}

struct Session<'a> {
    options: &'a Options,
    home: &'a Path,
    at: &'a Channels,
    machines: &'a [Machine],
}

impl Session<'_> {
    fn one(&self, machine: &Machine, what: &[OsString]) -> Result<Run, String> {
        let command = machine.command(self.options, self.home, self.at, what);
        child::run(command, self.at, self.options.timeout)
    }

    /// The methods to measure; none for whole runs of the program.
    fn methods(&self) -> Result<Vec<String>, String> {
        let lister = Machine::lister(self.options, self.home)?;
        let main = &self.options.main;
        let found = self.one(&lister, &["list".into()]);
        let found = found.map_err(|error| format!("cannot load {main}: {} {error}", lister.label))?.methods;
        let Some(wanted) = &self.options.method else { return Ok(found) };
        if found.is_empty() || found.contains(wanted) {
            return Ok(vec![wanted.clone()]);
        }
        Err(format!("{main} has no benchmark {wanted}; it has {}", found.join(", ")))
    }

    fn rows(&self) -> Vec<Row> {
        let row = |machine: &Machine| Row { label: machine.label.clone(), runs: Vec::new(), error: None };
        self.machines.iter().map(row).collect()
    }

    fn each_method(&self, methods: &[String], progress: &Progress) -> Vec<Subject> {
        let runs = self.options.runs.unwrap_or(METHOD_RUNS);
        let all = methods.len() * self.machines.len() * runs as usize;
        let mut done = 0;
        let mut subjects = Vec::new();
        for method in methods {
            let name = format!("{}.{method}", self.options.main);
            let mut rows = self.rows();
            for round in 0..runs as usize {
                for place in 0..rows.len() {
                    let n = (place + round) % rows.len();
                    done += 1;
                    if rows[n].error.is_some() {
                        continue;
                    }
                    let share = (done - 1) as f64 / all as f64;
                    progress.show(share, &format!("{name}, {}, run {}", rows[n].label, round + 1));
                    let outcome = self.one(&self.machines[n], &self.harness(method, &self.machines[n]));
                    match outcome {
                        Ok(run) if run.samples.is_empty() => {
                            rows[n].error =
                                Some("the program ended before its method was measured".to_owned());
                        }
                        Ok(run) => rows[n].runs.push(run),
                        Err(error) => rows[n].error = Some(error),
                    }
                }
            }
            subjects.push(Subject { name, is_method: true, rows });
        }
        subjects
    }

    /// The harness's words for one process of a method.
    fn harness(&self, method: &str, machine: &Machine) -> Vec<OsString> {
        let (iterations, time) = match (self.options.iterations, self.options.time) {
            (Some(n), None) => (n, self.options.timeout),
            (n, time) => (n.unwrap_or(i32::MAX as u32), time.unwrap_or(METHOD_TIME)),
        };
        let beans = if machine.is_carafe { "none" } else { "beans" };
        [
            "measure".to_owned(),
            method.to_owned(),
            iterations.min(i32::MAX as u32).to_string(),
            time.as_millis().max(1).to_string(),
            self.options.sample.as_micros().to_string(),
            beans.to_owned(),
        ]
        .map(OsString::from)
        .to_vec()
    }

    fn program(&self, progress: &Progress) -> Subject {
        let mut rows = self.rows();
        let limit = self.options.time;
        let runs = match (self.options.iterations.or(self.options.runs), limit) {
            (Some(runs), _) => runs,
            (None, Some(_)) => RUNS_MAX,
            (None, None) => PROGRAM_RUNS,
        };
        let what: Vec<OsString> =
            std::iter::once("run".into()).chain(self.options.args.iter().cloned()).collect();
        let mut spent = vec![Duration::ZERO; rows.len()];
        let is_over = |spent: Duration| limit.is_some_and(|limit| spent >= limit);
        for round in 0..runs as usize {
            for place in 0..rows.len() {
                let n = (place + round) % rows.len();
                if rows[n].error.is_some() || is_over(spent[n]) {
                    continue;
                }
                let by_count = (round * rows.len() + place) as f64 / (runs as usize * rows.len()) as f64;
                let by_time = limit.map_or(0.0, |limit| {
                    spent.iter().sum::<Duration>().as_secs_f64() / (limit.as_secs_f64() * rows.len() as f64)
                });
                let what_now = format!("{}, {}, run {}", self.options.main, rows[n].label, round + 1);
                progress.show(by_count.max(by_time), &what_now);
                let start = Instant::now();
                match self.one(&self.machines[n], &what) {
                    Ok(run) => rows[n].runs.push(run),
                    Err(error) => rows[n].error = Some(error),
                }
                spent[n] += start.elapsed();
            }
            if rows.iter().zip(&spent).all(|(row, spent)| row.error.is_some() || is_over(*spent)) {
                break;
            }
        }
        Subject { name: self.options.main.clone(), is_method: false, rows }
    }
}
