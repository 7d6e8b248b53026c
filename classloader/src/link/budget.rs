//! How much work one class may cause while it is defined and linked.
//!
//! Most of linking is linear in the class file, but what a class inherits is not in its file: a small class under a large
//! hierarchy can ask for any amount of work. So each definition and each linking has a budget of `a + b * n` units for a
//! class file of n bytes, and ends with LinkageError when it is used up. A unit is about one look-up in a table, some
//! tens of nanoseconds.
//!
//! Invariants: loops whose length comes from outside the class file spend before or while they run; what is spent is
//! passed on to the host, which charges the program and can end it. Deliberately absent: verification, whose limit is
//! its own, and reading, which is linear as it stands.

use super::{LinkError, LinkHost};

/// What every class may spend. The most that a class of java.base needs is 1,423 units.
const UNITS: u64 = 1 << 18;
/// And what it may spend more for each byte of its class file.
const UNITS_PER_BYTE: u64 = 32;
/// So much work may pass between two looks at whether the program is being ended.
const UNCHARGED_UNITS_MAX: u64 = 1 << 14;

/// What is left of a budget.
pub(crate) struct Budget<'h, H> {
    host: &'h mut H,
    left: u64,
    uncharged: u64,
}

impl<'h, H: LinkHost> Budget<'h, H> {
    /// The budget of a class with a class file of `bytes` bytes.
    pub(crate) fn of_class_file(host: &'h mut H, bytes: usize) -> Budget<'h, H> {
        let left = UNITS.saturating_add((bytes as u64).saturating_mul(UNITS_PER_BYTE));
        Budget { host, left, uncharged: 0 }
    }

    /// Spends `units`: LinkageError when there are not so many left, the host's error when the program is being ended.
    pub(crate) fn spend(&mut self, units: usize) -> Result<(), H::Error> {
        let units = units as u64;
        match self.left.checked_sub(units) {
            Some(left) => self.left = left,
            None => {
                let message = "Linking the class takes more work than its size allows";
                return Err(LinkError::linkage(message).into());
            }
        }
        self.uncharged += units;
        if self.uncharged >= UNCHARGED_UNITS_MAX {
            self.host.charge(std::mem::take(&mut self.uncharged))?;
        }
        Ok(())
    }

    /// Charges what has not been charged yet.
    pub(crate) fn finish(self) -> Result<(), H::Error> {
        self.host.charge(self.uncharged)
    }

    pub(crate) fn host(&mut self) -> &mut H {
        self.host
    }
}
