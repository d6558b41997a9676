//! What a sum of won deals leaves out: deals that say somewhere that they were won, and are not.

use std::collections::{BTreeMap, BTreeSet};

use handfast_kernels::metric::Metric;
use handfast_model::money::grouped;
use handfast_model::rules::StepRole;
use handfast_model::{Currency, FactId, FactKind, IssueCode, Sym};

use super::ground::Ground;

/// One sentence on what is left out of what was won, with the amounts, and why.
pub(super) fn note(ground: &Ground<'_>, metric: Metric) -> Option<String> {
    if !matches!(metric, Metric::Revenue | Metric::Won | Metric::MeanWonValue) {
        return None;
    }
    let missed = &ground.derived.shared.missed;
    missed.get_or_init(|| told(ground)).clone()
}

fn told(ground: &Ground<'_>) -> Option<String> {
    let said = said_won(ground);
    let ahead = ahead(ground);
    let (mut open, mut ended, mut to_come) = (0u64, 0u64, 0u64);
    let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
    for (at, deal) in (0u32..).zip(&ground.journeys.deals) {
        if deal.outcome == Some(StepRole::Won) || !said.contains(&deal.key) {
            continue;
        }
        match deal.outcome {
            None if ahead.contains(&deal.key) => to_come += 1,
            None => open += 1,
            Some(_) => ended += 1,
        }
        if let Some(money) = ground.amount(at, None) {
            *sums.entry(money.currency).or_default() += i128::from(money.minor);
        }
    }
    let amounts = sums.into_iter().filter_map(|(currency, sum)| {
        let minor = i64::try_from(sum).ok()?;
        Some(handfast_model::Money { minor, currency }.shown())
    });
    let amounts: Vec<String> = amounts.collect();
    let worth = match amounts.is_empty() {
        true => String::new(),
        false => format!(" and worth {}", amounts.join(" + ")),
    };
    let why = [
        (to_come, "of a day that has not come (W0118)"),
        (open, "open again by a later mark or status (W0109)"),
        (ended, "ended otherwise before (W0116) or since"),
    ];
    let why = why.iter().filter(|(count, _)| *count > 0);
    let why: Vec<String> = why
        .map(|(count, why)| format!("{} {why}", grouped(&count.to_string())))
        .collect();
    (!why.is_empty()).then(|| {
        format!(
            "left out, though marked won{worth}: {}; look at their dates with `ask journey KEY`",
            why.join(", ")
        )
    })
}

/// The deals of which something says a day that has not come.
fn ahead(ground: &Ground<'_>) -> BTreeSet<Sym> {
    let issues = ground.journeys.issues.iter();
    let facts = issues.filter(|issue| issue.code == IssueCode::Ahead);
    let facts: BTreeSet<FactId> = facts.filter_map(|issue| issue.fact).collect();
    let said = ground.snapshot.facts.iter();
    let said = said.filter(|fact| !facts.is_empty() && facts.contains(&fact.id));
    said.filter_map(|fact| fact.deal).collect()
}

/// The deals that a mark or a status says were won, at any time.
fn said_won(ground: &Ground<'_>) -> BTreeSet<Sym> {
    let names = &ground.snapshot.names;
    let [stage, status, won] = ["stage", "status", "won"].map(|name| names.find(name));
    let steps = ground.charter.every_steps().flatten();
    let marks = steps.filter(|step| step.role == StepRole::Won);
    let marks: BTreeSet<Sym> = marks
        .flat_map(|step| &step.marks)
        .filter_map(|mark| names.find(mark))
        .collect();
    let facts = ground.snapshot.facts.iter();
    let said = facts.filter(|fact| {
        let text = |name: Option<Sym>| name.and_then(|name| fact.text(name));
        match fact.kind {
            FactKind::Mark => text(stage).is_some_and(|label| marks.contains(&label)),
            FactKind::Deal => won.is_some() && text(status) == won,
            _ => false,
        }
    });
    said.filter_map(|fact| fact.deal).collect()
}
