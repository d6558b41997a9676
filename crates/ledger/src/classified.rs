//! A batch whose rows are told: what each of them is to the book, and what is kept of the new ones
//! until their commit.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{BinaryArray, StringArray, UInt32Array};
use arrow::compute::take;
use handfast_model::{RecordKey, Refusal};

use crate::aside::SentBack;
use crate::entries::Entry;
use crate::known::Content;
use crate::layout::cell;
use crate::source::TextBatch;
use crate::unsealed::{Sealed, Unsealed};

/// What a row is to the book.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum RowState {
    /// A new record, or a new version of one: it is to be mapped.
    New,
    /// This content of this version is known already.
    Known,
    /// The same key and version with other content; without declared versions, one key twice in
    /// one file with other content. The first counts.
    Conflict,
    /// Its key columns are all empty.
    Unkeyed,
    /// It cannot be taken in, and what it says was set aside before and came in mended.
    Answered,
    /// Its declared version is neither a whole number nor a stamp.
    Unversioned,
    /// It says what a row before it says that could not be mapped: it ends like that one.
    Twin,
    /// A row before it in its file has its key and other content and could not be mapped: which of
    /// the two counts is not to be told.
    Rival,
}

impl RowState {
    /// Why such a row is set aside.
    pub fn reason(self) -> Option<&'static str> {
        match self {
            RowState::New | RowState::Known | RowState::Answered | RowState::Twin => None,
            RowState::Conflict => Some("conflict"),
            RowState::Unkeyed => Some("no key"),
            RowState::Unversioned => Some("unreadable version"),
            RowState::Rival => Some("a row before it with its key cannot be mapped"),
        }
    }
}

/// Why a mended row stays set aside whose key another row has with other content.
pub(crate) const UNDECIDED: &str =
    "conflict: another row has its key; give it a key of its own, or delete the line";

/// A row, classified.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClassifiedRow {
    /// Its record.
    pub key: RecordKey,
    /// Its version.
    pub version: i64,
    /// What it is to the book.
    pub state: RowState,
}

impl ClassifiedRow {
    /// Its defect was mended before. A new row has none until it is mapped.
    pub(crate) fn end_answered(&mut self) {
        if self.state != RowState::New {
            self.state = RowState::Answered;
        }
    }
}

/// What new rows say of people.
pub(crate) enum Personal {
    /// Still to be sealed.
    Unsealed(Unsealed),
    /// Somebody seals it.
    Away(usize),
    /// Sealed.
    Sealed(BinaryArray),
}

impl Personal {
    /// How many bytes it is, sealed.
    fn bytes(&self) -> usize {
        match self {
            Personal::Unsealed(unsealed) => unsealed.bytes(),
            Personal::Away(bytes) => *bytes,
            Personal::Sealed(sealed) => sealed.value_data().len(),
        }
    }

    /// Sealed at last; `None` if it was taken and never given back.
    pub(crate) fn sealed(self) -> Result<Option<BinaryArray>, Refusal> {
        match self {
            Personal::Unsealed(unsealed) => Ok(Some(unsealed.seal()?.0)),
            Personal::Away(_) => Ok(None),
            Personal::Sealed(sealed) => Ok(Some(sealed)),
        }
    }
}

/// A batch, classified.
pub struct Classified {
    /// The batch as it came.
    pub batch: TextBatch,
    /// One per row.
    pub rows: Vec<ClassifiedRow>,
    /// Positions of the new rows, in order.
    pub fresh: Vec<u32>,
    pub(crate) details: Vec<Fresh>,
    /// Of each new row: whom it names, what it says in clear, and what it says of people.
    pub(crate) people: BinaryArray,
    pub(crate) clear: StringArray,
    pub(crate) personal: Personal,
    /// Rows and the slots of the people they name, for rows that will be set aside.
    pub(crate) slots: Vec<(u32, u32)>,
    /// Rows with erased people, and the columns left out of them.
    pub(crate) left_out: Vec<(u32, Vec<usize>)>,
    /// Columns that hold people's keys.
    pub(crate) key_columns: Vec<usize>,
    /// The set-aside rows that these are, mended; one per row, or none at all.
    pub(crate) mends: Vec<SentBack>,
    /// Rows that say what a row said that came in mended.
    pub(crate) answered: BTreeSet<usize>,
    /// The number of its file in the import.
    pub(crate) file: u32,
}

impl Classified {
    /// The new rows, ready to be mapped: NULL where an erased person's text was. Their key is
    /// there, for it goes nowhere but into the hash by which facts are still counted as theirs.
    pub fn to_map(&self) -> TextBatch {
        let chosen = UInt32Array::from(self.fresh.clone());
        let mut hidden: HashMap<usize, Vec<u32>> = HashMap::new();
        for (row, columns) in &self.left_out {
            for column in columns.iter().filter(|at| !self.key_columns.contains(at)) {
                hidden.entry(*column).or_default().push(*row);
            }
        }
        let is_whole = self.fresh.len() == self.batch.rows();
        let column = |(at, cells): (usize, &StringArray)| -> StringArray {
            match hidden.get(&at) {
                None if is_whole => cells.clone(),
                None => taken(cells, &chosen),
                Some(rows) => self
                    .fresh
                    .iter()
                    .map(|row| {
                        let is_hidden = rows.binary_search(row).is_ok();
                        (!is_hidden).then(|| cell(&self.batch, at, *row as usize))
                    })
                    .collect(),
            }
        };
        let lines = self.fresh.iter();
        TextBatch {
            stream: self.batch.stream.clone(),
            file: self.batch.file.clone(),
            columns: Arc::clone(&self.batch.columns),
            cells: self.batch.cells.iter().enumerate().map(column).collect(),
            lines: lines
                .filter_map(|row| self.batch.lines.get(*row as usize).copied())
                .collect(),
            bad: Vec::new(),
            ends_file: self.batch.ends_file,
        }
    }

    /// How many of its rows are new.
    pub fn new_rows(&self) -> usize {
        self.fresh.len()
    }

    /// How much text it holds, as it came and as it will be kept.
    pub fn bytes(&self) -> usize {
        self.batch.bytes() + self.clear.value_data().len() + self.personal.bytes()
    }

    /// Hands over what is to be sealed, to be done beside other work and given back by
    /// [`Classified::put_sealed`]. What nobody takes is sealed when the rows are written.
    pub fn take_unsealed(&mut self) -> Option<Unsealed> {
        let away = Personal::Away(self.personal.bytes());
        match std::mem::replace(&mut self.personal, away) {
            Personal::Unsealed(unsealed) if !unsealed.is_empty() => Some(unsealed),
            other => {
                self.personal = other;
                None
            }
        }
    }

    /// Takes back what was sealed.
    pub fn put_sealed(&mut self, sealed: Sealed) {
        self.personal = Personal::Sealed(sealed.0);
    }

    /// Lets go of the rows as they came, once nothing asks for them any more.
    pub(crate) fn forget_texts(&mut self) {
        self.batch.cells = Vec::new();
    }

    /// The slots of the people a row names.
    pub(crate) fn slots(&self, row: usize) -> impl Iterator<Item = u32> + '_ {
        let from = self.slots.partition_point(|(at, _)| (*at as usize) < row);
        let rest = self.slots.get(from..).unwrap_or_default().iter();
        rest.take_while(move |(at, _)| *at as usize == row)
            .map(|(_, slot)| *slot)
    }

    /// The columns of a row that are left out, as they are of somebody erased.
    pub(crate) fn hidden(&self, row: usize) -> &[usize] {
        let place = self
            .left_out
            .binary_search_by_key(&row, |(at, _)| *at as usize);
        let found = place.ok().and_then(|at| self.left_out.get(at));
        found.map_or(&[], |(_, columns)| columns)
    }

    /// The new rows' records, in the order of [`Classified::to_map`].
    pub fn fresh_rows(&self) -> impl Iterator<Item = ClassifiedRow> + '_ {
        let row = |at: &u32| self.rows.get(*at as usize).copied();
        self.fresh.iter().filter_map(row)
    }
}

/// Chosen cells of a column.
pub(crate) fn taken(cells: &StringArray, chosen: &UInt32Array) -> StringArray {
    use arrow::array::AsArray;
    take(cells, chosen, None)
        .ok()
        .and_then(|cells| cells.as_string_opt::<i32>().cloned())
        .unwrap_or_else(|| StringArray::new_null(chosen.len()))
}

/// What is kept of a new row until its commit.
pub(crate) struct Fresh {
    pub content: Content,
    /// What was known of the key before; mostly nothing.
    pub previous: Option<Box<Entry>>,
}

impl Fresh {
    pub(crate) fn previous(&self) -> Option<Entry> {
        self.previous.as_deref().copied()
    }
}
