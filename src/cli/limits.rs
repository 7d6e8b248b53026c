//! What a run may take in time and output: one thread that watches, and ends the program when a limit is passed.
//!
//! Invariant: a program that passes a limit is over within [`GRACE`], whatever it does: it is terminated, which nothing in
//! it can catch, and if it is then still somewhere in the operating system, the process ends around it. Each limit has an
//! exit code and a line on standard error of its own.
//!
//! Processor time is the process's: what collecting and linking take on the program's behalf counts. Deliberately not here:
//! limits that Java has an error for (heap, metaspace, stacks, threads, open files); those are the VM's.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use carafe::Isolate;
use rustix::time::{ClockId, clock_gettime};

use super::oversight::Learning;

/// What `--max-...` said; `None` is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) cpu: Option<Duration>,
    pub(crate) time: Option<Duration>,
    pub(crate) output_bytes: Option<u64>,
    pub(crate) files: Option<usize>,
    pub(crate) threads: Option<usize>,
}

const CPU_STATUS: i32 = 121;
const TIME_STATUS: i32 = 122;
const OUTPUT_STATUS: i32 = 123;

/// How long a terminated program may take to leave.
const GRACE: Duration = Duration::from_millis(40);
/// The clock of processor time is looked at no more often than this.
const STEP: Duration = Duration::from_millis(2);
const OUTPUT_STEP: Duration = Duration::from_millis(10);

/// Watches until the value is dropped.
pub(super) struct Watch {
    over: Arc<AtomicBool>,
    thread: thread::Thread,
}

impl Watch {
    /// `learning` is brought to its end before the process ends around a program.
    pub(super) fn begin(
        vm: Arc<Isolate>,
        limits: Limits,
        learning: Learning,
    ) -> std::io::Result<Option<Watch>> {
        if limits.cpu.is_none() && limits.time.is_none() && limits.output_bytes.is_none() {
            return Ok(None);
        }
        let over = Arc::new(AtomicBool::new(false));
        let mine = over.clone();
        let thread = thread::Builder::new()
            .name("limits".into())
            .spawn(move || watch(&vm, limits, &learning, &mine))?;
        Ok(Some(Watch { over, thread: thread.thread().clone() }))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

fn watch(vm: &Isolate, limits: Limits, learning: &Learning, over: &AtomicBool) {
    let end = |status, reason: &str| end(vm, learning, over, status, reason);
    let began = Instant::now();
    let processors = thread::available_parallelism().map_or(1, |n| n.get() as u32);
    loop {
        // As long as no limit can be passed.
        let mut idle = Duration::from_secs(3600);
        if let Some(limit) = limits.time {
            let Some(left) = limit.checked_sub(began.elapsed()) else {
                return end(TIME_STATUS, &format!("it ran for longer than {limit:?} (--max-time)"));
            };
            idle = idle.min(left);
        }
        if let Some(limit) = limits.cpu {
            let Some(left) = limit.checked_sub(processor_time()) else {
                let reason = format!("it took more than {limit:?} of processor time (--max-cpu)");
                return end(CPU_STATUS, &reason);
            };
            idle = idle.min((left / processors).max(STEP));
        }
        if let Some(limit) = limits.output_bytes {
            if carafe_stdlib::State::of_isolate(vm).handles.output_exceeded() {
                let reason = format!("it wrote more than {limit} bytes (--max-output)");
                return end(OUTPUT_STATUS, &reason);
            }
            idle = idle.min(OUTPUT_STEP);
        }
        thread::park_timeout(idle);
        if over.load(Ordering::Acquire) {
            return;
        }
    }
}

fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Ends the program, and if that is not enough the process.
fn end(vm: &Isolate, learning: &Learning, over: &AtomicBool, status: i32, reason: &str) {
    if over.load(Ordering::Acquire) {
        return;
    }
    eprintln!("carafe: the program was ended: {reason}");
    vm.request_halt(status);
    let until = Instant::now() + GRACE;
    while let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
        thread::park_timeout(left);
        if over.load(Ordering::Acquire) {
            return;
        }
    }
    learning.end();
    // The program's threads are where nothing can reach them, such as a write that nobody reads.
    std::process::exit(status);
}
