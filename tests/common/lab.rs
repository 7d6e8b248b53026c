//! A folder for one test of grants, with its Java programs compiled once, and runs of carafe in it.
//!
//! Invariant: tests of one file share the compiled classes and nothing else; a class is compiled by whoever comes first, under
//! a lock.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::common;

pub(crate) const LIMIT: Duration = Duration::from_secs(300);

pub(crate) struct Lab {
    pub(crate) jdk: PathBuf,
    pub(crate) classes: PathBuf,
    /// The test's own, without links in its name.
    pub(crate) folder: PathBuf,
    main: String,
}

impl Lab {
    /// `group` is the test file's; `sources` are file names and texts, the first with the main class.
    pub(crate) fn new(group: &str, test: &str, sources: &[(&str, &str)]) -> Lab {
        Lab::compiled(group, test, sources, &[])
    }

    /// The same with more options for the compiler.
    pub(crate) fn compiled(group: &str, test: &str, sources: &[(&str, &str)], options: &[&str]) -> Lab {
        let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(group);
        let main = sources[0].0.trim_end_matches(".java").to_owned();
        let classes = root.join(format!("classes-{main}"));
        fs::create_dir_all(&classes).unwrap();
        let turn = File::create(root.join("turn.lock")).unwrap();
        turn.lock().unwrap();
        let stale =
            |(name, text): &(&str, &str)| fs::read_to_string(classes.join(name)).unwrap_or_default() != *text;
        if sources.iter().any(stale) {
            for (name, text) in sources {
                fs::write(classes.join(name), text).unwrap();
            }
            let mut javac = common::command(jdk.join("bin/javac"), &jdk);
            javac.current_dir(&classes).args(["-nowarn", "-Xlint:none", "-g", "-d", "."]).args(options);
            javac.args(sources.iter().map(|(name, _)| *name));
            let outcome = common::run(&mut javac, LIMIT).unwrap();
            if outcome.exit != "0" {
                fs::remove_file(classes.join(sources[0].0)).unwrap();
                panic!("{}", String::from_utf8_lossy(&outcome.stderr));
            }
        }
        let folder = root.join(test);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Lab { jdk, classes, folder: folder.canonicalize().unwrap(), main }
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// carafe on the main class, in the test's folder.
    pub(crate) fn command(&self, options: &[&str], args: &[&str]) -> Command {
        let mut command = common::command(env!("CARGO_BIN_EXE_carafe"), &self.jdk);
        command.current_dir(&self.folder).arg("-XX:-CheckInterpreter").args(options);
        command.arg("-cp").arg(&self.classes).arg(&self.main).args(args);
        command
    }

    /// Exit code, output, error output.
    pub(crate) fn all(&self, options: &[&str], args: &[&str]) -> (String, String, String) {
        outcome(&mut self.command(options, args))
    }

    /// The output of a program that ends well.
    pub(crate) fn run(&self, options: &[&str], args: &[&str]) -> String {
        let (exit, out, err) = self.all(options, args);
        assert_eq!((exit.as_str(), err.as_str()), ("0", ""), "{options:?} {args:?}: {out}");
        out
    }
}

/// Exit code, output, error output.
pub(crate) fn outcome(command: &mut Command) -> (String, String, String) {
    let outcome = common::run(command, LIMIT).unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (outcome.exit, text(outcome.stdout), text(outcome.stderr))
}
