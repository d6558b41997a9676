//! Rows that are set aside: exported with their reasons, to be mended and imported again; and those
//! that a dry run would set aside.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use handfast_ledger::{AsideText, Foreseen, SetAsideRow};
use handfast_model::Refusal;

use crate::book::Book;

/// The columns that say where a row comes from. `_row` is its name, by which it comes back.
const HEAD: [&str; 6] = ["_row", "_stream", "_file", "_line", "_column", "_reason"];
/// The column of rows that could not be read into columns.
const RAW: &str = "_raw";

/// The name of a source's own column in the exported file: one that could be taken for ours gets
/// an underscore more.
fn outward(name: &str) -> String {
    let is_like_ours = |bare: &str| {
        HEAD.iter()
            .chain([&RAW])
            .any(|ours| ours.strip_prefix('_') == Some(bare))
    };
    match name.starts_with('_') && is_like_ours(name.trim_start_matches('_')) {
        true => format!("_{name}"),
        false => name.to_owned(),
    }
}

/// The source's own column behind a name in an exported file; `None` for our columns.
pub(crate) fn inward(name: &str) -> Option<&str> {
    if HEAD.contains(&name) || name == RAW {
        return None;
    }
    match outward(name) == name {
        true => Some(name),
        false => name.strip_prefix('_'),
    }
}

/// Writes all rows that are still set aside to a CSV file. Gives how many.
pub fn export(book: &Book, to: &Path) -> Result<usize, Refusal> {
    let (text, rows) = csv(book, None)?;
    fs::write(to, text).map_err(|error| {
        Refusal::new("E0254", format!("cannot write `{}`: {error}", to.display()))
            .fix("check the path and the disk")
    })?;
    Ok(rows)
}

/// All rows that are still set aside, or those of one import, as CSV: name, stream, file, line,
/// column and reason before all columns of their files, to the letter; and how many they are.
pub fn csv(book: &Book, run: Option<u64>) -> Result<(String, usize), Refusal> {
    let mut rows: Vec<SetAsideRow> = Vec::new();
    let mut streams: Vec<(String, String)> = Vec::new();
    if let Some(run) = run {
        // A number that no import has is refused, not answered with an empty table.
        book.ledger.set_aside_rows(run)?;
    }
    let imports = book.ledger.imports()?;
    for import in imports
        .into_iter()
        .filter(|import| run.is_none_or(|run| run == import.run))
    {
        let found = book.ledger.set_aside_rows(import.run)?;
        for row in found.into_iter().filter(|row| !row.is_closed) {
            let stream = (import.source.clone(), row.stream.clone());
            if !streams.contains(&stream) {
                streams.push(stream);
            }
            rows.push(row);
        }
    }
    let columns = columns(book, &streams, &rows)?;
    let lines = rows.iter().map(|row| Line {
        place: vec![
            row.id.to_string(),
            row.stream.clone(),
            row.file.clone(),
            row.line.to_string(),
            row.column.clone(),
            row.reason.clone(),
        ],
        text: row.text.as_ref(),
    });
    let lines: Vec<Line<'_>> = lines.collect();
    Ok((table(&HEAD, &columns, &lines), rows.len()))
}

/// The rows that a dry run would set aside, as CSV: stream, file, line, column and reason before
/// all columns of their files, to the letter. None has a name: the book does not hold them, and
/// they are mended where they came from.
pub fn foreseen(foreseen: &Foreseen) -> String {
    let lines = foreseen.rows.iter().map(|row| Line {
        place: vec![
            row.stream.clone(),
            row.file.clone(),
            row.line.to_string(),
            row.column.clone(),
            row.reason.clone(),
        ],
        text: Some(&row.text),
    });
    let lines: Vec<Line<'_>> = lines.collect();
    table(HEAD.get(1..).unwrap_or_default(), &foreseen.columns, &lines)
}

/// A row as it goes out: where it is from and why it is aside, and what it says.
struct Line<'a> {
    place: Vec<String>,
    text: Option<&'a AsideText>,
}

/// Rows under their head; a column for those that could not be read where there are any.
fn table(head: &[&str], columns: &[String], lines: &[Line<'_>]) -> String {
    let mut text = String::new();
    let own: Vec<String> = columns.iter().map(|name| outward(name)).collect();
    let is_raw = |line: &Line<'_>| matches!(line.text, Some(AsideText::Raw(_)));
    let raw = lines.iter().any(is_raw).then_some(RAW);
    let head = head.iter().copied().chain(raw);
    push_line(&mut text, head.chain(own.iter().map(String::as_str)));
    for line in lines {
        let raw = raw.map(|_| match line.text {
            Some(AsideText::Raw(raw)) => raw.as_str(),
            _ => "",
        });
        let cell = |name: &String| match line.text {
            Some(AsideText::Cells(cells)) => cells
                .iter()
                .find(|(known, _)| known == name)
                .map_or("", |(_, text)| text),
            _ => "",
        };
        let place = line.place.iter().map(String::as_str);
        push_line(&mut text, place.chain(raw).chain(columns.iter().map(cell)));
    }
    text
}

/// All columns of the streams in the order of their files, those included that all of the rows
/// leave blank: what is missing has to be put somewhere. Then any others that a row has.
fn columns(
    book: &Book,
    streams: &[(String, String)],
    rows: &[SetAsideRow],
) -> Result<Vec<String>, Refusal> {
    let mut all = Vec::new();
    for (source, stream) in streams {
        all.extend(book.ledger.header(source, stream)?);
    }
    for row in rows {
        if let Some(AsideText::Cells(cells)) = &row.text {
            all.extend(cells.iter().map(|(name, _)| name.clone()));
        }
    }
    let mut seen = BTreeSet::new();
    all.retain(|name| seen.insert(name.clone()));
    Ok(all)
}

fn push_line<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        match cell.contains([',', '"', '\n', '\r']) {
            true => text.push_str(&format!("\"{}\"", cell.replace('"', "\"\""))),
            false => text.push_str(cell),
        }
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_sources_own_columns_come_back_and_ours_are_never_taken_for_them() {
        for name in [
            "id",
            "_fivetran_synced",
            "_file",
            "__file",
            "_row",
            "___raw",
            "_",
        ] {
            let out = outward(name);
            assert_eq!(inward(&out), Some(name), "{name} {out}");
            assert!(!HEAD.contains(&out.as_str()) && out != RAW, "{out}");
        }
        assert!(HEAD.iter().chain([&RAW]).all(|name| inward(name).is_none()));
    }
}
