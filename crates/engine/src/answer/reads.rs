//! What a question looks at: most need no touch but those that pursuits name.

use handfast_model::question::{Dimension, QuestionKind};
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
        | QuestionKind::Velocity { .. }
        | QuestionKind::Bridge { .. }
        | QuestionKind::Change { .. }
        | QuestionKind::Reasons { .. }
        | QuestionKind::Times { .. }
        | QuestionKind::Stale { .. } => false,
        QuestionKind::Response { .. }
        | QuestionKind::Credit { .. }
        | QuestionKind::Cost { .. }
        | QuestionKind::Sla { .. }
        | QuestionKind::Health
        | QuestionKind::Leaks
        | QuestionKind::Journey(_)
        | QuestionKind::Identity(_) => true,
        QuestionKind::Metric(name) => {
            let found = charter.catalogue.find(name).into_iter();
            let mut rules = found
                .flat_map(|one| &one.measures)
                .filter_map(|one| one.filter.as_ref());
            rules.any(counts_touches)
        }
    };
    let is_filtered = filter.is_some_and(counts_touches);
    let needs_all =
        is_by_all || is_filtered || pick.is_some() || question.by.iter().any(is_by_touches);
    match (needs_all, is_of_journeys(question, filter)) {
        (true, _) => Needs::All,
        (false, true) => Needs::Bones,
        (false, false) => Needs::Spine,
    }
}

/// Whether nothing but journeys is asked for, and by nothing else.
fn is_of_journeys(question: &Question, filter: Option<&Expr>) -> bool {
    let is_by_journeys =
        |dim: &Dimension| matches!(dim, Dimension::Time(_) | Dimension::Rep | Dimension::Team);
    match &question.kind {
        QuestionKind::Funnel(_)
        | QuestionKind::Velocity { .. }
        | QuestionKind::Times { .. }
        | QuestionKind::Stale { .. } => filter.is_none() && question.by.iter().all(is_by_journeys),
        _ => false,
    }
}

/// Whether a rule counts touches.
fn counts_touches(expr: &Expr) -> bool {
    let mut counts = false;
    expr.each_count(&mut |_| counts = true);
    counts
}
