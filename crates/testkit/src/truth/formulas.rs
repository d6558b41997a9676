//! Metrics of the catalogue by hand: each measure counted in its own plain way, and each formula
//! written out as a division of two sums.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::question::Unit;

use super::buyers::{accounts, new_customers};
use super::clock::civil;
use super::dimensions::{By, month, of_member};
use super::meaning::{Meaning, Role};
use super::measures::{self, Desk, Member, Period, is_in};
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

/// How a measure is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Take {
    /// How many.
    Count,
    /// How many of how many.
    Share,
    /// Their money.
    Money,
    /// How many have money in the currency of the row.
    Amounts,
    /// The sum of their seconds and how many they are.
    Days,
    /// Twice the middle of their seconds, and two.
    Median,
}

/// A measure of a metric: its column, what is counted, and how it is taken.
pub type Measure = (&'static str, &'static str, Take);

/// What a metric comes to: a numerator and a denominator. Times are in seconds.
pub type Come = (i128, i128);

/// A metric: its name, its measures, and what it comes to over them, each as a numerator and a
/// denominator.
pub struct Metric {
    /// As questions name it.
    pub name: &'static str,
    /// Its measures.
    pub measures: &'static [Measure],
    /// By hand.
    pub comes_to: fn(&[Come]) -> Option<Come>,
}

fn first_by_second(of: &[Come]) -> Option<Come> {
    Some((of[0].0, of[1].0))
}

fn alone(of: &[Come]) -> Option<Come> {
    of.first().copied()
}

fn share(of: &[Come]) -> Option<Come> {
    (of[0].1 != 0).then_some(of[0])
}

const fn of(
    name: &'static str,
    measures: &'static [Measure],
    comes_to: fn(&[Come]) -> Option<Come>,
) -> Metric {
    Metric {
        name,
        measures,
        comes_to,
    }
}

const SPEND: Measure = ("spend", "spend", Take::Money);
const LEADS: Measure = ("leads_created", "leads_created", Take::Count);
const REVENUE: Measure = ("revenue", "revenue", Take::Money);
const CREATED: Measure = ("pipeline_created", "pipeline_created", Take::Money);

/// The metrics that are compared.
pub const METRICS: &[Metric] = &[
    of("cost_per_lead", &[SPEND, LEADS], first_by_second),
    of(
        "cost_per_assigned_lead",
        &[SPEND, ("leads_assigned", "leads_assigned", Take::Count)],
        first_by_second,
    ),
    of(
        "cost_per_opportunity",
        &[SPEND, ("deals_created", "deals_created", Take::Count)],
        first_by_second,
    ),
    of(
        "cost_per_deal",
        &[SPEND, ("deals_won", "won", Take::Count)],
        first_by_second,
    ),
    of(
        "cac",
        &[SPEND, ("new_customers", "new_customers", Take::Count)],
        first_by_second,
    ),
    of(
        "cac_cohort",
        &[
            SPEND,
            ("won_share", "accounts_won", Take::Share),
            ("accounts", "accounts_won", Take::Count),
        ],
        |of| Some((of[0].0, of[1].0)),
    ),
    of("net_return", &[REVENUE, SPEND], |of| {
        Some((of[0].0 - of[1].0, of[1].0))
    }),
    of("cost_of_pipeline", &[SPEND, CREATED], first_by_second),
    of(
        "average_deal_size",
        &[REVENUE, ("deals", "revenue", Take::Amounts)],
        first_by_second,
    ),
    of("revenue_per_lead", &[REVENUE, LEADS], first_by_second),
    of("pipeline_per_lead", &[CREATED, LEADS], first_by_second),
    of(
        "pipeline_growth",
        &[
            ("pipeline_created_now", "pipeline_created_now", Take::Money),
            CREATED,
        ],
        |of| Some((of[0].0 - of[1].0, of[1].0)),
    ),
    of(
        "average_open_value",
        &[
            ("open_value", "open_value", Take::Money),
            ("deals", "open_value", Take::Amounts),
        ],
        first_by_second,
    ),
    of(
        "weighted_pipeline",
        &[("", "weighted_open", Take::Money)],
        alone,
    ),
    of(
        "weighted_pipeline_due",
        &[("", "weighted_due", Take::Money)],
        alone,
    ),
    of(
        "weighted_pipeline_by_history",
        &[("", "weighted_by_history", Take::Money)],
        alone,
    ),
    of(
        "loss_rate",
        &[
            ("lost", "lost", Take::Count),
            ("closed", "closed", Take::Count),
        ],
        first_by_second,
    ),
    of(
        "no_decision_rate",
        &[
            ("ended", "ended", Take::Count),
            ("closed", "closed", Take::Count),
        ],
        |of| Some((of[0].0 - of[1].0, of[0].0)),
    ),
    of(
        "loss_rate_by_value",
        &[("lost_value", "lost_value", Take::Money), REVENUE],
        |of| Some((of[0].0, of[1].0 + of[0].0)),
    ),
    of(
        "conversion:{1}:{2}",
        &[
            ("arrived", "entered:{2}", Take::Count),
            ("came", "entered:{1}", Take::Count),
        ],
        first_by_second,
    ),
    of(
        "conversion_passed_through:{1}:{2}",
        &[
            ("there", "in_stage:{2}", Take::Count),
            ("before", "in_stage:{1}", Take::Count),
        ],
        first_by_second,
    ),
    of(
        "conversion_cohort:{1}:{2}",
        &[("", "reached:{1}:{2}", Take::Share)],
        share,
    ),
    of(
        "lead_to_deal",
        &[("", "leads_with_deal", Take::Share)],
        share,
    ),
    of("lead_to_won", &[("", "leads_won", Take::Share)], share),
    of(
        "account_lead_to_deal",
        &[("", "accounts_with_deal", Take::Share)],
        share,
    ),
    of(
        "account_lead_to_won",
        &[("", "accounts_won", Take::Share)],
        share,
    ),
    of("close_rate:1", &[("", "close_rate:1", Take::Share)], share),
    of(
        "median_cycle_won",
        &[("", "cycle_won", Take::Median)],
        share,
    ),
    of(
        "sales_velocity_all_ends",
        &[
            ("open", "open_value", Take::Count),
            ("mean_won_value", "revenue", Take::Money),
            ("", "revenue", Take::Amounts),
            ("rate", "ended_deals", Take::Share),
            ("cycle_won", "cycle_won", Take::Days),
        ],
        |of| {
            let above = of[0].0 * of[1].0 * of[3].0 * of[4].1 * 86_400;
            let below = of[2].0 * of[3].1 * of[4].0;
            Some((above, below))
        },
    ),
];

/// Whether a metric can be split so: what was spent is of no rep, team or segment, and what is open
/// is so at one instant.
pub fn is_split(metric: &Metric, by: Option<By>) -> bool {
    metric.measures.iter().all(|(_, base, _)| match by {
        None => true,
        Some(By::Month) => {
            !["open_value", "weighted_open", "weighted_by_history"].contains(base)
                && !base.starts_with("in_stage")
        }
        Some(By::Channel) => true,
        Some(By::Rep | By::Team | By::Segment) => *base != "spend",
    })
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
            let plain = if *base == "spend" { "spend" } else { "" };
            let group = match asked.by {
                None => None,
                Some(By::Month) => meaning.zone.day_of(member.at.when).map(month),
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
    let of_group = |columns: &[Vec<Member>]| {
        let money = (0..width).filter(|place| is_money(*place));
        let money = money.flat_map(|place| &columns[place]);
        let currencies = money.filter_map(|member| member.money.as_ref());
        currencies
            .map(|(_, currency)| currency.clone())
            .collect::<BTreeSet<String>>()
    };
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
        for currency in rows {
            let measures = metric.measures.iter().zip(&columns);
            let taken = measures.map(|((_, _, how), members)| take(*how, members, &currency));
            let taken: Vec<Come> = taken.collect();
            // Where no spend was told nobody knows what anything cost.
            let is_told = metric
                .measures
                .iter()
                .zip(&columns)
                .all(|(measure, members)| {
                    let mut money = members.iter().filter_map(|member| member.money.as_ref());
                    measure.1 != "spend" || money.any(|(_, of)| Some(of) == currency.as_ref())
                });
            let comes_to = (metric.comes_to)(&taken).filter(|_| is_told);
            figures.insert((group.clone(), currency), (taken, comes_to));
        }
    }
    figures
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
        "spend" if asked.by == Some(By::Month) => spend_by_day(&desk),
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
        "leads_with_deal" | "leads_won" => {
            let mut leads = of("leads_created", Unit::Pursuit);
            for lead in &mut leads {
                let pursuit = lead.pursuit.map(|place| &journeys.pursuits[place]);
                lead.is_part = pursuit.is_some_and(|pursuit| match name {
                    "leads_won" => pursuit.end.is_some_and(|end| end.role == Role::Won),
                    _ => pursuit.deal.is_some(),
                });
            }
            leads
        }
        "weighted_open" | "weighted_due" | "weighted_by_history" => weighted::members(&desk, name),
        "accounts_with_deal" | "accounts_won" => accounts(&desk, name == "accounts_won", asked),
        "entered" | "in_stage" => staged(&desk, told, name == "entered"),
        "reached" => reached(&desk, told, asked),
        other => of(other, Unit::Pursuit),
    }
}

/// What was spent, a member for each day of each fact.
fn spend_by_day(desk: &Desk<'_>) -> Vec<Member> {
    let (journeys, meaning) = (desk.journeys, desk.meaning);
    let days = measures::days_of_spend(journeys, meaning, desk.period, desk.horizon);
    let member = |(place, part): (usize, spend::Part)| {
        let fact = &journeys.facts[place];
        Member {
            who: format!("{:x}", fact.id),
            is_part: true,
            money: spend::currency(fact).map(|currency| (part.minor, currency.to_owned())),
            seconds: None,
            at: part.at,
            pursuit: None,
            fact: Some(place),
        }
    };
    days.into_iter().map(member).collect()
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
                at: deal.created,
                pursuit: Some(home),
                fact: None,
            });
        }
    }
    members
}

/// Quarters since the year nought.
fn quarter(day: i32) -> i32 {
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
        at: stay.entered,
        pursuit: Some(stay.members[0].0),
        fact: None,
    };
    entries.map(member).collect()
}
