//! Handoffs against the truth, quarter by quarter of the clock on the wall: offices that close,
//! holidays, dates without times, leads that come back, and verdicts before they are asked for.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use handfast_kernels::journey::{self, World};
use handfast_model::Day;
use handfast_testkit::asks::{Ask, Product};
use handfast_testkit::random::{self, Chance};
use handfast_testkit::truth::handoff::Promise;
use handfast_testkit::truth::said::facts_of;
use handfast_testkit::truth::walk::walk;
use handfast_testkit::{Ledger, sketch};

#[test]
fn random_promises_are_kept_as_the_clock_on_the_wall_shows() {
    let meaning = random::meaning();
    let charter = sketch::charter(random::CHARTER).unwrap();
    let first = Day::parse("2025-01-01").unwrap();
    let states = [" met ", " missed ", " not due ", " unknown "];
    let (mut counts, mut shared) = ([0; 4], 0);
    for seed in 0..1_000 {
        let mut chance = Chance::new(seed ^ 0x51a);
        let promise = Promise::draw(&mut chance, &meaning, (first.0, 14), "inside");
        let text = random::promise_lines(seed).join("\n");
        let ledger = Ledger::read(&text, &charter.calendar).unwrap();
        let days = ["2025-01-10", "2025-01-14", "2025-06-30"];
        let day = Day::parse(chance.pick(&days)).unwrap();
        let mut horizon = charter.calendar.start_of(day);
        horizon.0 += chance.below(20) as i64 * 3_600_000_000;
        let journeys = journey::derive(&World {
            snapshot: &ledger.snapshot,
            charter: &charter,
            horizon,
        });
        let product = Product {
            snapshot: &ledger.snapshot,
            charter: &charter,
            journeys: &journeys,
            horizon: horizon.0,
        };
        let facts = facts_of(&ledger.snapshot, meaning.zone);
        let found = walk(facts, &meaning, horizon.0);
        let ask = Ask::Promise(promise);
        let truth = ask.truth(&found, &meaning, horizon.0);
        assert_eq!(truth, ask.product(&product), "seed {seed} {ask:?}\n{text}");
        // Its pursuit waited for another already.
        let held = |line: &&String| {
            let (waited, held) = line.split_once(" held Some(")?;
            let (_, waited) = waited.rsplit_once("waited Some((")?;
            Some(waited.split(',').next() != held.strip_suffix(')'))
        };
        shared += truth.iter().filter(|line| held(line) == Some(true)).count();
        for (state, count) in states.iter().zip(&mut counts) {
            *count += truth.iter().filter(|line| line.contains(state)).count();
        }
    }
    assert!(counts.iter().all(|count| *count > 50), "{counts:?}");
    assert!(shared > 15, "{shared}");
}
