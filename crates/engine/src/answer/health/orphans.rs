//! Keys that rows name and that no row defines: the deal of a lead that no file of leads has.

use std::collections::{BTreeMap, BTreeSet};

use handfast_kernels::identity::domain_account;
use handfast_model::{Fact, FactKind, PersonId, Sym};

use super::Finding;
use super::checks::{Found, Index};
use crate::answer::ground::Ground;

/// Keys of one kind: how many are named, and each that no row defines with the first fact naming
/// it, in the order of these.
struct Named<K> {
    all: u64,
    orphans: Vec<(K, u32)>,
    defined: BTreeSet<K>,
}

/// Checks of people, deals and accounts. Where a book has no rows of a kind at all, its keys are
/// defined by being named.
pub(super) fn orphans(ground: &Ground<'_>) -> Vec<Finding> {
    let index = Index::of(ground);
    let finding = |check: &'static str, all: u64, orphans: Vec<u32>, says| {
        let facts = orphans.into_iter().filter_map(|fact| ground.fact(fact));
        let items = facts.map(|fact| index.item(ground, Some(fact.id)));
        Finding {
            area: "missing",
            check: check.into(),
            code: "",
            found: Found::Items(items.collect()),
            of: Some(all),
            remedy: "import the rows that define it, or look how it is written: capitals, blanks \
                     and leading zeros count",
            says,
        }
    };
    let (people, deals, accounts) = (people(ground), deals(ground), accounts(ground));
    vec![
        finding(
            "person that no row defines",
            people.all,
            people.facts(),
            "name a person that no row defines",
        ),
        finding("deal that no row defines", deals.all, deals.facts(), ""),
        finding(
            "account that no row defines",
            accounts.all,
            accounts.facts(),
            "",
        ),
    ]
}

/// A sentence for each kind, with examples; and where a key is another one but for its capitals and
/// blanks, which.
pub(super) fn examples(ground: &Ground<'_>) -> Vec<String> {
    let names = &ground.snapshot.names;
    let place = |fact: &u32| {
        let origin = ground.fact(*fact).map(|fact| fact.origin);
        origin.map_or(String::new(), |origin| {
            format!("{}:{}", names.text(origin.file), origin.line)
        })
    };
    let people = people(ground).orphans;
    let first = people.iter().take(EXAMPLES).map(|(_, fact)| place(fact));
    let first: Vec<String> = first.collect();
    let mut notes = Vec::new();
    if !first.is_empty() {
        notes.push(format!(
            "people that no row defines are named in {}{}",
            first.join(", "),
            more(people.len())
        ));
    }
    for (what, named) in [("deals", deals(ground)), ("accounts", accounts(ground))] {
        let plain = |key: &Sym| names.text(*key).trim().to_lowercase();
        // Of several the first by letters.
        let defined = named.defined.iter().map(|key| (plain(key), *key));
        let mut defined: Vec<(String, Sym)> = defined.collect();
        defined.sort_by_key(|(_, key)| std::cmp::Reverse(names.text(*key)));
        let alike: BTreeMap<String, Sym> = defined.into_iter().collect();
        let shown = named.orphans.iter().take(EXAMPLES).map(|(key, fact)| {
            let alike = alike.get(&plain(key)).map(|other| names.text(*other));
            let alike = alike.map_or(String::new(), |other| format!(", but `{other}` is defined"));
            format!("`{}` ({}{alike})", names.text(*key), place(fact))
        });
        let shown: Vec<String> = shown.collect();
        if !shown.is_empty() {
            notes.push(format!(
                "{what} that no row defines: {}{}",
                shown.join(", "),
                more(named.orphans.len())
            ));
        }
    }
    notes
}

/// Keys that are told as examples.
const EXAMPLES: usize = 3;

fn more(count: usize) -> String {
    match count.saturating_sub(EXAMPLES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    }
}

fn people(ground: &Ground<'_>) -> Named<PersonId> {
    named(ground, FactKind::Person, |fact| fact.person)
}

fn deals(ground: &Ground<'_>) -> Named<Sym> {
    named(ground, FactKind::Deal, |fact| fact.deal)
}

/// An account that only a domain shows is nobody's key.
fn accounts(ground: &Ground<'_>) -> Named<Sym> {
    let names = &ground.snapshot.names;
    named(ground, FactKind::Account, |fact| {
        fact.account
            .filter(|key| !names.text(*key).starts_with(&domain_account("")))
    })
}

fn named<K: Ord + Copy>(
    ground: &Ground<'_>,
    kind: FactKind,
    key: impl Fn(&Fact) -> Option<K>,
) -> Named<K> {
    let (mut first, mut defined) = (BTreeMap::new(), BTreeSet::new());
    for (at, fact) in (0u32..).zip(&ground.snapshot.facts) {
        let Some(key) = key(fact) else { continue };
        first.entry(key).or_insert(at);
        if fact.kind == kind {
            defined.insert(key);
        }
    }
    let all = first.len() as u64;
    first.retain(|key, _| !defined.is_empty() && !defined.contains(key));
    let mut orphans: Vec<(K, u32)> = first.into_iter().collect();
    orphans.sort_unstable_by_key(|(_, fact)| *fact);
    Named {
        all,
        orphans,
        defined,
    }
}

impl<K> Named<K> {
    /// The facts that name what no row defines first.
    fn facts(&self) -> Vec<u32> {
        self.orphans.iter().map(|(_, fact)| *fact).collect()
    }
}
