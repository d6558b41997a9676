//! Questions about deals on their way, and about what changed.

use handfast_model::Question;
use handfast_model::question::{Against, QuestionKind};

use super::Desk;

impl Desk<'_> {
    pub(super) fn of_deals(&self, question: &Question) -> Result<String, String> {
        match &question.kind {
            QuestionKind::Bridge { due, .. } => self.bridge(question, *due),
            QuestionKind::Reasons { is_won, .. } => Ok(self.reasons(question, *is_won)),
            QuestionKind::Change { metric, against } => match against {
                Against::Period(from, until) => self.change(question, metric, (*from, *until)),
                Against::Since(_) => Err("asked before facts are derived".to_owned()),
            },
            _ => Err("no question about deals".to_owned()),
        }
    }
}
