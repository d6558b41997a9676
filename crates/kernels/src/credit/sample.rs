//! How far chance could have moved a statistical model: the same model over paths drawn again.
//!
//! Each replicate gives every distinct path a new count, drawn around the one it had (a Poisson
//! bootstrap: paths come independently of each other). What is drawn depends on the seed, the
//! replicate and the path alone, not on the order in which paths arrived or on threads.

use handfast_model::credit::{Game, ModelKind};

use super::chain::Chain;
use super::game;
use super::paths::{Path, Paths, hash_of};
use crate::threads::at_once;

/// How many replicates are drawn.
pub const REPLICATES: u64 = 200;

/// Chance from numbers alone (SplitMix64).
#[derive(Clone, Copy, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64, number: u64) -> Dice {
        Dice(mix(seed ^ mix(number ^ 0x6372_6564_6974)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A whole number below a bound.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }

    /// A count around a mean, as rare independent events come.
    pub(super) fn around(&mut self, mean: u64) -> u64 {
        match mean {
            0..=ADDED_UP => (0..mean).map(|_| self.around_one()).sum(),
            _ => {
                // Twelve uniform numbers on two to the 32 have a variance of one when added up.
                let unit = f64::from(u32::MAX);
                let uniforms = (0..12).map(|_| (self.next() >> 32) as f64 / unit);
                let normal = uniforms.sum::<f64>() - 6.0;
                let mean = mean as f64;
                (mean + mean.sqrt() * normal).round().max(0.0) as u64
            }
        }
    }

    fn around_one(&mut self) -> u64 {
        let drawn = self.next();
        let [zero, one, two, three, rest @ ..] = &POISSON;
        // Without a branch as far as nearly all draws come.
        let is_above = |bound: &u64| u64::from(drawn >= *bound);
        match is_above(zero) + is_above(one) + is_above(two) + is_above(three) {
            4 => 4 + rest.iter().take_while(|bound| drawn >= **bound).count() as u64,
            few => few,
        }
    }
}

/// Means up to this are drawn as sums of draws around one.
const ADDED_UP: u64 = 64;

/// Chances of at most 0, 1, 2, … events where one is expected, in parts of two to the 64.
const POISSON: [u64; 20] = poisson();

const fn poisson() -> [u64; 20] {
    // 1/e in parts of two to the 64.
    let (mut chance, mut at_most) = (6_786_177_901_268_885_274_u128, 0_u128);
    let mut bounds = [u64::MAX; 20];
    let mut events = 0;
    while events < bounds.len() {
        at_most += chance;
        #[allow(clippy::indexing_slicing)] // Below its length; a constant cannot say `get_mut`.
        if at_most < u64::MAX as u128 {
            bounds[events] = at_most as u64;
        }
        events += 1;
        chance /= events as u128;
    }
    bounds
}

fn mix(number: u64) -> u64 {
    let number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
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

    /// What each channel weighs in a deal that it shares with others: its share of all paths; in
    /// the game in which a deal is worth something only to all its channels together, they are
    /// alike. `None` where nothing can be shared.
    pub fn effects(self, paths: &Paths, channels: usize, seed: u64) -> Option<Vec<f64>> {
        match self {
            Model::Shapley(Game::Together) => Some(vec![1.0; channels]),
            _ => self.shares(paths.iter(), channels, seed),
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

fn drawn(path: Path<'_>, seed: u64, replicate: u64) -> Path<'_> {
    let mut dice = Dice::new(seed ^ hash_of(path.steps), replicate);
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
        for mean in [1_u64, 7, 64, 65, 1_000] {
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
}
