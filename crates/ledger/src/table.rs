//! The ledger's columnar tables, the bytes of a small stretch of rows, and their digest.
//!
//! Every row carries `seq` and `recorded_at` first, so a bitemporal read needs nothing but rows.
//! The digest is over values, never over file bytes: compaction may move rows, not change them.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BooleanArray, Date32Array, FixedSizeBinaryArray,
    Int64Array, NullBufferBuilder, RecordBatch, StringArray, TimestampMicrosecondArray,
    UInt16Array, UInt32Array,
};
use arrow::datatypes::{
    DataType, Date32Type, Field, Int64Type, Schema, SchemaRef, TimeUnit, TimestampMicrosecondType,
    UInt16Type, UInt32Type,
};
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use handfast_model::{Instant, Seq};

/// A columnar table of the ledger.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Table {
    /// Rows as received, personal columns sealed. One scope per source and stream.
    Record,
    /// Facts. One scope for all.
    Fact,
    /// When a record was deleted at its source, came back, or got a version without facts.
    Life,
}

impl Table {
    pub(crate) const ALL: [Table; 3] = [Table::Record, Table::Fact, Table::Life];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Table::Record => "record",
            Table::Fact => "fact",
            Table::Life => "life",
        }
    }

    /// All columns, `seq` and `recorded_at` first.
    pub(crate) fn schema(self) -> SchemaRef {
        let schema = match self {
            Table::Record => &*RECORD,
            Table::Fact => &*FACT,
            Table::Life => &*LIFE,
        };
        Arc::clone(schema)
    }
}

/// The scope of a stream's records.
pub(crate) fn scope(source: &str, stream: &str) -> String {
    format!("{source}/{stream}")
}

/// How many leading columns the commit itself supplies.
pub(crate) const STAMPS: usize = 2;

static RECORD: LazyLock<SchemaRef> = LazyLock::new(|| {
    stamped(&[
        ("source", DataType::Utf8, false),
        ("stream", DataType::Utf8, false),
        ("key", HASH, false),
        ("version", DataType::Int64, false),
        ("ending", DataType::Utf8, false),
        ("rule", DataType::Utf8, true),
        ("file", DataType::Utf8, false),
        ("line", DataType::UInt32, false),
        ("people", DataType::Binary, true),
        ("clear", DataType::Utf8, false),
        ("sealed", DataType::Binary, true),
        ("clear_hash", HASH, false),
        ("personal_hash", HASH, true),
    ])
});

static FACT: LazyLock<SchemaRef> = LazyLock::new(|| {
    stamped(&[
        ("id", HASH, false),
        ("kind", DataType::Utf8, false),
        ("happened_day", DataType::Date32, true),
        ("happened_at", instant_type(), true),
        ("is_assumed", DataType::Boolean, false),
        ("source", DataType::Utf8, false),
        ("stream", DataType::Utf8, false),
        ("key", HASH, false),
        ("version", DataType::Int64, false),
        ("ordinal", DataType::UInt16, false),
        ("file", DataType::Utf8, false),
        ("line", DataType::UInt32, false),
        ("person", HASH, true),
        ("account", DataType::Utf8, true),
        ("deal", DataType::Utf8, true),
        ("campaign", DataType::Utf8, true),
        ("rep", DataType::Utf8, true),
        ("attributes", DataType::Utf8, false),
    ])
});

static LIFE: LazyLock<SchemaRef> = LazyLock::new(|| {
    stamped(&[
        ("source", DataType::Utf8, false),
        ("stream", DataType::Utf8, false),
        ("key", HASH, false),
        ("version", DataType::Int64, false),
        ("what", DataType::Utf8, false),
    ])
});

const HASH: DataType = DataType::FixedSizeBinary(16);

fn instant_type() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

fn stamped(columns: &[(&str, DataType, bool)]) -> SchemaRef {
    let stamps = [
        Field::new("seq", DataType::Int64, false),
        Field::new("recorded_at", instant_type(), false),
    ];
    let own = columns
        .iter()
        .map(|(name, kind, nullable)| Field::new(*name, kind.clone(), *nullable));
    Arc::new(Schema::new(
        stamps.into_iter().chain(own).collect::<Vec<_>>(),
    ))
}

/// A column of one text.
pub(crate) fn same(text: &str, rows: usize) -> ArrayRef {
    Arc::new(StringArray::new_repeated(text, rows))
}

/// A column of instants.
pub(crate) fn instants(micros: Vec<Option<i64>>) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from(micros).with_timezone("UTC"))
}

/// A column of keyed hashes.
pub(crate) fn hashes(
    hashes: impl ExactSizeIterator<Item = Option<u128>>,
) -> Result<ArrayRef, ArrowError> {
    let mut bytes = Vec::with_capacity(hashes.len() * 16);
    let mut present = NullBufferBuilder::new(hashes.len());
    for hash in hashes {
        bytes.extend_from_slice(&hash.unwrap_or_default().to_be_bytes());
        present.append(hash.is_some());
    }
    let hashes = FixedSizeBinaryArray::try_new(16, bytes.into(), present.finish())?;
    Ok(Arc::new(hashes))
}

/// Puts the commit's own clock in front of rows that lack it.
pub(crate) fn stamp(
    table: Table,
    columns: &[ArrayRef],
    seq: Seq,
    at: Instant,
) -> Result<RecordBatch, ArrowError> {
    let rows = columns.first().map_or(0, |column| column.len());
    let number = i64::try_from(seq.0).unwrap_or(i64::MAX);
    let mut all: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_value(number, rows)),
        Arc::new(TimestampMicrosecondArray::from_value(at.0, rows).with_timezone("UTC")),
    ];
    all.extend(columns.iter().cloned());
    RecordBatch::try_new(table.schema(), all)
}

/// The bytes of a small stretch of rows.
pub(crate) fn encode(batch: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema())?;
    writer.write(batch)?;
    writer.into_inner()
}

/// The rows of such bytes. Only call it for bytes whose hash has been checked.
pub(crate) fn decode(bytes: &[u8]) -> Result<Vec<RecordBatch>, ArrowError> {
    StreamReader::try_new(bytes, None)?.collect()
}

/// One digest per commit over the values of its rows, in row order, without the stamps.
#[derive(Default)]
pub(crate) struct Digests {
    by_seq: BTreeMap<i64, (u64, Box<blake3::Hasher>)>,
    buffer: Vec<u8>,
}

impl Digests {
    /// Adds rows. The rows of one commit must come in their order; commits may come in any.
    pub(crate) fn add(&mut self, batch: &RecordBatch) {
        let Some(seqs) = batch
            .columns()
            .first()
            .and_then(|column| column.as_primitive_opt::<Int64Type>())
        else {
            return;
        };
        let columns: Vec<Values<'_>> = batch
            .columns()
            .iter()
            .skip(STAMPS)
            .map(Values::of)
            .collect();
        let mut row = 0;
        while row < batch.num_rows() {
            let seq = seqs.value(row);
            let (rows, hasher) = self.by_seq.entry(seq).or_default();
            while row < batch.num_rows() && seqs.value(row) == seq {
                for column in &columns {
                    column.push(row, &mut self.buffer);
                }
                *rows += 1;
                row += 1;
                if self.buffer.len() > 1 << 16 {
                    hasher.update(&self.buffer);
                    self.buffer.clear();
                }
            }
            hasher.update(&self.buffer);
            self.buffer.clear();
        }
    }

    /// Rows and digest of each commit.
    pub(crate) fn finish(self) -> BTreeMap<i64, (u64, String)> {
        let hex = |(seq, (rows, hasher)): (i64, (u64, Box<blake3::Hasher>))| {
            (seq, (rows, hasher.finalize().to_hex().to_string()))
        };
        self.by_seq.into_iter().map(hex).collect()
    }
}

/// A column's values, seen one by one.
enum Values<'a> {
    Text(&'a StringArray),
    Bytes(&'a BinaryArray),
    Hash(&'a FixedSizeBinaryArray),
    Int(&'a Int64Array),
    Line(&'a UInt32Array),
    Ordinal(&'a UInt16Array),
    Day(&'a Date32Array),
    At(&'a TimestampMicrosecondArray),
    Flag(&'a BooleanArray),
    Other,
}

impl<'a> Values<'a> {
    fn of(column: &'a ArrayRef) -> Values<'a> {
        match column.data_type() {
            DataType::Utf8 => Values::Text(column.as_string()),
            DataType::Binary => Values::Bytes(column.as_binary()),
            DataType::FixedSizeBinary(_) => Values::Hash(column.as_fixed_size_binary()),
            DataType::Int64 => Values::Int(column.as_primitive()),
            DataType::UInt32 => Values::Line(column.as_primitive::<UInt32Type>()),
            DataType::UInt16 => Values::Ordinal(column.as_primitive::<UInt16Type>()),
            DataType::Date32 => Values::Day(column.as_primitive::<Date32Type>()),
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                Values::At(column.as_primitive::<TimestampMicrosecondType>())
            }
            DataType::Boolean => Values::Flag(column.as_boolean()),
            _ => Values::Other,
        }
    }

    /// A missing value is one byte that no present value starts with.
    fn push(&self, row: usize, to: &mut Vec<u8>) {
        let is_missing = match self {
            Values::Text(column) => column.is_null(row),
            Values::Bytes(column) => column.is_null(row),
            Values::Hash(column) => column.is_null(row),
            Values::Day(column) => column.is_null(row),
            Values::At(column) => column.is_null(row),
            _ => false,
        };
        if is_missing {
            to.push(0);
            return;
        }
        to.push(1);
        match self {
            Values::Text(column) => lengthen(to, column.value(row).as_bytes()),
            Values::Bytes(column) => lengthen(to, column.value(row)),
            Values::Hash(column) => to.extend_from_slice(column.value(row)),
            Values::Int(column) => to.extend_from_slice(&column.value(row).to_le_bytes()),
            Values::Line(column) => to.extend_from_slice(&column.value(row).to_le_bytes()),
            Values::Ordinal(column) => to.extend_from_slice(&column.value(row).to_le_bytes()),
            Values::Day(column) => to.extend_from_slice(&column.value(row).to_le_bytes()),
            Values::At(column) => to.extend_from_slice(&column.value(row).to_le_bytes()),
            Values::Flag(column) => to.push(u8::from(column.value(row))),
            Values::Other => {}
        }
    }
}

fn lengthen(to: &mut Vec<u8>, bytes: &[u8]) {
    to.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    to.extend_from_slice(bytes);
}
