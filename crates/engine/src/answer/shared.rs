//! What many questions of one ground need, worked out for the first that asks.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use handfast_kernels::attributes::Attributes;
use handfast_kernels::cells::Part;
use handfast_kernels::funnel::{self, Stay};
use handfast_model::question::Unit;
use handfast_model::{Calendar, Instant, IssueCode, PersonId, Snapshot, Sym};

use super::sheet::Key;
use super::whose;

/// Filled slots of a ground; each is a pure function of it.
#[derive(Default)]
pub(crate) struct Shared {
    attributes: OnceLock<Attributes>,
    stays: [OnceLock<Vec<Stay>>; Unit::ALL.len()],
    channels: OnceLock<Channels>,
    contacts: OnceLock<HashMap<Sym, PersonId>>,
    first: OnceLock<Option<Instant>>,
    issues: OnceLock<BTreeMap<IssueCode, u64>>,
}

/// The channel that each pursuit came from, as numbers.
pub(super) struct Channels {
    /// By place of the pursuit.
    pub of_pursuit: Vec<u32>,
    /// What the numbers stand for.
    pub keys: Vec<Key>,
}

impl Shared {
    /// The state facts by subject.
    pub(super) fn attributes(&self, part: &Part, calendar: &Calendar) -> &Attributes {
        let index = || Attributes::new(&part.snapshot, calendar);
        self.attributes.get_or_init(index)
    }

    /// All stays of a unit level.
    pub(super) fn stays(&self, part: &Part, unit: Unit) -> &[Stay] {
        let place = Unit::ALL.iter().position(|other| *other == unit);
        let slot = place.and_then(|place| self.stays.get(place));
        let stays = || funnel::stays(&part.journeys, unit);
        slot.map_or(&[], |slot| slot.get_or_init(stays))
    }

    /// The channel of each pursuit.
    pub(super) fn channels(&self, find: impl FnOnce() -> Channels) -> &Channels {
        self.channels.get_or_init(find)
    }

    /// The contact of each deal that has people with a role in it.
    pub(super) fn contacts(&self, snapshot: &Snapshot) -> &HashMap<Sym, PersonId> {
        self.contacts.get_or_init(|| whose::contacts(snapshot))
    }

    /// When the first dated fact happened.
    pub(super) fn first(&self, part: &Part, calendar: &Calendar) -> Option<Instant> {
        *self.first.get_or_init(|| part.first(calendar))
    }

    /// How many issues of each kind the journeys have.
    pub(super) fn issues(&self, part: &Part) -> &BTreeMap<IssueCode, u64> {
        self.issues.get_or_init(|| {
            let mut counts = BTreeMap::new();
            for issue in &part.journeys.issues {
                *counts.entry(issue.code).or_insert(0) += 1;
            }
            counts
        })
    }
}
