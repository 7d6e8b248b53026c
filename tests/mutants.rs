//! Damaged class files by the thousand: each is defined, linked and reflected on by the reference JVM and by carafe, and the
//! two must tell the same story, down to the messages of the errors.
//!
//! Invariants: the mutations are the same in every run; a crash, a hang or a panic is a failure whatever was expected. Lines
//! of classes that the reference refuses only when it links them are not compared: that is the bytecode verifier's part, and
//! of it only the survival of the VM is tested here. Deliberately not here: running the code of damaged classes.

mod common;

use std::fs;
use std::path::Path;
use std::time::Duration;

/// Every byte would be as good and slower; a step without small factors meets all fields of repeated structures.
const STEP: &str = "7";
const LIMIT: Duration = Duration::from_secs(300);

#[test]
fn damaged_classes_fare_as_on_the_reference() {
    let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mutants");
    let classes = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutants");
    fs::create_dir_all(&classes).unwrap();
    let mut javac = common::command(jdk.join("bin/javac"), &jdk);
    javac.args(["-nowarn", "-Xlint:none", "-d"]).arg(&classes);
    javac.args(["Mutants.java", "Victim.java"].map(|name| sources.join(name)));
    let outcome = common::run(&mut javac, LIMIT).unwrap();
    assert_eq!(outcome.exit, "0", "{}", String::from_utf8_lossy(&outcome.stderr));
    let mut complaints = Vec::new();
    let mut compared = 0;
    for victim in ["Victim", "Victim$Pair", "Victim$Kind", "Victim$Shape"] {
        let stories = [jdk.join("bin/java"), env!("CARGO_BIN_EXE_carafe").into()].map(|program| {
            let mut command = common::command(&program, &jdk);
            command.arg("-cp").arg(&classes).args(["Mutants", victim]).arg(&classes).args(["0", STEP]);
            let outcome = common::run(&mut command, LIMIT).unwrap();
            let err = String::from_utf8_lossy(&outcome.stderr).into_owned();
            let out = String::from_utf8_lossy(&outcome.stdout).into_owned();
            assert_eq!((outcome.exit.as_str(), err.as_str()), ("0", ""), "{victim} on {}", program.display());
            println!("{victim}: {:.1} s", outcome.elapsed.as_secs_f64());
            out
        });
        let [expected, got] = &stories;
        assert_eq!(expected.lines().count(), got.lines().count(), "{victim}");
        for (expected, got) in expected.lines().zip(got.lines()) {
            if expected.contains(", not initialized: ") {
                continue;
            }
            compared += 1;
            if expected != got {
                complaints.push(format!("{victim}\n  java:   {expected}\n  carafe: {got}"));
            }
        }
    }
    assert!(compared > 1000, "only {compared} lines were compared");
    complaints.truncate(20);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
