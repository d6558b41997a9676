//! A look at what commits touched, after them. It says how far it went: what it leaves, the next
//! question derives and looks at before it answers, so nothing is passed over for good.

use std::sync::atomic::{AtomicU64, Ordering};

use handfast_ledger::Ledger;
use handfast_model::{Breaches, Charter, Refusal, limits};

use super::list::List;
use super::plant::said;
use super::{LARGE_CHANGE, Upkeep, check, listed, now, renewed};

/// How far a look went.
#[derive(Debug)]
pub enum Looked {
    /// All that was touched, with what of it does not hold.
    All(Breaches),
    /// Nothing of it.
    Later(Later),
}

/// Why something is left to the next question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Later {
    /// Nothing is kept that was derived under the charter in force.
    NothingKept,
    /// What is kept is of more facts than a commit looks through.
    LargeBook,
    /// What changed, with what it touched, is more than a commit derives again.
    LargeChange,
}

/// How much may be read and derived to bring what is kept up to a moment.
pub(super) struct Most {
    /// Records that changed.
    pub records: usize,
    /// Bytes of the cells that these touched.
    pub cells: Budget,
    /// Whether all that is kept may be read where its index does not say which cells are touched.
    pub is_whole: bool,
}

impl Most {
    /// As much as a question takes, which would else derive everything.
    pub fn of_question(list: &List) -> Most {
        Most {
            records: list.facts() / LARGE_CHANGE + 1,
            cells: Budget(None),
            is_whole: true,
        }
    }

    /// As much as a commit takes.
    fn of_commit(list: &List) -> Most {
        let bytes = said("HANDFAST_TOUCHED_BYTES", limits::TOUCHED_BYTES);
        Most {
            records: limits::TOUCHED_RECORDS.min(list.facts() / LARGE_CHANGE + 1),
            cells: Budget::of(bytes),
            is_whole: is_small(list),
        }
    }
}

/// Whether all that is kept may be read after a commit, and cut anew.
fn is_small(list: &List) -> bool {
    list.facts() as u64 <= said("HANDFAST_READ_FACTS", limits::READ_FACTS)
}

/// How many bytes may still be read; `None` is any number.
pub struct Budget(Option<AtomicU64>);

impl Budget {
    /// So many.
    pub fn of(bytes: u64) -> Budget {
        Budget(Some(AtomicU64::new(bytes)))
    }

    /// Takes some; whether they were there. Of all who take, one is refused where the sum is too
    /// large, in whatever order they come.
    pub fn takes(&self, bytes: u64) -> bool {
        let Some(left) = &self.0 else {
            return true;
        };
        let less = |left: u64| left.checked_sub(bytes);
        let order = Ordering::Relaxed;
        left.fetch_update(order, order, less).is_ok()
    }
}

/// Derives the cells that changed since what is kept was derived, keeps them, and says what of them
/// does not hold.
///
/// In a book too large to be read whole, what takes the place of much is not kept: whoever asks
/// next derives it again, and cuts anew what has to be.
pub fn touched(ledger: &Ledger, charter: &Charter) -> Result<Looked, Refusal> {
    let cache = ledger.cache();
    let kept = List::read(&cache).map_or(0, |list| list.facts());
    if kept as u64 > said("HANDFAST_LOOKED_AT_FACTS", limits::LOOKED_AT_FACTS) {
        return Ok(Looked::Later(Later::LargeBook));
    }
    let (_, moment) = now(ledger, charter)?;
    let Some(list) = listed(&cache, charter, ledger)? else {
        return Ok(Looked::Later(Later::NothingKept));
    };
    let (most, is_small) = (Most::of_commit(&list), is_small(&list));
    let Some((list, part)) = renewed(ledger, &cache, (list, &most), &moment)? else {
        return Ok(Looked::Later(Later::LargeChange));
    };
    let found = check(part.as_ref(), &moment);
    let upkeep = Upkeep::of(&cache, list, part);
    if is_small || !upkeep.gathers() {
        upkeep.run(charter);
    }
    Ok(Looked::All(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_refused_to_one_wherever_the_sum_is_too_large() {
        let orders = [[3, 5, 9], [9, 5, 3], [5, 9, 3]];
        for order in orders {
            let all = |budget: &Budget| order.iter().all(|bytes| budget.takes(*bytes));
            assert!(all(&Budget::of(17)), "{order:?}");
            assert!(!all(&Budget::of(16)), "{order:?}");
            assert!(all(&Budget(None)));
        }
    }
}
