//! Time: instants in UTC, days that stay days, and the charter's calendar.
//!
//! "Now" is never read here; time is always an argument. A day without a time is placed in the
//! *reporting* zone, whatever zone its source keeps: a date stays a date (decision 0005).

use std::fmt;

use jiff::civil;
pub use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

mod starts;
mod weeks;

use starts::Starts;
pub use weeks::{MonthScheme, YearEnd, YearName};

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Instant(pub i64);

impl Instant {
    /// Reads an RFC 3339 instant with an offset or `Z`.
    pub fn parse(text: &str) -> Option<Instant> {
        text.trim()
            .parse::<Timestamp>()
            .ok()
            .map(|t| Instant(t.as_microsecond()))
    }

    fn timestamp(self) -> Timestamp {
        let (first, last) = (Timestamp::MIN, Timestamp::MAX);
        let micros = self.0.clamp(first.as_microsecond(), last.as_microsecond());
        Timestamp::from_microsecond(micros).unwrap_or(last)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

/// A calendar day: days since 1970-01-01, in no zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day(pub i32);

impl Day {
    /// 0001-01-01: no source is older.
    const FIRST: Day = Day(-719_162);
    /// 9999-12-31.
    const LAST: Day = Day(2_932_896);

    /// Reads `2018-01-31`.
    pub fn parse(text: &str) -> Option<Day> {
        let strict = text.len() == 10 && text.as_bytes().get(4) == Some(&b'-');
        strict
            .then(|| text.parse::<civil::Date>().ok())
            .flatten()
            .map(Day::from_civil)
    }

    /// The day of a civil date.
    pub fn from_civil(date: civil::Date) -> Day {
        let epoch = civil::date(1970, 1, 1);
        Day(epoch.until(date).map_or(0, |span| span.get_days()))
    }

    /// The civil date of this day; days beyond the calendar's ends are its ends.
    pub fn civil(self) -> civil::Date {
        let days = self.0.clamp(Day::FIRST.0, Day::LAST.0);
        civil::date(1970, 1, 1).saturating_add(days.days())
    }

    /// This day moved by whole days.
    pub fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.civil().fmt(f)
    }
}

/// How long something took: days between days, seconds between instants, never mixed silently.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ElapsedDays(pub i64);

/// The size of a period.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Grain {
    /// One calendar day.
    Day,
    /// Seven days from the charter's first day of the week.
    Week,
    /// A calendar month, or a month of whole weeks.
    Month,
    /// Three months of the fiscal year.
    Quarter,
    /// The fiscal year.
    Year,
}

impl Grain {
    /// All of them, the shortest first.
    pub const ALL: [Grain; 5] = [
        Grain::Day,
        Grain::Week,
        Grain::Month,
        Grain::Quarter,
        Grain::Year,
    ];

    /// The word used in questions.
    pub fn word(self) -> &'static str {
        match self {
            Grain::Day => "day",
            Grain::Week => "week",
            Grain::Month => "month",
            Grain::Quarter => "quarter",
            Grain::Year => "year",
        }
    }

    /// Reads the word used in questions.
    pub fn parse(word: &str) -> Option<Grain> {
        Grain::ALL.into_iter().find(|g| g.word() == word)
    }
}

/// A half-open stretch of days `[from, until)` in the reporting zone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Period {
    /// First day.
    pub from: Day,
    /// First day after.
    pub until: Day,
    /// How people name it: `2018-01`, `2018-Q1`, `FY2019-Q1`, `2018-W05`, `2018-01-01..2018-02-15`.
    pub label: String,
}

/// The charter's calendar: zone, fiscal year, week.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    starts: Starts,
    zone_name: String,
    /// Month (1–12) in which the fiscal year starts.
    pub year_starts: i8,
    /// How its months are cut.
    pub months: MonthScheme,
    /// Where a year of whole weeks ends.
    pub year_ends: YearEnd,
    /// By which of its two calendar years a fiscal year is named.
    pub year_named: YearName,
    /// First day of the week.
    pub week_starts: Weekday,
}

/// The zone that was probably meant by a name that is none: a city without its continent, or with
/// the capitals of nobody's.
pub fn zone_meant(text: &str) -> Option<String> {
    let city: Vec<String> = text
        .trim()
        .rsplit('/')
        .next()?
        .split([' ', '_'])
        .map(|word| {
            let first = word.chars().take(1).flat_map(char::to_uppercase);
            let rest = word.chars().skip(1).flat_map(char::to_lowercase);
            first.chain(rest).collect()
        })
        .collect();
    let areas = [
        "Europe",
        "America",
        "Asia",
        "Africa",
        "Australia",
        "Pacific",
        "Atlantic",
        "Indian",
    ];
    let names = areas.map(|area| format!("{area}/{}", city.join("_")));
    names.into_iter().find(|name| TimeZone::get(name).is_ok())
}

impl Calendar {
    /// A calendar in an IANA zone with calendar years, calendar months and Monday weeks. `None`
    /// for a zone that the pinned database does not know.
    pub fn in_zone(zone_name: &str) -> Option<Calendar> {
        let zone = TimeZone::get(zone_name).ok()?;
        let (months, week_starts) = (MonthScheme::Calendar, Weekday::Monday);
        Some(Calendar {
            zone,
            starts: Starts::new(),
            zone_name: zone_name.to_owned(),
            year_starts: 1,
            months,
            year_ends: YearEnd::Nearest,
            year_named: YearName::End,
            week_starts,
        })
    }

    /// The IANA name of the reporting zone.
    pub fn zone_name(&self) -> &str {
        &self.zone_name
    }

    /// The instant at which a day starts in the reporting zone.
    pub fn start_of(&self, day: Day) -> Instant {
        let start = self.starts.of(day, &self.zone);
        start.unwrap_or_else(|| starts::start_of(day, &self.zone))
    }

    /// The day on which an instant falls in the reporting zone.
    pub fn day_of(&self, instant: Instant) -> Day {
        let day = self.starts.day_of(instant, &self.zone);
        day.unwrap_or_else(|| Day::from_civil(self.zone.to_datetime(instant.timestamp()).date()))
    }

    /// A day in stretches in which the clocks are not changed: each from one instant until
    /// another, with the time of the day at its start, in microseconds since midnight.
    pub fn stretches(&self, day: Day) -> Vec<(Instant, Instant, i64)> {
        let (start, end) = (self.start_of(day), self.start_of(day.plus(1)));
        let mut edges = vec![start];
        let changes = self.zone.following(start.timestamp());
        let changes = changes.map(|change| Instant(change.timestamp().as_microsecond()));
        edges.extend(changes.take_while(|change| *change < end));
        edges.push(end);
        let midnight = i64::from(day.0) * 86_400_000_000;
        let stretch = |pair: &[Instant]| {
            let [from, until] = *pair else { return None };
            let ahead = i64::from(self.zone.to_offset(from.timestamp()).seconds()) * 1_000_000;
            (from < until).then_some((from, until, from.0 + ahead - midnight))
        };
        edges.windows(2).filter_map(stretch).collect()
    }

    /// The period of this grain that holds the day.
    pub fn period_of(&self, day: Day, grain: Grain) -> Period {
        match grain {
            Grain::Day => Period {
                from: day,
                until: day.plus(1),
                label: day.to_string(),
            },
            Grain::Week | Grain::Month | Grain::Quarter | Grain::Year => {
                match (self.months.weeks(), grain) {
                    (Some(weeks), _) => self.period_of_weeks(day, grain, weeks),
                    (None, Grain::Week) => self.week_of(day),
                    (None, _) => self.calendar_period(day, grain),
                }
            }
        }
    }

    /// All periods of this grain that touch `[from, until)`, in order.
    pub fn periods(&self, grain: Grain, from: Day, until: Day) -> Vec<Period> {
        let mut periods = Vec::new();
        let mut day = from;
        while day < until {
            let period = self.period_of(day, grain);
            day = period.until;
            periods.push(period);
        }
        periods
    }

    /// Reads `2018`, `2018-Q1`, `2018-01`, `2018-W05`, `2018-01-31`, `FY2019-Q1`, `FY2019-P03`, or
    /// `2018-01-01..2018-02-15` (the second day not included). A label is read only by the
    /// calendar that prints it.
    pub fn parse_period(&self, text: &str) -> Option<Period> {
        let text = text.trim();
        if let Some((from, until)) = text.split_once("..") {
            let (from, until) = (Day::parse(from.trim())?, Day::parse(until.trim())?);
            return (from < until).then(|| Period {
                from,
                until,
                label: format!("{from}..{until}"),
            });
        }
        if let Some(day) = Day::parse(text) {
            return Some(self.period_of(day, Grain::Day));
        }
        let bare = text.strip_prefix("FY").unwrap_or(text);
        let (year, rest) = bare
            .split_once('-')
            .map_or((bare, None), |(y, r)| (y, Some(r)));
        let year: i16 = (year.len() == 4).then(|| year.parse().ok()).flatten()?;
        let grain = match rest {
            None => Grain::Year,
            Some(rest) if rest.starts_with('Q') => Grain::Quarter,
            Some(rest) if rest.starts_with('W') => Grain::Week,
            Some(_) => Grain::Month,
        };
        // Labels name periods one to one, so the period is found among those near its year.
        let near = Day::from_civil(civil::Date::new(year.checked_sub(1)?, 1, 1).ok()?);
        let until = Day::from_civil(civil::Date::new(year.checked_add(2)?, 1, 1).ok()?);
        self.periods(grain, near, until)
            .into_iter()
            .find(|period| period.label == text)
    }

    fn week_of(&self, day: Day) -> Period {
        let date = day.civil();
        let back = i32::from(date.weekday().since(self.week_starts));
        let from = day.plus(-back);
        // As ISO 8601 does: a week belongs to the year that holds its fourth day.
        let middle = from.plus(3).civil();
        let number = (middle.day_of_year() - 1) / 7 + 1;
        Period {
            from,
            until: from.plus(7),
            label: format!("{:04}-W{number:02}", middle.year()),
        }
    }

    /// The name of the fiscal year whose starting month lies in a calendar year.
    fn year_label(&self, start_year: i16) -> String {
        match (self.year_starts, self.year_named, self.months.weeks()) {
            (1, _, None) => format!("{start_year:04}"),
            (1, _, Some(_)) | (_, YearName::Start, _) => format!("FY{start_year:04}"),
            (_, YearName::End, _) => format!("FY{:04}", start_year + 1),
        }
    }

    fn calendar_period(&self, day: Day, grain: Grain) -> Period {
        let date = day.civil();
        let since_start = (date.month() - self.year_starts).rem_euclid(12);
        let start_year = if date.month() < self.year_starts {
            date.year() - 1
        } else {
            date.year()
        };
        let months: i32 = match grain {
            Grain::Month => 1,
            Grain::Quarter => 3,
            _ => 12,
        };
        let skip = i32::from(since_start) / months * months;
        let year_start = civil::Date::new(start_year, self.year_starts, 1).unwrap_or(date);
        let from = year_start.saturating_add(skip.months());
        let until = from.saturating_add(months.months());
        let label = match grain {
            Grain::Month => format!("{:04}-{:02}", from.year(), from.month()),
            Grain::Quarter => format!("{}-Q{}", self.year_label(start_year), skip / 3 + 1),
            _ => self.year_label(start_year),
        };
        Period {
            from: Day::from_civil(from),
            until: Day::from_civil(until),
            label,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_is_known_by_its_name() {
        for (text, meant) in [
            ("Berlin", Some("Europe/Berlin")),
            ("europe/berlin", Some("Europe/Berlin")),
            ("NEW YORK", Some("America/New_York")),
            ("sao_paulo", Some("America/Sao_Paulo")),
            ("Atlantis", None),
            ("", None),
        ] {
            assert_eq!(zone_meant(text).as_deref(), meant, "{text}");
        }
    }

    #[test]
    fn labels_and_periods_are_one_to_one_and_tile_time() {
        let mut fiscal = Calendar::in_zone("America/Sao_Paulo").unwrap();
        fiscal.year_starts = 2;
        let mut retail = fiscal.clone();
        retail.months = MonthScheme::Weeks445;
        retail.week_starts = Weekday::Sunday;
        retail.year_named = YearName::Start;
        for calendar in [Calendar::in_zone("UTC").unwrap(), fiscal, retail] {
            for grain in [
                Grain::Day,
                Grain::Week,
                Grain::Month,
                Grain::Quarter,
                Grain::Year,
            ] {
                let (from, until) = (
                    Day::parse("2014-12-20").unwrap(),
                    Day::parse("2021-03-02").unwrap(),
                );
                let periods = calendar.periods(grain, from, until);
                for pair in periods.windows(2) {
                    assert_eq!(pair[0].until, pair[1].from);
                }
                for period in &periods {
                    assert_eq!(
                        calendar.parse_period(&period.label).as_ref(),
                        Some(period),
                        "{grain:?}"
                    );
                    assert!(period.from < period.until);
                }
            }
        }
    }

    #[test]
    fn instants_beyond_the_calendar_are_shown_as_its_ends() {
        let calendar = Calendar::in_zone("UTC").unwrap();
        let end = calendar.start_of(Day::parse("9999-12-31").unwrap().plus(1));
        for (at, year) in [
            (end, "9999-"),
            (Instant(i64::MAX), "9999-"),
            (Instant(i64::MIN), "-009999-"),
        ] {
            assert!(at.to_string().starts_with(year), "{at}");
        }
    }

    #[test]
    fn days_beyond_the_calendar_are_its_ends() {
        let calendar = Calendar::in_zone("Asia/Kathmandu").unwrap();
        for day in [Day(i32::MIN), Day(i32::MAX), Day(0).plus(i32::MAX)] {
            assert!((1..=9999).contains(&day.civil().year()));
            calendar.start_of(day);
        }
        assert_eq!(
            (Day::FIRST.to_string(), Day::LAST.to_string()),
            ("0001-01-01".into(), "9999-12-31".into())
        );
    }

    #[test]
    fn a_fiscal_year_is_named_by_the_year_in_which_it_ends() {
        let mut calendar = Calendar::in_zone("UTC").unwrap();
        calendar.year_starts = 7;
        let quarter = calendar.parse_period("FY2019-Q2").unwrap();
        assert_eq!(
            (quarter.from.to_string(), quarter.until.to_string()),
            ("2018-10-01".into(), "2019-01-01".into())
        );
    }

    #[test]
    fn a_day_starts_where_the_zone_says_even_when_midnight_is_skipped() {
        let calendar = Calendar::in_zone("America/Sao_Paulo").unwrap();
        // 2017-10-15 had no midnight in São Paulo: the clock went from 00:00 to 01:00.
        let day = Day::parse("2017-10-15").unwrap();
        assert_eq!(calendar.start_of(day).to_string(), "2017-10-15T03:00:00Z");
        assert_eq!(calendar.day_of(calendar.start_of(day)), day);
    }
}
