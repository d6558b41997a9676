//! Fiscal years of whole weeks: quarters of 13 weeks, months of 4 and 5, and every five or six
//! years a 53rd week, which the last month takes.

use jiff::civil;

use super::{Calendar, Day, Grain, Period};

/// How the fiscal year is cut into months.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MonthScheme {
    /// Calendar months.
    Calendar,
    /// Quarters of 4, 4 and 5 weeks.
    Weeks445,
    /// Quarters of 4, 5 and 4 weeks, as retailers count.
    Weeks454,
    /// Quarters of 5, 4 and 4 weeks.
    Weeks544,
}

impl MonthScheme {
    /// All schemes.
    pub const ALL: [MonthScheme; 4] = [
        MonthScheme::Calendar,
        MonthScheme::Weeks445,
        MonthScheme::Weeks454,
        MonthScheme::Weeks544,
    ];

    /// The word used in charters.
    pub fn word(self) -> &'static str {
        match self {
            MonthScheme::Calendar => "calendar",
            MonthScheme::Weeks445 => "4-4-5",
            MonthScheme::Weeks454 => "4-5-4",
            MonthScheme::Weeks544 => "5-4-4",
        }
    }

    /// The weeks of a quarter's three months; `None` where months are the calendar's.
    pub fn weeks(self) -> Option<[i32; 3]> {
        match self {
            MonthScheme::Calendar => None,
            MonthScheme::Weeks445 => Some([4, 4, 5]),
            MonthScheme::Weeks454 => Some([4, 5, 4]),
            MonthScheme::Weeks544 => Some([5, 4, 4]),
        }
    }
}

/// Where a year of whole weeks ends, seen from the last day of the month before it starts anew.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum YearEnd {
    /// With the week whose last day is nearest to it.
    Nearest,
    /// With the last week that ends within that month.
    Last,
}

impl YearEnd {
    /// Both, with the words used in charters.
    pub const WORDS: [(&'static str, YearEnd); 2] =
        [("nearest", YearEnd::Nearest), ("last", YearEnd::Last)];
}

/// By which of its two calendar years a fiscal year is named.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum YearName {
    /// The year in which it ends.
    End,
    /// The year in which it starts.
    Start,
}

impl YearName {
    /// Both, with the words used in charters.
    pub const WORDS: [(&'static str, YearName); 2] =
        [("end", YearName::End), ("start", YearName::Start)];
}

/// Weeks of a quarter; a 53rd week belongs to the fourth.
const QUARTER: i32 = 13;

impl Calendar {
    /// First day of the year of whole weeks that starts around a calendar year's starting month.
    fn start_of_weeks(&self, year: i16) -> Day {
        let first = civil::Date::new(year, self.year_starts, 1).unwrap_or(civil::date(1970, 1, 1));
        let back = i32::from(first.weekday().since(self.week_starts));
        let first = Day::from_civil(first);
        match self.year_ends {
            YearEnd::Nearest if back > 3 => first.plus(7 - back),
            YearEnd::Nearest | YearEnd::Last => first.plus(-back),
        }
    }

    pub(super) fn period_of_weeks(&self, day: Day, grain: Grain, weeks: [i32; 3]) -> Period {
        let mut year = day.civil().year().saturating_add(1).min(9999);
        while year > 1 && self.start_of_weeks(year) > day {
            year -= 1;
        }
        let start = self.start_of_weeks(year);
        let next = match year {
            9999 => start.plus(52 * 7),
            _ => self.start_of_weeks(year + 1),
        };
        let name = self.year_label(year);
        let week = (day.0 - start.0).div_euclid(7);
        let quarter = (week / QUARTER).clamp(0, 3);
        let [first, second, _] = weeks;
        // Each month's first week, counted from the quarter's.
        let begins = [0, first, first + second, QUARTER];
        let in_quarter = week - quarter * QUARTER;
        let month = match in_quarter {
            w if w < first => 0usize,
            w if w < first + second => 1,
            _ => 2,
        };
        let at_week = |week: i32| start.plus(week * 7);
        // What comes last in the year ends with it, a 53rd week included.
        let until = |week: i32| {
            if week >= 4 * QUARTER {
                next
            } else {
                at_week(week)
            }
        };
        let edge = |nth: usize| quarter * QUARTER + begins.get(nth).copied().unwrap_or(QUARTER);
        let (from, until, label) = match grain {
            Grain::Year => (start, next, name),
            Grain::Quarter => {
                let label = format!("{name}-Q{}", quarter + 1);
                (at_week(edge(0)), until(edge(3)), label)
            }
            Grain::Month => {
                let number = quarter * 3 + i32::try_from(month).unwrap_or(0) + 1;
                let label = format!("{name}-P{number:02}");
                (at_week(edge(month)), until(edge(month + 1)), label)
            }
            Grain::Week | Grain::Day => {
                let label = format!("{name}-W{:02}", week + 1);
                (at_week(week), at_week(week + 1), label)
            }
        };
        Period { from, until, label }
    }
}
