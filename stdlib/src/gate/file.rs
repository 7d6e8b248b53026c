//! Operations on what is already open. A handle is a capability, so nothing here asks the grants again.
//!
//! Every call that a signal may interrupt is repeated. Data passes through buffers of Rust's own: the caller copies
//! between them and the guest's memory, which other threads change at any time.

use std::os::fd::{AsFd, AsRawFd};
use std::sync::atomic::Ordering;
use std::time::Duration;

use rustix::buffer::spare_capacity;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Advice, FileType, OFlags, SeekFrom, StatVfs};
use rustix::io::{Errno, retry_on_intr};

use super::fs::Attributes;
use super::handles::Handle;

type Result<T> = std::result::Result<T, Errno>;

/// A range of a file as locks name it; a length of 0 reaches to the end, however far that moves.
#[derive(Clone, Copy, Debug)]
pub struct LockRange {
    pub start: i64,
    pub length: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockKind {
    Shared,
    Exclusive,
    Release,
}

impl Handle {
    /// One read of at most `limit` bytes; nothing means the end.
    pub fn read_some(&self, limit: usize) -> Result<Vec<u8>> {
        if let Some(source) = self.source() {
            let mut bytes = vec![0; limit];
            source.fill(&mut bytes);
            return Ok(bytes);
        }
        if self.asks() {
            return Err(Errno::ACCESS);
        }
        let mut bytes = Vec::with_capacity(limit);
        retry_on_intr(|| rustix::io::read(self, spare_capacity(&mut bytes)))?;
        Ok(bytes)
    }

    pub fn read_some_at(&self, limit: usize, position: u64) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(limit);
        retry_on_intr(|| rustix::io::pread(self, spare_capacity(&mut bytes), position))?;
        Ok(bytes)
    }

    pub fn read(&self, out: &mut [u8]) -> Result<usize> {
        if let Some(source) = self.source() {
            source.fill(out);
            return Ok(out.len());
        }
        if self.asks() {
            return Err(Errno::ACCESS);
        }
        retry_on_intr(|| rustix::io::read(self, &mut *out))
    }

    /// One write, which may be short.
    pub fn write(&self, bytes: &[u8]) -> Result<usize> {
        let passing = self.may_write(bytes.len())?;
        let bytes = bytes.get(..passing).unwrap_or_default();
        retry_on_intr(|| rustix::io::write(self, bytes))
    }

    pub fn write_at(&self, bytes: &[u8], position: u64) -> Result<usize> {
        let passing = self.may_write(bytes.len())?;
        let bytes = bytes.get(..passing).unwrap_or_default();
        retry_on_intr(|| rustix::io::pwrite(self, bytes, position))
    }

    /// Writes everything, however many calls that takes.
    pub fn write_all(&self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            match self.write(bytes) {
                Ok(n) => bytes = bytes.get(n..).unwrap_or_default(),
                // A stream that somebody set to non-blocking: wait until it takes more.
                Err(Errno::AGAIN) => self.wait(PollFlags::OUT, None).map(|_| ())?,
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    /// Waits until the handle is ready for `events`, or the time is over (false).
    pub fn wait(&self, events: PollFlags, timeout: Option<Duration>) -> Result<bool> {
        let timeout = timeout.map(timespec);
        let mut fds = [PollFd::new(self, events)];
        Ok(retry_on_intr(|| poll(&mut fds, timeout.as_ref()))? > 0)
    }

    /// As `wait`, or until `event` is readable. True if the handle itself is ready.
    pub fn wait_or(&self, events: PollFlags, event: &Handle, timeout: Option<Duration>) -> Result<bool> {
        let timeout = timeout.map(timespec);
        let mut fds = [PollFd::new(self, events), PollFd::new(event, PollFlags::IN)];
        retry_on_intr(|| poll(&mut fds, timeout.as_ref()))?;
        Ok(!fds[0].revents().is_empty())
    }

    /// Whether using it may take until somebody else does something. Files on disks are slow, but they come.
    pub fn can_block(&self) -> bool {
        !matches!(self.kind(), FileType::RegularFile | FileType::Directory | FileType::BlockDevice)
    }

    /// Whether operations on it never wait in the kernel, whatever mode Java sees.
    pub fn is_patient(&self) -> bool {
        self.patience().is_some()
    }

    pub fn is_blocking(&self) -> Result<bool> {
        if let Some(mode) = self.patience() {
            return Ok(mode.load(Ordering::Acquire));
        }
        Ok(!self.flags()?.contains(OFlags::NONBLOCK))
    }

    pub fn position(&self) -> Result<u64> {
        rustix::fs::tell(self)
    }

    pub fn seek(&self, to: SeekFrom) -> Result<u64> {
        rustix::fs::seek(self, to)
    }

    pub fn attributes(&self) -> Result<Attributes> {
        Attributes::of_handle(self)
    }

    /// The length of a regular file or block device.
    pub fn size(&self) -> Result<u64> {
        let attributes = self.attributes()?;
        if attributes.file_type() == FileType::BlockDevice {
            return self.end();
        }
        Ok(attributes.size)
    }

    /// Where the end is, found by going there and back.
    fn end(&self) -> Result<u64> {
        let here = self.position()?;
        let end = self.seek(SeekFrom::End(0))?;
        self.seek(SeekFrom::Start(here))?;
        Ok(end)
    }

    pub fn set_size(&self, size: u64) -> Result<()> {
        retry_on_intr(|| rustix::fs::ftruncate(self, size))
    }

    /// Bytes that a read would give without waiting, as far as that can be known.
    pub fn available(&self) -> Result<u64> {
        match self.kind() {
            FileType::CharacterDevice | FileType::Fifo | FileType::Socket => {
                if let Ok(n) = rustix::io::ioctl_fionread(self) {
                    return Ok(n);
                }
            }
            FileType::RegularFile => {
                let (size, here) = (self.attributes()?.size, self.position()?);
                if size >= here && size > 0 {
                    return Ok(size - here);
                }
            }
            FileType::Directory | FileType::Symlink | FileType::BlockDevice | FileType::Unknown => {}
        }
        // Files of the proc file system say size 0 and still have contents: ask by seeking.
        Ok(self.end()?.saturating_sub(self.position()?))
    }

    /// Writes what the kernel holds back to the device; without `metadata`, only what reading the data back needs.
    pub fn sync(&self, metadata: bool) -> Result<()> {
        retry_on_intr(|| if metadata { rustix::fs::fsync(self) } else { rustix::fs::fdatasync(self) })
    }

    pub fn flags(&self) -> Result<OFlags> {
        rustix::fs::fcntl_getfl(self)
    }

    pub fn set_flags(&self, flags: OFlags) -> Result<()> {
        rustix::fs::fcntl_setfl(self, flags)
    }

    pub fn set_blocking(&self, blocking: bool) -> Result<()> {
        if let Some(mode) = self.patience() {
            mode.store(blocking, Ordering::Release);
            return Ok(());
        }
        let mut flags = self.flags()?;
        if flags.contains(OFlags::NONBLOCK) == blocking {
            flags.set(OFlags::NONBLOCK, !blocking);
            self.set_flags(flags)?;
        }
        Ok(())
    }

    pub fn volume(&self) -> Result<StatVfs> {
        rustix::fs::fstatvfs(self)
    }

    pub fn advise(&self, start: u64, length: u64, advice: Advice) -> Result<()> {
        rustix::fs::fadvise(self, start, std::num::NonZero::new(length), advice)
    }

    /// Takes or releases a lock on a range, without waiting: a lock held by another gives EAGAIN.
    ///
    /// The lock belongs to the open file, not to the process (OFD lock): so two isolates of one process exclude each
    /// other, and closing another handle on the same file does not drop it.
    pub fn lock(&self, range: LockRange, kind: LockKind) -> Result<()> {
        // SAFETY: the struct is plain integers, for which zero is a value.
        let mut lock: libc::flock = unsafe { std::mem::zeroed() };
        lock.l_type = match kind {
            LockKind::Shared => libc::F_RDLCK as i16,
            LockKind::Exclusive => libc::F_WRLCK as i16,
            LockKind::Release => libc::F_UNLCK as i16,
        };
        lock.l_whence = libc::SEEK_SET as i16;
        lock.l_start = range.start;
        lock.l_len = range.length;
        // SAFETY: F_OFD_SETLK reads one flock struct, which lives here; the descriptor is open as long as `self`.
        let result = unsafe { libc::fcntl(self.as_fd().as_raw_fd(), libc::F_OFD_SETLK, &raw const lock) };
        if result == 0 {
            return Ok(());
        }
        let error = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO);
        Err(if error == libc::EACCES { Errno::AGAIN } else { Errno::from_raw_os_error(error) })
    }

    /// Copies inside the kernel, from and to a given place or where the file stands; a given place moves along. Zero
    /// means that nothing is left.
    pub fn copy_range(
        &self,
        source: &Handle,
        mut from: Option<&mut u64>,
        mut to: Option<&mut u64>,
        count: usize,
    ) -> Result<usize> {
        let count = self.may_write(count)?;
        retry_on_intr(|| {
            rustix::fs::copy_file_range(source, from.as_deref_mut(), self, to.as_deref_mut(), count)
        })
    }

    /// As `copy_range`, for targets that are not files too.
    pub fn send_from(&self, source: &Handle, position: Option<&mut u64>, count: usize) -> Result<usize> {
        let count = self.may_write(count)?;
        match position {
            None => retry_on_intr(|| rustix::fs::sendfile(self, source, None, count)),
            Some(at) => retry_on_intr(|| rustix::fs::sendfile(self, source, Some(&mut *at), count)),
        }
    }

    /// The size of an attribute's value, which is stored if there is room at all.
    pub fn get_xattr(&self, name: &[u8], out: &mut [u8]) -> Result<usize> {
        if out.is_empty() {
            return rustix::fs::fgetxattr_query(self, name);
        }
        rustix::fs::fgetxattr(self, name, out)
    }

    pub fn set_xattr(&self, name: &[u8], value: &[u8]) -> Result<()> {
        rustix::fs::fsetxattr(self, name, value, rustix::fs::XattrFlags::empty())
    }

    pub fn remove_xattr(&self, name: &[u8]) -> Result<()> {
        rustix::fs::fremovexattr(self, name)
    }

    /// The size of the list of names, which is stored if there is room at all.
    pub fn list_xattrs(&self, out: &mut [u8]) -> Result<usize> {
        if out.is_empty() {
            return rustix::fs::flistxattr_query(self);
        }
        rustix::fs::flistxattr(self, out)
    }
}

pub(super) fn timespec(duration: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: i64::from(duration.subsec_nanos()),
    }
}
