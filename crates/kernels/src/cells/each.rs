//! Deriving the cells that a change concerns without all parts in memory: each is looked at once.

use handfast_model::{Charter, Instant};

use super::part::Part;
use super::renew::{Change, Gathered, Renewed, ahead, is_team, silent, tie};
use crate::identity::{Sites, Tie, Ties};
use crate::quick::QuickSet;
use crate::threads::at_once;

/// Parts that are somewhere else.
pub struct Parts<'a> {
    /// How many there are.
    pub count: usize,
    /// The domains that their accounts give; more do no harm.
    pub sites: &'a Sites,
    /// Reads one; `None` where it cannot be read.
    pub read: &'a (dyn Fn(usize) -> Option<Part> + Sync),
}

/// As [`renew`](super::renew).
///
/// `None` also where a part cannot be read, and where the change takes away or brings a domain that
/// an account gives: then people may belong to other cells than one look at each part would show.
pub fn renew_each(
    parts: &Parts<'_>,
    change: &Change,
    charter: &Charter,
    was: Instant,
    horizon: Instant,
) -> Option<Renewed> {
    let mut sites = Sites::default();
    sites.add(&change.names, &change.facts);
    if horizon < was || change.facts.iter().any(is_team) {
        return None;
    }
    let mut wanted = QuickSet::default();
    let mut ties = Ties::of(&change.names, &charter.identity, parts.sites);
    let mut found = Vec::new();
    for fact in &change.facts {
        tie(&mut ties, fact, &mut found);
        wanted.extend(found.drain(..));
    }
    let is_later = horizon > was;
    let search = Search {
        records: change.records.iter().map(|key| key.0).collect(),
        wanted,
        sites: parts.sites,
        charter,
        horizons: (is_later && charter.dormant.is_some()).then_some((was, horizon)),
        is_later,
    };
    let look = |place: usize| search.look(&(parts.read)(place)?);
    let (mut gathered, mut gone) = (Gathered::default(), Vec::new());
    let mut sites_before = Sites::default();
    for seen in at_once(parts.count, look) {
        let seen = seen?;
        gone.push(seen.cells);
        gathered.append(seen.facts);
        sites_before.take_in(seen.sites);
    }
    if sites != sites_before {
        return None;
    }
    gathered.add(&change.names, change.facts.iter().cloned());
    let part = Part::of_some(gathered.snapshot(charter), charter, horizon, false);
    Some(Renewed { part, gone })
}

/// What is looked for in each part.
struct Search<'a> {
    records: QuickSet<u128>,
    wanted: QuickSet<Tie>,
    sites: &'a Sites,
    charter: &'a Charter,
    /// Two horizons, where silence counts otherwise under the later one.
    horizons: Option<(Instant, Instant)>,
    /// Whether the second horizon is later, so that days have come.
    is_later: bool,
}

/// What one look at a part shows.
struct Seen {
    /// The cells concerned, ascending.
    cells: Vec<u32>,
    /// What stays of their facts, with the teams.
    facts: Gathered,
    /// The domains that facts of changed records gave.
    sites: Sites,
}

impl Search<'_> {
    /// `None` where the team of a rep changed.
    fn look(&self, part: &Part) -> Option<Seen> {
        let mut cells = std::collections::HashSet::new();
        if let Some(horizons) = self.horizons {
            silent(part, self.charter, horizons, &mut cells);
        }
        if self.is_later {
            ahead(part, &mut cells);
        }
        let names = &part.snapshot.names;
        let mut ties = Ties::of(names, &self.charter.identity, self.sites);
        let (mut found, mut sites) = (Vec::new(), Sites::default());
        let mut is_here = vec![false; part.count as usize];
        for cell in cells {
            is_here.get_mut(cell as usize).map(|slot| *slot = true)?;
        }
        for (fact, cell) in part.given_facts().zip(&part.cells) {
            let is_changed = self.records.contains(&fact.origin.key.0);
            if is_changed {
                sites.add(names, [&*fact]);
                if is_team(&fact) {
                    return None;
                }
            }
            let slot = is_here.get_mut(*cell as usize)?;
            if !*slot {
                tie(&mut ties, &fact, &mut found);
                *slot = is_changed || found.iter().any(|tie| self.wanted.contains(tie));
            }
        }
        let mut gathered = Gathered::default();
        gathered.take(part, |fact, cell| {
            let is_here = is_team(fact) || is_here.get(cell as usize) == Some(&true);
            is_here && !self.records.contains(&fact.origin.key.0)
        });
        let cells = (0u32..).zip(is_here).filter(|(_, is_here)| *is_here);
        Some(Seen {
            cells: cells.map(|(cell, _)| cell).collect(),
            facts: gathered,
            sites,
        })
    }
}
