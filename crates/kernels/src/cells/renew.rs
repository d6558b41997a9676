//! Deriving parts: all of a snapshot, or only the cells that a change concerns.

use std::collections::HashSet;

use handfast_model::fact::{FactKind, Snapshot, rename};
use handfast_model::id::{Names, PersonId, RecordKey, Sym};
use handfast_model::order::{Clock, order_of, permute};
use handfast_model::{Charter, Fact, Instant, IssueCode, Value, When};

use super::part::{Given, Part};
use super::{Cells, Homes, cut};
use crate::identity::{self, Sites, Tie, Ties};
use crate::journey::{World, derive};
use crate::quick::Quick;
use crate::threads::{at_once, threads};

/// Fewer facts than this for each core are derived by one of them.
const FEW_FACTS: usize = 1 << 14;

/// What was learned since some parts were derived.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The records that it concerns.
    pub records: HashSet<RecordKey>,
    /// The texts.
    pub names: Names,
    /// All facts of these records that hold now, in any order.
    pub facts: Vec<Fact>,
}

/// What takes the place of the cells that a change concerns.
#[derive(Clone, Debug)]
pub struct Renewed {
    /// Those cells as they are now, and new ones.
    pub part: Part,
    /// For each of the parts before: its cells that are gone, ascending.
    pub gone: Vec<Vec<u32>>,
}

impl Part {
    /// Finds who is who in a snapshot, derives it, and cuts it into cells.
    pub fn of(snapshot: Snapshot, charter: &Charter, horizon: Instant) -> Part {
        let sites = Sites::of(&snapshot);
        let Cells { of_fact, count } = {
            let mut ties = Ties::of(&snapshot.names, &charter.identity, &sites);
            cut(&snapshot.facts, |fact, found| tie(&mut ties, fact, found))
        };
        let mut part = Part::uncut(snapshot, charter, horizon);
        (part.cells, part.count) = (of_fact, count);
        part.place();
        part
    }

    /// A part of whole cells whose facts are all in `snapshot`, with the teams of all reps, which
    /// concern every cell and stay only where `keeps_teams`.
    ///
    /// Law: the parts of all cells, one of them with the teams, join to the part of all facts.
    pub fn of_some(
        snapshot: Snapshot,
        charter: &Charter,
        horizon: Instant,
        keeps_teams: bool,
    ) -> Part {
        let mut part = Part::of(snapshot, charter, horizon);
        if !keeps_teams {
            let facts = part.snapshot.facts.iter().zip(&part.cells);
            let teams = facts.filter(|(fact, _)| is_team(fact));
            let teams: HashSet<u32> = teams.map(|(_, cell)| *cell).collect();
            part.retain(|cell| !teams.contains(&cell));
        }
        part
    }

    /// The same without the teams, in so many homes at once.
    pub fn of_several(
        snapshot: Snapshot,
        charter: &Charter,
        horizon: Instant,
        count: usize,
    ) -> Part {
        if count < 2 {
            return Part::of_some(snapshot, charter, horizon, false);
        }
        let sites = Sites::of(&snapshot);
        let mut homes = Homes::new(&charter.identity, &sites);
        homes.see(&snapshot.names, &snapshot.facts);
        let homes = homes.settle(u32::try_from(count).unwrap_or(u32::MAX));
        let homes = homes.of(&snapshot.names, &snapshot.facts);
        let parts = at_once(count, |number| {
            let is_here = |home: Option<u32>| home.is_none_or(|home| home as usize == number);
            let facts = snapshot.facts.iter().zip(&homes);
            let facts = facts.filter(|(_, home)| is_here(**home));
            let some = Snapshot {
                names: snapshot.names.clone(),
                facts: facts.map(|(fact, _)| fact.clone()).collect(),
                ..Snapshot::default()
            };
            Part::of_some(some, charter, horizon, false)
        });
        Part::join(parts, &charter.calendar)
    }

    /// Finds who is who in a snapshot and derives it, for whoever does not keep it.
    pub fn uncut(mut snapshot: Snapshot, charter: &Charter, horizon: Instant) -> Part {
        let who = identity::resolve(&snapshot, &charter.identity);
        let given = match who.is_plain() {
            true => Vec::new(),
            false => {
                let keys: Vec<Keys> = snapshot.facts.iter().map(keys).collect();
                identity::apply(&mut snapshot, &who);
                given(&keys, &snapshot.facts)
            }
        };
        let mut journeys = derive(&World {
            snapshot: &snapshot,
            charter,
            horizon,
        });
        journeys.issues.extend_from_slice(&who.issues);
        journeys.issues.sort_unstable();
        journeys.issues.dedup();
        Part {
            snapshot,
            given,
            journeys,
            ..Part::default()
        }
    }
}

/// In how many homes so many facts are best derived.
pub(super) fn several(facts: usize) -> usize {
    threads().min(facts / FEW_FACTS)
}

type Keys = (Option<PersonId>, Option<Sym>, Option<Sym>);

fn keys(fact: &Fact) -> Keys {
    (fact.person, fact.account, fact.deal)
}

/// The keys that were given where others stand now.
fn given(before: &[Keys], facts: &[Fact]) -> Vec<Given> {
    let places = (0u32..).zip(before.iter().zip(facts));
    let changed = places.filter(|(_, (before, fact))| **before != keys(fact));
    let given = changed.map(|(fact, ((person, account, deal), _))| Given {
        fact,
        person: *person,
        account: *account,
        deal: *deal,
    });
    given.collect()
}

/// Derives the cells that a change concerns, and those in which silence may have ended a pursuit
/// since the horizon was at `was`.
///
/// Law: the parts without what is gone, joined with the new part, are what deriving everything at
/// `horizon` gives. `None` where that cannot be had by cells: the teams of reps changed, which all
/// visits show, or the horizon went back.
pub fn renew(
    parts: &[Part],
    change: Change,
    charter: &Charter,
    was: Instant,
    horizon: Instant,
) -> Option<Renewed> {
    let is_changed = |fact: &&Fact| change.records.contains(&fact.origin.key);
    let known = || parts.iter().flat_map(|part| &part.snapshot.facts);
    let mut teams = change.facts.iter().chain(known().filter(is_changed));
    if horizon < was || teams.any(is_team) {
        return None;
    }
    let (mut sites, mut old_sites) = (Sites::default(), Sites::default());
    sites.add(&change.names, &change.facts);
    for part in parts {
        let (names, facts) = (&part.snapshot.names, &part.snapshot.facts);
        old_sites.add(names, facts);
        sites.add(names, facts.iter().filter(|fact| !is_changed(fact)));
    }
    let mut search = Search {
        change: &change,
        charter,
        sites: &sites,
        has_moved_sites: sites != old_sites,
        wanted: HashSet::new(),
        cells: vec![HashSet::new(); parts.len()],
    };
    if charter.dormant.is_some() && horizon > was {
        for (part, cells) in parts.iter().zip(&mut search.cells) {
            silent(part, charter, (was, horizon), cells);
        }
    }
    if horizon > was {
        for (part, cells) in parts.iter().zip(&mut search.cells) {
            ahead(part, cells);
        }
    }
    search.run(parts);
    let mut gathered = Gathered::default();
    for (part, cells) in parts.iter().zip(&search.cells) {
        gathered.take(part, |fact, cell| {
            let is_here = is_team(fact) || cells.contains(&cell);
            is_here && !is_changed(&fact)
        });
    }
    let gone = search.cells.into_iter().map(|cells| {
        let mut cells: Vec<u32> = cells.into_iter().collect();
        cells.sort_unstable();
        cells
    });
    let gone = gone.collect();
    gathered.add(&change.names, change.facts);
    // Teams were asked for, but their facts have not moved.
    let part = Part::of_some(gathered.snapshot(charter), charter, horizon, false);
    Some(Renewed { part, gone })
}

/// The ties of a fact. The team that a rep is in concerns everybody and ties nobody to anybody.
pub(super) fn tie(ties: &mut Ties<'_>, fact: &Fact, found: &mut Vec<Tie>) {
    match is_team(fact) {
        true => found.clear(),
        false => ties.ties(fact, found),
    }
}

/// Whether a fact concerns everybody: the team that a rep is in is shown with each visit.
pub(super) fn is_team(fact: &Fact) -> bool {
    fact.kind == FactKind::Rep
}

/// The search for the cells that a change concerns: those that hold a fact of its records, those
/// that its facts tie to, and those that what is left of these ties to.
struct Search<'a> {
    change: &'a Change,
    charter: &'a Charter,
    sites: &'a Sites,
    /// Whether accounts give other domains than before.
    has_moved_sites: bool,
    wanted: HashSet<Tie>,
    cells: Vec<HashSet<u32>>,
}

impl Search<'_> {
    fn run(&mut self, parts: &[Part]) {
        let mut found = Vec::new();
        let rules = &self.charter.identity;
        let mut ties = Ties::of(&self.change.names, rules, self.sites);
        for fact in &self.change.facts {
            tie(&mut ties, fact, &mut found);
            self.wanted.extend(found.drain(..));
        }
        // Where an account no longer gives its domain, its people may belong to another's cell.
        // So what is found is asked for its own ties, until nothing more is found.
        loop {
            let before = self.wanted.len();
            for (place, part) in parts.iter().enumerate() {
                self.look(part, place, &mut found);
            }
            if self.wanted.len() == before {
                break;
            }
        }
    }

    fn look(&mut self, part: &Part, place: usize, found: &mut Vec<Tie>) {
        let mut ties = Ties::of(&part.snapshot.names, &self.charter.identity, self.sites);
        let Some(cells) = self.cells.get_mut(place) else {
            return;
        };
        for (fact, cell) in part.given_facts().zip(&part.cells) {
            let is_changed = self.change.records.contains(&fact.origin.key);
            let is_found = cells.contains(cell);
            if is_found && (is_changed || !self.has_moved_sites) {
                continue;
            }
            tie(&mut ties, &fact, found);
            if is_changed || is_found || found.iter().any(|tie| self.wanted.contains(tie)) {
                cells.insert(*cell);
                if self.has_moved_sites && !is_changed {
                    self.wanted.extend(found.drain(..));
                }
            }
        }
    }
}

/// The cells with something of a day that had not come, which may have come now.
fn ahead(part: &Part, cells: &mut HashSet<u32>) {
    let issues = part.journeys.issues.iter().zip(&part.issue_cells);
    let told = issues.filter(|(issue, _)| issue.code == IssueCode::Ahead);
    cells.extend(told.map(|(_, cell)| *cell));
}

/// The cells in which silence counts otherwise under the later of two horizons: where it is due by
/// then, and where something happened after the earlier one.
fn silent(
    part: &Part,
    charter: &Charter,
    (was, horizon): (Instant, Instant),
    cells: &mut HashSet<u32>,
) {
    for (pursuit, cell) in part.journeys.pursuits.iter().zip(&part.pursuit_cells) {
        if pursuit.silent_at.is_some_and(|at| at <= horizon) {
            cells.insert(*cell);
        }
    }
    let mut clock = Clock::new(&charter.calendar, &part.snapshot.names);
    for (fact, cell) in part.snapshot.facts.iter().zip(&part.cells) {
        let mut is_after = |when: When| clock.end(when).is_some_and(|at| at > was);
        // A deal is played at the days it gives for its creation and its close, too.
        let is_later = is_after(fact.happened)
            || fact.kind == FactKind::Deal
                && fact.attributes.iter().any(|(_, value)| match value {
                    Value::Day(day) => is_after(When::Day(*day)),
                    Value::At(at) => is_after(When::At(*at)),
                    _ => false,
                });
        if is_later && !is_team(fact) {
            cells.insert(*cell);
        }
    }
}

/// Facts taken from several parts under one table of names.
#[derive(Default)]
pub(super) struct Gathered {
    names: Names,
    facts: Vec<Fact>,
}

impl Gathered {
    /// Some facts of a part, under the keys that their sources gave.
    pub(super) fn take(&mut self, part: &Part, is_taken: impl Fn(&Fact, u32) -> bool) {
        let facts = part.given_facts().zip(&part.cells);
        let facts = facts.filter(|(fact, cell)| is_taken(fact, **cell));
        let facts = facts.map(|(fact, _)| fact.into_owned());
        self.add(&part.snapshot.names, facts);
    }

    pub(super) fn add(&mut self, names: &Names, facts: impl IntoIterator<Item = Fact>) {
        let mut known: Quick<Sym, Sym> = Quick::default();
        let first = self.facts.len();
        self.facts.extend(facts);
        let added = self.facts.get_mut(first..).unwrap_or_default();
        rename(added, |sym| {
            let here = || self.names.intern(names.text(sym));
            *known.entry(sym).or_insert_with(here)
        });
    }

    /// Adds what was gathered elsewhere.
    pub(super) fn append(&mut self, other: Gathered) {
        self.add(&other.names, other.facts);
    }

    pub(super) fn snapshot(mut self, charter: &Charter) -> Snapshot {
        let mut clock = Clock::new(&charter.calendar, &self.names);
        let order = order_of(&self.facts, &self.names, &mut clock);
        permute(&mut self.facts, &order);
        Snapshot {
            names: self.names,
            facts: self.facts,
            ..Snapshot::default()
        }
    }
}
