//! What an answer of a formula says besides its figures.

use std::collections::BTreeSet;

use handfast_model::Question;
use handfast_model::catalogue::{Lag, Measure as Named, Origin, Takes};

use super::super::ground::Ground;
use super::super::{brand, missed, promised, touched};
use super::{Plan, Planned, is_of_all};

/// A measure in words: what it is, of whom, and how much earlier.
pub(super) fn means(named: &Named, planned: &Planned) -> String {
    let of = named.of(&[]);
    let mut words: Vec<String> = (of != named.name).then_some(of).into_iter().collect();
    words.extend(match named.takes {
        Takes::Itself => None,
        Takes::Count => Some("how many".to_owned()),
        Takes::Amounts => Some("how many have an amount".to_owned()),
        Takes::Median => Some("the median".to_owned()),
        Takes::Sum => Some("added up".to_owned()),
    });
    words.extend(named.filter.as_ref().map(|rule| format!("where {rule}")));
    words.extend(named.lag.as_ref().and_then(|_| match planned.lag {
        None => Some("earlier by an unknown time".to_owned()),
        Some(0) => None,
        Some(days) => Some(format!("{days} days earlier")),
    }));
    words.join(", ")
}

/// What an answer says of its measures.
pub(super) fn notes(ground: &Ground<'_>, question: &Question, plan: &Plan) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for (named, planned) in plan.named() {
        let lag = match (&named.lag, planned.lag) {
            (Some(_), _) if is_of_all(question) => Some(format!(
                "no period is asked for, so {} is all there is, and none of it earlier",
                named.name
            )),
            (Some(Lag::Median(of)), Some(days)) => Some(format!(
                "{} is of a period {days} days earlier: the median of {of} in the period",
                named.name
            )),
            (Some(Lag::Median(of)), None) => Some(format!(
                "{} is of an earlier period, and nobody can say which: {of} has no median here",
                named.name
            )),
            _ => None,
        };
        notes.extend(lag);
        let missed = missed::note(ground, planned.metric).into_iter();
        let more = missed
            .chain(promised::notes(ground, planned.metric, &planned.scope))
            .chain(brand::notes(ground, question, planned.metric))
            .chain(touched::note(ground, planned.metric));
        for note in more {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    if plan.definition.origin == Origin::Instead {
        let name = &plan.definition.name;
        notes.push(format!(
            "`{name}` is the charter's, in place of the one that ships"
        ));
    }
    notes
}

/// Says what nobody told, where the metric rests on it.
pub(super) fn untold(plan: &Plan, told: &BTreeSet<usize>) -> Vec<String> {
    let of_records = plan.named().filter(|(named, _)| named.base.is_of_records());
    let untold = of_records.filter(|(_, planned)| !told.contains(&planned.column));
    let note = |(named, _): (&Named, &Planned)| {
        let what = named.base.name;
        format!("no {what} was told for this, so nothing that rests on it has a value")
    };
    untold.map(note).collect()
}
