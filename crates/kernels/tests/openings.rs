//! What rules open, against the truth: where rows of a deal share their instant with what lets a
//! rule hold, each pursuit is opened by a fact of its own.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;

use handfast_kernels::journey::{self, Journeys, World};
use handfast_model::rules::Charter;
use handfast_model::{Day, FactKind};
use handfast_testkit::asks::{Ask, Product};
use handfast_testkit::random::{self, Chance};
use handfast_testkit::truth::meaning::{Meaning, Rule};
use handfast_testkit::truth::said::facts_of;
use handfast_testkit::truth::walk::walk;
use handfast_testkit::{Ledger, sketch};

/// A form, or a score, is a marketing lead; leads open nothing by themselves.
fn meaning() -> Meaning {
    let mut meaning = random::meaning();
    let form = Rule::Touches("form".to_owned(), 9, 1);
    let score = Rule::ScoreAtLeast(50);
    meaning.steps[0].enters = Some(Rule::Or(Box::new(score), Box::new(form)));
    meaning.opens_by_lead = false;
    meaning.opening_touches = vec!["demo".to_owned()];
    meaning
}

/// The same and others: a score is a sales lead; whoever is silent is one; whoever is silent is
/// none any more.
fn meanings() -> [Meaning; 4] {
    let mut all = [(); 4].map(|()| meaning());
    let silent = |kind: &str| Some(Rule::Fewer(kind.to_owned(), 3, 1));
    all[1].steps[0].enters = Some(Rule::Touches("form".to_owned(), 9, 1));
    all[1].steps[1].enters = Some(Rule::ScoreAtLeast(50));
    all[2].steps[1].enters = silent("call");
    all[3].steps[0].exits = silent("form");
    all
}

/// The pursuits of both roads, which are the same.
fn derive(ledger: &Ledger, charter: &Charter, meaning: &Meaning, told: &str) -> Journeys {
    let horizon = charter.calendar.start_of(Day::parse("2025-06-30").unwrap());
    let snapshot = &ledger.snapshot;
    let journeys = journey::derive(&World {
        snapshot,
        charter,
        horizon,
    });
    let found = walk(facts_of(snapshot, meaning.zone), meaning, horizon.0);
    let product = Product {
        snapshot,
        charter,
        journeys: &journeys,
        horizon: horizon.0,
    };
    let ask = Ask::Pursuits;
    let truth = ask.truth(&found, meaning, horizon.0);
    assert_eq!(truth, ask.product(&product), "truth, then product\n{told}");
    journeys
}

#[test]
fn a_deal_that_begins_later_leaves_a_rule_the_fact_of_its_own() {
    let meaning = meaning();
    let charter = sketch::charter(&meaning.sketch()).unwrap();
    let text = "2025-01-01T09:00:00Z deal #1 @Acme created=2025-01-09
        2025-01-01T09:00:00Z touch Ben @Acme form
        2025-01-03 mark @Acme -> won";
    let ledger = Ledger::read(text, &charter.calendar).unwrap();
    let journeys = derive(&ledger, &charter, &meaning, text);
    let opened = |at: usize| {
        let pursuit = &journeys.pursuits[at];
        let mut facts = ledger.snapshot.facts.iter();
        facts.find(|fact| fact.id == pursuit.id).unwrap().kind
    };
    assert_eq!(journeys.pursuits.len(), 2);
    assert_eq!(
        [opened(0), opened(1)],
        [FactKind::Touch, FactKind::Deal],
        "the form opens the first, the deal the second"
    );
    assert_eq!(journeys.pursuits[0].people.len(), 1, "Ben");
}

#[test]
fn what_came_to_hold_while_a_pursuit_was_ended_enters_it_by_the_next_touch() {
    let [_, meaning, ..] = meanings();
    let charter = sketch::charter(&meaning.sketch()).unwrap();
    // No rule counts the mail; the second deal's row concerns its own pursuit only.
    let text = "2025-01-01T09:00:00Z person Ana @Acme
        2025-01-02T09:00:00Z deal #1 Ana @Acme
        2025-01-02T10:00:00Z deal #2 @Acme
        2025-01-03T09:00:00Z mark #1 -> mql
        2025-01-04T09:00:00Z mark #1 -> lost
        2025-01-05T09:00:00Z person Ana @Acme score=60
        2025-01-06T09:00:00Z mark #1 -> mql
        2025-01-07T09:00:00Z deal #2 @Acme
        2025-01-08T09:00:00Z touch Ana mail";
    let ledger = Ledger::read(text, &charter.calendar).unwrap();
    let journeys = derive(&ledger, &charter, &meaning, text);
    let visits = &journeys.pursuits[0].visits;
    let sql = visits
        .iter()
        .find(|visit| visit.step.0 == 1 && !visit.is_implied);
    let entered = sql.and_then(|sql| sql.entered.when.day(&charter.calendar));
    assert_eq!(entered, Day::parse("2025-01-08"), "{visits:?}");
}

#[test]
fn what_comes_to_hold_after_a_day_on_which_rules_changed_enters_though_nobody_looked_between() {
    let [_, mut meaning, ..] = meanings();
    let day = Day::parse("2025-03-01").unwrap();
    meaning.earlier = vec![(meaning.zone.start(day.0), meaning.clone())];
    let charter = sketch::charter(&meaning.sketch()).unwrap();
    assert_eq!(charter.earlier.len(), 1);
    let text = "2025-01-20T09:00:00Z person Ana @Acme score=60
        2025-01-21T09:00:00Z mark Ana -> lost
        2025-02-01T09:00:00Z deal #1 @Acme
        2025-02-02T09:00:00Z touch Eva @Acme mail
        2025-03-05T09:00:00Z touch Eva @Acme mail
        2025-03-10T09:00:00Z mark Ana -> mql
        2025-03-11T09:00:00Z touch Eva @Acme mail";
    let ledger = Ledger::read(text, &charter.calendar).unwrap();
    let journeys = derive(&ledger, &charter, &meaning, text);
    let visits = &journeys.pursuits[1].visits;
    let sql = visits
        .iter()
        .find(|visit| visit.step.0 == 1 && !visit.is_implied);
    let entered = sql.and_then(|sql| sql.entered.when.day(&charter.calendar));
    assert_eq!(entered, Day::parse("2025-03-11"), "{visits:?}");
}

#[test]
fn no_two_pursuits_are_opened_by_one_fact() {
    let meanings = meanings().map(|meaning| {
        let charter = sketch::charter(&meaning.sketch()).unwrap();
        (meaning, charter)
    });
    let (mut by_rule, mut several) = (0, 0);
    for seed in 0..6_000 {
        let (meaning, charter) = &meanings[seed as usize % 4];
        let mut lines = random::lines(seed);
        let mut chance = Chance::new(seed ^ 0x0f);
        // Something that lets a rule hold, at the instant of another row.
        for at in 0..lines.len() {
            let (moment, _) = lines[at].split_once(' ').unwrap();
            let who = chance.pick(&["Ana", "Ben", "Cleo", "Dov", "@Acme"]);
            let score = 30 + 10 * chance.below(5);
            match chance.below(6) {
                0 => lines.push(format!("{moment} touch {who} form")),
                1 => lines.push(format!("2025-01-{:02} deal #1 @Acme", 1 + chance.below(12))),
                2 if who != "@Acme" => lines.push(format!("{moment} person {who} score={score}")),
                _ => {}
            }
        }
        let text = lines.join("\n");
        let ledger = Ledger::read(&text, &charter.calendar).unwrap();
        let journeys = derive(&ledger, charter, meaning, &text);
        let ids: BTreeSet<_> = journeys.pursuits.iter().map(|one| one.id).collect();
        assert_eq!(ids.len(), journeys.pursuits.len(), "{seed}\n{text}");
        several += usize::from(ids.len() > 1);
        let facts = ledger.snapshot.facts.iter();
        let causes = [FactKind::Touch, FactKind::Person];
        let openers = facts.filter(|fact| ids.contains(&fact.id) && causes.contains(&fact.kind));
        by_rule += openers.count();
    }
    assert!(by_rule > 1_000 && several > 1_000, "{by_rule} {several}");
}

#[test]
fn time_alone_ends_what_must_have_been_so_often_and_begins_what_must_not() {
    for (rule, wanes) in [
        ("touches('form', 9 days) >= 1", true),
        ("touches('form', 9 days) > person.score", true),
        ("2 <= touches('form', 9 days)", true),
        ("person.score >= 50 OR touches('form', 9 days) > 2", true),
        ("person.score < 50 AND touches('', 9 days) > 2", true),
        ("touches('form') < 3", true),
        ("person.score IS NULL", true),
        ("touches('form', 9 days) < 1", false),
        ("2 > touches('form', 9 days)", false),
        ("touches('form', 9 days) = 1", false),
        ("NOT touches('form', 9 days) >= 1", false),
        ("touches('form', 9 days) >= touches('call', 9 days)", false),
        ("touches('form', 9 days) BETWEEN 1 AND 2", false),
        (
            "touches('form') >= 1 AND touches('form', 9 days) <= 3",
            false,
        ),
    ] {
        let text = format!("path mql, won\nattribute person.score number\nenters mql when {rule}");
        let charter = sketch::charter(&text).unwrap();
        let rule = charter.steps[0].enters_when.as_ref().unwrap();
        assert_eq!(rule.wanes(), wanes, "{rule:?}");
    }
}
