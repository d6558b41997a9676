//! I3: what entered a stage left it or is there; whoever left for another stage is in it.

use std::collections::HashMap;

use handfast_model::question::Unit;
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{Breaches, Charter, FactId, Instant, Invariant, Seq};

use super::{deal_named, named};
use crate::funnel::{self, FlowRow};
use crate::journey::{Journeys, LeftBy, Pursuit, Visit, World};

/// How many periods the whole time is cut into.
const PERIODS: usize = 12;

/// The flow of periods that begin and end where something happens: in each, for each stage and
/// unit, the stays there at its start and those that entered are those that left and those there
/// at its end, stay by stay; and at the level of pursuits each visit is one stay.
pub fn conservation(world: &World<'_>, journeys: &Journeys) -> Breaches {
    let mut found = Breaches::default();
    let edges = edges(journeys);
    let first_and_last = edges.first().zip(edges.last());
    let whole = first_and_last.map(|(first, last)| (*first, *last));
    let periods = edges.windows(2).filter_map(|pair| match pair {
        [from, until] => Some((*from, *until)),
        _ => None,
    });
    let periods: Vec<_> = periods.chain(whole).collect();
    for unit in Unit::ALL {
        let stays = funnel::stays(journeys, unit);
        let visits: usize = journeys.pursuits.iter().map(|one| one.visits.len()).sum();
        if unit == Unit::Pursuit && stays.len() != visits {
            found.add(Invariant::Funnel, Seq(0), || {
                let what = format!("{visits} visits are {} stays", stays.len());
                ("pursuits".to_owned(), what)
            });
        }
        for &(from, until) in &periods {
            for row in funnel::flow(&stays, world.charter, from, until) {
                let Some(stay) = astray(&row).and_then(|at| stays.get(at as usize)) else {
                    continue;
                };
                let opener = stay.members.first().and_then(|at| {
                    let pursuit = journeys.pursuits.get(at.pursuit as usize)?;
                    let mut facts = world.snapshot.facts.iter();
                    facts.find(|fact| fact.id == pursuit.id)
                });
                found.add(
                    Invariant::Funnel,
                    opener.map_or(Seq(0), |fact| fact.seq),
                    || told(&row, world.charter, unit, (from, until)),
                );
            }
        }
    }
    found
}

/// A stay that is lost or doubled on the way from one end of a period to the other.
fn astray(row: &FlowRow) -> Option<u32> {
    let left = row.left.values().flatten();
    let mut before: Vec<u32> = row.at_start.iter().chain(&row.entered).copied().collect();
    let mut after: Vec<u32> = left.chain(&row.at_end).copied().collect();
    // Each list is in order: a sort that merges has little to do.
    before.sort();
    after.sort();
    let twice = before.windows(2).find(|pair| pair.first() == pair.last());
    if let Some(twice) = twice.and_then(<[u32]>::first) {
        return Some(*twice);
    }
    let differ = before.iter().zip(&after).find(|(a, b)| a != b);
    let longer = match before.len() > after.len() {
        true => before.get(after.len()),
        false => after.get(before.len()),
    };
    differ.map(|(a, b)| *a.min(b)).or(longer.copied())
}

fn told(
    row: &FlowRow,
    charter: &Charter,
    unit: Unit,
    (from, until): (Instant, Instant),
) -> (String, String) {
    let step = charter.steps.get(usize::from(row.step.0));
    let step = step.map_or("", |step| &step.id);
    let left: usize = row.left.values().map(Vec::len).sum();
    let what = format!(
        "from {from} until {until}, by {}: \
         {} at start + {} entered are not {left} left + {} at end",
        unit.word(),
        row.at_start.len(),
        row.entered.len(),
        row.at_end.len()
    );
    (format!("stage {step}"), what)
}

/// Instants at which something happens, evenly spread over all of them.
fn edges(journeys: &Journeys) -> Vec<Instant> {
    let visits = journeys.pursuits.iter().flat_map(|one| &one.visits);
    let mut all: Vec<Instant> = visits
        .flat_map(|visit| [visit.entered.at, visit.left.and_then(|left| left.at)])
        .flatten()
        .collect();
    all.sort_unstable();
    all.dedup();
    let last = all.len().saturating_sub(1);
    let mut edges: Vec<Instant> = (0..=PERIODS)
        .filter_map(|number| all.get(last * number / PERIODS).copied())
        .collect();
    edges.dedup();
    // Until after the last moment, so that it is in a period too.
    edges.extend(all.last().map(|last| Instant(last.0.saturating_add(1))));
    edges
}

/// The shape of journeys: each deal in the one pursuit that names it, each touch in one pursuit at
/// most, visits in order, none left before it is entered, no two at once, and each way out of a
/// stage leads where it says, at that very moment.
pub fn shapes(world: &World<'_>, journeys: &Journeys) -> Breaches {
    let mut found = Breaches::default();
    let names = &world.snapshot.names;
    for (at, deal) in (0u32..).zip(&journeys.deals) {
        let pursuit = journeys.pursuits.get(deal.pursuit as usize);
        let end = pursuit.and_then(|pursuit| pursuit.end);
        let what = match pursuit.map(|pursuit| pursuit.deal == Some(at)) {
            Some(true) if deal.outcome == end.map(|end| end.role) => continue,
            Some(true) => "it ended otherwise than its pursuit",
            Some(false) => "its pursuit carries another deal",
            None => "it has no pursuit",
        };
        found.add(Invariant::Funnel, Seq(0), || {
            (deal_named(names, deal.key), what.to_owned())
        });
    }
    let mut is_taken = vec![false; world.snapshot.facts.len()];
    for touch in journeys.pursuits.iter().flat_map(|one| &one.touches) {
        let slot = is_taken.get_mut(*touch as usize);
        if slot.is_none_or(|is_taken| std::mem::replace(is_taken, true)) {
            found.add(Invariant::Funnel, Seq(0), || {
                let fact = world.snapshot.facts.get(*touch as usize);
                let at = fact.map(named).unwrap_or_default();
                (at, "it is a touch of two pursuits".to_owned())
            });
        }
    }
    let mut learned: Option<HashMap<FactId, Seq>> = None;
    for pursuit in &journeys.pursuits {
        if let Some(what) = wrong(pursuit, world.charter) {
            // Before its first fact was learned nobody counted it.
            let learned = learned.get_or_insert_with(|| {
                let facts = world.snapshot.facts.iter();
                facts.map(|fact| (fact.id, fact.seq)).collect()
            });
            let since = learned.get(&pursuit.id).copied().unwrap_or(Seq(0));
            found.add(Invariant::Funnel, since, || {
                let deal = pursuit
                    .deal
                    .and_then(|deal| journeys.deals.get(deal as usize));
                let at = format!("pursuit opened by fact {}", pursuit.id);
                let deal = deal.map(|deal| format!(", {}", deal_named(names, deal.key)));
                (at + &deal.unwrap_or_default(), what)
            });
        }
    }
    let sorted = |pursuit: &Pursuit| (pursuit.opened.at, pursuit.id);
    if !journeys.pursuits.is_sorted_by_key(sorted) {
        found.add(Invariant::Funnel, Seq(0), || {
            (
                "pursuits".to_owned(),
                "they are not in their order".to_owned(),
            )
        });
    }
    found
}

fn role(charter: &Charter, step: StepIx) -> Option<StepRole> {
    charter.steps.get(usize::from(step.0)).map(|step| step.role)
}

/// What is wrong with the visits of a pursuit.
fn wrong(pursuit: &Pursuit, charter: &Charter) -> Option<String> {
    let mut rest = pursuit.visits.as_slice();
    while let Some((visit, later)) = rest.split_first() {
        if let Some(what) = wrong_visit(visit, later, charter) {
            let step = charter.steps.get(usize::from(visit.step.0));
            return Some(format!("{}: {what}", step.map_or("", |step| &step.id)));
        }
        rest = later;
    }
    let last = pursuit.visits.last();
    let last_role = last.and_then(|visit| role(charter, visit.step));
    match (pursuit.end, last) {
        (Some(end), Some(last)) if last_role != Some(end.role) || last.left.is_some() => {
            Some("it ended, and its last visit is not its end".to_owned())
        }
        (None, Some(last)) if last.left.is_none() && last_role.is_some_and(StepRole::is_end) => {
            Some("it is open, and in an end".to_owned())
        }
        _ => None,
    }
}

fn wrong_visit(visit: &Visit, later: &[Visit], charter: &Charter) -> Option<&'static str> {
    let Some(left) = visit.left else {
        return match (visit.left_by, later.is_empty()) {
            (LeftBy::StillThere, true) => None,
            (LeftBy::StillThere, false) => Some("two stays at once"),
            _ => Some("a way out of a stage that was not left"),
        };
    };
    if visit.left_by == LeftBy::StillThere {
        return Some("left without a way out");
    }
    if left.at < visit.entered.at {
        return Some("left before it was entered");
    }
    if visit.is_implied {
        let is_moment = visit.left_by == LeftBy::SkippedTo && left == visit.entered;
        return (!is_moment).then_some("an implied stay that lasts");
    }
    let Some(next) = later.iter().find(|next| !next.is_implied) else {
        return (visit.left_by != LeftBy::Back).then_some("left for a stage that was not entered");
    };
    let is_right = match (role(charter, next.step)?, visit.left_by) {
        // By the exit rule it is out of all stages until the next entry.
        (_, LeftBy::Back) => return None,
        (StepRole::Won, by) => by == LeftBy::Won,
        (StepRole::Lost, by) => by == LeftBy::Lost,
        (StepRole::Disqualified, by) => by == LeftBy::Disqualified,
        (StepRole::Dormant, by) => by == LeftBy::Dormant,
        (StepRole::Detour, by) => by == LeftBy::Recycled,
        (StepRole::Path, by) => by == LeftBy::Advanced,
    };
    match is_right {
        false => Some("it was left for another stage than the one entered next"),
        // An end that its source dates before the entry leaves the stage as soon as it is entered.
        true if left.at != next.entered.at.max(visit.entered.at) => {
            Some("it was left at another moment than the next one was entered")
        }
        true => None,
    }
}
