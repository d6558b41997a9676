//! Answers: figures with numerator and denominator, issues beside them, lineage under them.

use crate::money::{Decimal, Money};
use crate::ratio::Ratio;
use crate::time::Day;

/// What a question gets.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    /// What stands above the rows, where they have something in common.
    pub headline: Option<Headline>,
    /// What each column is.
    pub columns: Vec<Column>,
    /// The rows, in a total order.
    pub rows: Vec<Vec<Cell>>,
    /// The same over all rows, counted afresh and not summed where units may repeat.
    pub totals: Option<Vec<Cell>>,
    /// Where amounts have several currencies, the same over the rows of each, in their order.
    pub currency_totals: Vec<Vec<Cell>>,
    /// Defects beside the number: code, how many, what it means.
    pub issues: Vec<IssueCount>,
    /// Sentences a reader must know.
    pub notes: Vec<String>,
    /// What it rests on.
    pub lineage: Lineage,
}

/// What stands above the rows of an answer: figures over all of them, and the sentence that they
/// make. The figures have records as those of columns have, by their ids.
#[derive(Clone, PartialEq, Debug)]
pub struct Headline {
    /// The figures in words.
    pub sentence: String,
    /// What each is, and the figure; where amounts have several currencies, one for each.
    pub figures: Vec<(Column, Cell)>,
}

/// One column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its stable id.
    pub id: String,
    /// What its cells hold.
    pub kind: ColumnKind,
    /// What is counted, or the unit of the figure (`pursuit`, `days`, `USD`).
    pub unit: Option<String>,
    /// The definition, one line.
    pub means: String,
}

/// What a column's cells hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ColumnKind {
    /// A name.
    Text,
    /// A period's label.
    Period,
    /// A count of units.
    Count,
    /// A share: part of whole.
    Ratio,
    /// A mean: sum over count.
    Mean,
    /// An amount of money.
    Money,
    /// A number of days.
    Days,
    /// A whole number with a sign.
    Number,
    /// A decimal number, exact.
    Decimal,
    /// A day or an instant.
    Time,
    /// Yes or no.
    Flag,
    /// A share of money: part of whole, in one currency.
    MoneyShare,
    /// An estimated share with its interval: never a count.
    EstimatedShare,
    /// An estimated number of days: never a count.
    EstimatedDays,
}

/// One cell.
#[derive(Clone, PartialEq, Debug)]
pub enum Cell {
    /// Not known: `–`.
    Unknown,
    /// Makes no sense here: `n/a`.
    NotApplicable,
    /// A name, a period's label, a formatted instant.
    Text(String),
    /// A count.
    Count(u64),
    /// A whole number with a sign.
    Number(i64),
    /// A decimal number with a sign, exact.
    Decimal(Decimal),
    /// A share or a mean, exact.
    Ratio(Ratio),
    /// An amount. A column holds one currency, or each row names its own.
    Money(Money),
    /// Mean money: a sum over a count.
    MeanMoney(Money, u64),
    /// A stretch of time in microseconds; `true` when it counts whole calendar days.
    Elapsed(i64, bool),
    /// A mean stretch of time: sum in microseconds over a count.
    MeanElapsed(i64, u64),
    /// A day.
    Day(Day),
    /// Yes or no.
    Flag(bool),
    /// A share of money, exact: part and whole in minor units.
    MoneyShare {
        /// The numerator.
        part: Money,
        /// The denominator, in the same currency; over nothing the share has no value.
        whole: i64,
    },
    /// An estimated share from 0 to 1 and its 95 % interval, where it has one.
    EstimatedShare(f64, Option<(f64, f64)>),
    /// An estimated stretch of time, as [`Cell::Elapsed`].
    EstimatedElapsed(i64, bool),
}

/// How often one defect occurs under an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IssueCount {
    /// The public code.
    pub code: String,
    /// How many.
    pub count: u64,
    /// What it means.
    pub text: String,
}

/// What an answer rests on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lineage {
    /// The ledger sequence number.
    pub seq: u64,
    /// The charter's content hash.
    pub charter: String,
    /// Where it is forward-only: until when which charter held for stages and openings.
    pub earlier: Vec<(String, String)>,
    /// Pack versions by source.
    pub packs: Vec<(String, String)>,
    /// Kernel versions by name.
    pub kernels: Vec<(String, String)>,
    /// Facts that were counted over.
    pub facts_used: u64,
    /// Rows set aside, by reason.
    pub set_aside: Vec<(String, u64)>,
    /// The instant up to which the sources show everything.
    pub horizon: Option<String>,
}

impl Cell {
    /// The cell in full, as one plain text: `12`, `30/120`, `123.45 EUR`, `57 d`; nothing where it
    /// is not known. Two cells of a column with one text are the same figure. Estimates have 12
    /// digits: what lies beyond depends on the machine.
    pub fn exact(&self) -> String {
        match self {
            Cell::Unknown => String::new(),
            Cell::NotApplicable => "n/a".to_owned(),
            Cell::Text(text) => text.clone(),
            Cell::Count(count) => count.to_string(),
            Cell::Number(number) => number.to_string(),
            Cell::Decimal(decimal) => decimal.to_string(),
            Cell::Ratio(ratio) => format!("{}/{}", ratio.part, ratio.whole),
            Cell::Money(money) => money.to_string(),
            Cell::MeanMoney(sum, count) => format!("{sum}/{count}"),
            Cell::Elapsed(micros, _) => micros_text(*micros),
            Cell::MeanElapsed(micros, count) => format!("{}/{count}", micros_text(*micros)),
            Cell::Day(day) => day.to_string(),
            Cell::Flag(yes) => yes.to_string(),
            Cell::MoneyShare { part, whole } => {
                let whole = Money {
                    minor: *whole,
                    ..*part
                };
                format!("{part}/{whole}")
            }
            Cell::EstimatedShare(value, None) => estimate(*value),
            Cell::EstimatedShare(value, Some((low, high))) => {
                format!(
                    "{} ({}..{})",
                    estimate(*value),
                    estimate(*low),
                    estimate(*high)
                )
            }
            Cell::EstimatedElapsed(micros, _) => micros_text(*micros),
        }
    }
}

/// Whole days as such, else microseconds.
fn micros_text(micros: i64) -> String {
    const DAY: i64 = 86_400_000_000;
    match micros % DAY {
        0 => format!("{} d", micros / DAY),
        _ => format!("{micros} us"),
    }
}

fn estimate(value: f64) -> String {
    format!("{value:.11e}")
}
