//! The total order of facts: (instant, kind, source, stream, key, version, ordinal).
//!
//! A day sorts at its start, a day that is a close at its end, so that every touch of that day
//! precedes it; undated facts come first. The clock of recording never breaks a tie, and neither
//! does the numbering of symbols.

use std::collections::HashMap;

use crate::fact::{Fact, FactKind, Value, When};
use crate::id::{Names, Sym};
use crate::planted;
use crate::time::{Calendar, Day, Instant};

/// The attribute of a fact that is the end of something.
pub const CLOSES: &str = "closes";

/// Where facts sort in time; starts of days are looked up once per day.
pub struct Clock<'a> {
    calendar: &'a Calendar,
    closes: Option<Sym>,
    starts: HashMap<Day, Instant, foldhash::fast::RandomState>,
}

impl<'a> Clock<'a> {
    /// A clock for facts whose texts these are.
    pub fn new(calendar: &'a Calendar, names: &Names) -> Clock<'a> {
        Clock {
            calendar,
            closes: names.find(CLOSES),
            starts: HashMap::default(),
        }
    }

    /// Where a time sorts: a day at its start.
    pub fn start(&mut self, when: When) -> Option<Instant> {
        match when {
            When::Day(day) => Some(self.start_of(day)),
            other => other.start(self.calendar),
        }
    }

    /// Where a close sorts: a day at its end.
    pub fn end(&mut self, when: When) -> Option<Instant> {
        match when {
            When::Day(day) => Some(Instant(self.start_of(day.plus(1)).0 - 1)),
            other => other.end(self.calendar),
        }
    }

    /// The instant at which a fact sorts.
    pub fn at(&mut self, fact: &Fact) -> Option<Instant> {
        let does_close = matches!(fact.kind, FactKind::Mark | FactKind::Deal)
            && self
                .closes
                .is_some_and(|name| fact.attribute(name) == Some(&Value::Bool(true)));
        match does_close {
            true => self.end(fact.happened),
            false => self.start(fact.happened),
        }
    }

    fn start_of(&mut self, day: Day) -> Instant {
        let calendar = self.calendar;
        *self
            .starts
            .entry(day)
            .or_insert_with(|| calendar.start_of(day))
    }
}

/// Where a fact stands among most: half its record's key tells it from nearly all others.
type Place = (Option<Instant>, FactKind, (u32, u32), u64);

/// The positions of the facts, in fact order. Runs that are in order already cost little.
pub fn order_of(facts: &[Fact], names: &Names, clock: &mut Clock<'_>) -> Vec<u32> {
    let ranks = ranks(facts, names);
    let rank = |sym: Sym| ranks.get(sym.index()).copied().unwrap_or(0);
    let mut places: Vec<(Place, u32)> = Vec::with_capacity(facts.len());
    for (fact, index) in facts.iter().zip(0..) {
        let origin = &fact.origin;
        let source = (rank(origin.source), rank(origin.stream));
        let half = (origin.key.0 >> 64) as u64;
        places.push(((clock.at(fact), fact.kind, source, half), index));
    }
    let rest = |index: u32| {
        let fact = facts.get(index as usize);
        fact.map(|fact| (fact.origin.key, fact.origin.version, fact.origin.ordinal))
    };
    planted!(
        TieByArrival,
        places.sort_by(|(a, i), (b, j)| a.cmp(b).then_with(|| rest(*i).cmp(&rest(*j)))),
        places.sort_by_key(|(place, _)| (place.0, place.1))
    );
    places.into_iter().map(|(_, index)| index).collect()
}

/// Puts a list into an order that names every old place once.
pub fn permute<T>(list: &mut [T], order: &[u32]) {
    let mut is_done = vec![false; list.len()];
    for start in 0..list.len() {
        let mut at = start;
        while let Some(done @ false) = is_done.get_mut(at) {
            *done = true;
            let Some(&from) = order.get(at) else { break };
            let from = from as usize;
            if from == start || from >= list.len() {
                break;
            }
            list.swap(at, from);
            at = from;
        }
    }
}

/// The new place of each old one.
pub fn inverse(order: &[u32]) -> Vec<u32> {
    let mut places = vec![0; order.len()];
    for (place, old) in (0..).zip(order) {
        if let Some(slot) = places.get_mut(*old as usize) {
            *slot = place;
        }
    }
    places
}

/// The first fact that stands before one it follows in fact order.
pub fn out_of_order<'f>(
    facts: &'f [Fact],
    names: &Names,
    clock: &mut Clock<'_>,
) -> Option<&'f Fact> {
    let mut before: Option<(Option<Instant>, &Fact)> = None;
    for fact in facts {
        let at = clock.at(fact);
        let text = |sym: Sym| names.text(sym);
        if let Some((was, last)) = before {
            let (a, b) = (&last.origin, &fact.origin);
            let order = (was, last.kind).cmp(&(at, fact.kind)).then_with(|| {
                let source = text(a.source).cmp(text(b.source));
                source.then_with(|| text(a.stream).cmp(text(b.stream)))
            });
            let place = |of: &crate::fact::Origin| (of.key, of.version, of.ordinal);
            if order.then_with(|| place(a).cmp(&place(b))).is_gt() {
                return Some(fact);
            }
        }
        before = Some((at, fact));
    }
    None
}

/// Alphabetical ranks of source and stream names, by symbol.
fn ranks(facts: &[Fact], names: &Names) -> Vec<u32> {
    let mut used = vec![false; names.len()];
    for fact in facts {
        for sym in [fact.origin.source, fact.origin.stream] {
            if let Some(used) = used.get_mut(sym.index()) {
                *used = true;
            }
        }
    }
    let mut ranks = vec![0; names.len()];
    let mut syms: Vec<Sym> = facts.iter().map(|fact| fact.origin.source).collect();
    syms.extend(facts.iter().map(|fact| fact.origin.stream));
    syms.retain(|sym| used.get_mut(sym.index()).is_some_and(std::mem::take));
    syms.sort_unstable_by_key(|sym| names.text(*sym));
    for (rank, sym) in (0..).zip(syms) {
        if let Some(place) = ranks.get_mut(sym.index()) {
            *place = rank;
        }
    }
    ranks
}
