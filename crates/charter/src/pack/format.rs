//! What a stream says about the format of its files.

use handfast_model::Refusal;
use handfast_model::limits::HEADER_ROWS;
use handfast_model::pack::{FileKind, Format, Sheets};

use super::{not_empty, values};
use crate::fields::{Fields, Key, NameOrNumber, OUT_OF_RANGE, key};
use crate::place::Desk;
use crate::words::shown;

const FORMAT: Key = key(
    "format",
    "\"csv\"",
    "without it the format is told by the content of a file, then by its name",
);
const DELIMITER: Key = key("delimiter", "\",\"", "fields are cut at it");
const ENCODING: Key = key("encoding", "\"utf-8\"", "bytes become letters by it");
const QUOTE: Key = key("quote", "'\"'", "fields that hold a delimiter stand in it");
const SKIP_ROWS: Key = key("skip_rows", "2", "so many rows stand above the header");
const JOINED_ROWS: Key = key(
    "header_rows",
    "2",
    "the names of so many rows are joined to the name of a column; with 0 they are column_1, …",
);
const SHEET: Key = key("sheet", "\"Leads\"", "the sheet of a workbook that is read");
const OPTIONAL: Key = key(
    "optional",
    "[\"Phone\"]",
    "columns that a file may lack; then nothing is given in them",
);
const NULLS: Key = key(
    "nulls",
    "[\"NULL\", \"n/a\"]",
    "these texts mean that nothing was given",
);
const SHORT_ROWS: Key = key(
    "short_rows",
    "\"blank\"",
    "a row of a text with fewer cells than the header is set aside, or its last cells are blank",
);

const FOOTER: Key = key(
    "footer",
    "[\"Copyright\", \"Confidential\"]",
    "lines of one field that begin so stand below the table of a text and are no rows",
);

const KINDS: [(&str, FileKind); 4] = [
    ("csv", FileKind::Text),
    ("json", FileKind::Json),
    ("parquet", FileKind::Parquet),
    ("xlsx", FileKind::Workbook),
];

/// What becomes of rows that end early: whether what they lack is blank.
const SHORT: [(&str, bool); 2] = [("aside", false), ("blank", true)];

/// The keys of a stream that say how its files become rows.
pub(super) fn format(desk: &mut Desk<'_>, table: &mut Fields<'_>) -> Option<Format> {
    let refusals = desk.refusals.len();
    let kind = table.word(desk, &FORMAT, &KINDS).map(|kind| kind.value);
    let delimiter = one_byte(desk, table, &DELIMITER);
    let quote = one_byte(desk, table, &QUOTE);
    let encoding = table.text(desk, &ENCODING).map(|encoding| encoding.value);
    let most = i64::from(HEADER_ROWS);
    let skip_rows = table.whole(desk, &SKIP_ROWS, 0..=most);
    let header_rows = table.whole(desk, &JOINED_ROWS, 0..=most);
    let rows = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    let sheets = sheets(desk, table);
    let optional = values(table.texts(desk, &OPTIONAL).unwrap_or_default());
    let nulls = values(table.texts(desk, &NULLS).unwrap_or_default());
    let short_rows = table.word(desk, &SHORT_ROWS, &SHORT);
    let footer = table.texts(desk, &FOOTER);
    not_empty(desk, &footer, table.span, &FOOTER);
    (desk.refusals.len() == refusals).then(|| Format {
        kind,
        delimiter,
        encoding,
        quote: quote.unwrap_or(b'"'),
        skip_rows: skip_rows.map_or(0, |number| rows(number.value)),
        header_rows: header_rows.map_or(1, |number| rows(number.value)),
        sheets,
        optional,
        nulls,
        are_short_rows_blank: short_rows.is_some_and(|word| word.value),
        footer: values(footer.unwrap_or_default()),
    })
}

/// A name, a place from 1, or `"*"`.
fn sheets(desk: &mut Desk<'_>, table: &mut Fields<'_>) -> Sheets {
    let Some(written) = table.name_or_number(desk, &SHEET) else {
        return Sheets::First;
    };
    match written.value {
        NameOrNumber::Name(name) if name == "*" => return Sheets::All,
        NameOrNumber::Name(name) if !name.trim().is_empty() => return Sheets::Named(name),
        NameOrNumber::Number(number @ 1..=10_000) => {
            return Sheets::Nth(u32::try_from(number).unwrap_or(1));
        }
        NameOrNumber::Name(_) | NameOrNumber::Number(_) => {}
    }
    let refusal = Refusal::new(OUT_OF_RANGE, "`sheet` names no sheet")
        .matters(SHEET.matters)
        .fix("sheet = \"Leads\"   # or its place, 1 for the first, or \"*\" for all");
    desk.refuse(written.span, refusal);
    Sheets::First
}

/// One ASCII character; `tab` stands for itself.
fn one_byte(desk: &mut Desk<'_>, table: &mut Fields<'_>, key: &Key) -> Option<u8> {
    let text = table.text(desk, key)?;
    match text.value.as_bytes() {
        b"tab" => return Some(b'\t'),
        [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && *byte != b'\n' => {
            return Some(*byte);
        }
        _ => {}
    }
    let title = format!("`{}` is not one sign", shown(&text.value));
    let refusal = Refusal::new(OUT_OF_RANGE, title)
        .matters(key.matters)
        .fix(format!(
            "{} = {}   # or \";\", \"|\", \"tab\"",
            key.name, key.example
        ));
    desk.refuse(text.span, refusal);
    None
}
