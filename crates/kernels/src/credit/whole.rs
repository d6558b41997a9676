//! Credit of whole paths, behind which no deals are known: what each channel gets of all successes,
//! and of what they are worth.
//!
//! Without dates and milestones a touch is the first, the last or between, so a rule is worked out
//! once for each length of path, over whole-number sums; what it gives does not depend on the order
//! in which paths arrived.

use std::collections::BTreeMap;

use super::paths::Path;
use super::rule::{Rule, Touch, Trail};
use super::sets::{Sets, Went};

/// Successes, and what they are worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sum {
    /// How many.
    pub won: u64,
    /// In minor units.
    pub value: i128,
}

impl Sum {
    pub(super) fn add(&mut self, other: Sum) {
        self.won += other.won;
        self.value += other.value;
    }
}

/// What a channel gets: of successes, and of their value.
pub type Credit = (f64, f64);

/// What is known of all paths.
#[derive(Clone, Debug, Default)]
pub struct Whole {
    /// By length of path, then by channel.
    lengths: BTreeMap<usize, Vec<Places>>,
    named: Vec<Sum>,
    sets: Sets,
    /// Of paths without any channel.
    pub nobody: Sum,
    /// How many paths had no channel, however they ended.
    pub empty: u64,
    /// Of all paths.
    pub all: Sum,
    /// How many paths ended in nothing.
    pub lost: u64,
}

/// Where a channel stood, once for each touch.
#[derive(Clone, Copy, Debug, Default)]
struct Places {
    any: Sum,
    first: Sum,
    last: Sum,
}

impl Whole {
    /// Sums up paths whose channels are numbered below the count of `is_direct`, which says of each
    /// whether buyers came directly.
    pub fn of<'a>(paths: impl Iterator<Item = Path<'a>>, is_direct: &[bool]) -> Whole {
        let mut whole = Whole::new(is_direct.len());
        paths.for_each(|path| whole.add(path, is_direct));
        whole
    }

    /// Nothing yet, of so many channels.
    pub fn new(channels: usize) -> Whole {
        let mut whole = Whole::default();
        whole.make_room(channels);
        whole
    }

    fn make_room(&mut self, channels: usize) {
        if self.sets.channels() < channels {
            self.named.resize(channels, Sum::default());
            self.sets.make_room(channels);
            for places in self.lengths.values_mut() {
                places.resize(channels, Places::default());
            }
        }
    }

    /// Adds what one path, or many alike, came to. `is_direct` may have grown since the last.
    pub fn add(&mut self, path: Path<'_>, is_direct: &[bool]) {
        self.make_room(is_direct.len());
        let sum = Sum {
            won: path.won,
            value: path.value,
        };
        self.all.add(sum);
        self.lost += path.lost;
        if path.steps.is_empty() {
            self.empty += path.won + path.lost;
        }
        let steps = || path.steps.iter().map(|step| usize::from(*step));
        let paths = path.won + path.lost;
        self.sets.add(path.steps, Went { sum, paths });
        if sum == Sum::default() {
            return;
        }
        let Some((first, last)) = steps().next().zip(steps().next_back()) else {
            return self.nobody.add(sum);
        };
        let led = |step: &usize| is_direct.get(*step) == Some(&false);
        add_to(
            &mut self.named,
            steps().rev().find(led).unwrap_or(last),
            sum,
        );
        let channels = self.sets.channels();
        let of_length = self.lengths.entry(path.steps.len());
        let places = of_length.or_insert_with(|| vec![Places::default(); channels]);
        for step in steps() {
            if let Some(place) = places.get_mut(step) {
                place.any.add(sum);
            }
        }
        if let Some(place) = places.get_mut(first) {
            place.first.add(sum);
        }
        if let Some(place) = places.get_mut(last) {
            place.last.add(sum);
        }
    }

    /// Adds another set, whose channels have these numbers here.
    pub fn append(&mut self, others: &Whole, numbers: &[u16]) {
        let here = |place: usize| numbers.get(place).map_or(place, |here| usize::from(*here));
        let most = (0..others.sets.channels())
            .map(|place| here(place) + 1)
            .max();
        self.make_room(most.unwrap_or(0));
        self.lost += others.lost;
        self.empty += others.empty;
        self.nobody.add(others.nobody);
        self.all.add(others.all);
        for (place, sum) in others.named.iter().enumerate() {
            add_to(&mut self.named, here(place), *sum);
        }
        self.sets.append(&others.sets, numbers);
        let channels = self.sets.channels();
        for (length, theirs) in &others.lengths {
            let of_length = self.lengths.entry(*length);
            let places = of_length.or_insert_with(|| vec![Places::default(); channels]);
            for (place, more) in theirs.iter().enumerate() {
                if let Some(own) = places.get_mut(here(place)) {
                    own.any.add(more.any);
                    own.first.add(more.first);
                    own.last.add(more.last);
                }
            }
        }
    }

    /// What a rule gives to each channel. Nothing where it asks for more than order: ages, or the
    /// touches that a lead or a deal came from.
    pub fn by_rule(&self, rule: Rule) -> Option<Vec<Credit>> {
        match rule {
            Rule::Positions(shares) if shares.lead == 0 && shares.deal == 0 => {
                Some(self.by_position(rule))
            }
            Rule::LastNonDirect => Some(credits(&self.named)),
            Rule::Positions(_) | Rule::Decay { .. } => None,
        }
    }

    fn by_position(&self, rule: Rule) -> Vec<Credit> {
        let mut credits = vec![(0.0, 0.0); self.sets.channels()];
        let mut weights = Vec::new();
        for (length, places) in &self.lengths {
            let touch = Touch {
                age: 0,
                is_direct: false,
            };
            let trail = Trail {
                touches: &vec![touch; *length],
                lead: None,
                deal: None,
            };
            rule.weigh(trail, &mut weights);
            let whole: u64 = weights.iter().sum();
            let weight = |place: usize| match weights.get(place) {
                Some(weight) if whole > 0 => *weight as f64 / whole as f64,
                _ => 0.0,
            };
            // One touch is first and last; of two, none is between.
            let (first, last) = match length {
                1 => (weight(0), 0.0),
                _ => (weight(0), weight(length - 1)),
            };
            let between = if *length > 2 { weight(1) } else { 0.0 };
            for (credit, place) in credits.iter_mut().zip(places) {
                let give = |any: i128, at_first: i128, at_last: i128| {
                    let rest = any - at_first - at_last;
                    at_first as f64 * first + at_last as f64 * last + rest as f64 * between
                };
                let won = |sum: Sum| i128::from(sum.won);
                credit.0 += give(won(place.any), won(place.first), won(place.last));
                credit.1 += give(place.any.value, place.first.value, place.last.value);
            }
        }
        credits
    }

    /// What each channel took part in: everything, to everyone, so never to be summed.
    pub fn took_part(&self) -> Vec<Sum> {
        let went = self.sets.of_channels().into_iter();
        went.map(|went| went.sum).collect()
    }

    /// How many paths went through each channel, won and lost.
    pub fn through(&self) -> Vec<u64> {
        let went = self.sets.of_channels().into_iter();
        went.map(|went| went.paths).collect()
    }

    /// The same paths with some channels joined to one that is not direct: each has this number,
    /// the last of all, and others have numbers of their own. `is_direct` is of the channels as
    /// they were. `None` where what was summed up does not tell it: of too many channels, or where
    /// some direct ones are joined and others are not.
    ///
    /// Law      it is [`Whole::of`] the same paths with their channels joined.
    pub fn joined(&self, numbers: &[u16], is_direct: &[bool]) -> Option<Whole> {
        let last = numbers.iter().copied().max()?;
        let directs = numbers.iter().zip(is_direct);
        let directs = directs.filter(|(_, is_direct)| **is_direct);
        let (inside, outside): (Vec<_>, Vec<_>) = directs.partition(|(to, _)| **to == last);
        if !self.sets.are_apart() || !inside.is_empty() && !outside.is_empty() {
            return None;
        }
        let mut joined = Whole::new(usize::from(last) + 1);
        joined.append(self, numbers);
        if !inside.is_empty() {
            // None is direct any more: whoever came last is named.
            joined.named.fill(Sum::default());
            for place in joined.lengths.values() {
                for (named, place) in joined.named.iter_mut().zip(place) {
                    named.add(place.last);
                }
            }
        }
        Some(joined)
    }
}

fn add_to(sums: &mut [Sum], place: usize, sum: Sum) {
    if let Some(one) = sums.get_mut(place) {
        one.add(sum);
    }
}

fn credits(sums: &[Sum]) -> Vec<Credit> {
    let credit = |sum: &Sum| (sum.won as f64, sum.value as f64);
    sums.iter().map(credit).collect()
}

/// Credits as whole units that sum to the whole, by the largest remainder; ties to the earlier one.
/// Where nobody earns there is nothing to balance.
pub fn balanced(whole: i128, credits: &[f64]) -> Vec<i128> {
    if credits.iter().all(|credit| *credit == 0.0) {
        return vec![0; credits.len()];
    }
    let mut parts: Vec<i128> = credits.iter().map(|one| one.floor() as i128).collect();
    let mut order: Vec<(usize, f64)> = credits
        .iter()
        .map(|one| one - one.floor())
        .enumerate()
        .collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let left = whole - parts.iter().sum::<i128>();
    let step = left.signum();
    let places = order.iter().map(|(place, _)| *place);
    let places: Vec<usize> = match step {
        -1 => places.rev().collect(),
        _ => places.collect(),
    };
    // What is left is less than one unit each, but for sums beyond what a float holds exactly.
    let each = left / (parts.len().max(1) as i128);
    let one_more = (left - each * parts.len() as i128).unsigned_abs() as usize;
    for (rank, place) in places.into_iter().enumerate() {
        if let Some(part) = parts.get_mut(place) {
            *part += each + if rank < one_more { step } else { 0 };
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_sum_to_the_whole() {
        assert_eq!(balanced(10, &[3.4, 3.3, 3.3]), [4, 3, 3]);
        assert_eq!(balanced(1, &[1.0 / 3.0; 3]), [1, 0, 0]);
        assert_eq!(balanced(-1, &[-1.0 / 3.0; 3]), [0, 0, -1]);
        assert_eq!(balanced(5, &[4.000_000_1, 1.999_999_9]), [4, 1]);
        assert_eq!(balanced(3, &[1.0, 3.0]), [1, 2]);
        assert!(balanced(0, &[]).is_empty());
        assert_eq!(balanced(9, &[0.0; 3]), [0; 3]);
        let large = balanced(10_i128.pow(24) + 7, &[1e24 / 3.0, 2e24 / 3.0]);
        assert_eq!(large.iter().sum::<i128>(), 10_i128.pow(24) + 7);
    }
}
