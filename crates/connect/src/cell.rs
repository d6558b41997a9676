//! A cell of a workbook as text.
//!
//! A number is what the spreadsheet counts with, without the dust of binary fractions: at most 15
//! significant digits, as spreadsheet programs themselves show. A cell that is formatted as a date
//! is an ISO date or time. How a cell looks beyond that (currency signs, percent signs, leading
//! zeros) is not its value and is not read.

use calamine::{DataRef, ExcelDateTime};

use crate::render::{day, time_of_day};

const ERROR_VALUE: &str = "an error value of the spreadsheet, as #N/A or #REF!";
const NO_DATE: &str = "a number formatted as a date that is no date";

/// 1970-01-01 less 1899-12-30, and less 1904-01-01: day 0 of the two ways to count days. The first
/// holds from March 1900; before that the count knows a 29 February 1900, which never was.
const EPOCH_1900: i64 = -25_569;
const EPOCH_1904: i64 = -24_107;
const DAY_MILLIS: i64 = 86_400_000;

/// Below this every whole number is its own float.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The text of a cell, or why it has none.
pub(crate) fn text(cell: &DataRef<'_>, is_1904: bool) -> Result<String, &'static str> {
    Ok(match cell {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => decimal(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(true) => "true".to_owned(),
        DataRef::Bool(false) => "false".to_owned(),
        DataRef::DateTime(date) => date_text(*date, is_1904)?,
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(_) => return Err(ERROR_VALUE),
    })
}

/// A number without dust: `12.5`, `0.3` for 0.1 + 0.2, `1000000`.
fn decimal(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    if number.fract() == 0.0 && number.abs() < EXACT {
        return format!("{number:.0}");
    }
    // Rounded to 15 significant digits, then printed as short as it reads back.
    let rounded = format!("{number:.14e}");
    rounded.parse::<f64>().unwrap_or(number).to_string()
}

fn date_text(date: ExcelDateTime, is_1904: bool) -> Result<String, &'static str> {
    let millis = (date.as_f64() * DAY_MILLIS as f64).round();
    // 9999-12-31 is day 2,958,465.
    if !(0.0..2_958_466.0 * DAY_MILLIS as f64).contains(&millis) {
        return Err(NO_DATE);
    }
    let millis = millis as i64;
    let (days, time) = (millis / DAY_MILLIS, millis % DAY_MILLIS);
    let nanos = i128::from(time) * 1_000_000;
    let mut text = String::new();
    if date.is_duration() || (days == 0 && (time > 0 || !is_1904)) {
        let hours = i128::from(days) * 24 * 3_600_000_000_000;
        time_of_day(hours + nanos, &mut text);
        return Ok(text);
    }
    let since_1970 = match (is_1904, days) {
        (true, _) => EPOCH_1904 + days,
        (false, 60) => return Err(NO_DATE),
        (false, ..60) => EPOCH_1900 + 1 + days,
        (false, _) => EPOCH_1900 + days,
    };
    day(since_1970, &mut text)?;
    if time > 0 {
        text.push('T');
        time_of_day(nanos, &mut text);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{CellErrorType, ExcelDateTimeType};

    #[test]
    fn numbers_have_no_dust() {
        for (number, expected) in [
            (12.5, "12.5"),
            (0.1 + 0.2, "0.3"),
            (1.1 * 3.0, "3.3"),
            (-0.0, "0"),
            (100.0, "100"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (1e21, "1000000000000000000000"),
            (1.0 / 3.0, "0.333333333333333"),
            (1e-7, "0.0000001"),
            (1234.5600000000002, "1234.56"),
        ] {
            assert_eq!(decimal(number), expected);
        }
    }

    #[test]
    fn both_ways_to_count_days_give_dates() {
        let read = |value, is_1904, kind| {
            text(
                &DataRef::DateTime(ExcelDateTime::new(value, kind, is_1904)),
                is_1904,
            )
            .unwrap_or_else(|reason| format!("! {reason}"))
        };
        let date = |value, is_1904| read(value, is_1904, ExcelDateTimeType::DateTime);
        for (value, is_1904, expected) in [
            (1.0, false, "1900-01-01"),
            (59.0, false, "1900-02-28"),
            (
                60.0,
                false,
                "! a number formatted as a date that is no date",
            ),
            (61.0, false, "1900-03-01"),
            (43_131.0, false, "2018-01-31"),
            (43_131.133_518_518_52, false, "2018-01-31T03:12:16"),
            (41_669.0, true, "2018-01-31"),
            (0.0, true, "1904-01-01"),
            (0.5, false, "12:00:00"),
            (0.0, false, "00:00:00"),
            (2_958_465.0, false, "9999-12-31"),
            (
                2_958_466.0,
                false,
                "! a number formatted as a date that is no date",
            ),
            (
                -1.0,
                false,
                "! a number formatted as a date that is no date",
            ),
            (
                f64::NAN,
                false,
                "! a number formatted as a date that is no date",
            ),
        ] {
            assert_eq!(date(value, is_1904), expected, "{value}");
        }
        assert_eq!(
            read(1.104_166_666_666_666_7, false, ExcelDateTimeType::TimeDelta),
            "26:30:00"
        );
    }

    #[test]
    fn other_cells_are_plain_texts() {
        assert_eq!(text(&DataRef::Bool(true), false), Ok("true".to_owned()));
        assert_eq!(
            text(&DataRef::SharedString(" a "), false),
            Ok(" a ".to_owned())
        );
        assert_eq!(text(&DataRef::Empty, false), Ok(String::new()));
        assert_eq!(
            text(&DataRef::Error(CellErrorType::NA), false),
            Err(ERROR_VALUE)
        );
    }
}
