//! Mapped files that become shorter while they are used (attack B6 of tests/ATTACKS.md): an InternalError for whoever touches
//! what is gone, and nothing for anybody else. Everywhere else that is SIGBUS and the end of the process.
//!
//! Also D1.5: faults that are not the machine's go to whoever embeds it.
//!
//! Where the reference machine survives it, `tests/golden/nio_mapped_cut` compares with it; here is what it does not survive,
//! files that another process cuts, what all that costs in memory, and neighbours in the same process.

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;
#[allow(dead_code, reason = "each test uses a part of what all share")]
#[path = "common/guest.rs"]
mod guest;
#[allow(dead_code, reason = "each test uses a part of what all share")]
#[path = "common/lab.rs"]
mod lab;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use guest::{Host, Machine, start, take_down};
use lab::Lab;

const SOURCE: &str = include_str!("mapped/Guest.java");
const PAGE: u64 = 4096;

/// Each way in which code runs, and each kind of wall.
const MODES: [&[&str]; 5] = [
    &["-A"],
    &["-A", "-Xint"],
    &["-A", "-Xcomp"],
    &["-A", "-XX:+VerifyHeap", "-XX:GCStressStride=997"],
    &["--allow-read=.", "--allow-write=."],
];

fn lab(test: &str) -> Lab {
    Lab::new("mapped", test, &[("Guest.java", SOURCE)])
}

#[test]
fn whatever_touches_what_is_gone_gets_an_error_and_goes_on() {
    let lab = lab("natives");
    let gone = "java.lang.InternalError";
    let mut expected = String::new();
    for _ in 0..3 {
        for what in [
            "crc", "adler", "crc32c", "deflate", "equals", "copy out", "copy in", "array", "segment", "fill",
            "copy", "hash", "private", "load", "virtual",
        ] {
            expected += &format!("{what}: {gone}\n");
            if what == "deflate" {
                // What came out of that differs at once.
                expected += "mismatch: 0\n";
            }
        }
        // Filled in the first round, as far as it is there.
        expected += "there: 0\n";
    }
    for mode in MODES {
        let _ = fs::remove_file(lab.path("file"));
        let out = lab.run(mode, &["natives", "file"]);
        let (accesses, calls) = out.split_at(out.find("write: ").expect("it gets that far"));
        assert_eq!(accesses, expected, "{mode:?}");
        // The gate copies what it writes, so whether the error is the file's or the memory's is its own matter.
        let failed = |what: &str| {
            let line = calls.lines().find(|line| line.starts_with(&format!("{what}: "))).unwrap();
            line.ends_with("InternalError") || line.ends_with("IOException")
        };
        assert!(failed("write of nothing that is there"), "{mode:?} {calls}");
        assert!(calls.ends_with("force: forced\nend\n"), "{mode:?} {calls}");
    }
}

#[test]
fn another_process_may_cut_the_file() {
    let lab = lab("other");
    for mode in MODES {
        let path = lab.path("file");
        fs::write(&path, vec![1; 64 * PAGE as usize]).unwrap();
        let mut child = lab
            .command(mode, &["other", "file"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (mut input, mut out) =
            (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut line = || {
            let mut line = String::new();
            out.read_line(&mut line).unwrap();
            line
        };
        assert_eq!(line(), "mapped\n", "{mode:?}");
        let file = File::options().write(true).open(&path).unwrap();
        let gone = "java.lang.InternalError\n";
        for (length, answer, first) in [
            (64, "3\n", "1\n"),
            (2, gone, "1\n"),
            (2, gone, "1\n"),
            // What comes back is the file, not what stood in for it.
            (64, "0\n", "1\n"),
            (0, gone, gone),
            (64, "0\n", "0\n"),
        ] {
            file.set_len(length * PAGE).unwrap();
            input.write_all(b"x").unwrap();
            assert_eq!(
                (line(), line()),
                (format!("answer: {answer}"), format!("first: {first}")),
                "{mode:?}"
            );
        }
        drop(input);
        assert_eq!(child.wait().unwrap().code(), Some(0), "{mode:?}");
    }
}

#[test]
fn nothing_that_was_never_in_the_file_is_kept() {
    let lab = lab("flood");
    let out = lab.run(&["-A", "-Xmx64m"], &["flood", "file"]);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[..2], ["all at once: java.lang.InternalError", "faults 1024 of 1024"]);
    let peak_kib: u64 = lines[2].parse().unwrap();
    assert!(peak_kib < 400 << 10, "{peak_kib} KiB were resident");
}

#[test]
fn cutting_touching_mapping_and_unmapping_at_once_is_survived() {
    let lab = lab("storm");
    for mode in [MODES[0], MODES[2]] {
        assert_eq!(lab.run(mode, &["storm", "file", "200"]), "wrong 0\n", "{mode:?}");
    }
}

#[test]
fn neighbours_notice_nothing_and_nothing_is_left() {
    let host = Host::new("mapped-host", SOURCE);
    let file = host.classes.join("file");
    let _ = fs::remove_file(&file);
    let mappings = || fs::read_to_string("/proc/self/maps").unwrap().lines().count();
    let mut before = 0;
    for round in 0..3 {
        if round == 1 {
            before = mappings();
        }
        let (input, input_end) = std::io::pipe().unwrap();
        let mut input_end = File::from(OwnedFd::from(input_end));
        let Machine { vm: neighbour, out, .. } =
            host.machine(Some(File::from(OwnedFd::from(input))), |config| config.heap_max = 32 << 20);
        let mut out = BufReader::new(out);
        let mut line = || {
            let mut line = String::new();
            out.read_line(&mut line).unwrap();
            line
        };
        let ticking = start(&neighbour, &["beat"]);
        assert_eq!(line(), "beat\n");
        let guilty = host.machine(None, |config| config.heap_max = 64 << 20);
        let running = start(&guilty.vm, &["storm", file.to_str().unwrap(), "100"]);
        let mut beats = 0;
        while !running.is_finished() || beats < 10 {
            input_end.write_all(b"x").unwrap();
            assert_eq!(line(), format!("beat {beats}\n"));
            beats += 1;
        }
        assert_eq!(running.join().unwrap(), 0);
        take_down(guilty.vm);
        let mut said = String::new();
        std::io::Read::read_to_string(&mut &guilty.out, &mut said).unwrap();
        assert_eq!(said, "wrong 0\n");
        drop(input_end);
        assert_eq!(ticking.join().unwrap(), 0);
        take_down(neighbour);
    }
    // Threads that are on their way out have stacks yet, and the allocator may keep an arena more.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while mappings() > before + 20 && std::time::Instant::now() < deadline {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(mappings() <= before + 20, "mappings: {before} became {}", mappings());
}

// ------------------------------------------------------------------------------------------------- faults of the host's own

const HANDLED: i32 = 77;

extern "C" fn handle(_: libc::c_int) {
    // SAFETY: ends the process at once, which a handler may.
    unsafe { libc::_exit(HANDLED) }
}

fn actions() -> Vec<(libc::sighandler_t, libc::c_int)> {
    let action = |number| {
        let mut action = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
        // SAFETY: only asks; what is written is plain data, for which zeroes are a value too.
        let action = unsafe {
            libc::sigaction(number, std::ptr::null(), action.as_mut_ptr());
            action.assume_init()
        };
        (action.sa_sigaction, action.sa_flags)
    };
    (1..32).filter(|number| *number != libc::SIGBUS).map(action).collect()
}

/// Not a test by itself: what the next one runs in a process of its own, for each kind of fault.
#[test]
#[ignore = "run by faults_that_are_not_the_machines_go_to_the_host"]
fn a_host_that_faults() {
    let Ok(fault) = std::env::var("CARAFE_TEST_FAULT") else { return };
    if fault != "bus by default" {
        for number in [libc::SIGBUS, libc::SIGSEGV, libc::SIGFPE, libc::SIGTERM] {
            // SAFETY: `handle` does nothing but end the process.
            unsafe { libc::signal(number, handle as *const () as libc::sighandler_t) };
        }
    }
    let before = actions();
    let host = Host::new("mapped-host", SOURCE);
    let file = host.classes.join(format!("file of {}", std::process::id()));
    let Machine { vm, .. } = host.machine(None, |config| config.heap_max = 64 << 20);
    assert_eq!(start(&vm, &["storm", file.to_str().unwrap(), "5"]).join().unwrap(), 0);
    fs::remove_file(&file).unwrap();
    assert!(actions() == before, "the host's other handlers are as they were");
    let file = File::create_new(&file).unwrap();
    file.set_len(PAGE).unwrap();
    println!("faulting");
    match fault.as_str() {
        "segv" => {
            let nowhere = std::hint::black_box(8_usize) as *const u8;
            // SAFETY: none. The process ends here, by the handler.
            unsafe { nowhere.read_volatile() };
        }
        "sent" => {
            // SAFETY: a signal to the process itself.
            unsafe { libc::raise(libc::SIGBUS) };
        }
        "fpe" => {
            // SAFETY: as above.
            unsafe { libc::raise(libc::SIGFPE) };
        }
        _ => {
            let file = File::options()
                .read(true)
                .open(format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&file)));
            let file = file.unwrap();
            // SAFETY: a mapping of the test's own, with nothing behind it.
            unsafe {
                let map = rustix::mm::mmap(
                    std::ptr::null_mut(),
                    8 * PAGE as usize,
                    rustix::mm::ProtFlags::READ,
                    rustix::mm::MapFlags::SHARED,
                    file.as_fd(),
                    0,
                );
                map.unwrap().cast::<u8>().add(4 * PAGE as usize).read_volatile();
            }
        }
    }
    unreachable!("it is over");
}

#[test]
fn faults_that_are_not_the_machines_go_to_the_host() {
    for (fault, code, signal) in [
        ("bus", Some(HANDLED), None),
        ("sent", Some(HANDLED), None),
        ("segv", Some(HANDLED), None),
        ("fpe", Some(HANDLED), None),
        ("bus by default", None, Some(libc::SIGBUS)),
    ] {
        let mut host = Command::new(std::env::current_exe().unwrap());
        host.args(["--exact", "a_host_that_faults", "--ignored", "--nocapture"])
            .env("CARAFE_TEST_FAULT", fault);
        let output = host.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("faulting"), "{fault}: {said}{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!((output.status.code(), output.status.signal()), (code, signal), "{fault}: {said}");
    }
}
