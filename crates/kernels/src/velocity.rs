//! How long pursuits take, exactly: calendar days between days, seconds between instants.
//!
//! Durations are members, one per pursuit, so that a mean can always be listed. This module
//! refuses to estimate: open pursuits have no duration here. Where moments come from is told in
//! `journey`.

use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{Calendar, Ratio, When, planted};

use crate::journey::{Journeys, Moment};

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 1;

const DAY_SECONDS: i64 = 86_400;

/// How long something took. Contradicting dates make it negative, on purpose.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Elapsed {
    /// Seconds; a calendar day has 86 400, whatever the clocks did.
    pub seconds: i64,
    /// Whether it is a number of calendar days.
    pub is_calendar: bool,
}

/// One pursuit's way from a start to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cycle {
    /// Index into [`Journeys::pursuits`].
    pub pursuit: u32,
    /// How it ended.
    pub outcome: StepRole,
    /// The start.
    pub from: Moment,
    /// The end.
    pub until: Moment,
    /// The time between.
    pub elapsed: Elapsed,
}

/// Exact figures of a list of durations.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Summary {
    /// How many.
    pub count: u64,
    /// Their sum in seconds.
    pub sum_seconds: i64,
    /// Twice the median in seconds (the sum of the two middle ones); `None` of nothing.
    pub median_twice_seconds: Option<i64>,
}

impl Summary {
    /// The mean in days, exact and in lowest terms.
    pub fn mean_days(&self) -> Ratio {
        lowest(self.sum_seconds, self.count * DAY_SECONDS as u64)
    }

    /// The median in days, exact and in lowest terms; over nothing it has no value.
    pub fn median_days(&self) -> Ratio {
        match self.median_twice_seconds {
            Some(twice) => lowest(twice, 2 * DAY_SECONDS as u64),
            None => Ratio { part: 0, whole: 0 },
        }
    }

    /// The median in half days when it is a whole number of them, as between dates it always is.
    pub fn median_half_days(&self) -> Option<i64> {
        self.median_twice_seconds
            .filter(|twice| twice % DAY_SECONDS == 0)
            .map(|twice| twice / DAY_SECONDS)
    }
}

/// The time between two moments: two days differ in calendar days, two instants in whole seconds,
/// mixed ones in calendar days of the reporting zone. `None` when either is undated.
pub fn elapsed(from: When, until: When, calendar: &Calendar) -> Option<Elapsed> {
    match (from, until) {
        (When::At(from), When::At(until)) => Some(Elapsed {
            seconds: (until.0 - from.0).div_euclid(1_000_000),
            is_calendar: false,
        }),
        _ => {
            let days = i64::from(until.day(calendar)?.0) - i64::from(from.day(calendar)?.0);
            Some(Elapsed {
                seconds: days * DAY_SECONDS,
                is_calendar: true,
            })
        }
    }
}

/// The cycle of every ended pursuit: from its opening, or from its first dated entry of `from`,
/// to its end. Pursuits without either moment have none.
pub fn cycles(journeys: &Journeys, calendar: &Calendar, from: Option<StepIx>) -> Vec<Cycle> {
    let mut cycles = Vec::new();
    for (index, pursuit) in (0u32..).zip(&journeys.pursuits) {
        let start = match from {
            None => Some(pursuit.opened),
            Some(step) => pursuit
                .visits
                .iter()
                .find(|visit| visit.step == step && visit.entered.at.is_some())
                .map(|visit| visit.entered),
        };
        let (Some(start), Some(end)) = (start, pursuit.end) else {
            continue;
        };
        if let Some(elapsed) = elapsed(start.when, end.moment.when, calendar) {
            cycles.push(Cycle {
                pursuit: index,
                outcome: end.role,
                from: start,
                until: end.moment,
                elapsed,
            });
        }
    }
    cycles
}

/// Exact count, sum and median.
pub fn summary(times: impl IntoIterator<Item = Elapsed>) -> Summary {
    let mut seconds: Vec<i64> = times.into_iter().map(|time| time.seconds).collect();
    seconds.sort_unstable();
    let middle = |index: usize| seconds.get(index).copied();
    let half = seconds.len() / 2;
    let median_twice_seconds = match seconds.len() % 2 {
        1 => middle(half).map(|s| s.saturating_mul(2)),
        _ => planted!(MedianUpper, half.checked_sub(1), Some(half))
            .and_then(middle)
            .zip(middle(half))
            .map(|(a, b)| a.saturating_add(b)),
    };
    Summary {
        count: seconds.len() as u64,
        sum_seconds: seconds.iter().fold(0, |sum, s| sum.saturating_add(*s)),
        median_twice_seconds,
    }
}

fn lowest(part: i64, whole: u64) -> Ratio {
    let (mut a, mut b) = (part.unsigned_abs(), whole);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    match (whole, i64::try_from(a)) {
        (0, _) | (_, Err(_) | Ok(0)) => Ratio { part, whole },
        (_, Ok(divisor)) => Ratio {
            part: part / divisor,
            whole: whole / a,
        },
    }
}
