//! Metrics of the catalogue by hand: each measure counted in its own plain way, and each formula
//! written out as a division of two sums.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::question::Unit;

use super::buyers::{accounts, new_customers};
pub use super::catalogue::{Come, METRICS, Measure, Metric, Take};
use super::clock::civil;
use super::dimensions::{By, month, of_member};
use super::families;
use super::goals;
use super::meaning::{Meaning, Role};
use super::measures::{self, Desk, Member, Period, is_in, told};
use super::said::Word;
use super::spend;
use super::views::{self, Cohort};
use super::walk::Journeys;
use super::weighted;

/// What a question for a metric asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asked {
    /// By what it is split.
    pub by: Option<By>,
    /// The period.
    pub period: Period,
    /// Up to when sources show everything.
    pub horizon: i64,
}

/// Whether a metric can be split so: what was spent, and what networks tell beside it, is of no
/// rep, team or segment, a goal of no channel, and what is open is so at one instant.
pub fn is_split(metric: &Metric, by: Option<By>) -> bool {
    metric.measures.iter().all(|(_, base, _)| match by {
        None => true,
        Some(By::Month) => {
            let is_weighted = base.starts_with("weighted") && *base != "weighted_due";
            *base != "open_value" && !is_weighted && !base.starts_with("in_stage")
        }
        Some(By::Channel) => *base != "target",
        Some(By::Rep) => !is_of_spend(base),
        Some(By::Team | By::Segment) => !is_of_spend(base) && *base != "target",
    })
}

/// Whether a measure is of what was spent, or of what networks tell beside it.
fn is_of_spend(base: &str) -> bool {
    base.starts_with("spend") || AD_NUMBERS.contains(&base)
}

/// The members of each measure, group by group.
fn grouped(
    journeys: &Journeys,
    meaning: &Meaning,
    metric: &Metric,
    asked: Asked,
) -> BTreeMap<Option<String>, Vec<Vec<Member>>> {
    let mut groups: BTreeMap<Option<String>, Vec<Vec<Member>>> = BTreeMap::new();
    let width = metric.measures.len();
    for (place, (_, base, take)) in metric.measures.iter().enumerate() {
        for member in members(journeys, meaning, base, asked) {
            if matches!(take, Take::Money | Take::Amounts) && member.money.is_none() {
                continue;
            }
            let plain = match *base {
                base if is_of_spend(base) => "spend",
                "target" => "target",
                _ => "",
            };
            let group = match asked.by {
                None => None,
                Some(By::Month) => {
                    let day = meaning.zone.day_of(member.at.when);
                    let later = match base.starts_with("spend_lagged") {
                        true => lag(journeys, meaning, asked).unwrap_or(0),
                        false => 0,
                    };
                    day.map(|day| month(day + later))
                }
                Some(by) => of_member(by, journeys, meaning, (plain, &member)),
            };
            let columns = groups
                .entry(group)
                .or_insert_with(|| vec![Vec::new(); width]);
            columns[place].push(member);
        }
    }
    groups
}

/// A group and a currency, where there are such.
pub type Row = (Option<String>, Option<String>);

/// What each measure comes to, and the metric.
pub type Figures = (Vec<Come>, Option<Come>);

/// What is true of each group and currency: each measure, and what the metric comes to.
pub fn figures(
    journeys: &Journeys,
    meaning: &Meaning,
    metric: &Metric,
    asked: Asked,
) -> BTreeMap<Row, Figures> {
    let mut groups = grouped(journeys, meaning, metric, asked);
    let width = metric.measures.len();
    let is_money = |place: usize| matches!(metric.measures[place].2, Take::Money | Take::Amounts);
    let has_money = (0..width).any(is_money);
    // How many may have an amount.
    let is_by_own = |place: usize| {
        let (_, base, take) = metric.measures[place];
        has_money && base == "open_value" && take == Take::Count
    };
    let of_group = |columns: &[Vec<Member>]| {
        let money = (0..width).filter(|place| is_money(*place) || is_by_own(*place));
        let money = money.flat_map(|place| &columns[place]);
        money.map(currency).collect::<BTreeSet<String>>()
    };
    let foreign = strangers(metric, &groups);
    let all: BTreeSet<String> = groups
        .values()
        .flat_map(|columns| of_group(columns))
        .collect();
    if groups.is_empty() && asked.by.is_none() && !has_money {
        groups.insert(None, vec![Vec::new(); width]);
    }
    let mut figures = BTreeMap::new();
    for (group, columns) in groups {
        let own = of_group(&columns);
        let rows: Vec<Option<String>> = match (has_money, own.is_empty(), all.is_empty()) {
            (false, ..) => vec![None],
            (true, false, _) => own.into_iter().map(Some).collect(),
            (true, true, false) => all.iter().cloned().map(Some).collect(),
            (true, true, true) => vec![Some("EUR".to_owned())],
        };
        for row in rows {
            let measures = metric.measures.iter().zip(&columns);
            let taken = measures.enumerate().map(|(place, ((_, _, how), members))| {
                match (is_by_own(place), &row) {
                    (true, Some(row)) => {
                        let own = members.iter().filter(|member| currency(member) == *row);
                        (own.count() as i128, 1)
                    }
                    _ => take(*how, members, &row),
                }
            });
            let taken: Vec<Come> = taken.collect();
            let is_foreign = row.as_ref().is_some_and(|row| foreign.contains(row));
            let is_told = is_told(metric, &columns, row.as_ref()) && !is_foreign;
            let comes_to = (metric.comes_to)(&taken).filter(|_| is_told);
            figures.insert((group.clone(), row), (taken, comes_to));
        }
    }
    figures
}

/// The currency of an amount; of one that is not there the agreed one speaks.
fn currency(member: &Member) -> String {
    let own = member.money.as_ref().map(|(_, currency)| currency.clone());
    own.unwrap_or_else(|| "EUR".to_owned())
}

/// Where no spend was told nobody knows what anything cost, and where no goal was, what is left.
fn is_told(metric: &Metric, columns: &[Vec<Member>], row: Option<&String>) -> bool {
    let mut measures = metric.measures.iter().zip(columns);
    measures.all(|((_, base, _), members)| {
        let mut money = members.iter().filter_map(|member| member.money.as_ref());
        let is_of_records = base.starts_with("spend") || *base == "target";
        !is_of_records || money.any(|(_, of)| Some(of) == row)
    })
}

/// The currencies that some measure of money beside spend has none in, though it has others.
fn strangers(
    metric: &Metric,
    groups: &BTreeMap<Option<String>, Vec<Vec<Member>>>,
) -> BTreeSet<String> {
    let is_spend = |base: &str| base.starts_with("spend");
    let mut foreign = BTreeSet::new();
    if !metric.measures.iter().any(|(_, base, _)| is_spend(base)) {
        return foreign;
    }
    let of = |place: usize| -> BTreeSet<String> {
        let members = groups.values().flat_map(|columns| &columns[place]);
        let money = members.filter_map(|member| member.money.as_ref());
        money.map(|(_, currency)| currency.clone()).collect()
    };
    let money = metric.measures.iter().enumerate();
    let money = money.filter(|(_, (_, _, take))| matches!(take, Take::Money | Take::Amounts));
    let sets: Vec<BTreeSet<String>> = money.map(|(place, _)| of(place)).collect();
    for own in sets.iter().filter(|own| !own.is_empty()) {
        for other in &sets {
            foreign.extend(other.difference(own).cloned());
        }
    }
    foreign
}

fn take(how: Take, members: &[Member], currency: &Option<String>) -> Come {
    let money = members.iter().filter_map(|member| member.money.as_ref());
    let money = money.filter(|(_, of)| Some(of) == currency.as_ref());
    let many = members.len() as i128;
    let mut seconds: Vec<i128> = members
        .iter()
        .filter_map(|member| member.seconds)
        .map(i128::from)
        .collect();
    seconds.sort_unstable();
    match how {
        Take::Count => (many, 1),
        Take::Share => (
            members.iter().filter(|member| member.is_part).count() as i128,
            many,
        ),
        Take::Money => (money.map(|(minor, _)| i128::from(*minor)).sum(), 1),
        Take::Amounts => (money.count() as i128, 1),
        Take::Numbers => {
            let numbers = members.iter().filter_map(|member| member.number);
            (numbers.map(i128::from).sum(), 1)
        }
        Take::Days => (seconds.iter().sum(), seconds.len() as i128),
        Take::Median if seconds.is_empty() => (0, 0),
        Take::Median => (
            seconds[(seconds.len() - 1) / 2] + seconds[seconds.len() / 2],
            2,
        ),
    }
}

/// The members of a measure.
fn members(journeys: &Journeys, meaning: &Meaning, base: &str, asked: Asked) -> Vec<Member> {
    let (name, told) = base.split_once(':').unwrap_or((base, ""));
    let desk = Desk {
        journeys,
        meaning,
        period: asked.period,
        horizon: asked.horizon,
    };
    let of = |name: &str, unit| {
        measures::members(journeys, meaning, name, (unit, asked.period, asked.horizon))
    };
    let all_part = |members: Vec<Member>| {
        let member = |member: Member| Member {
            is_part: true,
            ..member
        };
        members.into_iter().map(member).collect::<Vec<Member>>()
    };
    match name {
        "spend" if asked.by == Some(By::Month) => spend_by_day(&desk, told),
        "spend" if !told.is_empty() => spend_by_day(&desk, told),
        "spend_lagged" => spend_earlier(&desk, told, asked),
        "leads_attributed" | "leads_of_new_campaigns" | "spend_of_new_campaigns" => {
            families::members(&desk, name, asked.by == Some(By::Month))
        }
        // `cost_per_deal` counts deals; the rest asks for pursuits.
        "won" => of("won", Unit::Deal),
        "closed" => all_part(of("win_rate", Unit::Pursuit)),
        "ended" => all_part(of("win_rate_all_ends", Unit::Pursuit)),
        "ended_deals" => of("win_rate_all_ends", Unit::Deal),
        "lost_value" => desk.deals_ended(
            |role| role == Role::Lost,
            |deal, _| (desk.amount(deal, None), None),
        ),
        "deals_created" => created(&desk, |_| None),
        "pipeline_created" => created(&desk, |deal| {
            let made = &journeys.deals[deal];
            desk.amount(deal, made.created.at.or(made.known_from.at))
        }),
        "pipeline_created_now" => created(&desk, |deal| desk.amount(deal, None)),
        "close_rate" => close_rate(&desk, told.parse().unwrap_or(0), asked.horizon),
        "new_customers" => new_customers(&desk),
        "leads_with_deal" | "leads_won" => leads_that(&desk, name == "leads_won"),
        name if name.starts_with("weighted") || name == "open_due" => {
            weighted::members(&desk, name)
        }
        "target" => goals::members(&desk, asked.by),
        name if AD_NUMBERS.contains(&name) => ad_numbers(&desk, name),
        "lost_for" | "lost_explained" => lost_for(&desk, told),
        "accounts_with_deal" | "accounts_won" => accounts(&desk, name == "accounts_won", asked),
        "entered" | "in_stage" => staged(&desk, told, name == "entered"),
        "reached" => reached(&desk, told, asked),
        other => of(other, Unit::Pursuit),
    }
}

/// Leads; the part has a deal, or was won.
fn leads_that(desk: &Desk<'_>, is_won: bool) -> Vec<Member> {
    let (journeys, whole) = (desk.journeys, (Unit::Pursuit, desk.period, desk.horizon));
    let mut leads = measures::members(journeys, desk.meaning, "leads_created", whole);
    for lead in &mut leads {
        let pursuit = lead.pursuit.map(|place| &journeys.pursuits[place]);
        lead.is_part = pursuit.is_some_and(|pursuit| match is_won {
            true => pursuit.end.is_some_and(|end| end.role == Role::Won),
            false => pursuit.deal.is_some(),
        });
    }
    leads
}

/// What networks tell beside what was spent.
const AD_NUMBERS: [&str; 3] = ["impressions", "clicks", "ad_conversions"];

/// What they tell, a member for each day of each fact.
fn ad_numbers(desk: &Desk<'_>, name: &str) -> Vec<Member> {
    let (journeys, zone) = (desk.journeys, desk.meaning.zone);
    // Sources tell of conversions, each of what it calls so.
    let name = name.trim_start_matches("ad_");
    let told = spend::counted(&journeys.facts, name, zone, desk.horizon);
    let mut members = Vec::new();
    for (place, whole) in told.wholes {
        let fact = &journeys.facts[place];
        for part in spend::by_day(fact, whole, zone, desk.horizon) {
            if is_in(part.at.at, desk.period) {
                members.push(Member {
                    who: format!("{:x}", fact.id),
                    is_part: true,
                    money: None,
                    seconds: None,
                    number: Some(part.minor),
                    at: part.at,
                    pursuit: None,
                    fact: Some(place),
                });
            }
        }
    }
    members
}

/// What was lost; the part for a reason, or for any where none is asked: the one that stands where
/// it ended, else the one that its deal gives.
fn lost_for(desk: &Desk<'_>, asked: &str) -> Vec<Member> {
    let (journeys, meaning) = (desk.journeys, desk.meaning);
    let whole = (Unit::Pursuit, desk.period, desk.horizon);
    let mut lost = measures::members(journeys, meaning, "lost", whole);
    for member in &mut lost {
        let home = member.pursuit.map(|place| &journeys.pursuits[place]);
        let end = home.and_then(|home| home.end).and_then(|end| end.fact);
        let on_end = end.and_then(|place| journeys.facts[place].text("reason"));
        let deal = home.and_then(|home| home.deal);
        let of_deal = deal.and_then(|deal| told(journeys, meaning, (deal, "loss_reason"), None));
        let given = match (on_end, of_deal) {
            (Some(reason), _) => Some(reason),
            (None, Some(Word::Text(reason))) => Some(reason.as_str()),
            (None, _) => None,
        };
        member.is_part = given.is_some_and(|given| asked.is_empty() || given == asked);
    }
    lost
}

/// By how many days spend is looked at earlier: the middle of all cycles that were won in the
/// period, in whole days. Of all time nothing is earlier; without a won deal nobody knows.
fn lag(journeys: &Journeys, meaning: &Meaning, asked: Asked) -> Option<i32> {
    if asked.period.is_none() && asked.by != Some(By::Month) {
        return Some(0);
    }
    let desk = (Unit::Pursuit, asked.period, asked.horizon);
    let won = measures::members(journeys, meaning, "cycle_won", desk);
    let (twice, two) = take(Take::Median, &won, &None);
    let days = (two != 0).then(|| measures::half_even(twice, two * 86_400))?;
    i32::try_from(days).ok()
}

/// What was spent so much earlier; nothing where nobody knows how much.
fn spend_earlier(desk: &Desk<'_>, told: &str, asked: Asked) -> Vec<Member> {
    let Some(days) = lag(desk.journeys, desk.meaning, asked) else {
        return Vec::new();
    };
    let zone = desk.meaning.zone;
    let earlier = |at: i64| zone.start(zone.day(at) - days);
    let period = desk
        .period
        .map(|(from, until)| (earlier(from), earlier(until)));
    spend_by_day(&Desk { period, ..*desk }, told)
}

/// What was spent on everything or on one thing, a member for each day of each fact.
fn spend_by_day(desk: &Desk<'_>, told: &str) -> Vec<Member> {
    let (journeys, meaning) = (desk.journeys, desk.meaning);
    let days = measures::days_of_spend(journeys, meaning, desk.period, desk.horizon);
    let is_asked = |(place, _): &(usize, spend::Part)| {
        let paid_for = journeys.facts[*place].text("paid_for");
        match told {
            "" => true,
            "programme" => matches!(paid_for, Some("media" | "event")),
            word => paid_for == Some(word),
        }
    };
    let member = |(place, part): (usize, spend::Part)| {
        let fact = &journeys.facts[place];
        Member {
            who: format!("{:x}", fact.id),
            is_part: true,
            money: spend::currency(fact).map(|currency| (part.minor, currency.to_owned())),
            seconds: None,
            number: None,
            at: part.at,
            pursuit: None,
            fact: Some(place),
        }
    };
    days.into_iter().filter(is_asked).map(member).collect()
}

/// Deals by when they were made.
fn created(desk: &Desk<'_>, money: impl Fn(usize) -> Option<(i64, String)>) -> Vec<Member> {
    let mut members = Vec::new();
    for (place, deal) in desk.journeys.deals.iter().enumerate() {
        let home = desk.journeys.of_deal[place];
        if is_in(deal.created.at, desk.period) && home < desk.journeys.pursuits.len() {
            members.push(Member {
                who: deal.key.clone(),
                is_part: true,
                money: money(place),
                seconds: None,
                number: None,
                at: deal.created,
                pursuit: Some(home),
                fact: None,
            });
        }
    }
    members
}

/// Quarters since the year nought.
pub(super) fn quarter(day: i32) -> i32 {
    let (year, month, _) = civil(day);
    year * 4 + (month as i32 - 1) / 3
}

fn close_rate(desk: &Desk<'_>, nth: i32, horizon: i64) -> Vec<Member> {
    let zone = desk.meaning.zone;
    let mut members = created(desk, |_| None);
    members.retain_mut(|member| {
        let Some(made) = zone.day_of(member.at.when).map(quarter) else {
            return false;
        };
        let home = member.pursuit.map(|place| &desk.journeys.pursuits[place]);
        let end = home.and_then(|home| home.end);
        let won = end.filter(|end| end.role == Role::Won);
        let won = won
            .and_then(|end| zone.day_of(end.moment.when))
            .map(quarter);
        member.is_part = won == Some(made + nth);
        // That quarter is over if the last moment before the horizon lies after it, or its last
        // day ends there.
        let last = zone.day(horizon - 1);
        quarter(last) > made + nth
            || (quarter(last + 1) > made + nth && zone.start(last + 1) <= horizon)
    });
    members
}

/// Pursuits by their first entry into a step, or by any stay in it that touches the period.
fn staged(desk: &Desk<'_>, step: &str, is_first: bool) -> Vec<Member> {
    let mut members = Vec::new();
    for (place, pursuit) in desk.journeys.pursuits.iter().enumerate() {
        let mut own = pursuit
            .visits
            .iter()
            .filter(|visit| desk.meaning.steps[visit.step].id == step);
        let found = match (is_first, desk.period) {
            (true, _) => own
                .next()
                .filter(|visit| is_in(visit.entered.at, desk.period)),
            (false, None) => own.next(),
            (false, Some((from, until))) => own.find(|visit| {
                let left = visit.left.and_then(|left| left.at).unwrap_or(i64::MAX);
                visit
                    .entered
                    .at
                    .is_some_and(|at| at < until && (at >= from || left > from))
            }),
        };
        if let Some(visit) = found {
            members.push(Member {
                who: format!("{:x}", pursuit.id),
                is_part: true,
                money: None,
                seconds: None,
                number: None,
                at: visit.entered,
                pursuit: Some(place),
                fact: None,
            });
        }
    }
    members
}

fn reached(desk: &Desk<'_>, told: &str, asked: Asked) -> Vec<Member> {
    let (from, to) = told.split_once(':').unwrap_or((told, ""));
    let step = |id: &str| desk.meaning.steps.iter().position(|step| step.id == id);
    let (Some(from), Some(to)) = (step(from), step(to)) else {
        return Vec::new();
    };
    let cohort = Cohort {
        step: from,
        period: asked.period,
        window: None,
        is_each: false,
        unit: Unit::Pursuit,
        horizon: asked.horizon,
    };
    let entries = views::entries(desk.journeys, &cohort).into_iter();
    let member = |(stay, pursuits): (views::Stay, Vec<usize>)| Member {
        who: stay.unit.clone(),
        is_part: views::shown(desk.journeys, desk.meaning, &cohort, (&stay, &pursuits), to)
            .is_some(),
        money: None,
        seconds: None,
        number: None,
        at: stay.entered,
        pursuit: Some(stay.members[0].0),
        fact: None,
    };
    entries.map(member).collect()
}
