//! Differences against a twin that lets the factors change in every order, one after another, and
//! laws: parts sum, exchanging the sides turns every sign round, the order of segments is nothing.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use handfast_kernels::change::{
    Factor, Heap, Number, Part, Segment, of_formula, of_product, of_ratio, of_sum, tells_means,
    tells_shares, tells_sums,
};
use handfast_kernels::formula::{self, Fraction};
use handfast_model::catalogue::Formula;
use handfast_model::rules::Operator;
use handfast_testkit::random::Chance;
use handfast_testkit::truth::change::{Naive, fraction, rates, shared, shared_of, whole_units};

fn drawn(chance: &mut Chance, is_share: bool) -> Vec<Segment> {
    let count = 1 + chance.below(4) as usize;
    let one = |chance: &mut Chance| {
        let whole = if chance.percent(15) {
            0
        } else {
            chance.below(40) as i128
        };
        let most = if is_share { whole } else { whole * 9_000 };
        let part = if most == 0 {
            0
        } else {
            chance.below(most as u64 + 1) as i128
        };
        (part, whole)
    };
    (0..count)
        .map(|_| {
            let (before, after) = (one(chance), one(chance));
            Segment {
                part: [before.0, after.0],
                whole: [before.1, after.1],
            }
        })
        .collect()
}

fn total(segments: &[Segment], of: fn(&Segment) -> [i128; 2]) -> [i128; 2] {
    [0, 1].map(|side| segments.iter().map(|one| of(one)[side]).sum())
}

fn units(parts: &[Part]) -> Vec<i128> {
    parts.iter().map(|part| part.units).collect()
}

#[test]
fn sums_are_shared_as_all_orders_of_change_say() {
    let mut chance = Chance::new(5);
    for case in 0..3_000 {
        let segments = drawn(&mut chance, false);
        let wholes = total(&segments, |one| one.whole);
        let parts = of_sum(&segments);
        let mut expected = Vec::new();
        for one in &segments {
            let share = [0, 1].map(|side| {
                let side = if wholes[side] == 0 { 1 - side } else { side };
                fraction(one.whole[side], wholes[side])
            });
            let factors = [
                wholes.map(|all| Naive(all, 1)),
                share,
                rates(one.part, one.whole),
            ];
            let difference = one.part[1] - one.part[0];
            expected.extend(whole_units(&shared(&factors), difference));
        }
        assert_eq!(units(&parts), expected, "case {case} {segments:?}");
        for (at, one) in segments.iter().enumerate() {
            let own = parts.iter().filter(|part| part.segment == at);
            assert_eq!(
                own.map(|part| part.units).sum::<i128>(),
                one.part[1] - one.part[0]
            );
        }
    }
}

#[test]
fn shares_are_parted_into_mix_and_rate() {
    let (mut chance, mut compared) = (Chance::new(7), 0);
    const SCALE: i128 = 1_000_000;
    for case in 0..3_000 {
        let segments = drawn(&mut chance, true);
        let (parts, wholes) = (
            total(&segments, |one| one.part),
            total(&segments, |one| one.whole),
        );
        if wholes.contains(&0) {
            assert_eq!(of_ratio(&segments, Number::of(SCALE), 0), None);
            continue;
        }
        let shown = |side: usize| {
            let exact = fraction(parts[side], wholes[side]).times(Naive(SCALE, 1));
            handfast_model::money::divide_half_even(exact.0, exact.1).unwrap()
        };
        let difference = shown(1) - shown(0);
        let found = of_ratio(&segments, Number::of(SCALE), difference).unwrap();
        // A share is the sum over segments of weight × rate, of which two factors have two orders; the
        // mean of all is taken off, which the weights' changes, summing to nought, do not notice.
        let mean = fraction(parts[0], wholes[0])
            .plus(fraction(parts[1], wholes[1]))
            .times(Naive(1, 2));
        let mut exact = Vec::new();
        for one in &segments {
            let weight = [0, 1].map(|side| fraction(one.whole[side], wholes[side]));
            let rate = rates(one.part, one.whole);
            let [mix, own] = shared(&[weight, rate])[..] else {
                unreachable!()
            };
            exact.push(
                mix.minus(weight[1].minus(weight[0]).times(mean))
                    .times(Naive(SCALE, 1)),
            );
            exact.push(own.times(Naive(SCALE, 1)));
        }
        let sum: i128 = units(&found).iter().sum();
        assert_eq!(sum, difference, "case {case}");
        for (part, exact) in found.iter().zip(&exact) {
            let off = part.units as f64 - exact.0 as f64 / exact.1 as f64;
            assert!(off.abs() < 1.5, "case {case} {part:?} {off}");
        }
        compared += 1;
        // Exchanging the sides turns every sign round, but for the last unit.
        let turned: Vec<Segment> = segments
            .iter()
            .map(|one| Segment {
                part: [one.part[1], one.part[0]],
                whole: [one.whole[1], one.whole[0]],
            })
            .collect();
        let back = of_ratio(&turned, Number::of(SCALE), -difference).unwrap();
        for (there, back) in found.iter().zip(&back) {
            assert!((there.units + back.units).abs() <= 2, "case {case}");
        }
        // The order of segments is nothing, but for who gets the last units of equals.
        let other: Vec<Segment> = segments.iter().rev().copied().collect();
        let other = of_ratio(&other, Number::of(SCALE), difference).unwrap();
        for part in &found {
            let place = segments.len() - 1 - part.segment;
            let same = other
                .iter()
                .find(|one| (one.segment, one.factor) == (place, part.factor));
            assert!((same.unwrap().units - part.units).abs() <= 1, "case {case}");
        }
    }
    assert!(compared > 2_000, "{compared}");
}

#[test]
fn a_product_is_shared_among_four_factors() {
    // Sales velocity: 50 × 10,000 × 20 % ÷ 30 = 3,333.33; 50 × 25,000 × 25 % ÷ 60 = 5,208.33.
    let of = Number::of;
    let factors = [
        (Factor::Volume, [of(50), of(50)]),
        (Factor::Value, [of(1_000_000), of(2_500_000)]),
        (Factor::Rate, [Number::over(1, 5), Number::over(1, 4)]),
        (Factor::Cycle, [Number::over(1, 30), Number::over(1, 60)]),
    ];
    let parts = of_product(&factors, 520_833 - 333_333);
    let naive = [
        [Naive(50, 1), Naive(50, 1)],
        [Naive(1_000_000, 1), Naive(2_500_000, 1)],
        [Naive(1, 5), Naive(1, 4)],
        [Naive(1, 30), Naive(1, 60)],
    ];
    assert_eq!(
        units(&parts),
        whole_units(&shared(&naive), 520_833 - 333_333)
    );
    assert_eq!(units(&parts), [0, 416_667, 104_167, -333_334]);
}

#[test]
fn amounts_too_large_for_exact_fractions_still_sum() {
    let big = 9_000_000_000_000_000_i128;
    let segments = [
        Segment {
            part: [big, big / 7],
            whole: [1_000_003, 999_983],
        },
        Segment {
            part: [big / 3, big / 11],
            whole: [2_000_029, 3_000_017],
        },
    ];
    let parts = of_sum(&segments);
    assert_eq!(
        units(&parts).iter().sum::<i128>(),
        big / 7 + big / 11 - big - big / 3
    );
}

#[test]
fn too_few_do_not_tell() {
    let tells = |a, b| tells_sums(&Heap::of(a, 30.0), &Heap::of(b, 30.0));
    assert!(!tells(29, 290));
    assert!(!tells(100, 120));
    assert!(tells(100, 140));
    assert!(!tells_shares((10, 29), (290, 290)));
    assert!(!tells_shares((30, 100), (40, 100)));
    assert!(tells_shares((30, 100), (50, 100)));
}

/// So many amounts of one size.
fn heap(count: u64, each: f64, days: f64) -> Heap {
    let sum = count as f64 * each;
    Heap {
        count,
        sum,
        squares: sum * each,
        days,
    }
}

#[test]
fn a_sum_tells_by_its_amounts_and_not_by_how_many_there_are() {
    let of = |count, each| heap(count, each, 30.0);
    // As many, four times as dear; twice as many, half as dear.
    assert!(tells_sums(&of(100, 10_000.0), &of(100, 40_000.0)));
    assert!(!tells_sums(&of(100, 10_000.0), &of(200, 5_000.0)));
    // One large deal more, among small ones: nobody can tell.
    let mut large = of(100, 10.0);
    (large.count, large.sum, large.squares) = (101, 2_000.0, 100.0 * 100.0 + 1e6);
    assert!(!tells_sums(&of(100, 10.0), &large));
    assert!(!tells_sums(&of(29, 1.0), &of(100, 9.0)));
    assert!(!tells_sums(&of(40, 0.0), &of(50, 0.0)), "of nothing");
    assert!(!tells_sums(&of(40, -5.0), &of(40, -5.0)));
    assert!(tells_sums(&of(40, -5.0), &of(40, 5.0)));
}

#[test]
fn spans_that_are_not_equally_long_are_compared_by_day() {
    let tells = |a: (u64, f64), b: (u64, f64)| tells_sums(&Heap::of(a.0, a.1), &Heap::of(b.0, b.1));
    assert!(!tells((100, 30.0), (300, 90.0)), "as many a day");
    assert!(tells((100, 30.0), (500, 90.0)));
    assert!(
        tells((300, 90.0), (300, 30.0)),
        "as many in a third of the time"
    );
    assert!(!tells((100, 0.0), (300, 30.0)));
}

/// Welch by hand: of n values that are a ± d in equal numbers the variance is d²·n/(n−1), so that
/// the squared error of a mean is d²/(n−1).
#[test]
fn a_mean_tells_by_how_far_its_values_lie_apart() {
    let of = |count: usize, mean: f64, off: f64| -> Vec<f64> {
        let sign = |at: usize| if at.is_multiple_of(2) { off } else { -off };
        (0..count).map(|at| mean + sign(at)).collect()
    };
    // 1.96 √(10²/39 + 10²/49) = 4.23.
    let before = of(40, 100.0, 10.0);
    for (after, tells) in [(104.0, false), (104.3, true), (96.0, false), (95.7, true)] {
        assert_eq!(tells_means(&before, &of(50, after, 10.0)), tells, "{after}");
    }
    // The same means of values a hundred times as far apart, and of fewer than enough.
    assert!(!tells_means(
        &of(40, 100.0, 1_000.0),
        &of(50, 300.0, 1_000.0)
    ));
    assert!(tells_means(&of(40, 100.0, 0.0), &of(50, 101.0, 0.0)));
    assert!(!tells_means(&of(28, 100.0, 0.0), &of(50, 900.0, 0.0)));
    assert!(!tells_means(&of(50, 100.0, 0.0), &of(28, 900.0, 0.0)));
}

fn joined(operator: Operator, a: Formula, b: Formula) -> Formula {
    Formula::Join(operator, Box::new(a), Box::new(b))
}

/// A formula as a tree and as a plain function.
type Told = (usize, Formula, fn(&[f64]) -> f64);

fn formulas() -> Vec<Told> {
    use Operator::{Add, Divide, Multiply, Subtract};
    let m = Formula::Measure;
    let product = |a, b| joined(Multiply, a, b);
    vec![
        (2, joined(Subtract, m(0), m(1)), |of| of[0] - of[1]),
        (3, joined(Divide, m(0), product(m(1), m(2))), |of| {
            of[0] / (of[1] * of[2])
        }),
        (
            4,
            joined(Divide, product(product(m(0), m(1)), m(2)), m(3)),
            |of| of[0] * of[1] * of[2] / of[3],
        ),
        // A measure that stands on both sides is replaced on both at once.
        (
            2,
            joined(
                Divide,
                joined(Subtract, m(0), m(1)),
                joined(Add, m(1), m(0)),
            ),
            |of| (of[0] - of[1]) / (of[1] + of[0]),
        ),
        (
            3,
            joined(Divide, m(0), joined(Subtract, m(1), m(2))),
            |of| of[0] / (of[1] - of[2]),
        ),
    ]
}

#[test]
fn a_formula_is_shared_among_its_measures_as_all_orders_of_change_say() {
    const IN_ONE: i128 = 1_000;
    let mut chance = Chance::new(41);
    let (mut parted, mut none) = (0, 0);
    for case in 0..2_000 {
        for (place, (count, tree, plain)) in formulas().into_iter().enumerate() {
            let mut drawn = || -> Vec<i128> {
                let one = |_| chance.below(12) as i128;
                (0..count).map(one).collect()
            };
            let (before, after) = (drawn(), drawn());
            let told = |side: &[i128]| -> Vec<Option<Fraction>> {
                side.iter().map(|one| Fraction::new(*one, 7)).collect()
            };
            let (old, new) = (told(&before), told(&after));
            let shown =
                |side: &[Option<Fraction>]| formula::value(&tree, side)?.number()?.rounded(IN_ONE);
            let (Some(first), Some(last)) = (shown(&old), shown(&new)) else {
                continue;
            };
            let exact = shared_of(count, &|is_after| {
                let mixed = is_after.iter().enumerate();
                let mixed = mixed.map(|(at, is_after)| match is_after {
                    true => after[at] as f64 / 7.0,
                    false => before[at] as f64 / 7.0,
                });
                let value = plain(&mixed.collect::<Vec<f64>>());
                // Sevenths are not exact, so that what is nothing below may be nearly nothing.
                (value.abs() < 1e6).then_some(value * IN_ONE as f64)
            });
            let parts = of_formula(&tree, [&old, &new], IN_ONE, last - first);
            let at = format!("case {case} formula {place} {before:?} {after:?}");
            let (Some(parts), Some(exact)) = (&parts, &exact) else {
                assert_eq!(parts.is_some(), exact.is_some(), "{at}");
                none += 1;
                continue;
            };
            parted += 1;
            assert_eq!(parts.iter().sum::<i128>(), last - first, "{at}");
            for (told, exact) in parts.iter().zip(exact) {
                assert!((*told as f64 - exact).abs() <= 1.5, "{at} {told} {exact}");
            }
        }
    }
    assert!(parted > 6_000 && none > 100, "{parted} {none}");
}

#[test]
fn what_a_formula_does_not_change_by_has_no_part() {
    let tree = joined(Operator::Subtract, Formula::Measure(0), Formula::Measure(1));
    let [old, new] = [[9, 4], [9, 1]].map(|side| side.map(|one| Some(Fraction::whole(one))));
    assert_eq!(of_formula(&tree, [&old, &new], 1, 3), Some(vec![0, 3]));
    let without = [None, new[1]];
    assert_eq!(of_formula(&tree, [&old, &without], 1, 3), None);
}
