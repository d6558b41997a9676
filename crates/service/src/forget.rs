//! Erasing a person: what is theirs, and what came of erasing it.

use handfast_ledger::Forgotten;
use handfast_model::{Instant, PersonId, Refusal};

use crate::book::Book;
use crate::checks::{self, Checked};
use crate::people::{Person, PersonKey};

/// What forgetting a person reaches.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Reach {
    /// Their keys that are not forgotten yet.
    pub keys: u64,
    /// Records with columns sealed for them.
    pub records: u64,
    /// Rows set aside that name them.
    pub asides: u64,
    /// Rows set aside that could not be read as rows, and may name anybody.
    pub unread_asides: u64,
    /// Facts about them, which stay: they have no personal text.
    pub facts: u64,
}

/// What forgetting these people would reach.
pub fn reach(person: &Person) -> Reach {
    let about = &person.about;
    let is_left = |key: &&PersonKey| key.forgotten.is_none();
    Reach {
        keys: person.keys.iter().filter(is_left).count() as u64,
        records: about.records.iter().filter(|record| record.own > 0).count() as u64,
        asides: about
            .asides
            .iter()
            .filter(|row| row.row.text.is_some())
            .count() as u64,
        unread_asides: about.unread_asides,
        facts: about.facts.len() as u64,
    }
}

/// A person who was erased.
#[derive(Clone, Debug)]
pub struct Erased {
    /// What was destroyed.
    pub done: Forgotten,
    /// What looking at what it touched showed.
    pub checked: Checked,
}

/// Forgets a person under all their keys, and bars their addresses. What is counted stays to the
/// unit.
pub fn forget(book: &Book, person: &Person, now: Instant) -> Result<Erased, Refusal> {
    // First the rows that only an address shows to be theirs: once they are gone, what is left of
    // an interrupted command is found by its keys.
    let rows: Vec<PersonId> = person.unkeyed_asides.iter().copied().collect();
    book.ledger.forget_people(&rows, &[], now)?;
    let ids: Vec<PersonId> = person.keys.iter().map(|key| key.id).collect();
    let done = book.ledger.forget_people(&ids, &person.addresses, now)?;
    let checked = checks::after_commit(book);
    Ok(Erased { done, checked })
}
