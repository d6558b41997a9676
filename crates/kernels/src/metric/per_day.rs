//! Sales velocity: money per day as one exact fraction, rounded once.

use handfast_model::Ratio;
use handfast_model::money::divide_half_even;

/// The parts of a sales velocity in one currency.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PerDay {
    /// Open deals.
    pub open: u64,
    /// The mean won value: minor units over deals.
    pub value: Ratio,
    /// The win rate.
    pub rate: Ratio,
    /// The cycle in seconds: the sum over a count.
    pub cycle: Ratio,
}

/// Minor units per day, half to even: open × value × rate ÷ cycle.
///
/// `None` where a part has no value, where won deals took no time on the whole, or where the
/// fraction does not fit 128 bits.
pub fn per_day(parts: &PerDay) -> Option<i64> {
    if parts.cycle.part <= 0 || parts.cycle.whole == 0 {
        return None;
    }
    let above = [
        i128::from(parts.open),
        i128::from(parts.value.part),
        i128::from(parts.rate.part),
        i128::from(parts.cycle.whole),
        86_400,
    ];
    let below = [
        i128::from(parts.value.whole),
        i128::from(parts.rate.whole),
        i128::from(parts.cycle.part),
    ];
    let (above, below) = fraction(above, below)?;
    i64::try_from(divide_half_even(above, below)?).ok()
}

/// What so many seconds of waiting cost at a pace, half to even: the open deals of the pace do not
/// count, each wait is one deal's.
pub fn bill(seconds: i64, parts: &PerDay) -> Option<i64> {
    if parts.cycle.part <= 0 || parts.cycle.whole == 0 {
        return None;
    }
    let above = [
        i128::from(seconds),
        i128::from(parts.value.part),
        i128::from(parts.rate.part),
        i128::from(parts.cycle.whole),
    ];
    let below = [
        i128::from(parts.value.whole),
        i128::from(parts.rate.whole),
        i128::from(parts.cycle.part),
    ];
    let (above, below) = fraction(above, below)?;
    i64::try_from(divide_half_even(above, below)?).ok()
}

/// The product of some over the product of others, in lowest terms on the way.
fn fraction<const A: usize, const B: usize>(
    mut above: [i128; A],
    mut below: [i128; B],
) -> Option<(i128, i128)> {
    for part in &mut above {
        for other in &mut below {
            let divisor = common(*part, *other);
            if divisor > 1 {
                (*part, *other) = (*part / divisor, *other / divisor);
            }
        }
    }
    let product = |parts: &[i128]| {
        let mut parts = parts.iter();
        parts.try_fold(1i128, |product, part| product.checked_mul(*part))
    };
    let (above, below) = (product(&above)?, product(&below)?);
    (below > 0).then_some((above, below))
}

fn common(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(part: i64, whole: u64) -> Ratio {
        Ratio { part, whole }
    }

    #[test]
    fn the_field_s_own_examples_come_out_to_the_cent() {
        let example = |open, value: i64, rate, days: i64| {
            per_day(&PerDay {
                open,
                value: ratio(value * 100, 1),
                rate,
                cycle: ratio(days * 86_400, 1),
            })
        };
        assert_eq!(example(50, 10_000, ratio(1, 5), 30), Some(333_333));
        assert_eq!(example(50, 25_000, ratio(1, 4), 60), Some(520_833));
        // 1 × 0.05 × 1/2 over one day is 2.5 cents, half to even; 0.07 × 1/2 is 3.5.
        let cents = |minor| {
            per_day(&PerDay {
                open: 1,
                value: ratio(minor, 1),
                rate: ratio(1, 2),
                cycle: ratio(86_400, 1),
            })
        };
        assert_eq!((cents(5), cents(7)), (Some(2), Some(4)));
    }

    #[test]
    fn a_wait_costs_what_a_deal_moves_in_it() {
        let pace = PerDay {
            open: 7,
            value: ratio(1_000_000, 1),
            rate: ratio(1, 4),
            cycle: ratio(50 * 86_400, 1),
        };
        // 10,000.00 × a quarter ÷ 50 days are 50.00 a day.
        assert_eq!(bill(86_400, &pace), Some(5_000));
        assert_eq!(bill(36 * 3_600, &pace), Some(7_500));
        assert_eq!(bill(0, &pace), Some(0));
        let none = PerDay {
            rate: ratio(0, 0),
            ..pace
        };
        assert_eq!(bill(86_400, &none), None);
    }

    #[test]
    fn a_part_without_a_value_leaves_none() {
        let whole = PerDay {
            open: 3,
            value: ratio(100, 2),
            rate: ratio(1, 2),
            cycle: ratio(86_400, 1),
        };
        let none = ratio(0, 0);
        assert_eq!(
            per_day(&PerDay {
                value: none,
                ..whole
            }),
            None
        );
        assert_eq!(
            per_day(&PerDay {
                rate: none,
                ..whole
            }),
            None
        );
        assert_eq!(
            per_day(&PerDay {
                cycle: none,
                ..whole
            }),
            None
        );
        // Won on the day of creation, all of them: dividing by no time is no number.
        let no_time = ratio(0, 4);
        assert_eq!(
            per_day(&PerDay {
                cycle: no_time,
                ..whole
            }),
            None
        );
        assert_eq!(per_day(&PerDay { open: 0, ..whole }), Some(0));
        let huge = ratio(i64::MAX, 1);
        assert_eq!(
            per_day(&PerDay {
                open: u64::MAX,
                value: huge,
                rate: huge,
                ..whole
            }),
            None
        );
    }
}
