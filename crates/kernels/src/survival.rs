//! Estimates where not everything has been seen yet: how long a stay lasts, how many will reach a
//! stage, told from those that are over and those that are still under way.
//!
//! Times are whole numbers of any one unit, so ties are exact; sums are f64 in order of time, the
//! same on every machine. This module refuses to know what is timed, and never gives a NaN: what
//! the observations cannot tell has no value. Exact figures of what is over are in `velocity`.
//!
//! Formulas. With n at risk and d gone at a time, the product limit is S = ∏ (1 − d/n) (Kaplan
//! and Meier 1958), and its variance on the log scale Σ d / (n (n − d)) (Greenwood). The incidence
//! of one cause is F = Σ S(t−) d_cause / n (Aalen and Johansen 1978), its variance Aalen's as in
//! Pintilie (Competing Risks, 2006, eq. 4.5). Intervals are pointwise, of 95 %, log-log.
//! Who is first seen after the beginning is at risk from then on only: entry < t ≤ exit. From the
//! first time on at which nobody was at risk, though others were seen later, nothing is known: a
//! product would carry on from a time of which nothing was seen, or stay at 0 for ever.

use handfast_model::planted;

use crate::fitness::Z;

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 2;

/// How close a share must be to a level to be at it: far above what a product of a million
/// factors loses, far below what any two samples can differ by.
const AT_LEVEL: f64 = 1e-12;

/// One unit under observation, from its beginning at time 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Observation {
    /// The time since its beginning after which it has been seen; `None` = always.
    pub entry: Option<i64>,
    /// The time at which it was over, or was last seen.
    pub exit: i64,
    /// What ended it; `None` = still under way when last seen.
    pub cause: Option<u8>,
}

/// An interval that holds the truth in 95 of 100 samples.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Band {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// A share with its interval; none where the log-log scale has no place for it: at 0 and at 1.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Share {
    /// From 0 to 1.
    pub value: f64,
    /// Its interval.
    pub band: Option<Band>,
}

/// A step of a curve: the share from this time on, until the next step.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Point {
    /// When something happened.
    pub time: i64,
    /// How many were at risk then.
    pub at_risk: u64,
    /// The share just after.
    pub share: Share,
}

/// The share that is still under way after each time at which something ended, whatever ended it.
pub fn survival(observations: &[Observation]) -> Vec<Point> {
    let (mut left, mut variance) = (1.0, 0.0);
    let step = |set: RiskSet| {
        let (n, d) = (set.at_risk as f64, set.gone as f64);
        left *= 1.0 - d / n;
        if set.at_risk > set.gone {
            variance += d / (n * (n - d));
        }
        Point {
            time: set.time,
            at_risk: set.at_risk,
            share: share(left, variance),
        }
    };
    let sets = risk_sets(observations, None).sets;
    sets.into_iter().map(step).collect()
}

/// The share that a cause has ended by each time at which something ended, all other causes
/// competing with it.
pub fn incidence(observations: &[Observation], cause: u8) -> Vec<Point> {
    let mut sums = Aalen::default();
    let (mut left, mut value) = (1.0, 0.0);
    let step = |set: RiskSet| {
        let (n, d) = (set.at_risk as f64, set.gone as f64);
        value += left * set.of_cause as f64 / n;
        sums.add(&set, left, value);
        left *= 1.0 - d / n;
        let variance = sums.variance(value).max(0.0);
        Point {
            time: set.time,
            at_risk: set.at_risk,
            share: share(value, variance / (value * value)),
        }
    };
    let sets = risk_sets(observations, Some(cause)).sets;
    sets.into_iter().map(step).collect()
}

/// The first time by which at least `over` of all are over: 0.5 asks for the median. `None` where
/// the curve never comes down so far: that is not known yet, and never the longest time seen.
pub fn quantile(survival: &[Point], over: f64) -> Option<i64> {
    let is_down = |point: &&Point| point.share.value <= 1.0 - over + AT_LEVEL;
    survival.iter().find(is_down).map(|point| point.time)
}

/// The share that a cause has ended by a time; without one, by the longest time seen. `None` where
/// some are still under way and nobody has been seen for so long, and where some time before was
/// seen of nobody.
pub fn share_by(observations: &[Observation], cause: u8, by: Option<i64>) -> Option<Share> {
    let last = last_seen(observations)?;
    let by = by.unwrap_or(last);
    let until = risk_sets(observations, None).until;
    if until.is_some_and(|until| until <= by) {
        return None;
    }
    let is_settled = || {
        let curve = survival(observations);
        curve.last().is_some_and(|point| point.share.value <= 0.0)
    };
    if last < by && !is_settled() {
        return None;
    }
    let none = Share {
        value: 0.0,
        band: None,
    };
    let curve = incidence(observations, cause);
    let known = curve.iter().take_while(|point| point.time <= by).last();
    Some(known.map_or(none, |point| point.share))
}

/// The longest time that anybody has been seen for.
pub fn last_seen(observations: &[Observation]) -> Option<i64> {
    let seen = observations.iter().filter(|one| one.is_seen());
    seen.map(|one| one.exit).max()
}

impl Observation {
    /// Whether it was ever at risk while it was seen.
    fn is_seen(&self) -> bool {
        self.entry.is_none_or(|entry| entry < self.exit)
    }
}

/// Who could end at a time, and who did.
struct RiskSet {
    time: i64,
    at_risk: u64,
    gone: u64,
    of_cause: u64,
}

/// The times at which something ended, ascending, as far as they are known.
struct RiskSets {
    sets: Vec<RiskSet>,
    /// The first time of which nothing is known; `None` = all that was seen is.
    until: Option<i64>,
}

/// The times at which something ended. Whoever is last seen at such a time was at risk.
fn risk_sets(observations: &[Observation], cause: Option<u8>) -> RiskSets {
    let seen = observations.iter().filter(|one| one.is_seen());
    let mut exits: Vec<(i64, Option<u8>)> = seen.clone().map(|one| (one.exit, one.cause)).collect();
    let mut entries: Vec<i64> = seen.filter_map(|one| one.entry).collect();
    exits.sort_unstable();
    entries.sort_unstable();
    let from_start = exits.len() - entries.len();
    let mut found = RiskSets {
        sets: Vec::new(),
        until: (from_start == 0 && !entries.is_empty()).then_some(0),
    };
    let mut before = 0;
    for group in exits.chunk_by(|a, b| a.0 == b.0) {
        let Some(&(time, _)) = group.first().filter(|_| found.until.is_none()) else {
            break;
        };
        let since = planted!(TruncationIgnored, time, i64::MAX);
        let late = entries.partition_point(|entry| *entry < since);
        let gone = group.iter().filter(|(_, ended)| ended.is_some()).count();
        let of_cause = group
            .iter()
            .filter(|(_, ended)| ended.is_some() && *ended == cause);
        let left = planted!(TiesLeaveFirst, before, before + group.len() - gone);
        let at_risk = from_start + late - left;
        let comes_later = late < entries.len();
        if gone == at_risk && comes_later {
            found.until = Some(time);
            break;
        }
        if gone > 0 {
            found.sets.push(RiskSet {
                time,
                at_risk: at_risk as u64,
                gone: gone as u64,
                of_cause: of_cause.count() as u64,
            });
        }
        before += group.len();
        let just_after = entries.partition_point(|entry| *entry <= time);
        if from_start + just_after == before && comes_later {
            found.until = Some(time + 1);
        }
    }
    found
}

/// Sums from which Aalen's variance of an incidence F is read at any time. The formula sums over
/// all earlier times k squares of F − F_k; expanded, one pass suffices.
#[derive(Default)]
struct Aalen {
    a: f64,
    a_f: f64,
    a_ff: f64,
    b: f64,
    c: f64,
    c_f: f64,
}

impl Aalen {
    /// Takes in one time, with what survived until it and the incidence just after it.
    fn add(&mut self, set: &RiskSet, left: f64, value: f64) {
        let (n, d, own) = (set.at_risk as f64, set.gone as f64, set.of_cause as f64);
        if set.at_risk > 1 {
            self.b += (n - own) * own / ((n - 1.0) * n * n) * left * left;
        }
        if set.at_risk > 1 && set.at_risk > set.gone {
            let a = d / ((n - 1.0) * (n - d));
            let c = own * (n - own) * left / (n * (n - d) * (n - 1.0));
            self.a += a;
            self.a_f += a * value;
            self.a_ff += a * value * value;
            self.c += c;
            self.c_f += c * value;
        }
    }

    fn variance(&self, f: f64) -> f64 {
        let squares = f * f * self.a - 2.0 * f * self.a_f + self.a_ff;
        squares + self.b - 2.0 * (f * self.c - self.c_f)
    }
}

/// A share with its log-log interval, from the variance of its logarithm.
fn share(value: f64, log_variance: f64) -> Share {
    let is_inside = value > f64::EPSILON && value < 1.0 - f64::EPSILON;
    let band = (is_inside && log_variance > f64::EPSILON).then(|| {
        let log = value.ln();
        let spread = (Z * log_variance.sqrt() / -log).exp();
        Band {
            low: (spread * log).exp(),
            high: (log / spread).exp(),
        }
    });
    Share { value, band }
}
