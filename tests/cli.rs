//! The command line against the reference JVM: every row below runs on both, in the same folder, and must end with the same
//! exit code and the same text on both streams. Only rows whose text names carafe itself have their own expectations.
//!
//! Invariants: nothing expected is written down here that the reference can tell; no child outlives its time limit, so a hang
//! is a failure. Deliberately not here: which words are options (src/cli/options/tests.rs), programs (tests/golden.rs).

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(120);

/// Folder of the class files, sources and jars that the rows name.
struct Lab {
    jdk: PathBuf,
    folder: PathBuf,
}

const SOURCES: &[(&str, &str)] = &[
    (
        "Hi.java",
        r#"public class Hi {
            public static void main(String[] args) throws Exception {
                System.out.println("hi " + java.util.Arrays.toString(args));
                assert args.length == 0 : "assertion";
                switch (args.length == 0 ? "" : args[0]) {
                    case "exit" -> System.exit(Integer.parseInt(args[1]));
                    case "halt" -> Runtime.getRuntime().halt(Integer.parseInt(args[1]));
                    case "throw" -> throw new Exception("boo", new Error("cause"));
                    case "property" -> System.out.println(System.getProperty(args[1]));
                    case "cat" -> System.in.transferTo(System.out);
                    case "deep" -> { try { deep(0); } catch (StackOverflowError e) { System.out.println(most > Integer.parseInt(args[1])); } }
                    case "fill" -> { var list = new java.util.ArrayList<byte[]>(); for (;;) list.add(new byte[1000000]); }
                    case "module" -> System.out.println(Hi.class.getModule().isNamed() + " " + ModuleLayer.boot().findModule(args[1]).isPresent());
                    case "open" -> {
                        var field = Class.forName("java.lang.String").getDeclaredField("value");
                        try { field.setAccessible(true); System.out.println("open"); }
                        catch (RuntimeException e) { System.out.println(e.getClass()); }
                    }
                    default -> {}
                }
            }
            static int most;
            static int deep(int n) { most = n; return deep(n + 1) + 1; }
        }"#,
    ),
    ("NoMain.java", "public class NoMain {}"),
    ("BadMain.java", "public class BadMain { public static int main(String[] a) { return 1; } }"),
    ("Instance.java", "class Instance { void main() { System.out.println(\"instance\"); } }"),
    ("Private.java", "class Private { private Private(int x) {} void main() {} }"),
    ("Abstract.java", "abstract class Abstract { void main() {} }"),
    ("InitThrows.java", "class InitThrows { static int x = 1 / 0; public static void main(String[] a) {} }"),
    (
        "Child.java",
        "class Child extends NoMain { public static void main(String[] a) { System.out.println(1); } }",
    ),
    (
        "Hook.java",
        r#"class Hook { public static void main(String[] a) throws Exception {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
            System.out.println("ready");
            Thread.sleep(60_000);
        } }"#,
    ),
    (
        "Handler.java",
        r#"import sun.misc.*;
        class Handler { public static void main(String[] a) throws Exception {
            var latch = new java.util.concurrent.CountDownLatch(1);
            Signal.handle(new Signal("WINCH"), s -> { System.out.println(s + " " + Thread.currentThread().getName()); latch.countDown(); });
            Signal.raise(new Signal("WINCH"));
            latch.await();
            for (String name : new String[] {"SEGV", "KILL", "QUIT", "NONE", "ILL"}) {
                try { Signal.handle(new Signal(name), SignalHandler.SIG_IGN); System.out.println(name); }
                catch (IllegalArgumentException e) { System.out.println(e.getMessage()); }
            }
            System.out.println(Signal.handle(new Signal("TERM"), SignalHandler.SIG_IGN) == SignalHandler.SIG_DFL);
            Signal.raise(new Signal("TERM"));
            System.out.println("still here");
        } }"#,
    ),
];

/// The folder as this file describes it, made anew when this file or the JDK is another than last time.
fn lab() -> Lab {
    let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli");
    fs::create_dir_all(&folder).unwrap();
    let turn = File::create(folder.with_extension("lock")).unwrap();
    turn.lock().unwrap();
    let release = fs::read_to_string(jdk.join("release")).unwrap_or_default();
    let wanted = format!("{}\n{release}\n{}", jdk.display(), include_str!("cli.rs"));
    let stamp = folder.join("stamp");
    let lab = Lab { jdk, folder };
    if fs::read_to_string(&stamp).is_ok_and(|before| before == wanted) {
        return lab;
    }
    fs::remove_dir_all(&lab.folder).unwrap();
    for part in ["src", "cls", "bad", "empty", "jars", "mods/m.one/one", "mods/m.two/two"] {
        fs::create_dir_all(lab.folder.join(part)).unwrap();
    }
    for (name, text) in SOURCES {
        lab.write(&format!("src/{name}"), text.as_bytes());
    }
    let sources: Vec<String> = SOURCES.iter().map(|(name, _)| format!("src/{name}")).collect();
    lab.javac(&[&["-nowarn", "-XDignore.symbol.file", "-d", "cls"][..], &texts(&sources)].concat());
    lab.modules();
    lab.jars();
    lab.damaged();
    lab.write(
        "src/Broken.java",
        b"class Broken { int x = \"text\"; public static void main(String[] a) {} }",
    );
    lab.write("args.txt", b"-Dfrom=file -cp \"cls\" Hi property from");
    fs::write(stamp, wanted).unwrap();
    lab
}

fn texts(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

impl Lab {
    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.folder.join(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.join(name)).unwrap()
    }

    fn tool(&self, tool: &str, args: &[&str]) {
        let mut command = common::command(self.jdk.join("bin").join(tool), &self.jdk);
        let outcome = common::run(command.current_dir(&self.folder).args(args), LIMIT).unwrap();
        assert_eq!(outcome.exit, "0", "{tool} {args:?}: {}", String::from_utf8_lossy(&outcome.stderr));
    }

    fn javac(&self, args: &[&str]) {
        self.tool("javac", args);
    }

    fn modules(&self) {
        self.write(
            "mods/m.one/module-info.java",
            b"module m.one { exports one; uses java.util.function.Supplier; }",
        );
        self.write(
            "mods/m.one/one/One.java",
            b"package one; public class One { public static void main(String[] a) { System.out.println(One.class.getModule()
              + \" \" + java.util.ServiceLoader.load(java.util.function.Supplier.class).findFirst().isPresent()); } }",
        );
        self.write(
            "mods/m.two/module-info.java",
            b"module m.two { requires m.one; provides java.util.function.Supplier with two.Two; }",
        );
        self.write(
            "mods/m.two/two/Two.java",
            b"package two; public class Two implements java.util.function.Supplier<String> { public String get() { return \"two\"; }
              public static void main(String[] a) { one.One.main(a); } }",
        );
        let all = ["mods/m.one/module-info.java", "mods/m.one/one/One.java"];
        self.javac(&[&["-d", "modules/m.one"], &all[..]].concat());
        let all = ["mods/m.two/module-info.java", "mods/m.two/two/Two.java"];
        self.javac(&[&["-p", "modules", "-d", "modules/m.two"], &all[..]].concat());
        self.tool("jar", &["cfe", "modules/two.jar", "two.Two", "-C", "modules/m.two", "."]);
        fs::remove_dir_all(self.folder.join("modules/m.two")).unwrap();
    }

    fn jars(&self) {
        let jar = |name: &str, manifest: &str, classes: &[&str]| {
            self.write("manifest.txt", manifest.as_bytes());
            let name = format!("jars/{name}");
            let mut args = vec!["cfm", &name, "manifest.txt"];
            for class in classes {
                args.extend(["-C", "cls", class]);
            }
            self.tool("jar", &args);
        };
        jar("hi.jar", "Main-Class: Hi\n", &["Hi.class"]);
        jar("no-main-attribute.jar", "X: y\n", &["Hi.class"]);
        jar("class-path.jar", "Main-Class: Hi\nClass-Path: hi.jar absent.jar\n", &["NoMain.class"]);
        jar("absent-main.jar", "Main-Class: Absent\n", &["NoMain.class"]);
        jar("opens.jar", "Main-Class: Hi\nAdd-Opens: java.base/java.lang\n", &["Hi.class"]);
        self.tool("jar", &["cfM", "jars/no-manifest.jar", "-C", "cls", "Hi.class"]);
        // The same class says other things from version 17 on, and again from 99 on, which is never.
        for (folder, text) in [("v0", "old"), ("v17", "new"), ("v99", "future")] {
            self.write(
                "src/Versioned.java",
                format!("class Versioned {{ public static void main(String[] a) {{ System.out.println(\"{text}\"); }} }}")
                    .as_bytes(),
            );
            self.javac(&["-d", folder, "src/Versioned.java"]);
        }
        self.write("manifest.txt", b"Main-Class: Versioned\nMulti-Release: true\n");
        fs::create_dir_all(self.folder.join("mr/META-INF/versions/17")).unwrap();
        fs::create_dir_all(self.folder.join("mr/META-INF/versions/99")).unwrap();
        for (from, to) in [("v0", ""), ("v17", "META-INF/versions/17/"), ("v99", "META-INF/versions/99/")] {
            self.write(&format!("mr/{to}Versioned.class"), &self.read(&format!("{from}/Versioned.class")));
        }
        self.tool("jar", &["cfm", "jars/versions.jar", "manifest.txt", "-C", "mr", "."]);
    }

    /// Files that are not what their names say.
    fn damaged(&self) {
        let class = self.read("cls/Hi.class");
        self.write("bad/Hi.class", &class[..class.len() / 2]);
        self.write("bad/Empty.class", b"");
        self.write("bad/Zero.class", &[0; 500]);
        self.write("bad/Other.class", &class);
        self.write("bad/Magic.class", &[b"\xca\xfe\xba\xbf", &class[4..]].concat());
        self.write("bad/Pool.class", &[&class[..8], &[0xff, 0xff], &class[10..]].concat());
        let plain = self.read("cls/NoMain.class");
        for (name, version) in [("Future", 70u16), ("Zeroth", 0)] {
            // Class names of one length keep the file well-formed otherwise.
            let text = String::from_utf8_lossy(&plain).into_owned();
            assert!(text.contains("NoMain"));
            let mut bytes = plain.clone();
            while let Some(at) = bytes.windows(6).position(|w| w == b"NoMain") {
                bytes[at..at + 6].copy_from_slice(name.as_bytes());
            }
            bytes[6..8].copy_from_slice(&version.to_be_bytes());
            self.write(&format!("bad/{name}.class"), &bytes);
        }
        // The superclass of the main class is damaged, not the main class.
        self.write("bad/Child.class", &self.read("cls/Child.class"));
        self.write("bad/NoMain.class", &plain[..plain.len() - 3]);
        let jar = self.read("jars/hi.jar");
        self.write("bad/truncated.jar", &jar[..jar.len() / 2]);
        self.write("bad/empty.jar", b"");
        self.write("bad/text.jar", b"this is no jar\n");
        let mut swapped = jar.clone();
        let middle = jar.len() / 3;
        swapped[middle..middle + 200].reverse();
        self.write("bad/swapped.jar", &swapped);
    }

    fn command(&self, program: &Path, line: &str) -> Command {
        let mut command = common::command(program, &self.jdk);
        common::as_java(&mut command);
        command.current_dir(&self.folder).args(line.split_whitespace());
        command
    }

    /// Exit code and both streams of a line on one VM.
    fn run(&self, program: &Path, line: &str, variables: &[(&str, &str)]) -> (String, String, String) {
        let mut command = self.command(program, line);
        command.envs(variables.iter().copied());
        let outcome = common::run(&mut command, LIMIT).unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (outcome.exit, text(&outcome.stdout), text(&outcome.stderr))
    }

    fn reference(&self) -> PathBuf {
        self.jdk.join("bin/java")
    }

    /// Runs each line on both VMs; complains about all that differ.
    fn compare(&self, lines: &[&str]) {
        let rows: Vec<(&str, &[(&str, &str)])> = lines.iter().map(|line| (*line, &[][..])).collect();
        self.compare_with(&rows);
    }

    fn compare_with(&self, rows: &[(&str, &[(&str, &str)])]) {
        let mut complaints = Vec::new();
        for (line, variables) in rows {
            let expected = self.run(&self.reference(), line, variables);
            let got = self.run(carafe(), line, variables);
            if expected != got {
                complaints.push(format!("{line} {variables:?}\n  java:   {expected:?}\n  carafe: {got:?}"));
            }
        }
        assert!(
            complaints.is_empty(),
            "{} of {} rows:\n{}",
            complaints.len(),
            rows.len(),
            complaints.join("\n")
        );
    }
}

fn carafe() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_carafe"))
}

#[test]
fn main_classes() {
    lab().compare(&[
        "-cp cls Hi",
        "-cp cls Hi a b",
        "-cp cls Hi exit 7",
        "-cp cls Hi exit -1",
        "-cp cls Hi exit 300",
        "-cp cls Hi halt 9",
        "-cp cls Hi throw",
        "-cp cls NoMain",
        "-cp cls BadMain",
        "-cp cls Instance",
        "-cp cls Private",
        "-cp cls Abstract",
        "-cp cls InitThrows",
        "-cp cls Absent",
        "-cp cls hi",
        "-cp cls Hi.class",
        "-cp cls cls/Hi",
        "Absent",
        "absent.java",
    ]);
}

#[test]
fn class_paths() {
    lab().compare(&[
        "-cp absent Hi",
        "-cp absent:cls:jars/absent.jar Hi property java.class.path",
        "-cp empty:bad/truncated.jar:bad/text.jar:cls Hi",
        "-cp cls/Hi.class Hi",
        "-cp jars/hi.jar Hi",
        "-cp empty/* Hi",
        "-cp modules/*:cls Hi property java.class.path",
        "--class-path=cls Hi",
        "@args.txt",
        "@args.txt more",
        "@absent.txt",
        "-cp",
    ]);
    lab().compare_with(&[
        ("Hi", &[("CLASSPATH", "cls")]),
        ("Hi", &[("CLASSPATH", "absent")]),
        ("-cp cls Hi property q", &[("JAVA_TOOL_OPTIONS", "-Dq=1")]),
        ("-cp cls Hi property q", &[("JDK_JAVA_OPTIONS", "-Dq='2 3'")]),
        ("-Dq=4 -cp cls Hi property q", &[("_JAVA_OPTIONS", "-Dq=5")]),
        ("-cp cls Hi", &[("JDK_JAVA_OPTIONS", "-Dq='2")]),
        ("-cp cls Hi", &[("JAVA_TOOL_OPTIONS", "-nosuch")]),
    ]);
}

#[test]
fn jars() {
    lab().compare(&[
        "-jar jars/hi.jar a",
        "-jar jars/no-main-attribute.jar",
        "-jar jars/no-manifest.jar",
        "-jar jars/class-path.jar property java.class.path",
        "-jar jars/absent-main.jar",
        "-jar jars/opens.jar open",
        "-jar jars/hi.jar open",
        "-jar jars/versions.jar",
        "-cp jars/versions.jar Versioned",
        "-jar absent.jar",
        "-jar cls",
        "-jar bad/truncated.jar",
        "-jar bad/empty.jar",
        "-jar bad/text.jar",
    ]);
}

#[test]
fn damaged_files() {
    lab().compare(&[
        "-cp bad Hi",
        "-cp bad Empty",
        "-cp bad Zero",
        "-cp bad Other",
        "-cp bad Magic",
        "-cp bad Pool",
        "-cp bad Future",
        "-cp bad Zeroth",
        "-cp bad Child",
        "-cp bad/swapped.jar Hi",
        "--patch-module java.base=absent -cp cls Hi",
        "-Xbootclasspath/a:absent -cp cls Hi",
        "-Xbootclasspath/a:bad/text.jar -cp cls Hi",
        "--patch-module java.base=bad/truncated.jar -cp cls Hi",
        "--patch-module absent=cls -cp cls Hi",
    ]);
}

#[test]
fn modules() {
    lab().compare(&[
        "-p modules -m m.one/one.One",
        "-p modules -m m.two",
        "-p modules -m m.one",
        "-p modules --add-modules m.two -m m.one/one.One",
        "-p modules -m m.one/one.Absent",
        "-p absent -m m.one/one.One",
        "-m absent",
        "-m java.base",
        "-p modules --describe-module m.one",
        "-p modules --list-modules",
        "--list-modules",
        "--describe-module java.logging",
        "--describe-module absent",
        "--add-modules absent -cp cls Hi",
        "--add-modules java.sql -cp cls Hi module java.sql",
        "--limit-modules java.base -cp cls Hi module java.sql",
        "--add-opens java.base/java.lang=ALL-UNNAMED -cp cls Hi open",
        "-cp cls Hi open",
        "--add-exports absent/a=ALL-UNNAMED -cp cls Hi",
        "--add-exports java.base/absent=ALL-UNNAMED -cp cls Hi",
        "--add-exports java.base -cp cls Hi",
        "--add-reads java.base=absent -cp cls Hi",
        "--validate-modules",
        "--dry-run -cp cls Hi",
        "--dry-run -cp cls Absent",
        "--show-module-resolution --limit-modules java.base -cp cls Hi",
    ]);
}

#[test]
fn options() {
    lab().compare(&[
        "-Da.b=c=d -cp cls Hi property a.b",
        "-Da.b -cp cls Hi property a.b",
        "-ea -cp cls Hi x",
        "-ea:Hi -cp cls Hi x",
        "-ea:foo... -cp cls Hi x",
        "-ea:... -cp cls Hi x",
        "-ea -da:Hi -cp cls Hi x",
        "-esa -cp cls Hi x",
        "-Xmx16m -cp cls Hi fill",
        "-Xss64m -cp cls Hi deep 200000",
        "-Xss256k -cp cls Hi deep 100",
        "-Xfoo",
        "-nosuch -cp cls Hi",
        "--nosuch",
        "-XX:+NoSuchFlag -cp cls Hi",
        "-XX:+IgnoreUnrecognizedVMOptions -XX:+NoSuchFlag -cp cls Hi",
        "-Xmx1z -cp cls Hi",
        "-Xmx1k -cp cls Hi",
        "-Xmx1m -cp cls Hi",
        "-Xmx64m -Xms128m -cp cls Hi",
        "-Xverify:foo -cp cls Hi",
    ]);
}

#[test]
fn source_files() {
    lab().compare(&[
        "src/Hi.java a",
        "-ea src/Hi.java a",
        "--source 25 src/Hi.java",
        "src/Broken.java",
        "src/NoMain.java",
    ]);
}

#[test]
fn versions_and_help() {
    let lab = lab();
    for line in ["-version", "--version", "-showversion -cp cls Hi", "--show-version -cp cls Hi"] {
        let (exit, out, err) = lab.run(&lab.reference(), line, &[]);
        let (our_exit, our_out, our_err) = lab.run(carafe(), line, &[]);
        assert_eq!(our_exit, exit, "{line}");
        // The library's two lines are the same; the third names the VM.
        for (ours, theirs) in [(our_out, out), (our_err, err)] {
            assert_eq!(ours.lines().count(), theirs.lines().count(), "{line}");
            for (ours, theirs) in ours.lines().zip(theirs.lines()) {
                assert!(ours == theirs || ours.starts_with("carafe "), "{line}: {ours}");
            }
        }
    }
    for line in ["--help", "--help-extra"] {
        let (exit, out, err) = lab.run(carafe(), line, &[]);
        assert_eq!((exit.as_str(), err.as_str()), ("0", ""), "{line}");
        assert!(out.lines().count() > 10, "{line}");
    }
    let (exit, out, err) = lab.run(carafe(), "", &[]);
    assert_eq!((exit.as_str(), out.as_str(), err.lines().count()), ("1", "", 1), "{err}");
    let (exit, out, _) = lab.run(carafe(), "--list-natives", &[]);
    assert_eq!(exit, "0");
    for line in [
        "implemented java.base java/lang/Object.hashCode()I isolate",
        "implemented java.base java/io/FileOutputStream.open0(Ljava/lang/String;Z)V write",
        "implemented java.base sun/nio/fs/UnixNativeDispatcher.getcwd()[B sys=directory",
    ] {
        assert!(out.lines().any(|found| found == line), "{line}");
    }
}

#[test]
fn verbose_class_names_every_class_and_its_source() {
    let lab = lab();
    let (exit, out, _) = lab.run(carafe(), "-verbose:class -cp cls Hi", &[]);
    assert_eq!(exit, "0");
    let loaded: Vec<&str> =
        out.lines().filter_map(|line| line.split_once("[info][class,load] ")).map(|p| p.1).collect();
    assert_eq!(loaded.first(), Some(&"java.lang.Object source: jrt:/java.base"));
    let own = format!("Hi source: file:{}/cls/", lab.folder.canonicalize().unwrap().display());
    assert_eq!(loaded.iter().filter(|line| **line == own).count(), 1, "{own}");
    assert!(loaded.len() > 300, "{} classes", loaded.len());
}

#[test]
fn standard_input_is_read() {
    let lab = lab();
    let mut child =
        lab.command(carafe(), "-cp cls Hi cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = "line\n".repeat(100_000);
    let sent = text.clone();
    let writer = thread::spawn(move || input.write_all(sent.as_bytes()).unwrap());
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    writer.join().unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(out, format!("hi [cat]\n{text}"));
}

#[test]
fn signals_run_the_shutdown_hooks() {
    let lab = lab();
    lab.compare(&["-cp cls Handler"]);
    for (options, signal, code, rest) in [
        ("", rustix::process::Signal::TERM, Some(143), "hook\n"),
        ("", rustix::process::Signal::INT, Some(130), "hook\n"),
        ("", rustix::process::Signal::HUP, Some(129), "hook\n"),
        ("-Xrs ", rustix::process::Signal::TERM, None, ""),
    ] {
        // A shell that runs the tests in the background ignores INT, and what is ignored at the start stays so.
        let mut command = lab.command(Path::new("env"), "--default-signal=INT,HUP,TERM");
        command.arg(carafe()).args(format!("{options}-cp cls Hook").split_whitespace());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        let pid = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(pid, signal).unwrap();
        line.clear();
        out.read_to_string(&mut line).unwrap();
        assert_eq!((child.wait().unwrap().code(), line.as_str()), (code, rest), "{options}{signal:?}");
    }
}

#[test]
fn a_damaged_or_foreign_image_is_refused_in_one_line() {
    let lab = lab();
    let home = lab.folder.join("image");
    fs::create_dir_all(home.join("lib")).unwrap();
    fs::create_dir_all(home.join("bin")).unwrap();
    fs::write(home.join("bin/java"), "").unwrap();
    let real = fs::read(lab.jdk.join("release")).unwrap();
    fs::write(home.join("release"), real).unwrap();
    let image = File::open(lab.jdk.join("lib/modules")).unwrap();
    let mut beginning = Vec::new();
    image.take(1 << 20).read_to_end(&mut beginning).unwrap();
    let mut other_version = beginning.clone();
    other_version[4] ^= 0x40;
    for bytes in [&b""[..], b"no image", &[0; 4096], &beginning, &other_version] {
        fs::write(home.join("lib/modules"), bytes).unwrap();
        let mut command = lab.command(carafe(), "-cp cls Hi");
        let outcome = common::run(command.env("JAVA_HOME", &home), LIMIT).unwrap();
        let err = String::from_utf8_lossy(&outcome.stderr);
        assert_eq!((outcome.exit.as_str(), err.lines().count()), ("1", 1), "{err}");
        assert!(err.starts_with("carafe: "), "{err}");
    }
}
