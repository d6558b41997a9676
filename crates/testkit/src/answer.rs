//! Asks the kernels one question and writes the result as text that a reader can check by hand.
//!
//! Questions are those of the product (`question_text`), with periods by their label
//! (`period=2025-01`), `calendar month FY2025`, which lists the periods of one size within another,
//! and `pursuits`, which lists every pursuit with its visits. `pursuits` ends
//! with the issues and the line that shows each; other answers count them by code.

mod bridge;
mod change;
mod credit;
mod deals;
mod formula;
mod promises;
mod reasons;
mod since;
mod worlds;

use std::collections::BTreeMap;

use handfast_kernels::funnel::{CohortRule, UnitKey};
use handfast_kernels::identity;
use handfast_kernels::journey::{self, Buyer, Journeys, LeftBy, Moment, Pursuit, World};
use handfast_kernels::metric::{self, Counted, Metric, SPECS, Scope, Shape};
use handfast_kernels::velocity::{self, Elapsed, Summary};
use handfast_model::question::{FunnelView, QuestionKind};
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{
    Calendar, Charter, Grain, Instant, Issue, IssueCode, Period, Question, Ratio, Sym, When,
    question_text,
};

use crate::ledger::Ledger;
use crate::sketch;
use crate::table::lay_out;

/// The answer to one question.
pub fn answer(ledger: &Ledger, charter: &Charter, ask: &str) -> Result<String, String> {
    let (ask, horizon) = match ask.rsplit_once(" horizon=") {
        Some((ask, day)) => {
            let end = handfast_model::Day::parse(day).ok_or("horizon=2025-01-31")?;
            (ask, charter.calendar.start_of(end.plus(1)))
        }
        None => (ask, horizon(ledger)),
    };
    if let Some(told) = since::answer(ledger, charter, (ask, horizon)) {
        return told;
    }
    let who = identity::resolve(&ledger.snapshot, &charter.identity);
    let mut resolved = ledger.clone();
    identity::apply(&mut resolved.snapshot, &who);
    let ledger = &resolved;
    let world = World {
        snapshot: &ledger.snapshot,
        charter,
        horizon,
    };
    let mut journeys = journey::derive(&world);
    journeys.issues.extend_from_slice(&who.issues);
    journeys.issues.sort_unstable();
    let desk = Desk {
        ledger,
        world: &world,
        journeys: &journeys,
    };
    if let Some(rest) = ask.strip_prefix("calendar ") {
        return periods(&charter.calendar, rest).ok_or("calendar month FY2025".to_owned());
    }
    if ask == "pursuits" {
        return Ok(desk.pursuits() + &desk.issue_lines());
    }
    let (text, extra) = desk.question(&read(&charter.calendar, ask)?)?;
    let issues = journeys.issues.iter().chain(&extra);
    Ok(text + &issue_counts(issues))
}

/// Reads a question, writing out a period that is given by its label.
fn read(calendar: &Calendar, ask: &str) -> Result<Question, String> {
    let words: Result<Vec<String>, String> = ask
        .split_whitespace()
        .map(|word| match word.strip_prefix("period=") {
            Some(label) => {
                let period = calendar.parse_period(label);
                let period = period.ok_or(format!("{label} is no period"))?;
                Ok(format!("period={}..{}", period.from, period.until))
            }
            None => Ok(word.to_owned()),
        })
        .collect();
    question_text::parse(&words?.join(" "))
}

/// The periods of one size within another: `month FY2025`.
fn periods(calendar: &Calendar, text: &str) -> Option<String> {
    let (grain, within) = text.split_once(' ')?;
    let (grain, within) = (Grain::parse(grain)?, calendar.parse_period(within)?);
    let periods = calendar.periods(grain, within.from, within.until);
    let row = |period: Period| {
        let days = period.until.0 - period.from.0;
        let (from, until) = (period.from.to_string(), period.until.to_string());
        let length = match days % 7 {
            0 if days > 7 => format!("{} weeks", days / 7),
            _ => format!("{days} days"),
        };
        vec![period.label, from, format!("until {until}"), length]
    };
    Some(lay_out(
        &periods.into_iter().map(row).collect::<Vec<_>>(),
        "",
    ))
}

fn horizon(ledger: &Ledger) -> Instant {
    let until = ledger
        .snapshot
        .observed
        .iter()
        .filter_map(|source| source.until);
    until.min().unwrap_or(Instant(0))
}

pub(crate) struct Desk<'a> {
    pub(crate) ledger: &'a Ledger,
    pub(crate) world: &'a World<'a>,
    pub(crate) journeys: &'a Journeys,
}

impl Desk<'_> {
    fn question(&self, question: &Question) -> Result<(String, Vec<Issue>), String> {
        let plain = |text: String| Ok((text, Vec::new()));
        match &question.kind {
            QuestionKind::Funnel(FunnelView::Flow) => plain(self.flow(question)?),
            QuestionKind::Funnel(FunnelView::Cohort {
                entry,
                window_days,
                entries,
                is_estimated,
                observed_from,
            }) => {
                let (from, until) = self.edges(question);
                let entry = match entry {
                    Some(id) => sketch::step(self.world.charter, id).ok_or("no such step")?,
                    None => StepIx(0),
                };
                let rule = CohortRule {
                    entry,
                    from,
                    until,
                    window_days: *window_days,
                    entries: *entries,
                    unit: question.unit,
                    horizon: self.world.horizon,
                };
                let estimate = is_estimated.then(|| self.estimate(&rule, *observed_from));
                plain(self.cohort(&rule) + &estimate.unwrap_or_default())
            }
            QuestionKind::Funnel(FunnelView::Snapshot { at, outcome_by }) => {
                plain(self.snapshot(question.unit, *at, *outcome_by))
            }
            QuestionKind::Velocity { from } => {
                plain(self.velocity(self.step_called(from.as_deref())))
            }
            QuestionKind::Metric(name) => self
                .formula(name, question)
                .unwrap_or_else(|| self.metric(name, question)),
            QuestionKind::Times { observed_from } => {
                plain(self.times(question.unit, *observed_from))
            }
            QuestionKind::Stale { at } => plain(self.stale(question.unit, *at)),
            QuestionKind::Response { clock, .. } => plain(self.response(clock)?),
            QuestionKind::Leaks => plain(self.leaks()),
            QuestionKind::Transitions => plain(self.transitions(question)?),
            QuestionKind::Sla { handoff } => plain(self.promises(handoff.as_deref())),
            QuestionKind::Cost { .. }
            | QuestionKind::Health
            | QuestionKind::Forecast { .. }
            | QuestionKind::Plan { .. }
            | QuestionKind::Targets => Err("that is asked of a book".to_owned()),
            QuestionKind::Credit { of, models } => plain(self.credit(*of, models)?),
            QuestionKind::Bridge { .. }
            | QuestionKind::Change { .. }
            | QuestionKind::Reasons { .. } => plain(self.of_deals(question)?),
            QuestionKind::Journey(_) | QuestionKind::Identity(_) => {
                Err("ask `pursuits`".to_owned())
            }
        }
    }

    fn step_called(&self, id: Option<&str>) -> Option<StepIx> {
        sketch::step(self.world.charter, id?)
    }

    fn pursuits(&self) -> String {
        let mut text = String::new();
        for (index, pursuit) in (0u32..).zip(&self.journeys.pursuits) {
            text.push_str(&self.headline(index, pursuit));
            let rows: Vec<Vec<String>> = pursuit.visits.iter().map(|v| self.visit(v)).collect();
            text.push_str(&lay_out(&rows, "  "));
        }
        text
    }

    fn headline(&self, index: u32, pursuit: &Pursuit) -> String {
        let mut parts = vec![format!("opened {}", self.moment(pursuit.opened))];
        match pursuit.end {
            Some(end) => parts.push(format!("{} {}", role(end.role), self.moment(end.moment))),
            None => parts.push("open".to_owned()),
        }
        if let Some(deal) = pursuit
            .deal
            .and_then(|d| self.journeys.deals.get(d as usize))
        {
            parts.push(format!("deal {}", self.name(deal.key)));
        }
        let people: Vec<&str> = pursuit
            .people
            .iter()
            .map(|id| self.ledger.person(*id))
            .collect();
        if !people.is_empty() {
            parts.push(people.join(" and "));
        }
        let touches = pursuit.touches.len();
        if touches > 0 {
            parts.push(format!("{touches} touches"));
        }
        let entry = pursuit
            .entry_touch
            .and_then(|at| self.fact_text(at, "touch"));
        parts.extend(entry.map(|kind| format!("came by {kind}")));
        format!("{}: {}\n", self.pursuit_name(index), parts.join(", "))
    }

    fn visit(&self, visit: &journey::Visit) -> Vec<String> {
        let mut notes = Vec::new();
        if visit.is_implied {
            notes.push("implied".to_owned());
        }
        if let Some(rep) = visit.rep {
            notes.push(format!("rep {}", self.name(rep)));
        }
        if let Some(team) = visit.team {
            notes.push(format!("team {}", self.name(team)));
        }
        vec![
            self.step(visit.step).to_owned(),
            self.moment(visit.entered),
            visit.left.map_or("…".to_owned(), |left| self.moment(left)),
            visit.left_by.word().to_owned(),
            notes.join(", "),
        ]
    }

    fn velocity(&self, from: Option<StepIx>) -> String {
        let cycles = velocity::cycles(self.journeys, &self.world.charter.calendar, from);
        let roles = [
            StepRole::Won,
            StepRole::Lost,
            StepRole::Disqualified,
            StepRole::Dormant,
        ];
        let mut rows = Vec::new();
        for outcome in roles {
            let of_role = || cycles.iter().filter(|cycle| cycle.outcome == outcome);
            let members: Vec<String> = of_role()
                .map(|cycle| {
                    let name = self.pursuit_name(cycle.pursuit);
                    format!("{name} {}", elapsed_text(cycle.elapsed))
                })
                .collect();
            if !members.is_empty() {
                let mut row = vec![format!("to {}", role(outcome))];
                row.extend(summary_cells(&velocity::summary(
                    of_role().map(|c| c.elapsed),
                )));
                row.push(members.join(", "));
                rows.push(row);
            }
        }
        match rows.is_empty() {
            true => "no pursuit has both dates\n".to_owned(),
            false => lay_out(&rows, ""),
        }
    }

    fn metric(&self, name: &str, question: &Question) -> Result<(String, Vec<Issue>), String> {
        let metric = Metric::parse(name).ok_or("no such metric")?;
        let shape = SPECS
            .iter()
            .find(|spec| spec.metric == metric)
            .map(|spec| spec.shape);
        let scope = self.scope(name, question);
        if shape == Some(Shape::PerDay) {
            return Ok((self.per_day(metric, &scope), Vec::new()));
        }
        let mut found = metric::measure(metric, self.world, self.journeys, &scope);
        let priced = self.price(&mut found, question);
        let members = &found.members;
        let figure = metric_figure(shape, members);
        let mut rows = Vec::new();
        for (at, member) in members.iter().enumerate() {
            let counted = match member.counted {
                Counted::Deal(index) => {
                    let deal = self.journeys.deals.get(index as usize);
                    deal.map_or(String::new(), |deal| self.name(deal.key).to_owned())
                }
                Counted::Pursuit(index) => self.pursuit_name(index),
                Counted::Fact(index) => {
                    let fact = self.world.snapshot.facts.get(index as usize);
                    fact.map_or("", |fact| self.ledger.line(fact.id)).to_owned()
                }
                Counted::Lead(index) => {
                    let lead = self.journeys.leads.get(index as usize);
                    lead.map_or(String::new(), |lead| {
                        self.ledger.person(lead.person).to_owned()
                    })
                }
            };
            let side = match (shape, member.is_part) {
                (Some(Shape::Share | Shape::ShareOfMoney), true) => "counts in both",
                (Some(Shape::Share | Shape::ShareOfMoney), false) => "counts below only",
                _ => "",
            };
            let mut row = vec![counted, self.moment(member.anchor)];
            row.extend(member.elapsed.map(elapsed_text));
            row.extend(member.money.map(|money| money.to_string()));
            row.extend(priced.get(at).cloned());
            row.extend(member.reason.map(|reason| self.name(reason).to_owned()));
            row.push(side.to_owned());
            rows.push(row);
        }
        let text = format!("{name}: {figure}").trim_end().to_owned() + "\n" + &lay_out(&rows, "  ");
        let own = found.members.iter().filter_map(|member| member.issue);
        let issues = found.issues.iter().copied().chain(own).collect();
        Ok((text, issues))
    }

    /// What a metric looks at, by its name and what follows it.
    fn scope(&self, name: &str, question: &Question) -> Scope {
        let (from, until) = self.edges(question);
        let mut told = name.split(':').skip(1);
        let nth = told.clone().next().and_then(|nth| nth.parse().ok());
        let mut step = || {
            let id = told.next()?;
            sketch::step(self.world.charter, id)
        };
        Scope {
            from,
            until,
            unit: question.unit,
            step: step(),
            to: step(),
            nth: nth.unwrap_or(0),
            paid_for: name.split(':').nth(1).and_then(metric::PaidFor::asked),
            split: metric::Split::NONE,
            is_by_rep: false,
            handoff: name.split(':').nth(1).and_then(|name| {
                let mut handoffs = self.world.charter.handoffs.iter();
                let place = handoffs.position(|handoff| handoff.name == name)?;
                Some(place as u32)
            }),
            reason: name
                .split_once(':')
                .and_then(|(_, reason)| self.world.snapshot.names.find(reason)),
        }
    }

    fn issue_lines(&self) -> String {
        let line = |issue: &Issue| {
            let line = issue.fact.map_or("", |fact| self.ledger.line(fact));
            let name = format!("{:?}", issue.code);
            vec![
                "issue".to_owned(),
                issue.code.code().to_owned(),
                name,
                line.to_owned(),
            ]
        };
        let rows: Vec<Vec<String>> = self.journeys.issues.iter().map(line).collect();
        lay_out(&rows, "")
    }

    pub(crate) fn edges(&self, question: &Question) -> (Option<Instant>, Option<Instant>) {
        let start = |day| self.world.charter.calendar.start_of(day);
        let period = question.period;
        (period.map(|p| start(p.0)), period.map(|p| start(p.1)))
    }

    /// A pursuit by its buyer; a buyer's later ones are numbered.
    fn pursuit_name(&self, index: u32) -> String {
        let Some(pursuit) = self.journeys.pursuits.get(index as usize) else {
            return String::new();
        };
        let name = match pursuit.buyer {
            Buyer::Account(key) | Buyer::Deal(key) => self.name(key),
            Buyer::Person(id) => self.ledger.person(id),
        };
        let before = self.journeys.pursuits.iter().take(index as usize);
        match before.filter(|other| other.buyer == pursuit.buyer).count() {
            0 => name.to_owned(),
            earlier => format!("{name} ({})", earlier + 1),
        }
    }

    pub(crate) fn unit(&self, unit: UnitKey) -> String {
        match unit {
            UnitKey::Pursuit(index) => self.pursuit_name(index),
            UnitKey::Person(id) => self.ledger.person(id).to_owned(),
            UnitKey::Account(key) | UnitKey::Deal(key) => self.name(key).to_owned(),
        }
    }

    pub(crate) fn name(&self, sym: Sym) -> &str {
        self.world.snapshot.names.text(sym)
    }

    pub(crate) fn step(&self, step: StepIx) -> &str {
        let step = self.world.charter.steps.get(usize::from(step.0));
        step.map_or("?", |step| &step.id)
    }

    fn fact_text(&self, index: u32, name: &str) -> Option<&str> {
        let fact = self.world.snapshot.facts.get(index as usize)?;
        fact.text(self.world.snapshot.names.find(name)?)
            .map(|sym| self.name(sym))
    }

    pub(crate) fn moment(&self, moment: Moment) -> String {
        match moment.when {
            When::Unknown => "undated".to_owned(),
            When::Day(day) => day.to_string(),
            When::At(at) => at.to_string(),
        }
    }
}

/// A metric's figure, as far as one can be read off its members.
fn metric_figure(shape: Option<Shape>, members: &[metric::Member]) -> String {
    let part = || members.iter().filter(|member| member.is_part);
    match shape {
        Some(Shape::Share) => ratio(Ratio {
            part: part().count() as i64,
            whole: members.len() as u64,
        }),
        Some(Shape::Days | Shape::Hours) => {
            let times = members.iter().filter_map(|member| member.elapsed);
            summary_cells(&velocity::summary(times)).join("  ")
        }
        Some(Shape::Sum | Shape::MeanMoney) => {
            let amounts: Vec<String> = members
                .iter()
                .filter_map(|member| member.money.map(|money| money.to_string()))
                .collect();
            amounts.join(" + ")
        }
        Some(Shape::ShareOfMoney) => {
            let sum = |all: &mut dyn Iterator<Item = &metric::Member>| {
                let money = all.filter_map(|member| member.money);
                money.map(|money| money.minor).sum::<i64>()
            };
            let (part, whole) = (sum(&mut part()), sum(&mut members.iter()));
            format!("{part} of {whole} minor units")
        }
        Some(Shape::Count | Shape::CountByReason | Shape::PerDay) | None => {
            part().count().to_string()
        }
        Some(Shape::Total) => {
            let total: i64 = members.iter().filter_map(|member| member.number).sum();
            total.to_string()
        }
    }
}

pub(crate) fn role(role: StepRole) -> &'static str {
    match role {
        StepRole::Path => "path",
        StepRole::Detour => "detour",
        StepRole::Won => LeftBy::Won.word(),
        StepRole::Lost => LeftBy::Lost.word(),
        StepRole::Disqualified => LeftBy::Disqualified.word(),
        StepRole::Dormant => LeftBy::Dormant.word(),
    }
}

pub(crate) fn ratio(ratio: Ratio) -> String {
    match ratio.whole {
        0 => "no value (of 0)".to_owned(),
        whole => format!("{} of {whole}", ratio.part),
    }
}

pub(crate) fn elapsed_text(elapsed: Elapsed) -> String {
    match (elapsed.is_calendar, elapsed.seconds / 86_400) {
        (true, days) => format!("{days} days"),
        (false, _) => format!("{} s", elapsed.seconds),
    }
}

fn summary_cells(summary: &Summary) -> Vec<String> {
    let exact = |ratio: Ratio| match ratio.whole {
        0 => "no value".to_owned(),
        1 => format!("{} days", ratio.part),
        whole => format!("{}/{whole} days", ratio.part),
    };
    vec![
        format!("n {}", summary.count),
        format!("mean {}", exact(summary.mean_days())),
        format!("median {}", exact(summary.median_days())),
    ]
}

fn issue_counts<'a>(issues: impl Iterator<Item = &'a Issue>) -> String {
    let mut counts: BTreeMap<IssueCode, u32> = BTreeMap::new();
    for issue in issues {
        *counts.entry(issue.code).or_default() += 1;
    }
    let row = |(code, count): (IssueCode, u32)| {
        let name = format!("{code:?}");
        vec![
            "issue".to_owned(),
            code.code().to_owned(),
            name,
            format!("{count}"),
        ]
    };
    let rows: Vec<Vec<String>> = counts.into_iter().map(row).collect();
    lay_out(&rows, "")
}
