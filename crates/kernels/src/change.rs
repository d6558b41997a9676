//! What a difference of two figures is made of: exactly additive parts per segment.
//!
//! A sum of amounts is volume × mix × value, a share or a mean is mix × rate, sales velocity is
//! four factors. Each factor's part is its mean over all orders in which factors could have changed
//! (Shapley; of two factors, the midpoint), so no order is preferred, exchanging the two periods
//! turns every sign round, and nothing is left over. Parts become whole units by largest remainder.
//! Where a segment is empty on one side, what it has none of is taken from the other side: it then
//! changed by volume and mix alone. What any other formula's difference is made of, measure by
//! measure, is `measures`. This module knows neither dimensions nor periods.

mod measures;
mod number;

use handfast_model::planted;

use crate::fitness::{Z, difference, mean_difference, wilson};

pub use measures::of_formula;
pub use number::Number;

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 2;

/// Fewest members on either side from which a part is told as a change.
pub const ENOUGH: u64 = 30;

/// What changed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Factor {
    /// How many or how much there is at all.
    Volume,
    /// Which share of it each segment has.
    Mix,
    /// What is counted of it.
    Rate,
    /// What each is worth.
    Value,
    /// How long each takes.
    Cycle,
}

impl Factor {
    /// The word used in answers.
    pub fn word(self) -> &'static str {
        match self {
            Factor::Volume => "volume",
            Factor::Mix => "mix",
            Factor::Rate => "rate",
            Factor::Value => "value",
            Factor::Cycle => "cycle",
        }
    }
}

/// A segment's figures on both sides: for a share, part and whole; for a sum of amounts, the sum
/// and how many.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Segment {
    /// Part, or sum: before and after.
    pub part: [i128; 2],
    /// Whole, or how many: before and after.
    pub whole: [i128; 2],
}

/// A part of the difference.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Part {
    /// The segment, by place.
    pub segment: usize,
    /// The factor.
    pub factor: Factor,
    /// Whole units.
    pub units: i128,
}

/// The parts of the difference of a share or mean (part over whole), in units of which `scale` are
/// one: by segment, mix and rate. `None` where one side has no value.
///
/// Law: the parts sum to `difference`, which is that of the two shares as they are shown.
pub fn of_ratio(segments: &[Segment], scale: Number, difference: i128) -> Option<Vec<Part>> {
    let wholes = total(segments, |one| one.whole);
    let sums = total(segments, |one| one.part);
    if wholes.contains(&0) {
        return None;
    }
    let half = Number::over(1, 2);
    let [before, after] = [0, 1].map(|side| Number::over(at(&sums, side), at(&wholes, side)));
    let mean = (before + after) * half;
    let mut exact = Vec::with_capacity(2 * segments.len());
    for (place, segment) in segments.iter().enumerate() {
        let weight = |side| Number::over(at(&segment.whole, side), at(&wholes, side));
        let (weight, rate) = ([weight(0), weight(1)], both(segment));
        let middle = (rate[0] + rate[1]) * half;
        let mix = (weight[1] - weight[0]) * (middle - mean);
        // What it gave to the whole, less what mix explains: also where it has a part of nothing.
        let gave = |side| Number::over(at(&segment.part, side), at(&wholes, side));
        let rate = gave(1) - gave(0) - (weight[1] - weight[0]) * middle;
        exact.push((place, Factor::Mix, mix * scale));
        exact.push((place, Factor::Rate, rate * scale));
    }
    Some(whole(&exact, difference))
}

/// The parts of the difference of a sum of amounts: by segment, volume, mix and value.
///
/// Law: the parts of each segment sum to its own difference, and all to that of the sums.
pub fn of_sum(segments: &[Segment]) -> Vec<Part> {
    let wholes = total(segments, |one| one.whole);
    let mut parts = Vec::with_capacity(3 * segments.len());
    for (place, segment) in segments.iter().enumerate() {
        let share = |side: usize| match at(&wholes, side) {
            // Of nothing at all every share is as good as the other side's.
            0 => Number::over(at(&segment.whole, 1 - side), at(&wholes, 1 - side)),
            all => Number::over(at(&segment.whole, side), all),
        };
        let factors = [
            (Factor::Volume, wholes.map(Number::of)),
            (Factor::Mix, [share(0), share(1)]),
            (Factor::Value, both(segment)),
        ];
        let exact = shapley(&factors).into_iter();
        let exact: Vec<_> = exact.map(|(factor, part)| (place, factor, part)).collect();
        parts.extend(whole(&exact, segment.part[1] - segment.part[0]));
    }
    parts
}

/// The parts of the difference of a product, factor by factor; `difference` is that of the products
/// as they are shown.
pub fn of_product(factors: &[(Factor, [Number; 2])], difference: i128) -> Vec<Part> {
    let exact = shapley(factors).into_iter();
    let exact: Vec<_> = exact.map(|(factor, part)| (0, factor, part)).collect();
    whole(&exact, difference)
}

/// The mean of each factor's part over all orders in which the factors could change.
fn shapley(factors: &[(Factor, [Number; 2])]) -> Vec<(Factor, Number)> {
    let count = factors.len();
    let part = |place: usize, [before, after]: [Number; 2]| {
        let others = factors.iter().enumerate();
        let others: Vec<&[Number; 2]> = others
            .filter(|(other, _)| *other != place)
            .map(|(_, (_, one))| one)
            .collect();
        let mut part = Number::of(0);
        for changed in 0u32..1 << others.len() {
            let mut product = after - before;
            for (bit, [before, after]) in others.iter().enumerate() {
                product = product
                    * if changed >> bit & 1 == 1 {
                        *after
                    } else {
                        *before
                    };
            }
            part = part + product * weight(changed.count_ones() as usize, count);
        }
        part
    };
    let all = factors.iter().enumerate();
    all.map(|(place, (factor, values))| (*factor, part(place, *values)))
        .collect()
}

/// How often so many of the other factors have changed before one does, of all orders.
fn weight(size: usize, count: usize) -> Number {
    let factorial = |n: usize| (1..=n as i128).product::<i128>();
    Number::over(
        factorial(size) * factorial(count - size - 1),
        factorial(count),
    )
}

/// Parts in whole units that sum to a difference.
fn whole(exact: &[(usize, Factor, Number)], difference: i128) -> Vec<Part> {
    let numbers: Vec<Number> = exact.iter().map(|(_, _, part)| *part).collect();
    let parts = exact.iter().zip(whole_units(&numbers, difference));
    parts
        .map(|((segment, factor, _), units)| Part {
            segment: *segment,
            factor: *factor,
            units,
        })
        .collect()
}

/// Whole units that sum to a difference: each the whole number below, and what is left
/// over to those that lack most, of equals to the earlier.
fn whole_units(exact: &[Number], difference: i128) -> Vec<i128> {
    let floors: Vec<(i128, f64)> = exact.iter().map(|part| part.floor()).collect();
    let mut order: Vec<(usize, f64)> = floors
        .iter()
        .enumerate()
        .map(|(place, (_, rest))| (place, *rest))
        .collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut ranks = vec![0i128; order.len()];
    for (rank, (place, _)) in (0i128..).zip(&order) {
        if let Some(slot) = ranks.get_mut(*place) {
            *slot = rank;
        }
    }
    let left = difference - floors.iter().map(|(floor, _)| floor).sum::<i128>();
    let count = exact.len().max(1) as i128;
    // Each gets one at most, but for what the figures shown were rounded by.
    let (each, more) = (left.div_euclid(count), left.rem_euclid(count));
    let all = floors.iter().zip(ranks);
    all.map(|((floor, _), rank)| {
        floor + planted!(RestOfChangeLost, each + i128::from(rank < more), 0)
    })
    .collect()
}

/// The rates of a segment; where it is empty on a side, that of the other side.
fn both(segment: &Segment) -> [Number; 2] {
    let rate = |side: usize| match at(&segment.whole, side) {
        0 => Number::over(at(&segment.part, 1 - side), at(&segment.whole, 1 - side)),
        whole => Number::over(at(&segment.part, side), whole),
    };
    [rate(0), rate(1)]
}

fn total(segments: &[Segment], of: fn(&Segment) -> [i128; 2]) -> [i128; 2] {
    [0, 1].map(|side| segments.iter().map(|one| at(&of(one), side)).sum())
}

fn at(pair: &[i128; 2], side: usize) -> i128 {
    pair.get(side).copied().unwrap_or(0)
}

/// A sum of amounts, or a count of things that are each worth one, over so many days.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Heap {
    /// How many.
    pub count: u64,
    /// What they come to.
    pub sum: f64,
    /// What their squares come to.
    pub squares: f64,
    /// How long they were gathered; of two at one instant each, alike.
    pub days: f64,
}

impl Heap {
    /// So many things.
    pub fn of(count: u64, days: f64) -> Heap {
        let sum = count as f64;
        Heap {
            count,
            sum,
            squares: sum,
            days,
        }
    }
}

/// Whether two sums differ by more than chance: at least [`ENOUGH`] on each side, and the 95 %
/// interval of their difference leaves out nought. What comes by itself comes as Poisson says, so
/// the variance of a sum is that of its squares; of spans that are not equally long, by day.
pub fn tells_sums(before: &Heap, after: &Heap) -> bool {
    let longest = before.days.max(after.days);
    if before.count < ENOUGH || after.count < ENOUGH || before.days <= 0.0 || after.days <= 0.0 {
        return false;
    }
    let [old, new] = [before, after].map(|heap| {
        let scale = longest / heap.days;
        (heap.sum * scale, heap.squares * scale * scale)
    });
    (new.0 - old.0).abs() > Z * (old.1 + new.1).sqrt()
}

/// The same of two shares: by Newcombe's interval of the difference of Wilson's.
pub fn tells_shares(before: (u64, u64), after: (u64, u64)) -> bool {
    if before.1 < ENOUGH || after.1 < ENOUGH {
        return false;
    }
    let [before, after] = [before, after].map(|(part, whole)| wilson(part, whole));
    let found = before
        .zip(after)
        .map(|(before, after)| difference(&after, &before));
    found.is_some_and(|found| found.low > 0.0 || found.high < 0.0)
}

/// The same of two means, by what each of their members is worth: the 95 % interval of their
/// difference, whose error is Welch's, leaves out nought.
pub fn tells_means(before: &[f64], after: &[f64]) -> bool {
    let enough = ENOUGH as usize;
    if before.len() < enough || after.len() < enough {
        return false;
    }
    mean_difference(after, before).is_some_and(|found| found.low > 0.0 || found.high < 0.0)
}

/// Share of the difference that segments must explain together, and each by itself (Adtributor).
const EXPLAINED: f64 = 0.67;
const EACH: f64 = 0.1;

/// How surprising the segments are that explain a difference: of those that explain a tenth or more
/// of it, the most surprising first, until two thirds are explained. `None` where they never are.
/// A segment's surprise is how far its share after is from its share before (Jensen–Shannon).
pub fn surprise(segments: &[Segment], changes: &[i128]) -> Option<f64> {
    let all: i128 = changes.iter().sum();
    if all == 0 || segments.len() < 2 {
        return None;
    }
    let share = |part: i128, whole: i128| {
        if whole == 0 {
            0.0
        } else {
            part as f64 / whole as f64
        }
    };
    let parts = total(segments, |one| one.part);
    let wholes = total(segments, |one| one.whole);
    let mut found: Vec<(f64, f64, usize)> = Vec::new();
    for (place, (segment, change)) in segments.iter().zip(changes).enumerate() {
        let explained = share(*change, all);
        if explained >= EACH {
            let of = |own: &[i128; 2], sums: &[i128; 2]| {
                let [before, after] = [0, 1].map(|side| share(at(own, side), at(sums, side)));
                divergence(before, after)
            };
            let surprise = of(&segment.part, &parts) + of(&segment.whole, &wholes);
            found.push((surprise, explained, place));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
    let (mut surprise, mut explained) = (0.0, 0.0);
    for (own, share, _) in found {
        surprise += own;
        explained += share;
        if explained >= EXPLAINED {
            return Some(surprise);
        }
    }
    None
}

/// One term of the Jensen–Shannon divergence of two distributions.
fn divergence(before: f64, after: f64) -> f64 {
    let term = |own: f64| match own > 0.0 {
        true => own / 2.0 * (2.0 * own / (before + after)).ln(),
        false => 0.0,
    };
    term(before) + term(after)
}
