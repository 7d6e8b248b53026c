//! The Java stack of a thread: a mapping of its own with guard pages, growing downward.
//!
//! Interpreted and compiled frames both live here; Rust code runs on the native stack. Below the limit that method
//! entries compare with lies a reserve.

use std::ptr::NonNull;

use rustix::mm::{MapFlags, MprotectFlags, ProtFlags, mmap_anonymous, mprotect, munmap};

/// Never handed out to frames: see the module's head.
pub const RESERVE_BYTES: usize = 64 * 1024;
const GUARD_BYTES: usize = 64 * 1024;
/// Below this a thread could not even start.
pub const MIN_BYTES: usize = 128 * 1024;
pub const MAX_BYTES: usize = 1 << 30;

pub struct JavaStack {
    start: NonNull<u8>,
    bytes: usize,
}

// SAFETY: the mapping is owned by this value alone and has no thread affinity.
unsafe impl Send for JavaStack {}

impl JavaStack {
    /// Maps a stack whose frames may take `bytes` (rounded and bounded).
    pub fn new(bytes: usize) -> std::io::Result<JavaStack> {
        let usable = bytes.clamp(MIN_BYTES, MAX_BYTES).next_multiple_of(4096);
        let total = usable + RESERVE_BYTES + 2 * GUARD_BYTES;
        // SAFETY: a fresh anonymous mapping at an address of the kernel's choice touches nothing that exists.
        let start = unsafe {
            mmap_anonymous(
                std::ptr::null_mut(),
                total,
                ProtFlags::empty(),
                MapFlags::PRIVATE | MapFlags::NORESERVE,
            )?
        };
        let body = start.cast::<u8>().wrapping_add(GUARD_BYTES);
        // SAFETY: the range lies inside the mapping just made, between its two guards.
        unsafe {
            mprotect(body.cast(), usable + RESERVE_BYTES, MprotectFlags::READ | MprotectFlags::WRITE)?;
        }
        let start =
            NonNull::new(start.cast::<u8>()).ok_or_else(|| std::io::Error::other("mapping at address 0"))?;
        Ok(JavaStack { start, bytes: total })
    }

    /// One past the highest slot.
    pub fn top(&self) -> *mut u64 {
        self.start.as_ptr().wrapping_add(self.bytes - GUARD_BYTES).cast()
    }

    /// The lowest slot, those of the reserve included.
    pub fn lowest(&self) -> *mut u64 {
        self.start.as_ptr().wrapping_add(GUARD_BYTES).cast()
    }

    /// Frames must stay above this.
    pub fn limit(&self) -> *mut u64 {
        self.start.as_ptr().wrapping_add(GUARD_BYTES + RESERVE_BYTES).cast()
    }
}

impl Drop for JavaStack {
    fn drop(&mut self) {
        // SAFETY: start and bytes are those of the mapping made in `new`, and the thread that used it has ended.
        // Failure to unmap can only leak address space.
        let _ = unsafe { munmap(self.start.as_ptr().cast(), self.bytes) };
    }
}
