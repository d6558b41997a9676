//! A passport: the proof of an answer, small enough to send along with it.
//!
//! It says what was asked, of which book as of which commit, under which definitions and versions,
//! and what came out: every cell in full. Of the records behind each figure it keeps hashes only,
//! so that it names nobody and still tells which record is another one.

mod sketch;

use std::fmt::{self, Write as _};

pub use sketch::{Sketch, Told};

/// The proof of an answer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Passport {
    /// The book: the hash of its first commit.
    pub book: String,
    /// The commit that the answer is as of.
    pub seq: u64,
    /// The hash of that commit, which covers all before it.
    pub commit: String,
    /// When that commit was recorded.
    pub recorded_at: String,
    /// The canonical text of the question, as of that commit.
    pub question: String,
    /// The charter's content hash.
    pub charter: String,
    /// Pack versions by source.
    pub packs: Vec<(String, String)>,
    /// Kernel versions by name.
    pub kernels: Vec<(String, String)>,
    /// The figures above the rows: id, definition, and the cell as [`crate::Cell::exact`] writes
    /// it. Passports of before have none.
    pub headline: Vec<[String; 3]>,
    /// The columns: id and definition.
    pub columns: Vec<(String, String)>,
    /// The rows, each cell as [`crate::Cell::exact`] writes it.
    pub rows: Vec<Vec<String>>,
    /// The same over all rows.
    pub totals: Option<Vec<String>>,
    /// Defects beside the number, by code.
    pub issues: Vec<(String, u64)>,
    /// What stands behind the figures of each column.
    pub behind: Vec<Behind>,
    /// The hash of all of the above.
    pub seal: String,
}

/// The records behind a column.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Behind {
    /// The column's id.
    pub column: String,
    /// How many records its figures rest on, counted in each row that they are in.
    pub records: u64,
    /// Each of them, in order; or, where they are too many, a sketch of them.
    pub marks: Marks,
}

/// How records are told apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Marks {
    /// One by one.
    Each(Vec<Mark>),
    /// A digest of all whose key begins with the same byte: what passports of form 1 keep.
    Buckets(Vec<u64>),
    /// Sums of which the first record that differs can be told.
    Sketch(Sketch),
}

impl Default for Marks {
    fn default() -> Marks {
        Marks::Each(Vec::new())
    }
}

/// A record as two hashes: of where it stands in its source, and of all that `--records` shows of
/// it with the row that counts it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Mark {
    /// Which record.
    pub key: u64,
    /// What it says and where it counts.
    pub value: u64,
}

impl Mark {
    /// The bucket it falls into.
    pub fn bucket(self) -> usize {
        usize::from(self.key.to_be_bytes()[0])
    }

    /// Reads what [`fmt::Display`] wrote.
    pub fn parse(text: &str) -> Option<Mark> {
        let (key, value) = text.split_once(' ')?;
        Some(Mark {
            key: parse_hash(key)?,
            value: parse_hash(value)?,
        })
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x} {:016x}", self.key, self.value)
    }
}

/// Reads sixteen hexadecimal digits.
pub fn parse_hash(text: &str) -> Option<u64> {
    let is_plain = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_plain.then(|| u64::from_str_radix(text, 16).ok())?
}

impl Passport {
    /// All that the seal covers, as text in which no two passports read alike.
    pub fn body(&self) -> String {
        let mut text = String::from("passport 1\n");
        for line in [
            &self.book,
            &self.seq.to_string(),
            &self.commit,
            &self.recorded_at,
            &self.question,
            &self.charter,
        ] {
            let _ = writeln!(text, "{line:?}");
        }
        let _ = writeln!(text, "{:?}\n{:?}", self.packs, self.kernels);
        if !self.headline.is_empty() {
            let _ = writeln!(text, "{:?}", self.headline);
        }
        let _ = writeln!(text, "{:?}\n{:?}", self.columns, self.totals);
        let _ = writeln!(text, "{:?}\n{:?}", self.rows, self.issues);
        for behind in &self.behind {
            let _ = writeln!(text, "{:?} {}", behind.column, behind.records);
            match &behind.marks {
                Marks::Each(marks) => marks.iter().for_each(|mark| {
                    let _ = writeln!(text, "{mark}");
                }),
                Marks::Buckets(digests) => digests.iter().for_each(|digest| {
                    let _ = writeln!(text, "{digest:016x}");
                }),
                Marks::Sketch(sketch) => sketch.lines().for_each(|line| {
                    let _ = writeln!(text, "sum {line}");
                }),
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_reads_back_as_itself_and_nothing_else_does() {
        let mark = Mark {
            key: 0x0a00_0000_0000_00ff,
            value: u64::MAX,
        };
        assert_eq!(Mark::parse(&mark.to_string()), Some(mark));
        assert_eq!(mark.bucket(), 10);
        for text in ["", "1 2", "+a00000000000000 0000000000000000", "é"] {
            assert_eq!(Mark::parse(text), None, "{text}");
        }
    }
}
