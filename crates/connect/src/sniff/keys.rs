//! Which columns name a row: one that is filled and different in every row, else the smallest set
//! found that is.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};

/// Different texts that are remembered per column; beyond, a column is only said to be unique up
/// to the row where memory ended.
const MOST_TEXTS: usize = 2_000_000;
/// Columns that are tried together when none names a row alone.
const MOST_TRIED: usize = 14;
/// Columns of a key that is put together.
const MOST_PARTS: usize = 8;

/// Different texts of one column, or of several taken together.
#[derive(Debug)]
pub(super) struct Distinct {
    seen: HashSet<u64>,
    /// Rows whose texts had come before.
    pub repeats: u64,
    /// Whether memory ended, so that later repeats were not seen.
    pub is_cut: bool,
}

impl Distinct {
    pub fn new() -> Distinct {
        Distinct {
            seen: HashSet::new(),
            repeats: 0,
            is_cut: false,
        }
    }

    pub fn add(&mut self, hash: u64) {
        if self.seen.len() >= MOST_TEXTS {
            self.is_cut = true;
        } else if !self.seen.insert(hash) {
            self.repeats += 1;
        }
    }

    pub fn count(&self) -> u64 {
        self.seen.len() as u64
    }
}

/// Hashes texts; the same in one run.
#[derive(Default)]
pub(super) struct Hashing(RandomState);

impl Hashing {
    pub fn one(&self, text: &str) -> u64 {
        let mut hasher = self.0.build_hasher();
        hasher.write(text.as_bytes());
        hasher.finish()
    }

    /// A whole row, to the letter.
    pub fn row<'a>(&self, cells: impl Iterator<Item = &'a str>) -> u64 {
        let mut hasher = self.0.build_hasher();
        for cell in cells {
            hasher.write_usize(cell.len());
            hasher.write(cell.as_bytes());
        }
        hasher.finish()
    }

    fn many(&self, hashes: impl Iterator<Item = u64>) -> u64 {
        let mut hasher = self.0.build_hasher();
        hashes.for_each(|hash| hasher.write_u64(hash));
        hasher.finish()
    }
}

/// A key of several columns, watched over the rows that follow.
#[derive(Debug)]
pub(super) struct Composite {
    /// Places of its columns.
    pub columns: Vec<usize>,
    distinct: Distinct,
}

impl Composite {
    /// Counts one row, given as the hashes of all its cells.
    pub fn add(&mut self, hashing: &Hashing, row: &[u64]) {
        let parts = self.columns.iter().filter_map(|at| row.get(*at).copied());
        let hash = hashing.many(parts);
        self.distinct.add(hash);
    }

    /// Rows that another row has the key of.
    pub fn repeats(&self) -> u64 {
        self.distinct.repeats
    }

    fn over(columns: Vec<usize>, hashing: &Hashing, rows: &[Vec<u64>]) -> Composite {
        let mut composite = Composite {
            columns,
            distinct: Distinct::new(),
        };
        for row in rows {
            composite.add(hashing, row);
        }
        composite
    }
}

/// Puts a key together from these columns (places, the likeliest part first) over the first rows.
/// Stops when no row repeats another, or no column helps.
pub(super) fn put_together(
    likely: &[usize],
    hashing: &Hashing,
    rows: &[Vec<u64>],
) -> Option<Composite> {
    let tried: Vec<usize> = likely.iter().take(MOST_TRIED).copied().collect();
    let mut best: Option<Composite> = None;
    for (at, first) in tried.iter().enumerate() {
        for second in tried.iter().skip(at + 1) {
            let pair = Composite::over(vec![*first, *second], hashing, rows);
            let is_better = best
                .as_ref()
                .is_none_or(|best| pair.repeats() < best.repeats());
            if pair.repeats() == 0 {
                return Some(pair);
            }
            if is_better {
                best = Some(pair);
            }
        }
    }
    let mut best = best?;
    while best.repeats() > 0 && best.columns.len() < MOST_PARTS {
        let wider = tried
            .iter()
            .filter(|at| !best.columns.contains(at))
            .map(|at| {
                let columns = best.columns.iter().chain([at]).copied().collect();
                Composite::over(columns, hashing, rows)
            });
        match wider.min_by_key(Composite::repeats) {
            Some(wider) if wider.repeats() < best.repeats() => best = wider,
            _ => break,
        }
    }
    best.columns.sort_unstable();
    Some(best)
}
