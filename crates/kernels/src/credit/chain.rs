//! The Markov chain of paths, and what it loses with each channel.
//!
//! A state is the last few channels of a path, as many as the order says; from each state a path
//! goes on to a channel, to success or to nothing, as often as paths did. A channel's *removal
//! effect* is the share of success that is lost when every path that comes to it ends in nothing.
//! Equations are solved, nothing is simulated. Repeats of a channel are kept: at order one they
//! change nothing. Law: at every order the chain succeeds as often as the paths did.

use handfast_model::limits;

use super::game;
use super::paths::Path;
use crate::quick::Quick;

/// The highest order there can be.
pub const ORDERS: usize = limits::CHAIN_ORDER as usize;

/// Sweeps stop when none of the chances grows by more than this.
const STILL: f64 = 1e-15;
/// And in any case after so many: a chain in which paths go on for ever cannot be.
pub const SWEEPS: usize = 1_000_000;
/// A chain of order one of so few channels is solved by elimination where it did not come to rest
/// after so many: where paths go round very long.
const ELIMINATED: (usize, usize) = (200, 10_000);

/// How often paths went from state to state.
#[derive(Clone, Debug)]
pub struct Chain {
    channels: usize,
    order: usize,
    /// In order; the first is the start.
    keys: Vec<Key>,
    states: Vec<State>,
    edges: Vec<Edge>,
}

#[derive(Clone, Copy, Debug)]
struct State {
    /// Where its edges end.
    edges: usize,
    /// What left it to success, by count or by what it brought.
    won: f64,
    /// All that left it, but to itself.
    left: u64,
}

#[derive(Clone, Copy, Debug)]
struct Edge {
    to: usize,
    channel: usize,
    count: u64,
}

/// What the chain says of each channel.
#[derive(Clone, PartialEq, Debug)]
pub struct Removal {
    /// The chance of success.
    pub chance: f64,
    /// By channel: the share of it that is lost without the channel; all 0 where nothing succeeds.
    pub effects: Vec<f64>,
    /// Whether the chances came to rest; after [`SWEEPS`] they are taken as they are.
    pub is_settled: bool,
}

/// Says of a model that its chances did not come to rest.
pub fn unsettled(model: &str) -> String {
    format!(
        "{model} is not exact: paths go round so long that its chances still grew after {SWEEPS} \
         rounds, and what is left of them is in no share"
    )
}

impl Removal {
    /// The effects as shares of their sum; `None` where no channel has any.
    pub fn shares(&self) -> Option<Vec<f64>> {
        shares(&self.effects)
    }
}

/// A sum below so much of what was added up is what rounding left of nothing, and so is one that is
/// too small beside the whole of a game, which is no more than one or counts paths.
const ROUNDING: (f64, f64) = (1e-9, 1e-13);

/// Figures as shares of their sum; `None` where that is nothing, or less.
pub(super) fn shares(figures: &[f64]) -> Option<Vec<f64>> {
    let sum: f64 = figures.iter().sum();
    let size: f64 = figures.iter().map(|figure| figure.abs()).sum();
    let shares = || figures.iter().map(|figure| figure / sum).collect();
    (sum > ROUNDING.1.max(size * ROUNDING.0)).then(shares)
}

/// The last few channels of a path, one in 16 bits, each one above its number; 0 is the start.
pub(super) type Key = u64;
/// Where a path goes on, beside the numbers of channels.
pub(super) const WON: u16 = u16::MAX;
pub(super) const LOST: u16 = u16::MAX - 1;

impl Chain {
    /// The chain of an order (one to [`ORDERS`]; others are taken as the nearest) of paths whose
    /// channels are numbered below `channels`.
    pub fn of<'a>(paths: impl Iterator<Item = Path<'a>>, channels: usize, order: usize) -> Chain {
        let paths = paths.filter(|path| path.won + path.lost > 0);
        match order {
            0 | 1 => Chain::first_order(paths, channels),
            _ => Chain::higher_order(paths, channels, order.min(ORDERS)),
        }
    }

    /// A table of all pairs: a row per channel, and one for the start.
    fn first_order<'a>(paths: impl Iterator<Item = Path<'a>>, channels: usize) -> Chain {
        let width = channels + 2;
        let mut table = vec![0; (channels + 1) * width];
        for path in paths {
            let mut row = 0;
            let mut go = |column: usize, count: u64| {
                if let Some(cell) = table.get_mut(row * width + column) {
                    *cell += count;
                }
                row = column + 1;
            };
            let all = path.won + path.lost;
            path.steps
                .iter()
                .for_each(|step| go(usize::from(*step), all));
            go(channels, path.won);
            if let Some(cell) = table.get_mut(row_before(path.steps) * width + channels + 1) {
                *cell += path.lost;
            }
        }
        let mut counts = Vec::new();
        for (row, cells) in table.chunks(width).enumerate() {
            for (column, count) in cells.iter().enumerate().filter(|(_, count)| **count > 0) {
                let channel = match column.checked_sub(channels) {
                    Some(0) => WON,
                    Some(_) => LOST,
                    None => column as u16,
                };
                counts.push(((row as Key, channel), *count));
            }
        }
        Chain::from_counts(counts, channels, 1)
    }

    fn higher_order<'a>(
        paths: impl Iterator<Item = Path<'a>>,
        channels: usize,
        order: usize,
    ) -> Chain {
        let mut counts: Quick<(Key, u16), u64> = Quick::default();
        for path in paths {
            let mut key = 0;
            for step in path.steps {
                *counts.entry((key, *step)).or_default() += path.won + path.lost;
                key = next(key, *step, order);
            }
            for (end, count) in [(WON, path.won), (LOST, path.lost)] {
                if count > 0 {
                    *counts.entry((key, end)).or_default() += count;
                }
            }
        }
        Chain::from_counts(counts.into_iter().collect(), channels, order)
    }

    /// The chain of an order by how often each step was taken, at this order or at higher ones.
    pub(super) fn of_steps(
        steps: impl Iterator<Item = ((Key, u16), u64)>,
        channels: usize,
        order: usize,
    ) -> Chain {
        let mut counts: Quick<(Key, u16), u64> = Quick::default();
        for ((key, to), count) in steps.filter(|(_, count)| *count > 0) {
            *counts.entry((shortened(key, order), to)).or_default() += count;
        }
        Chain::from_counts(counts.into_iter().collect(), channels, order)
    }

    fn from_counts(mut counts: Vec<((Key, u16), u64)>, channels: usize, order: usize) -> Chain {
        counts.sort_unstable();
        let states = counts.chunk_by(|a, b| a.0.0 == b.0.0);
        let keys: Vec<Key> = states
            .filter_map(|state| Some(state.first()?.0.0))
            .collect();
        let mut chain = Chain {
            channels,
            order,
            states: Vec::with_capacity(keys.len()),
            keys,
            edges: Vec::with_capacity(counts.len()),
        };
        for (place, state) in counts.chunk_by(|a, b| a.0.0 == b.0.0).enumerate() {
            let (mut won, mut left) = (0.0, 0);
            for &((key, channel), count) in state {
                let to = chain.keys.binary_search(&next(key, channel, order));
                match (channel, to) {
                    (WON, _) => won += count as f64,
                    (LOST, _) => {}
                    (_, Ok(to)) if to == place => continue,
                    (_, Ok(to)) => chain.edges.push(Edge {
                        to,
                        channel: usize::from(channel),
                        count,
                    }),
                    // Every path goes on or ends.
                    (_, Err(_)) => {}
                }
                left += count;
            }
            let edges = chain.edges.len();
            chain.states.push(State { edges, won, left });
        }
        chain
    }

    /// The same, in which a success pays what those after the same channels brought on average, in
    /// parts of the most that any state pays: what it says of chance is then said of value. `None`
    /// where some brought less than nothing, or none anything.
    pub fn paying(&self, ends: &Ends) -> Option<Chain> {
        let mut brought: Quick<Key, i128> = Quick::default();
        for (key, value) in &ends.0 {
            *brought.entry(shortened(*key, self.order)).or_default() += value;
        }
        let of = |key: &Key| brought.get(key).copied().unwrap_or(0);
        let states = self.keys.iter().zip(&self.states);
        let pays = |(key, state): (&Key, &State)| of(key) as f64 / state.left as f64;
        let most = states.clone().map(pays).fold(0.0, f64::max);
        let is_any_below = self.keys.iter().any(|key| of(key) < 0);
        let paid = states.map(|(key, state)| State {
            won: of(key) as f64 / most,
            ..*state
        });
        let is_told = most > 0.0 && !is_any_below;
        is_told.then(|| Chain {
            states: paid.collect(),
            ..self.clone()
        })
    }

    /// The chance of success, and what of it is lost without each channel.
    ///
    /// Cost     edges times channels, per sweep; sweeps as many as paths are long, a few times.
    /// Source   Anderl et al., removal effects of a graph of channels; decision 0028.
    pub fn removal(&self) -> Removal {
        // One lane in which nothing is removed, one for each channel.
        let lanes = self.channels + 1;
        let mut chances = vec![0.0; self.states.len() * lanes];
        let mut sums = vec![0.0; lanes];
        let is_small = self.order == 1 && self.channels <= ELIMINATED.0;
        let (most, mut is_still) = (if is_small { ELIMINATED.1 } else { SWEEPS }, false);
        for _ in 0..most {
            let mut growth: f64 = 0.0;
            // Later channels first changes nothing of the result; it is as good as any order.
            for place in (0..self.states.len()).rev() {
                self.sum_up(place, lanes, &chances, &mut sums);
                let Some(old) = chances.get_mut(place * lanes..(place + 1) * lanes) else {
                    break;
                };
                for (old, new) in old.iter_mut().zip(&sums) {
                    growth = growth.max(new - *old);
                    *old = *new;
                }
            }
            is_still = growth <= STILL;
            if is_still {
                break;
            }
        }
        let start = match is_still || !is_small {
            true => chances.iter().take(lanes).copied().collect(),
            false => game::without_each(self),
        };
        let mut start = start.into_iter();
        let chance = start.next().unwrap_or(0.0);
        let effect = |without: f64| match chance > 0.0 {
            true => (1.0 - without / chance).max(0.0),
            false => 0.0,
        };
        let effects = start.map(effect).collect();
        Removal {
            chance,
            effects,
            is_settled: is_still || is_small,
        }
    }

    /// The chances of success from one state, in every lane, by those of the states after it.
    fn sum_up(&self, place: usize, lanes: usize, chances: &[f64], sums: &mut [f64]) {
        let Some(state) = self.states.get(place) else {
            return;
        };
        sums.fill(state.won);
        for edge in self.edges_of(place) {
            let count = edge.count as f64;
            let removed = sums.get(edge.channel + 1).copied();
            let after = chances.get(edge.to * lanes..(edge.to + 1) * lanes);
            for (sum, chance) in sums.iter_mut().zip(after.unwrap_or_default()) {
                *sum += count * chance;
            }
            if let (Some(sum), Some(removed)) = (sums.get_mut(edge.channel + 1), removed) {
                *sum = removed;
            }
        }
        let left = state.left as f64;
        sums.iter_mut().for_each(|sum| *sum /= left);
    }

    fn edges_of(&self, place: usize) -> &[Edge] {
        let end = |place: usize| self.states.get(place).map(|state| state.edges);
        let from = place.checked_sub(1).and_then(end).unwrap_or(0);
        let until = end(place).unwrap_or(from);
        self.edges.get(from..until).unwrap_or_default()
    }

    /// The chances of a chain of order one, row by row, to go from the start (row 0) and from each
    /// channel to each channel and, last, to success. Loops are left out: they change no chance.
    pub(super) fn table(&self) -> Vec<f64> {
        let width = self.channels + 1;
        let mut table = vec![0.0; width * width];
        for (place, (key, state)) in self.keys.iter().zip(&self.states).enumerate() {
            let from = *key as usize * width;
            let Some(row) = table.get_mut(from..from + width) else {
                continue;
            };
            let left = state.left as f64;
            for edge in self.edges_of(place) {
                if let Some(cell) = row.get_mut(edge.channel) {
                    *cell = edge.count as f64 / left;
                }
            }
            if let Some(cell) = row.last_mut() {
                *cell = state.won / left;
            }
        }
        table
    }
}

/// What paths brought that ended after the same last few channels.
#[derive(Clone, Debug, Default)]
pub struct Ends(Quick<Key, i128>);

impl Ends {
    /// Of all of these paths.
    pub fn of<'a>(paths: impl Iterator<Item = Path<'a>>) -> Ends {
        let mut ends = Ends::default();
        for path in paths.filter(|path| path.value != 0) {
            let key = path
                .steps
                .iter()
                .fold(0, |key, step| next(key, *step, ORDERS));
            ends.add(key, path.value);
        }
        ends
    }

    pub(super) fn add(&mut self, key: Key, value: i128) {
        *self.0.entry(key).or_default() += value;
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Key, i128)> {
        self.0.iter().map(|(key, value)| (*key, *value))
    }
}

/// A state of which no more is remembered than at an order.
pub(super) fn shortened(key: Key, order: usize) -> Key {
    key & Key::MAX >> (16 * (ORDERS - order))
}

fn row_before(steps: &[u16]) -> usize {
    steps.last().map_or(0, |step| usize::from(*step) + 1)
}

pub(super) fn next(key: Key, channel: u16, order: usize) -> Key {
    shortened(key << 16 | (Key::from(channel) + 1) & 0xffff, order)
}
