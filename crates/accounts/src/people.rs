//! The people of a book: who they are, who invites and changes them, and that an owner is left.

use handfast_model::rules::Side;
use handfast_model::{Instant, Refusal};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::actor::{Actor, Call, Person, PersonId};
use crate::audit::{Deed, append};
use crate::provider::{part, welcome};
use crate::rights::{Capability, Role, require, require_in_person};
use crate::secret::Secret;
use crate::sessions::end_all;
use crate::sign_in::INVITATION;
use crate::store::Fault;
use crate::{Accounts, DAY, refuse, tries};

/// Longest name or team, in characters.
const NAME: usize = 100;
/// Longest e-mail, in bytes (RFC 5321).
const EMAIL: usize = 254;
/// Most teams that one person's rows are of.
const TEAMS: usize = 100;
/// How long an invitation works, in days.
const INVITED_DAYS: i64 = 7;
/// How long a link to a new password works, in days.
const RESET_DAYS: i64 = 1;

/// Somebody to be invited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewPerson {
    /// As colleagues call them.
    pub name: String,
    /// Their e-mail.
    pub email: String,
    /// What they will be.
    pub role: Role,
    /// For which sides they may sign: marketing, sales.
    pub sides: Vec<Side>,
    /// Whose rows they see; all where no team is named.
    pub teams: Vec<String>,
}

/// What is changed of a person; what is `None` stays.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Change {
    /// Another name.
    pub name: Option<String>,
    /// Another e-mail.
    pub email: Option<String>,
    /// Another role.
    pub role: Option<Role>,
    /// Other sides.
    pub sides: Option<Vec<Side>>,
    /// Other teams.
    pub teams: Option<Vec<String>>,
    /// Kept out, or let in again.
    pub is_disabled: Option<bool>,
}

impl Change {
    /// What everybody may change of themselves.
    fn is_of_the_name_alone(&self) -> bool {
        self.email.is_none() && !self.is_of_rights()
    }

    fn is_of_rights(&self) -> bool {
        self.role.is_some()
            || self.sides.is_some()
            || self.teams.is_some()
            || self.is_disabled.is_some()
    }
}

/// The e-mail by which two are one: without regard to case.
pub(crate) fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}

pub(crate) fn proper_name(field: &str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > NAME {
        let what = format!("it has 1 to {NAME} characters");
        return Err(refuse::unreadable(field, &what));
    }
    match text.chars().any(char::is_control) {
        true => Err(refuse::unreadable(field, "it is one line of text")),
        false => Ok(text.to_owned()),
    }
}

pub(crate) fn proper_email(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let is_odd = |c: char| c.is_whitespace() || c.is_control();
    let is_fit = text.len() <= EMAIL
        && !text.contains(is_odd)
        && text.split_once('@').is_some_and(|(name, domain)| {
            !name.is_empty() && !domain.is_empty() && !domain.contains('@')
        });
    match is_fit {
        true => Ok(text.to_owned()),
        false => Err(refuse::unreadable("email", "it is no e-mail address")),
    }
}

fn proper_sides(sides: &[Side]) -> Result<Vec<Side>, Refusal> {
    let mut sides = sides.to_vec();
    sides.sort_unstable();
    sides.dedup();
    let signs = |side: &Side| matches!(side, Side::Marketing | Side::Sales);
    match sides.iter().all(signs) {
        true => Ok(sides),
        false => Err(refuse::unreadable("sides", "only marketing and sales sign")),
    }
}

fn proper_teams(teams: &[String]) -> Result<Vec<String>, Refusal> {
    if teams.len() > TEAMS {
        let what = format!("at most {TEAMS} can be named");
        return Err(refuse::unreadable("teams", &what));
    }
    let mut proper = Vec::new();
    for team in teams {
        proper.push(proper_name("teams", team)?);
    }
    proper.sort_unstable();
    proper.dedup();
    Ok(proper)
}

fn words_of(sides: &[Side]) -> String {
    let words: Vec<&str> = sides.iter().map(|side| side.word()).collect();
    words.join(" ")
}

pub(crate) const COLUMNS: &str = "people.id, people.name, people.email, people.role, \
    people.sides, people.teams, people.disabled, people.password IS NOT NULL, people.made, \
    EXISTS (SELECT 1 FROM identities WHERE identities.person = people.id)";

/// Reads `COLUMNS`. A word that this program does not know gives no right.
pub(crate) fn person_of(row: &Row<'_>) -> rusqlite::Result<Person> {
    let role: String = row.get(3)?;
    let (sides, teams): (String, String) = (row.get(4)?, row.get(5)?);
    Ok(Person {
        id: PersonId(row.get(0)?),
        name: row.get(1)?,
        email: row.get(2)?,
        role: Role::parse(&role).unwrap_or(Role::Viewer),
        sides: sides.split_whitespace().filter_map(Side::parse).collect(),
        teams: teams.lines().map(str::to_owned).collect(),
        is_disabled: row.get(6)?,
        has_password: row.get(7)?,
        made: Instant(row.get(8)?),
        has_provider: row.get(9)?,
    })
}

pub(crate) fn find(look: &Connection, id: &PersonId) -> Result<Person, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM people WHERE id = ?1 AND removed = 0");
    let found = look
        .prepare_cached(&sql)?
        .query_row([&id.0], person_of)
        .optional()?;
    found.ok_or_else(|| refuse::nothing_here("person").into())
}

/// Whether there is an owner who can sign in, beside this one.
pub(crate) fn has_other_owner(look: &Connection, id: &PersonId) -> Result<bool, Fault> {
    let sql = "SELECT 1 FROM people WHERE role = 'owner' AND disabled = 0 AND removed = 0 \
               AND id <> ?1 AND (password IS NOT NULL \
               OR EXISTS (SELECT 1 FROM identities WHERE person = people.id))";
    Ok(look.prepare_cached(sql)?.exists([&id.0])?)
}

/// Adds somebody; the e-mail must be free.
pub(crate) fn add(
    act: &Transaction<'_>,
    id: &PersonId,
    new: &NewPerson,
    now: Instant,
) -> Result<Person, Fault> {
    let person = Person {
        id: id.clone(),
        name: proper_name("name", &new.name)?,
        email: proper_email(&new.email)?,
        role: new.role,
        sides: proper_sides(&new.sides)?,
        teams: proper_teams(&new.teams)?,
        is_disabled: false,
        has_password: false,
        has_provider: false,
        made: now,
    };
    let folded = folded(&person.email);
    must_be_free(act, &folded, id)?;
    let sql = "INSERT INTO people (id, name, email, folded, role, sides, teams, made) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    act.prepare_cached(sql)?.execute(params![
        person.id.0,
        person.name,
        person.email,
        folded,
        person.role.word(),
        words_of(&person.sides),
        person.teams.join("\n"),
        now.0
    ])?;
    Ok(person)
}

fn must_be_free(look: &Connection, folded: &str, id: &PersonId) -> Result<(), Fault> {
    let sql = "SELECT 1 FROM people WHERE folded = ?1 AND id <> ?2";
    match look.prepare_cached(sql)?.exists(params![folded, id.0])? {
        true => Err(refuse::taken().into()),
        false => Ok(()),
    }
}

/// Refuses to call oneself as somebody else here is called: what people do in the ledger stands
/// there under their names.
fn must_be_nobodys(look: &Connection, name: &str, id: &PersonId) -> Result<(), Fault> {
    match is_anothers(look, name, id)? {
        true => Err(refuse::called_so().into()),
        false => Ok(()),
    }
}

/// Whether somebody else here is called so, whatever the case, the blanks and what nobody sees.
pub(crate) fn is_anothers(look: &Connection, name: &str, id: &PersonId) -> Result<bool, Fault> {
    let unseen = |c: &char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let told = |name: &str| {
        let seen: String = name.chars().filter(|c| !unseen(c)).collect();
        let words: Vec<String> = seen.split_whitespace().map(str::to_lowercase).collect();
        words.join(" ")
    };
    let mut rows = look.prepare_cached("SELECT name FROM people WHERE id <> ?1 AND removed = 0")?;
    let names = rows.query_map([&id.0], |row| row.get::<_, String>(0))?;
    for other in names {
        if told(&other?) == told(name) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// An owner is only made and touched by an owner, or at the machine itself.
fn may_touch(actor: &Actor, roles: &[Role]) -> Result<(), Refusal> {
    let is_owner = actor
        .person()
        .is_some_and(|person| person.role == Role::Owner);
    match roles.contains(&Role::Owner) && !is_owner && *actor != Actor::Console {
        true => Err(refuse::only_owners()),
        false => Ok(()),
    }
}

impl Accounts {
    /// Everybody, by name.
    pub fn people(&self, actor: &Actor) -> Result<Vec<Person>, Refusal> {
        require(actor, Capability::People)?;
        self.store.read(|look| {
            let sql = format!("SELECT {COLUMNS} FROM people WHERE removed = 0 ORDER BY folded, id");
            let mut rows = look.prepare_cached(&sql)?;
            let people = rows.query_map([], person_of)?;
            Ok(people.collect::<Result<_, _>>()?)
        })
    }

    /// What somebody is called, to stand beside what they wrote.
    pub fn name_of(&self, id: &PersonId) -> Result<Option<String>, Refusal> {
        self.store.read(|look| {
            let sql = "SELECT name FROM people WHERE id = ?1 AND removed = 0";
            let found = look
                .prepare_cached(sql)?
                .query_row([&id.0], |row| row.get(0));
            Ok(found.optional()?)
        })
    }

    /// Invites somebody: gives the token of a link by which they choose their password.
    pub fn invite(
        &self,
        actor: &Actor,
        call: &Call<'_>,
        new: &NewPerson,
    ) -> Result<(Person, Secret), Refusal> {
        require_in_person(actor, Capability::People)?;
        may_touch(actor, &[new.role])?;
        let id = PersonId(self.chance.id()?);
        let link = self.chance.secret("hfl_")?;
        self.store
            .write(|act| {
                let person = add(act, &id, new, call.now)?;
                welcome(act, &person.email)?;
                let until = call.now.0.saturating_add(INVITED_DAYS * DAY);
                put_link(act, &link, INVITATION, &id, until)?;
                let after = [
                    ("role", person.role.word()),
                    ("sides", &words_of(&person.sides)),
                    ("teams", &person.teams.join(", ")),
                ];
                let deed = Deed {
                    act: "person.invited",
                    object: &id.0,
                    before: &[],
                    after: &after,
                };
                append(act, actor, call, &deed)?;
                Ok(person)
            })
            .map(|person| (person, link))
    }

    /// A new link for somebody: to accept the invitation, or to choose a new password. It ends
    /// earlier ones.
    pub fn link_for(
        &self,
        actor: &Actor,
        call: &Call<'_>,
        id: &PersonId,
    ) -> Result<Secret, Refusal> {
        require_in_person(actor, Capability::People)?;
        let link = self.chance.secret("hfl_")?;
        self.store.write(|act| {
            let person = find(act, id)?;
            may_touch(actor, &[person.role])?;
            let (purpose, days) = match person.has_password {
                true => ("reset", RESET_DAYS),
                false => (INVITATION, INVITED_DAYS),
            };
            let until = call.now.0.saturating_add(days * DAY);
            put_link(act, &link, purpose, id, until)?;
            let deed = Deed {
                act: "person.link_made",
                object: &id.0,
                before: &[],
                after: &[("purpose", purpose)],
            };
            append(act, actor, call, &deed)
        })?;
        Ok(link)
    }

    /// Changes somebody; one's own name everybody may change. A change of rights ends their
    /// sessions: the next page asks them to sign in, as what they now are. Keeping somebody out
    /// ends their tokens too, for good.
    pub fn change(
        &self,
        actor: &Actor,
        call: &Call<'_>,
        id: &PersonId,
        change: &Change,
    ) -> Result<Person, Refusal> {
        let is_own = matches!(actor, Actor::Person { person, .. } if person.id == *id);
        if !(is_own && change.is_of_the_name_alone()) {
            require_in_person(actor, Capability::People)?;
        }
        if change.is_of_rights() && actor.person().is_some_and(|person| person.id == *id) {
            return Err(refuse::oneself());
        }
        self.store.write(|act| {
            let before = find(act, id)?;
            let after = changed(&before, change)?;
            may_touch(actor, &[before.role, after.role])?;
            let was_owner = before.role == Role::Owner && !before.is_disabled;
            let is_owner = after.role == Role::Owner && !after.is_disabled;
            if was_owner && !is_owner && !has_other_owner(act, id)? {
                return Err(refuse::last_owner().into());
            }
            must_be_free(act, &folded(&after.email), id)?;
            if is_own && after.name != before.name {
                must_be_nobodys(act, &after.name, id)?;
            }
            keep(act, &after)?;
            if change.is_disabled == Some(true) {
                // Whom the provider let lapse is now out by somebody's word, and stays so.
                act.execute("UPDATE people SET disabled = 1 WHERE id = ?1", [&id.0])?;
            }
            if rights_of(&before) != rights_of(&after) {
                end_all(act, id, None)?;
            }
            if after.is_disabled && !before.is_disabled {
                shut_out(act, id)?;
            }
            log_change(act, actor, call, &before, &after)?;
            Ok(after)
        })
    }

    /// Takes somebody away: name, e-mail, password, sessions, tokens, sign-ins, views, notes and
    /// answers that are kept of them go, and the id stays for the audit log and what they signed.
    pub fn remove(&self, actor: &Actor, call: &Call<'_>, id: &PersonId) -> Result<(), Refusal> {
        require_in_person(actor, Capability::People)?;
        if actor.person().is_some_and(|person| person.id == *id) {
            return Err(refuse::oneself());
        }
        self.store.write(|act| {
            let person = find(act, id)?;
            may_touch(actor, &[person.role])?;
            if person.role == Role::Owner && !has_other_owner(act, id)? {
                return Err(refuse::last_owner().into());
            }
            end_all(act, id, None)?;
            shut_out(act, id)?;
            part(act, &person)?;
            tries::forget(act, &folded(&person.email))?;
            for table in ["signing", "signing_next", "views", "notes"] {
                act.execute(&format!("DELETE FROM {table} WHERE person = ?1"), [&id.0])?;
            }
            // Their own, and those of whoever changed them: each names them by their id.
            let sql = "DELETE FROM answers WHERE actor = ?1 OR instr(body, CAST(?2 AS BLOB)) > 0";
            act.execute(sql, params![format!("person:{}", id.0), id.0])?;
            let sql = "UPDATE people SET name = '', email = '', folded = NULL, password = NULL, \
                       teams = '', disabled = 1, removed = 1 WHERE id = ?1";
            act.execute(sql, [&id.0])?;
            let deed = Deed {
                act: "person.removed",
                object: &id.0,
                before: &[("role", person.role.word())],
                after: &[],
            };
            append(act, actor, call, &deed)
        })?;
        self.store.truncate_log()
    }
}

fn changed(before: &Person, change: &Change) -> Result<Person, Refusal> {
    let mut after = before.clone();
    if let Some(name) = &change.name {
        after.name = proper_name("name", name)?;
    }
    if let Some(email) = &change.email {
        after.email = proper_email(email)?;
    }
    if let Some(sides) = &change.sides {
        after.sides = proper_sides(sides)?;
    }
    if let Some(teams) = &change.teams {
        after.teams = proper_teams(teams)?;
    }
    after.role = change.role.unwrap_or(before.role);
    after.is_disabled = change.is_disabled.unwrap_or(before.is_disabled);
    Ok(after)
}

fn rights_of(person: &Person) -> (Role, &[Side], &[String], bool) {
    (
        person.role,
        &person.sides,
        &person.teams,
        person.is_disabled,
    )
}

/// Writes a person down as they are now.
pub(crate) fn keep(act: &Transaction<'_>, person: &Person) -> Result<(), Fault> {
    // Whom the provider keeps out stays so (`provider::lapse`) until somebody lets them in.
    let sql = "UPDATE people SET name = ?2, email = ?3, folded = ?4, role = ?5, sides = ?6, \
               teams = ?7, disabled = CASE WHEN ?8 THEN max(disabled, 1) ELSE 0 END WHERE id = ?1";
    act.prepare_cached(sql)?.execute(params![
        person.id.0,
        person.name,
        person.email,
        folded(&person.email),
        person.role.word(),
        words_of(&person.sides),
        person.teams.join("\n"),
        person.is_disabled
    ])?;
    Ok(())
}

/// Ends tokens and links, for good.
pub(crate) fn shut_out(act: &Transaction<'_>, id: &PersonId) -> Result<(), Fault> {
    for table in ["tokens", "links", "pending"] {
        act.execute(&format!("DELETE FROM {table} WHERE person = ?1"), [&id.0])?;
    }
    Ok(())
}

fn put_link(
    act: &Transaction<'_>,
    link: &Secret,
    purpose: &str,
    id: &PersonId,
    until: i64,
) -> Result<(), Fault> {
    act.execute("DELETE FROM links WHERE person = ?1", [&id.0])?;
    let sql = "INSERT INTO links (hash, purpose, person, until) VALUES (?1, ?2, ?3, ?4)";
    act.execute(sql, params![link.hash().as_slice(), purpose, id.0, until])?;
    Ok(())
}

/// The log has roles, sides and teams as words; of name and e-mail it says that they changed.
pub(crate) fn log_change(
    act: &Transaction<'_>,
    actor: &Actor,
    call: &Call<'_>,
    before: &Person,
    after: &Person,
) -> Result<(), Fault> {
    let texts = |person: &Person| {
        let is_kept_out = if person.is_disabled { "yes" } else { "no" };
        [
            ("role", person.role.word().to_owned()),
            ("sides", words_of(&person.sides)),
            ("teams", person.teams.join(", ")),
            ("disabled", is_kept_out.to_owned()),
        ]
    };
    let (old, new) = (texts(before), texts(after));
    let differing = || old.iter().zip(&new).filter(|(old, new)| old != new);
    let was: Vec<(&str, &str)> = differing().map(|(old, _)| (old.0, &*old.1)).collect();
    let mut is: Vec<(&str, &str)> = differing().map(|(_, new)| (new.0, &*new.1)).collect();
    if before.name != after.name {
        is.push(("name", "changed"));
    }
    if before.email != after.email {
        is.push(("email", "changed"));
    }
    let deed = Deed {
        act: "person.changed",
        object: &after.id.0,
        before: &was,
        after: &is,
    };
    append(act, actor, call, &deed)
}
