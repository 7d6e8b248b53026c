//! Small off-heap blocks: slabs of one size class each.
//!
//! A slab is a 64 KiB run, aligned to its size, so a block's address names its slab. Which blocks are free stands in a
//! bitmap here, outside the range: a guest that writes past a block damages its own data, never these books.
//!
//! Invariants: a slab is in its class's `open` list exactly while it has a free block; one empty slab per class may be
//! kept, further ones are given back.

use std::collections::HashMap;

pub(super) const SLAB_BYTES: u64 = 64 << 10;
/// The largest block that a slab holds; larger ones are page runs.
pub(super) const MAX_BLOCK: u64 = 4 << 10;
const MIN_BLOCK: u64 = 16;
/// Up to this in steps of 16, then four classes per doubling.
const LINEAR_TO: u64 = 128;
const LINEAR_CLASSES: usize = (LINEAR_TO / MIN_BLOCK) as usize;
const CLASSES: usize = LINEAR_CLASSES + 4 * (MAX_BLOCK / LINEAR_TO).ilog2() as usize;
const WORDS: usize = (SLAB_BYTES / MIN_BLOCK / 64) as usize;

#[derive(Debug)]
pub(super) struct Slabs {
    /// By slab number (offset / SLAB_BYTES).
    slabs: HashMap<u32, Slab>,
    /// By class: slabs with a free block.
    open: [Vec<u32>; CLASSES],
    /// By class: how many slabs are wholly free (0 or 1).
    empty: [u8; CLASSES],
}

#[derive(Debug)]
struct Slab {
    class: u8,
    blocks: u16,
    used: u16,
    /// One bit per block, set while it is used.
    bits: Box<[u64]>,
    /// Blocks from here on were never used: clean if the slab's run was.
    fresh_from: u16,
    clean: bool,
}

/// A block that was taken: its offset, and whether it reads as zero.
pub(super) struct Block {
    pub(super) offset: u64,
    pub(super) clean: bool,
}

/// What became of a block that was given back.
pub(super) enum Freed {
    /// Its size.
    Block(u64),
    /// Its size; its slab is gone, and the run is the caller's.
    LastOfSlab(u64),
}

impl Slabs {
    pub(super) fn new() -> Slabs {
        Slabs { slabs: HashMap::new(), open: [const { Vec::new() }; CLASSES], empty: [0; CLASSES] }
    }

    /// A block of the class of `bytes`, if a slab of that class has one.
    pub(super) fn take(&mut self, bytes: u64) -> Option<Block> {
        let class = class_of(bytes);
        let number = *self.open[class].last()?;
        let slab = self.slabs.get_mut(&number)?;
        let index = slab.first_free()?;
        if slab.used == 0 {
            self.empty[class] -= 1;
        }
        slab.bits[index / 64] |= 1 << (index % 64);
        slab.used += 1;
        let clean = slab.clean && index >= slab.fresh_from as usize;
        slab.fresh_from = slab.fresh_from.max(index as u16 + 1);
        if slab.used == slab.blocks {
            self.open[class].pop();
        }
        Some(Block { offset: u64::from(number) * SLAB_BYTES + index as u64 * class_bytes(class), clean })
    }

    /// Adds a slab for the class of `bytes`, on a run of `SLAB_BYTES` at `offset`.
    pub(super) fn add(&mut self, bytes: u64, offset: u64, clean: bool) {
        debug_assert!(offset.is_multiple_of(SLAB_BYTES));
        let class = class_of(bytes);
        let blocks = (SLAB_BYTES / class_bytes(class)) as u16;
        let bits = vec![0; (blocks as usize).div_ceil(64).min(WORDS)].into_boxed_slice();
        let number = (offset / SLAB_BYTES) as u32;
        self.slabs.insert(number, Slab { class: class as u8, blocks, used: 0, bits, fresh_from: 0, clean });
        self.open[class].push(number);
        self.empty[class] += 1;
    }

    /// The size of the used block that starts at `offset`.
    pub(super) fn size_of(&self, offset: u64) -> Option<u64> {
        let slab = self.slabs.get(&u32::try_from(offset / SLAB_BYTES).ok()?)?;
        let index = slab.index(offset)?;
        (slab.bits[index / 64] & 1 << (index % 64) != 0).then(|| class_bytes(slab.class as usize))
    }

    /// Frees the used block that starts at `offset`; none if there is no such block.
    pub(super) fn give(&mut self, offset: u64) -> Option<Freed> {
        let bytes = self.size_of(offset)?;
        let number = (offset / SLAB_BYTES) as u32;
        let slab = self.slabs.get_mut(&number)?;
        let index = slab.index(offset)?;
        let class = slab.class as usize;
        slab.bits[index / 64] &= !(1 << (index % 64));
        if slab.used == slab.blocks {
            self.open[class].push(number);
        }
        slab.used -= 1;
        if slab.used > 0 {
            return Some(Freed::Block(bytes));
        }
        if self.empty[class] == 0 {
            self.empty[class] = 1;
            return Some(Freed::Block(bytes));
        }
        self.slabs.remove(&number);
        self.open[class].retain(|&open| open != number);
        Some(Freed::LastOfSlab(bytes))
    }

    /// Bytes that a block for `bytes` takes.
    pub(super) fn rounded(bytes: u64) -> u64 {
        class_bytes(class_of(bytes))
    }
}

impl Slab {
    fn first_free(&self) -> Option<usize> {
        let word = self.bits.iter().position(|&bits| bits != !0)?;
        let index = word * 64 + self.bits[word].trailing_ones() as usize;
        (index < self.blocks as usize).then_some(index)
    }

    /// The index of the block that starts at `offset`, if one does.
    fn index(&self, offset: u64) -> Option<usize> {
        let (within, size) = (offset % SLAB_BYTES, class_bytes(self.class as usize));
        let index = within / size;
        (within.is_multiple_of(size) && index < u64::from(self.blocks)).then_some(index as usize)
    }
}

fn class_of(bytes: u64) -> usize {
    debug_assert!(bytes <= MAX_BLOCK);
    if bytes <= LINEAR_TO {
        return (bytes.max(1).div_ceil(MIN_BLOCK) - 1) as usize;
    }
    // The doubling that `bytes` lies in, above LINEAR_TO, and which quarter of it.
    let doubling = (bytes - 1).ilog2() - LINEAR_TO.ilog2();
    let quarter = (bytes - 1 - (LINEAR_TO << doubling)) / ((LINEAR_TO << doubling) / 4);
    LINEAR_CLASSES + 4 * doubling as usize + quarter as usize
}

fn class_bytes(class: usize) -> u64 {
    if class < LINEAR_CLASSES {
        return (class as u64 + 1) * MIN_BLOCK;
    }
    let (doubling, quarter) = ((class - LINEAR_CLASSES) / 4, (class - LINEAR_CLASSES) % 4);
    let from = LINEAR_TO << doubling;
    from + (quarter as u64 + 1) * from / 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_their_sizes_tightly_and_keep_alignment() {
        for bytes in 1..=MAX_BLOCK {
            let class = class_of(bytes);
            assert!(class_bytes(class) >= bytes);
            assert!(class == 0 || class_bytes(class - 1) < bytes);
            assert!(class_bytes(class).is_multiple_of(16));
        }
        assert_eq!(class_of(MAX_BLOCK), CLASSES - 1);
    }
}
