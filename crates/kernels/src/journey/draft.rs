//! Pursuits while they are being walked, and what stands open for one buyer.

use std::collections::BTreeSet;

use crate::quick::Quick;

use handfast_model::id::{FactId, Sym};
use handfast_model::{Instant, planted};

use super::deals::DealIx;
use super::people::PersonIx;
use super::rules::Held;
use super::{Buyer, End, Moment};
use crate::stage::Place;

/// A pursuit by number, dense from 0 in order of opening within its buyer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct DraftIx(pub(super) u32);

/// Who placed a pursuit where it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Placer {
    Person(Option<PersonIx>),
    Account,
    Deal,
    Rule,
}

/// A pursuit in the making.
pub(super) struct Draft {
    pub(super) id: FactId,
    pub(super) buyer: Buyer,
    pub(super) opened: Moment,
    pub(super) end: Option<End>,
    pub(super) people: Vec<PersonIx>,
    pub(super) account: Option<Sym>,
    pub(super) deal: Option<DealIx>,
    pub(super) touches: Vec<u32>,
    pub(super) entry_touch: Option<u32>,
    pub(super) places: Vec<Place>,
    pub(super) placer: Placer,
    /// The rules that held after the last look, by place among the charter's entry rules.
    pub(super) held: Held,
    /// When silence ends it, while it is open.
    pub(super) due: Option<Instant>,
}

impl Draft {
    pub(super) fn new(id: FactId, buyer: Buyer, opened: Moment) -> Draft {
        Draft {
            id,
            buyer,
            opened,
            end: None,
            people: Vec::new(),
            account: match buyer {
                Buyer::Account(account) => Some(account),
                Buyer::Person(_) | Buyer::Deal(_) => None,
            },
            deal: None,
            touches: Vec::new(),
            entry_touch: None,
            places: Vec::new(),
            placer: Placer::Rule,
            held: Held::default(),
            due: None,
        }
    }
}

/// All pursuits in the making.
#[derive(Default)]
pub(super) struct Drafts(pub(super) Vec<Draft>);

impl Drafts {
    pub(super) fn get(&self, ix: DraftIx) -> Option<&Draft> {
        self.0.get(ix.0 as usize)
    }

    pub(super) fn get_mut(&mut self, ix: DraftIx) -> Option<&mut Draft> {
        self.0.get_mut(ix.0 as usize)
    }

    pub(super) fn push(&mut self, draft: Draft) -> DraftIx {
        let ix = DraftIx(u32::try_from(self.0.len()).unwrap_or(u32::MAX));
        self.0.push(draft);
        ix
    }
}

/// The open pursuits of one buyer, found by person, by freedom for a deal, by dormancy. Every
/// look-up takes the earliest opened, which has the lowest number, so that an account with
/// thousands of deals costs no more per fact than one with two.
///
/// At most one open pursuit is free for a deal: one without a deal only opens when none is open,
/// and the next deal takes it.
#[derive(Default)]
pub(super) struct Standing {
    open: BTreeSet<DraftIx>,
    free: Option<DraftIx>,
    by_person: Quick<PersonIx, BTreeSet<DraftIx>>,
    members: BTreeSet<(DraftIx, PersonIx)>,
    due: BTreeSet<(Instant, DraftIx)>,
    /// The latest touch of each person (or of nobody known) that belongs to no pursuit.
    pub(super) loose: Quick<Option<PersonIx>, u32>,
    /// Whether the buyer ever had a pursuit.
    pub(super) had_any: bool,
}

impl Standing {
    pub(super) fn first(&self) -> Option<DraftIx> {
        self.open.first().copied()
    }

    pub(super) fn first_of(&self, person: PersonIx) -> Option<DraftIx> {
        self.by_person.get(&person)?.first().copied()
    }

    pub(super) fn free(&self) -> Option<DraftIx> {
        self.free
    }

    pub(super) fn all_open(&self) -> impl Iterator<Item = DraftIx> {
        self.open.iter().copied()
    }

    /// A pursuit opens or is reopened.
    pub(super) fn open(&mut self, ix: DraftIx, draft: &Draft) {
        self.had_any = true;
        self.open.insert(ix);
        if draft.deal.is_none() {
            self.free = Some(ix);
        }
        for &person in &draft.people {
            self.by_person.entry(person).or_default().insert(ix);
        }
    }

    /// A pursuit ends.
    pub(super) fn close(&mut self, ix: DraftIx, draft: &mut Draft) {
        self.open.remove(&ix);
        let others = self.free.filter(|free| *free != ix);
        self.free = planted!(DealJoinsEnded, others, self.free);
        for person in &draft.people {
            if let Some(pursuits) = self.by_person.get_mut(person) {
                pursuits.remove(&ix);
            }
        }
        if let Some(due) = draft.due.take() {
            self.due.remove(&(due, ix));
        }
    }

    /// A person joins a pursuit, once.
    pub(super) fn join(&mut self, ix: DraftIx, draft: &mut Draft, person: PersonIx) {
        let is_new = self.members.insert((ix, person));
        if planted!(JoinFanOut, is_new, true) {
            draft.people.push(person);
            if self.open.contains(&ix) {
                self.by_person.entry(person).or_default().insert(ix);
            }
        }
    }

    /// A deal takes the pursuit's only place.
    pub(super) fn take(&mut self, ix: DraftIx, draft: &mut Draft, deal: DealIx) {
        draft.deal = Some(deal);
        self.free = self.free.filter(|free| *free != ix);
    }

    /// The pursuit goes dormant at this instant unless it moves again.
    pub(super) fn set_due(&mut self, ix: DraftIx, draft: &mut Draft, due: Instant) {
        if let Some(old) = draft.due.replace(due) {
            self.due.remove(&(old, ix));
        }
        self.due.insert((due, ix));
    }

    /// The next pursuit that goes dormant at or before an instant.
    pub(super) fn next_due(&self, until: Instant) -> Option<(Instant, DraftIx)> {
        self.due
            .first()
            .copied()
            .filter(|(due, _)| planted!(DormantTooLate, *due <= until, *due < until))
    }
}
