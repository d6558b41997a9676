//! From accepted placements to visits: who left what for what, what was skipped, what was implied.
//!
//! A placement is one entry into a step that counts. This module knows only steps and moments of
//! one pursuit; which marks and rules become placements is decided in `journey`.

use handfast_model::rules::{Step, StepIx, StepRole};
use handfast_model::{Charter, planted};

use crate::journey::{LeftBy, Moment, Visit};

/// One accepted move of a pursuit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The step entered; `None` when a step is left for none.
    pub step: Option<StepIx>,
    /// What the step before it was left by, where no step is entered.
    pub left_by: LeftBy,
    /// The claimed time.
    pub moment: Moment,
    /// The fact that shows it.
    pub evidence: Option<u32>,
}

/// The role of a step; a step that the charter lacks is on no path.
pub fn role(steps: &[Step], step: StepIx) -> StepRole {
    let step = steps.get(usize::from(step.0));
    step.map_or(StepRole::Detour, |step| step.role)
}

/// Whether a placement ends the pursuit.
pub fn is_end(steps: &[Step], place: &Place) -> bool {
    match place.step {
        Some(step) => role(steps, step).is_end(),
        None => place.left_by != LeftBy::Back,
    }
}

/// Where a placement belongs by path order alone: before later steps and before any end. Used for
/// undated marks and for claims that precede the opening.
pub fn position(steps: &[Step], places: &[Place], new: &Place) -> usize {
    let kind = new.step.map(|step| role(steps, step));
    let is_later = |old: &Place| match (kind, old.step, new.step) {
        _ if is_end(steps, new) => false,
        _ if is_end(steps, old) => true,
        (Some(StepRole::Path), Some(step), Some(mine)) => {
            role(steps, step) == StepRole::Path && step > mine
        }
        _ => false,
    };
    places.iter().position(is_later).unwrap_or(places.len())
}

/// The visits of one pursuit. Left moments never precede their entry, whatever was claimed, so
/// that at start + entered = left + at end holds for every period. What an entry implies is what it
/// implied then.
pub fn visits(charter: &Charter, places: &[Place]) -> Vec<Visit> {
    let steps = &charter.steps;
    let mut visits: Vec<Visit> = Vec::with_capacity(places.len());
    let mut reached = vec![false; steps.len()];
    let mut furthest: Option<StepIx> = None;
    let mut current: Option<usize> = None;
    for place in places {
        if let Some(last) = current.and_then(|index| visits.get_mut(index)) {
            last.left = Some(not_before(last.entered, place.moment));
            last.left_by = leaving(steps, last.step, place, furthest);
        }
        current = None;
        let Some(step) = place.step else { continue };
        if role(steps, step).is_on_path() {
            let then = charter.steps_at(place.moment.at);
            imply(then, step, place, &mut reached, &mut visits);
            furthest = furthest.max(Some(step));
        }
        if let Some(flag) = reached.get_mut(usize::from(step.0)) {
            *flag = true;
        }
        current = Some(visits.len());
        visits.push(Visit {
            step,
            entered: place.moment,
            left: None,
            left_by: LeftBy::StillThere,
            is_implied: false,
            rep: None,
            team: None,
            evidence: place.evidence,
        });
    }
    visits
}

/// Zero-length visits to the implied steps before `step` that the pursuit never was in.
fn imply(
    steps: &[Step],
    step: StepIx,
    place: &Place,
    reached: &mut [bool],
    visits: &mut Vec<Visit>,
) {
    let before = (0u8..step.0).zip(steps).zip(reached);
    for ((index, skipped), flag) in before {
        let is_new = planted!(ImpliedAgain, !*flag, true);
        if skipped.role == StepRole::Path && skipped.is_implied && is_new {
            *flag = true;
            visits.push(Visit {
                step: StepIx(index),
                entered: place.moment,
                left: Some(place.moment),
                left_by: LeftBy::SkippedTo,
                is_implied: true,
                rep: None,
                team: None,
                evidence: place.evidence,
            });
        }
    }
}

/// What a step is left by when `place` follows it.
fn leaving(steps: &[Step], from: StepIx, place: &Place, furthest: Option<StepIx>) -> LeftBy {
    let Some(to) = place.step else {
        return place.left_by;
    };
    match role(steps, to) {
        StepRole::Won => LeftBy::Won,
        StepRole::Lost => LeftBy::Lost,
        StepRole::Disqualified => LeftBy::Disqualified,
        StepRole::Dormant => LeftBy::Dormant,
        StepRole::Detour => planted!(RecycledIsLost, LeftBy::Recycled, LeftBy::Lost),
        StepRole::Path if role(steps, from) == StepRole::Path => {
            if to > from {
                LeftBy::Advanced
            } else {
                LeftBy::Back
            }
        }
        // Out of a detour or an end: forward only beyond what was reached before.
        StepRole::Path if Some(to) > furthest => LeftBy::Advanced,
        StepRole::Path => LeftBy::Back,
    }
}

/// A claim to have left before entering is a stay of no length; when it ended is not made up.
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
