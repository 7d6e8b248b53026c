//! Programs that try to make the virtual machine do or keep more than they are charged for: each in a machine of its own,
//! with little metaspace and heap, a limit on time and one on the memory of the process.
//!
//! Invariant: whatever a guest does ends in a Java result or error that the guest can catch, and the machine can be ended
//! from outside meanwhile. The class files are made by the guests. What only linking costs is asserted in units in
//! classloader/tests/cost.rs; which attack is tested where is listed in tests/ATTACKS.md.

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;
#[path = "common/guest.rs"]
mod guest;

use std::fs::{self, File};
use std::io::Read;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use carafe::Vm;
use guest::{Host, Machine, start, take_down};

const SOURCE: &str = include_str!("hostile/Guest.java");

/// What a guest may take of each. Time limits are wide, because what runs here is debug code on a machine that may be
/// busy: they tell work without end from work.
const METASPACE: u64 = 96 << 20;
const HEAP: u64 = 128 << 20;
/// How much the process may grow while a guest runs: both of the above, and as much again for what is on its way.
const GROWTH: u64 = 2 * (METASPACE + HEAP);

fn host() -> Host {
    Host::new("hostile", SOURCE)
}

struct Guest {
    vm: Arc<Vm>,
    out: Output,
    err: Output,
    run: thread::JoinHandle<i32>,
    began: Instant,
}

fn begin(host: &Host, what: &str) -> Guest {
    let Machine { vm, out, err } = host.machine(None, |config| {
        config.heap_max = HEAP;
        config.metaspace_max = METASPACE;
    });
    let run = start(&vm, &[what]);
    Guest { vm, out: collect(out), err: collect(err), run, began: Instant::now() }
}

/// Runs a guest to its end, within so many seconds, and answers what it wrote.
fn run(host: &Host, what: &str, seconds: u64) -> String {
    let before = resident();
    let guest = begin(host, what);
    let limit = Duration::from_secs(seconds);
    let mut most = 0;
    while !guest.run.is_finished() && guest.began.elapsed() < limit {
        most = most.max(resident().saturating_sub(before));
        thread::sleep(Duration::from_millis(5));
    }
    let in_time = guest.run.is_finished();
    guest.vm.terminate(99);
    let (status, out, err) = guest.end();
    assert!(in_time, "{what} takes longer than {limit:?}; so far: {out}{err}");
    assert_eq!((status, err.as_str()), (0, ""), "{what}: {out}");
    assert!(most < GROWTH, "{what} took {} MiB", most >> 20);
    out
}

impl Guest {
    fn end(self) -> (i32, String, String) {
        let status = self.run.join().unwrap();
        take_down(self.vm);
        (status, self.out.end(), self.err.end())
    }
}

/// What a guest writes, readable while it runs.
struct Output {
    text: Arc<Mutex<String>>,
    reader: thread::JoinHandle<()>,
}

fn collect(mut file: File) -> Output {
    let text = Arc::new(Mutex::new(String::new()));
    let writer = text.clone();
    let reader = thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = file.read(&mut bytes) {
            writer.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    });
    Output { text, reader }
}

impl Output {
    fn end(self) -> String {
        self.reader.join().unwrap();
        self.text.lock().unwrap().clone()
    }
}

/// Resident memory of this process in bytes.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = status.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

#[test]
fn a_ladder_of_diamonds() {
    assert_eq!(run(&host(), "diamond", 240), "called default of I0\n");
}

#[test]
fn a_chain_of_20000_superclasses() {
    // Bottom up it is a matter of its length; top down every superclass is loaded on the stack of the one below.
    let out = run(&host(), "supers", 240);
    assert_eq!(out, "bottom up: C19999\ninitialized: C19999\ntop down: StackOverflowError\nagain: C50\n");
}

#[test]
fn failures_that_have_to_be_remembered() {
    assert_eq!(
        run(&host(), "failures", 240),
        "OutOfMemoryError warming up\nOutOfMemoryError Metaspace\nstill alive\n"
    );
}

#[test]
fn long_names_without_end() {
    assert_eq!(
        run(&host(), "names", 240),
        "OutOfMemoryError warming up\nOutOfMemoryError Metaspace\nstill alive\n"
    );
}

#[test]
fn classes_without_end() {
    assert_eq!(
        run(&host(), "classes", 240),
        "OutOfMemoryError warming up\nOutOfMemoryError Metaspace\nstill alive\n"
    );
}

#[test]
fn hidden_classes_without_end() {
    assert_eq!(
        run(&host(), "hidden", 240),
        "OutOfMemoryError warming up\nOutOfMemoryError Metaspace\nstill alive\n"
    );
}

#[test]
fn method_types_and_arrays_without_end() {
    assert_eq!(
        run(&host(), "types", 240),
        "OutOfMemoryError warming up\nOutOfMemoryError Metaspace\nstill alive\n"
    );
}

#[test]
fn initializers_that_fail_without_end() {
    assert_eq!(
        run(&host(), "initializers", 240),
        "OutOfMemoryError warming up\nOutOfMemoryError Metaspace\nstill alive\n"
    );
}

#[test]
fn frames_of_65535_locals_and_a_large_stack() {
    assert_eq!(
        run(&host(), "frames", 240),
        "StackOverflowError\nStackOverflowError\nStackOverflowError\ndone\n"
    );
}

#[test]
fn stack_maps_that_take_the_memory_of_many_threads() {
    let out = run(&host(), "maps", 240);
    assert_eq!(out, "VerifyError\nran\nOutOfMemoryError Metaspace\ndone\n");
}

/// The reference machine dies of these classes.
#[test]
fn annotations_nested_60000_deep() {
    let host = Host::new("hostile-annotations", include_str!("hostile/annotations/Guest.java"));
    let out = run(&host, "", 240);
    let mut kinds = std::collections::BTreeSet::new();
    for line in out.lines().filter(|line| line.starts_with("  ")) {
        let (_, result) = line.split_once(": ").unwrap();
        kinds.insert(result.split(": Invalid").next().unwrap());
    }
    let deep = [
        "0",
        "1",
        "65535",
        "StackOverflowError",
        "false",
        "java.lang.TypeNotPresentException: Type missing.Annotation not present",
        "java.lang.annotation.AnnotationFormatError",
        "true",
    ];
    assert!(kinds.iter().all(|kind| deep.contains(kind)), "{out}");
    assert!(out.starts_with("[ known\n  class: StackOverflowError\n  class: StackOverflowError\n"), "{out}");
    assert!(out.ends_with("done\n"), "{out}");
}

#[test]
fn a_class_as_large_as_its_format_allows() {
    assert_eq!(run(&host(), "large", 240), "methods 60000, fields 60000\nfound true true\n");
}

#[test]
fn what_runs_while_classes_are_linked_can_be_ended() {
    let host = host();
    for what in ["link-forever", "init-cycle", "blocking-loader", "define-forever"] {
        let guest = begin(&host, what);
        while guest.out.text.lock().unwrap().is_empty() && guest.began.elapsed() < Duration::from_secs(120) {
            thread::sleep(Duration::from_millis(10));
        }
        thread::sleep(Duration::from_millis(700));
        assert!(!guest.run.is_finished(), "{what} ended by itself");
        let asked = Instant::now();
        guest.vm.terminate(42);
        let (status, out, err) = guest.end();
        // The bound is a second; the machine that runs the tests may be busy.
        assert!(asked.elapsed() < Duration::from_secs(10), "{what} took {:?} to end", asked.elapsed());
        assert_eq!((status, out.as_str(), err.as_str()), (42, "began\n", ""), "{what}");
    }
}
