//! Through which channels paths went: each set of channels apart, whatever their order, as long as
//! they are few enough. Sets tell of several channels that are joined to one what nobody could tell
//! from each of them: a path through two of them is one path through the joined one.

use std::collections::BTreeMap;
use std::fmt;

use super::whole::Sum;
use crate::quick::Quick;

/// Channels that a set can be of.
const CHANNELS: usize = u64::BITS as usize;
/// Sets that are kept apart; of more, each channel is counted by itself.
const SETS: usize = 1 << 20;

/// What paths came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Went {
    /// Successes, and what they are worth.
    pub sum: Sum,
    /// How many paths, won and lost.
    pub paths: u64,
}

impl Went {
    fn add(&mut self, other: Went) {
        self.sum.add(other.sum);
        self.paths += other.paths;
    }
}

/// What paths through each set of channels came to.
#[derive(Clone, Default)]
pub(super) struct Sets {
    /// By set, a bit for each channel.
    together: Quick<u64, Went>,
    /// By channel, of what is in no set.
    each: Vec<Went>,
    /// Whether channels or sets are too many to be told apart.
    are_many: bool,
    /// Which path each channel was seen in last, where they are.
    seen: Vec<u64>,
    /// How many paths that were.
    paths: u64,
}

impl Sets {
    /// Makes room for so many channels.
    pub fn make_room(&mut self, channels: usize) {
        if self.each.len() < channels {
            self.each.resize(channels, Went::default());
            self.seen.resize(channels, 0);
        }
        if channels > CHANNELS {
            self.part();
        }
    }

    /// How many channels there is room for.
    pub fn channels(&self) -> usize {
        self.each.len()
    }

    /// Whether sets tell what joined channels came to.
    pub fn are_apart(&self) -> bool {
        !self.are_many
    }

    /// Adds what a path, or many alike, came to.
    pub fn add(&mut self, steps: &[u16], went: Went) {
        if steps.is_empty() || went == Went::default() {
            return;
        }
        if !self.are_many {
            return self.add_set(steps.iter().fold(0, |set, step| set | bit(*step)), went);
        }
        self.paths += 1;
        for step in steps.iter().map(|step| usize::from(*step)) {
            let Some((seen, each)) = self.seen.get_mut(step).zip(self.each.get_mut(step)) else {
                continue;
            };
            if *seen != self.paths {
                *seen = self.paths;
                each.add(went);
            }
        }
    }

    fn add_set(&mut self, set: u64, went: Went) {
        self.together.entry(set).or_default().add(went);
        if self.together.len() > SETS {
            self.part();
        }
    }

    /// From here on each channel is counted by itself.
    fn part(&mut self) {
        self.each = self.of_channels();
        self.together = Quick::default();
        self.are_many = true;
    }

    /// Adds others, whose channels have these numbers here. Where theirs are apart, several may
    /// have the same.
    pub fn append(&mut self, others: &Sets, numbers: &[u16]) {
        let here = |place: usize| numbers.get(place).copied().unwrap_or(place as u16);
        if others.are_many {
            self.part();
        }
        if !self.are_many {
            for (set, went) in &others.together {
                let set = channels(*set).fold(0, |set, channel| set | bit(here(channel)));
                self.add_set(set, *went);
            }
            return;
        }
        // A set that lies in no set here is a path like another.
        for (set, went) in &others.together {
            let steps: Vec<u16> = channels(*set).map(here).collect();
            self.add(&steps, *went);
        }
        for (place, went) in others.each.iter().enumerate() {
            let each = self.each.get_mut(usize::from(here(place)));
            each.into_iter().for_each(|each| each.add(*went));
        }
    }

    /// By channel, what paths through it came to.
    pub fn of_channels(&self) -> Vec<Went> {
        let mut each = self.each.clone();
        for (set, went) in &self.together {
            for channel in channels(*set) {
                let each = each.get_mut(channel);
                each.into_iter().for_each(|each| each.add(*went));
            }
        }
        each
    }
}

/// What was added, in whatever order it came.
impl fmt::Debug for Sets {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sets: BTreeMap<_, _> = self.together.iter().collect();
        to.debug_tuple("Sets")
            .field(&sets)
            .field(&self.each)
            .finish()
    }
}

fn bit(channel: u16) -> u64 {
    1_u64.checked_shl(u32::from(channel)).unwrap_or(0)
}

/// The channels of a set, ascending.
fn channels(set: u64) -> impl Iterator<Item = usize> {
    let mut rest = set;
    std::iter::from_fn(move || {
        let channel = (rest != 0).then(|| rest.trailing_zeros())?;
        rest &= rest - 1;
        Some(channel as usize)
    })
}
