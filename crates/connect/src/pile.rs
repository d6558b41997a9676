//! Rows of a file, gathered into batches of text.
//!
//! Whatever a file is written in, its rows come together here: one place knows how large a batch
//! may be, which texts no row may hold, and that a column which the file lacks is an empty one.

use std::sync::Arc;

use arrow::array::{StringArray, StringBuilder};
use handfast_ledger::{BadRow, TextBatch};
use handfast_model::limits::{BATCH_ROWS, FIELD_BYTES, ROW_BYTES};
use handfast_model::pack::Stream;

use crate::header::spell;

/// A batch is handed on early when its texts reach this size, however few rows it has.
const BATCH_BYTES: usize = 32 << 20;
/// What a cell costs besides its text.
const CELL_BYTES: usize = 4;
/// How much of a bad row is kept to be mended.
pub(crate) const RAW_BYTES: usize = 64 << 10;

/// U+0001 and U+0002 carry parsed values inside mappings; no export holds them on purpose.
pub(crate) const CONTROL: &str = "a control character that no text file has (U+0000 to U+0002)";
pub(crate) const LONG_FIELD: &str = "a field longer than 1 MiB";
pub(crate) const LONG_ROW: &str = "a row longer than 16 MiB";

/// The rows of one file since the last batch.
pub(crate) struct Pile {
    stream: String,
    file: String,
    columns: Arc<[String]>,
    builders: Vec<StringBuilder>,
    lines: Vec<u32>,
    bad: Vec<BadRow>,
    bytes: usize,
}

impl Pile {
    /// For a file with these columns, spelled as its stream spells them; those that the stream
    /// calls optional and the file lacks are added.
    pub(crate) fn new(stream: &Stream, file: &str, mut columns: Vec<String>) -> Pile {
        spell(stream, &mut columns);
        if !columns.is_empty() {
            for name in &stream.format.optional {
                if !columns.contains(name) {
                    columns.push(name.clone());
                }
            }
        }
        Pile {
            stream: stream.name.clone(),
            file: file.to_owned(),
            builders: columns.iter().map(|_| StringBuilder::new()).collect(),
            columns: columns.into(),
            lines: Vec::new(),
            bad: Vec::new(),
            bytes: 0,
        }
    }

    /// The columns of its batches.
    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Whether it is time to hand on a batch.
    pub(crate) fn is_full(&self) -> bool {
        self.lines.len() + self.bad.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES
    }

    /// Adds a row. Cells that it lacks are empty; those beyond the columns are left out, so the
    /// caller has to see to it that there are none.
    pub(crate) fn add<'c>(&mut self, line: u32, cells: impl Iterator<Item = &'c str>) {
        let mut cells = cells;
        for builder in &mut self.builders {
            let cell = cells.next().unwrap_or("");
            self.bytes += cell.len() + CELL_BYTES;
            builder.append_value(cell);
        }
        self.lines.push(line);
    }

    /// Adds a row whose texts may be anything: it is set aside when no batch may hold it. `raw`
    /// gives what is kept of it then.
    pub(crate) fn add_checked(
        &mut self,
        line: u32,
        cells: &[impl AsRef<str>],
        raw: impl FnOnce() -> String,
    ) {
        match fault(cells) {
            None => self.add(line, cells.iter().map(AsRef::as_ref)),
            Some((place, reason)) => {
                let column = self.columns.get(place).cloned().unwrap_or_default();
                self.set_aside(line, column, reason, raw());
            }
        }
    }

    /// Adds a row that cannot be read.
    pub(crate) fn set_aside(
        &mut self,
        line: u32,
        column: String,
        reason: impl Into<String>,
        raw: String,
    ) {
        let text = cut(raw);
        self.bytes += text.len() + CELL_BYTES;
        self.bad.push(BadRow {
            line,
            column,
            reason: reason.into(),
            text,
        });
    }

    /// What has come since the last batch.
    pub(crate) fn batch(&mut self, ends_file: bool) -> TextBatch {
        self.bytes = 0;
        let cells: Vec<StringArray> = self.builders.iter_mut().map(|b| b.finish()).collect();
        TextBatch {
            stream: self.stream.clone(),
            file: self.file.clone(),
            columns: Arc::clone(&self.columns),
            cells,
            lines: std::mem::take(&mut self.lines),
            bad: std::mem::take(&mut self.bad),
            ends_file,
        }
    }
}

/// The first cell that no batch may hold, and why.
fn fault(cells: &[impl AsRef<str>]) -> Option<(usize, &'static str)> {
    let mut length = 0;
    for (place, cell) in cells.iter().enumerate() {
        let cell = cell.as_ref();
        length += cell.len();
        if cell.len() > FIELD_BYTES {
            return Some((place, LONG_FIELD));
        }
        if cell.bytes().any(|byte| byte < 3) {
            return Some((place, CONTROL));
        }
    }
    (length > ROW_BYTES).then_some((usize::MAX, LONG_ROW))
}

/// At most so much of a bad row, cut between two characters.
fn cut(mut text: String) -> String {
    if text.len() > RAW_BYTES {
        let end = (0..=RAW_BYTES)
            .rev()
            .find(|end| text.is_char_boundary(*end));
        text.truncate(end.unwrap_or(0));
    }
    text
}

/// Cells as one line of CSV, for a row that is kept to be mended.
pub(crate) fn as_line(cells: &[impl AsRef<str>]) -> String {
    let mut line = String::new();
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            line.push(',');
        }
        let cell = cell.as_ref();
        match cell.contains([',', '"', '\n', '\r']) {
            true => line.push_str(&format!("\"{}\"", cell.replace('"', "\"\""))),
            false => line.push_str(cell),
        }
        if line.len() > RAW_BYTES {
            break;
        }
    }
    line
}
