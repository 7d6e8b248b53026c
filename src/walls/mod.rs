//! The kernel's own walls around a process that runs one isolate: a second line behind the gate.
//!
//! They are built of what the grants need ([`Needs`]) before the program's first instruction: Landlock for files and TCP
//! ports (`files`), a filter of system calls for everything else (`calls`). Invariant: both go up while the process has one
//! thread, so that every later one stands within them; there is no way to take them down. A process with several isolates,
//! or one that grants everything, has none.
//!
//! Deliberately not here: decisions about what Java code asks for. A program that meets a wall has passed the gate, which is
//! a hole in it, or in the list of what the machine itself needs.

mod calls;
mod files;

use std::fmt;
use std::time::{Duration, Instant};

use carafe_stdlib::gate::needs::Needs;

use crate::Grants;

/// Walls that could not be built.
#[derive(Debug, thiserror::Error)]
#[error("the kernel's walls cannot be built: {0}")]
pub struct WallError(String);

/// What stands around the process now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walls {
    /// The version of the kernel's Landlock; none if it has none.
    pub landlock: Option<i32>,
    /// What Landlock keeps, in words; nothing if it is not there.
    pub files: Option<String>,
    /// Whether all that was to be kept is kept.
    pub files_complete: bool,
    /// Whether system calls are filtered.
    pub calls: bool,
    /// How long it took to build them.
    pub elapsed: Duration,
}

impl Walls {
    /// Builds what this kernel can. Nothing if everything is granted.
    pub fn build(grants: &Grants, starter: Option<i32>) -> Result<Option<Walls>, WallError> {
        let began = Instant::now();
        let needs = Needs::of(grants);
        if needs.everything {
            return Ok(None);
        }
        let threads = std::fs::read_dir("/proc/self/task").map_or(1, Iterator::count);
        if threads != 1 {
            return Err(WallError(format!("there are {threads} threads already")));
        }
        // The filter does not let it be asked for later.
        let landlock = files::version();
        let (files, files_complete) = files::build(&needs)?;
        let calls = calls::build(&needs, starter)?;
        Ok(Some(Walls { landlock, files, files_complete, calls, elapsed: began.elapsed() }))
    }

    /// The version of the kernel's Landlock.
    pub fn landlock_version() -> Option<i32> {
        files::version()
    }

    pub fn are_complete(&self) -> bool {
        self.files.is_some() && self.files_complete && self.calls
    }
}

impl fmt::Display for Walls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.landlock, &self.files) {
            (Some(version), Some(kept)) => write!(f, "Landlock (version {version}): {kept}")?,
            (_, _) => write!(f, "Landlock: not in this kernel")?,
        }
        let calls = if self.calls { "filtered" } else { "this kernel does not filter them" };
        write!(f, "; system calls: {calls}; built in {:.2} ms", self.elapsed.as_secs_f64() * 1e3)
    }
}
