//! Jars that lie (`carafe_mutator::jars`): the library on carafe makes of each what it makes of it on the reference machine,
//! and the reader of the boot loader and of the tools believes the same jars and the same names.
//!
//! Where sizes lie, the library hands out what it unpacks and the reader of the tools refuses. Invariants: no panic, and no
//! more memory than the heap and a fixed amount. Deliberately not here: what a single field may say (unit tests of
//! `classloader/src/source/jar.rs`).

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use carafe_classloader::source::Jar;
use carafe_mutator::jars;
use carafe_mutator::zip::{ZipEnd, ZipEntry, zip};

const LIMIT: Duration = Duration::from_secs(200);
const HEAP: &str = "-Xmx64m";
/// Resident memory of a process with that heap.
const RESIDENT_MAX: u64 = 320 << 20;

struct Bench {
    jdk: PathBuf,
    folder: PathBuf,
}

impl Bench {
    fn new(name: &str) -> Bench {
        let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("jars").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("jars")).unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/jars");
        let mut command = common::command(jdk.join("bin/javac"), &jdk);
        command.arg("-d").arg(&folder).arg(source.join("Jars.java")).arg(source.join("Main.java"));
        let outcome = common::run(&mut command, LIMIT).unwrap();
        assert_eq!(outcome.exit, "0", "{}", String::from_utf8_lossy(&outcome.stderr));
        Bench { jdk, folder }
    }

    /// The files of two classes `Main`.
    fn classes(&self) -> (Vec<u8>, Vec<u8>) {
        let first = fs::read(self.folder.join("Main.class")).unwrap();
        let at = first.windows(6).position(|bytes| bytes == b"first.").unwrap();
        let mut second = first.clone();
        second[at..at + 6].copy_from_slice(b"second");
        (first, second)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.join("jars").join(format!("{name}.jar"));
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Exit code, standard output and error output of one machine, whose resident memory is watched.
    fn run(&self, reference: bool, args: &[&str]) -> (String, String, String) {
        let binary = std::env::var_os("CARAFE_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_carafe").into());
        let program = if reference { self.jdk.join("bin/java") } else { binary.into() };
        let mut command = common::command(program, &self.jdk);
        common::as_java(&mut command);
        command.args(args).current_dir(&self.folder);
        let (code, out, err, most) = watched(&mut command);
        assert!(reference || most < RESIDENT_MAX, "{args:?} took {} MiB", most >> 20);
        (code, out, err)
    }
}

/// Runs a command; its exit code, output, error output and peak of resident memory.
fn watched(command: &mut Command) -> (String, String, String, u64) {
    let start = Instant::now();
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let output = thread::scope(|scope| {
        let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let collect = |from: &mut dyn std::io::Read| {
            let mut text = Vec::new();
            from.read_to_end(&mut text).unwrap();
            String::from_utf8_lossy(&text).into_owned()
        };
        let out = scope.spawn(move || collect(&mut out));
        let err = scope.spawn(move || collect(&mut err));
        let (mut most, mut code) = (0, None);
        while code.is_none() && start.elapsed() < LIMIT {
            let text = fs::read_to_string(&status).unwrap_or_default();
            let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
            let digits: String = peak.chars().filter(char::is_ascii_digit).collect();
            most = most.max(digits.parse::<u64>().unwrap_or(0) << 10);
            code = child.try_wait().unwrap();
            thread::sleep(Duration::from_millis(3));
        }
        if code.is_none() {
            child.kill().unwrap();
        }
        let code = code.map_or_else(|| "too slow".to_owned(), |code| code.to_string());
        (code, out.join().unwrap(), err.join().unwrap(), most)
    });
    child.wait().unwrap();
    output
}

/// The lines about each jar.
fn by_jar(listing: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut by_jar: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in listing.lines() {
        let (jar, rest) = line.split_once('|').unwrap_or_default();
        by_jar.entry(jar).or_default().push(rest);
    }
    by_jar
}

#[test]
fn lies_are_taken_as_on_the_reference_machine() {
    let bench = Bench::new("lies");
    let (first, second) = bench.classes();
    let cases = jars::cases(&first, &second);
    for (name, bytes) in &cases {
        bench.write(name, bytes);
    }
    let args = [HEAP, "-cp", ".", "Jars", "jars"];
    let (theirs, ours) = (bench.run(true, &args), bench.run(false, &args));
    assert_eq!((theirs.0.as_str(), theirs.2.as_str()), ("exit status: 0", ""));
    let (theirs_by_jar, ours_by_jar) = (by_jar(&theirs.1), by_jar(&ours.1));
    assert_eq!(theirs_by_jar.len(), cases.len());
    for (jar, lines) in &theirs_by_jar {
        assert_eq!(ours_by_jar.get(jar), Some(lines), "{jar}; {}", ours.2);
    }
    assert_eq!(ours, theirs);
    let mut odd = Vec::new();
    for (name, bytes) in cases {
        odd.extend(agrees(&theirs_by_jar[name], name, bytes).err().map(|what| format!("{name}: {what}")));
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
}

/// Whether the reader of the tools sees in a jar what the library saw.
fn agrees(lines: &[&str], name: &str, bytes: Vec<u8>) -> Result<(), String> {
    let jar = Jar::from_bytes(Path::new(name), bytes);
    let opened = lines.iter().find_map(|line| line.strip_prefix("open|")).unwrap_or_default();
    let jar = match (jar, opened.strip_prefix("ok ")) {
        (Ok(jar), Some(_)) => jar,
        (Err(_), None) => return Ok(()),
        (jar, _) => return Err(format!("the library: {opened}; here: {:?}", jar.err())),
    };
    for line in lines.iter().filter_map(|line| line.strip_prefix("entry|")) {
        let fields: Vec<&str> = line.split('|').collect();
        let (entry, size, read) = (fields[0], fields[1], &fields[2..]);
        if entry.contains('%') || entry.contains('~') {
            continue;
        }
        // The library takes a folder for a file of its name without the slash, and the other way round.
        let here = jar.read(entry).map_err(|error| error.to_string());
        match (&here, read) {
            (Ok(Some(bytes)), [len, _]) if *len == size && bytes.len().to_string() == *len => {}
            (Err(_), [len, _]) if *len != size => {}
            (Err(_), [_]) => {}
            _ => return Err(format!("{line}; here: {:?}", here.map(|bytes| bytes.map(|bytes| bytes.len())))),
        }
    }
    Ok(())
}

#[test]
fn jars_that_are_started() {
    let bench = Bench::new("started");
    let (first, _) = bench.classes();
    let main = ZipEntry::stored("Main.class", &first);
    let manifest = |text: &str| ZipEntry::stored("META-INF/MANIFEST.MF", text.as_bytes());
    let good = "Manifest-Version: 1.0\nMain-Class: Main\n\n";
    let end = ZipEnd::default();
    let whole = zip(&[manifest(good), main.clone()], &end);
    let looped = |other: &str| {
        let text = format!(
            "Manifest-Version: 1.0\nMain-Class: Main\nClass-Path: {other}.jar loop-a.jar loop-b.jar\n\n"
        );
        zip(&[manifest(&text)], &end)
    };
    let cases = [
        ("good", whole.clone()),
        ("no-manifest", zip(std::slice::from_ref(&main), &end)),
        ("no-main-class", zip(&[manifest("Manifest-Version: 1.0\n\n"), main.clone()], &end)),
        ("not-a-jar", b"PK or not".to_vec()),
        ("cut", whole[..whole.len() - 30].to_vec()),
        ("behind-a-stub", [b"#!/bin/sh\n".to_vec(), whole].concat()),
        ("loop-a", looped("loop-b")),
        ("loop-b", looped("loop-a")),
        ("many", {
            let mut entries = vec![manifest(good), main.clone()];
            entries.extend((0..2000).map(|n| ZipEntry::stored(&format!("e{n}"), b"")));
            zip(&entries, &end)
        }),
    ];
    for (name, bytes) in &cases {
        bench.write(name, bytes);
    }
    for (name, _) in cases {
        let jar = format!("jars/{name}.jar");
        let args = [HEAP, "-jar", &jar];
        let (theirs, ours) = (bench.run(true, &args), bench.run(false, &args));
        assert_eq!(ours, theirs, "{name}");
    }
    // What the reference machine does here depends on its heap; here it has to end, and within the memory.
    let packed = jars::packed(&vec![b'x'; 48 << 20]);
    let large = ZipEntry::deflated("META-INF/MANIFEST.MF", &packed, 48 << 20);
    let jar = bench.write("large-manifest", &zip(&[large, main], &end));
    let (code, out, _) = bench.run(false, &[HEAP, "-jar", jar.to_str().unwrap()]);
    assert_eq!((code.as_str(), out.as_str()), ("exit status: 1", ""));
}

#[test]
fn jars_that_are_verified() {
    let bench = Bench::new("verified");
    let (first, second) = bench.classes();
    for (name, bytes) in jars::cases(&first, &second) {
        let opens = Jar::from_bytes(Path::new(name), bytes.clone()).is_ok();
        let path = bench.write(name, &bytes);
        let (code, out, err) = bench.run(false, &["verify", path.to_str().unwrap()]);
        let codes: &[&str] =
            if opens { &["exit status: 0", "exit status: 1", "exit status: 2"] } else { &["exit status: 2"] };
        let codes = if name.starts_with("honest") { &codes[..1] } else { codes };
        assert!(codes.contains(&code.as_str()), "{name}: {code}, {out}{err}");
        assert!(!err.contains("panicked") && !err.contains("internal error"), "{name}: {err}");
    }
    // Two million entries in a hundred megabytes.
    let path = bench.write("flood", &jars::flood(2_000_000));
    let (code, _, err) = bench.run(false, &["verify", path.to_str().unwrap()]);
    assert_eq!(code, "exit status: 2", "{err}");
    // Jars inside jars, each of 200 MiB, in one of 4 MiB.
    let inner = zip(&[ZipEntry::stored("x", &vec![0; 200 << 20])], &ZipEnd::default());
    let inner_len = inner.len() as u32;
    let packed = jars::packed(&inner);
    drop(inner);
    let entries: Vec<ZipEntry> =
        (0..20).map(|n| ZipEntry::deflated(&format!("WEB-INF/lib/{n}.jar"), &packed, inner_len)).collect();
    let path = bench.write("nested", &zip(&entries, &ZipEnd::default()));
    let mut command = common::command(env!("CARGO_BIN_EXE_carafe"), &bench.jdk);
    let (code, _, err, most) = watched(command.arg("verify").arg(&path));
    assert_eq!(code, "exit status: 2");
    assert!(err.contains("jars inside jars take more than 1073741824 bytes"), "{err}");
    assert!(most < 1600 << 20, "{} MiB", most >> 20);
}
