//! Taking an import back: from one commit on, what it brought does not count.
//!
//! Nothing is removed. The commits of the import are named in `undone`, and whoever reads rows as
//! of a later moment passes them over: facts, records, deletions, headers, how far the source
//! shows everything, the pack's version, set-aside rows. A question as of an earlier moment still
//! sees them. Importing the same files again brings every row back as new.
//!
//! Imports of one source are taken back newest first: a later one was told apart from what an
//! earlier one had brought, so it cannot stand without it.

use handfast_model::identity::BY_HAND;
use handfast_model::{Instant, Refusal, Seq, planted};

use crate::aside::note_closed;
use crate::book::{Inner, Ledger};
use crate::fail;
use crate::lists::Said;
use crate::refuse;
use crate::store::{Field, Row, Store, first, fold, reading, rows};
use crate::writer::{Commit, Tx};

/// What was taken back.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Undone {
    /// The import's number.
    pub run: u64,
    /// Its source.
    pub source: String,
    /// The commit from which on it does not count.
    pub seq: Seq,
    /// Its commits.
    pub commits: u64,
    /// Record versions they brought.
    pub records: u64,
    /// Facts they brought.
    pub facts: u64,
    /// Rows it had set aside that were still open; they are gone with it.
    pub set_aside: u64,
    /// Rows of earlier imports that it had closed and that are set aside again.
    pub reopened: u64,
    /// Those of them whose text was destroyed when all rows of their import were mended.
    pub without_text: u64,
}

/// The commits that do not count as of a moment.
#[derive(Clone, Default)]
pub(crate) struct TakenBack(Vec<i64>);

impl TakenBack {
    pub(crate) fn load(store: &mut dyn Store, seq: i64) -> Result<TakenBack, Refusal> {
        let mut commits = Vec::new();
        let sql = "SELECT commit_seq FROM undone WHERE seq <= $1 ORDER BY commit_seq";
        store.query(sql, &[Field::Int(seq)], &mut |row| {
            commits.push(row.int(0)?);
            Ok(())
        })?;
        Ok(TakenBack(planted!(UndoOverlooked, commits, Vec::new())))
    }

    /// Those commits, ascending.
    pub(crate) fn commits(&self) -> impl Iterator<Item = i64> + '_ {
        self.0.iter().copied()
    }

    /// Whether this commit's rows do not count.
    pub(crate) fn has(&self, seq: i64) -> bool {
        !self.0.is_empty() && self.0.binary_search(&seq).is_ok()
    }
}

/// What is to be taken back.
struct Plan {
    done: Undone,
    commits: Vec<u64>,
    reopened: Vec<Row>,
}

impl Ledger {
    /// Takes an import back: the newest one, or the newest one of its source if it is named.
    pub fn undo(&self, run: Option<u64>, now: Instant) -> Result<Undone, Refusal> {
        let _alone = self.inner.alone("an import is taken back")?;
        let Plan {
            mut done,
            commits,
            reopened,
        } = reading(self.inner.reader().as_mut(), |store| plan(store, run))?;
        done.reopened = reopened.len() as u64;
        done.without_text = self.inner.without_text(&reopened)?;
        let run = done.run;
        done.seq = self.inner.commit(Commit {
            note: format!("import {run} of {} taken back", done.source),
            now,
            rows: Vec::new(),
            apply: Box::new(move |tx| {
                write_undone(tx, run, &commits)?;
                write_reopened(tx, &reopened)?;
                let sql = "UPDATE aside SET closed_seq = $1 WHERE run = $2 AND closed_seq IS NULL";
                tx.store
                    .execute(sql, &[tx.seq_field(), Field::count(run)])?;
                note_closed(tx)
            }),
        })?;
        fail::point("undone");
        // All of its set-aside rows are closed now, so their key is destroyed.
        self.expire_set_aside(now)?;
        Ok(done)
    }
}

impl Inner {
    /// How many of these set-aside rows have lost their key.
    fn without_text(&self, reopened: &[Row]) -> Result<u64, Refusal> {
        let mut lost = 0;
        for row in reopened {
            let slot = row.maybe_int(3)?.and_then(|slot| u32::try_from(slot).ok());
            let key = slot.map(|slot| self.slots().read(slot)).transpose()?;
            lost += u64::from(key.flatten().is_none());
        }
        Ok(lost)
    }
}

fn plan(store: &mut dyn Store, asked: Option<u64>) -> Result<Plan, Refusal> {
    let imports = rows(
        store,
        "SELECT run, source, seq FROM import ORDER BY run DESC",
        &[],
    )?;
    let gone = rows(store, "SELECT DISTINCT run FROM undone", &[])?;
    let gone = gone.iter().map(|row| row.count(0));
    let gone: Vec<u64> = gone.collect::<Result<_, _>>()?;
    let mut standing = Vec::new();
    for row in &imports {
        let run = row.count(0)?;
        if !gone.contains(&run) {
            standing.push((run, row.text(1)?, row.int(2)?));
        }
    }
    // What people say by hand is no file: `identity undo` takes it back.
    let newest = standing.iter().find(|(_, source, _)| *source != BY_HAND);
    let run = match (asked, newest) {
        (Some(run), _) => run,
        (None, Some((run, _, _))) => *run,
        (None, None) => return Err(refuse::nothing_to_undo()),
    };
    let Some(&(_, source, from)) = standing.iter().find(|(known, _, _)| *known == run) else {
        return Err(match gone.contains(&run) {
            true => refuse::undone_already(run),
            false => refuse::unknown_import(run),
        });
    };
    let later = standing
        .iter()
        .filter(|(known, of, _)| *known > run && *of == source);
    let later: Vec<u64> = later.map(|(known, _, _)| *known).collect();
    if !later.is_empty() {
        return Err(refuse::undo_newer_first(run, source, &later));
    }
    let mut done = Undone {
        run,
        source: source.to_owned(),
        ..Undone::default()
    };
    let commits = commits_of(store, &mut done, from)?;
    let reopened = closed_by(store, run, source, &commits)?;
    let sql = "SELECT COUNT(*) FROM aside WHERE run = $1 AND closed_seq IS NULL";
    let open = first(store, sql, &[Field::count(run)])?;
    done.set_aside = open.map(|row| row.count(0)).transpose()?.unwrap_or(0);
    Ok(Plan {
        done,
        commits,
        reopened,
    })
}

/// The commits of an import, and what they say they brought. They are known by their note, which
/// the chain of hashes covers like everything else of a commit.
fn commits_of(store: &mut dyn Store, done: &mut Undone, from: i64) -> Result<Vec<u64>, Refusal> {
    let start = format!("import {} of {}: ", done.run, done.source);
    let mut commits = Vec::new();
    let sql = "SELECT seq, note, body FROM commit_log WHERE seq >= $1 ORDER BY seq";
    store.query(sql, &[Field::Int(from)], &mut |row| {
        if row.text(1)?.starts_with(&start) {
            commits.push(row.count(0)?);
            let mut said = Said::default();
            said.add(row.int(0)?, row.text(2)?);
            for ((table, _, _), (count, _)) in &said.rows {
                match table.as_str() {
                    "record" => done.records += count,
                    "fact" => done.facts += count,
                    _ => {}
                }
            }
        }
        Ok(())
    })?;
    done.commits = commits.len() as u64;
    Ok(commits)
}

/// Set-aside rows of earlier imports that these commits closed: import, position, by which commit,
/// and the slot of their key.
fn closed_by(
    store: &mut dyn Store,
    run: u64,
    source: &str,
    commits: &[u64],
) -> Result<Vec<Row>, Refusal> {
    let mut found = Vec::new();
    let sql = "SELECT aside.run, pos, closed_seq, slot FROM aside
               JOIN import ON import.run = aside.run
               WHERE aside.source = $1 AND closed_seq IS NOT NULL AND aside.run <> $2
               ORDER BY aside.run, pos";
    store.query(sql, &[Field::text(source), Field::count(run)], &mut |row| {
        if commits.binary_search(&row.count(2)?).is_ok() {
            found.push(row.clone());
        }
        Ok(())
    })?;
    Ok(found)
}

fn write_undone(tx: &mut Tx<'_>, run: u64, commits: &[u64]) -> Result<(), Refusal> {
    for commit in commits {
        let fields = [Field::count(*commit), Field::count(run), tx.seq_field()];
        let sql = "INSERT INTO undone (commit_seq, run, seq) VALUES ($1, $2, $3)";
        tx.store.execute(sql, &fields)?;
        tx.note("undone", &[&commit.to_string(), &run.to_string()]);
    }
    Ok(())
}

fn write_reopened(tx: &mut Tx<'_>, reopened: &[Row]) -> Result<(), Refusal> {
    if reopened.is_empty() {
        return Ok(());
    }
    let mut digest = blake3::Hasher::new();
    for row in reopened {
        let place = [Field::Int(row.int(0)?), Field::Int(row.int(1)?)];
        let [run, pos] = place.clone();
        let fields = [tx.seq_field(), run, pos, Field::Int(row.int(2)?)];
        fold(&mut digest, &fields);
        let sql = "INSERT INTO reopened (seq, run, pos, closed_seq) VALUES ($1, $2, $3, $4)";
        tx.store.execute(sql, &fields)?;
        let sql = "UPDATE aside SET closed_seq = NULL WHERE run = $1 AND pos = $2";
        tx.store.execute(sql, &place)?;
    }
    let digest = digest.finalize().to_hex().to_string();
    tx.note("reopened", &[&reopened.len().to_string(), &digest]);
    Ok(())
}
