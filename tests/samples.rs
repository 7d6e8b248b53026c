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

const LIMIT: Duration = Duration::from_secs(1200);
const REQUESTS: &str = "300";
const REQUESTS_LONG: &str = "10000";
const KEYS: &str = "keys.p12";

/// A process that ends with its owner.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; the test has failed then already.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// A folder with files of many sizes, one of them empty, and a key that is made for the occasion.
fn folder(test: &str, jdk: &Path, largest: usize) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("samples").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("served")).unwrap();
    let sizes = [0, 1, 511, 4096, 70_001, 300_000].into_iter().filter(|size| *size <= largest);
    for (i, size) in sizes.enumerate() {
        let bytes: Vec<u8> = (0..size).map(|n: usize| (n * 31 + n / 251 + i) as u8).collect();
        fs::write(folder.join(format!("served/file{i}.bin")), bytes).unwrap();
    }
    let mut keytool = common::command(jdk.join("bin/keytool"), jdk);
    keytool.current_dir(&folder).args([
        "-genkeypair",
        "-keyalg",
        "EC",
        "-alias",
        "server",
        "-storetype",
        "PKCS12",
    ]);
    keytool.args([
        "-dname",
        "CN=127.0.0.1",
        "-ext",
        "SAN=IP:127.0.0.1",
        "-keystore",
        KEYS,
        "-storepass",
        "changeit",
    ]);
    let outcome = common::run(&mut keytool, LIMIT).unwrap();
    assert_eq!(outcome.exit, "0", "{}", String::from_utf8_lossy(&outcome.stdout));
    folder
}

/// Both run under the policies that stand beside them, which allow only this.
fn serves_every_byte(mode: &str, secure: bool) {
    let Some(jdk) = common::find_jdk() else { panic!("no JDK 25 found; set JAVA_HOME") };
    // Bytes of TLS are dear as long as nothing is compiled.
    let largest = if secure { 4096 } else { usize::MAX };
    let folder = folder(&format!("{mode}-{secure}"), &jdk, largest);
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let carafe = |program: &str, args: &[&str]| {
        let mut command = common::command(env!("CARGO_BIN_EXE_carafe"), &jdk);
        command.current_dir(&folder).arg("-XX:-CheckInterpreter");
        command.arg("--policy").arg(samples.join(format!("{program}.toml")));
        command.arg(samples.join(format!("{program}.java"))).arg("served").args(args);
        if secure {
            command.arg(KEYS);
        }
        command
    };
    let mut command = carafe("FileServer", &["0", mode]);
    let mut server = Server(command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port = line.trim().strip_prefix("serving on port ").unwrap().to_owned();
    let requests = if std::env::var_os("CARAFE_LONG").is_some() { REQUESTS_LONG } else { REQUESTS };
    let outcome = common::run(&mut carafe("FileClient", &[&port, requests, "8"]), LIMIT).unwrap();
    let errors = String::from_utf8_lossy(&outcome.stderr);
    assert_eq!(
        String::from_utf8_lossy(&outcome.stdout),
        format!("{requests} of {requests} answers right\n"),
        "{errors}"
    );
    assert_eq!(outcome.exit, "0", "{errors}");
}

#[test]
fn a_file_server_on_virtual_threads() {
    serves_every_byte("virtual", false);
}

#[test]
fn a_file_server_on_a_fixed_pool() {
    serves_every_byte("fixed", false);
}

#[test]
fn a_file_server_with_a_key_on_virtual_threads() {
    serves_every_byte("virtual", true);
}

#[test]
fn a_file_server_with_a_key_on_a_fixed_pool() {
    serves_every_byte("fixed", true);
}
