//! Erasing people: whose keys a command means, and what came of it.

use std::collections::BTreeSet;

use handfast_ledger::Forgotten;
use handfast_model::{Instant, Refusal};

use crate::book::Book;

/// Forgets the people of these keys in a source's namespace. What is counted stays to the unit.
pub fn forget(
    book: &Book,
    namespace: &str,
    keys: &[String],
    now: Instant,
) -> Result<Forgotten, Refusal> {
    let known = namespaces(book)?;
    if !known.contains(namespace) {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        return Err(Refusal::new(
            "E0255",
            format!("no source of this book issues person keys as `{namespace}`"),
        )
        .matters("nothing was erased")
        .fix(format!("--namespace one of: {}", known.join(", "))));
    }
    let pairs: Vec<(&str, &str)> = keys.iter().map(|key| (namespace, key.as_str())).collect();
    book.ledger.forget(&pairs, now)
}

/// The namespace of a book whose person keys have only one.
pub fn only_namespace(book: &Book) -> Result<String, Refusal> {
    let known = namespaces(book)?;
    let mut names = known.iter();
    match (names.next(), names.next()) {
        (Some(one), None) => Ok(one.clone()),
        _ => {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            Err(Refusal::new("E0255", "whose keys are these?")
                .matters(
                    "nothing was erased: the same key may name different people in two sources",
                )
                .fix(format!("--namespace one of: {}", known.join(", "))))
        }
    }
}

fn namespaces(book: &Book) -> Result<BTreeSet<String>, Refusal> {
    let packs = book.packs()?;
    let people = packs
        .iter()
        .flat_map(|pack| pack.streams.iter().flat_map(|stream| &stream.people));
    Ok(people.map(|person| person.namespace.clone()).collect())
}
