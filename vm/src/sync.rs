//! What the protocols between threads stand on: locks, conditions, atomics, and words that a thread can wait on.
//!
//! The files that hold such a protocol (`thread/stopping.rs`, `thread/park.rs`, `monitor/protocol.rs`) name these and
//! nothing else of the operating system. The crate `models` compiles the same files against a `sync` of its own, whose
//! primitives are loom's, and runs them through their interleavings: so what stands here must mean the same there.

pub use parking_lot::{Condvar, Mutex, MutexGuard};
pub use std::sync::Arc;
pub use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
pub use std::time::{Duration, Instant};

use rustix::thread::futex;

/// A number that threads wait to see change. As one word of the kernel's: whoever waits is off the run queue with one call,
/// and goes on without taking a lock, as those who leave a condition do.
#[derive(Debug, Default)]
pub struct WaitWord(AtomicU32);

impl WaitWord {
    pub fn load(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }

    pub fn store(&self, value: u32) {
        self.0.store(value, Ordering::SeqCst);
    }

    /// Adds one and gives the value before.
    pub fn increase(&self) -> u32 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }

    /// Takes one away and gives the value before.
    pub fn decrease(&self) -> u32 {
        self.0.fetch_sub(1, Ordering::SeqCst)
    }

    /// Waits as long as the word is `value`; may come back early.
    pub fn wait_while(&self, value: u32) {
        // An error says that the word is different or that a signal came: the caller looks again either way.
        let _ = futex::wait(&self.0, futex::Flags::PRIVATE, value, None);
    }

    /// Wakes so many of those that wait, the longest waiting first.
    pub fn wake(&self, count: u32) {
        // It can only fail for an address that is none.
        let _ = futex::wake(&self.0, futex::Flags::PRIVATE, count);
    }
}

/// Turns of a loop that spins for a monitor: where one begins, and the bounds between which it moves with its success.
pub const SPINS_FIRST: u32 = 256;
pub const SPINS_MIN: u32 = 16;
pub const SPINS_MAX: u32 = 4096;

/// One turn of a loop that waits for another processor.
pub fn spin() {
    std::hint::spin_loop();
}
