//! What was spent, one day after the other.

use std::collections::BTreeMap;

use handfast_model::fact::FactKind;

use super::clock::{Time, Zone};
use super::deals::Moment;
use super::said::{Said, Word};

/// What of a fact was spent when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    /// The day, or the instant, if it has one.
    pub at: Moment,
    /// Minor units.
    pub minor: i64,
}

/// The currency of a fact that has an amount.
pub fn currency(fact: &Said) -> Option<&str> {
    match fact.more.get("amount") {
        Some(Word::Money(_, currency)) => Some(currency),
        _ => None,
    }
}

/// The first day that it is for and the first that it is not; `None` where it has no days.
fn days(fact: &Said, zone: Zone) -> Option<(i32, i32)> {
    let last = fact.time("last_day").and_then(|last| zone.day_of(last));
    let until = match fact.time("until") {
        Some(Time::Day(day)) => Some(day),
        // Whatever has begun of a day is a day.
        Some(Time::At(at)) if zone.start(zone.day(at)) == at => Some(zone.day(at)),
        Some(Time::At(at)) => Some(zone.day(at) + 1),
        _ => last.map(|last| last + 1),
    };
    match (fact.when, until) {
        (Time::Unknown, _) | (Time::At(_), None) => None,
        (Time::Day(day), until) => Some((day, until.unwrap_or(day + 1))),
        (Time::At(at), Some(until)) => Some((zone.day(at), until)),
    }
}

/// A hundred years.
const MOST: i32 = 36_600;

/// Its parts, those still to come left out; whole on one day where its days make no sense.
pub fn by_day(fact: &Said, whole: i64, zone: Zone, horizon: i64) -> Vec<Part> {
    let part = |when: Time, minor: i64| Part {
        at: Moment::begin(when, zone),
        minor,
    };
    let parts: Vec<Part> = match days(fact, zone) {
        None => vec![part(fact.when, whole)],
        Some((from, until)) if until <= from || until - from > MOST => {
            vec![part(Time::Day(from), whole)]
        }
        Some((from, until)) => {
            let mut left = whole;
            let mut parts = Vec::new();
            for day in from..until {
                // As much as the days that are left would get each, a broken unit given to this.
                let days = i64::from(until - day);
                let own = (left + days - 1).div_euclid(days);
                left -= own;
                parts.push(part(Time::Day(day), own));
            }
            parts
        }
    };
    let has_come = |part: &Part| !fact.is_to_come(part.at.at, horizon);
    parts.into_iter().filter(has_come).collect()
}

/// All spend, by place, with what each counts for and what is wrong with it.
pub struct Spent {
    /// Minor units, or another number, by place of the fact; of a campaign's total, what its parts
    /// leave.
    pub wholes: BTreeMap<usize, i64>,
    /// Codes by place.
    pub doubts: Vec<(&'static str, usize)>,
}

/// What was spent, in minor units.
pub fn spent(facts: &[Said], zone: Zone, horizon: i64) -> Spent {
    counted(facts, "amount", zone, horizon)
}

/// What all spend facts say under a name.
pub fn counted(facts: &[Said], name: &str, zone: Zone, horizon: i64) -> Spent {
    let mut wholes = BTreeMap::new();
    let mut doubts = Vec::new();
    let mut totals = Vec::new();
    let parents = parents(facts);
    let (above, rings) = above(&parents);
    for (place, fact) in facts.iter().enumerate() {
        if fact.kind != FactKind::Spend {
            continue;
        }
        let codes = own_doubts(fact, zone, horizon).into_iter();
        doubts.extend(codes.map(|code| (code, place)));
        if let Some(Word::Money(whole, _) | Word::Int(whole)) = fact.more.get(name) {
            wholes.insert(place, *whole);
        }
        let campaign = fact.campaign.as_ref();
        if let (Some(campaign), true) = (campaign, fact.is("includes_children")) {
            let depth = above.get(campaign).map_or(0, Vec::len);
            totals.push((std::cmp::Reverse(depth), place, campaign));
        }
    }
    totals.sort();
    if !totals.is_empty() {
        doubts.extend(rings.iter().map(|place| ("W0133", *place)));
    }
    for (_, total, campaign) in totals {
        let Some(all) = wholes.get(&total).copied() else {
            continue;
        };
        let is_below = |of: &String| above.get(of).is_some_and(|chain| chain.contains(campaign));
        let below: Vec<(usize, i64)> = wholes
            .iter()
            .filter(|(place, _)| facts[**place].campaign.as_ref().is_some_and(is_below))
            .map(|(place, whole)| (*place, *whole))
            .collect();
        let (told, others) = told_below(facts, (name, total), &below, zone);
        // The rest of what was paid is not below nought, of what came back not above it.
        let rest = all - told;
        let rest = if all < 0 { rest.min(0) } else { rest.max(0) };
        if rest != all - told {
            doubts.push(("W0132", total));
        }
        if others > 0 {
            doubts.push(("W0135", total));
        }
        wholes.insert(total, rest);
    }
    Spent { wholes, doubts }
}

/// What campaigns below a total tell of its days, and how many tell it in another currency.
fn told_below(
    facts: &[Said],
    (name, total): (&str, usize),
    below: &[(usize, i64)],
    zone: Zone,
) -> (i64, i64) {
    let (mut told, mut others) = (0, 0);
    for (place, whole) in below {
        let fact = &facts[*place];
        let mut own = 0;
        for part in by_day(fact, *whole, zone, i64::MAX) {
            let is_in = match days_of(&facts[total], zone) {
                None => true,
                Some((from, until)) => zone
                    .day_of(part.at.when)
                    .is_some_and(|day| from <= day && day < until),
            };
            own += if is_in { part.minor } else { 0 };
        }
        match name != "amount" || currency(fact) == currency(&facts[total]) {
            true => told += own,
            false => others += i64::from(own != 0),
        }
    }
    (told, others)
}

/// The days of a fact, one where they make no sense or it is of an instant.
fn days_of(fact: &Said, zone: Zone) -> Option<(i32, i32)> {
    let until = fact.time("until").or(fact.time("last_day"));
    if let (Time::At(at), None) = (fact.when, until) {
        let day = zone.day(at);
        return Some((day, day + 1));
    }
    days(fact, zone).map(|(from, until)| match until <= from || until - from > MOST {
        true => (from, from + 1),
        false => (from, until),
    })
}

/// What stands at the top of each campaign that is part of another.
pub fn tops(facts: &[Said]) -> BTreeMap<String, String> {
    let (above, _) = above(&parents(facts));
    let chains = above.into_iter();
    chains
        .filter_map(|(one, chain)| Some((one, chain.last()?.clone())))
        .collect()
}

/// What each campaign is part of, and where that is said.
fn parents(facts: &[Said]) -> BTreeMap<String, (String, usize)> {
    let mut parents = BTreeMap::new();
    for (place, fact) in facts.iter().enumerate() {
        if let (FactKind::Campaign, Some(campaign), Some(parent)) =
            (fact.kind, &fact.campaign, fact.text("parent"))
        {
            parents.insert(campaign.clone(), (parent.to_owned(), place));
        }
    }
    parents
}

/// All that stands above each campaign, nearest first, and where those in a ring are said.
fn above(
    parents: &BTreeMap<String, (String, usize)>,
) -> (BTreeMap<String, Vec<String>>, Vec<usize>) {
    let walk = |from: &String, is_ring: &dyn Fn(&String) -> bool| {
        let mut chain: Vec<String> = Vec::new();
        let mut at = from.clone();
        while let Some((next, _)) = parents.get(&at).filter(|_| !is_ring(&at)) {
            if chain.contains(next) {
                break;
            }
            chain.push(next.clone());
            at = next.clone();
        }
        chain
    };
    let is_ring = |one: &String| walk(one, &|_| false).contains(one);
    let rings = parents.iter().filter(|(one, _)| is_ring(one));
    let rings = rings.map(|(_, (_, place))| *place).collect();
    let chains = parents.keys().map(|one| (one.clone(), walk(one, &is_ring)));
    (chains.collect(), rings)
}

/// What is wrong with a fact by itself.
fn own_doubts(fact: &Said, zone: Zone, horizon: i64) -> Vec<&'static str> {
    let mut doubts = Vec::new();
    let senseless = |(from, until): (i32, i32)| until <= from || until - from > MOST;
    if days(fact, zone).is_some_and(senseless) {
        doubts.push("W0130");
    }
    let known = ["media", "tool", "labour", "event"];
    if fact
        .text("paid_for")
        .is_some_and(|word| !known.contains(&word))
    {
        doubts.push("W0131");
    }
    if fact.when == Time::Unknown {
        doubts.push("W0105");
    }
    let all = by_day(fact, 0, zone, i64::MAX).len();
    if by_day(fact, 0, zone, horizon).len() < all {
        doubts.push("W0118");
    }
    doubts
}
