//! Questions and advice to the kernel about mapped pages. None of it changes what the memory holds.

use std::ffi::c_void;

use rustix::io::Errno;
use rustix::mm::{Advice, MsyncFlags, madvise, msync};

/// A range of address space that stays reserved.
pub struct Pages {
    start: *mut u8,
    bytes: usize,
}

// SAFETY: an address and a length; what is done with them is safe from any thread.
unsafe impl Send for Pages {}

const PAGE_BYTES: usize = 4096;

impl Pages {
    /// # Safety
    /// The range stays reserved (mapped somehow, if only inaccessibly) as long as the value is used.
    pub unsafe fn new(start: *mut u8, bytes: usize) -> Pages {
        // Rounded down to a page, as the kernel wants it.
        let before = start as usize % PAGE_BYTES;
        Pages { start: start.wrapping_sub(before), bytes: bytes + before }
    }

    fn start(&self) -> *mut c_void {
        self.start.cast()
    }
}

/// Whether every page is in memory.
pub fn is_resident(pages: &Pages) -> Result<bool, Errno> {
    // A bounded step at a time: a guest's length does not decide how much is allocated.
    const STEP_PAGES: usize = 4096;
    let mut flags = vec![0_u8; STEP_PAGES];
    let mut done = 0;
    while done < pages.bytes {
        let bytes = (pages.bytes - done).min(STEP_PAGES * PAGE_BYTES);
        let at = pages.start.wrapping_add(done);
        // SAFETY: mincore only looks at the mapping, and writes one byte per page into `flags`, which has that many.
        if unsafe { libc::mincore(at.cast(), bytes, flags.as_mut_ptr()) } != 0 {
            return Err(Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::INVAL));
        }
        if flags.iter().take(bytes.div_ceil(PAGE_BYTES)).any(|f| f & 1 == 0) {
            return Ok(false);
        }
        done += bytes;
    }
    Ok(true)
}

/// Asks for the pages to be read ahead.
pub fn will_need(pages: &Pages) -> Result<(), Errno> {
    // SAFETY: this advice does not change contents.
    unsafe { madvise(pages.start(), pages.bytes, Advice::WillNeed) }
}

/// Writes changed pages back to their file, and waits for it.
pub fn write_back(pages: &Pages) -> Result<(), Errno> {
    // SAFETY: writing back does not change contents.
    unsafe { msync(pages.start(), pages.bytes, MsyncFlags::SYNC) }
}
