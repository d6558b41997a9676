//! What differs first between a passport and what the book says: which cell, which record, and why
//! as far as that can be known.

use std::collections::BTreeSet;

use handfast_model::passport::{Behind, Mark, Marks, Passport, Sketch, Told};
use handfast_model::question::Known;
use handfast_model::{Cell, Question, Refusal, Seq};

use super::{Record, hash, label, make, mark_of, place_key, placed};
use crate::answered::Past;
use crate::book::Book;

/// The first difference, in sentences.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Difference {
    /// The figure: what it was and what it is.
    pub figure: String,
    /// The record.
    pub record: Option<String>,
    /// Why, as far as that can be known.
    pub cause: String,
}

/// The first difference, if there is one, from what the book says now, whose first columns name
/// its rows.
pub(super) fn first(
    book: &Book,
    question: &Question,
    given: &Passport,
    (now, names): (&Passport, usize),
) -> Result<Option<Difference>, Refusal> {
    let figure = figure(given, now, names);
    let column = figure.as_ref().and_then(|(_, column)| column.as_deref());
    let others: Vec<(&Behind, &Behind)> = given
        .behind
        .iter()
        .filter_map(|then| {
            let now = now.behind.iter().find(|one| one.column == then.column)?;
            (then != now).then_some((then, now))
        })
        .collect();
    let of_figure = others
        .iter()
        .find(|(then, _)| Some(then.column.as_str()) == column);
    let pair = of_figure.or(others.first());
    let record = match pair {
        Some((then, _)) => record(book, question, then)?,
        None => None,
    };
    let figure = match (figure, &record) {
        (Some((text, _)), _) => text,
        (None, Some(_)) => "every figure is the same, but not every record behind them".to_owned(),
        (None, None) => return Ok(None),
    };
    let cause = cause(book, given, now)?;
    Ok(Some(Difference {
        figure,
        record,
        cause,
    }))
}

/// The first cell that differs, as a sentence, and its column.
fn figure(given: &Passport, now: &Passport, names: usize) -> Option<(String, Option<String>)> {
    let ids = |passport: &Passport| -> Vec<String> {
        passport.columns.iter().map(|(id, _)| id.clone()).collect()
    };
    let (then_ids, now_ids) = (ids(given), ids(now));
    if then_ids != now_ids {
        let text = format!(
            "the columns were {} and are {}",
            then_ids.join(", "),
            now_ids.join(", ")
        );
        return Some((text, None));
    }
    let name = |row: &[String]| row.get(..names).unwrap_or(row).join(", ");
    let known: BTreeSet<String> = now.rows.iter().map(|row| name(row)).collect();
    let told: BTreeSet<String> = given.rows.iter().map(|row| name(row)).collect();
    if let Some(row) = given.rows.iter().find(|row| !known.contains(&name(row))) {
        return Some((format!("row `{}` was there and is not", name(row)), None));
    }
    if let Some(row) = now.rows.iter().find(|row| !told.contains(&name(row))) {
        return Some((format!("row `{}` is there and was not", name(row)), None));
    }
    let totals = given.totals.iter().zip(&now.totals);
    for (then, now) in given.rows.iter().zip(&now.rows).chain(totals) {
        let mut cells = then_ids.iter().zip(then.iter().zip(now));
        if let Some((id, (then, is))) = cells.find(|(_, (then, now))| then != now) {
            let of = match name(now) {
                name if name.is_empty() => String::new(),
                name => format!(" of `{name}`"),
            };
            let text = format!("{id}{of} was {then} and is {is}");
            return Some((text, Some(id.clone())));
        }
    }
    if let Some(above) = above(given, now) {
        return Some(above);
    }
    let many = |passport: &Passport| (passport.rows.len(), passport.totals.is_some());
    if many(given) != many(now) {
        let text = format!("there were {} rows and are {}", many(given).0, many(now).0);
        return Some((text, None));
    }
    // Another version may word what it counts otherwise.
    let is_same = given.kernels == now.kernels;
    let mut means = given.columns.iter().zip(&now.columns);
    let other = means.find(|(then, is)| is_same && then != is);
    if let Some(((id, then), (_, is))) = other {
        let text = format!("`{id}` was said to mean `{then}`, and means `{is}`");
        return Some((text, None));
    }
    defect(given, now)
}

/// The first defect that counts another number of times.
fn defect(given: &Passport, now: &Passport) -> Option<(String, Option<String>)> {
    let counts = |passport: &Passport| passport.issues.iter().cloned().collect::<BTreeSet<_>>();
    let (then, is) = (counts(given), counts(now));
    let (code, _) = then.symmetric_difference(&is).next()?;
    let of = |all: &BTreeSet<(String, u64)>| {
        let found = all.iter().find(|(known, _)| known == code);
        found.map_or(0, |(_, count)| *count)
    };
    Some((
        format!("{code} counted {} and counts {}", of(&then), of(&is)),
        None,
    ))
}

/// The first figure above the rows that differs; what a currency of it had or has alone is told as
/// nothing.
fn above(given: &Passport, now: &Passport) -> Option<(String, Option<String>)> {
    let places = given.headline.len().max(now.headline.len());
    let nothing = "nothing".to_owned();
    // Another version may word what it counts otherwise.
    let is_same = given.kernels == now.kernels;
    let is_other = |at: &usize| match (given.headline.get(*at), now.headline.get(*at)) {
        (Some([id, means, cell]), Some([now_id, now_means, now_cell])) => {
            (id, cell) != (now_id, now_cell) || is_same && means != now_means
        }
        (then, is) => then != is,
    };
    let differs = (0..places).find(is_other)?;
    let (then, is) = (given.headline.get(differs), now.headline.get(differs));
    let [id, ..] = then.or(is)?;
    let said = |one: Option<&[String; 3]>| match one {
        Some([other, _, cell]) if other == id => cell.clone(),
        _ => nothing.clone(),
    };
    let text = match (said(then), said(is)) {
        (then, is) if then == is => format!("`{id}` above the rows is defined in other words"),
        (then, is) => format!("{id} above the rows was {then} and is {is}"),
    };
    Some((text, Some(id.clone())))
}

/// The first record behind a column that the passport does not know as it is now, else the first
/// that is not counted any more.
fn record(book: &Book, question: &Question, then: &Behind) -> Result<Option<String>, Refusal> {
    let mut found: Vec<(usize, Mark, String)> = Vec::new();
    let (now, _) = make(book, question, None, &mut |record| {
        if record.column == then.column {
            found.push((record.row, mark_of(record), told(record)));
        }
    })?;
    let labels = now.rows.iter().map(|row| label(question, row));
    let labels: Vec<String> = labels.collect();
    let mut all: Vec<(Mark, String)> = Vec::with_capacity(found.len());
    for (row, mark, text) in found {
        let row = labels.get(row);
        let mark = placed(mark, row.map(|row| hash(row)));
        all.push((mark, text));
    }
    all.sort();
    Ok(match &then.marks {
        Marks::Each(marks) => of_marks(book, question, marks, &all)?,
        Marks::Buckets(digests) => of_buckets(digests, &all),
        Marks::Sketch(sketch) => of_sketch(book, question, sketch, &all)?,
    })
}

fn of_marks(
    book: &Book,
    question: &Question,
    then: &[Mark],
    now: &[(Mark, String)],
) -> Result<Option<String>, Refusal> {
    let told: BTreeSet<Mark> = then.iter().copied().collect();
    let known: BTreeSet<Mark> = now.iter().map(|(mark, _)| *mark).collect();
    if let Some((mark, text)) = now.iter().find(|(mark, _)| !told.contains(mark)) {
        // One row of a file may give several records.
        let is_changed = told.difference(&known).any(|lost| lost.key == mark.key);
        return Ok(Some(match is_changed {
            true => format!("{text}: it says something else now, or counts in another row"),
            false => format!("{text}: it counts and did not"),
        }));
    }
    let Some(lost) = then.iter().find(|mark| !known.contains(mark)) else {
        return Ok(as_often(then, now));
    };
    gone(book, question, lost.key).map(Some)
}

/// The first record that counts as it did, but not as often.
fn as_often(then: &[Mark], now: &[(Mark, String)]) -> Option<String> {
    let often = |mark: &Mark| {
        let was = then.iter().filter(|one| *one == mark).count();
        let is = now.iter().filter(|(one, _)| one == mark).count();
        (was, is)
    };
    let differs = |(mark, _): &&(Mark, String)| {
        let (was, is) = often(mark);
        was != is
    };
    let (mark, text) = now.iter().find(differs)?;
    let (was, is) = often(mark);
    Some(format!("{text}: it counted {was} times and counts {is}"))
}

/// A record that counted and does not: where it stands, if the book still holds it.
fn gone(book: &Book, question: &Question, key: u64) -> Result<String, Refusal> {
    let past = Past::of(book, question, |_, _| {
        handfast_engine::derived::Needs::Spine
    })?;
    let calendar = &past.charter.calendar;
    let snapshot = book
        .ledger
        .snapshot(question.as_of, Known::Recorded, calendar)?;
    let name = |sym| snapshot.names.text(sym);
    let place = snapshot.facts.iter().find_map(|fact| {
        let (source, file) = (name(fact.origin.source), name(fact.origin.file));
        let line = fact.origin.line.to_string();
        let is_it = place_key(source, file, &line) == key;
        is_it.then(|| format!("{source}, {file} line {line}"))
    });
    Ok(match place {
        Some(place) => format!("{place}: it counted and does not"),
        None => "one that counted, which the book does not hold any more".to_owned(),
    })
}

fn of_sketch(
    book: &Book,
    question: &Question,
    then: &Sketch,
    now: &[(Mark, String)],
) -> Result<Option<String>, Refusal> {
    let marks: Vec<Mark> = now.iter().map(|(mark, _)| *mark).collect();
    let text = |key: u64| {
        let found = now.iter().find(|(mark, _)| mark.key == key);
        found.map_or("one of them", |(_, text)| text.as_str())
    };
    Ok(match then.first(&marks) {
        None => None,
        Some(Told::Added(key)) => Some(format!("{}: it counts and did not", text(key))),
        Some(Told::Changed(key)) => Some(format!(
            "{}: it says something else now, or counts in another row or as often as it did not",
            text(key)
        )),
        Some(Told::Gone(key)) => Some(gone(book, question, key)?),
        Some(Told::Among(key, 1)) => Some(format!(
            "so many that no single one can be told; {} stands where some of them did",
            text(key)
        )),
        Some(Told::Among(key, count)) => Some(format!(
            "so many that no single one can be told; one of {count}, of which the first is {}",
            text(key)
        )),
        Some(Told::Many) => Some("so many that are gone that no single one can be told".to_owned()),
    })
}

fn of_buckets(digests: &[u64], now: &[(Mark, String)]) -> Option<String> {
    let marks: Vec<Mark> = now.iter().map(|(mark, _)| *mark).collect();
    let is = super::buckets(&marks);
    let bucket = (0..256).find(|at| digests.get(*at) != is.get(*at))?;
    let here: Vec<&String> = now
        .iter()
        .filter(|(mark, _)| mark.bucket() == bucket)
        .map(|(_, text)| text)
        .collect();
    Some(match here.first() {
        Some(text) => format!(
            "one of {} that share a bucket with {text}; the passport keeps digests of so many",
            here.len()
        ),
        None => "all of a bucket that is empty now".to_owned(),
    })
}

/// A record in words: whose, and where it stands in its source.
fn told(record: &Record<'_>) -> String {
    let shown = |id: &str| {
        let text = record.cell(id).map(Cell::exact).unwrap_or_default();
        Some(text).filter(|text| !text.is_empty() && text != "n/a")
    };
    let ids = ["buyer", "deal", "stage", "channel"];
    let said = ids.map(|id| shown(id).map(|text| format!("{id} {text}")));
    let mut text = said.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if let (Some(source), Some(file), Some(line)) = (shown("source"), shown("file"), shown("line"))
    {
        text.push_str(&format!(" ({source}, {file} line {line})"));
    }
    text
}

fn cause(book: &Book, given: &Passport, now: &Passport) -> Result<String, Refusal> {
    if given.charter != now.charter {
        return Ok(format!(
            "the definitions: charter {} gave it, the same texts read as {} now",
            given.charter, now.charter
        ));
    }
    let kernels = super::other_versions(&given.kernels, &now.kernels);
    if !kernels.is_empty() {
        let named = kernels
            .iter()
            .map(|(name, then, is)| format!("{name} {then} gave it, {name} {is} answers now"));
        return Ok(format!(
            "the way of counting: {}; CHANGELOG.md says under Numbers what that moves",
            named.collect::<Vec<_>>().join("; ")
        ));
    }
    if given.packs != now.packs {
        return Ok("the packs that read the rows are others".to_owned());
    }
    let log = book.ledger.history(u64::from(u32::MAX))?;
    let since = log.iter().filter(|entry| entry.seq > Seq(given.seq));
    let mut forgetting = since.filter(|entry| entry.note.ends_with("people forgotten"));
    if let Some(entry) = forgetting.next() {
        return Ok(format!(
            "perhaps that people were forgotten since, in commit {}",
            entry.seq
        ));
    }
    Ok(format!(
        "unknown: same charter, packs and kernels, nobody forgotten since; handfast verify {} \
         looks for damage",
        book.dir.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passport(rows: &[[&str; 3]]) -> Passport {
        let column = |id: &str| (id.to_owned(), String::new());
        Passport {
            columns: ["channel", "currency", "revenue"].map(column).to_vec(),
            rows: rows
                .iter()
                .map(|row| row.map(str::to_owned).to_vec())
                .collect(),
            ..Passport::default()
        }
    }

    fn said(given: &[[&str; 3]], now: &[[&str; 3]]) -> Option<String> {
        figure(&passport(given), &passport(now), 2).map(|(text, _)| text)
    }

    /// A channel has a row in each currency, and each is a row of its own.
    #[test]
    fn rows_are_told_apart_by_all_that_names_them() {
        let (euro, dollar) = (["web", "EUR", "5.00 EUR"], ["web", "USD", "7.00 USD"]);
        assert_eq!(said(&[euro, dollar], &[euro, dollar]), None);
        assert_eq!(
            said(&[euro, dollar], &[dollar]).as_deref(),
            Some("row `web, EUR` was there and is not")
        );
        assert_eq!(
            said(&[dollar], &[euro, dollar]).as_deref(),
            Some("row `web, EUR` is there and was not")
        );
        let dearer = ["web", "USD", "8.00 USD"];
        assert_eq!(
            said(&[euro, dollar], &[euro, dearer]).as_deref(),
            Some("revenue of `web, USD` was 7.00 USD and is 8.00 USD")
        );
        // Nothing names the only row of an answer that is not split.
        let (given, now) = (passport(&[euro]), passport(&[dearer]));
        let (text, _) = figure(&given, &now, 0).unwrap_or_default();
        assert_eq!(text, "currency was EUR and is USD");
    }
}
