//! Which people are one: by statement, then by e-mail address; and where they belong by domain.
//!
//! An address joins people only as long as it does not join accounts: of people who belong to
//! different accounts, none is taken for the other.

use handfast_model::fact::{FactKind, Snapshot};
use handfast_model::id::{PersonId, Sym};
use handfast_model::identity::ByDomain;
use handfast_model::{IdentityRules, Issue, IssueCode};

use super::accounts::{self, how_of, survivors, weight_of};
use super::claims::{Address, Claims};
use super::forest::Weight;
use super::forest::{Forest, Index};
use super::{Company, Home, How, Key, Link};
use crate::quick::Quick;

/// People, joined.
#[derive(Default)]
pub(super) struct Joined {
    pub(super) roots: Quick<PersonId, PersonId>,
    pub(super) homes: Quick<PersonId, Home>,
    pub(super) links: Vec<Link>,
    pub(super) issues: Vec<Issue>,
}

/// People with the same address, each once.
type Holders = Vec<(u32, Address)>;

struct Desk<'a> {
    claims: &'a Claims,
    snapshot: &'a Snapshot,
    rules: &'a IdentityRules,
    index: Index<PersonId>,
    forest: Forest,
    /// Who is one by statements alone, by person.
    said: Vec<u32>,
    /// The latest account that a key gives, by person who stands for others by statements.
    accounts: Vec<Option<Sym>>,
    out: Joined,
}

impl Joined {
    pub(super) fn of(
        claims: &Claims,
        snapshot: &Snapshot,
        rules: &IdentityRules,
        accounts: &mut accounts::Joined<'_>,
    ) -> Joined {
        let mut index = Index::new();
        for statement in &claims.people {
            index.learn(statement.a);
            index.learn(statement.b);
        }
        for address in &claims.addresses {
            index.learn(address.person);
        }
        let mut desk = Desk {
            claims,
            snapshot,
            rules,
            forest: Forest::new(index.keys.len()),
            index,
            said: Vec::new(),
            accounts: Vec::new(),
            out: Joined::default(),
        };
        let is_survivor = desk.join_said();
        let mailboxes = match rules.by_email {
            true => desk.mailboxes(),
            false => Vec::new(),
        };
        let may_have_homes = rules.by_domain != ByDomain::No;
        if !mailboxes.is_empty() || may_have_homes {
            desk.read_accounts(accounts);
        }
        desk.join_mailboxes(&mailboxes);
        let roots = desk.settle(&is_survivor);
        if may_have_homes {
            desk.find_homes(&roots, accounts);
        }
        desk.out
    }
}

impl Desk<'_> {
    fn join_said(&mut self) -> Vec<bool> {
        for statement in &self.claims.people {
            if statement.is_apart {
                let [a, b] = [statement.a, statement.b].map(|key| self.index.learn(key));
                self.forest.separate(a, b, weight_of(statement));
            }
        }
        let links = &mut self.out.links;
        let said = &self.claims.people;
        let is_survivor = survivors(&mut self.forest, &self.index, said, |statement| {
            links.push(Link {
                a: Key::Person(statement.a),
                b: Key::Person(statement.b),
                how: how_of(statement),
                facts: [statement.fact; 2],
            });
        });
        let count = self.index.keys.len() as u32;
        self.said = (0..count).map(|number| self.forest.root(number)).collect();
        is_survivor
    }

    fn said_root(&self, number: u32) -> u32 {
        self.said.get(number as usize).copied().unwrap_or(number)
    }

    /// Addresses that several people have, in order of their hashes.
    fn mailboxes(&mut self) -> Vec<Holders> {
        let names = &self.snapshot.names;
        // The first holder of each address; a list is made only for the second.
        let mut first: Vec<u32> = vec![u32::MAX; names.len()];
        let mut shared: Quick<Sym, Vec<u32>> = Quick::default();
        for (at, address) in (0u32..).zip(&self.claims.addresses) {
            let Some(mailbox) = address.mailbox else {
                continue;
            };
            let Some(slot) = first.get_mut(mailbox.index()) else {
                continue;
            };
            match self.claims.addresses.get(*slot as usize) {
                None => *slot = at,
                Some(other) if is_repeated(other, address) => {}
                Some(_) => shared
                    .entry(mailbox)
                    .or_insert_with(|| vec![*slot])
                    .push(at),
            }
        }
        let mut shared: Vec<(Sym, Vec<u32>)> = shared.into_iter().collect();
        shared.sort_unstable_by_key(|(mailbox, _)| names.text(*mailbox));
        let holders = shared.into_iter().map(|(_, places)| self.holders(&places));
        holders.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    /// The people of one address in order of their ids, unless they are too many.
    fn holders(&mut self, places: &[u32]) -> Option<Holders> {
        let addresses = places
            .iter()
            .filter_map(|at| self.claims.addresses.get(*at as usize));
        let mut holders: Holders = addresses
            .filter_map(|address| Some((self.index.get(address.person)?, *address)))
            .collect();
        holders.sort_unstable_by_key(|(_, address)| (address.person, address.fact));
        let is_shared = holders.len() > self.rules.shared_over as usize && self.is_shared(&holders);
        // Of each person the first fact that shows it.
        holders.dedup_by_key(|(number, _)| *number);
        if is_shared {
            for (_, address) in &holders {
                self.issue(IssueCode::SharedMailbox, address.fact);
            }
            return None;
        }
        Some(holders)
    }

    /// Whether more people of one source than the charter believes have an address.
    fn is_shared(&self, holders: &Holders) -> bool {
        let mut seen: Quick<(Sym, u32), ()> = Quick::default();
        let mut counts: Quick<Sym, u32> = Quick::default();
        for (number, address) in holders {
            let one = (address.source, self.said_root(*number));
            if seen.insert(one, ()).is_none() {
                *counts.entry(address.source).or_default() += 1;
            }
        }
        counts.values().any(|count| *count > self.rules.shared_over)
    }

    /// The account that a key gives to each person, the latest of all their keys.
    fn read_accounts(&mut self, accounts: &accounts::Joined<'_>) {
        self.accounts = vec![None; self.index.keys.len()];
        for (at, fact) in (0u32..).zip(&self.snapshot.facts) {
            if let (FactKind::Person | FactKind::Link, Some(account)) = (fact.kind, fact.account)
                && let Some(number) = fact.person.and_then(|person| self.index.get(person))
                && self.claims.void.binary_search(&at).is_err()
            {
                let root = self.said_root(number);
                if let Some(slot) = self.accounts.get_mut(root as usize) {
                    *slot = Some(accounts.root(account));
                }
            }
        }
    }

    fn account(&self, number: u32) -> Option<Sym> {
        let root = self.said_root(number);
        self.accounts.get(root as usize).copied().flatten()
    }

    fn join_mailboxes(&mut self, mailboxes: &[Holders]) {
        if mailboxes.is_empty() {
            return;
        }
        // All that addresses and statements hold together, without regard to accounts.
        let mut reach = Forest::new(self.index.keys.len());
        for holders in mailboxes {
            let first = holders.first().map_or(0, |(number, _)| *number);
            for (number, _) in holders {
                reach.join(self.said_root(*number), *number, Weight::Sign);
                reach.join(first, *number, Weight::Sign);
            }
        }
        let mut found: Quick<u32, Sym> = Quick::default();
        let mut disputed: Quick<u32, ()> = Quick::default();
        for (number, _) in mailboxes.iter().flatten() {
            if let Some(account) = self.account(*number) {
                let whole = reach.root(*number);
                if *found.entry(whole).or_insert(account) != account {
                    disputed.insert(whole, ());
                }
            }
        }
        for holders in mailboxes {
            let first = holders.first().map(|(number, _)| reach.root(*number));
            let is_disputed = first.is_some_and(|whole| disputed.contains_key(&whole));
            self.join_holders(holders, is_disputed);
        }
    }

    /// Joins each person of an address to the first before them whom they may be.
    fn join_holders(&mut self, holders: &Holders, is_disputed: bool) {
        let of = holders.iter().map(|(number, _)| self.account(*number));
        let of: Vec<Option<Sym>> = of.collect();
        let is_split = is_disputed && of.iter().any(|account| Some(account) != of.first());
        for (at, ((number, address), account)) in holders.iter().zip(&of).enumerate() {
            if is_split {
                self.issue(IssueCode::MailboxOfTwo, address.fact);
            }
            for ((other, before), other_account) in holders.iter().zip(&of).take(at) {
                let may_be = !is_disputed || account == other_account;
                if may_be && self.forest.join(*other, *number, Weight::Sign) {
                    self.out.links.push(Link {
                        a: Key::Person(address.person),
                        b: Key::Person(before.person),
                        how: How::Email,
                        facts: [address.fact, before.fact],
                    });
                    break;
                }
            }
        }
    }
    /// The survivor of merges stands for all; among several, or without one, the first by id.
    fn settle(&mut self, is_survivor: &[bool]) -> Vec<PersonId> {
        let count = self.index.keys.len() as u32;
        let mut best: Vec<Option<(bool, PersonId)>> = vec![None; count as usize];
        for number in 0..count {
            let is_other = !is_survivor.get(number as usize).is_some_and(|is| *is);
            let root = self.forest.root(number) as usize;
            if let (Some(id), Some(best)) = (self.index.key(number), best.get_mut(root)) {
                let candidate = (is_other, id);
                *best = Some(best.map_or(candidate, |best| best.min(candidate)));
            }
        }
        let mut roots = Vec::with_capacity(count as usize);
        for number in 0..count {
            let root = self.forest.root(number) as usize;
            let best = best.get(root).copied().flatten();
            let Some((id, (_, root))) = self.index.key(number).zip(best) else {
                continue;
            };
            if id != root {
                self.out.roots.insert(id, root);
            }
            roots.push(root);
        }
        roots
    }

    /// The company of people to whom no key gives an account, if their domains show exactly one.
    fn find_homes(&mut self, roots: &[PersonId], accounts: &mut accounts::Joined<'_>) {
        let mut has_account: Quick<PersonId, ()> = Quick::default();
        for (number, root) in (0u32..).zip(roots) {
            if self.account(number).is_some() {
                has_account.insert(*root, ());
            }
        }
        // By known accounts and by bare domains apart: the first are believed before the second.
        let mut found: Quick<PersonId, [Found; 2]> = Quick::default();
        for address in &self.claims.addresses {
            let number = self.index.get(address.person);
            let root = number
                .and_then(|number| roots.get(number as usize))
                .copied();
            let company = address.domain.and_then(|domain| accounts.company(domain));
            let (Some(root), Some(company)) = (root, company) else {
                continue;
            };
            if !has_account.contains_key(&root) {
                let [known, bare] = found.entry(root).or_default();
                let found = match company {
                    Company::Account(_) => known,
                    Company::Domain(_) => bare,
                };
                found.add(Home {
                    company,
                    fact: address.fact,
                });
            }
        }
        for (root, [known, bare]) in found {
            match if known == Found::Nothing { bare } else { known } {
                Found::Nothing => {}
                Found::One(home) => {
                    self.out.homes.insert(root, home);
                }
                Found::Several(fact) => self.issue(IssueCode::DomainsDisagree, fact),
            }
        }
    }

    fn issue(&mut self, code: IssueCode, fact: u32) {
        let fact = self.snapshot.facts.get(fact as usize).map(|fact| fact.id);
        self.out.issues.push(Issue { code, fact });
    }
}

/// Whether a person's address only says again, and later, what the first of them says.
fn is_repeated(first: &Address, again: &Address) -> bool {
    (first.person, first.source) == (again.person, again.source) && first.fact <= again.fact
}

/// What the domains of one person show; the fact is the first that shows it.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Found {
    #[default]
    Nothing,
    One(Home),
    Several(u32),
}

impl Found {
    fn add(&mut self, new: Home) {
        *self = match *self {
            Found::Nothing => Found::One(new),
            Found::One(home) if home.company == new.company => Found::One(Home {
                fact: home.fact.min(new.fact),
                ..home
            }),
            Found::One(home) => Found::Several(home.fact.min(new.fact)),
            Found::Several(fact) => Found::Several(fact.min(new.fact)),
        };
    }
}
