//! Why something else is known now than then: every fact that only one of two moments knows is
//! looked at by itself, and the causes are taken in one after another.

use std::collections::BTreeSet;

use handfast_model::fact::FactKind;

use super::clock::Zone;
use super::said::{Said, order};

/// The causes that facts have, in order.
pub const CAUSES: [&str; 6] = [
    "new_events",
    "late_data",
    "edits",
    "removed",
    "merges",
    "rates",
];

/// Two moments of knowing.
pub struct Moments<'a> {
    /// What was known then.
    pub then: &'a [Said],
    /// What is known now.
    pub now: &'a [Said],
    /// Up to when sources showed everything then.
    pub horizon: i64,
    /// Facts that had been learned by then, whether they held or not.
    pub learned: &'a dyn Fn(u128) -> bool,
    /// The zone of days.
    pub zone: Zone,
}

impl Moments<'_> {
    /// What is known when the facts of the first so many causes are taken in.
    pub fn known(&self, causes: usize) -> Vec<Said> {
        let is_taken = |cause: &'static str| CAUSES[..causes].contains(&cause);
        let mut facts: Vec<Said> = Vec::new();
        for fact in self.then {
            let holds = self.now.iter().any(|one| one.id == fact.id);
            if holds || !is_taken(self.of_dropped(fact)) {
                facts.push(fact.clone());
            }
        }
        for fact in self.now {
            let held = self.then.iter().any(|one| one.id == fact.id);
            if !held && is_taken(self.of_added(fact)) {
                facts.push(fact.clone());
            }
        }
        order(&mut facts, self.zone);
        facts
    }

    /// Each fact that only one of the two moments knows, with its cause, a line each.
    pub fn lines(&self) -> Vec<String> {
        let ids = |facts: &[Said]| facts.iter().map(|fact| fact.id).collect::<BTreeSet<u128>>();
        let (old, new) = (ids(self.then), ids(self.now));
        let gone = self.then.iter().filter(|fact| !new.contains(&fact.id));
        let came = self.now.iter().filter(|fact| !old.contains(&fact.id));
        let gone = gone.map(|fact| format!("{} - {:x}", self.of_dropped(fact), fact.id));
        let came = came.map(|fact| format!("{} + {:x}", self.of_added(fact), fact.id));
        let mut lines: Vec<String> = gone.chain(came).collect();
        lines.sort();
        lines
    }

    /// How many facts a cause has.
    pub fn count(&self, cause: &str) -> u64 {
        let mut count = 0;
        for fact in self.then {
            let holds = self.now.iter().any(|one| one.id == fact.id);
            count += u64::from(!holds && self.of_dropped(fact) == cause);
        }
        for fact in self.now {
            let held = self.then.iter().any(|one| one.id == fact.id);
            count += u64::from(!held && self.of_added(fact) == cause);
        }
        count
    }

    fn of_kind(&self, fact: &Said) -> Option<&'static str> {
        let is_merge = ["same_person", "same_account"]
            .iter()
            .any(|name| fact.more.contains_key(*name));
        match fact.kind {
            FactKind::Rate => Some("rates"),
            FactKind::Link if is_merge => Some("merges"),
            _ => None,
        }
    }

    fn of_added(&self, fact: &Said) -> &'static str {
        if let Some(cause) = self.of_kind(fact) {
            return cause;
        }
        if (self.learned)(fact.id) {
            return "removed";
        }
        let told = [
            self.zone.begin(fact.when),
            fact.time("closed").and_then(|at| self.zone.begin(at)),
        ];
        let is_dated = told[0].is_some();
        let is_after = told.iter().flatten().all(|at| *at >= self.horizon);
        match (
            is_dated && is_after,
            self.then.iter().any(|one| is_same_row(one, fact)),
        ) {
            (true, _) => "new_events",
            (false, true) => "edits",
            (false, false) => "late_data",
        }
    }

    fn of_dropped(&self, fact: &Said) -> &'static str {
        if let Some(cause) = self.of_kind(fact) {
            return cause;
        }
        let mut latest: Option<&Said> = None;
        for one in self.now.iter().filter(|one| is_same_row(one, fact)) {
            let held = self.then.iter().any(|old| old.id == one.id);
            let is_later = latest.is_none_or(|latest| latest.version <= one.version);
            if !held && is_later {
                latest = Some(one);
            }
        }
        let later = latest.filter(|one| one.version >= fact.version);
        later.map_or("removed", |one| self.of_added(one))
    }
}

fn is_same_row(one: &Said, other: &Said) -> bool {
    // Keys part most rows, and are sooner compared than names.
    (one.key, &one.source, &one.stream) == (other.key, &other.source, &other.stream)
}
