//! Why an answer is another one now than it was as of an earlier moment of knowing: what was known
//! and what words meant at both, and the answers on the way from one to the other.

use handfast_engine::answer::Pick;
use handfast_engine::answer::change::{self, Known, Why, why};
use handfast_model::question::{Against, AsOf, Known as Clock, QuestionKind};
use handfast_model::{Answer, PersonId, Question, Refusal};

use crate::book::Book;
use crate::resolve::condition;

/// Why a question has another answer as of its own moment than as of an earlier one, cause by
/// cause. Whoever explains a figure that was given before asks here.
pub fn since(
    book: &Book,
    question: &Question,
    then: AsOf,
    is_listed: bool,
) -> Result<Why, Refusal> {
    if question.known == Clock::Happened {
        let title = "--known happened has no earlier moment of knowing";
        return Err(Refusal::new("E0405", title).fix("leave --known out"));
    }
    let (before, now) = (
        known(book, question, then)?,
        known(book, question, question.as_of)?,
    );
    if before.snapshot.seq > now.snapshot.seq {
        let title = format!(
            "ledger {} is after ledger {}",
            before.snapshot.seq, now.snapshot.seq
        );
        return Err(Refusal::new("E0404", title)
            .fix("give the earlier moment to --since, the later one to --as-of"));
    }
    let earlier = before.snapshot.seq;
    let is_forgotten = |person: PersonId| {
        let since = book.ledger.forgotten_since(person);
        since.ok().flatten().is_some_and(|since| since > earlier)
    };
    why(before, now, question, is_listed, &is_forgotten)
}

/// What was known at a moment, under the charter in force then or the one that is asked for.
fn known(book: &Book, question: &Question, as_of: AsOf) -> Result<Known, Refusal> {
    let (charter, _) = book.charter(as_of, question.charter.as_deref())?;
    let until = match as_of {
        AsOf::Instant(instant) => Some(instant),
        AsOf::Latest | AsOf::Seq(_) => book.ledger.resolve(as_of)?.1,
    };
    let calendar = &charter.calendar;
    Ok(Known {
        snapshot: book.ledger.snapshot(as_of, Clock::Recorded, calendar)?,
        filter: condition(question.filter.as_deref(), &charter)?,
        until,
        charter,
    })
}

/// The metric of a change, as the question that it is about.
pub(crate) fn metric_of(question: &Question) -> Option<Question> {
    let QuestionKind::Change { metric, .. } = &question.kind else {
        return None;
    };
    Some(Question {
        kind: QuestionKind::Metric(metric.clone()),
        ..question.clone()
    })
}

/// Answers `change METRIC --since`; `None` of other questions.
pub(crate) fn answer(
    book: &Book,
    question: &Question,
    pick: Option<&Pick>,
) -> Option<Result<Answer, Refusal>> {
    let QuestionKind::Change {
        against: Against::Since(then),
        ..
    } = question.kind
    else {
        return None;
    };
    if pick.is_some() {
        let title = "--records means nothing to a change since a moment of knowing";
        let fix = "its last column names the first record that differs by each cause";
        return Some(Err(Refusal::new("E0405", title).fix(fix)));
    }
    let metric = metric_of(question)?;
    let is_listed = metric.by.is_empty();
    let why = since(book, &metric, then, is_listed);
    Some(why.map(|why| change::told(&why, &metric)))
}
