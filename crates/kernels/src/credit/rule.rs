//! Credit by rule: what a touch's place and age alone say about its share.
//!
//! Weights are whole numbers, so that money can be shared to the last cent. All of these models are
//! additive; participation is not one of them, since it gives everything to everyone.

use handfast_model::credit::{ModelKind, NobodyBetween, Positions};
use handfast_model::money::Run;
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

    /// The weight of each touch, in order, into an emptied list.
    pub fn weigh(&self, trail: Trail<'_>, weights: &mut Vec<u64>) {
        let mut runs = Vec::new();
        self.runs(trail, &mut runs);
        let alike = |run: Run| std::iter::repeat_n(run.weight, run.count);
        weights.clear();
        weights.extend(runs.into_iter().flat_map(alike));
    }

    /// The weights of all touches, in order, into an emptied list: most rules weigh few of them
    /// otherwise than the rest. No touch, or none that earns: no weight above zero, and the amount
    /// is nobody's.
    ///
    /// Source   `cases/credit`; the twin is `testkit::truth::credit`.
    pub fn runs(&self, trail: Trail<'_>, runs: &mut Vec<Run>) {
        runs.clear();
        match self {
            Rule::Positions(shares) => by_position(shares, trail, runs),
            Rule::LastNonDirect => {
                let named = trail.touches.iter().rposition(|touch| !touch.is_direct);
                let last = trail.touches.len().checked_sub(1);
                if let Some((place, last)) = named.or(last).zip(last) {
                    let all = [(0, place), (1, 1), (0, last - place)];
                    all.into_iter().for_each(|run| add(runs, run));
                }
            }
            Rule::Decay { half_life } => decay(trail.touches, *half_life, runs),
        }
    }
}

/// Adds so many of a weight, if there are any.
fn add(runs: &mut Vec<Run>, (weight, count): (u64, usize)) {
    if count > 0 {
        runs.push(Run::new(weight, count));
    }
}

/// A touch that holds positions.
#[derive(Clone, Copy, Default)]
struct Holder {
    place: usize,
    /// The sum of theirs.
    parts: u64,
    /// How many.
    positions: u64,
}

fn by_position(shares: &Positions, trail: Trail<'_>, runs: &mut Vec<Run>) {
    let touches = trail.touches.len();
    let Some(last) = touches.checked_sub(1) else {
        return;
    };
    let (lead, deal) = ((trail.lead, shares.lead), (trail.deal, shares.deal));
    let (one, other) = match trail.lead <= trail.deal {
        true => (lead, deal),
        false => (deal, lead),
    };
    // In the order of their places, so that those of one touch are neighbours.
    let held = [
        (Some(0), shares.first),
        one,
        other,
        (Some(last), shares.last),
    ];
    let held = held.into_iter().filter(|(_, parts)| *parts > 0);
    let held = held.filter_map(|(place, parts)| Some((place?, parts.min(limits::CREDIT_PARTS))));
    let (mut holders, mut count, mut positions) = ([Holder::default(); 4], 0, 0);
    let (mut all, mut holder) = (holders.iter_mut(), None::<&mut Holder>);
    for (place, parts) in held {
        if holder.as_ref().is_none_or(|holder| holder.place != place) {
            (holder, count) = (all.next(), count + 1);
        }
        let Some(holder) = &mut holder else { continue };
        let others = planted!(OnePosition, holder.parts, 0);
        (holder.place, holder.parts) = (place, others + u64::from(parts));
        holder.positions += 1;
        positions += 1;
    }
    let between = u64::from(shares.between.min(limits::CREDIT_PARTS));
    let nobodys = touches.saturating_sub(count) as u64;
    let mut from = 0;
    for holder in holders.iter().take(count) {
        let weight = match (nobodys, shares.nobody_between) {
            (0, NobodyBetween::Proportional) => holder.parts,
            (0, NobodyBetween::Equal) => holder.parts * positions + between * holder.positions,
            _ => holder.parts * nobodys,
        };
        add(runs, (between, holder.place.saturating_sub(from)));
        add(runs, (weight, 1));
        from = holder.place + 1;
    }
    add(runs, (between, touches.saturating_sub(from)));
}

/// Binary places of a decayed weight; the youngest touch weighs two to this.
const PLACES: u32 = 40;
/// `POWERS[k][n]` is two to the minus n times two to the minus 8 (k + 1), with 63 binary places.
static POWERS: [[u64; 256]; 4] = powers();

/// Only ages apart from the youngest count, so that far ones of a long look-back keep their
/// proportions. In whole numbers, so that every machine gives the same weights.
fn decay(touches: &[Touch], half_life: i64, runs: &mut Vec<Run>) {
    let youngest = touches.iter().map(|touch| touch.age).min().unwrap_or(0);
    let half_life = HalfLife::of(half_life.max(1).unsigned_abs());
    let weight = |touch: &Touch| halved(touch.age.abs_diff(youngest), half_life);
    runs.extend(touches.iter().map(|touch| Run::new(weight(touch), 1)));
}

/// A number, below two to the 53, to divide by more than once: one multiplication says the
/// quotient but for one, and what is left over says whether it is that.
#[derive(Clone, Copy)]
struct HalfLife {
    by: u64,
    inverse: f64,
}

impl HalfLife {
    fn of(by: u64) -> HalfLife {
        let inverse = 1.0 / by as f64;
        HalfLife { by, inverse }
    }

    /// A number below two to the 59 divided by this, and what is left.
    fn divides(self, number: u64) -> (u64, u64) {
        self.mended((number as f64 * self.inverse) as u64, number)
    }

    /// What is left over in parts of two to the 32, rounded down.
    fn part(self, rest: u64) -> u32 {
        const PARTS: f64 = (1_u64 << 32) as f64;
        self.mended((rest as f64 * self.inverse * PARTS) as u64, rest << 32)
            .0 as u32
    }

    /// A quotient that is right but for one, of a number that may be cut to its last 64 bits.
    fn mended(self, quotient: u64, number: u64) -> (u64, u64) {
        let left = number.wrapping_sub(quotient.wrapping_mul(self.by));
        match left as i64 {
            below if below < 0 => (quotient.wrapping_sub(1), left.wrapping_add(self.by)),
            _ if left >= self.by => (quotient + 1, left - self.by),
            _ => (quotient, left),
        }
    }
}

/// Two to the minus `age / half_life`, with [`PLACES`] binary places.
fn halved(age: u64, half_life: HalfLife) -> u64 {
    if age / (u64::from(PLACES) + 1) >= half_life.by {
        return 0;
    }
    let (whole, rest) = half_life.divides(age);
    let part = half_life.part(rest);
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
            let ours = halved(tenths as u64, HalfLife::of(10)) as f64;
            assert!(
                (ours - exact).abs() <= 1.0 + exact * 1e-9,
                "{tenths}: {ours}, {exact}"
            );
        }
        assert_eq!(halved(u64::MAX, HalfLife::of(1)), 0);
    }

    #[test]
    fn quotients_are_those_of_plain_division() {
        let mut state = 5_u64;
        let mut below = |bound: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((u128::from(state) * u128::from(bound)) >> 64) as u64
        };
        let lives = [
            1,
            2,
            3,
            7,
            1_000_000,
            604_800_000_000,
            u64::from(u32::MAX) * 1_000_000,
        ];
        for round in 0..200_000 {
            let by = match lives.get(round % 16) {
                Some(by) => *by,
                None => 1 + below(1 << 52),
            };
            let half_life = HalfLife::of(by);
            let age = match round % 3 {
                0 => below(41) * by + below(3).min(by - 1),
                1 => (1 + below(41)) * by - 1,
                _ => below(41 * by),
            };
            assert_eq!(
                half_life.divides(age),
                (age / by, age % by),
                "{age} by {by}"
            );
            let part = (u128::from(age % by) << 32) / u128::from(by);
            assert_eq!(u128::from(half_life.part(age % by)), part, "{age} by {by}");
        }
        for (age, is_none) in [(41 * 7 - 1, false), (41 * 7, true)] {
            assert_eq!(halved(age, HalfLife::of(7)) == 0, is_none, "{age}");
        }
    }

    #[test]
    fn the_last_non_direct_touch_is_the_last_where_all_are_direct() {
        let of = |ages: &[i64]| percent(Rule::LastNonDirect, ages, None, None);
        assert_eq!(of(&[20, 15, 13, 13]), [0.0, 100.0, 0.0, 0.0]);
        assert_eq!(of(&[13, 13]), [0.0, 100.0]);
        assert!(of(&[]).is_empty());
    }
}
