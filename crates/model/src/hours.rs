//! When people work: hours of the week, days off, and what a handoff between two teams promises.
//! How much of a stretch of time that is, is counted in `kernels::hours`.

use std::collections::BTreeSet;

use crate::rules::{Side, Team};
use crate::time::{Calendar, Day};

/// Working minutes of a day, `[from, until)` since midnight by the clock on the wall.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Shift {
    /// First minute.
    pub from: u16,
    /// First minute after; 1,440 is the end of the day.
    pub until: u16,
}

impl Shift {
    /// Reads `09:00-17:30`; `00:00-24:00` is a whole day.
    pub fn parse(text: &str) -> Option<Shift> {
        let (from, until) = text.split_once(['-', '–'])?;
        let minute = |text: &str| {
            let (hours, minutes) = text.trim().split_once(':')?;
            let is_short = hours.len() <= 2 && minutes.len() == 2;
            let both = hours.parse::<u16>().ok().zip(minutes.parse::<u16>().ok());
            let (hours, minutes) = both.filter(|_| is_short)?;
            let minute = hours * 60 + minutes;
            (minutes < 60 && minute <= 1_440).then_some(minute)
        };
        let (from, until) = (minute(from)?, minute(until)?);
        (from < until).then_some(Shift { from, until })
    }

    /// As charters write it.
    pub fn text(self) -> String {
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        format!("{}-{}", clock(self.from), clock(self.until))
    }
}

/// When people work.
#[derive(Clone, Debug)]
pub struct Hours {
    /// By weekday from Monday, in order, none overlapping another.
    pub week: [Vec<Shift>; 7],
    /// Days on which nobody works.
    pub holidays: BTreeSet<Day>,
    /// Teams whose clocks are of another zone, by id.
    pub zones: Vec<(String, Calendar)>,
}

impl Hours {
    /// The shifts of a day.
    pub fn of(&self, day: Day) -> &[Shift] {
        if self.holidays.contains(&day) {
            return &[];
        }
        // 1970-01-01 was a Thursday.
        let weekday = (i64::from(day.0) + 3).rem_euclid(7);
        let shifts = usize::try_from(weekday)
            .ok()
            .and_then(|at| self.week.get(at));
        shifts.map_or(&[], Vec::as_slice)
    }
}

/// What one team promises another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Handoff {
    /// Its name in questions.
    pub name: String,
    /// Who hands over.
    pub from: Party,
    /// Who takes over, and is to answer.
    pub to: Party,
    /// From when time runs.
    pub starts: Starts,
    /// How long there is to answer.
    pub within: Within,
    /// The reasons that a rejection may give; none = any.
    pub reject_reasons: Vec<String>,
    /// What it means that nobody answered in time.
    pub silence: Silence,
}

/// A side of the house, or one team of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Party {
    /// All teams of a side.
    Side(Side),
    /// One team, by its id.
    Team(String),
}

impl Party {
    /// The word used in charters.
    pub fn word(&self) -> &str {
        match self {
            Party::Side(side) => side.word(),
            Party::Team(team) => team,
        }
    }

    /// Its side.
    pub fn side(&self, teams: &[Team]) -> Option<Side> {
        match self {
            Party::Side(side) => Some(*side),
            Party::Team(id) => {
                let found = teams.iter().find(|team| team.id == *id);
                found.map(|team| team.side)
            }
        }
    }

    /// Whether a team is it, or of it. Of a team that is not known nobody can tell: it is of any
    /// side, and no team by name.
    pub fn holds(&self, team: Option<&str>, teams: &[Team]) -> bool {
        match (self, team) {
            (Party::Side(_), None) => true,
            (Party::Side(side), Some(team)) => {
                let found = teams.iter().find(|known| known.id == team);
                found.is_none_or(|known| known.side == *side)
            }
            (Party::Team(id), team) => team == Some(id),
        }
    }
}

/// From when the time of a handoff runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Starts {
    /// The lead's creation.
    Creation,
    /// Its first assignment to a rep.
    Assignment,
    /// Each entry of a pursuit into this stage.
    Entry(String),
}

impl Starts {
    /// The word used in charters.
    pub fn word(&self) -> &'static str {
        match self {
            Starts::Creation => "creation",
            Starts::Assignment => "assignment",
            Starts::Entry(_) => "entry",
        }
    }
}

/// How long there is to answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Within {
    /// So many hours by the charter's working hours.
    BusinessHours(u32),
    /// So many hours by any clock.
    Hours(u32),
    /// So many days: 24 hours each, or calendar days where a date has no time.
    Days(u32),
}

impl Within {
    /// Reads `8 business hours`, `24 hours`, `2 days`.
    pub fn parse(text: &str) -> Option<Within> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (count, unit) = words.split_first()?;
        let count = count
            .parse()
            .ok()
            .filter(|count| (1..=8_760).contains(count))?;
        match unit {
            ["business", "hours" | "hour"] => Some(Within::BusinessHours(count)),
            ["hours" | "hour"] => Some(Within::Hours(count)),
            ["days" | "day"] => Some(Within::Days(count)),
            _ => None,
        }
    }

    /// As charters write it.
    pub fn text(self) -> String {
        let (count, unit) = match self {
            Within::BusinessHours(count) => (count, "business hour"),
            Within::Hours(count) => (count, "hour"),
            Within::Days(count) => (count, "day"),
        };
        format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

/// What it means that nobody answered in time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Silence {
    /// It is overdue, and waits on.
    Overdue,
    /// It counts as accepted.
    Accepted,
}

impl Silence {
    /// The words used in charters.
    pub const WORDS: [(&'static str, Silence); 2] = [
        ("overdue", Silence::Overdue),
        ("accepted", Silence::Accepted),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_and_limits_read_back_as_themselves() {
        for text in ["09:00-17:30", "00:00-24:00", "08:05-08:06"] {
            assert_eq!(Shift::parse(text).unwrap().text(), text);
        }
        for text in [
            "17:00-09:00",
            "9-17",
            "09:60-10:00",
            "00:00-24:01",
            "09:00",
            "1:5-2:00",
        ] {
            assert_eq!(Shift::parse(text), None, "{text}");
        }
        for text in ["8 business hours", "1 hour", "24 hours", "2 days"] {
            assert_eq!(Within::parse(text).unwrap().text(), text);
        }
        for text in [
            "0 hours",
            "2 weeks",
            "2",
            "-1 days",
            "9000 hours",
            "1.5 days",
        ] {
            assert_eq!(Within::parse(text), None, "{text}");
        }
    }

    #[test]
    fn weekdays_begin_on_monday() {
        let shift = Shift { from: 0, until: 1 };
        let mut week: [Vec<Shift>; 7] = Default::default();
        week[2].push(shift);
        let day = |text: &str| Day::parse(text).unwrap();
        let hours = Hours {
            week,
            holidays: [day("2025-01-15")].into(),
            zones: Vec::new(),
        };
        assert_eq!(hours.of(day("2025-01-08")), [shift]);
        assert_eq!(hours.of(day("2025-01-09")), []);
        assert_eq!(hours.of(day("2025-01-15")), []);
        assert_eq!(hours.of(day("1969-12-31")), [shift]);
    }
}
