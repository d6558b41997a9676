//! Everything a book holds of a person, as JSON has it: for both doors.

use std::collections::BTreeMap;

use handfast_ledger::{AsideText, PersonAside, PersonRecord};
use handfast_model::question::AsOf;
use handfast_model::{Fact, Names, Refusal, Sym, Value, When};
use handfast_service::book::Book;
use handfast_service::people::Person;
use handfast_wire::v1::person as wire;
use serde_json::Value as Json;

/// All that is held of a person. Of somebody who was forgotten no personal text is left.
pub fn held(book: &Book, person: &Person) -> Result<wire::Held, Refusal> {
    let about = &person.about;
    let is_erased = is_erased(person);
    let mut held = wire::Held {
        identities: known_as(book, person)?,
        is_erased,
        counts: wire::HeldCounts {
            records: about.records.len(),
            facts: about.facts.len(),
            set_aside: about.asides.len(),
            unread_set_aside: about.unread_asides,
            withheld_cells_of_others: withheld(person),
        },
        records: None,
        facts: None,
        set_aside: None,
    };
    if !is_erased {
        let facts = about.facts.iter();
        let facts = facts.map(|(fact, counts)| fact_of(book, &about.names, fact, *counts));
        held.records = Some(about.records.iter().map(record).collect());
        held.facts = Some(facts.collect::<Result<_, Refusal>>()?);
        held.set_aside = Some(about.asides.iter().map(aside).collect());
    }
    Ok(held)
}

/// Refuses where the book holds nothing of them, and never erased anything of theirs.
pub fn is_somebody(person: &Person, key: &str) -> Result<(), Refusal> {
    let about = &person.about;
    let is_nobody = about.facts.is_empty() && about.records.is_empty() && about.asides.is_empty();
    match is_nobody && !is_erased(person) {
        true => Err(
            Refusal::new("E0521", format!("this book holds nothing about `{key}`"))
                .matters("nothing was written")
                .fix("keys are compared as the source writes them; an e-mail address will do too"),
        ),
        false => Ok(()),
    }
}

/// Whether all keys of theirs are forgotten.
pub fn is_erased(person: &Person) -> bool {
    !person.keys.is_empty() && person.keys.iter().all(|key| key.forgotten.is_some())
}

/// Cells of other people in their rows, which are left out.
pub fn withheld(person: &Person) -> u64 {
    let records = person.about.records.iter().map(|record| record.withheld);
    let asides = person.about.asides.iter().map(|row| row.withheld);
    records.chain(asides).sum()
}

/// The keys of a person and how these are linked.
pub fn known_as(book: &Book, person: &Person) -> Result<Vec<wire::KnownAs>, Refusal> {
    let key = |key: &handfast_service::people::PersonKey| {
        let since = |seq| -> Result<wire::Since, Refusal> {
            let at = book.ledger.resolve(AsOf::Seq(seq))?.1;
            Ok(wire::Since {
                seq: seq.0,
                at: at.map(|at| at.to_string()),
            })
        };
        let typed = key.typed.as_ref();
        Ok(wire::KnownAs {
            hash: key.id.to_string(),
            namespace: typed.map(|(namespace, _)| namespace.clone()),
            key: typed.map(|(_, key)| key.clone()),
            met_in: key.met_in.clone(),
            how: key.how.clone(),
            shown_by: key.shown_by.clone(),
            forgotten: key.forgotten.map(since).transpose()?,
        })
    };
    person.keys.iter().map(key).collect()
}

fn fact_of(
    book: &Book,
    names: &Names,
    fact: &Fact,
    counts: bool,
) -> Result<wire::HeldFact, Refusal> {
    let source = names.text(fact.origin.source);
    let pack = book.ledger.pack_at(source, AsOf::Seq(fact.seq))?;
    let attributes = fact.attributes.iter();
    let attributes =
        attributes.map(|(name, value)| (names.text(*name).to_owned(), value_json(value, names)));
    let text = |sym: Option<Sym>| sym.map(|sym| names.text(sym).to_owned());
    Ok(wire::HeldFact {
        kind: fact.kind.word().to_owned(),
        happened: happened(fact),
        is_assumed: fact.is_assumed,
        recorded_at: fact.recorded_at.to_string(),
        seq: fact.seq.0,
        counts,
        source: source.to_owned(),
        stream: names.text(fact.origin.stream).to_owned(),
        file: names.text(fact.origin.file).to_owned(),
        line: fact.origin.line,
        version: fact.origin.version,
        record: fact.origin.key.to_string(),
        pack: pack.map(|pack| pack.hash),
        person: fact.person.map(|person| person.to_string()),
        account: text(fact.account),
        deal: text(fact.deal),
        campaign: text(fact.campaign),
        rep: text(fact.rep),
        attributes: attributes.collect(),
    })
}

fn record(record: &PersonRecord) -> wire::HeldRecord {
    let row = &record.row;
    wire::HeldRecord {
        source: row.source.clone(),
        stream: row.stream.clone(),
        file: row.file.clone(),
        line: row.line,
        version: row.version,
        seq: row.seq.0,
        recorded_at: row.recorded_at.to_string(),
        record: row.key.to_string(),
        ending: row.ending.clone(),
        is_taken_back: record.is_taken_back,
        columns: columns(&row.cells),
        withheld_cells_of_others: record.withheld,
    }
}

fn aside(aside: &PersonAside) -> wire::HeldAside {
    let row = &aside.row;
    wire::HeldAside {
        row: row.id.to_string(),
        source: aside.source.clone(),
        stream: row.stream.clone(),
        file: row.file.clone(),
        line: row.line,
        reason: row.reason.clone(),
        is_open: !row.is_closed,
        columns: match &row.text {
            Some(AsideText::Cells(cells)) => Some(columns(cells)),
            _ => None,
        },
        withheld_cells_of_others: aside.withheld,
    }
}

fn columns(cells: &[(String, String)]) -> BTreeMap<String, String> {
    cells.iter().cloned().collect()
}

/// When a fact happened, as far as its source says.
pub fn happened(fact: &Fact) -> Option<String> {
    match fact.happened {
        When::Unknown => None,
        When::Day(day) => Some(day.to_string()),
        When::At(at) => Some(at.to_string()),
    }
}

/// A value as text.
pub fn value_text(value: &Value, names: &Names) -> String {
    match value {
        Value::Text(sym) => names.text(*sym).to_owned(),
        Value::Int(int) => int.to_string(),
        Value::Decimal(decimal) => decimal.to_string(),
        Value::Bool(yes) => yes.to_string(),
        Value::Day(day) => day.to_string(),
        Value::At(at) => at.to_string(),
        Value::Money(money) => money.to_string(),
    }
}

/// Numbers and flags as such, all else as text: a decimal would lose digits as a float.
fn value_json(value: &Value, names: &Names) -> Json {
    match value {
        Value::Int(int) => Json::from(*int),
        Value::Bool(yes) => Json::from(*yes),
        other => Json::from(value_text(other, names)),
    }
}
