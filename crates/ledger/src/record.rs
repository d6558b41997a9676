//! Rows of the record and life tables, as columns.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, BooleanArray, Int64Array, StringArray, UInt32Array};
use arrow::compute::filter;
use arrow::error::ArrowError;
use handfast_model::{RecordKey, Refusal};

use crate::classified::{ClassifiedRow, Fresh, Personal};
use crate::import::{Ended, Ending};
use crate::known::Life;
use crate::refuse;
use crate::table;

/// How many of a batch's rows are kept: the new ones that are not set aside.
pub(crate) fn count(ended: &Ended) -> usize {
    ended
        .endings
        .iter()
        .filter(|ending| is_kept(ending))
        .count()
}

/// Hands on the record columns of the rows of several batches that are kept, one batch after the
/// other.
pub(crate) fn columns(
    source: &str,
    batches: Vec<Ended>,
    each: &mut dyn FnMut(Vec<ArrayRef>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    for mut ended in batches {
        let personal = std::mem::replace(&mut ended.classified.personal, Personal::Away(0));
        let sealed = personal.sealed()?;
        let sealed = sealed.ok_or_else(|| refuse::uneven("sealed columns went missing"))?;
        let columns = of_batch(source, &ended, &sealed);
        drop((ended, sealed));
        each(columns.map_err(|error| refuse::uneven(error.to_string()))?)?;
    }
    Ok(())
}

fn is_kept(ending: &Ending) -> bool {
    !matches!(ending, Ending::SetAside { .. })
}

fn of_batch(
    source: &str,
    ended: &Ended,
    sealed: &BinaryArray,
) -> Result<Vec<ArrayRef>, ArrowError> {
    let (classified, endings) = (&ended.classified, &ended.endings);
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
        filter(sealed, &mask)?,
        table::hashes(kept.iter().map(|row| Some(row.fresh.content.clear)))?,
        table::hashes(kept.iter().map(|row| row.fresh.content.personal))?,
    ])
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
