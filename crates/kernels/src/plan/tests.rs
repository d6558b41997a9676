//! Second roads to a plan: tables of others, counts by hand, plans drawn many times, and pipelines
//! whose truth is known.

use super::*;
use crate::credit::sample::Dice;
use crate::forecast::{State, Track, Window};

fn chance(dice: &mut Dice) -> f64 {
    (dice.next() >> 11) as f64 / (1u64 << 53) as f64
}

fn goal(goal: i64) -> Gap {
    Gap {
        goal,
        already: 0,
        in_hand: 0,
        off: 0.0,
    }
}

fn lever(chance: f64) -> Lever {
    Lever {
        chance,
        ..Lever::WON
    }
}

/// One that reaches each stage on a day, and at last is won, or has gone.
fn track(days: &[i32], path: usize, gone: Option<i32>) -> Track {
    let state = |place: usize| match place == path {
        true => State::Won,
        false => State::In(place as u8),
    };
    let stands = days.iter().enumerate();
    let stands = stands.map(|(place, day)| (*day, state(place)));
    let mut stands: Vec<(i32, State)> = stands.collect();
    stands.extend(gone.map(|day| (day, State::Gone)));
    Track {
        value: if days.len() > path { 1_000 } else { 0 },
        stands,
        ..Track::default()
    }
}

/// From 10 million at 100,000 a deal: a tenth of opportunities are won, of 40 % of accepted leads
/// comes one, 80 % are accepted, a tenth of inquiries is qualified (the table is of 2009 and is
/// found in many books on funnels).
#[test]
fn ten_million_are_a_hundred_deals_and_thirty_one_thousand_inquiries() {
    let gap = goal(1_000_000_000);
    let worth = Worth::of(&[10_000_000; 7]).unwrap();
    let mut chance = 1.0;
    let mut found = Vec::new();
    for rate in [1.0, 0.1, 0.4, 0.8, 0.1] {
        chance *= rate;
        found.push(at_means(&gap, &lever(chance), &worth).unwrap());
    }
    assert_eq!(found, [100, 1_000, 2_500, 3_125, 31_250]);
    // What is won and under way is none of the gap.
    let less = Gap {
        already: 300_000_000,
        in_hand: 200_000_000,
        ..gap
    };
    assert_eq!(less.left(), 500_000_000);
    assert_eq!(at_means(&less, &lever(0.1), &worth), Some(500));
    assert_eq!(priced(31_250, (1_000_001, 3)), Some(10_416_677_083));
}

/// Lags of two, one and three months: who is to be won by a day must have been there before.
#[test]
fn what_is_to_be_won_by_a_day_must_have_come_before_all_lags() {
    let lags = [60, 30, 90];
    let mut tracks = Vec::new();
    for number in 0..400 {
        let first = number;
        // One of two goes on from each stage.
        let depth = (0..3).take_while(|place| number >> place & 1 == 0).count();
        let mut days = vec![first];
        for lag in lags.iter().take(depth) {
            days.push(days.last().unwrap() + lag);
        }
        let gone = (depth < 3).then(|| days.last().unwrap() + 5);
        tracks.push(track(&days, 3, gone));
    }
    let learned = learn(&tracks, (3, 1), 700).unwrap();
    for (place, known) in [(0, 395), (1, 200), (2, 100)] {
        let passage = learned.passages[place].as_ref().unwrap();
        // Those that had ended by the first end teach nothing.
        assert!(
            passage.known.abs_diff(known) <= 6,
            "{place}: {}",
            passage.known
        );
        assert!((passage.share - 0.5).abs() < 0.02, "{}", passage.share);
    }
    for (place, lag) in [(0, 180), (1, 120), (2, 90)] {
        assert_eq!(learned.last_day(place, 1_000, 0.1), Some(999 - lag));
        assert_eq!(learned.last_day(place, 1_000, 1.0), Some(999 - lag));
        // Whoever comes later than that is won too late.
        let window = |from: i32, until: i32| Window {
            at: 700,
            from,
            until,
        };
        let whole = window(701, 701 + lag);
        assert_eq!(learned.lever(0, place, &whole).unwrap().chance, 0.0);
        let half = learned
            .lever(0, place, &window(701, 701 + 2 * lag))
            .unwrap();
        assert!((half.timely - 0.5).abs() < 1e-9, "{}", half.timely);
        // In a window that begins later, whoever is won before it is in none.
        let later = learned.lever(0, place, &window(701 + lag + 10, 701 + 2 * lag));
        let days = f64::from(2 * lag);
        assert!((later.unwrap().timely - f64::from(lag - 10) / days).abs() < 1e-9);
    }
}

/// The mean and the mean square of a Beta distribution by adding up its density.
#[test]
fn a_rate_has_the_moments_of_its_distribution() {
    for (share, known) in [(0.0, 3), (0.2, 10), (0.5, 4), (0.9, 40)] {
        let rate = Rate::of(share, known);
        let (mut all, mut mean, mut square) = (0.0, 0.0, 0.0);
        let steps = 2_000_000;
        for step in 0..steps {
            // By the angle, in which the density is bounded: x = sin², dx = 2 sin cos.
            let angle = (f64::from(step) + 0.5) / f64::from(steps) * std::f64::consts::FRAC_PI_2;
            let x = angle.sin().powi(2);
            let density = x.powf(rate.yes - 0.5) * (1.0 - x).powf(rate.no - 0.5);
            all += density;
            mean += density * x;
            square += density * x * x;
        }
        assert!((mean / all - rate.mean()).abs() < 1e-6, "{share} {known}");
        assert!(
            (square / all - rate.square()).abs() < 1e-6,
            "{share} {known}"
        );
    }
}

/// A pipeline of three stages whose truth is known: how many go on, and after how many days.
struct Truth;

const RATES: [f64; 3] = [0.6, 0.5, 0.3];
const LONGEST: [u64; 3] = [20, 30, 60];

impl Truth {
    /// The days on which one reaches what, and on which it goes.
    fn one(first: i32, dice: &mut Dice) -> (Vec<i32>, Option<i32>) {
        let mut days = vec![first];
        for (rate, longest) in RATES.into_iter().zip(LONGEST) {
            let now = *days.last().unwrap();
            if chance(dice) >= rate {
                return (days, Some(now + 1 + dice.below(45) as i32));
            }
            days.push(now + dice.below(longest + 1) as i32);
        }
        (days, None)
    }

    fn value(dice: &mut Dice) -> i64 {
        let factor = |dice: &mut Dice| 0.4 + 1.6 * chance(dice);
        (1_000_000.0 * factor(dice) * factor(dice)) as i64
    }

    fn tracks(seed: u64, days: i32) -> Vec<Track> {
        let mut dice = Dice::new(seed, 1);
        let mut tracks = Vec::new();
        for first in 0..days {
            for _ in 0..dice.around(4) {
                let (days, gone) = Truth::one(first, &mut dice);
                let mut own = track(&days, 3, gone);
                if own.value > 0 {
                    own.value = Truth::value(&mut dice);
                }
                tracks.push(own);
            }
        }
        tracks
    }
}

/// Learned of a book that is cut on a day, with many under way; held against pursuits that come
/// later and were never seen.
#[test]
fn what_is_learned_is_what_is_true() {
    let at = 600;
    let (mut off, mut said, mut spread) = ([0.0; 3], [0.0; 3], [0.0; 3]);
    let worlds = 12;
    for seed in 0..worlds {
        let tracks = Truth::tracks(seed, at + 1);
        let learned = learn(&tracks, (3, 1), at).unwrap();
        let window = Window {
            at,
            from: at + 1,
            until: at + 91,
        };
        for place in 0..3 {
            let lever = learned.lever(0, place, &window).unwrap();
            said[place] += lever.chance;
            spread[place] += lever.spread * lever.chance * lever.chance;
            let mut dice = Dice::new(99, place as u64);
            let many = 40_000;
            let mut won = 0;
            for number in 0..many {
                let first = at + 1 + number % 90;
                let mut now = first;
                let is_won = (place..3).all(|place| {
                    now += dice.below(LONGEST[place] + 1) as i32;
                    chance(&mut dice) < RATES[place]
                });
                won += i32::from(is_won && now < window.until);
            }
            off[place] += lever.chance - f64::from(won) / f64::from(many);
        }
    }
    for place in 0..3 {
        // The mean of worlds is off by what their rates are not sure of, and no more.
        let error = (spread[place] / f64::from(worlds as u32)).sqrt();
        let error = error / f64::from(worlds as u32).sqrt();
        let mean = off[place] / f64::from(worlds as u32);
        assert!(mean.abs() < 4.0 * error, "{place}: {mean} {error}");
        assert!(error < 0.05 * said[place] / f64::from(worlds as u32));
    }
}

/// A draw of a Beta distribution of two shapes, by Marsaglia and Tsang's gamma draws.
fn beta(dice: &mut Dice, rate: &Rate) -> f64 {
    let (yes, no) = (gamma(dice, rate.yes), gamma(dice, rate.no));
    yes / (yes + no)
}

fn normal(dice: &mut Dice) -> f64 {
    let radius = (-2.0 * (1.0 - chance(dice)).ln()).sqrt();
    radius * (2.0 * std::f64::consts::PI * chance(dice)).cos()
}

fn gamma(dice: &mut Dice, shape: f64) -> f64 {
    if shape < 1.0 {
        return gamma(dice, shape + 1.0) * (1.0 - chance(dice)).powf(1.0 / shape);
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = normal(dice);
        let v = (1.0 + c * x).powi(3);
        let u = 1.0 - chance(dice);
        if v > 0.0 && u.ln() < 0.5 * x * x + d - d * v + d * v.ln() {
            return d * v;
        }
    }
}

/// The same plan drawn many times: rates, who goes on, after how many days, what a win is worth,
/// and what those under way bring.
#[test]
fn a_plan_drawn_many_times_reaches_its_goal_as_often_as_it_says() {
    let at = 500;
    let tracks = Truth::tracks(5, at + 1);
    let learned = learn(&tracks, (3, 1), at).unwrap();
    let window = Window {
        at,
        from: at + 1,
        until: at + 121,
    };
    let worth = learned.worth(0).unwrap();
    let own = tracks
        .iter()
        .filter(|track| track.won_on().is_some_and(|day| day <= at));
    let values: Vec<i64> = own.map(|track| track.value).collect();
    let gap = Gap {
        goal: 60_000_000,
        already: 5_000_000,
        in_hand: 12_000_000,
        off: 3_000_000.0,
    };
    let paths = 4_000;
    for place in [0, 1, 2] {
        let lever = learned.lever(0, place, &window).unwrap();
        let rates: Vec<Rate> = learned.passages[place..]
            .iter()
            .map(|passage| {
                let passage = passage.as_ref().unwrap();
                Rate::of(passage.share, passage.known)
            })
            .collect();
        let mut before = 0;
        for odds in ODDS {
            let entries = needed(&gap, &lever, &worth, odds).unwrap();
            assert!(entries > before);
            before = entries;
            let mut dice = Dice::new(17, u64::from(odds.percent) + 1_000 * place as u64);
            let (mut reached, mut sum, mut squares) = (0, 0.0, 0.0);
            for _ in 0..paths {
                let drawn: Vec<f64> = rates.iter().map(|rate| beta(&mut dice, rate)).collect();
                // What a win is worth is known of so many only: drawn again.
                let pool: Vec<i64> = (0..values.len())
                    .map(|_| values[dice.below(values.len() as u64) as usize])
                    .collect();
                let mut all = gap.in_hand as f64 + gap.off * normal(&mut dice);
                for _ in 0..entries {
                    let mut day = at + 1 + dice.below(120) as i32;
                    let is_won = drawn.iter().enumerate().all(|(step, rate)| {
                        if chance(&mut dice) >= *rate {
                            return false;
                        }
                        let days = &learned.passages[place + step].as_ref().unwrap().days;
                        let mut left = chance(&mut dice);
                        let took = days.iter().position(|share| {
                            left -= share;
                            left < 0.0
                        });
                        day += took.unwrap_or(0) as i32;
                        true
                    });
                    if is_won && day < window.until {
                        all += pool[dice.below(pool.len() as u64) as usize] as f64;
                    }
                }
                reached += i32::from(gap.already as f64 + all >= gap.goal as f64);
                sum += all;
                squares += all * all;
            }
            let told = outlook(&gap, &lever, &worth, entries);
            let mean = sum / f64::from(paths);
            let variance = squares / f64::from(paths) - mean * mean;
            let error = (variance / f64::from(paths)).sqrt();
            assert!((mean - told.mean).abs() < 4.0 * error, "{mean} {told:?}");
            assert!(
                (variance / told.variance - 1.0).abs() < 0.12,
                "{variance} {told:?}"
            );
            let share = f64::from(reached) / f64::from(paths);
            let said = f64::from(odds.percent) / 100.0;
            assert!((share - said).abs() < 0.03, "{place} {odds:?}: {share}");
        }
    }
}

/// Of all ways to spread entries over days of which none is busier, the even one brings most; and
/// one entry less misses the odds.
#[test]
fn nothing_less_is_enough() {
    let at = 500;
    let tracks = Truth::tracks(6, at + 1);
    let learned = learn(&tracks, (3, 1), at).unwrap();
    let window = Window {
        at,
        from: at + 1,
        until: at + 91,
    };
    let worth = learned.worth(0).unwrap();
    let gap = goal(40_000_000);
    let mut dice = Dice::new(2, 3);
    for place in 0..3 {
        let lever = learned.lever(0, place, &window).unwrap();
        for odds in ODDS {
            let few = needed(&gap, &lever, &worth, odds).unwrap();
            let reaches = |entries: u64| {
                let told = outlook(&gap, &lever, &worth, entries);
                let spread = told.variance / (told.mean * told.mean);
                let z = [0.0, 0.841_621_234, 1.281_551_566];
                let z = z[ODDS.iter().position(|one| *one == odds).unwrap()];
                crate::forecast::figure(told.mean, spread, -z) >= gap.goal as f64
            };
            assert!(reaches(few) && !reaches(few - 1), "{place} {odds:?} {few}");
        }
        // By days: the chance of one that comes on a day is that of a window of its own.
        let of_day = |day: i32| {
            let one = |at: i32| {
                let window = Window { at, ..window };
                let days = f64::from(window.until - 1 - at);
                learned
                    .lever(0, place, &window)
                    .map_or(0.0, |lever| lever.chance * days)
            };
            one(day - 1) - one(day)
        };
        let days: Vec<f64> = (window.from..window.until).map(of_day).collect();
        let even: f64 = days.iter().sum();
        assert!((even / 90.0 - lever.chance).abs() < 1e-9);
        for _ in 0..200 {
            let other: f64 = days.iter().map(|brings| brings * chance(&mut dice)).sum();
            assert!(other <= even);
        }
    }
}

#[test]
fn what_cannot_be_won_in_time_or_is_not_known_is_needed_in_no_number() {
    let worth = Worth::of(&[100, 300]).unwrap();
    let gap = goal(10_000);
    assert_eq!(needed(&gap, &lever(0.0), &worth, ODDS[0]), None);
    assert_eq!(at_means(&gap, &lever(0.0), &worth), None);
    // A rate of which next to nothing is known.
    let vague = Lever {
        spread: 12.0,
        ..lever(0.1)
    };
    assert_eq!(needed(&gap, &vague, &worth, ODDS[2]), None);
    // What is won already needs nothing.
    let won = Gap {
        already: 10_000,
        ..gap
    };
    assert_eq!(needed(&won, &lever(0.0), &worth, ODDS[2]), Some(0));
    assert_eq!(at_means(&won, &lever(0.0), &worth), Some(0));
    assert_eq!(Worth::of(&[]), None);
    assert_eq!(Worth::of(&[0, 0]), None);
    // Nothing had ended: nothing is learned.
    let open = [track(&[3], 3, None)];
    assert!(learn(&open, (3, 1), 10).is_none());
    // Nobody ever went on from the second stage: what is above has no way to the win.
    let dead: Vec<Track> = (0..40)
        .map(|day| match day % 4 {
            0 => track(&[day, day, day, day + 3], 3, None),
            _ => track(&[day], 3, Some(day + 2)),
        })
        .collect();
    let known = learn(&dead, (3, 1), 60).unwrap();
    assert!(known.rate(0, 0).is_some());
    let stuck: Vec<Track> = (0..40)
        .map(|day| track(&[day, day + 1], 3, Some(day + 2)))
        .collect();
    let known = learn(&stuck, (3, 1), 60).unwrap();
    let window = Window {
        at: 60,
        from: 61,
        until: 90,
    };
    assert_eq!(known.rate(0, 0), None);
    assert_eq!(known.lever(0, 1, &window), None);
    assert_eq!(known.lever(0, 3, &window), Some(Lever::WON));
    assert_eq!(known.last_day(1, 90, 0.5), None);
}

/// A group of few leans on all, one of many does not.
#[test]
fn a_group_of_few_goes_by_the_rate_of_all() {
    let mut tracks = Truth::tracks(8, 601);
    // Ten that reached the last stage and were lost are of the second group.
    let mut lost = 0;
    for (number, track) in tracks.iter_mut().enumerate() {
        track.group = u32::from(number % 3 == 0) * 2;
        let is_lost = track.stands.len() == 4 && track.won_on().is_none();
        if is_lost && number > 400 && track.stands[3].0 <= 600 && lost < 10 {
            (track.group, lost) = (1, lost + 1);
        }
    }
    let learned = learn(&tracks, (3, 3), 600).unwrap();
    let whole = learn(&tracks, (3, 1), 600).unwrap().rate(0, 2).unwrap().0;
    let of = |group: usize| learned.rate(group, 2).unwrap().0;
    assert!(of(1) < whole && of(1) > 0.4 * whole, "{} {whole}", of(1));
    assert!((of(0) / whole - 1.0).abs() < 0.15);
    // What came of late, by pace, in the days that are left.
    let window = Window {
        at: 600,
        from: 601,
        until: 674,
    };
    let came = |group: u32| {
        let own = tracks.iter().filter(|track| track.group == group);
        own.filter(|track| (236..=600).contains(&track.stands[0].0))
            .count() as u64
    };
    for group in 0..3 {
        assert_eq!(learned.came(group as usize, 0), came(group));
    }
    assert_eq!(
        learned.at_pace(0, 0, &window),
        Some((2 * came(0) * 73 + 365) / 730)
    );
}
