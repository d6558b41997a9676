//! The order of play: everything that can move a pursuit, by buyer, instant and rank.
//!
//! A fact's claimed time is not always where it is played: an undated fact is played where its
//! subject begins, a deal linked to a later lead waits for that lead, and a deal's present status
//! is played after all its marks. The claimed time itself stays with the visit.

use crate::quick::Quick;

use handfast_model::fact::FactKind;
use handfast_model::id::Sym;
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{Fact, Instant, Issue, IssueCode, When};

use super::clock::Clock;
use super::deals::{DealBook, DealFacts, DealIx};
use super::people::{People, PersonIx};
use super::words::{About, Label, Words};
use super::{Buyer, Moment, World};

/// A buyer by number, dense from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct BuyerIx(pub(super) u32);

/// What happens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum What {
    /// Attributes change, which only rules notice.
    State,
    /// A lead is created.
    Lead(PersonIx),
    /// A contact.
    Touch,
    /// A deal joins or opens a pursuit.
    Deal(DealIx),
    /// The source says which stage.
    Mark(StepIx),
    /// A deal's status turns, by its number among the deal's turns.
    Turn(DealIx, u32),
}

/// One thing that happens to one buyer. The derived order is the order of play: marks of one
/// instant go in path order, then in fact order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Event {
    pub(super) buyer: BuyerIx,
    pub(super) at: Option<Instant>,
    rank: (u8, u8),
    pub(super) fact: u32,
    pub(super) what: What,
}

/// All events in order of play, with the buyers they belong to.
pub(super) struct Play {
    pub(super) events: Vec<Event>,
    pub(super) buyers: Vec<Buyer>,
    pub(super) issues: Vec<Issue>,
    index: Index,
}

#[derive(Default)]
struct Index {
    accounts: Quick<Sym, BuyerIx>,
    people: Quick<PersonIx, BuyerIx>,
    deals: Quick<DealIx, (BuyerIx, Option<Instant>)>,
}

/// Everything that was read once from the snapshot.
pub(super) struct Desk<'a> {
    pub(super) world: &'a World<'a>,
    pub(super) words: &'a Words,
    pub(super) clock: &'a Clock<'a>,
    pub(super) people: &'a People,
    pub(super) deals: &'a DealBook,
    /// Whether the charter has rules, which notice changes of attributes.
    pub(super) has_rules: bool,
}

impl Play {
    pub(super) fn of(desk: &Desk<'_>) -> Play {
        let mut play = Play {
            events: Vec::with_capacity(desk.world.snapshot.facts.len()),
            buyers: Vec::new(),
            issues: Vec::new(),
            index: Index::default(),
        };
        for (ix, deal) in desk.deals.iter() {
            play.add_deal(desk, ix, deal);
        }
        for (index, fact) in (0u32..).zip(&desk.world.snapshot.facts) {
            play.add_fact(desk, index, fact);
        }
        play.events = in_order(&play.events, play.buyers.len());
        play
    }

    fn add_deal(&mut self, desk: &Desk<'_>, ix: DealIx, deal: &DealFacts) {
        let person = deal.person.and_then(|id| desk.people.ix(id));
        let lead = person.and_then(|person| desk.people.get(person)?.home());
        // A deal that ended before the lead it was converted from waits for it: the two are one
        // pursuit, and the contradiction is told. So does one that only a bare date puts before
        // its lead of the same day. A deal that was still open is met by its lead.
        let calendar = &desk.world.charter.calendar;
        let is_same_day = match (deal.opens.when, lead) {
            (When::Day(day), Some(lead)) => calendar.day_of(lead) == day,
            _ => false,
        };
        let waits = is_same_day || deal.ended.is_some_and(|ended| ended.at < lead);
        let at = if waits {
            deal.opens.at.max(lead)
        } else {
            deal.opens.at
        };
        let role = deal.roles.iter().find_map(|id| desk.people.ix(*id));
        let known = match (person, deal.account, role) {
            (Some(person), _, _) | (None, None, Some(person)) => self.person(desk, person, at),
            (None, Some(account), _) => Some(self.account(account)),
            (None, None, None) => None,
        };
        let buyer = known.unwrap_or_else(|| self.new_buyer(Buyer::Deal(deal.key)));
        self.index.deals.insert(ix, (buyer, at));
        let Some(fact) = deal.first_fact() else {
            return;
        };
        self.events.push(Event {
            buyer,
            at,
            rank: (3, 0),
            fact,
            what: What::Deal(ix),
        });
        let facts = &desk.world.snapshot.facts;
        for fact in deal.ahead.iter().filter_map(|at| facts.get(*at as usize)) {
            self.issue(IssueCode::Ahead, fact);
        }
        let mut last = at;
        for (number, turn) in (0u32..).zip(&deal.turns) {
            // The present state is played last: no older mark undoes it.
            let floor = if turn.is_final {
                deal.last_mark.max(last)
            } else {
                last
            };
            last = turn.moment.at.max(floor);
            self.events.push(Event {
                buyer,
                at: last,
                rank: (5, 0),
                fact: turn.fact,
                what: What::Turn(ix, number),
            });
        }
    }

    fn add_fact(&mut self, desk: &Desk<'_>, index: u32, fact: &Fact) {
        let start = desk.clock.start(index);
        if desk.clock.is_ahead(index) {
            return match fact.kind {
                // Told by whoever sums it.
                FactKind::Spend => {}
                _ => self.issue(IssueCode::Ahead, fact),
            };
        }
        match fact.kind {
            FactKind::Person => self.add_person(desk, index),
            FactKind::Account if desk.has_rules => {
                if let Some(account) = fact.account {
                    let buyer = self.account(account);
                    self.events.push(Event {
                        buyer,
                        at: start,
                        rank: (0, 0),
                        fact: index,
                        what: What::State,
                    });
                }
            }
            FactKind::Deal if desk.has_rules => {
                if let Some((buyer, _)) = self.deal_of(desk, fact) {
                    self.events.push(Event {
                        buyer,
                        at: start,
                        rank: (0, 0),
                        fact: index,
                        what: What::State,
                    });
                }
            }
            FactKind::Touch => self.add_touch(desk, index, fact),
            FactKind::Mark => self.add_mark(desk, index, fact),
            _ => {}
        }
        let is_event = matches!(
            fact.kind,
            FactKind::Touch | FactKind::Mark | FactKind::Assignment | FactKind::Disposition
        );
        if is_event && fact.happened == When::Unknown {
            self.issue(IssueCode::Undated, fact);
        }
    }

    fn add_person(&mut self, desk: &Desk<'_>, index: u32) {
        let Some(person) = desk.people.of_fact(index) else {
            return;
        };
        let start = desk.clock.start(index);
        let is_lead = desk.people.get(person).and_then(|known| known.lead) == Some(index);
        if is_lead || desk.has_rules {
            let Some(buyer) = self.person(desk, person, start) else {
                return;
            };
            if desk.has_rules {
                self.events.push(Event {
                    buyer,
                    at: start,
                    rank: (0, 0),
                    fact: index,
                    what: What::State,
                });
            }
            if is_lead {
                self.events.push(Event {
                    buyer,
                    at: start,
                    rank: (1, 0),
                    fact: index,
                    what: What::Lead(person),
                });
            }
        }
    }

    fn add_touch(&mut self, desk: &Desk<'_>, index: u32, fact: &Fact) {
        let start = desk.clock.start(index);
        let person = desk.people.of_fact(index);
        let deal = self.deal_of(desk, fact);
        let home = || match (person.and_then(|p| desk.people.get(p)), deal) {
            (Some(known), _) => known.home(),
            (None, Some((_, at))) => at,
            (None, None) => None,
        };
        let at = start.or_else(home);
        let buyer = match (deal, fact.account, person) {
            (Some((buyer, _)), _, _) => Some(buyer),
            (None, Some(account), _) => Some(self.account(account)),
            (None, None, Some(person)) => self.person(desk, person, at),
            (None, None, None) => None,
        };
        let Some(buyer) = buyer else { return };
        self.events.push(Event {
            buyer,
            at,
            rank: (2, 0),
            fact: index,
            what: What::Touch,
        });
    }

    fn add_mark(&mut self, desk: &Desk<'_>, index: u32, fact: &Fact) {
        let label = desk.words.label(fact, desk.clock.start(index));
        let step = match label {
            Some(Label::Places(step)) => step,
            Some(Label::Evidence) => return,
            None => return self.issue(IssueCode::UnknownStage, fact),
        };
        let claimed = mark_moment(desk, index, step).at;
        let placed = match desk.words.about(fact) {
            Some(About::Deal) => self.place_of_deal(desk, fact, step, claimed),
            Some(About::Person) => {
                let person = desk.people.of_fact(index);
                let known = person.and_then(|person| desk.people.get(person));
                let at = claimed.or_else(|| known?.home());
                person
                    .and_then(|person| self.person(desk, person, at))
                    .map(|buyer| (buyer, at))
            }
            Some(About::Account) => fact.account.map(|key| (self.account(key), claimed)),
            None => None,
        };
        if let Some((buyer, at)) = placed {
            let (rank, what) = ((4, step.0), What::Mark(step));
            self.events.push(Event {
                buyer,
                at,
                rank,
                fact: index,
                what,
            });
        }
    }

    /// A deal's mark is played once the deal has its pursuit; an undated end after its last mark.
    fn place_of_deal(
        &self,
        desk: &Desk<'_>,
        fact: &Fact,
        step: StepIx,
        claimed: Option<Instant>,
    ) -> Option<(BuyerIx, Option<Instant>)> {
        let deal = desk.deals.ix(fact.deal?)?;
        let (buyer, opens) = self.index.deals.get(&deal).copied()?;
        let is_end = role_of(desk.world, step).is_some_and(StepRole::is_end);
        let last = desk
            .deals
            .get(deal)
            .filter(|_| is_end)
            .and_then(|deal| deal.last_mark);
        Some((buyer, claimed.or(last).max(opens)))
    }

    fn deal_of(&self, desk: &Desk<'_>, fact: &Fact) -> Option<(BuyerIx, Option<Instant>)> {
        let deal = desk.deals.ix(fact.deal?)?;
        self.index.deals.get(&deal).copied()
    }

    fn person(
        &mut self,
        desk: &Desk<'_>,
        person: PersonIx,
        at: Option<Instant>,
    ) -> Option<BuyerIx> {
        if let Some(account) = desk.people.account_at(person, at) {
            return Some(self.account(account));
        }
        if let Some(&buyer) = self.index.people.get(&person) {
            return Some(buyer);
        }
        let buyer = self.new_buyer(Buyer::Person(desk.people.get(person)?.id));
        self.index.people.insert(person, buyer);
        Some(buyer)
    }

    fn account(&mut self, account: Sym) -> BuyerIx {
        if let Some(&buyer) = self.index.accounts.get(&account) {
            return buyer;
        }
        let buyer = self.new_buyer(Buyer::Account(account));
        self.index.accounts.insert(account, buyer);
        buyer
    }

    fn new_buyer(&mut self, buyer: Buyer) -> BuyerIx {
        let ix = BuyerIx(u32::try_from(self.buyers.len()).unwrap_or(u32::MAX));
        self.buyers.push(buyer);
        ix
    }

    fn issue(&mut self, code: IssueCode, fact: &Fact) {
        self.issues.push(Issue {
            code,
            fact: Some(fact.id),
        });
    }
}

/// Events in order of play. They come nearly in order of time: once they lie buyer by buyer, few
/// are out of place.
fn in_order(events: &[Event], buyers: usize) -> Vec<Event> {
    let mut next = vec![0_usize; buyers + 1];
    for event in events {
        if let Some(later) = next.get_mut(event.buyer.0 as usize + 1) {
            *later += 1;
        }
    }
    let mut first = 0;
    for place in &mut next {
        first += *place;
        *place = first;
    }
    let mut sorted = events.to_vec();
    for event in events {
        let Some(place) = next.get_mut(event.buyer.0 as usize) else {
            continue;
        };
        if let Some(slot) = sorted.get_mut(*place) {
            *slot = *event;
        }
        *place += 1;
    }
    for own in sorted.chunk_by_mut(|a, b| a.buyer == b.buyer) {
        own.sort_unstable();
    }
    sorted
}

/// The role of a step.
pub(super) fn role_of(world: &World<'_>, step: StepIx) -> Option<StepRole> {
    let step = world.charter.steps.get(usize::from(step.0))?;
    Some(step.role)
}

/// The claimed moment of a mark: ends are closes, everything else starts.
pub(super) fn mark_moment(desk: &Desk<'_>, fact: u32, step: StepIx) -> Moment {
    let start = desk.clock.moment(fact);
    match (role_of(desk.world, step), start.when) {
        (Some(role), When::Day(_)) if role.is_end() => {
            Moment::close(start.when, desk.clock.calendar)
        }
        _ => start,
    }
}
