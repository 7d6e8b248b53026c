//! Where an isolate's standard streams lead, and what the VM itself writes on them.
//!
//! An isolate of the command line uses the process's streams; a host that runs several gives each its own. Invariant: both
//! what Java code writes (through the handles that the library of natives makes of these) and what the VM writes goes to
//! the same place. Deliberately absent: buffering, so that the order of lines is the order of events.

use std::os::fd::OwnedFd;
use std::sync::Arc;

/// The three streams; `None` is the process's own.
#[derive(Clone, Debug, Default)]
pub struct Streams {
    pub input: Option<Arc<OwnedFd>>,
    pub output: Option<Arc<OwnedFd>>,
    pub error: Option<Arc<OwnedFd>>,
}

impl Streams {
    pub fn write_output(&self, text: &str) {
        match &self.output {
            Some(fd) => write_all(fd, text.as_bytes()),
            None => write_all(rustix::stdio::stdout(), text.as_bytes()),
        }
    }

    pub fn write_error(&self, text: &str) {
        match &self.error {
            Some(fd) => write_all(fd, text.as_bytes()),
            None => write_all(rustix::stdio::stderr(), text.as_bytes()),
        }
    }
}

/// Writes what it can: nobody can be told if the stream is gone.
fn write_all(fd: impl std::os::fd::AsFd, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        match rustix::io::write(&fd, bytes) {
            Ok(0) => return,
            Ok(n) => bytes = bytes.get(n..).unwrap_or_default(),
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return,
        }
    }
}
