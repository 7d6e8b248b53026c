//! Which subroutines are being executed, and what is known of each.
//!
//! A chain lists the subroutines that were entered and not left, by their first instructions, the outermost first. Where
//! paths with different chains meet, what both have in the same order remains: one cannot `ret` from the others any more.
//!
//! Chains are nodes of a tree, so entering one costs one node however deep it is, and equal chains are equal numbers.
//!
//! Invariants: no subroutine stands twice in a chain; every caller of a subroutine that `ret` leaves was reached.
//! Deliberately absent: the types of slots.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::{HashMap, HashSet};

use super::frame::Frame;
use crate::verify::types::VType;

/// Active subroutines: a node of [`Chains`].
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug)]
pub(super) struct Chain {
    node: u32,
    depth: u16,
}

impl Chain {
    /// How many subroutines there are.
    pub(super) fn depth(self) -> u16 {
        self.depth
    }
}

struct Node {
    above: Chain,
    /// The `bci` at which the subroutine starts.
    entry: u16,
}

/// All chains of a method but the empty one.
#[derive(Default)]
pub(super) struct Chains {
    nodes: Vec<Node>,
    entered: HashMap<(Chain, u16), Chain>,
}

/// What two chains have in common.
pub(super) struct Common {
    pub(super) chain: Chain,
    /// How many of the first `n` subroutines of the older chain remain, for each `n`.
    pub(super) kept_old: Vec<u16>,
    /// The same for the newer one.
    pub(super) kept_new: Vec<u16>,
}

impl Chains {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    fn node(&self, chain: Chain) -> Option<&Node> {
        self.nodes.get((chain.node as usize).checked_sub(1)?)
    }

    /// The subroutines of a chain, the innermost first, each with the chain that ends with it.
    fn walk(&self, mut chain: Chain) -> impl Iterator<Item = (&Node, Chain)> {
        std::iter::from_fn(move || {
            let (node, at) = (self.node(chain)?, chain);
            chain = node.above;
            Some((node, at))
        })
    }

    /// The chain inside another subroutine, `None` if it is being executed already.
    pub(super) fn enter(&mut self, chain: Chain, entry: u16) -> Option<Chain> {
        if self.walk(chain).any(|(node, _)| node.entry == entry) {
            return None;
        }
        Some(self.extend(chain, entry))
    }

    fn extend(&mut self, above: Chain, entry: u16) -> Chain {
        if let Some(&known) = self.entered.get(&(above, entry)) {
            return known;
        }
        self.nodes.push(Node { above, entry });
        // A method has fewer than 22,000 calls of subroutines, which bounds the depth.
        let chain = Chain { node: self.nodes.len() as u32, depth: above.depth.saturating_add(1) };
        self.entered.insert((above, entry), chain);
        chain
    }

    /// The chain outside a subroutine, `None` if it is not being executed.
    pub(super) fn leave(&self, chain: Chain, entry: u16) -> Option<Chain> {
        let (node, _) = self.walk(chain).find(|(node, _)| node.entry == entry)?;
        Some(node.above)
    }

    fn entries(&self, chain: Chain) -> Vec<u16> {
        let mut entries: Vec<u16> = self.walk(chain).map(|(node, _)| node.entry).collect();
        entries.reverse();
        entries
    }

    /// The subroutines that both chains are in.
    pub(super) fn common(&mut self, old: Chain, new: Chain) -> Common {
        let (old_entries, new_entries) = (self.entries(old), self.entries(new));
        let places: HashMap<u16, usize> =
            new_entries.iter().enumerate().map(|(at, &entry)| (entry, at)).collect();
        let mut common = Common { chain: Chain::default(), kept_old: vec![0], kept_new: Vec::new() };
        let mut from = 0;
        let mut kept: HashSet<usize> = HashSet::new();
        for entry in old_entries {
            if let Some(&at) = places.get(&entry)
                && at >= from
            {
                from = at + 1;
                kept.insert(at);
                common.chain = self.extend(common.chain, entry);
            }
            common.kept_old.push(common.chain.depth);
        }
        let mut count = 0;
        common.kept_new.push(count);
        for at in 0..new_entries.len() {
            count += u16::from(kept.contains(&at));
            common.kept_new.push(count);
        }
        common
    }
}

/// What is known of a subroutine.
#[derive(Default)]
pub(super) struct Subroutine {
    /// The one `ret` that leaves it, and the block which that ends.
    pub(super) ret: Option<(u32, usize)>,
    /// For each `jsr` that control has reached, by the instruction after it, the locals that the subroutine found.
    pub(super) callers: BTreeMap<u32, Vec<VType>>,
    /// The state in which it was left, as the callers that do not wait have seen it.
    pub(super) left: Option<Frame>,
    /// Callers that have not seen it, by the instruction after their `jsr`.
    pub(super) waiting: BTreeSet<u32>,
}

impl Frame {
    /// The state after a call of a subroutine that found these locals, and left this state behind.
    pub(super) fn after_return(&self, found: &[VType], outside: Chain) -> Frame {
        let count = self.locals.len().max(found.len());
        let local = |index: usize| {
            let stored = self.level(index) > outside.depth();
            if stored { self.locals.get(index) } else { found.get(index) }.copied()
        };
        let used = (0..count).rev().find(|&index| local(index).is_some()).map_or(0, |last| last + 1);
        Frame {
            locals: (0..used).map(|index| local(index).unwrap_or(VType::TOP)).collect(),
            stack: self.stack.clone(),
            stack_max: self.stack_max,
            chain: outside,
            levels: match outside.depth() {
                0 => Vec::new(),
                depth => self.levels.iter().map(|&level| level.min(depth)).collect(),
            },
            constructed: self.constructed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The chain of these subroutines, the outermost first.
    fn chain(chains: &mut Chains, entries: &[u16]) -> Chain {
        entries.iter().fold(Chain::default(), |chain, &entry| chains.enter(chain, entry).unwrap())
    }

    #[test]
    fn a_subroutine_is_entered_once_and_left_with_those_inside() {
        let mut chains = Chains::default();
        let inner = chain(&mut chains, &[10, 20, 30]);
        assert_eq!(inner.depth(), 3);
        assert_eq!(chains.enter(inner, 20), None);
        assert_eq!(chains.leave(inner, 20), Some(chain(&mut chains, &[10])));
        assert_eq!(chains.leave(inner, 10), Some(Chain::default()));
        assert_eq!(chains.leave(inner, 40), None);
        assert_eq!(chain(&mut chains, &[10, 20, 30]), inner);
        assert_eq!(chains.len(), 3);
    }

    #[test]
    fn what_chains_have_in_common_is_in_the_order_of_both() {
        let check = |old: &[u16], new: &[u16], common: &[u16], kept_old: &[u16], kept_new: &[u16]| {
            let mut chains = Chains::default();
            let (old, new) = (chain(&mut chains, old), chain(&mut chains, new));
            let found = chains.common(old, new);
            assert_eq!(found.chain, chain(&mut chains, common));
            assert_eq!((found.kept_old.as_slice(), found.kept_new.as_slice()), (kept_old, kept_new));
        };
        check(&[], &[1], &[], &[0], &[0, 0]);
        check(&[1, 2], &[2], &[2], &[0, 0, 1], &[0, 1]);
        check(&[1, 2, 3], &[1, 3], &[1, 3], &[0, 1, 1, 2], &[0, 1, 2]);
        check(&[1, 2], &[2, 1], &[1], &[0, 1, 1], &[0, 0, 1]);
    }

    #[test]
    fn a_subroutine_gives_back_what_it_did_not_store_to() {
        let mut chains = Chains::default();
        let outer = chain(&mut chains, &[10]);
        let mut frame = Frame { locals: vec![VType::FLOAT; 4], chain: outer, ..Frame::default() };
        frame.store(1, VType::NULL);
        frame.chain = chains.enter(outer, 20).unwrap();
        frame.store(2, VType::LONG);
        let after = frame.after_return(&[VType::INT, VType::INT], outer);
        // The float in local 0 is what another caller left there; local 1 was stored to in the outer one only.
        assert_eq!(after.locals, [VType::INT, VType::INT, VType::LONG, VType::LONG_2ND]);
        assert_eq!(after.chain, outer);
        assert_eq!((0..4).map(|local| after.level(local)).collect::<Vec<_>>(), [0, 1, 1, 1]);
    }
}
