//! Times as people write them, read and refused.

use super::*;

fn time(format: &str, text: &str, zone: &str) -> String {
    let format = TimeFormat::compile(format).unwrap();
    match format.time(text, &Zone::named(zone).unwrap()) {
        Ok(When::At(instant)) => instant.to_string(),
        Ok(When::Day(day)) => day.to_string(),
        Ok(When::Unknown) => "unknown".into(),
        Err(reason) => format!("! {reason}"),
    }
}

#[test]
fn times_are_read_as_exports_write_them() {
    const BAD: &str = "! not a date or time of the declared format";
    for (format, text, zone, expected) in [
        (
            "iso",
            "2018-02-26 19:58:54",
            "America/Sao_Paulo",
            "2018-02-26T22:58:54Z",
        ),
        ("iso", "2018-01-24 3:12:16", "UTC", "2018-01-24T03:12:16Z"),
        (
            "iso",
            "2018-01-24T03:12:16.123456789+02:00",
            "UTC",
            "2018-01-24T01:12:16.123456Z",
        ),
        (
            "iso",
            "2020-05-15 22:18:25 UTC",
            "Europe/Paris",
            "2020-05-15T22:18:25Z",
        ),
        ("iso", "2020-05-15", "Europe/Paris", "2020-05-15"),
        ("iso", "20-05-15", "UTC", BAD),
        ("iso", "2020-05-15x", "UTC", BAD),
        ("iso", "2020-02-30", "UTC", "! a day that no calendar has"),
        ("iso", "0000-01-01", "UTC", "! a day that no calendar has"),
        (
            "iso",
            "2020-02-28 24:00",
            "UTC",
            "! a time that no clock shows",
        ),
        ("iso", "2016-12-31T23:59:60Z", "UTC", "2016-12-31T23:59:59Z"),
        ("%m/%d/%Y", "3/1/2017", "UTC", "2017-03-01"),
        ("%m/%d/%Y", "03/01/2017", "UTC", "2017-03-01"),
        (
            "%m/%d/%Y",
            "13/1/2017",
            "UTC",
            "! a day that no calendar has",
        ),
        (
            "%d.%m.%y %H:%M",
            "1.3.17 09:05",
            "Europe/Berlin",
            "2017-03-01T08:05:00Z",
        ),
        (
            "%b %d, %Y %I:%M:%S %p",
            "Mar 1, 2017 12:05:00 AM",
            "UTC",
            "2017-03-01T00:05:00Z",
        ),
        (
            "%a, %d %B %Y %T %z",
            "Wed, 1 march 2017 10:00:00 -0300",
            "UTC",
            "2017-03-01T13:00:00Z",
        ),
        ("%s", "1488326400", "UTC", "2017-03-01T00:00:00Z"),
        // The clock went back at 03:00: the earlier of the two is taken.
        (
            "iso",
            "2018-10-28 02:30:00",
            "Europe/Berlin",
            "2018-10-28T00:30:00Z",
        ),
        // The clock went forward at 02:00: a time that never was moves on by the gap.
        (
            "iso",
            "2018-03-25 02:30:00",
            "Europe/Berlin",
            "2018-03-25T01:30:00Z",
        ),
    ] {
        assert_eq!(time(format, text, zone), expected, "{format} {text}");
    }
}

#[test]
fn what_a_spreadsheet_made_of_a_date_is_read_beside_the_declared_format() {
    for (format, text, expected) in [
        ("%d/%m/%Y", "2026-06-30", Some("2026-06-30")),
        ("%d/%m/%Y", "05/06/2026", Some("2026-06-05")),
        ("%d/%m/%Y", "2026-06-30 00:00:00", Some("2026-06-30")),
        ("%b %d, %y", "2026-02-03", Some("2026-02-03")),
        ("%Y/%m/%d", "2026-02-03", Some("2026-02-03")),
        ("%m/%d/%Y %H:%M", "2026-02-03", Some("2026-02-03")),
        ("%d/%m/%Y", "2026-02-30", None),
        ("%d/%m/%Y", "26-06-30", None),
        ("%d/%m/%Y", "2026-06-30x", None),
        // Day and month would be taken for each other.
        ("%Y-%d-%m %H:%M", "2026-03-02", None),
    ] {
        let format = TimeFormat::compile(format).unwrap();
        if text.starts_with("2026") {
            assert!(format.day(text, None).is_err(), "{text}: strict by itself");
        }
        let read = format.or_iso().day(text, None).ok();
        assert_eq!(
            read.map(|day| day.to_string()).as_deref(),
            expected,
            "{text}"
        );
    }
}

#[test]
fn a_day_is_the_written_day_unless_an_offset_and_a_zone_say_otherwise() {
    let iso = TimeFormat::compile("iso").unwrap();
    let paris = Zone::named("Europe/Paris").unwrap();
    let day = |text, zone| iso.day(text, zone).unwrap().to_string();
    assert_eq!(day("2018-01-31 23:30:00", Some(&paris)), "2018-01-31");
    assert_eq!(day("2018-01-31T23:30:00Z", Some(&paris)), "2018-02-01");
    assert_eq!(day("2018-01-31T23:30:00Z", None), "2018-01-31");
}

#[test]
fn days_agree_with_the_calendar_of_the_time_library() {
    for days in (-719_162..2_932_896).step_by(97) {
        let mut text = String::new();
        write_day(Day(days), &mut text);
        assert_eq!(text, Day(days).to_string());
        assert_eq!(canonical_day(&text), Some(Day(days)));
    }
}

#[test]
fn formats_that_name_no_date_are_refused() {
    for format in ["", "%H:%M", "%Y-%m", "%Q", "%"] {
        assert!(TimeFormat::compile(format).is_err(), "{format}");
    }
}
