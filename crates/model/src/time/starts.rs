//! Where days start, looked up: civil arithmetic is the dearest of a whole derivation.

use std::sync::{Arc, OnceLock};

use jiff::tz::TimeZone;

use super::{Day, Instant};
use crate::planted;

/// Days of one stretch.
const STRETCH: usize = 512;
/// So many stretches from 1970 on, until 2104. Other days are worked out each time.
const STRETCHES: usize = 96;

const DAY_MICROS: i64 = 86_400_000_000;

/// A day's first microsecond, and whether no clock is changed on it: then all that lies between it
/// and the next day's is of this day.
#[derive(Clone, Copy, Debug)]
struct Start {
    at: Instant,
    is_plain: bool,
}

/// The starts of days in one zone, each stretch worked out when the first of its days is asked for.
#[derive(Clone, Debug)]
pub(super) struct Starts(Arc<[OnceLock<Box<[Start]>>]>);

impl Starts {
    pub(super) fn new() -> Starts {
        Starts((0..STRETCHES).map(|_| OnceLock::new()).collect())
    }

    /// The instant at which a day starts, if it is in the table.
    pub(super) fn of(&self, day: Day, zone: &TimeZone) -> Option<Instant> {
        let (starts, place) = self.stretch(day.0, zone)?;
        starts.get(place).map(|start| start.at)
    }

    /// The day of an instant, if the table tells.
    pub(super) fn day_of(&self, instant: Instant, zone: &TimeZone) -> Option<Day> {
        let guess = i32::try_from(instant.0.div_euclid(DAY_MICROS)).ok()?;
        [guess, guess - 1, guess + 1].into_iter().find_map(|day| {
            let (starts, place) = self.stretch(day, zone)?;
            let (start, next) = (starts.get(place)?, starts.get(place + 1)?);
            let is_here = start.is_plain && start.at <= instant && instant < next.at;
            is_here.then_some(Day(day))
        })
    }

    /// The stretch of a day, one day longer than it is, and the day's place in it.
    fn stretch(&self, day: i32, zone: &TimeZone) -> Option<(&[Start], usize)> {
        let day = usize::try_from(day).ok()?;
        let slot = self.0.get(day / STRETCH)?;
        let first = day - day % STRETCH;
        let starts = slot.get_or_init(|| {
            let days = (first..=first + STRETCH).map(|day| Day(day as i32));
            starts(days.map(|day| start_of(day, zone)).collect(), zone)
        });
        Some((starts, day % STRETCH))
    }
}

/// The instant at which a day starts, worked out.
pub(super) fn start_of(day: Day, zone: &TimeZone) -> Instant {
    let at = |hour| zone.to_timestamp(day.civil().at(hour, 0, 0, 0));
    let start = planted!(
        NaiveDayStart,
        at(0),
        at(12).map(|noon| noon - jiff::SignedDuration::from_hours(12))
    );
    start.map_or(Instant(i64::from(day.0).saturating_mul(DAY_MICROS)), |t| {
        Instant(t.as_microsecond())
    })
}

fn starts(starts: Vec<Instant>, zone: &TimeZone) -> Box<[Start]> {
    let ends = starts.iter().skip(1).copied().map(Some).chain([None]);
    let starts = starts.iter().zip(ends).map(|(&at, end)| Start {
        at,
        is_plain: end.is_some_and(|end| {
            // A change at the very start is over before the day begins.
            let changed = zone.following(at.timestamp()).next();
            let changed = changed.map(|change| Instant(change.timestamp().as_microsecond()));
            let offset = |at: Instant| zone.to_offset(at.timestamp());
            changed.is_none_or(|changed| changed >= end) && offset(at) == offset(Instant(end.0 - 1))
        }),
    });
    starts.collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Zones whose clocks change at midnight, shortly after it, by half an hour, by a whole day.
    const ZONES: [&str; 10] = [
        "UTC",
        "Europe/Berlin",
        "America/Sao_Paulo",
        "America/St_Johns",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Africa/Cairo",
        "America/Havana",
    ];

    #[test]
    fn the_table_says_what_the_zone_says() {
        for name in ZONES {
            let zone = TimeZone::get(name).unwrap();
            let starts = Starts::new();
            let mut told = 0;
            for day in (-400..13_000).chain(48_500..49_500).map(Day) {
                let start = start_of(day, &zone);
                assert_eq!(
                    starts.of(day, &zone).unwrap_or(start),
                    start,
                    "{name} {day}"
                );
                let hour = DAY_MICROS / 24;
                for after in [
                    -hour,
                    -1,
                    0,
                    1,
                    hour / 60,
                    hour / 2,
                    hour,
                    2 * hour,
                    12 * hour,
                ] {
                    let at = Instant(start.0 + after);
                    let slow = Day::from_civil(zone.to_datetime(at.timestamp()).date());
                    let fast = starts.day_of(at, &zone);
                    told += u32::from(fast.is_some());
                    assert_eq!(fast.unwrap_or(slow), slow, "{name} {at}");
                }
            }
            assert!(told > 100_000, "{name}: {told} of 129,600 are told");
        }
    }
}
