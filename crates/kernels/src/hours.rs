//! Business time: how much of a stretch of time people work in, and when so much of it is over.
//!
//! The hours are those of the clock on the wall: on a day on which clocks are changed a shift is as
//! long as it is. This module knows no teams and no promises; see `handoff`.

use handfast_model::hours::Hours;
use handfast_model::{Calendar, Instant, planted};

use crate::spread::Days;

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 1;

/// A stretch in which people work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Open {
    from: Instant,
    until: Instant,
    /// Microseconds of work before it.
    before: i64,
}

/// Working time between two days, in order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Clock(Vec<Open>);

impl Clock {
    /// The working time of these days, in the calendar's zone.
    pub fn new(hours: &Hours, calendar: &Calendar, days: Days) -> Clock {
        let mut open: Vec<Open> = Vec::new();
        let mut before = 0;
        for day in days.from.0..days.until.0 {
            let day = handfast_model::Day(day);
            let shifts = hours.of(day);
            if shifts.is_empty() {
                continue;
            }
            for (start, end, wall) in calendar.stretches(day) {
                for shift in shifts {
                    let at = |minute: u16| {
                        let since = i64::from(minute) * 60_000_000 - wall;
                        Instant(start.0.saturating_add(since)).clamp(start, end)
                    };
                    let (from, until) = (at(shift.from), at(shift.until));
                    if from < until {
                        open.push(Open {
                            from,
                            until,
                            before,
                        });
                        before += until.0 - from.0;
                    }
                }
            }
        }
        Clock(open)
    }

    /// Microseconds of work before an instant.
    fn before(&self, at: Instant) -> i64 {
        let begun = self.0.partition_point(|open| open.from < at);
        let last = begun.checked_sub(1).and_then(|last| self.0.get(last));
        last.map_or(0, |open| open.before + at.min(open.until).0 - open.from.0)
    }

    /// Microseconds of work between two instants; below zero where the second comes first.
    pub fn between(&self, from: Instant, until: Instant) -> i64 {
        let work = self.before(until) - self.before(from);
        planted!(WorkAllNight, work, until.0 - from.0)
    }

    /// The first instant at which so many microseconds of work are over since another; `None`
    /// where the days of this clock do not reach so far.
    pub fn deadline(&self, start: Instant, micros: i64) -> Option<Instant> {
        if micros <= 0 {
            return Some(start);
        }
        let due = self.before(start).checked_add(micros)?;
        self.reaches(due, |worked| worked < due)
    }

    /// The last instant at which no more than so many microseconds of work are over since
    /// another: the deadline, or where that ends a shift, the beginning of the next.
    pub fn last(&self, start: Instant, micros: i64) -> Option<Instant> {
        let due = self.before(start).checked_add(micros)?;
        self.reaches(due, |worked| worked <= due)
    }

    /// Where so much work is reached, in the first stretch whose work until its end is not passed.
    fn reaches(&self, due: i64, is_passed: impl Fn(i64) -> bool) -> Option<Instant> {
        let ends = |open: &Open| open.before + open.until.0 - open.from.0;
        let at = self.0.partition_point(|open| is_passed(ends(open)));
        let open = self.0.get(at)?;
        Some(Instant(open.from.0 + due - open.before))
    }
}
