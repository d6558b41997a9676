//! The past under one charter, derived once for all that is asked of it.

use std::sync::Arc;

use handfast_engine::answer::{Asked, Pick, answer, of_deal};
use handfast_engine::derived::{Derived, Needs, derive};
use handfast_model::credit::Credited;
use handfast_model::question::{AsOf, Entries, FunnelView, Known, QuestionKind, Unit};
use handfast_model::{Answer, Charter, Lineage, Money, Question, Refusal};

use crate::book::Book;
use crate::resolve::{Typed, resolve};

/// All that is known now, under a charter.
pub(crate) struct Sight {
    pub charter: Charter,
    pub derived: Arc<Derived>,
}

impl Sight {
    /// A draft is derived beside what is kept.
    pub fn of(book: &Book, charter: Charter, is_draft: bool) -> Result<Sight, Refusal> {
        let question = Question {
            charter: is_draft.then(|| charter.hash.clone()),
            ..funnel()
        };
        let known_until = book.ledger.resolve(AsOf::Latest)?.1;
        let from = (Needs::All, &book.held);
        let (derived, _) = derive(&book.ledger, &charter, &question, known_until, from)?;
        Ok(Sight { charter, derived })
    }

    /// Asks as a viewer types.
    pub fn ask(&self, typed: &Typed, pick: Option<&Pick>) -> Result<Answer, Refusal> {
        let (question, filter) = resolve(typed, &self.charter)?;
        let asked = Asked {
            filter,
            ..self.asked(&question)
        };
        answer(asked, pick)
    }

    /// Asks a question without a condition.
    pub fn answer(&self, question: &Question, pick: Option<&Pick>) -> Result<Answer, Refusal> {
        answer(self.asked(question), pick)
    }

    /// The touches of a deal, with what each earns by the additive models shown.
    pub fn deal(&self, key: &str) -> Result<Answer, Refusal> {
        Ok(self.credited(key)?.0)
    }

    /// The same, and the amount that is shared among them.
    pub fn credited(&self, key: &str) -> Result<(Answer, Option<Money>), Refusal> {
        let question = plain(QuestionKind::Credit {
            of: Credited::Won,
            models: Vec::new(),
        });
        of_deal(self.asked(&question), key)
    }

    /// What all of it rests on.
    pub fn lineage(&self, book: &Book) -> Result<Lineage, Refusal> {
        let mut lineage = self.answer(&funnel(), None)?.lineage;
        lineage.seq = book.ledger.last_seq()?.0;
        Ok(lineage)
    }

    fn asked<'a>(&'a self, question: &'a Question) -> Asked<'a> {
        Asked {
            derived: &self.derived,
            charter: &self.charter,
            question,
            filter: None,
            people: Vec::new(),
        }
    }
}

/// The plainest question: how the funnel of everybody looks.
pub(crate) fn funnel() -> Question {
    plain(QuestionKind::Funnel(FunnelView::Cohort {
        entry: None,
        window_days: None,
        entries: Entries::First,
        is_estimated: false,
        observed_from: None,
    }))
}

/// A question about all that is known now.
pub(crate) fn plain(kind: QuestionKind) -> Question {
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
