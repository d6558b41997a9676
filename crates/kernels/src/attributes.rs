//! Attributes as they stood at a moment: for each person, account and deal, the dated history
//! of its state facts. It knows nothing of stages; read on in `journey`.

use std::hash::Hash;

use handfast_model::{Calendar, Fact, FactKind, Instant, PersonId, Snapshot, Sym, Value};

use crate::quick::Quick;

/// State facts by subject, each with the instant from which it holds (`None` = undated: always).
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    people: Quick<PersonId, Vec<Version>>,
    accounts: Quick<Sym, Vec<Version>>,
    deals: Quick<Sym, Vec<Version>>,
}

/// From when a fact holds, and its place in the snapshot.
pub(crate) type Version = (Option<Instant>, u32);

impl Attributes {
    /// Indexes the state facts of a snapshot, in fact order.
    pub fn new(snapshot: &Snapshot, calendar: &Calendar) -> Attributes {
        let mut index = Attributes::default();
        for (at, fact) in snapshot.facts.iter().enumerate() {
            let version = (fact.happened.start(calendar), at as u32);
            match fact.kind {
                FactKind::Person => push(&mut index.people, fact.person, version),
                FactKind::Account => push(&mut index.accounts, fact.account, version),
                FactKind::Deal => push(&mut index.deals, fact.deal, version),
                _ => {}
            }
        }
        index
    }

    /// A person's attribute at a moment (`None` = as last known).
    pub fn of_person<'f>(
        &self,
        facts: &'f [Fact],
        person: PersonId,
        name: Sym,
        at: Option<Instant>,
    ) -> Option<&'f Value> {
        find(facts, self.people.get(&person)?, name, at)
    }

    /// An account's attribute at a moment.
    pub fn of_account<'f>(
        &self,
        facts: &'f [Fact],
        account: Sym,
        name: Sym,
        at: Option<Instant>,
    ) -> Option<&'f Value> {
        find(facts, self.accounts.get(&account)?, name, at)
    }

    /// A deal's attribute at a moment.
    pub fn of_deal<'f>(
        &self,
        facts: &'f [Fact],
        deal: Sym,
        name: Sym,
        at: Option<Instant>,
    ) -> Option<&'f Value> {
        find(facts, self.deals.get(&deal)?, name, at)
    }
}

fn push<K: Eq + Hash>(index: &mut Quick<K, Vec<Version>>, key: Option<K>, version: Version) {
    if let Some(key) = key {
        index.entry(key).or_default().push(version);
    }
}

/// The newest version that has the attribute. A newer version of the *same record* without it
/// means that it was cleared, so older versions of that record are not asked; another record of the
/// same subject (another source) keeps its own word. When nothing held yet at the moment, the first
/// version is taken: it is valid from the subject's creation, which touches may precede.
pub(crate) fn find<'f>(
    facts: &'f [Fact],
    versions: &[Version],
    name: Sym,
    at: Option<Instant>,
) -> Option<&'f Value> {
    let holds = |from: &Option<Instant>| match (from, at) {
        (Some(from), Some(at)) => *from <= at,
        _ => true,
    };
    let mut asked = Vec::new();
    for (from, fact) in versions.iter().rev() {
        let Some(fact) = facts.get(*fact as usize).filter(|_| holds(from)) else {
            continue;
        };
        let record = (fact.origin.source, fact.origin.stream, fact.origin.key);
        if asked.contains(&record) {
            continue;
        }
        if let Some(value) = fact.attribute(name) {
            return Some(value);
        }
        asked.push(record);
    }
    if !asked.is_empty() {
        return None;
    }
    versions
        .iter()
        .find_map(|(_, fact)| facts.get(*fact as usize)?.attribute(name))
}
