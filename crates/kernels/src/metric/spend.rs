//! What was spent, fact by fact, with the numbers that ad networks tell beside it. A stretch of
//! days counts whole on its first; nothing is spread.

use handfast_model::{Fact, FactKind, Issue, IssueCode, Value, When};

use super::{Book, Counted, Measured, Member, member};
use crate::journey::Moment;

impl Book<'_> {
    /// Spend facts that begin in the period, with their place and fact.
    fn spend_facts(&self) -> impl Iterator<Item = (Member, &Fact)> {
        let facts = (0u32..).zip(&self.world.snapshot.facts);
        facts.filter_map(|(index, fact)| {
            let anchor = Moment::start(fact.happened, &self.world.charter.calendar);
            let counts = fact.kind == FactKind::Spend && self.is_in(anchor);
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
        let mut measured = self.undated_spend();
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
            ..self.undated_spend()
        }
    }

    /// Spend without a date is in no period; journeys, which know no spend, do not tell of it.
    fn undated_spend(&self) -> Measured {
        let facts = self.world.snapshot.facts.iter();
        let undated = facts
            .filter(|fact| fact.kind == FactKind::Spend && fact.happened == When::Unknown)
            .map(|fact| Issue {
                code: IssueCode::Undated,
                fact: Some(fact.id),
            });
        Measured {
            members: Vec::new(),
            issues: undated.collect(),
        }
    }
}
