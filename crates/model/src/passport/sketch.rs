//! Any number of records in a few kilobytes, so that of another set of them the first one that
//! differs can be told: added, gone, or another one.
//!
//! Each record falls on a level by its key, half of them on the first, a quarter on the next, and
//! so on, and there into one of eight sums. Where many records differ, few of them are on a high
//! level, so that in one of its sums a single one does; and what one record makes of a sum shows
//! which it is. Keys and values are hashes; nothing here is a defence against whoever chooses them.

use std::collections::BTreeMap;

use super::{Mark, parse_hash};

/// Sums of a level.
const SUMS: usize = 8;
/// Levels: of a million million records one or two are on the last.
const LEVELS: usize = 40;

/// Sums of records, eight of each level.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sketch(Vec<Sum>);

/// How many records there are, and their keys, values and checks, each added up bit by bit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Sum {
    count: u64,
    key: u64,
    value: u64,
    check: u64,
}

/// What was told of the first record that differs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// The record of this key is there now and was not.
    Added(u64),
    /// It was there and is not.
    Gone(u64),
    /// It is there as it was not.
    Changed(u64),
    /// Too many differ beside one another to tell one: it is among so many, the first of which has
    /// this key.
    Among(u64, usize),
    /// Too many are gone to tell one, and none are left where they were.
    Many,
}

impl Sketch {
    /// The sketch of these marks; those of one key are one record.
    pub fn of(marks: &[Mark]) -> Sketch {
        let mut sketch = Sketch(vec![Sum::default(); LEVELS * SUMS]);
        for record in records(marks) {
            let place = place(record.key);
            if let Some(sum) = sketch.0.get_mut(place) {
                *sum = sum.with(record);
            }
        }
        sketch
    }

    /// What differs first between what was sketched and these marks; nothing where all is the same.
    pub fn first(&self, now: &[Mark]) -> Option<Told> {
        let records = records(now);
        let mut is = Sketch::of(&[]);
        let mut there: Vec<Vec<Mark>> = vec![Vec::new(); LEVELS * SUMS];
        for record in records {
            let place = place(record.key);
            if let (Some(sum), Some(there)) = (is.0.get_mut(place), there.get_mut(place)) {
                *sum = sum.with(record);
                there.push(record);
            }
        }
        let (mut differs, mut among) = (false, None);
        // From the highest level down: there the fewest are.
        let pairs = self.0.iter().zip(&is.0).zip(&there);
        for ((was, is), there) in pairs.rev() {
            if was != is {
                differs = true;
                if let Some(told) = tell(*was, *is, there) {
                    return Some(told);
                }
                let first = there.first();
                let first = first.map(|mark| Told::Among(mark.key, there.len()));
                among = among.or(first);
            }
        }
        differs.then_some(among.unwrap_or(Told::Many))
    }

    /// A line for each sum; an empty one for that of nothing.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        self.0.iter().map(|sum| match *sum {
            Sum { count: 0, .. } => String::new(),
            Sum {
                count,
                key,
                value,
                check,
            } => format!("{count:x} {key:016x} {value:016x} {check:016x}"),
        })
    }

    /// Reads the lines.
    pub fn parse<'l>(lines: impl Iterator<Item = &'l str>) -> Option<Sketch> {
        let read = |line: &str| {
            if line.is_empty() {
                return Some(Sum::default());
            }
            let mut words = line.split(' ');
            let count = u64::from_str_radix(words.next()?, 16).ok();
            let mut next = || parse_hash(words.next()?);
            let sum = Sum {
                count: count.filter(|count| *count > 0)?,
                key: next()?,
                value: next()?,
                check: next()?,
            };
            words.next().is_none().then_some(sum)
        };
        let sums: Option<Vec<Sum>> = lines.map(read).collect();
        sums.filter(|sums| sums.len() == LEVELS * SUMS).map(Sketch)
    }
}

/// The sum that a record of this key falls into.
fn place(key: u64) -> usize {
    let level = (key.trailing_zeros() as usize).min(LEVELS - 1);
    level * SUMS + (key >> 61) as usize
}

impl Sum {
    fn with(self, record: Mark) -> Sum {
        Sum {
            count: self.count.wrapping_add(1),
            key: self.key ^ record.key,
            value: self.value ^ record.value,
            check: self.check ^ check(record),
        }
    }
}

/// What one record that differs makes of a sum, if it is one.
fn tell(was: Sum, is: Sum, there: &[Mark]) -> Option<Told> {
    let other = Mark {
        key: was.key ^ is.key,
        value: was.value ^ is.value,
    };
    let seen = was.check ^ is.check;
    let is_one = check(other) == seen;
    match is.count.wrapping_sub(was.count) {
        1 if is_one => Some(Told::Added(other.key)),
        u64::MAX if is_one => Some(Told::Gone(other.key)),
        0 => there.iter().find_map(|mark| {
            let before = Mark {
                key: mark.key ^ other.key,
                value: mark.value ^ other.value,
            };
            let is_it = check(*mark) ^ check(before) == seen;
            is_it.then_some(match other.key {
                0 => Told::Changed(mark.key),
                // One came and another went.
                _ => Told::Added(mark.key),
            })
        }),
        _ => None,
    }
}

/// All marks of a key as one, in order of keys.
fn records(marks: &[Mark]) -> Vec<Mark> {
    let mut by_key: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for mark in marks {
        by_key.entry(mark.key).or_default().push(mark.value);
    }
    let together = |(key, mut values): (u64, Vec<u64>)| {
        values.sort_unstable();
        let fold = |sum: u64, value: u64| mix(sum ^ value).wrapping_add(1);
        let value = values.into_iter().fold(0, fold);
        Mark { key, value }
    };
    by_key.into_iter().map(together).collect()
}

fn check(mark: Mark) -> u64 {
    mix(mark.key ^ mix(mark.value))
}

/// Spreads every bit over all (the finaliser of SplitMix64).
fn mix(bits: u64) -> u64 {
    let bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

    use std::collections::BTreeSet;

    use super::*;

    fn dice(seed: u64) -> impl FnMut() -> u64 {
        let mut state = seed;
        move || {
            state = state.wrapping_add(1);
            mix(mix(state))
        }
    }

    fn marks(seed: u64, count: usize) -> Vec<Mark> {
        let mut next = dice(seed);
        let mark = |_| Mark {
            key: next(),
            value: next(),
        };
        (0..count).map(mark).collect()
    }

    #[test]
    fn one_record_that_differs_is_always_told() {
        for (seed, count) in (0..).zip([0, 1, 2, 3, 40, 1_000, 20_000]) {
            let now = marks(seed << 20, count);
            let sketch = Sketch::of(&now);
            assert_eq!(sketch.first(&now), None);
            let all = Sketch::of(&[]).first(&now);
            assert!(count == 0 || matches!(all, Some(Told::Added(_))), "{count}");
            let other = marks(seed << 20 | 1 << 19, 1)[0];
            let more = [&now[..], &[other]].concat();
            assert_eq!(sketch.first(&more), Some(Told::Added(other.key)));
            for at in (0..count).step_by(1 + count / 50) {
                let mut fewer = now.clone();
                let gone = fewer.remove(at);
                assert_eq!(sketch.first(&fewer), Some(Told::Gone(gone.key)));
                let mut changed = now.clone();
                changed[at].value ^= 1;
                assert_eq!(sketch.first(&changed), Some(Told::Changed(now[at].key)));
                // In two rows before, in one now, or in another two.
                let mut twice = now.clone();
                twice.push(Mark {
                    value: 7,
                    ..now[at]
                });
                assert_eq!(
                    Sketch::of(&twice).first(&now),
                    Some(Told::Changed(now[at].key))
                );
                twice[at].value ^= 2;
                twice[count].value ^= 2;
                assert_eq!(sketch.first(&twice), Some(Told::Changed(now[at].key)));
            }
        }
    }

    #[test]
    fn however_many_differ_one_of_them_is_told() {
        let mut untold = 0;
        for seed in 0..300u64 {
            let mut next = dice(seed << 32 | 1 << 31);
            let count = 2 + (next() % 3_000) as usize;
            let before = marks(seed << 32, count);
            // Of all a few, a half or everything is another one, is gone, or came.
            let percent = [1, 10, 50, 100][seed as usize % 4];
            let (mut after, mut gone, mut new, mut other) = (
                Vec::new(),
                BTreeSet::new(),
                BTreeSet::new(),
                BTreeSet::new(),
            );
            for mark in &before {
                match (next() % 100 < percent, next() % 3) {
                    (false, _) => after.push(*mark),
                    (true, 0) => _ = gone.insert(mark.key),
                    (true, 1) => {
                        other.insert(mark.key);
                        after.push(Mark {
                            value: next(),
                            ..*mark
                        });
                    }
                    (true, _) => {
                        let fresh = Mark {
                            key: next(),
                            value: next(),
                        };
                        new.insert(fresh.key);
                        after.extend([*mark, fresh]);
                    }
                }
            }
            match Sketch::of(&before).first(&after) {
                None => assert!(gone.is_empty() && new.is_empty() && other.is_empty()),
                Some(Told::Added(key)) => assert!(new.contains(&key)),
                Some(Told::Gone(key)) => assert!(gone.contains(&key)),
                Some(Told::Changed(key)) => assert!(other.contains(&key)),
                // Where none can be told, one is named beside which some differ.
                Some(Told::Among(key, count)) => {
                    let there = after.iter().filter(|mark| place(mark.key) == place(key));
                    assert_eq!(there.count(), count);
                    untold += 1;
                }
                Some(Told::Many) => untold += 1,
            }
        }
        assert!(untold <= 3, "{untold} of 300");
    }

    #[test]
    fn where_none_can_be_told_the_fewest_that_it_is_among_are() {
        let now = marks(3, 2_000);
        let line = format!("9 {0:016x} {0:016x} {0:016x}", 0xdead_beef_u64);
        let other = Sketch::parse([line.as_str(); LEVELS * SUMS].into_iter()).unwrap();
        let Some(Told::Among(key, count)) = other.first(&now) else {
            panic!("{:?}", other.first(&now));
        };
        // The highest level that any of them is on.
        let highest = now.iter().map(|mark| place(mark.key)).max();
        assert_eq!(Some(place(key)), highest);
        assert!(count < 5, "{count}");
        assert_eq!(other.first(&[]), Some(Told::Many));
    }

    #[test]
    fn a_sketch_reads_back_as_itself_and_is_small() {
        for count in [0, 1, 7, 5_000] {
            let sketch = Sketch::of(&marks(9, count));
            let lines: Vec<String> = sketch.lines().collect();
            let size: usize = lines.iter().map(String::len).sum();
            assert!(size < 7_000, "{size}");
            let lines = || lines.iter().map(String::as_str);
            assert_eq!(Sketch::parse(lines()), Some(sketch));
            assert_eq!(Sketch::parse(lines().skip(SUMS)), None);
        }
        let hash = "0000000000000001";
        for line in [
            "x",
            "1",
            &format!("0 {hash} {hash} {hash}"),
            &format!("1 {hash} {hash}"),
        ] {
            assert_eq!(
                Sketch::parse([line; LEVELS * SUMS].into_iter()),
                None,
                "{line}"
            );
        }
    }
}
