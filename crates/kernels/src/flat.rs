//! Stays in rows of few bytes, for whoever counts them and does not list who: a walk over millions
//! of them is bounded by the memory it reads.
//!
//! A row knows nothing that its stay does not say. How stays come about is told in `funnel`.

use handfast_model::question::Unit;
use handfast_model::{Calendar, Instant, planted};

use crate::funnel::{Stay, Stretch, VisitRef, by_stretch};
use crate::journey::{Journeys, LeftBy, Moment};
use crate::times::Sight;
use crate::velocity::{Elapsed, elapsed};

/// Where what is not dated sorts: before everything.
pub const UNDATED: i64 = i64::MIN;

/// Where the leaving of those still there sorts: after everything.
pub const STILL: i64 = i64::MAX;

/// The day of what has none.
pub const NO_DAY: i32 = i32::MIN;

/// One stay.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row {
    /// Since when, in microseconds, or [`UNDATED`].
    pub entered: i64,
    /// Until when, or [`UNDATED`], or [`STILL`].
    pub left: i64,
    /// The place among all visits of the one that it began with.
    pub visit: u32,
    /// The pursuit of that visit.
    pub pursuit: u32,
    /// Who, numbered in the order of units.
    pub unit: u32,
    /// Where.
    pub step: u8,
    /// What ended it, as a place in [`LeftBy::ALL`].
    pub left_by: u8,
    /// Whether somebody was really there: not all of its visits are implied.
    pub is_seen: bool,
}

/// How long something took or has taken so far, in one word: sorted by the time, what is still
/// under way before what is over.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Span(i64);

impl Span {
    /// What is not known: nothing took less.
    pub const NONE: Span = Span(i64::MIN);

    /// A time, and whether it is over.
    pub fn of(elapsed: Option<Elapsed>, is_over: bool) -> Span {
        elapsed.map_or(Span::NONE, |elapsed| {
            let seconds = elapsed.seconds.clamp(i64::MIN / 4 + 1, i64::MAX / 4);
            Span(seconds * 4 + i64::from(is_over) * 2 + i64::from(elapsed.is_calendar))
        })
    }

    /// The time.
    pub fn elapsed(self) -> Option<Elapsed> {
        (self != Span::NONE).then_some(Elapsed {
            seconds: self.0 >> 2,
            is_calendar: self.0 & 1 == 1,
        })
    }

    /// Whether it is over.
    pub fn is_over(self) -> bool {
        self != Span::NONE && self.0 & 2 == 2
    }
}

impl Row {
    /// Whether it holds at an instant, as [`Stay::holds_at`] says.
    pub fn holds_at(&self, at: Instant) -> bool {
        let is_in = planted!(AsOfMissesEntry, self.entered <= at.0, self.entered < at.0);
        is_in && self.left > at.0
    }
}

/// All stays of a unit level, in the order in which `funnel::stays` gives them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Flat {
    /// One row a stay.
    pub rows: Vec<Row>,
    /// The day that each claims to have entered, or [`NO_DAY`].
    pub days: Vec<i32>,
    /// Where the visits of each stay end; without any, each stay is the visit of its own place.
    ends: Vec<u32>,
    visits: Vec<u32>,
}

/// How long stays took, one by one in the order of [`Flat`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Times {
    /// How long each took that is over.
    pub took: Vec<Span>,
    /// How long each took, or has taken until the horizon, as [`Sight::stay`] says.
    pub seen: Vec<Span>,
}

impl Times {
    /// Those of the stays of a unit level.
    pub fn of(journeys: &Journeys, unit: Unit, calendar: &Calendar, horizon: Instant) -> Times {
        let sight = Sight {
            from: None,
            until: horizon,
        };
        let part = |stays: Stretch<'_>| {
            let mut times = Times::default();
            stays.each(|stay| {
                let left = stay.left.map(|left| left.when);
                let took = left.and_then(|left| elapsed(stay.entered.when, left, calendar));
                times.took.push(Span::of(took, true));
                let seen = sight.stay(&stay, journeys, calendar);
                let is_over = seen.is_some_and(|seen| seen.observation.cause.is_some());
                let seen = seen.map(|seen| seen.elapsed);
                times.seen.push(Span::of(seen, is_over));
            });
            times
        };
        let mut times = Times::default();
        for mut part in by_stretch(journeys, unit, part) {
            times.took.append(&mut part.took);
            times.seen.append(&mut part.seen);
        }
        times.took.shrink_to_fit();
        times.seen.shrink_to_fit();
        times
    }

    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.took) + size_of_val(&*self.seen)
    }
}

/// The places of all visits, one pursuit's after the other's.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Places(Vec<u32>);

impl Places {
    /// Those of these journeys.
    pub fn of(journeys: &Journeys) -> Places {
        let mut next = 0;
        let firsts = journeys.pursuits.iter().map(|pursuit| {
            next += pursuit.visits.len() as u32;
            next - pursuit.visits.len() as u32
        });
        Places(firsts.collect())
    }

    /// Of how many pursuits.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The visit at a place, which is one of this pursuit's.
    pub fn visit(&self, pursuit: u32, place: u32) -> VisitRef {
        let first = self.0.get(pursuit as usize).copied();
        let visit = place - first.unwrap_or_default().min(place);
        VisitRef { pursuit, visit }
    }

    /// The place of a visit.
    pub fn place(&self, at: VisitRef) -> u32 {
        let first = self.0.get(at.pursuit as usize).copied();
        first.unwrap_or_default() + at.visit
    }
}

impl Flat {
    /// The stays of a unit level.
    pub fn of(journeys: &Journeys, unit: Unit, calendar: &Calendar) -> Flat {
        let places = Places::of(journeys);
        let part = |stays: Stretch<'_>| {
            let mut flat = Flat::default();
            let (mut before, mut number) = (None, 0);
            stays.each(|stay| {
                let is_other = before.replace(stay.unit) != Some(stay.unit);
                number += u32::from(is_other && !flat.rows.is_empty());
                let mut visits = stay.members.iter().filter_map(|at| at.of(journeys));
                let is_seen = visits.any(|visit| !visit.is_implied);
                flat.rows.extend(row(&stay, &places, number, is_seen));
                let day = stay.entered.when.day(calendar);
                flat.days.push(day.map_or(NO_DAY, |day| day.0));
                if unit != Unit::Pursuit {
                    let members = stay.members.iter();
                    flat.visits.extend(members.map(|at| places.place(*at)));
                    flat.ends.push(flat.visits.len() as u32);
                }
            });
            flat
        };
        let mut parts = by_stretch(journeys, unit, part).into_iter();
        let mut flat = parts.next().unwrap_or_default();
        for mut part in parts {
            // Only visits of their own place lie in several stretches, and have no list.
            let units = flat.unit_count() as u32;
            part.rows.iter_mut().for_each(|row| row.unit += units);
            flat.rows.append(&mut part.rows);
            flat.days.append(&mut part.days);
        }
        flat.rows.shrink_to_fit();
        flat.days.shrink_to_fit();
        flat.ends.shrink_to_fit();
        flat.visits.shrink_to_fit();
        flat
    }

    /// The visits of a stay, by entry, as places among all visits.
    pub fn visits(&self, stay: u32) -> impl Iterator<Item = u32> {
        let end = |at: u32| self.ends.get(at as usize).copied().unwrap_or_default();
        let own = match self.ends.is_empty() {
            true => stay..stay + 1,
            false => stay.checked_sub(1).map_or(0, end)..end(stay),
        };
        own.map(|at| self.visits.get(at as usize).copied().unwrap_or(at))
    }

    /// How many units there are.
    pub fn unit_count(&self) -> usize {
        self.rows.last().map_or(0, |row| row.unit as usize + 1)
    }

    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.rows)
            + size_of_val(&*self.days)
            + size_of_val(&*self.ends)
            + size_of_val(&*self.visits)
    }
}

/// The row of a stay.
fn row(stay: &Stay, places: &Places, unit: u32, is_seen: bool) -> Option<Row> {
    let first = *stay.members.first()?;
    let sorts = |moment: Moment| moment.at.map_or(UNDATED, |at| at.0);
    let ways = LeftBy::ALL.iter();
    Some(Row {
        entered: sorts(stay.entered),
        left: stay.left.map_or(STILL, sorts),
        visit: places.place(first),
        pursuit: first.pursuit,
        step: stay.step.0,
        left_by: ways.take_while(|way| **way != stay.left_by).count() as u8,
        unit,
        is_seen,
    })
}
