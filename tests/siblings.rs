//! Programs that share a process and are strangers to each other (B14, B32, B35 of tests/ATTACKS.md), processes that fork
//! under them (D1.9), and waits for pipes that end with the isolate.
//!
//! All have every grant, because what they must not see is no matter of grants. Deliberately not here: what the embedding API
//! promises (tests/host.rs), runaway programs (tests/attacks_c.rs).

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;
#[allow(dead_code, reason = "each test uses a part of what all share")]
#[path = "common/guest.rs"]
mod guest;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::OwnedFd;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use guest::{Host, Machine, start, take_down};

const SOURCE: &str = include_str!("siblings/Guest.java");
const LIMIT: Duration = Duration::from_secs(60);

fn host() -> Host {
    Host::new("siblings", SOURCE)
}

fn machine(host: &Host) -> Machine {
    host.machine(None, |config| config.heap_max = 64 << 20)
}

fn line(out: &mut BufReader<File>) -> String {
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    line
}

/// Runs to the end: status and output.
fn run(machine: Machine, args: &[&str]) -> (i32, String) {
    let Machine { vm, mut out, .. } = machine;
    let reader = thread::spawn(move || {
        let mut text = String::new();
        out.read_to_string(&mut text).unwrap();
        text
    });
    let status = start(&vm, args).join().unwrap();
    take_down(vm);
    (status, reader.join().unwrap())
}

/// B32 and B14: one holds every lock that has a name; the other takes them all, and sees nothing of the first.
#[test]
fn what_one_holds_is_nothing_to_the_other() {
    let host = host();
    let Machine { vm: holder, out, .. } = machine(&host);
    let holding = start(&holder, &["hold"]);
    assert_eq!(line(&mut BufReader::new(out)), "holding\n");
    let begin = Instant::now();
    let (status, out) = run(machine(&host), &["use"]);
    let mut lines: Vec<&str> = out.lines().collect();
    let said = lines.remove(0);
    assert!(said.starts_with("1 class java.util.Locale 1970"), "{out}");
    let rest = ["a thread", "a virtual one", "no.such.Name", "499500", "UTC a", "hook"];
    assert_eq!((status, lines.as_slice()), (0, &rest[..]), "after {:?}", begin.elapsed());
    let (status, seen) = run(machine(&host), &["look"]);
    assert_eq!(status, 0);
    assert!(seen.contains("Reference Handler") && seen.contains("Guest"), "it sees its own: {seen}");
    for foreign in ["secret", "hold", "carafe::", "tests/"] {
        let at = seen.find(foreign).map(|at| &seen[at.saturating_sub(60)..(at + 60).min(seen.len())]);
        // The class path names the folder of the test, which is the program's own.
        assert!(at.is_none_or(|at| foreign == "tests/" && at.contains("class.path")), "{foreign}: {at:?}");
    }
    assert!(!holding.is_finished(), "it goes on holding");
    holder.terminate(9);
    assert_eq!(holding.join().unwrap(), 9);
    take_down(holder);
}

/// B35: identity hashes are no addresses, and numbers of chance are not those of a sibling.
#[test]
#[ignore = "does not pass yet: identity hashes are spread, but the same in each machine"]
fn numbers_tell_nothing_of_places_and_siblings() {
    let host = host();
    let runs: Vec<String> = (0..3).map(|_| run(machine(&host), &["numbers"]).1).collect();
    assert_eq!(runs.iter().collect::<BTreeSet<_>>().len(), 3, "{runs:?}");
    for run in &runs {
        let hashes: Vec<i64> =
            run.lines().next().unwrap().split_whitespace().map(|hash| hash.parse().unwrap()).collect();
        // Objects made one after the other lie at equal distances.
        let steps: BTreeSet<i64> = hashes.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(steps.len() > 32, "{hashes:?}");
        assert!(hashes.iter().collect::<BTreeSet<_>>().len() > 60, "{hashes:?}");
    }
    // Nor the same numbers in another order.
    let first = |run: &String| run.lines().next().unwrap().to_owned();
    assert_eq!(runs.iter().map(first).collect::<BTreeSet<_>>().len(), 3);
}

/// D1.9: the host forks while programs run; neither they nor its children notice.
#[test]
fn a_host_may_fork() {
    let host = host();
    let (input, input_end) = std::io::pipe().unwrap();
    let mut input_end = File::from(OwnedFd::from(input_end));
    let Machine { vm, out, .. } =
        host.machine(Some(File::from(OwnedFd::from(input))), |config| config.heap_max = 64 << 20);
    let mut out = BufReader::new(out);
    let beating = start(&vm, &["beat"]);
    assert_eq!(line(&mut out), "beat\n");
    for beat in 0..20 {
        // SAFETY: the child does nothing but end, which is one system call.
        let child = unsafe {
            let child = libc::fork();
            if child == 0 {
                libc::_exit(beat);
            }
            child
        };
        assert!(child > 0);
        input_end.write_all(b"x").unwrap();
        assert_eq!(line(&mut out), format!("beat {beat}\n"));
        let mut status = 0;
        // SAFETY: waits for the child that was just made, and writes one number.
        assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
        assert!(libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == beat);
        assert!(Command::new("true").status().unwrap().success());
    }
    drop(input_end);
    assert_eq!(beating.join().unwrap(), 0);
    take_down(vm);
}

/// D1.9: a thread of the host's that panics while machines of its own run takes them along, and nobody else.
#[test]
fn a_thread_of_the_host_may_fall() {
    let host = host();
    let Machine { vm, .. } = machine(&host);
    let fallen = vm.clone();
    let thread = thread::spawn(move || {
        let _mine = fallen;
        panic!("on purpose");
    });
    assert!(thread.join().is_err());
    assert_eq!(start(&vm, &["numbers"]).join().unwrap(), 0);
    take_down(vm);
    assert_eq!(run(machine(&host), &["numbers"]).0, 0);
}

/// Waiting for the other end of a pipe of the file system is ended with the isolate.
#[test]
fn nobody_waits_for_a_pipe_beyond_the_end() {
    let host = host();
    let pipe = host.classes.join("pipe");
    let _ = std::fs::remove_file(&pipe);
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for how in ["pipe out", "pipe channel", "pipe in", "pipe read", "pipe file"] {
        let Machine { vm, .. } = machine(&host);
        let waiting = start(&vm, &[how, pipe.to_str().unwrap()]);
        thread::sleep(Duration::from_millis(1500));
        assert!(!waiting.is_finished(), "{how} does not wait");
        let asked = Instant::now();
        vm.terminate(7);
        assert_eq!(waiting.join().unwrap(), 7, "{how}");
        let took = asked.elapsed();
        println!("{how} ended after {took:?}");
        assert!(took < LIMIT / 20, "{how} took {took:?}");
        take_down(vm);
    }
    // And with the other end there it goes on.
    for how in ["pipe out", "pipe channel"] {
        let Machine { vm, .. } = machine(&host);
        let waiting = start(&vm, &[how, pipe.to_str().unwrap()]);
        let mut reader = File::open(&pipe).unwrap();
        assert_eq!(waiting.join().unwrap(), 0, "{how}");
        if how == "pipe out" {
            let mut byte = [0];
            reader.read_exact(&mut byte).unwrap();
            assert_eq!(byte, [1]);
        }
        take_down(vm);
    }
    for how in ["pipe in", "pipe read", "pipe file"] {
        let Machine { vm, .. } = machine(&host);
        let waiting = start(&vm, &[how, pipe.to_str().unwrap()]);
        File::options().write(true).open(&pipe).unwrap().write_all(b"x").unwrap();
        assert_eq!(waiting.join().unwrap(), 0, "{how}");
        take_down(vm);
    }
}
