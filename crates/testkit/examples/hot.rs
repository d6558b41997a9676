//! Runs one hot kernel once, on invented facts that are the same for everybody: `hot KERNEL`.
//! `cargo xtask ratchet` counts the instructions of the work itself, under callgrind.

use std::fmt::Write as _;
use std::hint::black_box;

use handfast_kernels::cells::Part;
use handfast_kernels::cohort::{self, CohortRule};
use handfast_kernels::flat::Flat;
use handfast_kernels::funnel::flow_counts;
use handfast_kernels::journey::{self, World};
use handfast_kernels::window::{Events, levels};
use handfast_model::question::{Entries, Unit};
use handfast_model::rules::StepIx;
use handfast_model::{Charter, Day, Instant};
use handfast_testkit::random::{self, Chance};
use handfast_testkit::{Ledger, sketch};

/// The work that is counted: nothing before it and nothing after.
#[inline(never)]
fn hot_work<T>(work: impl FnOnce() -> T) {
    black_box(work());
}

fn main() -> Result<(), String> {
    let kernel = std::env::args().nth(1).unwrap_or_default();
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
        other => return Err(format!("`{other}`? derive, cells, funnel, cohort, window")),
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
