//! Who comes in by a provider: somebody who is known by issuer and subject, whom an invitation or
//! their own session binds to it, or a newcomer whose groups give a role.

use handfast_model::rules::Side;
use handfast_model::{Instant, Refusal};
use rusqlite::{OptionalExtension, Transaction, params};

use super::{Provider, Vouched, Whose};
use crate::actor::{Actor, Call, Person, PersonId};
use crate::people::{
    NewPerson, add, find, folded, has_other_owner, is_anothers, keep, log_change, shut_out,
};
use crate::rights::Role;
use crate::secret::{Hash, hash};
use crate::sessions::end_all;
use crate::sign_in::INVITATION;
use crate::store::Fault;
use crate::{Accounts, refuse};

/// What `people.disabled` says of somebody whom the provider's groups keep out: in a group with a
/// role again, they come in again. Whom a person keeps out has 1 there.
const LAPSED: i64 = 2;

/// Lets somebody in whom the provider vouches for; gives who they are, and the word for it.
pub(super) fn admit(
    act: &Transaction<'_>,
    (call, provider): (&Call<'_>, &Provider),
    (whose, vouched): (&Whose, &Vouched),
    id: &PersonId,
) -> Result<(Person, &'static str), Fault> {
    let known = known(act, provider, &vouched.subject)?;
    let meant = match whose {
        Whose::Anybodys => None,
        Whose::Of(person) => Some(person),
        Whose::Invited(person, link) => {
            // Whoever read the link may have begun with it long before its person used it.
            take(act, call, (person, link))?;
            Some(person)
        }
    };
    let (person, word) = match (known, meant) {
        (Some(known), Some(meant)) if known != *meant => {
            return Err(refuse::bound_elsewhere().into());
        }
        (Some(known), _) => (find(act, &known)?, "session.opened"),
        (None, Some(meant)) => (find(act, meant)?, "person.linked"),
        (None, None) if is_gone(act, provider, vouched)? => {
            return Err(refuse::does_not_fit().into());
        }
        (None, None) => (newcomer(act, id, vouched, call.now)?, "person.joined"),
    };
    let follows = !provider.roles.is_empty() && vouched.tells_groups;
    if person.is_disabled && !(follows && is_lapsed(act, &person.id)?) {
        return Err(refuse::does_not_fit().into());
    }
    bind(act, provider, &vouched.subject, &person.id)?;
    if follows {
        follow(act, call, &person, vouched.role)?;
    }
    Ok((person, word))
}

/// Takes the ways in by a provider from somebody who is removed. Hashes of them and of the e-mail
/// stay, so that they do not come back as somebody new whom nobody has invited.
pub(crate) fn part(act: &Transaction<'_>, person: &Person) -> Result<(), Fault> {
    let id = &person.id;
    let mut rows = act.prepare("SELECT issuer, subject FROM identities WHERE person = ?1")?;
    let both = rows.query_map([&id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let both: Vec<(String, String)> = both.collect::<Result<_, _>>()?;
    let gone = both
        .iter()
        .map(|(issuer, subject)| gone(issuer, subject))
        .chain([gone_email(&person.email)]);
    for gone in gone {
        act.prepare_cached("INSERT OR IGNORE INTO gone (hash) VALUES (?1)")?
            .execute([gone.as_slice()])?;
    }
    act.execute("DELETE FROM identities WHERE person = ?1", [&id.0])?;
    Ok(())
}

fn gone(issuer: &str, subject: &str) -> Hash {
    hash(format!("{issuer}\n{subject}").as_bytes())
}

/// An issuer is an address, so that no identity has the hash of an e-mail.
fn gone_email(email: &str) -> Hash {
    gone("email", &folded(email))
}

/// Lets whoever has an e-mail be somebody here again: they are invited.
pub(crate) fn welcome(act: &Transaction<'_>, email: &str) -> Result<(), Fault> {
    act.prepare_cached("DELETE FROM gone WHERE hash = ?1")?
        .execute([gone_email(email).as_slice()])?;
    Ok(())
}

/// Whether the one whom the provider vouches for was removed here.
fn is_gone(act: &Transaction<'_>, provider: &Provider, vouched: &Vouched) -> Result<bool, Fault> {
    let email = vouched.email.as_deref().map(gone_email);
    for gone in [gone(&provider.issuer, &vouched.subject)]
        .into_iter()
        .chain(email)
    {
        let mut found = act.prepare_cached("SELECT 1 FROM gone WHERE hash = ?1")?;
        if found.exists([gone.as_slice()])? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Uses an invitation up, if it is still open.
fn take(
    act: &Transaction<'_>,
    call: &Call<'_>,
    (person, link): (&PersonId, &[u8]),
) -> Result<(), Fault> {
    let sql = "DELETE FROM links WHERE hash = ?1 AND person = ?2 AND purpose = ?3 AND until > ?4";
    let gone = act
        .prepare_cached(sql)?
        .execute(params![link, person.0, INVITATION, call.now.0])?;
    match gone {
        1 => Ok(()),
        _ => Err(refuse::link_is_over().into()),
    }
}

fn is_lapsed(act: &Transaction<'_>, id: &PersonId) -> Result<bool, Fault> {
    let sql = "SELECT 1 FROM people WHERE id = ?1 AND disabled = ?2";
    Ok(act.prepare_cached(sql)?.exists(params![id.0, LAPSED])?)
}

impl Accounts {
    /// Keeps out, until they are in a group with a role again, whoever has come in by the provider
    /// before and is told to be in none now: sessions, tokens, links and a password open nothing
    /// meanwhile. The last owner stays.
    pub(super) fn lapse(
        &self,
        call: &Call<'_>,
        provider: &Provider,
        subject: &str,
    ) -> Result<(), Refusal> {
        self.store.write(|act| {
            let Some(id) = known(act, provider, subject)? else {
                return Ok(());
            };
            let person = find(act, &id)?;
            let stays = person.role == Role::Owner && !has_other_owner(act, &id)?;
            if person.is_disabled || stays {
                return Ok(());
            }
            let sql = "UPDATE people SET disabled = ?2 WHERE id = ?1";
            act.prepare_cached(sql)?.execute(params![id.0, LAPSED])?;
            end_all(act, &id, None)?;
            shut_out(act, &id)?;
            let mut after = person.clone();
            after.is_disabled = true;
            log_change(act, &Actor::Stranger, call, &person, &after)
        })
    }
}

fn known(
    act: &Transaction<'_>,
    provider: &Provider,
    subject: &str,
) -> Result<Option<PersonId>, Fault> {
    let sql = "SELECT person FROM identities WHERE issuer = ?1 AND subject = ?2";
    let found = act
        .prepare_cached(sql)?
        .query_row([&provider.issuer, subject], |row| row.get(0));
    Ok(found.optional()?.map(PersonId))
}

fn bind(
    act: &Transaction<'_>,
    provider: &Provider,
    subject: &str,
    id: &PersonId,
) -> Result<(), Fault> {
    let sql = "INSERT INTO identities (issuer, subject, person) VALUES (?1, ?2, ?3) \
               ON CONFLICT (issuer, subject) DO NOTHING";
    act.execute(sql, params![provider.issuer, subject, id.0])?;
    let gone = gone(&provider.issuer, subject);
    act.execute("DELETE FROM gone WHERE hash = ?1", [gone.as_slice()])?;
    Ok(())
}

/// Somebody whom nobody invited: let in where their groups give a role, under an e-mail that the
/// provider vouches for and that nobody here has. An e-mail alone never opens what is another's.
fn newcomer(
    act: &Transaction<'_>,
    id: &PersonId,
    vouched: &Vouched,
    now: Instant,
) -> Result<Person, Fault> {
    let role = vouched.role.ok_or_else(refuse::no_role)?;
    let email = vouched.email.as_deref().ok_or_else(refuse::no_email)?;
    let sql = "SELECT 1 FROM people WHERE folded = ?1";
    if act.prepare_cached(sql)?.exists([folded(email)])? {
        return Err(refuse::email_of_another().into());
    }
    // Many providers let people write their own names, and acts stand under names for ever.
    let name = vouched.name.as_deref().unwrap_or(email);
    let name = match is_anothers(act, name, id)? {
        true => email,
        false => name,
    };
    let new = NewPerson {
        name: name.to_owned(),
        email: email.to_owned(),
        role,
        sides: sides_of(role),
        teams: Vec::new(),
    };
    add(act, id, &new, now)
}

fn sides_of(role: Role) -> Vec<Side> {
    match role {
        Role::Marketing => vec![Side::Marketing],
        Role::Sales => vec![Side::Sales],
        _ => Vec::new(),
    }
}

/// Gives somebody the role that their groups have now; the last owner stays one.
fn follow(
    act: &Transaction<'_>,
    call: &Call<'_>,
    person: &Person,
    role: Option<Role>,
) -> Result<(), Fault> {
    let role = role.ok_or_else(refuse::no_role)?;
    let stays = person.role == Role::Owner && !has_other_owner(act, &person.id)?;
    if stays || role == person.role && !person.is_disabled {
        return Ok(());
    }
    let mut after = person.clone();
    after.is_disabled = false;
    if role != person.role {
        after.role = role;
        after.sides = sides_of(role);
    }
    keep(act, &after)?;
    end_all(act, &person.id, None)?;
    log_change(act, &Actor::Stranger, call, person, &after)
}
