//! What an open book holds in memory between questions, so that the next one only counts.
//!
//! What was derived is a pure function of facts, charter and horizon, so it is found by these. Only
//! so much is held; what was not asked for longest goes first.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use handfast_kernels::stop;
use handfast_model::{Instant, Seq};

use super::list::Layers;
use super::{Derived, Needs};

/// How many bytes are held where nobody says otherwise.
const BUDGET: usize = 2 << 30;

/// How often whoever waits for something looks whether to end.
const WAIT: Duration = Duration::from_millis(100);

/// What something was derived from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct From {
    /// The content hash of the charter.
    pub charter: String,
    /// Everything up to this commit, of this hash.
    pub seq: Seq,
    pub commit: Vec<u8>,
    /// Only what had happened by then, where a past import counts as known when it happened.
    pub happened_by: Option<Instant>,
    /// The moment of knowing, which no horizon is after.
    pub known_until: Option<Instant>,
    /// Only what is of these teams; none = all.
    pub teams: Teams,
}

/// The teams whose rows somebody sees; all rows where there are none.
pub type Teams = Arc<[String]>;

/// Derived ground, by what it was derived from, within a budget of bytes. Copies hold the same.
#[derive(Clone)]
pub struct Held {
    store: Arc<Store>,
    teams: Teams,
}

struct Store {
    budget: usize,
    /// The one asked for last is the last.
    slots: Mutex<Vec<(From, Arc<Derived>)>>,
    /// What is being derived.
    making: Mutex<Vec<(From, Needs)>>,
    is_made: Condvar,
}

impl Default for Held {
    fn default() -> Held {
        Held::within(BUDGET)
    }
}

impl Held {
    /// Holds at most so many bytes.
    pub fn within(budget: usize) -> Held {
        let store = Store {
            budget,
            slots: Mutex::default(),
            making: Mutex::default(),
            is_made: Condvar::new(),
        };
        Held {
            store: Arc::new(store),
            teams: Teams::default(),
        }
    }

    /// The same for somebody who sees only the rows of these teams.
    pub fn of_teams(&self, teams: &Teams) -> Held {
        Held {
            store: Arc::clone(&self.store),
            teams: Arc::clone(teams),
        }
    }

    /// The teams whose rows are seen; none = all.
    pub fn teams(&self) -> &Teams {
        &self.teams
    }

    /// Lets go of everything; whoever works with some of it keeps that until they are done.
    pub fn let_go(&self) {
        self.slots().clear();
    }

    /// The most that is held of anything under a charter: what the next questions will want too.
    pub fn level(&self, charter: &str) -> Option<Needs> {
        let slots = self.slots();
        let own = slots.iter().filter(|(from, _)| from.charter == charter);
        own.map(|(_, derived)| derived.part.holds).max()
    }

    fn slots(&self) -> MutexGuard<'_, Vec<(From, Arc<Derived>)>> {
        let slots = self.store.slots.lock();
        slots.unwrap_or_else(PoisonError::into_inner)
    }

    fn making(&self) -> MutexGuard<'_, Vec<(From, Needs)>> {
        let making = self.store.making.lock();
        making.unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, from: &From, needs: Needs) -> Option<Arc<Derived>> {
        let mut slots = self.slots();
        let mut known = slots.iter();
        let place = known.position(|(known, derived)| known == from && derived.holds(needs))?;
        let slot = slots.remove(place);
        let derived = Arc::clone(&slot.1);
        // Questions add to what they ask of: the others make room.
        self.fit(&mut slots, derived.bytes());
        slots.push(slot);
        Some(derived)
    }

    /// What is held of it; where it is being derived already, once it is. Else whoever asked
    /// derives it, and others wait until what is given back is dropped.
    pub(super) fn get_or_make(
        &self,
        from: &From,
        needs: Needs,
    ) -> Result<Arc<Derived>, Making<'_>> {
        let is_under_way = |making: &[(From, Needs)]| {
            let mut making = making.iter();
            making.any(|(known, its)| known == from && needs <= *its)
        };
        loop {
            if let Some(derived) = self.get(from, needs) {
                return Ok(derived);
            }
            let mut making = self.making();
            if !is_under_way(&making) {
                // It may have been made since.
                if let Some(derived) = self.get(from, needs) {
                    return Ok(derived);
                }
                making.push((from.clone(), needs));
                return Err(Making {
                    held: self,
                    what: (from.clone(), needs),
                });
            }
            // Whoever waits for it may be told to end too.
            let waited = self.store.is_made.wait_timeout(making, WAIT);
            drop(waited.unwrap_or_else(PoisonError::into_inner));
            stop::look();
        }
    }

    /// Something that was derived of the present under a charter and whose layers fit, worth to be
    /// copied. Others may still ask of it.
    pub(super) fn near(
        &self,
        charter: &str,
        needs: Needs,
        fits: impl Fn(&Layers) -> bool,
    ) -> Option<Arc<Derived>> {
        let slots = self.slots();
        let found = slots.iter().rev().find(|(from, derived)| {
            let layers = derived.layers.as_ref();
            let is_worth = derived.is_worth_copying(needs);
            from.charter == charter && is_worth && layers.is_some_and(&fits)
        });
        found.map(|(_, derived)| Arc::clone(derived))
    }

    pub(super) fn put(&self, from: From, derived: &Arc<Derived>) {
        let mut slots = self.slots();
        // More serves whoever needs less.
        slots.retain(|(known, _)| *known != from);
        leave_earlier(&mut slots, &from, derived);
        self.fit(&mut slots, derived.bytes());
        if derived.bytes() <= self.store.budget {
            slots.push((from, Arc::clone(derived)));
        }
    }

    /// Forgets what was asked for longest ago until so many bytes more fit.
    fn fit(&self, slots: &mut Vec<(From, Arc<Derived>)>, more: usize) {
        let held: usize = slots.iter().map(|(_, derived)| derived.bytes()).sum();
        let mut bytes = held + more;
        slots.retain(|(_, derived)| {
            let is_kept = bytes <= self.store.budget;
            bytes -= if is_kept { 0 } else { derived.bytes() };
            is_kept
        });
    }
}

/// Lets go of earlier presents than the one before this one: whoever still looks at a page looks at
/// that, and what comes next is laid over this.
fn leave_earlier(slots: &mut Vec<(From, Arc<Derived>)>, from: &From, derived: &Derived) {
    if derived.layers.is_none() {
        return;
    }
    // What is cut out of everybody's for some teams goes with it.
    let is_earlier = |known: &From, other: &Derived| {
        let is_present = other.layers.is_some() || !known.teams.is_empty();
        is_present && known.charter == from.charter && known.seq < from.seq
    };
    let earlier = slots
        .iter()
        .filter(|(known, other)| is_earlier(known, other));
    let before = earlier.map(|(known, _)| known.seq).max();
    slots.retain(|(known, other)| !is_earlier(known, other) || Some(known.seq) == before);
}

/// Says that somebody derives something, for as long as it is held.
pub(super) struct Making<'h> {
    held: &'h Held,
    what: (From, Needs),
}

impl Drop for Making<'_> {
    fn drop(&mut self) {
        let mut making = self.held.making();
        if let Some(place) = making.iter().position(|one| *one == self.what) {
            making.swap_remove(place);
        }
        drop(making);
        self.held.store.is_made.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use handfast_kernels::cells::Part;

    use super::*;

    fn from(seq: u64) -> From {
        From {
            charter: "c".to_owned(),
            seq: Seq(seq),
            commit: Vec::new(),
            happened_by: None,
            known_until: None,
            teams: Teams::default(),
        }
    }

    fn derived(is_present: bool) -> Arc<Derived> {
        let mut derived = Derived::new(Part::default(), (Instant(0), 0));
        derived.layers = is_present.then(Layers::default);
        Arc::new(derived)
    }

    #[test]
    fn of_presents_the_newest_two_are_held_and_of_the_past_what_fits() {
        let held = Held::default();
        held.put(from(1), &derived(false));
        for seq in 2..9 {
            held.put(from(seq), &derived(true));
        }
        let is_held = |seq: &u64| held.get(&from(*seq), Needs::All).is_some();
        let kept: Vec<u64> = (1..9).filter(is_held).collect();
        assert_eq!(kept, [1, 7, 8]);
        // Whoever looks at the page before leaves the newest one where it is.
        held.put(from(7), &derived(true));
        assert!(is_held(&8) && is_held(&7));
    }
}
