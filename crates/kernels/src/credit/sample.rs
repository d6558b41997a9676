//! How far chance could have moved a statistical model: the same model over paths drawn again.
//!
//! Each replicate gives every distinct path a new count, drawn around the one it had (a Poisson
//! bootstrap: paths come independently of each other). What is drawn depends on the seed, the
//! replicate and the path alone, not on the order in which paths arrived or on threads.

use std::sync::LazyLock;

use handfast_model::credit::{Game, ModelKind};
use handfast_model::limits;

use super::chain::Chain;
use super::game;
use super::paths::{Path, Paths, hash_of};
use crate::threads::at_once;

/// How many replicates are drawn.
pub const REPLICATES: u64 = 200;

/// An odd number, no small multiple of a step of the sequence.
const APART: u64 = 0xd1b5_4a32_d192_ed03;

/// Chance from numbers alone (SplitMix64).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64, number: u64) -> Dice {
        Dice(mix(seed ^ mix(number ^ 0x6372_6564_6974)))
    }

    /// The first dice of a path; those of a replicate are far from it in the one sequence that all
    /// dice go through.
    pub(super) fn of_path(seed: u64, steps: &[u16]) -> Dice {
        Dice(mix(seed ^ hash_of(steps)))
    }

    pub(super) fn of_replicate(self, number: u64) -> Dice {
        Dice(self.0.wrapping_add(number.wrapping_mul(APART)))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A whole number below a bound.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }

    /// A count around a mean, as rare independent events come: the sum of one draw for each power
    /// of two in it, by the inverse of its distribution.
    pub(crate) fn around(&mut self, mean: u64) -> u64 {
        let mut drawn = [0];
        Dice::around_each(std::slice::from_mut(self), mean, &mut drawn);
        let [drawn] = drawn;
        drawn
    }

    /// The same by each of many dice, table by table.
    pub(super) fn around_each(dice: &mut [Dice], mean: u64, drawn: &mut [u64]) {
        drawn.fill(0);
        if mean >> TABLES != 0 {
            let all = dice.iter_mut().zip(drawn);
            return all.for_each(|(dice, drawn)| *drawn = dice.around_many(mean));
        }
        let powers = POISSON.iter().enumerate();
        for (_, table) in powers.filter(|(power, _)| mean >> power & 1 == 1) {
            let all = dice.iter_mut().zip(&mut *drawn);
            all.for_each(|(dice, drawn)| *drawn += table.drawn(dice.next()));
        }
    }

    fn around_many(&mut self, mean: u64) -> u64 {
        // Twelve uniform numbers on two to the 32 have a variance of one when added up.
        let unit = f64::from(u32::MAX);
        let uniforms = (0..12).map(|_| (self.next() >> 32) as f64 / unit);
        let normal = uniforms.sum::<f64>() - 6.0;
        let mean = mean as f64;
        (mean + mean.sqrt() * normal).round().max(0.0) as u64
    }
}

/// Tables of powers of two; means from the next one on are drawn by a normal distribution.
const TABLES: usize = 10;

static POISSON: LazyLock<[Poisson; TABLES]> = LazyLock::new(tables);

/// Chances of events of which so many are expected, in parts of two to the 64.
struct Poisson {
    /// Below the first of these: the chance of at most that many events.
    least: u64,
    /// The chances of at most `least`, `least` + 1, … events.
    at_most: Vec<u64>,
    /// By the first byte of a draw: where to begin to look (Chen and Asau 1974).
    guide: [u16; 256],
}

impl Poisson {
    /// By the chances of `least`, `least` + 1, … events.
    fn of(least: u64, chances: &[u64]) -> Poisson {
        let mut at_most = Vec::with_capacity(chances.len());
        let mut sum = 0_u64;
        for chance in chances {
            sum = sum.saturating_add(*chance);
            at_most.push(sum);
        }
        let guide = std::array::from_fn(|byte| {
            let draw = (byte as u64) << 56;
            at_most.partition_point(|bound| *bound <= draw) as u16
        });
        Poisson {
            least,
            at_most,
            guide,
        }
    }

    fn drawn(&self, draw: u64) -> u64 {
        let begin = self.guide.get((draw >> 56) as usize).copied().unwrap_or(0);
        let mut place = usize::from(begin);
        while self.at_most.get(place).is_some_and(|bound| draw >= *bound) {
            place += 1;
        }
        self.least + place as u64
    }
}

/// Of one expected event the chances are 1/e over factorials; of twice as many those of all ways to
/// divide events among two halves. In whole numbers, so that every machine draws the same.
fn tables() -> [Poisson; TABLES] {
    let mut chance = 6_786_177_901_268_885_274_u64;
    let mut chances = Vec::new();
    while chance > 0 {
        chances.push(chance);
        chance /= chances.len() as u64;
    }
    let mut least = 0;
    std::array::from_fn(|_| {
        let table = Poisson::of(least, &chances);
        (least, chances) = doubled(least, &chances);
        table
    })
}

fn doubled(least: u64, chances: &[u64]) -> (u64, Vec<u64>) {
    let of = |sum: usize| {
        let pairs = chances.iter().take(sum + 1).enumerate();
        let pairs = pairs.filter_map(|(one, chance)| Some((chance, chances.get(sum - one)?)));
        let both = pairs.map(|(one, other)| u128::from(*one) * u128::from(*other));
        (both.sum::<u128>() >> 64) as u64
    };
    let all: Vec<u64> = (0..2 * chances.len() - 1).map(of).collect();
    let before = all.iter().take_while(|chance| **chance == 0).count();
    let kept = all.iter().skip(before).copied();
    let kept: Vec<u64> = kept.take_while(|chance| *chance > 0).collect();
    (2 * least + before as u64, kept)
}

fn mix(number: u64) -> u64 {
    let number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}

/// What a model learned of paths.
#[derive(Clone, PartialEq, Debug)]
pub struct Solved {
    /// By channel: what it weighs; `None` where nothing can be shared.
    pub effects: Option<Vec<f64>>,
    /// Whether the chances that they follow from came to rest.
    pub is_settled: bool,
    /// The largest standard error of a share, where it is of drawn orders of joining.
    pub error: Option<f64>,
}

/// A statistical model.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Model {
    /// Removal effects of the chain of an order.
    Markov {
        /// Channels that a state remembers.
        order: usize,
    },
    /// Shapley values of a game.
    Shapley(Game),
}

impl Model {
    /// The model that a kind of credit is learned by; none where it is a rule.
    pub fn of(kind: ModelKind) -> Option<Model> {
        match kind {
            ModelKind::Markov { order } => Some(Model::Markov {
                order: usize::from(order),
            }),
            ModelKind::Shapley(game) => Some(Model::Shapley(game)),
            _ => None,
        }
    }

    /// Most channels of which it can be had.
    pub fn most_channels(self) -> usize {
        match self {
            Model::Shapley(Game::Chain) => limits::SHAPLEY_CHANNELS,
            Model::Shapley(_) | Model::Markov { .. } => limits::CREDIT_CHANNELS,
        }
    }

    /// Whether it is soon there two hundred times over, so that it carries intervals.
    pub fn is_soon(channels: usize) -> bool {
        channels <= limits::INTERVAL_CHANNELS
    }

    /// What each channel weighs in a deal that it shares with others: its share of all paths; in
    /// the game in which a deal is worth something only to all its channels together, they are
    /// alike. `None` where nothing can be shared.
    pub fn effects(self, paths: &Paths, channels: usize, seed: u64) -> Option<Vec<f64>> {
        self.solved(paths, channels, seed).effects
    }

    /// The same, and how exact they are.
    pub fn solved(self, paths: &Paths, channels: usize, seed: u64) -> Solved {
        let exact = |effects| Solved {
            effects,
            is_settled: true,
            error: None,
        };
        match self {
            Model::Shapley(Game::Together) => exact(Some(vec![1.0; channels])),
            Model::Markov { order } => {
                let removal = Chain::of(paths.iter(), channels, order).removal();
                Solved {
                    is_settled: removal.is_settled,
                    ..exact(removal.shares())
                }
            }
            Model::Shapley(game) => {
                let values = game::values(game, paths.iter(), channels, seed);
                let effects = values.shares();
                Solved {
                    error: effects.as_ref().and_then(|_| values.largest_error()),
                    ..exact(effects)
                }
            }
        }
    }

    /// The share of each channel; `None` where nothing can be shared.
    pub fn shares<'a>(
        self,
        paths: impl Iterator<Item = Path<'a>>,
        channels: usize,
        seed: u64,
    ) -> Option<Vec<f64>> {
        match self {
            Model::Markov { order } => Chain::of(paths, channels, order).removal().shares(),
            Model::Shapley(game) => game::values(game, paths, channels, seed).shares(),
        }
    }
}

/// The shares of every replicate in which anything could be shared, in order.
pub fn replicates(model: Model, paths: &Paths, channels: usize, seed: u64) -> Vec<Vec<f64>> {
    let replicate = |number: usize| {
        let drawn = paths.iter().map(|path| drawn(path, seed, number as u64));
        model.shares(drawn, channels, seed)
    };
    at_once(REPLICATES as usize, replicate)
        .into_iter()
        .flatten()
        .collect()
}

/// A path as often as one replicate has it.
pub fn drawn(path: Path<'_>, seed: u64, replicate: u64) -> Path<'_> {
    let mut dice = Dice::of_path(seed, path.steps).of_replicate(replicate);
    Path {
        won: dice.around(path.won),
        lost: dice.around(path.lost),
        ..path
    }
}

/// By channel: the shares between which 95 of 100 replicates lie, by the nearest rank.
pub fn intervals(replicates: &[Vec<f64>], channels: usize) -> Vec<Option<(f64, f64)>> {
    let interval = |channel: usize| {
        let shares = replicates.iter().filter_map(|shares| shares.get(channel));
        let mut shares: Vec<f64> = shares.copied().collect();
        shares.sort_unstable_by(f64::total_cmp);
        let rank = |part: usize| shares.get((shares.len() * part).div_ceil(1_000).max(1) - 1);
        Some((*rank(25)?, *rank(975)?))
    };
    (0..channels).map(interval).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_has_the_mean_and_the_spread_of_rare_events() {
        for mean in [1_u64, 2, 7, 64, 65, 512, 1_000, 1_023, 1_024] {
            let mut dice = Dice::new(1, mean);
            let draws: Vec<f64> = (0..40_000).map(|_| dice.around(mean) as f64).collect();
            let count = draws.len() as f64;
            let seen = draws.iter().sum::<f64>() / count;
            let spread = draws.iter().map(|one| (one - seen).powi(2)).sum::<f64>() / count;
            let mean = mean as f64;
            let error = (mean / count).sqrt() * 5.0;
            assert!((seen - mean).abs() < error, "mean {seen} of {mean}");
            assert!(
                (spread / mean - 1.0).abs() < 0.05,
                "spread {spread} of {mean}"
            );
        }
        let mut dice = Dice::new(1, 0);
        let none = (0..100_000).filter(|_| dice.around(1) == 0).count() as f64;
        assert!((none / 100_000.0 - (-1_f64).exp()).abs() < 0.005, "{none}");
    }

    /// The chance of so many events by the textbook, in logarithms.
    fn chance(mean: u64, events: u64) -> f64 {
        let logs: f64 = (1..=events).map(|one| (one as f64).ln()).sum();
        (events as f64 * (mean as f64).ln() - mean as f64 - logs).exp()
    }

    #[test]
    fn tables_hold_the_chances_of_the_textbook() {
        let unit = 2_f64.powi(64);
        for (power, table) in POISSON.iter().enumerate() {
            let mean = 1 << power;
            let mut below: f64 = (0..table.least).map(|events| chance(mean, events)).sum();
            let mut last = 0;
            for (events, bound) in (table.least..).zip(&table.at_most) {
                below += chance(mean, events);
                let ours = *bound as f64 / unit;
                assert!(
                    (ours - below).abs() < 1e-11,
                    "{mean}: {events} {ours} {below}"
                );
                assert!(*bound >= last);
                last = *bound;
            }
            // All but one of two to the 50 draws are within.
            assert!(u64::MAX - last < 1 << 14, "{mean}: {last}");
        }
    }

    #[test]
    fn a_draw_is_found_where_a_plain_search_finds_it() {
        let mut dice = Dice::new(3, 4);
        for table in POISSON.iter() {
            let edges = table
                .at_most
                .iter()
                .flat_map(|bound| [bound.wrapping_sub(1), *bound]);
            let random: Vec<u64> = (0..10_000).map(|_| dice.next()).collect();
            for draw in edges.chain(random).chain([0, u64::MAX]) {
                let plain = table
                    .at_most
                    .iter()
                    .take_while(|bound| draw >= **bound)
                    .count();
                assert_eq!(table.drawn(draw), table.least + plain as u64);
            }
        }
    }
}
