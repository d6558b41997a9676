//! How amounts are shared out by effects of channels, and what rows would have under other effects:
//! if chance had sent other paths, and so where their shares lie.
//!
//! Deals whose touches are of the same channels in the same rows are one here, whatever their
//! number: a replicate costs by distinct deals. Nothing is rounded, since nothing is booked.

use std::collections::BTreeMap;

use crate::threads::at_once;

/// A touch: its channel's number, and the row that it gives credit to.
pub type Touch = (u16, u32);

/// A channel of which nothing was learned.
pub const UNSEEN: u16 = u16::MAX;

/// Effects become whole numbers of so many parts before money is shared by them.
const PARTS: f64 = (1_u64 << 40) as f64;

/// The whole-number weights of a deal's touches, by their channels: in proportion to the channels'
/// effects, each of them in equal parts among its touches; where none has an effect, all alike.
pub fn weigh(effects: &[f64], channels: &[u16], weights: &mut Vec<u64>) {
    weights.clear();
    let mut sorted = channels.to_vec();
    sorted.sort_unstable();
    weights.extend(channels.iter().map(|channel| {
        let until = sorted.partition_point(|other| other <= channel);
        let touches = until - sorted.partition_point(|other| other < channel);
        let effect = effects.get(usize::from(*channel)).copied();
        (effect.unwrap_or(0.0).max(0.0) * PARTS) as u64 / touches as u64
    }));
    if weights.iter().all(|weight| *weight == 0) {
        weights.iter_mut().for_each(|weight| *weight = 1);
    }
}

/// Amounts by the touches that share them.
#[derive(Clone, Debug, Default)]
pub struct Spread {
    deals: BTreeMap<Vec<Touch>, i128>,
    /// What has no touch that may earn, by row.
    nobodys: BTreeMap<u32, i128>,
}

impl Spread {
    /// Adds a deal with its touches, in any order, and its amount in minor units.
    pub fn add(&mut self, mut touches: Vec<Touch>, minor: i64) {
        touches.sort_unstable();
        *self.deals.entry(touches).or_default() += i128::from(minor);
    }

    /// Adds a deal that no touch may earn, to the row of nobody.
    pub fn add_nobodys(&mut self, row: u32, minor: i64) {
        *self.nobodys.entry(row).or_default() += i128::from(minor);
    }

    /// The share of each of so many rows, under these effects by channel; zeros where there is
    /// nothing to share.
    ///
    /// A deal is shared in proportion to its channels' effects, each of them in equal parts among
    /// its touches; where none has an effect, all touches are alike.
    pub fn shares(&self, effects: &[f64], rows: usize) -> Vec<f64> {
        let mut sums = vec![0.0; rows];
        let mut add = |row: u32, amount: f64| {
            if let Some(sum) = sums.get_mut(row as usize) {
                *sum += amount;
            }
        };
        for (row, minor) in &self.nobodys {
            add(*row, *minor as f64);
        }
        let effect = |channel: u16| {
            let effect = effects.get(usize::from(channel)).copied();
            effect.unwrap_or(0.0).max(0.0)
        };
        for (touches, minor) in &self.deals {
            let amount = *minor as f64;
            // Sorted by channel, so each channel's touches lie side by side.
            let channels = || touches.chunk_by(|(a, _), (b, _)| a == b);
            let of = |touches: &[Touch]| touches.first().map_or(0.0, |first| effect(first.0));
            let all: f64 = channels().map(of).sum();
            for touches_of in channels() {
                let part = match all > 0.0 {
                    true => of(touches_of) / all / touches_of.len() as f64,
                    false => 1.0 / touches.len() as f64,
                };
                for (_, row) in touches_of {
                    add(*row, amount * part);
                }
            }
        }
        let whole: f64 = self
            .nobodys
            .values()
            .chain(self.deals.values())
            .sum::<i128>() as f64;
        if whole != 0.0 {
            sums.iter_mut().for_each(|sum| *sum /= whole);
        }
        sums
    }

    /// By replicate of effects: the share of each row.
    pub fn drawn(&self, replicates: &[Vec<f64>], rows: usize) -> Vec<Vec<f64>> {
        let shares = |number: usize| {
            let effects = replicates.get(number).map_or(&[][..], |effects| effects);
            self.shares(effects, rows)
        };
        at_once(replicates.len(), shares)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credit::sample::intervals;

    /// Touch by touch, deal by deal.
    fn naive(deals: &[(Vec<Touch>, i64)], effects: &[f64], rows: usize) -> Vec<f64> {
        let mut sums = vec![0.0; rows];
        let mut whole = 0.0;
        for (touches, minor) in deals {
            let weight = |channel: u16| {
                let touches = touches.iter().filter(|(other, _)| *other == channel);
                effects.get(channel as usize).copied().unwrap_or(0.0) / touches.count() as f64
            };
            let all: f64 = touches.iter().map(|(channel, _)| weight(*channel)).sum();
            for (channel, row) in touches {
                let part = match all > 0.0 {
                    true => weight(*channel) / all,
                    false => 1.0 / touches.len() as f64,
                };
                sums[*row as usize] += *minor as f64 * part;
            }
            whole += *minor as f64;
        }
        sums.iter().map(|sum| sum / whole).collect()
    }

    #[test]
    fn shares_are_those_of_every_deal_by_itself() {
        let mut state = 7_u64;
        let mut below = |bound: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % bound
        };
        for _ in 0..200 {
            let effects: Vec<f64> = (0..5).map(|_| below(4) as f64 / 10.0).collect();
            let mut spread = Spread::default();
            let deals: Vec<(Vec<Touch>, i64)> = (0..40)
                .map(|_| {
                    let channel = |number| if number == 5 { UNSEEN } else { number as u16 };
                    let touches = (0..=below(4)).map(|_| (channel(below(6)), below(3) as u32));
                    (touches.collect(), below(90_000) as i64)
                })
                .collect();
            for (touches, minor) in &deals {
                spread.add(touches.clone(), *minor);
            }
            let (found, wanted) = (spread.shares(&effects, 3), naive(&deals, &effects, 3));
            for (found, wanted) in found.iter().zip(&wanted) {
                assert!((found - wanted).abs() < 1e-12, "{found} {wanted}");
            }
            assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn what_nobody_earned_moves_no_share_and_nothing_has_none() {
        let mut spread = Spread::default();
        assert_eq!(spread.shares(&[1.0], 2), [0.0, 0.0]);
        spread.add(vec![(0, 0), (1, 1)], 300);
        spread.add_nobodys(2, 100);
        assert_eq!(spread.shares(&[0.5, 0.25], 3), [0.5, 0.25, 0.25]);
        // Replicates that favour one channel, then the other.
        let replicates: Vec<Vec<f64>> = (0..200)
            .map(|at| {
                if at % 2 == 0 {
                    vec![1.0, 0.0]
                } else {
                    vec![0.0, 1.0]
                }
            })
            .collect();
        let found = intervals(&spread.drawn(&replicates, 3), 3);
        assert_eq!(
            found,
            [Some((0.0, 0.75)), Some((0.0, 0.75)), Some((0.25, 0.25))]
        );
    }
}
