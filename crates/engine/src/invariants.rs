//! Invariants of a whole book as questions see it: what is derived, what of it is kept, and every
//! number of some questions against the records that it sums. The laws are `kernels::invariants`.

use handfast_kernels::cells::Part;
use handfast_kernels::metric::SPECS;
use handfast_kernels::{identity, invariants};
use handfast_ledger::Ledger;
use handfast_model::credit::Credited;
use handfast_model::question::{AsOf, Clock, Entries, FunnelView, Known, QuestionKind, Unit};
use handfast_model::{Breaches, Charter, Invariant, Question, Refusal, Seq};

use crate::answer::{Asked, resums};
use crate::derived::{self, Derived};

/// What was looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Looked {
    /// Facts known.
    pub facts: u64,
    /// Attempts to win a buyer.
    pub pursuits: u64,
    /// Their stays in stages.
    pub visits: u64,
    /// Deals.
    pub deals: u64,
    /// Links that join two keys.
    pub links: u64,
    /// Numbers with records behind them.
    pub numbers: u64,
    /// Whether something derived was kept, and compared with deriving.
    pub is_kept: bool,
}

/// Looks at everything that is known as of a commit, derived from nothing; and, where it is the
/// newest one, at what is kept of it. Each step is told.
pub fn look(
    ledger: &Ledger,
    charter: &Charter,
    seq: Seq,
    tell: &mut dyn FnMut(&str),
) -> Result<(Looked, Breaches), Refusal> {
    tell("deriving everything from the facts");
    let at = AsOf::Seq(seq);
    let snapshot = ledger.snapshot(at, Known::Recorded, &charter.calendar)?;
    let who = identity::resolve(&snapshot, &charter.identity);
    let mut found = invariants::people(&snapshot, &who);
    let links = who.links.len() as u64;
    drop(who);
    let known_until = ledger.resolve(at)?.1;
    let seen = derived::horizon_of(&snapshot, known_until);
    let horizon = seen.0;
    let part = Part::of(snapshot, charter, horizon);
    found.append(invariants::all(&part, charter, horizon));
    found.append(invariants::credit(&part, charter, horizon));
    let whole = Derived::new(part, seen);
    let numbers = numbers(&whole, charter, &mut found, tell)?;
    let journeys = &whole.part.journeys;
    let visits: usize = journeys.pursuits.iter().map(|one| one.visits.len()).sum();
    let mut looked = Looked {
        facts: whole.part.snapshot.facts.len() as u64,
        pursuits: journeys.pursuits.len() as u64,
        visits: visits as u64,
        deals: journeys.deals.len() as u64,
        links,
        numbers,
        is_kept: false,
    };
    // What was worked out for questions goes before what is kept comes.
    let part = whole.part;
    tell("comparing it with what is kept");
    let kept = derived::kept(ledger, charter)?.filter(|kept| kept.snapshot.seq == seq);
    if let Some(kept) = kept {
        looked.is_kept = true;
        found.append(invariants::same(kept, part));
    }
    Ok((looked, found))
}

/// Models of credit that are estimated from all paths; rules are looked at deal by deal.
const ESTIMATED: [&str; 3] = ["markov_1", "markov_2", "shapley"];

/// What is asked of the whole book: views of the funnel, every metric, estimated credit, promises,
/// costs, responses, what is stale, the pipeline's bridge.
fn kinds(charter: &Charter) -> Vec<QuestionKind> {
    let cohort = FunnelView::Cohort {
        entry: None,
        window_days: None,
        entries: Entries::First,
        is_estimated: false,
        observed_from: None,
    };
    let snapshot = FunnelView::Snapshot {
        at: None,
        outcome_by: None,
    };
    let views = [FunnelView::Flow, cohort, snapshot];
    let formulas = charter.catalogue.metrics.iter();
    let formulas = formulas.map(|one| one.name.as_str());
    let metrics = SPECS.iter().map(|spec| spec.name).chain(formulas);
    let credits = [Credited::Won, Credited::Open].map(|of| QuestionKind::Credit {
        of,
        models: ESTIMATED.map(str::to_owned).to_vec(),
    });
    let others = [
        QuestionKind::Sla { handoff: None },
        QuestionKind::Cost {
            of: None,
            model: None,
        },
        QuestionKind::Response {
            clock: Clock::Creation,
            untouched_days: 30,
        },
        QuestionKind::Stale { at: None },
        QuestionKind::Transitions,
        QuestionKind::Bridge {
            due: None,
            since: None,
        },
    ];
    let mut kinds: Vec<QuestionKind> = views.into_iter().map(QuestionKind::Funnel).collect();
    kinds.extend(metrics.map(|name| QuestionKind::Metric(name.to_owned())));
    kinds.extend(credits);
    kinds.extend(others);
    kinds
}

/// The numbers of all that is asked, each against its records.
fn numbers(
    whole: &Derived,
    charter: &Charter,
    found: &mut Breaches,
    tell: &mut dyn FnMut(&str),
) -> Result<u64, Refusal> {
    let mut count = 0;
    let kinds = kinds(charter);
    let all = kinds.len();
    for (at, kind) in (1..).zip(kinds) {
        tell(&format!("summing records against answers, {at} of {all}"));
        let question = Question {
            kind,
            by: Vec::new(),
            filter: None,
            period: None,
            as_of: AsOf::Latest,
            known: Known::Recorded,
            charter: None,
            unit: Unit::Pursuit,
            currency: None,
        };
        let asked = Asked {
            derived: whole,
            charter,
            question: &question,
            filter: None,
            people: Vec::new(),
        };
        // A metric that this book cannot give is refused to whoever asks for it.
        let Ok((numbers, wrong)) = resums(asked) else {
            continue;
        };
        count += numbers;
        for what in wrong {
            let invariant = match question.kind {
                QuestionKind::Credit { .. } => Invariant::Credit,
                _ => Invariant::Provenance,
            };
            found.add(invariant, Seq(0), || (question.to_string(), what));
        }
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeSet;

    use handfast_testkit::{random, sketch};

    use super::*;

    /// A kind of question whose records sum to its figures; a new kind must say here what it is.
    fn summed(kind: &QuestionKind) -> Option<&'static str> {
        match kind {
            QuestionKind::Funnel(_) => Some("funnel"),
            QuestionKind::Metric(_) => Some("metric"),
            QuestionKind::Credit { .. } => Some("credit"),
            QuestionKind::Sla { .. } => Some("sla"),
            QuestionKind::Cost { .. } => Some("cost"),
            QuestionKind::Response { .. } => Some("response"),
            QuestionKind::Stale { .. } => Some("stale"),
            QuestionKind::Transitions => Some("transitions"),
            QuestionKind::Bridge { .. } => Some("bridge"),
            // Times and shares of one list, or of one buyer, or of other answers, or of days to come.
            QuestionKind::Velocity { .. }
            | QuestionKind::Times { .. }
            | QuestionKind::Leaks
            | QuestionKind::Health
            | QuestionKind::Reasons { .. }
            | QuestionKind::Forecast { .. }
            | QuestionKind::Plan { .. }
            | QuestionKind::Targets
            | QuestionKind::Change { .. }
            | QuestionKind::Journey(_)
            | QuestionKind::Identity(_) => None,
        }
    }

    #[test]
    fn every_kind_of_figure_is_held_against_its_records() {
        let charter = sketch::charter(random::CHARTER).unwrap();
        let kinds = kinds(&charter);
        let asked: BTreeSet<&str> = kinds.iter().filter_map(summed).collect();
        let all = [
            "bridge",
            "cost",
            "credit",
            "funnel",
            "metric",
            "response",
            "sla",
            "stale",
            "transitions",
        ];
        assert_eq!(asked, BTreeSet::from(all));
        assert!(kinds.iter().all(|kind| summed(kind).is_some()));
    }
}
