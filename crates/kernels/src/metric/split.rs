//! By which periods an answer is split, and how days are cut where those begin.

use std::collections::BTreeSet;

use handfast_model::{Calendar, Day, Grain};

use crate::spread::Days;

/// By which periods an answer is split. Those of a measure may lie some days earlier than the ones
/// that it counts in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Split {
    /// A bit for each grain.
    grains: u8,
    /// So many days earlier.
    lag: i32,
}

impl Split {
    /// By no period.
    pub const NONE: Split = Split { grains: 0, lag: 0 };

    /// By these periods.
    pub fn of(grains: impl Iterator<Item = Grain>) -> Split {
        Split {
            grains: grains.fold(0, |grains, grain| grains | bit(grain)),
            lag: 0,
        }
    }

    /// The same for a measure whose periods lie so many days earlier.
    pub fn earlier(self, lag: i32) -> Split {
        Split { lag, ..self }
    }

    /// The shortest kind of period.
    pub fn finest(self) -> Option<Grain> {
        self.grains().next()
    }

    fn grains(self) -> impl Iterator<Item = Grain> {
        Grain::ALL
            .into_iter()
            .filter(move |grain| self.grains & bit(*grain) != 0)
    }

    /// The row of a day: the first day of each of its periods. Without a day none is known.
    pub fn row(self, day: Option<Day>, calendar: &Calendar) -> Vec<Option<Day>> {
        let first = |grain| Some(calendar.period_of(day?.plus(self.lag), grain).from);
        self.grains().map(first).collect()
    }

    /// Days in as many parts as there are rows that hold some of them.
    pub fn cut(self, days: Days, calendar: &Calendar) -> Vec<Days> {
        let mut edges: BTreeSet<Day> = [days.from, days.until].into();
        let (from, until) = (days.from.plus(self.lag), days.until.plus(self.lag));
        for grain in self.grains() {
            let periods = calendar.periods(grain, from, until);
            let begins = periods.iter().skip(1).map(|period| period.from);
            edges.extend(begins.map(|day| day.plus(-self.lag)));
        }
        let ends = edges.iter().skip(1);
        let parts = edges.iter().zip(ends);
        parts
            .map(|(from, until)| Days {
                from: *from,
                until: *until,
            })
            .collect()
    }
}

fn bit(grain: Grain) -> u8 {
    1 << grain as u8
}
