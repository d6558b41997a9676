//! Who is who: which keys are one person or one account, and which account a person belongs to.
//!
//! Knows what people and sources say (merges, joins, separations), e-mail hashes and domains. It
//! refuses to know what is counted, and to join by likeness. [`resolve`] finds who is who in one
//! snapshot; [`apply`] rewrites the snapshot's keys, so that journeys stay unaware of it. Read on
//! in `claims` (what facts say), `accounts`, `people` and `ties` (what depends on what).

mod accounts;
mod claims;
mod forest;
mod people;
mod ties;

use handfast_model::fact::{FactKind, Snapshot};
use handfast_model::id::{PersonId, Sym};
use handfast_model::{IdentityRules, Issue};

use crate::quick::Quick;

use claims::{Claims, Words};

pub use ties::{Sites, Tie, Ties, probe};

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 2;

/// A person or an account.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Key {
    /// A person, by one of their keys.
    Person(PersonId),
    /// An account, by one of its keys.
    Account(Sym),
}

/// What makes two keys one, or a person one of an account's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum How {
    /// People said so, in this book.
    ByHand,
    /// The source merged them.
    Merge,
    /// Both have the same e-mail address.
    Email,
    /// Both have the same company domain.
    Domain,
}

impl How {
    /// The word used in answers.
    pub fn word(self) -> &'static str {
        match self {
            How::ByHand => "by hand",
            How::Merge => "merge",
            How::Email => "e-mail",
            How::Domain => "domain",
        }
    }
}

/// Two keys that are one, with what shows it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Link {
    /// One key.
    pub a: Key,
    /// The other one; the survivor of a merge.
    pub b: Key,
    /// What joins them.
    pub how: How,
    /// The facts that show it, as indexes into the snapshot: one statement, or one fact of each.
    pub facts: [u32; 2],
}

/// A company that a domain shows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Company {
    /// An account that gives the domain as its own.
    Account(Sym),
    /// The domain itself: an account `domain:acme.com`.
    Domain(Sym),
}

/// Who is who in one snapshot. Keys that stand for themselves are not in it.
#[derive(Clone, Default, Debug)]
pub struct Resolution {
    people: Quick<PersonId, PersonId>,
    accounts: Quick<Sym, Sym>,
    homes: Quick<PersonId, Home>,
    void: Vec<u32>,
    /// What joins keys, people's first; in order of keys.
    pub links: Vec<Link>,
    /// What was not joined though it might be, and statements that contradict each other.
    pub issues: Vec<Issue>,
}

/// Where a person without an account of their own belongs, by domain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Home {
    /// The company.
    pub company: Company,
    /// The fact with the e-mail domain.
    pub fact: u32,
}

impl Resolution {
    /// The key that stands for a person.
    pub fn person(&self, id: PersonId) -> PersonId {
        self.people.get(&id).copied().unwrap_or(id)
    }

    /// The key that stands for an account.
    pub fn account(&self, key: Sym) -> Sym {
        self.accounts.get(&key).copied().unwrap_or(key)
    }

    /// The company that a person's domain shows, where no key says one. Any key of theirs will do.
    pub fn home(&self, id: PersonId) -> Option<Home> {
        self.homes.get(&self.person(id)).copied()
    }

    /// Whether a link, by its place in the snapshot, was taken back.
    pub fn is_void(&self, fact: u32) -> bool {
        self.void.binary_search(&fact).is_ok()
    }

    /// Whether every key stands for itself.
    pub fn is_plain(&self) -> bool {
        self.people.is_empty()
            && self.accounts.is_empty()
            && self.homes.is_empty()
            && self.void.is_empty()
    }
}

/// Finds who is who.
///
/// Takes    a snapshot in fact order and the charter's choice of signs.
/// Gives    one key for each person and account, with what joins them.
/// Law      the order of arrival and the numbering of symbols change nothing; what is said of keys
///          that nothing ties together (see [`Ties`]) changes nothing; without a statement it is
///          as if the statement had never been.
/// Issues   shared mailboxes, domains and addresses that show several accounts.
/// Cost     linear; nothing where no fact has a sign.
pub fn resolve(snapshot: &Snapshot, rules: &IdentityRules) -> Resolution {
    let words = Words::of(&snapshot.names);
    if words.are_unused() {
        return Resolution::default();
    }
    let claims = Claims::of(snapshot, &words);
    let mut accounts = accounts::Joined::of(&claims, snapshot, rules);
    let people = people::Joined::of(&claims, snapshot, rules, &mut accounts);
    let mut links = people.links;
    links.append(&mut accounts.links);
    links.sort_unstable();
    let mut issues = people.issues;
    issues.append(&mut accounts.issues);
    issues.sort_unstable();
    issues.dedup();
    Resolution {
        people: people.roots,
        accounts: accounts.into_roots(),
        homes: people.homes,
        void: claims.void,
        links,
        issues,
    }
}

/// Rewrites the keys of a snapshot's facts: people and accounts to those that stand for them,
/// people without an account to that of their domain, links that were taken back to nobody's.
/// The order of facts and their places stay.
pub fn apply(snapshot: &mut Snapshot, resolution: &Resolution) {
    if resolution.is_plain() {
        return;
    }
    let Snapshot { names, facts, .. } = snapshot;
    for &at in &resolution.void {
        if let Some(fact) = facts.get_mut(at as usize) {
            (fact.person, fact.account, fact.deal) = (None, None, None);
        }
    }
    let has_people = !resolution.people.is_empty() || !resolution.homes.is_empty();
    let mut made: Quick<Sym, Sym> = Quick::default();
    for fact in facts.iter_mut() {
        fact.account = fact.account.map(|key| resolution.account(key));
        let Some(person) = fact.person.filter(|_| has_people) else {
            continue;
        };
        let person = resolution.person(person);
        fact.person = Some(person);
        let is_homeless =
            fact.account.is_none() && matches!(fact.kind, FactKind::Person | FactKind::Touch);
        if is_homeless && let Some(home) = resolution.homes.get(&person) {
            fact.account = Some(match home.company {
                Company::Account(account) => account,
                Company::Domain(domain) => *made.entry(domain).or_insert_with(|| {
                    let key = domain_account(names.text(domain));
                    names.intern(&key)
                }),
            });
        }
    }
}

/// The key of an account that is known by its domain only.
pub fn domain_account(domain: &str) -> String {
    format!("domain:{domain}")
}
