//! Fractions, exact as long as 128 bits hold them, and near enough beyond.

use std::ops::{Add, Mul, Sub};

/// A number.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    /// Over what under what, in lowest terms, the lower above nought.
    exact: Option<(i128, i128)>,
    near: f64,
}

impl Number {
    /// A whole number.
    pub fn of(whole: i128) -> Number {
        Number {
            exact: Some((whole, 1)),
            near: whole as f64,
        }
    }

    /// A fraction; over nothing it is nothing.
    pub fn over(over: i128, under: i128) -> Number {
        match under {
            0 => Number::of(0),
            _ => Number {
                exact: lowest(over, under),
                near: over as f64 / under as f64,
            },
        }
    }

    /// The whole number below, and how far above that it is.
    pub fn floor(self) -> (i128, f64) {
        match self.exact {
            Some((over, under)) => {
                let rest = over.rem_euclid(under);
                (over.div_euclid(under), rest as f64 / under as f64)
            }
            None => (self.near.floor() as i128, self.near - self.near.floor()),
        }
    }
}

impl Add for Number {
    type Output = Number;

    fn add(self, other: Number) -> Number {
        let sum = |(a, b): (i128, i128), (c, d): (i128, i128)| {
            let over = a.checked_mul(d)?.checked_add(c.checked_mul(b)?)?;
            lowest(over, b.checked_mul(d)?)
        };
        let exact = self.exact.zip(other.exact);
        Number {
            exact: exact.and_then(|(one, other)| sum(one, other)),
            near: self.near + other.near,
        }
    }
}

impl Sub for Number {
    type Output = Number;

    fn sub(self, other: Number) -> Number {
        self + other * Number::of(-1)
    }
}

impl Mul for Number {
    type Output = Number;

    fn mul(self, other: Number) -> Number {
        let product = |(a, b): (i128, i128), (c, d): (i128, i128)| {
            // What cancels out across is taken out first, so that more fits.
            let ((a, d), (c, b)) = (lowest(a, d)?, lowest(c, b)?);
            lowest(a.checked_mul(c)?, b.checked_mul(d)?)
        };
        let exact = self.exact.zip(other.exact);
        Number {
            exact: exact.and_then(|(one, other)| product(one, other)),
            near: self.near * other.near,
        }
    }
}

/// A fraction in lowest terms, the lower number above nought.
fn lowest(over: i128, under: i128) -> Option<(i128, i128)> {
    let (mut a, mut b) = (over.unsigned_abs(), under.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let common = i128::try_from(a).ok().filter(|common| *common > 0)?;
    let sign = if under < 0 { -1 } else { 1 };
    Some((sign * (over / common), sign * (under / common)))
}
