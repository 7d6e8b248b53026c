//! The programs of samples/ that talk to each other: a file server in one process, its client in another.
//!
//! Invariant: whoever serves is killed when its test ends, also by a panic. Deliberately not here: samples that only print
//! (the README shows what).

#[allow(dead_code, reason = "each test uses a part of what all share")]
mod common;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(300);
const REQUESTS: &str = "300";

/// A process that ends with its owner.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; the test has failed then already.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Files of many sizes, one of them empty.
fn files() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("served");
    fs::create_dir_all(&folder).unwrap();
    for (i, size) in [0, 1, 511, 4096, 70_001, 300_000].into_iter().enumerate() {
        let bytes: Vec<u8> = (0..size).map(|n: usize| (n * 31 + n / 251 + i) as u8).collect();
        fs::write(folder.join(format!("file{i}.bin")), bytes).unwrap();
    }
    folder
}

fn serves_every_byte(mode: &str) {
    let Some(jdk) = common::find_jdk() else { panic!("no JDK 25 found; set JAVA_HOME") };
    let (folder, samples) = (files(), Path::new(env!("CARGO_MANIFEST_DIR")).join("samples"));
    let carafe = || {
        let mut command = common::command(env!("CARGO_BIN_EXE_carafe"), &jdk);
        command.arg("-XX:-CheckInterpreter");
        command
    };
    // Each may do what it has to and nothing else.
    let read = format!("--allow-read={}", folder.display());
    let mut command = carafe();
    command.arg(&read).args(["--allow-listen=127.0.0.1", "--allow-sys=processors"]);
    command.arg(samples.join("FileServer.java")).arg(&folder).args(["0", mode]);
    let mut server = Server(command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port = line.trim().strip_prefix("serving on port ").unwrap().to_owned();
    let mut client = carafe();
    client.arg(&read).arg(format!("--allow-net=127.0.0.1:{port}")).arg("--allow-random");
    client.arg(samples.join("FileClient.java")).arg(&folder).arg(&port).arg(REQUESTS);
    let outcome = common::run(&mut client, LIMIT).unwrap();
    let errors = String::from_utf8_lossy(&outcome.stderr);
    assert_eq!(
        String::from_utf8_lossy(&outcome.stdout),
        format!("{REQUESTS} of {REQUESTS} answers right\n"),
        "{errors}"
    );
    assert_eq!(outcome.exit, "0", "{errors}");
}

#[test]
fn a_file_server_on_virtual_threads() {
    serves_every_byte("virtual");
}

#[test]
fn a_file_server_on_a_fixed_pool() {
    serves_every_byte("fixed");
}
