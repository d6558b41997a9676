//! What was spent, fact by fact, with the numbers that ad networks tell beside it. A stretch of
//! days counts whole on its first; nothing is spread.

use handfast_model::{Fact, FactKind, Issue, IssueCode, Value, When};

use super::{Book, Counted, Measured, Member, member};
use crate::journey::{Moment, is_ahead};

impl Book<'_> {
    /// Spend facts that begin in the period, with their place and fact.
    fn spend_facts(&self) -> impl Iterator<Item = (Member, &Fact)> {
        let facts = (0u32..).zip(&self.world.snapshot.facts);
        facts.filter_map(|(index, fact)| {
            let anchor = Moment::start(fact.happened, &self.world.charter.calendar);
            let is_ahead = is_ahead(fact, anchor.at, self.world.horizon);
            let counts = fact.kind == FactKind::Spend && self.is_in(anchor) && !is_ahead;
            let found = Member {
                fact: Some(index),
                ..member(Counted::Fact(index), None, anchor)
            };
            counts.then_some((found, fact))
        })
    }

    /// What was spent.
    pub(super) fn spend(&self) -> Measured {
        let name = self.world.snapshot.names.find("amount");
        let mut measured = self.untold_spend();
        for (member, fact) in self.spend_facts() {
            let money = match name.and_then(|name| fact.attribute(name)) {
                Some(Value::Money(money)) => Some(*money),
                _ => None,
            };
            measured.add(member, money, || Some(fact.id));
        }
        measured
    }

    /// A whole number that the networks tell beside what was spent.
    pub(super) fn spend_numbers(&self, name: &str) -> Measured {
        let name = self.world.snapshot.names.find(name);
        let numbered =
            self.spend_facts()
                .filter_map(|(member, fact)| match fact.attribute(name?)? {
                    Value::Int(number) => Some(Member {
                        number: Some(*number),
                        ..member
                    }),
                    _ => None,
                });
        Measured {
            members: numbered.collect(),
            ..self.untold_spend()
        }
    }

    /// Spend without a date is in no period, and spend of days to come not yet spent; journeys,
    /// which know no spend, do not tell of it.
    fn untold_spend(&self) -> Measured {
        let facts = self.world.snapshot.facts.iter();
        let calendar = &self.world.charter.calendar;
        let wrong = facts.filter(|fact| fact.kind == FactKind::Spend);
        let wrong = wrong.filter_map(|fact| {
            let start = fact.happened.start(calendar);
            let code = match fact.happened {
                When::Unknown => IssueCode::Undated,
                _ if is_ahead(fact, start, self.world.horizon) => IssueCode::Ahead,
                _ => return None,
            };
            let fact = Some(fact.id);
            Some(Issue { code, fact })
        });
        Measured {
            members: Vec::new(),
            issues: wrong.collect(),
        }
    }
}
