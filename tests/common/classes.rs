//! Java sources of a test, compiled once by the reference.
//!
//! Invariant: the classes are those of the sources as they are now. Deliberately not here: running them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::common;

/// Compiles sources (path and text) into a folder of this name. `hidden` classes are only there for the compiler.
pub(crate) fn compile(folder: &str, sources: &[(&str, &str)], hidden: &[&str]) -> PathBuf {
    let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    let (text, classes) = (root.join("src"), root.join("classes"));
    fs::create_dir_all(&classes).unwrap();
    let turn = File::create(root.join("turn.lock")).unwrap();
    turn.lock().unwrap();
    let known = |(path, source): &(&str, &str)| {
        fs::read_to_string(text.join(path)).is_ok_and(|written| written == *source)
    };
    if !root.join("done").exists() || !sources.iter().all(known) {
        let _ = fs::remove_file(root.join("done"));
        let mut javac = common::command(jdk.join("bin/javac"), &jdk);
        javac.arg("-d").arg(&classes);
        for (path, source) in sources {
            let file = text.join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, source).unwrap();
            javac.arg(file);
        }
        let outcome = common::run(&mut javac, Duration::from_secs(300)).unwrap();
        assert_eq!(outcome.exit, "0", "{}", String::from_utf8_lossy(&outcome.stderr));
        hidden.iter().for_each(|class| fs::remove_file(classes.join(class)).unwrap());
        fs::write(root.join("done"), "").unwrap();
    }
    classes
}
