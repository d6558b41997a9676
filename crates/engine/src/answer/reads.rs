//! What a question looks at: most need no touch but those that pursuits name.

use handfast_model::catalogue::{Base, base_of};
use handfast_model::question::{Dimension, FunnelView, QuestionKind, Unit};
use handfast_model::rules::{ChannelRule, Expr};
use handfast_model::{Charter, Question};

use super::Pick;
use crate::derived::Needs;

/// How much of the facts a question looks at.
pub fn reads(
    question: &Question,
    charter: &Charter,
    filter: Option<&Expr>,
    pick: Option<&Pick>,
) -> Needs {
    let do_count = |rules: &[ChannelRule]| rules.iter().any(|rule| counts_touches(&rule.when));
    let is_by_touches = |dim: &Dimension| match dim {
        Dimension::Channel | Dimension::ChannelLast => do_count(&charter.channels),
        Dimension::Segment => do_count(&charter.segments),
        Dimension::Time(_)
        | Dimension::TouchTime(_)
        | Dimension::Campaign
        | Dimension::Vendor
        | Dimension::PaidFor
        | Dimension::Rep
        | Dimension::Team
        | Dimension::Sourced
        | Dimension::Attribute(..) => false,
    };
    let is_by_all = match &question.kind {
        QuestionKind::Funnel(_)
        | QuestionKind::Transitions
        | QuestionKind::Velocity { .. }
        | QuestionKind::Bridge { .. }
        | QuestionKind::Forecast { .. }
        | QuestionKind::Reasons { .. }
        | QuestionKind::Times { .. }
        | QuestionKind::Stale { .. } => false,
        QuestionKind::Response { .. }
        | QuestionKind::Credit { .. }
        | QuestionKind::Cost { .. }
        | QuestionKind::Plan { .. }
        | QuestionKind::Targets
        | QuestionKind::Sla { .. }
        | QuestionKind::Health
        | QuestionKind::Leaks
        | QuestionKind::Journey(_)
        | QuestionKind::Identity(_) => true,
        QuestionKind::Metric(name) | QuestionKind::Change { metric: name, .. } => {
            is_of_touches(charter, name)
        }
    };
    let is_filtered = filter.is_some_and(counts_touches);
    // A metric's records are deals, leads and what is spent; each names a fact that journeys name.
    let is_metric = matches!(question.kind, QuestionKind::Metric(_));
    let lists_all = pick.is_some() && !is_metric;
    let needs_all = is_by_all || is_filtered || lists_all || question.by.iter().any(is_by_touches);
    match (needs_all, is_of_journeys(question, filter)) {
        (true, _) => Needs::All,
        (false, true) if is_of_frame(question) => Needs::Frame,
        (false, true) => Needs::Bones,
        (false, false) => Needs::Spine,
    }
}

/// Whether a metric rests on touches: by a condition, or by what it counts.
fn is_of_touches(charter: &Charter, name: &str) -> bool {
    match charter.catalogue.find(name) {
        Some(found) => found
            .measures
            .iter()
            .any(|one| one.base.is_of_touches() || one.filter.as_ref().is_some_and(counts_touches)),
        None => {
            let base = name.split(':').next().and_then(base_of);
            base.is_some_and(Base::is_of_touches)
        }
    }
}

/// Whether nothing but journeys is asked for, and by nothing else.
fn is_of_journeys(question: &Question, filter: Option<&Expr>) -> bool {
    let is_by_journeys =
        |dim: &Dimension| matches!(dim, Dimension::Time(_) | Dimension::Rep | Dimension::Team);
    match &question.kind {
        QuestionKind::Funnel(_)
        | QuestionKind::Transitions
        | QuestionKind::Velocity { .. }
        | QuestionKind::Times { .. }
        | QuestionKind::Stale { .. } => filter.is_none() && question.by.iter().all(is_by_journeys),
        _ => false,
    }
}

/// Whether of that not even deals are asked for: how many came when, and how long they took.
fn is_of_frame(question: &Question) -> bool {
    let is_of_times = match &question.kind {
        QuestionKind::Funnel(view) => {
            matches!(view, FunnelView::Flow | FunnelView::Cohort { .. })
        }
        QuestionKind::Velocity { .. } | QuestionKind::Times { .. } => true,
        _ => false,
    };
    is_of_times && question.unit != Unit::Deal && question.currency.is_none()
}

/// Whether a rule counts touches.
fn counts_touches(expr: &Expr) -> bool {
    let mut counts = false;
    expr.each_count(&mut |_| counts = true);
    counts
}
