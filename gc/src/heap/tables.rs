//! The tables that describe the heap area, shared by all of a heap's threads.
//!
//! Deliberately absent: who owns which region and how full it is, which changes only under the heap's lock (`regions`).

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::cards::{CARD_BYTES, Cards};
use super::mark::Bits;
use super::regions::flag::{CANDIDATE, YOUNG};
use super::regions::{Flags, REGION_BYTES};
use crate::cage::Cage;

#[derive(Debug)]
pub(super) struct Tables {
    pub(super) flags: Arc<Flags>,
    /// Of a region that is to be evacuated: the bit of its group.
    pub(super) groups: Flags,
    pub(super) cards: Cards,
    /// Marks of the last marking, and of the one that goes on.
    pub(super) bits: [Bits; 2],
    /// Keeps what the tables describe.
    cage: Cage,
}

impl Tables {
    pub(super) fn new(cage: &Cage) -> rustix::io::Result<Tables> {
        let end = cage.heap_range().end;
        Ok(Tables {
            flags: Arc::new(Flags::new()),
            groups: Flags::new(),
            cards: Cards::new(cage)?,
            bits: [Bits::new(end)?, Bits::new(end)?],
            cage: cage.clone(),
        })
    }

    /// Notes that the old slot at `offset` refers to a young object, or to one that is to be evacuated.
    pub(super) fn remember(&self, offset: u64, value: u32, flags: u8) {
        if flags & YOUNG != 0 {
            self.cards.set_dirty(offset);
        } else if flags & CANDIDATE != 0 {
            let card = self.cards.remembered.byte(offset / CARD_BYTES);
            let group = self.groups.of(value);
            if card.load(Ordering::Relaxed) & group != group {
                card.fetch_or(group, Ordering::Relaxed);
            }
        }
    }

    /// Entries that a marking's work list may have.
    pub(super) fn stack_limit(&self) -> usize {
        let area = self.cage.heap_range();
        ((area.end - area.start) / 4096).max(REGION_BYTES / 64) as usize
    }
}
