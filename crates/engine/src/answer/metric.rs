//! A named metric by dimensions. What it counts is decided in `kernels::metric`.

use std::collections::{BTreeSet, HashSet};

use handfast_charter::nearest;
use handfast_kernels::journey::{Pursuit, Teams};
use handfast_kernels::metric::{self, Counted, Metric, MetricSpec, SPECS, Scope, Shape};
use handfast_model::question::Dimension;
use handfast_model::{ColumnKind, Currency, Issue, Money, Question, Refusal};

use super::brand;
use super::figure::{Figure, Reading, Taken, figure};
use super::formula::{self, Plan};
use super::ground::{Anchor, Ground, Owner};
use super::groups::{Groups, Rows as Placed};
use super::missed;
use super::price::{Prices, not_priced};
use super::promised;
use super::scope::scope;
use super::sheet::{Key, Member, Sheet};
use super::spent;
use super::tally::Tally;
use super::touched;
use super::undated;
use super::whose::Whose;

/// Counts one metric.
pub(super) fn count<'a>(
    ground: &'a Ground<'a>,
    question: &'a Question,
    name: &str,
) -> Result<Tally<'a>, Refusal> {
    if let Some(plan) = Plan::of(ground, question, name)? {
        return formula::count(ground, question, plan);
    }
    let others = ground.charter.catalogue.metrics.iter();
    let spec = spec(name, others.map(|metric| metric.name.as_str()))?;
    check_fit(spec, question, name)?;
    let scope = scope(ground, question, name)?;
    if spec.shape == Shape::PerDay {
        return per_day(ground, question, spec, &scope);
    }
    let prices = question.currency.map(|to| Prices::new(ground, to));
    let rows = Rows::new(ground, question, spec.shape);
    let (members, mut issues) = rows.measured(spec.metric, &scope);
    let mut members = spent::cut(ground, question, prices.as_ref(), (members, 0));
    let mut sheet = begun(question, spec.shape);
    let (mut groups, mut places) = (Groups::new(ground, &question.by), Placed::default());
    let part = |member: &metric::Member| member.is_part.then_some(0);
    for (at, member) in members.iter_mut().enumerate() {
        let place = Member::Measured(at as u32);
        if let Some(anchor) = rows.plain_anchor(member) {
            let group = groups.of(Some(anchor), 0);
            let row = places.of(group, &mut sheet, || groups.keys(group).0);
            let columns = [Some(1), part(member)].into_iter().flatten();
            columns.for_each(|column| sheet.add_at(row, column, place));
            continue;
        }
        let Some(keys) = rows.keys(member) else {
            continue;
        };
        if let (Some(prices), Some(_)) = (&prices, member.money) {
            member.money = prices.of_member(member);
            if member.money.is_none() {
                let fact = member.fact.and_then(|fact| ground.fact(fact));
                issues.push(not_priced(fact.map(|fact| fact.id)));
                sheet.add(&keys, NOT_PRICED, place);
                continue;
            }
        }
        let columns = [Some(1), part(member)].into_iter().flatten();
        columns.for_each(|column| sheet.add(&keys, column, place));
    }
    let mut tally = Tally::new(ground, question, sheet);
    tally.dimension_columns(&question.by);
    last_column(&mut tally, spec.shape);
    tally.figures = figures(spec, question);
    tally
        .notes
        .extend(rows.notes((spec.metric, name), &scope, &members));
    tally.prices = prices;
    tally.measured = members;
    tally.extra_issues = issues;
    Ok(tally)
}

/// A sheet, with its one row where the question has no other.
fn begun(question: &Question, shape: Shape) -> Sheet {
    let mut sheet = Sheet::new(NOT_PRICED + 1);
    let has_more = is_by_row_currency(shape) || shape == Shape::CountByReason;
    if question.by.is_empty() && !has_more {
        sheet.open_row(&[]);
    }
    sheet
}

/// The column that a shape adds to the dimensions.
fn last_column(tally: &mut Tally<'_>, shape: Shape) {
    match shape {
        Shape::CountByReason => tally.text_column("reason", "the reason given"),
        shape if is_by_row_currency(shape) => tally.text_column("currency", ""),
        _ => {}
    }
}

/// What the metric would silently ignore is refused.
fn check_fit(spec: &MetricSpec, question: &Question, name: &str) -> Result<(), Refusal> {
    if question.currency.is_some() && !is_by_row_currency(spec.shape) {
        let title = format!("--currency means nothing to `{name}`: it sums no money");
        return Err(Refusal::new("E0405", title).fix("leave --currency out"));
    }
    check_unit(spec, question, name)?;
    check_undivided(spec, question)
}

/// A unit that the metric would silently ignore is refused.
fn check_unit(spec: &MetricSpec, question: &Question, name: &str) -> Result<(), Refusal> {
    if !spec.metric.allows(question.unit) {
        let unit = question.unit.word();
        let counts = spec.metric.counts().unwrap_or("pursuit or deal");
        let title = format!("--unit {unit} means nothing to `{name}`: its unit is {counts}");
        return Err(Refusal::new("E0405", title)
            .fix("leave --unit out; persons and accounts are counted by ask funnel"));
    }
    Ok(())
}

/// Open deals are those at one instant, and one may be in a stage for several months: no period
/// divides them.
fn check_undivided(spec: &MetricSpec, question: &Question) -> Result<(), Refusal> {
    if spec.shape != Shape::PerDay && spec.metric.is_dated() {
        return Ok(());
    }
    let time = |dim: &&Dimension| matches!(dim, Dimension::Time(_));
    if let Some(dim) = question.by.iter().find(time) {
        let title = format!("{} cannot be split by {}", spec.name, dim.text());
        let matters = match spec.metric {
            Metric::InStage => "who was there for several of them would be in the first alone",
            _ => "its open deals are those at one instant, the period's end",
        };
        return Err(Refusal::new("E0431", title)
            .matters(matters)
            .fix("ask it once for each period, with --period; or funnel --view snapshot --at"));
    }
    Ok(())
}

/// Sales velocity: its four parts in columns of their own, and what they come to.
fn per_day<'a>(
    ground: &'a Ground<'a>,
    question: &'a Question,
    spec: &MetricSpec,
    scope: &Scope,
) -> Result<Tally<'a>, Refusal> {
    let parts = metric::velocity_parts(&ground.world(), ground.journeys, scope);
    let mut sheet = Sheet::new(VELOCITY_NOT_PRICED + 1);
    let mut unpriced = BTreeSet::new();
    let (mut members, mut issues) = (Vec::new(), Vec::new());
    let groups = [parts.open, parts.won, parts.closed, parts.cycles];
    let rows = Rows::new(ground, question, spec.shape);
    let prices = question.currency.map(|to| Prices::new(ground, to));
    for (column, group) in groups.into_iter().enumerate() {
        let is_summed = column == 1;
        let asked = group.members.into_iter().filter(|m| rows.is_asked(m));
        for mut member in asked {
            issues.extend(member.issue.filter(|_| is_summed));
            let mut is_priced = true;
            if let (Some(prices), Some(own)) = (&prices, amount(ground, &member)) {
                let price = match is_summed {
                    true => Prices::take,
                    false => Prices::show,
                };
                let priced = price(prices, own, deal_of(&member), member.anchor.when);
                // A deal is told once, in however many of the parts it is missing.
                if priced.is_none() && !unpriced.insert(deal_of(&member)) {
                    continue;
                }
                is_priced = priced.is_some();
                member.money = member.money.and(priced);
            }
            let Some(keys) = rows.keys(&member) else {
                continue;
            };
            let place = Member::Measured(members.len() as u32);
            if !is_priced {
                let fact = member.fact.and_then(|fact| ground.fact(fact));
                issues.push(not_priced(fact.map(|fact| fact.id)));
            }
            let counted = Some(column).filter(|_| is_priced);
            sheet.add(&keys, counted.unwrap_or(VELOCITY_NOT_PRICED), place);
            if counted == Some(2) && member.is_part {
                sheet.add(&keys, 4, place);
            }
            members.push(member);
        }
    }
    let mut tally = Tally::new(ground, question, sheet);
    tally.dimension_columns(&question.by);
    tally.text_column("currency", "");
    tally.figures = per_day_figures(spec);
    let not_priced = question.currency.map(|_| velocity_not_priced());
    tally.figures.extend(not_priced);
    tally.prices = prices;
    tally.measured = members;
    tally.extra_issues = issues;
    tally.has_totals = false;
    Ok(tally)
}

fn velocity_not_priced() -> Figure {
    let means = "deals with an amount but no rate: in none of the figures";
    let reading = Reading::Count(VELOCITY_NOT_PRICED);
    figure(
        "not_priced",
        ColumnKind::Count,
        Some("deal"),
        means,
        reading,
    )
}

fn per_day_figures(spec: &MetricSpec) -> Vec<Figure> {
    let cycle = match spec.metric.has_median_cycle() {
        false => ("mean", ColumnKind::Mean, Reading::MeanDays(3)),
        true => ("median", ColumnKind::Days, Reading::MedianDays(3)),
    };
    let (rate, rate_kind) = match spec.metric.has_rate_by_value() {
        false => (Reading::Share(4, 2), ColumnKind::Ratio),
        true => (Reading::MoneyShare(4, 2), ColumnKind::MoneyShare),
    };
    let deals = Some("deal");
    vec![
        figure(
            spec.name,
            ColumnKind::Money,
            None,
            "money per day, from the figures beside it",
            Reading::PerDay(spec.metric),
        ),
        figure(
            "open",
            ColumnKind::Count,
            deals,
            "deals open at the period's end",
            Reading::Count(0),
        ),
        figure(
            "mean_won_value",
            ColumnKind::Mean,
            None,
            "amounts of the deals won over how many have one",
            Reading::MeanMoney(1),
        ),
        figure("win_rate", rate_kind, deals, "won over won and lost", rate),
        figure(
            "cycle",
            cycle.1,
            Some("days"),
            &format!("{} days from creation to the win", cycle.0),
            cycle.2,
        ),
    ]
}

/// The declarations of a measure of the kernel by its name, which may be followed by what it is
/// told. `known` are the other metrics there are.
pub fn spec<'k>(
    name: &str,
    known: impl Iterator<Item = &'k str>,
) -> Result<&'static MetricSpec, Refusal> {
    let metric = Metric::parse(name);
    let found = SPECS.iter().find(|spec| Some(spec.metric) == metric);
    found.ok_or_else(|| {
        let known = SPECS.iter().map(|spec| spec.name).chain(known);
        let meant = nearest(name.split(':').next().unwrap_or(name), known);
        let list = "`handfast metric list` says what each is";
        let fix = match meant {
            Some(meant) => format!("write `{meant}`; {list}"),
            None => list.to_owned(),
        };
        Refusal::new("E0403", format!("there is no metric `{name}`")).fix(fix)
    })
}

/// The member column of amounts that have no price in the asked currency.
const NOT_PRICED: usize = 2;

/// The same of a sales velocity.
const VELOCITY_NOT_PRICED: usize = 5;

pub(super) fn deal_of(member: &metric::Member) -> Option<u32> {
    match member.counted {
        Counted::Deal(deal) => Some(deal),
        Counted::Pursuit(_) | Counted::Lead(_) | Counted::Fact(_) => None,
    }
}

/// Whether what a member has of a dimension follows from its moment.
fn is_of_moments(dim: &Dimension) -> bool {
    matches!(dim, Dimension::Time(_) | Dimension::Rep | Dimension::Team)
}

/// Sums of money have one row per currency.
fn is_by_row_currency(shape: Shape) -> bool {
    matches!(
        shape,
        Shape::Sum | Shape::MeanMoney | Shape::ShareOfMoney | Shape::PerDay
    )
}

/// What sorts members into rows.
pub(super) struct Rows<'q, 'a> {
    ground: &'q Ground<'a>,
    question: &'q Question,
    shape: Shape,
    teams: &'a Teams,
}

impl<'q, 'a> Rows<'q, 'a> {
    pub(super) fn new(
        ground: &'q Ground<'a>,
        question: &'q Question,
        shape: Shape,
    ) -> Rows<'q, 'a> {
        let teams = ground.teams();
        Rows {
            ground,
            question,
            shape,
            teams,
        }
    }

    /// The members that the question asks for, and what is wrong with them. What no member shows is
    /// of nobody that a condition could ask for.
    pub(super) fn measured(
        &self,
        metric: Metric,
        scope: &Scope,
    ) -> (Vec<metric::Member>, Vec<Issue>) {
        let ground = self.ground;
        let mut found = metric::measure(metric, &ground.world(), ground.journeys, scope);
        if self.question.filter.is_some() {
            found.members.retain(|member| self.is_asked(member));
            found.issues.clear();
        }
        let own = found.members.iter().filter_map(|member| member.issue);
        found.issues.extend(own);
        (found.members, found.issues)
    }

    /// What a metric says beside its figures.
    fn notes(
        &self,
        (metric, name): (Metric, &str),
        scope: &Scope,
        members: &[metric::Member],
    ) -> Vec<String> {
        let is_heard = members.iter().any(|member| member.is_part);
        let mut notes: Vec<String> = missed::note(self.ground, metric).into_iter().collect();
        notes.extend(promised::notes(self.ground, metric, scope));
        notes.extend(brand::notes(self.ground, self.question, metric));
        notes.extend(touched::note(self.ground, metric));
        notes.extend(touched::undated(self.ground, metric, members));
        notes.extend(promised::unheard(metric, name, is_heard));
        notes.extend(self.undated(members.iter()));
        notes
    }

    /// Says how many stand in the row – because nobody says when they came.
    pub(super) fn undated<'m>(
        &self,
        members: impl Iterator<Item = &'m metric::Member>,
    ) -> Option<String> {
        let (mut dims, mut found) = (BTreeSet::new(), HashSet::new());
        for member in members.filter(|member| member.anchor.at.is_none()) {
            let keys = self.keys(member).unwrap_or_default();
            for (dim, _) in self
                .question
                .by
                .iter()
                .zip(keys)
                .filter(|(dim, key)| is_of_moments(dim) && *key == Key::Unknown)
            {
                dims.insert(dim.text());
                found.insert(member.counted);
            }
        }
        undated::members_note(&dims, &found)
    }

    pub(super) fn pursuit(&self, member: &metric::Member) -> Option<&'q Pursuit> {
        self.ground.pursuit(member.pursuit?)
    }

    /// Whether the question asks for a member.
    fn is_asked(&self, member: &metric::Member) -> bool {
        let pursuit = self.pursuit(member);
        pursuit.map_or(self.question.filter.is_none(), |pursuit| {
            let whose = Whose::of_member(member.counted);
            self.ground.is_asked_of(pursuit, whose)
        })
    }

    /// What a member's row is read from, where that is its dimensions alone.
    fn plain_anchor(&self, member: &metric::Member) -> Option<Anchor<'q>> {
        let is_plain = matches!(
            self.shape,
            Shape::Count | Shape::Share | Shape::Days | Shape::Hours
        );
        let of_pursuit = matches!(member.counted, Counted::Deal(_) | Counted::Pursuit(_));
        let pursuit = self.pursuit(member).filter(|_| is_plain && of_pursuit)?;
        (self.question.currency.is_none()).then(|| self.anchor(member, pursuit))
    }

    fn anchor(&self, member: &metric::Member, pursuit: &'q Pursuit) -> Anchor<'q> {
        Anchor {
            pursuit,
            number: member.pursuit.unwrap_or_default(),
            day: member.anchor.when.day(&self.ground.charter.calendar),
            at: member.anchor.at,
            owner: self.owner(member, Some(pursuit)),
            whose: Whose::of_member(member.counted),
        }
    }

    /// The row of a member; `None` where it has no currency to be summed in.
    pub(super) fn keys(&self, member: &metric::Member) -> Option<Vec<Key>> {
        let (ground, question) = (self.ground, self.question);
        let pursuit = self.pursuit(member);
        let day = member.anchor.when.day(&ground.charter.calendar);
        let owner = self.owner(member, pursuit);
        let lead = match member.counted {
            Counted::Lead(lead) => ground.journeys.leads.get(lead as usize),
            _ => None,
        };
        let key = |dim: &Dimension| match (member.counted, pursuit) {
            (Counted::Fact(fact), _) if !matches!(dim, Dimension::Time(_)) => {
                ground.key_of_fact(dim, fact)
            }
            (_, None) if let Some(lead) = lead => ground.key_of_lead(dim, (lead, day), owner),
            (_, None) => ground.key_of_day(dim, day),
            (_, Some(pursuit)) => {
                let anchor = self.anchor(member, pursuit);
                ground.key(dim, &anchor)
            }
        };
        let mut keys: Vec<Key> = question.by.iter().map(key).collect();
        if self.shape == Shape::CountByReason {
            let text = |reason| Key::Text(ground.snapshot.names.text(reason).to_owned());
            keys.push(member.reason.map_or(Key::Unknown, text));
        }
        if is_by_row_currency(self.shape) {
            let currency = currency(ground, question, self.shape, member)?;
            keys.push(Key::Text(currency.code().to_owned()));
        }
        Some(keys)
    }

    /// Whose it is: a lead its first rep's, anything else that of the visit it was in then.
    fn owner(&self, member: &metric::Member, pursuit: Option<&Pursuit>) -> Owner {
        if let Counted::Lead(lead) = member.counted {
            let lead = self.ground.journeys.leads.get(lead as usize);
            return lead.map_or((None, None), |lead| {
                self.teams.of_lead(&self.ground.world(), lead)
            });
        }
        let is_asked = |dim: &Dimension| matches!(dim, Dimension::Rep | Dimension::Team);
        let pursuit = pursuit.filter(|_| self.question.by.iter().any(is_asked));
        let visit = pursuit.and_then(|pursuit| match member.visit {
            Some(visit) => pursuit.visits.get(visit as usize),
            None => pursuit.visit_at(member.anchor.at),
        });
        visit.map_or((None, None), |visit| (visit.rep, visit.team))
    }
}

/// The currency a member counts in. Of a velocity, whose open and lost deals often have no amount
/// yet, the charter's speaks for those.
fn currency(
    ground: &Ground<'_>,
    question: &Question,
    shape: Shape,
    member: &metric::Member,
) -> Option<Currency> {
    let own = member.money.map(|money| money.currency);
    match shape {
        Shape::PerDay => question
            .currency
            .or_else(|| amount(ground, member).map(|money| money.currency))
            .or(ground.charter.currency),
        _ => question.currency.filter(|_| own.is_some()).or(own),
    }
}

/// A member's amount, whether its metric asks for it or not.
fn amount(ground: &Ground<'_>, member: &metric::Member) -> Option<Money> {
    let of_deal = || ground.amount(deal_of(member)?, None);
    member.money.or_else(of_deal)
}

fn figures(spec: &MetricSpec, question: &Question) -> Vec<Figure> {
    let unit = spec.metric.counts().or(Some(question.unit.word()));
    let count = |means: &str| figure("n", ColumnKind::Count, unit, means, Reading::Count(0));
    let own = |kind, unit, reading| figure(spec.name, kind, unit, spec.means, reading);
    let mut figures = match spec.shape {
        Shape::Count | Shape::CountByReason => {
            vec![own(ColumnKind::Count, unit, Reading::Count(0))]
        }
        Shape::Share => vec![own(ColumnKind::Ratio, unit, Reading::Share(0, 1))],
        Shape::Sum => vec![
            own(ColumnKind::Money, None, Reading::Money(0, None)),
            count(match spec.metric {
                Metric::Spend => "how many are summed, each once in every period it is spread over",
                _ => "how many are summed",
            }),
        ],
        Shape::MeanMoney => vec![own(ColumnKind::Mean, None, Reading::MeanMoney(0))],
        Shape::ShareOfMoney => {
            vec![own(ColumnKind::MoneyShare, None, Reading::MoneyShare(0, 1))]
        }
        Shape::Total => vec![
            own(ColumnKind::Number, None, Reading::Number(0)),
            count("how many are added up"),
        ],
        Shape::Days => days_figures(count("how many have both dates")),
        Shape::Hours => hours_figures(count("how many have both times")),
        // Has figures of its own.
        Shape::PerDay => per_day_figures(spec),
    };
    if is_by_row_currency(spec.shape) && question.currency.is_some() {
        figures.push(figure(
            "not_priced",
            ColumnKind::Count,
            unit,
            "how many have an amount but no rate: counted here, not summed",
            Reading::Count(NOT_PRICED),
        ));
    }
    figures
}

/// The figures of a list of times by the clock of a promise, their count first.
fn hours_figures(count: Figure) -> Vec<Figure> {
    let hours = |id: &str, means: &str, taken| {
        let reading = Reading::Hours(0, taken);
        figure(id, ColumnKind::Decimal, Some("hours"), means, reading)
    };
    let means = "sum of the times over their count";
    vec![
        count,
        hours("mean", means, Taken::Mean),
        hours("median", "the middle time", Taken::Median),
        hours("max", "the longest", Taken::Longest),
    ]
}

/// The figures of a list of times, their count first.
pub(super) fn days_figures(count: Figure) -> Vec<Figure> {
    let days =
        |id: &str, kind, means: &str, reading| figure(id, kind, Some("days"), means, reading);
    vec![
        count,
        days(
            "mean",
            ColumnKind::Mean,
            "sum of the times over their count",
            Reading::MeanDays(0),
        ),
        days(
            "median",
            ColumnKind::Days,
            "the middle time",
            Reading::MedianDays(0),
        ),
        days(
            "min",
            ColumnKind::Days,
            "the shortest; below zero where dates contradict",
            Reading::MinDays(0),
        ),
        days("max", ColumnKind::Days, "the longest", Reading::MaxDays(0)),
    ]
}
