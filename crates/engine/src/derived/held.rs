//! What an open book holds in memory between questions, so that the next one only counts.
//!
//! What was derived is a pure function of facts, charter and horizon, so it is found by these. Only
//! so much is held; what was not asked for longest goes first.

use std::sync::{Arc, Mutex, PoisonError};

use handfast_kernels::cells::Part;
use handfast_model::{Instant, Seq};

use super::list::Layers;
use super::{Derived, Needs};

/// How many bytes are held where nobody says otherwise.
const BUDGET: usize = 2 << 30;

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
}

/// Derived ground, by what it was derived from, within a budget of bytes.
pub struct Held {
    budget: usize,
    /// The one asked for last is the last.
    slots: Mutex<Vec<(From, Arc<Derived>)>>,
}

impl Default for Held {
    fn default() -> Held {
        Held::within(BUDGET)
    }
}

impl Held {
    /// Holds at most so many bytes.
    pub fn within(budget: usize) -> Held {
        let slots = Mutex::default();
        Held { budget, slots }
    }

    pub(super) fn get(&self, from: &From, needs: Needs) -> Option<Arc<Derived>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known = slots.iter();
        let place = known.position(|(known, derived)| known == from && derived.holds(needs))?;
        let slot = slots.remove(place);
        let derived = Arc::clone(&slot.1);
        // Questions add to what they ask of: the others make room.
        self.fit(&mut slots, derived.bytes());
        slots.push(slot);
        Some(derived)
    }

    /// Takes out the part of something that was derived of the present under a charter and that
    /// fits, unless somebody else still looks at it.
    pub(super) fn take<T>(
        &self,
        charter: &str,
        needs: Needs,
        fits: impl Fn(&Layers) -> Option<T>,
    ) -> Option<(Part, T)> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        for place in (0..slots.len()).rev() {
            let Some((from, derived)) = slots.get(place) else {
                continue;
            };
            let layers = derived.layers.as_ref();
            let layers = layers.filter(|_| from.charter == charter && derived.holds(needs));
            let Some(fit) = layers.and_then(&fits) else {
                continue;
            };
            let (from, derived) = slots.remove(place);
            match Arc::try_unwrap(derived) {
                Ok(derived) => return Some((derived.part, fit)),
                Err(derived) => slots.insert(place, (from, derived)),
            }
        }
        None
    }

    pub(super) fn put(&self, from: From, derived: &Arc<Derived>) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        // More serves whoever needs less.
        slots.retain(|(known, _)| *known != from);
        self.fit(&mut slots, derived.bytes());
        if derived.bytes() <= self.budget {
            slots.push((from, Arc::clone(derived)));
        }
    }

    /// Forgets what was asked for longest ago until so many bytes more fit.
    fn fit(&self, slots: &mut Vec<(From, Arc<Derived>)>, more: usize) {
        let held: usize = slots.iter().map(|(_, derived)| derived.bytes()).sum();
        let mut bytes = held + more;
        slots.retain(|(_, derived)| {
            let is_kept = bytes <= self.budget;
            bytes -= if is_kept { 0 } else { derived.bytes() };
            is_kept
        });
    }
}
