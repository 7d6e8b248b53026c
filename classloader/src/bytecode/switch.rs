//! The two instructions whose length is their operands' affair.
//!
//! Their tables stay in the code array and are read entry by entry: a method may have thousands.
//!
//! Invariant: the tables of a decoded switch lie in the code array, a table switch has an entry, and the keys
//! of a lookup switch rise strictly. Targets are computed, not judged.

use super::decode::{DecodeError, i32_at, target};

/// The operands of `tableswitch`, still in the code array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableSwitch<'a> {
    bci: u32,
    /// Where a value outside `low..=high` goes.
    pub default: u32,
    /// The value of the first entry.
    pub low: i32,
    offsets: &'a [u8],
}

impl<'a> TableSwitch<'a> {
    /// What stands for the operands that an instruction does not have.
    pub(super) const EMPTY: TableSwitch<'static> = TableSwitch { bci: 0, default: 0, low: 0, offsets: &[] };

    /// Number of entries, at least one.
    #[inline]
    pub fn len(&self) -> usize {
        self.offsets.len() / 4
    }

    /// A decoded table has at least one entry, so this is false; it is here because `len` is.
    pub fn is_empty(&self) -> bool {
        self.offsets.is_empty()
    }

    /// The value of the last entry.
    pub fn high(&self) -> i32 {
        self.low.wrapping_add(self.len() as i32).wrapping_sub(1)
    }

    /// Targets in order of value, the default not among them.
    pub fn targets(&self) -> impl ExactSizeIterator<Item = u32> + Clone + use<'a> {
        let bci = self.bci;
        self.offsets.chunks_exact(4).map(move |entry| target(bci, read_i32(entry, 0)))
    }

    /// Where `value` goes.
    pub fn target(&self, value: i32) -> u32 {
        let index = value.wrapping_sub(self.low) as u32 as usize;
        match self.offsets.get(index * 4..index * 4 + 4) {
            Some(entry) if value >= self.low => target(self.bci, read_i32(entry, 0)),
            _ => self.default,
        }
    }
}

/// The operands of `lookupswitch`, still in the code array. Keys rise strictly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookupSwitch<'a> {
    bci: u32,
    /// Where a value that is no key goes.
    pub default: u32,
    pairs: &'a [u8],
}

impl<'a> LookupSwitch<'a> {
    /// What stands for the operands that an instruction does not have.
    pub(super) const EMPTY: LookupSwitch<'static> = LookupSwitch { bci: 0, default: 0, pairs: &[] };

    /// Number of pairs, which may be none.
    #[inline]
    pub fn len(&self) -> usize {
        self.pairs.len() / 8
    }

    /// Whether every value goes to the default.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Pairs of key and target in order, the default not among them.
    pub fn pairs(&self) -> impl ExactSizeIterator<Item = (i32, u32)> + Clone + use<'a> {
        let bci = self.bci;
        self.pairs.chunks_exact(8).map(move |pair| (read_i32(pair, 0), target(bci, read_i32(pair, 4))))
    }

    /// Where `value` goes.
    pub fn target(&self, value: i32) -> u32 {
        let (pairs, _) = self.pairs.as_chunks::<8>();
        match pairs.binary_search_by_key(&value, |pair| read_i32(pair, 0)) {
            Ok(index) => pairs.get(index).map_or(self.default, |pair| target(self.bci, read_i32(pair, 4))),
            Err(_) => self.default,
        }
    }
}

/// Whether the padding of the switch at `bci` is zero, as the specification demanded before version 51.
pub fn padding_is_zero(code: &[u8], bci: usize) -> bool {
    bci < code.len()
        && code.get(bci + 1..aligned(bci)).is_some_and(|padding| padding.iter().all(|&byte| byte == 0))
}

/// The operands of the `tableswitch` at `bci`, and the instruction's length.
pub(super) fn table_switch(code: &[u8], bci: u32) -> Result<(TableSwitch<'_>, u32), DecodeError> {
    let start = aligned(bci as usize);
    let default = target(bci, i32_at(code, start)?);
    let (low, high) = (i32_at(code, start + 4)?, i32_at(code, start + 8)?);
    if low > high {
        return Err(DecodeError::BadTable { low, high });
    }
    let count = (i64::from(high) - i64::from(low) + 1) as usize;
    let offsets = entries(code, start + 12, count, 4)?;
    Ok((TableSwitch { bci, default, low, offsets }, (start + 12 + offsets.len()) as u32 - bci))
}

/// The operands of the `lookupswitch` at `bci`, and the instruction's length.
pub(super) fn lookup_switch(code: &[u8], bci: u32) -> Result<(LookupSwitch<'_>, u32), DecodeError> {
    let start = aligned(bci as usize);
    let default = target(bci, i32_at(code, start)?);
    let count = i32_at(code, start + 4)?;
    let pairs =
        entries(code, start + 8, usize::try_from(count).map_err(|_| DecodeError::BadPairCount(count))?, 8)?;
    let mut keys = pairs.chunks_exact(8).map(|pair| read_i32(pair, 0));
    if !keys.by_ref().is_sorted_by(|left, right| left < right) {
        return Err(DecodeError::UnsortedKeys);
    }
    Ok((LookupSwitch { bci, default, pairs }, (start + 8 + pairs.len()) as u32 - bci))
}

/// `count` entries of `size` bytes from `start`.
fn entries(code: &[u8], start: usize, count: usize, size: usize) -> Result<&[u8], DecodeError> {
    let bytes = count.checked_mul(size).ok_or(DecodeError::Truncated)?;
    code.get(start..).and_then(|rest| rest.get(..bytes)).ok_or(DecodeError::Truncated)
}

/// Where the operands of a switch at `bci` start.
pub(super) const fn aligned(bci: usize) -> usize {
    (bci + 4) & !3
}

/// Like [`i32_at`] where the length is known; 0 if it is not, so that no panic lurks here.
#[inline]
fn read_i32(bytes: &[u8], at: usize) -> i32 {
    i32_at(bytes, at).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::{Op, decode};
    use super::*;

    #[test]
    fn switches() {
        let mut code = vec![0, 0xaa, 0, 0];
        for word in [99, -1, 1, 10, 20, 30i32] {
            code.extend(word.to_be_bytes());
        }
        let instr = decode(&code, 1).unwrap();
        let Op::TableSwitch(table) = instr.op else { panic!("{instr:?}") };
        assert_eq!(instr.next() as usize, code.len());
        assert_eq!((table.low, table.high(), table.default), (-1, 1, 100));
        assert_eq!(table.targets().collect::<Vec<_>>(), [11, 21, 31]);
        assert_eq!([-2, -1, 1, 2, i32::MIN, i32::MAX].map(|v| table.target(v)), [100, 11, 31, 100, 100, 100]);

        let mut code = vec![0, 0xab, 0, 0];
        for word in [99, 2, -5, 10, 7, 20i32] {
            code.extend(word.to_be_bytes());
        }
        let instr = decode(&code, 1).unwrap();
        let Op::LookupSwitch(table) = instr.op else { panic!("{instr:?}") };
        assert_eq!(instr.next() as usize, code.len());
        assert_eq!(table.pairs().collect::<Vec<_>>(), [(-5, 11), (7, 21)]);
        assert_eq!([-5, 7, 0].map(|v| table.target(v)), [11, 21, 100]);
        assert!(padding_is_zero(&code, 1));
        code[3] = 1;
        assert!(!padding_is_zero(&code, 1));
    }
}
