//! The imports of a book and how its sources do: what came in, what is left aside, how far each
//! shows everything.

use std::collections::BTreeMap;

use handfast_ledger::{FileAccount, ImportEntry, Undone};
use handfast_model::identity::BY_HAND;
use handfast_model::pack::Pack;
use handfast_model::{Instant, Refusal};

use crate::book::Book;
use crate::checks::{self, Checked};
use crate::events::takes_events;
use crate::sources::{Listed, listed};

/// An import with what is true of it by now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The import.
    pub entry: ImportEntry,
    /// What became of the rows of all its files.
    pub sum: FileAccount,
    /// How many of them are still set aside.
    pub open_set_aside: u64,
    /// Whether it may be taken back: it stands, and no newer one of its source does.
    pub may_undo: bool,
}

/// A source and how it does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OfSource {
    /// What it reads.
    pub listed: Listed,
    /// Which of its streams are only looked things up in, in their order.
    pub references: Vec<bool>,
    /// Which of them take events, in their order.
    pub take_events: Vec<bool>,
    /// Its newest import that stands.
    pub last: Option<Standing>,
    /// How many of its imports stand.
    pub imports: u64,
    /// What became of their rows.
    pub sum: FileAccount,
    /// How many rows are still set aside.
    pub open_set_aside: u64,
    /// It shows everything before this instant.
    pub observed_until: Option<Instant>,
    /// Whether that was declared.
    pub is_declared: bool,
}

/// An import that was taken back.
#[derive(Clone, Debug)]
pub struct TakenBack {
    /// What became of its rows.
    pub done: Undone,
    /// What looking at what that touched showed.
    pub checked: Checked,
}

/// Takes an import back, the newest one where none is named, and looks at what that touched.
pub fn take_back(book: &Book, run: Option<u64>, now: Instant) -> Result<TakenBack, Refusal> {
    let done = book.ledger.undo(run, now)?;
    let checked = checks::after_commit(book);
    Ok(TakenBack { done, checked })
}

/// The imports of a book, newest first.
pub fn list(book: &Book) -> Result<Vec<Standing>, Refusal> {
    let open = book.ledger.open_set_aside()?;
    let mut newest: BTreeMap<String, u64> = BTreeMap::new();
    let imports = book.ledger.imports()?;
    for import in imports.iter().filter(|import| import.undone.is_none()) {
        newest.insert(import.source.clone(), import.run);
    }
    let standing = imports.into_iter().rev().map(|entry| Standing {
        sum: sum(&entry.files),
        open_set_aside: open.get(&entry.run).copied().unwrap_or(0),
        may_undo: entry.source != BY_HAND && newest.get(&entry.source) == Some(&entry.run),
        entry,
    });
    Ok(standing.collect())
}

/// What became of the rows of several files.
pub fn sum(files: &[FileAccount]) -> FileAccount {
    let mut sum = FileAccount::default();
    files.iter().for_each(|file| sum.add(file));
    sum
}

/// The sources of a book, by name.
pub fn sources(book: &Book) -> Result<Vec<OfSource>, Refusal> {
    let imports = list(book)?;
    let horizons = book.ledger.horizons()?;
    let packs = book.packs()?;
    Ok(packs
        .iter()
        .map(|pack| of_source(pack, &imports, &horizons))
        .collect())
}

fn of_source(
    pack: &Pack,
    imports: &[Standing],
    horizons: &BTreeMap<String, (Option<Instant>, bool)>,
) -> OfSource {
    let own = imports
        .iter()
        .filter(|one| one.entry.source == pack.source && one.entry.undone.is_none());
    let own: Vec<&Standing> = own.collect();
    let mut all = FileAccount::default();
    own.iter().for_each(|one| all.add(&one.sum));
    let (observed_until, is_declared) = horizons.get(&pack.source).copied().unwrap_or_default();
    OfSource {
        listed: listed(pack),
        references: pack.streams.iter().map(|one| one.is_reference).collect(),
        take_events: pack.streams.iter().map(takes_events).collect(),
        last: own.first().map(|one| (*one).clone()),
        imports: own.len() as u64,
        sum: all,
        open_set_aside: own.iter().map(|one| one.open_set_aside).sum(),
        observed_until,
        is_declared,
    }
}
