//! What an answer says of facts without a date, which no period holds and no time can use.

use handfast_kernels::Pursuit;
use handfast_model::question::Dimension;
use handfast_model::rules::StepIx;
use handfast_model::{Question, When};

use super::ground::Ground;

/// What periods cannot hold, and what to do about it.
pub(super) fn undated_note(
    ground: &Ground<'_>,
    question: &Question,
    entry: StepIx,
) -> Option<String> {
    let is_by_time = |dim: &Dimension| matches!(dim, Dimension::Time(_));
    if question.period.is_none() && !question.by.iter().any(is_by_time) {
        return None;
    }
    let entered = |pursuit: &&Pursuit| {
        let mut visits = pursuit.visits.iter();
        visits.any(|visit| visit.step == entry && visit.entered.when == When::Unknown)
    };
    let pursuits = ground.journeys.pursuits.iter();
    let asked = pursuits.filter(|pursuit| ground.is_pursuit_asked(pursuit));
    let undated = asked.filter(entered).count();
    let place = match question.period {
        Some(_) => "are in no period",
        None => "stand in the row –",
    };
    (undated > 0).then(|| {
        format!(
            "{undated} entered `{}` without a date and {place}: ask without --by and --period, or \
             a snapshot, or give `happened` in their pack a date",
            ground.step_id(entry)
        )
    })
}

/// How many that ended have no time, and what to do about it.
pub(super) fn untimed_note(ground: &Ground<'_>, from: Option<StepIx>) -> Option<String> {
    let pursuits = ground.journeys.pursuits.iter();
    let asked = pursuits.filter(|pursuit| ground.is_pursuit_asked(pursuit));
    let ended: Vec<_> = asked
        .filter_map(|pursuit| {
            let end = pursuit.end?.moment.when;
            let mut visits = pursuit.visits.iter();
            let start = match from {
                None => Some(pursuit.opened.when),
                Some(step) => visits
                    .find(|visit| visit.step == step && !visit.is_implied)
                    .map(|visit| visit.entered.when),
            };
            Some((start?, end))
        })
        .collect();
    let untimed = ended
        .iter()
        .filter(|(start, end)| [*start, *end].contains(&When::Unknown))
        .count();
    (untimed > 0).then(|| {
        format!(
            "{untimed} of {} that ended have no dated start or no dated end, so no time can be \
             told: give `happened` in their pack a date; a snapshot needs none",
            ended.len()
        )
    })
}
