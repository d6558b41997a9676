//! Survival estimates against scikit-survival and lifelines (figures in `oracles/survival.txt`),
//! against the textbook formulas written out slowly, and at the edges where nothing is known.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use handfast_kernels::survival::{
    Band, Observation, Point, incidence, quantile, share_by, survival,
};
use handfast_model::Day;
use handfast_testkit::random::Chance;

const FIGURES: &str = include_str!("../../../oracles/survival.txt");

/// Times with many ties; a third each censored, of cause 1, of cause 2.
fn generated(seed: u64) -> Vec<Observation> {
    let mut chance = Chance::new(seed);
    let count = 5 + chance.below(120);
    let one = |_| {
        let exit = 1 + chance.below(25) as i64;
        seen(None, exit, chance.below(3))
    };
    (0..count).map(one).collect()
}

/// No two times alike; half of all are first seen late.
fn truncated(seed: u64) -> Vec<Observation> {
    let mut chance = Chance::new(seed);
    let count = 40 + chance.below(60);
    let one = |number| {
        let exit = 2 * (count * (1 + chance.below(50)) + number);
        let cause = chance.below(3);
        let is_late = chance.below(2) == 1 && exit > 2;
        let entry = is_late.then(|| (2 * chance.below(exit / 2) + 1) as i64);
        seen(entry, exit as i64, cause)
    };
    (0..count).map(one).collect()
}

fn seen(entry: Option<i64>, exit: i64, cause: u64) -> Observation {
    let cause = (cause > 0).then_some(cause as u8);
    Observation { entry, exit, cause }
}

/// The cells of a CSV without quotes by column, as far as the public samples need it.
fn table(path: &Path) -> Vec<HashMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let row = |line: &str| {
        let cells = line.split(',').map(str::to_owned);
        header
            .iter()
            .map(|name| (*name).to_owned())
            .zip(cells)
            .collect()
    };
    lines.map(row).collect()
}

fn american(text: &str) -> i64 {
    let parts: Vec<&str> = text.split('/').collect();
    let text = format!("{}-{:0>2}-{:0>2}", parts[2], parts[0], parts[1]);
    i64::from(Day::parse(&text).unwrap().0)
}

fn iso(text: &str) -> i64 {
    i64::from(Day::parse(&text[..10]).unwrap().0)
}

fn maven(folder: &Path) -> Vec<Observation> {
    let rows = table(&folder.join("maven_crm/sales_pipeline.csv"));
    let engaged = rows.iter().filter(|row| !row["engage_date"].is_empty());
    let one = |row: &HashMap<String, String>| {
        let cause = match row["deal_stage"].as_str() {
            "Won" => 1,
            "Lost" => 2,
            _ => 0,
        };
        let until = match row["close_date"].as_str() {
            "" => iso("2017-12-31"),
            text => american(text),
        };
        seen(None, until - american(&row["engage_date"]), cause)
    };
    engaged.map(one).collect()
}

fn olist(folder: &Path) -> Vec<Observation> {
    let folder = folder.join("olist_funnel");
    let deals = table(&folder.join("olist_closed_deals_dataset.csv"));
    let won: HashMap<&str, i64> = deals
        .iter()
        .map(|row| (row["mql_id"].as_str(), iso(&row["won_date"])))
        .collect();
    let leads = table(&folder.join("olist_marketing_qualified_leads_dataset.csv"));
    let one = |row: &HashMap<String, String>| {
        let closed = won.get(row["mql_id"].as_str());
        let until = *closed.unwrap_or(&iso("2018-11-14"));
        let days = until - iso(&row["first_contact_date"]);
        seen(None, days, u64::from(closed.is_some()))
    };
    // A win before its first contact is refused by the libraries.
    leads.iter().map(one).filter(|one| one.exit >= 0).collect()
}

/// The sample of a `set` line; `None` when its data are not here.
fn sample(line: &str, folder: Option<&Path>) -> Option<Vec<Observation>> {
    let words: Vec<&str> = line.split(' ').collect();
    match (words[1], folder) {
        ("generated", _) => Some(generated(words[2].parse().unwrap())),
        ("truncated", _) => Some(truncated(words[2].parse().unwrap())),
        ("maven", Some(folder)) => Some(maven(folder)),
        ("olist", Some(folder)) => Some(olist(folder)),
        _ => None,
    }
}

#[test]
fn figures_are_those_of_the_reference_libraries() {
    let folder = std::env::var("HANDFAST_DATA").ok();
    if folder.is_none() {
        println!("skipped: HANDFAST_DATA is not set");
    }
    let mut observations = None;
    let mut checked = 0;
    for line in FIGURES.lines() {
        if line.starts_with("set ") {
            observations = sample(line, folder.as_deref().map(Path::new));
            continue;
        }
        let Some(observations) = &observations else {
            continue;
        };
        let words: Vec<&str> = line.split(' ').collect();
        let (curve, rest) = match words[0] {
            "km" => (survival(observations), &words[1..]),
            _ => (
                incidence(observations, words[1].parse().unwrap()),
                &words[2..],
            ),
        };
        let time: i64 = rest[0].parse().unwrap();
        let found = curve.iter().find(|point| point.time == time).unwrap();
        let near = |text: &str, value: f64| {
            let wanted: f64 = text.parse().unwrap();
            assert!((wanted - value).abs() <= 1e-9, "{line}: we give {value}");
        };
        near(rest[1], found.share.value);
        // At 0 and 1 the libraries give the share itself as its interval; we give none.
        if let (Some(Band { low, high }), true) = (found.share.band, rest[2] != "-") {
            near(rest[2], low);
            near(rest[3], high);
        } else if rest[2] != "-" {
            assert!(
                found.share.value <= 0.0 || found.share.value >= 1.0,
                "{line}"
            );
        }
        checked += 1;
    }
    assert!(checked > 500, "{checked} figures");
}

/// Few observations of few times, most of them first seen late: many times of which nobody was seen.
fn sparse(seed: u64) -> Vec<Observation> {
    let mut chance = Chance::new(seed);
    let count = 1 + chance.below(8);
    let one = |_| {
        let entry = (chance.below(5) > 0).then(|| chance.below(8) as i64);
        let exit = entry.unwrap_or(0) + chance.below(6) as i64;
        seen(entry, exit, chance.below(3))
    };
    (0..count).map(one).collect()
}

/// Whether somebody was under watch at every time up to this one, or nobody was seen later.
fn is_watched(observations: &[Observation], time: i64) -> bool {
    let real = |one: &&Observation| one.entry.is_none_or(|entry| entry < one.exit);
    let all = || observations.iter().filter(real);
    let at_risk =
        |t: i64| all().filter(move |one| one.entry.is_none_or(|e| e < t) && t <= one.exit);
    let is_later = |t: i64| all().any(|one| one.entry.is_some_and(|entry| entry >= t));
    (0..=time).all(|t| {
        let goes_on = at_risk(t).any(|one| one.exit > t || one.cause.is_none());
        !is_later(t) || goes_on
    })
}

/// The formulas as they stand in the books, over all pairs of times.
fn twin(observations: &[Observation], cause: Option<u8>) -> Vec<(i64, u64, f64, f64)> {
    let entered = |one: &&Observation, t: i64| one.entry.is_none_or(|entry| entry < t);
    let real = |one: &&Observation| one.entry.is_none_or(|entry| entry < one.exit);
    let all = || observations.iter().filter(real);
    let times: BTreeSet<i64> = all()
        .filter(|one| one.cause.is_some())
        .map(|one| one.exit)
        .collect();
    let at_risk = |t: i64| all().filter(|one| entered(one, t) && t <= one.exit).count() as f64;
    let gone = |t: i64| {
        all()
            .filter(|one| one.cause.is_some() && one.exit == t)
            .count() as f64
    };
    let own = |t: i64| {
        all()
            .filter(|one| one.cause == cause && one.exit == t)
            .count() as f64
    };
    let left = |before: i64| {
        let factors = times
            .iter()
            .filter(|t| **t < before)
            .map(|t| 1.0 - gone(*t) / at_risk(*t));
        factors.product::<f64>()
    };
    let value = |until: i64| {
        let terms = times.iter().filter(|t| **t <= until);
        terms.map(|t| left(*t) * own(*t) / at_risk(*t)).sum::<f64>()
    };
    let row = |t: &i64| {
        if cause.is_none() {
            let terms = times
                .iter()
                .filter(|k| *k <= t)
                .filter(|k| at_risk(**k) > gone(**k));
            let variance = terms
                .map(|k| gone(*k) / (at_risk(*k) * (at_risk(*k) - gone(*k))))
                .sum();
            return (*t, at_risk(*t) as u64, left(t + 1), variance);
        }
        let mut variance = 0.0;
        for k in times.iter().filter(|k| *k <= t) {
            let (n, d, o, s) = (at_risk(*k), gone(*k), own(*k), left(*k));
            let ahead = value(*t) - value(*k);
            if n > 1.0 {
                variance += (n - o) * o / ((n - 1.0) * n * n) * s * s;
            }
            if n > 1.0 && n > d {
                variance += ahead * ahead * d / ((n - 1.0) * (n - d));
                variance -= 2.0 * ahead * o * (n - o) * s / (n * (n - d) * (n - 1.0));
            }
        }
        (
            *t,
            at_risk(*t) as u64,
            value(*t),
            variance / value(*t).powi(2),
        )
    };
    let known = times.iter().filter(|time| is_watched(observations, **time));
    known.map(row).collect()
}

#[test]
fn the_slow_road_gives_the_same() {
    for seed in 0..300 {
        let mut samples = vec![sparse(seed)];
        if seed < 3 {
            samples.extend([generated(seed), truncated(seed)]);
        }
        for observations in samples {
            for cause in [None, Some(1), Some(2)] {
                let curve = match cause {
                    None => survival(&observations),
                    Some(cause) => incidence(&observations, cause),
                };
                let slow = twin(&observations, cause);
                assert_eq!(curve.len(), slow.len());
                for (point, (time, at_risk, value, variance)) in curve.iter().zip(slow) {
                    assert_eq!((point.time, point.at_risk), (time, at_risk), "seed {seed}");
                    assert!((point.share.value - value).abs() < 1e-12, "seed {seed}");
                    let Some(Band { low, high }) = point.share.band else {
                        continue;
                    };
                    let spread = 1.959963984540054 * variance.sqrt() / value.ln();
                    let ends = [(-spread).exp(), spread.exp()].map(|power| value.powf(power));
                    assert!(
                        (low - ends[0]).abs() < 1e-9,
                        "seed {seed}: {low} {}",
                        ends[0]
                    );
                    assert!(
                        (high - ends[1]).abs() < 1e-9,
                        "seed {seed}: {high} {}",
                        ends[1]
                    );
                    assert!(0.0 <= low && low <= value && value <= high && high <= 1.0);
                }
            }
        }
    }
}

#[test]
fn incidences_and_what_is_left_are_one() {
    for seed in 0..60 {
        for observations in [generated(seed), truncated(seed)] {
            let curves = [1, 2].map(|cause| incidence(&observations, cause));
            for (at, point) in survival(&observations).iter().enumerate() {
                let sum = curves[0][at].share.value + curves[1][at].share.value + point.share.value;
                assert!((sum - 1.0).abs() < 1e-12, "seed {seed}");
            }
        }
    }
}

#[test]
fn the_order_of_observations_changes_no_bit() {
    for seed in 0..60 {
        for observations in [generated(seed), truncated(seed)] {
            let mut shuffled = observations.clone();
            Chance::new(seed).shuffle(&mut shuffled);
            assert_eq!(survival(&observations), survival(&shuffled), "seed {seed}");
            for cause in [1, 2] {
                let curves = [&observations, &shuffled].map(|all| incidence(all, cause));
                assert_eq!(curves[0], curves[1], "seed {seed}");
            }
        }
    }
}

#[test]
fn without_censoring_a_quantile_is_an_order_statistic() {
    for count in 1..=200_i64 {
        let observations: Vec<Observation> = (1..=count).map(|day| seen(None, day, 1)).collect();
        let curve = survival(&observations);
        let expected = |percent: i64| Some((count * percent + 99) / 100);
        for (over, percent) in [(0.5, 50), (0.75, 75), (0.9, 90)] {
            assert_eq!(
                quantile(&curve, over),
                expected(percent),
                "{over} of {count}"
            );
        }
    }
}

#[test]
fn what_cannot_be_told_has_no_value() {
    let nothing: &[Observation] = &[];
    assert_eq!(survival(nothing), []);
    assert_eq!(share_by(nothing, 1, Some(30)), None);
    assert_eq!(quantile(&survival(nothing), 0.5), None);

    // All still under way: nobody has been won by day 5, and of day 30 nothing is known.
    let young = [seen(None, 5, 0), seen(None, 9, 0)];
    assert_eq!(quantile(&survival(&young), 0.5), None);
    let by = |observations: &[Observation], day| {
        share_by(observations, 1, day).map(|share| (share.value, share.band))
    };
    assert_eq!(by(&young, Some(5)), Some((0.0, None)));
    assert_eq!(by(&young, Some(30)), None);

    // One of two is over: the median is not reached before the curve is down to a half.
    let half = [seen(None, 3, 1), seen(None, 9, 0)];
    assert_eq!(quantile(&survival(&half), 0.5), Some(3));
    assert_eq!(quantile(&survival(&half), 0.75), None);

    // A single one that ended settles everything, for all time.
    let single = [seen(None, 4, 2)];
    assert_eq!(by(&single, Some(300)), Some((0.0, None)));
    assert_eq!(share_by(&single, 2, Some(300)).unwrap().value, 1.0);

    // Last seen at the moment at which another one ends: both were at risk.
    let tie = [seen(None, 4, 1), seen(None, 4, 0)];
    let expected: Vec<(i64, u64, f64)> = vec![(4, 2, 0.5)];
    let points = |curve: Vec<Point>| {
        let row = |point: &Point| (point.time, point.at_risk, point.share.value);
        curve.iter().map(row).collect::<Vec<_>>()
    };
    assert_eq!(points(survival(&tie)), expected);

    // Begun before the data, one on each day: of the first day's risk set of one, nothing follows
    // for the others, who were first seen when they were older.
    let december: Vec<Observation> = (0..30).map(|age| seen(Some(age), age + 31, 1)).collect();
    let mut early = december.clone();
    early[0].exit = 1;
    for row in [&december, &early] {
        assert_eq!(survival(row), []);
        assert_eq!(by(row, Some(40)), None);
    }
    // Beside one seen from its beginning, the curve holds as long as that one goes on.
    early.push(seen(None, 20, 2));
    assert_eq!(quantile(&survival(&early), 0.5), Some(1));
    early.push(seen(None, 3, 1));
    early[0].exit = 31;
    let curve = survival(&early);
    assert_eq!(curve.len(), 32, "{curve:?}");

    // Nobody was seen at the age of 7: what happened at 9 says nothing of those who began.
    let gap = [seen(None, 4, 1), seen(None, 6, 0), seen(Some(7), 9, 1)];
    assert_eq!(points(survival(&gap)), [(4, 2, 0.5)]);
    assert_eq!(by(&gap, Some(6)).map(|(value, _)| value), Some(0.5));
    assert_eq!((by(&gap, Some(7)), by(&gap, None)), (None, None));

    // First seen at the very moment of its end: it was never seen at risk.
    assert_eq!(survival(&[seen(Some(4), 4, 1)]), []);
}
