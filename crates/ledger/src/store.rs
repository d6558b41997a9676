//! The journal's store: a small SQL port, its tables, and typed access to their rows.
//!
//! The SQL here and in the modules that use it stays in the subset that SQLite and PostgreSQL
//! share: `$n` placeholders in order, BIGINT / TEXT / BYTEA, `INSERT … ON CONFLICT`, savepoints.
//! Another database is therefore one more implementation of [`Store`], beside `sqlite`.

use handfast_model::Refusal;

/// A value of a store's row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Field {
    /// Nothing.
    Null,
    /// BIGINT.
    Int(i64),
    /// TEXT.
    Text(String),
    /// BYTEA.
    Bytes(Vec<u8>),
}

impl Field {
    /// A number that counts something.
    pub fn count(count: u64) -> Field {
        Field::Int(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// A text.
    pub fn text(text: &str) -> Field {
        Field::Text(text.to_owned())
    }

    /// Sixteen bytes of a keyed hash.
    pub fn hash(hash: u128) -> Field {
        Field::Bytes(hash.to_be_bytes().to_vec())
    }

    /// A number that may be missing.
    pub fn maybe(number: Option<i64>) -> Field {
        number.map_or(Field::Null, Field::Int)
    }
}

/// A row of a query; a field of another type than asked for means that the store is damaged.
#[derive(Clone, Debug)]
pub struct Row(pub Vec<Field>);

impl Row {
    /// The BIGINT at this position.
    pub fn int(&self, at: usize) -> Result<i64, Refusal> {
        match self.0.get(at) {
            Some(Field::Int(int)) => Ok(*int),
            other => Err(mistyped(at, "a number", other)),
        }
    }

    /// The BIGINT at this position, which may be missing.
    pub fn maybe_int(&self, at: usize) -> Result<Option<i64>, Refusal> {
        match self.0.get(at) {
            Some(Field::Null) => Ok(None),
            _ => self.int(at).map(Some),
        }
    }

    /// The BIGINT at this position as a count.
    pub fn count(&self, at: usize) -> Result<u64, Refusal> {
        u64::try_from(self.int(at)?).map_err(|_| mistyped(at, "a count", self.0.get(at)))
    }

    /// The TEXT at this position.
    pub fn text(&self, at: usize) -> Result<&str, Refusal> {
        match self.0.get(at) {
            Some(Field::Text(text)) => Ok(text),
            other => Err(mistyped(at, "a text", other)),
        }
    }

    /// The BYTEA at this position.
    pub fn bytes(&self, at: usize) -> Result<&[u8], Refusal> {
        match self.0.get(at) {
            Some(Field::Bytes(bytes)) => Ok(bytes),
            other => Err(mistyped(at, "bytes", other)),
        }
    }

    /// The sixteen bytes of a keyed hash at this position.
    pub fn hash(&self, at: usize) -> Result<u128, Refusal> {
        let bytes = self.bytes(at)?;
        <[u8; 16]>::try_from(bytes)
            .map(u128::from_be_bytes)
            .map_err(|_| mistyped(at, "16 bytes", self.0.get(at)))
    }
}

fn mistyped(at: usize, wanted: &str, found: Option<&Field>) -> Refusal {
    let found = match found {
        None => "no field",
        Some(Field::Null) => "nothing",
        Some(Field::Int(_)) => "a number",
        Some(Field::Text(_)) => "a text",
        Some(Field::Bytes(_)) => "bytes",
    };
    crate::refuse::journal_damaged(
        std::path::Path::new("journal"),
        &format!("field {at} of a row is {found}, not {wanted}"),
    )
}

/// Rows taken from a query, one after another.
pub type EachRow<'a> = dyn FnMut(&Row) -> Result<(), Refusal> + 'a;

/// A transactional SQL store.
pub trait Store: Send {
    /// Runs a statement; gives the number of rows it touched.
    fn execute(&mut self, sql: &str, fields: &[Field]) -> Result<u64, Refusal>;
    /// Runs a query.
    fn query(&mut self, sql: &str, fields: &[Field], each: &mut EachRow<'_>)
    -> Result<(), Refusal>;
    /// Starts a transaction: every read until its end sees one state; a writing one excludes
    /// others.
    fn begin(&mut self, is_writing: bool) -> Result<(), Refusal>;
    /// Ends it and returns once everything written is on the disk.
    fn commit(&mut self) -> Result<(), Refusal>;
    /// Ends it as if it had not been.
    fn roll_back(&mut self) -> Result<(), Refusal>;
    /// Copies what the store holds now into a new file of the same kind.
    fn copy_to(&mut self, path: &std::path::Path) -> Result<(), Refusal>;
    /// The store's own check of its files: what is wrong, or nothing.
    fn check(&mut self) -> Result<Vec<String>, Refusal>;
}

/// A digest of a row's fields.
pub(crate) fn mark(fields: &[Field]) -> Field {
    let mut hasher = blake3::Hasher::new();
    fold(&mut hasher, fields);
    Field::Bytes(
        hasher
            .finalize()
            .as_bytes()
            .iter()
            .take(16)
            .copied()
            .collect(),
    )
}

/// Adds a row's fields to a digest.
pub(crate) fn fold(digest: &mut blake3::Hasher, fields: &[Field]) {
    for field in fields {
        let (tag, bytes): (u8, &[u8]) = match field {
            Field::Null => (0, &[]),
            Field::Int(int) => (1, &int.to_le_bytes()),
            Field::Text(text) => (2, text.as_bytes()),
            Field::Bytes(bytes) => (3, bytes),
        };
        digest.update(&[tag]);
        digest.update(&(bytes.len() as u64).to_le_bytes());
        digest.update(bytes);
    }
}

/// All rows of a query.
pub(crate) fn rows(
    store: &mut dyn Store,
    sql: &str,
    fields: &[Field],
) -> Result<Vec<Row>, Refusal> {
    let mut all = Vec::new();
    store.query(sql, fields, &mut |row| {
        all.push(row.clone());
        Ok(())
    })?;
    Ok(all)
}

/// The first row of a query.
pub(crate) fn first(
    store: &mut dyn Store,
    sql: &str,
    fields: &[Field],
) -> Result<Option<Row>, Refusal> {
    Ok(rows(store, sql, fields)?.into_iter().next())
}

/// Runs `read` in one reading transaction.
pub(crate) fn reading<T>(
    store: &mut dyn Store,
    read: impl FnOnce(&mut dyn Store) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    store.begin(false)?;
    let result = read(store);
    store.roll_back()?;
    result
}

/// The number of the layout below; a book with a higher one was written by a newer program.
pub const FORMAT: i64 = 3;

/// The tables that later formats added: since which, and by name. Books of an earlier one have
/// nothing in them: nothing is undone, nobody's address is barred, no set-aside row has a version.
pub(crate) const SINCE: &[(i64, &str, &str)] = &[
    // The commits of an import that was taken back; from `seq` on they do not count.
    (
        2,
        "undone",
        "(commit_seq BIGINT PRIMARY KEY, run BIGINT NOT NULL, seq BIGINT NOT NULL)",
    ),
    // Set-aside rows that such a commit had closed; from `seq` on they are open again.
    (
        2,
        "reopened",
        "(run BIGINT NOT NULL, pos BIGINT NOT NULL, closed_seq BIGINT NOT NULL,
          seq BIGINT NOT NULL, PRIMARY KEY (run, pos, closed_seq))",
    ),
    // Set-aside rows that came in mended: what they had said, as a hash, and the record that each
    // became.
    (
        2,
        "answered",
        "(run BIGINT NOT NULL, pos BIGINT NOT NULL, seq BIGINT NOT NULL, mark BYTEA NOT NULL,
          record BYTEA NOT NULL, PRIMARY KEY (run, pos, seq))",
    ),
    // Hashes of forgotten people's e-mail addresses, and those whose barring has begun.
    (
        2,
        "barred",
        "(address BYTEA PRIMARY KEY, seq BIGINT NOT NULL)",
    ),
    (2, "barring", "(address BYTEA PRIMARY KEY)"),
    // The versions of set-aside rows, where versions are declared.
    (
        3,
        "aside_version",
        "(run BIGINT NOT NULL, pos BIGINT NOT NULL, seq BIGINT NOT NULL, version BIGINT NOT NULL,
          PRIMARY KEY (run, pos))",
    ),
];

/// The tables of a new book, with those of [`SINCE`].
pub(crate) const TABLES: &[&str] = &[
    "CREATE TABLE book (id BIGINT PRIMARY KEY, format BIGINT NOT NULL, epoch BIGINT NOT NULL,
        created_at BIGINT NOT NULL, key_check BYTEA NOT NULL)",
    // One row per commit. `body` lists what it added, with hashes; `hash` chains it to the one
    // before.
    "CREATE TABLE commit_log (seq BIGINT PRIMARY KEY, recorded_at BIGINT NOT NULL,
        author TEXT NOT NULL, note TEXT NOT NULL, epoch BIGINT NOT NULL, body TEXT NOT NULL,
        hash BYTEA NOT NULL)",
    // Small commits: the rows of one table and scope as an Arrow stream. A `mark` is a digest of
    // the row's own fields: a row whose scope is no longer the one written must not just vanish.
    "CREATE TABLE journal (seq BIGINT NOT NULL, tbl TEXT NOT NULL, scope TEXT NOT NULL,
        row_count BIGINT NOT NULL, sha256 BYTEA NOT NULL, mark BYTEA NOT NULL,
        body BYTEA NOT NULL, PRIMARY KEY (seq, tbl, scope))",
    "CREATE TABLE segment (path TEXT PRIMARY KEY, tbl TEXT NOT NULL, scope TEXT NOT NULL,
        first_seq BIGINT NOT NULL, last_seq BIGINT NOT NULL, row_count BIGINT NOT NULL,
        byte_count BIGINT NOT NULL, sha256 BYTEA NOT NULL, mark BYTEA NOT NULL)",
    "CREATE TABLE identity (person BYTEA PRIMARY KEY, slot BIGINT NOT NULL, seq BIGINT NOT NULL)",
    "CREATE TABLE tombstone (person BYTEA PRIMARY KEY, seq BIGINT NOT NULL)",
    // People whose erasure has begun: it is finished at the next open.
    "CREATE TABLE forgetting (person BYTEA PRIMARY KEY)",
    "CREATE TABLE import (run BIGINT PRIMARY KEY, source TEXT NOT NULL, pack TEXT NOT NULL,
        started_at BIGINT NOT NULL, seq BIGINT NOT NULL, finished_seq BIGINT, slot BIGINT)",
    "CREATE TABLE import_file (run BIGINT NOT NULL, stream TEXT NOT NULL, file TEXT NOT NULL,
        seq BIGINT NOT NULL, account TEXT NOT NULL, PRIMARY KEY (run, stream, file))",
    "CREATE TABLE aside (run BIGINT NOT NULL, pos BIGINT NOT NULL, seq BIGINT NOT NULL,
        source TEXT NOT NULL, stream TEXT NOT NULL, file TEXT NOT NULL, line BIGINT NOT NULL,
        col TEXT NOT NULL, reason TEXT NOT NULL, record BYTEA, sealed BYTEA NOT NULL,
        closed_seq BIGINT, PRIMARY KEY (run, pos))",
    "CREATE INDEX aside_record ON aside (source, stream, record)",
    "CREATE INDEX aside_place ON aside (source, stream, file, line)",
    "CREATE INDEX aside_closed ON aside (closed_seq)",
    "CREATE TABLE header (source TEXT NOT NULL, stream TEXT NOT NULL, seq BIGINT NOT NULL,
        columns TEXT NOT NULL, PRIMARY KEY (source, stream, seq))",
    "CREATE TABLE observed (source TEXT NOT NULL, seq BIGINT NOT NULL, until BIGINT,
        is_declared BIGINT NOT NULL, PRIMARY KEY (source, seq))",
    // Charter versions (kind `charter`, name empty) and pack versions (kind `pack`, name = source).
    "CREATE TABLE version (kind TEXT NOT NULL, name TEXT NOT NULL, seq BIGINT NOT NULL,
        hash TEXT NOT NULL, files TEXT NOT NULL, PRIMARY KEY (kind, name, seq))",
];
