//! What the book knows of a stream's rows: the version and content hash of each key, loaded once
//! per import.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use arrow::array::{Array, AsArray, FixedSizeBinaryArray, Int64Array, RecordBatch};
use arrow::datatypes::Int64Type;
use handfast_model::{Refusal, planted};

use crate::book::Inner;
use crate::entries::{At, Entries, Entry};
use crate::refuse;
use crate::segment::{Wanted, parts};
use crate::store::{Field, reading};
use crate::table::{Table, scope};
use crate::undo::TakenBack;

/// A map from keyed hashes; they are random already.
pub(crate) type ByHash<T> = HashMap<u128, T, BuildHasherDefault<Straight>>;
/// A set of keyed hashes.
pub(crate) type Hashes = HashSet<u128, BuildHasherDefault<Straight>>;

/// Takes a keyed hash as it is.
#[derive(Default)]
pub(crate) struct Straight(u64);

impl Hasher for Straight {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u128(&mut self, hash: u128) {
        self.0 = hash as u64;
    }

    fn write_i64(&mut self, number: i64) {
        self.0 = self.0.rotate_left(32) ^ number as u64;
    }
}

/// What a row says, as hashes, as the disk keeps them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Content {
    pub clear: u128,
    pub personal: Option<u128>,
    /// Whether an erased person's columns are left out of it.
    pub is_partial: bool,
}

/// The same as it is held of every key in memory. Half a hash is compared only with another row of
/// its key: a row that says something new is taken for the one before it once in 2^64 times, and
/// nobody can look for such a row without the book's key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Brief {
    pub clear: u64,
    /// Without it a row cannot be compared with one that has it: its person was erased.
    pub personal: Option<u64>,
    pub is_partial: bool,
}

impl Content {
    pub(crate) fn brief(&self) -> Brief {
        Brief {
            clear: self.clear as u64,
            personal: self.personal.map(|hash| hash as u64),
            is_partial: self.is_partial,
        }
    }
}

impl Brief {
    /// Whether two rows say the same, as far as it can still be known.
    pub(crate) fn same(&self, other: &Brief) -> bool {
        let is_partial = self.is_partial || other.is_partial;
        self.clear == other.clear && (is_partial || self.personal == other.personal)
    }
}

/// A row that could not be mapped.
pub(crate) struct Refused {
    pub version: i64,
    pub content: Brief,
    /// The file that held it, and the commit that set it aside, both by number in the import.
    pub file: u32,
    pub commit: u32,
    /// Why it is set aside; `None` if what it says came in mended before.
    pub reason: Option<String>,
    /// What was known of its key before.
    pub previous: Option<Entry>,
}

/// What is known of one stream.
#[derive(Default)]
pub(crate) struct Known {
    pub entries: Entries,
    /// Whether versions are declared, so that any of them may come again.
    pub is_declared: bool,
    pub rules: Vec<String>,
    /// Rows that are set aside and not yet mended: their key, and their version where versions
    /// are declared.
    pub aside: HashSet<(u128, Option<i64>)>,
    /// The last row of a key that could not be mapped in this import.
    pub refused: ByHash<Refused>,
    /// Records that set-aside rows became when they came in mended, by what the rows had said.
    pub answered: ByHash<u128>,
    /// The columns of its last file, as a JSON text.
    pub header: Option<String>,
}

impl Known {
    /// Reads what the book knows of a stream.
    pub(crate) fn load(
        inner: &Inner,
        source: &str,
        stream: &str,
        is_declared: bool,
    ) -> Result<Known, Refusal> {
        let mut known = Known {
            is_declared,
            ..Known::default()
        };
        let scope = scope(source, stream);
        let (records, life, taken_back) = {
            let mut store = inner.reader();
            reading(store.as_mut(), |store| {
                known.load_aside(store, source, stream)?;
                Ok((
                    parts(store, Table::Record, Some(&scope), i64::MAX)?,
                    parts(store, Table::Life, Some(&scope), i64::MAX)?,
                    TakenBack::load(store, i64::MAX)?,
                ))
            })?
        };
        let wanted = Wanted {
            columns: vec![
                "seq",
                "key",
                "version",
                "ending",
                "rule",
                "clear_hash",
                "personal_hash",
            ],
            ..Wanted::default()
        };
        let unreadable = || refuse::journal_damaged(&inner.shelf.journal, "a record is malformed");
        for part in planted!(RepeatsForgotten, records.as_slice(), &[]) {
            inner.shelf.read(part, &wanted, &mut |batch| {
                known.add_records(batch, &taken_back).ok_or_else(unreadable)
            })?;
        }
        let mut last: ByHash<(i64, bool)> = ByHash::default();
        for part in &life {
            inner.shelf.read(part, &Wanted::default(), &mut |batch| {
                add_life(&mut last, batch, &taken_back).ok_or_else(unreadable)
            })?;
        }
        for (key, (_, is_gone)) in last {
            if let Some(at) = known.entries.find(key) {
                known.entries.see(at, 0, is_gone);
            }
        }
        Ok(known)
    }

    fn load_aside(
        &mut self,
        store: &mut dyn crate::store::Store,
        source: &str,
        stream: &str,
    ) -> Result<(), Refusal> {
        let fields = [Field::text(source), Field::text(stream)];
        let sql = "SELECT record, version FROM aside
                   LEFT JOIN aside_version ON aside_version.run = aside.run
                   AND aside_version.pos = aside.pos
                   WHERE source = $1 AND stream = $2
                   AND closed_seq IS NULL AND record IS NOT NULL";
        store.query(sql, &fields, &mut |row| {
            self.aside.insert((row.hash(0)?, row.maybe_int(1)?));
            Ok(())
        })?;
        let sql = "SELECT mark, answered.record FROM answered
                   JOIN aside ON aside.run = answered.run AND aside.pos = answered.pos
                   WHERE aside.source = $1 AND aside.stream = $2
                   AND answered.seq NOT IN (SELECT commit_seq FROM undone) ORDER BY answered.seq";
        store.query(sql, &fields, &mut |row| {
            self.answered.insert(row.hash(0)?, row.hash(1)?);
            Ok(())
        })?;
        let sql = "SELECT columns FROM header WHERE source = $1 AND stream = $2
                   AND seq NOT IN (SELECT commit_seq FROM undone) ORDER BY seq";
        store.query(sql, &fields, &mut |row| {
            self.header = Some(row.text(0)?.to_owned());
            Ok(())
        })
    }

    fn add_records(&mut self, batch: &RecordBatch, taken_back: &TakenBack) -> Option<()> {
        let hashes = |name: &str| batch.column_by_name(name)?.as_fixed_size_binary_opt();
        let (keys, clear, personal) = (
            hashes("key")?,
            hashes("clear_hash")?,
            hashes("personal_hash")?,
        );
        let versions = batch
            .column_by_name("version")?
            .as_primitive_opt::<Int64Type>()?;
        let endings = batch.column_by_name("ending")?.as_string_opt::<i32>()?;
        let rules = batch.column_by_name("rule")?.as_string_opt::<i32>()?;
        let seqs = seqs(batch)?;
        for row in 0..batch.num_rows() {
            if taken_back.has(seqs.value(row)) {
                continue;
            }
            let ending = match endings.value(row) {
                "mapped" => 0,
                "reference" => 1,
                _ => self.rule(if rules.is_valid(row) {
                    rules.value(row)
                } else {
                    ""
                }),
            };
            let content = Content {
                clear: hash(clear, row)?,
                personal: hash(personal, row),
                is_partial: false,
            };
            self.add(
                hash(keys, row)?,
                versions.value(row),
                content.brief(),
                ending,
            );
        }
        Some(())
    }

    /// The number of an ignoring rule among endings.
    pub(crate) fn rule(&mut self, name: &str) -> u16 {
        let at = match self.rules.iter().position(|rule| rule == name) {
            Some(at) => at,
            None => {
                self.rules.push(name.to_owned());
                self.rules.len() - 1
            }
        };
        2 + at as u16
    }

    /// Adds a version of a key, whatever the order of arrival.
    pub(crate) fn add(&mut self, key: u128, version: i64, content: Brief, ending: u16) {
        let new = Entry {
            version,
            content,
            ending,
            is_gone: false,
            seen_in: 0,
        };
        self.arrive(self.entries.find(key), key, new);
    }

    /// Adds a version of a key whose entry lies there: the highest version is the latest.
    pub(crate) fn arrive(&mut self, at: Option<At>, key: u128, new: Entry) {
        let Some((at, known)) = at.and_then(|at| Some((at, self.entries.entry(at)?))) else {
            return self.entries.add(key, new);
        };
        let (latest, older) = match new.version > known.version {
            true => (new, known.latest()),
            false => (known, new.latest()),
        };
        let (seen_in, is_gone) = (new.seen_in, new.is_gone);
        self.entries.set(
            at,
            key,
            Entry {
                seen_in,
                is_gone,
                ..latest
            },
        );
        if self.is_declared {
            self.entries.older_mut(key).push(older);
        }
    }

    /// What was known of a key before a row of it, without a row that has been refused since.
    pub(crate) fn before(&self, key: u128, previous: Option<Entry>) -> Option<Entry> {
        let is_refused = |refused: &&Refused| {
            previous.is_some_and(|previous| {
                previous.version == refused.version && previous.content == refused.content
            })
        };
        match self.refused.get(&key).filter(is_refused) {
            Some(refused) => refused.previous,
            None => previous,
        }
    }

    /// Notes that a row of this key could not be mapped, and whether its record is there again as
    /// it was before.
    pub(crate) fn refuse(&mut self, key: u128, refused: Refused, is_back: bool) {
        self.take_back(key, refused.version, refused.previous);
        if is_back && let Some(at) = self.entries.find(key) {
            self.entries.see(at, refused.file, false);
        }
        self.refused.insert(key, refused);
    }

    /// Takes back a version that was set aside after all: it may come again, mended.
    fn take_back(&mut self, key: u128, version: i64, previous: Option<Entry>) {
        let Some(mut entry) = self.entries.get(key) else {
            return;
        };
        if self.is_declared {
            let older = self.entries.older_mut(key);
            older.retain(|older| older.version != version);
        }
        if entry.version != version {
            return;
        }
        let older = self.entries.older(key).iter();
        let newest = older.enumerate().max_by_key(|(_, older)| older.version);
        if let Some((at, _)) = newest {
            let older = self.entries.older_mut(key).swap_remove(at);
            (entry.version, entry.content, entry.ending) =
                (older.version, older.content, older.ending);
            entry.is_gone = previous.is_some_and(|previous| previous.is_gone);
            self.entries.put(key, entry);
        } else if let Some(previous) = previous {
            let seen_in = entry.seen_in;
            self.entries.put(
                key,
                Entry {
                    seen_in,
                    ..previous
                },
            );
        } else {
            self.entries.remove(key);
        }
    }
}

/// The commits of a batch's rows.
pub(crate) fn seqs(batch: &RecordBatch) -> Option<&Int64Array> {
    batch.column_by_name("seq")?.as_primitive_opt::<Int64Type>()
}

/// Adds what a batch of the life table says of records, as far as its commits count.
pub(crate) fn add_life(
    last: &mut ByHash<(i64, bool)>,
    batch: &RecordBatch,
    taken_back: &TakenBack,
) -> Option<()> {
    let keys = batch.column_by_name("key")?.as_fixed_size_binary_opt()?;
    let seqs = seqs(batch)?;
    let what = batch.column_by_name("what")?.as_string_opt::<i32>()?;
    for row in 0..batch.num_rows() {
        if taken_back.has(seqs.value(row)) {
            continue;
        }
        if let Some(is_gone) = Life::parse(what.value(row))?.is_gone() {
            note_life(last, hash(keys, row)?, seqs.value(row), is_gone);
        }
    }
    Some(())
}

/// Keeps the newest word on whether a record is gone; within a commit the later row wins.
pub(crate) fn note_life(last: &mut ByHash<(i64, bool)>, key: u128, seq: i64, is_gone: bool) {
    let newest = last.entry(key).or_insert((seq, is_gone));
    if seq >= newest.0 {
        *newest = (seq, is_gone);
    }
}

pub(crate) fn hash(column: &FixedSizeBinaryArray, row: usize) -> Option<u128> {
    let bytes = column.is_valid(row).then(|| column.value(row))?;
    bytes.try_into().ok().map(u128::from_be_bytes)
}

/// What the life table says of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Life {
    /// Absent from a full file.
    Deleted,
    /// There again.
    Restored,
    /// This version gave no fact; earlier ones may have.
    Silent,
    /// This version says that the source deleted the record. A later version brings it back,
    /// whichever of the two arrives first.
    Ended,
}

impl Life {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Life::Deleted => "deleted",
            Life::Restored => "restored",
            Life::Silent => "silent",
            Life::Ended => "ended",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Life> {
        [Life::Deleted, Life::Restored, Life::Silent, Life::Ended]
            .into_iter()
            .find(|life| life.word() == word)
    }

    /// Whether the record left a file that is the whole table, or came back to it; `None` when
    /// its version decides.
    pub(crate) fn is_gone(self) -> Option<bool> {
        match self {
            Life::Deleted => Some(true),
            Life::Restored => Some(false),
            Life::Silent | Life::Ended => None,
        }
    }
}
