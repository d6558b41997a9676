//! What is missing or contradictory in a book: under which code, and the fact that shows it.

use std::collections::BTreeSet;

use handfast_model::fact::FactKind;

use super::clock::Time;
use super::meaning::{Meaning, Role};
use super::walk::{Buyer, Journeys, Pursuit};

/// A code and a fact.
pub type Doubt = (&'static str, u128);

/// All that the walk did not meet on its way, and what it met.
pub fn issues(found: &Journeys, meaning: &Meaning) -> BTreeSet<Doubt> {
    let mut doubts = found.doubts.clone();
    for fact in &found.facts {
        use FactKind::{Assignment, Disposition, Mark, Touch};
        let is_event = matches!(fact.kind, Touch | Mark | Assignment | Disposition);
        if is_event && fact.when == Time::Unknown {
            doubts.insert(("W0105", fact.id));
        }
        let step = fact.text("stage").and_then(|stage| meaning.step(stage));
        if fact.kind == Mark && step.is_none() {
            doubts.insert(("W0104", fact.id));
        }
    }
    for pursuit in &found.pursuits {
        of_pursuit(found, meaning, pursuit, &mut doubts);
    }
    for (number, deal) in found.deals.iter().enumerate() {
        let id = |place: &usize| found.facts[*place].id;
        let first = deal.versions.first().or(deal.marks.first());
        let home = &found.pursuits[found.of_deal[number]];
        if let Some(first) = first.map(id) {
            if matches!(home.buyer, Buyer::Deal(_)) {
                doubts.insert(("W0108", first));
            }
            if deal.known_from.at.is_none() {
                doubts.insert(("W0105", first));
            }
        }
        for turn in &deal.turns {
            if turn.moment.when == Time::Unknown {
                doubts.insert(("W0105", id(&turn.fact)));
            }
        }
        let Some(end) = home.end else { continue };
        let is_before = match (end.moment.when, deal.created.when) {
            (Time::At(closed), Time::At(created)) => closed < created,
            (closed, created) => {
                let days = (meaning.zone.day_of(closed), meaning.zone.day_of(created));
                days.0.is_some() && days.0 < days.1
            }
        };
        let shown = end.fact.as_ref().or(deal.versions.first()).map(id);
        doubts.extend(shown.filter(|_| is_before).map(|fact| ("W0102", fact)));
    }
    doubts
}

fn of_pursuit(
    found: &Journeys,
    meaning: &Meaning,
    pursuit: &Pursuit,
    doubts: &mut BTreeSet<Doubt>,
) {
    if pursuit.opened.at.is_none() {
        doubts.insert(("W0105", pursuit.id));
    }
    if pursuit.visits.is_empty() {
        doubts.insert(("W0117", pursuit.id));
    }
    let Some(end) = pursuit.end else { return };
    let shown = end.fact.map_or(pursuit.id, |place| found.facts[place].id);
    if end.moment.at.is_some() && end.moment.at < pursuit.opened.at {
        doubts.insert(("W0101", shown));
    }
    let mut visits = pursuit.visits.iter();
    let was_somewhere =
        visits.any(|visit| !visit.is_implied && meaning.role(visit.step) == Role::Path);
    if end.role == Role::Won && !was_somewhere {
        doubts.insert(("W0103", shown));
    }
}
