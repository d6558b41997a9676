//! What was done, by whom, from how near and under which request: a log that is only added to.
//!
//! Each entry's hash is the SHA-256 of its line, and the line holds the hash of the entry before.
//! Whoever changes, takes out or moves an entry breaks the chain there; whoever cuts its end is
//! found by a head that was kept elsewhere. Entries hold ids and words, never names, addresses or
//! secrets, so that nobody has to be erased from it.

use std::fmt::Write;

use handfast_model::{Instant, Refusal};
use rusqlite::{Connection, OptionalExtension, params};

use crate::actor::{Actor, Call};
use crate::rights::{Capability, require};
use crate::secret::{hash, hex};
use crate::store::{Fault, Micros};
use crate::{Accounts, refuse};

/// Most entries that one look takes.
const PAGE: u32 = 1_000;
/// Entries that are read at a time where all are.
const PIECE: u32 = if cfg!(test) { 20 } else { PAGE };

/// What was done, for the log. Texts are ids and words; personal fields are named, not shown.
#[derive(Clone, Copy, Debug)]
pub struct Deed<'a> {
    /// The act, as `person.invited` or `answer.exported`.
    pub act: &'a str,
    /// The id of what it was done to.
    pub object: &'a str,
    /// What held before, field by field.
    pub before: &'a [(&'a str, &'a str)],
    /// What holds since.
    pub after: &'a [(&'a str, &'a str)],
}

/// One entry of the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its number, from 1, without gaps.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// The kind of actor: person, token, key, guest, stranger, console.
    pub kind: String,
    /// The actor's id.
    pub actor: String,
    /// The act.
    pub act: String,
    /// What it was done to.
    pub object: String,
    /// What held before, as a JSON object of texts.
    pub before: String,
    /// What holds since, likewise.
    pub after: String,
    /// The request's id.
    pub request: String,
    /// From how near: console, loopback, private or public.
    pub nearness: String,
    /// The hash of this entry's line.
    pub hash: String,
}

/// The end of the log. Kept elsewhere, it tells whether entries were cut off since.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// The last entry's number; 0 when there is none.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
}

/// What the first entry stands after.
const START: &str = "";

impl Entry {
    /// The line that is hashed: JSON with a fixed order of fields.
    fn line(&self, previous: &str) -> String {
        let mut line = format!("{{\"seq\":{},\"at\":\"{}\"", self.seq, self.at);
        for (field, text) in [
            ("kind", &self.kind),
            ("actor", &self.actor),
            ("act", &self.act),
            ("object", &self.object),
        ] {
            let _ = write!(line, ",\"{field}\":{}", quoted(text));
        }
        let _ = write!(line, ",\"before\":{},\"after\":{}", self.before, self.after);
        let _ = write!(line, ",\"request\":{}", quoted(&self.request));
        let _ = write!(line, ",\"nearness\":{}", quoted(&self.nearness));
        let _ = write!(line, ",\"previous\":{}}}", quoted(previous));
        line
    }

    /// The line with its hash at the end.
    fn exported(&self, previous: &str) -> String {
        let mut line = self.line(previous);
        line.pop();
        let _ = write!(line, ",\"hash\":{}}}", quoted(&self.hash));
        line
    }

    fn proper_hash(&self, previous: &str) -> String {
        hex(&hash(self.line(previous).as_bytes()))
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

pub(crate) fn object_of(fields: &[(&str, &str)]) -> String {
    let mut text = String::from("{");
    for (at, (field, value)) in fields.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let _ = write!(text, "{comma}{}:{}", quoted(field), quoted(value));
    }
    text.push('}');
    text
}

/// Adds an entry inside the transaction of what it tells of: neither is there without the other.
pub(crate) fn append(
    act: &Connection,
    actor: &Actor,
    call: &Call<'_>,
    deed: &Deed<'_>,
) -> Result<(), Fault> {
    let entry = Entry {
        seq: 0,
        at: call.now,
        kind: actor.kind().to_owned(),
        actor: actor.id().to_owned(),
        act: deed.act.to_owned(),
        object: deed.object.to_owned(),
        before: object_of(deed.before),
        after: object_of(deed.after),
        request: call.request.to_owned(),
        nearness: call.nearness().to_owned(),
        hash: String::new(),
    };
    push(act, entry)
}

/// Puts an entry at the end of the log, which gives it its number and its hash.
pub(crate) fn push(act: &Connection, entry: Entry) -> Result<(), Fault> {
    let last = head(act)?;
    let mut entry = Entry {
        seq: last.seq + 1,
        ..entry
    };
    entry.hash = entry.proper_hash(&last.hash);
    let sql = "INSERT INTO audit (seq, at, kind, actor, act, object, before, after, request, \
               nearness, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    act.prepare_cached(sql)?.execute(params![
        entry.seq,
        Micros(entry.at),
        entry.kind,
        entry.actor,
        entry.act,
        entry.object,
        entry.before,
        entry.after,
        entry.request,
        entry.nearness,
        entry.hash,
    ])?;
    Ok(())
}

fn head(look: &Connection) -> Result<Head, Fault> {
    let sql = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
    let found = look.prepare_cached(sql)?.query_row([], |row| {
        Ok(Head {
            seq: row.get(0)?,
            hash: row.get(1)?,
        })
    });
    Ok(found.optional()?.unwrap_or(Head {
        seq: 0,
        hash: START.to_owned(),
    }))
}

const COLUMNS: &str =
    "seq, at, kind, actor, act, object, before, after, request, nearness, hash FROM audit";

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        seq: row.get(0)?,
        at: Instant(row.get(1)?),
        kind: row.get(2)?,
        actor: row.get(3)?,
        act: row.get(4)?,
        object: row.get(5)?,
        before: row.get(6)?,
        after: row.get(7)?,
        request: row.get(8)?,
        nearness: row.get(9)?,
        hash: row.get(10)?,
    })
}

impl Accounts {
    /// Writes down what a door did. What this crate does itself is in the log already.
    pub fn record(&self, actor: &Actor, call: &Call<'_>, deed: &Deed<'_>) -> Result<(), Refusal> {
        self.store.write(|act| append(act, actor, call, deed))
    }

    /// The newest entries before the one of this number, newest first; at most a thousand.
    pub fn audit(
        &self,
        actor: &Actor,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Entry>, Refusal> {
        require(actor, Capability::Audit)?;
        self.store.read(|look| {
            let sql = format!("SELECT {COLUMNS} WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2");
            let mut rows = look.prepare_cached(&sql)?;
            let bounds = params![before.unwrap_or(i64::MAX), limit.min(PAGE)];
            let entries = rows.query_map(bounds, read)?;
            Ok(entries.collect::<Result<_, _>>()?)
        })
    }

    /// A part of what `export_audit` gives, with an end of line behind each: so many entries after
    /// the one of this head. Gives their end beside them.
    pub fn audit_lines(
        &self,
        actor: &Actor,
        after: &Head,
        limit: u32,
    ) -> Result<(String, Head), Refusal> {
        require(actor, Capability::Audit)?;
        self.store.read(|look| {
            let sql = format!("SELECT {COLUMNS} WHERE seq > ?1 ORDER BY seq LIMIT ?2");
            let mut rows = look.prepare_cached(&sql)?;
            let (mut lines, mut end) = (String::new(), after.clone());
            for entry in rows.query_map(params![after.seq, limit.min(PAGE)], read)? {
                let entry = entry?;
                lines.push_str(&entry.exported(&end.hash));
                lines.push('\n');
                end = Head {
                    seq: entry.seq,
                    hash: entry.hash,
                };
            }
            Ok((lines, end))
        })
    }

    /// The whole log as lines of JSON, oldest first, each with its hash at the end. Without
    /// `,"hash":"…"` a line is the very text whose SHA-256 the hash is.
    pub fn export_audit(
        &self,
        actor: &Actor,
        each: &mut dyn FnMut(&str) -> bool,
    ) -> Result<(), Refusal> {
        require(actor, Capability::Audit)?;
        self.walk(|entry, previous| Ok(each(&entry.exported(previous))))
    }

    /// The end of the log, to be kept elsewhere.
    pub fn audit_head(&self) -> Result<Head, Refusal> {
        self.store.read(head)
    }

    /// Whether the log is as it was written, up to a head that was kept elsewhere and beyond.
    /// Gives its end, or a refusal that names the first entry that does not hold.
    pub fn verify_chain(&self, kept: Option<&Head>) -> Result<Head, Refusal> {
        let mut end = Head {
            seq: 0,
            hash: START.to_owned(),
        };
        let mut is_met = kept.is_none_or(|kept| kept.seq == 0);
        self.walk(|entry, previous| {
            if entry.seq != end.seq + 1 {
                return Err(refuse::chain_broken(end.seq + 1, "it is missing"));
            }
            if entry.hash != entry.proper_hash(previous) {
                let what = "it, or the one before it, was changed or moved";
                return Err(refuse::chain_broken(entry.seq, what));
            }
            if let Some(kept) = kept.filter(|kept| kept.seq == entry.seq) {
                is_met = true;
                if kept.hash != entry.hash {
                    let what = "it is not the one that the head kept elsewhere names";
                    return Err(refuse::chain_broken(entry.seq, what));
                }
            }
            end.seq = entry.seq;
            end.hash.clone_from(&entry.hash);
            Ok(true)
        })?;
        match is_met {
            true => Ok(end),
            false => Err(refuse::chain_broken(end.seq + 1, "it was cut off")),
        }
    }

    /// Each entry with the hash of the one before, until `step` has enough. It reads a page at a
    /// time: a long log must not keep the one reader from everybody who shows a cookie meanwhile.
    fn walk(
        &self,
        mut step: impl FnMut(&Entry, &str) -> Result<bool, Refusal>,
    ) -> Result<(), Refusal> {
        let (mut previous, mut from) = (START.to_owned(), i64::MIN);
        loop {
            let page: Vec<Entry> = self.store.read(|look| {
                let sql = format!("SELECT {COLUMNS} WHERE seq >= ?1 ORDER BY seq LIMIT ?2");
                let mut rows = look.prepare_cached(&sql)?;
                let entries = rows.query_map(params![from, PIECE], read)?;
                Ok(entries.collect::<Result<_, _>>()?)
            })?;
            for entry in &page {
                if !step(entry, &previous)? {
                    return Ok(());
                }
                previous.clone_from(&entry.hash);
            }
            match page.last().and_then(|last| last.seq.checked_add(1)) {
                Some(next) => from = next,
                None => return Ok(()),
            }
        }
    }
}
