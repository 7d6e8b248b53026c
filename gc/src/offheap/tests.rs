//! Tests of off-heap memory against a model: blocks never overlap, contents stay, books balance.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;

use super::*;
use crate::cage::CageConfig;

const MIB: u64 = 1 << 20;

fn off_heap(limit: u64) -> OffHeap {
    let cage = Cage::reserve(&CageConfig { heap_bytes: MIB }).unwrap();
    OffHeap::new(&cage, limit)
}

impl OffHeap {
    fn write(&self, offset: u64, bytes: &[u8]) {
        let at = self.cage.raw_range(offset, bytes.len() as u64).unwrap();
        // SAFETY: tests write inside blocks of their own.
        unsafe { at.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    }

    fn read(&self, offset: u64, bytes: u64) -> Vec<u8> {
        let at = self.cage.raw_range(offset, bytes).unwrap();
        // SAFETY: tests read inside blocks of their own, which nobody writes meanwhile.
        unsafe { std::slice::from_raw_parts(at, bytes as usize) }.to_vec()
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound.max(1)
    }

    fn size(&mut self) -> u64 {
        match self.below(10) {
            0 => self.below(2 * MIB),
            1 => self.below(40_000),
            2..=4 => self.below(5000),
            _ => self.below(200),
        }
    }
}

/// What a block should hold: its tag in every byte.
struct Block {
    bytes: u64,
    tag: u8,
}

struct Model {
    memory: OffHeap,
    blocks: BTreeMap<u64, Block>,
    random: Random,
}

impl Model {
    fn any(&mut self) -> Option<u64> {
        let index = self.random.below(self.blocks.len() as u64) as usize;
        self.blocks.keys().nth(index).copied()
    }

    fn adopt(&mut self, offset: u64, bytes: u64) {
        assert!(offset > 0 && offset.is_multiple_of(16));
        let below = self.blocks.range(..=offset).next_back();
        assert!(below.is_none_or(|(at, block)| at + block.bytes.max(1) <= offset), "blocks overlap");
        let above = self.blocks.range(offset..).next();
        assert!(above.is_none_or(|(at, _)| offset + bytes.max(1) <= *at), "blocks overlap");
        assert!(self.memory.size_of(offset).is_some_and(|size| size >= bytes));
        let tag = self.random.below(256) as u8;
        self.memory.write(offset, &vec![tag; bytes as usize]);
        self.blocks.insert(offset, Block { bytes, tag });
    }

    fn check(&self, offset: u64, bytes: u64, tag: u8) {
        assert!(
            self.memory.read(offset, bytes).iter().all(|&byte| byte == tag),
            "contents of {offset:#x} stay"
        );
    }

    fn step(&mut self) {
        match self.random.below(8) {
            0..=1 => {
                let bytes = self.random.size();
                let offset = self.memory.alloc(bytes).unwrap();
                self.adopt(offset, bytes);
            }
            2 => {
                let bytes = self.random.size();
                let offset = self.memory.alloc_zeroed(bytes).unwrap();
                self.check(offset, bytes, 0);
                self.adopt(offset, bytes);
            }
            3 => {
                let (bytes, align) = (self.random.size(), 1 << self.random.below(18));
                let offset = self.memory.alloc_aligned(bytes, align).unwrap();
                assert!(offset.is_multiple_of(align));
                self.check(offset, bytes, 0);
                self.adopt(offset, bytes);
            }
            4 => {
                let Some(old) = self.any() else { return };
                let block = self.blocks.remove(&old).unwrap();
                let bytes = self.random.size();
                let new = self.memory.realloc(old, bytes).unwrap();
                self.check(new, bytes.min(block.bytes), block.tag);
                self.adopt(new, bytes);
            }
            _ => {
                let Some(offset) = self.any() else { return };
                let block = self.blocks.remove(&offset).unwrap();
                self.check(offset, block.bytes, block.tag);
                self.memory.free(offset).unwrap();
                assert!(self.memory.free(offset).is_err(), "a block is freed once");
            }
        }
    }
}

#[test]
fn random_blocks_keep_apart_and_the_books_balance() {
    for seed in 1..4 {
        let random = Random(seed * 0x9E37_79B9);
        let mut model = Model { memory: off_heap(1 << 30), blocks: BTreeMap::new(), random };
        for _ in 0..6000 {
            model.step();
        }
        let asked: u64 = model.blocks.values().map(|block| block.bytes).sum();
        assert!(model.memory.used_bytes() >= asked);
        for offset in std::mem::take(&mut model.blocks).into_keys() {
            model.memory.free(offset).unwrap();
        }
        assert_eq!(model.memory.used_bytes(), 0);
        let state = model.memory.state.lock();
        assert!(state.large.is_empty());
    }
}

#[test]
fn the_limit_is_an_error_and_freeing_makes_room() {
    let memory = off_heap(MIB);
    let big = memory.alloc(900 << 10).unwrap();
    assert_eq!(memory.alloc(200 << 10), Err(OffHeapError::Full));
    assert_eq!(memory.alloc(u64::MAX), Err(OffHeapError::Full));
    assert_eq!(memory.alloc(u64::MAX - 5000), Err(OffHeapError::Full));
    assert_eq!(memory.realloc(big, 2 * MIB), Err(OffHeapError::Full));
    assert_eq!(memory.size_of(big), Some(900 << 10), "a failed realloc leaves the block");
    memory.free(big).unwrap();
    assert!(memory.alloc(1000 << 10).is_ok());
    let mut small = 0;
    while memory.alloc(100).is_ok() {
        small += 1;
    }
    assert_eq!(small, (24 << 10) / 112);
}

#[test]
fn the_range_ends_even_without_a_limit() {
    let memory = off_heap(u64::MAX);
    assert!(memory.alloc(31 << 30).is_ok());
    assert_eq!(memory.alloc(31 << 30), Err(OffHeapError::Full));
    assert_eq!(memory.used_bytes(), 31 << 30, "a refused request is not charged");
}

#[test]
fn only_what_is_allocated_can_be_freed() {
    let memory = off_heap(64 * MIB);
    let small = memory.alloc(100).unwrap();
    let large = memory.alloc(100_000).unwrap();
    let wild = [0, 1, small + 16, small + 1, large + PAGE_BYTES, large + 8, u64::MAX, 1 << 40, 65536];
    for offset in wild {
        assert_eq!(memory.free(offset), Err(OffHeapError::UnknownBlock(offset)));
        assert_eq!(memory.realloc(offset, 10), Err(OffHeapError::UnknownBlock(offset)));
        assert_eq!(memory.size_of(offset), None);
        assert_eq!(memory.unmap(offset, 1), Err(OffHeapError::UnknownBlock(offset)));
    }
    assert_eq!(memory.unmap(large, 100_000), Err(OffHeapError::UnknownBlock(large)));
    assert_eq!(memory.alloc_aligned(8, 24), Err(OffHeapError::BadAlignment(24)));
    assert_eq!(memory.alloc_aligned(8, 1 << 40), Err(OffHeapError::BadAlignment(1 << 40)));
}

#[test]
fn large_blocks_go_back_to_the_kernel_and_the_place_is_used_again() {
    let memory = off_heap(1 << 30);
    let first = memory.alloc(64 * MIB).unwrap();
    memory.write(first, &[1; 100]);
    memory.free(first).unwrap();
    let again = memory.alloc(64 * MIB).unwrap();
    assert_eq!(again, first);
    assert_eq!(memory.read(again, 100), [0; 100], "its pages were released");
}

#[test]
fn pages_are_pages() {
    let memory = off_heap(64 * MIB);
    memory.alloc(24).unwrap();
    let pages = memory.alloc_pages(5000).unwrap();
    assert!(pages.is_multiple_of(PAGE_BYTES));
    memory.free(pages).unwrap();
    assert!(memory.alloc_pages(0).unwrap().is_multiple_of(PAGE_BYTES));
}

/// A file without a name.
fn file(contents: &[u8]) -> File {
    let name = std::ffi::CString::new("carafe-offheap-test").unwrap();
    let fd = rustix::fs::memfd_create(name, rustix::fs::MemfdFlags::CLOEXEC).unwrap();
    let mut file = File::from(fd);
    file.write_all(contents).unwrap();
    file
}

#[test]
fn files_map_in_each_mode_and_unmap_to_zeroes() {
    let memory = off_heap(64 * MIB);
    let contents: Vec<u8> = (0..10_000).map(|i| (i % 251) as u8).collect();
    let file = file(&contents);
    let map = |offset: u64, bytes: u64, mode| memory.map_file(file.as_fd(), offset, bytes, mode).unwrap();

    let read_only = map(PAGE_BYTES, 100, MapMode::ReadOnly);
    assert_eq!(memory.read(read_only, 100), contents[4096..4196]);
    assert_eq!(memory.used_bytes(), 0, "a shared mapping is the file's memory");

    let shared = map(0, 10_000, MapMode::ReadWrite);
    memory.write(shared + 5, b"hello");
    let mut seen = [0; 5];
    file.read_exact_at(&mut seen, 5).unwrap();
    assert_eq!(&seen, b"hello");

    let private = map(0, 10_000, MapMode::Private);
    memory.write(private + 5, b"HELLO");
    file.read_exact_at(&mut seen, 5).unwrap();
    assert_eq!(&seen, b"hello");
    assert_eq!(memory.used_bytes(), 3 * PAGE_BYTES);
    assert_eq!(memory.mapped_bytes(), 7 * PAGE_BYTES);

    assert_eq!(
        memory.free(shared),
        Err(OffHeapError::UnknownBlock(shared)),
        "a mapping is unmapped, not freed"
    );
    assert_eq!(memory.unmap(shared, 9_999), Err(OffHeapError::UnknownBlock(shared)));
    for (offset, bytes) in [(read_only, 100), (private, 10_000), (shared, 10_000)] {
        memory.unmap(offset, bytes).unwrap();
        assert!(memory.unmap(offset, bytes).is_err());
        assert_eq!(memory.read(offset, 100), [0; 100]);
    }
    assert_eq!((memory.used_bytes(), memory.mapped_bytes()), (0, 0));
    file.read_exact_at(&mut seen, 5).unwrap();
    assert_eq!(&seen, b"hello");
}

#[test]
fn bad_mappings_are_refused_and_leave_no_trace() {
    let memory = off_heap(MIB);
    let file = file(&[1; 100]);
    let map = |offset, bytes, mode| memory.map_file(file.as_fd(), offset, bytes, mode);
    assert_eq!(map(1, 10, MapMode::ReadOnly), Err(OffHeapError::BadMapping));
    assert_eq!(map(0, 0, MapMode::ReadOnly), Err(OffHeapError::BadMapping));
    assert_eq!(map(0, u64::MAX, MapMode::ReadOnly), Err(OffHeapError::Full));
    assert_eq!(map(0, 2 * MIB, MapMode::Private), Err(OffHeapError::Full));
    let (pipe, _other) = rustix::pipe::pipe().unwrap();
    assert!(matches!(memory.map_file(pipe.as_fd(), 0, 100, MapMode::ReadOnly), Err(OffHeapError::System(_))));
    assert_eq!((memory.used_bytes(), memory.mapped_bytes()), (0, 0));
    let block = memory.alloc_pages(PAGE_BYTES).unwrap();
    memory.write(block, &[1; 100]);
}

#[test]
fn mappings_are_counted() {
    let memory = off_heap(MIB);
    let file = file(&[1; 100]);
    let map = || memory.map_file(file.as_fd(), 0, 100, MapMode::ReadOnly);
    let all: Vec<_> = (0..MAX_MAPPINGS).map(|_| map().unwrap()).collect();
    assert_eq!(map(), Err(OffHeapError::TooManyMappings));
    memory.unmap(all[0], 100).unwrap();
    assert_eq!(map(), Ok(all[0]));
}

#[test]
fn threads_share_the_allocator() {
    let memory = off_heap(1 << 30);
    std::thread::scope(|scope| {
        for tag in 1..=4_u8 {
            let memory = &memory;
            scope.spawn(move || {
                let mut random = Random(u64::from(tag) * 77);
                let mut mine = Vec::new();
                for _ in 0..1500 {
                    let bytes = random.size();
                    let offset = memory.alloc(bytes).unwrap();
                    memory.write(offset, &vec![tag; bytes as usize]);
                    mine.push((offset, bytes));
                    if random.below(3) > 0 {
                        let (offset, bytes) = mine.swap_remove(random.below(mine.len() as u64) as usize);
                        assert!(memory.read(offset, bytes).iter().all(|&byte| byte == tag));
                        memory.free(offset).unwrap();
                    }
                }
            });
        }
    });
}
