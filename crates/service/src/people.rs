//! One person behind a key: all keys that are theirs across sources and merges, and what the book
//! holds of them.
//!
//! Who is who is found by the same kernel as for every question, under the charter in force: as the
//! book stands, and besides over everything ever recorded, because what an import brought is still
//! held once the import is taken back, and what a source deleted is too. A key
//! is typed as its source writes it, as `source:key`, or is an e-mail address, which is hashed in
//! memory and goes nowhere.

use std::collections::{BTreeMap, BTreeSet};

use handfast_kernels::identity::{self, Key, Resolution};
use handfast_ledger::{About, SetAsideWith};
use handfast_model::mailbox::{OFFICE, address, is_office};
use handfast_model::pack::{Pack, leading};
use handfast_model::question::{AsOf, Known};
use handfast_model::{Calendar, Fact, IdentityRules, PersonId, Refusal, Seq, Snapshot, Sym, Value};

use crate::book::Book;

/// A person with all their keys.
pub struct Person {
    /// Their keys; those that were asked for first.
    pub keys: Vec<PersonKey>,
    /// Hashes of their own e-mail addresses, as facts have them.
    pub addresses: Vec<String>,
    /// Addresses of theirs that others have too, or that are an office's: nobody's own.
    pub shared_addresses: u64,
    /// What alone seals rows that are set aside with an address of theirs and give no key.
    pub unkeyed_asides: BTreeSet<PersonId>,
    /// Such rows that are sealed together with what may be somebody else's, and rows with an
    /// address of theirs under a key of somebody else's: they stay.
    pub mixed_asides: u64,
    /// Keys and addresses that were asked for and that this book never met.
    pub never_met: u64,
    /// Everything the book holds of them.
    pub about: About,
}

/// One key of a person. The book keeps only its hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonKey {
    /// Its hash.
    pub id: PersonId,
    /// The namespace and key, where they were typed.
    pub typed: Option<(String, String)>,
    /// Sources and streams whose facts name it.
    pub met_in: Vec<String>,
    /// How it is known to be the same person's: `asked`, or what joins it to another key.
    pub how: String,
    /// Where that stands: file and line of the facts that show it.
    pub shown_by: Vec<String>,
    /// Since when it is forgotten.
    pub forgotten: Option<Seq>,
}

/// The people in the book.
struct Everybody {
    /// All that was ever recorded.
    snapshot: Snapshot,
    /// Who is who by all of it, and as the book stands.
    who: [Resolution; 2],
    identity: Option<Sym>,
}

/// What the facts show of some keys.
#[derive(Default)]
struct Seen {
    met_in: BTreeMap<PersonId, BTreeSet<String>>,
    theirs: BTreeSet<String>,
    others: BTreeSet<String>,
}

/// Finds the people behind some keys and gives all keys that are theirs.
pub fn find(book: &Book, asked: &[String], namespace: Option<&str>) -> Result<Person, Refusal> {
    let namespaces = namespaces(&book.packs()?);
    if let Some(wrong) = namespace.filter(|name| !namespaces.contains_key(*name)) {
        let title = format!("no source of this book issues person keys as `{wrong}`");
        return Err(whose(title, namespaces.keys()));
    }
    let everybody = Everybody::of(book)?;
    let met = everybody.met();
    let mut seeds: BTreeMap<PersonId, Option<(String, String)>> = BTreeMap::new();
    let mut addresses: BTreeSet<String> = BTreeSet::new();
    let mut never_met = 0;
    let typed = |keys: Vec<(String, String)>| {
        let id = |(namespace, key): &(String, String)| book.ledger.person_id(namespace, key);
        keys.into_iter().map(move |key| (id(&key), Some(key)))
    };
    for key in asked {
        let candidates = candidates(&namespaces, key, namespace);
        let mut known = Vec::new();
        for (namespace, key) in &candidates {
            let id = book.ledger.person_id(namespace, key);
            let is_forgotten = book.ledger.is_forgotten(id)?;
            if met.contains(&id) || is_forgotten || book.ledger.has_key(id)? {
                known.push((namespace.clone(), key.clone()));
            }
        }
        match (issuers(&known).len(), issuers(&candidates).len()) {
            (1, _) => seeds.extend(typed(known)),
            (0, _) if address(key).is_some() => {
                let key = address(key).unwrap_or(key);
                let hash = book.ledger.email_identity(key);
                let (holders, is_met) = everybody.holders(book, &hash)?;
                never_met += u64::from(!is_met);
                seeds.extend(holders.into_iter().map(|id| (id, None)));
                if !is_office(key) {
                    addresses.insert(hash);
                }
            }
            (0, 1) => {
                never_met += 1;
                seeds.extend(typed(candidates));
            }
            (0, _) => {
                let title = format!("nobody is known as `{key}`");
                return Err(whose(title, namespaces.keys()));
            }
            _ => {
                let title = format!("`{key}` is a key of several sources");
                return Err(whose(title, issuers(&known).iter()));
            }
        }
    }
    let mut person = everybody.person(book, &seeds, addresses)?;
    person.never_met = never_met;
    Ok(person)
}

impl Everybody {
    fn of(book: &Book) -> Result<Everybody, Refusal> {
        let (calendar, rules) = who_rules(book)?;
        let now = book
            .ledger
            .snapshot(AsOf::Latest, Known::Recorded, &calendar)?;
        let snapshot = book.ledger.everything(&calendar)?;
        Ok(Everybody {
            who: [&snapshot, &now].map(|facts| identity::resolve(facts, &rules)),
            identity: snapshot.names.find("identity"),
            snapshot,
        })
    }

    fn met(&self) -> BTreeSet<PersonId> {
        let people = self.snapshot.facts.iter().filter_map(|fact| fact.person);
        people.collect()
    }

    /// The e-mail hash that a fact has, with or without the sign of an office.
    fn address(&self, fact: &Fact) -> Option<&str> {
        match fact.attribute(self.identity?)? {
            Value::Text(sym) => Some(self.snapshot.names.text(*sym)),
            _ => None,
        }
    }

    fn with_address(&self, hash: &str) -> BTreeSet<PersonId> {
        let facts = self.snapshot.facts.iter();
        let theirs = facts.filter(|fact| {
            let address = self.address(fact);
            address.is_some_and(|found| found.strip_prefix(OFFICE).unwrap_or(found) == hash)
        });
        theirs.filter_map(|fact| fact.person).collect()
    }

    /// Whose address this is, one person's keys; and whether the book ever met it.
    fn holders(&self, book: &Book, hash: &str) -> Result<(BTreeSet<PersonId>, bool), Refusal> {
        let holders = self.with_address(hash);
        if !self.are_one(&holders) {
            return Err(self.of_several(&holders));
        }
        if !holders.is_empty() || book.ledger.is_barred(hash)? {
            return Ok((holders, true));
        }
        let one = BTreeSet::from([hash.to_owned()]);
        let aside = book.ledger.set_aside_with(&one, &book.packs()?)?;
        Ok((holders, aside != SetAsideWith::default()))
    }

    fn person(
        &self,
        book: &Book,
        seeds: &BTreeMap<PersonId, Option<(String, String)>>,
        mut addresses: BTreeSet<String>,
    ) -> Result<Person, Refusal> {
        let packs = book.packs()?;
        let ids = self.joined_to(seeds.keys().copied().collect());
        let mut about = book.ledger.about(&ids, &packs)?;
        let mut seen = self.seen(&ids);
        seen.theirs.extend(addresses_of(&about));
        addresses.extend(seen.theirs.iter().cloned());
        let all = addresses.len();
        addresses.retain(|address| !address.starts_with(OFFICE) && !seen.others.contains(address));
        let shared_addresses = (all - addresses.len()) as u64;
        let mut aside = book.ledger.set_aside_with(&addresses, &packs)?;
        aside.mixed += self.leave_others(book, &ids, &mut aside)?;
        let named = aside.people.keys().copied();
        let everybody: BTreeSet<PersonId> = ids.iter().copied().chain(named).collect();
        if everybody.len() > ids.len() || !aside.rows.is_empty() {
            let all = everybody.union(&aside.rows).copied().collect();
            about = book.ledger.about(&all, &packs)?;
        }
        let mut keys = Vec::new();
        for id in everybody {
            let typed = seeds.get(&id);
            let (how, shown_by) = match typed {
                Some(_) => ("asked".to_owned(), Vec::new()),
                None if !ids.contains(&id) => (
                    "e-mail".to_owned(),
                    vec!["a row that is set aside".to_owned()],
                ),
                None => self.link(id),
            };
            keys.push(PersonKey {
                id,
                typed: typed.cloned().flatten(),
                met_in: seen.met_in.remove(&id).into_iter().flatten().collect(),
                how,
                shown_by,
                forgotten: book.ledger.forgotten_since(id)?,
            });
        }
        keys.sort_by_key(|key| (key.how != "asked", key.id));
        Ok(Person {
            keys,
            addresses: addresses.into_iter().collect(),
            shared_addresses,
            unkeyed_asides: aside.rows,
            mixed_asides: aside.mixed,
            never_met: 0,
            about,
        })
    }

    /// Leaves alone whom rows that are set aside name beside an address of these people, if
    /// anything else of them is known: a row that was refused does not make two people one. Gives
    /// how many such rows there are.
    fn leave_others(
        &self,
        book: &Book,
        ids: &BTreeSet<PersonId>,
        aside: &mut SetAsideWith,
    ) -> Result<u64, Refusal> {
        aside.people.retain(|id, _| !ids.contains(id));
        if aside.people.is_empty() {
            return Ok(0);
        }
        let named = aside.people.keys().copied().collect();
        let mut known = self.met();
        for record in book.ledger.about(&named, &[])?.records {
            known.extend(record.row.people);
        }
        let mut left = 0;
        aside.people.retain(|id, rows| {
            let is_other = known.contains(id);
            left += if is_other { *rows } else { 0 };
            !is_other
        });
        Ok(left)
    }

    /// These keys and all that are one person with one of them.
    fn joined_to(&self, mut ids: BTreeSet<PersonId>) -> BTreeSet<PersonId> {
        loop {
            let before = ids.len();
            for who in &self.who {
                let roots: BTreeSet<PersonId> = ids.iter().map(|id| who.person(*id)).collect();
                let joined = who.links.iter().flat_map(|link| [link.a, link.b]);
                let joined = joined.filter_map(|key| match key {
                    Key::Person(id) => Some(id),
                    Key::Account(_) => None,
                });
                ids.extend(joined.filter(|id| roots.contains(&who.person(*id))));
            }
            if ids.len() == before {
                return ids;
            }
        }
    }

    /// Whether these keys are one person's, or there are none.
    fn are_one(&self, holders: &BTreeSet<PersonId>) -> bool {
        let one = self.joined_to(holders.first().copied().into_iter().collect());
        holders.is_subset(&one)
    }

    /// An address that names several people is nobody's own: nobody is found by it.
    fn of_several(&self, holders: &BTreeSet<PersonId>) -> Refusal {
        let mut seen = self.seen(holders);
        let keys = holders.iter().map(|id| {
            let places = seen.met_in.remove(id).into_iter().flatten();
            let places: Vec<String> = places.collect();
            format!("#{:.8} in {}", id.to_string(), places.join(" and "))
        });
        let keys: Vec<String> = keys.collect();
        let title = format!(
            "this address has {} keys that are not one person's",
            keys.len()
        );
        Refusal::new("E0270", title)
            .matters(format!(
                "nothing was done, for it would reach people who did not ask; the keys: {}",
                keys.join(", ")
            ))
            .fix("name one person's key as its source writes it, with --namespace")
    }

    /// Where the keys are met, and who has which address.
    fn seen(&self, ids: &BTreeSet<PersonId>) -> Seen {
        let mut seen = Seen::default();
        for fact in &self.snapshot.facts {
            let Some(id) = fact.person else {
                continue;
            };
            let address = self.address(fact).map(str::to_owned);
            if !ids.contains(&id) {
                seen.others.extend(address);
                continue;
            }
            seen.theirs.extend(address);
            let names = &self.snapshot.names;
            let (source, stream) = (fact.origin.source, fact.origin.stream);
            let place = format!("{}/{}", names.text(source), names.text(stream));
            seen.met_in.entry(id).or_default().insert(place);
        }
        seen
    }

    /// What joins a key to another one of the same person, and where it stands.
    fn link(&self, id: PersonId) -> (String, Vec<String>) {
        let [ever, now] = &self.who;
        let of = |who: &Resolution| {
            let mut links = who.links.iter();
            let found = links.find(|link| link.a == Key::Person(id) || link.b == Key::Person(id));
            found.copied()
        };
        let Some(link) = of(ever) else {
            let how = of(now).map_or("e-mail", |link| link.how.word());
            return (how.to_owned(), Vec::new());
        };
        let names = &self.snapshot.names;
        let mut places: Vec<String> = link
            .facts
            .iter()
            .filter_map(|at| self.snapshot.facts.get(*at as usize))
            .map(|fact| format!("{}:{}", names.text(fact.origin.file), fact.origin.line))
            .collect();
        places.dedup();
        (link.how.word().to_owned(), places)
    }
}

/// The calendar and the signs by which people are told to be one now; before a charter is in
/// force, those that count without one.
pub(crate) fn who_rules(book: &Book) -> Result<(Calendar, IdentityRules), Refusal> {
    let charter = match book.ledger.charter_at(AsOf::Latest)? {
        Some(_) => Some(book.charter(AsOf::Latest, None)?.0),
        None => None,
    };
    match charter {
        Some(charter) => Ok((charter.calendar, charter.identity)),
        None => Calendar::in_zone("UTC")
            .map(|calendar| (calendar, IdentityRules::default()))
            .ok_or_else(|| Refusal::new("E0255", "no time zone is known")),
    }
}

/// The addresses that facts show, those that do not count any more included.
fn addresses_of(about: &About) -> BTreeSet<String> {
    let Some(identity) = about.names.find("identity") else {
        return BTreeSet::new();
    };
    let people = about.facts.iter().filter(|(fact, _)| fact.person.is_some());
    let shown = people.filter_map(|(fact, _)| match fact.attribute(identity) {
        Some(Value::Text(sym)) => Some(about.names.text(*sym).to_owned()),
        _ => None,
    });
    shown.collect()
}

/// Namespaces that issue person keys, those of sealed columns and every source's own, with the
/// lengths at which columns cut such keys.
pub(crate) fn namespaces(packs: &[Pack]) -> Namespaces {
    let mut found = Namespaces::new();
    for pack in packs {
        found.entry(pack.source.clone()).or_default();
        for person in pack.streams.iter().flat_map(|stream| &stream.people) {
            let lengths = found.entry(person.namespace.clone()).or_default();
            lengths.extend(person.characters);
        }
    }
    found
}

/// Namespaces by name.
pub(crate) type Namespaces = BTreeMap<String, BTreeSet<u16>>;

/// The namespaces of typed keys.
fn issuers(keys: &[(String, String)]) -> BTreeSet<String> {
    keys.iter()
        .map(|(namespace, _)| namespace.clone())
        .collect()
}

/// What a key may mean, as (namespace, key): in the namespace given or written before it, else in
/// every one; as it is typed, and as each column cuts it.
pub(crate) fn candidates(
    namespaces: &Namespaces,
    key: &str,
    namespace: Option<&str>,
) -> Vec<(String, String)> {
    let (one, key) = match (namespace, key.split_once(':')) {
        (Some(namespace), _) => (Some(namespace), key),
        (None, Some((namespace, key))) if namespaces.contains_key(namespace) => {
            (Some(namespace), key)
        }
        _ => (None, key),
    };
    let is_one = |name: &str| one.is_none_or(|one| one == name);
    let mut found = Vec::new();
    for (name, lengths) in namespaces.iter().filter(|(name, _)| is_one(name)) {
        let cuts = lengths
            .iter()
            .map(|&count| leading(key.trim(), Some(count)));
        let keys: BTreeSet<&str> = cuts.chain([key.trim()]).collect();
        found.extend(keys.into_iter().map(|key| (name.clone(), key.to_owned())));
    }
    found
}

fn whose<'n>(title: String, namespaces: impl Iterator<Item = &'n String>) -> Refusal {
    let known: Vec<&str> = namespaces.map(String::as_str).collect();
    Refusal::new("E0255", title)
        .matters("nothing was done: the same key may name different people in two sources")
        .fix(format!("--namespace one of: {}", known.join(", ")))
}
