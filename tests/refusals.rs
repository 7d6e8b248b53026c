//! What the kernel refuses becomes an error of the program, not of the process: no address space for another thread's
//! stacks is an OutOfMemoryError, and the program goes on.
//!
//! Deliberately not here: limits of the machine's own (tests/isolates.rs).

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::path::Path;
use std::time::Duration;

/// More than the cage, the image and a few threads take; KiB of address space.
const ADDRESS_SPACE_KIB: &str = "56000000";

#[test]
fn no_room_for_another_thread_is_a_java_error() {
    let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
    let classes = Path::new(env!("CARGO_TARGET_TMPDIR")).join("refusals");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/refusals/Refused.java");
    let mut javac = common::command(jdk.join("bin/javac"), &jdk);
    let compiled = common::run(javac.arg("-d").arg(&classes).arg(source), Duration::from_secs(120)).unwrap();
    assert_eq!(compiled.exit, "0", "{}", String::from_utf8_lossy(&compiled.stderr));
    let mut limited = common::command("sh", &jdk);
    limited.args(["-c", "ulimit -v \"$1\" && shift && exec \"$@\"", "sh", ADDRESS_SPACE_KIB]);
    limited.arg(env!("CARGO_BIN_EXE_carafe")).args([
        "-XX:-CheckInterpreter",
        "-Xmx64m",
        "-Xlog:disable",
        "-cp",
    ]);
    let outcome = common::run(limited.arg(&classes).arg("Refused"), Duration::from_secs(120)).unwrap();
    let text = "unable to create native thread: possibly out of memory or process/resource limits reached";
    let said = String::from_utf8_lossy(&outcome.stdout);
    assert_eq!(said, format!("{text} true true\nagain\n"), "{}", String::from_utf8_lossy(&outcome.stderr));
    assert_eq!(outcome.exit, "0", "after {:?}", outcome.elapsed);
}
