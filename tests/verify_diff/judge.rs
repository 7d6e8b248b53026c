//! One of the two machines, asked about a batch: starts it, reads a verdict per line, notices when it dies or stalls on a
//! mutant, and goes on behind that one in a new process.
//!
//! Invariant: the limit counts the processor time that a mutant takes, not the time that passes, so that a busy machine
//! makes no hang; only what stands still for long is a hang by the clock. Deliberately not here: what verdicts mean.

use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::common;

/// What a mutant may take of the processor.
const LIMIT: Duration = Duration::from_secs(1);
/// What it may take by the clock, and what starting may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// As the kernel counts in `/proc/PID/stat`.
const TICKS_PER_SECOND: u64 = 100;

/// What a machine says of a class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// `define`, `link` or `accept`; or `hang` or `crash`.
    pub(crate) stage: String,
    /// The error's class, if there is one.
    pub(crate) error: String,
    /// The error's message; or what reflection says of an accepted class.
    pub(crate) message: String,
}

impl Verdict {
    pub(crate) fn accepted(&self) -> bool {
        self.stage == "accept"
    }

    pub(crate) fn died(&self) -> bool {
        matches!(self.stage.as_str(), "hang" | "crash")
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.stage, self.error, self.message)
    }
}

pub(crate) struct Machine {
    pub(crate) name: &'static str,
    program: PathBuf,
    options: Vec<String>,
    jdk: PathBuf,
    /// Where the judge's classes are.
    classes: PathBuf,
}

impl Machine {
    pub(crate) fn new(
        name: &'static str,
        program: PathBuf,
        options: &[&str],
        jdk: &Path,
        classes: &Path,
    ) -> Machine {
        let options = options.iter().map(|&option| option.to_owned()).collect();
        Machine { name, program, options, jdk: jdk.to_owned(), classes: classes.to_owned() }
    }

    /// The verdicts on the `count` mutants of a batch.
    pub(crate) fn judge(&self, batch: &Path, count: usize, reflect: bool) -> Vec<Verdict> {
        let mut verdicts = Vec::with_capacity(count);
        while verdicts.len() < count {
            let before = verdicts.len();
            let died = self.go_on(batch, count, reflect, &mut verdicts);
            if verdicts.len() < count {
                let died = died.unwrap_or_else(|message| panic!("{} does not start: {message}", self.name));
                println!("{} at mutant {} of a batch (from {before}): {died}", self.name, verdicts.len());
                verdicts.push(died);
            }
        }
        verdicts
    }

    /// Has one process judge from where `verdicts` end; answers how it ended, or why it never started.
    fn go_on(
        &self,
        batch: &Path,
        count: usize,
        reflect: bool,
        verdicts: &mut Vec<Verdict>,
    ) -> Result<Verdict, String> {
        let mut command = common::command(&self.program, &self.jdk);
        common::as_java(&mut command);
        command.args(&self.options).arg("-cp").arg(&self.classes).arg("Judge").arg(batch);
        command.arg(verdicts.len().to_string()).arg(if reflect { "reflect" } else { "" });
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let mut stderr = child.stderr.take().unwrap();
        let complaints = thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = stderr.read_to_end(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        });
        let (send, lines) = mpsc::channel();
        let reader =
            thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        let mut ready = false;
        let hung = loop {
            match next_line(&lines, &child, ready) {
                Ok(line) if !ready && line == "ready" => ready = true,
                // The reference machine tells on this stream why it crashes.
                Ok(line) if line.starts_with('#') => println!("{}: {line}", self.name),
                Ok(line) => verdicts.extend(parse(&line, verdicts.len())),
                Err(hung) => break hung,
            }
        };
        if hung {
            child.kill().unwrap();
        }
        let status = child.wait().unwrap();
        let _ = reader.join().unwrap();
        let complaints = complaints.join().unwrap();
        if !ready {
            return Err(format!("{status}: {complaints}"));
        }
        assert!(verdicts.len() <= count, "more verdicts than mutants");
        let first_lines: Vec<&str> = complaints.lines().take(6).collect();
        let stage = if hung { "hang" } else { "crash" };
        Ok(Verdict { stage: stage.into(), error: status.to_string(), message: first_lines.join(" / ") })
    }
}

/// The next line, or whether the child hung rather than ended.
fn next_line(lines: &mpsc::Receiver<String>, child: &Child, ready: bool) -> Result<String, bool> {
    let start = Instant::now();
    let used = processor_time(child);
    loop {
        match lines.recv_timeout(LIMIT) {
            Ok(line) => return Ok(line),
            Err(RecvTimeoutError::Disconnected) => return Err(false),
            Err(RecvTimeoutError::Timeout) => {
                let busy = ready && processor_time(child).saturating_sub(used) > LIMIT;
                if busy || start.elapsed() > PATIENCE {
                    return Err(true);
                }
            }
        }
    }
}

/// What all threads of a child have taken of the processor.
fn processor_time(child: &Child) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap_or_default();
    // The fields behind the program's name, which stands in parentheses; the times are the 12th and 13th of them.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 =
        fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND)
}

fn parse(line: &str, expected: usize) -> Option<Verdict> {
    let mut parts = line.splitn(4, '\t');
    let mut part = || parts.next().unwrap_or_default().to_owned();
    assert_eq!(part(), expected.to_string(), "out of step: {line}");
    Some(Verdict { stage: part(), error: part(), message: part() })
}
