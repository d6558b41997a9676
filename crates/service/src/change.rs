//! Why an answer is another one now than it was as of an earlier moment of knowing: what was known
//! and what words meant at both, and the answers on the way from one to the other.

mod deleted;

use std::sync::Arc;

use handfast_engine::answer::change::{self, Alike, Asking, Known, Why, why};
use handfast_engine::answer::{Asked, Pick, bridge, reads};
use handfast_engine::derived::{Derived, derive};
use handfast_model::question::{Against, AsOf, Known as Clock, QuestionKind};
use handfast_model::rules::Expr;
use handfast_model::{Answer, Charter, Instant, PersonId, Question, Refusal};

use crate::book::Book;
use crate::checks;
use crate::resolve::condition;

pub(crate) use deleted::note;

/// How often it is begun again because a compaction went on beside it.
const TRIES: usize = 3;

/// Why questions have other answers as of their own moment than as of an earlier one, cause by
/// cause; the charter of the earlier moment may be named. They are of one moment, one charter and
/// one condition, those of the first. Whoever explains figures that were given before asks here.
pub fn since(
    book: &Book,
    asking: Asking<'_>,
    then: (AsOf, Option<&str>),
) -> Result<Vec<Why>, Refusal> {
    let Some(question) = asking.questions.first() else {
        return Ok(Vec::new());
    };
    let mut tries = (1..TRIES).map(|_| tried(book, asking, question, then));
    let is_over =
        |tried: &Result<_, Refusal>| !tried.as_ref().is_err_and(|refusal| refusal.code == "E0208");
    let last = || tried(book, asking, question, then);
    tries.find(is_over).unwrap_or_else(last)
}

fn tried(
    book: &Book,
    asking: Asking<'_>,
    question: &Question,
    then: (AsOf, Option<&str>),
) -> Result<Vec<Why>, Refusal> {
    let (before, after) = both(book, question, then)?;
    let ledger = &book.ledger;
    let (as_of, calendar) = (question.as_of, &after.charter.calendar);
    let (old, new) = ledger.differing(then.0, as_of, calendar)?;
    let earlier = old.seq;
    let scan = ledger.scan(AsOf::Seq(earlier), Clock::Recorded)?;
    let is_forgotten = |person: PersonId| {
        let since = ledger.forgotten_since(person);
        since.ok().flatten().is_some_and(|since| since > earlier)
    };
    let known = |moment: Moment, snapshot| Known {
        snapshot,
        charter: moment.charter,
        filter: moment.filter,
        until: moment.until,
    };
    let alike = Alike::Kept(Box::new(scan), ledger.cache());
    let (then, now) = (known(before, old), known(after, new));
    why(then, now, alike, asking, &is_forgotten)
}

/// A moment of knowing, what words meant, and the question's condition read under that.
struct Moment {
    charter: Charter,
    filter: Option<Expr>,
    until: Option<Instant>,
}

/// An earlier moment of knowing, and the question's own.
fn both(
    book: &Book,
    question: &Question,
    then: (AsOf, Option<&str>),
) -> Result<(Moment, Moment), Refusal> {
    if question.known == Clock::Happened {
        let title = "--known happened has no earlier moment of knowing";
        return Err(Refusal::new("E0405", title).fix("leave --known out"));
    }
    let own = (question.as_of, question.charter.as_deref());
    let both = (moment(book, question, then)?, moment(book, question, own)?);
    let (before, after) = (
        book.ledger.resolve(then.0)?.0,
        book.ledger.resolve(question.as_of)?.0,
    );
    if before > after {
        let title = format!("ledger {before} is after ledger {after}");
        return Err(Refusal::new("E0404", title)
            .fix("give the earlier moment to --since, the later one to --as-of"));
    }
    Ok(both)
}

/// A moment, under the charter in force then or the one that is asked for.
fn moment(
    book: &Book,
    question: &Question,
    (as_of, charter): (AsOf, Option<&str>),
) -> Result<Moment, Refusal> {
    let (charter, _) = book.charter(as_of, charter)?;
    let until = match as_of {
        AsOf::Instant(instant) => Some(instant),
        AsOf::Latest | AsOf::Seq(_) => book.ledger.resolve(as_of)?.1,
    };
    Ok(Moment {
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
        } => Some(bridged(book, question, then, pick)),
        QuestionKind::Change {
            against: Against::Since(then),
            ..
        } => Some(changed(book, question, then, pick)),
        _ => None,
    }
}

/// A bridge that begins with what was told of the start at an earlier moment.
fn bridged(
    book: &Book,
    question: &Question,
    then: AsOf,
    pick: Option<&Pick>,
) -> Result<Answer, Refusal> {
    let (before, after) = both(book, question, (then, question.charter.as_deref()))?;
    let earlier = Question {
        as_of: then,
        ..question.clone()
    };
    let told = derived(book, &earlier, &before, pick)?;
    let now = derived(book, question, &after, pick)?;
    let then = asked(&told, &before, &earlier);
    bridge::since(then, asked(&now, &after, question), pick)
}

fn asked<'a>(derived: &'a Derived, moment: &'a Moment, question: &'a Question) -> Asked<'a> {
    Asked {
        derived,
        charter: &moment.charter,
        question,
        filter: moment.filter.clone(),
        people: Vec::new(),
    }
}

/// What a question looks at as of its moment; what was found not to hold is noted.
fn derived(
    book: &Book,
    question: &Question,
    moment: &Moment,
    pick: Option<&Pick>,
) -> Result<Arc<Derived>, Refusal> {
    let charter = &moment.charter;
    let needs = reads(question, charter, moment.filter.as_ref(), pick);
    let from = (needs, &book.held);
    let (derived, upkeep) = derive(&book.ledger, charter, question, moment.until, from)?;
    upkeep.run(charter);
    checks::record(&book.ledger.unverified(), &derived.found);
    Ok(derived)
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
    let asking = Asking {
        questions: &[&asked],
        is_listed: asked.by.is_empty(),
    };
    let why = since(book, asking, before)?;
    let why = why.first().ok_or_else(no_metric)?;
    Ok(change::told(why, &asked))
}

fn no_metric() -> Refusal {
    Refusal::new("E0401", "which metric changed?")
}
