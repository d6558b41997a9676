//! Forward-only charters against the truth: stages and openings that meant one thing up to a day
//! and another from it on, over random ledgers with scores.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use handfast_kernels::journey::{self, World};
use handfast_model::rules::Charter;
use handfast_model::{Day, Instant};
use handfast_testkit::asks::{Ask, Product};
use handfast_testkit::random::{self, Chance};
use handfast_testkit::simulator::definitions::definitions;
use handfast_testkit::truth::meaning::{Meaning, Role};
use handfast_testkit::truth::said::facts_of;
use handfast_testkit::truth::walk::walk;
use handfast_testkit::{Ledger, sketch};

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Two or three definitions that follow one another on days on which things happen.
fn meaning(seed: u64) -> Option<Meaning> {
    let [first, mut last] = definitions(seed).map(|one| one.meaning);
    let steps =
        |one: &Meaning| -> Vec<String> { one.steps.iter().map(|step| step.id.clone()).collect() };
    if steps(&first) != steps(&last) {
        return None;
    }
    let days = ["2025-01-03", "2025-01-06", "2025-01-09", "2025-02-01"];
    let mut chance = Chance::new(seed);
    let at = chance.below(4) as usize;
    let start = |at: usize| last.zone.start(day(days[at]).0);
    let mut earlier = vec![(start(at), first.clone())];
    if at < 3 && chance.percent(40) {
        let mut middle = first.clone();
        for step in &mut middle.steps {
            step.is_implied = !step.is_implied && step.role == Role::Path;
            step.is_by_rule &= step.enters.is_some();
        }
        middle.opens_by_lead = !first.opens_by_lead;
        earlier.push((start(at + 1), middle));
    }
    last.earlier = earlier;
    Some(last)
}

fn lines(seed: u64) -> Vec<String> {
    let mut lines = random::lines(seed);
    let mut chance = Chance::new(seed ^ 0x5c);
    for _ in 0..chance.below(14) {
        let who = chance.pick(&["Ana", "Ben", "Cleo", "Dov", "Eva"]);
        let moment = format!(
            "2025-01-{:02}T{:02}:00:00Z",
            1 + chance.below(12),
            chance.below(24)
        );
        lines.push(match chance.below(3) {
            0 => format!("{moment} touch {who} form"),
            _ => format!("{moment} person {who} score={}", 20 + 10 * chance.below(8)),
        });
    }
    lines
}

/// What both roads count of a ledger.
fn compare(seed: u64, meaning: &Meaning, charter: &Charter, text: &str) -> usize {
    let ledger = Ledger::read(text, &charter.calendar).unwrap();
    let horizon = charter.calendar.start_of(day("2025-06-30"));
    let journeys = journey::derive(&World {
        snapshot: &ledger.snapshot,
        charter,
        horizon,
    });
    let facts = facts_of(&ledger.snapshot, meaning.zone);
    let found = walk(facts, meaning, horizon.0);
    let product = Product {
        snapshot: &ledger.snapshot,
        charter,
        journeys: &journeys,
        horizon: horizon.0,
    };
    let instant = |chance: &mut Chance| {
        let days = ["2025-01-03", "2025-01-06", "2025-01-09", "2025-02-01"];
        charter.calendar.start_of(day(chance.pick(&days))).0 + chance.below(2) as i64 - 1
    };
    let mut chance = Chance::new(seed ^ 0xa5);
    let mut asks = vec![Ask::Pursuits];
    asks.extend((0..4).map(|_| Ask::draw(&mut chance, meaning, horizon.0, &instant)));
    let mut said = 0;
    for ask in asks {
        let truth = ask.truth(&found, meaning, horizon.0);
        let product = ask.product(&product);
        said += truth.len();
        assert_eq!(
            truth, product,
            "seed {seed} {ask:?}: truth, then product\n{text}"
        );
    }
    said
}

#[test]
fn every_entry_is_by_the_definitions_of_its_day() {
    let (mut said, mut moved) = (0, 0);
    for seed in 0..3_000 {
        let Some(meaning) = meaning(seed) else {
            continue;
        };
        let charter = sketch::charter(&meaning.sketch()).unwrap();
        assert_eq!(charter.earlier.len(), meaning.earlier.len(), "{seed}");
        let text = lines(seed).join("\n");
        said += compare(seed, &meaning, &charter, &text);
        // As if it were retroactive.
        let ledger = Ledger::read(&text, &charter.calendar).unwrap();
        let derive = |charter: &Charter| {
            let horizon = charter.calendar.start_of(day("2025-06-30"));
            let snapshot = &ledger.snapshot;
            journey::derive(&World {
                snapshot,
                charter,
                horizon,
            })
        };
        let all = Charter {
            earlier: Vec::new(),
            ..charter.clone()
        };
        moved += usize::from(derive(&all) != derive(&charter));
    }
    assert!(said > 50_000, "{said}");
    assert!(moved > 500, "{moved}");
}

/// What happened before a day is under the definitions before it, to the last visit: as though
/// nothing later had been agreed.
#[test]
fn nothing_from_before_the_day_moves() {
    let mut compared = 0;
    for seed in 0..3_000 {
        let Some(meaning) = meaning(seed) else {
            continue;
        };
        let charter = sketch::charter(&meaning.sketch()).unwrap();
        let until = charter.earlier[0].until;
        let before = Charter {
            steps: charter.earlier[0].steps.clone(),
            opening: charter.earlier[0].opening.clone(),
            earlier: Vec::new(),
            ..charter.clone()
        };
        let mut lines = lines(seed);
        // Rows that tell of another day than their own.
        lines.retain(|line| !line.contains("closed=") && !line.contains("created="));
        let ledger = Ledger::read(&lines.join("\n"), &charter.calendar).unwrap();
        let mut snapshot = ledger.snapshot;
        let is_before = |fact: &handfast_model::Fact| {
            let at = fact.happened.start(&charter.calendar);
            at < Some(until)
        };
        snapshot.facts.retain(is_before);
        let derive = |charter: &Charter| {
            journey::derive(&World {
                snapshot: &snapshot,
                charter,
                horizon: Instant(until.0 - 1),
            })
        };
        let (one, other) = (derive(&charter), derive(&before));
        compared += one
            .pursuits
            .iter()
            .map(|one| one.visits.len())
            .sum::<usize>();
        assert_eq!(one, other, "{seed}");
    }
    assert!(compared > 3_000, "{compared}");
}
