//! Asking: the snapshot that was known, the charter in force, the question resolved, the answer.

use std::thread::JoinHandle;

use handfast_engine::answer::identity as who;
use handfast_engine::answer::{Asked, Pick, Record, answer, kept, reads, traced};
use handfast_engine::derived::{Derived, Upkeep, derive};
use handfast_model::question::{AsOf, At, FunnelView, Known, QuestionKind};
use handfast_model::rules::Expr;
use handfast_model::{Answer, Charter, Instant, PersonId, Question, Refusal};

use crate::book::Book;
use crate::periods::balance;
use crate::resolve::{self, Typed};
use crate::{agree, answered, change, checks, identity, moments, teams};

/// A question as it was understood, its answer, and what a viewer should know besides.
pub struct Reply {
    /// Every default written out.
    pub question: Question,
    /// The figures.
    pub answer: Answer,
    /// Sentences for the door to show beside, never inside, the answer.
    pub hints: Vec<String>,
    /// What is still written for the questions to come.
    pub later: Later,
}

/// Work that goes on beside an answer and ends before this does. No answer depends on its success.
pub struct Later(Option<JoinHandle<()>>);

impl Later {
    fn start(upkeep: Upkeep, charter: &Charter) -> Later {
        if matches!(upkeep, Upkeep::Nothing) {
            return Later(None);
        }
        let charter = charter.clone();
        Later(Some(std::thread::spawn(move || upkeep.run(&charter))))
    }
}

impl Drop for Later {
    fn drop(&mut self) {
        if let Some(work) = self.0.take() {
            let _ = work.join();
        }
    }
}

/// Answers a question, or lists the records behind one of its figures.
pub fn ask(book: &Book, typed: &Typed, pick: Option<&Pick>) -> Result<Reply, Refusal> {
    reply(book, typed, pick.map_or(Wanted::Figures, Wanted::Records))
}

/// Answers a question and gives every record behind its figures. Questions about one person or
/// buyer are records themselves and give none.
pub fn ask_with_records(
    book: &Book,
    typed: &Typed,
    each: &mut dyn FnMut(Record<'_>),
) -> Result<Reply, Refusal> {
    reply(book, typed, Wanted::Both(each))
}

/// What of an answer is wanted.
enum Wanted<'w> {
    Figures,
    Records(&'w Pick),
    Both(&'w mut dyn FnMut(Record<'_>)),
}

impl Wanted<'_> {
    /// The figure whose records are the answer.
    fn pick(&self) -> Option<&Pick> {
        match self {
            Wanted::Records(pick) => Some(pick),
            Wanted::Figures | Wanted::Both(_) => None,
        }
    }

    fn of(self, asked: Asked<'_>) -> Result<Answer, Refusal> {
        match self {
            Wanted::Figures => answer(asked, None),
            Wanted::Records(pick) => answer(asked, Some(pick)),
            Wanted::Both(each) => traced(asked, each),
        }
    }
}

fn reply(book: &Book, typed: &Typed, wanted: Wanted<'_>) -> Result<Reply, Refusal> {
    let typed = &moments::dated(book, typed)?;
    let as_of = resolve::as_of(typed)?;
    // Looking back on loaded history, the charter too was loaded later: the one in force now
    // counts.
    let charter_as_of = if typed.is_known_happened {
        AsOf::Latest
    } else {
        as_of
    };
    let (charter, hints) = book.charter(charter_as_of, typed.charter.as_deref())?;
    let (mut question, filter) = resolve::resolve(typed, &charter)?;
    teams::check(book, &question, &charter)?;
    let known_until = match question.as_of {
        AsOf::Instant(instant) => Some(instant),
        AsOf::Latest | AsOf::Seq(_) => book.ledger.resolve(question.as_of)?.1,
    };
    let people = match &mut question.kind {
        QuestionKind::Journey(key) => identity::candidates(book, key)?,
        QuestionKind::Identity(key) => {
            identity::hide_address(book, key);
            let people = identity::candidates(book, key)?;
            return who_is(book, &charter, question, hints, (&people, known_until));
        }
        _ => Vec::new(),
    };
    if let Some(answer) = change::answer(book, &question, wanted.pick()) {
        return beside(book, &charter, question, hints, answer?);
    }
    let is_listed = wanted.pick().is_some();
    let sees_all = book.held.teams().is_empty();
    let soon = match (&wanted, &filter) {
        (Wanted::Figures, None) if sees_all => {
            kept(&book.ledger, &charter, &question, known_until)?
        }
        _ => None,
    };
    let (mut answer, later) = match soon {
        Some(answer) => (answer, Later(None)),
        None => derived_for(
            book,
            &charter,
            &question,
            (filter, people, known_until),
            wanted,
        )?,
    };
    complete(book, &charter, &mut question, (&mut answer, is_listed))?;
    Ok(Reply {
        question,
        answer,
        hints,
        later,
    })
}

/// Says in the question and beside its answer what else it rests on; keeps its fingerprint.
fn complete(
    book: &Book,
    charter: &Charter,
    question: &mut Question,
    (answer, is_listed): (&mut Answer, bool),
) -> Result<(), Refusal> {
    let recorded = checks::recorded(book);
    if question.charter.is_none() && question.as_of == AsOf::Latest {
        // Asked again as of that commit, the question must name a charter whose day came later.
        question.charter = agree::fixed(book, AsOf::Latest)?.1;
    }
    if !is_listed && recorded.is_empty() && book.held.teams().is_empty() {
        answered::keep(book, question, answer);
    }
    answer.notes.extend(caveats(question, charter, answer));
    checks::mark(answer, &recorded, book.held.teams().is_empty());
    balance::mark(book, question, answer)?;
    teams::tell(book, answer);
    Ok(())
}

/// The answer of what is derived for it, and what is still written.
fn derived_for(
    book: &Book,
    charter: &Charter,
    question: &Question,
    (filter, people, known_until): (Option<Expr>, Vec<PersonId>, Option<Instant>),
    wanted: Wanted<'_>,
) -> Result<(Answer, Later), Refusal> {
    let all = (!matches!(wanted, Wanted::Figures)).then(Pick::default);
    let needs = reads(question, charter, filter.as_ref(), all.as_ref());
    let from = (needs, &book.held);
    let (derived, upkeep) = derive(&book.ledger, charter, question, known_until, from)?;
    let later = Later::start(upkeep, charter);
    let is_listed = wanted.pick().is_some();
    let mut answer = wanted.of(Asked {
        derived: &derived,
        charter,
        question,
        filter,
        people,
    })?;
    if !is_listed {
        let gone = change::note(book, question, (charter, &derived))?;
        answer.notes.extend(gone);
    }
    checks::record(&book.ledger.unverified(), &derived.found);
    Ok((answer, later))
}

/// What a question's figures are, of what is derived already.
pub(crate) fn answer_of(
    derived: &Derived,
    charter: &Charter,
    question: &Question,
    filter: Option<Expr>,
) -> Result<Answer, Refusal> {
    let people = Vec::new();
    let asked = Asked {
        derived,
        charter,
        question,
        filter,
        people,
    };
    answer(asked, None)
}

/// The reply with an answer that is not derived of the present.
fn beside(
    book: &Book,
    charter: &Charter,
    question: Question,
    hints: Vec<String>,
    mut answer: Answer,
) -> Result<Reply, Refusal> {
    answer.notes.extend(caveats(&question, charter, &answer));
    let sees_all = book.held.teams().is_empty();
    checks::mark(&mut answer, &checks::recorded(book), sees_all);
    balance::mark(book, &question, &mut answer)?;
    Ok(Reply {
        question,
        answer,
        hints,
        later: Later(None),
    })
}

/// Who is who is read from the facts as their sources wrote them, before anything is derived.
fn who_is(
    book: &Book,
    charter: &Charter,
    question: Question,
    hints: Vec<String>,
    (people, known_until): (&[PersonId], Option<Instant>),
) -> Result<Reply, Refusal> {
    let QuestionKind::Identity(key) = &question.kind else {
        return Err(who::unknown(""));
    };
    let calendar = &charter.calendar;
    let snapshot = book
        .ledger
        .snapshot(question.as_of, question.known, calendar)?;
    let answer = who::answer(&snapshot, charter, key, people, known_until)?;
    beside(book, charter, question, hints, answer)
}

/// What a reader must know about the moments that the question names.
fn caveats(question: &Question, charter: &Charter, answer: &Answer) -> Vec<String> {
    let mut caveats = Vec::new();
    let horizon = answer.lineage.horizon.as_deref().and_then(Instant::parse);
    let instants = match &question.kind {
        QuestionKind::Funnel(FunnelView::Snapshot { at, outcome_by }) => [*at, *outcome_by],
        QuestionKind::Stale { at } => [*at, None],
        QuestionKind::Forecast { at, .. } | QuestionKind::Plan { at, .. } => {
            [at.map(At::EndOf), None]
        }
        _ => [None, None],
    };
    let instant = |at: At| match at {
        At::EndOf(day) => charter.calendar.start_of(day.plus(1)),
        At::Instant(instant) => instant,
    };
    let named = instants.into_iter().flatten().map(instant);
    // A forecast or a plan is of what nobody can have seen.
    let is_of_past = !matches!(
        question.kind,
        QuestionKind::Forecast { .. } | QuestionKind::Plan { .. }
    );
    let period = question.period.filter(|_| is_of_past);
    let until = period.map(|(_, until)| charter.calendar.start_of(until));
    let last = named.chain(until).max();
    if horizon.is_some_and(|horizon| last > Some(horizon)) {
        caveats.push("beyond the horizon: the sources do not show what happened by then".into());
    }
    if let Some(earlier) = charter.earlier.last() {
        let day = charter.calendar.day_of(earlier.until);
        caveats.push(format!(
            "forward-only: stages and openings of before {day} are those of charter {}",
            agree::short(&earlier.charter)
        ));
    }
    if question.known == Known::Happened {
        caveats.push("known happened: a past import counts as known when it happened".into());
    }
    caveats
}
