//! How many go on from each stage of the path, and after how many days.
//!
//! A pursuit reaches a stage on the first day on which it stands there or beyond: whoever begins
//! further down, or skips, has reached the stages above on that day. So whoever reaches one has
//! reached all above it, and what is won of a stage is the product of the shares that go on.
//!
//! Who goes on is told by the incidence of that end against all others (Aalen and Johansen), so
//! that those still under way say what they can, and those who were there before the first end that
//! is known from then on only. With a share s of n whose outcome is known, the rate is the Beta
//! distribution of s n + ½ and (1 − s) n + ½ (Jeffreys); that of a group leans on the rate of all
//! as on so many of its own ([`OWN`]). Delays are those of all.

use super::need::Worth;
use crate::forecast::{State, Track, Values, Window};
use crate::survival::{Observation, incidence};

/// So many days back what happened says something of what will.
const MEMORY: i32 = 1_095;
/// No delay is longer, of one stage or of several together.
const LONGEST: usize = 1_096;
/// A group's own rates weigh against those of all as if so many were known beside them.
const OWN: f64 = 20.0;
/// What came of late came in so many days.
const LATELY: i32 = 365;
/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_985;

/// A share of which so much is known: the Beta distribution.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rate {
    /// Its first parameter: those who went on, and a half.
    pub yes: f64,
    /// Its second: those who did not, and a half.
    pub no: f64,
}

impl Rate {
    /// Of a share of so many.
    pub fn of(share: f64, known: u64) -> Rate {
        Rate {
            yes: share * known as f64 + 0.5,
            no: (1.0 - share) * known as f64 + 0.5,
        }
    }

    /// Of a share of so many in a group, where all have another rate.
    fn in_group(share: f64, known: u64, all: &Rate) -> Rate {
        Rate {
            yes: share * known as f64 + OWN * all.mean(),
            no: (1.0 - share) * known as f64 + OWN * (1.0 - all.mean()),
        }
    }

    /// Its mean.
    pub fn mean(&self) -> f64 {
        self.yes / (self.yes + self.no)
    }

    /// The mean of its square.
    pub fn square(&self) -> f64 {
        let all = self.yes + self.no;
        self.mean() * (self.yes + 1.0) / (all + 1.0)
    }
}

/// How pursuits go from a stage to the next or beyond.
#[derive(Clone, PartialEq, Debug)]
pub struct Passage {
    /// The share of all that have done so by the longest time seen.
    pub share: f64,
    /// How many went on or ended otherwise while they were seen.
    pub known: u64,
    /// Of those who go on, the share that does after so many days.
    pub days: Vec<f64>,
}

impl Passage {
    /// `None` where nobody went on, or of no time on it is known who would have.
    fn of(seen: &[Observation]) -> Option<Passage> {
        let curve = incidence(seen, ON);
        let share = curve.last()?.share.value;
        if share <= 0.0 {
            return None;
        }
        let mut days = vec![0.0; LONGEST];
        let mut before = 0.0;
        for point in &curve {
            let at = usize::try_from(point.time).unwrap_or(0).min(LONGEST - 1);
            if let Some(slot) = days.get_mut(at) {
                *slot += (point.share.value - before) / share;
            }
            before = point.share.value;
        }
        let known = known(seen);
        Some(Passage { share, known, days })
    }
}

/// How many were seen to the end.
fn known(seen: &[Observation]) -> u64 {
    let is_known =
        |one: &&Observation| one.cause.is_some() && one.entry.is_none_or(|entry| entry < one.exit);
    seen.iter().filter(is_known).count() as u64
}

/// Went on to the next stage or beyond.
const ON: u8 = 0;
/// Ended otherwise.
const OUT: u8 = 1;

/// What closes a gap when more of it come to be, and how well that is known.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Lever {
    /// The share of those who come evenly from tomorrow on that is won within the window.
    pub chance: f64,
    /// The variance of that share, as a part of its square: of rates alone.
    pub spread: f64,
    /// How many of those who are won in the end are won within the window.
    pub timely: f64,
}

impl Lever {
    /// A deal that is won within the window.
    pub const WON: Lever = Lever {
        chance: 1.0,
        spread: 0.0,
        timely: 1.0,
    };
}

/// What was learned by the end of a day.
#[derive(Clone, Debug)]
pub struct Learned {
    /// By place on the path; the last goes on to be won.
    pub passages: Vec<Option<Passage>>,
    /// By group, by place.
    rates: Vec<Vec<Option<Rate>>>,
    /// By place: of those who are won in the end, the share that is within at most so many days.
    soon: Vec<Option<Vec<f64>>>,
    /// By group.
    worths: Vec<Option<Worth>>,
    /// By group, by place: how many reached it of late.
    came: Vec<Vec<u64>>,
    /// In how many days.
    pub lately: i32,
    /// By group: what was won of late, in minor units and in deals.
    pub won: Vec<(i64, u64)>,
}

/// A pursuit by the days on which it reached what.
struct Way {
    group: usize,
    /// By place on the path, and at last the win.
    reached: Vec<Option<i32>>,
    gone: Option<i32>,
}

impl Way {
    fn of(track: &Track, path: usize, at: i32) -> Way {
        let seen = track.stands.partition_point(|(day, _)| *day <= at);
        let seen = track.stands.get(..seen).unwrap_or_default();
        let mut reached = vec![None; path + 1];
        for (day, state) in seen {
            let depth = match state {
                State::In(stage) if usize::from(*stage) < path => usize::from(*stage) + 1,
                State::Won => path + 1,
                State::In(_) | State::Gone => 0,
            };
            for slot in reached.iter_mut().take(depth) {
                *slot = slot.or(Some(*day));
            }
        }
        let last = seen.last().filter(|(_, state)| *state == State::Gone);
        Way {
            group: track.group as usize,
            reached,
            gone: last.map(|(day, _)| *day),
        }
    }

    fn day(&self, place: usize) -> Option<i32> {
        self.reached.get(place).copied().flatten()
    }

    /// What is seen of it in a stage: from it to the next, until a day and after another.
    fn seen(&self, place: usize, (after, at): (i32, i32)) -> Option<Observation> {
        let from = self.day(place)?;
        let (exit, cause) = match (self.day(place + 1), self.gone) {
            (Some(on), _) => (on, Some(ON)),
            (None, Some(gone)) => (gone, Some(OUT)),
            (None, None) => (at, None),
        };
        Some(Observation {
            entry: (from <= after).then(|| i64::from(after - from)),
            exit: i64::from(exit - from),
            cause,
        })
    }
}

/// Learns of everything up to the end of a day; `None` where nothing had ended by then.
pub fn learn(tracks: &[Track], (path, groups): (usize, usize), at: i32) -> Option<Learned> {
    let ends = tracks.iter().flat_map(|track| &track.stands);
    let ends = ends.filter(|(day, state)| *day <= at && !matches!(state, State::In(_)));
    let first = ends.map(|(day, _)| *day).min()?;
    let after = first.max(at - MEMORY);
    let ways: Vec<Way> = tracks
        .iter()
        .map(|track| Way::of(track, path, at))
        .collect();
    let seen = |place: usize, group: Option<usize>| {
        let own = ways
            .iter()
            .filter(|way| group.is_none_or(|group| way.group == group));
        let own = own.filter_map(|way| way.seen(place, (after, at)));
        own.collect::<Vec<Observation>>()
    };
    let passages: Vec<Option<Passage>> = (0..path)
        .map(|place| Passage::of(&seen(place, None)))
        .collect();
    let rate = |group: usize, place: usize| {
        let all = passages.get(place)?.as_ref()?;
        let whole = Rate::of(all.share, all.known);
        if groups == 1 {
            return Some(whole);
        }
        let own = seen(place, Some(group));
        let curve = incidence(&own, ON);
        let share = curve.last().map_or(0.0, |point| point.share.value);
        Some(Rate::in_group(share, known(&own), &whole))
    };
    let rates = |group: usize| (0..path).map(|place| rate(group, place)).collect();
    let lately = LATELY.min(at - after);
    let mut learned = Learned {
        rates: (0..groups).map(rates).collect(),
        soon: soon(&passages),
        passages,
        worths: worths(tracks, groups, at),
        came: vec![vec![0; path + 1]; groups],
        lately,
        won: vec![(0, 0); groups],
    };
    learned.count(&ways, tracks, (at - lately, at));
    Some(learned)
}

/// By group: what a win is worth, by the wins that a forecast draws from.
fn worths(tracks: &[Track], groups: usize, at: i32) -> Vec<Option<Worth>> {
    let values = Values::of(tracks, at);
    let of = |group: usize| Worth::of(&values.of_group(group));
    (0..groups).map(of).collect()
}

/// Of each place the days to the win: those of its own passage and of all after it together.
fn soon(passages: &[Option<Passage>]) -> Vec<Option<Vec<f64>>> {
    let mut all = Vec::with_capacity(passages.len());
    // A win is won at once.
    let mut further = Some(vec![1.0]);
    for passage in passages.iter().rev() {
        further = match (passage, &further) {
            (Some(passage), Some(further)) => Some(folded(&passage.days, further)),
            _ => None,
        };
        all.push(further.as_deref().map(summed));
    }
    all.reverse();
    all
}

/// The days of one thing after another (convolution).
fn folded(one: &[f64], other: &[f64]) -> Vec<f64> {
    let mut both = vec![0.0; LONGEST];
    for (first, share) in one.iter().enumerate().filter(|(_, share)| **share > 0.0) {
        let slots = both.iter_mut().skip(first);
        for (slot, more) in slots.zip(other) {
            *slot += share * more;
        }
    }
    both
}

fn summed(shares: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let add = |share: &f64| {
        sum += share;
        sum
    };
    shares.iter().map(add).collect()
}

impl Learned {
    fn count(&mut self, ways: &[Way], tracks: &[Track], (after, at): (i32, i32)) {
        let is_late = |day: i32| after < day && day <= at;
        for (way, track) in ways.iter().zip(tracks) {
            let (Some(came), Some(won)) =
                (self.came.get_mut(way.group), self.won.get_mut(way.group))
            else {
                continue;
            };
            for (slot, day) in came.iter_mut().zip(&way.reached) {
                *slot += u64::from(day.is_some_and(is_late));
            }
            if way.reached.last().copied().flatten().is_some_and(is_late) {
                won.0 = won.0.saturating_add(track.value);
                won.1 += 1;
            }
        }
    }

    /// What a win of a group is worth; `None` where none was worth anything.
    pub fn worth(&self, group: usize) -> Option<Worth> {
        self.worths.get(group).copied().flatten()
    }

    /// How many of a group reached a place of late, in [`Learned::lately`] days.
    pub fn came(&self, group: usize, place: usize) -> u64 {
        let own = self.came.get(group);
        own.and_then(|own| own.get(place)).copied().unwrap_or(0)
    }

    /// As many as that in the days that are left; half away from zero.
    pub fn at_pace(&self, group: usize, place: usize, window: &Window) -> Option<u64> {
        let lately = u64::try_from(self.lately).ok().filter(|days| *days > 0)?;
        let left = u64::try_from(window.until - 1 - window.at).unwrap_or(0);
        Some((2 * self.came(group, place) * left + lately) / (2 * lately))
    }

    /// The share of a group that is won in the end from a place on, and between which 95 of 100
    /// lie, by moments.
    pub fn rate(&self, group: usize, place: usize) -> Option<(f64, (f64, f64))> {
        let (mean, spread) = self.won_of(group, place)?;
        let point = |z: f64| crate::forecast::figure(mean, spread, z).min(1.0);
        Some((mean, (point(-Z), point(Z))))
    }

    /// The mean of a product of rates, and its variance as a part of the mean's square.
    fn won_of(&self, group: usize, place: usize) -> Option<(f64, f64)> {
        let rates = self.rates.get(group)?.get(place..)?;
        let (mut mean, mut ratio) = (1.0, 1.0);
        for rate in rates {
            let rate = rate.as_ref()?;
            mean *= rate.mean();
            ratio *= rate.square() / (rate.mean() * rate.mean());
        }
        Some((mean, (ratio - 1.0).max(0.0)))
    }

    /// What those bring who reach a place evenly from tomorrow on; the place after the path is that
    /// of deals that are won.
    pub fn lever(&self, group: usize, place: usize, window: &Window) -> Option<Lever> {
        if place == self.passages.len() {
            return Some(Lever::WON);
        }
        let (mean, spread) = self.won_of(group, place)?;
        let soon = self.soon.get(place)?.as_ref()?;
        let within = |days: i32| {
            let known = usize::try_from(days).ok();
            let found = known.map(|days| soon.get(days).or(soon.last()));
            found.flatten().copied().unwrap_or(0.0)
        };
        let days = window.at + 1..window.until;
        let many = days.len() as f64;
        if many < 1.0 {
            return None;
        }
        // On a day before the window some are won too soon for it.
        let of_day = |day: i32| within(window.until - 1 - day) - within(window.from - 1 - day);
        let timely = days.map(of_day).sum::<f64>() / many;
        Some(Lever {
            chance: mean * timely,
            spread,
            timely,
        })
    }

    /// The last day on which, of those who reach a place and are won in the end, this share still
    /// is before a day.
    pub fn last_day(&self, place: usize, until: i32, share: f64) -> Option<i32> {
        let soon = self.soon.get(place)?.as_ref()?;
        // Sums of shares may lack their last digits.
        let days = soon.iter().position(|won| *won >= share - 1e-9)?;
        Some(until - 1 - i32::try_from(days).ok()?)
    }
}
