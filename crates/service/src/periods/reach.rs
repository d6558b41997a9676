//! Which days an answer rests on, so that whoever looks at it is told when a balance of one of them
//! does not hold.

use handfast_model::catalogue::{Base, Lag, base_of};
use handfast_model::credit::Credited;
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
            QuestionKind::Funnel(FunnelView::Flow)
            | QuestionKind::Transitions
            | QuestionKind::Bridge { .. } => up_to(until),
            QuestionKind::Funnel(FunnelView::Snapshot { at, outcome_by }) => {
                up_to(day_after(outcome_by.or(*at)))
            }
            QuestionKind::Stale { at } => up_to(day_after(*at)),
            QuestionKind::Forecast { at, .. } => up_to(day_after(at.map(At::EndOf))),
            // Its goals are of the period, and may be told of any day.
            QuestionKind::Plan { .. } => up_to(EVER.1),
            QuestionKind::Targets => own,
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
            | QuestionKind::Reasons { .. } => own,
            QuestionKind::Credit { of, .. } => match of {
                Credited::Won => own,
                Credited::Open => up_to(until),
            },
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

/// Base measures of what is open at an instant, or was never there before, or of who came first or
/// at all: they rest on all days before.
const BEFORE: [&str; 20] = [
    "cycle_won_brand_first",
    "cycle_won_not_brand_first",
    "in_stage",
    "marketing_touched",
    "marketing_touched_before_creation",
    "marketing_touched_before_creation_by_value",
    "marketing_touched_by_value",
    "new_customers",
    "open_due",
    "open_value",
    "sales_velocity",
    "sales_velocity_by_value",
    "sales_velocity_median",
    "weighted_by_age",
    "weighted_by_category",
    "weighted_by_history",
    "weighted_due",
    "weighted_open",
    "win_rate_brand_first",
    "win_rate_not_brand_first",
];

/// Base measures of what came later of what began in the period.
const AFTER: [&str; 9] = [
    "accounts_won",
    "accounts_with_deal",
    "close_rate",
    "leads_with_deal",
    "leads_won",
    "pipeline_created_now",
    "reached",
    "win_rate_cohort",
    "win_rate_from",
];

/// The days that a base measure of some days rests on.
fn of_base(name: &str, (from, until): Days) -> Days {
    if base_of(name).is_some_and(Base::is_of_handoffs) {
        return (from, EVER.1);
    }
    // When a campaign began is told by all days, and what it brought came after.
    if name.ends_with("_of_new_campaigns") {
        return EVER;
    }
    match (BEFORE.contains(&name), AFTER.contains(&name)) {
        (true, _) => (EVER.0, until),
        (_, true) => (from, EVER.1),
        _ => (from, until),
    }
}

/// Of a metric: those of its measures, with the earlier days that one looks back to.
fn of_metric(name: &str, days: Vec<Days>, charter: &Charter) -> Vec<Days> {
    let name = name.split(':').next().unwrap_or(name);
    let Some(found) = charter.catalogue.find(name) else {
        return days.into_iter().map(|own| of_base(name, own)).collect();
    };
    let mut all = days.clone();
    for own in &days {
        all.extend(found.measures.iter().map(|measure| {
            let base = |own| of_base(measure.base.name, own);
            match &measure.lag {
                Some(Lag::Days(lag)) => {
                    let lag = i32::try_from(*lag).unwrap_or(i32::MAX);
                    let shift = |day: Day| Day(day.0.saturating_sub(lag));
                    base((shift(own.0), shift(own.1)))
                }
                Some(Lag::Median(_)) => (EVER.0, base(*own).1),
                None => base(*own),
            }
        }));
    }
    all
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use handfast_charter::{TextFile, read_charter};
    use handfast_model::question_text::parse;

    use super::*;
    use handfast_model::catalogue::BASES;

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
            ("metric sales_velocity", [true, true, false]),
            ("metric new_customers", [true, true, false]),
            ("metric cac", [true, true, false]),
            ("metric weighted_coverage", [true, true, false]),
            ("metric in_stage:mql", [true, true, false]),
            ("metric win_rate_cohort", [false, true, true]),
            ("metric win_rate_from:mql", [false, true, true]),
            ("metric lead_to_won", [false, true, true]),
            ("metric cac_lagged", [true, true, false]),
            ("metric cac_cohort", [false, true, true]),
            ("credit of=open", [true, true, false]),
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
            ("forecast", [true; 3]),
            ("forecast at=2025-06-30", [true, true, false]),
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

    /// A new measure must be said to rest on its own days, on those before or on those after.
    #[test]
    fn every_base_measure_is_known_to_rest_on_some_days() {
        let own = [
            "ad_conversions",
            "brand_opening_share",
            "branded_opening_share",
            "clicks",
            "closed",
            "cycle_closed",
            "cycle_lost",
            "cycle_won",
            "cycle_won_from_opening",
            "cycle_won_from_touch",
            "deals_created",
            "direct_opening_share",
            "ended",
            "entered",
            "impressions",
            "leads_assigned",
            "leads_attributed",
            "leads_created",
            "leads_worked",
            "lost",
            "lost_by_reason",
            "lost_explained",
            "lost_for",
            "lost_value",
            "mean_won_value",
            "pipeline_created",
            "revenue",
            "spend",
            "target",
            "win_rate",
            "win_rate_all_ends",
            "win_rate_by_value",
            "won",
        ];
        let ever = ["leads_of_new_campaigns", "spend_of_new_campaigns"];
        let handed = BASES.iter().filter(|base| base.is_of_handoffs());
        let known = own.into_iter().chain(BEFORE).chain(AFTER).chain(ever);
        let mut known: Vec<&str> = known.chain(handed.map(|base| base.name)).collect();
        let specs = handfast_kernels::metric::SPECS.iter();
        let mut specs: Vec<&str> = specs.map(|spec| spec.name).collect();
        known.sort_unstable();
        specs.sort_unstable();
        assert_eq!(known, specs);
    }
}
