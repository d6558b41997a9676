//! Who has a role in a deal, by link facts: the latest version of each record counts.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use handfast_model::fact::FactKind;
use handfast_model::{PersonId, Snapshot, Sym, Value};

/// Of the people that have a role in a deal the first that is its primary contact, else the first.
pub fn primary(snapshot: &Snapshot) -> HashMap<Sym, PersonId> {
    let mut roles = latest(snapshot);
    // The last one put in counts.
    roles.sort_by_key(|role| Reverse((role.is_other, role.at)));
    roles
        .into_iter()
        .map(|role| (role.deal, role.person))
        .collect()
}

/// The people that have a role in each deal, in fact order.
pub fn all(snapshot: &Snapshot) -> HashMap<Sym, Vec<PersonId>> {
    let mut roles = latest(snapshot);
    roles.sort_by_key(|role| role.at);
    let mut all: HashMap<Sym, Vec<PersonId>> = HashMap::new();
    for role in roles {
        all.entry(role.deal).or_default().push(role.person);
    }
    all
}

struct Role {
    is_other: bool,
    /// The first fact of its record.
    at: u32,
    deal: Sym,
    person: PersonId,
}

fn latest(snapshot: &Snapshot) -> Vec<Role> {
    let primary = snapshot.names.find("is_primary");
    let mut roles: BTreeMap<_, Role> = BTreeMap::new();
    for (at, fact) in (0u32..).zip(&snapshot.facts) {
        let (FactKind::Link, Some(deal), Some(person)) = (fact.kind, fact.deal, fact.person) else {
            continue;
        };
        let said = primary.and_then(|name| fact.attribute(name));
        let from = fact.origin;
        let record = (from.source, from.stream, from.key, from.ordinal);
        let role = Role {
            is_other: said != Some(&Value::Bool(true)),
            at: roles.get(&record).map_or(at, |role| role.at),
            deal,
            person,
        };
        roles.insert(record, role);
    }
    roles.into_values().collect()
}
