//! What the gate has refused lately, so that a host can tell a refusal from an exception that only looks like one.
//!
//! Invariant: nothing gets in here but what the gate has said; the list is short, and the oldest entry goes first.
//! Deliberately not here: decisions, and a record of all of them.

use std::collections::VecDeque;

use parking_lot::Mutex;

/// More than a program has exceptions under way, as a rule.
const KEPT: usize = 64;

#[derive(Default)]
pub struct Refusals {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// Messages of exceptions, each with the flag that would have granted what was asked for.
    latest: VecDeque<(String, String)>,
    count: u64,
}

impl Refusals {
    /// Remembers a refusal.
    pub(crate) fn note(&self, message: &str, flag: &str) {
        let mut inner = self.inner.lock();
        inner.count += 1;
        if inner.latest.iter().any(|(known, _)| known == message) {
            return;
        }
        if inner.latest.len() == KEPT {
            inner.latest.pop_front();
        }
        inner.latest.push_back((message.to_owned(), flag.to_owned()));
    }

    /// The flag that would have granted what this message says was refused, if the gate has said so.
    pub fn flag_of(&self, message: &str) -> Option<String> {
        let inner = self.inner.lock();
        inner.latest.iter().find(|(known, _)| known == message).map(|(_, flag)| flag.clone())
    }

    /// How often anything was refused.
    pub fn count(&self) -> u64 {
        self.inner.lock().count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_refused_is_found_and_not_for_ever() {
        let refusals = Refusals::default();
        refusals.note("a is not granted", "--allow-a");
        refusals.note("a is not granted", "--allow-a");
        assert_eq!(refusals.flag_of("a is not granted").as_deref(), Some("--allow-a"));
        assert_eq!(refusals.flag_of("b is not granted"), None);
        (0..KEPT).for_each(|n| refusals.note(&n.to_string(), "--allow-n"));
        assert_eq!((refusals.flag_of("a is not granted"), refusals.count()), (None, KEPT as u64 + 2));
    }
}
