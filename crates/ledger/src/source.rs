//! The port of a source: how rows of text reach the ledger.
//!
//! `connect` implements [`Source`] for files; the ledger only sees batches of text. This module
//! knows nothing of formats, encodings or networks. Read on in `import`, which takes the batches.

use std::sync::Arc;

use arrow::array::{Array, StringArray};
use arrow::compute::concat;
use handfast_model::Refusal;

/// Rows of one file of one stream, all text, column by column.
#[derive(Clone, Debug)]
pub struct TextBatch {
    /// The stream's name in its pack.
    pub stream: String,
    /// The file, as it is shown to people: a name without folders.
    pub file: String,
    /// The file's columns.
    pub columns: Arc<[String]>,
    /// One array per column. From a source a cell is never NULL: an empty text is an empty field.
    /// Rows the ledger hands on for mapping carry NULL where an erased person's text was.
    pub cells: Vec<StringArray>,
    /// The line of the file each row starts on, from 1.
    pub lines: Vec<u32>,
    /// Rows of this stretch of the file that could not be read as rows.
    pub bad: Vec<BadRow>,
    /// Whether the file ends with this batch.
    pub ends_file: bool,
}

impl TextBatch {
    /// A stretch of a file from texts, row by row; a row that is too short is filled up.
    pub fn of_texts(
        stream: &str,
        file: &str,
        columns: &[String],
        rows: &[(u32, Vec<String>)],
    ) -> TextBatch {
        let text = |row: &'_ (u32, Vec<String>), at: usize| row.1.get(at).cloned();
        let column = |at: usize| -> StringArray {
            let texts = rows.iter().map(|row| text(row, at).unwrap_or_default());
            StringArray::from_iter_values(texts)
        };
        TextBatch {
            stream: stream.to_owned(),
            file: file.to_owned(),
            columns: columns.into(),
            cells: (0..columns.len()).map(column).collect(),
            lines: rows.iter().map(|(line, _)| *line).collect(),
            bad: Vec::new(),
            ends_file: false,
        }
    }

    /// The rows of batches with the same columns as one batch, in their order; `None` where columns
    /// differ. Rows that could not be read stay behind: there is nothing in them to be mapped.
    pub fn joined(batches: &[TextBatch]) -> Option<TextBatch> {
        let (first, rest) = batches.split_first()?;
        let is_alike = |one: &TextBatch| one.stream == first.stream && one.columns == first.columns;
        if !rest.iter().all(is_alike) {
            return None;
        }
        if rest.is_empty() {
            return Some(first.clone());
        }
        let column = |at: usize| {
            let parts: Vec<&dyn Array> = batches
                .iter()
                .filter_map(|one| one.cells.get(at).map(|cells| cells as &dyn Array))
                .collect();
            let joined = concat(&parts).ok()?;
            joined.as_any().downcast_ref::<StringArray>().cloned()
        };
        let cells: Option<Vec<StringArray>> = (0..first.columns.len()).map(column).collect();
        Some(TextBatch {
            stream: first.stream.clone(),
            file: first.file.clone(),
            columns: Arc::clone(&first.columns),
            cells: cells?,
            lines: batches.iter().flat_map(|one| &one.lines).copied().collect(),
            bad: Vec::new(),
            ends_file: false,
        })
    }

    /// The text of a cell; empty where there is none.
    pub fn text(&self, column: usize, row: usize) -> &str {
        crate::layout::cell(self, column, row)
    }

    /// One row that no file holds, by columns and texts: something that people said themselves.
    pub fn said(stream: &str, by: &str, cells: &[(&str, &str)]) -> TextBatch {
        let column = |(_, text): &(&str, &str)| StringArray::from_iter_values([*text]);
        TextBatch {
            stream: stream.to_owned(),
            file: by.to_owned(),
            columns: cells.iter().map(|(name, _)| (*name).to_owned()).collect(),
            cells: cells.iter().map(column).collect(),
            lines: vec![1],
            bad: Vec::new(),
            ends_file: true,
        }
    }

    /// How many rows could be read.
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// How much text it holds.
    pub fn bytes(&self) -> usize {
        let cells = self.cells.iter().map(|cells| cells.value_data().len());
        let bad = self.bad.iter().map(|bad| bad.text.len());
        cells.chain(bad).sum()
    }

    /// Whether this is all of a file without a single byte: no rows, and not even columns.
    pub fn is_blank(&self) -> bool {
        self.columns.is_empty() && self.rows() == 0 && self.bad.is_empty()
    }

    /// Position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }
}

/// A row that could not be read as one; it is set aside, whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadRow {
    /// Its first line in the file, from 1.
    pub line: u32,
    /// The column at fault, empty when the whole row is.
    pub column: String,
    /// Why, in few words that are the same for all rows with this defect.
    pub reason: String,
    /// The row as it stands in the file.
    pub text: String,
}

/// Something that hands over rows of text, file after file.
pub trait Source {
    /// The next batch, or `None` after the last. All batches of a file come one after another,
    /// in file order; an empty file gives one empty batch.
    fn next_batch(&mut self) -> Result<Option<TextBatch>, Refusal>;

    /// A hash of all bytes of the file that the last batch came from, where the source has one.
    fn content(&self) -> Option<&str> {
        None
    }
}
