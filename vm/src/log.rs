//! The VM's log: what `-Xlog` selects, written to standard output, standard error or files.
//!
//! A message belongs to one set of tags ([`TagSet`]) and has a level; an output takes those at or above the level that it has
//! for the set. A message that no output wants costs one comparison: its text is made by a closure. Invariant: lines of one
//! output are written whole, one after the other.
//!
//! Deliberately absent: the syntax of the option (the command line reads it into a [`LogConfig`]), rotation of files.

pub mod gc;

use std::fmt::Write as _;
use std::io::Write;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use parking_lot::Mutex;

use crate::isolate::Isolate;
use crate::outside::{FileUse, LocalTime, OutFile};

/// The sets of tags that messages have.
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TagSet {
    Gc,
    GcHeap,
    GcMetaspace,
    GcRef,
    GcInit,
    Safepoint,
    ClassLoad,
    PerfClassLink,
    ClassUnload,
    JitCompilation,
    JitCode,
    Sandbox,
}

/// Each set and its tags, in the order of the enum.
pub const TAG_SETS: [(TagSet, &[&str]); 12] = [
    (TagSet::Gc, &["gc"]),
    (TagSet::GcHeap, &["gc", "heap"]),
    (TagSet::GcMetaspace, &["gc", "metaspace"]),
    (TagSet::GcRef, &["gc", "ref"]),
    (TagSet::GcInit, &["gc", "init"]),
    (TagSet::Safepoint, &["safepoint"]),
    (TagSet::ClassLoad, &["class", "load"]),
    (TagSet::PerfClassLink, &["perf", "class", "link"]),
    (TagSet::ClassUnload, &["class", "unload"]),
    (TagSet::JitCompilation, &["jit", "compilation"]),
    (TagSet::JitCode, &["jit", "codecache"]),
    (TagSet::Sandbox, &["sandbox"]),
];

const SETS: usize = TAG_SETS.len();

#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Level {
    Trace,
    Debug,
    Info,
    #[default]
    Warning,
    Error,
    Off,
}

impl Level {
    pub const ALL: [Level; 6] =
        [Level::Off, Level::Trace, Level::Debug, Level::Info, Level::Warning, Level::Error];

    pub fn name(self) -> &'static str {
        match self {
            Level::Trace => "trace",
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
            Level::Off => "off",
        }
    }
}

/// What can stand before a message, in the order in which it stands there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Decorator {
    Time,
    UtcTime,
    Uptime,
    TimeMillis,
    UptimeMillis,
    TimeNanos,
    UptimeNanos,
    Pid,
    Tid,
    Level,
    Tags,
}

impl Decorator {
    /// Name and abbreviation.
    pub const NAMES: [(Decorator, &str, &str); 11] = [
        (Decorator::Time, "time", "t"),
        (Decorator::UtcTime, "utctime", "utc"),
        (Decorator::Uptime, "uptime", "u"),
        (Decorator::TimeMillis, "timemillis", "tm"),
        (Decorator::UptimeMillis, "uptimemillis", "um"),
        (Decorator::TimeNanos, "timenanos", "tn"),
        (Decorator::UptimeNanos, "uptimenanos", "un"),
        (Decorator::Pid, "pid", "p"),
        (Decorator::Tid, "tid", "ti"),
        (Decorator::Level, "level", "l"),
        (Decorator::Tags, "tags", "tg"),
    ];
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    Output,
    Error,
    File(String),
}

/// One output and what it takes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutputConfig {
    pub target: Target,
    /// Sorted, without duplicates.
    pub decorators: Vec<Decorator>,
    /// By [`TagSet`].
    pub levels: [Level; SETS],
}

impl OutputConfig {
    /// An output that takes nothing.
    pub fn silent(target: Target) -> OutputConfig {
        let decorators = vec![Decorator::Uptime, Decorator::Level, Decorator::Tags];
        OutputConfig { target, decorators, levels: [Level::Off; SETS] }
    }
}

/// All outputs; the first is standard output.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogConfig {
    pub outputs: Vec<OutputConfig>,
    /// What is to be said about the configuration itself.
    pub warnings: Vec<String>,
}

impl Default for LogConfig {
    fn default() -> LogConfig {
        let mut output = OutputConfig::silent(Target::Output);
        output.levels = [Level::Warning; SETS];
        LogConfig { outputs: vec![output], warnings: Vec::new() }
    }
}

/// The log of a running isolate.
pub struct Log {
    /// The lowest level that some output takes, by set.
    thresholds: [AtomicU8; SETS],
    outputs: Mutex<Vec<Output>>,
}

struct Output {
    config: OutputConfig,
    /// The widest that each decoration has been: columns stay aligned.
    widths: Vec<usize>,
    file: Option<Box<dyn Write + Send>>,
}

impl Log {
    /// The log as configured; files are opened by [`Log::open_files`].
    pub(crate) fn new(config: &LogConfig) -> Log {
        let output = |config: &OutputConfig| Output {
            config: config.clone(),
            widths: vec![0; config.decorators.len()],
            file: None,
        };
        let log = Log {
            thresholds: Default::default(),
            outputs: Mutex::new(config.outputs.iter().map(output).collect()),
        };
        log.set_thresholds(&log.outputs.lock());
        log
    }

    fn set_thresholds(&self, outputs: &[Output]) {
        for (set, threshold) in self.thresholds.iter().enumerate() {
            let lowest = outputs.iter().map(|output| output.config.levels[set]).min();
            threshold.store(lowest.unwrap_or(Level::Off) as u8, Ordering::Relaxed);
        }
    }

    /// Opens the files; the first that cannot be opened is the error.
    pub(crate) fn open_files(&self, vm: &Isolate) -> Result<(), String> {
        for output in self.outputs.lock().iter_mut() {
            if let Target::File(path) = &output.config.target {
                let OutFile { name, file } = (vm.natives.outside.create_file)(vm, FileUse::Log, path);
                let file = file.map_err(|why| format!("Error opening log file '{name}': {why}"))?;
                output.file = Some(file);
            }
        }
        Ok(())
    }

    /// Says what is to be said about the configuration.
    pub(crate) fn warn(&self, vm: &Isolate) {
        for warning in &vm.config.log.warnings {
            let uptime = vm.uptime().as_secs_f64();
            vm.config.streams.write_output(&format!("[{uptime:.3}s][warning][logging] {warning}\n"));
        }
    }

    #[inline]
    pub fn is_on(&self, set: TagSet, level: Level) -> bool {
        level as u8 >= self.thresholds[set as usize].load(Ordering::Relaxed)
    }

    /// Turns information about a set on or off, on standard output: what programs may ask through management beans.
    pub fn set_verbose(&self, set: TagSet, on: bool) {
        let mut outputs = self.outputs.lock();
        if let Some(output) = outputs.first_mut() {
            output.config.levels[set as usize] = if on { Level::Info } else { Level::Warning };
        }
        self.set_thresholds(&outputs);
    }

    #[cold]
    fn write(&self, vm: &Isolate, set: TagSet, level: Level, text: &str) {
        let uptime = vm.uptime();
        for output in self.outputs.lock().iter_mut() {
            if level < output.config.levels[set as usize] {
                continue;
            }
            let line = output.line(vm, set, level, uptime, text);
            match (&output.config.target, &mut output.file) {
                (Target::Output, _) => vm.config.streams.write_output(&line),
                (Target::Error, _) => vm.config.streams.write_error(&line),
                // Nobody can be told if the disk is full.
                (Target::File(_), Some(file)) => drop(file.write_all(line.as_bytes())),
                (Target::File(_), None) => {}
            }
        }
    }
}

impl Isolate {
    /// Logs what `text` makes, if somebody wants to read it.
    #[inline]
    pub fn log(&self, set: TagSet, level: Level, text: impl FnOnce() -> String) {
        if self.log.is_on(set, level) {
            self.log.write(self, set, level, &text());
        }
    }
}

impl Output {
    fn line(&mut self, vm: &Isolate, set: TagSet, level: Level, uptime: Duration, text: &str) -> String {
        let mut line = String::new();
        for (decorator, width) in self.config.decorators.iter().zip(&mut self.widths) {
            let decoration = decoration(vm, *decorator, set, level, uptime);
            *width = decoration.len().max(*width);
            let _ = write!(line, "[{decoration:<0$}]", *width);
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line += text;
        line.push('\n');
        line
    }
}

fn decoration(vm: &Isolate, decorator: Decorator, set: TagSet, level: Level, uptime: Duration) -> String {
    let outside = &vm.natives.outside;
    match decorator {
        Decorator::Time => date((outside.local_time)()),
        Decorator::UtcTime => date(in_utc((outside.wall_clock_ms)())),
        Decorator::Uptime => format!("{:.3}s", uptime.as_secs_f64()),
        Decorator::TimeMillis => format!("{}ms", (outside.wall_clock_ms)()),
        Decorator::UptimeMillis => format!("{}ms", uptime.as_millis()),
        Decorator::TimeNanos => format!("{}ns", (outside.wall_clock_ms)() * 1_000_000),
        Decorator::UptimeNanos => format!("{}ns", uptime.as_nanos()),
        Decorator::Pid => (outside.process_id)().to_string(),
        Decorator::Tid => rustix::thread::gettid().as_raw_nonzero().to_string(),
        Decorator::Level => level.name().to_owned(),
        Decorator::Tags => TAG_SETS[set as usize].1.join(","),
    }
}

/// `2026-11-21T18:26:24.799+0000`
fn date(time: LocalTime) -> String {
    let offset = time.offset_seconds / 60;
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}{}{:02}{:02}",
        time.year,
        time.month,
        time.day,
        time.hour,
        time.minute,
        time.second,
        time.millis,
        if offset < 0 { '-' } else { '+' },
        offset.abs() / 60,
        offset.abs() % 60
    )
}

/// Milliseconds since the epoch by the calendar of Greenwich.
fn in_utc(ms: u64) -> LocalTime {
    let (days, in_day) = ((ms / 86_400_000) as i64, ms % 86_400_000);
    // Years are counted from March, so that the leap day ends one; 719468 days lie before the epoch from year 0 on.
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    LocalTime {
        year: (era * 400 + year_of_era + i64::from(month <= 2)) as i32,
        month: month as u32,
        day: day as u32,
        hour: (in_day / 3_600_000) as u32,
        minute: (in_day / 60_000 % 60) as u32,
        second: (in_day / 1000 % 60) as u32,
        millis: (in_day % 1000) as u32,
        offset_seconds: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_stand_where_the_enum_says() {
        for (place, (set, _)) in TAG_SETS.iter().enumerate() {
            assert_eq!(*set as usize, place);
        }
        for (place, (decorator, _, _)) in Decorator::NAMES.iter().enumerate() {
            assert_eq!(*decorator as usize, place);
        }
    }

    #[test]
    fn only_what_some_output_wants_is_on() {
        let mut config = LogConfig::default();
        let mut file = OutputConfig::silent(Target::File("x".into()));
        file.levels[TagSet::Gc as usize] = Level::Debug;
        config.outputs.push(file);
        let log = Log::new(&config);
        assert!(log.is_on(TagSet::Gc, Level::Info) && log.is_on(TagSet::Gc, Level::Debug));
        assert!(!log.is_on(TagSet::Gc, Level::Trace) && !log.is_on(TagSet::Safepoint, Level::Info));
        assert!(log.is_on(TagSet::Safepoint, Level::Warning));
        log.set_verbose(TagSet::Safepoint, true);
        assert!(log.is_on(TagSet::Safepoint, Level::Info));
        log.set_verbose(TagSet::Safepoint, false);
        assert!(!log.is_on(TagSet::Safepoint, Level::Info));
    }

    #[test]
    fn dates() {
        assert_eq!(date(in_utc(0)), "1970-01-01T00:00:00.000+0000");
        assert_eq!(date(in_utc(951_782_400_001)), "2000-02-29T00:00:00.001+0000");
        assert_eq!(date(in_utc(1_795_285_584_799)), "2026-11-21T18:26:24.799+0000");
        let behind = LocalTime { offset_seconds: -12_600, ..in_utc(0) };
        assert_eq!(date(behind), "1970-01-01T00:00:00.000-0330");
    }
}
