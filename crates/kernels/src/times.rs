//! How long stays last and how soon entries are followed up, those that are not over included: the
//! observations that `survival` estimates from.
//!
//! What happens at or after the horizon has not been seen by all sources: it is still under way
//! here. This module refuses to estimate, and leaves out what has no date.

use handfast_model::rules::StepIx;
use handfast_model::{Calendar, Instant, When, planted};

use crate::cohort::CohortEntry;
use crate::funnel::Stay;
use crate::journey::{Journeys, Moment};
use crate::survival::Observation;
use crate::velocity::{Elapsed, elapsed};

/// The cause of an end: the stay was left, the stage reached, the lead answered.
pub const REACHED: u8 = 1;

/// The cause of an end: the pursuit was lost, disqualified or went dormant before it got there.
pub const ENDED: u8 = 2;

/// What the sources show: everything that was under way in `[from, until)`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sight {
    /// They show nothing that was over before this instant; `None` = they show everything.
    pub from: Option<Instant>,
    /// They show nothing from this instant on: the horizon.
    pub until: Instant,
}

/// A time with whether it is over, and what an estimate takes from it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timed {
    /// How long it took, or has taken until last seen.
    pub elapsed: Elapsed,
    /// What is known of it.
    pub observation: Observation,
}

impl Sight {
    /// The last moment that the sources show.
    fn last(self) -> When {
        When::At(Instant(self.until.0.saturating_sub(1)))
    }

    /// The time from `from` to `until`, or as far as it was seen. `None` without a start, when it
    /// is over without a date, or when it starts beyond the horizon.
    pub fn time(self, from: When, until: Option<When>, calendar: &Calendar) -> Option<Timed> {
        let start = from.start(calendar).filter(|start| *start < self.until)?;
        let seen = match until {
            Some(until) => Some(until).filter(|_| until.start(calendar) < Some(self.until)),
            None => None,
        };
        if let Some(until) = until {
            until.start(calendar)?;
        }
        let elapsed_at = |at: When| elapsed(from, at, calendar);
        let late = self.from.filter(|edge| start < *edge);
        let entry = late.and_then(|edge| elapsed_at(When::At(Instant(edge.0.saturating_sub(1)))));
        let elapsed = elapsed_at(seen.unwrap_or(self.last()))?;
        Some(Timed {
            elapsed,
            observation: Observation {
                entry: entry.map(|entry| entry.seconds),
                exit: elapsed.seconds,
                cause: seen.map(|_| REACHED),
            },
        })
    }

    /// The time from `from` to an answer, or to where waiting stopped before, or as far as it was
    /// seen. `None` also where it stopped without a date, and nobody had answered.
    pub fn wait(
        self,
        from: When,
        answer: Option<When>,
        stop: Option<Moment>,
        calendar: &Calendar,
    ) -> Option<Timed> {
        let Some(stop) = stop else {
            return self.time(from, answer, calendar);
        };
        let answered = answer.and_then(|answer| answer.start(calendar));
        let is_answered = answered.is_some_and(|at| stop.at.is_none_or(|stop| at <= stop));
        if is_answered || stop.at >= Some(self.until) {
            return self.time(from, answer, calendar);
        }
        stop.at?;
        let start = from.start(calendar).filter(|start| *start < self.until)?;
        let elapsed = match Some(start) < stop.at {
            true => elapsed(from, stop.when, calendar)?,
            false => Elapsed {
                seconds: 0,
                is_calendar: false,
            },
        };
        Some(Timed {
            elapsed,
            observation: Observation {
                entry: None,
                exit: elapsed.seconds,
                cause: None,
            },
        })
    }

    /// A stay's time in its step. Implied stays have none: nobody stayed.
    pub fn stay(self, stay: &Stay, journeys: &Journeys, calendar: &Calendar) -> Option<Timed> {
        let mut visits = stay.members.iter().filter_map(|at| at.of(journeys));
        let is_real = visits.any(|visit| planted!(SkippedHaveTimes, !visit.is_implied, true));
        let until = stay.left.map(|left| left.when);
        is_real
            .then(|| self.time(stay.entered.when, until, calendar))
            .flatten()
    }

    /// A cohort entry's way to a step or beyond, in calendar days: it got there, its pursuit ended
    /// before, or it is still on its way. A later end than the step does not undo having got there.
    pub fn reach(
        self,
        entry: &CohortEntry,
        step: StepIx,
        journeys: &Journeys,
        calendar: &Calendar,
    ) -> Option<Observation> {
        let entered = entry.entered.when.day(calendar)?;
        let start = entry.entered.at.filter(|start| *start < self.until)?;
        let days = |day: handfast_model::Day| i64::from(day.0) - i64::from(entered.0);
        let seen_at = |when: When| when.start(calendar).is_none_or(|at| at < self.until);
        let reached = entry.reached.get(usize::from(step.0)).copied().flatten();
        let pursuit = journeys.pursuits.get(entry.visit.pursuit as usize);
        let end = pursuit.and_then(|pursuit| pursuit.end);
        let over = match (reached, end) {
            (Some(reach), _) => Some((reach.moment.when, REACHED)),
            (None, Some(end)) => Some((end.moment.when, ENDED)),
            (None, None) => None,
        };
        let (exit, cause) = match over.filter(|(when, _)| seen_at(*when)) {
            Some((when, cause)) => (days(when.day(calendar)?), Some(cause)),
            None => (days(self.last().day(calendar)?), None),
        };
        let late = self.from.filter(|edge| start < *edge);
        let before = late.map(|edge| days(calendar.day_of(Instant(edge.0.saturating_sub(1)))));
        Some(Observation {
            entry: before,
            exit,
            cause,
        })
    }
}
