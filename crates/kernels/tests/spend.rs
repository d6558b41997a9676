//! Spend against the truth: campaigns in trees and rings, totals with and without their parts, days
//! that end before they begin; and the law that periods sum to the whole.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

use handfast_kernels::journey::{self, World};
use handfast_kernels::metric::{self, Metric, Scope};
use handfast_model::question::Unit;
use handfast_model::{Day, Instant};
use handfast_testkit::asks::{Ask, Product};
use handfast_testkit::random::{self, Chance};
use handfast_testkit::truth::said::{Word, facts_of};
use handfast_testkit::truth::spend;
use handfast_testkit::truth::walk::walk;
use handfast_testkit::{Ledger, sketch};

#[test]
fn random_campaigns_cost_the_truth_and_periods_sum_to_the_whole() {
    let meaning = random::meaning();
    let charter = sketch::charter(random::CHARTER).unwrap();
    let (mut said, mut codes, mut rests) = (0, [0; 5], 0);
    for seed in 0..3_000 {
        let text = random::spend_lines(seed).join("\n");
        let mut ledger = Ledger::read(&text, &charter.calendar).unwrap();
        let mut horizon = charter.calendar.start_of(Day::parse("2025-06-30").unwrap());
        if seed % 3 == 0 {
            horizon = charter.calendar.start_of(Day::parse("2025-01-20").unwrap());
            horizon.0 += i64::from(seed % 2 == 0);
            for fact in &mut ledger.snapshot.facts {
                let early = (fact.id.0 % 3) as i64 * 6 * 86_400_000_000;
                fact.recorded_at = Instant(horizon.0 - early);
            }
        }
        let world = World {
            snapshot: &ledger.snapshot,
            charter: &charter,
            horizon,
        };
        let journeys = journey::derive(&world);
        let product = Product {
            snapshot: &ledger.snapshot,
            charter: &charter,
            journeys: &journeys,
            horizon: horizon.0,
        };
        let facts = facts_of(&ledger.snapshot, meaning.zone);
        let found = walk(facts, &meaning, horizon.0);
        let mut chance = Chance::new(seed ^ 0x5e);
        let mut edge = || {
            let day = Day::parse("2024-12-25")
                .unwrap()
                .plus(chance.below(60) as i32);
            charter.calendar.start_of(day).0 + chance.below(2) as i64 * 3_600_000_000
        };
        for name in ["spend", "spend:media"] {
            let (a, b) = (edge(), edge());
            for period in [None, Some((a.min(b), a.max(b)))] {
                let ask = Ask::Metric(name, Unit::Pursuit, period);
                let (truth, product) = (
                    ask.truth(&found, &meaning, horizon.0),
                    ask.product(&product),
                );
                assert_eq!(truth, product, "seed {seed} {ask:?}\n{text}");
                said += truth.len();
                for (code, count) in ["W0130", "W0131", "W0132", "W0133", "W0135"]
                    .iter()
                    .zip(&mut codes)
                {
                    *count += truth.iter().filter(|line| line.starts_with(code)).count();
                }
            }
        }
        // Numbers beside the money are of the same days, and a total's is what its parts leave.
        let clicks = metric::measure(Metric::Clicks, &world, &journeys, &Scope::ALL);
        let told = spend::counted(&found.facts, "clicks", meaning.zone, horizon.0);
        let mut truth: BTreeMap<u128, i64> = BTreeMap::new();
        for (place, whole) in &told.wholes {
            let fact = &found.facts[*place];
            rests += usize::from(fact.more.get("clicks") != Some(&Word::Int(*whole)));
            for part in spend::by_day(fact, *whole, meaning.zone, horizon.0) {
                *truth.entry(fact.id).or_default() += part.minor;
            }
        }
        let own = clicks.members.iter().map(|one| {
            let fact = &ledger.snapshot.facts[one.fact.unwrap() as usize];
            (fact.id.0, one.number.unwrap())
        });
        assert_eq!(
            own.collect::<BTreeMap<_, _>>(),
            truth,
            "seed {seed}
{text}"
        );
        let sum = |from: Option<i64>, until: Option<i64>| -> i64 {
            let scope = Scope {
                from: from.map(Instant),
                until: until.map(Instant),
                unit: Unit::Pursuit,
                paid_for: None,
                ..Scope::ALL
            };
            let found = metric::measure(Metric::Spend, &world, &journeys, &scope);
            let dated = found.members.iter().filter(|one| one.anchor.at.is_some());
            let money = dated.filter_map(|one| one.money);
            money.map(|money| money.minor).sum()
        };
        let cut = edge();
        let parts = sum(Some(i64::MIN), Some(cut)) + sum(Some(cut), Some(i64::MAX));
        assert_eq!(parts, sum(None, None), "seed {seed}\n{text}");
    }
    assert!(said > 50_000, "{said}");
    assert!(rests > 500, "{rests}");
    assert!(codes.iter().all(|count| *count > 300), "{codes:?}");
}
