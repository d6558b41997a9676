//! Answers that were given before, asked again under a draft: which would have read differently.
//!
//! Those of which fingerprints are kept, and the figures of closed periods: what went into packs.
//! Each is asked as of its own commit, under the charter that it was given under and under the
//! draft.

use std::collections::BTreeMap;

use handfast_engine::answer::reads;
use handfast_engine::derived::derive;
use handfast_model::question_text::parse;
use handfast_model::{Answer, Cell, Charter, Question, Refusal, Seq};

use crate::answered;
use crate::ask::answer_of;
use crate::book::Book;
use crate::periods::closes;
use crate::resolve::condition;

/// What became of them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reread {
    /// The commits that they are as of, oldest first.
    pub moments: Vec<Seq>,
    /// How many were asked again.
    pub asked: u64,
    /// How many cannot be asked again as they were.
    pub lost: u64,
    /// Those whose figures would be others.
    pub differ: Vec<Read>,
    /// Those that the draft has no words for.
    pub refused: Vec<Read>,
}

/// One of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Read {
    /// The question, as of its commit.
    pub question: String,
    /// The period that was closed with it, if one was.
    pub closed: Option<String>,
    /// Why the draft cannot answer it.
    pub why: Option<String>,
}

/// Asks all of them again.
pub(super) fn under(
    book: &Book,
    draft: &Charter,
    tell: &mut dyn FnMut(&str),
) -> Result<Reread, Refusal> {
    let mut read = Reread::default();
    for ((seq, question), closed) in all(book)? {
        if read.moments.last() != Some(&seq) {
            tell(&format!(
                "asking again what was answered as of ledger {seq}"
            ));
            read.moments.push(seq);
        }
        let asked = parse(&question).ok();
        let given = asked.and_then(|asked| Some((given(book, &asked).ok()?, asked)));
        let Some((then, asked)) = given else {
            read.lost += 1;
            continue;
        };
        read.asked += 1;
        let one = |why| Read {
            question,
            closed,
            why,
        };
        match answer(book, draft, &asked) {
            Ok(now) if shows(&now) == shows(&then) => {}
            Ok(_) => read.differ.push(one(None)),
            Err(refusal) => read.refused.push(one(Some(refusal.title))),
        }
    }
    Ok(read)
}

/// By commit and question, with the period whose close kept it.
type All = BTreeMap<(Seq, String), Option<String>>;

fn all(book: &Book) -> Result<All, Refusal> {
    let kept = answered::questions(book).into_iter();
    let mut all: All = kept.map(|one| (one, None)).collect();
    let open = closes(book)?.into_iter();
    for close in open.filter(|close| close.reopened.is_none()) {
        for kept in close.figures {
            all.insert((close.as_of, kept.question), Some(close.label.clone()));
        }
    }
    Ok(all)
}

/// As it was given: under the charter in force then, or the one that the question names.
fn given(book: &Book, question: &Question) -> Result<Answer, Refusal> {
    let (charter, _) = book.charter(question.as_of, question.charter.as_deref())?;
    answer(book, &charter, question)
}

fn answer(book: &Book, charter: &Charter, question: &Question) -> Result<Answer, Refusal> {
    let known_until = book.ledger.resolve(question.as_of)?.1;
    let filter = condition(question.filter.as_deref(), charter)?;
    let needs = reads(question, charter, filter.as_ref(), None);
    let (derived, _) = derive(
        &book.ledger,
        charter,
        question,
        known_until,
        (needs, &book.held),
    )?;
    answer_of(&derived, charter, question, filter)
}

/// The figures that an answer shows.
fn shows(answer: &Answer) -> (Vec<&String>, &Vec<Vec<Cell>>, &Option<Vec<Cell>>) {
    let ids = answer.columns.iter().map(|column| &column.id);
    (ids.collect(), &answer.rows, &answer.totals)
}
