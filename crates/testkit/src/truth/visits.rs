//! From the places of a pursuit to its stays: what each was left by, what was skipped.

use super::deals::Moment;
use super::meaning::{Meaning, Role};
use super::walk::Place;

/// One stay in a step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Visit {
    /// The step.
    pub step: usize,
    /// Since when.
    pub entered: Moment,
    /// Until when.
    pub left: Option<Moment>,
    /// What took it away.
    pub left_by: &'static str,
    /// Whether only a later step says so.
    pub is_implied: bool,
    /// Whose it was at entry, and of which team.
    pub owner: (Option<String>, Option<String>),
    /// The fact that shows it.
    pub fact: Option<usize>,
}

/// The stays of one pursuit.
pub fn visits(places: &[Place], meaning: &Meaning) -> Vec<Visit> {
    let mut visits = Vec::new();
    for (number, place) in places.iter().enumerate() {
        let Some(step) = place.step else { continue };
        let visit = |step: usize, is_implied: bool| Visit {
            step,
            entered: place.moment,
            left: is_implied.then_some(place.moment),
            left_by: if is_implied {
                "skipped_to"
            } else {
                "still_there"
            },
            is_implied,
            owner: (None, None),
            fact: place.fact,
        };
        let is_path = meaning.role(step).is_on_path();
        for earlier in (0..step).filter(|_| is_path) {
            let known = |visit: &Visit| visit.step == earlier;
            let then = meaning.at(place.moment.at);
            let is_due = then.steps[earlier].is_implied && !visits.iter().any(known);
            if meaning.role(earlier) == Role::Path && is_due {
                visits.push(visit(earlier, true));
            }
        }
        let mut stay = visit(step, false);
        if let Some(next) = places.get(number + 1) {
            stay.left = Some(not_before(place.moment, next.moment));
            stay.left_by = way(&places[..=number], next, meaning);
        }
        visits.push(stay);
    }
    visits
}

/// Nobody leaves before they entered: a claim to have done so is a stay of no length.
fn not_before(entered: Moment, left: Moment) -> Moment {
    match left.at {
        None => Moment {
            at: entered.at,
            ..left
        },
        at if at < entered.at => entered,
        _ => left,
    }
}

/// What the last of some places is left by for the next one.
fn way(before: &[Place], next: &Place, meaning: &Meaning) -> &'static str {
    let Some(to) = next.step else {
        return next.left_by;
    };
    let from = before.last().and_then(|place| place.step);
    let furthest = before.iter().filter_map(|place| place.step);
    let furthest = furthest
        .filter(|step| meaning.role(*step).is_on_path())
        .max();
    match (meaning.role(to), from.map(|from| meaning.role(from))) {
        (Role::Won, _) => "won",
        (Role::Lost, _) => "lost",
        (Role::Disqualified, _) => "disqualified",
        (Role::Dormant, _) => "dormant",
        (Role::Detour, _) => "recycled",
        (Role::Path, Some(Role::Path)) => {
            if Some(to) > from {
                "advanced"
            } else {
                "back"
            }
        }
        // Out of a detour or an end: forward only beyond what was reached before.
        (Role::Path, _) if Some(to) > furthest => "advanced",
        (Role::Path, _) => "back",
    }
}
