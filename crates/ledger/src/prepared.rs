//! What the rows of a batch are by themselves: their names, whom they name, what they say in clear
//! and of each person. None of it asks the book, so it is worked out beside whoever does.
//!
//! Read on in `classify`, which says what each row is to the book.

use std::sync::Arc;

use arrow::array::{Array, StringArray};
use arrow::buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use handfast_model::pack::{Pack, Stream};
use handfast_model::{PersonId, RecordKey, Refusal};

use crate::book::Inner;
use crate::import::Import;
use crate::keys::BookKey;
use crate::layout::{Layout, Member, add_object, cell};
use crate::refuse;
use crate::source::TextBatch;

/// A batch whose rows are named, or why they cannot be.
pub struct Prepared {
    pub(crate) batch: TextBatch,
    pub(crate) named: Result<Named, Refusal>,
}

/// The rows of a batch, each by itself.
pub(crate) struct Named {
    pub layout: Arc<Layout>,
    /// The record of each row, and whether any of its key columns says something.
    pub records: Vec<(RecordKey, bool)>,
    /// Whom each row names, group by group, and whether by a key.
    pub people: Vec<(PersonId, bool)>,
    /// What each row says in clear, and the hash of that.
    pub clear: StringArray,
    pub clear_hashes: Vec<u128>,
    /// By group, what each row says of its person.
    pub texts: Vec<StringArray>,
}

/// Prepares batches for an import, on whatever thread reads them.
pub struct Preparer {
    inner: Arc<Inner>,
    pack: Pack,
    layouts: Vec<(String, Arc<Layout>)>,
}

impl Import {
    /// Whoever prepares batches for [`Import::classify_prepared`].
    pub fn preparer(&self) -> Preparer {
        Preparer {
            inner: Arc::clone(&self.inner),
            pack: self.pack.clone(),
            layouts: Vec::new(),
        }
    }
}

impl Prepared {
    /// The rows as they came.
    pub fn batch(&self) -> &TextBatch {
        &self.batch
    }
}

impl Preparer {
    /// Names the rows of a batch. What stands in the way is told by who classifies it.
    pub fn prepare(&mut self, batch: TextBatch) -> Prepared {
        let named = self.named(&batch);
        Prepared { batch, named }
    }

    fn named(&mut self, batch: &TextBatch) -> Result<Named, Refusal> {
        let streams = &self.pack.streams;
        let stream = streams.iter().find(|stream| stream.name == batch.stream);
        let stream = stream.ok_or_else(|| no_stream(&batch.stream))?;
        let is_its = |known: &&(String, Arc<Layout>)| {
            known.0 == batch.stream && known.1.columns == batch.columns
        };
        let layout = match self.layouts.iter().find(is_its) {
            Some((_, layout)) => Arc::clone(layout),
            None => {
                let layout = Arc::new(Layout::of_batch(stream, batch)?);
                if !batch.is_blank() {
                    let known = (batch.stream.clone(), Arc::clone(&layout));
                    self.layouts.push(known);
                }
                layout
            }
        };
        Named::of(&self.inner.key, &self.pack.source, (stream, layout), batch)
    }
}

impl Named {
    /// Names the rows of a batch.
    pub(crate) fn of(
        key: &BookKey,
        source: &str,
        (stream, layout): (&Stream, Arc<Layout>),
        batch: &TextBatch,
    ) -> Result<Named, Refusal> {
        let rows = batch.rows();
        let mut buffer = Vec::with_capacity(96);
        let mut records = Vec::with_capacity(rows);
        let mut people = Vec::with_capacity(rows * layout.groups.len());
        let mut line = String::new();
        for row in 0..rows {
            let texts = || key_texts(&layout, batch, row);
            if layout.is_keyed_by_line {
                line = line_of(batch, row).to_string();
            }
            let place = layout.is_keyed_by_line.then_some([&*batch.file, &*line]);
            let place = || place.into_iter().flatten();
            let name = [source, stream.name.as_str()].into_iter();
            let record = key.record_in(&mut buffer, name.chain(texts()).chain(place()));
            let is_keyed = texts().chain(place()).any(|text| !text.trim().is_empty());
            records.push((record, is_keyed));
            for group in &layout.groups {
                let own = group.key(batch, row);
                people.push(match own.is_empty() {
                    false => (key.person(&group.whose.namespace, own), true),
                    true => {
                        let nobody = nobody(batch, row, (record, is_keyed));
                        (key.person("record of nobody", &nobody), false)
                    }
                });
            }
        }
        let clear = objects(&layout.clear, batch)?;
        let clear_hashes = (0..rows).map(|row| key.content(clear.value(row)));
        let clear_hashes = clear_hashes.collect();
        let texts = layout.groups.iter();
        let texts = texts.map(|group| objects(&group.members, batch));
        let texts = texts.collect::<Result<_, _>>()?;
        Ok(Named {
            records,
            people,
            clear_hashes,
            clear,
            texts,
            layout,
        })
    }

    /// What a row says of the person of a group, as a JSON object.
    pub(crate) fn text(&self, group: usize, row: usize) -> &str {
        let texts = self.texts.get(group);
        let texts = texts.filter(|texts| row < texts.len());
        texts.map_or("", |texts| texts.value(row))
    }

    /// Whom a row names in each group, and whether by a key.
    pub(crate) fn people(&self, row: usize) -> &[(PersonId, bool)] {
        let many = self.layout.groups.len();
        let own = row * many..(row + 1) * many;
        self.people.get(own).unwrap_or_default()
    }
}

/// A stream that the pack does not have.
pub(crate) fn no_stream(name: &str) -> Refusal {
    refuse::uneven(format!("the pack has no stream `{name}`"))
}

/// The key columns of a row; all of its columns where none is declared.
fn key_texts<'b>(
    layout: &'b Layout,
    batch: &'b TextBatch,
    row: usize,
) -> impl Iterator<Item = &'b str> {
    let is_whole = layout.key.is_empty() && !layout.is_keyed_by_line;
    let all = 0..if is_whole { batch.cells.len() } else { 0 };
    let columns = layout.key.iter().copied().chain(all);
    columns.map(move |at| cell(batch, at, row))
}

/// Personal columns without a person still need a key that can be destroyed; a row that will be
/// set aside without a key has one of its own.
fn nobody(batch: &TextBatch, row: usize, (record, is_keyed): (RecordKey, bool)) -> String {
    match is_keyed {
        true => record.to_string(),
        false => format!("{record} {} {}", batch.file, line_of(batch, row)),
    }
}

fn line_of(batch: &TextBatch, row: usize) -> u32 {
    batch.lines.get(row).copied().unwrap_or(0)
}

/// These members of each row as a JSON object.
fn objects(members: &[Member], batch: &TextBatch) -> Result<StringArray, Refusal> {
    let rows = batch.rows();
    let bytes = |at: usize| batch.cells.get(at).map_or(0, |c| c.value_data().len());
    let room = members
        .iter()
        .map(|(at, start)| rows * (start.len() + 3) + bytes(*at));
    let mut texts = String::with_capacity(room.sum::<usize>() + 2 * rows);
    let mut ends = Vec::with_capacity(rows + 1);
    ends.push(0);
    for row in 0..rows {
        add_object(members, batch, row, &mut texts);
        let end = i32::try_from(texts.len());
        ends.push(end.map_err(|_| refuse::uneven("rows of two gigabytes at once"))?);
    }
    let ends = OffsetBuffer::new(ScalarBuffer::from(ends));
    let texts = Buffer::from_vec(texts.into_bytes());
    StringArray::try_new(ends, texts, None).map_err(|error| refuse::uneven(error.to_string()))
}
