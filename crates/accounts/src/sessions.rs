//! Sessions: what a browser holds is a secret of 256 bits, what is kept is its hash. A session
//! ends when nobody used it for half a day, after thirty days, when its person signs out, changes
//! the password or is changed by somebody.

use handfast_model::{Instant, Refusal};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::actor::{Actor, Call, Person, PersonId, SessionId};
use crate::audit::{Deed, append};
use crate::people::{COLUMNS, person_of};
use crate::rights::{Capability, require_in_person};
use crate::secret::{Hash, Secret, is_same};
use crate::store::Fault;
use crate::tries::Pace;
use crate::{Accounts, DAY, HOUR, MINUTE, refuse};

/// A session ends when nobody used it for so many hours.
pub const IDLE_HOURS: i64 = 12;
/// A session ends after so many days, however much it is used.
pub const ABSOLUTE_DAYS: i64 = 30;

pub(crate) const IDLE: i64 = IDLE_HOURS * HOUR;
pub(crate) const ABSOLUTE: i64 = ABSOLUTE_DAYS * DAY;
/// That it was used is written down this often: each time would flush the disk for each request.
pub(crate) const NOTED: i64 = 5 * MINUTE;
/// Most sessions of one person; the one unused for longest gives way.
const MOST: i64 = 50;
/// Most guests at a time; the one unused for longest gives way.
const GUESTS: i64 = 1_000;
/// Guests that one network lets in within an hour.
const GUESTS_BY_NETWORK: usize = if cfg!(test) { 60 } else { 600 };
/// Longest word for a device, in characters.
const DEVICE: usize = 64;

/// A session, as its person sees it in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// Its public id.
    pub id: SessionId,
    /// Whose; nobody's is a guest's.
    pub person: Option<PersonId>,
    /// A word for the browser, as the door gave it.
    pub device: String,
    /// From how near it was opened.
    pub nearness: String,
    /// When it was opened.
    pub made: Instant,
    /// When it was used last, give or take five minutes.
    pub seen: Instant,
}

/// Somebody who has just signed in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedIn {
    /// What the browser keeps, and nobody else.
    pub secret: Secret,
    /// Who it is now.
    pub actor: Actor,
}

/// Opens a session. What the browser held before is worth nothing any more.
pub(crate) fn open(
    act: &Transaction<'_>,
    call: &Call<'_>,
    id: &SessionId,
    hash: &Hash,
    (person, device): (Option<&PersonId>, &str),
) -> Result<(), Fault> {
    let device: String = device
        .chars()
        .filter(|c| !c.is_control())
        .take(DEVICE)
        .collect();
    let sql = "INSERT INTO sessions (id, hash, person, device, nearness, made, seen) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)";
    act.prepare_cached(sql)?.execute(params![
        id.0,
        hash.as_slice(),
        person.map(|person| &person.0),
        device,
        call.nearness(),
        call.now.0
    ])?;
    if let Some(person) = person {
        let sql = "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE person = ?1 \
                   ORDER BY seen DESC, made DESC, id LIMIT -1 OFFSET ?2) AND id <> ?3";
        act.prepare_cached(sql)?
            .execute(params![person.0, MOST, id.0])?;
    }
    Ok(())
}

/// Ends what a browser held before it was let in anew.
pub(crate) fn leave(act: &Transaction<'_>, before: Option<&Secret>) -> Result<(), Fault> {
    if let Some(before) = before {
        act.prepare_cached("DELETE FROM sessions WHERE hash = ?1")?
            .execute([before.hash().as_slice()])?;
    }
    Ok(())
}

/// Ends all sessions of somebody, but for one, and what was begun by them at a provider.
pub(crate) fn end_all(
    act: &Transaction<'_>,
    person: &PersonId,
    but: Option<&SessionId>,
) -> Result<usize, Fault> {
    let sql = "DELETE FROM sessions WHERE person = ?1 AND id <> ?2";
    let but = but.map_or("", |session| &session.0);
    act.prepare_cached("DELETE FROM pending WHERE person = ?1 AND link IS NULL")?
        .execute([&person.0])?;
    Ok(act.prepare_cached(sql)?.execute(params![person.0, but])?)
}

fn session_of(row: &Row<'_>) -> rusqlite::Result<Session> {
    let person: Option<String> = row.get(1)?;
    Ok(Session {
        id: SessionId(row.get(0)?),
        person: person.map(PersonId),
        device: row.get(2)?,
        nearness: row.get(3)?,
        made: Instant(row.get(4)?),
        seen: Instant(row.get(5)?),
    })
}

/// A session with its hash and its person, if it is open.
struct Found {
    id: SessionId,
    seen: i64,
    actor: Actor,
}

impl Accounts {
    /// Who holds this secret, by a request that nobody asked for: a page that asks by itself keeps
    /// no session open on a screen that nobody watches.
    pub fn glance(&self, secret: &Secret, call: &Call<'_>) -> Result<Actor, Refusal> {
        let found = self.session(secret, call.now)?;
        Ok(found.map_or(Actor::Stranger, |found| found.actor))
    }

    /// Who holds this secret: the person, the guest, or a stranger when it opens nothing.
    pub fn who(&self, secret: &Secret, call: &Call<'_>) -> Result<Actor, Refusal> {
        let Some(found) = self.session(secret, call.now)? else {
            return Ok(Actor::Stranger);
        };
        if call.now.0.saturating_sub(found.seen) >= NOTED {
            let sql = "UPDATE sessions SET seen = max(seen, ?2) WHERE id = ?1";
            let noted = self.store.write(|act| {
                act.prepare_cached(sql)?
                    .execute(params![found.id.0, call.now.0])?;
                Ok(())
            });
            // A full disk keeps nobody from reading.
            match noted {
                Err(refusal) if refusal.code != "E0603" => return Err(refusal),
                _ => {}
            }
        }
        Ok(found.actor)
    }

    fn session(&self, secret: &Secret, now: Instant) -> Result<Option<Found>, Refusal> {
        let hash = secret.hash();
        self.store.read(|look| {
            let sql = "SELECT id, person, device, nearness, made, seen, hash FROM sessions \
                       WHERE hash = ?1 AND seen > ?2 AND made > ?3";
            let bounds = params![
                hash.as_slice(),
                now.0.saturating_sub(IDLE),
                now.0.saturating_sub(ABSOLUTE)
            ];
            let found = look.prepare_cached(sql)?.query_row(bounds, |row| {
                let kept: Vec<u8> = row.get(6)?;
                Ok((session_of(row)?, kept))
            });
            let Some((session, kept)) = found.optional()? else {
                return Ok(None);
            };
            if !is_same(&kept, &hash) {
                return Ok(None);
            }
            let id = session.id;
            let actor = match session.person {
                None => Actor::Guest {
                    session: id.clone(),
                },
                Some(person) => {
                    let sql = format!(
                        "SELECT {COLUMNS} FROM people \
                         WHERE id = ?1 AND disabled = 0 AND removed = 0"
                    );
                    let found = look
                        .prepare_cached(&sql)?
                        .query_row([&person.0], person_of)
                        .optional()?;
                    let Some(person) = found else {
                        return Ok(None);
                    };
                    Actor::Person {
                        person,
                        session: id.clone(),
                    }
                }
            };
            let seen = session.seen.0;
            Ok(Some(Found { id, seen, actor }))
        })
    }

    /// Lets a guest into a demo book; one who is in stays who they are. The audit log has nothing
    /// of guests: it is never cleared, and anybody could fill it.
    pub fn guest(
        &self,
        call: &Call<'_>,
        device: &str,
        before: Option<&Secret>,
    ) -> Result<SignedIn, Refusal> {
        if let Some(before) = before {
            let actor = self.who(before, call)?;
            if let Actor::Guest { .. } = actor {
                let secret = before.clone();
                return Ok(SignedIn { secret, actor });
            }
        }
        let secret = self.chance.secret("hfc_")?;
        let session = SessionId(self.chance.id()?);
        let actor = Actor::Guest {
            session: session.clone(),
        };
        self.store.write(|act| {
            Pace::of("guest", call).admit(act, call, GUESTS_BY_NETWORK)?;
            leave(act, before)?;
            let sql = "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions \
                       WHERE person IS NULL ORDER BY seen DESC, made DESC, id LIMIT -1 OFFSET ?1)";
            act.prepare_cached(sql)?.execute([GUESTS - 1])?;
            open(act, call, &session, &secret.hash(), (None, device))
        })?;
        Ok(SignedIn { secret, actor })
    }

    /// Ends the session of whoever asks.
    pub fn sign_out(&self, actor: &Actor, call: &Call<'_>) -> Result<(), Refusal> {
        let (Actor::Person { session, .. } | Actor::Guest { session }) = actor else {
            return Ok(());
        };
        self.store.write(|act| {
            act.execute("DELETE FROM sessions WHERE id = ?1", [&session.0])?;
            if let Actor::Guest { .. } = actor {
                return Ok(());
            }
            let deed = Deed {
                act: "session.ended",
                object: &session.0,
                before: &[],
                after: &[],
            };
            append(act, actor, call, &deed)
        })
    }

    /// Open sessions, newest use first: one's own, or with the right to look after people those
    /// of somebody else.
    pub fn sessions(
        &self,
        actor: &Actor,
        of: &PersonId,
        now: Instant,
    ) -> Result<Vec<Session>, Refusal> {
        must_be_ones_own(actor, of)?;
        self.store.read(|look| {
            let sql = "SELECT id, person, device, nearness, made, seen FROM sessions \
                       WHERE person = ?1 AND seen > ?2 AND made > ?3 ORDER BY seen DESC, id";
            let bounds = params![
                of.0,
                now.0.saturating_sub(IDLE),
                now.0.saturating_sub(ABSOLUTE)
            ];
            let mut rows = look.prepare_cached(sql)?;
            let sessions = rows.query_map(bounds, session_of)?;
            Ok(sessions.collect::<Result<_, _>>()?)
        })
    }

    /// Ends one session, one's own or with the right to look after people somebody else's.
    pub fn end_session(
        &self,
        actor: &Actor,
        call: &Call<'_>,
        session: &SessionId,
    ) -> Result<(), Refusal> {
        self.store.write(|act| {
            let sql = "SELECT person FROM sessions WHERE id = ?1 AND person IS NOT NULL";
            let found: Option<String> = act
                .prepare_cached(sql)?
                .query_row([&session.0], |row| row.get(0))
                .optional()?;
            // Another's session is as little there as none.
            let owner = found
                .map(PersonId)
                .ok_or_else(|| refuse::nothing_here("session"))?;
            must_be_ones_own(actor, &owner).map_err(|_| refuse::nothing_here("session"))?;
            act.execute("DELETE FROM sessions WHERE id = ?1", [&session.0])?;
            let deed = Deed {
                act: "session.ended",
                object: &session.0,
                before: &[],
                after: &[],
            };
            append(act, actor, call, &deed)
        })
    }
}

/// Only a browser session or the console looks after sessions: a token that leaked must not
/// hide itself.
fn must_be_ones_own(actor: &Actor, of: &PersonId) -> Result<(), Refusal> {
    let own = |person: &Person| person.id == *of;
    match actor {
        Actor::Person { person, .. } if own(person) => Ok(()),
        _ => require_in_person(actor, Capability::People),
    }
}
