//! A metric of the catalogue: its measures side by side, and what its formula comes to over them.
//! What each measure counts is a kernel, and so is the formula's arithmetic; this room sorts
//! members into rows, one row per currency where there is money.

pub(super) mod currencies;
mod fit;
mod value;
mod whole;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use handfast_kernels::formula::{self, Fraction};
use handfast_kernels::metric::{self, Metric, Scope, Shape};
use handfast_kernels::velocity::summary;
use handfast_model::catalogue::{
    BaseShape, Definition, Formula, Lag, Measure as Named, Origin, Reads, Takes,
};
use handfast_model::question::Dimension;
use handfast_model::rules::Operator;
use handfast_model::{Cell, ColumnKind, Currency, Issue, IssueCode, Question, Refusal};

use self::currencies::own_currency;
use super::figure::{Figure, Measure, Reading, Taken, figure as made};
use super::ground::Ground;
use super::metric::Rows;
use super::price::{Prices, not_priced};
use super::promised;
use super::scope::{not_told, scope};
use super::sheet::{Counted, Key, Member, Sheet};
use super::spent;
use super::tally::Tally;
use super::whose::Whose;

/// A day in seconds.
const DAY: i128 = 86_400;

/// A definition as a question asks it, and where its measures stand.
pub(super) struct Plan {
    definition: Definition,
    measures: Vec<Planned>,
    /// Whether there is a row per currency.
    has_currency: bool,
    /// The version of the catalogue that it shipped with.
    version: Option<u32>,
    /// The members of measures that are everybody's, in a row for each currency.
    whole: Sheet,
    /// By column of a measure of money, the currencies that it has any in.
    currencies: BTreeMap<usize, BTreeSet<Currency>>,
}

/// A measure as a question asks it.
struct Planned {
    metric: Metric,
    scope: Scope,
    /// How many days its period lies earlier; `None` = it is not known how many.
    lag: Option<i32>,
    /// The members of its numerator stand in this column of the sheet, all of them in the next.
    column: usize,
}

impl Plan {
    /// The plan of a metric of the catalogue; `None` of one that is a measure of the kernel.
    pub fn of(
        ground: &Ground<'_>,
        question: &Question,
        name: &str,
    ) -> Result<Option<Plan>, Refusal> {
        let catalogue = &ground.charter.catalogue;
        let Some(found) = catalogue.find(name) else {
            return Ok(None);
        };
        let definition = found.with(&found.told_by(name)).ok_or_else(|| {
            Refusal::new(
                "E0403",
                format!("`{}` is asked as {}", found.name, found.usage()),
            )
            .fix(format!(
                "handfast metric explain {} says what each is",
                found.name
            ))
        })?;
        fit::check(&definition, question)?;
        let measures = definition.measures.iter().enumerate();
        let measures = measures.map(|(at, one)| planned(ground, question, (at, one)));
        let measures: Vec<Planned> = measures.collect::<Result<_, _>>()?;
        Ok(Some(Plan {
            whole: Sheet::new(2 * measures.len() + 1),
            currencies: BTreeMap::new(),
            measures,
            has_currency: definition.measures.iter().any(Named::has_currency),
            version: (definition.origin == Origin::Shipped).then_some(catalogue.version),
            definition,
        }))
    }

    /// What gave the figure besides the kernels of every answer.
    pub fn versions(&self) -> Vec<(String, String)> {
        let catalogue = self
            .version
            .map(|version| ("catalogue".to_owned(), version.to_string()));
        let formula = ("formula".to_owned(), formula::VERSION.to_string());
        [Some(formula), catalogue].into_iter().flatten().collect()
    }

    fn named(&self) -> impl Iterator<Item = (&Named, &Planned)> {
        self.definition.measures.iter().zip(&self.measures)
    }

    /// Whether the formula is one measure and nothing else, which then needs no second column.
    fn is_one_measure(&self) -> bool {
        matches!(self.definition.formula, Formula::Measure(_))
    }

    /// The member column of amounts without a price.
    fn not_priced(&self) -> usize {
        2 * self.measures.len()
    }

    /// What the formula comes to in a row.
    pub fn value(&self, row: Counted<'_>, keys: &[Key], measure: &dyn Measure) -> Cell {
        let operands = self.operands(row, keys, measure);
        let value = formula::value(&self.definition.formula, &operands);
        let currency = self.currency(row, keys, measure);
        let cell = value.and_then(|value| value::cell(self.definition.reads, value, currency));
        cell.unwrap_or(Cell::Unknown)
    }

    /// What each measure comes to in a row, in the order in which the formula names them.
    pub fn operands(
        &self,
        row: Counted<'_>,
        keys: &[Key],
        measure: &dyn Measure,
    ) -> Vec<Option<Fraction>> {
        let currency = self.currency(row, keys, measure);
        let operands = self.named().map(|(named, planned)| {
            planned
                .lag
                .filter(|_| !self.is_foreign(planned, currency))?;
            let row = match named.is_whole {
                true => self.whole_row(currency)?,
                false => row,
            };
            value::operand(named, planned.column, currency, row, measure)
        });
        operands.collect()
    }

    /// The definition as it is asked.
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The member column that the formula is the mean of: a sum over how many were summed.
    pub fn mean_of(&self) -> Option<usize> {
        let Formula::Join(Operator::Divide, sum, count) = &self.definition.formula else {
            return None;
        };
        let (Formula::Measure(sum), Formula::Measure(count)) = (&**sum, &**count) else {
            return None;
        };
        let named = &self.definition.measures;
        let (summed, counted) = (named.get(*sum)?, named.get(*count)?);
        let same = Named {
            name: summed.name.clone(),
            takes: summed.takes,
            ..counted.clone()
        };
        let is_mean = summed.base.shape == BaseShape::Sum
            && (summed.takes, counted.takes) == (Takes::Itself, Takes::Amounts)
            && *summed == same;
        self.measures
            .get(*sum)
            .filter(|_| is_mean)
            .map(|one| one.column)
    }

    /// What each measure is, in words.
    pub fn measures(&self) -> Vec<String> {
        let means = |(named, planned): (&Named, &Planned)| match words::means(named, planned) {
            means if means.is_empty() => named.name.clone(),
            means => format!("{}: {means}", named.name),
        };
        self.named().map(means).collect()
    }

    /// The currency of a row; of a total, the only one there is.
    fn currency(&self, row: Counted<'_>, keys: &[Key], measure: &dyn Measure) -> Option<Currency> {
        if let Some(Key::Text(code)) = keys.last().filter(|_| self.has_currency) {
            return Currency::parse(code);
        }
        let columns = self.named().filter(|(named, _)| named.has_currency());
        let members = columns.flat_map(|(_, planned)| row.members(planned.column + 1));
        let found = members.filter_map(|member| measure.money(*member));
        let found: BTreeSet<Currency> = found.map(|money| money.currency).collect();
        let found = match found.is_empty() {
            true => self.whole_currencies(),
            false => found,
        };
        let mut found = found.into_iter();
        found.next().filter(|_| found.next().is_none())
    }
}

fn planned(
    ground: &Ground<'_>,
    question: &Question,
    (at, named): (usize, &Named),
) -> Result<Planned, Refusal> {
    let of = named.of(&[]);
    let metric = Metric::parse(&of).ok_or_else(|| not_told(&of))?;
    let own = Question {
        unit: named.unit.unwrap_or(question.unit),
        ..question.clone()
    };
    let scope = scope(ground, &own, &of)?;
    let is_on_path = |step| ground.role(step).is_some_and(|role| role.is_on_path());
    if let Some(to) = scope.to.filter(|to| !is_on_path(*to)) {
        let title = format!("stage `{}` is not on the path", ground.step_id(to));
        return Err(Refusal::new("E0402", title).fix("name a stage of the path, or won"));
    }
    let lag = match &named.lag {
        None => Some(0),
        // Of all time nothing is earlier.
        Some(_) if is_of_all(question) => Some(0),
        Some(Lag::Days(days)) => i32::try_from(*days).ok(),
        Some(Lag::Median(of)) => median(ground, question, of, &scope),
    };
    let earlier = |day: handfast_model::Day| ground.start_of(day.plus(-lag.unwrap_or(0)));
    let scope = Scope {
        from: question.period.map(|(from, _)| earlier(from)),
        until: question.period.map(|(_, until)| earlier(until)),
        split: scope.split.earlier(lag.unwrap_or(0)),
        ..scope
    };
    let column = 2 * at;
    Ok(Planned {
        metric,
        scope,
        lag,
        column,
    })
}

/// Whether no period is asked for, and none splits the answer.
fn is_of_all(question: &Question) -> bool {
    let is_timed = |dim: &Dimension| matches!(dim, Dimension::Time(_));
    question.period.is_none() && !question.by.iter().any(is_timed)
}

/// The median of times in the period, in whole days.
fn median(ground: &Ground<'_>, question: &Question, of: &str, scope: &Scope) -> Option<i32> {
    let rows = Rows::new(ground, question, Shape::Days);
    let (members, _) = rows.measured(Metric::parse(of)?, scope);
    let summary = summary(members.iter().filter_map(|member| member.elapsed));
    let twice = i128::from(summary.median_twice_seconds?);
    let days = Fraction::new(twice, 2 * DAY)?.rounded(1)?;
    i32::try_from(days).ok()
}

/// A member with its row but for the currency.
struct Placed {
    keys: Vec<Key>,
    column: usize,
    is_part: bool,
    /// The one row it is in; `None` = that of every currency.
    currency: Option<Currency>,
    member: Member,
    /// Whether it is of a measure that is everybody's.
    is_whole: bool,
}

/// Counts a metric of the catalogue.
pub(super) fn count<'a>(
    ground: &'a Ground<'a>,
    question: &'a Question,
    mut plan: Plan,
) -> Result<Tally<'a>, Refusal> {
    let prices = question.currency.map(|to| Prices::new(ground, to));
    let everybody = Question {
        by: Vec::new(),
        filter: None,
        ..question.clone()
    };
    let asked = (question, &everybody);
    let (members, placed, issues) = found(ground, asked, &plan, prices.as_ref());
    let told: BTreeSet<usize> = placed.iter().map(|one| one.column).collect();
    let parts: BTreeSet<usize> = placed
        .iter()
        .filter(|one| one.is_part)
        .map(|one| one.column)
        .collect();
    plan.currencies = currencies::found(&plan, &placed);
    let (whole, placed): (Vec<Placed>, Vec<Placed>) =
        placed.into_iter().partition(|one| one.is_whole);
    let dated = Rows::new(ground, question, Shape::Count);
    let own = placed.iter().filter_map(|one| match one.member {
        Member::Measured(at) => members.get(at as usize),
        _ => None,
    });
    let undated = dated.undated(own);
    plan.whole = sheet(ground, &everybody, &plan, (whole, BTreeSet::new()));
    let sheet = sheet(ground, question, &plan, (placed, plan.whole_currencies()));
    let mut tally = Tally::new(ground, question, sheet);
    tally.dimension_columns(&question.by);
    if plan.has_currency {
        tally.text_column("currency", "");
    }
    tally.figures = figures(&plan, question);
    tally.notes = words::notes(ground, question, &plan);
    tally.notes.extend(plan.several());
    tally.notes.extend(plan.strangers());
    tally.notes.extend(words::untold(&plan, &told));
    tally.notes.extend(undated);
    let unheard = plan.named().filter_map(|(named, planned)| {
        let is_heard = parts.contains(&planned.column);
        promised::unheard(planned.metric, &named.of(&[]), is_heard)
    });
    tally.notes.extend(unheard);
    tally.prices = prices;
    tally.measured = members;
    tally.extra_issues = issues;
    tally.plan = Some(plan);
    Ok(tally)
}

/// The members of all measures with their rows, as the question asks and as it asks of everybody,
/// and what is wrong with them.
fn found(
    ground: &Ground<'_>,
    (question, everybody): (&Question, &Question),
    plan: &Plan,
    prices: Option<&Prices<'_>>,
) -> (Vec<metric::Member>, Vec<Placed>, Vec<Issue>) {
    let rows = Rows::new(ground, question, Shape::Count);
    let whole = Rows::new(ground, everybody, Shape::Count);
    let mut desk = Desk {
        ground,
        question,
        prices,
        rows: &rows,
        members: Vec::new(),
        placed: Vec::new(),
        issues: Vec::new(),
    };
    for (named, planned) in plan.named() {
        (desk.question, desk.rows) = match named.is_whole {
            true => (everybody, &whole),
            false => (question, &rows),
        };
        desk.place(named, planned, plan.not_priced());
    }
    // What two measures lack is told once.
    desk.issues.sort_unstable();
    desk.issues.dedup();
    (desk.members, desk.placed, desk.issues)
}

struct Desk<'d, 'a> {
    ground: &'d Ground<'a>,
    question: &'d Question,
    prices: Option<&'d Prices<'a>>,
    rows: &'d Rows<'d, 'a>,
    members: Vec<metric::Member>,
    placed: Vec<Placed>,
    issues: Vec<Issue>,
}

impl Desk<'_, '_> {
    /// Finds the members of a measure and their rows.
    fn place(&mut self, named: &Named, planned: &Planned, unpriced: usize) {
        if planned.lag.is_none() {
            return;
        }
        let (mut all, mut issues) = self.rows.measured(planned.metric, &planned.scope);
        if named.filter.is_some() {
            all.retain(|found| self.is_measured(named, found));
            issues = all.iter().filter_map(|found| found.issue).collect();
        }
        let has_money = named.has_currency();
        let is_of_money = [IssueCode::NoAmount, IssueCode::NoProbability];
        issues.retain(|issue| has_money || !is_of_money.contains(&issue.code));
        self.issues.extend(issues);
        let lag = planned.lag.unwrap_or(0);
        let all = spent::cut(self.ground, self.question, self.prices, (all, lag));
        for mut found in all {
            let Some(keys) = self.keys(&found, planned) else {
                continue;
            };
            let member = Member::Measured(self.members.len() as u32);
            let mut placed = Placed {
                keys,
                column: planned.column,
                is_part: found.is_part,
                currency: None,
                member,
                is_whole: named.is_whole,
            };
            if has_money {
                // A missing amount was told; it is in no sum.
                let Some(money) = found.money else { continue };
                let priced = match self.prices {
                    None => Some(money),
                    Some(prices) => prices.of_member(&found),
                };
                found.money = priced;
                placed.currency = self.question.currency.or(Some(money.currency));
                if priced.is_none() {
                    let fact = found.fact.and_then(|fact| self.ground.fact(fact));
                    self.issues.push(not_priced(fact.map(|fact| fact.id)));
                    placed.column = unpriced;
                    placed.is_part = true;
                }
            } else {
                if currencies::is_by_own(named) {
                    let own = found.money.map(|money| money.currency);
                    placed.currency = own_currency(self.ground, self.question, own);
                }
                found.money = None;
            }
            self.members.push(found);
            self.placed.push(placed);
        }
    }

    /// Whether a measure's own condition holds.
    fn is_measured(&self, named: &Named, found: &metric::Member) -> bool {
        let Some(rule) = &named.filter else {
            return true;
        };
        let pursuit = self.rows.pursuit(found);
        let whose = Whose::of_member(found.counted);
        pursuit.is_some_and(|pursuit| self.ground.holds_of(rule, pursuit, whose))
    }

    /// The dimensions of a member; one of an earlier period stands in the period it is counted for.
    fn keys(&self, found: &metric::Member, planned: &Planned) -> Option<Vec<Key>> {
        let mut keys = self.rows.keys(found)?;
        let lag = planned.lag.filter(|lag| *lag != 0);
        let Some(lag) = lag else { return Some(keys) };
        let day = found.anchor.when.day(&self.ground.charter.calendar);
        let day = day.map(|day| day.plus(lag));
        for (key, dim) in keys.iter_mut().zip(&self.question.by) {
            if matches!(dim, Dimension::Time(_)) {
                *key = self.ground.key_of_day(dim, day);
            }
        }
        Some(keys)
    }
}

/// Sorts members into rows. What has no currency stands in the row of each currency that its group
/// has money in; where there is none, in that of each that the answer has.
fn sheet(
    ground: &Ground<'_>,
    question: &Question,
    plan: &Plan,
    (placed, known): (Vec<Placed>, BTreeSet<Currency>),
) -> Sheet {
    let mut sheet = Sheet::new(plan.not_priced() + 1);
    if question.by.is_empty() && !plan.has_currency {
        sheet.open_row(&[]);
    }
    let mut groups: BTreeMap<&[Key], BTreeSet<Currency>> = BTreeMap::new();
    let mut all: BTreeSet<Currency> = question.currency.into_iter().chain(known).collect();
    for one in &placed {
        groups.entry(&one.keys).or_default().extend(one.currency);
        all.extend(one.currency);
    }
    if all.is_empty() {
        all.extend(ground.charter.currency);
    }
    let code = |currency: &Currency| Key::Text(currency.code().to_owned());
    for one in &placed {
        let mut add = |currency: Option<Key>| {
            let mut keys = one.keys.clone();
            keys.extend(currency);
            sheet.add(&keys, one.column + 1, one.member);
            if one.is_part {
                sheet.add(&keys, one.column, one.member);
            }
        };
        if !plan.has_currency {
            add(None);
        } else if let Some(currency) = &one.currency {
            add(Some(code(currency)));
        } else {
            let own = groups
                .get(one.keys.as_slice())
                .filter(|own| !own.is_empty());
            let currencies = own.unwrap_or(&all);
            currencies
                .iter()
                .for_each(|currency| add(Some(code(currency))));
            if currencies.is_empty() {
                add(Some(Key::Unknown));
            }
        }
    }
    sheet
}

fn figures(plan: &Plan, question: &Question) -> Vec<Figure> {
    let words = format!("{}: {}", plan.definition.means, plan.definition.text);
    let mut figures: Vec<Figure> = plan
        .named()
        .filter(|(named, _)| !named.is_whole)
        .map(|(named, planned)| column(named, planned, question))
        .collect();
    match (&mut figures[..], plan.is_one_measure()) {
        // One measure under another name needs no second column.
        ([only], true) => {
            only.column.id = plan.definition.name.clone();
            only.column.means = plan.definition.means.clone();
        }
        _ => figures.push(value_figure(plan, &words)),
    }
    if plan.has_currency && question.currency.is_some() {
        let means = "amounts without a rate: in none of the sums";
        let reading = Reading::Count(plan.not_priced());
        figures.push(made("not_priced", ColumnKind::Count, None, means, reading));
    }
    figures
}

/// The column of the value.
fn value_figure(plan: &Plan, means: &str) -> Figure {
    let kind = match plan.definition.reads {
        Reads::Count => ColumnKind::Number,
        Reads::Plain | Reads::PerDay | Reads::Hours => ColumnKind::Decimal,
        Reads::Share => ColumnKind::Ratio,
        Reads::MoneyShare => ColumnKind::MoneyShare,
        Reads::MeanMoney => ColumnKind::Mean,
        Reads::Money | Reads::MoneyEach | Reads::MoneyPerDay => ColumnKind::Money,
        Reads::Days => ColumnKind::Days,
    };
    let unit = match plan.definition.reads {
        Reads::Days => Some("days"),
        Reads::Hours => Some("hours"),
        Reads::PerDay => Some("a day"),
        _ => None,
    };
    made(&plan.definition.name, kind, unit, means, Reading::Formula)
}

/// A measure's own column.
fn column(named: &Named, planned: &Planned, question: &Question) -> Figure {
    let (kind, reading) = read_off(named, planned, question.currency);
    let own = named.unit.unwrap_or(question.unit);
    let unit = match kind {
        ColumnKind::Count | ColumnKind::Ratio => planned.metric.counts().or(Some(own.word())),
        ColumnKind::Days => Some("days"),
        ColumnKind::Decimal => Some("hours"),
        ColumnKind::Mean if named.base.shape == BaseShape::Days => Some("days"),
        _ => None,
    };
    made(
        &named.name,
        kind,
        unit,
        &words::means(named, planned),
        reading,
    )
}

/// What a measure's column holds, and how it is read.
fn read_off(named: &Named, planned: &Planned, currency: Option<Currency>) -> (ColumnKind, Reading) {
    let at = planned.column;
    match (named.takes, named.base.shape) {
        (Takes::Count, _) => (ColumnKind::Count, Reading::Count(at + 1)),
        (Takes::Amounts, _) => (ColumnKind::Count, Reading::Amounts(at)),
        (_, BaseShape::Count) => (ColumnKind::Count, Reading::Count(at)),
        (_, BaseShape::Share) => (ColumnKind::Ratio, Reading::Share(at, at + 1)),
        (_, BaseShape::Sum) => (ColumnKind::Money, Reading::Money(at, currency)),
        (_, BaseShape::MeanMoney) => (ColumnKind::Mean, Reading::MeanMoney(at)),
        (_, BaseShape::ShareOfMoney) => (ColumnKind::MoneyShare, Reading::MoneyShare(at, at + 1)),
        (Takes::Median, BaseShape::Days) => (ColumnKind::Days, Reading::MedianDays(at)),
        (Takes::Sum, BaseShape::Days) => (ColumnKind::Days, Reading::SumDays(at)),
        (takes, BaseShape::Hours) => {
            let taken = match takes {
                Takes::Sum => Taken::Sum,
                Takes::Median => Taken::Median,
                Takes::Itself | Takes::Count | Takes::Amounts => Taken::Mean,
            };
            (ColumnKind::Decimal, Reading::Hours(at, taken))
        }
        (_, BaseShape::Days) => (ColumnKind::Mean, Reading::MeanDays(at)),
        (_, BaseShape::Total) => (ColumnKind::Number, Reading::Number(at)),
    }
}
