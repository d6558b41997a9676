//! Derives a million facts of ordinary size and says how long it took:
//! `cargo run -p handfast-testkit --example million [--release]`.

use std::fmt::Write as _;
use std::time::Instant as Clock;

use handfast_kernels::journey::{self, World};
use handfast_model::Day;
use handfast_testkit::random::{self, Chance};
use handfast_testkit::{Ledger, sketch};

fn main() -> Result<(), String> {
    let charter = sketch::charter(random::CHARTER)?;
    let mut chance = Chance::new(1);
    let mut text = String::new();
    for buyer in 0..100_000_u32 {
        let day = Day(19_000 + i32::try_from(chance.below(700)).unwrap_or(0));
        let _ = writeln!(text, "{day} person P{buyer} @A{}", buyer / 3);
        let _ = writeln!(text, "{day} mark P{buyer} -> mql");
        for touch in 0..5 {
            let _ = writeln!(
                text,
                "{} touch P{buyer} call n={touch}",
                day.plus(touch * 7)
            );
        }
        let _ = writeln!(text, "{} deal #{buyer} P{buyer} status=open", day.plus(30));
        let _ = writeln!(text, "{} mark #{buyer} -> sql", day.plus(31));
        let _ = writeln!(text, "{} mark #{buyer} -> won", day.plus(60));
    }
    let ledger = Ledger::read(&text, &charter.calendar)?;
    let world = World {
        snapshot: &ledger.snapshot,
        charter: &charter,
        horizon: charter.calendar.start_of(Day(40_000)),
    };
    let clock = Clock::now();
    let pursuits = journey::derive(&world).pursuits.len();
    let seconds = clock.elapsed().as_secs_f64();
    println!(
        "{} facts, {pursuits} pursuits, {seconds:.2} s",
        ledger.snapshot.facts.len()
    );
    Ok(())
}
