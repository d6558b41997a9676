//! Who is who: people by number, the account a person belongs to at a time, and their leads.

use crate::quick::Quick;

use handfast_model::fact::{FactKind, Snapshot};
use handfast_model::id::{PersonId, Sym};
use handfast_model::{Fact, Instant, When};

use super::clock::Clock;
use super::words::{About, Words};

/// A person by number, dense from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct PersonIx(pub(super) u32);

/// What is known of one person.
pub(super) struct Known {
    pub(super) id: PersonId,
    /// The first person fact: the lead's creation.
    pub(super) lead: Option<u32>,
    home: Home,
    pub(super) assigned: Option<u32>,
    pub(super) worked: Option<u32>,
    accounts: Vec<(Option<Instant>, Sym)>,
}

/// Everybody.
pub(super) struct People {
    index: Quick<PersonId, PersonIx>,
    known: Vec<Known>,
    by_fact: Vec<Option<PersonIx>>,
}

impl People {
    pub(super) fn of(snapshot: &Snapshot, words: &Words, clock: &Clock<'_>) -> People {
        let mut people = People {
            index: Quick::default(),
            known: Vec::new(),
            by_fact: vec![None; snapshot.facts.len()],
        };
        for (index, fact) in (0u32..).zip(&snapshot.facts) {
            let Some(id) = fact.person.filter(|_| !clock.is_ahead(index)) else {
                continue;
            };
            let ix = people.learn(id);
            if let Some(slot) = people.by_fact.get_mut(index as usize) {
                *slot = Some(ix);
            }
            if let Some(known) = people.known.get_mut(ix.0 as usize) {
                known.note(index, &snapshot.facts, words, clock);
            }
        }
        people
    }

    pub(super) fn ix(&self, id: PersonId) -> Option<PersonIx> {
        self.index.get(&id).copied()
    }

    /// The person of a fact.
    pub(super) fn of_fact(&self, fact: u32) -> Option<PersonIx> {
        self.by_fact.get(fact as usize).copied().flatten()
    }

    pub(super) fn get(&self, person: PersonIx) -> Option<&Known> {
        self.known.get(person.0 as usize)
    }

    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (PersonIx, &Known)> {
        (0u32..).map(PersonIx).zip(&self.known)
    }

    /// The account a person belongs to at an instant. The first link also holds before it: a
    /// person is not another buyer for having been linked late.
    pub(super) fn account_at(&self, person: PersonIx, at: Option<Instant>) -> Option<Sym> {
        let accounts = &self.get(person)?.accounts;
        let after = accounts.partition_point(|(since, _)| *since <= at);
        let (_, account) = accounts.get(after.saturating_sub(1))?;
        Some(*account)
    }

    fn learn(&mut self, id: PersonId) -> PersonIx {
        let next = PersonIx(u32::try_from(self.known.len()).unwrap_or(u32::MAX));
        let ix = *self.index.entry(id).or_insert(next);
        if ix == next {
            self.known.push(Known {
                id,
                lead: None,
                home: Home::Unknown,
                assigned: None,
                worked: None,
                accounts: Vec::new(),
            });
        }
        ix
    }
}

impl Known {
    /// Where undated facts of this person are placed; `None` = before everything.
    pub(super) fn home(&self) -> Option<Instant> {
        match self.home {
            Home::At(instant) => Some(instant),
            Home::Undated | Home::Unknown => None,
        }
    }

    fn note(&mut self, at: u32, facts: &[Fact], words: &Words, clock: &Clock<'_>) {
        let Some(fact) = facts.get(at as usize) else {
            return;
        };
        let start = clock.start(at);
        match fact.kind {
            FactKind::Person if self.lead.is_none() => {
                self.lead = Some(at);
                self.settle(start);
            }
            FactKind::Mark if start.is_some() && words.about(fact) == Some(About::Person) => {
                self.settle(start);
            }
            FactKind::Assignment if fact.rep.is_some() => {
                prefer_dated(&mut self.assigned, at, facts);
            }
            FactKind::Touch if words.is_by_sales(fact) => {
                prefer_dated(&mut self.worked, at, facts);
            }
            _ => {}
        }
        if matches!(fact.kind, FactKind::Person | FactKind::Link)
            && let Some(account) = fact.account
            && self.accounts.last().map(|(_, last)| *last) != Some(account)
        {
            self.accounts.push((start, account));
        }
    }

    fn settle(&mut self, start: Option<Instant>) {
        if matches!(self.home, Home::Unknown) {
            self.home = start.map_or(Home::Undated, Home::At);
        }
    }
}

/// Where a person's undated facts belong.
#[derive(Clone, Copy)]
enum Home {
    Unknown,
    /// The lead itself is undated, so all of it is.
    Undated,
    At(Instant),
}

/// Keeps the first fact; an undated one, which sorts first, gives way to the first dated one.
fn prefer_dated(first: &mut Option<u32>, at: u32, facts: &[Fact]) {
    let is_undated = |index: u32| {
        let fact = facts.get(index as usize);
        fact.is_none_or(|fact| fact.happened == When::Unknown)
    };
    if first.is_none_or(|old| is_undated(old) && !is_undated(at)) {
        *first = Some(at);
    }
}
