//! Opening paths beneath a held directory, so that `..`, links and renames in a race do not lead out of it.
//!
//! Linux does this in one call (openat2 with RESOLVE_BENEATH). Where that call is missing, [`Beneath::walk`] goes name by
//! name through held directories, following links itself. Invariant of both: what is opened was reached from the root
//! without ever leaving it; a path that would leave is `XDEV`. Absolute links leave, wherever they point: the caller
//! ([`super::paths`]) may look up where they lead and ask again.
//!
//! Deliberately not here: which root belongs to which path, and who may.

use std::ffi::OsString;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Component, Path};

use rustix::fs::{CWD, FileType, Mode, OFlags, ResolveFlags, fstat, openat, openat2, readlinkat};
use rustix::io::{Errno, retry_on_intr};

/// How a kernel resolves paths, found out once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beneath {
    Kernel,
    Walk,
}

/// Whether links on the way are followed (as long as they stay beneath the root), or are an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnLinks {
    Follow,
    Refuse,
}

const LINKS_MAX: usize = 40;
/// How often the kernel may give up because of renames elsewhere before the walk takes over.
const TRIES: usize = 8;

impl Beneath {
    pub(super) fn of_this_kernel() -> Beneath {
        let how =
            openat2(CWD, "/", OFlags::PATH | OFlags::CLOEXEC, Mode::empty(), ResolveFlags::NO_MAGICLINKS);
        if how.is_ok() { Beneath::Kernel } else { Beneath::Walk }
    }

    /// Opens `path`, which is relative; an empty one is the root itself.
    pub(super) fn open(
        self,
        root: BorrowedFd<'_>,
        path: &Path,
        flags: OFlags,
        mode: Mode,
        links: OnLinks,
    ) -> Result<OwnedFd, Errno> {
        let flags = flags | OFlags::CLOEXEC;
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        // The kernel refuses a mode where none is meant.
        let mode = if flags.intersects(OFlags::CREATE | OFlags::TMPFILE) { mode } else { Mode::empty() };
        if self == Beneath::Kernel {
            let mut resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
            resolve.set(ResolveFlags::NO_SYMLINKS, links == OnLinks::Refuse);
            for _ in 0..TRIES {
                match retry_on_intr(|| openat2(root, path, flags, mode, resolve)) {
                    Err(Errno::AGAIN) => {}
                    done => return done,
                }
            }
        }
        Beneath::walk(root, path, flags, mode, links)
    }

    fn walk(
        root: BorrowedFd<'_>,
        path: &Path,
        flags: OFlags,
        mode: Mode,
        links: OnLinks,
    ) -> Result<OwnedFd, Errno> {
        // The directories between the root and where the walk stands.
        let mut inside: Vec<OwnedFd> = Vec::new();
        let mut to_go: Vec<OsString> = Vec::new();
        push_names(&mut to_go, path)?;
        let mut links_seen = 0;
        while let Some(name) = to_go.pop() {
            let here = inside.last().map_or(root, AsFd::as_fd);
            let last = to_go.is_empty();
            if name == ".." {
                if inside.pop().is_none() {
                    return Err(Errno::XDEV);
                }
                continue;
            }
            let opened = match (last, flags.contains(OFlags::NOFOLLOW)) {
                (true, true) => return openat(here, &name, flags, mode),
                (true, false) => openat(here, &name, flags | OFlags::NOFOLLOW, mode),
                (false, _) => {
                    openat(here, &name, OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())
                }
            };
            let is_link = match &opened {
                Ok(fd) => FileType::from_raw_mode(fstat(fd)?.st_mode) == FileType::Symlink,
                // A link is no directory, and is not opened as what it leads to.
                Err(Errno::LOOP | Errno::NOTDIR) => true,
                Err(_) => false,
            };
            let target = if is_link { readlinkat(here, &name, Vec::new()).ok() } else { None };
            let Some(target) = target else {
                let fd = opened?;
                if last {
                    return Ok(fd);
                }
                inside.push(fd);
                continue;
            };
            links_seen += 1;
            if links == OnLinks::Refuse || links_seen > LINKS_MAX {
                return Err(Errno::LOOP);
            }
            use std::os::unix::ffi::OsStringExt;
            push_names(&mut to_go, Path::new(&OsString::from_vec(target.into_bytes())))?;
        }
        // What was named is a directory that has been passed through, or the root.
        openat(inside.last().map_or(root, AsFd::as_fd), ".", flags, mode)
    }
}

/// Names still to go, the next one last.
fn push_names(to_go: &mut Vec<OsString>, path: &Path) -> Result<(), Errno> {
    let at = to_go.len();
    for component in path.components() {
        match component {
            Component::Normal(name) => to_go.push(name.to_os_string()),
            Component::ParentDir => to_go.push("..".into()),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return Err(Errno::XDEV),
        }
    }
    to_go[at..].reverse();
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn read(how: Beneath, root: &Path, path: &str) -> Result<String, Errno> {
        let root = fs::File::open(root).unwrap();
        let flags = OFlags::RDONLY;
        let fd = how.open(root.as_fd(), Path::new(path), flags, Mode::empty(), OnLinks::Follow)?;
        Ok(std::io::read_to_string(fs::File::from(fd)).unwrap())
    }

    #[test]
    fn nothing_leads_out_and_everything_inside_is_found() {
        let top = std::env::temp_dir().join(format!("carafe-beneath-{}", std::process::id()));
        let root = top.join("base");
        fs::create_dir_all(root.join("a/b")).unwrap();
        fs::write(top.join("secret"), "secret").unwrap();
        fs::write(root.join("a/file"), "file").unwrap();
        for (link, target) in [
            ("out", "../secret"),
            ("absolute", "/etc/passwd"),
            ("a/b/up", "../file"),
            ("folder", "a/b"),
            ("loop", "loop"),
            ("around", "../base/a/file"),
        ] {
            let _ = symlink(target, root.join(link));
        }
        for how in [Beneath::of_this_kernel(), Beneath::Walk] {
            let read = |path| read(how, &root, path);
            assert_eq!(read("a/file"), Ok("file".into()), "{how:?}");
            assert_eq!(read("./a//b/../file"), Ok("file".into()), "{how:?}");
            assert_eq!(read("folder/up"), Ok("file".into()), "{how:?}");
            for path in ["../secret", "out", "absolute", "a/../../secret", "/etc/passwd", "around"] {
                assert_eq!(read(path), Err(Errno::XDEV), "{how:?} {path}");
            }
            assert_eq!(read("loop"), Err(Errno::LOOP), "{how:?}");
            assert_eq!(read("none"), Err(Errno::NOENT), "{how:?}");
            assert_eq!(read("a/file/x"), Err(Errno::NOTDIR), "{how:?}");
            let held = fs::File::open(&root).unwrap();
            let path =
                |path, links| how.open(held.as_fd(), Path::new(path), OFlags::PATH, Mode::empty(), links);
            assert_eq!(path("folder", OnLinks::Refuse).err(), Some(Errno::LOOP), "{how:?}");
            assert!(path("", OnLinks::Refuse).is_ok() && path("a/..", OnLinks::Refuse).is_ok(), "{how:?}");
        }
        fs::remove_dir_all(top).unwrap();
    }
}
