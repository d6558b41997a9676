//! What deals are worth: their amounts at any moment, most of which never change.

use std::collections::BTreeSet;

use handfast_kernels::journey::Deal;
use handfast_model::{Currency, Instant, Money, Value, When};

use super::ground::Ground;
use super::shared::Amounts;

impl<'a> Ground<'a> {
    /// A deal's amount at an instant; `None` = as last known.
    pub(super) fn amount(&self, number: u32, at: Option<Instant>) -> Option<Money> {
        let deal = self.journeys.deals.get(number as usize)?;
        let is_later = |at: Instant| deal.known_from.at.is_some_and(|created| created > at);
        if at.is_some_and(is_later) {
            return None;
        }
        match self.amounts().always.get(number as usize) {
            Some(Some(always)) => *always,
            _ => self.amount_of(deal, at),
        }
    }

    fn amount_of(&self, deal: &Deal, at: Option<Instant>) -> Option<Money> {
        let name = self.snapshot.names.find("amount")?;
        let facts = &self.snapshot.facts;
        money(self.attributes().of_deal(facts, deal.key, name, at))
    }

    /// The amounts of all deals.
    pub(super) fn amounts(&self) -> &'a Amounts {
        self.derived.shared.amounts(|| {
            let (attributes, facts) = (self.attributes(), &self.snapshot.facts);
            let name = self.snapshot.names.find("amount");
            let always = |deal: &Deal| match name {
                Some(name) => Some(money(attributes.always_of_deal(facts, deal.key, name)?)),
                None => Some(None),
            };
            let deals = self.journeys.deals.iter();
            let always: Vec<_> = deals.clone().map(always).collect();
            let amounts = deals.zip(&always);
            let amounts =
                amounts.filter_map(|(deal, always)| always.unwrap_or(self.amount_of(deal, None)));
            let currencies: BTreeSet<Currency> = amounts.map(|money| money.currency).collect();
            Amounts {
                always,
                currencies: currencies.into_iter().collect(),
            }
        })
    }

    /// When a deal closed, if it had by an instant, else that instant: the day of its rate.
    pub(super) fn close_or(&self, deal: u32, at: Option<Instant>) -> When {
        let deal = self.journeys.deals.get(deal as usize);
        let closed = deal.and_then(|deal| deal.closed);
        let closed = closed.filter(|closed| at.is_none_or(|at| closed.at <= Some(at)));
        let looked_at = at.map_or(When::Unknown, When::At);
        closed.map_or(looked_at, |closed| closed.when)
    }

    /// The fact that last said something of a deal.
    pub(super) fn deal_fact(&self, deal: u32) -> Option<u32> {
        self.journeys
            .deals
            .get(deal as usize)?
            .versions
            .last()
            .copied()
    }
}

fn money(value: Option<&Value>) -> Option<Money> {
    match value? {
        Value::Money(money) => Some(*money),
        _ => None,
    }
}
