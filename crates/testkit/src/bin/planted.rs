//! The simulator under test: of each mistake that is planted on purpose it must show a world in
//! which it is seen, and of the first of them a world made smaller. `cargo xtask planted` builds
//! and runs this, with planted bugs; nothing else does.

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use handfast_model::planted::{Bug, choose};
use handfast_testkit::simulator::world::Size;
use handfast_testkit::simulator::{Case, USUAL, check, stored};

/// Within so many worlds each bug must be found.
const SEEDS: u64 = 500;
/// Within so many each that is planted in the ledger, where every commit is looked at.
const STORED: u64 = 10;

/// The first seed that shows the bug, and the question on which it does.
fn hunt(bug: Bug) -> Option<(u64, String)> {
    let is_stored = stored::BUGS.contains(&bug);
    (0..seeds(bug)).find_map(|seed| {
        let case = (!is_stored).then(|| Case::of(seed, Size::small(seed), USUAL));
        let compared = |bug| {
            choose(bug);
            match &case {
                Some(case) => case.compare(&case.emitted.rows),
                None => stored::check(seed),
            }
        };
        let what = compared(Some(bug)).err();
        // It is this bug that is seen, and nothing else that is wrong.
        let what = what.filter(|_| compared(None).is_ok())?;
        let asked = what.lines().next().unwrap_or("");
        Some((seed, asked.chars().take(150).collect()))
    })
}

/// Whether a failure is made smaller: of the rows of the first world that shows the bug a quarter
/// is left at most, and shows it still.
fn is_shrunk(bug: Bug, seed: u64) -> bool {
    choose(Some(bug));
    let size = Size::small(seed);
    let whole = Case::of(seed, size, USUAL);
    let failure = check(seed, size, USUAL).err();
    let left = failure.map(|failure| failure.rows).unwrap_or_default();
    let still = whole.compare(&left).is_err();
    choose(None);
    let (rows, left) = (whole.emitted.rows.len(), left.len());
    println!("{bug:?} in seed {seed}: {left} of {rows} rows are left of its world");
    still && whole.compare(&[]).is_ok() && left > 0 && left * 4 <= rows
}

/// How many worlds it is looked for in.
fn seeds(bug: Bug) -> u64 {
    match stored::BUGS.contains(&bug) {
        true => STORED,
        false => SEEDS,
    }
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
            None => format!("NOT FOUND in {} seeds", seeds(*bug)),
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
    let kernels = |bug: &&Bug| !stored::BUGS.contains(bug);
    let first = Bug::ALL.iter().find(kernels);
    let first = first.and_then(|bug| Some((*bug, hunt(*bug)?.0)));
    let is_shrunk = first.is_some_and(|(bug, seed)| is_shrunk(bug, seed));
    match is_shrunk && found == Bug::ALL.len() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
