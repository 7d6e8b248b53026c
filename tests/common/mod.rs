//! What every test that runs Java programs needs: the JDK whose class library and compiler are used, and a child process with
//! a deadline whose two output streams are collected whole.
//!
//! Invariant: a child sees only the environment named here, so that the outcome does not depend on who runs the test.
//! Deliberately not here: anything that knows about golden programs (tests/golden.rs) or about carafe's options.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The JDK 25 to test with: `$JAVA_HOME`, else the newest under the usual folders, else the owner of the `java` on PATH.
pub(crate) fn find_jdk() -> Option<PathBuf> {
    if let Some(home) = std::env::var_os("JAVA_HOME").map(PathBuf::from)
        && runtime_version(&home).is_some()
    {
        return Some(home);
    }
    let installed = ["/usr/lib/jvm", "/usr/java", "/opt"]
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flat_map(|entries| entries.filter_map(Result::ok))
        .filter_map(|entry| runtime_version(&entry.path()).map(|version| (version, entry.path())))
        .max();
    if let Some((_, home)) = installed {
        return Some(home);
    }
    let path = std::env::var_os("PATH")?;
    let java = std::env::split_paths(&path).map(|dir| dir.join("java")).find(|java| java.is_file())?;
    let home = fs::canonicalize(java).ok()?.parent()?.parent()?.to_path_buf();
    runtime_version(&home).map(|_| home)
}

/// The numbers of a JDK 25's version, which order installations; `None` if `home` is no JDK 25.
fn runtime_version(home: &Path) -> Option<Vec<u32>> {
    if !home.join("bin/java").is_file() {
        return None;
    }
    let release = fs::read_to_string(home.join("release")).ok()?;
    let line = release.lines().find_map(|line| line.strip_prefix("JAVA_RUNTIME_VERSION="))?;
    let numbers: Vec<u32> =
        line.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
    (numbers.first() == Some(&25)).then_some(numbers)
}

/// How a child process ended and all that it wrote.
pub(crate) struct Outcome {
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    /// The exit code in words: a number, a signal, or that the time limit struck.
    pub(crate) exit: String,
    pub(crate) elapsed: Duration,
}

/// A command in the fixed environment of the tests: UTF-8, UTC, `jdk` as JAVA_HOME, nothing else inherited but PATH.
pub(crate) fn command(program: impl AsRef<OsStr>, jdk: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("LC_ALL", "C.UTF-8").env("TZ", "UTC").env("JAVA_HOME", jdk);
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

/// Has carafe, called so, grant its program what `java` does: everything. For comparisons of the two.
pub(crate) fn as_java(command: &mut Command) {
    std::os::unix::process::CommandExt::arg0(command, "java");
}

/// Runs `command` to its end or kills it after `limit`; standard input is empty.
pub(crate) fn run(command: &mut Command, limit: Duration) -> io::Result<Outcome> {
    let start = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let stdout = collect(child.stdout.take());
    let stderr = collect(child.stderr.take());
    let mut pause = Duration::from_micros(500);
    let exit = loop {
        if let Some(status) = child.try_wait()? {
            break match status.code() {
                Some(code) => code.to_string(),
                None => status.to_string(),
            };
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            break format!("killed after the limit of {} s", limit.as_secs());
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    };
    let elapsed = start.elapsed();
    let gone = |_| io::Error::other("a thread that reads the child's output panicked");
    Ok(Outcome { stdout: stdout.join().map_err(gone)?, stderr: stderr.join().map_err(gone)?, exit, elapsed })
}

/// Reads a stream on a thread of its own, so that a child that fills one pipe while we read the other cannot stall. What
/// lies beyond 64 MiB is read and dropped.
fn collect<R: Read + Send + 'static>(stream: Option<R>) -> thread::JoinHandle<Vec<u8>> {
    const KEPT_BYTES_MAX: u64 = 64 << 20;
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            // An error here means that the pipe broke: what came so far is what the child wrote.
            let _ = stream.by_ref().take(KEPT_BYTES_MAX).read_to_end(&mut bytes);
            let _ = io::copy(&mut stream, &mut io::sink());
        }
        bytes
    })
}
