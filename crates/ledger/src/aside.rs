//! Rows set aside: kept whole and sealed until they are mended, released, or a month has passed.
//!
//! Each is sealed under its import's key *and* the keys of the people it names, so that forgetting
//! a person reaches their set-aside rows too. Why and where a row was set aside stays for ever.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use handfast_model::{Instant, RecordKey, Refusal, Seq, limits};

use crate::attributes::{pairs, push_json};
use crate::book::{Inner, Ledger};
use crate::classified::RowState;
use crate::keys::Slots;
use crate::refuse;
use crate::seal::{binding, key_of, seal, slots_of, unseal};
use crate::store::{Field, Row, Store, first, fold, rows};
use crate::writer::{Commit, Tx};

/// The name of a set-aside row: its import, and its place among the rows that one set aside. It
/// is written so that no spreadsheet takes it for a date or a number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct AsideId {
    /// The import.
    pub run: u64,
    /// Its place, from 0.
    pub pos: u64,
}

impl AsideId {
    /// Reads `r3-17`.
    pub fn parse(text: &str) -> Option<AsideId> {
        let (run, pos) = text.trim().strip_prefix('r')?.split_once('-')?;
        Some(AsideId {
            run: run.parse().ok()?,
            pos: pos.parse().ok()?,
        })
    }
}

impl fmt::Display for AsideId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "r{}-{}", self.run, self.pos)
    }
}

/// A row that was set aside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SetAsideRow {
    /// Its name.
    pub id: AsideId,
    /// The stream its file belongs to.
    pub stream: String,
    /// The file.
    pub file: String,
    /// Its first line there.
    pub line: u32,
    /// The column at fault; empty when the whole row is.
    pub column: String,
    /// Why.
    pub reason: String,
    /// What it says; `None` once its key is destroyed.
    pub text: Option<AsideText>,
    /// Whether it has been mended, superseded or released since.
    pub is_closed: bool,
}

/// What a set-aside row says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AsideText {
    /// A row that could be read: its columns and texts, empty ones left out.
    Cells(Vec<(String, String)>),
    /// A row that could not, as it stands in the file.
    Raw(String),
}

/// A row to set aside.
pub(crate) struct NewAside {
    pub stream: String,
    pub file: String,
    pub line: u32,
    pub column: String,
    pub reason: String,
    pub record: Option<RecordKey>,
    /// Its version, where versions are declared and this one can be read.
    pub version: Option<i64>,
    pub sealed: Vec<u8>,
}

/// The rows of an import, as [`Ledger::open_aside`] reads them.
const OF_RUN: &str = "SELECT stream, file, line, col, reason, sealed, closed_seq, pos FROM aside
    WHERE run = $1 ORDER BY pos";

impl Ledger {
    /// The rows an import set aside, in the order of their files.
    pub fn set_aside_rows(&self, run: u64) -> Result<Vec<SetAsideRow>, Refusal> {
        self.run_slot(run)?;
        let found = rows(self.inner.reader().as_mut(), OF_RUN, &[Field::count(run)])?;
        found.iter().map(|row| self.open_aside(run, row)).collect()
    }

    pub(crate) fn open_aside(&self, run: u64, row: &Row) -> Result<SetAsideRow, Refusal> {
        let line = u32::try_from(row.count(2)?).unwrap_or(u32::MAX);
        let place = aside_binding(run, row.text(0)?, row.text(1)?, line);
        let mut slots = self.inner.slots();
        let text = unseal(&self.inner.key, &mut slots, &place, row.bytes(5)?)?;
        let text = text.map(|bytes| {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            match text.strip_prefix('R') {
                Some(raw) => AsideText::Raw(raw.to_owned()),
                None => AsideText::Cells(pairs(&text).unwrap_or_default()),
            }
        });
        Ok(SetAsideRow {
            id: AsideId {
                run,
                pos: row.count(7)?,
            },
            stream: row.text(0)?.to_owned(),
            file: row.text(1)?.to_owned(),
            line,
            column: row.text(3)?.to_owned(),
            reason: row.text(4)?.to_owned(),
            text,
            is_closed: row.maybe_int(6)?.is_some(),
        })
    }

    /// Destroys the key of an import's set-aside rows: they are mended, or not wanted.
    pub fn release_set_aside(&self, run: u64, now: Instant) -> Result<Seq, Refusal> {
        let _alone = self.inner.alone("rows are released")?;
        let slot = self.run_slot(run)?;
        if let Some(slot) = slot {
            self.inner.slots().erase(&[slot])?;
        }
        let commit = Commit {
            note: format!("set-aside rows of import {run} released"),
            now,
            rows: Vec::new(),
            apply: Box::new(move |tx| {
                let fields = [tx.seq_field(), Field::count(run)];
                let sql = "UPDATE aside SET closed_seq = $1 WHERE run = $2 AND closed_seq IS NULL";
                tx.store.execute(sql, &fields)?;
                note_closed(tx)
            }),
        };
        self.inner.commit(commit)
    }

    fn run_slot(&self, run: u64) -> Result<Option<u32>, Refusal> {
        let sql = "SELECT slot FROM import WHERE run = $1";
        let row = first(self.inner.reader().as_mut(), sql, &[Field::count(run)])?;
        let row = row.ok_or_else(|| refuse::unknown_import(run))?;
        Ok(row.maybe_int(0)?.and_then(|slot| u32::try_from(slot).ok()))
    }

    /// Destroys the keys of set-aside rows that are too old or all mended. Their places and reasons
    /// stay, so nothing that was counted changes. Every opening to write does this first.
    pub fn expire_set_aside(&self, now: Instant) -> Result<(), Refusal> {
        let month = i64::from(limits::SET_ASIDE_DAYS) * 86_400_000_000;
        let sql =
            "SELECT slot FROM import WHERE slot IS NOT NULL AND (started_at < $1 OR NOT EXISTS
                   (SELECT 1 FROM aside WHERE aside.run = import.run AND closed_seq IS NULL))";
        let before = Field::Int(now.0.saturating_sub(month));
        let mut dead = Vec::new();
        self.inner.reader().query(sql, &[before], &mut |row| {
            dead.extend(u32::try_from(row.int(0)?).ok());
            Ok(())
        })?;
        let mut slots = self.inner.slots();
        let mut living = Vec::new();
        for slot in dead {
            if slots.read(slot)?.is_some() {
                living.push(slot);
            }
        }
        slots.erase(&living)
    }
}

/// A set-aside row that was sent back mended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct SentBack {
    /// Its name.
    pub id: AsideId,
    /// Whether it was set aside as a conflict.
    pub is_conflict: bool,
    /// What it had said, as a hash; `None` once its text is destroyed.
    pub mark: Option<u128>,
}

impl Ledger {
    /// What is known of rows that were sent back.
    pub(crate) fn sent_back(&self, ids: Vec<AsideId>) -> Result<Vec<SentBack>, Refusal> {
        let runs: BTreeSet<u64> = ids.iter().map(|id| id.run).collect();
        let conflict = RowState::Conflict.reason().unwrap_or_default();
        let mut known: BTreeMap<AsideId, SentBack> = BTreeMap::new();
        for run in runs {
            let found = rows(self.inner.reader().as_mut(), OF_RUN, &[Field::count(run)])?;
            for found in &found {
                let row = self.open_aside(run, found)?;
                let people = slots_of(found.bytes(5)?).unwrap_or_default();
                let people = people.get(1..).unwrap_or_default();
                let mark = match &row.text {
                    Some(AsideText::Cells(cells)) => {
                        mark(&self.inner, &mut self.inner.slots(), people, cells)?
                    }
                    _ => None,
                };
                let sent = SentBack {
                    id: row.id,
                    is_conflict: row.reason == conflict,
                    mark,
                };
                known.insert(row.id, sent);
            }
        }
        let nothing = |id| SentBack {
            id,
            is_conflict: false,
            mark: None,
        };
        let of = |id: AsideId| known.get(&id).copied().unwrap_or_else(|| nothing(id));
        Ok(ids.into_iter().map(of).collect())
    }
}

/// A hash of what a row says, whatever the order of its columns. Like all personal text it is
/// hashed under keys that die with the people it names; `None` once one of them is gone.
pub(crate) fn mark(
    inner: &Inner,
    slots: &mut Slots,
    people: &[u32],
    cells: &[(String, String)],
) -> Result<Option<u128>, Refusal> {
    let Some(key) = key_of(&inner.key, slots, people)? else {
        return Ok(None);
    };
    let mut sorted: Vec<&(String, String)> = cells.iter().collect();
    sorted.sort();
    let mut hasher = blake3::Hasher::new_keyed(&key);
    let texts = sorted.iter().flat_map(|(name, text)| [name, text]);
    let texts: Vec<&str> = texts.map(String::as_str).collect();
    hasher.update(b"set aside").update(&binding(&texts, &[]));
    let half = hasher.finalize().as_bytes().first_chunk::<16>().copied();
    Ok(Some(u128::from_be_bytes(half.unwrap_or_default())))
}

/// Seals what a set-aside row says.
pub(crate) fn seal_aside(
    inner: &Inner,
    run: u64,
    aside: &mut NewAside,
    slots: &[u32],
    text: &AsideText,
) -> Result<(), Refusal> {
    let plain = match text {
        AsideText::Raw(raw) => format!("R{raw}"),
        AsideText::Cells(cells) => {
            let mut object = String::from("{");
            for (at, (name, cell)) in cells.iter().enumerate() {
                object.push_str(if at > 0 { "," } else { "" });
                push_json(&mut object, name);
                object.push(':');
                push_json(&mut object, cell);
            }
            object + "}"
        }
    };
    let place = aside_binding(run, &aside.stream, &aside.file, aside.line);
    // Under an erased key nothing can be kept: an all-zero key would be no key.
    if let Some(key) = key_of(&inner.key, &mut inner.slots(), slots)? {
        aside.sealed = seal(&key, slots, &place, plain.as_bytes())?;
    }
    Ok(())
}

fn aside_binding(run: u64, stream: &str, file: &str, line: u32) -> Vec<u8> {
    binding(
        &["aside", stream, file],
        &[u128::from(run), u128::from(line)],
    )
}

/// Writes set-aside rows; earlier ones of the same row are superseded.
pub(crate) fn write(
    tx: &mut Tx<'_>,
    source: &str,
    run: u64,
    from: u64,
    asides: &[NewAside],
) -> Result<(), Refusal> {
    if asides.is_empty() {
        return Ok(());
    }
    let mut digest = blake3::Hasher::new();
    let mut versions = (0_u64, blake3::Hasher::new());
    for (pos, aside) in (from..).zip(asides) {
        supersede(tx, (source, run), aside)?;
        let record = aside.record.map_or(Field::Null, |key| Field::hash(key.0));
        let fields = [
            Field::count(run),
            Field::count(pos),
            tx.seq_field(),
            Field::text(source),
            Field::text(&aside.stream),
            Field::text(&aside.file),
            Field::count(u64::from(aside.line)),
            Field::text(&aside.column),
            Field::text(&aside.reason),
            record,
            Field::Bytes(aside.sealed.clone()),
        ];
        fold(&mut digest, &fields);
        let sql = "INSERT INTO aside
            (run, pos, seq, source, stream, file, line, col, reason, record, sealed)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        tx.store.execute(sql, &fields)?;
        if let Some(version) = aside.version {
            let fields = [
                Field::count(run),
                Field::count(pos),
                tx.seq_field(),
                Field::Int(version),
            ];
            let sql = "INSERT INTO aside_version (run, pos, seq, version) VALUES ($1, $2, $3, $4)";
            tx.store.execute(sql, &fields)?;
            fold(&mut versions.1, &fields);
            versions.0 += 1;
        }
    }
    if versions.0 > 0 {
        let digest = versions.1.finalize().to_hex().to_string();
        tx.note("aside_version", &[&versions.0.to_string(), &digest]);
    }
    let digest = digest.finalize().to_hex().to_string();
    tx.note("aside", &[&asides.len().to_string(), &digest]);
    Ok(())
}

/// The version of a set-aside row against one that may be missing. The latter is given twice.
const OF_VERSION: &str = "($5 IS NULL AND NOT EXISTS (SELECT 1 FROM aside_version
        WHERE aside_version.run = aside.run AND aside_version.pos = aside.pos)
    OR EXISTS (SELECT 1 FROM aside_version WHERE aside_version.run = aside.run
        AND aside_version.pos = aside.pos AND aside_version.version = $6))";

/// Closes the rows that an earlier import set aside in the place of this one: of the same version
/// of its record, or, without a key, of its line.
fn supersede(tx: &mut Tx<'_>, (source, run): (&str, u64), aside: &NewAside) -> Result<(), Refusal> {
    let mut fields = vec![
        tx.seq_field(),
        Field::text(source),
        Field::text(&aside.stream),
    ];
    let which = match aside.record {
        Some(key) => {
            let version = Field::maybe(aside.version);
            fields.extend([Field::hash(key.0), version.clone(), version]);
            format!("record = $4 AND {OF_VERSION} AND run < $7")
        }
        None => {
            let line = Field::count(u64::from(aside.line));
            fields.extend([Field::text(&aside.file), line]);
            "record IS NULL AND file = $4 AND line = $5 AND run < $6".to_owned()
        }
    };
    fields.push(Field::count(run));
    let sql = format!(
        "UPDATE aside SET closed_seq = $1
         WHERE source = $2 AND stream = $3 AND closed_seq IS NULL AND {which}"
    );
    tx.store.execute(&sql, &fields).map(drop)
}

/// Closes set-aside rows whose record has come in order, in their version where versions are
/// declared.
pub(crate) fn mend(
    tx: &mut Tx<'_>,
    source: &str,
    mended: &[(String, u128, Option<i64>)],
) -> Result<(), Refusal> {
    for (stream, key, version) in mended {
        let version = Field::maybe(*version);
        let fields = [
            tx.seq_field(),
            Field::text(source),
            Field::text(stream),
            Field::hash(*key),
            version.clone(),
            version,
        ];
        let sql = format!(
            "UPDATE aside SET closed_seq = $1 WHERE source = $2 AND stream = $3
             AND closed_seq IS NULL AND record = $4 AND {OF_VERSION}"
        );
        tx.store.execute(&sql, &fields)?;
    }
    Ok(())
}

/// Closes set-aside rows that came back mended, whatever their record is now, and takes down what
/// they had said.
pub(crate) fn close(tx: &mut Tx<'_>, mended: &[(SentBack, RecordKey)]) -> Result<(), Refusal> {
    let mut mended = mended.to_vec();
    mended.sort_by_key(|(sent, _)| sent.id);
    let (mut digest, mut count) = (blake3::Hasher::new(), 0_u64);
    for (sent, record) in mended {
        let [run, pos] = [sent.id.run, sent.id.pos].map(Field::count);
        let sql = "UPDATE aside SET closed_seq = $1
                   WHERE run = $2 AND pos = $3 AND closed_seq IS NULL";
        let is_open = tx
            .store
            .execute(sql, &[tx.seq_field(), run.clone(), pos.clone()])?
            > 0;
        let Some(mark) = sent.mark.filter(|_| is_open) else {
            continue;
        };
        let (mark, record) = (Field::hash(mark), Field::hash(record.0));
        let fields = [tx.seq_field(), run, pos, mark, record];
        let sql = "INSERT INTO answered (seq, run, pos, mark, record)
                   VALUES ($1, $2, $3, $4, $5)";
        tx.store.execute(sql, &fields)?;
        fold(&mut digest, &fields);
        count += 1;
    }
    if count > 0 {
        let digest = digest.finalize().to_hex().to_string();
        tx.note("answered", &[&count.to_string(), &digest]);
    }
    Ok(())
}

/// Notes in the chain which set-aside rows this commit closed.
pub(crate) fn note_closed(tx: &mut Tx<'_>) -> Result<(), Refusal> {
    let sql = "SELECT closed_seq, run, pos FROM aside WHERE closed_seq = $1 ORDER BY run, pos";
    let mut digest = blake3::Hasher::new();
    let mut count = 0_u64;
    tx.store.query(sql, &[Field::count(tx.seq.0)], &mut |row| {
        count += 1;
        fold(&mut digest, &row.0);
        Ok(())
    })?;
    if count > 0 {
        let digest = digest.finalize().to_hex().to_string();
        tx.note("closed", &[&count.to_string(), &digest]);
    }
    Ok(())
}

/// Rows set aside and still open as of a commit, by reason.
pub(crate) fn open_by_reason(
    store: &mut dyn Store,
    seq: Seq,
) -> Result<Vec<(String, u64)>, Refusal> {
    // A row that was open again later was closed all the same in between.
    let sql = "SELECT reason FROM aside WHERE seq <= $1 AND (closed_seq IS NULL OR closed_seq > $2)
         AND NOT EXISTS (SELECT 1 FROM reopened WHERE reopened.run = aside.run
             AND reopened.pos = aside.pos AND reopened.closed_seq <= $3 AND reopened.seq > $4)";
    let mut by_reason: BTreeMap<String, u64> = BTreeMap::new();
    let fields = vec![Field::count(seq.0); 4];
    store.query(sql, &fields, &mut |row| {
        *by_reason.entry(row.text(0)?.to_owned()).or_default() += 1;
        Ok(())
    })?;
    Ok(by_reason.into_iter().collect())
}
