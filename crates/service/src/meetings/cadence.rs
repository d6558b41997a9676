//! When meetings are: how often, on which day, at what hour by the clock on the wall, and who is
//! expected. It knows the charter's calendar and its zone; it refuses to know who came.

use handfast_model::meeting::{Attendee, Cadence, MeetingDay, Rhythm};
use handfast_model::question::AsOf;
use handfast_model::time::Weekday;
use handfast_model::{Calendar, Charter, Day, Instant, Period, Refusal, Seq};

use super::{has_both, no_cadence, people, people_of, people_text, plain};
use crate::book::Book;

/// The act's word.
const WORD: &str = "cadence";

/// Which number a day may have: a quarter has no more days that all quarters have.
const DAYS: std::ops::RangeInclusive<u8> = 1..=90;

/// The days of a week as they are typed.
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// A cadence as somebody sets it.
pub struct Setting<'a> {
    /// How often.
    pub rhythm: Rhythm,
    /// A weekday, or a number: the day of the month or the quarter.
    pub day: &'a str,
    /// The hour: `09:30`.
    pub at: &'a str,
    /// Who is expected, each as `TEAM:NAME`.
    pub expected: &'a [String],
    /// From this day on; `None` = today.
    pub since: Option<&'a str>,
    /// Who sets it, where that is not whoever types.
    pub by: Option<&'a str>,
}

/// A meeting that is to come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Next {
    /// Its day.
    pub day: Day,
    /// Its instant.
    pub at: Instant,
}

/// Sets a cadence; the one of this rhythm before it ends.
pub fn set(book: &Book, setting: &Setting<'_>, now: Instant) -> Result<Seq, Refusal> {
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    let day = meeting_day(setting.rhythm, setting.day)?;
    let minute = minute_of(setting.at)?;
    let expected = expected(&charter, setting.expected)?;
    let since = match setting.since {
        Some(text) => super::day(text, no_cadence)?,
        None => charter.calendar.day_of(now),
    };
    let texts = vec![
        ("rhythm".to_owned(), setting.rhythm.word().to_owned()),
        ("day".to_owned(), day_text(day)),
        ("at".to_owned(), clock(minute)),
        ("since".to_owned(), since.to_string()),
        ("expected".to_owned(), people_text(&expected)),
        ("by".to_owned(), plain(setting.by.unwrap_or_default())),
    ];
    let note = format!("{} meetings set", setting.rhythm.word());
    book.ledger.act(WORD, &note, texts, now)
}

/// Ends a cadence: no meeting of this rhythm is expected from today on.
pub fn end(book: &Book, rhythm: Rhythm, by: Option<&str>, now: Instant) -> Result<Seq, Refusal> {
    let known = cadences(book)?;
    if known.iter().all(|one| one.rhythm != rhythm) {
        let title = format!("there are no {} meetings to end", rhythm.word());
        return Err(no_cadence(
            title,
            "handfast meet cadence BOOK lists them".to_owned(),
        ));
    }
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    let texts = vec![
        ("rhythm".to_owned(), rhythm.word().to_owned()),
        ("since".to_owned(), charter.calendar.day_of(now).to_string()),
        ("by".to_owned(), plain(by.unwrap_or_default())),
    ];
    let note = format!("{} meetings ended", rhythm.word());
    book.ledger.act(WORD, &note, texts, now)
}

fn expected(charter: &Charter, words: &[String]) -> Result<Vec<Attendee>, Refusal> {
    let expected = people(charter, words, no_cadence)?;
    match expected.is_empty() || has_both(charter, &expected) {
        true => Ok(expected),
        false => {
            let title = "a meeting of one side alone is none of both teams".to_owned();
            let fix = "name people of marketing and of sales: --with demand:Ann --with field:Bob";
            Err(no_cadence(title, fix.to_owned()))
        }
    }
}

fn meeting_day(rhythm: Rhythm, text: &str) -> Result<MeetingDay, Refusal> {
    let word = text.trim().to_ascii_lowercase();
    let read = parse_day(&word);
    match (rhythm, read) {
        (_, Some(day @ MeetingDay::Weekday(_))) => Ok(day),
        (Rhythm::Monthly, Some(day @ MeetingDay::Number(1..=31))) => Ok(day),
        (Rhythm::Quarterly, Some(day @ MeetingDay::Number(_))) => Ok(day),
        (Rhythm::Weekly, _) => Err(no_cadence(
            format!("`{text}` is no day of a week"),
            "--on monday".to_owned(),
        )),
        _ => Err(no_cadence(
            format!("`{text}` is no day of a {}", rhythm.grain().word()),
            "--on monday, the first one, or --on 3, the third day".to_owned(),
        )),
    }
}

fn parse_day(word: &str) -> Option<MeetingDay> {
    if let Some((_, day)) = WEEKDAYS.iter().find(|(known, _)| *known == word) {
        return Some(MeetingDay::Weekday(*day));
    }
    let number = word.parse::<u8>().ok().filter(|day| DAYS.contains(day));
    number.map(MeetingDay::Number)
}

/// A day as it is typed.
pub fn day_text(day: MeetingDay) -> String {
    match day {
        MeetingDay::Number(number) => number.to_string(),
        MeetingDay::Weekday(day) => {
            let found = WEEKDAYS.iter().find(|(_, known)| *known == day);
            found.map_or("", |(word, _)| *word).to_owned()
        }
    }
}

/// Minutes after midnight, of `09:30`.
fn minute_of(text: &str) -> Result<u16, Refusal> {
    let parts = text.trim().split_once(':');
    let read = parts.and_then(|(hour, minute)| {
        let is_two = |part: &str| part.len() == 2 && part.bytes().all(|one| one.is_ascii_digit());
        let (hour, minute) = (
            is_two(hour).then_some(hour)?,
            is_two(minute).then_some(minute)?,
        );
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour < 24 && minute < 60).then_some(hour * 60 + minute)
    });
    read.ok_or_else(|| {
        let title = format!("`{text}` is no time of a day");
        no_cadence(title, "--at 09:30".to_owned())
    })
}

/// A time of a day as it is typed.
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Every cadence that was ever set, oldest first, each with the day from which it holds no longer.
pub(super) fn history(book: &Book) -> Result<Vec<(Cadence, Option<Day>)>, Refusal> {
    let mut all: Vec<(Cadence, Option<Day>)> = Vec::new();
    for act in book.ledger.acts(&[WORD], AsOf::Latest)? {
        let rhythm = Rhythm::parse(act.text("rhythm"));
        let since = Day::parse(act.text("since"));
        let (Some(rhythm), Some(since)) = (rhythm, since) else {
            continue;
        };
        let before = all
            .iter_mut()
            .filter(|(one, until)| one.rhythm == rhythm && until.is_none());
        before.for_each(|(_, until)| *until = Some(since));
        let at = minute_of(act.text("at"));
        if let (Some(day), Ok(minute)) = (parse_day(act.text("day")), at) {
            let cadence = Cadence {
                rhythm,
                day,
                minute,
                expected: people_of(act.text("expected")),
                since,
                seq: act.seq,
            };
            all.push((cadence, None));
        }
    }
    Ok(all)
}

/// The cadences that hold now, the most frequent first.
pub fn cadences(book: &Book) -> Result<Vec<Cadence>, Refusal> {
    let all = history(book)?.into_iter();
    let mut all: Vec<Cadence> = all
        .filter(|(_, until)| until.is_none())
        .map(|(one, _)| one)
        .collect();
    all.sort_by_key(|one| one.rhythm);
    Ok(all)
}

/// The cadences that hold now, each with its next meetings after an instant.
pub fn told(
    book: &Book,
    after: Instant,
    count: usize,
) -> Result<Vec<(Cadence, Vec<Next>)>, Refusal> {
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    let told = cadences(book)?.into_iter().map(|one| {
        let next = next(&one, &charter.calendar, after, count);
        (one, next)
    });
    Ok(told.collect())
}

/// The next meetings after an instant, so many of them.
pub fn next(cadence: &Cadence, calendar: &Calendar, after: Instant, count: usize) -> Vec<Next> {
    let mut found = Vec::new();
    let mut day = calendar.day_of(after).max(cadence.since);
    // A calendar has an end, and a period of no day would have none.
    for _ in 0..count.saturating_mul(2).saturating_add(2) {
        let period = calendar.period_of(day, cadence.rhythm.grain());
        let one = in_period(cadence, calendar, &period);
        if one.at > after && one.day >= cadence.since && found.len() < count {
            found.push(one);
        }
        day = period.until;
    }
    found
}

/// The meeting of a period.
pub(super) fn in_period(cadence: &Cadence, calendar: &Calendar, period: &Period) -> Next {
    let day = match cadence.day {
        MeetingDay::Number(number) => {
            let day = period.from.plus(i32::from(number) - 1);
            day.min(period.until.plus(-1))
        }
        MeetingDay::Weekday(day) => {
            let first = period.from.civil().weekday();
            period.from.plus(i32::from(day.since(first)))
        }
    };
    Next {
        day,
        at: instant_of(calendar, day, cadence.minute),
    }
}

/// When the clock on the wall shows a time on a day. Of a time that is shown twice the first is
/// meant; of one that is skipped, the instant at which it would have been over.
fn instant_of(calendar: &Calendar, day: Day, minute: u16) -> Instant {
    let time = i64::from(minute) * 60_000_000;
    let stretches = calendar.stretches(day);
    let is_in = |(from, until, clock): &&(Instant, Instant, i64)| {
        *clock <= time && time - clock < until.0 - from.0
    };
    if let Some((from, _, clock)) = stretches.iter().find(is_in) {
        return Instant(from.0 + time - clock);
    }
    let later = stretches.iter().find(|(_, _, clock)| *clock > time);
    later.map_or(calendar.start_of(day.plus(1)), |(from, _, _)| *from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cadence(rhythm: Rhythm, day: &str, at: &str) -> Cadence {
        Cadence {
            rhythm,
            day: meeting_day(rhythm, day).unwrap(),
            minute: minute_of(at).unwrap(),
            expected: Vec::new(),
            since: Day::parse("2026-01-01").unwrap(),
            seq: Seq(1),
        }
    }

    fn told(cadence: &Cadence, zone: &str, after: &str, count: usize) -> Vec<String> {
        let calendar = Calendar::in_zone(zone).unwrap();
        let next = next(cadence, &calendar, Instant::parse(after).unwrap(), count);
        next.iter().map(|one| one.at.to_string()).collect()
    }

    #[test]
    fn a_meeting_is_at_the_same_hour_of_the_wall_when_clocks_are_changed() {
        let weekly = cadence(Rhythm::Weekly, "monday", "09:30");
        // Clocks went forward on 2026-03-29 in Berlin, and back on 2026-10-25.
        assert_eq!(
            told(&weekly, "Europe/Berlin", "2026-03-20T00:00:00Z", 3),
            [
                "2026-03-23T08:30:00Z",
                "2026-03-30T07:30:00Z",
                "2026-04-06T07:30:00Z"
            ]
        );
        assert_eq!(
            told(&weekly, "Europe/Berlin", "2026-10-19T07:30:00Z", 1),
            ["2026-10-26T08:30:00Z"]
        );
        // On the night itself: 02:30 is skipped in March and shown twice in October.
        let night = cadence(Rhythm::Weekly, "sunday", "02:30");
        assert_eq!(
            told(&night, "Europe/Berlin", "2026-03-28T12:00:00Z", 1),
            ["2026-03-29T01:00:00Z"]
        );
        assert_eq!(
            told(&night, "Europe/Berlin", "2026-10-24T12:00:00Z", 1),
            ["2026-10-25T00:30:00Z"]
        );
    }

    #[test]
    fn a_day_that_a_month_lacks_is_its_last() {
        let monthly = cadence(Rhythm::Monthly, "31", "12:00");
        assert_eq!(
            told(&monthly, "UTC", "2026-01-31T12:00:00Z", 3),
            [
                "2026-02-28T12:00:00Z",
                "2026-03-31T12:00:00Z",
                "2026-04-30T12:00:00Z"
            ]
        );
        let first = cadence(Rhythm::Quarterly, "tuesday", "12:00");
        assert_eq!(
            told(&first, "UTC", "2026-01-01T00:00:00Z", 2),
            ["2026-01-06T12:00:00Z", "2026-04-07T12:00:00Z"]
        );
    }

    #[test]
    fn what_is_no_day_or_hour_is_refused() {
        for (rhythm, day) in [
            (Rhythm::Weekly, "3"),
            (Rhythm::Weekly, "moonday"),
            (Rhythm::Monthly, "32"),
            (Rhythm::Monthly, "0"),
            (Rhythm::Quarterly, "91"),
        ] {
            assert_eq!(meeting_day(rhythm, day).unwrap_err().code, "E0726", "{day}");
        }
        for at in ["9:30", "24:00", "09:60", "0930", "+9:30", ""] {
            assert_eq!(minute_of(at).unwrap_err().code, "E0726", "{at}");
        }
    }
}
