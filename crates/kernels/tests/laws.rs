//! Laws that hold whatever the facts say, on random ledgers full of contradictions.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};

use handfast_kernels::flat::{Flat, Row, STILL, UNDATED};
use handfast_kernels::funnel::{self, CohortRule};
use handfast_kernels::invariants;
use handfast_kernels::journey::{self, Journeys, LeftBy, World};
use handfast_kernels::transitions::{Kind, Spot, between, transitions};
use handfast_model::question::{Entries, Unit};
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{Charter, Day, Fact, FactId, FactKind, Instant, IssueCode};
use handfast_testkit::answer::answer;
use handfast_testkit::random::{self, Chance};
use handfast_testkit::{Ledger, sketch};

const SEEDS: u64 = 2_000;

const ASKS: [&str; 8] = [
    "pursuits horizon=2025-06-29",
    "funnel view=cohort entry=mql window=9 horizon=2025-06-29",
    "funnel view=flow period=2025-01 unit=account",
    "funnel view=flow period=2025-Q2 unit=person",
    "velocity from=sql",
    "metric win_rate unit=deal",
    "metric revenue",
    "metric open_value period=2025-01",
];

fn charter() -> Charter {
    sketch::charter(random::CHARTER).unwrap()
}

fn read(lines: &[String], charter: &Charter) -> Ledger {
    Ledger::read(&lines.join("\n"), &charter.calendar).unwrap()
}

fn horizon(charter: &Charter) -> Instant {
    charter.calendar.start_of(Day::parse("2025-06-30").unwrap())
}

fn derive(ledger: &Ledger, charter: &Charter) -> Journeys {
    journey::derive(&World {
        snapshot: &ledger.snapshot,
        charter,
        horizon: horizon(charter),
    })
}

#[test]
fn the_order_of_arrival_and_the_numbers_of_symbols_change_nothing() {
    let charter = charter();
    for seed in 0..SEEDS {
        let mut lines = random::lines(seed);
        let first = read(&lines, &charter);
        Chance::new(seed).shuffle(&mut lines);
        let second = read(&lines, &charter);
        for ask in ASKS {
            let answers = [&first, &second].map(|ledger| answer(ledger, &charter, ask).unwrap());
            assert_eq!(answers[0], answers[1], "seed {seed}: {ask}");
        }
    }
}

#[test]
fn other_buyers_change_nothing() {
    let charter = charter();
    for seed in 0..SEEDS {
        let (here, there) = (random::lines(seed), random::lines(seed + 1_000_000));
        let there: Vec<String> = there.iter().map(|line| elsewhere(line)).collect();
        let both: Vec<String> = here.iter().chain(&there).cloned().collect();
        let mut apart: Vec<String> = Vec::new();
        for lines in [&here, &there] {
            apart.extend(shapes(&read(lines, &charter), &charter));
        }
        let mut together = shapes(&read(&both, &charter), &charter);
        apart.sort();
        together.sort();
        assert_eq!(apart, together, "seed {seed}");
    }
}

/// The same line about people, accounts and deals of another town.
fn elsewhere(line: &str) -> String {
    let mut line = line.to_owned();
    for name in [
        "Ana", "Ben", "Cleo", "Dov", "@Acme", "@Bolt", "#1", "#2", "#3",
    ] {
        line = line.replace(name, &format!("{name}elsewhere"));
    }
    line
}

/// Pursuits without their numbers.
fn shapes(ledger: &Ledger, charter: &Charter) -> Vec<String> {
    let text = |sym| ledger.snapshot.names.text(sym).to_owned();
    let journeys = derive(ledger, charter);
    let shape = |pursuit: &journey::Pursuit| {
        let visits: Vec<String> = pursuit
            .visits
            .iter()
            .map(|v| {
                format!(
                    "{:?} {:?} {:?} {:?} {:?}",
                    v.step,
                    v.entered,
                    v.left,
                    v.left_by,
                    v.rep.map(text)
                )
            })
            .collect();
        let end = pursuit.end.map(|end| (end.role, end.moment));
        format!("{} {:?} {end:?} {visits:?}", pursuit.id, pursuit.opened)
    };
    journeys.pursuits.iter().map(shape).collect()
}

#[test]
fn periods_split_and_merge() {
    let charter = charter();
    let day = |text: &str| charter.calendar.start_of(Day::parse(text).unwrap());
    for seed in 0..SEEDS {
        let journeys = derive(&read(&random::lines(seed), &charter), &charter);
        for unit in Unit::ALL {
            let stays = funnel::stays(&journeys, unit);
            let (a, b, c) = (day("2025-01-03"), day("2025-01-07"), day("2025-05-04"));
            let flow = |from, until| funnel::flow(&stays, &charter, from, until);
            for ((one, two), all) in flow(a, b).iter().zip(&flow(b, c)).zip(&flow(a, c)) {
                assert_eq!(one.at_end, two.at_start, "seed {seed} {unit:?}");
                assert_eq!(one.at_start, all.at_start);
                assert_eq!(two.at_end, all.at_end);
                assert_eq!(one.entered.len() + two.entered.len(), all.entered.len());
                let left =
                    |by: LeftBy, row: &funnel::FlowRow| row.left.get(&by).map_or(0, Vec::len);
                for by in LeftBy::ALL {
                    assert_eq!(left(by, one) + left(by, two), left(by, all), "seed {seed}");
                }
            }
            for entries in [Entries::First, Entries::All] {
                let size = |from, until| {
                    let rule = CohortRule {
                        entry: StepIx(0),
                        from: Some(from),
                        until: Some(until),
                        window_days: Some(4),
                        entries,
                        unit,
                        horizon: day("2025-06-30"),
                    };
                    funnel::cohort(&journeys, &charter, &rule).len()
                };
                assert_eq!(size(a, b) + size(b, c), size(a, c), "seed {seed} {unit:?}");
            }
        }
    }
}

/// Pursuits in no stage, and wins that were left for a stage of the path, are told one by one.
fn check_told(journeys: &Journeys, ledger: &Ledger, charter: &Charter, seed: u64) {
    let told = |code: IssueCode| -> BTreeSet<FactId> {
        let found = journeys.issues.iter().filter(|issue| issue.code == code);
        found.filter_map(|issue| issue.fact).collect()
    };
    let nowhere = journeys.pursuits.iter().filter(|one| one.visits.is_empty());
    let nowhere: BTreeSet<FactId> = nowhere.map(|one| one.id).collect();
    assert_eq!(told(IssueCode::NoStage), nowhere, "seed {seed}");
    let back = told(IssueCode::Backwards);
    let facts = ledger.snapshot.facts.iter();
    let back: Vec<&Fact> = facts.filter(|fact| back.contains(&fact.id)).collect();
    for pursuit in &journeys.pursuits {
        let deal = pursuit.deal.map(|deal| journeys.deals[deal as usize].key);
        let is_about = |fact: &&Fact| match fact.deal {
            Some(_) => fact.deal == deal,
            None => {
                fact.account.is_some() && fact.account == pursuit.account
                    || fact.person.is_some_and(|one| pursuit.people.contains(&one))
            }
        };
        let left_a_win = pursuit.visits.iter().any(|visit| {
            charter.steps[visit.step.0 as usize].role == StepRole::Won
                && visit.left_by == LeftBy::Back
        });
        if left_a_win {
            assert!(
                back.iter().copied().any(|fact| is_about(&fact)),
                "seed {seed}: {pursuit:?}"
            );
        }
    }
}

#[test]
fn journeys_keep_their_shape() {
    let charter = charter();
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 0..SEEDS {
        let ledger = read(&random::lines(seed), &charter);
        let journeys = derive(&ledger, &charter);
        let named: BTreeSet<_> = ledger
            .snapshot
            .facts
            .iter()
            .filter(|fact| matches!(fact.kind, FactKind::Deal | FactKind::Mark))
            .filter_map(|fact| fact.deal)
            .collect();
        assert_eq!(
            journeys.deals.len(),
            named.len(),
            "seed {seed}: a deal is lost or doubled"
        );
        let world = World {
            snapshot: &ledger.snapshot,
            charter: &charter,
            horizon: horizon(&charter),
        };
        let found = invariants::shapes(&world, &journeys);
        assert!(found.is_empty(), "seed {seed}: {found:?}");
        let visits = journeys.pursuits.iter().flat_map(|one| &one.visits);
        for visit in visits {
            *seen.entry(visit.left_by.word()).or_default() += 1;
            let step = &charter.steps[visit.step.0 as usize];
            assert!(step.is_implied || !visit.is_implied, "seed {seed}");
        }
        check_told(&journeys, &ledger, &charter, seed);
        for issue in &journeys.issues {
            *seen.entry(issue.code.code()).or_default() += 1;
        }
    }
    for code in [
        IssueCode::EndedBeforeOpening,
        IssueCode::ClosedBeforeCreated,
        IssueCode::WonWithoutStage,
        IssueCode::UnknownStage,
        IssueCode::Undated,
        IssueCode::NoAccount,
        IssueCode::AfterEnd,
        IssueCode::NoStage,
        IssueCode::Backwards,
    ] {
        assert!(seen.contains_key(code.code()), "{code:?} never came up");
    }
    for way in LeftBy::ALL {
        assert!(seen.contains_key(way.word()), "{way:?} never came up");
    }
}

#[test]
fn a_counted_flow_counts_whom_a_listed_one_lists() {
    let charter = charter();
    let day = |text: &str| charter.calendar.start_of(Day::parse(text).unwrap());
    let edges = [
        "2024-12-01",
        "2025-01-01",
        "2025-01-20",
        "2025-02-01",
        "2025-06-01",
    ]
    .map(day);
    let periods: Vec<_> = (0..4).map(|at| (edges[at], edges[at + 1])).collect();
    let mut counted = 0;
    for seed in 0..SEEDS {
        let journeys = derive(&read(&random::lines(seed), &charter), &charter);
        for unit in Unit::ALL {
            let stays = funnel::stays(&journeys, unit);
            let mut chance = Chance::new(seed);
            let groups: Vec<u32> = stays
                .iter()
                .map(|stay| match chance.below(8).checked_sub(1) {
                    Some(group) => (group % 2) as u32 * 50 + u32::from(stay.step.0),
                    None => funnel::LEFT_OUT,
                })
                .collect();
            let flat = Flat::of(&journeys, unit, &charter.calendar);
            let counts = funnel::flow_counts(&flat, &groups, 100, &edges);
            for (period, (from, until)) in periods.iter().enumerate() {
                for row in funnel::flow(&stays, &charter, *from, *until) {
                    for group in [0, 50].map(|group| group + u32::from(row.step.0)) {
                        let count = counts[group as usize][period];
                        let of = |list: &[u32]| {
                            let list = list.iter().filter(|stay| groups[**stay as usize] == group);
                            list.count() as u64
                        };
                        counted += count.entered;
                        assert_eq!(count.at_start, of(&row.at_start), "{seed} {unit:?}");
                        assert_eq!(count.entered, of(&row.entered), "{seed} {unit:?}");
                        assert_eq!(count.at_end, of(&row.at_end), "{seed} {unit:?}");
                        for (way, count) in LeftBy::ALL.iter().zip(count.left) {
                            let left = row.left.get(way).map_or(0, |left| of(left));
                            assert_eq!(count, left, "{seed} {unit:?} {way:?}");
                        }
                    }
                }
            }
        }
    }
    assert!(counted > 10_000, "{counted}");
}

/// More stays than one thread takes, many of them from edge to edge.
#[test]
fn a_flow_counted_by_many_threads_counts_each_stay_once() {
    const GROUPS: u32 = 3;
    let mut chance = Chance::new(7);
    let mut flat = Flat::default();
    for unit in 0..600_000 {
        let from = chance.below(60) as i64;
        let entered = if from < 2 { UNDATED } else { from };
        let until = from + chance.below(20) as i64;
        flat.rows.push(Row {
            entered,
            left: if until > 70 { STILL } else { until },
            visit: unit,
            pursuit: unit,
            unit,
            step: 0,
            left_by: chance.below(LeftBy::ALL.len() as u64) as u8,
            is_seen: true,
        });
    }
    let groups: Vec<u32> = flat
        .rows
        .iter()
        .map(|_| chance.below(u64::from(GROUPS)) as u32)
        .collect();
    let edges = [10, 20, 21, 40].map(Instant);
    // So many groups that one thread counts them all.
    for count in [GROUPS, 20_000] {
        let counts = funnel::flow_counts(&flat, &groups, count as usize, &edges);
        for group in 0..GROUPS {
            for (period, edge) in edges.windows(2).enumerate() {
                let (from, until) = (edge[0].0, edge[1].0);
                let own = flat.rows.iter().zip(&groups);
                let own = own.filter(|(_, of)| **of == group).map(|(row, _)| row);
                let many = |is_in: &dyn Fn(&Row) -> bool| {
                    own.clone().filter(|row| is_in(row)).count() as u64
                };
                let told = counts[group as usize][period];
                let there = |row: &Row, at: i64| row.entered < at && at <= row.left;
                assert_eq!(told.at_start, many(&|row| there(row, from)), "{edge:?}");
                assert_eq!(told.at_end, many(&|row| there(row, until)), "{edge:?}");
                let within = |at: i64| from <= at && at < until;
                assert_eq!(told.entered, many(&|row| within(row.entered)), "{edge:?}");
                for (way, left) in told.left.into_iter().enumerate() {
                    let is_it = |row: &Row| within(row.left) && usize::from(row.left_by) == way;
                    assert_eq!(left, many(&is_it), "{edge:?}");
                }
            }
        }
    }
}

/// What comes to a stage is what goes from it and what passed it, and is what the flow says of it.
#[test]
fn transitions_balance_and_are_those_of_the_flow() {
    let charter = charter();
    let steps = charter.steps.as_slice();
    let day = |text: &str| charter.calendar.start_of(Day::parse(text).unwrap());
    let mut seen: BTreeSet<Kind> = BTreeSet::new();
    for seed in 0..SEEDS {
        let journeys = derive(&read(&random::lines(seed), &charter), &charter);
        let all = transitions(&journeys, steps);
        seen.extend(all.iter().map(|one| one.kind));
        let stays = funnel::stays(&journeys, Unit::Pursuit);
        let edges = [
            "2024-12-01",
            "2025-01-05",
            "2025-01-09",
            "2025-02-02",
            "2025-06-30",
        ]
        .map(day);
        for (from, until) in edges.windows(2).map(|pair| (pair[0], pair[1])) {
            let found = between(&all, (&journeys, steps), (from, until));
            let flow = funnel::flow(&stays, &charter, from, until);
            for (row, step) in flow.iter().zip(steps) {
                let here = Spot::Step(row.step);
                let count = |is: &dyn Fn(Spot, Spot, Kind) -> bool| {
                    let yes = found.iter().filter(|one| is(one.from, one.to, one.kind));
                    yes.count()
                };
                let passed = count(&|_, to, kind| to == here && kind == Kind::Passed);
                let entered = count(&|_, to, kind| to == here && kind != Kind::Stay);
                let left = count(&|from, _, kind| {
                    from == here && !matches!(kind, Kind::Stay | Kind::Passed)
                });
                let what = format!("seed {seed} {} {from:?}..{until:?}", step.id);
                assert_eq!(entered, row.entered.len(), "{what}");
                let flown: usize = row.left.values().map(Vec::len).sum();
                assert_eq!(left + passed, flown, "{what}");
                if step.role.is_end() {
                    continue;
                }
                let started = count(&|from, to, _| from == Spot::AtStart && to == here);
                let ended = count(&|from, to, _| from == here && to == Spot::AtEnd);
                assert_eq!(started, row.at_start.len(), "{what}");
                assert_eq!(ended, row.at_end.len(), "{what}");
                assert_eq!(started + entered, left + passed + ended, "{what}");
            }
        }
    }
    let all = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Stay);
    assert_eq!(seen, all.collect(), "every kind comes up");
}
