//! Several virtual machines in one process, through the embedding API: they share nothing, each writes where its host said,
//! and each can be ended from outside, whatever its program does.
//!
//! Invariant: a test of this file counts the process's own mappings and threads, so tests take a lock in turn. Deliberately
//! not here: grants (the gate's tests) and the command line (tests/cli.rs).

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;
#[path = "common/guest.rs"]
mod guest;

use std::fs::{self, File};
use std::io::Read;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use carafe::Vm;
use guest::{Host, Machine, start, take_down};

const SOURCE: &str = r#"
    public class Guest {
        static final Object lock = new Object();

        public static void main(String[] args) throws Exception {
            System.out.println("began " + args[0]);
            switch (args[0]) {
                case "count" -> {
                    System.setProperty("guest", args[1]);
                    long sum = 0;
                    for (int i = 0; i < 2_000_000; i++) sum += i % Integer.parseInt(args[1]);
                    System.out.println(System.getProperty("guest") + " " + sum);
                    System.err.println("error " + args[1]);
                    System.exit(Integer.parseInt(args[1]));
                }
                case "echo" -> System.in.transferTo(System.out);
                case "stubborn" -> {
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
                    for (;;) {
                        try {
                            for (;;) {}
                        } catch (Throwable t) {
                            System.out.println("caught " + t);
                        } finally {
                            System.out.println("finally");
                            continue;
                        }
                    }
                }
                case "recurse" -> { for (;;) try { deep(0); } catch (StackOverflowError e) {} }
                case "allocate" -> { Object o = null; for (;;) o = new Object[] {new byte[1000]}; }
                case "sleep" -> { for (;;) try { Thread.sleep(1_000_000); } finally { continue; } }
                case "wait" -> { for (;;) synchronized (lock) { try { lock.wait(); } finally { continue; } } }
                case "park" -> { for (;;) java.util.concurrent.locks.LockSupport.park(); }
                case "join" -> {
                    Thread t = new Thread(() -> { for (;;) {} });
                    t.start();
                    t.join();
                }
                case "blocked" -> {
                    Thread t = new Thread(() -> { synchronized (lock) { for (;;) {} } });
                    t.start();
                    Thread.sleep(50);
                    synchronized (lock) { System.out.println("impossible"); }
                }
                case "initializer" -> System.out.println(Endless.x);
                case "hook" -> {
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> { for (;;) {} }));
                    System.exit(3);
                }
                case "many" -> { for (int i = 0; i < 20; i++) new Thread(() -> { for (;;) Thread.yield(); }).start(); }
                case "accept" -> new java.net.ServerSocket(0).accept();
                case "receive" -> new java.net.DatagramSocket().receive(new java.net.DatagramPacket(new byte[1], 1));
                case "select" -> { var s = java.nio.channels.Selector.open(); for (;;) try { s.select(); } finally { continue; } }
                case "pipe" -> java.nio.channels.Pipe.open().source().read(java.nio.ByteBuffer.allocate(1));
                case "virtual" -> Thread.ofVirtual().start(() -> {
                    try { new java.net.ServerSocket(0).accept(); } catch (java.io.IOException e) { System.out.println(e); }
                }).join();
                case "connected" -> {
                    var server = java.nio.channels.ServerSocketChannel.open().bind(null);
                    var a = java.nio.channels.SocketChannel.open(server.getLocalAddress());
                    for (;;) try { a.read(java.nio.ByteBuffer.allocate(1)); } finally { continue; }
                }
                default -> System.out.println("what?");
            }
        }

        static int deep(int n) { return deep(n + 1) + 1; }

        static class Endless {
            static int x;
            static { while (x >= 0) x = (x + 1) & 0xff; }
        }
    }
    "#;

/// How long after `terminate` a program may still run.
const LIMIT: Duration = Duration::from_secs(20);

fn host() -> Host {
    Host::new("isolates", SOURCE)
}

/// A machine whose output the test reads.
struct Guest {
    vm: Arc<Vm>,
    out: Reader,
    err: Reader,
}

/// Reads a stream to its end, and tells when the first of it has come.
struct Reader {
    text: thread::JoinHandle<String>,
    begun: mpsc::Receiver<()>,
}

fn guest(host: &Host, input: Option<File>) -> Guest {
    let Machine { vm, out, err } = host.machine(input, |config| config.heap_max = 64 << 20);
    Guest { vm, out: collect(out), err: collect(err) }
}

fn collect(mut file: File) -> Reader {
    let (tell, begun) = mpsc::channel();
    let text = thread::spawn(move || {
        let mut bytes = vec![0; 4096];
        let first = file.read(&mut bytes).unwrap();
        bytes.truncate(first);
        // Nobody may wait for it.
        let _ = tell.send(());
        file.read_to_end(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    });
    Reader { text, begun }
}

impl Guest {
    /// Runs to the end and takes the machine down: exit status, standard output, standard error.
    fn run(self, args: &[&str]) -> (i32, String, String) {
        let status = start(&self.vm, args).join().unwrap();
        self.end(status)
    }

    fn end(self, status: i32) -> (i32, String, String) {
        take_down(self.vm);
        (status, self.out.text.join().unwrap(), self.err.text.join().unwrap())
    }

    /// Waits until the program has said that it begins, and a while longer.
    fn wait_until_begun(&self) {
        self.out.begun.recv_timeout(10 * LIMIT).unwrap();
        thread::sleep(Duration::from_millis(400));
    }
}

#[test]
fn two_run_at_the_same_time_and_share_nothing() {
    let host = host();
    let runs: Vec<_> = [7, 11].map(|n| (n, guest(&host, None))).into_iter().collect();
    let runs: Vec<_> = runs
        .into_iter()
        .map(|(n, guest)| (n, thread::spawn(move || guest.run(&["count", &n.to_string()]))))
        .collect();
    for (n, run) in runs {
        let (status, out, err) = run.join().unwrap();
        let sum: u64 = (0..2_000_000u64).map(|i| i % n).sum();
        assert_eq!(status, n as i32);
        assert_eq!(out, format!("began count\n{n} {sum}\n"));
        assert_eq!(err, format!("error {n}\n"));
    }
}

#[test]
fn input_comes_from_where_the_host_says() {
    let host = host();
    let path = host.classes.join("input.txt");
    fs::write(&path, "one\ntwo\n").unwrap();
    let guest = guest(&host, Some(File::open(&path).unwrap()));
    assert_eq!(guest.run(&["echo"]), (0, "began echo\none\ntwo\n".to_owned(), String::new()));
}

#[test]
fn terminate_ends_whatever_runs() {
    let host = host();
    for what in [
        "stubborn",
        "recurse",
        "allocate",
        "sleep",
        "wait",
        "park",
        "join",
        "blocked",
        "initializer",
        "hook",
        "many",
    ] {
        let guest = guest(&host, None);
        let run = start(&guest.vm, &[what]);
        guest.wait_until_begun();
        assert!(!run.is_finished(), "{what} ended by itself");
        let asked = Instant::now();
        guest.vm.terminate(42);
        let status = run.join().unwrap();
        let (status, out, err) = guest.end(status);
        assert!(asked.elapsed() < LIMIT, "{what} took {:?} to end", asked.elapsed());
        assert_eq!((status, out, err), (42, format!("began {what}\n"), String::new()), "{what}");
    }
}

#[test]
fn terminate_wakes_what_waits_for_the_world() {
    let host = host();
    for what in ["accept", "receive", "select", "pipe", "virtual", "connected", "echo"] {
        let (input, _kept_open) = std::io::pipe().unwrap();
        let guest = guest(&host, Some(File::from(OwnedFd::from(input))));
        let run = start(&guest.vm, &[what]);
        guest.wait_until_begun();
        assert!(!run.is_finished(), "{what} ended by itself");
        let asked = Instant::now();
        guest.vm.terminate(42);
        let status = run.join().unwrap();
        let took = asked.elapsed();
        println!("{what} ended after {took:?}");
        assert!(took < LIMIT / 10, "{what} took {took:?} to end");
        assert_eq!(guest.end(status), (42, format!("began {what}\n"), String::new()), "{what}");
    }
}

#[test]
fn a_machine_can_be_dropped_unused_and_ended_before_it_runs() {
    let host = host();
    drop(guest(&host, None));
    let guest = guest(&host, None);
    guest.vm.terminate(5);
    let status = start(&guest.vm, &["stubborn"]).join().unwrap();
    assert_eq!(guest.end(status), (5, String::new(), String::new()));
}

#[test]
fn fifty_in_a_row_leave_nothing_behind() {
    let host = host();
    let cycle = |n: usize| {
        let guest = guest(&host, None);
        if n.is_multiple_of(5) {
            assert_eq!(guest.run(&["count", "3"]).0, 3);
        } else {
            drop(guest);
        }
    };
    // What is made once per process is made here.
    (0..6).for_each(cycle);
    let before = (lines("/proc/self/maps"), entries("/proc/self/task"), descriptors());
    (0..50).for_each(cycle);
    // Threads of the test itself, and of machines that have been let go, may still be on their way out.
    let deadline = Instant::now() + Duration::from_secs(10);
    let left = || entries("/proc/self/task") > before.1 || descriptors().len() > before.2.len();
    while left() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(20));
    }
    let after = (lines("/proc/self/maps"), entries("/proc/self/task"), descriptors());
    // The allocator may keep an arena more.
    assert!(after.0 <= before.0 + 20, "mappings: {} became {}", before.0, after.0);
    assert!(after.1 <= before.1, "threads: {} became {}", before.1, after.1);
    assert!(after.2.len() <= before.2.len(), "descriptors: {:?} became {:?}", before.2, after.2);
}

/// What this process has open.
fn descriptors() -> Vec<PathBuf> {
    let entries = fs::read_dir("/proc/self/fd").unwrap();
    // The listing itself is gone by the time that it is looked at.
    entries.filter_map(|entry| fs::read_link(entry.unwrap().path()).ok()).collect()
}

fn lines(path: &str) -> usize {
    fs::read_to_string(path).unwrap().lines().count()
}

fn entries(path: &str) -> usize {
    fs::read_dir(path).unwrap().count()
}
