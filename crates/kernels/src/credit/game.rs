//! Shapley values: what a channel adds to a coalition, on average over all orders of joining.
//!
//! What a coalition is worth has to be declared, and three games go by one name. In the *chain*
//! game it is the chance of success of the Markov chain in which every path that comes to a channel
//! outside the coalition ends in nothing. In the *together* game it is all the success of paths
//! that went only through the coalition; that is linear credit over distinct channels under another
//! name, and an answer says so. In the *alone* game it is the rate of success of paths that went
//! through exactly the coalition, which lets a channel of few paths weigh a lot.

use std::collections::BTreeMap;

use handfast_model::credit::Game;

use super::chain::{Chain, shares};
use super::paths::Path;

/// Up to so many channels the chain game is played over all coalitions.
pub const EXACT_CHANNELS: usize = 20;
/// Orders of joining that are drawn where there are more.
const DRAWN_ORDERS: u64 = 2_000;

/// The values of a game.
#[derive(Clone, PartialEq, Debug)]
pub struct Values {
    /// By channel.
    pub values: Vec<f64>,
    /// By channel: the standard error of the value, where orders of joining were drawn.
    pub errors: Option<Vec<f64>>,
}

impl Values {
    /// The values as shares of their sum; `None` where they sum to nothing.
    pub fn shares(&self) -> Option<Vec<f64>> {
        shares(&self.values)
    }
}

/// The Shapley values of a game over paths whose channels are numbered below `channels`.
///
/// Source   Shapley 1953; the chain game is eliminated state by state, which gives the worth of
///          every coalition on the way; decision 0028.
pub fn values<'a>(
    game: Game,
    paths: impl Iterator<Item = Path<'a>>,
    channels: usize,
    seed: u64,
) -> Values {
    match game {
        Game::Chain => chain(&Chain::of(paths, channels, 1), seed),
        Game::Together => exact(together(paths, channels)),
        Game::Alone => exact(alone(paths, channels)),
    }
}

fn exact(values: Vec<f64>) -> Values {
    Values {
        values,
        errors: None,
    }
}

/// The Shapley values of the chain game of a chain of order one.
pub fn chain(chain: &Chain, seed: u64) -> Values {
    let whole = Rest::of(chain);
    match whole.channels.len() <= EXACT_CHANNELS {
        true => exact(all_coalitions(&whole)),
        false => drawn_orders(&whole, seed),
    }
}

/// Each success is shared by the distinct channels of its path.
fn together<'a>(paths: impl Iterator<Item = Path<'a>>, channels: usize) -> Vec<f64> {
    let sets = sets(paths);
    let mut values = vec![0.0; channels];
    for (set, (won, _)) in sets {
        for channel in &set {
            if let Some(value) = values.get_mut(usize::from(*channel)) {
                *value += won as f64 / set.len() as f64;
            }
        }
    }
    values
}

/// A coalition that no path is of is worth nothing, so each that is one is added to its members and
/// taken from all others, as often as orders of joining complete it.
fn alone<'a>(paths: impl Iterator<Item = Path<'a>>, channels: usize) -> Vec<f64> {
    let mut values = vec![0.0; channels];
    let weights = weights(channels);
    for (set, (won, all)) in sets(paths) {
        let rate = won as f64 / all as f64;
        let weight = |size: usize| weights.get(size).copied().unwrap_or(0.0);
        let joining = set.len().checked_sub(1).map_or(0.0, weight);
        for (channel, value) in values.iter_mut().enumerate() {
            let is_member = set.binary_search(&(channel as u16)).is_ok();
            match is_member {
                true => *value += joining * rate,
                false => *value -= weight(set.len()) * rate,
            }
        }
    }
    values
}

/// How often paths through exactly these channels succeeded, and how many there were.
fn sets<'a>(paths: impl Iterator<Item = Path<'a>>) -> BTreeMap<Vec<u16>, (u64, u64)> {
    let mut sets: BTreeMap<Vec<u16>, (u64, u64)> = BTreeMap::new();
    for path in paths.filter(|path| path.won + path.lost > 0) {
        let mut set = path.steps.to_vec();
        set.sort_unstable();
        set.dedup();
        let counts = sets.entry(set).or_default();
        counts.0 += path.won;
        counts.1 += path.won + path.lost;
    }
    sets
}

/// By size of a coalition: the share of orders in which exactly its members came before a given
/// other channel.
fn weights(channels: usize) -> Vec<f64> {
    let mut weights = Vec::with_capacity(channels);
    let mut weight = 1.0 / channels as f64;
    for size in 0..channels {
        weights.push(weight);
        weight *= (size + 1) as f64 / (channels - size).saturating_sub(1).max(1) as f64;
    }
    weights
}

/// The part of a chain that is not decided yet: channels that are in were eliminated, so that what
/// flows through them flows past them; channels that are out were dropped.
#[derive(Clone, Debug)]
struct Rest {
    /// The channels left.
    channels: Vec<usize>,
    /// Chances of the start and of each of them to go to each of them and, last, to success.
    rows: Vec<f64>,
}

impl Rest {
    fn of(chain: &Chain) -> Rest {
        let rows = chain.table();
        let width = (1..).find(|width| width * width >= rows.len()).unwrap_or(1);
        Rest {
            channels: (0..width - 1).collect(),
            rows,
        }
    }

    fn width(&self) -> usize {
        self.channels.len() + 1
    }

    /// The chance of success where all that is left is out.
    fn worth(&self) -> f64 {
        let success = self.channels.len();
        self.rows.get(success).copied().unwrap_or(0.0)
    }

    /// With one of the channels in and those before it out.
    fn with(&self, place: usize) -> Rest {
        let width = self.width();
        let through = self.rows.chunks(width).nth(place + 1).unwrap_or_default();
        let stays = through.get(place).copied().unwrap_or(0.0);
        let mut rows = Vec::with_capacity((width - place - 1) * (width - place - 1));
        for (row, chances) in self.rows.chunks(width).enumerate() {
            if row > 0 && row <= place + 1 {
                continue;
            }
            let into = chances.get(place).copied().unwrap_or(0.0) / (1.0 - stays);
            let kept = chances.iter().zip(through).skip(place + 1);
            rows.extend(kept.map(|(direct, past)| direct + into * past));
        }
        Rest {
            channels: self.channels.iter().skip(place + 1).copied().collect(),
            rows,
        }
    }
}

fn all_coalitions(whole: &Rest) -> Vec<f64> {
    let count = whole.channels.len();
    let mut values = vec![0.0; count];
    let weights = weights(count);
    let mut stack = vec![(whole.clone(), 0_u32)];
    while let Some((rest, coalition)) = stack.pop() {
        let worth = rest.worth();
        let size = coalition.count_ones() as usize;
        let weight = |size: usize| weights.get(size).copied().unwrap_or(0.0);
        let (gain, loss) = (
            size.checked_sub(1).map_or(0.0, weight) * worth,
            weight(size) * worth,
        );
        for (channel, value) in values.iter_mut().enumerate() {
            match coalition >> channel & 1 {
                1 => *value += gain,
                _ => *value -= loss,
            }
        }
        let more = rest.channels.iter().enumerate();
        let joined = more.map(|(place, channel)| (rest.with(place), coalition | 1 << channel));
        stack.extend(joined);
    }
    values
}

/// One elimination in the order of joining gives what each channel adds to those before it.
fn drawn_orders(whole: &Rest, seed: u64) -> Values {
    let count = whole.channels.len();
    let (mut sums, mut squares) = (vec![0.0; count], vec![0.0; count]);
    for order in 0..DRAWN_ORDERS {
        let mut joining: Vec<usize> = (0..count).collect();
        let mut dice = super::sample::Dice::new(seed, order);
        for last in (1..count).rev() {
            joining.swap(last, dice.below(last as u64 + 1) as usize);
        }
        let mut rest = whole.reordered(&joining);
        let mut before = rest.worth();
        for channel in joining {
            rest = rest.with(0);
            let added = rest.worth() - before;
            before = rest.worth();
            if let (Some(sum), Some(square)) = (sums.get_mut(channel), squares.get_mut(channel)) {
                *sum += added;
                *square += added * added;
            }
        }
    }
    let orders = DRAWN_ORDERS as f64;
    let error = |(sum, square): (&f64, &f64)| {
        let variance = (square - sum * sum / orders) / (orders - 1.0);
        (variance.max(0.0) / orders).sqrt()
    };
    Values {
        errors: Some(sums.iter().zip(&squares).map(error).collect()),
        values: sums.iter().map(|sum| sum / orders).collect(),
    }
}

impl Rest {
    /// The same with its channels in another order.
    fn reordered(&self, order: &[usize]) -> Rest {
        let width = self.width();
        let row = |row: usize| self.rows.chunks(width).nth(row).unwrap_or_default();
        let mut rows = Vec::with_capacity(self.rows.len());
        let froms = std::iter::once(0).chain(order.iter().map(|channel| channel + 1));
        for chances in froms.map(row) {
            let to = |column: &usize| chances.get(*column).copied().unwrap_or(0.0);
            rows.extend(order.iter().map(to));
            rows.extend(chances.last());
        }
        Rest {
            channels: self.channels.clone(),
            rows,
        }
    }
}
