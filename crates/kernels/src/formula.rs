//! The value of a metric's formula: exact fractions to the last step, rounded once at the end.
//!
//! What a formula's measures come to is told by the caller; this module knows no members and no
//! currency. Over nothing there is no value, and neither is there where a fraction does not fit
//! 128 bits.

use handfast_model::Decimal;
use handfast_model::catalogue::Formula;
use handfast_model::money::divide_half_even;
use handfast_model::rules::Operator;

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 2;

/// An exact number, in lowest terms; what is below is above zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fraction {
    above: i128,
    below: i128,
}

/// What a formula comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value {
    /// A quotient of two whole numbers, as they are: over nothing it has no value.
    Quotient {
        /// The numerator.
        part: i128,
        /// The denominator.
        whole: i128,
    },
    /// Any other number.
    Number(Fraction),
}

impl Fraction {
    /// A whole number.
    pub fn whole(number: i128) -> Fraction {
        Fraction {
            above: number,
            below: 1,
        }
    }

    /// A quotient; `None` over nothing.
    pub fn new(above: i128, below: i128) -> Option<Fraction> {
        let divisor = common(above, below)?;
        let (above, below) = (above.checked_div(divisor)?, below.checked_div(divisor)?);
        match below {
            0 => None,
            below if below < 0 => Some(Fraction {
                above: above.checked_neg()?,
                below: below.checked_neg()?,
            }),
            below => Some(Fraction { above, below }),
        }
    }

    fn of(decimal: Decimal) -> Option<Fraction> {
        Fraction::new(decimal.units, 10i128.checked_pow(decimal.scale)?)
    }

    /// What stands above and below, the latter above zero.
    pub fn parts(self) -> (i128, i128) {
        (self.above, self.below)
    }

    /// Whole units of so many in one, half to even.
    pub fn rounded(self, units: i128) -> Option<i128> {
        let exact = self.times(Fraction::whole(units))?;
        divide_half_even(exact.above, exact.below)
    }

    fn times(self, other: Fraction) -> Option<Fraction> {
        // Crosswise first, so that what fits in the end fits on the way.
        let one = Fraction::new(self.above, other.below)?;
        let two = Fraction::new(other.above, self.below)?;
        let above = one.above.checked_mul(two.above)?;
        Fraction::new(above, one.below.checked_mul(two.below)?)
    }

    fn over(self, other: Fraction) -> Option<Fraction> {
        let inverse = Fraction::new(other.below, other.above)?;
        self.times(inverse)
    }

    fn plus(self, other: Fraction) -> Option<Fraction> {
        let divisor = common(self.below, other.below)?;
        let (mine, theirs) = (self.below / divisor, other.below / divisor);
        let left = self.above.checked_mul(theirs)?;
        let right = other.above.checked_mul(mine)?;
        Fraction::new(left.checked_add(right)?, self.below.checked_mul(theirs)?)
    }

    fn minus(self) -> Option<Fraction> {
        Some(Fraction {
            above: self.above.checked_neg()?,
            below: self.below,
        })
    }

    fn as_whole(self) -> Option<i128> {
        (self.below == 1).then_some(self.above)
    }
}

/// What a formula comes to, from what its measures come to by place; a measure without a value
/// leaves none.
pub fn value(formula: &Formula, measures: &[Option<Fraction>]) -> Option<Value> {
    if let Formula::Join(Operator::Divide, above, below) = formula {
        let (above, below) = (number(above, measures)?, number(below, measures)?);
        if let (Some(part), Some(whole)) = (above.as_whole(), below.as_whole()) {
            return Some(Value::Quotient { part, whole });
        }
        return above.over(below).map(Value::Number);
    }
    number(formula, measures).map(Value::Number)
}

fn number(formula: &Formula, measures: &[Option<Fraction>]) -> Option<Fraction> {
    match formula {
        Formula::Number(decimal) => Fraction::of(*decimal),
        Formula::Measure(place) => *measures.get(*place)?,
        Formula::Minus(of) => number(of, measures)?.minus(),
        Formula::Join(operator, a, b) => {
            let (a, b) = (number(a, measures)?, number(b, measures)?);
            match operator {
                Operator::Add => a.plus(b),
                Operator::Subtract => a.plus(b.minus()?),
                Operator::Multiply => a.times(b),
                Operator::Divide => a.over(b),
            }
        }
    }
}

impl Value {
    /// As one number; `None` over nothing.
    pub fn number(self) -> Option<Fraction> {
        match self {
            Value::Quotient { part, whole } => Fraction::new(part, whole),
            Value::Number(number) => Some(number),
        }
    }
}

/// The greatest common divisor, at least 1; `None` where it does not fit.
fn common(a: i128, b: i128) -> Option<i128> {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a.max(1)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(place: usize) -> Box<Formula> {
        Box::new(Formula::Measure(place))
    }

    fn join(operator: Operator, a: Box<Formula>, b: Box<Formula>) -> Formula {
        Formula::Join(operator, a, b)
    }

    #[test]
    fn a_quotient_keeps_its_parts_and_has_no_value_over_nothing() {
        let share = join(Operator::Divide, measure(0), measure(1));
        let whole = |number| Some(Fraction::whole(number));
        let quotient = |part, whole| Some(Value::Quotient { part, whole });
        assert_eq!(value(&share, &[whole(4), whole(6)]), quotient(4, 6));
        assert_eq!(value(&share, &[whole(4), whole(0)]), quotient(4, 0));
        let nothing = value(&share, &[whole(4), whole(0)]).unwrap();
        assert_eq!(nothing.number(), None);
        assert_eq!(value(&share, &[whole(4), None]), None);
        // Within a formula nothing is no number either.
        let within = join(Operator::Multiply, Box::new(share), measure(0));
        assert_eq!(value(&within, &[whole(4), whole(0)]), None);
    }

    #[test]
    fn the_field_s_velocity_comes_out_to_the_cent() {
        // open × won value × win rate ÷ cycle
        let rate = join(Operator::Multiply, measure(0), measure(1));
        let rate = join(Operator::Multiply, Box::new(rate), measure(2));
        let velocity = join(Operator::Divide, Box::new(rate), measure(3));
        let cents = |open, each: i128, share: (i128, i128), days| {
            let measures = [
                Some(Fraction::whole(open)),
                Some(Fraction::whole(each * 100)),
                Fraction::new(share.0, share.1),
                Some(Fraction::whole(days)),
            ];
            let value = value(&velocity, &measures).unwrap();
            value.number().unwrap().rounded(1)
        };
        assert_eq!(cents(50, 10_000, (1, 5), 30), Some(333_333));
        assert_eq!(cents(50, 25_000, (1, 4), 60), Some(520_833));
    }

    #[test]
    fn fractions_are_exact_and_too_large_ones_have_no_value() {
        let of = |above, below| Fraction::new(above, below).unwrap();
        assert_eq!(of(1, 3).plus(of(1, 6)), Some(of(1, 2)));
        assert_eq!(of(2, -4), of(-1, 2));
        assert_eq!(of(5, 2).rounded(1), Some(2), "half to even");
        assert_eq!(of(7, 2).rounded(1), Some(4));
        assert_eq!(of(-5, 2).rounded(1), Some(-2));
        assert_eq!(Fraction::whole(i128::MAX).times(of(2, 1)), None);
        assert_eq!(Fraction::whole(i128::MIN).minus(), None);
        assert_eq!(Fraction::new(i128::MIN, -1), None);
        assert_eq!(Fraction::new(i128::MIN, i128::MIN), None);
        let large = of(i128::MAX, 3).times(of(3, i128::MAX));
        assert_eq!(large, Some(of(1, 1)));
    }
}
