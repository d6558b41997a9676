//! Exact decimal arithmetic in 128 bits. A result that does not fit is `None`, never rounded,
//! except that a quotient is rounded half-even after twelve digits.

use crate::money::Decimal;
use crate::rules::Operator;

/// Digits after the mark that a quotient keeps.
pub(super) const QUOTIENT_SCALE: u32 = 12;
/// More digits after the mark than this have no power of ten in 128 bits.
const SCALE_MAX: u32 = 38;

/// `left operator right`.
pub(super) fn apply(operator: Operator, left: Decimal, right: Decimal) -> Option<Decimal> {
    let (left, right) = (shortest(left)?, shortest(right)?);
    let result = match operator {
        Operator::Add => add(left, right)?,
        Operator::Subtract => add(left, negated(right)?)?,
        Operator::Multiply => Decimal {
            units: left.units.checked_mul(right.units)?,
            scale: left.scale + right.scale,
        },
        Operator::Divide => divide(left, right, QUOTIENT_SCALE)?,
    };
    shortest(result)
}

/// `left / right`, rounded half-even to `scale` digits after the mark.
pub(super) fn divide(left: Decimal, right: Decimal, scale: u32) -> Option<Decimal> {
    let (size, unit) = (left.units.unsigned_abs(), right.units.unsigned_abs());
    if unit == 0 {
        return None;
    }
    // left / right · 10^scale = size · 10^shift / unit
    let shift = i64::from(scale) + i64::from(right.scale) - i64::from(left.scale);
    let units = if shift >= 0 {
        long_division(size, unit, shift)?
    } else {
        let power = u32::try_from(-shift).ok()?;
        match 10u128.checked_pow(power).and_then(|p| p.checked_mul(unit)) {
            Some(unit) => half_even(size / unit, size % unit, unit)?,
            // The unit is larger than any size twice over: nothing is left of the quotient.
            None => 0,
        }
    };
    let units = i128::try_from(units).ok()?;
    let is_negative = (left.units < 0) != (right.units < 0);
    Some(Decimal {
        units: if is_negative { -units } else { units },
        scale,
    })
}

/// The same value with the fewest digits after the mark.
pub(super) fn shortest(number: Decimal) -> Option<Decimal> {
    let Decimal { units, scale } = number;
    let (mut units, mut scale) = if units == 0 { (0, 0) } else { (units, scale) };
    while scale > 0 && units % 10 == 0 {
        (units, scale) = (units / 10, scale - 1);
    }
    (scale <= SCALE_MAX).then_some(Decimal { units, scale })
}

/// The number with its sign turned.
pub(super) fn negated(number: Decimal) -> Option<Decimal> {
    let units = number.units.checked_neg()?;
    Some(Decimal { units, ..number })
}

fn add(left: Decimal, right: Decimal) -> Option<Decimal> {
    let scale = left.scale.max(right.scale);
    let at = |d: Decimal| {
        10i128
            .checked_pow(scale - d.scale)
            .and_then(|unit| d.units.checked_mul(unit))
    };
    let units = at(left)?.checked_add(at(right)?)?;
    Some(Decimal { units, scale })
}

/// `size · 10^digits / unit`, digit by digit as on paper, so that only the result has to fit.
fn long_division(size: u128, unit: u128, digits: i64) -> Option<u128> {
    let (mut quotient, mut rest) = (size / unit, size % unit);
    for _ in 0..digits {
        rest = rest.checked_mul(10)?;
        quotient = quotient.checked_mul(10)?.checked_add(rest / unit)?;
        rest %= unit;
    }
    half_even(quotient, rest, unit)
}

fn half_even(quotient: u128, rest: u128, unit: u128) -> Option<u128> {
    let is_up = match rest.cmp(&(unit - rest)) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => quotient % 2 == 1,
    };
    quotient.checked_add(u128::from(is_up))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calc(left: &str, operator: Operator, right: &str) -> Option<String> {
        let (left, right) = (
            Decimal::parse(left).unwrap(),
            Decimal::parse(right).unwrap(),
        );
        apply(operator, left, right).map(|d| d.to_string())
    }

    #[test]
    fn sums_products_and_quotients_are_exact_or_nothing() {
        use Operator::{Add, Divide, Multiply, Subtract};
        let is = |text: &str| Some(text.to_owned());
        assert_eq!(calc("0.1", Add, "0.2"), is("0.3"));
        assert_eq!(calc("1.50", Subtract, "1.5"), is("0"));
        assert_eq!(calc("1.25", Multiply, "-0.8"), is("-1"));
        assert_eq!(calc("1", Divide, "3"), is("0.333333333333"));
        assert_eq!(calc("-2", Divide, "3"), is("-0.666666666667"));
        assert_eq!(calc("1", Divide, "0.00"), None);
        // Ties at the thirteenth digit go to the even neighbour.
        assert_eq!(calc("0.0000000000005", Divide, "1"), is("0"));
        assert_eq!(calc("0.0000000000015", Divide, "1"), is("0.000000000002"));
        assert_eq!(calc("0.0000000000025", Divide, "1"), is("0.000000000002"));
        // Large dividends divide although size · 10^12 does not fit.
        let large = "999999999999999999999999999999";
        assert_eq!(calc(large, Divide, large), is("1"));
        assert_eq!(
            calc(large, Divide, "1000000000000000000"),
            is("1000000000000")
        );
        assert_eq!(calc(large, Multiply, large), None);
        assert_eq!(calc("1", Divide, "0.00000000000000000000000000001"), None);
    }
}
