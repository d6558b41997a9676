//! Dates and times as exports write them, read by strptime-like formats.
//!
//! `iso` reads RFC 3339 and its relatives (`2018-01-31`, `2018-01-31 3:12:16`, `…T03:12:16.5Z`,
//! `… 03:12:16 UTC`). Other formats are made of `%Y %y %m %b %d %H %I %p %M %S %f %z %a %s`, and
//! numbers may lack padding. [`TimeFormat::or_iso`] also reads what a spreadsheet made of a date.
//! A text without an offset is civil time of the source's zone: where the clock went back and a
//! time came twice, the earlier one is taken; where it went forward and
//! a time never was, it is moved on by the gap.

use std::fmt::Write;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::Reason;
use crate::fact::When;
use crate::time::{Day, Instant};

const DAY_MICROS: i64 = 86_400_000_000;

/// A zone in which civil times are read.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of this IANA name, if the pinned database knows it.
    pub fn named(name: &str) -> Option<Zone> {
        TimeZone::get(name.trim()).ok().map(Zone)
    }
}

/// A compiled format of dates and times.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TimeFormat {
    shape: Shape,
    /// Whether a text that is not of this format may be ISO.
    or_iso: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Shape {
    Iso,
    Items(Vec<Item>),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Item {
    Year,
    ShortYear,
    Month,
    MonthName,
    DayOfMonth,
    Hour,
    HalfHour,
    HalfOfDay,
    Minute,
    Second,
    Fraction,
    Offset,
    Weekday,
    Epoch,
    Space,
    Byte(u8),
}

/// What was read before it is known to be a real time.
#[derive(Clone, Copy, Default)]
struct Parts {
    year: i32,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    micros: u32,
    afternoon: Option<bool>,
    has_time: bool,
    offset_seconds: Option<i32>,
    epoch_seconds: Option<i64>,
}

impl TimeFormat {
    /// Compiles `iso` or a format; says which directive is not known.
    pub fn compile(format: &str) -> Result<TimeFormat, String> {
        if format.trim().eq_ignore_ascii_case("iso") {
            return Ok(TimeFormat::of(Shape::Iso));
        }
        let mut items = Vec::new();
        let mut bytes = format.bytes();
        while let Some(byte) = bytes.next() {
            match byte {
                b'%' => directive(bytes.next(), &mut items)?,
                b' ' | b'\t' => items.push(Item::Space),
                other => items.push(Item::Byte(other)),
            }
        }
        let has = |wanted: &[Item]| items.iter().any(|item| wanted.contains(item));
        let has_date = has(&[Item::Year, Item::ShortYear])
            && has(&[Item::Month, Item::MonthName])
            && has(&[Item::DayOfMonth]);
        if !has_date && !has(&[Item::Epoch]) {
            return Err(format!(
                "the format '{format}' names no whole date; write for example '%Y-%m-%d' or 'iso'"
            ));
        }
        Ok(TimeFormat::of(Shape::Items(items)))
    }

    fn of(shape: Shape) -> TimeFormat {
        TimeFormat {
            shape,
            or_iso: false,
        }
    }

    /// The format that reads a text as ISO, too, where it is not of the format itself: spreadsheets
    /// save what they take for a date as `2018-01-31`. A format that has the day between year and
    /// month stays as it is, for there the two could be taken for each other.
    pub fn or_iso(mut self) -> TimeFormat {
        let place =
            |items: &[Item], wanted: &[Item]| items.iter().position(|item| wanted.contains(item));
        self.or_iso = match &self.shape {
            Shape::Iso => false,
            Shape::Items(items) => {
                let year = place(items, &[Item::Year, Item::ShortYear]);
                let day = place(items, &[Item::DayOfMonth]);
                let month = place(items, &[Item::Month, Item::MonthName]);
                !(year < day && day < month)
            }
        };
        self
    }

    /// The day a text names: as written, or, where it carries an offset and a zone is given, the
    /// day in that zone.
    pub fn day(&self, text: &str, zone: Option<&Zone>) -> Result<Day, Reason> {
        let parts = self.parts(text)?;
        match (parts.instant_by_itself()?, zone) {
            (Some(instant), Some(zone)) => day_in(instant, zone),
            (Some(instant), None) if parts.epoch_seconds.is_some() => {
                let days = instant.0.div_euclid(DAY_MICROS);
                i32::try_from(days).map(Day).map_err(|_| NO_SUCH_DAY)
            }
            _ => parts.civil_day(),
        }
    }

    /// The instant a text names; a text without a time of day stays a day.
    pub fn time(&self, text: &str, zone: &Zone) -> Result<When, Reason> {
        let parts = self.parts(text)?;
        if let Some(instant) = parts.instant_by_itself()? {
            return Ok(When::At(instant));
        }
        let day = parts.civil_day()?;
        if !parts.has_time {
            return Ok(When::Day(day));
        }
        let micros = parts.time_of_day()?;
        if zone.0 == TimeZone::UTC {
            return Ok(When::At(Instant(i64::from(day.0) * DAY_MICROS + micros)));
        }
        let civil = civil_time(&parts).ok_or(NO_SUCH_TIME)?;
        let timestamp = zone.0.to_timestamp(civil).map_err(|_| NO_SUCH_TIME)?;
        Ok(When::At(Instant(timestamp.as_microsecond())))
    }

    fn parts(&self, text: &str) -> Result<Parts, Reason> {
        let text = text.trim().as_bytes();
        let iso = || self.or_iso.then(|| Shape::Iso.parts(text)).flatten();
        let parts = self.shape.parts(text).or_else(iso);
        parts.ok_or("not a date or time of the declared format")
    }
}

impl Shape {
    /// Reads a whole text.
    fn parts(&self, text: &[u8]) -> Option<Parts> {
        let mut reader = Reader(text);
        let mut parts = Parts::default();
        match self {
            Shape::Iso => reader.iso(&mut parts)?,
            Shape::Items(items) => items
                .iter()
                .try_for_each(|item| reader.item(*item, &mut parts))?,
        }
        reader.0.is_empty().then_some(parts)
    }
}

const NO_SUCH_DAY: Reason = "a day that no calendar has";
const NO_SUCH_TIME: Reason = "a time that no clock shows";

/// Appends `2018-01-31`.
pub fn write_day(day: Day, out: &mut String) {
    let (year, month, date) = civil_of(day.0);
    let _ = write!(out, "{year:04}-{month:02}-{date:02}");
}

/// Appends an RFC 3339 instant in UTC.
pub fn write_instant(instant: Instant, out: &mut String) {
    let (days, micros) = (
        instant.0.div_euclid(DAY_MICROS),
        instant.0.rem_euclid(DAY_MICROS),
    );
    write_day(Day(i32::try_from(days).unwrap_or(0)), out);
    let seconds = micros / 1_000_000;
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let _ = write!(out, "T{hour:02}:{minute:02}:{second:02}");
    if micros % 1_000_000 != 0 {
        let _ = write!(out, ".{:06}", micros % 1_000_000);
    }
    out.push('Z');
}

/// Reads back what [`write_day`] wrote.
pub fn canonical_day(text: &str) -> Option<Day> {
    TimeFormat::of(Shape::Iso).day(text, None).ok()
}

/// Reads back what [`write_instant`] wrote.
pub fn canonical_instant(text: &str) -> Option<Instant> {
    let parts = TimeFormat::of(Shape::Iso).parts(text).ok()?;
    parts.instant_by_itself().ok().flatten()
}

fn directive(letter: Option<u8>, items: &mut Vec<Item>) -> Result<(), String> {
    let item = match letter {
        Some(b'Y') => Item::Year,
        Some(b'y') => Item::ShortYear,
        Some(b'm') => Item::Month,
        Some(b'b' | b'B' | b'h') => Item::MonthName,
        Some(b'd' | b'e') => Item::DayOfMonth,
        Some(b'H' | b'k') => Item::Hour,
        Some(b'I' | b'l') => Item::HalfHour,
        Some(b'p' | b'P') => Item::HalfOfDay,
        Some(b'M') => Item::Minute,
        Some(b'S') => Item::Second,
        Some(b'f') => Item::Fraction,
        Some(b'z' | b'Z') => Item::Offset,
        Some(b'a' | b'A') => Item::Weekday,
        Some(b's') => Item::Epoch,
        Some(b'%') => Item::Byte(b'%'),
        Some(b'F') => return whole(b"Y-m-d", items),
        Some(b'D') => return whole(b"m/d/y", items),
        Some(b'T') => return whole(b"H:M:S", items),
        Some(b'R') => return whole(b"H:M", items),
        other => {
            let letter = other.map_or(String::new(), |byte| char::from(byte).to_string());
            return Err(format!(
                "no directive '%{letter}' is known; known are %Y %y %m %b %d %H %I %p %M %S %f \
                %z %a %s %F %T"
            ));
        }
    };
    items.push(item);
    Ok(())
}

fn whole(shorthand: &[u8], items: &mut Vec<Item>) -> Result<(), String> {
    for byte in shorthand {
        match byte.is_ascii_alphabetic() {
            true => directive(Some(*byte), items)?,
            false => items.push(Item::Byte(*byte)),
        }
    }
    Ok(())
}

impl Parts {
    /// The instant, where the text says it without help of a zone.
    fn instant_by_itself(&self) -> Result<Option<Instant>, Reason> {
        let micros = i64::from(self.micros);
        if let Some(seconds) = self.epoch_seconds {
            // Years 1 to 9999, as for days.
            if !(-62_135_596_800..253_402_300_800).contains(&seconds) {
                return Err(NO_SUCH_TIME);
            }
            return Ok(Some(Instant(seconds * 1_000_000 + micros)));
        }
        let Some(offset) = self.offset_seconds.filter(|_| self.has_time) else {
            return Ok(None);
        };
        let civil = i64::from(self.civil_day()?.0) * DAY_MICROS + self.time_of_day()?;
        Ok(Some(Instant(civil - i64::from(offset) * 1_000_000)))
    }

    fn civil_day(&self) -> Result<Day, Reason> {
        let is_real = (1..=9_999).contains(&self.year)
            && (1..=12).contains(&self.month)
            && self.day >= 1
            && self.day <= days_of_month(self.year, self.month);
        if is_real {
            Ok(Day(days_of(self.year, self.month, self.day)))
        } else {
            Err(NO_SUCH_DAY)
        }
    }

    /// The hour on the 24-hour clock.
    fn clock_hour(&self) -> Option<u8> {
        match self.afternoon {
            None => (self.hour <= 23).then_some(self.hour),
            Some(is_afternoon) => (1..=12)
                .contains(&self.hour)
                .then_some(self.hour % 12 + if is_afternoon { 12 } else { 0 }),
        }
    }

    fn time_of_day(&self) -> Result<i64, Reason> {
        let hour = self.clock_hour().ok_or(NO_SUCH_TIME)?;
        // A leap second is counted as the second before it, as clocks here have none.
        let second = if self.second == 60 { 59 } else { self.second };
        if self.minute > 59 || second > 59 {
            return Err(NO_SUCH_TIME);
        }
        let seconds = i64::from(hour) * 3_600 + i64::from(self.minute) * 60 + i64::from(second);
        Ok(seconds * 1_000_000 + i64::from(self.micros))
    }
}

fn civil_time(parts: &Parts) -> Option<DateTime> {
    let date = Date::new(
        i16::try_from(parts.year).ok()?,
        i8::try_from(parts.month).ok()?,
        i8::try_from(parts.day).ok()?,
    );
    let time = Time::new(
        i8::try_from(parts.clock_hour()?).ok()?,
        i8::try_from(parts.minute).ok()?,
        i8::try_from(parts.second.min(59)).ok()?,
        i32::try_from(parts.micros).ok()? * 1_000,
    );
    Some(DateTime::from_parts(date.ok()?, time.ok()?))
}

fn day_in(instant: Instant, zone: &Zone) -> Result<Day, Reason> {
    let timestamp = jiff::Timestamp::from_microsecond(instant.0).map_err(|_| NO_SUCH_DAY)?;
    Ok(Day::from_civil(zone.0.to_datetime(timestamp).date()))
}

fn days_of_month(year: i32, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a proleptic Gregorian date; years count from March, so that the leap
/// day is the last of its year.
fn days_of(year: i32, month: u8, day: u8) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (i32::from(month) + 9) % 12;
    let in_year = (153 * month + 2) / 5 + i32::from(day) - 1;
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + in_year - 719_468
}

/// The inverse of [`days_of`].
fn civil_of(days: i32) -> (i32, i32, i32) {
    let days = i64::from(days) + 719_468;
    let (era, in_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year + year / 4 - year / 100);
    let month = (5 * in_year + 2) / 153;
    let day = in_year - (153 * month + 2) / 5 + 1;
    let (month, shift) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = era * 400 + year + shift;
    let small = |number: i64| i32::try_from(number).unwrap_or(0);
    (small(year), small(month), small(day))
}

/// The bytes not yet read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn iso(&mut self, parts: &mut Parts) -> Option<()> {
        parts.year = self.exactly(4)?;
        self.byte(b'-')?;
        parts.month = self.number(2)?;
        self.byte(b'-')?;
        parts.day = self.number(2)?;
        if self.0.is_empty() {
            return Some(());
        }
        if !matches!(self.0.first(), Some(b'T' | b't' | b' ')) {
            return None;
        }
        self.skip();
        self.spaces();
        parts.hour = self.number(2)?;
        self.byte(b':')?;
        parts.minute = u8::try_from(self.exactly(2)?).ok()?;
        if self.0.first() == Some(&b':') {
            self.skip();
            parts.second = u8::try_from(self.exactly(2)?).ok()?;
            if matches!(self.0.first(), Some(b'.' | b',')) {
                self.skip();
                self.item(Item::Fraction, parts)?;
            }
        }
        parts.has_time = true;
        self.spaces();
        if self.0.is_empty() {
            return Some(());
        }
        self.item(Item::Offset, parts)
    }

    fn item(&mut self, item: Item, parts: &mut Parts) -> Option<()> {
        match item {
            Item::Year => parts.year = self.exactly(4)?,
            Item::ShortYear => {
                // As POSIX does: 69 to 99 are of the last century.
                let short = self.exactly(2)?;
                parts.year = short + if short < 69 { 2_000 } else { 1_900 };
            }
            Item::Month => parts.month = self.number(2)?,
            Item::MonthName => parts.month = self.name(&MONTHS)?,
            Item::DayOfMonth => parts.day = self.number(2)?,
            Item::Hour | Item::HalfHour => {
                parts.has_time = true;
                parts.hour = self.number(2)?;
            }
            Item::HalfOfDay => parts.afternoon = Some(self.name(&["am", "pm"])? == 2),
            Item::Minute => parts.minute = self.number(2)?,
            Item::Second => parts.second = self.number(2)?,
            Item::Fraction => parts.micros = self.fraction()?,
            Item::Offset => parts.offset_seconds = Some(self.offset()?),
            Item::Weekday => {
                self.name(&WEEKDAYS)?;
            }
            Item::Epoch => parts.epoch_seconds = Some(self.epoch()?),
            Item::Space => {
                self.0.first().filter(|byte| byte.is_ascii_whitespace())?;
                self.spaces();
            }
            Item::Byte(byte) => self.byte(byte)?,
        }
        Some(())
    }

    fn skip(&mut self) {
        self.0 = self.0.get(1..).unwrap_or(&[]);
    }

    fn spaces(&mut self) {
        while self.0.first().is_some_and(u8::is_ascii_whitespace) {
            self.skip();
        }
    }

    fn byte(&mut self, wanted: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        (*first == wanted).then_some(())
    }

    fn digits(&mut self, most: usize) -> (i32, usize) {
        let (mut number, mut count) = (0, 0);
        while let Some((first, rest)) = self.0.split_first() {
            if count == most || !first.is_ascii_digit() {
                break;
            }
            number = number * 10 + i32::from(first - b'0');
            count += 1;
            self.0 = rest;
        }
        (number, count)
    }

    fn exactly(&mut self, wanted: usize) -> Option<i32> {
        let (number, count) = self.digits(wanted);
        (count == wanted).then_some(number)
    }

    fn number(&mut self, most: usize) -> Option<u8> {
        let (number, count) = self.digits(most);
        if count == 0 {
            return None;
        }
        u8::try_from(number).ok()
    }

    fn fraction(&mut self) -> Option<u32> {
        let (number, count) = self.digits(6);
        if count == 0 {
            return None;
        }
        // Finer digits are dropped: the ledger keeps microseconds.
        while self.0.first().is_some_and(u8::is_ascii_digit) {
            self.skip();
        }
        let missing = 6 - u32::try_from(count).ok()?;
        u32::try_from(number).ok().map(|n| n * 10u32.pow(missing))
    }

    fn offset(&mut self) -> Option<i32> {
        for zero in ["Z", "UTC", "GMT"] {
            let head = self.0.get(..zero.len());
            if head.is_some_and(|head| head.eq_ignore_ascii_case(zero.as_bytes())) {
                self.0 = self.0.get(zero.len()..).unwrap_or(&[]);
                if !matches!(self.0.first(), Some(b'+' | b'-')) {
                    return Some(0);
                }
                break;
            }
        }
        let sign = match self.0.first() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return None,
        };
        self.skip();
        let hours = self.exactly(2)?;
        if self.0.first() == Some(&b':') {
            self.skip();
        }
        let (minutes, count) = self.digits(2);
        let is_real = hours <= 18 && minutes <= 59 && (count == 0 || count == 2);
        is_real.then_some(sign * (hours * 3_600 + minutes * 60))
    }

    fn epoch(&mut self) -> Option<i64> {
        let sign = if self.0.first() == Some(&b'-') {
            self.skip();
            -1
        } else {
            1
        };
        let count = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        let digits = std::str::from_utf8(digits).ok()?;
        let number: i64 = digits.parse().ok()?;
        (count <= 12).then_some(sign * number)
    }

    /// The place, from 1, of the name that stands here: whole or its first three letters.
    fn name(&mut self, names: &[&str]) -> Option<u8> {
        let count = self
            .0
            .iter()
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        let (word, rest) = self.0.split_at_checked(count)?;
        let is = |name: &&str| {
            let short = name.as_bytes().get(..3).unwrap_or(name.as_bytes());
            word.eq_ignore_ascii_case(name.as_bytes()) || word.eq_ignore_ascii_case(short)
        };
        let place = names.iter().position(is)?;
        self.0 = rest;
        u8::try_from(place + 1).ok()
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

#[cfg(test)]
mod tests;
