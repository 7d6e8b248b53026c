//! The cage: one address range per isolate that holds all state which running Java code can reach.
//!
//! ```text
//! | guard | metaspace 2 GiB, cards last | 64 KiB none | heap area | off-heap area ... | 16 GiB none | guard |
//!                                       ^ base                                        ^ base + REACH
//! ```
//!
//! Invariant: no address that machine code or the interpreter can form from a 32-bit reference, a 31-bit array index
//! and an in-object displacement leaves the range. The 64 KiB above `base` fault, which is the null check; the tail
//! takes the largest forged array index over the highest reference.
//!
//! A cage costs five kernel mappings for its whole life: parts are made writable once, and memory is handed back with
//! `madvise`, because a process has only some 65,000 mappings and may hold thousands of isolates.
//!
//! Deliberately absent: who uses which part. Spaces, arenas and off-heap blocks keep their own books.

use std::ffi::c_void;
use std::ops::Range;
use std::ptr;
use std::sync::Arc;

use rustix::mm::{Advice, MapFlags, MprotectFlags, ProtFlags};

/// Bytes of address space for metaspace, right below the base.
pub const META_RESERVE: u64 = 2 << 30;
/// One card of the store barrier's table tells of so many bytes (as a power of two).
pub const CARD_SHIFT: u32 = 9;
/// Bytes of the card table, which are the last of metaspace's, so that a store's card has an address relative to the base
/// whatever it is that is stored to.
pub const CARD_TABLE_BYTES: u64 = REACH >> CARD_SHIFT;
/// Bytes above the base that references and raw addresses can name.
pub const REACH: u64 = 1 << 35;
/// Keeps a raw address (an `Unsafe` address, say) inside the reach.
pub const RAW_MASK: u64 = REACH - 1;
/// Bytes at the base that are never accessible: a null reference plus a field offset lands here.
pub const NULL_GUARD: u64 = 64 << 10;
/// The largest index of a forged array length, times the largest element.
pub const TAIL_GUARD: u64 = 16 << 30;
/// What stays for off-heap memory whatever heap is asked for.
pub const MIN_OFF_HEAP: u64 = 1 << 30;
pub const PAGE_BYTES: u64 = 4096;

const EDGE_GUARD: u64 = 2 << 20;
const BASE_ALIGN: u64 = 2 << 20;
const HEAP_ROUND: u64 = 1 << 20;

#[derive(Debug, Clone)]
pub struct CageConfig {
    /// Bytes reserved for the heap area, both semispaces included. Rounded up to whole MiB (less the null guard).
    pub heap_bytes: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum CageError {
    #[error("a heap area of {asked} bytes does not fit the cage, which has room for {limit}")]
    HeapTooLarge { asked: u64, limit: u64 },
    #[error("the system refused {bytes} bytes of address space: {source}")]
    Reserve { bytes: u64, source: rustix::io::Errno },
}

/// A handle on the reserved range; clones share it, and the last one to go unmaps it.
#[derive(Debug, Clone)]
pub struct Cage {
    shared: Arc<Reservation>,
}

#[derive(Debug)]
struct Reservation {
    start: *mut c_void,
    bytes: usize,
    base: *mut u8,
    heap: Range<u64>,
    off_heap: Range<u64>,
}

// SAFETY: a reservation is addresses and lengths that never change after `reserve`; what lies behind them is accessed
// under the rules of its users.
unsafe impl Send for Reservation {}
// SAFETY: as for Send: nothing in it changes.
unsafe impl Sync for Reservation {}

impl Cage {
    pub fn reserve(config: &CageConfig) -> Result<Cage, CageError> {
        let limit = REACH - MIN_OFF_HEAP - HEAP_ROUND;
        if config.heap_bytes > limit {
            return Err(CageError::HeapTooLarge { asked: config.heap_bytes, limit });
        }
        let heap_end = (NULL_GUARD + config.heap_bytes).next_multiple_of(HEAP_ROUND);
        let bytes = EDGE_GUARD + META_RESERVE + REACH + TAIL_GUARD + EDGE_GUARD + BASE_ALIGN;
        let refused = |source| CageError::Reserve { bytes, source };

        // SAFETY: a fresh anonymous mapping at an address of the kernel's choice replaces nothing.
        let start = unsafe {
            rustix::mm::mmap_anonymous(
                ptr::null_mut(),
                bytes as usize,
                ProtFlags::empty(),
                MapFlags::PRIVATE | MapFlags::NORESERVE,
            )
        }
        .map_err(refused)?;
        let first = start as u64;
        let base_offset = (first + EDGE_GUARD + META_RESERVE).next_multiple_of(BASE_ALIGN) - first;
        let reservation = Reservation {
            start,
            bytes: bytes as usize,
            base: start.cast::<u8>().wrapping_add(base_offset as usize),
            heap: NULL_GUARD..heap_end,
            off_heap: heap_end..REACH,
        };
        reservation.open(-(META_RESERVE as isize), META_RESERVE).map_err(refused)?;
        reservation.open(NULL_GUARD as isize, REACH - NULL_GUARD).map_err(refused)?;
        Ok(Cage { shared: Arc::new(reservation) })
    }

    /// What heap references and raw addresses are relative to.
    #[inline(always)]
    pub fn base(&self) -> *mut u8 {
        self.shared.base
    }

    /// What metaspace offsets are relative to: `base() - META_RESERVE`.
    #[inline(always)]
    pub fn meta_base(&self) -> *mut u8 {
        self.shared.base.wrapping_sub(META_RESERVE as usize)
    }

    /// The card of the first byte of the reach; one byte a card.
    #[inline(always)]
    pub fn cards(&self) -> *mut u8 {
        self.shared.base.wrapping_sub(CARD_TABLE_BYTES as usize)
    }

    /// The heap area, as offsets from the base.
    pub fn heap_range(&self) -> Range<u64> {
        self.shared.heap.clone()
    }

    /// The off-heap area, as offsets from the base.
    pub fn off_heap_range(&self) -> Range<u64> {
        self.shared.off_heap.clone()
    }

    /// The place a raw Java address names; always inside the reach, not always accessible.
    #[inline(always)]
    pub fn raw(&self, offset: u64) -> *mut u8 {
        self.shared.base.wrapping_add((offset & RAW_MASK) as usize)
    }

    /// The place of `[offset, offset + bytes)` if all of it is heap or off-heap area: what a native checks before it
    /// lets a system call read or write there.
    pub fn raw_range(&self, offset: u64, bytes: u64) -> Option<*mut u8> {
        let end = offset.checked_add(bytes)?;
        (offset >= NULL_GUARD && end <= REACH).then(|| self.raw(offset))
    }

    /// Hands the whole pages inside `[offset, offset + bytes)` back to the kernel; they read as zero afterwards.
    ///
    /// # Safety
    /// Nobody uses the contents of the range any more, and no file is mapped there.
    pub(crate) unsafe fn release(&self, offset: u64, bytes: u64) {
        debug_assert!(offset >= NULL_GUARD && offset + bytes <= REACH);
        // SAFETY: in the reach (asserted above); the contents are the caller's to give up.
        unsafe { release_pages(self.shared.base.wrapping_add(offset as usize), bytes) }
    }
}

/// Hands the whole pages inside `[start, start + bytes)` back to the kernel; they read as zero afterwards.
///
/// # Safety
/// The range lies in a private anonymous writable mapping whose contents nobody uses any more.
pub(crate) unsafe fn release_pages(start: *mut u8, bytes: u64) {
    let first = (start as u64).next_multiple_of(PAGE_BYTES);
    let end = (start as u64 + bytes) & !(PAGE_BYTES - 1);
    if first >= end {
        return;
    }
    let at = start.wrapping_add((first - start as u64) as usize);
    // SAFETY: whole pages inside the caller's range.
    let done = unsafe { rustix::mm::madvise(at.cast(), (end - first) as usize, Advice::LinuxDontNeed) };
    if done.is_err() {
        // The kernel refuses only for locked pages. The promise is zero memory, so keep it by hand.
        // SAFETY: whole pages inside the caller's range, writable by contract.
        unsafe { ptr::write_bytes(at, 0, (end - first) as usize) };
    }
}

impl Reservation {
    /// Makes a part readable and writable, for the life of the cage.
    fn open(&self, offset: isize, bytes: u64) -> rustix::io::Result<()> {
        let at = self.base.wrapping_offset(offset);
        // SAFETY: the part lies in this reservation, which nobody else knows yet.
        unsafe { rustix::mm::mprotect(at.cast(), bytes as usize, MprotectFlags::READ | MprotectFlags::WRITE) }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        // SAFETY: the range was mapped by `reserve` and the last handle on it is gone.
        let unmapped = unsafe { rustix::mm::munmap(self.start, self.bytes) };
        debug_assert!(unmapped.is_ok(), "unmapping a whole reservation cannot fail");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_where_the_plan_says() {
        let cage = Cage::reserve(&CageConfig { heap_bytes: 64 << 20 }).unwrap();
        assert_eq!(cage.base() as u64 - cage.meta_base() as u64, META_RESERVE);
        assert_eq!(cage.base() as u64 % BASE_ALIGN, 0);
        assert_eq!(cage.heap_range().start, NULL_GUARD);
        assert!(cage.heap_range().end - cage.heap_range().start >= 64 << 20);
        assert_eq!(cage.heap_range().end, cage.off_heap_range().start);
        assert_eq!(cage.off_heap_range().end, REACH);
    }

    #[test]
    fn writable_parts_start_zero_and_keep_what_is_written_until_released() {
        let cage = Cage::reserve(&CageConfig { heap_bytes: 1 << 20 }).unwrap();
        for at in [NULL_GUARD, cage.off_heap_range().start, REACH - PAGE_BYTES] {
            let p = cage.raw(at);
            // SAFETY: inside the writable part, used by this test alone.
            unsafe {
                assert_eq!(p.read(), 0);
                p.write(7);
                assert_eq!(p.read(), 7);
                cage.release(at, PAGE_BYTES);
                assert_eq!(p.read(), 0);
            }
        }
    }

    #[test]
    fn raw_addresses_wrap_into_the_reach() {
        let cage = Cage::reserve(&CageConfig { heap_bytes: 1 << 20 }).unwrap();
        assert_eq!(cage.raw(u64::MAX) as u64, cage.base() as u64 + REACH - 1);
        assert!(cage.raw_range(0, 8).is_none());
        assert!(cage.raw_range(REACH - 8, 9).is_none());
        assert!(cage.raw_range(u64::MAX, 2).is_none());
        assert!(cage.raw_range(REACH - 8, 8).is_some());
    }

    #[test]
    fn a_heap_that_leaves_no_room_is_refused() {
        assert!(matches!(
            Cage::reserve(&CageConfig { heap_bytes: REACH }),
            Err(CageError::HeapTooLarge { .. })
        ));
    }

    #[test]
    fn a_process_holds_many_cages() {
        let cages: Vec<_> =
            (0..200).map(|_| Cage::reserve(&CageConfig { heap_bytes: 1 << 20 }).unwrap()).collect();
        assert_eq!(cages.len(), 200);
    }
}
