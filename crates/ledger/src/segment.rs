//! Segments: immutable Parquet files, on the disk before the journal names them, hashed as a whole.
//!
//! A segment is read only after its hash is checked, so a damaged file is a refusal that names it
//! and never a wrong number. A file that the journal does not name is an orphan of a crash.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use arrow::array::{AsArray, BooleanArray, RecordBatch, StringArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use bytes::Bytes;
use handfast_model::{FactKind, Refusal};
use parquet::arrow::ArrowWriter;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowPredicate, ArrowPredicateFn, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
    RowFilter,
};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::ChunkReader;
use parquet::schema::types::ColumnPath;
use sha2::{Digest, Sha256};

use crate::files;
use crate::known::ByHash;
use crate::refuse;
use crate::store::{Field, Row, Store, rows};
use crate::table::{Table, decode};

/// Rows of one row group: a lookup by key reads the other columns of few of them.
const GROUP_ROWS: usize = 1 << 17;
/// Rows of one decoded batch.
const BATCH_ROWS: usize = 1 << 16;

/// What the journal says of a stretch of rows.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub table: Table,
    pub scope: String,
    pub first_seq: i64,
    pub last_seq: i64,
    pub rows: u64,
    pub sha256: Vec<u8>,
    pub place: PartPlace,
}

/// Where a stretch of rows lies.
#[derive(Clone, Debug)]
pub(crate) enum PartPlace {
    /// In the journal itself.
    Journal {
        /// Its rows as an Arrow stream.
        body: Vec<u8>,
    },
    /// In a file of the segments folder.
    Segment {
        /// Its name there.
        name: String,
        /// Its size.
        bytes: u64,
    },
}

/// Which columns and rows are wanted.
#[derive(Clone, Default)]
pub(crate) struct Wanted {
    /// Columns by name; empty = all. They come in the table's order.
    pub columns: Vec<&'static str>,
    /// Only rows whose `key` is one of these, sorted.
    pub keys: Option<std::sync::Arc<[u128]>>,
    /// Only facts of this kind.
    pub kind: Option<FactKind>,
    /// Whether the hashes of these stretches were checked a moment before.
    pub is_checked: bool,
    /// Another schema to read as, for dictionary columns.
    pub schema: Option<SchemaRef>,
}

impl Wanted {
    /// Whether some columns or rows are not wanted.
    fn is_part(&self) -> bool {
        !self.columns.is_empty() || self.keys.is_some() || self.kind.is_some()
    }
}

/// All stretches of a table with commits up to `seq`, oldest first.
pub(crate) fn parts(
    store: &mut dyn Store,
    table: Table,
    scope: Option<&str>,
    seq: i64,
) -> Result<Vec<Part>, Refusal> {
    let (clause, mut fields) = match scope {
        Some(scope) => (" AND scope = $3", vec![Field::text(scope)]),
        None => ("", Vec::new()),
    };
    fields.splice(0..0, [Field::text(table.name()), Field::Int(seq)]);
    let sql = format!(
        "SELECT scope, first_seq, last_seq, row_count, sha256, path, byte_count FROM segment
         WHERE tbl = $1 AND first_seq <= $2{clause} ORDER BY first_seq, path"
    );
    let mut parts = Vec::new();
    for row in rows(store, &sql, &fields)? {
        let name = row.text(5)?.to_owned();
        let bytes = row.count(6)?;
        parts.push(part(table, &row, PartPlace::Segment { name, bytes })?);
    }
    let sql = format!(
        "SELECT scope, seq, seq, row_count, sha256, body FROM journal
         WHERE tbl = $1 AND seq <= $2{clause} ORDER BY seq, scope"
    );
    for row in rows(store, &sql, &fields)? {
        let body = row.bytes(5)?.to_vec();
        parts.push(part(table, &row, PartPlace::Journal { body })?);
    }
    parts.sort_by_key(|part| part.first_seq);
    Ok(parts)
}

fn part(table: Table, row: &Row, place: PartPlace) -> Result<Part, Refusal> {
    Ok(Part {
        table,
        scope: row.text(0)?.to_owned(),
        first_seq: row.int(1)?,
        last_seq: row.int(2)?,
        rows: row.count(3)?,
        sha256: row.bytes(4)?.to_vec(),
        place,
    })
}

/// The folders that parts lie in.
#[derive(Clone, Debug)]
pub(crate) struct Shelf {
    /// The folder of segments.
    pub segments: PathBuf,
    /// The journal's file, for messages.
    pub journal: PathBuf,
}

impl Shelf {
    /// Reads a stretch of rows, batch by batch, after checking its hash.
    pub(crate) fn read(
        &self,
        part: &Part,
        wanted: &Wanted,
        each: &mut dyn FnMut(&RecordBatch) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        match &part.place {
            PartPlace::Journal { body, .. } => {
                let damaged = |what: &str| refuse::journal_damaged(&self.journal, what);
                if Sha256::digest(body).as_slice() != part.sha256 {
                    let what = format!("rows of commit {} have another hash", part.first_seq);
                    return Err(damaged(&what));
                }
                for batch in decode(body).map_err(|error| damaged(&error.to_string()))? {
                    let batch = choose(&batch, wanted).map_err(|e| damaged(&e.to_string()))?;
                    each(&batch)?;
                }
                Ok(())
            }
            PartPlace::Segment { name, .. } => {
                let path = self.segments.join(name);
                let damaged = |error: &dyn std::fmt::Display| {
                    refuse::segment_damaged(&path, &error.to_string())
                };
                let reader = match wanted.is_checked && wanted.is_part() {
                    // What is not wanted is not even read.
                    true => open(File::open(&path).map_err(|e| unread(&path, &e))?, wanted),
                    false => open(read_checked(&path, wanted, part)?, wanted),
                };
                let reader = reader.map_err(|error| damaged(&error))?;
                for batch in reader {
                    each(&batch.map_err(|error| damaged(&error))?)?;
                }
                Ok(())
            }
        }
    }

    /// Writes rows as a new segment: file, hash and folder are on the disk when it returns.
    pub(crate) fn write(
        &self,
        name: &str,
        table: Table,
        batches: &[RecordBatch],
    ) -> Result<Written, Refusal> {
        self.write_each(name, table, |write| batches.iter().try_for_each(write))
    }

    /// The same of rows that `fill` hands on batch by batch.
    pub(crate) fn write_each(
        &self,
        name: &str,
        table: Table,
        fill: impl FnOnce(EachBatch<'_>) -> Result<(), Refusal>,
    ) -> Result<Written, Refusal> {
        let path = self.segments.join(name);
        let result = self.write_file(&path, table, fill);
        if result.is_err() {
            // Half a file is an orphan; the sweep at the next open would take it too.
            let _ = std::fs::remove_file(&path);
        }
        result
    }

    fn write_file(
        &self,
        path: &Path,
        table: Table,
        fill: impl FnOnce(EachBatch<'_>) -> Result<(), Refusal>,
    ) -> Result<Written, Refusal> {
        let io = |error: &io::Error| refuse::io(path, "writing a segment", error);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        let file = files::open(&options, path).map_err(|error| io(&error))?;
        let mut sink = Sink::of(file);
        let written = rows_of(&mut sink, table, fill);
        let rows = match (written, sink.failed) {
            (_, Some(error)) => return Err(io(&error)),
            (Err(Unwritten::Refused(refusal)), None) => return Err(*refusal),
            (Err(Unwritten::Failed(error)), None) => {
                return Err(io(&io::Error::other(error.to_string())));
            }
            (Ok(rows), None) => rows,
        };
        files::sync(&sink.file, path)?;
        files::sync_folder(&self.segments)?;
        Ok(Written {
            rows,
            bytes: sink.bytes,
            sha256: sink.hash.finalize().to_vec(),
        })
    }
}

/// Writes rows to where they belong; gives how many.
fn rows_of(
    sink: &mut Sink,
    table: Table,
    fill: impl FnOnce(EachBatch<'_>) -> Result<(), Refusal>,
) -> Result<u64, Unwritten> {
    let mut writer = ArrowWriter::try_new(sink, table.schema(), Some(properties()))?;
    let (mut rows, mut failed) = (0, None);
    let filled = fill(&mut |batch| {
        rows += batch.num_rows() as u64;
        writer.write(batch).map_err(|error| {
            failed = Some(error);
            refuse::uneven("a batch could not be written")
        })
    });
    match (filled, failed) {
        (_, Some(error)) => return Err(error.into()),
        (Err(refusal), None) => return Err(Unwritten::Refused(Box::new(refusal))),
        (Ok(()), None) => {}
    }
    writer.close()?;
    Ok(rows)
}

/// Why rows were not written: whoever gave them refused, or they could not be.
enum Unwritten {
    Refused(Box<Refusal>),
    Failed(ParquetError),
}

impl From<ParquetError> for Unwritten {
    fn from(error: ParquetError) -> Unwritten {
        Unwritten::Failed(error)
    }
}

/// A file that is hashed while it is written, so that its bytes are nowhere in memory as a whole.
struct Sink {
    file: File,
    hash: Sha256,
    bytes: u64,
    /// What went wrong: whoever writes through others is told in their words.
    failed: Option<io::Error>,
}

impl Sink {
    fn of(file: File) -> Sink {
        Sink {
            file,
            hash: Sha256::new(),
            bytes: 0,
            failed: None,
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Tests let one step of the disk fail for each file, however many writes it takes.
        let written = match self.bytes {
            0 => files::write(&mut self.file, bytes),
            _ => self.file.write_all(bytes),
        };
        if let Err(error) = written {
            let told = io::Error::new(error.kind(), error.to_string());
            self.failed.get_or_insert(error);
            return Err(told);
        }
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Takes rows, batch by batch.
type EachBatch<'a> = &'a mut dyn FnMut(&RecordBatch) -> Result<(), Refusal>;

/// A segment that is on the disk but not yet named by the journal.
pub(crate) struct Written {
    pub rows: u64,
    pub bytes: u64,
    pub sha256: Vec<u8>,
}

fn unread(path: &Path, error: &io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::NotFound => refuse::segment_missing(path),
        _ => refuse::segment_damaged(path, &error.to_string()),
    }
}

fn read_checked(path: &Path, wanted: &Wanted, part: &Part) -> Result<Bytes, Refusal> {
    let bytes = std::fs::read(path).map_err(|error| unread(path, &error))?;
    if !wanted.is_checked && Sha256::digest(&bytes).as_slice() != part.sha256 {
        return Err(refuse::segment_damaged(
            path,
            "its hash is not the one that was registered",
        ));
    }
    Ok(Bytes::from(bytes))
}

type Batches = Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>>>;

fn open(bytes: impl ChunkReader + 'static, wanted: &Wanted) -> Result<Batches, ParquetError> {
    let mut options = ArrowReaderOptions::new();
    if let Some(schema) = &wanted.schema {
        options = options.with_schema(SchemaRef::clone(schema));
    }
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(bytes, options)?;
    let columns = builder.parquet_schema();
    let mask = if wanted.columns.is_empty() {
        ProjectionMask::all()
    } else {
        ProjectionMask::columns(columns, wanted.columns.iter().copied())
    };
    let [by_key, by_kind] = ["key", "kind"].map(|name| ProjectionMask::columns(columns, [name]));
    let mut builder = builder.with_batch_size(BATCH_ROWS).with_projection(mask);
    let mut filters: Vec<Box<dyn ArrowPredicate>> = Vec::new();
    if let Some(keys) = wanted.keys.clone() {
        let keys: ByHash<()> = keys.iter().map(|key| (*key, ())).collect();
        let has_key = move |batch: RecordBatch| Ok(has_key(&batch, &|key| keys.contains_key(&key)));
        filters.push(Box::new(ArrowPredicateFn::new(by_key, has_key)));
    }
    if let Some(kind) = wanted.kind {
        let is_kind = move |batch: RecordBatch| is_kind(&batch, kind);
        filters.push(Box::new(ArrowPredicateFn::new(by_kind, is_kind)));
    }
    if !filters.is_empty() {
        builder = builder.with_row_filter(RowFilter::new(filters));
    }
    Ok(Box::new(builder.build()?))
}

fn is_kind(batch: &RecordBatch, kind: FactKind) -> Result<BooleanArray, ArrowError> {
    let word = StringArray::new_scalar(kind.word());
    match batch.column_by_name("kind") {
        Some(kinds) => arrow::compute::kernels::cmp::eq(kinds, &word),
        None => Ok(BooleanArray::from(vec![false; batch.num_rows()])),
    }
}

fn has_key(batch: &RecordBatch, is_wanted: &dyn Fn(u128) -> bool) -> BooleanArray {
    let column = batch
        .column_by_name("key")
        .and_then(|column| column.as_fixed_size_binary_opt());
    (0..batch.num_rows())
        .map(|row| {
            let hash = column.and_then(|column| column.value(row).try_into().ok());
            Some(hash.is_some_and(|hash| is_wanted(u128::from_be_bytes(hash))))
        })
        .collect()
}

/// Applies to journal rows what a segment's reader does by itself.
fn choose(batch: &RecordBatch, wanted: &Wanted) -> Result<RecordBatch, ArrowError> {
    let mut batch = match &wanted.keys {
        Some(keys) => {
            let is_wanted = |key| keys.binary_search(&key).is_ok();
            filter_record_batch(batch, &has_key(batch, &is_wanted))?
        }
        None => batch.clone(),
    };
    if let Some(kind) = wanted.kind {
        batch = filter_record_batch(&batch, &is_kind(&batch, kind)?)?;
    }
    if wanted.columns.is_empty() {
        return Ok(batch);
    }
    let schema = batch.schema();
    let chosen: Vec<usize> = (0..schema.fields().len())
        .filter(|&at| wanted.columns.contains(&schema.field(at).name().as_str()))
        .collect();
    batch.project(&chosen)
}

fn properties() -> WriterProperties {
    let level = ZstdLevel::try_new(1).unwrap_or_default();
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_statistics_enabled(EnabledStatistics::None);
    // Random bytes, and numbers of which hardly two are alike, gain nothing from a dictionary, and
    // rows of free text little.
    for column in ["line", "happened_at", "clear"].iter().chain(&RANDOM) {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(*column), false);
    }
    // Nor does anything make random bytes fewer.
    for column in RANDOM {
        let column = ColumnPath::from(column);
        properties = properties.set_column_compression(column, Compression::UNCOMPRESSED);
    }
    properties.build()
}

/// Columns that look like chance: hashes, and what is sealed.
const RANDOM: [&str; 5] = ["id", "key", "sealed", "clear_hash", "personal_hash"];
