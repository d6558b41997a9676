//! Views that people keep, and notes that they leave on figures. They are words about figures and
//! never one themselves: an address of the application, a question's text. Whoever left them can
//! take them back, which is why they are not acts of the ledger.

use handfast_model::{Instant, Refusal};
use rusqlite::{Connection, Row, params};

use crate::actor::{Actor, Call, Person, PersonId};
use crate::audit::{Deed, append};
use crate::people::proper_name;
use crate::rights::{Capability, require};
use crate::store::Fault;
use crate::{Accounts, refuse};

/// Most views, and most notes, of one person.
const MOST: i64 = 1_000;
/// Longest address of a view, and longest text of a question, in bytes.
const ADDRESS: usize = 8_192;
/// Longest note, in bytes.
const WORDS: usize = 2_000;
/// Most cells that name a row.
const CELLS: usize = 32;
/// Most notes that one look takes.
const PAGE: u32 = 1_000;

/// A page of the application with its words, kept under a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct View {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub person: PersonId,
    /// What they are called; none of somebody who is gone.
    pub by: Option<String>,
    /// What it is called.
    pub name: String,
    /// Its address below the application: `/funnel?by=channel`.
    pub address: String,
    /// Whether everybody sees it.
    pub is_shared: bool,
    /// Since when.
    pub made: Instant,
}

/// A note on a figure, which everybody sees who sees the figure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub person: PersonId,
    /// What they are called; none of somebody who is gone.
    pub by: Option<String>,
    /// The figure.
    pub on: Figure,
    /// What it says.
    pub words: String,
    /// Since when.
    pub made: Instant,
}

/// A figure of an answer.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Figure {
    /// The question's canonical text.
    pub question: String,
    /// The column.
    pub column: String,
    /// The first cells of its row.
    pub row: Vec<String>,
}

impl Accounts {
    /// One's own views and those that others share, by name.
    pub fn views(&self, actor: &Actor) -> Result<Vec<View>, Refusal> {
        require(actor, Capability::Read)?;
        let own = actor.person().map_or("", |person| person.id.0.as_str());
        self.store.read(|look| {
            let sql = "SELECT views.id, person, NULLIF(people.name, ''), views.name, address, \
                       shared, views.made FROM views JOIN people ON people.id = person \
                       WHERE person = ?1 OR shared = 1 ORDER BY views.name, views.id";
            let mut rows = look.prepare_cached(sql)?;
            let views = rows.query_map([own], view_of)?;
            Ok(views.collect::<Result<_, _>>()?)
        })
    }

    /// Keeps a page under a name: for oneself, or for everybody.
    pub fn keep_view(
        &self,
        actor: &Actor,
        call: &Call<'_>,
        (name, address, is_shared): (&str, &str, bool),
    ) -> Result<View, Refusal> {
        let person = author(actor)?;
        proper_address("address", address)?;
        let view = View {
            id: self.chance.id()?,
            person: person.id.clone(),
            by: Some(person.name.clone()),
            name: proper_name("name", name)?,
            address: address.to_owned(),
            is_shared,
            made: call.now,
        };
        self.store.write(|act| {
            room(act, "views", person)?;
            let sql = "INSERT INTO views (id, person, name, address, shared, made) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            let (id, person) = (&view.id, &person.id.0);
            let row = params![id, person, view.name, view.address, is_shared, call.now.0];
            act.prepare_cached(sql)?.execute(row)?;
            let shared = [("shared", if is_shared { "yes" } else { "no" })];
            append(act, actor, call, &deed("view.kept", id, &shared))
        })?;
        Ok(view)
    }

    /// Takes one's own view away.
    pub fn drop_view(&self, actor: &Actor, call: &Call<'_>, id: &str) -> Result<(), Refusal> {
        let sql = "DELETE FROM views WHERE id = ?1 AND person = ?2";
        self.take_away(actor, call, (sql, "view.dropped", "view", id))
    }

    /// The newest notes on figures: of all questions and columns, or of those that are named.
    pub fn notes(
        &self,
        actor: &Actor,
        (question, column): (Option<&str>, Option<&str>),
    ) -> Result<Vec<Note>, Refusal> {
        require(actor, Capability::Read)?;
        self.store.read(|look| {
            let sql = "SELECT notes.id, person, NULLIF(people.name, ''), question, figure, cells, \
                       words, notes.made FROM notes JOIN people ON people.id = person \
                       WHERE (?1 IS NULL OR question = ?1) AND (?2 IS NULL OR figure = ?2) \
                       ORDER BY notes.made DESC, notes.id LIMIT ?3";
            let mut rows = look.prepare_cached(sql)?;
            let notes = rows.query_map(params![question, column, PAGE], note_of)?;
            Ok(notes.collect::<Result<_, _>>()?)
        })
    }

    /// Leaves a note on a figure.
    pub fn keep_note(
        &self,
        actor: &Actor,
        call: &Call<'_>,
        (on, words): (&Figure, &str),
    ) -> Result<Note, Refusal> {
        let person = author(actor)?;
        let words = words.trim();
        if words.is_empty() || words.len() > WORDS {
            let what = format!("it has 1 to {WORDS} bytes");
            return Err(refuse::unreadable("words", &what));
        }
        let cells = serde_json::Value::from(on.row.clone()).to_string();
        let is_figure = !on.question.is_empty()
            && on.question.len() + on.column.len() + cells.len() <= ADDRESS
            && on.row.len() <= CELLS;
        if !is_figure {
            let what = format!("question, column and row have {ADDRESS} bytes at most");
            return Err(refuse::unreadable("question", &what));
        }
        let note = Note {
            id: self.chance.id()?,
            person: person.id.clone(),
            by: Some(person.name.clone()),
            on: on.clone(),
            words: words.to_owned(),
            made: call.now,
        };
        self.store.write(|act| {
            room(act, "notes", person)?;
            let sql = "INSERT INTO notes (id, person, question, figure, cells, words, made) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            let (id, person) = (&note.id, &person.id.0);
            let row = params![id, person, on.question, on.column, cells, words, call.now.0];
            act.prepare_cached(sql)?.execute(row)?;
            append(act, actor, call, &deed("note.kept", id, &[]))
        })?;
        Ok(note)
    }

    /// Takes one's own note away.
    pub fn drop_note(&self, actor: &Actor, call: &Call<'_>, id: &str) -> Result<(), Refusal> {
        let sql = "DELETE FROM notes WHERE id = ?1 AND person = ?2";
        self.take_away(actor, call, (sql, "note.dropped", "note", id))
    }

    /// Another's is not there, as one that never was: nobody learns which ids there are.
    fn take_away(
        &self,
        actor: &Actor,
        call: &Call<'_>,
        (sql, word, thing, id): (&str, &str, &str, &str),
    ) -> Result<(), Refusal> {
        let person = author(actor)?;
        self.store.write(|act| {
            let gone = act.prepare_cached(sql)?.execute([id, &person.id.0])?;
            match gone {
                0 => Err(refuse::nothing_here(thing).into()),
                _ => append(act, actor, call, &deed(word, id, &[])),
            }
        })
    }
}

/// An address that is opened as a link must not lead out of the application.
pub(crate) fn proper_address(field: &str, address: &str) -> Result<(), Refusal> {
    let is_ours = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains(['\\', ' '])
        && !address.chars().any(char::is_control)
        && address.len() <= ADDRESS;
    match is_ours {
        true => Ok(()),
        false => {
            let what = "it is an address of the application: /funnel?by=channel";
            Err(refuse::unreadable(field, what))
        }
    }
}

/// Whoever may leave something under their name.
fn author(actor: &Actor) -> Result<&Person, Refusal> {
    require(actor, Capability::Note)?;
    actor.person().ok_or_else(refuse::sign_in_first)
}

fn deed<'a>(act: &'a str, object: &'a str, after: &'a [(&'a str, &'a str)]) -> Deed<'a> {
    Deed {
        act,
        object,
        before: &[],
        after,
    }
}

/// Refuses one more than a person may have.
fn room(look: &Connection, table: &str, person: &Person) -> Result<(), Fault> {
    let sql = format!("SELECT COUNT(*) FROM {table} WHERE person = ?1");
    let own = [&person.id.0];
    let count: i64 = look
        .prepare_cached(&sql)?
        .query_row(own, |row| row.get(0))?;
    match count < MOST {
        true => Ok(()),
        false => {
            let what = format!("you keep {MOST} already; take some away first");
            Err(refuse::unreadable(table, &what).into())
        }
    }
}

fn view_of(row: &Row<'_>) -> rusqlite::Result<View> {
    Ok(View {
        id: row.get(0)?,
        person: PersonId(row.get(1)?),
        by: row.get(2)?,
        name: row.get(3)?,
        address: row.get(4)?,
        is_shared: row.get(5)?,
        made: Instant(row.get(6)?),
    })
}

fn note_of(row: &Row<'_>) -> rusqlite::Result<Note> {
    let cells: String = row.get(5)?;
    Ok(Note {
        id: row.get(0)?,
        person: PersonId(row.get(1)?),
        by: row.get(2)?,
        on: Figure {
            question: row.get(3)?,
            column: row.get(4)?,
            row: serde_json::from_str(&cells).unwrap_or_default(),
        },
        words: row.get(6)?,
        made: Instant(row.get(7)?),
    })
}
