//! What is about to be done in the ledger or on the disk, written down before it is.
//!
//! The ledger and the file of people are two files, and one may be flushed without the other:
//! whoever is killed between them has acted, and the log has no entry of it. So an intent comes
//! first. It goes with the act's entry, in one transaction, or where nothing was done; one that is
//! found at the next start becomes an entry that says so. What an act means is not known here.

use handfast_model::{Instant, Refusal};
use rusqlite::{Row, params};

use crate::Accounts;
use crate::actor::{Actor, Call};
use crate::audit::{Deed, Entry, append, object_of, push};

/// The act of an entry about an intent that nobody settled.
pub const CUT_OFF: &str = "act.cut_off";

/// Something that is about to be done.
#[derive(Debug)]
#[must_use = "an intent that is not settled becomes an entry at the next start"]
pub struct Intent(i64);

/// An intent that was found at the start.
struct Left {
    kind: String,
    actor: String,
    act: String,
    newest: Option<i64>,
    request: String,
    nearness: String,
}

impl Accounts {
    /// Writes down that somebody is about to do something. `newest` is the ledger's last commit, if
    /// it is done there: whatever is done comes after it.
    pub fn intend(
        &self,
        actor: &Actor,
        call: &Call<'_>,
        (act, newest): (&str, Option<u64>),
    ) -> Result<Intent, Refusal> {
        let newest = newest.map(|seq| i64::try_from(seq).unwrap_or(i64::MAX));
        let sql = "INSERT INTO intents (kind, actor, act, newest, request, nearness) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.store.write(|file| {
            file.prepare_cached(sql)?.execute(params![
                actor.kind(),
                actor.id(),
                act,
                newest,
                call.request,
                call.nearness(),
            ])?;
            Ok(Intent(file.last_insert_rowid()))
        })
    }

    /// Writes down that it was done.
    pub fn record_intended(
        &self,
        intent: &Intent,
        (actor, call): (&Actor, &Call<'_>),
        deed: &Deed<'_>,
    ) -> Result<(), Refusal> {
        self.store.write(|file| {
            file.execute("DELETE FROM intents WHERE id = ?1", [intent.0])?;
            append(file, actor, call, deed)
        })
    }

    /// Takes an intent back: nothing was done.
    pub fn drop_intent(&self, intent: &Intent) -> Result<(), Refusal> {
        self.store.write(|file| {
            file.execute("DELETE FROM intents WHERE id = ?1", [intent.0])?;
            Ok(())
        })
    }

    /// For the one process that serves a book, when it starts: what was under way when the one
    /// before ended is under way no more. It may have been done, and each gets an entry that says
    /// so; where the ledger has no commit since, nothing was. Gives how many entries there are.
    pub fn end_intents(&self, now: Instant, newest: u64) -> Result<u64, Refusal> {
        let newest = i64::try_from(newest).unwrap_or(i64::MAX);
        self.store.write(|file| {
            let sql = "SELECT kind, actor, act, newest, request, nearness FROM intents ORDER BY id";
            let left: Vec<Left> = file
                .prepare_cached(sql)?
                .query_map([], left_of)?
                .collect::<Result<_, _>>()?;
            file.execute("DELETE FROM intents", [])?;
            let may_be_done = |left: &Left| left.newest.is_none_or(|before| before < newest);
            let mut entries = 0;
            for left in left.into_iter().filter(may_be_done) {
                push(file, left.entry(now, newest))?;
                entries += 1;
            }
            Ok(entries)
        })
    }
}

impl Left {
    /// By whom and from where it was begun, and between which commits it is, if it was done.
    fn entry(self, now: Instant, newest: i64) -> Entry {
        let commit = |seq: i64| object_of(&[("newest_commit", &seq.to_string())]);
        let none = || object_of(&[]);
        Entry {
            seq: 0,
            at: now,
            kind: self.kind,
            actor: self.actor,
            act: CUT_OFF.to_owned(),
            object: self.act,
            before: self.newest.map_or_else(none, commit),
            after: self.newest.map_or_else(none, |_| commit(newest)),
            request: self.request,
            nearness: self.nearness,
            hash: String::new(),
        }
    }
}

fn left_of(row: &Row<'_>) -> rusqlite::Result<Left> {
    Ok(Left {
        kind: row.get(0)?,
        actor: row.get(1)?,
        act: row.get(2)?,
        newest: row.get(3)?,
        request: row.get(4)?,
        nearness: row.get(5)?,
    })
}
