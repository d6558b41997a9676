//! What rules place: looked at before and after the facts of each instant that concerns a pursuit.

use handfast_model::fact::FactKind;

use super::clock::{DAY, Time};
use super::deals::Moment;
use super::meaning::{Meaning, Role, Rule};
use super::said::{Said, Word};
use super::walk::{Buyer, Event, Place, Placer, Walk, What};

/// Whether any rule places anything.
pub(super) fn are_there(meaning: &Meaning) -> bool {
    let has = |step: &super::meaning::Step| step.enters.is_some() || step.exits.is_some();
    let earlier = meaning.earlier.iter().map(|(_, earlier)| earlier);
    let mut all = earlier.chain([meaning]);
    all.any(|meaning| meaning.steps.iter().any(has))
}

/// What held before an instant.
pub(super) struct Before {
    pursuits: Vec<(usize, Vec<bool>)>,
    openers: Vec<(Option<u128>, Vec<bool>)>,
    count: usize,
}

fn enters(meaning: &Meaning) -> Vec<(usize, &Rule)> {
    let steps = meaning.steps.iter().enumerate();
    let rule = steps.filter_map(|(number, step)| Some((number, step.enters.as_ref()?)));
    rule.collect()
}

/// Whether a rule holds for a person at an instant, by what was told so far.
fn holds(walk: &Walk<'_>, rule: &Rule, person: Option<u128>, now: Option<i64>) -> bool {
    let score = || {
        // The newest record that has a score; a record that lost its score has none.
        let told = walk.told.iter().map(|place| &walk.facts[*place]);
        let of = |fact: &&Said| fact.kind == FactKind::Person && fact.person == person;
        let states: Vec<&Said> = told.filter(of).filter(|_| person.is_some()).collect();
        let record = |fact: &Said| (fact.source.clone(), fact.stream.clone(), fact.key);
        let is_newest = |at: usize| {
            let later = states.iter().skip(at + 1);
            !later
                .clone()
                .any(|later| record(later) == record(states[at]))
        };
        let newest = (0..states.len()).rev().filter(|at| is_newest(*at));
        let said = newest.map(|at| states[at].more.get("score"));
        match said.flatten().next() {
            Some(Word::Int(score)) => Some(*score),
            _ => None,
        }
    };
    match rule {
        Rule::ScoreAtLeast(least) => score().is_some_and(|score| score >= *least),
        Rule::ScoreBelow(most) => score().is_some_and(|score| score < *most),
        Rule::Or(a, b) => holds(walk, a, person, now) || holds(walk, b, person, now),
        Rule::Touches(kind, days, least) => count(walk, kind, *days, now) >= *least,
        Rule::Fewer(kind, days, most) => count(walk, kind, *days, now) < *most,
    }
}

/// How many touches of a kind were told in the days before an instant.
fn count(walk: &Walk<'_>, kind: &str, days: i64, now: Option<i64>) -> usize {
    let told = walk.told.iter().map(|place| &walk.facts[*place]);
    let of_kind =
        told.filter(|fact| fact.kind == FactKind::Touch && fact.text("touch") == Some(kind));
    let within = of_kind.filter(|fact| {
        let at = walk.meaning.zone.begin(fact.when);
        at.zip(now).is_some_and(|(at, now)| at > now - days * DAY)
    });
    within.count()
}

fn truths(walk: &Walk<'_>, pursuit: usize, now: Option<i64>) -> Vec<bool> {
    let person = walk.pursuits[pursuit].people.first().copied();
    let enters = enters(walk.meaning.at(now)).into_iter();
    enters
        .map(|(_, rule)| holds(walk, rule, person, now))
        .collect()
}

fn opening_truths(walk: &Walk<'_>, person: Option<u128>, now: Option<i64>) -> Vec<bool> {
    // In these worlds every step of the path opens.
    let opening = enters(walk.meaning.at(now)).into_iter();
    let opening = opening.filter(|(step, _)| walk.meaning.role(*step) == Role::Path);
    opening
        .map(|(_, rule)| holds(walk, rule, person, now))
        .collect()
}

/// The pursuits that an instant concerns: leads, touches and states concern all that are open,
/// states of a deal only its own.
fn concerned(walk: &Walk<'_>, instant: &[Event]) -> Vec<usize> {
    let of_deal = |event: &Event| {
        let fact = &walk.facts[event.fact];
        event.what == What::State && fact.kind == FactKind::Deal
    };
    let is_wide = |event: &Event| {
        matches!(event.what, What::Touch | What::Lead(_))
            || event.what == What::State && !of_deal(event)
    };
    if instant.iter().any(is_wide) {
        return walk.open_ones().collect();
    }
    let deals = instant.iter().filter(|event| of_deal(event));
    let keys: Vec<_> = deals
        .map(|event| walk.facts[event.fact].deal.clone())
        .collect();
    let has = |at: &usize| {
        let deal = walk.pursuits[*at]
            .deal
            .map(|deal| walk.deals[deal].key.clone());
        deal.is_some() && keys.contains(&deal)
    };
    (0..walk.pursuits.len()).filter(has).collect()
}

/// Only what is said of people and accounts, and touches, let a rule open a pursuit.
fn may_open(walk: &Walk<'_>, event: &Event) -> bool {
    let kind = walk.facts[event.fact].kind;
    let is_row = matches!(event.what, What::State | What::Touch);
    is_row && kind != FactKind::Deal
}

pub(super) fn look_before(walk: &Walk<'_>, instant: &[Event]) -> Before {
    let mut before = Before {
        pursuits: Vec::new(),
        openers: Vec::new(),
        count: walk.pursuits.len(),
    };
    if !are_there(walk.meaning) {
        return before;
    }
    let now = instant[0].at;
    for pursuit in concerned(walk, instant) {
        before.pursuits.push((pursuit, truths(walk, pursuit, now)));
    }
    for event in instant.iter().filter(|event| may_open(walk, event)) {
        let person = walk.facts[event.fact].person;
        if !before.openers.iter().any(|(known, _)| *known == person) {
            before
                .openers
                .push((person, opening_truths(walk, person, now)));
        }
    }
    before
}

pub(super) fn look_after(walk: &mut Walk<'_>, buyer: &Buyer, instant: &[Event], before: Before) {
    if !are_there(walk.meaning) {
        return;
    }
    let last = instant[instant.len() - 1];
    let (now, said) = (last.at, walk.facts[last.fact].when);
    let when = match now {
        None => Time::Unknown,
        at if walk.meaning.zone.begin(said) == at => said,
        Some(at) => Time::At(at),
    };
    let moment = Moment { when, at: now };
    // One instant opens at most one pursuit by rule, and none where one has opened and ended in it.
    if walk.first_open().is_none() && walk.pursuits.len() == before.count {
        for (person, old) in &before.openers {
            let new = opening_truths(walk, *person, now);
            if old.iter().zip(&new).any(|(old, new)| !old && *new) {
                let is_theirs = |event: &&Event| {
                    may_open(walk, event) && walk.facts[event.fact].person == *person
                };
                if let Some(event) = instant.iter().find(is_theirs) {
                    walk.open(buyer, event, moment, *person);
                    break;
                }
            }
        }
    }
    let place = Place {
        step: None,
        left_by: "back",
        moment,
        fact: Some(last.fact),
    };
    for (pursuit, old) in before.pursuits {
        apply(walk, pursuit, Some(old), place);
    }
    for pursuit in before.count..walk.pursuits.len() {
        apply(walk, pursuit, None, place);
    }
}

fn apply(walk: &mut Walk<'_>, pursuit: usize, old: Option<Vec<bool>>, place: Place) {
    let now = place.moment.at;
    let new = truths(walk, pursuit, now);
    if walk.pursuits[pursuit].end.is_some() {
        return;
    }
    let held = std::mem::replace(&mut walk.pursuits[pursuit].held, new.clone());
    let looked = walk.pursuits[pursuit].looked.replace(now);
    // Rules that came since the last look held before this instant, if they hold before it at all.
    let are_new =
        looked.is_some_and(|looked| !std::ptr::eq(walk.meaning.at(looked), walk.meaning.at(now)));
    let current = walk.pursuits[pursuit].places.last().copied();
    let exit = current.and_then(|last| {
        let then = walk.meaning.at(last.moment.at);
        then.steps[last.step?].exits.as_ref()
    });
    let opener = walk.pursuits[pursuit].people.first().copied();
    if exit.is_some_and(|rule| holds(walk, rule, opener, now)) {
        walk.make(pursuit, place, Placer::Rule, now);
    }
    let steps: Vec<usize> = enters(walk.meaning.at(now))
        .iter()
        .map(|(step, _)| *step)
        .collect();
    for (number, step) in steps.into_iter().enumerate() {
        let did_hold = old.as_ref().is_some_and(|old| old[number])
            && (are_new || held.get(number).copied().unwrap_or(false));
        if new[number] && !did_hold {
            let step = Some(step);
            enter(walk, pursuit, Place { step, ..place });
        }
    }
}

/// A rule never sends back: an earlier step is entered only beside a later one of this instant.
fn enter(walk: &mut Walk<'_>, pursuit: usize, place: Place) {
    let found = &walk.pursuits[pursuit];
    let meaning = walk.meaning;
    let is_path = |step: Option<usize>| step.is_some_and(|step| meaning.role(step) == Role::Path);
    let current = found.places.last().and_then(|last| last.step);
    if found.end.is_some() || current == place.step {
        return;
    }
    if !(is_path(place.step) && is_path(current) && current > place.step) {
        return walk.make(pursuit, place, Placer::Rule, place.moment.at);
    }
    let is_later = |old: &&Place| {
        old.moment.at == place.moment.at && is_path(old.step) && old.step > place.step
    };
    let later = found.places.iter().rev().take_while(is_later).count();
    let at = found.places.len() - later;
    let before = found.places[..at].last().and_then(|old| old.step);
    if later > 0 && (!is_path(before) || before < place.step) {
        walk.pursuits[pursuit].places.insert(at, place);
    }
}
