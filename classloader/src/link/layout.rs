//! Where the fields of a class lie: in its instances, and (static ones) in its mirror.
//!
//! Fields are placed by size, largest first, so that there is at most one gap, at the start; a subclass begins right
//! after its parent's last field and fills the gap to its own widest alignment with its small fields. References stand
//! in one run per class, because the collector reads runs.
//!
//! Invariants: fields never overlap, every field is aligned to its size, and all lie between `start` and the returned
//! end. Deliberately absent: what a field means; `@Contended` is ignored.

use carafe_gc::object::RefRun;

use crate::basic::BasicType;

/// Instances may take this many bytes; more fields than fit are refused (65535 longs do fit).
pub const MAX_INSTANCE_BYTES: u32 = 1 << 24;

/// A field to be placed.
#[derive(Clone, Copy, Debug)]
pub struct FieldShape {
    pub basic: BasicType,
    /// A reference that the collector must not see as an ordinary one (`Reference.referent`, `Reference.discovered`).
    pub unscanned: bool,
}

/// The result of placing the fields of one class.
#[derive(Debug, PartialEq, Eq)]
pub struct Placement {
    /// Byte offset of each field, in the order given.
    pub offsets: Vec<u32>,
    /// First byte after the last field.
    pub end: u32,
    /// Runs of the scanned references, in address order.
    pub ref_runs: Vec<RefRun>,
}

/// Places `fields` from byte `start` on.
pub fn place(start: u32, fields: &[FieldShape]) -> Placement {
    let mut placer = Placer { at: start, offsets: vec![0; fields.len()], waiting: Default::default() };
    for (index, field) in fields.iter().enumerate().rev() {
        placer.waiting[Placer::group(*field)].push(index);
    }
    placer.fill_gap();
    for group in [EIGHT, REFS, UNSCANNED, FOUR, TWO, ONE] {
        while placer.put(group) {}
    }
    let end = placer.at;
    let offsets = placer.offsets;
    let mut scanned: Vec<u32> = fields
        .iter()
        .zip(&offsets)
        .filter(|(field, _)| field.basic.is_reference() && !field.unscanned)
        .map(|(_, &offset)| offset)
        .collect();
    scanned.sort_unstable();
    Placement { end, ref_runs: runs(&scanned), offsets }
}

/// Adds the runs of a subclass to those of its parent; neighbours become one.
pub fn append_runs(parent: &[RefRun], own: &[RefRun]) -> Vec<RefRun> {
    let mut all = parent.to_vec();
    for run in own {
        match all.last_mut() {
            Some(last) if last.offset + last.count * 4 == run.offset => last.count += run.count,
            _ => all.push(*run),
        }
    }
    all
}

fn runs(sorted: &[u32]) -> Vec<RefRun> {
    let mut runs: Vec<RefRun> = Vec::new();
    for &offset in sorted {
        match runs.last_mut() {
            Some(last) if last.offset + last.count * 4 == offset => last.count += 1,
            _ => runs.push(RefRun { offset, count: 1 }),
        }
    }
    runs
}

// Groups of fields that wait to be placed.
const ONE: usize = 0;
const TWO: usize = 1;
const FOUR: usize = 2;
const EIGHT: usize = 3;
const REFS: usize = 4;
/// References that the collector handles apart; next to the others, so that they split no run.
const UNSCANNED: usize = 5;

struct Placer {
    at: u32,
    offsets: Vec<u32>,
    /// Indices of fields by group, the first one last.
    waiting: [Vec<usize>; 6],
}

impl Placer {
    fn group(field: FieldShape) -> usize {
        match (field.basic.is_reference(), field.unscanned) {
            (true, false) => REFS,
            (true, true) => UNSCANNED,
            (false, _) => field.basic.size_shift() as usize,
        }
    }

    fn bytes(group: usize) -> u32 {
        match group {
            REFS | UNSCANNED => 4,
            shift => 1 << shift,
        }
    }

    /// Places the next field of a group, if one waits.
    fn put(&mut self, group: usize) -> bool {
        let Some(index) = self.waiting[group].pop() else { return false };
        self.at = self.at.next_multiple_of(Self::bytes(group));
        self.offsets[index] = self.at;
        self.at += Self::bytes(group);
        true
    }

    /// Fills the bytes up to the widest alignment that is needed with fields that fit, and skips the rest.
    fn fill_gap(&mut self) {
        let waits = |placer: &Placer, group: usize| !placer.waiting[group].is_empty();
        let widest = if waits(self, EIGHT) {
            8
        } else if waits(self, REFS) || waits(self, UNSCANNED) || waits(self, FOUR) {
            4
        } else if waits(self, TWO) {
            2
        } else {
            return;
        };
        while !self.at.is_multiple_of(widest) {
            let refs = self.waiting[REFS].len() + self.waiting[UNSCANNED].len();
            if self.at.is_multiple_of(4) && refs % 2 == 1 {
                // An odd number of references ends where eight bytes are aligned again, and stays one run.
                while self.put(REFS) || self.put(UNSCANNED) {}
            } else if self.at.is_multiple_of(4) && waits(self, FOUR) {
                self.put(FOUR);
            } else if self.at.is_multiple_of(2) && waits(self, TWO) {
                self.put(TWO);
            } else if !self.put(ONE) {
                self.at = if self.at.is_multiple_of(4) {
                    self.at + 4
                } else if self.at.is_multiple_of(2) {
                    self.at + 2
                } else {
                    self.at + 1
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes(types: &str) -> Vec<FieldShape> {
        let shape = |c: u8| FieldShape {
            basic: BasicType::from_descriptor(c.to_ascii_uppercase()).unwrap(),
            unscanned: c.is_ascii_lowercase(),
        };
        types.bytes().map(shape).collect()
    }

    /// Checks the invariants and returns the end and the runs.
    fn check(start: u32, types: &str) -> (u32, Vec<(u32, u32)>) {
        let fields = shapes(types);
        let placement = place(start, &fields);
        let mut taken: Vec<(u32, u32)> = Vec::new();
        for (field, &offset) in fields.iter().zip(&placement.offsets) {
            let bytes = 1 << field.basic.size_shift();
            assert!(offset.is_multiple_of(bytes), "{types}: aligned");
            assert!(offset >= start && offset + bytes <= placement.end, "{types}: inside");
            taken.push((offset, offset + bytes));
        }
        taken.sort_unstable();
        assert!(taken.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{types}: no overlap");
        let scanned = fields.iter().filter(|f| f.basic.is_reference() && !f.unscanned).count();
        assert_eq!(placement.ref_runs.iter().map(|r| r.count as usize).sum::<usize>(), scanned);
        (placement.end, placement.ref_runs.iter().map(|r| (r.offset, r.count)).collect())
    }

    #[test]
    fn empty_and_simple() {
        assert_eq!(check(8, ""), (8, vec![]));
        assert_eq!(check(8, "I"), (12, vec![]));
        assert_eq!(check(8, "ZLJ"), (21, vec![(16, 1)]));
        assert_eq!(check(8, "BSICJ"), (25, vec![]));
    }

    #[test]
    fn gaps_of_the_parent_are_filled() {
        assert_eq!(check(12, "JI"), (24, vec![]));
        assert_eq!(check(12, "JL"), (24, vec![(12, 1)]));
        assert_eq!(check(12, "JLL"), (32, vec![(24, 2)]), "two references stay together");
        assert_eq!(check(12, "JLLL"), (32, vec![(12, 3)]));
        assert_eq!(check(9, "BSI"), (16, vec![]));
        assert_eq!(check(13, "LB"), (20, vec![(16, 1)]));
        assert_eq!(check(13, "D"), (24, vec![]));
        assert_eq!(check(9, "JZZZ"), (24, vec![]));
    }

    #[test]
    fn references_that_are_not_scanned_split_no_run() {
        // java.lang.ref.Reference: referent, queue, next, discovered.
        let placement = place(8, &shapes("lLLl"));
        assert_eq!(placement.ref_runs, [RefRun { offset: 8, count: 2 }]);
        assert_eq!(placement.end, 24);
    }

    #[test]
    fn all_short_shapes_keep_the_invariants() {
        let letters = b"BSIJLl";
        for start in 8..17 {
            for code in 0..6_usize.pow(5) {
                let types: String = (0..5).map(|i| letters[code / 6_usize.pow(i) % 6] as char).collect();
                check(start, &types);
            }
        }
    }

    #[test]
    fn runs_of_parent_and_child_join() {
        let run = |offset, count| RefRun { offset, count };
        assert_eq!(append_runs(&[run(8, 2)], &[run(16, 1)]), [run(8, 3)]);
        assert_eq!(append_runs(&[run(8, 2)], &[run(20, 1)]), [run(8, 2), run(20, 1)]);
    }
}
