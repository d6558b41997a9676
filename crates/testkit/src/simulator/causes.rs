//! Why something else is known later: both roads sort each fact that only one of two moments knows.

use std::collections::BTreeMap;

use handfast_kernels::causes::differing;
use handfast_model::Instant;
use handfast_model::fact::{Fact, Snapshot};
use handfast_model::id::{Names, Seq};

use super::emission::{Row, known};
use super::world::dice;
use super::{Case, facts, same};
use crate::sketch;
use crate::truth::causes::Moments;
use crate::truth::said::Said;

/// Compares the causes between two moments of knowing, drawn by the seed.
pub(super) fn compare(case: &Case, rows: &[Row]) -> Result<(), String> {
    let last = case.emitted.commits.len() - 1;
    if last == 0 {
        return Ok(());
    }
    let mut chance = dice(case.world.seed, "causes", 0);
    let a = chance.below(last as u64) as usize;
    let b = a + 1 + chance.below((last - a) as u64) as usize;
    let definitions = &case.definitions[usize::from(a >= case.emitted.second_from)];
    let charter = sketch::charter(&definitions.sketch())?;
    let zone = definitions.meaning.zone;
    let (then, now) = (known(rows, a, zone), known(rows, b, zone));
    let mut learned: BTreeMap<u128, usize> = BTreeMap::new();
    for row in rows {
        for said in &row.says {
            let first = learned.entry(said.id).or_insert(row.learned);
            *first = row.learned.min(*first);
        }
    }
    let horizon = case.emitted.commits[a];
    let mut names = Names::default();
    let mut read = |said: &[Said]| {
        let fact = |one: &Said| Fact {
            seq: Seq(learned[&one.id] as u64),
            ..facts::fact(one, &mut names)
        };
        said.iter().map(fact).collect::<Vec<Fact>>()
    };
    let (old, new) = (read(&then), read(&now));
    let snapshot = |facts: Vec<Fact>, seq: usize| Snapshot {
        names: names.clone(),
        facts,
        seq: Seq(seq as u64),
        ..Snapshot::default()
    };
    let (old, new) = (snapshot(old, a), snapshot(new, b));
    let found = differing(&old, &new, (Instant(horizon), &charter.calendar), &|_| {
        false
    });
    let mut told: Vec<String> = Vec::new();
    for (sign, sorted, facts) in [("-", &found.dropped, &old), ("+", &found.added, &new)] {
        for (cause, places) in sorted {
            let id = |place: &u32| facts.facts[*place as usize].id.0;
            let line = |place| format!("{} {sign} {:x}", cause.word(), id(place));
            told.extend(places.iter().map(line));
        }
    }
    told.sort();
    let moments = Moments {
        then: &then,
        now: &now,
        horizon,
        learned: &|id| learned[&id] <= a,
        zone,
    };
    same(&moments.lines(), &told)
        .map_err(|why| format!("from commit {a} to {b}, causes: truth, then product\n{why}"))
}
