//! Silences that ended, against the truth.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use handfast_kernels::journey::{self, World};
use handfast_kernels::rescue::{departures, silences};
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

/// The days of silence that a pursuit came out of, and the kind of touch that ended each.
fn told(charter: &str, text: &str) -> Vec<(i32, Option<String>)> {
    let charter = sketch::charter(charter).unwrap();
    let ledger = Ledger::read(text, &charter.calendar).unwrap();
    let snapshot = &ledger.snapshot;
    let journeys = journey::derive(&World {
        snapshot,
        charter: &charter,
        horizon: charter.calendar.start_of(Day::parse("2026-06-30").unwrap()),
    });
    let kind = |fact: u32| {
        let fact = snapshot.facts.get(fact as usize)?;
        let kind = fact.text(snapshot.names.find("touch")?)?;
        Some(snapshot.names.text(kind).to_owned())
    };
    let all = journeys.pursuits.iter();
    let all = all.flat_map(|pursuit| silences(snapshot, &charter, pursuit, 60));
    all.map(|one| (one.days, one.by.and_then(kind))).collect()
}

/// Silence that ends in a loss or in dormancy is no rescue, and neither cuts in two the one that
/// was.
#[test]
fn what_was_lost_or_fell_silent_did_not_go_on() {
    let plain = "zone UTC\npath mql, sql, won\nlost lost\nopens deal";
    let lost = "2025-01-01 deal #1 @Acme amount='9.00 EUR'\n2025-04-01 mark #1 -> lost";
    assert!(told(plain, lost).is_empty());
    let won = lost.replace("lost", "won");
    assert_eq!(told(plain, &won), [(90, None)]);
    // Lost and taken up again: the silence is the whole one.
    let again = "2025-01-01 deal #1 @Acme amount='9.00 EUR'
        2025-02-01 mark #1 -> lost
        2025-05-02 mark #1 -> sql";
    assert_eq!(told(plain, again), [(121, None)]);
    // Nobody speaks for 180 days: dormant, and that is all that happened.
    let silent = format!("{plain}\ndormant 180 days without call");
    let quiet = "2025-01-01 deal #1 @Acme amount='9.00 EUR'";
    assert!(told(&silent, quiet).is_empty());
    // Taken up after all, a month later.
    let revived = format!("{quiet}\n2025-07-30 mark #1 -> sql");
    assert_eq!(told(&silent, &revived), [(210, None)]);
}

/// Ana has the deal and leaves twice; Ben has a role in it and left before anybody knew him; Cem
/// left after the end; Dan has no part in it.
#[test]
fn who_left_and_when_it_went_on() {
    let mut charter = sketch::charter(
        "zone UTC
        path mql, won
        opens deal
        attribute person.status text
        champion left when person.status = 'left'",
    )
    .unwrap();
    let text = "2025-01-01 person Ana @Acme status=here
        2025-01-02 deal #1 Ana amount='100.00 EUR'
        2025-01-01 person Ben @Acme status=left
        2025-01-03 link Ben #1
        2025-01-04 link Cem #1
        2025-01-01 person Cem @Acme status=here
        2025-01-01 person Dan @Acme status=here
        2025-01-10 person Dan @Acme status=left
        2025-01-20 person Ana @Acme status=left
        2025-01-25 touch Ben call
        2025-02-01 person Ana @Acme status=here
        2025-02-03 person Ana @Acme status=left
        2025-02-10 mark #1 -> won
        2025-03-01 person Cem @Acme status=left";
    let ledger = Ledger::read(text, &charter.calendar).unwrap();
    let snapshot = &ledger.snapshot;
    let journeys = journey::derive(&World {
        snapshot,
        charter: &charter,
        horizon: charter.calendar.start_of(Day::parse("2025-06-30").unwrap()),
    });
    let deal = journeys.deals.first().unwrap();
    let pursuit = &journeys.pursuits[deal.pursuit as usize];
    let day = |at| charter.calendar.day_of(at).to_string();
    let found = departures(snapshot, &charter, (pursuit, deal));
    let found = found
        .iter()
        .map(|(_, one)| (day(one.since), day(one.until), one.days));
    let found: Vec<_> = found.collect();
    let wanted = [
        ("2025-01-20", "2025-01-25", 5),
        ("2025-02-03", "2025-02-10", 7),
    ];
    let wanted = wanted.map(|(since, until, days)| (since.to_owned(), until.to_owned(), days));
    assert_eq!(found, wanted);
    charter.attribution.champion_left = None;
    let found = departures(snapshot, &charter, (pursuit, deal));
    assert!(found.is_empty(), "nobody said how to tell");
}
