//! Source packs: what a source's manifest says, typed. Parsed by `charter::pack`, pulled by
//! `connect`, run by `engine` in the mapping worker.

use crate::fact::FactKind;
use crate::time::Day;

/// As a stream's key: its rows have no name of their own, so file and line are their name.
pub const LINE_KEY: &str = "_line";

/// How a stream is to be read over time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StreamMode {
    /// Each file is the whole table: a key that is absent from a later file is deleted.
    Full,
    /// Each file holds new and changed rows.
    Changes,
    /// Each row is an event that happened once.
    Events,
}

/// How the bytes of a file stand for rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileKind {
    /// Delimited text: CSV and its relatives.
    Text,
    /// JSON Lines, or one JSON array of objects.
    Json,
    /// Parquet.
    Parquet,
    /// A workbook of Excel (XLSX).
    Workbook,
}

/// Which sheets of a workbook are read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Sheets {
    /// The first one that is not hidden.
    #[default]
    First,
    /// The one of this name.
    Named(String),
    /// The one at this place, from 1, hidden ones counted.
    Nth(u32),
    /// All that are not hidden and have the header of the first.
    All,
}

/// How a file becomes rows of text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Format {
    /// What its files are; `None` = told by their content, then by their name.
    pub kind: Option<FileKind>,
    /// Field delimiter; `None` = found from the header line among `,` `;` tab and `|`.
    pub delimiter: Option<u8>,
    /// Encoding label (`utf-8`, `utf-16`, `latin-1`); a byte-order mark wins over it.
    pub encoding: Option<String>,
    /// The quote character.
    pub quote: u8,
    /// Lines of a text, or rows of a sheet, that stand above the header.
    pub skip_rows: u32,
    /// Rows of the header; the names of several are joined, `Top Sub`. With none, the columns of a
    /// text are `column_1`, `column_2`, ….
    pub header_rows: u32,
    /// Which sheets of a workbook.
    pub sheets: Sheets,
    /// Columns that a file may lack; then nothing is given in them.
    pub optional: Vec<String>,
    /// Texts that mean "nothing given", besides the empty text.
    pub nulls: Vec<String>,
    /// Whether the cells that a row lacks at its end are empty; else such a row is set aside.
    pub are_short_rows_blank: bool,
    /// How the lines of a text begin that stand below its table and are no rows: one field where
    /// the rows have several.
    pub footer: Vec<String>,
}

impl Default for Format {
    /// What is read when a stream says nothing about its format.
    fn default() -> Format {
        Format {
            kind: None,
            delimiter: None,
            encoding: None,
            quote: b'"',
            skip_rows: 0,
            header_rows: 1,
            sheets: Sheets::First,
            optional: Vec::new(),
            nulls: Vec::new(),
            are_short_rows_blank: false,
            footer: Vec::new(),
        }
    }
}

/// One table or file kind of a source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stream {
    /// Its name, used in SQL.
    pub name: String,
    /// File-name patterns that belong to it (`*_leads*.csv`), matched without regard to case.
    pub files: Vec<String>,
    /// Header columns by which a file is known to be of this stream, whatever it is called;
    /// empty = by its name only.
    pub recognised_by: Vec<String>,
    /// The columns that together name a row. [`LINE_KEY`] stands for its file and line.
    pub key: Vec<String>,
    /// The source's own version column (an update stamp or counter), if it has one.
    pub version: Option<String>,
    /// Full table, changes or events.
    pub mode: StreamMode,
    /// Only joined to, never mapped by itself.
    pub is_reference: bool,
    /// How its bytes become rows.
    pub format: Format,
    /// The columns that name a person, first the row's own; empty for a stream without people.
    /// In such a stream every column not in `safe` is sealed under that person's key.
    pub people: Vec<PersonColumn>,
    /// Columns of a people stream that stay in clear (safe dimensions).
    pub safe: Vec<String>,
    /// Named rules that ignore rows.
    pub ignore: Vec<IgnoreRule>,
    /// An SQL condition over the stream's columns: a row for which it holds says that its record
    /// was deleted in the source.
    pub deletes: Option<String>,
}

/// A column that names a person, and the columns that are personal to them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonColumn {
    /// The column holding the person's key.
    pub column: String,
    /// Whose keys these are: the source that issued them (this source unless said).
    pub namespace: String,
    /// How many characters of the column are the key; `None` = all. Systems that write one id at
    /// two lengths agree in its beginning.
    pub characters: Option<u16>,
    /// Columns sealed under this person's key; empty = every column not claimed or safe.
    pub seals: Vec<String>,
    /// A column with the person's e-mail, hashed into an identity and a clear domain.
    pub email: Option<String>,
}

impl PersonColumn {
    /// The person's key in a cell of the column; empty where it names nobody.
    pub fn key<'c>(&self, cell: &'c str) -> &'c str {
        leading(cell.trim(), self.characters)
    }
}

/// The first so many characters of a key, or all of it.
pub fn leading(key: &str, characters: Option<u16>) -> &str {
    let end = characters.and_then(|count| {
        let mut places = key.char_indices().map(|(at, _)| at);
        places.nth(usize::from(count))
    });
    end.and_then(|end| key.get(..end)).unwrap_or(key)
}

/// A rule that ignores rows, by name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IgnoreRule {
    /// Shown in the import report.
    pub name: String,
    /// An SQL condition over the stream's columns.
    pub when: String,
}

/// One SELECT of a pack: rows of a driving stream to facts of one kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mapping {
    /// The kind of fact it gives.
    pub kind: FactKind,
    /// The driving stream.
    pub stream: String,
    /// The file it was written in, for messages.
    pub file: String,
    /// The SELECT.
    pub sql: String,
}

/// A whole file that holds no rows of interest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IgnoredFiles {
    /// File-name patterns.
    pub files: Vec<String>,
    /// Why.
    pub reason: String,
}

/// A source pack: a manifest and its SELECTs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pack {
    /// The source's name.
    pub source: String,
    /// Content hash of manifest and SELECTs, `sha256:` or `blake3:` and hex.
    pub version: String,
    /// The IANA zone in which naive times of this source are read.
    pub zone: String,
    /// It shows everything before the end of this day, if declared.
    pub observed_until: Option<Day>,
    /// Its currency where a row names none.
    pub currency: Option<String>,
    /// The folder its files are dropped into, as written: relative to the book. An import without
    /// files reads what is new there.
    pub folder: Option<String>,
    /// Its streams, reference streams first, else in the order written.
    pub streams: Vec<Stream>,
    /// Its SELECTs, in the order written.
    pub mappings: Vec<Mapping>,
    /// Files it knows and leaves alone.
    pub ignored_files: Vec<IgnoredFiles>,
}
