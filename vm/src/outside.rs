//! What the VM itself asks of the world outside: files for dumps and logs, the clock on a wall, how long a thread ran.
//!
//! The functions belong to the crate of native methods, whose gate decides as it does for Java code. Deliberately absent:
//! anything that a native method asks on a program's behalf; that never comes through here.

use std::io::Write;
use std::time::Duration;

use crate::isolate::Isolate;

/// A file that the VM writes, and the name it got.
pub struct OutFile {
    pub name: String,
    pub file: Result<Box<dyn Write + Send>, NoFile>,
}

/// Why a file could not be made.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NoFile {
    /// In the system's words.
    #[error("{0}")]
    Failed(String),
    /// It was not granted; `flag` would do that.
    #[error("{why}")]
    Refused { why: String, flag: String },
}

/// What a file is for, which decides its name and what happens to one of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileUse {
    /// A heap dump by `-XX:HeapDumpPath`: a folder gets a file of the usual name, and nothing is overwritten.
    HeapDump,
    /// A heap dump that a program asked for under this very name: nothing is overwritten.
    HeapDumpNamed,
    /// A log: begins anew.
    Log,
}

/// Time as a clock on the wall and the calendar show it.
#[derive(Clone, Copy, Debug, Default)]
pub struct LocalTime {
    pub year: i32,
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
    pub millis: u32,
    /// Seconds that local time is ahead of UTC.
    pub offset_seconds: i64,
}

pub struct Outside {
    /// `%p` in the path is the process's number, as in all paths of the command line.
    pub create_file: fn(&Isolate, FileUse, path: &str) -> OutFile,
    pub process_id: fn() -> u32,
    /// Since the epoch, in milliseconds.
    pub wall_clock_ms: fn() -> u64,
    pub local_time: fn() -> LocalTime,
    /// Time that a thread of the process spent on processors; by the kernel's number of the thread.
    pub thread_cpu: fn(u32) -> Option<Duration>,
    /// The isolate ends: threads that wait for the world outside come back, and none waits for it again.
    pub end_waits: fn(&Isolate),
    /// The program looks at an environment variable in the library's copy, or at all of them.
    pub looks_at_variable: fn(&Isolate, Option<&str>),
}

impl Outside {
    /// For a machine without natives: it reaches nothing.
    pub const NOTHING: Outside = Outside {
        create_file: |_, _, path| OutFile {
            name: path.to_owned(),
            file: Err(NoFile::Failed("Permission denied".to_owned())),
        },
        process_id: || 0,
        wall_clock_ms: || 0,
        local_time: LocalTime::default,
        thread_cpu: |_| None,
        end_waits: |_| {},
        looks_at_variable: |_, _| {},
    };
}
