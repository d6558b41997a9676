//! Whether an order of rows is one to decide by: the same under every model, and whichever deals
//! chance had sent.
//!
//! Deals are drawn again as paths are in `sample`: each counts so often as rare events come, by the
//! seed, the replicate and its own name, so that neither order nor threads matter. More deals than
//! there are groups are drawn by groups that their names put them in, which spreads sums as deals
//! one by one would and costs the same for a million.

mod said;

use super::sample::{Dice, REPLICATES};
use crate::quick::Quick;
use crate::threads::at_once;

pub use said::{about, unknown};

/// Deals are drawn one by one up to so many, and in so many groups above.
pub const GROUPS: u64 = 1_024;
/// Of a hundred replicates so many must have the same order.
pub const SAME: u64 = 95;

/// So many of the first rows are compared.
pub const TOP: usize = 3;
/// Fewer deals say nothing of an order.
pub const DEALS: u64 = 30;

/// What rows have under one model: as they are, and in each replicate.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    /// By row.
    pub once: Vec<i128>,
    /// By replicate, then by row; of those in which anything could be shared.
    pub again: Vec<Vec<i128>>,
}

/// How far redrawn effects of an estimated model move its rows, beside the deals that are drawn.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Which model, of the additive ones.
    pub model: usize,
    /// By replicate, then by row.
    pub by: Vec<Vec<i128>>,
}

/// What the deals gave to each row, by model, before it is known which rows there are.
#[derive(Clone, Debug, Default)]
pub struct Given {
    models: usize,
    deals: u64,
    /// By deal while they are few, then by group; of each by row and model.
    groups: Quick<u64, Vec<i128>>,
}

/// What is said of the first rows.
#[derive(Clone, PartialEq, Debug)]
pub struct Standing {
    /// By model: the first rows in order, as places.
    pub orders: Vec<Vec<usize>>,
    /// By model: of [`REPLICATES`] those with the same order.
    pub same: Vec<u64>,
    /// The least that would have to move between two neighbours to change their order.
    pub flip: Option<Flip>,
}

/// A change of the order of two rows.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Flip {
    /// The row that loses.
    pub from: usize,
    /// The row that gains, and comes before the other then.
    pub to: usize,
    /// Under which model.
    pub model: usize,
    /// Half of what is between them, as a share of all that rows have under that model.
    pub share: f64,
}

impl Given {
    /// Nothing yet, for so many additive models.
    pub fn new(models: usize) -> Given {
        Given {
            models,
            ..Given::default()
        }
    }

    /// Counts a deal, whatever it gave.
    pub fn count(&mut self) {
        self.counted(1);
    }

    fn counted(&mut self, more: u64) {
        let was_few = self.deals <= GROUPS;
        self.deals += more;
        if was_few && self.deals > GROUPS {
            for (deal, sums) in std::mem::take(&mut self.groups) {
                self.put(deal, &sums);
            }
        }
    }

    /// Adds what a deal, by a hash of its name, gave to rows: to each by model.
    pub fn add<'s>(&mut self, deal: u64, given: impl IntoIterator<Item = (usize, &'s [i64])>) {
        let models = self.models;
        let sums = self.sums_of(deal);
        for (row, given) in given {
            let cells = row * models..row * models + given.len();
            if sums.len() < cells.end {
                sums.resize(cells.end, 0);
            }
            let cells = sums.get_mut(cells).unwrap_or_default().iter_mut();
            cells
                .zip(given)
                .for_each(|(sum, minor)| *sum += i128::from(*minor));
        }
    }

    /// Adds what was gathered of other deals, whose rows have these places here; of rows whose
    /// place is not below `rows` nothing is kept.
    pub fn append(&mut self, others: Given, places: &[usize], rows: usize) {
        self.counted(others.deals);
        let models = self.models.max(1);
        for (deal, theirs) in others.groups {
            let mut sums = Vec::new();
            for (given, place) in theirs.chunks(models).zip(places) {
                if *place >= rows {
                    continue;
                }
                let from = place * models;
                sums.resize(sums.len().max(from + models), 0);
                let here = sums.iter_mut().skip(from).zip(given);
                here.for_each(|(sum, given)| *sum += given);
            }
            self.put(deal, &sums);
        }
    }

    fn sums_of(&mut self, deal: u64) -> &mut Vec<i128> {
        let group = if self.deals > GROUPS {
            deal % GROUPS
        } else {
            deal
        };
        self.groups.entry(group).or_default()
    }

    fn put(&mut self, deal: u64, given: &[i128]) {
        let sums = self.sums_of(deal);
        sums.resize(sums.len().max(given.len()), 0);
        sums.iter_mut()
            .zip(given)
            .for_each(|(sum, one)| *sum += one);
    }

    /// How the first `top` of these rows stand; where sums are equal the earlier one is first.
    ///
    /// Source   2.5 and 97.5 of a hundred are usual for one figure; for an order it is the share of
    /// replicates that have the same, at least [`SAME`] of a hundred.
    pub fn standing(&self, rows: &[usize], top: usize, seed: u64) -> Standing {
        self.standing_with(rows, top, seed, &[])
    }

    /// The same, where what some models learned is drawn again too: a replicate's sums are those of
    /// its deals, and what its effects move of all deals. A replicate whose effects can share
    /// nothing has no order.
    pub fn standing_with(
        &self,
        rows: &[usize],
        top: usize,
        seed: u64,
        moved: &[Moved],
    ) -> Standing {
        let once = self.sums(|_| 1);
        let models = 0..self.models;
        let order_once = |model| order(rows, top, |row| self.sum(&once, row, model));
        let orders: Vec<Vec<usize>> = models.clone().map(order_once).collect();
        let replicate = |number: usize| {
            let drawn = self.sums(|group| Dice::new(seed ^ group, number as u64).around(1));
            let order = |model| {
                let moved = moved.iter().find(|moved| moved.model == model);
                let by = match moved {
                    None => &[][..],
                    Some(moved) => moved.by.get(number)?,
                };
                let more = |row: usize| by.get(row).copied().unwrap_or(0);
                Some(order(rows, top, |row| {
                    self.sum(&drawn, row, model) + more(row)
                }))
            };
            (0..self.models).map(order).collect::<Vec<_>>()
        };
        let drawn = at_once(REPLICATES as usize, replicate);
        let same = models.clone().map(|model| {
            let own = orders.get(model);
            let is_same = |drawn: &&Vec<Option<_>>| {
                own.is_some() && drawn.get(model).and_then(Option::as_ref) == own
            };
            drawn.iter().filter(is_same).count() as u64
        });
        let flips = models.flat_map(|model| {
            let of = |row: usize| self.sum(&once, row, model);
            flips(rows, (top, model), of)
        });
        Standing {
            same: same.collect(),
            flip: flips.min_by(|a, b| a.share.total_cmp(&b.share)),
            orders,
        }
    }

    fn sums(&self, times: impl Fn(u64) -> u64) -> Vec<i128> {
        let length = self.groups.values().map(Vec::len).max().unwrap_or(0);
        let mut all = vec![0_i128; length];
        for (group, sums) in &self.groups {
            let times = i128::from(times(*group));
            for (sum, given) in all.iter_mut().zip(sums) {
                *sum += times * given;
            }
        }
        all
    }

    fn sum(&self, sums: &[i128], row: usize, model: usize) -> i128 {
        let place = row * self.models + model;
        sums.get(place).copied().unwrap_or(0)
    }
}

/// How the first `top` of so many rows stand under models whose rows were drawn again as a whole.
pub fn standing_of(models: &[Drawn], rows: &[usize], top: usize) -> Standing {
    let of = |sums: &[i128], row: usize| sums.get(row).copied().unwrap_or(0);
    let order_of = |sums: &[i128]| order(rows, top, |row| of(sums, row));
    let orders: Vec<Vec<usize>> = models.iter().map(|one| order_of(&one.once)).collect();
    let same = models.iter().zip(&orders).map(|(one, known)| {
        let again = one.again.iter().filter(|sums| order_of(sums) == *known);
        again.count() as u64
    });
    let all = models.iter().enumerate();
    let all = all.flat_map(|(at, one)| flips(rows, (top, at), |row| of(&one.once, row)));
    Standing {
        same: same.collect(),
        flip: all.min_by(|a, b| a.share.total_cmp(&b.share)),
        orders,
    }
}

fn order(rows: &[usize], top: usize, of: impl Fn(usize) -> i128) -> Vec<usize> {
    let mut order = rows.to_vec();
    order.sort_by_key(|row| std::cmp::Reverse(of(*row)));
    order.truncate(top);
    order
}

/// What would have to move between the first rows, and from the last of them to the next.
fn flips(rows: &[usize], (top, model): (usize, usize), of: impl Fn(usize) -> i128) -> Vec<Flip> {
    let order = order(rows, top + 1, &of);
    let all: i128 = rows.iter().map(|row| of(*row)).sum();
    let pairs = order.iter().zip(order.iter().skip(1));
    // A model that gives nothing to either says nothing of the two.
    let pairs = pairs.filter(|(from, to)| of(**from) != 0 || of(**to) != 0);
    let flip = |(from, to): (&usize, &usize)| Flip {
        from: *from,
        to: *to,
        model,
        share: (of(*from) - of(*to)) as f64 / 2.0 / all as f64,
    };
    match all > 0 {
        true => pairs.map(flip).collect(),
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row gets 3 of each deal under the first model, and under the second as `second` says.
    fn given(deals: u64, second: [i64; 3]) -> Given {
        let mut given = Given::new(2);
        for deal in 0..deals {
            given.count();
            let [a, b, c] = second;
            let rows = [[30, a], [20, b], [10, c]];
            let rows = rows.iter().map(|row| &row[..]).enumerate();
            given.add(deal.wrapping_mul(0x9e37_79b9_7f4a_7c15), rows);
        }
        given
    }

    #[test]
    fn parts_gathered_apart_stand_as_all_do() {
        let name = |deal: u64| deal.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for deals in [90, 1_000, 3_000] {
            let mut all = Given::new(2);
            // The second part met the rows the other way round.
            let mut parts = [Given::new(2), Given::new(2)];
            for deal in 0..deals {
                let (a, b) = ((deal % 70) as i64, (deal % 11) as i64);
                let given = [[a, b], [b + 9, a]];
                let rows = || given.iter().map(|row| &row[..]).enumerate();
                all.count();
                all.add(name(deal), rows());
                let part = usize::from(deal % 3 == 0);
                parts[part].count();
                parts[part].add(name(deal), rows().map(|(row, given)| (row ^ part, given)));
            }
            let [mut together, second] = parts;
            together.append(second, &[1, 0], 2);
            let stand = |given: &Given| given.standing(&[0, 1], 2, 1);
            assert_eq!(stand(&together), stand(&all));
        }
    }

    #[test]
    fn rows_beyond_the_bound_take_no_room() {
        let mut part = Given::new(1);
        part.count();
        part.add(7, [(0, &[5][..]), (1, &[6])]);
        let mut all = Given::new(1);
        all.append(part, &[1_000_000, 1], 2);
        assert_eq!(all.groups.get(&7), Some(&vec![0, 6]));
    }

    #[test]
    fn an_order_that_every_deal_agrees_on_stands_in_every_replicate() {
        for deals in [40, 5_000] {
            let standing = given(deals, [60, 39, 1]).standing(&[0, 1, 2], 3, 1);
            assert_eq!(standing.orders, [[0, 1, 2], [0, 1, 2]]);
            assert_eq!(standing.same, [REPLICATES; 2]);
            let flip = standing.flip.unwrap();
            assert_eq!((flip.from, flip.to, flip.model), (0, 1, 0));
            assert!((flip.share - 10.0 / 2.0 / 60.0).abs() < 1e-12);
        }
    }

    /// What was learned moves the rows too: by a draw in three so far that they turn round.
    #[test]
    fn redrawn_effects_move_rows_beside_the_deals() {
        let given = given(40, [60, 39, 1]);
        let by: Vec<Vec<i128>> = (0..REPLICATES as usize)
            .map(|number| {
                if number % 3 == 0 {
                    vec![0, 9_000, 0]
                } else {
                    vec![0; 3]
                }
            })
            .collect();
        let moved = |by| [Moved { model: 1, by }];
        let turned = given.standing_with(&[0, 1, 2], 3, 1, &moved(by.clone()));
        let third = (REPLICATES - REPLICATES.div_ceil(3), REPLICATES);
        assert_eq!((turned.same[1], turned.same[0]), third);
        // Half of them could share nothing at all.
        let half = moved(by[..100].to_vec());
        let untold = given.standing_with(&[0, 1, 2], 3, 1, &half);
        assert_eq!(untold.same[1], 66);
    }

    #[test]
    fn rows_drawn_as_a_whole_stand_by_how_often_they_do() {
        let drawn = Drawn {
            once: vec![5, 9, 1],
            again: [[9, 5, 1], [5, 9, 1], [6, 9, 0]].map(Vec::from).to_vec(),
        };
        let standing = standing_of(&[drawn], &[0, 1, 2], 2);
        assert_eq!(standing.orders, [[1, 0]]);
        assert_eq!(standing.same, [2]);
        let flip = standing.flip.unwrap();
        assert_eq!((flip.from, flip.to), (1, 0));
        assert!((flip.share - 2.0 / 15.0).abs() < 1e-12, "{}", flip.share);
    }

    #[test]
    fn models_that_disagree_are_told_apart() {
        let standing = given(40, [10, 20, 30]).standing(&[0, 1, 2], 2, 1);
        assert_eq!(standing.orders, [[0, 1], [2, 1]]);
    }

    #[test]
    fn rows_that_get_nothing_are_no_pair_and_equal_ones_turn_for_nothing() {
        let flip = |rows: [i64; 3]| {
            let mut given = Given::new(1);
            for deal in 0..40 {
                given.count();
                given.add(deal, rows.chunks(1).enumerate());
            }
            given.standing(&[0, 1, 2], 3, 1).flip.unwrap()
        };
        let nothing = flip([60, 0, 0]);
        assert_eq!((nothing.from, nothing.to, nothing.share), (0, 1, 0.5));
        let equal = flip([30, 30, 1]);
        assert_eq!((equal.from, equal.to, equal.share), (0, 1, 0.0));
    }

    /// Two rows have single deals of one size each, 60 and 40 of them: the order stands as often as
    /// a difference of 20 is more than chance with a deviation of ten gives, about 97 of 100.
    #[test]
    fn chance_turns_an_order_as_often_as_deals_are_few() {
        let mut seen = Vec::new();
        for seed in 0..20 {
            let mut given = Given::new(1);
            for deal in 0..100_u64 {
                given.count();
                let name = deal.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ seed << 40;
                given.add(name, [(usize::from(deal >= 60), &[100][..])]);
            }
            seen.push(given.standing(&[0, 1], 2, seed).same[0]);
        }
        let mean = seen.iter().sum::<u64>() as f64 / seen.len() as f64;
        assert!((mean / REPLICATES as f64 - 0.975).abs() < 0.015, "{seen:?}");
    }
}
