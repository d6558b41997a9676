//! What statistical models learn from all paths of a book: those that were won, and those that
//! ended otherwise. Paths of pursuits that are still open say nothing yet.

use std::collections::{BTreeSet, HashMap};

use handfast_kernels::credit::chain::Chain;
use handfast_kernels::credit::paths::{Path, Paths};
use handfast_kernels::credit::sample::Model;
use handfast_kernels::credit::trails::{DealTrail, LostTrail, Trails};
use handfast_kernels::metric::Scope;
use handfast_model::credit::{Credited, ModelKind};
use handfast_model::{Refusal, limits};

use super::super::sheet::Key;
use super::Book;

/// Effects become whole numbers of so many parts before money is shared by them.
const PARTS: f64 = (1_u64 << 40) as f64;
/// Orders of joining that are drawn, are drawn from this.
const SEED: u64 = 1;

/// The share of each channel, by model.
#[derive(Default)]
pub(super) struct Learned {
    numbers: HashMap<Key, u16>,
    shares: Vec<(ModelKind, Option<Vec<f64>>)>,
    won: u64,
    lost: u64,
    chance: f64,
}

impl Learned {
    pub fn of(book: &Book<'_>, all: &Trails<'_>, scope: &Scope) -> Result<Learned, Refusal> {
        let (won, lost) = match book.credited {
            Credited::Won => (None, all.of_lost(scope.from, scope.until)),
            // What is open now is like what ended before.
            Credited::Open => {
                let ended = Scope {
                    from: None,
                    ..*scope
                };
                let won = all.of_deals(Credited::Won, &ended);
                (Some(won), all.of_lost(None, scope.until))
            }
        };
        let won = won.as_deref().unwrap_or(&book.trails);
        let paths = Named::of(book, won, &lost);
        let channels = paths.names.len();
        if channels > limits::CREDIT_CHANNELS {
            let most = limits::CREDIT_CHANNELS;
            let title = format!("{channels} channels, where at most {most} can be told apart");
            return Err(Refusal::new("E0435", title)
                .matters("a statistical model of so many says nothing of any of them")
                .fix("join small channels by rules in charter/channels.toml"));
        }
        let estimated = book.models.iter().filter(|model| model.kind.is_estimated());
        let shares = estimated.filter_map(|chosen| {
            let model = match chosen.kind {
                ModelKind::Markov { order } => Model::Markov {
                    order: usize::from(order),
                },
                ModelKind::Shapley(game) => Model::Shapley(game),
                _ => return None,
            };
            let shares = model.shares(paths.paths.iter(), channels, SEED);
            Some((chosen.kind, shares))
        });
        let (won, lost) = paths.paths.totals();
        Ok(Learned {
            shares: shares.collect(),
            chance: Chain::of(paths.paths.iter(), channels, 1).removal().chance,
            numbers: (0u16..)
                .zip(paths.names)
                .map(|(at, key)| (key, at))
                .collect(),
            won,
            lost,
        })
    }

    /// A channel's share goes to its touches on a path in equal parts; where none of them has a
    /// share, all touches are alike.
    pub fn weigh<'k>(
        &self,
        kind: ModelKind,
        trail: &DealTrail,
        channel: impl Fn(u32) -> &'k Key,
        weights: &mut Vec<u64>,
    ) {
        let known = self.shares.iter().find(|(known, _)| *known == kind);
        let shares = known.and_then(|(_, shares)| shares.as_deref());
        let mut counts: HashMap<&Key, u64> = HashMap::new();
        for touch in &trail.touches {
            *counts.entry(channel(*touch)).or_default() += 1;
        }
        weights.clear();
        weights.extend(trail.touches.iter().map(|touch| {
            let key = channel(*touch);
            let share = self
                .numbers
                .get(key)
                .and_then(|at| shares?.get(usize::from(*at)));
            let parts = (share.copied().unwrap_or(0.0).max(0.0) * PARTS) as u64;
            parts / counts.get(key).copied().unwrap_or(1)
        }));
        if weights.iter().all(|weight| *weight == 0) {
            weights.iter_mut().for_each(|weight| *weight = 1);
        }
    }

    pub fn notes(&self) -> Option<String> {
        let (won, lost) = (self.won, self.lost);
        let is_used = !self.shares.is_empty();
        is_used.then(|| {
            format!(
                "statistical models learned from {won} won and {lost} lost paths (chance of \
                 success {:.4}), and share each deal by what they learned",
                self.chance
            )
        })
    }
}

/// Paths whose channels are numbered in the order of their names.
struct Named {
    names: Vec<Key>,
    paths: Paths,
}

impl Named {
    fn of(book: &Book<'_>, won: &[DealTrail], lost: &[LostTrail]) -> Named {
        let of_won = won.iter().map(|trail| {
            let pursuit = trail.member.pursuit.unwrap_or(0);
            (pursuit, &trail.touches, true)
        });
        let of_lost = lost
            .iter()
            .map(|trail| (trail.pursuit, &trail.touches, false));
        let keyed = of_won.chain(of_lost).map(|(pursuit, touches, is_won)| {
            let pursuit = book.ground.pursuit(pursuit);
            let key = |touch: &u32| match pursuit {
                Some(pursuit) => book.ground.channel(pursuit, Some(*touch)),
                None => Key::Unknown,
            };
            let path: Vec<Key> = touches.iter().map(key).collect();
            (path, is_won)
        });
        let keyed: Vec<(Vec<Key>, bool)> = keyed.collect();
        let names: BTreeSet<&Key> = keyed.iter().flat_map(|(path, _)| path).collect();
        let names: Vec<Key> = names.into_iter().cloned().collect();
        let mut paths = Paths::default();
        let mut steps = Vec::new();
        for (path, is_won) in &keyed {
            steps.clear();
            let numbers = path.iter().filter_map(|key| names.binary_search(key).ok());
            steps.extend(numbers.map(|number| u16::try_from(number).unwrap_or(u16::MAX)));
            paths.add(Path {
                steps: &steps,
                won: u64::from(*is_won),
                lost: u64::from(!is_won),
                value: 0,
            });
        }
        Named { names, paths }
    }
}
