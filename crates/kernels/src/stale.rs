//! What has been in its stage for too long: longer than its service level allows, else longer than
//! nine of ten stays there took.
//!
//! The limit of a stage at an instant knows only what was over by then, so looking back does not
//! look ahead. This module refuses to judge a stage that few have left: of fewer than ten stays the
//! longest one is the ninth tenth.

use handfast_model::rules::{StageType, StepIx};
use handfast_model::{Calendar, Charter, Instant, When};

use crate::flat::{Flat, Times};
use crate::funnel::{Stay, VisitRef, days_since};
use crate::journey::{Journeys, Moment};
use crate::stage;
use crate::threads::at_once;
use crate::velocity::{Elapsed, elapsed};

/// Fewest stays that must be over before their ninth tenth is a limit.
pub const ENOUGH: usize = 10;

const DAY_SECONDS: i64 = 86_400;

/// How long one may stay in a stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limit {
    /// The charter's service level, in calendar days.
    ServiceLevel(u32),
    /// Nine of ten stays that are over took at most this long.
    NinthTenth(Elapsed),
    /// Too few stays are over to tell.
    Unknown,
}

/// The limit of each step at an instant, in charter order. Ends have none.
///
/// The stays are those of the unit judged; one of implied visits only tells nothing.
pub fn limits(stays: &[Stay], journeys: &Journeys, charter: &Charter, at: Instant) -> Vec<Limit> {
    let mut over: Vec<Vec<Elapsed>> = vec![Vec::new(); charter.steps.len()];
    let is_seen = |visit: &VisitRef| visit.of(journeys).is_some_and(|visit| !visit.is_implied);
    for stay in stays.iter().filter(|stay| stay.members.iter().any(is_seen)) {
        let Some(left) = stay.left.filter(|left| left.at <= Some(at)) else {
            continue;
        };
        let time = elapsed(stay.entered.when, left.when, &charter.calendar);
        if let (Some(times), Some(time)) = (over.get_mut(usize::from(stay.step.0)), time) {
            times.push(time);
        }
    }
    let over = (0u8..).zip(&mut over);
    over.map(|(step, times)| limit(charter, StepIx(step), || ninth_tenth(times)))
        .collect()
}

/// The limit of a step, whose stays that are over take so long.
fn limit(charter: &Charter, step: StepIx, ninth_tenth: impl FnOnce() -> Limit) -> Limit {
    match charter.steps.get(usize::from(step.0)) {
        _ if stage::role(&charter.steps, step).is_end() => Limit::Unknown,
        Some(found) => match found.kind {
            StageType::ServiceLevel { max_days } => Limit::ServiceLevel(max_days),
            StageType::Inventory | StageType::Gate => ninth_tenth(),
        },
        None => Limit::Unknown,
    }
}

/// What took how long by step, in the order in which it was over, from which the limits at any
/// instant are read.
#[derive(Debug, Default)]
pub struct Over(Vec<Vec<(i64, Elapsed)>>);

impl Over {
    /// Of these stays, in the steps of a charter.
    pub fn of((stays, times): (&Flat, &Times), charter: &Charter) -> Over {
        let steps = charter.steps.len();
        Over(at_once(steps, |step| {
            let rows = stays.rows.iter().zip(&times.took);
            let rows = rows.filter(|(row, _)| usize::from(row.step) == step && row.is_seen);
            let over = rows.filter_map(|(row, took)| Some((row.left, took.elapsed()?)));
            let mut over: Vec<(i64, Elapsed)> = over.collect();
            over.sort_unstable();
            over
        }))
    }

    /// What [`limits`] says of the same stays.
    pub fn limits(&self, charter: &Charter, at: Instant) -> Vec<Limit> {
        at_once(self.0.len(), |step| {
            let over = self.0.get(step).map_or(&[][..], |over| over);
            limit(charter, StepIx(step as u8), || {
                let known = over.partition_point(|(left, _)| *left <= at.0);
                let known = over.iter().take(known);
                ninth_tenth(&mut known.map(|(_, took)| *took).collect::<Vec<_>>())
            })
        })
    }

    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        self.0.iter().map(|over| size_of_val(&**over)).sum()
    }
}

/// Whether a stay has been there for longer than its step's limit.
pub fn is_stale(stay: &Stay, limits: &[Limit], at: Instant, calendar: &Calendar) -> bool {
    is_stale_since((stay.step, stay.entered), limits, at, calendar)
}

/// The same of a stay in this step since a moment.
pub fn is_stale_since(
    (step, entered): (StepIx, Moment),
    limits: &[Limit],
    at: Instant,
    calendar: &Calendar,
) -> bool {
    let age = || elapsed(entered.when, When::At(at), calendar);
    match limits.get(usize::from(step.0)) {
        Some(Limit::ServiceLevel(days)) => {
            days_since(entered, at, calendar).is_some_and(|age| age > i64::from(*days))
        }
        Some(Limit::NinthTenth(longest)) => age().is_some_and(|age| age.seconds > longest.seconds),
        Some(Limit::Unknown) | None => false,
    }
}

/// Whether so many calendar days in a step are too long, where days alone tell: a time between
/// two instants is within two days of them, whatever the clocks did.
pub fn is_stale_after(step: StepIx, days: i64, limits: &[Limit]) -> Option<bool> {
    match limits.get(usize::from(step.0)) {
        Some(Limit::ServiceLevel(most)) => Some(days > i64::from(*most)),
        Some(Limit::NinthTenth(longest)) => {
            let (least, most) = ((days - 2) * DAY_SECONDS, (days + 2) * DAY_SECONDS);
            match longest.seconds {
                longest if least > longest => Some(true),
                longest if most <= longest => Some(false),
                _ => None,
            }
        }
        Some(Limit::Unknown) | None => Some(false),
    }
}

/// The shortest time that nine of ten took at most.
fn ninth_tenth(times: &mut [Elapsed]) -> Limit {
    if times.len() < ENOUGH {
        return Limit::Unknown;
    }
    let place = (times.len() * 9).div_ceil(10);
    let (_, time, _) = times.select_nth_unstable(place.saturating_sub(1));
    Limit::NinthTenth(*time)
}
