//! A sheet: members sorted into rows by their dimensions and into columns by what they are counted
//! as. Every figure of an answer is read off its members, so the records behind a figure are
//! exactly as many as the figure says.

use std::collections::BTreeMap;

use handfast_model::{Cell, Day};

/// What a figure counts: one member per unit counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Member {
    /// A stay, by its place in the list the kernel gave.
    Stay(u32),
    /// A cohort entry, by its place in the list the kernel gave.
    Entry(u32),
    /// A time between two moments, by its place in the tally.
    Span(u32),
    /// A member of a metric, by its place in the list the kernel gave.
    Measured(u32),
}

/// The value of one dimension, in the order rows are shown; what is not known comes last.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Key {
    /// A period by its first day.
    Period(Day, String),
    /// A fixed place in the charter or the answer, with its name.
    Place(u32, String),
    /// A name.
    Text(String),
    /// Not known.
    Unknown,
}

impl Key {
    /// As a cell.
    pub fn cell(&self) -> Cell {
        match self {
            Key::Period(_, label) | Key::Place(_, label) | Key::Text(label) => {
                Cell::Text(label.clone())
            }
            Key::Unknown => Cell::Unknown,
        }
    }
}

/// Members by row and column.
#[derive(Clone, Debug)]
pub struct Sheet {
    width: usize,
    rows: BTreeMap<Vec<Key>, Vec<Vec<Member>>>,
    totals: Vec<Vec<Member>>,
}

impl Sheet {
    /// An empty sheet of so many member columns.
    pub fn new(width: usize) -> Sheet {
        Sheet {
            width,
            rows: BTreeMap::new(),
            totals: vec![Vec::new(); width],
        }
    }

    /// Makes sure that a row is there, if only with zeros.
    pub fn open_row(&mut self, keys: &[Key]) {
        if !self.rows.contains_key(keys) {
            self.rows
                .insert(keys.to_vec(), vec![Vec::new(); self.width]);
        }
    }

    /// Adds a member to a row's column and to the column's total.
    pub fn add(&mut self, keys: &[Key], column: usize, member: Member) {
        self.open_row(keys);
        let cell = self.rows.get_mut(keys).and_then(|row| row.get_mut(column));
        cell.into_iter().for_each(|members| members.push(member));
        self.totals
            .get_mut(column)
            .into_iter()
            .for_each(|members| members.push(member));
    }

    /// The rows in order.
    pub fn rows(&self) -> impl Iterator<Item = (&[Key], Counted<'_>)> {
        self.rows
            .iter()
            .map(|(keys, columns)| (keys.as_slice(), Counted { columns }))
    }

    /// All rows together; a member that is in several rows is counted once.
    pub fn totals(&mut self) -> Counted<'_> {
        for members in &mut self.totals {
            members.sort_unstable();
            members.dedup();
        }
        Counted {
            columns: &self.totals,
        }
    }

    /// How many rows there are.
    pub fn row_count(&self) -> usize {
        self.rows.len()
    }
}

/// The members of one row.
#[derive(Clone, Copy)]
pub struct Counted<'a> {
    columns: &'a [Vec<Member>],
}

impl<'a> Counted<'a> {
    /// The members of a column.
    pub fn members(self, column: usize) -> &'a [Member] {
        self.columns.get(column).map_or(&[], Vec::as_slice)
    }

    /// How many.
    pub fn count(self, column: usize) -> u64 {
        self.members(column).len() as u64
    }
}
