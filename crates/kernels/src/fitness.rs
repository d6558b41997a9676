//! Does entering a stage predict winning? Pursuits that entered it beside those that did not, with
//! equal time to win.
//!
//! Counted are pursuits that opened in a span of time and have had a window of days since, whatever
//! became of them; what happens after its window counts for none of them. So nothing still open is
//! taken for lost, and no pursuit had longer than another. An entry that only a later stage implies
//! is none, and neither is one that does not come before the win. Where no date tells whether the
//! entry or the win was within the window, the pursuit is in no row. It refuses to know causes: who
//! enters a stage has lasted long enough to enter it, and may differ in everything else too.

use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{Calendar, Instant};

use crate::journey::{Moment, Pursuit};

/// Version of this kernel; raised when a figure may change.
pub const VERSION: u32 = 2;

/// Fewest wins from which something is said.
pub const LEAST_WINS: u64 = 30;

/// The two-sided 95 % point of the normal distribution.
pub(crate) const Z: f64 = 1.959_963_984_540_054;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Test {
    /// The stage.
    pub step: StepIx,
    /// Pursuits that opened from here on.
    pub from: Instant,
    /// And before this.
    pub until: Instant,
    /// Calendar days that each has to enter and to win, its opening's day included.
    pub window_days: u32,
    /// The sources show everything before this.
    pub horizon: Instant,
}

/// A pursuit that counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tested {
    /// Its place.
    pub pursuit: u32,
    /// Whether it entered the stage within its window.
    pub has_entered: bool,
    /// Whether it was won within its window.
    pub is_won: bool,
}

/// What a test looks at.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// The pursuits that count, in their order.
    pub rows: Vec<Tested>,
    /// How many opened in the span and have not had their window.
    pub unripe: u64,
    /// How many opened in the span, and nobody knows when they entered the stage or were won.
    pub undated: u64,
}

/// The pursuits that count, and how many do not.
pub fn tested(pursuits: &[Pursuit], calendar: &Calendar, test: &Test) -> Found {
    let mut found = Found::default();
    for (place, pursuit) in (0u32..).zip(pursuits) {
        let Some(opened) = pursuit.opened.at else {
            continue;
        };
        if opened < test.from || opened >= test.until {
            continue;
        }
        let days = i32::try_from(test.window_days).unwrap_or(i32::MAX);
        let end = calendar.start_of(calendar.day_of(opened).plus(days));
        if end > test.horizon {
            found.unripe += 1;
            continue;
        }
        let is_within = |moment: &Moment| moment.at.is_some_and(|at| at < end);
        let won = pursuit.end.filter(|end| end.role == StepRole::Won);
        let is_win_undated = won.is_some_and(|end| end.moment.at.is_none());
        let won = won.map(|end| end.moment).filter(is_within);
        let is_before = |moment: &Moment| won.is_none_or(|won| moment.at < won.at);
        let visits = pursuit.visits.iter();
        let mut entries = visits.filter(|visit| visit.step == test.step && !visit.is_implied);
        let is_entry_undated = entries.clone().any(|visit| visit.entered.at.is_none());
        let has_entered =
            entries.any(|visit| is_within(&visit.entered) && is_before(&visit.entered));
        if is_win_undated || is_entry_undated && !has_entered {
            found.undated += 1;
            continue;
        }
        found.rows.push(Tested {
            pursuit: place,
            has_entered,
            is_won: won.is_some(),
        });
    }
    found
}

/// Calendar days, the opening's included, within which nine of ten pursuits won that opened and
/// were won before an instant; `None` where fewer than ten were.
pub fn usual_days(pursuits: &[Pursuit], calendar: &Calendar, before: Instant) -> Option<u32> {
    let won = pursuits.iter().filter_map(|pursuit| {
        let end = pursuit.end.filter(|end| end.role == StepRole::Won)?;
        let (opened, won) = (pursuit.opened.at?, end.moment.at?);
        let days = calendar.day_of(won).0 - calendar.day_of(opened).0 + 1;
        (won < before && opened <= won).then_some(days)
    });
    let mut days: Vec<i32> = won.collect();
    days.sort_unstable();
    let nth = (days.len() * 9).div_ceil(10).checked_sub(1)?;
    let days = days.get(nth).filter(|_| days.len() >= 10)?;
    u32::try_from(*days).ok()
}

/// A share with its 95 % interval.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Interval {
    /// The share that was seen.
    pub share: f64,
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// Wilson's score interval of a share; nothing over an empty whole.
///
/// `(p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n)`
pub fn wilson(part: u64, whole: u64) -> Option<Interval> {
    if whole == 0 {
        return None;
    }
    let n = whole as f64;
    let p = part as f64 / n;
    let square = Z * Z / n;
    let middle = p + square / 2.0;
    let half = Z * (p * (1.0 - p) / n + square / (4.0 * n)).sqrt();
    let end = |sign: f64| ((middle + sign * half) / (1.0 + square)).clamp(0.0, 1.0);
    Some(Interval {
        share: p,
        low: end(-1.0),
        high: end(1.0),
    })
}

/// Newcombe's hybrid score interval (method 10) of the difference of two independent shares: that
/// of the first less that of the second.
pub fn difference(first: &Interval, second: &Interval) -> Interval {
    let share = first.share - second.share;
    let down = (first.share - first.low).hypot(second.high - second.share);
    let up = (first.high - first.share).hypot(second.share - second.low);
    Interval {
        share,
        low: (share - down).max(-1.0),
        high: (share + up).min(1.0),
    }
}

/// The difference of two means with Welch's standard error, by the normal distribution; nothing
/// where one of them is of fewer than two.
pub fn mean_difference(first: &[f64], second: &[f64]) -> Option<Interval> {
    let [(first, one), (second, other)] = [moments(first)?, moments(second)?];
    let share = first - second;
    let half = Z * (one + other).sqrt();
    Some(Interval {
        share,
        low: share - half,
        high: share + half,
    })
}

/// The mean, and the square of its standard error.
fn moments(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len() as f64;
    (values.len() > 1).then_some(())?;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some((mean, squares / (n - 1.0) / n))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// An end of Wilson's interval by its meaning: the share under which the one seen lies at
    /// the edge of the normal range, found by halving.
    fn by_halving(part: u64, whole: u64, is_low: bool) -> f64 {
        let (n, p) = (whole as f64, part as f64 / whole as f64);
        let (mut out, mut within) = if is_low { (0.0, p) } else { (1.0, p) };
        for _ in 0..200 {
            let middle: f64 = (out + within) / 2.0;
            let reach = Z * (middle * (1.0 - middle) / n).sqrt();
            match (p - middle).abs() <= reach {
                true => within = middle,
                false => out = middle,
            }
        }
        (out + within) / 2.0
    }

    #[test]
    fn wilson_is_where_the_score_leaves_the_normal_range() {
        assert_eq!(wilson(0, 0), None);
        for whole in 1..60 {
            for part in 0..=whole {
                let found = wilson(part, whole).unwrap();
                let [low, high] = [true, false].map(|is_low| by_halving(part, whole, is_low));
                assert!(
                    (found.low - low).abs() < 1e-9,
                    "{part}/{whole}: {found:?} {low}"
                );
                assert!(
                    (found.high - high).abs() < 1e-9,
                    "{part}/{whole}: {found:?} {high}"
                );
            }
        }
    }

    /// What answers tell of shares of few is found on another way.
    #[test]
    fn shares_of_few_have_the_same_interval_in_answers() {
        for whole in 0..40 {
            for part in 0..=whole {
                let ratio = handfast_model::Ratio {
                    part: i64::try_from(part).unwrap(),
                    whole,
                };
                let told = ratio.interval_of_few();
                assert_eq!(told.is_some(), (1..30).contains(&whole), "{ratio:?}");
                let Some((low, high)) = told else { continue };
                let found = wilson(part, whole).unwrap();
                assert!((found.low - low).abs() < 1e-12, "{ratio:?}: {low}");
                assert!((found.high - high).abs() < 1e-12, "{ratio:?}: {high}");
            }
        }
        let odd = |part| handfast_model::Ratio { part, whole: 5 }.interval_of_few();
        assert_eq!((odd(-1), odd(6)), (None, None));
    }

    /// Newcombe, Interval estimation for the difference between independent proportions (1998),
    /// table II, method 10.
    #[test]
    fn differences_are_those_that_newcombe_printed() {
        for (first, second, low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((6, 7), (2, 7), 0.0582, 0.8062),
            ((5, 56), (0, 29), -0.0381, 0.1926),
            ((0, 10), (0, 20), -0.1611, 0.2775),
            ((0, 10), (0, 10), -0.2775, 0.2775),
            ((10, 10), (0, 20), 0.6791, 1.0),
            ((10, 10), (0, 10), 0.6075, 1.0),
        ] {
            let of = |(part, whole)| wilson(part, whole).unwrap();
            let found = difference(&of(first), &of(second));
            assert!(
                (found.low - low).abs() < 6e-5,
                "{first:?} {second:?} {found:?}"
            );
            assert!(
                (found.high - high).abs() < 6e-5,
                "{first:?} {second:?} {found:?}"
            );
        }
    }

    /// Student's hours of sleep (1908): Welch's t is 1.8608 for a difference of 1.58 hours.
    #[test]
    fn means_differ_as_in_students_sleep() {
        let second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        let first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        let found = mean_difference(&second, &first).unwrap();
        assert!((found.share - 1.58).abs() < 1e-12, "{found:?}");
        let error = (found.high - found.share) / Z;
        assert!((found.share / error - 1.8608).abs() < 5e-5, "{found:?}");
        assert!((found.share - found.low - (found.high - found.share)).abs() < 1e-12);
        assert_eq!(mean_difference(&[1.0], &first), None);
        assert_eq!(mean_difference(&second, &[]), None);
    }
}
