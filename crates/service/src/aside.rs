//! Rows that are set aside: exported with their reasons, to be mended and imported again.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use handfast_ledger::{AsideText, SetAsideRow};
use handfast_model::Refusal;

use crate::book::Book;

/// Writes all rows that are still set aside to a CSV file, with stream, file, line, column and
/// reason before their own columns. Gives how many.
pub fn export(book: &Book, to: &Path) -> Result<usize, Refusal> {
    let mut rows: Vec<SetAsideRow> = Vec::new();
    for import in book.ledger.imports()? {
        let found = book.ledger.set_aside_rows(import.run)?;
        rows.extend(found.into_iter().filter(|row| !row.is_closed));
    }
    let columns = columns(&rows);
    let mut text = String::new();
    let head = ["_stream", "_file", "_line", "_column", "_reason"];
    push_line(
        &mut text,
        head.iter()
            .copied()
            .chain(columns.iter().map(String::as_str)),
    );
    for row in &rows {
        let line = row.line.to_string();
        let place = [
            row.stream.as_str(),
            &row.file,
            &line,
            &row.column,
            &row.reason,
        ];
        let cell = |name: &String| match &row.text {
            Some(AsideText::Cells(cells)) => cells
                .iter()
                .find(|(known, _)| known == name)
                .map_or("", |(_, text)| text),
            Some(AsideText::Raw(raw)) if columns.first() == Some(name) => raw.as_str(),
            _ => "",
        };
        push_line(&mut text, place.into_iter().chain(columns.iter().map(cell)));
    }
    fs::write(to, text).map_err(|error| {
        Refusal::new("E0254", format!("cannot write `{}`: {error}", to.display()))
            .fix("check the path and the disk")
    })?;
    Ok(rows.len())
}

/// All columns of the rows, `_raw` first when some row could not be read into columns.
fn columns(rows: &[SetAsideRow]) -> Vec<String> {
    let (mut names, mut seen, mut has_raw) = (Vec::new(), BTreeSet::new(), false);
    for row in rows {
        match &row.text {
            Some(AsideText::Cells(cells)) => {
                names.extend(
                    cells
                        .iter()
                        .filter(|(name, _)| seen.insert(name.clone()))
                        .map(|(name, _)| name.clone()),
                );
            }
            Some(AsideText::Raw(_)) => has_raw = true,
            None => {}
        }
    }
    if has_raw {
        names.insert(0, "_raw".to_owned());
    }
    names
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
