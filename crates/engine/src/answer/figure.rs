//! Figures: how a cell is read off the members of its row. Counting and summing only; every formula
//! with a name is a kernel.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use handfast_kernels::flat::Span;
use handfast_kernels::metric::{Metric, PerDay, per_day};
use handfast_kernels::survival::{self, Observation};
use handfast_kernels::threads::at_once;
use handfast_kernels::times::REACHED;
use handfast_kernels::velocity::{Elapsed, summary};
use handfast_model::money::{Decimal, divide_half_even};
use handfast_model::rules::StepIx;
use handfast_model::{Cell, Column, ColumnKind, Currency, Money, Ratio};

use super::sheet::{Counted, Key, Member};

/// A column of an answer and the members it is read off.
#[derive(Clone, Debug)]
pub struct Figure {
    /// How it is shown.
    pub column: Column,
    /// How it is read.
    pub reading: Reading,
}

/// How a cell is read off member columns (by their place in the sheet).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reading {
    /// How many.
    Count(usize),
    /// How many of how many.
    Share(usize, usize),
    /// The sum of their money in this currency; `None` = the currency that the row names.
    Money(usize, Option<Currency>),
    /// The sum of what they were worth at the instant looked at, in this currency.
    Worth(usize, Currency),
    /// The mean of their money, in the currency that the row names.
    MeanMoney(usize),
    /// The sum of the first column's money over how many are in the second, in the currency that
    /// the row names; no value where nothing is in the first.
    CostPer(usize, usize),
    /// The sum of their whole numbers.
    Number(usize),
    /// The mean of their time.
    MeanDays(usize),
    /// The middle of their time; between the two middle ones where the count is even.
    MedianDays(usize),
    /// The shortest time.
    MinDays(usize),
    /// The longest time.
    MaxDays(usize),
    /// Whether the row's period has had its window.
    Ripe,
    /// Money of the first column over money of the second, in the currency that the row names.
    MoneyShare(usize, usize),
    /// Sales velocity: open, won, closed and cycle members in columns 0 to 3, numerator of the win
    /// rate in column 4.
    PerDay(Metric),
    /// The time, in estimation, by which so many of a hundred are over.
    Quantile(usize, u8),
    /// The same in hours.
    QuantileHours(usize, u8),
    /// The sum of their times.
    SumDays(usize),
    /// What their times come to in hours.
    Hours(usize, Taken),
    /// What the times together cost of those that are billed in a currency.
    Bill(usize, Currency),
    /// The estimated share of the first column that reaches a step.
    Estimate(StepIx),
    /// How long one may stay in the row's stage.
    Limit,
    /// Where that limit comes from.
    LimitRule,
    /// The reasons given, the most frequent first.
    Reasons(usize),
    /// How many of them have money in the currency that the row names.
    Amounts(usize),
    /// What a formula comes to over the measures beside it.
    Formula,
    /// What the campaign in this place of the row's keys is called.
    Name(usize),
}

/// What is taken of times.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Taken {
    /// Their mean.
    Mean,
    /// The middle one; between two, their mean.
    Median,
    /// All of them together.
    Sum,
    /// The longest.
    Longest,
}

impl Reading {
    /// The member column whose records stand behind the figure.
    pub fn behind(self) -> usize {
        match self {
            Reading::Count(column)
            | Reading::Share(column, _)
            | Reading::Money(column, _)
            | Reading::Worth(column, _)
            | Reading::MeanMoney(column)
            | Reading::CostPer(column, _)
            | Reading::Number(column)
            | Reading::MeanDays(column)
            | Reading::MedianDays(column)
            | Reading::MinDays(column)
            | Reading::MaxDays(column)
            | Reading::MoneyShare(column, _)
            | Reading::Quantile(column, _)
            | Reading::QuantileHours(column, _)
            | Reading::SumDays(column)
            | Reading::Hours(column, _)
            | Reading::Bill(column, _)
            | Reading::Reasons(column)
            | Reading::Amounts(column) => column,
            Reading::Ripe
            | Reading::PerDay(_)
            | Reading::Estimate(_)
            | Reading::Formula
            | Reading::Name(_) => 0,
            Reading::Limit | Reading::LimitRule => 1,
        }
    }
}

/// What a member is worth, how long it took, and whether its row is ripe.
pub trait Measure {
    /// Its amount, as last known, if it has one.
    fn money(&self, member: Member) -> Option<Money>;
    /// Its amount at the instant looked at.
    fn worth(&self, member: Member) -> Option<Money>;
    /// Its whole number.
    fn number(&self, member: Member) -> Option<i64>;
    /// Its time in microseconds and whether that counts whole days.
    fn elapsed(&self, member: Member) -> Option<(i64, bool)>;
    /// Whether a row's period and the window after it ended before the horizon; `None` without a
    /// window.
    fn is_ripe(&self, keys: &[Key]) -> Option<bool>;
    /// What is known of its time, over or not, and whether that counts whole days.
    fn observed(&self, member: Member) -> Option<(Observation, bool)>;
    /// The estimated share of these members that reaches a step.
    fn estimate(&self, members: &[Member], keys: &[Key], step: StepIx) -> Cell;
    /// The limit of a row's stage, and where it comes from.
    fn limit(&self, keys: &[Key]) -> (Cell, Cell);
    /// What a formula comes to in a row.
    fn formula(&self, row: Counted<'_>, keys: &[Key]) -> Cell;
    /// Whether its time is billed in a currency.
    fn is_billed(&self, member: Member, currency: Currency) -> bool;
    /// What so many seconds of waiting cost in a currency.
    fn bill(&self, seconds: i64, currency: Currency) -> Option<Money>;
    /// What the campaign of a key is called.
    fn name(&self, key: &Key) -> Cell;
    /// The reason given with it.
    fn reason(&self, member: Member) -> Option<&str>;
}

/// Makes a figure.
pub fn figure(
    id: &str,
    kind: ColumnKind,
    unit: Option<&str>,
    means: &str,
    reading: Reading,
) -> Figure {
    let column = Column {
        id: id.to_owned(),
        kind,
        unit: unit.map(str::to_owned),
        means: means.to_owned(),
    };
    Figure { column, reading }
}

/// What several figures of one row are read off, by column.
#[derive(Default)]
pub struct Memo {
    times: Option<(usize, Times)>,
    curve: Option<(usize, Curve)>,
}

/// What is read off the times of each row, once they are in order.
pub fn sorted<T: Send>(times: Vec<Vec<Span>>, read: impl Fn(&[Span]) -> T + Sync) -> Vec<T> {
    let times: Vec<_> = times.into_iter().map(Mutex::new).collect();
    at_once(times.len(), |place| {
        let own = times.get(place).map(Mutex::lock);
        let mut own = own.map_or_else(Vec::new, |own| {
            std::mem::take(&mut *own.unwrap_or_else(PoisonError::into_inner))
        });
        own.sort_unstable();
        read(&own)
    })
}

/// Times in ascending order.
type Times = Vec<(i64, bool)>;

/// A curve of survival, and whether all its times count whole days.
type Curve = (Vec<survival::Point>, bool);

impl Memo {
    /// What the times of a column come to, where they are known to be these.
    pub fn of_times(column: usize, spans: &[Span]) -> Memo {
        Memo {
            times: Some((
                column,
                spans.iter().filter_map(|span| micros(*span)).collect(),
            )),
            curve: None,
        }
    }

    /// The same of those that are over, and of another column what all are estimated to take.
    pub fn of_seen((over, column): (usize, usize), spans: &[Span]) -> Memo {
        let times = spans.iter().filter(|span| span.is_over());
        let seen = spans.iter().filter_map(|span| {
            let elapsed = span.elapsed()?;
            let observation = Observation {
                entry: None,
                exit: elapsed.seconds,
                cause: span.is_over().then_some(REACHED),
            };
            Some((observation, elapsed.is_calendar))
        });
        Memo {
            times: Some((over, times.filter_map(|span| micros(*span)).collect())),
            curve: Some((column, curve_of(seen))),
        }
    }

    fn times(&mut self, column: usize, row: Counted<'_>, measure: &dyn Measure) -> &Times {
        let known = self.times.take().filter(|(known, _)| *known == column);
        let found = known.unwrap_or_else(|| (column, times(row.members(column), measure)));
        &self.times.insert(found).1
    }

    fn curve(&mut self, column: usize, row: Counted<'_>, measure: &dyn Measure) -> &Curve {
        let known = self.curve.take().filter(|(known, _)| *known == column);
        let found = known.unwrap_or_else(|| (column, curve(row.members(column), measure)));
        &self.curve.insert(found).1
    }
}

/// Reads one cell.
pub fn read(
    reading: Reading,
    row: Counted<'_>,
    keys: &[Key],
    measure: &dyn Measure,
    memo: &mut Memo,
) -> Cell {
    match reading {
        Reading::Count(column) => Cell::Count(row.count(column)),
        Reading::Share(part, whole) => {
            let part = i64::try_from(row.count(part)).unwrap_or(i64::MAX);
            Cell::Ratio(Ratio {
                part,
                whole: row.count(whole),
            })
        }
        Reading::Money(column, currency) => total(column, currency, row, keys, measure)
            .map_or(Cell::Unknown, |(sum, _)| Cell::Money(sum)),
        Reading::MeanMoney(column) => total(column, None, row, keys, measure)
            .map_or(Cell::Unknown, |(sum, count)| Cell::MeanMoney(sum, count)),
        Reading::CostPer(column, of) => {
            let cost = total(column, None, row, keys, measure).filter(|(_, facts)| *facts > 0);
            let per = |(sum, _)| Cell::MeanMoney(sum, row.count(of));
            cost.map_or(Cell::Unknown, per)
        }
        Reading::Worth(column, currency) => {
            let amounts = row
                .members(column)
                .iter()
                .filter_map(|&member| measure.worth(member));
            sum(amounts, currency).map_or(Cell::Unknown, |(sum, _)| Cell::Money(sum))
        }
        Reading::Number(column) => number(row.members(column), measure),
        Reading::Ripe => measure
            .is_ripe(keys)
            .map_or(Cell::NotApplicable, Cell::Flag),
        Reading::MeanDays(column) => mean(memo.times(column, row, measure)),
        Reading::MedianDays(column) => median(memo.times(column, row, measure)),
        Reading::MinDays(column) => edge(memo.times(column, row, measure).first()),
        Reading::MaxDays(column) => edge(memo.times(column, row, measure).last()),
        Reading::MoneyShare(part, whole) => money_share(part, whole, row, keys, measure),
        Reading::PerDay(metric) => velocity(metric, row, keys, measure),
        Reading::Quantile(column, percent) => quantile(memo.curve(column, row, measure), percent),
        Reading::QuantileHours(column, percent) => hours(memo.curve(column, row, measure), percent),
        Reading::SumDays(column) => total_time(memo.times(column, row, measure)),
        Reading::Hours(column, taken) => in_hours(memo.times(column, row, measure), taken),
        Reading::Bill(column, currency) => bill(row.members(column), currency, measure),
        Reading::Estimate(step) => measure.estimate(row.members(0), keys, step),
        Reading::Limit => measure.limit(keys).0,
        Reading::LimitRule => measure.limit(keys).1,
        Reading::Reasons(column) => reasons(row.members(column), measure),
        Reading::Amounts(column) => {
            let found = total(column, None, row, keys, measure);
            found.map_or(Cell::Unknown, |(_, count)| Cell::Count(count))
        }
        Reading::Formula => measure.formula(row, keys),
        Reading::Name(place) => name(keys.get(place), measure),
    }
}

/// What a campaign is called; over all rows there is none to name.
fn name(key: Option<&Key>, measure: &dyn Measure) -> Cell {
    key.map_or(Cell::Text(String::new()), |key| measure.name(key))
}

fn money_share(
    part: usize,
    whole: usize,
    row: Counted<'_>,
    keys: &[Key],
    measure: &dyn Measure,
) -> Cell {
    let Some((whole, _)) = total(whole, None, row, keys, measure) else {
        return Cell::Unknown;
    };
    let part = total(part, Some(whole.currency), row, keys, measure);
    let is_some = whole.minor > 0;
    part.map_or(Cell::Unknown, |(part, _)| Cell::MoneyShare {
        part,
        whole: if is_some { whole.minor } else { 0 },
    })
}

/// Reads the four parts and hands them to the formula.
fn velocity(metric: Metric, row: Counted<'_>, keys: &[Key], measure: &dyn Measure) -> Cell {
    let Some((value, count)) = total(1, None, row, keys, measure) else {
        return Cell::Unknown;
    };
    let rate = match metric.has_rate_by_value() {
        false => Ratio {
            part: i64::try_from(row.count(4)).unwrap_or(i64::MAX),
            whole: row.count(2),
        },
        true => match money_share(4, 2, row, keys, measure) {
            Cell::MoneyShare { part, whole } => Ratio {
                part: part.minor,
                whole: whole.unsigned_abs(),
            },
            _ => return Cell::Unknown,
        },
    };
    let times = times(row.members(3), measure).into_iter();
    let summary = summary(times.map(|(micros, is_calendar)| Elapsed {
        seconds: micros / 1_000_000,
        is_calendar,
    }));
    let cycle = match (metric.has_median_cycle(), summary.median_twice_seconds) {
        (false, _) => Ratio {
            part: summary.sum_seconds,
            whole: summary.count,
        },
        (true, twice) => Ratio {
            part: twice.unwrap_or(0),
            whole: 2 * u64::from(twice.is_some()),
        },
    };
    let parts = PerDay {
        open: row.count(0),
        value: Ratio {
            part: value.minor,
            whole: count,
        },
        rate,
        cycle,
    };
    per_day(&parts).map_or(Cell::Unknown, |minor| Cell::Money(Money { minor, ..value }))
}

/// The estimated time by which so many of a hundred are over.
fn quantile((curve, are_days): &Curve, percent: u8) -> Cell {
    let found = survival::quantile(curve, f64::from(percent) / 100.0);
    let micros = found.and_then(|seconds| seconds.checked_mul(1_000_000));
    micros.map_or(Cell::Unknown, |micros| {
        Cell::EstimatedElapsed(micros, *are_days)
    })
}

/// The same in hours, to the hundredth.
fn hours((curve, _): &Curve, percent: u8) -> Cell {
    let found = survival::quantile(curve, f64::from(percent) / 100.0);
    let hundredths = found.and_then(|seconds| divide_half_even(i128::from(seconds) * 100, 3_600));
    hundredths.map_or(Cell::Unknown, |units| {
        Cell::Decimal(Decimal { units, scale: 2 })
    })
}

/// Of times in ascending order, to the hundredth.
fn in_hours(times: &[(i64, bool)], taken: Taken) -> Cell {
    let micros = |at: usize| times.get(at).map_or(0, |(micros, _)| i128::from(*micros));
    let sum = || (0..times.len()).map(micros).sum::<i128>();
    let count = times.len();
    let (over, under) = match taken {
        Taken::Sum => (sum(), 1),
        Taken::Mean => (sum(), count),
        Taken::Median if count > 0 => (micros((count - 1) / 2) + micros(count / 2), 2),
        Taken::Longest if count > 0 => (micros(count - 1), 1),
        Taken::Median | Taken::Longest => (0, 0),
    };
    let hundredths = divide_half_even(over * 100, under as i128 * 3_600_000_000);
    hundredths.map_or(Cell::Unknown, |units| {
        Cell::Decimal(Decimal { units, scale: 2 })
    })
}

fn number(members: &[Member], measure: &dyn Measure) -> Cell {
    let numbers = members.iter().filter_map(|&member| measure.number(member));
    let total: i128 = numbers.map(i128::from).sum();
    i64::try_from(total).map_or(Cell::Unknown, Cell::Number)
}

fn bill(members: &[Member], currency: Currency, measure: &dyn Measure) -> Cell {
    let members = members.iter().copied();
    let billed = members.filter(|member| measure.is_billed(*member, currency));
    let times = billed.filter_map(|member| measure.elapsed(member));
    let micros: i128 = times.map(|(micros, _)| i128::from(micros)).sum();
    let seconds = i64::try_from(micros / 1_000_000).ok();
    let bill = seconds.and_then(|seconds| measure.bill(seconds, currency));
    bill.map_or(Cell::Unknown, Cell::Money)
}

fn total_time(times: &[(i64, bool)]) -> Cell {
    let total: i128 = times.iter().map(|(micros, _)| i128::from(*micros)).sum();
    let are_days = times.iter().all(|(_, is_day)| *is_day);
    i64::try_from(total).map_or(Cell::Unknown, |micros| Cell::Elapsed(micros, are_days))
}

/// What is estimated of these members' times.
fn curve(members: &[Member], measure: &dyn Measure) -> Curve {
    let observed = members.iter();
    curve_of(observed.filter_map(|&member| measure.observed(member)))
}

fn curve_of(observed: impl Iterator<Item = (Observation, bool)>) -> Curve {
    let (observations, are_days): (Vec<_>, Vec<bool>) = observed.unzip();
    let are_days = are_days.iter().all(|is_day| *is_day);
    (survival::survival(&observations), are_days)
}

/// A time in microseconds, and whether it counts whole days.
fn micros(span: Span) -> Option<(i64, bool)> {
    let elapsed = span.elapsed()?;
    let micros = elapsed.seconds.checked_mul(1_000_000)?;
    Some((micros, elapsed.is_calendar))
}

/// Each reason with how often it was given, the most frequent first, then by name.
fn reasons(members: &[Member], measure: &dyn Measure) -> Cell {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for &member in members {
        let reason = measure.reason(member).unwrap_or("no reason");
        *counts.entry(reason).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let texts = counts
        .iter()
        .map(|(reason, count)| format!("{reason} {count}"));
    match counts.is_empty() {
        true => Cell::NotApplicable,
        false => Cell::Text(texts.collect::<Vec<_>>().join(", ")),
    }
}

/// Sum and count of a column's amounts, in the currency asked for or the row's own.
pub(super) fn total(
    column: usize,
    currency: Option<Currency>,
    row: Counted<'_>,
    keys: &[Key],
    measure: &dyn Measure,
) -> Option<(Money, u64)> {
    let members = row.members(column);
    let currency = currency.or_else(|| currency_of(keys, members, measure))?;
    sum(
        members.iter().filter_map(|&member| measure.money(member)),
        currency,
    )
}

/// The currency that a row is about: its last key, where an answer has one row per currency; in
/// a total, the only one there is.
fn currency_of(keys: &[Key], members: &[Member], measure: &dyn Measure) -> Option<Currency> {
    if let Some(Key::Text(code)) = keys.last() {
        return Currency::parse(code);
    }
    let mut found = members
        .iter()
        .filter_map(|&member| measure.money(member))
        .map(|money| money.currency);
    let first = found.next()?;
    found.all(|currency| currency == first).then_some(first)
}

/// Sum and count of the amounts in one currency; `None` when the sum does not fit.
fn sum(amounts: impl Iterator<Item = Money>, currency: Currency) -> Option<(Money, u64)> {
    let (mut total, mut count) = (0i128, 0u64);
    for money in amounts.filter(|money| money.currency == currency) {
        total += i128::from(money.minor);
        count += 1;
    }
    i64::try_from(total)
        .ok()
        .map(|minor| (Money { minor, currency }, count))
}

/// Times in ascending order.
pub(super) fn times(members: &[Member], measure: &dyn Measure) -> Times {
    let mut times: Vec<_> = members
        .iter()
        .filter_map(|&member| measure.elapsed(member))
        .collect();
    times.sort_unstable();
    times
}

fn mean(times: &[(i64, bool)]) -> Cell {
    let total: i128 = times.iter().map(|(micros, _)| i128::from(*micros)).sum();
    i64::try_from(total).map_or(Cell::Unknown, |micros| {
        Cell::MeanElapsed(micros, times.len() as u64)
    })
}

fn median(times: &[(i64, bool)]) -> Cell {
    let (low, high) = (times.len().saturating_sub(1) / 2, times.len() / 2);
    match (times.get(low), times.get(high)) {
        // Whole days are even in microseconds, so halving two of them loses nothing.
        (Some(a), Some(b)) => Cell::Elapsed(a.0 + (b.0 - a.0) / 2, a.1 && b.1),
        _ => Cell::Unknown,
    }
}

fn edge(time: Option<&(i64, bool)>) -> Cell {
    time.map_or(Cell::Unknown, |&(micros, is_days)| {
        Cell::Elapsed(micros, is_days)
    })
}
