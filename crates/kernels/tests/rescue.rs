//! Silences that ended, against the truth.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use handfast_kernels::journey::{self, World};
use handfast_kernels::rescue::silences;
use handfast_model::Day;
use handfast_testkit::random::{self, Chance};
use handfast_testkit::truth::rescue;
use handfast_testkit::truth::said::facts_of;
use handfast_testkit::truth::walk::walk;
use handfast_testkit::{Ledger, sketch};

#[test]
fn silences_that_ended_are_the_truth() {
    let meaning = random::meaning();
    let charter = sketch::charter(random::CHARTER).unwrap();
    let horizon = charter.calendar.start_of(Day::parse("2025-06-30").unwrap());
    let mut found = 0;
    for seed in 0..2_000 {
        let text = random::lines(seed).join("\n");
        let ledger = Ledger::read(&text, &charter.calendar).unwrap();
        let journeys = journey::derive(&World {
            snapshot: &ledger.snapshot,
            charter: &charter,
            horizon,
        });
        let least = 1 + Chance::new(seed ^ 0x5e).below(12) as i32;
        let mut product = Vec::new();
        for pursuit in &journeys.pursuits {
            for one in silences(&ledger.snapshot, &charter, pursuit, least) {
                let (since, until) = (one.since.0, one.until.0);
                product.push(format!("{:x} {since} {until} {}", pursuit.id.0, one.days));
            }
        }
        let told = walk(
            facts_of(&ledger.snapshot, meaning.zone),
            &meaning,
            horizon.0,
        );
        assert_eq!(
            rescue::lines(&told, &meaning, least),
            product,
            "seed {seed}\n{text}"
        );
        found += product.len();
    }
    assert!(found > 500, "{found}");
}
