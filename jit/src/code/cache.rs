//! The code cache: memory for machine code that is never writable and executable in one mapping.
//!
//! One anonymous memory file is mapped twice, at unrelated addresses: a view that can be written and not executed, and a
//! view that can be executed and not written. Code is emitted elsewhere, copied through the first view and entered
//! through the second. Neither mapping ever changes its rights, so publishing costs no `mprotect`, never stops a thread
//! that executes other code of the cache, and leaves no moment at which an attacker could have both rights at one place.
//!
//! Invariants:
//! * *disjoint*: live blocks and free ranges partition the cache; two free ranges never touch (they are merged).
//! * *immutable*: the bytes of a live block do not change between `publish` and `free`.
//! * *trapping*: a range that was freed holds breakpoint instructions until it is used again, so a stale jump into it
//!   stops at once.
//! * *serialized*: a processor that once fetched from a range fetches anew after it was written again.
//!
//! Deliberately absent: what the code is (its method, its maps), when it is unused, and patching: published code is
//! immutable, what changes lies in per-isolate data.

use std::collections::BTreeMap;
use std::ffi::c_void;
use std::ptr;

use parking_lot::Mutex;
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};
use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};
use rustix::thread::{MembarrierCommand, membarrier};

/// Blocks start at multiples of this, the size in which processors fetch instructions.
pub const CODE_ALIGN: usize = 16;
const PAGE_BYTES: usize = 4096;
/// `int3`
const TRAP: u8 = 0xcc;

#[derive(Debug, thiserror::Error)]
pub enum CodeCacheError {
    #[error("the code cache has no room for {bytes} bytes of code")]
    Full { bytes: usize },
    #[error("a code cache of {bytes} bytes is not possible: it needs 1 byte to 2 GiB")]
    Capacity { bytes: usize },
    #[error("the system refused memory for code: {0}")]
    System(#[from] rustix::io::Errno),
}

/// A published piece of code: a range of the cache that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CodeBlock {
    offset: u32,
    bytes: u32,
}

impl CodeBlock {
    /// Where it begins in the cache.
    pub fn offset(self) -> u32 {
        self.offset
    }

    pub fn bytes(self) -> usize {
        self.bytes as usize
    }

    fn range_bytes(self) -> u32 {
        self.bytes.next_multiple_of(CODE_ALIGN as u32)
    }
}

pub struct CodeCache {
    writable: View,
    executable: View,
    ranges: Mutex<Ranges>,
}

/// Offsets and lengths in bytes, multiples of [`CODE_ALIGN`], except the lengths of live blocks, which are exact.
struct Ranges {
    free: BTreeMap<u32, u32>,
    live: BTreeMap<u32, u32>,
    used_bytes: usize,
}

impl CodeCache {
    /// Reserves room for `bytes` of code. Pages take memory once code is written to them.
    pub fn new(bytes: usize) -> Result<CodeCache, CodeCacheError> {
        // Calls within the cache are relative and reach 2 GiB.
        if bytes == 0 || bytes > i32::MAX as usize {
            return Err(CodeCacheError::Capacity { bytes });
        }
        let bytes = bytes.next_multiple_of(PAGE_BYTES);
        let file = memfd_create(c"carafe-code", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
        ftruncate(&file, bytes as u64)?;
        // Nobody can shrink the file below the mappings, whatever becomes of the descriptor.
        fcntl_add_seals(&file, SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL)?;
        let writable = View::new(&file, bytes, ProtFlags::READ | ProtFlags::WRITE)?;
        let executable = View::new(&file, bytes, ProtFlags::READ | ProtFlags::EXEC)?;
        // Kernels that do not know it keep to the weaker promise in `serialize`.
        let _ = membarrier(MembarrierCommand::RegisterPrivateExpeditedSyncCore);
        let ranges =
            Ranges { free: BTreeMap::from([(0, bytes as u32)]), live: BTreeMap::new(), used_bytes: 0 };
        Ok(CodeCache { writable, executable, ranges: Mutex::new(ranges) })
    }

    /// Copies position-independent code into the cache. After this returns, any thread may enter it at [`Self::entry`].
    pub fn publish(&self, code: &[u8]) -> Result<CodeBlock, CodeCacheError> {
        self.publish_with(code.len(), |_| code)
    }

    /// As [`Self::publish`], for code whose bytes depend on where it will be executed. `emit` is told the address and gives
    /// at most `bytes` bytes; what is missing is filled with traps.
    pub fn publish_with<C: AsRef<[u8]>>(
        &self,
        bytes: usize,
        emit: impl FnOnce(*const u8) -> C,
    ) -> Result<CodeBlock, CodeCacheError> {
        let block = self.ranges.lock().take(bytes)?;
        let code = emit(self.entry(block));
        let code = code.as_ref();
        assert!(code.len() <= bytes, "emitted {} bytes into a block of {bytes}", code.len());
        // The range is ours alone (disjoint) until `block` is known to others.
        self.writable.fill(block.offset as usize, block.range_bytes() as usize);
        self.writable.write(block.offset as usize, code);
        serialize();
        Ok(block)
    }

    /// Where the block begins, to be called or jumped to.
    pub fn entry(&self, block: CodeBlock) -> *const u8 {
        self.executable.start.wrapping_add(block.offset as usize)
    }

    /// The block that an instruction address lies in.
    pub fn find(&self, pc: *const u8) -> Option<CodeBlock> {
        if !self.contains(pc) {
            return None;
        }
        let offset = (pc as usize - self.executable.start as usize) as u32;
        let ranges = self.ranges.lock();
        let (&start, &bytes) = ranges.live.range(..=offset).next_back()?;
        (offset - start < bytes).then_some(CodeBlock { offset: start, bytes })
    }

    /// Whether an instruction address lies in the cache at all. Needs no lock, so a signal handler may ask.
    pub fn contains(&self, pc: *const u8) -> bool {
        (pc as usize).wrapping_sub(self.executable.start as usize) < self.executable.bytes
    }

    /// Gives a block back.
    ///
    /// # Safety
    /// No thread executes the block, and none will: no frame returns into it, no entry table names it.
    pub unsafe fn free(&self, block: CodeBlock) {
        let mut ranges = self.ranges.lock();
        assert_eq!(ranges.live.get(&block.offset), Some(&block.bytes), "only a live block can be freed");
        // Under the lock: once the range is free, another thread may write its code there.
        self.writable.fill(block.offset as usize, block.range_bytes() as usize);
        ranges.give_back(block);
    }

    pub fn used_bytes(&self) -> usize {
        self.ranges.lock().used_bytes
    }

    pub fn capacity_bytes(&self) -> usize {
        self.executable.bytes
    }
}

/// Makes every thread of the process fetch instructions anew before it executes more of them. Code is written through
/// another address than it is fetched from, which processors do not track; on x86 only a serializing instruction on
/// the fetching core helps, and this call makes the kernel execute one on each core that runs one of our threads.
/// Where it is missing, the switch that lets another thread learn of the block (a lock or system call) is what orders the
/// two in practice.
fn serialize() {
    let _ = membarrier(MembarrierCommand::PrivateExpeditedSyncCore);
}

impl Ranges {
    /// Takes the smallest free range that fits, the lowest among equals.
    fn take(&mut self, bytes: usize) -> Result<CodeBlock, CodeCacheError> {
        let full = CodeCacheError::Full { bytes };
        let Ok(exact) = u32::try_from(bytes.max(1)) else { return Err(full) };
        let Some(wanted) = exact.checked_next_multiple_of(CODE_ALIGN as u32) else { return Err(full) };
        let fitting = self.free.iter().filter(|(_, length)| **length >= wanted);
        let Some((&offset, &length)) = fitting.min_by_key(|(_, length)| **length) else { return Err(full) };
        self.free.remove(&offset);
        if length > wanted {
            self.free.insert(offset + wanted, length - wanted);
        }
        self.live.insert(offset, exact);
        self.used_bytes += wanted as usize;
        Ok(CodeBlock { offset, bytes: exact })
    }

    fn give_back(&mut self, block: CodeBlock) {
        self.live.remove(&block.offset);
        self.used_bytes -= block.range_bytes() as usize;
        let (mut start, mut length) = (block.offset, block.range_bytes());
        if let Some((&before, &bytes)) = self.free.range(..start).next_back()
            && before + bytes == start
        {
            self.free.remove(&before);
            start = before;
            length += bytes;
        }
        if let Some(bytes) = self.free.remove(&(start + length)) {
            length += bytes;
        }
        self.free.insert(start, length);
    }
}

/// One mapping of the file.
struct View {
    start: *mut u8,
    bytes: usize,
}

// SAFETY: a view is an address and a length that never change; what lies behind is written only within a range that
// `Ranges` handed to the writer (disjoint).
unsafe impl Send for View {}
// SAFETY: as for Send.
unsafe impl Sync for View {}

impl View {
    fn new(file: &impl std::os::fd::AsFd, bytes: usize, rights: ProtFlags) -> Result<View, CodeCacheError> {
        // SAFETY: a new mapping at an address of the kernel's choice touches nothing that exists.
        let start = unsafe { mmap(ptr::null_mut(), bytes, rights, MapFlags::SHARED, file, 0)? };
        Ok(View { start: start.cast(), bytes })
    }

    fn write(&self, offset: usize, code: &[u8]) {
        assert!(offset + code.len() <= self.bytes, "code stays in the cache");
        // SAFETY: the target lies in the mapping (checked), is writable (only the writable view is written), and belongs
        // to the caller alone (disjoint); `code` is Rust memory and cannot overlap it.
        unsafe { ptr::copy_nonoverlapping(code.as_ptr(), self.start.add(offset), code.len()) };
    }

    fn fill(&self, offset: usize, bytes: usize) {
        assert!(offset + bytes <= self.bytes, "traps stay in the cache");
        // SAFETY: as for `write`.
        unsafe { ptr::write_bytes(self.start.add(offset), TRAP, bytes) };
    }
}

impl Drop for View {
    fn drop(&mut self) {
        // SAFETY: the mapping was made in `new` and is unmapped once. That no thread still executes code in it is the
        // duty of who owns the cache, which outlives its isolates' threads. Failure could only leak address space.
        let _ = unsafe { munmap(self.start.cast::<c_void>(), self.bytes) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dynasmrt::{DynasmApi, VecAssembler, dynasm, x64::X64Relocation};

    /// `fn(x: i64) -> i64` that gives x + constant.
    fn add_constant(constant: i32) -> Vec<u8> {
        let mut ops = VecAssembler::<X64Relocation>::new(0);
        dynasm!(ops
            ; .arch x64
            ; lea rax, [rdi + constant]
            ; ret
        );
        ops.finalize().unwrap()
    }

    fn call(cache: &CodeCache, block: CodeBlock, argument: i64) -> i64 {
        // SAFETY: every block these tests call was emitted as a leaf function of this type.
        let function: extern "sysv64" fn(i64) -> i64 = unsafe { std::mem::transmute(cache.entry(block)) };
        function(argument)
    }

    fn free(cache: &CodeCache, block: CodeBlock) {
        // SAFETY: the tests do not call a block again after they free it, and no other thread does.
        unsafe { cache.free(block) };
    }

    fn bytes_at(cache: &CodeCache, block: CodeBlock) -> Vec<u8> {
        // SAFETY: the executable view is readable, and nobody writes the block meanwhile.
        unsafe { std::slice::from_raw_parts(cache.entry(block), block.bytes()) }.to_vec()
    }

    #[test]
    fn emitted_code_runs() {
        let cache = CodeCache::new(1 << 20).unwrap();
        let blocks: Vec<CodeBlock> = (0..100).map(|n| cache.publish(&add_constant(n)).unwrap()).collect();
        for (n, block) in blocks.iter().enumerate() {
            assert_eq!(call(&cache, *block, 1000), 1000 + n as i64);
            assert_eq!(cache.entry(*block) as usize % CODE_ALIGN, 0);
        }
    }

    #[test]
    fn code_that_knows_its_address() {
        let cache = CodeCache::new(1 << 16).unwrap();
        cache.publish(&add_constant(0)).unwrap();
        let mut told = std::ptr::null();
        let block = cache
            .publish_with(64, |address| {
                told = address;
                let mut ops = VecAssembler::<X64Relocation>::new(address as usize);
                dynasm!(ops ; .arch x64 ; mov rax, QWORD address as i64 ; ret);
                ops.finalize().unwrap()
            })
            .unwrap();
        assert_eq!(told, cache.entry(block));
        assert_eq!(call(&cache, block, 0), told as i64);
        assert_eq!(bytes_at(&cache, block).last(), Some(&TRAP), "the rest traps");
    }

    /// The kernel's own word on it: one view rw-, the other r-x, both of this cache's size.
    #[test]
    fn no_mapping_is_writable_and_executable() {
        let cache = CodeCache::new(3 << 20).unwrap();
        let block = cache.publish(&add_constant(1)).unwrap();
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let rights = |address: *const u8| {
            let address = address as usize;
            let mut lines = maps.lines().filter_map(|line| {
                let (range, rest) = line.split_once(' ')?;
                let (start, end) = range.split_once('-')?;
                let number = |text| usize::from_str_radix(text, 16).unwrap();
                (number(start)..number(end)).contains(&address).then(|| rest[..4].to_owned())
            });
            lines.next().unwrap()
        };
        assert_eq!(rights(cache.entry(block)), "r-xs");
        assert_eq!(rights(cache.writable.start), "rw-s");
        assert!(!maps.lines().any(|line| line.split(' ').nth(1).is_some_and(|rights| rights.contains("wx"))));
    }

    #[test]
    fn freed_ranges_are_merged_and_used_again() {
        let cache = CodeCache::new(PAGE_BYTES).unwrap();
        let blocks: Vec<CodeBlock> =
            (0..PAGE_BYTES / CODE_ALIGN).map(|n| cache.publish(&add_constant(n as i32)).unwrap()).collect();
        assert_eq!(cache.used_bytes(), cache.capacity_bytes());
        assert!(matches!(cache.publish(&[0xc3]), Err(CodeCacheError::Full { bytes: 1 })));
        // Three neighbours, the middle one last: both merges.
        for index in [10, 12, 11] {
            free(&cache, blocks[index]);
        }
        assert_eq!(cache.ranges.lock().free, BTreeMap::from([(160, 48)]));
        let code = [add_constant(7), vec![TRAP; 40]].concat();
        assert_eq!(code.len(), 48, "fills the hole");
        let block = cache.publish(&code).unwrap();
        assert_eq!(cache.entry(block), cache.entry(blocks[10]));
        assert_eq!(call(&cache, block, 1), 8);
        assert_eq!(call(&cache, blocks[9], 0), 9);
        assert_eq!(call(&cache, blocks[13], 0), 13);
    }

    #[test]
    fn smallest_fitting_hole_is_taken() {
        let cache = CodeCache::new(PAGE_BYTES).unwrap();
        let blocks: Vec<CodeBlock> =
            [64, 16, 32, 16].map(|bytes| cache.publish(&vec![TRAP; bytes]).unwrap()).into();
        free(&cache, blocks[0]);
        free(&cache, blocks[2]);
        let block = cache.publish(&[TRAP; 20]).unwrap();
        assert_eq!(block.offset, blocks[2].offset);
        assert_eq!(block.bytes(), 20);
    }

    #[test]
    fn freed_code_traps() {
        let cache = CodeCache::new(PAGE_BYTES).unwrap();
        let block = cache.publish(&add_constant(1)).unwrap();
        free(&cache, block);
        assert!(bytes_at(&cache, block).iter().all(|byte| *byte == TRAP));
        assert_eq!(cache.used_bytes(), 0);
    }

    #[test]
    #[should_panic(expected = "only a live block")]
    fn freeing_twice_is_noticed() {
        let cache = CodeCache::new(PAGE_BYTES).unwrap();
        let block = cache.publish(&[0xc3]).unwrap();
        free(&cache, block);
        free(&cache, block);
    }

    #[test]
    fn blocks_are_found_by_address() {
        let cache = CodeCache::new(PAGE_BYTES).unwrap();
        let first = cache.publish(&[0xc3; 20]).unwrap();
        let second = cache.publish(&[0xc3; 5]).unwrap();
        let at = |block, offset| cache.entry(block).wrapping_add(offset);
        assert_eq!(cache.find(at(first, 0)), Some(first));
        assert_eq!(cache.find(at(first, 19)), Some(first));
        assert_eq!(cache.find(at(first, 20)), None, "padding");
        assert_eq!(cache.find(at(second, 4)), Some(second));
        assert_eq!(cache.find(at(second, 100)), None, "free");
        assert_eq!(cache.find(cache.executable.start.wrapping_sub(1)), None);
        assert!(cache.contains(at(second, 100)) && !cache.contains(at(first, PAGE_BYTES)));
    }

    #[test]
    fn impossible_sizes_are_refused() {
        assert!(matches!(CodeCache::new(0), Err(CodeCacheError::Capacity { .. })));
        assert!(matches!(CodeCache::new(1 << 32), Err(CodeCacheError::Capacity { .. })));
        let cache = CodeCache::new(1).unwrap();
        assert!(matches!(cache.publish(&vec![TRAP; PAGE_BYTES + 1]), Err(CodeCacheError::Full { .. })));
        let huge = cache.publish_with(usize::MAX, |_| -> [u8; 0] { panic!("no room, no emission") });
        assert!(matches!(huge, Err(CodeCacheError::Full { .. })));
    }

    /// Threads publish, call and free at once; each must find its own code wherever it comes to lie.
    #[test]
    fn threads_share_the_cache() {
        let cache = CodeCache::new(2 * PAGE_BYTES).unwrap();
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let cache = &cache;
                scope.spawn(move || {
                    for round in 0..500 {
                        let constant = thread * 1000 + round;
                        let block = cache.publish(&add_constant(constant)).unwrap();
                        assert_eq!(call(cache, block, 1), i64::from(constant) + 1);
                        free(cache, block);
                    }
                });
            }
        });
        assert_eq!(cache.used_bytes(), 0);
        assert_eq!(cache.ranges.lock().free.len(), 1);
    }
}
