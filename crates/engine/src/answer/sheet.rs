//! A sheet: members sorted into rows by their dimensions and into columns by what they are counted
//! as. Every figure of an answer is read off its members, so the records behind a figure are
//! exactly as many as the figure says.

use std::collections::HashMap;

use handfast_kernels::funnel::VisitRef;
use handfast_model::{Cell, Day};

/// What a figure counts: one member per unit counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Member {
    /// A stay, by its place in the list the kernel gave.
    Stay(u32),
    /// A visit, where a unit's stay is of several and each deal counts by itself.
    Visit(VisitRef),
    /// A cohort entry, by its place in the list the kernel gave.
    Entry(u32),
    /// A time between two moments, by its place in the tally.
    Span(u32),
    /// A member of a metric, by its place in the list the kernel gave.
    Measured(u32),
    /// A lead, or a thing that a check found, by its place in the tally.
    Item(u32),
}

/// The value of one dimension, in the order rows are shown; what is not known comes last.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Key {
    /// A period by its first day.
    Period(Day, String),
    /// A fixed place in the charter or the answer, with its name.
    Place(u32, String),
    /// A name.
    Text(String),
    /// Not known.
    Unknown,
    /// Of a deal that no touch may earn credit for.
    NoTouch,
}

impl Key {
    /// As a cell.
    pub fn cell(&self) -> Cell {
        match self {
            Key::Period(_, label) | Key::Place(_, label) | Key::Text(label) => {
                Cell::Text(label.clone())
            }
            Key::Unknown => Cell::Unknown,
            Key::NoTouch => Cell::Text("unknown: no touch".to_owned()),
        }
    }
}

/// What a row counts in a column.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    members: Vec<Member>,
    /// How many besides, where nobody asks who.
    unlisted: u64,
}

impl Counts {
    /// Those that are listed.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Keeps some members.
    pub fn retain(&mut self, is_kept: impl Fn(&Member) -> bool) {
        self.members.retain(is_kept);
    }
}

/// Members by row and column.
#[derive(Clone, Debug)]
pub struct Sheet {
    width: usize,
    /// Place of each row; looked up, never walked: the rows are sorted when they are read.
    places: HashMap<Vec<Key>, usize>,
    rows: Vec<(Vec<Key>, Vec<Counts>)>,
}

impl Sheet {
    /// An empty sheet of so many member columns.
    pub fn new(width: usize) -> Sheet {
        Sheet {
            width,
            places: HashMap::new(),
            rows: Vec::new(),
        }
    }

    /// Makes sure that a row is there, if only with zeros; gives its place.
    pub fn open_row(&mut self, keys: &[Key]) -> usize {
        if let Some(&place) = self.places.get(keys) {
            return place;
        }
        let place = self.rows.len();
        self.places.insert(keys.to_vec(), place);
        self.rows
            .push((keys.to_vec(), vec![Counts::default(); self.width]));
        place
    }

    /// Adds a member to a row's column.
    pub fn add(&mut self, keys: &[Key], column: usize, member: Member) {
        let place = self.open_row(keys);
        self.add_at(place, column, member);
    }

    /// Adds a member to a column of the row at a place.
    pub fn add_at(&mut self, place: usize, column: usize, member: Member) {
        if let Some(counts) = self.counts(place, column) {
            counts.members.push(member);
        }
    }

    /// Adds so many to a column of the row at a place, without saying who. For figures that count
    /// only, and rows that share nobody.
    pub fn count_at(&mut self, place: usize, column: usize, many: u64) {
        if let Some(counts) = self.counts(place, column) {
            counts.unlisted += many;
        }
    }

    fn counts(&mut self, place: usize, column: usize) -> Option<&mut Counts> {
        let (_, columns) = self.rows.get_mut(place)?;
        columns.get_mut(column)
    }

    /// Takes over the rows of another sheet of the same columns, as if its members had come after
    /// those that are here.
    pub fn append(&mut self, other: Sheet) {
        for (keys, columns) in other.rows {
            let place = self.open_row(&keys);
            for (column, counts) in columns.into_iter().enumerate() {
                if let Some(own) = self.counts(place, column) {
                    own.members.extend(counts.members);
                    own.unlisted += counts.unlisted;
                }
            }
        }
    }

    /// Keeps each member of a column once in its row, as several units may share it.
    pub fn once(&mut self, column: usize) {
        for (_, columns) in &mut self.rows {
            if let Some(counts) = columns.get_mut(column) {
                counts.members.sort_unstable();
                counts.members.dedup();
            }
        }
    }

    /// The rows in the order of their keys.
    pub fn rows(&self) -> impl Iterator<Item = (&[Key], Counted<'_>)> {
        self.sorted().map(|(_, row)| row)
    }

    /// The rows in the order of their keys, with their places.
    pub fn sorted(&self) -> impl Iterator<Item = (usize, (&[Key], Counted<'_>))> {
        let mut rows: Vec<_> = self.places().collect();
        rows.sort_by_key(|(_, (keys, _))| *keys);
        rows.into_iter()
    }

    /// The rows in the order in which they were opened, with their places.
    pub fn places(&self) -> impl Iterator<Item = (usize, (&[Key], Counted<'_>))> {
        let rows = self.rows.iter().enumerate();
        rows.map(|(place, (keys, columns))| (place, (keys.as_slice(), Counted { columns })))
    }

    /// Rows together; a member that is in several of them is there once.
    pub fn together(&self, rows: &[Counted<'_>]) -> Vec<Counts> {
        let column = |at: usize| {
            let mut all = Counts::default();
            for counts in rows.iter().filter_map(|row| row.columns.get(at)) {
                all.members.extend_from_slice(&counts.members);
                all.unlisted += counts.unlisted;
            }
            // Each row's are in order mostly, and a stable sort makes use of that.
            all.members.sort();
            all.members.dedup();
            all
        };
        (0..self.width).map(column).collect()
    }

    /// How many rows there are.
    pub fn row_count(&self) -> usize {
        self.rows.len()
    }
}

/// The members of one row.
#[derive(Clone, Copy)]
pub struct Counted<'a> {
    columns: &'a [Counts],
}

impl<'a> Counted<'a> {
    /// These columns as a row.
    pub fn of(columns: &'a [Counts]) -> Counted<'a> {
        Counted { columns }
    }

    /// The members of a column.
    pub fn members(self, column: usize) -> &'a [Member] {
        self.columns
            .get(column)
            .map_or(&[], |counts| &counts.members)
    }

    /// How many.
    pub fn count(self, column: usize) -> u64 {
        let counts = self.columns.get(column);
        counts.map_or(0, |counts| counts.members.len() as u64 + counts.unlisted)
    }
}
