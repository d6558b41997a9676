//! Rows as they were received: single records for evidence, whole reference streams for mapping.
//!
//! Sealed columns are opened here and nowhere else; an erased person's are gone.

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType, UInt32Type};
use handfast_model::pack::Stream;
use handfast_model::{Instant, PersonId, RecordKey, Refusal, Seq};
use std::collections::{BTreeMap, BTreeSet};

use crate::account::FileAccount;
use crate::attributes::pairs;
use crate::book::Ledger;
use crate::classify::row_binding;
use crate::known::{ByHash, add_life, hash};
use crate::layout::is_clear;
use crate::refuse;
use crate::seal::{parts_of, unseal};
use crate::segment::{Wanted, parts};
use crate::source::TextBatch;
use crate::store::{Field, reading, rows};
use crate::table::{Table, scope};
use crate::undo::TakenBack;

/// One version of a source row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordRow {
    /// The source.
    pub source: String,
    /// The stream.
    pub stream: String,
    /// Its key, hashed.
    pub key: RecordKey,
    /// Its version.
    pub version: i64,
    /// The commit that learned it.
    pub seq: Seq,
    /// When that was.
    pub recorded_at: Instant,
    /// The file it came in.
    pub file: String,
    /// Its first line there.
    pub line: u32,
    /// How it ended: `mapped`, `reference`, or `ignored` with the rule.
    pub ending: String,
    /// The people it names.
    pub people: Vec<PersonId>,
    /// Its texts by column, in column order of its stream's last file; empty ones are left out.
    pub cells: Vec<(String, String)>,
    /// Whether texts are missing because a person was forgotten.
    pub is_erased: bool,
}

/// One import, as people read it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportEntry {
    /// Its number.
    pub run: u64,
    /// The source.
    pub source: String,
    /// The pack version it used.
    pub pack: String,
    /// When it began.
    pub started_at: Instant,
    /// The commit that finished it; `None` if it never was.
    pub finished: Option<Seq>,
    /// The commit that took it back, if one did.
    pub undone: Option<Seq>,
    /// What became of the rows of its files.
    pub files: Vec<FileAccount>,
}

impl Ledger {
    /// All versions of some records of one stream, oldest first, unsealed.
    pub fn records(
        &self,
        source: &str,
        stream: &str,
        keys: &[RecordKey],
    ) -> Result<Vec<RecordRow>, Refusal> {
        let mut wanted: Vec<u128> = keys.iter().map(|key| key.0).collect();
        wanted.sort_unstable();
        let wanted = Wanted {
            keys: Some(wanted.into()),
            ..Wanted::default()
        };
        let header = self.header(source, stream)?;
        let mut found = Vec::new();
        self.each_record(source, stream, &wanted, &mut |row| {
            let mut row = self.opened(row)?;
            let place = |name: &str| header.iter().position(|column| column == name);
            row.cells.sort_by_key(|(name, _)| place(name));
            found.push(row);
            Ok(())
        })?;
        found.sort_by_key(|row| (row.key, row.version));
        Ok(found)
    }

    /// All versions of one record, oldest first, unsealed.
    pub fn record(
        &self,
        source: &str,
        stream: &str,
        key: RecordKey,
    ) -> Result<Vec<RecordRow>, Refusal> {
        self.records(source, stream, &[key])
    }

    /// The latest version of every row of a stream that is still there, as one batch in key order.
    /// Texts of forgotten people are NULL.
    pub fn reference_rows(&self, source: &str, stream: &Stream) -> Result<TextBatch, Refusal> {
        let gone = self.gone(source, &stream.name)?;
        let is_gone = |key: u128| gone.get(&key).is_some_and(|(_, is_gone)| *is_gone);
        let columns = self.header(source, &stream.name)?;
        self.rows_still_there(source, stream, (&columns, &is_gone), &Rehearsed::new())
    }

    /// The same with these columns, beside rows that no commit made known.
    pub(crate) fn rows_still_there(
        &self,
        source: &str,
        stream: &Stream,
        (columns, is_gone): (&[String], &dyn Fn(u128) -> bool),
        rehearsed: &Rehearsed,
    ) -> Result<TextBatch, Refusal> {
        let mut latest: BTreeMap<u128, Raw> = BTreeMap::new();
        self.each_record(source, &stream.name, &Wanted::default(), &mut |row| {
            let key = row.key.0;
            let is_older = latest
                .get(&key)
                .is_some_and(|known| known.version > row.version);
            if !is_older && !is_gone(key) {
                latest.insert(key, row);
            }
            Ok(())
        })?;
        let mut shown: BTreeMap<u128, Shown> = BTreeMap::new();
        let mut file = String::new();
        for (key, row) in latest {
            let is_newer = |new: &Shown| new.version > row.version;
            if row.ending == "ignored" || rehearsed.get(&key).is_some_and(is_newer) {
                continue;
            }
            let row = self.opened(row)?;
            let lost = columns.iter().filter(|name| !is_clear(stream, name));
            let one = Shown {
                version: row.version,
                line: row.line,
                cells: row.cells.into_iter().collect(),
                lost: lost.filter(|_| row.is_erased).cloned().collect(),
            };
            shown.insert(key, one);
            file = row.file;
        }
        for (key, row) in rehearsed.iter().filter(|(key, _)| !is_gone(**key)) {
            shown.entry(*key).or_insert_with(|| row.clone());
        }
        let mut lines = Vec::with_capacity(shown.len());
        let mut cells: Vec<Vec<Option<String>>> = vec![Vec::new(); columns.len()];
        for mut row in shown.into_values() {
            lines.push(row.line);
            for (name, column) in columns.iter().zip(&mut cells) {
                let is_lost = row.lost.contains(name);
                let text = row.cells.remove(name);
                column.push(text.or_else(|| (!is_lost).then(String::new)));
            }
        }
        Ok(TextBatch {
            stream: stream.name.clone(),
            file,
            columns: columns.into(),
            cells: cells.into_iter().map(StringArray::from).collect(),
            lines,
            bad: Vec::new(),
            ends_file: true,
        })
    }

    /// The imports, oldest first.
    pub fn imports(&self) -> Result<Vec<ImportEntry>, Refusal> {
        let mut store = self.inner.reader();
        let mut files: BTreeMap<u64, Vec<FileAccount>> = BTreeMap::new();
        let sql = "SELECT run, stream, file, account FROM import_file ORDER BY run, stream, file";
        for row in rows(store.as_mut(), sql, &[])? {
            let account = FileAccount::from_text(row.text(1)?, row.text(2)?, row.text(3)?)?;
            files.entry(row.count(0)?).or_default().push(account);
        }
        let sql = "SELECT run, source, pack, started_at, finished_seq,
                       (SELECT MAX(seq) FROM undone WHERE undone.run = import.run)
                   FROM import ORDER BY run";
        let found = rows(store.as_mut(), sql, &[])?;
        found
            .iter()
            .map(|row| {
                let run = row.count(0)?;
                Ok(ImportEntry {
                    run,
                    source: row.text(1)?.to_owned(),
                    pack: row.text(2)?.to_owned(),
                    started_at: Instant(row.int(3)?),
                    finished: row.maybe_int(4)?.map(|seq| Seq(seq.unsigned_abs())),
                    undone: row.maybe_int(5)?.map(|seq| Seq(seq.unsigned_abs())),
                    files: files.remove(&run).unwrap_or_default(),
                })
            })
            .collect()
    }

    /// The files that finished imports of a source have read under this version of its pack: under
    /// another one they would say something else.
    pub fn known_files(&self, source: &str, pack: &str) -> Result<KnownFiles, Refusal> {
        let mut known = KnownFiles::default();
        for import in self.imports()? {
            let is_whole = import.finished.is_some() && import.undone.is_none();
            if is_whole && import.source == source && import.pack == pack {
                let files = import.files.into_iter();
                let files = files.filter(|file| !file.content.is_empty());
                files.for_each(|file| known.add(file.file, file.content));
            }
        }
        Ok(known)
    }

    /// Until when each source shows everything by now, and whether that was declared.
    pub fn horizons(&self) -> Result<BTreeMap<String, (Option<Instant>, bool)>, Refusal> {
        let sql = "SELECT source, until, is_declared FROM observed
                   WHERE seq NOT IN (SELECT commit_seq FROM undone) ORDER BY seq";
        let mut horizons = BTreeMap::new();
        for row in rows(self.inner.reader().as_mut(), sql, &[])? {
            let until = row.maybe_int(1)?.map(Instant);
            horizons.insert(row.text(0)?.to_owned(), (until, row.int(2)? == 1));
        }
        Ok(horizons)
    }

    /// How many rows of each import are still set aside.
    pub fn open_set_aside(&self) -> Result<BTreeMap<u64, u64>, Refusal> {
        let sql = "SELECT run, COUNT(*) FROM aside WHERE closed_seq IS NULL GROUP BY run";
        let found = rows(self.inner.reader().as_mut(), sql, &[])?;
        let found = found.iter().map(|row| Ok((row.count(0)?, row.count(1)?)));
        found.collect()
    }

    /// The columns of a stream's last file.
    pub fn header(&self, source: &str, stream: &str) -> Result<Vec<String>, Refusal> {
        let sql = "SELECT columns FROM header WHERE source = $1 AND stream = $2
                   AND seq NOT IN (SELECT commit_seq FROM undone) ORDER BY seq DESC LIMIT 1";
        let fields = [Field::text(source), Field::text(stream)];
        let found = rows(self.inner.reader().as_mut(), sql, &fields)?;
        let Some(row) = found.first() else {
            return Ok(Vec::new());
        };
        self.columns(row.text(0)?)
    }

    /// The columns that a JSON text lists.
    pub(crate) fn columns(&self, json: &str) -> Result<Vec<String>, Refusal> {
        let journal = &self.inner.shelf.journal;
        let damaged = || refuse::journal_damaged(journal, "the columns of a stream are malformed");
        let names: serde_json::Value = serde_json::from_str(json).map_err(|_| damaged())?;
        let names = names.as_array().map(|names| {
            let text = |name: &serde_json::Value| name.as_str().map(str::to_owned);
            names.iter().map(text).collect::<Option<Vec<_>>>()
        });
        names.flatten().ok_or_else(damaged)
    }

    fn gone(&self, source: &str, stream: &str) -> Result<ByHash<(i64, bool)>, Refusal> {
        let mut gone = ByHash::default();
        self.each_batch(
            Table::Life,
            source,
            stream,
            &Wanted::default(),
            &mut |batch, taken_back| add_life(&mut gone, batch, taken_back),
        )?;
        Ok(gone)
    }

    fn each_record(
        &self,
        source: &str,
        stream: &str,
        wanted: &Wanted,
        each: &mut dyn FnMut(Raw) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let mut result = Ok(());
        self.each_batch(
            Table::Record,
            source,
            stream,
            wanted,
            &mut |batch, taken_back| {
                for row in 0..batch.num_rows() {
                    let raw = Raw::of(batch, row, source, stream)?;
                    if result.is_ok() && !taken_back.has(raw.seq.0 as i64) {
                        result = each(raw);
                    }
                }
                Some(())
            },
        )?;
        result
    }

    fn each_batch(
        &self,
        table: Table,
        source: &str,
        stream: &str,
        wanted: &Wanted,
        each: &mut dyn FnMut(&RecordBatch, &TakenBack) -> Option<()>,
    ) -> Result<(), Refusal> {
        let scope = scope(source, stream);
        let (listed, taken_back) = reading(self.inner.reader().as_mut(), |store| {
            let listed = parts(store, table, Some(&scope), i64::MAX)?;
            Ok((listed, TakenBack::load(store, i64::MAX)?))
        })?;
        let malformed = || refuse::journal_damaged(&self.inner.shelf.journal, "a row is malformed");
        for part in listed {
            let mut read = |batch: &RecordBatch| each(batch, &taken_back).ok_or_else(malformed);
            self.inner.shelf.read(&part, wanted, &mut read)?;
        }
        Ok(())
    }

    pub(crate) fn opened(&self, raw: Raw) -> Result<RecordRow, Refusal> {
        let journal = &self.inner.shelf.journal;
        let malformed = || refuse::journal_damaged(journal, "a record is malformed");
        let mut cells = pairs(&raw.clear).ok_or_else(malformed)?;
        let mut is_erased = false;
        let place = row_binding(&raw.source, &raw.stream, raw.key, raw.version);
        for sealed in parts_of(&raw.sealed).ok_or_else(malformed)? {
            match unseal(&self.inner.key, &mut self.inner.slots(), &place, sealed)? {
                Some(text) => {
                    let text = String::from_utf8(text).map_err(|_| malformed())?;
                    cells.extend(pairs(&text).ok_or_else(malformed)?);
                }
                None => is_erased = true,
            }
        }
        for person in &raw.people {
            is_erased |= self.is_forgotten(*person)?;
        }
        Ok(RecordRow {
            source: raw.source,
            stream: raw.stream,
            key: raw.key,
            version: raw.version,
            seq: raw.seq,
            recorded_at: raw.recorded_at,
            file: raw.file,
            line: raw.line,
            ending: match raw.rule {
                Some(rule) => format!("{}: {rule}", raw.ending),
                None => raw.ending,
            },
            people: raw.people,
            cells,
            is_erased,
        })
    }
}

/// Files that a book has read, by name and content.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct KnownFiles {
    contents: BTreeSet<String>,
    /// What a file of a name held when it was read last.
    latest: BTreeMap<String, String>,
}

impl KnownFiles {
    /// Takes down a file that was read, after all that were read before it.
    pub fn add(&mut self, name: String, content: String) {
        self.contents.insert(content.clone());
        self.latest.insert(name, content);
    }

    /// Whether a file says nothing new: it is as it was when it was read last, or it has a new name
    /// and a content that was read. One that changed back is read again, for what came in between
    /// counts now.
    pub fn has(&self, name: &str, content: &str) -> bool {
        match self.latest.get(name) {
            Some(latest) => latest == content,
            None => self.contents.contains(content),
        }
    }
}

/// A row of a reference stream as mapping sees it.
#[derive(Clone)]
pub(crate) struct Shown {
    pub version: i64,
    pub line: u32,
    pub cells: BTreeMap<String, String>,
    /// Columns whose text is gone with a person.
    pub lost: Vec<String>,
}

/// The latest rows by key that a rehearsal has taken in.
pub(crate) type Rehearsed = BTreeMap<u128, Shown>;

/// A record as it lies in the table.
pub(crate) struct Raw {
    pub source: String,
    pub stream: String,
    pub key: RecordKey,
    pub version: i64,
    pub seq: Seq,
    pub recorded_at: Instant,
    pub file: String,
    pub line: u32,
    pub ending: String,
    pub rule: Option<String>,
    pub people: Vec<PersonId>,
    pub clear: String,
    pub sealed: Vec<u8>,
}

impl Raw {
    /// A row of a batch that says itself whose it is.
    pub(crate) fn of_any(batch: &RecordBatch, row: usize) -> Option<Raw> {
        let text = |name: &str| {
            let texts = batch.column_by_name(name)?.as_string_opt::<i32>()?;
            Some(texts.value(row).to_owned())
        };
        Raw::of(batch, row, &text("source")?, &text("stream")?)
    }

    fn of(batch: &RecordBatch, row: usize, source: &str, stream: &str) -> Option<Raw> {
        let text = |name: &str| {
            let texts = batch.column_by_name(name)?.as_string_opt::<i32>()?;
            Some(texts.is_valid(row).then(|| texts.value(row).to_owned()))
        };
        let bytes = |name: &str| {
            let bytes = batch.column_by_name(name)?.as_binary_opt::<i32>()?;
            let bytes = bytes.is_valid(row).then(|| bytes.value(row).to_vec());
            Some(bytes.unwrap_or_default())
        };
        let int = |name: &str| {
            let ints = batch
                .column_by_name(name)?
                .as_primitive_opt::<Int64Type>()?;
            Some(ints.value(row))
        };
        let instants = batch
            .column_by_name("recorded_at")?
            .as_primitive_opt::<TimestampMicrosecondType>()?;
        let lines = batch
            .column_by_name("line")?
            .as_primitive_opt::<UInt32Type>()?;
        let keys = batch.column_by_name("key")?.as_fixed_size_binary_opt()?;
        let people = bytes("people")?;
        let people = people
            .chunks_exact(16)
            .filter_map(|hash| hash.try_into().ok());
        Some(Raw {
            source: source.to_owned(),
            stream: stream.to_owned(),
            key: RecordKey(hash(keys, row)?),
            version: int("version")?,
            seq: Seq(u64::try_from(int("seq")?).ok()?),
            recorded_at: Instant(instants.value(row)),
            file: text("file")??,
            line: lines.value(row),
            ending: text("ending")??,
            rule: text("rule")?,
            people: people.map(u128::from_be_bytes).map(PersonId).collect(),
            clear: text("clear")??,
            sealed: bytes("sealed")?,
        })
    }
}
