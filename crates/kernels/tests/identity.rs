//! Who is who: a naive twin that keeps clusters as plain sets, and the laws that answers rest on,
//! on thousands of random ledgers of two systems and people's own statements.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};

use handfast_kernels::identity::{self, Company, Resolution, Sites, Tie, Ties};
use handfast_kernels::journey::{self, Buyer, World};
use handfast_model::fact::{Fact, FactKind, Snapshot, Value};
use handfast_model::identity::{BY_HAND, ByDomain, IdentityRules};
use handfast_model::mailbox::parents;
use handfast_model::{Charter, Day, Instant, PersonId};
use handfast_testkit::random::Chance;
use handfast_testkit::{Ledger, random, sketch};

const SEEDS: u64 = 2_000;

fn charter(seed: u64) -> Charter {
    let mut chance = Chance::new(seed ^ 0xabcd);
    let extra = format!(
        "{}\nemail {}\nshared {}\ndomains {}\n{}",
        random::CHARTER,
        chance.pick(&["yes", "yes", "yes", "no"]),
        1 + chance.below(3),
        chance.pick(&["known", "known", "any", "no"]),
        chance.pick(&["", "", "apart @Acme, @Bolt", "apart @Acme, @Cork, @Dune"]),
    );
    sketch::charter(&extra).unwrap()
}

fn lines(seed: u64) -> Vec<String> {
    let mut lines = random::lines(seed);
    lines.extend(random::identity_lines(seed.wrapping_mul(31) + 7));
    lines
}

fn read(lines: &[String], charter: &Charter) -> Snapshot {
    let ledger = Ledger::read(&lines.join("\n"), &charter.calendar).unwrap();
    ledger.snapshot
}

fn horizon(charter: &Charter) -> Instant {
    charter.calendar.start_of(Day::parse("2025-06-30").unwrap())
}

/// Who is who, by texts.
#[derive(PartialEq, Eq, Debug, Default)]
struct Who {
    people: BTreeMap<PersonId, PersonId>,
    accounts: BTreeMap<String, String>,
    homes: BTreeMap<PersonId, String>,
}

fn who(snapshot: &Snapshot, resolution: &Resolution) -> Who {
    let mut who = Who::default();
    let text = |sym| snapshot.names.text(sym).to_owned();
    for person in people_of(snapshot) {
        who.people.insert(person, resolution.person(person));
        if let Some(home) = resolution.home(person) {
            let company = match home.company {
                Company::Account(account) => text(account),
                Company::Domain(domain) => identity::domain_account(&text(domain)),
            };
            who.homes.insert(person, company);
        }
    }
    for account in accounts_of(snapshot) {
        let sym = snapshot.names.find(&account).unwrap();
        who.accounts.insert(account, text(resolution.account(sym)));
    }
    who
}

fn text_of(snapshot: &Snapshot, fact: &Fact, name: &str) -> Option<String> {
    let name = snapshot.names.find(name)?;
    fact.text(name)
        .map(|sym| snapshot.names.text(sym).to_owned())
}

fn flag_of(snapshot: &Snapshot, fact: &Fact, name: &str) -> bool {
    let name = snapshot.names.find(name);
    name.is_some_and(|name| fact.attribute(name) == Some(&Value::Bool(true)))
}

fn people_of(snapshot: &Snapshot) -> BTreeSet<PersonId> {
    let other = |fact: &Fact| PersonId::parse(&text_of(snapshot, fact, "same_person")?);
    let facts = snapshot.facts.iter();
    facts
        .flat_map(|fact| fact.person.into_iter().chain(other(fact)))
        .collect()
}

fn accounts_of(snapshot: &Snapshot) -> BTreeSet<String> {
    let text = |fact: &Fact| Some(snapshot.names.text(fact.account?).to_owned());
    let facts = snapshot.facts.iter();
    facts
        .flat_map(|fact| {
            text(fact)
                .into_iter()
                .chain(text_of(snapshot, fact, "same_account"))
        })
        .collect()
}

/// A statement on two keys as the twin reads it.
#[derive(Clone, Debug)]
struct Said {
    a: String,
    b: String,
    is_undone: bool,
    is_apart: bool,
    is_firm: bool,
    is_by_hand: bool,
}

/// The last statement on each pair by each side, in fact order.
fn statements(snapshot: &Snapshot, of: impl Fn(&Fact) -> Option<(String, String)>) -> Vec<Said> {
    let mut said: Vec<Said> = Vec::new();
    for fact in snapshot
        .facts
        .iter()
        .filter(|fact| fact.kind == FactKind::Link)
    {
        let Some((a, b)) = of(fact).filter(|(a, b)| a != b) else {
            continue;
        };
        let new = Said {
            is_undone: flag_of(snapshot, fact, "undone"),
            is_apart: flag_of(snapshot, fact, "apart"),
            is_firm: flag_of(snapshot, fact, "even_merged"),
            is_by_hand: snapshot.names.text(fact.origin.source) == BY_HAND,
            a,
            b,
        };
        said.retain(|old| {
            let is_pair = (old.a == new.a && old.b == new.b) || (old.a == new.b && old.b == new.a);
            !is_pair || old.is_by_hand != new.is_by_hand
        });
        said.push(new);
    }
    said.retain(|said| !said.is_undone);
    said
}

/// Clusters as plain sets.
struct Sets {
    sets: Vec<BTreeSet<String>>,
    apart: Vec<(String, String, bool)>,
    survivors: BTreeSet<String>,
    gone: BTreeSet<String>,
}

impl Sets {
    fn new(keys: impl Iterator<Item = String>) -> Sets {
        Sets {
            sets: keys.map(|key| BTreeSet::from([key])).collect(),
            apart: Vec::new(),
            survivors: BTreeSet::new(),
            gone: BTreeSet::new(),
        }
    }

    fn of(&self, key: &str) -> usize {
        self.sets.iter().position(|set| set.contains(key)).unwrap()
    }

    fn join(&mut self, a: &str, b: &str, is_said: bool) -> bool {
        let (a, b) = (self.of(a), self.of(b));
        if a == b {
            return true;
        }
        let meets = |x: &str, y: &str| {
            (self.sets[a].contains(x) && self.sets[b].contains(y))
                || (self.sets[a].contains(y) && self.sets[b].contains(x))
        };
        let is_kept_apart = self
            .apart
            .iter()
            .any(|(x, y, is_firm)| (*is_firm || !is_said) && meets(x, y));
        if is_kept_apart {
            return false;
        }
        let moved = std::mem::take(&mut self.sets[b]);
        self.sets[a].extend(moved);
        true
    }

    fn state(&mut self, said: &[Said]) {
        for said in said.iter().filter(|said| said.is_apart) {
            self.apart
                .push((said.a.clone(), said.b.clone(), said.is_firm));
        }
        for hand in [true, false] {
            for said in said
                .iter()
                .filter(|said| !said.is_apart && said.is_by_hand == hand)
            {
                if self.join(&said.a, &said.b, true) {
                    self.gone.insert(said.a.clone());
                    self.survivors.insert(said.b.clone());
                }
            }
        }
    }

    fn root(&self, key: &str) -> String {
        let set = &self.sets[self.of(key)];
        let survives = |key: &&String| self.survivors.contains(*key) && !self.gone.contains(*key);
        set.iter().find(survives).or(set.first()).unwrap().clone()
    }
}

/// The latest record of each kind that says something, by its name.
fn latest<T>(snapshot: &Snapshot, of: impl Fn(&Fact) -> Option<T>) -> Vec<(String, T)> {
    let mut found = BTreeMap::new();
    for fact in &snapshot.facts {
        if let Some(said) = of(fact) {
            let source = snapshot.names.text(fact.origin.source).to_owned();
            found.insert((fact.origin.key, fact.origin.ordinal), (source, said));
        }
    }
    found.into_values().collect()
}

fn twin(snapshot: &Snapshot, rules: &IdentityRules) -> Who {
    let accounts = twin_accounts(snapshot, rules);
    let (sets, account_of) = twin_people(snapshot, rules, &accounts);
    let mut who = Who::default();
    for account in accounts_of(snapshot) {
        who.accounts
            .insert(account.clone(), accounts.root(&account));
    }
    let sites = twin_sites(snapshot, rules);
    for person in people_of(snapshot) {
        let root = sets.root(&person.to_string());
        who.people.insert(person, PersonId::parse(&root).unwrap());
        let set = &sets.sets[sets.of(&root)];
        if rules.by_domain == ByDomain::No || set.iter().any(|key| account_of.contains_key(key)) {
            continue;
        }
        let (mut known, mut bare) = (BTreeSet::new(), BTreeSet::new());
        let domains = latest(snapshot, |fact| {
            let domain = text_of(snapshot, fact, "email_domain")?;
            Some((fact.person?.to_string(), domain))
        });
        for (_, (_, domain)) in domains
            .iter()
            .filter(|(_, (person, _))| set.contains(person))
        {
            if rules.is_open(domain) {
                continue;
            }
            match parents(domain).find(|parent| sites.iter().any(|site| site.1 == *parent)) {
                None if rules.by_domain == ByDomain::Any => {
                    bare.insert(identity::domain_account(domain));
                }
                None => {}
                Some(parent) => {
                    let claimants = sites.iter().filter(|site| site.1 == parent);
                    let roots: BTreeSet<String> =
                        claimants.map(|site| accounts.root(&site.0)).collect();
                    if roots.len() == 1 {
                        known.extend(roots);
                    }
                }
            }
        }
        let homes = if known.is_empty() { bare } else { known };
        if homes.len() == 1 {
            who.homes.insert(person, homes.into_iter().next().unwrap());
        }
    }
    who
}

/// Account, domain, source of each site that shows a company.
fn twin_sites(snapshot: &Snapshot, rules: &IdentityRules) -> Vec<(String, String, String)> {
    if rules.by_domain == ByDomain::No {
        return Vec::new();
    }
    let sites = latest(snapshot, |fact| {
        let is_account = fact.kind == FactKind::Account;
        let account = snapshot
            .names
            .text(fact.account.filter(|_| is_account)?)
            .to_owned();
        Some((account, text_of(snapshot, fact, "domain")?))
    });
    let sites = sites
        .into_iter()
        .map(|(source, (account, domain))| (account, domain, source));
    sites
        .filter(|(_, domain, _)| !rules.is_open(domain))
        .collect()
}

fn twin_accounts(snapshot: &Snapshot, rules: &IdentityRules) -> Sets {
    let mut sets = Sets::new(accounts_of(snapshot).into_iter());
    for group in &rules.separate {
        for (at, a) in group.iter().enumerate() {
            for b in &group[at + 1..] {
                sets.apart.push((a.clone(), b.clone(), true));
            }
        }
    }
    sets.state(&statements(snapshot, |fact| {
        let account = snapshot.names.text(fact.account?).to_owned();
        Some((account, text_of(snapshot, fact, "same_account")?))
    }));
    let sites = twin_sites(snapshot, rules);
    let domains: BTreeSet<&String> = sites.iter().map(|site| &site.1).collect();
    let said: Vec<BTreeSet<String>> = sets.sets.clone();
    let said_of = |key: &String| said.iter().position(|set| set.contains(key)).unwrap();
    for domain in domains {
        let mut of: Vec<_> = sites.iter().filter(|site| site.1 == *domain).collect();
        of.sort();
        let is_doubtful = of.iter().any(|a| {
            of.iter()
                .any(|b| a.2 == b.2 && said_of(&a.0) != said_of(&b.0))
        });
        if !is_doubtful {
            for site in &of[1..] {
                sets.join(&of[0].0, &site.0, false);
            }
        }
    }
    sets
}

fn twin_people(
    snapshot: &Snapshot,
    rules: &IdentityRules,
    accounts: &Sets,
) -> (Sets, BTreeMap<String, String>) {
    let mut sets = Sets::new(people_of(snapshot).iter().map(PersonId::to_string));
    sets.state(&statements(snapshot, |fact| {
        Some((
            fact.person?.to_string(),
            text_of(snapshot, fact, "same_person")?,
        ))
    }));
    let said = sets.sets.clone();
    let said_of = |key: &String| said.iter().position(|set| set.contains(key)).unwrap();
    let mut account_of: BTreeMap<String, String> = BTreeMap::new();
    let bonds: Vec<(String, &Fact)> = snapshot
        .facts
        .iter()
        .filter(|fact| matches!(fact.kind, FactKind::Person | FactKind::Link))
        .filter_map(|fact| Some((fact.person?.to_string(), fact)))
        .collect();
    for (at, (person, fact)) in bonds.iter().enumerate() {
        let Some(account) = fact.account else {
            continue;
        };
        let mut later = bonds[at..].iter().filter(|(_, other)| {
            fact.kind == FactKind::Link
                && other.kind == FactKind::Link
                && (fact.person, fact.account, fact.deal)
                    == (other.person, other.account, other.deal)
        });
        let is_taken_back = later
            .next_back()
            .is_some_and(|(_, other)| flag_of(snapshot, other, "undone"));
        if is_taken_back || flag_of(snapshot, fact, "undone") {
            continue;
        }
        let root = accounts.root(snapshot.names.text(account));
        for key in &said[said_of(person)] {
            account_of.insert(key.clone(), root.clone());
        }
    }
    if rules.by_email {
        twin_addresses(snapshot, rules, &mut sets, &said, &account_of);
    }
    (sets, account_of)
}

fn twin_addresses(
    snapshot: &Snapshot,
    rules: &IdentityRules,
    sets: &mut Sets,
    said: &[BTreeSet<String>],
    account_of: &BTreeMap<String, String>,
) {
    let said_of = |key: &String| said.iter().position(|set| set.contains(key)).unwrap();
    let addresses = latest(snapshot, |fact| {
        Some((
            fact.person?.to_string(),
            text_of(snapshot, fact, "identity")?,
        ))
    });
    let mut holders: BTreeMap<&String, BTreeSet<(&String, &String)>> = BTreeMap::new();
    for (source, (person, address)) in &addresses {
        if !address.starts_with("office:") {
            holders.entry(address).or_default().insert((source, person));
        }
    }
    holders.retain(|_, holders| {
        let sources: BTreeSet<&String> = holders.iter().map(|holder| holder.0).collect();
        sources.iter().all(|source| {
            let of = holders.iter().filter(|holder| holder.0 == *source);
            let roots: BTreeSet<usize> = of.map(|holder| said_of(holder.1)).collect();
            roots.len() <= rules.shared_over as usize
        })
    });
    // Breadth first over everybody reached by addresses and statements.
    let reach = |start: &String| {
        let mut found = BTreeSet::from([start.clone()]);
        loop {
            let mut more = found.clone();
            for key in &found {
                more.extend(said[said_of(key)].iter().cloned());
                for holders in holders.values() {
                    if holders.iter().any(|holder| holder.1 == key) {
                        more.extend(holders.iter().map(|holder| holder.1.clone()));
                    }
                }
            }
            if more == found {
                return found;
            }
            found = more;
        }
    };
    for holders in holders.values() {
        let people: BTreeSet<&String> = holders.iter().map(|holder| holder.1).collect();
        let people: Vec<&String> = people.into_iter().collect();
        let reached = reach(people[0]);
        let accounts: BTreeSet<&String> = reached
            .iter()
            .filter_map(|key| account_of.get(key))
            .collect();
        for (at, person) in people.iter().enumerate() {
            for other in &people[..at] {
                let agree = account_of.get(*person) == account_of.get(*other);
                if (accounts.len() < 2 || agree) && sets.join(other, person, false) {
                    break;
                }
            }
        }
    }
}

/// Pursuits by ids and texts, without places.
fn pursuits(snapshot: &Snapshot, charter: &Charter) -> Vec<String> {
    let mut snapshot = snapshot.clone();
    let resolution = identity::resolve(&snapshot, &charter.identity);
    identity::apply(&mut snapshot, &resolution);
    let world = World {
        snapshot: &snapshot,
        charter,
        horizon: horizon(charter),
    };
    let journeys = journey::derive(&world);
    let text = |sym| snapshot.names.text(sym).to_owned();
    let id = |at: u32| snapshot.facts[at as usize].id.to_string();
    let mut shown: Vec<String> = Vec::new();
    for pursuit in &journeys.pursuits {
        let buyer = match pursuit.buyer {
            Buyer::Account(account) => text(account),
            Buyer::Person(person) => person.to_string(),
            Buyer::Deal(deal) => text(deal),
        };
        let deal = pursuit.deal.map(|deal| {
            let deal = &journeys.deals[deal as usize];
            let versions: Vec<String> = deal.versions.iter().map(|at| id(*at)).collect();
            (
                text(deal.key),
                versions,
                deal.created,
                deal.closed,
                deal.outcome,
            )
        });
        let visits: Vec<String> = pursuit
            .visits
            .iter()
            .map(|visit| {
                let evidence = visit.evidence.map(id);
                let (rep, team) = (visit.rep.map(text), visit.team.map(text));
                let (step, by) = (visit.step, visit.left_by);
                format!(
                    "{step:?} {:?} {:?} {by:?} {rep:?} {team:?} {evidence:?}",
                    visit.entered, visit.left
                )
            })
            .collect();
        let touches: Vec<String> = pursuit.touches.iter().map(|at| id(*at)).collect();
        let end = pursuit
            .end
            .map(|end| (end.role, end.step, end.moment, end.fact.map(id)));
        shown.push(format!(
            "{} {buyer} {:?} {end:?} {:?} {:?} {deal:?} {touches:?} {:?} {visits:?}",
            pursuit.id,
            pursuit.opened,
            pursuit.people,
            pursuit.account.map(text),
            pursuit.entry_touch.map(id),
        ));
    }
    for lead in &journeys.leads {
        let pursuit = lead.pursuit.map(|at| journeys.pursuits[at as usize].id);
        let (assigned, worked) = (lead.assigned.map(id), lead.worked.map(id));
        let lead = format!("{} {:?} {}", lead.person, lead.created, id(lead.fact));
        shown.push(format!("lead {lead} {pursuit:?} {assigned:?} {worked:?}"));
    }
    let issues = journeys.issues.iter().chain(&resolution.issues);
    shown.extend(issues.map(|issue| format!("{issue:?}")));
    shown.sort();
    shown
}

#[test]
fn the_naive_twin_agrees() {
    let (mut joined, mut homes) = (0, 0);
    for seed in 0..SEEDS {
        let charter = charter(seed);
        let snapshot = read(&lines(seed), &charter);
        let resolution = identity::resolve(&snapshot, &charter.identity);
        let found = who(&snapshot, &resolution);
        let expected = twin(&snapshot, &charter.identity);
        assert_eq!(
            found,
            expected,
            "seed {seed}: {:#?}\n{:#?}",
            lines(seed),
            charter.identity
        );
        joined += found
            .people
            .iter()
            .filter(|(key, root)| key != root)
            .count();
        homes += found.homes.len();
    }
    assert!(
        joined > 1_000 && homes > 300,
        "{joined} joined, {homes} by domain"
    );
}

#[test]
fn the_order_of_arrival_changes_nothing() {
    for seed in 0..SEEDS / 3 {
        let charter = charter(seed);
        let mut lines = lines(seed);
        let expected = pursuits(&read(&lines, &charter), &charter);
        Chance::new(seed).shuffle(&mut lines);
        assert_eq!(
            pursuits(&read(&lines, &charter), &charter),
            expected,
            "seed {seed}"
        );
    }
}

#[test]
fn each_cell_alone_gives_what_the_whole_gives() {
    let mut several = 0;
    for seed in 0..SEEDS {
        let charter = charter(seed);
        let snapshot = read(&lines(seed), &charter);
        let cells = cells(&snapshot, &charter);
        several += usize::from(cells.len() > 1);
        let mut apart: Vec<String> = cells
            .iter()
            .flat_map(|cell| pursuits(cell, &charter))
            .collect();
        apart.sort();
        assert_eq!(
            apart,
            pursuits(&snapshot, &charter),
            "seed {seed}: {:#?}",
            lines(seed)
        );
    }
    assert!(
        several > SEEDS as usize / 4,
        "{several} ledgers with several cells"
    );
}

/// A snapshot of each cell: its facts, and those without ties.
fn cells(snapshot: &Snapshot, charter: &Charter) -> Vec<Snapshot> {
    let sites = Sites::of(snapshot);
    let mut reader = Ties::of(&snapshot.names, &charter.identity, &sites);
    let mut of: Vec<Vec<Tie>> = Vec::new();
    for fact in &snapshot.facts {
        let mut ties = Vec::new();
        reader.ties(fact, &mut ties);
        of.push(ties);
    }
    let mut groups: Vec<BTreeSet<Tie>> = Vec::new();
    for ties in of.iter().filter(|ties| !ties.is_empty()) {
        let mut group: BTreeSet<Tie> = ties.iter().copied().collect();
        let is_other = |other: &BTreeSet<Tie>| other.is_disjoint(&group);
        let (others, met): (Vec<_>, Vec<_>) = groups.iter().cloned().partition(is_other);
        group.extend(met.into_iter().flatten());
        groups = others;
        groups.push(group);
    }
    let cell = |group: &BTreeSet<Tie>| {
        let facts = snapshot.facts.iter().zip(&of);
        let is_in = |ties: &Vec<Tie>| ties.is_empty() || group.contains(&ties[0]);
        Snapshot {
            facts: facts
                .filter(|(_, ties)| is_in(ties))
                .map(|(fact, _)| fact.clone())
                .collect(),
            ..snapshot.clone()
        }
    };
    groups.iter().map(cell).collect()
}

#[test]
fn what_is_taken_back_never_was() {
    for seed in 0..SEEDS / 3 {
        let charter = charter(seed);
        let mut lines = lines(seed);
        lines.push("2025-01-03 person Gil @Gold email=g@gold.com in=web".into());
        lines.push("2025-01-04 person Hal email=g@gold.com".into());
        lines.push("2025-01-04 touch Hal demo team=sales".into());
        lines.push("2025-01-05 link Hal @Bolt".into());
        let links = [
            "link Gil same_person=Ana",
            "link Hal same_person=Gil in=web",
            "link Hal same_person=Ben in=by-hand",
            "link Gil same_person=Hal in=by-hand apart=yes even_merged=yes",
            "link @Gold same_account=@Acme",
            "link Hal @Gold",
        ];
        let before = pursuits(&read(&lines, &charter), &charter);
        lines.extend(links.map(|link| format!("2025-01-06 {link}")));
        // Taken back, said again, and taken back for good.
        for (day, undone) in [(7, " undone=yes"), (8, ""), (9, " undone=yes")] {
            lines.extend(links.map(|link| format!("2025-02-0{day} {link}{undone}")));
        }
        Chance::new(seed).shuffle(&mut lines);
        assert_eq!(
            pursuits(&read(&lines, &charter), &charter),
            before,
            "seed {seed}"
        );
    }
}

#[test]
fn what_no_fact_says_costs_nothing() {
    let charter = charter(1);
    let mut snapshot = read(&["2025-01-06 person Ana @Acme".to_owned()], &charter);
    let resolution = identity::resolve(&snapshot, &charter.identity);
    assert!(resolution.is_plain() && resolution.links.is_empty());
    let before = snapshot.facts.as_ptr();
    identity::apply(&mut snapshot, &resolution);
    assert_eq!(before, snapshot.facts.as_ptr());
}

#[test]
fn of_one_day_taking_back_has_the_last_word_whatever_its_row_is_called() {
    let charter = charter(0);
    for number in 0..20 {
        let lines = [
            "2025-01-06 person Ana @Acme".to_owned(),
            "2025-01-06 person Zoe @Bolt".to_owned(),
            format!("2025-03-10 link Ana same_person=Zoe row={number}"),
            format!(
                "2025-03-10 link Ana same_person=Zoe row={} undone=yes",
                number + 50
            ),
        ];
        let snapshot = read(&lines, &charter);
        let resolution = identity::resolve(&snapshot, &charter.identity);
        assert!(resolution.links.is_empty(), "{lines:#?}");
    }
}
