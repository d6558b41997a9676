//! Paths summed up as they come, for models that look at no path twice: rules and chains.
//!
//! What channels stood for goes into a [`Whole`]. How often paths went from state to state is
//! counted at the highest order that is asked for, which tells it of every lower one: a state that
//! remembers less is all those that remember more. So ten million paths take no more memory than
//! the steps that differ.

use super::chain::{Chain, Ends, Key, LOST, ORDERS, WON, next};
use super::paths::Path;
use super::whole::Whole;
use crate::quick::Quick;

/// Numbers of channels that the table of steps has room for, and two ends.
const SMALL: u64 = 62;
const WIDTH: u64 = SMALL + 2;

/// A set of paths, summed up.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    whole: Whole,
    order: usize,
    /// How often each step was taken, by the two channels before it and the one after.
    table: Vec<u64>,
    /// Steps that the table has no room for.
    others: Quick<(Key, u16), u64>,
    /// What paths brought, by the last two channels of each.
    brought: Vec<i128>,
    /// By more of them, or by channels that there is no room for.
    ends: Ends,
}

impl Seen {
    /// Adds what one path, or many alike, came to. `is_direct` says of each channel so far whether
    /// buyers came directly; `order` is the highest that will be asked for, always the same.
    pub fn add(&mut self, path: Path<'_>, is_direct: &[bool], order: usize) {
        self.whole.add(path, is_direct);
        self.order = order.clamp(1, ORDERS);
        let all = path.won + path.lost;
        if all == 0 {
            return;
        }
        let mut key = 0;
        for step in path.steps {
            self.count(key, *step, all);
            key = next(key, *step, self.order);
        }
        self.count(key, WON, path.won);
        self.count(key, LOST, path.lost);
        self.bring(key, path.value);
    }

    fn bring(&mut self, key: Key, value: i128) {
        if value == 0 {
            return;
        }
        let Some(place) = place_of(key, WON).map(|place| place / WIDTH as usize) else {
            return self.ends.add(key, value);
        };
        if self.brought.is_empty() {
            self.brought.resize((WIDTH * WIDTH) as usize, 0);
        }
        if let Some(cell) = self.brought.get_mut(place) {
            *cell += value;
        }
    }

    /// What all paths brought, by the last channels of each.
    pub fn ends(&self) -> Ends {
        let mut ends = self.ends.clone();
        for (place, value) in (0..).zip(&self.brought).filter(|(_, value)| **value != 0) {
            ends.add(step_of(place * WIDTH).0, *value);
        }
        ends
    }

    fn count(&mut self, key: Key, to: u16, count: u64) {
        let Some(place) = place_of(key, to) else {
            *self.others.entry((key, to)).or_default() += count;
            return;
        };
        if self.table.is_empty() {
            self.table.resize((WIDTH * WIDTH * WIDTH) as usize, 0);
        }
        if let Some(cell) = self.table.get_mut(place) {
            *cell += count;
        }
    }

    fn steps(&self) -> impl Iterator<Item = ((Key, u16), u64)> {
        let table = (0..).zip(&self.table).filter(|(_, count)| **count > 0);
        let table = table.map(|(place, count)| (step_of(place), *count));
        table.chain(self.others.iter().map(|(step, count)| (*step, *count)))
    }

    /// All sets, each with the numbers that its channels have together, of so many.
    pub fn together(sets: impl IntoIterator<Item = (Seen, Vec<u16>)>, channels: usize) -> Seen {
        let mut all = Seen {
            whole: Whole::new(channels),
            ..Seen::default()
        };
        for (set, numbers) in sets {
            all.order = all.order.max(set.order);
            all.whole.append(&set.whole, &numbers);
            let here = |step: u16| numbers.get(usize::from(step)).copied().unwrap_or(step);
            let key_here = |key: Key| {
                let channels = (0..ORDERS).rev();
                let channels = channels.map(|place| (key >> (16 * place)) as u16);
                let known = channels.filter_map(|channel| channel.checked_sub(1));
                known.fold(0, |key, step| next(key, here(step), ORDERS))
            };
            for ((key, to), count) in set.steps() {
                let to = if to >= LOST { to } else { here(to) };
                all.count(key_here(key), to, count);
            }
            for (key, value) in set.ends().iter() {
                all.bring(key_here(key), value);
            }
        }
        all
    }

    /// The same paths with some channels joined to one; see [`Whole::joined`].
    pub fn joined(self, numbers: &[u16], is_direct: &[bool]) -> Option<Seen> {
        let whole = self.whole.joined(numbers, is_direct)?;
        let mut joined = Seen::together([(self, numbers.to_vec())], 0);
        joined.whole = whole;
        Some(joined)
    }

    /// What channels stood for.
    pub fn whole(&self) -> &Whole {
        &self.whole
    }

    /// The chain of an order, up to the one that was counted.
    ///
    /// Law      it is [`Chain::of`] the same paths.
    pub fn chain(&self, channels: usize, order: usize) -> Chain {
        Chain::of_steps(self.steps(), channels, order.clamp(1, ORDERS))
    }
}

/// Where the table counts a step.
fn place_of(key: Key, to: u16) -> Option<usize> {
    let (before, last) = (key >> 16, key & 0xffff);
    let after = match to {
        WON => SMALL,
        LOST => SMALL + 1,
        to => u64::from(to),
    };
    let fits = before <= SMALL && last <= SMALL && (to >= LOST || after < SMALL);
    fits.then_some(((before * WIDTH + last) * WIDTH + after) as usize)
}

/// The step that the table counts at a place.
fn step_of(place: u64) -> (Key, u16) {
    let (before, last, after) = (place / WIDTH / WIDTH, place / WIDTH % WIDTH, place % WIDTH);
    let to = match after {
        SMALL => WON,
        after if after > SMALL => LOST,
        after => after as u16,
    };
    (before << 16 | last, to)
}
