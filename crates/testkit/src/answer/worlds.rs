//! Answers about money of several currencies, and about attributes that know the outcome.

use handfast_kernels::leaks;
use handfast_kernels::metric::{Counted, Measured};
use handfast_kernels::rates::Rates;
use handfast_model::{Issue, IssueCode, Money, Question, When};

use super::Desk;
use crate::table::lay_out;

impl Desk<'_> {
    /// The evidence about every attribute, a line each.
    pub(super) fn leaks(&self) -> String {
        let found = leaks::leaks(self.world, self.journeys, &|_| true);
        let rows = found.iter().filter_map(|leak| {
            let declared = self.world.charter.attributes.get(leak.attribute)?;
            let of = leak.given.len() + leak.blank.len();
            let part = |part: usize, whole: usize| format!("{part} of {whole}");
            let outcome = leak.outcome.word();
            let mut row = vec![
                format!("{}.{}", declared.subject.word(), declared.name),
                leak.verdict.words().to_owned(),
                format!("given {}", part(leak.given.len(), of)),
                format!(
                    "{outcome} if given {}, if blank {}",
                    part(leak.given_met.len(), leak.given.len()),
                    part(leak.blank_met.len(), leak.blank.len())
                ),
                format!("told {}", part(leak.told.len(), of)),
                format!("by chance {}", part(leak.common.len(), of)),
                format!("after the end {}", leak.after.len()),
            ];
            let stages = leaks::used_by(self.world.charter, declared);
            if !stages.is_empty() {
                row.push(format!("rules of {}", stages.join(", ")));
            }
            Some(row)
        });
        match self.world.charter.attributes.is_empty() {
            true => "no attribute is declared\n".to_owned(),
            false => lay_out(&rows.collect::<Vec<_>>(), ""),
        }
    }

    /// Turns the members' money into the asked currency, and says how for each.
    pub(super) fn price(&self, found: &mut Measured, question: &Question) -> Vec<String> {
        let Some(to) = question.currency else {
            return Vec::new();
        };
        let rates = Rates::new(self.world.snapshot, self.world.charter);
        let mut said = Vec::new();
        for member in &mut found.members {
            let deal = match member.counted {
                Counted::Deal(index) => self.journeys.deals.get(index as usize),
                Counted::Pursuit(_) | Counted::Lead(_) | Counted::Fact(_) => None,
            };
            let Some(money) = member.money else {
                said.push(String::new());
                continue;
            };
            // An amount that is weighed is priced whole; what looks at an instant takes its rate.
            let whole = member.weight.map_or(money, |(whole, _)| whole);
            let at = (deal, member.valued.map_or(member.anchor.when, When::At));
            let priced = rates.price_of(whole, to, at, &self.world.charter.calendar);
            member.money = priced.and_then(|priced| match member.weight {
                Some((_, weight)) => Some(Money {
                    minor: weight.of(priced.money.minor)?,
                    ..priced.money
                }),
                None => Some(priced.money),
            });
            said.push(match priced {
                None => {
                    let fact = member.fact.and_then(|at| self.fact_id(at));
                    let code = IssueCode::NotPriced;
                    found.issues.push(Issue { code, fact });
                    format!("{money}, not priced")
                }
                Some(priced) if priced.by == [None, None] => "as it is".to_owned(),
                Some(priced) => {
                    let quotes = priced.by.into_iter().flatten();
                    let quotes = quotes.filter_map(|at| rates.quote(at)).map(|quote| {
                        let day = quote.day.map_or(String::new(), |day| format!(" of {day}"));
                        format!("1 {} = {} {}{day}", quote.of, quote.rate, quote.against)
                    });
                    format!("{money} by {}", quotes.collect::<Vec<_>>().join(" and "))
                }
            });
        }
        found.issues.extend(rates.issues);
        said
    }

    fn fact_id(&self, at: u32) -> Option<handfast_model::FactId> {
        let fact = self.world.snapshot.facts.get(at as usize);
        fact.map(|fact| fact.id)
    }
}
