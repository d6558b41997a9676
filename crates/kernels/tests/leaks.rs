//! What attributes tell, against a twin that asks every other pursuit one by one; and laws that
//! hold whatever the values are.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use handfast_kernels::journey::{self, Journeys, World};
use handfast_kernels::leaks::{self, Leak, Outcome, Verdict};
use handfast_model::rules::StepRole;
use handfast_model::{Charter, Day};
use handfast_testkit::random::Chance;
use handfast_testkit::{Ledger, sketch};

const CHARTER: &str = "
zone       UTC
path       mql, won
lost       lost
opens      lead
attribute  person.tag text
attribute  person.city text
attribute  person.id text
";

/// A person as the twin knows them: tag, city, whether won, whether ended.
type Said = (Option<String>, Option<String>, bool, bool);

fn scene(seed: u64) -> (Ledger, Vec<Said>, Charter) {
    let charter = sketch::charter(CHARTER).unwrap();
    let mut chance = Chance::new(seed);
    let (mut lines, mut said) = (Vec::new(), Vec::new());
    for at in 0..4 + chance.below(30) {
        let end = chance.pick(&["won", "lost", "", ""]).to_owned();
        let tag = match chance.percent(60) {
            true => Some(format!(
                "t{}",
                if end == "won" { 0 } else { chance.below(3) }
            )),
            false => None,
        };
        let city = chance.percent(70).then(|| format!("c{}", chance.below(4)));
        let attribute = |name: &str, value: &Option<String>| {
            value
                .as_ref()
                .map_or(String::new(), |value| format!("{name}={value}"))
        };
        let (tags, cities) = (attribute("tag", &tag), attribute("city", &city));
        lines.push(format!(
            "2025-01-01 person P{at:03} {tags} {cities} id=i{at}"
        ));
        if !end.is_empty() {
            lines.push(format!("2025-02-01 mark P{at:03} -> {end}"));
        }
        said.push((tag, city, end == "won", !end.is_empty()));
    }
    let ledger = Ledger::read(&lines.join("\n"), &charter.calendar).unwrap();
    (ledger, said, charter)
}

fn derive(ledger: &Ledger, charter: &Charter) -> (Journeys, Vec<Leak>) {
    let world = World {
        snapshot: &ledger.snapshot,
        charter,
        horizon: charter.calendar.start_of(Day::parse("2025-06-01").unwrap()),
    };
    let journeys = journey::derive(&world);
    let leaks = leaks::leaks(&world, &journeys, &|_| true);
    (journeys, leaks)
}

/// How many outcomes a column tells rightly, and how many a blind guess does.
fn twin(column: &[(Option<String>, bool)]) -> (usize, usize) {
    let met = column.iter().filter(|(_, met)| *met).count();
    let is_common = met > column.len() - met;
    let mut told = 0;
    for (at, (value, outcome)) in column.iter().enumerate() {
        let mut balance = 0;
        for (other, (like, outcome)) in column.iter().enumerate() {
            if other != at && like == value {
                balance += if *outcome { 1 } else { -1 };
            }
        }
        let guess = if balance == 0 { is_common } else { balance > 0 };
        told += usize::from(guess == *outcome);
    }
    (told, met.max(column.len() - met))
}

#[test]
fn what_an_attribute_tells_agrees_with_its_twin() {
    for seed in 0..1_000 {
        let (ledger, said, charter) = scene(seed);
        let (journeys, found) = derive(&ledger, &charter);
        assert_eq!(journeys.pursuits.len(), said.len());
        for leak in &found {
            let column: Vec<(Option<String>, bool)> = said
                .iter()
                .enumerate()
                .map(|(at, (tag, city, won, ended))| {
                    let value = match leak.attribute {
                        0 => tag.clone(),
                        1 => city.clone(),
                        _ => Some(at.to_string()),
                    };
                    let met = if leak.outcome == Outcome::Won {
                        *won
                    } else {
                        *ended
                    };
                    (value, met)
                })
                .collect();
            let counts = (leak.told.len(), leak.common.len());
            assert_eq!(counts, twin(&column), "seed {seed} {leak:?}");
            let given = column.iter().filter(|(value, _)| value.is_some()).count();
            assert_eq!(leak.given.len(), given, "seed {seed}");
            assert_eq!(leak.given.len() + leak.blank.len(), said.len());
        }
    }
}

#[test]
fn what_is_different_for_everybody_tells_nothing_of_anybody() {
    for seed in 0..500 {
        let (ledger, _, charter) = scene(seed);
        let (_, found) = derive(&ledger, &charter);
        let id = found.iter().find(|leak| leak.attribute == 2).unwrap();
        assert_eq!(id.told.len(), id.common.len(), "seed {seed}");
        assert_eq!(id.verdict, Verdict::Little, "seed {seed}");
    }
}

#[test]
fn a_column_filled_only_for_the_won_is_the_first_to_be_named() {
    let charter = sketch::charter(CHARTER).unwrap();
    let mut lines = Vec::new();
    for at in 0..20 {
        let (tag, end) = if at % 4 == 0 {
            ("tag=closed", "won")
        } else {
            ("", "lost")
        };
        lines.push(format!("2025-01-01 person P{at:02} {tag} city=c{}", at % 3));
        lines.push(format!("2025-02-01 mark P{at:02} -> {end}"));
    }
    let ledger = Ledger::read(&lines.join("\n"), &charter.calendar).unwrap();
    let (journeys, found) = derive(&ledger, &charter);
    assert_eq!((found[0].attribute, found[0].verdict), (0, Verdict::Tells));
    assert_eq!((found[0].told.len(), found[0].common.len()), (20, 15));
    let won = |at: &u32| journeys.pursuits[*at as usize].end.unwrap().role == StepRole::Won;
    assert!(found[0].given.iter().all(won) && found[0].given.len() == 5);
}
