//! What the difference of a formula is made of, measure by measure.

use handfast_model::catalogue::Formula;
use handfast_model::limits::METRIC_MEASURES;

use super::{Number, weight, whole_units};
use crate::formula::{self, Fraction};

/// What each measure of a formula adds to its difference, in units of which `in_one` are one:
/// measures take their later values one after another, and each adds what the formula then differs
/// by, on average over all orders (Shapley). `None` where the formula has no value at some mixture
/// of earlier and later measures, as where what is below comes to nothing there.
///
/// Law: the parts sum to `difference`, which is that of the two values as they are shown. What did
/// not change adds nothing, but a unit of rounding at most.
pub fn of_formula(
    formula: &Formula,
    [before, after]: [&[Option<Fraction>]; 2],
    in_one: i128,
    difference: i128,
) -> Option<Vec<i128>> {
    let count = before.len();
    if count != after.len() || count > METRIC_MEASURES {
        return None;
    }
    let value = |changed: u32| {
        let measures = before.iter().zip(after).enumerate();
        let measures = measures.map(|(place, (old, new))| match changed >> place & 1 {
            1 => *new,
            _ => *old,
        });
        let measures: Vec<Option<Fraction>> = measures.collect();
        let (above, below) = formula::value(formula, &measures)?.number()?.parts();
        Some(Number::over(above, below) * Number::of(in_one))
    };
    let values: Vec<Number> = (0..1u32 << count).map(value).collect::<Option<_>>()?;
    let moved = |place: usize| before.get(place) != after.get(place);
    let part = |place: usize| {
        let without = (0..1u32 << count).filter(|changed| changed >> place & 1 == 0);
        let mut part = Number::of(0);
        for changed in without.filter(|_| moved(place)) {
            let of = |changed: u32| values.get(changed as usize).copied();
            let (old, new) = (of(changed)?, of(changed | 1 << place)?);
            part = part + (new - old) * weight(changed.count_ones() as usize, count);
        }
        Some(part)
    };
    let parts: Vec<Number> = (0..count).map(part).collect::<Option<_>>()?;
    Some(whole_units(&parts, difference))
}
