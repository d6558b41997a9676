//! What channels and months cost and what came of it, one thing after another.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::question::Unit;

use super::clock::Time;
use super::credit;
use super::dimensions::{self, By};
use super::meaning::Meaning;
use super::measures::{self, Member, Period, days_of_spend, is_in, members};
use super::spend;
use super::walk::Journeys;

/// Figures by group, currency and column, noughts left out.
pub type Figures = BTreeMap<(Option<String>, String, String), i128>;

/// One thing that was found: its group, where it counts, and what it is worth.
type Found = (Option<String>, &'static str, Option<(i64, String)>);

/// What each channel or month cost, and what came of it by `linear`.
pub fn figures(
    journeys: &Journeys,
    meaning: &Meaning,
    (by, period, horizon): (By, Period, i64),
) -> Figures {
    let mut found: Vec<Found> = Vec::new();
    for (place, part) in days_of_spend(journeys, meaning, period, horizon) {
        let fact = &journeys.facts[place];
        let group = match by {
            By::Month => meaning.zone.day_of(part.at.when).map(dimensions::month),
            _ => fact.text("channel").map(str::to_owned),
        };
        if let Some(currency) = spend::currency(fact) {
            found.push((group, "spend", Some((part.minor, currency.to_owned()))));
        }
    }
    let of =
        |name: &str, member: &Member| dimensions::of_member(by, journeys, meaning, (name, member));
    for (name, column) in [("leads_created", "leads"), ("leads_assigned", "assigned")] {
        for member in members(journeys, meaning, name, (Unit::Pursuit, period, horizon)) {
            found.push((of(name, &member), column, None));
        }
    }
    for (name, column) in [("deals_created", "opened"), ("revenue", "won")] {
        for member in members(journeys, meaning, name, (Unit::Deal, period, horizon)) {
            found.push((of("revenue", &member), column, member.money.clone()));
        }
    }
    found.extend(credited(journeys, meaning, (by, period, horizon)));
    sums(&found)
}

/// What touches earned of deals closed in the period, and what touches in the period earned.
fn credited(
    journeys: &Journeys,
    meaning: &Meaning,
    (by, period, horizon): (By, Period, i64),
) -> Vec<Found> {
    let mut found = Vec::new();
    for (column, of) in [("credited", period), ("realised", None)] {
        let asked = credit::Asked {
            is_won: true,
            period: of,
            horizon,
        };
        for trail in credit::trails(journeys, meaning, asked) {
            let Some((whole, currency)) = &trail.member.money else {
                continue;
            };
            let shares: Vec<(Option<usize>, i64)> =
                match credit::credits(&trail, "linear", journeys, meaning) {
                    None => vec![(None, *whole)],
                    Some(shares) => trail
                        .touches
                        .iter()
                        .copied()
                        .map(Some)
                        .zip(shares)
                        .collect(),
                };
            for (touch, minor) in shares {
                let touch = touch.map(|place| &journeys.facts[place]);
                let touched = touch.map_or(Time::Unknown, |touch| touch.when);
                let day = meaning.zone.day_of(touched);
                let start = day.map(|day| meaning.zone.start(day));
                if column == "realised" && !is_in(start, period) {
                    continue;
                }
                let closed = meaning.zone.day_of(trail.member.at.when);
                let group = match (by, column) {
                    (By::Month, "credited") => closed.map(dimensions::month),
                    (By::Month, _) => day.map(dimensions::month),
                    _ => touch
                        .and_then(|touch| touch.text("channel"))
                        .map(str::to_owned),
                };
                found.push((group, column, Some((minor, currency.clone()))));
            }
        }
    }
    found
}

/// Sums by group and currency; who is counted counts in every currency of the group, where there is
/// none, in the only one there is, else in euros.
fn sums(found: &[Found]) -> Figures {
    let mut currencies: BTreeMap<&Option<String>, BTreeSet<&String>> = BTreeMap::new();
    for (group, _, money) in found {
        let of = currencies.entry(group).or_default();
        of.extend(money.as_ref().map(|(_, currency)| currency));
    }
    let all: BTreeSet<&String> = currencies.values().flatten().copied().collect();
    let euros = "EUR".to_owned();
    let only = match all.len() {
        1 => all.first().copied().unwrap_or(&euros),
        _ => &euros,
    };
    let mut figures = Figures::new();
    for (group, column, money) in found {
        let known = &currencies[group];
        let is_count = ["opened", "won"].contains(column);
        let places: Vec<&String> = match money {
            Some((_, currency)) if !is_count => vec![currency],
            _ if known.is_empty() => vec![only],
            _ => known.iter().copied().collect(),
        };
        for currency in places {
            let mut add = |column: &str, number: i128| {
                let place = (group.clone(), currency.clone(), column.to_owned());
                *figures.entry(place).or_default() += number;
            };
            let own = money.as_ref().filter(|(_, own)| own == currency);
            let minor = own.map_or(0, |(minor, _)| i128::from(*minor));
            match *column {
                "spend" | "credited" | "realised" => add(column, minor),
                "opened" | "won" => {
                    let worth = if *column == "won" {
                        "revenue"
                    } else {
                        "pipeline"
                    };
                    add(column, 1);
                    add(worth, minor);
                }
                column => add(column, 1),
            }
        }
    }
    figures.retain(|_, figure| *figure != 0);
    figures
}

/// The columns that are compared.
pub const COLUMNS: [&str; 9] = [
    "spend", "leads", "assigned", "opened", "pipeline", "won", "revenue", "credited", "realised",
];

/// Deals by their creation, with what they are worth now.
pub fn created(journeys: &Journeys, meaning: &Meaning, period: Period) -> Vec<Member> {
    let deals = journeys.deals.iter().enumerate();
    let created = deals.filter(|(_, deal)| is_in(deal.created.at, period));
    created
        .map(|(place, deal)| Member {
            who: deal.key.clone(),
            is_part: true,
            money: measures::amount(journeys, meaning, place),
            seconds: None,
            number: None,
            at: deal.created,
            pursuit: Some(journeys.of_deal[place]),
            fact: None,
        })
        .collect()
}
