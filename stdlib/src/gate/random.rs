//! Randomness from the kernel.

use rustix::rand::{GetRandomFlags, getrandom};

use super::{Gate, Outcome, Request};

impl Gate {
    /// Fills `out` with bytes that nobody can predict.
    pub fn random_bytes(&self, out: &mut [u8]) -> Outcome<()> {
        self.check(Request::Random)?;
        let mut done = 0;
        while let Some(rest) = out.get_mut(done..).filter(|r| !r.is_empty()) {
            done += rustix::io::retry_on_intr(|| getrandom(&mut *rest, GetRandomFlags::empty()))?;
        }
        Ok(())
    }
}
