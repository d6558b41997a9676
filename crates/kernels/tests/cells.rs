//! Parts of a snapshot, derived apart and put together, are what deriving all at once gives.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use handfast_kernels::cells::{
    Change, Homes, Index, Needs, Part, Parts, Renewed, renew, renew_each,
};
use handfast_kernels::identity::{self, Sites};
use handfast_kernels::journey::{World, derive};
use handfast_model::id::{FactId, RecordKey};
use handfast_model::identity::ByDomain;
use handfast_model::{Charter, Day, Fact, FactKind, Instant, Snapshot};
use handfast_testkit::random::{self, Chance};
use handfast_testkit::{Ledger, sketch};

/// The charter of random ledgers, with one or the other choice of what shows a company.
fn charter(seed: u64) -> Charter {
    let mut charter = sketch::charter(random::CHARTER).unwrap();
    charter.identity.by_domain =
        [ByDomain::Known, ByDomain::Any, ByDomain::No][usize::try_from(seed % 3).unwrap()];
    charter.identity.shared_over = 2;
    charter
}

/// Facts about deals and stages, and half the time about who is who; now and then about nothing
/// but domains.
fn lines(seed: u64) -> Vec<String> {
    if seed % 4 == 1 {
        return random::domain_lines(seed);
    }
    let mut lines = random::lines(seed);
    if seed.is_multiple_of(2) {
        lines.extend(random::identity_lines(seed));
    }
    lines
}

/// A ledger in which some versions of a record name another person than its first: one of those
/// that all the lines name.
fn ledger(lines: &[String], all: &[String], charter: &Charter) -> Ledger {
    let read = |lines: &[String]| Ledger::read(&lines.join("\n"), &charter.calendar).unwrap();
    let whole = read(all);
    let people = whole.snapshot.facts.iter().filter_map(|fact| fact.person);
    let people: BTreeSet<_> = people.collect();
    let people: Vec<_> = people.into_iter().collect();
    let mut ledger = read(lines);
    for fact in &mut ledger.snapshot.facts {
        // Some rows speak of days that had not come.
        if fact.origin.key.0 % 5 == 1 {
            fact.recorded_at = Instant(0);
        }
        let mix = fact.origin.key.0 as usize ^ fact.origin.version as usize;
        if fact.kind == FactKind::Person && fact.origin.version > 1 && mix.is_multiple_of(3) {
            fact.person = Some(people[mix % people.len()]);
        }
    }
    ledger
}

fn horizon(chance: &mut Chance, charter: &Charter) -> Instant {
    let days = i32::try_from(chance.below(240)).unwrap();
    charter.calendar.start_of(Day(20_089 + days))
}

/// All that a part says, line by line, in words that do not depend on its table of names.
fn told(part: &Part) -> Vec<String> {
    let names = &part.snapshot.names;
    let mut lines: Vec<String> = part
        .snapshot
        .facts
        .iter()
        .map(|fact| fact.id.to_string())
        .collect();
    // Debug text names symbols by number; under one table the numbers are the texts' own.
    let mut journeys = part.journeys.clone();
    let texts: BTreeSet<&str> = names.texts().collect();
    let mut shared = handfast_model::Names::default();
    let numbers: Vec<_> = texts
        .iter()
        .map(|text| (*text, shared.intern(text)))
        .collect();
    let number = |sym| {
        let text = names.text(sym);
        let at = numbers
            .binary_search_by_key(&text, |(text, _)| text)
            .unwrap();
        numbers[at].1
    };
    journeys.rename(|fact| fact, number);
    lines.extend(
        journeys
            .pursuits
            .iter()
            .map(|pursuit| format!("{pursuit:?}")),
    );
    lines.extend(journeys.deals.iter().map(|deal| format!("{deal:?}")));
    lines.extend(journeys.leads.iter().map(|lead| format!("{lead:?}")));
    lines.extend(journeys.issues.iter().map(|issue| format!("{issue:?}")));
    lines
}

fn same(joined: &Part, whole: &Part, seed: u64, lines: &[String]) {
    let mut joined = joined.clone();
    // What is no longer said still has its text in a table that only grows.
    joined.tidy();
    let mut whole = whole.clone();
    whole.tidy();
    let (joined, whole) = (told(&joined), told(&whole));
    for (a, b) in joined.iter().zip(&whole) {
        assert_eq!(a, b, "seed {seed}\n{}", lines.join("\n"));
    }
    assert_eq!(
        joined.len(),
        whole.len(),
        "seed {seed}\n{}",
        lines.join("\n")
    );
}

fn of(ledger: &Ledger, charter: &Charter, horizon: Instant) -> Part {
    Part::of(ledger.snapshot.clone(), charter, horizon)
}

/// Cuts a part into some, cell by cell.
fn spread(part: &Part, count: u32, chance: &mut Chance) -> Vec<Part> {
    let home: Vec<u32> = (0..part.count)
        .map(|_| u32::try_from(chance.below(u64::from(count))).unwrap())
        .collect();
    (0..count)
        .map(|number| {
            let is_home = |cell: u32| home[cell as usize] == number;
            let only = part.only(is_home);
            let mut left = part.clone();
            left.retain(is_home);
            same(&only, &left, 0, &[]);
            only
        })
        .collect()
}

/// The records whose facts differ between two ledgers.
fn differing(a: &Ledger, b: &Ledger) -> HashSet<RecordKey> {
    let read = |ledger: &Ledger| {
        let mut records: BTreeMap<RecordKey, BTreeSet<(FactId, String)>> = BTreeMap::new();
        for fact in &ledger.snapshot.facts {
            let line = ledger.line(fact.id).to_owned();
            let said = (fact.id, line);
            records.entry(fact.origin.key).or_default().insert(said);
        }
        records
    };
    let (a, b) = (read(a), read(b));
    let keys = a.keys().chain(b.keys());
    keys.filter(|key| a.get(key) != b.get(key))
        .copied()
        .collect()
}

fn change(before: &Ledger, after: &Ledger) -> Change {
    let records = differing(before, after);
    let facts = after.snapshot.facts.iter();
    let facts = facts.filter(|fact| records.contains(&fact.origin.key));
    Change {
        names: after.snapshot.names.clone(),
        facts: facts.cloned().collect(),
        records,
    }
}

#[test]
fn parts_spread_by_cell_join_to_the_whole() {
    for seed in 0..3_000 {
        let charter = charter(seed);
        let mut chance = Chance::new(seed ^ 0x5ce1);
        let ledger = ledger(&lines(seed), &lines(seed), &charter);
        let horizon = horizon(&mut chance, &charter);
        let whole = of(&ledger, &charter, horizon);
        let who = identity::resolve(&ledger.snapshot, &charter.identity);
        let mut snapshot = ledger.snapshot.clone();
        identity::apply(&mut snapshot, &who);
        let mut derived = derive(&World {
            snapshot: &snapshot,
            charter: &charter,
            horizon,
        });
        derived.issues.extend(who.issues);
        derived.issues.sort();
        derived.issues.dedup();
        assert_eq!(whole.journeys, derived, "seed {seed}");
        let parts = spread(&whole, 3, &mut chance);
        for needs in [Needs::Spine, Needs::Bones, Needs::Frame] {
            let less = |part: &Part| part.clone().only_needed(needs, &charter.calendar);
            let joined = Part::join(parts.iter().map(less).collect(), &charter.calendar);
            let whole = less(&whole);
            same(&joined, &whole, seed, &[]);
            assert_eq!(joined.leads, whole.leads, "seed {seed}");
            assert_eq!(joined.fact_count(), whole.fact_count(), "seed {seed}");
            assert_eq!((joined.holds, whole.holds), (needs, needs));
        }
        let joined = Part::join(parts, &charter.calendar);
        same(&joined, &whole, seed, &[]);
        assert_eq!(joined.leads, whole.leads, "seed {seed}");
        let facts = || ledger.snapshot.clone();
        let one = Part::of_some(facts(), &charter, horizon, false);
        let three = Part::of_several(facts(), &charter, horizon, 3);
        same(&three, &one, seed, &lines(seed));
        assert_eq!(three.leads, one.leads, "seed {seed}");
    }
}

/// The facts of some cells of a part.
fn facts_of(part: &Part, cells: &[u32]) -> Part {
    let is_here = |at: usize| cells.contains(&part.cells[at]);
    let places: Vec<usize> = (0..part.cells.len()).filter(|at| is_here(*at)).collect();
    let mut some = Part {
        cells: places.iter().map(|at| part.cells[*at]).collect(),
        count: part.count,
        ..Part::default()
    };
    some.snapshot.names = part.snapshot.names.clone();
    let facts = places.iter().map(|at| part.snapshot.facts[*at].clone());
    some.snapshot.facts = facts.collect();
    for mut given in part.given.iter().copied() {
        if let Some(at) = places.iter().position(|at| *at == given.fact as usize) {
            given.fact = u32::try_from(at).unwrap();
            some.given.push(given);
        }
    }
    some
}

/// What looking at each part once gives.
fn each(
    parts: &[Part],
    change: &Change,
    charter: &Charter,
    (was, horizon): (Instant, Instant),
) -> Option<Renewed> {
    let of_each = parts.iter().map(|part| Sites::of(&part.snapshot));
    let texts: Vec<Sites> = of_each.collect();
    let sites: Sites = texts
        .iter()
        .flat_map(Sites::texts)
        .map(str::to_owned)
        .collect();
    let elsewhere = Parts {
        count: parts.len(),
        sites: &sites,
        read: &|place, choose| {
            let part = parts.get(place)?;
            Some(facts_of(part, &choose(&Index::of(part, charter))))
        },
    };
    renew_each(&elsewhere, change, charter, was, horizon)
}

#[test]
fn a_history_of_changes_derives_only_what_they_concern_and_ends_at_the_whole() {
    let (mut renewed_count, mut looked_once, mut spared) = (0_u32, 0_u32, 0_usize);
    for seed in 0..3_000 {
        let charter = charter(seed);
        let mut chance = Chance::new(seed ^ 0xcafe);
        let lines = lines(seed);
        let mut some = |percent: u64| -> Vec<String> {
            let lines = lines.iter();
            lines.filter(|_| chance.percent(percent)).cloned().collect()
        };
        // Rows come, and rows are taken back.
        let stages = [some(60), some(70), some(90), lines.clone()];
        let mut known = ledger(&stages[0], &lines, &charter);
        let mut was = horizon(&mut chance, &charter);
        let mut parts = spread(&of(&known, &charter, was), 2, &mut chance);
        for stage in &stages[1..] {
            let now = ledger(stage, &lines, &charter);
            let horizon = horizon(&mut chance, &charter);
            let whole = of(&now, &charter, horizon);
            let change = change(&known, &now);
            let each = each(&parts, &change, &charter, (was, horizon));
            let all = renew(&parts, change, &charter, was, horizon);
            if let Some(each) = &each {
                looked_once += 1;
                assert_eq!(Some(&each.gone), all.as_ref().map(|all| &all.gone));
            }
            match each.or(all) {
                Some(renewed) => {
                    renewed_count += 1;
                    for (part, gone) in parts.iter_mut().zip(&renewed.gone) {
                        let before = part.snapshot.facts.len();
                        part.retain(|cell| gone.binary_search(&cell).is_err());
                        spared += before.min(part.snapshot.facts.len());
                    }
                    parts.push(renewed.part);
                }
                None => parts = vec![whole.clone()],
            }
            let joined = Part::join(parts.clone(), &charter.calendar);
            same(&joined, &whole, seed, stage);
            (known, was) = (now, horizon);
        }
    }
    assert!(
        renewed_count > looked_once + 500 && looked_once > 1_000 && spared > 1_000,
        "{renewed_count} {looked_once} {spared}"
    );
}

#[test]
fn a_change_of_teams_or_a_horizon_gone_back_derives_everything_anew() {
    let charter = charter(0);
    let day = |day: i32| charter.calendar.start_of(Day(20_089 + day));
    let line = ["2025-01-02 person Ana ~Rosa".to_owned()];
    let before = ledger(&line, &line, &charter);
    let parts = [of(&before, &charter, day(10))];
    let none = || Change::default();
    assert!(renew(&parts, none(), &charter, day(10), day(9)).is_none());
    assert!(renew(&parts, none(), &charter, day(10), day(10)).is_some());
    let lines = [
        "2025-01-02 person Ana ~Rosa".to_owned(),
        "2025-01-01 rep ~Rosa team=inside".to_owned(),
    ];
    let after = ledger(&lines, &lines, &charter);
    assert!(after.snapshot.facts.iter().any(|f| f.kind == FactKind::Rep));
    let change = change(&before, &after);
    assert!(renew(&parts, change, &charter, day(10), day(10)).is_none());
}

#[test]
fn an_account_that_gives_up_its_domain_leaves_its_people_to_the_next_one_above() {
    let mut charter = charter(0);
    charter.identity.by_domain = ByDomain::Known;
    let horizon = charter.calendar.start_of(Day(20_200));
    let lines = [
        "2025-01-01 account @One domain=eu.acme.com",
        "2025-01-01 account @Two domain=acme.com",
        "2025-01-02 person Pat email=pat@eu.acme.com",
        "2025-01-03 account @One domain=acme-europe.com",
        "2025-01-04 touch Pat call team=sales",
    ];
    let lines = lines.map(str::to_owned);
    let mut known = ledger(&lines[..3], &lines, &charter);
    let mut parts = vec![of(&known, &charter, horizon)];
    for count in [4, 5] {
        let now = ledger(&lines[..count], &lines, &charter);
        let change = change(&known, &now);
        let renewed = renew(&parts, change, &charter, horizon, horizon).unwrap();
        for (part, gone) in parts.iter_mut().zip(&renewed.gone) {
            part.retain(|cell| gone.binary_search(&cell).is_err());
        }
        parts.push(renewed.part);
        let joined = Part::join(parts.clone(), &charter.calendar);
        let whole = of(&now, &charter, horizon);
        same(&joined, &whole, 0, &lines[..count]);
        let two = whole.snapshot.names.find("@Two");
        let accounts = whole
            .journeys
            .pursuits
            .iter()
            .map(|pursuit| pursuit.account);
        assert_eq!(accounts.collect::<Vec<_>>(), [two]);
        known = now;
    }
}

#[test]
fn a_record_that_comes_to_name_another_person_keeps_both_in_one_cell() {
    let charter = charter(0);
    let horizon = charter.calendar.start_of(Day(20_200));
    let lines = [
        "2025-01-01 person Cara email=bob@acme.com",
        "2025-01-01 person Vic in=web",
        "2025-01-02 person Vera email=bob@acme.com in=web",
        "2025-01-03 person Vera email=vic@acme.com in=web",
        "2025-01-04 touch Cara call team=sales",
    ];
    let read = |count: usize| {
        let mut ledger = Ledger::read(&lines[..count].join("\n"), &charter.calendar).unwrap();
        let people = ledger
            .snapshot
            .facts
            .iter()
            .filter(|fact| fact.origin.version == 1);
        let vic = people.filter(|fact| ledger.line(fact.id).contains("Vic"));
        let vic = vic.map(|fact| fact.person).next().unwrap();
        // The form that Vera sent turns out to be Vic's.
        for fact in &mut ledger.snapshot.facts {
            if fact.origin.version == 2 {
                fact.person = vic;
            }
        }
        ledger
    };
    let mut known = read(3);
    let mut parts = vec![of(&known, &charter, horizon)];
    for count in [4, 5] {
        let now = read(count);
        let change = change(&known, &now);
        let renewed = renew(&parts, change, &charter, horizon, horizon).unwrap();
        for (part, gone) in parts.iter_mut().zip(&renewed.gone) {
            part.retain(|cell| gone.binary_search(&cell).is_err());
        }
        parts.push(renewed.part);
        let joined = Part::join(parts.clone(), &charter.calendar);
        same(&joined, &of(&now, &charter, horizon), 0, &[]);
        known = now;
    }
}

#[test]
fn each_cell_alone_has_the_journeys_it_has_in_the_whole() {
    let mut checked = 0;
    for seed in 0..1_500 {
        let charter = charter(seed);
        let lines = lines(seed);
        let ledger = ledger(&lines, &lines, &charter);
        let horizon = horizon(&mut Chance::new(seed), &charter);
        let whole = of(&ledger, &charter, horizon);
        let given: Vec<Fact> = whole.given_facts().map(Cow::into_owned).collect();
        let is_team = |fact: &Fact| fact.kind == FactKind::Rep;
        for cell in 0..whole.count {
            let facts = given.iter().zip(&whole.cells);
            let own = facts.filter(|(fact, of)| **of == cell || is_team(fact));
            let snapshot = Snapshot {
                names: whole.snapshot.names.clone(),
                facts: own.map(|(fact, _)| fact.clone()).collect(),
                ..Snapshot::default()
            };
            let mut alone = Part::of(snapshot, &charter, horizon);
            let cells = alone.snapshot.facts.iter().zip(&alone.cells);
            let teams = cells.filter(|(fact, _)| is_team(fact));
            let teams: HashSet<u32> = teams.map(|(_, cell)| *cell).collect();
            alone.retain(|cell| !teams.contains(&cell));
            let there = whole.only(|other| other == cell);
            if !there.snapshot.facts.iter().any(is_team) {
                same(&alone, &there, seed, &lines);
                checked += 1;
            }
        }
    }
    assert!(checked > 5_000, "{checked}");
}

#[test]
fn the_facts_of_a_cell_have_one_home_however_few_of_them_tie_anything() {
    let (mut cells, mut homes_used) = (0, BTreeSet::new());
    for seed in 0..400 {
        let charter = charter(seed);
        let lines = lines(seed);
        let ledger = ledger(&lines, &lines, &charter);
        let Snapshot { names, facts, .. } = &ledger.snapshot;
        let sites = Sites::of(&ledger.snapshot);
        let mut homes = Homes::new(&charter.identity, &sites);
        // Facts that are alike but for whom they name tie several, or none of them does.
        let several = Homes::have_several((&charter.identity, &sites), names, facts);
        let mut alike = BTreeMap::new();
        for (fact, several) in facts.iter().zip(several) {
            let has = (
                fact.person.is_some(),
                fact.account.is_some(),
                fact.deal.is_some(),
            );
            let like = format!("{:?} {has:?} {:?}", fact.kind, fact.attributes);
            assert_eq!(
                *alike.entry(like).or_insert(several),
                several,
                "{seed} {fact:?}"
            );
        }
        facts.chunks(3).for_each(|some| {
            let several = Homes::have_several((&charter.identity, &sites), names, some);
            let some = some.iter().zip(several).filter(|(_, several)| *several);
            let some: Vec<Fact> = some.map(|(fact, _)| fact.clone()).collect();
            homes.see(names, &some);
        });
        let homes = homes.settle(5).of(names, facts);
        let whole = of(&ledger, &charter, charter.calendar.start_of(Day(20_200)));
        let places = whole.snapshot.facts.iter().map(|fact| fact.id);
        let places: BTreeMap<FactId, u32> = places.zip(whole.cells.iter().copied()).collect();
        let mut of_cell: BTreeMap<u32, u32> = BTreeMap::new();
        for (fact, home) in facts.iter().zip(homes) {
            assert_eq!(home.is_none(), fact.kind == FactKind::Rep);
            let Some(home) = home else { continue };
            homes_used.insert(home);
            let first = of_cell.entry(places[&fact.id]).or_insert(home);
            assert_eq!(*first, home, "seed {seed}\n{}", lines.join("\n"));
        }
        cells += of_cell.len();
    }
    assert!(cells > 400, "{cells} cells");
    assert_eq!(homes_used.len(), 5);
}
