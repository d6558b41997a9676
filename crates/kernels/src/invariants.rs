//! Invariants of what is known and derived, each as a plain function that looks and says.
//!
//! They are asked of the cells that an import, an undo or a word about who is who touched, of what
//! a question derives, by `verify`, and of every invented world in the tests. Each takes another
//! road than the code it watches: it walks members instead of trusting counts, and knows no rule of
//! a charter. Read on in `credit` (I2), `stages` (I3), `people` (I8) and `amounts` (I9); what they
//! find names the fact, the deal or the key.

mod amounts;
mod credit;
mod people;
mod same;
mod stages;

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::order::{Clock, out_of_order};
use handfast_model::{
    Breaches, Calendar, Charter, Fact, Instant, Invariant, Names, Seq, Snapshot, Sym,
};

use crate::cells::Part;
use crate::journey::World;
use crate::quick::QuickSet;

pub use amounts::{Converted, money, priced};
pub use credit::{Given, Looking, credit, given};
pub use people::{cells, keys, people};
pub use same::same;
pub use stages::{conservation, shapes};

/// All that a derived part must keep: I3, I4, I6, I8 and I9, and of I7 that cells stand apart.
pub fn all(part: &Part, charter: &Charter, horizon: Instant) -> Breaches {
    let world = World {
        snapshot: &part.snapshot,
        charter,
        horizon,
    };
    let mut found = facts(&part.snapshot, &charter.calendar);
    found.append(shapes(&world, &part.journeys));
    found.append(conservation(&world, &part.journeys));
    found.append(keys(part));
    found.append(cells(part));
    found.append(money(&world, &part.journeys));
    found
}

/// I4 and I6 of facts: each has a name and a place in a record of its own, commits have one clock
/// that never goes back, nothing was learned after the moment of knowing, and the order is that of
/// facts.
pub fn facts(snapshot: &Snapshot, calendar: &Calendar) -> Breaches {
    let mut found = Breaches::default();
    let facts = &snapshot.facts;
    let name = |fact: &Fact| fact.id;
    let fold_name = |fact: &Fact| fact.id.0 as u64;
    let what = "its name is that of another fact";
    doubled(facts, what, &mut found, (fold_name, name));
    let place = |fact: &Fact| {
        let origin = &fact.origin;
        (origin.key, origin.version, fact.kind, origin.ordinal)
    };
    let fold = |fact: &Fact| {
        let (key, version, kind, ordinal) = place(fact);
        let rest = (version as u64) << 24 | u64::from(ordinal) << 8 | kind as u64;
        key.0 as u64 ^ rest.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    };
    let what = "another fact has its place in the same record";
    doubled(facts, what, &mut found, (fold, place));
    clocks(snapshot, &mut found);
    let clock = &mut Clock::new(calendar, &snapshot.names);
    if let Some(fact) = out_of_order(facts, &snapshot.names, clock) {
        found.add(Invariant::AsOf, fact.seq, || {
            let what = "it stands where the order of facts does not put it".to_owned();
            (named(fact), what)
        });
    }
    found
}

/// Whether each commit has one clock, later ones no earlier one, and none is of a later moment.
fn clocks(snapshot: &Snapshot, found: &mut Breaches) {
    let facts = &snapshot.facts;
    let mut clocks: BTreeMap<Seq, (Instant, usize)> = BTreeMap::new();
    let mut last: Option<(Seq, Instant)> = None;
    for (at, fact) in facts.iter().enumerate() {
        let known = last.filter(|(seq, _)| *seq == fact.seq);
        let (_, clock) = known.unwrap_or_else(|| {
            let first = clocks.entry(fact.seq).or_insert((fact.recorded_at, at));
            (fact.seq, first.0)
        });
        last = Some((fact.seq, clock));
        if clock != fact.recorded_at {
            found.add(Invariant::AsOf, fact.seq, || {
                let what = format!("commit {} has two clocks", fact.seq.0);
                (named(fact), what)
            });
        }
        // The part of a snapshot that is derived by cells does not say its own moment.
        if snapshot.seq.0 > 0 && fact.seq > snapshot.seq {
            found.add(Invariant::AsOf, snapshot.seq, || {
                let (own, asked) = (fact.seq.0, snapshot.seq.0);
                let what = format!("it was learned in commit {own} and is known as of {asked}");
                (named(fact), what)
            });
        }
    }
    let mut before: Option<Instant> = None;
    for (seq, (clock, at)) in &clocks {
        if before.is_some_and(|before| *clock < before) {
            found.add(Invariant::AsOf, *seq, || {
                let what = format!("commit {} was recorded before the one it follows", seq.0);
                (facts.get(*at).map(named).unwrap_or_default(), what)
            });
        }
        before = before.max(Some(*clock));
    }
}

/// Two facts with one key, which every fact has alone. Keys are folded to one number first, so that
/// ten million of them cost little; what folds alike is compared whole.
fn doubled<K: Ord>(
    facts: &[Fact],
    what: &str,
    found: &mut Breaches,
    (fold, key): (impl Fn(&Fact) -> u64, impl Fn(&Fact) -> K),
) {
    let mut once: QuickSet<u64> =
        QuickSet::with_capacity_and_hasher(facts.len(), Default::default());
    let folded = facts.iter().map(&fold);
    let twice: BTreeSet<u64> = folded.filter(|folded| !once.insert(*folded)).collect();
    if twice.is_empty() {
        return;
    }
    let mut seen: BTreeSet<K> = BTreeSet::new();
    for fact in facts.iter().filter(|fact| twice.contains(&fold(fact))) {
        if !seen.insert(key(fact)) {
            found.add(Invariant::Provenance, fact.seq, || {
                (named(fact), what.to_owned())
            });
        }
    }
}

/// How a fact is named where it is found.
fn named(fact: &Fact) -> String {
    format!("fact {}", fact.id)
}

/// How a deal is named where it is found.
fn deal_named(names: &Names, key: Sym) -> String {
    format!("deal {}", names.text(key))
}
