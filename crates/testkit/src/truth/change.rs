//! What a difference is made of: factors change one after another, in every order there is, and
//! what each changes on the way is averaged.

use super::dimensions::{self, By};
use super::meaning::Meaning;
use super::measures::{Period, members};
use super::walk::Journeys;
use handfast_model::question::Unit;
use std::collections::BTreeMap;

/// A fraction that is never put into lowest terms, but for what would not fit.
#[derive(Clone, Copy, Debug)]
pub struct Naive(pub i128, pub i128);

impl Naive {
    /// Together.
    pub fn plus(self, other: Naive) -> Naive {
        Naive(self.0 * other.1 + other.0 * self.1, self.1 * other.1).less()
    }

    /// One times the other.
    pub fn times(self, other: Naive) -> Naive {
        Naive(self.0 * other.0, self.1 * other.1).less()
    }

    /// One less the other.
    pub fn minus(self, other: Naive) -> Naive {
        self.plus(other.times(Naive(-1, 1)))
    }

    fn less(self) -> Naive {
        let (mut a, mut b) = (self.0.abs(), self.1.abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let sign = self.1.signum();
        Naive(sign * self.0 / a.max(1), sign * self.1 / a.max(1))
    }
}

/// All orders of so many things.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for order in orders(count - 1) {
        for place in 0..count {
            let mut longer = order.clone();
            longer.insert(place, count - 1);
            all.push(longer);
        }
    }
    all
}

/// The mean of what each factor changes, over all orders.
pub fn shared(factors: &[[Naive; 2]]) -> Vec<Naive> {
    let all = orders(factors.len());
    let mut parts = vec![Naive(0, 1); factors.len()];
    for order in &all {
        let mut values: Vec<Naive> = factors.iter().map(|one| one[0]).collect();
        for at in order {
            let product = |values: &[Naive]| values.iter().fold(Naive(1, 1), |a, b| a.times(*b));
            let before = product(&values);
            values[*at] = factors[*at][1];
            parts[*at] = parts[*at].plus(product(&values).minus(before));
        }
    }
    let count = Naive(1, all.len() as i128);
    parts.into_iter().map(|part| part.times(count)).collect()
}

/// The mean of what each of so many measures changes of a value, over all orders; the value is told
/// which of them are as they are after. Nothing where it has no value on the way.
pub fn shared_of(count: usize, value: &dyn Fn(&[bool]) -> Option<f64>) -> Option<Vec<f64>> {
    let all = orders(count);
    let mut parts = vec![0.0; count];
    for order in &all {
        let mut is_after = vec![false; count];
        for at in order {
            let before = value(&is_after)?;
            is_after[*at] = true;
            parts[*at] += value(&is_after)? - before;
        }
    }
    let mean = |part: f64| part / all.len() as f64;
    Some(parts.into_iter().map(mean).collect())
}

/// Whole units that sum to a difference: a unit at a time to whoever lacks most.
pub fn whole_units(exact: &[Naive], difference: i128) -> Vec<i128> {
    let mut units: Vec<i128> = exact.iter().map(|one| one.0.div_euclid(one.1)).collect();
    let mut given = vec![false; units.len()];
    while units.iter().sum::<i128>() < difference {
        let lacks = |at: usize| {
            let one = exact[at];
            one.0.rem_euclid(one.1) as f64 / one.1 as f64
        };
        let mut next: Option<usize> = None;
        for at in (0..units.len()).filter(|at| !given[*at]) {
            if next.is_none_or(|next| lacks(at) > lacks(next)) {
                next = Some(at);
            }
        }
        let Some(next) = next else { break };
        units[next] += 1;
        given[next] = true;
    }
    units
}

/// A part of a whole; of nothing it is nothing.
pub fn fraction(part: i128, whole: i128) -> Naive {
    if whole == 0 {
        Naive(0, 1)
    } else {
        Naive(part, whole)
    }
}

/// Part and whole of a segment, each before and after.
pub type Pair = ([i128; 2], [i128; 2]);

/// How many segments differences are parted by.
pub const SEGMENTS: usize = 5;

/// The segment of a deal, `D-17-2`: one of five by the number of its account.
pub fn segment(deal: &str) -> usize {
    let number = deal.split('-').nth(1).and_then(|word| word.parse().ok());
    number.unwrap_or(0_usize) % SEGMENTS
}

fn totals(segments: &[Pair]) -> Pair {
    let mut all = ([0; 2], [0; 2]);
    for (part, whole) in segments {
        for side in 0..2 {
            all.0[side] += part[side];
            all.1[side] += whole[side];
        }
    }
    all
}

/// The parts of each segment's difference of a sum: volume, mix, value.
pub fn of_sum(segments: &[Pair]) -> Vec<Vec<i128>> {
    let (_, wholes) = totals(segments);
    let of = |(part, whole): &Pair| {
        let share = [0, 1].map(|side| {
            let side = if wholes[side] == 0 { 1 - side } else { side };
            fraction(whole[side], wholes[side])
        });
        let factors = [wholes.map(|all| Naive(all, 1)), share, rates(*part, *whole)];
        whole_units(&shared(&factors), part[1] - part[0])
    };
    segments.iter().map(of).collect()
}

/// The parts of the difference of a share, each segment's mix and rate, as fractions; nothing where
/// there was nothing on one side.
pub fn of_share(segments: &[Pair]) -> Option<Vec<Naive>> {
    let (parts, wholes) = totals(segments);
    if wholes.contains(&0) {
        return None;
    }
    let mean = [0, 1].map(|side| fraction(parts[side], wholes[side]));
    let mean = mean[0].plus(mean[1]).times(Naive(1, 2));
    let mut exact = Vec::new();
    for (part, whole) in segments {
        let weight = [0, 1].map(|side| fraction(whole[side], wholes[side]));
        let both = shared(&[weight, rates(*part, *whole)]);
        exact.push(both[0].minus(weight[1].minus(weight[0]).times(mean)));
        exact.push(both[1]);
    }
    Some(exact)
}

/// Of each group and currency, part and whole in both periods.
pub type Sides = BTreeMap<(Option<String>, String), Pair>;

/// What was won, by value, how many were, or the win rate, of two periods and by group.
pub fn sides(
    journeys: &Journeys,
    meaning: &Meaning,
    (metric, by, periods, horizon): (&str, By, [Period; 2], i64),
) -> Sides {
    let mut sides = Sides::new();
    for (side, period) in periods.into_iter().enumerate() {
        for member in members(journeys, meaning, metric, (Unit::Deal, period, horizon)) {
            let group = dimensions::of_member(by, journeys, meaning, (metric, &member));
            let (part, currency) = match (&member.money, metric) {
                (Some((minor, currency)), "revenue") => (i128::from(*minor), currency.clone()),
                (None, "revenue") => continue,
                _ => {
                    let is_part = member.is_part || metric != "win_rate";
                    (i128::from(is_part), String::new())
                }
            };
            let own = sides.entry((group, currency)).or_default();
            own.0[side] += part;
            own.1[side] += 1;
        }
    }
    sides
}

/// The change of each row and its parts; those of a share in millionths, before they are whole
/// units, and none where there was nothing on one side.
pub type Parts = BTreeMap<(Option<String>, String), (i128, Vec<f64>)>;

/// What makes up the difference of each row.
pub fn parted(sides: &Sides, metric: &str) -> Parts {
    let mut by_currency: BTreeMap<&String, Vec<(&Option<String>, Pair)>> = BTreeMap::new();
    for ((group, currency), own) in sides {
        by_currency.entry(currency).or_default().push((group, *own));
    }
    let mut parted = Parts::new();
    for (currency, groups) in by_currency {
        let segments: Vec<Pair> = groups.iter().map(|(_, own)| *own).collect();
        let near = |one: &Naive| one.0 as f64 / one.1 as f64 * 1e6;
        let parts: Vec<Vec<f64>> = match metric {
            "revenue" => {
                let units = of_sum(&segments).into_iter();
                let whole = |units: Vec<i128>| units.into_iter().map(|one| one as f64).collect();
                units.map(whole).collect()
            }
            "win_rate" => {
                let exact = of_share(&segments).unwrap_or_default();
                let own = exact.chunks(2);
                own.map(|own| own.iter().map(near).collect()).collect()
            }
            _ => Vec::new(),
        };
        for (at, (group, (part, _))) in groups.into_iter().enumerate() {
            let own = parts.get(at).cloned().unwrap_or_default();
            let change = if metric == "win_rate" {
                0
            } else {
                part[1] - part[0]
            };
            parted.insert((group.clone(), currency.clone()), (change, own));
        }
    }
    parted
}

/// The parts of a difference between two periods, a line each: of what was won by value, by
/// currency, or of the win rate in millionths.
pub fn lines(
    journeys: &Journeys,
    meaning: &Meaning,
    (is_of_sum, periods): (bool, [(i64, i64); 2]),
) -> Vec<String> {
    let metric = if is_of_sum { "revenue" } else { "win_rate" };
    let mut sides: BTreeMap<String, Vec<Pair>> = BTreeMap::new();
    for (side, period) in periods.into_iter().enumerate() {
        for member in members(journeys, meaning, metric, (Unit::Deal, Some(period), 0)) {
            let (part, currency) = match (&member.money, is_of_sum) {
                (None, true) => continue,
                (Some((minor, currency)), true) => (i128::from(*minor), currency.clone()),
                (_, false) => (i128::from(member.is_part), String::new()),
            };
            let segments = sides.entry(currency).or_default();
            segments.resize(SEGMENTS, ([0; 2], [0; 2]));
            let own = &mut segments[segment(&member.who)];
            own.0[side] += part;
            own.1[side] += 1;
        }
    }
    let mut lines = Vec::new();
    for (currency, segments) in sides {
        let names: &[&str] = match is_of_sum {
            true => &["volume", "mix", "value"],
            false => &["mix", "rate"],
        };
        let units = match is_of_sum {
            true => of_sum(&segments).concat(),
            false => millionths(&segments),
        };
        for (place, units) in units.iter().enumerate() {
            let (of, factor) = (place / names.len(), names[place % names.len()]);
            lines.push(format!("{currency} {of} {factor} {units}"));
        }
    }
    lines
}

fn millionths(segments: &[Pair]) -> Vec<i128> {
    let Some(exact) = of_share(segments) else {
        return Vec::new();
    };
    let exact: Vec<Naive> = exact
        .iter()
        .map(|one| one.times(Naive(1_000_000, 1)))
        .collect();
    let all = exact.iter().fold(Naive(0, 1), |sum, one| sum.plus(*one));
    whole_units(&exact, all.0.div_euclid(all.1))
}

/// The rates of a segment on both sides; what it has none of on one, it has as on the other.
pub fn rates(part: [i128; 2], whole: [i128; 2]) -> [Naive; 2] {
    [0, 1].map(|side| {
        let side = if whole[side] == 0 { 1 - side } else { side };
        fraction(part[side], whole[side])
    })
}
