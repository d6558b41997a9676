//! Source packs: what a source's manifest says, typed. Parsed by `charter::pack`, pulled by
//! `connect`, run by `engine` in the mapping worker.

use crate::fact::FactKind;
use crate::time::Day;

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

/// How bytes of a file become rows of text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextFormat {
    /// Field delimiter; `None` = found from the header line among `,` `;` tab and `|`.
    pub delimiter: Option<u8>,
    /// Encoding label (`utf-8`, `utf-16`, `latin-1`); a byte-order mark wins over it.
    pub encoding: Option<String>,
    /// The quote character.
    pub quote: u8,
    /// Texts that mean "nothing given", besides the empty text.
    pub nulls: Vec<String>,
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
    /// The columns that together name a row.
    pub key: Vec<String>,
    /// The source's own version column (an update stamp or counter), if it has one.
    pub version: Option<String>,
    /// Full table, changes or events.
    pub mode: StreamMode,
    /// Only joined to, never mapped by itself.
    pub is_reference: bool,
    /// How its bytes become rows.
    pub format: TextFormat,
    /// The columns that name a person, first the row's own; empty for a stream without people.
    /// In such a stream every column not in `safe` is sealed under that person's key.
    pub people: Vec<PersonColumn>,
    /// Columns of a people stream that stay in clear (safe dimensions).
    pub safe: Vec<String>,
    /// Named rules that ignore rows.
    pub ignore: Vec<IgnoreRule>,
}

/// A column that names a person, and the columns that are personal to them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonColumn {
    /// The column holding the person's key.
    pub column: String,
    /// Whose keys these are: the source that issued them (this source unless said).
    pub namespace: String,
    /// Columns sealed under this person's key; empty = every column not claimed or safe.
    pub seals: Vec<String>,
    /// A column with the person's e-mail, hashed into an identity and a clear domain.
    pub email: Option<String>,
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
    /// Its streams, reference streams first, else in the order written.
    pub streams: Vec<Stream>,
    /// Its SELECTs, in the order written.
    pub mappings: Vec<Mapping>,
    /// Files it knows and leaves alone.
    pub ignored_files: Vec<IgnoredFiles>,
}
