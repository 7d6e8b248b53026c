//! `--audit`, `--learn` and `--prompt`, as those who start programs meet them.
//!
//! Deliberately not here: what the grants decide (tests/grants.rs).

#![allow(clippy::disallowed_methods, reason = "a test is the world outside, and may listen there")]

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;
#[path = "common/lab.rs"]
#[allow(dead_code, reason = "each test uses a part of what all share")]
mod lab;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::time::{Duration, Instant};

use lab::{Lab, outcome};

const ASKS: &[(&str, &str)] = &[("Asks.java", include_str!("oversight/Asks.java"))];
const NEEDS: &[(&str, &str)] = &[("Needs.java", include_str!("oversight/Needs.java"))];

fn asks(test: &str) -> Lab {
    Lab::new("oversight", test, ASKS)
}

// ------------------------------------------------------------------------------------------------------------- audit

/// The value of a field that is a string or null.
fn field<'l>(line: &'l str, name: &str) -> &'l str {
    let start =
        line.find(&format!("\"{name}\":")).unwrap_or_else(|| panic!("no {name} in {line}")) + name.len() + 3;
    let rest = &line[start..];
    if rest.starts_with("null") {
        return "null";
    }
    let mut escaped = false;
    let end = rest[1..].find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    &rest[1..=end.unwrap()]
}

#[test]
fn every_decision_is_a_line_that_says_who_asked() {
    let lab = asks("audit");
    let (present, record) = (lab.write("present", "text"), lab.path("audit.jsonl"));
    let audit = format!("--audit={record}");
    let allow = format!("--allow-read={present}");
    let args = [present.as_str(), "/none", "random", "load", "thread", "clock", "env:HOME"];
    let mut command = lab.command(&[&audit, &allow], &args);
    let (exit, out, err) = outcome(command.env("HOME", "/x"));
    assert_eq!((exit.as_str(), err.as_str()), ("0", ""), "{out}");
    assert!(out.starts_with(&format!("read {present}: text\nread /none: SecurityException\n")), "{out}");
    let text = fs::read_to_string(&record).unwrap();
    let decisions = |kind: &str, resource: &str| -> Vec<&str> {
        text.lines().filter(|l| field(l, "kind") == kind && field(l, "resource") == resource).collect()
    };
    for line in text.lines() {
        assert!(line.starts_with("{\"time\":\"20") && line.ends_with('}') && line.is_ascii(), "{line}");
        assert_eq!(field(line, "isolate"), "main");
    }
    let granted = decisions("read", &present);
    assert!(!granted.is_empty());
    for line in granted {
        assert_eq!(field(line, "decision"), "granted");
        assert!(field(line, "frame").starts_with("Asks.lambda$read$"), "{line}");
        assert!(field(line, "frame").contains("(Asks.java:"), "{line}");
        assert_eq!(field(line, "thread"), "main");
    }
    let refused = decisions("read", "/none");
    assert_eq!(refused.len(), 2, "each refusal is recorded once: {refused:?}");
    assert_eq!(field(refused[0], "decision"), "denied");
    assert_eq!(field(refused[0], "flag"), "--allow-read=/none");
    assert_eq!(field(refused[1], "thread"), "a \\\"b\\\"\\u000a\\u202e\\u001b[8m");
    assert_eq!(field(decisions("random", "")[0], "flag"), "--allow-random");
    let load = decisions("sys", "loadavg");
    assert_eq!((load.len(), field(load[0], "decision")), (1, "denied"));
    assert!(field(load[0], "frame").starts_with("Asks.load(Asks.java:"), "{load:?}");
    assert_eq!(field(decisions("env", "HOME")[0], "decision"), "neutral");
    assert!(decisions("sys", "os").iter().all(|line| field(line, "decision") == "neutral"));
    let clock = decisions("clock", "");
    assert!(clock.iter().any(|line| field(line, "frame").starts_with("Asks.lambda$main$")), "{clock:?}");
    // A second run goes on where the first one ended.
    lab.run(&[&audit], &["/other"]);
    let both = fs::read_to_string(&record).unwrap();
    assert!(both.starts_with(&text) && both.contains("\"/other\""));
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&record).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_program_whose_record_cannot_be_written_ends() {
    let lab = asks("audit-full");
    let (exit, out, err) = lab.all(&["--audit=/dev/full"], &["loop"]);
    assert_eq!((exit.as_str(), out.as_str()), ("124", ""));
    assert!(err.starts_with("carafe: the program was ended: its audit record cannot be written: "), "{err}");
    assert_eq!(err.lines().count(), 1, "{err}");
    let nowhere = lab.path("no/such/folder");
    let (exit, _, err) = lab.all(&[&format!("--audit={nowhere}")], &[]);
    assert_eq!(exit, "1");
    assert!(err.starts_with(&format!("carafe: cannot write to {nowhere}")), "{err}");
}

// ------------------------------------------------------------------------------------------------------------- learn

/// Answers every connection with a line, for as long as the test runs.
fn answering() -> u16 {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    std::thread::spawn(move || {
        server.incoming().for_each(|stream| stream.unwrap().write_all(b"line").unwrap())
    });
    port
}

/// Must-show 5: with the policy the program runs, and without any line of it that grants something it fails.
#[test]
fn what_is_learned_is_enough_and_nothing_in_it_is_too_much() {
    let lab = Lab::new("oversight", "learn", NEEDS);
    let port = answering().to_string();
    let (from, to) = (lab.write("in/file", "text "), lab.path("to"));
    let run = |options: &[&str]| {
        let mut command = lab.command(options, &[&from, &to, &port]);
        outcome(command.env("CARAFE_TEST_NAME", "name ").env("UNUSED", "x"))
    };
    assert_eq!(run(&[]).0, "1", "it needs grants");
    let (exit, out, err) = run(&["--learn=learned.toml"]);
    assert_eq!((exit.as_str(), out.as_str(), err.as_str()), ("0", "done 7\n", ""));
    assert_eq!(fs::read_to_string(&to).unwrap(), "text name line");
    let policy = fs::read_to_string(lab.folder.join("learned.toml")).unwrap();
    // A port that the system gave cannot be named, and its host covers the other port.
    let expected = format!(
        "[allow]\nread = [\n    \"{from}\",\n]\nwrite = [\n    \"{to}\",\n]\nnet = [\n    \"localhost\",\n]\n\
         listen = [\n    \"127.0.0.1:0\",\n]\nenv = [\n    \"CARAFE_TEST_NAME\",\n]\nsys = [\n    \"loadavg\",\n]\n"
    );
    assert!(policy.ends_with(&expected), "{policy}");
    let values: Vec<usize> = policy
        .lines()
        .enumerate()
        .filter(|(_, line)| line.starts_with("    \"") || line.ends_with(" = true"))
        .map(|(number, _)| number)
        .collect();
    assert!(values.len() >= 6, "{policy}");
    fs::remove_file(&to).unwrap();
    let (exit, out, err) = run(&["--policy=learned.toml"]);
    assert_eq!((exit.as_str(), out.as_str(), err.as_str()), ("0", "done 7\n", ""), "{policy}");
    for left_out in values {
        let lines = policy.lines().enumerate().filter(|(number, _)| *number != left_out);
        let without: String = lines.map(|(_, line)| format!("{line}\n")).collect();
        lab.write("without.toml", &without);
        let (exit, out, _) = run(&["--policy=without.toml"]);
        let line = policy.lines().nth(left_out).unwrap();
        assert_eq!((exit.as_str(), out.as_str()), ("1", ""), "it runs without {line} of {policy}");
    }
}

#[test]
fn a_policy_is_learned_however_the_program_ends() {
    let lab = asks("learn-ends");
    let path = lab.write("file", "text");
    let read = format!("read = [\n    \"{path}\",\n]\n");
    for (end, options, code) in [
        ("exit", &["--learn=p.toml"][..], "3"),
        ("throw", &["--learn=p.toml"], "1"),
        ("loop", &["--learn=p.toml", "--max-time=2s"], "122"),
        ("loop", &["--learn=p.toml", "--max-cpu=2s"], "121"),
    ] {
        let (exit, out, err) = lab.all(options, &[&path, end]);
        assert_eq!((exit.as_str(), out.as_str()), (code, format!("read {path}: text\n").as_str()), "{err}");
        let policy = fs::read_to_string(lab.folder.join("p.toml")).unwrap();
        assert!(policy.ends_with(&format!("[allow]\n{read}")), "{end}: {policy}");
        fs::write(lab.folder.join("p.toml"), "x".repeat(10_000)).unwrap();
    }
    lab.run(&["--learn=none.toml"], &["clock", "env:NO_SUCH"]);
    let policy = fs::read_to_string(lab.folder.join("none.toml")).unwrap();
    assert!(policy.ends_with("[allow]\n"), "{policy}");
    // A run that learns may still be denied something.
    let denied = format!("--deny-read={path}");
    assert!(lab.run(&["--learn=p.toml", &denied], &[&path]).contains("SecurityException"));
}

// ------------------------------------------------------------------------------------------------------------ prompt

/// A program at a terminal: its questions come from one end, answers go to it.
struct Terminal {
    master: fs::File,
    seen: String,
    child: std::process::Child,
}

impl Terminal {
    fn begin(lab: &Lab, options: &[&str], args: &[&str]) -> Terminal {
        use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let open = || -> OwnedFd {
            let flags = rustix::fs::OFlags::RDWR | rustix::fs::OFlags::NOCTTY | rustix::fs::OFlags::CLOEXEC;
            rustix::fs::open(name.as_c_str(), flags, rustix::fs::Mode::empty()).unwrap()
        };
        let mut command = lab.command(options, args);
        command.stdin(Stdio::from(open())).stderr(Stdio::from(open())).stdout(Stdio::piped());
        let child = command.spawn().unwrap();
        Terminal { master: master.into(), seen: String::new(), child }
    }

    /// What comes up to a text, which is left out of what comes next.
    fn until(&mut self, text: &str) -> String {
        let begun = Instant::now();
        loop {
            if let Some(at) = self.seen.find(text) {
                let rest = self.seen.split_off(at + text.len());
                return std::mem::replace(&mut self.seen, rest);
            }
            assert!(begun.elapsed() < lab::LIMIT, "no {text:?} in {:?}", self.seen);
            let mut bytes = [0; 4096];
            let count =
                self.master.read(&mut bytes).unwrap_or_else(|error| panic!("{error}: {:?}", self.seen));
            self.seen.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    }

    /// The next question, and the answer to it.
    fn answer(&mut self, answer: &str) -> String {
        let question = self.until("[n]ever? ");
        self.master.write_all(format!("{answer}\n").as_bytes()).unwrap();
        question
    }

    /// Output and exit code.
    fn end(mut self) -> (String, Option<i32>) {
        let mut out = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        // Only now: a question that nobody answered would have kept it.
        let status = self.child.wait().unwrap();
        (out, status.code())
    }
}

#[test]
fn whoever_sits_at_the_terminal_is_asked() {
    let lab = asks("prompt");
    let (a, b) = (lab.write("a", "A"), lab.write("b", "B"));
    let mut terminal = Terminal::begin(&lab, &["--prompt"], &[&a, &a, &a, &b, &b, "random", "random", &a]);
    let question = terminal.answer("o");
    assert!(question.contains(&format!("the program asks for read access to \"{a}\"")), "{question}");
    assert!(question.contains("at Asks.lambda$read$"), "{question}");
    assert!(question.contains("thread \"main\""), "{question}");
    assert!(terminal.answer("r").contains(&format!("\"{a}\"")), "once is once");
    // The third time it is granted for the run.
    assert!(terminal.answer("n").contains(&format!("\"{b}\"")));
    assert!(terminal.answer("r").contains("reading random bytes"));
    let (out, code) = terminal.end();
    assert_eq!(code, Some(0));
    let (refused, random) = (format!("read {b}: SecurityException\n"), "random: bytes\n");
    let read = format!("read {a}: A\n");
    assert_eq!(out, format!("{read}{read}{read}{refused}{refused}{random}{random}{read}"));
}

#[test]
fn answers_open_what_they_are_about_and_no_more() {
    let lab = asks("prompt-more");
    let (a, b) = (lab.write("a", "A"), lab.write("b", "B"));
    std::os::unix::fs::symlink(&b, lab.folder.join("link")).unwrap();
    let link = lab.path("link");
    let deny = format!("--deny-read={b}");
    // Denied by name: nobody is asked, whatever it is called.
    let mut terminal = Terminal::begin(&lab, &["--prompt", &deny], &[&b, &link, &format!("update:{a}")]);
    let question = terminal.answer("what");
    assert!(question.contains(&format!("read access to \"{a}\"")), "{question}");
    terminal.until("please type o, r or n: ");
    terminal.master.write_all(b"once\n").unwrap();
    assert!(terminal.answer("o").contains(&format!("write access to \"{a}\"")));
    let (out, _) = terminal.end();
    let expected = format!("read {b}: SecurityException\nread {link}: SecurityException\nupdate {a}: A\n");
    assert_eq!(out, expected);
    // Where a link leads to is said, and what is there stays the one that was asked about.
    let mut terminal = Terminal::begin(&lab, &["--prompt"], &[&link, "thread"]);
    let question = terminal.answer("r");
    assert!(question.contains(&format!("which leads to \"{b}\"")), "{question}");
    let question = terminal.answer("n");
    assert!(question.contains("thread \"a \"b\"\\u000a\\u202e\\u001b[8m\""), "{question:?}");
    assert!(!question[8..].contains('\x1b'), "{question:?}");
    assert_eq!(terminal.end().0, format!("read {link}: B\nread /none: SecurityException\n"));
}

#[test]
fn without_an_answer_or_a_terminal_it_is_refused() {
    let lab = asks("prompt-none");
    let path = lab.write("a", "A");
    let (exit, out, err) = lab.all(&["--prompt"], &[&path]);
    assert_eq!((exit.as_str(), err.as_str()), ("0", ""));
    assert_eq!(out, format!("read {path}: SecurityException\n"));
    // The end of input is no answer.
    let mut terminal = Terminal::begin(&lab, &["--prompt"], &[&path]);
    terminal.until("[n]ever? ");
    terminal.master.write_all(b"\x04").unwrap();
    assert_eq!(terminal.end().0, format!("read {path}: SecurityException\n"));
    // Neither does a question keep a program beyond its time.
    let begun = Instant::now();
    let mut terminal = Terminal::begin(&lab, &["--prompt", "--max-time=3s"], &[&path]);
    terminal.until("[n]ever? ");
    assert_eq!(terminal.end().1, Some(122));
    assert!(begun.elapsed() < Duration::from_secs(60));
}

/// What was typed before a question stood there is no answer to it.
#[test]
fn typed_ahead_counts_for_nothing() {
    let lab = asks("prompt-ahead");
    let path = lab.write("a", "A");
    let mut terminal = Terminal::begin(&lab, &["--prompt"], &["clock", &path]);
    terminal.master.write_all(b"r\nr\nr\n").unwrap();
    assert!(terminal.answer("n").contains(&path));
    assert_eq!(terminal.end().0, format!("clock: time\nread {path}: SecurityException\n"));
}
