//! The kernel's walls, met without the gate: what a hole in carafe's own code would meet.
//!
//! Each probe runs in a process of its own, forked from the test, which builds the walls and then makes system calls
//! directly. Each refusal has a twin that passes with the grant. Deliberately not here: that programs do not meet the walls
//! (tests/golden.rs runs them within), and the gate's own refusals (tests/grants.rs).

#![allow(clippy::disallowed_methods, reason = "the test makes the sockets that programs are to meet")]

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::ffi::CString;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, UdpSocket};
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use carafe::walls::Walls;
use carafe::{Grants, Kind};

const LIMIT: Duration = Duration::from_secs(120);

/// How a probe ended: what it said, or the signal that ended it.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Said(String),
    Killed(i32),
}

fn grants(words: &[(Kind, &str)]) -> Grants {
    let mut grants = Grants::program(Vec::new());
    for (kind, value) in words {
        grants.allow(*kind, (!value.is_empty()).then_some(*value), Path::new("/")).unwrap();
    }
    grants
}

/// Runs `probe` in a process that has built the walls of these grants.
fn within(words: &[(Kind, &str)], probe: impl FnOnce() -> String) -> End {
    let grants = grants(words);
    let (mut reader, mut writer) = std::io::pipe().unwrap();
    // SAFETY: the child uses what the C library keeps usable after a fork, and ends by _exit.
    match unsafe { libc::fork() } {
        -1 => panic!("{}", std::io::Error::last_os_error()),
        0 => {
            let text = match Walls::build(&grants, None) {
                Ok(Some(_)) => probe(),
                Ok(None) => "no walls".to_owned(),
                Err(error) => error.to_string(),
            };
            writer.write_all(text.as_bytes()).ok();
            // SAFETY: as above.
            unsafe { libc::_exit(0) }
        }
        child => {
            drop(writer);
            let mut text = String::new();
            reader.read_to_string(&mut text).unwrap();
            let mut status = 0;
            // SAFETY: waits for our own child and writes its status.
            unsafe { libc::waitpid(child, &raw mut status, 0) };
            if libc::WIFSIGNALED(status) { End::Killed(libc::WTERMSIG(status)) } else { End::Said(text) }
        }
    }
}

fn said(words: &[(Kind, &str)], probe: impl FnOnce() -> String) -> String {
    match within(words, probe) {
        End::Said(text) => text,
        End::Killed(signal) => panic!("killed by signal {signal}"),
    }
}

fn word<T>(result: std::io::Result<T>) -> String {
    match result {
        Ok(_) => "passed".to_owned(),
        Err(error) => error.raw_os_error().map_or_else(|| error.to_string(), name),
    }
}

fn name(errno: i32) -> String {
    match errno {
        libc::EPERM => "EPERM".to_owned(),
        libc::EACCES => "EACCES".to_owned(),
        libc::ENOSYS => "ENOSYS".to_owned(),
        libc::EXDEV => "EXDEV".to_owned(),
        other => format!("errno {other}"),
    }
}

/// A system call with these arguments, whatever they mean.
fn call(number: i64, arguments: [u64; 5]) -> String {
    let [a, b, c, d, e] = arguments;
    // SAFETY: the callers pass numbers, or addresses of texts that end in zero; in a process that has nothing to lose.
    let result = unsafe { libc::syscall(number, a, b, c, d, e) };
    word(if result < 0 { Err(std::io::Error::last_os_error()) } else { Ok(result) })
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("walls").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder.canonicalize().unwrap()
}

/// What the kernel lacks is not tested: carafe says so too.
fn landlock() -> Option<i32> {
    let version = Walls::build(&grants(&[]), None);
    // This process has threads, so nothing was built.
    assert!(version.unwrap_err().to_string().contains("threads already"));
    let version = Walls::landlock_version();
    if version.is_none() {
        eprintln!("this kernel has no Landlock");
    }
    version
}

#[test]
fn files_beyond_the_grants_are_out_of_reach() {
    if landlock().is_none() {
        return;
    }
    let folder = folder("files");
    for file in ["read/file", "write/file", "other/file", "one", "two"] {
        fs::create_dir_all(folder.join(file).parent().unwrap()).unwrap();
        fs::write(folder.join(file), "text").unwrap();
    }
    let path = |name: &str| folder.join(name).display().to_string();
    let (read, write, one) = (path("read"), path("write"), path("one"));
    let words = [(Kind::Read, read.as_str()), (Kind::Write, write.as_str()), (Kind::Read, one.as_str())];
    let look = |name: &'static str| said(&words, || word(File::open(folder.join(name))));
    assert_eq!(look("read/file"), "passed");
    assert_eq!(look("one"), "passed");
    for name in [
        "other/file",
        "two",
        "read/../two",
        "/etc/passwd",
        "/proc/self/environ",
        "/dev/zero",
        "read/..",
        "other",
    ] {
        assert_eq!(look(name), "EACCES", "{name}");
    }
    let open = |name: &'static str| {
        said(&words, || word(File::options().write(true).create(true).truncate(true).open(folder.join(name))))
    };
    assert_eq!((open("write/file"), open("write/new")), ("passed".into(), "passed".into()));
    for name in ["read/file", "read/new", "one", "other/new"] {
        assert_eq!(open(name), "EACCES", "{name}");
    }
    assert_eq!(fs::read_to_string(&one).unwrap(), "text");
    let change = |what: &dyn Fn() -> std::io::Result<()>| said(&words, || word(what()));
    assert_eq!(change(&|| fs::rename(folder.join("write/new"), folder.join("write/newer"))), "passed");
    assert_ne!(change(&|| fs::rename(folder.join("write/newer"), folder.join("other/stolen"))), "passed");
    assert_ne!(change(&|| fs::rename(folder.join("other/file"), folder.join("write/stolen"))), "passed");
    assert_ne!(change(&|| fs::hard_link(folder.join("other/file"), folder.join("write/link"))), "passed");
    assert_eq!(change(&|| fs::remove_file(folder.join("two"))), "EACCES");
    assert_eq!(change(&|| fs::create_dir(folder.join("other/dir"))), "EACCES");
    assert_eq!(change(&|| fs::remove_file(folder.join("write/newer"))), "passed");
    // Who may write nothing does not change names at all.
    let none = |what: &dyn Fn() -> std::io::Result<()>| said(&words[..1], || word(what()));
    assert_eq!(none(&|| fs::rename(folder.join("two"), folder.join("three"))), "EPERM");
    assert_eq!(
        none(&|| fs::set_permissions(
            folder.join("two"),
            std::os::unix::fs::PermissionsExt::from_mode(0o777)
        )),
        "EPERM"
    );
    // Threads that come later stand within the walls.
    let later = said(&words, || std::thread::spawn(move || word(File::open("/etc/passwd"))).join().unwrap());
    assert_eq!(later, "EACCES");
}

#[test]
fn what_is_not_granted_is_not_reached_by_a_socket() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    let connect = || word(std::net::TcpStream::connect(("127.0.0.1", port)));
    let udp = || word(UdpSocket::bind("127.0.0.1:0"));
    assert_eq!((said(&[], connect), said(&[], udp)), ("EPERM".into(), "EPERM".into()));
    assert_eq!(said(&[(Kind::Write, "/tmp")], udp), "EPERM");
    assert_eq!(said(&[], || word(TcpListener::bind("127.0.0.1:0"))), "EPERM");
    let rule = format!("127.0.0.1:{port}");
    assert_eq!(said(&[(Kind::Net, &rule)], connect), "passed");
    assert_eq!(said(&[(Kind::Listen, "127.0.0.1")], udp), "passed");
    if landlock().is_some_and(|version| version >= 4) {
        assert_eq!(said(&[(Kind::Net, "127.0.0.1:1")], connect), "EACCES");
        assert_eq!(said(&[(Kind::Write, "/tmp")], connect), "EACCES");
        let bind = || word(TcpListener::bind("127.0.0.1:0"));
        assert_eq!(said(&[(Kind::Net, &rule)], bind), "EACCES");
        assert_eq!(said(&[(Kind::Listen, "127.0.0.1:0")], bind), "passed");
    }
    let folder = folder("sockets");
    let listener = UnixListener::bind(folder.join("socket")).unwrap();
    let local = || word(std::os::unix::net::UnixStream::connect(folder.join("socket")));
    assert_eq!(said(&[], local), "EPERM");
    let place = folder.display().to_string();
    assert_eq!(said(&[(Kind::Read, &place), (Kind::Write, &place)], local), "passed");
    drop(listener);
    // A pair of sockets reaches nobody.
    assert_eq!(said(&[], || word(UnixDatagram::pair())), "passed");
    for (family, kind) in [
        (libc::AF_PACKET, libc::SOCK_RAW),
        (libc::AF_INET, libc::SOCK_RAW),
        (libc::AF_VSOCK, libc::SOCK_STREAM),
        (libc::AF_ALG, libc::SOCK_SEQPACKET),
    ] {
        let made = said(&[(Kind::Net, "")], || call(libc::SYS_socket, [family as u64, kind as u64, 0, 0, 0]));
        assert_eq!(made, "EPERM", "{family} {kind}");
    }
}

/// Nothing that could start a program, become one, or reach into the kernel or into other processes: whoever tries is dead.
#[test]
fn whoever_tries_to_become_another_program_is_dead() {
    let program = CString::new("/bin/true").unwrap();
    let at = program.as_ptr() as u64;
    let arguments = [program.as_ptr(), std::ptr::null()];
    let list = arguments.as_ptr() as u64;
    let empty = (&raw const arguments[1]) as u64;
    for (call_name, number, arguments) in [
        ("execve", libc::SYS_execve, [at, list, empty, 0, 0]),
        ("execveat", libc::SYS_execveat, [libc::AT_FDCWD as u64, at, list, empty, 0]),
        ("fork", libc::SYS_fork, [0; 5]),
        ("vfork", libc::SYS_clone, [(libc::CLONE_VM | libc::SIGCHLD) as u64, 0, 0, 0, 0]),
        ("clone", libc::SYS_clone, [libc::SIGCHLD as u64, 0, 0, 0, 0]),
        ("namespace", libc::SYS_clone, [(libc::CLONE_NEWUSER | libc::SIGCHLD) as u64, 0, 0, 0, 0]),
        ("unshare", libc::SYS_unshare, [libc::CLONE_NEWUSER as u64, 0, 0, 0, 0]),
        ("ptrace", libc::SYS_ptrace, [0; 5]),
        ("mount", libc::SYS_mount, [0; 5]),
        ("bpf", libc::SYS_bpf, [0; 5]),
        ("module", libc::SYS_init_module, [0; 5]),
        ("memory of others", libc::SYS_process_vm_writev, [1, 0, 0, 0, 0]),
        ("setns", libc::SYS_setns, [0; 5]),
        ("chroot", libc::SYS_chroot, [at, 0, 0, 0, 0]),
    ] {
        for words in [&[][..], &[(Kind::Run, "")]] {
            let end = within(words, || call(number, arguments));
            assert_eq!(end, End::Killed(libc::SIGSYS), "{call_name} {words:?}");
        }
    }
}

#[test]
fn the_rest_of_the_kernel_says_no() {
    let one = |number: i64, arguments: [u64; 5]| said(&[(Kind::Read, "/")], || call(number, arguments));
    for (call_name, number, arguments) in [
        ("keyctl", libc::SYS_keyctl, [0; 5]),
        ("add_key", libc::SYS_add_key, [0; 5]),
        ("userfaultfd", libc::SYS_userfaultfd, [0; 5]),
        ("io_uring", libc::SYS_io_uring_setup, [8, 0, 0, 0, 0]),
        ("perf", libc::SYS_perf_event_open, [0; 5]),
        ("shared memory", libc::SYS_shmget, [0, 4096, 0o1600, 0, 0]),
        ("identity", libc::SYS_setuid, [0; 5]),
        ("clock", libc::SYS_clock_settime, [0; 5]),
        ("host name", libc::SYS_sethostname, [0; 5]),
        ("another walls", libc::SYS_landlock_create_ruleset, [0; 5]),
        ("other processes", libc::SYS_kill, [1, 0, 0, 0, 0]),
        ("all processes", libc::SYS_kill, [u64::MAX, 0, 0, 0, 0]),
        ("their threads", libc::SYS_tgkill, [1, 1, 0, 0, 0]),
        ("write and execute", libc::SYS_mmap, [0, 4096, 7, 0x22, u64::MAX]),
        ("limits", libc::SYS_prlimit64, [1, 7, 0, 0, 0]),
        ("waiting", libc::SYS_wait4, [u64::MAX, 0, 0, 0, 0]),
        ("no more dumps", libc::SYS_prctl, [libc::PR_SET_DUMPABLE as u64, 1, 0, 0, 0]),
        ("typing into the terminal", libc::SYS_ioctl, [0, libc::TIOCSTI, 0, 0, 0]),
    ] {
        assert_eq!(one(number, arguments), "EPERM", "{call_name}");
    }
    assert_eq!(one(libc::SYS_clone3, [0; 5]), "ENOSYS");
    assert_eq!(one(libc::SYS_pidfd_open, [1, 0, 0, 0, 0]), "ENOSYS");
    // What becomes executable was never writable.
    let changed = said(&[], || {
        // SAFETY: a page of its own.
        let at = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                4096,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        call(libc::SYS_mprotect, [at as u64, 4096, (libc::PROT_READ | libc::PROT_EXEC) as u64, 0, 0])
    });
    assert_eq!(changed, "EPERM");
}

/// What is not there yet is reached once it is, and a path into nowhere opens nothing.
#[test]
fn files_that_come_later_are_within() {
    if landlock().is_none() {
        return;
    }
    let folder = folder("later");
    let (file, nowhere) =
        (folder.join("new").display().to_string(), folder.join("no/such/file").display().to_string());
    fs::write(folder.join("other"), "x").unwrap();
    let words = [(Kind::Write, file.as_str()), (Kind::Read, file.as_str())];
    let both = || {
        word(fs::write(&file, "text")) + " " + &word(fs::read(&file)) + " " + &word(fs::remove_file(&file))
    };
    assert_eq!(said(&words, both), "passed passed passed");
    let other = || word(File::open(folder.join("other"))) + " " + &word(File::open("/etc/passwd"));
    assert_eq!(said(&[(Kind::Read, &nowhere), (Kind::Write, &nowhere)], other), "EACCES EACCES");
}

/// Every start pays for the walls.
#[test]
fn walls_are_built_in_no_time() {
    let time = || {
        let spent = || rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime).tv_nsec;
        let (before, walls) =
            (spent(), Walls::build(&grants(&[(Kind::Read, "/usr"), (Kind::Net, "")]), None));
        assert!(walls.is_ok());
        (spent() - before).to_string()
    };
    let plain = |probe: &dyn Fn() -> String| {
        let (mut reader, mut writer) = std::io::pipe().unwrap();
        // SAFETY: as in `within`.
        match unsafe { libc::fork() } {
            0 => {
                writer.write_all(probe().as_bytes()).ok();
                // SAFETY: as above.
                unsafe { libc::_exit(0) }
            }
            child => {
                drop(writer);
                let mut text = String::new();
                reader.read_to_string(&mut text).unwrap();
                // SAFETY: waits for our own child.
                unsafe { libc::waitpid(child, std::ptr::null_mut(), 0) };
                text.parse::<i64>().unwrap_or(0)
            }
        }
    };
    let times: Vec<i64> = (0..9).map(|_| plain(&time)).filter(|time| *time > 0).collect();
    let least = times.iter().min().copied().unwrap_or(0);
    println!("walls: {:.2} ms of processor time, at best of {times:?}", least as f64 / 1e6);
    // In a build without optimization, on a machine with other things to do.
    assert!(least > 0 && least < 20_000_000, "{times:?}");
}

struct Program {
    jdk: PathBuf,
    folder: PathBuf,
}

impl Program {
    fn new() -> Program {
        let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
        let folder = folder("program");
        fs::write(folder.join("Hello.java"), "void main() { System.out.println(\"hello\"); }").unwrap();
        let mut javac = common::command(jdk.join("bin/javac"), &jdk);
        let outcome = common::run(javac.current_dir(&folder).arg("Hello.java"), LIMIT).unwrap();
        assert_eq!(outcome.exit, "0", "{}", String::from_utf8_lossy(&outcome.stderr));
        Program { jdk, folder }
    }

    fn run(&self, options: &[&str]) -> (String, String, String) {
        let mut command = common::command(env!("CARGO_BIN_EXE_carafe"), &self.jdk);
        command
            .current_dir(&self.folder)
            .arg("-XX:-CheckInterpreter")
            .args(options)
            .args(["-cp", ".", "Hello"]);
        let outcome = common::run(&mut command, LIMIT).unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        (outcome.exit, text(outcome.stdout), text(outcome.stderr))
    }
}

#[test]
fn what_stands_is_told_and_can_be_required() {
    let program = Program::new();
    let (exit, out, err) = program.run(&["-Xlog:sandbox", "--allow-net=*:80", "--allow-write=/tmp"]);
    assert_eq!((exit.as_str(), err.as_str()), ("0", ""));
    assert!(out.ends_with("hello\n") && out.contains("[sandbox]"), "{out}");
    let (exit, out, _) = program.run(&["-Xlog:sandbox", "-A"]);
    assert!(exit == "0" && out.contains("none: everything is granted"), "{out}");
    let (exit, out, err) = program.run(&["--require-kernel-sandbox", "-A"]);
    assert_eq!((exit.as_str(), out.as_str()), ("1", ""));
    assert!(
        err.starts_with("carafe: the kernel cannot keep what --require-kernel-sandbox asks for"),
        "{err}"
    );
    if landlock().is_some_and(|version| version >= 6) {
        assert_eq!(program.run(&["--require-kernel-sandbox"]), ("0".into(), "hello\n".into(), String::new()));
        let (_, out, _) = program.run(&["-Xlog:sandbox", "--allow-net=*:80", "--allow-write=/tmp"]);
        for part in [
            "Landlock (version ",
            "write 1 paths, connect to 2 ports, bind 0 ports",
            "system calls: filtered",
        ] {
            assert!(out.contains(part), "{part} in {out}");
        }
    }
}
