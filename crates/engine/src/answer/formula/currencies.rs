//! Rows of several currencies: what stands whole in each, and what has none of a row's own.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::catalogue::{BaseShape, Measure as Named, Takes};
use handfast_model::{Currency, Question};

use super::super::ground::Ground;
use super::{Placed, Plan, Planned};

/// Whether what is no money goes by the currency of what it counts: how many have, or may have, an
/// amount; and for how long deals waited, which would be billed in each currency otherwise.
pub(super) fn is_by_own(named: &Named) -> bool {
    let is_money = matches!(named.base.shape, BaseShape::Sum | BaseShape::MeanMoney);
    is_money && named.takes == Takes::Count || named.base.name == "deal_wait"
}

/// The currency that something is told in which has this one or none: the one asked for, its own,
/// the charter's; `None`: any.
pub(in crate::answer) fn own_currency(
    ground: &Ground<'_>,
    question: &Question,
    own: Option<Currency>,
) -> Option<Currency> {
    question.currency.or(own).or(ground.charter.currency)
}

/// By column of a measure of money, the currencies that it has any in.
pub(super) fn found(plan: &Plan, placed: &[Placed]) -> BTreeMap<usize, BTreeSet<Currency>> {
    let money = plan.named().filter(|(named, _)| named.has_currency());
    let columns: BTreeSet<usize> = money.map(|(_, planned)| planned.column).collect();
    let mut found: BTreeMap<usize, BTreeSet<Currency>> = BTreeMap::new();
    for one in placed.iter().filter(|one| columns.contains(&one.column)) {
        found.entry(one.column).or_default().extend(one.currency);
    }
    found
}

impl Plan {
    /// Whether a measure of money has some, and none in a currency, beside what was spent: dollars
    /// spent may bring euros, which are not nought dollars.
    pub(super) fn is_foreign(&self, planned: &Planned, currency: Option<Currency>) -> bool {
        let own = self.currencies.get(&planned.column);
        let is_other = |own: &BTreeSet<Currency>| currency.is_some_and(|row| !own.contains(&row));
        self.is_of_spend() && own.is_some_and(is_other)
    }

    fn is_of_spend(&self) -> bool {
        self.named()
            .any(|(named, _)| named.base.name.starts_with("spend"))
    }

    /// Says that the money of one currency stands over what is of all of them.
    pub(super) fn several(&self) -> Option<String> {
        let found: BTreeSet<Currency> = self.currencies.values().flatten().copied().collect();
        let is_plain = |named: &Named| !named.has_currency() && !is_by_own(named);
        let others = self.named().filter(|(named, _)| is_plain(named));
        let others: Vec<&str> = others.map(|(named, _)| named.name.as_str()).collect();
        let is_mixed = found.len() > 1 && !others.is_empty();
        is_mixed.then(|| {
            format!(
                "each row has the money of its currency alone, and {} whatever the currency; with \
                 --currency all money is in one row",
                others.join(", ")
            )
        })
    }

    /// Says which measures are in currencies of their own, where that leaves a row without a value.
    pub(super) fn strangers(&self) -> Option<String> {
        let mut sets = self.currencies.values();
        let first = sets.next()?;
        if !self.is_of_spend() || sets.all(|own| own == first) {
            return None;
        }
        let money = self.named().filter_map(|(named, planned)| {
            let own = self.currencies.get(&planned.column)?;
            let codes: Vec<&str> = own.iter().map(|currency| currency.code()).collect();
            Some(format!("{} is in {}", named.name, codes.join(" and ")))
        });
        let money: Vec<String> = money.collect();
        Some(format!(
            "{}: a row that one of them has nothing in has no value; --currency brings them \
             together",
            money.join(", ")
        ))
    }
}
