//! What stages and openings meant at a moment: under a forward-only charter, other words before its
//! day than from it on.

use crate::rules::{Charter, Step};
use crate::time::Instant;

impl Charter {
    /// The steps as they were defined at an instant, in the places of [`Charter::steps`]. What has
    /// no time is older than everything.
    pub fn steps_at(&self, at: Option<Instant>) -> &[Step] {
        let earlier = self.earlier.get(self.era(at));
        earlier.map_or(&self.steps, |earlier| &earlier.steps)
    }

    /// What opened a pursuit at an instant.
    pub fn opening_at(&self, at: Option<Instant>) -> &Opening {
        let earlier = self.earlier.get(self.era(at));
        earlier.map_or(&self.opening, |earlier| &earlier.opening)
    }

    /// Which definitions held at an instant: a place in [`Charter::earlier`], or the one after it.
    pub fn era(&self, at: Option<Instant>) -> usize {
        self.earlier
            .partition_point(|earlier| Some(earlier.until) <= at)
    }

    /// The steps of every era, oldest first.
    pub fn every_steps(&self) -> impl Iterator<Item = &[Step]> {
        let earlier = self.earlier.iter().map(|earlier| &earlier.steps[..]);
        earlier.chain([&self.steps[..]])
    }
}

/// What entered a stage, what left it and what opened a pursuit before a forward-only charter.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// Up to this instant, not included.
    pub until: Instant,
    /// The hash of the charter that said so.
    pub charter: String,
    /// The steps in the places of [`Charter::steps`]; one that there was not is never entered.
    pub steps: Vec<Step>,
    /// What opened a pursuit.
    pub opening: Opening,
}

/// What opens a pursuit besides deals and stage entries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opening {
    /// Kinds of touch that open one.
    pub touch_kinds: Vec<String>,
    /// Whether a lead's creation does (the first person fact).
    pub by_lead: bool,
}
