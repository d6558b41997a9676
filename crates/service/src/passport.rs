//! Passports: saving the proof of an answer, and asking the book whether it still says the same.
//!
//! Both go one road: a passport is verified by making the passport of the same question as of the
//! same commit anew, and comparing the two. What differs is told by `difference`.

mod difference;

use std::collections::{BTreeMap, BTreeSet};

use handfast_engine::answer::{Asked, Pick, Record, reads, traced};

use handfast_ledger::text_hash;
use handfast_model::passport::{Behind, Mark, Marks, Passport, Sketch, parse_hash};
use handfast_model::question::{AsOf, Known, QuestionKind};
use handfast_model::question_text::parse;
use handfast_model::{Answer, Cell, Question, Refusal, Seq, limits};

use crate::agree::state::Agreement;
use crate::answered::{Past, hex};
use crate::book::Book;
use crate::periods::balance;
use crate::periods::restated::names_of;
use crate::resolve::{self, Typed};
use crate::{agree, change, checks, moments, teams};

pub use difference::Difference;

/// A passport compared with what the book says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verified {
    /// Cells that were compared.
    pub cells: u64,
    /// Records behind them.
    pub records: u64,
    /// Kernels of other versions: name, the version that gave the answer, the one that answers now.
    pub kernels: Vec<(String, String, String)>,
    /// Columns whose records only one of the two kernels lists, so that they are not compared.
    pub unlisted: Vec<String>,
    /// What differs first; none where all is the same.
    pub difference: Option<Difference>,
}

/// Fixes a question to the commit that its as-of means now: only then can it be asked again.
pub fn pin(book: &Book, typed: &mut Typed) -> Result<(), Refusal> {
    *typed = moments::dated(book, typed)?;
    teams::no_proof(book)?;
    let is_of_one = ["journey", "identity"].contains(&typed.kind.as_str());
    check_kind(
        book,
        is_of_one,
        typed.is_known_happened,
        typed.charter.as_deref(),
    )?;
    let (seq, charter) = agree::fixed(book, resolve::as_of(typed)?)?;
    typed.as_of = Some(seq.to_string());
    if let Some(asked) = &mut typed.charter {
        *asked = agree::named(book, asked)?;
    }
    // Whoever asks what changed since a moment asks about both charters.
    if typed.charter.is_none() && typed.since.is_none() {
        typed.charter = charter;
    }
    Ok(())
}

/// The passport of a question that is as of a commit, and its answer.
pub fn save(book: &Book, question: &Question) -> Result<(Passport, Answer), Refusal> {
    let AsOf::Seq(seq) = question.as_of else {
        return Err(none(
            "it is not as of one commit",
            "--as-of 7, a commit's number",
        ));
    };
    let is_of_one = matches!(
        question.kind,
        QuestionKind::Journey(_) | QuestionKind::Identity(_)
    );
    let is_supposed = question.known != Known::Recorded;
    check_kind(book, is_of_one, is_supposed, question.charter.as_deref())?;
    if let Some(breach) = checks::recorded(book).iter().find(|one| one.since <= seq) {
        let name = breach.invariant;
        let title = format!("{} {} does not hold", name.code(), name.word());
        return Err(Refusal::new("E0451", title)
            .matters(format!(
                "at {}: {}; no proof rests on that",
                breach.at, breach.what
            ))
            .fix(format!(
                "handfast verify {} names what to mend",
                book.dir.display()
            )));
    }
    if let Some(one) = balance::failing(book, question, seq)?.first() {
        return Err(Refusal::new("E0451", format!("{} does not balance", one.asserted.what))
            .matters(one.says())
            .fix("handfast period restatements BOOK tells what changed; or retract the assertion"));
    }
    make(book, question, None, &mut |_| ())
}

/// Asks again what a passport answers, and compares.
pub fn verify(book: &Book, given: &Passport) -> Result<Verified, Refusal> {
    check_seal(given)?;
    check_book(book, given)?;
    let question = parse(&given.question).map_err(|why| {
        Refusal::new(
            "E0455",
            format!("the question of this passport is not understood: {why}"),
        )
        .matters("another version of handfast has put it")
        .fix("verify it with the version that saved it, or a later one")
    })?;
    if question.as_of != AsOf::Seq(Seq(given.seq)) {
        return Err(contradicts(given));
    }
    let (now, answer) = make(book, &question, Some(given), &mut |_| ())?;
    let names = names_of(&answer);
    let rests_on = |one: &Passport| {
        (
            one.charter.clone(),
            one.packs.clone(),
            one.recorded_at.clone(),
        )
    };
    let is_same = rests_on(given) == rests_on(&now);
    let mut done = Verified {
        cells: now
            .rows
            .iter()
            .chain(&now.totals)
            .map(|row| row.len() as u64)
            .sum::<u64>()
            + now.headline.len() as u64,
        records: now.behind.iter().map(|behind| behind.records).sum(),
        kernels: other_versions(&given.kernels, &now.kernels),
        unlisted: unlisted(given, &now),
        difference: None,
    };
    done.difference = difference::first(book, &question, given, (&now, names))?;
    let is_whole = !done.kernels.is_empty() || done.unlisted.is_empty();
    if done.difference.is_none() && !(is_same && is_whole) {
        return Err(contradicts(given));
    }
    Ok(done)
}

/// The columns whose records stand in one of the two alone.
fn unlisted(given: &Passport, now: &Passport) -> Vec<String> {
    let columns = |one: &Passport| -> Vec<String> {
        one.behind.iter().map(|one| one.column.clone()).collect()
    };
    let (told, listed) = (columns(given), columns(now));
    let gone = told.iter().filter(|id| !listed.contains(id));
    let new = listed.iter().filter(|id| !told.contains(id));
    gone.chain(new).cloned().collect()
}

/// What it says of itself is not what its question rests on, whatever its figures are.
fn contradicts(given: &Passport) -> Refusal {
    let seq = given.seq;
    Refusal::new("E0452", "this passport is not what was saved".to_owned())
        .matters(format!(
            "its charter, packs, moment or records are not those of its question at commit {seq}"
        ))
        .fix("take the file as it was sent, or save it anew: handfast passport save")
}

/// What one reads alone, or what nobody can put into force, has no passport.
fn check_kind(
    book: &Book,
    is_of_one: bool,
    is_supposed: bool,
    charter: Option<&str>,
) -> Result<(), Refusal> {
    if is_of_one {
        let why = "it is about one person or buyer, and a passport names nobody";
        return Err(none(why, "ask a question that counts"));
    }
    if is_supposed {
        let why = "--known happened supposes what the book had not learned";
        return Err(none(
            why,
            "leave --known out; --as-of says what had been learned",
        ));
    }
    match charter {
        Some(asked) if Agreement::read(book, AsOf::Latest)?.is_folder(book, asked) => Err(none(
            "a folder of texts is no part of the book",
            "keep it in the book first: handfast charter draft BOOK NAME --from DIR, then \
             --charter NAME",
        )),
        _ => Ok(()),
    }
}

fn none(why: &str, fix: &str) -> Refusal {
    Refusal::new("E0450", format!("this answer has no passport: {why}"))
        .matters("a passport must give the same again to whoever has the book")
        .fix(fix)
}

fn check_seal(given: &Passport) -> Result<(), Refusal> {
    if text_hash(&given.body()) == given.seal {
        return Ok(());
    }
    Err(Refusal::new("E0452", "this passport is not what was saved")
        .matters("something in it was changed after it was sealed, so it proves nothing")
        .fix("take the file as it was sent, or save it anew: handfast passport save"))
}

fn check_book(book: &Book, given: &Passport) -> Result<(), Refusal> {
    let own = hex(&book.ledger.commit_hash(Seq(1))?);
    if own != given.book {
        let title = format!(
            "this passport is of another book than `{}`",
            book.dir.display()
        );
        return Err(Refusal::new("E0453", title)
            .matters("a book is known by the hash of its first commit, and the two differ")
            .fix("give the book it was saved from, or a backup of that one restored"));
    }
    let last = book.ledger.last_seq()?.0;
    let refuse = |title: String, matters: &str| {
        let fix = "give a book that has that commit: the one the passport was saved from, or a \
                   later backup";
        Err(Refusal::new("E0454", title).matters(matters).fix(fix))
    };
    let seq = given.seq;
    if seq > last {
        let title = format!("the answer is as of commit {seq}, and this book ends with {last}");
        return refuse(title, "what was learned in between is not in this book");
    }
    match hex(&book.ledger.commit_hash(Seq(seq))?) == given.commit {
        true => Ok(()),
        false => refuse(
            format!("commit {seq} of this book is another one than that of the passport"),
            "this book was put back to an earlier state and went on from there",
        ),
    }
}

fn other_versions(
    given: &[(String, String)],
    now: &[(String, String)],
) -> Vec<(String, String, String)> {
    let (given, now): (BTreeMap<_, _>, BTreeMap<_, _>) = (
        given.iter().cloned().collect(),
        now.iter().cloned().collect(),
    );
    let names: BTreeSet<&String> = given.keys().chain(now.keys()).collect();
    let of = |all: &BTreeMap<String, String>, name: &String| {
        all.get(name).cloned().unwrap_or_else(|| "none".to_owned())
    };
    let all = names.into_iter();
    let all = all.map(|name| (name.clone(), of(&given, name), of(&now, name)));
    all.filter(|(_, given, now)| given != now).collect()
}

/// Makes the passport of a question as of a commit, keeping records as another one does; each
/// record behind its figures is seen too.
fn make(
    book: &Book,
    question: &Question,
    like: Option<&Passport>,
    seen: &mut dyn FnMut(&Record<'_>),
) -> Result<(Passport, Answer), Refusal> {
    let AsOf::Seq(seq) = question.as_of else {
        return Err(none(
            "it is not as of one commit",
            "--as-of 7, a commit's number",
        ));
    };
    let (answer, mut found) = counted(book, question, seen)?;
    let mut headline = headline(&answer);
    // A passport of before says nothing of what stands above the rows.
    if like.is_some_and(|like| like.headline.is_empty()) {
        let ids = headline.drain(..).map(|[id, ..]| id);
        let ids: BTreeSet<String> = ids.collect();
        found.retain(|(column, _)| !ids.contains(column));
    }
    let rows: Vec<Vec<String>> = answer.rows.iter().map(|row| texts(row)).collect();
    let labels: Vec<u64> = rows.iter().map(|row| hash(&label(question, row))).collect();
    let behind = found.into_iter().map(|(column, marks)| {
        let marks = marks.into_iter();
        let marks = marks.map(|(row, mark)| placed(mark, labels.get(row).copied()));
        let mut known = like.iter().flat_map(|one| &one.behind);
        let known = known.find(|one| one.column == column);
        behind(column, marks.collect(), known.map(|one| &one.marks))
    });
    let issues = answer.issues.iter();
    let mut passport = Passport {
        book: hex(&book.ledger.commit_hash(Seq(1))?),
        seq: seq.0,
        commit: hex(&book.ledger.commit_hash(seq)?),
        recorded_at: match book.ledger.resolve(AsOf::Seq(seq))?.1 {
            Some(at) => at.to_string(),
            None => String::new(),
        },
        question: question.to_string(),
        charter: answer.lineage.charter.clone(),
        packs: answer.lineage.packs.clone(),
        kernels: answer.lineage.kernels.clone(),
        headline,
        columns: answer
            .columns
            .iter()
            .map(|column| (column.id.clone(), column.means.clone()))
            .collect(),
        totals: answer.totals.as_ref().map(|row| texts(row)),
        issues: issues.map(|one| (one.code.clone(), one.count)).collect(),
        behind: behind.collect(),
        rows,
        seal: String::new(),
    };
    passport.seal = text_hash(&passport.body());
    Ok((passport, answer))
}

/// The figures above the rows.
fn headline(answer: &Answer) -> Vec<[String; 3]> {
    let figures = answer.headline.iter().flat_map(|one| &one.figures);
    figures
        .map(|(column, cell)| [column.id.clone(), column.means.clone(), cell.exact()])
        .collect()
}

/// By column: the row of each record behind it, and its mark.
type Found = Vec<(String, Vec<(usize, Mark)>)>;

fn counted(
    book: &Book,
    question: &Question,
    seen: &mut dyn FnMut(&Record<'_>),
) -> Result<(Answer, Found), Refusal> {
    if let Some(answer) = change::answer(book, question, None) {
        return Ok((answer?, Found::new()));
    }
    let all = Pick::default();
    let past = Past::of(book, question, |charter, filter| {
        reads(question, charter, filter, Some(&all))
    })?;
    let asked = Asked {
        derived: &past.derived,
        charter: &past.charter,
        question,
        filter: past.filter,
        people: Vec::new(),
    };
    let mut found = Found::new();
    let answer = traced(asked, &mut |record| {
        seen(&record);
        let mark = mark_of(&record);
        match found.iter_mut().find(|(column, _)| column == record.column) {
            Some((_, marks)) => marks.push((record.row, mark)),
            None => found.push((record.column.to_owned(), vec![(record.row, mark)])),
        }
    })?;
    Ok((answer, found))
}

fn texts(row: &[Cell]) -> Vec<String> {
    row.iter().map(Cell::exact).collect()
}

/// What a row is called: the cells that tell it from others.
fn label(question: &Question, row: &[String]) -> String {
    let cells = row.get(..question.by.len().max(1)).unwrap_or(row);
    cells.join(",")
}

/// The first 64 bits of a text's hash.
fn hash(text: &str) -> u64 {
    let digits = text_hash(text);
    digits.get(..16).and_then(parse_hash).unwrap_or(0)
}

/// A record's mark, before it is told which row counts it.
fn mark_of(record: &Record<'_>) -> Mark {
    let value = texts(record.cells).join("\u{1f}");
    let place = ["source", "file", "line"].map(|id| record.cell(id).map(Cell::exact));
    let key = match place {
        [Some(source), Some(file), Some(line)] if !source.is_empty() => {
            place_key(&source, &file, &line)
        }
        _ => hash(&value),
    };
    Mark {
        key,
        value: hash(&value),
    }
}

fn place_key(source: &str, file: &str, line: &str) -> u64 {
    hash(&[source, file, line].join("\u{1f}"))
}

/// With the row that counts it.
fn placed(mark: Mark, row: Option<u64>) -> Mark {
    Mark {
        value: mark.value ^ row.unwrap_or(0).rotate_left(1),
        ..mark
    }
}

fn behind(column: String, mut marks: Vec<Mark>, like: Option<&Marks>) -> Behind {
    marks.sort_unstable();
    let records = marks.len() as u64;
    let marks = match like {
        Some(Marks::Each(_)) => Marks::Each(marks),
        Some(Marks::Buckets(_)) => Marks::Buckets(buckets(&marks)),
        Some(Marks::Sketch(_)) => Marks::Sketch(Sketch::of(&marks)),
        None if marks.len() <= limits::PASSPORT_RECORDS => Marks::Each(marks),
        None => Marks::Sketch(Sketch::of(&marks)),
    };
    Behind {
        column,
        records,
        marks,
    }
}

/// A digest of each bucket of marks in order: what passports of form 1 keep of many.
fn buckets(marks: &[Mark]) -> Vec<u64> {
    let mut texts = vec![String::new(); 256];
    for mark in marks {
        if let Some(text) = texts.get_mut(mark.bucket()) {
            text.push_str(&format!("{mark}\n"));
        }
    }
    texts.iter().map(|text| hash(text)).collect()
}
