//! What is written beside an answer, so that the next question finds it.
//!
//! Upkeep never says no: a folder that cannot be written, a full disk, another process that writes
//! at the same time leave the cache as it was or without a part, and the next question derives.

use std::collections::HashMap;

use handfast_kernels::cells::Part;
use handfast_ledger::Cache;
use handfast_model::Charter;

use super::Needs;
use super::list::{Kept, List};

/// Most parts that lie over the base.
const MOST_OVERLAYS: usize = 6;
/// The overlays are gathered when they hold one in so many of the facts of the base.
const LARGE_OVERLAY: usize = 8;

/// What keeps a cache up to date.
#[derive(Default)]
pub enum Upkeep {
    /// It is.
    #[default]
    Nothing,
    /// Some cells were derived again.
    Overlay {
        /// Where.
        cache: Cache,
        /// The parts before, without what is gone.
        list: List,
        /// What takes its place.
        part: Box<Part>,
    },
}

impl Upkeep {
    /// What keeps a list whose cells were derived again, if any were.
    pub(super) fn of(cache: &Cache, list: List, part: Option<Part>) -> Upkeep {
        match part {
            None => Upkeep::Nothing,
            Some(part) => Upkeep::Overlay {
                cache: cache.clone(),
                list,
                part: Box::new(part),
            },
        }
    }

    /// Whether writing it would gather the overlays, which writes much anew.
    pub(super) fn gathers(&self) -> bool {
        match self {
            Upkeep::Nothing => false,
            Upkeep::Overlay { list, part, .. } => {
                let is_more = part.count > 0;
                let facts = if is_more {
                    part.snapshot.facts.len()
                } else {
                    0
                };
                is_much(list, (usize::from(is_more), facts))
            }
        }
    }

    /// Writes what is to be written.
    pub fn run(self, charter: &Charter) {
        // Nothing depends on its success.
        let _done = match self {
            Upkeep::Nothing => None,
            Upkeep::Overlay { cache, list, part } => overlay(&cache, list, *part, charter),
        };
    }
}

fn overlay(cache: &Cache, mut list: List, mut part: Part, charter: &Charter) -> Option<()> {
    if part.count > 0 {
        part.tidy();
        let stamp = list.stamp();
        let (kept, _) = Kept::write(cache, part, charter, Needs::Frame)?;
        list.parts.push(Kept { stamp, ..kept });
    }
    match is_much(&list, (0, 0)) {
        true => finish(cache, &gather(cache, list, charter)?),
        false => finish(cache, &list),
    }
}

/// Puts the list in place, then throws away what it does not name.
pub(super) fn finish(cache: &Cache, list: &List) -> Option<()> {
    list.write(cache)?;
    cache.keep_only(&list.names());
    Some(())
}

/// Whether what lies over the base is to be gathered, with so many parts and facts more.
fn is_much(list: &List, (parts, more): (usize, usize)) -> bool {
    let (base, over) = list.parts.split_at(list.base.min(list.parts.len()));
    let facts = |parts: &[Kept]| parts.iter().map(|kept| kept.facts).sum::<usize>();
    let is_large = facts(over) + more > facts(base) / LARGE_OVERLAY;
    over.len() + parts > MOST_OVERLAYS || is_large
}

/// The base part of each cell, by a hash that its first fact carries in its name.
fn homes(part: &Part, count: usize) -> Vec<u32> {
    let mut homes: HashMap<u32, u32> = HashMap::new();
    for (fact, cell) in part.snapshot.facts.iter().zip(&part.cells) {
        let home = || ((fact.id.0 >> 64) as u64 % count.max(1) as u64) as u32;
        homes.entry(*cell).or_insert_with(home);
    }
    let home = |cell: u32| homes.get(&cell).copied().unwrap_or(0);
    (0..part.count).map(home).collect()
}

/// Rewrites the base parts that overlays have cells for, or that have lost cells to them.
fn gather(cache: &Cache, mut list: List, charter: &Charter) -> Option<List> {
    let over = list.parts.split_off(list.base);
    let over: Option<Vec<Part>> = over
        .iter()
        .map(|kept| kept.read(cache, Needs::All))
        .collect();
    let over = Part::join(over?, &charter.calendar);
    let homes = homes(&over, list.base);
    let split = over.split(&homes, list.base as u32);
    for (number, kept) in (0u32..).zip(&mut list.parts) {
        let new = split.part(number);
        if new.count == 0 && kept.gone.is_empty() {
            continue;
        }
        let old = kept.read(cache, Needs::All)?;
        let mut part = Part::join(vec![old, new], &charter.calendar);
        part.tidy();
        (*kept, _) = Kept::write(cache, part, charter, Needs::Frame)?;
    }
    Some(list)
}
