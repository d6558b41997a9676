//! What somebody has said in the fields of the wizard, read and checked.

use handfast_connect::sniff::{ENCODINGS, Written};
use handfast_model::parse::DecimalMark;
use handfast_packs::propose::{ColumnSaid, Wishes};
use handfast_packs::understand::{Rows, part_called, parts_for};
use handfast_packs::units::Unit;
use handfast_wire::v1::wizard as wire;
use handfast_wizard::Looked;

use crate::problem::{Answered, ours};

/// Refuses what no column can be: it would set every row aside.
pub(super) fn fits(looked: &Looked, said: &ColumnSaid) -> Answered<()> {
    let mut files = looked.files.iter().map(|(_, sniffed)| sniffed);
    let file = files.find(|sniffed| sniffed.file == said.file);
    let column = file.and_then(|file| file.column(&said.column));
    let Some(column) = column else {
        let why = format!("`{}` has no column `{}`", said.file, said.column);
        return Err(ours::field("columns", &why, "a column that was looked at"));
    };
    let Some(part) = said.part else { return Ok(()) };
    let parts = parts_for(column);
    if parts.contains(&part) {
        return Ok(());
    }
    let why = format!("`{}` holds nothing that is {}", column.name, part.word());
    let words: Vec<&str> = parts.into_iter().map(|part| part.word()).collect();
    Err(ours::field("columns", &why, &words.join(", ")))
}

/// What somebody has said that a column is.
fn column_said(said: &wire::ColumnSaid) -> Answered<ColumnSaid> {
    let part = said.part.as_deref().map(|word| {
        let why = || ours::field("columns", "it is no part", "one of `may_be` of the column");
        part_called(word).ok_or_else(why)
    });
    Ok(ColumnSaid {
        file: said.file.clone(),
        column: said.column.clone(),
        part: part.transpose()?,
    })
}

/// What somebody has said in the fields of the wizard.
pub(super) fn said(asked: &wire::WizardAsk) -> Answered<Wishes> {
    let unit = asked.unit.as_deref().map(|word| {
        Unit::parse(word).ok_or_else(|| ours::field("unit", "it is none", "whole or micros"))
    });
    let day_first = asked.dates.as_deref().map(|word| match word {
        "dmy" => Ok(true),
        "mdy" => Ok(false),
        _ => Err(ours::field("dates", "it is no order", "dmy or mdy")),
    });
    let decimal = asked.decimal.as_deref().map(|word| match word {
        "point" => Ok(DecimalMark::Point),
        "comma" => Ok(DecimalMark::Comma),
        _ => Err(ours::field("decimal", "it is no mark", "point or comma")),
    });
    let rows = asked.rows.as_deref().map(|word| {
        let all: Vec<&str> = Rows::ALL.iter().map(|rows| rows.word()).collect();
        let why = || ours::field("rows", "rows are none of these", &all.join(", "));
        Rows::parse(word).ok_or_else(why)
    });
    let columns = asked.columns.iter().flatten().map(column_said);
    let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    Ok(Wishes {
        name: given(&asked.name),
        zone: given(&asked.zone),
        book_zone: None,
        currency: given(&asked.currency),
        unit: unit.transpose()?,
        day_first: day_first.transpose()?,
        decimal: decimal.transpose()?,
        rows: rows.transpose()?,
        columns: columns.collect::<Answered<_>>()?,
        taken: Vec::new(),
    })
}

/// How somebody says that texts are written.
pub(super) fn as_written(asked: &wire::WizardAsk) -> Answered<Written> {
    let encoding = asked.encoding.as_deref().map(|label| {
        let why = || ours::field("encoding", "it is none of these", &ENCODINGS.join(", "));
        let known = ENCODINGS.contains(&label);
        known.then(|| label.to_owned()).ok_or_else(why)
    });
    let delimiter = asked.delimiter.as_deref().map(|word| match word {
        "comma" => Ok(b','),
        "semicolon" => Ok(b';'),
        "tab" => Ok(b'\t'),
        "bar" => Ok(b'|'),
        _ => {
            let all = "comma, semicolon, tab or bar";
            Err(ours::field("delimiter", "it is none of these", all))
        }
    });
    let at_most = |field: &str, rows: Option<u32>, most: u32| match rows {
        Some(rows) if rows > most => {
            let all = format!("at most {most}");
            Err(ours::field(field, "these are too many", &all))
        }
        rows => Ok(rows),
    };
    Ok(Written {
        encoding: encoding.transpose()?,
        delimiter: delimiter.transpose()?,
        skip_rows: at_most("skip_rows", asked.skip_rows, 100)?,
        header_rows: at_most("header_rows", asked.header_rows, 2)?,
    })
}
