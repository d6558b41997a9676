//! Deriving the cells that a change concerns without all parts in memory: each is looked at once.

use handfast_model::{Charter, Instant};

use super::index::{Index, Signs, of_record, of_tie};
use super::part::Part;
use super::renew::{Change, Gathered, Renewed, is_team, several, tie};
use crate::identity::{Sites, Tie, Ties};
use crate::quick::QuickSet;
use crate::threads::at_once;

/// Parts that are somewhere else.
pub struct Parts<'a> {
    /// How many there are.
    pub count: usize,
    /// The domains that their accounts give; more do no harm.
    pub sites: &'a Sites,
    /// Opens one: lets a choice be made by its index, and reads the facts of those cells that were
    /// chosen and count. `None` where it cannot be read.
    pub read: &'a Read<'a>,
}

/// How a part is read; see [`Parts`].
pub type Read<'a> = dyn Fn(usize, Choice<'_>) -> Option<Part> + Sync + 'a;

/// The cells to be read of a part, ascending.
pub type Choice<'a> = &'a mut dyn FnMut(&Index) -> Vec<u32>;

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
    let hashes = wanted.iter().map(|tie| of_tie(*tie));
    let mut hashes: Vec<u32> = hashes.chain(change.records.iter().map(of_record)).collect();
    hashes.sort_unstable();
    let search = Search {
        records: change.records.iter().map(|key| key.0).collect(),
        hashes,
        wanted,
        sites: parts.sites,
        charter,
        horizons: (is_later && charter.dormant.is_some()).then_some((was, horizon)),
        is_later,
    };
    let look = |place: usize| search.look(parts, place);
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
    let snapshot = gathered.snapshot(charter);
    let homes = several(snapshot.facts.len());
    let part = Part::of_several(snapshot, charter, horizon, homes);
    Some(Renewed { part, gone })
}

/// What is looked for in each part.
struct Search<'a> {
    records: QuickSet<u128>,
    wanted: QuickSet<Tie>,
    /// Halves of the hashes of both, ascending.
    hashes: Vec<u32>,
    sites: &'a Sites,
    charter: &'a Charter,
    /// Two horizons, where silence counts otherwise under the later one.
    horizons: Option<(Instant, Instant)>,
    /// Whether the second horizon is later, so that days have come.
    is_later: bool,
}

/// What one look at a part shows.
struct Seen {
    /// The cells concerned, ascending, by their numbers in the part.
    cells: Vec<u32>,
    /// What stays of their facts, with the teams.
    facts: Gathered,
    /// The domains that facts of changed records gave.
    sites: Sites,
}

impl Search<'_> {
    /// Whether a cell counts otherwise under the later horizon.
    fn has_moved(&self, signs: &Signs) -> bool {
        let falls_silent = |(was, horizon): (Instant, Instant)| {
            signs.silent_at.is_some_and(|at| at <= horizon)
                || signs.latest.is_some_and(|at| at > was)
        };
        self.horizons.is_some_and(falls_silent) || self.is_later && signs.is_ahead
    }

    /// `None` where the team of a rep changed.
    fn look(&self, parts: &Parts<'_>, place: usize) -> Option<Seen> {
        let mut moved = Vec::new();
        let part = &(parts.read)(place, &mut |index| {
            moved = index
                .signs
                .iter()
                .map(|signs| self.has_moved(signs))
                .collect();
            let signs = (0u32..).zip(index.signs.iter().zip(&moved));
            let signs = signs.filter(|(_, (signs, has_moved))| **has_moved || signs.has_team);
            let mut cells = index.with(&self.hashes);
            cells.extend(signs.map(|(cell, _)| cell));
            cells.sort_unstable();
            cells.dedup();
            cells
        })?;
        let names = &part.snapshot.names;
        let mut ties = Ties::of(names, &self.charter.identity, self.sites);
        let (mut found, mut sites) = (Vec::new(), Sites::default());
        let mut is_here = vec![false; part.count as usize];
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
                *slot = is_changed
                    || moved.get(*cell as usize) == Some(&true)
                    || found.iter().any(|tie| self.wanted.contains(tie));
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
