//! The replicates of `sample` for several models at once, in one walk over the paths for many
//! replicates: each distinct step from state to state has a count for every one of them.

use super::chain::{Chain, Key, LOST, WON, next};
use super::game::{self, Near};
use super::paths::Paths;
use super::sample::{self, Dice, Model, REPLICATES};
use crate::quick::Quick;
use crate::threads::at_once;
use handfast_model::credit::Game;

/// Replicates that one walk draws.
const LANES: usize = 50;
/// Up to so many channels the Shapley values of a replicate are those of all coalitions.
const EXACT: usize = 15;
/// What the counts of one walk may take, in numbers (32 MiB).
const COUNTS: usize = 4 << 20;

/// For each model what [`sample::replicates`] gives; of Shapley values of many channels, near it.
pub fn replicates(
    models: &[Model],
    paths: &Paths,
    channels: usize,
    seed: u64,
) -> Vec<Vec<Vec<f64>>> {
    let mut orders: Vec<usize> = models.iter().filter_map(|model| order_of(*model)).collect();
    orders.sort_unstable();
    orders.dedup();
    let steps: Vec<Steps> = orders
        .iter()
        .map(|order| Steps::of(paths, *order))
        .collect();
    let is_near = channels > EXACT && models.contains(&Model::Shapley(Game::Chain));
    let near = is_near.then(|| Near::to(&Chain::of(paths.iter(), channels, 1), seed));
    let most = steps.iter().map(|steps| steps.all.len()).sum::<usize>();
    let lanes = (COUNTS / most.max(1)).clamp(1, LANES);
    let all = REPLICATES as usize;
    let walk = |number: usize| {
        let from = number * lanes;
        let replicates = from as u64..all.min(from + lanes) as u64;
        let counts = counts(&steps, paths, seed, replicates.clone());
        let shares = |lane: usize| {
            let chains = steps.iter().zip(&counts);
            let chains: Vec<Chain> = chains
                .map(|(steps, counts)| steps.chain(counts, lane, lanes_of(&replicates), channels))
                .collect();
            let share = |model: &Model| {
                let at = orders.binary_search(&order_of(*model)?).ok()?;
                let chain = chains.get(at)?;
                match (model, &near) {
                    (Model::Markov { .. }, _) => chain.removal().shares(),
                    (Model::Shapley(_), Some(near)) => near.values(chain).shares(),
                    (Model::Shapley(_), None) => game::chain(chain, seed).shares(),
                }
            };
            models.iter().map(share).collect::<Vec<_>>()
        };
        (0..lanes_of(&replicates)).map(shares).collect::<Vec<_>>()
    };
    let walks = match orders.is_empty() {
        true => Vec::new(),
        false => at_once(all.div_ceil(lanes), walk),
    };
    let of_model = |(at, model): (usize, &Model)| match order_of(*model) {
        Some(_) => {
            let all = walks.iter().flatten();
            all.filter_map(|shares| shares.get(at)?.clone()).collect()
        }
        None => sample::replicates(*model, paths, channels, seed),
    };
    models.iter().enumerate().map(of_model).collect()
}

fn lanes_of(replicates: &std::ops::Range<u64>) -> usize {
    (replicates.end - replicates.start) as usize
}

/// The order of the chain that a model rests on.
fn order_of(model: Model) -> Option<usize> {
    match model {
        Model::Markov { order } => Some(order),
        Model::Shapley(Game::Chain) => Some(1),
        Model::Shapley(Game::Together | Game::Alone) => None,
    }
}

/// The distinct steps that paths take, at one order.
struct Steps {
    order: usize,
    places: Quick<(Key, u16), u32>,
    all: Vec<(Key, u16)>,
}

impl Steps {
    fn of(paths: &Paths, order: usize) -> Steps {
        let mut steps = Steps {
            order,
            places: Quick::default(),
            all: Vec::new(),
        };
        let mut find = |key: Key, to: u16| {
            let place = steps.all.len() as u32;
            steps.places.entry((key, to)).or_insert_with(|| {
                steps.all.push((key, to));
                place
            });
        };
        for path in paths.iter() {
            let mut key = 0;
            for step in path.steps {
                find(key, *step);
                key = next(key, *step, order);
            }
            find(key, WON);
            find(key, LOST);
        }
        steps
    }

    fn chain(&self, counts: &[u64], lane: usize, lanes: usize, channels: usize) -> Chain {
        let taken = counts.iter().skip(lane).step_by(lanes);
        let taken = self.all.iter().zip(taken).filter(|(_, count)| **count > 0);
        let taken = taken.map(|(step, count)| (*step, *count)).collect();
        Chain::from_counts(taken, channels, self.order)
    }
}

/// By order: how often each step is taken, in each of the replicates.
fn counts(
    steps: &[Steps],
    paths: &Paths,
    seed: u64,
    replicates: std::ops::Range<u64>,
) -> Vec<Vec<u64>> {
    let lanes = lanes_of(&replicates);
    let none = |steps: &Steps| vec![0_u64; steps.all.len() * lanes];
    let mut counts: Vec<Vec<u64>> = steps.iter().map(none).collect();
    let (mut won, mut lost, mut both) = (vec![0; lanes], vec![0; lanes], vec![0; lanes]);
    for path in paths.iter() {
        let first = Dice::of_path(seed, path.steps);
        let drawn = won.iter_mut().zip(&mut lost).zip(&mut both);
        for (((won, lost), both), replicate) in drawn.zip(replicates.clone()) {
            let mut dice = first.of_replicate(replicate);
            (*won, *lost) = (dice.around(path.won), dice.around(path.lost));
            *both = won.wrapping_add(*lost);
        }
        for (steps, counts) in steps.iter().zip(&mut counts) {
            let mut add = |key: Key, to: u16, drawn: &[u64]| {
                let place = steps.places.get(&(key, to));
                let from = place.map_or(0, |place| *place as usize) * lanes;
                let cells = counts.get_mut(from..from + lanes).unwrap_or_default();
                let cells = cells.iter_mut().zip(drawn);
                cells.for_each(|(cell, one)| *cell = cell.wrapping_add(*one));
            };
            let mut key = 0;
            for step in path.steps {
                add(key, *step, &both);
                key = next(key, *step, steps.order);
            }
            if path.won > 0 {
                add(key, WON, &won);
            }
            if path.lost > 0 {
                add(key, LOST, &lost);
            }
        }
    }
    counts
}
