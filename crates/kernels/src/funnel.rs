//! The three views of a funnel: flow, cohort, snapshot; never mixed.
//!
//! Rows are members (stays and entries), never bare counts: whoever groups them by a dimension can
//! list exactly what was counted. Units other than the pursuit are unions of their pursuits' stays.
//! This module refuses to know dimensions, currencies and what a period is called; read `journey`
//! for where visits come from.

use std::collections::BTreeMap;
use std::ops::{Deref, Range};
use std::slice;

use handfast_model::id::{PersonId, Sym};
use handfast_model::question::Unit;
use handfast_model::rules::StepIx;
use handfast_model::{Calendar, Charter, Instant, When, planted};

pub use crate::cohort::{CohortEntry, CohortRule, Reach, Ways, cohort, each_entry, is_ripe};
use crate::journey::{Journeys, LeftBy, Moment, Pursuit, Visit};
use crate::quick::Quick;
pub use crate::tally::{FlowCount, LEFT_OUT, flow_counts};
use crate::threads::{at_once, threads};

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 6;

/// One visit of one pursuit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct VisitRef {
    /// Index into [`Journeys::pursuits`].
    pub pursuit: u32,
    /// Index into the pursuit's visits.
    pub visit: u32,
}

impl VisitRef {
    /// The visit meant.
    pub fn of(self, journeys: &Journeys) -> Option<&Visit> {
        let pursuit = journeys.pursuits.get(self.pursuit as usize)?;
        pursuit.visits.get(self.visit as usize)
    }
}

/// The unit that is counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnitKey {
    /// A pursuit, as an index into [`Journeys::pursuits`].
    Pursuit(u32),
    /// A person.
    Person(PersonId),
    /// An account.
    Account(Sym),
    /// A deal.
    Deal(Sym),
}

/// One uninterrupted stay of a unit in a step: the union of its pursuits' visits that overlap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stay {
    /// Who stays.
    pub unit: UnitKey,
    /// Where.
    pub step: StepIx,
    /// Since when; undated stays are there from the beginning of time.
    pub entered: Moment,
    /// Until when; `None` while there.
    pub left: Option<Moment>,
    /// What ended the last of its visits.
    pub left_by: LeftBy,
    /// The visits it is made of, by entry.
    pub members: Visits,
}

/// The visits of a stay. Most stays are one, which needs no room of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Visits {
    /// One.
    One(VisitRef),
    /// Several.
    Several(Vec<VisitRef>),
}

impl Visits {
    fn push(&mut self, visit: VisitRef) {
        match self {
            Visits::One(first) => *self = Visits::Several(vec![*first, visit]),
            Visits::Several(visits) => visits.push(visit),
        }
    }
}

impl Deref for Visits {
    type Target = [VisitRef];

    fn deref(&self) -> &[VisitRef] {
        match self {
            Visits::One(visit) => slice::from_ref(visit),
            Visits::Several(visits) => visits,
        }
    }
}

/// One step of a flow, members as indexes into the stays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FlowRow {
    /// The step.
    pub step: StepIx,
    /// There just before `from`.
    pub at_start: Vec<u32>,
    /// Entered in the period.
    pub entered: Vec<u32>,
    /// Left in the period, by what took them away.
    pub left: BTreeMap<LeftBy, Vec<u32>>,
    /// There just before `until`.
    pub at_end: Vec<u32>,
}

/// What became of a stay by a later instant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// The stay, as an index into the stays.
    pub stay: u32,
    /// What took it away by then; `StillThere` if nothing did.
    pub left_by: LeftBy,
    /// Where the same unit is then: stays, as indexes, in step order.
    pub now: Vec<u32>,
}

/// All stays of a unit level. One per visit at pursuit level; elsewhere one unit's visits to a step
/// that overlap or touch are one stay. Units come in the order of their first pursuit.
pub fn stays(journeys: &Journeys, unit: Unit) -> Vec<Stay> {
    let mut stays = Vec::new();
    let all = 0..journeys.pursuits.len();
    Stretch {
        journeys,
        unit,
        all,
    }
    .each(|stay| stays.push(stay));
    stays
}

/// Pursuits that are worth a thread of their own: so few that several count small worlds, too.
const STRETCH: usize = 1 << 7;

/// Some of the [`stays`]: those of whole units.
pub(crate) struct Stretch<'j> {
    journeys: &'j Journeys,
    unit: Unit,
    /// Of all pursuits where the unit is another.
    all: Range<usize>,
}

impl Stretch<'_> {
    /// Gives each in their order.
    pub fn each(self, mut each: impl FnMut(Stay)) {
        if self.unit == Unit::Pursuit {
            let first = self.all.start as u32;
            let own = self.journeys.pursuits.get(self.all).unwrap_or_default();
            for (number, pursuit) in (first..).zip(own) {
                let unit = UnitKey::Pursuit(number);
                let stays = visits_of(number, pursuit).map(|one| one.stay(unit));
                stays.for_each(&mut each);
            }
            return;
        }
        for (unit, visits) in by_unit(self.journeys, self.unit) {
            merge(unit, visits).into_iter().for_each(&mut each);
        }
    }
}

/// What all [`stays`] come to, one stretch of them after the other, made on all cores. A unit of
/// several pursuits lies in no stretch of them, so then there is one of all.
pub(crate) fn by_stretch<T: Send>(
    journeys: &Journeys,
    unit: Unit,
    make: impl Fn(Stretch<'_>) -> T + Sync,
) -> Vec<T> {
    let count = journeys.pursuits.len();
    let many = match unit {
        Unit::Pursuit => threads().min(count.div_ceil(STRETCH)).max(1),
        Unit::Person | Unit::Account | Unit::Deal => 1,
    };
    let stretch = |number: usize| {
        make(Stretch {
            journeys,
            unit,
            all: number * count / many..(number + 1) * count / many,
        })
    };
    match many {
        // Whoever counts instructions counts those of one thread.
        1 => vec![stretch(0)],
        many => at_once(many, stretch),
    }
}

/// The flow of `[from, until)`: one row per step of the charter.
///
/// Law      at start + entered = left + at end, for every step and unit level.
pub fn flow(stays: &[Stay], charter: &Charter, from: Instant, until: Instant) -> Vec<FlowRow> {
    let mut rows: Vec<FlowRow> = (0u8..)
        .zip(&charter.steps)
        .map(|(step, _)| FlowRow {
            step: StepIx(step),
            at_start: Vec::new(),
            entered: Vec::new(),
            left: BTreeMap::new(),
            at_end: Vec::new(),
        })
        .collect();
    let within = |at: Option<Instant>| at.is_some_and(|at| from <= at && at < until);
    for (index, stay) in (0u32..).zip(stays) {
        let Some(row) = rows.get_mut(usize::from(stay.step.0)) else {
            continue;
        };
        if stay.is_there_before(from) {
            row.at_start.push(index);
        }
        if within(stay.entered.at) {
            row.entered.push(index);
        }
        if stay.left.is_some_and(|left| within(left.at)) {
            row.left.entry(stay.left_by).or_default().push(index);
        }
        if stay.is_there_before(until) {
            row.at_end.push(index);
        }
    }
    rows
}

/// The stays that hold at an instant: entered at or before it, left after it.
pub fn snapshot(stays: &[Stay], at: Instant) -> Vec<u32> {
    let there = (0u32..).zip(stays).filter(|(_, stay)| stay.holds_at(at));
    there.map(|(index, _)| index).collect()
}

/// Calendar days from the entry of a stay to an instant; `None` for an undated stay.
pub fn age_days(stay: &Stay, at: Instant, calendar: &Calendar) -> Option<i64> {
    days_since(stay.entered, at, calendar)
}

/// Calendar days from a moment to an instant.
pub fn days_since(entered: Moment, at: Instant, calendar: &Calendar) -> Option<i64> {
    days_between(
        entered,
        Moment {
            when: When::At(at),
            at: Some(at),
        },
        calendar,
    )
}

/// What became, by a later instant, of the stays that held at an earlier one.
pub fn outcome(stays: &[Stay], at: Instant, by: Instant) -> Vec<Outcome> {
    let mut then: Quick<UnitKey, Vec<(StepIx, u32)>> = Quick::default();
    for (index, stay) in (0u32..).zip(stays).filter(|(_, stay)| stay.holds_at(by)) {
        then.entry(stay.unit).or_default().push((stay.step, index));
    }
    for places in then.values_mut() {
        places.sort_unstable();
    }
    (0u32..)
        .zip(stays)
        .filter(|(_, stay)| stay.holds_at(at))
        .map(|(index, stay)| Outcome {
            stay: index,
            left_by: match stay.left {
                Some(left) if left.at <= Some(by) => stay.left_by,
                _ => LeftBy::StillThere,
            },
            now: then
                .get(&stay.unit)
                .map(|places| places.iter().map(|(_, index)| *index).collect())
                .unwrap_or_default(),
        })
        .collect()
}

impl Stay {
    /// Whether it holds at an instant.
    pub fn holds_at(&self, at: Instant) -> bool {
        let entered = self.entered.at;
        let is_in = planted!(AsOfMissesEntry, entered <= Some(at), entered < Some(at));
        is_in && self.left.is_none_or(|left| left.at > Some(at))
    }

    /// Its visits that hold at an instant, by entry: who of the unit's pursuits is there.
    pub fn there<'a>(
        &'a self,
        journeys: &'a Journeys,
        at: Instant,
    ) -> impl Iterator<Item = VisitRef> + 'a {
        let holds = move |member: &VisitRef| {
            let visit = member.of(journeys);
            visit.is_some_and(|visit| {
                visit.entered.at <= Some(at) && visit.left.is_none_or(|left| left.at > Some(at))
            })
        };
        self.members.iter().copied().filter(holds)
    }

    fn is_there_before(&self, edge: Instant) -> bool {
        self.entered.at < Some(edge) && self.left.is_none_or(|left| left.at >= Some(edge))
    }
}

/// A visit with its place.
#[derive(Clone, Copy)]
pub(crate) struct One<'a> {
    pub(crate) at: VisitRef,
    pub(crate) visit: &'a Visit,
}

impl One<'_> {
    fn stay(&self, unit: UnitKey) -> Stay {
        Stay {
            unit,
            step: self.visit.step,
            entered: self.visit.entered,
            left: self.visit.left,
            left_by: self.visit.left_by,
            members: Visits::One(self.at),
        }
    }
}

/// The visits of each unit, units in the order of their first pursuit, never of their symbols.
fn by_unit(journeys: &Journeys, unit: Unit) -> Vec<(UnitKey, Vec<One<'_>>)> {
    let mut groups: Vec<(UnitKey, Vec<One<'_>>)> = Vec::new();
    let mut index: Quick<UnitKey, usize> = Quick::default();
    for (number, pursuit) in (0u32..).zip(&journeys.pursuits) {
        for key in units(journeys, number, pursuit, unit) {
            let place = *index.entry(key).or_insert_with(|| {
                groups.push((key, Vec::new()));
                groups.len() - 1
            });
            if let Some((_, group)) = groups.get_mut(place) {
                group.extend(visits_of(number, pursuit));
            }
        }
    }
    groups
}

fn visits_of(number: u32, pursuit: &Pursuit) -> impl Iterator<Item = One<'_>> {
    (0u32..)
        .zip(&pursuit.visits)
        .map(move |(visit, found)| One {
            at: VisitRef {
                pursuit: number,
                visit,
            },
            visit: found,
        })
}

fn units(journeys: &Journeys, number: u32, pursuit: &Pursuit, unit: Unit) -> Vec<UnitKey> {
    match unit {
        Unit::Pursuit => vec![UnitKey::Pursuit(number)],
        Unit::Person => pursuit
            .people
            .iter()
            .map(|id| UnitKey::Person(*id))
            .collect(),
        Unit::Account => pursuit.account.map(UnitKey::Account).into_iter().collect(),
        Unit::Deal => {
            let deal = pursuit
                .deal
                .and_then(|deal| journeys.deals.get(deal as usize));
            deal.map(|deal| UnitKey::Deal(deal.key))
                .into_iter()
                .collect()
        }
    }
}

/// The union of one unit's visits, step by step, then in order of entry.
fn merge(unit: UnitKey, mut visits: Vec<One<'_>>) -> Vec<Stay> {
    visits.sort_by_key(|one| (one.visit.step, one.visit.entered.at, one.at));
    let mut stays: Vec<Stay> = Vec::new();
    for one in visits {
        let last = stays.last_mut().filter(|stay| stay.step == one.visit.step);
        let goes_on =
            |left: Moment| planted!(OverlapsCountTwice, one.visit.entered.at <= left.at, false);
        match last {
            Some(stay) if stay.left.is_none_or(goes_on) => {
                let goes_on = match (stay.left, one.visit.left) {
                    // What only a later step implies was never there, so it leaves nothing.
                    (Some(old), Some(new)) => new.at >= old.at && !one.visit.is_implied,
                    (old, new) => old.is_some() && new.is_none(),
                };
                if goes_on {
                    stay.left = one.visit.left;
                    stay.left_by = one.visit.left_by;
                }
                stay.members.push(one.at);
            }
            _ => stays.push(one.stay(unit)),
        }
    }
    stays.sort_by_key(|stay| (stay.entered.at, stay.step));
    stays
}

/// Calendar days of the reporting zone between two moments.
pub(crate) fn days_between(from: Moment, until: Moment, calendar: &Calendar) -> Option<i64> {
    Some(i64::from(until.when.day(calendar)?.0) - i64::from(from.when.day(calendar)?.0))
}
