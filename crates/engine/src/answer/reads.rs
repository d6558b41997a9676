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
        | Dimension::Campaign
        | Dimension::Rep
        | Dimension::Team
        | Dimension::Attribute(..) => false,
    };
    let is_by_all = match question.kind {
        QuestionKind::Funnel(_)
        | QuestionKind::Velocity { .. }
        | QuestionKind::Metric(_)
        | QuestionKind::Times { .. }
        | QuestionKind::Stale { .. } => false,
        QuestionKind::Response { .. }
        | QuestionKind::Health
        | QuestionKind::Leaks
        | QuestionKind::Journey(_)
        | QuestionKind::Identity(_) => true,
    };
    let is_filtered = filter.is_some_and(counts_touches);
    let needs_all =
        is_by_all || is_filtered || pick.is_some() || question.by.iter().any(is_by_touches);
    if needs_all { Needs::All } else { Needs::Spine }
}

/// Whether a rule counts touches.
fn counts_touches(expr: &Expr) -> bool {
    let any = |parts: &[Expr]| parts.iter().any(counts_touches);
    match expr {
        Expr::Touches { .. } => true,
        Expr::Literal(_) | Expr::Attribute(..) => false,
        Expr::Not(part) | Expr::IsNull(part, _) => counts_touches(part),
        Expr::And(parts) | Expr::Or(parts) | Expr::Call(_, parts) => any(parts),
        Expr::Compare(_, left, right) | Expr::Arithmetic(_, left, right) => {
            counts_touches(left) || counts_touches(right)
        }
        Expr::In(part, parts, _) => counts_touches(part) || any(parts),
        Expr::Between(part, low, high, _) => {
            [part, low, high].into_iter().any(|p| counts_touches(p))
        }
        Expr::Like { text, .. } => counts_touches(text),
        Expr::Case(arms, otherwise) => {
            let arm = |(when, then): &(Expr, Expr)| counts_touches(when) || counts_touches(then);
            arms.iter().any(arm) || otherwise.as_deref().is_some_and(counts_touches)
        }
    }
}
