//! The shape of a whole method body: where instructions and basic blocks start.
//!
//! Invariant: a [`Flow`] exists only for well-formed code: instructions follow each other without a gap to
//! the end of the array, every branch and switch target and every handler starts an instruction, and so do
//! both ends of every handler's range (the end may also be the end of the code). Passes that hold one may
//! index by `bci` without doubt.
//!
//! Deliberately absent: types and stack depths (the verifier's), and whether control could run off the end of
//! the code, which depends on what is reachable; [`Flow::last_falls_through`] gives the fact it needs.

/// An entry of an exception table: `handler` covers `start..end`. A catch type of 0 catches everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    pub start: u16,
    pub end: u16,
    pub handler: u16,
    pub catch_type: u16,
}

impl Handler {
    /// Whether an exception at `bci` may come here.
    #[inline]
    pub fn covers(&self, bci: u32) -> bool {
        (u32::from(self.start)..u32::from(self.end)).contains(&bci)
    }
}
