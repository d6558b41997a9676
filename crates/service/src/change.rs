//! Why an answer is another one now than it was as of an earlier moment of knowing: what was known
//! and what words meant at both, and the answers on the way from one to the other.

use handfast_engine::answer::change::{self, Known, Why, why};
use handfast_engine::answer::{Pick, bridge};
use handfast_model::question::{Against, AsOf, Known as Clock, QuestionKind};
use handfast_model::{Answer, PersonId, Question, Refusal};

use crate::book::Book;
use crate::resolve::condition;

/// Why questions have other answers as of their own moment than as of an earlier one, cause by
/// cause; the charter of the earlier moment may be named. They are of one moment, one charter and
/// one condition, those of the first. Whoever explains figures that were given before asks here.
pub fn since(
    book: &Book,
    questions: &[&Question],
    then: (AsOf, Option<&str>),
    is_listed: bool,
) -> Result<Vec<Why>, Refusal> {
    let Some(question) = questions.first() else {
        return Ok(Vec::new());
    };
    let (before, now) = both(book, question, then)?;
    let earlier = before.snapshot.seq;
    let is_forgotten = |person: PersonId| {
        let since = book.ledger.forgotten_since(person);
        since.ok().flatten().is_some_and(|since| since > earlier)
    };
    why(before, now, questions, is_listed, &is_forgotten)
}

/// What was known at an earlier moment, and as of the question's own.
fn both(
    book: &Book,
    question: &Question,
    then: (AsOf, Option<&str>),
) -> Result<(Known, Known), Refusal> {
    if question.known == Clock::Happened {
        let title = "--known happened has no earlier moment of knowing";
        return Err(Refusal::new("E0405", title).fix("leave --known out"));
    }
    let before = known(book, question, then)?;
    let now = known(
        book,
        question,
        (question.as_of, question.charter.as_deref()),
    )?;
    if before.snapshot.seq > now.snapshot.seq {
        let title = format!(
            "ledger {} is after ledger {}",
            before.snapshot.seq, now.snapshot.seq
        );
        return Err(Refusal::new("E0404", title)
            .fix("give the earlier moment to --since, the later one to --as-of"));
    }
    Ok((before, now))
}

/// What was known at a moment, under the charter in force then or the one that is asked for.
fn known(
    book: &Book,
    question: &Question,
    (as_of, charter): (AsOf, Option<&str>),
) -> Result<Known, Refusal> {
    let (charter, _) = book.charter(as_of, charter)?;
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

/// Answers what is asked since an earlier moment of knowing; `None` of other questions.
pub(crate) fn answer(
    book: &Book,
    question: &Question,
    pick: Option<&Pick>,
) -> Option<Result<Answer, Refusal>> {
    match question.kind {
        QuestionKind::Bridge {
            since: Some(then), ..
        } => Some(
            both(book, question, (then, question.charter.as_deref()))
                .and_then(|(before, now)| bridge::since(before, now, question, pick)),
        ),
        QuestionKind::Change {
            against: Against::Since(then),
            ..
        } => Some(changed(book, question, then, pick)),
        _ => None,
    }
}

fn changed(
    book: &Book,
    question: &Question,
    then: AsOf,
    pick: Option<&Pick>,
) -> Result<Answer, Refusal> {
    if pick.is_some() {
        let title = "--records means nothing to a change since a moment of knowing";
        return Err(Refusal::new("E0405", title)
            .fix("its last column names the first record that differs by each cause"));
    }
    let QuestionKind::Change { metric, .. } = &question.kind else {
        return Err(no_metric());
    };
    let asked = Question {
        kind: QuestionKind::Metric(metric.clone()),
        ..question.clone()
    };
    let before = (then, asked.charter.as_deref());
    let why = since(book, &[&asked], before, asked.by.is_empty())?;
    let why = why.first().ok_or_else(no_metric)?;
    Ok(change::told(why, &asked))
}

fn no_metric() -> Refusal {
    Refusal::new("E0401", "which metric changed?")
}
