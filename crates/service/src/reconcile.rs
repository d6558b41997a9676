//! Totals of won deals that somebody read in another system, beside ours: where they differ, by how
//! much, and which question lists our records of that line.

use handfast_model::money::Decimal;
use handfast_model::question::AsOf;
use handfast_model::{Answer, Calendar, Cell, Currency, Grain, Money, Refusal};

use crate::ask::ask;
use crate::book::Book;
use crate::resolve::Typed;

/// What somebody read of one month, quarter or year.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// The period's label, as answers print it: `2024-03`.
    pub label: String,
    /// Won deals.
    pub deals: Option<u64>,
    /// Their amount, as a number with a point: `12345.50`.
    pub amount: Option<String>,
}

/// One line: theirs, ours, and what theirs is more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The period.
    pub label: String,
    /// Won deals of ours whose amount has no rate to the currency: it is in no sum.
    pub not_priced: u64,
    /// Won deals as they were read, ours, and how many more theirs are.
    pub deals: (Option<u64>, u64, Option<i64>),
    /// The amount as it was read, ours, and how much more theirs is.
    pub amount: (Option<Money>, Money, Option<Money>),
}

impl Line {
    /// Whether anything that was read is not what we count.
    pub fn differs(&self) -> bool {
        let is_other = |more: Option<i64>| more.is_some_and(|more| more != 0);
        is_other(self.deals.2) || is_other(self.amount.2.map(|more| more.minor))
    }
}

/// All lines, and the commit as of which ours are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reconciled {
    /// The lines, in the order in which they were said.
    pub lines: Vec<Line>,
    /// The commit.
    pub seq: u64,
    /// The dimension by which ours are told: `month`, `quarter`, `year`.
    pub by: String,
}

/// Sets what was read of won deals beside what the ledger says of the same periods.
pub fn won(
    book: &Book,
    (by, currency): (&str, &str),
    said: &[Said],
) -> Result<Reconciled, Refusal> {
    let currency = listed(currency)?;
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    let grain = Grain::parse(by).ok_or_else(|| no_period(by, by))?;
    let theirs = said
        .iter()
        .map(|one| theirs((&charter.calendar, grain, by), one, currency))
        .collect::<Result<Vec<_>, _>>()?;
    let as_of = book.ledger.last_seq()?;
    let typed = |of: &str| Typed {
        kind: "metric".to_owned(),
        of: Some(of.to_owned()),
        by: vec![by.to_owned()],
        unit: (of == "won").then(|| "deal".to_owned()),
        as_of: Some(as_of.0.to_string()),
        currency: (of == "revenue").then(|| currency.code().to_owned()),
        ..Typed::default()
    };
    let deals = ask(book, &typed("won"), None)?.answer;
    let amounts = ask(book, &typed("revenue"), None)?.answer;
    let lines = said.iter().zip(theirs).map(|(one, amount)| {
        // A period without a row is one in which nothing was won.
        let our_deals = match cell(&deals, "won", &one.label) {
            Some(Cell::Count(count)) => *count,
            _ => 0,
        };
        let our_amount = match cell(&amounts, "revenue", &one.label) {
            Some(Cell::Money(money)) if money.currency == currency => *money,
            _ => Money { minor: 0, currency },
        };
        let not_priced = match cell(&amounts, "not_priced", &one.label) {
            Some(Cell::Count(count)) => *count,
            _ => 0,
        };
        let more = one.deals.and_then(|theirs| {
            let of = |count: u64| i64::try_from(count).ok();
            of(theirs)?.checked_sub(of(our_deals)?)
        });
        let amount_more = amount.and_then(|theirs| {
            let minor = theirs.minor.checked_sub(our_amount.minor)?;
            Some(Money { minor, currency })
        });
        Line {
            label: one.label.clone(),
            not_priced,
            deals: (one.deals, our_deals, more),
            amount: (amount, our_amount, amount_more),
        }
    });
    Ok(Reconciled {
        lines: lines.collect(),
        seq: deals.lineage.seq,
        by: by.to_owned(),
    })
}

/// The figure of a column in the row of a period.
fn cell<'a>(answer: &'a Answer, column: &str, label: &str) -> Option<&'a Cell> {
    let at = answer.columns.iter().position(|one| one.id == column)?;
    let is_its = |row: &&Vec<Cell>| row.first().is_some_and(|cell| cell.exact() == label);
    answer.rows.iter().find(is_its)?.get(at)
}

fn listed(currency: &str) -> Result<Currency, Refusal> {
    Currency::listed(currency).map_err(|_| {
        Refusal::new("E0514", format!("`{currency}` is no currency of ISO 4217"))
            .matters("amounts of two currencies are never compared")
            .fix("currency: EUR")
    })
}

/// A label that is no period of the kind that is asked for: a quarter is in no row of months.
fn no_period(label: &str, by: &str) -> Refusal {
    Refusal::new("E0404", format!("`{label}` is no {by} of this book"))
        .matters("nothing was compared")
        .fix("2024-03 by month, 2024-Q1 by quarter, 2024 by year, as answers print them")
}

/// The amount of a line, once it and its period can be read.
fn theirs(
    (calendar, grain, by): (&Calendar, Grain, &str),
    said: &Said,
    currency: Currency,
) -> Result<Option<Money>, Refusal> {
    let period = calendar.parse_period(&said.label);
    let is_one = period.is_some_and(|period| {
        let whole = calendar.period_of(period.from, grain);
        whole.label == said.label && whole.until == period.until
    });
    if !is_one {
        return Err(no_period(&said.label, by));
    }
    let Some(text) = &said.amount else {
        return Ok(None);
    };
    let amount = Decimal::parse(text).filter(|amount| amount.scale <= currency.exponent());
    let amount = amount.and_then(|amount| amount.to_money(currency));
    amount.map(Some).ok_or_else(|| {
        let digits = currency.exponent();
        Refusal::new(
            "E0404",
            format!("`{text}` is no amount of {}", currency.code()),
        )
        .matters("nothing was compared")
        .fix(format!(
            "12345.50: digits, and at most {digits} after a point"
        ))
    })
}
