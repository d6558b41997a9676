//! What an answer says of facts without a date, which no period holds and no time can use.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use handfast_kernels::Pursuit;
use handfast_kernels::flat::Span;
use handfast_kernels::metric::Counted;
use handfast_model::money::grouped;
use handfast_model::question::Dimension;
use handfast_model::rules::StepIx;
use handfast_model::{Question, When, many};

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
    let undated = || {
        let pursuits = ground.journeys.pursuits.iter();
        let asked = pursuits.filter(|pursuit| ground.is_pursuit_asked(pursuit));
        asked.filter(entered).count() as u64
    };
    let undated = match ground.asks_all() {
        true => ground.undated(entry),
        false => undated(),
    };
    let place = match (question.period, undated) {
        (Some(_), 1) => "is in no period",
        (Some(_), _) => "are in no period",
        (None, 1) => "stands in the row –",
        (None, _) => "stand in the row –",
    };
    (undated > 0).then(|| {
        let undated = grouped(&undated.to_string());
        format!(
            "{undated} entered `{}` without a date and {place}: ask without --by and --period, or \
             a snapshot, or give `happened` in their pack a date",
            ground.step_id(entry)
        )
    })
}

/// How many that ended have no time, and what to do about it.
pub(super) fn untimed_note(ground: &Ground<'_>, from: Option<StepIx>) -> Option<String> {
    if from.is_none() && ground.asks_all() {
        let ended = ground.ended();
        let all = ended.roles.iter().zip(&ended.took);
        let all = all.filter(|(role, _)| role.is_some());
        let untimed = all.clone().filter(|(_, took)| **took == Span::NONE);
        return told(untimed.count(), all.count());
    }
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
    told(untimed, ended.len())
}

fn told(untimed: usize, ended: usize) -> Option<String> {
    (untimed > 0).then(|| {
        let has = if untimed == 1 { "has" } else { "have" };
        let [untimed, ended] = [untimed, ended].map(|count| grouped(&count.to_string()));
        format!(
            "{untimed} of {ended} that ended {has} no dated start or no dated end, so no time can \
             be told: give `happened` in their pack a date; a snapshot needs none"
        )
    })
}

/// How many that are counted, each once, stand in the row – of some dimensions, for want of a date.
pub(super) fn members_note(dims: &BTreeSet<String>, members: &HashSet<Counted>) -> Option<String> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for member in members {
        let word = match member {
            Counted::Deal(_) => "deal",
            Counted::Pursuit(_) => "pursuit",
            Counted::Lead(_) => "lead",
            Counted::Fact(_) => "record",
        };
        *counts.entry(word).or_default() += 1;
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(word, count)| many(*count, word))
        .collect();
    let dims: Vec<&str> = dims.iter().map(String::as_str).collect();
    (!counts.is_empty()).then(|| {
        format!(
            "in the row – of {} for want of a date: {}; give them theirs, or ask without --by",
            dims.join(" and "),
            counts.join(" and ")
        )
    })
}
