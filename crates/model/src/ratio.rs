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

impl Ratio {
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
