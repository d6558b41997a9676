//! Attributes as they stood at a moment: for each person, account and deal, the dated history
//! of its state facts. It knows nothing of stages; read on in `journey`.

use std::hash::Hash;

use handfast_model::{Calendar, Fact, FactKind, Instant, PersonId, Snapshot, Sym, Value};

use crate::quick::Quick;

/// State facts by subject, each with the instant from which it holds (`None` = undated: always).
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    people: Index<PersonId>,
    accounts: Index<Sym>,
    deals: Index<Sym>,
}

/// From when a fact holds, and its place in the snapshot.
pub(crate) type Version = (Option<Instant>, u32);

/// The versions of each subject in fact order, one subject's beside each other.
#[derive(Clone, Debug)]
struct Index<K> {
    /// Where they begin, and how many there are.
    of: Quick<K, (u32, u32)>,
    versions: Vec<Version>,
}

impl<K> Default for Index<K> {
    fn default() -> Index<K> {
        Index {
            of: Quick::default(),
            versions: Vec::new(),
        }
    }
}

impl<K: Copy + Eq + Hash> Index<K> {
    fn new(facts: impl Iterator<Item = (K, Version)> + Clone) -> Index<K> {
        let mut index = Index::default();
        for (key, _) in facts.clone() {
            index.of.entry(key).or_insert((0, 0)).0 += 1;
        }
        let mut next = 0;
        for (key, version) in facts {
            let Some((first, count)) = index.of.get_mut(&key) else {
                continue;
            };
            if *count == 0 {
                // How many they are was told there until now.
                let many = std::mem::replace(first, next);
                next += many;
                index.versions.resize(next as usize, (None, 0));
            }
            let slot = index.versions.get_mut((*first + *count) as usize);
            slot.into_iter().for_each(|slot| *slot = version);
            *count += 1;
        }
        index.versions.shrink_to_fit();
        index
    }

    fn get(&self, key: &K) -> &[Version] {
        let (first, count) = self.of.get(key).copied().unwrap_or_default();
        let own = first as usize..(first + count) as usize;
        self.versions.get(own).unwrap_or_default()
    }

    fn bytes(&self) -> usize {
        self.of.capacity() * (size_of::<K>() + 9) + size_of_val(&*self.versions)
    }
}

impl Attributes {
    /// Indexes the state facts of a snapshot, in fact order.
    pub fn new(snapshot: &Snapshot, calendar: &Calendar) -> Attributes {
        let of = |kind: FactKind| {
            let facts = (0u32..).zip(&snapshot.facts);
            let facts = facts.filter(move |(_, fact)| fact.kind == kind);
            facts.map(|(at, fact)| (fact, (fact.happened.start(calendar), at)))
        };
        let people = of(FactKind::Person);
        let accounts = of(FactKind::Account);
        let deals = of(FactKind::Deal);
        Attributes {
            people: Index::new(people.filter_map(|(fact, version)| Some((fact.person?, version)))),
            accounts: Index::new(
                accounts.filter_map(|(fact, version)| Some((fact.account?, version))),
            ),
            deals: Index::new(deals.filter_map(|(fact, version)| Some((fact.deal?, version)))),
        }
    }

    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        self.people.bytes() + self.accounts.bytes() + self.deals.bytes()
    }

    /// A person's attribute at a moment (`None` = as last known).
    pub fn of_person<'f>(
        &self,
        facts: &'f [Fact],
        person: PersonId,
        name: Sym,
        at: Option<Instant>,
    ) -> Option<&'f Value> {
        find(facts, self.people.get(&person), name, at)
    }

    /// An account's attribute at a moment.
    pub fn of_account<'f>(
        &self,
        facts: &'f [Fact],
        account: Sym,
        name: Sym,
        at: Option<Instant>,
    ) -> Option<&'f Value> {
        find(facts, self.accounts.get(&account), name, at)
    }

    /// A deal's attribute at a moment.
    pub fn of_deal<'f>(
        &self,
        facts: &'f [Fact],
        deal: Sym,
        name: Sym,
        at: Option<Instant>,
    ) -> Option<&'f Value> {
        find(facts, self.deals.get(&deal), name, at)
    }

    /// The instants at which something was said of some people or an account.
    pub fn told_of(&self, people: &[PersonId], account: Option<Sym>) -> Vec<Instant> {
        let of_people = people.iter().flat_map(|person| self.people.get(person));
        let of_account = account
            .iter()
            .flat_map(|account| self.accounts.get(account));
        of_people
            .chain(of_account)
            .filter_map(|(since, _)| *since)
            .collect()
    }

    /// A person's attribute where it is the same at every moment, else `None`.
    pub fn always_of_person<'f>(
        &self,
        facts: &'f [Fact],
        person: PersonId,
        name: Sym,
    ) -> Option<Option<&'f Value>> {
        always(facts, self.people.get(&person), name)
    }

    /// A deal's attribute where it is the same at every moment, else `None`.
    pub fn always_of_deal<'f>(
        &self,
        facts: &'f [Fact],
        deal: Sym,
        name: Sym,
    ) -> Option<Option<&'f Value>> {
        always(facts, self.deals.get(&deal), name)
    }
}

/// What [`find`] gives at whatever moment, where that is one value: of a single version, and of
/// several that all say the same.
fn always<'f>(facts: &'f [Fact], versions: &[Version], name: Sym) -> Option<Option<&'f Value>> {
    let value = |(_, fact): &Version| facts.get(*fact as usize)?.attribute(name);
    let first = versions.first().and_then(value);
    let is_same = |version: &Version| first.is_some() && value(version) == first;
    (versions.len() <= 1 || versions.iter().all(is_same)).then_some(first)
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
