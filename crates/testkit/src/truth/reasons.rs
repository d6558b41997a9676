//! Why deals were lost or won: of each, what every voice said last.

use std::collections::BTreeMap;

use handfast_model::fact::FactKind;
use handfast_model::question::Unit;

use super::meaning::{Meaning, Role};
use super::measures::{Period, members, told};
use super::said::Word;
use super::walk::{Journeys, Pursuit};

/// By reason, competitor, stage and voice: the deals.
pub type Statements = BTreeMap<[Option<String>; 4], Vec<String>>;

/// The same, a line for each deal of each statement.
pub fn lines(journeys: &Journeys, meaning: &Meaning, asked: (bool, Period)) -> Vec<String> {
    let found = statements(journeys, meaning, asked).into_iter();
    let line = |(key, deals): ([Option<String>; 4], Vec<String>)| {
        let deals = deals.into_iter();
        deals
            .map(|deal| format!("{key:?} {deal}"))
            .collect::<Vec<_>>()
    };
    found.flat_map(line).collect()
}

/// What is said of the deals that were won, or lost, in a period.
pub fn statements(
    journeys: &Journeys,
    meaning: &Meaning,
    (is_won, period): (bool, Period),
) -> Statements {
    let (name, word) = if is_won {
        ("won", "win_reason")
    } else {
        ("lost", "loss_reason")
    };
    let mut found = Statements::new();
    for member in members(journeys, meaning, name, (Unit::Deal, period, 0)) {
        let Some(number) = journeys
            .deals
            .iter()
            .position(|deal| deal.key == member.who)
        else {
            continue;
        };
        let (deal, home) = (
            &journeys.deals[number],
            &journeys.pursuits[journeys.of_deal[number]],
        );
        let last = told(journeys, meaning, (number, "competitor"), None);
        let last = last.and_then(|word| match word {
            Word::Text(text) => Some(text.clone()),
            _ => None,
        });
        let stage = from_where(home, meaning);
        // Whoever speaks later in the list is heard first; the mark that ended it before all.
        let newest = newest(journeys, &deal.versions).into_iter();
        let mut speakers: Vec<(usize, &str)> = newest.map(|place| (place, word)).collect();
        let end = home.end.and_then(|end| end.fact);
        if let Some(end) = end.filter(|end| journeys.facts[*end].kind == FactKind::Mark) {
            speakers.insert(0, (end, "reason"));
        }
        let mut heard: Vec<String> = Vec::new();
        for (place, word) in speakers {
            let fact = &journeys.facts[place];
            let Some(reason) = fact.text(word) else {
                continue;
            };
            let by = fact.text("said_by").unwrap_or(&fact.source).to_owned();
            if heard.contains(&by) {
                continue;
            }
            heard.push(by.clone());
            let competitor = fact.text("competitor").map(str::to_owned).or(last.clone());
            let key = [Some(reason.to_owned()), competitor, stage.clone(), Some(by)];
            found.entry(key).or_default().push(deal.key.clone());
        }
        if heard.is_empty() {
            found
                .entry([None, last, stage, None])
                .or_default()
                .push(deal.key.clone());
        }
    }
    found
}

/// Of each record its last version alone, the latest first.
fn newest(journeys: &Journeys, versions: &[usize]) -> Vec<usize> {
    let record = |place: usize| {
        let fact = &journeys.facts[place];
        (&fact.source, &fact.stream, fact.key)
    };
    let is_last = |at: usize| {
        let mut later = versions[at + 1..].iter();
        later.all(|other| record(*other) != record(versions[at]))
    };
    let places = (0..versions.len()).rev().filter(|at| is_last(*at));
    places.map(|at| versions[at]).collect()
}

/// The stay that the end took away, else the last one on the path.
fn from_where(home: &Pursuit, meaning: &Meaning) -> Option<String> {
    let (mut stage, mut is_by_end) = (None, false);
    for visit in &home.visits {
        let is_end = ["won", "lost", "disqualified"].contains(&visit.left_by);
        let is_path = meaning.role(visit.step) == Role::Path && !visit.is_implied;
        if is_path && (is_end || !is_by_end) {
            stage = Some(meaning.steps[visit.step].id.clone());
            is_by_end |= is_end;
        }
    }
    stage
}
