//! Who entered a stage and who was won, against the truth.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use handfast_kernels::fitness::{Test, tested};
use handfast_kernels::journey::{self, World};
use handfast_model::rules::StepIx;
use handfast_model::{Day, Instant};
use handfast_testkit::random::{self, Chance};
use handfast_testkit::truth::fitness;
use handfast_testkit::truth::said::facts_of;
use handfast_testkit::truth::walk::walk;
use handfast_testkit::{Ledger, sketch};

#[test]
fn who_entered_and_who_was_won_is_the_truth() {
    let meaning = random::meaning();
    let charter = sketch::charter(random::CHARTER).unwrap();
    let start = |day: &str| charter.calendar.start_of(Day::parse(day).unwrap());
    let (mut entered, mut won, mut waiting, mut undated) = (0, 0, 0, 0);
    for seed in 0..2_000 {
        let text = random::lines(seed).join("\n");
        let ledger = Ledger::read(&text, &charter.calendar).unwrap();
        let mut chance = Chance::new(seed ^ 0xf17);
        let horizon = start(chance.pick(&["2025-01-20", "2025-03-01", "2025-06-30"]));
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
        let until = start(chance.pick(&["2025-01-06", "2025-02-01", "2025-06-30"]));
        let test = Test {
            step: StepIx(chance.below(charter.steps.len() as u64) as u8),
            from: start(chance.pick(&["2024-01-01", "2025-01-03"])),
            until: Instant(until.0 + chance.below(3) as i64 * 3_600_000_000),
            window_days: 1 + chance.below(40) as u32,
            horizon,
        };
        let counted = tested(&journeys.pursuits, &charter.calendar, &test);
        let (rows, unripe) = (counted.rows, counted.unripe);
        let mut product: Vec<String> = rows
            .iter()
            .map(|row| {
                let id = journeys.pursuits[row.pursuit as usize].id.0;
                format!("{id:x} {} {}", row.has_entered, row.is_won)
            })
            .collect();
        product.push(format!("{unripe} have not had their days"));
        product.push(format!("{} nobody can date", counted.undated));
        let span = (test.from.0, test.until.0, test.window_days as i32);
        let asked = (usize::from(test.step.0), span.0, span.1, span.2);
        let truth = fitness::lines(&found, &meaning, asked, horizon.0);
        assert_eq!(truth, product, "seed {seed} {test:?}\n{text}");
        entered += rows.iter().filter(|row| row.has_entered).count();
        won += rows.iter().filter(|row| row.is_won).count();
        waiting += unripe;
        undated += counted.undated;
    }
    assert!(
        entered > 200 && won > 200 && waiting > 200 && undated > 50,
        "{entered} {won} {waiting} {undated}"
    );
}
