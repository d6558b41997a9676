//! What the brand has a part in, against the truth: random ledgers in which touches of three kinds
//! by both teams come before, at and after what they are to be told apart by.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use handfast_kernels::journey::{self, World};
use handfast_model::Day;
use handfast_model::question::Unit;
use handfast_testkit::asks::{Ask, Product};
use handfast_testkit::truth::brand::{Kinds, METRICS, members};
use handfast_testkit::truth::said::facts_of;
use handfast_testkit::truth::walk::walk;
use handfast_testkit::{Ledger, random, sketch};

const KINDS: Kinds = Kinds {
    direct: &["demo"],
    branded: &["demo", "mail"],
    activity: &["mail"],
};

#[test]
fn openings_and_deals_of_the_brand_are_the_truth() {
    let meaning = random::meaning();
    let rules = "attribute touch.touch text
        brand direct when touch.touch = 'demo'
        brand branded when touch.touch IN ('demo', 'mail')
        brand activity when touch.touch = 'mail'";
    let charter = sketch::charter(&format!("{}\n{rules}", random::CHARTER)).unwrap();
    let horizon = charter.calendar.start_of(Day::parse("2025-06-30").unwrap());
    let start = |day: &str| charter.calendar.start_of(Day::parse(day).unwrap()).0;
    let periods = [None, Some((start("2025-01-04"), start("2025-02-01")))];
    let (mut parts, mut others) = ([0; METRICS.len()], [0; METRICS.len()]);
    for seed in 0..4_000 {
        let more = random::lines(seed + 100_000).into_iter();
        let more = more.filter(|line| line.contains(" touch "));
        let text: Vec<String> = random::lines(seed).into_iter().chain(more).collect();
        let text = text.join("\n");
        let ledger = Ledger::read(&text, &charter.calendar).unwrap();
        let journeys = journey::derive(&World {
            snapshot: &ledger.snapshot,
            charter: &charter,
            horizon,
        });
        let facts = facts_of(&ledger.snapshot, meaning.zone);
        let found = walk(facts, &meaning, horizon.0);
        let product = Product {
            snapshot: &ledger.snapshot,
            charter: &charter,
            journeys: &journeys,
            horizon: horizon.0,
        };
        for (at, name) in METRICS.into_iter().enumerate() {
            let unit = [Unit::Pursuit, Unit::Deal][seed as usize % 2];
            for period in periods {
                let truth = members(&found, &meaning, (name, &KINDS), (unit, period));
                parts[at] += truth.iter().filter(|one| one.is_part).count();
                others[at] += truth.iter().filter(|one| !one.is_part).count();
                let mut told: Vec<String> = truth
                    .iter()
                    .map(|one| {
                        format!(
                            "{} {} {:?} {:?}",
                            one.who, one.is_part, one.money, one.seconds
                        )
                    })
                    .collect();
                let mut product = Ask::Metric(name, unit, period).product(&product);
                told.sort();
                product.sort();
                assert_eq!(told, product, "seed {seed} {name} {period:?}\n{text}");
            }
        }
    }
    assert!(parts.iter().all(|count| *count > 50), "{parts:?}");
    assert!(others[..5].iter().all(|count| *count > 50), "{others:?}");
}
