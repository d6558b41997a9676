//! Civil time, written out: the changes of the clock in the zones that worlds are told in.

/// Microseconds of an hour.
pub const HOUR: i64 = 3_600_000_000;
/// Microseconds of a day of twenty-four hours.
pub const DAY: i64 = 24 * HOUR;

/// When something happened, as its source claims.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Time {
    /// The source does not say.
    Unknown,
    /// A day since 1970-01-01, without a time.
    Day(i32),
    /// Microseconds since then, in UTC.
    At(i64),
}

/// A zone, by the rule of its clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Zone {
    /// No change at all.
    Utc,
    /// Three hours behind, without a change since 2019.
    SaoPaulo,
    /// One hour ahead; forward on the last Sunday of March, back on that of October, at 01:00 UTC.
    Berlin,
    /// Five hours behind; forward on the second Sunday of March, back on the first of November,
    /// both at two o'clock on the wall.
    NewYork,
    /// Ten hours ahead; forward on the first Sunday of October at two o'clock, back on the first
    /// of April at three.
    Sydney,
}

impl Zone {
    /// All zones.
    pub const ALL: [Zone; 5] = [
        Zone::Utc,
        Zone::SaoPaulo,
        Zone::Berlin,
        Zone::NewYork,
        Zone::Sydney,
    ];

    /// Its name in the zone database.
    pub fn name(self) -> &'static str {
        match self {
            Zone::Utc => "UTC",
            Zone::SaoPaulo => "America/Sao_Paulo",
            Zone::Berlin => "Europe/Berlin",
            Zone::NewYork => "America/New_York",
            Zone::Sydney => "Australia/Sydney",
        }
    }

    /// How far the wall clock is ahead of UTC at an instant.
    fn ahead(self, at: i64) -> i64 {
        let (year, _, _) = civil(at.div_euclid(DAY) as i32);
        let sunday = |month, nth| i64::from(sunday(year, month, nth)) * DAY;
        match self {
            Zone::Utc => 0,
            Zone::SaoPaulo => -3 * HOUR,
            // A clock that was never set shows 1970; only one of these had a summer then.
            Zone::Berlin if year < 1971 => HOUR,
            // Until the middle of 1971, when it is winter there: a new year takes no hour away.
            Zone::Sydney if at < 545 * DAY => 10 * HOUR,
            Zone::NewYork if year < 1971 => {
                let summer = sunday(4, None) + 7 * HOUR..sunday(10, None) + 6 * HOUR;
                -5 * HOUR + if summer.contains(&at) { HOUR } else { 0 }
            }
            Zone::Berlin => {
                let summer = sunday(3, None) + HOUR..sunday(10, None) + HOUR;
                HOUR + if summer.contains(&at) { HOUR } else { 0 }
            }
            Zone::NewYork => {
                let summer = sunday(3, Some(2)) + 7 * HOUR..sunday(11, Some(1)) + 6 * HOUR;
                -5 * HOUR + if summer.contains(&at) { HOUR } else { 0 }
            }
            Zone::Sydney => {
                let winter = sunday(4, Some(1)) - 8 * HOUR..sunday(10, Some(1)) - 8 * HOUR;
                10 * HOUR + if winter.contains(&at) { 0 } else { HOUR }
            }
        }
    }

    /// What the wall clock shows at an instant, as microseconds since 1970-01-01 00:00 there.
    pub fn wall(self, at: i64) -> i64 {
        at + self.ahead(at)
    }

    /// The instant of a time on the wall: of one that comes twice the first, of one that is
    /// skipped the instant as if the clock had not moved yet.
    pub fn instant(self, wall: i64) -> i64 {
        // No clock is more than a day away, and none changes twice within two days.
        let before = wall - self.ahead(wall - DAY);
        let after = wall - self.ahead(wall + DAY);
        let shows = |at: i64| self.wall(at) == wall;
        match (shows(before), shows(after)) {
            (true, true) => before.min(after),
            (false, true) => after,
            _ => before,
        }
    }

    /// The time on the wall that never was and is read as this instant, within the hour after the
    /// clock was set forward.
    pub fn skipped(self, at: i64) -> Option<i64> {
        let shown = at + self.ahead(at - DAY);
        (shown != self.wall(at) && self.instant(shown) == at).then_some(shown)
    }

    /// Whether the wall shows the time of this instant once more later.
    pub fn is_twice(self, at: i64) -> bool {
        self.wall(at + HOUR) == self.wall(at)
    }

    /// The instants of some days at which the clock is set.
    pub fn set(self, days: std::ops::Range<i32>) -> Vec<i64> {
        // Clocks are set at whole hours.
        let hours = i64::from(days.start) * 24..i64::from(days.end) * 24;
        let is_set = |at: &i64| self.ahead(*at) != self.ahead(at - HOUR);
        hours.map(|hour| hour * HOUR).filter(is_set).collect()
    }

    /// The instant at which a day starts.
    pub fn start(self, day: i32) -> i64 {
        self.instant(i64::from(day) * DAY)
    }

    /// The day of an instant.
    pub fn day(self, at: i64) -> i32 {
        self.wall(at).div_euclid(DAY) as i32
    }

    /// Where a time sorts: a day at its start.
    pub fn begin(self, time: Time) -> Option<i64> {
        match time {
            Time::Unknown => None,
            Time::Day(day) => Some(self.start(day)),
            Time::At(at) => Some(at),
        }
    }

    /// Where a close sorts: a day at its last microsecond.
    pub fn close(self, time: Time) -> Option<i64> {
        match time {
            Time::Day(day) => Some(self.start(day + 1) - 1),
            _ => self.begin(time),
        }
    }

    /// The day of a time.
    pub fn day_of(self, time: Time) -> Option<i32> {
        match time {
            Time::Unknown => None,
            Time::Day(day) => Some(day),
            Time::At(at) => Some(self.day(at)),
        }
    }
}

/// Seconds between two times: between two instants whole seconds, else calendar days.
pub fn seconds(zone: Zone, from: Time, until: Time) -> Option<i64> {
    match (from, until) {
        (Time::At(from), Time::At(until)) => Some((until - from).div_euclid(1_000_000)),
        _ => Some(i64::from(zone.day_of(until)? - zone.day_of(from)?) * 86_400),
    }
}

/// Year, month and day of a day since 1970-01-01.
pub fn civil(day: i32) -> (i32, u32, u32) {
    let mut year = 1970 + day.div_euclid(366);
    while day >= first_of(year + 1, 1) {
        year += 1;
    }
    let month = (1..=12).rev().find(|month| day >= first_of(year, *month));
    let month = month.unwrap_or(1);
    (year, month, (day - first_of(year, month) + 1) as u32)
}

/// The first day of a month.
pub fn first_of(year: i32, month: u32) -> i32 {
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let leap = |year: i32| year % 4 == 0 && year % 100 != 0 || year % 400 == 0;
    let before = year - 1;
    let years = before * 365 + before / 4 - before / 100 + before / 400 - 719_162;
    let months: i32 = lengths.iter().take(month as usize - 1).sum();
    years + months + i32::from(month > 2 && leap(year))
}

/// The nth Sunday of a month, or its last one.
fn sunday(year: i32, month: u32, nth: Option<i32>) -> i32 {
    let next = match month {
        12 => first_of(year + 1, 1),
        _ => first_of(year, month + 1),
    };
    let sundays = (first_of(year, month)..next).filter(|day| (day + 3).rem_euclid(7) == 6);
    let sundays: Vec<i32> = sundays.collect();
    match nth {
        Some(nth) => sundays[nth as usize - 1],
        None => sundays[sundays.len() - 1],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use handfast_model::{Calendar, Day as Date, Instant};

    #[test]
    fn the_clocks_agree_with_the_zone_database_in_every_hour_of_their_years() {
        for zone in Zone::ALL {
            let calendar = Calendar::in_zone(zone.name()).unwrap();
            for day in (0..350).chain(19_692..=20_850) {
                let start = calendar.start_of(Date(day));
                assert_eq!(zone.start(day), start.0, "{zone:?} {}", Date(day));
                for half in 0..50 {
                    let at = start.0 + half * HOUR / 2;
                    let expected = calendar.day_of(Instant(at));
                    assert_eq!(zone.day(at), expected.0, "{zone:?} {}", Instant(at));
                    assert!(zone.instant(zone.wall(at)) <= at);
                }
            }
        }
    }

    #[test]
    fn hours_that_never_were_or_come_twice_are_those_after_and_before_the_clock_is_set() {
        let hours = |zone: Zone, is: &dyn Fn(Zone, i64) -> bool| -> Vec<String> {
            // The year 2025.
            let all = (20_089..20_454).flat_map(|day| (0..24).map(move |hour| (day, hour)));
            let all = all.map(|(day, hour)| i64::from(day) * DAY + hour * HOUR);
            all.filter(|at| is(zone, *at))
                .map(|at| Instant(at).to_string())
                .collect()
        };
        for (zone, skipped, twice) in [
            (Zone::Berlin, "2025-03-30T01:00:00Z", "2025-10-26T00:00:00Z"),
            (
                Zone::NewYork,
                "2025-03-09T07:00:00Z",
                "2025-11-02T05:00:00Z",
            ),
            (Zone::Sydney, "2025-10-04T16:00:00Z", "2025-04-05T15:00:00Z"),
        ] {
            let is_skipped = |zone: Zone, at| zone.skipped(at).is_some();
            assert_eq!(hours(zone, &is_skipped), [skipped], "{zone:?}");
            assert_eq!(hours(zone, &Zone::is_twice), [twice], "{zone:?}");
            assert_eq!(zone.set(20_089..20_454).len(), 2, "{zone:?}");
        }
        assert!(Zone::SaoPaulo.set(20_089..20_454).is_empty());
    }

    #[test]
    fn days_have_their_dates() {
        for day in [-1, 0, 31, 58, 59, 60, 789, 11_016, 19_782, 20_088, 20_818] {
            let (year, month, date) = civil(day);
            assert_eq!(
                format!("{year:04}-{month:02}-{date:02}"),
                Date(day).to_string()
            );
        }
    }
}
