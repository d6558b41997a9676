//! The spine of a part: what most questions read. The facts that say how things stand, and of the
//! touches only those that pursuits name; the others are told by number. Its bones, which are all
//! that many a question reads, are told in `bones`.

use handfast_model::fact::FactKind;
use handfast_model::{Calendar, Instant};

use super::part::{Needs, Part, keep_by};
use crate::journey::Journeys;

/// The facts of one cell that are not here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Rest {
    /// How many there are.
    pub facts: u64,
    /// When the first dated one happened.
    pub first: Option<Instant>,
}

impl Part {
    /// How many facts were known, those that are not here included.
    pub fn fact_count(&self) -> u64 {
        let rest: u64 = self.rest.iter().map(|rest| rest.facts).sum();
        self.snapshot.facts.len() as u64 + rest
    }

    /// When the first dated fact happened.
    pub fn first(&self, calendar: &Calendar) -> Option<Instant> {
        let facts = self.snapshot.facts.iter();
        let facts = facts.filter_map(|fact| fact.happened.start(calendar));
        facts
            .chain(self.rest.iter().filter_map(|rest| rest.first))
            .min()
    }

    /// The part without the touches that no pursuit names as the one it came from, its latest or
    /// the evidence of something, and no lead as the one it was worked by. All else is there, under
    /// names of its own.
    ///
    /// Law: a question that looks at no other touch has the same answer from a spine.
    pub fn into_spine(mut self, calendar: &Calendar) -> Part {
        let mut is_kept = self.named();
        for (is_kept, fact) in is_kept.iter_mut().zip(&self.snapshot.facts) {
            *is_kept |= fact.kind != FactKind::Touch;
        }
        for pursuit in &mut self.journeys.pursuits {
            pursuit.touches = pursuit.touches.last().copied().into_iter().collect();
        }
        self.rest = self.rest_beside(&is_kept, calendar);
        keep_by(&mut self.snapshot.facts, &is_kept);
        keep_by(&mut self.cells, &is_kept);
        self.given
            .retain(|given| is_kept.get(given.fact as usize) == Some(&true));
        self.place_again(&is_kept);
        self.holds = Needs::Spine;
        self.tidy_bones_first();
        self
    }

    /// What is not here, were only some facts kept.
    pub(super) fn rest_beside(&self, is_kept: &[bool], calendar: &Calendar) -> Vec<Rest> {
        let mut rest = self.rest.clone();
        rest.resize(self.count as usize, Rest::default());
        let facts = self.snapshot.facts.iter().zip(&self.cells);
        for ((fact, cell), _) in facts.zip(is_kept).filter(|(_, is_kept)| !**is_kept) {
            if let Some(rest) = rest.get_mut(*cell as usize) {
                let at = fact.happened.start(calendar);
                rest.facts += 1;
                rest.first = rest.first.into_iter().chain(at).min();
            }
        }
        rest
    }

    /// The facts that journeys name, by place.
    pub(super) fn named(&self) -> Vec<bool> {
        let mut named = vec![false; self.snapshot.facts.len()];
        let mut name = |fact: Option<u32>| {
            let slot = fact.and_then(|fact| named.get_mut(fact as usize));
            slot.into_iter().for_each(|slot| *slot = true);
        };
        let Journeys {
            pursuits,
            deals,
            leads,
            ..
        } = &self.journeys;
        for pursuit in pursuits {
            name(pursuit.entry_touch);
            name(pursuit.touches.last().copied());
            name(pursuit.end.and_then(|end| end.fact));
            pursuit.visits.iter().for_each(|visit| name(visit.evidence));
        }
        for deal in deals {
            deal.versions.iter().for_each(|fact| name(Some(*fact)));
        }
        for lead in leads {
            [Some(lead.fact), lead.assigned, lead.worked]
                .into_iter()
                .for_each(&mut name);
        }
        named
    }
}
