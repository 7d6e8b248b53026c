//! What an isolate may take in time, and how it ends: by itself, by its host, or at a limit.
//!
//! One thread per isolate watches processor time and time on the clock, if one of them has a limit. It sleeps as long as no
//! limit can be passed, so watching costs nothing that could be measured, and a limit is noticed within [`STEP`] times the
//! number of processors. Passing one ends the isolate, which nothing in it can catch; its neighbours in the process
//! notice nothing.
//!
//! Invariant: processor time is the isolate's own: that of its threads, dead ones included, and of those that collect its
//! garbage and compile its methods. Deliberately not here: limits that Java has an error for (heap, metaspace, stacks, threads, open files), which
//! hold where the thing is taken; they are only counted here ([`Limits::note`]).

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use crate::isolate::Isolate;

/// What may be limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LimitKind {
    Heap,
    Metaspace,
    OffHeap,
    Stack,
    Threads,
    Files,
    /// Compiled code. Methods for which there is no room are interpreted.
    Code,
    Cpu,
    Time,
    Output,
}

impl LimitKind {
    pub const ALL: [LimitKind; 10] = [
        LimitKind::Heap,
        LimitKind::Metaspace,
        LimitKind::OffHeap,
        LimitKind::Stack,
        LimitKind::Threads,
        LimitKind::Files,
        LimitKind::Code,
        LimitKind::Cpu,
        LimitKind::Time,
        LimitKind::Output,
    ];

    /// The flag that sets it on the command line. Off-heap memory has no flag of its own: it goes with the heap.
    pub fn flag(self) -> &'static str {
        match self {
            LimitKind::Heap | LimitKind::OffHeap => "--max-heap",
            LimitKind::Metaspace => "--max-metaspace",
            LimitKind::Stack => "--max-stack",
            LimitKind::Threads => "--max-threads",
            LimitKind::Files => "--max-files",
            LimitKind::Code => "--max-code",
            LimitKind::Cpu => "--max-cpu",
            LimitKind::Time => "--max-time",
            LimitKind::Output => "--max-output",
        }
    }

    /// Exit status of a program that the limit has ended.
    pub fn status(self) -> i32 {
        match self {
            LimitKind::Cpu => 121,
            LimitKind::Time => 122,
            LimitKind::Output => 123,
            // Java has errors for these; a program that lets one through ends as with any exception.
            LimitKind::Heap
            | LimitKind::Metaspace
            | LimitKind::OffHeap
            | LimitKind::Stack
            | LimitKind::Threads
            | LimitKind::Files
            | LimitKind::Code => 1,
        }
    }

    fn index(self) -> usize {
        self as usize
    }
}

/// A limit that has ended an isolate, and how much it allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitPassed {
    pub kind: LimitKind,
    pub allowed: String,
}

impl fmt::Display for LimitPassed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (allowed, flag) = (&self.allowed, self.kind.flag());
        match self.kind {
            LimitKind::Cpu => write!(f, "it took more than {allowed} of processor time ({flag})"),
            LimitKind::Time => write!(f, "it ran for longer than {allowed} ({flag})"),
            LimitKind::Output => write!(f, "it wrote more than {allowed} bytes ({flag})"),
            LimitKind::Heap
            | LimitKind::Metaspace
            | LimitKind::OffHeap
            | LimitKind::Stack
            | LimitKind::Threads
            | LimitKind::Files
            | LimitKind::Code => write!(f, "it took more than {allowed} ({flag})"),
        }
    }
}

/// Why an isolate has ended, or is about to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The program said so (System.exit, Runtime.halt), or had nothing left to do.
    Exit(i32),
    /// The host ended it.
    Terminated(i32),
    Limit(LimitPassed),
    /// A bug of carafe, or a function of the host's that panicked.
    Panic(String),
}

impl End {
    pub fn status(&self) -> i32 {
        match self {
            End::Exit(status) | End::Terminated(status) => *status,
            End::Limit(limit) => limit.kind.status(),
            End::Panic(_) => crate::panics::PANIC_STATUS,
        }
    }
}

/// Processor time is looked at no more often than this.
pub const STEP: Duration = Duration::from_millis(2);

/// The limits in time, and how often any was reached.
#[derive(Debug)]
pub struct Limits {
    times: Mutex<Times>,
    changed: Condvar,
    reached: [AtomicU64; LimitKind::ALL.len()],
}

#[derive(Debug, Default)]
struct Times {
    cpu: Option<Duration>,
    time: Option<Duration>,
    watched: bool,
}

impl Limits {
    pub fn new(cpu: Option<Duration>, time: Option<Duration>) -> Limits {
        let times = Mutex::new(Times { cpu, time, watched: false });
        Limits { times, changed: Condvar::new(), reached: Default::default() }
    }

    /// A limit was reached: an error was thrown, or the isolate ended.
    pub fn note(&self, kind: LimitKind) {
        if let Some(count) = self.reached.get(kind.index()) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How often a limit was reached.
    pub fn reached(&self, kind: LimitKind) -> u64 {
        self.reached.get(kind.index()).map_or(0, |count| count.load(Ordering::Relaxed))
    }

    /// Wakes the thread that watches: the isolate ends.
    pub(crate) fn wake(&self) {
        let _times = self.times.lock();
        self.changed.notify_all();
    }
}

impl Isolate {
    /// Processor time that the isolate took so far: its threads, those that have ended, those that collect, and its compiler's.
    pub fn cpu_time(&self) -> Duration {
        let of_thread = self.natives.outside.thread_cpu;
        let threads = self.threads.cpu_time(of_thread);
        let (helpers, marking) = self.heap.helpers();
        let compiler = self.code.as_ref().map_or(Duration::ZERO, |code| code.cpu_time(of_thread));
        threads + helpers + of_thread(marking).unwrap_or_default() + compiler
    }

    /// Changes the limits in time while the isolate runs; both count from its start. `None` is no limit.
    pub fn set_time_limits(&self, cpu: Option<Duration>, time: Option<Duration>) -> std::io::Result<()> {
        {
            let mut times = self.limits.times.lock();
            (times.cpu, times.time) = (cpu, time);
            self.limits.changed.notify_all();
        }
        watch_times(&self.arc())
    }

    /// Ends the isolate because it has passed a limit.
    pub fn end_at_limit(&self, kind: LimitKind, allowed: String) {
        self.limits.note(kind);
        self.end_with(End::Limit(LimitPassed { kind, allowed }));
    }
}

/// Starts the thread that watches, if there is something to watch and nobody does.
pub(crate) fn watch_times(vm: &Arc<Isolate>) -> std::io::Result<()> {
    let mut times = vm.limits.times.lock();
    if times.watched || (times.cpu.is_none() && times.time.is_none()) {
        return Ok(());
    }
    let watched = vm.clone();
    std::thread::Builder::new().name("carafe limits".into()).stack_size(256 << 10).spawn(move || {
        if let Some((kind, allowed)) = watch(&watched) {
            watched.end_at_limit(kind, format!("{allowed:?}"));
        }
    })?;
    times.watched = true;
    Ok(())
}

/// Waits until a limit is passed; `None` if the isolate ends before.
fn watch(vm: &Isolate) -> Option<(LimitKind, Duration)> {
    let processors = vm.safepoint.processors() as u32;
    let mut times = vm.limits.times.lock();
    while !vm.is_halting() {
        // As long as no limit can be passed; a change of the limits wakes as well.
        let mut idle = Duration::from_secs(3600);
        if let Some(limit) = times.time {
            match limit.checked_sub(vm.uptime()) {
                None | Some(Duration::ZERO) => return Some((LimitKind::Time, limit)),
                Some(left) => idle = idle.min(left),
            }
        }
        if let Some(limit) = times.cpu {
            match limit.checked_sub(vm.cpu_time()) {
                None | Some(Duration::ZERO) => return Some((LimitKind::Cpu, limit)),
                Some(left) => idle = idle.min((left / processors.max(1)).max(STEP)),
            }
        }
        vm.limits.changed.wait_for(&mut times, idle);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_counter_of_its_own() {
        let limits = Limits::new(None, None);
        for (n, kind) in LimitKind::ALL.into_iter().enumerate() {
            assert_eq!(kind.index(), n);
            (0..=n).for_each(|_| limits.note(kind));
        }
        for (n, kind) in LimitKind::ALL.into_iter().enumerate() {
            assert_eq!(limits.reached(kind), n as u64 + 1, "{kind:?}");
        }
    }

    #[test]
    fn what_ends_an_isolate_has_a_status_and_words() {
        let passed = |kind| LimitPassed { kind, allowed: "3s".into() };
        assert_eq!(End::Limit(passed(LimitKind::Cpu)).status(), 121);
        assert_eq!(End::Exit(7).status(), 7);
        assert_eq!(passed(LimitKind::Time).to_string(), "it ran for longer than 3s (--max-time)");
    }
}
