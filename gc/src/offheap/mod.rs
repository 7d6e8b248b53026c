//! Off-heap memory: what `Unsafe.allocateMemory`, direct buffers, memory segments and mapped files use.
//!
//! Addresses are byte offsets from the cage's base, never 0: the `long`s that Java code holds. Small blocks come from
//! slabs, large ones from page runs, and files are mapped over page runs.
//!
//! Invariants: blocks, page allocations and mappings never overlap; all books are kept here, outside the range, so no
//! guest write reaches them; every block is charged to a limit; freeing what is not allocated is an error, not damage.
//! A page run with a file mapped over it becomes anonymous memory again before it is free. Every mapping is watched for its
//! file becoming shorter (`faults`) for as long as it is there.
//!
//! Deliberately absent: access checks. What is not allocated is still inside the cage.

pub mod faults;
mod runs;
mod slabs;

use std::collections::BTreeMap;
use std::os::fd::BorrowedFd;

use parking_lot::Mutex;
use rustix::mm::{MapFlags, ProtFlags};

use crate::cage::{Cage, PAGE_BYTES};
use faults::Watched;
use runs::{Run, Runs};
use slabs::{Freed, MAX_BLOCK, SLAB_BYTES, Slabs};

/// Mappings that one isolate may have: a process has some 65,000.
const MAX_MAPPINGS: usize = 8192;
/// Free runs that were written to stay resident up to this size; larger ones go back to the kernel.
const KEEP_DIRTY_PAGES: u32 = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapMode {
    ReadOnly,
    /// Writes go to the file.
    ReadWrite,
    /// Writes stay in this isolate; the whole length is charged to the limit.
    Private,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OffHeapError {
    /// The limit is reached, or the range has no room in one piece.
    #[error("off-heap memory is full")]
    Full,
    /// Nothing was allocated or mapped at this offset.
    #[error("no off-heap block at {0:#x}")]
    UnknownBlock(u64),
    #[error("an alignment of {0} is not supported")]
    BadAlignment(u64),
    #[error("a mapping must have a length, and its place in the file must be a multiple of the page size")]
    BadMapping,
    #[error("too many mapped files")]
    TooManyMappings,
    #[error("the system refused the mapping: {0}")]
    System(rustix::io::Errno),
}

#[derive(Debug)]
pub struct OffHeap {
    cage: Cage,
    limit_bytes: u64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    runs: Runs,
    slabs: Slabs,
    /// Page runs in use, by first page.
    large: BTreeMap<u32, Large>,
    used_bytes: u64,
    mapped_bytes: u64,
    mappings: usize,
}

#[derive(Debug, Clone, Copy)]
struct Large {
    pages: u32,
    bytes: u64,
    what: Content,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Memory,
    File { charged: bool, watched: Watched },
}

impl OffHeap {
    /// The off-heap memory of `cage`; there must be only one.
    pub fn new(cage: &Cage, limit_bytes: u64) -> OffHeap {
        let range = cage.off_heap_range();
        let pages = (range.start / PAGE_BYTES) as u32..(range.end / PAGE_BYTES) as u32;
        let state = State {
            runs: Runs::new(pages),
            slabs: Slabs::new(),
            large: BTreeMap::new(),
            used_bytes: 0,
            mapped_bytes: 0,
            mappings: 0,
        };
        OffHeap { cage: cage.clone(), limit_bytes, state: Mutex::new(state) }
    }

    /// A block of `bytes`, aligned to 16, with whatever was there before: the guest's own leftovers.
    pub fn alloc(&self, bytes: u64) -> Result<u64, OffHeapError> {
        self.state.lock().alloc(self, bytes, PAGE_BYTES).map(|(offset, _)| offset)
    }

    /// A block of `bytes` zeroes, aligned to 16.
    pub fn alloc_zeroed(&self, bytes: u64) -> Result<u64, OffHeapError> {
        self.alloc_aligned(bytes, 16)
    }

    /// A block of `bytes` zeroes, aligned to a power of two up to 1 GiB.
    pub fn alloc_aligned(&self, bytes: u64, align: u64) -> Result<u64, OffHeapError> {
        if !align.is_power_of_two() || align > 1 << 30 {
            return Err(OffHeapError::BadAlignment(align));
        }
        // A page run is as aligned as one asks for; a block of a slab is only sure to be aligned to 16.
        let bytes_asked = if align > 16 { bytes.max(MAX_BLOCK + 1) } else { bytes };
        let mut state = self.state.lock();
        let (offset, clean) = state.alloc(self, bytes_asked, align.max(PAGE_BYTES))?;
        drop(state);
        if !clean {
            // SAFETY: a block of our own of at least `bytes` bytes, in the writable off-heap area.
            unsafe { self.cage.raw(offset).write_bytes(0, bytes as usize) };
        }
        Ok(offset)
    }

    /// Whole pages of zeroes.
    pub fn alloc_pages(&self, bytes: u64) -> Result<u64, OffHeapError> {
        self.alloc_aligned(bytes.max(1), PAGE_BYTES)
    }

    /// A block of `bytes` with the contents of the old one as far as they fit; the old block is gone if this succeeds.
    pub fn realloc(&self, offset: u64, bytes: u64) -> Result<u64, OffHeapError> {
        let mut state = self.state.lock();
        let room = state.room_of(offset).ok_or(OffHeapError::UnknownBlock(offset))?;
        // Stay if it fits and less than half would be wasted.
        if bytes <= room && bytes > room / 2 {
            state.resized(offset, bytes);
            return Ok(offset);
        }
        let old_bytes = state.size_of(offset).unwrap_or(room);
        let (new, _) = state.alloc(self, bytes, PAGE_BYTES)?;
        let kept = old_bytes.min(bytes) as usize;
        // SAFETY: two different blocks of at least `kept` bytes in the writable off-heap area.
        unsafe { self.cage.raw(new).copy_from_nonoverlapping(self.cage.raw(offset), kept) };
        state.free(self, offset)?;
        Ok(new)
    }

    pub fn free(&self, offset: u64) -> Result<(), OffHeapError> {
        self.state.lock().free(self, offset)
    }

    /// Bytes that may be used of the block at `offset`; none if there is no such block.
    pub fn size_of(&self, offset: u64) -> Option<u64> {
        self.state.lock().size_of(offset)
    }

    /// Maps `bytes` of a file from `file_offset` on, both as in `FileChannel.map`: the offset is a multiple of the page
    /// size. Who reads past the end of the file gets zeroes, and is told: see [`faults`].
    pub fn map_file(
        &self,
        fd: BorrowedFd<'_>,
        file_offset: u64,
        bytes: u64,
        mode: MapMode,
    ) -> Result<u64, OffHeapError> {
        if bytes == 0 || !file_offset.is_multiple_of(PAGE_BYTES) {
            return Err(OffHeapError::BadMapping);
        }
        let (protection, sharing) = match mode {
            MapMode::ReadOnly => (ProtFlags::READ, MapFlags::SHARED),
            MapMode::ReadWrite => (ProtFlags::READ | ProtFlags::WRITE, MapFlags::SHARED),
            MapMode::Private => (ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE),
        };
        let charged = mode == MapMode::Private;
        let mut state = self.state.lock();
        if state.mappings >= MAX_MAPPINGS {
            return Err(OffHeapError::TooManyMappings);
        }
        let (run, bytes_taken) = state.take_run(self, bytes, PAGE_BYTES, charged)?;
        let offset = u64::from(run.first) * PAGE_BYTES;
        let place = self.cage.raw(offset) as usize;
        let writable = mode != MapMode::ReadOnly;
        let Some(watched) = faults::watch(place..place + bytes_taken as usize, writable) else {
            state.uncharge(charged, bytes_taken);
            state.runs.give(run);
            return Err(OffHeapError::TooManyMappings);
        };
        // SAFETY: replaces pages of a run that belongs to this call alone.
        let mapped = unsafe {
            rustix::mm::mmap(
                self.cage.raw(offset).cast(),
                bytes_taken as usize,
                protection,
                sharing | MapFlags::FIXED | MapFlags::NORESERVE,
                fd,
                file_offset,
            )
        };
        if let Err(refusal) = mapped {
            state.uncharge(charged, bytes_taken);
            // The kernel may have unmapped the old pages before it refused.
            faults::unwatch(watched, || self.unmap_run(&mut state, run));
            return Err(OffHeapError::System(refusal));
        }
        state
            .large
            .insert(run.first, Large { pages: run.pages, bytes, what: Content::File { charged, watched } });
        state.mapped_bytes += bytes_taken;
        state.mappings += 1;
        Ok(offset)
    }

    /// Undoes [`OffHeap::map_file`]; both numbers as there.
    pub fn unmap(&self, offset: u64, bytes: u64) -> Result<(), OffHeapError> {
        let unknown = OffHeapError::UnknownBlock(offset);
        let mut state = self.state.lock();
        let first = first_page(offset).ok_or(unknown)?;
        let large = *state.large.get(&first).ok_or(unknown)?;
        let Content::File { charged, watched } = large.what else { return Err(unknown) };
        if large.bytes != bytes {
            return Err(unknown);
        }
        let taken = u64::from(large.pages) * PAGE_BYTES;
        state.large.remove(&first);
        state.mappings -= 1;
        state.mapped_bytes -= taken;
        state.uncharge(charged, taken);
        faults::unwatch(watched, || {
            self.unmap_run(&mut state, Run { first, pages: large.pages, clean: true });
        });
        Ok(())
    }

    /// Takes back the memory that threads were lent where a mapped file has no pages any more.
    pub fn return_loans(&self) {
        let range = self.cage.off_heap_range();
        faults::return_loans(
            self.cage.raw(range.start) as usize..self.cage.base() as usize + range.end as usize,
        );
    }

    /// Charges memory that lies elsewhere on a program's behalf; false if the limit is reached.
    pub fn charge(&self, bytes: u64) -> bool {
        self.state.lock().charge(self, bytes).is_ok()
    }

    /// Gives back what was charged.
    pub fn uncharge(&self, bytes: u64) {
        self.state.lock().uncharge(true, bytes);
    }

    /// Bytes charged to the limit.
    pub fn used_bytes(&self) -> u64 {
        self.state.lock().used_bytes
    }

    /// Bytes of mapped files, in whole pages.
    pub fn mapped_bytes(&self) -> u64 {
        self.state.lock().mapped_bytes
    }

    pub fn limit_bytes(&self) -> u64 {
        self.limit_bytes
    }

    /// Puts fresh anonymous memory over a run and frees it. If the kernel refuses (it is out of mappings), the run is
    /// lost rather than handed out with a file behind it.
    fn unmap_run(&self, state: &mut State, run: Run) {
        // SAFETY: replaces pages of a run that nobody uses any more.
        let done = unsafe {
            rustix::mm::mmap_anonymous(
                self.cage.raw(u64::from(run.first) * PAGE_BYTES).cast(),
                run.pages as usize * PAGE_BYTES as usize,
                ProtFlags::READ | ProtFlags::WRITE,
                MapFlags::PRIVATE | MapFlags::FIXED | MapFlags::NORESERVE,
            )
        };
        if done.is_ok() {
            let merged = state.runs.give(Run { clean: true, ..run });
            self.clean(state, merged, 0);
        }
    }

    /// Hands a free run back to the kernel if it has become larger than `keep` pages.
    fn clean(&self, state: &mut State, run: Run, keep: u32) {
        if !run.clean && run.pages > keep {
            // SAFETY: a free run: anonymous memory that nobody uses.
            unsafe {
                self.cage.release(u64::from(run.first) * PAGE_BYTES, u64::from(run.pages) * PAGE_BYTES);
            }
            state.runs.cleaned(run);
        } else if run.clean {
            state.runs.cleaned(run);
        }
    }
}

impl Drop for OffHeap {
    fn drop(&mut self) {
        for large in self.state.get_mut().large.values() {
            if let Content::File { watched, .. } = large.what {
                // Nobody touches it any more, and it goes with the cage.
                faults::unwatch(watched, || {});
            }
        }
    }
}

impl State {
    /// A block and whether it reads as zero. `run_align` counts if the block is a page run.
    fn alloc(&mut self, owner: &OffHeap, bytes: u64, run_align: u64) -> Result<(u64, bool), OffHeapError> {
        if bytes > MAX_BLOCK {
            let (run, _) = self.take_run(owner, bytes, run_align, true)?;
            self.large.insert(run.first, Large { pages: run.pages, bytes, what: Content::Memory });
            return Ok((u64::from(run.first) * PAGE_BYTES, run.clean));
        }
        self.charge(owner, Slabs::rounded(bytes))?;
        if let Some(block) = self.slabs.take(bytes) {
            return Ok((block.offset, block.clean));
        }
        let slab_pages = (SLAB_BYTES / PAGE_BYTES) as u32;
        let block = self.runs.take(slab_pages, slab_pages).and_then(|run| {
            self.slabs.add(bytes, u64::from(run.first) * PAGE_BYTES, run.clean);
            self.slabs.take(bytes)
        });
        match block {
            Some(block) => Ok((block.offset, block.clean)),
            None => {
                self.uncharge(true, Slabs::rounded(bytes));
                Err(OffHeapError::Full)
            }
        }
    }

    /// A run for `bytes`, with the bytes of its pages.
    fn take_run(
        &mut self,
        owner: &OffHeap,
        bytes: u64,
        align: u64,
        charged: bool,
    ) -> Result<(Run, u64), OffHeapError> {
        let rounded = bytes.checked_next_multiple_of(PAGE_BYTES).ok_or(OffHeapError::Full)?;
        let pages = u32::try_from(rounded / PAGE_BYTES).map_err(|_| OffHeapError::Full)?;
        if charged {
            self.charge(owner, rounded)?;
        }
        match self.runs.take(pages, (align / PAGE_BYTES).max(1) as u32) {
            Some(run) => Ok((run, rounded)),
            None => {
                self.uncharge(charged, rounded);
                Err(OffHeapError::Full)
            }
        }
    }

    fn free(&mut self, owner: &OffHeap, offset: u64) -> Result<(), OffHeapError> {
        if let Some(freed) = self.slabs.give(offset) {
            let (Freed::Block(bytes) | Freed::LastOfSlab(bytes)) = freed;
            self.uncharge(true, bytes);
            if let Freed::LastOfSlab(_) = freed {
                let first = (offset / SLAB_BYTES * SLAB_BYTES / PAGE_BYTES) as u32;
                self.give_run(owner, first, (SLAB_BYTES / PAGE_BYTES) as u32);
            }
            return Ok(());
        }
        let unknown = OffHeapError::UnknownBlock(offset);
        let first = first_page(offset).ok_or(unknown)?;
        let large = *self.large.get(&first).filter(|large| large.what == Content::Memory).ok_or(unknown)?;
        self.large.remove(&first);
        self.uncharge(true, u64::from(large.pages) * PAGE_BYTES);
        self.give_run(owner, first, large.pages);
        Ok(())
    }

    fn give_run(&mut self, owner: &OffHeap, first: u32, pages: u32) {
        let merged = self.runs.give(Run { first, pages, clean: false });
        owner.clean(self, merged, KEEP_DIRTY_PAGES);
    }

    fn size_of(&self, offset: u64) -> Option<u64> {
        self.slabs.size_of(offset).or_else(|| self.memory_at(offset).map(|large| large.bytes))
    }

    /// Bytes that the block at `offset` could hold.
    fn room_of(&self, offset: u64) -> Option<u64> {
        let paged = || self.memory_at(offset).map(|large| u64::from(large.pages) * PAGE_BYTES);
        self.slabs.size_of(offset).or_else(paged)
    }

    fn memory_at(&self, offset: u64) -> Option<&Large> {
        self.large.get(&first_page(offset)?).filter(|large| large.what == Content::Memory)
    }

    fn resized(&mut self, offset: u64, bytes: u64) {
        if let Some(large) = first_page(offset).and_then(|first| self.large.get_mut(&first)) {
            large.bytes = bytes;
        }
    }

    fn charge(&mut self, owner: &OffHeap, bytes: u64) -> Result<(), OffHeapError> {
        let sum = self.used_bytes.checked_add(bytes).filter(|&sum| sum <= owner.limit_bytes);
        self.used_bytes = sum.ok_or(OffHeapError::Full)?;
        Ok(())
    }

    fn uncharge(&mut self, charged: bool, bytes: u64) {
        if charged {
            debug_assert!(bytes <= self.used_bytes, "what is freed was charged");
            self.used_bytes -= bytes;
        }
    }
}

/// The page that `offset` starts, if it starts one.
fn first_page(offset: u64) -> Option<u32> {
    offset.is_multiple_of(PAGE_BYTES).then_some(())?;
    u32::try_from(offset / PAGE_BYTES).ok()
}

#[cfg(test)]
mod tests;
