//! Compaction: rows of small commits move from the journal into segments, small segments into
//! larger ones. No row changes, so no answer does.
//!
//! The new file is on the disk and read back before one transaction puts it in the place of the
//! old stretches. A crash before leaves the new file as an orphan, a crash after the old ones.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use arrow::array::RecordBatch;
use handfast_model::Refusal;

use crate::book::{Inner, Ledger};
use crate::fail;
use crate::files;
use crate::refuse;
use crate::segment::{Part, PartPlace, Wanted, Written, parts};
use crate::store::{Field, Store, reading};
use crate::table::{Digests, Table};
use crate::writer::register;

/// A segment of at least this many rows is left as it is.
const LARGE_ROWS: u64 = 250_000;
/// Rows and stored bytes after which a new segment is started.
const MOST_ROWS: u64 = 500_000;
const MOST_BYTES: u64 = 64 << 20;

/// What compaction did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Compacted {
    /// Stretches of rows before, journal and segments.
    pub before: u64,
    /// Segments they became.
    pub after: u64,
    /// Rows that moved.
    pub rows: u64,
}

impl Ledger {
    /// Gathers small stretches of rows into segments.
    pub fn compact(&self) -> Result<Compacted, Refusal> {
        let _alone = self.inner.alone("the book is compacted")?;
        self.gather(|_| true)
    }

    /// Gathers the rows that small commits left in the journal into segments. It takes no file away
    /// that others read, so imports and intakes go on meanwhile.
    pub fn fold(&self) -> Result<Compacted, Refusal> {
        self.gather(|part| matches!(part.place, PartPlace::Journal { .. }))
    }

    fn gather(&self, is_wanted: impl Fn(&Part) -> bool) -> Result<Compacted, Refusal> {
        let moving = &self.inner.is_moving;
        let _moving = moving.lock().unwrap_or_else(PoisonError::into_inner);
        let mut done = Compacted::default();
        for table in Table::ALL {
            let mut all = reading(self.inner.reader().as_mut(), |store| {
                parts(store, table, None, i64::MAX)
            })?;
            all.retain(&is_wanted);
            for group in groups(all) {
                done.before += group.len() as u64;
                done.after += 1;
                done.rows += merge(&self.inner, table, &group)?;
            }
        }
        Ok(done)
    }
}

/// Stretches that belong together: of one scope, oldest first, none of them large.
fn groups(all: Vec<Part>) -> Vec<Vec<Part>> {
    let mut by_scope: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    for part in all {
        let is_large = matches!(part.place, PartPlace::Segment { .. }) && part.rows >= LARGE_ROWS;
        if !is_large {
            by_scope.entry(part.scope.clone()).or_default().push(part);
        }
    }
    let mut groups: Vec<Vec<Part>> = Vec::new();
    for parts in by_scope.into_values() {
        let (mut rows, mut bytes) = (u64::MAX, 0);
        for part in parts {
            let size = match &part.place {
                PartPlace::Journal { body } => body.len() as u64,
                PartPlace::Segment { bytes, .. } => *bytes,
            };
            if rows >= MOST_ROWS || bytes >= MOST_BYTES {
                (rows, bytes) = (0, 0);
                groups.push(Vec::new());
            }
            rows += part.rows;
            bytes += size;
            if let Some(group) = groups.last_mut() {
                group.push(part);
            }
        }
    }
    let is_worth = |group: &Vec<Part>| {
        group.len() > 1
            || matches!(
                group.first().map(|p| &p.place),
                Some(PartPlace::Journal { .. })
            )
    };
    groups.retain(is_worth);
    groups
}

fn merge(inner: &Inner, table: Table, group: &[Part]) -> Result<u64, Refusal> {
    let mut batches: Vec<RecordBatch> = Vec::new();
    let mut before = Digests::default();
    for part in group {
        inner.shelf.read(part, &Wanted::default(), &mut |batch| {
            before.add(batch);
            batches.push(batch.clone());
            Ok(())
        })?;
    }
    let first = group.iter().map(|part| part.first_seq).min().unwrap_or(0);
    let last = group.iter().map(|part| part.last_seq).max().unwrap_or(0);
    let scope = group
        .first()
        .map_or_else(String::new, |part| part.scope.clone());
    let number = inner.segments_made.fetch_add(1, Ordering::SeqCst);
    let name = format!(
        "{}-{first:010}-{}-c{number}.parquet",
        table.name(),
        inner.epoch
    );
    let written = inner.shelf.write(&name, table, &batches)?;
    let new = Part {
        table,
        scope: scope.clone(),
        first_seq: first,
        last_seq: last,
        rows: written.rows,
        sha256: written.sha256.clone(),
        place: PartPlace::Segment {
            name: name.clone(),
            bytes: written.bytes,
        },
    };
    let rows = written.rows;
    fail::point("compact-written");
    check_same(inner, &new, before)?;
    let old = group.to_vec();
    inner.writer()?.chore(Box::new(move |store| {
        swap(store, &old, &name, (table, &scope, (first, last)), written)
    }))?;
    fail::point("compact-swapped");
    for part in group {
        if let PartPlace::Segment { name, .. } = &part.place {
            // No commit names it any more; what cannot be removed now goes at the next open.
            let _ = files::remove(&inner.shelf.segments.join(name));
        }
    }
    Ok(rows)
}

/// Reads a new segment back: its rows are those it was made of.
fn check_same(inner: &Inner, new: &Part, before: Digests) -> Result<(), Refusal> {
    let mut after = Digests::default();
    inner.shelf.read(new, &Wanted::default(), &mut |batch| {
        after.add(batch);
        Ok(())
    })?;
    if before.finish() == after.finish() {
        return Ok(());
    }
    let name = match &new.place {
        PartPlace::Segment { name, .. } => name.as_str(),
        PartPlace::Journal { .. } => "",
    };
    let path = inner.shelf.segments.join(name);
    let what = "its rows are not those it was made of";
    Err(refuse::segment_damaged(&path, what))
}

fn swap(
    store: &mut dyn Store,
    old: &[Part],
    name: &str,
    place: (Table, &str, (i64, i64)),
    written: Written,
) -> Result<(), Refusal> {
    for part in old {
        let removed = match &part.place {
            PartPlace::Segment { name, .. } => {
                let sql = "DELETE FROM segment WHERE path = $1";
                store.execute(sql, &[Field::text(name)])?
            }
            PartPlace::Journal { .. } => {
                let fields = [
                    Field::Int(part.first_seq),
                    Field::text(part.table.name()),
                    Field::text(&part.scope),
                ];
                let sql = "DELETE FROM journal WHERE seq = $1 AND tbl = $2 AND scope = $3";
                store.execute(sql, &fields)?
            }
        };
        if removed != 1 {
            return Err(refuse::uneven("rows moved while they were being compacted"));
        }
    }
    register(store, name, place, written)
}
