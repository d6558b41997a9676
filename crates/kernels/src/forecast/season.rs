//! Whether more is won in the last month of a quarter than in the first: wins of past months
//! against what the chances say, by the month's place in its quarter.
//!
//! Places differ by chance alone too. How much of the difference counts is told from how far months
//! of one place differ from each other: with B the variance of places, W that of months within a
//! place and n months of each, the share 1 − 2 (W/n)/B, and nothing below 0.

use super::hazard::{Fit, Stay, stays};
use super::{State, Track};

/// Months of a quarter.
const PLACES: usize = 3;
/// A place has a factor of its own when so many of its months were seen.
const MONTHS: usize = 2;

/// How wins go by a month's place in its quarter.
#[derive(Clone, Debug)]
pub(super) struct Season<'t> {
    months: &'t [(i32, u8)],
    factors: [f64; PLACES],
}

/// A month that was seen from its first to its last day.
struct Month {
    place: usize,
    won: u64,
    expected: f64,
}

impl<'t> Season<'t> {
    /// Of months by their first days, with their places; learned of what had happened by a day.
    pub fn of(months: &'t [(i32, u8)], tracks: &[Track], (fit, at): (&Fit, i32)) -> Season<'t> {
        let mut season = Season {
            months,
            factors: [1.0; PLACES],
        };
        let whole = months.iter().zip(months.iter().skip(1));
        let whole: Vec<(i32, i32, usize)> = whole
            .filter(|((from, _), (until, _))| *from > fit.after && *until <= at + 1)
            .map(|((from, place), (until, _))| (*from, *until, usize::from(*place)))
            .collect();
        let mut seen: Vec<Month> = whole
            .iter()
            .map(|(.., place)| Month {
                place: *place,
                won: 0,
                expected: 0.0,
            })
            .collect();
        for stay in tracks.iter().flat_map(|track| stays(track, at)) {
            let first = whole.partition_point(|(_, until, _)| *until <= stay.since + 1);
            let touched = whole.iter().zip(&mut seen).skip(first);
            for ((from, until, _), month) in touched {
                if *from > stay.until {
                    break;
                }
                let is_won = stay.next == Some(State::Won) && stay.until < *until;
                month.won += u64::from(is_won);
                month.expected += fit.expected(&stay, (from - 1, until - 1));
            }
        }
        if let Some(factors) = factors(&seen) {
            season.factors = factors;
        }
        season
    }

    /// The factor of a day.
    pub fn on(&self, day: i32) -> f64 {
        let known = self.months.partition_point(|(from, _)| *from <= day);
        let month = known.checked_sub(1).and_then(|at| self.months.get(at));
        let factor = month.and_then(|(_, place)| self.factors.get(usize::from(*place)));
        factor.copied().unwrap_or(1.0)
    }

    /// How many wins chances and season say of a stay's days in `(after, until]`.
    pub fn expected(&self, fit: &Fit, stay: &Stay, (after, until): (i32, i32)) -> f64 {
        if self.factors == [1.0; PLACES] {
            return fit.expected(stay, (after, until));
        }
        let (mut from, last) = (after.max(stay.since), until.min(stay.until));
        let mut sum = 0.0;
        while from < last {
            let next = self.months.partition_point(|(day, _)| *day <= from + 1);
            let next = self
                .months
                .get(next)
                .map_or(last, |(day, _)| day - 1)
                .min(last);
            sum += self.on(from + 1) * fit.expected(stay, (from, next));
            from = next;
        }
        sum
    }
}

fn factors(months: &[Month]) -> Option<[f64; PLACES]> {
    let sums = |of: &dyn Fn(&&Month) -> bool| {
        let of = months.iter().filter(of);
        of.fold((0.0, 0.0), |(won, expected), month| {
            (won + month.won as f64, expected + month.expected)
        })
    };
    let (won, expected) = sums(&|_| true);
    let all = Some(won / expected).filter(|all| all.is_finite() && *all > 0.0)?;
    let mut own = [1.0; PLACES];
    for (place, own) in own.iter_mut().enumerate() {
        if months.iter().filter(|month| month.place == place).count() < MONTHS {
            return None;
        }
        let (won, expected) = sums(&|month| month.place == place);
        *own = Some(won / expected / all).filter(|own| own.is_finite())?;
    }
    let between = own.iter().map(|own| (own - 1.0).powi(2)).sum::<f64>() / (PLACES - 1) as f64;
    let within = months
        .iter()
        .filter(|month| month.expected > 0.0)
        .map(|month| {
            let own = own.get(month.place).copied().unwrap_or(1.0);
            (month.won as f64 / month.expected / all - own).powi(2)
        });
    let within = within.sum::<f64>() / (months.len() - PLACES) as f64;
    let each = months.len() as f64 / PLACES as f64;
    let share = 1.0 - 2.0 * within / each / between;
    let share = if share.is_finite() {
        share.max(0.0)
    } else {
        0.0
    };
    Some(own.map(|own| 1.0 + share * (own - 1.0)))
}
