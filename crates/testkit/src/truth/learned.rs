//! What statistical models of credit learn from a book, slowly: windows of paths as they stand,
//! dense equations, and every coalition of channels for itself.

use std::collections::{BTreeMap, BTreeSet};

use super::credit::{Asked, Trail, channel, eligible, trails};
use super::meaning::{Meaning, Role};
use super::measures::is_in;
use super::walk::Journeys;

/// The models that are compared.
pub const MODELS: [&str; 7] = [
    "markov_1",
    "markov_2",
    "markov_3",
    "markov_4",
    "shapley",
    "shapley_together",
    "shapley_alone",
];
/// Of more channels not every coalition is gone through.
const MOST: usize = 9;

/// A channel by name; nothing where nobody knows it.
pub type Channel = Option<String>;
/// The channels of a path, in order, and whether it was won.
type Path = (Vec<Channel>, bool);

/// The paths that are learned from: of what is asked for, or of all that ended before, where what
/// is open now is asked for.
fn paths(journeys: &Journeys, meaning: &Meaning, asked: Asked) -> Vec<Path> {
    let before = |(_, until)| (i64::MIN, until);
    let period = match asked.is_won {
        true => asked.period,
        false => asked.period.map(before),
    };
    let ended = Asked {
        is_won: true,
        period,
        ..asked
    };
    let named = |touches: &[usize]| -> Vec<Channel> {
        let channels = touches.iter().map(|place| channel(&journeys.facts[*place]));
        channels.collect()
    };
    let won = trails(journeys, meaning, ended).into_iter();
    let mut paths: Vec<Path> = won.map(|trail| (named(&trail.touches), true)).collect();
    for pursuit in &journeys.pursuits {
        let Some(end) = pursuit.end.filter(|end| end.role != Role::Won) else {
            continue;
        };
        if let (Some(at), true) = (end.moment.at, is_in(end.moment.at, period)) {
            let deal = pursuit.deal.map(|deal| &journeys.deals[deal]);
            let touches = eligible(journeys, meaning, (&pursuit.buyer, deal), at);
            paths.push((named(&touches), false));
        }
    }
    paths
}

/// How often paths went from the last few channels to the next ones, to success, to nothing.
struct Flows {
    states: Vec<Vec<Channel>>,
    rows: Vec<Row>,
}

/// Of a state: how many came to it, how many of them succeeded, and how many went on to each.
struct Row {
    all: f64,
    won: f64,
    to: BTreeMap<usize, f64>,
}

impl Flows {
    fn of(paths: &[Path], order: usize) -> Flows {
        let window = |path: &[Channel]| path[path.len().saturating_sub(order)..].to_vec();
        let mut states = BTreeSet::from([Vec::new()]);
        for (path, _) in paths {
            states.extend((1..=path.len()).map(|length| window(&path[..length])));
        }
        let states: Vec<Vec<Channel>> = states.into_iter().collect();
        let empty = |_: &Vec<Channel>| Row {
            all: 0.0,
            won: 0.0,
            to: BTreeMap::new(),
        };
        let mut rows: Vec<Row> = states.iter().map(empty).collect();
        let place = |path: &[Channel]| states.binary_search(&window(path)).unwrap_or(0);
        for (path, is_won) in paths {
            for length in 0..=path.len() {
                let row = &mut rows[place(&path[..length])];
                row.all += 1.0;
                if length < path.len() {
                    *row.to.entry(place(&path[..=length])).or_default() += 1.0;
                } else if *is_won {
                    row.won += 1.0;
                }
            }
        }
        Flows { states, rows }
    }

    /// The chance of success where paths that come to any other channel end in nothing.
    fn chance(&self, is_in: &dyn Fn(&Channel) -> bool) -> f64 {
        let size = self.states.len();
        let mut system = vec![vec![0.0; size + 1]; size];
        for (at, row) in self.rows.iter().enumerate() {
            system[at][at] = 1.0;
            if row.all > 0.0 {
                system[at][size] += row.won / row.all;
                for (to, count) in &row.to {
                    if self.states[*to].last().is_some_and(is_in) {
                        system[at][*to] -= count / row.all;
                    }
                }
            }
        }
        // The start is the state of no channel, the first in order.
        solved(system)[0]
    }
}

/// Gauss and Jordan, with pivots.
fn solved(mut system: Vec<Vec<f64>>) -> Vec<f64> {
    let size = system.len();
    for column in 0..size {
        let largest = |a: &usize, b: &usize| {
            let of = |row: &usize| system[*row][column].abs();
            of(a).total_cmp(&of(b))
        };
        let pivot = (column..size).max_by(largest).unwrap_or(column);
        system.swap(column, pivot);
        let pivot = system[column].clone();
        for (_, row) in system
            .iter_mut()
            .enumerate()
            .filter(|(row, _)| *row != column)
        {
            let factor = row[column] / pivot[column];
            for (cell, above) in row.iter_mut().zip(&pivot).skip(column) {
                *cell -= factor * above;
            }
        }
    }
    (0..size)
        .map(|row| system[row][size] / system[row][row])
        .collect()
}

/// What each channel weighs by a model.
pub type Effects = BTreeMap<Channel, f64>;

/// The effects of a model, all of them nothing where it could learn nothing; `None` where there are
/// too many channels to go through.
pub fn effects(
    model: &str,
    journeys: &Journeys,
    meaning: &Meaning,
    asked: Asked,
) -> Option<Effects> {
    let paths = paths(journeys, meaning, asked);
    let channels: BTreeSet<&Channel> = paths.iter().flat_map(|(path, _)| path).collect();
    let channels: Vec<&Channel> = channels.into_iter().collect();
    let order = model.strip_prefix("markov_");
    let order = order.and_then(|order| order.parse().ok());
    let count = channels.len();
    let values = match (model, order) {
        (_, Some(order)) => {
            let flows = Flows::of(&paths, order);
            let all = flows.chance(&|_| true);
            let lost = |gone: &&Channel| all - flows.chance(&|channel| channel != *gone);
            channels.iter().map(lost).collect()
        }
        ("shapley" | "shapley_alone", _) if count > MOST => return None,
        ("shapley", _) => {
            let flows = Flows::of(&paths, 1);
            shapley(count, &|coalition| {
                flows.chance(&|channel| {
                    let place = channels.iter().position(|one| *one == channel);
                    place.is_some_and(|place| coalition >> place & 1 == 1)
                })
            })
        }
        ("shapley_alone", _) => shapley(count, &|coalition| rate(&paths, &channels, coalition)),
        _ => vec![1.0; count],
    };
    Some(channels.into_iter().cloned().zip(values).collect())
}

/// The share that was won of the paths through exactly the channels of a coalition; of none,
/// nothing.
fn rate(paths: &[Path], channels: &[&Channel], coalition: usize) -> f64 {
    let members = channels.iter().enumerate();
    let members = members.filter(|(place, _)| coalition >> place & 1 == 1);
    let members: BTreeSet<&Channel> = members.map(|(_, channel)| *channel).collect();
    let mine = paths
        .iter()
        .filter(|(path, _)| path.iter().collect::<BTreeSet<_>>() == members);
    let (all, won) = mine.fold((0, 0), |(all, won), (_, is_won)| {
        (all + 1, won + i32::from(*is_won))
    });
    f64::from(won) / f64::from(all.max(1))
}

/// What each channel adds to a coalition that is worth so much, over all orders of joining.
fn shapley(count: usize, worth: &dyn Fn(usize) -> f64) -> Vec<f64> {
    let worth: Vec<f64> = (0..1 << count).map(worth).collect();
    let factorial = |n: usize| (1..=n).map(|n| n as f64).product::<f64>();
    let value = |channel: usize| {
        let without = (0..1_usize << count).filter(|set| set >> channel & 1 == 0);
        let adds = without.map(|set| {
            let size = set.count_ones() as usize;
            let orders = factorial(size) * factorial(count - size - 1) / factorial(count);
            orders * (worth[set | 1 << channel] - worth[set])
        });
        adds.sum()
    };
    (0..count).map(value).collect()
}

/// What a model gives to each touch of a deal, in minor units and parts of them: to each of its
/// channels in proportion to its effect, alike where none has any, and to the touches of one
/// channel in equal parts. Nothing of no touches.
fn credits(trail: &Trail, effects: &Effects, journeys: &Journeys) -> Vec<f64> {
    let named = trail.touches.iter();
    let named: Vec<Channel> = named.map(|at| channel(&journeys.facts[*at])).collect();
    let effect = |channel: &Channel| effects.get(channel).copied().unwrap_or(0.0).max(0.0);
    let distinct: BTreeSet<&Channel> = named.iter().collect();
    let all: f64 = distinct.into_iter().map(effect).sum();
    let amount = trail.member.money.as_ref().map_or(0, |(minor, _)| *minor) as f64;
    let touches = |channel: &Channel| named.iter().filter(|one| *one == channel).count() as f64;
    let credit = |channel: &Channel| match all > 1e-9 {
        true => amount * effect(channel) / all / touches(channel),
        false => amount / named.len() as f64,
    };
    named.iter().map(credit).collect()
}

/// What a model gives to each channel by currency, and to how many touches.
pub type Figures = BTreeMap<(Channel, String, String), (f64, usize)>;

/// What a model gives to the channels of these deals.
pub fn figures(model: &str, trails: &[Trail], effects: &Effects, journeys: &Journeys) -> Figures {
    let mut figures = Figures::new();
    for trail in trails {
        let Some((minor, currency)) = &trail.member.money else {
            continue;
        };
        let mut add = |channel: String, credit: f64| {
            let place = (Some(channel), currency.clone(), model.to_owned());
            let figure = figures.entry(place).or_default();
            *figure = (figure.0 + credit, figure.1 + 1);
        };
        if trail.touches.is_empty() {
            add("unknown: no touch".to_owned(), *minor as f64);
        }
        let credits = credits(trail, effects, journeys);
        for (place, credit) in trail.touches.iter().zip(credits) {
            let channel = channel(&journeys.facts[*place]);
            add(
                channel.unwrap_or_else(|| "unknown: no channel".to_owned()),
                credit,
            );
        }
    }
    figures
}
