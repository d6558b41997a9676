//! Business time against the clock on the wall, minute by minute, also where clocks are changed.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use handfast_kernels::hours::Clock;
use handfast_kernels::spread::Days;
use handfast_model::hours::{Hours, Shift};
use handfast_model::{Calendar, Day, Instant};
use handfast_testkit::random::Chance;
use handfast_testkit::truth::clock::{DAY, Zone};

const MINUTE: i64 = 60_000_000;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn office() -> Hours {
    let mut week: [Vec<Shift>; 7] = Default::default();
    for shifts in week.iter_mut().take(5) {
        *shifts = vec![Shift::parse("09:00-17:00").unwrap()];
    }
    Hours {
        week,
        holidays: [day("2025-01-06")].into(),
        zones: Vec::new(),
    }
}

fn clock(hours: &Hours, calendar: &Calendar) -> Clock {
    let days = Days {
        from: day("2024-12-01"),
        until: day("2025-12-31"),
    };
    Clock::new(hours, calendar, days)
}

#[test]
fn a_weekend_and_a_holiday_take_no_time() {
    let calendar = Calendar::in_zone("Europe/Berlin").unwrap();
    let clock = clock(&office(), &calendar);
    // Friday 15:00 in Berlin: two hours that day, none on Monday the holiday, six on Tuesday.
    let start = at("2025-01-03T14:00:00Z");
    let due = clock.deadline(start, 8 * 60 * MINUTE).unwrap();
    assert_eq!(due, at("2025-01-07T14:00:00Z"));
    assert_eq!(clock.between(start, due), 8 * 60 * MINUTE);
    // Over when the last hour is, not when the next day begins.
    let due = clock.deadline(start, 2 * 60 * MINUTE).unwrap();
    assert_eq!(due, at("2025-01-03T16:00:00Z"));
    // At night nothing runs.
    let night = at("2025-01-03T22:00:00Z");
    assert_eq!(clock.between(night, at("2025-01-07T08:00:00Z")), 0);
    assert_eq!(
        clock.deadline(night, 1),
        Some(Instant(at("2025-01-07T08:00:00Z").0 + 1))
    );
    assert_eq!(clock.deadline(at("2025-12-30T15:59:00Z"), 2 * MINUTE), None);
}

#[test]
fn business_time_is_what_the_clock_on_the_wall_shows() {
    let shifts = [
        "09:00-12:30",
        "13:30-18:00",
        "00:00-06:00",
        "22:00-24:00",
        "02:30-02:45",
        "01:30-03:15",
    ];
    // Days around which clocks are changed, and one on which none is.
    let zones = [
        (Zone::Berlin, "2025-03-30"),
        (Zone::Berlin, "2025-10-26"),
        (Zone::NewYork, "2025-03-09"),
        (Zone::NewYork, "2025-11-02"),
        (Zone::Sydney, "2025-10-05"),
        (Zone::Sydney, "2025-04-06"),
        (Zone::SaoPaulo, "2025-06-01"),
    ];
    let mut compared = 0;
    for seed in 0..400 {
        let mut chance = Chance::new(seed);
        let (zone, around) = zones[chance.below(zones.len() as u64) as usize];
        let calendar = Calendar::in_zone(zone.name()).unwrap();
        let mut hours = office();
        for day in &mut hours.week {
            day.clear();
            let mut drawn: Vec<Shift> = Vec::new();
            for text in shifts {
                let shift = Shift::parse(text).unwrap();
                let is_free = drawn
                    .iter()
                    .all(|one| shift.until <= one.from || one.until <= shift.from);
                if is_free && chance.percent(45) {
                    drawn.push(shift);
                }
            }
            drawn.sort();
            *day = drawn;
        }
        let around = day(around);
        hours.holidays = [around.plus(chance.below(5) as i32 - 2)].into();
        let clock = clock(&hours, &calendar);
        let start = calendar.start_of(around.plus(-2)).0 + chance.below(2_000) as i64 * MINUTE;
        let is_open = |at: i64| {
            let minute = (zone.wall(at).rem_euclid(DAY) / MINUTE) as u16;
            let open = hours.of(Day(zone.day(at))).to_vec();
            open.iter()
                .any(|shift| shift.from <= minute && minute < shift.until)
        };
        let (mut worked, mut now) = (0, start);
        while now < start + 4 * 1_440 * MINUTE {
            if is_open(now) {
                // Until work goes on, no more is over.
                let last = clock.last(Instant(start), worked);
                assert_eq!(last, Some(Instant(now)), "seed {seed} {zone:?}");
                worked += MINUTE;
                assert_eq!(
                    clock.deadline(Instant(start), worked),
                    Some(Instant(now + MINUTE)),
                    "seed {seed} {zone:?}"
                );
                compared += 1;
            }
            now += MINUTE;
            assert_eq!(
                clock.between(Instant(start), Instant(now)),
                worked,
                "seed {seed} {zone:?}"
            );
        }
    }
    assert!(compared > 100_000, "{compared}");
}
