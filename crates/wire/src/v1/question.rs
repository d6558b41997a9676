//! A question as JSON, every default written out, with its canonical text.

use handfast_model::question::{Against, At, Clock, Entries, FunnelView, Known, QuestionKind};
use handfast_model::{self as model, question::AsOf};
use serde::Serialize;

/// A resolved question.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Question {
    /// `funnel`, `transitions`, `velocity`, `times`, `stale`, `response`, `health`, `leaks`,
    /// `metric`, `credit`, `cost`, `sla`, `bridge`, `forecast`, `plan`, `targets`, `change`,
    /// `reasons`, `journey`.
    pub kind: &'static str,
    /// The canonical text, which asks the same again.
    pub text: String,
    /// The metric's name or the buyer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// `flow`, `cohort`, `snapshot`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<&'static str>,
    /// Cohort: the step that is entered. Velocity: the step that is left. Response: the step whose
    /// entry starts the clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Cohort: calendar days allowed; null is unlimited. Response: days after which a lead is
    /// untouched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_days: Option<u32>,
    /// Cohort: `first` or `all`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entries: Option<&'static str>,
    /// Cohort: whether shares that can still grow are estimated beside the counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<bool>,
    /// Estimates: the sources show nothing that was over before this day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_from: Option<String>,
    /// Response: `creation`, `assignment` or `entry` (of `from`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<&'static str>,
    /// Snapshot and stale: the instant looked at (a day means its end). Forecast and plan: the last
    /// day that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Snapshot: what became of them by then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome_by: Option<String>,
    /// Credit: the models; none = those that the charter shows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
    /// Bridge: only deals due in this window, `[from, until)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<[String; 2]>,
    /// Change, bridge: the moment of knowing that it is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Change: the period that it is compared with, `[from, until)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<[String; 2]>,
    /// Reasons: what splits them; none = everything.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub split: Vec<&'static str>,
    /// Forecast: `month` or `quarter`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub horizon: Option<&'static str>,
    /// Forecast: whether past windows are scored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backtest: Option<bool>,
    /// Plan: what is to be won, as it was given; none = what goals say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<String>,
    /// Dimensions.
    pub by: Vec<String>,
    /// Condition.
    #[serde(rename = "where")]
    pub filter: Option<String>,
    /// `[from, until)` in days of the reporting zone.
    pub period: Option<[String; 2]>,
    /// `latest`, a sequence number or an instant.
    pub as_of: String,
    /// `recorded` or `happened`.
    pub known: &'static str,
    /// Charter version asked for; null is the one in force.
    pub charter: Option<String>,
    /// `pursuit`, `person`, `account`, `deal`.
    pub unit: &'static str,
    /// Amounts are converted into this currency.
    pub currency: Option<String>,
}

impl Question {
    /// Credit by these models, everything else as where nothing is said.
    pub(super) fn credit(models: &[String]) -> model::Question {
        let of = model::credit::Credited::Won;
        model::Question {
            kind: QuestionKind::Credit {
                of,
                models: models.to_vec(),
            },
            by: Vec::new(),
            filter: None,
            period: None,
            as_of: AsOf::Latest,
            known: Known::Recorded,
            charter: None,
            unit: model::question::Unit::Pursuit,
            currency: None,
        }
    }
}

impl From<&model::Question> for Question {
    fn from(question: &model::Question) -> Question {
        let mut wire = Question {
            kind: "funnel",
            text: question.to_string(),
            of: None,
            view: None,
            from: None,
            window_days: None,
            entries: None,
            estimate: None,
            observed_from: None,
            clock: None,
            at: None,
            outcome_by: None,
            models: Vec::new(),
            due: None,
            since: None,
            split: Vec::new(),
            against: None,
            horizon: None,
            backtest: None,
            goal: None,
            by: question
                .by
                .iter()
                .map(model::question::Dimension::text)
                .collect(),
            filter: question.filter.clone(),
            period: question
                .period
                .map(|(from, until)| [from.to_string(), until.to_string()]),
            as_of: as_of_text(question.as_of),
            known: if question.known == Known::Recorded {
                "recorded"
            } else {
                "happened"
            },
            charter: question.charter.clone(),
            unit: question.unit.word(),
            currency: question.currency.map(|currency| currency.code().to_owned()),
        };
        fill_kind(&mut wire, &question.kind);
        wire
    }
}

fn fill_kind(wire: &mut Question, kind: &QuestionKind) {
    match kind {
        QuestionKind::Funnel(FunnelView::Flow) => wire.view = Some("flow"),
        QuestionKind::Funnel(view @ FunnelView::Cohort { .. }) => fill_cohort(wire, view),
        QuestionKind::Funnel(FunnelView::Snapshot { at, outcome_by }) => {
            wire.view = Some("snapshot");
            wire.at = at.map(at_text);
            wire.outcome_by = outcome_by.map(at_text);
        }
        QuestionKind::Velocity { from } => {
            wire.kind = "velocity";
            wire.from = from.clone();
        }
        QuestionKind::Leaks => wire.kind = "leaks",
        QuestionKind::Transitions => wire.kind = "transitions",
        QuestionKind::Times { observed_from } => {
            wire.kind = "times";
            wire.observed_from = observed_from.map(|day| day.to_string());
        }
        QuestionKind::Stale { at } => {
            wire.kind = "stale";
            wire.at = at.map(at_text);
        }
        QuestionKind::Response {
            clock,
            untouched_days,
        } => {
            wire.kind = "response";
            wire.window_days = Some(*untouched_days);
            fill_clock(wire, clock);
        }
        QuestionKind::Health => wire.kind = "health",
        QuestionKind::Change { .. }
        | QuestionKind::Bridge { .. }
        | QuestionKind::Forecast { .. }
        | QuestionKind::Plan { .. }
        | QuestionKind::Targets
        | QuestionKind::Cost { .. }
        | QuestionKind::Reasons { .. } => fill_deals(wire, kind),
        QuestionKind::Credit { of, models } => {
            wire.kind = "credit";
            wire.of = Some(of.word().to_owned());
            wire.models.clone_from(models);
        }
        QuestionKind::Sla { handoff } => {
            wire.kind = "sla";
            wire.of.clone_from(handoff);
        }
        QuestionKind::Metric(of) | QuestionKind::Journey(of) | QuestionKind::Identity(of) => {
            wire.kind = match kind {
                QuestionKind::Metric(_) => "metric",
                QuestionKind::Journey(_) => "journey",
                _ => "identity",
            };
            wire.of = Some(of.clone());
        }
    }
}

fn fill_deals(wire: &mut Question, kind: &QuestionKind) {
    match kind {
        QuestionKind::Reasons { is_won, split } => {
            wire.kind = "reasons";
            wire.of = Some(if *is_won { "won" } else { "lost" }.to_owned());
            wire.split = split.iter().map(|aspect| aspect.word()).collect();
        }
        QuestionKind::Change { metric, against } => {
            wire.kind = "change";
            wire.of = Some(metric.clone());
            match against {
                Against::Since(as_of) => wire.since = Some(as_of_text(*as_of)),
                Against::Period(from, until) => {
                    wire.against = Some([from.to_string(), until.to_string()]);
                }
            }
        }
        QuestionKind::Forecast {
            at,
            horizon,
            is_backtest,
        } => {
            wire.kind = "forecast";
            wire.at = at.map(|day| day.to_string());
            wire.horizon = Some(horizon.word());
            wire.backtest = is_backtest.then_some(true);
        }
        QuestionKind::Cost { of, model } => {
            wire.kind = "cost";
            wire.of.clone_from(of);
            wire.models.extend(model.clone());
        }
        QuestionKind::Targets => wire.kind = "targets",
        QuestionKind::Plan { at, goal } => {
            wire.kind = "plan";
            wire.at = at.map(|day| day.to_string());
            wire.goal = goal.map(|goal| goal.to_string());
        }
        QuestionKind::Bridge { due, since } => {
            wire.kind = "bridge";
            wire.since = since.map(as_of_text);
            wire.due = due.map(|(from, until)| [from.to_string(), until.to_string()]);
        }
        _ => {}
    }
}

fn fill_cohort(wire: &mut Question, view: &FunnelView) {
    let FunnelView::Cohort {
        entry,
        window_days,
        entries,
        is_estimated,
        observed_from,
    } = view
    else {
        return;
    };
    wire.view = Some("cohort");
    wire.estimate = is_estimated.then_some(true);
    wire.observed_from = observed_from.map(|day| day.to_string());
    wire.from = entry.clone();
    wire.window_days = *window_days;
    wire.entries = Some(match entries {
        Entries::First => "first",
        Entries::All => "all",
    });
}

fn fill_clock(wire: &mut Question, clock: &Clock) {
    wire.clock = Some(match clock {
        Clock::Creation => "creation",
        Clock::Assignment => "assignment",
        Clock::Entry(step) => {
            wire.from = Some(step.clone());
            "entry"
        }
    });
}

fn at_text(at: At) -> String {
    match at {
        At::EndOf(day) => day.to_string(),
        At::Instant(instant) => instant.to_string(),
    }
}

fn as_of_text(as_of: AsOf) -> String {
    match as_of {
        AsOf::Latest => "latest".to_owned(),
        AsOf::Seq(seq) => seq.to_string(),
        AsOf::Instant(instant) => instant.to_string(),
    }
}
