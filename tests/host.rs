//! The embedding API: what goes in and out, how calls fail, functions of the host's, and handles that outlive a guest (B33).
//!
//! Deliberately not here: runaway guests (`tests/attacks_c.rs`) and memory (`tests/attacks_memory.rs`).

#[path = "common/classes.rs"]
mod classes;
#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::thread;
use std::time::Duration;

use carafe::{
    CallError, HostClass, HostError, Isolate, IsolateBuilder, Kind, LimitKind, Limits, Policy, StartError,
    Stdio, Type, Value,
};

const GUEST: &str = "guest.Guest";

fn guest_classes() -> PathBuf {
    classes::compile(
        "host",
        &[
            ("guest/Guest.java", include_str!("host/Guest.java")),
            ("host/Functions.java", include_str!("host/Functions.java")),
        ],
        &[],
    )
}

fn jdk() -> PathBuf {
    common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME")
}

/// The guest by the bytes of its classes: `host.Functions` of the class path is nowhere to be seen.
fn builder() -> IsolateBuilder {
    let folder = guest_classes().join("guest");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let empty = Isolate::builder(jdk()).stderr(Stdio::inherit());
    files.iter().fold(empty, |builder, file| builder.class(fs::read(file).unwrap()))
}

fn start() -> Isolate {
    builder().start().unwrap()
}

#[test]
fn values_go_in_and_come_out() {
    let guest = start();
    assert_eq!(guest.call::<i32>(GUEST, "add", (40, 2)), Ok(42));
    let sum =
        guest.call::<i64>(GUEST, "all", (true, -1_i8, 10_u16, -100_i16, 1000, -10_000_i64, 5.5_f32, 6.5));
    assert_eq!(sum, Ok(10 - 100 + 1000 - 10_000 + 5 + 6), "and one, less one");
    assert_eq!(guest.call::<bool>(GUEST, "not", (true,)), Ok(false));
    assert_eq!(guest.call::<i8>(GUEST, "b", (i8::MAX,)), Ok(-127));
    assert_eq!(guest.call::<u16>(GUEST, "c", (u16::MAX - 1,)), Ok(u16::MAX));
    assert_eq!(guest.call::<i16>(GUEST, "s", (i16::MAX,)), Ok(-32767));
    assert_eq!(guest.call::<f32>(GUEST, "f", (0.5_f32,)), Ok(0.25));
    assert_eq!(guest.call::<f64>(GUEST, "d", (f64::INFINITY,)), Ok(f64::INFINITY));
    assert_eq!(
        guest.call::<String>(GUEST, "greet", ("Ωmega \u{1f600}",)),
        Ok("Hello, Ωmega \u{1f600}".into())
    );
    assert_eq!(guest.call::<Option<String>>(GUEST, "greet", (None::<String>,)), Ok(None));
    assert_eq!(guest.call::<String>(GUEST, "greet", (None::<String>,)), Err(CallError::Null));
    assert_eq!(guest.call::<Vec<u8>>(GUEST, "reverse", ([1, 2, 255].as_slice(),)), Ok(vec![255, 2, 1]));
    assert_eq!(guest.call::<Vec<u8>>(GUEST, "reverse", (Vec::<u8>::new(),)), Ok(vec![]));
    // One machine: state stays.
    assert_eq!(guest.call::<i32>(GUEST, "count", ()), Ok(1));
    assert_eq!(guest.call::<i32>(GUEST, "count", ()), Ok(2));
    assert_eq!(start().call::<i32>(GUEST, "count", ()), Ok(1));
    let types = [Type::Int, Type::Int];
    let sum = guest.call_dynamic(GUEST, "add", &types, &[Value::Int(1), Value::Int(2)], Type::Int);
    assert_eq!(sum, Ok(Value::Int(3)));
    let wrong = guest.call_dynamic(GUEST, "add", &types, &[Value::Int(1), Value::Long(2)], Type::Int);
    assert_eq!(wrong, Err(CallError::WrongType(1)));
    assert_eq!(guest.call_dynamic(GUEST, "add", &types, &[], Type::Int), Err(CallError::WrongType(0)));
}

#[test]
fn what_is_not_there_is_said() {
    let guest = start();
    let missing = |method: &str| CallError::NoMethod(format!("guest.Guest.{method}"));
    assert_eq!(guest.call::<i32>(GUEST, "none", ()), Err(missing("none()I")));
    assert_eq!(guest.call::<i64>(GUEST, "add", (1, 2)), Err(missing("add(II)J")));
    assert_eq!(guest.call::<i32>(GUEST, "instance", ()), Err(missing("instance()I")));
    match guest.call::<i32>("guest.Nobody", "none", ()) {
        Err(CallError::Thrown(thrown)) => {
            assert_eq!(thrown.class, "java.lang.NoClassDefFoundError");
            assert!(
                thrown.trace.contains("Caused by: java.lang.ClassNotFoundException: guest.Nobody"),
                "{}",
                thrown.trace
            );
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(builder().class(*b"no class").start(), Err(StartError::Part(_))));
    match builder().class(fs::read(guest_classes().join("guest/Guest.class")).unwrap()).start() {
        Err(StartError::Guest(CallError::Thrown(thrown))) => {
            assert_eq!(thrown.class, "java.lang.LinkageError")
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(Isolate::builder("/nowhere").start(), Err(StartError::Boot(_))));
}

#[test]
fn exceptions_are_told_without_running_code_of_the_guests() {
    let guest = start();
    let thrown = |outcome: Result<(), CallError>| match outcome {
        Err(CallError::Thrown(thrown)) => thrown,
        other => panic!("{other:?}"),
    };
    let failed = thrown(guest.call(GUEST, "fail", ("why",)));
    assert_eq!(
        (failed.class.as_str(), failed.message.as_deref()),
        ("java.lang.RuntimeException", Some("outer"))
    );
    let lines: Vec<&str> = failed.trace.lines().collect();
    assert_eq!(lines[0], "java.lang.RuntimeException: outer");
    assert!(lines[1].starts_with("\tat guest.Guest.fail(Guest.java:"), "{}", failed.trace);
    assert!(lines.contains(&"Caused by: java.lang.IllegalStateException: why"), "{}", failed.trace);
    assert!(
        lines.iter().any(|line| line.starts_with("\tat guest.Guest.inner(Guest.java:")),
        "{}",
        failed.trace
    );
    let hostile = thrown(guest.call(GUEST, "hostile", ()));
    assert_eq!((hostile.class.as_str(), hostile.message), ("guest.Guest$Hostile", None));
    let circular = thrown(guest.call(GUEST, "selfCause", ()));
    assert_eq!(circular.trace.matches("java.lang.Exception: ").count(), 16);
    match guest.call::<i32>(GUEST, "npe", (None::<String>,)) {
        Err(CallError::Thrown(thrown)) => {
            assert!(
                thrown
                    .to_string()
                    .starts_with("java.lang.NullPointerException: Cannot invoke \"String.length()\"")
            );
        }
        other => panic!("{other:?}"),
    }
    // The guest is none the worse for it.
    assert_eq!(guest.call::<i32>(GUEST, "add", (1, 1)), Ok(2));
}

#[test]
fn refusals_name_the_grant_and_cannot_be_made_up() {
    let secret = guest_classes().join("secret.txt");
    fs::write(&secret, "secret").unwrap();
    let path = secret.display().to_string();
    let guest = start();
    let grant = |outcome: Result<String, CallError>| match outcome {
        Err(CallError::Denied(refused)) => refused.grant,
        other => panic!("{other:?}"),
    };
    let flag = format!("--allow-read={path}");
    assert_eq!(grant(guest.call(GUEST, "read", (path.as_str(),))), flag);
    let wrapped = guest.call::<()>(GUEST, "wrappedRead", (path.as_str(),));
    assert_eq!(grant(wrapped.map(|()| String::new())), flag);
    match guest.call::<()>(GUEST, "pretend", ()) {
        Err(CallError::Thrown(thrown)) => assert_eq!(thrown.class, "java.lang.SecurityException"),
        other => panic!("{other:?}"),
    }
    assert_eq!(guest.statistics().refusals, 2);
    let mut policy = Policy::default();
    policy.add(true, Kind::Read, Some(&path));
    let granted = builder().policy(policy).start().unwrap();
    assert_eq!(granted.call::<String>(GUEST, "read", (path.as_str(),)), Ok("secret".into()));
}

#[test]
fn limits_that_java_has_errors_for_are_told_by_kind() {
    let limits = Limits { heap: 24 << 20, threads: 20, off_heap: 8 << 20, ..Limits::default() };
    let guest = builder().limits(limits).start().unwrap();
    let kind = |outcome: Result<(), CallError>| match outcome {
        Err(CallError::Limit(limited)) if !limited.ended => limited.kind,
        other => panic!("{other:?}"),
    };
    assert_eq!(kind(guest.call::<i32>(GUEST, "fill", ()).map(drop)), LimitKind::Heap);
    assert_eq!(kind(guest.call::<i32>(GUEST, "deep", (0,)).map(drop)), LimitKind::Stack);
    assert_eq!(kind(guest.call(GUEST, "direct", ())), LimitKind::OffHeap);
    assert_eq!(kind(guest.call(GUEST, "threads", ())), LimitKind::Threads);
    let reached = |kind| guest.statistics().limits_reached.iter().find(|(k, _)| *k == kind).unwrap().1;
    assert!(reached(LimitKind::Heap) > 0 && reached(LimitKind::Stack) > 0 && reached(LimitKind::Threads) > 0);
    // All of that left a guest that works.
    assert_eq!(guest.call::<i32>(GUEST, "add", (1, 1)), Ok(2));
}

#[test]
fn classes_that_are_not_sound_are_told_apart() {
    let mut bytes = fs::read(guest_classes().join("guest/Guest$Hostile.class")).unwrap();
    // `getMessage` is `goto 0`; as `return` it gives nothing where a String is due.
    let at = bytes.windows(3).position(|code| code == [0xa7, 0, 0]).unwrap();
    bytes[at..at + 3].copy_from_slice(&[0xb1, 0xb1, 0xb1]);
    let folder = guest_classes().join("guest");
    let main = fs::read(folder.join("Guest.class")).unwrap();
    let isolate = Isolate::builder(jdk()).class(main).class(bytes).start().unwrap();
    match isolate.call::<()>(GUEST, "hostile", ()) {
        Err(CallError::Verify(thrown)) => assert_eq!(thrown.class, "java.lang.VerifyError"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_end_of_a_guest_is_its_own() {
    let (one, other) = (start(), start());
    assert_eq!(one.call::<()>(GUEST, "exit", (3,)), Err(CallError::Exited(3)));
    assert_eq!(one.call::<i32>(GUEST, "add", (1, 1)), Err(CallError::Exited(3)));
    assert_eq!(one.ended(), Some(CallError::Exited(3)));
    assert_eq!(other.call::<i32>(GUEST, "add", (1, 1)), Ok(2));
    assert_eq!(other.ended(), None);
    // B33: what ends an isolate does nothing after it, and never to another one.
    let terminator = one.terminator();
    drop(one);
    let twin = terminator.clone();
    assert!(
        !thread::spawn(move || twin.terminate()).join().unwrap() || Weak::<()>::new().upgrade().is_none()
    );
    assert_eq!(other.call::<i32>(GUEST, "add", (1, 1)), Ok(2));
    assert!(other.close(Duration::from_secs(10)));
}

#[test]
fn a_guest_may_come_to_its_own_end() {
    let mut guest = builder().stdout(Stdio::piped()).start().unwrap();
    let mut out = guest.take_stdout().unwrap();
    guest.call::<()>(GUEST, "hook", ()).unwrap();
    guest.run_main(GUEST, &["a", "b"]).unwrap();
    assert_eq!(guest.finish(), Ok(0));
    let mut text = String::new();
    out.read_to_string(&mut text).unwrap();
    assert_eq!(text, "a,b\nhook\n");
}

#[test]
fn streams_are_the_hosts() {
    /// Keeps what is written to it.
    struct Kept(Arc<Mutex<Vec<u8>>>);
    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let kept = Arc::new(Mutex::new(Vec::new()));
    let guest = builder()
        .stdin(Stdio::from_reader("one\ntwo\n".as_bytes()))
        .stdout(Stdio::to_writer(Kept(kept.clone())))
        .start()
        .unwrap();
    assert_eq!(guest.call::<String>(GUEST, "line", ()), Ok("one".into()));
    guest.call::<()>(GUEST, "print", ("héllo",)).unwrap();
    let large = "0123456789".repeat(20_000);
    guest.call::<()>(GUEST, "print", (large.as_str(),)).unwrap();
    assert_eq!(guest.statistics().output, 6 + 200_000);
    let expected = format!("héllo{large}");
    let deadline = std::time::Instant::now() + Duration::from_secs(20);
    while kept.lock().unwrap().len() < expected.len() && std::time::Instant::now() < deadline {
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(*kept.lock().unwrap(), expected.as_bytes());
    // Unread input waits for whoever asks; nobody is there.
    let mut silent = builder().stdin(Stdio::piped()).start().unwrap();
    let mut stdin = silent.take_stdin().unwrap();
    assert!(silent.take_stdin().is_none() && silent.take_stdout().is_none());
    stdin.write_all(b"typed\n").unwrap();
    assert_eq!(silent.call::<String>(GUEST, "line", ()), Ok("typed".into()));
}

#[test]
fn values_that_are_too_large_stay_where_they_are() {
    let guest = builder().limits(Limits { transfer: 1 << 20, ..Limits::default() }).start().unwrap();
    assert_eq!(guest.call::<String>(GUEST, "large", (1 << 20,)).unwrap().len(), 1 << 20);
    let refused = guest.call::<String>(GUEST, "large", ((1 << 20) + 1,));
    assert_eq!(refused, Err(CallError::TooLarge { bytes: (1 << 20) + 1, most: 1 << 20 }));
}

#[test]
fn statistics_tell_what_is_taken() {
    let guest = start();
    let before = guest.statistics();
    assert!(before.heap_used > 0 && before.metaspace_used > 1 << 20 && before.threads > 2);
    assert_eq!((before.files, before.refusals), (3, 0));
    // The rest is the collector's.
    assert!((60 << 20..64 << 20).contains(&before.heap_max), "{before:?}");
    let terminator = guest.terminator();
    let spinning = thread::spawn(move || (guest.call::<()>(GUEST, "spin", ()), guest.statistics()));
    thread::sleep(Duration::from_millis(200));
    assert!(terminator.terminate());
    let (outcome, after) = spinning.join().unwrap();
    assert_eq!(outcome, Err(CallError::Terminated));
    assert!(after.cpu > before.cpu + Duration::from_millis(20), "{before:?} {after:?}");
    assert!(after.uptime > before.uptime);
}

#[test]
fn calls_run_beside_each_other() {
    let guest = Arc::new(start());
    let spinning = guest.clone();
    let spin = thread::spawn(move || spinning.call::<()>(GUEST, "spin", ()));
    thread::scope(|scope| {
        for n in 0..4 {
            let guest = &guest;
            scope.spawn(move || {
                (0..50).for_each(|i| assert_eq!(guest.call::<i32>(GUEST, "add", (n, i)), Ok(n + i)))
            });
        }
    });
    guest.terminate();
    assert_eq!(spin.join().unwrap(), Err(CallError::Terminated));
}

// ---- functions of the host's ----------------------------------------------------------------------------------------

fn functions() -> HostClass {
    HostClass::new("host.Functions")
        .function("twice", |_, (n,): (i32,)| Ok(n * 2))
        .function("shout", |_, (text,): (String,)| Ok(text.to_uppercase()))
        .function("bytes", |_, (bytes,): (Option<Vec<u8>>,)| Ok(bytes.map(|bytes| bytes.repeat(2))))
        .function("fail", |_, (): ()| Err::<(), _>(HostError::of_class("java.io.IOException", "no disk")))
        .function("failOddly", |_, (): ()| Err::<(), _>(HostError::of_class("java.lang.String", "what?")))
        .function("mixed", |_, (z, b, c, s, i, j, f, d): (bool, i8, u16, i16, i32, i64, f32, f64)| {
            Ok(i64::from(z)
                + i64::from(b)
                + i64::from(c)
                + i64::from(s)
                + i64::from(i)
                + j
                + f as i64
                + d as i64)
        })
        .function("panic", |_, (): ()| if true { panic!("on purpose") } else { Ok(()) })
        .function("nest", |caller, (depth,): (i32,)| match caller.call::<i32>(GUEST, "nest", (depth,)) {
            Ok(n) => Ok(n),
            Err(error) => Err(HostError::new(error.to_string())),
        })
}

#[test]
fn functions_of_the_host_are_called() {
    let guest = builder().host_class(functions()).start().unwrap();
    assert_eq!(guest.call::<i32>(GUEST, "twice", (21,)), Ok(42));
    assert_eq!(guest.call::<String>(GUEST, "shout", ("straße",)), Ok("STRASSE".into()));
    assert_eq!(guest.call::<Vec<u8>>(GUEST, "bytes", ([1_u8, 2].as_slice(),)), Ok(vec![1, 2, 1, 2]));
    assert_eq!(guest.call::<Option<Vec<u8>>>(GUEST, "bytes", (None::<Vec<u8>>,)), Ok(None));
    assert_eq!(guest.call::<i64>(GUEST, "mixed", ()), Ok(1 + 1 + 99 + 2 + 3 + 4 + 5 + 6));
    assert_eq!(guest.call::<String>(GUEST, "fails", ()), Ok("no disk".into()));
    assert_eq!(guest.call::<String>(GUEST, "failsOddly", ()), Ok("java.lang.RuntimeException what?".into()));
    match builder().limits(Limits { transfer: 4 << 20, ..Limits::default() }).host_class(functions()).start()
    {
        Ok(guest) => match guest.call::<()>(GUEST, "tooMuch", ()) {
            Err(CallError::Thrown(thrown)) => assert_eq!(thrown.class, "java.lang.IllegalArgumentException"),
            other => panic!("{other:?}"),
        },
        Err(error) => panic!("{error}"),
    }
    // Each is a capability: who was not given them has none, and none of them is called twice(int) on its own account.
    assert_eq!(start().call::<bool>(GUEST, "declared", ()), Ok(false));
    assert_eq!(guest.call::<bool>(GUEST, "declared", ()), Ok(true));
    let lookalike = fs::read(guest_classes().join("host/Functions.class")).unwrap();
    let bound = guest.call::<String>(GUEST, "sneaky", (lookalike,));
    assert_eq!(bound, Ok("java.lang.UnsatisfiedLinkError".into()));
}

#[test]
fn a_panic_in_a_function_ends_that_guest_alone() {
    let mut guest = builder().host_class(functions()).stdout(Stdio::piped()).start().unwrap();
    let mut out = guest.take_stdout().unwrap();
    let other = start();
    let outcome = guest.call::<String>(GUEST, "panics", ());
    assert_eq!(outcome, Err(CallError::Panicked("panic: on purpose".into())));
    drop(guest);
    let mut text = String::new();
    out.read_to_string(&mut text).unwrap();
    assert_eq!(text, "", "no handler has run");
    assert_eq!(other.call::<i32>(GUEST, "add", (1, 1)), Ok(2));
}

#[test]
fn functions_call_back() {
    let guest = builder().host_class(functions()).start().unwrap();
    assert_eq!(guest.call::<i32>(GUEST, "nest", (20,)), Ok(20));
    // Without end it is a StackOverflowError, which comes back through all the calls.
    assert_eq!(guest.call::<i32>(GUEST, "endlessNest", ()), Ok(-1));
    assert_eq!(guest.call::<i32>(GUEST, "nest", (20,)), Ok(20));
}

/// B33: a function that uses the isolate itself, while it is called, gets a thread of its own; one that ends the isolate does
/// not come back to Java.
#[test]
fn functions_may_use_the_isolate_itself() {
    let slot: Arc<OnceLock<Weak<Isolate>>> = Arc::default();
    let of_function = slot.clone();
    let class = HostClass::new("host.Functions").function("again", move |_, (): ()| {
        let isolate = of_function.get().and_then(Weak::upgrade).unwrap();
        let sum = isolate.call::<i32>(GUEST, "add", (1, 2)).map_err(|e| HostError::new(e.to_string()))?;
        if isolate.call::<i32>(GUEST, "count", ()).unwrap() > 1 {
            isolate.terminate();
        }
        Ok(sum)
    });
    let guest = Arc::new(builder().host_class(class).start().unwrap());
    slot.set(Arc::downgrade(&guest)).unwrap();
    assert_eq!(guest.call::<i32>(GUEST, "again", ()), Ok(3));
    assert_eq!(guest.call::<i32>(GUEST, "again", ()), Err(CallError::Terminated));
}

/// B33: the last owner of an isolate lets it go in a function that the isolate itself has called.
#[test]
fn an_isolate_may_be_let_go_from_inside() {
    let slot: Arc<Mutex<Option<Isolate>>> = Arc::default();
    let of_function = slot.clone();
    let (tell, told) = std::sync::mpsc::channel();
    let class = HostClass::new("host.Functions").function("again", move |_, (): ()| {
        let mut last = None;
        while last.is_none() {
            last = of_function.lock().unwrap().take();
        }
        let begin = std::time::Instant::now();
        drop(last);
        tell.send(begin.elapsed()).unwrap();
        Ok(1)
    });
    let mut guest = builder().host_class(class).stdin(Stdio::piped()).start().unwrap();
    // A thread of the guest's calls the function, while nobody waits for it.
    let mut stdin = guest.take_stdin().unwrap();
    guest.call::<()>(GUEST, "againLater", ()).unwrap();
    *slot.lock().unwrap() = Some(guest);
    stdin.write_all(b"now\n").unwrap();
    let took = told.recv_timeout(Duration::from_secs(60)).unwrap();
    assert!(took < Duration::from_secs(5), "it waited for itself: {took:?}");
}

#[test]
fn a_host_class_that_is_none_is_refused() {
    let bad = |class: HostClass| matches!(builder().host_class(class).start(), Err(StartError::Part(_)));
    assert!(bad(HostClass::new("java.lang.Host")));
    assert!(bad(HostClass::new("x").function("<clinit>", |_, (): ()| Ok(()))));
    let twice = || HostClass::new("host.Twice").function("f", |_, (): ()| Ok(()));
    assert!(matches!(
        builder().host_class(twice()).host_class(twice()).start(),
        Err(StartError::Guest(CallError::Thrown(_)))
    ));
    assert!(Path::new("/").exists());
}
