//! A server of plugins: three authors, three isolates, different grants; one of them misbehaves, and the others never notice.
//!
//! ```sh
//! javac -d target/plugins samples/plugin-host/plugins/*/*.java
//! cargo run --release --example plugin-host -- target/plugins samples/plugin-host/texts
//! ```
//!
//! Alice's plugin may read the folder of texts. Bob's has no grants and works with functions of the host. Mallory's has
//! neither grants nor manners: each of its requests is another misdeed. When a plugin has ended, the host starts it anew for
//! its next request. Deliberately not here: a network; requests come from a list.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use carafe::{CallError, HostClass, HostError, Isolate, Kind, Limits, Policy, StartError, Stdio, jdk};

/// What Mallory does, request by request.
const DEEDS: &[&str] = &[
    "behave",
    "loop",
    "catch everything",
    "finally again",
    "initializer",
    "hook",
    "regex",
    "digits",
    "copy",
    "sleep",
    "park",
    "deadlock",
    "read nothing",
    "threads",
    "virtual threads",
    "memory",
    "memory again and again",
    "large arrays",
    "direct memory",
    "recursion",
    "hash flood",
    "names",
    "cleaners",
    "output",
    "log",
    "exit",
    "halt",
    "secrets",
    "call home",
    "environment",
    "library",
    "stealing",
    "exception",
    "behave",
];

/// How often a plugin may log, and how much it may store.
const LINES_MAX: usize = 1000;
const STORED_MAX: usize = 64 << 10;

/// One author's plugin: how its isolate is made, and the isolate while there is one.
struct Plugin {
    author: &'static str,
    class: &'static str,
    classes: PathBuf,
    policy: Policy,
    limits: Limits,
    /// What it has stored, which outlives its isolates.
    store: Arc<Mutex<HashMap<String, Vec<u8>>>>,
    isolate: Option<Isolate>,
    starts: usize,
}

impl Plugin {
    fn new(
        author: &'static str,
        class: &'static str,
        classes: &Path,
        policy: Policy,
        limits: Limits,
    ) -> Plugin {
        Plugin {
            author,
            class,
            classes: classes.join(author),
            policy,
            limits,
            store: Arc::default(),
            isolate: None,
            starts: 0,
        }
    }

    /// Has the plugin answer a request, in a new isolate if the last one has ended.
    fn handle(&mut self, request: &str) -> Result<String, CallError> {
        if self.isolate.as_ref().is_none_or(|isolate| isolate.ended().is_some()) {
            // The old one goes first: what it held is free again.
            self.isolate = None;
            self.isolate = Some(self.start().map_err(|error| CallError::Panicked(error.to_string()))?);
            self.starts += 1;
        }
        match &self.isolate {
            Some(isolate) => isolate.call(self.class, "handle", (request,)),
            None => Err(CallError::Terminated),
        }
    }

    fn start(&self) -> Result<Isolate, StartError> {
        let jdk = jdk::Search::of_process().find().map_err(|error| StartError::Part(error.to_string()))?;
        Isolate::builder(jdk.home)
            .class_path(&self.classes)
            .policy(self.policy.clone())
            .limits(self.limits.clone())
            // A pipe that nobody writes to.
            .stdin(Stdio::piped())
            .host_class(self.functions())
            .start()
    }

    /// What this plugin may ask of the host.
    fn functions(&self) -> HostClass {
        let (author, lines) = (self.author, Mutex::new(0));
        let (for_store, for_load) = (self.store.clone(), self.store.clone());
        HostClass::new("host.Host")
            .function("log", move |_, (line,): (String,)| {
                let mut lines = lines.lock().map_err(|_| HostError::new("the log is gone"))?;
                *lines += 1;
                match *lines {
                    // Nobody but this host prints to the terminal, so control characters of a plugin's are not passed on.
                    count if count <= 3 => println!("  log of {author}: {}", line.escape_debug()),
                    count if count > LINES_MAX => return Err(HostError::denied("that is enough logging")),
                    _ => {}
                }
                Ok(())
            })
            .function("store", move |_, (name, value): (String, Vec<u8>)| {
                let mut store = for_store.lock().map_err(|_| HostError::new("the store is gone"))?;
                let stored: usize = store.iter().map(|(name, value)| name.len() + value.len()).sum();
                if stored + name.len() + value.len() > STORED_MAX {
                    return Err(HostError::of_class("java.io.IOException", "the store is full"));
                }
                store.insert(name, value);
                Ok(())
            })
            .function("load", move |_, (name,): (String,)| {
                let store = for_load.lock().map_err(|_| HostError::new("the store is gone"))?;
                Ok(store.get(&name).cloned())
            })
    }
}

/// What one author's plugin has answered.
#[derive(Default)]
struct Report {
    answers: usize,
    failures: Vec<String>,
    slowest: Duration,
}

impl Report {
    fn add(
        &mut self,
        answer: Result<String, CallError>,
        expected: impl FnOnce(&str) -> bool,
        took: Duration,
    ) {
        match answer {
            Ok(answer) if expected(&answer) => self.answers += 1,
            other => self.failures.push(format!("{other:?}")),
        }
        self.slowest = self.slowest.max(took);
    }
}

fn timed(plugin: &mut Plugin, request: &str) -> (Result<String, CallError>, Duration) {
    let begin = Instant::now();
    let answer = plugin.handle(request);
    (answer, begin.elapsed())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(classes), Some(texts)) = (arguments.next(), arguments.next()) else {
        return Err("usage: plugin-host FOLDER-OF-CLASSES FOLDER-OF-TEXTS".into());
    };
    let (classes, texts) = (split_by_author(Path::new(&classes))?, std::fs::canonicalize(texts)?);
    let mut reads_texts = Policy::default();
    reads_texts.add(true, Kind::Read, texts.to_str());
    let modest = Limits { heap: 32 << 20, threads: 24, files: 16, ..Limits::default() };
    let strict = Limits {
        cpu: Some(Duration::from_millis(1500)),
        time: Some(Duration::from_secs(4)),
        output: Some(64 << 10),
        off_heap: 16 << 20,
        ..modest.clone()
    };
    let mut alice = Plugin::new("alice", "alice.Words", &classes, reads_texts, modest.clone());
    let mut bob = Plugin::new("bob", "bob.Visits", &classes, Policy::default(), modest);
    let mut mallory = Plugin::new("mallory", "mallory.Mallory", &classes, Policy::default(), strict);
    let text = texts.join("fox.txt").display().to_string();

    // The two that behave answer requests on a thread each, as long as Mallory's requests take.
    let over = std::sync::atomic::AtomicBool::new(false);
    let is_over = || over.load(std::sync::atomic::Ordering::Relaxed);
    let (alices, bobs) = thread::scope(|scope| {
        let alices = scope.spawn(|| {
            let mut report = Report::default();
            while !is_over() {
                let (answer, took) = timed(&mut alice, &text);
                report.add(answer, |answer| answer == "the=3 fox=2 brown=1", took);
                thread::sleep(Duration::from_millis(10));
            }
            (report, alice.starts)
        });
        let bobs = scope.spawn(|| {
            let mut report = Report::default();
            for n in 1.. {
                if is_over() {
                    break;
                }
                let (answer, took) = timed(&mut bob, "ann");
                report.add(answer, |answer| answer == format!("ann was here {n} times"), took);
                thread::sleep(Duration::from_millis(10));
            }
            (report, bob.starts)
        });
        for deed in DEEDS {
            let (answer, took) = timed(&mut mallory, deed);
            let answer = match answer {
                Ok(answer) => format!("answered {answer:?}"),
                Err(error) => format!("{error}"),
            };
            println!("mallory, {deed}: {} ({} ms)", answer.escape_debug(), took.as_millis());
        }
        over.store(true, std::sync::atomic::Ordering::Relaxed);
        (alices.join(), bobs.join())
    });
    for (author, outcome) in [("alice", alices), ("bob", bobs)] {
        let (report, starts) = outcome.map_err(|_| format!("the thread for {author} panicked"))?;
        println!(
            "{author}: {} requests answered, {} failed, {starts} start, slowest {} ms",
            report.answers,
            report.failures.len(),
            report.slowest.as_millis()
        );
        if let Some(failure) = report.failures.first() {
            return Err(format!("{author} failed: {failure}").into());
        }
    }
    println!("mallory: {} requests, {} starts", DEEDS.len(), mallory.starts);
    Ok(())
}

/// A folder of each author's classes alone: what lies on a plugin's class path, it may read.
fn split_by_author(classes: &Path) -> std::io::Result<PathBuf> {
    let split = classes.join("split");
    for author in ["alice", "bob", "mallory"] {
        let (from, to) = (classes.join(author), split.join(author).join(author));
        std::fs::create_dir_all(&to)?;
        for entry in std::fs::read_dir(from)? {
            let file = entry?.path();
            if let Some(name) = file.file_name() {
                std::fs::copy(&file, to.join(name))?;
            }
        }
    }
    Ok(split)
}
