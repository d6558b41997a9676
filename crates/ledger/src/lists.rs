//! The journal's lists against the chain: what the commits say they added must be what is there.
//!
//! Checked at every open without reading a single record: a flipped bit in the small tables that
//! decide what counts is then a refusal, never another number.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use handfast_model::Refusal;

use crate::attributes::text_of;
use crate::chain::{Tail, walk};
use crate::refuse;
use crate::store::{Field, Row, Store, fold, mark, reading};
use crate::versions;
use crate::writer::note;

/// A line of a commit's body: the commit, and what it added.
pub(crate) type Line = (i64, String);

/// Rows per table that commits say they added.
pub(crate) type RowLines = BTreeMap<(String, String, i64), (u64, String)>;

/// What all commits say.
#[derive(Default)]
pub(crate) struct Said {
    /// Lines about the journal's own tables.
    pub lines: BTreeSet<Line>,
    /// Lines about whose key lies in which slot.
    pub people: BTreeSet<Line>,
    /// The first import that commits tell of; those before are of books that did not.
    pub first_import: Option<i64>,
    /// Rows and digest by table, scope and commit.
    pub rows: RowLines,
}

impl Said {
    /// Adds what the body of a commit says; `None` when it cannot be read.
    pub(crate) fn add(&mut self, seq: i64, body: &str) -> Option<()> {
        for line in body.lines() {
            match line.strip_prefix("rows ") {
                None if line.starts_with("identity ") => {
                    self.people.insert((seq, line.to_owned()));
                }
                // The key of set-aside rows is made when there is one: no row says when that was.
                None if line.starts_with("import_slot ") => {
                    self.lines.insert((0, line.to_owned()));
                }
                None => {
                    if let Some(rest) = line.strip_prefix("import ") {
                        let run = text_of(rest)?.0.parse().ok()?;
                        self.first_import = self.first_import.min(Some(run)).or(Some(run));
                    }
                    self.lines.insert((seq, line.to_owned()));
                }
                Some(rest) => {
                    let (table, rest) = text_of(rest)?;
                    let (scope, rest) = text_of(rest.strip_prefix(' ')?)?;
                    let (rows, rest) = text_of(rest.strip_prefix(' ')?)?;
                    let (digest, _) = text_of(rest.strip_prefix(' ')?)?;
                    let place = (table.into_owned(), scope.into_owned(), seq);
                    let told = (rows.parse().ok()?, digest.into_owned());
                    self.rows.insert(place, told);
                }
            }
        }
        Some(())
    }
}

/// Walks the chain and compares the journal's lists with it; gives the chain's end.
pub(crate) fn check(store: &mut dyn Store, path: &Path) -> Result<Tail, Refusal> {
    reading(store, |store| {
        let (said, tail) = said(store, path)?;
        check_lines(store, path, &said)?;
        check_rows(store, path, &said.rows)?;
        Ok(tail)
    })
}

/// Whose key lies in which slot: as many rows as people, so this is left to `verify`.
pub(crate) fn check_people(store: &mut dyn Store, path: &Path) -> Result<Tail, Refusal> {
    reading(store, |store| {
        let (said, tail) = said(store, path)?;
        let sql = "SELECT seq, person, slot FROM identity ORDER BY seq, person";
        let found = digest_lines(store, "identity", sql, 0)?;
        if said.people == found {
            return Ok(tail);
        }
        let what = "its list of people's key slots is not what commits made";
        Err(refuse::journal_damaged(path, what))
    })
}

/// What the commits say, with the chain's end.
pub(crate) fn said(store: &mut dyn Store, path: &Path) -> Result<(Said, Tail), Refusal> {
    let mut said = Said::default();
    let tail = walk(store, path, &mut |link| {
        let unread = || refuse::chain_broken(path, link.seq.0, "its body cannot be read");
        said.add(link.seq.0 as i64, &link.body).ok_or_else(unread)
    })?;
    Ok((said, tail))
}

fn check_lines(store: &mut dyn Store, path: &Path, said: &Said) -> Result<(), Refusal> {
    let mut found = found_lines(store)?;
    if let Some(first) = said.first_import {
        found.extend(import_lines(store, first)?);
    }
    let Some((seq, line)) = said.lines.symmetric_difference(&found).next() else {
        return Ok(());
    };
    let word = line.split(' ').next().unwrap_or_default();
    let what = format!("its list of `{word}` is not what is there");
    Err(refuse::chain_broken(path, seq.unsigned_abs(), &what))
}

/// The lines that the tables, as they are, would have given.
fn found_lines(store: &mut dyn Store) -> Result<BTreeSet<Line>, Refusal> {
    let mut found = BTreeSet::new();
    let mut list = |sql: &str, line: &mut dyn FnMut(&Row) -> LineResult| {
        store.query(sql, &[], &mut |row| {
            found.insert(line(row)?);
            Ok(())
        })
    };
    let sql = "SELECT seq, kind, name, hash, files FROM version";
    list(sql, &mut |row| {
        let (kind, name, hash) = (row.text(1)?, row.text(2)?, row.text(3)?);
        let digest = versions::digest(row.text(4)?);
        line(row.int(0)?, "version", &[kind, name, hash, &digest])
    })?;
    let sql = "SELECT seq, source, until, is_declared FROM observed";
    list(sql, &mut |row| {
        let until = row
            .maybe_int(2)?
            .map_or_else(String::new, |until| until.to_string());
        let word = if row.int(3)? == 1 {
            "declared"
        } else {
            "latest"
        };
        line(row.int(0)?, "observed", &[row.text(1)?, &until, word])
    })?;
    let sql = "SELECT seq, source, stream, columns FROM header";
    list(sql, &mut |row| {
        let (source, stream, columns) = (row.text(1)?, row.text(2)?, row.text(3)?);
        line(row.int(0)?, "header", &[source, stream, columns])
    })?;
    let sql = "SELECT seq, run, stream, file, account FROM import_file";
    list(sql, &mut |row| {
        let (run, stream, file) = (row.int(1)?.to_string(), row.text(2)?, row.text(3)?);
        line(row.int(0)?, "account", &[&run, stream, file, row.text(4)?])
    })?;
    list("SELECT seq, commit_seq, run FROM undone", &mut |row| {
        let (commit, run) = (row.int(1)?.to_string(), row.int(2)?.to_string());
        line(row.int(0)?, "undone", &[&commit, &run])
    })?;
    list("SELECT seq, address FROM barred", &mut |row| {
        let address = format!("{:032x}", row.hash(1)?);
        line(row.int(0)?, "barred", &[&address])
    })?;
    list("SELECT seq, person FROM tombstone", &mut |row| {
        let person = format!("{:032x}", row.hash(1)?);
        line(row.int(0)?, "forgotten", &[&person])
    })?;
    for (word, sql, seq_at) in ASIDES {
        found.extend(digest_lines(store, word, sql, seq_at)?);
    }
    Ok(found)
}

/// The lines that imports from this one on would have given.
fn import_lines(store: &mut dyn Store, first: i64) -> Result<Vec<Line>, Refusal> {
    let mut found = Vec::new();
    let sql = "SELECT seq, run, source, pack, started_at, slot, finished_seq FROM import
               WHERE run >= $1";
    store.query(sql, &[Field::Int(first)], &mut |row| {
        let (run, started) = (row.int(1)?.to_string(), row.int(4)?.to_string());
        let texts = [run.as_str(), row.text(2)?, row.text(3)?, &started];
        found.push(line(row.int(0)?, "import", &texts)?);
        if let Some(slot) = row.maybe_int(5)? {
            found.push(line(0, "import_slot", &[&run, &slot.to_string()])?);
        }
        if let Some(finished) = row.maybe_int(6)? {
            found.push(line(finished, "import_end", &[&run])?);
        }
        Ok(())
    })?;
    Ok(found)
}

/// What is kept of set-aside rows, and where the commit stands in each row.
const ASIDES: [(&str, &str, usize); 5] = [
    (
        "aside",
        "SELECT run, pos, seq, source, stream, file, line, col, reason, record, sealed
         FROM aside ORDER BY run, pos",
        2,
    ),
    (
        "aside_version",
        "SELECT run, pos, seq, version FROM aside_version ORDER BY run, pos",
        2,
    ),
    (
        "closed",
        "SELECT closed_seq, run, pos FROM aside WHERE closed_seq IS NOT NULL
         UNION ALL SELECT closed_seq, run, pos FROM reopened ORDER BY closed_seq, run, pos",
        0,
    ),
    (
        "reopened",
        "SELECT seq, run, pos, closed_seq FROM reopened ORDER BY seq, run, pos",
        0,
    ),
    (
        "answered",
        "SELECT seq, run, pos, mark, record FROM answered ORDER BY seq, run, pos",
        0,
    ),
];

type LineResult = Result<Line, Refusal>;

fn line(seq: i64, word: &str, texts: &[&str]) -> LineResult {
    let mut body = String::new();
    note(&mut body, word, texts);
    Ok((seq, body.trim_end_matches('\n').to_owned()))
}

/// One line per commit with the number and digest of its rows; its number stands at `seq_at`.
fn digest_lines(
    store: &mut dyn Store,
    word: &str,
    sql: &str,
    seq_at: usize,
) -> Result<BTreeSet<Line>, Refusal> {
    let mut by_seq: BTreeMap<i64, (u64, blake3::Hasher)> = BTreeMap::new();
    store.query(sql, &[], &mut |row| {
        let (rows, digest) = by_seq.entry(row.int(seq_at)?).or_default();
        *rows += 1;
        fold(digest, &row.0);
        Ok(())
    })?;
    by_seq
        .into_iter()
        .map(|(seq, (rows, digest))| {
            let digest = digest.finalize().to_hex().to_string();
            line(seq, word, &[&rows.to_string(), &digest])
        })
        .collect()
}

/// Every stretch of rows is the one that was registered, and together they are all that commits
/// added.
fn check_rows(store: &mut dyn Store, path: &Path, said: &RowLines) -> Result<(), Refusal> {
    let mut rows: BTreeMap<String, u64> = BTreeMap::new();
    let mut add = |fields: &[Field], table: &str, count: u64, found: &[u8]| {
        if mark(fields) != Field::Bytes(found.to_vec()) {
            let what = format!("its list of {table} rows has been changed");
            return Err(refuse::journal_damaged(path, &what));
        }
        *rows.entry(table.to_owned()).or_default() += count;
        Ok(())
    };
    let sql = "SELECT path, tbl, scope, first_seq, last_seq, row_count, byte_count, sha256, mark
               FROM segment";
    store.query(sql, &[], &mut |row| {
        let fields = row.0.get(..8).unwrap_or_default();
        add(fields, row.text(1)?, row.count(5)?, row.bytes(8)?)
    })?;
    let sql = "SELECT seq, tbl, scope, row_count, sha256, mark FROM journal";
    store.query(sql, &[], &mut |row| {
        let fields = row.0.get(..5).unwrap_or_default();
        add(fields, row.text(1)?, row.count(3)?, row.bytes(5)?)
    })?;
    let mut told: BTreeMap<String, u64> = BTreeMap::new();
    for ((table, _, _), (count, _)) in said {
        *told.entry(table.clone()).or_default() += count;
    }
    if told == rows {
        return Ok(());
    }
    let what = format!("it lists {rows:?} rows where commits added {told:?}");
    Err(refuse::journal_damaged(path, &what))
}
