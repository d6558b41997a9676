//! Balances that people vouch for: "closed-won in Q3 is 1,234,567.00 EUR". One that does not hold
//! stands beside every answer about its days, until the book says it again or it is taken back.

use handfast_engine::answer::reads;
use handfast_model::answer::IssueCount;
use handfast_model::question::{AsOf, Known};
use handfast_model::question_text::parse;
use handfast_model::{
    Answer, Breach, Cell, ColumnKind, Currency, Day, Instant, Invariant, IssueCode, Money,
    Question, Refusal, Seq,
};

use super::reach::Reach;
use super::{metric_of, readable};
use crate::answered::Past;
use crate::ask::{answer_of, ask};
use crate::book::Book;
use crate::resolve::Typed;
use crate::{agree, passport};

/// A balance that somebody vouches for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asserted {
    /// The commit that holds it.
    pub seq: Seq,
    /// When it was said.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// The metric and its period, as they were said.
    pub what: String,
    /// The question, as of the commit at which it was said.
    pub question: String,
    /// The days it is about.
    pub days: Option<(Day, Day)>,
    /// The figure, as [`Cell::exact`] writes it.
    pub expected: String,
}

/// What a balance was found to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Balance {
    /// What was vouched for.
    pub asserted: Asserted,
    /// What the book says; nothing where it has no such figure.
    pub found: String,
}

impl Balance {
    /// Whether the book says the same number, however it is written: `007` is 7.
    pub fn holds(&self) -> bool {
        let plain = |text: &str| exact(text).unwrap_or_else(|| text.to_owned());
        plain(&self.found) == plain(&self.asserted.expected)
    }

    /// It as a sentence.
    pub fn says(&self) -> String {
        let Asserted { what, by, seq, .. } = &self.asserted;
        let expected = readable(&self.asserted.expected);
        let found = readable(&self.found);
        format!("{what} = {expected} was asserted by {by} in commit {seq}; the book says {found}")
    }
}

/// Vouches for a balance: `METRIC PERIOD = VALUE`, the value as `1,234,567.00 EUR`, `45` or
/// `30/120`.
pub fn assert(book: &Book, text: &str, by: Option<&str>, now: Instant) -> Result<Balance, Refusal> {
    let (typed, expected) = read(text)?;
    let what = match &typed.period {
        Some(period) => format!("{} {period}", typed.of.clone().unwrap_or_default()),
        None => typed.of.clone().unwrap_or_default(),
    };
    let mut typed = typed;
    passport::pin(book, &mut typed)?;
    let reply = ask(book, &typed, None)?;
    let days = reply.question.period;
    // What is vouched for is weighed under the charter of each later day.
    let question = Question {
        charter: None,
        ..reply.question.clone()
    };
    let mut texts = vec![
        ("what".to_owned(), what.clone()),
        ("question".to_owned(), question.to_string()),
        ("expected".to_owned(), expected.clone()),
    ];
    texts.extend(by.map(|by| ("by".to_owned(), by.to_owned())));
    let note = format!("asserted {what} = {}", readable(&expected));
    let seq = book.ledger.act("assert", &note, texts, now)?;
    let asserted = all(book, AsOf::Latest)?
        .into_iter()
        .find(|one| one.seq == seq);
    let asserted = asserted.unwrap_or_else(|| Asserted {
        seq,
        at: now,
        by: String::new(),
        what,
        question: question.to_string(),
        days,
        expected: expected.clone(),
    });
    let found = figure(&reply.answer, &reply.question, &expected);
    Ok(Balance { asserted, found })
}

/// Takes an assertion back.
pub fn retract(book: &Book, number: u64, why: &str, now: Instant) -> Result<Asserted, Refusal> {
    let all = all(book, AsOf::Latest)?;
    let Some(asserted) = all.iter().find(|one| one.seq.0 == number) else {
        let known: Vec<String> = all.iter().map(|one| one.seq.to_string()).collect();
        let fix = match known.is_empty() {
            true => "nothing is asserted".to_owned(),
            false => format!("one of: {}", known.join(", ")),
        };
        return Err(Refusal::new("E0464", format!("commit {number} asserts nothing")).fix(fix));
    };
    let texts = vec![
        ("assert".to_owned(), number.to_string()),
        ("why".to_owned(), why.to_owned()),
    ];
    let note = format!("assertion {number} taken back");
    book.ledger.act("retract", &note, texts, now)?;
    Ok(asserted.clone())
}

/// What is vouched for as of then, oldest first.
pub fn all(book: &Book, as_of: AsOf) -> Result<Vec<Asserted>, Refusal> {
    let mut found: Vec<Asserted> = Vec::new();
    for act in book.ledger.acts(&["assert", "retract"], as_of)? {
        if act.word == "retract" {
            let of: u64 = act.text("assert").parse().unwrap_or(0);
            found.retain(|one| one.seq.0 != of);
            continue;
        }
        let question = act.text("question").to_owned();
        let by = match act.text("by") {
            "" => act.author.clone(),
            by => by.to_owned(),
        };
        found.push(Asserted {
            seq: act.seq,
            at: act.recorded_at,
            by,
            what: act.text("what").to_owned(),
            days: parse(&question).ok().and_then(|question| question.period),
            question,
            expected: act.text("expected").to_owned(),
        });
    }
    Ok(found)
}

/// Each balance as the book has it now.
pub fn balances(book: &Book) -> Result<Vec<Balance>, Refusal> {
    let (seq, charter) = agree::fixed(book, AsOf::Latest)?;
    let all = all(book, AsOf::Seq(seq))?.into_iter();
    let all = all.map(|asserted| weigh(book, asserted, (seq, charter.as_deref())));
    Ok(all.collect())
}

/// Weighs as of a commit, under the charter in force then or a later one that is named.
fn weigh(book: &Book, asserted: Asserted, (seq, charter): (Seq, Option<&str>)) -> Balance {
    let found = match parse(&asserted.question) {
        Ok(question) => {
            let question = Question {
                as_of: AsOf::Seq(seq),
                charter: charter.map(str::to_owned),
                ..question
            };
            said(book, &question, &asserted.expected)
        }
        Err(why) => Err(Refusal::new("E0455", why)),
    };
    let found = found.unwrap_or_else(|refusal| format!("{}: {}", refusal.code, refusal.title));
    Balance { asserted, found }
}

/// What the book says of a question as of a commit.
fn said(book: &Book, question: &Question, expected: &str) -> Result<String, Refusal> {
    let past = Past::of(book, question, |charter, filter| {
        reads(question, charter, filter, None)
    })?;
    let answer = answer_of(&past.derived, &past.charter, question, past.filter)?;
    Ok(figure(&answer, question, expected))
}

/// The figure that an expected one is compared with: in its currency where it names one.
fn figure(answer: &Answer, question: &Question, expected: &str) -> String {
    let metric = metric_of(&question.kind).unwrap_or_default();
    let is_metric = |id: &str| id == metric.split(':').next().unwrap_or(metric);
    let named = answer.columns.iter().position(|one| is_metric(&one.id));
    let named = named.or(answer.columns.len().checked_sub(1));
    let code = expected.split(' ').nth(1);
    let is_row = |row: &&Vec<Cell>| {
        code.is_none_or(|code| {
            row.iter().any(|cell| match cell {
                Cell::Text(text) => text == code,
                Cell::Money(money) => money.currency.code() == code,
                _ => false,
            })
        })
    };
    let rows = || answer.rows.iter().filter(is_row);
    let row = match rows().count() {
        1 => rows().next(),
        _ => answer.totals.as_ref().filter(is_row),
    };
    let cell = named.and_then(|at| row?.get(at));
    // A sum of nothing is nought; a mean or a share of nothing has no value.
    let column = named.and_then(|at| answer.columns.get(at));
    let is_sum = column.is_some_and(|column| column.kind == ColumnKind::Money);
    let currency = code.and_then(Currency::parse).filter(|_| is_sum);
    let nought = currency.map(|currency| Cell::Money(Money { minor: 0, currency }));
    let cell = cell.cloned().or(nought.filter(|_| row.is_none()));
    cell.as_ref().map_or(String::new(), Cell::exact)
}

/// Reads `revenue 2025-Q3 = 1,234,567.00 EUR`.
fn read(text: &str) -> Result<(Typed, String), Refusal> {
    let refuse = |why: &str| {
        Err(
            Refusal::new("E0463", format!("`{text}` asserts nothing: {why}"))
                .fix("as in: handfast period assert BOOK 'revenue 2025-Q3 = 1,234,567.00 EUR'"),
        )
    };
    let Some((what, value)) = text.split_once('=') else {
        return refuse("it has no =");
    };
    let mut words = what.split_whitespace();
    let (Some(metric), period, None) = (words.next(), words.next(), words.next()) else {
        return refuse("before = stand a metric and a period");
    };
    let Some(expected) = exact(value) else {
        return refuse("behind = stands a number, or an amount with its currency");
    };
    let typed = Typed {
        kind: "metric".to_owned(),
        of: Some(metric.to_owned()),
        period: period.map(str::to_owned),
        ..Typed::default()
    };
    Ok((typed, expected))
}

/// A value as a cell writes it: `1,234,567.5 EUR` is `1234567.50 EUR`.
fn exact(value: &str) -> Option<String> {
    let mut words = value.split_whitespace();
    let typed = words.next()?;
    let number = typed.replace(',', "");
    // A comma parts thousands; one that parts cents would make a hundredfold of it.
    let whole = typed.split_once('.').map_or(typed, |(whole, _)| whole);
    if whole.split(',').skip(1).any(|group| group.len() != 3) {
        return None;
    }
    let (sign, digits) = match number.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", number.as_str()),
    };
    let code = words.next();
    if words.next().is_some() {
        return None;
    }
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let Some(code) = code else {
        let parts = digits.splitn(2, '/');
        let plain = parts.map(|part| match part.trim_start_matches('0') {
            _ if !are_digits(part) => None,
            "" => Some("0"),
            plain => Some(plain),
        });
        let plain = plain.collect::<Option<Vec<_>>>()?.join("/");
        let sign = if plain == "0" { "" } else { sign };
        return Some(format!("{sign}{plain}"));
    };
    let currency = Currency::listed(code).ok()?;
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let places = currency.exponent() as usize;
    if !are_digits(whole) || !(part.is_empty() || are_digits(part)) || part.len() > places {
        return None;
    }
    let minor: i64 = format!("{sign}{whole}{part:0<places$}").parse().ok()?;
    Some(Money { minor, currency }.to_string())
}

/// Puts W0119 beside an answer about days of which a balance does not hold.
pub(crate) fn mark(book: &Book, question: &Question, answer: &mut Answer) -> Result<(), Refusal> {
    // What people vouch for is of the whole company.
    if question.known != Known::Recorded || !book.held.teams().is_empty() {
        return Ok(());
    }
    let failing = failing(book, question, Seq(answer.lineage.seq))?;
    if failing.is_empty() {
        return Ok(());
    }
    let code = IssueCode::Unbalanced;
    answer.issues.insert(
        0,
        IssueCount {
            code: code.code().to_owned(),
            count: failing.len() as u64,
            text: code.text_of(failing.len() as u64).to_owned(),
        },
    );
    let notes = failing
        .iter()
        .map(|one| format!("does not balance: {}", one.says()));
    answer.notes.splice(0..0, notes);
    Ok(())
}

/// The balances that an answer rests on and that do not hold.
pub(crate) fn failing(book: &Book, question: &Question, seq: Seq) -> Result<Vec<Balance>, Refusal> {
    let all = all(book, AsOf::Seq(seq))?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let (charter, _) = book.charter(AsOf::Seq(seq), question.charter.as_deref())?;
    let reach = Reach::of(question, &charter);
    let is_about = |one: &Asserted| match one.days {
        Some(days) => reach.touches(days),
        None => reach.is_any(),
    };
    let about: Vec<Asserted> = all.into_iter().filter(is_about).collect();
    // Under the charter of the answer's own day; drafts are nothing to vouch under.
    let named = match &question.charter {
        Some(hash) if !about.is_empty() && agree::came_after(book, seq, hash)? => Some(hash),
        _ => None,
    };
    let under = (seq, named.map(String::as_str));
    let weighed = about
        .into_iter()
        .map(|asserted| weigh(book, asserted, under));
    Ok(weighed.filter(|one| !one.holds()).collect())
}

/// The balances as of now, and those that do not hold as breaches.
pub(crate) fn look(book: &Book) -> Result<(u64, Vec<Breach>), Refusal> {
    let all = balances(book)?;
    let breach = |one: &Balance| Breach {
        invariant: Invariant::Balance,
        at: one.asserted.what.clone(),
        what: one.says(),
        since: one.asserted.seq,
    };
    let breaches = all.iter().filter(|one| !one.holds()).map(breach);
    Ok((all.len() as u64, breaches.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_people_write_them() {
        for (typed, read) in [
            (" 1,234,567.00 EUR", Some("1234567.00 EUR")),
            ("1234567.5 EUR", Some("1234567.50 EUR")),
            ("-7 eur", Some("-7.00 EUR")),
            ("0.5 EUR", Some("0.50 EUR")),
            ("-0.5 EUR", Some("-0.50 EUR")),
            ("12 JPY", Some("12 JPY")),
            ("12.5 JPY", None),
            ("45", Some("45")),
            ("1,045", Some("1045")),
            ("007", Some("7")),
            ("-0", Some("0")),
            ("-012", Some("-12")),
            ("000", Some("0")),
            ("30/120", Some("30/120")),
            ("030/0120", Some("30/120")),
            ("0/0", Some("0/0")),
            ("-007 EUR", Some("-7.00 EUR")),
            ("-0 EUR", Some("0.00 EUR")),
            ("30/", None),
            ("4 5 6", None),
            ("1.5", None),
            ("", None),
            ("5 XYZ", None),
            ("1.234.567,00 EUR", None),
            ("1,50 EUR", None),
            ("12,34 EUR", None),
            ("1.5,000 EUR", None),
        ] {
            assert_eq!(exact(typed).as_deref(), read, "{typed}");
        }
    }

    #[test]
    fn what_asserts_nothing_is_refused() {
        for text in [
            "revenue",
            "= 5",
            "revenue 2025 Q3 = 5",
            "revenue 2025-Q3 = much",
        ] {
            assert_eq!(
                read(text).map(|_| ()).map_err(|one| one.code),
                Err("E0463"),
                "{text}"
            );
        }
        assert!(read("won = 5").is_ok_and(|(typed, _)| typed.period.is_none()));
    }
}
