//! Ratios keep their numerator and denominator; an empty denominator is no value, never zero.

use std::cmp::Ordering;

/// A share or a mean, exact: `part / whole`. With `whole == 0` it has no value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Ratio {
    /// The numerator.
    pub part: i64,
    /// The denominator, a count.
    pub whole: u64,
}

/// Shares of fewer than so many are told with how sure one can be of them.
pub const FEW: u64 = 30;

/// The normal quantile of a 95 % interval.
const Z: f64 = 1.959_963_984_540_054;

impl Ratio {
    /// Wilson's 95 % interval of a share of few, for display only: the roots of
    /// `(p − part/n)² = z² p (1 − p) / n`. `None` over nothing, of [`FEW`] or more, and of what is
    /// no share.
    pub fn interval_of_few(self) -> Option<(f64, f64)> {
        let part = u64::try_from(self.part).ok()?;
        if self.whole == 0 || self.whole >= FEW || part > self.whole {
            return None;
        }
        let (x, n) = (part as f64, self.whole as f64);
        let square = Z * Z;
        let root = Z * (square + 4.0 * x * (n - x) / n).sqrt();
        let end = |root: f64| (2.0 * x + square + root) / (2.0 * (n + square));
        // At the edges a root is one of them, whatever rounding makes of it.
        let low = if part == 0 { 0.0 } else { end(-root) };
        let high = if part == self.whole { 1.0 } else { end(root) };
        Some((low, high))
    }

    /// The value for display only; `None` over nothing. Never feed it back into a figure.
    pub fn value(self) -> Option<f64> {
        (self.whole != 0).then(|| self.part as f64 / self.whole as f64)
    }

    /// Orders by exact value; no value sorts first.
    pub fn cmp_value(&self, other: &Ratio) -> Ordering {
        match (self.whole, other.whole) {
            (0, 0) => Ordering::Equal,
            (0, _) => Ordering::Less,
            (_, 0) => Ordering::Greater,
            (a, b) => (i128::from(self.part) * i128::from(b))
                .cmp(&(i128::from(other.part) * i128::from(a))),
        }
    }
}
