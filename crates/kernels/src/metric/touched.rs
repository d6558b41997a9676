//! What of the won deals marketing had touched: before they closed, and before they were created.
//! Which touches may earn is credit's to say; of several teams' touches it matters only that one of
//! them was marketing's, and when that was, not how many there were.

use handfast_model::credit::Credited;
use handfast_model::planted;

use super::{Book, Measured, Member, Metric};
use crate::credit::trails::Trails;

impl Book<'_> {
    /// The won deals, with their amounts where those are asked for; the part was touched in time.
    ///
    /// Law: each is a member of `revenue`, and what was touched before the creation was touched.
    pub(super) fn touched(&self, metric: Metric) -> Measured {
        let trails = Trails::new(self.world, self.journeys).of_deals(Credited::Won, self.scope);
        let (is_early, is_by_value) = match metric {
            Metric::MarketingTouched => (false, false),
            Metric::MarketingTouchedByValue => (false, true),
            Metric::MarketingTouchedEarly => (true, false),
            _ => (true, true),
        };
        let members = trails.into_iter().map(|trail| {
            let first = trail.by_marketing(self.world.snapshot);
            let is_before =
                |first| planted!(TouchedLateIsEarly, first < trail.before_creation, true);
            let is_in_time = |first| !is_early || is_before(first);
            let found = Member {
                is_part: first.is_some_and(is_in_time),
                ..trail.member
            };
            match is_by_value {
                true => found,
                // How many there are needs no amount.
                false => Member {
                    money: None,
                    issue: None,
                    ..found
                },
            }
        });
        Measured {
            members: members.collect(),
            issues: Vec::new(),
        }
    }
}
