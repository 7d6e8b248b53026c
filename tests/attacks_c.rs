//! Attacks C2 to C4: what never ends by itself is ended, while a neighbour in the same process goes on answering.
//!
//! Each form of `Runaway.java` runs in an isolate of its own. Once it is under way the host ends it and waits until its last
//! thread is out. A second isolate, the canary, is called all the while; its slowest answer is compared with how slow it is
//! when nothing else runs. A table of all figures is printed; the bounds of the tests are far wider than the goal of 50 ms,
//! because tests share their machine (`benches/termination.sh` takes figures on a quiet one).
//!
//! Deliberately not here: memory (`tests/attacks_memory.rs`), the command line (`tests/limits.rs`).

#[path = "common/classes.rs"]
mod classes;
#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use carafe::{CallError, HostClass, Isolate, IsolateBuilder, LimitKind, Limits, Policy, Stdio};

/// From asking until the last thread is out.
const BOUND: Duration = Duration::from_millis(1500);
/// How much slower the canary may answer while neighbours are ended, on a machine that others use too.
const CANARY_BOUND: Duration = Duration::from_millis(1500);

fn classes() -> PathBuf {
    classes::compile(
        "attacks-c",
        &[
            ("Runaway.java", include_str!("attacks_c/Runaway.java")),
            ("Canary.java", include_str!("attacks_c/Canary.java")),
            ("Depths.java", include_str!("attacks_c/Depths.java")),
            ("plugin/Host.java", include_str!("attacks_c/plugin/Host.java")),
        ],
        &["plugin/Host.class"],
    )
}

/// Tests of this file take turns, because they measure time and count what the process holds.
fn turn() -> File {
    let turn = File::create(Path::new(env!("CARGO_TARGET_TMPDIR")).join("attacks-c.lock")).unwrap();
    turn.lock().unwrap();
    turn
}

fn jdk() -> PathBuf {
    common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME")
}

fn everything() -> Policy {
    let mut policy = Policy::default();
    policy.allow_all();
    policy
}

fn builder(classes: &Path) -> IsolateBuilder {
    Isolate::builder(jdk()).class_path(classes)
}

/// A neighbour that is called again and again, and how long its answers took.
struct Canary {
    stop: Arc<AtomicBool>,
    slowest: Arc<Mutex<Duration>>,
    calls: Arc<AtomicU64>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Canary {
    fn start(classes: &Path) -> Canary {
        let isolate = builder(classes).start().unwrap();
        // Loaded, linked and warm before anything is measured.
        for _ in 0..50 {
            isolate.call::<i32>("Canary", "tick", ("x",)).unwrap();
        }
        let (stop, slowest) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Duration::ZERO)));
        let calls = Arc::new(AtomicU64::new(0));
        let (stopped, noted, counted) = (stop.clone(), slowest.clone(), calls.clone());
        let thread = thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                let begin = Instant::now();
                isolate.call::<i32>("Canary", "tick", ("x",)).unwrap();
                let took = begin.elapsed();
                let mut slowest = noted.lock().unwrap();
                *slowest = took.max(*slowest);
                drop(slowest);
                counted.fetch_add(1, Ordering::Relaxed);
                thread::sleep(Duration::from_millis(2));
            }
        });
        Canary { stop, slowest, calls, thread: Some(thread) }
    }

    /// Waits until a call has begun and been answered after now.
    fn wait_for_a_call(&self) {
        let calls = || self.calls.load(Ordering::Relaxed);
        let before = calls();
        while calls() < before + 2 {
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// The slowest answer since the last look.
    fn slowest(&self) -> Duration {
        std::mem::take(&mut *self.slowest.lock().unwrap())
    }

    fn end(mut self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap();
        self.calls.load(Ordering::Relaxed)
    }
}

/// An isolate in which a form runs, and has begun.
struct Running {
    isolate: Arc<Isolate>,
    caller: thread::JoinHandle<Result<(), CallError>>,
    _stdin: Option<std::io::PipeWriter>,
    _stderr: Option<std::io::PipeReader>,
    out: thread::JoinHandle<String>,
    _unblock: mpsc::Sender<()>,
}

fn begin(classes: &Path, form: &str, limits: Limits) -> Running {
    let (unblock, blocked) = mpsc::channel::<()>();
    let blocked = Mutex::new(blocked);
    let host = HostClass::new("plugin.Host")
        .function("nothing", |_, (): ()| Ok(()))
        // A host that takes its time: longer than any bound of this file. It goes on when the test is over.
        .function("block", move |_, (): ()| {
            let _ = blocked.lock().unwrap().recv_timeout(Duration::from_millis(200));
            Ok(())
        });
    let mut isolate = builder(classes)
        .policy(everything())
        .limits(limits)
        .host_class(host)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .start()
        .unwrap();
    let (stdin, stderr) = (isolate.take_stdin(), isolate.take_stderr());
    let mut out = BufReader::new(isolate.take_stdout().unwrap());
    let isolate = Arc::new(isolate);
    let (called, of_thread) = (form.to_owned(), isolate.clone());
    let caller = thread::spawn(move || of_thread.call::<()>("Runaway", "run", (called,)));
    let mut first = String::new();
    out.read_line(&mut first).unwrap();
    assert_eq!(first, "began\n", "{form}: {:?}", isolate.ended());
    let out = thread::spawn(move || {
        let mut rest = String::new();
        while out.read_line(&mut rest).unwrap() > 0 {}
        rest
    });
    Running { isolate, caller, _stdin: stdin, _stderr: stderr, out, _unblock: unblock }
}

/// C7 to C10, C14, C15.
const FORMS: &[&str] = &[
    "loop",
    "counted",
    "initializer",
    "comparator",
    "finalizer",
    "cleaner",
    "loader",
    "method handle",
    "reflection",
    "stream",
    "parallel stream",
    "arraycopy",
    "arraycopy objects",
    "fill",
    "equals",
    "clone",
    "crc",
    "adler",
    "digest",
    "deflate",
    "inflate",
    "index of",
    "string equals",
    "intern",
    "concat",
    "multiply",
    "digits",
    "big decimal",
    "power",
    "set memory",
    "mismatch",
    "new arrays",
    "sort",
    "hash",
    "regex",
    "regex groups",
    "deep equals",
    "nested sets",
    "hash flood",
    "sleep",
    "park",
    "wait",
    "join",
    "read",
    "write",
    "pipe",
    "pipe write",
    "accept",
    "socket",
    "receive",
    "select",
    "file lock",
    "dead owner",
    "monitor",
    "queue",
    "virtual sleep",
    "catch",
    "finally",
    "uncaught",
    "hook",
    "breeding cleaner",
    "collecting",
    "allocating",
    "loading",
    "inflating",
    "recursion",
    "throwing",
    "out of memory",
    "threads",
    "thread flood",
    "virtual flood",
    "virtual loops",
    "timers",
    "deadlock",
    "livelock",
    "pinned",
    "host call",
    "host calls",
];

/// Forms of which one variable of the environment names a few, to look at them alone.
fn forms() -> Vec<&'static str> {
    match std::env::var("CARAFE_FORMS") {
        Ok(named) => {
            FORMS.iter().filter(|form| named.split(',').any(|name| name == **form)).copied().collect()
        }
        Err(_) => FORMS.to_vec(),
    }
}

#[test]
fn runaways_are_ended_and_neighbours_notice_nothing() {
    let (_turn, classes) = (turn(), classes());
    let canary = Canary::start(&classes);
    thread::sleep(Duration::from_millis(300));
    let alone = canary.slowest();
    println!("{:<20} {:>12} {:>12} {:>12}", "form", "answered", "all out", "canary");
    println!("{:<20} {:>12} {:>12} {:>9.1} ms", "(nothing)", "", "", alone.as_secs_f64() * 1e3);
    let mut failures = Vec::new();
    for form in forms() {
        let limits = Limits { heap: 192 << 20, off_heap: 128 << 20, threads: 60, ..Limits::default() };
        let running = begin(&classes, form, limits);
        thread::sleep(Duration::from_millis(60));
        if running.caller.is_finished() {
            failures.push(format!("{form} ended by itself: {:?}", running.caller.join()));
            continue;
        }
        canary.slowest();
        let asked = Instant::now();
        running.isolate.terminate();
        let outcome = running.caller.join().unwrap();
        let answered = asked.elapsed();
        let isolate = Arc::into_inner(running.isolate).unwrap();
        let all_out = isolate.close(Duration::from_secs(20));
        let gone = asked.elapsed();
        canary.wait_for_a_call();
        let slowest = canary.slowest();
        let millis = |time: Duration| time.as_secs_f64() * 1e3;
        println!(
            "{form:<20} {:>9.1} ms {:>9.1} ms {:>9.1} ms",
            millis(answered),
            millis(gone),
            millis(slowest)
        );
        // Nothing of the program has run after that: no handler, no finally block, no hook.
        let rest = running.out.join().unwrap();
        if outcome != Err(CallError::Terminated) || !all_out || !rest.is_empty() {
            failures.push(format!("{form}: {outcome:?}, all out: {all_out}, wrote {rest:?}"));
        }
        if answered > BOUND || gone > BOUND || slowest > alone + CANARY_BOUND {
            failures.push(format!(
                "{form}: answered after {answered:?}, all out after {gone:?}, canary {slowest:?}"
            ));
        }
    }
    let calls = canary.end();
    println!("the canary answered {calls} calls");
    assert!(failures.is_empty(), "{failures:#?}");
}

/// C19: a limit in time ends an isolate whatever it does, also when it does nothing, and is changed while it runs.
#[test]
fn limits_in_time_are_met() {
    let (_turn, classes) = (turn(), classes());
    let limited = |form: &str, cpu: Option<u64>, time: Option<u64>| {
        let running = begin(&classes, form, Limits::default());
        let millis = |of: Option<u64>, now: Duration| of.map(|ms| now + Duration::from_millis(ms));
        let statistics = running.isolate.statistics();
        let (cpu, time) = (millis(cpu, statistics.cpu), millis(time, statistics.uptime));
        running.isolate.set_time_limits(cpu, time).unwrap();
        let outcome = running.caller.join().unwrap();
        let statistics = running.isolate.statistics();
        (outcome, cpu, time, statistics)
    };
    let kind = |outcome: Result<(), CallError>| match outcome {
        Err(CallError::Limit(limited)) if limited.ended => limited.kind,
        other => panic!("{other:?}"),
    };
    let (outcome, cpu, _, statistics) = limited("loop", Some(200), Some(60_000));
    assert_eq!(kind(outcome), LimitKind::Cpu);
    let over = statistics.cpu.saturating_sub(cpu.unwrap());
    println!("processor time of one thread: {over:?} too much");
    assert!(over < BOUND);
    let (outcome, cpu, _, statistics) = limited("threads", Some(300), None);
    assert_eq!(kind(outcome), LimitKind::Cpu);
    let over = statistics.cpu.saturating_sub(cpu.unwrap());
    println!("processor time of twenty threads: {over:?} too much");
    assert!(over < BOUND);
    let (outcome, _, time, statistics) = limited("sleep", Some(60_000), Some(200));
    assert_eq!(kind(outcome), LimitKind::Time);
    let over = statistics.uptime.saturating_sub(time.unwrap());
    println!("time: {over:?} too much");
    assert!(over < BOUND);
    // Waiting takes no processor time.
    assert!(statistics.cpu < Duration::from_secs(30));
    // An isolate that nobody calls ends too, and tells whoever calls it later.
    let idle = builder(&classes)
        .limits(Limits { time: Some(Duration::from_millis(1)), ..Limits::default() })
        .start();
    assert!(matches!(idle, Err(carafe::StartError::Guest(CallError::Limit(_)))), "{idle:?}");
}

/// C18: output that is too much ends the isolate, also if nobody reads it; what was written until then is whole.
#[test]
fn output_is_limited_per_isolate() {
    let (_turn, classes) = (turn(), classes());
    let limits = Limits { output: Some(100_000), ..Limits::default() };
    let first = begin(&classes, "write", limits.clone());
    // Standard error is not read: the writer waits, below its limit, and can still be ended.
    thread::sleep(Duration::from_millis(50));
    assert_eq!(first.isolate.ended(), None);
    let written = first.isolate.statistics().output;
    assert!((60_000..100_000).contains(&written), "{written}");
    first.isolate.terminate();
    assert_eq!(first.caller.join().unwrap(), Err(CallError::Terminated));
    let mut second = builder(&classes)
        .policy(everything())
        .limits(limits)
        .stderr(Stdio::to_writer(std::io::sink()))
        .stdout(Stdio::piped())
        .start()
        .unwrap();
    let _out = second.take_stdout();
    match second.call::<()>("Runaway", "run", ("write",)) {
        Err(CallError::Limit(limited)) => {
            assert_eq!((limited.kind, limited.ended), (LimitKind::Output, true))
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(second.statistics().output, 100_000);
}

/// C20: isolates that start, run and end in any order leave nothing behind.
#[test]
fn many_isolates_come_and_go() {
    let (_turn, classes) = (turn(), classes());
    let rounds = if std::env::var_os("CARAFE_LONG").is_some() { 1000 } else { 24 };
    let one = |n: usize| {
        let form = ["loop", "allocating", "sleep", "threads"][n % 4];
        let running = begin(&classes, form, Limits { heap: 32 << 20, ..Limits::default() });
        match n % 3 {
            0 => running.isolate.terminate(),
            1 => running.isolate.set_time_limits(None, Some(Duration::from_millis(1))).unwrap(),
            _ => running
                .isolate
                .set_time_limits(Some(Duration::from_millis(1)), Some(Duration::from_secs(5)))
                .unwrap(),
        }
        assert!(running.caller.join().unwrap().unwrap_err().is_end());
        assert!(Arc::into_inner(running.isolate).unwrap().close(Duration::from_secs(20)));
        running.out.join().unwrap();
    };
    let entries = |folder: &str| std::fs::read_dir(folder).unwrap().count();
    (0..4).for_each(one);
    let before = (entries("/proc/self/task"), entries("/proc/self/fd"));
    for pair in (0..rounds).step_by(2).collect::<Vec<_>>() {
        thread::scope(|scope| {
            scope.spawn(|| one(pair));
            scope.spawn(|| one(pair + 1));
        });
    }
    let deadline = Instant::now() + Duration::from_secs(20);
    let now = || (entries("/proc/self/task"), entries("/proc/self/fd"));
    // Threads of machines that have been let go may still be on their way out.
    while (now().0 > before.0 || now().1 > before.1) && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(50));
    }
    assert!(now().0 <= before.0 && now().1 <= before.1, "{before:?} became {:?}", now());
}

/// C16, C17, C15: recursion of every kind, by code and by data, is a StackOverflowError or harmless; afterwards all works.
#[test]
fn recursion_of_every_kind_comes_back() {
    let (_turn, classes) = (turn(), classes());
    let limits = Limits { heap: 192 << 20, stack: 512 << 10, ..Limits::default() };
    let guest = builder(&classes).limits(limits).start().unwrap();
    for kind in [
        "plain",
        "handle",
        "reflection",
        "proxy",
        "to string",
        "comparator",
        "lambda",
        "loader",
        "synchronized",
        "map",
    ] {
        let first = guest.call::<i32>("Depths", "recurse", (kind,)).unwrap();
        let again = guest.call::<i32>("Depths", "recurse", (kind,)).unwrap();
        println!("{kind}: {first} and {again} deep");
        assert!(first > 10 && again > 10, "{kind}: {first} and {again}");
    }
    assert_eq!(guest.call::<String>("Depths", "initializer", ()), Ok("1 2 erroneous".into()));
    assert_eq!(guest.call::<String>("Depths", "sweep", ()), Ok("fine".into()));
    let length = if std::env::var_os("CARAFE_LONG").is_some() { 5_000_000 } else { 1_000_000 };
    assert_eq!(guest.call::<i32>("Depths", "longList", (length,)), Ok(length));
    let printed = guest.call::<i32>("Depths", "causes", (100_000,)).unwrap();
    assert_eq!(printed.abs(), 100_000);
    match guest.call::<()>("Depths", "throwCauses", (100_000,)) {
        Err(CallError::Thrown(thrown)) => assert_eq!(thrown.trace.matches("Caused by: ").count(), 15),
        other => panic!("{other:?}"),
    }
    assert_eq!(guest.call::<i32>("Depths", "arrayDepth", ()), Ok(255));
    assert_eq!(guest.call::<String>("Depths", "unowned", ()), Ok("current thread is not owner".into()));
    assert_eq!(guest.call::<i32>("Depths", "contended", (20_000,)), Ok(20_000));
    assert_eq!(
        guest.statistics().limits_reached.iter().filter(|(_, n)| *n > 0).count(),
        1,
        "only the stack's"
    );
}

/// C11: a guest is ended at the N-th instruction, for many N; each time the canary and the next guest are whole.
#[test]
fn a_guest_may_be_ended_at_any_instruction() {
    let (_turn, classes) = (turn(), classes());
    let canary = Canary::start(&classes);
    let count = if std::env::var_os("CARAFE_LONG").is_some() { 400 } else { 40 };
    let mut steps = 1_u64;
    for n in 0..count {
        let isolate = builder(&classes)
            .policy(everything())
            .tune(move |config| {
                config.steps_max = Some(steps);
                // Each collection looks at the whole heap.
                config.verify_heap_every = 1;
                config.eden_bytes = 1 << 20;
            })
            .start();
        let outcome = isolate.map(|isolate| {
            let form = ["recursion", "allocating", "loading", "inflating"][n % 4];
            let outcome = isolate.call::<()>("Runaway", "run", (form,)).unwrap_err();
            assert!(isolate.close(Duration::from_secs(20)), "{steps}: {form}");
            outcome
        });
        match outcome {
            Ok(end) => assert!(end.is_end(), "{steps}: {end:?}"),
            Err(carafe::StartError::Guest(end)) => assert!(end.is_end(), "{steps}: {end:?}"),
            Err(other) => panic!("{steps}: {other}"),
        }
        steps += 1 + steps / if count > 100 { 40 } else { 3 };
    }
    canary.wait_for_a_call();
    assert!(canary.end() > 0);
}
