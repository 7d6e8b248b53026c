//! Doors of the library: what is closed to programs without grants, whoever knocks, and what the surroundings cannot open.
//!
//! Attacks are numbered as in tests/ATTACKS.md. Invariant: each refusal has a twin that passes with the grant, or with the
//! option of the command line. Deliberately not here: files and sockets as such (tests/grants.rs).

#![allow(clippy::disallowed_methods, reason = "the test makes the sockets that programs are to meet")]

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;
#[allow(dead_code, reason = "each test uses a part of what all share")]
#[path = "common/lab.rs"]
mod lab;

use std::fs;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(120);
const REFUSED: &str = "java.lang.SecurityException: ";

struct Lab {
    jdk: PathBuf,
    classes: PathBuf,
    folder: PathBuf,
}

impl Lab {
    fn new(test: &str) -> Lab {
        let sources = [("Guest.java", include_str!("doors/Guest.java"))];
        let lab::Lab { jdk, classes, folder, .. } = lab::Lab::new("doors", test, &sources);
        Lab { jdk, classes, folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn command(&self) -> Command {
        let mut command = common::command(env!("CARGO_BIN_EXE_carafe"), &self.jdk);
        command.current_dir(&self.folder).arg("-XX:-CheckInterpreter");
        command
    }

    /// Exit code, output, error output.
    fn all(&self, command: &mut Command) -> (String, String, String) {
        let outcome = common::run(command, LIMIT).unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        (outcome.exit, text(outcome.stdout), text(outcome.stderr))
    }

    /// The output of a program that ends well.
    fn run(&self, options: &[&str], args: &[&str]) -> String {
        let (exit, out, err) =
            self.all(self.command().args(options).arg("-cp").arg(&self.classes).arg("Guest").args(args));
        assert_eq!((exit.as_str(), err.as_str()), ("0", ""), "{options:?} {args:?}: {out}");
        out
    }
}

/// What came of one attempt.
fn outcome<'o>(out: &'o str, what: &str) -> &'o str {
    let line = out.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("{what} in {out}"))
}

/// B1.
#[test]
fn what_jdk_unsupported_opens_does_not_exist() {
    let lab = Lab::new("unsupported");
    let out = lab.run(&[], &["unsupported"]);
    for name in ["sun.misc.Unsafe", "sun.reflect.ReflectionFactory"] {
        let none = format!("java.lang.ClassNotFoundException: {name}");
        for way in ["name", "platform", "lookup", "array"] {
            assert_eq!(outcome(&out, &format!("{way} {name}")), none);
        }
        assert_eq!(outcome(&out, &format!("module {name}")), "gave null");
    }
    assert_eq!(outcome(&out, "direct unsafe"), "java.lang.NoClassDefFoundError: sun/misc/Unsafe");
    assert_eq!(
        outcome(&out, "direct factory"),
        "java.lang.NoClassDefFoundError: sun/reflect/ReflectionFactory"
    );
    assert_eq!(outcome(&out, "type"), "java.lang.TypeNotPresentException: Type sun.misc.Unsafe not present");
    // A copy of the class is nobody's friend.
    assert!(outcome(&out, "copy").starts_with("java.lang.IllegalAccessError: "), "{out}");
    assert_eq!(outcome(&out, "signal"), "gave sun.misc.Signal", "the rest of the module is there");
    let granted = lab.run(&["--allow-ffi"], &["unsupported"]);
    assert_eq!(outcome(&granted, "direct unsafe"), "gave sun.misc.Unsafe");
    assert_eq!(outcome(&granted, "direct factory"), "gave true");
    assert!(outcome(&granted, "copy").starts_with("java.lang.IllegalAccessError: "));
}

/// B2, B9, B10, B13, B15.
#[test]
fn internals_agents_and_debuggers_are_closed() {
    let lab = Lab::new("internals");
    for options in [&[][..], &["--allow-read=/", "--allow-write=/tmp", "--allow-sys", "--allow-net"]] {
        let out = lab.run(options, &["internals"]);
        for (what, start) in [
            (
                "internal unsafe",
                "java.lang.IllegalAccessException: class Guest cannot access class jdk.internal.misc.Unsafe",
            ),
            ("internal field", "java.lang.reflect.InaccessibleObjectException: "),
            ("secrets", "java.lang.IllegalAccessException: "),
            ("private lookup", "java.lang.IllegalAccessException: module java.base does not open java.lang"),
            ("their opens", "java.lang.IllegalCallerException: java.lang is not open"),
            ("agent", "java.lang.IllegalAccessException: "),
            ("compiler", "java.lang.ClassNotFoundException: jdk.vm.ci.runtime.JVMCI"),
            ("attach", "java."),
            (
                "attach other",
                "java.lang.SecurityException: read access to \"/proc/99999/status\" is not granted",
            ),
            ("recorder", "java.lang.IllegalStateException: Flight Recorder is not supported"),
            ("recording", "java.lang.IllegalStateException: Flight Recorder is not supported"),
            ("library", "java.lang.IllegalCallerException: "),
            ("lookup", "java.lang.IllegalCallerException: "),
            ("downcall", "java.lang.SecurityException: native code is not granted (--allow-ffi)"),
            ("reinterpret", "java.lang.IllegalCallerException: "),
            ("security manager", "java.lang.UnsupportedOperationException: "),
        ] {
            assert!(outcome(&out, what).starts_with(start), "{what}: {}", outcome(&out, what));
        }
        for line in out.lines() {
            let fine = ["own export: ", "attach list: "].iter().any(|what| line.starts_with(what));
            assert!(fine || !line.contains(": gave "), "{line}");
        }
    }
    // What whoever runs the program opens is open.
    let open = [
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-exports=java.base/jdk.internal.access=ALL-UNNAMED",
    ];
    let out = lab.run(&open, &["internals"]);
    assert!(outcome(&out, "private lookup").starts_with("gave java.lang.ClassLoader"), "{out}");
    assert!(outcome(&out, "secrets").starts_with("gave "), "{out}");
    assert!(outcome(&out, "internal unsafe").starts_with("java.lang.IllegalAccessException"), "{out}");
}

/// B12.
#[test]
fn what_comes_with_a_program_opens_nothing() {
    let lab = Lab::new("manifest");
    let manifest = "Main-Class: Guest\nAdd-Opens: java.base/java.lang\nAdd-Exports: java.base/jdk.internal.access\n\
                    Enable-Native-Access: ALL-UNNAMED\nLauncher-Agent-Class: Guest\n";
    let jar = |name: &str, manifest: &str| {
        fs::write(lab.folder.join("m.txt"), manifest).unwrap();
        let mut jar = common::command(lab.jdk.join("bin/jar"), &lab.jdk);
        jar.current_dir(&lab.folder).args(["cfm", name, "m.txt", "-C"]).arg(&lab.classes).arg(".");
        let (exit, _, err) = lab.all(&mut jar);
        assert_eq!(exit, "0", "{err}");
    };
    jar("all.jar", manifest);
    jar("opens.jar", &manifest.replace("Launcher-Agent-Class: Guest\n", ""));
    jar("none.jar", "Other: x\n");
    for name in ["all.jar", "opens.jar"] {
        let (exit, out, err) = lab.all(lab.command().args(["-jar", name, "internals"]));
        assert_eq!((exit.as_str(), err.as_str()), ("0", ""));
        assert!(outcome(&out, "private lookup").starts_with("java.lang.IllegalAccessException"), "{out}");
        assert!(outcome(&out, "secrets").starts_with("java.lang.IllegalAccessException"), "{out}");
        assert!(outcome(&out, "library").starts_with("java.lang.IllegalCallerException"), "{out}");
    }
    let (_, out, _) = lab.all(lab.command().args(["-A", "-jar", "opens.jar", "internals"]));
    assert!(outcome(&out, "private lookup").starts_with("gave java.lang.ClassLoader"), "{out}");
    assert!(outcome(&out, "secrets").starts_with("gave "), "{out}");
    let none = ("1".to_owned(), String::new(), "no main manifest attribute, in none.jar\n".to_owned());
    assert_eq!(lab.all(lab.command().args(["-jar", "none.jar"])), none);
    assert_eq!(lab.all(lab.command().args(["-A", "-jar", "none.jar"])), none);

    // Nor does what lies around.
    fs::write(lab.folder.join("args"), "--add-opens=java.base/java.lang=ALL-UNNAMED\n").unwrap();
    let option = "--add-opens=java.base/java.lang=ALL-UNNAMED";
    for variable in ["JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"] {
        let with = |options: &[&str]| {
            let mut command = lab.command();
            command.env(variable, option).args(options).arg("-cp").arg(&lab.classes);
            lab.all(command.args(["Guest", "internals"]))
        };
        let (exit, out, err) = with(&[]);
        assert_eq!((exit.as_str(), err), ("0", format!("NOTE: {variable} is not read without -A\n")));
        assert!(outcome(&out, "private lookup").starts_with("java.lang.IllegalAccessException"), "{out}");
        let (_, out, err) = with(&["-A"]);
        assert!(err.contains(&format!("Picked up {variable}")), "{err}");
        assert!(outcome(&out, "private lookup").starts_with("gave "), "{out}");
    }
    let (exit, out, err) = lab.all(lab.command().arg("@args").arg("-cp").arg(&lab.classes).arg("Guest"));
    assert_eq!((exit.as_str(), out.as_str()), ("1", ""));
    assert_eq!(err, "Error: argument files are not read without -A: @args\n");
}

#[test]
fn a_watch_service_says_at_once_what_is_not_granted() {
    let lab = Lab::new("watch");
    let folder = lab.folder.display().to_string();
    let none = lab.path("none");
    let refused = |path: &str| {
        format!("java.io.IOException: read access to \"{path}\" is not granted (--allow-read={path})")
    };
    let out = lab.run(&[], &["watch", &folder, &none, &folder]);
    let expected = [&folder, &none, &folder].map(|path| format!("watch: {}\n", refused(path))).concat();
    assert_eq!(out, expected + "closed: gave null\n");
    fs::create_dir(lab.folder.join("in")).unwrap();
    let (inside, file) = (lab.path("in"), lab.path("in/file"));
    let grants = [format!("--allow-read={inside}"), format!("--allow-write={inside}")];
    let out = lab.run(&[&grants[0], &grants[1]], &["event", &folder, &inside, &file]);
    assert_eq!(out, format!("denied: {}\ntrue file\n", refused(&folder)));
    assert_eq!(
        lab.run(&["-A"], &["watch", &none]),
        format!("watch: java.nio.file.NoSuchFileException: {none}\nclosed: gave null\n")
    );
}

#[test]
fn locks_go_with_the_files_that_are_granted() {
    let lab = Lab::new("locks");
    fs::write(lab.folder.join("file"), "0123456789").unwrap();
    let file = lab.path("file");
    let grants = [format!("--allow-read={file}"), format!("--allow-write={file}")];
    let expected = "lock: gave true\nagain: java.nio.channels.OverlappingFileLockException: null\n\
                    beside: gave true\nread only: gave true\n\
                    read only, exclusive: java.nio.channels.NonWritableChannelException: null\n";
    assert_eq!(lab.run(&[&grants[0], &grants[1]], &["locks", &file]), expected);
    assert_eq!(lab.run(&["-A"], &["locks", &file]), expected);
}

/// B23, B24: what is no file has another end than the folder it lies in.
#[test]
fn pipes_devices_and_sockets_do_not_go_with_a_folder() {
    let lab = Lab::new("odd");
    let _socket = UnixListener::bind(lab.folder.join("socket")).unwrap();
    let pipe = lab.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut paths = vec![pipe.clone(), lab.path("socket")];
    // Only root may make one.
    let device = lab.path("device");
    if Command::new("mknod").args([&device, "c", "1", "3"]).status().is_ok_and(|status| status.success()) {
        paths.push(device.clone());
    }
    std::os::unix::fs::symlink("pipe", lab.folder.join("link")).unwrap();
    paths.push(lab.path("link"));
    let folder = lab.folder.display();
    let grants = [format!("--allow-read={folder}"), format!("--allow-write={folder}")];
    let args: Vec<&str> = std::iter::once("odd").chain(paths.iter().map(String::as_str)).collect();
    let out = lab.run(&[&grants[0], &grants[1]], &args);
    assert_eq!(out.lines().count(), 3 * paths.len(), "{out}");
    for line in out.lines() {
        let kind = if line.starts_with("write") { "write" } else { "read" };
        let name = line.split_whitespace().nth(1).unwrap().trim_end_matches(':');
        let path = lab.path(name);
        assert!(
            line.ends_with(&format!(
                "{REFUSED}{kind} access to \"{path}\" is not granted (--allow-{kind}={path})"
            )),
            "{line}"
        );
    }
    if paths.contains(&device) {
        let named = lab
            .run(&[&format!("--allow-read={device}"), &format!("--allow-write={device}")], &["odd", &device]);
        assert_eq!(
            named,
            format!("read device: gave \nwrite device: gave {device}\nstream device: gave -1\n")
        );
    }
    // A pipe that is named is waited for, as usual.
    let text = std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..2 {
                fs::write(&pipe, "through").unwrap();
                std::thread::sleep(Duration::from_millis(300));
            }
        });
        lab.run(&[&format!("--allow-read={pipe}")], &["odd", &pipe])
    });
    assert!(text.starts_with("read pipe: gave through\n"), "{text}");
}
