//! The window played many times: each path draws how well wins go and how many pursuits come to be,
//! then who of those under way is won, and for what.
//!
//! Pursuits of one stage and age are alike and drawn together, unless their own amounts are known.
//! A win without a dated amount of its own is worth what one of the latest wins was.

use std::collections::BTreeMap;

use super::gamma::{self, LEVELS};
use super::hazard::{Ahead, Chances, Fit, arrivals, stays};
use super::level::{Level, level};
use super::score::Range;
use super::season::Season;
use super::{Part, State, Track, Window};
use crate::credit::sample::Dice;
use crate::threads::at_once;

/// A block that a level is learned of has at least so many days, and at most so many.
const BLOCK_DAYS: (i32, i32) = (28, 92);
/// So many blocks back.
const BLOCKS: i32 = 24;
/// A group's own share of wins weighs as so many wins do.
const GROUP_WINS: f64 = 20.0;
/// Values of so many latest wins, and of a group's own where it has so many.
const VALUES: (usize, usize) = (1_000, 20);
/// Paths that one piece of work plays.
const CHUNK: usize = 100;
/// So many expected wins of pursuits that are alike are drawn as the normal distribution has them.
const MANY: f64 = 30.0;

/// What a path brings: open deals, leads and new ones, each as deals and minor units.
type Drawn = [(i64, i64); 3];

/// What is played.
#[derive(Clone, Copy, Debug)]
pub struct Played<'t> {
    /// All pursuits, whatever became of them later.
    pub tracks: &'t [Track],
    /// How many stages there are.
    pub stages: usize,
    /// The first days of months, ascending, each with its place in its quarter: 0, 1 or 2.
    pub months: &'t [(i32, u8)],
    /// How many groups there are.
    pub groups: usize,
    /// How often.
    pub paths: usize,
    /// What chance begins with.
    pub seed: u64,
}

/// How many are won, and for how much.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Ranges {
    /// Deals.
    pub deals: Range,
    /// Minor units.
    pub value: Range,
}

/// The ranges of a group by part, and of all parts together.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct GroupRanges {
    /// In the order of [`Part::ALL`].
    pub parts: [Ranges; 4],
    /// Together, path by path: the range of a sum is narrower than the sum of ranges.
    pub all: Ranges,
}

/// What a window is forecast to bring.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// By group.
    pub groups: Vec<GroupRanges>,
    /// Of all groups.
    pub all: GroupRanges,
    /// Wins of late against what the chances say.
    pub pace: Level,
    /// Wins that the chances were learned of.
    pub wins: u64,
    /// By track: its chance where it is under way, in parts of a million.
    pub chances: Vec<Option<u32>>,
}

/// Pursuits that are alike.
struct Cell {
    part: usize,
    count: u64,
    /// Their own amounts; these are drawn one by one.
    amounts: Vec<i64>,
    /// By level of the pace.
    chance: [f64; LEVELS],
    /// By level: that none of the others is won.
    none: [f64; LEVELS],
}

struct Group {
    cells: Vec<Cell>,
    values: Vec<i64>,
    already: (i64, i64),
    /// By level of the pace: how many are won of one that comes to be each day.
    of_new: [f64; LEVELS],
    /// By level: how many come to be each day.
    daily: [f64; LEVELS],
}

/// Plays a window; `None` where nothing had ended by then, and so nothing can be learned.
pub fn play(played: &Played<'_>, window: &Window) -> Option<Forecast> {
    let fit = Fit::of(played.tracks, played.stages, window.at)?;
    let season = Season::of(played.months, played.tracks, (&fit, window.at));
    let blocks = Blocks::of(played, window, (&fit, &season));
    let learned = Learned {
        pace: blocks.pace(),
        fit,
        season,
        blocks,
    };
    let (groups, chances) = groups(played, window, &learned);
    let chunks = played.paths.div_ceil(CHUNK);
    let all = at_once(chunks, |chunk| {
        let first = chunk * CHUNK;
        let last = (first + CHUNK).min(played.paths);
        let path = |path: usize| one_path(&groups, Dice::new(played.seed, path as u64));
        (first..last).map(path).collect::<Vec<_>>()
    });
    let paths: Vec<Vec<Drawn>> = all.into_iter().flatten().collect();
    let already: Vec<(i64, i64)> = groups.iter().map(|group| group.already).collect();
    let of_group = |(at, already): (usize, &(i64, i64))| {
        let drawn = paths.iter().filter_map(|path| path.get(at).copied());
        ranges(*already, drawn.collect())
    };
    let sum = |all: (i64, i64), one: &(i64, i64)| (all.0 + one.0, all.1 + one.1);
    let summed = paths.iter().map(|path| {
        let part = |part: usize| {
            let of = path.iter().filter_map(|parts| parts.get(part));
            of.fold((0, 0), sum)
        };
        [part(0), part(1), part(2)]
    });
    Some(Forecast {
        all: ranges(already.iter().fold((0, 0), sum), summed.collect()),
        groups: already.iter().enumerate().map(of_group).collect(),
        pace: learned.pace,
        wins: learned.fit.won,
        chances,
    })
}

/// What was learned of the past.
struct Learned<'t> {
    fit: Fit,
    season: Season<'t>,
    blocks: Blocks,
    pace: Level,
}

impl Learned<'_> {
    /// The chances of a group at a pace.
    fn chances(&self, window: &Window, (group, pace): (usize, f64)) -> Chances {
        let factor = pace * self.blocks.factor(group);
        let ahead = (window.at + 1..window.until).map(|day| Ahead {
            factor: factor * self.season.on(day),
            counts: day >= window.from,
        });
        self.fit.chances(&ahead.collect::<Vec<_>>())
    }
}

/// What was counted in past blocks of days, the oldest first.
struct Blocks {
    /// Wins and what the chances say, of all.
    wins: Vec<(u64, f64)>,
    /// By group: those that came to be, and days.
    came: Vec<Vec<(u64, f64)>>,
    /// By group: wins and what the chances say.
    of_group: Vec<(u64, f64)>,
}

impl Blocks {
    fn of(played: &Played<'_>, window: &Window, (fit, season): (&Fit, &Season<'_>)) -> Blocks {
        let days = (window.until - window.from).clamp(BLOCK_DAYS.0, BLOCK_DAYS.1);
        let many = ((window.at - fit.after) / days).clamp(0, BLOCKS);
        let none = vec![(0, 0.0); usize::try_from(many).unwrap_or(0)];
        let of_days = none.iter().map(|_| (0, f64::from(days)));
        let mut blocks = Blocks {
            came: vec![of_days.collect(); played.groups],
            wins: none,
            of_group: vec![(0, 0.0); played.groups],
        };
        let first = window.at - many * days;
        for track in played.tracks {
            let group = track.group as usize;
            for stay in stays(track, window.at) {
                let is_won = stay.next == Some(State::Won) && stay.until > fit.after;
                let whole = season.expected(fit, &stay, (fit.after, window.at));
                if let Some(of_group) = blocks.of_group.get_mut(group) {
                    of_group.0 += u64::from(is_won);
                    of_group.1 += whole;
                }
                for (number, block) in (0..).zip(&mut blocks.wins) {
                    let after = first + number * days;
                    let span = (after, after + days);
                    if stay.until <= after || stay.since >= span.1 {
                        continue;
                    }
                    block.0 += u64::from(is_won && span.0 < stay.until && stay.until <= span.1);
                    block.1 += season.expected(fit, &stay, span);
                }
            }
            for (day, _) in arrivals(track, (first, window.at)) {
                let number = usize::try_from((day - first - 1) / days).unwrap_or(0);
                let came = blocks.came.get_mut(group);
                let block = came.and_then(|came| came.get_mut(number));
                block.into_iter().for_each(|block| block.0 += 1);
            }
        }
        blocks
    }

    /// How wins go of late. Blocks are as long as the window, so that what their level was off by
    /// is what it will be off by.
    fn pace(&self) -> Level {
        let found = level(&self.wins);
        match self.wins.is_empty() {
            true => Level {
                mean: 1.0,
                spread: 0.1,
            },
            false => found,
        }
    }

    /// How many come to be each day.
    fn daily(&self, group: usize) -> Level {
        level(self.came.get(group).map_or(&[][..], Vec::as_slice))
    }

    /// How often a group wins against what the chances of all say.
    fn factor(&self, group: usize) -> f64 {
        let (won, expected) = self.of_group.get(group).copied().unwrap_or((0, 0.0));
        match self.of_group.len() {
            1 => 1.0,
            _ => (won as f64 + GROUP_WINS) / (expected + GROUP_WINS),
        }
    }
}

/// Under way at the end of the day that is known: stage, days in it, its own amount.
type Place = (usize, u8, i32);

fn groups(
    played: &Played<'_>,
    window: &Window,
    learned: &Learned<'_>,
) -> (Vec<Group>, Vec<Option<u32>>) {
    let pace = learned.pace;
    let factors = gamma::levels(pace.mean, pace.spread);
    let pool = Values::of(played.tracks, window.at);
    let mut places: Vec<BTreeMap<Place, (u64, Vec<i64>)>> = vec![BTreeMap::new(); played.groups];
    let mut already = vec![(0, 0); played.groups];
    for track in played.tracks {
        let group = track.group as usize;
        if let (Some(place), Some(cells)) = (place_of(track, window.at), places.get_mut(group)) {
            let own = track.amount_at(window.at).filter(|_| place.0 == OPEN);
            let cell = cells.entry(place).or_default();
            match own {
                Some(amount) => cell.1.push(amount),
                None => cell.0 += 1,
            }
        }
        let won = track.won_on();
        if let (true, Some(sum)) = (
            won.is_some_and(|day| window.from <= day && day <= window.at.min(window.until - 1)),
            already.get_mut(group),
        ) {
            *sum = (sum.0 + 1, sum.1 + track.value);
        }
    }
    let of_group = |at: usize| {
        let chances = factors
            .iter()
            .map(|pace| learned.chances(window, (at, *pace)));
        let chances: Vec<Chances> = chances.collect();
        let cells = places.get(at).into_iter().flatten();
        let daily = learned.blocks.daily(at);
        Group {
            cells: cells
                .map(|(place, alike)| cell(place, alike, &chances))
                .collect(),
            values: pool.of_group(at),
            already: already.get(at).copied().unwrap_or_default(),
            of_new: std::array::from_fn(|level| {
                chances.get(level).map_or(0.0, |chances| chances.new)
            }),
            daily: gamma::levels(daily.mean, daily.spread),
        }
    };
    let made = at_once(played.groups, of_group);
    let usual = |group: usize| learned.chances(window, (group, pace.mean));
    let usual: Vec<Chances> = (0..played.groups).map(usual).collect();
    let chance = |track: &Track| {
        let (_, stage, age) = place_of(track, window.at)?;
        let chances = usual.get(track.group as usize)?;
        Some((chances.of(stage, age) * 1e6).round() as u32)
    };
    (made, played.tracks.iter().map(chance).collect())
}

const OPEN: usize = 0;
const LEADS: usize = 1;

fn place_of(track: &Track, at: i32) -> Option<Place> {
    let (since, state) = track.at(at)?;
    let State::In(stage) = state else { return None };
    let has_deal = track.deal_from.is_some_and(|from| from <= at);
    Some((if has_deal { OPEN } else { LEADS }, stage, at - since))
}

fn cell((part, stage, age): &Place, alike: &(u64, Vec<i64>), chances: &[Chances]) -> Cell {
    let of = |level: usize| chances.get(level).map_or(0.0, |all| all.of(*stage, *age));
    let chance: [f64; LEVELS] = std::array::from_fn(of);
    let power = i32::try_from(alike.0).unwrap_or(i32::MAX);
    Cell {
        part: *part,
        count: alike.0,
        amounts: alike.1.clone(),
        none: chance.map(|chance| (1.0 - chance).powi(power)),
        chance,
    }
}

/// What the latest wins were worth, the latest first.
pub(crate) struct Values(Vec<(u32, i64)>);

impl Values {
    pub(crate) fn of(tracks: &[Track], at: i32) -> Values {
        let won = tracks.iter().zip(0u64..).filter_map(|(track, number)| {
            let day = track.won_on().filter(|day| *day <= at)?;
            Some(((-day, number), (track.group, track.value)))
        });
        let mut won: Vec<_> = won.collect();
        won.sort_unstable_by_key(|(order, _)| *order);
        Values(won.into_iter().map(|(_, one)| one).collect())
    }

    pub(crate) fn of_group(&self, group: usize) -> Vec<i64> {
        let own = self.0.iter().filter(|(of, _)| *of as usize == group);
        let own: Vec<i64> = own.take(VALUES.0).map(|(_, value)| *value).collect();
        match own.len() < VALUES.1 {
            true => self
                .0
                .iter()
                .take(VALUES.0)
                .map(|(_, value)| *value)
                .collect(),
            false => own,
        }
    }
}

/// What each group's parts bring: open deals, leads, new ones.
fn one_path(groups: &[Group], mut dice: Dice) -> Vec<Drawn> {
    let pace = dice.below(LEVELS as u64) as usize;
    groups
        .iter()
        .map(|group| group.play(pace, &mut dice))
        .collect()
}

impl Group {
    fn play(&self, pace: usize, dice: &mut Dice) -> Drawn {
        let mut parts = [(0i64, 0i64); 3];
        for cell in &self.cells {
            let (count, sum) = cell.own(pace, dice);
            let more = cell.others(pace, dice);
            let sum = sum + self.worth(more, dice);
            if let Some(part) = parts.get_mut(cell.part) {
                *part = (part.0 + count + more as i64, part.1 + sum);
            }
        }
        let came = dice.below(LEVELS as u64) as usize;
        let daily = self.daily.get(came).copied().unwrap_or(0.0);
        let mean = daily * self.of_new.get(pace).copied().unwrap_or(0.0);
        let whole = mean.max(0.0).floor();
        let more = u64::from(chance(dice) < mean - whole);
        let count = dice.around(whole as u64 + more);
        let sum = self.worth(count, dice);
        if let Some(part) = parts.last_mut() {
            *part = (count as i64, sum);
        }
        parts
    }

    fn worth(&self, count: u64, dice: &mut Dice) -> i64 {
        let mut one = |_| {
            let place = dice.below(self.values.len() as u64);
            self.values.get(place as usize).copied().unwrap_or(0)
        };
        (0..count).map(&mut one).sum()
    }
}

impl Cell {
    /// Of those with an amount of their own.
    fn own(&self, pace: usize, dice: &mut Dice) -> (i64, i64) {
        let of = self.chance.get(pace).copied().unwrap_or(0.0);
        let won = self.amounts.iter().filter(|_| chance(dice) < of);
        won.fold((0, 0), |(count, sum), amount| (count + 1, sum + amount))
    }

    /// How many of the others: by adding up chances of 0, 1, 2, … wins.
    fn others(&self, pace: usize, dice: &mut Dice) -> u64 {
        let of = self.chance.get(pace).copied().unwrap_or(0.0);
        if self.count == 0 || of <= 0.0 {
            return 0;
        }
        let many = self.count as f64;
        if of >= 1.0 {
            return self.count;
        }
        if many * of.min(1.0 - of) > MANY {
            let normal = (0..12).map(|_| chance(dice)).sum::<f64>() - 6.0;
            let drawn = many * of + (many * of * (1.0 - of)).sqrt() * normal;
            return (drawn.round().max(0.0) as u64).min(self.count);
        }
        let (odds, mut left) = (of / (1.0 - of), chance(dice));
        let mut share = self.none.get(pace).copied().unwrap_or(0.0);
        let mut count = 0;
        while left >= share && count < self.count {
            left -= share;
            share *= odds * (self.count - count) as f64 / (count + 1) as f64;
            count += 1;
        }
        count
    }
}

/// A number from 0 up to 1.
fn chance(dice: &mut Dice) -> f64 {
    (dice.next() >> 11) as f64 / (1u64 << 53) as f64
}

fn ranges(already: (i64, i64), paths: Vec<Drawn>) -> GroupRanges {
    let of = |pick: &dyn Fn(&Drawn) -> (i64, i64)| {
        let drawn: Vec<(i64, i64)> = paths.iter().map(pick).collect();
        Ranges {
            deals: Range::of(drawn.iter().map(|one| one.0).collect()),
            value: Range::of(drawn.iter().map(|one| one.1).collect()),
        }
    };
    let part = |place: usize| of(&|path| path.get(place).copied().unwrap_or((0, 0)));
    let sum = |path: &Drawn| {
        let parts = path.iter();
        parts.fold(already, |all, one| (all.0 + one.0, all.1 + one.1))
    };
    GroupRanges {
        parts: [of(&|_| already), part(0), part(1), part(2)],
        all: of(&sum),
    }
}

impl GroupRanges {
    /// The ranges of a part.
    pub fn part(&self, part: Part) -> Ranges {
        let place = Part::ALL.iter().position(|one| *one == part);
        let found = place.and_then(|place| self.parts.get(place));
        found.copied().unwrap_or_default()
    }
}
