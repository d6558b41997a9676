//! A positive figure around a mean, by its place among equally likely ones: the gamma distribution
//! after Wilson and Hilferty (1931), whose cube root is nearly normal. Of shapes below 1 it is
//! rough and never below 0. It needs a square root only, so that every machine gives the same.

/// How many equally likely levels stand for a distribution.
pub const LEVELS: usize = 32;

/// The normal distribution at the middles of the upper half of [`LEVELS`] parts.
const MIDDLES: [f64; LEVELS / 2] = [
    0.039_176_086,
    0.117_769_875,
    0.197_099_084,
    0.277_690_440,
    0.360_129_892,
    0.445_096_525,
    0.533_409_706,
    0.626_099_012,
    0.724_514_383,
    0.830_510_878,
    0.946_781_757,
    1.077_515_567,
    1.229_858_759,
    1.417_797_138,
    1.675_939_722,
    2.153_874_694,
];

/// The 90 % point of the normal distribution.
pub(crate) const NINTH: f64 = 1.281_551_566;

/// The figure at a point of the normal distribution, around a mean with this variance on the scale
/// of the mean.
pub(crate) fn figure(mean: f64, spread: f64, z: f64) -> f64 {
    let ninth = spread / 9.0;
    let root = 1.0 - ninth + z * ninth.sqrt();
    mean * root.max(0.0).powi(3)
}

/// Equally likely figures whose mean is the mean.
pub(super) fn levels(mean: f64, spread: f64) -> [f64; LEVELS] {
    let mut all = [0.0; LEVELS];
    let upper = MIDDLES.iter().map(|z| figure(mean, spread, *z));
    let lower = MIDDLES.iter().rev().map(|z| figure(mean, spread, -z));
    all.iter_mut()
        .zip(lower.chain(upper))
        .for_each(|(slot, one)| *slot = one);
    let sum: f64 = all.iter().sum();
    if sum > 0.0 {
        let scale = mean * LEVELS as f64 / sum;
        all.iter_mut().for_each(|one| *one *= scale);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The share below a point by adding up the bell in small steps.
    fn below(z: f64) -> f64 {
        let steps = 20_000;
        let width = z / f64::from(steps);
        let density = |x: f64| (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
        let middle = |step: i32| density((f64::from(step) + 0.5) * width) * width;
        0.5 + (0..steps).map(middle).sum::<f64>()
    }

    #[test]
    fn the_points_are_the_middles_of_equal_parts() {
        for (place, z) in MIDDLES.iter().enumerate() {
            let share = 0.5 + (place as f64 + 0.5) / LEVELS as f64;
            assert!((below(*z) - share).abs() < 1e-8, "{place} {z}");
        }
        assert!((below(NINTH) - 0.9).abs() < 1e-8);
    }

    #[test]
    fn levels_have_the_mean_and_nearly_the_spread() {
        for spread in [0.0, 0.01, 0.1, 0.5] {
            let all = levels(40.0, spread);
            let mean = all.iter().sum::<f64>() / LEVELS as f64;
            assert!((mean - 40.0).abs() < 1e-9);
            let off = all.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / LEVELS as f64;
            let seen = off / (mean * mean);
            assert!(
                spread * 0.85 - 1e-12 <= seen && seen <= spread * 1.05 + 1e-12,
                "{spread} {seen}"
            );
            assert!(all.is_sorted());
        }
        // Of 4 the 90 % point is 6.68 (tables of the gamma distribution of shape 4).
        assert!((figure(4.0, 0.25, NINTH) - 6.681).abs() < 0.02);
    }
}
