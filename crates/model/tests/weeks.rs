//! Years of whole weeks against a twin that walks day by day and looks at nothing but weekdays.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use handfast_model::time::{MonthScheme, Weekday, YearEnd, YearName};
use handfast_model::{Calendar, Day, Grain, Period};

const GRAINS: [Grain; 4] = [Grain::Week, Grain::Month, Grain::Quarter, Grain::Year];

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// The first day of the year around the first of a month: of the days on which weeks start, the
/// nearest one, or the last one not after it.
fn start(calendar: &Calendar, year: i32) -> Day {
    let first = day(&format!("{year:04}-{:02}-01", calendar.year_starts));
    let near = (-6..=6).map(|days| first.plus(days));
    let starts = near.filter(|day| day.civil().weekday() == calendar.week_starts);
    match calendar.year_ends {
        YearEnd::Nearest => starts.min_by_key(|day| (day.0 - first.0).abs()).unwrap(),
        YearEnd::Last => starts.filter(|day| *day <= first).max().unwrap(),
    }
}

/// The labels of every day of a year, by counting weeks.
fn walk(calendar: &Calendar, year: i32) -> Vec<(Day, [String; 4])> {
    let [a, b, _] = calendar.months.weeks().unwrap();
    let named = match (calendar.year_starts, calendar.year_named) {
        (1, _) | (_, YearName::Start) => year,
        (_, YearName::End) => year + 1,
    };
    let (mut at, until) = (start(calendar, year), start(calendar, year + 1));
    let (mut days, mut count) = (Vec::new(), 0);
    while at < until {
        let week = count / 7;
        let quarter = std::cmp::min(week / 13, 3);
        let rest = week - quarter * 13;
        let month = quarter * 3 + i32::from(rest >= a) + i32::from(rest >= a + b);
        days.push((
            at,
            [
                format!("FY{named}-W{:02}", week + 1),
                format!("FY{named}-P{:02}", month + 1),
                format!("FY{named}-Q{}", quarter + 1),
                format!("FY{named}"),
            ],
        ));
        (at, count) = (at.plus(1), count + 1);
    }
    days
}

#[test]
fn every_day_lies_where_a_walk_by_days_puts_it() {
    let mut calendar = Calendar::in_zone("UTC").unwrap();
    let mut long_years = 0;
    for months in &MonthScheme::ALL[1..] {
        for (year_starts, week_starts, year_named) in [
            (1, Weekday::Monday, YearName::End),
            (2, Weekday::Sunday, YearName::Start),
            (7, Weekday::Saturday, YearName::End),
            (10, Weekday::Sunday, YearName::End),
            (12, Weekday::Thursday, YearName::Start),
        ] {
            for year_ends in [YearEnd::Nearest, YearEnd::Last] {
                calendar.months = *months;
                (calendar.year_starts, calendar.week_starts) = (year_starts, week_starts);
                (calendar.year_ends, calendar.year_named) = (year_ends, year_named);
                for year in 2015..2027 {
                    let days = walk(&calendar, year);
                    long_years += usize::from(days.len() == 53 * 7);
                    assert!([52 * 7, 53 * 7].contains(&days.len()));
                    agree(&calendar, &days);
                }
            }
        }
    }
    assert!(long_years >= 30, "years of 53 weeks: {long_years}");
}

fn agree(calendar: &Calendar, days: &[(Day, [String; 4])]) {
    for (at, grain) in GRAINS.into_iter().enumerate() {
        for (day, labels) in days.iter().step_by(3).chain(days.last()) {
            let label = &labels[at];
            let period = calendar.period_of(*day, grain);
            let mut same = days.iter().filter(|(_, labels)| labels[at] == *label);
            let from = same.next().unwrap().0;
            let until = same.next_back().map_or(from, |(day, _)| *day).plus(1);
            let label = label.clone();
            assert_eq!(period, Period { from, until, label }, "{calendar:?} {day}");
        }
        let label = &days[days.len() / 2].1[at];
        let read = calendar.parse_period(label).unwrap();
        assert_eq!(read.label, *label);
    }
}

#[test]
fn known_years_of_known_companies_come_out() {
    // The retail federation's 4-5-4 calendar: 2023 has 53 weeks and ends on 3 February 2024.
    let mut retail = Calendar::in_zone("America/New_York").unwrap();
    (retail.months, retail.year_starts) = (MonthScheme::Weeks454, 2);
    (retail.week_starts, retail.year_named) = (Weekday::Sunday, YearName::Start);
    let says = |calendar: &Calendar, label: &str| {
        let period = calendar.parse_period(label).unwrap();
        format!("{} {}", period.from, period.until)
    };
    assert_eq!(says(&retail, "FY2023"), "2023-01-29 2024-02-04");
    assert_eq!(says(&retail, "FY2023-P12"), "2023-12-31 2024-02-04");
    assert_eq!(says(&retail, "FY2023-W53"), "2024-01-28 2024-02-04");
    assert_eq!(says(&retail, "FY2025-Q1"), "2025-02-02 2025-05-04");
    assert_eq!(retail.parse_period("FY2024-W53"), None, "it has 52 weeks");
    // A year that ends on the last Saturday of September: 2023 has 53 weeks.
    let mut maker = retail.clone();
    (maker.months, maker.year_starts) = (MonthScheme::Weeks544, 10);
    (maker.year_ends, maker.year_named) = (YearEnd::Last, YearName::End);
    assert_eq!(says(&maker, "FY2023"), "2022-09-25 2023-10-01");
    assert_eq!(says(&maker, "FY2024"), "2023-10-01 2024-09-29");
    assert_eq!(says(&maker, "FY2024-P01"), "2023-10-01 2023-11-05");
}

#[test]
fn the_ends_of_the_calendar_have_periods_too() {
    let mut calendar = Calendar::in_zone("UTC").unwrap();
    calendar.months = MonthScheme::Weeks445;
    for day in [
        Day(i32::MIN),
        day("0001-01-01"),
        day("9999-12-31"),
        Day(i32::MAX),
    ] {
        for grain in GRAINS {
            let period = calendar.period_of(day, grain);
            assert!(period.from < period.until, "{day} {grain:?}");
        }
    }
}
