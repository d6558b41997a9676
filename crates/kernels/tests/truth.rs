//! The kernels against the truth: every question of [`Ask`], on random ledgers full of
//! contradictions.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use handfast_kernels::journey::{self, World};
use handfast_model::{Day, Instant};
use handfast_testkit::asks::{Ask, Product};
use handfast_testkit::random::{self, Chance};
use handfast_testkit::truth::said::facts_of;
use handfast_testkit::truth::walk::walk;
use handfast_testkit::{Ledger, sketch};

#[test]
fn random_ledgers_count_to_the_truth() {
    let meaning = random::meaning();
    let charter = sketch::charter(random::CHARTER).unwrap();
    let mut said = 0;
    for seed in 0..10_000 {
        let text = random::lines(seed).join("\n");
        let mut ledger = Ledger::read(&text, &charter.calendar).unwrap();
        let mut horizon = charter.calendar.start_of(Day::parse("2025-06-30").unwrap());
        // Of some, much was still to come when it was recorded, and is not shown yet.
        if seed % 4 == 0 {
            let days = ["2025-01-05", "2025-01-09", "2025-02-02"];
            let day = Day::parse(days[seed as usize / 4 % 3]).unwrap();
            horizon = charter.calendar.start_of(day);
            for fact in &mut ledger.snapshot.facts {
                let early = (fact.id.0 % 3) as i64 * 6 * 86_400_000_000;
                fact.recorded_at = Instant(horizon.0 - early);
            }
        }
        let journeys = journey::derive(&World {
            snapshot: &ledger.snapshot,
            charter: &charter,
            horizon,
        });
        let found = walk(
            facts_of(&ledger.snapshot, meaning.zone),
            &meaning,
            horizon.0,
        );
        let product = Product {
            snapshot: &ledger.snapshot,
            charter: &charter,
            journeys: &journeys,
            horizon: horizon.0,
        };
        // Days on which, before which and after which something happens.
        let instant = |chance: &mut Chance| {
            let days = [
                "2024-12-30",
                "2025-01-04",
                "2025-01-08",
                "2025-02-01",
                "2025-05-05",
            ];
            let day = Day::parse(chance.pick(&days)).unwrap();
            charter.calendar.start_of(day).0 + chance.below(3) as i64 * 3_600_000_000 - 1
        };
        let mut chance = Chance::new(seed ^ 0xa5);
        let mut asks = vec![Ask::Pursuits];
        asks.extend((0..6).map(|_| Ask::draw(&mut chance, &meaning, horizon.0, &instant)));
        asks.push(Ask::draw_credit(&mut chance, horizon.0, &instant));
        let edges = [instant(&mut chance), instant(&mut chance)];
        asks.push(Ask::Transitions((
            edges[0].min(edges[1]),
            edges[0].max(edges[1]),
        )));
        for ask in asks {
            let (truth, product) = (
                ask.truth(&found, &meaning, horizon.0),
                ask.product(&product),
            );
            said += truth.len();
            for (a, b) in truth.iter().zip(&product) {
                assert_eq!(a, b, "seed {seed} {ask:?}: truth, then product\n{text}");
            }
            assert_eq!(truth.len(), product.len(), "seed {seed} {ask:?}\n{text}");
        }
    }
    assert!(said > 100_000, "{said}");
}
