//! Rows that a rehearsal would set aside, with their reasons: kept in memory for whoever asked,
//! since nothing of a rehearsal is written. They say in clear what the source says of people, and
//! go with whoever holds them.

use handfast_model::limits;

use crate::aside::{AsideText, NewAside};
use crate::import::Import;

/// A row that would be set aside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ForeseenRow {
    /// The stream its file belongs to.
    pub stream: String,
    /// The file.
    pub file: String,
    /// Its first line there.
    pub line: u32,
    /// The column at fault; empty when the whole row is.
    pub column: String,
    /// Why.
    pub reason: String,
    /// What it says.
    pub text: AsideText,
}

/// The rows that a rehearsal would set aside: the first of them, as many as are kept.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Foreseen {
    /// The rows, in the order in which they were read.
    pub rows: Vec<ForeseenRow>,
    /// The columns of their files, in the order in which they were met.
    pub columns: Vec<String>,
    /// How many rows there are beyond these.
    pub more: u64,
    bytes: usize,
}

impl Foreseen {
    pub(crate) fn keep(&mut self, aside: &NewAside, text: &AsideText, columns: &[String]) {
        let of_cell = |(name, cell): &(String, String)| name.len() + cell.len();
        let own: usize = match text {
            AsideText::Cells(cells) => cells.iter().map(of_cell).sum(),
            AsideText::Raw(raw) => raw.len(),
        };
        let bytes = self.bytes.saturating_add(own);
        // Once one is left out all after it are, so that what is kept is the beginning.
        let is_full = self.more > 0
            || self.rows.len() >= limits::FORESEEN_ROWS
            || bytes > limits::FORESEEN_BYTES;
        if is_full {
            self.more += 1;
            return;
        }
        self.bytes = bytes;
        for column in columns {
            if !self.columns.contains(column) {
                self.columns.push(column.clone());
            }
        }
        self.rows.push(ForeseenRow {
            stream: aside.stream.clone(),
            file: aside.file.clone(),
            line: aside.line,
            column: aside.column.clone(),
            reason: aside.reason.clone(),
            text: text.clone(),
        });
    }

    /// Those of both, one after the other.
    pub fn and(mut self, other: Foreseen) -> Foreseen {
        self.more += other.more;
        self.rows.extend(other.rows);
        for column in other.columns {
            if !self.columns.contains(&column) {
                self.columns.push(column);
            }
        }
        self
    }
}

impl Import {
    /// The rows that a rehearsal would set aside, as far as it has come; none of an import, whose
    /// rows are in the book.
    pub fn take_foreseen(&mut self) -> Foreseen {
        let kept = self.rehearsal.as_mut().map(std::mem::take);
        kept.unwrap_or_default()
    }
}
