//! Goals against a plain count, one day after the other: of several lengths, of the company, of
//! teams and of their reps.

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
use handfast_testkit::{Ledger, sketch};

#[derive(Clone, Debug)]
struct Goal {
    line: String,
    /// Nobody, a team, or a rep with the team.
    rep: Option<&'static str>,
    team: Option<&'static str>,
    currency: &'static str,
    minor: i64,
    from: Day,
    until: Day,
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

/// Rosa is of the inside, Sam of nobody's team.
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

fn draw(chance: &mut Chance) -> Goal {
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
    Goal {
        line: format!("{from}  target{who} period={label} amount='{amount}'"),
        rep,
        team,
        currency,
        minor,
        from: Day::parse(from).unwrap(),
        until: Day::parse(until).unwrap(),
    }
}

/// The places of the goals that make up some days, of those that others say, of those cut, and of
/// those of which others say some days.
fn truth(goals: &[Goal], slot: (Day, Day), is_by_rep: bool) -> [BTreeSet<usize>; 4] {
    let days = |goal: &Goal| goal.from.0..goal.until.0;
    let is_within = |day: &i32| slot.0.0 <= *day && *day < slot.1.0;
    let [mut taken, mut twice, mut cut] = [BTreeSet::new(), BTreeSet::new(), BTreeSet::new()];
    let mut order: Vec<usize> = Vec::new();
    for (place, goal) in goals.iter().enumerate() {
        match (
            days(goal).all(|day| is_within(&day)),
            days(goal).any(|day| is_within(&day)),
        ) {
            (true, _) => order.push(place),
            (false, true) => _ = cut.insert(place),
            (false, false) => {}
        }
    }
    order.sort_by_key(|place| (-(days(&goals[*place]).len() as i64), *place));
    // By owner, currency and day: of which goal's days it is.
    let mut occupied = BTreeMap::new();
    for place in order {
        let goal = &goals[place];
        let key = |day| (goal.rep, goal.team, goal.currency, day);
        let is_free = days(goal).all(|day| {
            let known = occupied.get(&key(day));
            known.is_none_or(|span| *span == (goal.from, goal.until))
        });
        if !is_free {
            twice.insert(place);
            continue;
        }
        days(goal).for_each(|day| _ = occupied.insert(key(day), (goal.from, goal.until)));
        taken.insert(place);
    }
    let level = |goal: &Goal| match (goal.rep, goal.team) {
        (None, None) => 0,
        (None, Some(_)) => 1,
        (Some(_), _) => 2,
    };
    let is_said = |taken: &BTreeSet<usize>, place: usize, day: i32| {
        let goal = &goals[place];
        taken.iter().map(|other| &goals[*other]).any(|other| {
            let (wide, narrow) = if is_by_rep {
                (goal, other)
            } else {
                (other, goal)
            };
            let holds = level(wide) == 0 || wide.team == narrow.team;
            let is_level = level(wide) < level(narrow) && other.currency == goal.currency;
            is_level && holds && days(other).contains(&day)
        })
    };
    // The company, then its teams, then their reps; by rep the other way round.
    let levels = if is_by_rep { [2, 1, 0] } else { [0, 1, 2] };
    let (mut counted, mut partly) = (BTreeSet::new(), BTreeSet::new());
    for owners in levels {
        let mine = taken
            .iter()
            .filter(|place| level(&goals[**place]) == owners);
        for place in mine {
            let said = days(&goals[*place]).filter(|day| is_said(&counted, *place, *day));
            match (said.count(), days(&goals[*place]).len()) {
                (0, _) => {}
                (said, all) if said == all => _ = twice.insert(*place),
                _ => _ = partly.insert(*place),
            }
        }
        let is_free = |place: &&usize| !twice.contains(*place) && !partly.contains(*place);
        let mine = taken
            .iter()
            .filter(|place| level(&goals[**place]) == owners);
        counted.extend(mine.filter(is_free).copied().collect::<Vec<_>>());
    }
    [counted, twice, cut, partly]
}

#[test]
fn goals_of_many_lengths_and_owners_count_each_day_once() {
    let charter = sketch::charter("zone UTC\npath mql, won\nopens lead, deal").unwrap();
    let mut counts = [0; 4];
    for seed in 0..2_000 {
        let mut chance = Chance::new(seed ^ 0x60a1);
        let goals: Vec<Goal> = (0..chance.below(9)).map(|_| draw(&mut chance)).collect();
        let mut lines: Vec<String> = vec!["2024-12-01  rep  ~Rosa  team=inside".to_owned()];
        lines.extend(goals.iter().map(|goal| goal.line.clone()));
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
        let told: Vec<[BTreeSet<usize>; 4]> = slots
            .iter()
            .map(|slot| truth(&goals, *slot, is_by_rep))
            .collect();
        let taken = told.iter().flat_map(|[taken, ..]| taken.iter());
        let mut taken = taken.map(|place| {
            let line = goals[*place].line.split_whitespace();
            (line.collect::<Vec<_>>().join(" "), goals[*place].minor)
        });
        let theirs = sums(&mut taken);
        assert_eq!(
            mine, theirs,
            "seed {seed} {from}..{until} {grain:?} {is_by_rep}\n{text}"
        );
        let codes = [
            IssueCode::GoalTwice,
            IssueCode::GoalCut,
            IssueCode::GoalPartly,
        ];
        for (at, code) in codes.into_iter().enumerate() {
            let issues = found.issues.iter().filter(|issue| issue.code == code);
            let sets = told.iter().flat_map(|sets| sets[at + 1].iter());
            let truth: BTreeSet<usize> = sets.copied().collect();
            assert_eq!(issues.count(), truth.len(), "seed {seed} {code:?}\n{text}");
            counts[at] += truth.len();
        }
        counts[3] += mine.len();
    }
    assert!(counts.iter().all(|count| *count > 50), "{counts:?}");
}
