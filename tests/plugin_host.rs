//! `samples/plugin-host`: two plugins are served without a failure while a third does everything it should not.
//!
//! Deliberately not here: how soon each misdeed is ended (`tests/attacks_c.rs`).

#[path = "common/classes.rs"]
mod classes;
#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

#[test]
fn the_plugin_host_goes_on_serving() {
    let jdk = common::find_jdk().expect("a JDK 25 is needed; set JAVA_HOME");
    let compiled = classes::compile(
        "plugin-host",
        &[
            ("host/Host.java", include_str!("../samples/plugin-host/plugins/host/Host.java")),
            ("alice/Words.java", include_str!("../samples/plugin-host/plugins/alice/Words.java")),
            ("bob/Visits.java", include_str!("../samples/plugin-host/plugins/bob/Visits.java")),
            ("mallory/Mallory.java", include_str!("../samples/plugin-host/plugins/mallory/Mallory.java")),
        ],
        &[],
    );
    // Examples are built along with tests, and lie beside them.
    let me = std::env::current_exe().unwrap();
    let example = me.parent().and_then(Path::parent).unwrap().join("examples/plugin-host");
    let mut command: Command = common::command(example, &jdk);
    command.arg(&compiled).arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/plugin-host/texts"));
    let outcome = common::run(&mut command, Duration::from_secs(600)).unwrap();
    let (out, err) = (String::from_utf8_lossy(&outcome.stdout), String::from_utf8_lossy(&outcome.stderr));
    println!("{out}");
    assert_eq!((outcome.exit.as_str(), &*err), ("0", ""), "{out}");
    let line = |start: &str| {
        out.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{start}: {out}"))
    };
    for author in ["alice", "bob"] {
        let served = line(&format!("{author}: "));
        assert!(served.contains(" 0 failed, 1 start, "), "{served}");
        let count: usize = served.split(' ').nth(1).unwrap().parse().unwrap();
        assert!(count > 100, "{served}");
    }
    for (deed, said) in [
        ("behave", "answered \"for once\""),
        // The limit of the kind, or what is left of processor time or, on a machine that others use too, of time.
        ("loop", "--max-"),
        ("catch everything", "--max-"),
        ("finally again", "--max-"),
        ("hook", "--max-"),
        ("threads", "--max-"),
        ("virtual threads", "--max-"),
        ("sleep", "--max-time: it ran for longer than 4s"),
        ("read nothing", "--max-time: it ran for longer than 4s"),
        ("memory", "--max-"),
        ("recursion", "--max-"),
        ("output", "--max-"),
        ("log", "java.lang.SecurityException: that is enough logging"),
        ("exit", "the guest has exited with status 7"),
        ("halt", "the guest has exited with status 8"),
        ("secrets", "is not granted (--allow-read=/etc/passwd)"),
        ("environment", "is not granted (--allow-read=/proc/self/environ)"),
        ("stealing", "answered \"null\""),
        ("exception", "java.lang.IllegalStateException: so there"),
    ] {
        let told = line(&format!("mallory, {deed}: "));
        // Messages are shown with their quotes escaped.
        assert!(told.replace('\\', "").contains(said), "{told}");
    }
}
