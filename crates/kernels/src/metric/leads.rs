//! Leads by what first happened to them.

use super::{Book, Counted, Measured, Member, member};
use crate::journey::{Lead, Moment};

impl Book<'_> {
    /// Leads whose fact of this kind lies in the period.
    pub(super) fn leads(&self, fact: impl Fn(&Lead) -> Option<u32>) -> Measured {
        let calendar = &self.world.charter.calendar;
        let counted = (0u32..)
            .zip(&self.journeys.leads)
            .filter_map(|(index, lead)| {
                let at = fact(lead)?;
                let when = self.world.snapshot.facts.get(at as usize)?.happened;
                let anchor = Moment::start(when, calendar);
                Some(Member {
                    person: Some(lead.person),
                    fact: Some(at),
                    ..member(Counted::Lead(index), lead.pursuit, anchor)
                })
            });
        Measured {
            members: counted.filter(|member| self.is_in(member.anchor)).collect(),
            issues: Vec::new(),
        }
    }
}
