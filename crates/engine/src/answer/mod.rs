//! From a snapshot and a charter to an answer. Kernels decide what is counted; this room sorts
//! members by dimensions, reads the figures off them, and adds lineage.

pub mod accounts;
mod amounts;
mod brand;
pub mod bridge;
pub mod change;
mod codes;
mod cohort;
mod cost;
mod credit;
pub mod explained;
mod figure;
mod forecast;
mod formula;
mod funnel;
mod ground;
mod groups;
mod health;
pub mod identity;
mod joined;
mod journey;
mod leaks;
mod measure;
mod metric;
mod missed;
mod plan;
mod price;
mod promised;
mod reads;
mod reasons;
mod records;
mod response;
mod scope;
mod shared;
mod sheet;
mod sla;
mod snapshot;
mod spent;
mod tally;
mod targets;
mod times;
mod touched;
mod traced;
mod transitions;
mod undated;
mod velocity;
mod whose;

use handfast_kernels::stop;
use handfast_model::question::{Against, QuestionKind};
use handfast_model::rules::Expr;
use handfast_model::{Answer, Charter, Money, PersonId, Question, Refusal};

use crate::derived::Derived;
use ground::Ground;
use tally::Tally;

pub use credit::kept;
pub use reads::reads;
pub(crate) use shared::Shared;
pub use traced::{Record, traced};

/// What is asked of a snapshot under a charter.
pub struct Asked<'a> {
    /// What happened, as known, derived.
    pub derived: &'a Derived,
    /// What the words mean.
    pub charter: &'a Charter,
    /// The question, every default resolved.
    pub question: &'a Question,
    /// Its condition, parsed.
    pub filter: Option<Expr>,
    /// For a journey: whom the key may stand for.
    pub people: Vec<PersonId>,
}

/// Which figure's records are wanted.
#[derive(Clone, Debug, Default)]
pub struct Pick {
    /// The figure's column.
    pub column: String,
    /// The row's first cells; empty = all rows.
    pub row: Vec<String>,
}

/// Answers a question, or lists the records behind one of its figures.
pub fn answer(asked: Asked<'_>, pick: Option<&Pick>) -> Result<Answer, Refusal> {
    let ground = Ground::new(asked.derived, asked.charter, asked.filter);
    match &asked.question.kind {
        QuestionKind::Health => return health::answer(&ground, asked.question, pick),
        QuestionKind::Journey(key) => return journey::answer(&ground, key, &asked.people),
        QuestionKind::Credit { of, models } => {
            return credit::answer(&ground, asked.question, (*of, models), pick);
        }
        QuestionKind::Reasons { is_won, split } => {
            return reasons::answer(&ground, asked.question, (*is_won, split), pick);
        }
        QuestionKind::Bridge { due, .. } => {
            return bridge::answer(&ground, asked.question, *due, pick);
        }
        QuestionKind::Forecast { .. } => return forecast::answer(&ground, asked.question, pick),
        QuestionKind::Plan { .. } => return plan::answer(&ground, asked.question, pick),
        QuestionKind::Targets => return targets::answer(&ground, asked.question, pick),
        QuestionKind::Change {
            metric,
            against: Against::Period(from, until),
        } => return change::between(&ground, asked.question, (metric, (*from, *until)), pick),
        _ => {}
    }
    let tally = tally(&ground, asked.question, pick.is_some())?;
    match pick {
        None => tally.answer(),
        Some(pick) => tally.records(&pick.column, &pick.row),
    }
}

/// Everybody who had a part in one deal, by its key: its touches, with what each earns, and the
/// amount that is shared.
pub fn of_deal(asked: Asked<'_>, key: &str) -> Result<(Answer, Option<Money>), Refusal> {
    let ground = Ground::new(asked.derived, asked.charter, asked.filter);
    credit::deal::answer(&ground, asked.question, key)
}

/// How many numbers a question has records behind, and which of them these do not sum to.
pub fn resums(asked: Asked<'_>) -> Result<(u64, Vec<String>), Refusal> {
    let ground = Ground::new(asked.derived, asked.charter, asked.filter);
    if let QuestionKind::Credit { of, models } = &asked.question.kind {
        return credit::resums(&ground, asked.question, (*of, models));
    }
    if let QuestionKind::Bridge { due, .. } = &asked.question.kind {
        return bridge::resums(&ground, asked.question, *due);
    }
    Ok(tally(&ground, asked.question, true)?.resums())
}

/// Counts; `is_listed`: with the members behind each figure, else of some only how many.
fn tally<'a>(
    ground: &'a Ground<'a>,
    question: &'a Question,
    is_listed: bool,
) -> Result<Tally<'a>, Refusal> {
    stop::look();
    match &question.kind {
        QuestionKind::Funnel(view) => funnel::count(ground, question, view, is_listed),
        QuestionKind::Velocity { from } => {
            velocity::count(ground, question, from.as_deref(), is_listed)
        }
        QuestionKind::Metric(name) => metric::count(ground, question, name),
        QuestionKind::Times { observed_from } => {
            times::count(ground, question, *observed_from, is_listed)
        }
        QuestionKind::Stale { at } => snapshot::stale(ground, question, *at),
        QuestionKind::Response {
            clock,
            untouched_days,
        } => response::count(ground, question, clock, *untouched_days),
        QuestionKind::Sla { handoff } => sla::count(ground, question, handoff.as_deref()),
        QuestionKind::Cost { of, model } => {
            cost::count(ground, question, (of.as_deref(), model.as_deref()))
        }
        QuestionKind::Leaks => Ok(leaks::count(ground, question)),
        QuestionKind::Transitions => transitions::count(ground, question),
        // Not of members: told before, and asked of the keys as their sources write them.
        QuestionKind::Health
        | QuestionKind::Credit { .. }
        | QuestionKind::Bridge { .. }
        | QuestionKind::Forecast { .. }
        | QuestionKind::Plan { .. }
        | QuestionKind::Targets
        | QuestionKind::Reasons { .. } => Err(identity::unknown("health")),
        QuestionKind::Journey(key)
        | QuestionKind::Identity(key)
        | QuestionKind::Change { metric: key, .. } => Err(identity::unknown(key)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use handfast_kernels::cells::Part;
    use handfast_model::question::{AsOf, Dimension, Entries, FunnelView, Known, Unit};
    use handfast_model::{Day, Grain};
    use handfast_testkit::{Ledger, random, sketch};

    use super::*;

    fn question(kind: QuestionKind) -> Question {
        Question {
            kind,
            by: Vec::new(),
            filter: None,
            period: None,
            as_of: AsOf::Latest,
            known: Known::Recorded,
            charter: None,
            unit: Unit::Pursuit,
            currency: None,
        }
    }

    #[test]
    fn numbers_are_what_their_records_come_to_and_others_are_found() {
        let charter = sketch::charter(random::CHARTER).unwrap();
        let horizon = charter.calendar.start_of(handfast_model::Day(20_270));
        let (mut doubled, mut dearer) = (0, 0);
        for seed in 0..60 {
            let text = random::lines(seed).join("\n");
            let ledger = Ledger::read(&text, &charter.calendar).unwrap();
            let part = Part::of(ledger.snapshot, &charter, horizon);
            let derived = Derived::new(part, (horizon, 0));
            let ground = Ground::new(&derived, &charter, None);
            let flow = question(QuestionKind::Funnel(FunnelView::Flow));
            let mut counted = tally(&ground, &flow, true).unwrap();
            let (numbers, wrong) = counted.resums();
            assert_eq!(wrong, Vec::<String>::new(), "seed {seed}");
            assert!(numbers > 0);
            // Something that is counted twice.
            let twice = counted.sheet.rows().find_map(|(keys, row)| {
                let member = row.members(1).first()?;
                Some((keys.to_vec(), *member))
            });
            if let Some((keys, member)) = twice {
                counted.sheet.add(&keys, 1, member);
                assert!(!counted.resums().1.is_empty(), "seed {seed}");
                doubled += 1;
            }
            let revenue = question(QuestionKind::Metric("revenue".to_owned()));
            let mut counted = tally(&ground, &revenue, true).unwrap();
            assert_eq!(counted.resums().1, Vec::<String>::new(), "seed {seed}");
            // Money that no record shows.
            if let Some(money) = counted
                .measured
                .iter_mut()
                .find_map(|one| one.money.as_mut())
            {
                money.minor += 1;
                assert!(!counted.resums().1.is_empty(), "seed {seed}");
                dearer += 1;
            }
        }
        assert!(doubled > 20 && dearer > 10, "{doubled} {dearer}");
    }

    /// Costs, responses and what is stale are sums of records too, and one counted twice is found.
    #[test]
    fn costs_and_responses_are_what_their_records_come_to() {
        let charter = sketch::charter(random::CHARTER).unwrap();
        let horizon = charter.calendar.start_of(handfast_model::Day(20_270));
        let cost = QuestionKind::Cost {
            of: None,
            model: None,
        };
        let response = QuestionKind::Response {
            clock: handfast_model::question::Clock::Creation,
            untouched_days: 30,
        };
        for kind in [cost, response, QuestionKind::Stale { at: None }] {
            let asked = question(kind);
            let (mut numbers, mut doubled) = (0, 0);
            for seed in 0..40 {
                let text = random::lines(seed).join("\n");
                let ledger = Ledger::read(&text, &charter.calendar).unwrap();
                let part = Part::of(ledger.snapshot, &charter, horizon);
                let derived = Derived::new(part, (horizon, 0));
                let ground = Ground::new(&derived, &charter, None);
                let mut counted = tally(&ground, &asked, true).unwrap();
                let (count, wrong) = counted.resums();
                assert_eq!(wrong, Vec::<String>::new(), "seed {seed}");
                numbers += count;
                // Something that is counted twice, wherever it is counted.
                let twice = counted.sheet.rows().next().map(|(keys, row)| {
                    let found = (0..8).filter_map(|at| Some((at, *row.members(at).first()?)));
                    (keys.to_vec(), found.collect::<Vec<_>>())
                });
                let (keys, found) = twice.unwrap_or_default();
                for (at, member) in &found {
                    counted.sheet.add(&keys, *at, *member);
                }
                doubled += u64::from(!counted.resums().1.is_empty());
            }
            assert!(numbers > 40 && doubled > 10, "{numbers} {doubled}");
        }
    }

    #[test]
    fn what_is_counted_is_as_many_as_are_listed() {
        let charter = sketch::charter(random::CHARTER).unwrap();
        let horizon = charter.calendar.start_of(handfast_model::Day(20_270));
        let cohort = |entries| FunnelView::Cohort {
            entry: None,
            window_days: Some(9),
            entries,
            is_estimated: false,
            observed_from: None,
        };
        let unlimited = FunnelView::Cohort {
            entry: Some("sql".to_owned()),
            window_days: None,
            entries: Entries::All,
            is_estimated: false,
            observed_from: None,
        };
        let views = [
            FunnelView::Flow,
            cohort(Entries::First),
            cohort(Entries::All),
            unlimited,
            FunnelView::Snapshot {
                at: None,
                outcome_by: None,
            },
        ];
        let others = [
            QuestionKind::Times {
                observed_from: None,
            },
            QuestionKind::Velocity { from: None },
        ];
        let kinds = views.map(QuestionKind::Funnel).into_iter().chain(others);
        let kinds: Vec<QuestionKind> = kinds.collect();
        let month = Dimension::Time(Grain::Month);
        let is_time = |dim: &Dimension| matches!(dim, Dimension::Time(_));
        let bys = [
            vec![],
            vec![month.clone()],
            vec![Dimension::Channel, month, Dimension::Rep],
        ];
        for seed in 0..200 {
            let text = random::lines(seed).join("\n");
            let ledger = Ledger::read(&text, &charter.calendar).unwrap();
            let derived = Derived::new(Part::of(ledger.snapshot, &charter, horizon), (horizon, 0));
            let ground = Ground::new(&derived, &charter, None);
            let is_snapshot = |kind: &QuestionKind| {
                matches!(kind, QuestionKind::Funnel(FunnelView::Snapshot { .. }))
            };
            for (kind, by) in kinds
                .iter()
                .flat_map(|kind| bys.iter().map(move |by| (kind, by)))
            {
                let by = by.iter().filter(|dim| !is_snapshot(kind) || !is_time(dim));
                let by: Vec<Dimension> = by.cloned().collect();
                for unit in Unit::ALL {
                    let question = Question {
                        by: by.clone(),
                        unit,
                        period: (seed % 2 == 1).then_some((Day(20_000), Day(20_200))),
                        ..question(kind.clone())
                    };
                    let told = |is_listed| {
                        let tally = tally(&ground, &question, is_listed).unwrap();
                        format!("{:?}", tally.answer())
                    };
                    assert_eq!(told(false), told(true), "seed {seed}: {question:?}");
                }
            }
        }
    }
}
