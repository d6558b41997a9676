//! Copies of a book while it is in use: whole as of one commit, or not there.
//!
//! The journal is copied first, by its own store; then what that copy names: segments, and the
//! slots of people. Where the book went on so that the parts would not fit, all is done again.

use std::fs::OpenOptions;
use std::path::Path;

use handfast_model::{Instant, PersonId, Refusal, Seq};

use crate::book::{Ledger, Paths};
use crate::files;
use crate::head;
use crate::lists;
use crate::refuse;
use crate::sqlite::SqliteStore;
use crate::store::{Field, Store, rows};

/// How often a copy is begun anew when the book changes under it.
const TRIES: u32 = 20;

impl Ledger {
    /// Copies the book's memory into `book/data` and its keys into `keys`, as of one commit, which
    /// it gives. Both folders are new; everything is on the disk when it returns.
    pub fn copy_to(&self, book: &Path, keys: &Path) -> Result<Seq, Refusal> {
        let to = Paths::apart(book, keys);
        files::make_folder(&to.shelf.segments)?;
        files::make_folder(&to.keys)?;
        for _ in 0..TRIES {
            if let Some(seq) = self.copy_once(&to)? {
                return Ok(seq);
            }
        }
        Err(refuse::restless(&self.inner.shelf.journal))
    }

    /// One attempt; `None` when the book changed in a way that the copy does not fit.
    fn copy_once(&self, to: &Paths) -> Result<Option<Seq>, Refusal> {
        let journal = &to.shelf.journal;
        let _ = std::fs::remove_file(journal);
        self.inner.reader().copy_to(journal)?;
        let mut copy = SqliteStore::open(journal, false)?;
        let tail = lists::check(&mut copy, journal)?;
        let erasures = erasures(&mut copy)?;
        let named = rows(&mut copy, "SELECT path FROM segment", &[])?;
        copy.close()?;
        for row in &named {
            let name = row.text(0)?;
            let (from, to) = (
                self.inner.shelf.segments.join(name),
                to.shelf.segments.join(name),
            );
            if to.exists() {
                continue;
            }
            match copy_file(&from, &to) {
                // It was compacted meanwhile.
                Err(refusal) if !from.exists() => drop(refusal),
                done => done?,
            }
            if !to.exists() {
                return Ok(None);
            }
        }
        let slots = self.inner.slots().path().to_owned();
        copy_file(&slots.with_file_name("book.key"), &to.book_key)?;
        copy_file(&slots, &to.slots)?;
        let is_same = self::erasures(self.inner.reader().as_mut())? == erasures;
        if !is_same {
            return Ok(None);
        }
        head::write(journal, &tail);
        let whole = files::open(OpenOptions::new().read(true), journal);
        let whole = whole.map_err(|error| refuse::io(journal, "opening the copy", &error))?;
        files::sync(&whole, journal)?;
        for folder in [&to.keys, &to.shelf.segments, &to.memory] {
            files::sync_folder(folder)?;
        }
        Ok(Some(tail.seq))
    }

    /// Opens a book for reading whose keys lie apart from it.
    pub fn open_reading_apart(book: &Path, keys: &Path) -> Result<Ledger, Refusal> {
        Ledger::open_reading_at(Paths::apart(book, keys))
    }

    /// Whom another state of this book has forgotten, and which addresses it has barred, is to be
    /// forgotten here too: a backup from before must not bring them back. Gives how many people
    /// that are.
    pub fn forget_as(&self, other: &Ledger, now: Instant) -> Result<u64, Refusal> {
        if self.inner.key.check != other.inner.key.check {
            return Err(refuse::other_key(other.inner.slots().path()));
        }
        let (mut people, mut addresses) = (Vec::new(), Vec::new());
        let mut store = other.inner.reader();
        for (sql, hashes) in [
            (
                "SELECT person FROM tombstone UNION SELECT person FROM forgetting",
                &mut people,
            ),
            (
                "SELECT address FROM barred UNION SELECT address FROM barring",
                &mut addresses,
            ),
        ] {
            for row in rows(store.as_mut(), sql, &[])? {
                hashes.push(row.hash(0)?);
            }
        }
        drop(store);
        let people: Vec<_> = people.into_iter().map(PersonId).collect();
        let addresses: Vec<String> = addresses
            .into_iter()
            .map(|hash| format!("{hash:032x}"))
            .collect();
        Ok(self.forget_people(&people, &addresses, now)?.people)
    }
}

/// What tells whether somebody's key began to be destroyed, or was, between two looks at a book.
fn erasures(store: &mut dyn Store) -> Result<Vec<Field>, Refusal> {
    let mut told = Vec::new();
    for sql in [
        "SELECT COUNT(*) FROM tombstone",
        "SELECT COUNT(*) FROM forgetting",
    ] {
        for row in rows(store, sql, &[])? {
            told.extend(row.0);
        }
    }
    Ok(told)
}

/// Copies a file; its bytes are on the disk when it returns. A key stays its owner's.
pub fn copy_file(from: &Path, to: &Path) -> Result<(), Refusal> {
    let failed = |error: std::io::Error| refuse::io(to, "copying a file of the book", &error);
    std::fs::copy(from, to).map_err(failed)?;
    let file = files::open(OpenOptions::new().read(true).write(true), to).map_err(failed)?;
    files::sync(&file, to)
}
