//! One measured process: started, waited for with a limit, and what it and the system tell of it.
//!
//! The system counts what a process took in `wait4`, which neither the standard library nor rustix offers; hence the one
//! `unsafe` block. Deliberately absent: what the figures mean.

use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::machines::Channels;

/// As much of an error output is shown.
const COMPLAINT_LINES: usize = 6;
/// As much of a program's output is compared.
const OUTPUT_MAX: u64 = 64 << 20;

/// Some calls in a row that were timed together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sample {
    pub(super) calls: u64,
    /// Seconds since the process began.
    pub(super) end: f64,
    pub(super) seconds_per_call: f64,
}

/// What one process took; times in seconds, sizes in bytes.
#[derive(Debug, Clone, Default)]
pub(super) struct Run {
    pub(super) wall: f64,
    pub(super) cpu: f64,
    pub(super) peak_bytes: u64,
    /// Until main began.
    pub(super) startup: Option<f64>,
    pub(super) collections: Option<u64>,
    pub(super) compile_seconds: Option<f64>,
    pub(super) code_bytes: Option<u64>,
    pub(super) samples: Vec<Sample>,
    /// Names that the harness told, when it was asked for them.
    pub(super) methods: Vec<String>,
    pub(super) output: u64,
}

/// Runs a command to its end. The error is a sentence for the user.
pub(super) fn run(mut command: Command, at: &Channels, timeout: Duration) -> Result<Run, String> {
    at.clear();
    let file =
        |path| File::create(path).map_err(|error| format!("cannot write to a temporary folder: {error}"));
    command.stdin(Stdio::null()).stdout(file(&at.out)?).stderr(file(&at.err)?);
    let program = command.get_program().to_string_lossy().into_owned();
    let (wall_clock, start) = (SystemTime::now(), Instant::now());
    let child = command.spawn().map_err(|error| format!("cannot run {program}: {error}"))?;
    let (status, usage) = wait(child.id(), timeout)?;
    let wall = start.elapsed().as_secs_f64();
    let told = std::fs::read_to_string(&at.side).unwrap_or_default();
    if !status.success() {
        let how = match (status.code(), status.signal()) {
            (Some(code), _) => format!("ended with exit code {code}"),
            (None, Some(9)) if wall >= timeout.as_secs_f64() => {
                format!("did not end within {} s", timeout.as_secs())
            }
            (None, signal) => format!("was killed by signal {}", signal.unwrap_or(0)),
        };
        return Err(format!("{how}{}", complaint(at)));
    }
    let mut run = Run {
        wall,
        cpu: usage.0,
        peak_bytes: usage.1,
        output: output_hash(at),
        collections: collections(at),
        ..Run::default()
    };
    run.read(&told, wall_clock);
    run.read(&std::fs::read_to_string(&at.statistics).unwrap_or_default(), wall_clock);
    Ok(run)
}

impl Run {
    /// Lines of the harness, and of carafe's statistics: a word and numbers.
    fn read(&mut self, text: &str, wall_clock: SystemTime) {
        let mut before = 0.0;
        for line in text.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            let number = |n: usize| words.get(n).and_then(|word| word.parse::<u64>().ok());
            match (words[0], number(1), number(2)) {
                ("method", _, _) => self.methods.extend(words.get(1).map(|name| (*name).to_owned())),
                ("began", Some(millis), _) => {
                    let began = UNIX_EPOCH + Duration::from_millis(millis);
                    // The program's clock has whole milliseconds.
                    let startup = began.duration_since(wall_clock).unwrap_or_default();
                    self.startup = Some(startup.as_secs_f64());
                }
                ("sample", Some(calls), Some(end)) if calls > 0 => {
                    let end = end as f64 / 1e9;
                    let seconds_per_call = (end - before) / calls as f64;
                    before = end;
                    self.samples.push(Sample {
                        calls,
                        end: end + self.startup.unwrap_or(0.0),
                        seconds_per_call,
                    });
                }
                ("compiled", Some(millis), Some(bytes)) => {
                    self.compile_seconds = Some(millis as f64 / 1e3);
                    self.code_bytes = Some(bytes);
                }
                ("compile_nanos", Some(nanos), _) => self.compile_seconds = Some(nanos as f64 / 1e9),
                ("code_bytes", Some(bytes), _) => self.code_bytes = Some(bytes),
                _ => {}
            }
        }
    }
}

/// Waits for a child, which is killed after a time: its status, processor seconds, and peak of resident bytes.
fn wait(pid: u32, timeout: Duration) -> Result<(ExitStatus, (f64, u64)), String> {
    let pid = pid as libc::pid_t;
    let (done, ended) = mpsc::channel();
    let (reaped, told) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut status = 0;
            // SAFETY: rusage is plain numbers, for which zero is a value.
            let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
            // SAFETY: both pointers are to locals; the child is this process's own, and nobody else waits for it.
            let answer = unsafe { libc::wait4(pid, &mut status, 0, &mut usage) };
            let _ = done.send(());
            let _ = reaped.send((answer, status, usage));
        });
        if ended.recv_timeout(timeout).is_err()
            && let Some(pid) = rustix::process::Pid::from_raw(pid)
        {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        }
    });
    let (answer, status, usage) = told.recv().map_err(|_| "the process was lost".to_owned())?;
    if answer != pid {
        return Err("the process cannot be waited for".to_owned());
    }
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    let cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    Ok((ExitStatus::from_raw(status), (cpu, usage.ru_maxrss as u64 * 1024)))
}

/// The end of what a process complained of.
fn complaint(at: &Channels) -> String {
    let bytes = std::fs::read(&at.err).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let telling = text.lines().filter(|line| !line.trim_start().starts_with("at ") && !line.is_empty());
    let lines: Vec<&str> = telling.take(COMPLAINT_LINES).collect();
    if lines.is_empty() { String::new() } else { format!(":\n    {}", lines.join("\n    ")) }
}

/// How often the collector stopped the program; the log's format is the same for carafe and java.
fn collections(at: &Channels) -> Option<u64> {
    let log = std::fs::read_to_string(&at.gc).ok()?;
    let is_pause = |line: &&str| line.contains("GC(") && line.contains(") Pause ");
    Some(log.lines().filter(is_pause).count() as u64)
}

/// FNV-1a of what the program printed: to see whether all machines print the same.
fn output_hash(at: &Channels) -> u64 {
    use std::io::Read;
    let mut bytes = Vec::new();
    if let Ok(file) = File::open(&at.out) {
        let _ = file.take(OUTPUT_MAX).read_to_end(&mut bytes);
    }
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_side_channel() {
        let mut run = Run::default();
        let clock = UNIX_EPOCH + Duration::from_millis(1000);
        let text = "began 1250\nsample 1 500000000\nsample 4 1500000000\nsample 0 7\nrubbish\ncompiled 12 4096\nend\n";
        run.read(text, clock);
        assert_eq!(run.startup, Some(0.25));
        assert_eq!(
            run.samples,
            [
                Sample { calls: 1, end: 0.75, seconds_per_call: 0.5 },
                Sample { calls: 4, end: 1.75, seconds_per_call: 0.25 },
            ]
        );
        assert_eq!((run.compile_seconds, run.code_bytes), (Some(0.012), Some(4096)));
        run.read("code_bytes 7\ncompile_nanos 2000000\nmethod a\n", clock);
        assert_eq!((run.compile_seconds, run.code_bytes), (Some(0.002), Some(7)));
        assert_eq!(run.methods, ["a"]);
    }

    #[test]
    fn processes_are_measured_and_ended() {
        let folder = std::env::temp_dir().join(format!("carafe-bench-test-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let at = Channels::new(&folder);
        let shell = |script: &str| {
            let mut command = Command::new("/bin/sh");
            command.args(["-c", script]);
            command
        };
        let run_once = |script: &str, millis| run(shell(script), &at, Duration::from_millis(millis));
        let fine = run_once("echo hello", 60_000).unwrap();
        let other = run_once("echo other", 60_000).unwrap();
        assert!(fine.peak_bytes > 100_000 && fine.wall > 0.0 && fine.output != other.output);
        let failed = run_once("echo oh no >&2; exit 3", 60_000).unwrap_err();
        assert_eq!(failed, "ended with exit code 3:\n    oh no");
        let start = Instant::now();
        let slow = run_once("exec sleep 100", 300).unwrap_err();
        assert!(slow.starts_with("did not end within"), "{slow}");
        assert!(start.elapsed() < Duration::from_secs(50));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
