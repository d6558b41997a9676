//! What is decided about a pursuit before it begins, and the numbers planted in all of them.

use crate::clock::Stamp;
use crate::world::{Channel, Region};

/// The score that makes a lead qualified, before and after the turn of the year.
pub(crate) const BARS: (i32, i32) = (50, 65);

/// Days from qualified to accepted in the slow region, and elsewhere. The middle one is planted.
pub(crate) const HANDOFF_DAYS: ([i32; 9], [i32; 9]) =
    ([6, 8, 9, 9, 9, 9, 9, 10, 14], [0, 1, 1, 1, 1, 1, 1, 1, 3]);

/// The region whose handoff is slow.
pub(crate) const SLOW_REGION: Region = Region::South;

/// Who or what opens the pursuit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opening {
    /// Somebody new asks.
    NewLead,
    /// Somebody known asks for a demo again.
    Again(usize),
    /// Sales finds the deal.
    BySales,
}

/// How it is meant to go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plot {
    /// Never qualified.
    Quiet,
    /// Qualified, and nobody calls.
    Unanswered,
    /// Qualified, and no buyer.
    Rejected,
    /// Qualified, and put aside for ever.
    PutAside,
    /// Accepted, and nothing came of it.
    AcceptedOnly,
    /// Comes to a deal, perhaps after having been put aside once.
    Deal { wins: bool, detour: bool },
}

/// What is known before it begins.
pub(crate) struct Plan {
    pub(crate) account: Option<usize>,
    pub(crate) region: Option<Region>,
    pub(crate) channel: Channel,
    pub(crate) start: Stamp,
    pub(crate) opening: Opening,
    pub(crate) plot: Plot,
    /// Whether its score is to clear the higher bar, or only the lower one.
    pub(crate) is_strong: bool,
}
