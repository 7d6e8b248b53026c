//! Faults on mapped files: what keeps a file that became shorter from ending the process.
//!
//! A page of a mapping that lies beyond the end of its file cannot be touched: the kernel sends SIGBUS to whoever tries,
//! which by default ends the process with all the isolates in it. Anybody who may write the file can bring that about, at
//! any time, so it cannot be checked beforehand. The handler here *lends* the thread memory: it keeps the file's mapping
//! aside (a duplicate at another address), puts zeroes over the rest of the mapping, tells the thread by the function that
//! it has registered ([`tell_me`]), and returns, so the instruction goes on. The thread then takes the loan back
//! ([`return_loans`]), so that the file is there again, and throws. So whatever touches the memory is covered, compiled code
//! and Rust alike, and every access beyond the end is noticed, not the first alone.
//!
//! Invariants: lent memory is charged to nobody, and therefore lives only until the thread that got it looks, which is
//! within some instructions, or one piece of a native that works in pieces. Nobody touches mapped memory while holding an
//! entry's lock. The handler makes system calls, reads and writes atomics and one thread-local cell, and nothing else: it
//! may interrupt anything that touches mapped memory.
//!
//! State of the process, because signals are: one table of all mappings, and the handler that was there before, which gets
//! every signal that is not about an entry of the table. The table's length also keeps isolates from taking all the
//! mappings that the kernel gives one process.
//!
//! Deliberately absent: faults of any other kind. A page that the hardware has lost stays the end of the process.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;
use std::ops::Range;
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use parking_lot::Mutex;
use rustix::mm::{MapFlags, MremapFlags, ProtFlags};

use crate::cage::PAGE_BYTES;

/// Mappings of all isolates together. The kernel has some 65,000 for a process; each of ours takes up to two, and two
/// more while there is a loan.
const ENTRIES: usize = 20_000;

struct Entry {
    /// 0 if the entry is free. Read without the lock, and again with it.
    start: AtomicUsize,
    end: AtomicUsize,
    locked: AtomicBool,
    // What follows is read and written under the lock.
    writable: AtomicBool,
    /// Whether the memory of the loan is the mapping's own in the end, because the file's pages could not be kept.
    kept: AtomicBool,
    /// From here to `end` lies lent memory; `end` if there is no loan.
    lent: AtomicUsize,
    /// Where the file is mapped meanwhile; 0 if nowhere.
    aside: AtomicUsize,
}

static TABLE: [Entry; ENTRIES] = [const { Entry::free() }; ENTRIES];
/// Entries from here on were never used.
static USED: AtomicUsize = AtomicUsize::new(0);
static VACANT: Mutex<Vec<usize>> = Mutex::new(Vec::new());
/// How many mappings have gone: a fault on one that has just gone is tried again.
static GONE: AtomicU64 = AtomicU64::new(0);
static BEFORE: OnceLock<libc::sigaction> = OnceLock::new();

/// Called in the handler, with what was registered with it.
pub type Tell = unsafe fn(*const ());

thread_local! {
    static TOLD: Cell<Option<(Tell, *const ())>> = const { Cell::new(None) };
    /// The last fault that was on no entry, and how many mappings had gone.
    static ASTRAY: Cell<(usize, u64)> = const { Cell::new((0, 0)) };
}

/// Has `tell(whom)` called whenever the calling thread is lent memory, until the next call of this function, or for good.
///
/// # Safety
/// `tell` may be called with `whom` until then, and does nothing but atomic operations.
pub unsafe fn tell_me(told: Option<(Tell, *const ())>) {
    TOLD.set(told);
}

/// A mapping in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Watched(usize);

/// Puts a mapping into the table; none if that is full, or the system does not let us handle faults. The range is not yet
/// mapped, or mapped to memory.
pub(super) fn watch(range: Range<usize>, writable: bool) -> Option<Watched> {
    if !install() {
        return None;
    }
    let index = {
        let mut vacant = VACANT.lock();
        match vacant.pop() {
            Some(index) => index,
            None => {
                let next = USED.load(Ordering::Relaxed);
                if next == ENTRIES {
                    return None;
                }
                USED.store(next + 1, Ordering::Release);
                next
            }
        }
    };
    let entry = TABLE.get(index)?;
    entry.locked(|| {
        entry.writable.store(writable, Ordering::Relaxed);
        entry.kept.store(false, Ordering::Relaxed);
        entry.lent.store(range.end, Ordering::Relaxed);
        entry.aside.store(0, Ordering::Relaxed);
        entry.end.store(range.end, Ordering::Release);
        entry.start.store(range.start, Ordering::Release);
    });
    Some(Watched(index))
}

/// Takes a mapping out of the table after `unmap` has put something else in its place.
pub(super) fn unwatch(watched: Watched, unmap: impl FnOnce()) {
    let Some(entry) = TABLE.get(watched.0) else { return };
    entry.locked(|| {
        let (lent, aside) = (entry.lent.load(Ordering::Relaxed), entry.aside.swap(0, Ordering::Relaxed));
        if aside != 0 {
            // SAFETY: the mapping that `lend` made there, of this length; nobody else knows it.
            let _ =
                unsafe { rustix::mm::munmap(aside as *mut c_void, entry.end.load(Ordering::Relaxed) - lent) };
        }
        unmap();
        entry.start.store(0, Ordering::Release);
    });
    GONE.fetch_add(1, Ordering::SeqCst);
    VACANT.lock().push(watched.0);
}

/// A file's mapping of somebody else's, to be read: it reads as zeroes where the file has become shorter, from then on.
#[derive(Debug)]
pub struct Guarded(Watched);

impl Guarded {
    /// None if there are too many, or the range is empty.
    ///
    /// # Safety
    /// The range is that of one mapping of a file, which stays for as long as the guard.
    pub unsafe fn new(range: Range<usize>) -> Option<Guarded> {
        const PAGE: usize = PAGE_BYTES as usize;
        (!range.is_empty()).then(|| watch(range.start..range.end.next_multiple_of(PAGE), false))?.map(Guarded)
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        unwatch(self.0, || {});
    }
}

/// Takes back what was lent within a range of addresses: the files are mapped there again.
pub fn return_loans(within: Range<usize>) {
    let used = USED.load(Ordering::Acquire);
    for entry in TABLE.iter().take(used) {
        if within.contains(&entry.start.load(Ordering::Acquire)) {
            entry.locked(|| {
                if within.contains(&entry.start.load(Ordering::Relaxed)) {
                    entry.take_back();
                }
            });
        }
    }
}

impl Entry {
    const fn free() -> Entry {
        Entry {
            start: AtomicUsize::new(0),
            end: AtomicUsize::new(0),
            locked: AtomicBool::new(false),
            writable: AtomicBool::new(false),
            kept: AtomicBool::new(false),
            lent: AtomicUsize::new(0),
            aside: AtomicUsize::new(0),
        }
    }

    /// Runs `work` alone. Never waits for long: `work` is a few system calls.
    fn locked<R>(&self, work: impl FnOnce() -> R) -> R {
        while self.locked.compare_exchange_weak(false, true, Ordering::Acquire, Ordering::Relaxed).is_err() {
            rustix::thread::sched_yield();
        }
        let result = work();
        self.locked.store(false, Ordering::Release);
        result
    }

    fn holds(&self, address: usize) -> bool {
        let start = self.start.load(Ordering::Acquire);
        start != 0 && start <= address && address < self.end.load(Ordering::Acquire)
    }

    /// Puts memory where `page` is, and from there to the mapping's end. False if the kernel does not have it. Under the
    /// lock.
    fn lend(&self, page: usize) -> bool {
        let end = self.end.load(Ordering::Relaxed);
        if page >= self.lent.load(Ordering::Relaxed) {
            // Another thread was faster.
            return true;
        }
        if !self.take_back() {
            return false;
        }
        let bytes = end - page;
        let place = page as *mut c_void;
        // SAFETY: a length of 0 asks for a duplicate of a shared mapping, which stays as it is; the mapping is ours, and the
        // duplicate's place is free.
        let duplicate = unsafe { rustix::mm::mremap(place, 0, bytes, MremapFlags::MAYMOVE) };
        // A private mapping has no duplicates. What was written to its pages beyond the end is gone already.
        // SAFETY: the pages are those of our mapping; the range stays mapped, and what is mapped elsewhere is free there.
        let aside = duplicate.or_else(|_| unsafe {
            rustix::mm::mremap(place, bytes, bytes, MremapFlags::MAYMOVE | MremapFlags::DONTUNMAP)
        });
        let rights =
            if self.writable.load(Ordering::Relaxed) { ProtFlags::WRITE } else { ProtFlags::empty() };
        // SAFETY: replaces pages of our own mapping. Who uses it gets zeroes, as a file is whatever others write to it.
        let lent = unsafe {
            rustix::mm::mmap_anonymous(
                place,
                bytes,
                ProtFlags::READ | rights,
                MapFlags::PRIVATE | MapFlags::FIXED | MapFlags::NORESERVE,
            )
        };
        let aside = aside.map_or(0, |at| at as usize);
        if lent.is_err() {
            if aside != 0 {
                // SAFETY: the mapping that was just made.
                let _ = unsafe { rustix::mm::munmap(aside as *mut c_void, bytes) };
            }
            return false;
        }
        self.kept.store(aside == 0, Ordering::Relaxed);
        self.aside.store(aside, Ordering::Relaxed);
        self.lent.store(page, Ordering::Relaxed);
        true
    }

    /// Puts the file where memory was lent. Under the lock.
    fn take_back(&self) -> bool {
        let (lent, end) = (self.lent.load(Ordering::Relaxed), self.end.load(Ordering::Relaxed));
        if lent == end || self.kept.load(Ordering::Relaxed) {
            return true;
        }
        let aside = self.aside.load(Ordering::Relaxed) as *mut c_void;
        // SAFETY: both ranges are this entry's, of this length; the lent memory goes, as everybody was told.
        let moved = unsafe {
            rustix::mm::mremap_fixed(aside, end - lent, end - lent, MremapFlags::MAYMOVE, lent as *mut c_void)
        };
        if moved.is_err() {
            return false;
        }
        self.aside.store(0, Ordering::Relaxed);
        self.lent.store(end, Ordering::Relaxed);
        true
    }
}

/// Once for the process. What was there before keeps getting what is not ours.
fn install() -> bool {
    static INSTALLED: Mutex<bool> = Mutex::new(false);
    let mut installed = INSTALLED.lock();
    if !*installed {
        let mut before = MaybeUninit::<libc::sigaction>::zeroed();
        // SAFETY: asks for the handler that is there; the structure is plain data, for which zeroes are a value.
        let before = unsafe {
            if libc::sigaction(libc::SIGBUS, ptr::null(), before.as_mut_ptr()) != 0 {
                return false;
            }
            before.assume_init()
        };
        let _ = BEFORE.set(before);
        let mut action = MaybeUninit::<libc::sigaction>::zeroed();
        // SAFETY: as above; `handle` has the signature that SA_SIGINFO asks for, and keeps to what a handler may do. It runs
        // on the thread's signal stack if there is one, and is itself interrupted by nothing new.
        *installed = unsafe {
            (*action.as_mut_ptr()).sa_sigaction = handle as *const () as usize;
            (*action.as_mut_ptr()).sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART;
            (*action.as_mut_ptr()).sa_mask = before.sa_mask;
            libc::sigaction(libc::SIGBUS, action.as_ptr(), ptr::null_mut()) == 0
        };
    }
    *installed
}

/// The handler of SIGBUS.
unsafe extern "C" fn handle(number: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel hands a handler its information.
    let (code, address) = unsafe { ((*info).si_code, (*info).si_addr() as usize) };
    // Beyond the end of a file, by the access of this thread, and not sent by somebody.
    if code == libc::BUS_ADRERR && is_repaired(address) {
        return;
    }
    // SAFETY: the same signal, as it came.
    unsafe { pass_on(number, info, context) }
}

/// Whether the instruction may be tried again.
fn is_repaired(address: usize) -> bool {
    let used = USED.load(Ordering::Acquire);
    let gone = GONE.load(Ordering::SeqCst);
    if let Some(entry) = TABLE.iter().take(used).find(|entry| entry.holds(address)) {
        let page = address & !(PAGE_BYTES as usize - 1);
        let lent = entry.locked(|| entry.holds(address).then(|| entry.lend(page)));
        match lent {
            Some(true) => {
                if let Some((tell, whom)) = TOLD.get() {
                    // SAFETY: whoever registered this promised it.
                    unsafe { tell(whom) }
                }
                return true;
            }
            Some(false) => return false,
            // It has gone in between.
            None => {}
        }
    }
    // Perhaps a mapping that went between the fault and this look at the table; what is there now can be touched. If not,
    // the fault comes again, and as long as no mapping goes it is nobody's.
    ASTRAY.replace((address, gone)) != (address, gone)
}

/// Does what would be done if this handler were not there.
unsafe fn pass_on(number: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    let before = BEFORE.get().map(|before| (before.sa_sigaction, before.sa_flags));
    match before {
        None | Some((libc::SIG_DFL | libc::SIG_IGN, _)) => {
            // SAFETY: the default action, which comes as soon as the instruction is executed again; for a signal that
            // somebody has sent, by sending it again.
            unsafe {
                if matches!(before, Some((libc::SIG_IGN, _))) && (*info).si_code <= 0 {
                    return;
                }
                let mut action = MaybeUninit::<libc::sigaction>::zeroed();
                (*action.as_mut_ptr()).sa_sigaction = libc::SIG_DFL;
                libc::sigaction(number, action.as_ptr(), ptr::null_mut());
                if (*info).si_code <= 0 {
                    libc::raise(number);
                }
            }
        }
        // SAFETY: the handler that was there, called as the kernel would: its flags say which signature it has.
        Some((handler, flags)) => unsafe {
            if flags & libc::SA_SIGINFO != 0 {
                let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) =
                    std::mem::transmute(handler);
                handler(number, info, context);
            } else {
                let handler: extern "C" fn(c_int) = std::mem::transmute(handler);
                handler(number);
            }
        },
    }
}
