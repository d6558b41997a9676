//! Runs one hot kernel once, on invented facts that are the same for everybody: `hot KERNEL`.
//! `cargo xtask ratchet` counts the instructions of the work itself, under callgrind.

use std::fmt::Write as _;
use std::hint::black_box;

use handfast_kernels::cells::Part;
use handfast_kernels::cohort::{self, CohortRule};
use handfast_kernels::credit::chain::Chain;
use handfast_kernels::credit::paths::{Path, Paths};
use handfast_kernels::credit::rule::{Rule, Touch, Trail};
use handfast_kernels::flat::Flat;
use handfast_kernels::funnel::flow_counts;
use handfast_kernels::journey::{self, World};
use handfast_kernels::window::{Events, levels};
use handfast_model::credit::{NobodyBetween, Positions};
use handfast_model::money::share_runs;
use handfast_model::question::{Entries, Unit};
use handfast_model::rules::StepIx;
use handfast_model::{Charter, Day, Instant, threads};
use handfast_testkit::random::{self, Chance};
use handfast_testkit::{Ledger, sketch};

/// The work that is counted: nothing before it and nothing after.
#[inline(never)]
fn hot_work<T>(work: impl FnOnce() -> T) {
    black_box(work());
}

fn main() -> Result<(), String> {
    let kernel = std::env::args().nth(1).unwrap_or_default();
    // What other threads do is not counted.
    threads::say(1);
    let charter = sketch::charter(random::CHARTER)?;
    let horizon = charter.calendar.start_of(Day(40_000));
    match kernel.as_str() {
        "window" => window(),
        "derive" => {
            let ledger = facts(&charter)?;
            let snapshot = &ledger.snapshot;
            let world = World {
                snapshot,
                charter: &charter,
                horizon,
            };
            hot_work(|| journey::derive(&world));
        }
        "cells" => {
            let snapshot = facts(&charter)?.snapshot;
            hot_work(|| Part::of(snapshot, &charter, horizon));
        }
        "funnel" | "cohort" => {
            let ledger = facts(&charter)?;
            count(&kernel, &ledger, &charter, horizon);
        }
        "credit" => credit(),
        "chain" => chain(),
        other => {
            return Err(format!(
                "`{other}`? derive, cells, funnel, cohort, window, credit, chain"
            ));
        }
    }
    Ok(())
}

/// Three thousand buyers, a thousand accounts, eleven facts each.
fn facts(charter: &Charter) -> Result<Ledger, String> {
    let mut chance = Chance::new(1);
    let mut text = String::new();
    for buyer in 0..3_000_u32 {
        let day = Day(19_000 + i32::try_from(chance.below(700)).unwrap_or(0));
        let _ = writeln!(text, "{day} person P{buyer} @A{}", buyer / 3);
        let _ = writeln!(text, "{day} mark P{buyer} -> mql");
        for touch in 0..5 {
            let at = day.plus(touch * 7);
            let _ = writeln!(text, "{at} touch P{buyer} call n={touch}");
        }
        let _ = writeln!(text, "{} deal #{buyer} P{buyer} status=open", day.plus(30));
        let _ = writeln!(text, "{} mark #{buyer} -> sql", day.plus(31));
        let _ = writeln!(text, "{} mark #{buyer} -> won", day.plus(60));
    }
    Ledger::read(&text, &charter.calendar)
}

/// A flow by thirty periods, or a cohort, of what is derived already.
fn count(kernel: &str, ledger: &Ledger, charter: &Charter, horizon: Instant) {
    let world = World {
        snapshot: &ledger.snapshot,
        charter,
        horizon,
    };
    let journeys = journey::derive(&world);
    let start = |month: i32| charter.calendar.start_of(Day(19_000 + month * 30));
    let edges: Vec<Instant> = (0..=30).map(start).collect();
    let rule = CohortRule {
        entry: StepIx(0),
        from: None,
        until: None,
        window_days: Some(90),
        entries: Entries::First,
        unit: Unit::Pursuit,
        horizon,
    };
    match kernel {
        "cohort" => hot_work(|| cohort::cohort(&journeys, charter, &rule)),
        _ => hot_work(|| {
            let stays = Flat::of(&journeys, Unit::Account, &charter.calendar);
            let groups = vec![0; stays.rows.len()];
            flow_counts(&stays, &groups, 1, &edges)
        }),
    }
}

/// Ten thousand trails of up to sixteen touches, each weighed by place, by age, and by the last
/// touch that is not direct, and an amount shared out by these weights.
fn credit() {
    let mut chance = Chance::new(3);
    let trails: Vec<(Vec<Touch>, usize)> = (0..10_000)
        .map(|_| {
            let count = 1 + chance.below(16);
            let touch = |chance: &mut Chance| Touch {
                age: i64::try_from(chance.below(90 * 86_400)).unwrap_or(0) * 1_000_000,
                is_direct: chance.percent(20),
            };
            let mut touches: Vec<Touch> = (0..count).map(|_| touch(&mut chance)).collect();
            touches.sort_by_key(|touch| std::cmp::Reverse(touch.age));
            let lead = usize::try_from(chance.below(count)).unwrap_or(0);
            (touches, lead)
        })
        .collect();
    let shaped = Positions {
        first: 3_000,
        lead: 3_000,
        deal: 0,
        last: 3_000,
        between: 1_000,
        nobody_between: NobodyBetween::Proportional,
    };
    let half_life = 7 * 86_400_000_000;
    let rules = [
        Rule::Positions(shaped),
        Rule::LastNonDirect,
        Rule::Decay { half_life },
    ];
    hot_work(|| {
        let (mut runs, mut sum) = (Vec::new(), 0_i64);
        for rule in rules {
            for (minor, (touches, lead)) in (100_000..).zip(&trails) {
                let trail = Trail {
                    touches,
                    lead: Some(*lead),
                    deal: None,
                };
                rule.runs(trail, &mut runs);
                share_runs(minor, &mut runs);
                sum = runs.iter().fold(sum, |sum, run| sum ^ run.each);
            }
        }
        sum
    });
}

/// Ten thousand paths through twelve channels, gathered, and what is lost without each channel by
/// chains of both orders.
fn chain() {
    let mut chance = Chance::new(4);
    let paths: Vec<(Vec<u16>, bool)> = (0..10_000)
        .map(|_| {
            let count = 1 + chance.below(6);
            let steps = (0..count).map(|_| u16::try_from(chance.below(12)).unwrap_or(0));
            let steps = steps.collect();
            (steps, chance.percent(30))
        })
        .collect();
    hot_work(|| {
        let mut gathered = Paths::default();
        for (steps, is_won) in &paths {
            gathered.add(Path {
                steps,
                won: u64::from(*is_won),
                lost: u64::from(!is_won),
                value: 0,
            });
        }
        [1, 2].map(|order| Chain::of(gathered.iter(), 12, order).removal())
    });
}

/// A hundred thousand events of ten thousand entities.
fn window() {
    let mut chance = Chance::new(2);
    let (mut entities, mut times, mut stages) = (Vec::new(), Vec::new(), Vec::new());
    for entity in 0..10_000 {
        let mut time = 0;
        for _ in 0..10 {
            time += i64::try_from(chance.below(500_000)).unwrap_or(0);
            entities.push(entity);
            times.push(time);
            stages.push(1_u8 << chance.below(6));
        }
    }
    let events = Events {
        entities: &entities,
        times: &times,
        stages: &stages,
    };
    hot_work(|| levels(events, 604_800));
}
