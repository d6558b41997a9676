//! Goals, one day after the other: which of them say what is to be won on some days, so that no day
//! of an owner is said twice.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use handfast_model::fact::FactKind;

use super::clock::{Time, first_of};
use super::deals::Moment;
use super::dimensions::{By, months};
use super::measures::{Desk, Member};
use super::owners::Owners;
use super::said::{Said, Word};
use super::spend;

/// A goal: whose it is, in which currency, and for how long.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Goal {
    /// The rep whose it is.
    pub rep: Option<String>,
    /// The team whose it is, or that of the rep.
    pub team: Option<String>,
    /// The currency of its amount, if it has one.
    pub currency: Option<String>,
    /// Its first day.
    pub first: i32,
    /// The first day after; `None` where it does not say for how long it is.
    pub until: Option<i32>,
}

impl Goal {
    /// The days that it stands on.
    fn days(&self) -> Range<i32> {
        self.first..self.until.unwrap_or(self.first + 1)
    }

    fn length(&self) -> i32 {
        self.until.map_or(0, |until| until - self.first)
    }

    /// The company's is the widest, a rep's the narrowest.
    fn level(&self) -> usize {
        match (&self.rep, &self.team) {
            (None, None) => 0,
            (None, Some(_)) => 1,
            (Some(_), _) => 2,
        }
    }

    /// Whose it is: a rep's whatever the team.
    fn owner(&self) -> (Option<&String>, Option<&String>) {
        let team = self.team.as_ref().filter(|_| self.rep.is_none());
        (self.rep.as_ref(), team)
    }
}

/// What of goals counts in some days, by place.
#[derive(Default)]
pub struct Apart {
    /// Those that do.
    pub counted: BTreeSet<usize>,
    /// Those of which others say all days.
    pub twice: BTreeSet<usize>,
    /// Those that cross an edge of the days.
    pub cut: BTreeSet<usize>,
    /// Those of which others say some days.
    pub partly: BTreeSet<usize>,
}

/// The goals that make up some days, or all there are. Of one owner and currency the longest; of a
/// rep beside a team or the company the wider, and by rep the narrower.
pub fn apart(goals: &[Goal], slot: Option<(i32, i32)>, is_by_rep: bool) -> Apart {
    let mut found = Apart::default();
    let is_within = |day: &i32| slot.is_none_or(|(from, until)| from <= *day && *day < until);
    let mut order: Vec<usize> = Vec::new();
    for (place, goal) in goals.iter().enumerate() {
        let within = goal.days().filter(is_within).count();
        match within {
            0 => {}
            all if all == goal.days().count() => order.push(place),
            _ => _ = found.cut.insert(place),
        }
    }
    order.sort_by_key(|place| (Reverse(goals[*place].length()), *place));
    // By owner, currency and day: of which goal's days it is.
    let mut occupied = BTreeMap::new();
    let mut long: BTreeSet<usize> = BTreeSet::new();
    for place in order {
        let goal = &goals[place];
        let span = (goal.first, goal.until);
        let key = |day: i32| (goal.owner(), goal.currency.as_ref(), day);
        let mut days = goal.days();
        let is_free = days.all(|day| occupied.get(&key(day)).is_none_or(|known| *known == span));
        if is_free {
            goal.days()
                .for_each(|day| _ = occupied.insert(key(day), span));
            long.insert(place);
        } else {
            found.twice.insert(place);
        }
    }
    let levels = if is_by_rep { [2, 1, 0] } else { [0, 1, 2] };
    for level in levels {
        let mine = long.iter().filter(|place| goals[**place].level() == level);
        let mut counted = Vec::new();
        for place in mine {
            let is_said = |day: &i32| is_said(goals, &found.counted, (*place, *day), is_by_rep);
            match goals[*place].days().filter(is_said).count() {
                0 => counted.push(*place),
                all if all == goals[*place].days().count() => _ = found.twice.insert(*place),
                _ => _ = found.partly.insert(*place),
            }
        }
        found.counted.extend(counted);
    }
    found
}

/// Whether a goal of others that counts says a day of a goal.
fn is_said(
    goals: &[Goal],
    counted: &BTreeSet<usize>,
    (place, day): (usize, i32),
    is_by_rep: bool,
) -> bool {
    let goal = &goals[place];
    let mut others = counted.iter().map(|other| &goals[*other]);
    others.any(|other| {
        let (wide, narrow) = match is_by_rep {
            true => (goal, other),
            false => (other, goal),
        };
        let is_above = wide.level() < narrow.level();
        let holds = wide.level() == 0 || wide.team == narrow.team;
        let is_money = goal.currency.is_some() && other.currency == goal.currency;
        is_above && holds && is_money && other.days().contains(&day)
    })
}

/// The goals that count, month by month or in the period.
pub(super) fn members(desk: &Desk<'_>, by: Option<By>) -> Vec<Member> {
    let facts = &desk.journeys.facts;
    let owners = Owners::of(facts, desk.meaning.zone);
    let goals = facts.iter().enumerate();
    let goals = goals.filter_map(|(place, fact)| Some((place, read(desk, &owners, fact)?)));
    let (places, goals): (Vec<usize>, Vec<Goal>) = goals.unzip();
    let zone = desk.meaning.zone;
    let asked = desk
        .period
        .map(|(from, until)| (zone.day(from), zone.day(until)));
    let slots = match by {
        Some(By::Month) => {
            let first = goals.iter().map(|goal| goal.days().start).min();
            let last = goals.iter().map(|goal| goal.days().end).max();
            let (from, until) = asked.or(first.zip(last)).unwrap_or((0, 0));
            let months = months(from, until).into_iter();
            months.map(|(_, from, until)| Some((from, until))).collect()
        }
        _ => vec![asked],
    };
    let mut members = Vec::new();
    for slot in slots {
        for at in apart(&goals, slot, by == Some(By::Rep)).counted {
            let fact = &facts[places[at]];
            members.push(Member {
                who: format!("{:x}", fact.id),
                is_part: true,
                money: money(fact),
                seconds: None,
                number: None,
                at: Moment::begin(Time::Day(goals[at].first), zone),
                pursuit: None,
                fact: Some(places[at]),
            });
        }
    }
    members
}

fn money(fact: &Said) -> Option<(i64, String)> {
    match fact.more.get("amount") {
        Some(Word::Money(minor, currency)) => Some((*minor, currency.clone())),
        _ => None,
    }
}

/// A goal that says when it is for: by its label, else from its date on.
fn read(desk: &Desk<'_>, owners: &Owners<'_>, fact: &Said) -> Option<Goal> {
    let is_won = matches!(fact.text("measure"), None | Some("revenue" | "quota"));
    if fact.kind != FactKind::Target || !is_won {
        return None;
    }
    let zone = desk.meaning.zone;
    let label = fact.text("period").and_then(labelled);
    let told = zone.day_of(fact.when);
    // One that has a label begins with it, whenever it was set.
    let when = label.map_or(fact.when, |(from, _)| Time::Day(from));
    let until = match fact.time("until") {
        Some(Time::Day(until)) => told.zip(Some(until)),
        _ => None,
    };
    let days = label.or(until).filter(|(from, until)| from < until);
    let team = fact.text("team").map(str::to_owned);
    Some(Goal {
        rep: fact.rep.clone(),
        team: team.or_else(|| owners.team(fact.rep.as_ref(), Moment::begin(when, zone))),
        currency: spend::currency(fact).map(str::to_owned),
        first: days.map_or(zone.day_of(when)?, |(from, _)| from),
        until: days.map(|(_, until)| until),
    })
}

/// The days of `2025`, `2025-Q2` and `2025-03`.
fn labelled(text: &str) -> Option<(i32, i32)> {
    let (year, rest) = text.split_once('-').unwrap_or((text, ""));
    let year: i32 = year.parse().ok()?;
    let number = |text: &str, most: u32| {
        let number = text.parse().ok();
        number.filter(|number| (1..=most).contains(number))
    };
    let (first, months) = match (rest, rest.strip_prefix('Q')) {
        ("", _) => (1, 12),
        (_, Some(quarter)) => (3 * number(quarter, 4)? - 2, 3),
        (month, None) => (number(month, 12)?, 1),
    };
    let after = match first + months {
        13 => first_of(year + 1, 1),
        month => first_of(year, month),
    };
    Some((first_of(year, first), after))
}
