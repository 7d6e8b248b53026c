//! The isolate's own table of open files: what Java code holds as a file descriptor is an index into it.
//!
//! Invariant: a kernel descriptor never leaves this table as a number, so nothing that Java code forges can name a file
//! that the isolate did not open. A handle that is closed while another thread uses it stays open in the kernel until
//! that use ends, so a number that is reused never redirects somebody else's transfer.
//!
//! 0, 1 and 2 always exist: closing one of them puts the null device in its place.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use carafe_vm::console::Streams;
use parking_lot::Mutex;
use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;

use super::random::Seeded;

/// How many files one isolate may hold open at most; its own limit may be lower.
pub const OPEN_FILES_MAX: usize = 1 << 16;
const STANDARD_STREAMS: usize = 3;

/// An open file, directory, pipe or the like. Holding one is the right to use it.
#[derive(Debug)]
pub struct Handle {
    fd: Fd,
    /// Where it was opened, if it has a name: what paths relative to it are judged by.
    path: Option<PathBuf>,
    kind: OnceLock<FileType>,
    /// For what never waits in the kernel (sockets, pipes of channels): whether Java wants its operations to wait, which
    /// they then do where they can be woken. `None`: the kernel's own flag says it.
    patient: Option<AtomicBool>,
    /// What may still be written to the standard streams, if this is one of them.
    meter: Option<Arc<Meter>>,
}

/// Counts the bytes that leave by the standard streams.
struct Meter {
    left: AtomicU64,
    exceeded: AtomicBool,
    /// Told when more was wanted than there was.
    on_exceeded: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Meter({} bytes left)", self.left.load(Ordering::Relaxed))
    }
}

impl Meter {
    /// How much of a write may pass.
    fn take(&self, wanted: usize) -> usize {
        let mut granted = 0;
        let take = |left: u64| {
            granted = left.min(wanted as u64);
            Some(left - granted)
        };
        // The closure always answers.
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        // A write that goes too far is cut short; the next one finds nothing left.
        if granted == 0 && wanted > 0 && !self.exceeded.swap(true, Ordering::AcqRel) {
            self.on_exceeded.get().inspect(|tell| tell());
        }
        granted as usize
    }

    /// So much of what was taken was not written.
    fn give_back(&self, bytes: usize) {
        self.left.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

#[derive(Debug)]
enum Fd {
    Owned(OwnedFd),
    /// A standard stream of the host process, which the isolate may use and not close.
    Standard(BorrowedFd<'static>),
    /// A standard stream that the host gave to this isolate.
    Shared(Arc<OwnedFd>),
    /// Random bytes by a seed: the file itself is the null device.
    Seeded(OwnedFd, Arc<Seeded>),
    /// Random bytes whose every read the gate decides about: the file itself is the null device.
    Asking(OwnedFd),
}

impl Handle {
    pub fn new(fd: OwnedFd, path: Option<PathBuf>) -> Handle {
        Handle { fd: Fd::Owned(fd), path, kind: OnceLock::new(), meter: None, patient: None }
    }

    /// For a descriptor whose operations never wait in the kernel; Java sees it in blocking mode at first.
    pub fn patient(fd: OwnedFd) -> Handle {
        Handle { patient: Some(AtomicBool::new(true)), ..Handle::new(fd, None) }
    }

    /// The mode that Java sees, if it is not the kernel's.
    pub(super) fn patience(&self) -> Option<&AtomicBool> {
        self.patient.as_ref()
    }

    /// How much of a write may pass: all of it, except on standard streams whose program wrote enough.
    pub(super) fn may_write(&self, wanted: usize) -> Result<usize, Errno> {
        match self.meter.as_ref().map(|meter| meter.take(wanted)) {
            Some(0) if wanted > 0 => Err(Errno::FBIG),
            Some(granted) => Ok(granted),
            None => Ok(wanted),
        }
    }

    /// So much of what `may_write` has let pass was not written after all.
    pub(super) fn not_written(&self, bytes: usize) {
        if let Some(meter) = &self.meter {
            meter.give_back(bytes);
        }
    }

    pub(super) fn seeded(null: OwnedFd, source: Arc<Seeded>) -> Handle {
        Handle { fd: Fd::Seeded(null, source), path: None, kind: OnceLock::new(), meter: None, patient: None }
    }

    pub(super) fn asking(null: OwnedFd) -> Handle {
        Handle { fd: Fd::Asking(null), path: None, kind: OnceLock::new(), meter: None, patient: None }
    }

    /// Whether the gate is to be asked for every read ([`super::Gate::read_random`]).
    pub fn asks(&self) -> bool {
        matches!(self.fd, Fd::Asking(_))
    }

    /// Where reading gets its bytes, if not from the kernel.
    pub(super) fn source(&self) -> Option<&Seeded> {
        match &self.fd {
            Fd::Seeded(_, source) => Some(source),
            Fd::Owned(_) | Fd::Standard(_) | Fd::Shared(_) | Fd::Asking(_) => None,
        }
    }

    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What kind of file it is; asked once.
    pub fn kind(&self) -> FileType {
        *self.kind.get_or_init(|| match rustix::fs::fstat(self) {
            Ok(stat) => FileType::from_raw_mode(stat.st_mode),
            Err(_) => FileType::Unknown,
        })
    }

    /// Another handle on the same open file (position and flags are shared).
    pub fn duplicate(&self) -> Result<Handle, Errno> {
        let fd = rustix::io::fcntl_dupfd_cloexec(self, 0)?;
        let patient = self.patient.as_ref().map(|mode| AtomicBool::new(mode.load(Ordering::Acquire)));
        let fd = match &self.fd {
            Fd::Seeded(_, source) => Fd::Seeded(fd, source.clone()),
            Fd::Asking(_) => Fd::Asking(fd),
            Fd::Owned(_) | Fd::Standard(_) | Fd::Shared(_) => Fd::Owned(fd),
        };
        let (path, kind, meter) = (self.path.clone(), self.kind.clone(), self.meter.clone());
        Ok(Handle { fd, path, kind, meter, patient })
    }

    /// The two ends of a new pipe, reading end first. Nothing outside the isolate is reached by it.
    pub fn pipe() -> Result<(Handle, Handle), Errno> {
        use rustix::pipe::{PipeFlags, pipe_with};
        let (reader, writer) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
        Ok((Handle::patient(reader), Handle::patient(writer)))
    }

    /// Two sockets connected to each other. Nothing outside the isolate is reached by them.
    pub fn connected_pair() -> Result<(Handle, Handle), Errno> {
        use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
        let (a, b) = socketpair(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
        Ok((Handle::new(a, None), Handle::new(b, None)))
    }

    /// A counter that is readable once something was written to it.
    pub fn event() -> Result<Handle, Errno> {
        use rustix::event::{EventfdFlags, eventfd};
        let fd = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        Ok(Handle::new(fd, None))
    }

    /// The descriptor itself, for those who take it over; a standard stream gives a duplicate.
    pub fn into_fd(self) -> Result<OwnedFd, Errno> {
        match self.fd {
            Fd::Owned(fd) | Fd::Seeded(fd, _) | Fd::Asking(fd) => Ok(fd),
            Fd::Standard(fd) => rustix::io::fcntl_dupfd_cloexec(fd, 0),
            Fd::Shared(fd) => rustix::io::fcntl_dupfd_cloexec(&fd, 0),
        }
    }

    fn standard(own: &Option<Arc<OwnedFd>>, process: BorrowedFd<'static>, meter: &Arc<Meter>) -> Handle {
        let fd = match own {
            Some(fd) => Fd::Shared(fd.clone()),
            None => Fd::Standard(process),
        };
        // A host that wants its guest's threads never to wait in the kernel gives it streams of that kind.
        let flags = own.as_ref().and_then(|fd| rustix::fs::fcntl_getfl(fd).ok());
        let patient =
            flags.is_some_and(|flags| flags.contains(OFlags::NONBLOCK)).then(|| AtomicBool::new(true));
        Handle { fd, path: None, kind: OnceLock::new(), meter: Some(meter.clone()), patient }
    }

    fn null_device() -> Result<Handle, Errno> {
        let fd = rustix::fs::open("/dev/null", OFlags::RDWR | OFlags::CLOEXEC, Mode::empty())?;
        Ok(Handle::new(fd, None))
    }
}

impl AsFd for Handle {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match &self.fd {
            Fd::Owned(fd) | Fd::Seeded(fd, _) | Fd::Asking(fd) => fd.as_fd(),
            Fd::Standard(fd) => *fd,
            Fd::Shared(fd) => fd.as_fd(),
        }
    }
}

/// Everything an isolate has open.
pub struct HandleTable {
    slots: Mutex<Slots>,
    /// How many may be open, the standard streams included.
    files_max: usize,
    output_max: u64,
    meter: Arc<Meter>,
}

struct Slots {
    handles: Vec<Option<Arc<Handle>>>,
    free: BinaryHeap<Reverse<usize>>,
}

impl HandleTable {
    /// A table that holds the isolate's standard streams.
    pub fn new(streams: &Streams, files_max: usize, output_max: u64) -> HandleTable {
        let meter = Arc::new(Meter {
            left: AtomicU64::new(output_max),
            exceeded: AtomicBool::new(false),
            on_exceeded: OnceLock::new(),
        });
        let standard = [
            (&streams.input, rustix::stdio::stdin()),
            (&streams.output, rustix::stdio::stdout()),
            (&streams.error, rustix::stdio::stderr()),
        ];
        let handles =
            standard.map(|(own, process)| Some(Arc::new(Handle::standard(own, process, &meter)))).into();
        let slots = Mutex::new(Slots { handles, free: BinaryHeap::new() });
        HandleTable { slots, files_max: files_max.min(OPEN_FILES_MAX), output_max, meter }
    }

    /// Calls `tell` when the program first tries to write more to the standard streams than it may. To be called once.
    pub fn on_output_exceeded(&self, tell: impl Fn() + Send + Sync + 'static) {
        // Whoever comes second is not heard, as with every limit.
        let _ = self.meter.on_exceeded.set(Box::new(tell));
    }

    /// Bytes that were written to the standard streams.
    pub fn output_bytes(&self) -> u64 {
        self.output_max.saturating_sub(self.meter.left.load(Ordering::Relaxed))
    }

    /// How many numbers are in use, the standard streams included.
    pub fn open(&self) -> usize {
        let slots = self.slots.lock();
        slots.handles.len() - slots.free.len()
    }

    /// Whether the program tried to write more to the standard streams than it may.
    pub fn output_exceeded(&self) -> bool {
        self.meter.exceeded.load(Ordering::Acquire)
    }

    /// The handle behind one of Java's descriptor numbers.
    pub fn get(&self, number: i32) -> Result<Arc<Handle>, Errno> {
        let slots = self.slots.lock();
        let handle = usize::try_from(number).ok().and_then(|n| slots.handles.get(n)?.clone());
        handle.ok_or(Errno::BADF)
    }

    /// Gives a handle the lowest free number.
    pub fn insert(&self, handle: Handle) -> Result<i32, Errno> {
        let mut slots = self.slots.lock();
        let handle = Some(Arc::new(handle));
        let number = match slots.free.pop() {
            Some(Reverse(n)) => n,
            None => slots.handles.len(),
        };
        if let Some(slot) = slots.handles.get_mut(number) {
            *slot = handle;
        } else if number < self.files_max {
            slots.handles.push(handle);
        } else {
            return Err(Errno::MFILE);
        }
        i32::try_from(number).map_err(|_| Errno::MFILE)
    }

    /// Frees a number. The file itself closes when its last user is done.
    pub fn close(&self, number: i32) -> Result<(), Errno> {
        self.take(number).map(drop)
    }

    /// Frees a number and gives its handle to the caller.
    pub fn take(&self, number: i32) -> Result<Arc<Handle>, Errno> {
        let index = usize::try_from(number).map_err(|_| Errno::BADF)?;
        if index < STANDARD_STREAMS {
            return self.replace(number, Handle::null_device()?);
        }
        let mut slots = self.slots.lock();
        let handle = slots.handles.get_mut(index).and_then(Option::take).ok_or(Errno::BADF)?;
        slots.free.push(Reverse(index));
        Ok(handle)
    }

    /// Whether a number still stands for this very handle.
    pub fn names(&self, number: i32, handle: &Handle) -> bool {
        self.get(number).is_ok_and(|now| std::ptr::eq(&*now, handle))
    }

    /// Puts another handle in the place of an open one, which is returned.
    pub fn replace(&self, number: i32, handle: Handle) -> Result<Arc<Handle>, Errno> {
        self.replace_shared(number, Arc::new(handle))
    }

    /// As `replace`, with a handle that may stand under other numbers too.
    pub fn replace_shared(&self, number: i32, handle: Arc<Handle>) -> Result<Arc<Handle>, Errno> {
        let index = usize::try_from(number).map_err(|_| Errno::BADF)?;
        let mut slots = self.slots.lock();
        match slots.handles.get_mut(index) {
            Some(Some(slot)) => Ok(std::mem::replace(slot, handle)),
            Some(None) | None => Err(Errno::BADF),
        }
    }
}

impl Default for HandleTable {
    fn default() -> Self {
        HandleTable::new(&Streams::default(), OPEN_FILES_MAX, u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_reused_lowest_first_and_stale_ones_refused() {
        let table = HandleTable::default();
        let a = table.insert(Handle::null_device().unwrap()).unwrap();
        let b = table.insert(Handle::null_device().unwrap()).unwrap();
        assert_eq!((a, b), (3, 4));
        table.close(a).unwrap();
        assert_eq!(table.get(a).err(), Some(Errno::BADF));
        assert_eq!(table.close(a), Err(Errno::BADF));
        assert_eq!(table.insert(Handle::null_device().unwrap()).unwrap(), a);
        assert_eq!(table.get(-1).err(), Some(Errno::BADF));
        assert_eq!(table.get(i32::MAX).err(), Some(Errno::BADF));
    }

    #[test]
    fn limits_hold() {
        let (reader, writer) = rustix::pipe::pipe().unwrap();
        let streams = Streams { output: Some(Arc::new(writer)), ..Streams::default() };
        let table = HandleTable::new(&streams, 5, 4);
        let told = Arc::new(AtomicU64::new(0));
        let tell = told.clone();
        table.on_output_exceeded(move || {
            tell.fetch_add(1, Ordering::Relaxed);
        });
        assert_eq!(table.insert(Handle::null_device().unwrap()), Ok(3));
        assert_eq!(table.insert(Handle::null_device().unwrap()), Ok(4));
        assert_eq!(table.insert(Handle::null_device().unwrap()), Err(Errno::MFILE));
        let out = table.get(1).unwrap();
        assert_eq!(out.write(b"abc"), Ok(3));
        assert!(!table.output_exceeded());
        assert_eq!(out.duplicate().unwrap().write(b"def"), Ok(1));
        assert_eq!((told.load(Ordering::Relaxed), table.output_bytes(), table.open()), (0, 4, 5));
        assert!(!table.output_exceeded());
        assert_eq!(out.write_all(b"g"), Err(Errno::FBIG));
        assert!(table.output_exceeded());
        assert_eq!(out.write_all(b"g"), Err(Errno::FBIG));
        assert_eq!(told.load(Ordering::Relaxed), 1);
        let mut got = [0; 8];
        assert_eq!(rustix::io::read(&reader, &mut got), Ok(4));
        assert_eq!(&got[..4], b"abcd");
    }

    #[test]
    fn a_closed_standard_stream_is_the_null_device() {
        let table = HandleTable::default();
        table.close(0).unwrap();
        let handle = table.get(0).unwrap();
        let mut byte = [0];
        assert_eq!(rustix::io::read(&handle, &mut byte), Ok(0));
        assert_eq!(table.insert(Handle::null_device().unwrap()), Ok(3));
    }

    #[test]
    fn a_handle_in_use_outlives_its_number() {
        let table = HandleTable::default();
        let number = table.insert(Handle::null_device().unwrap()).unwrap();
        let user = table.get(number).unwrap();
        table.close(number).unwrap();
        assert_eq!(rustix::io::write(&user, b"x"), Ok(1));
    }
}
