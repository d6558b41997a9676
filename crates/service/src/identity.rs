//! Who is who by people's own word: joining and separating keys, taking it back, and whom a typed
//! key may stand for.
//!
//! A statement is a record of the built-in source `by-hand`, one per pair of keys, so that it has
//! its commit, its author and its reason, and questions as of before do not know it. It names
//! people by their keyed hash only.

use std::collections::BTreeSet;

use handfast_charter::{TextFile, read_pack};
use handfast_engine::answer::identity::MAILBOX;
use handfast_kernels::identity::resolve;
use handfast_ledger::{Commit, Ended, Ending, TextBatch};
use handfast_model::fact::{FactKind, Origin};
use handfast_model::identity::BY_HAND;
use handfast_model::mailbox::{OFFICE, address};
use handfast_model::pack::Pack;
use handfast_model::question::{AsOf, Known};
use handfast_model::{
    Calendar, Fact, FactId, Instant, Names, PersonId, Refusal, Seq, Snapshot, Sym, Value, When,
};

use crate::book::{Book, first};
use crate::checks::{self, Checked};
use crate::people::{self, who_rules};

/// What is said of two keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    /// They are one; the second is the one that stands for both.
    Join,
    /// They are two, whatever e-mail addresses and domains say.
    Separate {
        /// And whatever their source merged.
        even_merged: bool,
    },
}

/// Who says it, why, and when.
pub struct Said<'a> {
    /// Whoever typed it.
    pub author: &'a str,
    /// Their reason; it is kept in clear.
    pub because: &'a str,
    /// Now.
    pub now: Instant,
}

/// A statement that people made, as the book has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    /// Its commit, by which it is taken back.
    pub seq: Seq,
    /// When it was said.
    pub at: Instant,
    /// `join`, `separate`, `separate even merged`.
    pub verb: &'static str,
    /// The two keys; people by the first digits of their hash.
    pub keys: [String; 2],
    /// Who said it.
    pub author: String,
    /// Why.
    pub because: String,
    /// Whether it was taken back.
    pub is_undone: bool,
}

/// A person or an account, found by what was typed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Named {
    Person(PersonId),
    Account(String),
}

impl Named {
    fn text(&self) -> String {
        match self {
            Named::Person(person) => person.to_string(),
            Named::Account(key) => key.clone(),
        }
    }
}

/// A statement as its record has it.
struct Row {
    kind: &'static str,
    /// The two keys; the second survives.
    keys: [String; 2],
    verb: &'static str,
    author: String,
    because: String,
    is_undone: bool,
}

const SEPARATE: &str = "separate";
const SEPARATE_FIRM: &str = "separate even merged";
const JOIN: &str = "join";

/// A statement that was written.
#[derive(Clone, Debug)]
pub struct Stated {
    /// Its commit.
    pub seq: Seq,
    /// What looking at whom it touched showed.
    pub checked: Checked,
}

/// Says of two keys that they are one, or two; `None` when that was the last word on them already.
pub fn state(
    book: &Book,
    verb: Verb,
    keys: [&str; 2],
    said: &Said<'_>,
) -> Result<Option<Stated>, Refusal> {
    let snapshot = known(book)?;
    let [a, b] = keys;
    let named = [find(book, &snapshot, a)?, find(book, &snapshot, b)?];
    let kind = match &named {
        [Named::Person(a), Named::Person(b)] if a != b => "person",
        [Named::Account(a), Named::Account(b)] if a != b => "account",
        _ => return Err(not_two_of_a_kind(a, b)),
    };
    let row = Row {
        kind,
        keys: named.map(|named| named.text()),
        verb: match verb {
            Verb::Join => JOIN,
            Verb::Separate { even_merged: false } => SEPARATE,
            Verb::Separate { even_merged: true } => SEPARATE_FIRM,
        },
        author: said.author.to_owned(),
        because: said.because.to_owned(),
        is_undone: false,
    };
    write(book, &row, said.now)
}

/// Takes a statement back: from now on it is as if it had not been made.
pub fn undo(book: &Book, number: Seq, said: &Said<'_>) -> Result<Option<Stated>, Refusal> {
    let snapshot = known(book)?;
    let mut rows = statements(&snapshot);
    let found = rows.find(|(fact, row)| fact.seq == number && !row.is_undone);
    let Some((_, row)) = found else {
        let title = format!("no statement of commit {number} holds");
        return Err(Refusal::new("E0423", title)
            .matters("only the last word on two keys can be taken back, and only once")
            .fix(format!(
                "handfast identity list {} shows what holds, by number",
                book.dir.display()
            )));
    };
    let row = Row {
        author: said.author.to_owned(),
        because: said.because.to_owned(),
        is_undone: true,
        ..row
    };
    write(book, &row, said.now)
}

/// The last word on each pair of keys, in order of commits.
pub fn list(book: &Book) -> Result<Vec<Statement>, Refusal> {
    let snapshot = known(book)?;
    let mut list: Vec<Statement> = statements(&snapshot)
        .map(|(fact, row)| Statement {
            seq: fact.seq,
            at: fact.recorded_at,
            verb: row.verb,
            keys: row.keys.map(|key| match row.kind {
                "person" => format!("person {}", key.get(..12).unwrap_or(&key)),
                _ => key,
            }),
            author: row.author,
            because: row.because,
            is_undone: row.is_undone,
        })
        .collect();
    list.sort_by_key(|statement| statement.seq);
    Ok(list)
}

/// Puts the keyed hash of a typed e-mail address in its place, so that the address itself goes
/// into no question and no answer.
pub fn hide_address(book: &Book, key: &mut String) {
    if let Some(address) = address(key) {
        *key = format!("{MAILBOX}{}", book.ledger.email_identity(address));
    }
}

/// Whom a person's key may stand for: `source:key`, or the key in any source's namespace.
pub fn candidates(book: &Book, key: &str) -> Result<Vec<PersonId>, Refusal> {
    let namespaces = people::namespaces(&book.packs()?);
    let candidates = people::candidates(&namespaces, key, None).into_iter();
    let id = |(namespace, key): (String, String)| book.ledger.person_id(&namespace, &key);
    Ok(candidates.map(id).collect())
}

fn known(book: &Book) -> Result<Snapshot, Refusal> {
    let calendar = Calendar::in_zone("UTC").ok_or_else(|| Refusal::new("E0199", "no UTC"))?;
    book.ledger
        .snapshot(AsOf::Latest, Known::Recorded, &calendar)
}

/// The one person or account that a text names.
fn find(book: &Book, snapshot: &Snapshot, key: &str) -> Result<Named, Refusal> {
    let mut named: BTreeSet<Named> = BTreeSet::new();
    let names = &snapshot.names;
    if let Some(address) = address(key) {
        let hash = book.ledger.email_identity(address);
        let mailboxes = [names.find(&hash), names.find(&format!("{OFFICE}{hash}"))];
        let identity = names.find("identity");
        for fact in &snapshot.facts {
            let mailbox = identity.and_then(|name| fact.text(name));
            if let Some(person) = fact
                .person
                .filter(|_| mailbox.is_some() && mailboxes.contains(&mailbox))
            {
                named.insert(Named::Person(person));
            }
        }
    } else {
        let candidates = candidates(book, key)?;
        let account = key.strip_prefix("account:").unwrap_or(key);
        let account = names.find(account);
        for fact in &snapshot.facts {
            let person = fact.person.filter(|person| candidates.contains(person));
            named.extend(person.map(Named::Person));
            let found = fact.account.filter(|found| Some(*found) == account);
            named.extend(found.map(|found| Named::Account(names.text(found).to_owned())));
        }
    }
    if named.len() > 1 {
        stand_for_one(book, snapshot, &mut named)?;
    }
    let several = named.len() > 1;
    match named.pop_first() {
        Some(one) if !several => Ok(one),
        Some(_) => Err(ambiguous(key)),
        None => Err(unknown(key)),
    }
}

/// Puts one key in the place of several that are one person or account already.
fn stand_for_one(
    book: &Book,
    snapshot: &Snapshot,
    named: &mut BTreeSet<Named>,
) -> Result<(), Refusal> {
    let who = resolve(snapshot, &who_rules(book)?.1);
    let names = &snapshot.names;
    let root = |named: &Named| match named {
        Named::Person(person) => Named::Person(who.person(*person)),
        Named::Account(key) => {
            let root = names.find(key).map(|key| who.account(key));
            Named::Account(root.map_or_else(|| key.clone(), |key| names.text(key).to_owned()))
        }
    };
    *named = named.iter().map(root).collect();
    Ok(())
}

fn unknown(key: &str) -> Refusal {
    let title = match address(key) {
        Some(_) => "nobody in this book has this address".to_owned(),
        None => format!("nothing in this book is known as `{key}`"),
    };
    Refusal::new("E0420", title)
        .matters("nothing was written")
        .fix("give a key as its source writes it, or source:key; an account's key, or account:key")
}

fn ambiguous(key: &str) -> Refusal {
    let shown = match address(key) {
        Some(_) => "this address".to_owned(),
        None => format!("`{key}`"),
    };
    Refusal::new("E0421", format!("{shown} names several people or accounts"))
        .matters("nothing was written: it would be a guess which of them is meant")
        .fix("source:key for a person, account:key for an account; `ask identity` shows them")
}

fn not_two_of_a_kind(a: &str, b: &str) -> Refusal {
    let shown = |key: &str| match address(key) {
        Some(_) => "an address".to_owned(),
        None => format!("`{key}`"),
    };
    Refusal::new(
        "E0422",
        format!(
            "{} and {} are not two people or two accounts",
            shown(a),
            shown(b)
        ),
    )
    .matters("nothing was written: only keys of one kind can be one thing")
    .fix("give two different keys, both of people or both of accounts")
}

/// The source of people's own statements. It has no file and no SELECT: its facts are made here.
fn pack() -> Result<Pack, Refusal> {
    let files = [
        TextFile {
            path: "by-hand/source.toml".to_owned(),
            text: SOURCE.to_owned(),
        },
        TextFile {
            path: "by-hand/statements.link.sql".to_owned(),
            text: SELECT.to_owned(),
        },
    ];
    let mut pack = read_pack("by-hand", &files).map_err(first)?;
    pack.source = BY_HAND.to_owned();
    Ok(pack)
}

const SOURCE: &str = r#"source = "hand"
zone = "UTC"

[[stream]]
name = "statements"
files = ["by hand"]
key = ["kind", "one", "other"]
mode = "events"

[[map]]
stream = "statements"
kind = "link"
file = "statements.link.sql"
"#;
const SELECT: &str =
    "SELECT _record, one AS account, other AS same_account, verb, author, because FROM statements";

fn write(book: &Book, row: &Row, now: Instant) -> Result<Option<Stated>, Refusal> {
    let pack = pack()?;
    let [a, b] = &row.keys;
    // One record per pair, however it is turned, so that the last word replaces those before.
    let (one, other) = if a <= b { (a, b) } else { (b, a) };
    let undone = if row.is_undone { "yes" } else { "" };
    let batch = TextBatch::said(
        "statements",
        "by hand",
        &[
            ("kind", row.kind),
            ("one", one),
            ("other", other),
            ("survivor", b),
            ("verb", row.verb),
            ("undone", undone),
            ("author", &row.author),
            ("because", &row.because),
        ],
    );
    let mut import = book.ledger.begin_import(&pack, now)?;
    let classified = import.classify(batch)?;
    let Some(found) = classified.fresh_rows().next() else {
        return Ok(None);
    };
    let mut names = Names::default();
    let origin = Origin {
        source: names.intern(BY_HAND),
        stream: names.intern("statements"),
        key: found.key,
        version: found.version,
        ordinal: 0,
        file: names.intern("by hand"),
        line: 1,
    };
    let facts = vec![fact(row, origin, &mut names)];
    let seq = import.commit(Commit {
        batches: vec![Ended {
            classified,
            endings: vec![Ending::Mapped],
        }],
        facts,
        names,
    })?;
    import.finish(None)?;
    let checked = checks::after_commit(book);
    Ok(Some(Stated { seq, checked }))
}

/// Statements hold whenever anything happened, so they have no time of their own.
fn fact(row: &Row, origin: Origin, names: &mut Names) -> Fact {
    let [a, b] = &row.keys;
    let is_person = row.kind == "person";
    let same = if is_person {
        "same_person"
    } else {
        "same_account"
    };
    let mut attributes = Vec::new();
    for (name, text) in [
        (same, b),
        ("author", &row.author),
        ("because", &row.because),
    ] {
        if !text.is_empty() {
            attributes.push((names.intern(name), Value::Text(names.intern(text))));
        }
    }
    let flags = [
        ("apart", row.verb != JOIN),
        ("even_merged", row.verb == SEPARATE_FIRM),
        ("undone", row.is_undone),
    ];
    for (name, _) in flags.into_iter().filter(|(_, is)| *is) {
        attributes.push((names.intern(name), Value::Bool(true)));
    }
    Fact {
        id: FactId(0),
        kind: FactKind::Link,
        happened: When::Unknown,
        is_assumed: false,
        seq: Seq(0),
        recorded_at: Instant(0),
        origin,
        person: PersonId::parse(a).filter(|_| is_person),
        account: (!is_person).then(|| names.intern(a)),
        deal: None,
        campaign: None,
        rep: None,
        attributes: attributes.into(),
    }
}

/// The statements of a snapshot, read back from their facts.
fn statements(snapshot: &Snapshot) -> impl Iterator<Item = (&Fact, Row)> {
    let names = &snapshot.names;
    let by_hand = names.find(BY_HAND);
    let is_by_hand = move |fact: &&Fact| Some(fact.origin.source) == by_hand;
    snapshot.facts.iter().filter(is_by_hand).filter_map(|fact| {
        let text = |name: &str| -> Option<String> {
            let sym: Sym = fact.text(names.find(name)?)?;
            Some(names.text(sym).to_owned())
        };
        let is = |name: &str| {
            let name = names.find(name);
            name.is_some_and(|name| fact.attribute(name) == Some(&Value::Bool(true)))
        };
        let (kind, keys) = match (fact.person, fact.account) {
            (Some(person), _) => ("person", [person.to_string(), text("same_person")?]),
            (None, Some(account)) => (
                "account",
                [names.text(account).to_owned(), text("same_account")?],
            ),
            (None, None) => return None,
        };
        let row = Row {
            kind,
            keys,
            verb: match (is("apart"), is("even_merged")) {
                (false, _) => JOIN,
                (true, false) => SEPARATE,
                (true, true) => SEPARATE_FIRM,
            },
            author: text("author").unwrap_or_default(),
            because: text("because").unwrap_or_default(),
            is_undone: is("undone"),
        };
        Some((fact, row))
    })
}
