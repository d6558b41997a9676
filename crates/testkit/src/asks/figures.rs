//! Questions as they are typed, and their truth in figures, for the doors of the whole engine.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::question::Unit;
use handfast_model::{Day, Instant};

use super::Ask;
use crate::truth::dimensions::{self, By};
use crate::truth::meaning::Meaning;
use crate::truth::measures::{self, Member};
use crate::truth::spend;
use crate::truth::views::{self, Stay};
use crate::truth::walk::Journeys;

/// Figures by row and column, as answers show them. Shares are split from what they are taken of:
/// `won` and `won/`.
pub type Figures = BTreeMap<(String, String), i128>;

/// Metrics that are sums of money, a row per currency.
const MONEY: [&str; 7] = [
    "revenue",
    "open_value",
    "spend",
    "spend:media",
    "win_rate_by_value",
    "marketing_touched_by_value",
    "marketing_touched_before_creation_by_value",
];

impl Ask {
    /// The question as typed, where the whole engine has one like it: words after `ask`, each with
    /// its option. Periods are those of whole days.
    pub fn words(&self, meaning: &Meaning) -> Option<Vec<(&'static str, String)>> {
        let zone = meaning.zone;
        let day = |at: i64| written(zone.day(at));
        let unit = |unit: Unit| ("unit", unit.word().to_owned());
        let period = |(from, until): (i64, i64)| {
            let until = day(until);
            (day(from) < until).then(|| ("period", format!("{}..{until}", day(from))))
        };
        let mut words = match self {
            Ask::Flow(level, stretch) => {
                vec![("view", "flow".to_owned()), period(*stretch)?, unit(*level)]
            }
            Ask::Cohort(asked) => {
                let step = &meaning.steps[asked.step];
                let mut words = vec![("view", "cohort".to_owned()), unit(asked.unit)];
                words.push(("from", step.role.is_on_path().then(|| step.id.clone())?));
                if let Some(stretch) = asked.period {
                    words.push(period(stretch)?);
                }
                words.extend(asked.window.map(|days| ("window", days.to_string())));
                words.extend(asked.is_each.then(|| ("entries", "all".to_owned())));
                words
            }
            Ask::Snapshot(level, at, _) => {
                let at = Instant(*at).to_string();
                vec![("view", "snapshot".to_owned()), ("at", at), unit(*level)]
            }
            Ask::Cycles(None) => vec![("kind", "velocity".to_owned())],
            Ask::Metric(name, level, stretch) => {
                let mut words = vec![("kind", "metric".to_owned()), ("of", (*name).to_owned())];
                if let Some(stretch) = stretch {
                    words.push(period(*stretch)?);
                }
                let by_unit = ["won", "lost", "win_rate", "win_rate_all_ends"];
                let is_counted = matches!(level, Unit::Pursuit | Unit::Deal);
                if by_unit.contains(name) {
                    words.push(is_counted.then(|| unit(*level))?);
                }
                words
            }
            _ => return None,
        };
        if words.iter().all(|(option, _)| *option != "kind") {
            words.push(("kind", "funnel".to_owned()));
        }
        Some(words)
    }

    /// What is true of each value of a dimension, in figures: a group's are those of its members
    /// alone. `None` where the question is not split so.
    pub fn figures_by(
        &self,
        by: By,
        (found, meaning, horizon): (&Journeys, &Meaning, i64),
    ) -> Option<BTreeMap<Group, Figures>> {
        let mut groups: BTreeMap<Group, Figures> = BTreeMap::new();
        let of_visit = |unit: Unit, stay: &Stay, at: (usize, usize)| {
            let place = dimensions::of_visit(found, (unit, &stay.unit), at);
            dimensions::value(by, found, meaning, &place)
        };
        match self {
            Ask::Flow(unit, (from, until)) => {
                let stays = views::stays(found, *unit).into_iter().map(|stay| {
                    let group = of_visit(*unit, &stay, stay.members[0]);
                    let group = group.filter(|_| by != By::Month);
                    (group, stay)
                });
                flow_by(
                    stays,
                    by == By::Month,
                    (meaning, *from, *until),
                    &mut groups,
                );
            }
            Ask::Cohort(asked) => {
                for (stay, pursuits) in views::entries(found, asked) {
                    let group = of_visit(asked.unit, &stay, stay.members[0]);
                    let line = views::entry(found, meaning, asked, (&stay, &pursuits));
                    of_cohort(&line, asked.step, meaning, &mut adding(&mut groups, &group));
                }
            }
            Ask::Snapshot(unit, at, _) if by != By::Month => {
                let stays = views::stays(found, *unit).into_iter();
                for stay in stays.filter(|stay| stay.holds(*at)) {
                    let mut there = stay.members.iter().filter(|(pursuit, place)| {
                        let visit = &found.pursuits[*pursuit].visits[*place];
                        let is_over = visit.left.is_some_and(|left| left.at <= Some(*at));
                        visit.entered.at <= Some(*at) && !is_over
                    });
                    let is_end = meaning.role(stay.step).is_end();
                    if let (Some(first), false) = (there.next(), is_end) {
                        let step = &meaning.steps[stay.step].id;
                        adding(&mut groups, &of_visit(*unit, &stay, *first))(step, "there", 1);
                    }
                }
            }
            Ask::Metric(name, unit, period) if !(*name == "open_value" && by == By::Month) => {
                if *name == "spend" && by == By::Month {
                    return Some(spend_by_month((found, meaning, horizon), *period));
                }
                for member in measures::members(found, meaning, name, (*unit, *period, horizon)) {
                    let group = dimensions::of_member(by, found, meaning, (name, &member));
                    of_metric(name, &member, &mut adding(&mut groups, &group));
                }
            }
            _ => return None,
        }
        groups.values_mut().for_each(of_nothing);
        Some(groups)
    }

    /// What is true, in figures.
    pub fn figures(&self, found: &Journeys, meaning: &Meaning, horizon: i64) -> Figures {
        let mut figures = Figures::new();
        let mut add = |row: &str, column: &str, number: i128| {
            let figure = figures.entry((row.to_owned(), column.to_owned()));
            *figure.or_default() += number;
        };
        if let Ask::Metric(name, unit, period) = self {
            for member in measures::members(found, meaning, name, (*unit, *period, horizon)) {
                of_metric(name, &member, &mut add);
            }
            of_nothing(&mut figures);
            return figures;
        }
        let mut units = BTreeSet::new();
        for line in self.truth(found, meaning, horizon) {
            match self {
                Ask::Flow(..) => of_flow(&line, &mut add),
                Ask::Cohort(asked) => of_cohort(&line, asked.step, meaning, &mut add),
                Ask::Snapshot(..) => {
                    // Over all stages each is there once.
                    let unit = of_snapshot(&line, meaning, &mut add);
                    let is_new = unit.is_some_and(|unit| units.insert(unit));
                    add("all", "there", i128::from(is_new));
                }
                Ask::Cycles(_) => of_cycle(&line, &mut add),
                _ => {}
            }
        }
        figures
    }
}

/// A share of an amount below nought is one of nothing.
fn of_nothing(figures: &mut Figures) {
    for ((_, column), figure) in figures {
        if column.ends_with("_by_value/") {
            *figure = (*figure).max(0);
        }
    }
}

/// What was spent on the days of each month.
fn spend_by_month(
    (found, meaning, horizon): (&Journeys, &Meaning, i64),
    period: measures::Period,
) -> BTreeMap<Group, Figures> {
    let mut groups = BTreeMap::new();
    for (place, part) in measures::days_of_spend(found, meaning, period, horizon) {
        let group = meaning.zone.day_of(part.at.when).map(dimensions::month);
        if let Some(currency) = spend::currency(&found.facts[place]) {
            adding(&mut groups, &group)(currency, "spend", i128::from(part.minor));
        }
    }
    groups
}

/// A value of a dimension; nothing where it is not known.
pub type Group = Option<String>;

/// A flow of the stays of each group alone, month by month if it is split so.
fn flow_by(
    stays: impl Iterator<Item = (Group, Stay)>,
    is_by_month: bool,
    (meaning, from, until): (&Meaning, i64, i64),
    groups: &mut BTreeMap<Group, Figures>,
) {
    let (first, end) = (meaning.zone.day(from), meaning.zone.day(until));
    let parts: Vec<(Group, i32, i32)> = match is_by_month {
        true => dimensions::months(first, end),
        false => vec![(None, first, end)],
    };
    let mut by_group: BTreeMap<Group, Vec<Stay>> = BTreeMap::new();
    for (group, stay) in stays {
        by_group.entry(group).or_default().push(stay);
    }
    for (group, stays) in by_group {
        for (month, a, b) in &parts {
            let group = month.clone().or(group.clone());
            let (from, until) = (meaning.zone.start(*a), meaning.zone.start(*b));
            for line in views::flow(&stays, meaning, from, until) {
                of_flow(&line, &mut adding(groups, &group));
            }
        }
    }
}

fn adding<'g>(
    groups: &'g mut BTreeMap<Group, Figures>,
    group: &Group,
) -> impl FnMut(&str, &str, i128) + 'g {
    let figures = groups.entry(group.clone()).or_default();
    |row, column, number| {
        *figures
            .entry((row.to_owned(), column.to_owned()))
            .or_default() += number;
    }
}

type Add<'a> = &'a mut dyn FnMut(&str, &str, i128);

fn of_flow(line: &str, add: Add<'_>) {
    let (head, who) = line.split_once(": ").unwrap_or((line, ""));
    let (step, column) = head.split_once(' ').unwrap_or((head, ""));
    let count = who.split(' ').next().and_then(|count| count.parse().ok());
    let count = count.unwrap_or(0);
    // What was skipped went on, too.
    let shown = if column == "skipped_to" {
        "advanced"
    } else {
        column
    };
    add(step, &shown.replace(' ', "_"), count);
    if crate::truth::WAYS.contains(&column) {
        add(step, "left", count);
    }
}

fn of_cohort(line: &str, entry: usize, meaning: &Meaning, add: Add<'_>) {
    add("", "entered", 1);
    let path = meaning.steps.iter().filter(|step| step.role.is_on_path());
    let reached = path.zip(line.split(' ').skip(2)).skip(entry + 1);
    for (step, reached) in reached {
        add("", &step.id, i128::from(reached != "-"));
    }
}

/// Gives who is there.
fn of_snapshot(line: &str, meaning: &Meaning, add: Add<'_>) -> Option<String> {
    // A snapshot shows what is under way.
    let mut words = line.split(' ');
    let unit = words.next()?.to_owned();
    let step = words.next().and_then(|step| meaning.step(step))?;
    let is_shown = !meaning.role(step).is_end();
    is_shown.then(|| add(&meaning.steps[step].id, "there", 1))?;
    Some(unit)
}

fn of_cycle(line: &str, add: Add<'_>) {
    let words: Vec<&str> = line.split(' ').collect();
    if let [_, outcome, seconds] = words.as_slice() {
        let row = format!("to {}", outcome.to_lowercase());
        add(&row, "n", 1);
        add(
            &row,
            "mean",
            seconds.parse::<i128>().unwrap_or(0) * 1_000_000,
        );
    }
}

fn of_metric(name: &str, member: &Member, add: Add<'_>) {
    let whole = format!("{name}/");
    let is_part = i128::from(member.is_part);
    match (&member.money, member.seconds) {
        (None, _) if MONEY.contains(&name) => {}
        (Some((minor, currency)), _) if name.ends_with("_by_value") => {
            add(currency, name, is_part * i128::from(*minor));
            add(currency, &whole, i128::from(*minor));
        }
        (Some((minor, currency)), _) if MONEY.contains(&name) => {
            add(currency, name, i128::from(*minor));
        }
        (_, Some(seconds)) => {
            add("", "n", 1);
            add("", "mean", i128::from(seconds) * 1_000_000);
        }
        _ if name.starts_with("win_rate") || name.starts_with("marketing_touched") => {
            add("", name, is_part);
            add("", &whole, 1);
        }
        _ => add("", name, 1),
    }
}

fn written(day: i32) -> String {
    Day(day).to_string()
}
