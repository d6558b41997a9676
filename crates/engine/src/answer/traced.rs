//! Every record behind every figure of an answer, in one count: what `--records` lists figure by
//! figure.

use handfast_model::question::QuestionKind;
use handfast_model::{Answer, Cell, Column, Refusal};

use super::ground::Ground;
use super::{Asked, answer, credit, health, tally};

/// A record behind a figure.
#[derive(Clone, Copy)]
pub struct Record<'r> {
    /// The figure's column.
    pub column: &'r str,
    /// The place of its row. Of credit always 0: its records say themselves where they count.
    pub row: usize,
    /// What each cell is.
    pub heads: &'r [Column],
    /// The record, as `--records` shows it.
    pub cells: &'r [Cell],
}

impl Record<'_> {
    /// The cell of a column.
    pub fn cell(&self, id: &str) -> Option<&Cell> {
        let at = self.heads.iter().position(|head| head.id == id)?;
        self.cells.get(at)
    }
}

/// Answers a question and gives each record behind its figures. A question whose figures have no
/// records gives none.
pub fn traced(asked: Asked<'_>, each: &mut dyn FnMut(Record<'_>)) -> Result<Answer, Refusal> {
    let question = asked.question;
    match &question.kind {
        QuestionKind::Health | QuestionKind::Credit { .. } => {}
        QuestionKind::Funnel(_)
        | QuestionKind::Velocity { .. }
        | QuestionKind::Metric(_)
        | QuestionKind::Times { .. }
        | QuestionKind::Stale { .. }
        | QuestionKind::Response { .. }
        | QuestionKind::Leaks => {
            let ground = Ground::new(asked.derived, asked.charter, asked.filter);
            return tally(&ground, question, true)?.traced(each);
        }
        _ => return answer(asked, None),
    }
    let ground = Ground::new(asked.derived, asked.charter, asked.filter);
    match &question.kind {
        QuestionKind::Credit { of, models } => {
            credit::traced(&ground, question, (*of, models), each)
        }
        _ => health::traced(&ground, question, each),
    }
}
