//! Cells: the parts of a snapshot that do not influence one another.
//!
//! Facts that name the same person, account or deal, or that identity may ever tie together, are
//! in one cell. What is derived of a cell depends on its own facts, on the teams of reps and on
//! the horizon, so a fact learned later concerns one cell, and the others need not be looked at.
//! This module cuts; what is kept of a part and how parts are put together is told in `part`.

mod bones;
mod each;
mod frame;
mod homes;
mod index;
mod part;
mod renew;
mod spine;
mod split;
mod teams;

use std::hash::Hash;

use handfast_model::Fact;

use crate::quick::Quick;

pub use bones::Flesh;
pub use each::{Parts, renew_each};
pub use frame::Joints;
pub use homes::Homes;
pub use index::{Index, Signs};
pub use part::{Given, Joining, Needs, Part};
pub use renew::{Change, Renewed, renew};
pub use spine::Rest;
pub use split::Split;

/// The version of the cut; another way to cut the same facts is a new version.
pub const VERSION: u32 = 2;

/// The cell of each fact.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cells {
    /// By place of the fact; numbered from 0 in the order of their first facts.
    pub of_fact: Vec<u32>,
    /// How many there are.
    pub count: u32,
}

/// Cuts facts into cells. `ties` gives all that one fact ties together; a fact without a tie is a
/// cell of its own.
pub fn cut<T: Eq + Hash>(facts: &[Fact], mut ties: impl FnMut(&Fact, &mut Vec<T>)) -> Cells {
    let mut forest = Forest(Vec::with_capacity(facts.len()));
    let mut first: Quick<T, u32> = Quick::default();
    let mut found = Vec::new();
    for (index, fact) in (0u32..).zip(facts) {
        forest.0.push(index);
        ties(fact, &mut found);
        for tie in found.drain(..) {
            let other = *first.entry(tie).or_insert(index);
            forest.join(index, other);
        }
    }
    let mut cells = Cells {
        of_fact: Vec::with_capacity(facts.len()),
        count: 0,
    };
    // A root is the first fact of its cell, so its number is known before the others ask for it.
    for index in 0..forest.0.len() {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let root = forest.root(index);
        let cell = match cells.of_fact.get(root as usize) {
            Some(cell) => *cell,
            None => {
                cells.count += 1;
                cells.count - 1
            }
        };
        cells.of_fact.push(cell);
    }
    cells
}

/// Union-find in which the earliest fact is the root.
struct Forest(Vec<u32>);

impl Forest {
    fn root(&mut self, mut at: u32) -> u32 {
        while let Some(&parent) = self.0.get(at as usize) {
            if parent == at {
                break;
            }
            let above = self.0.get(parent as usize).copied().unwrap_or(parent);
            if let Some(slot) = self.0.get_mut(at as usize) {
                *slot = above;
            }
            at = above;
        }
        at
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(slot) = self.0.get_mut(a.max(b) as usize) {
            *slot = a.min(b);
        }
    }
}
