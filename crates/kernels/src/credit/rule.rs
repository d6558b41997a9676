//! Credit by rule: what a touch's place and age alone say about its share.
//!
//! Weights are whole numbers, so that money can be shared to the last cent. All of these models are
//! additive; participation is not one of them, since it gives everything to everyone.

use handfast_model::credit::{ModelKind, NobodyBetween, Positions};
use handfast_model::{limits, planted};

/// The touches that are eligible for one amount, in fact order.
#[derive(Clone, Copy, Debug)]
pub struct Trail<'a> {
    /// The touches.
    pub touches: &'a [Touch],
    /// The place of the last one not after the lead's creation.
    pub lead: Option<usize>,
    /// The place of the last one not after the deal's creation.
    pub deal: Option<usize>,
}

/// A touch as a rule sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Touch {
    /// Microseconds from it to the credited moment.
    pub age: i64,
    /// Whether the buyer came directly, led by no channel.
    pub is_direct: bool,
}

/// A model that is a rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// Shares for positions and for what lies between them.
    Positions(Positions),
    /// All to the last touch that is not direct; all direct: to the last.
    LastNonDirect,
    /// Each touch half as much as one that is a half-life younger.
    Decay {
        /// The half-life in microseconds; more than none.
        half_life: i64,
    },
}

impl Rule {
    /// The rule of a model; `None` of one that is estimated, or not additive.
    pub fn of(kind: ModelKind) -> Option<Rule> {
        match kind {
            ModelKind::Positions(positions) => Some(Rule::Positions(positions)),
            ModelKind::LastNonDirect => Some(Rule::LastNonDirect),
            ModelKind::Decay { half_life } => Some(Rule::Decay {
                half_life: i64::from(half_life) * 1_000_000,
            }),
            ModelKind::Participation | ModelKind::Markov { .. } | ModelKind::Shapley(_) => None,
        }
    }

    /// The weight of each touch, in order, into an emptied list. No touch, or none that earns: no
    /// weight above zero, and the amount is nobody's.
    ///
    /// Source   `cases/credit`; the twin is `testkit::truth::credit`.
    pub fn weigh(&self, trail: Trail<'_>, weights: &mut Vec<u64>) {
        weights.clear();
        weights.resize(trail.touches.len(), 0);
        match self {
            Rule::Positions(shares) => by_position(shares, trail, weights),
            Rule::LastNonDirect => {
                let named = trail.touches.iter().rposition(|touch| !touch.is_direct);
                let last = trail.touches.len().checked_sub(1);
                if let Some(weight) = named.or(last).and_then(|place| weights.get_mut(place)) {
                    *weight = 1;
                }
            }
            Rule::Decay { half_life } => decay(trail.touches, *half_life, weights),
        }
    }
}

fn by_position(shares: &Positions, trail: Trail<'_>, weights: &mut [u64]) {
    let Some(last) = weights.len().checked_sub(1) else {
        return;
    };
    let held = [
        (Some(0), shares.first),
        (trail.lead, shares.lead),
        (trail.deal, shares.deal),
        (Some(last), shares.last),
    ];
    let held =
        held.map(|(place, parts)| (place.filter(|_| parts > 0), parts.min(limits::CREDIT_PARTS)));
    for (place, parts) in held {
        if let Some(weight) = place.and_then(|place| weights.get_mut(place)) {
            let others = planted!(OnePosition, *weight, 0);
            *weight = others + u64::from(parts);
        }
    }
    let between = u64::from(shares.between.min(limits::CREDIT_PARTS));
    let nobodys = weights.iter().filter(|weight| **weight == 0).count() as u64;
    let positions = held.iter().filter(|(place, _)| place.is_some()).count() as u64;
    match (nobodys, shares.nobody_between) {
        (0, NobodyBetween::Proportional) => {}
        (0, NobodyBetween::Equal) => {
            weights.iter_mut().for_each(|weight| *weight *= positions);
            for weight in held.iter().filter_map(|(place, _)| *place) {
                if let Some(weight) = weights.get_mut(weight) {
                    *weight += between;
                }
            }
        }
        _ => {
            for weight in weights {
                *weight = match *weight {
                    0 => between,
                    parts => parts * nobodys,
                };
            }
        }
    }
}

/// Binary places of a decayed weight; the youngest touch weighs two to this.
const PLACES: u32 = 40;
/// `POWERS[k][n]` is two to the minus n times two to the minus 8 (k + 1), with 63 binary places.
static POWERS: [[u64; 256]; 4] = powers();

/// Only ages apart from the youngest count, so that far ones of a long look-back keep their
/// proportions. In whole numbers, so that every machine gives the same weights.
fn decay(touches: &[Touch], half_life: i64, weights: &mut [u64]) {
    let youngest = touches.iter().map(|touch| touch.age).min().unwrap_or(0);
    for (touch, weight) in touches.iter().zip(weights) {
        let older = touch.age.abs_diff(youngest);
        *weight = halved(older, half_life.max(1).unsigned_abs());
    }
}

/// Two to the minus `age / half_life`, with [`PLACES`] binary places.
fn halved(age: u64, half_life: u64) -> u64 {
    let (whole, rest) = (age / half_life, age % half_life);
    if whole > u64::from(PLACES) {
        return 0;
    }
    let part = ((u128::from(rest) << 32) / u128::from(half_life)) as u32;
    let mut weight = 1_u64 << 63;
    for (powers, byte) in POWERS.iter().zip(part.to_be_bytes()) {
        let power = powers.get(usize::from(byte)).copied().unwrap_or(0);
        weight = ((u128::from(weight) * u128::from(power)) >> 63) as u64;
    }
    let shift = 63 - PLACES + whole as u32;
    ((u128::from(weight) + (1 << (shift - 1))) >> shift) as u64
}

/// Each the square root of the one before, the first that of a half; eight of them make a byte.
#[allow(clippy::indexing_slicing)] // Below their lengths; a constant cannot say `get_mut`.
const fn powers() -> [[u64; 256]; 4] {
    let mut powers = [[1 << 63; 256]; 4];
    let mut square = 1_u128 << 125;
    let mut place = 0;
    while place < 32 {
        let root = square.isqrt() as u64;
        square = (root as u128) << 63;
        // The byte's numbers that have this bit.
        let bit = 1 << (7 - place % 8);
        let mut number = 0;
        while number < 256 {
            if number & bit != 0 {
                let power = powers[place / 8][number] as u128 * root as u128;
                powers[place / 8][number] = (power >> 63) as u64;
            }
            number += 1;
        }
        place += 1;
    }
    powers
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    fn percent(rule: Rule, ages: &[i64], lead: Option<usize>, deal: Option<usize>) -> Vec<f64> {
        let touch = |age: &i64| Touch {
            age: age * DAY,
            is_direct: *age == 13,
        };
        let touches: Vec<Touch> = ages.iter().map(touch).collect();
        let mut weights = Vec::new();
        let touches = &touches;
        rule.weigh(
            Trail {
                touches,
                lead,
                deal,
            },
            &mut weights,
        );
        let total: u64 = weights.iter().sum();
        let share = |weight: &u64| *weight as f64 * 100.0 / total as f64;
        weights
            .iter()
            .map(share)
            .map(|share| (share * 100.0).round() / 100.0)
            .collect()
    }

    fn positions(positions: Positions, touches: usize) -> Vec<f64> {
        percent(Rule::Positions(positions), &vec![1; touches], None, None)
    }

    #[test]
    fn shares_are_those_of_the_published_tables() {
        use Positions as P;
        assert_eq!(positions(P::FIRST, 3), [100.0, 0.0, 0.0]);
        assert_eq!(positions(P::LAST, 3), [0.0, 0.0, 100.0]);
        assert_eq!(positions(P::LINEAR, 4), [25.0; 4]);
        assert_eq!(positions(P::U_LAST, 1), [100.0]);
        assert_eq!(positions(P::U_LAST, 2), [50.0, 50.0]);
        assert_eq!(positions(P::U_LAST, 4), [40.0, 10.0, 10.0, 40.0]);
        assert_eq!(positions(P::J, 2), [25.0, 75.0]);
        assert_eq!(positions(P::J.in_equal_parts(), 2), [30.0, 70.0]);
        assert_eq!(positions(P::J, 4), [20.0, 10.0, 10.0, 60.0]);
        assert_eq!(positions(P::INVERSE_J, 2), [75.0, 25.0]);
        assert_eq!(positions(P::INVERSE_J.in_equal_parts(), 2), [70.0, 30.0]);
        assert_eq!(positions(P::INVERSE_J.in_equal_parts(), 1), [100.0]);
    }

    #[test]
    fn one_touch_may_hold_several_positions() {
        let of = |rule, lead, deal| percent(Rule::Positions(rule), &[9, 8, 7, 6], lead, deal);
        use Positions as P;
        assert_eq!(of(P::W, Some(1), Some(2)), [30.0, 30.0, 30.0, 10.0]);
        assert_eq!(of(P::W, Some(0), Some(0)), [90.0, 3.33, 3.33, 3.33]);
        assert_eq!(of(P::FULL_PATH, Some(1), Some(2)), [25.0; 4]);
        assert_eq!(of(P::FULL_PATH, Some(0), Some(3)), [45.0, 5.0, 5.0, 45.0]);
        assert_eq!(of(P::U_LEAD, Some(2), None), [40.0, 10.0, 40.0, 10.0]);
        assert_eq!(of(P::U_EVEN, Some(0), None), [100.0, 0.0, 0.0, 0.0]);
        assert_eq!(of(P::U_EVEN, None, None), [100.0, 0.0, 0.0, 0.0]);
        let nobody_left = percent(Rule::Positions(P::W), &[3, 2, 1], Some(1), Some(2));
        assert_eq!(nobody_left, [33.33, 33.33, 33.33]);
    }

    #[test]
    fn weights_halve_with_each_half_life() {
        let decay = |half_life| Rule::Decay { half_life };
        let ages = [9, 6, 0, 0];
        let week = percent(decay(7 * DAY), &ages, None, None);
        assert_eq!(week, [13.85, 18.64, 33.76, 33.76]);
        let quarter = percent(decay(45 * DAY / 2), &ages, None, None);
        assert_eq!(quarter, [21.12, 23.16, 27.86, 27.86]);
        let far = percent(decay(7 * DAY), &[4_007, 4_000], None, None);
        assert_eq!(far, [33.33, 66.67]);
        for tenths in 0..400 {
            let exact = (-f64::from(tenths) / 10.0).exp2() * (PLACES as f64).exp2();
            let ours = halved(tenths as u64, 10) as f64;
            assert!(
                (ours - exact).abs() <= 1.0 + exact * 1e-9,
                "{tenths}: {ours}, {exact}"
            );
        }
        assert_eq!(halved(u64::MAX, 1), 0);
    }

    #[test]
    fn the_last_non_direct_touch_is_the_last_where_all_are_direct() {
        let of = |ages: &[i64]| percent(Rule::LastNonDirect, ages, None, None);
        assert_eq!(of(&[20, 15, 13, 13]), [0.0, 100.0, 0.0, 0.0]);
        assert_eq!(of(&[13, 13]), [0.0, 100.0]);
        assert!(of(&[]).is_empty());
    }
}
