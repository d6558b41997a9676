//! The frame of bones: the journeys alone, for a question that asks how many came when and took how
//! long, of whatever but deals. What it lacks are the joints, and both make the bones again.

use handfast_model::Calendar;

use super::bones::Flesh;
use super::part::{Needs, Part};
use crate::journey::Deal;

/// What bones have besides their frame.
#[derive(Clone, Debug, Default)]
pub struct Joints {
    /// Their facts, and what journeys say of these.
    pub flesh: Flesh,
    /// The deals.
    pub deals: Vec<Deal>,
    /// The deal of each pursuit.
    pub of_pursuits: Vec<Option<u32>>,
}

impl Part {
    /// Bones as their frame and what is with it. A frame has no facts but marks with a word that
    /// the charter does not know, which answers tell.
    ///
    /// Law: a question that looks at nothing but the journeys of pursuits, people and accounts has
    /// the same answer from a frame; [`Part::jointed`] gives the bones back.
    pub fn into_frame(mut self, calendar: &Calendar) -> (Part, Joints) {
        let deals = std::mem::take(&mut self.journeys.deals);
        let pursuits = self.journeys.pursuits.iter_mut();
        let of_pursuits = pursuits.map(|pursuit| pursuit.deal.take()).collect();
        let is_kept = self.telling();
        let (frame, flesh) = self.stripped(&is_kept, Needs::Frame, calendar);
        let joints = Joints {
            flesh,
            deals,
            of_pursuits,
        };
        (frame, joints)
    }

    /// The bones again. `None` of joints that are of another frame.
    pub fn jointed(self, joints: Joints) -> Option<Part> {
        let mut bones = self.with(joints.flesh, Needs::Bones)?;
        bones.journeys.deals = joints.deals;
        let mut of_pursuits = joints.of_pursuits.into_iter();
        for pursuit in &mut bones.journeys.pursuits {
            pursuit.deal = of_pursuits.next()?;
        }
        Some(bones)
    }
}
