//! The rows of a book: each stretch with its hash, each record once, each fact with its record.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType, UInt16Type, UInt32Type};
use handfast_model::Invariant;

use super::Scan;
use crate::book::Ledger;
use crate::keys::name_of_fact;
use crate::known::{hash, seqs};
use crate::lists::RowLines;
use crate::segment::{Part, PartPlace, Wanted};
use crate::table::Table;

/// What a record version says of itself.
pub(super) struct Record {
    /// A digest of the file and line it came from.
    place: u64,
    /// Whether it ended as mapped.
    is_mapped: bool,
    /// Whether a fact came of it.
    has_fact: bool,
}

/// A digest of a file and a line, within this process.
fn place(file: &str, line: u32) -> u64 {
    let mut hasher = DefaultHasher::new();
    (file, line).hash(&mut hasher);
    hasher.finish()
}

type Wrong = Vec<(Invariant, String)>;

impl Scan {
    pub(super) fn read(&mut self, ledger: &Ledger, part: &Part) {
        let shelf = &ledger.inner.shelf;
        let file = match &part.place {
            PartPlace::Journal { .. } => shelf.journal.clone(),
            PartPlace::Segment { name, .. } => shelf.segments.join(name),
        };
        self.done.parts += 1;
        let scope = (part.table.name().to_owned(), part.scope.clone());
        let mut count = 0;
        let mut wrong = Wrong::new();
        let result = shelf.read(part, &Wanted::default(), &mut |batch| {
            self.digests.entry(scope.clone()).or_default().add(batch);
            count += batch.num_rows() as u64;
            let read = match part.table {
                Table::Record => self.records(ledger, batch, &mut wrong),
                Table::Fact => self.facts(batch, &mut wrong),
                Table::Life => Some(()),
            };
            let read = read.and_then(|()| self.clocks(batch, &mut wrong));
            if read.is_none() {
                let what = "its columns are not those of its table".to_owned();
                wrong.push((Invariant::Chain, what));
            }
            Ok(())
        });
        for (invariant, what) in wrong {
            self.find(invariant, &file, what);
        }
        match result {
            Err(refusal) => {
                self.refused(&file, &refusal);
                let table = part.table.name().to_owned();
                self.unread.push((table, part.first_seq, part.last_seq));
            }
            Ok(()) if count != part.rows => {
                let what = format!("it holds {count} rows, not {}", part.rows);
                self.find(Invariant::Chain, &file, what);
            }
            Ok(()) => {}
        }
    }

    /// The commit that took this one back, or 0.
    fn end_of(&self, seq: i64) -> i64 {
        self.undone.get(&seq).copied().unwrap_or(0)
    }

    /// Every row carries the clock of its commit; no answer as of an earlier moment shows it.
    fn clocks(&self, batch: &RecordBatch, wrong: &mut Wrong) -> Option<()> {
        let seqs = seqs(batch)?;
        let clocks = batch
            .column_by_name("recorded_at")?
            .as_primitive_opt::<TimestampMicrosecondType>()?;
        let rows = 0..batch.num_rows();
        let is_other = |row: &usize| {
            let clock = self.clocks.get(&seqs.value(*row));
            clock != Some(&clocks.value(*row))
        };
        if let Some(row) = rows.into_iter().find(is_other) {
            let what = format!("a row of commit {} has another clock", seqs.value(row));
            wrong.push((Invariant::AsOf, what));
        }
        Some(())
    }

    /// Record versions are unique.
    fn records(&mut self, ledger: &Ledger, batch: &RecordBatch, wrong: &mut Wrong) -> Option<()> {
        let keys = batch.column_by_name("key")?.as_fixed_size_binary_opt()?;
        let versions = batch
            .column_by_name("version")?
            .as_primitive_opt::<Int64Type>()?;
        let lines = batch
            .column_by_name("line")?
            .as_primitive_opt::<UInt32Type>()?;
        let (files, endings) = (texts(batch, "file")?, texts(batch, "ending")?);
        let seqs = seqs(batch)?;
        for row in 0..batch.num_rows() {
            let (key, version) = (hash(keys, row)?, versions.value(row));
            let at = (key, version, self.end_of(seqs.value(row)));
            let record = Record {
                place: place(files.value(row), lines.value(row)),
                is_mapped: endings.value(row) == "mapped",
                has_fact: false,
            };
            if self.records.insert(at, record).is_some() {
                let what = format!("record {key:032x} version {version} is there twice");
                wrong.push((Invariant::Receipt, what));
            }
            self.done.records += 1;
        }
        self.check_keys(ledger, batch, wrong)
    }

    /// Facts have unique names, which are those of their places; each has one record, and came from
    /// the line that the record came from.
    fn facts(&mut self, batch: &RecordBatch, wrong: &mut Wrong) -> Option<()> {
        let ids = batch.column_by_name("id")?.as_fixed_size_binary_opt()?;
        let keys = batch.column_by_name("key")?.as_fixed_size_binary_opt()?;
        let versions = batch
            .column_by_name("version")?
            .as_primitive_opt::<Int64Type>()?;
        let ordinals = batch
            .column_by_name("ordinal")?
            .as_primitive_opt::<UInt16Type>()?;
        let lines = batch
            .column_by_name("line")?
            .as_primitive_opt::<UInt32Type>()?;
        let (kinds, files) = (texts(batch, "kind")?, texts(batch, "file")?);
        let (sources, streams) = (texts(batch, "source")?, texts(batch, "stream")?);
        let seqs = seqs(batch)?;
        for row in 0..batch.num_rows() {
            let (id, end) = (hash(ids, row)?, self.end_of(seqs.value(row)));
            if !self.ids.insert((id, end)) {
                wrong.push((Invariant::Receipt, format!("fact {id:032x} is there twice")));
            }
            self.done.facts += 1;
            let (key, version) = (hash(keys, row)?, versions.value(row));
            let words = [kinds, sources, streams].map(|texts| texts.value(row));
            let name = name_of_fact(words, (key, version, ordinals.value(row)));
            let what = match self.records.get_mut(&(key, version, end)) {
                _ if name.0 != id => "has another name than its place gives it",
                Some(record) => {
                    record.has_fact = true;
                    match record.place == place(files.value(row), lines.value(row)) {
                        true => continue,
                        false => "came from another line than its record",
                    }
                }
                None if self.unread.is_empty() => "has no record",
                None => continue,
            };
            wrong.push((Invariant::Provenance, format!("fact {id:032x} {what}")));
        }
        Some(())
    }

    /// Every record that ended as mapped gave a fact, and no other did.
    pub(super) fn check_endings(&mut self, journal: &Path) {
        if !self.unread.is_empty() {
            return;
        }
        let uneven = self.records.iter();
        let uneven = uneven.filter(|(_, record)| record.is_mapped != record.has_fact);
        let mut uneven: Vec<(u128, i64, bool)> = uneven
            .map(|((key, version, _), record)| (*key, *version, record.is_mapped))
            .collect();
        uneven.sort_unstable();
        for (key, version, is_mapped) in uneven {
            let what = match is_mapped {
                true => "ended as mapped and gave no fact",
                false => "gave a fact and did not end as mapped",
            };
            let what = format!("record {key:032x} version {version} {what}");
            self.find(Invariant::Receipt, journal, what);
        }
    }

    /// The rows of each commit are those its body says.
    pub(super) fn compare(&mut self, journal: &Path) {
        let mut found = RowLines::new();
        for ((table, scope), digests) in std::mem::take(&mut self.digests) {
            for (seq, told) in digests.finish() {
                found.insert((table.clone(), scope.clone(), seq), told);
            }
        }
        let said = std::mem::take(&mut self.said.rows);
        for place in said.keys().chain(found.keys()) {
            let (table, _, seq) = place;
            let is_unread = |(unread, first, last): &(String, i64, i64)| {
                unread == table && (first..=last).contains(&seq)
            };
            if said.get(place) != found.get(place) && !self.unread.iter().any(is_unread) {
                let what = format!("the {table} rows of commit {seq} are not those it added");
                self.find(Invariant::Chain, journal, what);
            }
        }
    }
}

fn texts<'a>(batch: &'a RecordBatch, name: &str) -> Option<&'a StringArray> {
    let texts = batch.column_by_name(name)?.as_string_opt::<i32>()?;
    (texts.null_count() == 0).then_some(texts)
}
