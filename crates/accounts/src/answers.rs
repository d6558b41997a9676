//! Idempotency keys: a request that is repeated is answered as it was the first time, and done
//! once. Kept for a day, per actor; the key with another request is refused.

use handfast_model::Refusal;
use rusqlite::{OptionalExtension, params};

use crate::actor::{Actor, Call};
use crate::secret::{hash, is_same};
use crate::{Accounts, DAY, refuse};

/// How long answers are kept.
pub(crate) const KEPT: i64 = DAY;
/// Longest key, in bytes.
pub const KEY_BYTES: usize = 128;
/// Longest answer that is kept, in bytes (1 MiB); a mutation answers with far less.
pub const ANSWER_BYTES: usize = 1 << 20;

/// What a key stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Claim {
    /// Nobody used it: do what is asked, then `answer` or `release`.
    Fresh,
    /// It was answered already, with this.
    Answered {
        /// The status.
        status: u16,
        /// The body.
        body: Vec<u8>,
    },
}

/// Whose key it is: two actors may choose the same.
fn owner(actor: &Actor) -> String {
    format!("{}:{}", actor.kind(), actor.id())
}

fn check(key: &str) -> Result<(), Refusal> {
    let is_fit =
        !key.is_empty() && key.len() <= KEY_BYTES && key.bytes().all(|b| b.is_ascii_graphic());
    match is_fit {
        true => Ok(()),
        false => Err(refuse::unreadable(
            "Idempotency-Key",
            "it is 1 to 128 printable characters without spaces",
        )),
    }
}

impl Accounts {
    /// Takes a key for a request, named by all that it says: method, path and body. Strangers have
    /// no keys: one could ask for another's answer.
    pub fn claim(
        &self,
        actor: &Actor,
        call: &Call<'_>,
        key: &str,
        request: &[u8],
    ) -> Result<Claim, Refusal> {
        if *actor == Actor::Stranger {
            return Err(refuse::sign_in_first());
        }
        check(key)?;
        let (owner, hash) = (owner(actor), hash(request));
        let long_ago = call.now.0.saturating_sub(KEPT);
        self.store.write(|act| {
            let sql = "DELETE FROM answers WHERE actor = ?1 AND key = ?2 AND at <= ?3";
            act.prepare_cached(sql)?
                .execute(params![owner, key, long_ago])?;
            let sql = "SELECT request, status, body FROM answers WHERE actor = ?1 AND key = ?2";
            let found = act
                .prepare_cached(sql)?
                .query_row(params![owner, key], |row| {
                    let request: Vec<u8> = row.get(0)?;
                    let status: Option<u16> = row.get(1)?;
                    let body: Option<Vec<u8>> = row.get(2)?;
                    Ok((request, status, body))
                });
            match found.optional()? {
                Some((first, ..)) if !is_same(&first, &hash) => {
                    Err(refuse::other_request(key).into())
                }
                Some((_, Some(status), body)) => Ok(Claim::Answered {
                    status,
                    body: body.unwrap_or_default(),
                }),
                Some((_, None, _)) => Err(refuse::under_way().into()),
                None => {
                    let sql = "INSERT INTO answers (actor, key, request, at) \
                               VALUES (?1, ?2, ?3, ?4)";
                    act.prepare_cached(sql)?.execute(params![
                        owner,
                        key,
                        hash.as_slice(),
                        call.now.0
                    ])?;
                    Ok(Claim::Fresh)
                }
            }
        })
    }

    /// Keeps the answer of a fresh claim, to be given again as it is here: an answer that shows a
    /// secret once is kept without it.
    ///
    /// # Errors
    ///
    /// Where it is longer than [`ANSWER_BYTES`] or the disk takes nothing: the key is taken still,
    /// and the same request is refused rather than done twice.
    pub fn answer(
        &self,
        actor: &Actor,
        key: &str,
        status: u16,
        body: &[u8],
    ) -> Result<(), Refusal> {
        if body.len() > ANSWER_BYTES {
            return Err(refuse::unreadable("answer", "it is too long to be kept"));
        }
        let sql = "UPDATE answers SET status = ?3, body = ?4 WHERE actor = ?1 AND key = ?2";
        self.store.write(|act| {
            act.prepare_cached(sql)?
                .execute(params![owner(actor), key, status, body])?;
            Ok(())
        })
    }

    /// Gives a claim back whose request did nothing, so that it may be tried again.
    pub fn release(&self, actor: &Actor, key: &str) -> Result<(), Refusal> {
        let sql = "DELETE FROM answers WHERE actor = ?1 AND key = ?2 AND status IS NULL";
        self.store.write(|act| {
            act.prepare_cached(sql)?
                .execute(params![owner(actor), key])?;
            Ok(())
        })
    }

    /// For the one process that serves a book, when it starts: what was under way when the one
    /// before ended is under way no more. It may have been done, and nobody knows: whoever sends
    /// it again is answered with this, and it is not done twice. Sources may send theirs again:
    /// events are known by their own ids, and count once however often they come.
    pub fn end_claims(&self, status: u16, body: &[u8]) -> Result<(), Refusal> {
        let sql = "UPDATE answers SET status = ?1, body = ?2 WHERE status IS NULL";
        self.store.write(|act| {
            let of_sources = "DELETE FROM answers WHERE status IS NULL AND actor LIKE 'key:%'";
            act.execute(of_sources, [])?;
            act.execute(sql, params![status, body])?;
            Ok(())
        })
    }
}
