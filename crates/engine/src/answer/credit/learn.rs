//! What statistical models learn from all paths of a book: those that were won, and those that
//! ended otherwise. Paths of pursuits that are still open say nothing yet.

use std::collections::{BTreeSet, HashMap};

use handfast_kernels::credit::again;
use handfast_kernels::credit::chain::{Chain, unsettled};
use handfast_kernels::credit::game;
use handfast_kernels::credit::paths::{Path, Paths};
use handfast_kernels::credit::sample::{Model, REPLICATES};
use handfast_kernels::credit::spread::{UNSEEN, weigh};
use handfast_kernels::credit::trails::{DealTrail, LostTrail, Trails};
use handfast_kernels::metric::Scope;
use handfast_model::credit::{Credited, ModelKind};
use handfast_model::money::grouped;
use handfast_model::{Refusal, limits};

use super::super::sheet::Key;
use super::super::whose::Whose;
use super::Book;

/// Orders of joining that are drawn, are drawn from this.
const SEED: u64 = 1;

/// The share of each channel, by model.
#[derive(Default)]
pub(super) struct Learned {
    numbers: HashMap<Key, u16>,
    shares: Vec<(ModelKind, Option<Vec<f64>>)>,
    models: Vec<Model>,
    /// Models whose chances did not come to rest, by name.
    unsettled: Vec<String>,
    /// The largest standard error of a share, where orders of joining were drawn.
    drawn: Option<f64>,
    paths: Paths,
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
                let mut won = all.of_deals(Credited::Won, &ended);
                won.retain(|trail| super::is_asked(book.ground, trail));
                (Some(won), all.of_lost(None, scope.until))
            }
        };
        // Of those that are asked for, as what was won is.
        let is_asked = |trail: &LostTrail| {
            let pursuit = book.ground.pursuit(trail.pursuit);
            pursuit.is_some_and(|pursuit| {
                let whose = pursuit.deal.map_or(Whose::Pursuit, Whose::Deal);
                book.ground.is_asked_of(pursuit, whose)
            })
        };
        let lost: Vec<LostTrail> = lost.into_iter().filter(is_asked).collect();
        let won = won.as_deref().unwrap_or(&book.trails);
        let paths = Named::of(book, won, &lost);
        let channels = paths.names.len();
        let most = book.models.iter().filter_map(|one| Model::of(one.kind));
        let most = most.map(Model::most_channels).min();
        if let Some(most) = most.filter(|most| channels > *most) {
            let title = format!("{channels} channels, where at most {most} can be told apart");
            return Err(Refusal::new("E0435", title)
                .matters("a statistical model of so many says nothing of any of them")
                .fix("join small channels by rules in charter/channels.toml"));
        }
        let kinds = book.models.iter().map(|model| model.kind);
        let estimated = kinds.filter_map(|kind| Some((kind, Model::of(kind)?)));
        let estimated: Vec<(ModelKind, Model)> = estimated.collect();
        let (mut shares, mut unsettled, mut drawn) = (Vec::new(), Vec::new(), None);
        for (kind, model) in &estimated {
            let solved = model.solved(&paths.paths, channels, SEED);
            shares.push((*kind, solved.effects));
            unsettled.extend((!solved.is_settled).then(|| kind.name()));
            drawn = drawn.or(solved.error);
        }
        let (won, lost) = paths.paths.totals();
        Ok(Learned {
            shares,
            unsettled,
            drawn,
            chance: Chain::of(paths.paths.iter(), channels, 1).removal().chance,
            numbers: (0u16..)
                .zip(paths.names)
                .map(|(at, key)| (key, at))
                .collect(),
            won,
            lost,
            models: estimated.iter().map(|(_, model)| *model).collect(),
            paths: paths.paths,
        })
    }

    /// By what the channels' effects are (see [`weigh`]).
    pub fn weigh<'k>(
        &self,
        kind: ModelKind,
        channels: impl Iterator<Item = &'k Key>,
        weights: &mut Vec<u64>,
    ) {
        let effects = self.effects(kind);
        let channels: Vec<u16> = channels.map(|channel| self.number(channel)).collect();
        weigh(effects.unwrap_or(&[]), &channels, weights);
    }

    /// By channel: what it weighs under a model.
    pub fn effects(&self, kind: ModelKind) -> Option<&[f64]> {
        let known = self.shares.iter().find(|(known, _)| *known == kind);
        known.and_then(|(_, shares)| shares.as_deref())
    }

    /// The number of a channel among the effects.
    pub fn number(&self, channel: &Key) -> u16 {
        self.numbers.get(channel).copied().unwrap_or(UNSEEN)
    }

    /// Whether a model can share nothing by what it learned.
    pub fn is_mute(&self, kind: ModelKind) -> bool {
        let known = self.shares.iter().find(|(known, _)| *known == kind);
        known.is_some_and(|(_, shares)| shares.is_none())
    }

    /// Why one can not.
    pub fn why_mute(&self) -> &'static str {
        match self.won {
            0 => "nothing was won that it could learn from",
            _ => {
                "its values sum to nothing, as those of shapley_alone do where no path goes \
                 through every channel; sharing alike would be linear under another name"
            }
        }
    }

    /// By estimated model, where it could learn anything and is soon there again: the effects that
    /// it would have learned had chance sent other paths.
    pub fn again(&self) -> Vec<(ModelKind, Vec<Vec<f64>>)> {
        let channels = self.numbers.len();
        let estimated = self.shares.iter().zip(&self.models);
        let estimated =
            estimated.filter(|((kind, _), _)| kind.is_estimated() && Model::is_soon(channels));
        let (kinds, models): (Vec<ModelKind>, Vec<Model>) =
            estimated.map(|((kind, _), model)| (*kind, *model)).unzip();
        let all = again::replicates(&models, &self.paths, channels, SEED);
        kinds.into_iter().zip(all).collect()
    }

    pub fn notes(&self) -> Vec<String> {
        let unsettled = self.unsettled.iter().map(|name| unsettled(name));
        let drawn = self.drawn.map(|error| game::drawn(SEED, error));
        let all = self.note().into_iter().chain(unsettled);
        all.chain(drawn).collect()
    }

    fn note(&self) -> Option<String> {
        let [won, lost] = [self.won, self.lost].map(|count| grouped(&count.to_string()));
        let used = self.shares.iter().zip(&self.models);
        let mut used = used.filter(|((kind, _), _)| kind.is_estimated());
        used.next()?;
        let channels = self.numbers.len();
        let late = match Model::is_soon(channels) {
            true => String::new(),
            false => format!(
                ". {channels} channels are too many for intervals: {} are the most",
                limits::INTERVAL_CHANNELS
            ),
        };
        Some(format!(
            "statistical models learned from {won} won and {lost} lost paths (chance of success \
             {:.4}), and share each deal by what they learned; intervals are of {REPLICATES} \
             replicates, seed {SEED}: every distinct path's counts drawn again{late}",
            self.chance
        ))
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
                Some(pursuit) => super::channel_of(book.ground, pursuit, *touch),
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
