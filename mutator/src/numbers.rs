//! Numbers that look random and are the same for the same seed, on every machine and in every run.
//!
//! Invariant: what a seed leads to never changes by chance, because a mutant is known by its number. Deliberately not here:
//! any quality beyond looking random.

/// A source of numbers (splitmix64).
#[derive(Clone, Debug)]
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Numbers {
        Numbers(seed)
    }

    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 if there is none.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { (self.draw() % end as u64) as usize }
    }

    /// True `percent` times out of a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// A place in `items`, if it has any.
    pub fn place<T>(&mut self, items: &[T]) -> Option<usize> {
        if items.is_empty() { None } else { Some(self.below(items.len())) }
    }

    /// Another number instead of `old`: a neighbour, an edge, or any. Neighbours of what was meant are where checks are
    /// missing.
    pub fn instead_of(&mut self, old: u32, bits: u32) -> u32 {
        let max = u32::MAX >> (32 - bits.clamp(1, 32));
        let new = match self.below(8) {
            0 | 1 => old.wrapping_add(1),
            2 | 3 => old.wrapping_sub(1),
            4 => 0,
            5 => max >> self.below(2),
            6 => old ^ 1 << self.below(bits as usize),
            _ => self.draw() as u32,
        };
        new & max
    }
}
