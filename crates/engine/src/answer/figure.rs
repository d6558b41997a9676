//! Figures: how a cell is read off the members of its row. Counting and summing only; every formula
//! with a name is a kernel.

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
            | Reading::MeanDays(column)
            | Reading::MedianDays(column)
            | Reading::MinDays(column)
            | Reading::MaxDays(column) => column,
            Reading::Ripe => 0,
        }
    }
}

/// What a member is worth, how long it took, and whether its row is ripe.
pub trait Measure {
    /// Its amount, as last known, if it has one.
    fn money(&self, member: Member) -> Option<Money>;
    /// Its amount at the instant looked at.
    fn worth(&self, member: Member) -> Option<Money>;
    /// Its time in microseconds and whether that counts whole days.
    fn elapsed(&self, member: Member) -> Option<(i64, bool)>;
    /// Whether a row's period and the window after it ended before the horizon; `None` without a
    /// window.
    fn is_ripe(&self, keys: &[Key]) -> Option<bool>;
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

/// Reads one cell.
pub fn read(reading: Reading, row: Counted<'_>, keys: &[Key], measure: &dyn Measure) -> Cell {
    let times = |column| times(row.members(column), measure);
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
        Reading::Worth(column, currency) => {
            let amounts = row
                .members(column)
                .iter()
                .filter_map(|&member| measure.worth(member));
            sum(amounts, currency).map_or(Cell::Unknown, |(sum, _)| Cell::Money(sum))
        }
        Reading::Ripe => measure
            .is_ripe(keys)
            .map_or(Cell::NotApplicable, Cell::Flag),
        Reading::MeanDays(column) => mean(&times(column)),
        Reading::MedianDays(column) => median(&times(column)),
        Reading::MinDays(column) => edge(times(column).first()),
        Reading::MaxDays(column) => edge(times(column).last()),
    }
}

/// Sum and count of a column's amounts, in the currency asked for or the row's own.
fn total(
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
fn times(members: &[Member], measure: &dyn Measure) -> Vec<(i64, bool)> {
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
