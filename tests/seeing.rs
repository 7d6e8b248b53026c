//! What a host can see of a running program: heap dumps, histograms, thread dumps, logs.
//!
//! Heap dumps are read by a reader of the tests' own (tests/common/hprof.rs), and compared with those that the reference
//! machine makes of the same program. Invariant: nothing here depends on where objects lie or when collections happen.

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;
#[path = "common/hprof.rs"]
mod hprof;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use hprof::{Dump, Object, Root, Value};

const LIMIT: Duration = Duration::from_secs(300);

const SOURCES: &[(&str, &str)] = &[
    (
        "Graph.java",
        r#"import java.util.*;
        public class Graph {
            static class Node {
                String name; Node next; int[] data; long big; byte b; char c; short s; boolean z; float f; double d; Object[] refs;
                Node(String name, Node next) { this.name = name; this.next = next; }
            }
            static class Leaf extends Node {
                int extra = 77; Object name2 = "hidden field";
                Leaf() { super("leaf", null); }
            }
            interface Shape {}
            static class Empty implements Shape {}
            static Node root;
            static int count = 42;
            static long large = 0x0123456789abcdefL;
            static boolean flag = true;
            static char letter = '\u00e9';
            static long[] wide = new long[200_000];
            static Shape[][] shapes = {{new Empty(), null}, {}, null};
            static Node build() {
                Leaf leaf = new Leaf();
                leaf.data = new int[] {1, -2, Integer.MAX_VALUE};
                leaf.big = Long.MIN_VALUE + 5; leaf.b = -7; leaf.c = '\uffee'; leaf.s = -30000; leaf.z = true;
                leaf.f = 1.5f; leaf.d = -2.25e100;
                leaf.refs = new Object[] {leaf, null, new long[] {1L << 40}, new byte[0], new double[] {0.5}};
                Node node = leaf;
                for (int i = 0; i < 100; i++) node = new Node("node " + i + (i % 2 == 0 ? "" : " \u20ac"), node);
                return node;
            }
            static synchronized void inner(Object local, String[] args) throws Exception {
                Object lock = new Empty();
                synchronized (lock) {
                    if (args.length > 1) {
                        ((com.sun.management.HotSpotDiagnosticMXBean) java.lang.management.ManagementFactory
                            .getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class)).dumpHeap(args[1], args[0].equals("live"));
                    } else {
                        for (int again = 0; again < 2; again++) {
                            try { List<long[]> hog = new ArrayList<>(); while (true) hog.add(new long[1 << 17]); }
                            catch (OutOfMemoryError e) { System.out.println("caught " + e.getMessage()); }
                        }
                    }
                }
                if (local == lock) System.out.println();
            }
            public static void main(String[] args) throws Exception {
                root = build();
                wide[199_999] = 12345;
                Thread other = new Thread(() -> { try { Thread.sleep(1_000_000); } catch (InterruptedException e) {} }, "the sleeper");
                other.setDaemon(true);
                other.start();
                while (other.getState() != Thread.State.TIMED_WAITING) Thread.onSpinWait();
                inner(new Leaf(), args);
                System.out.println("end");
            }
        }"#,
    ),
    (
        "Refusals.java",
        r#"import java.lang.management.*; import java.nio.file.*; import com.sun.management.*;
        public class Refusals {
            static HotSpotDiagnosticMXBean bean = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            static void dump(String file) {
                try { bean.dumpHeap(file, true); System.out.println("made " + Files.exists(Path.of(file))); }
                catch (Exception e) { System.out.println(e); }
            }
            public static void main(String[] args) throws Exception {
                dump("x.bin"); dump("x.hprof"); dump("x.hprof"); dump("no/such/folder.hprof"); dump(null); dump("");
                System.out.println(bean.getVMOption("HeapDumpOnOutOfMemoryError"));
                Path threads = Path.of("threads.json").toAbsolutePath();
                synchronized (Refusals.class) { bean.dumpThreads(threads.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON); }
                String text = Files.readString(threads);
                for (String part : new String[] {"\"name\": \"main\"", "Refusals.main", "\"monitorsOwned\"", "java.lang.Class@", "Reference Handler"}) {
                    System.out.println(part + " " + text.contains(part));
                }
                Files.delete(threads);
                bean.setVMOption("HeapDumpOnOutOfMemoryError", "true");
                System.out.println(bean.getVMOption("HeapDumpOnOutOfMemoryError").getValue());
                for (String name : new String[] {"NoSuchFlag", "MaxHeapSize"}) {
                    try { bean.setVMOption(name, "1"); } catch (Exception e) { System.out.println(e); }
                }
            }
        }"#,
    ),
    (
        "Locks.java",
        r#"import java.util.concurrent.*; import java.util.concurrent.locks.*;
        public class Locks {
            static final Object a = new Object(), b = new Object();
            static final ReentrantLock l1 = new ReentrantLock(), l2 = new ReentrantLock();
            static final CyclicBarrier both = new CyclicBarrier(2), pair = new CyclicBarrier(2);
            static void meet(CyclicBarrier barrier) { try { barrier.await(); } catch (Exception e) { throw new Error(e); } }
            static synchronized void hold() { synchronized (b) { while (true) Thread.onSpinWait(); } }
            static synchronized void enter() {}
            static class Owner { synchronized void sleep() { try { Thread.sleep(1_000_000); } catch (InterruptedException e) {} } }
            static void start(String name, Thread.State state, Runnable body) {
                Thread t = new Thread(body, name);
                t.setDaemon(true);
                t.start();
                while (t.getState() != state) Thread.yield();
            }
            public static void main(String[] args) throws Exception {
                Object x = new Object(), y = new Object();
                var deadlocked = new Thread[] {
                    new Thread(() -> { synchronized (x) { meet(both); synchronized (y) {} } }, "one"),
                    new Thread(() -> { synchronized (y) { meet(both); synchronized (x) {} } }, "two"),
                    new Thread(() -> { l1.lock(); meet(pair); l2.lock(); }, "three"),
                    new Thread(() -> { l2.lock(); meet(pair); l1.lock(); }, "four") };
                for (Thread t : deadlocked) { t.setDaemon(true); t.start(); }
                for (Thread t : deadlocked) while (inBarrier(t) || !stuck(t) || inBarrier(t)) Thread.yield();
                start("sleeper", Thread.State.TIMED_WAITING, () -> new Owner().sleep());
                start("waiter", Thread.State.WAITING, () -> { synchronized (a) { try { a.wait(); } catch (InterruptedException e) {} } });
                start("timed", Thread.State.TIMED_WAITING, () -> { synchronized (a) { try { a.wait(1_000_000); } catch (InterruptedException e) {} } });
                start("parker", Thread.State.TIMED_WAITING, () -> LockSupport.parkNanos(Long.MAX_VALUE / 2));
                start("holder", Thread.State.RUNNABLE, Locks::hold);
                Thread.sleep(50);
                start("late", Thread.State.BLOCKED, () -> { synchronized (b) {} });
                start("later", Thread.State.BLOCKED, Locks::enter);
                System.out.println("ready");
                System.in.read();
            }
            static boolean stuck(Thread t) {
                return t.getState() == Thread.State.BLOCKED || t.getState() == Thread.State.WAITING;
            }
            static boolean inBarrier(Thread t) {
                for (var e : t.getStackTrace()) if (e.getMethodName().equals("meet")) return true;
                return false;
            }
        }"#,
    ),
    (
        "Collect.java",
        r#"public class Collect {
            static Object o;
            public static void main(String[] args) {
                System.gc();
                for (int i = 0; i < 20_000; i++) o = new byte[10_000];
                System.out.println("end");
            }
        }"#,
    ),
];

struct Lab {
    jdk: PathBuf,
    folder: PathBuf,
    _turn: File,
}

impl Lab {
    /// The classes, compiled once, and a folder of the test's own to run in.
    fn new(test: &str) -> Lab {
        let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("seeing");
        fs::create_dir_all(root.join("cls")).unwrap();
        let turn = File::create(root.join("turn.lock")).unwrap();
        turn.lock().unwrap();
        let stamp = root.join("stamp");
        if fs::read_to_string(&stamp).unwrap_or_default() != include_str!("seeing.rs") {
            for (name, text) in SOURCES {
                fs::write(root.join(name), text).unwrap();
            }
            let mut javac = common::command(jdk.join("bin/javac"), &jdk);
            javac.current_dir(&root).args(["-d", "cls"]).args(SOURCES.iter().map(|(name, _)| name));
            let outcome = common::run(&mut javac, LIMIT).unwrap();
            assert_eq!(outcome.exit, "0", "{}", String::from_utf8_lossy(&outcome.stderr));
            fs::write(&stamp, include_str!("seeing.rs")).unwrap();
        }
        let folder = root.join(test);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Lab { jdk, folder, _turn: turn }
    }

    fn command(&self, carafe: bool, words: &str) -> Command {
        let program =
            if carafe { PathBuf::from(env!("CARGO_BIN_EXE_carafe")) } else { self.jdk.join("bin/java") };
        let mut command = common::command(program, &self.jdk);
        common::as_java(&mut command);
        command.current_dir(&self.folder).args(["-cp", "../cls"]).args(words.split_whitespace());
        command
    }

    /// Exit code, standard output, standard error.
    fn run(&self, carafe: bool, words: &str) -> (String, String, String) {
        let outcome = common::run(&mut self.command(carafe, words), LIMIT).unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        (outcome.exit, text(outcome.stdout), text(outcome.stderr))
    }

    fn files(&self) -> Vec<PathBuf> {
        fs::read_dir(&self.folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    #[track_caller]
    fn dump(&self, name: impl AsRef<Path>) -> Dump {
        let bytes = fs::read(self.folder.join(name)).unwrap();
        let dump = Dump::read(&bytes).unwrap();
        assert_eq!(dump.check(), Vec::<String>::new());
        dump
    }
}

/// Numbers that differ from run to run become `#`.
fn masked(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' if out.ends_with('#') => {}
            '0'..='9' => out.push('#'),
            c => out.push(c),
        }
    }
    out
}

// --------------------------------------------------------------------------------------------------------------- heap dumps

/// The graph that `Graph.java` builds.
#[track_caller]
fn check_graph(dump: &Dump, exact: bool) {
    let Some(Value::Object(mut node)) = dump.static_field("Graph", "root") else { panic!("no root") };
    for i in (0..100).rev() {
        let name = dump.text(dump.object_field(node, "name")).unwrap();
        assert_eq!(name, format!("node {i}{}", if i % 2 == 0 { "" } else { " \u{20ac}" }));
        node = dump.object_field(node, "next");
    }
    let field = |name: &str| dump.field(node, name).unwrap();
    assert_eq!(dump.text(dump.object_field(node, "name")).unwrap(), "leaf");
    assert_eq!(dump.text(dump.object_field(node, "name2")).unwrap(), "hidden field");
    assert_eq!(field("next"), Value::Object(0));
    assert_eq!(field("extra"), Value::Int(77));
    assert_eq!(field("big"), Value::Long(i64::MIN + 5));
    assert_eq!(field("b"), Value::Byte(-7));
    assert_eq!(field("c"), Value::Char(0xffee));
    assert_eq!(field("s"), Value::Short(-30000));
    assert_eq!(field("z"), Value::Boolean(true));
    assert_eq!(field("f"), Value::Float(1.5));
    assert_eq!(field("d"), Value::Double(-2.25e100));
    match &dump.objects[&dump.object_field(node, "data")] {
        Object::Primitives { kind: 10, elements } => {
            assert_eq!(*elements, [Value::Int(1), Value::Int(-2), Value::Int(i32::MAX)]);
        }
        _ => panic!("data is no int[]"),
    }
    match &dump.objects[&dump.object_field(node, "refs")] {
        Object::Objects { class, elements } => {
            assert_eq!((dump.name(*class), elements.len()), ("[Ljava/lang/Object;", 5));
            assert_eq!((elements[0], elements[1]), (node, 0));
            let primitives = |id: u64| match &dump.objects[&id] {
                Object::Primitives { kind, elements } => (*kind, elements.clone()),
                _ => panic!("no primitive array"),
            };
            assert_eq!(primitives(elements[2]), (11, vec![Value::Long(1 << 40)]));
            assert_eq!(primitives(elements[3]), (8, vec![]));
            assert_eq!(primitives(elements[4]), (7, vec![Value::Double(0.5)]));
        }
        _ => panic!("refs is no Object[]"),
    }
    assert_eq!(dump.static_field("Graph", "count"), Some(Value::Int(42)));
    assert_eq!(dump.static_field("Graph", "large"), Some(Value::Long(0x0123_4567_89ab_cdef)));
    assert_eq!(dump.static_field("Graph", "flag"), Some(Value::Boolean(true)));
    assert_eq!(dump.static_field("Graph", "letter"), Some(Value::Char(0xe9)));
    let counts = dump.counts();
    assert_eq!(counts.get("Graph$Node"), Some(&100));
    assert_eq!(counts.get("[[LGraph$Shape;"), Some(&1));
    assert_eq!(counts.get("[LGraph$Shape;"), Some(&2));
    if exact {
        assert_eq!(counts.get("Graph$Leaf"), Some(&2));
        assert_eq!(counts.get("Graph$Empty"), Some(&2));
    }

    // The main thread's stack, with the object that only a local variable holds.
    let main = dump.traces.iter().find_map(|(_, (thread, frames))| {
        let at = |frame: &u64| {
            let frame = &dump.frames[frame];
            (frame.method.starts_with("main(") && dump.frame_class(frame) == "Graph").then_some(frame)
        };
        let frame = frames.iter().find_map(at)?;
        assert_eq!(frame.file.as_deref(), Some("Graph.java"));
        assert!(frame.line > 40, "main stands in line {}", frame.line);
        let inner = frames.iter().position(|frame| dump.frames[frame].method.starts_with("inner("))?;
        Some((*thread, inner as u32))
    });
    let (main, inner) = main.expect("no stack of the main thread");
    let held_by_inner = |class: &str| {
        dump.instances(class).into_iter().any(|id| dump.roots.contains(&(id, Root::JavaFrame(main, inner))))
    };
    assert!(held_by_inner("Graph$Leaf") && held_by_inner("Graph$Empty"), "locals are no roots");
    let lock_is_root =
        dump.instances("Graph$Empty").into_iter().any(|id| dump.roots.contains(&(id, Root::MonitorUsed)));
    assert!(lock_is_root, "what a frame has locked is no root");
    let names: Vec<String> = dump
        .roots
        .iter()
        .filter(|(_, root)| matches!(root, Root::Thread(..)))
        .filter_map(|(id, _)| dump.text(dump.object_field(*id, "name")))
        .collect();
    for name in ["main", "the sleeper", "Reference Handler", "Finalizer"] {
        assert!(names.iter().any(|other| other == name), "{name} is not among {names:?}");
    }
    assert!(dump.class_named("int").is_none() && dump.class_named("[I").is_some());
    assert!(dump.roots.iter().any(|(_, root)| *root == Root::StickyClass));
    // Larger than a segment.
    let Some(Value::Object(wide)) = dump.static_field("Graph", "wide") else { panic!("no wide array") };
    match &dump.objects[&wide] {
        Object::Primitives { kind: 11, elements } => {
            assert_eq!((elements.len(), elements[199_999]), (200_000, Value::Long(12345)));
            assert!(elements[..199_999].iter().all(|element| *element == Value::Long(0)));
        }
        _ => panic!("wide is no long[]"),
    }
    assert!(dump.segments() > 1);
}

#[test]
fn the_first_lack_of_memory_dumps_the_heap() {
    let lab = Lab::new("oom");
    let options = "-Xmx24m -XX:+HeapDumpOnOutOfMemoryError Graph";
    let (exit, out, err) = lab.run(true, options);
    let (_, reference_out, reference_err) = lab.run(false, options);
    assert_eq!((exit.as_str(), masked(&out), err), ("0", masked(&reference_out), reference_err));
    let files = lab.files();
    assert_eq!(files.len(), 2, "{files:?}");
    let ours = out.split_whitespace().find(|word| word.ends_with(".hprof")).unwrap();
    let theirs = reference_out.split_whitespace().find(|word| word.ends_with(".hprof")).unwrap();
    let size = fs::metadata(lab.folder.join(ours)).unwrap().len();
    assert!(out.contains(&format!("[{size} bytes in ")), "{out}");
    // The reference machine's own dumps name objects that are not in them, so those are only read.
    let theirs = Dump::read(&fs::read(lab.folder.join(theirs)).unwrap()).unwrap();
    let ours = lab.dump(ours);
    check_graph(&ours, true);
    // The same classes with the same fields, in the same order of superclasses, and as many instances.
    for name in ["Graph$Node", "Graph$Leaf", "Graph$Empty", "Graph", "Graph$Shape"] {
        let (our, their) = (ours.class_named(name).unwrap(), theirs.class_named(name).unwrap());
        assert_eq!(ours.name(our.above), theirs.name(their.above), "{name}");
        assert_eq!(our.fields.len(), their.fields.len(), "{name}");
        assert_eq!(our.instance_size, their.instance_size, "{name}");
        assert_eq!(ours.instances(name).len(), theirs.instances(name).len(), "{name}");
    }
}

#[test]
fn dumps_go_where_they_are_told_and_overwrite_nothing() {
    let lab = Lab::new("paths");
    fs::create_dir(lab.folder.join("folder")).unwrap();
    fs::write(lab.folder.join("taken"), "mine").unwrap();
    for path in ["folder", "taken", "no/such", "here_%p.bin"] {
        let options = format!("-Xmx24m -XX:+HeapDumpOnOutOfMemoryError -XX:HeapDumpPath={path} Graph");
        let (ours, theirs) = (lab.run(true, &options), lab.run(false, &options));
        assert_eq!(masked(&ours.1), masked(&theirs.1), "{path}");
    }
    assert_eq!(fs::read(lab.folder.join("taken")).unwrap(), b"mine");
    assert_eq!(fs::read_dir(lab.folder.join("folder")).unwrap().count(), 2);
    let quiet = lab.run(true, "-Xmx24m -XX:HeapDumpPath=folder Graph");
    assert_eq!(quiet.1, "caught Java heap space\ncaught Java heap space\nend\n");
}

#[test]
fn a_program_dumps_its_own_heap_while_everything_moves() {
    let lab = Lab::new("bean");
    for (name, options) in [
        ("live.hprof", "Graph live"),
        ("stressed.hprof", "-XX:GCStressStride=211 -XX:+VerifyHeap -XX:-CheckInterpreter Graph live"),
        ("all.hprof", "Graph all"),
    ] {
        let (exit, out, err) = lab.run(true, &format!("{options} {name}"));
        assert_eq!((exit.as_str(), out.as_str(), err.as_str()), ("0", "end\n", ""), "{name}");
        let dump = lab.dump(name);
        check_graph(&dump, name != "all.hprof");
    }
}

#[test]
fn dumps_are_refused_in_the_reference_machine_s_words() {
    let lab = Lab::new("refusals");
    let theirs = lab.run(false, "Refusals");
    fs::remove_file(lab.folder.join("x.hprof")).unwrap();
    assert_eq!(lab.run(true, "Refusals"), theirs);
    lab.dump("x.hprof");
}

#[test]
fn without_the_grant_to_write_there_is_no_dump() {
    let lab = Lab::new("grants");
    let mut config = carafe::VmConfig::new(lab.jdk.clone());
    let classes = lab.folder.parent().unwrap().join("cls");
    config.properties.push(("java.class.path".into(), classes.display().to_string()));
    config.heap_max = 24 << 20;
    config.heap_dump = true;
    config.heap_dump_path = lab.folder.join("x.hprof").display().to_string();
    let (reader, writer) = rustix::pipe::pipe().unwrap();
    config.streams.output = Some(std::sync::Arc::new(writer));
    let grants =
        carafe::Grants { write: carafe_stdlib::gate::Grant::Nothing, ..carafe::Grants::everything() };
    let vm = carafe::Vm::new(config, grants).unwrap();
    let status = vm.run(carafe::Launch::class("Graph", vec![])).unwrap();
    drop(vm);
    let mut out = String::new();
    File::from(reader).read_to_string(&mut out).unwrap();
    assert_eq!(status.0, 0);
    let path = lab.folder.join("x.hprof").display().to_string();
    let refusal = format!(
        "Unable to create {path}: write access to \"{path}\" is not granted (--allow-write={path})\n"
    );
    assert!(out.contains(&refusal), "{out}");
    assert!(out.ends_with("end\n") && lab.files().is_empty(), "{out}");
}

#[test]
fn the_reader_refuses_what_is_no_dump() {
    assert!(Dump::read(b"").is_err());
    assert!(Dump::read(b"JAVA PROFILE 1.0.1\0\0\0\0\x08").is_err());
    let mut dump = b"JAVA PROFILE 1.0.2\0\0\0\0\x08".to_vec();
    dump.extend(1_700_000_000_000u64.to_be_bytes());
    assert_eq!(Dump::read(&dump).err().as_deref(), Some("it has no end"));
    let mut with_end = dump.clone();
    with_end.extend([0x2c, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert!(Dump::read(&with_end).is_ok());
    // A class that is loaded under a name that was never told.
    let mut nameless = dump.clone();
    nameless.extend([0x02, 0, 0, 0, 0, 0, 0, 0, 24]);
    nameless.extend([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9]);
    assert_eq!(Dump::read(&nameless).err().as_deref(), Some("record 0x2: string 0x9 has not been told"));
}

// -------------------------------------------------------------------------------------------------------------- thread dumps

/// Addresses become `0x#`.
fn without_addresses(text: &str) -> String {
    let mut parts = text.split("0x");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out += "0x#";
        out += part.trim_start_matches(|c: char| c.is_ascii_hexdigit());
    }
    out
}

fn started(mut command: Command) -> (Child, BufReader<impl Read>) {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    (child, out)
}

/// Starts `Locks`, asks it for a thread dump when its threads are where they should be, and returns the dump.
fn thread_dump(lab: &Lab, carafe: bool, options: &str) -> String {
    let (mut child, mut out) = started(lab.command(carafe, &format!("{options} Locks")));
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    let pid = rustix::process::Pid::from_raw(child.id() as i32).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::QUIT).unwrap();
    let mut dump = String::new();
    while !line.starts_with("Heap") {
        line.clear();
        assert!(out.read_line(&mut line).unwrap() > 0, "it ended after\n{dump}");
        dump += &line;
    }
    // The end of its input ends the program; what it still writes is the dump's tail.
    drop(child.stdin.take());
    out.read_to_string(&mut dump).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    dump
}

/// The head and the stack of each thread of a dump that `Locks.java` started, by name.
fn own_threads(dump: &str) -> Vec<(String, String)> {
    let names = [
        "main", "one", "two", "three", "four", "sleeper", "waiter", "timed", "parker", "holder", "late",
        "later",
    ];
    let threads = dump.split("\n\n").filter_map(|part| {
        let name = part.strip_prefix('"')?.split('"').next()?;
        let (head, stack) = part.split_once('\n')?;
        let is_head = head.contains("\" #");
        (is_head && names.contains(&name)).then(|| (head.to_owned(), stack.to_owned()))
    });
    threads.collect()
}

#[test]
fn the_quit_signal_prints_what_all_threads_are_doing() {
    let lab = Lab::new("threads");
    let ours = thread_dump(&lab, true, "-XX:+PrintClassHistogram");
    let theirs = thread_dump(&lab, false, "-Xint");
    let mut lines = ours.lines();
    assert_eq!(masked(lines.next().unwrap()), "#-#-# #:#:#");
    assert!(lines.next().unwrap().starts_with("Full thread dump carafe ("), "{ours}");
    let (our_threads, their_threads) = (own_threads(&ours), own_threads(&theirs));
    assert_eq!((our_threads.len(), their_threads.len()), (12, 12), "{ours}");
    for ((head, stack), (their_head, their_stack)) in our_threads.iter().zip(&their_threads) {
        // Of a thread that runs, nobody knows in which line; and main reads through other classes.
        let exact = !["\"holder\"", "\"main\""].iter().any(|name| head.starts_with(name));
        if exact {
            assert_eq!(without_addresses(stack), without_addresses(their_stack), "{ours}");
            assert_eq!(masked(&without_addresses(head)), masked(&without_addresses(their_head)));
        }
    }
    let holder = &our_threads.iter().find(|(head, _)| head.starts_with("\"holder\"")).unwrap().1;
    for needed in ["RUNNABLE", "- locked <0x", "(a java.lang.Object)", "(a java.lang.Class for Locks)"] {
        assert!(holder.contains(needed), "{holder}");
    }
    let report = |dump: &str| {
        let start = dump.find("Found one Java-level deadlock:").unwrap();
        let end = dump.find("Found 2 deadlocks.").unwrap();
        without_addresses(&dump[start..end])
    };
    assert_eq!(report(&ours), report(&theirs));
    assert!(ours.contains("JNI global refs: "), "{ours}");
    assert!(ours.contains(" carafe Old Space") && ours.contains(" Metaspace"), "{ours}");
    let row = ours.lines().find(|line| line.ends_with("  Locks$Owner")).expect("no row for Locks$Owner");
    let numbers: Vec<&str> = row.split_whitespace().collect();
    assert_eq!(&numbers[1..3], ["1", "8"], "an object of Locks$Owner is a header: {row}");
    assert!(ours.contains(" num     #instances         #bytes  class name (module)\n"));
    assert!(ours.lines().last().unwrap().starts_with("Total "));
}

#[test]
fn a_program_that_keeps_its_signals_has_no_thread_dumps() {
    let lab = Lab::new("reduced");
    let (mut child, mut out) = started(lab.command(true, "-Xrs Locks"));
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let pid = rustix::process::Pid::from_raw(child.id() as i32).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::QUIT).unwrap();
    // The signal's own effect is to end the process, unless it is ignored from the start, as in a shell's background jobs.
    let own_effect = if is_ignored(rustix::process::Signal::QUIT) { Some(0) } else { None };
    let status = child.wait().unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(status.code(), own_effect, "{rest}");
    assert!(!rest.contains("Full thread dump"), "{rest}");
}

/// Whether this process, and so the children that it starts, ignores a signal.
fn is_ignored(signal: rustix::process::Signal) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap();
    u64::from_str_radix(mask.trim(), 16).unwrap() & 1 << (signal.as_raw() - 1) != 0
}

// ---------------------------------------------------------------------------------------------------------------------- logs

#[test]
fn collections_and_safepoints_are_logged() {
    let lab = Lab::new("logs");
    let (_, out, err) = lab.run(true, "-Xmx32m -Xlog:gc Collect");
    assert_eq!(err, "");
    let lines: Vec<String> = out.lines().map(masked).collect();
    assert_eq!(lines[0], "[#.#s][info][gc] Using carafe");
    assert_eq!(lines[1], "[#.#s][info][gc] GC(#) Pause Full (System.gc()) #M->#M(#M) #.#ms");
    assert!(
        lines[2..lines.len() - 1].iter().all(|line| line
            == "[#.#s][info][gc] GC(#) Pause Young (Normal) (Allocation Failure) #M->#M(#M) #.#ms"),
        "{out}"
    );
    assert!(lines.len() > 5 && lines[lines.len() - 1] == "end", "{out}");
    for (number, line) in out.lines().skip(1).filter(|line| line.contains("GC(")).enumerate() {
        assert!(line.contains(&format!("GC({number}) ")), "{out}");
    }

    let (_, out, _) = lab.run(true, "-Xmx32m -Xlog:safepoint,gc:stdout:tags,level Collect");
    let safepoint = "[info][safepoint] Safepoint \"CarafeCollect\", Time since last: # ns, Reaching safepoint: # ns, At safepoint: # ns, Leaving safepoint: # ns, Total: # ns, Threads: # runnable, # total";
    assert!(out.lines().map(masked).any(|line| line == safepoint), "{out}");
    // Columns are as wide as what has been in them.
    assert!(out.contains("\n[info][gc       ] GC("), "{out}");

    let (_, out, err) = lab.run(true, "-XX:+DisableExplicitGC -Xmx32m -Xlog:gc Collect");
    assert!(!out.contains("System.gc()") && out.ends_with("end\n") && err.is_empty(), "{out}{err}");

    let (_, out, err) = lab.run(true, "-Xlog:gc*:stderr:none Collect");
    assert_eq!(out, "end\n");
    assert!(
        err.lines().map(masked).any(|line| line == "GC(#) carafe Old Space: #K->#K, promoted #K"),
        "{err}"
    );
    assert!(err.lines().map(masked).any(|line| line == "GC(#) Metaspace: #K->#K(#K)"), "{err}");
}

#[test]
fn logs_go_to_files_and_errors_are_the_reference_machine_s() {
    let lab = Lab::new("logfiles");
    let (exit, out, err) =
        lab.run(true, "-Xlog:gc=debug:file=gc_%p.txt:time,utctime,pid,tid,uptimemillis,level,tags Collect");
    assert_eq!((exit.as_str(), out.as_str(), err.as_str()), ("0", "end\n", ""));
    let file = lab.files().remove(0);
    let text = fs::read_to_string(&file).unwrap();
    let first = masked(text.lines().next().unwrap());
    assert_eq!(first, "[#-#-#T#:#:#.#+#][#-#-#T#:#:#.#+#][#ms][#][#][info][gc] Using carafe");
    let id = file.file_name().unwrap().to_str().unwrap().trim_start_matches("gc_").trim_end_matches(".txt");
    assert!(text.contains(&format!("[{id}]")), "{text}");

    for options in
        ["-Xlog:foo", "-Xlog:gc=loud", "-Xlog:gc+foo", "-Xlog:gc:stderr:up", "-Xlog:gc,safepoint=foo"]
    {
        let (ours, theirs) =
            (lab.run(true, &format!("{options} Collect")), lab.run(false, &format!("{options} Collect")));
        let timeless = |(exit, out, err): (String, String, String)| (exit, masked(&out), err);
        assert_eq!(timeless(ours), timeless(theirs), "{options}");
    }
    let (exit, _, err) = lab.run(true, "-Xlog:gc:no/such/file Collect");
    assert_eq!(exit, "1");
    assert!(err.contains("Error opening log file 'no/such/file': No such file or directory"), "{err}");
    let (exit, out, _) = lab.run(true, "-Xlog:gc+age Collect");
    assert_eq!(exit, "0");
    assert_eq!(masked(&out), "[#.#s][warning][logging] No tag set matches selection: gc+age.\nend\n");
}
