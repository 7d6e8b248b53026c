//! The protocol by which one thread stops others: who has the right to run, and how its owner gives it up.
//!
//! Each thread has a state word (see [`state`]). The stopper sets `requested`, then *asks* each thread: if its word says
//! RUNNING, it becomes AWAITED, and the count of awaited threads goes up. A thread gives its right up by exchanging its
//! word; if it finds AWAITED there, it counts itself off, and the last one to do so wakes the stopper. So the stopper sleeps
//! once, and leaves its processor to those it waits for.
//!
//! A thread that wants to run stores RUNNING first and looks at `requested` afterwards; the stopper sets `requested` first
//! and looks at the words afterwards. All accesses are sequentially consistent, so one of the two sees the other: no
//! thread runs in a stopped world, but for the moment in which it finds out.
//!
//! Of those that wait for the release, as many are woken at once as there are processors, and each one that goes on wakes one
//! more. Those that no processor is free for would only have to be waited for at the next stop.
//!
//! Deliberately absent: how a running thread is made to look (polls), and whose turn it is to stop the world.
//! `models/tests/stopping.rs` runs this file through its interleavings.

use crate::sync::{AtomicU32, Ordering, WaitWord, spin};

/// What a thread's state word says.
pub mod state {
    /// Owns the right to touch the heap.
    pub const RUNNING: u32 = 0;
    /// Counts as stopped: in a blocking native, or waiting at a safepoint.
    pub const NATIVE: u32 = 1;
    /// Has ended.
    pub const DEAD: u32 = 2;
    /// Runs, and somebody waits for it to stop.
    pub const AWAITED: u32 = 3;
}

#[derive(Debug, Default)]
pub struct Stopping {
    /// 1 from the request to the release.
    requested: WaitWord,
    /// Threads that were asked to stop and have not.
    awaited: WaitWord,
}

impl Stopping {
    pub fn is_requested(&self) -> bool {
        self.requested.load() != 0
    }

    // ---- the threads that are stopped

    /// The thread gives up its right to run: its word becomes `to`, NATIVE or DEAD.
    #[inline]
    pub fn leave(&self, word: &AtomicU32, to: u32) {
        if word.swap(to, Ordering::SeqCst) == state::AWAITED && self.awaited.decrease() == 1 {
            self.awaited.wake(1);
        }
    }

    /// One try to run again: false, with the word NATIVE as before, if the world is stopped or about to be.
    #[inline]
    pub fn try_enter(&self, word: &AtomicU32) -> bool {
        word.store(state::RUNNING, Ordering::SeqCst);
        if self.is_requested() {
            self.leave(word, state::NATIVE);
            return false;
        }
        true
    }

    /// Waits until the world is released; it may be stopped anew by then.
    pub fn wait_for_release(&self) {
        if self.sleep_until_release() {
            self.requested.wake(1);
        }
    }

    /// Says whether it had to.
    pub fn sleep_until_release(&self) -> bool {
        let must = self.is_requested();
        while self.is_requested() {
            self.requested.wait_while(1);
        }
        must
    }

    // ---- the one that stops them; there is one at a time

    pub fn request(&self) {
        self.requested.store(1);
    }

    /// Asks one thread to stop, after the request; true if it ran.
    pub fn ask(&self, word: &AtomicU32) -> bool {
        self.awaited.increase();
        let swapped =
            word.compare_exchange(state::RUNNING, state::AWAITED, Ordering::SeqCst, Ordering::SeqCst);
        if swapped.is_err() {
            self.awaited.decrease();
        }
        swapped.is_ok()
    }

    /// Waits until all that were asked have stopped. It looks `spins` times before it sleeps.
    pub fn wait_for_all(&self, spins: u32) {
        for _ in 0..spins {
            if self.awaited.load() == 0 {
                return;
            }
            spin();
        }
        loop {
            let left = self.awaited.load();
            if left == 0 {
                return;
            }
            self.awaited.wait_while(left);
        }
    }

    /// Lets everybody run again; `at_once` are woken now, at least one.
    pub fn release(&self, at_once: u32) {
        self.requested.store(0);
        self.requested.wake(at_once.max(1));
    }
}
