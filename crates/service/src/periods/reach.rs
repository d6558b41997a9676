//! Which days an answer rests on, so that whoever looks at it is told when a balance of one of them
//! does not hold.

use handfast_model::catalogue::Lag;
use handfast_model::question::{Against, At, FunnelView, QuestionKind};
use handfast_model::{Charter, Day, Question};

/// A half-open stretch of days.
type Days = (Day, Day);

/// The days that an answer rests on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Reach(Vec<Days>);

/// All days there are.
const EVER: Days = (Day(i32::MIN), Day(i32::MAX));

impl Reach {
    /// The days of a question. What is open at a moment came of all days before it, and what became
    /// of a cohort, of what was spent, or of what was handed over came of all days after.
    pub fn of(question: &Question, charter: &Charter) -> Reach {
        let (from, until) = question.period.unwrap_or(EVER);
        let up_to = |until| vec![(EVER.0, until)];
        let own = vec![(from, until)];
        Reach(match &question.kind {
            // One person or buyer: dated events, and no sum of them.
            QuestionKind::Journey(_) | QuestionKind::Identity(_) => Vec::new(),
            QuestionKind::Funnel(FunnelView::Flow) | QuestionKind::Bridge { .. } => up_to(until),
            QuestionKind::Funnel(FunnelView::Snapshot { at, outcome_by }) => {
                up_to(day_after(outcome_by.or(*at)))
            }
            QuestionKind::Stale { at } => up_to(day_after(*at)),
            QuestionKind::Funnel(FunnelView::Cohort { .. })
            | QuestionKind::Cost { .. }
            | QuestionKind::Response { .. }
            | QuestionKind::Sla { .. } => vec![(from, EVER.1)],
            QuestionKind::Metric(name) => of_metric(name, own, charter),
            QuestionKind::Change { metric, against } => {
                let mut all = of_metric(metric, own, charter);
                if let Against::Period(from, until) = against {
                    all.extend(of_metric(metric, vec![(*from, *until)], charter));
                }
                all
            }
            QuestionKind::Velocity { .. }
            | QuestionKind::Leaks
            | QuestionKind::Times { .. }
            | QuestionKind::Health
            | QuestionKind::Credit { .. }
            | QuestionKind::Reasons { .. } => own,
        })
    }

    /// Whether it rests on any day.
    pub fn is_any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether it rests on one of these days.
    pub fn touches(&self, days: Days) -> bool {
        let shares = |own: &Days| own.0 < days.1 && days.0 < own.1;
        self.0.iter().any(shares)
    }
}

/// The first day after a moment, at the latest; after every day where none is named.
fn day_after(at: Option<At>) -> Day {
    match at {
        Some(At::EndOf(day)) => day.plus(1),
        // In no zone is it more than a day later than here.
        Some(At::Instant(at)) => Day((at.0.div_euclid(86_400_000_000) + 2) as i32),
        None => EVER.1,
    }
}

/// With the earlier days that a measure of the metric looks at, and what was open before.
fn of_metric(name: &str, mut days: Vec<Days>, charter: &Charter) -> Vec<Days> {
    let name = name.split(':').next().unwrap_or(name);
    let measures = charter.catalogue.find(name).map(|found| &found.measures);
    let mut earlier: Vec<Days> = Vec::new();
    for (from, until) in &days {
        for measure in measures.into_iter().flatten() {
            let is_of_before = ["open_value", "open_due", "in_stage"].contains(&measure.base.name);
            match &measure.lag {
                _ if is_of_before => earlier.push((EVER.0, *until)),
                Some(Lag::Days(lag)) => {
                    let lag = i32::try_from(*lag).unwrap_or(i32::MAX);
                    let shift = |day: Day| Day(day.0.saturating_sub(lag));
                    earlier.push((shift(*from), shift(*until)));
                }
                Some(Lag::Median(_)) => earlier.push((EVER.0, *until)),
                None => {}
            }
        }
        if ["open_value", "open_due"].contains(&name) {
            earlier.push((EVER.0, *until));
        }
    }
    days.extend(earlier);
    days
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use handfast_charter::{TextFile, read_charter};
    use handfast_model::question_text::parse;

    use super::*;

    const STAGES: &str = "[opening]\ndeal = true\n[[stage]]\nid = \"mql\"\nmarks = [\"MQL\"]\n\
                          [[stage]]\nid = \"won\"\nrole = \"won\"\nmarks = [\"Won\"]\n";
    const METRICS: &str = "[metric.late]\nmeans = \"x\"\nformula = \"now - before\"\n\
                           [metric.late.measure.now]\nof = \"won\"\n\
                           [metric.late.measure.before]\nof = \"won\"\nlag = \"40 days\"\n";

    #[test]
    fn an_answer_rests_on_its_own_days_and_on_those_that_it_looks_back_or_on_to() {
        let file = |path: &str, text: &str| TextFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let files = [file("stages.toml", STAGES), file("metrics.toml", METRICS)];
        let charter = read_charter(&files).unwrap();
        let days =
            |from: &str, until: &str| (Day::parse(from).unwrap(), Day::parse(until).unwrap());
        let [q1, q2, q3] = [
            days("2025-01-01", "2025-04-01"),
            days("2025-04-01", "2025-07-01"),
            days("2025-07-01", "2025-10-01"),
        ];
        let q2_text = "period=2025-04-01..2025-07-01";
        for (text, expected) in [
            ("metric won", [false, true, false]),
            ("metric late", [true, true, false]),
            ("metric open_value", [true, true, false]),
            ("funnel view=flow", [true, true, false]),
            ("funnel view=cohort", [false, true, true]),
            ("bridge", [true, true, false]),
            ("cost", [false, true, true]),
            ("credit of=won", [false, true, false]),
            ("reasons of=lost", [false, true, false]),
            (
                "change won against=2025-01-01..2025-04-01",
                [true, true, false],
            ),
            (
                "change won against=2025-07-01..2025-10-01",
                [false, true, true],
            ),
        ] {
            let question = parse(&format!("{text} {q2_text}")).unwrap();
            let reach = Reach::of(&question, &charter);
            assert_eq!(
                [q1, q2, q3].map(|days| reach.touches(days)),
                expected,
                "{text}"
            );
        }
        for (text, expected) in [
            ("metric won", [true; 3]),
            ("funnel view=snapshot at=2025-06-30", [true, true, false]),
            ("funnel view=snapshot at=2025-07-01", [true; 3]),
            (
                "funnel view=snapshot at=2025-06-30T12:00:00Z",
                [true, true, true],
            ),
            (
                "funnel view=snapshot at=2025-06-28T12:00:00Z",
                [true, true, false],
            ),
            ("stale", [true; 3]),
            ("journey A-1", [false; 3]),
        ] {
            let reach = Reach::of(&parse(text).unwrap(), &charter);
            assert_eq!(
                [q1, q2, q3].map(|days| reach.touches(days)),
                expected,
                "{text}"
            );
        }
        // A day that both only border on is of neither.
        let of_q2 = Reach(vec![q2]);
        assert!(!of_q2.touches(q1) && !of_q2.touches(q3));
    }
}
