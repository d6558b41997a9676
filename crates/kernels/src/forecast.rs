//! What will be won in a window of days: deals and their value, as a range, by parts.
//!
//! A pursuit is seen as a [`Track`]: at the end of which day it stood where. From all days that
//! were seen, `hazard` learns how often a pursuit of a stage and age is won, moves on or ends on
//! the next day, and how many are won of those that stand somewhere (a chain of days with competing
//! ends). `season` learns whether quarters end with more wins than they begin with, `level` how
//! many
//! come to be, and whether more or fewer are won of late than the chances say; `paths` plays the
//! window many times. `rules` are the plain rules that a forecast must beat, `score` says who was
//! right, and `rolling` forecasts past windows with nothing but what had happened by then and falls
//! back to the rule that did best, also while too few of them have tried the model.
//!
//! Everything that is drawn depends on the seed and the number of a path, and nothing uses a
//! function whose last digit depends on the machine: the same tracks give the same whole numbers
//! everywhere. This room refuses to know dates, currencies and the charter: days are numbers,
//! values minor units of one currency.

mod gamma;
mod hazard;
mod level;
mod paths;
pub mod rolling;
mod rules;
pub mod score;
mod season;
#[cfg(test)]
mod tests;

pub use gamma::LEVELS;
pub(crate) use gamma::{NINTH, figure};
pub use hazard::Fit;
pub use level::{Level, level};
pub(crate) use paths::Values;
pub use paths::{Forecast, GroupRanges, Played, play};
pub use rules::Rule;
pub use score::{Range, Scores};

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 2;

/// How many times a window is played for an answer.
pub const PATHS: usize = 10_000;

/// Where a pursuit stands at the end of a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// In a stage, by its place.
    In(u8),
    /// Won.
    Won,
    /// Ended otherwise.
    Gone,
}

/// One pursuit as a forecast sees it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Track {
    /// Its group, where the answer is split.
    pub group: u32,
    /// From the end of which day on it stood where; days ascend.
    pub stands: Vec<(i32, State)>,
    /// The day from which on it has a deal.
    pub deal_from: Option<i32>,
    /// What it was won for, in minor units; 0 where nothing is known or it was not won.
    pub value: i64,
    /// What its deal was worth from a day on, where the day is known.
    pub amounts: Vec<(i32, i64)>,
}

impl Track {
    /// Where it stood at the end of a day, and since when; `None` before it came.
    pub fn at(&self, day: i32) -> Option<(i32, State)> {
        let known = self.stands.partition_point(|(since, _)| *since <= day);
        self.stands.get(known.checked_sub(1)?).copied()
    }

    /// The day on which it was won.
    pub fn won_on(&self) -> Option<i32> {
        let won = self.stands.iter().find(|(_, state)| *state == State::Won);
        won.map(|(day, _)| *day)
    }

    /// Its own amount at the end of a day, as far as it is dated.
    pub fn amount_at(&self, day: i32) -> Option<i64> {
        let known = self.amounts.partition_point(|(since, _)| *since <= day);
        Some(self.amounts.get(known.checked_sub(1)?)?.1)
    }
}

/// The window that is forecast, and what is known: everything up to the end of a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// The last day that is known.
    pub at: i32,
    /// The first day of the window; what of it is known counts as it is.
    pub from: i32,
    /// The first day after it.
    pub until: i32,
}

impl Window {
    /// How many days from what is known until the day before the window.
    pub fn lead(&self) -> usize {
        usize::try_from(self.from - 1 - self.at).unwrap_or(0)
    }

    /// How many days from what is known until its last day.
    pub fn reach(&self) -> usize {
        usize::try_from(self.until - 1 - self.at).unwrap_or(0)
    }

    /// How many of its days are still to come.
    pub fn left(&self) -> i32 {
        (self.until - self.from.max(self.at + 1)).max(0)
    }
}

/// What of a window's result comes from where.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    /// Won in the window by the day that is known.
    Already,
    /// Pursuits under way that have a deal.
    Open,
    /// Pursuits under way that have none yet.
    Leads,
    /// What is still to come to be.
    New,
}

impl Part {
    /// All of them, in order.
    pub const ALL: [Part; 4] = [Part::Already, Part::Open, Part::Leads, Part::New];

    /// The word used in answers.
    pub fn word(self) -> &'static str {
        match self {
            Part::Already => "already_won",
            Part::Open => "open_deals",
            Part::Leads => "leads_in_hand",
            Part::New => "still_to_be_created",
        }
    }
}
