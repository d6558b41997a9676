//! How far the walk over a book's facts is above its floor: `floor BOOK` decodes all facts and does
//! nothing with them, then derives the same facts in homes of the size that a derivation has, and
//! prints processor milliseconds of both. `cargo xtask bench funnel` runs it.

use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;

use handfast_kernels::cells::Part;
use handfast_kernels::journey::{World, derive};
use handfast_model::question::{AsOf, Known};
use handfast_model::{Instant, Refusal};
use handfast_service::book::Book;

/// Facts of a home, as a derivation cuts them.
const HOME_FACTS: usize = 1 << 14;
/// Nothing in the book is later.
const HORIZON: Instant = Instant(4_102_444_800_000_000);

fn main() -> ExitCode {
    let folder = std::env::args().nth(1);
    match folder.ok_or_else(|| Refusal::new("E0251", "floor BOOK")) {
        Ok(folder) => match run(Path::new(&folder)) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(refusal) => eprintln!("{refusal:?}"),
        },
        Err(refusal) => eprintln!("{refusal:?}"),
    }
    ExitCode::FAILURE
}

fn run(folder: &Path) -> Result<(), Refusal> {
    let book = Book::read(folder, Instant(i64::MIN))?;
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    let scan = book.ledger.scan(AsOf::Latest, Known::Recorded)?;
    let mut taken = [0; 2];
    let before = worked();
    scan.spread(&charter.calendar, &mut taken, |taken, batch| {
        *taken += black_box(batch.facts).len();
        Ok(())
    })?;
    println!("decoded {:.1}", worked() - before);
    let calendar = &charter.calendar;
    let snapshot = book
        .ledger
        .snapshot(AsOf::Latest, Known::Recorded, calendar)?;
    let facts = snapshot.facts.len();
    let whole = Part::of(snapshot, &charter, HORIZON);
    let homes = u32::try_from(facts / HOME_FACTS + 1).unwrap_or(u32::MAX);
    let of_cell: Vec<u32> = (0..whole.count).map(|cell| cell % homes).collect();
    let split = whole.split(&of_cell, homes);
    let (mut walked, mut pursuits) = (0.0, 0);
    for home in 0..homes {
        let part = split.part(home);
        let world = World {
            snapshot: &part.snapshot,
            charter: &charter,
            horizon: HORIZON,
        };
        let before = worked_here();
        let journeys = derive(&world);
        walked += worked_here() - before;
        pursuits += journeys.pursuits.len();
    }
    println!("walked {walked:.1}");
    let decoded: usize = taken.iter().sum();
    println!("facts {facts} of {decoded}, pursuits {pursuits}");
    Ok(())
}

/// Processor milliseconds of this thread so far.
fn worked_here() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text
        .split_whitespace()
        .next()
        .and_then(|word| word.parse::<f64>().ok());
    nanoseconds.unwrap_or(f64::NAN) / 1e6
}

/// Processor milliseconds of all threads of this process so far, those that ended too, by the
/// scheduler's hundredths of a second.
fn worked() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is a name in parentheses; after it, the 12th and 13th are times.
    let fields = text.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = fields.split_whitespace().skip(11).take(2);
    let ticks: u64 = ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    ticks as f64 * 10.0
}
