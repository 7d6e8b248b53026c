//! An allocator that maps each block by itself, for the few large tables that grow beside a heap.
//!
//! A table that doubles leaves its old block. What is mapped here is gone from the process at that moment, and what was
//! charged for it may be given back; a general allocator keeps it for a while. Each block takes whole pages, so this is
//! nothing for small ones.

use std::alloc::Layout;
use std::ptr::{self, NonNull};

use allocator_api2::alloc::{AllocError, Allocator};
use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous, munmap};

/// Larger than any alignment that is asked for.
const PAGE: usize = 4096;

#[derive(Clone, Copy, Debug, Default)]
pub struct Pages;

fn mapped_bytes(layout: Layout) -> Result<usize, AllocError> {
    if layout.align() > PAGE {
        return Err(AllocError);
    }
    layout.size().max(1).checked_next_multiple_of(PAGE).ok_or(AllocError)
}

// SAFETY: a mapping stays where it is until it is unmapped, whichever copy of the allocator is asked to; it is as large
// and as aligned as was asked (checked).
unsafe impl Allocator for Pages {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        let bytes = mapped_bytes(layout)?;
        // SAFETY: a fresh anonymous mapping at an address of the kernel's choice replaces nothing.
        let start = unsafe {
            mmap_anonymous(ptr::null_mut(), bytes, ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE)
        };
        let start = NonNull::new(start.map_err(|_| AllocError)?.cast()).ok_or(AllocError)?;
        Ok(NonNull::slice_from_raw_parts(start, bytes))
    }

    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
        if let Ok(bytes) = mapped_bytes(layout) {
            // SAFETY: a block of `allocate` of this layout (the caller's promise), which was mapped by itself. Unmapping
            // what is mapped fails only when the kernel has no memory to split a mapping; then the block stays.
            let _ = unsafe { munmap(block.as_ptr().cast(), bytes) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_aligned_zero_and_as_long_as_asked() {
        for (size, align) in [(0, 1), (1, 8), (PAGE, 16), (3 * PAGE + 1, PAGE)] {
            let layout = Layout::from_size_align(size, align).unwrap();
            let block = Pages.allocate(layout).unwrap();
            assert!(block.len() >= size && block.cast::<u8>().addr().get().is_multiple_of(PAGE));
            // SAFETY: the block that was just allocated, and its layout.
            unsafe {
                assert!(block.as_ref().iter().all(|&byte| byte == 0));
                Pages.deallocate(block.cast(), layout);
            }
        }
        let too_much = [(usize::MAX / 2, 1), (1, 2 * PAGE)];
        for (size, align) in too_much {
            assert!(Pages.allocate(Layout::from_size_align(size, align).unwrap()).is_err());
        }
    }
}
