//! Random short delays at safepoints and in monitors, for tests that look for races: `-XX:SafepointDelays=SEED`.
//!
//! Both sides of each protocol pass through [`Delays::hold`] between the steps whose order matters, so that steps of
//! other threads fall between them that otherwise would once in a million runs. Which delays a run has follows from the
//! seed as far as the order in which threads draw does. Without the switch nothing is drawn.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

#[derive(Debug)]
pub struct Delays {
    drawn: AtomicU64,
}

/// One draw in so many is a sleep; the longest takes so many microseconds. Tests should take minutes, not hours.
const SLEEPS_ONE_IN: u64 = 64;
const SLEEP_MICROS_MAX: u64 = 200;
const SPINS_MAX: u64 = 2000;

impl Delays {
    pub fn new(seed: u64) -> Delays {
        Delays { drawn: AtomicU64::new(seed.wrapping_mul(0x2545_f491_4f6c_dd1d)) }
    }

    /// Nothing, a few turns of a loop, the rest of the time slice, or a short sleep.
    #[cold]
    pub fn hold(&self) {
        // Weyl sequence with the mixing of splitmix64: needs no more of the state than one addition.
        let mut x = self.drawn.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^= x >> 31;
        let amount = x >> 8;
        match x % SLEEPS_ONE_IN {
            0 => std::thread::sleep(Duration::from_micros(amount % SLEEP_MICROS_MAX)),
            1..=15 => std::thread::yield_now(),
            16..=31 => (0..amount % SPINS_MAX).for_each(|_| std::hint::spin_loop()),
            _ => {}
        }
    }
}

/// A place for a delay; costs a comparison when there are none.
#[inline(always)]
pub fn hold(delays: &Option<Delays>) {
    if let Some(delays) = delays {
        delays.hold();
    }
}
