//! One account with thousands of deals. For a million facts see the example `million` of testkit.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fmt::Write as _;
use std::time::Instant as Clock;

use handfast_kernels::journey::{self, World};
use handfast_model::rules::Charter;
use handfast_model::{Day, Instant};
use handfast_testkit::{Ledger, random, sketch};

fn derive(ledger: &Ledger, charter: &Charter) -> (usize, f64) {
    let horizon: Instant = charter.calendar.start_of(Day(40_000));
    let world = World {
        snapshot: &ledger.snapshot,
        charter,
        horizon,
    };
    let clock = Clock::now();
    let journeys = journey::derive(&world);
    (journeys.pursuits.len(), clock.elapsed().as_secs_f64())
}

fn one_account(deals: u32) -> String {
    let mut text = String::new();
    for deal in 0..deals {
        let day = Day(19_000 + i32::try_from(deal % 300).unwrap());
        let _ = writeln!(text, "{day} person P{deal} @Acme");
        let _ = writeln!(text, "{day} deal #{deal} P{deal} @Acme status=open");
        let _ = writeln!(text, "{day} mark #{deal} -> sql");
        let _ = writeln!(text, "{day} touch P{deal} call team=sales");
        let _ = writeln!(text, "{} mark #{deal} -> won", day.plus(200));
    }
    text
}

#[test]
fn thousands_of_deals_of_one_account_cost_no_more_than_their_number() {
    let charter = sketch::charter(random::CHARTER).unwrap();
    let seconds = [5_000, 20_000].map(|deals| {
        let ledger = Ledger::read(&one_account(deals), &charter.calendar).unwrap();
        derive(&ledger, &charter).1
    });
    // Four times the deals: a quadratic walk would take sixteen times as long.
    assert!(seconds[1] < 0.05 + 9.0 * seconds[0], "{seconds:?}");
}
