//! Which paths are granted, and where the kernel is to look for them.
//!
//! A granted folder is held open from the start, and paths are resolved beneath it (`beneath`): what is decided about is
//! what is used, whatever happens to names in between. A granted file, or a path that does not exist yet, is a name beneath
//! a held folder and is reached without any link. A path that leads elsewhere through a link is looked up once in the open;
//! if what it leads to is granted too, it is resolved there, without links. Denials are judged by the real path of what was
//! reached. Invariant: nothing is opened for its contents, and nothing changed, before all this is known.
//!
//! A list of folders never reaches the kernel's own file systems, where names are doors to other things (`/proc/self/root`,
//! `/dev/mem`), unless it names them. Resolving needs `/proc` to be mounted.
//!
//! Deliberately not here: paths of grants without exception, which go to the kernel as they are.

use std::ffi::OsStr;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::io::{Errno, retry_on_intr};

use super::beneath::{Beneath, OnLinks};
use super::fs::Links;
use super::grants::{Grant, Grants};

/// What a path is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Read,
    Write,
}

/// Where the kernel is to look: a name in a held directory, or the object itself by way of `/proc`.
pub(super) struct Place {
    pub(super) held: OwnedFd,
    pub(super) path: PathBuf,
    itself: bool,
}

pub(super) struct Paths {
    how: Beneath,
    read: Rules,
    write: Rules,
}

enum Rules {
    Everything,
    Listed {
        roots: Vec<Root>,
        denied: Vec<PathBuf>,
        /// Something is granted besides what everybody has.
        granted: bool,
    },
}

/// A granted file or folder.
struct Root {
    /// Without links, as far as it exists.
    path: PathBuf,
    /// As it was granted, and whether that is another name.
    alias: PathBuf,
    aliased: bool,
    anchor: OwnedFd,
    /// From the anchor to the path: nothing for a folder that was there.
    rest: PathBuf,
    /// What is denied within it, without links.
    denied: Vec<PathBuf>,
}

const NEVER_BY_LIST: [&str; 3] = ["/proc", "/sys", "/dev"];

/// Whether a path lies where no list of folders reaches.
pub(super) fn never_by_list(path: &Path) -> bool {
    NEVER_BY_LIST.iter().any(|never| path.starts_with(never))
}

/// Why a root does not give what was asked for.
enum Miss {
    /// The path leads out of it.
    Elsewhere,
    Denied,
    Os(Errno),
}

impl From<Errno> for Miss {
    fn from(errno: Errno) -> Miss {
        if errno == Errno::XDEV { Miss::Elsewhere } else { Miss::Os(errno) }
    }
}

impl Paths {
    pub(super) fn new(grants: &Grants) -> Paths {
        // The kernel's own files reach into the process's memory, and through it everywhere: without exception means all but
        // them where anything else is withheld.
        let all_but_doors = |grant: &Grant<PathBuf>| match grant {
            Grant::Everything if grants.ffi != Grant::Everything => {
                Grant::Rules(super::Rules { all: true, ..super::Rules::default() })
            }
            other => other.clone(),
        };
        Paths {
            how: Beneath::of_this_kernel(),
            read: Rules::new(&all_but_doors(&grants.read), &grants.own),
            write: Rules::new(&all_but_doors(&grants.write), &[]),
        }
    }

    fn rules(&self, to: Use) -> &Rules {
        match to {
            Use::Read => &self.read,
            Use::Write => &self.write,
        }
    }

    /// No exception: a path goes to the kernel as it is.
    pub(super) fn is_open(&self, to: Use) -> bool {
        matches!(self.rules(to), Rules::Everything)
    }

    /// Whether a path is named by the grants itself, and not only by a folder that it is in.
    pub(super) fn names(&self, to: Use, path: &Path) -> bool {
        match self.rules(to) {
            Rules::Everything => true,
            Rules::Listed { roots, .. } => roots.iter().any(|root| root.path == path || root.alias == path),
        }
    }

    /// Where an absolute path is; `None` if it is not granted. Errors are those of granted paths.
    pub(super) fn place(&self, to: Use, path: &Path, links: Links) -> Result<Option<Place>, Errno> {
        self.find(to, path, |root, rest, on_links| match links {
            Links::Follow => self.itself(root, rest, OFlags::empty(), on_links, to == Use::Read),
            Links::Keep => self.beside(root, rest, on_links, to == Use::Read),
        })
    }

    /// Opens an absolute path; `None` if it is not granted.
    pub(super) fn open(
        &self,
        to: Use,
        path: &Path,
        flags: OFlags,
        mode: Mode,
    ) -> Result<Option<OwnedFd>, Errno> {
        self.find(to, path, |root, rest, on_links| {
            if !root.denied.is_empty() {
                return self.open_guarded(root, rest, flags, mode, on_links);
            }
            let start = root.start(self.how, rest, on_links)?;
            Ok(self.how.open(start.fd(), start.path, flags, mode, start.links)?)
        })
    }

    /// Whether a path is granted, without using it.
    pub(super) fn reaches(&self, to: Use, path: &Path) -> bool {
        // A granted path with an error in it is granted.
        self.is_open(to) || !matches!(self.place(to, path, Links::Keep), Ok(None))
    }

    /// Where the one path that is granted leads to.
    pub(super) fn only_root(&self, to: Use) -> Option<&Path> {
        match self.rules(to) {
            Rules::Listed { roots, .. } => roots.first().map(|root| root.path.as_path()),
            Rules::Everything => None,
        }
    }

    /// Whether something that is denied lies at or within a real path, and would be carried along.
    pub(super) fn holds_denied(&self, path: &Path) -> bool {
        [&self.read, &self.write].into_iter().any(|rules| match rules {
            Rules::Everything => false,
            Rules::Listed { denied, .. } => denied.iter().any(|denied| within(path, denied).is_some()),
        })
    }

    /// Whether a path lies in what is granted by its name alone. The rest is the kernel's to say.
    pub(super) fn covers_name(&self, to: Use, path: &Path) -> bool {
        match self.rules(to) {
            Rules::Everything => true,
            Rules::Listed { roots, denied, .. } => {
                !denied.iter().any(|denied| within(denied, path).is_some())
                    && covering(roots, path).next().is_some()
            }
        }
    }

    fn find<T>(
        &self,
        to: Use,
        path: &Path,
        act: impl Fn(&Root, &Path, OnLinks) -> Result<T, Miss>,
    ) -> Result<Option<T>, Errno> {
        let Rules::Listed { roots, denied, granted } = self.rules(to) else { return Ok(None) };
        if roots.is_empty() || denied.iter().any(|denied| within(denied, path).is_some()) {
            return Ok(None);
        }
        let mut led_elsewhere = false;
        for (root, rest) in covering(roots, path) {
            // What is denied looks alike whether it exists or not.
            if root.denied.iter().any(|denied| within(denied, path).is_some_and(|rest| rest != Path::new("")))
            {
                return Ok(None);
            }
            match act(root, rest, OnLinks::Follow) {
                Ok(found) => return Ok(Some(found)),
                Err(Miss::Elsewhere) => led_elsewhere = true,
                Err(Miss::Denied) => return Ok(None),
                Err(Miss::Os(errno)) => return Err(errno),
            }
        }
        // Who was granted nothing has no business with names elsewhere, and does not learn by the time it takes what is there.
        if !granted && !led_elsewhere {
            return Ok(None);
        }
        // By another way: its real path, if that is granted. Somebody may change links meanwhile, so none is followed.
        for real in real_names(path).into_iter().flatten() {
            for root in roots {
                let Some(rest) = within(&root.path, &real) else { continue };
                match act(root, rest, OnLinks::Refuse) {
                    Ok(found) => return Ok(Some(found)),
                    Err(Miss::Elsewhere | Miss::Os(Errno::LOOP)) => {}
                    Err(Miss::Denied) => return Ok(None),
                    Err(Miss::Os(errno)) => return Err(errno),
                }
            }
        }
        Ok(None)
    }

    /// The object that the path leads to.
    fn itself(
        &self,
        root: &Root,
        rest: &Path,
        more: OFlags,
        links: OnLinks,
        looking: bool,
    ) -> Result<Place, Miss> {
        let start = root.start(self.how, rest, links)?;
        let held = self.how.open(start.fd(), start.path, OFlags::PATH | more, Mode::empty(), start.links)?;
        let path = by_descriptor(&held);
        judged(root, Place { held, path, itself: true }, looking)
    }

    /// The last name of the path in the directory that holds it.
    fn beside(&self, root: &Root, rest: &Path, links: OnLinks, looking: bool) -> Result<Place, Miss> {
        let start = root.start(self.how, rest, links)?;
        let Some(name) = start.path.file_name() else {
            let held = self.how.open(start.fd(), start.path, OFlags::PATH, Mode::empty(), start.links)?;
            return judged(root, Place { held, path: PathBuf::from("."), itself: false }, looking);
        };
        let folder = start.path.parent().unwrap_or(Path::new(""));
        let flags = OFlags::PATH | OFlags::DIRECTORY;
        let held = self.how.open(start.fd(), folder, flags, Mode::empty(), start.links)?;
        judged(root, Place { held, path: PathBuf::from(name), itself: false }, looking)
    }

    /// Looks before it opens, because opening may create, empty or wait.
    fn open_guarded(
        &self,
        root: &Root,
        rest: &Path,
        flags: OFlags,
        mode: Mode,
        links: OnLinks,
    ) -> Result<OwnedFd, Miss> {
        match self.itself(root, rest, flags & (OFlags::NOFOLLOW | OFlags::DIRECTORY), links, false) {
            Ok(_) if flags.contains(OFlags::CREATE | OFlags::EXCL) => Err(Miss::Os(Errno::EXIST)),
            Ok(place) => {
                let flags = (flags - OFlags::CREATE - OFlags::NOFOLLOW) | OFlags::CLOEXEC;
                Ok(retry_on_intr(|| openat(CWD, &place.path, flags, mode))?)
            }
            Err(Miss::Os(Errno::NOENT)) if flags.contains(OFlags::CREATE) => {
                let place = self.beside(root, rest, links, false)?;
                let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
                Ok(retry_on_intr(|| openat(&place.held, &place.path, flags, mode))?)
            }
            Err(miss) => Err(miss),
        }
    }
}

/// Refuses what is denied within the root. Who is only looking may see that the kernel's own folders are there.
fn judged(root: &Root, place: Place, looking: bool) -> Result<Place, Miss> {
    if !root.denied.is_empty() {
        let real = place.real_path()?;
        let is_door = |denied: &Path| NEVER_BY_LIST.iter().any(|never| denied == Path::new(never));
        let denies = |denied: &PathBuf| match within(denied, &real) {
            Some(rest) => !(looking && rest.as_os_str().is_empty() && is_door(denied)),
            None => false,
        };
        if root.denied.iter().any(denies) {
            return Err(Miss::Denied);
        }
    }
    Ok(place)
}

impl Place {
    pub(super) fn real_path(&self) -> Result<PathBuf, Errno> {
        let folder = real_path(self.held.as_fd())?;
        Ok(if self.itself || self.path == Path::new(".") { folder } else { folder.join(&self.path) })
    }
}

/// Where an open file is now.
pub(super) fn real_path(fd: BorrowedFd<'_>) -> Result<PathBuf, Errno> {
    let target = rustix::fs::readlinkat(CWD, by_descriptor(&fd), Vec::new())?;
    Ok(PathBuf::from(OsStr::from_bytes(target.to_bytes())))
}

fn by_descriptor(fd: &impl AsFd) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{}", fd.as_fd().as_raw_fd()))
}

/// The path without links; or, if it does not exist, without links in the folder that would hold it.
fn real_names(path: &Path) -> [Option<PathBuf>; 2] {
    let whole = std::fs::canonicalize(path).ok();
    let beside = || Some(std::fs::canonicalize(path.parent()?).ok()?.join(path.file_name()?));
    let beside = beside().filter(|beside| whole.as_ref() != Some(beside));
    [whole, beside]
}

impl Rules {
    fn new(grant: &Grant<PathBuf>, own: &[PathBuf]) -> Rules {
        let (allow, denied): (Vec<&PathBuf>, &[PathBuf]) = match grant {
            Grant::Everything => return Rules::Everything,
            Grant::Nothing => (own.iter().collect(), &[]),
            Grant::Rules(rules) => (rules.allow.iter().chain(own).collect(), &rules.deny),
        };
        let all = matches!(grant, Grant::Rules(rules) if rules.all).then(|| PathBuf::from("/"));
        let mut roots: Vec<Root> =
            allow.into_iter().chain(&all).filter_map(|path| Root::hold(path)).collect();
        // What is denied, under its real name too.
        let denied: Vec<PathBuf> =
            denied.iter().flat_map(|path| [Some(path.clone()), real_name(path)]).flatten().collect();
        roots.retain(|root| !denied.iter().any(|denied| within(denied, &root.path).is_some()));
        for root in &mut roots {
            let candidates = denied.iter().cloned().chain(NEVER_BY_LIST.map(PathBuf::from));
            // A root that is or lies in such a place was named, and is meant.
            root.denied = candidates
                .filter(|denied| root.path != *denied && within(&root.path, denied).is_some())
                .collect();
        }
        // The closest one first.
        roots.sort_by_key(|root| std::cmp::Reverse(root.path.as_os_str().len()));
        let granted = matches!(grant, Grant::Rules(rules) if rules.all || !rules.allow.is_empty());
        Rules::Listed { roots, denied, granted }
    }
}

/// Where a resolution starts.
struct Start<'r> {
    held: Option<OwnedFd>,
    anchor: BorrowedFd<'r>,
    path: &'r Path,
    links: OnLinks,
}

impl Start<'_> {
    fn fd(&self) -> BorrowedFd<'_> {
        self.held.as_ref().map_or(self.anchor, AsFd::as_fd)
    }
}

impl Root {
    fn hold(granted: &Path) -> Option<Root> {
        let (mut existing, mut rest) = (granted.to_path_buf(), Vec::new());
        let real = loop {
            match std::fs::canonicalize(&existing) {
                Ok(real) => break real,
                Err(_) => {
                    rest.push(existing.file_name()?.to_os_string());
                    existing.pop();
                }
            }
        };
        let mut anchor = real.clone();
        if rest.is_empty() && !real.is_dir() {
            rest.push(real.file_name()?.to_os_string());
            anchor.pop();
        }
        let rest: PathBuf = rest.iter().rev().collect();
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let held = openat(CWD, &anchor, flags, Mode::empty()).ok()?;
        let path = if rest.as_os_str().is_empty() { anchor } else { anchor.join(&rest) };
        let alias: PathBuf = granted.components().collect();
        Some(Root { aliased: alias != path, path, alias, anchor: held, rest, denied: Vec::new() })
    }

    fn remainder<'p>(
        &self,
        path: &'p Path,
        after: impl Fn(&Path, &'p Path) -> Option<&'p Path>,
    ) -> Option<&'p Path> {
        after(&self.path, path).or_else(|| if self.aliased { after(&self.alias, path) } else { None })
    }

    fn start<'r>(&'r self, how: Beneath, remainder: &'r Path, links: OnLinks) -> Result<Start<'r>, Errno> {
        let anchor = self.anchor.as_fd();
        if self.rest.as_os_str().is_empty() {
            return Ok(Start { held: None, anchor, path: remainder, links });
        }
        if remainder.as_os_str().is_empty() {
            return Ok(Start { held: None, anchor, path: &self.rest, links: OnLinks::Refuse });
        }
        let flags = OFlags::PATH | OFlags::DIRECTORY;
        let held = how.open(anchor, &self.rest, flags, Mode::empty(), OnLinks::Refuse)?;
        Ok(Start { held: Some(held), anchor, path: remainder, links })
    }
}

/// The real name of something denied, which need not exist yet.
fn real_name(path: &Path) -> Option<PathBuf> {
    let [whole, beside] = real_names(path);
    whole.or(beside)
}

/// The roots that a path lies in, with what follows: first those that it begins with as it stands, which nearly always is
/// all there is to it, then those that it does when it is tidied up.
fn covering<'r, 'p>(roots: &'r [Root], path: &'p Path) -> impl Iterator<Item = (&'r Root, &'p Path)> {
    let plainly = roots.iter().filter_map(move |root| Some((root, root.remainder(path, after)?)));
    // Nothing is looked at before somebody asks for more than the roots above.
    let tidied = std::iter::once_with(move || if is_tidy(path) { &[][..] } else { roots }).flatten();
    let tidied = tidied.filter_map(move |root| {
        let tidied = |root: &Path, path: &'p Path| path.strip_prefix(root).ok();
        (root.remainder(path, after).is_none()).then_some((root, root.remainder(path, tidied)?))
    });
    plainly.chain(tidied)
}

/// What follows `root` in `path`, by whole names.
fn within<'p>(root: &Path, path: &'p Path) -> Option<&'p Path> {
    after(root, path).or_else(|| if is_tidy(path) { None } else { path.strip_prefix(root).ok() })
}

/// The same for a path as it stands.
fn after<'p>(root: &Path, path: &'p Path) -> Option<&'p Path> {
    let (start, bytes) = (root.as_os_str().as_bytes(), path.as_os_str().as_bytes());
    let rest = bytes.strip_prefix(start)?;
    let follows = match rest.first() {
        None => rest,
        Some(b'/') => trim_slashes(rest),
        Some(_) if start.last() == Some(&b'/') => rest,
        Some(_) => return None,
    };
    Some(Path::new(OsStr::from_bytes(follows)))
}

/// Whether a path has no doubled slashes and no names that begin with a dot.
fn is_tidy(path: &Path) -> bool {
    let mut rest = path.as_os_str().as_bytes();
    while let Some(at) = rest.iter().position(|b| *b == b'/') {
        rest = &rest[at + 1..];
        if matches!(rest.first(), Some(b'/' | b'.')) {
            return false;
        }
    }
    true
}

fn trim_slashes(bytes: &[u8]) -> &[u8] {
    let first = bytes.iter().position(|b| *b != b'/').unwrap_or(bytes.len());
    &bytes[first..]
}
