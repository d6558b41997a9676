//! What is known of one deal: whether it is open, what it is worth, why it ended.

use handfast_model::id::{FactId, Sym};
use handfast_model::{Instant, Money, Value};

use super::Book;
use crate::journey::{Deal, End};
use crate::standing::{self, Standing};

impl Book<'_> {
    pub(super) fn is_open(&self, deal: &Deal, at: Instant) -> bool {
        standing::standing(self.world, self.journeys, deal, at) == Standing::Open
    }

    /// The deal's last known amount, or what it was at an instant.
    pub(super) fn amount(&self, deal: &Deal, at: Option<Instant>) -> Option<Money> {
        match self.said(deal, "amount", at)? {
            Value::Money(money) => Some(*money),
            _ => None,
        }
    }

    /// What was last known of a deal, or what it was at an instant.
    pub(super) fn said(&self, deal: &Deal, name: &str, at: Option<Instant>) -> Option<&Value> {
        let name = self.world.snapshot.names.find(name);
        standing::value(self.world, deal, name, at)
    }

    /// The reason on the mark that ended it, else the deal's last known loss reason.
    pub(super) fn reason(&self, deal: Option<&Deal>, end: &End) -> Option<Sym> {
        let snapshot = self.world.snapshot;
        let text = |index: u32, name: &str| {
            let fact = snapshot.facts.get(index as usize)?;
            fact.text(snapshot.names.find(name)?)
        };
        let on_mark = end.fact.and_then(|index| text(index, "reason"));
        on_mark.or_else(|| match self.said(deal?, "loss_reason", None)? {
            Value::Text(reason) => Some(*reason),
            _ => None,
        })
    }

    pub(super) fn shown_by(&self, deal: &Deal) -> Option<FactId> {
        let index = deal.versions.last().copied()?;
        self.world
            .snapshot
            .facts
            .get(index as usize)
            .map(|fact| fact.id)
    }
}
