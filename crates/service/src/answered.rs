//! Fingerprints of what was answered, so that `verify` can ask again and see whether what was known
//! then is still what was known then.
//!
//! A fingerprint is of the figures, not of the words beside them, and holds for the kernels that
//! gave it. Questions about one person or buyer are not kept, nor are those under a draft.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use handfast_engine::answer::reads;
use handfast_engine::derived::{Derived, Needs, derive};
use handfast_model::question::{AsOf, Known, QuestionKind};
use handfast_model::question_text::parse;
use handfast_model::rules::Expr;
use handfast_model::{Answer, Breaches, Cell, Charter, Invariant, Question, Refusal, Seq};

use crate::ask::answer_of;
use crate::book::Book;
use crate::resolve::condition;

/// How many commits answers are kept of: the first that was asked about and the newest.
const MOMENTS: usize = 8;
/// How many answers are kept of each.
const QUESTIONS: usize = 8;

/// An answer that was given.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Given {
    seq: u64,
    /// The hash of that commit.
    commit: String,
    kernels: String,
    figures: String,
    question: String,
}

impl Given {
    fn text(&self) -> String {
        let Given {
            seq,
            commit,
            kernels,
            figures,
            question,
        } = self;
        format!("{seq}\n{commit}\n{kernels}\n{figures}\n{question}\n")
    }

    fn parse(text: &str) -> Option<Given> {
        let mut lines = text.lines();
        let mut next = || lines.next().map(str::to_owned);
        Some(Given {
            seq: next()?.parse().ok()?,
            commit: next()?,
            kernels: next()?,
            figures: next()?,
            question: next()?,
        })
    }
}

/// Keeps the fingerprint of an answer, if it is one that can be asked again.
pub(crate) fn keep(book: &Book, question: &Question, answer: &Answer) {
    let is_of_one = matches!(
        question.kind,
        QuestionKind::Journey(_) | QuestionKind::Identity(_)
    );
    let is_dated = matches!(question.as_of, AsOf::Instant(_)) || question.known != Known::Recorded;
    if is_of_one || is_dated || question.charter.is_some() {
        return;
    }
    let seq = answer.lineage.seq;
    let question = Question {
        as_of: AsOf::Seq(Seq(seq)),
        ..question.clone()
    };
    let Ok(commit) = book.ledger.commit_hash(Seq(seq)) else {
        return;
    };
    let given = Given {
        seq,
        commit: hex(&commit),
        kernels: kernels(answer),
        figures: figures(answer),
        question: question.to_string(),
    };
    let notes = book.ledger.answered();
    // One that is damaged is left for `verify` to tell of.
    let known = notes.all().into_iter().filter(|(_, text)| !text.is_empty());
    let known: Vec<(String, Option<Given>)> = known
        .map(|(name, text)| (name, Given::parse(&text)))
        .collect();
    let is_there =
        |of: &Given| (of.seq, &of.question, &of.kernels) == (seq, &given.question, &given.kernels);
    let mut moments: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    for (name, known) in &known {
        match known {
            Some(known) if is_there(known) => return,
            Some(known) => moments.entry(known.seq).or_default().push(name),
            None => notes.remove(name),
        }
    }
    if moments
        .get(&seq)
        .is_some_and(|names| names.len() >= QUESTIONS)
    {
        return;
    }
    if !moments.contains_key(&seq) && moments.len() >= MOMENTS {
        // The oldest stays: it has the longest time to differ.
        let second = moments.values().nth(1).into_iter().flatten();
        second.for_each(|name| notes.remove(name));
    }
    // Nothing depends on its success.
    let _ = notes.keep(&given.text());
}

/// How figures are written to be hashed; like other kernels, another form is not compared.
const FORM: &str = "cells 1";

/// A digest of the figures and the defects beside them.
fn figures(answer: &Answer) -> String {
    let issues: Vec<_> = answer
        .issues
        .iter()
        .map(|one| (&one.code, one.count))
        .collect();
    let ids: Vec<_> = answer.columns.iter().map(|column| &column.id).collect();
    let texts = |row: &Vec<Cell>| row.iter().map(Cell::exact).collect::<Vec<_>>();
    let rows: Vec<_> = answer.rows.iter().map(texts).collect();
    let totals = answer.totals.as_ref().map(texts);
    let text = format!("{ids:?} {rows:?} {totals:?} {issues:?}");
    handfast_ledger::text_hash(&text)
}

/// What a question needs, as it was known then.
pub(crate) struct Past {
    pub charter: Charter,
    pub filter: Option<Expr>,
    pub derived: Arc<Derived>,
}

impl Past {
    /// Derives what a question as of a commit looks at; held for the others of that commit.
    pub fn of(
        book: &Book,
        question: &Question,
        needs: impl Fn(&Charter, Option<&Expr>) -> Needs,
    ) -> Result<Past, Refusal> {
        let (charter, _) = book.charter(question.as_of, question.charter.as_deref())?;
        let known_until = book.ledger.resolve(question.as_of)?.1;
        let filter = condition(question.filter.as_deref(), &charter)?;
        let from = (needs(&charter, filter.as_ref()), &book.held);
        let (derived, _) = derive(&book.ledger, &charter, question, known_until, from)?;
        Ok(Past {
            charter,
            filter,
            derived,
        })
    }
}

fn kernels(answer: &Answer) -> String {
    let kernels = answer.lineage.kernels.iter();
    let kernels = kernels.map(|(name, version)| format!("{name} {version}"));
    let kernels: Vec<_> = kernels.chain([FORM.to_owned()]).collect();
    kernels.join(", ")
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What was asked again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Again {
    /// Answers that were given before and were compared.
    pub answers: u64,
    /// The commits they are as of.
    pub moments: u64,
    /// Answers that other kernels gave, which are not compared.
    pub of_other_kernels: u64,
}

/// Asks everything again that is kept.
pub(crate) fn again(book: &Book, tell: &mut dyn FnMut(&str)) -> (Again, Breaches) {
    let (mut done, mut found) = (Again::default(), Breaches::default());
    let mut all = BTreeSet::new();
    for (name, text) in book.ledger.answered().all() {
        match Given::parse(&text) {
            Some(given) => drop(all.insert((given, name))),
            // Of a program that wrote them otherwise.
            None if !text.is_empty() => {}
            None => found.add(Invariant::AsOf, Seq(0), || {
                let what = "what was answered is damaged; once the disk is sound, delete this file";
                (format!("data/answered/{name}"), what.to_owned())
            }),
        }
    }
    let all: Vec<(Given, String)> = all.into_iter().collect();
    for given in all.chunk_by(|(a, _), (b, _)| a.seq == b.seq) {
        if let Some((first, _)) = given.first() {
            tell(&format!(
                "asking again what was answered as of ledger {}",
                first.seq
            ));
        }
        match ask_again(book, given, &mut done, &mut found) {
            Ok(()) => done.moments += 1,
            Err(refusal) => found.append(crate::checks::refused(&refusal)),
        }
    }
    (done, found)
}

/// Answers as of one commit, which is derived once for all of them.
fn ask_again(
    book: &Book,
    given: &[(Given, String)],
    done: &mut Again,
    found: &mut Breaches,
) -> Result<(), Refusal> {
    let Some(seq) = given.first().map(|(first, _)| Seq(first.seq)) else {
        return Ok(());
    };
    let mut differs = |(one, name): &(Given, String), what: &str| {
        found.add(Invariant::AsOf, seq, || {
            let what = format!("{}: {what}", one.question);
            (format!("data/answered/{name}"), what)
        });
    };
    let commit = hex(&book.ledger.commit_hash(seq)?);
    if let Some(other) = given.iter().find(|(one, _)| one.commit != commit) {
        differs(other, "the commit it was asked as of is another one now");
        return Ok(());
    }
    for named in given {
        let one = &named.0;
        let Ok(question) = parse(&one.question) else {
            differs(named, "it cannot be read any more");
            continue;
        };
        let past = Past::of(book, &question, |charter, filter| {
            reads(&question, charter, filter, None)
        })?;
        let answer = answer_of(&past.derived, &past.charter, &question, past.filter)?;
        if kernels(&answer) != one.kernels {
            done.of_other_kernels += 1;
            continue;
        }
        done.answers += 1;
        if figures(&answer) != one.figures {
            differs(named, "its figures are not those that were given before");
        }
    }
    Ok(())
}

/// The questions whose answers are kept, each with the commit that it is as of.
pub(crate) fn questions(book: &Book) -> BTreeSet<(Seq, String)> {
    let all = book.ledger.answered().all().into_iter();
    let all = all.filter_map(|(_, text)| Given::parse(&text));
    all.map(|one| (Seq(one.seq), one.question)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_reads_back_as_itself() {
        let given = Given {
            seq: 7,
            commit: "00ff".to_owned(),
            kernels: "journey 2, funnel 3".to_owned(),
            figures: "abc".to_owned(),
            question: "metric won as-of 7".to_owned(),
        };
        assert_eq!(Given::parse(&given.text()), Some(given));
        assert_eq!(Given::parse("7\nabc"), None);
    }
}
