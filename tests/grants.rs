//! Grants, as a program meets them: what it is refused and in which words, what it gets, what it sees of the machine.
//!
//! Attacks are numbered as in tests/ATTACKS.md. Invariant: each refusal here has a twin in which the same attempt passes
//! with the grant that the refusal names. Deliberately not here: limits (tests/limits.rs), sockets.

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;
#[allow(dead_code, reason = "each test uses a part of what all share")]
#[path = "common/lab.rs"]
mod lab;

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(300);

struct Lab {
    jdk: PathBuf,
    classes: PathBuf,
    /// The test's own, without links in its name.
    folder: PathBuf,
}

impl Lab {
    fn new(test: &str) -> Lab {
        let sources = [("Guest.java", include_str!("grants/Guest.java"))];
        let lab::Lab { jdk, classes, folder, .. } = lab::Lab::new("grants", test, &sources);
        Lab { jdk, classes, folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn command(&self, options: &[&str], args: &[&str]) -> std::process::Command {
        let mut command = common::command(env!("CARGO_BIN_EXE_carafe"), &self.jdk);
        command.current_dir(&self.folder).arg("-XX:-CheckInterpreter").args(options);
        command.arg("-cp").arg(&self.classes).arg("Guest").args(args);
        command
    }

    /// Exit code, output, error output.
    fn all(&self, options: &[&str], args: &[&str]) -> (String, String, String) {
        let outcome = common::run(&mut self.command(options, args), LIMIT).unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        (outcome.exit, text(outcome.stdout), text(outcome.stderr))
    }

    /// The output of a program that ends well.
    fn run(&self, options: &[&str], args: &[&str]) -> String {
        let (exit, out, err) = self.all(options, args);
        assert_eq!((exit.as_str(), err.as_str()), ("0", ""), "{options:?} {args:?}: {out}");
        out
    }
}

const REFUSED: &str = "java.lang.SecurityException: ";

fn refusal(what: &str, path: &str) -> String {
    format!("{REFUSED}{what} access to \"{path}\" is not granted (--allow-{what}={path})")
}

/// B21, B16 as far as files go.
#[test]
fn without_grants_no_file_is_read_and_none_is_known_to_exist() {
    let lab = Lab::new("none");
    let (present, absent) = (lab.write("present", "text"), lab.path("absent"));
    let (seen, missing) = (lab.run(&[], &["read", &present]), lab.run(&[], &["read", &absent]));
    assert_eq!(seen.replace("present", "absent"), missing, "present and absent look alike");
    let expected = refusal("read", &present);
    for line in seen.lines() {
        let (what, outcome) = line.split_once(": ").unwrap();
        assert_eq!(outcome, expected, "{what}");
    }
    assert!(seen.lines().count() > 30);
    let granted = lab.run(&[&format!("--allow-read={present}")], &["read", &present]);
    for what in [
        "exists: gave true",
        "length: gave 4",
        "Files.size: gave 4",
        "parallel: gave [4, 4]",
        "thread: gave nothing",
    ] {
        assert!(granted.contains(what), "{what} in {granted}");
    }
    // Two of the attempts look elsewhere: at the root, and at the table of mounts.
    for line in granted.lines().filter(|line| line.contains("read access to")) {
        assert!(line.contains("\"/\"") || line.contains("\"/proc/mounts\""), "{line}");
    }
}

#[test]
fn without_grants_nothing_is_written() {
    let lab = Lab::new("write");
    let (present, absent) = (lab.write("present", "text"), lab.path("absent"));
    let out = lab.run(&["--allow-read", "--allow-random"], &["write", &present, &absent]);
    for line in out.lines() {
        assert!(line.contains(REFUSED) && line.contains("write access to"), "{line}");
    }
    assert!(out.lines().count() >= 30, "{out}");
    assert_eq!(fs::read_to_string(&present).unwrap(), "text");
    assert_eq!(fs::read_dir(&lab.folder).unwrap().count(), 1, "nothing came to be");
    let folder = lab.folder.display().to_string();
    let out =
        lab.run(&[&format!("--allow-read={folder}"), &format!("--allow-write={folder}")], &["put", &absent]);
    assert!(out.starts_with("put: gave"), "{out}");
    assert_eq!(fs::read_to_string(&absent).unwrap(), "put");
}

/// B22.
#[test]
fn what_is_granted_has_no_way_out() {
    let lab = Lab::new("beneath");
    lab.write("secret", "secret");
    lab.write("root/inner/file", "file");
    let root = lab.path("root");
    for (link, target) in [
        ("out", "../secret".to_owned()),
        ("out2", lab.path("secret")),
        ("folder", "..".to_owned()),
        ("near", "inner/file".to_owned()),
        ("far", lab.path("root/inner/file")),
        ("proc", "/proc/self/cwd/etc/passwd".to_owned()),
    ] {
        symlink(target, lab.folder.join("root").join(link)).unwrap();
    }
    let grant = format!("--allow-read={root}");
    let read = |path: &str| lab.run(&[&grant], &["cat", path]);
    for path in ["inner/file", "near", "far", "./inner//../inner/file", "inner/../near"] {
        assert_eq!(read(&format!("{root}/{path}")), "cat: gave file\n", "{path}");
    }
    assert_eq!(read(&format!("{root}/inner/../near")), "cat: gave file\n");
    assert_eq!(read("root/near"), "cat: gave file\n", "who is granted paths has a directory");
    for path in [
        "../secret",
        "out",
        "out2",
        "folder/secret",
        "inner/../../secret",
        "proc",
        "inner/../../../../../etc/passwd",
    ] {
        let path = format!("{root}/{path}");
        assert_eq!(read(&path), format!("cat: {}\n", refusal("read", &path)));
    }
    let twin = lab.path("Root/inner/file");
    assert_eq!(read(&twin), format!("cat: {}\n", refusal("read", &twin)));
    let other = format!("{root}x");
    assert_eq!(read(&other), format!("cat: {}\n", refusal("read", &other)));
    let long = format!("{root}/{}", "x".repeat(5000));
    assert!(read(&long).contains("File name too long"));
    assert!(
        read(&format!("{root}/none")).contains("NoSuchFileException"),
        "errors of granted paths are the usual ones"
    );
}

/// B22: a directory becomes a link and a directory again, all the time.
#[test]
fn a_race_of_links_wins_nothing() {
    let lab = Lab::new("race");
    lab.write("secret/file", "secret");
    lab.write("root/dir/file", "file");
    symlink("../secret", lab.folder.join("root/link")).unwrap();
    let over = AtomicBool::new(false);
    let out = std::thread::scope(|scope| {
        scope.spawn(|| {
            let root = std::os::fd::OwnedFd::from(File::open(lab.folder.join("root")).unwrap());
            while !over.load(Ordering::Relaxed) {
                use rustix::fs::{RenameFlags, renameat_with};
                renameat_with(&root, "dir", &root, "link", RenameFlags::EXCHANGE).unwrap();
            }
        });
        let out = lab.run(
            &[&format!("--allow-read={}", lab.path("root"))],
            &["race", &lab.path("root/dir/file"), "4000"],
        );
        over.store(true, Ordering::Relaxed);
        out
    });
    assert!(out.contains("file") && !out.contains("secret"), "{out}");
}

/// B23.
#[test]
fn no_list_of_folders_reaches_the_kernels_own_files() {
    let lab = Lab::new("kernel");
    for path in [
        "/proc/self/environ",
        "/proc/self/mem",
        "/proc/1/cmdline",
        "/sys/kernel/uevent_seqnum",
        "/dev/null",
        "/dev/mem",
    ] {
        for grant in ["--allow-read", "--allow-read=/"] {
            assert_eq!(lab.run(&[grant], &["cat", path]), format!("cat: {}\n", refusal("read", path)));
        }
    }
    assert!(lab.run(&["--allow-read"], &["cat", "/etc/passwd"]).starts_with("cat: gave"));
    assert!(lab.run(&["--allow-read=/proc/version"], &["cat", "/proc/version"]).contains("Linux"));
    assert!(lab.run(&["-A"], &["cat", "/proc/version"]).contains("Linux"));
}

/// B24.
#[test]
fn both_ends_are_asked() {
    let lab = Lab::new("ends");
    lab.write("in/file", "file");
    lab.write("out/file", "secret");
    let (r, w) = (format!("--allow-read={}", lab.path("in")), format!("--allow-write={}", lab.path("in")));
    let options = [r.as_str(), w.as_str()];
    let (inside, outside) = (lab.path("in/file"), lab.path("out/new"));
    let secret = lab.path("out/file");
    assert!(
        lab.run(&options, &["move", &inside, &outside]).contains(&format!("\"{outside}\" is not granted"))
    );
    assert!(
        lab.run(&options, &["move", &secret, &lab.path("in/new")])
            .contains(&format!("\"{secret}\" is not granted"))
    );
    let out = lab.run(&options, &["write", &secret, &lab.path("in/new")]);
    for line in out
        .lines()
        .filter(|line| ["createLink", "copy", "move", "renameTo"].iter().any(|what| line.contains(what)))
    {
        assert!(line.contains(&format!("\"{secret}\" is not granted")), "{line}");
    }
    assert_eq!(fs::read_to_string(&secret).unwrap(), "secret");
    assert!(lab.run(&options, &["move", &inside, &lab.path("in/moved")]).starts_with("move: gave"));
    // What is opened for both by the right to write one must be readable too.
    lab.write("in/private/file", "private");
    symlink("../private/file", lab.folder.join("in/link")).ok();
    let options =
        [format!("--allow-write={}", lab.path("in")), format!("--allow-read={}", lab.path("in/moved"))];
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let path = lab.path("in/private/file");
    assert_eq!(lab.run(&options, &["update", &path]), format!("update: {}\n", refusal("read", &path)));
    assert!(lab.run(&options, &["update", &lab.path("in/moved")]).contains("gave file"));
}

#[test]
fn a_denial_wins_and_moves_with_nothing() {
    let lab = Lab::new("deny");
    lab.write("all/open", "open");
    lab.write("all/shut/file", "secret");
    symlink("shut/file", lab.folder.join("all/link")).unwrap();
    let all = lab.path("all");
    let options = [
        format!("--deny-read={}", lab.path("all/shut")),
        format!("--allow-read={all}"),
        format!("--allow-write={all}"),
    ];
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    assert_eq!(lab.run(&options, &["cat", &lab.path("all/open")]), "cat: gave open\n");
    for path in ["all/shut/file", "all/link", "all/shut/none", "all/../all/shut/file"] {
        let path = lab.path(path);
        assert_eq!(lab.run(&options, &["cat", &path]), format!("cat: {}\n", refusal("read", &path)));
    }
    let moved = lab.run(&options, &["move", &lab.path("all/shut"), &lab.path("all/other")]);
    assert!(moved.contains(REFUSED), "{moved}");
    assert!(lab.folder.join("all/shut/file").exists());
    assert!(lab.run(&options, &["put", &lab.path("all/open")]).starts_with("put: gave"));
    let everything =
        lab.run(&["-A", &format!("--deny-read={all}")], &["cat", &lab.path("all/open"), "/proc/version"]);
    assert!(
        everything.starts_with(&format!("cat: {}", refusal("read", &lab.path("all/open")))),
        "{everything}"
    );
}

/// B20: whoever is refused 20,000 times is refused the same way the last time.
#[test]
fn refusals_leave_nothing_behind() {
    let lab = Lab::new("again");
    let path = lab.write("file", "x");
    assert_eq!(lab.run(&["--max-files=64"], &["again", &path]), "refused 20000\n");
}

/// B28, B35: what a program without grants sees is the same for everyone.
#[test]
fn the_machine_is_neutral_without_grants_and_itself_with_them() {
    let lab = Lab::new("machine");
    let run = |folder: &Path, variables: &[(&str, &str)], options: &[&str]| {
        let mut command = lab.command(options, &["machine"]);
        command.current_dir(folder).envs(variables.iter().copied());
        let outcome = common::run(&mut command, LIMIT).unwrap();
        assert_eq!(outcome.exit, "0", "{}", String::from_utf8_lossy(&outcome.stderr));
        String::from_utf8_lossy(&outcome.stdout).into_owned()
    };
    let tokyo = [("TZ", "Asia/Tokyo"), ("LC_ALL", "ja_JP.EUC-JP"), ("HOME", "/tmp"), ("SECRET", "xyzzy")];
    let (here, there) = (run(&lab.folder, &[], &[]), run(Path::new("/"), &tokyo, &[]));
    assert_eq!(here, there);
    for line in [
        "user.name=user",
        "user.home=/user",
        "user.dir=/",
        "user.language=en",
        "os.name=Linux",
        "os.version=6.0",
        "native.encoding=UTF-8",
        "country null",
        "processors 1",
        "zone UTC",
        "locale en",
        "environment {}",
        "process 1",
        "absolute /x",
    ] {
        assert!(here.lines().any(|found| found == line), "{line} in {here}");
    }
    for what in ["processes", "parent", "load"] {
        let line = here.lines().find(|line| line.starts_with(&format!("{what}: "))).unwrap();
        assert!(line.contains(REFUSED) && line.contains("(--allow-sys="), "{line}");
    }
    let truth = run(&lab.folder, &tokyo, &["--allow-sys", "--allow-env=SECRET"]);
    for line in ["zone Asia/Tokyo", "locale ja_JP", "environment {SECRET=xyzzy}", "native.encoding=EUC-JP"] {
        assert!(truth.contains(line), "{line} in {truth}");
    }
    assert!(truth.contains(&format!("user.dir={}", lab.folder.display())), "{truth}");
    assert!(!truth.contains("process 1\n") && truth.contains("load: gave"), "{truth}");
    let without = run(&lab.folder, &tokyo, &["--allow-sys", "--deny-sys=timezone"]);
    assert!(without.contains("zone UTC") && without.contains("locale ja_JP"), "{without}");
}

#[test]
fn variables_clocks_and_randomness_are_granted_by_value() {
    let lab = Lab::new("values");
    let environment = |options: &[&str]| {
        let mut command = lab.command(options, &["environment"]);
        command.env_clear().env("JAVA_HOME", &lab.jdk).envs([("HOME", "/h"), ("APP_A", "1"), ("APP_B", "2")]);
        String::from_utf8(common::run(&mut command, LIMIT).unwrap().stdout).unwrap()
    };
    assert_eq!(environment(&[]), "{}\nnull\n");
    assert_eq!(environment(&["--allow-env=HOME,APP_*", "--deny-env=APP_B"]), "{APP_A=1, HOME=/h}\n/h\n");
    let clock = lab.run(&["--allow-clock=fixed:86400000"], &["clock"]);
    let parts: Vec<u64> = clock.split_whitespace().map(|n| n.parse().unwrap()).collect();
    assert_eq!(parts[..2], [86_400_000, 86_400_000]);
    assert!(parts[2] >= 29, "{clock}");
    let coarse = lab.run(&["--allow-clock=coarse:1000"], &["clock"]);
    assert!(coarse.split_whitespace().all(|n| n.parse::<u64>().unwrap() % 1000 == 0), "{coarse}");
    assert!(lab.run(&[], &["clock"]).split_whitespace().count() == 3, "everybody has the real one");
    let random = |option: &str| lab.run(&[option], &["random"]);
    let seeded = random("--allow-random=seeded:1");
    assert!(seeded.starts_with("random: gave "), "{seeded}");
    assert_eq!(seeded, random("--allow-random=seeded:1"));
    assert_ne!(seeded, random("--allow-random=seeded:2"));
    assert_ne!(random("--allow-random"), random("--allow-random"));
    assert_eq!(
        random("--allow-sys"),
        format!("random: {REFUSED}reading random bytes is not granted (--allow-random)\n")
    );
}

/// B2, B29.
#[test]
fn native_code_and_foreign_memory_are_refused() {
    let lab = Lab::new("native");
    let out = lab.run(&[], &["native"]);
    for what in ["loadLibrary", "load", "reinterpret"] {
        assert!(out.contains(&format!("{what}: java.lang.IllegalCallerException")), "{out}");
    }
    let module_may = lab.run(&["--enable-native-access=ALL-UNNAMED"], &["native"]);
    for what in ["loadLibrary", "load"] {
        let line = format!("{what}: {REFUSED}native code is not granted (--allow-ffi)");
        assert!(module_may.lines().any(|found| found == line), "{line} in {module_may}");
    }
    assert!(out.contains("getenv: gave null"), "{out}");
    let (_, granted, _) = lab.all(&["-A", "--enable-native-access=ALL-UNNAMED"], &["native"]);
    assert!(granted.contains("loadLibrary: java.lang.UnsatisfiedLinkError"), "{granted}");
    assert!(
        lab.run(&[], &["signal"]).contains("handling signal \"WINCH\" is not granted (--allow-signal=WINCH)")
    );
    assert_eq!(lab.run(&["--allow-signal=WINCH"], &["signal"]), "signal: gave handled\n");
}

#[test]
fn policies_say_what_flags_say() {
    let lab = Lab::new("policy");
    let path = lab.write("data/file", "text");
    lab.write("p.toml", "[allow]\nread = [\n    \"data\",\n]\n[deny]\nread = [\"data/secret\"]\n");
    lab.write("data/secret", "secret");
    assert_eq!(lab.run(&["--policy", "p.toml"], &["cat", &path]), "cat: gave text\n");
    assert!(lab.run(&["--policy=p.toml"], &["cat", "data/secret"]).contains(REFUSED));
    assert!(lab.run(&["--policy=p.toml", "--deny-read=data/file"], &["cat", &path]).contains(REFUSED));
    lab.write("bad.toml", "[allow]\nread = [\"a\"]\nnet = [\"a:b:c:80/9\"]\n");
    let (exit, out, err) = lab.all(&["--policy=bad.toml"], &["cat", &path]);
    assert_eq!((exit.as_str(), out.as_str()), ("1", ""));
    assert!(err.starts_with("carafe: bad.toml:3: allow.net: "), "{err}");
    let (exit, _, err) = lab.all(&["--allow-sys=everything"], &["cat", &path]);
    assert!(exit == "1" && err.starts_with("carafe: --allow-sys: \"everything\" is no kind"), "{err}");
    let (_, _, err) = lab.all(&["--policy=none.toml"], &["cat", &path]);
    assert!(err.starts_with("carafe: cannot read policy none.toml"), "{err}");
}

#[test]
fn whoever_starts_the_machine_gets_its_log() {
    let lab = Lab::new("log");
    let log = lab.path("gc.log");
    let option = format!("-Xlog:gc:file={log}");
    assert!(lab.run(&[&option], &["cat", &log]).contains(REFUSED), "it is no file of the program");
    assert!(fs::read_to_string(&log).unwrap().contains("Using carafe"));
}

/// A binary that is called `java` is taken for it, and grants what it grants.
#[test]
fn a_link_called_java_grants_everything() {
    let lab = Lab::new("link");
    let path = lab.write("file", "text");
    let link = lab.folder.join("java");
    symlink(env!("CARGO_BIN_EXE_carafe"), &link).unwrap();
    let mut command = common::command(&link, &lab.jdk);
    command.args(["-XX:-CheckInterpreter", "-cp"]).arg(&lab.classes).args(["Guest", "cat", &path]);
    let outcome = common::run(&mut command, LIMIT).unwrap();
    assert_eq!(String::from_utf8_lossy(&outcome.stdout), "cat: gave text\n");
}
