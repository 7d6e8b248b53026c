//! How the marking beside the program hears of stores: the steps on the bytes of a card.
//!
//! * The program stores a reference, then makes the slot's card dirty. No safepoint lies between.
//! * A pause makes dirty cards clean, and while the old space is being marked it makes them *changed*.
//! * The marking takes changed cards one by one and looks at their marked objects again. No pause lies in a step of it.
//! * The pause that ends the marking looks at all that is dirty or changed still.
//!
//! So a store that the marking's look at the slot has missed leaves a card behind that is looked at later: it is dirty until
//! the next pause, and changed from then on. `models/tests/cards.rs` runs this file through its interleavings.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::object::CARD_DIRTY;

const CLEAN: u8 = 0;
const CHANGED: u8 = 1;

/// One byte of a table with a byte for each card.
pub(super) trait CardByte {
    fn get(&self) -> u8;
    fn put(&self, value: u8);
}

impl CardByte for AtomicU8 {
    #[inline(always)]
    fn get(&self) -> u8 {
        self.load(Ordering::Relaxed)
    }

    #[inline(always)]
    fn put(&self, value: u8) {
        self.store(value, Ordering::Relaxed);
    }
}

/// What the barrier does after each store of a reference (the machine's own is `object::access::ref_barrier`, inlined).
#[inline(always)]
pub(super) fn make_dirty(card: &impl CardByte) {
    card.put(CARD_DIRTY);
}

/// In a pause, before the card is looked at: it is clean; `changed` is its byte there while the old space is being marked.
#[inline(always)]
pub(super) fn make_clean<B: CardByte>(card: &B, changed: Option<&B>) {
    card.put(CLEAN);
    if let Some(changed) = changed {
        changed.put(CHANGED);
    }
}

/// The marking, before it looks at a card: whether it has to.
#[inline(always)]
pub(super) fn take_changed(changed: &impl CardByte) -> bool {
    let is_changed = changed.get() != CLEAN;
    if is_changed {
        changed.put(CLEAN);
    }
    is_changed
}
