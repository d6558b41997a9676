//! Who is who, with clusters as plain sets: which keys are one person or account, and where people
//! without an account belong by their domain.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::fact::FactKind;

use super::clock::Time;
use super::said::Said;

/// How far a company's domain is believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Domains {
    /// Not at all.
    No,
    /// Where an account gives it as its own.
    Known,
    /// Also where none does.
    Any,
}

/// Which signs say that two keys are one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signs {
    /// An e-mail address.
    pub by_email: bool,
    /// Unless more people than this share it in one source.
    pub shared_over: usize,
    /// A company's domain.
    pub domains: Domains,
    /// Accounts that are never one.
    pub apart: Vec<Vec<String>>,
    /// Domains under which anybody can have a mailbox.
    pub open_domains: Vec<String>,
}

/// Who is who.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Who {
    /// The person that each one is.
    pub people: BTreeMap<u128, u128>,
    /// The account that each one is.
    pub accounts: BTreeMap<String, String>,
    /// The account of people whom only their domain gives one, by the key that they are.
    pub homes: BTreeMap<u128, String>,
    /// Links that were taken back, by place.
    pub void: BTreeSet<usize>,
    /// What shows nobody, by code and place.
    pub doubts: Doubts,
}

/// A code, and the places of facts that show it.
type Doubts = BTreeSet<(&'static str, usize)>;

/// Finds who is who.
pub fn who(facts: &[Said], signs: &Signs) -> Who {
    let void = void(facts);
    let mut doubts = BTreeSet::new();
    let accounts = accounts(facts, signs, &mut doubts);
    let (people, account_of) = people(facts, signs, &accounts, &void, &mut doubts);
    let account = |key: &String| (key.clone(), accounts.root(key));
    let person = |key: &String| (id(key), id(&people.root(key)));
    Who {
        accounts: accounts.keys().map(account).collect(),
        homes: homes(facts, signs, &accounts, (&people, &account_of), &mut doubts),
        people: people.keys().map(person).collect(),
        void,
        doubts,
    }
}

/// The facts as they count: under the keys that stand for each person and account.
pub fn apply(facts: &mut [Said], who: &Who) {
    for (place, fact) in facts.iter_mut().enumerate() {
        if who.void.contains(&place) {
            (fact.person, fact.account, fact.deal) = (None, None, None);
        }
        let account = fact.account.as_ref().and_then(|key| who.accounts.get(key));
        fact.account = account.cloned().or(fact.account.take());
        let Some(person) = fact.person else { continue };
        let person = who.people.get(&person).copied().unwrap_or(person);
        fact.person = Some(person);
        if fact.account.is_none() && matches!(fact.kind, FactKind::Person | FactKind::Touch) {
            fact.account = who.homes.get(&person).cloned();
        }
    }
}

fn name(person: u128) -> String {
    format!("{person:032x}")
}

fn id(name: &str) -> u128 {
    u128::from_str_radix(name, 16).unwrap_or_default()
}

/// The last word on something: taken back or not. Of one time, taking back has the last word.
#[derive(Clone, Copy)]
struct Last {
    at: Time,
    is_undone: bool,
}

impl Last {
    fn of(fact: &Said) -> Last {
        Last {
            at: fact.when,
            is_undone: fact.is("undone"),
        }
    }

    fn holds_against(self, next: Last) -> bool {
        self.is_undone && !next.is_undone && self.at == next.at
    }
}

/// Links of a person to an account or deal that were taken back: every fact of a bond whose last
/// word is that, and the words of taking back themselves.
fn void(facts: &[Said]) -> BTreeSet<usize> {
    type Bond<'a> = (u128, Option<&'a String>, Option<&'a String>);
    let mut bonds: BTreeMap<Bond<'_>, (Vec<usize>, Last)> = BTreeMap::new();
    let mut void = BTreeSet::new();
    for (place, fact) in facts.iter().enumerate() {
        let is_bond = fact.account.is_some() || fact.deal.is_some();
        let (FactKind::Link, Some(person), true) = (fact.kind, fact.person, is_bond) else {
            continue;
        };
        let bond = (person, fact.account.as_ref(), fact.deal.as_ref());
        let last = Last::of(fact);
        let known = bonds.entry(bond).or_insert((Vec::new(), last));
        known.0.push(place);
        if !known.1.holds_against(last) {
            known.1 = last;
        }
        void.extend(last.is_undone.then_some(place));
    }
    for (places, last) in bonds.into_values() {
        void.extend(places.into_iter().filter(|_| last.is_undone));
    }
    void
}

/// Somebody says that two keys are one, or are not.
#[derive(Clone)]
struct Statement {
    a: String,
    b: String,
    last: Last,
    is_apart: bool,
    is_firm: bool,
    is_by_hand: bool,
}

/// The last statement on each pair by each side, in fact order.
fn statements(facts: &[Said], of: impl Fn(&Said) -> Option<(String, String)>) -> Vec<Statement> {
    let mut pairs: BTreeMap<(String, String, bool), (usize, Statement)> = BTreeMap::new();
    for (place, fact) in facts.iter().enumerate() {
        let Some((a, b)) = of(fact).filter(|(a, b)| fact.kind == FactKind::Link && a != b) else {
            continue;
        };
        let is_by_hand = fact.source == "by-hand";
        let pair = (
            a.clone().min(b.clone()),
            a.clone().max(b.clone()),
            is_by_hand,
        );
        let new = Statement {
            last: Last::of(fact),
            is_apart: fact.is("apart"),
            is_firm: fact.is("even_merged"),
            is_by_hand,
            a,
            b,
        };
        let known = pairs.get(&pair);
        if !known.is_some_and(|(_, known)| known.last.holds_against(new.last)) {
            pairs.insert(pair, (place, new));
        }
    }
    let mut said: Vec<(usize, Statement)> = pairs.into_values().collect();
    said.sort_by_key(|(place, _)| *place);
    let said = said.into_iter().map(|(_, said)| said);
    said.filter(|said| !said.last.is_undone).collect()
}

/// Clusters as plain sets.
struct Sets {
    of: BTreeMap<String, usize>,
    sets: Vec<BTreeSet<String>>,
    apart: Vec<(String, String, bool)>,
    survivors: BTreeSet<String>,
    gone: BTreeSet<String>,
}

impl Sets {
    fn new(keys: BTreeSet<String>) -> Sets {
        let of = keys.iter().cloned().zip(0..).collect();
        let alone = keys.into_iter().map(|key| BTreeSet::from([key]));
        Sets {
            of,
            sets: alone.collect(),
            apart: Vec::new(),
            survivors: BTreeSet::new(),
            gone: BTreeSet::new(),
        }
    }

    fn keys(&self) -> impl Iterator<Item = &String> {
        self.of.keys()
    }

    fn number(&self, key: &str) -> usize {
        self.of[key]
    }

    fn set(&self, key: &str) -> &BTreeSet<String> {
        &self.sets[self.number(key)]
    }

    /// Makes two keys one, unless they are kept apart. Whether they are one now.
    fn join(&mut self, a: &str, b: &str, is_said: bool) -> bool {
        let (a, b) = (self.number(a), self.number(b));
        if a == b {
            return true;
        }
        let place = |key: &String| self.of.get(key).copied();
        let are_apart = self.apart.iter().any(|(x, y, is_firm)| {
            let places = (place(x), place(y));
            let meets = places == (Some(a), Some(b)) || places == (Some(b), Some(a));
            meets && (*is_firm || !is_said)
        });
        if are_apart {
            return false;
        }
        let (to, from) = if self.sets[a].len() < self.sets[b].len() {
            (b, a)
        } else {
            (a, b)
        };
        let moved = std::mem::take(&mut self.sets[from]);
        for key in &moved {
            self.of.insert(key.clone(), to);
        }
        self.sets[to].extend(moved);
        true
    }

    /// People's own statements first, then the sources'.
    fn state(&mut self, said: &[Statement]) {
        for said in said.iter().filter(|said| said.is_apart) {
            self.apart
                .push((said.a.clone(), said.b.clone(), said.is_firm));
        }
        for hand in [true, false] {
            let mine = said.iter().filter(|said| said.is_by_hand == hand);
            for said in mine.filter(|said| !said.is_apart) {
                if self.join(&said.a, &said.b, true) {
                    self.gone.insert(said.a.clone());
                    self.survivors.insert(said.b.clone());
                }
            }
        }
    }

    /// The survivor of merges stands for all; of several the first.
    fn root(&self, key: &str) -> String {
        let Some(number) = self.of.get(key) else {
            return key.to_owned();
        };
        let set = &self.sets[*number];
        let survives = |key: &&String| self.survivors.contains(*key) && !self.gone.contains(*key);
        let root = set.iter().find(survives).or(set.first());
        root.map_or(key.to_owned(), String::clone)
    }
}

/// The latest that each record says, with its place and source. Of an event only the latest version
/// is known.
fn latest<'f, T>(
    facts: &'f [Said],
    of: impl Fn(&'f Said) -> Option<T>,
) -> Vec<(usize, &'f String, T)> {
    let mut found = BTreeMap::new();
    for (place, fact) in facts.iter().enumerate() {
        if let Some(said) = of(fact) {
            let event = if fact.is_state() { 0 } else { place + 1 };
            found.insert((fact.key, fact.ordinal, event), (place, &fact.source, said));
        }
    }
    found.into_values().collect()
}

struct Site {
    account: String,
    source: String,
    place: usize,
}

/// The accounts that give each domain as their own.
fn sites(facts: &[Said], signs: &Signs) -> BTreeMap<String, Vec<Site>> {
    let mut sites: BTreeMap<String, Vec<Site>> = BTreeMap::new();
    if signs.domains == Domains::No {
        return sites;
    }
    let said = latest(facts, |fact| {
        let account = fact
            .account
            .clone()
            .filter(|_| fact.kind == FactKind::Account)?;
        Some((account, fact.text("domain")?.to_owned()))
    });
    for (place, source, (account, domain)) in said {
        if domain.contains('.') && !is_open(&domain, signs) {
            let source = source.clone();
            sites.entry(domain).or_default().push(Site {
                account,
                source,
                place,
            });
        }
    }
    sites
}

fn parents(domain: &str) -> impl Iterator<Item = &str> {
    let dots = domain.match_indices('.').map(|(at, _)| at + 1);
    let all = std::iter::once(0).chain(dots).map(|start| &domain[start..]);
    all.filter(|domain| domain.contains('.'))
}

fn is_open(domain: &str, signs: &Signs) -> bool {
    parents(domain).any(|parent| signs.open_domains.iter().any(|open| open == parent))
}

fn accounts(facts: &[Said], signs: &Signs, doubts: &mut Doubts) -> Sets {
    let other = |fact: &Said| fact.text("same_account").map(str::to_owned);
    let keys = facts
        .iter()
        .flat_map(|fact| fact.account.clone().into_iter().chain(other(fact)));
    let mut sets = Sets::new(keys.collect());
    for group in &signs.apart {
        for (at, a) in group.iter().enumerate() {
            for b in &group[at + 1..] {
                sets.apart.push((a.clone(), b.clone(), true));
            }
        }
    }
    sets.state(&statements(facts, |fact| {
        Some((fact.account.clone()?, other(fact)?))
    }));
    let said = sets.of.clone();
    for (_, mut sites) in sites(facts, signs) {
        sites.sort_by(|a, b| (&a.account, &a.source).cmp(&(&b.account, &b.source)));
        // Two companies of one source with one site: nobody knows which.
        let is_doubtful = |a: &Site| {
            let differs = |b: &Site| a.source == b.source && said[&a.account] != said[&b.account];
            sites.iter().any(differs)
        };
        let mut are_one = !sites.iter().any(is_doubtful);
        if are_one {
            for site in &sites[1..] {
                are_one &= sets.join(&sites[0].account, &site.account, false);
            }
        }
        if !are_one {
            doubts.extend(sites.iter().map(|site| ("W0121", site.place)));
        }
    }
    sets
}

/// People, and the account that a key gives to each set of people who are one by statements.
fn people(
    facts: &[Said],
    signs: &Signs,
    accounts: &Sets,
    void: &BTreeSet<usize>,
    doubts: &mut Doubts,
) -> (Sets, BTreeMap<String, String>) {
    let other = |fact: &Said| fact.text("same_person").map(str::to_owned);
    let keys = facts
        .iter()
        .flat_map(|fact| fact.person.map(name).into_iter().chain(other(fact)));
    let mut sets = Sets::new(keys.collect());
    sets.state(&statements(facts, |fact| {
        Some((name(fact.person?), other(fact)?))
    }));
    let mut account_of: BTreeMap<String, String> = BTreeMap::new();
    for (place, fact) in facts.iter().enumerate() {
        let is_bond = matches!(fact.kind, FactKind::Person | FactKind::Link);
        let bond = fact.person.zip(fact.account.as_ref());
        if let (Some((person, account)), false) = (bond.filter(|_| is_bond), void.contains(&place))
        {
            for key in sets.set(&name(person)).clone() {
                account_of.insert(key, accounts.root(account));
            }
        }
    }
    if signs.by_email {
        join_by_address(facts, signs, (&mut sets, &account_of), doubts);
    }
    (sets, account_of)
}

/// Who has each address, in which source.
type Holders<'f> = BTreeMap<&'f str, BTreeSet<(&'f String, String)>>;

/// The first fact that shows an address of somebody.
type First<'f> = BTreeMap<(&'f str, String), usize>;

fn shown<'a>(first: &'a First<'_>, address: &'a str) -> impl Iterator<Item = usize> + 'a {
    let of = first.range((address, String::new())..);
    let of = of.take_while(move |((other, _), _)| *other == address);
    of.map(|(_, place)| *place)
}

/// The addresses that not too many share.
fn believed<'f>(
    facts: &'f [Said],
    signs: &Signs,
    sets: &Sets,
    doubts: &mut Doubts,
) -> (Holders<'f>, First<'f>) {
    let addresses = latest(facts, |fact| {
        Some((name(fact.person?), fact.text("identity")?))
    });
    let mut holders = Holders::new();
    let mut first = First::new();
    for (place, source, (person, address)) in addresses {
        if !address.starts_with("office:") {
            let shown = first.entry((address, person.clone())).or_insert(place);
            *shown = place.min(*shown);
            holders.entry(address).or_default().insert((source, person));
        }
    }
    holders.retain(|address, holders| {
        let sources: BTreeSet<&String> = holders.iter().map(|(source, _)| *source).collect();
        let is_believed = sources.iter().all(|source| {
            let of = holders.iter().filter(|(other, _)| other == source);
            let sets: BTreeSet<usize> = of.map(|(_, person)| sets.number(person)).collect();
            sets.len() <= signs.shared_over
        });
        if !is_believed {
            doubts.extend(shown(&first, address).map(|place| ("W0120", place)));
        }
        is_believed
    });
    (holders, first)
}

fn join_by_address(
    facts: &[Said],
    signs: &Signs,
    (sets, account_of): (&mut Sets, &BTreeMap<String, String>),
    doubts: &mut Doubts,
) {
    let (holders, first) = believed(facts, signs, sets, doubts);
    let reach = reach(sets, &holders);
    // Where those who have an account have several, none is taken for one of another account.
    let is_disputed = |set: &BTreeSet<String>| {
        let accounts = set.iter().filter_map(|key| account_of.get(key));
        accounts.collect::<BTreeSet<_>>().len() > 1
    };
    let disputed: Vec<bool> = reach.sets.iter().map(is_disputed).collect();
    for (address, holders) in &holders {
        let people: BTreeSet<&String> = holders.iter().map(|(_, person)| person).collect();
        let people: Vec<&String> = people.into_iter().collect();
        let is_disputed = disputed[reach.number(people[0])];
        let differs = |person: &&&String| account_of.get(**person) != account_of.get(people[0]);
        if is_disputed && people.iter().any(|person| differs(&person)) {
            doubts.extend(shown(&first, address).map(|place| ("W0122", place)));
        }
        for (at, person) in people.iter().enumerate() {
            for other in &people[..at] {
                let agree = account_of.get(*person) == account_of.get(*other);
                if (!is_disputed || agree) && sets.join(other, person, false) {
                    break;
                }
            }
        }
    }
}

/// All that addresses and statements hold together, without regard to accounts.
fn reach(sets: &Sets, holders: &Holders<'_>) -> Sets {
    let mut reach = Sets::new(sets.keys().cloned().collect());
    let by_address = holders.values().map(|holders| {
        let people = holders.iter().map(|(_, person)| person);
        people.collect::<Vec<&String>>()
    });
    let by_statement = sets.sets.iter().map(|set| set.iter().collect());
    for one in by_address.chain(by_statement) {
        for pair in one.windows(2) {
            reach.join(pair[0], pair[1], true);
        }
    }
    reach
}

/// The company of people to whom no key gives an account, if their domains show exactly one.
fn homes(
    facts: &[Said],
    signs: &Signs,
    accounts: &Sets,
    (people, account_of): (&Sets, &BTreeMap<String, String>),
    doubts: &mut Doubts,
) -> BTreeMap<u128, String> {
    let mut found: BTreeMap<String, [BTreeMap<String, usize>; 2]> = BTreeMap::new();
    let sites = sites(facts, signs);
    let domains = latest(facts, |fact| {
        Some((name(fact.person?), fact.text("email_domain")?))
    });
    for (place, _, (person, domain)) in domains {
        let is_at_home = people
            .set(&person)
            .iter()
            .any(|key| account_of.contains_key(key));
        if is_at_home || signs.domains == Domains::No || is_open(domain, signs) {
            continue;
        }
        let [known, bare] = found.entry(people.root(&person)).or_default();
        let add = |found: &mut BTreeMap<String, usize>, company: String| {
            let first = found.entry(company).or_insert(place);
            *first = place.min(*first);
        };
        match parents(domain).find_map(|parent| sites.get(parent)) {
            Some(sites) => {
                let roots = sites.iter().map(|site| accounts.root(&site.account));
                let roots: BTreeSet<String> = roots.collect();
                if let (1, Some(root)) = (roots.len(), roots.into_iter().next()) {
                    add(known, root);
                }
            }
            None if signs.domains == Domains::Any && domain.contains('.') => {
                add(bare, format!("domain:{domain}"));
            }
            None => {}
        }
    }
    let homes = found.into_iter().filter_map(|(person, [known, bare])| {
        let shown = if known.is_empty() { bare } else { known };
        if shown.len() > 1 {
            doubts.extend(shown.values().min().map(|place| ("W0123", *place)));
            return None;
        }
        Some((id(&person), shown.into_keys().next()?))
    });
    homes.collect()
}
