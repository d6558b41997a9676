//! What two answers to one question differ by: figures in whole units of what a reader sees, so
//! that differences sum.

use std::collections::BTreeMap;

use handfast_kernels::change::Number;
use handfast_model::money::Decimal;
use handfast_model::question::QuestionKind;
use handfast_model::{Answer, Cell, Column, ColumnKind, Currency, Money, Question, Ratio};

/// Of a share: ten-thousandths of a percentage point.
const SHARE: i128 = 1_000_000;
/// Of days: thousandths.
const DAYS: i128 = 1_000;
/// Of other numbers: millionths.
const OTHER: i128 = 1_000_000;

/// One figure that two answers give differently.
#[derive(Clone, PartialEq, Debug)]
pub struct Difference {
    /// The names of the row.
    pub row: Vec<Cell>,
    /// The figure's column.
    pub column: String,
    /// What the earlier answer says; `None` = it has no such row.
    pub before: Option<Cell>,
    /// What the later answer says.
    pub after: Option<Cell>,
}

/// The figures that differ, in the order of rows and columns.
pub fn differences(before: &Answer, after: &Answer) -> Vec<Difference> {
    let (old, new) = (rows(before), rows(after));
    let mut names: Vec<&[Cell]> = Vec::new();
    let all = before.rows.iter().chain(&after.rows);
    for row in all.map(|row| row.get(..named(before).min(row.len())).unwrap_or(row)) {
        if !names.contains(&row) {
            names.push(row);
        }
    }
    let mut found = Vec::new();
    let columns = || after.columns.iter().enumerate().skip(named(after));
    for row in names {
        let key = key(row);
        let of = |rows: &BTreeMap<String, &Vec<Cell>>, at: usize| {
            rows.get(&key).and_then(|row| row.get(at).cloned())
        };
        for (at, column) in columns() {
            let same = before
                .columns
                .get(at)
                .is_some_and(|one| one.id == column.id);
            let old = of(&old, at).filter(|_| same);
            let new = of(&new, at);
            if old != new {
                found.push(Difference {
                    row: row.to_vec(),
                    column: column.id.clone(),
                    before: old,
                    after: new,
                });
            }
        }
    }
    found
}

/// How many columns name a row.
pub(super) fn named(answer: &Answer) -> usize {
    names(&answer.columns)
}

fn names(columns: &[Column]) -> usize {
    let is_name = |column: &&Column| matches!(column.kind, ColumnKind::Text | ColumnKind::Period);
    columns.iter().take_while(is_name).count()
}

/// A row's names as text, to find it again.
pub(super) fn key(names: &[Cell]) -> String {
    format!("{names:?}")
}

/// The rows by their names.
pub(super) fn rows(answer: &Answer) -> BTreeMap<String, &Vec<Cell>> {
    let named = named(answer);
    let rows = answer.rows.iter();
    rows.map(|row| (key(row.get(..named).unwrap_or(row)), row))
        .collect()
}

/// The column of the figure that a question is about: the metric's own, else a mean, else the
/// first.
pub(super) fn figure_of(answer: &Answer, question: &Question) -> Option<usize> {
    figure_among(&answer.columns, question)
}

/// The same among the columns of an answer.
pub(super) fn figure_among(columns: &[Column], question: &Question) -> Option<usize> {
    let name = match &question.kind {
        QuestionKind::Metric(name) => name.split(':').next().unwrap_or(name),
        _ => "",
    };
    let place = |id: &str| columns.iter().position(|column| column.id == id);
    let first = || Some(names(columns)).filter(|at| *at < columns.len());
    place(name).or_else(|| place("mean")).or_else(first)
}

/// What a figure's difference is measured in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Measure {
    Count,
    Money(Currency),
    Points,
    Days,
    Other,
}

impl Measure {
    /// A difference as a cell.
    pub fn cell(self, units: i128) -> Cell {
        let decimal = |scale| Cell::Decimal(Decimal { units, scale });
        match (self, i64::try_from(units)) {
            (Measure::Points, _) => decimal(4),
            (Measure::Days, _) => decimal(3),
            (Measure::Other, _) => decimal(6),
            (Measure::Count, Ok(number)) => Cell::Number(number),
            (Measure::Money(currency), Ok(minor)) => Cell::Money(Money { minor, currency }),
            (Measure::Count | Measure::Money(_), Err(_)) => Cell::Unknown,
        }
    }

    /// What its column holds, and in which unit.
    pub fn kind(self) -> (ColumnKind, &'static str) {
        match self {
            Measure::Count => (ColumnKind::Number, ""),
            Measure::Money(_) => (ColumnKind::Money, ""),
            Measure::Points => (ColumnKind::Decimal, "percentage points"),
            Measure::Days => (ColumnKind::Decimal, "days"),
            Measure::Other => (ColumnKind::Decimal, ""),
        }
    }
}

/// How a figure over several rows is made of theirs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Made {
    Sum,
    Share,
    Mean,
}

/// The figure of several rows together, from their parts and wholes.
pub(super) fn over_all(
    measure: Measure,
    kind: ColumnKind,
    made: Made,
    (part, whole): (i128, i128),
) -> Cell {
    let (Ok(small), Ok(count)) = (i64::try_from(part), u64::try_from(whole)) else {
        return Cell::Unknown;
    };
    match (made, measure) {
        (Made::Sum, Measure::Count) if kind == ColumnKind::Count => {
            u64::try_from(part).map_or(Cell::Unknown, Cell::Count)
        }
        (Made::Sum, measure) => measure.cell(part),
        (Made::Mean, Measure::Money(currency)) => Cell::MeanMoney(
            Money {
                minor: small,
                currency,
            },
            count,
        ),
        (Made::Mean, _) => Cell::MeanElapsed(small, count),
        (Made::Share, _) => Cell::Ratio(Ratio {
            part: small,
            whole: count,
        }),
    }
}

/// How many units of what is shown are in one of what is summed over what it is summed of.
pub(super) fn scale_of(measure: Measure) -> Number {
    match measure {
        Measure::Points => Number::of(SHARE),
        // Times are in microseconds.
        Measure::Days => Number::over(DAYS, 86_400_000_000),
        Measure::Other => Number::of(OTHER),
        Measure::Count | Measure::Money(_) => Number::of(1),
    }
}

/// How many units of what is shown are in one of what a formula comes to.
pub(super) fn in_one(measure: Measure) -> i128 {
    match measure {
        Measure::Points => SHARE,
        Measure::Days => DAYS,
        Measure::Other => OTHER,
        Measure::Count | Measure::Money(_) => 1,
    }
}

/// A figure in whole units, rounded half to even where it is a fraction; `None` without a value.
pub(super) fn units(cell: &Cell, kind: ColumnKind) -> Option<(i128, Measure)> {
    const DAY: i128 = 86_400_000_000;
    let share = |part: i64, whole: u64, scale: i128| {
        let whole = i128::from(whole);
        (whole != 0)
            .then(|| rounded(i128::from(part) * scale, whole))
            .flatten()
    };
    Some(match cell {
        Cell::Count(count) => (i128::from(*count), Measure::Count),
        Cell::Number(number) => (i128::from(*number), Measure::Count),
        Cell::Money(money) => (i128::from(money.minor), Measure::Money(money.currency)),
        Cell::Ratio(ratio) if kind == ColumnKind::Ratio => {
            (share(ratio.part, ratio.whole, SHARE)?, Measure::Points)
        }
        Cell::Ratio(ratio) => (share(ratio.part, ratio.whole, OTHER)?, Measure::Other),
        Cell::MoneyShare { part, whole } => {
            let whole = u64::try_from(*whole).ok()?;
            (share(part.minor, whole, SHARE)?, Measure::Points)
        }
        Cell::MeanMoney(sum, count) => (share(sum.minor, *count, 1)?, Measure::Money(sum.currency)),
        Cell::MeanElapsed(micros, count) => {
            let whole = i128::from(*count) * DAY;
            if whole == 0 {
                return None;
            }
            (rounded(i128::from(*micros) * DAYS, whole)?, Measure::Days)
        }
        Cell::Elapsed(micros, _) => (rounded(i128::from(*micros) * DAYS, DAY)?, Measure::Days),
        Cell::Decimal(decimal) => {
            let scale = 10i128.checked_pow(decimal.scale)?;
            let units = decimal.units.checked_mul(OTHER)?;
            (rounded(units, scale)?, Measure::Other)
        }
        _ => return None,
    })
}

fn rounded(over: i128, under: i128) -> Option<i128> {
    handfast_model::money::divide_half_even(over, under)
}
