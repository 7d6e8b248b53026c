//! Programs that a guest starts: which it may, what it may give them, and the process that starts them for it.
//!
//! Attacks are numbered as in tests/ATTACKS.md. What processes do once they are granted is compared with the reference by the
//! golden programs `proc_...`. Deliberately not here: the kernel's walls (tests/walls.rs).

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;
#[allow(dead_code, reason = "each test uses a part of what all share")]
#[path = "common/lab.rs"]
mod lab;

#[path = "common/guest.rs"]
mod guest;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(120);
const REFUSED: &str = "java.lang.SecurityException: ";

struct Lab {
    jdk: PathBuf,
    classes: PathBuf,
    folder: PathBuf,
}

impl Lab {
    fn new(test: &str) -> Lab {
        let sources = [("Guest.java", include_str!("programs/Guest.java"))];
        let lab::Lab { jdk, classes, folder, .. } = lab::Lab::new("programs", test, &sources);
        Lab { jdk, classes, folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn command(&self, options: &[&str], args: &[&str]) -> Command {
        let mut command = common::command(env!("CARGO_BIN_EXE_carafe"), &self.jdk);
        command.current_dir(&self.folder).arg("-XX:-CheckInterpreter").args(options);
        command.arg("-cp").arg(&self.classes).arg("Guest").args(args);
        command
    }

    /// The output of a program that ends well.
    fn run(&self, options: &[&str], args: &[&str]) -> String {
        let outcome = common::run(&mut self.command(options, args), LIMIT).unwrap();
        let (out, err) = (String::from_utf8_lossy(&outcome.stdout), String::from_utf8_lossy(&outcome.stderr));
        assert_eq!((outcome.exit.as_str(), &*err), ("0", ""), "{options:?} {args:?}: {out}");
        out.into_owned()
    }

    /// A running program, with its output to be read line by line.
    fn begin(&self, options: &[&str], args: &[&str]) -> (Child, BufReader<std::process::ChildStdout>) {
        let mut command = self.command(options, args);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        (child, out)
    }
}

fn refusal(program: &str) -> String {
    format!("{REFUSED}running \"{program}\" is not granted (--allow-run={program})")
}

/// The children of a process, with their names, as the kernel tells.
fn children_of(id: u32) -> Vec<(u32, String)> {
    let list = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
    let tasks = fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    let others = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    let mut ids: Vec<u32> = others
        .chain([list])
        .flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<u32>>())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let name =
        |id: &u32| fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default().trim().to_owned();
    ids.iter().map(|id| (*id, name(id))).collect()
}

fn eventually(what: &str, mut is: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// B28.
#[test]
fn without_grants_no_program_runs_and_none_is_known_to_exist() {
    let lab = Lab::new("none");
    let out = lab.run(&["--allow-env", "--allow-read=/"], &["every"]);
    for (what, program) in [
        ("start", "true"),
        ("absent", "no-such-program"),
        ("path", "/bin/true"),
        ("exec", "true"),
        ("pipeline", "true"),
        ("thread", "true"),
    ] {
        let line = format!("{what}: {}", refusal(program));
        assert!(out.lines().any(|found| found == line), "{line} in {out}");
    }
    assert!(out.contains("parent: gave Optional.empty\n"), "{out}");
    for what in ["all", "of"] {
        let line = out.lines().find(|line| line.starts_with(&format!("{what}: "))).unwrap();
        assert!(line.contains(REFUSED) && line.contains("--allow-sys=process"), "{line}");
    }
}

#[test]
fn programs_are_granted_by_name_path_and_arguments() {
    let lab = Lab::new("names");
    let run = |grant: &str, command: &[&str]| lab.run(&[grant], &[&["run"], command].concat());
    assert_eq!(run("--allow-run=echo", &["echo", "a", "b"]), "run: gave a b 0\n");
    assert_eq!(run("--allow-run=echo", &["/bin/echo", "a"]), "run: gave a 0\n");
    assert_eq!(run("--allow-run=/bin/echo", &["echo", "a"]), "run: gave a 0\n");
    assert_eq!(run("--allow-run=echo,cat", &["sh", "-c", "id"]), format!("run: {}\n", refusal("sh")));
    assert_eq!(run("--allow-run=echo a", &["echo", "a"]), "run: gave a 0\n");
    assert_eq!(run("--allow-run=echo a", &["echo", "b"]), format!("run: {}\n", refusal("echo")));
    assert_eq!(run("--allow-run", &["sh", "-c", "echo $0; exit 3"]), "run: gave sh 3\n");
    // A name is looked for where the process looks, not where the program stands.
    fs::copy("/bin/echo", lab.folder.join("mine")).unwrap();
    assert_eq!(
        run("--allow-run=mine", &[&lab.path("mine")]),
        format!("run: {}\n", refusal(&lab.path("mine")))
    );
    assert_eq!(run("--allow-run=./mine", &[&lab.path("mine"), "x"]), "run: gave x 0\n");
    let link = lab.path("link");
    std::os::unix::fs::symlink("/bin/echo", &link).unwrap();
    assert_eq!(run("--allow-run=echo", &[&link]), format!("run: {}\n", refusal(&link)));
    assert!(
        run("--allow-run=no-such-program", &["no-such-program"])
            .contains("Cannot run program \"no-such-program\": Exec failed, error: 2")
    );
    let denied = lab.run(&["--allow-run", "--deny-run=sh"], &["run", "/bin/../bin/sh", "-c", "id"]);
    assert_eq!(denied, format!("run: {}\n", refusal("/bin/../bin/sh")));
    let policy = "[allow]\nrun = [\"echo one\"]\n";
    fs::write(lab.folder.join("p.toml"), policy).unwrap();
    assert_eq!(lab.run(&["--policy=p.toml"], &["run", "echo", "one"]), "run: gave one 0\n");
}

/// B28: what steers a program is not the guest's to say.
#[test]
fn the_environment_of_a_listed_program_is_granted_too() {
    let lab = Lab::new("environment");
    let with = |grants: &[&str], variable: &str| lab.run(grants, &["with", variable, "env"]);
    let refused = |name: &str, flag: &str| {
        format!(
            "with: {REFUSED}setting environment variable \"{name}\" of a program is not granted ({flag})\n"
        )
    };
    assert_eq!(lab.run(&["--allow-run=env"], &["bare", "env"]), "bare: gave  0\n");
    assert_eq!(with(&["--allow-run=env"], "A=b"), refused("A", "--allow-env=A"));
    assert_eq!(with(&["--allow-run=env", "--allow-env=A"], "A=b"), "with: gave A=b 0\n");
    for variable in ["PATH", "LD_PRELOAD", "LD_LIBRARY_PATH", "BASH_ENV", "JAVA_TOOL_OPTIONS"] {
        let out = with(&["--allow-run=env", &format!("--allow-env={variable}")], &format!("{variable}=/tmp"));
        assert_eq!(out, refused(variable, "--allow-run"));
        let out = with(&["--allow-run"], &format!("{variable}=/tmp"));
        assert!(out.starts_with("with: gave") && out.contains(&format!("{variable}=/tmp 0\n")), "{out}");
    }
    // What was granted to be read is passed on.
    let passed = lab.run(&["--allow-run=env", "--allow-env=TZ"], &["run", "env"]);
    assert_eq!(passed, "run: gave TZ=UTC 0\n");
}

#[test]
fn files_that_a_program_is_handed_are_opened_by_the_gate() {
    let lab = Lab::new("redirect");
    fs::write(lab.folder.join("in"), "text").unwrap();
    let (input, output) = (lab.path("in"), lab.path("out"));
    let out = lab.run(&["--allow-run"], &["redirect", &input, &output]);
    let read = format!("{REFUSED}read access to \"{input}\" is not granted (--allow-read={input})");
    let write = format!("{REFUSED}write access to \"{output}\" is not granted (--allow-write={output})");
    let folder = lab.folder.display();
    let look = format!("{REFUSED}read access to \"{folder}\" is not granted (--allow-read={folder})");
    assert_eq!(out, format!("from: {read}\nto: {write}\nappend: {write}\nfolder: {look}\n"));
    assert!(!lab.folder.join("out").exists());
    let both = [format!("--allow-read={folder}"), format!("--allow-write={folder}")];
    let out = lab.run(&["--allow-run", &both[0], &both[1]], &["redirect", &input, &output]);
    assert_eq!(out, format!("from: gave text 0\nto: gave 0\nappend: gave 0\nfolder: gave {folder} 0\n"));
    assert_eq!(fs::read_to_string(&output).unwrap(), "x\n");
}

/// Whoever started a process may know it, wait for it and end it, and no other.
#[test]
fn a_program_knows_its_own_processes_and_no_others() {
    let lab = Lab::new("children");
    let out = lab.run(&["--allow-run=cat"], &["children"]);
    let cat = fs::canonicalize("/bin").unwrap().join("cat");
    let expected = format!(
        "alive: gave true {} []\nchild: gave true true 1\ndestroy: gave true\ncode: gave 143\n\
         gone: gave false false 0\ntimeout: gave false 137\nexit: ",
        cat.display()
    );
    assert!(out.starts_with(&expected), "{out}");
    assert!(out.contains("read access to \"/dev/null\""), "{out}");
    let mut other = Command::new("sleep").arg("1000").spawn().unwrap();
    let id = other.id().to_string();
    let out = lab.run(&["--allow-run=cat"], &["foreign", &id]);
    for line in out.lines() {
        assert!(line.contains(REFUSED), "{line}");
    }
    let out = lab.run(&["--allow-run=cat", "--allow-sys=process"], &["foreign", &id]);
    let refused = format!("destroy: {REFUSED}ending process {id} is not granted (--allow-run)");
    assert_eq!(out, format!("of: gave true\n{refused}\nall: gave true\n"));
    assert!(other.try_wait().unwrap().is_none());
    let out = lab.run(&["--allow-run", "--allow-sys=process"], &["foreign", &id]);
    assert_eq!(out, "of: gave true\ndestroy: gave true\nall: gave true\n");
    other.wait().unwrap();
}

/// The process that starts programs is there only where it is needed, and ends with its only user.
#[test]
fn the_starter_comes_and_goes() {
    let lab = Lab::new("starter");
    for (options, expected) in
        [(&["--allow-run=sleep"][..], &["carafe starter", "sleep"][..]), (&["-A"], &["sleep"])]
    {
        let (mut child, mut out) = lab.begin(options, &["sleep"]);
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let sleeper: u32 = line.trim().parse().unwrap();
        let children = children_of(child.id());
        let mut names: Vec<&str> = children.iter().map(|(_, name)| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, expected, "{options:?}");
        assert!(children.iter().any(|(id, _)| *id == sleeper), "its own child");
        child.kill().unwrap();
        child.wait().unwrap();
        for (id, name) in &children {
            if name == "carafe starter" {
                eventually("the starter ends", || !Path::new(&format!("/proc/{id}")).exists());
            }
        }
        // As under java, programs outlive the machine.
        assert!(Path::new(&format!("/proc/{sleeper}")).exists());
        Command::new("kill").arg(sleeper.to_string()).status().unwrap();
    }
    let (mut child, mut out) = lab.begin(&["--allow-run=true"], &["many"]);
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    assert_eq!(line, "done\n");
    let left: Vec<String> = children_of(child.id()).into_iter().map(|(_, name)| name).collect();
    assert_eq!(left, ["carafe starter"], "no zombies");
    child.stdin.take().unwrap().write_all(b"\n").unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn without_its_starter_a_program_goes_on() {
    let lab = Lab::new("lost");
    let (mut child, mut out) = lab.begin(&["--allow-run=sleep,true"], &["lost"]);
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    let starter = children_of(child.id()).into_iter().find(|(_, name)| name == "carafe starter").unwrap().0;
    Command::new("kill").args(["-KILL", &starter.to_string()]).status().unwrap();
    child.stdin.take().unwrap().write_all(b"\n").unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    let lost = "java.io.IOException: Cannot run program \"true\": Exec failed, error: 32 (Broken pipe) ";
    assert_eq!(rest, format!("after: {lost}\nagain: {lost}\nbefore: gave 0\n"));
    assert!(child.wait().unwrap().success());
}

/// In a process with several machines nobody else would wait for them.
#[test]
fn programs_end_with_a_machine_that_its_host_takes_down() {
    let host = guest::Host::new("programs-guest", include_str!("programs/Guest.java"));
    let guest::Machine { vm, out, err } = host.machine(None, |_| {});
    let runner = guest::start(&vm, &["sleep"]);
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line).unwrap();
    let sleeper = format!("/proc/{}", line.trim());
    assert!(Path::new(&sleeper).exists(), "{line}");
    vm.terminate(9);
    assert_eq!(runner.join().unwrap(), 9);
    guest::take_down(vm);
    drop(err);
    // The last thread on its way out takes the machine's things with it. Not even a zombie is left.
    eventually("the program ends with its machine", || !Path::new(&sleeper).exists());
}

#[test]
fn programs_leave_no_descriptor_behind() {
    let lab = Lab::new("reopen");
    for options in [&["--allow-run=echo"][..], &["-A"]] {
        assert_eq!(lab.run(&[options, &["--max-files=40"]].concat(), &["reopen"]), "reopened\n");
    }
    let out = lab.run(&["--max-files=40", "--allow-run", "--allow-read=/dev/null"], &["crowded"]);
    let crowded =
        "java.io.IOException: Cannot run program \"sleep\": Exec failed, error: 24 (Too many open files) ";
    assert_eq!(out, format!("crowded: {crowded}\n0\nroom: gave  0\n"));
}
