//! What has been in its stage for too long: longer than its service level allows, else longer than
//! nine of ten stays there took.
//!
//! The limit of a stage at an instant knows only what was over by then, so looking back does not
//! look ahead. This module refuses to judge a stage that few have left: of fewer than ten stays the
//! longest one is the ninth tenth.

use handfast_model::rules::{StageType, StepIx};
use handfast_model::{Calendar, Charter, Instant, When};

use crate::funnel::{Stay, VisitRef, age_days};
use crate::journey::Journeys;
use crate::stage;
use crate::velocity::{Elapsed, elapsed};

/// Fewest stays that must be over before their ninth tenth is a limit.
pub const ENOUGH: usize = 10;

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
    let limit = |(step, times): (u8, &mut Vec<Elapsed>)| match charter.steps.get(usize::from(step))
    {
        _ if stage::role(&charter.steps, StepIx(step)).is_end() => Limit::Unknown,
        Some(found) => match found.kind {
            StageType::ServiceLevel { max_days } => Limit::ServiceLevel(max_days),
            StageType::Inventory | StageType::Gate => ninth_tenth(times),
        },
        None => Limit::Unknown,
    };
    (0u8..).zip(&mut over).map(limit).collect()
}

/// Whether a stay has been there for longer than its step's limit.
pub fn is_stale(stay: &Stay, limits: &[Limit], at: Instant, calendar: &Calendar) -> bool {
    let age = || elapsed(stay.entered.when, When::At(at), calendar);
    match limits.get(usize::from(stay.step.0)) {
        Some(Limit::ServiceLevel(days)) => {
            age_days(stay, at, calendar).is_some_and(|age| age > i64::from(*days))
        }
        Some(Limit::NinthTenth(longest)) => age().is_some_and(|age| age.seconds > longest.seconds),
        Some(Limit::Unknown) | None => false,
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
