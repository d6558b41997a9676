//! Parquet as a table of texts.
//!
//! Every logical type becomes one canonical text (`render`), groups are flattened with dots, and
//! the number of a row stands for its line. What a file claims of itself is checked before any of
//! it is believed: a few hundred bytes can claim a thousand million rows.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StructArray};
use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema};
use handfast_ledger::TextBatch;
use handfast_model::Refusal;
use handfast_model::limits::{
    COLUMNS, JSON_DEPTH, PARQUET_FOOTER_BYTES, PARQUET_FREE_ROWS, PARQUET_PAGE_BYTES,
    PARQUET_ROWS_PER_BYTE, UNPACKED_RATIO,
};
use handfast_model::pack::Stream;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::ChunkReader;

use crate::files::Claimed;
use crate::header::{name_columns, need_columns};
use crate::pile::{Pile, as_line};
use crate::refuse;
use crate::render::render;
use crate::thrift::{Event, walk};
use crate::unpack::Held;

/// Rows decoded at a time.
const STEP_ROWS: usize = 1024;
/// The same where texts share their beginnings, so that each may be as long as a page.
const STEP_ROWS_SHARED: usize = 64;
/// Largest page of such texts.
const SHARED_PAGE_BYTES: u64 = 4 << 20;
/// The encoding in which texts share their beginnings.
const DELTA_BYTE_ARRAY: i64 = 7;
/// How much is read to find the head of a page; with long statistics it needs more.
const PAGE_HEAD_BYTES: [u64; 2] = [8 << 10, 1 << 20];
const MAGIC: &[u8] = b"PAR1";

/// One open Parquet file.
pub(crate) struct Columnar {
    claimed: Claimed,
    pile: Pile,
    reader: ParquetRecordBatchReader,
    leaves: Vec<Vec<usize>>,
    /// Rows decoded and not yet handed on.
    step: Option<(RecordBatch, usize)>,
    line: u32,
}

impl Columnar {
    /// Opens a file and names its columns. The texts say what was remarkable.
    pub(crate) fn open(
        stream: &Stream,
        claimed: &Claimed,
        held: Held,
    ) -> Result<(Columnar, Vec<String>), Refusal> {
        let broken = |why: &str| refuse::parquet(&claimed.name, why);
        check_footer(&held).map_err(|why| broken(&why))?;
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let load = || ArrowReaderMetadata::load(&held, options.clone());
        let loaded = guarded(load).map_err(|why| broken(&why))?;
        let step_rows = check_pages(&held, loaded.metadata()).map_err(|why| broken(&why))?;
        // As views, a text that stands in a dictionary is not copied for each row that has it.
        let viewed = Arc::new(Schema::new(viewed(loaded.schema().fields())));
        let options = options.with_schema(viewed);
        let metadata = Arc::clone(loaded.metadata());
        let build = || {
            let metadata = ArrowReaderMetadata::try_new(metadata, options)?;
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(held, metadata);
            builder.with_batch_size(step_rows).build()
        };
        let reader = guarded(build).map_err(|why| broken(&why))?;
        let (mut names, mut leaves, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        let schema = arrow::array::RecordBatchReader::schema(&reader);
        flatten(
            schema.fields(),
            &mut Place::default(),
            &mut |place, field| {
                if is_binary(field.data_type()) {
                    notes.push(format!(
                        "column `{}` is binary: shown as hexadecimal",
                        place.name
                    ));
                }
                names.push(place.name.clone());
                leaves.push(place.path.clone());
            },
        );
        if names.len() > COLUMNS {
            return Err(broken(&format!("it has more than {COLUMNS} columns")));
        }
        let (columns, changes) = name_columns(names.iter().map(String::as_str));
        notes.extend(changes);
        let pile = Pile::new(stream, &claimed.name, columns);
        need_columns(stream, &claimed.name, pile.columns())?;
        let table = Columnar {
            claimed: claimed.clone(),
            pile,
            reader,
            leaves,
            step: None,
            line: 0,
        };
        Ok((table, notes))
    }

    /// Its columns.
    pub(crate) fn columns(&self) -> &[String] {
        self.pile.columns()
    }

    /// The next rows of the file.
    pub(crate) fn next_batch(&mut self) -> Result<TextBatch, Refusal> {
        while !self.pile.is_full() {
            let (batch, done) = match self.step.take() {
                Some(step) => step,
                None => {
                    let reader = &mut self.reader;
                    let next = guarded(|| reader.next().transpose());
                    match next.map_err(|why| refuse::parquet(&self.claimed.name, &why))? {
                        Some(batch) => (batch, 0),
                        None => return Ok(self.pile.batch(true)),
                    }
                }
            };
            self.take(batch, done);
        }
        Ok(self.pile.batch(false))
    }

    /// Renders rows of a step until the pile is full or the step is done.
    fn take(&mut self, batch: RecordBatch, done: usize) {
        let leaves: Vec<Leaf<'_>> = self
            .leaves
            .iter()
            .map(|path| Leaf::of(&batch, path))
            .collect();
        let mut cells: Vec<String> = vec![String::new(); leaves.len()];
        let mut row = done;
        while row < batch.num_rows() && !self.pile.is_full() {
            self.line = self.line.saturating_add(1);
            let mut fault = None;
            for (place, (leaf, cell)) in leaves.iter().zip(&mut cells).enumerate() {
                cell.clear();
                if let Err(reason) = leaf.render(row, cell) {
                    fault.get_or_insert((place, reason));
                }
            }
            match fault {
                None => self.pile.add_checked(self.line, &cells, || as_line(&cells)),
                Some((place, reason)) => {
                    let column = self.pile.columns().get(place).cloned().unwrap_or_default();
                    self.pile
                        .set_aside(self.line, column, reason, as_line(&cells));
                }
            }
            row += 1;
        }
        drop(leaves);
        if row < batch.num_rows() {
            self.step = Some((batch, row));
        }
    }
}

/// A column of a step, with the groups around it.
struct Leaf<'b> {
    groups: Vec<&'b StructArray>,
    array: Option<&'b ArrayRef>,
}

impl<'b> Leaf<'b> {
    fn of(batch: &'b RecordBatch, path: &[usize]) -> Leaf<'b> {
        let mut places = path.iter();
        let mut array = places.next().and_then(|place| batch.columns().get(*place));
        let mut groups = Vec::new();
        for place in places {
            let group = array.and_then(|array| array.as_struct_opt());
            groups.extend(group);
            array = group.and_then(|group| group.columns().get(*place));
        }
        Leaf { groups, array }
    }

    fn render(&self, row: usize, out: &mut String) -> Result<(), &'static str> {
        match self.array {
            Some(array) if self.groups.iter().all(|group| group.is_valid(row)) => {
                render(array.as_ref(), row, out)
            }
            _ => Ok(()),
        }
    }
}

/// Where a column stands among groups.
#[derive(Default)]
struct Place {
    name: String,
    path: Vec<usize>,
}

/// Tells of every column that is no group, its name joined with dots.
fn flatten(fields: &Fields, at: &mut Place, each: &mut dyn FnMut(&Place, &FieldRef)) {
    let outer = at.name.len();
    for (place, field) in fields.iter().enumerate() {
        if outer > 0 {
            at.name.push('.');
        }
        at.name.push_str(field.name());
        at.path.push(place);
        match field.data_type() {
            DataType::Struct(inner) => flatten(inner, at, each),
            _ => each(at, field),
        }
        at.path.pop();
        at.name.truncate(outer);
    }
}

fn is_binary(kind: &DataType) -> bool {
    use DataType::{Binary, BinaryView, FixedSizeBinary, LargeBinary};
    matches!(kind, Binary | LargeBinary | BinaryView | FixedSizeBinary(_))
}

/// The same fields with texts and bytes as views.
fn viewed(fields: &Fields) -> Fields {
    let one = |field: &FieldRef| -> FieldRef {
        let kind = match field.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
            DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
            DataType::Struct(inner) => DataType::Struct(viewed(inner)),
            other => other.clone(),
        };
        Arc::new(Field::clone(field).with_data_type(kind))
    };
    fields.iter().map(one).collect()
}

/// Runs what others wrote: its error or its panic is the file's defect, as a text.
fn guarded<T, E: std::fmt::Display>(run: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("it is damaged".to_owned()),
    }
}

/// Checks that the footer is whole and claims nothing that its bytes cannot hold.
fn check_footer(held: &Held) -> Result<(), String> {
    let cut = || "it is cut off or damaged".to_owned();
    let bytes = held.bytes();
    let tail_at = bytes.checked_sub(8).filter(|at| *at >= 4).ok_or_else(cut)?;
    let tail = held.get_bytes(tail_at, 8).map_err(|_| cut())?;
    let (length, magic) = tail.split_first_chunk::<4>().ok_or_else(cut)?;
    if magic != MAGIC {
        return Err(cut());
    }
    let length = u64::from(u32::from_le_bytes(*length));
    if length > PARQUET_FOOTER_BYTES {
        return Err(format!(
            "its footer has more than {} MiB",
            PARQUET_FOOTER_BYTES >> 20
        ));
    }
    let start = tail_at.checked_sub(length).ok_or_else(cut)?;
    let footer = held.get_bytes(start, usize::try_from(length).unwrap_or(0));
    let footer = footer.map_err(|_| cut())?;
    let (mut children, mut groups, mut rows) = (0, Vec::new(), 0u64);
    let (mut is_deep, mut claimed) = (false, 0u64);
    let mut each = |path: &[i16], event: Event| match (path, event) {
        ([2, 5], Event::Number(number)) => children = number,
        ([2], Event::Close) => {
            // The elements of the schema come one after another; each says how many of the next
            // ones are its children.
            while groups.last() == Some(&0) {
                groups.pop();
            }
            if let Some(left) = groups.last_mut() {
                *left -= 1;
            }
            if children > 0 {
                groups.push(children);
            }
            is_deep |= groups.len() > JSON_DEPTH;
            children = 0;
        }
        ([3], Event::Number(number)) => rows = number.unsigned_abs(),
        // What a column of a group of rows claims to have.
        ([4, 1, 3, 5], Event::Number(number)) => claimed = claimed.max(number.unsigned_abs()),
        _ => {}
    };
    walk(&footer, &mut each).ok_or_else(cut)?;
    if is_deep {
        return Err(format!("its groups are nested deeper than {JSON_DEPTH}"));
    }
    let most = bytes
        .saturating_mul(PARQUET_ROWS_PER_BYTE)
        .max(PARQUET_FREE_ROWS);
    let rows = rows.max(claimed);
    if rows > most || rows > u64::from(u32::MAX) {
        return Err(format!(
            "it claims {rows} rows or values in {bytes} bytes; more than {PARQUET_FREE_ROWS} and \
             {PARQUET_ROWS_PER_BYTE} per byte are refused"
        ));
    }
    Ok(())
}

/// Checks what every page claims, before any is unpacked; gives how many rows to decode at a time.
fn check_pages(held: &Held, metadata: &ParquetMetaData) -> Result<usize, String> {
    let damaged = || "a page of it is damaged".to_owned();
    let most = held
        .bytes()
        .saturating_mul(PARQUET_ROWS_PER_BYTE)
        .max(PARQUET_FREE_ROWS);
    let mut rows = STEP_ROWS;
    for column in metadata
        .row_groups()
        .iter()
        .flat_map(|group| group.columns())
    {
        let first = column.dictionary_page_offset().unwrap_or(i64::MAX);
        // A dictionary page at 0 is what some writers say for none.
        let first = if first == 0 { i64::MAX } else { first };
        let start = u64::try_from(first.min(column.data_page_offset())).map_err(|_| damaged())?;
        let length = u64::try_from(column.compressed_size()).map_err(|_| damaged())?;
        let end = start.checked_add(length).filter(|end| *end <= held.bytes());
        let end = end.ok_or_else(damaged)?;
        let mut at = start;
        while at < end {
            let page = Page::read(held, at, end).ok_or_else(damaged)?;
            let by_ratio = page.packed.saturating_mul(UNPACKED_RATIO).max(1 << 20);
            if page.unpacked > PARQUET_PAGE_BYTES.min(by_ratio) {
                return Err(format!(
                    "a page of it unpacks to {} bytes; more than {} MiB, or {UNPACKED_RATIO} times \
                     its size, is refused",
                    page.unpacked,
                    PARQUET_PAGE_BYTES >> 20
                ));
            }
            let values_most = if page.is_dictionary {
                page.unpacked
            } else {
                most
            };
            if page.values > values_most {
                return Err(format!("a page of it claims {} values", page.values));
            }
            if page.shares_beginnings {
                rows = STEP_ROWS_SHARED;
                if page.unpacked > SHARED_PAGE_BYTES {
                    let limit = SHARED_PAGE_BYTES >> 20;
                    return Err(format!(
                        "a page of delta-encoded texts has more than {limit} MiB"
                    ));
                }
            }
            at += page.head + page.packed;
        }
    }
    Ok(rows)
}

/// What the head of a page says.
struct Page {
    head: u64,
    packed: u64,
    unpacked: u64,
    values: u64,
    is_dictionary: bool,
    shares_beginnings: bool,
}

impl Page {
    fn read(held: &Held, at: u64, end: u64) -> Option<Page> {
        for most in PAGE_HEAD_BYTES {
            let length = usize::try_from(most.min(end - at)).ok()?;
            let bytes = held.get_bytes(at, length).ok()?;
            let (mut kind, mut packed, mut unpacked) = (-1, -1, -1);
            let (mut values, mut encodings) = (0, Vec::new());
            let mut each = |path: &[i16], event: Event| {
                let Event::Number(number) = event else { return };
                match path {
                    [1] => kind = number,
                    [2] => unpacked = number,
                    [3] => packed = number,
                    [5 | 7 | 8, 1] => values = number,
                    [5, 2] | [8, 4] => encodings.push(number),
                    _ => {}
                }
            };
            if let Some(head) = walk(&bytes, &mut each) {
                let head = head as u64;
                let packed = u64::try_from(packed).ok()?;
                return Some(Page {
                    head,
                    packed: packed.checked_add(head).filter(|whole| at + whole <= end)? - head,
                    unpacked: u64::try_from(unpacked).ok()?,
                    values: u64::try_from(values).ok()?,
                    is_dictionary: kind == 2,
                    shares_beginnings: encodings.contains(&DELTA_BYTE_ARRAY),
                });
            }
        }
        None
    }
}
