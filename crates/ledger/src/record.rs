//! Rows of the record and life tables, as columns.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, Int64Array, StringArray, UInt32Array};
use arrow::compute::{concat, filter};
use arrow::error::ArrowError;
use handfast_model::RecordKey;

use crate::classified::{Classified, ClassifiedRow, Fresh};
use crate::import::Ending;
use crate::known::Life;
use crate::table;

/// The record columns of a batch's new rows that are not set aside.
pub(crate) fn columns(
    source: &str,
    classified: &Classified,
    endings: &[Ending],
) -> Result<Vec<ArrayRef>, ArrowError> {
    let is_kept = |ending: &Ending| !matches!(ending, Ending::SetAside { .. });
    let kept: Vec<Kept<'_>> = classified
        .fresh_rows()
        .zip(&classified.fresh)
        .zip(classified.details.iter().zip(endings))
        .filter(|(_, (_, ending))| is_kept(ending))
        .map(|((found, row), (fresh, ending))| Kept {
            found,
            line: classified
                .batch
                .lines
                .get(*row as usize)
                .copied()
                .unwrap_or(0),
            fresh,
            ending,
        })
        .collect();
    let mask: BooleanArray = endings.iter().map(|ending| Some(is_kept(ending))).collect();
    let same = |text: &str| table::same(text, kept.len());
    Ok(vec![
        same(source),
        same(&classified.batch.stream),
        table::hashes(kept.iter().map(|row| Some(row.found.key.0)))?,
        Arc::new(Int64Array::from_iter_values(
            kept.iter().map(|row| row.found.version),
        )),
        Arc::new(StringArray::from_iter_values(
            kept.iter().map(|row| word(row.ending)),
        )),
        Arc::new(StringArray::from_iter(
            kept.iter().map(|row| row.ending.rule()),
        )),
        same(&classified.batch.file),
        Arc::new(UInt32Array::from_iter_values(
            kept.iter().map(|row| row.line),
        )),
        filter(&classified.people, &mask)?,
        filter(&classified.clear, &mask)?,
        filter(&classified.sealed, &mask)?,
        table::hashes(kept.iter().map(|row| Some(row.fresh.content.clear)))?,
        table::hashes(kept.iter().map(|row| row.fresh.content.personal))?,
    ])
}

/// One set of columns of several; a column of them is gone when it is joined.
pub(crate) fn join(mut sets: Vec<Vec<ArrayRef>>) -> Result<Vec<ArrayRef>, ArrowError> {
    if sets.len() < 2 {
        return Ok(sets.pop().unwrap_or_default());
    }
    let mut joined = Vec::new();
    loop {
        let pieces: Vec<ArrayRef> = sets.iter_mut().filter_map(Vec::pop).collect();
        if pieces.is_empty() {
            joined.reverse();
            return Ok(joined);
        }
        let pieces: Vec<&dyn Array> = pieces.iter().map(AsRef::as_ref).collect();
        joined.push(concat(&pieces)?);
    }
}

struct Kept<'a> {
    found: ClassifiedRow,
    line: u32,
    fresh: &'a Fresh,
    ending: &'a Ending,
}

fn word(ending: &Ending) -> &'static str {
    match ending {
        Ending::Mapped => "mapped",
        Ending::Reference => "reference",
        Ending::Ignored { .. } | Ending::Deleted => "ignored",
        Ending::SetAside { .. } => "set aside",
    }
}

/// Rows of the life table of one stream.
pub(crate) type LifeRows = Vec<(RecordKey, i64, Life)>;

/// Their columns.
pub(crate) fn life_columns(
    source: &str,
    stream: &str,
    rows: &LifeRows,
) -> Result<Vec<ArrayRef>, ArrowError> {
    let same = |text: &str| table::same(text, rows.len());
    Ok(vec![
        same(source),
        same(stream),
        table::hashes(rows.iter().map(|(key, _, _)| Some(key.0)))?,
        Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.1))),
        Arc::new(StringArray::from_iter_values(
            rows.iter().map(|row| row.2.word()),
        )),
    ])
}
