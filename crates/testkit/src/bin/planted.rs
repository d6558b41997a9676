//! The simulator under test: of each mistake that is planted on purpose it must show a world in
//! which it is seen. `cargo xtask planted` builds and runs this, with planted bugs; nothing else
//! does.

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use handfast_model::planted::{Bug, choose};
use handfast_testkit::simulator::world::Size;
use handfast_testkit::simulator::{Case, USUAL};

/// Within so many worlds each bug must be found.
const SEEDS: u64 = 500;

/// The first seed that shows the bug, and the question on which it does.
fn hunt(bug: Bug) -> Option<(u64, String)> {
    (0..SEEDS).find_map(|seed| {
        let case = Case::of(seed, Size::small(seed), USUAL);
        let compared = |bug| {
            choose(bug);
            case.compare(&case.emitted.rows)
        };
        let what = compared(Some(bug)).err();
        // It is this bug that is seen, and nothing else that is wrong.
        let what = what.filter(|_| compared(None).is_ok())?;
        let asked = what.lines().next().unwrap_or("");
        Some((seed, asked.chars().take(150).collect()))
    })
}

/// Hunts one bug after another, beside others who do the same; gives how many were found.
fn hunt_all(next: &AtomicUsize) -> usize {
    let mut found = 0;
    while let Some(bug) = Bug::ALL.get(next.fetch_add(1, Ordering::Relaxed)) {
        let line = match hunt(*bug) {
            Some((seed, what)) => {
                found += 1;
                format!("seed {seed}, {what}")
            }
            None => format!("NOT FOUND in {SEEDS} seeds"),
        };
        println!("{bug:?}: {}\n    {line}", bug.says());
    }
    found
}

fn main() -> ExitCode {
    let next = AtomicUsize::new(0);
    let found: usize = std::thread::scope(|scope| {
        let workers = [(); 2].map(|()| scope.spawn(|| hunt_all(&next)));
        let found = workers.into_iter().map(|worker| worker.join());
        found.map(|found| found.unwrap_or(0)).sum()
    });
    println!("{found} of {} planted bugs found", Bug::ALL.len());
    match found == Bug::ALL.len() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
