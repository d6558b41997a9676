//! Credit against a slow second road: dense equations and all coalitions, on the published check
//! vector and on random paths.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};

use handfast_kernels::credit::again;
use handfast_kernels::credit::chain::{Chain, Ends};
use handfast_kernels::credit::game;
use handfast_kernels::credit::paths::{Path, Paths};
use handfast_kernels::credit::sample::{self, Model};
use handfast_model::credit::Game;
use handfast_testkit::random::Chance;

/// A path, its successes and failures.
type Row = (Vec<u16>, u64, u64);

fn paths(rows: &[Row]) -> Paths {
    let mut paths = Paths::default();
    for (steps, won, lost) in rows {
        paths.add(Path {
            steps,
            won: *won,
            lost: *lost,
            value: 0,
        });
    }
    paths
}

/// G twice, M once and G > M once with success, G once without.
fn vector() -> Vec<Row> {
    vec![(vec![0], 2, 1), (vec![1], 1, 0), (vec![0, 1], 1, 0)]
}

fn close(ours: &[f64], theirs: &[f64], what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (our, their) in ours.iter().zip(theirs) {
        assert!((our - their).abs() < 1e-9, "{what}: {ours:?}, {theirs:?}");
    }
}

#[test]
fn the_published_vector_comes_out() {
    let paths = paths(&vector());
    let removal = Chain::of(paths.iter(), 2, 1).removal();
    close(&[removal.chance], &[0.8], "chance");
    close(&removal.effects, &[0.75, 0.5], "effects");
    let shares = removal.shares().unwrap();
    close(&[shares[0] * 4.0, shares[1] * 4.0], &[2.4, 1.6], "Markov");
    let values = |game| game::values(game, paths.iter(), 2, 0);
    close(&values(Game::Together).values, &[2.5, 1.5], "together");
    let alone = values(Game::Alone).shares().unwrap();
    close(&alone, &[1.0 / 3.0, 2.0 / 3.0], "alone");
}

fn random(seed: u64, channels: u64) -> Vec<Row> {
    let mut chance = Chance::new(seed * 77 + 5);
    let count = 2 + chance.below(30);
    let row = |_| {
        let length = chance.below(7);
        let steps = (0..length).map(|_| chance.below(channels) as u16).collect();
        (steps, chance.below(4), chance.below(4))
    };
    (0..count).map(row).collect()
}

/// The chance of success where paths that come to a removed channel end in nothing: dense equations
/// over the windows of paths, as texts.
fn chance(rows: &[Row], order: usize, is_in: impl Fn(u16) -> bool) -> f64 {
    let mut flows: BTreeMap<Vec<u16>, BTreeMap<Option<Vec<u16>>, f64>> = BTreeMap::new();
    for (steps, won, lost) in rows {
        let mut state: Vec<u16> = Vec::new();
        for step in steps {
            let mut to = state.clone();
            to.push(*step);
            let to = to[to.len().saturating_sub(order)..].to_vec();
            let flow = flows.entry(state).or_default();
            *flow.entry(Some(to.clone())).or_default() += (won + lost) as f64;
            state = to;
        }
        let flow = flows.entry(state).or_default();
        *flow.entry(None).or_default() += *won as f64;
        *flow.entry(Some(vec![u16::MAX])).or_default() += *lost as f64;
    }
    let states: Vec<&Vec<u16>> = flows.keys().collect();
    let size = states.len();
    let mut system = vec![vec![0.0; size + 1]; size];
    for (row, state) in states.iter().enumerate() {
        system[row][row] = 1.0;
        let all: f64 = flows[*state].values().sum();
        for (to, count) in &flows[*state] {
            match to {
                _ if all == 0.0 => {}
                None => system[row][size] += count / all,
                Some(to) if to.last().is_some_and(|channel| is_in(*channel)) => {
                    if let Some(column) = states.iter().position(|state| *state == to) {
                        system[row][column] -= count / all;
                    }
                }
                Some(_) => {}
            }
        }
    }
    let start = states.iter().position(|state| state.is_empty()).unwrap();
    solve(system)[start]
}

/// Gauss and Jordan, with pivots.
fn solve(mut system: Vec<Vec<f64>>) -> Vec<f64> {
    let size = system.len();
    for column in 0..size {
        let pivot = (column..size).max_by(|a, b| {
            system[*a][column]
                .abs()
                .total_cmp(&system[*b][column].abs())
        });
        system.swap(column, pivot.unwrap());
        for row in 0..size {
            if row != column && system[column][column] != 0.0 {
                let factor = system[row][column] / system[column][column];
                for cell in column..=size {
                    system[row][cell] -= factor * system[column][cell];
                }
            }
        }
    }
    let value = |row: usize| system[row][size] / system[row][row];
    (0..size).map(value).collect()
}

#[test]
fn removal_effects_are_those_of_dense_equations_at_every_order() {
    let mut compared = 0;
    for seed in 0..300 {
        let rows = random(seed, 4);
        let (won, lost) = paths(&rows).totals();
        if won == 0 {
            continue;
        }
        for order in 1..=4 {
            let removal = Chain::of(paths(&rows).iter(), 4, order).removal();
            let observed = won as f64 / (won + lost) as f64;
            close(
                &[removal.chance],
                &[observed],
                &format!("chance, seed {seed}"),
            );
            let effect = |channel| 1.0 - chance(&rows, order, |one| one != channel) / observed;
            let slow: Vec<f64> = (0..4).map(effect).collect();
            close(
                &removal.effects,
                &slow,
                &format!("order {order}, seed {seed}"),
            );
            compared += 1;
        }
    }
    assert!(compared > 1_000, "{compared}");
}

/// One path that goes round a hundred thousand times and succeeds, and one that is lost at once.
#[test]
fn paths_that_go_round_for_very_long_still_end() {
    let round = [0_u16, 1].repeat(100_000);
    let rows = vec![(round, 1, 0), (vec![2], 0, 1)];
    let removal = Chain::of(paths(&rows).iter(), 3, 1).removal();
    close(&[removal.chance], &[0.5], "chance");
    close(&removal.effects, &[1.0, 1.0, 0.0], "effects");
}

/// Paths that bring some of what they could: as often as a path ended, so much it could bring.
fn bringing(seed: u64) -> (Paths, Paths) {
    let rows = random(seed, 4);
    let mut chance = Chance::new(seed + 11);
    let (mut bring, mut won_so) = (Paths::default(), Paths::default());
    for (steps, won, lost) in &rows {
        let value = chance.below(won + lost + 1);
        bring.add(Path {
            steps,
            won: *won,
            lost: *lost,
            value: i128::from(value) * 1_000_003,
        });
        // The same flows, in which what it brings is how often it succeeds.
        won_so.add(Path {
            steps,
            won: value,
            lost: won + lost - value,
            value: 0,
        });
    }
    (bring, won_so)
}

#[test]
fn what_channels_bring_is_what_they_win_where_it_is_as_often() {
    let mut compared = 0;
    for seed in 0..300 {
        let (bring, won_so) = bringing(seed);
        let brought: i128 = bring.iter().map(|path| path.value).sum();
        for order in 1..=4 {
            let paying = Chain::of(bring.iter(), 4, order).paying(&Ends::of(bring.iter()));
            assert_eq!(paying.is_some(), brought > 0, "seed {seed}");
            let Some(paying) = paying else { continue };
            let theirs = Chain::of(won_so.iter(), 4, order).removal();
            close(&paying.removal().effects, &theirs.effects, "effects");
            compared += 1;
        }
        for game in [Game::Chain, Game::Together, Game::Alone] {
            let ours = game::of_value(game, bring.iter(), 4, 0);
            let theirs = game::values(game, won_so.iter(), 4, 0);
            let shares = ours.and_then(|ours| ours.shares());
            match (shares, theirs.shares()) {
                (Some(ours), Some(theirs)) => close(&ours, &theirs, "shares"),
                (ours, theirs) => assert_eq!(ours, theirs, "seed {seed}, {game:?}"),
            }
        }
    }
    assert!(compared > 1_000, "{compared}");
}

#[test]
fn who_brings_less_than_nothing_has_no_share_of_it() {
    let mut paths = Paths::default();
    for (step, value) in [(0, 90), (1, -10)] {
        paths.add(Path {
            steps: &[step],
            won: 1,
            lost: 0,
            value,
        });
    }
    let chain = Chain::of(paths.iter(), 2, 1);
    assert!(chain.paying(&Ends::of(paths.iter())).is_none());
    assert!(chain.paying(&Ends::default()).is_none());
}

/// No path goes through all three: the values come to nothing but what rounding leaves.
#[test]
fn what_sums_to_nothing_has_no_shares() {
    let rows = vec![
        (vec![0], 1, 1),
        (vec![1], 1, 2),
        (vec![0, 1], 1, 0),
        (vec![2], 1, 3),
    ];
    let values = game::values(Game::Alone, paths(&rows).iter(), 3, 0);
    close(
        &values.values,
        &[17.0 / 72.0, 11.0 / 72.0, -28.0 / 72.0],
        "values",
    );
    assert_eq!(values.shares(), None);
    for seed in 0..200 {
        let mut rows = random(seed, 4);
        // Nobody goes through the fifth.
        rows.retain(|row| !row.0.is_empty());
        let values = game::values(Game::Alone, paths(&rows).iter(), 5, 0);
        assert_eq!(values.shares(), None, "seed {seed}: {values:?}");
    }
}

/// Shapley values by all orders of joining.
fn by_orders(channels: usize, worth: &dyn Fn(&BTreeSet<u16>) -> f64) -> Vec<f64> {
    let mut values = vec![0.0; channels];
    let mut orders = vec![Vec::new()];
    for _ in 0..channels {
        let longer = |order: Vec<u16>| {
            let more = (0..channels as u16)
                .filter(|one| !order.contains(one))
                .collect::<Vec<_>>();
            more.into_iter()
                .map(move |one| [&order[..], &[one]].concat())
        };
        orders = orders.into_iter().flat_map(longer).collect();
    }
    for order in &orders {
        let mut members = BTreeSet::new();
        for channel in order {
            let before = worth(&members);
            members.insert(*channel);
            values[usize::from(*channel)] += (worth(&members) - before) / orders.len() as f64;
        }
    }
    values
}

fn set(steps: &[u16]) -> BTreeSet<u16> {
    steps.iter().copied().collect()
}

#[test]
fn values_are_those_of_all_orders_of_joining() {
    let channels = 4;
    for seed in 0..60 {
        let rows = random(seed, channels as u64);
        let values = |game| game::values(game, paths(&rows).iter(), channels, 0).values;
        let in_chain = |members: &BTreeSet<u16>| chance(&rows, 1, |one| members.contains(&one));
        let together = |members: &BTreeSet<u16>| {
            let within = rows.iter().filter(|row| set(&row.0).is_subset(members));
            within.map(|row| row.1).sum::<u64>() as f64
        };
        let alone = |members: &BTreeSet<u16>| {
            let same: Vec<&Row> = rows.iter().filter(|row| set(&row.0) == *members).collect();
            let won: u64 = same.iter().map(|row| row.1).sum();
            let all: u64 = same.iter().map(|row| row.1 + row.2).sum();
            if all == 0 {
                0.0
            } else {
                won as f64 / all as f64
            }
        };
        let what = format!("seed {seed}");
        close(&values(Game::Chain), &by_orders(channels, &in_chain), &what);
        close(
            &values(Game::Together),
            &by_orders(channels, &together),
            &what,
        );
        close(&values(Game::Alone), &by_orders(channels, &alone), &what);
    }
}

#[test]
fn drawn_orders_come_near_to_all_of_them() {
    let mut rows = random(3, 4);
    let few = game::values(Game::Chain, paths(&rows).iter(), 4, 0);
    assert_eq!(few.errors, None);
    // Channels that nobody went through make the game large and change no value.
    rows.push((Vec::new(), 0, 0));
    let many = game::values(Game::Chain, paths(&rows).iter(), 25, 7);
    let errors = many.errors.unwrap();
    for (channel, error) in errors.iter().enumerate() {
        let exact = few.values.get(channel).copied().unwrap_or(0.0);
        let apart = (many.values[channel] - exact).abs();
        assert!(
            apart <= 5.0 * error + 1e-12,
            "{channel}: {apart} of {error}"
        );
    }
    assert!(errors[0] > 0.0 && errors[20] == 0.0);
}

/// Of chains that are nearly one another a few orders of joining say where intervals lie: their ends
/// are those of all coalitions, to a fraction of their width.
#[test]
fn a_few_orders_tell_replicates_apart_as_all_coalitions_do() {
    const CHANNELS: usize = 9;
    let mut worst: f64 = 0.0;
    for seed in 0..6 {
        let mut chance = Chance::new(seed * 31 + 7);
        let row = |_| {
            let length = 1 + chance.below(5);
            // Some channels are met far more often than others.
            let mut step = || (chance.below(9) * chance.below(9) / 8) as u16;
            let steps: Vec<u16> = (0..length).map(|_| step()).collect();
            (steps, chance.below(30), chance.below(60))
        };
        let paths = paths(&(0..200).map(row).collect::<Vec<Row>>());
        let near = game::Near::to(&Chain::of(paths.iter(), CHANNELS, 1), 1);
        let (mut exact, mut few) = (Vec::new(), Vec::new());
        for replicate in 0..sample::REPLICATES {
            let drawn = paths.iter().map(|path| sample::drawn(path, 1, replicate));
            let chain = Chain::of(drawn, CHANNELS, 1);
            exact.extend(game::chain(&chain, 1).shares());
            few.extend(near.values(&chain).shares());
        }
        let ends = |all: &[Vec<f64>]| sample::intervals(all, CHANNELS);
        for (exact, few) in ends(&exact).iter().zip(ends(&few)) {
            let ((a, b), (c, d)) = (exact.unwrap(), few.unwrap());
            if b > a {
                worst = worst.max(((a - c).abs().max((b - d).abs())) / (b - a));
            }
        }
    }
    assert!(worst < 0.05, "{worst}");
    assert!(worst > 0.0, "nothing was drawn");
}

#[test]
fn replicates_of_sixteen_channels_lie_about_their_values() {
    let mut chance = Chance::new(16);
    let row = |_| {
        let steps: Vec<u16> = (0..3).map(|_| chance.below(16) as u16).collect();
        (steps, 5 + chance.below(9), chance.below(30))
    };
    let paths = paths(&(0..300).map(row).collect::<Vec<Row>>());
    let model = Model::Shapley(Game::Chain);
    let known = model.shares(paths.iter(), 16, 1).unwrap();
    let all = again::replicates(&[model], &paths, 16, 1);
    assert_eq!(all[0].len() as u64, sample::REPLICATES);
    for (channel, lies) in sample::intervals(&all[0], 16).iter().enumerate() {
        let ((low, high), share) = (lies.unwrap(), known[channel]);
        assert!(
            low < share && share < high,
            "{channel}: {low} {share} {high}"
        );
    }
}

#[test]
fn order_and_division_of_the_input_change_nothing() {
    for seed in 0..40 {
        let rows = random(seed, 5);
        let mut other: Vec<Row> = rows.iter().rev().cloned().collect();
        for (steps, won, lost) in &mut other {
            if *won > 1 {
                *won -= 1;
                let steps = steps.clone();
                other.push((steps, 1, 0));
                break;
            }
            let _ = lost;
        }
        let models = [
            Model::Markov { order: 1 },
            Model::Markov { order: 3 },
            Model::Shapley(Game::Chain),
            Model::Shapley(Game::Alone),
        ];
        for model in models {
            let shares = |rows: &[Row]| model.shares(paths(rows).iter(), 5, 1);
            let drawn = |rows: &[Row]| sample::replicates(model, &paths(rows), 5, 1);
            assert_eq!(shares(&rows), shares(&other), "seed {seed}, {model:?}");
            assert_eq!(drawn(&rows), drawn(&other), "seed {seed}, {model:?}");
        }
    }
}
