//! Tokens for people's programs and keys for sources: shown once, kept as hashes, bounded in what
//! they may do and, for tokens, in how long.

use handfast_model::{Instant, Refusal};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::actor::{Actor, Call, KeyId, Person, PersonId, TokenId};
use crate::audit::{Deed, append};
use crate::people::{COLUMNS, person_of, proper_name};
use crate::rights::{Capabilities, Capability, capabilities, require, require_in_person};
use crate::secret::{Secret, is_same};
use crate::sessions::NOTED;
use crate::store::Fault;
use crate::{Accounts, DAY, refuse};

/// A token ends after so many days at the latest.
pub const TOKEN_DAYS: i64 = 366;
/// Most tokens of one person, and most keys of a book.
const MOST: i64 = 100;
const TOKEN_PREFIX: &str = "hf_";
const KEY_PREFIX: &str = "hfk_";

/// A token to be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewToken {
    /// What it is for, in one's own words.
    pub name: String,
    /// What it may do; not more than its person may.
    pub scopes: Capabilities,
    /// When it ends.
    pub until: Instant,
}

/// A token, as its person sees it in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    /// Its public id.
    pub id: TokenId,
    /// Whose.
    pub person: PersonId,
    /// What it is for.
    pub name: String,
    /// What it may do, as long as its person may.
    pub scopes: Capabilities,
    /// When it was made.
    pub made: Instant,
    /// When it ends.
    pub until: Instant,
    /// When it was used last, give or take five minutes.
    pub used: Option<Instant>,
}

/// A key by which one source sends its events.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key {
    /// Its public id.
    pub id: KeyId,
    /// The one source.
    pub source: String,
    /// Where it is used, in words.
    pub name: String,
    /// When it was made.
    pub made: Instant,
    /// When it was used last, give or take five minutes.
    pub used: Option<Instant>,
}

const TOKEN: &str =
    "tokens.id, tokens.person, tokens.name, tokens.scopes, tokens.made, tokens.until, tokens.used";

fn token_of(row: &Row<'_>, at: usize) -> rusqlite::Result<Token> {
    let scopes: String = row.get(at + 3)?;
    let used: Option<i64> = row.get(at + 6)?;
    Ok(Token {
        id: TokenId(row.get(at)?),
        person: PersonId(row.get(at + 1)?),
        name: row.get(at + 2)?,
        // A word that this program does not know gives no right.
        scopes: scopes.split(' ').filter_map(Capability::parse).collect(),
        made: Instant(row.get(at + 4)?),
        until: Instant(row.get(at + 5)?),
        used: used.map(Instant),
    })
}

fn key_of(row: &Row<'_>) -> rusqlite::Result<Key> {
    let used: Option<i64> = row.get(4)?;
    Ok(Key {
        id: KeyId(row.get(0)?),
        source: row.get(1)?,
        name: row.get(2)?,
        made: Instant(row.get(3)?),
        used: used.map(Instant),
    })
}

fn is_due(used: Option<Instant>, now: Instant) -> bool {
    used.is_none_or(|used| now.0.saturating_sub(used.0) >= NOTED)
}

impl Accounts {
    /// Who sends this token or key: a program, a source, or a stranger when it opens nothing.
    pub fn bearer(&self, secret: &Secret, call: &Call<'_>) -> Result<Actor, Refusal> {
        let text = secret.expose();
        if text.starts_with(KEY_PREFIX) {
            return self.key(secret, call);
        }
        match text.starts_with(TOKEN_PREFIX) {
            true => self.token(secret, call),
            false => Ok(Actor::Stranger),
        }
    }

    fn token(&self, secret: &Secret, call: &Call<'_>) -> Result<Actor, Refusal> {
        let hash = secret.hash();
        let found = self.store.read(|look| {
            let sql = format!(
                "SELECT {COLUMNS}, {TOKEN}, tokens.hash FROM tokens JOIN people \
                 ON people.id = tokens.person WHERE tokens.hash = ?1 AND tokens.until > ?2 \
                 AND people.disabled = 0 AND people.removed = 0"
            );
            let bounds = params![hash.as_slice(), call.now.0];
            let found = look.prepare_cached(&sql)?.query_row(bounds, |row| {
                let kept: Vec<u8> = row.get(17)?;
                Ok((person_of(row)?, token_of(row, 10)?, kept))
            });
            Ok(found.optional()?)
        })?;
        let Some((person, token, kept)) = found else {
            return Ok(Actor::Stranger);
        };
        if !is_same(&kept, &hash) {
            return Ok(Actor::Stranger);
        }
        if is_due(token.used, call.now) {
            self.note_use("tokens", &token.id.0, call.now)?;
        }
        Ok(Actor::Token {
            token: token.id,
            person,
            scopes: token.scopes,
        })
    }

    fn key(&self, secret: &Secret, call: &Call<'_>) -> Result<Actor, Refusal> {
        let hash = secret.hash();
        let found = self.store.read(|look| {
            let sql = "SELECT id, source, name, made, used, hash FROM keys WHERE hash = ?1";
            let found = look
                .prepare_cached(sql)?
                .query_row([hash.as_slice()], |row| {
                    let kept: Vec<u8> = row.get(5)?;
                    Ok((key_of(row)?, kept))
                });
            Ok(found.optional()?)
        })?;
        let Some((key, kept)) = found else {
            return Ok(Actor::Stranger);
        };
        if !is_same(&kept, &hash) {
            return Ok(Actor::Stranger);
        }
        if is_due(key.used, call.now) {
            self.note_use("keys", &key.id.0, call.now)?;
        }
        Ok(Actor::Key {
            key: key.id,
            source: key.source,
        })
    }

    fn note_use(&self, table: &str, id: &str, now: Instant) -> Result<(), Refusal> {
        let sql = format!("UPDATE {table} SET used = max(coalesce(used, ?2), ?2) WHERE id = ?1");
        let noted = self.store.write(|act| {
            act.prepare_cached(&sql)?.execute(params![id, now.0])?;
            Ok(())
        });
        // A full disk keeps no program from reading.
        match noted {
            Err(refusal) if refusal.code != "E0603" => Err(refusal),
            _ => Ok(()),
        }
    }

    /// Makes a token for one's own programs, and shows it once. A token makes no tokens.
    pub fn make_token(
        &self,
        actor: &Actor,
        call: &Call<'_>,
        new: &NewToken,
    ) -> Result<(Token, Secret), Refusal> {
        let person = self_of(actor)?;
        let held = capabilities(actor);
        if new.scopes.is_empty() {
            return Err(refuse::unreadable("scopes", "name at least one"));
        }
        if !new.scopes.is_within(held) {
            let beyond: Capabilities = new.scopes.iter().filter(|one| !held.has(*one)).collect();
            return Err(refuse::wider(&beyond.words()));
        }
        let latest = call.now.0.saturating_add(TOKEN_DAYS * DAY);
        if new.until <= call.now || new.until.0 > latest {
            return Err(refuse::lifetime(TOKEN_DAYS));
        }
        let secret = self.chance.secret(TOKEN_PREFIX)?;
        let token = Token {
            id: TokenId(self.chance.id()?),
            person: person.id.clone(),
            name: proper_name("name", &new.name)?,
            scopes: new.scopes,
            made: call.now,
            until: new.until,
            used: None,
        };
        self.store.write(|act| {
            let sql = "SELECT count(*) FROM tokens WHERE person = ?1 AND until > ?2";
            let bounds = params![person.id.0, call.now.0];
            let count: i64 = act.query_row(sql, bounds, |row| row.get(0))?;
            if count >= MOST {
                return Err(refuse::unreadable("name", "there are 100 tokens already").into());
            }
            let sql = "INSERT INTO tokens (id, hash, person, name, scopes, made, until) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            act.prepare_cached(sql)?.execute(params![
                token.id.0,
                secret.hash().as_slice(),
                token.person.0,
                token.name,
                token.scopes.words(),
                token.made.0,
                token.until.0
            ])?;
            let after = [
                ("scopes", &*token.scopes.words()),
                ("until", &*token.until.to_string()),
            ];
            append(act, actor, call, &deed("token.made", &token.id.0, &after))
        })?;
        Ok((token, secret))
    }

    /// Tokens that have not ended: one's own, or all with the right to look after people.
    pub fn tokens(&self, actor: &Actor, now: Instant) -> Result<Vec<Token>, Refusal> {
        let whose = match require_in_person(actor, Capability::People) {
            Ok(()) => None,
            Err(_) => Some(self_of(actor)?.id.0.clone()),
        };
        self.store.read(|look| {
            let sql = format!(
                "SELECT {TOKEN} FROM tokens WHERE until > ?1 AND (?2 IS NULL OR person = ?2) \
                 ORDER BY made DESC, id"
            );
            let mut rows = look.prepare_cached(&sql)?;
            let tokens = rows.query_map(params![now.0, whose], |row| token_of(row, 0))?;
            Ok(tokens.collect::<Result<_, _>>()?)
        })
    }

    /// Ends a token, one's own or with the right to look after people somebody else's.
    pub fn end_token(&self, actor: &Actor, call: &Call<'_>, id: &TokenId) -> Result<(), Refusal> {
        let whose = match require_in_person(actor, Capability::People) {
            Ok(()) => None,
            Err(_) => Some(self_of(actor)?.id.0.clone()),
        };
        self.store.write(|act| {
            let sql = "DELETE FROM tokens WHERE id = ?1 AND (?2 IS NULL OR person = ?2)";
            if act.execute(sql, params![id.0, whose])? == 0 {
                return Err(refuse::nothing_here("token").into());
            }
            append(act, actor, call, &deed("token.ended", &id.0, &[]))
        })
    }

    /// Makes a key for one source, and shows it once.
    pub fn make_key(
        &self,
        actor: &Actor,
        call: &Call<'_>,
        (source, name): (&str, &str),
    ) -> Result<(Key, Secret), Refusal> {
        require(actor, Capability::Settings)?;
        let secret = self.chance.secret(KEY_PREFIX)?;
        let key = Key {
            id: KeyId(self.chance.id()?),
            source: proper_name("source", source)?,
            name: proper_name("name", name)?,
            made: call.now,
            used: None,
        };
        self.store.write(|act| {
            let count: i64 = act.query_row("SELECT count(*) FROM keys", [], |row| row.get(0))?;
            if count >= MOST {
                return Err(refuse::unreadable("name", "there are 100 keys already").into());
            }
            let sql = "INSERT INTO keys (id, hash, source, name, made) VALUES (?1, ?2, ?3, ?4, ?5)";
            let hash = secret.hash();
            act.prepare_cached(sql)?.execute(params![
                key.id.0,
                hash.as_slice(),
                key.source,
                key.name,
                key.made.0
            ])?;
            let after = [("source", key.source.as_str())];
            append(act, actor, call, &deed("key.made", &key.id.0, &after))
        })?;
        Ok((key, secret))
    }

    /// All keys, newest first.
    pub fn keys(&self, actor: &Actor) -> Result<Vec<Key>, Refusal> {
        require(actor, Capability::Settings)?;
        self.store.read(|look| {
            let sql = "SELECT id, source, name, made, used FROM keys ORDER BY made DESC, id";
            let mut rows = look.prepare_cached(sql)?;
            let keys = rows.query_map([], key_of)?;
            Ok(keys.collect::<Result<_, _>>()?)
        })
    }

    /// Ends a key: its source can send nothing by it any more.
    pub fn end_key(&self, actor: &Actor, call: &Call<'_>, id: &KeyId) -> Result<(), Refusal> {
        require(actor, Capability::Settings)?;
        self.store.write(|act| -> Result<(), Fault> {
            if act.execute("DELETE FROM keys WHERE id = ?1", [&id.0])? == 0 {
                return Err(refuse::nothing_here("key").into());
            }
            append(act, actor, call, &deed("key.ended", &id.0, &[]))
        })
    }
}

/// Ends all tokens of somebody; says how many there were.
pub(crate) fn end_tokens(act: &Transaction<'_>, person: &PersonId) -> Result<usize, Fault> {
    let ended = act
        .prepare_cached("DELETE FROM tokens WHERE person = ?1")?
        .execute([&person.0])?;
    Ok(ended)
}

/// Whoever is here in person and may have tokens.
fn self_of(actor: &Actor) -> Result<&Person, Refusal> {
    require(actor, Capability::Tokens)?;
    match actor {
        Actor::Person { person, .. } => Ok(person),
        _ => Err(refuse::may_not(
            actor,
            Capability::Tokens.word(),
            "only somebody who has signed in makes and ends tokens",
        )),
    }
}

fn deed<'a>(act: &'a str, object: &'a str, after: &'a [(&'a str, &'a str)]) -> Deed<'a> {
    Deed {
        act,
        object,
        before: &[],
        after,
    }
}
