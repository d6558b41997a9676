//! Where cells go when not all facts fit into memory: facts are seen once, a few at a time, for
//! what they tie together, and once more to be told the home of their cell.

use handfast_model::id::Names;
use handfast_model::{Fact, IdentityRules};

use super::Forest;
use super::renew::{is_team, tie};
use crate::identity::{Sites, Tie, Ties};
use crate::quick::Quick;

/// The cells of facts that are not here.
pub struct Homes<'a> {
    rules: &'a IdentityRules,
    sites: &'a Sites,
    nodes: Quick<Tie, u32>,
    forest: Forest,
}

impl<'a> Homes<'a> {
    /// For a book whose accounts give these domains.
    pub fn new(rules: &'a IdentityRules, sites: &'a Sites) -> Homes<'a> {
        Homes {
            rules,
            sites,
            nodes: Quick::default(),
            forest: Forest(Vec::new()),
        }
    }

    /// Sees what some facts tie together.
    pub fn see(&mut self, names: &Names, facts: &[Fact]) {
        let mut ties = Ties::of(names, self.rules, self.sites);
        let mut found = Vec::new();
        for fact in facts {
            tie(&mut ties, fact, &mut found);
            let mut first = None;
            for tie in found.drain(..) {
                let next = self.forest.0.len() as u32;
                let node = *self.nodes.entry(tie).or_insert(next);
                if node == next {
                    self.forest.0.push(next);
                }
                self.forest.join(*first.get_or_insert(node), node);
            }
        }
    }

    /// The home of each of some facts among so many: one for all facts of a cell, once everything
    /// was seen. `None` of the team that a rep is in, which concerns every cell.
    pub fn of(&mut self, names: &Names, facts: &[Fact], count: u32) -> Vec<Option<u32>> {
        let mut ties = Ties::of(names, self.rules, self.sites);
        let mut found = Vec::new();
        let homes = facts.iter().map(|fact| {
            if is_team(fact) {
                return None;
            }
            tie(&mut ties, fact, &mut found);
            let node = found.first().and_then(|tie| self.nodes.get(tie));
            let seed = match node {
                Some(node) => u64::from(self.forest.root(*node)),
                None => fact.id.0 as u64,
            };
            let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
            Some((mixed % u64::from(count.max(1))) as u32)
        });
        homes.collect()
    }
}
