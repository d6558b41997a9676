//! I8: one key stands for each person and account; what joins keys says so, and nothing else does.
//! And of I7: cells stand apart.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;

use handfast_model::fact::Snapshot;
use handfast_model::{Breaches, FactKind, Invariant, PersonId, Seq, Sym};

use super::{deal_named, named};
use crate::cells::Part;
use crate::identity::{Key, Resolution};
use crate::quick::Quick;

/// Who is who against what shows it. Two keys are one exactly if a chain of links leads from one
/// to the other; the key that stands for others stands for itself, so nothing goes in a circle.
pub fn people(snapshot: &Snapshot, who: &Resolution) -> Breaches {
    let mut found = Breaches::default();
    let root = |key: Key| match key {
        Key::Person(id) => Key::Person(who.person(id)),
        Key::Account(sym) => Key::Account(who.account(sym)),
    };
    let told = |key: Key| match key {
        Key::Person(id) => format!("person {id}"),
        Key::Account(sym) => format!("account {}", snapshot.names.text(sym)),
    };
    let keys = snapshot.facts.iter().flat_map(|fact| {
        let person = fact.person.map(Key::Person);
        person.into_iter().chain(fact.account.map(Key::Account))
    });
    let linked = who.links.iter().flat_map(|link| [link.a, link.b]);
    let keys: BTreeSet<Key> = keys.chain(linked).collect();
    let groups = connected(who.links.iter().map(|link| (link.a, link.b)));
    let mut of_root: BTreeMap<Key, Option<Key>> = BTreeMap::new();
    for &key in &keys {
        let group = groups.get(&key).copied();
        let stands = root(key);
        let what = match group {
            _ if root(stands) != stands => "the key that stands for it stands for itself no more",
            None if stands != key => "another key stands for it, and nothing joins them",
            Some(_) if *of_root.entry(stands).or_insert(group) != group => {
                "it is one with keys that nothing joins it to"
            }
            _ => continue,
        };
        found.add(Invariant::Identity, Seq(0), || (told(key), what.to_owned()));
    }
    for link in &who.links {
        if root(link.a) != root(link.b) {
            found.add(Invariant::Identity, Seq(0), || {
                let what = format!("it is joined to {} and is not one with it", told(link.b));
                (told(link.a), what)
            });
        }
    }
    found
}

/// A name for each group of keys that links lead between: its smallest key.
fn connected(links: impl Iterator<Item = (Key, Key)>) -> BTreeMap<Key, Key> {
    let mut near: BTreeMap<Key, Vec<Key>> = BTreeMap::new();
    for (a, b) in links {
        near.entry(a).or_default().push(b);
        near.entry(b).or_default().push(a);
    }
    let mut groups = BTreeMap::new();
    for &first in near.keys() {
        let mut open = vec![first];
        while let Some(key) = open.pop() {
            if groups.contains_key(&key) {
                continue;
            }
            groups.insert(key, first);
            open.extend(near.get(&key).into_iter().flatten());
        }
    }
    groups
}

/// The keys that facts are counted under: each given key is counted under one key everywhere, and
/// that one under itself.
pub fn keys(part: &Part) -> Breaches {
    let mut found = Breaches::default();
    let mut people: Quick<PersonId, PersonId> = Quick::default();
    let mut accounts: Quick<Sym, Sym> = Quick::default();
    for (given, fact) in part.given_facts().zip(&part.snapshot.facts) {
        if given.kind == FactKind::Link && fact.person.is_none() && fact.account.is_none() {
            // A link that was taken back is nobody's.
            continue;
        }
        let person = one(&mut people, given.person, fact.person);
        let account = one(&mut accounts, given.account, fact.account);
        if !person || !account || given.deal != fact.deal {
            found.add(Invariant::Identity, fact.seq, || {
                let what = "a key of it is counted under another one than elsewhere";
                (named(fact), what.to_owned())
            });
        }
    }
    let mut people: Vec<_> = moved(&people);
    people.sort_unstable();
    for (key, counted) in people {
        found.add(Invariant::Identity, Seq(0), || {
            let what = format!("it is counted under {counted}, which is not itself");
            (format!("person {key}"), what)
        });
    }
    let text = |sym: Sym| part.snapshot.names.text(sym);
    let accounts = moved(&accounts).into_iter();
    let mut accounts: Vec<_> = accounts.map(|(key, to)| (text(key), text(to))).collect();
    accounts.sort_unstable();
    for (key, counted) in accounts {
        found.add(Invariant::Identity, Seq(0), || {
            let what = format!("it is counted under {counted}, which is not itself");
            (format!("account {key}"), what)
        });
    }
    found
}

/// The keys that are counted under one that is counted under a third.
fn moved<K: Copy + Eq + Hash>(known: &Quick<K, K>) -> Vec<(K, K)> {
    let is_itself = |key: &K| known.get(key).is_none_or(|root| root == key);
    let moved = known.iter().filter(|(_, counted)| !is_itself(counted));
    moved.map(|(key, counted)| (*key, *counted)).collect()
}

/// Whether a given key is counted under the same key as before. A fact that gave none may have
/// got one: the account of a person's domain.
fn one<K: Copy + Eq + Hash>(known: &mut Quick<K, K>, given: Option<K>, counted: Option<K>) -> bool {
    match (given, counted) {
        (Some(given), Some(counted)) => *known.entry(given).or_insert(counted) == counted,
        (Some(_), None) => false,
        (None, _) => true,
    }
}

/// Of I7: whoever is counted in two cells would be counted twice, once in each.
pub fn cells(part: &Part) -> Breaches {
    let mut found = Breaches::default();
    let mut people: Quick<PersonId, u32> = Quick::default();
    let mut accounts: Quick<Sym, u32> = Quick::default();
    let mut deals: Quick<Sym, u32> = Quick::default();
    for (fact, &cell) in part.snapshot.facts.iter().zip(&part.cells) {
        let person = fact.person.map(|key| *people.entry(key).or_insert(cell));
        let account = fact.account.map(|key| *accounts.entry(key).or_insert(cell));
        let deal = fact.deal.map(|key| *deals.entry(key).or_insert(cell));
        if deal.is_some_and(|home| home != cell) {
            found.add(Invariant::Derived, fact.seq, || {
                let names = &part.snapshot.names;
                let at = fact.deal.map(|deal| deal_named(names, deal));
                (at.unwrap_or_default(), "it is in two cells".to_owned())
            });
        } else if [person, account].iter().flatten().any(|home| *home != cell) {
            found.add(Invariant::Derived, fact.seq, || {
                let what = "its person or account is in two cells".to_owned();
                (named(fact), what)
            });
        }
    }
    found
}
