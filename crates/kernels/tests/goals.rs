//! Goals against a plain count, one day after the other: of several lengths or of none, of the
//! company, of teams and of their reps.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};

use handfast_kernels::journey::{self, World};
use handfast_kernels::metric::{Counted, Metric, Scope, Split, measure};
use handfast_model::{Day, Grain, IssueCode};
use handfast_testkit::random::Chance;
use handfast_testkit::truth::goals::{Apart, Goal, apart};
use handfast_testkit::{Ledger, sketch};

/// A goal as it is written.
#[derive(Clone, Debug)]
struct Written {
    line: String,
    minor: i64,
    goal: Goal,
}

/// Periods of a year, as people write them.
const PERIODS: [(&str, &str, &str); 9] = [
    ("2025", "2025-01-01", "2026-01-01"),
    ("2025-Q1", "2025-01-01", "2025-04-01"),
    ("2025-Q2", "2025-04-01", "2025-07-01"),
    ("2025-01", "2025-01-01", "2025-02-01"),
    ("2025-02", "2025-02-01", "2025-03-01"),
    ("2025-03", "2025-03-01", "2025-04-01"),
    ("2025-04", "2025-04-01", "2025-05-01"),
    ("2025-01-01..2025-03-01", "2025-01-01", "2025-03-01"),
    ("2025-02-10..2025-02-20", "2025-02-10", "2025-02-20"),
];

/// Nobody, a team, or a rep with the team: Rosa is of the inside, Sam of nobody's team.
const OWNERS: [(Option<&str>, Option<&str>); 5] = [
    (None, None),
    (None, Some("inside")),
    (None, Some("field")),
    (Some("Rosa"), Some("inside")),
    (Some("Sam"), None),
];

fn pick<T: Copy, const N: usize>(all: [T; N], chance: &mut Chance) -> T {
    all[chance.below(N as u64) as usize]
}

fn draw(chance: &mut Chance) -> Written {
    let (label, from, until) = pick(PERIODS, chance);
    let (rep, team) = pick(OWNERS, chance);
    let currency = if chance.percent(80) { "EUR" } else { "USD" };
    let minor = 100 + chance.below(900) as i64;
    let who = match (rep, team) {
        (Some(rep), _) => format!(" ~{rep}"),
        (None, Some(team)) => format!(" team={team}"),
        (None, None) => String::new(),
    };
    let amount = format!("{}.{:02} {currency}", minor / 100, minor % 100);
    let is_named = chance.percent(90);
    let period = if is_named {
        format!(" period={label}")
    } else {
        String::new()
    };
    let day = |text: &str| Day::parse(text).unwrap().0;
    Written {
        line: format!("{from}  target{who}{period} amount='{amount}'"),
        minor,
        goal: Goal {
            rep: rep.map(str::to_owned),
            team: team.map(str::to_owned),
            currency: Some(currency.to_owned()),
            first: day(from),
            until: is_named.then(|| day(until)),
        },
    }
}

/// The rows of goals that something is wrong with.
type Rows = fn(&Apart) -> &BTreeSet<usize>;

#[test]
fn goals_of_many_lengths_and_owners_count_each_day_once() {
    let charter = sketch::charter("zone UTC\npath mql, won\nopens lead, deal").unwrap();
    let mut counts = [0; 4];
    for seed in 0..2_000 {
        let mut chance = Chance::new(seed ^ 0x60a1);
        let written: Vec<Written> = (0..chance.below(9)).map(|_| draw(&mut chance)).collect();
        let goals: Vec<Goal> = written.iter().map(|one| one.goal.clone()).collect();
        let mut lines: Vec<String> = vec!["2024-12-01  rep  ~Rosa  team=inside".to_owned()];
        lines.extend(written.iter().map(|one| one.line.clone()));
        let text = lines.join("\n");
        let ledger = Ledger::read(&text, &charter.calendar).unwrap();
        let world = World {
            snapshot: &ledger.snapshot,
            charter: &charter,
            horizon: charter.calendar.start_of(Day::parse("2026-01-01").unwrap()),
        };
        let journeys = journey::derive(&world);
        let (_, from, until) = pick(PERIODS, &mut chance);
        let [from, until] = [from, until].map(|day| Day::parse(day).unwrap());
        let is_by_rep = chance.percent(40);
        let grain = chance.percent(40).then_some(Grain::Month);
        let asked = Scope {
            from: Some(charter.calendar.start_of(from)),
            until: Some(charter.calendar.start_of(until)),
            split: Split::of(grain.into_iter()),
            is_by_rep,
            ..Scope::ALL
        };
        let found = measure(Metric::Target, &world, &journeys, &asked);
        // The places of facts in the ledger by their lines; the same line may stand there twice.
        let sums = |places: &mut dyn Iterator<Item = (String, i64)>| {
            let mut sums: BTreeMap<String, (i64, usize)> = BTreeMap::new();
            for (line, minor) in places {
                let sum = sums.entry(line).or_default();
                *sum = (sum.0 + minor, sum.1 + 1);
            }
            sums
        };
        let mut mine = found.members.iter().map(|member| {
            let Counted::Fact(fact) = member.counted else {
                unreachable!("goals are facts")
            };
            let id = ledger.snapshot.facts[fact as usize].id;
            (ledger.line(id).to_owned(), member.money.unwrap().minor)
        });
        let mine = sums(&mut mine);
        let slots: Vec<(Day, Day)> = match grain {
            None => vec![(from, until)],
            Some(grain) => {
                let periods = charter.calendar.periods(grain, from, until);
                let edge = |period: &handfast_model::Period| {
                    (period.from.max(from), period.until.min(until))
                };
                periods.iter().map(edge).collect()
            }
        };
        let told = slots.iter().map(|(from, until)| {
            let slot = Some((from.0, until.0));
            apart(&goals, slot, is_by_rep)
        });
        let told: Vec<Apart> = told.collect();
        let taken = told.iter().flat_map(|found| &found.counted);
        let mut taken = taken.map(|place| {
            let line = written[*place].line.split_whitespace();
            (line.collect::<Vec<_>>().join(" "), written[*place].minor)
        });
        let theirs = sums(&mut taken);
        assert_eq!(
            mine, theirs,
            "seed {seed} {from}..{until} {grain:?} {is_by_rep}\n{text}"
        );
        let codes: [(IssueCode, Rows); 3] = [
            (IssueCode::GoalTwice, |found| &found.twice),
            (IssueCode::GoalCut, |found| &found.cut),
            (IssueCode::GoalPartly, |found| &found.partly),
        ];
        for (at, (code, of)) in codes.into_iter().enumerate() {
            let issues = found.issues.iter().filter(|issue| issue.code == code);
            let sets = told.iter().flat_map(of);
            let truth: BTreeSet<usize> = sets.copied().collect();
            assert_eq!(issues.count(), truth.len(), "seed {seed} {code:?}\n{text}");
            counts[at] += truth.len();
        }
        counts[3] += mine.len();
    }
    assert!(counts.iter().all(|count| *count > 50), "{counts:?}");
}
