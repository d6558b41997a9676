//! Where cells go when not all facts fit into memory: facts are seen once, a few at a time, for
//! what they tie together, and once more to be told the home of their cell.

use handfast_model::id::Names;
use handfast_model::{Fact, IdentityRules};

use super::Forest;
use super::renew::{is_team, tie};
use crate::identity::{Sites, Tie, Ties};
use crate::quick::Quick;

/// The cells of facts that are not here, while they are learned.
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

    /// Which facts have several ties. One tie alone joins nothing to anything, and most facts have
    /// no other: they need not be seen. Law: facts of one kind with equal attributes and the same
    /// keys, whatever these say, have several ties or none of them has.
    pub fn have_several(
        (rules, sites): (&IdentityRules, &Sites),
        names: &Names,
        facts: &[Fact],
    ) -> Vec<bool> {
        let mut ties = Ties::of(names, rules, sites);
        let mut found = Vec::new();
        let several = facts.iter().map(|fact| {
            tie(&mut ties, fact, &mut found);
            found.len() > 1
        });
        several.collect()
    }

    /// Sees what some facts tie together.
    pub fn see(&mut self, names: &Names, facts: &[Fact]) {
        let mut ties = Ties::of(names, self.rules, self.sites);
        let mut found = Vec::new();
        for fact in facts {
            tie(&mut ties, fact, &mut found);
            if found.len() < 2 {
                continue;
            }
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

    /// The homes, once everything was seen, among so many.
    pub fn settle(mut self, count: u32) -> Settled<'a> {
        for node in self.nodes.values_mut() {
            *node = home(u64::from(self.forest.root(*node)), count);
        }
        Settled {
            rules: self.rules,
            sites: self.sites,
            homes: self.nodes,
            count,
        }
    }
}

/// The cells of facts that are not here, each with its home.
pub struct Settled<'a> {
    rules: &'a IdentityRules,
    sites: &'a Sites,
    homes: Quick<Tie, u32>,
    count: u32,
}

impl Settled<'_> {
    /// The home of each of some facts: one for all facts of a cell. `None` of the team that a rep
    /// is in, which concerns every cell.
    pub fn of(&self, names: &Names, facts: &[Fact]) -> Vec<Option<u32>> {
        let mut ties = Ties::of(names, self.rules, self.sites);
        let mut found = Vec::new();
        let firsts = facts.iter().map(|fact| {
            tie(&mut ties, fact, &mut found);
            found.first().copied()
        });
        let firsts: Vec<Option<Tie>> = firsts.collect();
        // The table is larger than what lies near: many look-ups wait for it at once.
        let known = firsts.iter().map(|tie| self.homes.get(tie.as_ref()?));
        let known: Vec<Option<u32>> = known.map(|home| home.copied()).collect();
        let homes = facts.iter().zip(firsts).zip(known);
        let homes = homes.map(|((fact, tie), known)| match known {
            _ if is_team(fact) => None,
            Some(home) => Some(home),
            None => Some(home(tie.map_or(fact.id.0 as u64, Tie::number), self.count)),
        });
        homes.collect()
    }
}

/// A home among so many, for what has this number.
fn home(number: u64, count: u32) -> u32 {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    (mixed % u64::from(count.max(1))) as u32
}
