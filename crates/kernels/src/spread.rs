//! An amount that is for several days, day by day: every day gets the same whole units, and what
//! is left over goes one unit each to the earliest days. So a period takes exactly its days, and
//! periods that tile the days sum to the whole. This module knows no facts and no currency.

use handfast_model::{Day, planted};

/// A half-open stretch of days `[from, until)`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Days {
    /// First day.
    pub from: Day,
    /// First day after.
    pub until: Day,
}

impl Days {
    /// One day.
    pub fn one(day: Day) -> Days {
        Days {
            from: day,
            until: day.plus(1),
        }
    }

    /// The days that are in both; `None` where there is none.
    pub fn both(self, other: Days) -> Option<Days> {
        let (from, until) = (self.from.max(other.from), self.until.min(other.until));
        (from < until).then_some(Days { from, until })
    }

    /// How many.
    pub fn count(self) -> i64 {
        (i64::from(self.until.0) - i64::from(self.from.0)).max(0)
    }
}

/// An amount and the days that it is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spread {
    /// Minor units of money, or another whole number.
    pub whole: i64,
    /// The days that it is for.
    pub days: Days,
}

impl Spread {
    /// What falls to these days.
    pub fn part(&self, asked: Days) -> i64 {
        let Some(asked) = self.days.both(asked) else {
            return 0;
        };
        let count = i128::from(self.days.count());
        let whole = i128::from(self.whole);
        let (each, left) = (whole.div_euclid(count), whole.rem_euclid(count));
        let place = |day: Day| i128::from(day.0) - i128::from(self.days.from.0);
        let (from, until) = (place(asked.from), place(asked.until));
        let part = planted!(
            SpendOnFirstDay,
            each * (until - from) + planted!(RestOfSpendLost, until.min(left) - from.min(left), 0),
            whole * i128::from(asked.from == self.days.from)
        );
        // A part lies between nought and the whole, give or take a unit, so it fits.
        i64::try_from(part).unwrap_or(self.whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(from: i32, until: i32) -> Days {
        Days {
            from: Day(from),
            until: Day(until),
        }
    }

    #[test]
    fn ten_cents_over_four_days_are_three_three_two_two() {
        let spread = |whole| Spread {
            whole,
            days: days(10, 14),
        };
        let each = |whole| [10, 11, 12, 13].map(|day| spread(whole).part(Days::one(Day(day))));
        assert_eq!(each(10), [3, 3, 2, 2]);
        assert_eq!(each(-10), [-2, -2, -3, -3]);
        assert_eq!(each(1), [1, 0, 0, 0]);
        assert_eq!(spread(10).part(days(0, 11)), 3);
        assert_eq!(spread(10).part(days(12, 99)), 4);
        assert_eq!(spread(10).part(days(14, 99)), 0);
        assert_eq!(spread(10).part(days(12, 12)), 0);
    }

    #[test]
    fn parts_of_any_cut_sum_to_the_whole_and_are_their_days() {
        for whole in [i64::MIN, -7, -1, 0, 1, 30, 31, 100_001, i64::MAX] {
            for length in [1, 2, 28, 31, 366] {
                let spread = Spread {
                    whole,
                    days: days(-5, length - 5),
                };
                let day = |at: i32| i128::from(spread.part(Days::one(Day(at))));
                for cut in -5..=length - 5 {
                    let (before, after) = (days(-99, cut), days(cut, 999));
                    let before = i128::from(spread.part(before));
                    assert_eq!(before, (-5..cut).map(day).sum::<i128>());
                    assert_eq!(before + i128::from(spread.part(after)), i128::from(whole));
                }
            }
        }
    }
}
