//! What the measures of a row come to, exactly, and how a formula's value is shown.

use handfast_kernels::formula::{Fraction, Value};
use handfast_kernels::velocity::{Elapsed, summary};
use handfast_model::catalogue::{BaseShape, Measure as Named, Reads, Takes};
use handfast_model::{Cell, Currency, Decimal, Money, Ratio};

use super::super::figure::{self, Measure};
use super::super::sheet::Counted;
use super::DAY;

/// An hour in seconds.
const HOUR: i128 = 3_600;
/// Places after the mark of a plain number.
const PLACES: u32 = 6;

/// What a measure comes to in a row.
pub(super) fn operand(
    named: &Named,
    column: usize,
    currency: Option<Currency>,
    row: Counted<'_>,
    measure: &dyn Measure,
) -> Option<Fraction> {
    let whole = |number: u64| Some(Fraction::whole(i128::from(number)));
    let money = |column| {
        let found = figure::total(column, Some(currency?), row, &[], measure);
        found.map(|(money, count)| (i128::from(money.minor), i128::from(count)))
    };
    match (named.takes, named.base.shape) {
        (Takes::Count, _) => whole(row.count(column + 1)),
        (Takes::Amounts, _) => money(column).map(|(_, count)| Fraction::whole(count)),
        (_, BaseShape::Count) => whole(row.count(column)),
        (_, BaseShape::Share) => {
            let (part, all) = (row.count(column), row.count(column + 1));
            Fraction::new(i128::from(part), i128::from(all))
        }
        (_, BaseShape::Sum) => {
            let is_told = |(_, count): &(i128, i128)| *count > 0 || !named.base.is_of_records();
            let (sum, _) = money(column).filter(is_told)?;
            Some(Fraction::whole(sum))
        }
        (_, BaseShape::MeanMoney) => {
            let (sum, count) = money(column)?;
            Fraction::new(sum, count)
        }
        (_, BaseShape::ShareOfMoney) => Fraction::new(money(column)?.0, money(column + 1)?.0),
        (_, BaseShape::Total) => {
            let numbers = row.members(column).iter();
            let numbers = numbers.filter_map(|member| measure.number(*member));
            Some(Fraction::whole(numbers.map(i128::from).sum()))
        }
        (takes, BaseShape::Days | BaseShape::Hours) => {
            let unit = match named.base.shape {
                BaseShape::Hours => HOUR,
                _ => DAY,
            };
            let times = figure::times(row.members(column), measure).into_iter();
            let summary = summary(times.map(|(micros, is_calendar)| Elapsed {
                seconds: micros / 1_000_000,
                is_calendar,
            }));
            match takes {
                Takes::Median => Fraction::new(i128::from(summary.median_twice_seconds?), 2 * unit),
                Takes::Sum => Fraction::new(i128::from(summary.sum_seconds), unit),
                _ => Fraction::new(
                    i128::from(summary.sum_seconds),
                    i128::from(summary.count) * unit,
                ),
            }
        }
    }
}

/// A value as it is read; `None` where it has none.
pub(super) fn cell(reads: Reads, value: Value, currency: Option<Currency>) -> Option<Cell> {
    let money = |minor: i128| {
        let minor = i64::try_from(minor).ok()?;
        Some(Money {
            minor,
            currency: currency?,
        })
    };
    let number = || value.number();
    match (reads, value) {
        (Reads::Share, Value::Quotient { part, whole }) => Some(Cell::Ratio(Ratio {
            part: i64::try_from(part).ok()?,
            whole: u64::try_from(whole).ok()?,
        })),
        (Reads::MeanMoney, Value::Quotient { part, whole }) => {
            Some(Cell::MeanMoney(money(part)?, u64::try_from(whole).ok()?))
        }
        (Reads::MoneyShare, Value::Quotient { part, whole }) => Some(Cell::MoneyShare {
            part: money(part)?,
            // Over less than nothing a share means nothing.
            whole: i64::try_from(whole.max(0)).ok()?,
        }),
        (Reads::Count, _) => {
            let count = number()?.rounded(1)?;
            Some(Cell::Number(i64::try_from(count).ok()?))
        }
        (Reads::Money | Reads::MoneyEach | Reads::MoneyPerDay | Reads::MeanMoney, _) => {
            Some(Cell::Money(money(number()?.rounded(1)?)?))
        }
        (Reads::Days, _) => {
            let micros = number()?.rounded(DAY * 1_000_000)?;
            Some(Cell::Elapsed(i64::try_from(micros).ok()?, false))
        }
        (Reads::Hours, _) => {
            let units = number()?.rounded(100)?;
            Some(Cell::Decimal(Decimal { units, scale: 2 }))
        }
        (Reads::Plain | Reads::PerDay | Reads::Share | Reads::MoneyShare, _) => {
            let units = number()?.rounded(10i128.pow(PLACES))?;
            let scale = PLACES;
            Some(Cell::Decimal(Decimal { units, scale }))
        }
    }
}
