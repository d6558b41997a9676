//! Measures of a formula that are everybody's: what they come to, whatever the question is split by
//! and asks for.

use std::collections::BTreeSet;

use handfast_model::money::{divide_half_even, grouped};
use handfast_model::{Cell, Currency, Decimal, Money};

use super::super::figure::{Measure, Memo, read};
use super::super::sheet::{Counted, Key};
use super::{DAY, Plan, read_off};

impl Plan {
    /// The currencies that such measures have money in.
    pub(super) fn whole_currencies(&self) -> BTreeSet<Currency> {
        let rows = self.whole.rows().filter(|_| self.has_currency);
        rows.filter_map(|(keys, _)| currency(keys)).collect()
    }

    /// Their row of a currency.
    pub(super) fn whole_row(&self, asked: Option<Currency>) -> Option<Counted<'_>> {
        let mut rows = self.whole.rows();
        let is_it = |keys: &[Key]| !self.has_currency || currency(keys) == asked;
        rows.find(|(keys, _)| is_it(keys)).map(|(_, row)| row)
    }

    /// One sentence for each currency: what they come to.
    pub fn notes_of_whole(&self, measure: &dyn Measure) -> Vec<String> {
        let own = || self.named().filter(|(named, _)| named.is_whole);
        if own().next().is_none() {
            return Vec::new();
        }
        let sentence = |(keys, row): (&[Key], Counted<'_>)| {
            let parts = own().map(|(named, planned)| {
                let (_, reading) = read_off(named, planned, None);
                let cell = read(reading, row, keys, measure, &mut Memo::default());
                format!("{} {}", named.name, text(&cell))
            });
            let parts: Vec<String> = parts.collect();
            format!("of everybody, in every row: {}", parts.join(", "))
        };
        self.whole.rows().map(sentence).collect()
    }
}

fn currency(keys: &[Key]) -> Option<Currency> {
    match keys.last() {
        Some(Key::Text(code)) => Currency::parse(code),
        _ => None,
    }
}

/// A figure in a sentence.
fn text(cell: &Cell) -> String {
    let days = |micros: i128, of: u64| {
        let whole = i128::from(of) * DAY * 1_000_000;
        let units = divide_half_even(micros * 10, whole)?;
        Some(format!("{} days", Decimal { units, scale: 1 }))
    };
    let found = match cell {
        Cell::Count(count) => Some(grouped(&count.to_string())),
        Cell::Number(number) => Some(grouped(&number.to_string())),
        Cell::Decimal(decimal) => Some(format!("{decimal} hours")),
        Cell::Money(money) => Some(money.shown()),
        Cell::Ratio(ratio) if ratio.whole > 0 => {
            let [part, whole] = [ratio.part.to_string(), ratio.whole.to_string()];
            Some(format!("{} of {}", grouped(&part), grouped(&whole)))
        }
        Cell::MeanMoney(sum, count) if *count > 0 => {
            let count = grouped(&count.to_string());
            Some(format!("{} over {count}", sum.shown()))
        }
        Cell::MoneyShare { part, whole } if *whole > 0 => {
            let whole = Money {
                minor: *whole,
                ..*part
            };
            Some(format!("{} of {}", part.shown(), whole.shown()))
        }
        Cell::MeanElapsed(micros, count) if *count > 0 => days(i128::from(*micros), *count),
        Cell::Elapsed(micros, _) => days(i128::from(*micros), 1),
        _ => None,
    };
    found.unwrap_or_else(|| "no value".to_owned())
}
