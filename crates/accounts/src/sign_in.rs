//! Ways in: the first owner's set-up, a link, a password. One sentence for all that can be wrong
//! with a sign-in, in the same time whether or not there is such a person.

use handfast_model::Refusal;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::actor::{Actor, Call, Person, PersonId, SessionId};
use crate::audit::{Deed, append};
use crate::people::{COLUMNS, NewPerson, add, find, folded, person_of};
use crate::rights::Role;
use crate::secret::{Secret, is_same};
use crate::sessions::{SignedIn, end_all, leave, open};
use crate::store::Fault;
use crate::tokens::end_tokens;
use crate::tries::Try;
use crate::{Accounts, DAY, password, refuse};

/// How long a set-up token works, in days; each start of the server makes another.
const SET_UP_DAYS: i64 = 30;

/// What somebody signs in with.
#[derive(Clone, Copy, Debug)]
pub struct Credentials<'a> {
    /// The e-mail they typed.
    pub email: &'a str,
    /// The password they typed.
    pub password: &'a Secret,
    /// A word for the browser, for the list of sessions.
    pub device: &'a str,
    /// What the browser held before: it ends.
    pub before: Option<&'a Secret>,
}

/// The first owner.
#[derive(Clone, Copy, Debug)]
pub struct FirstOwner<'a> {
    /// The token that the server printed.
    pub token: &'a Secret,
    /// As colleagues call them.
    pub name: &'a str,
    /// Their e-mail.
    pub email: &'a str,
    /// The password they choose.
    pub password: &'a Secret,
    /// A word for the browser.
    pub device: &'a str,
    /// What the browser held before: it ends.
    pub before: Option<&'a Secret>,
}

/// A password that somebody chooses for themselves.
#[derive(Clone, Copy, Debug)]
pub struct Chosen<'a> {
    /// It.
    pub password: &'a Secret,
    /// Whether tokens of their programs live on. Whoever had the password before may have made
    /// some, so they end unless this is said.
    pub keeps_tokens: bool,
    /// A word for the browser.
    pub device: &'a str,
    /// What the browser held before: it ends.
    pub before: Option<&'a Secret>,
}

fn has_owner(look: &Connection) -> Result<bool, Fault> {
    let sql = "SELECT 1 FROM people WHERE role = 'owner' AND removed = 0";
    Ok(look.prepare_cached(sql)?.exists([])?)
}

/// Person and purpose of a link that still works.
pub(crate) fn link(
    look: &Connection,
    token: &Secret,
    now: i64,
) -> Result<(Option<PersonId>, String), Fault> {
    let hash = token.hash();
    let sql = "SELECT hash, person, purpose FROM links WHERE hash = ?1 AND until > ?2";
    let found = look
        .prepare_cached(sql)?
        .query_row(params![hash.as_slice(), now], |row| {
            let kept: Vec<u8> = row.get(0)?;
            let person: Option<String> = row.get(1)?;
            Ok((kept, person.map(PersonId), row.get(2)?))
        })
        .optional()?;
    match found {
        Some((kept, person, purpose)) if is_same(&kept, &hash) => Ok((person, purpose)),
        _ => Err(refuse::link_is_over().into()),
    }
}

/// What a link is for that lets somebody in for the first time.
pub(crate) const INVITATION: &str = "invitation";

fn use_up(act: &Transaction<'_>, token: &Secret) -> Result<(), Fault> {
    let sql = "DELETE FROM links WHERE hash = ?1";
    match act.execute(sql, [token.hash().as_slice()])? {
        1 => Ok(()),
        _ => Err(refuse::link_is_over().into()),
    }
}

/// Ends the tokens of whoever chose another password, unless they keep them.
fn end_programs(
    act: &Transaction<'_>,
    call: &Call<'_>,
    id: &PersonId,
    chosen: &Chosen<'_>,
) -> Result<(), Fault> {
    if chosen.keeps_tokens {
        return Ok(());
    }
    match end_tokens(act, id)? {
        0 => Ok(()),
        ended => {
            let deed = Deed {
                act: "tokens.ended",
                object: &id.0,
                before: &[],
                after: &[("count", &ended.to_string())],
            };
            append(act, &Actor::Stranger, call, &deed)
        }
    }
}

fn set_password(act: &Transaction<'_>, id: &PersonId, kept: &str) -> Result<(), Fault> {
    let sql = "UPDATE people SET password = ?2 WHERE id = ?1";
    act.execute(sql, params![id.0, kept])?;
    Ok(())
}

impl Accounts {
    /// Whether the first owner is still to come.
    pub fn needs_set_up(&self) -> Result<bool, Refusal> {
        self.store.read(|look| Ok(!has_owner(look)?))
    }

    /// A token for setting the first owner up, to be printed where only the machine's operator
    /// reads it; it ends the one before. None once there is an owner.
    pub fn set_up_token(&self, call: &Call<'_>) -> Result<Option<Secret>, Refusal> {
        let token = self.chance.secret("hfs_")?;
        let is_needed = self.store.write(|act| {
            if has_owner(act)? {
                return Ok(false);
            }
            act.execute("DELETE FROM links WHERE purpose = 'set_up'", [])?;
            let until = call.now.0.saturating_add(SET_UP_DAYS * DAY);
            let sql = "INSERT INTO links (hash, purpose, until) VALUES (?1, 'set_up', ?2)";
            act.execute(sql, params![token.hash().as_slice(), until])?;
            Ok(true)
        })?;
        Ok(is_needed.then_some(token))
    }

    /// Makes the first owner, who may sign for both sides until there are others.
    pub fn set_up(&self, call: &Call<'_>, first: &FirstOwner<'_>) -> Result<SignedIn, Refusal> {
        use handfast_model::rules::Side;
        let check = |look: &Connection| {
            let found = link(look, first.token, call.now.0);
            let is_open = found.is_ok_and(|(_, purpose)| purpose == "set_up") && !has_owner(look)?;
            match is_open {
                true => Ok(()),
                false => Err(refuse::set_up_is_over().into()),
            }
        };
        self.store.read(check)?;
        password::judge(first.password, &[first.name, first.email, &self.company])?;
        let kept = self.hasher.keep(first.password, &self.chance)?;
        let id = PersonId(self.chance.id()?);
        let new = NewPerson {
            name: first.name.to_owned(),
            email: first.email.to_owned(),
            role: Role::Owner,
            sides: vec![Side::Marketing, Side::Sales],
            teams: Vec::new(),
        };
        self.enter(call, (first.device, first.before), |act| {
            check(act)?;
            use_up(act, first.token)?;
            let person = add(act, &id, &new, call.now)?;
            set_password(act, &id, &kept)?;
            Try::of(&folded(first.email), call).succeed(act, call)?;
            Ok((person, "owner.set_up"))
        })
    }

    /// Whom a link is for, so that a page can greet them, and whether it is an invitation; refused
    /// once it is over.
    pub fn link_of(&self, token: &Secret, call: &Call<'_>) -> Result<(Person, bool), Refusal> {
        self.store.read(|look| {
            let (person, purpose) = link(look, token, call.now.0)?;
            let person = find(look, &person.ok_or_else(refuse::link_is_over)?)?;
            Ok((person, purpose == INVITATION))
        })
    }

    /// Takes an invitation, or a new password by a link. It works once, and ends all sessions.
    pub fn accept(
        &self,
        call: &Call<'_>,
        token: &Secret,
        chosen: &Chosen<'_>,
    ) -> Result<SignedIn, Refusal> {
        let (person, _) = self.link_of(token, call)?;
        let own = [person.name.as_str(), &person.email, &self.company];
        password::judge(chosen.password, &own)?;
        let kept = self.hasher.keep(chosen.password, &self.chance)?;
        self.enter(call, (chosen.device, chosen.before), |act| {
            let (id, purpose) = link(act, token, call.now.0)?;
            let id = id.ok_or_else(refuse::link_is_over)?;
            use_up(act, token)?;
            set_password(act, &id, &kept)?;
            end_all(act, &id, None)?;
            end_programs(act, call, &id, chosen)?;
            let person = find(act, &id)?;
            if person.is_disabled {
                return Err(refuse::link_is_over().into());
            }
            Try::of(&folded(&person.email), call).succeed(act, call)?;
            let word = match purpose.as_str() {
                INVITATION => "person.accepted",
                _ => "password.reset",
            };
            Ok((person, word))
        })
    }

    /// Signs somebody in by e-mail and password.
    pub fn sign_in(&self, call: &Call<'_>, with: &Credentials<'_>) -> Result<SignedIn, Refusal> {
        let (person, kept_anew) = self.checked(call, with.email, with.password)?;
        self.enter(call, (with.device, with.before), |act| {
            // Between the check and now somebody may have been kept out.
            let person = find(act, &person.id).map_err(|_| refuse::does_not_fit())?;
            if person.is_disabled {
                return Err(refuse::does_not_fit().into());
            }
            if let Some(kept) = &kept_anew {
                set_password(act, &person.id, kept)?;
            }
            Try::of(&folded(with.email), call).succeed(act, call)?;
            Ok((person, "session.opened"))
        })
    }

    /// Another password for whoever has one and knows it. All other sessions end, and the browser
    /// gets a new secret.
    pub fn change_password(
        &self,
        actor: &Actor,
        call: &Call<'_>,
        old: &Secret,
        chosen: &Chosen<'_>,
    ) -> Result<SignedIn, Refusal> {
        let new = chosen.password;
        let Actor::Person { person, .. } = actor else {
            return Err(refuse::sign_in_first());
        };
        self.checked(call, &person.email, old)?;
        password::judge(new, &[&person.name, &person.email, &self.company])?;
        let kept = self.hasher.keep(new, &self.chance)?;
        let key = self.sealed_anew(&person.id, (old, new))?;
        self.enter(call, (chosen.device, chosen.before), |act| {
            let person = find(act, &person.id)?;
            set_password(act, &person.id, &kept)?;
            key.keep(act, &person.id)?;
            end_all(act, &person.id, None)?;
            end_programs(act, call, &person.id, chosen)?;
            Try::of(&folded(&person.email), call).succeed(act, call)?;
            Ok((person, "password.changed"))
        })
    }

    /// Checks a password: counted before it is looked at, and as slow for nobody as for somebody.
    pub(crate) fn checked(
        &self,
        call: &Call<'_>,
        email: &str,
        password: &Secret,
    ) -> Result<(Person, Option<String>), Refusal> {
        if password.expose().len() > password::LONGEST {
            return Err(refuse::does_not_fit());
        }
        let folded = folded(email);
        let found = self.store.write(|act| {
            Try::of(&folded, call).admit(act, call)?;
            let sql = format!(
                "SELECT {COLUMNS}, people.password FROM people \
                 WHERE folded = ?1 AND removed = 0"
            );
            let found = act.prepare_cached(&sql)?.query_row([&folded], |row| {
                let kept: Option<String> = row.get(10)?;
                Ok((person_of(row)?, kept))
            });
            Ok(found.optional()?)
        })?;
        let kept = found.as_ref().and_then(|(_, kept)| kept.as_deref());
        let checked = self.hasher.check(password, kept, &self.chance)?;
        let person = found.map(|(person, _)| person);
        match person {
            Some(person) if checked.is_right && !person.is_disabled => {
                Ok((person, checked.kept_anew))
            }
            other => {
                let id = other.map_or(String::new(), |person| person.id.0);
                self.record(
                    &Actor::Stranger,
                    call,
                    &Deed {
                        act: "session.refused",
                        object: &id,
                        before: &[],
                        after: &[],
                    },
                )?;
                Err(refuse::does_not_fit())
            }
        }
    }

    /// Opens a session for whom `admit` gives, in one transaction with what it changes and with
    /// the line of the log that tells of it.
    pub(crate) fn enter(
        &self,
        call: &Call<'_>,
        (device, before): (&str, Option<&Secret>),
        admit: impl FnOnce(&Transaction<'_>) -> Result<(Person, &'static str), Fault>,
    ) -> Result<SignedIn, Refusal> {
        let secret = self.chance.secret("hfc_")?;
        let session = SessionId(self.chance.id()?);
        let actor = self.store.write(|act| {
            let (mut person, word) = admit(act)?;
            leave(act, before)?;
            open(
                act,
                call,
                &session,
                &secret.hash(),
                (Some(&person.id), device),
            )?;
            person = find(act, &person.id)?;
            let object = person.id.0.clone();
            let actor = Actor::Person {
                person,
                session: session.clone(),
            };
            let deed = Deed {
                act: word,
                object: &object,
                before: &[],
                after: &[("session", &session.0)],
            };
            append(act, &actor, call, &deed)?;
            Ok(actor)
        })?;
        Ok(SignedIn { secret, actor })
    }
}
