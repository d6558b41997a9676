//! The wall clock of the invented company: civil time in Berlin, to the minute.
//!
//! The story is told in local time, as people live it; exports print it as UTC or as it hung on the
//! wall. The change of clocks follows the rule of the European Union since 1996, written out here
//! so that a company needs no zone database; a test holds it against the real one.

use handfast_model::{Day, Instant};

/// A local time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Stamp {
    /// The day.
    pub day: Day,
    /// Minutes since the day's midnight, as the clock shows them.
    pub minute: u16,
}

/// The zone whose clock hangs on the wall.
pub const ZONE: &str = "Europe/Berlin";

/// The first day of the story, 2024-01-01.
pub const FIRST_DAY: Day = Day(19_723);

/// The last day of the story, 2025-12-31.
pub const LAST_DAY: Day = Day(20_453);

impl Stamp {
    /// The instant. Of an hour that comes twice the first is meant; a time that is skipped is read
    /// as if the clock had not moved yet.
    pub fn instant(self) -> Instant {
        let minutes = i64::from(self.day.0) * 1_440 + i64::from(self.minute);
        let offset = if self.is_summer() { 120 } else { 60 };
        Instant((minutes - offset) * 60_000_000)
    }

    /// `2024-03-01T08:15:00Z`
    pub(crate) fn utc(self) -> String {
        self.instant().to_string()
    }

    /// `01.03.2024 09:15`
    pub(crate) fn wall(self) -> String {
        let (hour, minute) = (self.minute / 60, self.minute % 60);
        format!("{} {hour:02}:{minute:02}", dotted(self.day))
    }

    /// Some days later at another time of the working day; Saturdays become Fridays and Sundays
    /// Mondays, so that a planted median stays where it was planted.
    pub(crate) fn later(self, days: i32, minute: i32) -> Stamp {
        let day = self.day.plus(days);
        let day = match weekday(day) {
            5 if days > 0 => day.plus(-1),
            6 => day.plus(1),
            _ => day,
        };
        let minute = u16::try_from(minute).unwrap_or(540);
        let stamp = Stamp { day, minute };
        if stamp > self {
            stamp
        } else {
            self.minutes_later(7)
        }
    }

    /// A few minutes later; never past midnight, for the working day ends long before.
    pub(crate) fn minutes_later(self, minutes: u16) -> Stamp {
        Stamp {
            day: self.day,
            minute: (self.minute + minutes).min(1_439),
        }
    }

    fn is_summer(self) -> bool {
        let date = self.day.civil();
        let after = |change: Day, minute: u16| (self.day, self.minute) >= (change, minute);
        match date.month() {
            4..=9 => true,
            3 => after(last_sunday(self.day), 180),
            10 => !after(last_sunday(self.day), 180),
            _ => false,
        }
    }
}

/// `01.03.2024`
pub(crate) fn dotted(day: Day) -> String {
    let date = day.civil();
    format!("{:02}.{:02}.{:04}", date.day(), date.month(), date.year())
}

/// Days since Monday.
pub(crate) fn weekday(day: Day) -> i32 {
    (day.0 + 3).rem_euclid(7)
}

/// The last Sunday of the month that holds the day.
fn last_sunday(day: Day) -> Day {
    let date = day.civil();
    let last = day.plus(i32::from(date.days_in_month()) - i32::from(date.day()));
    last.plus(-((weekday(last) + 1) % 7))
}

#[cfg(test)]
mod tests {
    use super::*;
    use handfast_model::Calendar;

    #[test]
    fn the_wall_clock_agrees_with_the_zone_database_in_every_hour_of_the_story() {
        let berlin = Calendar::in_zone(ZONE).unwrap();
        for number in FIRST_DAY.0..=LAST_DAY.0 {
            let day = Day(number);
            let (start, next) = (berlin.start_of(day).0, berlin.start_of(day.plus(1)).0);
            for minute in (0..1_440).step_by(30) {
                let gone = i64::from(minute) * 60_000_000;
                // Before the change a day runs on from its start, after it back from its end.
                let before = start + gone;
                let after = next - (86_400_000_000 - gone);
                let expected = if minute < 180 { before } else { after };
                let minute = minute as u16;
                assert_eq!(
                    Stamp { day, minute }.instant().0,
                    expected,
                    "{day} {minute}"
                );
            }
        }
    }

    #[test]
    fn the_story_lasts_two_whole_years() {
        assert_eq!(FIRST_DAY.to_string(), "2024-01-01");
        assert_eq!(LAST_DAY.to_string(), "2025-12-31");
        assert_eq!(weekday(FIRST_DAY), 0);
    }
}
