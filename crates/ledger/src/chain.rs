//! The log of commits as a hash chain: h(n) = SHA-256(h(n-1) ‖ hash of commit n).
//!
//! A commit's body lists what it added, each with a digest over values or ciphertext. Erasing a key
//! or moving rows into a segment therefore leaves the chain whole; changing a row does not.

use std::path::Path;

use handfast_model::{Instant, Refusal, Seq};
use sha2::{Digest, Sha256};

use crate::refuse;
use crate::store::{Field, Row, Store, first};

/// One commit, as the log holds it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Link {
    pub seq: Seq,
    pub recorded_at: Instant,
    pub author: String,
    pub note: String,
    pub epoch: i64,
    pub body: String,
}

/// The end of the chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Tail {
    pub seq: Seq,
    pub recorded_at: Instant,
    pub hash: Vec<u8>,
}

impl Tail {
    /// The chain of an empty book.
    pub(crate) fn empty() -> Tail {
        Tail {
            seq: Seq(0),
            recorded_at: Instant(i64::MIN),
            hash: vec![0; 32],
        }
    }

    /// The chain after one more commit.
    pub(crate) fn with(&self, link: &Link) -> Tail {
        let mut content = Sha256::new();
        for number in [link.seq.0 as i64, link.recorded_at.0, link.epoch] {
            content.update(number.to_be_bytes());
        }
        for text in [&link.author, &link.note, &link.body] {
            content.update((text.len() as u64).to_be_bytes());
            content.update(text.as_bytes());
        }
        let hash = Sha256::new()
            .chain_update(&self.hash)
            .chain_update(content.finalize());
        Tail {
            seq: link.seq,
            recorded_at: link.recorded_at,
            hash: hash.finalize().to_vec(),
        }
    }
}

/// Adds a commit to the log.
pub(crate) fn append(store: &mut dyn Store, link: &Link, tail: &Tail) -> Result<(), Refusal> {
    let fields = [
        Field::count(link.seq.0),
        Field::Int(link.recorded_at.0),
        Field::text(&link.author),
        Field::text(&link.note),
        Field::Int(link.epoch),
        Field::text(&link.body),
        Field::Bytes(tail.hash.clone()),
    ];
    store
        .execute(
            "INSERT INTO commit_log (seq, recorded_at, author, note, epoch, body, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            &fields,
        )
        .map(drop)
}

/// Walks the whole chain; the first commit that is not what was written is refused by number.
pub(crate) fn walk(
    store: &mut dyn Store,
    path: &Path,
    each: &mut dyn FnMut(&Link) -> Result<(), Refusal>,
) -> Result<Tail, Refusal> {
    follow(store, path, Tail::empty(), each)
}

/// Walks the newest commits of the chain, at most so many, in the same way.
pub(crate) fn walk_newest(store: &mut dyn Store, path: &Path, most: i64) -> Result<(), Refusal> {
    let last = first(store, "SELECT max(seq) FROM commit_log", &[])?;
    let last = last.map(|row| row.maybe_int(0)).transpose()?.flatten();
    let before = last.unwrap_or(0) - most;
    let sql = "SELECT seq, recorded_at, hash FROM commit_log WHERE seq = $1";
    let tail = match first(store, sql, &[Field::Int(before)])? {
        Some(row) => Tail {
            seq: Seq(row.count(0)?),
            recorded_at: Instant(row.int(1)?),
            hash: row.bytes(2)?.to_vec(),
        },
        None => Tail::empty(),
    };
    follow(store, path, tail, &mut |_| Ok(())).map(drop)
}

/// Walks what follows on a commit.
fn follow(
    store: &mut dyn Store,
    path: &Path,
    mut tail: Tail,
    each: &mut dyn FnMut(&Link) -> Result<(), Refusal>,
) -> Result<Tail, Refusal> {
    let sql = "SELECT seq, recorded_at, author, note, epoch, body, hash FROM commit_log
               WHERE seq > $1 ORDER BY seq";
    let after = [Field::count(tail.seq.0)];
    store.query(sql, &after, &mut |row| {
        let link = link(row)?;
        let broken = |what| Err(refuse::chain_broken(path, tail.seq.0 + 1, what));
        if link.seq.0 != tail.seq.0 + 1 {
            return broken("it is missing");
        }
        if link.recorded_at < tail.recorded_at {
            return broken("it was recorded before the one it follows");
        }
        let next = tail.with(&link);
        if next.hash != row.bytes(6)? {
            return broken("its hash does not follow from the one before");
        }
        each(&link)?;
        tail = next;
        Ok(())
    })?;
    Ok(tail)
}

fn link(row: &Row) -> Result<Link, Refusal> {
    Ok(Link {
        seq: Seq(row.count(0)?),
        recorded_at: Instant(row.int(1)?),
        author: row.text(2)?.to_owned(),
        note: row.text(3)?.to_owned(),
        epoch: row.int(4)?,
        body: row.text(5)?.to_owned(),
    })
}
