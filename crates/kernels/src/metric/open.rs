//! Open deals: what they are worth, when they are due, and how likely they are to be won: by what
//! the deal itself says, else by what the charter says of its stage; or by what became of the deals
//! that were in that stage before.

use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{Instant, Issue, IssueCode, Money, Value, When};

use super::{Book, Counted, Measured, Member, member};
use crate::journey::{Deal, Moment, Pursuit};
use crate::stage;
use crate::standing::{Standing, standing};

/// So many of so many of an amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Weight {
    part: u64,
    whole: u64,
}

impl Weight {
    /// A part of an amount, half to even.
    pub fn of(self, minor: i64) -> Option<i64> {
        let above = i128::from(minor).checked_mul(i128::from(self.part))?;
        let below = i128::from(self.whole);
        let weighed = handfast_model::money::divide_half_even(above, below)?;
        i64::try_from(weighed).ok()
    }

    /// So many of so many; `None` of none.
    pub(super) fn new(part: u64, whole: u64) -> Option<Weight> {
        (whole > 0).then_some(Weight { part, whole })
    }

    /// A probability between nothing and one.
    fn told(value: &Value) -> Option<Weight> {
        let (units, scale) = match value {
            Value::Int(whole) => (i128::from(*whole), 0),
            Value::Decimal(decimal) => (decimal.units, decimal.scale),
            _ => return None,
        };
        let whole = 10u64.checked_pow(scale)?;
        let part = u64::try_from(units).ok()?;
        (part <= whole).then_some(Weight { part, whole })
    }
}

impl Book<'_> {
    /// Deals open at the period's end, with their amounts then.
    pub(super) fn open_values(&self) -> Measured {
        let edge = self.scope.until.unwrap_or(self.world.horizon);
        let at = Instant(edge.0.saturating_sub(1));
        let mut measured = Measured::default();
        for (index, deal) in (0u32..).zip(&self.journeys.deals) {
            if self.is_open(deal, at) {
                let anchor = Moment {
                    when: When::At(at),
                    at: Some(at),
                };
                let member = Member {
                    valued: Some(at),
                    fact: deal.versions.last().copied(),
                    ..member(Counted::Deal(index), Some(deal.pursuit), anchor)
                };
                measured.add(member, self.amount(deal, Some(at)), || self.shown_by(deal));
            }
        }
        measured
    }

    /// Deals open at the period's end, or now if that is to come, by the day on which they are to
    /// close.
    pub(super) fn open_due(&self) -> Measured {
        let until = self.scope.until.unwrap_or(self.world.horizon);
        let at = Instant(until.min(self.world.horizon).0.saturating_sub(1));
        let calendar = &self.world.charter.calendar;
        let mut measured = Measured::default();
        for (index, deal) in (0u32..).zip(&self.journeys.deals) {
            let due = match self.said(deal, "close_date", Some(at)) {
                Some(Value::Day(day)) => Moment::start(When::Day(*day), calendar),
                Some(Value::At(at)) => Moment::start(When::At(*at), calendar),
                _ => Moment::UNDATED,
            };
            if self.is_open(deal, at) && self.is_in(due) {
                let found = Member {
                    valued: Some(at),
                    fact: deal.versions.last().copied(),
                    ..member(Counted::Deal(index), Some(deal.pursuit), due)
                };
                measured.add(found, self.amount(deal, Some(at)), || self.shown_by(deal));
            }
        }
        measured
    }

    /// Open deals with their amounts, to be weighed by the probability that is told.
    pub(super) fn weighted(&self, open: Measured) -> Measured {
        self.weighed(open, |deal, at| self.told_weight(deal, at))
    }

    /// Open deals with their amounts, to be weighed by how often deals of their stage were won.
    pub(super) fn weighted_by_history(&self) -> Measured {
        let edge = self.scope.until.unwrap_or(self.world.horizon);
        let rates = self.rates_by_stage(Instant(edge.0.saturating_sub(1)));
        self.weighed(self.open_values(), |deal, at| {
            let step = self.stage_at(self.pursuit(deal.pursuit)?, at)?;
            let (won, ended) = rates.get(usize::from(step.0)).copied()?;
            Weight::new(won, ended)
        })
    }

    /// What has an amount and no weight is in no sum, and told.
    pub(super) fn weighed(
        &self,
        mut open: Measured,
        weight: impl Fn(&Deal, Instant) -> Option<Weight>,
    ) -> Measured {
        for member in &mut open.members {
            let (Counted::Deal(index), Some(at), Some(money)) =
                (member.counted, member.valued, member.money)
            else {
                continue;
            };
            let deal = self.journeys.deals.get(index as usize);
            let weight = deal.and_then(|deal| weight(deal, at));
            let minor = weight.and_then(|weight| weight.of(money.minor));
            let issue = Issue {
                code: IssueCode::NoProbability,
                fact: deal.and_then(|deal| self.shown_by(deal)),
            };
            *member = Member {
                weight: weight.map(|weight| (money, weight)),
                money: minor.map(|minor| Money { minor, ..money }),
                issue: minor.is_none().then_some(issue),
                ..*member
            };
        }
        open
    }

    /// The deal's own probability at an instant, else that of the stage that it is in.
    fn told_weight(&self, deal: &Deal, at: Instant) -> Option<Weight> {
        if let Some(own) = self.said(deal, "probability", Some(at)) {
            return Weight::told(own);
        }
        let step = self.stage_at(self.pursuit(deal.pursuit)?, at)?;
        let step = self.world.charter.steps.get(usize::from(step.0))?;
        Some(Weight {
            part: u64::from(step.probability?),
            whole: TEN_THOUSAND,
        })
    }

    /// The stage that a pursuit is in at an instant: of stays that hold, the latest.
    fn stage_at(&self, pursuit: &Pursuit, at: Instant) -> Option<StepIx> {
        let holds = pursuit.visits.iter().filter(|visit| {
            let has_begun = visit.entered.at <= Some(at);
            let is_on = visit.left.is_none_or(|left| left.at > Some(at));
            has_begun && is_on && !stage::role(&self.world.charter.steps, visit.step).is_end()
        });
        holds
            .max_by_key(|visit| visit.entered.at)
            .map(|visit| visit.step)
    }

    /// By stage: of the deals that ever entered it and had ended by an instant, those won.
    fn rates_by_stage(&self, at: Instant) -> Vec<(u64, u64)> {
        let mut rates = vec![(0, 0); self.world.charter.steps.len()];
        for deal in &self.journeys.deals {
            let Standing::Ended(role) = standing(self.world, self.journeys, deal, at) else {
                continue;
            };
            let visits = self.pursuit(deal.pursuit).map(|home| &home.visits);
            let entered = visits.into_iter().flatten();
            let entered = entered.filter(|visit| visit.entered.at <= Some(at));
            let mut steps: Vec<StepIx> = entered.map(|visit| visit.step).collect();
            steps.sort_unstable();
            steps.dedup();
            for step in steps {
                if let Some((won, ended)) = rates.get_mut(usize::from(step.0)) {
                    *ended += 1;
                    *won += u64::from(role == StepRole::Won);
                }
            }
        }
        rates
    }
}

/// Charters tell probabilities in so many parts.
const TEN_THOUSAND: u64 = 10_000;

#[cfg(test)]
mod tests {
    use handfast_model::Decimal;

    use super::*;

    #[test]
    fn a_weight_is_a_part_of_an_amount_half_to_even() {
        let of = |units, scale| Weight::told(&Value::Decimal(Decimal { units, scale }));
        assert_eq!(of(35, 2).unwrap().of(1_000), Some(350));
        assert_eq!(of(5, 1).unwrap().of(5), Some(2));
        assert_eq!(of(5, 1).unwrap().of(7), Some(4));
        assert_eq!(of(5, 1).unwrap().of(-5), Some(-2));
        assert_eq!(of(1, 0).unwrap().of(i64::MAX), Some(i64::MAX));
        assert_eq!(Weight::told(&Value::Int(0)).unwrap().of(9), Some(0));
        for wrong in [
            of(11, 1),
            of(-1, 1),
            of(35, 0),
            Weight::told(&Value::Bool(true)),
        ] {
            assert_eq!(wrong, None);
        }
    }
}
