//! How soon leads are taken up and answered, one lead after another.

use std::collections::BTreeMap;

use handfast_model::fact::FactKind;

use super::clock::{Time, seconds};
use super::deals::Moment;
use super::estimates::{Seen, ages, quantile, time};
use super::meaning::Meaning;
use super::owners::Owners;
use super::said::Said;
use super::walk::{Journeys, Lead};

/// From when the time of an answer runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Start {
    /// The lead's creation.
    Creation,
    /// The first assignment to a rep.
    Assignment,
    /// The first dated entry of its pursuit into a step.
    Entry(usize),
}

/// One line per lead: whose it is, how long it waited and waits, what sales said of it. Then the
/// ages by which half and nine tenths are answered.
pub fn responses(
    journeys: &Journeys,
    meaning: &Meaning,
    start: Start,
    horizon: i64,
) -> Vec<String> {
    let zone = meaning.zone;
    let owners = Owners::of(&journeys.facts, zone);
    let mut of_person: BTreeMap<u128, Vec<usize>> = BTreeMap::new();
    for (place, fact) in journeys.facts.iter().enumerate() {
        if let Some(person) = fact.person {
            of_person.entry(person).or_default().push(place);
        }
    }
    let mut lines = Vec::new();
    let mut seen = Vec::new();
    for lead in &journeys.leads {
        let own = of_person.get(&lead.person).map_or(&[][..], |own| own);
        let when = |place: Option<usize>| place.map(|place| journeys.facts[place].when);
        let created = journeys.facts[lead.fact].when;
        let from = match start {
            Start::Creation => Some(created),
            Start::Assignment => when(lead.assigned),
            Start::Entry(step) => entry(journeys, lead, step),
        };
        let answered_by = from.and_then(|from| first_touch(journeys, meaning, own, from));
        let answer = from.and_then(|from| time(zone, from, when(answered_by), horizon));
        let answer = answer.and_then(|(time, is_over)| Some((time?, is_over)));
        seen.extend(answer.map(|(exit, is_over)| Seen {
            entry: None,
            exit,
            end: is_over.then_some(true),
        }));
        let aged = |place| when(place).and_then(|when| seconds(zone, created, when));
        let untouched = time(zone, created, when(lead.worked), horizon);
        let rep = lead
            .assigned
            .and_then(|place| journeys.facts[place].rep.clone());
        let team = when(lead.assigned)
            .and_then(|when| owners.team(rep.as_ref(), Moment::begin(when, zone)));
        let id =
            |place: Option<usize>| place.map(|place| format!("{:x}", journeys.facts[place].id));
        let verdict = verdict(journeys, own);
        lines.push(format!(
            "{:x} {rep:?} {team:?} answered {answer:?} {:?} assigned {:?} worked {:?} untouched \
             {untouched:?} {:?}",
            lead.person,
            id(answered_by),
            aged(lead.assigned),
            aged(lead.worked),
            verdict.map(|said| (said.text("verdict"), said.text("reason"))),
        ));
    }
    let (ages, _) = ages(&seen);
    lines.push(format!(
        "answered by {:?}",
        [50, 90].map(|percent| quantile(&ages, percent))
    ));
    lines
}

fn entry(journeys: &Journeys, lead: &Lead, step: usize) -> Option<Time> {
    let own = journeys
        .pursuits
        .iter()
        .find(|one| Some(one.id) == lead.pursuit);
    let mut entries = own?.visits.iter().filter(|visit| visit.step == step);
    let dated = entries.find(|visit| visit.entered.at.is_some() && !visit.is_implied);
    dated.map(|visit| visit.entered.when)
}

/// The first touch by sales that is not before the clock starts.
fn first_touch(journeys: &Journeys, meaning: &Meaning, own: &[usize], from: Time) -> Option<usize> {
    let is_answer = |place: &&usize| {
        let fact = &journeys.facts[**place];
        let is_by_sales = fact.kind == FactKind::Touch && fact.text("team") == Some("sales");
        is_by_sales && seconds(meaning.zone, from, fact.when) >= Some(0)
    };
    own.iter().find(is_answer).copied()
}

/// The latest word of sales.
fn verdict<'j>(journeys: &'j Journeys, own: &[usize]) -> Option<&'j Said> {
    let own = own.iter().rev().map(|place| &journeys.facts[*place]);
    let is_word = |fact: &Said| matches!(fact.text("verdict"), Some("accepted" | "rejected"));
    own.filter(|fact| fact.kind == FactKind::Disposition)
        .find(|fact| is_word(fact))
}
