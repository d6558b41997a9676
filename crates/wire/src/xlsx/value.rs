//! What a cell of an answer is in a workbook: one value, or a quotient with its two parts.

use handfast_model::money::{Decimal, grouped};
use handfast_model::{Cell, ColumnKind, Currency, Day, Instant, Money};

/// Integers beyond this are not exact as a spreadsheet's number, and become text.
const EXACT: i128 = 1 << 53;
const DAY: f64 = 86_400_000_000.0;
/// What a spreadsheet calls 1 January 1970.
const EPOCH: f64 = 25_569.0;
/// Days before 1 March 1900, which spreadsheets count wrongly, become text.
const FIRST: f64 = 61.0;

/// One value in a sheet.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Value {
    Nothing,
    Text(String),
    /// A whole number of units, ten to the minus scale each, and how it is shown.
    Exact(i128, u32, Shown),
    Float(f64, Shown),
    Flag(bool),
}

/// How a number is shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Shown {
    Plain,
    Decimals(u32),
    Money(Currency),
    Percent,
    Estimate,
    WholeDays,
    Days,
    Date,
    Instant,
}

impl Shown {
    /// The number format.
    pub fn format(self) -> String {
        let places = |count: u32| match count {
            0 => String::new(),
            count => format!(".{}", "0".repeat(count as usize)),
        };
        match self {
            Shown::Plain => "#,##0".to_owned(),
            Shown::Decimals(count) => format!("#,##0{}", places(count)),
            Shown::Money(currency) => {
                format!("#,##0{}\\ \"{currency}\"", places(currency.exponent()))
            }
            Shown::Percent => "0.0%".to_owned(),
            Shown::Estimate => "\"≈ \"0.0%".to_owned(),
            Shown::WholeDays => "#,##0".to_owned(),
            Shown::Days => "#,##0.0".to_owned(),
            Shown::Date => "yyyy\\-mm\\-dd".to_owned(),
            Shown::Instant => "yyyy\\-mm\\-dd\\ hh:mm:ss".to_owned(),
        }
    }
}

/// Without noughts behind the point; `None` where a spreadsheet's number does not hold it.
fn shortest(mut units: i128, mut scale: u32) -> Option<(i128, u32)> {
    while scale > 0 && units % 10 == 0 {
        (units, scale) = (units / 10, scale - 1);
    }
    (units.abs() <= EXACT).then_some((units, scale))
}

impl Value {
    /// As a spreadsheet's number, where it is one.
    pub fn number(&self) -> Option<(f64, Shown)> {
        match self {
            Value::Exact(units, scale, shown) => {
                let (units, scale) = shortest(*units, *scale)?;
                Some((units as f64 / 10f64.powi(scale as i32), *shown))
            }
            Value::Float(value, shown) => Some((*value, *shown)),
            _ => None,
        }
    }

    /// How many characters it is shown in.
    pub fn length(&self) -> usize {
        let digits = |units: i128, scale: u32| grouped(&Decimal { units, scale }.to_string()).len();
        match self {
            Value::Nothing => 0,
            Value::Text(text) => text.chars().count(),
            Value::Exact(units, scale, shown) => {
                let sign = match shown {
                    Shown::Money(currency) => 1 + currency.code().len(),
                    _ => 0,
                };
                digits(*units, *scale) + sign
            }
            Value::Float(value, shown) => match shown {
                Shown::Date => 10,
                Shown::Instant => 19,
                Shown::Percent | Shown::Estimate => 9,
                _ => digits(value.abs() as i128, 0) + 3,
            },
            Value::Flag(_) => 5,
        }
    }

    /// As text, where it is none.
    pub fn text(&self) -> Option<String> {
        match self {
            Value::Text(text) => Some(text.clone()),
            Value::Exact(units, scale, _) if shortest(*units, *scale).is_none() => {
                let (units, scale) = (*units, *scale);
                Some(Decimal { units, scale }.to_string())
            }
            _ => None,
        }
    }
}

/// The values of a cell.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Values {
    One(Value),
    /// The part, the whole, and how their quotient is shown.
    Quotient(Value, Value, Shown),
    /// An estimate and its interval.
    Band([Value; 3]),
}

impl Values {
    /// How many columns they take.
    pub fn width(&self) -> u16 {
        match self {
            Values::One(_) => 1,
            Values::Quotient(..) | Values::Band(_) => 3,
        }
    }
}

/// How many columns a column takes, and what stands above them.
pub(super) fn heads(id: &str, kind: ColumnKind, currencies: &[Currency]) -> Vec<String> {
    let of = |words: [&str; 2]| {
        let [part, whole] = words;
        vec![
            format!("{id} {part}"),
            format!("{id} {whole}"),
            id.to_owned(),
        ]
    };
    match (kind, currencies) {
        (ColumnKind::Ratio | ColumnKind::MoneyShare, _) => of(["part", "whole"]),
        (ColumnKind::Mean, _) => of(["sum", "n"]),
        (ColumnKind::Money, [one]) => vec![format!("{id} {one}")],
        (ColumnKind::Days, _) => vec![format!("{id} days")],
        (ColumnKind::EstimatedDays, _) => vec![format!("≈ {id} days")],
        (ColumnKind::EstimatedShare, _) => {
            vec![format!("≈ {id}"), format!("{id} low"), format!("{id} high")]
        }
        _ => vec![id.to_owned()],
    }
}

fn count(count: impl Into<i128>) -> Value {
    Value::Exact(count.into(), 0, Shown::Plain)
}

fn money(minor: i64, currency: Currency) -> Value {
    let shown = Shown::Money(currency);
    Value::Exact(i128::from(minor), currency.exponent(), shown)
}

fn days(micros: i64, is_whole: bool) -> Value {
    let shown = match is_whole {
        true => Shown::WholeDays,
        false => Shown::Days,
    };
    Value::Float(micros as f64 / DAY, shown)
}

fn day(day: Day) -> Value {
    let serial = f64::from(day.0) + EPOCH;
    match serial < FIRST {
        true => Value::Text(day.to_string()),
        false => Value::Float(serial, Shown::Date),
    }
}

fn time(text: &str) -> Value {
    let serial = Instant::parse(text).map(|at| at.0 as f64 / DAY + EPOCH);
    match serial.filter(|serial| *serial >= FIRST) {
        Some(serial) => Value::Float(serial, Shown::Instant),
        None => Value::Text(text.to_owned()),
    }
}

/// The values of a cell in a column of this kind.
pub(super) fn values(cell: &Cell, kind: ColumnKind) -> Values {
    Values::One(match cell {
        Cell::Unknown => Value::Nothing,
        Cell::NotApplicable => Value::Text("n/a".to_owned()),
        Cell::Text(text) if kind == ColumnKind::Time => time(text),
        Cell::Text(text) => Value::Text(text.clone()),
        Cell::Count(number) => count(*number),
        Cell::Number(number) => count(*number),
        Cell::Decimal(decimal) => {
            let shown = Shown::Decimals(decimal.scale);
            Value::Exact(decimal.units, decimal.scale, shown)
        }
        Cell::Money(amount) => money(amount.minor, amount.currency),
        Cell::Elapsed(micros, is_whole) | Cell::EstimatedElapsed(micros, is_whole) => {
            days(*micros, *is_whole)
        }
        Cell::Day(at) => day(*at),
        Cell::Flag(yes) => Value::Flag(*yes),
        Cell::Ratio(ratio) => {
            let shown = match kind {
                ColumnKind::Mean => Shown::Decimals(2),
                _ => Shown::Percent,
            };
            return Values::Quotient(count(ratio.part), count(ratio.whole), shown);
        }
        Cell::MeanMoney(Money { minor, currency }, many) => {
            let sum = money(*minor, *currency);
            return Values::Quotient(sum, count(*many), Shown::Money(*currency));
        }
        Cell::MeanElapsed(micros, many) => {
            return Values::Quotient(days(*micros, false), count(*many), Shown::Days);
        }
        Cell::MoneyShare { part, whole } => {
            let (part, whole) = (
                money(part.minor, part.currency),
                money(*whole, part.currency),
            );
            return Values::Quotient(part, whole, Shown::Percent);
        }
        Cell::EstimatedShare(value, band) => {
            let one = |value: f64| Value::Float(value, Shown::Estimate);
            let (low, high) = match band {
                Some((low, high)) => (one(*low), one(*high)),
                None => (Value::Nothing, Value::Nothing),
            };
            return Values::Band([one(*value), low, high]);
        }
    })
}
