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

use super::chain::{Chain, Ends, shares};
use super::paths::Path;
use crate::stop;
use crate::threads::at_once;

/// Up to so many channels the chain game is played over all coalitions.
pub const EXACT_CHANNELS: usize = 20;
/// Orders of joining that are drawn where there are more.
const DRAWN_ORDERS: u64 = 2_000;
/// Orders by which chains are told apart that are nearly alike: with these an interval's ends are
/// where all coalitions have them, to a twentieth of its width.
const FEW_ORDERS: u64 = 200;

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

    /// The largest standard error of a share, where orders of joining were drawn: in each of them
    /// channels add up to the same, so that only the value itself is moved by chance.
    pub fn largest_error(&self) -> Option<f64> {
        let sum: f64 = self.values.iter().sum();
        let errors = self.errors.as_ref()?.iter().copied();
        Some(errors.fold(0.0, f64::max) / sum)
    }
}

/// What a coalition of a game is worth, in a sentence: three games go by one name.
pub fn declared(game: Game) -> &'static str {
    match game {
        Game::Chain => {
            "shapley plays the chain game: a coalition is worth the chance of success of the \
             order-1 chain in which paths that come to others end in nothing"
        }
        Game::Together => {
            "shapley_together is linear credit over distinct channels by another name"
        }
        Game::Alone => {
            "shapley_alone: a coalition is worth the rate of success of the paths through exactly \
             its channels, so that few paths can weigh a lot"
        }
    }
}

/// How many standard errors 95 of 100 draws are within.
const BOUND: f64 = 1.96;

/// That values are of drawn orders, and how far chance may have moved them, in a sentence: `error`
/// is the largest standard error of a share.
pub fn drawn(seed: u64, error: f64) -> String {
    format!(
        "more than {EXACT_CHANNELS} channels: shapley is of {DRAWN_ORDERS} drawn orders of \
         joining, seed {seed}; 95 of 100 such shares lie within {:.4} percentage points of what \
         all orders give",
        BOUND * error * 100.0
    )
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
        Game::Together => exact(together(paths, channels, |set| set.won as f64)),
        Game::Alone => exact(alone(paths, channels, |set| set.won as f64)),
    }
}

/// The same of what successes brought; `None` in the chain game where that cannot be told (see
/// [`Chain::paying`]).
pub fn of_value<'a>(
    game: Game,
    paths: impl Iterator<Item = Path<'a>> + Clone,
    channels: usize,
    seed: u64,
) -> Option<Values> {
    let value = |set: &Set| set.value as f64;
    Some(match game {
        Game::Chain => {
            let ends = Ends::of(paths.clone());
            chain(&Chain::of(paths, channels, 1).paying(&ends)?, seed)
        }
        Game::Together => exact(together(paths, channels, value)),
        Game::Alone => exact(alone(paths, channels, value)),
    })
}

fn exact(values: Vec<f64>) -> Values {
    Values {
        values,
        errors: None,
    }
}

/// The Shapley values of the chain game of a chain of order one.
pub fn chain(chain: &Chain, seed: u64) -> Values {
    let values = chains(&[chain], seed).into_iter().next();
    values.unwrap_or_else(|| exact(Vec::new()))
}

/// Values of the chain game of chains that are nearly this one, as paths that are drawn again give:
/// its own values, and what the same few orders of joining say that the other's differ by. What an
/// order says of both cancels out of the difference, so that few are enough.
pub struct Near {
    own: Vec<f64>,
    few: Vec<f64>,
    seed: u64,
}

impl Near {
    /// Beside this one.
    pub fn to(known: &Chain, seed: u64) -> Near {
        Near {
            own: chain(known, seed).values,
            few: few_orders(known, seed),
            seed,
        }
    }

    /// The values of another.
    pub fn values(&self, other: &Chain) -> Values {
        let few = few_orders(other, self.seed);
        let moved = self.own.iter().zip(few.iter().zip(&self.few));
        // No channel ever takes from a coalition that it joins.
        let moved = moved.map(|(own, (new, old))| (own + new - old).max(0.0));
        exact(moved.collect())
    }
}

fn few_orders(chain: &Chain, seed: u64) -> Vec<f64> {
    let whole = Rest::of(&[chain]).into_iter();
    let mut values = whole.flat_map(|whole| drawn_orders(&whole, FEW_ORDERS, seed));
    values.next().map_or(Vec::new(), |values| values.values)
}

/// The same of several chains that differ only in what a success pays, in one go.
pub fn chains(chains: &[&Chain], seed: u64) -> Vec<Values> {
    let Some(whole) = Rest::of(chains) else {
        return Vec::new();
    };
    match whole.channels.len() <= EXACT_CHANNELS {
        true => all_coalitions(&whole).into_iter().map(exact).collect(),
        false => drawn_orders(&whole, DRAWN_ORDERS, seed),
    }
}

/// Each success is shared by the distinct channels of its path.
fn together<'a>(
    paths: impl Iterator<Item = Path<'a>>,
    channels: usize,
    worth: impl Fn(&Set) -> f64,
) -> Vec<f64> {
    let mut values = vec![0.0; channels];
    for (set, of_set) in sets(paths) {
        for channel in &set {
            if let Some(value) = values.get_mut(usize::from(*channel)) {
                *value += worth(&of_set) / set.len() as f64;
            }
        }
    }
    values
}

/// A coalition that no path is of is worth nothing, so each that is one is added to its members and
/// taken from all others, as often as orders of joining complete it.
fn alone<'a>(
    paths: impl Iterator<Item = Path<'a>>,
    channels: usize,
    worth: impl Fn(&Set) -> f64,
) -> Vec<f64> {
    let mut values = vec![0.0; channels];
    let weights = weights(channels);
    for (set, of_set) in sets(paths) {
        let rate = worth(&of_set) / of_set.all as f64;
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

/// Paths through exactly the same channels.
#[derive(Default)]
struct Set {
    won: u64,
    /// Won and lost.
    all: u64,
    value: i128,
}

fn sets<'a>(paths: impl Iterator<Item = Path<'a>>) -> BTreeMap<Vec<u16>, Set> {
    let mut sets: BTreeMap<Vec<u16>, Set> = BTreeMap::new();
    for path in paths.filter(|path| path.won + path.lost > 0) {
        let mut set = path.steps.to_vec();
        set.sort_unstable();
        set.dedup();
        let set = sets.entry(set).or_default();
        set.won += path.won;
        set.all += path.won + path.lost;
        set.value += path.value;
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
    /// How many chains are gone through in one.
    games: usize,
    /// Chances of the start and of each of them to go to each of them and, last, what success pays
    /// from there by game.
    rows: Vec<f64>,
}

impl Rest {
    fn of(chains: &[&Chain]) -> Option<Rest> {
        let tables: Vec<Vec<f64>> = chains.iter().map(|chain| chain.table()).collect();
        let first = tables.first()?;
        let width = (1..).find(|width| width * width >= first.len())?;
        let mut rows = Vec::with_capacity((width + tables.len()) * width);
        for (row, chances) in first.chunks(width).enumerate() {
            rows.extend(chances.iter().take(width - 1));
            let pays = |table: &Vec<f64>| table.get(row * width + width - 1).copied();
            rows.extend(tables.iter().map(|table| pays(table).unwrap_or(0.0)));
        }
        Some(Rest {
            channels: (0..width - 1).collect(),
            games: tables.len(),
            rows,
        })
    }

    fn width(&self) -> usize {
        self.channels.len() + self.games
    }

    /// What comes of it by game where all that is left is out.
    fn worth(&self) -> &[f64] {
        let pays = self.channels.len()..self.width();
        self.rows.get(pays).unwrap_or_default()
    }

    /// With one of the channels in and those before it out.
    fn with(&self, place: usize) -> Rest {
        let width = self.width();
        let through = self.rows.chunks(width).nth(place + 1).unwrap_or_default();
        let stays = through.get(place).copied().unwrap_or(0.0);
        let left = width - place - 1;
        let mut rows = Vec::with_capacity(left * (self.channels.len() - place));
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
            games: self.games,
            rows,
        }
    }

    /// The same with its channels in another order.
    fn reordered(&self, order: &[usize]) -> Rest {
        let width = self.width();
        let row = |row: usize| self.rows.chunks(width).nth(row).unwrap_or_default();
        let mut rows = Vec::with_capacity(self.rows.len());
        let froms = std::iter::once(0).chain(order.iter().map(|channel| channel + 1));
        for chances in froms.map(row) {
            let to = |column: &usize| chances.get(*column).copied().unwrap_or(0.0);
            rows.extend(order.iter().map(to));
            rows.extend(chances.iter().skip(order.len()));
        }
        Rest {
            rows,
            ..self.clone()
        }
    }
}

/// The chance of success of a chain of order one, and that without each channel, by elimination.
pub(super) fn without_each(chain: &Chain) -> Vec<f64> {
    let Some(whole) = Rest::of(&[chain]) else {
        return Vec::new();
    };
    let count = whole.channels.len();
    let left = |out: Option<usize>| {
        let others = (0..count).filter(|channel| Some(*channel) != out);
        let order: Vec<usize> = others.chain(out).collect();
        let within = order.len() - usize::from(out.is_some());
        let rest = (0..within).fold(whole.reordered(&order), |rest, _| rest.with(0));
        rest.worth().first().copied().unwrap_or(0.0)
    };
    let all = [None].into_iter().chain((0..count).map(Some));
    all.map(left).collect()
}

/// Values by game. Coalitions that begin with one channel are gone through beside all others, which
/// are as many.
fn all_coalitions(whole: &Rest) -> Vec<Vec<f64>> {
    let count = whole.channels.len();
    let weights = weights(count);
    let of = |first: usize| {
        let mut values = vec![vec![0.0; count]; whole.games];
        let mut stack = vec![(whole.clone(), 0_u32)];
        while let Some((rest, coalition)) = stack.pop() {
            stop::look();
            let is_all = coalition == 0;
            if !is_all || first == 0 {
                book(&rest, coalition, &weights, &mut values);
            }
            let more = rest.channels.iter().enumerate();
            let more = more.filter(|(place, _)| !is_all || (*place == 0) == (first == 0));
            let joined = more.map(|(place, channel)| (rest.with(place), coalition | 1 << channel));
            stack.extend(joined);
        }
        values
    };
    let halves = at_once(2, of);
    let mut values = vec![vec![0.0; count]; whole.games];
    for half in halves {
        for (values, more) in values.iter_mut().zip(half) {
            values
                .iter_mut()
                .zip(more)
                .for_each(|(value, more)| *value += more);
        }
    }
    values
}

/// Books what a coalition is worth: to its members, and against all others.
fn book(rest: &Rest, coalition: u32, weights: &[f64], values: &mut [Vec<f64>]) {
    let size = coalition.count_ones() as usize;
    let weight = |size: usize| weights.get(size).copied().unwrap_or(0.0);
    for (values, worth) in values.iter_mut().zip(rest.worth()) {
        let gain = size.checked_sub(1).map_or(0.0, weight) * worth;
        let loss = weight(size) * worth;
        for (channel, value) in values.iter_mut().enumerate() {
            match coalition >> channel & 1 {
                1 => *value += gain,
                _ => *value -= loss,
            }
        }
    }
}

/// One elimination in the order of joining gives what each channel adds to those before it.
fn drawn_orders(whole: &Rest, orders: u64, seed: u64) -> Vec<Values> {
    let count = whole.channels.len();
    let mut sums = vec![vec![(0.0, 0.0); count]; whole.games];
    for order in 0..orders {
        stop::look();
        let mut joining: Vec<usize> = (0..count).collect();
        let mut dice = super::sample::Dice::new(seed, order);
        for last in (1..count).rev() {
            joining.swap(last, dice.below(last as u64 + 1) as usize);
        }
        let mut rest = whole.reordered(&joining);
        for channel in joining {
            let next = rest.with(0);
            let added = next.worth().iter().zip(rest.worth());
            for (sums, (after, before)) in sums.iter_mut().zip(added) {
                if let Some((sum, square)) = sums.get_mut(channel) {
                    *sum += after - before;
                    *square += (after - before) * (after - before);
                }
            }
            rest = next;
        }
    }
    let orders = orders as f64;
    let error = |(sum, square): &(f64, f64)| {
        let variance = (square - sum * sum / orders) / (orders - 1.0);
        (variance.max(0.0) / orders).sqrt()
    };
    let of_game = |sums: Vec<(f64, f64)>| Values {
        errors: Some(sums.iter().map(error).collect()),
        values: sums.iter().map(|(sum, _)| sum / orders).collect(),
    };
    sums.into_iter().map(of_game).collect()
}
