//! Meetings that were held: the pack as it was read, byte for byte, with the passports of its
//! answers, and who was there.
//!
//! A pack is kept as the text that a door made of it, so that no later program shows it otherwise.
//! It is an act of its own, and large; what lists need stands in a second one that names it.

use handfast_ledger::Act;
use handfast_model::meeting::{Attendee, Closed, MeetingPack, Rhythm};
use handfast_model::passport::Passport;
use handfast_model::question::AsOf;
use handfast_model::{Answer, Cell, Day, Instant, Question, Refusal, Seq};

use super::pack::{self, Wanted};
use super::{no_attendance, no_meeting, not_there, people, people_of, people_text, plain};
use crate::book::Book;
use crate::passport::{self, Verified};
use crate::teams;

/// The act that lists read.
const MEETING: &str = "meeting";
/// The act that holds what was read and its proofs.
const PACK: &str = "meeting-pack";

/// How a door writes a pack and a passport down.
#[derive(Clone, Copy)]
pub struct Forms {
    /// A pack as text.
    pub pack: fn(&MeetingPack) -> String,
    /// A passport as text.
    pub passport: fn(&Passport) -> String,
}

/// What is said of a meeting that was held.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Who was there, each as `TEAM:NAME`.
    pub attended: Vec<String>,
    /// That nobody met, since nothing had changed.
    pub is_skipped: bool,
    /// What else there is to say.
    pub note: Option<String>,
    /// Who closes it, where that is not whoever types.
    pub by: Option<String>,
}

/// What was read at a meeting, and the proofs of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// The pack, as it was written down.
    pub pack: String,
    /// The passports of its answers, in their order.
    pub passports: Vec<String>,
}

/// Closes a meeting: keeps its pack with the proof of every answer, and who was there.
pub fn close(
    book: &Book,
    wanted: &Wanted,
    (held, forms): (&Held, Forms),
    now: Instant,
) -> Result<Closed, Refusal> {
    teams::no_proof(book)?;
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    let attended = people(&charter, &held.attended, no_attendance)?;
    let pack = pack::open(book, wanted)?;
    pack::come(&pack, charter.calendar.day_of(now))?;
    let all = closed(book)?;
    let grain = wanted.rhythm.grain();
    let period = charter.calendar.period_of(pack.on, grain);
    let is_same = |one: &&Closed| {
        one.rhythm == wanted.rhythm && period.from <= one.on && one.on < period.until
    };
    if let Some(known) = all.iter().find(is_same) {
        let title = format!(
            "the {} meeting of {} is closed already: {}",
            wanted.rhythm.word(),
            period.label,
            known.on
        );
        let fix = format!("handfast meet show BOOK {}", known.seq);
        return Err(no_meeting(title, fix));
    }
    check_attended(&pack, &attended, held.is_skipped)?;
    let kept = keep(book, &pack, forms, now)?;
    let skipped = if held.is_skipped { "yes" } else { "" };
    let of: Vec<&str> = pack.exceptions.iter().map(|one| one.of.as_str()).collect();
    let texts = [
        ("pack", kept.to_string()),
        ("rhythm", wanted.rhythm.word().to_owned()),
        ("on", pack.on.to_string()),
        ("as-of", pack.as_of.to_string()),
        ("by", plain(held.by.as_deref().unwrap_or_default())),
        ("note", plain(held.note.as_deref().unwrap_or_default())),
        ("attended", people_text(&attended)),
        ("skipped", skipped.to_owned()),
        ("exceptions", of.join("\n")),
    ];
    let texts = texts.map(|(name, text)| (name.to_owned(), text)).to_vec();
    let note = format!("{} meeting of {}", wanted.rhythm.word(), pack.on);
    let seq = book.ledger.act(MEETING, &note, texts, now)?;
    found(book, seq.0)
}

/// Somebody was there, or nothing had changed and nobody met.
fn check_attended(
    pack: &MeetingPack,
    attended: &[Attendee],
    is_skipped: bool,
) -> Result<(), Refusal> {
    let (title, fix) = match (is_skipped, attended.is_empty()) {
        (false, false) => return Ok(()),
        (true, true) if pack.is_nothing_new => return Ok(()),
        (true, true) => (
            "it cannot be skipped: something changed since, or is due",
            "handfast meet open BOOK shows it; then close it with --attended TEAM:NAME",
        ),
        (true, false) => (
            "a meeting that was skipped has nobody in it",
            "leave --attended out, or --skipped",
        ),
        (false, true) => (
            "nobody is said to have been there",
            "--attended TEAM:NAME, once for each; or --skipped where nothing had changed",
        ),
    };
    Err(no_attendance(title.to_owned(), fix.to_owned()))
}

/// Keeps a pack and its proofs.
fn keep(book: &Book, pack: &MeetingPack, forms: Forms, now: Instant) -> Result<Seq, Refusal> {
    let mut texts = vec![("pack".to_owned(), (forms.pack)(pack))];
    for (number, (question, answer)) in (1..).zip(pack.answers()) {
        let proof = proved(book, question, answer)?;
        texts.push((format!("passport {number}"), (forms.passport)(&proof)));
    }
    let note = format!("pack of the {} meeting of {}", pack.rhythm.word(), pack.on);
    book.ledger.act(PACK, &note, texts, now)
}

/// The proof of an answer. What it proves is what the pack says, or nothing is kept.
fn proved(book: &Book, question: &Question, answer: &Answer) -> Result<Passport, Refusal> {
    let (proof, _) = passport::save(book, question)?;
    let row = |row: &Vec<Cell>| row.iter().map(Cell::exact).collect();
    let rows: Vec<Vec<String>> = answer.rows.iter().map(row).collect();
    match proof.rows == rows {
        true => Ok(proof),
        false => {
            let title = format!("the proof of `{question}` says something else than the pack");
            let fix = "handfast verify BOOK; then open the pack again".to_owned();
            Err(no_meeting(title, fix))
        }
    }
}

/// Every meeting that was closed, oldest first.
pub fn closed(book: &Book) -> Result<Vec<Closed>, Refusal> {
    let acts = book.ledger.acts(&[MEETING], AsOf::Latest)?;
    Ok(acts.iter().filter_map(read).collect())
}

fn read(act: &Act) -> Option<Closed> {
    let seq = |name: &str| act.text(name).parse().map(Seq).ok();
    let by = match act.text("by") {
        "" => act.author.clone(),
        by => by.to_owned(),
    };
    Some(Closed {
        seq: act.seq,
        pack: seq("pack")?,
        rhythm: Rhythm::parse(act.text("rhythm"))?,
        on: Day::parse(act.text("on"))?,
        as_of: seq("as-of")?,
        at: act.recorded_at,
        by,
        note: act.text("note").to_owned(),
        attended: people_of(act.text("attended")),
        is_skipped: act.text("skipped") == "yes",
        exceptions: act.text("exceptions").lines().map(str::to_owned).collect(),
    })
}

/// The last meeting of a rhythm before a day, as of a commit that was known by then.
pub(super) fn before(
    book: &Book,
    rhythm: Rhythm,
    (on, seq): (Day, Seq),
) -> Result<Option<Closed>, Refusal> {
    let all = closed(book)?.into_iter();
    let all = all.filter(|one| one.rhythm == rhythm && one.on < on && one.as_of <= seq);
    Ok(all.max_by_key(|one| (one.on, one.seq)))
}

/// The meeting of a number.
pub fn found(book: &Book, number: u64) -> Result<Closed, Refusal> {
    let all = closed(book)?.into_iter();
    let mut mine = all.filter(|one| one.seq == Seq(number));
    mine.next().ok_or_else(|| {
        let title = format!("no meeting has the number {number}");
        not_there(title, "handfast meet list BOOK shows them".to_owned())
    })
}

/// A meeting with what was read at it. What it tells is of all teams' rows.
pub fn show(book: &Book, number: u64) -> Result<(Closed, Kept), Refusal> {
    let closed = found(book, number)?;
    if !book.held.teams().is_empty() {
        return Err(teams::only_some(
            "what was read at a meeting is of all rows",
        ));
    }
    let acts = book.ledger.acts(&[PACK], AsOf::Latest)?;
    let mut mine = acts.iter().filter(|act| act.seq == closed.pack);
    let Some(act) = mine.next() else {
        let title = format!("the pack of meeting {number} is not in this book");
        return Err(not_there(title, "handfast verify BOOK".to_owned()));
    };
    let proofs = act
        .texts
        .iter()
        .filter(|(name, _)| name.starts_with("passport "));
    let kept = Kept {
        pack: act.text("pack").to_owned(),
        passports: proofs.map(|(_, text)| text.clone()).collect(),
    };
    Ok((closed, kept))
}

/// A proof of a pack, and whether the book still says the same.
pub struct Proved {
    /// The question.
    pub question: String,
    /// What was compared.
    pub verified: Verified,
}

/// Asks every question of a pack again, and compares.
pub fn verify(
    book: &Book,
    number: u64,
    read: fn(&str) -> Result<Passport, String>,
) -> Result<Vec<Proved>, Refusal> {
    let (_, kept) = show(book, number)?;
    let one = |text: &String| {
        let given = read(text).map_err(|why| {
            let title = format!("a passport of meeting {number} cannot be read: {why}");
            not_there(
                title,
                "verify it with the version that closed it, or a later one".to_owned(),
            )
        })?;
        let verified = passport::verify(book, &given)?;
        let question = given.question;
        Ok(Proved { question, verified })
    };
    kept.passports.iter().map(one).collect()
}
