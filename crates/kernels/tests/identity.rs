//! Who is who: held against the truth, which keeps clusters as plain sets, and against the laws
//! that answers rest on, on thousands of random ledgers of two systems and people's own statements.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;

use handfast_kernels::identity::{self, Company, Resolution, Sites, Tie, Ties};
use handfast_kernels::journey::{self, Buyer, World};
use handfast_model::fact::Snapshot;
use handfast_model::identity::{ByDomain, IdentityRules};
use handfast_model::{Charter, Day, Instant, PersonId};
use handfast_testkit::random::Chance;
use handfast_testkit::truth::identity::{self as identity_truth, Domains, Signs, Who};
use handfast_testkit::truth::said::facts_of;
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

fn who(snapshot: &Snapshot, resolution: &Resolution, expected: &Who) -> Who {
    let text = |sym| snapshot.names.text(sym).to_owned();
    let mut who = Who::default();
    for &person in expected.people.keys() {
        let root = resolution.person(PersonId(person));
        who.people.insert(person, root.0);
        if let Some(home) = resolution.home(root) {
            let company = match home.company {
                Company::Account(account) => text(account),
                Company::Domain(domain) => identity::domain_account(&text(domain)),
            };
            who.homes.insert(root.0, company);
        }
    }
    for account in expected.accounts.keys() {
        let sym = snapshot.names.find(account).unwrap();
        let root = text(resolution.account(sym));
        who.accounts.insert(account.clone(), root);
    }
    let places = 0..snapshot.facts.len();
    who.void = places.filter(|at| resolution.is_void(*at as u32)).collect();
    let doubts = resolution.issues.iter().map(|issue| {
        let mut facts = snapshot.facts.iter();
        let place = facts.position(|fact| Some(fact.id) == issue.fact);
        (issue.code.code(), place.unwrap())
    });
    who.doubts = doubts.collect();
    who
}

/// The charter's choice of signs, in plain words.
fn signs(rules: &IdentityRules) -> Signs {
    Signs {
        by_email: rules.by_email,
        shared_over: rules.shared_over as usize,
        domains: match rules.by_domain {
            ByDomain::No => Domains::No,
            ByDomain::Known => Domains::Known,
            ByDomain::Any => Domains::Any,
        },
        apart: rules.separate.clone(),
        open_domains: vec!["gmail.com".to_owned()],
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
fn it_is_the_truth() {
    let (mut joined, mut homes) = (0, 0);
    for seed in 0..SEEDS {
        let charter = charter(seed);
        let snapshot = read(&lines(seed), &charter);
        let resolution = identity::resolve(&snapshot, &charter.identity);
        let facts = facts_of(&snapshot, random::meaning().zone);
        let expected = identity_truth::who(&facts, &signs(&charter.identity));
        let found = who(&snapshot, &resolution, &expected);
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
