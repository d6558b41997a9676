//! The replicates of `sample` for several models at once, in one walk over the paths for many
//! replicates: each distinct step from state to state has a count for every one of them.

use std::ops::Range;

use super::chain::{Chain, Key, LOST, WON, next};
use super::game::{self, Near};
use super::paths::Paths;
use super::sample::{self, Dice, Model, REPLICATES};
use crate::quick::Quick;
use crate::threads::{at_once, threads};
use handfast_model::credit::Game;

/// Up to so many channels the Shapley values of a replicate are those of all coalitions.
const EXACT: usize = 15;
/// What the counts of one walk may take, in numbers (40 MiB).
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
    let walks = match orders.last() {
        None => Vec::new(),
        Some(highest) => walks(models, (&orders, *highest), paths, (channels, seed)),
    };
    let of_model = |(at, model): (usize, &Model)| match order_of(*model) {
        Some(_) => {
            let all = walks.iter();
            all.filter_map(|shares| shares.get(at)?.clone()).collect()
        }
        None => sample::replicates(*model, paths, channels, seed),
    };
    models.iter().enumerate().map(of_model).collect()
}

/// By replicate and model: the shares of models that rest on chains of these orders.
fn walks(
    models: &[Model],
    (orders, highest): (&[usize], usize),
    paths: &Paths,
    (channels, seed): (usize, u64),
) -> Vec<Vec<Option<Vec<f64>>>> {
    // What is counted by more channels is counted by fewer.
    let steps = Steps::of(paths, highest);
    let is_near = channels > EXACT && models.contains(&Model::Shapley(Game::Chain));
    let near = is_near.then(|| Near::to(&Chain::of(paths.iter(), channels, 1), seed));
    let all = REPLICATES as usize;
    let lanes = (COUNTS / steps.all.len().max(1)).clamp(1, all.div_ceil(threads()));
    let walk = |number: usize| {
        let from = number * lanes;
        let lanes = lanes.min(all - from);
        let counts = steps.counts(paths, seed, from as u64..(from + lanes) as u64);
        let shares = |lane: usize| {
            let chain = |order: &usize| {
                let taken = steps.all.iter().copied().zip(counts.of_lane(lane));
                Chain::of_steps(taken, channels, *order)
            };
            let chains: Vec<Chain> = orders.iter().map(chain).collect();
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
        (0..lanes).map(shares).collect::<Vec<_>>()
    };
    let walks = at_once(all.div_ceil(lanes), walk);
    walks.into_iter().flatten().collect()
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

    /// How often each is taken, in each of some replicates.
    fn counts(&self, paths: &Paths, seed: u64, replicates: Range<u64>) -> Counts {
        let lanes = (replicates.end - replicates.start) as usize;
        let mut counts = Counts::new(self.all.len(), lanes);
        let mut dice = Vec::with_capacity(lanes);
        let [mut won, mut lost, mut both] = [(); 3].map(|()| Drawn::new(lanes));
        for path in paths.iter().filter(|path| path.won + path.lost > 0) {
            let first = Dice::of_path(seed, path.steps);
            dice.clear();
            dice.extend(replicates.clone().map(|number| first.of_replicate(number)));
            won.draw(&mut dice, path.won);
            lost.draw(&mut dice, path.lost);
            let both = match (path.won, path.lost) {
                (0, _) => &lost,
                (_, 0) => &won,
                _ => both.sum(&won, &lost),
            };
            let mut add = |key: Key, to: u16, drawn: &Drawn| {
                if let Some(place) = self.places.get(&(key, to)) {
                    counts.add(*place as usize, drawn);
                }
            };
            let mut key = 0;
            for step in path.steps {
                add(key, *step, both);
                key = next(key, *step, self.order);
            }
            if path.won > 0 {
                add(key, WON, &won);
            }
            if path.lost > 0 {
                add(key, LOST, &lost);
            }
        }
        counts
    }
}

/// How often a path comes, in each of some replicates.
struct Drawn {
    each: Vec<u64>,
    /// The same, where they are as short.
    short: Vec<u16>,
    /// None is above it.
    most: u64,
}

impl Drawn {
    fn new(lanes: usize) -> Drawn {
        Drawn {
            each: vec![0; lanes],
            short: vec![0; lanes],
            most: 0,
        }
    }

    fn draw(&mut self, dice: &mut [Dice], mean: u64) {
        if mean > 0 {
            Dice::around_each(dice, mean, &mut self.each);
            self.shorten();
        }
    }

    fn sum(&mut self, one: &Drawn, other: &Drawn) -> &Drawn {
        let sums = one.each.iter().zip(&other.each);
        for (sum, (one, other)) in self.each.iter_mut().zip(sums) {
            *sum = one.wrapping_add(*other);
        }
        self.shorten();
        self
    }

    fn shorten(&mut self) {
        // Sooner had than the largest, and less than twice as much.
        self.most = self.each.iter().fold(0, |bits, one| bits | one);
        let shorts = self.short.iter_mut().zip(&self.each);
        shorts.for_each(|(short, one)| *short = *one as u16);
    }
}

/// How often steps are taken, by step and then by replicate. Paths are many and come seldom, so
/// that short numbers hold what most of them add up to: four times as many at once.
struct Counts {
    lanes: usize,
    short: Vec<u16>,
    /// By step: no short one is above it.
    most: Vec<u16>,
    /// What is counted beside them.
    long: Vec<u64>,
}

impl Counts {
    fn new(steps: usize, lanes: usize) -> Counts {
        Counts {
            lanes,
            short: vec![0; steps * lanes],
            most: vec![0; steps],
            long: vec![0; steps * lanes],
        }
    }

    fn add(&mut self, place: usize, drawn: &Drawn) {
        let cells = place * self.lanes..(place + 1) * self.lanes;
        let short = self.short.get_mut(cells.clone()).unwrap_or_default();
        let Some(most) = self.most.get_mut(place) else {
            return;
        };
        let sum = drawn.most.saturating_add(u64::from(*most));
        if let Ok(sum) = u16::try_from(sum) {
            *most = sum;
            let both = short.iter_mut().zip(&drawn.short);
            return both.for_each(|(short, one)| *short = short.wrapping_add(*one));
        }
        *most = 0;
        let long = self.long.get_mut(cells).unwrap_or_default();
        for ((long, short), one) in long.iter_mut().zip(short).zip(&drawn.each) {
            let more = one.wrapping_add(u64::from(std::mem::take(short)));
            *long = long.wrapping_add(more);
        }
    }

    fn of_lane(&self, lane: usize) -> impl Iterator<Item = u64> {
        let each = self.long.iter().zip(&self.short);
        let of_lane = each.skip(lane).step_by(self.lanes);
        of_lane.map(|(long, short)| long.wrapping_add(u64::from(*short)))
    }
}
