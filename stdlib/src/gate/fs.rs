//! Operations on paths: each decides by the absolute form of the path, then acts.
//!
//! Relative paths start from the gate's directory or from an open directory ([`At`]); the process's own current
//! directory plays no part. Reading names, attributes and link targets is reading; changing anything is writing.

use std::ffi::OsStr;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use rustix::fs::{
    Access, AtFlags, CWD, Dir, FileType, Gid, Mode, OFlags, RenameFlags, StatVfs, Statx, StatxFlags,
    StatxTimestamp, Timespec, Timestamps, Uid,
};
use rustix::io::{Errno, retry_on_intr};

use super::handles::Handle;
use super::oversight::Verdict;
use super::paths::{Paths, Use, real_path};
use super::random::is_random_device;
use super::{Denied, Failure, Gate, Kind, Outcome, Request};

/// A path as a call names it: absolute, or relative to an open directory or the gate's own.
#[derive(Clone, Copy)]
pub struct At<'a> {
    directory: Option<&'a Handle>,
    path: &'a Path,
}

impl<'a> At<'a> {
    pub fn new(bytes: &'a [u8]) -> At<'a> {
        At { directory: None, path: Path::new(OsStr::from_bytes(bytes)) }
    }

    pub fn within(directory: &'a Handle, bytes: &'a [u8]) -> At<'a> {
        At { directory: Some(directory), path: Path::new(OsStr::from_bytes(bytes)) }
    }
}

/// An [`At`] made ready for the kernel, after the decision.
pub(super) struct Resolved<'a> {
    directory: Directory<'a>,
    path: PathBuf,
    /// The absolute form, as far as it is known.
    name: PathBuf,
}

impl Resolved<'_> {
    /// What the kernel may be given as it is, as long as this value is held; only where links were followed.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The place as one path, for calls that take no directory, as long as this value is held.
    pub(super) fn whole_path(&self) -> PathBuf {
        match &self.directory {
            Directory::Held(fd) if self.path.is_relative() => {
                Path::new(&format!("/proc/self/fd/{}", fd.as_raw_fd())).join(&self.path)
            }
            Directory::Held(_) | Directory::Of(_) => self.path.clone(),
        }
    }
}

enum Directory<'a> {
    Of(BorrowedFd<'a>),
    Held(OwnedFd),
}

impl AsFd for Directory<'_> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Directory::Of(fd) => *fd,
            Directory::Held(fd) => fd.as_fd(),
        }
    }
}

/// What a file's inode says.
#[derive(Clone, Copy, Debug)]
pub struct Attributes {
    pub mode: u32,
    pub inode: u64,
    pub device: u64,
    pub special_device: u64,
    pub links: u32,
    pub user: u32,
    pub group: u32,
    pub size: u64,
    pub accessed: Time,
    pub modified: Time,
    pub changed: Time,
    pub born: Option<Time>,
}

/// Seconds since the epoch and nanoseconds within the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    pub seconds: i64,
    pub nanos: u32,
}

impl Time {
    fn of(stamp: StatxTimestamp) -> Time {
        Time { seconds: stamp.tv_sec, nanos: stamp.tv_nsec }
    }

    fn timespec(self) -> Timespec {
        Timespec { tv_sec: self.seconds, tv_nsec: i64::from(self.nanos) }
    }

    pub fn millis(self) -> i64 {
        self.seconds.saturating_mul(1000).saturating_add(i64::from(self.nanos / 1_000_000))
    }

    pub fn from_millis(millis: i64) -> Time {
        Time { seconds: millis.div_euclid(1000), nanos: millis.rem_euclid(1000) as u32 * 1_000_000 }
    }
}

impl Attributes {
    fn of(stat: &Statx) -> Attributes {
        let known = StatxFlags::from_bits_retain(stat.stx_mask);
        Attributes {
            mode: u32::from(stat.stx_mode),
            inode: stat.stx_ino,
            device: rustix::fs::makedev(stat.stx_dev_major, stat.stx_dev_minor),
            special_device: rustix::fs::makedev(stat.stx_rdev_major, stat.stx_rdev_minor),
            links: stat.stx_nlink,
            user: stat.stx_uid,
            group: stat.stx_gid,
            size: stat.stx_size,
            accessed: Time::of(stat.stx_atime),
            modified: Time::of(stat.stx_mtime),
            changed: Time::of(stat.stx_ctime),
            born: known.contains(StatxFlags::BTIME).then(|| Time::of(stat.stx_btime)),
        }
    }

    pub(super) fn of_handle(handle: &Handle) -> Result<Attributes, Errno> {
        let stat = rustix::fs::statx(handle, c"", AtFlags::EMPTY_PATH, wanted())?;
        Ok(Attributes::of(&stat))
    }

    pub fn file_type(&self) -> FileType {
        FileType::from_raw_mode(self.mode)
    }

    pub fn permissions(&self) -> Mode {
        Mode::from_raw_mode(self.mode & 0o7777)
    }
}

fn wanted() -> StatxFlags {
    StatxFlags::BASIC_STATS | StatxFlags::BTIME
}

/// Whether a call that ends at a symbolic link looks at the link or at what it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    Follow,
    Keep,
}

impl Links {
    fn flags(self) -> AtFlags {
        match self {
            Links::Follow => AtFlags::empty(),
            Links::Keep => AtFlags::SYMLINK_NOFOLLOW,
        }
    }
}

/// An open directory being listed.
pub struct Listing {
    entries: Dir,
}

impl Listing {
    /// Takes over an open directory.
    pub fn of_handle(handle: Handle) -> Result<Listing, Errno> {
        if handle.kind() != FileType::Directory {
            return Err(Errno::NOTDIR);
        }
        Ok(Listing { entries: Dir::new(handle.into_fd()?)? })
    }

    /// The next name, `.` and `..` included; `None` at the end.
    pub fn next_name(&mut self) -> Result<Option<Vec<u8>>, Errno> {
        match self.entries.read() {
            None => Ok(None),
            Some(entry) => Ok(Some(entry?.file_name().to_bytes().to_vec())),
        }
    }

    pub fn rewind(&mut self) {
        self.entries.rewind();
    }
}

impl Gate {
    // ---- decisions ---------------------------------------------------------------------------------------------------

    pub(super) fn readable<'a>(&self, at: At<'a>, links: Links) -> Outcome<Resolved<'a>> {
        self.granted(Use::Read, at, links)
    }

    pub(super) fn writable<'a>(&self, at: At<'a>, links: Links) -> Outcome<Resolved<'a>> {
        self.granted(Use::Write, at, links)
    }

    /// Decides, and finds the place beneath what was granted.
    fn granted<'a>(&self, to: Use, at: At<'a>, links: Links) -> Outcome<Resolved<'a>> {
        let resolved = self.resolve(to, at)?;
        if self.paths.is_open(to) || self.is_random_source(to, &resolved.name) {
            self.opened(to, &resolved.name);
            return Ok(resolved);
        }
        let name = resolved.name;
        let place = self.find(to, &name, |paths| paths.place(to, &name, links))?;
        Ok(Resolved { directory: Directory::Held(place.held), path: place.path, name })
    }

    /// Looks a path up by the grants; what they do not open may be opened by an answer.
    fn find<T>(&self, to: Use, name: &Path, look: impl Fn(&Paths) -> Result<Option<T>, Errno>) -> Outcome<T> {
        match (look(&self.paths).transpose(), &self.overseer) {
            (Some(found), None) => Ok(found?),
            (Some(found), Some(_)) => {
                self.opened(to, name);
                Ok(found?)
            }
            (None, None) => Err(request_of(to, name).denied().into()),
            (None, Some(overseer)) => overseer.plead(to, name, look),
        }
    }

    /// Whether a path may be read as far as its name says: what is decided before the kernel resolves it. For measurements;
    /// it is no permission.
    pub fn covers_name(&self, path: &Path) -> bool {
        self.paths.covers_name(Use::Read, path)
    }

    /// A path was granted.
    fn opened(&self, to: Use, name: &Path) {
        if let Some(overseer) = &self.overseer {
            overseer.record(&request_of(to, name), Verdict::Granted);
        }
    }

    /// Whether an open file's permissions, owner, times and attributes may be changed: having opened it to read is not enough.
    pub fn may_change(&self, handle: &Handle) -> Outcome<()> {
        if self.paths.is_open(Use::Write) {
            return Ok(());
        }
        let real = real_path(handle.as_fd())?;
        let name = handle.path().unwrap_or(&real);
        self.find(Use::Write, name, |paths| Ok(paths.reaches(Use::Write, &real).then_some(())))
    }

    /// The decision alone, for those who use a path by a call that takes no directory.
    pub(super) fn reaches(&self, to: Use, path: &Path) -> Result<(), Denied> {
        match self.find(to, path, |paths| Ok(paths.reaches(to, path).then_some(()))) {
            // Only what is found can be an error of the system's.
            Ok(()) | Err(Failure::Os(_)) => Ok(()),
            Err(Failure::Denied(denied)) => Err(denied),
        }
    }

    fn resolve<'a>(&self, to: Use, at: At<'a>) -> Result<Resolved<'a>, Errno> {
        if at.path.as_os_str().is_empty() {
            return Err(Errno::NOENT);
        }
        match at.directory {
            Some(directory) if at.path.is_relative() => {
                let parent = match directory.path() {
                    // It may have been moved since it was opened: what counts is where it is.
                    Some(_) if !self.paths.is_open(to) => Some(real_path(directory.as_fd())?),
                    known => known.map(Path::to_path_buf),
                };
                let name = parent.map_or_else(|| at.path.to_path_buf(), |parent| parent.join(at.path));
                Ok(Resolved {
                    directory: Directory::Of(directory.as_fd()),
                    path: at.path.to_path_buf(),
                    name,
                })
            }
            Some(_) | None => {
                let name = self.absolute(at.path);
                Ok(Resolved { directory: Directory::Of(CWD), path: name.clone(), name })
            }
        }
    }

    // ---- opening -----------------------------------------------------------------------------------------------------

    /// Opens a file with the kernel's flags; the descriptor is never inherited by child processes. AGAIN if it is a pipe to
    /// be written to that nobody has open for reading: whoever wants to wait for that asks again. For a pipe to be read, its
    /// first read is what waits.
    pub fn open(&self, at: At<'_>, flags: OFlags, mode: Mode) -> Outcome<Handle> {
        let access = flags & OFlags::RWMODE;
        let reads = access != OFlags::WRONLY;
        let writes = access != OFlags::RDONLY || flags.intersects(OFlags::CREATE | OFlags::TRUNC);
        let first = if writes { Use::Write } else { Use::Read };
        let resolved = self.resolve(first, at)?;
        // Waiting for another end in the kernel is nothing that the isolate's end reaches.
        let (waits, flags) = (!flags.contains(OFlags::NONBLOCK), flags | OFlags::NONBLOCK);
        if !writes && self.is_random_source(Use::Read, &resolved.name) {
            return self.random_source();
        }
        let (name, paths_open) = (resolved.name, self.paths.is_open(first));
        // The other use is decided before anything is opened; an answer may just have made this very path readable.
        let mut readable = None;
        if reads && writes {
            readable = self.find(Use::Read, &name, |paths| {
                let root = || paths.only_root(Use::Read).map(Path::to_path_buf);
                Ok(paths.reaches(Use::Read, &name).then(root))
            })?;
        }
        let fd = if paths_open {
            self.opened(first, &name);
            let (directory, flags) = (&resolved.directory, flags | OFlags::CLOEXEC);
            // The path is taken as it stands.
            let opened = retry_on_intr(|| rustix::fs::openat(directory, &resolved.path, flags, mode));
            opened.map_err(|errno| {
                let pipe = || is_pipe(rustix::fs::statat(directory, &resolved.path, AtFlags::empty()));
                if errno == Errno::NXIO && waits && pipe() { Errno::AGAIN } else { errno }
            })?
        } else {
            let look = |paths: &Paths| match paths.open(first, &name, flags, mode) {
                // What the kernel says of sockets, of pipes that nobody reads, and of devices that are not there.
                Err(Errno::NXIO) if !paths.names(first, &name) => Ok(None),
                Err(Errno::NXIO) if waits => {
                    let place = paths.place(first, &name, Links::Follow)?;
                    let pipe = place.is_some_and(|place| is_pipe(rustix::fs::stat(&place.path)));
                    Err(if pipe { Errno::AGAIN } else { Errno::NXIO })
                }
                other => other,
            };
            self.find(first, &name, look)?
        };
        // The path was found by the grant to write; what it is must be readable as well, wherever links led.
        if reads && writes && !self.paths.is_open(Use::Read) {
            let real = real_path(fd.as_fd())?;
            if !self.paths.reaches(Use::Read, &real) && readable.is_none_or(|root| root != real) {
                return Err(self.refuse(Kind::Read, Request::ReadPath(&name).denied()).into());
            }
        }
        let handle = Handle::new(fd, Some(name));
        if !matches!(handle.kind(), FileType::RegularFile | FileType::Directory) {
            if !paths_open {
                self.named(first, &handle)?;
            }
            if waits {
                handle.set_blocking(true)?;
            }
        }
        Ok(handle)
    }

    /// Devices and pipes have other ends than files: a folder's grant is none for them, unless they are named themselves.
    fn named(&self, to: Use, handle: &Handle) -> Outcome<()> {
        let (name, real) = (handle.path().unwrap_or(Path::new("")), real_path(handle.as_fd())?);
        if !self.paths.names(to, name) && !self.paths.names(to, &real) {
            let request = request_of(to, name);
            return Err(self.refuse(request.kind(), request.denied()).into());
        }
        Ok(())
    }

    /// As `open`, for streams of bytes: a directory is an error even for reading.
    pub fn open_stream(&self, at: At<'_>, flags: OFlags, mode: Mode) -> Outcome<Handle> {
        let handle = self.open(at, flags, mode)?;
        if handle.kind() == FileType::Directory {
            return Err(Errno::ISDIR.into());
        }
        Ok(handle)
    }

    /// Opens the image of the class library for reading, which every isolate may: it runs on it.
    pub fn open_image(&self, path: &Path) -> Outcome<Handle> {
        let fd = retry_on_intr(|| rustix::fs::open(path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()))?;
        Ok(Handle::new(fd, Some(path.to_path_buf())))
    }

    /// Begins a file that whoever started the machine has named: no program has a say in that, and the grants none either.
    pub(super) fn create_for_host(&self, path: &Path, flags: OFlags, mode: Mode) -> Outcome<Handle> {
        let fd = retry_on_intr(|| rustix::fs::open(path, flags | OFlags::CLOEXEC, mode))?;
        Ok(Handle::new(fd, Some(path.to_path_buf())))
    }

    pub fn list(&self, at: At<'_>) -> Outcome<Listing> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NONBLOCK;
        Ok(Listing::of_handle(self.open(at, flags, Mode::empty())?)?)
    }

    // ---- asking ------------------------------------------------------------------------------------------------------

    pub fn attributes(&self, at: At<'_>, links: Links) -> Outcome<Attributes> {
        let r = self.readable(at, links)?;
        Ok(Attributes::of(&rustix::fs::statx(&r.directory, &r.path, links.flags(), wanted())?))
    }

    /// Whether the process's real user may do this; exists only is `Access::EXISTS`.
    pub fn may_access(&self, at: At<'_>, access: Access) -> Outcome<()> {
        let r = self.readable(at, Links::Follow)?;
        Ok(retry_on_intr(|| rustix::fs::accessat(&r.directory, &r.path, access, AtFlags::empty()))?)
    }

    pub fn link_target(&self, at: At<'_>) -> Outcome<Vec<u8>> {
        let r = self.readable(at, Links::Keep)?;
        Ok(rustix::fs::readlinkat(&r.directory, &r.path, Vec::new())?.into_bytes())
    }

    /// The absolute path without links, `.` and `..`; every part must exist.
    pub fn real_path(&self, at: At<'_>) -> Outcome<Vec<u8>> {
        let r = self.readable(at, Links::Follow)?;
        if let Directory::Held(fd) = &r.directory {
            return Ok(real_path(fd.as_fd())?.into_os_string().into_vec());
        }
        let real = std::fs::canonicalize(&r.path).map_err(|e| os_error(&e))?;
        Ok(real.into_os_string().into_vec())
    }

    pub fn volume(&self, at: At<'_>) -> Outcome<StatVfs> {
        let r = self.readable(at, Links::Follow)?;
        Ok(retry_on_intr(|| rustix::fs::statvfs(&r.path))?)
    }

    /// The table of mounted file systems, as the kernel prints it.
    pub fn mounts(&self, at: At<'_>) -> Outcome<Vec<u8>> {
        let r = self.readable(at, Links::Follow)?;
        let text = std::fs::read(&r.path).map_err(|e| os_error(&e))?;
        Ok(text)
    }

    // ---- changing ----------------------------------------------------------------------------------------------------

    pub fn make_directory(&self, at: At<'_>, mode: Mode) -> Outcome<()> {
        let r = self.writable(at, Links::Keep)?;
        Ok(rustix::fs::mkdirat(&r.directory, &r.path, mode)?)
    }

    /// Removes a file or link, or with `REMOVEDIR` an empty directory.
    pub fn unlink(&self, at: At<'_>, flags: AtFlags) -> Outcome<()> {
        let r = self.writable(at, Links::Keep)?;
        Ok(rustix::fs::unlinkat(&r.directory, &r.path, flags)?)
    }

    /// Removes whatever it is, as long as it is not a directory with something in it.
    pub fn remove(&self, at: At<'_>) -> Outcome<()> {
        match self.unlink(at, AtFlags::empty()) {
            Err(Failure::Os(Errno::ISDIR | Errno::PERM)) => self.unlink(at, AtFlags::REMOVEDIR),
            other => other,
        }
    }

    pub fn rename(&self, from: At<'_>, to: At<'_>) -> Outcome<()> {
        let (from, to) = (self.writable(from, Links::Keep)?, self.writable(to, Links::Keep)?);
        self.may_move(&from)?;
        self.may_move(&to)?;
        Ok(rustix::fs::renameat_with(
            &from.directory,
            &from.path,
            &to.directory,
            &to.path,
            RenameFlags::empty(),
        )?)
    }

    /// What is denied must not come to be called by another name.
    fn may_move(&self, r: &Resolved<'_>) -> Outcome<()> {
        let real = match &r.directory {
            Directory::Held(fd) => real_path(fd.as_fd())?.join(&r.path),
            Directory::Of(_) => r.name.clone(),
        };
        if self.paths.holds_denied(&real) {
            return Err(self.refuse(Kind::Write, Request::WritePath(&r.name).denied()).into());
        }
        Ok(())
    }

    /// A second name for an existing file: whoever may write under the new name could write the old file, so both ask.
    pub fn hard_link(&self, existing: At<'_>, new: At<'_>) -> Outcome<()> {
        let read = self.readable(existing, Links::Keep)?;
        let (from, to) = (self.writable(existing, Links::Keep)?, self.writable(new, Links::Keep)?);
        self.may_move(&read)?;
        self.may_move(&from)?;
        Ok(rustix::fs::linkat(&from.directory, &from.path, &to.directory, &to.path, AtFlags::empty())?)
    }

    /// The target is only text; what it leads to is judged when it is used.
    pub fn symbolic_link(&self, target: &[u8], new: At<'_>) -> Outcome<()> {
        let r = self.writable(new, Links::Keep)?;
        Ok(rustix::fs::symlinkat(OsStr::from_bytes(target), &r.directory, &r.path)?)
    }

    pub fn make_node(&self, at: At<'_>, mode: u32, device: u64) -> Outcome<()> {
        let r = self.writable(at, Links::Keep)?;
        let kind = FileType::from_raw_mode(mode);
        Ok(rustix::fs::mknodat(&r.directory, &r.path, kind, Mode::from_raw_mode(mode & 0o7777), device)?)
    }

    /// Whether a file may get these permissions. One that runs with its owner's rights would do so outside of all walls, for
    /// whoever finds it; that goes with writing anything, not with a folder.
    pub fn may_give(&self, mode: Mode) -> Result<(), Errno> {
        let borrowed = mode.intersects(Mode::SUID | Mode::SGID);
        if borrowed && !self.paths.is_open(Use::Write) { Err(Errno::PERM) } else { Ok(()) }
    }

    pub fn set_permissions(&self, at: At<'_>, mode: Mode, links: Links) -> Outcome<()> {
        let r = self.writable(at, links)?;
        self.may_give(mode)?;
        Ok(retry_on_intr(|| rustix::fs::chmodat(&r.directory, &r.path, mode, links.flags()))?)
    }

    /// `None` leaves user or group as it is.
    pub fn set_owner(&self, at: At<'_>, user: Option<Uid>, group: Option<Gid>, links: Links) -> Outcome<()> {
        let r = self.writable(at, links)?;
        Ok(retry_on_intr(|| rustix::fs::chownat(&r.directory, &r.path, user, group, links.flags()))?)
    }

    pub fn set_times(&self, at: At<'_>, accessed: Time, modified: Time, links: Links) -> Outcome<()> {
        let r = self.writable(at, links)?;
        let times = Timestamps { last_access: accessed.timespec(), last_modification: modified.timespec() };
        Ok(retry_on_intr(|| rustix::fs::utimensat(&r.directory, &r.path, &times, links.flags()))?)
    }
}

impl Handle {
    pub fn set_permissions(&self, mode: Mode) -> Result<(), Errno> {
        retry_on_intr(|| rustix::fs::fchmod(self, mode))
    }

    pub fn set_owner(&self, user: Option<Uid>, group: Option<Gid>) -> Result<(), Errno> {
        retry_on_intr(|| rustix::fs::fchown(self, user, group))
    }

    pub fn set_times(&self, accessed: Time, modified: Time) -> Result<(), Errno> {
        let times = Timestamps { last_access: accessed.timespec(), last_modification: modified.timespec() };
        retry_on_intr(|| rustix::fs::futimens(self, &times))
    }
}

/// The request to use a path.
pub(super) fn request_of(to: Use, path: &Path) -> Request<'_> {
    match to {
        // What grants it is not the grant for files.
        Use::Read if is_random_device(path) => Request::Random,
        Use::Read => Request::ReadPath(path),
        Use::Write => Request::WritePath(path),
    }
}

fn os_error(error: &std::io::Error) -> Errno {
    Errno::from_io_error(error).unwrap_or(Errno::IO)
}

fn is_pipe(found: std::result::Result<rustix::fs::Stat, Errno>) -> bool {
    found.is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Fifo)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::{Grant, Grants};

    fn gate() -> Gate {
        Gate::new(Grants::everything())
    }

    fn scratch(name: &str) -> PathBuf {
        let id = gate().process_id();
        let path = std::env::temp_dir().join(format!("carafe-gate-{id}-{name}"));
        gate().remove(At::new(path.as_os_str().as_bytes())).ok();
        path
    }

    fn at(path: &Path) -> At<'_> {
        At::new(path.as_os_str().as_bytes())
    }

    #[test]
    fn what_is_written_is_read_back() {
        let (gate, path) = (gate(), scratch("rw"));
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL;
        let file = gate.open_stream(at(&path), flags, Mode::from_raw_mode(0o600)).unwrap();
        file.write_all(b"hello").unwrap();
        assert_eq!(file.size(), Ok(5));
        file.seek(rustix::fs::SeekFrom::Start(1)).unwrap();
        assert_eq!(file.available(), Ok(4));
        let mut out = [0; 8];
        assert_eq!(file.read(&mut out), Ok(4));
        assert_eq!(&out[..4], b"ello");
        assert_eq!(gate.attributes(at(&path), Links::Keep).unwrap().file_type(), FileType::RegularFile);
        gate.remove(at(&path)).unwrap();
        let gone = gate.attributes(at(&path), Links::Keep).unwrap_err();
        assert_eq!(gone, Failure::Os(Errno::NOENT));
    }

    #[test]
    fn a_directory_is_no_stream_and_no_file_is_a_directory() {
        let (gate, path) = (gate(), scratch("dir"));
        gate.make_directory(at(&path), Mode::from_raw_mode(0o700)).unwrap();
        let refused = gate.open_stream(at(&path), OFlags::RDONLY, Mode::empty()).unwrap_err();
        assert_eq!(refused, Failure::Os(Errno::ISDIR));
        let mut names = Vec::new();
        let mut listing = gate.list(at(&path)).unwrap();
        while let Some(name) = listing.next_name().unwrap() {
            names.push(name);
        }
        names.sort();
        assert_eq!(names, [b".".to_vec(), b"..".to_vec()]);
        gate.remove(at(&path)).unwrap();
    }

    #[test]
    fn paths_beneath_an_open_directory_are_judged_by_their_full_name() {
        let gate = gate();
        let root = gate.open(At::new(b"/"), OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty()).unwrap();
        let closed = Gate::new(Grants { read: Grant::Nothing, ..Grants::everything() });
        let refused = closed.attributes(At::within(&root, b"etc/passwd"), Links::Follow).unwrap_err();
        assert!(refused.to_string().contains("\"/etc/passwd\""), "{refused}");
        assert!(gate.attributes(At::within(&root, b"etc/passwd"), Links::Follow).is_ok());
    }

    #[test]
    fn opening_for_writing_needs_the_grant_to_write() {
        let gate = Gate::new(Grants { write: Grant::Nothing, ..Grants::everything() });
        let path = scratch("denied");
        for flags in
            [OFlags::WRONLY, OFlags::RDWR, OFlags::RDONLY | OFlags::CREATE, OFlags::RDONLY | OFlags::TRUNC]
        {
            let refused = gate.open(at(&path), flags, Mode::empty()).unwrap_err();
            assert!(matches!(refused, Failure::Denied(_)), "{flags:?} gave {refused}");
        }
        assert!(gate.open(At::new(b"/etc/passwd"), OFlags::RDONLY, Mode::empty()).is_ok());
    }

    #[test]
    fn an_empty_path_names_nothing() {
        assert_eq!(gate().attributes(At::new(b""), Links::Follow).unwrap_err(), Failure::Os(Errno::NOENT));
    }

    #[test]
    fn times_before_the_epoch_keep_their_milliseconds() {
        assert_eq!(Time::from_millis(-1), Time { seconds: -1, nanos: 999_000_000 });
        assert_eq!(Time::from_millis(-1).millis(), -1);
    }
}
