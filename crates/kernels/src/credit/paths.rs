//! Whole paths: each distinct one once, with how often it ended in success and how often not.
//!
//! A path is the channels that one buyer went through, in order. Channels are numbers; whoever
//! numbers them by name gets the same figures whatever order paths arrive in.

use std::hash::Hasher;

use crate::quick::{Mix, Quick};

/// One distinct path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Path<'a> {
    /// Its channels, in order; none where nothing is known before the end.
    pub steps: &'a [u16],
    /// How often it ended in success.
    pub won: u64,
    /// How often it ended in nothing.
    pub lost: u64,
    /// What all its successes are worth, in minor units.
    pub value: i128,
}

/// Distinct paths, in the order of their first arrival.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    steps: Vec<u16>,
    /// Where the steps of each path end.
    ends: Vec<usize>,
    ended: Vec<(u64, u64, i128)>,
    /// The newest path of each hash, and below it the one before of the same hash.
    newest: Quick<u64, u32>,
    before: Vec<Option<u32>>,
}

impl Paths {
    /// How many distinct paths there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Adds what one path, or many alike, came to.
    pub fn add(&mut self, path: Path<'_>) {
        let hash = hash_of(path.steps);
        let newest = self.newest.get(&hash).copied();
        let mut at = newest;
        while let Some(place) = at.map(|place| place as usize) {
            if self.steps_of(place) == path.steps {
                if let Some((won, lost, value)) = self.ended.get_mut(place) {
                    *won += path.won;
                    *lost += path.lost;
                    *value += path.value;
                }
                return;
            }
            at = self.before.get(place).copied().flatten();
        }
        self.newest.insert(hash, self.ends.len() as u32);
        self.before.push(newest);
        self.steps.extend_from_slice(path.steps);
        self.ends.push(self.steps.len());
        self.ended.push((path.won, path.lost, path.value));
    }

    /// Adds all paths of another set, whose channels have these numbers here.
    pub fn append(&mut self, others: &Paths, numbers: &[u16]) {
        let mut steps = Vec::new();
        for path in others.iter() {
            steps.clear();
            let here = |step: &u16| numbers.get(usize::from(*step)).copied();
            steps.extend(path.steps.iter().filter_map(here));
            let steps = &steps;
            self.add(Path { steps, ..path });
        }
    }

    /// The paths of all sets, each with the numbers that its channels have together. One set after
    /// the other is given up for it.
    pub fn together(sets: impl IntoIterator<Item = (Paths, Vec<u16>)>) -> Paths {
        let mut sets = sets.into_iter();
        let Some((mut all, numbers)) = sets.next() else {
            return Paths::default();
        };
        all.renumber(&numbers);
        for (set, numbers) in sets {
            all.append(&set, &numbers);
        }
        all
    }

    /// Gives channels other numbers. Paths may become alike: then each stays, as often as before.
    fn renumber(&mut self, numbers: &[u16]) {
        for step in &mut self.steps {
            *step = numbers.get(usize::from(*step)).copied().unwrap_or(*step);
        }
        self.newest.clear();
        for place in 0..self.ends.len() {
            let newest = self
                .newest
                .insert(hash_of(self.steps_of(place)), place as u32);
            if let Some(before) = self.before.get_mut(place) {
                *before = newest;
            }
        }
    }

    /// Each distinct path.
    pub fn iter(&self) -> impl Iterator<Item = Path<'_>> + Clone {
        let ended = self.ended.iter().enumerate();
        ended.map(|(place, &(won, lost, value))| Path {
            steps: self.steps_of(place),
            won,
            lost,
            value,
        })
    }

    /// How many ended in success, and in nothing.
    pub fn totals(&self) -> (u64, u64) {
        let add = |(won, lost), path: Path<'_>| (won + path.won, lost + path.lost);
        self.iter().fold((0, 0), add)
    }

    fn steps_of(&self, place: usize) -> &[u16] {
        let before = place.checked_sub(1).and_then(|place| self.ends.get(place));
        let from = before.copied().unwrap_or(0);
        let until = self.ends.get(place).copied().unwrap_or(from);
        self.steps.get(from..until).unwrap_or_default()
    }
}

/// A hash of a path's content, the same on every machine.
pub(crate) fn hash_of(steps: &[u16]) -> u64 {
    let mut mix = Mix::default();
    for four in steps.chunks(4) {
        let packed = four
            .iter()
            .fold(0, |packed, step| (packed << 16) | (u64::from(*step) + 1));
        mix.write_u64(packed);
    }
    mix.finish()
}
