//! How a deal stands at an instant: not yet there, open, or in which end; and what was said of it
//! by then. Who asks for open deals, at one instant or from one to another, asks here.

use handfast_model::rules::StepRole;
use handfast_model::{Instant, Sym, Value};

use crate::attributes::{Version, find};
use crate::journey::{Deal, Journeys, Moment, Pursuit, World};
use crate::stage;

/// How a deal stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Nothing is known of it yet.
    NotYet,
    /// It is open. An undated deal is so from the beginning.
    Open,
    /// It has ended: won, lost, disqualified or dormant.
    Ended(StepRole),
}

/// How a deal stands at an instant. What happens at the instant itself has happened.
pub fn standing(world: &World<'_>, journeys: &Journeys, deal: &Deal, at: Instant) -> Standing {
    let is_there = journeys.pursuits.get(deal.pursuit as usize).is_some();
    if !is_there || deal.known_from.at > Some(at) {
        return Standing::NotYet;
    }
    match ended(world, journeys, deal, at) {
        Some((role, _)) => Standing::Ended(role),
        None => Standing::Open,
    }
}

/// The end that a deal is in at an instant, and since when.
pub fn ended(
    world: &World<'_>,
    journeys: &Journeys,
    deal: &Deal,
    at: Instant,
) -> Option<(StepRole, Moment)> {
    let pursuit = journeys.pursuits.get(deal.pursuit as usize)?;
    if deal.known_from.at > Some(at) {
        return None;
    }
    let steps = &world.charter.steps;
    let mut ends = pursuit.visits.iter().filter_map(|visit| {
        let role = stage::role(steps, visit.step);
        let holds = visit.entered.at <= Some(at) && visit.left.is_none_or(|l| l.at > Some(at));
        (role.is_end() && holds).then_some((role, visit.entered))
    });
    ends.next_back().or(stepless(pursuit, at))
}

/// An end that the charter has no step for leaves no visit.
fn stepless(pursuit: &Pursuit, at: Instant) -> Option<(StepRole, Moment)> {
    let end = pursuit.end.filter(|end| end.step.is_none())?;
    (end.moment.at <= Some(at)).then_some((end.role, end.moment))
}

/// What a deal's facts say under a name at an instant, or as last known.
pub fn value<'w>(
    world: &World<'w>,
    deal: &Deal,
    name: Option<Sym>,
    at: Option<Instant>,
) -> Option<&'w Value> {
    let facts = &world.snapshot.facts;
    let versions: Vec<Version> = deal
        .versions
        .iter()
        .filter_map(|index| {
            let fact = facts.get(*index as usize)?;
            Some((fact.happened.start(&world.charter.calendar), *index))
        })
        .collect();
    find(facts, &versions, name?, at)
}

/// The instants at which a deal may come to stand differently or be told something of, in order.
pub fn turns(world: &World<'_>, journeys: &Journeys, deal: &Deal) -> Vec<Instant> {
    let facts = &world.snapshot.facts;
    let told = deal.versions.iter().filter_map(|index| {
        let fact = facts.get(*index as usize)?;
        fact.happened.start(&world.charter.calendar)
    });
    let mut turns: Vec<Instant> = told.chain(deal.known_from.at).collect();
    if let Some(pursuit) = journeys.pursuits.get(deal.pursuit as usize) {
        let steps = &world.charter.steps;
        let ends = pursuit.visits.iter();
        for visit in ends.filter(|visit| stage::role(steps, visit.step).is_end()) {
            turns.extend(visit.entered.at);
            turns.extend(visit.left.and_then(|left| left.at));
        }
        turns.extend(pursuit.end.and_then(|end| end.moment.at));
    }
    turns.sort_unstable();
    turns.dedup();
    turns
}
