//! Randomness: from the kernel, or the same bytes in every run.
//!
//! The library's generators of secrets read the kernel's devices as files. So those two paths are decided here and not by
//! the grants for files, and a program whose randomness is seeded reads its own stream from them. That the devices are there
//! is no secret, and the library opens them when a program wants something else (the digest of a text): so everybody may open
//! them, and what is asked for is each read.

use std::path::Path;
use std::sync::Arc;

use parking_lot::Mutex;
use rustix::fs::{Mode, OFlags};
use rustix::rand::{GetRandomFlags, getrandom};

use super::grants::{Grant, Random};
use super::handles::Handle;
use super::paths::Use;
use super::{Gate, Outcome, Request};

const DEVICES: [&str; 2] = ["/dev/urandom", "/dev/random"];

/// A stream of bytes that a number decides. For repeatable runs, never for secrets.
#[derive(Debug)]
pub(super) struct Seeded(Mutex<u64>);

impl Seeded {
    pub(super) fn new(seed: u64) -> Arc<Seeded> {
        Arc::new(Seeded(Mutex::new(seed)))
    }

    pub(super) fn fill(&self, out: &mut [u8]) {
        let mut state = self.0.lock();
        for piece in out.chunks_mut(8) {
            // SplitMix64.
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = *state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let bytes = (z ^ (z >> 31)).to_le_bytes();
            piece.copy_from_slice(&bytes[..piece.len()]);
        }
    }
}

pub(super) fn is_random_device(path: &Path) -> bool {
    DEVICES.iter().any(|device| path == Path::new(device))
}

impl Gate {
    /// Fills `out` with bytes that nobody can predict, or that the seed decides.
    pub fn random_bytes(&self, out: &mut [u8]) -> Outcome<()> {
        self.check(Request::Random)?;
        if let Some(seeded) = &self.seeded {
            seeded.fill(out);
            return Ok(());
        }
        let mut done = 0;
        while let Some(rest) = out.get_mut(done..).filter(|r| !r.is_empty()) {
            done += rustix::io::retry_on_intr(|| getrandom(&mut *rest, GetRandomFlags::empty()))?;
        }
        Ok(())
    }

    /// Whether a path is one of the kernel's random devices, which are not files to the gate. A program that may read every
    /// file reads these as they are.
    pub(super) fn is_random_source(&self, to: Use, path: &Path) -> bool {
        let plain = self.grants.read == Grant::Everything
            && self.grants.random == Random::Real
            && self.overseer.is_none();
        to == Use::Read && is_random_device(path) && !plain
    }

    pub(super) fn random_source(&self) -> Outcome<Handle> {
        let asks = self.grants.random == Random::Denied || self.overseer.is_some();
        let device = if self.seeded.is_some() || asks { "/dev/null" } else { DEVICES[0] };
        let fd = rustix::fs::open(device, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
        Ok(match &self.seeded {
            _ if asks => Handle::asking(fd),
            Some(seeded) => Handle::seeded(fd, seeded.clone()),
            None => Handle::new(fd, None),
        })
    }

    /// What a read gives of a handle that asks at each one.
    pub fn read_random(&self, limit: usize) -> Outcome<Vec<u8>> {
        let mut bytes = vec![0; limit];
        self.random_bytes(&mut bytes).map(|()| bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Grants;
    use crate::gate::fs::At;

    fn read(random: Random, grants: Grants) -> Outcome<Vec<u8>> {
        let gate = Gate::new(Grants { random, ..grants });
        let source = gate.open(At::new(b"/dev/urandom"), OFlags::RDONLY, Mode::empty())?;
        Ok(source.read_some(20)?)
    }

    #[test]
    fn a_seed_decides_what_the_devices_give() {
        for grants in [Grants::nothing, Grants::everything] {
            let of = |random| read(random, grants()).unwrap();
            assert_eq!(of(Random::Seeded(1)), of(Random::Seeded(1)));
            assert_ne!(of(Random::Seeded(1)), of(Random::Seeded(2)));
            assert_ne!(of(Random::Real), of(Random::Real));
            assert_eq!(of(Random::Real).len(), 20);
        }
        for grants in [Grants::nothing(), Grants::everything()] {
            let gate = Gate::new(Grants { random: Random::Denied, ..grants });
            let source = gate.open(At::new(b"/dev/urandom"), OFlags::RDONLY, Mode::empty()).unwrap();
            assert!(gate.read_random(5).unwrap_err().to_string().contains("--allow-random"));
            assert!(source.asks());
            assert_eq!(source.read_some(5), Err(rustix::io::Errno::ACCESS));
            assert_eq!(source.duplicate().unwrap().read(&mut [0]), Err(rustix::io::Errno::ACCESS));
        }
    }
}
