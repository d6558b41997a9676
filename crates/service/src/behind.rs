//! An answer with the records behind all its figures, as a table to hand on.

use handfast_engine::answer::Record;
use handfast_model::money::grouped;
use handfast_model::question::QuestionKind;
use handfast_model::{Answer, Cell, Column, ColumnKind, Refusal, limits, many};

use crate::ask::{Reply, ask_with_records};
use crate::book::Book;
use crate::resolve::Typed;

/// Answers a question; beside it the records behind its figures: one line for each figure that
/// counts it. Its notes say how many there are, and whether these are all. `None` where there
/// are none.
pub fn ask_with_table(book: &Book, typed: &Typed) -> Result<(Reply, Option<Answer>), Refusal> {
    let (mut heads, mut lines, mut all) = (Vec::new(), Vec::new(), 0u64);
    let mut each = |record: Record<'_>| {
        if all == 0 {
            heads = record.heads.to_vec();
        }
        all += 1;
        if lines.len() < limits::WORKBOOK_RECORDS {
            lines.push((record.column.to_owned(), record.row, record.cells.to_vec()));
        }
    };
    let reply = ask_with_records(book, typed, &mut each)?;
    if all == 0 {
        return Ok((reply, None));
    }
    // Records of credit say themselves in which row they count.
    let has_rows = !matches!(reply.question.kind, QuestionKind::Credit { .. });
    let names = |row: usize| {
        let cells = reply.answer.rows.get(row).map_or(&[][..], Vec::as_slice);
        let names = cells.iter().zip(&reply.answer.columns);
        let names = names.take_while(|(_, column)| is_name(column));
        let names = names.map(|(cell, _)| cell.exact());
        Cell::Text(names.collect::<Vec<_>>().join(", "))
    };
    let rows = lines.into_iter().map(|(column, row, cells)| {
        let row = has_rows.then(|| names(row));
        let first = [Cell::Text(column)].into_iter().chain(row);
        first.chain(cells).collect()
    });
    let column = |id: &str| Column {
        id: id.to_owned(),
        kind: ColumnKind::Text,
        unit: None,
        means: String::new(),
    };
    let first = [column("figure")].into_iter();
    let first = first.chain(has_rows.then(|| column("row")));
    let mut table = reply.answer.clone();
    table.headline = None;
    table.rows = rows.collect();
    table.columns = first.chain(heads).collect();
    table.totals = None;
    table.currency_totals.clear();
    table.notes = vec![note(all, table.rows.len() as u64)];
    Ok((reply, Some(table)))
}

fn is_name(column: &Column) -> bool {
    matches!(column.kind, ColumnKind::Text | ColumnKind::Period)
}

fn note(all: u64, shown: u64) -> String {
    let is_all = all == shown;
    let [all, shown] = [many(all, "record"), grouped(&shown.to_string())];
    match is_all {
        true => format!("{all}, each once for every figure that counts it"),
        false => format!(
            "the first {shown} of {all}, each once for every figure that counts it; \
             --records COLUMN lists those of one figure"
        ),
    }
}
