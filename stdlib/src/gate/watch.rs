//! Notification of changes in directories.

use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use rustix::io::Errno;

use super::fs::{At, Links};
use super::handles::Handle;
use super::{Gate, Outcome};

impl Gate {
    /// A new, empty set of watches. Its events are read from the handle in the kernel's own format.
    pub fn new_watch_set(&self) -> Outcome<Handle> {
        Ok(Handle::new(inotify::init(CreateFlags::CLOEXEC)?, None))
    }

    /// Watches a path; the result is the number that its events carry.
    pub fn watch(&self, set: &Handle, path: &[u8], mask: u32) -> Outcome<i32> {
        let reached = self.readable(At::new(path), Links::Follow)?;
        Ok(inotify::add_watch(set, reached.path(), WatchFlags::from_bits_retain(mask))?)
    }

    pub fn unwatch(&self, set: &Handle, watch: i32) -> Result<(), Errno> {
        inotify::remove_watch(set, watch)
    }
}
