//! Naive twins: the same questions answered with loops over vectors, compared on thousands of
//! random ledgers. They share nothing with the kernels but the journeys they both look at.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;

use handfast_kernels::funnel::{self, CohortRule, UnitKey};
use handfast_kernels::journey::{self, Journeys, Visit, World};
use handfast_kernels::metric::{self, Counted, Metric, Scope};
use handfast_kernels::velocity;
use handfast_model::question::{Entries, Unit};
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{Charter, Day, Instant, When};
use handfast_testkit::{Ledger, random, sketch};

const SEEDS: u64 = 3_000;

struct Scene {
    charter: Charter,
    ledger: Ledger,
    horizon: Instant,
}

impl Scene {
    fn of(seed: u64) -> Scene {
        let charter = sketch::charter(random::CHARTER).unwrap();
        let ledger = Ledger::read(&random::lines(seed).join("\n"), &charter.calendar).unwrap();
        let horizon = charter.calendar.start_of(Day::parse("2025-06-30").unwrap());
        Scene {
            charter,
            ledger,
            horizon,
        }
    }

    fn world(&self) -> World<'_> {
        World {
            snapshot: &self.ledger.snapshot,
            charter: &self.charter,
            horizon: self.horizon,
        }
    }

    fn day(&self, text: &str) -> Instant {
        self.charter.calendar.start_of(Day::parse(text).unwrap())
    }

    /// Edges that fall before, inside and after what random ledgers hold.
    fn edges(&self) -> Vec<Instant> {
        [
            "2024-12-20",
            "2025-01-04",
            "2025-01-08",
            "2025-02-01",
            "2025-05-05",
            "2025-08-01",
        ]
        .map(|day| self.day(day))
        .to_vec()
    }
}

fn members(journeys: &Journeys, unit: Unit) -> Vec<(String, usize)> {
    let mut pairs = Vec::new();
    for (at, pursuit) in journeys.pursuits.iter().enumerate() {
        match unit {
            Unit::Pursuit => pairs.push((format!("{:?}", UnitKey::Pursuit(at as u32)), at)),
            Unit::Person => {
                for person in &pursuit.people {
                    pairs.push((format!("{:?}", UnitKey::Person(*person)), at));
                }
            }
            Unit::Account => {
                if let Some(account) = pursuit.account {
                    pairs.push((format!("{:?}", UnitKey::Account(account)), at));
                }
            }
            Unit::Deal => {
                if let Some(deal) = pursuit.deal {
                    let key = journeys.deals[deal as usize].key;
                    pairs.push((format!("{:?}", UnitKey::Deal(key)), at));
                }
            }
        }
    }
    pairs
}

/// From and until of a visit on the line of microseconds; undated is before everything.
fn stretch(visit: &Visit) -> (i64, i64) {
    let from = visit.entered.at.map_or(i64::MIN, |at| at.0);
    let until = match visit.left {
        None => i64::MAX,
        Some(left) => left.at.map_or(i64::MIN, |at| at.0),
    };
    (from, until)
}

/// Every unit's stretches in a step: any two that touch become one, until none do.
fn unions(journeys: &Journeys, unit: Unit, step: StepIx) -> Vec<(String, i64, i64)> {
    let mut stretches: Vec<(String, i64, i64)> = Vec::new();
    for (name, at) in members(journeys, unit) {
        for visit in journeys.pursuits[at]
            .visits
            .iter()
            .filter(|visit| visit.step == step)
        {
            let (from, until) = stretch(visit);
            stretches.push((name.clone(), from, until));
        }
    }
    if unit == Unit::Pursuit {
        return stretches;
    }
    'again: loop {
        for i in 0..stretches.len() {
            for j in i + 1..stretches.len() {
                let (a, b) = (stretches[i].clone(), stretches[j].clone());
                if a.0 == b.0 && a.1 <= b.2 && b.1 <= a.2 {
                    stretches.swap_remove(j);
                    stretches[i] = (a.0, a.1.min(b.1), a.2.max(b.2));
                    continue 'again;
                }
            }
        }
        return stretches;
    }
}

#[test]
fn flows_and_snapshots_agree_with_their_twins_and_conserve() {
    let mut counted = 0;
    for seed in 0..SEEDS {
        let scene = Scene::of(seed);
        let journeys = journey::derive(&scene.world());
        for unit in Unit::ALL {
            let stays = funnel::stays(&journeys, unit);
            for pair in scene.edges().windows(2) {
                for row in funnel::flow(&stays, &scene.charter, pair[0], pair[1]) {
                    let (from, until) = (pair[0].0, pair[1].0);
                    let all = unions(&journeys, unit, row.step);
                    let count = |yes: &dyn Fn(i64, i64) -> bool| {
                        all.iter().filter(|(_, a, b)| yes(*a, *b)).count()
                    };
                    let left: usize = row.left.values().map(Vec::len).sum();
                    let found = [
                        row.at_start.len(),
                        row.entered.len(),
                        left,
                        row.at_end.len(),
                    ];
                    let twin = [
                        count(&|a, b| a < from && b >= from),
                        count(&|a, _| from <= a && a < until),
                        count(&|_, b| from <= b && b < until),
                        count(&|a, b| a < until && b >= until),
                    ];
                    assert_eq!(found, twin, "seed {seed} {unit:?} {:?}", row.step);
                    assert_eq!(
                        found[0] + found[1],
                        found[2] + found[3],
                        "seed {seed} {unit:?}"
                    );
                    counted += found[1];
                }
                let there: BTreeSet<(String, StepIx)> = funnel::snapshot(&stays, pair[1])
                    .into_iter()
                    .map(|at| &stays[at as usize])
                    .map(|stay| (format!("{:?}", stay.unit), stay.step))
                    .collect();
                let mut twin = BTreeSet::new();
                for (name, at) in members(&journeys, unit) {
                    for visit in &journeys.pursuits[at].visits {
                        let (from, until) = stretch(visit);
                        if from <= pair[1].0 && pair[1].0 < until {
                            twin.insert((name.clone(), visit.step));
                        }
                    }
                }
                assert_eq!(there, twin, "seed {seed} {unit:?}");
            }
        }
    }
    assert!(
        counted > 10_000,
        "random ledgers hold too little to be a test: {counted}"
    );
}

/// Who entered, and whether each step of the path was reached: one line per entry.
fn cohort_twin(scene: &Scene, journeys: &Journeys, rule: &CohortRule) -> Vec<String> {
    let calendar = &scene.charter.calendar;
    let mut lines = Vec::new();
    for (at, pursuit) in journeys.pursuits.iter().enumerate() {
        let mut is_first = true;
        for (index, entry) in pursuit.visits.iter().enumerate() {
            if entry.step != rule.entry {
                continue;
            }
            if rule.entries == Entries::First && !is_first {
                break;
            }
            is_first = false;
            let is_in = match entry.entered.at {
                None => rule.from.is_none() && rule.until.is_none(),
                Some(t) => rule.from.is_none_or(|f| f <= t) && rule.until.is_none_or(|u| t < u),
            };
            if !is_in {
                continue;
            }
            let mut reached = String::new();
            for (number, step) in scene.charter.steps.iter().enumerate() {
                if !matches!(step.role, StepRole::Path | StepRole::Won) {
                    break;
                }
                let mut yes = false;
                for (later, visit) in pursuit.visits.iter().enumerate() {
                    let role = scene.charter.steps[visit.step.0 as usize].role;
                    let on_path = matches!(role, StepRole::Path | StepRole::Won);
                    let beyond = on_path && visit.step.0 as usize >= number && later >= index;
                    let start = entry.entered.when.day(calendar);
                    let in_time = match (rule.window_days, start, visit.entered.when.day(calendar))
                    {
                        (None, _, _) => true,
                        (Some(w), Some(a), Some(b)) => b.0 - a.0 < w as i32,
                        _ => later == index,
                    };
                    yes |= beyond && in_time;
                }
                reached.push(if yes { 'x' } else { '-' });
            }
            lines.push(format!("{at} {index} {reached}"));
        }
    }
    lines
}

#[test]
fn cohorts_agree_with_their_twin() {
    let mut counted = 0;
    for seed in 0..SEEDS {
        let scene = Scene::of(seed);
        let journeys = journey::derive(&scene.world());
        let period = (Some(scene.day("2025-01-03")), Some(scene.day("2025-01-09")));
        for (entry, window_days, entries, (from, until)) in [
            (0, None, Entries::First, (None, None)),
            (0, Some(5), Entries::All, period),
            (1, Some(3), Entries::First, period),
            (1, None, Entries::All, (None, None)),
        ] {
            let rule = CohortRule {
                entry: StepIx(entry),
                from,
                until,
                window_days,
                entries,
                unit: Unit::Pursuit,
                horizon: scene.horizon,
            };
            let found: Vec<String> = funnel::cohort(&journeys, &scene.charter, &rule)
                .iter()
                .map(|entry| {
                    let reached: String = entry
                        .reached
                        .iter()
                        .map(|reach| if reach.is_some() { 'x' } else { '-' })
                        .collect();
                    format!("{} {} {reached}", entry.visit.pursuit, entry.visit.visit)
                })
                .collect();
            assert_eq!(
                found,
                cohort_twin(&scene, &journeys, &rule),
                "seed {seed} {rule:?}"
            );
            counted += found.len();
        }
    }
    assert!(counted > 5_000, "{counted}");
}

#[test]
fn a_unit_reached_what_any_of_its_pursuits_reached() {
    for seed in 0..SEEDS {
        let scene = Scene::of(seed);
        let journeys = journey::derive(&scene.world());
        for unit in [Unit::Person, Unit::Account, Unit::Deal] {
            let rule = CohortRule {
                entry: StepIx(0),
                from: None,
                until: None,
                window_days: None,
                entries: Entries::First,
                unit,
                horizon: scene.horizon,
            };
            let won = scene
                .charter
                .steps
                .iter()
                .position(|step| step.role == StepRole::Won);
            let found: BTreeSet<(String, bool)> = funnel::cohort(&journeys, &scene.charter, &rule)
                .iter()
                .map(|entry| {
                    (
                        format!("{:?}", entry.unit),
                        entry.reached[won.unwrap()].is_some(),
                    )
                })
                .collect();
            // Twin: the earliest entry of the unit; won at or after it in any pursuit.
            let mut twin = BTreeSet::new();
            let pairs = members(&journeys, unit);
            for (name, _) in &pairs {
                let own: Vec<usize> = pairs
                    .iter()
                    .filter(|(other, _)| other == name)
                    .map(|(_, at)| *at)
                    .collect();
                let entries = |at: usize| {
                    let visits = journeys.pursuits[at].visits.iter().enumerate();
                    visits.filter(|(_, visit)| visit.step == StepIx(0))
                };
                let starts: Vec<i64> = own
                    .iter()
                    .flat_map(|at| entries(*at).map(|(_, visit)| stretch(visit).0))
                    .collect();
                let Some(first) = starts.iter().min() else {
                    continue;
                };
                let mut is_won = false;
                for at in own {
                    let entered = entries(at).any(|(_, visit)| stretch(visit).0 == *first);
                    for visit in &journeys.pursuits[at].visits {
                        let is_win = usize::from(visit.step.0) == won.unwrap();
                        let after =
                            entered || visit.entered.at.is_none() || stretch(visit).0 >= *first;
                        is_won |= is_win && after;
                    }
                }
                twin.insert((name.clone(), is_won));
            }
            assert_eq!(found, twin, "seed {seed} {unit:?}");
        }
    }
}

#[test]
fn durations_and_win_rates_agree_with_their_twins() {
    let mut counted = 0;
    for seed in 0..SEEDS {
        let scene = Scene::of(seed);
        let (world, calendar) = (scene.world(), &scene.charter.calendar);
        let journeys = journey::derive(&world);
        let cycles = velocity::cycles(&journeys, calendar, None);
        let mut twin = Vec::new();
        for (at, pursuit) in journeys.pursuits.iter().enumerate() {
            let Some(end) = pursuit.end else { continue };
            let seconds = match (pursuit.opened.when, end.moment.when) {
                (When::Unknown, _) | (_, When::Unknown) => continue,
                (When::At(a), When::At(b)) => (b.0 - a.0) as f64 / 1e6,
                (a, b) => {
                    let day = |when: When| when.day(calendar).unwrap().0;
                    f64::from(day(b) - day(a)) * 86_400.0
                }
            };
            twin.push((at as u32, seconds.floor() as i64));
        }
        let found: Vec<(u32, i64)> = cycles
            .iter()
            .map(|cycle| (cycle.pursuit, cycle.elapsed.seconds))
            .collect();
        assert_eq!(found, twin, "seed {seed}");
        let summary = velocity::summary(cycles.iter().map(|cycle| cycle.elapsed));
        let mut sorted: Vec<i64> = twin.iter().map(|(_, seconds)| *seconds).collect();
        sorted.sort_unstable();
        assert_eq!(summary.sum_seconds, sorted.iter().sum::<i64>());
        if let Some(twice) = summary.median_twice_seconds {
            let (low, high) = (sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2]);
            assert_eq!(twice, low + high, "seed {seed}");
        }
        let (from, until) = (scene.day("2025-01-02"), scene.day("2025-02-01"));
        let scope = Scope {
            from: Some(from),
            until: Some(until),
            unit: Unit::Deal,
            step: None,
        };
        let rate = metric::measure(Metric::WinRate, &world, &journeys, &scope);
        let (mut won, mut lost) = (Vec::new(), Vec::new());
        for (at, deal) in journeys.deals.iter().enumerate() {
            let closed = deal.closed.and_then(|closed| closed.at);
            if closed.is_some_and(|closed| from <= closed && closed < until) {
                match deal.outcome {
                    Some(StepRole::Won) => won.push(Counted::Deal(at as u32)),
                    Some(StepRole::Lost) => lost.push(Counted::Deal(at as u32)),
                    _ => {}
                }
            }
        }
        let part: Vec<Counted> = rate
            .members
            .iter()
            .filter(|m| m.is_part)
            .map(|m| m.counted)
            .collect();
        assert_eq!(
            (part, rate.members.len()),
            (won.clone(), won.len() + lost.len())
        );
        counted += rate.members.len();
    }
    assert!(counted > 500, "{counted}");
}
